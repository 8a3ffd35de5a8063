"""The direction of edges in a picture, whatever colours they separate: logos are recognised by it.

    RGB picture --structure tensor over the three bands--> doubled angles --normalised--> field [height, width, 2]
    fields at full, half, quarter size --one below the other--> Atlas --sampled at points of any scale--> [..., 2]
                                                                  --averaged in squares--> cells [rows, columns, 2]

An edge is a line without a sign: a logo printed white on black, or in the colours of a sponsor, has the same edges as
its original. A doubled angle says just that: opposite gradients have the same one, and averages of it make sense.
Methods: Di Zenzo, "A note on the gradient of a multi-image", CVGIP 1986 (one tensor for all bands); Bigün and Granlund,
"Optimal orientation detection of linear symmetry", ICCV 1987 (doubled angles); Dalal and Triggs, "Histograms of
oriented gradients for human detection", CVPR 2005 (cells, local contrast normalisation).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np

FAINT = 14.0
"""Gradient (gray values a pixel) at which an edge counts half."""

AROUND = 0.25
"""How much stronger an edge must be than the mean around it: grass is no edge where everything is grass."""

NEAR = (17, 17)
OCTAVES = 4
APART = 4
"""Empty rows between the sizes in an atlas, so that a sample beside one never reads of the next."""

type Array = np.ndarray[Any, np.dtype[Any]]


def field(pixels: Array) -> Array:
    """Return the doubled angles [height, width, 2] of an RGB picture [height, width, 3].

    The length of a vector (0..1) says how clear an edge is there, its angle is twice that of the gradient.
    """
    x, y = (cv2.Sobel(pixels, cv2.CV_32F, *way, ksize=3, scale=1 / 8) for way in ((1, 0), (0, 1)))
    across = cv2.transform(x * x - y * y, np.ones((1, 3), np.float32))
    along = cv2.transform(x * y, np.full((1, 3), 2, np.float32))
    strength = cv2.sqrt(cv2.magnitude(across, along))
    floor = cv2.blur(strength, NEAR) * AROUND + FAINT
    weight = 1 / (strength * (strength + floor) + 1e-6)  # a vector's length is the square of the strength until here
    return cv2.merge([across * weight, along * weight])


@dataclass(frozen=True)
class Atlas:
    """One RGB picture and its fields at full, half and quarter size."""

    pictures: tuple[Array, ...]
    fields: tuple[Array, ...]

    @classmethod
    def of(cls, pixels: Array) -> "Atlas":
        """Return the atlas of an RGB picture [height, width, 3]."""
        sizes = [pixels]
        while len(sizes) < OCTAVES and min(sizes[-1].shape[:2]) >= 32:
            half = sizes[-1].shape[1] // 2, sizes[-1].shape[0] // 2
            sizes.append(cv2.resize(sizes[-1], half, interpolation=cv2.INTER_AREA))
        return cls(tuple(sizes), tuple(field(size) for size in sizes))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture in pixels."""
        return self.fields[0].shape[1], self.fields[0].shape[0]

    @cached_property
    def _tops(self) -> Array:
        """First row of each size in the sheet."""
        return np.cumsum([0, *(layer.shape[0] + APART for layer in self.fields[:-1])]).astype(np.float32)

    @cached_property
    def _sheet(self) -> Array:
        """All sizes in one picture, one below the other, so that one call samples points of all of them."""
        sheet = np.zeros((int(self._tops[-1]) + self.fields[-1].shape[0] + APART, self.size[0], 2), np.float32)
        for top, layer in zip(self._tops.astype(int), self.fields, strict=True):
            sheet[top : top + layer.shape[0], : layer.shape[1]] = layer
        return sheet

    def octave(self, zoom: Array) -> Array:
        """Return the number of the size at which a thing `zoom` times as large as its model is about as large as it."""
        return np.clip(np.round(np.log2(np.maximum(zoom, 1e-3))), 0, len(self.fields) - 1).astype(np.intp)

    def sampled(self, places: Array, octave: Array) -> Array:
        """Return the field [n, m, 2] at places [n, m, 2] (x, y in pixels of the picture), each row at its own size.

        Outside the picture it is zero.
        """
        wide, high = self.size
        x, y = places[..., 0], places[..., 1]
        outside = (x < 0) | (y < 0) | (x > wide - 1) | (y > high - 1)
        shrink = (0.5**octave).astype(np.float32)[:, None]
        across = np.where(outside, -9, (x + 0.5) * shrink - 0.5).astype(np.float32)
        down = ((y + 0.5) * shrink - 0.5 + self._tops[octave][:, None]).astype(np.float32)
        return cv2.remap(self._sheet, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)

    def cells(self, side: float, finest: float) -> Array:
        """Return the mean field [rows, columns, 2] in squares of `side` pixels; `finest` = the side for which full size
        does.

        Whole squares only: what they leave over at the rims is shared among them.
        """
        number = int(np.clip(np.floor(np.log2(side / finest) + 1e-6), 0, len(self.fields) - 1))
        columns, rows = (max(1, int(length / side)) for length in self.size)
        return cv2.resize(self.fields[number], (columns, rows), interpolation=cv2.INTER_AREA)
