"""Both pictures of a pair in one frame, so that each place can be compared: the query, and the reference in its light.

    query  --warped by the quad--settled to a pixel by tiles--+
                                                              +--> Overlay: ours, theirs, relit, filters, inside
    reference --resized--the query's filter laid over it------+

Which filter that is: `embed.pairs.colours`.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from core.types import Pixels, Quad
from embed.pairs import colours
from embed.pairs.colours import Filters, gray_of

LONGEST = 448
"""Longer side in pixels: at 320 a changed amount on a card is no region at all."""

SHORTEST = 96
SHARPER = 1.15
"""Pixels of the frame for one that the query shows of the reference."""

SOFT = 0.9
"""Spread in pixels of the blur that hides the noise of compression."""

RIM = 5
"""Pixels along the edge of the query that are not compared."""

TILES, TILE, PLAY = 8, 10, 55
"""Tiles a side; the longer side in tiles; the longer side in steps that a tile may be off."""

FOUND, SPREAD, NEAR = 0.8, 8.0, 1.5
"""Correlation from which a tile is found; deviation of gray values that makes one worth looking for; pixels."""

BLURS, SOFTER = (0.8, 1.3, 2.0, 3.0), 0.97
"""Spreads in pixels that are tried, the softest last; each must take away so much of what is off."""

LEAST_TILES, FOR_PERSPECTIVE = 5, 14

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Overlay:
    """Both pictures in the reference's frame, uint8 [height, width, 3].

    ours         the query
    theirs       the reference
    relit        the reference under the query's filter, and as soft as the query
    filters      what else may have been done to the colours
    inside       which pixels the query shows, bool [height, width]
    blurred      spread in pixels of the blur that makes the reference as soft as the query
    matrix       [3, 3], takes pixels of the query to pixels of the frame
    """

    ours: Array
    theirs: Array
    relit: Array
    filters: Filters
    inside: Array
    blurred: float = 0.0
    matrix: Array = field(default_factory=lambda: np.eye(3))

    @cached_property
    def contrast(self) -> float:
        """The query's contrast as a share (0.2..1) of the reference's."""
        if not self.inside.any():
            return 1.0
        spreads = [float(cv2.meanStdDev(gray_of(picture), mask=self.inside.view(np.uint8))[1][0, 0]) for picture in
                   (self.relit, self.theirs)]  # fmt: skip
        return float(np.clip(spreads[0] / max(spreads[1], 1.0), 0.2, 1.0))


def overlay(query: Pixels, reference: Pixels, quad: Quad) -> Overlay:
    """Return the pair in one frame; `quad` is where the reference lies in the query, in shares of the query's sides."""
    ours, theirs, inside, matrix = _laid(query, reference, quad)
    ours, theirs = (cv2.GaussianBlur(picture, (0, 0), SOFT) for picture in (ours, theirs))
    fitted = colours.fit(ours, theirs, inside)
    relit, blurred = as_soft(fitted.relit, ours, inside)
    return Overlay(ours, theirs, relit, fitted, inside, blurred, matrix)


def as_soft(theirs: Array, ours: Array, inside: Array) -> tuple[Array, float]:
    """Return the reference blurred as the query is, and by how much: blurred letters are no other letters."""
    gray, target = gray_of(theirs), gray_of(ours)
    shown = inside.view(np.uint8)
    best, chosen = cv2.norm(gray, target, cv2.NORM_L1, shown), 0.0
    for blur in BLURS:
        off = cv2.norm(cv2.GaussianBlur(gray, (0, 0), blur), target, cv2.NORM_L1, shown)
        if off > SOFTER * best:
            break
        best, chosen = off, blur
    return (cv2.GaussianBlur(theirs, (0, 0), chosen), chosen) if chosen else (theirs, 0.0)


def _laid(query: Pixels, reference: Pixels, quad: Quad) -> tuple[Array, Array, Array, Array]:
    """Return both in the reference's frame, as sharp as is visible, where the query shows it, and the matrix."""
    high, wide = reference.shape[:2]
    corners = (np.array(quad) * (query.shape[1], query.shape[0])).astype(np.float32)
    seen = max(float(np.sqrt(abs(cv2.contourArea(corners)) / (wide * high))), 1e-3)
    scale = min(LONGEST / max(wide, high), 1.0, max(SHARPER * seen, SHORTEST / max(wide, high)))
    size = max(24, round(wide * scale)), max(24, round(high * scale))
    frame = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix, zoom = cv2.getPerspectiveTransform(corners, frame), scale / seen
    soft = cv2.GaussianBlur(query, (0, 0), 0.45 / max(zoom, 0.05)) if zoom < 0.8 else query
    theirs = cv2.resize(reference, size, interpolation=cv2.INTER_AREA)
    ours, matrix = _settled(soft, theirs, matrix)
    shown = np.ones(query.shape[:2], np.uint8)
    inside = cv2.warpPerspective(shown, matrix, size, flags=cv2.INTER_NEAREST)
    inside = cv2.erode(inside, np.ones((RIM, RIM), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=255)
    return ours, theirs, inside.astype(bool), matrix


def _warped(pixels: Array, matrix: Array, size: tuple[int, int]) -> Array:
    return cv2.warpPerspective(pixels, matrix, size, borderMode=cv2.BORDER_REPLICATE)


def _settled(query: Array, theirs: Array, matrix: Array) -> tuple[Array, Array]:
    """Return the query in the frame after a small correction of the alignment, where that brings the two nearer."""
    size = theirs.shape[1], theirs.shape[0]
    ours = _warped(query, matrix, size)
    correction = _correction(gray_of(ours), gray_of(theirs))
    if correction is None:
        return ours, matrix
    moved = _warped(query, correction @ matrix, size)
    is_nearer = cv2.norm(moved, theirs, cv2.NORM_L1) < cv2.norm(ours, theirs, cv2.NORM_L1)
    return (moved, correction @ matrix) if is_nearer else (ours, matrix)


def _correction(ours: Array, theirs: Array) -> Array | None:
    """Return what takes tiles that were found within a few pixels to where they belong; None for too few tiles."""
    tile = max(24, round(max(theirs.shape) / TILE))
    here, there = _found_tiles(ours, theirs, tile, max(3, round(max(theirs.shape) / PLAY)))
    if len(here) < LEAST_TILES:
        return None
    affine, inliers = cv2.estimateAffine2D(here, there, ransacReprojThreshold=NEAR)
    if affine is None or inliers.sum() < LEAST_TILES:
        return None
    if inliers.sum() >= FOR_PERSPECTIVE:
        matrix, sure = cv2.findHomography(here, there, cv2.RANSAC, NEAR)
        if matrix is not None and sure.sum() >= FOR_PERSPECTIVE:
            return matrix
    return np.vstack([affine, [0, 0, 1]])


def _found_tiles(ours: Array, theirs: Array, tile: int, play: int) -> tuple[Array, Array]:
    """Return the middles [n, 2] of tiles where the query shows them, and where the reference has them."""
    high, wide = theirs.shape
    rows = np.linspace(play, max(play, high - tile - play), TILES).astype(int)
    columns = np.linspace(play, max(play, wide - tile - play), TILES).astype(int)
    here, there = [], []
    for y in rows.tolist():
        for x in columns.tolist():
            around = ours[y - play : y + tile + play, x - play : x + tile + play]
            own = theirs[y : y + tile, x : x + tile]
            if around.shape != (tile + 2 * play,) * 2 or float(cv2.meanStdDev(own)[1][0, 0]) < SPREAD:
                continue
            _, best, _, at = cv2.minMaxLoc(cv2.matchTemplate(around, own, cv2.TM_CCOEFF_NORMED))
            if best > FOUND:
                here.append((x + at[0] - play, y + at[1] - play))
                there.append((x, y))
    return (np.array(each, np.float32).reshape(-1, 2) + tile / 2 for each in (here, there))  # type: ignore[return-value]
