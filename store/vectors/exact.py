"""ExactCatalogue: the vector store's port in plain numpy, in memory; the oracle that the tests compare with.

Not for production: at most 50,000 points, nothing survives the process.
"""

from collections.abc import AsyncIterator, Sequence
from collections.abc import Collection as Group
from uuid import UUID

import numpy as np

from core.errors import DataError, EnvironmentTrouble, WrongSpace
from core.matches import Hit
from core.metrics import Metric
from core.types import Point, Vectors

MOST_POINTS = 50_000
WRONG = "The space {space} holds vectors of {known} numbers, not of {dim}, or not by {metric} but by {compared}."


def unit_rows(vectors: Vectors, dim: int) -> Vectors:
    """Return the rows with length 1, checked: every vector passes here before any store sees it."""
    rows: Vectors = np.atleast_2d(np.asarray(vectors, np.float64))
    if rows.ndim != 2 or rows.shape[1] != dim:
        raise DataError(f"A vector has {rows.shape[-1]} numbers where {dim} are expected.")
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all():
        raise DataError("A vector holds a number that is not finite.")
    if not (lengths > 0).all():
        raise DataError("A vector is all zeros: it points nowhere.")
    return (rows / lengths).astype(np.float32)


def rows_of(points: Sequence[Point], dim: int) -> Vectors:
    """Return the points' vectors as one array, all checked."""
    if wrong := next((point for point in points if np.shape(point.vector) != (dim,)), None):
        raise DataError(f"A vector has the shape {np.shape(wrong.vector)} where {dim} numbers are expected.")
    return unit_rows(np.stack([point.vector for point in points]), dim)


class ExactCatalogue:
    """Every point in a dict, every search a matrix product."""

    def __init__(self) -> None:
        self._spaces: dict[str, tuple[int, Metric, dict[UUID, Point]]] = {}
        self._space = ""

    @property
    def is_up(self) -> bool:
        """See `core.ports.Catalogue.is_up`."""
        return True

    async def open_space(self, space_id: str, dim: int, metric: Metric = Metric.COSINE) -> None:
        """See `core.ports.Catalogue.open_space`."""
        dimension, compared, _ = self._spaces.setdefault(space_id, (dim, metric, {}))
        if (dimension, compared) != (dim, metric):
            raise WrongSpace(WRONG.format(space=space_id, known=dimension, compared=compared, dim=dim, metric=metric))
        self._space = space_id

    async def upsert(self, points: Sequence[Point]) -> None:
        """See `core.ports.Catalogue.upsert`."""
        if not points:
            return
        dim, _, held = self._open()
        new = {
            point.id: Point(reference=point.reference, collection=point.collection, part=point.part, vector=row)
            for point, row in zip(points, rows_of(points, dim), strict=True)
        }
        if len(held.keys() | new.keys()) > MOST_POINTS:
            raise DataError(f"The exact catalogue is for tests and holds at most {MOST_POINTS} points.")
        held.update(new)

    async def delete(self, references: Sequence[UUID]) -> None:
        """See `core.ports.Catalogue.delete`."""
        held, gone = self._open()[2], set(references)
        for point in [point for point in held.values() if point.reference in gone]:
            del held[point.id]

    async def search(self, vectors: Vectors, collections: Group[str], *, limit: int, floor: float) -> list[list[Hit]]:
        """See `core.ports.Catalogue.search`."""
        dim, metric, held = self._open()
        if not len(vectors):
            return []
        rows, wanted = unit_rows(vectors, dim), set(collections)
        points = [point for point in held.values() if point.collection in wanted]
        if not points:
            return [[] for _ in rows]
        scores = compared(rows, np.stack([point.vector for point in points]), metric)
        return [best(points, row, limit, floor, metric) for row in scores]

    async def count(self, collections: Group[str] | None = None) -> int:
        """See `core.ports.Catalogue.count`."""
        held = self._open()[2]
        return sum(collections is None or point.collection in collections for point in held.values())

    async def references(self) -> AsyncIterator[UUID]:
        """See `core.ports.Catalogue.references`."""
        for point in list(self._open()[2].values()):
            yield point.reference

    async def clear(self) -> None:
        """See `core.ports.Catalogue.clear`."""
        self._open()[2].clear()

    async def ping(self) -> None:
        """Return at once: it is always there."""

    def _open(self) -> tuple[int, Metric, dict[UUID, Point]]:
        if self._space not in self._spaces:
            raise EnvironmentTrouble("No space of the vector store is open yet.")
        return self._spaces[self._space]


def compared(rows: Vectors, others: Vectors, metric: Metric) -> Vectors:
    """Return the scores [rows, others] of vectors of length 1."""
    if metric is Metric.MANHATTAN:
        return np.stack([np.abs(others - row).sum(axis=1) for row in rows])
    cosines: Vectors = np.clip(rows @ others.T, -1.0, 1.0)
    distances: Vectors = np.sqrt(2 - 2 * cosines)
    return distances if metric is Metric.EUCLIDEAN else cosines


def best(points: Sequence[Point], scores: np.ndarray, limit: int, floor: float, metric: Metric) -> list[Hit]:
    """Return the `limit` best points that meet the floor, closest first."""
    nearest = np.argsort(scores if metric.is_distance else -scores, kind="stable")[:limit]
    return [hit(points[at], float(scores[at])) for at in nearest if metric.meets(float(scores[at]), floor)]


def hit(point: Point, score: float) -> Hit:
    """Return a point and its score as a hit."""
    return Hit(reference=point.reference, part=point.part, score=score)
