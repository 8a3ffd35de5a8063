"""Heavy work off the event loop: a thread a core, a bounded queue, and one job from bytes to embeddings.

    look      decode -> views -> hash -> embed       one job, one thread: pixels never wait between queues
    prepare   decode -> whole frames -> hash, embed + JPEG  for references
    hashed    stored JPEG -> hash                     for references of before there were hashes
    verify    query crop x stored JPEG -> Evidence
    evidence  two stored JPEGs -> one, side by side

Pillow, OpenCV and onnxruntime release the interpreter lock while they work, so the event loop stays on time.
"""

import asyncio
import io
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from PIL import Image

from core.errors import Busy, DamagedStore, Unscannable
from core.ports import Embedder, WorthACheck, always
from core.types import Box, EmbedderSpec, Evidence, Look, PdqHash, Picture, Pixels, Quad, Vectors, View, ViewHash
from embed.decode import decode
from embed.evidence import side_by_side
from embed.pdq import pdq, poses
from embed.verify import Plate, check, placed
from embed.views import crop, views

KEPT_PLATES = 64
"""Reference pictures kept ready for pair checks, about 0.4 MB each."""

BLANK_SPREAD = 3.0
"""Standard deviation (0..255) below which a picture has nothing that could be recognised."""

KEPT_QUALITY = 85
THUMBNAIL = 256


class Runner:
    """`core.ports.Runner`; an async context manager, because threads must end."""

    def __init__(self, embedder: Embedder, *, threads: int | None = None, waiting: int = 512) -> None:
        self._embedder = embedder
        self._threads = threads or os.cpu_count() or 1
        self._free = waiting
        self._plate = lru_cache(KEPT_PLATES)(Plate.of_jpeg)

    @property
    def spec(self) -> EmbedderSpec:
        return self._embedder.spec

    async def __aenter__(self) -> Self:
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="resight")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def _run[T](self, job: Callable[[], T]) -> T:
        """Run a job on a worker thread; raises Busy instead of piling up images in memory."""
        if self._free <= 0:
            raise Busy("Too many images are being looked at already; try again in a few seconds.")
        self._free -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, job)
        finally:
            self._free += 1

    async def look(self, data: bytes, sha256: str = "") -> Look:
        return await self._run(lambda: self._look(data, sha256))

    async def prepare(self, data: bytes) -> tuple[Look, tuple[bytes, ...]]:
        return await self._run(lambda: self._prepare(data))

    async def hashed(self, picture: bytes) -> PdqHash:
        return await self._run(lambda: pdq(pixels_of(picture)))

    async def verify(
        self, look: Look, pairs: Sequence[tuple[View, bytes]], is_worth_a_check: WorthACheck = always
    ) -> list[Evidence | None]:
        return await self._run(lambda: self._verify(look.picture, pairs, is_worth_a_check)) if pairs else []

    async def thumbnail(self, look: Look, frame: int = 0) -> bytes:
        return await self._run(lambda: jpeg(look.picture.frames[frame], THUMBNAIL))

    async def evidence(self, posted: bytes, reference: bytes, quad: Quad | None) -> bytes:
        return await self._run(lambda: jpeg(side_by_side(pixels_of(posted), pixels_of(reference), quad)))

    def _look(self, data: bytes, sha256: str) -> Look:
        timings: dict[str, float] = {}
        with _timed(timings, "decode"):
            picture = decode(data, digest=sha256)
        with _timed(timings, "views"):
            chosen = views(picture, mirrored=not self.spec.mirror_invariant)
            crops = [crop(picture.frames[view.frame], view) for view in chosen]
            kept = [number for number, part in enumerate(crops) if not is_blank(part)]
        with _timed(timings, "pdq"):
            hashes = _hashes((chosen[number], crops[number]) for number in kept)
        with _timed(timings, "embed"):
            vectors = self._embed([crops[number] for number in kept])
        shown = tuple(chosen[number] for number in kept)
        return Look(picture=picture, views=shown, vectors=vectors, timings_ms=timings, hashes=hashes)

    def _prepare(self, data: bytes) -> tuple[Look, tuple[bytes, ...]]:
        picture = decode(data)
        kept = [number for number, frame in enumerate(picture.frames) if not is_blank(frame)]
        if not kept:
            raise Unscannable("blank", "The picture has one colour: there is nothing in it to recognise.")
        frames = [picture.frames[number] for number in kept]
        whole = tuple(View(frame=number) for number in kept)
        hashes = _hashes(zip(whole, frames, strict=True))
        look = Look(picture=picture, views=whole, vectors=self._embed(frames), hashes=hashes)
        return look, tuple(jpeg(frame) for frame in frames)

    def _embed(self, crops: Sequence[Pixels]) -> Vectors:
        if not crops:
            return np.empty((0, self.spec.dim), np.float32)
        return self._embedder.embed(crops)

    def _verify(
        self, picture: Picture, pairs: Sequence[tuple[View, bytes]], is_worth_a_check: WorthACheck
    ) -> list[Evidence | None]:
        plates: dict[tuple[int, Box], Plate] = {}
        found: list[Evidence | None] = []
        for number, (view, kept) in enumerate(pairs):
            if not is_worth_a_check(number, found):
                found.append(None)
                continue
            place = (view.frame, view.box)
            if place not in plates:
                plates[place] = Plate.of(crop(picture.frames[view.frame], replace(view, mirrored=False)))
            found.append(in_frame(check(plates[place], self._plate(kept)), view))
        return found


def _hashes(parts: Iterable[tuple[View, Pixels]]) -> tuple[ViewHash, ...]:
    """Of all views but the mirrored: those are among the poses of the others."""
    hashed = ((view, *poses(pixels)) for view, pixels in parts if not view.mirrored)
    return tuple(ViewHash(view=view, poses=bits, quality=quality) for view, bits, quality in hashed)


def in_frame(evidence: Evidence, view: View) -> Evidence:
    """The evidence in the coordinates of the whole frame instead of the view's box."""
    left, top, right, bottom = view.box
    wide, high = right - left, bottom - top
    if evidence.quad is None or view.box == (0.0, 0.0, 1.0, 1.0):
        return evidence
    first, second, third, fourth = ((left + x * wide, top + y * high) for x, y in evidence.quad)
    return placed(evidence, (first, second, third, fourth))


def is_blank(pixels: Pixels) -> bool:
    """Whether all of it has nearly one colour."""
    return min(pixels.shape[:2]) < 2 or bool(cv2.meanStdDev(pixels)[1].max() < BLANK_SPREAD)


def jpeg(pixels: Pixels, longest: int | None = None) -> bytes:
    """A fresh JPEG made from pixels: no metadata of the original survives."""
    image = Image.fromarray(pixels)
    if longest:
        image.thumbnail((longest, longest))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=KEPT_QUALITY)
    return buffer.getvalue()


def pixels_of(data: bytes) -> Pixels:
    """The pixels of one of our own JPEGs; raises DamagedStore if it is none."""
    pixels: np.ndarray[Any, np.dtype[Any]] | None = None
    if data:  # OpenCV has no words for an empty buffer
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise DamagedStore("A stored picture is damaged: the evidence can't be shown.")
    return pixels


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[stage] = (time.perf_counter() - started) * 1000
