"""Deletes what is known about people: by itself when its time is over, or at once when somebody asks for it.

    SqlPrivacy.forget(person)    name, numbers and traces of one person, in every table that may hold them
    SqlPrivacy.expire()          rows of images, posts, questions and of the audit log beyond their time

What goes before its time, because nobody needs it any more: store/sql/people.py. Names under decisions:
store/sql/signatures.py. What was deleted leaves the write-ahead log with the next `expire`; when somebody is forgotten
the whole file is written anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, delete, func, or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.ports import Clock
from core.types import Intent, Platform
from store.sql.audit import cut, note
from store.sql.db import Database
from store.sql.decided_images import drop as drop_frames
from store.sql.keyed import Keyed
from store.sql.people import is_done, is_persons, let_go
from store.sql.reading import drop_words
from store.sql.screened import author_key
from store.sql.signatures import unsign
from store.sql.tables.columns import is_word
from store.sql.tables.communities import communities, reference_choices, subscriptions
from store.sql.tables.house import audit, posts, updates
from store.sql.tables.judged import actions, cases, inbox, media, reports, screened

A_MOMENT_S = 1.0
"""Seconds for which `expire` waits for readers; it comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureReport:
    """What was found about a person and deleted; `waiting` images need another call once they have verdict and answer.

    posts       of the built-in channel, whole       choices     about references, under which they stood
    lists       of people, and places of cards       signatures  under decisions and changes
    alerts      subscriptions of the chat with them  clean       whether the file was written anew, too
    """

    images: int
    thumbnails: int
    reports: int
    posts: int
    lists: int
    choices: int
    alerts: int
    signatures: int
    waiting: int
    clean: bool = True


TELEGRAM, MATRIX = Platform.TELEGRAM.value, Platform.MATRIX.value


class SqlPrivacy:
    """Retention and erasure on the SQL database.

    `keep` is how long rows without a case, and the audit log, live; `keep_evidence` is for what was written with a
    post.
    """

    def __init__(
        self, db: Database, clock: Clock, keep: timedelta, keep_evidence: timedelta = timedelta(days=7)
    ) -> None:
        self._db = db
        self._clock = clock
        self._keep = keep
        self._keep_evidence = keep_evidence
        self._keyed = Keyed(db)

    async def forget(self, person: str, platform: str, by: str) -> ErasureReport:
        """Delete what is stored about a person, and return a report.

        `person` is the number on the platform, or the name in the web channel; platform "" = any.
        """
        places = [platform] if platform else [platform_name.value for platform_name in Platform]
        fingerprints = [await self._keyed(author_key(place, person)) for place in places]
        async with self._db.write() as connection:
            report = await _forget(connection, person, platform, fingerprints)
            counts = {"images": report.images, "signatures": report.signatures}
            await note(connection, self._clock(), by, "person.forgotten", counts)
        return replace(report, clean=await self._db.rewrite())

    async def expire(self) -> int:
        """Delete rows that are older than they may be and return how many; what belongs to a case stays with it."""
        old = _old(self._clock() - self._keep)
        rows = await self._delete() if any([await self._db.holds(asked) for asked in old]) else 0
        rows += await self._empty_texts()
        await self._db.scrub(A_MOMENT_S)
        return rows

    async def _empty_texts(self) -> int:
        """Empty what was written with posts: it is evidence, and kept no longer than their pictures."""
        old = _has_old_text(self._clock() - self._keep_evidence)
        if not await self._db.holds(select(inbox.c.id).where(old)):
            return 0
        async with self._db.write() as connection:
            return (await connection.execute(update(inbox).where(old).values(text=""))).rowcount

    async def _delete(self) -> int:
        until = self._clock() - self._keep
        async with self._db.write() as connection:
            gone = _is_old(until)
            await connection.execute(delete(cases).where(cases.c.inbox.in_(select(inbox.c.id).where(gone))))
            rows = (await connection.execute(delete(inbox).where(gone))).rowcount
            rows += (await connection.execute(delete(posts).where(_is_old_post(until)))).rowcount
            await connection.execute(delete(reports).where(reports.c.at < until))
            return rows + await cut(connection, until, self._clock())


def _old(until: datetime) -> list[Select[Any]]:
    """Return the queries for what may have to be deleted."""
    return [
        select(inbox.c.id).where(_is_old(until)),
        select(posts.c.id).where(_is_old_post(until)),
        _older(reports.c.at, until),
        _older(audit.c.at, until),
    ]


def _older(at: Column[datetime], until: datetime) -> Select[Any]:
    return select(at).where(at < until)


def _is_old(until: datetime) -> ColumnElement[bool]:
    """Return the condition for old rows of the inbox without a case that moderators see."""
    judged = select(cases.c.id).where(cases.c.inbox == inbox.c.id, cases.c.intent != Intent.QUERY.value)
    return and_(text("NOT inbox.judged"), inbox.c.done_at < until, ~judged.exists())


def _has_old_text(until: datetime) -> ColumnElement[bool]:
    judged = select(cases.c.id).where(cases.c.inbox == inbox.c.id, cases.c.opened_at < until)
    return and_(text("inbox.text != ''"), judged.exists())


def _is_old_post(until: datetime) -> ColumnElement[bool]:
    """Return the condition for old posts of the built-in channel without a case that do not wait for a verdict."""
    judged = select(cases.c.id).where(cases.c.inbox == inbox.c.id).exists()
    own_row = is_word(inbox.c.platform, Platform.WEB), inbox.c.message == posts.c.id
    needed = select(inbox.c.id).where(*own_row, or_(inbox.c.outcome.is_(None), judged)).correlate(posts)
    return and_(posts.c.created_at < until, ~needed.exists())


async def _forget(
    connection: AsyncConnection, person: str, platform: str, fingerprints: Sequence[str]
) -> ErasureReport:
    theirs = is_persons(person, platform)
    done = and_(theirs, is_done())
    thumbnails = await _drop_thumbnails(connection, done)
    await _drop_memories(connection, done, fingerprints)
    return ErasureReport(
        thumbnails=thumbnails,
        images=await let_go(connection, done),
        reports=(await connection.execute(delete(reports).where(_reported(person, platform)))).rowcount,
        posts=await _drop_posts(connection, person, platform),
        lists=await _unlist(connection, person, platform),
        alerts=await _unsubscribe(connection, person, platform),
        choices=await _unname(connection, person, platform),
        signatures=await unsign(connection, person, platform),
        waiting=await _waiting(connection, theirs, person, platform),
    )


async def _waiting(connection: AsyncConnection, theirs: ColumnElement[bool], person: str, platform: str) -> int:
    """Return the number of images without verdict or answer, and of updates not looked at yet."""
    images = await connection.scalar(select(func.count()).select_from(inbox).where(theirs)) or 0
    there = updates.c.platform == platform if platform else true()
    asked = select(updates.c.data).where(there, updates.c.done_at.is_(None))
    return images + sum(person.encode() in data for data in (await connection.execute(asked)).scalars())


async def _drop_thumbnails(connection: AsyncConnection, whose: ColumnElement[bool]) -> int:
    """Delete thumbnails of these cases, the words that were read in the pictures, and what decisions compare."""
    theirs = cases.c.inbox.in_(select(inbox.c.id).where(whose))
    keys = select(cases.c.thumbnail).where(theirs, cases.c.thumbnail != "")
    gone = (await connection.execute(delete(media).where(media.c.key.in_(keys)))).rowcount
    await connection.execute(update(cases).where(theirs).values(thumbnail=""))
    await drop_words(connection, theirs)
    await drop_frames(connection, theirs)
    return gone


async def _drop_memories(connection: AsyncConnection, whose: ColumnElement[bool], fingerprints: Sequence[str]) -> None:
    """Delete embeddings of these people's images; of clean ones only a fingerprint says whose they are."""
    await connection.execute(delete(screened).where(screened.c.author.in_(fingerprints)))
    asked = select(inbox.c.platform, inbox.c.channel, inbox.c.message).where(whose)
    for row in (await connection.execute(asked)).all():
        same = (screened.c.platform == row.platform, screened.c.channel == row.channel)
        await connection.execute(delete(screened).where(*same, screened.c.message == row.message))


def _reported(person: str, platform: str) -> ColumnElement[bool]:
    theirs = reports.c.reporter == person
    return and_(theirs, reports.c.platform == platform) if platform else theirs


async def _drop_posts(connection: AsyncConnection, person: str, platform: str) -> int:
    """Delete a person's posts in the built-in channel with their uploads, except those without a verdict."""
    if platform not in ("", Platform.WEB.value):
        return 0
    waiting = select(inbox.c.message).where(inbox.c.platform == Platform.WEB.value, inbox.c.outcome.is_(None))
    theirs = delete(posts).where(posts.c.author == person, posts.c.id.not_in(waiting))
    return (await connection.execute(theirs)).rowcount


async def _unsubscribe(connection: AsyncConnection, person: str, platform: str) -> int:
    """End alerts to the chat with the person; numbers with a minus are Telegram groups, in whose name some write."""
    theirs = subscriptions.c.channel.in_([f"user:{person}", *([] if person.startswith("-") else [person])])
    there = subscriptions.c.platform == platform if platform else true()
    return (await connection.execute(delete(subscriptions).where(theirs, there))).rowcount


async def _unname(connection: AsyncConnection, person: str, platform: str) -> int:
    """Take the person out of what they chose about references; the choices stay."""
    theirs = and_(reference_choices.c.by == person, reference_choices.c.platform == platform if platform else true())
    return (await connection.execute(update(reference_choices).where(theirs).values(by=""))).rowcount


async def _unlist(connection: AsyncConnection, person: str, platform: str) -> int:
    """Take the person out of the lists of exempt and ignored people, and out of the places where cards go."""
    chosen = select(communities.c.platform, communities.c.id, communities.c.exempt, communities.c.ignored_reporters)
    there = chosen.where(communities.c.platform == platform) if platform else chosen
    count = await _no_cards(connection, person, platform)
    for row in (await connection.execute(there)).all():
        if person in row.exempt or person in row.ignored_reporters:
            exempt = [person_id for person_id in row.exempt if person_id != person]
            ignored = [person_id for person_id in row.ignored_reporters if person_id != person]
            this_community = and_(communities.c.platform == row.platform, communities.c.id == row.id)
            await connection.execute(
                update(communities).where(this_community).values(exempt=exempt, ignored_reporters=ignored)
            )
            count += 1
    return count


async def _no_cards(connection: AsyncConnection, person: str, platform: str) -> int:
    """Send no more cards to the chat with the person, and forget where those that were sent are."""
    if platform in ("", MATRIX) and person.startswith("@"):
        alone = and_(communities.c.platform == MATRIX, communities.c.log == person)
        return (await connection.execute(update(communities).where(alone).values(log=""))).rowcount
    if platform not in ("", TELEGRAM) or not person.isdecimal():
        return 0
    there = select(cases.c.id).join(inbox, cases.c.inbox == inbox.c.id).where(is_word(inbox.c.platform, TELEGRAM))
    sent = and_(actions.c.receipt.startswith(f"{person}:"), actions.c.case.in_(there))
    await connection.execute(update(actions).where(sent).values(receipt=""))
    theirs = and_(communities.c.platform == TELEGRAM, communities.c.log == person)
    return (await connection.execute(update(communities).where(theirs).values(log=""))).rowcount
