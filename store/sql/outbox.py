"""The outbox: actions asked of a front, each written with what caused it and finished once.

    put (conclude, decide, undo, ask) -> waiting --claim_actions--> front --finish_action--> done | gone | ...
                                            ^                         |
                                            +----- retry_action ------+

A case's actions go in the order in which they were asked, an album's as one case's. An action's key
(case, cause, act) makes asking twice the same as once.
"""

from collections import Counter
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.bursts import PACE
from core.cases import KICKED, NO_CARD, ActionRecord
from core.chat import Carried
from core.policy import MESSAGES
from core.ports import Clock
from core.types import Act, ActState
from store.sql.audit import note
from store.sql.case_rows import action_of
from store.sql.db import Database
from store.sql.group_commit import GroupCommit
from store.sql.people import let_go_of_answered
from store.sql.tables.columns import is_word
from store.sql.tables.judged import actions, cases, decisions, inbox
from store.sql.upsert import upsert

main_case = func.coalesce(cases.c.album, cases.c.id)
"""The number of the post's case: for a further picture, the album's. A post's actions go in order."""

shown_case = func.coalesce(cases.c.burst, main_case)
"""The number of the case that a person sees and decides on: for a further post of a burst, that of the first."""

WAITING = is_word(actions.c.state, ActState.WAITING)

IS_MESSAGE = actions.c.act.in_([act.value for act in MESSAGES])

HAS_RECEIPT = text("actions.receipt != ''")
"""Condition in the words of the partial index, which a query with bound values would miss."""

NOT_SHOWN = (ActState.FORBIDDEN, ActState.GONE, ActState.UNSUPPORTED, ActState.FAILED)
SHOWN = actions.alias("shown")
BURSTS = cases.alias("bursts")

OWN = inbox.alias("own")
SAME_MESSAGE = and_(
    inbox.c.platform == OWN.c.platform, inbox.c.channel == OWN.c.channel, inbox.c.message == OWN.c.message
)
"""Condition for an event of a message that an event of `OWN` is of, too."""

ITS_HOME = select(cases.c.community).where(cases.c.id == actions.c.case).scalar_subquery()
"""The community of an action's case; stored with a receipt, so that the newest one is found however many there are."""


def in_album(number: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition for the case of this number and the further pictures of its album."""
    return or_(cases.c.id == number, cases.c.album == number)


def in_case(number: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition for all pictures of a case that people see: its album's, and those of a burst's posts."""
    return or_(cases.c.id == number, cases.c.album == number, cases.c.burst == number)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAct:
    """An act that is asked for: on which picture's case, and why; `decision` None = the verdict asks.

    `not_before` None = at once; what is asked for later holds nothing else up.
    """

    case: int
    cause: str
    act: Act
    decision: int | None = None
    not_before: datetime | None = None


async def put(connection: AsyncConnection, at: datetime, wanted: Iterable[WantedAct]) -> None:
    """Store acts as waiting actions within the caller's transaction; a cause asks for the same act once."""
    rows = [
        {
            "case": wanted_act.case,
            "decision": wanted_act.decision,
            "key": key,
            "act": wanted_act.act.value,
            "state": ActState.WAITING.value,
            "not_before": wanted_act.not_before,
            "at": at,
        }
        for wanted_act, key in _keyed(wanted)
    ]
    if rows:
        await connection.execute(upsert(connection, actions).on_conflict_do_nothing(index_elements=["key"]), rows)


def _keyed(wanted: Iterable[WantedAct]) -> Iterator[tuple[WantedAct, str]]:
    """Yield each act with its key; the second of the same (a card before and after) ends in `-2`."""
    seen: Counter[str] = Counter()
    for wanted_act in wanted:
        key = f"{wanted_act.case}:{wanted_act.cause}:{wanted_act.act.value}"
        seen[key] += 1
        yield wanted_act, key if seen[key] == 1 else f"{key}-{seen[key]}"


async def renew(connection: AsyncConnection, at: datetime, number: int, cause: str) -> None:
    """Ask for the card of a burst as it now stands, within the caller's transaction.

    A renewal that waits and has not begun will show everything, so there is never more than one; and there is a pause
    (`PACE`) between two, because platforms allow only so many edits.
    """
    cards = and_(actions.c.case == number, actions.c.act == Act.CARD.value)
    has_not_begun = select(actions.c.id).where(cards, WAITING, actions.c.attempts == 0)
    if await connection.scalar(has_not_begun.limit(1)) is not None:
        return
    last = await connection.scalar(select(func.max(actions.c.at)).where(cards))
    due = last + PACE if last and last + PACE > at else None
    await put(connection, at, [WantedAct(case=number, cause=cause, act=Act.CARD, not_before=due)])


async def _renew_bursts(connection: AsyncConnection, at: datetime, finished: Sequence[int]) -> None:
    """Renew the cards of bursts of whose posts one of these actions was."""
    about = select(func.max(actions.c.id), shown_case).join(cases, actions.c.case == cases.c.id)
    about = about.where(actions.c.id.in_(finished), ~IS_MESSAGE)
    for action, number in (await connection.execute(about.group_by(shown_case))).all():
        grown = exists(select(BURSTS.c.id).where(BURSTS.c.burst == number))
        has_card = select(actions.c.id).where(actions.c.case == number, actions.c.act == Act.CARD.value, grown)
        if await connection.scalar(has_card.limit(1)) is not None:
            await renew(connection, at, number, f"after-{action}")


def _without(asked: Select[tuple[int, int]], away: Group[str]) -> Select[tuple[int, int]]:
    """Return the query without actions on these platforms."""
    if not away:
        return asked
    return asked.join(inbox, inbox.c.id == cases.c.inbox).where(
        inbox.c.platform.not_in([str(platform) for platform in away])
    )


def _may_work_now() -> ColumnElement[bool]:
    """Return the condition for cards that nobody has seen, and for acts refused for lack of a right.

    Not if a moderator has decided about the case since.
    """
    shown = select(SHOWN.c.id).where(SHOWN.c.case == actions.c.case, SHOWN.c.act == Act.CARD.value)
    is_unseen = and_(
        actions.c.act == Act.CARD.value,
        actions.c.state.in_([state.value for state in NOT_SHOWN]),
        ~exists(shown.where(SHOWN.c.receipt != "")),
    )
    newest = select(func.max(decisions.c.id)).where(decisions.c.case == shown_case).scalar_subquery()
    holds = exists(select(decisions.c.id).where(decisions.c.id == actions.c.decision, decisions.c.undone_at.is_(None)))
    is_wanted = or_(and_(actions.c.decision.is_(None), newest.is_(None)), and_(actions.c.decision == newest, holds))
    is_refused = and_(
        actions.c.act != Act.CARD.value,
        actions.c.state == ActState.FORBIDDEN.value,
        or_(actions.c.detail.in_((NO_CARD, KICKED)), actions.c.detail.like("no-permission|%")),
        is_wanted,
    )
    return or_(is_unseen, is_refused)


class SqlOutbox:
    """The part of `core.case_ports.Cases` that is about actions."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._finishing = GroupCommit(self._finish)

    async def ask(self, case: int, cause: str, acts: Sequence[Act]) -> None:
        """See `core.case_ports.Cases.ask`."""
        async with self._db.write() as connection:
            await put(connection, self._clock(), [WantedAct(case=case, cause=cause, act=act) for act in acts])

    async def claim_actions(
        self,
        limit: int,
        besides: Group[int] = (),
        *,
        acts: Group[Act] = frozenset(Act),
        each: int | None = None,
        away: Group[str] = (),
    ) -> list[ActionRecord]:
        """See `core.ports.Cases`.

        There is no lease: one process works on the outbox, and says what it is busy with. So any other action that
        was begun and not finished is one that a crash cut short, and is claimed at once.
        """
        next_ones = _without(self._next_ones(besides, acts), away).subquery()
        is_free, has_turn = next_ones.c.id.not_in(besides), next_ones.c.turn <= (each or limit + len(besides))
        due = select(next_ones.c.id).where(is_free, has_turn).order_by(next_ones.c.id).limit(limit)
        if limit <= 0 or not await self._db.holds(due):
            return []
        begun = update(actions).where(actions.c.id.in_(due)).values(attempts=actions.c.attempts + 1).returning(actions)
        async with self._db.write() as connection:
            rows = (await connection.execute(begun)).mappings().all()
        return sorted((action_of(row) for row in rows), key=lambda action: action.id)

    def _next_ones(self, busy: Group[int], acts: Group[Act]) -> Select[tuple[int, int]]:
        """Return the next due or busy action of each case, with its rank among those of its community."""
        its_case = actions.c.case == cases.c.id
        has_come = or_(actions.c.attempts > 0, actions.c.not_before.is_(None), actions.c.not_before <= self._clock())
        first = select(func.min(actions.c.id)).join(cases, its_case).where(WAITING, has_come).group_by(main_case)
        is_due = or_(actions.c.not_before.is_(None), actions.c.not_before <= self._clock(), actions.c.id.in_(busy))
        turn = func.row_number().over(partition_by=cases.c.community, order_by=actions.c.id).label("turn")
        asked = select(actions.c.id, turn).join(cases, its_case)
        return asked.where(actions.c.id.in_(first), is_due, actions.c.act.in_([act.value for act in acts]))

    async def finish_action(self, action: int, carried: Carried) -> None:
        """See `core.case_ports.Cases.finish_action`."""
        await self._finishing.add((action, carried))

    async def _finish(self, results: Sequence[tuple[int, Carried]]) -> Sequence[None]:
        """Store the results of actions that ended together in one commit; a crash before it repeats the actions."""
        now = self._clock()
        async with self._db.write() as connection:
            for action, carried in results:
                state = carried.state.value
                done = {"state": state, "detail": carried.sentence, "receipt": carried.receipt, "at": now}
                done |= {"home": ITS_HOME} if carried.receipt else {}
                await connection.execute(update(actions).where(actions.c.id == action).values(**done))
                await note(connection, now, "resight", "action.finished", {"action": action, "state": state})
            numbers = [action for action, _ in results]
            await _renew_bursts(connection, now, numbers)
            await let_go_of_answered(connection, numbers)
        return [None] * len(results)

    async def ask_again(self, home: str, within: timedelta) -> int:
        """See `core.case_ports.Cases`."""
        those = select(actions.c.id).join(cases, actions.c.case == cases.c.id).where(_may_work_now())
        those = those.where(actions.c.at >= self._clock() - within)
        those = those.where(cases.c.community == home) if home else those
        wanted = {"state": ActState.WAITING.value, "attempts": 0, "not_before": None}
        if not await self._db.holds(those.limit(1)):
            return 0
        async with self._db.write() as connection:
            again = await connection.execute(update(actions).where(actions.c.id.in_(those)).values(**wanted))
            return again.rowcount

    async def newest_receipt(self, community: str, act: Act) -> str:
        """See `core.case_ports.Cases.newest_receipt`."""
        asked = select(actions.c.receipt).where(actions.c.home == community, actions.c.act == act.value, HAS_RECEIPT)
        async with self._db.read() as connection:
            return await connection.scalar(asked.order_by(actions.c.at.desc(), actions.c.id.desc()).limit(1)) or ""

    async def copies(self, case: int) -> list[tuple[int, str]]:
        """See `core.case_ports.Cases.copies`."""
        own = select(cases.c.inbox).where(in_case(case)).correlate(None).scalar_subquery()
        asked = select(actions.c.id, actions.c.receipt).join(cases, actions.c.case == cases.c.id)
        asked = asked.join(inbox, cases.c.inbox == inbox.c.id).join(OWN, SAME_MESSAGE)
        asked = asked.where(OWN.c.id.in_(own), actions.c.act == Act.REMOVE.value, HAS_RECEIPT).distinct()
        async with self._db.read() as connection:
            return [(row.id, row.receipt) for row in await connection.execute(asked.order_by(actions.c.id))]

    async def copy_is_gone(self, action: int) -> None:
        """See `core.case_ports.Cases.copy_is_gone`."""
        async with self._db.write() as connection:
            await connection.execute(update(actions).where(actions.c.id == action).values(receipt=""))

    async def waiting_actions(self, platform: str = "") -> int:
        """See `core.case_ports.Cases.waiting_actions`."""
        waiting = select(func.count()).select_from(actions).where(WAITING)
        if platform:
            waiting = waiting.join(cases, cases.c.id == actions.c.case).join(inbox, inbox.c.id == cases.c.inbox)
            waiting = waiting.where(inbox.c.platform == str(platform))
        async with self._db.read() as connection:
            return await connection.scalar(waiting) or 0

    async def retry_action(self, action: int, after: timedelta, why: str) -> None:
        """See `core.case_ports.Cases.retry_action`."""
        later = {"not_before": self._clock() + after, "detail": why[:500]}
        waiting = update(actions).where(actions.c.id == action, actions.c.state == ActState.WAITING.value)
        async with self._db.write() as connection:
            await connection.execute(waiting.values(**later))
