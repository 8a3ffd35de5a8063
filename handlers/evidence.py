"""The evidence picture: what was posted, what is known and what differs, made anew whenever it is shown.

Case              --picture, difference-->  from the kept thumbnail; once that has expired there is none any more
Finding + Match   --of_finding-->           from the pixels just looked at, larger

`difference` is the part that shows what differs, for pages that show the others on their own. Of a reference whose
picture is damaged there is nothing to be shown, which stops neither a card nor an answer.
"""

from contextlib import suppress
from typing import Protocol

from core.cases import Case, Media
from core.decided_images import case_of
from core.errors import DamagedStore
from core.matches import Finding, Match
from core.types import Kind, Outcome
from handlers.needs import HasDecided, HasMedia, HasReferences, HasRunner, PictureNeeds

LARGEST = 640
"""Pixels of the query picture's longer side in the evidence of a search."""


class EvidenceNeeds(HasRunner, HasReferences, HasDecided, HasMedia, Protocol):
    """What shows the picture of a case."""


async def picture(services: EvidenceNeeds, case: Case) -> bytes | None:
    """Return the evidence picture of a case as a JPEG; None where nothing is kept."""
    if case.is_suspected or not case.verdict.may_be_kept:
        return None
    best = case.verdict.best
    posted = await services.media.get(case.thumbnail) if case.thumbnail else None
    reference_picture = await _known(services, best) if best else None
    if best and reference_picture:
        return await _pair(services, best, posted, reference_picture, is_same=not case.thumbnail)
    return posted.data if posted else None


async def _known(services: EvidenceNeeds, best: Match) -> Media | None:
    """Return the picture of what a case matches: of a reference, or of the image of another case."""
    number = case_of(best.reference)
    if number is None:
        return await services.references.picture(best.reference.id)
    data = await services.decided.picture(number)
    return Media(key="", mime="image/jpeg", data=data) if data else None


async def difference(services: EvidenceNeeds, case: Case) -> bytes | None:
    """Return a JPEG of what differs; None where nothing is kept or the pictures can't be laid over each other."""
    best = case.verdict.best
    posted = await services.media.get(case.thumbnail) if case.thumbnail else None
    known = await _known(services, best) if best and posted else None
    return await _differing(services, best, posted.data, known) if best and posted else None


async def of_match(services: PictureNeeds, match: Match, posted: bytes) -> bytes | None:
    """Return a JPEG of what differs between a posted picture (JPEG) and its match."""
    return await _differing(services, match, posted, await services.references.picture(match.reference.id))


async def _differing(services: HasRunner, match: Match, posted: bytes, known: Media | None) -> bytes | None:
    if known is None or match.quad is None:
        return None
    with suppress(DamagedStore):
        return await services.runner.difference(posted, known.data, match.quad, match.differs)
    return None


def worth_showing(finding: Finding, *, all_candidates: bool = False) -> Match | None:
    """Return the match to show: the best of a match or a review; with `all_candidates` the best of them."""
    if finding.verdict.outcome in (Outcome.MATCH, Outcome.REVIEW) and finding.verdict.best:
        return finding.verdict.best
    return next(iter(finding.candidates), None) if all_candidates else None


async def of_finding(services: PictureNeeds, finding: Finding, match: Match) -> bytes | None:
    """Return a JPEG of one of the finding's matches or candidates; None if the reference was removed meanwhile.

    Where the bytes are known nothing was decoded: the reference's picture stands for both.
    """
    reference_picture = await services.references.picture(match.reference.id)
    if reference_picture is None:
        return None
    look = finding.look
    posted = await services.runner.thumbnail(look, match.frame, LARGEST) if look else reference_picture.data
    with suppress(DamagedStore):
        return await services.runner.evidence(posted, reference_picture.data, match.quad, match.differs)
    return posted if look else None


async def _pair(
    services: HasRunner, best: Match, posted: Media | None, reference_picture: Media, *, is_same: bool
) -> bytes | None:
    """Return the evidence picture of two pictures; for the same bytes the known picture is also the posted one."""
    if posted is None and is_same and best.kind is Kind.EXACT:
        posted = reference_picture
    if posted is None:
        return None
    with suppress(DamagedStore):
        return await services.runner.evidence(posted.data, reference_picture.data, best.quad, best.differs)
    return posted.data if posted is not reference_picture else None
