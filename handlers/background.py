"""What a moderator reads about a case that is no part of it: the author's account, and what was known here before.

It is asked for whenever a card is shown, and kept nowhere.
"""

from contextlib import suppress
from typing import Protocol

from core.cases import UNTOLD, Background, Case, Profile
from core.errors import ResightError
from core.types import ImageEvent
from handlers.needs import HasCases, HasFronts


class BackgroundNeeds(HasCases, HasFronts, Protocol):
    """What looks up the background of a case."""


async def of(services: BackgroundNeeds, case: Case) -> Background:
    """Return the background of a case; what the platform does not tell now is left out: no card waits for it."""
    return Background(earlier=await services.cases.earlier(case), profile=await _profile(services, case.event))


async def _profile(services: HasFronts, event: ImageEvent) -> Profile:
    front = services.fronts.get(event.space.platform)
    if front is not None and event.author:
        with suppress(ResightError):
            return await front.profile(event)
    return UNTOLD
