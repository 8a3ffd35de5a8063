"""Columns that say who somebody is, and when they are emptied without a request.

a clean image       at its verdict                  (conclude)          inbox, posts
a question          once its answer went out        (finish_action)     inbox, receipts; of a clean one its hash
a chat with a bot   has the id of its person: it goes with the name; the dedupe key of such a message is a
                    fingerprint from the start (store/sql/inbox.py)
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.policy import ON_THE_AUTHOR
from core.types import Act, ActState, Outcome, Platform
from store.sql.tables.house import posts
from store.sql.tables.judged import actions, cases, inbox

OF_A_PERSON = {
    "author": "",
    "author_name": "",
    "file_name": "",
    "link": "",
    "hint": "",
    "answer_to": "",
    "text": "",
    "why": "",
}
"""Columns of the inbox that say who posted an image, or lead there, or may do so, as what a platform said of a try."""

ON_AUTHORS = [act.value for act in ON_THE_AUTHOR]

PRIVATE = inbox.c.community == ""
"""Condition for a chat with one person: it belongs to no community."""


def is_persons(person: str, platform: str) -> ColumnElement[bool]:
    """Return the condition for rows of the inbox that name this person; platform "" = any."""
    named = or_(inbox.c.author == person, and_(PRIVATE, inbox.c.channel == person))
    return and_(named, inbox.c.platform == platform) if platform else named


def is_done() -> ColumnElement[bool]:
    """Return the condition for rows with a verdict and, for queries, an answer: they need no person any more."""
    answer = and_(actions.c.act == Act.ANSWER.value, actions.c.state == ActState.WAITING.value)
    owed = select(actions.c.id).join(cases, actions.c.case == cases.c.id).where(cases.c.inbox == inbox.c.id, answer)
    return and_(inbox.c.outcome.is_not(None), ~owed.exists())


async def let_go(connection: AsyncConnection, whose: ColumnElement[bool]) -> int:
    """Empty what these rows of the inbox say about people, ids of private chats included; return how many rows."""
    theirs = select(cases.c.id).join(inbox, cases.c.inbox == inbox.c.id).where(whose)
    on_them = actions.c.act.in_(ON_AUTHORS)  # a receipt may name whom a ban was for
    answers = and_(actions.c.case.in_(theirs.where(PRIVATE)), actions.c.act == Act.ANSWER.value)
    done = or_(answers, and_(actions.c.case.in_(theirs), on_them))
    await connection.execute(update(actions).where(done).values(receipt=""))
    ids = (await connection.execute(select(inbox.c.id).where(whose, PRIVATE))).scalars().all()
    emptied = await connection.execute(update(inbox).where(whose).values(**OF_A_PERSON))
    await connection.execute(update(inbox).where(inbox.c.id.in_(ids)).values(channel=""))
    return emptied.rowcount


async def let_go_of_answered(connection: AsyncConnection, done: Sequence[int]) -> None:
    """Forget who asked, once the answer went out, and what a clean image was."""
    answers = and_(actions.c.id.in_(done), actions.c.act == Act.ANSWER.value)
    asked = select(cases.c.inbox).join(actions, actions.c.case == cases.c.id).where(answers)
    rows = (await connection.execute(asked)).scalars().all()
    if rows:
        await let_go(connection, inbox.c.id.in_(rows))
        await connection.execute(update(inbox).where(inbox.c.id.in_(rows)).values(judged=False))  # it may end in time
        clean = and_(cases.c.inbox.in_(rows), cases.c.outcome == Outcome.CLEAN.value)
        await connection.execute(update(cases).where(clean).values(sha256=""))


async def unsign(connection: AsyncConnection, platform: str, message: str) -> None:
    """Take the author out of a clean post of the built-in channel, as for any platform."""
    if platform == Platform.WEB.value:
        this_post = update(posts).where(posts.c.id == message)
        await connection.execute(this_post.values(author="", file_name=""))
