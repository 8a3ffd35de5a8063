"""Raw updates of a platform that forgets what it delivered (Telegram's getUpdates): kept until they are worked off.

    store --commit--> told to the platform --> waiting --done--> without its data --48 h--> gone

A finished update is remembered by its number for a while: the platform may deliver it once more after a crash.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from core.ports import Clock
from store.sql.db import Database
from store.sql.tables.house import updates
from store.sql.upsert import upsert

REMEMBER = timedelta(hours=48)
"""How long a finished update is remembered: longer than the platform keeps undelivered ones (24 hours)."""


class SqlUpdates:
    """`core.chat_ports.Updates` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def store(self, platform: str, received: Mapping[int, bytes]) -> int:
        """See `core.chat_ports.Updates.store`."""
        now = self._clock()
        rows = [
            {"platform": str(platform), "number": number, "data": data, "stored_at": now}
            for number, data in received.items()
        ]
        if not rows:
            return 0
        async with self._db.write() as connection:
            put = upsert(connection, updates).on_conflict_do_nothing().returning(updates.c.number)
            return len((await connection.execute(put, rows)).all())

    async def waiting(self, platform: str, limit: int) -> list[tuple[int, bytes]]:
        """See `core.chat_ports.Updates.waiting`."""
        asked = (
            select(updates.c.number, updates.c.data)
            .where(updates.c.platform == str(platform), updates.c.done_at.is_(None))
            .order_by(updates.c.number)
            .limit(limit)
        )
        async with self._db.read() as connection:
            return [(row.number, row.data) for row in await connection.execute(asked)]

    async def done(self, platform: str, numbers: Sequence[int]) -> None:
        """See `core.chat_ports.Updates`; the newest is never forgotten, because `newest` must not fall back."""
        now, of_platform = self._clock(), updates.c.platform == str(platform)
        finished = update(updates).where(of_platform, updates.c.number.in_(numbers), updates.c.done_at.is_(None))
        newest = select(func.max(updates.c.number)).where(of_platform).scalar_subquery()
        old = delete(updates).where(of_platform, updates.c.done_at <= now - REMEMBER, updates.c.number < newest)
        async with self._db.write() as connection:
            await connection.execute(finished.values(data=b"", done_at=now))
            await connection.execute(old)

    async def newest(self, platform: str) -> int:
        """See `core.chat_ports.Updates.newest`."""
        asked = select(func.max(updates.c.number)).where(updates.c.platform == str(platform))
        async with self._db.read() as connection:
            return await connection.scalar(asked) or 0
