"""SIGHUP reads the settings again, without losing an image; settings that are not usable change nothing."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e.running import READY, Bot
from tests.e2e.world import World, make_catalogue, stranger, world


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_catalogue(tmp_path_factory.mktemp("reload"))


async def hup(here: World, bot: Bot, words: str, times: int = 1) -> None:
    """Send the signal and wait until it says so."""
    bot.process.send_signal(signal.SIGHUP)
    await here.until(lambda: bot.said.count(words) >= times)


async def test_settings_are_read_again(catalogue: Path, tmp_path: Path) -> None:
    """Posts before, during and after have their verdict; what is wrong is told, and changes nothing in the end."""
    async with world("discord", catalogue, tmp_path) as here, here.bot() as bot:
        env = here.home.parent / ".env"
        await here.stage.set_up()
        posts = [here.stage.post(stranger(number)) for number in range(3)]
        env.write_text("RESIGHT_MATCH_AT=2\n")
        await hup(here, bot, "were not changed")
        env.write_text("RESIGHT_MODEL=no-such-model\n")
        await hup(here, bot, "the former ones hold")
        await here.until(lambda: bot.said.count(READY) == 2)
        env.write_text("RESIGHT_MATCH_AT=0.95\n")
        posting = asyncio.create_task(keep_posting(here, posts))
        await hup(here, bot, READY, times=3)
        await asyncio.sleep(1)
        posting.cancel()
        await here.until(lambda: here.is_screened(*posts), 60)
        await hup(here, bot, "are what they were")

        assert here.verdicts().total() == len(posts) >= 5


async def keep_posting(here: World, posts: list[object]) -> None:
    while True:
        posts.append(here.stage.post(stranger(len(posts) % 5)))
        await asyncio.sleep(0.2)
