"""Small things about pixels that several stages need: blank or not, to one of our own JPEGs and back."""

import io
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from PIL import Image

from core.errors import DamagedStore
from core.types import Pixels, Quad

type Array = np.ndarray[Any, np.dtype[Any]]

BLANK_SPREAD = 3.0
"""Standard deviation (0..255) below which a picture has nothing that could be recognised."""

PLAIN_WINDOW, PLAIN_WINDOWS, PLAIN_BLUR = 16, 12, 3.0
"""A picture of 160 px with fewer windows (16 px, every 8) of fine detail than that is plain."""

RENDITION, TILE, RENDITION_SPREAD = 64, 6, 8.0
"""Two renditions of a picture are compared at 64 x 64 pixels: no tile of 6 x 6 may differ by more than 8 (0..255).

Measured on 200 photographs: thumbnails of 800 pixels at JPEG quality 80 and 90 differ by at most 3.9 in their worst
tile, and those on which another photograph covers a hundredth of the area by at least 26.
"""

KEPT_QUALITY = 85
GRAY = (128, 128, 128)
LARGEST = 4096
"""Longer side in pixels of what we keep, at most; evidence is the largest."""


def is_blank(pixels: Pixels) -> bool:
    """Return whether all of it has nearly one colour."""
    return min(pixels.shape[:2]) < 2 or bool(cv2.meanStdDev(pixels)[1].max() < BLANK_SPREAD)


def is_plain(pixels: Pixels) -> bool:
    """Return whether a pair check has next to nothing to compare: a gradient, an empty page, a dot."""
    scale = min(1.0, 160 / max(pixels.shape[:2]))
    size = max(8, round(pixels.shape[1] * scale)), max(8, round(pixels.shape[0] * scale))
    gray = cv2.cvtColor(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = gray - cv2.GaussianBlur(gray, (0, 0), PLAIN_BLUR)
    spread = np.sqrt(np.maximum(cv2.boxFilter(fine * fine, -1, (PLAIN_WINDOW, PLAIN_WINDOW)), 0))
    step = PLAIN_WINDOW // 2
    inner = spread[step:-step:step, step:-step:step]  # at the rim the blur sees its own mirror image
    return int((inner > BLANK_SPREAD).sum()) < PLAIN_WINDOWS


def is_rendition(one: Pixels, other: Pixels) -> bool:
    """Return whether both show the same all over, as a thumbnail and its picture do, whatever their sizes."""
    return worst_tile(one, other) <= RENDITION_SPREAD


def worst_tile(one: Pixels, other: Pixels) -> float:
    """Return the mean difference (0..255) of the tile in which two pictures differ most."""
    small = [cv2.resize(pixels, (RENDITION, RENDITION), interpolation=cv2.INTER_AREA) for pixels in (one, other)]
    return float(cv2.blur(strongest(cv2.absdiff(*small)).astype(np.float32), (TILE, TILE)).max())


def strongest(pixels: Array) -> Array:
    """Return the largest of the three channels [height, width]; ten times as fast as numpy's `max(axis=2)`."""
    red, green, blue = cv2.split(pixels)
    return cv2.max(cv2.max(red, green), blue)


def jpeg(pixels: Pixels, longest: int | None = None) -> bytes:
    """Return a fresh JPEG made from pixels: no metadata of the original survives."""
    image = Image.fromarray(pixels)
    if longest:
        image.thumbnail((longest, longest))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=KEPT_QUALITY)
    return buffer.getvalue()


def masked(pixels: Pixels, quads: Sequence[Quad]) -> bytes:
    """Return a PNG of a picture in which these parts, in shares of its size, are painted over in gray."""
    high, wide = pixels.shape[:2]
    painted = pixels.copy()
    for quad in quads:
        cv2.fillConvexPoly(painted, np.rint(np.array(quad) * (wide, high)).astype(np.int32), GRAY)
    buffer = io.BytesIO()
    Image.fromarray(painted).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _is_ours(data: bytes) -> bool:
    """Return whether it is a JPEG of a size that we store; else a row of a stranger could take all memory."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            return max(image.size) <= LARGEST
    except Exception:  # Pillow raises almost anything
        return False


def pixels_of(data: bytes) -> Pixels:
    """Return the pixels of one of our own JPEGs; raises DamagedStore if it is none."""
    pixels: Array | None = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB) if _is_ours(data) else None
    if pixels is None:
        raise DamagedStore("A stored picture is damaged: the evidence can't be shown.")
    return pixels
