"""What is known of people, and how it goes: by itself when its time is over, or at once when somebody asks for it.

    SqlPrivacy.forget(person)    name, numbers and traces of one person, in every table that may hold them
    SqlPrivacy.expire()          rows of images and of the audit log beyond their time

A clean image leaves its message, a keyed hash of its content and its verdict, and no more (store/sql/cases.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, delete, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ports import Clock
from store.sql.audit import cut, note
from store.sql.db import Database
from store.sql.reading import drop_words
from store.sql.tables import audit, cases, communities, inbox, media, posts, reference_choices, reports, screened

OF_A_PERSON = {"author": "", "author_name": "", "file_name": "", "link": "", "hint": "", "answer_to": ""}
"""Columns of the inbox that say who posted an image, or lead there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What of a person was found and is gone; `waiting` images have no verdict yet and need another call later."""

    images: int
    thumbnails: int
    reports: int
    posts: int
    lists: int
    choices: int
    waiting: int


class SqlPrivacy:
    """Retention and erasure on the SQL database; `keep` is how long rows without a case, and the audit log, live."""

    def __init__(self, db: Database, clock: Clock, keep: timedelta) -> None:
        self._db = db
        self._clock = clock
        self._keep = keep

    async def forget(self, person: str, platform: str, by: str) -> Forgotten:
        """`person` is the platform's number of somebody, or the name in the web channel; "" = on any platform."""
        theirs = and_(inbox.c.author == person, inbox.c.platform == platform if platform else true())
        done = and_(theirs, inbox.c.outcome.is_not(None))
        async with self._db.write() as connection:
            thumbnails = await _drop_thumbnails(connection, done)
            await _drop_memories(connection, done)
            found = Forgotten(
                thumbnails=thumbnails,
                images=(await connection.execute(update(inbox).where(done).values(**OF_A_PERSON))).rowcount,
                reports=(await connection.execute(delete(reports).where(_reported(person, platform)))).rowcount,
                posts=await _unsign(connection, person, platform),
                lists=await _unlist(connection, person, platform),
                choices=await _unname(connection, person, platform),
                waiting=len((await connection.execute(select(inbox.c.id).where(theirs))).all()),
            )
            await note(connection, self._clock(), by, "person.forgotten", {"images": found.images})
        await self._db.scrub()
        return found

    async def expire(self) -> int:
        """Delete what is older than it may be; the number of rows. What hangs on a case stays with it."""
        until = self._clock() - self._keep
        judged = select(cases.c.id).where(cases.c.inbox == inbox.c.id).exists()
        old = and_(text("NOT inbox.judged"), inbox.c.done_at < until, ~judged)
        looks = (select(inbox.c.id).where(old), _older(audit.c.at, until), _older(reports.c.at, until))
        if not any([await self._db.holds(look) for look in looks]):
            return 0
        async with self._db.write() as connection:
            rows = (await connection.execute(delete(inbox).where(old))).rowcount
            await connection.execute(delete(reports).where(reports.c.at < until))
            return rows + await cut(connection, until)


def _older(at: Column[datetime], until: datetime) -> Select[Any]:
    return select(at).where(at < until)


async def _drop_thumbnails(connection: AsyncConnection, whose: ColumnElement[bool]) -> int:
    """And the words that were read of the same pictures."""
    mine = cases.c.inbox.in_(select(inbox.c.id).where(whose))
    keys = select(cases.c.thumbnail).where(mine, cases.c.thumbnail != "")
    gone = (await connection.execute(delete(media).where(media.c.key.in_(keys)))).rowcount
    await connection.execute(update(cases).where(mine).values(thumbnail=""))
    await drop_words(connection, mine)
    return gone


async def _drop_memories(connection: AsyncConnection, whose: ColumnElement[bool]) -> None:
    """Embeddings that a community's staff chose to remember for some hours."""
    asked = select(inbox.c.platform, inbox.c.channel, inbox.c.message).where(whose)
    for row in (await connection.execute(asked)).all():
        same = (screened.c.platform == row.platform, screened.c.channel == row.channel)
        await connection.execute(delete(screened).where(*same, screened.c.message == row.message))


def _reported(person: str, platform: str) -> ColumnElement[bool]:
    theirs = reports.c.reporter == person
    return and_(theirs, reports.c.platform == platform) if platform else theirs


async def _unsign(connection: AsyncConnection, person: str, platform: str) -> int:
    """The web channel's own posts lose their author and the name of their file."""
    if platform not in ("", "web"):
        return 0
    theirs = update(posts).where(posts.c.author == person)
    return (await connection.execute(theirs.values(author="", file_name=""))).rowcount


async def _unname(connection: AsyncConnection, person: str, platform: str) -> int:
    """What they chose about references stays; that it was they who chose it does not."""
    theirs = and_(reference_choices.c.by == person, reference_choices.c.platform == platform if platform else true())
    return (await connection.execute(update(reference_choices).where(theirs).values(by=""))).rowcount


async def _unlist(connection: AsyncConnection, person: str, platform: str) -> int:
    """Staff may have exempted somebody, or ignored their reports."""
    chosen = select(communities.c.platform, communities.c.id, communities.c.exempt, communities.c.ignored_reporters)
    there = chosen.where(communities.c.platform == platform) if platform else chosen
    count = 0
    for row in (await connection.execute(there)).all():
        if person in row.exempt or person in row.ignored_reporters:
            exempt = [one for one in row.exempt if one != person]
            ignored = [one for one in row.ignored_reporters if one != person]
            mine = and_(communities.c.platform == row.platform, communities.c.id == row.id)
            await connection.execute(update(communities).where(mine).values(exempt=exempt, ignored_reporters=ignored))
            count += 1
    return count
