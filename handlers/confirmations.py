"""What can't be undone is asked for twice: the first press tells what it does, the second within a minute does it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=1)
MOST = 1000

type Press = tuple[str, str, int]
"""Platform, person, case."""


@dataclass(slots=True)
class Confirmations:
    """Who was asked about what, and when; in memory, because who was asked before a restart is asked again."""

    asked: dict[Press, datetime] = field(default_factory=dict)

    def is_sure(self, press: Press, now: datetime) -> bool:
        """Whether this person was asked about this case a moment ago; else they are now."""
        at = self.asked.pop(press, None)
        if at is not None and now - at <= WITHIN:
            return True
        self.asked[press] = now
        while len(self.asked) > MOST:
            del self.asked[next(iter(self.asked))]
        return False
