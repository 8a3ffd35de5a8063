"""The audit log: append-only rows, each carrying the hash of the one before, so a removed row shows.

    note(who, what, details)   append a row              cut(until, now)   forget rows whose time is over
    take_out(person)           empty a name in all rows  broken_at()       the first row that does not follow

The hash of the newest row is remembered outside the log, so that a log cut short shows too. Nothing but `cut` and
`take_out` may change rows; whoever calls `take_out` notes that.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, not_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.sql.db import Database
from store.sql.tables.house import audit, meta
from store.sql.upsert import upsert

GENESIS = "0" * 64
NEWEST = "audit_newest"
ANCHOR = "audit_anchor"
"""Key under which the hash of the newest deleted row is stored."""


def row_hash(previous: str, at: datetime, who: str, what: str, details: str) -> str:
    """Return the SHA-256 over the row and the hash before it."""
    return hashlib.sha256(json.dumps([previous, at.isoformat(), who, what, details]).encode()).hexdigest()


async def note(connection: AsyncConnection, at: datetime, who: str, what: str, details: Mapping[str, object]) -> None:
    """Append a row within the caller's transaction, so that change and log are stored together or not at all."""
    newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    anchor = select(meta.c.value).where(meta.c.key == ANCHOR)
    previous = await connection.scalar(newest) or await connection.scalar(anchor) or GENESIS
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
    row = {"at": at, "who": who, "what": what, "details": text, "previous": previous}
    digest = row_hash(previous, at, who, what, text)
    await connection.execute(insert(audit).values(**row, hash=digest))
    newest_now = upsert(connection, meta).values(key=NEWEST, value=digest)
    await connection.execute(newest_now.on_conflict_do_update(index_elements=["key"], set_={"value": digest}))


async def cut(connection: AsyncConnection, until: datetime, now: datetime) -> int:
    """Delete the oldest rows, up to the first whose time is not over, and keep the hash of the last; return how many.

    A clock may have been wrong for a while: a row dated long ago behind newer ones takes none of those with it, and one
    dated later than now keeps nothing.
    """
    is_over = or_(audit.c.at < until, audit.c.at > now)  # negated it fits no index: read from the oldest row on
    first_kept = select(audit.c.id).where(not_(is_over)).order_by(audit.c.id).limit(1)
    older = select(audit).where(audit.c.at < until).order_by(audit.c.id.desc()).limit(1)
    first_kept_id = await connection.scalar(first_kept)
    last = (
        await connection.execute(older if first_kept_id is None else older.where(audit.c.id < first_kept_id))
    ).first()
    if last is None:
        return 0
    anchor = upsert(connection, meta).values(key=ANCHOR, value=last.hash)
    await connection.execute(anchor.on_conflict_do_update(index_elements=["key"], set_={"value": last.hash}))
    return (await connection.execute(delete(audit).where(audit.c.id <= last.id))).rowcount


async def take_out(connection: AsyncConnection, person: str) -> int:
    """Empty a person's name and number in all rows and hash the rows anew; return in how many.

    A log that was broken before stays so: its hashes are left as they are.
    """
    named = or_(
        audit.c.who == person, *(audit.c.details.contains(_quoted(name), autoescape=True) for name in _of(person))
    )
    rows = (await connection.execute(select(audit).where(named).order_by(audit.c.id))).all()
    if not rows:
        return 0
    is_whole = await _broken_at(connection) is None
    emptied = [{"row": row.id, "who": _but(row.who, person), "details": _without(row.details, person)} for row in rows]
    put = update(audit).where(audit.c.id == bindparam("row"))
    await connection.execute(put.values(who=bindparam("who"), details=bindparam("details")), emptied)
    if is_whole:
        await _chain_anew(connection, rows[0].id, rows[0].previous)
    return len(rows)


async def _chain_anew(connection: AsyncConnection, first: int, previous: str) -> None:
    """Hash the rows from this one on as they are now."""
    hashed = []
    for row in await connection.execute(select(audit).where(audit.c.id >= first).order_by(audit.c.id)):
        digest = row_hash(previous, row.at, row.who, row.what, row.details)
        hashed.append({"row": row.id, "before": previous, "digest": digest})
        previous = digest
    put = update(audit).where(audit.c.id == bindparam("row"))
    await connection.execute(put.values(previous=bindparam("before"), hash=bindparam("digest")), hashed)
    await connection.execute(update(meta).where(meta.c.key == NEWEST).values(value=previous))


def _of(person: str) -> tuple[str, ...]:
    """Return the names under which fronts write a person, and the chat with them."""
    return (person, *(f"{mark}{person}" for mark in ("user:", "p") if person.isdecimal()))


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _but(value: object, person: str) -> object:
    return "" if value in _of(person) else value


def _without(details: str, person: str) -> str:
    without_person = {name: _but(value, person) for name, value in json.loads(details).items()}
    return json.dumps(without_person, sort_keys=True, ensure_ascii=False)


async def broken_at(db: Database) -> int | None:
    """Return the number of the first row that is missing or follows from no other; None = the log is whole."""
    async with db.write() as connection:  # nobody appends between the statements
        return await _broken_at(connection)


async def _broken_at(connection: AsyncConnection) -> int | None:
    previous, number = await connection.scalar(select(meta.c.value).where(meta.c.key == ANCHOR)) or GENESIS, 0
    for row in await connection.execute(select(audit).order_by(audit.c.id)):
        if row.previous != previous or row.hash != row_hash(row.previous, row.at, row.who, row.what, row.details):
            return int(row.id)
        previous, number = row.hash, int(row.id)
    newest = await connection.scalar(select(meta.c.value).where(meta.c.key == NEWEST))
    return None if previous == (newest or GENESIS) else number + 1
