"""Remembers which communities were warned, and when; in memory, since they may be warned again after a restart."""

from datetime import datetime, timedelta

from cachetools import LRUCache, TTLCache

from core.ports import Clock
from handlers.expiring import expiring

A_DAY = timedelta(days=1)
MOST = 1000


class Warnings:
    """Which communities (PLATFORM:ID) were warned within a day, and whose moderators were refused the newest card."""

    def __init__(self, clock: Clock) -> None:
        self._warned: TTLCache[str, bool, datetime] = expiring(MOST, A_DAY, clock)
        self.blind: LRUCache[str, bool] = LRUCache(MOST)

    def is_due(self, home: str) -> bool:
        """Return whether a community was not warned within a day; then note that it is warned now."""
        is_due = home not in self._warned
        if is_due:
            self._warned[home] = True
        return is_due

    def forget(self, home: str) -> None:
        """Forget a warning that nobody could be told, so that it is due again."""
        self._warned.pop(home, None)

    def sees_nothing(self, home: str) -> None:
        """Note that its moderators were refused a card."""
        self.blind[home] = True

    def is_blind(self, home: str) -> bool:
        """Return whether the newest card of a community was refused."""
        return home in self.blind

    def sees(self, home: str) -> bool:
        """Note that its moderators were shown a card; return whether the one before was refused."""
        return self.blind.pop(home, False)
