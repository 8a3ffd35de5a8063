"""Heavy work off the event loop: a thread a core, a bounded queue, and jobs that hold their pixels from end to end.

    look      decode -> whole frames -> hash, embed                  a query image
    parts     regions of the same picture -> embed                   if the whole did not settle it
    prepare   decode -> whole frames, also inverted -> hash, embed + what is kept of each, and its words
                                                                     a reference image
    restored  what a file says was kept -> the same, checked         a reference of somebody else's catalogue
    hashed    stored JPEG -> hash                                    for references of before there were hashes
    verify    query x what is kept of a reference -> Evidence
    logos     query x what is kept of all logos -> LogoHits
    evidence  two stored JPEGs -> one, side by side with what differs

Pillow, OpenCV and onnxruntime release the interpreter lock while they work, so the event loop stays on time.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import lru_cache
from types import TracebackType
from typing import Self

import numpy as np

from core.confidence import is_aligned_copy
from core.errors import Busy, DamagedStore, EnvironmentTrouble, Unscannable
from core.kept_words import pack
from core.logos import LogoHit
from core.looks import EmbedderSpec, Look, Material, Notes, PdqHash, Picture, Stages, View, ViewHash
from core.matches import Difference, Evidence, Logos
from core.model_ports import Embedder, WordReader, WorthACheck, always
from core.types import Damage, Pixels, Quad, Vectors
from embed import restored
from embed.decode.picture import Decoder, decode_here
from embed.logos.art import art_of
from embed.logos.search import LogoIndex, find
from embed.pairs import features
from embed.pairs.evidence import side_by_side, what_differs
from embed.pairs.pair_image import REFERENCE_FEATURES, PairImage
from embed.pairs.reading import with_content
from embed.pairs.spoken import complain
from embed.pairs.verify import check
from embed.pdq import pdq, poses
from embed.pictures import is_blank, is_plain, is_rendition, jpeg, masked, pixels_of
from embed.thread_queue import ThreadQueue
from embed.views.frames import is_all_frame
from embed.views.regions import crop, parts, to_frame, wholes
from embed.views.screens import looks_like_screen

KEPT_PAIR_IMAGES = 64
"""Reference pictures kept ready for pair checks, about 0.4 MB each."""

KEPT_INDEXES = 4
"""Sets of logos kept ready: one a scope that is asked for often."""

LOGO_FRAMES = 4
"""Frames of an animation in which logos are looked for."""

KEPT_SIDE = 448
THUMBNAIL = 256
PAGE_S, PAGES_S = 0.15, 0.6
"""CPU seconds for the words of a frame of a reference that is added, about ten lines; for those of all its frames."""

BUDGET_S = 1.5
"""CPU seconds that one picture may cost; a pair check that has begun is finished."""


class Runner:
    """`core.ports.Runner`; an async context manager, because threads must end.

    `floor` instead of the model's own; `decode` what turns files into pictures (the product's: `embed.decode.sandbox`);
    `reader` reads words that seem exchanged, None = nobody does.
    """

    def __init__(
        self,
        embedder: Embedder,
        *,
        threads: int | None = None,
        waiting: int = 512,
        budget_s: float = BUDGET_S,
        stages: Stages | None = None,
        floor: float | None = None,
        decode: Decoder = decode_here,
        reader: WordReader | None = None,
    ) -> None:
        self._embedder = embedder
        self._spec = embedder.spec if floor is None else replace(embedder.spec, floor=floor)
        self._threads = threads or os.cpu_count() or 1
        self._free = waiting
        self._queue = ThreadQueue(self._threads)
        self._budget_s = budget_s
        self._decode = decode
        self._reader = reader
        self._stages = stages or Stages()
        self._pair_image = lru_cache(KEPT_PAIR_IMAGES)(
            lambda stored: PairImage.of_stored(stored.picture, stored.features, stored.words)
        )
        self._index = lru_cache(KEPT_INDEXES)(LogoIndex.of)

    @property
    def spec(self) -> EmbedderSpec:
        """See `core.model_ports.Runner.spec`."""
        return self._spec

    @property
    def sure_floor(self) -> float:
        """See `core.model_ports.Runner.sure_floor`."""
        return self._embedder.spec.floor

    @property
    def stages(self) -> Stages:
        """See `core.model_ports.Runner.stages`."""
        return self._stages

    def hurried(self) -> AbstractContextManager[None]:
        """See `core.model_ports.Runner.hurried`."""
        return self._queue.hurried()

    @property
    def threads(self) -> int:
        """See `core.model_ports.Runner.threads`."""
        return self._threads

    @property
    def budget_s(self) -> float:
        """See `core.model_ports.Runner.budget_s`."""
        return self._budget_s

    async def __aenter__(self) -> Self:
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="resight")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._queue.close()
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def _run[T](self, job: Callable[[], T]) -> T:
        """Run a job on a worker thread; raises Busy instead of piling up images in memory."""
        if self._free <= 0:
            raise Busy("Too many images are being looked at already; try again in a few seconds.")
        self._free -= 1
        try:
            async with self._queue.taken():
                return await asyncio.get_running_loop().run_in_executor(self._pool, job)
        finally:
            self._free += 1

    async def look(self, data: bytes, sha256: str = "") -> Look:
        """See `core.model_ports.Runner.look`."""
        return await self._run(lambda: self._look(data, sha256))

    async def shows(self, look: Look, rendition: bytes) -> bool:
        """See `core.model_ports.Runner.shows`."""
        return await self._run(lambda: self._shows(look, rendition))

    async def parts(self, look: Look) -> Look:
        """See `core.model_ports.Runner.parts`."""
        return await self._run(lambda: self._parts(look))

    async def prepare(self, data: bytes) -> tuple[Look, tuple[Material, ...]]:
        """See `core.model_ports.Runner.prepare`."""
        return await self._run(lambda: self._prepare(data))

    async def restored(
        self, said: Sequence[Material], halves: Sequence[bytes], hashes: Sequence[PdqHash], *, trusting: bool = False
    ) -> tuple[Vectors, tuple[Material, ...], tuple[PdqHash, ...]]:
        """See `core.model_ports.Runner.restored`."""
        return await self._run(lambda: self._restored(said, halves, hashes, trusting=trusting))

    async def hashed(self, picture: bytes) -> PdqHash:
        """See `core.model_ports.Runner.hashed`."""
        return await self._run(lambda: pdq(pixels_of(picture)))

    async def verify(
        self,
        look: Look,
        pairs: Sequence[tuple[View, Material]],
        is_worth_a_check: WorthACheck = always,
        *,
        at_a_glance: bool = False,
    ) -> list[Evidence | None]:
        """See `core.model_ports.Runner.verify`."""
        stages = replace(self._stages, closer=self._stages.closer and not at_a_glance)
        return await self._run(lambda: self._verify(look, pairs, is_worth_a_check, stages)) if pairs else []

    async def damage(self, kept: Material) -> Damage:
        """See `core.model_ports.Runner.damage`."""
        return await self._run(lambda: restored.damage(kept))

    async def logos(self, look: Look, logos: Logos) -> list[LogoHit]:
        """See `core.model_ports.Runner.logos`."""
        return await self._run(lambda: self._logos(look, logos)) if logos else []

    async def thumbnail(self, look: Look, frame: int = 0, longest: int = THUMBNAIL) -> bytes:
        """See `core.model_ports.Runner.thumbnail`."""
        return await self._run(lambda: jpeg(look.picture.frames[frame], longest))

    async def masked(self, look: Look, quads: Sequence[Quad]) -> bytes:
        """See `core.model_ports.Runner.masked`."""
        return await self._run(lambda: masked(look.picture.frames[0], quads))

    async def evidence(
        self, posted: bytes, reference: bytes, quad: Quad | None, differs: Sequence[Difference] = ()
    ) -> bytes:
        """See `core.model_ports.Runner.evidence`."""
        return await self._run(lambda: jpeg(side_by_side(pixels_of(posted), pixels_of(reference), quad, differs)))

    async def difference(
        self, posted: bytes, reference: bytes, quad: Quad, differs: Sequence[Difference] = ()
    ) -> bytes | None:
        """See `core.model_ports.Runner.difference`."""
        part = await self._run(lambda: what_differs(pixels_of(posted), pixels_of(reference), quad, differs))
        return None if part is None else jpeg(part)

    def _look(self, data: bytes, sha256: str) -> Look:
        timings: dict[str, float] = {}
        notes = Notes()
        with _timed(timings, "decode", notes):
            picture = self._decode(data, sha256)
        with _timed(timings, "pdq", notes):
            frames = [(View(frame=number), frame) for number, frame in enumerate(picture.frames)]
            hashes = _hashes(numbered for numbered in frames if not is_blank(numbered[1]))
        look = self._embedded(picture, wholes(picture, mirrored=not self.spec.mirror_invariant), timings, notes)
        return replace(look, hashes=hashes)

    def _shows(self, look: Look, rendition: bytes) -> bool:
        try:
            frames = self._decode(rendition, "").frames
        except Unscannable:
            return False
        return all(any(is_rendition(frame, whole) for whole in look.picture.frames) for frame in frames)

    def _parts(self, look: Look) -> Look:
        timings: dict[str, float] = {}
        with _timed(timings, "views", look.notes):
            chosen = parts(look.picture, self._stages)
        return self._embedded(look.picture, chosen, timings, look.notes)

    def _embedded(self, picture: Picture, views: Sequence[View], timings: dict[str, float], notes: Notes) -> Look:
        with _timed(timings, "embed", notes):
            crops = [(view, crop(picture.frames[view.frame], view)) for view in views]
            shown = [(view, pixels) for view, pixels in crops if not is_blank(pixels)]
            vectors = self._embed([pixels for _, pixels in shown], [view.zoom for view, _ in shown])
        return Look(
            picture=picture, views=tuple(view for view, _ in shown), vectors=vectors, timings_ms=timings, notes=notes
        )

    def _prepare(self, data: bytes) -> tuple[Look, tuple[Material, ...]]:
        picture = self._decode(data, "")
        frames = [frame for frame in picture.frames if not is_blank(frame)]
        if not frames:
            raise Unscannable("blank", "The picture has one colour: there is nothing in it to recognise.")
        if all(is_plain(frame) for frame in frames):
            raise Unscannable("plain", "The picture is too plain: there is too little in it to tell it from others.")
        shown, logo = art_of(frames)
        materials = [material(frame, logo if number == shown else b"") for number, frame in enumerate(frames)]
        both = [*frames, *(255 - frame for frame in frames if self._stages.inverted)]
        views = [View(frame=number % len(frames), inverted=number >= len(frames)) for number in range(len(both))]
        look = Look(
            picture=picture,
            views=tuple(views),
            vectors=self._embed(both, [1.0] * len(both)),
            is_screen=looks_like_screen(frames[0]),
            is_frame=is_all_frame(PairImage.of_stored(materials[0].picture, materials[0].features)),
            hashes=_hashes(zip(views[: len(frames)], frames, strict=True)),
        )
        return look, self._heard(materials)

    def _restored(
        self, given: Sequence[Material], halves: Sequence[bytes], hashes: Sequence[PdqHash], *, trusting: bool
    ) -> tuple[Vectors, tuple[Material, ...], tuple[PdqHash, ...]]:
        frames = [restored.frame_of(self._decode, material_given.picture) for material_given in given]
        restored.check_frames(frames)
        both = [*frames, *(255 - frame for frame in frames if self._stages.inverted)]
        if trusting and len(halves) >= len(both):
            vectors = restored.unit_vectors(halves[: len(both)], self.spec.dim)
        else:
            vectors = restored.vectors_of(halves[: len(both)], self._embed(both, [1.0] * len(both)))
        shown, logo = art_of(frames)
        drawn = [logo if number == shown else b"" for number in range(len(frames))]
        trusted = [material_given.features if trusting else b"" for material_given in given]
        made = [material(*parts) for parts in zip(frames, drawn, trusted, strict=True)]
        materials = [restored.material_of(self._decode, *parts) for parts in zip(frames, given, made, strict=True)]
        return vectors, tuple(materials), restored.hashes_of(frames, hashes)

    def _heard(self, materials: Sequence[Material]) -> tuple[Material, ...]:
        """Return the frames with their words, the first ones first; words not read now are read when they matter."""
        if self._reader is None or not self._stages.spoken:
            return tuple(materials)
        until, heard = time.thread_time() + PAGES_S, list(materials)
        try:
            for number, stored in enumerate(materials):
                if time.thread_time() < until:
                    heard[number] = replace(stored, words=pack(self._reader.page(pixels_of(stored.picture), PAGE_S)))
        except EnvironmentTrouble as error:  # a reference without its words is a reference
            complain(self._reader, error)
        return tuple(heard)

    def _embed(self, crops: Sequence[Pixels], zooms: Sequence[float]) -> Vectors:
        if not crops:
            return np.empty((0, self.spec.dim), np.float32)
        return self._embedder.embed(crops, zooms)

    def _verify(
        self,
        look: Look,
        pairs: Sequence[tuple[View, Material]],
        is_worth_a_check: WorthACheck,
        stages: Stages | None = None,
    ) -> list[Evidence | None]:
        evidence: list[Evidence | None] = []
        for number, (view, stored) in enumerate(pairs):
            if look.notes.spent_s > self._budget_s or not is_worth_a_check(number, evidence):
                evidence.append(None)
                continue
            with _timed({}, "verify", look.notes):
                pair_image = self._read_back(look, stored)
                evidence.append(
                    None if pair_image is None else self._checked(look, view, pair_image, stages or self._stages)
                )
        return evidence

    def _read_back(self, look: Look, stored: Material) -> PairImage | None:
        """Return the reference's side; None where it is damaged, which must not end the search for the others."""
        try:
            pair_image: PairImage = self._pair_image(stored)
        except DamagedStore:
            look.notes.damaged.add(stored)
            return None
        return pair_image

    def _checked(self, look: Look, view: View, reference: PairImage, stages: Stages) -> Evidence:
        evidence = self._aligned(look, view, reference, stages)
        if not (self._stages.content and is_aligned_copy(evidence)):
            return evidence
        whole = _pair_image_of(look, View(frame=view.frame))
        budget_s = max(0.0, self._budget_s - look.notes.spent_s)
        evidence, is_partial = with_content(evidence, whole, reference, self._stages, self._reader, budget_s)
        look.notes.unread |= is_partial
        return evidence

    def _aligned(self, look: Look, view: View, reference: PairImage, stages: Stages) -> Evidence:
        frame = look.picture.frames[view.frame]
        whole = _pair_image_of(look, View(frame=view.frame))
        matrix = to_frame(view, frame.shape[1], frame.shape[0])
        part = whole if matrix is None else _pair_image_of(look, view)
        return check(whole, part, matrix, reference, stages)

    def _logos(self, look: Look, logos: Logos) -> list[LogoHit]:
        index, hits = self._index(logos), list[LogoHit]()
        for number, frame in enumerate(look.picture.frames[:LOGO_FRAMES]):
            if look.notes.spent_s <= self._budget_s:
                with _timed({}, "logos", look.notes):
                    hits += find(frame, index, number)
        return hits


def _hashes(parts: Iterable[tuple[View, Pixels]]) -> tuple[ViewHash, ...]:
    hashed = ((view, *poses(pixels)) for view, pixels in parts)
    return tuple(ViewHash(view=view, poses=bits, quality=quality) for view, bits, quality in hashed)


def _pair_image_of(look: Look, view: View) -> PairImage:
    """Return the query's side of a pair check, made once a view."""
    if view not in look.notes.pair_images:
        look.notes.pair_images[view] = PairImage.of(crop(look.picture.frames[view.frame], view))
    pair_image: PairImage = look.notes.pair_images[view]
    return pair_image


def material(frame: Pixels, logo: bytes = b"", known: bytes = b"") -> Material:
    """Return what is kept of a reference's frame; `logo` if it is one; `known` are its features, if they are."""
    packed = known or features.pack(PairImage.of(frame, REFERENCE_FEATURES).features)
    return Material(picture=jpeg(frame, KEPT_SIDE), features=packed, logo=logo)


@contextmanager
def _timed(timings: dict[str, float], stage: str, notes: Notes) -> Iterator[None]:
    started, used = time.perf_counter(), time.thread_time()
    yield
    timings[stage] = (time.perf_counter() - started) * 1000
    notes.spent_s += time.thread_time() - used
