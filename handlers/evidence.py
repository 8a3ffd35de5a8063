"""The evidence picture of a case: what was posted beside what is known, made anew whenever it is shown.

Only the thumbnail is kept, and only for a while; once it has expired there is no evidence picture any more.
"""

from core.types import Case, Kind, Match, Media
from handlers.services import Services


async def picture(services: Services, case: Case) -> bytes | None:
    """A JPEG, or None where nothing is kept."""
    best = case.verdict.best
    posted = await services.media.get(case.thumbnail) if case.thumbnail else None
    known = await services.references.picture(best.reference.id) if best else None
    if best and known:
        return await _pair(services, best, posted, known, is_same=not case.thumbnail)
    return posted.data if posted else None


async def _pair(services: Services, best: Match, posted: Media | None, known: Media, *, is_same: bool) -> bytes | None:
    """Of the same bytes no thumbnail was made: the known picture is the posted one."""
    if posted is None and is_same and best.kind is Kind.EXACT:
        posted = known
    return await services.runner.evidence(posted.data, known.data, best.quad) if posted else None
