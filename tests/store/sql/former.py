"""Databases as former versions left them, for the tests of what a migration makes of their rows."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import store.sql.db


@contextmanager
def former(path: Path, revision: str) -> Iterator[sqlite3.Connection]:
    """Make a database with the schema of that revision, and give a connection that fills it."""
    with closing(sqlite3.connect(path)) as plain:
        engine = create_engine("sqlite://", creator=lambda: plain)
        config = Config()
        config.set_main_option("script_location", str(Path(store.sql.db.__file__).parent / "migrations"))
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        yield plain
        plain.commit()
        engine.dispose()
