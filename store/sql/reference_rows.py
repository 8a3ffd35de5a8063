"""References as rows: conversion both ways, inserting and deleting."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import NotFound, Overtaken
from core.looks import Material
from core.matches import HashHit
from core.ports import NewReference
from core.types import Damage, Purpose, Reference
from store.sql.tables.catalogue import reference_images, tombstones
from store.sql.upsert import upsert
from store.vectors.hash_index import NearRow, Owned

WORDS = ("title", "source_url", "owner", "rights", "note")
FIELDS = ("key", "collection", "title", "source_url", "owner", "rights", "note", "sha256", "pixel_hash")
ASK_AT_ONCE = 500
REVISION_BITS = 62
"""Bits of a first revision: what is added to it later stays below 63 bits."""


def reference_of(row: RowMapping, purpose: str) -> Reference:
    """Return the reference of a row and its collection's purpose."""
    values = {name: row[name] for name in (*FIELDS, "width", "height", "added_at")}
    return Reference(**values, purpose=Purpose(purpose), damaged=Damage(row["damaged"]))


def kept_of(material: Material) -> dict[str, bytes]:
    """Return what is kept of a frame as columns of `pictures`."""
    return {"data": material.picture, "features": material.features, "logo": material.logo, "words": material.words}


def material_of(row: Any) -> Material:
    """Return what a row of `pictures` keeps of a frame."""
    return Material(picture=row.data, features=row.features, logo=row.logo, words=row.words)


def owned(entry: NewReference) -> Owned:
    """Return a reference's id, collection and hashes as the index takes them."""
    return entry.reference.id, entry.reference.collection, [pdq.bits for pdq in entry.hashes]


def hash_hit(near: NearRow, reference: Reference) -> HashHit:
    """Return a hit of the hash index together with its reference."""
    return HashHit(reference=reference, part=near.part, distance=near.distance, pose=near.pose, inverted=near.inverted)


def row_of(entry: NewReference, first: int) -> dict[str, Any]:
    """Return a reference as columns of `reference_images`; `first` is the number of its first revision."""
    reference = entry.reference
    values = {name: getattr(reference, name) for name in (*FIELDS, "width", "height", "added_at")}
    return {**values, "id": reference.id, "parts": len(entry.vectors), "revision": first, "damaged": ""}


def upsert_references(connection: AsyncConnection) -> Any:
    """Return the statement that inserts references, or raises their revision and tells whether frames went."""
    put = upsert(connection, reference_images)
    new = put.excluded
    changed = {name: new[name] for name in (*FIELDS, "width", "height", "added_at", "parts", "damaged")}
    return put.on_conflict_do_update(
        index_elements=["id"],
        set_={
            **changed,
            "revision": reference_images.c.revision + 1,
            "shrunk": reference_images.c.shrunk | (new.parts < reference_images.c.parts),
        },
    )


async def check_seen(connection: AsyncConnection, ids: Sequence[UUID], seen: Sequence[Reference] | None) -> None:
    """Raise Overtaken unless the references with these ids are as they were `seen`; None = nobody looked."""
    if seen is None:
        return
    rows = (await connection.execute(select(reference_images).where(reference_images.c.id.in_(ids)))).mappings().all()
    before = {reference.id: reference for reference in seen}
    now = {row["id"]: reference_of(row, before[row["id"]].purpose) for row in rows if row["id"] in before}
    if now != before or len(rows) != len(before):
        raise Overtaken("Somebody else changed that reference at the same moment.")


async def insert_references(connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert or replace references; raises NotFound if their collection was deleted in the meantime."""
    try:
        await connection.execute(upsert_references(connection), rows)
    except IntegrityError:
        raise NotFound("The collection was deleted in the meantime.") from None


async def bury(connection: AsyncConnection, ids: Sequence[UUID]) -> None:
    """Delete references and leave tombstones for the vector store."""
    if not ids:
        return
    rows = [{"reference": reference, "revision": secrets.randbits(REVISION_BITS)} for reference in ids]
    put = upsert(connection, tombstones)
    again = put.on_conflict_do_update(index_elements=["reference"], set_={"revision": put.excluded.revision})
    await connection.execute(again, rows)
    for start in range(0, len(ids), ASK_AT_ONCE):
        some = ids[start : start + ASK_AT_ONCE]
        await connection.execute(delete(reference_images).where(reference_images.c.id.in_(some)))
