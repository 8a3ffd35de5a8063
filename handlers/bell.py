"""A bell between the one who leaves work and the loop that does it, so that nobody polls in a hurry."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from core.errors import ResightError

IDLE_SECONDS = 2.0
log = logging.getLogger(__name__)


class Bell:
    """`ring()` wakes whoever waits; a ring while nobody waits is kept for the next one."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, at_most: float) -> None:
        """Return at the next ring, or after `at_most` seconds: work left by a crashed process has no bell."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(at_most):
                await self._rung.wait()
        self._rung.clear()


async def tirelessly(some: Callable[[], Awaitable[int]], bell: Bell) -> None:
    """Do some work again and again; wait for the bell when there is none.

    A full disk or a store that is down ends no loop: it is told, and the work is tried again.
    """
    while True:
        try:
            done = await some()
        except ResightError as error:
            log.warning("%s", error)
            done = 0
        if not done:
            await bell.wait(IDLE_SECONDS)
