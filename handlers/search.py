"""One query image against the catalogue: hash rung, views, vector search, pair checks, verdict.

    bytes --sha256--> same bytes known? --no--> whole frames --search--> close ones checked --> sure?
                                                                             | no
                              parts of the picture --search--> the best of all checked --> matches --> verdict
                              logos of brands, if the scope has any --edges laid over--> matches --^

The same function serves a sent image, a posted one, the API and the command line; only the scope differs.
"""

import hashlib
import logging
from collections.abc import Collection as Group
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import batched, islice, zip_longest
from typing import Any
from uuid import UUID

from core.cases import Thresholds
from core.confidence import capped, kind_of, score
from core.errors import RetryLater, StoreDown, Unscannable
from core.logos import LogoHit, logo_match, logo_score
from core.looks import Look, Picture, View
from core.matches import Candidate, Difference, Evidence, Finding, Hit, Match, Verdict
from core.odds import logistic
from core.policy import COPIES, judge
from core.types import Content, Damage, Kind, Outcome, Purpose, Reference
from handlers.search_hashes import Near, listed, near, pictured
from handlers.services import Services
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
"""How far below the model's floor the closest references are still checked, where nothing above the floor is alike; how
many. Of 1,728 edited photographs 7 more are found so; the ten next closest would bring 4 more.
"""

NEXT_BEST = 0.03
"""Once one pair is sure, only candidates that are this much less close are checked: duplicates in other collections."""

SURE = 0.99
SAME_PIXELS = 30.0
"""Score (log-odds) of what needs no guess."""

log = logging.getLogger(__name__)

SETTLED_AREA = 0.75
"""Share of the query that a sure copy covers, from which its parts need no look of their own."""


async def search(
    services: Services,
    data: bytes,
    *,
    collections: Group[str] | None = None,
    thresholds: Thresholds | None = None,
    all_candidates: bool = False,
    ignored: Group[UUID] = frozenset(),
    variants: Group[UUID] = frozenset(),
) -> Finding:
    """Look one image up; never raises for bad bytes, whose verdict is `unscannable` with a reason.

    `collections` None = all; `ignored` references can't match; of `variants` a sure template is a match, too.
    `all_candidates` looks past the same-bytes shortcut, keeps pairs below the floor and checks each of them.
    Raises NotFound for an unknown collection, and StoreDown or Busy when the answer is not known: that is never
    "no match". While the vector store does not answer, a sure copy can still be found by its hash (`partial`).
    """
    watch = Stopwatch()
    limits = thresholds or services.thresholds
    with watch("hash"):
        sha256 = hashlib.sha256(data).hexdigest()
        scope = await _scope(services, collections, frozenset(ignored), all_candidates)
        known = [] if all_candidates else await services.references.by_content(sha256, scope.names)
    if exact := [_exact(reference) for reference in known if reference.id not in scope.ignored]:
        verdict = judge(exact, limits)
        return Finding(sha256=sha256, verdict=verdict, candidates=verdict.matches, timings_ms=watch.timings_ms)
    try:
        look = await _look(services, data, sha256, watch)
    except Unscannable as error:
        verdict = Verdict(outcome=Outcome.UNSCANNABLE, reason=error.reason)
        return Finding(sha256=sha256, verdict=verdict, sentence=str(error), timings_ms=watch.timings_ms)
    matches, partial = await _matches(services, look, scope, watch)
    verdict = judge(matches, limits, look.picture.partial or partial, variants)
    return Finding(sha256=sha256, verdict=verdict, candidates=tuple(matches), look=look, timings_ms=watch.timings_ms)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where to look, what to look past, whether every candidate is wanted, and how many references there are.

    `may_excuse`: some of them would make an image clean.
    """

    names: frozenset[str]
    ignored: frozenset[UUID]
    everything: bool
    references: int
    may_excuse: bool = False


async def _scope(
    services: Services, collections: Group[str] | None, ignored: frozenset[UUID], everything: bool
) -> _Scope:
    """The named collections, each checked to exist, or all."""
    known = {one.name: one for one in await services.references.collections()}
    for name in set(collections or ()) - known.keys():
        await services.references.collection(name)
    names = frozenset(known if collections is None else collections)
    mine = [known[name] for name in names]
    may_excuse = any(one.purpose is Purpose.ALLOWLIST for one in mine)
    return _Scope(names, ignored, everything, sum(one.size for one in mine), may_excuse)


async def _look(services: Services, data: bytes, sha256: str, watch: Stopwatch) -> Look:
    if len(data) > services.max_image_bytes:
        raise Unscannable("too-large", f"The file is larger than {services.max_image_bytes >> 20} MB.")
    with watch("wait"):
        look = await services.runner.look(data, sha256)
    watch.include(look.timings_ms)
    return look


async def _matches(services: Services, look: Look, scope: _Scope, watch: Stopwatch) -> tuple[list[Match], str]:
    """All checked pairs, surest first, and why there may be more ("" = there are not)."""
    study = _Study(services, scope, watch)
    with watch("hashes"):
        study.near = await near(services, look, scope.names, scope.ignored)
    await study.search(look, CLOSE)
    if study.down and (scope.may_excuse or not study.is_settled):
        raise study.down  # what would excuse the image may be further away than its hash reaches
    if not study.down and (scope.everything or not study.is_settled):
        with watch("wait"):
            parts = await services.runner.parts(look)
        watch.include(parts.timings_ms)
        await study.search(parts, services.runner.spec.floor)
        await study.look_below(parts)
        if study.down and not study.is_settled:
            raise study.down  # it went between the two: only half was looked up
        await study.look_for_logos(look)
    matches = [match_of(look, *pair, scope.references) for pair in study.checked.values()]
    matches += listed(study.near)
    surest = _one_a_reference([*matches, *study.logos])
    return sorted(surest, key=lambda match: (-match.confidence, -match.score)), study.partial


def _one_a_reference(matches: Sequence[Match]) -> list[Match]:
    """The surer of two matches of the same reference: it may have been checked as a whole and found as a logo."""
    surest: dict[UUID, Match] = {}
    for match in matches:
        known = surest.get(match.reference.id)
        if known is None or known.confidence < match.confidence:
            surest[match.reference.id] = match
    return list(surest.values())


@dataclass(slots=True)
class _Study:
    """What is known so far of one image: the best hit of each reference, and the pairs that were checked."""

    services: Services
    scope: _Scope
    watch: Stopwatch
    best: dict[UUID, tuple[Hit, View]] = field(default_factory=dict)
    near: Sequence[Near] = ()
    checked: dict[UUID, tuple[Candidate, Evidence]] = field(default_factory=dict)
    logos: list[Match] = field(default_factory=list)
    partial: str = ""
    down: StoreDown | None = None

    async def search(self, look: Look, floor: float) -> None:
        """Search for every view of `look`; check the best that are at least as close as `floor`."""
        least = -1.0 if self.scope.everything else floor
        with self.watch("search"):
            self.best = await self._best(look)
            wanted = closest(pair for pair in self.best.values() if pair[0].score >= least and self._is_open(*pair))
        for some in islice(batched(wanted, VERIFY_AT_MOST), ROUNDS):
            with self.watch("search"):
                candidates = await _candidates(self.services, some)
            with self.watch("verify"):
                await self._check(look, candidates)
            if not all(self._is_template(one) for one in candidates):
                break

    async def look_below(self, look: Look) -> None:
        """Check the closest references below the floor, unless something above it is alike."""
        if self.down or any(kind_of(seen) is not Kind.SIMILAR for _, seen in self.checked.values()):
            return
        floor = self.services.runner.spec.floor
        below = [pair for pair in self.best.values() if pair[0].score < floor and self._is_open(*pair)]
        with self.watch("verify"):
            await self._check(look, await _candidates(self.services, nlargest(MOST_BELOW, below, key=_cosine)))

    async def _best(self, look: Look) -> dict[UUID, tuple[Hit, View]]:
        """The best hit of each reference so far; what is near by hash while the vector store does not answer."""
        catalogue, least = self.services.catalogue, self.services.runner.spec.floor
        least = -1.0 if self.scope.everything else least - BELOW
        try:
            hits = await catalogue.search(look.vectors, self.scope.names, limit=HITS_A_VIEW, floor=least)
        except StoreDown as error:
            self.down, self.partial = error, "store-down"
            return {hit.reference: (hit, view) for hit, view in pictured(self.near)}
        return merge(self.best, look.views, hits, self.scope.ignored)

    def _is_template(self, candidate: Candidate) -> bool:
        """Where a whole template is known with a hundred captions, the right one may stand behind the first few."""
        known = self.checked.get(candidate.reference.id)
        return known is not None and kind_of(known[1]) is Kind.TEMPLATE

    async def look_for_logos(self, look: Look) -> None:
        """Look for the logos of brands in scope; one that was found as a copy already says no more."""
        if not self.services.runner.stages.logos:
            return
        known = await self.services.references.logos(self.scope.names)
        if not known:
            return
        with self.watch("logos"):
            hits = [hit for hit in await self.services.runner.logos(look, known) if self._may_be(hit, len(known))]
            whose = await self.services.references.get([hit.reference for hit in hits]) if hits else {}
        for hit in hits:
            if hit.reference in whose:
                cosine = self.best[hit.reference][0].score if hit.reference in self.best else 0.0
                self.logos.append(logo_match(whose[hit.reference], hit, len(known), cosine))

    def _may_be(self, hit: LogoHit, logos: int) -> bool:
        """Whether a logo is worth telling: wanted, no copy of the same reference, and above the threshold."""
        if hit.reference in self.scope.ignored:
            return False
        known = self.checked.get(hit.reference)
        is_copy = known is not None and kind_of(known[1]) in COPIES
        return not is_copy and (self.scope.everything or logo_score(hit, logos) > 0)

    def _is_open(self, hit: Hit, view: View) -> bool:
        """Whether a reference was not checked yet, or in vain by another view."""
        known = self.checked.get(hit.reference)
        return known is None or (known[0].view != view and kind_of(known[1]) not in COPIES)

    @property
    def is_settled(self) -> bool:
        """Whether the image as a whole is surely a copy, and nothing smaller in it could change what is said."""
        return any(
            candidate.view.is_whole and evidence.area >= SETTLED_AREA and self._sureness(candidate, evidence) >= SURE
            for candidate, evidence in self.checked.values()
        )

    def _sureness(self, candidate: Candidate, evidence: Evidence) -> float:
        sure = kind_of(evidence) in COPIES
        return logistic(score(candidate.cosine, evidence, self.scope.references)) if sure else 0.0

    def _view_of(self, candidate: Candidate) -> View:
        """Where the reference is searched for: below the model's own floor, not in the part that found it.

        There the features of the part (as many milliseconds as its embedding) found nothing that those of the whole
        frame had not: `docs/benchmarks.md`.
        """
        is_faint = candidate.cosine < self.services.runner.sure_floor
        return View(frame=candidate.view.frame) if is_faint else candidate.view

    async def _check(self, look: Look, candidates: Sequence[Candidate]) -> None:
        """Pairs best first; a sure one ends it but for its near equals and for what could excuse the image."""
        kept = await self.services.references.materials([one.place for one in candidates]) if candidates else {}
        there = [one for one in candidates if one.place in kept and not one.reference.is_set_aside]

        def is_worth_a_check(number: int, so_far: Sequence[Evidence | None]) -> bool:
            pairs = [*zip(there, so_far, strict=False), *self.checked.values()]
            sure = [one.cosine for one, seen in pairs if seen and self._sureness(one, seen) >= SURE]
            excuses = there[number].reference.purpose is Purpose.ALLOWLIST
            return self.scope.everything or not sure or excuses or there[number].cosine >= max(sure) - NEXT_BEST

        pairs = [(self._view_of(one), kept[one.place]) for one in there]
        evidence = await self.services.runner.verify(look, pairs, is_worth_a_check)
        for one, seen in zip(there, evidence, strict=True):
            if seen is not None:
                self.checked[one.reference.id] = (one, seen)
        await self._set_aside({one.reference.id for one in there if kept[one.place] in look.notes.damaged})
        self._note_aside([one for one in candidates if one not in there or kept[one.place] in look.notes.damaged])
        if look.notes.unread:
            self.partial = "words"
        if look.notes.spent_s > self.services.runner.budget_s:
            self.partial = "budget"

    def _note_aside(self, unchecked: Sequence[Candidate]) -> None:
        """Near a reference that can't be compared nobody can say that an image is none of its copies."""
        if any(one.cosine >= CLOSE and one.reference.purpose is not Purpose.ALLOWLIST for one in unchecked):
            self.partial = "aside"

    async def _set_aside(self, damaged: Group[UUID]) -> None:
        """Leave damaged references to their hashes from now on: they are told, and the search goes on."""
        if not damaged:
            return
        log.warning("%s references are damaged and set aside: `resight doctor` names them.", len(damaged))
        self.near = [one.without_picture(damaged) for one in self.near]
        with suppress(RetryLater):  # the next search notes it
            await self.services.references.set_aside(damaged, Damage.PICTURE)


def _cosine(pair: tuple[Hit, View]) -> float:
    return pair[0].score


def merge(
    known: Mapping[UUID, tuple[Hit, View]],
    views: Sequence[View],
    hits: Sequence[Sequence[Hit]],
    ignored: Group[UUID] = frozenset(),
) -> dict[UUID, tuple[Hit, View]]:
    """What is known with these hits: one a reference, with the view that found it best.

    Views come whole frames first; a part must be clearly closer than the whole to take its place, so that the pair
    check sees as much of the picture as there is.
    """
    best = dict(known)
    for view, found in zip(views, hits, strict=True):
        for hit in found:
            before = best.get(hit.reference)
            if hit.reference in ignored:
                continue
            margin = PART_MARGIN if before and before[1].is_whole and not view.is_whole else 0.0
            if before is None or hit.score > before[0].score + margin:
                best[hit.reference] = (hit, view)
    return best


def closest(pairs: Iterable[tuple[Hit, View]]) -> list[tuple[Hit, View]]:
    """The few hits that may be worth a pair check, in their order: half a round by cosine, half in turn over the views.

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
    """The best of each view, then the second best of each."""
    by_view: dict[View, list[tuple[Hit, View]]] = {}
    for pair in pairs:
        by_view.setdefault(pair[1], []).append(pair)
    for row in zip_longest(*by_view.values()):
        yield from (pair for pair in row if pair is not None)


async def _candidates(services: Services, hits: Iterable[tuple[Hit, View]]) -> list[Candidate]:
    """Hits with what they mean; a vector whose reference was removed meanwhile says nothing."""
    pairs = list(hits)
    known = await services.references.get([hit.reference for hit, _ in pairs]) if pairs else {}
    return [
        Candidate(reference=known[hit.reference], part=hit.part, view=view, cosine=hit.score)
        for hit, view in pairs
        if hit.reference in known
    ]


def match_of(look: Look, candidate: Candidate, evidence: Evidence, references: int) -> Match:
    """The verified pair: its kind, its confidence, and whether it shows the same content."""
    same_pixels = _are_same(candidate.reference, look.picture)
    kind = Kind.EXACT if same_pixels else kind_of(evidence)
    points = SAME_PIXELS if same_pixels else score(candidate.cosine, evidence, references)
    return Match(
        reference=candidate.reference,
        kind=kind,
        confidence=1.0 if same_pixels else capped(evidence, points, candidate.cosine),
        cosine=candidate.cosine,
        inliers=evidence.inliers,
        area=evidence.area,
        quad=evidence.quad,
        frame=candidate.view.frame,
        content=Content.SAME if same_pixels else _content_of(kind, evidence),
        differs=() if same_pixels else evidence.differs,
        score=points,
        evidence=evidence,
    )


def _content_of(kind: Kind, evidence: Evidence) -> Content:
    """The content that the pair check read; that of a template is always other."""
    return Content.OTHER if kind is Kind.TEMPLATE else evidence.content


def _are_same(reference: Reference, picture: Picture) -> bool:
    """Whether the pixels are the same, as in two lossless files; hashed only where the size leaves it open."""
    same_size = (reference.width, reference.height) == (picture.width, picture.height)
    return same_size and reference.pixel_hash == picture.pixel_hash


def _exact(reference: Reference) -> Match:
    return Match(
        reference=reference,
        kind=Kind.EXACT,
        confidence=1.0,
        cosine=1.0,
        area=1.0,
        content=Content.SAME,
        score=SAME_PIXELS,
    )


def as_json(finding: Finding, *, top: int = 5, all_candidates: bool = False) -> dict[str, Any]:
    """The one shape in which the command line and the API answer."""
    shown = finding.candidates if all_candidates else finding.verdict.matches
    return {
        "sha256": finding.sha256,
        "verdict": finding.verdict.outcome.value,
        "reason": finding.verdict.reason,
        "partial": finding.verdict.partial,
        "message": finding.sentence,
        "matches": [match_json(match) for match in shown[:top]],
        "timings_ms": dict(finding.timings_ms),
    }


def match_json(match: Match) -> Mapping[str, Any]:
    """One match as plain values; `inliers` is null where the same bytes made a pair check needless."""
    reference = match.reference
    return {
        "key": reference.key,
        "collection": reference.collection,
        "title": reference.title,
        "source_url": reference.source_url,
        "owner": reference.owner,
        "rights": reference.rights,
        "kind": match.kind.value,
        "confidence": round(match.confidence, 6),
        "score": round(match.score, 3),
        "cosine": round(match.cosine, 4),
        "inliers": match.inliers,
        "area": round(match.area, 4),
        "content": match.content.value,
        "differs": [difference_json(one) for one in match.differs],
    }


def difference_json(one: Difference) -> Mapping[str, Any]:
    """One difference as plain values; `before` and `after` are "" where nothing was read, or is kept no longer."""
    return {
        "what": one.what.value,
        "how": one.how.value,
        "area": round(one.area, 4),
        "box": [round(side, 4) for side in one.box],
        "before": one.before,
        "after": one.after,
    }
