"""Gives a reference another title; or another key, and so another id, in everything that names it, at once.

Its second vectors are made again (`handlers.similar`), as those of a picture that is replaced are.
"""

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import NotFound
from core.types import Reference, reference_id
from store.sql.tables.catalogue import hashes, pictures, reference_images, vectors
from store.sql.tables.communities import alerts, reference_choices
from store.sql.tables.judged import brakes, matches

PARTS = (vectors, pictures, hashes, reference_choices, brakes, matches, alerts)
"""Tables whose column `reference` follows; those with a snapshot keep the key in it, too."""

SNAPSHOTS = (matches, alerts)


async def retitle(connection: AsyncConnection, reference: UUID, title: str) -> dict[str, str]:
    """Change a title and return collection, key and the title of before ("old"); raises NotFound."""
    columns = reference_images.c
    asked = select(columns.collection, columns.key, columns.title.label("old")).where(columns.id == reference)
    row = (await connection.execute(asked)).mappings().first()
    if row is None:
        raise NotFound("That reference is gone.")
    await connection.execute(update(reference_images).where(columns.id == reference).values(title=title))
    return dict(row)


async def move(connection: AsyncConnection, reference: Reference, key: str) -> None:
    """Move everything but the old row, which the caller buries; an integrity error means that the key is taken."""
    old, new = reference.id, reference_id(reference.collection, key)
    await _copy(connection, old, new, key)
    for table in SNAPSHOTS:
        await _rewrite(connection, table, old, key)
    for table in PARTS:
        await connection.execute(update(table).where(table.c.reference == old).values(reference=new))


async def _copy(connection: AsyncConnection, old: UUID, new: UUID, key: str) -> None:
    """Copy the row to the new key, as not synced yet."""
    fresh: dict[str, Any] = {"id": new, "key": key, "revision": secrets.randbits(40), "synced_revision": 0}
    columns = [
        literal(fresh[column.name], column.type) if column.name in fresh else column for column in reference_images.c
    ]
    copied = select(*columns).where(reference_images.c.id == old)
    await connection.execute(
        insert(reference_images).from_select([column.name for column in reference_images.c], copied)
    )


async def _rewrite(connection: AsyncConnection, table: Table, old: UUID, key: str) -> None:
    place = list(table.primary_key.columns)
    asked = select(*place, table.c.snapshot).where(table.c.reference == old)
    rows = [
        {**{f"which_{column.name}": row[at] for at, column in enumerate(place)}, "said": row.snapshot | {"key": key}}
        for row in await connection.execute(asked)
    ]
    if rows:
        same = [column == bindparam(f"which_{column.name}") for column in place]
        await connection.execute(update(table).where(*same).values(snapshot=bindparam("said")), rows)
