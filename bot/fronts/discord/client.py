"""The connection to Discord: which event goes where.

on_message ---------------> a server's channel: Reader (in order, with cursors), Questions; direct messages: Questions
on_raw_message_edit ------> the pictures of a link preview, which come later
on_interaction -----------> Interactions: commands, menus, buttons
on_guild_available, ... --> Reader: what was missed there; what can be read there now, or no longer
"""

import asyncio
import logging
import threading
from typing import Any

import discord
from discord.gateway import KeepAliveHandler

from bot.fronts.discord.access import Access, Files
from bot.fronts.discord.acting import DiscordActing
from bot.fronts.discord.chat import DiscordChat
from bot.fronts.discord.commands import definitions, numbers_of
from bot.fronts.discord.interactions import Interactions
from bot.fronts.discord.members import Members
from bot.fronts.discord.messages import components_of, incoming_of, is_by_bot, pictures_of
from bot.fronts.discord.parsing import guard
from bot.fronts.discord.questions import Questions
from bot.fronts.discord.reader import Reader
from bot.fronts.discord.wire import UNREACHABLE, tracing
from bot.services import Services
from bot.settings import Settings
from core.backoff import LONGEST_LIMIT_S
from core.types import ImageEvent, Platform
from core.walls import stopped
from handlers import outbox
from handlers.chat.context import Connection
from handlers.chat.patience import Patience
from handlers.parts import Why

READY_TIMEOUT_S = 0.5
HEARTBEAT_S = 2.0
log = logging.getLogger(__name__)


def _end_heartbeats(loop: asyncio.AbstractEventLoop) -> None:
    """End discord.py's heartbeat threads.

    One of a connection that never got ready is told by nobody else, and one that is about to beat would meet a closed
    event loop.
    """
    for thread in threading.enumerate():
        if isinstance(thread, KeepAliveHandler) and thread.ws.loop is loop:
            thread.stop()
            thread.join(HEARTBEAT_S)


class Bot(discord.AutoShardedClient):
    """One connection with all its shards, through which `acting` acts once it has logged in.

    `may_read`: the application was granted the message content intent.
    """

    def __init__(
        self, settings: Settings, services: Services, acting: DiscordActing, files: Files, *, may_read: bool
    ) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=may_read),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=READY_TIMEOUT_S,
            http_trace=tracing(),
            max_ratelimit_timeout=LONGEST_LIMIT_S,
        )
        self.services = services
        self.acting, self.files = acting, files
        self.may_read = may_read
        self.members = Members(self)
        self.reader = Reader(services, self.events_of)
        self.connection = Connection(
            services=services,
            chat=DiscordChat(self, self.members, self.reader, may_read=may_read),
            patience=Patience(settings.asks_a_minute, services.clock),
            language=settings.language,
        )
        self.questions: Questions
        self.interactions = Interactions(self.connection, self.members)
        self._shards_up: set[int] = set()
        self._events: set[asyncio.Task[Any]] = set()
        guard(self._connection)

    @property
    def me(self) -> int:
        """Return the bot's own number."""
        assert self.user, "known after the login"
        return self.user.id

    async def setup_hook(self) -> None:
        """After the login and before the gateway."""
        self.questions = Questions(self.connection, self.members, self.me)
        await self.reader.load()
        self.acting.access = Access(self, self.files, self.members.member)
        await self._publish()

    async def _publish(self) -> None:
        """Tell Discord of all commands at once."""
        assert self.application_id, "known after the login"
        try:
            published = await self.http.bulk_upsert_global_commands(self.application_id, definitions())
        except (*UNREACHABLE, discord.HTTPException) as error:
            log.warning("Discord: the commands could not be published (%s).", error)
        else:
            self.interactions.numbers = numbers_of(published)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell of an event, unless the connection is closed: discord.py says a while after it that it is ready."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    def _schedule_event(self, *args: Any, **kwargs: Any) -> asyncio.Task[Any]:
        """Return the task that handles an event. discord.py forgets it; `close` cancels it and waits for its end."""
        task = super()._schedule_event(*args, **kwargs)
        self._events.add(task)
        task.add_done_callback(self._events.discard)
        return task

    async def close(self) -> None:
        """End the connection and what is done about its events: the services may be closed afterwards."""
        try:
            await super().close()
        finally:
            await stopped(self._events - {asyncio.current_task()})
            await asyncio.shield(asyncio.to_thread(_end_heartbeats, asyncio.get_running_loop()))

    async def on_shard_connect(self, shard: int) -> None:
        """A new session: what was posted before it is read afterwards."""
        self.reader.hold(lambda guild: (guild >> 22) % (self.shard_count or 1) == shard)
        self._is_up(shard)

    async def on_shard_resumed(self, shard: int) -> None:
        """A connection was cut and goes on: Discord tells what was missed."""
        self._is_up(shard)

    def _is_up(self, shard: int) -> None:
        """With all its shards the connection is whole."""
        self._shards_up.add(shard)
        if len(self._shards_up) == (self.shard_count or 1):
            self.services.parts.works(Platform.DISCORD)

    async def on_shard_disconnect(self, shard: int) -> None:
        """A connection was cut."""
        self._shards_up.discard(shard)
        self.services.parts.fails(Platform.DISCORD, Why.UNREACHABLE)

    async def on_ready(self) -> None:
        """Discord has told of every server that the bot is in: of a watched one it is not in, the log tells."""
        if self.may_read:
            await self.reader.tell_of_absence({guild.id for guild in self.guilds})

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """It may have been looked at in the moment between a new session and this, with what was known before."""
        self._hold(guild)
        await self._catch_up(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Invited, perhaps again: what was refused because we were not there may work now."""
        self.acting.refusals.forget(str(guild.id))
        await outbox.again(self.services, f"{Platform.DISCORD}:{guild.id}")
        await self.on_guild_available(guild)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """A server is out of reach, or the bot was put out: what is missed meanwhile is read afterwards."""
        self._hold(guild)

    on_guild_remove = on_guild_unavailable

    def _hold(self, guild: discord.Guild) -> None:
        self.reader.hold(lambda held: held == guild.id)

    async def _catch_up(self, guild: discord.Guild) -> None:
        if self.may_read:
            await self.reader.catch_up(guild)

    async def on_message(self, message: discord.Message) -> None:
        """A message of a server is for the reader and may be a question; one to the bot alone is a question."""
        if message.author.id == self.me:
            return
        if message.guild is None:
            is_private = getattr(message.channel, "guild_id", None) is None  # a server that could not be read has one
            if is_private and not is_by_bot(message):
                await self.questions.in_private(message)
            return
        if self.may_read:
            self.reader.take(message)
        if not is_by_bot(message):
            await self.questions.in_public(message)

    async def on_raw_message_edit(self, change: discord.RawMessageUpdateEvent) -> None:
        """Pictures that were there before are known to the inbox."""
        message = change.message
        if message.author.id == self.me or not (message.embeds or components_of(message)):
            return
        if change.guild_id is None:
            await self.questions.preview(message)
        elif self.may_read:
            self.reader.late(message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody used a command, a menu or a button."""
        await self.interactions.take(interaction)

    async def events_of(self, message: discord.Message) -> list[ImageEvent]:
        """The events of a posted message, with what is needed to know who its author is. Raises RetryLater."""
        if message.author.id == self.me or not pictures_of(message):
            return []
        await self.members.complete(message)
        return incoming_of(message).events()

    async def on_thread_join(self, thread: discord.Thread) -> None:
        """Threads of a channel that is no longer hidden are told of later."""
        await self._catch_up(thread.guild)

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is new, or no longer hidden from the bot."""
        await self._rights_changed(channel.guild)

    async def on_guild_role_update(self, _before: object, after: discord.abc.GuildChannel | discord.Role) -> None:
        await self._rights_changed(after.guild)

    on_guild_channel_update = on_guild_role_update

    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Without the members intent Discord tells of ourselves only."""
        await self._rights_changed(after.guild)

    async def _rights_changed(self, guild: discord.Guild) -> None:
        """What was refused may be allowed now, and channels that were read may be hidden."""
        self.acting.refusals.forget(str(guild.id))
        await outbox.again(self.services, f"{Platform.DISCORD}:{guild.id}")
        if self.may_read:
            await self.reader.look_again(guild)
