"""The one post with which a person who sets a community up tries it out: looked at, although its author is staff.

/setup --begin--> the next post of that person there, within ten minutes --is_of--> looked at, and answered
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(minutes=10)
MOST = 1000

type Who = tuple[str, str]
"""Community (PLATFORM:ID) and person."""


@dataclass(slots=True)
class Trials:
    """Who may try, since when, and with which message they did; in memory, since after a restart set-up begins anew."""

    since: dict[Who, tuple[datetime, str]] = field(default_factory=dict)

    def begin(self, home: str, person: str, now: datetime) -> None:
        """Note that the next post of this person in that community is a trial."""
        self.since.pop((home, person), None)
        self.since[home, person] = (now, "")
        while len(self.since) > MOST:
            del self.since[next(iter(self.since))]

    def is_of(self, home: str, person: str, message: str, now: datetime) -> bool:
        """Return whether a message is somebody's trial: the first one in time, with all its pictures."""
        began, tried = self.since.get((home, person), (None, ""))
        if began is None or now - began > WITHIN or tried not in ("", message):
            return False
        self.since[home, person] = (began, message)
        return True
