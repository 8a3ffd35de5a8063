"""One INSERT that may meet a row that is there already, said the same way for every database that we know.

    put = upsert(connection, table).values(...)
    put.on_conflict_do_nothing()                                  what is there stays
    put.on_conflict_do_update(index_elements=[...], set_={...})   what is there changes; `put.excluded` is the new row

SQLite and PostgreSQL understand the same ON CONFLICT; SQLAlchemy keeps a class of its own for each, with the same
methods.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.ext.asyncio import AsyncConnection

INSERTS: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def upsert(connection: AsyncConnection, table: Table) -> Insert:
    """Return an INSERT into the table for the database of this connection; PostgreSQL's has the methods of SQLite's."""
    return cast(Insert, INSERTS[connection.dialect.name](table))
