"""How the Telegram peer hands updates to the bot: one queue, emptied by getUpdates or by a webhook.

    updates.add("message", {...})                  # kept until it is confirmed
    await updates.poll(offset, limit, timeout)     # an offset confirms everything below it
    updates.hook_up(Hook(url, secret))             # an answer 2xx confirms; anything else is tried again

`duplicates` updates more are delivered of each after its confirmation, as can happen with the real one.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.peers.telegram_text import Json, Refusal

OFF_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
HOOK_PATIENCE = ClientTimeout(total=10)
HOOK_PAUSE_S = 0.1
LONGEST_POLL_S = 50
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
SECOND_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Cut(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where updates are posted to."""

    url: str
    secret: str = ""
    max_connections: int = 40


@dataclass(slots=True)
class _Entry:
    update: Json
    left: int  # times that it is still delivered after its confirmation

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


class Updates:
    """The queue. Its events belong to the loop of the test."""

    def __init__(self, first_id: int = 1001) -> None:
        self.confirmed = first_id - 1
        self.polls = 0
        self.duplicates = 0
        self.down = False
        self.hook: Hook | None = None
        self.hook_error: tuple[str, int] | None = None
        self._allowed: frozenset[str] = frozenset()
        self._last = first_id - 1
        self._queue: list[_Entry] = []
        self._poll_turn = 0
        self._poll_ended_by: Exception = Cut()
        self._news = asyncio.Event()
        self._delivery: asyncio.Task[None] | None = None

    @property
    def pending(self) -> list[Json]:
        """The updates that the bot has not confirmed."""
        return [entry.update for entry in self._queue if entry.id > self.confirmed]

    def allow(self, kinds: Iterable[str] | None) -> None:
        """None leaves it as it is, an empty list means the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed)

    def add(self, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot wants none of its kind."""
        if kind not in self._allowed if self._allowed else kind in OFF_BY_DEFAULT:
            return
        self._last += 1
        self._queue.append(_Entry({"update_id": self._last, kind: payload}, self.duplicates))
        self._news.set()

    def tell(self, parts: Json) -> None:
        """Queue an update that says this, whatever it is."""
        self._last += 1
        self._queue.append(_Entry({"update_id": self._last, **parts}, self.duplicates))
        self._news.set()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109  Telegram's name
        """The answer to getUpdates; an older call that still waits ends with a conflict."""
        if self.hook:
            raise Refusal(409, f"Conflict: {HOOKED}")
        turn = self.end_polls(Refusal(409, f"Conflict: {SECOND_POLL}"))
        self.polls += 1
        self._confirm(offset)
        with suppress(TimeoutError):
            async with asyncio.timeout(min(LONGEST_POLL_S, timeout)):
                await self._something(turn)
        return [entry.update for entry in self._queue[: limit if 1 <= limit <= 100 else 100]]

    async def _something(self, turn: int) -> None:
        while not self._queue or turn != self._poll_turn:
            if turn != self._poll_turn:
                raise self._poll_ended_by
            self._news.clear()
            await self._news.wait()

    def end_polls(self, why: Exception) -> int:
        """Whoever waits is told why it is over; the number of the poll that may wait now."""
        self._poll_turn += 1
        self._poll_ended_by = why
        self._news.set()
        return self._poll_turn

    def _confirm(self, offset: int) -> None:
        if offset < 0:  # "the last n": everything before them is forgotten
            offset = self._last + 1 + offset
        self.confirmed = max(self.confirmed, min(offset - 1, self._last))
        for entry in [entry for entry in self._queue if entry.id < offset]:
            self._again_or_done(entry)

    def _again_or_done(self, entry: _Entry) -> None:
        if entry.left:
            entry.left -= 1
        elif entry in self._queue:  # deleteWebhook may have dropped it meanwhile
            self._queue.remove(entry)

    def drop_pending(self) -> None:
        self.confirmed = self._last
        self._queue.clear()

    def hook_up(self, hook: Hook | None) -> None:
        """Set, change or remove the webhook."""
        self.hook = hook
        self.hook_error = None
        if hook:
            self.end_polls(Refusal(409, "Conflict: terminated by setWebhook request"))
        if hook and self._delivery is None:
            self._delivery = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        """Post one update after the other, each until it is taken."""
        async with ClientSession(timeout=HOOK_PATIENCE) as session:
            while True:
                if not self._queue or not self.hook or self.down:
                    self._news.clear()
                    await self._wait_for_news()
                elif not await self._taken(session, self.hook, self._queue[0]):
                    await asyncio.sleep(HOOK_PAUSE_S)

    async def _wait_for_news(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(HOOK_PAUSE_S):  # being down or unhooked ends without news
                await self._news.wait()

    async def _taken(self, session: ClientSession, hook: Hook, entry: _Entry) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=entry.update, headers=headers, allow_redirects=False) as answer:
                if answer.status // 100 == 2:
                    self.confirmed = max(self.confirmed, entry.id)
                    self._again_or_done(entry)
                    return True
                error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            error = "Read timeout expired"
        except (ClientError, OSError):
            error = "Connection refused"
        self.hook_error = error, int(time.time())
        return False

    async def close(self) -> None:
        self.end_polls(Cut())
        if self._delivery:
            self._delivery.cancel()
            await asyncio.gather(self._delivery, return_exceptions=True)
