"""The most urgent goes first, nobody is forgotten, and whoever gives up gives the turn on."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from core.urgency import URGENCY
from embed.thread_queue import ThreadQueue


async def ended(turns: ThreadQueue, urgencies: list[int], cancelled: set[int]) -> list[int]:
    """All ask while one holds the only turn; the order in which they had it."""
    order: list[int] = []

    async def job(number: int) -> None:
        URGENCY.set(urgencies[number])
        async with turns.taken():
            order.append(number)
            await asyncio.sleep(0)

    async with turns.taken():
        tasks = [asyncio.create_task(job(number)) for number in range(len(urgencies))]
        await asyncio.sleep(0)
        for number in cancelled:
            tasks[number].cancel()
        await asyncio.sleep(0)
    await asyncio.gather(*tasks, return_exceptions=True)
    return order


@given(st.lists(st.integers(0, 3), max_size=12), st.data())
def test_the_most_urgent_goes_first(urgencies: list[int], data: st.DataObject) -> None:
    """Of equally urgent ones the oldest; those who gave up are left out."""
    cancelled = data.draw(st.sets(st.sampled_from(range(len(urgencies)))) if urgencies else st.just(set()))
    order = asyncio.run(ended(ThreadQueue(1), urgencies, cancelled))

    assert order == sorted(set(range(len(urgencies))) - cancelled, key=lambda number: (urgencies[number], number))


async def test_no_turn_is_lost() -> None:
    """However many give up in whatever moment, as many as before may work afterwards."""
    turns = ThreadQueue(2)
    for round_ in range(50):
        tasks = [asyncio.create_task(hold(turns)) for _ in range(6)]
        for step in range(round_ % 5):
            await asyncio.sleep(0)
            tasks[step].cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async with asyncio.timeout(1), turns.taken(), turns.taken():
        pass


async def hold(turns: ThreadQueue) -> None:
    async with turns.taken():
        await asyncio.sleep(0.001)


async def test_nothing_less_urgent_begins_between_two_jobs() -> None:
    """A raid's job waits until a hurried image has had its last one, although a thread is free meanwhile."""
    turns, order = ThreadQueue(2), list[str]()

    async def raid(name: str) -> None:
        URGENCY.set(1)
        with turns.hurried():  # its own hurry is none
            async with turns.taken():
                order.append(name)

    with turns.hurried():
        tasks = [asyncio.create_task(raid(f"raid-{number}")) for number in range(3)]
        for number in range(2):
            async with turns.taken():
                await asyncio.sleep(0)
                order.append(f"quiet-{number}")
    await asyncio.gather(*tasks)

    assert order == ["quiet-0", "quiet-1", "raid-0", "raid-1", "raid-2"]


async def test_a_raid_alone_is_held_up_by_nobody() -> None:
    """Work that is not urgent begins at once where nothing else is in hand."""
    URGENCY.set(1)
    turns = ThreadQueue(1)
    async with asyncio.timeout(1):
        with turns.hurried():
            async with turns.taken():
                pass
