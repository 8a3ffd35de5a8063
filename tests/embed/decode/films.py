"""Small videos, made while they are needed: scenes of scribbles, in every container and codec that is read."""

import io
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from core.types import Pixels
from tests.small import scribble

WIDE, HIGH = 192, 128
FAST = {
    "libx264": {"preset": "ultrafast", "sc_threshold": "0"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
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
