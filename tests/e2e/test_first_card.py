"""The path of the README, from a token to the first card, as a new user walks it; and a restart in between."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from core.wording import Words
from tests.e2e.command import resight
from tests.e2e.running import running
from tests.e2e.stage import DiscordStage, Stage, TelegramStage
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Message
from tests.small import saved, scribble

UNWANTED = saved(scribble(77, 640, 480))
REPOSTED = saved(scribble(77, 640, 480).resize((500, 375)), "JPEG", quality=75)
WORDS = Words.of("en")


async def walk(stage: Stage, set_up: Callable[[], Awaitable[None]]) -> Any:
    """Steps 4 and 5, once the bot is there: set up, add a reference, and see the card of its copy."""
    await set_up()
    await stage.add_reference(stage.post(UNWANTED))
    post = stage.post(REPOSTED)
    card = await stage.card_of(post)

    assert stage.words("case.would_have_flag") in card.text
    assert card.picture
    return post


async def test_on_discord(tmp_path: Path) -> None:
    """Start it with the token, follow its link, /setup, Add as reference, and the next copy makes a card."""
    async with DiscordServer() as discord:
        stage = DiscordStage(discord, "en")
        async with running(tmp_path / "data", discord=discord) as bot:
            await stage.until(lambda: "https://discord.com/oauth2/authorize?client_id=" in bot.said)

            async def set_up() -> None:
                await stage.command("setup", log=stage.log)

            post = await walk(stage, set_up)
            await bot.kill()
        await buttons_still_work(stage, post, tmp_path / "data", discord=discord)


async def test_on_telegram(tmp_path: Path) -> None:
    """Start it with the token, follow its link, /setup and three buttons, /add, and the next copy makes a card."""
    async with TelegramServer() as telegram:
        stage = TelegramStage(telegram, "en")
        stage.log = stage.chat
        async with running(tmp_path / "data", telegram=telegram) as bot:
            await stage.until(lambda: "https://t.me/resight_test_bot?startgroup=" in bot.said)

            async def set_up() -> None:
                telegram.post(stage.chat, stage.people["mo"], text="/setup")
                for label in (WORDS("setup.here"), WORDS("mode.dry_run"), WORDS("language.name")):
                    await choose(stage, label)

            post = await walk(stage, set_up)
            await bot.kill()
        await buttons_still_work(stage, post, tmp_path / "data", telegram=telegram)


async def choose(stage: TelegramStage, label: str) -> None:
    """Press the button of this name as soon as the bot offers it in the group."""

    def offering() -> list[Message]:
        return [one for one in stage.server.said(stage.chat) if label in [button.label for button in one.buttons]]

    asked = await stage.until(offering)
    await stage.server.press(asked[0], stage.people["mo"], label).answer()


async def buttons_still_work(
    stage: Stage, post: Any, home: Path, *, discord: DiscordServer | None = None, telegram: TelegramServer | None = None
) -> None:
    """A card from before the restart decides as one from after it."""
    async with running(home, discord=discord, telegram=telegram):
        await stage.press(await stage.card_of(post), "violation")
        await stage.until(lambda: stage.is_gone(post))


async def test_the_doctor_names_what_is_missing(tmp_path: Path) -> None:
    """A wrong token, a missing intent, a missing permission and privacy mode each have a sentence of their own."""
    home = tmp_path / "data"
    async with DiscordServer(message_content=False) as discord, TelegramServer(privacy=True) as telegram:
        stage = DiscordStage(discord, "en")
        async with running(home, discord=discord, telegram=telegram):
            await stage.command("setup", log=stage.log)
        discord.revoke(stage.guild, "manage_messages", "administrator")
        settings = {"RESIGHT_DISCORD_TOKEN": discord.token, "RESIGHT_DISCORD_URL": discord.url}
        settings |= {"RESIGHT_TELEGRAM_TOKEN": telegram.token, "RESIGHT_TELEGRAM_URL": telegram.url}
        told = await asyncio.to_thread(resight, home, "doctor", **settings)
        wrong = await asyncio.to_thread(resight, home, "doctor", **(settings | {"RESIGHT_DISCORD_TOKEN": "no.to.ken"}))

    assert "Message Content Intent" in told.sentence
    assert "Manage Messages" in told.sentence
    assert "/setprivacy" in told.sentence
    assert wrong.code == 4
    assert "does not accept the token" in wrong.sentence
