"""Who is looked at next, when one community posts much: the others wait for nobody."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from bot.services import Services
from core.types import Intent, Platform, Space
from handlers import intake
from handlers.screen import screen_safely
from handlers.screening import AT_ONCE, LEASE, RESERVED, Screening
from handlers.worker_pool import WorkerPool
from tests.clock import Clock
from tests.small import SPACE, FakeFront, event, saved, scribble

OTHER = replace(SPACE, community="other", channel="other")


@pytest.fixture
def stuck(front: FakeFront) -> FakeFront:
    """A platform that gives out no image until the test ends."""
    front.images = {"one": saved(scribble(1))}
    front.held = {"one": asyncio.Event()}
    return front


async def posted(services: Services, space: Space, *messages: str) -> None:
    await intake.accept(services, [event("one", space, message=message) for message in messages])


async def asked(services: Services, space: Space, *messages: str) -> None:
    """Questions are looked at everywhere, watched or not."""
    await intake.accept(services, [event("one", space, message=one, intent=Intent.QUERY) for one in messages])


async def in_hand(screening: Screening, pool: WorkerPool) -> int:
    """How many are, once no more are taken."""
    while await screening.some():
        pass
    return AT_ONCE - pool.room


async def test_a_raid_alone_leaves_room_for_others(services: Services, stuck: FakeFront) -> None:
    """One community has its half of the places, and another one's image is taken at once."""
    async with WorkerPool(AT_ONCE) as pool:
        screening = Screening(services, pool, partial(screen_safely, services))
        await posted(services, SPACE, *(f"raid-{number}" for number in range(20)))
        assert await in_hand(screening, pool) == AT_ONCE - RESERVED
        await posted(services, OTHER, "quiet")
        assert await in_hand(screening, pool) == AT_ONCE - RESERVED + 1
        stuck.held["one"].set()


async def test_with_others_about_a_raid_gets_half_of_the_machine(
    services: Services, stuck: FakeFront, clock: Clock
) -> None:
    """Of two threads one stays free for those who posted within the last seconds; then the raid may have more again."""
    async with WorkerPool(AT_ONCE) as pool:
        screening = Screening(services, pool, partial(screen_safely, services))
        await posted(services, OTHER, "quiet")
        await posted(services, SPACE, "first")
        assert await in_hand(screening, pool) == 2
        await posted(services, SPACE, *(f"raid-{number}" for number in range(20)))
        assert await in_hand(screening, pool) == 2
        clock.turn(seconds=11)
        assert await in_hand(screening, pool) == AT_ONCE - RESERVED
        stuck.held["one"].set()


async def test_of_each_newcomer_one_is_taken(services: Services, stuck: FakeFront) -> None:
    """What is kept for those who have nothing in hand is no way for a second raid to fill it."""
    third = replace(SPACE, community="third", channel="third")
    async with WorkerPool(AT_ONCE) as pool:
        screening = Screening(services, pool, partial(screen_safely, services))
        await posted(services, SPACE, *(f"raid-{number}" for number in range(20)))
        assert await in_hand(screening, pool) == AT_ONCE - RESERVED
        for space in (OTHER, third):
            await posted(services, space, *(f"{space.community}-{number}" for number in range(20)))
        assert await in_hand(screening, pool) == AT_ONCE - RESERVED + 2
        stuck.held["one"].set()


@pytest.mark.parametrize("number", ["42", ""])
async def test_one_number_on_two_platforms_takes_two_turns(services: Services, stuck: FakeFront, number: str) -> None:
    """A raid on the one platform is no reason to wait on the other; private chats have no number at all."""
    raided, quiet = (
        Space(platform=one, community=number, channel="7") for one in (Platform.DISCORD, Platform.TELEGRAM)
    )
    both = replace(services, fronts=dict.fromkeys((Platform.DISCORD, Platform.TELEGRAM), stuck))
    async with WorkerPool(AT_ONCE) as pool:
        screening = Screening(both, pool, partial(screen_safely, both))
        await asked(both, raided, *(f"raid-{number}" for number in range(20)))
        assert await in_hand(screening, pool) == AT_ONCE - RESERVED
        await asked(both, quiet, "quiet")
        assert await in_hand(screening, pool) == AT_ONCE - RESERVED + 1
        stuck.held["one"].set()


async def test_turns_are_fair_between_platforms(services: Services) -> None:
    """Of two communities of one number the first image of each comes before the second of either."""
    for platform, messages in ((Platform.DISCORD, "abc"), (Platform.TELEGRAM, "x")):
        space = Space(platform=platform, community="42", channel="7")
        await asked(services, space, *messages)
    claimed = await services.inbox.claim(2, LEASE)

    assert [one.event.message for one in claimed] == ["a", "x"]
