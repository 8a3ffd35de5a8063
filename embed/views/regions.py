"""Which parts of a query image are embedded on their own.

    whole picture | the picture without its plain borders | pictures that stand on a flat (app) background
                  | panes with straight edges (collage, picture in picture) | tilted frames (photo of a screen)
                  | the four quarters and the middle, for what has no edge that could be seen: those of the screen
                    or print that was photographed, if one fills much of the picture, and the panes on it
                  | the picture without lines across all of it

A global embedding loses a picture that fills a third of a screenshot; a crop of just that picture is found at once.
All work is done on copies of at most 192 and 400 px; boxes are shares of the picture's width and height.
"""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from core.looks import Picture, Stages, View
from core.types import Box, Pixels, Quad
from embed.pictures import strongest
from embed.views.mend import SIDE as SIDE_MENDED
from embed.views.mend import is_mendable, mended
from embed.views.rectangles import panes, tilted

SIDE = 192
PANE_SIDE = 400
MAX_VIEWS = 10
QUARTERS: tuple[Box, ...] = (
    *((x, y, x + 0.5, y + 0.5) for y in (0.0, 0.5) for x in (0.0, 0.5)),
    (0.25, 0.25, 0.75, 0.75),
)
"""Looked at in any case: 5 to 12 % more of the pictures pasted in and 10 to 15 % more of the collages are found."""

PHOTOGRAPHED, MOST_PANES = 0.3, 3
"""Share of the picture around a tilted frame from which that is what was photographed; how many panes are sought on it.

Of 43 copies in a collage that was photographed from a screen and missed, 17 are found so, at no more cost.
"""

LEAST_SIDE = 64
"""Pixels; the quarters of less show nothing."""

PART_ZOOM = 0.67
"""Parts are embedded at 192 px instead of 288: less than half the cost for .16 less cosine."""

FRAMES_WITH_PARTS = 4
"""Parts are looked for in the first distinct frames only; of the others the whole picture is embedded."""

BORDER_TOLERANCE = 18
BORDER_SPREAD = 32.0
"""Standard deviation that a plain line never reaches, even with 1.5 % of its pixels black on white."""

FLAT_TOLERANCE = 8
BARS = (0.14, 0.035)
"""Thinnest thing that may be a picture, as shares of the longer side; lines of text are thinner than the second."""

MIN_AREA = 0.03
MIN_FILL = 0.8
"""Share of its box that a picture fills: pictures are rectangles."""

MIN_CONTRAST = 14.0
SAME = 0.8
"""Overlap from which two boxes are one."""

ALL = Stages()
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)

type Array = np.ndarray[Any, np.dtype[Any]]


def wholes(picture: Picture, *, mirrored: bool = False) -> tuple[View, ...]:
    """Return every frame as a whole; `mirrored` adds their mirror images, for embeddings that a mirror changes."""
    frames = range(len(picture.frames))
    turned = [View(frame=number, mirrored=True) for number in frames] if mirrored else []
    return (*(View(frame=number) for number in frames), *turned)


def parts(picture: Picture, stages: Stages = ALL) -> tuple[View, ...]:
    """Return the parts of a picture to search for: at most `MAX_VIEWS`, and the quarters of the first frame."""
    small = [_small(frame, PANE_SIDE) for frame in picture.frames[:FRAMES_WITH_PARTS]]
    views = [part for number, frame in enumerate(small) for part in _parts_of(number, frame, stages)]
    screen = next((view for view in views if view.frame == 0 and view.quad and _area(view.box) >= PHOTOGRAPHED), None)
    panes = boxes(crop(small[0], screen))[:MOST_PANES] if screen and stages.parts else []
    views = [*_mended(picture.frames[0], stages), *views, *(_within(screen, box) for box in panes)][:MAX_VIEWS]
    seen = panes if screen else [view.box for view in views if view.frame == 0]
    quarters = QUARTERS if stages.quarters and min(picture.frames[0].shape[:2]) >= LEAST_SIDE else ()
    unseen = [box for box in quarters if all(_overlap(box, other) < SAME for other in seen)]
    return (*views, *(_within(screen, box) for box in unseen))


def _within(screen: View | None, box: Box) -> View:
    """Return the part of the first frame, or of the tilted view of it, that lies in this box."""
    if screen is None or screen.quad is None:
        return View(frame=0, box=box, zoom=PART_ZOOM)
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(unit, np.array(screen.quad, np.float32))
    left, top, right, bottom = box
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float64)
    return _tilted_view(0, cv2.perspectiveTransform(corners, matrix)[0])


def _parts_of(number: int, small: Array, stages: Stages) -> Iterator[View]:
    if stages.parts:
        yield from (View(frame=number, box=box, zoom=PART_ZOOM) for box in boxes(small))
    if stages.tilted:
        yield from _tilted(number, small)


def _mended(frame: Pixels, stages: Stages) -> Iterator[View]:
    if stages.parts and is_mendable(frame):
        yield View(frame=0, mended=True)


def crop(frame: Pixels, view: View) -> Pixels:
    """Return the pixels of a view; a tilted one is set upright."""
    height, width = frame.shape[:2]
    if view.mended:
        return mended(frame)
    if view.quad is not None:
        size, matrix = _upright(view.quad, width, height)
        upright: Array = cv2.warpPerspective(frame, np.linalg.inv(matrix), size, borderMode=cv2.BORDER_REPLICATE)
        return upright
    left, top, right, bottom = view.box
    part = frame[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]
    return np.ascontiguousarray(part[:, ::-1] if view.mirrored else part)


def to_frame(view: View, width: int, height: int) -> Array | None:
    """Return the matrix [3, 3] from pixels of a view's crop to its frame; None where the view is the frame."""
    if view.mended:
        scale = max(1.0, max(width, height) / SIDE_MENDED)
        return np.diag([scale, scale, 1.0])
    if view.quad is not None:
        return _upright(view.quad, width, height)[1]
    if view.is_whole:
        return None
    left, top = round(view.box[0] * width), round(view.box[1] * height)
    return np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)


def _upright(quad: Quad, width: int, height: int) -> tuple[tuple[int, int], Array]:
    """Return the size of the upright picture that fits the quad, and the matrix from it to the frame."""
    corners = np.array(quad, np.float64) * (width, height)
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    wide, high = max(8, round(max(sides[0], sides[2]))), max(8, round(max(sides[1], sides[3])))
    upright = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    return (wide, high), cv2.getPerspectiveTransform(upright, corners.astype(np.float32))


def boxes(frame: Pixels) -> list[Box]:
    """Return boxes worth a look of their own, without near duplicates; the whole picture is not among them."""
    small = _small(frame, SIDE)
    chosen: list[Box] = []
    for box in (_trimmed(small), *_standing(small), *_panes(_small(frame, PANE_SIDE))):
        if _area(box) < 0.93 and all(_overlap(box, other) < SAME for other in chosen):
            chosen.append(box)
    return chosen


def _panes(small: Array) -> Iterator[Box]:
    height, width = small.shape[:2]
    for left, top, right, bottom in panes(small):
        yield left / width, top / height, right / width, bottom / height


def _tilted(number: int, small: Array) -> Iterator[View]:
    for corners in tilted(small):
        yield _tilted_view(number, corners / small.shape[1::-1])


def _tilted_view(number: int, corners: Array) -> View:
    """Return the view between four corners [4, 2], in shares of the frame."""
    first, second, third, fourth = ((float(x), float(y)) for x, y in corners)
    (left, top), (right, bottom) = np.clip((corners.min(axis=0), corners.max(axis=0)), 0.0, 1.0)
    box = (float(left), float(top), float(right), float(bottom))
    return View(frame=number, box=box, quad=(first, second, third, fourth), zoom=PART_ZOOM)


def _small(frame: Pixels, side: int) -> Array:
    height, width = frame.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return frame
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA)


def _trimmed(small: Array) -> Box:
    """Return the box left after plain rows and columns at the rim are taken away, in up to three rounds."""
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
    """Return for each line whether nearly all of it has one colour."""
    colour = np.repeat(cv2.reduce(lines, 1, cv2.REDUCE_AVG, dtype=cv2.CV_32F), lines.shape[1], axis=1)
    near = strongest(cv2.absdiff(lines.astype(np.float32), colour)) <= BORDER_TOLERANCE
    return near.mean(axis=1) > 0.985


def _inner(plain: Array) -> tuple[int, int]:
    """Return first and last + 1 of what is left once plain lines are cut at both ends; at least 16 lines stay."""
    busy = np.flatnonzero(~plain)
    if len(plain) <= 16 or len(busy) == 0 or busy[-1] + 1 - busy[0] < 16:
        return 0, len(plain)
    return int(busy[0]), int(busy[-1]) + 1


def _standing(small: Array) -> Iterator[Box]:
    """Yield textured rectangles on the large flat colours of an app, a page or a letterbox: large bars first, then
    small.

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
        for left, top, wide, high, area in sorted(stats[1:].tolist(), key=lambda component: -component[4])[:4]:
            box = _without_fringe(busy, left, top, left + wide, top + high)
            part = small[box[1] : box[3], box[0] : box[2]]
            if (
                area >= max(MIN_AREA * height * width, MIN_FILL * wide * high)
                and float(part.std(axis=(0, 1)).max()) >= MIN_CONTRAST
            ):
                yield box[0] / width, box[1] / height, box[2] / width, box[3] / height


def _without_fringe(busy: Array, left: int, top: int, right: int, bottom: int) -> tuple[int, int, int, int]:
    """Return the box without the lines of text that grew onto it: its first and last lines are busy from end to end."""
    rows = busy[top:bottom, left:right].mean(axis=1) < 0.9
    first, last = _inner(rows)
    top, bottom = top + first, top + last
    columns = busy[top:bottom, left:right].mean(axis=0) < 0.9
    first, last = _inner(columns)
    return left + first, top, left + last, bottom


def _ground(background: Array) -> Array:
    """Return the background that reaches the rim: what a picture encloses is part of the picture."""
    _, labels = cv2.connectedComponents(background.astype(np.uint8), connectivity=4)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.isin(labels, rim[rim > 0])


def _flat(small: Array) -> Array:
    """Return pixels whose 3x3 neighbourhood has one colour."""
    kernel = np.ones((3, 3), np.uint8)
    spread = cv2.subtract(cv2.dilate(small, kernel), cv2.erode(small, kernel))
    return strongest(spread) < FLAT_TOLERANCE


def _background(small: Array, flat: Array) -> Array:
    """Return pixels of the colours that cover more than 2 % of the picture in flat areas."""
    coarse = (small >> 3).astype(np.uint16)
    code = coarse[..., 0] << 10 | coarse[..., 1] << 5 | coarse[..., 2]
    is_large: Array = np.bincount(code[flat], minlength=1 << 15) > 0.02 * flat.size
    background: Array = flat & is_large[code]
    return background


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _overlap(first: Box, second: Box) -> float:
    """Return intersection over union."""
    wide = min(first[2], second[2]) - max(first[0], second[0])
    high = min(first[3], second[3]) - max(first[1], second[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / (_area(first) + _area(second) - wide * high)
