"""How often one person may ask."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlers.brakes import Allowance
from tests.clock import Clock

MINUTE = timedelta(minutes=1)


def test_who_asks_too_often_reads_the_time_left(clock: Clock) -> None:
    """After three asks in a minute the fourth waits until the first is a minute old."""
    allowance = Allowance(3, MINUTE, clock)
    for _ in range(3):
        assert allowance.take("ann") is None
        clock.turn(seconds=10)

    assert allowance.take("ann") == timedelta(seconds=30)
    assert allowance.take("bo") is None
    clock.turn(seconds=30)
    assert allowance.take("ann") is None


def test_an_album_counts_its_pictures(clock: Clock) -> None:
    """Two pictures are two asks, and one that does not fit is not counted."""
    allowance = Allowance(3, MINUTE, clock)
    assert allowance.take("ann", 2) is None
    assert allowance.take("ann", 2) == MINUTE
    assert allowance.take("ann") is None


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(1, 4)), max_size=60))
def test_nobody_ever_gets_more_than_the_allowance(asks: list[tuple[float, int]]) -> None:
    """In no minute are more asks granted than allowed, whatever the rhythm; who waited as told is served."""
    clock = Clock()
    allowance = Allowance(5, MINUTE, clock)
    granted = []
    for pause, many in asks:
        clock.turn(seconds=pause)
        wait = allowance.take("ann", many)
        if wait is not None:
            clock.at += wait
            assert allowance.take("ann", many) is None
        granted += [clock()] * many

    for at in granted:
        assert sum(at - MINUTE < other <= at for other in granted) <= 5
