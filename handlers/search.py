"""One query image against the catalogue: hash rung, views, vector search, pair checks, verdict.

    bytes --sha256--> same bytes known? --no--> Look --one batched search--> candidates --verify--> matches --> verdict

The same function serves a sent image, a posted one, the API and the command line; only the scope differs.
"""

import hashlib
from collections.abc import Collection as Group
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.confidence import confidence, kind_of
from core.errors import Unscannable
from core.policy import judge
from core.types import (
    Candidate,
    Evidence,
    Finding,
    Hit,
    Kind,
    Look,
    Match,
    Outcome,
    Picture,
    Purpose,
    Reference,
    Thresholds,
    Verdict,
    View,
)
from handlers.services import Services
from handlers.stopwatch import Stopwatch

HITS_A_VIEW = 8
"""Nearest references asked for per view: the true one is in the best 8 for 98 % of copies."""

PART_MARGIN = 0.05
WHOLE = (0.0, 0.0, 1.0, 1.0)

VERIFY_AT_MOST = 5
"""Pairs checked per image, best cosine first; each costs about an embedding."""

NEXT_BEST = 0.03
"""Once one pair is sure, only candidates that are this much less close are checked: duplicates in other collections."""

SURE = 0.99


async def search(
    services: Services,
    data: bytes,
    *,
    collections: Group[str] | None = None,
    thresholds: Thresholds | None = None,
    all_candidates: bool = False,
    ignored: Group[UUID] = frozenset(),
) -> Finding:
    """Look one image up; never raises for bad bytes, whose verdict is `unscannable` with a reason.

    `collections` None = all; `ignored` references can't match. `all_candidates` looks past the same-bytes shortcut,
    keeps pairs below the floor and checks each of them.
    Raises NotFound for an unknown collection, and StoreDown or Busy when the answer is not known: that is never
    "no match".
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
    matches = await _matches(services, look, scope, watch)
    verdict = judge(matches, limits, look.picture.partial)
    return Finding(sha256=sha256, verdict=verdict, candidates=tuple(matches), look=look, timings_ms=watch.timings_ms)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where to look, what to look past, and whether every candidate is wanted."""

    names: frozenset[str]
    ignored: frozenset[UUID]
    everything: bool


async def _scope(
    services: Services, collections: Group[str] | None, ignored: frozenset[UUID], everything: bool
) -> _Scope:
    """The named collections, each checked to exist, or all."""
    known = {collection.name for collection in await services.references.collections()}
    for name in set(collections or ()) - known:
        await services.references.collection(name)
    names = frozenset(known if collections is None else collections)
    return _Scope(names, ignored, everything)


async def _look(services: Services, data: bytes, sha256: str, watch: Stopwatch) -> Look:
    if len(data) > services.max_image_bytes:
        raise Unscannable("too-large", f"The file is larger than {services.max_image_bytes >> 20} MB.")
    with watch("wait"):
        look = await services.runner.look(data, sha256)
    watch.include(look.timings_ms)
    return look


async def _matches(services: Services, look: Look, scope: _Scope, watch: Stopwatch) -> list[Match]:
    floor = -1.0 if scope.everything else services.runner.spec.floor
    with watch("search"):
        hits = await services.catalogue.search(look.vectors, scope.names, limit=HITS_A_VIEW, floor=floor)
        candidates = await _candidates(services, merge(look.views, hits, scope.ignored))
    with watch("verify"):
        matches = await _verified(services, look, candidates, scope.everything) if candidates else []
    return sorted(matches, key=lambda match: -match.confidence)


async def _verified(services: Services, look: Look, candidates: Sequence[Candidate], everything: bool) -> list[Match]:
    """Pairs checked best first; a sure one ends it but for its near equals and for what could excuse the image."""
    pictures = await services.references.pictures([one.place for one in candidates])
    there = [one for one in candidates if one.place in pictures]

    def is_worth_a_check(number: int, so_far: Sequence[Evidence | None]) -> bool:
        pairs = zip(there, so_far, strict=False)
        sure = [one.cosine for one, seen in pairs if seen and confidence(one.cosine, seen) >= SURE]
        excuses = there[number].reference.purpose is Purpose.ALLOWLIST
        return everything or not sure or excuses or there[number].cosine >= max(sure) - NEXT_BEST

    pairs = [(one.view, pictures[one.place]) for one in there]
    evidence = await services.runner.verify(look, pairs, is_worth_a_check)
    return [match_of(look, one, seen) for one, seen in zip(there, evidence, strict=True) if seen]


def merge(
    views: Sequence[View], hits: Sequence[Sequence[Hit]], ignored: Group[UUID] = frozenset()
) -> list[tuple[Hit, View]]:
    """One entry a reference, with the view that found it best; closest first.

    Views come whole frames first; a part must be clearly closer than the view before it to take its place, so that
    the pair check sees as much of the picture as there is.
    """
    best: dict[UUID, tuple[Hit, View]] = {}
    for view, found in zip(views, hits, strict=True):
        for hit in found:
            known = best.get(hit.reference)
            if hit.reference in ignored:
                continue
            if known is None or hit.cosine > known[0].cosine + (0.0 if view.box == WHOLE else PART_MARGIN):
                best[hit.reference] = (hit, view)
    return sorted(best.values(), key=lambda pair: -pair[0].cosine)[:VERIFY_AT_MOST]


async def _candidates(services: Services, hits: Iterable[tuple[Hit, View]]) -> list[Candidate]:
    """Hits with what they mean; a vector whose reference was removed meanwhile says nothing."""
    pairs = list(hits)
    known = await services.references.get([hit.reference for hit, _ in pairs]) if pairs else {}
    return [
        Candidate(reference=known[hit.reference], part=hit.part, view=view, cosine=hit.cosine)
        for hit, view in pairs
        if hit.reference in known
    ]


def match_of(look: Look, candidate: Candidate, evidence: Evidence) -> Match:
    """The verified pair: its kind and its confidence."""
    same_pixels = _are_same(candidate.reference, look.picture)
    return Match(
        reference=candidate.reference,
        kind=Kind.EXACT if same_pixels else kind_of(evidence),
        confidence=1.0 if same_pixels else confidence(candidate.cosine, evidence),
        cosine=candidate.cosine,
        inliers=evidence.inliers,
        area=evidence.area,
        quad=evidence.quad,
        frame=candidate.view.frame,
    )


def _are_same(reference: Reference, picture: Picture) -> bool:
    """Whether the pixels are the same, as in two lossless files; hashed only where the size leaves it open."""
    same_size = (reference.width, reference.height) == (picture.width, picture.height)
    return same_size and reference.pixel_hash == picture.pixel_hash


def _exact(reference: Reference) -> Match:
    return Match(reference=reference, kind=Kind.EXACT, confidence=1.0, cosine=1.0, area=1.0)


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
        "confidence": round(match.confidence, 4),
        "cosine": round(match.cosine, 4),
        "inliers": match.inliers,
        "area": round(match.area, 4),
    }
