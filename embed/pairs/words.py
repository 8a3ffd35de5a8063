"""Do both pictures say the same? What tells a copy from the same meme or screen with other words.

    reference --strokes, lines--> pieces of text
    query     --laid onto the reference--> the same places --> says the same | says something else | says nothing

Windows of 16 px are too coarse for that: two lines of letters look alike when they are blurred. So text is compared at
the resolution that both pictures have, letter by letter, with a little play. A piece that is covered or cut off says
nothing, which is what an edit does; only one that says something else counts against a copy.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

LONGEST = 448
SHORTEST = 120
"""Longer side of the reference as it is seen in the query, in pixels, below which letters can't be told apart."""

CLEAR, FAINT = 100, 45
"""Contrast (0..255) of letters with what is around them: in a reference, where grass must not pass for letters, and in
a query, which may have lost some."""

LOWEST, HIGHEST = 7, 72
"""Height of a line of text in pixels."""

LEAST_LINE = 3.0
"""Length of a line in heights."""

DENSE = (0.12, 0.75)
"""Share of a line's box that is stroke."""

PIECE = 2.5
"""Length of a piece in heights: about four letters."""

PLAY = 3
BLURS = (1.5, 3.0)
"""Spreads in pixels by which the reference is blurred, too, to be compared with a blurred copy."""

SAME, OTHER = 0.62, 0.45

type Array = np.ndarray[Any, np.dtype[Any]]
type Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """Pieces of text in the reference that could be compared, and how many of them say something else in the query."""

    pieces: int = 0
    changed: int = 0


def compare(query: Array, reference: Array, matrix: Array, inverted: bool = False) -> Words:
    """Return the words of two gray pictures [height, width] compared; `matrix` takes the reference to the query."""
    scale = math.sqrt(abs(float(np.linalg.det(matrix[:2, :2])))) / max(float(abs(matrix[2, 2])), 1e-9)
    seen = min(LONGEST / max(reference.shape), scale, 1.0)
    if seen * max(reference.shape) < SHORTEST:
        return Words()
    size = max(1, round(reference.shape[1] * seen)), max(1, round(reference.shape[0] * seen))
    theirs = cv2.resize(reference, size, interpolation=cv2.INTER_AREA)
    pieces = [piece for mask in strokes(theirs, CLEAR) for line in lines(mask) for piece in _pieces(line)]
    if not pieces:
        return Words()
    shrink = np.diag([size[0] / reference.shape[1], size[1] / reference.shape[0], 1.0])
    ours, inside = _laid(query, shrink @ np.linalg.inv(matrix), size, scale / seen)
    ours = 255 - ours if inverted else ours
    masks = strokes(ours, FAINT)
    softer = [theirs, *(cv2.GaussianBlur(theirs, (0, 0), blur) for blur in BLURS)]
    same = [_said(ours, softer, masks, inside, piece) for piece in pieces]
    return Words(pieces=sum(is_same is not None for is_same in same), changed=sum(is_same is False for is_same in same))


def strokes(gray: Array, contrast: int) -> tuple[Array, Array]:
    """Return where there are thin lines, bright on dark and dark on bright: two masks [height, width] of 0 and 1.

    They are kept apart: an outlined letter is both, and together they would be one blot.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (11, 11))
    bright, dark = (cv2.morphologyEx(gray, how, kernel) for how in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT))
    return (bright > contrast).astype(np.uint8), (dark > contrast).astype(np.uint8)


def lines(mask: Array) -> list[Box]:
    """Return boxes (left, top, right, bottom) of what looks like lines of text."""
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 11), np.uint8))
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((3, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    boxes = []
    for left, top, wide, high, area in stats[1:count].tolist():
        if LOWEST <= high <= HIGHEST and wide >= LEAST_LINE * high and area >= 0.5 * wide * high:
            share = float(mask[top : top + high, left : left + wide].mean())
            if DENSE[0] <= share <= DENSE[1]:
                boxes.append((left, top, left + wide, top + high))
    return boxes


def _pieces(line: Box) -> Iterator[Box]:
    left, top, right, bottom = line
    length = max(16, round(PIECE * (bottom - top)))
    count = max(1, (right - left) // length)
    edges = np.linspace(left, right, count + 1).round().astype(int)
    for start, end in pairwise(edges.tolist()):
        yield start, top, end, bottom


def _laid(query: Array, matrix: Array, size: tuple[int, int], zoom: float) -> tuple[Array, Array]:
    """Return the query as the reference sees it, and where there is any of it."""
    if zoom > 1.4:  # blur before shrinking, or the samples alias
        query = cv2.GaussianBlur(query, (0, 0), 0.45 * zoom)
    ours = cv2.warpPerspective(query, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpPerspective(np.ones_like(query), matrix, size, flags=cv2.INTER_NEAREST)
    return ours, inside


def _said(ours: Array, theirs: Sequence[Array], masks: Sequence[Array], inside: Array, piece: Box) -> bool | None:
    """Return whether the query says the same as one of `theirs`; None where nothing could be read."""
    left, top, right, bottom = piece
    height, width = ours.shape
    place = np.s_[max(0, top - PLAY) : min(height, bottom + PLAY), max(0, left - PLAY) : min(width, right + PLAY)]
    if inside[top:bottom, left:right].mean() < 0.95:
        return None
    likeness = 0.0
    for blurred in theirs:
        correlation = cv2.matchTemplate(ours[place], blurred[top:bottom, left:right], cv2.TM_CCOEFF_NORMED)
        likeness = max(likeness, float(correlation.max()))
        if likeness >= SAME:
            return True
    written = any(DENSE[0] <= float(mask[top:bottom, left:right].mean()) <= DENSE[1] for mask in masks)
    return False if written and likeness < OTHER else None
