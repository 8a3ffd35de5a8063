"""What passed by lately, in memory: Telegram tells bots no more of it. No harm is done if a restart forgets it.

Albums    the messages of an album, which arrive one by one
People    who has a user name: by it Telegram tells bots nobody's number
Titles    what chats are called
"""

import asyncio
import time
from collections.abc import Sequence

from cachetools import LRUCache

from core.messages import Incoming, Person

MOST_ALBUMS, MOST_PEOPLE, MOST_CHATS = 1_000, 10_000, 2_000
PAUSE_S = 1.0
"""This long after the latest picture of an album all of them are there."""


class Albums:
    """The newest albums."""

    def __init__(self) -> None:
        self._albums: LRUCache[tuple[str, str], dict[int, Incoming]] = LRUCache(MOST_ALBUMS)
        self._latest: LRUCache[tuple[str, str], float] = LRUCache(MOST_ALBUMS)

    def note(self, message: Incoming) -> None:
        """Keep a message of an album, as it now is."""
        if message.group:
            key = (message.space.channel, message.group)
            self._albums[key] = {**self._albums.get(key, {}), int(message.message): message}
            self._latest[key] = time.monotonic()

    async def of(self, message: Incoming) -> Sequence[Incoming]:
        """The whole album of a message, in order, once it is there; of no album, it alone."""
        key = (message.space.channel, message.group)
        if message.group and time.monotonic() - self._latest.get(key, 0.0) < PAUSE_S:
            await asyncio.sleep(PAUSE_S)
        parts = {int(message.message): message, **self._albums.get(key, {})}
        return [part for _, part in sorted(parts.items())] if message.group else [message]


class People:
    """Who wrote or pressed something lately, by user name."""

    def __init__(self) -> None:
        self._people: LRUCache[str, Person] = LRUCache(MOST_PEOPLE)

    def note(self, person: Person) -> None:
        if person.handle:
            self._people[person.handle.lower()] = person

    def named(self, handle: str) -> Person | None:
        """Whoever has that user name, written with its "@" or without."""
        return self._people.get(f"@{handle.lower().removeprefix('@')}")


class Titles:
    """What chats are called, by their number."""

    def __init__(self) -> None:
        self._titles: LRUCache[int, str] = LRUCache(MOST_CHATS)

    def note(self, chat: int, title: str) -> None:
        if title and self._titles.get(chat) != title:
            self._titles[chat] = title

    def of(self, chat: int) -> str:
        """The title, "" if nothing was heard from there."""
        return self._titles.get(chat, "")
