"""What moderators of this community decided about images, applied to another image; the rules are in `core.decided`.

    conclude: Finding --frames_of--> Frames        kept as long as the evidence
    search:   Finding --as_decided--> Finding      without the matches that decisions on images excuse

Decided images are found as references are: the nearest ones by embedding, each compared by the pair check. Of those
whose evidence is gone only a hash is left, which holds for nearly equal pictures.

An allowed picture excuses only itself: what was put onto it is searched for without the references that it excuses, and
what stands beside it with the picture painted over.
"""

from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Collection as Group
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

import numpy as np

from core.cases import Thresholds
from core.confidence import HASH_NEAR, hash_confidence
from core.decided import DecidedMatch, accusing, excuses, settled, without
from core.decided_images import (
    EXCUSING,
    KEPT_SIDE,
    MOST_FRAMES,
    DecidedImages,
    Frame,
    Near,
    NearByHash,
    Ruling,
    case_of,
    reference_of,
)
from core.errors import Unscannable
from core.looks import Look, Material
from core.matches import Candidate, Finding, Match, Verdict
from core.policy import is_sure, judge, shows_the_same
from core.types import GUILTY, Decision, Kind, Outcome, Purpose, Reference, Space
from handlers.content import REASON as ADULT
from handlers.needs import HasCases, HasDecided, HasRunner
from handlers.search import exact_match, match_of, one_a_reference
from handlers.search_hashes import CLEAR_HASH, NEAR_HASH

ALLOWED_BEFORE = "allowed-before"
"""Reason of an image that is clean because moderators allowed exactly this file."""

ALLOWED_COPY = "allowed-copy"
"""Reason of an image that is clean because it is a copy of one that moderators allowed."""

type Again = Callable[[bytes, Group[UUID]], Awaitable[Finding]]
"""Searches for a picture, but for these references."""


class DecidedNeeds(HasRunner, HasDecided, Protocol):
    """What applies decisions to images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One image: its bytes, the finding on it, and how to search for it and to judge it again.

    `is_for_moderators`: they see it, and read that it was allowed before, also if it matches nothing.
    """

    data: bytes
    finding: Finding
    thresholds: Thresholds
    variants: Group[UUID]
    again: Again
    is_for_moderators: bool = False

    @property
    def is_open(self) -> bool:
        """Whether there is something that a decision may excuse, or that it tells."""
        verdict = self.finding.verdict
        is_clean = verdict.outcome is Outcome.CLEAN and self.is_for_moderators
        return verdict.outcome is Outcome.REVIEW or bool(verdict.matches) or is_clean


async def frames_of(services: HasRunner, finding: Finding) -> tuple[Frame, ...]:
    """Return the few frames of an image that are kept for decisions about it, the best match's frame first.

    Of an animation they are spread over its time. A frame too plain for a hash would be found in any other plain one.
    """
    look, best = finding.look, finding.verdict.best
    if look is None:
        return ()
    wholes = {view.frame: row for row, view in enumerate(look.views) if view.is_whole and not view.mirrored}
    hashes = {one.view.frame: one.upright for one in look.hashes if one.quality >= CLEAR_HASH}
    numbers = _spread(sorted(wholes.keys() & hashes.keys()), best.frame if best else 0)
    return tuple(
        [
            Frame(
                number=number,
                frames=len(look.picture.frames) + bool(look.picture.partial),
                picture=await services.runner.thumbnail(look, number, KEPT_SIDE),
                vector=look.vectors[wholes[number]],
                space_id=services.runner.spec.space_id,
                hash=hashes[number],
            )
            for number in numbers
        ]
    )


def _spread(numbers: Sequence[int], first: int) -> list[int]:
    """Return a few of these frames: one of them first, the others evenly over the rest."""
    rest = [number for number in numbers if number != first]
    room = MOST_FRAMES - (first in numbers)
    some = [rest[round(step * (len(rest) - 1) / max(room - 1, 1))] for step in range(min(room, len(rest)))]
    return [*([first] if first in numbers else []), *dict.fromkeys(some)]


async def of_allowed_file(services: DecidedNeeds, space: Space, sha256: str) -> Finding | None:
    """Return the finding on a file with exactly these bytes that moderators allowed.

    None if anything was called a violation or abuse since, which may be a copy, or if the newest decision on the file
    is another one.
    """
    images = await _images(services, space)
    ruling = images.of_file(sha256)
    if ruling is None or ruling.decision is not Decision.ALLOWED:
        return None
    if any(one.decision in GUILTY and one.at > ruling.at for one in images.rulings):
        return None
    verdict = Verdict(outcome=Outcome.CLEAN, reason=ALLOWED_BEFORE, matches=(_exact(ruling).match,))
    return Finding(sha256=sha256, verdict=verdict)


async def _images(services: DecidedNeeds, space: Space) -> DecidedImages:
    spec = services.runner.spec
    return (await services.decided.of(space.home, spec.space_id, spec.dim)).in_channel(space.channel)


async def is_confirmed(services: HasCases, space: Space, reference: Reference) -> bool:
    """Return whether moderators of this channel called a reference a violation; of the image of a case, they did."""
    return case_of(reference) is not None or bool(await services.cases.confirmed(space, {reference.id}))


async def may_be_acted_on(services: HasCases, space: Space, verdict: Verdict, thresholds: Thresholds) -> bool:
    """Return whether moderators called what an image shows a violation: its best match, or the image itself."""
    decided = [match for match in verdict.matches if case_of(match.reference) is not None]
    if any(is_sure(match, thresholds) and shows_the_same(match) for match in decided):
        return True
    return verdict.best is not None and await is_confirmed(services, space, verdict.best.reference)


async def as_decided(services: DecidedNeeds, space: Space, query: Query) -> Finding:
    """Return the finding as decisions in force in this channel change it, judged again if they do.

    Matches that they excuse are left out, and what they called a violation or abuse is a match.
    """
    images = await _images(services, space)
    if not images.rulings:
        return query.finding
    found, is_complete = await _found(services, images, query)
    found = settled(found, query.finding.verdict.matches, query.thresholds)
    finding, more = await _excused(services, images, query, found)
    return _accused(query, finding, [*found, *more], is_complete)


def _accused(query: Query, finding: Finding, found: Sequence[DecidedMatch], is_complete: bool) -> Finding:
    """Return the finding with the matches with images that were called a violation or abuse."""
    verdict, accused = finding.verdict, accusing(found, query.thresholds)
    partial = verdict.partial or ("" if is_complete else "budget")
    if not accused and partial == verdict.partial:
        return finding
    known = [match for match in verdict.matches if case_of(match.reference) is None or not accused]
    judged = judge(one_a_reference([*known, *accused]), query.thresholds, partial, query.variants)
    return replace(finding, verdict=replace(judged, matches=_in_order(judged.matches, query.thresholds)))


def _in_order(matches: Sequence[Match], thresholds: Thresholds) -> tuple[Match, ...]:
    """Return the matches with sure ones of references first, because a copy joins their bursts.

    Suspected abuse comes before them, unless the image is the picture of a reference, whose card tells of it then.
    """
    sure = [match for match in matches if is_sure(match, thresholds)]
    of_cases = [match for match in sure if case_of(match.reference) is not None]
    of_references = [match for match in sure if case_of(match.reference) is None]
    is_of_reference = any(map(shows_the_same, of_references)) and any(map(shows_the_same, of_cases))
    abuse = [match for match in of_cases if match.reference.purpose is Purpose.ILLEGAL]
    first = [*([] if is_of_reference else abuse), *of_references, *of_cases] if of_cases else list(matches)
    return tuple(dict.fromkeys([*first, *matches]))


async def _found(services: DecidedNeeds, images: DecidedImages, query: Query) -> tuple[list[DecidedMatch], bool]:
    """Return the decided images that may be in this one, as far as they can change what was found.

    False = an image that was called a violation is close, and the time did not last for the pair check.
    """
    found, look = _same_pixels(images, query), await _looked(services, images, query)
    if look is None or not images.decides(GUILTY | EXCUSING if query.is_open else GUILTY):
        return found, True
    near = _near(services, images, look, query.finding.parts)
    guilty = [one for one in near if one.frame.ruling.decision in GUILTY]
    compared = await _compared(services, images, look, near, query.thresholds) if query.is_open or guilty else []
    is_complete = not guilty or look.notes.spent_s <= services.runner.budget_s
    return [*found, *compared, *_by_hash(images, look)], is_complete


async def _looked(services: DecidedNeeds, images: DecidedImages, query: Query) -> Look | None:
    """Return the decoded image, also where its bytes were known and something may excuse them."""
    if query.finding.look or not query.is_open or not images.decides(EXCUSING):
        return query.finding.look
    with suppress(Unscannable):  # its bytes are known, and nothing else of it
        return await services.runner.look(query.data, query.finding.sha256)
    return None


def _same_pixels(images: DecidedImages, query: Query) -> list[DecidedMatch]:
    """Return those that are in the same file, or have the pixels of a reference that matched."""
    same_file, limits = images.of_file(query.finding.sha256), query.thresholds
    found = [_exact(same_file)] if same_file else []
    return found + [
        DecidedMatch(ruling=images.by_pixels[match.reference.id], match=match, is_sure=is_sure(match, limits))
        for match in query.finding.verdict.matches
        if match.reference.id in images.by_pixels and images.by_pixels[match.reference.id].decision in EXCUSING
    ]


def _exact(ruling: Ruling) -> DecidedMatch:
    """Return the match of the same file, which proves that both show the same."""
    match = exact_match(reference_of(ruling, has_picture=True))
    return DecidedMatch(ruling=ruling, match=match, is_sure=True)


def _near(services: HasRunner, images: DecidedImages, look: Look, parts: Look | None) -> list[Near]:
    """Return the decided frames that are close to the image or to a part of it."""
    views = (*look.views, *(parts.views if parts else ()))
    vectors = np.concatenate([look.vectors, parts.vectors]) if parts else look.vectors
    return images.closest(views, vectors, services.runner.spec.floor)


async def _compared(
    services: DecidedNeeds, images: DecidedImages, look: Look, near: Sequence[Near], limits: Thresholds
) -> list[DecidedMatch]:
    """Compare the image with decided ones by the pair check."""
    pictures = await services.decided.pictures([one.frame.id for one in near]) if near else {}
    there = [one for one in near if one.frame.id in pictures]
    pairs = [(one.view, Material(picture=pictures[one.frame.id])) for one in there]
    evidence = await services.runner.verify(look, pairs)
    compared = [
        (one.frame, match_of(look, _candidate(one), seen, len(images.frames)))
        for one, seen in zip(there, evidence, strict=True)
        if seen is not None
    ]
    return [
        DecidedMatch(
            ruling=frame.ruling, match=match, is_sure=is_sure(match, limits), frame=frame, visible=visible_of(match)
        )
        for frame, match in compared
    ]


def visible_of(match: Match) -> float:
    """Return the share (0..1) of a decided image that can be seen in another one."""
    return match.evidence.overlap if match.evidence else 1.0


def _candidate(near: Near) -> Candidate:
    reference = reference_of(near.frame.ruling, has_picture=True)
    return Candidate(reference=reference, part=0, view=near.view, cosine=near.cosine)


def _by_hash(images: DecidedImages, look: Look) -> list[DecidedMatch]:
    """Return those of which only a hash is left that is near; nearly equal ones are sure."""
    clear = [hashes for hashes in look.hashes if hashes.quality >= CLEAR_HASH]
    return [
        DecidedMatch(
            ruling=one.frame.ruling, match=_match_by_hash(one), is_sure=one.distance <= HASH_NEAR, frame=one.frame
        )
        for one in images.near_by_hash(clear, NEAR_HASH)
    ]


def _match_by_hash(near: NearByHash) -> Match:
    """Return the match of a whole frame whose hash is near; what differs nobody can tell without a picture."""
    return Match(
        reference=reference_of(near.frame.ruling, has_picture=False),
        kind=Kind.EDITED,
        confidence=hash_confidence(near.distance),
        cosine=1 - near.distance / 128,
        area=1.0,
        frame=near.number,
    )


async def _excused(
    services: DecidedNeeds, images: DecidedImages, query: Query, found: Sequence[DecidedMatch]
) -> tuple[Finding, list[DecidedMatch]]:
    """Return the finding without what decisions excuse, and the decided images that stand beside it."""
    verdict = query.finding.verdict
    causes = [one for one in found if one.is_sure and one.ruling.decision in EXCUSING]
    if not _is_all_decided(query.finding, causes):
        return query.finding, []
    if not verdict.matches and (verdict.outcome is Outcome.CLEAN or verdict.reason == ADULT):
        return _fit(query, causes), []
    left = without(verdict.matches, found)
    if len(left) == len(verdict.matches):
        return query.finding, []
    excused = [match for match in verdict.matches if match not in left]
    causes = [one for one in causes if without(excused, [one]) != excused]
    onto, around = await _onto(query, causes, excused), await _around(services, query, causes)
    more: list[DecidedMatch] = []
    if query.finding.parts is None and onto.parts is not None and onto.look and images.decides(GUILTY):
        near = _near(services, images, onto.look, onto.parts)
        more = await _compared(services, images, onto.look, near, query.thresholds)
    beside = without(onto.verdict.matches, found)
    partial = onto.verdict.partial
    if around:
        beside, partial = [*beside, *around.verdict.matches], partial or around.verdict.partial
    return _judged_again(query, causes, [*left, *beside], partial), more


def _fit(query: Query, causes: Sequence[DecidedMatch]) -> Finding:
    """Return the finding on an image that matches nothing, as that of an allowed one if moderators allowed it."""
    is_allowed = any(one.is_whole and one.ruling.decision is Decision.ALLOWED for one in causes)
    return replace(query.finding, verdict=_allowed(causes, query)) if is_allowed else query.finding


def _is_all_decided(finding: Finding, found: Sequence[DecidedMatch]) -> bool:
    """Return whether every frame is a decided one: beside a decided frame of an animation there may be anything."""
    frames = finding.look.picture.frames if finding.look else ()
    whole = {one.match.frame for one in found if one.is_whole}
    return len(frames) <= 1 or whole.issuperset(range(len(frames)))


async def _onto(query: Query, causes: Sequence[DecidedMatch], excused: Sequence[Match]) -> Finding:
    """Search for whatever else the image shows, also for what was put onto an excused image."""
    ignored = {match.reference.id for match in excused if any(excuses(one, match) for one in causes)}
    return await query.again(query.data, ignored)


async def _around(services: DecidedNeeds, query: Query, causes: Sequence[DecidedMatch]) -> Finding | None:
    """Search beside the excused images, which are painted over; return None if they fill the picture."""
    look = query.finding.look
    quads = [one.match.quad for one in causes if not one.is_whole and one.match.quad is not None]
    if look is None or not quads:
        return None
    return await query.again(await services.runner.masked(look, quads), ())


def _judged_again(query: Query, causes: Sequence[DecidedMatch], left: Sequence[Match], partial: str) -> Finding:
    """Return the finding with the matches that are left and those that stand beside what is excused."""
    partial = query.finding.verdict.partial or partial
    verdict = judge(one_a_reference(left), query.thresholds, partial, query.variants)
    is_allowed = any(one.ruling.decision is Decision.ALLOWED for one in causes)
    if is_allowed and verdict.outcome is Outcome.CLEAN and not verdict.matches:
        verdict = _allowed(causes, query)
    return replace(query.finding, verdict=verdict)


def _allowed(causes: Sequence[DecidedMatch], query: Query) -> Verdict:
    """Return the verdict on a copy of what was allowed, which says of what."""
    allowed = [one for one in causes if one.ruling.decision is Decision.ALLOWED]
    newest = max(allowed, key=lambda one: one.ruling.at)
    match = replace(newest.match, reference=reference_of(newest.ruling, has_picture=True))
    partial = query.finding.verdict.partial
    return Verdict(outcome=Outcome.CLEAN, reason=ALLOWED_COPY, matches=(match,), partial=partial)
