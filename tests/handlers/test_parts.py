"""Which fronts and loops work, and what waits for one that does not."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.services import Services
from core.cases import Policy
from core.chat import Carried
from core.matches import Match, Verdict
from core.types import Act, ActState, Collection, Kind, Mode, Outcome, Platform, Purpose, Reference
from handlers import alerts, outbox, screen
from handlers.parts import DEAF, Parts, Why
from tests.clock import Clock
from tests.small import SPACE, FakeFront, event, saved, scribble

ELSEWHERE = replace(SPACE, platform=Platform.TELEGRAM, community="group", channel="group")
FOUND = Match(reference=Reference(key="a", collection="brand"), kind=Kind.EDITED, confidence=0.97, cosine=0.8)


@pytest.fixture
def both(services: Services, front: FakeFront) -> Services:
    """Two platforms, of which Discord is `front`."""
    front.images = {"one": saved(scribble(1))}
    other = FakeFront(name="telegram", images={"one": saved(scribble(1))})
    made = replace(services, fronts={Platform.DISCORD: front, Platform.TELEGRAM: other})
    for name in made.fronts:
        made.parts.begins(name, is_front=True)
        made.parts.works(name)
    return made


async def turn(*loops: Coroutine[Any, Any, None], until: Callable[[], Awaitable[bool]]) -> None:
    """Let the loops turn until something is true and a while longer, in which nothing else may happen; and end them."""
    tasks = [asyncio.ensure_future(loop) for loop in loops]
    async with asyncio.timeout(60):
        while not await until():  # noqa: ASYNC110  stores ring no bell
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def waits(services: Services, images: int) -> bool:
    """Whether so many images are still to be looked at."""
    return await services.inbox.depth() == images


def all_came(front: FakeFront) -> Callable[[], Awaitable[bool]]:
    """Whether a front was asked for its two acts and its alert."""

    async def came() -> bool:
        return len(front.acts) + len(front.alerts) >= 3

    return came


async def test_images_of_a_front_that_is_down_wait(both: Services) -> None:
    """They cost no attempt, however long it takes, and those of the others are looked at."""
    for space in (SPACE, ELSEWHERE):
        await both.policies.set(space, Policy(mode=Mode.DRY_RUN), "ann")
        await both.inbox.accept([event("one", space)])
    both.parts.fails("discord", Why.UNREACHABLE)
    await turn(screen.screen_forever(both), until=lambda: waits(both, 1))
    (left,) = await both.inbox.letters(dead=False)
    both.parts.works("discord")
    await turn(screen.screen_forever(both), until=lambda: waits(both, 0))

    assert (left.event.space, left.attempts) == (SPACE, 0)
    assert await both.inbox.depth() == 0


async def test_actions_and_alerts_of_a_front_that_is_down_wait(both: Services, clock: Clock) -> None:
    """Nothing is given up: once it is back, all of it is done; what concerns the others is done at once."""
    await both.references.create_collection(Collection(name="brand", purpose=Purpose.BRAND))
    for space in (SPACE, ELSEWHERE):
        await alerts.subscribe(both, space, "brand", "alerts", "en", "ann")
        await both.inbox.accept([event("one", space)])
    for waiting in await both.inbox.claim(9, timedelta(minutes=1)):
        verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(FOUND,))
        await both.cases.conclude(waiting, "ff", verdict, Mode.ENFORCE, (Act.REMOVE, Act.CARD))
    here, there = (both.fronts[name] for name in ("discord", "telegram"))
    assert isinstance(here, FakeFront)
    assert isinstance(there, FakeFront)
    here.answer = there.answer = Carried(state=ActState.DONE, receipt="r")
    both.parts.fails("discord", Why.REFUSED)
    await turn(outbox.carry_out_forever(both), alerts.tell_forever(both), until=all_came(there))
    asked = [len(front.acts) + len(front.alerts) for front in (here, there)]
    clock.turn(days=3)
    both.parts.works("discord")
    await turn(outbox.carry_out_forever(both), alerts.tell_forever(both), until=all_came(here))

    assert asked == [0, 3]
    assert len(here.acts) + len(here.alerts) == 3
    assert {act.attempts for act in here.acts} == {1}


def test_a_state_lasts_since_it_began() -> None:
    """Said again it is the same; another reason for being down does not make it shorter."""
    clock = Clock()
    parts = Parts(clock)
    parts.begins("discord", is_front=True)
    began = clock()
    clock.turn(seconds=5)
    parts.fails("discord", Why.UNREACHABLE)
    (down,) = parts.down
    assert (down.since, down.has_worked) == (began, False)
    parts.works("discord")
    clock.turn(seconds=5)
    parts.works("discord")
    assert (parts.down, parts.all[0].since, parts.all[0].has_worked) == ((), began + timedelta(seconds=5), True)


def test_a_front_to_which_nobody_speaks_can_still_act() -> None:
    """Another program receives in its place: posts can be removed all the same. Loops are no platforms."""
    parts = Parts()
    for name in ("discord", "telegram"):
        parts.begins(name, is_front=True)
        parts.works(name)
    parts.begins("screen", is_front=False)
    parts.fails("screen", Why.STOPPED)
    for why in Why:
        parts.fails("telegram", why)
        assert parts.unreachable == ({"telegram"} - ({"telegram"} if why in DEAF else set()))


def test_who_is_not_a_part_is_not_told_of() -> None:
    """A connector that runs without its owner says how it is to nobody."""
    parts = Parts()
    parts.works("discord")
    parts.fails("telegram", Why.REFUSED)
    parts.restarts("web")

    assert parts.all == ()
