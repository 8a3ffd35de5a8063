"""Keeps lasting work going: an error that ends it is logged, and the work is begun again.

kept_up     does work for ever, with a pause after each end
stopped     cancels tasks and waits for their end
watched     a task that nobody awaits: an error that ends it is logged
first_of    the first error in a group of errors; `alone` raises it
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from core.backoff import Pauses
from core.errors import ResightError

AGAIN_S = 30.0
"""Seconds after which a task that goes on is cancelled once more."""

log = logging.getLogger(__name__)


def untold(_error: Exception | None) -> None:
    """Do nothing: the caller does not want to hear how work ended."""


async def kept_up(
    name: str,
    work: Callable[[], Awaitable[None]],
    *,
    pauses: Pauses | None = None,
    on_end: Callable[[Exception | None], None] = untold,
    until_done: bool = False,
) -> None:
    """Do the work until cancelled: an end is logged, and after a growing pause the work is begun again.

    With `until_done` the work is not begun again if it ended without an error. `on_end` is called at each end (None =
    without an error); it raises if everything is to end on purpose.
    """
    pauses, time = pauses or Pauses(), asyncio.get_running_loop().time
    while True:
        began, error = time(), await ended(work)
        if until_done and error is None:
            return
        pause = pauses.after(time() - began)
        on_end(error)
        tell(name, error, pause)
        await asyncio.sleep(pause)


async def ended(work: Callable[[], Awaitable[None]]) -> Exception | None:
    """Return the error that the work ended with, or None.

    A cancellation that nobody asked of us, such as that of a future, counts as an error.
    """
    task = asyncio.current_task()
    before = task.cancelling() if task else 0  # a TaskGroup that failed may leave a count behind
    try:
        await work()
    except asyncio.CancelledError as error:
        if task is None or task.cancelling() > before:
            raise
        stray = RuntimeError("Something that it waited for was cancelled.")
        stray.__cause__ = error
        return stray
    except Exception as error:
        return error
    return None


async def stopped(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Cancel tasks and wait for their end; the errors they end with are for whoever awaits them.

    A task that is being cancelled is left alone at first: cancelled twice in a row, a connection to the database never
    closes. What met an error while it ended may have forgotten that it was to end, so it is told again after a while.
    """
    left = {task for task in tasks if not task.done()}
    for task in left:
        if not task.cancelling():
            task.cancel()
    while left:
        _, left = await asyncio.wait(left, timeout=AGAIN_S)
        for task in left:
            task.cancel()


def tell(name: str, error: Exception | None, pause: float) -> None:
    """Log an error: a sentence of ours as it is, a bug with its traceback."""
    bottom = first_of(error) if error else None
    if isinstance(bottom, ResightError):
        log.error("%s (%s: again in %.0f s)", bottom, name, pause)
    else:
        log.error("%s ended and is begun again in %.0f s.", name, pause, exc_info=error)


@contextmanager
def alone() -> Iterator[None]:
    """Raise the first error in a group of errors as itself."""
    try:
        yield
    except BaseExceptionGroup as group:
        raise first_of(group) from group


def first_of(error: BaseException) -> BaseException:
    """Return the first error in a group of errors, however deep; any other error as it is."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def watched[T](task: asyncio.Task[T]) -> asyncio.Task[T]:
    """Return the task; an error it ends with is logged at once, whether or not anybody ever awaits it."""
    task.add_done_callback(_tell_of)
    return task


def _tell_of(task: asyncio.Task[object]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("%s failed.", task.get_name(), exc_info=error)
