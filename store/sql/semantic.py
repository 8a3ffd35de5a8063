"""Semantic vectors in SQL: one row for each frame of a reference and each space; see `core.semantic`.

A row of part -1 without numbers says that a reference can't be embedded, so that nobody tries again and again.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping, delete, exists, func, insert, select, tuple_

from core.semantic import Progress
from core.types import Point, Vectors
from store.sql.db import Database
from store.sql.tables.catalogue import pictures, reference_images, semantic_vectors

SERVING = "semantic"
PAGE = 1000
NOTHING = -1


class SqlSemantic:
    """`core.semantic.SemanticVectors` on the SQL database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def lacking(self, space: str, limit: int) -> Sequence[UUID]:
        """See `core.semantic.SemanticVectors.lacking`."""
        wanted = select(reference_images.c.id).where(_has_picture(), ~_is_done(space)).limit(limit)
        async with self._db.read() as connection:
            return (await connection.execute(wanted)).scalars().all()

    async def put(self, space: str, vectors: Mapping[UUID, Vectors]) -> None:
        """See `core.semantic.SemanticVectors.put`."""
        if not vectors:
            return
        there = select(reference_images.c.id).where(reference_images.c.id.in_(vectors))
        same = semantic_vectors.c.reference.in_(vectors), semantic_vectors.c.space_id == space
        async with self._db.write() as connection:
            existing = set((await connection.execute(there)).scalars())
            rows = [row for reference in existing for row in _rows(space, reference, vectors[reference])]
            await connection.execute(delete(semantic_vectors).where(*same))
            if rows:
                await connection.execute(insert(semantic_vectors), rows)

    async def points(self, space: str, references: Sequence[UUID] | None = None) -> AsyncIterator[Sequence[Point]]:
        """See `core.semantic.SemanticVectors.points`."""
        after: tuple[Any, int] = (UUID(int=0), NOTHING)
        place = tuple_(semantic_vectors.c.reference, semantic_vectors.c.part)
        wanted = (
            select(semantic_vectors, reference_images.c.collection)
            .join(reference_images, semantic_vectors.c.reference == reference_images.c.id)
            .where(semantic_vectors.c.space_id == space, semantic_vectors.c.part > NOTHING)
            .order_by(*place.clauses)
            .limit(PAGE)
        )
        if references is not None:
            wanted = wanted.where(semantic_vectors.c.reference.in_(references))
        while True:
            async with self._db.read() as connection:
                page = [_point(row) for row in (await connection.execute(wanted.where(place > after))).mappings()]
            if page:
                yield page
            if len(page) < PAGE:
                return
            after = (page[-1].reference, page[-1].part)

    async def count(self, space: str, collections: Sequence[str]) -> int:
        """See `core.semantic.SemanticVectors.count`."""
        counted = (
            select(func.count())
            .select_from(semantic_vectors.join(reference_images))
            .where(
                semantic_vectors.c.space_id == space,
                semantic_vectors.c.part > NOTHING,
                reference_images.c.collection.in_(collections),
            )
        )
        async with self._db.read() as connection:
            return (await connection.execute(counted)).scalar_one()

    async def progress(self, space: str) -> Progress:
        """See `core.semantic.SemanticVectors.progress`."""
        total = select(func.count()).select_from(reference_images).where(_has_picture())
        async with self._db.read() as connection:
            all_of_them = (await connection.execute(total)).scalar_one()
            done = (await connection.execute(total.where(_is_done(space)))).scalar_one()
        return Progress(done=done, total=all_of_them)

    async def serving(self) -> tuple[str, str] | None:
        """See `core.semantic.SemanticVectors.serving`."""
        stored = await self._db.meta(SERVING)
        return tuple(json.loads(stored)) if stored else None

    async def serve(self, space: str, name: str) -> None:
        """See `core.semantic.SemanticVectors.serve`."""
        await self._db.set_meta(SERVING, json.dumps([space, name]))
        async with self._db.write() as connection:
            await connection.execute(delete(semantic_vectors).where(semantic_vectors.c.space_id != space))


def _has_picture() -> Any:
    return exists().where(pictures.c.reference == reference_images.c.id)


def _is_done(space: str) -> Any:
    same = semantic_vectors.c.reference == reference_images.c.id, semantic_vectors.c.space_id == space
    return exists().where(*same)


def _rows(space: str, reference: UUID, vectors: Vectors) -> list[dict[str, Any]]:
    same = {"reference": reference, "space_id": space}
    rows = [{**same, "part": part, "halves": row.astype(np.float16).tobytes()} for part, row in enumerate(vectors)]
    return rows or [{**same, "part": NOTHING, "halves": b""}]


def _point(row: RowMapping) -> Point:
    values = np.frombuffer(row["halves"], np.float16).astype(np.float32)
    return Point(reference=row["reference"], collection=row["collection"], part=row["part"], vector=values)
