"""Pictures under something regular that can be taken away again: a grid of lines, or a copier's black and white.

    lines from rim to rim, three or more --> the picture with what is beside them drawn over them
    ink on paper all over                --> the picture softened until it has grays again

Either makes an embedding strange to the picture below (cosine .1 to .3 where .8 to .9 is left once it is mended).
"""

from typing import Any

import cv2
import numpy as np

from core.types import Pixels

SIDE = 320
LINE_SPREAD = 22.0
"""Deviation of gray values along a row or column that is one line from rim to rim."""

LINE_CONTRAST = 20.0
"""Mean difference of a line from what is beside it."""

LEAST_LINES, THICKEST, MOST_LINED = 3, 0.06, 0.5
BESIDE = 2
INK, PAPER, LEAST_INKED = 48, 207, 0.88
"""Darkest gray and brightest gray that are no gray, and the share of such pixels in a copy."""

CELL, LEAST_MIXED = 16, 0.6
"""Side of a cell in pixels, and the share of cells with ink and paper in them: a page of text has fewer."""

INK_BLUR = 0.009
"""Spread of the blur as a share of the longer side."""

type Array = np.ndarray[Any, np.dtype[Any]]


def is_ink(gray: Array) -> bool:
    """Return whether a gray picture [height, width] has only ink and paper, and both nearly everywhere."""
    step = max(1, max(gray.shape) // SIDE)
    gray = gray[::step, ::step]  # every other pixel, not their mean: a mean of ink and paper is gray
    ink, paper = gray < INK, gray > PAPER
    if float((ink | paper).mean()) < LEAST_INKED:
        return False
    size = max(1, gray.shape[1] // CELL), max(1, gray.shape[0] // CELL)
    cells = cv2.resize(ink.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return float(((cells > 0.02) & (cells < 0.98)).mean()) >= LEAST_MIXED


def is_mendable(frame: Pixels) -> bool:
    """Return whether there is anything to mend."""
    gray = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return is_ink(gray) or _lined(_small(gray)) is not None


def mended(frame: Pixels) -> Pixels:
    """Return the picture, at most `SIDE` pixels long, without lines; softened if it is ink on paper."""
    small = _small(frame)
    lines = _lined(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    if lines is None:
        soft: Array = cv2.GaussianBlur(small, (0, 0), INK_BLUR * max(small.shape))
        return soft
    mask = cv2.dilate(lines.astype(np.uint8), np.ones((3, 3), np.uint8))
    whole: Array = cv2.inpaint(small, mask, 3, cv2.INPAINT_TELEA)
    return whole


def _small(pixels: Array) -> Array:
    scale = min(1.0, SIDE / max(pixels.shape[:2]))
    size = max(8, round(pixels.shape[1] * scale)), max(8, round(pixels.shape[0] * scale))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _lined(gray: Array) -> Array | None:
    """Return which pixels lie on lines from rim to rim; None where there are too few lines, or more than picture."""
    columns, rows = _lines(gray), _lines(gray.T)
    if max(_runs(columns), _runs(rows)) < LEAST_LINES:
        return None
    mask = columns[None, :] | rows[:, None]
    return mask if mask.mean() < MOST_LINED else None


def _lines(gray: Array) -> Array:
    """Return which columns of a picture are thin lines of one tone that stands out from what is beside them."""
    values = gray.astype(np.float32)
    mean, square = (cv2.reduce(values_of, 0, cv2.REDUCE_AVG)[0] for values_of in (values, values * values))
    plain = np.asarray(square - mean * mean < LINE_SPREAD**2, bool)
    edges = np.flatnonzero(np.diff(np.r_[False, plain, False].astype(np.int8)))
    is_line = np.zeros_like(plain)
    for start, end in edges.reshape(-1, 2).tolist():
        if start < BESIDE or end + BESIDE > len(plain) or end - start > max(2, THICKEST * len(plain)):
            continue
        beside = np.stack([values[:, start - BESIDE], values[:, end + BESIDE - 1]], axis=1)
        line = values[:, start:end].mean(axis=1, keepdims=True)
        is_line[start:end] = float(np.abs(line - beside).mean()) > LINE_CONTRAST
    return is_line


def _runs(flags: Array) -> int:
    return int((np.diff(np.r_[False, flags].astype(np.int8)) == 1).sum())
