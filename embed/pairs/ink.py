"""Whether what stands on a line was written in the place of other words, or only over them.

    reference --strokes on their ground--> ink --looked up in the query--> gone | still there | another colour

Exchanged words are of the same ink: where the old ones stood there is ground again, and the new ones have their colour
and are about as much of it. A caption, a watermark or a sticker on top of words leaves them standing, or brings other
colours.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from core.types import Box
from embed.pairs.colours import gray_of
from embed.pairs.overlay import Overlay

THICK, THICKEST, SHARE = 11, 61, 0.45
"""Pixels of the widest stroke, at least and at most; as a share of the line's height."""

STRONG, LEAST_STRONG = 0.5, 12.0
NEAR = 0.45
"""Of the contrast of ink and ground: what is nearer to one of them is it."""

SAME_INK, LEAST_INK, MOST_INK, MOST_FOREIGN, LEAST_GONE = 25.0, 0.35, 2.2, 0.33, 0.015

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Ink:
    """What became of the reference's ink in the query.

    gone       share (0..1) of it where the query shows the ground
    foreign    share of it where the query shows neither ground nor ink
    amount     the query's ink, as a multiple of the reference's
    off        how far (0..255) the colours of the two lie apart
    """

    gone: float = 0.0
    foreign: float = 1.0
    amount: float = 0.0
    off: float = 255.0

    @property
    def is_one_hand(self) -> bool:
        """Whether both may have been written in the same place, not one over the other."""
        return self.off <= SAME_INK and LEAST_INK <= self.amount <= MOST_INK and self.foreign <= MOST_FOREIGN

    @property
    def is_gone(self) -> bool:
        """Whether some of the reference's words are no longer there."""
        return self.gone >= LEAST_GONE


def ink_of(pair: Overlay, box: Box) -> Ink:
    """Return what became of the ink of a line; the box is in shares of the reference's sides."""
    high, wide = pair.inside.shape
    left, top, right, bottom = (round(side * by) for side, by in zip(box, (wide, high, wide, high), strict=True))
    around = max(4, (bottom - top) // 2)
    first, start = max(0, top - around), max(0, left - around)
    place = np.s_[first : bottom + around, start : right + around]
    ours, theirs = pair.ours[place], pair.relit[place]
    inner = np.zeros(theirs.shape[:2], bool)
    inner[top - first : bottom - first, left - start : right - start] = True
    thick = int(np.clip(SHARE * (bottom - top), THICK, THICKEST)) | 1
    return _compared(ours, theirs, inner, np.ones((thick, thick), np.uint8))


def _compared(ours: Array, theirs: Array, inner: Array, kernel: Array) -> Ink:
    how, layer = max(((how, _strokes(theirs, how, kernel)) for how in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)),
                     key=lambda ranked: _top(ranked[1], inner))  # fmt: skip
    strong = max(LEAST_STRONG, STRONG * _top(layer, inner))
    old = (layer > strong) & inner
    new = (_strokes(ours, how, kernel) > strong) & inner
    if not old.any() or not new.any():
        return Ink()
    ground = cv2.morphologyEx(theirs, cv2.MORPH_OPEN if how == cv2.MORPH_TOPHAT else cv2.MORPH_CLOSE, kernel)
    contrast = NEAR * _apart(theirs[old], ground[old])
    is_ground, is_ink = _apart(ours[old], ground[old]) < contrast, _apart(ours[old], theirs[old]) < contrast
    return Ink(
        gone=float(is_ground.mean()),
        foreign=1 - float((is_ground | is_ink).mean()),
        amount=float(new.sum() / old.sum()),
        off=float(_apart(np.median(ours[new], axis=0), np.median(theirs[old], axis=0))),
    )


def _strokes(pixels: Array, how: int, kernel: Array) -> Array:
    return cv2.morphologyEx(gray_of(pixels), how, kernel)


def _top(layer: Array, inner: Array) -> float:
    return float(np.percentile(layer[inner], 97))


def _apart(first: Array, second: Array) -> Array:
    """Return the largest difference of the three bands."""
    apart: Array = np.abs(first.astype(np.int16) - second.astype(np.int16)).max(axis=-1)
    return apart
