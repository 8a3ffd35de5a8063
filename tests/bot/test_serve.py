"""What ends the bot and what does not."""

import asyncio
from dataclasses import replace

import pytest

import bot.serve
from bot.serve import expire, expire_forever
from core.errors import EnvironmentTrouble, RetryLater
from handlers.services import Services
from tests.conftest import Clock


class Broken:
    """A store that can't be written to."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def expire(self) -> int:
        raise self.error


@pytest.mark.parametrize("error", [EnvironmentTrouble("The disk is full."), RetryLater("It is locked.")])
async def test_a_full_disk_does_not_end_the_bot(
    services: Services, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """What could not be deleted is deleted the next time; the operator reads why."""
    await expire(replace(services, privacy=Broken(error)))

    assert str(error) in caplog.text


async def test_the_database_is_kept_up_once_a_day(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day after the last time, however often the loop goes round; and a failure is told and ends nothing."""
    monkeypatch.setattr(bot.serve, "EXPIRE_EVERY", 0.001)
    done = list[int]()

    async def upkeep() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise RetryLater("It is locked.")

    async with asyncio.TaskGroup() as group:
        loop = group.create_task(expire_forever(replace(services, upkeep=upkeep)))
        await asyncio.sleep(0.1)
        counts = list[int]()
        for hours in (23, 2, 1, 24):
            clock.turn(hours=hours)
            await asyncio.sleep(0.2)
            counts.append(len(done))
        loop.cancel()

    assert counts == [0, 1, 1, 2]
