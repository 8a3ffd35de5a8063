"""A stage a front; what is known on each of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.services import Services
from core.cases import Policy
from core.types import Mode, Purpose
from embed.runner import Runner
from handlers import alerts, outbox, references, screen
from handlers.references import Entry
from store.sql.db import Database
from tests.chat.discord import on_discord
from tests.chat.stage import KNOWN, SOURCE, TITLE, Stage
from tests.chat.telegram import on_telegram
from tests.chat.terminal import on_terminal
from tests.conftest import Clock, assemble, drawn, saved

FRONTS: Mapping[str, Callable[[Services], AbstractAsyncContextManager[Stage]]] = {
    "terminal": on_terminal,
    "telegram": on_telegram,
    "discord": on_discord,
}


class Now(Clock):
    """The time as it is: pauses between tries must pass."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


@asynccontextmanager
async def working(services: Services) -> AsyncIterator[None]:
    """The loops of `bot.serve` that matter here."""
    loops = (screen.screen_forever, outbox.carry_out_forever, alerts.tell_forever)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(loop(services)) for loop in loops]
        yield
        for task in tasks:
            task.cancel()


async def know(services: Services) -> None:
    """One image is known to everybody."""
    await references.create_collection(services, "brands", purpose=Purpose.BRAND)
    entry = Entry(key=KNOWN, collection="brands", title=TITLE, source_url=SOURCE)
    await references.add(services, entry, saved(drawn(KNOWN)))


@pytest.fixture(params=FRONTS)
async def stage(request: pytest.FixtureRequest, db: Database, toy_runner: Runner) -> AsyncIterator[Stage]:
    services = await assemble(db, toy_runner, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF))
    await know(services)
    async with FRONTS[request.param](services) as stage, working(services):
        yield stage
