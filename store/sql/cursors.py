"""How far each channel of a platform was read, so that what was posted meanwhile is found after a restart.

inbox.accept commits  -->  advance       never the other way round: what is behind a cursor is not read again
"""

from collections.abc import Mapping

from sqlalchemy import select

from store.sql.db import Database
from store.sql.tables.house import cursors
from store.sql.upsert import upsert


class SqlCursors:
    """`core.chat_ports.Cursors` on the SQL database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, platform: str) -> Mapping[str, str]:
        """See `core.chat_ports.Cursors.get`."""
        asked = select(cursors.c.channel, cursors.c.cursor).where(cursors.c.platform == str(platform))
        async with self._db.read() as connection:
            return {row.channel: row.cursor for row in await connection.execute(asked)}

    async def advance(self, platform: str, moved: Mapping[str, str]) -> None:
        """See `core.chat_ports.Cursors.advance`."""
        rows = [{"platform": str(platform), "channel": channel, "cursor": cursor} for channel, cursor in moved.items()]
        if not rows:
            return
        async with self._db.write() as connection:
            put = upsert(connection, cursors)
            further = {"cursor": put.excluded["cursor"]}
            await connection.execute(
                put.on_conflict_do_update(index_elements=["platform", "channel"], set_=further), rows
            )
