"""When a front fails, and how often: what its pauses become over hours, and that the others never notice.

The clock is that of the event loop, which skips what everybody waits for: nothing else is replaced.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import pytest

from bot.services import Services
from bot.supervisor import connected, looped
from core.backoff import HEALTHY_S, LESS, MORE, OWNER
from handlers.parts import Parts, Why
from tests.small import FakeFront
from tests.timeless import timeless

SECOND, HOUR, DAY = 1.0, 3600.0, 86_400.0


@dataclass
class Line:
    """A connector that lives for so long each time, and then meets an event that nobody can read."""

    front: FakeFront
    lives: float
    began: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)

    async def run(self, services: Services) -> None:
        time = asyncio.get_running_loop().time
        self.began.append(time())
        services.parts.works(self.front.name)
        try:
            await asyncio.sleep(self.lives)
            raise KeyError("bitrate")
        finally:
            self.ended.append(time())

    async def invite_link(self) -> str:
        raise NotImplementedError

    async def doctor(self, services: Services) -> Sequence[tuple[str, str, str]]:
        raise NotImplementedError

    @property
    def pauses(self) -> list[float]:
        return [again - end for end, again in zip(self.ended, self.began[1:], strict=False)]


async def lived(lasting: float, *lines: Line) -> Services:
    """All fronts as `bot.serve` keeps them, for so long."""
    services = cast(Services, SimpleNamespace(parts=Parts()))
    for one in lines:
        services.parts.begins(one.front.name, is_front=True)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(connected(services, one)) for one in lines]
        await asyncio.sleep(lasting)
        for task in tasks:
            task.cancel()
    return services


def two(lives: float, lasting: float) -> tuple[Line, Line, Services]:
    """One front that fails, and one that does not."""
    bad, good = Line(FakeFront(name="discord"), lives), Line(FakeFront(name="telegram"), 10 * DAY)
    return bad, good, timeless(lived(lasting, bad, good))


@pytest.mark.parametrize("lives", [0.0, SECOND])
def test_a_front_that_always_fails_is_tried_ever_more_rarely(lives: float) -> None:
    """At once, or a second after it was connected, for a whole day: the other one has never heard of it."""
    bad, good, services = two(lives, DAY)

    assert OWNER.first * LESS <= bad.pauses[0] <= OWNER.first * MORE
    assert all(pause <= OWNER.longest * MORE for pause in bad.pauses)
    assert all(pause >= OWNER.longest * LESS for pause in bad.pauses[10:])
    assert DAY / (OWNER.longest * MORE + lives) < len(bad.began) < DAY / (OWNER.longest * LESS) + 10
    assert (good.began, good.ended) == ([0.0], [DAY])
    assert [part.restarts for part in services.parts.all] == [len(bad.pauses) + (services.parts.down != ()), 0]


@pytest.mark.parametrize("lives", [HEALTHY_S + SECOND, HOUR])
def test_a_front_that_fails_after_a_time_of_health_is_back_in_a_second(lives: float) -> None:
    """However often that happens: what it met an hour ago says nothing about now."""
    bad, good, _ = two(lives, DAY)

    assert len(bad.began) > DAY / (lives + OWNER.first * MORE)
    assert all(OWNER.first * LESS <= pause <= OWNER.first * MORE for pause in bad.pauses)
    assert good.began == [0.0]


def test_a_front_that_works_at_last_stays() -> None:
    """It fails in its first second for an hour, and then never again: nobody asks it to begin anew."""
    line = Line(FakeFront(name="discord"), SECOND)

    async def mended() -> Services:
        async def mend() -> None:
            await asyncio.sleep(HOUR)
            line.lives = 10 * DAY

        _, services = await asyncio.gather(mend(), lived(DAY, line))
        return services

    services = timeless(mended())

    assert line.began[-1] < HOUR + OWNER.longest * MORE + SECOND
    assert services.parts.down == ()


def test_a_loop_that_always_fails_is_tried_every_minute() -> None:
    """Nothing is looked at without it, so its pauses are shorter than a front's."""
    began = list[float]()

    async def hours() -> Services:
        services = cast(Services, SimpleNamespace(parts=Parts()))

        async def work(_: Services) -> None:
            began.append(asyncio.get_running_loop().time())
            raise KeyError("a row")

        task = asyncio.create_task(looped(services, "screen", work))
        await asyncio.sleep(HOUR)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return services

    services = timeless(hours())
    gaps = [later - earlier for earlier, later in pairwise(began)]

    assert max(gaps) <= 60 * MORE
    assert len(began) >= HOUR / (60 * MORE)
    assert [part.why for part in services.parts.down] == [Why.STOPPED]
