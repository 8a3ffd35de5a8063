"""The model that finds similar images, and the one that replaces it once it has embedded everything.

    serving   answers questions                     coming   is being completed in the background
    ---------------------- complete: coming takes over, what was serving is forgotten ------------

A model that replaces another one answers nothing before it is complete: until then the old one does.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from core.errors import RetryLater
from core.metrics import Metric
from core.ports import Catalogue
from core.semantic import SemanticModel, SemanticVectors
from handlers.bell import Bell

type OpenIndex = Callable[[str, int, Metric], Awaitable[Catalogue]]
"""Opens a vector store for a space, its dimension and a metric."""


class IndexedModel:
    """A model with its vector stores, one for each metric, because a space of a vector store has one metric."""

    def __init__(self, model: SemanticModel, open_index: OpenIndex) -> None:
        self.model = model
        self._open_index = open_index
        self._indexes: dict[Metric, Catalogue] = {}
        self._opening = asyncio.Lock()

    @property
    def space(self) -> str:
        """The name of the model's vector space."""
        return self.model.spec.space_id

    @property
    def open_indexes(self) -> Sequence[Catalogue]:
        """The vector stores that are open."""
        return list(self._indexes.values())

    def is_open(self, metric: Metric) -> bool:
        """Return whether the vector store of this metric is open."""
        return metric in self._indexes

    async def index(self, metric: Metric) -> Catalogue:
        """Return the vector store of a metric, opened when it is first asked for."""
        async with self._opening:
            if metric not in self._indexes:
                spec = self.model.spec
                self._indexes[metric] = await self._open_index(f"{spec.space_id}-{metric}", spec.dim, metric)
            return self._indexes[metric]


@dataclass(slots=True)
class Semantics:
    """What similar images need; the one thing of `bot.services.Services` that changes while the bot runs.

    similar_at, words_at   cosine from which a reference is similar to a picture, or shows what words say
    bell                   rings when references were added, so that they are embedded
    """

    vectors: SemanticVectors
    similar_at: float
    words_at: float
    serving: IndexedModel | None = None
    coming: IndexedModel | None = None
    bell: Bell = field(default_factory=Bell)
    working: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def sides(self) -> Sequence[IndexedModel]:
        """The model that serves and the one to come, as far as there are any."""
        return [side for side in (self.serving, self.coming) if side is not None]

    def answering(self) -> IndexedModel:
        """Return the model that answers; raises RetryLater before the first one has embedded everything."""
        if self.serving is None:
            raise RetryLater("The references are still being embedded for similar images; try again in a while.")
        return self.serving
