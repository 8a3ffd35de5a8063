"""An event loop whose time passes only while everybody waits: an hour of pauses takes milliseconds.

timeless(main)     run it; `asyncio.sleep`, time-outs and `loop.time()` follow that clock, and nothing is patched
"""

import asyncio
import selectors
from collections.abc import Coroutine


class Skipping(selectors.DefaultSelector):
    """Turns the clock on to the next timer instead of waiting for it; sockets and threads are no matter here."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += max(timeout or 0.0, 0.0)
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """Asks its selector what time it is."""

    def __init__(self) -> None:
        self._skipping = Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.now


def timeless[T](main: Coroutine[None, None, T]) -> T:
    """What it returns, as soon as it has."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(main)
