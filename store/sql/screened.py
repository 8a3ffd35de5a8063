"""Embeddings of recently screened images, so that a new reference can be compared with them.

Nothing is kept unless a community's staff chose for how long; no picture ever is. Vectors are float16, one row a frame.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import numpy as np
from sqlalchemy import ColumnElement, RowMapping, and_, delete, select

from core.chat import Recent
from core.looks import EmbedderSpec
from core.ports import Clock
from core.types import ImageEvent, Vectors
from store.sql.db import Database
from store.sql.keyed import Keyed
from store.sql.tables.communities import communities
from store.sql.tables.judged import screened
from store.sql.upsert import upsert

PAGE = 500
SAME = ("platform", "channel", "message", "image")


class SqlScreened:
    """`core.chat_ports.Screened` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._keyed = Keyed(db)

    async def remember(self, event: ImageEvent, spec: EmbedderSpec, vectors: Vectors) -> None:
        """See `core.chat_ports.Screened.remember`."""
        space = event.space
        place = {"platform": space.platform.value, "channel": space.channel}
        same = {**place, "message": event.message, "image": event.image}
        values = {"community": space.community, "link": event.link, "at": self._clock(), "space_id": spec.space_id}
        values |= {"vectors": vectors.astype(np.float16).tobytes()}
        values |= {"author": await self._keyed(author_key(space.platform, event.author))}
        async with self._db.write() as connection:
            put = upsert(connection, screened).values(**same, **values)
            await connection.execute(put.on_conflict_do_update(index_elements=list(SAME), set_=values))

    async def each(self, community: str, spec: EmbedderSpec) -> AsyncIterator[Sequence[Recent]]:
        """See `core.chat_ports.Screened.each`."""
        wanted = select(screened).where(screened.c.space_id == spec.space_id).order_by(screened.c.id).limit(PAGE)
        if community:
            wanted = wanted.where(_theirs(*community.split(":", 1)))
        after = 0
        while True:
            async with self._db.read() as connection:
                page = (await connection.execute(wanted.where(screened.c.id > after))).mappings().all()
            if not page:
                return
            yield [_recent(row, spec.dim) for row in page]
            after = page[-1]["id"]

    async def expire(self) -> int:
        """See `core.chat_ports.Screened.expire`."""
        there = select(screened.c.platform, screened.c.community).distinct()
        durations = select(communities.c.platform, communities.c.id, communities.c.remember_hours)
        async with self._db.read() as connection:
            places = [(row.platform, row.community) for row in await connection.execute(there)]
            rows = await connection.execute(durations) if places else ()
            hours = {(row.platform, row.id): row.remember_hours for row in rows}
        return sum([await self._forget(*place, hours.get(place, 0)) for place in places])

    async def _forget(self, platform: str, community: str, hours: int) -> int:
        """Delete what is older than so many hours in one community; return how many images."""
        theirs = _theirs(platform, community)
        old = and_(theirs, screened.c.at <= self._clock() - timedelta(hours=hours))
        if not await self._db.holds(select(screened.c.id).where(old)):
            return 0
        async with self._db.write() as connection:
            return (await connection.execute(delete(screened).where(old))).rowcount


def author_key(platform: str, author: str) -> str:
    """Return the text whose fingerprint stands for an author: of a clean image nothing else says whose it was."""
    return f"{platform}/{author}"


def _recent(row: RowMapping, dim: int) -> Recent:
    vectors: Vectors = np.frombuffer(row["vectors"], np.float16).astype(np.float32).reshape(-1, dim)
    return Recent(vectors=vectors, link=row["link"])


def _theirs(platform: str, community: str = "") -> ColumnElement[bool]:
    return and_(screened.c.platform == platform, screened.c.community == community)
