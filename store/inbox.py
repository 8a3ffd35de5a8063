"""The inbox: one row a posted image, from its receipt to its one verdict.

    received --claim--> leased --conclude (store/cases.py)--> done
        ^                  |
        +---- release -----+     also when a lease runs out, because its worker died

Rows are claimed oldest first, fair between communities: a raid in one does not starve the others.
The author's roles are not stored: exemptions are decided at the door.
"""

from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.dialects.sqlite import insert

from core.cases import Waiting
from core.errors import Busy
from core.ports import Clock
from core.types import ImageEvent, Intent, Platform, Space
from store.db import Database
from store.tables import inbox

MAX_DEPTH = 100_000
"""Rows that may wait; beyond it the intake says so instead of dropping images silently."""

WHAT = ("message", "image", "author", "author_name", "file_name", "group", "link", "revision")
NAMES = (*WHAT, "thread", "hint", "answer_to", "language")


def event_of(row: Mapping[Any, Any]) -> ImageEvent:
    """The event of an inbox row."""
    space = Space(platform=Platform(row["platform"]), community=row["community"], channel=row["channel"])
    return ImageEvent(space=space, intent=Intent(row["intent"]), **{name: row[name] for name in NAMES})


class SqlInbox:
    """`core.ports.Inbox` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def accept(self, events: Sequence[ImageEvent]) -> int:
        if not events:
            return 0
        if await self.depth() + len(events) > MAX_DEPTH:
            raise Busy(f"{MAX_DEPTH} images wait for their verdict already; no more are taken until some are done.")
        now = self._clock()
        rows = [
            {
                "dedupe_key": event.dedupe_key,
                "platform": event.space.platform.value,
                "community": event.space.community,
                "channel": event.space.channel,
                "intent": event.intent.value,
                **{name: getattr(event, name) for name in NAMES},
                "received_at": now,
                "not_before": now,
            }
            for event in events
        ]
        async with self._db.write() as connection:
            before = await connection.scalar(select(func.count()).select_from(inbox)) or 0
            await connection.execute(insert(inbox).on_conflict_do_nothing(), rows)
            return (await connection.scalar(select(func.count()).select_from(inbox)) or 0) - before

    async def claim(self, limit: int, lease: timedelta, platforms: Group[str] | None = None) -> list[Waiting]:
        due = self._due(platforms)
        if not await self._db.holds(due):
            return []
        turn = func.row_number().over(partition_by=inbox.c.community, order_by=inbox.c.id)
        ranked = due.add_columns(turn.label("turn")).subquery()
        chosen = select(ranked.c.id).order_by(ranked.c.turn, ranked.c.id).limit(limit)
        async with self._db.write() as connection:
            ids = (await connection.execute(chosen)).scalars().all()
            taken = (
                update(inbox)
                .where(inbox.c.id.in_(ids))
                .values(not_before=self._clock() + lease, attempts=inbox.c.attempts + 1)
                .returning(inbox)
            )
            rows = (await connection.execute(taken)).mappings().all()
        return [Waiting(id=row["id"], event=event_of(row), attempts=row["attempts"]) for row in rows]

    def _due(self, platforms: Group[str] | None) -> Select[Any]:
        due = select(inbox.c.id).where(inbox.c.outcome.is_(None), inbox.c.not_before <= self._clock())
        return due if platforms is None else due.where(inbox.c.platform.in_([str(one) for one in platforms]))

    async def release(self, waiting: Waiting, after: timedelta, why: str, *, counts: bool = True) -> None:
        back = update(inbox).where(inbox.c.id == waiting.id, inbox.c.outcome.is_(None))
        attempts = inbox.c.attempts - (0 if counts else 1)
        values = {"not_before": self._clock() + after, "why": why[:500], "attempts": attempts}
        async with self._db.write() as connection:
            await connection.execute(back.values(**values))

    async def take_over(self) -> int:
        now = self._clock()
        claimed = and_(inbox.c.outcome.is_(None), inbox.c.not_before > now)
        async with self._db.write() as connection:
            return (await connection.execute(update(inbox).where(claimed).values(not_before=now))).rowcount

    async def depth(self) -> int:
        async with self._db.read() as connection:
            asked = select(func.count()).select_from(inbox).where(inbox.c.outcome.is_(None))
            return await connection.scalar(asked) or 0
