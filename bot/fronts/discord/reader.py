"""Takes what is posted in, in order, and knows how far each channel was read, so that nothing posted is missed.

    live message --queue--> inbox commits --> cursor, if the channel is level
    new session --hold--> no channel is level --history after the cursor--> inbox commits --> cursor --> level again

Until a channel is level, its live messages are taken in, too, but do not move its cursor: what lies between would never
be read. So the cursor of a channel that is hidden from us, or of a server that put us out, waits until we return.
Discord says with a server which message of a channel is the newest: where that was read, no history is asked for.
A cursor is written a moment after the inbox has committed; what a crash makes us read twice, the inbox knows.

A channel with no cursor begins where its watch began ("since:..."), or with what comes now.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Container, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

import discord
from cachetools import TLRUCache
from discord.utils import time_snowflake, utcnow

from bot.fronts.discord.messages import place_of
from bot.fronts.discord.parsing import pages
from bot.fronts.discord.rights import rights_in
from bot.fronts.discord.wire import UNREACHABLE
from core.backoff import HISTORY, INTAKE, Pauses
from core.cases import Policy
from core.errors import ResightError
from core.types import ImageEvent, Mode, Platform, Space
from core.walls import kept_up, stopped
from handlers.communities import EVERYWHERE
from handlers.intake import IntakeNeeds, accept
from handlers.needs import HasCursors

PAGE = 100
AT_ONCE = 4
FLUSH_S = 2.0
LOOK_AGAIN_S = 60.0
FORBIDDEN_S = 600.0
MOST_CHANNELS = 100_000
FARTHEST = timedelta(days=14)
"""How far back is read: nobody expects a post of last month to be acted on."""

type Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
type Events = Callable[[discord.Message], Awaitable[list[ImageEvent]]]
READABLE = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)
log = logging.getLogger(__name__)


class ReaderNeeds(IntakeNeeds, HasCursors, Protocol):
    """What reads what was missed."""


def _until(_channel: int, kept: tuple[int, float], now: float) -> float:
    """When a channel may be read again: what is kept is its guild, and for how many seconds not."""
    return now + kept[1]


class Reader:
    """`events_of` makes the events of a message; `run` is to be running."""

    def __init__(self, services: ReaderNeeds, events_of: Events) -> None:
        self._services = services
        self._events_of = events_of
        self._queue: asyncio.Queue[discord.Message] = asyncio.Queue()
        self._cursors: dict[str, str] = {}
        self._unwritten: set[str] = set()
        self._level: dict[int, int] = {}
        self._not_now: TLRUCache[int, tuple[int, float], float] = TLRUCache(MOST_CHANNELS, _until, time.monotonic)
        self._hidden: set[int] = set()
        self._reading: dict[int, tuple[int, asyncio.Task[None]]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._ended = False

    async def load(self) -> None:
        """Remember where reading ended; to be called before anything is read."""
        self._cursors = dict(await self._services.cursors.get(Platform.DISCORD))

    async def run(self) -> None:
        """Commit what comes in, until cancelled; what was read by then is written down."""
        writing = asyncio.create_task(kept_up("The writing of Discord's cursors", self._write_forever))
        try:
            while True:
                await self._commit(await self._waiting())
        finally:
            self._ended = True  # the gateway may still tell of a guild, whose channels nothing could read any more
            await stopped([writing, *(task for _, task in self._reading.values())])
            with contextlib.suppress(ResightError):  # then it is read twice
                await self._write()

    def take(self, message: discord.Message) -> None:
        """A live message. It must be called in the order in which Discord told of them."""
        self._queue.put_nowait(message)
        if message.guild and isinstance(message.channel, READABLE):
            self._catch_up(message.channel, message.guild.id, message.id - 1)

    def late(self, message: discord.Message) -> None:
        """A message with pictures that came after it; where reading begins is not its matter."""
        self._queue.put_nowait(message)

    def hold(self, is_concerned: Callable[[int], bool]) -> None:
        """A new session began for these guilds: what happened before it is not known."""
        for channel, guild in list(self._level.items()):
            if is_concerned(guild):
                del self._level[channel]
        for channel, (guild, task) in list(self._reading.items()):
            if is_concerned(guild):
                task.cancel()
                self._reading.pop(channel)

    async def catch_up(self, guild: discord.Guild) -> None:
        """Read what was missed in the guild's watched channels and their open threads."""
        policies = await self._services.policies.of_platform(Platform.DISCORD)
        for number in watched_by_number(str(guild.id), policies):
            if guild.get_channel(number) is None:
                self._hide(number, f"channel {number} of {guild}: it is gone, or needs View Channel")
        for channel in watched_in(guild, policies):
            newest = channel.last_message_id or channel.id
            if not self._may_read(channel) or channel.id in self._reading:
                continue
            if (start := self._start(channel, place_of(channel)[0], newest)) >= newest:
                self._move(channel.id, start)
                self._level[channel.id] = guild.id
            else:
                self._catch_up(channel, guild.id, newest)

    def _may_read(self, channel: Readable) -> bool:
        """Whether we may; a channel that is hidden from us is not level any more, so that its cursor waits."""
        me = channel.guild.me
        held = rights_in(channel, me) if me else discord.Permissions.all()
        if held.view_channel and held.read_message_history:
            self._hidden.discard(channel.id)
            return True
        self._level.pop(channel.id, None)
        self._hide(channel.id, f"#{channel} of {channel.guild}: it needs View Channel and Read Message History")
        return False

    async def tell_of_absence(self, present: Container[int]) -> None:
        """Tell of each watched channel of a server that put us out, of which Discord says nothing any more."""
        policies = await self._services.policies.of_platform(Platform.DISCORD)
        communities = {space.community for space in policies if space.community.isdecimal()}
        for community in sorted(one for one in communities if int(one) not in present):
            for number in watched_by_number(community, policies):
                self._hide(number, f"channel {number} of the server {community}, which I am not in: invite me again")

    def _hide(self, channel: int, what: str) -> None:
        """Say once what is watched and can't be read, and why; again after it could be read."""
        if channel not in self._hidden:
            log.warning("Discord: I may not read %s.", what)
            self._hidden.add(channel)

    async def look_again(self, guild: discord.Guild) -> None:
        """What is watched there has changed, or what may be read."""
        for channel in [channel for channel, (theirs, _) in self._not_now.items() if theirs == guild.id]:
            self._not_now.pop(channel, None)
        await self.catch_up(guild)

    async def begin(self, space: Space, at: int) -> None:
        """The watch of a channel begins now: what was posted there before was not to be looked at."""
        if (await self._services.policies.for_space(space)).mode is Mode.OFF:
            since = {_since(space.community if space.channel == EVERYWHERE else space.channel): str(at)}
            await self._services.cursors.advance(Platform.DISCORD, since)
            self._cursors |= since

    def _catch_up(self, channel: Readable, guild: int, otherwise: int) -> None:
        """Begin to read a channel, unless it is level, is being read, or can't be."""
        if self._ended:
            return
        if channel.id in self._level or channel.id in self._reading:
            return
        if channel.id not in self._not_now and self._may_read(channel):
            task = asyncio.create_task(self._guarded(channel, guild, otherwise))
            self._reading[channel.id] = (guild, task)
            task.add_done_callback(lambda done: self._over(channel.id, done))

    def _over(self, channel: int, task: asyncio.Task[None]) -> None:
        if self._reading.get(channel, (0, None))[1] is task:
            self._reading.pop(channel)

    async def _guarded(self, channel: Readable, guild: int, otherwise: int) -> None:
        """A channel that can't be read stops no other."""
        pauses = Pauses(HISTORY)
        while True:
            try:
                return await self._read(channel, guild, otherwise)
            except discord.Forbidden:
                log.warning("Discord: I may not read #%s: it needs Read Message History.", channel)
                self._not_now[channel.id] = guild, FORBIDDEN_S
                return None
            except discord.NotFound:
                return None
            except (*UNREACHABLE, discord.HTTPException, ResightError) as error:
                log.warning("Discord: #%s could not be read (%s); it is tried again.", channel, error)
            except Exception:  # a bug; unread, the channel's cursor stays where it is
                log.exception("Discord: #%s could not be read; it is tried again.", channel)
            await asyncio.sleep(pauses.after())

    async def _read(self, channel: Readable, guild: int, otherwise: int) -> None:
        """Everything after the cursor; then the channel is level."""
        space, _ = place_of(channel)
        if (await self._services.policies.for_space(space)).mode is Mode.OFF:
            self._not_now[channel.id] = guild, LOOK_AGAIN_S
            return
        start = self._start(channel, space, otherwise)
        self._move(channel.id, start)
        async with self._slots:
            async for last, page in pages(channel, start):
                await self._take_in(page)
                self._move(channel.id, last)
        self._move(channel.id, otherwise)  # Discord may call the newest what is deleted by now
        self._level[channel.id] = guild

    def _start(self, channel: Readable, space: Space, otherwise: int) -> int:
        """Where reading begins: the cursor, or where the watch began, or where the channel did, or now."""
        known = int(self._cursors.get(str(channel.id), "0"))
        since = int(self._cursors.get(_since(space.channel)) or self._cursors.get(_since(space.community), "0"))
        first = max(known, since) if known else max(since, channel.id) if since else otherwise
        return max(first, time_snowflake(utcnow() - FARTHEST))

    async def _waiting(self) -> list[discord.Message]:
        """What has come in, once something has."""
        found = [await self._queue.get()]
        while len(found) < PAGE and not self._queue.empty():
            found.append(self._queue.get_nowait())
        return found

    async def _commit(self, messages: Sequence[discord.Message]) -> None:
        """A full disk or a full inbox makes all wait: nothing that was posted may be lost."""
        pauses = Pauses(INTAKE)
        while True:
            try:
                await self._take_in(messages)
                break
            except ResightError as error:
                log.warning("Discord: %s", error)
                await asyncio.sleep(pauses.after())
        for message in messages:
            if message.channel.id in self._level:
                self._move(message.channel.id, message.id)

    async def _take_in(self, messages: Sequence[discord.Message]) -> None:
        try:
            await accept(self._services, [event for message in messages for event in await self._events_of(message)])
        except ResightError:
            raise
        except Exception:  # a bug met on one message must not cost the others their verdict
            if len(messages) == 1:
                log.exception("message %d could not be taken in", messages[0].id)
                return
            for message in messages:
                await self._take_in([message])

    def _move(self, channel: int, message: int) -> None:
        """Never backwards."""
        if message > int(self._cursors.get(str(channel), "0")):
            self._cursors[str(channel)] = str(message)
            self._unwritten.add(str(channel))

    async def _write_forever(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_S)
            with contextlib.suppress(ResightError):  # a full disk: the next time
                await self._write()

    async def _write(self) -> None:
        moved = {channel: self._cursors[channel] for channel in self._unwritten}
        await self._services.cursors.advance(Platform.DISCORD, moved)
        self._unwritten -= {channel for channel, cursor in moved.items() if self._cursors[channel] == cursor}


def _since(place: str) -> str:
    """The key under which the beginning of a watch is kept, beside the channels' cursors."""
    return f"since:{place}"


def watched_by_number(community: str, policies: Mapping[Space, Policy]) -> Iterator[int]:
    """The numbers of the channels of a server that are watched on their own account."""
    for space, policy in policies.items():
        if space.community == community and space.channel.isdecimal() and policy.mode is not Mode.OFF:
            yield int(space.channel)


def watched_in(guild: discord.Guild, policies: Mapping[Space, Policy]) -> Iterator[Readable]:
    """The channels of a guild that are watched, and the open threads in them."""
    modes = {space.channel: policy.mode for space, policy in policies.items() if space.community == str(guild.id)}
    otherwise = modes.get(EVERYWHERE, Mode.OFF)
    watched = {channel.id for channel in guild.channels if modes.get(str(channel.id), otherwise) is not Mode.OFF}
    yield from (one for one in guild.channels if isinstance(one, READABLE) and one.id in watched)
    yield from (thread for thread in guild.threads if thread.parent_id in watched)
