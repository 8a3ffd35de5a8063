"""A vector store that does not answer is noticed, left alone, asked now and then, and trusted again once it answers."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from types import TracebackType

import numpy as np
import psutil
import pytest

from core.errors import DataError, StoreDown
from core.matches import Hit
from store.vectors.breaker import FAILURES, CircuitBreaker
from store.vectors.catalogue import QdrantCatalogue
from store.vectors.exact import ExactCatalogue
from store.vectors.stored.supervisor import StoreProcess
from tests.test_stored import DIM, points, vectors

PROBE_S = 0.05
ROW = np.eye(1, DIM, dtype=np.float32)


class Moody(ExactCatalogue):
    """Answers, counting the calls, unless it is told to fail."""

    fails: Exception | None = None
    asked = 0
    pings = 0

    async def __aenter__(self) -> "Moody":
        await self.open_space("space", DIM)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pings = -1

    async def search(self, *asked: object, **how: object) -> list[list[Hit]]:
        self.asked += 1
        if self.fails:
            raise self.fails
        return await super().search(*asked, **how)  # type: ignore[arg-type]

    async def ping(self) -> None:
        self.pings += 1
        if self.fails:
            raise self.fails


@pytest.fixture
async def guarded() -> AsyncIterator[CircuitBreaker]:
    async with CircuitBreaker(Moody(), probe_every_s=PROBE_S) as one:
        yield one


def inner(guarded: CircuitBreaker) -> Moody:
    assert isinstance(guarded._inner, Moody)
    return guarded._inner


async def ask(guarded: CircuitBreaker, times: int = 1) -> int:
    """Search so often; how often it was not answered."""
    failed = 0
    for _ in range(times):
        try:
            await guarded.search(ROW, ["art"], limit=1, floor=0.0)
        except StoreDown:
            failed += 1
    return failed


async def test_it_is_left_alone_after_five_failures(guarded: CircuitBreaker) -> None:
    """Those who come later hear at once that there is no answer, and the store is asked by the probe alone."""
    moody = inner(guarded)
    moody.fails = StoreDown("Down.")

    assert (await ask(guarded, FAILURES), guarded.is_up) == (FAILURES, False)
    assert (await ask(guarded, 100), moody.asked) == (100, FAILURES)
    await asyncio.sleep(5 * PROBE_S)
    assert 2 <= moody.pings <= 6


async def test_it_is_asked_again_once_it_answers(guarded: CircuitBreaker) -> None:
    """Nobody has to do anything; and it may fail again later."""
    moody = inner(guarded)
    for _ in range(2):
        moody.fails = StoreDown("Down.")
        await ask(guarded, FAILURES)
        moody.fails = None
        async with asyncio.timeout(5):
            while not guarded.is_up:  # noqa: ASYNC110  the breaker rings no bell
                await asyncio.sleep(PROBE_S)
        assert await ask(guarded, 10) == 0


async def test_no_bug_ends_the_probe(guarded: CircuitBreaker, caplog: pytest.LogCaptureFixture) -> None:
    """A ping that fails as nobody foresaw is told, and the store is trusted again once it answers."""
    moody = inner(guarded)
    moody.fails = StoreDown("Down.")
    await ask(guarded, FAILURES)
    moody.fails = KeyError("a bug of the client's")
    async with asyncio.timeout(5):
        while "a bug of the client's" not in caplog.text:  # noqa: ASYNC110  a log rings no bell
            await asyncio.sleep(PROBE_S)
    moody.fails = None
    async with asyncio.timeout(5):
        while not guarded.is_up:  # noqa: ASYNC110
            await asyncio.sleep(PROBE_S)

    assert await ask(guarded) == 0


async def test_what_is_wrong_with_the_question_is_no_failure(guarded: CircuitBreaker) -> None:
    """Bad data says nothing about the store."""
    inner(guarded).fails = DataError("Bad.")
    for _ in range(3 * FAILURES):
        with pytest.raises(DataError):
            await ask(guarded)

    assert guarded.is_up


async def test_a_stuck_store_is_started_again(tmp_path: Path) -> None:
    """A child process that was stopped answers nobody and does not end: it is ended, and all is there again."""
    async with StoreProcess(tmp_path / "vectors", min_free_mb=16) as stored:
        made = CircuitBreaker(
            QdrantCatalogue.over_socket(stored.socket), probe_every_s=1.0, stuck_after=3, on_stuck=stored.kill
        )
        async with made as guarded:
            await guarded.open_space("space", DIM)
            await guarded.upsert(points(20))
            os.kill(stored.pid, signal.SIGSTOP)
            asked = [asyncio.create_task(ask(guarded)) for _ in range(FAILURES)]
            assert sum(await asyncio.gather(*asked)) == FAILURES
            async with asyncio.timeout(60):
                while await ask(guarded):  # noqa: ASYNC110  the breaker rings no bell
                    await asyncio.sleep(PROBE_S)
            found = await guarded.search(vectors(20)[:3], ["art"], limit=1, floor=0.9)

        assert [len(hits) for hits in found] == [1, 1, 1]
        assert psutil.pid_exists(stored.pid)
