"""What ends the bot and what does not."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

import bot.serve
from bot.serve import expire, expire_forever, listening
from bot.services import Services
from bot.settings import load
from core.backoff import Pauses
from core.errors import EnvironmentTrouble, RetryLater
from tests.small import Clock
from web.connections import CONNECTIONS, Connections


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


async def test_silent_connections_are_closed_whatever_that_meets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The one who closes them is begun again: else half-sent requests would stay open for ever, and nobody be told."""
    monkeypatch.setattr(Pauses, "after", lambda *_: 0.01)
    met, closes = [KeyError("a line")], asyncio.Event()

    class Odd(Connections):
        def close_silent(self, server: web.Server, now: float) -> int:
            if met:
                raise met.pop()
            closes.set()
            return super().close_silent(server, now)

    app = web.Application()
    app[CONNECTIONS] = Odd()
    async with listening(app, load(home=tmp_path, port=0)):
        await asyncio.wait_for(closes.wait(), 5)

    assert "The closing of silent connections ended and is begun again" in caplog.text
