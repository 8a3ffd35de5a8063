"""Runs up to a number of jobs side by side, so that a slow one holds up no other."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Self

GRACE_S = 10.0
"""Seconds in which running jobs may finish once the pool is closed by an error or a cancellation."""


class WorkerPool:
    """Runs up to `size` jobs at once; an async context manager."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._running: set[asyncio.Task[object]] = set()
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let running jobs finish, for `GRACE_S` seconds at most: a job that is cut short may be done twice.

        Whoever can't wait for that cancels a second time. No job outlives the pool, however it ends.
        """
        try:
            if self._running and kind:
                await asyncio.wait(self._running, timeout=GRACE_S)
        finally:
            await self._group.__aexit__(kind, error, trace)

    @property
    def room(self) -> int:
        """How many more jobs may be started now."""
        return self._size - len(self._running)

    def start(self, job: Coroutine[None, None, object]) -> None:
        """Run a job as a task of the pool."""
        task = self._group.create_task(job)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def until_half_free(self) -> None:
        """Wait until half of the places are free: each claim of work is a commit, so work is claimed in batches."""
        while len(self._running) > self._size // 2:
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
