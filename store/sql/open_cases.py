"""Cases about which no decision is in force: found by an index of their own, however many others there are.

`cases.decided` follows the decisions: `settle` is called in the same transaction.
"""

from collections.abc import Collection as Group
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import Sort, Wanted
from core.policy import UNSEEN
from core.types import Act, Intent, Outcome
from store.sql.bursts import FIRST
from store.sql.experience import JUDGED
from store.sql.tables.catalogue import reference_images
from store.sql.tables.columns import is_word
from store.sql.tables.judged import actions, cases, inbox, matches

UNDECIDED = text("NOT cases.decided")
"""Condition in the words of the partial index, which a query with bound values would miss."""

PART = cases.alias("part")
"""A picture or a post that an open case stands for."""

PARTS = or_(PART.c.id == cases.c.id, PART.c.album == cases.c.id, PART.c.burst == cases.c.id)


SHOWN = exists().where(actions.c.case == cases.c.id, actions.c.act == Act.CARD.value)
"""Condition for a case of which there is a card: somebody reported it, or staff are asked about all of them."""

QUIET = and_(is_word(cases.c.outcome, Outcome.REVIEW), cases.c.reason.in_(sorted(UNSEEN)), ~SHOWN)
"""Condition for `core.cases.Sort.PARTIAL`: there may be thousands, and the others are what moderators look for."""


async def settle(connection: AsyncConnection, number: int, *, is_decided: bool = True) -> None:
    """Store whether a decision on a case that people see is in force."""
    await connection.execute(update(cases).where(cases.c.id == number).values(decided=is_decided))


def open_cases(homes: Group[str], wanted: Wanted) -> Select[Any]:
    """Return the query for the numbers of open cases of these communities."""
    asked = select(cases.c.id).where(JUDGED, FIRST, UNDECIDED, cases.c.community.in_(sorted(homes)))
    asked = asked.where(QUIET if wanted.sort is Sort.PARTIAL else ~QUIET)
    if wanted.sort and wanted.sort is not Sort.PARTIAL:
        asked = asked.where(_is(wanted.sort))
    of_posts = list(_of_posts(wanted))
    if of_posts:
        asked = asked.where(exists(select(PART.c.id).join(inbox, PART.c.inbox == inbox.c.id).where(PARTS, *of_posts)))
    if wanted.collection or wanted.reference:
        asked = asked.where(exists(_matching(wanted)))
    return asked


def page_of(asked: Select[Any], limit: int, before: int | None, after: int | None) -> Select[Any]:
    """Return the numbers of one page: the newest, or those next to a number."""
    if after is not None:
        return asked.where(cases.c.id > after).order_by(cases.c.id).limit(limit)
    if before is not None:
        asked = asked.where(cases.c.id < before)
    return asked.order_by(cases.c.id.desc()).limit(limit)


def _is(sort: Sort) -> ColumnElement[bool]:
    if sort is Sort.REPORTED:
        return cases.c.intent == Intent.REPORTED.value
    return cases.c.outcome == sort.value


def _of_posts(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions for a post that is wanted."""
    if wanted.author:
        yield or_(inbox.c.author == wanted.author, inbox.c.author_name == wanted.author)
    if wanted.channel:
        yield inbox.c.channel == wanted.channel


def _matching(wanted: Wanted) -> Select[Any]:
    """Return the query for best matches with that reference, or with any of that collection."""
    asked = select(matches.c.case).join(PART, matches.c.case == PART.c.id).where(PARTS, matches.c.rank == 0)
    if wanted.reference:
        return asked.where(matches.c.reference == wanted.reference)
    asked = asked.join(reference_images, matches.c.reference == reference_images.c.id)
    return asked.where(reference_images.c.collection == wanted.collection)
