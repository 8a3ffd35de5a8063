"""Sends images that match nothing known, but may be unfit to be seen, to moderators.

Only posts of watched channels come here, and only where the operator set RESIGHT_NSFW_AT. It makes a review and never a
match, so nothing is done to a post because of it.
"""

from dataclasses import replace
from typing import Protocol

from core.matches import Finding
from core.types import Outcome
from handlers.needs import HasContentFilter, HasNsfwAt

REASON = "adult"


class ContentNeeds(HasContentFilter, HasNsfwAt, Protocol):
    """What sees that a picture may not be fit to be seen."""


async def gated(services: ContentNeeds, finding: Finding) -> Finding:
    """Return the finding, turned into a review if nothing was known of the image and the filter's score is high.

    What a moderator allowed, what is on an allowlist and what has a match stays as it is.
    """
    look, verdict = finding.look, finding.verdict
    unknown = verdict.outcome is Outcome.CLEAN and verdict.reason == "nothing-known"
    if services.content_filter is None or look is None or not unknown:
        return finding
    if await services.content_filter.score(look) < services.nsfw_at:
        return finding
    return replace(finding, verdict=replace(verdict, outcome=Outcome.REVIEW, reason=REASON))
