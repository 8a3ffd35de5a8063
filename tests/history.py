"""A database with a long history, made in seconds: rows that are done with, in every table that grows.

    build(path, 50_000)      so many finished images, half of them with a case, and what hangs on those

Nothing waits in it, and no time is over. `tests.soak.history` makes a million.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Float, Integer, LargeBinary, Table, Uuid
from sqlalchemy.types import TypeEngine

from store.sql.db import Database
from store.sql.tables.catalogue import collections, reference_images
from store.sql.tables.columns import UtcDateTime
from store.sql.tables.communities import alerts, communities, subscriptions
from store.sql.tables.house import audit, posts, updates
from store.sql.tables.judged import actions, cases, decisions, inbox, matches, media, reports, screened

NOON = "2026-05-01 12:00:00"
COLLECTION, COMMUNITY, CHANNEL, REFERENCE = "library", "c-2", "ch-2", f"{2:032x}"
AGO = "strftime('%Y-%m-%d %H:%M:%S.000000', '{}', '-' || ({} * {:.4f}) || ' seconds')"
DAYS = 160 * 86_400
SAID = '{"key": "k", "collection": "library", "purpose": "blocklist"}'
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n"
DEFAULTS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (UtcDateTime, f"'{NOON}.000000'"),
    (JSON, f"'{SAID}'"),
    (Uuid, f"'{REFERENCE}'"),
    (LargeBinary, "x''"),
    (Float, "0.9"),
    (Integer, "0"),
)


def build(path: Path, count: int, *, references: bool = True) -> None:
    """Make the database and fill it; its references have no vectors, so a whole bot wants them left out."""
    asyncio.run(_make(path))
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("CREATE TEMP TABLE numbers (i INTEGER PRIMARY KEY)")
        db.execute(f"INSERT INTO numbers {NUMBERS}", (count,))
        db.execute("BEGIN")
        for table, every, said in ROWS:
            if table is reference_images and not references:
                continue
            _fill(db, table, every, {**said, **_times(table, said, DAYS / count)})
        db.execute("COMMIT")


def _times(table: Table, said: dict[str, str], step: float) -> dict[str, str]:
    """The times that are told as such are spread over the days before noon, the newest at noon."""
    count = "(SELECT max(i) FROM numbers)"
    return {
        name: AGO.format(NOON, f"({count} - i)", step) for name in said if isinstance(table.c[name].type, UtcDateTime)
    }


async def _make(path: Path) -> None:
    async with Database.open(path):
        pass


def _fill(db: sqlite3.Connection, table: Table, every: int, said: dict[str, str]) -> None:
    """A row for every so-manyth number `i`; 0 = one row."""
    names = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(said.get(column.name, _default(column)) for column in table.c)
    which = f"WHERE i % {every} = 0" if every else "WHERE i = 1"
    db.execute(f"INSERT INTO {table.name} ({names}) SELECT {values} FROM numbers {which}")


def _default(column: Column[object]) -> str:
    if column.nullable:
        return "NULL"
    return next((value for kind, value in DEFAULTS if isinstance(column.type, kind)), "''")


PLATFORM = "CASE WHEN i % 10 < 6 THEN 'discord' WHEN i % 10 < 9 THEN 'telegram' ELSE 'web' END"
PLACE = {"platform": PLATFORM, "community": "'c-' || (i % 50)", "channel": "'ch-' || (i % 50)", "message": "'m-' || i"}
OUTCOME = "CASE WHEN i % 2 = 0 THEN 'match' WHEN i % 51 = 0 THEN 'unscannable' ELSE 'clean' END"
ID = "printf('%032x', i)"

ROWS: tuple[tuple[Table, int, dict[str, str]], ...] = (
    (collections, 0, {"name": f"'{COLLECTION}'", "purpose": "'blocklist'", "metric": "'cosine'"}),
    (subscriptions, 0, {"id": "1", "collection": f"'{COLLECTION}'", "platform": "'discord'"}),
    (
        inbox,
        1,
        PLACE
        | {
            "id": "i",
            "dedupe_key": "'k-' || i",
            "intent": "'posted'",
            "image": "'0'",
            "outcome": OUTCOME,
            "author": "'a-' || (i % 999)",
        }
        | {"reason": f"CASE WHEN {OUTCOME} = 'unscannable' THEN 'type-not-allowed' ELSE '' END", "judged": "i % 2 = 0"}
        | {"received_at": "", "not_before": "", "done_at": "", "group": "CASE WHEN i % 3 THEN '' ELSE 'g-' || i END"},
    ),
    (
        cases,
        2,
        {"id": "i", "inbox": "i", "community": PLACE["community"], "sha256": "'s-' || i", "outcome": "'match'"}
        | {
            "mode": "'flag'",
            "thumbnail": "'t-' || i",
            "opened_at": "",
            "intent": "CASE WHEN i % 8 THEN 'posted' ELSE 'query' END",
        }
        | {"album": "CASE WHEN i % 20 = 4 THEN i - 2 END"},
    ),
    (matches, 2, {"case": "i", "reference": "printf('%032x', i % 100)", "kind": "'exact'", "content": "'same'"}),
    (decisions, 20, {"id": "i", "case": "i", "decision": "'violation'", "by": "'ann'", "at": ""}),
    (
        actions,
        2,
        {"id": "i", "case": "i", "key": "'a-' || i", "act": "'card'", "state": "'done'", "at": "", "receipt": "'r'"}
        | {"home": PLACE["community"]},
    ),
    (
        alerts,
        10,
        {"id": "i", "subscription": "1", "case": "i", "count": "3", "told": "3", "first_at": "", "last_at": ""},
    ),
    (audit, 1, {"id": "i", "at": "", "hash": "'h-' || i"}),
    (reports, 5, PLACE | {"reporter": "'p-' || i", "at": ""}),
    (
        communities,
        0,
        {
            "platform": "'discord'",
            "id": f"'{COMMUNITY}'",
            "remember_hours": "9",
            "exempt": "'[]'",
            "ignored_reporters": "'[]'",
        },
    ),
    (
        screened,
        5,
        PLACE
        | {"platform": "'discord'", "community": f"'{COMMUNITY}'"}
        | {"id": "i", "image": "'0'", "vectors": "zeroblob(64)", "space_id": "'toy'"},
    ),
    (media, 20, {"key": "'x-' || i", "expires_at": "'2027-01-01 00:00:00.000000'"}),
    (posts, 10, {"id": "'p-' || i", "number": "i / 10", "created_at": ""}),
    (updates, 5, {"platform": "'telegram'", "number": "i", "stored_at": "", "done_at": f"'{NOON}.000000'"}),
    (
        reference_images,
        5,
        {
            "id": ID,
            "collection": f"'{COLLECTION}'",
            "key": "'r-' || i",
            "sha256": "'s-' || i",
            "added_at": "",
            "parts": "1",
        }
        | {"revision": "1", "synced_revision": "1", "shrunk": "0"},
    ),
)
