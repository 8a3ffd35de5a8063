"""Whether a reference is all frame: an empty form, a blank mock-up, a plain code. What fills it is what matters.

    what is kept of it -> plain areas, empty boxes among them, features, codes -> is there anything but a frame?

What stands on what is plain in a reference counts as put on it, so a filled-in form is a copy of the empty one, and a
plain code may lead anywhere. The detector only has to warn, so it is made to be silent about everything else; a form
that has lines to write on instead of boxes it does not know. About 8 ms.
"""

from typing import Any

import cv2
import numpy as np

from core.types import Quad
from embed.pairs.pair_image import PairImage

FLAT, WINDOW = 14, 5
"""Largest difference (0..255) within a window of so many pixels that is plain."""

BLANK, FEW = 0.85, 70
"""A mock-up: so much of it is plain, and so few features can be held on to."""

LEAST_PART = 0.1
"""Share of the picture that its largest plain area inside covers: a mug, a blank screen, a bare wall."""

FORM, SOME = 0.6, 300
LEAST_BOXES, LEAST_IN_BOXES = 4, 0.08
"""A form: so many empty boxes at least, and the share of the picture that they cover."""

BOX, FILLED = (0.05, 0.015), 0.85
"""Width and height of a box as shares of the picture's, at least; the share of its rectangle that is plain."""

AROUND, BESIDE = 0.06, 0.97
"""Edge around a code that belongs to it, as a share of its size; the share of the rest that is plain."""

LEAST_CODE = 0.15
"""Share of the picture that a code covers, at least."""

type Array = np.ndarray[Any, np.dtype[Any]]


def is_all_frame(image: PairImage) -> bool:
    """Return whether nothing in the reference tells it from what its frame may hold."""
    plain = _plain(image.pixels)
    return _is_mock_up(plain, image) or _is_form(plain, image) or _is_code(plain, image)


def _plain(pixels: Array) -> Array:
    """Return where it is plain: a mask [height, width] of 0 and 1."""
    soft, kernel = cv2.GaussianBlur(pixels, (0, 0), 0.8), np.ones((WINDOW, WINDOW), np.uint8)
    spread = cv2.subtract(cv2.dilate(soft, kernel), cv2.erode(soft, kernel)).max(axis=2)
    mask: Array = (spread < FLAT).astype(np.uint8)
    return mask


def _is_mock_up(plain: Array, image: PairImage) -> bool:
    if plain.mean() < BLANK or len(image.features.points) > FEW:
        return False
    return bool((_inside(plain)[:, 4] >= LEAST_PART * plain.size).any())


def _is_form(plain: Array, image: PairImage) -> bool:
    if plain.mean() < FORM or len(image.features.points) > SOME:
        return False
    areas, (high, wide) = _inside(plain), plain.shape
    across, down, pixels = areas[:, 2], areas[:, 3], areas[:, 4]
    is_box = (across > BOX[0] * wide) & (down > BOX[1] * high) & (pixels > FILLED * across * down)
    return bool(is_box.sum() >= LEAST_BOXES and pixels[is_box].sum() >= LEAST_IN_BOXES * plain.size)


def _inside(plain: Array) -> Array:
    """Return plain areas that do not reach the rim [n, 5]: left, top, width, height, pixels."""
    high, wide = plain.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(plain, connectivity=4)
    areas: Array = stats[1:count]
    ends = areas[:, :2] + areas[:, 2:4]
    return areas[(areas[:, :2] > 2).all(axis=1) & (ends < (wide - 2, high - 2)).all(axis=1)]


def _is_code(plain: Array, image: PairImage) -> bool:
    """Return whether there is one code, and nothing beside it."""
    if len(image.codes) != 1:
        return False
    rest = np.ones(plain.shape, bool)
    left, top, right, bottom = _around(image.codes[0].quad, plain.shape)
    rest[top:bottom, left:right] = False
    is_large = rest.mean() <= 1 - LEAST_CODE
    return bool(is_large and (not rest.any() or plain[rest].mean() >= BESIDE))


def _around(quad: Quad, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Return the box of a code with the edge that belongs to it, in pixels; that of a bar code is made high."""
    high, wide = shape[:2]
    across, down = zip(*quad, strict=True)
    edge = AROUND * max((max(across) - min(across)) * wide, (max(down) - min(down)) * high)
    left, right = min(across) * wide - edge, max(across) * wide + edge
    top, bottom = min(down) * high - edge, max(down) * high + edge
    return max(0, round(left)), max(0, round(top)), round(right), round(bottom)
