"""How work is waited for and shared out: a bell, so that nobody polls in a hurry, and hands that work side by side."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import Self

from core.errors import ResightError

IDLE_SECONDS = 2.0
GRACE_S = 10.0
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


class Hands:
    """Up to `many` jobs side by side, so that a slow one stops nobody; an async context manager.

    `room` is how many more may be taken; `rest` waits until half of the hands are free: claiming work is a commit,
    so it is claimed by the handful.
    """

    def __init__(self, many: int) -> None:
        self._many = many
        self._busy: set[asyncio.Task[object]] = set()
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Whatever ends us lets the hands finish what they hold: half done may be done twice the next time.

        Who can't wait for that cancels a second time; no job outlives us, however it ends.
        """
        try:
            if self._busy and kind:
                await asyncio.wait(self._busy, timeout=GRACE_S)
        finally:
            await self._group.__aexit__(kind, error, trace)

    @property
    def room(self) -> int:
        return self._many - len(self._busy)

    def take(self, job: Coroutine[None, None, object]) -> None:
        task = self._group.create_task(job)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def rest(self) -> None:
        while len(self._busy) > self._many // 2:
            await asyncio.wait(self._busy, return_when=asyncio.FIRST_COMPLETED)
