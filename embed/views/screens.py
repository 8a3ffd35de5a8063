"""Whether a picture is a screenshot or a page of text: mostly one flat colour, with words on it.

    pixels -> ground (the flat colour that covers most) -> ink (what stands out from it) -> letters -> words

Such a picture is a bad reference image: its layout draws in every other screenshot of the same app. The detector
only has to warn, so it is made to be silent about drawings and photographs rather than to find every screenshot.
About 2 ms for a picture of 448 px.
"""

from typing import Any

import cv2
import numpy as np

from core.types import Pixels

FLAT_TOLERANCE = 8
"""Largest spread (0..255) of a 3x3 neighbourhood that has one colour."""

GROUND_TOLERANCE, INK_CONTRAST = 12, 48
"""How far (0..255, in the channel that differs most) a pixel is from the ground's colour: at most, and at least."""

LEAST_GROUND, LEAST_WORDS = 0.45, 10
"""Share of a page that its flat ground covers, and rows of letters on it: more than on most posters and adverts."""

LEAST_GROUND_PHONE, LEAST_WORDS_PHONE = 0.35, 6
PHONE = 1.6
"""Height by width from which a picture has the shape of a phone's screen: there less will do."""

LETTER_HIGH, LETTER_WIDE, LETTER_GAP = 0.04, 0.12, 0.012
"""Largest letter, and largest gap within a word, as shares of the longer side."""

LETTERS_A_WORD, SMALLEST_INK = 3, 3

type Array = np.ndarray[Any, np.dtype[Any]]


def looks_like_screen(pixels: Pixels) -> bool:
    """Return whether it is mostly one flat colour with words on it, as screenshots and pages of text are."""
    is_phone = pixels.shape[0] >= PHONE * pixels.shape[1]
    distance = _from_ground(pixels, LEAST_GROUND_PHONE if is_phone else LEAST_GROUND)
    if distance is None:
        return False
    return _words(*_letters(distance)) >= (LEAST_WORDS_PHONE if is_phone else LEAST_WORDS)


def _from_ground(pixels: Pixels, least: float) -> Array | None:
    """Return how far each pixel is from the ground's colour; None where the ground covers too small a share."""
    flat = _flat(pixels)
    some, is_flat = pixels[::2, ::2], flat[::2, ::2]  # a quarter of the pixels tells the colour as well
    coarse = (some >> 4).astype(np.uint16)
    code = coarse[..., 0] << 8 | coarse[..., 1] << 4 | coarse[..., 2]
    counts = np.bincount(code[is_flat], minlength=1)
    if counts.max() < least / 2 * code.size:  # halved: the ground may lie on the border of two codes
        return None
    colour = np.median(some[is_flat & (code == counts.argmax())], axis=0).astype(np.uint8)
    distance = _most(cv2.absdiff(pixels, np.broadcast_to(colour, pixels.shape)))
    share = float((flat & (distance <= GROUND_TOLERANCE)).mean())
    return distance if share >= least else None


def _flat(pixels: Pixels) -> Array:
    """Return pixels whose 3x3 neighbourhood has one colour."""
    kernel = np.ones((3, 3), np.uint8)
    return _most(cv2.subtract(cv2.dilate(pixels, kernel), cv2.erode(pixels, kernel))) < FLAT_TOLERANCE


def _most(pixels: Array) -> Array:
    """Return the largest of the three channels."""
    first, second, third = cv2.split(pixels)
    return cv2.max(cv2.max(first, second), third)


def _letters(distance: Array) -> tuple[Array, Array]:
    """Return the pixels of spots of ink that are as small as letters, and the middle of each: x, y."""
    longest = max(distance.shape)
    ink = (distance > INK_CONTRAST).astype(np.uint8)
    _, labels, stats, middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    small = (high >= 2) & (high <= LETTER_HIGH * longest) & (wide <= LETTER_WIDE * longest) & (area >= SMALLEST_INK)
    small[0] = False  # what is no ink
    return small.astype(np.uint8)[labels], middles[small].astype(int)


def _words(letters: Array, middles: Array) -> int:
    """Return how many rows of letters there are: each at least twice as wide as high, of three letters or more."""
    longest = max(letters.shape)
    gap = max(3, round(LETTER_GAP * longest)) | 1
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    many = np.bincount(labels[middles[:, 1], middles[:, 0]].astype(np.intp), minlength=count)
    is_word = (stats[:, 2] >= 2 * stats[:, 3]) & (stats[:, 3] <= LETTER_HIGH * longest) & (many >= LETTERS_A_WORD)
    return int(is_word[1:].sum())
