"""What the pages remember of strangers and of browsers is forgotten in time, and never fills the memory."""

from datetime import timedelta

from tests.clock import Clock
from web import attempts, sessions
from web.attempts import Attempts
from web.sessions import Sessions


def test_a_flood_of_addresses_is_forgotten(clock: Clock) -> None:
    """The newest are counted, up to a limit; after a quarter of an hour none is."""
    memory = Attempts(clock)
    for number in range(attempts.MOST_ADDRESSES + 10):
        memory.note(str(number))

    assert len(memory._failed) == attempts.MOST_ADDRESSES
    clock.turn(minutes=15)
    assert not memory._failed


def test_who_keeps_trying_waits(clock: Clock) -> None:
    """After twenty wrong tokens, until the first of them is a quarter of an hour old; the right one clears that."""
    memory = Attempts(clock)
    for _ in range(attempts.AT_MOST):
        assert not memory.wait("ann")
        memory.note("ann")
        clock.turn(seconds=10)

    assert memory.wait("ann") == attempts.WINDOW - timedelta(seconds=200)
    memory.forget("ann")
    assert not memory.wait("ann")


def test_sessions_end(clock: Clock) -> None:
    """Half an hour unused, or twelve hours old however much they are used; of too many the one unused longest ends."""
    memory = Sessions(clock)
    idle, used = memory.open(), memory.open()
    for _ in range(12 * 3 - 1):
        clock.turn(minutes=20)
        assert memory.is_open(used)
    assert not memory.is_open(idle)
    clock.turn(minutes=20)
    assert not memory.is_open(used)

    first = memory.open()
    for _ in range(sessions.MOST):
        memory.open()
    assert not memory.is_open(first)
    clock.turn(hours=1)
    assert not memory._since
