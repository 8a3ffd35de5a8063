"""Kinds of columns, partial indexes, and conditions that make a query use those."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    TextClause,
    TypeDecorator,
    literal,
)

from core.types import Act

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored as UTC without its zone, which SQLite would forget."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment as UTC without a zone, as the column stores it."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the stored moment with the zone UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Acts(TypeDecorator[tuple[Act, ...]]):
    """A tuple of acts, stored as words with commas; both "" and NULL are none."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: tuple[Act, ...] | None, dialect: Dialect) -> str:  # noqa: ARG002
        """Return the acts as words with commas between them."""
        return ",".join(act.value for act in value or ())

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Act, ...]:  # noqa: ARG002
        """Return the acts that the stored words name."""
        return tuple(Act(word) for word in (value or "").split(",") if word)


def string(name: str, **options: Any) -> Column[str]:
    """Return a column of text that is never NULL and "" by default."""
    return Column(name, String, nullable=False, **({"default": ""} | options))


def moment(name: str, **options: Any) -> Column[datetime]:
    """Return a column of moments in UTC."""
    return Column(name, UtcDateTime, **options)


def some(name: str, *columns: str, where: TextClause) -> Index:
    """Return a partial index; a query uses it only with the very same condition."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


LONG = Integer().with_variant(BigInteger, "postgresql")
"""An integer of 63 bits and a sign, as every integer of SQLite is."""


def is_word(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    """Return the condition that the column holds this word of ours."""
    return column == plain(str(word))


def plain(value: str | int) -> BindParameter[Any]:
    """Return a value that stands in the SQL itself: with a bound one SQLite finds no partial index."""
    return literal(value, literal_execute=True)
