"""Images about which moderators decided, and how the nearest of them are found; records, and no I/O.

    Look --conclude--> Frames kept with the case --decide--> DecidedImages --closest, near_by_hash--> worth a pair check

A decided image is compared as if it were a reference: `reference_of` a decision, `case_of` such a reference.
"""

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

import numpy as np

from core.looks import PdqHash, View, ViewHash
from core.matches import Verdict
from core.types import GUILTY, Decision, Purpose, Reference, Vector, Vectors

KEPT_SIDE = 448
"""Pixels of the longer side of a kept frame, as of a reference: the pair check sees no more."""

OF_CASE = "case-"
"""How the key of a decided image begins, seen as a reference."""

PURPOSES = {Decision.ALLOWED: Purpose.ALLOWLIST, Decision.ABUSE: Purpose.ILLEGAL}
"""What a decided image is for, seen as a reference; else it is as on a blocklist."""

MOST_FRAMES = 4
"""Frames of an animation that are kept of a case."""

MOST_CHECKED = 6
"""Decided frames that are compared with one image, the closest ones."""

AS_CLOSE = 0.01
"""Difference of cosines below which decided frames show the same picture, and the newer decision is checked first."""

ANY_TIME = datetime.min.replace(tzinfo=UTC)
EXCUSING = frozenset({Decision.ALLOWED, Decision.NOT_A_MATCH})
"""Decisions that leave matches out; `GUILTY` ones accuse."""

type Hashes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
"""One PDQ hash a row, shape [n, 32]."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """One frame of an image with a case, as it is kept: a JPEG, its embedding [dim] and its PDQ hash, if it has one.

    `space_id` is the vector space of the embedding, `frames` how many different frames the image has.
    """

    number: int
    frames: int
    picture: bytes
    vector: Vector
    space_id: str
    hash: PdqHash | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A decision in force on one image: by whom, when, and in which channels it holds (None = in all).

    `references` are those that matched the image when it was decided, `pixels_of` is the one whose pixels it has.
    `same` are those of them whose very picture it surely is, not only a part. `is_known`: one of them is of a
    collection, not the image of another case. `sha256` is that of the image's file. `is_alone`: the decision was about
    this image and no other. `is_preview`: of a video only the picture in front of it was looked at.
    """

    case: int
    decision: Decision
    by: str
    at: datetime
    references: frozenset[UUID] = frozenset()
    same: frozenset[UUID] = frozenset()
    pixels_of: UUID | None = None
    channels: frozenset[str] | None = None
    sha256: str = ""
    is_known: bool = False
    is_alone: bool = True
    is_preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedFrame:
    """One kept frame of an image about which a decision is in force; `id` is that of its picture.

    `rulings` are the decisions on that file, oldest first. `has_picture`: it can be compared; else only its hash is
    kept. `of` is how many different frames the image has, kept or not.
    """

    id: int
    rulings: tuple[Ruling, ...]
    has_picture: bool = True
    of: int = 1

    @property
    def ruling(self) -> Ruling:
        """The newest of the decisions."""
        return self.rulings[-1]

    def in_channel(self, channel: str) -> "DecidedFrame | None":
        """Return the frame with the decisions that hold in a channel; None if none does."""
        held = tuple(ruling for ruling in self.rulings if holds_in(ruling, channel))
        return replace(self, rulings=held) if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A decided frame that a view of an image is close to, by their cosine."""

    frame: DecidedFrame
    view: View
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NearByHash:
    """A decided frame of which only the hash is kept, the frame of an image that it is near to, and the distance."""

    frame: DecidedFrame
    number: int
    distance: int


@dataclass(frozen=True, kw_only=True, eq=False)
class DecidedImages:
    """The images of one community about which decisions are in force.

    `vectors[i]` [n, dim] is the embedding of `frames[i]`, and `hashes[i]` [n, 32] its PDQ hash; what of a frame is not
    kept is zero. `rulings` are all decisions, also those on images of which no frame is kept. Those since `since` hold
    for images with the pixels of a reference.
    """

    rulings: tuple[Ruling, ...]
    frames: tuple[DecidedFrame, ...]
    vectors: Vectors
    hashes: Hashes
    since: datetime = ANY_TIME

    def in_channel(self, channel: str) -> "DecidedImages":
        """Return those whose decisions hold in this channel."""
        if all(ruling.channels is None for ruling in self.rulings):
            return self
        if channel not in self._by_channel:
            self._by_channel[channel] = self._held_in(channel)
        return self._by_channel[channel]

    @cached_property
    def _by_channel(self) -> "dict[str, DecidedImages]":
        return {}

    def _held_in(self, channel: str) -> "DecidedImages":
        frames = [frame.in_channel(channel) for frame in self.frames]
        held = [number for number, frame in enumerate(frames) if frame]
        return DecidedImages(
            rulings=tuple(ruling for ruling in self.rulings if holds_in(ruling, channel)),
            frames=tuple(frame for frame in frames if frame),
            vectors=self.vectors[held],
            hashes=self.hashes[held],
            since=self.since,
        )

    def decides(self, decisions: Group[Decision]) -> bool:
        """Return whether any of these decisions is in force."""
        return not self._decisions.isdisjoint(decisions)

    @cached_property
    def _decisions(self) -> frozenset[Decision]:
        return frozenset(ruling.decision for ruling in self.rulings)

    def of_file(self, sha256: str) -> Ruling | None:
        """Return the newest decision on an image whose file has these bytes."""
        return self._by_file.get(sha256) if sha256 else None

    @cached_property
    def _by_file(self) -> dict[str, Ruling]:
        return {ruling.sha256: ruling for ruling in sorted(self.rulings, key=_decided_at)}

    @cached_property
    def by_pixels(self) -> dict[UUID, Ruling]:
        """The newest decision on an image that has the pixels of a reference, by that reference."""
        oldest_first = sorted(self.rulings, key=_decided_at)
        recent = [one for one in oldest_first if one.at > self.since and not one.is_preview]
        return {one.pixels_of: one for one in recent if one.pixels_of is not None}

    def closest(self, views: Sequence[View], vectors: Vectors, floor: float, most: int = MOST_CHECKED) -> list[Near]:
        """Return the decided frames nearest to any of these views [m, dim], from a cosine of `floor` on.

        The closest come first; of those as close, the newest decisions do. The closest of those that accuse, and of
        those that excuse, are always among them.
        """
        if not self.frames or not len(vectors):
            return []
        cosines = self.vectors @ vectors.T
        views_of, best = cosines.argmax(axis=1), cosines.max(axis=1)
        found = [
            Near(frame=self.frames[one], view=views[views_of[one]], cosine=float(best[one]))
            for one in np.flatnonzero(best >= floor)
        ]
        nearest = sorted(found, key=_by_closeness)
        first_of = [_first(nearest, decisions) for decisions in (GUILTY, EXCUSING)]
        return [*nearest[:most], *(one for one in first_of if one and one not in nearest[:most])]

    def near_by_hash(self, hashes: Sequence[ViewHash], within: int) -> list[NearByHash]:
        """Return frames of which only a hash is kept that is at most `within` bits from one of these, in any pose."""
        only = [number for number, frame in enumerate(self.frames) if not frame.has_picture]
        found = []
        for view_hash in hashes if only else ():
            found += [
                NearByHash(frame=self.frames[number], number=view_hash.view.frame, distance=distance)
                for number, distance in zip(only, distances(self.hashes[only], view_hash.poses), strict=True)
                if distance <= within
            ]
        return found


def _decided_at(ruling: Ruling) -> datetime:
    return ruling.at


def _first(nearest: Sequence[Near], decisions: Group[Decision]) -> Near | None:
    return next((one for one in nearest if one.frame.ruling.decision in decisions), None)


def _by_closeness(near: Near) -> tuple[int, float]:
    return -round(near.cosine / AS_CLOSE), -near.frame.ruling.at.timestamp()


def holds_in(ruling: Ruling, channel: str) -> bool:
    """Return whether a decision holds in this channel."""
    return ruling.channels is None or channel in ruling.channels


def distances(hashes: Hashes, others: Sequence[bytes]) -> list[int]:
    """Return for each PDQ hash [n, 32] the number of bits in which the nearest of the others differs."""
    rows = np.stack([np.frombuffer(other, np.uint8) for other in others])
    nearest: list[int] = np.bitwise_count(hashes[:, None] ^ rows[None]).sum(axis=2).min(axis=1).tolist()
    return nearest


def reference_of(ruling: Ruling, *, has_picture: bool) -> Reference:
    """Return the image of a decided case as if it were a reference.

    One that was allowed is as on an allowlist, what was called abuse is as what nobody may keep. It is in no
    collection. Its size says no more than whether there is a picture to compare.
    """
    side = KEPT_SIDE if has_picture else 0
    return Reference(
        key=f"{OF_CASE}{ruling.case}",
        collection="",
        purpose=PURPOSES.get(ruling.decision, Purpose.BLOCKLIST),
        title=f"#{ruling.case}",
        width=side,
        height=side,
    )


def case_of(reference: Reference) -> int | None:
    """Return the number of the case whose image a reference is; None for one of a collection."""
    is_of_case = not reference.collection and reference.key.startswith(OF_CASE)
    return int(reference.key.removeprefix(OF_CASE)) if is_of_case else None


def basis_of(verdict: Verdict) -> int | None:
    """Return the number of the case whose image an image was found to be a copy of, if it was."""
    return next((number for match in verdict.matches if (number := case_of(match.reference)) is not None), None)


def is_known(reference: Reference) -> bool:
    """Return whether a reference is one of a collection that accuses: on its variants a community may choose to act."""
    return case_of(reference) is None and reference.purpose is not Purpose.ALLOWLIST
