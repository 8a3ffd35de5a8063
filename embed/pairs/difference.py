"""What a repost changed: both pictures in one frame, compared window by window. Pure pixels.

    posted, reference --overlay.py--> one frame --lights.py--> one light --cells.py--> windows that differ
                                      --no specks, no rim, only pixels that are off--> what is tinted, in the posted

A copy agrees with its reference but for noise, shifts of a pixel or two, and a filter over all of it; the overlay takes
these away. What is left is what somebody put on it, took out of it or exchanged in it.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import cv2
import numpy as np

from core.types import Pixels, Quad
from embed.pairs.cells import STEP, WINDOW, Map
from embed.pairs.colours import gray_of
from embed.pairs.lights import read
from embed.pairs.overlay import Overlay, overlay

FAR = 1e5
"""Pixels: a corner beyond that is no place."""

GRAY = 2.0
"""Mean difference of two bands, of 255, below which a picture has no colours."""

LEAST_CELLS = 3
"""Windows that hang together: fewer are a speck."""

RIM = 6
"""Windows: what hangs on the edge and reaches no deeper is the frame of a screen that was photographed."""

OFF = 24
"""Levels of 255, at full contrast, by which a pixel is off: windows reach 4 px further than what differs."""

CELL = np.array([[STEP, 0, STEP // 2], [0, STEP, STEP // 2]], np.float32)
"""Takes the grid of windows to pixels of the frame."""

GLANCE = 48
"""A side in pixels: enough to see whether dark and light are exchanged."""

ACCENT = (255, 120, 0)
"""Orange is told from gray with any kind of colour vision (Okabe and Ito, "Color Universal Design", 2008)."""

STRENGTH = 0.85
DARKEST, LIGHTEST = 52, 236
"""The range of the grays, narrower than that of the picture: the tint catches the eye first."""

LEVELS = np.linspace(0, 1, 256)[:, None]
GRAYS = (DARKEST + (LIGHTEST - DARKEST) * LEVELS.repeat(3, axis=1)).astype(np.uint8)[None]
ORANGES = (np.array(ACCENT) * (0.72 + 0.28 * LEVELS)).astype(np.uint8)[None]
"""What becomes of each gray; what is tinted stays readable."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Masks [height, width], homographies [3, 3], and pictures that OpenCV returns."""


def changed(posted: Pixels, reference: Pixels, quad: Quad) -> Array | None:
    """Return where the posted picture differs from the reference at `quad`: bool [height, width] of the posted.

    None where the quad is no place at all: folded, without area, or not a number.
    """
    corners = np.array(quad, np.float32) * np.array([posted.shape[1], posted.shape[0]], np.float32)
    if not (np.isfinite(corners).all() and np.abs(corners).max() < FAR):
        return None
    if not (cv2.isContourConvex(corners) and cv2.contourArea(corners) >= 1):
        return None
    if _is_gray(reference):  # no filter makes colours of grays, but somebody who colours an old photograph in does
        posted = _grayed(posted)
    if _is_inverted(posted, reference, corners):
        posted = 255 - posted
    return _differing(posted, reference, quad)


def tinted(panel: Pixels, mask: Array) -> Pixels:
    """Return the panel in gray, and orange where the mask is; the mask may be of another size."""
    height, width = panel.shape[:2]
    gray = gray_of(panel)
    plain, accent = (cv2.LUT(cv2.merge([gray] * 3), table) for table in (GRAYS, ORANGES))
    soft = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    share = STRENGTH * cv2.GaussianBlur(soft, (0, 0), 0.8)
    blended: Array = cv2.blendLinear(plain, accent, 1 - share, share)
    return blended


def _differing(posted: Array, reference: Array, quad: Quad) -> Array:
    """Return which pixels are off in windows that differ: bool [height, width] of the posted."""
    pair, words, lights = read(overlay(posted, reference, quad))
    windows = _without_specks(words)
    if not windows.any():
        return np.zeros(posted.shape[:2], bool)
    here = _windows(windows, pair.inside.shape) & _off(pair, lights)
    laid = cv2.warpPerspective(here * 255, np.linalg.inv(pair.matrix), (posted.shape[1], posted.shape[0]))
    mask: Array = laid > 127
    return mask


def _windows(words: Map, shape: tuple[int, ...]) -> Array:
    """Return the pixels of these windows, 0 or 1."""
    here = cv2.warpAffine(words.astype(np.uint8), CELL, shape[::-1], flags=cv2.INTER_NEAREST)
    return cv2.dilate(here, np.ones((WINDOW - STEP + 1,) * 2, np.uint8))


def _off(pair: Overlay, lights: Sequence[Array]) -> Array:
    """Return 1 where a pixel is off in every light, or lies between such ones, else 0."""
    off = reduce(cv2.min, [_strongest(cv2.absdiff(pair.ours, light)) for light in lights]) > OFF * max(
        pair.contrast, 0.5
    )
    return cv2.morphologyEx(off.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((WINDOW, WINDOW), np.uint8))


def _strongest(pixels: Array) -> Array:
    red, green, blue = cv2.split(pixels)
    return cv2.max(cv2.max(red, green), blue)


def _without_specks(words: Map) -> Map:
    """Return the windows that hang together, without specks and without what lies along the rim."""
    joined = cv2.morphologyEx(words.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    every = np.arange(len(stats))
    is_kept: Map = np.isin(every, labels[RIM:-RIM, RIM:-RIM]) | ~np.isin(every, _edge(labels))
    is_kept &= stats[:, cv2.CC_STAT_AREA] >= LEAST_CELLS
    is_kept[0] = False  # what agrees
    large: Map = is_kept[labels]
    return large


def _edge(values: Array) -> Array:
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def _grayed(pixels: Pixels) -> Pixels:
    gray: Array = cv2.cvtColor(gray_of(pixels), cv2.COLOR_GRAY2RGB)
    return gray


def _is_gray(pixels: Pixels) -> bool:
    red, green, blue = cv2.split(pixels)
    return bool(max(cv2.absdiff(red, green).mean(), cv2.absdiff(blue, green).mean()) < GRAY)


def _is_inverted(posted: Pixels, reference: Pixels, corners: Array) -> bool:
    """Return whether dark and light are exchanged, at a glance."""
    size, side = (GLANCE, GLANCE), float(GLANCE)
    square = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, square)
    ours = cv2.warpPerspective(gray_of(posted), matrix, size, borderMode=cv2.BORDER_REPLICATE)
    theirs = cv2.resize(gray_of(reference), size, interpolation=cv2.INTER_AREA)
    return float(cv2.matchTemplate(ours, theirs, cv2.TM_CCOEFF_NORMED)[0, 0]) < 0
