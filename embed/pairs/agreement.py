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
"""Variance of the reference's gray values from which a window has something to compare."""

LEAST_WINDOWS = 4
OUTLIERS = 5
"""Per cent of the agreeing windows at each side that may agree there by chance."""

FOREIGN = 0.5
"""Share of the windows elsewhere in which the query shows something of its own."""

type Rectangle = tuple[float, float, float, float]
type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the windows agree.

    share        of the textured windows that agree
    windows      number of textured windows
    correlation  median over them
    extent       share of the shared area that what agrees spans; 1 unless the query shows something else in the rest
    """

    share: float = 0.0
    windows: int = 0
    correlation: float = 0.0
    extent: float = 1.0


NOTHING = Agreement()


def compare(
    query: Array, reference: Array, matrix: Array, inverted: bool = False, within: Rectangle | None = None
) -> Agreement:
    """Return how two gray pictures [height, width] agree; `matrix` takes pixels of the reference to those of the query.

    `within` is the part of the query that is looked at: left, top, right, bottom in pixels; None = all.
    """
    shared = _shared(query, reference, matrix, within)
    laid = shared and _laid_over(query, reference, matrix, shared)
    if not laid:
        return NOTHING
    correlation, ours_varies, theirs_varies, covered = _correlations(*laid, inverted)
    seen = covered > 0.95
    textured = seen & (theirs_varies > TEXTURED)
    correlations = correlation[textured]
    if len(correlations) < LEAST_WINDOWS:
        return Agreement(windows=len(correlations))
    agrees = correlation > AGREES
    extent = _extent(textured & agrees, seen & ~agrees & (ours_varies > TEXTURED), seen)
    return Agreement(float((correlations > AGREES).mean()), len(correlations), float(np.median(correlations)), extent)


def share_within(query: Array, reference: Array, matrix: Array, inverted: bool, within: Rectangle) -> float:
    """Return the share (0..1) of all agreeing windows whose middle lies in this part of the query."""
    shared = _shared(query, reference, matrix, None)
    laid = shared and _laid_over(query, reference, matrix, shared)
    if not shared or not laid:
        return 0.0
    correlation, _, theirs_varies, covered = _correlations(*laid, inverted)
    rows, columns = np.nonzero((covered > 0.95) & (theirs_varies > TEXTURED) & (correlation > AGREES))
    step = max(shared[2] - shared[0], shared[3] - shared[1]) / LONGEST * STEP
    x, y = shared[0] + (columns + 1) * step, shared[1] + (rows + 1) * step
    inside = (x >= within[0]) & (x <= within[2]) & (y >= within[1]) & (y <= within[3])
    return float(inside.mean()) if len(inside) else 0.0


def _extent(agrees: Array, foreign: Array, seen: Array) -> float:
    """Return the share of the visible area that agreeing windows span, if most of the rest is foreign; else 1.

    Where a soft picture has a sharp caption, the caption alone is nearly all that can agree.
    """
    if not agrees.any():
        return 1.0
    spots = np.argwhere(agrees)
    (top, left), (bottom, right) = np.percentile(spots, (OUTLIERS, 100 - OUTLIERS), axis=0).astype(int)
    spanned = np.zeros_like(seen)
    spanned[top : bottom + 1, left : right + 1] = True
    rest = seen & ~spanned
    if not rest.any() or foreign[rest].mean() < FOREIGN:
        return 1.0
    return float((seen & spanned).sum() / seen.sum())


def _shared(query: Array, reference: Array, matrix: Array, within: Rectangle | None) -> Rectangle | None:
    """Return the box of the reference in the query, or in a part of the query; None if that is too small."""
    quad = corners(matrix, reference.shape[1], reference.shape[0])
    if quad is None:
        return None
    least, most = (within[:2], within[2:]) if within else ((0, 0), query.shape[::-1])
    left, top = (float(side) for side in np.maximum(quad.min(axis=0), least))
    right, bottom = (float(side) for side in np.minimum(quad.max(axis=0), most))
    return (left, top, right, bottom) if min(right - left, bottom - top) >= 12 else None


def _laid_over(query: Array, reference: Array, matrix: Array, shared: Rectangle) -> tuple[Array, Array, Array]:
    """Return the shared area of both, 160 px long, and which of its pixels the reference covers."""
    left, top, right, bottom = shared
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
    """Return the mean of each 16-px window, on an 8-px grid."""
    boxed = cv2.boxFilter(values, -1, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT)
    half = WINDOW // 2
    return boxed[half : 1 - half : STEP, half : 1 - half : STEP]


def _correlations(ours: Array, theirs: Array, inside: Array, inverted: bool) -> tuple[Array, Array, Array, Array]:
    """Return of each window the correlation, the variances of query and reference, and the share covered."""
    our_mean, their_mean = _windows(ours), _windows(theirs)
    our_variance = np.maximum(_windows(ours * ours) - our_mean * our_mean, 0)
    their_variance = np.maximum(_windows(theirs * theirs) - their_mean * their_mean, 0)
    shared = _windows(ours * theirs) - our_mean * their_mean
    correlation = shared / np.sqrt(our_variance * their_variance + 20.0)
    return -correlation if inverted else correlation, our_variance, their_variance, _windows(inside)
