"""What moderators decided about images: read from SQL once a community, and cached until the next decision.

    put        frames of an image with a case           conclude
    of         decisions in force, with the frames      cached: embeddings and hashes, no pictures
    pictures   of those frames that are to be compared
    picture    of the image of a case, for the evidence
    drop       all that is kept of frames               `forget`
    reduce     of frames all but their hashes           suspected abuse; with the evidence (store/sql/media.py)
    expire     what nobody decided about in time, and decisions that are too old

A frame's picture and embedding are kept as long as the thumbnail of its case.
"""

from collections import defaultdict
from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import Case
from core.decided import DecidedFrame, DecidedImages, Frame, Ruling, case_of
from core.ports import Clock
from core.types import Content, Decision, Kind
from store.sql.case_rows import decision_of
from store.sql.db import Database
from store.sql.experience import stands_for
from store.sql.tables.judged import case_frames, cases, decisions, matches

HOLDS = tuple(decision.value for decision in Decision if decision is not Decision.UNSURE)
HASH = 32
"""Bytes of a hash."""

KEEP = timedelta(days=365)
"""How long a decision holds for edits of an image, unless the operator says otherwise."""


class SqlDecided:
    """`core.case_ports.Decided` on the SQL database."""

    def __init__(self, db: Database, clock: Clock, keep: timedelta = KEEP) -> None:
        self._db = db
        self._clock = clock
        self._keep = keep
        self._known: dict[tuple[str, str], DecidedImages] = {}
        self._changes = 0

    def forget(self) -> None:
        """Empty the cache: something was decided, or a community has another id."""
        self._known = {}
        self._changes += 1

    async def of(self, community: str, space_id: str, dim: int) -> DecidedImages:
        """See `core.case_ports.Decided.of`."""
        cached = self._known.get((community, space_id))
        if cached is not None:
            return cached
        changes, since = self._changes, decisions.c.at > self._clock() - self._keep
        async with self._db.read() as connection:
            ruled = (await connection.execute(_rulings(community).where(since))).mappings().all()
            compared = (await connection.execute(_compared(community).where(since))).mappings().all()
            frames = (await connection.execute(_frames(community).where(since))).mappings().all()
        found = _images(_ruling_by_case(ruled, compared), frames, space_id, dim)
        if changes == self._changes:  # else what was read may be older than a decision of the meantime
            self._known[community, space_id] = found
        return found

    async def pictures(self, frames: Group[int]) -> Mapping[int, bytes]:
        """See `core.case_ports.Decided.pictures`."""
        asked = select(case_frames.c.id, case_frames.c.picture)
        asked = asked.where(case_frames.c.id.in_(frames), case_frames.c.picture.is_not(None))
        async with self._db.read() as connection:
            return {row.id: row.picture for row in await connection.execute(asked)}

    async def picture(self, case: int) -> bytes | None:
        """See `core.case_ports.Decided.picture`."""
        asked = select(case_frames.c.picture).where(case_frames.c.case == case, case_frames.c.picture.is_not(None))
        async with self._db.read() as connection:
            return (await connection.execute(asked.order_by(case_frames.c.id).limit(1))).scalar()

    async def expire(self) -> int:
        """See `core.case_ports.Decided.expire`."""
        self.forget()  # pictures have gone with the evidence since
        if not await self._db.holds(select(case_frames.c.id).where(self._is_over())):
            return 0
        async with self._db.write() as connection:
            gone = (await connection.execute(delete(case_frames).where(self._is_over()))).rowcount
        await self._db.scrub()
        return gone

    def _is_over(self) -> ColumnElement[bool]:
        """Return the condition for frames without evidence, unless a decision holds that is not too old."""
        holds = select(decisions.c.id).join(cases, stands_for()).where(cases.c.id == case_frames.c.case)
        holds = holds.where(decisions.c.decision.in_(HOLDS), decisions.c.at > self._clock() - self._keep)
        return and_(case_frames.c.picture.is_(None), ~exists(holds.correlate(case_frames)))


async def put(connection: AsyncConnection, case: int, frames: Sequence[Frame]) -> None:
    """Store what is kept of the frames of a case's image."""
    rows = [
        {
            "case": case,
            "number": frame.number,
            "space_id": frame.space_id,
            "hash": frame.hash.bits if frame.hash else None,
            "vector": frame.vector.astype(np.float16).tobytes(),
            "picture": frame.picture,
        }
        for frame in frames
    ]
    if rows:
        await connection.execute(insert(case_frames), rows)


async def reduce(connection: AsyncConnection, whose: ColumnElement[bool]) -> None:
    """Delete all but the hashes of these frames; a frame without one is deleted."""
    await connection.execute(delete(case_frames).where(whose, case_frames.c.hash.is_(None)))
    await connection.execute(update(case_frames).where(whose).values(picture=None, vector=None))


async def drop(connection: AsyncConnection, whose: ColumnElement[bool]) -> None:
    """Delete all that is kept of the frames of these cases, the hashes, too."""
    await connection.execute(delete(case_frames).where(case_frames.c.case.in_(select(cases.c.id).where(whose))))


async def with_decisions(connection: AsyncConnection, shown: Sequence[Case]) -> list[Case]:
    """Return cases with the newest decision on the case whose image is their best match."""
    bases = {case.id: case_of(case.verdict.best.reference) for case in shown if case.verdict.best}
    numbers = {number for number in bases.values() if number is not None}
    if not numbers:
        return list(shown)
    asked = select(decisions).where(decisions.c.case.in_(numbers)).order_by(decisions.c.id)
    records = [decision_of(row) for row in (await connection.execute(asked)).mappings()]
    newest = {record.case: record for record in records}
    return [replace(case, based_on=newest.get(bases.get(case.id) or 0)) for case in shown]


def of_cases(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return the condition for the frames of these cases."""
    return case_frames.c.case.in_(select(cases.c.id).where(whose))


def _rulings(community: str) -> Select[Any]:
    """Return the query for the decisions in force on images of a community, a row for each image."""
    columns = decisions.c.decision, decisions.c.by, decisions.c.at, decisions.c.channels, decisions.c.case
    asked = select(cases.c.id.label("image"), cases.c.sha256, *columns).select_from(decisions).join(cases, stands_for())
    return asked.where(cases.c.community == community, decisions.c.decision.in_(HOLDS))


def _compared(community: str) -> Select[Any]:
    """Return the query for the references that those images were compared with."""
    asked = select(
        matches.c.case.label("image"), matches.c.reference, matches.c.kind, matches.c.rank, matches.c.content
    )
    asked = asked.select_from(decisions).join(cases, stands_for()).join(matches, matches.c.case == cases.c.id)
    return asked.where(cases.c.community == community, decisions.c.decision.in_(HOLDS))


def _frames(community: str) -> Select[Any]:
    """Return the query for what is kept of the frames of those images, but for the pictures."""
    columns = case_frames.c.id, case_frames.c.case.label("image"), case_frames.c.space_id
    asked = select(*columns, case_frames.c.hash, case_frames.c.vector).select_from(decisions)
    asked = asked.join(cases, stands_for()).join(case_frames, case_frames.c.case == cases.c.id)
    asked = asked.where(cases.c.community == community, decisions.c.decision.in_(HOLDS))
    return asked.order_by(case_frames.c.id)


type Row = Mapping[Any, Any]


def _ruling_by_case(ruled: Iterable[Row], compared: Iterable[Row]) -> dict[int, Ruling]:
    """Return the decision on each image, by the number of the image's own case."""
    references: dict[int, set[UUID]] = defaultdict(set)
    same: dict[int, set[UUID]] = defaultdict(set)
    pixels_of: dict[int, UUID] = {}
    for row in compared:
        references[row["image"]].add(row["reference"])
        if row["content"] == Content.SAME.value:
            same[row["image"]].add(row["reference"])
        if row["rank"] == 0 and row["kind"] == Kind.EXACT.value:
            pixels_of[row["image"]] = row["reference"]
    return {
        row["image"]: Ruling(
            case=row["case"],
            decision=Decision(row["decision"]),
            by=row["by"],
            at=row["at"],
            references=frozenset(references[row["image"]]),
            same=frozenset(same[row["image"]]),
            pixels_of=pixels_of.get(row["image"]),
            channels=None if row["channels"] is None else frozenset(row["channels"]),
            sha256=row["sha256"],
        )
        for row in ruled
    }


def _images(rulings: Mapping[int, Ruling], rows: Iterable[Row], space_id: str, dim: int) -> DecidedImages:
    """Return the images with their frames; of another model's embeddings only the hashes are good."""
    kept = [row for row in rows if row["image"] in rulings]
    vectors = np.zeros((len(kept), dim), np.float32)
    hashes = np.zeros((len(kept), HASH), np.uint8)
    frames = []
    for number, row in enumerate(kept):
        is_ours = row["vector"] is not None and row["space_id"] == space_id and len(row["vector"]) == 2 * dim
        if is_ours:
            vectors[number] = np.frombuffer(row["vector"], np.float16)
        if row["hash"]:
            hashes[number] = np.frombuffer(row["hash"], np.uint8)
        frames.append(DecidedFrame(id=row["id"], ruling=rulings[row["image"]], has_picture=is_ours))
    return DecidedImages(rulings=tuple(rulings.values()), frames=tuple(frames), vectors=vectors, hashes=hashes)
