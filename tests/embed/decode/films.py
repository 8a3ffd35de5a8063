"""Small videos, made while they are needed: scenes of scribbles, in every container and codec that is read.

film       scenes one after the other          restless   a landscape that passes by, with one still picture in it
slow       a frame each few seconds            at_times   frames at the times that are given
"""

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from importlib import import_module
from math import cos, sin
from typing import Any

import numpy as np
from PIL import Image

from core.types import Pixels
from tests.small import scribble

WIDE, HIGH = 192, 128
FAST = {
    "libx264": {"preset": "ultrafast", "sc_threshold": "0"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=1"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}
CODECS = [
    ("mp4", "libx264"),
    ("mp4", "mpeg4"),
    ("mov", "libx264"),
    ("webm", "libvpx"),
    ("webm", "libvpx-vp9"),
    ("matroska", "libx264"),
]


def scenes(count: int, each: int) -> Iterator[Pixels]:
    """That many different pictures, each shown for so many frames."""
    for number in range(count):
        page = np.asarray(scribble(number, WIDE, HIGH))
        yield from [page] * each


@cache
def film(
    kind: str = "mp4", codec: str = "libx264", count: int = 5, each: int = 8, *, gap: int = 0, sound: bool = False
) -> bytes:
    """A video of scenes at 25 frames a second; `gap` frames between key frames."""
    av: Any = import_module("av")  # an extra
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=25, options=FAST.get(codec, {}))
        stream.width, stream.height = WIDE, HIGH
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        if gap:
            stream.codec_context.gop_size = gap
        tone = container.add_stream("aac", rate=44_100) if sound else None
        for page in scenes(count, each):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(page, format="rgb24")))
        container.mux(stream.encode())
        if tone:
            hum = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
            hum.rate = 44_100
            container.mux([*tone.encode(hum), *tone.encode()])
    return buffer.getvalue()


@cache
def restless(
    seconds: int, *, still_at: float | None = None, rate: int = 25, still: bytes = b"", kind: str = "mp4"
) -> bytes:
    """A camera that moves over a large picture all the time; for one second a still picture is shown instead.

    That is the first scribble, or the image file `still`.
    """
    land = np.asarray(scribble(77, WIDE * 4, HIGH * 4))
    page = np.asarray(Image.open(io.BytesIO(still)).convert("RGB").resize((WIDE, HIGH))) if still else None
    page = np.asarray(scribble(0, WIDE, HIGH)) if page is None else page

    def pages() -> Iterator[tuple[float, Pixels]]:
        for number in range(seconds * rate):
            at = number / rate
            is_still = still_at is not None and still_at <= at < still_at + 1
            left, top = int(WIDE * 3 * (0.5 + 0.5 * sin(at / 3))), int(HIGH * 3 * (0.5 + 0.5 * cos(at / 4)))
            yield at, page if is_still else land[top : top + HIGH, left : left + WIDE]

    return _encoded(pages(), kind)


@cache
def slow(seconds: int, *, every: int, pages: int = 40) -> bytes:
    """A frame each few seconds, for hours."""
    return at_times(*range(0, seconds, every), pages=pages)


def at_times(*seconds: float, pages: int = 100, first: int = 0) -> bytes:
    """A frame at each of these seconds, of so many different ones in turn."""
    return _encoded((at, np.asarray(scribble(first + number % pages, WIDE, HIGH))) for number, at in enumerate(seconds))


def black_first() -> bytes:
    """A second of black, then a scribble."""
    black, page = np.zeros((HIGH, WIDE, 3), np.uint8), np.asarray(scribble(0, WIDE, HIGH))
    return _encoded((number / 25, black if number < 25 else page) for number in range(50))


def without_frames(kind: str) -> bytes:
    """The head of a video, and nothing behind it."""
    av: Any = import_module("av")  # an extra
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=kind, options={"movflags": "empty_moov+frag_keyframe"}) as container:
        stream = container.add_stream("libx264" if kind == "mp4" else "libvpx", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        container.start_encoding()
    return buffer.getvalue()


def see_through(number: int) -> bytes:
    """A sticker of a scribble whose upper half can be seen through; what lies under it is red."""
    av: Any = import_module("av")  # an extra
    page = np.dstack([np.asarray(scribble(number, WIDE, HIGH)), np.full((HIGH, WIDE), 255, np.uint8)])
    page[: HIGH // 2] = (255, 0, 0, 0)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="webm") as container:
        stream = container.add_stream("libvpx-vp9", rate=25, options={**FAST["libvpx-vp9"], "auto-alt-ref": "0"})
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuva420p"
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(page, format="rgba").reformat(format="yuva420p")))
        container.mux(stream.encode())
    return buffer.getvalue()


def _encoded(frames: Iterator[tuple[float, Pixels]], kind: str = "mp4") -> bytes:
    av: Any = import_module("av")  # an extra
    buffer, clock = io.BytesIO(), Fraction(1, 1000)
    codec = "libx264" if kind == "mp4" else "libvpx-vp9"
    with av.open(buffer, "w", format=kind) as container:
        stream = container.add_stream(codec, rate=25, options=FAST[codec])
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        stream.codec_context.time_base = clock
        for at, page in frames:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(page), format="rgb24")
            frame.pts, frame.time_base = round(at * 1000), clock
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return buffer.getvalue()
