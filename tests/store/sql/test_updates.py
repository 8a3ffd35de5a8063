"""Raw updates: stored before the platform forgets them, and forgotten once they are worked off."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.types import Platform
from store.sql.db import Database
from store.sql.tables.house import updates as table
from store.sql.updates import SqlUpdates
from tests.clock import Clock


@pytest.fixture
def updates(db: Database, clock: Clock) -> SqlUpdates:
    return SqlUpdates(db, clock)


async def kept(db: Database) -> dict[int, bytes]:
    async with db.read() as connection:
        return {row.number: row.data for row in await connection.execute(select(table))}


async def test_updates_are_stored_once(updates: SqlUpdates) -> None:
    """What is delivered again is ignored, its first bytes stay, and platforms don't mix."""
    assert await updates.store(Platform.TELEGRAM, {7: b"seven", 5: b"five"}) == 2
    assert await updates.store("telegram", {7: b"other", 8: b"eight"}) == 1
    assert await updates.store("discord", {7: b"there"}) == 1
    assert await updates.store("telegram", {}) == 0
    assert await updates.waiting("telegram", 9) == [(5, b"five"), (7, b"seven"), (8, b"eight")]
    assert await updates.waiting("telegram", 2) == [(5, b"five"), (7, b"seven")]
    assert await updates.newest("telegram") == 8


async def test_a_finished_update_keeps_its_number_only(updates: SqlUpdates, db: Database) -> None:
    """Its bytes are gone at once; delivered again it is still known, and waits no more."""
    await updates.store("telegram", {1: b"one", 2: b"two"})
    await updates.done("telegram", [1])

    assert await kept(db) == {1: b"", 2: b"two"}
    assert await updates.store("telegram", {1: b"again"}) == 0
    assert await updates.waiting("telegram", 9) == [(2, b"two")]


async def test_old_numbers_are_forgotten(updates: SqlUpdates, db: Database, clock: Clock) -> None:
    """48 hours after it was finished an update leaves no trace; what waits is kept however old it is."""
    await updates.store("telegram", {1: b"one", 2: b"two", 3: b"three", 4: b"four"})
    await updates.done("telegram", [1])
    clock.turn(hours=47)
    await updates.done("telegram", [3])
    assert set(await kept(db)) == {1, 2, 3, 4}
    clock.turn(hours=1)
    await updates.done("telegram", [])

    assert set(await kept(db)) == {2, 3, 4}


async def test_the_newest_number_never_falls_back(updates: SqlUpdates, db: Database, clock: Clock) -> None:
    """The highest number is remembered for ever, also when all is done and old, on each platform."""
    assert await updates.newest("telegram") == 0
    await updates.store("telegram", {1: b"one", 2: b"two"})
    await updates.store("discord", {9: b"nine"})
    await updates.done("telegram", [1, 2])
    clock.turn(days=30)
    await updates.done("telegram", [])

    assert set(await kept(db)) == {2, 9}
    assert await updates.newest("telegram") == 2


STEPS = st.lists(
    st.tuples(st.sampled_from(["store", "done", "turn"]), st.sets(st.integers(1, 9), max_size=3)), max_size=12
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_no_update_is_lost_before_it_is_done(
    db: Database, clock: Clock, steps: list[tuple[str, set[int]]]
) -> None:
    """However deliveries, work and time fall, what was stored and not done waits, and `newest` only grows."""
    updates, platform = SqlUpdates(db, clock), f"run-{clock.at.isoformat()}"
    stored, done, newest = set[int](), set[int](), 0
    for step, numbers in steps:
        if step == "store":
            await updates.store(platform, dict.fromkeys(numbers, b"x"))
            stored |= numbers
        elif step == "done":
            await updates.done(platform, sorted(numbers & stored))
            done |= numbers & stored
        else:
            clock.turn(hours=1)
        newest = max([newest, *stored])
        assert [number for number, _ in await updates.waiting(platform, 99)] == sorted(stored - done)
        assert await updates.newest(platform) == newest
    clock.turn(seconds=1)  # the next run is another platform
