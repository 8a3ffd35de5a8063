"""Decides which waiting job gets the next thread: the most urgent, and of equally urgent ones the oldest.

    turns = ThreadQueue(threads)
    async with turns.taken(): ...       while the job runs
    with turns.hurried(): ...           while one image has one job after the other: no less urgent job begins between

Urgency comes with the task (`core.urgency`): an image of a quiet community need not wait behind a raid's.
"""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from core.urgency import URGENCY


class ThreadQueue:
    """Lets `many` jobs run at once, the others wait; belongs to one event loop."""

    def __init__(self, many: int) -> None:
        self._free = many
        self._hurried = 0
        self._numbers = itertools.count()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a thread, and release it at the end."""
        if self._free > 0 and not self._must_wait(URGENCY.get()):
            self._free -= 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._give_on()

    def close(self) -> None:
        """Cancel every job that still waits."""
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

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Let no less urgent job begin meanwhile; without effect around work that is not urgent itself."""
        is_urgent = not URGENCY.get()
        self._hurried += is_urgent
        try:
            yield
        finally:
            self._hurried -= is_urgent
            self._start()

    def _must_wait(self, urgency: int) -> bool:
        return bool(self._hurried and urgency)

    def _give_on(self) -> None:
        self._free += 1
        self._start()

    def _start(self) -> None:
        """Start waiting jobs on free threads."""
        while self._free > 0 and self._waiting and not self._must_wait(self._waiting[0][0]):
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                self._free -= 1
