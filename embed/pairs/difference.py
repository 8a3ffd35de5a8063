"""What a repost changed: the reference laid over the matched area and compared pixel by pixel. Pure pixels.

    reference --warp by the quad--> same place --colours fitted--> same light --+
    posted    ------------------------------------------------------------------+--> residual --> what is tinted

A copy agrees with its reference but for noise, shifts of a pixel or two, and a filter over all of it; blur, tolerance
and the fitted colours take these away. What is left is what somebody put on it or took out of it.
"""

from typing import Any

import cv2
import numpy as np

from core.types import Pixels, Quad

SMOOTH = 0.003
"""Blur of both pictures as a share of the longer side: finer grain is noise."""

MOST_BLUR = 8.0
"""Pixels: where the reference has less than a pixel for 18 of the posted picture, nothing can be compared."""

TOLERANCE = 0.008
"""Share of the longer side by which pixels may lie beside each other: alignments are about that exact."""

WINDOW = 0.05
CORRELATED, UNLIKE = 0.7, 0.4
"""Correlations in a window above which shapes agree, and below which they are others."""

GRAY = 2.0
"""Mean difference of two bands, of 255, below which a picture has no colours."""

SAMPLES = 48
"""A side: colours are fitted to 48 x 48 pixels."""

ROUNDS = 4
NOISE = 0.016
"""Share of full brightness by which samples of a perfect fit are off."""

STIFFNESS = 1e-4 * np.array([1, 1, 1, 10, 10, 10, 1], np.float32)
BINS, LEAST_SAMPLES, MOST_BENT = 16, 12, 36
"""A tone curve of so many levels, each from at least so many samples, at most so far (of 255) off a straight line."""

SEEN, SURE = 0.09, 0.17
"""Residuals: from the second on a pixel is tinted, from the first on if it hangs together with such a one."""

LEAST_AREA = 0.0004
"""Share of the picture: what is smaller is a speck."""

ACCENT = (255, 120, 0)
"""Orange is told from gray with any kind of colour vision (Okabe and Ito, "Color Universal Design", 2008)."""

STRENGTH = 0.85
DARKEST, LIGHTEST = 52, 236
"""The range of the grays, narrower than that of the picture: the tint catches the eye first."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Residuals and masks [height, width], homographies [3, 3], and pictures that OpenCV returns."""


def difference(posted: Pixels, reference: Pixels, quad: Quad) -> Array | None:
    """How far the posted picture is from the reference that lies at `quad`: float32 [height, width] of the posted.

    0 is agreement, and stands wherever the reference does not lie; 1 is black in place of white. None where the quad
    is no place at all: folded, without area, or not a number.
    """
    corners = np.array(quad, np.float32) * np.array([posted.shape[1], posted.shape[0]], np.float32)
    if not (np.isfinite(corners).all() and cv2.isContourConvex(corners) and cv2.contourArea(corners) >= 1):
        return None
    if _is_gray(reference):  # no filter makes colours of grays, but somebody who colours an old photograph in does
        return _compared(*_laid_over(_grayed(posted), reference, corners))
    return _compared(*_laid_over(posted, reference, corners))


def changed(residual: Array) -> Array:
    """Where the pictures differ for certain, with what hangs together with it: bool [height, width]."""
    seen = cv2.morphologyEx((residual > SEEN).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(seen, connectivity=8)
    is_kept: Array = np.isin(np.arange(len(stats)), np.unique(labels[residual > SURE]))
    is_kept &= stats[:, cv2.CC_STAT_AREA] >= LEAST_AREA * residual.size
    is_kept[0] = False  # what was not seen at all
    kept: Array = is_kept[labels]
    return kept


def tinted(panel: Pixels, mask: Array) -> Pixels:
    """The panel in gray, and orange where the mask is; the mask may be of another size."""
    height, width = panel.shape[:2]
    gray = cv2.cvtColor(panel, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None] / 255
    soft = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    share = STRENGTH * cv2.GaussianBlur(soft, (0, 0), 0.8)[..., None]
    plain = DARKEST + (LIGHTEST - DARKEST) * gray
    accent = np.array(ACCENT, np.float32) * (0.72 + 0.28 * gray)  # what is tinted stays readable
    return (plain + (accent - plain) * share).astype(np.uint8)


def _laid_over(posted: Array, reference: Array, corners: Array) -> tuple[Array, Array, Array]:
    """The posted picture, the reference as it lies in it, both as sharp as the less sharp one, and where it lies."""
    (height, width), (high, wide) = posted.shape[:2], reference.shape[:2]
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    scale = float(np.sqrt(cv2.contourArea(corners) / (wide * high)))
    smooth = max(0.6, SMOOTH * max(height, width))
    ours = _blurred(posted, max(smooth, min(0.45 * scale, MOST_BLUR)))
    theirs: Array = _blurred(reference, 0.45 / max(scale, 0.02)) if scale < 0.8 else reference  # or samples alias
    theirs = cv2.warpPerspective(theirs, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    everywhere = np.ones((high, wide), np.uint8)
    inside = cv2.warpPerspective(everywhere, matrix, (width, height), flags=cv2.INTER_NEAREST)
    return ours, _blurred(theirs, smooth), inside


def _grayed(pixels: Pixels) -> Pixels:
    gray: Array = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return gray


def _is_gray(pixels: Pixels) -> bool:
    red, green, blue = cv2.split(pixels)
    return bool(max(cv2.absdiff(red, green).mean(), cv2.absdiff(blue, green).mean()) < GRAY)


def _compared(ours: Array, theirs: Array, inside: Array) -> Array:
    """The residual inside, without the rim, where both are blurred with what lies beside them."""
    side = max(ours.shape[:2])
    kernel = np.ones(2 * [2 * max(1, round(TOLERANCE * side)) + 1], np.uint8)
    inside = cv2.erode(inside, kernel, iterations=2, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    if not inside.any():
        return np.zeros(ours.shape[:2], np.float32)
    theirs = cv2.copyTo(_relit(ours, theirs, inside), inside, ours.copy())
    red, green, blue = cv2.split(cv2.max(_beyond(ours, theirs, kernel), _beyond(theirs, ours, kernel)))
    beyond = cv2.max(cv2.max(red, green), blue).astype(np.float32)
    residual: Array = np.maximum(beyond, _other_shapes(ours, theirs, side)) / 255
    return residual


def _blurred(pixels: Array, sigma: float) -> Array:
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


def _relit(ours: Array, theirs: Array, inside: Array) -> Array:
    """The reference under the posted picture's filter: brightness, contrast, gray, tint, inverted, vignette, gamma.

    Fitted to samples, with less weight the worse they fit: a sticker has no say.
    """
    size = (SAMPLES, SAMPLES)
    y, x, known = (cv2.resize(one, size, interpolation=cv2.INTER_NEAREST) for one in (ours, theirs, inside))
    is_known = known.ravel() > 0
    target = y.reshape(-1, 3)[is_known].astype(np.float32) / 255
    weights, trust = _fitted(_lit(x).reshape(-1, 6)[is_known], target)
    straight = _applied(_lit(x), weights).reshape(-1, 3)[is_known]
    curves = [_curve(straight[:, band], target[:, band] * 255, trust) for band in range(3)]
    return cv2.LUT(_applied(_lit(theirs), weights), np.stack(curves, axis=1)[None])


def _lit(pixels: Array) -> Array:
    """Six bands: R, G, B, and the brightness times how far the pixel is to the right, down, and from the middle."""
    height, width = pixels.shape[:2]
    rgb = pixels.astype(np.float32) / 255
    x, y = np.linspace(-1, 1, width, dtype=np.float32), np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    light = cv2.transform(rgb, np.full((1, 3), 1 / 3)).reshape(height, width)
    return np.dstack([rgb, light * x, light * y, light * (x * x + y * y)])


def _fitted(bands: Array, target: Array) -> tuple[Array, Array]:
    """Weights [7, 3] that make the target [n, 3] of six bands [n, 6] and a constant; and the trust in each sample.

    Iteratively reweighted least squares, which outliers do not pull (Holland and Welsch, 1977).
    """
    given = np.column_stack([bands, np.ones(len(bands), np.float32)])
    trust: Array = np.ones(len(given), np.float32)
    for _ in range(ROUNDS):
        weighed = given * trust[:, None]
        weights = np.linalg.solve(weighed.T @ given + np.diag(STIFFNESS * (trust.sum() + 1)), weighed.T @ target)
        off = np.abs(given @ weights - target).max(axis=1)
        trust = 1 / (1 + (off / max(NOISE, 1.5 * float(np.median(off)))) ** 2) ** 2
    return weights, trust


def _applied(bands: Array, weights: Array) -> Array:
    pixels: Array = (cv2.transform(bands, weights.T) * 255).clip(0, 255).astype(np.uint8)
    return pixels


def _curve(straight: Array, target: Array, trust: Array) -> Array:
    """A tone curve, uint8 [256]: what the samples [n] of each level should have been on average, as far as trusted."""
    level = straight // (256 // BINS)
    many = np.bincount(level, minlength=BINS) >= LEAST_SAMPLES
    weight = np.bincount(level, trust, BINS)[many]
    if not len(weight):
        return np.arange(256, dtype=np.uint8)
    at = np.bincount(level, trust * straight, BINS)[many] / weight
    bent = np.bincount(level, trust * (target - straight), BINS)[many] / weight
    values = np.arange(256)
    return (values + np.interp(values, at, np.clip(bent, -MOST_BENT, MOST_BENT))).clip(0, 255).astype(np.uint8)


def _beyond(one: Array, other: Array, kernel: Array) -> Array:
    """How far each pixel lies outside of what the other picture has around there."""
    return cv2.add(cv2.subtract(one, cv2.dilate(other, kernel)), cv2.subtract(cv2.erode(other, kernel), one))


def _other_shapes(ours: Array, theirs: Array, side: int) -> Array:
    """Differences of gray, 0..255, where also the windows around do not correlate: other words in the same place."""
    window = (max(5, round(WINDOW * side)),) * 2
    one, two = (cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(np.float32) for pixels in (ours, theirs))

    def mean(values: Array) -> Array:
        return cv2.blur(values, window)

    first, second = mean(one), mean(two)
    spread = np.maximum(mean(one * one) - first * first, 0) * np.maximum(mean(two * two) - second * second, 0)
    correlation = (mean(one * two) - first * second) / np.sqrt(spread + 20.0)
    unlike: Array = np.clip((CORRELATED - correlation) / (CORRELATED - UNLIKE), 0, 1)
    return np.abs(one - two) * unlike
