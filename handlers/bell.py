"""A bell between the one who leaves work and the loop that does it, so that nobody polls in a hurry."""

import asyncio
import contextlib


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
