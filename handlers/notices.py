"""Warns a community, without a card, that its moderators can be shown no card.

a card ends as forbidden, gone, ... --no_card--> the front warns a person there, or else the channel; once a day
"""

import logging
from typing import Protocol

from core.chat import Carried, Said
from core.errors import ResightError
from core.telling import failure
from core.types import Act
from core.wording import Words
from handlers.needs import HasCases, HasCommunities, HasFronts, HasWarnings

log = logging.getLogger(__name__)


class NoticeNeeds(HasCases, HasCommunities, HasFronts, HasWarnings, Protocol):
    """What warns a community."""


async def no_card(services: NoticeNeeds, number: int, carried: Carried) -> None:
    """Warn a community that its moderators see no card of a case, so that nothing is removed without them."""
    case = await services.cases.post(number)
    space = case.event.space
    if case.receipt(Act.CARD):
        return
    services.warnings.sees_nothing(space.home)
    if not services.warnings.is_due(space.home):
        return
    community = await services.communities.get(space.platform, space.community)
    why = failure(Words.of(community.language), carried.sentence)
    log.warning("No cards can be shown to the moderators of %s: %s", space.home, carried.sentence)
    try:
        await services.fronts[space.platform].warn(
            space, Said(key="said.no-card", values={"why": why}), community.language
        )
    except ResightError as error:
        services.warnings.forget(space.home)
        log.warning("Nobody there could be told: %s", error)
