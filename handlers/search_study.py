"""Finds the candidates of one image: hits of the vector search, and the pairs that were checked.

    views --search--> hits --merge--> the best of each reference --closest--> candidates --pair check--> evidence
                                                                   logos of brands, laid over --> matches

`SearchScope` says where is looked, `CandidateSearch` collects what is known so far; `handlers.search` gives the order.
"""

import logging
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import batched, islice, zip_longest
from typing import Protocol
from uuid import UUID

from core.confidence import kind_of, score
from core.errors import RetryLater, StoreDown
from core.logos import LogoHit, logo_match, logo_score
from core.looks import Look, View
from core.matches import Candidate, Evidence, Hit, Match
from core.odds import logistic
from core.policy import COPIES
from core.types import Damage, Kind, Purpose
from handlers.needs import HasCatalogue, HasReferences, HasRunner
from handlers.search_hashes import HashNeighbour, pictured
from handlers.stopwatch import Stopwatch

HITS_A_VIEW = 24
"""Nearest references asked for per view: the true one is in the best 8 for 98 % of copies."""

PART_MARGIN = 0.05

CLOSE = 0.50
"""Cosine from which a pair is checked before parts of the picture are looked at."""

VERIFY_AT_MOST = 12
"""Pairs checked per image, half by cosine, half in turn over the views; as many again, twice at most, while all are the
same template."""

ROUNDS = 3

BELOW, MOST_BELOW = 0.08, 2
"""How far below the model's floor the closest references are still checked, where none is above it, and how many.

Of 1,728 edited photographs 7 more are found so; the ten next closest would bring 4 more.
"""

NEXT_BEST = 0.03
"""Once one pair is sure, only candidates that are at most so much less close are checked: duplicates elsewhere."""

SURE = 0.99
log = logging.getLogger(__name__)

SETTLED_AREA = 0.75
"""Share of the query that a sure copy covers, from which its parts need no search of their own."""


class CandidateNeeds(HasRunner, HasCatalogue, HasReferences, Protocol):
    """What finds and checks candidates."""


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Where is searched, what is ignored, whether every candidate is wanted, and how many references there are.

    `may_excuse`: some of the references would make an image clean.
    """

    names: frozenset[str]
    ignored: frozenset[UUID]
    everything: bool
    references: int
    may_excuse: bool = False


@dataclass(slots=True)
class CandidateSearch:
    """The best hit of each reference so far, and the pairs of one image that were checked."""

    services: CandidateNeeds
    scope: SearchScope
    watch: Stopwatch
    best: dict[UUID, tuple[Hit, View]] = field(default_factory=dict)
    near: Sequence[HashNeighbour] = ()
    checked: dict[UUID, tuple[Candidate, Evidence]] = field(default_factory=dict)
    logos: list[Match] = field(default_factory=list)
    partial: str = ""
    parts: Look | None = None
    down: StoreDown | None = None

    async def search(self, look: Look, floor: float) -> None:
        """Search for every view of `look`; check the best hits that are at least as close as `floor`."""
        with self.watch("search"):
            self.best = await self._best(look)
            wanted = closest(pair for pair in self.best.values() if pair[0].score >= floor and self._is_open(*pair))
        for some in islice(batched(wanted, VERIFY_AT_MOST), ROUNDS):
            with self.watch("search"):
                candidates = await _candidates(self.services, some)
            with self.watch("verify"):
                await self._check(look, candidates)
            if not all(self._is_template(candidate) for candidate in candidates):
                break

    async def look_below(self, look: Look) -> None:
        """Check the closest references below the floor, if none is above it."""
        floor = self.services.runner.spec.floor
        if self.down or any(candidate.cosine >= floor for candidate, _ in self.checked.values()):
            return
        below = [pair for pair in self.best.values() if pair[0].score < floor and self._is_open(*pair)]
        with self.watch("verify"):
            candidates = await _candidates(self.services, nlargest(MOST_BELOW, below, key=_cosine))
            await self._check(look, candidates, at_a_glance=True)

    async def _best(self, look: Look) -> dict[UUID, tuple[Hit, View]]:
        """Return the best hit of each reference; hits by hash while the vector store does not answer."""
        catalogue, least = self.services.catalogue, self.services.runner.spec.floor
        least = -1.0 if self.scope.everything else least - BELOW
        try:
            hits = await catalogue.search(look.vectors, self.scope.names, limit=HITS_A_VIEW, floor=least)
        except StoreDown as error:
            self.down, self.partial = error, "store-down"
            return {hit.reference: (hit, view) for hit, view in pictured(self.near)}
        return merge(self.best, look.views, hits, self.scope.ignored, self.services.runner.spec.floor)

    def _is_template(self, candidate: Candidate) -> bool:
        """Return whether the candidate is a template, behind which the right one of many captions may stand."""
        check = self.checked.get(candidate.reference.id)
        return check is not None and kind_of(check[1]) is Kind.TEMPLATE

    async def look_for_logos(self, look: Look) -> None:
        """Search for logos of brands in scope; one that was found as a copy already adds nothing."""
        if not self.services.runner.stages.logos:
            return
        brand_logos = await self.services.references.logos(self.scope.names)
        if not brand_logos:
            return
        with self.watch("logos"):
            hits = [
                hit
                for hit in await self.services.runner.logos(look, brand_logos)
                if self._may_be(hit, len(brand_logos))
            ]
            whose = await self.services.references.get([hit.reference for hit in hits]) if hits else {}
        for hit in hits:
            if hit.reference in whose:
                cosine = self.best[hit.reference][0].score if hit.reference in self.best else 0.0
                self.logos.append(logo_match(whose[hit.reference], hit, len(brand_logos), cosine))

    def _may_be(self, hit: LogoHit, logos: int) -> bool:
        """Return whether a logo is worth telling: wanted, above the threshold, its reference no copy found yet."""
        if hit.reference in self.scope.ignored:
            return False
        check = self.checked.get(hit.reference)
        is_copy = check is not None and kind_of(check[1]) in COPIES
        return not is_copy and (self.scope.everything or logo_score(hit, logos) > 0)

    def _is_open(self, hit: Hit, view: View) -> bool:
        """Return whether a reference was not checked yet, or was checked in vain in another view."""
        check = self.checked.get(hit.reference)
        return check is None or (check[0].view != view and kind_of(check[1]) not in COPIES)

    @property
    def is_settled(self) -> bool:
        """Whether the whole image is surely a copy and nothing smaller in it could change the verdict."""
        return any(
            candidate.view.is_whole and evidence.area >= SETTLED_AREA and self._sureness(candidate, evidence) >= SURE
            for candidate, evidence in self.checked.values()
        )

    def _sureness(self, candidate: Candidate, evidence: Evidence) -> float:
        sure = kind_of(evidence) in COPIES
        return logistic(score(candidate.cosine, evidence, self.scope.references)) if sure else 0.0

    def _view_of(self, candidate: Candidate) -> View:
        """Return the view in which the reference is searched for: not the part that found it, if below the model's own
        floor.

        The features of such a part cost as much as its embedding and find nothing that those of the whole frame miss:
        `docs/benchmarks.md`.
        """
        is_faint = candidate.cosine < self.services.runner.sure_floor
        return View(frame=candidate.view.frame) if is_faint else candidate.view

    async def _check(self, look: Look, candidates: Sequence[Candidate], *, at_a_glance: bool = False) -> None:
        """Check pairs, the best first; after a sure one only its near equals and what could excuse the image."""
        materials = (
            await self.services.references.materials([candidate.place for candidate in candidates])
            if candidates
            else {}
        )
        there = [
            candidate
            for candidate in candidates
            if candidate.place in materials and not candidate.reference.is_set_aside
        ]

        def is_worth_a_check(number: int, so_far: Sequence[Evidence | None]) -> bool:
            pairs = [*zip(there, so_far, strict=False), *self.checked.values()]
            sure = [candidate.cosine for candidate, seen in pairs if seen and self._sureness(candidate, seen) >= SURE]
            excuses = there[number].reference.purpose is Purpose.ALLOWLIST
            return self.scope.everything or not sure or excuses or there[number].cosine >= max(sure) - NEXT_BEST

        pairs = [(self._view_of(candidate), materials[candidate.place]) for candidate in there]
        evidence = await self.services.runner.verify(look, pairs, is_worth_a_check, at_a_glance=at_a_glance)
        for candidate, seen in zip(there, evidence, strict=True):
            if seen is not None:
                self.checked[candidate.reference.id] = (candidate, seen)
        await self._set_aside(
            {candidate.reference.id for candidate in there if materials[candidate.place] in look.notes.damaged}
        )
        self._note_aside(
            [
                candidate
                for candidate in candidates
                if candidate not in there or materials[candidate.place] in look.notes.damaged
            ]
        )
        if look.notes.unread:
            self.partial = "words"
        if look.notes.spent_s > self.services.runner.budget_s:
            self.partial = "budget"

    def _note_aside(self, unchecked: Sequence[Candidate]) -> None:
        """Note that a reference which can't be compared is near: then the image can't be called clean."""
        if any(
            candidate.cosine >= CLOSE and candidate.reference.purpose is not Purpose.ALLOWLIST
            for candidate in unchecked
        ):
            self.partial = "aside"

    async def _set_aside(self, damaged: Group[UUID]) -> None:
        """Set damaged references aside, so that only their hashes find them; the search goes on."""
        if not damaged:
            return
        log.warning("%s references are damaged and set aside: `resight doctor` names them.", len(damaged))
        self.near = [neighbour.without_picture(damaged) for neighbour in self.near]
        with suppress(RetryLater):  # the next search notes it
            await self.services.references.set_aside(damaged, Damage.PICTURE)


def _cosine(pair: tuple[Hit, View]) -> float:
    return pair[0].score


def merge(
    so_far: Mapping[UUID, tuple[Hit, View]],
    views: Sequence[View],
    hits: Sequence[Sequence[Hit]],
    ignored: Group[UUID] = frozenset(),
    floor: float = -1.0,
) -> dict[UUID, tuple[Hit, View]]:
    """Return what is known joined with these hits: one hit for each reference, with the view that found it best.

    Whole frames come first among the views; a part must be clearly closer than a whole that is a candidate (from
    `floor` on) to take its place, so that the pair check sees as much of the picture as there is.
    """
    best = dict(so_far)
    for view, view_hits in zip(views, hits, strict=True):
        for hit in view_hits:
            before = best.get(hit.reference)
            if hit.reference in ignored:
                continue
            if before is None or hit.score > before[0].score + _margin(before, view, floor):
                best[hit.reference] = (hit, view)
    return best


def _margin(before: tuple[Hit, View], view: View, floor: float) -> float:
    """Return how much closer a hit of this view must be to take the place of the one before."""
    is_part_of_candidate = before[1].is_whole and not view.is_whole and before[0].score >= floor
    return PART_MARGIN if is_part_of_candidate else 0.0


def closest(pairs: Iterable[tuple[Hit, View]]) -> list[tuple[Hit, View]]:
    """Return the few hits that may be worth a pair check, in order: half by cosine, half in turn over the views.

    By cosine alone forty captions of one meme stand before what the small pane beside it shows.
    """
    rest = sorted(pairs, key=_cosine, reverse=True)
    chosen: list[tuple[Hit, View]] = []
    for _ in range(ROUNDS):
        chosen += rest[: VERIFY_AT_MOST // 2]
        rest = rest[VERIFY_AT_MOST // 2 :]
        some = list(islice(_in_turn(rest), VERIFY_AT_MOST // 2))
        chosen += some
        rest = [pair for pair in rest if pair not in some]
    return chosen


def _in_turn(pairs: Iterable[tuple[Hit, View]]) -> Iterator[tuple[Hit, View]]:
    """Yield the best hit of each view, then the second best of each, and so on."""
    by_view: dict[View, list[tuple[Hit, View]]] = {}
    for pair in pairs:
        by_view.setdefault(pair[1], []).append(pair)
    for row in zip_longest(*by_view.values()):
        yield from (pair for pair in row if pair is not None)


async def _candidates(services: HasReferences, hits: Iterable[tuple[Hit, View]]) -> list[Candidate]:
    """Return hits with their references; a hit whose reference was removed meanwhile is left out."""
    pairs = list(hits)
    references = await services.references.get([hit.reference for hit, _ in pairs]) if pairs else {}
    return [
        Candidate(reference=references[hit.reference], part=hit.part, view=view, cosine=hit.score)
        for hit, view in pairs
        if hit.reference in references
    ]
