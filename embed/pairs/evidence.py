"""The evidence picture: what was posted, what is known, and what differs between the two. Pure pixels.

                                                        +----------+---+---------+---+-------------+
posted --fit--> dim what did not match --> outline -->  |  posted  |   |  known  |   | differences |
known  --fit----------------------------------------->  +----------+---+---------+---+-------------+
both   --difference.py--> matched part, gray and tinted --------------------------------^

What was exchanged is outlined in magenta, in the first panel and in the third. Without a quad nobody knows where the
known picture lies, so there is no third panel and no outline.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from core.matches import Difference
from core.types import Box, How, Pixels, Quad
from embed.pairs.difference import changed, tinted
from embed.pairs.overlay import LONGEST

HIGH = 320
WIDE = 480
"""A panel is no larger than this; a ribbon of 1000 x 20 would else be 16,000 px wide."""

WIDEST = 1100
"""All panels and gaps together: chats shrink what is wider."""

GAP = 14
GROUND = (118, 120, 124)
"""Neutral, and neither lost on a light page nor on a dark one."""

COMPARED = 320
"""Pixels: what differs is shown no larger."""

LEAST_PART = 16
"""Pixels: in less than that nobody sees a difference."""

FAR = 1e5
"""Pixels: a corner beyond that is as good as there."""

DIMMED = 0.35
COVERS_ALL = 0.97
DARK, LIGHT = (16, 18, 22), (255, 221, 51)
DARK_LINE, LIGHT_LINE = 6, 2
"""A light line on a dark one: one of the two stands out on any picture."""

EXCHANGED = (214, 36, 159)
"""Magenta is told from orange by its lightness and its blue with any kind of colour vision."""

ROOM = 0.01
"""Share of the reference by which an outline keeps clear of what it surrounds."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Polygons [n, 2] in pixels, masks [height, width], and pictures that OpenCV returns."""


def side_by_side(posted: Pixels, reference: Pixels, quad: Quad | None, differs: Sequence[Difference] = ()) -> Pixels:
    """Return posted, known and what differs, equally high; the known picture lies at `quad` in the posted one.

    RGB, at most `WIDEST` x `HIGH` px.
    """
    part = what_differs(posted, reference, quad, differs) if quad else None
    shown = [posted, reference] if part is None else [posted, reference, part]
    panels = _fitted(shown)
    if quad:
        panels[0] = _outlined(_marked(panels[0], _polygon(quad, panels[0])), quad, differs)
    rows = max(panel.shape[0] for panel in panels)
    gaps = [_ground(rows, GAP)] * len(panels)
    row = [piece for panel, gap in zip(panels, gaps, strict=True) for piece in (gap, _centred(panel, rows))]
    return np.hstack(row[1:])


def what_differs(posted: Pixels, reference: Pixels, quad: Quad, differs: Sequence[Difference] = ()) -> Pixels | None:
    """Return the matched part of the posted picture in gray, and orange where it differs from the reference.

    At most `COMPARED` px. None where there is nothing to compare: the quad is no place, or hardly within the picture.
    """
    frame = np.array([posted.shape[1], posted.shape[0]])
    corners = np.array(quad, np.float64) * frame
    if not np.isfinite(corners).all():
        return None
    left, top, wide, high = cv2.boundingRect(_filled(corners, posted.shape[:2]))
    if min(wide, high) < LEAST_PART:
        return None
    whole = posted[top : top + high, left : left + wide]
    part = _shrunk(whole, LONGEST)
    first, second, third, fourth = ((float(x), float(y)) for x, y in (corners - (left, top)) / (wide, high))
    place = first, second, third, fourth
    mask = changed(part, reference, place)
    if mask is None:
        return None
    shown = _shrunk(whole, COMPARED)
    inside = _filled(np.array(place) * (shown.shape[1], shown.shape[0]), shown.shape[:2])
    return _outlined(_dimmed(tinted(shown, mask), inside), place, differs)


def _outlined(panel: Pixels, quad: Quad, differs: Sequence[Difference]) -> Pixels:
    """Return the panel with an outline around each exchanged region; the reference lies at `quad` in it."""
    corners = np.array(quad, np.float32) * np.array([panel.shape[1], panel.shape[0]], np.float32)
    boxes = [difference.box for difference in differs if difference.how is How.EXCHANGED]
    if not (boxes and np.isfinite(corners).all() and cv2.isContourConvex(corners) and cv2.contourArea(corners) >= 1):
        return panel
    matrix = cv2.getPerspectiveTransform(_rectangle(0, 0, 1, 1), corners)
    places = [np.round(cv2.perspectiveTransform(_around(box)[None], matrix)[0]) for box in boxes]
    points = [place.clip(-FAR, FAR).astype(np.int32) for place in places if np.isfinite(place).all()]
    outlined, share = panel.copy(), min(1.0, max(panel.shape) / COMPARED)
    for colour, thickness in ((DARK, DARK_LINE), (EXCHANGED, LIGHT_LINE + 1)):
        cv2.polylines(outlined, points, True, colour, max(1, round(thickness * share)), cv2.LINE_AA)
    return outlined


def _around(box: Box) -> Array:
    """Return the box with some room around it, within the reference."""
    left, top, right, bottom = box
    return _rectangle(max(0, left - ROOM), max(0, top - ROOM), min(1, right + ROOM), min(1, bottom + ROOM))


def _filled(corners: Array, size: tuple[int, ...]) -> Array:
    """Return 1 inside of the corners, 0 outside: uint8 [height, width]."""
    points = np.round(corners.clip(-FAR, FAR)).astype(np.int32)
    filled: Array = cv2.fillPoly(np.zeros(size, np.uint8), [points], 1)
    return filled


def _shrunk(pixels: Pixels, longest: int) -> Pixels:
    return _resized(pixels, _scaled(pixels, longest, longest)) if max(pixels.shape) > longest else pixels


def _fitted(shown: Sequence[Pixels]) -> list[Pixels]:
    """Return the pictures equally high, as high as the higher of the first two, within what a sheet may measure."""
    high = min(HIGH, max(panel.shape[0] for panel in shown[:2]))
    wide = sum(_scaled(panel, high, WIDE)[0] for panel in shown)
    share = min(1.0, (WIDEST - GAP * (len(shown) - 1)) / wide)
    return [_resized(panel, _scaled(panel, high * share, WIDE * share)) for panel in shown]


def _scaled(pixels: Pixels, high: float, wide: float) -> tuple[int, int]:
    """Return width and height of the picture at that height, or lower if it would become wider than `wide`."""
    height, width = pixels.shape[:2]
    scale = min(high / height, wide / width)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _resized(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    how = cv2.INTER_AREA if size[0] < pixels.shape[1] else cv2.INTER_CUBIC
    resized: Array = cv2.resize(pixels, size, interpolation=how)
    return resized


def _polygon(quad: Quad, panel: Pixels) -> Array:
    """Return the corners in pixels of the panel, cut off at its edges; [0, 2] where nothing is left."""
    height, width = panel.shape[:2]
    corners = np.array(quad, np.float32) * np.array([width, height], np.float32)
    inset = min(DARK_LINE / 2, (min(width, height) - 1) / 2)  # or half of a line along the edge would be outside
    area, shared = cv2.intersectConvexConvex(corners, _rectangle(inset, inset, width - 1 - inset, height - 1 - inset))
    return shared.reshape(-1, 2) if area > 0 else np.empty((0, 2), np.float32)


def _rectangle(left: float, top: float, right: float, bottom: float) -> Array:
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _marked(panel: Pixels, polygon: Array) -> Pixels:
    """Return the panel with the polygon outlined, and dimmed outside of it unless that is too small a part."""
    if not len(polygon):
        return panel
    points, inside = np.round(polygon).astype(np.int32), _filled(polygon, panel.shape[:2])
    outline = _dimmed(panel, inside) if cv2.contourArea(polygon) < COVERS_ALL * inside.size else panel.copy()
    for colour, thickness in ((DARK, DARK_LINE), (LIGHT, LIGHT_LINE)):
        cv2.polylines(outline, [points], True, colour, thickness, cv2.LINE_AA)
    return outline


def _dimmed(panel: Pixels, inside: Array) -> Pixels:
    """Return what is outside moves towards dark, so that what matched catches the eye first."""
    if inside.all():
        return panel
    darker = (panel * (1 - DIMMED)).astype(np.uint8)
    return np.where(inside[..., None] > 0, panel, darker)


def _centred(panel: Pixels, rows: int) -> Pixels:
    """Return the panel with ground above and below it up to that height."""
    height, width = panel.shape[:2]
    above = (rows - height) // 2
    return np.vstack([_ground(above, width), panel, _ground(rows - height - above, width)])


def _ground(rows: int, columns: int) -> Pixels:
    return np.full((rows, columns, 3), GROUND, np.uint8)
