"""Cases as people see them, read with their albums, bursts, actions and decisions, however many in a few statements.

An album is several pictures in one post, a burst several posts of one reference: store/sql/cases.py says which row is
shown. What was decided about matches like a case's best one is cached between decisions.
"""

from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    ColumnElement,
    RowMapping,
    Select,
    Table,
    and_,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.bursts import Treated
from core.cases import Beside, Case, Earlier, Wanted
from core.errors import NotFound
from core.matches import Experience
from core.ports import Clock
from core.trust import TrackRecord, band_of, claimed
from core.types import Intent, Space
from store.sql import decided_images, earlier
from store.sql.beside import beside, elsewhere
from store.sql.brakes import with_brakes
from store.sql.bursts import FIRST, HAS_JOINED, spaces, treated, with_bursts
from store.sql.case_rows import CaseDetails, case_of
from store.sql.db import Database
from store.sql.experience import JUDGED, Experiences
from store.sql.keyed import Keyed
from store.sql.open_cases import open_cases, page_of
from store.sql.outbox import SqlOutbox, main_case, shown_case
from store.sql.tables.judged import actions, cases, decisions, inbox, matches, reports


class SqlCaseReader(SqlOutbox):
    """What of `core.case_ports.Cases` only reads."""

    def __init__(
        self, db: Database, clock: Clock, keep_evidence: timedelta, keep_decisions: timedelta = decided_images.KEEP
    ) -> None:
        super().__init__(db, clock)
        self.decided = decided_images.SqlDecided(db, clock, keep_decisions)
        self._keep = keep_evidence
        self._keyed = Keyed(db)
        self._experiences = Experiences(db)

    def changed(self) -> None:
        """Forget cached counts: call it when something else has written to the table of cases."""
        self._experiences.forget()
        self.decided.forget()

    async def get(self, number: int) -> Case:
        """See `core.case_ports.Cases.get`."""
        main = select(shown_case).where(cases.c.id == number).correlate(None).scalar_subquery()
        loaded = await self._load(_cases().where(cases.c.id == main))
        if not loaded:
            raise NotFound(f"There is no case {number}.")
        return loaded[0]

    async def post(self, number: int) -> Case:
        """See `core.case_ports.Cases.post`."""
        main = select(main_case).where(cases.c.id == number).correlate(None).scalar_subquery()
        loaded = await self._load(_cases().where(cases.c.id == main), summed=False)
        if not loaded:
            raise NotFound(f"There is no case {number}.")
        return loaded[0]

    async def beside(self, post: int) -> list[Beside]:
        """See `core.case_ports.Cases.beside`."""
        async with self._db.read() as connection:
            return await beside(connection, post)

    async def elsewhere(self, number: int) -> list[Beside]:
        """See `core.case_ports.Cases.elsewhere`."""
        async with self._db.read() as connection:
            return await elsewhere(connection, number)

    async def treated(self, number: int) -> list[Treated]:
        """See `core.case_ports.Cases.treated`."""
        async with self._db.read() as connection:
            return await treated(connection, number)

    async def spaces(self, number: int) -> frozenset[Space]:
        """See `core.case_ports.Cases.spaces`."""
        async with self._db.read() as connection:
            return await spaces(connection, number)

    async def newest(
        self, space: Space | None = None, *, home: Space | None = None, limit: int = 50, before: int | None = None
    ) -> list[Case]:
        """See `core.case_ports.Cases.newest`."""
        asked = select(cases.c.id).where(JUDGED, FIRST).order_by(cases.c.id.desc()).limit(limit)
        if before is not None:
            asked = asked.where(cases.c.id < before)
        if home is not None:
            theirs = inbox.c.platform == home.platform, cases.c.community == home.home
            asked = asked.join(inbox, cases.c.inbox == inbox.c.id).where(*theirs)
        if space is not None:
            theirs = in_channel(space.platform, space.channel), cases.c.community == space.home
            asked = asked.join(inbox, cases.c.inbox == inbox.c.id).where(*theirs)
        return await self._load(_cases().where(cases.c.id.in_(asked)).order_by(cases.c.id.desc()))

    async def open(
        self, homes: Group[str], wanted: Wanted, *, limit: int, before: int | None = None, after: int | None = None
    ) -> list[Case]:
        """See `core.case_ports.Cases.open`."""
        numbers = page_of(open_cases(homes, wanted), limit, before, after)
        return await self._load(_cases().where(cases.c.id.in_(numbers)).order_by(cases.c.id.desc()))

    async def count_open(self, homes: Group[str], wanted: Wanted, most: int) -> int:
        """See `core.case_ports.Cases.count_open`."""
        counted = select(func.count()).select_from(open_cases(homes, wanted).limit(most).subquery())
        async with self._db.read() as connection:
            return int(await connection.scalar(counted) or 0)

    async def some(self, numbers: Group[int]) -> list[Case]:
        """See `core.case_ports.Cases.some`."""
        asked = _cases().where(cases.c.id.in_(numbers)).order_by(cases.c.id)
        return await self._load(asked) if numbers else []

    async def of_message(self, platform: str, channel: str, message: str) -> list[Case]:
        """See `core.case_ports.Cases.of_message`."""
        pictures = in_channel(platform, channel), inbox.c.message == message, JUDGED
        mains = select(shown_case).join(inbox, cases.c.inbox == inbox.c.id).where(*pictures)
        return await self._load(_cases().where(cases.c.id.in_(mains.correlate(None))).order_by(cases.c.id))

    async def earlier(self, case: Case) -> Earlier:
        """See `core.case_ports.Cases.earlier`."""
        of_author = earlier.by_author(case) if case.event.author else None
        of_reference = earlier.of_reference(case)
        async with self._db.read() as connection:
            known = (await connection.execute(of_author)).one() if of_author is not None else (0, 0)
            posts = await connection.scalar(of_reference) if of_reference is not None else 0
        return Earlier(cases=known[0], violations=known[1], posts=posts or 0)

    async def _load(self, asked: Select[Any], *, summed: bool = True) -> list[Case]:
        """Return cases with their albums and details, in five statements however many cases there are, and (`summed`)
        with what is known of bursts, if there are any, in seven more; one more tells whether brakes still hold.

        What was decided about matches like theirs is cached between decisions.
        """
        async with self._db.read() as connection:
            rows = (await connection.execute(asked)).mappings().all()
            albums = _cases().where(cases.c.album.in_([row["cases_id"] for row in rows])).order_by(cases.c.id)
            further = (await connection.execute(albums)).mappings().all()
            ids = [row["cases_id"] for row in (*rows, *further)]
            details = CaseDetails(
                matches=await _children(connection, matches, matches.c.rank, ids),
                actions=await _children(connection, actions, actions.c.id, ids),
                decisions=await _children(connection, decisions, decisions.c.id, ids),
            )
            loaded = [case_of(row, further, details) for row in rows]
            grown = [row["cases_id"] for row in rows if row["grown"]] if summed else []
            loaded = await with_brakes(connection, await with_bursts(connection, loaded, grown))
            loaded = await decided_images.with_decisions(connection, loaded)
        return [await self._with_experience(case) for case in loaded]

    async def _with_experience(self, case: Case) -> Case:
        """Return the case with what was decided here about matches like its best one; a query has none."""
        best = case.verdict.best
        if best is None or case.event.intent is Intent.QUERY:
            return case
        track_record = await self.track_record(case.event.space.home, best.reference.collection)
        return replace(case, experience=track_record.get((best.kind, band_of(claimed(best))), Experience()))

    async def track_record(self, community: str, collection: str) -> TrackRecord:
        """See `core.case_ports.Cases.track_record`."""
        return await self._experiences.of(community, collection)


def _cases() -> Select[Any]:
    """Return the query of cases with their events and the number of reporters, columns named after their table."""
    people = (
        select(func.count())
        .select_from(reports)
        .where(reports.c.platform == inbox.c.platform)
        .where(reports.c.channel == inbox.c.channel, reports.c.message == inbox.c.message)
        .correlate(inbox)
        .scalar_subquery()
    )
    asked = select(cases, inbox, people.label("people"), HAS_JOINED.label("grown")).join(
        inbox, cases.c.inbox == inbox.c.id
    )
    return asked.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)


def in_channel(platform: str, channel: str) -> ColumnElement[bool]:
    return and_(inbox.c.platform == str(platform), inbox.c.channel == channel)


async def _children(
    connection: AsyncConnection, table: Table, order: Column[Any], ids: Sequence[int]
) -> Sequence[RowMapping]:
    asked = select(table).where(table.c.case.in_(ids)).order_by(order)
    return (await connection.execute(asked)).mappings().all()
