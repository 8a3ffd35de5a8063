"""Do the pixels agree once the reference lies over the query? What tells copies from look-alikes.

    query   --cut to the shared area, 160 px--+
    reference --warped onto it----------------+--> correlation of 16-px windows --> Agreement

Each window counts for itself, so a sticker or a caption spoils its own windows and no others. Correlation is zero-mean
and normalised, so that brightness and contrast do not matter.
"""

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from embed.pairs.geometry import corners

LONGEST = 160
WINDOW = 16
STEP = 8
AGREES = 0.6
TEXTURED = 30.0
"""Variance of the reference's gray values in a window that has something to compare."""

LEAST_WINDOWS = 4
type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the windows say.

    share        of the textured windows that agree
    windows      number of textured windows
    correlation  median over them
    """

    share: float = 0.0
    windows: int = 0
    correlation: float = 0.0


NOTHING = Agreement()


def compare(query: Array, reference: Array, matrix: Array, inverted: bool = False) -> Agreement:
    """Gray pictures [height, width]; `matrix` takes pixels of the reference to pixels of the query."""
    laid = _laid_over(query, reference, matrix)
    if laid is None:
        return NOTHING
    ours, theirs, inside = laid
    correlation, variance, covered = _correlations(ours, theirs, inside)
    if inverted:
        correlation = -correlation
    textured = (covered > 0.95) & (variance > TEXTURED)
    found = correlation[textured]
    if len(found) < LEAST_WINDOWS:
        return Agreement(windows=len(found))
    return Agreement(float((found > AGREES).mean()), len(found), float(np.median(found)))


def _laid_over(query: Array, reference: Array, matrix: Array) -> tuple[Array, Array, Array] | None:
    """The shared area of both, 160 px long, and which of its pixels the reference covers; None if it is too small."""
    quad = corners(matrix, reference.shape[1], reference.shape[0])
    if quad is None:
        return None
    left, top = np.maximum(quad.min(axis=0), 0)
    right, bottom = np.minimum(quad.max(axis=0), query.shape[::-1])
    if min(right - left, bottom - top) < 12:
        return None
    scale = LONGEST / max(right - left, bottom - top)
    size = max(WINDOW, int(scale * (right - left))), max(WINDOW, int(scale * (bottom - top)))
    shift = np.array([[scale, 0, -scale * left], [0, scale, -scale * top], [0, 0, 1.0]])
    inside = cv2.warpPerspective(np.ones(reference.shape, np.float32), shift @ matrix, size, flags=cv2.INTER_NEAREST)
    return _warped(query, shift, size), _warped(reference, shift @ matrix, size), inside


def _warped(gray: Array, matrix: Array, size: tuple[int, int]) -> Array:
    scale = math.sqrt(abs(float(np.linalg.det(matrix[:2, :2]))))
    if scale < 0.7:  # blur before shrinking, or the samples alias
        gray = cv2.GaussianBlur(gray, (0, 0), 0.45 / max(scale, 0.02))
    warped = cv2.warpPerspective(gray, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.GaussianBlur(warped.astype(np.float32), (0, 0), 1.0)


def _windows(values: Array) -> Array:
    """The mean of each 16-px window, on an 8-px grid."""
    boxed = cv2.boxFilter(values, -1, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT)
    half = WINDOW // 2
    return boxed[half : 1 - half : STEP, half : 1 - half : STEP]


def _correlations(ours: Array, theirs: Array, inside: Array) -> tuple[Array, Array, Array]:
    """Of each window: the correlation, the variance of the reference, the share that the reference covers."""
    our_mean, their_mean = _windows(ours), _windows(theirs)
    our_variance = np.maximum(_windows(ours * ours) - our_mean * our_mean, 0)
    their_variance = np.maximum(_windows(theirs * theirs) - their_mean * their_mean, 0)
    shared = _windows(ours * theirs) - our_mean * their_mean
    return shared / np.sqrt(our_variance * their_variance + 20.0), their_variance, _windows(inside)
