"""Telegram as a stage of the suite: the real connector over sockets, a group, and another one for the moderators."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from telegram import User

from bot.fronts.telegram import recent
from bot.fronts.telegram.chat import TelegramChat
from bot.fronts.telegram.front import Telegram
from bot.fronts.telegram.render import JOINER
from bot.services import Services
from core.chat_port import Acting, Chat
from core.types import Platform, Space
from tests.bot.fronts.telegram.kit import settings_for
from tests.chat.answers import telegram_answers
from tests.chat.stage import GENERAL, LOG, PATIENCE_S, Read
from tests.peers.telegram_server import TelegramServer
from tests.peers.telegram_text import Words
from tests.peers.telegram_world import Chat as Group
from tests.peers.telegram_world import Message

TITLES = {GENERAL: "General", LOG: "Moderators"}
PEOPLE = ("mo", "ann", "bo")
ASKS_A_MINUTE = 60
POSTING = ("sendPhoto", "sendMessage", "setMessageReaction")


class TelegramStage:
    """`tests.chat.stage.Stage`. Everybody has started the bot, so it may answer them in private."""

    platform = Platform.TELEGRAM
    can = TelegramChat.can

    def __init__(self, services: Services, server: TelegramServer, connector: Telegram) -> None:
        self.services, self.server, self.connector = services, server, connector
        self.people = {name: server.user(name) for name in PEOPLE}
        self.chats = {where: server.group(title, admin=True) for where, title in TITLES.items()}
        for chat in self.chats.values():
            server.make_admin(chat, self.people["mo"])

    @property
    def chat(self) -> Chat:
        """One of its own, over the same connection: that of the conversation is nobody's to have."""
        me = User(self.server.me.id, self.server.me.name, is_bot=True, username="resight_bot")
        return TelegramChat(self.connector._api.bot, me)

    @property
    def acting(self) -> Acting:
        return self.connector._acting

    def answers(self, answer: str, *, posting: bool = False) -> None:
        telegram_answers(self.server, answer, *(POSTING if posting else ()))

    def lose_answers(self) -> None:
        for method in (*POSTING, "deleteMessage", "restrictChatMember"):
            self.server.lose_answers(method)

    @property
    def written(self) -> int:
        return sum(len(self.server.said(chat)) for chat in self.chats.values())

    def forget(self) -> None:
        self.connector._acting._writable.clear()

    @property
    def asked(self) -> int:
        return len(self.server.calls) + len(self.server.downloads)

    async def begin(self) -> None:
        """Have everybody start the bot; it knows their names from then on."""
        for person in self.people.values():
            self.server.start(person)
        await self.idle()

    async def idle(self) -> None:
        """Until every update was handled."""
        async with asyncio.timeout(PATIENCE_S):
            while self.server.pending or await self.services.updates.waiting(Platform.TELEGRAM, 1):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    def space(self, where: str = GENERAL) -> Space:
        number = str(self.chats[where].id)
        return Space(platform=Platform.TELEGRAM, community=number, channel=number)

    async def use(
        self,
        who: str,
        command: str,
        /,
        *,
        where: str = GENERAL,
        about: Any = None,
        picture: bytes | None = None,
        **options: Any,
    ) -> Read:
        words = [name if value is True else f'{name}="{value}"' for name, value in options.items()]
        text = " ".join([f"/{command}", *words])
        return await self._said(who, self.chats[where], text, [picture] if picture else [], about)

    async def _said(self, who: str, chat: Group, text: str, pictures: Sequence[bytes], about: Any = None) -> Read:
        """What the bot writes next in that chat, or to that person alone, once it is done with all before."""
        await self.idle()
        places = {place.id: place for place in (chat, self.server.private(self.people[who]))}
        before = {id(one) for place in places.values() for one in self.server.said(place)}
        self._write(who, chat, text, pictures, about)

        def written() -> list[Message]:
            return [one for place in places.values() for one in self.server.said(place) if id(one) not in before]

        return read_of((await self.server.until(written, PATIENCE_S))[0])

    def _write(self, who: str, chat: Group, text: str, pictures: Sequence[bytes], about: Any = None) -> Message:
        what: dict[str, Any] = {"reply_to": about} if about else {}
        if len(pictures) > 1:
            return self.server.album(chat, self.people[who], pictures, text)[0]
        if pictures:
            return self.server.post(
                chat, self.people[who], document=("picture.png", pictures[0], "image/png"), caption=text, **what
            )
        return self.server.post(chat, self.people[who], text=text, **what)

    async def post(self, who: str, *pictures: bytes, text: str = "", where: str = GENERAL) -> Message:
        return self._write(who, self.chats[where], text, pictures)

    def crowd(self, people: int, channels: int) -> Sequence[tuple[str, str]]:
        for number in range(people):
            self.people[f"raider{number}"] = self.server.user(f"raider{number}")
        return [(f"raider{person}", GENERAL) for person in range(people) for _ in range(channels)]

    async def answer(
        self, who: str, *pictures: bytes, text: str = "", private: bool = False, about: Any = None
    ) -> Read:
        chat = self.server.private(self.people[who]) if private else self.chats[GENERAL]
        return await self._said(who, chat, text, pictures, about)

    async def cards(self, count: int = 1, saying: str = "") -> Sequence[Read]:
        def those() -> list[Shown]:
            found = [read_of(one) for one in self.server.said(self.chats[LOG])]
            fitting = [one for one in found if saying in one.text]
            return fitting if len(fitting) >= count else []

        return await self.server.until(those, PATIENCE_S)

    async def press(self, who: str, message: Read, label: str) -> str:
        """Also a button that a renewal has taken away meanwhile: an app shows it for a moment longer."""
        assert isinstance(message, Shown)
        before = {id(one) for one in self.server.said(message.native.chat)}
        data = message.data[label]
        if data not in [one.data for one in message.native.buttons]:
            message.native.markup = {"inline_keyboard": [[{"text": label, "callback_data": data}]]}
        told = await self.server.press(message.native, self.people[who], data).answer()
        await self.idle()
        written = [one for one in self.server.said(message.native.chat) if id(one) not in before]
        below = [read_of(one).text for one in written if one.reply_to is message.native]
        return "\n".join(filter(None, [told.text, *below]))

    async def press_data(self, who: str, data: str) -> str:
        keys = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
        bait = self.server.write(self.chats[LOG], self.server.me, words=Words.plain("x"), markup=keys)
        return await self.press(who, read_of(bait), "x")

    async def make_staff(self, who: str, *, is_staff: bool = True) -> None:
        for chat in self.chats.values():
            if is_staff:
                self.server.make_admin(chat, self.people[who])
            else:
                self.server.set_member(chat, self.people[who], self.server.founder, "member")

    async def reposts(self) -> int:
        return len({one.album or id(one) for one in self.server.said(self.chats[GENERAL]) if one.content})

    async def now(self, message: Read) -> Read:
        return read_of(message.native)

    async def stands(self, post: Message) -> str:
        return "gone" if post.deleted else "marked" if post.reactions else "there"

    async def fate(self, person: str) -> str:
        status = self.server.member(self.chats[GENERAL], self.people[person]).status
        return {"kicked": "banned", "left": "out", "restricted": "quarantined"}.get(status, "in")

    async def empower(self, who: str, *, may_ban: bool) -> None:
        for chat in self.chats.values():
            self.server.make_admin(chat, self.people[who], can_delete_messages=True, can_restrict_members=may_ban)

    def told(self, person: str) -> Sequence[Read]:
        return [read_of(one) for one in self.server.said(self.server.private(self.people[person]))]

    def role(self) -> Any:
        return self.named("bo")

    def named(self, person: str) -> Any:
        return f"@{person}"

    def channel(self, where: str) -> Any:
        return self.chats[where].id


@dataclass(frozen=True, slots=True)
class Shown(Read):
    """A message with what its buttons meant when it was read."""

    data: Mapping[str, str] = field(default_factory=dict)


def read_of(message: Message) -> Shown:
    """Without the name of the chat, under which answers are written to somebody alone."""
    shown = message.shown.replace(JOINER, "")
    first, _, rest = shown.partition("\n")
    is_alone = message.chat.kind == "private" and first in TITLES.values()
    data = {one.label: one.data for one in message.buttons if one.data}
    return Shown(rest if is_alone else shown, list(data), message, data)


@asynccontextmanager
async def on_telegram(services: Services) -> AsyncIterator[TelegramStage]:
    """The connector on its peer, until the block ends. Who runs a chat is asked each time: no test waits a minute."""
    async with TelegramServer() as server:
        connector = Telegram(settings_for(server, asks_a_minute=ASKS_A_MINUTE))
        services.fronts["telegram"] = connector.front  # type: ignore[index]  # the mapping of a test is a dict
        services.parts.begins(connector.front.name, is_front=True)
        with patch.object(recent, "REMEMBERED_S", 0.0), patch.object(recent, "FRESH_S", 0.0):
            running = asyncio.create_task(connector.run(services))
            try:
                await server.polled()
                stage = TelegramStage(services, server, connector)
                await stage.begin()
                yield stage
            finally:
                running.cancel()
                await asyncio.gather(running, return_exceptions=True)
