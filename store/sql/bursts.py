"""Bursts in SQL: which case a new one joins, what a case of many posts stands for, and what was done to each of them.

    conclude --place_of--> Joined: the album, the burst and the decision that holds for it
    get, newest --with_bursts--> Burst, by counting: there may be thousands of posts
    decide, undo --treated--> what was done to each of them

`cases.burst` of a further post, and of all pictures of its album, is the number of the first post's case; that one's is
NULL. Nothing else is stored: whether a burst is open follows from its posts and from the decision in force.
"""

from collections import defaultdict
from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, distinct, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.bursts import (
    LONGEST_BURST,
    PLACES,
    Asked,
    Author,
    Burst,
    Place,
    Tally,
    Treated,
    open_until,
)
from core.cases import Case, DecisionRecord
from core.matches import Verdict
from core.policy import COPIES, ON_THE_AUTHOR, may_join
from core.types import GUILTY, Act, ActState, Content, ImageEvent, Intent, Kind, Outcome, Platform, Space
from store.sql.case_rows import decision_of
from store.sql.inbox import event_of
from store.sql.outbox import IS_MESSAGE, WantedAct, in_case, shown_case
from store.sql.tables.columns import plain
from store.sql.tables.judged import actions, cases, decisions, inbox, matches, reports

LATE = "joined"
"""Cause of the acts on a post that joined under a decision: they are the decision's, and count for the brakes."""

POST = case((inbox.c.group == plain(""), inbox.c.message), else_=plain("album ") + inbox.c.group)
"""What is one post within a channel: a message, or an album of several."""

FIRST = and_(cases.c.album.is_(None), cases.c.burst.is_(None))
FURTHER = cases.alias("further")
OTHER = cases.alias("other")
OF_OTHER = inbox.alias("of_other")


@dataclass(frozen=True, slots=True)
class Joined:
    """What a new case belongs to: `album` and `burst` as they are stored, and the decision in force on the burst."""

    album: int | None = None
    burst: int | None = None
    standing: DecisionRecord | None = None

    @property
    def row(self) -> dict[str, int | None]:
        """Its columns in the row of the new case."""
        return {"album": self.album, "burst": self.burst}

    @property
    def main(self) -> int | None:
        """The case whose card shows the new one; None = it has one of its own."""
        return self.burst or self.album


async def place_of(
    connection: AsyncConnection, at: datetime, event: ImageEvent, verdict: Verdict, *, joins: bool
) -> Joined:
    """Return where a new case belongs: to its album, and (if it `joins` bursts) to an open burst of its reference."""
    for album in await _albums(connection, event):
        burst = album.burst or (album.id if await _has_joined(connection, album.id) else None)
        is_same = may_join(event, verdict) and await connection.scalar(_shows(burst or album.id, verdict))
        if burst is None:
            return Joined(album.id, None, _followed(await standing_on(connection, album.id)) if is_same else None)
        if is_same:
            return Joined(album.id, album.burst, _followed(await standing_on(connection, burst)))
    return await _open(connection, at, event, verdict) if joins and may_join(event, verdict) else Joined()


async def standing_on(connection: AsyncConnection, number: int) -> DecisionRecord | None:
    """Return the decision in force on a case that people see."""
    asked = select(decisions).where(decisions.c.case == number, decisions.c.undone_at.is_(None))
    row = (await connection.execute(asked)).mappings().first()
    return decision_of(row) if row else None


def _followed(standing: DecisionRecord | None) -> DecisionRecord | None:
    """Return the decision in force, if it is one that holds for what joins later, too."""
    return standing if standing and standing.decision in GUILTY else None


async def _albums(connection: AsyncConnection, event: ImageEvent) -> Sequence[Row[int, int | None]]:
    """Return the cases that other pictures of its album opened for this intent, oldest first."""
    if not event.group or event.intent is Intent.QUERY:
        return ()
    there = inbox.c.platform == str(event.space.platform), inbox.c.channel == event.space.channel
    same = and_(*there, inbox.c.group == event.group, inbox.c.group != plain(""))
    asked = select(cases.c.id, cases.c.burst).join(inbox, cases.c.inbox == inbox.c.id).where(same)
    asked = asked.where(cases.c.intent == event.intent.value, cases.c.album.is_(None)).order_by(cases.c.id)
    return (await connection.execute(asked)).all()


async def _has_joined(connection: AsyncConnection, number: int) -> bool:
    return await connection.scalar(select(cases.c.id).where(cases.c.burst == number).limit(1)) is not None


def _same(number: ColumnElement[int] | int, reference: UUID) -> Select[Any]:
    """Return the query for the best match of a case, if it surely shows the content of this reference."""
    settled = or_(
        matches.c.kind == Kind.EXACT.value,
        and_(matches.c.kind.in_([kind.value for kind in COPIES]), matches.c.content == Content.SAME.value),
    )
    return select(matches.c.case).where(
        matches.c.case == number, matches.c.rank == 0, matches.c.reference == reference, settled
    )


def _shows(number: int, verdict: Verdict) -> Select[Any]:
    assert verdict.best
    return _same(number, verdict.best.reference.id).limit(1)


async def _open(connection: AsyncConnection, at: datetime, event: ImageEvent, verdict: Verdict) -> Joined:
    """Return the newest case of the reference that further posts of this channel may join.

    One that was decided for this channel in particular comes first, and one that was for others only is passed over: in
    this channel nobody has decided.
    """
    found = [
        (one, await standing_on(connection, one.id)) for one in await _of_its_reference(connection, at, event, verdict)
    ]
    here = [(one, standing) for one, standing in found if not standing or standing.holds_in(event.space.channel)]
    for one, standing in sorted(here, key=lambda pair: not _is_for_some(pair[1])):
        if await _is_open(connection, at, one.id, one.opened_at, standing):
            return Joined(None, one.id, _followed(standing))
        if not _is_for_some(standing):  # the newest says whether the burst goes on
            break
    return Joined()


def _is_for_some(standing: DecisionRecord | None) -> bool:
    """Return whether a decision is about some channels of its community only."""
    return standing is not None and standing.channels is not None


async def _of_its_reference(
    connection: AsyncConnection, at: datetime, event: ImageEvent, verdict: Verdict
) -> Sequence[Row[int, datetime]]:
    """Return the cases that bursts of its reference began with in the last day, newest first."""
    assert verdict.best
    reference = verdict.best.reference.id
    other = FURTHER.c.outcome != Outcome.MATCH.value, ~exists(_same(FURTHER.c.id, reference))
    mixed = exists().where(FURTHER.c.album == cases.c.id, or_(*other))
    asked = (
        select(cases.c.id, cases.c.opened_at)
        .where(cases.c.community == event.space.home, cases.c.opened_at >= at - LONGEST_BURST, FIRST)
        .where(cases.c.intent == Intent.POSTED.value, cases.c.outcome == Outcome.MATCH.value)
        .where(exists(_same(cases.c.id, reference)), ~mixed)
        .order_by(cases.c.id.desc())
    )
    return (await connection.execute(asked)).all()


async def _is_open(
    connection: AsyncConnection, at: datetime, number: int, opened_at: datetime, standing: DecisionRecord | None
) -> bool:
    """Return whether a post was added in the last while, and no decision ended the burst."""
    newest = select(cases.c.opened_at).where(cases.c.burst == number).order_by(cases.c.id.desc()).limit(1)
    last = await connection.scalar(newest) or opened_at
    return at <= open_until(opened_at, last) and (standing is None or standing.decision in GUILTY)


async def late_acts(
    connection: AsyncConnection, number: int, event: ImageEvent, standing: DecisionRecord, acts: Sequence[Act]
) -> list[WantedAct]:
    """Return what the decision in force asks of a post that joins, and has not asked of another picture of its message;
    what it does to its author it does once."""
    is_its_message = and_(inbox.c.channel == event.space.channel, inbox.c.message == event.message)
    is_its_author = and_(inbox.c.author == event.author, actions.c.act.in_([act.value for act in ON_THE_AUTHOR]))
    asked = (
        select(actions.c.act)
        .join(cases, actions.c.case == cases.c.id)
        .join(inbox, cases.c.inbox == inbox.c.id)
        .where(actions.c.decision == standing.id, or_(is_its_message, is_its_author))
        .distinct()
    )
    done = {Act(act) for act in (await connection.execute(asked)).scalars()}
    cause = f"{LATE}-{standing.id}"
    return [WantedAct(case=number, cause=cause, act=act, decision=standing.id) for act in acts if act not in done]


async def treated(connection: AsyncConnection, number: int) -> list[Treated]:
    """Return all pictures of a case that people see, oldest first, with what was asked about each."""
    pictures = select(cases.c.id, inbox.c.platform, inbox.c.community, inbox.c.channel, inbox.c.message, inbox.c.author)
    asked = pictures.join(inbox, cases.c.inbox == inbox.c.id).where(in_case(number)).order_by(cases.c.id)
    names = actions.c.case, actions.c.id, actions.c.act, actions.c.state, actions.c.decision
    on_them = select(*names).join(cases, actions.c.case == cases.c.id).where(in_case(number)).order_by(actions.c.id)
    by_case: dict[int, list[Asked]] = defaultdict(list)
    for row in await connection.execute(on_them):
        by_case[row.case].append(Asked(id=row.id, act=Act(row.act), state=ActState(row.state), decision=row.decision))
    rows = (await connection.execute(asked)).all()
    return [
        Treated(
            id=row.id, space=_space(row), message=row.message, author=row.author, actions=tuple(by_case.get(row.id, ()))
        )
        for row in rows
    ]


async def spaces(connection: AsyncConnection, number: int) -> frozenset[Space]:
    """Return the channels of all pictures of a case that people see."""
    asked = select(inbox.c.platform, inbox.c.community, inbox.c.channel).distinct()
    asked = asked.join(cases, cases.c.inbox == inbox.c.id).where(in_case(number))
    return frozenset(_space(row) for row in await connection.execute(asked))


def _space(row: Any) -> Space:
    return Space(platform=Platform(row.platform), community=row.community, channel=row.channel)


async def with_bursts(connection: AsyncConnection, loaded: Sequence[Case], grown: Group[int]) -> list[Case]:
    """Return the cases, those of these numbers with what they stand for, in seven statements however many there are."""
    if not grown:
        return list(loaded)
    found, brakes = await _bursts(connection, grown), await _brakes(connection, grown)
    return [
        replace(one, burst=found[one.id], reports=found[one.id].reports, brake=brakes.get(one.id, ""))
        if one.id in found
        else one
        for one in loaded
    ]


HAS_JOINED = exists(select(FURTHER.c.id).where(FURTHER.c.burst == cases.c.id))
"""Condition for a case that others have joined."""

GOES = exists(
    select(actions.c.id)
    .join(OTHER, actions.c.case == OTHER.c.id)
    .join(OF_OTHER, OTHER.c.inbox == OF_OTHER.c.id)
    .where(OF_OTHER.c.platform == inbox.c.platform, OF_OTHER.c.channel == inbox.c.channel)
    .where(OF_OTHER.c.message == inbox.c.message, actions.c.act == Act.REMOVE.value)
    .where(actions.c.state.in_([ActState.WAITING.value, ActState.DONE.value]))
)
"""Condition for a picture whose message is removed, for whichever of its pictures."""

IS_HELD = and_(cases.c.brake != plain(""), ~GOES)
POSTS = func.count(distinct(POST))
POSTS_ANYWHERE = func.count(distinct(inbox.c.channel + plain(" ") + POST))
HELD_POSTS = func.count(distinct(case((IS_HELD, POST))))
LATE_POSTS = func.count(distinct(case((and_(cases.c.opened_at > decisions.c.at, ~IS_HELD), POST))))


def _in_cases(numbers: Group[int]) -> ColumnElement[bool]:
    return or_(cases.c.id.in_(numbers), cases.c.album.in_(numbers), cases.c.burst.in_(numbers))


async def _bursts(connection: AsyncConnection, numbers: Group[int]) -> dict[int, Burst]:
    of_all = select(shown_case.label("shown"), func.max(cases.c.opened_at).label("last_at"))
    of_all = of_all.join(inbox, cases.c.inbox == inbox.c.id).where(_in_cases(numbers)).group_by(shown_case)
    channels, authors = await _channels(connection, numbers), await _authors(connection, numbers)
    tallies, reported = await _tallies(connection, numbers), await _reports(connection, numbers)
    listed = {number: sorted(rows, key=lambda row: -row.posts)[:PLACES] for number, rows in channels.items()}
    events = await _events(connection, [row.newest for rows in listed.values() for row in rows])
    return {
        row.shown: Burst(
            posts=sum(one.posts for one in channels[row.shown]),
            people=len(authors[row.shown]),
            channels=len(channels[row.shown]),
            newest=max(one.newest for one in channels[row.shown]),
            last_at=row.last_at,
            places=tuple(_place(events[one.newest], one) for one in listed[row.shown]),
            authors=tuple(authors[row.shown][:PLACES]),
            tallies=tuple(tallies.get(row.shown, ())),
            late=sum(one.late for one in channels[row.shown]),
            held=sum(one.held for one in channels[row.shown]),
            reports=reported.get(row.shown, 0),
        )
        for row in (await connection.execute(of_all)).all()
    }


def _place(newest: ImageEvent, row: Any) -> Place:
    return Place(space=newest.space, posts=row.posts, newest=newest, number=row.newest)


async def _authors(connection: AsyncConnection, numbers: Group[int]) -> dict[int, list[Author]]:
    """Return who is known of the authors of each case, those with most posts first."""
    everywhere = POSTS_ANYWHERE.label("posts")
    asked = select(shown_case.label("shown"), inbox.c.author, func.max(inbox.c.author_name).label("name"), everywhere)
    asked = asked.join(inbox, cases.c.inbox == inbox.c.id).where(_in_cases(numbers), inbox.c.author != plain(""))
    found: dict[int, list[Author]] = defaultdict(list)
    asked = asked.group_by(shown_case, inbox.c.author).order_by(everywhere.desc(), inbox.c.author)
    for row in (await connection.execute(asked)).all():
        found[row.shown].append(Author(id=row.author, name=row.name, posts=row.posts))
    return found


async def _channels(connection: AsyncConnection, numbers: Group[int]) -> dict[int, list[Any]]:
    """Return the channels of each case, by name: posts, those held back or late, and the number of the newest."""
    counts = POSTS.label("posts"), HELD_POSTS.label("held"), LATE_POSTS.label("late")
    asked = (
        select(shown_case.label("shown"), inbox.c.channel, *counts, func.max(cases.c.id).label("newest"))
        .join(inbox, cases.c.inbox == inbox.c.id)
        .outerjoin(decisions, and_(decisions.c.case == shown_case, decisions.c.undone_at.is_(None)))
        .where(_in_cases(numbers))
        .group_by(shown_case, inbox.c.channel)
        .order_by(inbox.c.channel)
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in (await connection.execute(asked)).all():
        found[row.shown].append(row)
    return found


async def _events(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, ImageEvent]:
    asked = select(inbox, cases.c.id.label("number")).join(cases, cases.c.inbox == inbox.c.id)
    rows = (await connection.execute(asked.where(cases.c.id.in_(numbers)))).mappings().all()
    return {row["number"]: event_of(row) for row in rows}


async def _tallies(connection: AsyncConnection, numbers: Group[int]) -> dict[int, list[Tally]]:
    alike = actions.c.act, actions.c.state, actions.c.detail, actions.c.decision
    first = func.min(actions.c.id)
    asked = select(shown_case, *alike, POSTS_ANYWHERE, first).join(cases, actions.c.case == cases.c.id)
    asked = asked.join(inbox, cases.c.inbox == inbox.c.id)
    asked = asked.where(_in_cases(numbers), ~IS_MESSAGE).group_by(shown_case, *alike).order_by(first)
    found: dict[int, list[Tally]] = defaultdict(list)
    for number, act, state, detail, decision, count, oldest in (await connection.execute(asked)).all():
        how = {"act": Act(act), "state": ActState(state), "detail": detail, "decision": decision}
        found[number].append(Tally(**how, count=count, first=oldest))
    return found


async def _reports(connection: AsyncConnection, numbers: Group[int]) -> dict[int, int]:
    same = reports.c.platform == inbox.c.platform, reports.c.channel == inbox.c.channel
    asked = select(shown_case, func.count(distinct(reports.c.reporter))).select_from(reports)
    asked = asked.join(inbox, and_(*same, reports.c.message == inbox.c.message))
    asked = asked.join(cases, cases.c.inbox == inbox.c.id).where(_in_cases(numbers)).group_by(shown_case)
    return {row[0]: row[1] for row in (await connection.execute(asked)).all()}


async def _brakes(connection: AsyncConnection, numbers: Group[int]) -> dict[int, str]:
    """Return the newest brake that any post of the cases met."""
    asked = select(shown_case, cases.c.brake).where(_in_cases(numbers), cases.c.brake != plain(""))
    return {row[0]: row[1] for row in (await connection.execute(asked.order_by(cases.c.id))).all()}
