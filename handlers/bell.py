"""Loops that sleep until there is work: `Bell` wakes one, `tirelessly` runs one."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from core.errors import ResightError

IDLE_SECONDS = 2.0
"""Seconds after which a loop looks for work although its bell did not ring: a crashed process rings none."""

log = logging.getLogger(__name__)


class Bell:
    """Wakes the loop that waits for it; `ring()` while nobody waits wakes the next one that does."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake whoever waits, now or next."""
        self._rung.set()

    async def wait(self, at_most: float) -> None:
        """Return at the next ring, or after `at_most` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._rung.wait()
        self._rung.clear()


async def tirelessly(some: Callable[[], Awaitable[int]], bell: Bell) -> None:
    """Call `some`, which does a part of the work and returns how much that was, for ever; sleep when it was nothing.

    A full disk or a store that is down does not end the loop: it is logged, and the work is tried again.
    """
    while True:
        try:
            done = await some()
        except ResightError as error:
            log.warning("%s", error)
            done = 0
        if not done:
            await bell.wait(IDLE_SECONDS)
