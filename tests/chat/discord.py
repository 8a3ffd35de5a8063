"""Discord as a stage of the suite: the real connector over sockets, and a server with two channels."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.fronts.discord.client import Bot
from bot.fronts.discord.commands import CAN
from bot.fronts.discord.front import Discord
from bot.fronts.discord.render import menu_of
from bot.services import Services
from bot.settings import load
from core.chat_port import Acting, Chat
from core.types import Platform, Space
from core.wording import Words
from handlers.chat.commands import MENUS
from tests.chat.answers import discord_answers
from tests.chat.stage import GENERAL, LOG, Read, known
from tests.peers.discord_server import DiscordServer
from tests.peers.discord_world import Message

PEOPLE = ("mo", "ann", "bo")
MAY = ("manage_guild", "manage_messages")
MAY_BAN = ("ban_members", "kick_members", "manage_roles")
ASKS_A_MINUTE = 60
BUTTON = 2
POSTING = ("POST /channels/", "PUT /channels/")
NEEDED: Mapping[str, Mapping[str, Any]] = {
    "exempt": {"who": None},
    "admit": {"who": None},
    "ignore": {"who": None},
    "why": {"link": "1"},
    "references add": {"image": known()},
}
"""What Discord lets nobody leave out, where a command is about no message."""

COMMAND = re.compile(r"</([\w ]+):\d+>")
"""A command that can be clicked."""

JOINER = "\u200b"
"""What keeps a mention from being one."""


class DiscordStage:
    """`tests.chat.stage.Stage`. What is about a message is used from the menu of that message."""

    platform = Platform.DISCORD
    can = CAN

    def __init__(self, services: Services, server: DiscordServer, connector: Discord) -> None:
        self.services, self.server, self.connector = services, server, connector
        self.guild = server.guild("Community")
        self.staff = server.role(self.guild, "Staff", MAY)
        self.muted = server.role(self.guild, "Muted")
        self.bouncer = server.role(self.guild, "Bouncer", MAY_BAN)
        self.channels = {where: server.channel(self.guild, where) for where in (GENERAL, LOG)}
        self.people = {name: server.member(self.guild, name) for name in PEOPLE}
        self._roles("mo", [self.staff.id])

    @property
    def _client(self) -> Bot:
        access = self.connector.acting.access
        assert access and isinstance(access.client, Bot)
        return access.client

    @property
    def chat(self) -> Chat:
        return self._client.connection.chat

    @property
    def acting(self) -> Acting:
        return self.connector.acting

    def answers(self, answer: str, *, posting: bool = False) -> None:
        discord_answers(self.server, answer, *(POSTING if posting else ()))

    def lose_answers(self) -> None:
        for match in (*POSTING, "DELETE /channels/", "PATCH /guilds/"):
            self.server.fail(match, status=503, after=True)

    @property
    def written(self) -> int:
        messages = [one for channel in self.channels.values() for one in self.server.messages(channel)]
        return sum(one.author == self.server.bot for one in messages)

    def forget(self) -> None:
        self.connector.acting.refusals.forget(str(self.guild.id))
        self._client.members._members.clear()

    @property
    def asked(self) -> int:
        return len(self.server.calls) + len(self.server.downloads)

    def _roles(self, who: str, roles: Sequence[int]) -> None:
        self.server.backend.edit_member(self.guild.id, self.people[who].id, {"role_ids": list(roles)})

    def space(self, where: str = GENERAL) -> Space:
        number = str(self.channels[where].id)
        return Space(platform=Platform.DISCORD, community=str(self.guild.id), channel=number)

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
        channel, person = self.channels[where], self.people[who]
        self._offer_everything()
        if about is not None and not options and command in MENUS.values():
            return _read(await self._menu(command, channel, person, about).answer())
        needed = dict(NEEDED.get(command, {})) if not options else {}
        if "who" in needed:
            needed["who"] = self.people["bo"]
        options = needed | ({"image": picture} if picture is not None else {}) | options
        return _read(await self.server.slash(channel, person, command, **options).answer())

    def _menu(self, command: str, channel: Any, person: Any, about: Message) -> Any:
        key = next(key for key, name in MENUS.items() if name == command)
        return self.server.context_menu(Words.of("en")(f"command.{key}"), channel, person, about)

    def _offer_everything(self) -> None:
        """What Discord would not even show is used all the same: the bot checks it again."""
        for command in self.server.backend.commands[None].values():
            command["default_member_permissions"] = None

    async def post(self, who: str, *pictures: bytes, text: str = "", where: str = GENERAL) -> Message:
        files = {f"picture-{number}.png": data for number, data in enumerate(pictures)}
        return self.server.post(self.channels[where], self.people[who], text, files=files)

    def crowd(self, people: int, channels: int) -> Sequence[tuple[str, str]]:
        for number in range(people):
            self.people[f"raider{number}"] = self.server.member(self.guild, f"raider{number}")
        for number in range(channels):
            self.channels[f"room{number}"] = self.server.channel(self.guild, f"room{number}")
        return [(f"raider{person}", f"room{room}") for person in range(people) for room in range(channels)]

    async def answer(
        self, who: str, *pictures: bytes, text: str = "", private: bool = False, about: Any = None
    ) -> Read:
        channel = self.server.direct(self.people[who]) if private else self.channels[GENERAL]
        files = {f"picture-{number}.png": data for number, data in enumerate(pictures)}
        asked = self.server.post(channel, self.people[who], text, files=files, reply_to=about)

        def written() -> list[Message]:
            found = self.server.messages(channel)
            return [one for one in found[found.index(asked) + 1 :] if one.author == self.server.bot]

        return _read((await self.server.until(written))[0])

    async def cards(self, count: int = 1, saying: str = "") -> Sequence[Read]:
        def those() -> list[Shown]:
            found = [_read(one) for one in self.server.messages(self.channels[LOG]) if one.embeds]
            fitting = [one for one in found if saying in one.text]
            return fitting if len(fitting) >= count else []

        return await self.server.until(those)

    async def press(self, who: str, message: Read, label: str) -> str:
        """Also a button that a renewal has taken away meanwhile: an app shows it for a moment longer."""
        assert isinstance(message, Shown)
        return await self._pressed(who, message.native, message.data[label])

    async def _pressed(self, who: str, message: Message, data: str) -> str:
        server: Any = self.server
        part = {"custom_id": data, "type": BUTTON, "id": 1}
        used = server._component_used(message, self.people[who], part, {}, "en-US")
        if message.ephemeral:
            return _read(await used.answer()).text
        await self.server.until(lambda: used.messages or (used.record.responded and not self._client._events))
        return "\n".join(_read(one).text for one in used.messages[:1])  # that the message is renewed is no answer

    async def press_data(self, who: str, data: str) -> str:
        assert self.connector.acting.access
        await self.connector.acting.access.client.get_partial_messageable(self.channels[LOG].id).send("x")
        return await self._pressed(who, self.server.messages(self.channels[LOG])[-1], data)

    async def make_staff(self, who: str, *, is_staff: bool = True) -> None:
        self._roles(who, [self.staff.id] if is_staff else [])

    async def reposts(self) -> int:
        watched = [channel for where, channel in self.channels.items() if where != LOG]
        posted = [one for channel in watched for one in self.server.messages(channel)]
        return sum(one.author == self.server.bot and bool(one.attachments) for one in posted)

    async def now(self, message: Read) -> Read:
        return _read(message.native)

    async def stands(self, post: Message) -> str:
        return "gone" if post.deleted else "marked" if any(post.reactions.values()) else "there"

    async def fate(self, person: str) -> str:
        who = self.people[person]
        if self.server.is_banned(self.guild, who):
            return "banned"
        member = self.guild.members.get(who.id)
        return "out" if member is None else "quarantined" if self.muted.id in member.role_ids else "in"

    async def empower(self, who: str, *, may_ban: bool) -> None:
        self._roles(who, [self.staff.id, *([self.bouncer.id] if may_ban else [])])
        self.forget()

    def told(self, person: str) -> Sequence[Read]:
        channel = self.server.direct(self.people[person])
        return [_read(one) for one in self.server.messages(channel) if one.author == self.server.bot]

    def role(self) -> Any:
        return self.muted

    def named(self, person: str) -> Any:
        return self.people[person]

    def channel(self, where: str) -> Any:
        return self.channels[where]


@dataclass(frozen=True, slots=True)
class Shown(Read):
    """A message with what its buttons meant when it was read."""

    data: Mapping[str, str] = field(default_factory=dict)


def _read(message: Message) -> Shown:
    """The text as people see it, without the signs that keep it from being markup."""
    data = {one.label: one.custom_id for one in message.buttons if one.custom_id}
    text = COMMAND.sub(r"/\1", message.text.replace("\\", "").replace(JOINER, ""))
    for name in MENUS.values():
        text = text.replace(menu_of(name, Words.of("en")) or "\n\n", f"/{name}")
    return Shown(text, list(data), message, data)


def heard_of(connector: Discord, guild: int) -> bool:
    """Whether the bot has heard of a server."""
    access = connector.acting.access
    return access is not None and access.client.get_guild(guild) is not None


@asynccontextmanager
async def on_discord(services: Services) -> AsyncIterator[DiscordStage]:
    """The connector on its peer, until the block ends."""
    async with DiscordServer() as server:
        settings = load(discord_token=server.token, discord_url=server.url, asks_a_minute=ASKS_A_MINUTE)
        connector = Discord(settings)
        services.fronts["discord"] = connector.front  # type: ignore[index]  # the mapping of a test is a dict
        services.parts.begins(connector.front.name, is_front=True)
        running = asyncio.create_task(connector.run(services))
        try:
            await server.commands("search")
            await server.ready()
            stage = DiscordStage(services, server, connector)
            await server.until(lambda: heard_of(connector, stage.guild.id))
            yield stage
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
