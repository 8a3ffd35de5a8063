"""Pair check: is the reference image really in the query image, and where?

    same frame?  thumbnails alike in one of 16 poses --> lay it over as it is --> pixels agree? --yes--> Evidence
        | no
    a first look: features of a small copy of the view that found the reference, then of the query
        --> five on one geometric model? --no--> Evidence of nothing
        | yes
    SIFT features of the whole query, then of the view that found the reference --> one geometric model
        --> lay it over --> pixels agree window by window, or in the view only --> Evidence
    ink on paper: the same beside what a copier would make of the reference; much alike and bent: straightened first

A cosine claims every screenshot of a known app and every meme of a known template; pixels that agree window by
window once aligned do not. Most copies keep their frame, or lie in a view that is their frame: they need no features.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np

from core.confidence import LEAST_WINDOWS
from core.looks import Stages
from core.matches import Evidence
from core.types import Box, Quad
from embed.pairs import geometry, words
from embed.pairs.agreement import Agreement, Rectangle, compare, share_within
from embed.pairs.features import Features
from embed.pairs.geometry import POSES, Alignment, Pose
from embed.pairs.lens import straightened
from embed.pairs.pair_image import FIRST_INLIERS, PairImage

cv2.setNumThreads(1)  # the runner has a thread a core

ALL = Stages()
SURE_POSE = 8
"""Inliers of a first look from which the other poses are not tried again."""

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

SPANNED, WORDY = 0.75, 15
"""Share of agreeing windows below which, and pieces of text from which, the features tell how much is shared.

A strip of words has hundreds of features that agree, and some windows of two skies agree by chance. Nor is so much text
that agrees a part of the reference that was pasted on another picture: it is a caption that two pictures share.
"""

MANY_PAIRS, BENT = 80, 0.85
LIES_HERE = 0.8
"""Share of all that agrees that lies in a view which is the only part of the query that shows the reference."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Gray pictures [height, width], homographies [3, 3], corners [4, 2]: OpenCV's own types are no narrower."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A way to lay the reference over an image of the query (pixels to pixels), and how well the pixels agree.

    `is_framed`: by its frame, not by features. `within`: the part that is compared, None = all. `span`: the share of
    the reference that the inliers lie in.
    """

    matrix: Array
    pose: Pose
    inliers: int
    pairs: int
    seen: Agreement
    is_framed: bool = False
    within: Rectangle | None = None
    span: float = 1.0

    @property
    def weight(self) -> float:
        """What speaks for it: pixels that agree count three times as much as features that do."""
        return self.seen.share * min(self.seen.windows, ENOUGH) + min(self.inliers, ENOUGH) / 3

    @property
    def is_something(self) -> bool:
        """Whether more agrees than by chance."""
        return self.seen.share >= LEAST_SHARE and self.seen.windows >= LEAST_WINDOWS

    @property
    def is_sure(self) -> bool:
        """Whether so much agrees that no further placement need be tried."""
        return self.seen.share >= SURE_SHARE and self.seen.windows >= SURE_WINDOWS


def check(
    whole: PairImage, view: PairImage, matrix: Array | None, reference: PairImage, stages: Stages = ALL
) -> Evidence:
    """Return what the pair shows, in shares of the whole frame.

    `view` is the part of the query that found the reference, and `matrix` takes its pixels to pixels of the frame;
    None where it is the frame itself.
    """
    placements = [_moved(placement, matrix) for placement in _same_frame(view, reference)] if stages.frames else []
    if stages.features and not any(placement.is_sure for placement in placements):
        placements = [_supported(placement, whole, reference) for placement in placements]
        placements += _aligned(whole, view, matrix, reference, placements, stages)
        if whole.is_ink and not reference.is_ink and not any(placement.is_sure for placement in placements):
            placements += _etched(whole, reference)
    best = max(placements, key=lambda placement: placement.weight, default=None)
    if best is None:
        return Evidence(of_screen=reference.is_screen)
    if stages.features and _may_be_bent(best) and (straight := straightened(whole, reference, best.pose, best.inliers)):
        bent = _by_features(straight, reference, at_once=True)
        if bent and bent[0].weight > best.weight:
            whole, best, matrix = straight, bent[0], None
    part = _clipped(best, whole, view, matrix, reference)
    evidence = _evidence(whole, reference, _borne_out(part), stages)
    if part is not best and evidence.words >= WORDY:
        evidence = _evidence(whole, reference, _borne_out(best), stages)
    evidence = replace(evidence, of_screen=reference.is_screen)
    if evidence.words_changed and best.is_framed and stages.features:
        return _read_again(whole, reference, evidence, stages)
    return evidence


def _may_be_bent(best: Placement) -> bool:
    """Return whether much looks alike and much lies nearly, and not quite, where a flat model has it."""
    return best.pairs >= MANY_PAIRS and SURE_INLIERS <= best.inliers < BENT * best.pairs and not best.is_sure


def _aligned(
    whole: PairImage,
    view: PairImage,
    matrix: Array | None,
    reference: PairImage,
    framed: Sequence[Placement],
    stages: Stages,
) -> Iterator[Placement]:
    """Yield placements by features of the whole query and, where those are few, of the view that found the reference.

    The whole is left alone where the view that found the reference does not show it at a first look either.
    """
    at_once = any(placement.is_something for placement in framed)
    if reference.is_fine and not stages.closer and not at_once:
        return
    if matrix is not None and not at_once and not _is_glimpsed(view, reference):
        return
    first = _by_features(whole, reference, at_once=at_once)
    yield from first
    if matrix is not None and max((placement.inliers for placement in first), default=0) < ENOUGH_INLIERS:
        for placement in _by_features(view, reference):
            yield _moved(placement, matrix)


def _etched(whole: PairImage, reference: PairImage) -> Iterator[Placement]:
    """Yield a copier's black and white beside the reference as a copier would show it."""
    placements = _same_frame(whole.softened, reference.etched)
    yield from placements
    if not any(placement.is_sure for placement in placements):
        yield from _by_features(whole.softened, reference.etched, at_once=True)


def _read_again(whole: PairImage, reference: PairImage, evidence: Evidence, stages: Stages) -> Evidence:
    """Return the evidence with the words read where features put them, as a slightly trimmed frame lies off."""
    finer = _by_features(whole, reference, at_once=True)
    if not finer or finer[0].inliers < ENOUGH_INLIERS:
        return evidence
    again = _evidence(whole, reference, finer[0], stages)
    if not again.words or again.words_changed / again.words >= evidence.words_changed / evidence.words:
        return evidence
    return replace(evidence, words=again.words, words_changed=again.words_changed, quad=again.quad)


def _supported(placement: Placement, query: PairImage, reference: PairImage) -> Placement:
    """Return a framed alignment with the features that bear it out: windows alone may agree by chance."""
    if not placement.is_something:
        return placement
    longest, theirs = max(query.size), max(reference.size)
    unit = np.diag([1 / longest, 1 / longest, 1.0]) @ placement.matrix @ np.diag([theirs, theirs, 1.0])
    borne = geometry.support(query.features, reference.features, placement.pose, unit)
    return replace(placement, inliers=borne.inliers, pairs=borne.pairs)


def _clipped(
    best: Placement, whole: PairImage, view: PairImage, matrix: Array | None, reference: PairImage
) -> Placement:
    """Return what is seen of the reference only in the view that found it, where all that agrees lies there.

    A crop that was pasted on another picture leaves the rest of the reference over that other picture.
    """
    corners = None if matrix is None else geometry.corners(matrix, *view.size)
    if corners is None or best.inliers < ENOUGH_INLIERS or best.is_sure:
        return best
    least, most = np.maximum(corners.min(axis=0), 0), np.minimum(corners.max(axis=0), whole.size)
    within = (float(least[0]), float(least[1]), float(most[0]), float(most[1]))
    seen = compare(whole.gray, reference.gray, best.matrix, best.pose.inverted, within)
    if seen.windows < LEAST_WINDOWS or seen.share <= best.seen.share:
        return best
    lies_here = share_within(whole.gray, reference.gray, best.matrix, best.pose.inverted, within)
    return replace(best, seen=seen, within=within) if lies_here >= LIES_HERE else best


def _borne_out(placement: Placement) -> Placement:
    """Return a placement by features, with its windows as inliers if nearly all pixels agree.

    A small pane has few features, and is no less sure for that.
    """
    windows = round(placement.seen.share * placement.seen.windows)
    if placement.is_framed or not placement.is_sure or not ENOUGH_INLIERS <= placement.inliers < windows:
        return placement
    return replace(placement, inliers=windows, pairs=placement.seen.windows)


def _moved(placement: Placement, matrix: Array | None) -> Placement:
    return placement if matrix is None else replace(placement, matrix=matrix @ placement.matrix)


def _same_frame(query: PairImage, reference: PairImage) -> list[Placement]:
    """Return the reference stretched to the query's size in the pose whose thumbnail is most alike, if that fits.

    The alignment is known here, so where nearly all agrees the windows are the inliers: no feature has to be searched
    for. Where less does, two pictures of one shape (a dish, a page, a vignette) may agree by chance.
    """
    alike = query.turned_thumbs @ reference.thumb.ravel()
    best = int(np.abs(alike).argmax())
    if abs(alike[best]) < ALIKE:
        return []
    pose = Pose(mirrored=float(np.linalg.det(TURNS[best])) < 0, inverted=bool(alike[best] < 0))
    matrix = np.diag([*query.size, 1.0]) @ TURNS[best] @ np.diag([1 / reference.size[0], 1 / reference.size[1], 1.0])
    seen = compare(query.gray, reference.gray, matrix, pose.inverted)
    placement = Placement(matrix, pose, 0, 0, seen, is_framed=True)
    return [
        replace(placement, inliers=round(seen.share * seen.windows), pairs=seen.windows)
        if placement.is_sure
        else placement
    ]


def _by_features(query: PairImage, reference: PairImage, *, at_once: bool = False) -> list[Placement]:
    """Return the best-supported placement over the four poses, if a first look finds any.

    `at_once` spares the first look.
    """
    if at_once or reference.is_fine:
        best = _best(query.features, reference, POSES)
    else:
        first = _first(query, reference)
        if first is None:
            return []
        placement = _place_by_features(first, query, reference)
        if first.inliers >= SURE_INLIERS and placement.is_sure:
            return [placement]
        best = _best(query.features, reference, (first.pose,) if first.inliers >= SURE_POSE else POSES)
        best = first if best is None or best.inliers < first.inliers else best
    return [] if best is None or best.inliers < LEAST_INLIERS else [_place_by_features(best, query, reference)]


def _is_glimpsed(view: PairImage, reference: PairImage) -> bool:
    """Return whether a first look at the view finds the reference, or can't tell."""
    return reference.is_fine or _first(view, reference) is not None


def _first(query: PairImage, reference: PairImage) -> Alignment | None:
    """Return what a first look finds, if that is worth a closer one."""
    first = _best(query.first, reference, POSES)
    enough = LEAST_INLIERS if query.is_small else FIRST_INLIERS
    return first if first and first.inliers >= enough else None


def _place_by_features(best: Alignment, query: PairImage, reference: PairImage) -> Placement:
    """Return the reference laid over the query by these features, and how the pixels agree."""
    longest, theirs = max(query.size), max(reference.size)
    if not geometry.is_possible(best.matrix, _relative(reference), _relative(query)):
        return Placement(np.eye(3), best.pose, 0, best.pairs, Agreement())
    matrix = np.diag([longest, longest, 1.0]) @ best.matrix @ np.diag([1 / theirs, 1 / theirs, 1.0])
    seen = compare(query.gray, reference.gray, matrix, best.pose.inverted)
    wide, high = _relative(reference)
    return Placement(matrix, best.pose, best.inliers, best.pairs, seen, span=best.span / (wide * high))


def _best(query: Features, reference: PairImage, poses: Sequence[Pose]) -> Alignment | None:
    """Return the best-supported alignment; the poses after a sure one are not tried."""
    best: Alignment | None = None
    for pose in poses:
        alignment = geometry.align(query, reference.features, pose)
        if alignment and (best is None or alignment.inliers > best.inliers):
            best = alignment
        if best and best.inliers >= SURE_INLIERS:
            break
    return best


def _relative(image: PairImage) -> tuple[float, float]:
    """Return width and height in longer sides."""
    wide, high = image.size
    return wide / max(image.size), high / max(image.size)


def _evidence(query: PairImage, reference: PairImage, best: Placement, stages: Stages) -> Evidence:
    evidence = Evidence(
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
        return evidence
    if stages.words:
        compared = words.compare(query.gray, reference.gray, best.matrix, best.pose.inverted)
        evidence = replace(evidence, words=compared.pieces, words_changed=compared.changed)
    first, second, third, fourth = ((float(x), float(y)) for x, y in quad / query.size)
    evidence = placed(evidence, (first, second, third, fourth), best.within and _shares(best.within, query.size))
    share = best.seen.extent
    if best.seen.share < SPANNED and evidence.words >= WORDY:
        share = min(share, best.span / max(evidence.overlap, 1e-6))
    return replace(evidence, area=evidence.area * share, overlap=evidence.overlap * share)


def _shares(within: Rectangle, size: tuple[int, int]) -> Box:
    wide, high = size
    return within[0] / wide, within[1] / high, within[2] / wide, within[3] / high


def placed(evidence: Evidence, quad: Quad, within: Box | None = None) -> Evidence:
    """Return the evidence for a reference at `quad`: the share of the query it covers, and of it that is visible.

    `within` is the part of the query in which it is visible; None = all.
    """
    corners = np.array(quad, np.float64)
    shared = geometry.area_of(geometry.clipped(corners, *(within or (0, 0, 1, 1))))
    whole = geometry.area_of(corners)
    return replace(evidence, quad=quad, area=min(1.0, shared), overlap=min(1.0, shared / whole) if whole else 0.0)
