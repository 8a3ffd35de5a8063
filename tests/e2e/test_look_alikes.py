"""A violation is no verdict on what only looks like it: six pictures that were once removed stay where they are.

One bot with its real model enforces in the channel of its own pages, on Discord and on Telegram. Everywhere the
moderators have called the reference itself a violation.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import ClientSession, CookieJar

from core.types import Mode
from core.wording import Words
from tests.e2e.look_alikes import SIX, catalogue, copy, innocent, known, says_what_differs
from tests.e2e.running import running
from tests.e2e.stage import DiscordStage, Stage, TelegramStage
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer
from tests.web.fakes import Browser, found

PATIENCE_S = 30.0
WORDS = Words.of("en")
VARIED = "mug_print"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Channel(Browser):
    """The channel of the bot's own pages, as its moderator sees it."""

    async def posted(self, image: bytes) -> tuple[str, str]:
        """Post an image; the number of its case, and its card once all was done that it asks for."""
        await self.submit("/channel", image, name="Ada")
        return await self.newest(lambda card: "/case/" in card and WORDS("act_state.waiting") not in card)

    async def newest(self, is_done: Callable[[str], bool]) -> tuple[str, str]:
        """The newest post once it is as it should be."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_done(card := (await self.page("/channel")).split("<article")[1]):  # noqa: ASYNC110  a page rings no bell
                await asyncio.sleep(0.1)
        return found(r'href="/case/(\d+)"', card), card

    async def press(self, number: str, **fields: str) -> None:
        """Press a button of a case: the name of the form's field and its value."""
        (path,) = fields
        status, _ = await self.submit(f"/case/{number}/{path}", b"", page=f"/case/{number}", **fields)
        assert status == 200


@dataclass(frozen=True)
class Everywhere:
    """The three places where the bot enforces."""

    web: Channel
    chats: dict[str, Stage]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everywhere]:
    """One bot that knows the six references, connected to everything; one community is English, one Chinese."""
    home = catalogue(tmp_path_factory.mktemp("look-alikes"))
    async with DiscordServer() as discord, TelegramServer() as telegram:
        async with running(home, discord=discord, telegram=telegram, RESIGHT_MODE="enforce") as bot:
            url = next(word for word in bot.said.split() if word.startswith("http://127.0.0.1"))
            chats: dict[str, Stage] = {
                "discord": DiscordStage(discord, "en"),
                "telegram": TelegramStage(telegram, "zh"),
            }
            for stage in chats.values():
                await stage.set_up(Mode.ENFORCE)
            async with ClientSession(url, cookie_jar=CookieJar(unsafe=True)) as session:  # it is an address
                yield Everywhere(Channel(session), chats)
        assert discord.gaps == []


@pytest.mark.parametrize(("platform", "name"), [*(("discord", name) for name in SIX), ("telegram", VARIED)])
async def test_a_look_alike_stays_in_the_chat(here: Everywhere, platform: str, name: str) -> None:
    """It is neither removed nor flagged, and its card says what differs; a copy with a caption is removed."""
    stage = here.chats[platform]
    violation = stage.post(known(name))
    await stage.press(await stage.card_of(violation), "violation")
    await stage.until(lambda: stage.is_gone(violation))
    other = stage.post(innocent(name), "bo")
    card = await stage.card_of(other)
    reposted = stage.post(copy(name))
    await stage.until(lambda: stage.is_gone(reposted))

    assert stage.words("case.nothing_done") in card.text
    assert says_what_differs(card.text, stage.words), card.text
    assert card.picture
    assert not stage.is_gone(other)
    assert not stage.is_flagged(other)


@pytest.mark.parametrize("name", [VARIED, "letterhead"])
async def test_a_look_alike_stays_in_the_channel(here: Everywhere, name: str) -> None:
    """The same on the bot's own pages."""
    number, _ = await here.web.posted(known(name))
    await here.web.press(number, decision="violation")
    await here.web.newest(lambda card: WORDS("channel.hidden") in card)
    _, card = await here.web.posted(innocent(name))
    _, reposted = await here.web.posted(copy(name))

    assert WORDS("case.nothing_done") in card
    assert says_what_differs(card, WORDS), card
    assert WORDS("channel.hidden") not in card
    assert WORDS("channel.hidden") in reposted


async def test_variants_are_acted_on_once_the_moderators_chose_so(here: Everywhere) -> None:
    """A look-alike of that reference is removed then, one of another is not; taken back, nothing is removed."""
    number, _ = await here.web.posted(innocent(VARIED))
    await here.web.press(number, variants="on")
    _, chosen = await here.web.posted(innocent(VARIED, 81))
    _, other = await here.web.posted(innocent("letterhead", 81))
    await here.web.press(number, variants="off")
    _, after = await here.web.posted(innocent(VARIED, 82))

    assert WORDS("channel.hidden") in chosen
    assert WORDS("channel.hidden") not in other
    assert WORDS("channel.hidden") not in after
    assert WORDS("case.nothing_done") in after
