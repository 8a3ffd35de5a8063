"""Maps in memory that forget by themselves: entries whose time is over, and of a full map the one unused longest.

expiring(most, within, clock)   by our clock, which tests turn
"""

from datetime import datetime, timedelta

from cachetools import TTLCache

from core.ports import Clock


def expiring[Key, Value](most: int, within: timedelta, clock: Clock) -> TTLCache[Key, Value, datetime]:
    """Return an empty map of at most `most` entries, each of which is gone `within` a time after it was set."""
    return TTLCache(most, within, clock)
