"""Works off the stored updates: in order within a chat, different chats side by side, each until it is done.

    waiting --read--> by chat --> posts (many in one commit), anything else (one after the other) --> done

What a crash interrupts is still stored and comes again at the next start; handlers and inbox make that harmless.
"""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Collection, Hashable, Sequence
from typing import Protocol

from core.backoff import INTAKE, Pauses
from core.errors import ResightError
from handlers.bell import Bell, tirelessly
from handlers.needs import HasUpdates

AT_ONCE, MOST = 200, 1000
"""How many updates are read at once, and taken up altogether."""

MOST_TRIES = 5
"""Of an update on which we fail by a bug of ours; what the weather or the disk refuses is tried for ever."""

log = logging.getLogger(__name__)


class Received(Protocol):
    """An update as a front understood it."""

    @property
    def number(self) -> int: ...

    @property
    def chat(self) -> Hashable:
        """Updates of one chat are worked off in order."""
        ...


class Later(Exception):
    """What an update says can't be known yet: it waits, and holds up nothing."""


class Conversation[Got: Received](Protocol):
    """What a front does with its updates."""

    @property
    def silent(self) -> tuple[type[Exception], ...]:
        """The errors of its library that say that the platform does not answer."""
        ...

    def understood(self, number: int, raw: bytes) -> Got | None:
        """What a stored update says; None for one that can never be read. Raises Later."""
        ...

    def is_post(self, received: Got) -> bool:
        """Whether nobody asks us anything with it."""
        ...

    async def accept(self, posts: Sequence[Got]) -> None:
        """Have the images of posts looked at."""
        ...

    async def handle(self, received: Got) -> None:
        """Answer any other update."""
        ...

    async def close(self) -> None: ...


class Worker[Got: Received]:
    """Hands each stored update of a platform to the conversation and crosses it off."""

    def __init__(self, services: HasUpdates, platform: str, conversation: Conversation[Got]) -> None:
        self._services = services
        self._platform = platform
        self._conversation = conversation
        self._taken: set[int] = set()
        self._aside: set[int] = set()
        self._failed = Counter[int]()
        self._alone: set[int] = set()
        self._queues: dict[Hashable, deque[Got]] = {}
        self.bell = Bell()

    async def run(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                await tirelessly(lambda: self._some(group), self.bell)
        finally:
            await self._conversation.close()

    async def _some(self, group: asyncio.TaskGroup) -> int:
        """Take up what is new; the number of updates."""
        received = await self._read()
        by_chat = self._sorted(received)
        await self._first_posts([queue for chat, queue in by_chat.items() if chat not in self._queues])
        for chat, queue in by_chat.items():
            self._taken.update(one.number for one in queue)
            if queue and chat in self._queues:
                self._queues[chat].extend(queue)
            elif queue:
                self._queues[chat] = queue
                group.create_task(self._work(chat, queue))
        return len(received)

    async def _first_posts(self, queues: Sequence[deque[Got]]) -> None:
        """What stands first in chats where nothing is under way, in one commit; if that fails each chat tries again."""
        posts = [self._posts(queue) for queue in queues]
        if not any(posts):
            return
        try:
            await self._accept([one for some in posts for one in some])
            return
        except ResightError as error:
            log.warning("%s", error)
        except Exception:  # a bug met on one post; on its own, each chat shows whose it is
            log.exception("first posts of %d chats are taken one chat after the other", len(queues))
        for queue, some in zip(queues, posts, strict=True):
            queue.extendleft(reversed(some))

    async def _read(self) -> list[Got]:
        """The next updates that nobody has taken up; one that can't be read never will be.

        What is crossed off while the database is asked may still be in its answer.
        """
        taken = frozenset(self._taken)
        room = min(AT_ONCE, MOST - len(taken - self._aside))
        rows = await self._services.updates.waiting(self._platform, len(taken) + room)
        broken, understood = list[int](), list[Got]()
        for number, raw in rows:
            if number not in taken:
                received = self._understood(number, raw)
                if received is not None:
                    understood.append(received)
                elif number not in self._aside:
                    broken.append(number)
        if broken:
            await self._services.updates.done(self._platform, broken)
        return understood

    def _understood(self, number: int, raw: bytes) -> Got | None:
        """What it says; None for what never will be read, and for one set aside: a bug of ours must not lose it."""
        try:
            return self._conversation.understood(number, raw)
        except Later:
            self._set_aside(number)
        except Exception:
            log.exception("update %d can't be understood; it is set aside until the next start", number)
            self._set_aside(number)
        return None

    def forget(self, numbers: Collection[int]) -> None:
        """Forget updates that were set aside and that somebody else has crossed off."""
        self._taken.difference_update(numbers)
        self._aside.difference_update(numbers)

    def _sorted(self, received: Sequence[Got]) -> dict[Hashable, deque[Got]]:
        by_chat: dict[Hashable, deque[Got]] = {}
        for one in received:
            by_chat.setdefault(one.chat, deque()).append(one)
        return by_chat

    def _posts(self, queue: deque[Got]) -> list[Got]:
        """Take from the front what is only to be looked at."""
        posts: list[Got] = []
        while queue and self._conversation.is_post(queue[0]):
            if posts and not self._alone.isdisjoint((posts[-1].number, queue[0].number)):
                break
            posts.append(queue.popleft())
        return posts

    async def _work(self, chat: Hashable, queue: deque[Got]) -> None:
        """One chat's updates in order, until there are no more; what fails is tried again before the next."""
        pauses = Pauses(INTAKE)
        try:
            while queue:
                await self._next(chat, queue, pauses)
        finally:
            del self._queues[chat]
            self.bell.ring()

    async def _next(self, chat: Hashable, queue: deque[Got], pauses: Pauses) -> None:
        """As many posts as there are, or one update of any other kind."""
        posts = self._posts(queue)
        try:
            if posts:
                await self._accept(posts)
            else:
                await self._conversation.handle(queue[0])
                await self._done([queue[0]])
                queue.popleft()
            pauses.forget()
            return
        except ResightError as error:
            log.warning("%s", error)
        except self._conversation.silent as error:  # the weather's
            log.warning("%s does not answer (%s); chat %s waits.", self._platform.title(), error, chat)
        except Exception:  # a bug; what is not crossed off is still stored
            log.exception("chat %s: an update is tried again", chat)
            if self._is_poison(posts or [queue[0]]):
                if not posts:
                    queue.popleft()
                return
        queue.extendleft(reversed(posts))
        await asyncio.sleep(pauses.after())

    def _is_poison(self, failed: Sequence[Got]) -> bool:
        """Whether it is set aside until the next start: it must not hold up its chat for ever, and is not lost.

        Of several that failed together nobody knows which it was, so from now on each goes alone.
        """
        self._alone.update(one.number for one in failed)
        if len(failed) > 1:
            return False
        (one,) = failed
        self._failed[one.number] += 1
        if self._failed[one.number] < MOST_TRIES:
            return False
        self._set_aside(one.number)
        log.error("Update %d is set aside until the next start.", one.number)
        return True

    def _set_aside(self, number: int) -> None:
        self._taken.add(number)
        self._aside.add(number)

    async def _accept(self, posts: Sequence[Got]) -> None:
        await self._conversation.accept(posts)
        await self._done(posts)

    async def _done(self, received: Collection[Got]) -> None:
        if received:
            numbers = [one.number for one in received]
            await self._services.updates.done(self._platform, numbers)
            self._taken.difference_update(numbers)
            self._alone.difference_update(numbers)
            for number in numbers:
                self._failed.pop(number, None)
