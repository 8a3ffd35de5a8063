"""Verdicts, cases, the outbox and the decisions.

    inbox row --conclude--> verdict --match/review--> case: open --decide--> decided --undo--> open
                                                        |                       |
                                                        +------ actions --------+   waiting -> done | gone | failed ...

`conclude` writes verdict, case, matches and actions in ONE transaction: after a crash either all of it is there or
the inbox row is still waiting. An action's key (case, cause, act) makes asking twice the same as once.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection as Group
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import LABEL_STYLE_TABLENAME_PLUS_COL, Column, RowMapping, Select, Table, and_, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import Conflict, NotFound
from core.ports import Clock
from core.types import (
    Act,
    ActionRecord,
    ActState,
    Case,
    Decision,
    DecisionRecord,
    Mode,
    Outcome,
    Space,
    Verdict,
    Waiting,
)
from store.audit import note
from store.case_rows import action_of, case_of, decision_of, match_row
from store.db import Database
from store.tables import actions, cases, decisions, inbox, matches, media

WITH_A_CASE = frozenset({Outcome.MATCH, Outcome.REVIEW})
CONTENT_KEY = "content_key"


class SqlCases:
    """`core.ports.Cases` on the SQL database."""

    def __init__(self, db: Database, clock: Clock, keep_evidence: timedelta) -> None:
        self._db = db
        self._clock = clock
        self._keep = keep_evidence
        self._content_key: bytes | None = None

    async def conclude(
        self,
        waiting: Waiting,
        sha256: str,
        verdict: Verdict,
        mode: Mode,
        acts: Sequence[Act] = (),
        would_have: Act | None = None,
        thumbnail: bytes | None = None,
    ) -> int | None:
        now, content = self._clock(), await self._keyed(sha256)
        done = {"outcome": verdict.outcome.value, "reason": verdict.reason, "content": content, "done_at": now}
        async with self._db.write() as connection:
            mine = and_(inbox.c.id == waiting.id, inbox.c.outcome.is_(None))
            changed = await connection.execute(update(inbox).where(mine).values(**done))
            if not changed.rowcount or verdict.outcome not in WITH_A_CASE:
                return None  # another worker was faster, or nobody needs to look
            number = await self._open(connection, waiting, sha256, verdict, mode, would_have, thumbnail)
            await self._ask(connection, number, "verdict", None, acts)
            return number

    async def _open(
        self,
        connection: AsyncConnection,
        waiting: Waiting,
        sha256: str,
        verdict: Verdict,
        mode: Mode,
        would_have: Act | None,
        thumbnail: bytes | None,
    ) -> int:
        now = self._clock()
        row = {
            "inbox": waiting.id,
            "community": waiting.event.space.community,
            "sha256": sha256,
            "outcome": verdict.outcome.value,
            "reason": verdict.reason,
            "partial": verdict.partial,
            "mode": mode.value,
            "would_have": would_have.value if would_have else None,
            "thumbnail": await self._shelve(connection, thumbnail) if thumbnail else "",
            "opened_at": now,
        }
        number = await _insert(connection, cases, row)
        rows = [match_row(number, rank, match) for rank, match in enumerate(verdict.matches)]
        if rows:
            await connection.execute(insert(matches), rows)
        await note(connection, now, "resight", "case.opened", {"case": number, "outcome": verdict.outcome.value})
        return number

    async def _shelve(self, connection: AsyncConnection, thumbnail: bytes) -> str:
        key = secrets.token_urlsafe(18)
        row = {"key": key, "mime": "image/jpeg", "data": thumbnail, "expires_at": self._clock() + self._keep}
        await connection.execute(insert(media).values(**row))
        return key

    async def _ask(
        self, connection: AsyncConnection, case: int, cause: str, decision: int | None, acts: Sequence[Act]
    ) -> None:
        rows = [
            {
                "case": case,
                "decision": decision,
                "key": f"{case}:{cause}:{act.value}",
                "act": act.value,
                "state": ActState.WAITING.value,
                "at": self._clock(),
            }
            for act in acts
        ]
        if rows:
            await connection.execute(insert(actions), rows)

    async def get(self, number: int) -> Case:
        found = await self._load(select(cases, inbox).join(inbox).where(cases.c.id == number))
        if not found:
            raise NotFound(f"There is no case {number}.")
        return found[0]

    async def newest(self, space: Space | None = None, *, limit: int = 50, before: int | None = None) -> list[Case]:
        asked = select(cases, inbox).join(inbox).order_by(cases.c.id.desc()).limit(limit)
        if before is not None:
            asked = asked.where(cases.c.id < before)
        if space is not None:
            here = (space.platform.value, space.community, space.channel)
            asked = asked.where(inbox.c.platform == here[0], inbox.c.community == here[1], inbox.c.channel == here[2])
        return await self._load(asked)

    async def _load(self, asked: Select[Any]) -> list[Case]:
        """Cases with their matches, actions and decisions: four statements, however many cases."""
        labelled = asked.set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
        async with self._db.read() as connection:
            rows = (await connection.execute(labelled)).mappings().all()
            ids = [row["cases_id"] for row in rows]
            found = await _children(connection, matches, matches.c.rank, ids)
            asked_for = await _children(connection, actions, actions.c.id, ids)
            said = await _children(connection, decisions, decisions.c.id, ids)
        return [case_of(row, found, asked_for, said) for row in rows]

    async def decide(self, case: int, decision: Decision, by: str, acts: Sequence[Act]) -> DecisionRecord:
        now = self._clock()
        async with self._db.write() as connection:
            standing = await self._standing(connection, case)
            if standing is not None:
                raise Conflict(
                    f"{standing.by} has decided case {case} already ({standing.decision.value}); undo that first."
                )
            row = {"case": case, "decision": decision.value, "by": by, "at": now}
            number = await _insert(connection, decisions, row)
            await self._ask(connection, case, f"decision-{number}", number, acts)
            await note(connection, now, by, "case.decided", {"case": case, "decision": decision.value})
        return DecisionRecord(id=number, case=case, decision=decision, by=by, at=now)

    async def undo(self, case: int, by: str, acts: Sequence[Act], expected: int | None = None) -> DecisionRecord:
        now = self._clock()
        async with self._db.write() as connection:
            standing = await self._standing(connection, case)
            if standing is None:
                raise Conflict(f"Case {case} has no decision in force: there is nothing to undo.")
            if expected is not None and standing.id != expected:
                raise Conflict(f"Case {case} was decided anew by {standing.by} in the meantime: look at it again.")
            taken_back = update(decisions).where(decisions.c.id == standing.id)
            await connection.execute(taken_back.values(undone_by=by, undone_at=now))
            await self._ask(connection, case, f"undo-{standing.id}", standing.id, acts)
            details = {"case": case, "decision": standing.decision.value}
            await note(connection, now, by, "case.undone", details)
        return standing

    async def _standing(self, connection: AsyncConnection, case: int) -> DecisionRecord | None:
        if await connection.scalar(select(cases.c.id).where(cases.c.id == case)) is None:
            raise NotFound(f"There is no case {case}.")
        asked = select(decisions).where(decisions.c.case == case, decisions.c.undone_at.is_(None))
        row = (await connection.execute(asked)).mappings().first()
        return decision_of(row) if row else None

    async def waiting_actions(self, limit: int) -> list[ActionRecord]:
        waiting = select(actions).where(actions.c.state == ActState.WAITING.value).order_by(actions.c.id).limit(limit)
        async with self._db.read() as connection:
            return [action_of(row) for row in (await connection.execute(waiting)).mappings()]

    async def finish_action(self, action: int, state: ActState, detail: str = "") -> None:
        now = self._clock()
        async with self._db.write() as connection:
            done = update(actions).where(actions.c.id == action).values(state=state.value, detail=detail, at=now)
            await connection.execute(done)
            await note(connection, now, "resight", "action.finished", {"action": action, "state": state.value})

    async def excused(self, community: str, sha256: str) -> tuple[bool, frozenset[UUID]]:
        said = (
            select(decisions.c.decision, matches.c.reference)
            .join(cases, decisions.c.case == cases.c.id)
            .outerjoin(matches, matches.c.case == cases.c.id)
            .where(cases.c.community == community, cases.c.sha256 == sha256, decisions.c.undone_at.is_(None))
        )
        async with self._db.read() as connection:
            rows = (await connection.execute(said)).all()
        allowed = any(row.decision == Decision.ALLOWED.value for row in rows)
        no_match = {row.reference for row in rows if row.decision == Decision.NOT_A_MATCH.value and row.reference}
        return allowed, frozenset(no_match)

    async def confirmed(self, community: str, references: Group[UUID]) -> frozenset[UUID]:
        said = (
            select(matches.c.reference)
            .join(cases, matches.c.case == cases.c.id)
            .join(decisions, decisions.c.case == cases.c.id)
            .where(
                cases.c.community == community,
                matches.c.reference.in_(references),
                matches.c.rank == 0,
                decisions.c.decision == Decision.VIOLATION.value,
                decisions.c.undone_at.is_(None),
            )
        )
        async with self._db.read() as connection:
            return frozenset((await connection.execute(said)).scalars())

    async def _keyed(self, sha256: str) -> str:
        """The hash under this installation's own key: a non-match must not be recognisable elsewhere."""
        if not sha256:
            return ""
        if self._content_key is None:
            self._content_key = bytes.fromhex(await self._db.meta_once(CONTENT_KEY, secrets.token_hex(32)))
        return hmac.new(self._content_key, sha256.encode(), hashlib.sha256).hexdigest()


async def _children(
    connection: AsyncConnection, table: Table, order: Column[Any], ids: Sequence[int]
) -> Sequence[RowMapping]:
    asked = select(table).where(table.c.case.in_(ids)).order_by(order)
    return (await connection.execute(asked)).mappings().all()


async def _insert(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row and return its number."""
    return int((await connection.execute(insert(table).values(**row).returning(table.c.id))).scalar_one())
