"""What all tests share: how they are run, and the fixtures of `tests/small.py`, a Resight in small.

That is imported where it is asked for: tests of core/ need no picture, no store and no network.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.services import Services
    from embed.models.sscd import SscdEmbedder
    from embed.runner import Runner
    from store.sql.db import Database
    from tests.clock import Clock
    from tests.small import FakeFront

if find_spec("hypothesis"):  # the environments apart have none
    from hypothesis import settings

    settings.register_profile("untimed", deadline=None)  # how long an example takes is the machine's, not the code's
    settings.load_profile("untimed")

APART = {"torch": "with_torch", "gradio": "playground"}
collect_ignore = [folder for package, folder in APART.items() if not find_spec(package)]
"""Tests in environments of their own: `make test-torch`, `make test-playground`."""

MEMORY, ROOM_MB = Path("/dev/shm"), 8_000
"""A file system in memory, and how much of it what tests write may fill."""

LONG = ("e2e", "contract", "embed", "handlers", "bot", "chat", "lab", "web", "store")
"""Folders whose files take long, the longest first."""


def _has_room() -> bool:
    """Whether this machine has so much memory to spare."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM_MB << 20:
        return False
    spare = re.search(r"MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
    return spare is not None and int(spare[1]) > ROOM_MB << 10


if "TMPDIR" not in os.environ and _has_room():  # a disk takes milliseconds a commit, and no power is cut here
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(optionalhook=True)  # the environments of torch and of the playground have no xdist
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of the time a test waits for a process, a socket or a pause."""
    return min(4, os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: workers that share the files out end at about the same time.

    xdist would begin with the files of many tests, which are short ones: `--no-loadscope-reorder` of the Makefile.
    """
    items.sort(key=lambda item: next((at for at, folder in enumerate(LONG) if folder in item.path.parts), len(LONG)))


@pytest.fixture
def clock() -> Clock:
    from tests.clock import Clock

    return Clock()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest schema, made once: the migration takes longer than most tests."""
    from store.sql.db import Database

    async def create() -> None:
        async with Database.open(path):
            pass

    path = tmp_path_factory.mktemp("migrated") / "resight.db"
    asyncio.run(create())
    return path


@pytest.fixture
async def db(tmp_path: Path, migrated: Path) -> AsyncIterator[Database]:
    """A database of the test's own."""
    from store.sql.db import Database

    shutil.copy(migrated, tmp_path / "resight.db")
    async with Database.open(tmp_path / "resight.db") as opened:
        yield opened


@pytest.fixture(scope="session")
def sscd() -> SscdEmbedder:
    """The real model, loaded once."""
    from embed.models.sscd import SscdEmbedder

    return SscdEmbedder()


@pytest.fixture
async def toy_runner() -> AsyncIterator[Runner]:
    from embed.runner import Runner
    from tests.small import Toy

    async with Runner(Toy(), threads=2) as running:
        yield running


@pytest.fixture
def front() -> FakeFront:
    """The platform of `SPACE`; tests/web has its own of that name."""
    from tests.small import FakeFront

    return FakeFront()


@pytest.fixture
async def services(db: Database, toy_runner: Runner, clock: Clock, front: FakeFront) -> Services:
    """A Resight in small: no model, one platform, nothing known yet."""
    from core.types import Platform
    from tests.small import assemble

    return await assemble(db, toy_runner, clock=clock, fronts={Platform.DISCORD: front})


@pytest.fixture
def no_bursts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each post is a case of its own, however soon the next copy comes."""
    monkeypatch.setattr("core.bursts.BURST", timedelta(seconds=-1))


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a platform's limits, or for a loop to look again, waits for a moment only."""
    monkeypatch.setattr("store.sql.outbox.PACE", timedelta(seconds=0.3))
    monkeypatch.setattr("handlers.alerts.COUNTER_EVERY", timedelta(seconds=0.3))
    monkeypatch.setattr("handlers.bell.IDLE_SECONDS", 0.4)
