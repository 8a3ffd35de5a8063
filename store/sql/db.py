"""The SQL database: SQLAlchemy 2 async on SQLite, opened once per process and passed to every repository.

    async with Database.open(folder / "resight.db") as db:
        async with db.write() as connection: ...      one transaction, BEGIN IMMEDIATE, synchronous=FULL
        async with db.read() as connection: ...       a reader never waits for a writer (WAL)

Traps it closes: plain BEGIN fails at once when a reader becomes a writer, so writers say IMMEDIATE and queue on a
lock of this process; a writer that is cancelled rolls back, or it would lock all others out; every SQLite error leaves
here as a sentence (`DamagedStore`, `EnvironmentTrouble`; `RetryLater` for a lock that somebody else holds for long).
"""

import asyncio
import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

import aiosqlite
from sqlalchemy import Connection, Engine, Select, event, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import DamagedStore, DiskFull, EnvironmentTrouble, ResightError, RetryLater
from store.sql.tables.house import meta
from store.sql.upsert import upsert

log = logging.getLogger(__name__)

HEAD = "0032"
"""The newest migration in `store/sql/migrations/versions`; a test compares."""

SAMPLE = 1000
"""Rows of each index that are read for statistics: milliseconds, however many there are."""

AGAIN_S, COPYING_S = 0.1, 60.0
"""Seconds between two tries to empty the write-ahead log; for how long that is tried once all of the file is in it."""

THREAD_S = 5.0
"""How long the end of a connection's thread is waited for when the database is closed."""

PRAGMAS = (
    "busy_timeout=10000",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "secure_delete=ON",
    "journal_size_limit=8388608",  # what a large post took of the write-ahead log is given back
)


def _configure(connection: Any, _: ConnectionPoolEntry | None) -> None:
    """Set pragmas, and turn off the driver's implicit BEGIN, because we emit our own."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin a transaction: readers run in autocommit (a statement sees one state), writers lock at once."""
    if not connection.get_execution_options().get("read_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def translated() -> Iterator[None]:
    """Turn SQLite's errors into ours; a violated constraint is a bug of ours and passes unchanged."""
    try:
        yield
    except (DBAPIError, sqlite3.DatabaseError) as error:
        message = str(error.orig if isinstance(error, DBAPIError) else error)
        if "disk is full" in message or "disk I/O error" in message:
            raise DiskFull("The disk is full: nothing was changed. Free some space and try again.") from error
        if "malformed" in message or "not a database" in message:
            raise DamagedStore("The database file is damaged: restore it from a backup.") from error
        if "is locked" in message:
            raise RetryLater("Another process holds the database; try again in a moment.") from error
        if "readonly" in message or "unable to open" in message:
            raise EnvironmentTrouble("The data folder can't be written to: check its permissions.") from error
        raise


def _probe(path: Path) -> None:
    """Open and close the file once.

    aiosqlite's thread of a connection that fails outlives the event loop, with a traceback.
    """
    with translated(), closing(sqlite3.connect(path, timeout=10)) as connection:
        _configure(connection, None)


class _Connection(sqlite3.Connection):
    """Ends what it reads or writes when it is closed.

    SQLite closes a connection only once all its statements are gone, and until then keeps its lock, or the old state
    that it reads. The cursor of a task that was cancelled while a statement ran lives on in the traceback, until that
    is collected; so cursors are closed first, and a transaction that is open then is rolled back.
    """

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._cursors = WeakSet[sqlite3.Cursor]()

    def cursor(self, *given: Any) -> Any:
        """Return a cursor, which ends with the connection at the latest."""
        made = super().cursor(*given)
        self._cursors.add(made)
        return made

    def close(self) -> None:
        """Close the cursors, and then the connection."""
        for cursor in list(self._cursors):
            with contextlib.suppress(sqlite3.Error):  # it may be closed already
                cursor.close()
        super().close()


def _connecting(path: Path, threads: WeakSet[threading.Thread]) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """Return what connects to the file, and notes first in which thread: connecting may be cancelled, too."""

    async def connect() -> aiosqlite.Connection:
        connection = aiosqlite.connect(path, check_same_thread=False, factory=_Connection)
        thread = connection._thread
        thread.daemon = True
        threads.add(thread)
        return await connection

    return connect


def _join(threads: Sequence[threading.Thread]) -> None:
    """Wait for threads to end: one whose task was cancelled outlives the event loop otherwise, with a traceback."""
    for thread in threads:
        thread.join(THREAD_S)


class Database:
    """One SQLite file; made by `open`."""

    def __init__(self, engine: AsyncEngine, path: Path) -> None:
        self._engine = engine
        self._writing = asyncio.Lock()
        self.path = path

    @property
    def engine(self) -> Engine:
        """The engine, for whoever listens to its events."""
        return self._engine.sync_engine

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[Self]:
        """Open (and create or migrate) the database; raises DamagedStore or EnvironmentTrouble."""
        threads = WeakSet[threading.Thread]()
        connect = _connecting(path, threads)
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_reset_on_return=None, async_creator=connect)
        event.listen(engine.sync_engine, "connect", _configure)
        event.listen(engine.sync_engine, "begin", _begin)
        try:
            await asyncio.to_thread(_probe, path)
            database = cls(engine, path)
            await database.migrate()
            with contextlib.suppress(ResightError):  # a full disk or a lock: plans are as good as they were
                await database.analyze()
            yield database
        finally:
            await engine.dispose()
            await asyncio.to_thread(_join, [one for one in threads if one.is_alive()])

    async def migrate(self) -> None:
        """Bring the schema to HEAD; alembic, slow to import, is loaded only if there is something to do."""
        async with self.write() as connection:
            present = await connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"))
            stored = present.first() and (await connection.execute(text("SELECT version_num FROM alembic_version")))
            version = stored.scalar() if stored else None
            if version is not None and version > HEAD:
                raise EnvironmentTrouble("The data folder was written by a newer Resight: update this one.")
            if version != HEAD:
                await connection.run_sync(_upgrade)

    async def analyze(self) -> None:
        """Gather statistics from a sample of each index, so that queries are planned for the rows that are there.

        A connection reads them when it is opened, so idle ones are closed. `PRAGMA optimize` looks only at what a
        connection has asked for before, and gathered nothing.
        """
        with translated():
            await asyncio.to_thread(_analyze, self.path)
        await self.reopen()

    async def reopen(self) -> None:
        """Close idle connections: new ones see what another process changed meanwhile."""
        await self._engine.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write: committed at the end, rolled back on any error."""
        with translated():
            async with self._writing, self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for SELECTs."""
        with translated():
            async with self._engine.connect() as connection:
                yield await connection.execution_options(read_only=True)

    async def holds(self, asked: Select[Any]) -> bool:
        """Return whether there is such a row, without the write lock, so that an idle loop never writes."""
        async with self.read() as connection:
            return (await connection.execute(asked.limit(1))).first() is not None

    async def meta(self, key: str) -> str | None:
        """Return a stored value of this installation."""
        async with self.read() as connection:
            return (await connection.execute(select(meta.c.value).where(meta.c.key == key))).scalar()

    async def set_meta(self, key: str, value: str) -> None:
        """Store a value of this installation."""
        async with self.write() as connection:
            put = upsert(connection, meta).values(key=key, value=value)
            await connection.execute(put.on_conflict_do_update(index_elements=["key"], set_={"value": value}))

    async def meta_once(self, key: str, value: str) -> str:
        """Return the stored value; `value` is stored if there was none, also when several ask at once."""
        stored = await self.meta(key)
        if stored is not None:
            return stored
        async with self.write() as connection:
            await connection.execute(upsert(connection, meta).values(key=key, value=value).on_conflict_do_nothing())
            return str(await connection.scalar(select(meta.c.value).where(meta.c.key == key)))

    async def scrub(self, patience: float = 10.0) -> bool:
        """Empty the write-ahead log of what was deleted; return False if a reader was busy for `patience` seconds."""
        with translated():
            return await asyncio.to_thread(_checkpoint, self.path, patience)

    async def rewrite(self) -> bool:
        """Write the whole file anew, so that unused space holds no copy of deleted rows; return False if it can't be
        done.

        Zeros are written over what is deleted, but not over copies of rows that SQLite moved to another page before.
        """
        async with self._writing:
            return await asyncio.to_thread(written_anew, self.path)

    async def check(self) -> str:
        """Return SQLite's own word on the file: "ok", or what is wrong."""
        try:
            async with self.read() as connection:
                return str((await connection.execute(text("PRAGMA quick_check(5)"))).scalar())
        except (DatabaseError, DamagedStore) as error:
            return str(error)


def _checkpoint(path: Path, patience: float) -> bool:
    """Empty the write-ahead log and return whether it is empty.

    Most is copied while others go on writing; the rest is done in a moment.
    """
    log, until = path.with_name(f"{path.name}-wal"), time.monotonic() + patience
    if not log.exists() or not log.stat().st_size:
        return True
    with closing(sqlite3.connect(path, timeout=patience)) as connection:
        while True:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not busy or time.monotonic() >= until:
                return not busy
            time.sleep(AGAIN_S)  # SQLite waits for readers and writers, and not where somebody else is copying


def written_anew(path: Path) -> bool:
    """Write a file of SQLite anew and return whether that worked: nothing is left of deleted rows, nor of copies.

    The temporary file is as private as the rest: it lies beside the database, and no name leads to it.
    """
    os.environ.setdefault("SQLITE_TMPDIR", str(path.parent))
    try:
        with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA temp_store=FILE")
            connection.execute("VACUUM")
        return _checkpoint(path, COPYING_S)
    except sqlite3.OperationalError as error:  # no room for a second copy, or somebody else writes for long
        log.warning("The database was not written anew: %s.", error)
        return False


def _analyze(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=1)) as connection:
        connection.execute(f"PRAGMA analysis_limit={SAMPLE}")
        connection.execute("ANALYZE")


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
