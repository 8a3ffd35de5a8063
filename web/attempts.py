"""Counts wrong tokens for each client: after 20 in 15 minutes it must wait. The right token never has to."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import web
from cachetools import TTLCache

from core.ports import Clock
from handlers.expiring import expiring
from web.problems import Failed, Problem
from web.proxies import client_of

WINDOW = timedelta(minutes=15)
AT_MOST = 20
MOST_ADDRESSES = 10_000
OF_ONE_HOME = 64
"""Bits of an IPv6 address that identify a customer; the rest is theirs to choose."""


class Attempts:
    """Wrong tokens of the last 15 minutes by client; a flood of addresses does not fill the memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: TTLCache[str, list[datetime], datetime] = expiring(MOST_ADDRESSES, WINDOW, clock)

    def wait(self, client: str) -> timedelta:
        """Return how long the client must wait; zero if it may try."""
        now = self._clock()
        recent = [at for at in self._failed.get(client, []) if now - at < WINDOW]
        return recent[-AT_MOST] + WINDOW - now if len(recent) >= AT_MOST else timedelta()

    def note(self, client: str) -> None:
        """Note a failed attempt of this client."""
        self._failed[client] = [*self._failed.get(client, [])[1 - AT_MOST :], self._clock()]

    def forget(self, client: str) -> None:
        """Forget the failed attempts of this client."""
        self._failed.pop(client, None)


ATTEMPTS = web.AppKey("attempts", Attempts)


def count(request: web.Request) -> None:
    """Count a wrong token; raises Failed after too many."""
    attempts, client = request.app[ATTEMPTS], home_of(client_of(request))
    seconds = int(attempts.wait(client).total_seconds())
    if seconds > 0:
        values, headers = {"minutes": seconds // 60 + 1}, {"Retry-After": str(seconds)}
        raise Failed(Problem(status=429, reason="attempts", values=values, headers=headers))
    attempts.note(client)


def forget(request: web.Request) -> None:
    """Forget the client's wrong tokens: it knows the right one."""
    request.app[ATTEMPTS].forget(home_of(client_of(request)))


def home_of(client: str) -> str:
    """Return the address, or for IPv6 the network of one customer."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    return str(ip_network((address, OF_ONE_HOME), strict=False)) if isinstance(address, IPv6Address) else client
