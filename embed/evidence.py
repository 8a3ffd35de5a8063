"""The evidence picture: what was posted beside what is known, with the matched area outlined. Pure pixels.

                                                        +----------+---+---------+
posted --fit--> dim what did not match --> outline -->  |  posted  |   |  known  |
known  --fit----------------------------------------->  +----------+---+---------+
"""

from typing import Any

import cv2
import numpy as np

from core.types import Pixels, Quad

HIGH = 320
WIDE = 480
"""A panel is no larger than this; a ribbon of 1000 x 20 would else be 16,000 px wide."""

GAP = 14
GROUND = (118, 120, 124)
"""Neutral, and neither lost on a light page nor on a dark one."""

DIMMED = 0.35
COVERS_ALL = 0.97
DARK, LIGHT = (16, 18, 22), (255, 221, 51)
DARK_LINE, LIGHT_LINE = 6, 2
"""A light line on a dark one: one of the two stands out on any picture."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Polygons [n, 2] in pixels, masks [height, width], and pictures that OpenCV returns."""


def side_by_side(posted: Pixels, reference: Pixels, quad: Quad | None) -> Pixels:
    """Posted left, known right, equally high; `quad` is where the known picture lies in the posted one."""
    high = min(HIGH, max(posted.shape[0], reference.shape[0]))
    left, right = _fitted(posted, high), _fitted(reference, high)
    if quad:
        left = _marked(left, _polygon(quad, left))
    gap = _ground(1, GAP)
    rows = max(left.shape[0], right.shape[0])
    return np.hstack([_centred(panel, rows) for panel in (left, gap, right)])


def _fitted(pixels: Pixels, high: int) -> Pixels:
    """The picture at that height, or lower if it would become wider than `WIDE`."""
    height, width = pixels.shape[:2]
    scale = min(high / height, WIDE / width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    resized: Array = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    return resized


def _polygon(quad: Quad, panel: Pixels) -> Array:
    """The corners in pixels of the panel; what lies beyond its edges is cut off, [0, 2] where nothing is left."""
    height, width = panel.shape[:2]
    corners = np.array(quad, np.float32) * np.array([width, height], np.float32)
    inset = min(DARK_LINE / 2, (min(width, height) - 1) / 2)  # or half of a line along the edge would be outside
    box = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    inner = inset + box * np.array([width - 1 - 2 * inset, height - 1 - 2 * inset], np.float32)
    area, shared = cv2.intersectConvexConvex(corners, inner)
    return shared.reshape(-1, 2) if area > 0 else np.empty((0, 2), np.float32)


def _marked(panel: Pixels, polygon: Array) -> Pixels:
    """The panel with the polygon outlined, and what is outside of it dimmed where that is a part worth dimming."""
    if not len(polygon):
        return panel
    points = np.round(polygon).astype(np.int32)
    inside = cv2.fillPoly(np.zeros(panel.shape[:2], np.uint8), [points], 1)
    outline = _dimmed(panel, inside) if cv2.contourArea(polygon) < COVERS_ALL * inside.size else panel.copy()
    for colour, thickness in ((DARK, DARK_LINE), (LIGHT, LIGHT_LINE)):
        cv2.polylines(outline, [points], True, colour, thickness, cv2.LINE_AA)
    return outline


def _dimmed(panel: Pixels, inside: Array) -> Pixels:
    """What is outside moves towards dark, so that what matched catches the eye first."""
    darker = (panel * (1 - DIMMED)).astype(np.uint8)
    return np.where(inside[..., None] > 0, panel, darker)


def _centred(panel: Pixels, rows: int) -> Pixels:
    """The panel with ground above and below it up to that height."""
    height, width = panel.shape[:2]
    above = (rows - height) // 2
    return np.vstack([_ground(above, width), panel, _ground(rows - height - above, width)])


def _ground(rows: int, columns: int) -> Pixels:
    return np.full((rows, columns, 3), GROUND, np.uint8)
