"""The door: committed before the platform is told, and only where somebody wants it."""

import asyncio
from dataclasses import replace

import pytest

from core.cases import Policy
from core.errors import Busy
from core.types import Mode
from handlers.intake import accept
from handlers.services import Services
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from tests.conftest import SPACE, Clock, FakeFront, event


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
