"""Each front and each loop stands behind a wall of its own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest

from bot import supervisor
from bot.serve import invite
from bot.services import Services
from bot.supervisor import connected, looped
from core.backoff import Pauses
from core.errors import EnvironmentTrouble, RetryLater
from core.walls import stopped
from handlers.parts import Why
from tests.small import FakeFront

REFUSED = EnvironmentTrouble("The token is not accepted.")
BITRATE = KeyError("bitrate")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses that a test can wait for."""
    monkeypatch.setattr(Pauses, "after", lambda *_: 0.01)


@dataclass
class Line:
    """`bot.fronts.connectors.Connector` that meets one trouble after the other, each after it was connected or not."""

    front: FakeFront
    meets: list[Exception]
    is_connected_first: bool = False
    runs: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, services: Services) -> None:
        if self.is_connected_first or not self.meets:
            services.parts.works(self.front.name)
        if self.meets:
            raise self.meets.pop(0)
        self.runs.set()
        await asyncio.Event().wait()

    async def invite_link(self) -> str:
        raise self.meets[0]

    async def doctor(self, services: Services) -> Sequence[tuple[str, str, str]]:
        raise NotImplementedError


def line(services: Services, name: str, *meets: Exception, first: bool = False) -> Line:
    services.parts.begins(name, is_front=True)
    return Line(FakeFront(name=name), list(meets), first)


async def together(services: Services, *lines: Line, until: Callable[[], Awaitable[object]]) -> None:
    """All fronts as `bot.serve` keeps them, until then."""
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        tasks = [group.create_task(connected(services, one)) for one in lines]
        await until()
        for task in tasks:
            task.cancel()


async def test_one_front_that_fails_ends_no_other(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    """It is connected again, as often as it takes, and its restarts are counted."""
    good = line(services, "telegram")
    bad = line(services, "discord", *[BITRATE] * 3)
    await together(services, good, bad, until=bad.runs.wait)

    assert caplog.text.count("'bitrate'") == 3
    assert {part.name: (part.why, part.restarts) for part in services.parts.all} == {
        "telegram": (None, 0),
        "discord": (None, 3),
    }


async def test_a_token_that_is_refused_ends_nothing_while_another_front_works(services: Services) -> None:
    """It is shown as refused, and tried again: the operator may set it anew."""
    good, bad = line(services, "telegram"), line(services, "discord", *[REFUSED] * 1000)

    async def refused() -> None:
        while bad.meets[995:] or not services.parts.all[1].why:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    await together(services, good, bad, until=refused)

    assert [(part.name, part.why) for part in services.parts.down] == [("discord", Why.REFUSED)]


async def test_a_token_that_is_reset_while_the_bot_runs_ends_nothing(services: Services) -> None:
    """Not even the only front's: the page and the API go on, and it comes back with the token."""
    only = line(services, "discord", REFUSED, REFUSED, first=True)
    await together(services, only, until=only.runs.wait)

    assert services.parts.down == ()


async def test_where_every_token_is_refused_from_the_start_it_ends_on_purpose(services: Services) -> None:
    """Who has just started the bot reads the sentence."""
    lines = [line(services, name, *[REFUSED] * 9) for name in ("discord", "telegram")]
    with pytest.raises(ExceptionGroup) as ended:
        await together(services, *lines, until=asyncio.Event().wait)

    assert REFUSED in ended.value.exceptions


@pytest.mark.parametrize("error", [BITRATE, RetryLater("The disk is full.")])
async def test_a_loop_is_begun_again(services: Services, error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """And shown as stopped until then."""
    seen, runs = [], asyncio.Event()
    monkeypatch.setattr(supervisor, "Pauses", lambda *_: Pauses())

    async def work(services: Services) -> None:
        seen.append(services.parts.down)
        if len(seen) < 3:
            raise error
        runs.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(looped(services, "screen", work))
    async with asyncio.timeout(5):
        while not services.parts.down:  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert [(part.name, part.why) for part in services.parts.down] == [("screen", Why.STOPPED)]
        await runs.wait()
    assert services.parts.down == ()
    await stopped([task])

    assert services.parts.all[0].restarts == 2


async def test_an_invitation_that_is_not_known_ends_nothing(
    services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the platform answers: nobody needs that line."""
    await invite([line(services, "discord", BITRATE), line(services, "telegram", RetryLater("Later."))])

    assert "discord" in caplog.text
