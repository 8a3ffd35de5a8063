"""Collections and references in SQL: the truth that the vector store is a projection of.

Each change of a reference raises its `revision`, which starts at random so that one that was removed and added again
is not taken for itself; `backlog` is what the vector store has not confirmed yet
(`synced_revision` behind, or a tombstone), so a crash between the two stores heals at the next start.
Vectors are kept as float16 (1 KiB at 512-d) and the very same halves are what the vector store gets: a rebuild
gives the same answers.
"""

import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Collection as Group
from itertools import batched
from typing import Any, cast
from uuid import UUID

import numpy as np
from sqlalchemy import Select, and_, bindparam, delete, func, insert, or_, select, text, tuple_, update
from sqlalchemy.exc import IntegrityError

from core.cases import Media
from core.errors import Conflict, NotFound, WrongSpace
from core.looks import EmbedderSpec, Material, PdqHash
from core.matches import HashHit, Logos
from core.metrics import Metric
from core.ports import Clock, NewReference
from core.types import Backlog, Collection, Damage, Point, Purpose, Reference, reference_id
from store.sql.audit import note
from store.sql.contents import ContentHashes
from store.sql.db import Database
from store.sql.hashes import SqlHashes, write
from store.sql.projection import Projection
from store.sql.reference_rows import (
    ASK_AT_ONCE,
    REVISION_BITS,
    bury,
    check_seen,
    hash_hit,
    insert_references,
    kept_of,
    material_of,
    owned,
    reference_of,
    row_of,
)
from store.sql.renaming import move, retitle
from store.sql.tables.catalogue import collections, pictures, reference_images, semantic_vectors, vectors

PAGE = 1000
SPACE = "space_id"
IS_DAMAGED = text("reference_images.damaged != ''")
"""Condition in the words of the partial index, which a query with bound values would miss."""


class SqlReferences:
    """`core.ports.References` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._collections: list[Collection] | None = None
        self._contents: ContentHashes | None = None
        self._totals: tuple[int, int] | None = None
        self._hashes = SqlHashes(db)
        self._projection = Projection(db)
        self._logos: dict[frozenset[str], Logos] = {}
        self._changes = 0

    async def collections(self) -> list[Collection]:
        """Return all collections by name; remembered between changes, because every search asks."""
        if self._collections is not None:
            return list(self._collections)
        counted = (
            select(collections, func.count(reference_images.c.id).label("size"))
            .outerjoin(reference_images)
            .group_by(collections.c.name)
            .order_by(collections.c.name)
        )
        changes = self._changes
        async with self._db.read() as connection:
            rows = (await connection.execute(counted)).mappings().all()
        loaded = [
            Collection(
                name=row["name"],
                purpose=Purpose(row["purpose"]),
                owner=row["owner"],
                size=row["size"],
                metric=Metric(row["metric"]),
                similar_at=row["similar_at"],
            )
            for row in rows
        ]
        if changes == self._changes:  # else what was read may be older than a change of the meantime
            self._collections = list(loaded)
        return loaded

    def changed(self) -> None:
        """Forget cached collections and logos: call it when something else has written to their tables."""
        self._collections = self._totals = None
        self._logos.clear()
        self._changes += 1

    async def collection(self, name: str) -> Collection:
        """See `core.ports.References.collection`."""
        all_collections = await self.collections()
        for collection in all_collections:
            if collection.name == name:
                return collection
        listed = ", ".join(f"'{other.name}'" for other in all_collections) or "none yet"
        raise NotFound(f"There is no collection '{name}'; there are: {listed}.")

    async def create_collection(self, collection: Collection) -> None:
        """See `core.ports.References.create_collection`."""
        values = {"name": collection.name, "purpose": collection.purpose.value, "owner": collection.owner}
        row = {**values, "metric": collection.metric.value, "similar_at": collection.similar_at}
        try:
            async with self._db.write() as connection:
                await connection.execute(insert(collections).values(**row, created_at=self._clock()))
        except IntegrityError:
            raise Conflict(f"The collection '{collection.name}' exists already.") from None
        self.changed()

    async def set_comparison(self, name: str, metric: Metric, similar_at: float | None) -> None:
        """See `core.ports.References.set_comparison`."""
        await self.collection(name)
        values = {"metric": metric.value, "similar_at": similar_at}
        async with self._db.write() as connection:
            await connection.execute(update(collections).where(collections.c.name == name).values(**values))
        self.changed()

    async def set_owner(self, name: str, owner: str, by: str) -> None:
        """See `core.ports.References.set_owner`."""
        before = await self.collection(name)
        async with self._db.write() as connection:
            await connection.execute(update(collections).where(collections.c.name == name).values(owner=owner))
            details = {"collection": name, "old": before.owner, "new": owner}
            await note(connection, self._clock(), by, "collection.owner", details)
        self.changed()

    async def delete_collection(self, name: str) -> int:
        """See `core.ports.References.delete_collection`."""
        await self.collection(name)
        own_references = select(reference_images.c.id).where(reference_images.c.collection == name)
        async with self._db.write() as connection:
            ids = (await connection.execute(own_references)).scalars().all()
            await bury(connection, ids)
            await connection.execute(delete(collections).where(collections.c.name == name))
        self._hashes.forget(ids)
        self.changed()
        return len(ids)

    async def known(self, collection: str, keys: Sequence[str]) -> Mapping[str, Reference]:
        """See `core.ports.References.known`."""
        by_key: dict[str, Reference] = {}
        for start in range(0, len(keys), ASK_AT_ONCE):
            asked = keys[start : start + ASK_AT_ONCE]
            same = and_(reference_images.c.collection == collection, reference_images.c.key.in_(asked))
            by_key |= {
                reference.key: reference for reference in await self._select(select(reference_images).where(same))
            }
        return by_key

    async def put(self, entries: Sequence[NewReference], *, seen: Sequence[Reference] | None = None) -> None:
        """See `core.ports.References.put`."""
        if not entries:
            return
        entries = list({entry.reference.id: entry for entry in entries}.values())
        first = secrets.randbits(REVISION_BITS)
        rows = [row_of(entry, first) for entry in entries]
        ids = [row["id"] for row in rows]
        halves = [
            {"reference": row["id"], "part": part, "halves": vector.astype(np.float16).tobytes()}
            for row, entry in zip(rows, entries, strict=True)
            for part, vector in zip(entry.parts, entry.vectors, strict=True)
        ]
        picture_rows = [
            {"reference": row["id"], "part": part, **kept_of(material)}
            for row, entry in zip(rows, entries, strict=True)
            for part, material in enumerate(entry.materials)
        ]
        if self._contents is not None:
            self._contents.add(row["sha256"] for row in rows)
        async with self._db.write() as connection:
            await check_seen(connection, ids, seen)
            await insert_references(connection, rows)
            await connection.execute(delete(vectors).where(vectors.c.reference.in_(ids)))
            await connection.execute(delete(pictures).where(pictures.c.reference.in_(ids)))
            await connection.execute(delete(semantic_vectors).where(semantic_vectors.c.reference.in_(ids)))
            for table, some in ((vectors, halves), (pictures, picture_rows)):
                if some:  # a reference that is known by its hash only has neither
                    await connection.execute(insert(table), some)
            await write(connection, {entry.reference.id: entry.hashes for entry in entries})
        self._hashes.remember([owned(entry) for entry in entries])
        self.changed()

    async def describe(self, words_of: Mapping[UUID, Mapping[str, str]]) -> None:
        """See `core.ports.References.describe`."""
        change = update(reference_images).where(reference_images.c.id == bindparam("which"))
        async with self._db.write() as connection:
            for names in {tuple(sorted(words)) for words in words_of.values() if words}:
                rows = [
                    {"which": reference, **words}
                    for reference, words in words_of.items()
                    if tuple(sorted(words)) == names
                ]
                await connection.execute(change.values({name: bindparam(name) for name in names}), rows)

    async def retitle(self, reference: UUID, title: str, by: str) -> str:
        """See `core.ports.References.retitle`."""
        async with self._db.write() as connection:
            before = await retitle(connection, reference, title)
            await note(connection, self._clock(), by, "reference.title", {**before, "new": title})
        self.changed()
        return before["old"]

    async def rename(self, reference: Reference, key: str) -> None:
        """See `core.ports.References.rename`."""
        try:
            async with self._db.write() as connection:
                await move(connection, reference, key)
                await bury(connection, [reference.id])
        except IntegrityError:
            raise Conflict(f"'{reference.collection}' has a reference '{key}' already.") from None
        new = reference_id(reference.collection, key)
        own_hashes = (await self._hashes.of([new])).get(new, ())
        self._hashes.forget([reference.id])
        self._hashes.remember([(new, reference.collection, [pdq.bits for pdq in own_hashes])])
        self.changed()

    async def remove(self, collection: str, keys: Sequence[str]) -> list[str]:
        """See `core.ports.References.remove`."""
        existing = await self.known(collection, keys)
        async with self._db.write() as connection:
            await bury(connection, [reference.id for reference in existing.values()])
        self._hashes.forget([reference.id for reference in existing.values()])
        self.changed()
        return sorted(existing)

    async def get(self, ids: Sequence[UUID]) -> Mapping[UUID, Reference]:
        """See `core.ports.References.get`."""
        asked = select(reference_images).where(reference_images.c.id.in_(ids))
        return {reference.id: reference for reference in await self._select(asked)}

    async def find(self, collection: str, key: str) -> Reference:
        """See `core.ports.References.find`."""
        await self.collection(collection)
        by_key = await self.known(collection, [key])
        if key not in by_key:
            raise NotFound(f"The collection '{collection}' has no reference '{key}'.")
        return by_key[key]

    async def each(self, collection: str | None = None) -> AsyncIterator[Reference]:
        """See `core.ports.References.each`."""
        place = tuple_(reference_images.c.collection, reference_images.c.key)
        after = ("", "")
        while True:
            asked = select(reference_images).where(place > after).order_by(*place.clauses).limit(PAGE)
            if collection is not None:
                asked = asked.where(reference_images.c.collection == collection)
            page = await self._select(asked)
            for reference in page:
                yield reference
            if len(page) < PAGE:
                return
            after = (page[-1].collection, page[-1].key)

    async def newest(self, collection: str, limit: int) -> list[Reference]:
        """See `core.ports.References.newest`."""
        own_references = select(reference_images).where(reference_images.c.collection == collection)
        last = reference_images.c.added_at.desc(), reference_images.c.id
        return await self._select(own_references.order_by(*last).limit(limit))

    async def called(self, collection: str, text: str, limit: int) -> list[Reference]:
        """See `core.ports.References.called`."""
        rows = reference_images.c
        has_it = or_(*(column.icontains(text, autoescape=True) for column in (rows.title, rows.key)))
        asked = select(reference_images).where(rows.collection == collection, has_it)
        return await self._select(asked.order_by(rows.added_at.desc(), rows.id).limit(limit))

    async def page(self, collection: str, after: str, limit: int) -> list[Reference]:
        """See `core.ports.References.page`."""
        after_key = and_(reference_images.c.collection == collection, reference_images.c.key > after)
        return await self._select(
            select(reference_images).where(after_key).order_by(reference_images.c.key).limit(limit)
        )

    async def by_content(self, sha256: str, collections: Group[str]) -> list[Reference]:
        """See `core.ports.References.by_content`."""
        if not (await self._known_contents()).may_hold(sha256):
            return []
        same_bytes = await self._select(select(reference_images).where(reference_images.c.sha256 == sha256))
        return [reference for reference in same_bytes if reference.collection in collections]

    async def by_hash(
        self, poses: Sequence[bytes], collections: Group[str], *, within: int, limit: int = 20
    ) -> list[HashHit]:
        """See `core.hash_ports.Hashes.by_hash`."""
        near = await self._hashes.near(poses, collections, within, limit)
        references = await self.get([row.reference for row in near]) if near else {}
        return [hash_hit(row, references[row.reference]) for row in near if row.reference in references]

    async def hashes(self, ids: Sequence[UUID]) -> Mapping[UUID, Sequence[PdqHash]]:
        """See `core.hash_ports.Hashes.hashes`."""
        return await self._hashes.of(ids)

    async def unhashed(self) -> Sequence[UUID]:
        """See `core.hash_ports.Hashes.unhashed`."""
        return await self._hashes.unhashed()

    async def put_hashes(self, hashes: Mapping[UUID, Sequence[PdqHash]]) -> None:
        """See `core.hash_ports.Hashes.put_hashes`."""
        await self._hashes.set(hashes)

    async def _known_contents(self) -> ContentHashes:
        """Return the hashes of all files, read once; later ones are added before they are committed."""
        if self._contents is not None:
            return self._contents
        changes = self._changes
        async with self._db.read() as connection:
            contents = ContentHashes((await connection.execute(select(reference_images.c.sha256))).scalars())
        if changes == self._changes:  # else it may lack what was put in the meantime
            self._contents = contents
        return contents

    async def _select(self, asked: Select[Any]) -> list[Reference]:
        async with self._db.read() as connection:
            rows = (await connection.execute(asked)).mappings().all()
        purposes = {collection.name: collection.purpose for collection in await self.collections()} if rows else {}
        return [reference_of(row, purposes[row["collection"]]) for row in rows if row["collection"] in purposes]

    def points(self) -> AsyncIterator[Sequence[Point]]:
        """See `core.ports.References.points`."""
        return self._projection.points()

    async def backlog(self, limit: int) -> Backlog:
        """See `core.ports.References.backlog`."""
        return await self._projection.backlog(limit)

    async def confirm(self, backlog: Backlog) -> None:
        """See `core.ports.References.confirm`."""
        await self._projection.confirm(backlog)

    async def set_aside(self, ids: Group[UUID], damaged: Damage) -> None:
        """See `core.ports.References.set_aside`."""
        for some in batched(ids, ASK_AT_ONCE):
            values: dict[str, Any] = {"damaged": damaged.value}
            if damaged is Damage.VECTORS:
                values |= {"parts": 0, "shrunk": True, "revision": reference_images.c.revision + 1}
            async with self._db.write() as connection:
                these = reference_images.c.id.in_(some)
                await connection.execute(update(reference_images).where(these).values(**values))
                if damaged is Damage.VECTORS:
                    await connection.execute(delete(vectors).where(vectors.c.reference.in_(some)))

    async def damaged(self, limit: int) -> list[Reference]:
        """See `core.ports.References.damaged`."""
        return await self._select(select(reference_images).where(IS_DAMAGED).limit(limit))

    async def count_damaged(self) -> int:
        """See `core.ports.References.count_damaged`."""
        async with self._db.read() as connection:
            asked = select(func.count()).select_from(reference_images).where(IS_DAMAGED)
            return (await connection.execute(asked)).scalar_one()

    async def picture(self, reference: UUID) -> Media | None:
        """See `core.ports.References.picture`."""
        materials = await self.materials([(reference, 0)])
        return Media(key=str(reference), mime="image/jpeg", data=materials[reference, 0].picture) if materials else None

    async def materials(self, parts: Sequence[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], Material]:
        """See `core.ports.References.materials`."""
        wanted, ids = set(parts), {reference for reference, _ in parts}
        places = select(pictures)
        # SQLite finds no index for (reference, part) IN (...): ask by reference, and leave parts nobody wants unread
        asked = places.where(pictures.c.reference.in_(ids), pictures.c.part.in_({part for _, part in parts}))
        async with self._db.read() as connection:
            rows = (await connection.execute(asked)).all()
        return {(row.reference, row.part): material_of(row) for row in rows if (row.reference, row.part) in wanted}

    async def logos(self, collections: Group[str]) -> Logos:
        """See `core.ports.References.logos`."""
        brands = frozenset(
            collection.name
            for collection in await self.collections()
            if collection.purpose is Purpose.BRAND and collection.name in collections
        )
        if brands in self._logos or not brands:
            return self._logos.get(brands, ())
        asked = (
            select(pictures.c.reference, pictures.c.part, pictures.c.logo)
            .join(reference_images, pictures.c.reference == reference_images.c.id)
            .where(reference_images.c.collection.in_(brands), func.length(pictures.c.logo) > 0)
            .order_by(pictures.c.reference, pictures.c.part)
        )
        changes = self._changes
        async with self._db.read() as connection:
            logos = tuple(((row.reference, row.part), row.logo) for row in await connection.execute(asked))
        if changes == self._changes:  # else what was read may be older than a change of the meantime
            self._logos[brands] = logos
        return logos

    async def totals(self) -> tuple[int, int]:
        """See `core.ports.References`; remembered between changes, because whoever watches the bot asks."""
        if self._totals is not None:
            return self._totals
        parts, changes = func.coalesce(func.sum(reference_images.c.parts), 0), self._changes
        async with self._db.read() as connection:
            row = (await connection.execute(select(func.count(), parts).select_from(reference_images))).one()
        counted = cast(int, row[0]), cast(int, row[1])
        if changes == self._changes:  # else what was counted may be older than a change of the meantime
            self._totals = counted
        return counted

    async def space(self) -> str:
        """Return the embedding identity of the vectors, "" where none was ever made."""
        return await self._db.meta(SPACE) or ""

    async def bind_space(self, spec: EmbedderSpec) -> None:
        """See `core.ports.References.bind_space`."""
        stored = await self._db.meta(SPACE)
        if stored is None:
            await self._db.set_meta(SPACE, spec.space_id)
        elif stored != spec.space_id:
            raise WrongSpace(
                f"The catalogue was embedded with {stored}, but the model set now is {spec.space_id}: "
                "set that model again, or run `resight doctor --reembed`."
            )

    async def rebind_space(self, spec: EmbedderSpec) -> None:
        """See `core.ports.References.rebind_space`."""
        await self._db.set_meta(SPACE, spec.space_id)
