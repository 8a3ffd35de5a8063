"""Asks twice before what can't be undone: the first press tells what it does, the second within a minute does it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=1)
MOST = 1000

type Press = tuple[str, str, int]
"""Platform, person and case of a button that was pressed."""


@dataclass(slots=True)
class Confirmations:
    """Who was asked to confirm what, and when; in memory, because after a restart people are asked again."""

    asked: dict[Press, datetime] = field(default_factory=dict)

    def is_sure(self, press: Press, now: datetime) -> bool:
        """Return whether this person was asked about this case within a minute; else note that they are asked now."""
        at = self.asked.pop(press, None)
        if at is not None and now - at <= WITHIN:
            return True
        self.asked[press] = now
        while len(self.asked) > MOST:
            del self.asked[next(iter(self.asked))]
        return False
