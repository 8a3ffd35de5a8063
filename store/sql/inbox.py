"""The inbox: one row a posted image, from its receipt to its one verdict.

    received --claim--> leased --conclude (store/sql/cases.py)--> done
        ^                  |
        +---- release -----+     also when a lease runs out, because its worker died

Events that arrive during a commit go into the next commit together, so a raid costs few commits. Rows are claimed
oldest first and fairly between communities, so a raid in one does not starve the others. A dead letter is a row whose
verdict says that we gave up; an operator may let it wait again. The author's roles are not stored, because exemptions
are decided before an event is accepted.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Group
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import Letter, Waiting
from core.errors import Busy, CouldNotLook, DiskFull
from core.ports import Clock
from core.types import ImageEvent, Intent, Outcome, Platform, Space
from store.sql.db import Database
from store.sql.group_commit import GroupCommit
from store.sql.keyed import Keyed
from store.sql.tables.columns import is_word, plain
from store.sql.tables.judged import cases, inbox
from store.sql.upsert import upsert

MAX_DEPTH = 100_000
"""Rows that may wait; beyond it the intake raises Busy instead of dropping images silently."""

CROWDED = "{} images wait for their verdict; no more are taken until some are done."
FULL = "The disk is nearly full: no more images are taken in until there is room."
GIVEN_UP = ("gave-up", CouldNotLook.reason, "timeout", "crash", "memory", "no-key")
"""Reasons of `unscannable` that may be our fault, or a passing trouble."""

WHAT = ("message", "image", "author", "author_name", "file_name", "group", "link", "revision")
NAMES = (*WHAT, "thread", "hint", "answer_to", "language", "text")


def event_of(row: Mapping[Any, Any]) -> ImageEvent:
    """Return the event of an inbox row."""
    space = Space(platform=Platform(row["platform"]), community=row["community"], channel=row["channel"])
    return ImageEvent(space=space, intent=Intent(row["intent"]), **{name: row[name] for name in NAMES})


HOME = inbox.c.platform + plain(":") + inbox.c.community
"""The community of a row as PLATFORM:ID, because two platforms may give the same number."""


type Room = Callable[[int], bool]
"""Tells whether so many more bytes leave the disk the free space that it must have."""


def has_any(_: int) -> bool:
    """Return True: this disk has no end."""
    return True


class SqlInbox:
    """`core.case_ports.Inbox` on the SQL database; at most `most` rows wait, and none comes in on a full disk."""

    def __init__(self, db: Database, clock: Clock, most: int = MAX_DEPTH, has_room: Room = has_any) -> None:
        self._db = db
        self._clock = clock
        self._most = most
        self._has_room = has_room
        self._keyed = Keyed(db)
        self._accepting = GroupCommit(self._accept)

    async def accept(self, events: Sequence[ImageEvent]) -> int:
        """See `core.case_ports.Inbox.accept`."""
        return await self._accepting.add(events) if events else 0

    async def _accept(self, batches: Sequence[Sequence[ImageEvent]]) -> Sequence[int | Exception]:
        """Store batches of events; return for each batch how many were new, or the error that refused all of it."""
        self.check_room(0)
        room, fits = self._most - await self.depth(), list[bool]()
        for batch in batches:
            fits.append(len(batch) <= room)
            room -= len(batch) if fits[-1] else 0
        taken = [batch for batch, fit in zip(batches, fits, strict=True) if fit]
        new = await self._insert([await self._row(event) for batch in taken for event in batch])
        return [
            _count([await self._key(event) for event in batch], new) if fit else Busy(CROWDED.format(self._most))
            for batch, fit in zip(batches, fits, strict=True)
        ]

    async def _key(self, event: ImageEvent) -> str:
        """Return the event's dedupe key; that of a private chat is fingerprinted, because it names a person."""
        return event.dedupe_key if event.space.community else await self._keyed(event.dedupe_key)

    async def _insert(self, rows: Sequence[dict[str, object]]) -> set[str]:
        """Insert rows and return the keys of the new ones."""
        if not rows:
            return set()
        async with self._db.write() as connection:
            put = upsert(connection, inbox).on_conflict_do_nothing().returning(inbox.c.dedupe_key)
            return set((await connection.execute(put, rows)).scalars())

    async def join(self, connection: AsyncConnection, event: ImageEvent, size: int) -> None:
        """Store an event within the caller's transaction, which also keeps `size` bytes of its image: both or neither.

        Call it first: it raises Busy or DiskFull before anything is written. Not for private chats, whose keys are made
        outside of transactions.
        """
        self.check_room(size)
        if await _depth(connection) >= self._most:
            raise Busy(CROWDED.format(self._most))
        await connection.execute(upsert(connection, inbox).on_conflict_do_nothing(), [await self._row(event)])

    def check_room(self, size: int) -> None:
        """Raise DiskFull unless `size` bytes may be kept: they are written twice, first into the write-ahead log."""
        if not self._has_room(2 * size):
            raise DiskFull(FULL)

    async def _row(self, event: ImageEvent) -> dict[str, object]:
        now, space = self._clock(), event.space
        place = {"platform": space.platform.value, "community": space.community, "channel": space.channel}
        words = {name: _sound(getattr(event, name)) for name in NAMES}
        times = {"received_at": now, "not_before": now}
        return {"dedupe_key": await self._key(event), "intent": event.intent.value, **place, **words, **times}

    async def claim(
        self,
        limit: int,
        lease: timedelta,
        platforms: Group[str] | None = None,
        *,
        untried: bool = False,
        besides: Group[str] = (),
        each: int | None = None,
    ) -> list[Waiting]:
        """See `core.case_ports.Inbox.claim`."""
        due = self._due(platforms)
        due = due.where(HOME.not_in(besides)) if besides else due
        due = due.where(inbox.c.why == "") if untried else due
        if not await self._db.holds(due):
            return []
        turn = func.row_number().over(partition_by=HOME, order_by=inbox.c.id)
        ranked = due.add_columns(turn.label("turn")).subquery()
        chosen = (
            select(ranked.c.id)
            .where(ranked.c.turn <= (each or limit))
            .order_by(ranked.c.turn, ranked.c.id)
            .limit(limit)
        )
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
        return due if platforms is None else due.where(inbox.c.platform.in_([str(platform) for platform in platforms]))

    async def release(self, waiting: Waiting, after: timedelta, why: str, *, counts: bool = True) -> None:
        """See `core.case_ports.Inbox.release`."""
        back = update(inbox).where(inbox.c.id == waiting.id, inbox.c.outcome.is_(None))
        attempts = inbox.c.attempts - (0 if counts else 1)
        values = {"not_before": self._clock() + after, "why": why[:500], "attempts": attempts}
        async with self._db.write() as connection:
            await connection.execute(back.values(**values))

    async def take_over(self) -> int:
        """See `core.case_ports.Inbox.take_over`."""
        now = self._clock()
        claimed = and_(inbox.c.outcome.is_(None), inbox.c.not_before > now)
        async with self._db.write() as connection:
            return (await connection.execute(update(inbox).where(claimed).values(not_before=now))).rowcount

    @property
    def is_open(self) -> bool:
        """See `core.case_ports.Inbox.is_open`."""
        return self._has_room(0)

    async def depth(self, platform: str = "") -> int:
        """See `core.case_ports.Inbox.depth`."""
        async with self._db.read() as connection:
            return await _depth(connection, platform)

    async def letters(self, *, dead: bool, limit: int = 100) -> list[Letter]:
        """See `core.case_ports.Inbox.letters`."""
        rows = select(inbox).where(_is_dead() if dead else inbox.c.outcome.is_(None))
        number = inbox.c.id + plain(0)  # by the bare number SQLite would walk through all that are done with
        asked = rows.order_by(number.desc() if dead else number).limit(limit)
        async with self._db.read() as connection:
            return [_letter(row) for row in (await connection.execute(asked)).mappings()]

    async def dead(self) -> int:
        """See `core.case_ports.Inbox.dead`."""
        async with self._db.read() as connection:
            return await connection.scalar(select(func.count()).select_from(inbox).where(_is_dead())) or 0

    async def retry(self, ids: Group[int] | None = None) -> int:
        """See `core.case_ports.Inbox.retry`."""
        again = {"outcome": None, "reason": "", "done_at": None, "attempts": 0, "not_before": self._clock()}
        chosen = _is_dead() if ids is None else and_(_is_dead(), inbox.c.id.in_(ids))
        async with self._db.write() as connection:
            return (await connection.execute(update(inbox).where(chosen).values(**again))).rowcount

    async def reopen(self, events: Sequence[ImageEvent]) -> list[ImageEvent]:
        """See `core.case_ports.Inbox.reopen`."""
        keys = {await self._key(event): event for event in events}
        theirs = select(inbox.c.id).where(inbox.c.dedupe_key.in_(keys))
        async with self._db.read() as connection:
            dead = (await connection.execute(theirs.where(_is_dead()))).scalars().all()
            settled = select(inbox.c.dedupe_key).join(cases, cases.c.inbox == inbox.c.id)
            shown = (await connection.execute(settled.where(inbox.c.dedupe_key.in_(keys), _gave_up()))).scalars().all()
        if dead:
            await self.retry(dead)
        return [keys[key] for key in shown]


async def _depth(connection: AsyncConnection, platform: str = "") -> int:
    asked = select(func.count()).select_from(inbox).where(inbox.c.outcome.is_(None))
    asked = asked.where(inbox.c.platform == str(platform)) if platform else asked
    return await connection.scalar(asked) or 0


def _sound[T](value: T) -> T | str:
    """Return a text that can be stored: half a surrogate pair, which some platforms pass on, can't be."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _count(batch: Sequence[str], new: set[str]) -> int:
    """Return how many of a batch's keys are new, and take those out, so that no other batch counts them."""
    counted = new.intersection(batch)
    new -= counted
    return len(counted)


def _is_dead() -> ColumnElement[bool]:
    """Return the condition for events that were given up and of which nobody was told a verdict."""
    has_case = select(cases.c.id).where(cases.c.inbox == inbox.c.id).exists()
    return and_(_gave_up(), ~has_case)


def _gave_up() -> ColumnElement[bool]:
    return and_(is_word(inbox.c.outcome, Outcome.UNSCANNABLE), inbox.c.reason.in_(GIVEN_UP))


def _letter(row: Mapping[Any, Any]) -> Letter:
    names = ("id", "attempts", "received_at", "not_before", "why", "reason")
    return Letter(event=event_of(row), **{name: row[name] for name in names})
