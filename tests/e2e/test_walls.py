"""Two platforms in one bot: what becomes of one is no matter of the other."""

import asyncio
import json
import signal
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.e2e.command import resight
from tests.e2e.running import READY, Bot, running
from tests.e2e.stage import DiscordStage, TelegramStage
from tests.e2e.world import World, copy, make_catalogue
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[tuple[World, World]]:
    """Discord and Telegram, with one data folder."""
    make_catalogue(tmp_path)
    async with DiscordServer() as discord, TelegramServer() as telegram:
        home = tmp_path / "data"
        yield (
            World(DiscordStage(discord, "en"), home, discord=discord),
            World(TelegramStage(telegram, "en"), home, telegram=telegram),
        )


def readiness(bot: Bot) -> Any:
    url = [word for word in bot.said.split() if word.startswith("http://127.0.0.1")][-1] + "/readyz"
    try:
        with urllib.request.urlopen(url) as answer:
            return json.load(answer)
    except HTTPError as error:
        return json.load(error)


async def problems(bot: Bot) -> list[tuple[str, str, str]]:
    said = await asyncio.to_thread(readiness, bot)
    return [(one["reason"], one["name"], one["why"]) for one in said["problems"]]


async def becomes(bot: Bot, wanted: list[tuple[str, str, str]]) -> None:
    async with asyncio.timeout(30):
        while await problems(bot) != wanted:  # noqa: ASYNC110  another process rings no bell
            await asyncio.sleep(0.1)


async def test_a_front_that_goes_down_takes_nobody_along(both: tuple[World, World]) -> None:
    """Its token is reset and set right again: the other's posts are looked at meanwhile, its own afterwards."""
    here, there = both
    assert here.discord
    async with running(here.home, discord=here.discord, telegram=there.telegram) as bot:
        for one in both:
            await one.stage.set_up()
        await becomes(bot, [])
        here.discord.reset_token("another")
        await becomes(bot, [("front", "discord", "refused")])
        missed, live = here.stage.post(copy()), there.stage.post(copy())
        await there.until(lambda: there.is_screened(live))
        assert bot.process.returncode is None
        here.discord.reset_token(here.discord.token)
        await here.until(lambda: here.is_screened(live, missed), 60)
        await becomes(bot, [])

    assert "RESIGHT_DISCORD_TOKEN" in bot.said


async def test_a_bot_that_nobody_accepts_ends_with_the_sentence(both: tuple[World, World]) -> None:
    """Where one of two platforms accepts its token, it goes on with that one and says which is down."""
    here, there = both
    assert here.discord
    url, token = here.discord.url, "no.to.ken"
    async with running(here.home, telegram=there.telegram, RESIGHT_DISCORD_TOKEN=token, RESIGHT_DISCORD_URL=url) as bot:
        await becomes(bot, [("front", "discord", "refused")])
        await there.stage.set_up()
    wrong = {"RESIGHT_DISCORD_TOKEN": token, "RESIGHT_DISCORD_URL": url, "RESIGHT_PORT": "0"}
    alone = await asyncio.to_thread(resight, here.home, "run", **wrong)

    assert alone.code == 4
    assert "does not accept the token" in alone.sentence


async def test_new_settings_that_nobody_accepts_are_given_up(both: tuple[World, World]) -> None:
    """A wrong token that is read at SIGHUP is told, and the bot connects with the former one."""
    here, _ = both
    assert here.discord
    env, right = here.home.parent / ".env", f"RESIGHT_DISCORD_TOKEN={here.discord.token}\n"
    env.write_text(right)
    async with running(here.home, RESIGHT_DISCORD_URL=here.discord.url) as bot:
        await here.discord.ready(30)
        env.write_text("RESIGHT_DISCORD_TOKEN=no.to.ken\n")
        bot.process.send_signal(signal.SIGHUP)
        await here.until(lambda: "the former ones hold" in bot.said)
        await here.until(lambda: bot.said.count(READY) == 3)
        await becomes(bot, [])
        assert here.discord.connected
