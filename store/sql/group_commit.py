"""Group commit: what is added while a commit is under way goes into the next commit together.

    results = GroupCommit(commit)      `commit(items)` gives each item its answer: a value, or an exception of its own
    await results.add(item)         returns or raises this item's answer, once it is on the disk

A commit that is waited for costs milliseconds (`synchronous=FULL`), however many rows are in it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence


class GroupCommit[T, R]:
    """Commits for one event loop; the caller who comes first commits for all that have come by then."""

    def __init__(self, commit: Callable[[Sequence[T]], Awaitable[Sequence[R | Exception]]]) -> None:
        self._commit = commit
        self._coming: list[tuple[T, asyncio.Future[R]]] = []
        self._door = asyncio.Lock()

    async def add(self, item: T) -> R:
        """Wait until the item is committed, together with others; return its result or raise its error."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._coming.append((item, answer))
        async with self._door:
            if not answer.done():
                await self._commit_all()
        return await answer

    async def _commit_all(self) -> None:
        together, self._coming = self._coming, []
        results: Sequence[R | Exception]
        try:
            results = await self._commit([item for item, _ in together])
        except asyncio.CancelledError:  # of this caller alone: what the others brought goes in with the next commit
            self._coming = together + self._coming
            raise
        except Exception as error:  # whatever it is, each caller is to hear it, and nobody may wait for ever
            results = [error] * len(together)
        for (_, answer), result in zip(together, results, strict=True):
            _settle(answer, result)


def _settle[R](answer: asyncio.Future[R], result: R | Exception) -> None:
    """Give a caller its result or error, unless it was cancelled in the meantime."""
    if answer.done():
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
        answer.exception()
    else:
        answer.set_result(result)
