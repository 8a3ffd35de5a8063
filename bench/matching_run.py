"""Puts the references into a real catalogue and asks every query through `handlers.search`, its peers beside it.

    Query --draw--> bytes --search(all_candidates=True)--> pairs in force --+--> Answer
                      '----- hashes and embedding of the whole picture -----+

A pair below the model's floor is in no real search; it is kept apart, as what a lower floor would bring.
"""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from PIL import Image

from bench.matching_peers import Marks, marks_of
from bench.matching_pictures import Pictures, Query
from bot.cli.output import progress
from bot.files import batch
from bot.services import Services
from core.looks import Look
from core.matches import Match
from core.policy import COPIES
from core.types import Collection, Kind, Outcome, Vector
from handlers import references
from handlers.references import Entry, Prepared
from handlers.search import search
from lab.drawings.demo import jpeg
from lab.trial import in_force

AHEAD = 6
"""Queries in work at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A query beside one reference; `score` is in log-odds, and still orders what is as good as certain."""

    key: str
    kind: Kind
    confidence: float
    score: float

    @property
    def claimed(self) -> float:
        """The confidence that it is a copy; 0 for a kind that is none."""
        return self.confidence if self.kind in COPIES else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one query met, the surest pair first; `below` are pairs that only `all_candidates` shows."""

    query: Query
    outcome: Outcome
    pairs: tuple[Pair, ...]
    marks: Marks
    below: tuple[Pair, ...] = ()

    @property
    def with_all(self) -> "Answer":
        """The same with every candidate."""
        pairs = sorted((*self.pairs, *self.below), key=lambda one: -one.score)
        return replace(self, pairs=tuple(pairs), below=())

    @property
    def true(self) -> Pair | None:
        return next((one for one in self.pairs if one.key == self.query.right), None)

    @property
    def wrong(self) -> tuple[Pair, ...]:
        return tuple(one for one in self.pairs if one.key != self.query.right)


async def fill(services: Services, collection: str, pictures: Pictures) -> Mapping[str, Marks]:
    """Add these pictures as references of a new collection; what peers would keep of each, by key."""
    await services.references.create_collection(Collection(name=collection))
    kept: dict[str, Marks] = {}
    ready: list[Prepared] = []
    async with aclosing(batch.in_order(pictures.items(), lambda one: _prepared(services, collection, *one), 4)) as done:
        async for (key, _), (prepared, marks) in done:
            kept[key] = marks
            ready.append(prepared)
    await references.store(services, ready)
    return kept


async def _prepared(
    services: Services, collection: str, key: str, draw: Callable[[], Image.Image]
) -> tuple[Prepared, Marks]:
    data = await asyncio.to_thread(lambda: jpeg(draw(), 92))
    prepared = await references.prepare(services, Entry(key=key, collection=collection), data)
    return prepared, await asyncio.to_thread(marked, data, prepared.vectors[0])


def marked(data: bytes, vector: Vector | None) -> Marks:
    """What peers know of a file."""
    with Image.open(io.BytesIO(data)) as image:
        return marks_of(image.convert("RGB"), vector)


async def ask(services: Services, queries: Sequence[Query]) -> list[Answer]:
    """Every query's answer, in their order."""
    with progress("Matching", len(queries)) as step:
        return [one async for one in _asked(services, queries, step)]


async def _asked(services: Services, queries: Iterable[Query], step: Callable[[], None]) -> AsyncIterator[Answer]:
    async with aclosing(batch.in_order(queries, lambda query: _one(services, query), AHEAD)) as done:
        async for _, answer in done:
            step()
            yield answer


async def _one(services: Services, query: Query) -> Answer:
    data = await asyncio.to_thread(query.draw)
    finding = await search(services, data, collections=[query.collection], all_candidates=True)
    met = in_force(services, finding.candidates)
    return Answer(
        query=query,
        outcome=finding.verdict.outcome,
        pairs=_pairs(met),
        below=_pairs([one for one in finding.candidates if one not in met]),
        marks=await asyncio.to_thread(marked, data, whole(finding.look)),
    )


def _pairs(matches: Sequence[Match]) -> tuple[Pair, ...]:
    return tuple(_pair(one) for one in sorted(matches, key=lambda one: -one.score))


def whole(look: Look | None) -> Vector | None:
    """The embedding of the first frame as a whole, None where it is blank."""
    rows = [row for view, row in zip(look.views, look.vectors, strict=True) if view.is_whole] if look else []
    return rows[0] if rows else None


def _pair(match: Match) -> Pair:
    return Pair(key=match.reference.key, kind=match.kind, confidence=match.confidence, score=match.score)
