"""What ends the bot and what does not."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

import bot.serve
from bot.serve import Address, expire, expire_forever, listening
from bot.services import Services
from bot.settings import Settings, load
from core.backoff import Backoff, Pauses
from core.errors import EnvironmentTrouble, RetryLater
from tests.clock import Clock
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


async def test_what_is_busy_for_a_while_does_not_end_a_bot_that_ran(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """New settings meet a locked database, and so do the former ones: these are tried again until they hold."""
    busy, started = RetryLater("It is locked."), list[float]()
    meets: list[RetryLater | None] = [None, busy, busy, busy, None]

    @asynccontextmanager
    async def serving(settings: Settings) -> AsyncIterator[Address]:
        if error := meets.pop(0):
            raise error
        started.append(settings.match_at)
        yield Address("127.0.0.1", 1, "token", services)

    async def until(count: int) -> None:
        async with asyncio.timeout(5):
            while len(started) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    monkeypatch.setattr(bot.serve, "serving", serving)
    monkeypatch.setattr(bot.serve, "Pauses", lambda: Pauses(Backoff(0.01, 0.01)))
    given: dict[str, object] = {"home": tmp_path}
    running = asyncio.create_task(bot.serve.run(load(**given), given))
    await until(1)
    given["match_at"] = 0.97
    os.kill(os.getpid(), signal.SIGHUP)
    await until(2)
    os.kill(os.getpid(), signal.SIGTERM)

    assert await asyncio.wait_for(running, 5) == 0
    assert started == [load(home=tmp_path).match_at] * 2
    assert caplog.text.count("It can't start again yet: It is locked.") == 2
