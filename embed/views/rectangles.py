"""Rectangles that a picture may have been pasted into: panes of collages, pictures on pictures, screens photographed.

    panes        upright rectangles whose four sides are long straight edges that stand out from the texture beside them
    tilted       quadrilaterals of strong contours: a photographed screen or print

Both work on a copy of about 400 px and answer in its pixels. What is found is a guess that costs one embedding: the
pair check decides. The sides of a pane need not be closed: 75 % of each and 88 % of all four are enough.
"""

from typing import Any

import cv2
import numpy as np

from embed.pictures import strongest

LEAST_CONTRAST = 14.0
DOMINANCE = 1.7
"""How far an edge must stand out from the mean gradient 3 to 6 px beside it."""

LEAST_RUN = 0.10
"""Shortest straight edge that makes a line, as a share of the picture's side."""

LINES = 36
LEAST_WIDE, LEAST_HIGH, LEAST_AREA, MOST_AREA = 0.13, 0.10, 0.03, 0.97
LEAST_SIDE, LEAST_SIDES = 0.75, 0.88
LEAST_SPREAD = 8.0
MOST_PANES = 10
SMALLER_FIRST = 0.05
"""What a pane of the whole picture's size loses against a dot: the panes of a collage come before pairs of them."""

SAME = 0.75
MOST_TILTED, LEAST_TILTED = 2, 0.08
"""Quadrilaterals that are looked at, and the share of the picture that one covers."""

type Array = np.ndarray[Any, np.dtype[Any]]
type Pane = tuple[int, int, int, int]
"""left, top, right, bottom in pixels."""


def panes(small: Array, most: int = MOST_PANES) -> list[Pane]:
    """Return upright rectangles in an RGB picture [height, width, 3], surest first."""
    upright, level = _edges(small, 1), _edges(small, 0)
    columns, rows = _lines(upright, 0), _lines(level, 1)
    boxes, scores = _framed(upright, level, columns, rows)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    panes_found: list[Pane] = []
    rank = scores - SMALLER_FIRST * np.sqrt(_areas(boxes) / gray.size)
    for at in np.argsort(-rank, kind="stable")[:400]:
        left, top, right, bottom = (int(side) for side in boxes[at])
        box = (left, top, right, bottom)
        if (
            all(overlap(box, other) < SAME for other in panes_found)
            and gray[top:bottom, left:right].std() > LEAST_SPREAD
        ):
            panes_found.append(box)
            if len(panes_found) == most:
                break
    return panes_found


def _edges(small: Array, axis: int) -> Array:
    """Return 0 and 1 [height, width]: the borders before each column (axis 1) or row (axis 0) that stand out.

    A resampled edge straddles two columns, so half of the stronger neighbour is added.
    """
    step = strongest(cv2.absdiff(small, np.roll(small, 1, axis))).astype(np.float32)
    step[(slice(None),) * axis + (0,)] = 0
    before, after = np.roll(step, 1, axis), np.roll(step, -1, axis)
    nearest = cv2.max(before, after)
    strength = cv2.addWeighted(step, 1.0, nearest, 0.5, 0)
    kernel = np.zeros((1, 13) if axis else (13, 1), np.float32)
    kernel.flat[:4] = 0.25
    beside = cv2.max(cv2.filter2D(step, -1, kernel), cv2.filter2D(step, -1, cv2.flip(kernel, -1)))
    peak = (strength > np.maximum(DOMINANCE * beside, LEAST_CONTRAST)) & (step >= 0.8 * nearest)
    wide = cv2.dilate(peak.astype(np.uint8), np.ones((1, 3) if axis else (3, 1), np.uint8))
    return cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((3, 1) if axis else (1, 3), np.uint8))


def _lines(edges: Array, axis: int) -> Array:
    """Return columns (axis 0) or rows (axis 1) with the longest straight edges, and the two sides of the picture.

    The longest edge counts, not how much there is of them: ripples and bricks have many short ones in every row.
    """
    strength = _longest_runs(edges.T if axis == 0 else edges)
    run = max(8, int(LEAST_RUN * edges.shape[axis]))
    strength[:3] = strength[-3:] = 0
    chosen = [0, edges.shape[1 - axis]]
    for _ in range(LINES):
        at = int(strength.argmax())
        if strength[at] < run:
            break
        chosen.append(at)
        strength[max(0, at - 3) : at + 4] = 0
    return np.array(sorted(chosen))


def _longest_runs(lines: Array) -> Array:
    """Return the length of the longest run of edges [lines] in each row of these [lines, length]."""
    padded = np.pad(lines, ((0, 0), (1, 1))).ravel()
    ends = np.flatnonzero(padded[1:] != padded[:-1])  # begin, end, begin, end: a row starts and ends with none
    longest = np.zeros(len(lines), np.intp)
    np.maximum.at(longest, ends[::2] // (lines.shape[1] + 2), ends[1::2] - ends[::2])
    return longest


def _framed(upright: Array, level: Array, columns: Array, rows: Array) -> tuple[Array, Array]:
    """Return all rectangles between the lines whose sides are edges: boxes [n, 4] and their scores [n].

    Upright sides are looked up for each line and pair of rows, level ones for each line and pair of columns: of all
    pairs of pairs only those with four good sides are scored.
    """
    height, width = upright.shape
    beside, above = np.array(np.triu_indices(len(columns), 1)), np.array(np.triu_indices(len(rows), 1))
    standing, lying = _sides(upright, columns, rows[above]), _sides(level.T, rows, columns[beside])
    wide, high = np.diff(columns[beside], axis=0), np.diff(rows[above], axis=0)
    fits = (wide >= LEAST_WIDE * width).T & (high >= LEAST_HIGH * height)
    area = wide.T * high / (width * height)
    fits &= (area >= LEAST_AREA) & (area < MOST_AREA)
    is_edge = standing > LEAST_SIDE
    fits &= is_edge[beside[0]] & is_edge[beside[1]]
    is_edge = lying > LEAST_SIDE
    fits &= (is_edge[above[0]] & is_edge[above[1]]).T
    across, down = np.nonzero(fits)
    (left, right), (top, bottom) = beside[:, across], above[:, down]
    shares = np.stack([standing[left, down], standing[right, down], lying[top, across], lying[bottom, across]])
    boxes = np.stack([columns[left], rows[top], columns[right], rows[bottom]], axis=1)
    at_rim = (boxes <= 0).sum(axis=1) + (boxes >= (width, height, width, height)).sum(axis=1)
    good = (shares.mean(axis=0) > LEAST_SIDES) & (at_rim < 4)
    scores = shares.mean(axis=0) + 0.25 * shares.min(axis=0) - 0.04 * at_rim
    return boxes[good], scores[good]


def _sides(edges: Array, lines: Array, pairs: Array) -> Array:
    """Return how much of each line [n] is an edge between the ends of each pair [2, m]; the rim counts as one."""
    end = edges.shape[1]
    some = edges[:, np.minimum(lines, end - 1)]
    sums = np.pad(np.cumsum(some, axis=0, dtype=np.int32), ((1, 0), (0, 0))).T
    shares: Array = (sums[:, pairs[1]] - sums[:, pairs[0]]) / (pairs[1] - pairs[0])
    shares[(lines <= 0) | (lines >= end)] = 1.0
    return shares


def _areas(boxes: Array) -> Array:
    areas: Array = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return areas


def tilted(small: Array, most: int = MOST_TILTED) -> list[Array]:
    """Return quadrilaterals [4, 2] that cover 8 to 95 % of an RGB picture, corners clockwise from the upper left."""
    gray = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.2)
    quads: list[Array] = []
    for low, high in ((20, 60), (50, 120)):
        edges = cv2.dilate(cv2.Canny(gray, low, high), np.ones((3, 3), np.uint8))
        contours, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        many = [outline for outline in contours if len(outline) >= 4]  # fewer points make no quadrilateral
        for contour in sorted(many, key=cv2.contourArea, reverse=True)[:8]:
            quad = _quad(contour, gray.size)
            apart = 0.06 * max(gray.shape)
            if quad is not None and all(np.abs(quad - other).max() > apart for other in quads):
                quads.append(quad)
        if len(quads) >= most:
            break
    return quads[:most]


def _quad(contour: Array, size: int) -> Array | None:
    """Return the four corners of a contour that nearly is a quadrilateral of a fitting size and not upright."""
    if not LEAST_TILTED * size < cv2.contourArea(contour) < 0.95 * size:
        return None
    hull = cv2.convexHull(contour)
    corners = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(contour, True), True)
    if len(corners) != 4 or cv2.contourArea(corners) < 0.85 * cv2.contourArea(hull):
        return None
    points = corners[:, 0].astype(np.float32)
    sums, steps = points.sum(axis=1), points[:, 0] - points[:, 1]
    ordered = points[[sums.argmin(), steps.argmax(), sums.argmax(), steps.argmin()]]
    return ordered if len(np.unique(ordered, axis=0)) == 4 else None


def overlap(first: Pane, second: Pane) -> float:
    """Return intersection over union."""
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (
        (first[2] - first[0]) * (first[3] - first[1]) + (second[2] - second[0]) * (second[3] - second[1]) - shared
    )
