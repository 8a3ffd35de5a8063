"""From two sets of features to one way of laying the reference over the query.

    descriptors --nearest, ratio test--> pairs --each pair proposes a similarity--> the one most pairs support
        --> refined: similarity (4 pairs), affine (6), perspective (10) --> Alignment

A pair of SIFT keypoints tells position, scale and turn, so one pair is a whole hypothesis: nothing is sampled, and the
same pictures give the same answer every time. A mirrored or colour-inverted copy needs no second detection: both only
permute the numbers of a descriptor. Lengths are in longer sides, as in `embed.pairs.features`.
Methods: Lowe 2004 (ratio test); Schmidt & Kraft's and Philbin et al.'s one-match hypotheses (CVPR 2007, "fast spatial
matching").
"""

import math
from dataclasses import dataclass
from itertools import product
from typing import Any

import cv2
import numpy as np

from embed.pairs.features import Features

RATIO = 0.82
MOST_PAIRS = 160
"""The closest pairs; more cost time squared and add no certainty."""

NEAR = 0.032
"""How far (2 % of 1.6 longer sides) a pair may lie from a hypothesis made of one pair."""

STEPS = (NEAR, NEAR / 2, NEAR / 3.2)
LARGEST_ZOOM = 12.0
SCALE_SPREAD, ANGLE_SPREAD = 0.7, 0.5
LEAST_PAIRS = 4
FOR_AFFINE, FOR_PERSPECTIVE = 6, 10
STRAY = 4
"""Per cent of the inliers at each side that are not counted to their span."""

SPOT = 0.0065
"""Detections this near to one another are one spot and count once."""

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Pose:
    """Whether the query shows the reference mirrored, and in inverted colours."""

    mirrored: bool = False
    inverted: bool = False


POSES = tuple(Pose(mirrored, inverted) for inverted, mirrored in product((False, True), (False, True)))
"""As it is, mirrored, inverted, both."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """`matrix` [3, 3] takes points of the reference to points of the query, both in their longer sides.

    `span` is the area of the reference that nearly all inliers lie in, in squares of its longer side.
    """

    matrix: Array
    pose: Pose
    inliers: int
    pairs: int
    span: float = math.inf


def _permutation(pose: Pose) -> Array:
    """Return where each number of a descriptor (4 rows, 4 columns, 8 directions) goes in this pose."""
    rows, columns, turns = np.meshgrid(np.arange(4), np.arange(4), np.arange(8), indexing="ij")
    if pose.mirrored:
        rows, turns = 3 - rows, -turns % 8
    if pose.inverted:
        rows, columns = 3 - rows, 3 - columns
    return ((rows * 4 + columns) * 8 + turns).ravel()


PERMUTATIONS = {pose: _permutation(pose) for pose in POSES}


def align(query: Features, reference: Features, pose: Pose) -> Alignment | None:
    """Return the best-supported alignment of the reference in this pose; None where fewer than 4 pairs agree."""
    ours, theirs = _pairs(query.descriptors, reference.descriptors[:, PERMUTATIONS[pose]])
    if len(ours) < LEAST_PAIRS:
        return None
    target, source = query.points[ours].astype(np.float64), _posed(reference.points[theirs], pose)
    supported, spread = _best_hypothesis(source, target)
    return _refined(source, target, supported, spread, pose) if supported.sum() >= LEAST_PAIRS else None


def support(query: Features, reference: Features, pose: Pose, matrix: Array) -> Alignment:
    """Return the same for an alignment that is known from elsewhere: how many pairs bear it out.

    `matrix` takes points of the reference to points of the query, both in their longer sides.
    """
    ours, theirs = _pairs(query.descriptors, reference.descriptors[:, PERMUTATIONS[pose]])
    source, target = reference.points[theirs].astype(np.float64), query.points[ours].astype(np.float64)
    inside = _missed(matrix, source, target) < NEAR
    spots = min(_spots(source[inside]), _spots(target[inside])) if inside.any() else 0
    return Alignment(matrix, pose, spots, len(source))


def _pairs(ours: Array, theirs: Array) -> tuple[Array, Array]:
    """Return rows of the query and of the reference whose descriptors are each other's clear choice, closest first."""
    if len(ours) < 2 or len(theirs) < 2:
        return np.empty(0, int), np.empty(0, int)
    likeness = ours @ theirs.T
    rows = np.arange(len(ours))
    chosen = likeness.argmax(axis=1)
    best = likeness[rows, chosen]
    likeness[rows, chosen] = -1
    second = likeness.max(axis=1)
    clear = np.flatnonzero(1 - best < RATIO**2 * (1 - second))  # squared distances of unit vectors, halved
    order = clear[np.argsort(-best[clear], kind="stable")]
    _, first = np.unique(chosen[order], return_index=True)  # one point of the query for each of the reference
    closest = order[np.sort(first)][:MOST_PAIRS]
    return closest, chosen[closest]


def _posed(points: Array, pose: Pose) -> Array:
    """Return the reference's keypoints as they look once it is mirrored or inverted; x runs to the left then."""
    posed = points.astype(np.float64)
    if pose.mirrored:
        posed[:, 0], posed[:, 3] = -posed[:, 0], np.pi - posed[:, 3]
    if pose.inverted:
        posed[:, 3] += np.pi
    return posed


def _best_hypothesis(source: Array, target: Array) -> tuple[Array, Array]:
    """Return the pairs [n] that support the best similarity, and those near it in scale and turn."""
    zoom, turn = target[:, 2] / source[:, 2], target[:, 3] - source[:, 3]
    factor = zoom * np.exp(1j * turn)
    before, after = source[:, 0] + 1j * source[:, 1], target[:, 0] + 1j * target[:, 1]
    shift = after - factor * before
    missed = np.abs(factor[:, None] * before + shift[:, None] - after)
    log_zoom = np.log(zoom)
    scales = np.abs(log_zoom[:, None] - log_zoom)
    turns = np.abs((turn[:, None] - turn + np.pi) % (2 * np.pi) - np.pi)
    possible = np.abs(log_zoom) < np.log(LARGEST_ZOOM)
    support = (missed < NEAR) & (scales < SCALE_SPREAD) & (turns < ANGLE_SPREAD) & possible[:, None]
    best = int(support.sum(axis=1).argmax())
    return support[best], (scales[best] < SCALE_SPREAD + 0.2) & (turns[best] < ANGLE_SPREAD + 0.2)


def _refined(source: Array, target: Array, inside: Array, spread: Array, pose: Pose) -> Alignment:
    """Return the model fitted to its own supporters, three times with less and less tolerance."""
    matrix = np.eye(3)
    for step, near in enumerate(STEPS):
        matrix = _fitted(source[inside, :2], target[inside, :2], step > 0)
        closer = (_missed(matrix, source, target) < near) & spread
        if closer.sum() < LEAST_PAIRS:
            break
        inside = closer
    spots = min(_spots(source[inside]), _spots(target[inside]))
    whole = matrix @ np.diag([-1.0 if pose.mirrored else 1.0, 1, 1])
    return Alignment(whole, pose, spots, len(source), _span(source[inside]))


def _fitted(source: Array, target: Array, may_be_perspective: bool) -> Array:
    """Return the least-squares model with as many degrees of freedom as the pairs can bear."""
    if len(source) >= FOR_PERSPECTIVE and may_be_perspective:
        homography: tuple[Array | None, Array] = cv2.findHomography(source, target, 0)
        if homography[0] is not None:
            return homography[0]
    if len(source) >= FOR_AFFINE:
        solved = np.linalg.lstsq(np.c_[source, np.ones(len(source))], target, rcond=None)[0]
        return np.vstack([solved.T, [0, 0, 1]])
    return _similarity(source, target)


def _similarity(source: Array, target: Array) -> Array:
    before, after = source[:, 0] + 1j * source[:, 1], target[:, 0] + 1j * target[:, 1]
    offset = before - before.mean()
    factor = ((after - after.mean()) * offset.conj()).sum() / max(float((np.abs(offset) ** 2).sum()), 1e-12)
    shift = after.mean() - factor * before.mean()
    return np.array([[factor.real, -factor.imag, shift.real], [factor.imag, factor.real, shift.imag], [0, 0, 1]])


def _missed(matrix: Array, source: Array, target: Array) -> Array:
    """Return how far each pair lies from the model."""
    placed = np.c_[source[:, :2], np.ones(len(source))] @ matrix.T
    depth = np.where(np.abs(placed[:, 2:]) < 1e-9, 1e-9, placed[:, 2:])
    missed: Array = np.hypot(*(placed[:, :2] / depth - target[:, :2]).T)
    return missed


def _span(points: Array) -> float:
    """Return the area of what surrounds the points [n, >= 2], without a few at each side that may be chance."""
    low, high = np.percentile(points[:, :2], (STRAY, 100 - STRAY), axis=0)
    return float(np.prod(high - low))


def _spots(points: Array) -> int:
    return len(np.unique(np.round(points[:, :2] / SPOT), axis=0))


def corners(matrix: Array, wide: float, high: float) -> Array | None:
    """Return where the four corners of a picture [4, 2] go; None where one of them would lie behind the viewer."""
    placed = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]], np.float64) @ matrix.T
    return placed[:, :2] / placed[:, 2:] if (placed[:, 2] > 1e-6).all() else None


def clipped(polygon: Array, left: float, top: float, right: float, bottom: float) -> Array:
    """Return the part [m, 2] of a convex polygon [n, 2] that lies in the rectangle; m is 0 where none does.

    `cv2.intersectConvexConvex` (5.0.0) loses whole areas where edges nearly coincide, as those of a crop do. Method:
    Sutherland and Hodgman, "Reentrant polygon clipping", CACM 1974.
    """
    for axis, sign, limit in ((0, 1, left), (0, -1, right), (1, 1, top), (1, -1, bottom)):
        depth = sign * (polygon[:, axis] - limit)
        corners_inside = []
        for at in range(len(polygon)):
            before, here = depth[at - 1], depth[at]
            if (before < 0) != (here < 0):
                corners_inside.append(polygon[at - 1] + (polygon[at] - polygon[at - 1]) * (before / (before - here)))
            if here >= 0:
                corners_inside.append(polygon[at])
        polygon = np.array(corners_inside).reshape(-1, 2)
    return polygon


def area_of(polygon: Array) -> float:
    """Return the area of a polygon [n, 2] without crossing edges (the shoelace formula)."""
    x, y = polygon.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def is_possible(matrix: Array, reference: tuple[float, float], query: tuple[float, float]) -> bool:
    """Return a real picture is neither folded, nor shrunk to a dot, nor blown up to a hundred times the query."""
    quad = corners(matrix, *reference)
    if quad is None or not np.isfinite(quad).all():
        return False
    size = abs(cv2.contourArea(quad.astype(np.float32)))
    zoom = size / (reference[0] * reference[1])
    folded = not cv2.isContourConvex((quad * 1e4).astype(np.float32))
    return not folded and 1e-3 < zoom < 400 and size < 100 * query[0] * query[1]
