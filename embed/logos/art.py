"""What is kept of a reference that is a logo: a small picture of it, tightly cut, whose ground is told from its ink.

    frames --plain rim? few colours?--> the frame that shows most of it --cut, at most 160 px--> PNG with alpha (bytes)
    bytes --> Art(pixels, ink)

Flat artwork is a drawing on a plain ground: a logo on transparent, white or one colour, and no photograph, page of text
or screenshot. Whoever adds a picture says nothing of that, so it is looked at. A transparent logo comes on white and on
dark ground (`embed.decode.picture`): the one on which more of it can be seen is kept.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image

from core.errors import DamagedStore
from core.types import Pixels
from embed.pictures import strongest
from embed.views.screens import looks_like_screen

LONGEST, SMALLEST = 160, 16
"""Longer side of the kept picture in pixels, at most; shorter side of the drawing as it came, at least."""

LOOKED_AT = 320
RIM = 0.4
"""Share of the rim that must have the colour of the ground."""

GROUND_TOLERANCE, FLAT_TOLERANCE = 14, 18
"""Largest difference (0..255) of one colour, and within the 3x3 neighbourhood of a flat pixel."""

LEAST_FLAT = 0.4
"""Share of the ink that lies in flat areas or within two pixels of one; far less of a photograph does."""

MOST_COLOURS, COLOURED = 24, 0.85
"""At most so many of 512 coarse colours hold this share of the ink."""

MOST_BYTES = 24_000
"""Largest PNG of 160 px that is kept: a larger one is an illustration, which the pair check can compare."""

INK = (0.03, 0.98)
"""Share of its box that the drawing covers."""

ALIKE_SIDES, ALIKE = (32, 32), 20.0
"""Side of thumbnails, and how much (0..255) that of a logo differs at most from that of its own picture."""

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Art:
    """A logo: RGB [height, width, 3] on its own ground, where its ink is [height, width], and the ground's colour."""

    pixels: Array
    ink: Array
    ground: tuple[int, int, int]


def art_of(frames: Sequence[Pixels]) -> tuple[int, bytes]:
    """Return the number of the frame that shows the logo best and what is kept of it; b"" if none is flat artwork."""
    artworks = [(number, art) for number, frame in enumerate(frames) if (art := _art(frame)) is not None]
    if not artworks or len(frames) > 2:  # an animation is no logo
        return 0, b""
    number, best = max(artworks, key=lambda numbered: _contrast(numbered[1]))
    data = packed(best)
    return (number, data) if len(data) <= MOST_BYTES else (0, b"")


def _art(frame: Pixels) -> Art | None:
    small = _fitting(frame, LOOKED_AT)
    ground = _ground(small)
    if ground is None or looks_like_screen(frame):
        return None
    ink = _distance(small, ground) > GROUND_TOLERANCE
    box = _box(ink)
    if box is None or not _is_flat(small, ink) or not INK[0] <= float(ink[box].mean()) <= INK[1]:
        return None
    return Art(np.ascontiguousarray(small[box]), ink[box], ground)


def is_of(art: Art, frame: Pixels) -> bool:
    """Return whether a kept logo was cut out of this picture, or out of a larger copy of it."""
    small = _fitting(frame, LOOKED_AT)
    ground = _ground(small)
    box = None if ground is None else _box(_distance(small, ground) > GROUND_TOLERANCE)
    if box is None:
        return False
    here, there = (cv2.resize(pixels, ALIKE_SIDES, interpolation=cv2.INTER_AREA) for pixels in (small[box], art.pixels))
    return float(cv2.absdiff(here, there).mean()) <= ALIKE


def _distance(small: Array, ground: tuple[int, int, int]) -> Array:
    """Return how far each pixel is from the colour of the ground."""
    return strongest(cv2.absdiff(small, np.broadcast_to(np.array(ground, np.uint8), small.shape)))


def _fitting(frame: Array, longest: int) -> Array:
    scale = longest / max(frame.shape[:2])
    size = max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA) if scale < 1 else frame


def _ground(small: Array) -> tuple[int, int, int] | None:
    """Return the colour that most of the rim has."""
    rim = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    codes = (rim >> 5).astype(np.int32) @ np.array([64, 8, 1])
    colour = np.median(rim[codes == np.bincount(codes).argmax()], axis=0)
    if float((np.abs(rim - colour).max(axis=1) <= GROUND_TOLERANCE).mean()) < RIM:
        return None
    red, green, blue = (round(value) for value in colour.tolist())
    return red, green, blue


def _box(ink: Array) -> tuple[slice, slice] | None:
    """Return the box around the ink, without specks of dust and noise."""
    solid = cv2.dilate(cv2.erode(ink.astype(np.uint8), np.ones((2, 2), np.uint8)), np.ones((3, 3), np.uint8)) & ink
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    if len(rows) < SMALLEST or len(columns) < SMALLEST:
        return None
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _is_flat(small: Array, ink: Array) -> bool:
    """Return whether the ink has few colours, each in areas of its own."""
    kernel = np.ones((3, 3), np.uint8)
    flat = strongest(cv2.subtract(cv2.dilate(small, kernel), cv2.erode(small, kernel))) < FLAT_TOLERANCE
    near = cv2.dilate((flat & ink).astype(np.uint8), np.ones((5, 5), np.uint8))
    codes = (small[ink] >> 5).astype(np.int32) @ np.array([64, 8, 1])
    common = np.sort(np.bincount(codes))[::-1]
    return bool(near[ink].mean() >= LEAST_FLAT and common[:MOST_COLOURS].sum() >= COLOURED * len(codes))


def _contrast(art: Art) -> float:
    """Return how much of the logo can be seen."""
    distance = np.abs(art.pixels.astype(np.int16) - np.array(art.ground, np.int16)).max(axis=2)
    return float(distance[art.ink].sum())


def packed(art: Art) -> bytes:
    """Return the PNG that is kept."""
    small = _fitting(art.pixels, LONGEST)
    alpha = cv2.resize(art.ink.astype(np.uint8) * 255, small.shape[1::-1], interpolation=cv2.INTER_AREA)
    image = Image.fromarray(np.dstack([small, alpha]))
    rim = Image.new("RGBA", (small.shape[1], small.shape[0] + 1), (*art.ground, 0))  # a last row tells the ground
    rim.paste(image, (0, 0))
    buffer = io.BytesIO()
    rim.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def unpack(data: bytes) -> Art:
    """Return the logo of a kept PNG; raises DamagedStore if `art_of` did not make it."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            is_ours = max(image.width, image.height - 1) <= LONGEST
            pixels = np.asarray(image.convert("RGBA")) if is_ours else np.empty((0, 0, 4), np.uint8)
    except Exception:  # Pillow raises almost anything
        pixels = np.empty((0, 0, 4), np.uint8)
    if min(pixels.shape[:2]) < 2:
        raise DamagedStore("The stored logo of a reference is damaged: add that reference again.")
    red, green, blue = (int(value) for value in pixels[-1, 0, :3])
    return Art(np.ascontiguousarray(pixels[:-1, :, :3]), pixels[:-1, :, 3] > 127, (red, green, blue))
