"""Databases of the first days of 0.1.0, whose schemas are kept here as the programs of those days made them."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from core.types import reference_id
from store.sql.db import Database
from store.sql.references import SqlReferences
from store.sql.tables.schema import metadata
from tests.clock import Clock
from tests.small import entry

MADE = sorted((Path(__file__).parent / "first_days").glob("*.sql"))
KEPT, BURIED = reference_id("brands", "logo"), reference_id("brands", "gone")
ROWS = f"""
INSERT INTO collections (name, purpose, owner, created_at) VALUES ('brands', 'brand', '', '2026-01-01 12:00:00.000000');
INSERT INTO reference_images VALUES
  ('{KEPT.hex}', 'brands', 'logo', '', '', '', '', '', 'aa', '', 4, 3, '2026-01-01 12:00:00.000000', 1, 1, 1, 0);
"""


@pytest.fixture(params=MADE, ids=lambda made: made.stem)
async def db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Such a database with one reference, and a burial that the vector store was not told of."""
    path = tmp_path / "resight.db"
    with closing(sqlite3.connect(path)) as plain:
        plain.executescript(request.param.read_text(encoding="utf-8"))
        plain.executescript(ROWS)
        marked = "revision" in {row[1] for row in plain.execute("PRAGMA table_info(tombstones)")}
        plain.execute(f"INSERT INTO tombstones VALUES (?{', 7' * marked})", [BURIED.hex])
        plain.commit()
    async with Database.open(path) as opened:
        yield opened


def test_there_are_such_databases() -> None:
    """One from before burials were marked, one from the days when features came before hashes."""
    assert [made.stem for made in MADE] == ["burials_without_mark", "features_before_hashes"]


async def test_it_opens_with_the_schema_of_today(db: Database) -> None:
    """A database of the first days is brought up to date, column for column."""

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with db.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_its_references_are_there_and_go_on(db: Database, clock: Clock) -> None:
    """What was known is known, what was buried is told the vector store, and both adding and removing work."""
    references = SqlReferences(db, clock)
    before = (await references.backlog(9)).gone
    await references.put([entry("new", collection="brands")])
    removed = await references.remove("brands", ["logo"])
    told = await references.backlog(9)
    await references.confirm(told)
    after = await references.backlog(9)

    assert (list(before), removed, set(told.gone)) == ([BURIED], ["logo"], {BURIED, KEPT})
    assert not after
    assert [one.key async for one in references.each()] == ["new"]
