"""The audit log: append-only rows, each carrying the hash of the one before, so a removed row shows."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.db import Database
from store.tables import audit

GENESIS = "0" * 64


def row_hash(previous: str, at: datetime, who: str, what: str, details: str) -> str:
    """SHA-256 over the row and the hash before it."""
    return hashlib.sha256(json.dumps([previous, at.isoformat(), who, what, details]).encode()).hexdigest()


async def note(connection: AsyncConnection, at: datetime, who: str, what: str, details: Mapping[str, object]) -> None:
    """Append a row within the caller's transaction: what it tells and the log change together or not at all."""
    newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    previous = await connection.scalar(newest) or GENESIS
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
    row = {"at": at, "who": who, "what": what, "details": text, "previous": previous}
    await connection.execute(insert(audit).values(**row, hash=row_hash(previous, at, who, what, text)))


async def broken_at(db: Database) -> int | None:
    """The number of the first row that does not follow from the one before; None = the chain is whole."""
    previous = GENESIS
    async with db.read() as connection:
        for row in await connection.execute(select(audit).order_by(audit.c.id)):
            if row.previous != previous or row.hash != row_hash(previous, row.at, row.who, row.what, row.details):
                return int(row.id)
            previous = row.hash
    return None
