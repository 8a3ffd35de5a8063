"""A stage a front; what is known on each of them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services import Services
from core.cases import Policy
from core.types import Mode, Purpose
from embed.runner import Runner
from handlers import alerts, outbox, references, screen
from handlers.collections import create_collection
from handlers.references import Entry
from store.sql.db import Database
from store.vectors.exact import ExactCatalogue
from tests.chat.discord import on_discord
from tests.chat.matrix import on_matrix
from tests.chat.stage import KNOWN, SOURCE, TITLE, Stage
from tests.chat.telegram import on_telegram
from tests.chat.terminal import on_terminal
from tests.clock import Clock
from tests.small import Toy, assemble, drawn, saved

FRONTS: Mapping[str, Callable[[Services], AbstractAsyncContextManager[Stage]]] = {
    "terminal": on_terminal,
    "telegram": on_telegram,
    "discord": on_discord,
    "matrix": on_matrix,
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
    """Add the image that everybody knows."""
    await create_collection(services, "brands", purpose=Purpose.BRAND)
    entry = Entry(key=KNOWN, collection="brands", title=TITLE, source_url=SOURCE)
    await references.add(services, entry, saved(drawn(KNOWN)))


async def _filled(path: Path) -> ExactCatalogue:
    """Fill a database with the image that everybody knows; return its vectors."""
    catalogue = ExactCatalogue()
    async with Database.open(path) as db, Runner(Toy(), threads=1) as runner:
        await know(await assemble(db, runner, catalogue=catalogue, clock=Now()))
    return catalogue


@pytest.fixture(scope="session")
def knowing(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ExactCatalogue]:
    """A database with the known image, and its vectors; made once: looking at it takes longer than most tests."""
    path = tmp_path_factory.mktemp("knowing") / "resight.db"
    shutil.copy(migrated, path)
    return path, asyncio.run(_filled(path))


@pytest.fixture(autouse=True)
def impatient(soon: None) -> None:
    """Nothing waits for long."""


@pytest.fixture
async def db(tmp_path: Path, knowing: tuple[Path, ExactCatalogue]) -> AsyncIterator[Database]:
    """A database of the test's own, in which the image is known."""
    shutil.copy(knowing[0], tmp_path / "resight.db")
    async with Database.open(tmp_path / "resight.db") as opened:
        yield opened


@pytest.fixture(params=FRONTS)
async def stage(
    request: pytest.FixtureRequest, db: Database, toy_runner: Runner, knowing: tuple[Path, ExactCatalogue]
) -> AsyncIterator[Stage]:
    catalogue = deepcopy(knowing[1])
    services = await assemble(
        db, toy_runner, catalogue=catalogue, clock=Now(), fronts={}, default=Policy(mode=Mode.OFF)
    )
    async with FRONTS[request.param](services) as stage, working(services):
        yield stage
