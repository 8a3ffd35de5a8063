"""What moderators decided about images: read from SQL once a community, and cached until the next decision.

    put        frames of an image with a case           conclude
    of         decisions in force, with the frames      cached: embeddings and hashes, no pictures
    pictures   of those frames that are to be compared
    picture    of the image of a case, for the evidence
    drop       all that is kept of frames               `forget`
    copies_of  cases of the same image                  suspected abuse: nothing is kept of any
    reduce     of frames all but their hashes           suspected abuse; with the evidence (store/sql/media.py)
    expire     what nobody decided about in time, and decisions that are too old

A frame's picture and embedding are kept as long as the thumbnail of its case.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from core.cases import Case
from core.confidence import HASH_NEAR
from core.decided_images import EXCUSING, DecidedFrame, DecidedImages, Frame, Ruling, basis_of, distances
from core.policy import ONLY_PREVIEW
from core.ports import Clock
from core.types import Content, Decision, Kind
from store.sql.case_rows import decision_of
from store.sql.db import Database
from store.sql.experience import stands_for
from store.sql.tables.judged import case_frames, cases, decisions, matches

HOLDS = tuple(decision.value for decision in Decision if decision is not Decision.UNSURE)
HASH = 32
"""Bytes of a hash."""

AS_A_WHOLE = (Kind.EXACT.value, Kind.EDITED.value)
"""Kinds of a match in which the image is the reference's picture, and does not only contain it."""

FRESH = timedelta(minutes=10)
"""How long what was read is good: another process may forget a person meanwhile."""

KEEP = timedelta(days=365)
"""How long a decision holds for edits of an image, unless the operator says otherwise."""


class SqlDecided:
    """`core.case_ports.Decided` on the SQL database."""

    def __init__(self, db: Database, clock: Clock, keep: timedelta = KEEP) -> None:
        self._db = db
        self._clock = clock
        self._keep = keep
        self._known: dict[tuple[str, str], tuple[datetime, DecidedImages]] = {}
        self._changes = 0

    def forget(self) -> None:
        """Empty the cache: something was decided, or a community has another id."""
        self._known = {}
        self._changes += 1

    async def of(self, community: str, space_id: str, dim: int) -> DecidedImages:
        """See `core.case_ports.Decided.of`."""
        read_at, cached = self._known.get((community, space_id), (None, None))
        if read_at and cached and self._clock() - read_at < FRESH:
            return cached
        changes, since = self._changes, self._clock() - self._keep
        async with self._db.read() as connection:
            ruled = (await connection.execute(_rulings(community))).mappings().all()
            compared = (await connection.execute(_compared(community))).mappings().all()
            frames = (await connection.execute(_frames(community))).mappings().all()
        found = await asyncio.to_thread(  # of thousands of decisions, which would hold up everybody else
            lambda: _images(_ruling_by_case(ruled, compared), frames, space_id, dim, since)
        )
        if changes == self._changes:  # else what was read may be older than a decision of the meantime
            self._known[community, space_id] = self._clock(), found
        return found

    async def pictures(self, frames: Group[int]) -> Mapping[int, bytes]:
        """See `core.case_ports.Decided.pictures`."""
        asked = select(case_frames.c.id, case_frames.c.picture)
        asked = asked.where(case_frames.c.id.in_(frames), case_frames.c.picture.is_not(None))
        async with self._db.read() as connection:
            found = {row.id: row.picture for row in await connection.execute(asked)}
        if len(found) < len(set(frames)):
            self.forget()  # the evidence of some has gone: from now on they are known by their hashes
        return found

    async def picture(self, case: int) -> bytes | None:
        """See `core.case_ports.Decided.picture`."""
        asked = select(case_frames.c.picture).where(case_frames.c.case == case, case_frames.c.picture.is_not(None))
        async with self._db.read() as connection:
            return (await connection.execute(asked.order_by(case_frames.c.id).limit(1))).scalar()

    async def expire(self) -> int:
        """See `core.case_ports.Decided.expire`."""
        if not await self._db.holds(select(case_frames.c.id).where(self._is_over())):
            return 0
        async with self._db.write() as connection:
            gone = (await connection.execute(delete(case_frames).where(self._is_over()))).rowcount
        self.forget()
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
            "frames": frame.frames,
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


async def copies_of(connection: AsyncConnection, whose: ColumnElement[bool]) -> list[int]:
    """Return the cases of the same community whose image is the same file as one of these, or nearly equal by hash."""
    theirs = (await connection.execute(select(cases.c.id, cases.c.community, cases.c.sha256).where(whose))).all()
    here = cases.c.community.in_({row.community for row in theirs})
    files = {row.sha256 for row in theirs if row.sha256}
    found = set((await connection.execute(select(cases.c.id).where(here, cases.c.sha256.in_(files)))).scalars())
    asked = select(case_frames.c.case, case_frames.c.hash).join(cases, case_frames.c.case == cases.c.id)
    rows = [row for row in (await connection.execute(asked.where(here))).all() if len(row.hash or b"") == HASH]
    own = [row.hash for row in rows if row.case in {one.id for one in theirs}]
    if own:
        hashes = np.stack([np.frombuffer(row.hash, np.uint8) for row in rows])
        near = zip(rows, distances(hashes, own), strict=True)
        found |= {row.case for row, distance in near if distance <= HASH_NEAR}
    return sorted(found)


async def drop(connection: AsyncConnection, whose: ColumnElement[bool]) -> None:
    """Delete all that is kept of the frames of these cases, the hashes, too."""
    await connection.execute(delete(case_frames).where(case_frames.c.case.in_(select(cases.c.id).where(whose))))


async def with_decisions(connection: AsyncConnection, shown: Sequence[Case]) -> list[Case]:
    """Return cases with the newest decision on the case whose image they match."""
    bases = {case.id: basis_of(case.verdict) for case in shown}
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
    """Return the query for the decisions in force on images of a community, a row for each image.

    `album` is the number of further pictures that the decision is about, too.
    """
    further = cases.alias()
    album = select(func.count()).where(further.c.album == decisions.c.case).correlate(decisions).scalar_subquery()
    columns = decisions.c.decision, decisions.c.by, decisions.c.at, decisions.c.channels, decisions.c.case
    about = cases.c.id.label("image"), cases.c.sha256, cases.c.partial, album.label("album")
    asked = select(*about, *columns).select_from(decisions).join(cases, stands_for())
    return asked.where(cases.c.community == community, decisions.c.decision.in_(HOLDS))


def _compared(community: str) -> Select[Any]:
    """Return the query for the references that those images were compared with."""
    collection = matches.c.snapshot["collection"].as_string().label("collection")
    columns = matches.c.reference, matches.c.kind, matches.c.rank, matches.c.content, collection
    asked = select(matches.c.case.label("image"), *columns)
    asked = asked.select_from(decisions).join(cases, stands_for()).join(matches, matches.c.case == cases.c.id)
    return asked.where(cases.c.community == community, decisions.c.decision.in_(HOLDS))


def _frames(community: str) -> Select[Any]:
    """Return the query for the frames of decided files, without their pictures."""
    columns = case_frames.c.id, case_frames.c.frames, case_frames.c.case.label("image"), case_frames.c.space_id
    asked = select(*columns, cases.c.sha256, case_frames.c.hash, case_frames.c.vector)
    asked = asked.join(cases, case_frames.c.case == cases.c.id).where(cases.c.community == community)
    decided_files = select(_rulings(community).subquery().c.sha256)
    return asked.where(cases.c.sha256.in_(decided_files)).order_by(case_frames.c.id)


type Row = Mapping[Any, Any]


def _ruling_by_case(ruled: Iterable[Row], compared: Iterable[Row]) -> dict[int, Ruling]:
    """Return the decision on each image, by the number of the image's own case."""
    references: dict[int, set[UUID]] = defaultdict(set)
    same: dict[int, set[UUID]] = defaultdict(set)
    pixels_of: dict[int, UUID] = {}
    known = {row["image"] for row in compared if row["collection"]}
    for row in compared:
        references[row["image"]].add(row["reference"])
        if row["content"] == Content.SAME.value and row["kind"] in AS_A_WHOLE:
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
            is_known=row["image"] in known,
            is_alone=not row["album"],
            is_preview=row["partial"] == ONLY_PREVIEW,
        )
        for row in ruled
    }


def _images(
    rulings: Mapping[int, Ruling], rows: Sequence[Row], space_id: str, dim: int, since: datetime
) -> DecidedImages:
    """Return the images with their frames; of another model's embeddings only the hashes are good.

    The decisions on a file hold for the frames of all images with the same bytes: a later one may have none.
    """
    of_files: dict[str, list[Ruling]] = defaultdict(list)
    for ruling in sorted(rulings.values(), key=lambda one: one.at):
        if ruling.at > since and not (ruling.is_preview and ruling.decision in EXCUSING):
            of_files[ruling.sha256].append(ruling)
    decided = [(row, tuple(of_files[row["sha256"]])) for row in rows]
    kept = [(row, held) for row, held in decided if held]
    vectors = np.zeros((len(kept), dim), np.float32)
    hashes = np.zeros((len(kept), HASH), np.uint8)
    frames = []
    for number, (row, held) in enumerate(kept):
        is_ours = row["vector"] is not None and row["space_id"] == space_id and len(row["vector"]) == 2 * dim
        if is_ours:
            vectors[number] = np.frombuffer(row["vector"], np.float16)
        if len(row["hash"] or b"") == HASH:  # one that is damaged finds nothing
            hashes[number] = np.frombuffer(row["hash"], np.uint8)
        frames.append(DecidedFrame(id=row["id"], rulings=held, has_picture=is_ours, of=row["frames"]))
    return DecidedImages(
        rulings=tuple(rulings.values()), frames=tuple(frames), vectors=vectors, hashes=hashes, since=since
    )
