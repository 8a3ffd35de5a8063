"""Who runs a chat, as Telegram says; remembered for a minute."""

import time
from collections.abc import Callable

from cachetools import TTLCache

from bot.fronts.telegram.api import Bot, kept

REMEMBERED_S, FRESH_S = 60.0, 5.0
MOST_CHATS = 2_000


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
            users = await self._ask(chat)
        return user in users

    async def _ask(self, chat: int) -> frozenset[int]:
        """All of them; nobody where we are not let in."""
        found = await kept(self._bot.get_chat_administrators(chat))
        users = frozenset(one.user.id for one in found or ())
        self._known[chat] = (self._clock(), users)
        return users
