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
        """The model's name as it is set (`RESIGHT_SEMANTIC_MODEL`)."""
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
        """Return a vector for each distinct frame of a query image, without blank ones; raises Unscannable or Busy."""
        ...

    async def embed(self, pictures: Sequence[bytes]) -> Vectors:
        """Return a vector for each stored picture; raises DamagedStore."""
        ...

    async def read(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text; raises DataError where the model knows no words."""
        ...


class SemanticVectors(Protocol):
    """The vectors in SQL, by space (`EmbedderSpec.space_id`): the truth that the vector store projects."""

    async def lacking(self, space: str, limit: int) -> Sequence[UUID]:
        """Return references with pictures that have no vector of this space."""
        ...

    async def put(self, space: str, vectors: Mapping[UUID, Vectors]) -> None:
        """Set the vectors of references that still exist, one row for each frame; none = it can't be embedded."""
        ...

    def points(self, space: str, references: Sequence[UUID] | None = None) -> AsyncIterator[Sequence[Point]]:
        """Yield all points, or those of these references, page by page."""
        ...

    async def count(self, space: str, collections: Sequence[str]) -> int:
        """Return the number of points in these collections."""
        ...

    async def progress(self, space: str) -> Progress:
        """Return how many references have a vector of this space, and how many there are."""
        ...

    async def serving(self) -> tuple[str, str] | None:
        """Return space and name of the model that answers; None before the first one is complete."""
        ...

    async def serve(self, space: str, name: str) -> None:
        """Let this model answer from now on; the vectors of all others are deleted."""
        ...
