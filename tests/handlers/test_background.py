"""What a card says besides its case: no platform that does not answer keeps a card back."""

from dataclasses import dataclass, replace

import pytest

from bot.services import Services
from core.cases import UNTOLD, Earlier, Profile
from core.errors import OurFault, RetryLater
from core.types import ImageEvent
from handlers import background
from tests.bot.cases import NOON, case, event
from tests.small import FakeFront

KNOWN = Profile(made_at=NOON)


@dataclass
class Telling(FakeFront):
    """A front that tells of accounts, or fails."""

    trouble: Exception | None = None

    async def profile(self, event: ImageEvent) -> Profile:  # noqa: ARG002
        if self.trouble:
            raise self.trouble
        return KNOWN


def telling(services: Services, trouble: Exception | None = None) -> Services:
    return replace(services, fronts={event().space.platform: Telling(trouble=trouble)})


async def test_an_account_is_told_as_the_platform_knows_it(services: Services) -> None:
    """Together with what was here before; of one who was forgotten nothing is asked."""
    found = await background.of(telling(services), case())
    forgotten = await background.of(telling(services), case(event=event(author="")))

    assert (found.profile, found.earlier) == (KNOWN, Earlier())
    assert forgotten.profile == UNTOLD


@pytest.mark.parametrize("trouble", [RetryLater("unreachable"), OurFault("internal")])
async def test_no_card_waits_for_a_platform(services: Services, trouble: Exception) -> None:
    """What it does not tell now is left out, and so it is where its front does not run."""
    assert (await background.of(telling(services, trouble), case())).profile == UNTOLD
    assert (await background.of(replace(services, fronts={}), case())).profile == UNTOLD
