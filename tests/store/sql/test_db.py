"""The database file: schema, durability, and a sentence for everything that may be wrong with it."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import IntegrityError

import store.sql.db
from core.cases import Policy, Thresholds, Wanted
from core.errors import DamagedStore, EnvironmentTrouble, RetryLater
from core.root import ROOT
from core.types import Act, ActState, Decision, Mode
from store.sql.cases import SqlCases
from store.sql.db import HEAD, Database
from store.sql.inbox import SqlInbox
from store.sql.policies import SqlPolicies
from store.sql.references import SqlReferences
from store.sql.tables.schema import metadata
from tests.clock import Clock
from tests.small import KEEP, SPACE, event
from tests.store.sql.court import LEASE, LOGO, Court
from tests.store.sql.former import former

WORKER = """
import asyncio, pathlib, sys
from sqlalchemy import text
from store.sql.db import Database

async def main(path):
    async with Database.open(pathlib.Path(path)) as db:
        for _ in range(25):
            async with db.write() as connection:
                known = await connection.scalar(text("SELECT value FROM meta WHERE key = 'count'"))
                put = "INSERT INTO meta VALUES ('count', :n) ON CONFLICT (key) DO UPDATE SET value = :n"
                await connection.execute(text(put), {"n": str(int(known or 0) + 1)})

asyncio.run(main(sys.argv[1]))
"""

SLOW = """
WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2000000)
SELECT key, (SELECT max(n) FROM number) FROM meta
"""

NOON = "2026-05-01 12:00:00.000000"
OLD_ROWS = f"""
INSERT INTO inbox VALUES
  (1, 'discord/pictures/m-one/one/0', 'discord', 'guild', 'pictures', 'm-one', 'one', 'ann', '', '', 'g', '', 0,
   '{NOON}', 1, '{NOON}', '', 'match', 'copy', 'key', '{NOON}'),
  (2, 'discord/pictures/m-two/two/0', 'discord', 'guild', 'pictures', 'm-two', 'two', 'ann', '', '', '', '', 0,
   '{NOON}', 0, '{NOON}', '', NULL, '', '', NULL);
INSERT INTO cases VALUES (1, 1, 'guild', 'ff', 'match', 'copy', '', 'dry_run', 'remove', '', '{NOON}');
INSERT INTO matches VALUES
  (1, 0, '{LOGO.id.hex}', '{{"key": "logo", "collection": "brands", "purpose": "brand"}}', 'exact', 1, 1, NULL, 1,
   NULL, 0);
INSERT INTO decisions VALUES (1, 1, 'violation', 'ann', '{NOON}', '', NULL);
INSERT INTO actions VALUES (1, 1, NULL, '1:verdict:flag', 'flag', 'waiting', '', '{NOON}');
INSERT INTO policies VALUES ('discord', 'guild', 'pictures', 'enforce', 0.8, 0.4);
INSERT INTO collections VALUES ('brands', 'brand', '', '{NOON}');
INSERT INTO reference_images VALUES
  ('{LOGO.id.hex}', 'brands', 'logo', 'Logo', '', '', '', '', 'aa', '', 4, 3, '{NOON}', 1, 1, 1, 0);
INSERT INTO pictures VALUES ('{LOGO.id.hex}', 0, x'00');
"""


async def fail_to_open(path: Path) -> None:
    async with Database.open(path):
        raise AssertionError("it opened")


async def pragma(db: Database, name: str) -> object:
    async with db.read() as connection:
        return await connection.scalar(text(f"PRAGMA {name}"))


def test_head_is_the_newest_migration() -> None:
    """The program knows its newest migration without loading alembic."""
    scripts = ScriptDirectory(str(Path(store.sql.db.__file__).parent / "migrations"))

    assert scripts.get_heads() == [HEAD]


async def test_the_migrations_make_the_tables(db: Database) -> None:
    """A migrated database has exactly the schema that store/sql/tables/ describes."""

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with db.read() as connection:
        found = await connection.run_sync(differences)

    assert found == []


def old_database(path: Path) -> None:
    """A file as Resight 0.1.0 left it: one case with all that hangs on it, a policy, and a reference."""
    with former(path, "0001") as plain:
        plain.executescript(OLD_ROWS)


async def test_an_old_database_is_brought_up_to_date(tmp_path: Path, clock: Clock) -> None:
    """Inbox, case, match, decision, action and policy of the first schema are there after the upgrade, as they were."""
    path = tmp_path / "resight.db"
    old_database(path)
    async with Database.open(path) as db:
        cases, inbox = SqlCases(db, clock, KEEP), SqlInbox(db, clock)
        case, still_open = await cases.get(1), await cases.open({SPACE.home}, Wanted(), limit=9)
        waiting = await inbox.claim(9, LEASE)
        policy = await SqlPolicies(db, clock, lambda _: Policy()).for_space(SPACE)
        async with db.read() as connection:
            version = await connection.scalar(text("SELECT version_num FROM alembic_version"))
            broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()

    assert (version, broken, still_open) == (HEAD, [], [])
    assert (case.event, case.would_have) == (event("one", group="g"), (Act.REMOVE,))
    assert [match.reference.key for match in case.verdict.matches] == ["logo"]
    assert [(one.act, one.state, one.attempts) for one in case.actions] == [(Act.FLAG, ActState.WAITING, 0)]
    assert [(one.decision, one.by) for one in case.decisions] == [(Decision.VIOLATION, "ann")]
    assert [one.event for one in waiting] == [event("two")]
    assert policy == Policy(mode=Mode.ENFORCE, thresholds=Thresholds(match=0.8, review=0.4))


async def test_an_old_case_goes_on(tmp_path: Path, clock: Clock) -> None:
    """An upgraded case is worked on as any other: its actions are claimed, its decision counts, its album grows."""
    path = tmp_path / "resight.db"
    old_database(path)
    async with Database.open(path) as db:
        court = Court(db, clock)
        claimed = await court.cases.claim_actions(9)
        await court.inbox.claim(1, LEASE)  # what waited before
        number = await court.picture("three", group="g")
        album = await court.cases.get(number)
        confirmed = await court.cases.confirmed(SPACE, {LOGO.id})
        same = (await court.inbox.accept([event("one", group="g"), event("two")]), await db.check())

    assert [(one.case, one.attempts) for one in claimed] == [(1, 1)]
    assert [one.id for one in album.pictures] == [1, number]
    assert confirmed == {LOGO.id}
    assert same == (0, "ok")


async def test_references_of_before_there_were_hashes(tmp_path: Path, clock: Clock) -> None:
    """They stay as they were, without a hash, and are named as such."""
    path = tmp_path / "resight.db"
    old_database(path)
    async with Database.open(path) as db:
        references = SqlReferences(db, clock)
        known = await references.find("brands", "logo")
        said = (await references.unhashed(), await references.hashes([LOGO.id]), await references.totals())

    assert known == replace(LOGO, added_at=clock())
    assert said == ([LOGO.id], {}, (1, 1))


async def test_partial_indexes_are_as_described(db: Database) -> None:
    """Indexes, which alembic compares by name and columns only, have the same SQL either way."""
    with closing(sqlite3.connect(":memory:")) as plain:
        engine = create_engine("sqlite://", creator=lambda: plain)
        metadata.create_all(engine)
        asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        wanted = {name: sql.split(" WHERE ")[-1].lower() for name, sql in plain.execute(asked)}
        engine.dispose()
    async with db.read() as connection:
        made = {row.name: row.sql.split(" WHERE ")[-1].lower() for row in await connection.execute(text(asked))}

    assert made == wanted


async def test_keys_are_as_described(db: Database) -> None:
    """Primary keys and what becomes of rows that point at a deleted one, which alembic does not compare, too."""

    def keys(plain: sqlite3.Connection) -> set[tuple[object, ...]]:
        names = [row[0] for row in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = [one for one in names if one in metadata.tables]
        columns = ((one, *row) for one in tables for row in plain.execute(f"PRAGMA table_info({one})"))
        foreign = ((one, *row) for one in tables for row in plain.execute(f"PRAGMA foreign_key_list({one})"))
        primary = {(table, name, place) for table, _, name, _, _, _, place in columns}
        return primary | {(table, at, to, column, gone) for table, _, _, to, at, column, _, gone, _ in foreign}

    with closing(sqlite3.connect(":memory:")) as wanted, closing(sqlite3.connect(db.path)) as made:
        engine = create_engine("sqlite://", creator=lambda: wanted)
        metadata.create_all(engine)
        assert keys(made) == keys(wanted)
        engine.dispose()


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    """What was remembered is there at the next start, and so is the schema."""
    for _ in range(3):
        async with Database.open(tmp_path / "resight.db") as db:
            kept = await db.meta_once("key", "first")
            assert await db.check() == "ok"
    async with Database.open(tmp_path / "resight.db") as db:
        await db.set_meta("key", "second")
        changed = await db.meta("key")

    assert (kept, changed) == ("first", "second")


async def test_a_value_that_many_make_at_once_is_one(db: Database) -> None:
    """Whoever asks at once for a value that is made once gets the same."""
    said = await asyncio.gather(*(db.meta_once("key", str(number)) for number in range(8)))

    assert len(set(said)) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10000)]
)
async def test_durability_is_on(db: Database, name: str, value: object) -> None:
    """Write-ahead log, full sync, foreign keys and patience, on every connection."""
    assert await pragma(db, name) == value


async def test_an_error_takes_the_whole_transaction_back(db: Database) -> None:
    """What was written before an error in the same transaction is not there."""
    with pytest.raises(ZeroDivisionError):
        async with db.write() as connection:
            await connection.execute(text("INSERT INTO meta VALUES ('key', 'value')"))
            raise ZeroDivisionError

    assert await db.meta("key") is None


async def test_our_own_bugs_keep_their_name(db: Database) -> None:
    """A broken constraint is no trouble of the operator: it stays what it is."""
    with pytest.raises(IntegrityError):
        async with db.write() as connection:
            await connection.execute(text("INSERT INTO vectors VALUES ('00', 0, x'00')"))


async def test_a_reader_does_not_wait_for_a_writer(db: Database) -> None:
    """While one writes, others read what was committed before."""
    await db.set_meta("key", "old")
    async with db.write() as connection:
        await connection.execute(text("UPDATE meta SET value = 'new' WHERE key = 'key'"))
        meanwhile = await asyncio.wait_for(db.meta("key"), 2)

    assert (meanwhile, await db.meta("key")) == ("old", "new")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    """A file of something else is said to be damaged, in one sentence."""
    (tmp_path / "resight.db").write_bytes(b"These are not the tables that you are looking for. " * 100)

    with pytest.raises(DamagedStore, match=r"^[^.]+\.$"):
        await fail_to_open(tmp_path / "resight.db")


async def test_a_damaged_page(tmp_path: Path) -> None:
    """Pages of nonsense in the middle of the file are found by the check, and a reader is told."""
    path = tmp_path / "resight.db"
    async with Database.open(path) as db:
        await db.set_meta("key", "value" * 5000)
    data = bytearray(path.read_bytes())
    data[4096:] = bytes((number * 37) % 256 for number in range(len(data) - 4096))
    path.write_bytes(data)

    with pytest.raises(DamagedStore, match=r"damaged: restore it from a backup\.$"):
        await fail_to_open(path)


async def test_a_full_disk(db: Database) -> None:
    """A disk without space is the operator's to know, and what was there before stays."""
    await db.set_meta("before", "kept")
    with pytest.raises(EnvironmentTrouble, match=r"disk is full: nothing was changed"):
        async with db.write() as connection:
            pages = await connection.scalar(text("PRAGMA page_count"))
            await connection.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
            await connection.execute(text("INSERT INTO meta VALUES ('big', :value)"), {"value": "x" * 200_000})

    assert (await db.meta("before"), await db.meta("big"), await db.check()) == ("kept", None, "ok")


async def test_a_lock_that_somebody_holds(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program in the middle of its transaction is waited for, and then told of: it can be tried again."""
    monkeypatch.setattr("store.sql.db.PRAGMAS", ("busy_timeout=100", "journal_mode=WAL"))
    with closing(sqlite3.connect(db.path, isolation_level=None)) as other:
        async with Database.open(db.path) as impatient:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(RetryLater, match="Another process holds the database"):
                await impatient.set_meta("key", "value")
            other.execute("ROLLBACK")
            await impatient.set_meta("key", "value")

    assert await db.meta("key") == "value"


async def test_a_write_that_was_cancelled_while_it_read_holds_no_lock(tmp_path: Path) -> None:
    """Not even while somebody keeps its error: with the traceback lives the cursor, and with that SQLite's lock."""
    path, begun = tmp_path / "resight.db", asyncio.Event()

    async def write(db: Database) -> None:
        async with db.write() as connection:
            await connection.execute(text("INSERT INTO meta VALUES ('count', '1')"))
            begun.set()
            await connection.execute(text(SLOW))

    async with Database.open(path) as db:
        writing = asyncio.create_task(write(db))
        await begun.wait()
        await asyncio.sleep(0.05)  # now its thread reads
        writing.cancel()
        with pytest.raises(asyncio.CancelledError) as kept:
            await writing

        await db.set_meta("count", "2")

    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
    assert kept.tb


async def test_a_read_that_was_cancelled_keeps_no_old_state(tmp_path: Path) -> None:
    """Else the write-ahead log, with what was deleted, could not be emptied while somebody keeps its error."""

    async def read(db: Database) -> None:
        async with db.read() as connection:
            await connection.execute(text(SLOW))

    async with Database.open(tmp_path / "resight.db") as db:
        await db.set_meta("count", "1")
        reading = asyncio.create_task(read(db))
        await asyncio.sleep(0.1)  # now its thread reads
        reading.cancel()
        with pytest.raises(asyncio.CancelledError) as kept:
            await reading
        await db.set_meta("count", "2")

        assert await db.scrub(patience=1.0)
    assert kept.tb


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A place that can't be written to is named as such."""
    with pytest.raises(EnvironmentTrouble, match="can't be written to"):
        await fail_to_open(tmp_path / "nowhere" / "resight.db")


async def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    """An old program keeps its hands off the data of a newer one."""
    path = tmp_path / "resight.db"
    async with Database.open(path) as db, db.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(EnvironmentTrouble, match="newer Resight"):
        await fail_to_open(path)


def test_four_processes_write_in_turns(tmp_path: Path) -> None:
    """Four processes that open a new database and count at once lose no count and meet no locked database."""
    path = tmp_path / "resight.db"
    command = [sys.executable, "-c", WORKER, str(path)]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [one.communicate(timeout=60)[1] for one in running]
    with closing(sqlite3.connect(path)) as plain:
        count = plain.execute("SELECT value FROM meta WHERE key = 'count'").fetchone()

    assert said == [""] * 4
    assert count == ("100",)


async def test_no_thread_of_a_connection_outlives_the_database(tmp_path: Path) -> None:
    """Not even that of a read which was cancelled twice: it would report to an event loop that is closed."""
    before = set(threading.enumerate())
    counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT sum(i) FROM n"
    async with Database.open(tmp_path / "resight.db") as db:

        async def read() -> None:
            async with db.read() as connection:
                await connection.execute(text(counting))

        reading = [asyncio.create_task(read()) for _ in range(4)]
        await asyncio.sleep(0.1)
        for _ in range(2):
            for task in reading:
                task.cancel()
            await asyncio.sleep(0)
        opened = set(threading.enumerate()) - before
        await asyncio.gather(*reading, return_exceptions=True)

    assert len(opened) >= 4
    assert not [one for one in set(threading.enumerate()) - before if "connection" in one.name]


async def test_no_thread_outlives_a_connection_that_was_cancelled_while_it_was_made(tmp_path: Path) -> None:
    """However far it had come."""
    before = set(threading.enumerate())
    async with Database.open(tmp_path / "resight.db") as db:

        async def read() -> None:
            async with db.read() as connection:
                await connection.execute(text("SELECT 1"))

        for steps in range(30):
            await db.reopen()
            reading = [asyncio.create_task(read()) for _ in range(4)]
            for _ in range(steps):
                await asyncio.sleep(0)
            for task in reading:
                task.cancel()
        reading = [asyncio.create_task(read()) for _ in range(4)]
        await asyncio.sleep(0)
        for task in reading:
            task.cancel()

    assert not [one for one in set(threading.enumerate()) - before if "connection" in one.name]
