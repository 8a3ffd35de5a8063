"""What Telegram told lately, in memory: it tells bots no more, or not as fast. No harm is done if a restart forgets it.

Albums            the messages of an album, which arrive one by one
Administrators    who runs a chat, remembered for a minute
Written           who wrote which messages of late, so that a ban can delete them
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta

from cachetools import LRUCache, TTLCache

from bot.fronts.telegram.api import Bot, kept
from core.messages import Incoming

MOST_ALBUMS, MOST_CHATS = 1_000, 2_000
PAUSE_S = 1.0
"""This long after the latest picture of an album all of them are there."""

REMEMBERED_S, FRESH_S = 60.0, 5.0
MOST_WRITTEN, DELETABLE = 50_000, timedelta(hours=47)
"""Bots can't delete what is two days old."""


class Albums:
    """The newest albums."""

    def __init__(self) -> None:
        self._albums: LRUCache[tuple[str, str], dict[int, Incoming]] = LRUCache(MOST_ALBUMS)
        self._growing: TTLCache[tuple[str, str], bool] = TTLCache(MOST_ALBUMS, PAUSE_S)

    def note(self, message: Incoming) -> None:
        """Keep a message of an album, as it now is."""
        if message.group:
            key = (message.space.channel, message.group)
            self._albums[key] = {**self._albums.get(key, {}), int(message.message): message}
            self._growing[key] = True

    async def of(self, message: Incoming) -> Sequence[Incoming]:
        """The whole album of a message, in order, once it is there; of no album, it alone."""
        if not message.group:
            return [message]
        key = (message.space.channel, message.group)
        if key in self._growing:
            await asyncio.sleep(PAUSE_S)
        parts = {int(message.message): message, **self._albums.get(key, {})}
        return [part for _, part in sorted(parts.items())]


class Administrators:
    """The administrators of chats, by their numbers."""

    def __init__(self, bot: Bot, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot, self._clock = bot, clock
        self._known: TTLCache[int, tuple[float, frozenset[int]]] = TTLCache(MOST_CHATS, REMEMBERED_S, clock)

    async def has(self, chat: int, user: int, *, now: bool) -> bool:
        """Whether they run the chat; who was just promoted is believed after a few seconds. Raises RetryLater.

        Who asks or decides must run it `now`: who was put out is refused after a few seconds, too. For a post, the
        memory of a minute is enough.
        """
        asked_at, users = self._known.get(chat, (-FRESH_S, frozenset[int]()))
        if (now or user not in users) and self._clock() - asked_at >= FRESH_S:
            found = await kept(self._bot.get_chat_administrators(chat))  # None where we are not let in
            users = frozenset(one.user.id for one in found or ())
            self._known[chat] = (self._clock(), users)
        return user in users


class Written:
    """The numbers of the newest messages of all chats, with their authors: no word of them, and nothing on a disk."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._since = clock, clock()
        self._newest: deque[tuple[float, int, int, int]] = deque(maxlen=MOST_WRITTEN)

    def note(self, message: Incoming) -> None:
        """Keep who wrote a message, as long as it can be deleted."""
        if not message.is_private and message.author.id.removeprefix("-").isdecimal():
            written = (self._clock(), int(message.space.channel), int(message.author.id), int(message.message))
            self._newest.append(written)
        while self._newest and self._newest[0][0] < self._clock() - DELETABLE.total_seconds():
            self._newest.popleft()

    @property
    def reach(self) -> timedelta:
        """How far back all messages are known: since the start of the bot, as far as there is room for them."""
        is_full = len(self._newest) == MOST_WRITTEN
        since = self._newest[0][0] if is_full else self._since
        return min(timedelta(seconds=self._clock() - since), DELETABLE)

    def by(self, chat: int, author: int, within: timedelta) -> list[int]:
        """The messages of an author in a chat, of so long ago at most, oldest first."""
        since = self._clock() - min(within, DELETABLE).total_seconds()
        return sorted({one[3] for one in self._newest if one[1:3] == (chat, author) and one[0] > since})
