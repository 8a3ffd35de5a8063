"""How much of what is being sent lies in memory at once, and how long sending it may take.

Gate     the bytes of all bodies that are being read or worked on; one client has half of them at most
Ticket   what one request holds of that, until it is answered
Pace     how slow a sender may be: silent for 10 s, or under 8 kB/s after a while, is too slow
"""

import asyncio
import ctypes
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from web.problems import Failed, Problem

AT_ONCE = 4
"""Bodies of the largest size that may be held together."""
PATIENCE = 15.0
"""Seconds that a sender waits for room before it is told to come again."""
SILENT, GRACE, SLOWEST = 10.0, 15.0, 8 << 10
RETRY_AFTER = "5"
LARGE = 1 << 20
"""Size of buffers that glibc keeps for the next time once freed; after a flood they are as large as the flood."""


@dataclass(slots=True)
class BodyMemory:
    """Room for `most` bytes of request bodies; nothing is read before there is room for all of it."""

    most: int
    held: Counter[str] = field(default_factory=Counter)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def fits(self, client: str, size: int) -> bool:
        """Return whether this client may hold `size` more bytes in memory now."""
        return self.held.total() + size <= self.most and self.held[client] + size <= self.most // 2

    async def take(self, client: str, size: int) -> None:
        """Wait for room and hold it; raises Failed if there is none for long."""
        try:
            async with asyncio.timeout(PATIENCE), self.changed:
                await self.changed.wait_for(lambda: self.fits(client, size))
                self.held[client] += size
        except TimeoutError:
            raise Failed(Problem(status=503, reason="crowded", headers={"Retry-After": RETRY_AFTER})) from None

    async def give_back(self, client: str, size: int) -> None:
        """Release `size` bytes that the client held, and wake those who wait for room."""
        async with self.changed:
            self.held[client] -= size
            self.held += Counter()  # drops the clients that hold nothing
            self.changed.notify_all()
        if size >= LARGE and not self.held:
            give_memory_back()


@dataclass(slots=True)
class BodyShare:
    """The bytes that one request holds."""

    memory: BodyMemory
    client: str
    size: int = 0

    async def hold(self, size: int) -> None:
        """Wait for room for `size` more bytes, and hold them until the request ends."""
        if size:
            await self.memory.take(self.client, size)
            self.size += size


@dataclass(slots=True)
class Pace:
    """Counts the bytes that have come, and gives up on a sender who is too slow."""

    began: float = field(default_factory=time.monotonic)
    come: int = 0

    async def wait[T](self, coming: Awaitable[T]) -> T:
        """Return what comes, if it comes in time; raises Failed."""
        late = self.began + GRACE + self.come / SLOWEST - time.monotonic()
        try:
            async with asyncio.timeout(min(SILENT, late)):
                return await coming
        except TimeoutError:
            raise Failed(Problem(status=408, reason="too-slow")) from None


def give_memory_back() -> None:
    """Return freed memory to the system, if its C library can do that."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


BODY_MEMORY = web.AppKey("body_memory", BodyMemory)
BODY_SHARE = web.RequestKey("body_share", BodyShare)


@asynccontextmanager
async def admitted(request: web.Request, client: str) -> AsyncIterator[None]:
    """Release whatever the request came to hold, once it has been answered."""
    share = request[BODY_SHARE] = BodyShare(request.app[BODY_MEMORY], client)
    try:
        yield
    finally:
        if share.size:
            await share.memory.give_back(client, share.size)
