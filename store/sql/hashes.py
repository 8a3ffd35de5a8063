"""The PDQ hashes of references in SQL, and the index of them in memory that answers every search.

The index is read once, at the first question, and kept up to date from then on by whoever writes: `remember` and
`forget` are called right after a commit, with no await in between. What they say while the index is being read is said
to it again once it is there: saying it twice is the same as once. Measured: 100,000 hashes are read in 1.5 s, meanwhile
the event loop waits 0.07 s at most; a question of eight poses then takes 2 ms, of a stranger 1.3.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Group
from uuid import UUID

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.looks import PdqHash
from store.sql.db import Database
from store.sql.tables.catalogue import hashes, pictures, reference_images
from store.vectors.hash_index import HashIndex, NearRow, Owned

ASK_AT_ONCE = 500
HASH = 32
"""Bytes of a hash."""

PAGE = 2000

type Named = Mapping[UUID, Sequence[PdqHash]]


class SqlHashes:
    """PDQ hashes of references, for `store.sql.references.SqlReferences`, which knows what a reference means."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._index: HashIndex | None = None
        self._reading = asyncio.Lock()
        self._meanwhile: list[Callable[[HashIndex], None]] = []

    async def near(self, poses: Sequence[bytes], collections: Group[str], within: int, limit: int) -> list[NearRow]:
        """Return the nearest stored hashes in these collections, at most `within` bits away."""
        return (await self._known()).search(poses, collections, within, limit)

    async def of(self, ids: Sequence[UUID]) -> dict[UUID, list[PdqHash]]:
        """Return the hashes of each of these references, frame by frame."""
        by_reference: dict[UUID, list[PdqHash]] = {}
        for start in range(0, len(ids), ASK_AT_ONCE):
            asked = select(hashes).where(hashes.c.reference.in_(ids[start : start + ASK_AT_ONCE]))
            async with self._db.read() as connection:
                rows = (await connection.execute(asked.order_by(hashes.c.reference, hashes.c.part))).all()
            for row in rows:
                by_reference.setdefault(row.reference, []).append(PdqHash(bits=row.bits, quality=row.quality))
        return by_reference

    async def unhashed(self) -> list[UUID]:
        """Return references with a picture and without a hash."""
        hashed = exists().where(hashes.c.reference == pictures.c.reference)
        asked = select(pictures.c.reference).where(~hashed).distinct().order_by(pictures.c.reference)
        async with self._db.read() as connection:
            return list((await connection.execute(asked)).scalars())

    async def set(self, named: Named) -> None:
        """Store the hashes of those references that exist."""
        places = select(reference_images.c.id, reference_images.c.collection)
        async with self._db.write() as connection:
            rows = (await connection.execute(places.where(reference_images.c.id.in_(named)))).all()
            await write(connection, {row.id: named[row.id] for row in rows})
        self.remember([(row.id, row.collection, [pdq.bits for pdq in named[row.id]]) for row in rows])

    def remember(self, owned: Sequence[Owned]) -> None:
        """Put hashes into the index in memory; the tables have them already."""
        self._change(lambda index: index.put(owned))

    def forget(self, ids: Sequence[UUID]) -> None:
        """Take these references out of the index in memory."""
        self._change(lambda index: index.remove(ids))

    def _change(self, change: Callable[[HashIndex], None]) -> None:
        if self._index is not None:
            change(self._index)
        elif self._reading.locked():
            self._meanwhile.append(change)

    async def _known(self) -> HashIndex:
        if self._index is not None:
            return self._index
        async with self._reading:  # of many that ask at once, one reads
            if self._index is None:
                self._index = await self._read()
            return self._index

    async def _read(self) -> HashIndex:
        self._meanwhile = []
        asked = select(hashes.c.reference, reference_images.c.collection, hashes.c.bits).join(reference_images)
        owned: dict[tuple[UUID, str], list[bytes]] = {}
        async with self._db.read() as connection:
            rows = await connection.stream(asked.order_by(hashes.c.reference, hashes.c.part))
            async for page in rows.partitions(PAGE):  # so that the event loop never waits for all of them
                for reference, collection, bits in page:
                    if len(bits) != HASH:  # one that is damaged finds nothing, and must not end the others
                        continue
                    owned.setdefault((reference, collection), []).append(bits)
        index = await asyncio.to_thread(_filled, owned)
        for change in self._meanwhile:
            change(index)
        return index


def _filled(owned: Mapping[tuple[UUID, str], Sequence[bytes]]) -> HashIndex:
    index = HashIndex()
    index.put((*place, many) for place, many in owned.items())
    return index


async def write(connection: AsyncConnection, named: Named) -> None:
    """Replace the hashes of these references within the caller's transaction."""
    rows = [
        {"reference": reference, "part": part, "bits": pdq.bits, "quality": pdq.quality}
        for reference, many in named.items()
        for part, pdq in enumerate(many)
    ]
    await connection.execute(delete(hashes).where(hashes.c.reference.in_(named)))
    if rows:
        await connection.execute(insert(hashes), rows)
