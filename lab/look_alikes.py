"""Pictures made to look like a reference without being a copy of it: what a trial asks besides copies and strangers.

    look_alikes(sources, 30, seed)   pairs of every kind of `lab.hard_negatives`, made of the operator's own pictures
    ask(services, one, search)       the first of a pair becomes a reference, the second is looked up

Each pair has a collection of its own, so that it is judged alone; the services must be those of a catalogue that is
thrown away afterwards, never the operator's.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from core.errors import Unscannable
from core.matches import Finding
from core.types import Purpose
from handlers import references
from handlers.collections import create_collection
from handlers.references import AddNeeds, Entry
from lab.drawings.demo import jpeg
from lab.hard_negatives import HARD_NEGATIVES, make
from lab.trial import Answer, Query, Role, Source, judged

type Search = Callable[[bytes, str], Awaitable[Finding]]
"""Searches one collection for all candidates: bytes, collection -> finding."""

KINDS: Sequence[str] = tuple(HARD_NEGATIVES)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """One pair that is yet to be drawn; `number` tells those of a kind apart."""

    kind: str
    number: int
    seed: int
    sources: Sequence[Source]

    @property
    def name(self) -> str:
        """Name of the pair's collection, and of the picture that is searched for."""
        return f"{self.kind}-{self.number}"

    def draw(self) -> tuple[bytes, bytes]:
        """Draw both pictures and return the files of reference and query."""
        first = self.number % len(self.sources)
        pool = _Pictures([*self.sources[first:], *self.sources[:first]])
        pair = make(self.kind, pool, 1, self.seed * 1_000_003 + self.number)[0]
        return jpeg(pair.reference), jpeg(pair.query)


class _Pictures(Sequence[Image.Image]):
    """The stored pictures as a pool; each is opened when it is looked at."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def __len__(self) -> int:
        return len(self._sources)

    def __getitem__(self, at: int) -> Image.Image:  # type: ignore[override]  # nobody slices a pool
        with Image.open(io.BytesIO(self._sources[at].picture)) as stored:
            return stored.convert("RGB")


def look_alikes(sources: Sequence[Source], count: int, seed: int) -> Iterator[LookAlike]:
    """Yield `count` pairs of each kind."""
    for kind in KINDS:
        for number in range(count):
            yield LookAlike(kind=kind, number=number, seed=seed, sources=sources)


async def ask(services: AddNeeds, look_alike: LookAlike, search: Search) -> Answer | None:
    """Return what the query met, the reference it looks like or nothing; None if the reference could not be added."""
    reference_image, query = await asyncio.to_thread(look_alike.draw)
    await create_collection(services, look_alike.name, Purpose.LIBRARY)
    try:
        await references.add(services, Entry(key=look_alike.name, collection=look_alike.name), reference_image)
    except Unscannable:
        return None
    asked = Query(role=Role.LOOK_ALIKE, picture=look_alike.name, edit=look_alike.kind, draw=lambda: query)
    return judged(services, asked, await search(query, look_alike.name))
