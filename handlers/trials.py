"""The one post with which a person who sets a community up tries it out: looked at, although its author is staff.

/setup --begin--> the next post of that person there, within ten minutes --is_of--> looked at, and answered
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cachetools import TTLCache

from core.ports import Clock
from handlers.expiring import expiring

WITHIN = timedelta(minutes=10)
MOST = 1000


@dataclass(slots=True)
class _Trial:
    """`message` is the one with which somebody tried, "" before they did."""

    message: str = ""


class Trials:
    """Who may try, and with which message they did; in memory, since after a restart set-up begins anew."""

    def __init__(self, clock: Clock) -> None:
        self._trials: TTLCache[tuple[str, str], _Trial, datetime] = expiring(MOST, WITHIN, clock)

    def begin(self, home: str, person: str) -> None:
        """Note that the next post of this person in that community (PLATFORM:ID) is a trial."""
        self._trials[home, person] = _Trial()

    def is_of(self, home: str, person: str, message: str) -> bool:
        """Return whether a message is somebody's trial: the first one in time, with all its pictures."""
        trial = self._trials.get((home, person))
        if trial is None or trial.message not in ("", message):
            return False
        trial.message = message
        return True
