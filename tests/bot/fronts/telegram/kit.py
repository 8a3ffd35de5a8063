"""A whole bot on the Telegram peer, inside the test: real stores, a toy model, every loop of `bot.serve`.

async with bot_on(telegram, db, runner) as bot:
    await bot.told(chat, user, "/mode flag")       what the bot says next in that chat

async with town_on(telegram, db, runner) as town:
    await town.set_up()                            a group that mo runs, its cards go to another one
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.fronts.telegram.front import Telegram
from bot.services import Services
from bot.settings import Settings
from core.cases import ActionRecord, Policy
from core.model_ports import Runner
from core.ports import Fetcher
from core.types import ActState, Collection, Mode, Platform, Purpose, Space
from core.wording import Words
from handlers import alerts, outbox, references, screen
from store.sql.db import Database
from tests.clock import Clock
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_world import Chat, Message, User
from tests.small import assemble, saved, scribble
from tests.web.fakes import Larder

WORDS = Words.of("en")
HERE = WORDS("place.chat")
KNOWN = saved(scribble(1, 640, 480))
STRANGE = saved(scribble(2, 640, 480))
TITLE = "Red river"


class Now(Clock):
    """The real time: what is tried again must become due."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def settings_for(telegram: TelegramServer, **more: Any) -> Settings:
    token = SecretStr(telegram.token)
    return Settings(telegram_token=token, telegram_url=telegram.url, **more)


@dataclass
class Bot:
    """The bot as a test holds it."""

    telegram: TelegramServer
    services: Services
    connector: Telegram
    running: asyncio.Task[None]

    async def told(self, chat: Chat, user: User | None, text: str, **what: Any) -> Message:
        """Write something; what the bot answers."""
        before = len(self.telegram.said(chat))
        self.telegram.post(chat, user, text=text, **what)
        return (await self.telegram.until(lambda: self.telegram.said(chat)[before:]))[-1]

    async def idle(self) -> None:
        """Until everything that was received is worked off."""
        async with asyncio.timeout(15):
            while await self._is_busy():  # noqa: ASYNC110  a database rings no bell
                await asyncio.sleep(0.02)

    async def at_rest(self) -> None:
        """Until every action has its result on the case, too."""
        async with asyncio.timeout(15):
            while any(one.state is ActState.WAITING for one in await self._actions()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def _actions(self) -> list[ActionRecord]:
        cases = await self.services.cases.newest()
        return [one for case in cases for picture in case.pictures for one in picture.actions]

    async def _is_busy(self) -> bool:
        waiting = self.telegram.pending or await self.services.updates.waiting(Platform.TELEGRAM, 1)
        return bool(waiting or await self.services.inbox.depth())


async def services_for(connector: Telegram, db: Database, runner: Runner) -> Services:
    """Nothing is watched before somebody says so; one image is known to everybody. A second time it is a restart."""
    off = Policy(mode=Mode.OFF)
    services = await assemble(db, runner, clock=Now(), fronts={"telegram": connector.front}, default=off)
    if await services.references.collections():
        await references.rebuild(services)
        return services
    await services.references.create_collection(Collection(name="brands", purpose=Purpose.BRAND))
    entry = references.Entry(key="river", collection="brands", title=TITLE, source_url="https://example.org/river")
    await references.add(services, entry, KNOWN)
    return services


@asynccontextmanager
async def bot_on(
    telegram: TelegramServer, db: Database, runner: Runner, *, fetcher: Fetcher | None = None, **more: Any
) -> AsyncIterator[Bot]:
    """Connected and running until the block ends; without a `fetcher` there is nothing behind links."""
    connector = Telegram(settings_for(telegram, **more))
    services = replace(await services_for(connector, db, runner), fetcher=fetcher or Larder({}))
    services.parts.begins(connector.front.name, is_front=True)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(connector.run(services))
        loops = [
            running,
            group.create_task(screen.screen_forever(services)),
            group.create_task(outbox.carry_out_forever(services)),
            group.create_task(alerts.tell_forever(services)),
        ]
        try:
            await telegram.polled()
            yield Bot(telegram, services, connector, running)
        finally:
            for loop in loops:
                loop.cancel()


@dataclass
class Town:
    """A group that mo and mo2 run, another for the moderators, and people."""

    bot: Bot
    group: Chat
    mods: Chat
    mo: User
    mo2: User
    alice: User
    bobby: User

    @property
    def telegram(self) -> TelegramServer:
        return self.bot.telegram

    @property
    def services(self) -> Services:
        return self.bot.services

    @property
    def space(self) -> Space:
        return Space(platform=Platform.TELEGRAM, community=str(self.group.id), channel=str(self.group.id))

    async def set_up(self, mode: str = "dry_run") -> None:
        await self.says(f"/setup here {mode} en")
        self.bot.services.trials._trials.clear()  # mo has tried it out
        await self.bot.told(self.mods, self.mo, f"/log {self.group.id}")

    async def says(self, text: str, who: User | None = None, **what: Any) -> str:
        """What the bot answers in the group, to mo or somebody else."""
        return (await self.bot.told(self.group, who or self.mo, text, **what)).shown

    def post(self, data: bytes = KNOWN, who: User | None = None, **what: Any) -> Message:
        """A picture in the group, as a file, so that its bytes stay as they are."""
        return self.telegram.post(self.group, who or self.alice, document=("a.png", data, "image/png"), **what)

    async def card(self, *words: str) -> Message:
        """The newest card, once it says all of this."""
        found = await self.telegram.until(
            lambda: [one for one in self.cards()[-1:] if all(word in one.shown for word in words)]
        )
        return found[0]

    def cards(self) -> list[Message]:
        return [one for one in self.telegram.said(self.mods) if any(button.data for button in one.buttons)]


@asynccontextmanager
async def town_on(telegram: TelegramServer, db: Database, runner: Runner, **more: Any) -> AsyncIterator[Town]:
    async with bot_on(telegram, db, runner, **more) as bot:
        mo, mo2, alice, bobby = (telegram.user(name) for name in ("mo", "mo2", "alice", "bobby"))
        group, mods = telegram.group("Pictures", admin=True), telegram.group("Moderators", admin=True)
        for chat in (group, mods):
            telegram.make_admin(chat, mo)
            telegram.make_admin(chat, mo2)
        yield Town(bot, group, mods, mo, mo2, alice, bobby)
