"""PDQ, Meta's perceptual hash of 256 bits with a quality, from decoded pixels: the first rung of a search.

    luminance --> tent filter, decimated to 64 x 64 --> cosine transform, 16 x 16 low frequencies --> above the median?
                              '--> quality, from how much its neighbouring pixels differ

`pdq` hashes a picture, `poses` all eight ways to turn and mirror it from the one transform, `distance` counts the bits
that differ. Inverted colours make the complement: whatever is 256 - d away is only d away from the inverted picture.
Source: Meta, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019.

Measured against Meta's implementation: for the same pixels every bit and the quality are equal (59 photographs in
seven sizes, drawings). A picture of 640 px takes 1 ms. We hash what the decoder shrank: for larger files that is a few
bits away from the hash of the file itself, at 640 px 4 (90 % of files at most 8, all at most 12), at 448 px 8 (14, 20).
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from core.looks import PdqHash
from core.types import Pixels

BITS = 256
SIDE = 64
LOW = 16
LEAST_SIDE = 5
"""Pixels; what is thinner has the hash 0 and the quality 0."""

PASSES = 2
"""Box filters one after the other; two make a tent."""

QUALITY_STEP = 100 / 255
QUALITY_DIVISOR = 90
"""Differences of neighbours are counted in whole per cents of the range; 90 of them are one point of quality."""

POSES = 8

type Array = np.ndarray[Any, np.dtype[Any]]


def pdq(pixels: Pixels) -> PdqHash:
    """Return the hash of a picture, alike for whatever size it is stored in."""
    bits, quality = _hashed(pixels)
    return PdqHash(bits=bits[0], quality=quality)


def poses(pixels: Pixels) -> tuple[tuple[bytes, ...], int]:
    """Return the eight hashes in the order of `dihedral`, and the quality, which is the same for all."""
    return _hashed(pixels)


def distance(first: bytes, second: bytes) -> int:
    """Return how many of the 256 bits differ."""
    return (int.from_bytes(first) ^ int.from_bytes(second)).bit_count()


def dihedral(low: Array) -> Array:
    """Return the hashes, [8, 32] bytes, of a picture turned in every way, from its low frequencies [16, 16].

    As it is, turned left by 90, 180 and 270 degrees, top and bottom swapped, left and right swapped, mirrored at the
    falling and at the rising diagonal. Reversing an axis negates its odd frequencies; mirroring at a diagonal
    transposes.
    """
    sign = np.where(np.arange(LOW) % 2, 1, -1).astype(low.dtype)  # the first row is frequency 1
    rows, columns, turned = sign[:, None], sign[None, :], low.T
    both = rows * columns
    forms = (low, turned * rows, low * both, turned * columns, low * rows, low * columns, turned, turned * both)
    return _bits(np.stack(forms).reshape(POSES, BITS))


def _hashed(pixels: Pixels) -> tuple[tuple[bytes, ...], int]:
    if min(pixels.shape[:2]) < LEAST_SIDE:
        return (bytes(BITS // 8),) * POSES, 0
    small = _small(pixels)
    transform = _transform()
    forms = dihedral(transform @ small @ transform.T)
    return tuple(form.tobytes() for form in forms), _quality(small)


def _small(pixels: Pixels) -> Array:
    """Return luminance [64, 64], 0..255: blurred by a tent as wide as one of the 64 steps, then sampled."""
    light = cv2.cvtColor(pixels.astype(np.float32), cv2.COLOR_RGB2GRAY)  # .299 R + .587 G + .114 B, not rounded
    (high, above, rows), (wide, before, columns) = (_window(length) for length in light.shape)
    share = np.outer(rows, columns)
    for _ in range(PASSES if max(high, wide) > 1 else 0):
        size, anchor = (wide, high), (before, above)
        light = share * cv2.boxFilter(light, -1, size, None, anchor, normalize=False, borderType=cv2.BORDER_CONSTANT)
    picked: Array = light[np.ix_(*(_middles(length) for length in light.shape))]
    return picked


@lru_cache(128)
def _window(length: int) -> tuple[int, int, Array]:
    """Return a box filter along a side: its width, how far it reaches back, 1 / (number of covered pixels) [length]."""
    width = -(-length // (2 * SIDE))
    ahead = (width + 2) // 2
    at = np.arange(length)
    covered = np.minimum(at + ahead, length) - np.maximum(at - width + ahead, 0)
    return width, width - ahead, (1 / covered).astype(np.float32)


@lru_cache(128)
def _middles(length: int) -> Array:
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.intp)


@lru_cache(1)
def _transform() -> Array:
    """Return the rows 1..16 of the cosine transform DCT-II of 64 values, [16, 64]; row 0, the mean, is left out."""
    angles = np.outer(np.arange(1, LOW + 1), 2 * np.arange(SIDE) + 1) * (np.pi / (2 * SIDE))
    rows: Array = (np.sqrt(2 / SIDE) * np.cos(angles)).astype(np.float32)
    return rows


def _bits(frequencies: Array) -> Array:
    """Return frequencies [n, 256] as bytes [n, 32]: above the lower median or not, the last one in the first bit."""
    middle = np.partition(frequencies, BITS // 2 - 1)[:, BITS // 2 - 1, None]
    packed: Array = np.packbits((frequencies > middle)[:, ::-1], axis=1)
    return packed


def _quality(small: Array) -> int:
    """Return the quality, 0 (flat) to 100; below 50 a hash says little."""
    steps = sum(int(np.abs(np.trunc(np.diff(small, axis=axis) * QUALITY_STEP)).sum()) for axis in (0, 1))
    return min(100, steps // QUALITY_DIVISOR)
