"""A copy of the database while it is in use, and the summary that tells whether a copy is whole.

    copy(database, file)       SQLite's own online backup: one consistent state, whoever writes meanwhile
    summary_of(file)           counts, and a digest of every reference with its vectors

The vectors of the vector store are not copied: they are a projection of the database (docs/architecture.md), so two
copies could only disagree.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from core.errors import DamagedStore
from store.sql.db import HEAD, translated

CATALOGUE = """
SELECT r.id, r.collection, r."key", r.sha256, r.title, r.source_url, v.part, v.halves
FROM reference_images r LEFT JOIN vectors v ON v.reference = r.id ORDER BY r.id, v.part
"""
COUNTED = {"references": "reference_images", "vectors": "vectors", "cases": "cases", "images": "inbox"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSummary:
    """Counts of a database; two with the same `catalogue` know the same references by the same vectors."""

    schema: str
    references: int
    vectors: int
    cases: int
    images: int
    catalogue: str


def copy(database: Path, file: Path) -> None:
    """Copy the database to a new file; raises EnvironmentTrouble for a full disk, DamagedStore for a damaged source."""
    with (
        translated(),
        closing(sqlite3.connect(database, timeout=30)) as source,
        closing(sqlite3.connect(file)) as target,
    ):
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, without its -wal


def summary_of(file: Path) -> DatabaseSummary:
    """Read a whole database file and return its summary; raises DamagedStore if SQLite finds it unsound."""
    with translated(), _reading(file) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise DamagedStore(f"The database of the backup is damaged: {verdict}.")
        (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        counts = {
            name: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for name, table in COUNTED.items()
        }
        return DatabaseSummary(schema=schema, catalogue=_digest(connection), **counts)


def is_readable(summary: DatabaseSummary) -> bool:
    """Return whether this program knows the schema, which that of a newer program is not."""
    return summary.schema <= HEAD


def _digest(connection: sqlite3.Connection) -> str:
    digest = hashlib.sha256()
    for row in connection.execute(CATALOGUE):
        for value in row:
            data = value if isinstance(value, bytes) else str(value).encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        yield connection
