"""QR, Aztec, Data Matrix and bar codes of both pictures of a pair: a poster with another code is another poster.

    gray picture --zxing-cpp--> Code(text, quad)      codes of both, where the reference lies --> Codes

Only codes that carry a check of their own are read, so that texture is never one. A code that is damaged, covered or
too small is not read, and says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from core.matches import Difference
from core.reading_words import shown
from core.types import Box, How, Quad, What

NEAR = 0.5
"""Of the longer side of a code: how far another one's middle may lie off to stand in its place."""

LEAST_SIDE = 24
CHECKED = ("QRCode", "Aztec", "DataMatrix", "EAN13", "EAN8", "UPCA", "UPCE", "Code128")
type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Code:
    """What a code says, at most 200 characters, and its corners in shares of the picture's sides."""

    text: str
    quad: Quad


@dataclass(frozen=True, slots=True)
class Codes:
    """What the codes of a pair say: those that were exchanged, and whether any of them says the same in both."""

    differs: tuple[Difference, ...] = ()
    agrees: bool = False


def codes(gray: Array) -> tuple[Code, ...]:
    """Return the codes in a picture [height, width] that can be read, from the top."""
    import zxingcpp

    high, wide = gray.shape
    if min(high, wide) < LEAST_SIDE:
        return ()
    formats = zxingcpp.BarcodeFormats([getattr(zxingcpp.BarcodeFormat, name) for name in CHECKED])
    barcodes = zxingcpp.read_barcodes(np.ascontiguousarray(gray), formats=formats)
    read = (Code(shown(barcode.text), _corners(barcode.position, wide, high)) for barcode in barcodes if barcode.valid)
    return tuple(sorted((code for code in read if code.text), key=lambda code: (code.quad[0][1], code.quad[0][0])))


def _corners(position: Any, wide: int, high: int) -> Quad:
    at = position
    points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
    first, second, third, fourth = ((point.x / wide, point.y / high) for point in points)
    return first, second, third, fourth


def exchanged(ours: Sequence[Code], theirs: Sequence[Code], quad: Quad) -> Codes:
    """Return which codes of the reference the query shows with another text; `quad` is where the reference lies in it.

    A code that says the same anywhere in the query was not exchanged.
    """
    texts = {code.text for code in ours}
    pairs = ((code, _in_its_place(code, ours, quad)) for code in theirs if code.text not in texts)
    return Codes(
        differs=tuple(_difference(before, after) for before, after in pairs if after),
        agrees=any(code.text in texts for code in theirs),
    )


def _in_its_place(code: Code, ours: Sequence[Code], quad: Quad) -> Code | None:
    """Return the query's code that is nearest to where this one should be; None where none is near."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(unit, np.array(quad, np.float32))
    place = cv2.perspectiveTransform(np.array([code.quad], np.float64), matrix)[0]
    reach = NEAR * float(np.ptp(place, axis=0).max())
    middles = [
        (float(np.abs(np.mean(read.quad, axis=0) - place.mean(axis=0)).max()), at) for at, read in enumerate(ours)
    ]
    off, at = min(middles, default=(1.0, -1))
    return ours[at] if at >= 0 and off <= reach else None


def _difference(before: Code, after: Code) -> Difference:
    box = _box(before.quad)
    area = (box[2] - box[0]) * (box[3] - box[1])
    return Difference(what=What.CODE, how=How.EXCHANGED, area=area, box=box, before=before.text, after=after.text)


def _box(quad: Quad) -> Box:
    across, down = zip(*quad, strict=True)
    return max(0.0, min(across)), max(0.0, min(down)), min(1.0, max(across)), min(1.0, max(down))
