"""Who may use a thread next: of the jobs that wait, the most urgent, and of equally urgent ones the oldest.

    turns = Turns(threads)
    async with turns.taken(): ...       while the job runs

Urgency comes with the task (`core.urgency`): an image of a quiet community need not wait behind a raid's.
"""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.urgency import URGENCY


class Turns:
    """`many` jobs at once; belongs to one event loop."""

    def __init__(self, many: int) -> None:
        self._free = many
        self._numbers = itertools.count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a turn, and give it on at the end."""
        if self._free > 0:
            self._free -= 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._give_on()

    def close(self) -> None:
        """Whoever still waits is cancelled."""
        for _, _, turn in self._waiting:
            turn.cancel()

    async def _wait(self) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (URGENCY.get(), next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # it was given in the same moment
                self._give_on()
            raise

    def _give_on(self) -> None:
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
