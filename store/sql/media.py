"""Thumbnails that expire, with the words and frames of the same pictures: no evidence is kept longer than it may be."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, insert, select

from core.cases import Media
from core.ports import Clock
from store.sql.db import Database
from store.sql.decided_images import of_cases
from store.sql.decided_images import reduce as reduce_frames
from store.sql.reading import drop_words
from store.sql.tables.columns import plain
from store.sql.tables.judged import cases, media


class SqlMedia:
    """`core.ports.MediaStore` on the SQL database: small, transactional, and gone with the row."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def put(self, data: bytes, mime: str, keep: timedelta) -> str:
        """See `core.ports.MediaShelf.put`."""
        key = secrets.token_urlsafe(18)
        row = {"key": key, "mime": mime, "data": data, "expires_at": self._clock() + keep}
        async with self._db.write() as connection:
            await connection.execute(insert(media).values(**row))
        return key

    async def get(self, key: str) -> Media | None:
        """See `core.ports.MediaShelf.get`."""
        asked = select(media).where(media.c.key == key, media.c.expires_at > self._clock())
        async with self._db.read() as connection:
            row = (await connection.execute(asked)).first()
        return Media(key=row.key, mime=row.mime, data=row.data) if row else None

    async def expire(self) -> int:
        """See `core.ports.MediaShelf.expire`."""
        old = media.c.expires_at <= self._clock()
        if not await self._db.holds(select(media.c.key).where(old)):
            return 0
        async with self._db.write() as connection:
            shown = _shown(select(media.c.key).where(old))
            await drop_words(connection, shown)
            await reduce_frames(connection, of_cases(shown))
            gone = (await connection.execute(delete(media).where(old))).rowcount
        await self._db.scrub()
        return gone


def _shown(keys: Select[str]) -> ColumnElement[bool]:
    """Return the condition for cases that show one of these pictures."""
    return and_(cases.c.thumbnail != plain(""), cases.c.thumbnail.in_(keys))
