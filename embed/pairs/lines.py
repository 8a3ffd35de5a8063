"""Lines of text where two aligned pictures differ, cut out of both as sharp as they are.

    region --edges, bright strokes, dark strokes--> marks (letters, or parts of them) --rows--> lines of either picture
    --paired, to the words' ends, over gaps of less than a letter's height--> Band --48 px high--> Cut of both

Letters are found three ways, because none finds all: edges whatever their size and colour, strokes over a photograph.
Who reads them tells which was right. Both pictures of a line show the same part of the reference's width, and each its
own height, or a word that is only shorter in one would be cut in the other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from core.types import Box, Pixels
from embed.pairs.colours import gray_of
from embed.pairs.overlay import Overlay

MOST_LINES = 3
"""A region; what differs most comes first."""

HIGH, MARGIN, ENDS = 48, 0.22, 0.35
"""Pixels of what is cut; what is cut around the letters, up and down, and left and right, as shares of their height."""

LEAST_HIGH, MOST_HIGH = 4, 0.6
"""Of a line, in pixels of the frame, and as a share of its shorter side."""

STRONG, LEAST_STRONG = 0.42, 9.0
"""Of the strongest in the region, and of 255: from which an edge or a stroke belongs to a letter."""

THICK, THICKEST = 11, 61
"""Pixels of the widest stroke, from that of small letters to that of figures that fill a poster."""

GROWN = 3
"""Pixels around a region in which its letters may end."""

TALLER, SEED = 2.2, 0.6
"""A mark may be so many times as high as the region, and so large a share of its height lies in the region."""

RULE, FLAT = 3.0, 0.3
"""Lines that are drawn: so many times as wide as the region is high, and so low by it."""

GAP, WORDS_APART = 0.9, 0.22
"""Heights between marks of one line, at most; between words, at least."""

REACH = 6.0
"""Heights to which a line goes on beyond the region; then it ends with a word."""

ALIKE_ROWS, TWICE = 0.65, 1.9
"""Lines of both are one: so much of the lower one's height is shared, and neither is so many times the other."""

MOST_WIDE = 40 * HIGH
type Array = np.ndarray[Any, np.dtype[Any]]
type Rows = tuple[int, int]
type Place = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the frame."""


@dataclass(frozen=True)
class LineCut:
    """A line of text as both pictures show it, RGB, and where it lies, in shares of the reference's sides."""

    ours: Pixels
    theirs: Pixels
    box: Box


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line in pixels of the frame; rows of the query's letters, of the reference's; how much differs there."""

    left: int
    right: int
    ours: Rows
    theirs: Rows
    off: float


class Lines:
    """The lines of a pair: RGB pictures, and both in one frame."""

    def __init__(self, query: Pixels, reference: Pixels, pair: Overlay) -> None:
        high, wide = pair.inside.shape
        shrink = np.diag([wide / reference.shape[1], high / reference.shape[0], 1.0])
        self._pair = pair
        self._sides = (query, pair.matrix), (reference, shrink)
        self._sharp = [_straightened(pixels, matrix, (wide, high)) for pixels, matrix in self._sides]

    def of(self, region: Box) -> list[list[TextLine]]:
        """Return the lines in a region, those that differ most first; each as the ways in which it was found."""
        high, wide = self._pair.inside.shape
        sides = zip(region, (wide, high, wide, high), strict=True)
        left, top, right, bottom = (min(by, max(0, round(side * by))) for side, by in sides)
        if right - left < 2 or bottom - top < 2:
            return []
        lines: list[list[TextLine]] = []
        for band in self._bands((left, top, right, bottom)):
            ways = next((ways_of_line for ways_of_line in lines if are_one_line(band, ways_of_line[0])), None)
            if ways is None:
                lines.append([band])
            elif not any(_is_as(band, way) for way in ways):
                ways.append(band)
        return sorted(lines, key=lambda ways: -max(way.off for way in ways))[:MOST_LINES]

    def cut(self, band: TextLine) -> LineCut:
        """Return the line as both pictures show it."""
        high, wide = self._pair.inside.shape
        ours, theirs = (
            _line(*side, (band.left, band.right), rows)
            for side, rows in zip(self._sides, (band.ours, band.theirs), strict=True)
        )
        top, bottom = min(band.ours[0], band.theirs[0]), max(band.ours[1], band.theirs[1])
        return LineCut(ours, theirs, (band.left / wide, top / high, band.right / wide, bottom / high))

    def _bands(self, region: Place) -> Iterator[TextLine]:
        reach = max(2 * GROWN, round(0.6 * (region[3] - region[1])))
        first = max(0, region[1] - reach)
        seen = [picture[first : region[3] + reach] for picture in self._sharp]
        for ours, theirs in zip(*(_layers(picture, region) for picture in seen), strict=True):
            marks = [_marks(layer, region, first) for layer in (ours, theirs)]
            bands = (_band(self._pair, region, marks, *rows) for rows in _paired(marks, region))
            yield from filter(None, bands)


def are_one_line(first: TextLine, second: TextLine) -> bool:
    """Return whether both are the same line, perhaps with other ends."""
    wide = min(first.right, second.right) - max(first.left, second.left)
    is_beside = wide > 0.5 * min(first.right - first.left, second.right - second.left)
    return is_beside and _shared(first.theirs, second.theirs) > 0.5


def _is_as(line: TextLine, other: TextLine) -> bool:
    """Return whether what is cut would be the same, but for a few pixels."""
    play = 2 + 0.12 * (line.theirs[1] - line.theirs[0])
    first, second = ((band.left, band.right, *band.ours, *band.theirs) for band in (line, other))
    return all(abs(a - b) <= play for a, b in zip(first, second, strict=True))


def _shared(first: Rows, second: Rows) -> float:
    """Return of the lower one's height."""
    shared = min(first[1], second[1]) - max(first[0], second[0])
    return max(0, shared) / max(1, min(first[1] - first[0], second[1] - second[0]))


def _layers(pixels: Array, region: Place) -> Iterator[Array]:
    """Yield edges, bright strokes and dark strokes, 0..255."""
    yield cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).max(axis=-1)
    gray, thick = gray_of(pixels), int(np.clip(0.45 * (region[3] - region[1]), THICK, THICKEST)) | 1
    for how in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        yield cv2.morphologyEx(gray, how, np.ones((thick, thick), np.uint8))


def _marks(layer: Array, region: Place, first: int) -> Array:
    """Return boxes [n, 4] of what is strong and connected, in pixels of the frame; the layer begins at row `first`.

    Rules that are drawn under words are left out.
    """
    left, top, right, bottom = region
    strong = max(LEAST_STRONG, STRONG * float(np.percentile(layer[top - first : bottom - first, left:right], 97)))
    count, _, stats, _ = cv2.connectedComponentsWithStats((layer > strong).astype(np.uint8), connectivity=8)
    sizes, high = stats[1:count, 2:4], bottom - top
    boxes: Array = np.c_[stats[1:count, :2], stats[1:count, :2] + sizes][
        ~((sizes[:, 0] > RULE * high) & (sizes[:, 1] < FLAT * high))
    ]
    boxes[:, 1::2] += first
    return boxes


def _paired(marks: Sequence[Array], region: Place) -> Iterator[tuple[Rows, Rows]]:
    """Yield lines of the query and of the reference that lie in the same rows of the region."""
    ours, theirs = (_lines(_seeds(boxes, region)) for boxes in marks)
    for own in ours:
        best = max(theirs, key=lambda row: _shared(own, row), default=None)
        if best and _shared(own, best) >= ALIKE_ROWS and _are_as_high(own, best):
            yield own, best


def _are_as_high(first_rows: Rows, second_rows: Rows) -> bool:
    first, second = first_rows[1] - first_rows[0], second_rows[1] - second_rows[0]
    return max(first, second) <= TWICE * min(first, second)


def _seeds(marks: Array, region: Place) -> Array:
    """Return the marks that belong to the region, such as a word with another letter, but not frames around it."""
    left, top, right, bottom = region
    beside = (marks[:, 0] < right + GROWN) & (marks[:, 2] > left - GROWN)
    shared = np.minimum(marks[:, 3], bottom + GROWN) - np.maximum(marks[:, 1], top - GROWN)
    tall = marks[:, 3] - marks[:, 1]
    chosen: Array = marks[beside & (shared >= SEED * tall) & (tall <= TALLER * (bottom - top))]
    return chosen


def _lines(marks: Array) -> list[Rows]:
    """Return rows of marks, from the top; marks that share rows are one line, and dots join the line that is near."""
    rows: list[list[int]] = []
    for top, bottom in sorted(marks[:, 1::2].tolist(), key=lambda span: span[0] - span[1]):
        near = next((row for row in rows if _belongs(top, bottom, row)), None)
        if near is None:
            rows.append([top, bottom])
        else:
            near[:] = min(near[0], top), max(near[1], bottom)
    return [(top, bottom) for top, bottom in rows if bottom - top >= LEAST_HIGH]


def _belongs(top: int, bottom: int, row: list[int]) -> bool:
    """Return whether the mark shares rows with the line, or is a dot or an accent close to it."""
    shared = min(bottom, row[1]) - max(top, row[0])
    if shared >= 0.4 * (bottom - top):
        return True
    tall = row[1] - row[0]
    return bottom - top < 0.35 * tall and shared > -0.25 * tall


def _band(pair: Overlay, region: Place, marks: Sequence[Array], ours: Rows, theirs: Rows) -> TextLine | None:
    """Return the line from the first to the last word; None where it is too high, or the query doesn't show it."""
    high = max(ours[1] - ours[0], theirs[1] - theirs[0])
    if high > MOST_HIGH * min(pair.inside.shape):
        return None
    spans = np.concatenate([_spans(boxes, rows) for boxes, rows in zip(marks, (ours, theirs), strict=True)])
    sides = _ends(spans, region, high)
    if sides is None:
        return None
    left, right = sides
    rows = slice(min(ours[0], theirs[0]), max(ours[1], theirs[1]))
    if not pair.inside[rows, left:right].all():
        return None
    return TextLine(left, right, ours, theirs, _off(pair, (rows, slice(left, right))))


def _off(pair: Overlay, place: tuple[slice, slice]) -> float:
    """Return how much differs there: the sum over the pixels, so that a long line with another name precedes a dot."""
    return cv2.norm(pair.ours[place], pair.relit[place], cv2.NORM_L1)


def _spans(marks: Array, rows: Rows) -> Array:
    """Return from where to where the marks of a line go, [n, 2]; higher marks are frames and are left out."""
    top, bottom = rows
    tall = marks[:, 3] - marks[:, 1]
    shared = np.minimum(marks[:, 3], bottom) - np.maximum(marks[:, 1], top)
    chosen: Array = marks[(shared >= 0.5 * tall) & (tall <= 1.6 * (bottom - top))][:, ::2]
    return chosen


def _ends(spans: Array, region: Place, high: int) -> tuple[int, int] | None:
    """Return left and right of the words that the region touches, and of near words around them."""
    words = _joined(spans, WORDS_APART * high)
    touched = [at for at, (left, right) in enumerate(words) if left < region[2] + GROWN and right > region[0] - GROWN]
    if not touched:
        return None
    first, last = touched[0], touched[-1]
    start, end = words[first][0] - REACH * high, words[last][1] + REACH * high
    while first > 0 and words[first][0] - words[first - 1][1] <= GAP * high and words[first - 1][0] >= start:
        first -= 1
    while last + 1 < len(words) and words[last + 1][0] - words[last][1] <= GAP * high and words[last + 1][1] <= end:
        last += 1
    return words[first][0], words[last][1]


def _joined(spans: Array, gap: float) -> list[tuple[int, int]]:
    """Return the spans of words: what lies nearer to one another than the gap."""
    words: list[list[int]] = []
    for left, right in sorted(spans.tolist()):
        if words and left - words[-1][1] <= gap:
            words[-1][1] = max(words[-1][1], right)
        else:
            words.append([left, right])
    return [(left, right) for left, right in words]


def _line(pixels: Pixels, matrix: Array, columns: Rows, rows: Rows) -> Pixels:
    """Return that part of the frame, `HIGH` pixels high, from the picture that the matrix takes to the frame."""
    tall = rows[1] - rows[0]
    top, bottom = rows[0] - MARGIN * tall, rows[1] + MARGIN * tall
    left, right = columns[0] - ENDS * tall, columns[1] + ENDS * tall
    scale = min(HIGH / (bottom - top), MOST_WIDE / (right - left))
    size = max(1, round((right - left) * scale)), max(1, round((bottom - top) * scale))
    part = np.array([[scale, 0, -left * scale], [0, scale, -top * scale], [0, 0, 1]])
    return _straightened(pixels, part @ matrix, size)


def _straightened(pixels: Pixels, matrix: Array, size: tuple[int, int]) -> Pixels:
    """Return what the matrix makes of the picture, blurred before it shrinks, or the samples alias."""
    zoom = _zoom(matrix, (size[0] / 2, size[1] / 2))
    soft = cv2.GaussianBlur(pixels, (0, 0), 0.45 / zoom) if zoom < 0.7 else pixels
    laid: Any = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(laid, np.uint8)


def _zoom(matrix: Array, middle: tuple[float, float]) -> float:
    """Return pixels of the result for one of the picture, in its middle."""
    x, y, depth = np.linalg.inv(matrix) @ (*middle, 1.0)
    across = matrix[2] @ (x / depth, y / depth, 1.0)
    return max(0.02, float(np.sqrt(abs(np.linalg.det(matrix)) / abs(across) ** 3)))
