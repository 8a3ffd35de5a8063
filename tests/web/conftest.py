"""A running Resight for each test, with one known image."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.sql.db import Database
from tests.web.fakes import Desk, desk, picture

KNOWN = picture(1)


async def _create(path: Path) -> None:
    async with Database.open(path):
        pass


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated empty database, made once: the migration takes longer than most tests."""
    path = tmp_path_factory.mktemp("blank") / "resight.db"
    asyncio.run(_create(path))
    return path


@pytest.fixture
def home(tmp_path: Path, blank: Path) -> Path:
    """A data folder of the test's own."""
    shutil.copy(blank, tmp_path)
    return tmp_path


@pytest.fixture
async def front(home: Path) -> AsyncIterator[Desk]:
    """Pages open, as on loopback."""
    async with desk(home, larder={"https://example.org/known.png": KNOWN}) as running:
        await running.know(
            KNOWN, title="Harbour <b>", source_url="https://example.org/harbour", owner="Mira Studio", rights="CC BY"
        )
        yield running


@pytest.fixture
async def guarded(home: Path) -> AsyncIterator[Desk]:
    """Pages that ask for the token, as on any other address."""
    async with desk(home, open_pages=False) as running:
        yield running
