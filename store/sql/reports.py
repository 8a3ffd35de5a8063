"""Who reported which message: one row a person and message, so that a report counts once.

file          remember a report, and count the people
filed_since   one person's reports, for the brake on them
"""

from datetime import datetime

from sqlalchemy import func, select

from core.ports import Clock
from core.types import Space
from store.sql.db import Database
from store.sql.tables.judged import reports
from store.sql.upsert import upsert


class SqlReports:
    """`core.chat_ports.Reports` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def file(self, space: Space, message: str, reporter: str) -> tuple[bool, int]:
        """See `core.chat_ports.Reports.file`."""
        about = {"platform": space.platform.value, "channel": space.channel, "message": message}
        row = {**about, "reporter": reporter, "community": space.community, "at": self._clock()}
        people = select(func.count()).select_from(reports).filter_by(**about)
        async with self._db.write() as connection:
            filed = await connection.execute(upsert(connection, reports).values(**row).on_conflict_do_nothing())
            return bool(filed.rowcount), await connection.scalar(people) or 0

    async def filed_since(self, platform: str, reporter: str, since: datetime) -> list[datetime]:
        """See `core.chat_ports.Reports.filed_since`."""
        theirs = (
            select(reports.c.at)
            .where(reports.c.platform == str(platform), reports.c.reporter == reporter, reports.c.at >= since)
            .order_by(reports.c.at)
        )
        async with self._db.read() as connection:
            return list((await connection.execute(theirs)).scalars())
