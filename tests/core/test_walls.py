"""Whatever ends work that lasts is logged, and it is begun again."""

import asyncio
import logging

import pytest

from core import walls
from core.backoff import Backoff, Pauses
from core.errors import EnvironmentTrouble, RetryLater
from core.walls import first_of, kept_up, stopped, watched

SHORT = 0.001


class Work:
    """Ends in one way after the other, and then works."""

    def __init__(self, *ends: BaseException | None) -> None:
        self.ends = list(ends)
        self.begun = 0
        self.works = asyncio.Event()

    async def __call__(self) -> None:
        self.begun += 1
        if not self.ends:
            self.works.set()
            await asyncio.Event().wait()
        if error := self.ends.pop(0):
            raise error


async def kept(work: Work, **how: object) -> asyncio.Task[None]:
    task = asyncio.create_task(kept_up("work", work, pauses=Pauses(Backoff(SHORT, SHORT)), **how))  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        await asyncio.wait([task, asyncio.create_task(work.works.wait())], return_when=asyncio.FIRST_COMPLETED)
    return task


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize(
    "end",
    [
        KeyError("bitrate"),
        RetryLater("The disk is full."),
        ExceptionGroup("both", [KeyError("bitrate")]),
        asyncio.CancelledError("a stray future"),
        None,
    ],
)
async def test_whatever_ends_it_is_told_and_it_begins_again(
    end: BaseException | None, caplog: pytest.LogCaptureFixture
) -> None:
    """Bugs with their traceback, our own sentences as they are, a cancellation that nobody asked for, a quiet end."""
    work = Work(end, end)
    task = await kept(work)
    await ended(task)

    assert work.begun == 3
    assert len(caplog.records) == 2
    assert all(record.levelno == logging.ERROR for record in caplog.records)
    assert ("Traceback" in caplog.text) == (end is not None and not isinstance(end, RetryLater))
    assert task.cancelled(), "what its owner's owner asks for is no end to recover from"


async def test_an_owner_may_end_everything_on_purpose() -> None:
    """It hears of each end, and what it raises is how it all ends."""
    heard = []

    def enough(error: Exception | None) -> None:
        heard.append(error)
        if len(heard) == 2:
            raise EnvironmentTrouble("The token is wrong.")

    task = await kept(Work(KeyError("a"), None), on_end=enough)
    with pytest.raises(EnvironmentTrouble, match="token"):
        await task

    assert [type(one) for one in heard] == [KeyError, type(None)]


async def test_what_is_done_is_done() -> None:
    """Work that has an end is begun again only where it failed."""
    work = Work(KeyError("a"), None)
    await (await kept(work, until_done=True))

    assert work.begun == 2


async def test_a_task_that_nobody_awaits_tells_what_it_died_of(caplog: pytest.LogCaptureFixture) -> None:
    """At once; and nothing is told of one that was cancelled or is done."""
    await asyncio.gather(watched(asyncio.create_task(asyncio.sleep(0))))
    cancelled = watched(asyncio.create_task(asyncio.sleep(9)))
    cancelled.cancel()
    await asyncio.wait([cancelled])
    assert not caplog.records
    dying = watched(asyncio.create_task(Work(KeyError("bitrate"))(), name="the greeting"))
    await asyncio.wait([dying])
    await asyncio.sleep(0)

    assert "the greeting failed" in caplog.text
    assert "bitrate" in caplog.text
    assert isinstance(dying.exception(), KeyError)


def test_the_first_of_a_group_of_groups() -> None:
    """However deep; a single error is itself."""
    inner = KeyError("a")

    assert first_of(ExceptionGroup("x", [ExceptionGroup("y", [inner]), ValueError()])) is inner
    assert first_of(inner) is inner


async def test_what_forgot_that_it_was_to_end_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library may swallow the first cancellation by an error of its own."""
    monkeypatch.setattr(walls, "AGAIN_S", 0.05)
    swallowed = []

    async def deaf() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed.append(1)
        await asyncio.Event().wait()

    task = asyncio.create_task(deaf())
    await asyncio.sleep(0)
    await asyncio.wait_for(stopped([task]), 5)

    assert (swallowed, task.cancelled()) == ([1], True)


async def test_what_is_being_cancelled_is_not_cancelled_at_once_again() -> None:
    """What it does in the end, such as closing a connection, is not cut short by the second one."""
    told: list[str] = []

    async def careful() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            try:
                await asyncio.sleep(0.01)
            except asyncio.CancelledError:
                told.append("cut short")

    task = asyncio.create_task(careful())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)  # it has begun to end
    await stopped([task])

    assert (told, task.cancelled()) == ([], True)
