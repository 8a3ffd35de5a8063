"""A pool lets nobody down: however it is ended, its jobs are finished or ended, and nothing outlives it."""

import asyncio

import pytest

from handlers import worker_pool
from handlers.worker_pool import WorkerPool


class Job:
    """One that ends when it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.how = ""

    async def __call__(self) -> None:
        try:
            await self.let_go.wait()
            self.how = "finished"
        except asyncio.CancelledError:
            self.how = "cancelled"
            raise


async def holding(job: Job, error: Exception | None = None) -> None:
    async with WorkerPool(4) as pool:
        pool.start(job())
        await asyncio.sleep(0.01)
        if error:
            raise error
        await asyncio.Event().wait()


async def begun(job: Job, error: Exception | None = None) -> asyncio.Task[None]:
    task = asyncio.create_task(holding(job, error))
    await asyncio.sleep(0.05)
    return task


def others() -> int:
    return len(asyncio.all_tasks()) - 1


@pytest.mark.parametrize("error", [None, KeyError("a bug")])
async def test_what_is_held_is_finished(error: Exception | None) -> None:
    """Whether we are cancelled or meet a bug."""
    job = Job()
    task = await begun(job, error)
    task.cancel() if error is None else None
    await asyncio.sleep(0.01)
    job.let_go.set()
    await asyncio.gather(task, return_exceptions=True)

    assert job.how == "finished"
    assert others() == 0


@pytest.mark.parametrize("times", [2, 3, 5])
@pytest.mark.parametrize("error", [None, KeyError("a bug")])
async def test_however_often_they_are_cancelled_no_job_outlives_them(times: int, error: Exception | None) -> None:
    """As when a platform fails while an image is in hand and the whole bot ends."""
    job = Job()
    task = await begun(job, error)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    await asyncio.wait([task], timeout=1)

    assert task.done()
    assert job.how == "cancelled"
    assert others() == 0


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that does not end is ended once the grace is over."""
    monkeypatch.setattr(worker_pool, "GRACE_S", 0.05)
    job = Job()
    task = await begun(job)
    task.cancel()
    await asyncio.wait([task], timeout=1)

    assert job.how == "cancelled"
