"""What one filter over the whole picture did to its colours: fitted to an aligned pair, so that it is not taken for
other content.

    samples of both pictures --robust fits--> Filters
        relit     exposure, contrast, tint, gray, sepia: each band from its own band and the brightness, none negative
        turned    another hue: all hues turned by one angle, saturation and value scaled
        toned     a duotone: each band from the brightness alone, with any sign
        free      any linear change of colours

The first three are filters that people use. Hardly any exchange of colours is one of them: no filter makes the flag of
Italy from that of France, which keeps its red. A free change explains nearly any exchange of three colours, so it is
only one number among others.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np

SAMPLES, LEAST_SAMPLES = 2500, 15
ROUNDS = 5
OWN, LIGHT = 0.9, 0.1
"""The filter that a fit leans to: each band from itself, a little from the brightness."""

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
"""Brightness of red, green and blue, as ITU-R BT.601 has it: most programs make a picture gray by it."""

RIDGE, FREE_RIDGE = 20.0, 5.0
NOISE, FREE_NOISE = 5.0, 6.0
SATURATED, BRIGHT = 60, 50
"""Saturation and value (0..255) from which a sample has a hue."""

type Array = np.ndarray[Any, np.dtype[Any]]


def gray_of(pixels: Array) -> Array:
    """Return the brightness [height, width] of RGB pixels."""
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


@dataclass(frozen=True)
class Filters:
    """The reference under each filter that may have been laid over the query, uint8 [height, width, 3]."""

    reference: Array
    theirs: Array = field(repr=False)
    ours: Array = field(repr=False)

    @cached_property
    def relit(self) -> Array:
        """The reference under the filter that stays nearest to `OWN` and `LIGHT`: each channel mostly from itself."""
        return self._linear(*_filter(self.theirs, self.ours)) if self._is_fitted else self.reference

    @cached_property
    def free(self) -> Array:
        """The reference under the linear change of colours that comes closest to the query, whatever it mixes."""
        return self._linear(*_free(self.theirs, self.ours)) if self._is_fitted else self.reference

    @cached_property
    def toned(self) -> Array:
        """The reference in one tone: its brightness alone, coloured as the query is."""
        light = np.repeat((self.theirs @ LUMA)[:, None], 3, axis=1)
        if not self._is_fitted:
            return self.reference
        matrix, offset = _free(light, self.ours)
        return self._linear(np.outer(matrix.sum(axis=1), LUMA), offset)

    @cached_property
    def turned(self) -> Array:
        """The reference with all hues turned by the angle that most saturated samples agree on."""
        angle, saturation, value = _turn(self.theirs, self.ours)
        bands = cv2.cvtColor(self.reference, cv2.COLOR_RGB2HSV_FULL)
        levels = np.arange(256)
        table = np.stack(
            [(levels + angle) % 256, np.clip(levels * saturation, 0, 255), np.clip(levels * value, 0, 255)], 1
        )
        return cv2.cvtColor(cv2.LUT(bands, table.astype(np.uint8)[None]), cv2.COLOR_HSV2RGB_FULL)

    @property
    def _is_fitted(self) -> bool:
        return len(self.theirs) >= LEAST_SAMPLES

    def _linear(self, matrix: Array, offset: Array) -> Array:
        return cv2.transform(self.reference, np.c_[matrix, offset].astype(np.float32))


def fit(ours: Array, theirs: Array, inside: Array) -> Filters:
    """Return the filters between two aligned pictures [height, width, 3]; `inside` is where the first one shows it."""
    step = max(1, round(float(np.sqrt(inside.size / SAMPLES))))
    seen = inside[::step, ::step].ravel()
    x, y = (each[::step, ::step].reshape(-1, 3)[seen].astype(np.float32) for each in (theirs, ours))
    return Filters(theirs, x, y)


def _turn(theirs: Array, ours: Array) -> tuple[int, float, float]:
    """Return the commonest difference of hues (0..255), and by what saturation and value were multiplied."""
    if len(theirs) < LEAST_SAMPLES:
        return 0, 1.0, 1.0
    before, after = (
        cv2.cvtColor(colours.astype(np.uint8)[None], cv2.COLOR_RGB2HSV_FULL)[0].astype(int)
        for colours in (theirs, ours)
    )
    coloured = (np.minimum(before[:, 1], after[:, 1]) > SATURATED) & (np.minimum(before[:, 2], after[:, 2]) > BRIGHT)
    if coloured.sum() < LEAST_SAMPLES:
        return 0, 1.0, 1.0
    before, after = before[coloured], after[coloured]
    votes = np.bincount((after[:, 0] - before[:, 0]) % 256, minlength=256).astype(float)
    smooth = sum(np.roll(votes, shift) for shift in range(-4, 5))
    saturation, value = np.median(after[:, 1:] / np.maximum(before[:, 1:], 1), axis=0)
    return int(np.argmax(smooth)), float(saturation), float(value)


def _trust(off: Array, noise: float) -> Array:
    """Return weights of samples by how far they lie off (Geman and McClure's), so that exchanged parts bend no fit."""
    trust: Array = 1 / (1 + (off / max(noise, 1.5 * float(np.median(off)))) ** 2) ** 2
    return trust


def _filter(x: Array, y: Array) -> tuple[Array, Array]:
    """Return matrix [3, 3] and offset [3] of the filter: each band from itself and the brightness, none negative."""
    columns = np.c_[x, x @ LUMA, np.full(len(x), 255.0, np.float32)]
    trust, ridge = np.ones(len(x), np.float32), RIDGE * len(x)
    weights, predicted = np.zeros((3, 3)), np.zeros_like(y)
    for _ in range(ROUNDS):
        weighed = columns * trust[:, None]
        products, sums = (weighed.T @ columns).astype(float), (weighed.T @ y).astype(float)
        for band in range(3):
            use = [band, 3, 4]
            weights[band] = _without_negatives(products[np.ix_(use, use)], sums[use, band], ridge)
            predicted[:, band] = columns[:, use] @ weights[band]
        red, green, blue = np.abs(predicted - y).T
        trust = _trust(np.maximum(np.maximum(red, green), blue), NOISE)
    return np.diag(weights[:, 0]) + np.outer(weights[:, 1], LUMA), 255 * weights[:, 2]


def _without_negatives(products: Array, sums: Array, ridge: float) -> Array:
    """Solve least squares of three columns by their products, leaving out a negative one of the first two."""
    products, sums = products + np.eye(3) * ridge, sums + ridge * np.array([OWN, LIGHT, 0.0])
    use = [0, 1, 2]
    while True:
        solved = np.linalg.solve(products[np.ix_(use, use)], sums[use])
        if (solved[:-1] >= 0).all():
            break
        use = [column for column, weight in zip(use, solved, strict=True) if column == 2 or weight >= 0]
    weights = np.zeros(3)
    weights[use] = solved
    return weights


def _free(x: Array, y: Array) -> tuple[Array, Array]:
    """Return matrix [3, 3] and offset [3] of any linear change of colours."""
    given, trust = np.c_[x, np.full(len(x), 255.0, np.float32)], np.ones(len(x), np.float32)
    weights = np.zeros((4, 3))
    for _ in range(ROUNDS):
        weighed = given * trust[:, None]
        weights = np.linalg.solve(weighed.T @ given + np.eye(4) * FREE_RIDGE * len(x), weighed.T @ y)
        trust = _trust(np.abs(given @ weights - y).max(axis=1), FREE_NOISE)
    return weights[:3].T, 255 * weights[3]
