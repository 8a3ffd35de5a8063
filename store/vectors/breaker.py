"""A catalogue with a circuit breaker: while its vector store does not answer, calls fail at once.

    closed --5 failures within 30 s--> open: every call is StoreDown at once --a ping every 5 s--> closed again
                                        12 pings in a row fail: `on_stuck`, which starts a store of our own again

    async with CircuitBreaker(QdrantCatalogue.at(url)) as catalogue: ...

Numbers as in the field's usual circuit breakers (M. Nygard, Release It!, 2018).
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from collections.abc import Collection as Group
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Protocol, Self
from uuid import UUID

from core.errors import ResightError, StoreDown
from core.matches import Hit
from core.metrics import Metric
from core.ports import Catalogue
from core.types import Point, Vectors
from core.walls import kept_up

FAILURES, WITHIN_S, PROBE_EVERY_S, PATIENCE_S, STUCK_AFTER = 5, 30.0, 5.0, 2.0, 12
OPEN = "The vector store does not answer; images wait until it does."
log = logging.getLogger(__name__)


class OwnedCatalogue(Catalogue, Protocol):
    """A catalogue with a connection that is opened and closed."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None: ...


def nothing() -> None:
    """Do nothing about a stuck server: it is somebody else's to start again."""


class CircuitBreaker:
    """`core.ports.Catalogue` around another one; an async context manager that opens it."""

    def __init__(
        self,
        inner: OwnedCatalogue,
        *,
        probe_every_s: float = PROBE_EVERY_S,
        stuck_after: int = STUCK_AFTER,
        on_stuck: Callable[[], None] = nothing,
    ) -> None:
        self._inner, self._probe_every_s = inner, probe_every_s
        self._stuck_after, self._on_stuck = stuck_after, on_stuck
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._probe: asyncio.Task[None] | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self._inner)
        self._stack.push_async_callback(self._stop)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _stop(self) -> None:
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)

    @property
    def is_up(self) -> bool:
        """See `core.ports.Catalogue.is_up`."""
        return self._probe is None

    async def open_space(self, space_id: str, dim: int, metric: Metric = Metric.COSINE) -> None:
        """See `core.ports.Catalogue.open_space`."""
        await self._asked(lambda: self._inner.open_space(space_id, dim, metric))

    async def upsert(self, points: Sequence[Point]) -> None:
        """See `core.ports.Catalogue.upsert`."""
        await self._asked(lambda: self._inner.upsert(points))

    async def delete(self, references: Sequence[UUID]) -> None:
        """See `core.ports.Catalogue.delete`."""
        await self._asked(lambda: self._inner.delete(references))

    async def search(self, vectors: Vectors, collections: Group[str], *, limit: int, floor: float) -> list[list[Hit]]:
        """See `core.ports.Catalogue.search`."""
        return await self._asked(lambda: self._inner.search(vectors, collections, limit=limit, floor=floor))

    async def count(self, collections: Group[str] | None = None) -> int:
        """See `core.ports.Catalogue.count`."""
        return await self._asked(lambda: self._inner.count(collections))

    def references(self) -> AsyncIterator[UUID]:
        """See `core.ports.Catalogue.references`."""
        return self._inner.references()

    async def clear(self) -> None:
        """See `core.ports.Catalogue.clear`."""
        await self._asked(self._inner.clear)

    async def ping(self) -> None:
        """See `core.ports.Catalogue.ping`."""
        await self._asked(self._inner.ping)

    async def _asked[T](self, call: Callable[[], Awaitable[T]]) -> T:
        if not self.is_up:
            raise StoreDown(OPEN)
        try:
            return await call()
        except StoreDown:
            self._note()
            raise

    def _note(self) -> None:
        """Count a failure; with too many within a while the circuit opens."""
        self._failures.append(time.monotonic())
        if self.is_up and len(self._failures) == FAILURES and self._failures[-1] - self._failures[0] <= WITHIN_S:
            log.warning(OPEN)
            probing = kept_up("the probe of the vector store", self._probing, until_done=True)  # or it stays open
            self._probe = asyncio.create_task(probing, name="catalogue-probe")

    async def _probing(self) -> None:
        """Ping until the store answers again."""
        failed = 0
        while True:
            await asyncio.sleep(self._probe_every_s)
            if await self._answers():
                break
            failed += 1
            if failed % self._stuck_after == 0:
                self._on_stuck()
        log.warning("The vector store answers again.")
        self._failures.clear()
        self._probe = None

    async def _answers(self) -> bool:
        """Return whether a ping came back."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._inner.ping()
        except (ResightError, TimeoutError):
            return False
        return True
