"""The connection to Discord: what comes in, and where it goes.

on_message ---> a server's channel: Reader (in order, with cursors); "搜图" or a mention: Questions
           ---> a direct message: Questions
on_raw_message_edit ---> the pictures of a link preview, which come later
on_guild_available, on_guild_join ---> what was missed there

Commands, menus and buttons are in `bot.fronts.discord.commands` and what it installs.
"""

import asyncio
import contextlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord.gateway import KeepAliveHandler

from bot.fronts.discord.events import counts, events_of
from bot.fronts.discord.questions import Questions, is_question
from bot.fronts.discord.reader import Reader
from bot.fronts.discord.spare import spare
from bot.fronts.discord.wire import UNREACHABLE, Refusals, tracing
from bot.settings import Settings
from core.errors import RetryLater
from core.types import ImageEvent, Platform
from core.wording import negotiate
from handlers.parts import Why
from handlers.services import Services

READY_TIMEOUT_S = 0.5
MOST_PEOPLE = 10_000
MEMBER_S = 60.0
HEARTBEAT_S = 2.0
log = logging.getLogger(__name__)


def nothing() -> None:
    """Nobody wants to know."""


async def publish_nothing() -> None:
    """There are no commands."""


def _end_heartbeats(loop: asyncio.AbstractEventLoop) -> None:
    """End discord.py's heartbeat threads.

    One of a connection that never got ready is told by nobody else, and one that is about to beat would meet a closed
    event loop.
    """
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws.loop is loop:
            thread.stop()
            thread.join(HEARTBEAT_S)


def is_private(message: discord.Message) -> bool:
    """Whether it was written to us alone; one from a server that could not be read has no guild either."""
    return getattr(message.channel, "guild_id", None) is None


class Bot(discord.AutoShardedClient):
    """One connection with all its shards; `may_read`: the application was granted the message content intent."""

    def __init__(self, settings: Settings, services: Services, refusals: Refusals, *, may_read: bool) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=may_read),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=READY_TIMEOUT_S,
            http_trace=tracing(),
        )
        self.settings = settings
        self.services = services
        self.refusals = refusals
        self.may_read = may_read
        self.reader = Reader(services, self.events_of)
        self.questions = Questions(services, settings, self.speaks)
        self.on_login: Callable[[], None] = nothing
        self.publish: Callable[[], Awaitable[None]] = publish_nothing
        self._languages: OrderedDict[int, str] = OrderedDict()
        self._members: dict[tuple[int, int], tuple[float, discord.Member | None]] = {}
        self._shards_up: set[int] = set()
        spare(self._connection)

    @property
    def me(self) -> int:
        assert self.user, "known after the login"
        return self.user.id

    async def setup_hook(self) -> None:
        """After the login and before the gateway."""
        await self.reader.load()
        self.on_login()
        await self.publish()

    async def close(self) -> None:
        try:
            await super().close()
        finally:
            await asyncio.shield(asyncio.to_thread(_end_heartbeats, asyncio.get_running_loop()))

    def speaks(self, person: int, locale: str = "") -> str:
        """The language of a person, "" if unknown: Discord tells it with commands only, so it is remembered."""
        if locale:
            self._languages[person] = negotiate(locale)
            self._languages.move_to_end(person)
            if len(self._languages) > MOST_PEOPLE:
                self._languages.popitem(last=False)
        return self._languages.get(person, "")

    async def on_shard_connect(self, shard: int) -> None:
        """A new session: what was posted before it is read afterwards."""
        self.reader.hold(lambda guild: (guild >> 22) % (self.shard_count or 1) == shard)
        self._is_up(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        self._is_up(shard)

    def _is_up(self, shard: int) -> None:
        """With all its shards the connection is whole."""
        self._shards_up.add(shard)
        if len(self._shards_up) == (self.shard_count or 1):
            self.services.parts.works(Platform.DISCORD)

    async def on_shard_disconnect(self, shard: int) -> None:
        self._shards_up.discard(shard)
        self.services.parts.fails(Platform.DISCORD, Why.UNREACHABLE)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._catch_up(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._catch_up(guild)

    async def _catch_up(self, guild: discord.Guild) -> None:
        if self.may_read:
            await self.reader.catch_up(guild)

    async def look_again(self, guild: discord.Guild) -> None:
        """The staff have changed what is watched."""
        if self.may_read:
            await self.reader.look_again(guild)

    async def on_message(self, message: discord.Message) -> None:
        if not counts(message, self.me, include_bots=self.settings.include_bots):
            return
        if message.guild is None:
            if is_private(message):
                await self.questions.in_private(message)
            return
        if self.may_read:
            self.reader.take(message)
        if is_question(message, self.me):
            await self.questions.in_public(message)

    async def on_raw_message_edit(self, change: discord.RawMessageUpdateEvent) -> None:
        """Pictures that were there before are known to the inbox."""
        message = change.message
        if not message.embeds or not counts(message, self.me, include_bots=self.settings.include_bots):
            return
        if change.guild_id is None:
            await self.questions.preview(message)
        elif self.may_read:
            self.reader.late(message)

    async def events_of(self, message: discord.Message) -> list[ImageEvent]:
        """The events of a posted message, with what is needed to know who its author is. Raises RetryLater."""
        if not counts(message, self.me, include_bots=self.settings.include_bots) or not events_of(message):
            return []
        try:
            await self.complete(message)
        except (*UNREACHABLE, discord.HTTPException) as error:
            raise RetryLater("unreachable") from error
        return events_of(message)

    async def complete(self, message: discord.Message) -> None:
        """Messages that were read afterwards come without the member, and those of unknown threads without those."""
        with contextlib.suppress(discord.NotFound, discord.Forbidden):
            if isinstance(message.channel, discord.PartialMessageable) and message.guild:
                message.channel = await self._channel(message.guild, message.channel.id)
        if message.guild and isinstance(message.author, discord.User) and not message.webhook_id:
            message.author = await self.member(message.guild, message.author.id) or message.author

    async def _channel(self, guild: discord.Guild, number: int) -> Any:
        return guild.get_channel_or_thread(number) or await guild.fetch_channel(number)

    async def member(self, guild: discord.Guild, person: int) -> discord.Member | None:
        """Asked of Discord and remembered for a moment: members are not kept. None for one who has left."""
        until, found = self._members.get((guild.id, person), (0.0, None))
        if until > time.monotonic():
            return found
        try:
            found = guild.get_member(person) or await guild.fetch_member(person)
        except (discord.NotFound, discord.Forbidden):
            found = None
        if len(self._members) > MOST_PEOPLE:
            self._members.clear()
        self._members[guild.id, person] = (time.monotonic() + MEMBER_S, found)
        return found

    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        self.refusals.forget(str(after.guild.id))

    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        self.refusals.forget(str(after.guild.id))

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Without the members intent Discord tells of ourselves only."""
        self.refusals.forget(str(after.guild.id))
