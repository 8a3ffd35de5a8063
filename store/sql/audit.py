"""The audit log: append-only rows, each carrying the hash of the one before, so a removed row shows.

The hash of the newest row is remembered outside the log, so that a log cut short shows too.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.sql.db import Database
from store.sql.tables import audit, meta
from store.sql.upsert import upsert

GENESIS = "0" * 64
NEWEST = "audit_newest"
ANCHOR = "audit_anchor"
"""The hash of the newest row that was forgotten because its time was over."""


def row_hash(previous: str, at: datetime, who: str, what: str, details: str) -> str:
    """SHA-256 over the row and the hash before it."""
    return hashlib.sha256(json.dumps([previous, at.isoformat(), who, what, details]).encode()).hexdigest()


async def note(connection: AsyncConnection, at: datetime, who: str, what: str, details: Mapping[str, object]) -> None:
    """Append a row within the caller's transaction: what it tells and the log change together or not at all."""
    newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    kept = select(meta.c.value).where(meta.c.key == ANCHOR)
    previous = await connection.scalar(newest) or await connection.scalar(kept) or GENESIS
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
    row = {"at": at, "who": who, "what": what, "details": text, "previous": previous}
    digest = row_hash(previous, at, who, what, text)
    await connection.execute(insert(audit).values(**row, hash=digest))
    newest_now = upsert(connection, meta).values(key=NEWEST, value=digest)
    await connection.execute(newest_now.on_conflict_do_update(index_elements=["key"], set_={"value": digest}))


async def cut(connection: AsyncConnection, until: datetime) -> int:
    """Forget rows that are older: how many. The hash of the newest of them stays, so that the rest still follows."""
    older = select(audit).where(audit.c.at < until).order_by(audit.c.at.desc(), audit.c.id.desc()).limit(1)
    last = (await connection.execute(older)).first()
    if last is None:
        return 0
    anchor = upsert(connection, meta).values(key=ANCHOR, value=last.hash)
    await connection.execute(anchor.on_conflict_do_update(index_elements=["key"], set_={"value": last.hash}))
    return (await connection.execute(delete(audit).where(audit.c.id <= last.id))).rowcount


async def broken_at(db: Database) -> int | None:
    """The number of the first row that is missing or does not follow from the one before; None = the log is whole."""
    async with db.write() as connection:  # nobody appends between the statements
        previous, number = await connection.scalar(select(meta.c.value).where(meta.c.key == ANCHOR)) or GENESIS, 0
        for row in await connection.execute(select(audit).order_by(audit.c.id)):
            if row.previous != previous or row.hash != row_hash(previous, row.at, row.who, row.what, row.details):
                return int(row.id)
            previous, number = row.hash, int(row.id)
        newest = await connection.scalar(select(meta.c.value).where(meta.c.key == NEWEST))
    return None if previous == (newest or GENESIS) else number + 1
