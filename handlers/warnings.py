"""Remembers which communities were warned, and when; in memory, since they may be warned again after a restart."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

A_DAY = timedelta(days=1)
MOST = 1000


@dataclass(slots=True)
class Warnings:
    """When each community (PLATFORM:ID) was warned, and those to whose moderators the newest card was refused."""

    at: dict[str, datetime] = field(default_factory=dict)
    blind: dict[str, None] = field(default_factory=dict)

    def is_due(self, home: str, now: datetime) -> bool:
        """Return whether a community was not warned within a day; then note that it is warned now."""
        before = self.at.pop(home, None)
        if before is not None and now - before < A_DAY:
            self.at[home] = before
            return False
        self.at[home] = now
        while len(self.at) > MOST:
            del self.at[next(iter(self.at))]
        return True

    def forget(self, home: str) -> None:
        """Forget a warning that nobody could be told, so that it is due again."""
        self.at.pop(home, None)

    def sees_nothing(self, home: str) -> None:
        """Note that its moderators were refused a card."""
        self.blind[home] = None
        while len(self.blind) > MOST:
            del self.blind[next(iter(self.blind))]

    def is_blind(self, home: str) -> bool:
        """Return whether the newest card of a community was refused."""
        return home in self.blind

    def sees(self, home: str) -> bool:
        """Note that its moderators were shown a card; return whether the one before was refused."""
        was_blind = home in self.blind
        self.blind.pop(home, None)
        return was_blind
