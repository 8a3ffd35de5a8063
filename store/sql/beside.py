"""Several cases of one message, in SQL: a message may show pictures of several references, each with a case of its own.

message --beside--> what the other cases did to it
author --elsewhere--> what other cases did to them
suspected child abuse --cards_without_copies--> no card of theirs keeps a copy of it
"""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import and_, exists, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import ActionRecord, Beside
from core.types import Act, Decision, Intent
from store.sql.case_rows import action_of
from store.sql.outbox import (
    HAS_RECEIPT,
    IS_MESSAGE,
    OWN,
    SAME_MESSAGE,
    WantedAct,
    in_album,
    in_case,
    main_case,
    shown_case,
)
from store.sql.people import ON_AUTHORS
from store.sql.tables.columns import plain
from store.sql.tables.judged import actions, cases, decisions, inbox

NO_QUESTION = cases.c.intent != Intent.QUERY.value


async def beside(connection: AsyncConnection, post: int) -> list[Beside]:
    """Return the pictures of other cases that the messages of a post show, too, oldest first."""
    own = select(inbox.c.platform, inbox.c.channel, inbox.c.message).join(cases, cases.c.inbox == inbox.c.id)
    own_messages = (await connection.execute(own.where(in_album(post)).distinct())).all()
    asked = select(cases.c.id, shown_case.label("shown"), inbox.c.message).join(inbox, cases.c.inbox == inbox.c.id)
    asked = asked.where(NO_QUESTION, main_case != post).order_by(cases.c.id)
    there = [
        and_(inbox.c.platform == one.platform, inbox.c.channel == one.channel, inbox.c.message == one.message)
        for one in own_messages
    ]
    rows = [row for same in there for row in (await connection.execute(asked.where(same))).all()]
    if not rows:
        return []
    numbers, shown = [row.id for row in rows], {row.shown for row in rows}
    done, cards = await _done(connection, numbers), await _cards(connection, shown)
    suspected = await _suspected(connection, shown)
    return [
        Beside(
            case=row.shown,
            message=row.message,
            actions=tuple(done[row.id]),
            card=cards.get(row.shown, ""),
            is_suspected=row.shown in suspected,
        )
        for row in rows
    ]


async def _done(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, list[ActionRecord]]:
    """Return what was asked about each picture, oldest first."""
    asked = select(actions).where(actions.c.case.in_(numbers), ~IS_MESSAGE).order_by(actions.c.id)
    found: dict[int, list[ActionRecord]] = defaultdict(list)
    for row in (await connection.execute(asked)).mappings():
        found[row["case"]].append(action_of(row))
    return found


async def elsewhere(connection: AsyncConnection, number: int) -> list[Beside]:
    """Return what other cases of the community asked to be done to the author of a picture, oldest first."""
    own = select(inbox.c.platform, inbox.c.author, cases.c.community, shown_case.label("shown"))
    asked = own.join(cases, cases.c.inbox == inbox.c.id).where(cases.c.id == number, inbox.c.author != plain(""))
    author = (await connection.execute(asked)).first()
    if author is None:
        return []
    same = inbox.c.platform == author.platform, inbox.c.author == author.author, text("inbox.judged")
    theirs = select(actions, shown_case.label("shown")).join(cases, actions.c.case == cases.c.id)
    theirs = theirs.join(inbox, cases.c.inbox == inbox.c.id).where(*same, actions.c.act.in_(ON_AUTHORS))
    theirs = theirs.where(cases.c.community == author.community, shown_case != author.shown).order_by(actions.c.id)
    found: dict[int, list[ActionRecord]] = defaultdict(list)
    for row in (await connection.execute(theirs)).mappings():
        found[row["shown"]].append(action_of(row))
    return [Beside(case=shown, message="", actions=tuple(asked_for)) for shown, asked_for in found.items()]


async def _cards(connection: AsyncConnection, shown: set[int]) -> dict[int, str]:
    """Return the newest receipt of each case's card."""
    asked = select(actions.c.case, actions.c.receipt).where(actions.c.case.in_(shown), HAS_RECEIPT)
    asked = asked.where(actions.c.act == Act.CARD.value).order_by(actions.c.id)
    return {row.case: row.receipt for row in await connection.execute(asked)}


async def _suspected(connection: AsyncConnection, shown: set[int]) -> set[int]:
    asked = select(decisions.c.case).where(decisions.c.case.in_(shown), decisions.c.decision == Decision.ABUSE.value)
    return set((await connection.execute(asked)).scalars())


async def cards_without_copies(connection: AsyncConnection, number: int, decision: int) -> list[WantedAct]:
    """Return what renews the cards of other cases about messages of this one, which may keep copies of them."""
    own = select(cases.c.inbox).where(in_case(number)).correlate(None).scalar_subquery()
    asked = select(shown_case).join(inbox, cases.c.inbox == inbox.c.id).join(OWN, SAME_MESSAGE)
    asked = asked.where(OWN.c.id.in_(own), NO_QUESTION, shown_case != number).distinct()
    has_card = exists(select(actions.c.id).where(actions.c.case == shown_case, actions.c.act == Act.CARD.value))
    others = sorted((await connection.execute(asked.where(has_card))).scalars())
    return [WantedAct(case=one, cause=f"copies-{decision}", act=Act.CARD) for one in others]
