"""What was acted on automatically of late in a community, and the brakes that hold there.

actions nobody decided about, not harmless --traffic--> counts      brakes: one row each time one trips
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.brakes import DAY, HOUR, Brake, Traffic
from core.cases import Case
from core.policy import DRASTIC
from core.ports import Clock
from store.sql.audit import note
from store.sql.bursts import LATE
from store.sql.db import Database
from store.sql.tables.judged import actions, brakes, cases, inbox, matches


class SqlBrakes:
    """`core.chat_ports.Brakes` on the SQL database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def traffic(self, community: str, reference: UUID, author: str) -> Traffic:
        """See `core.chat_ports.Brakes.traffic`."""
        now = self._clock()
        async with self._db.read() as connection:
            standing = await connection.scalar(select(brakes.c.brake).where(_holds(community, reference)).limit(1))
            if standing:
                return Traffic(standing=Brake(standing))
            day = max(now - DAY, await self._let_go(connection, community, Brake.DAILY, None))
            hour = max(now - HOUR, await self._let_go(connection, community, Brake.FLOOD, reference))
            posts = _acted(distinct(inbox.c.message), community, day)
            people = _of(reference, _acted(distinct(inbox.c.author), community, hour), inbox.c.author != author)
            return Traffic(posts=await connection.scalar(posts) or 0, people=await connection.scalar(people) or 0)

    async def _let_go(
        self, connection: AsyncConnection, community: str, brake: Brake, reference: UUID | None
    ) -> datetime:
        """Return when a moderator last released such a brake."""
        of_this_brake = and_(brakes.c.community == community, brakes.c.brake == brake.value)
        of_this_brake = and_(of_this_brake, brakes.c.reference == reference) if reference else of_this_brake
        newest = select(brakes.c.released_at).where(of_this_brake, brakes.c.released_at.is_not(None))
        at = await connection.scalar(newest.order_by(brakes.c.id.desc()).limit(1))
        return at or self._clock() - DAY

    async def trip(self, community: str, brake: Brake, reference: UUID) -> None:
        """See `core.chat_ports.Brakes.trip`."""
        now, row = self._clock(), {"community": community, "brake": brake.value}
        about = reference if brake is Brake.FLOOD else None
        async with self._db.write() as connection:
            if await connection.scalar(select(brakes.c.id).where(_holds(community, reference)).limit(1)):
                return  # another image was faster
            await connection.execute(insert(brakes).values(**row, reference=about, at=now))
            details = {"community": community, "brake": brake.value, "reference": str(about or "")}
            await note(connection, now, "resight", "brake.tripped", details)

    async def release(self, community: str, reference: UUID, by: str) -> int:
        """See `core.chat_ports.Brakes.release`."""
        now = self._clock()
        holding = update(brakes).where(_holds(community, reference))
        async with self._db.write() as connection:
            count = (await connection.execute(holding.values(released_at=now, released_by=by))).rowcount
            if count:
                details = {"community": community, "reference": str(reference)}
                await note(connection, now, by, "brake.released", details)
        return count


async def with_brakes(connection: AsyncConnection, loaded: Sequence[Case]) -> list[Case]:
    """Return the cases, those that a brake held back with whether one does now, in one statement if there are any."""
    homes = {one.event.space.home for one in loaded if one.brake}
    if not homes:
        return list(loaded)
    standing = select(brakes.c.community, brakes.c.reference).where(brakes.c.released_at.is_(None))
    rows = (await connection.execute(standing.where(brakes.c.community.in_(homes)))).all()
    holding = {(row.community, row.reference) for row in rows}
    return [replace(one, is_braked=not holding.isdisjoint(_brakes_of(one))) if one.brake else one for one in loaded]


def _brakes_of(case: Case) -> set[tuple[str, UUID | None]]:
    """Return what a brake on a case is about: the whole community, or its best match's reference."""
    home, best = case.event.space.home, case.verdict.best
    return {(home, None), *([(home, best.reference.id)] if best else [])}


def _holds(community: str, reference: UUID) -> ColumnElement[bool]:
    """Return the condition for brakes that prevent acting on a match of this reference."""
    about = or_(brakes.c.reference.is_(None), brakes.c.reference == reference)
    return and_(brakes.c.community == community, about, brakes.c.released_at.is_(None))


def _acted(what: ColumnElement[object], community: str, since: datetime) -> Select[int]:
    """Return the query that counts posts on which the bot acted though no moderator saw them: by a verdict alone, or
    since they joined a burst that was decided about before."""
    without_a_look = or_(actions.c.decision.is_(None), actions.c.key.contains(f":{LATE}-"))
    by_itself = and_(without_a_look, actions.c.act.in_([act.value for act in DRASTIC]))
    about = and_(cases.c.community == community, cases.c.opened_at > since)
    rows = select(func.count(what)).select_from(actions).join(cases, actions.c.case == cases.c.id).join(inbox)
    return rows.where(by_itself, about)


def _of(reference: UUID, asked: Select[int], also: ColumnElement[bool]) -> Select[int]:
    best = and_(matches.c.case == cases.c.id, matches.c.rank == 0, matches.c.reference == reference)
    return asked.where(exists().where(best), also)
