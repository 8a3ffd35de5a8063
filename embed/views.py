"""Which parts of a query image are embedded on their own.

    whole picture | the picture without its plain borders | pictures that stand on a flat (app) background

A global embedding loses a picture that fills a third of a screenshot; a crop of just that picture is found at once.
All work is done on a copy of at most 192 px, about 1 ms; boxes are shares of the picture's width and height.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from core.types import Box, Picture, Pixels, View

SIDE = 192
MAX_VIEWS = 8
FRAMES_WITH_PARTS = 4
"""Parts are looked for in the first distinct frames only; of the others the whole picture is embedded."""

BORDER_TOLERANCE = 14
BORDER_SPREAD = 32.0
"""Standard deviation that a plain line never reaches, even with 1.5 % of its pixels black on white."""

FLAT_TOLERANCE = 8
BARS = (0.14, 0.035)
"""Thinnest thing that may be a picture, as shares of the longer side; lines of text are thinner than the second."""

MIN_AREA = 0.03
MIN_FILL = 0.8
"""Share of its box that a picture fills: pictures are rectangles."""

MIN_CONTRAST = 14.0
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

type Array = np.ndarray[Any, np.dtype[Any]]


def views(picture: Picture, *, mirrored: bool = False) -> tuple[View, ...]:
    """The views of a picture, whole frames first; at most `MAX_VIEWS` more than there are frames.

    `mirrored` adds the mirrored whole frames, for embeddings that a mirror changes.
    """
    whole = [View(frame=number) for number in range(len(picture.frames))]
    turned = [View(frame=view.frame, mirrored=True) for view in whole] if mirrored else []
    parts = [
        View(frame=number, box=box)
        for number, frame in enumerate(picture.frames[:FRAMES_WITH_PARTS])
        for box in boxes(frame)
    ]
    return (*whole, *turned, *parts[:MAX_VIEWS])


def crop(frame: Pixels, view: View) -> Pixels:
    """The pixels of a view."""
    height, width = frame.shape[:2]
    left, top, right, bottom = view.box
    part = frame[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
    return np.ascontiguousarray(part[:, ::-1] if view.mirrored else part)


def boxes(frame: Pixels) -> list[Box]:
    """Boxes worth a look of their own, without near duplicates; the whole picture is not among them."""
    small = _small(frame)
    found: list[Box] = []
    for box in (_trimmed(small), *_standing(small)):
        if _area(box) < 0.93 and all(_overlap(box, other) < 0.8 for other in found):
            found.append(box)
    return found


def _small(frame: Pixels) -> Array:
    height, width = frame.shape[:2]
    scale = SIDE / max(height, width)
    if scale >= 1:
        return frame
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA)


def _trimmed(small: Array) -> Box:
    """The box left after plain rows and columns at the rim are taken away, in up to three rounds."""
    height, width = small.shape[:2]
    left, top, right, bottom = 0, 0, width, height
    rims = (small[0], small[-1], small[:, 0], small[:, -1])
    has_border = any(float(rim.std(axis=0).max()) < BORDER_SPREAD for rim in rims)
    for _ in range(3 if has_border else 0):  # most photographs have no plain border: they are done here
        rows = _plain(small[top:bottom, left:right])
        first, last = _inner(rows)
        top, bottom = top + first, top + last
        columns = _plain(small[top:bottom, left:right].swapaxes(0, 1))
        first, last = _inner(columns)
        left, right = left + first, left + last
        if not rows[0] and not rows[-1] and not columns[0] and not columns[-1]:
            break
    return left / width, top / height, right / width, bottom / height


def _plain(lines: Array) -> Array:
    """For each line: is nearly all of it one colour?"""
    colour = np.median(lines, axis=1, keepdims=True)
    near = np.abs(lines - colour).max(axis=2) <= BORDER_TOLERANCE
    return near.mean(axis=1) > 0.985


def _inner(plain: Array) -> tuple[int, int]:
    """First and last + 1 of what is left once plain lines are cut at both ends; at least 16 lines stay."""
    busy = np.flatnonzero(~plain)
    if len(plain) <= 16 or len(busy) == 0 or busy[-1] + 1 - busy[0] < 16:
        return 0, len(plain)
    return int(busy[0]), int(busy[-1]) + 1


def _standing(small: Array) -> Iterator[Box]:
    """Textured rectangles on the large flat colours of an app, a page or a letterbox; pictures, then what is smaller.

    Opening with a large square first parts a picture from the lines of text that stand close to it.
    """
    height, width = small.shape[:2]
    flat = _flat(small)
    if flat.mean() < 0.12:
        return
    ground = _ground(_background(small, flat))
    if ground.mean() < 0.12:
        return
    busy: Array = (~ground).astype(np.uint8)
    for share in BARS:
        bar = max(7, round(share * max(height, width)))
        solid = cv2.morphologyEx(busy, cv2.MORPH_OPEN, np.ones((bar, bar), np.uint8))
        _, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=4)
        for left, top, wide, high, area in sorted(stats[1:].tolist(), key=lambda one: -one[4])[:4]:
            box = _without_fringe(busy, left, top, left + wide, top + high)
            part = small[box[1] : box[3], box[0] : box[2]]
            if (
                area >= max(MIN_AREA * height * width, MIN_FILL * wide * high)
                and float(part.std(axis=(0, 1)).max()) >= MIN_CONTRAST
            ):
                yield box[0] / width, box[1] / height, box[2] / width, box[3] / height


def _without_fringe(busy: Array, left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    """The box without the lines of text that grew onto it: its first and last lines are busy from end to end."""
    rows = busy[top:bottom, left:right].mean(axis=1) < 0.9
    first, last = _inner(rows)
    top, bottom = top + first, top + last
    columns = busy[top:bottom, left:right].mean(axis=0) < 0.9
    first, last = _inner(columns)
    return left + first, top, left + last, bottom


def _ground(background: Array) -> Array:
    """The background that reaches the rim: what a picture encloses is part of the picture."""
    _, labels = cv2.connectedComponents(background.astype(np.uint8), connectivity=4)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.isin(labels, rim[rim > 0])


def _flat(small: Array) -> Array:
    """Pixels whose 3x3 neighbourhood has one colour."""
    kernel = np.ones((3, 3), np.uint8)
    spread = cv2.subtract(cv2.dilate(small, kernel), cv2.erode(small, kernel))
    return cv2.max(cv2.max(spread[..., 0], spread[..., 1]), spread[..., 2]) < FLAT_TOLERANCE


def _background(small: Array, flat: Array) -> Array:
    """Pixels of the colours that cover more than 2 % of the picture in flat areas."""
    coarse = (small >> 3).astype(np.uint16)
    code = coarse[..., 0] << 10 | coarse[..., 1] << 5 | coarse[..., 2]
    is_large: Array = np.bincount(code[flat], minlength=1 << 15) > 0.02 * flat.size
    background: Array = flat & is_large[code]
    return background


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (_area(one) + _area(other) - wide * high)
