"""The door: committed before the platform is told, and only where somebody wants it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services import Services
from core.cases import Policy
from core.errors import Busy
from core.types import Intent, Mode
from handlers import communities
from handlers.intake import accept
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from tests.clock import Clock
from tests.small import SPACE, FakeFront, event


async def test_events_of_watched_channels_are_kept(services: Services, front: FakeFront) -> None:
    """An event is in the inbox when `accept` returns, once, and nothing was downloaded for it."""
    assert await accept(services, [event("a"), event("b"), event("a")]) == 2
    assert await accept(services, [event("a")]) == 0
    assert await services.inbox.depth() == 2
    assert front.acts == []


async def test_events_of_a_channel_that_is_off_are_left(services: Services) -> None:
    """Where nobody wants to be watched nothing is kept, and the neighbours are not affected."""
    quiet = replace(SPACE, channel="quiet")
    await services.policies.set(quiet, Policy(mode=Mode.OFF), "ann")

    assert await accept(services, [event("a", quiet), event("b")]) == 1
    assert await accept(services, [event("c", quiet)]) == 0
    assert await accept(services, []) == 0
    assert await services.inbox.depth() == 1


async def test_new_events_wake_the_screening(services: Services) -> None:
    """The screening loop hears of a new event at once, and not of one it knows."""
    waiting = asyncio.create_task(services.inbox_bell.wait(5))
    await asyncio.sleep(0)
    await accept(services, [event("a")])
    await asyncio.wait_for(waiting, 1)
    await accept(services, [event("a")])
    again = asyncio.create_task(services.inbox_bell.wait(5))
    done, _ = await asyncio.wait([again], timeout=0.05)
    services.inbox_bell.ring()
    await again

    assert not done


async def test_a_ring_is_kept_for_the_next_who_waits(services: Services) -> None:
    """A ring while nobody listens is not lost, and it wakes once."""
    services.inbox_bell.ring()
    await asyncio.wait_for(services.inbox_bell.wait(5), 1)
    started = asyncio.get_running_loop().time()
    await services.inbox_bell.wait(0.03)

    assert asyncio.get_running_loop().time() - started >= 0.025


async def test_a_full_inbox_is_told(services: Services, db: Database, clock: Clock) -> None:
    """Images beyond what can wait are refused aloud: the platform may deliver them again."""
    services = replace(services, inbox=SqlInbox(db, clock, most=1))
    await accept(services, [event("a")])

    with pytest.raises(Busy):
        await accept(services, [event("b")])


@pytest.mark.parametrize(
    ("operator", "staff", "kept"),
    [(False, None, 0), (True, None, 1), (False, True, 1), (True, False, 0)],
)
async def test_other_bots_are_a_communitys_own_choice(
    services: Services, operator: bool, staff: bool | None, kept: int
) -> None:
    """What its staff said counts; where they said nothing, what the operator set."""
    if staff is not None:
        home = await services.communities.get(SPACE.platform, SPACE.community)
        await communities.set_bots(services, home, staff, "ann")

    assert await accept(replace(services, include_bots=operator), [event("a", by_bot=True)]) == kept


async def test_one_post_of_whoever_sets_up_is_a_trial(services: Services, clock: Clock) -> None:
    """Looked at and answered, whole; the next one is a post of staff again, and so is one that comes too late."""
    services.trials.begin(SPACE.home, "mo")
    album = [event(name, message="1", author="mo", by_staff=True) for name in ("a", "b")]
    tried = await accept(services, album)
    waiting = await services.inbox.claim(9, timedelta(minutes=1))
    again = await accept(services, [event("c", message="2", author="mo", by_staff=True)])
    services.trials.begin(SPACE.home, "mo")
    clock.turn(minutes=11)
    late = await accept(services, [event("d", message="3", author="mo", by_staff=True)])

    assert (tried, again, late) == (4, 0, 0)
    assert sorted(one.event.intent for one in waiting) == [Intent.POSTED] * 2 + [Intent.QUERY] * 2


async def test_a_trial_is_of_one_person_in_one_community(services: Services) -> None:
    """Other staff stay exempt."""
    services.trials.begin(SPACE.home, "mo")
    elsewhere = replace(SPACE, community="another")

    assert await accept(services, [event("a", author="bo", by_staff=True)]) == 0
    assert await accept(services, [event("b", elsewhere, author="mo", by_staff=True)]) == 0
