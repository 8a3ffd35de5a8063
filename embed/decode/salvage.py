"""Decodes what a strict decoder refuses as far as it goes, as viewers do, and measures how much is there.

    strict decoding failed, or its last pixels look like bare Canvas
        -> mended (a JPEG gets the end it lacks, a WebP is filled up) -> tolerated() -> share_seen
           the first frame is decoded over black and over white: a pixel that differs was never written
           a JPEG paints what is missing gray: more bytes are put before its end, and what changes was missing
           a WebP is filled up in two ways: what differs was missing, and is covered, because browsers show none of it

Chromium shows the rows of a cut WebP that arrived, the whole frames of a cut animation, and nothing of a cut AVIF.

Pillow has one switch for all threads, asked wherever it meets an error. Here it answers each thread for itself.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFile

from embed.decode.complaints import heard, is_damaged
from embed.decode.fax import share_faxed
from embed.decode.sniff import jpeg_end, lacks_scans
from embed.decode.webp import is_film, webp_filled

END = b"\xff\xd9"
FILLER = bytes((number * 101 + 55) % 251 for number in range(1_024))
"""Bytes that a decoder which ran out of data takes for more of the picture."""

FILLERS = (b"\0", FILLER, b"\x55", b"\x0f\xf0", b"\x01")
"""Fillers for a WebP; it is read with zeros, and compared with the first of the others that is read, too."""

COVERED = {"RGB": (255, 255, 255), "RGBA": (0, 0, 0, 0), "RGBX": (255, 255, 255, 255)}
"""Colour of what never arrived: browsers show the page there."""

CANVAS = 91
"""A value that few pictures have in their last corner."""

NEUTRAL = (127, 128, 129)
"""The gray that libjpeg paints where a JPEG ended too early."""

UNSHARP = 0.99
"""Share told of a progressive JPEG without its last scans: all of it is there, less sharp."""

ALMOST = 0.99
"""Share told of a TIFF that libtiff complained about, if what is missing can't be measured."""

STRIP = 256
"""Rows compared at once: a large picture is in memory twice already."""

type Differing = np.ndarray[tuple[int, int], np.dtype[np.bool]]

type Box = tuple[int, int, int, int]

type Opener = Callable[[bytes], Image.Image]
"""Opens a file as an image that is not loaded yet."""


class _Tolerance(threading.local):
    """Replaces Pillow's LOAD_TRUNCATED_IMAGES: true in a thread that is inside of `tolerated`."""

    is_on = False

    def __bool__(self) -> bool:
        return self.is_on


_TOLERANCE = _Tolerance()
vars(ImageFile)["LOAD_TRUNCATED_IMAGES"] = _TOLERANCE


@contextmanager
def tolerated() -> Iterator[None]:
    """Let this thread's decoders go on where a file is damaged."""
    before, _TOLERANCE.is_on = _TOLERANCE.is_on, True
    try:
        yield
    finally:
        _TOLERANCE.is_on = before


def mended(data: bytes, kind: str) -> bytes:
    """Return the file with the end that it lacks, as browsers read it; only JPEG and WebP need one."""
    if kind == "WEBP":
        return webp_filled(data, FILLERS[0])
    return data[: jpeg_end(data)].rstrip(b"\xff") + END if kind == "JPEG" else data


def share_seen(data: bytes, kind: str, opened: Opener) -> float:
    """Return how much (0..1) of the first frame's pixels the file holds; call it inside of `tolerated`."""
    if kind == "WEBP":
        return UNSHARP if is_film(data) else _share_filled(data, opened)
    if kind != "JPEG":
        return _share_written(_loaded(opened(data), 0), _loaded(opened(data), 255))
    there = data[: jpeg_end(data)].rstrip(b"\xff")  # half a marker would make one of what follows it
    short, long = there + END, there + FILLER + END
    over_black, over_white = _loaded(opened(short), 0), _loaded(opened(long), 255)
    share = _share_above(over_black, over_white)
    if "progressive" not in over_black.info or (share == 1 and not lacks_scans(there)):
        return share
    return min(UNSHARP, _share_painted(over_black))


def share_loaded(data: bytes, image: Image.Image) -> float:
    """Load an image; return how much (0..1) of it is there as far as libtiff tells."""
    with heard() as complaints:
        image.load()
    if image.format != "TIFF":
        return 1.0
    share = share_faxed(data, image, complaints)
    return min(share, ALMOST) if is_damaged(complaints) else share


def cover(image: Image.Image, data: bytes, share: float) -> None:
    """Cover the rows of a loaded picture that were filled up and never arrived."""
    if image.format == "WEBP" and share < 1 and not is_film(data):
        image.paste(COVERED[image.mode], (0, round(share * image.height), *image.size))


def _share_filled(data: bytes, opened: Opener) -> float:
    """Return the share of the rows above the first one that differs between two ways to fill a WebP.

    0 if only one of them is read.
    """
    filled_with_zeros = _loaded(opened(webp_filled(data, FILLERS[0])), 0)
    for filler in FILLERS[1:]:
        with suppress(OSError):
            return _share_above(filled_with_zeros, _loaded(opened(webp_filled(data, filler)), 0))
    return 0.0


@dataclass(frozen=True, slots=True)
class Canvas:
    """What an image is painted on: some decoders take the end of their data for the end of the picture."""

    box: Box
    bare: tuple[int, ...]
    reach: float = 1.0

    @classmethod
    def under(cls, image: Image.Image) -> "Canvas":
        """Return the canvas of an image that is not loaded yet."""
        assert isinstance(image, ImageFile.ImageFile)
        bare: tuple[int, ...] = ()  # libtiff, libwebp and libavif tell what is missing
        if image.format == "PNG":
            image.im, bare = _plain(image, CANVAS).im, (CANVAS,)
        elif image.format == "GIF":
            bare = (0, image.info.get("transparency", 0))
        elif image.format in ("JPEG", "MPO"):
            bare = NEUTRAL
        elif image.tile and image.tile[0].codec_name == "raw":
            bare = (0,)
        return cls(_covered(image), bare, reach(image))

    def is_seen_in(self, image: Image.Image) -> bool:
        """Return whether a pixel that is written last seems to be bare: then the image is worth measuring."""
        right, top, bottom = self.box[2] - 1, self.box[1], self.box[3] - 1
        last = {(right, bottom), (right, max(top, bottom - 1)), (right, top)}  # interlaced, and from the bottom up
        pixels = (image.crop((x, y, x + 1, y + 1)).tobytes() for x, y in last)
        return any(all(value in self.bare for value in pixel) for pixel in pixels)


def reach(image: Image.Image) -> float:
    """Return the share of a TIFF page, not loaded yet, that its strips and tiles cover."""
    if image.format != "TIFF":
        return 1.0  # a frame of a GIF may be smaller than its canvas
    left, top, right, bottom = _covered(image)
    wide, high = vars(image).get("_tile_size", image.size)
    return min(1.0, float((right - left) * (bottom - top) / max(1, wide * high)))


def _plain(image: Image.Image, value: int) -> Image.Image:
    """Return an image of the same kind and size that has this value everywhere."""
    size = vars(image).get("_tile_size", image.size)  # of a TIFF that is turned once it is loaded
    return Image.new(image.mode, size, value if len(image.getbands()) == 1 else (value,) * len(image.getbands()))


def _covered(image: Image.Image) -> Box:
    """Return the part that the first frame covers."""
    assert isinstance(image, ImageFile.ImageFile)
    boxes = [tile.extents for tile in image.tile if tile.extents] or [(0, 0, *image.size)]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _loaded(image: Image.Image, fill: int) -> Image.Image:
    """Return what the first frame covers, decoded over a canvas of one value."""
    box = _covered(image)
    vars(image)["_frame_transparency"] = None  # a GIF would clear the canvas with it
    image.im = _plain(image, fill).im
    image.load()
    return image.crop(box)


def _share_written(first: Image.Image, second: Image.Image) -> float:
    """Return the share of the pixels that are the same over both canvases."""
    missing = sum(int(differing.sum()) for _, differing in _strips(first, second))
    return 1 - missing / max(1, first.width * first.height)


def _share_above(first: Image.Image, second: Image.Image) -> float:
    """Return the share of the rows above the first one that differs."""
    for top, differing in _strips(first, second):
        rows = np.flatnonzero(differing.any(axis=1))
        if rows.size:
            return (top + int(rows[0])) / first.height
    return 1.0


def _share_painted(image: Image.Image) -> float:
    """Return the share of the rows above those that are gray down to the end."""
    pixels = np.asarray(image).reshape(image.height, -1)
    rows = np.flatnonzero(~np.isin(pixels, NEUTRAL).all(axis=1))
    return (int(rows[-1]) + 1) / image.height if rows.size else 0.0


def _strips(over_black: Image.Image, over_white: Image.Image) -> Iterator[tuple[int, Differing]]:
    """Yield (first row, which pixels differ) from top to bottom."""
    for top in range(0, over_black.height, STRIP):
        box = (0, top, over_black.width, min(over_black.height, top + STRIP))
        first, second = np.asarray(over_black.crop(box)), np.asarray(over_white.crop(box))
        differing = first != second
        yield top, differing if differing.ndim == 2 else differing.any(axis=2)
