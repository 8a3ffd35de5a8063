"""A platform with a community, and a bot of its own in a process of its own, for stories and soaks.

async with world("discord", catalogue, folder) as here:
    async with here.bot() as bot: ...
"""

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.command import resight
from tests.e2e.running import Bot, running
from tests.e2e.stage import DiscordStage, Stage, TelegramStage
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer
from tests.small import drawn, saved, scribble


def copy() -> bytes:
    """A copy of the known image."""
    return saved(drawn("river-city").resize((500, 400)), "JPEG", quality=80)


def stranger(seed: int = 1) -> bytes:
    return saved(scribble(seed, 320, 240), "JPEG", quality=80)


def make_catalogue(folder: Path) -> Path:
    """A data folder that knows one image."""
    drawn("river-city").save(folder / "river.png")
    assert resight(folder / "data", "add", folder / "river.png", "--title", "River city").code == 0
    return folder / "data"


@dataclass
class World:
    """A platform, a community that was set up, and the bot's data folder."""

    stage: Stage
    home: Path
    discord: DiscordServer | None = None
    telegram: TelegramServer | None = None

    @asynccontextmanager
    async def bot(self, **extra: Any) -> AsyncIterator[Bot]:
        async with running(self.home, discord=self.discord, telegram=self.telegram, wait=True, **extra) as started:
            yield started

    def verdicts(self) -> Counter[tuple[str, str]]:
        """How often each message has each outcome; "" for none yet."""
        with closing(sqlite3.connect(self.home / "resight.db")) as db:
            rows = db.execute("SELECT message, coalesce(outcome, '') FROM inbox WHERE intent = 'posted'").fetchall()
        return Counter((str(message), str(outcome)) for message, outcome in rows)

    def is_screened(self, *posts: Any) -> bool:
        """Whether each of these posts has exactly one verdict."""
        found = self.verdicts()
        mine = [sum(count for (one, _), count in found.items() if one == str(post.id)) for post in posts]
        return mine == [1] * len(posts) and "" not in {outcome for _, outcome in found}

    async def until(self, true: Callable[[], object], patience: float = 30) -> None:
        async with asyncio.timeout(patience):
            while not true():  # noqa: ASYNC110  another process's database rings no bell
                await asyncio.sleep(0.05)


@asynccontextmanager
async def world(platform: str, catalogue: Path, tmp_path: Path) -> AsyncIterator[World]:
    home = tmp_path / "data"
    shutil.copytree(catalogue, home)
    if platform == "discord":
        async with DiscordServer() as discord:
            yield World(DiscordStage(discord, "en"), home, discord=discord)
    else:
        async with TelegramServer() as telegram:
            yield World(TelegramStage(telegram, "en"), home, telegram=telegram)


def slow_downloads(here: World, seconds: float) -> None:
    if here.discord:
        here.discord.cdn_delay = seconds
    if here.telegram:
        here.telegram.file_delay = seconds
