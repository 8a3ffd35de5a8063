"""Which model says what pictures look like, and which one is to take over once it has embedded everything.

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

type OpenShelf = Callable[[str, int, Metric], Awaitable[Catalogue]]
"""Space, dimension, metric -> an open catalogue."""


class Side:
    """A model with its shelves: one catalogue a metric, because a space of the vector store has one metric."""

    def __init__(self, model: SemanticModel, open_shelf: OpenShelf) -> None:
        self.model = model
        self._open_shelf = open_shelf
        self._shelves: dict[Metric, Catalogue] = {}
        self._opening = asyncio.Lock()

    @property
    def space(self) -> str:
        """The name of the model's vector space."""
        return self.model.spec.space_id

    @property
    def open_shelves(self) -> Sequence[Catalogue]:
        """The vector stores that are open."""
        return list(self._shelves.values())

    def is_open(self, metric: Metric) -> bool:
        """Return whether the vector store of this metric is open."""
        return metric in self._shelves

    async def shelf(self, metric: Metric) -> Catalogue:
        """The catalogue of that metric, opened when it is first asked for."""
        async with self._opening:
            if metric not in self._shelves:
                spec = self.model.spec
                self._shelves[metric] = await self._open_shelf(f"{spec.space_id}-{metric}", spec.dim, metric)
            return self._shelves[metric]


@dataclass(slots=True)
class Semantics:
    """Everything that similar images need; the one thing in `Services` that changes while the bot runs.

    similar_at, words_at   cosine from which a reference is similar to a picture, or shows what words say
    bell                   rings when references were added, so that they are embedded
    """

    vectors: SemanticVectors
    similar_at: float
    words_at: float
    serving: Side | None = None
    coming: Side | None = None
    bell: Bell = field(default_factory=Bell)
    working: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def sides(self) -> Sequence[Side]:
        """The model that serves and the one to come, as far as there are any."""
        return [side for side in (self.serving, self.coming) if side is not None]

    def answering(self) -> Side:
        """The side that answers; raises RetryLater before the first model has embedded everything."""
        if self.serving is None:
            raise RetryLater("The references are still being embedded for similar images; try again in a while.")
        return self.serving
