"""What moderators decided about images, and for which part of another image it holds. Pure.

    Look --conclude--> Frames kept with the case --decide--> DecidedFrames --closest--> worth a pair check
    pair check --> DecidedMatches        with them and the matches of references:  --without--> matches that are left
                                                                                    --accusing--> matches of their own

A decision holds for an image, so for its edits, too: a match that lies in an image which a moderator allowed, or of
which they said that this reference does not match it, is left out; an image that they called a violation is known from
then on. The newest decision about an image counts.
"""

import math
from collections.abc import Collection as Group
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID

import numpy as np

from core.cases import Thresholds
from core.looks import PdqHash, View, ViewHash
from core.matches import Match
from core.policy import COPIES, shows_the_same
from core.types import GUILTY, Box, Content, Decision, Kind, Purpose, Quad, Reference, Vector, Vectors

KEPT_SIDE = 448
"""Pixels of the longer side of a kept frame, as of a reference: the pair check sees no more."""

OF_CASE = "case-"
"""How the key of a decided image begins, seen as a reference."""

PURPOSES = {Decision.ALLOWED: Purpose.ALLOWLIST, Decision.ABUSE: Purpose.ILLEGAL}

MOST_FRAMES = 4
"""Frames of an animation that are kept of a case."""

MOST_CHECKED = 6
"""Decided frames that are compared with one image, the closest ones."""

AS_CLOSE = 0.01
"""Difference of cosines below which decided frames show the same picture, and the newer decision is checked first."""

LEAST_INSIDE = 0.85
"""Share of a match's box that must lie in a decided image for the decision to hold for the match."""

LEAST_WHOLE = 0.95
"""Share of an image from which a decided image in it is the whole of it: there is no room for anything else."""

type Hashes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
"""One PDQ hash a row, shape [n, 32]."""

LEAST_VISIBLE = 0.85
"""Share of an image called a violation which a copy must show: what is cut off may have been what was meant."""

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
ANY_TIME = datetime.min.replace(tzinfo=UTC)
EXCUSING = frozenset({Decision.ALLOWED, Decision.NOT_A_MATCH})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """What is kept of one frame of an image with a case: a JPEG, its embedding [dim] and its PDQ hash, if it has one.

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
    `same` are those of them whose content it surely shows; `is_known`: one of them is of a collection, not the image of
    another case. `sha256` is that of the image's file. `is_alone`: the decision was about this image and no other.
    `is_preview`: of a video only the picture in front of it was looked at.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedMatch:
    """A decided image that may be in another image, and the match of the two; `is_sure`: it surely is.

    `frame` is the decided frame that matched, None = the files or their pixels are equal. `visible` is the share (0..1)
    of it that can be seen in the other image.
    """

    ruling: Ruling
    match: Match
    is_sure: bool
    frame: DecidedFrame | None = None
    visible: float = 1.0

    @property
    def is_same_file(self) -> bool:
        """Whether both are the same file."""
        return self.match.kind is Kind.EXACT and case_of(self.match.reference) is not None and self.frame is None

    @property
    def is_whole(self) -> bool:
        """Whether the decided image is all that the other one shows."""
        return self.match.kind is Kind.EXACT or self.match.area >= LEAST_WHOLE


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
            poses = np.stack([np.frombuffer(pose, np.uint8) for pose in view_hash.poses])
            distances = np.bitwise_count(self.hashes[only][:, None] ^ poses[None]).sum(axis=2).min(axis=1)
            found += [
                NearByHash(frame=self.frames[number], number=view_hash.view.frame, distance=int(distance))
                for number, distance in zip(only, distances, strict=True)
                if distance <= within
            ]
        return found


def _at(one: DecidedMatch) -> datetime:
    return one.ruling.at


def _decided_at(ruling: Ruling) -> datetime:
    return ruling.at


def _first(nearest: Sequence[Near], decisions: Group[Decision]) -> Near | None:
    return next((one for one in nearest if one.frame.ruling.decision in decisions), None)


def _by_closeness(near: Near) -> tuple[int, float]:
    return -round(near.cosine / AS_CLOSE), -near.frame.ruling.at.timestamp()


def holds_in(ruling: Ruling, channel: str) -> bool:
    """Return whether a decision holds in this channel."""
    return ruling.channels is None or channel in ruling.channels


def is_sure(match: Match, thresholds: Thresholds) -> bool:
    """Return whether the pair check calls both the same image, as it does for references."""
    is_other = match.content is Content.OTHER and match.kind is not Kind.EXACT
    return match.kind in COPIES and not is_other and match.confidence >= thresholds.match


def accusing(found: Sequence[DecidedMatch], thresholds: Thresholds) -> list[Match]:
    """Return the matches with images that moderators called a violation or abuse, and nothing else since.

    Of an image that a reference matched, the reference tells of a violation. What is not sure to be the very image that
    was decided about is in doubt, and is none where the image is surely one that was allowed.
    """
    guilty = [one for one in found if _accuses(one)]
    surely = [one.match for one in guilty if one.is_sure and _is_all_of(one, found) and _stands(one, found)]
    allowed = [one for one in found if one.ruling.decision is Decision.ALLOWED]
    doubts = [one.match for one in guilty if one.match not in surely and _stands(one, found)]
    return [*surely, *(in_doubt(match, thresholds) for match in doubts if not _is_in(match, allowed))]


def _accuses(one: DecidedMatch) -> bool:
    is_unknown = one.ruling.decision is Decision.VIOLATION and not one.ruling.is_known
    return is_unknown or one.ruling.decision is Decision.ABUSE


def _is_all_of(one: DecidedMatch, found: Sequence[DecidedMatch]) -> bool:
    """Return whether all that the decision was about is in the other image: every frame, and most of the picture."""
    if not one.ruling.is_alone or one.ruling.is_preview or one.visible < LEAST_VISIBLE:
        return False
    if one.frame is None:
        return True
    its = {other.frame.id for other in found if other.frame and other.is_sure and other.ruling == one.ruling}
    return len(its) >= one.frame.of


def _stands(one: DecidedMatch, found: Sequence[DecidedMatch]) -> bool:
    """Return whether nobody excused the image since."""
    about = one.match.reference.id
    since = [other for other in found if _at(other) > _at(one) and _takes_back(other.ruling, about)]
    return not _is_in(one.match, since)


def _takes_back(ruling: Ruling, image: UUID) -> bool:
    """Return whether a decision says that a violation, seen as a reference with this id, is none or is not there."""
    is_no_match = ruling.decision is Decision.NOT_A_MATCH and image in ruling.references
    return is_no_match or ruling.decision is Decision.ALLOWED


def _is_in(match: Match, decided: Iterable[DecidedMatch]) -> bool:
    """Return whether a match is one of these images, surely there: in the same frame and at the same place."""
    return any(one.is_sure and lies_in(match, one.match) and lies_in(one.match, match) for one in decided)


def in_doubt(match: Match, thresholds: Thresholds) -> Match:
    """Return the match with a confidence that is a person's to judge."""
    return replace(match, confidence=min(match.confidence, math.nextafter(thresholds.match, 0)))


def settled(found: Iterable[DecidedMatch], matches: Sequence[Match], thresholds: Thresholds) -> list[DecidedMatch]:
    """Return the decided images, those with the same content that the other image surely has by way of a reference."""
    same = {match.reference.id for match in matches if is_sure(match, thresholds) and shows_the_same(match)}
    return [
        replace(one, match=replace(one.match, content=Content.SAME)) if one.is_sure and same & one.ruling.same else one
        for one in found
    ]


def without(matches: Sequence[Match], found: Iterable[DecidedMatch]) -> list[Match]:
    """Return the matches that no decision excuses; of decisions about the same part the newest counts."""
    newest_first = sorted((one for one in found if one.is_sure), key=_at, reverse=True)
    return [match for match in matches if not _is_excused(match, newest_first)]


def _is_excused(match: Match, newest_first: Sequence[DecidedMatch]) -> bool:
    for one in newest_first:
        is_in = lies_in(match, one.match)
        if one.ruling.decision in GUILTY and (is_in or lies_in(one.match, match)):
            return False
        if is_in and excuses(one, match) and _is_alike(match, one):
            return True
    return False


def excuses(decided: DecidedMatch, match: Match) -> bool:
    """Return whether a decision excuses a match that lies in its image.

    With a reference that was told when it was made; that an image is allowed also with one that is the image itself,
    added since, and in the very file with any. What somebody puts onto an allowed image was not allowed with it.
    """
    ruling, is_told = decided.ruling, match.reference.id in decided.ruling.references
    is_itself = decided.is_same_file or lies_in(decided.match, match)
    if ruling.decision is Decision.NOT_A_MATCH:
        return is_told
    return ruling.decision is Decision.ALLOWED and (is_told or is_itself)


def _is_alike(match: Match, decided: DecidedMatch) -> bool:
    """Return whether the decided image matched the reference as this one does.

    Where nobody can tell whether the decided image shows the same content, it excuses a copy whose content is as
    unsettled, or the same content as it showed itself; never another content of the same frame.
    """
    if shows_the_same(decided.match):
        return True
    is_copy = match.kind in COPIES and match.content is not Content.OTHER
    return is_copy and (not shows_the_same(match) or match.reference.id in decided.ruling.same)


def lies_in(match: Match, whole: Match) -> bool:
    """Return whether a match lies in what another match found, in the same frame."""
    return match.frame == whole.frame and _share_inside(seen(match.quad), seen(whole.quad)) >= LEAST_INSIDE


def seen(quad: Quad | None) -> Box:
    """Return the box around the part of a quad that lies in the picture; without one that is all of it."""
    if quad is None:
        return WHOLE
    xs, ys = zip(*quad, strict=True)
    left, top, right, bottom = (min(max(value, 0.0), 1.0) for value in (min(xs), min(ys), max(xs), max(ys)))
    return left, top, right, bottom


def _share_inside(box: Box, other: Box) -> float:
    """Return the share (0..1) of a box that another one covers; 0 for a box without an area."""
    wide = min(box[2], other[2]) - max(box[0], other[0])
    high = min(box[3], other[3]) - max(box[1], other[1])
    area = (box[2] - box[0]) * (box[3] - box[1])
    return max(wide, 0.0) * max(high, 0.0) / area if area > 0 else 0.0


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
    return int(reference.key.removeprefix(OF_CASE)) if not reference.collection else None


def is_known(reference: Reference) -> bool:
    """Return whether a reference is one of a collection that accuses: on its variants a community may choose to act."""
    return case_of(reference) is None and reference.purpose is not Purpose.ALLOWLIST
