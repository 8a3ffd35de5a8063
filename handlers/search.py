"""One query image against the catalogue: hash rung, views, vector search, pair checks, verdict.

    bytes --sha256--> same bytes known? --no--> whole frames --search--> close ones checked --> sure?
                                                                             | no
                              parts of the picture --search--> the best of all checked --> matches --> verdict
                              logos of brands, if the scope has any --edges laid over--> matches --^

The same function serves a sent image, a posted one, the API and the command line; only the scope differs.
"""

import hashlib
from collections.abc import Collection as Group
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from core.cases import Thresholds
from core.confidence import capped, kind_of, score
from core.errors import Unscannable
from core.looks import Look, Picture
from core.matches import Candidate, Evidence, Finding, Match, Verdict
from core.policy import judge
from core.types import Content, Kind, Outcome, Purpose, Reference
from handlers.needs import HasCatalogue, HasImageLimit, HasReferences, HasRunner, HasThresholds
from handlers.search_hashes import listed, near
from handlers.search_study import CLOSE, CandidateNeeds, CandidateSearch, SearchScope
from handlers.stopwatch import Stopwatch

SAME_PIXELS = 30.0
"""Score (log-odds) of a match that is certain: the same pixels."""


class LookNeeds(HasRunner, HasImageLimit, Protocol):
    """What decodes an image."""


class SearchNeeds(HasRunner, HasCatalogue, HasReferences, HasThresholds, HasImageLimit, Protocol):
    """What looks an image up."""


async def search(
    services: SearchNeeds,
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
        same_bytes = [] if all_candidates else await services.references.by_content(sha256, scope.names)
    if exact := [exact_match(reference) for reference in same_bytes if reference.id not in scope.ignored]:
        verdict = judge(exact, limits)
        return Finding(sha256=sha256, verdict=verdict, candidates=verdict.matches, timings_ms=watch.timings_ms)
    try:
        look = await _look(services, data, sha256, watch)
    except Unscannable as error:
        verdict = Verdict(outcome=Outcome.UNSCANNABLE, reason=error.reason)
        return Finding(sha256=sha256, verdict=verdict, sentence=str(error), timings_ms=watch.timings_ms)
    candidates = CandidateSearch(services, scope, watch)
    matches = await _matches(services, look, candidates)
    verdict = judge(matches, limits, look.picture.partial or candidates.partial, variants)
    return Finding(
        sha256=sha256,
        verdict=verdict,
        candidates=tuple(matches),
        look=look,
        parts=candidates.parts,
        timings_ms=watch.timings_ms,
    )


async def _scope(
    services: HasReferences, collections: Group[str] | None, ignored: frozenset[UUID], everything: bool
) -> SearchScope:
    """Return the named collections, each checked to exist, or all."""
    by_name = {collection.name: collection for collection in await services.references.collections()}
    for name in set(collections or ()) - by_name.keys():
        await services.references.collection(name)
    names = frozenset(by_name if collections is None else collections)
    in_scope = [by_name[name] for name in names]
    may_excuse = any(collection.purpose is Purpose.ALLOWLIST for collection in in_scope)
    return SearchScope(names, ignored, everything, sum(collection.size for collection in in_scope), may_excuse)


async def _look(services: LookNeeds, data: bytes, sha256: str, watch: Stopwatch) -> Look:
    if len(data) > services.max_image_bytes:
        raise Unscannable("too-large", f"The file is larger than {services.max_image_bytes >> 20} MB.")
    with watch("wait"):
        look = await services.runner.look(data, sha256)
    watch.include(look.timings_ms)
    return look


async def _matches(services: CandidateNeeds, look: Look, candidates: CandidateSearch) -> list[Match]:
    """Return the matches of all checked pairs, surest first; why some may be missing is in `candidates.partial`."""
    scope, watch = candidates.scope, candidates.watch
    with watch("hashes"):
        candidates.near = await near(services, look, scope.names, scope.ignored)
    await candidates.search(look, CLOSE)
    if candidates.down and (scope.may_excuse or not candidates.is_settled):
        raise candidates.down  # what would excuse the image may be further away than its hash reaches
    if not candidates.down and (scope.everything or not candidates.is_settled):
        with watch("wait"):
            parts = candidates.parts = await services.runner.parts(look)
        watch.include(parts.timings_ms)
        await candidates.search(parts, -1.0 if scope.everything else services.runner.spec.floor)
        await candidates.look_below(parts)
        if candidates.down and not candidates.is_settled:
            raise candidates.down  # it went between the two: only half was looked up
        await candidates.look_for_logos(look)
    matches = [match_of(look, *pair, scope.references) for pair in candidates.checked.values()]
    matches += listed(candidates.near)
    found = [replace(match, second=look.picture.second_of(match.frame)) for match in (*matches, *candidates.logos)]
    surest = one_a_reference(found)
    return sorted(surest, key=lambda match: (-match.confidence, -match.score))


def one_a_reference(matches: Sequence[Match]) -> list[Match]:
    """Return the surer of two matches of one reference, which was both checked as a whole and found as a logo."""
    surest: dict[UUID, Match] = {}
    for match in matches:
        surer = surest.get(match.reference.id)
        if surer is None or surer.confidence < match.confidence:
            surest[match.reference.id] = match
    return list(surest.values())


def match_of(look: Look, candidate: Candidate, evidence: Evidence, references: int) -> Match:
    """Return a checked pair as a match: its kind, its confidence, and whether it shows the same content."""
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
    """Return the content that the pair check read; that of a template is always other."""
    return Content.OTHER if kind is Kind.TEMPLATE else evidence.content


def _are_same(reference: Reference, picture: Picture) -> bool:
    """Return whether the pixels are equal, as in two lossless files; hashed only if the size leaves it open."""
    same_size = (reference.width, reference.height) == (picture.width, picture.height)
    return same_size and reference.pixel_hash == picture.pixel_hash


def exact_match(reference: Reference) -> Match:
    return Match(
        reference=reference,
        kind=Kind.EXACT,
        confidence=1.0,
        cosine=1.0,
        area=1.0,
        content=Content.SAME,
        score=SAME_PIXELS,
    )
