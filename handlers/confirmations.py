"""Asks twice before what can't be undone: the first press tells what it does, the second within a minute does it."""

from datetime import datetime, timedelta

from cachetools import TTLCache

from core.ports import Clock
from handlers.expiring import expiring

WITHIN = timedelta(minutes=1)
MOST = 1000

type Press = tuple[str, str, int, str]
"""Platform, person, case and action of a button that was pressed."""


class Confirmations:
    """Who was asked to confirm what within a minute; in memory, because after a restart people are asked again."""

    def __init__(self, clock: Clock) -> None:
        self._asked: TTLCache[Press, bool, datetime] = expiring(MOST, WITHIN, clock)

    def is_sure(self, press: Press) -> bool:
        """Return whether this person was asked about this within a minute; else note that they are asked now."""
        if self._asked.pop(press, False):
            return True
        self._asked[press] = True
        return False
