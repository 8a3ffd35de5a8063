"""Pair check: is the reference image really in the query image, and where?

    same frame?  thumbnails alike in one of 16 poses --> lay it over as it is --> pixels agree? --yes--> Evidence
        | no
    SIFT features of the whole query, then of the view that found the reference --> one geometric model
        --> lay it over --> pixels agree window by window --> Evidence

A cosine claims every screenshot of a known app and every meme of a known template; pixels that agree window by
window once aligned do not. Most copies keep their frame, or lie in a view that is their frame: they need no features.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from core.errors import DamagedStore
from core.looks import Stages
from core.matches import Evidence
from core.types import Pixels, Quad
from embed.pairs import features, geometry, words
from embed.pairs.agreement import Agreement, compare
from embed.pairs.codes import Code, codes
from embed.pairs.features import Features
from embed.pairs.geometry import POSES, Alignment, Pose

cv2.setNumThreads(1)  # the runner has a thread a core

ALL = Stages()
LONGEST, SHORTEST = 512, 256
"""Features are looked for in a picture of this many pixels on its longer side: the cost grows with the area."""

QUERY_FEATURES, REFERENCE_FEATURES = 800, 384
THUMB = 24
ALIKE = 0.55
"""Correlation of two thumbnails from which their frames may be the same."""

SURE_SHARE, SURE_WINDOWS, SURE_INLIERS = 0.88, 24, 25
ENOUGH = 30
LEAST_INLIERS = 4
ENOUGH_INLIERS = 12
LEAST_SHARE = 0.35
"""Share of agreeing windows below which an alignment is chance: it has no place, and nothing is read there."""

TURNS = tuple(
    np.array(rows, np.float64)
    for rows in (
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[-1, 0, 1], [0, 1, 0], [0, 0, 1]],
        [[1, 0, 0], [0, -1, 1], [0, 0, 1]],
        [[-1, 0, 1], [0, -1, 1], [0, 0, 1]],
        [[0, 1, 0], [1, 0, 0], [0, 0, 1]],
        [[0, -1, 1], [1, 0, 0], [0, 0, 1]],
        [[0, 1, 0], [-1, 0, 1], [0, 0, 1]],
        [[0, -1, 1], [-1, 0, 1], [0, 0, 1]],
    )
)
"""The eight ways to lay a unit square onto itself, as [3, 3]."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Gray pictures [height, width], homographies [3, 3], corners [4, 2]: OpenCV's own types are no narrower."""


class Plate:
    """One side of a pair: RGB pixels, also in gray; what is derived from them is computed when first asked for."""

    def __init__(self, pixels: Pixels, most: int = QUERY_FEATURES, known: Features | None = None) -> None:
        self.pixels = pixels
        self.gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        self._most = most
        self._known = known

    @classmethod
    def of(cls, pixels: Pixels, most: int = QUERY_FEATURES) -> "Plate":
        """From an RGB picture."""
        return cls(pixels, most)

    @classmethod
    def of_stored(cls, jpeg: bytes, packed: bytes) -> "Plate":
        """From one of our own JPEGs and its packed features (b"" = find them); raises DamagedStore if it is none."""
        pixels: Array | None = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) if jpeg else None
        if pixels is None:
            raise DamagedStore("A stored reference picture is damaged: add that reference again.")
        return cls(pixels, REFERENCE_FEATURES, features.unpack(packed) if packed else None)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.gray.shape[1], self.gray.shape[0]

    @cached_property
    def features(self) -> Features:
        return self._known if self._known is not None else features.detect(_fitting(self.gray), self._most)

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The QR and bar codes that can be read."""
        return codes(self.gray)

    @cached_property
    def thumb(self) -> Array:
        """24 x 24 numbers of mean 0 and length 1: a dot product of two is their correlation."""
        small = cv2.resize(self.gray, (THUMB, THUMB), interpolation=cv2.INTER_AREA).astype(np.float32)
        small -= small.mean()
        return small / max(float(np.linalg.norm(small)), 1e-6)

    @cached_property
    def turned_thumbs(self) -> Array:
        """The thumb [8, 576] in the eight ways of `TURNS`, each as the reference would have to look."""
        one = self.thumb
        flat = (one, one[:, ::-1], one[::-1], one[::-1, ::-1])
        return np.stack([*(each.ravel() for each in flat), *(each.ravel() for each in _transposed(one))])


def _transposed(one: Array) -> tuple[Array, Array, Array, Array]:
    """What the query shows where the reference's points are taken by the last four of `TURNS`."""
    return one.T, one[:, ::-1].T, one[::-1].T, one[::-1, ::-1].T


def _fitting(gray: Array) -> Array:
    """The picture, made smaller or larger where its longer side is not within bounds."""
    longest = max(gray.shape)
    if SHORTEST <= longest <= LONGEST:
        return gray
    scale = (LONGEST if longest > LONGEST else SHORTEST) / longest
    size = (max(8, round(gray.shape[1] * scale)), max(8, round(gray.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(gray, size, interpolation=how)


@dataclass(frozen=True, slots=True)
class Laid:
    """A way to lay the reference over a plate of the query (pixels to pixels), and how well the pixels agree.

    `is_framed`: by its frame, not by features.
    """

    matrix: Array
    pose: Pose
    inliers: int
    pairs: int
    seen: Agreement
    is_framed: bool = False

    @property
    def weight(self) -> float:
        """What speaks for it: pixels that agree count three times as much as features that do."""
        return self.seen.share * min(self.seen.windows, ENOUGH) + min(self.inliers, ENOUGH) / 3

    @property
    def is_sure(self) -> bool:
        return self.seen.share >= SURE_SHARE and self.seen.windows >= SURE_WINDOWS


def check(whole: Plate, view: Plate, matrix: Array | None, reference: Plate, stages: Stages = ALL) -> Evidence:
    """What the pair shows, in shares of the whole frame.

    `view` is the part of the query that found the reference, and `matrix` takes its pixels to pixels of the frame;
    None where it is the frame itself.
    """
    found = [_moved(one, matrix) for one in _same_frame(view, reference)] if stages.frames else []
    if stages.features and not any(one.is_sure for one in found):
        found += _by_features(whole, reference)
        if matrix is not None and max((one.inliers for one in found), default=0) < ENOUGH_INLIERS:
            found += [_moved(one, matrix) for one in _by_features(view, reference)]
    best = max(found, key=lambda one: one.weight, default=None)
    if best is None:
        return Evidence()
    evidence = _evidence(whole, reference, best, stages)
    if evidence.words_changed and best.is_framed and stages.features:
        return _read_again(whole, reference, evidence, stages)
    return evidence


def _read_again(whole: Plate, reference: Plate, evidence: Evidence, stages: Stages) -> Evidence:
    """The evidence with the words read where features put them: a frame that was trimmed a little lies a few px off."""
    finer = _by_features(whole, reference)
    if not finer or finer[0].inliers < ENOUGH_INLIERS:
        return evidence
    again = _evidence(whole, reference, finer[0], stages)
    if not again.words or again.words_changed / again.words >= evidence.words_changed / evidence.words:
        return evidence
    return replace(evidence, words=again.words, words_changed=again.words_changed, quad=again.quad)


def _moved(laid: Laid, matrix: Array | None) -> Laid:
    return laid if matrix is None else replace(laid, matrix=matrix @ laid.matrix)


def _same_frame(query: Plate, reference: Plate) -> list[Laid]:
    """The reference stretched to the query's size in the pose whose thumbnail is most alike, if that fits.

    The alignment is known here, so where nearly all agrees the windows are the inliers: no feature has to be searched
    for. Where less does, two pictures of one shape (a plate, a page, a vignette) may agree by chance.
    """
    alike = query.turned_thumbs @ reference.thumb.ravel()
    best = int(np.abs(alike).argmax())
    if abs(alike[best]) < ALIKE:
        return []
    pose = Pose(mirrored=float(np.linalg.det(TURNS[best])) < 0, inverted=bool(alike[best] < 0))
    matrix = np.diag([*query.size, 1.0]) @ TURNS[best] @ np.diag([1 / reference.size[0], 1 / reference.size[1], 1.0])
    seen = compare(query.gray, reference.gray, matrix, pose.inverted)
    laid = Laid(matrix, pose, 0, 0, seen, is_framed=True)
    return [replace(laid, inliers=round(seen.share * seen.windows), pairs=seen.windows) if laid.is_sure else laid]


def _by_features(query: Plate, reference: Plate) -> list[Laid]:
    """The best-supported model over the four poses."""
    best: Alignment | None = None
    for one in _aligned(query, reference):
        if best is None or one.inliers > best.inliers:
            best = one
        if best.inliers >= SURE_INLIERS:
            break
    if best is None or best.inliers < LEAST_INLIERS:
        return []
    longest, theirs = max(query.size), max(reference.size)
    if not geometry.is_possible(best.matrix, _relative(reference), _relative(query)):
        return [Laid(np.eye(3), best.pose, 0, best.pairs, Agreement())]
    matrix = np.diag([longest, longest, 1.0]) @ best.matrix @ np.diag([1 / theirs, 1 / theirs, 1.0])
    seen = compare(query.gray, reference.gray, matrix, best.pose.inverted)
    return [Laid(matrix, best.pose, best.inliers, best.pairs, seen)]


def _aligned(query: Plate, reference: Plate) -> Iterator[Alignment]:
    for pose in POSES:
        if found := geometry.align(query.features, reference.features, pose):
            yield found


def _relative(plate: Plate) -> tuple[float, float]:
    """Width and height in longer sides."""
    wide, high = plate.size
    return wide / max(plate.size), high / max(plate.size)


def _evidence(query: Plate, reference: Plate, best: Laid, stages: Stages) -> Evidence:
    found = Evidence(
        inliers=best.inliers,
        pairs=best.pairs,
        agreement=best.seen.share,
        windows=best.seen.windows,
        correlation=best.seen.correlation,
        mirrored=best.pose.mirrored,
        inverted=best.pose.inverted,
    )
    quad = geometry.corners(best.matrix, *reference.size) if best.seen.share >= LEAST_SHARE else None
    if quad is None:
        return found
    if stages.words:
        said = words.compare(query.gray, reference.gray, best.matrix, best.pose.inverted)
        found = replace(found, words=said.pieces, words_changed=said.changed)
    first, second, third, fourth = ((float(x), float(y)) for x, y in quad / query.size)
    return placed(found, (first, second, third, fourth))


def placed(evidence: Evidence, quad: Quad) -> Evidence:
    """The evidence with the reference lying at `quad`: share of the query it covers, share of it that is visible."""
    corners = np.array(quad, np.float64)
    shared = geometry.area_of(geometry.clipped(corners, 0, 0, 1, 1))
    whole = geometry.area_of(corners)
    return replace(evidence, quad=quad, area=min(1.0, shared), overlap=min(1.0, shared / whole) if whole else 0.0)
