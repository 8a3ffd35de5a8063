"""A limit on how often one person may ask, kept in memory: a restart forgives."""

from collections import deque
from datetime import datetime, timedelta

from cachetools import TTLCache

from core.ports import Clock
from handlers.expiring import expiring

MOST_PEOPLE = 10_000


class Allowance:
    """Allows each person `count` questions within `per`."""

    def __init__(self, count: int, per: timedelta, clock: Clock) -> None:
        self._count, self._per, self._clock = count, per, clock
        self._asked: TTLCache[str, deque[datetime], datetime] = expiring(MOST_PEOPLE, per, clock)

    def take(self, who: str, many: int = 1) -> timedelta | None:
        """Count `many` more and return None if they are allowed; else count nothing and return the time left."""
        now = self._clock()
        asked = self._asked.get(who, deque[datetime]())
        while asked and asked[0] <= now - self._per:
            asked.popleft()
        many = min(many, self._count)
        if len(asked) + many > self._count:
            return asked[len(asked) + many - self._count - 1] + self._per - now
        asked.extend([now] * many)
        self._asked[who] = asked  # set anew, so that the time until it is forgotten begins again
        return None
