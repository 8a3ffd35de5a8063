"""What pictures look like, beside what they are copies of: a second vector a reference, of another model.

    query image --SemanticModel.look--> vectors --+
    words       --SemanticModel.read--> vectors --+--> nearest references under the collection's metric --> Similar

The copy vector finds the same picture again; this one finds pictures of the same sort of thing, and, with a model that
knows words, pictures of what somebody describes. It never makes a match: `similar` is all that may be said of it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from core.looks import EmbedderSpec
from core.metrics import Metric
from core.types import Point, Reference, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A reference that looks like the query; `score` is in the units of `metric`, `frame` is the reference's."""

    reference: Reference
    score: float
    metric: Metric
    frame: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many references have a vector of the model in question; `total` counts those that have a picture."""

    done: int
    total: int

    @property
    def is_complete(self) -> bool:
        """Whether every reference was embedded."""
        return self.done >= self.total


class SemanticModel(Protocol):
    """One model, its heavy work off the event loop."""

    @property
    def name(self) -> str:
        """As it is set (`RESIGHT_SEMANTIC_MODEL`)."""
        ...

    @property
    def spec(self) -> EmbedderSpec:
        """What the model is; see `core.model_ports.Embedder.spec`."""
        ...

    @property
    def knows_words(self) -> bool:
        """Whether `read` works."""
        ...

    async def look(self, data: bytes) -> Vectors:
        """One vector a distinct frame of a query image, none of blank ones; raises Unscannable or Busy."""
        ...

    async def embed(self, pictures: Sequence[bytes]) -> Vectors:
        """One vector a stored picture of ours; raises DamagedStore."""
        ...

    async def read(self, texts: Sequence[str]) -> Vectors:
        """One vector a text; raises DataError where the model knows no words."""
        ...


class SemanticVectors(Protocol):
    """The vectors in SQL, by space (`EmbedderSpec.space_id`): the truth that the vector store projects."""

    async def lacking(self, space: str, limit: int) -> Sequence[UUID]:
        """References with pictures and without a vector of this space."""
        ...

    async def put(self, space: str, vectors: Mapping[UUID, Vectors]) -> None:
        """Set the vectors of references that still exist, one row a frame; none = it can't be embedded."""
        ...

    def points(self, space: str, references: Sequence[UUID] | None = None) -> AsyncIterator[Sequence[Point]]:
        """All points, or those of these references, page by page."""
        ...

    async def count(self, space: str, collections: Sequence[str]) -> int:
        """How many points these collections have."""
        ...

    async def progress(self, space: str) -> Progress:
        """Return how many references have a vector of this space, and how many there are."""
        ...

    async def serving(self) -> tuple[str, str] | None:
        """Space and name of the model that answers, None before the first one is complete."""
        ...

    async def serve(self, space: str, name: str) -> None:
        """From now on this one answers; the vectors of all others are forgotten."""
        ...
