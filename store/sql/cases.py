"""Verdicts, cases and the decisions about them.

    case_reader.py    cases as people see them        outbox.py    what is done about them

    inbox row --conclude--> verdict --match, review, report, acts--> case: open --decide--> decided --undo--> open
                               |                                       |                       |
                               +------> alerts                         +------ actions --------+

`conclude` writes verdict, case, matches, actions and alerts in ONE transaction: after a crash either all of it is
there or the inbox row is still waiting.

An album is several pictures in one post. The first that opens a case is the one that people see and decide on
(`cases.album` NULL); each further picture has a row of its own that names it. A burst is the same one level up:
several posts of one reference, of which the further ones name the first (`cases.burst`; store/sql/bursts.py). So a
decision on a case counts for every row whose `shown_case` it is. Questions (`Intent.QUERY`) have cases too, for their
answers, but no moderator sees them.
"""

import secrets
from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Table,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from core.case_ports import Treatment, as_it_is
from core.cases import DecisionRecord, Waiting
from core.decided_images import Frame
from core.errors import Conflict, NotFound, Overtaken
from core.matches import Verdict
from core.types import GUILTY, Act, Decision, ImageEvent, Intent, Mode, Outcome, Platform, Space
from store.sql import decided_images
from store.sql.alerts import raise_alerts, withdraw
from store.sql.audit import note
from store.sql.beside import cards_without_copies
from store.sql.bursts import LATE, Joined, place_of, standing_on, treated
from store.sql.case_reader import SqlCaseReader
from store.sql.case_rows import Row, match_row
from store.sql.experience import stands_for
from store.sql.inbox import event_of
from store.sql.open_cases import settle
from store.sql.outbox import in_case, put, shown_case
from store.sql.people import OF_A_PERSON, unsign
from store.sql.reading import drop_words
from store.sql.tables.house import posts
from store.sql.tables.judged import cases, decisions, inbox, matches, media, screened
from store.sql.wanted import ask_for, decided

WITH_A_CASE = frozenset({Outcome.MATCH, Outcome.REVIEW})


class SqlCases(SqlCaseReader):
    """`core.ports.Cases` on the SQL database."""

    async def conclude(
        self,
        waiting: Waiting,
        sha256: str,
        verdict: Verdict,
        mode: Mode,
        acts: Sequence[Act] = (),
        would_have: Sequence[Act] = (),
        thumbnail: bytes | None = None,
        brake: str = "",
        late: Sequence[Act] | None = None,
        decision: int | None = None,
        frames: Sequence[Frame] = (),
    ) -> int | None:
        """See `core.case_ports.Cases.conclude`."""
        now, content = self._clock(), await self._keyed(sha256)
        async with self._db.write() as connection:
            leaves_a_case = _opens_a_case(waiting.event, verdict, acts)
            event = await _close(connection, now, waiting, verdict, content, is_clean=not leaves_a_case)
            if event is None or not leaves_a_case:
                return None  # another worker was faster, or nobody needs to look
            joined = await place_of(connection, now, event, verdict, joins=late is not None)
            if decision != (joined.standing.id if joined.standing else None):
                raise Overtaken(f"A decision on case {joined.main} was made or taken back in this very moment.")
            key = await self._keep_thumbnail(connection, None if joined.burst else thumbnail)
            plain = {"inbox": waiting.id, "sha256": sha256, "mode": mode.value, "brake": brake}
            row = {**plain, "would_have": tuple(would_have), "thumbnail": key, **joined.row}
            number = await self._open(connection, row, event, verdict)
            await decided_images.put(connection, number, frames if key else ())
            await ask_for(connection, now, number, joined, event, acts, () if brake else late or ())
            await raise_alerts(connection, now, number, joined.album, event, verdict)
            if not _may_keep(joined):
                await _forget_pictures(connection, cases.c.id == number)
            return number

    async def _open(self, connection: AsyncConnection, row: Row, event: ImageEvent, verdict: Verdict) -> int:
        now = self._clock()
        outcome = {"outcome": verdict.outcome.value, "reason": verdict.reason, "partial": verdict.partial}
        place = {"community": event.space.home, "intent": event.intent.value, "opened_at": now}
        number = await _insert(connection, cases, {**row, **outcome, **place})
        is_picture_kept = bool(row["thumbnail"]) and verdict.outcome is not Outcome.CLEAN
        rows = [
            match_row(number, rank, match, with_words=is_picture_kept) for rank, match in enumerate(verdict.matches)
        ]
        if rows:
            await connection.execute(insert(matches), rows)
        await note(connection, now, "resight", "case.opened", {"case": number, "outcome": verdict.outcome.value})
        return number

    async def _keep_thumbnail(self, connection: AsyncConnection, thumbnail: bytes | None) -> str:
        if not thumbnail:
            return ""
        key = secrets.token_urlsafe(18)
        row = {"key": key, "mime": "image/jpeg", "data": thumbnail, "expires_at": self._clock() + self._keep}
        await connection.execute(insert(media).values(**row))
        return key

    async def follows(self, event: ImageEvent, verdict: Verdict, *, joins: bool) -> DecisionRecord | None:
        """See `core.case_ports.Cases.follows`."""
        async with self._db.read() as connection:
            return (await place_of(connection, self._clock(), event, verdict, joins=joins)).standing

    async def decide(
        self,
        case: int,
        decision: Decision,
        by: str,
        acts: Sequence[tuple[int, Act]],
        treat: Treatment = as_it_is,
        channels: Group[str] | None = None,
    ) -> DecisionRecord:
        """See `core.case_ports.Cases.decide`."""
        async with self._db.write() as connection:
            now = self._clock()
            main, standing = await self._standing(connection, case)
            if standing is not None:
                raise Conflict(
                    f"{standing.by} has decided case {main} already ({standing.decision.value}); undo that first."
                )
            within = None if channels is None else sorted(channels)
            row = {"case": main, "decision": decision.value, "by": by, "at": now, "channels": within}
            number = await _insert(connection, decisions, row)
            await settle(connection, main)
            asked = [*treat(await treated(connection, main)), *acts]
            await put(connection, now, decided(f"decision-{number}", number, asked))
            if decision is Decision.ABUSE:
                copies = await decided_images.copies_of(connection, in_case(main))
                await _forget_pictures(connection, or_(in_case(main), cases.c.id.in_(copies)))
                await put(connection, now, await cards_without_copies(connection, main, number))
            await note(connection, now, by, "case.decided", {"case": main, "decision": decision.value})
        if decision is Decision.ABUSE:
            await self._db.scrub()
        self.changed()
        held = None if channels is None else frozenset(channels)
        return DecisionRecord(id=number, case=main, decision=decision, by=by, at=now, channels=held)

    async def catch_up(self, case: int, treat: Treatment, decision: int) -> int:
        """See `core.case_ports.Cases.catch_up`."""
        async with self._db.write() as connection:
            main, standing = await self._standing(connection, case)
            if standing is None or standing.id != decision:
                return 0
            asked = treat(await treated(connection, main))
            await put(connection, self._clock(), decided(f"{LATE}-{standing.id}", standing.id, asked))
            return len(asked)

    async def undo(
        self,
        case: int,
        by: str,
        acts: Sequence[tuple[int, Act]],
        expected: int | None = None,
        treat: Treatment = as_it_is,
    ) -> DecisionRecord:
        """See `core.case_ports.Cases.undo`."""
        async with self._db.write() as connection:
            now = self._clock()
            main, standing = await self._standing(connection, case)
            if standing is None:
                raise Conflict(f"Case {main} has no decision in force: there is nothing to undo.")
            if expected is not None and standing.id != expected:
                raise Conflict(f"Case {main} was decided anew by {standing.by} in the meantime: look at it again.")
            taken_back = update(decisions).where(decisions.c.id == standing.id)
            await connection.execute(taken_back.values(undone_by=by, undone_at=now))
            await settle(connection, main, is_decided=False)
            asked = [*treat(await treated(connection, main)), *acts]
            await put(connection, now, decided(f"undo-{standing.id}", standing.id, asked))
            details = {"case": main, "decision": standing.decision.value}
            await note(connection, now, by, "case.undone", details)
        self.changed()
        return standing

    async def order(self, case: int, by: str, cause: str, acts: Sequence[tuple[int, Act]], expected: int) -> None:
        """See `core.case_ports.Cases.order`."""
        async with self._db.write() as connection:
            now = self._clock()
            main, standing = await self._standing(connection, case)
            if standing is None or standing.id != expected:
                raise Conflict(f"The decision on case {main} was taken back in the meantime: look at it again.")
            await put(connection, now, decided(cause, standing.id, acts))
            asked = ",".join(act.value for _, act in acts if act is not Act.CARD)
            await note(connection, now, by, "case.acted", {"case": main, "acts": asked})

    async def _standing(self, connection: AsyncConnection, case: int) -> tuple[int, DecisionRecord | None]:
        """Return the case that is decided on, for whichever of its pictures, and the decision in force."""
        main = await connection.scalar(select(shown_case).where(cases.c.id == case))
        if main is None:
            raise NotFound(f"There is no case {case}.")
        return int(main), await standing_on(connection, main)

    async def excused(self, space: Space, sha256: str) -> tuple[bool, frozenset[UUID]]:
        """See `core.case_ports.Cases.excused`."""
        standing = (
            select(decisions.c.decision, decisions.c.at, decisions.c.channels, matches.c.reference)
            .join(cases, stands_for())
            .outerjoin(matches, matches.c.case == cases.c.id)
            .where(cases.c.community == space.home, cases.c.sha256 == sha256)
        )
        async with self._db.read() as connection:
            found = (await connection.execute(standing)).all()
        held = [row for row in found if row.channels is None or space.channel in row.channels]
        accused = max((row.at for row in held if row.decision in GUILTY), default=None)
        rows = [row for row in held if accused is None or row.at > accused]
        allowed = any(row.decision == Decision.ALLOWED.value for row in rows)
        no_match = {row.reference for row in rows if row.decision == Decision.NOT_A_MATCH.value and row.reference}
        return allowed, frozenset(no_match)

    async def confirmed(self, space: Space, references: Group[UUID]) -> frozenset[UUID]:
        """See `core.case_ports.Cases.confirmed`."""
        return (await self._experiences.confirmed(space)).intersection(references)


async def _close(
    connection: AsyncConnection, at: datetime, waiting: Waiting, verdict: Verdict, content: str, *, is_clean: bool
) -> ImageEvent | None:
    """Give the inbox row its verdict, unless it has one, and return its event, whose community may have moved.

    Of a clean image nothing is kept that says who posted it; an unscannable one may be tried again.
    """
    is_nobodys = is_clean and verdict.outcome is Outcome.CLEAN
    done: dict[str, Any] = {
        "outcome": verdict.outcome.value,
        "reason": verdict.reason,
        "content": content,
        "done_at": at,
    }
    done |= {"judged": not is_clean}
    done |= OF_A_PERSON if is_nobodys else {"text": ""} if is_clean else {}
    open_row = update(inbox).where(inbox.c.id == waiting.id, inbox.c.outcome.is_(None))
    row = (await connection.execute(open_row.values(**done).returning(inbox))).mappings().first()
    if row and is_nobodys:
        await unsign(connection, row["platform"], row["message"])
    return event_of(row) if row else None


def _opens_a_case(event: ImageEvent, verdict: Verdict, acts: Sequence[Act]) -> bool:
    return verdict.outcome in WITH_A_CASE or event.intent is Intent.REPORTED or bool(acts)


def _may_keep(joined: Joined) -> bool:
    """Return whether a picture may be kept: not if it joins what a moderator called suspected child abuse."""
    return joined.standing is None or joined.standing.decision is not Decision.ABUSE


async def _insert(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row and return its number."""
    return int((await connection.execute(insert(table).values(**row).returning(table.c.id))).scalar_one())


async def _forget_pictures(connection: AsyncConnection, of_this_case: ColumnElement[bool]) -> None:
    """Delete what is kept of the pictures of cases: thumbnails, words, uploads, embeddings, links to their bytes."""
    keys, rows = select(cases.c.thumbnail).where(of_this_case), select(cases.c.inbox).where(of_this_case)
    events = select(inbox.c.platform, inbox.c.channel, inbox.c.message).where(inbox.c.id.in_(rows))
    await connection.execute(delete(media).where(media.c.key.in_(keys)))
    await decided_images.reduce(connection, decided_images.of_cases(of_this_case))
    for event in (await connection.execute(events)).all():
        same = (screened.c.platform == event.platform, screened.c.channel == event.channel)
        await connection.execute(delete(screened).where(*same, screened.c.message == event.message))
    uploads = select(inbox.c.message).where(inbox.c.id.in_(rows), inbox.c.platform == Platform.WEB.value)
    await connection.execute(update(posts).where(posts.c.id.in_(uploads)).values(data=b"", file_name=""))
    await withdraw(connection, of_this_case)
    await drop_words(connection, of_this_case)
    await connection.execute(update(cases).where(of_this_case).values(thumbnail=""))
    await connection.execute(update(inbox).where(inbox.c.id.in_(rows)).values(file_name="", hint="", text=""))
