"""A semantic model off the event loop: the pictures of a query, stored pictures, or words, as vectors.

The model is called by few threads, because a large one gains nothing from many and each costs memory. What waits is
bounded by the callers: a question waits for its own answer, and references are embedded a batch at a time.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Self

import numpy as np

from core.errors import DataError
from core.looks import EmbedderSpec
from core.model_ports import Embedder, TextEmbedder
from core.types import Pixels, Vectors
from embed.decode.picture import Decoder, decode_here
from embed.pictures import is_blank, pixels_of

MOST_FRAMES = 8
"""Frames of an animation that are compared; what looks alike looks alike in one of the first."""


class SemanticRunner:
    """`core.semantic.SemanticModel`; an async context manager, because threads must end."""

    def __init__(self, name: str, embedder: Embedder, threads: int = 1, decode: Decoder = decode_here) -> None:
        self._name = name
        self._embedder = embedder
        self._threads = threads
        self._decode = decode

    @property
    def name(self) -> str:
        """See `core.semantic.SemanticModel.name`."""
        return self._name

    @property
    def spec(self) -> EmbedderSpec:
        """See `core.semantic.SemanticModel.spec`."""
        return self._embedder.spec

    @property
    def knows_words(self) -> bool:
        """See `core.semantic.SemanticModel.knows_words`."""
        return isinstance(self._embedder, TextEmbedder)

    async def __aenter__(self) -> Self:
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="resight-semantic")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._pool.shutdown, cancel_futures=True)

    async def look(self, data: bytes) -> Vectors:
        """See `core.semantic.SemanticModel.look`."""
        return await self._run(lambda: self._embedded(self._decode(data, "").frames[:MOST_FRAMES]))

    async def embed(self, pictures: Sequence[bytes]) -> Vectors:
        """See `core.semantic.SemanticModel.embed`."""
        return await self._run(lambda: self._embedded([pixels_of(picture) for picture in pictures]))

    async def read(self, texts: Sequence[str]) -> Vectors:
        """See `core.semantic.SemanticModel.read`."""
        model = self._embedder
        if not isinstance(model, TextEmbedder):
            raise DataError(f"The model '{self._name}' knows no words: set RESIGHT_SEMANTIC_MODEL to a CLIP model.")
        return await self._run(lambda: model.embed_text(texts))

    async def _run[T](self, job: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, job)

    def _embedded(self, frames: Sequence[Pixels]) -> Vectors:
        shown = [frame for frame in frames if not is_blank(frame)]
        return self._embedder.embed(shown) if shown else np.empty((0, self.spec.dim), np.float32)
