"""How much each person may ask, and who said that an image follows; in memory, because a restart forgives."""

import math
from datetime import datetime, timedelta

from cachetools import TTLCache

from core.chat import Said
from core.messages import Asked, Incoming
from core.ports import Clock
from handlers.brakes import Allowance
from handlers.expiring import expiring

MINUTE = timedelta(minutes=1)
MOST_PEOPLE = 10_000


class Patience:
    """Who asked how much in the last minute, and who said that an image follows."""

    def __init__(self, asks_a_minute: int, clock: Clock) -> None:
        self._allowance = Allowance(asks_a_minute, MINUTE, clock)
        self._awaited: TTLCache[tuple[str, str], str, datetime] = expiring(MOST_PEOPLE, MINUTE, clock)
        self._told: TTLCache[str, bool, datetime] = expiring(MOST_PEOPLE, MINUTE, clock)

    def too_many(self, person: str, images: int) -> tuple[Said | None, bool]:
        """What to say to one who asks faster than allowed, and whether to say it: once a minute."""
        wait = self._allowance.take(person, images)
        if wait is None:
            return None, False
        is_new = person not in self._told
        self._told[person] = True
        return Said(key="said.slow-down", values={"seconds": max(1, math.ceil(wait.total_seconds()))}), is_new

    def expect(self, asked: Asked) -> None:
        """An image follows; until it begins an album, "" is the album."""
        self._awaited[asked.space.channel, asked.who.id] = ""

    @property
    def expects(self) -> bool:
        """Whether anybody's image is expected: until then a front need not look closely at what is posted."""
        return bool(self._awaited)

    def is_expected(self, message: Incoming) -> bool:
        """Whether this person asked first and sends the image now; the rest of an album comes with its first."""
        return self._awaited.get((message.space.channel, message.author.id)) in ("", message.group)

    def came(self, asked: Asked) -> None:
        """One image was promised; the others of its album may still come."""
        key, album = (asked.space.channel, asked.who.id), asked.own.group if asked.own else ""
        if key in self._awaited and album:
            self._awaited[key] = album
        else:
            self._awaited.pop(key, None)
