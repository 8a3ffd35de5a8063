"""Takes names out of what people decided, chose or added when somebody is forgotten; what they did stays.

    decisions, brakes, notes of references and the copies of those in cases and alerts
    the audit log (store/sql/audit.py), which then says that a person was taken out

Brakes, references and the log do not say on which platform somebody has their name. So one who is forgotten on one
platform alone stays there.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, Table, and_, cast, false, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.types import ADDED_BY
from store.sql.audit import take_out
from store.sql.tables.catalogue import reference_images
from store.sql.tables.communities import alerts
from store.sql.tables.judged import brakes, cases, decisions, inbox, matches


async def unsign(connection: AsyncConnection, person: str, platform: str) -> int:
    """Take the name out everywhere, within the caller's transaction; return of how many rows."""
    anywhere, there = not platform, _cases_of(platform)
    count = 0
    for column, where in (
        (decisions.c.by, there),
        (decisions.c.undone_by, there),
        (brakes.c.released_by, true() if anywhere else false()),
    ):
        signed = update(column.table).where(column == person, where)
        count += (await connection.execute(signed.values({column: ""}))).rowcount
    return count + (await _no_adder(connection, person) + await take_out(connection, person) if anywhere else 0)


def _cases_of(platform: str) -> ColumnElement[bool]:
    if not platform:
        return true()
    theirs = select(cases.c.id).join(inbox, cases.c.inbox == inbox.c.id).where(inbox.c.platform == platform)
    return decisions.c.case.in_(theirs)


async def _no_adder(connection: AsyncConnection, person: str) -> int:
    """Take out who added a reference: that stands in its note, and in every copy of it beside a match."""
    note = f"{ADDED_BY}{person}"
    plain = update(reference_images).where(reference_images.c.note == note).values(note="")
    count = (await connection.execute(plain)).rowcount
    for table in (matches, alerts):
        count += await _no_adder_in(connection, table, note)
    return count


async def _no_adder_in(connection: AsyncConnection, table: Table, note: str) -> int:
    with_note = cast(table.c.snapshot, String).contains(json.dumps(note), autoescape=True)
    keys = list(table.primary_key)
    rows = (await connection.execute(select(*keys, table.c.snapshot).where(with_note))).mappings().all()
    for row in rows:
        this = and_(*(key == row[key.name] for key in keys))
        await connection.execute(update(table).where(this).values(snapshot=_without(row["snapshot"], note)))
    return len(rows)


def _without(snapshot: Mapping[str, Any], note: str) -> dict[str, Any]:
    return {name: "" if name == "note" and value == note else value for name, value in snapshot.items()}
