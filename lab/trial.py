"""What a scorecard asks the real search, and what came back.

    sample       references of the chosen collections, the same ones for the same seed
    study        each of them searched unedited: is it found at all, and which others look the same?
    copies       each of them under each edit; with itself left out, the same search is one for a stranger
    strangers    pictures that nobody has as a reference, under the same edits
    ask          one query through `handlers.search`, nothing stored, no case opened

A pair below the candidate floor of the model is not counted: `all_candidates` shows it, a real search would not.
"""

import hashlib
import heapq
import io
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from PIL import Image

from core.matches import Finding, Match
from core.types import Kind, Outcome, Reference
from handlers.needs import HasReferences, HasRunner, HasThresholds
from handlers.search_study import BELOW, MOST_BELOW
from lab import suite
from lab.drawings.demo import jpeg
from lab.drawings.demo import strangers as drawn_strangers

UNEDITED = "unedited"
ROUNDS = 8
"""Searches for more of the same: each shows a handful of candidates."""

type Ask = Callable[[bytes, frozenset[UUID]], Awaitable[Finding]]
"""Searches for all candidates, and waits for a store that restarts: bytes, references left out -> finding."""


class StudyNeeds(HasRunner, HasThresholds, Protocol):
    """What finds the twins of a source."""


class Role(StrEnum):
    """What a query is: a copy of a reference, a picture of which none is known, or one made to look like one."""

    COPY = "copy"
    STRANGER = "stranger"
    LOOK_ALIKE = "look-alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A reference that is measured: its stored picture, and the references that match it unedited."""

    reference: Reference
    picture: bytes
    twins: tuple[Match, ...] = ()

    @property
    def set_aside(self) -> frozenset[UUID]:
        """References that are neither right nor wrong for a copy of this one."""
        return frozenset(twin.reference.id for twin in self.twins)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One picture to search: `draw` makes its file. `picture` names what it was made from."""

    role: Role
    picture: str
    edit: str
    draw: Callable[[], bytes]
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a query met: the true pair and its rank (1 = best), and the wrong ones, best first."""

    query: Query
    outcome: Outcome
    true: Match | None
    rank: int | None
    wrong: tuple[Match, ...]

    @property
    def confidence(self) -> float:
        """Confidence of the true pair; 0 where it is no candidate."""
        return self.true.confidence if self.true else 0.0

    @property
    def alarm(self) -> float:
        """Confidence of the best wrong pair; 0 where there is none."""
        return self.wrong[0].confidence if self.wrong else 0.0


async def sample(services: HasReferences, collections: Sequence[str], count: int, seed: int) -> list[Source]:
    """Up to `count` references of these collections (none named = all) with their pictures, by collection and key.

    They are drawn by a hash of seed and identity, so that most of a sample stays the same while a catalogue grows.
    Raises NotFound for an unknown collection.
    """
    drawn: list[tuple[bytes, Reference]] = []
    for name in collections or [collection.name for collection in await services.references.collections()]:
        await services.references.collection(name)
        async for reference in services.references.each(name):
            drawn.append((_lot(seed, reference.id), reference))
            drawn = drawn if len(drawn) < 2 * count + 1000 else _first(drawn, count)
    drawn = _first(drawn, count)
    taken = sorted((reference for _, reference in drawn), key=lambda reference: (reference.collection, reference.key))
    pictures = [(reference, await services.references.picture(reference.id)) for reference in taken]
    return [Source(reference=reference, picture=media.data) for reference, media in pictures if media is not None]


def _first(drawn: Sequence[tuple[bytes, Reference]], count: int) -> list[tuple[bytes, Reference]]:
    return heapq.nsmallest(count, drawn, key=lambda pair: pair[0])


def _lot(seed: int, identity: UUID) -> bytes:
    return hashlib.sha256(f"{seed}\n{identity}".encode()).digest()


async def study(services: StudyNeeds, source: Source, ask: Ask) -> tuple[Source, Answer]:
    """Search a source unedited; return it with all references that match it, and the answer."""
    first = await ask(source.picture, frozenset())
    twins = _twins(services, source, first)
    for _ in range(ROUNDS if twins else 0):
        aside = frozenset({source.reference.id, *(twin.reference.id for twin in twins)})
        more = _twins(services, source, await ask(source.picture, aside))
        if not more:
            break
        twins += more
    studied = Source(reference=source.reference, picture=source.picture, twins=tuple(twins))
    return studied, judged(services, _copy(studied, UNEDITED, lambda: source.picture), first)


def _twins(services: StudyNeeds, source: Source, finding: Finding) -> list[Match]:
    least = services.thresholds.review
    others = [candidate for candidate in finding.candidates if candidate.reference.id != source.reference.id]
    return [match for match in in_force(services, others) if match.confidence >= least]


def in_force(services: HasRunner, matches: Sequence[Match]) -> list[Match]:
    """Return the matches that a search which is not asked for all candidates would meet, too; best first."""
    floor = services.runner.spec.floor
    met = [match for match in matches if match.cosine >= floor or match.kind is Kind.EXACT]
    if not met:
        below = [match for match in matches if floor - BELOW <= match.cosine < floor]
        met += heapq.nlargest(MOST_BELOW, below, key=lambda match: match.cosine)
    return sorted(met, key=lambda match: -match.confidence)


def copies(sources: Sequence[Source], edits: Sequence[str], seed: int) -> Iterator[Query]:
    """Yield each source under each edit, source by source."""
    for source in sources:
        for edit in edits:
            yield _copy(source, edit, _edited(source, edit, seed))


def _copy(source: Source, edit: str, draw: Callable[[], bytes]) -> Query:
    picture = f"{source.reference.collection}/{source.reference.key}"
    return Query(role=Role.COPY, picture=picture, edit=edit, draw=draw, source=source)


def _edited(source: Source, edit: str, seed: int) -> Callable[[], bytes]:
    def draw() -> bytes:
        with Image.open(io.BytesIO(source.picture)) as stored:
            picture = stored.convert("RGB")
        return jpeg(suite.apply(edit, picture, source.reference.key, seed))

    return draw


def strangers(edits: Sequence[str], seed: int) -> Iterator[Query]:
    """Yield drawn pictures that belong to no collection, as they are and under each edit."""
    for drawing in drawn_strangers():
        for edit in (UNEDITED, *edits):
            yield Query(role=Role.STRANGER, picture=drawing.key, edit=edit, draw=_strange(drawing.key, edit, seed))


def _strange(key: str, edit: str, seed: int) -> Callable[[], bytes]:
    def draw() -> bytes:
        picture = _drawn(key)
        return jpeg(picture if edit == UNEDITED else suite.apply(edit, picture, key, seed))

    return draw


@lru_cache(maxsize=8)
def _drawn(key: str) -> Image.Image:
    return next(drawing for drawing in drawn_strangers() if drawing.key == key).draw()


def judged(services: HasRunner, query: Query, finding: Finding) -> Answer:
    """Return the finding as an answer: the true pair, and the wrong ones without those that are neither."""
    own = query.source.reference.id if query.source else None
    aside = query.source.set_aside if query.source else frozenset()
    pairs = [match for match in in_force(services, finding.candidates) if match.reference.id not in aside]
    places = [number for number, pair in enumerate(pairs, 1) if pair.reference.id == own]
    return Answer(
        query=query,
        outcome=finding.verdict.outcome,
        true=pairs[places[0] - 1] if places else None,
        rank=places[0] if places else None,
        wrong=tuple(pair for pair in pairs if pair.reference.id != own),
    )
