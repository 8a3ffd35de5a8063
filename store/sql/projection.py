"""What the vector store still has to be told: it is a projection of the references, and these rows say how far behind.

A reference is out of date while its `synced_revision` differs from its `revision`; a removed one while its tombstone
stands. A confirmation of an older revision does not count for a newer one.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import RowMapping, Select, and_, bindparam, delete, select, tuple_, update

from core.types import Backlog, Point
from store.sql.db import Database
from store.sql.tables.catalogue import reference_images, tombstones, vectors

PAGE = 1000


def _point(row: RowMapping) -> Point:
    halves = row["halves"]
    values = np.frombuffer(halves[: len(halves) // 2 * 2], np.float16).astype(np.float32)
    return Point(reference=row["reference"], collection=row["collection"], part=row["part"], vector=values)


def _points() -> Select[Any]:
    return (
        select(vectors, reference_images.c.collection)
        .join(reference_images, vectors.c.reference == reference_images.c.id)
        .order_by(vectors.c.reference, vectors.c.part)
    )


class Projection:
    """The part of `core.ports.References` by which the vector store is kept up to date."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def points(self) -> AsyncIterator[Sequence[Point]]:
        """See `core.ports.References.points`."""
        after: tuple[Any, int] = (UUID(int=0), -1)
        place = tuple_(vectors.c.reference, vectors.c.part)
        while True:
            async with self._db.read() as connection:
                asked = _points().where(place > after).limit(PAGE)
                page = [_point(row) for row in (await connection.execute(asked)).mappings()]
            if not page:
                return
            yield page
            after = (page[-1].reference, page[-1].part)

    async def backlog(self, limit: int) -> Backlog:
        """See `core.ports.References.backlog`."""
        behind = (
            select(reference_images.c.id, reference_images.c.revision, reference_images.c.shrunk)
            .where(reference_images.c.synced_revision != reference_images.c.revision)
            .limit(limit)
        )
        async with self._db.read() as connection:
            buried = (await connection.execute(select(tombstones).limit(limit))).all()
            stale = (await connection.execute(behind)).all()
            stale_points = _points().where(vectors.c.reference.in_([row.id for row in stale]))
            rows = (await connection.execute(stale_points)).mappings().all() if stale else []
        return Backlog(
            points=tuple(_point(row) for row in rows),
            buried={row.reference: row.revision for row in buried},
            shrunk=tuple(row.id for row in stale if row.shrunk),
            revisions={row.id: row.revision for row in stale},
        )

    async def confirm(self, backlog: Backlog) -> None:
        """See `core.ports.References.confirm`."""
        same = and_(reference_images.c.id == bindparam("which"), reference_images.c.revision == bindparam("seen"))
        done = update(reference_images).where(same).values(synced_revision=bindparam("seen"), shrunk=False)
        stored = [{"which": reference, "seen": revision} for reference, revision in backlog.revisions.items()]
        dead = and_(tombstones.c.reference == bindparam("which"), tombstones.c.revision == bindparam("seen"))
        buried = [{"which": reference, "seen": revision} for reference, revision in backlog.buried.items()]
        async with self._db.write() as connection:
            if buried:
                await connection.execute(delete(tombstones).where(dead), buried)
            if stored:
                await connection.execute(done, stored)
