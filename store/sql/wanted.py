"""What verdicts and decisions ask the outbox for, within the transaction that stores them.

ask_for   a verdict: acts on the post, its card; on a post that joins a burst what the decision there says
decided   a decision or its undo
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from core.bursts import asked_of_late
from core.policy import MESSAGES, ON_THE_AUTHOR
from core.types import Act, ImageEvent
from store.sql.bursts import Joined, late_acts
from store.sql.outbox import WantedAct, in_case, put, renew
from store.sql.tables.judged import actions, cases, inbox

ON_AUTHORS = [act.value for act in ON_THE_AUTHOR]


async def ask_for(
    connection: AsyncConnection,
    at: datetime,
    number: int,
    joined: Joined,
    event: ImageEvent,
    acts: Sequence[Act],
    late: Sequence[Act],
) -> None:
    """Ask for what a verdict wants, or for what a decision on the burst wants of a post that joins (`late`).

    A burst's card is renewed, not asked for anew.
    """
    asked = await _asked(connection, joined.main, event) if joined.main else frozenset()
    wanted = [act for act in acts if act not in asked]
    if joined.burst is None and joined.standing is None:
        return await put(connection, at, _wanted_acts(number, joined.album, wanted))
    if standing := joined.standing:
        late = asked_of_late(standing.decision, late)
        of_it = [act for act in late if act not in asked]
        await put(connection, at, await late_acts(connection, number, event, standing, of_it))
    if not joined.standing or not late:
        of_the_post = [act for act in wanted if act not in MESSAGES]
        await put(connection, at, _wanted_acts(number, None, of_the_post))
    if Act.CARD in acts:
        await renew(connection, at, joined.main or number, f"joined-{number}")
    return None


async def _asked(connection: AsyncConnection, main: int, event: ImageEvent) -> frozenset[Act]:
    """Return the acts that verdicts on other pictures of the case already asked for this message, or for its author."""
    here = and_(inbox.c.message == event.message, inbox.c.channel == event.space.channel)
    theirs = and_(inbox.c.author == event.author, actions.c.act.in_(ON_AUTHORS))
    asked = (
        select(actions.c.act)
        .join(cases, actions.c.case == cases.c.id)
        .join(inbox, cases.c.inbox == inbox.c.id)
        .where(in_case(main), or_(here, theirs), actions.c.key.contains(":verdict:"))
    )
    return frozenset(Act(act) for act in (await connection.execute(asked)).scalars()) - MESSAGES


def _wanted_acts(number: int, album: int | None, acts: Sequence[Act]) -> Iterator[WantedAct]:
    """Yield the acts that a verdict asks for; an album has one card, and two in a row are one."""
    for before, act in zip((None, *acts), acts, strict=False):
        if album is None or act is not Act.CARD:
            yield WantedAct(case=number, cause="verdict", act=act)
        elif before is not Act.CARD:
            yield WantedAct(case=album, cause=f"picture-{number}", act=act)


def decided(cause: str, decision: int, acts: Sequence[tuple[int, Act]]) -> list[WantedAct]:
    """Return what a decision, or its undo, asks for."""
    return [WantedAct(case=case, cause=cause, act=act, decision=decision) for case, act in acts]
