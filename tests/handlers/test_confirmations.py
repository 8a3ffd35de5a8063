"""What can't be undone is done at the second press only."""

from handlers.confirmations import Confirmations
from tests.clock import Clock

ANN = ("discord", "ann", 7, "ban")


def test_the_second_press_does_it() -> None:
    """Of the same person and button about the same case within a minute; then it is asked anew."""
    clock = Clock()
    twice = Confirmations(clock)

    assert not twice.is_sure(ANN)
    assert not twice.is_sure(("discord", "bob", 7, "ban"))
    assert not twice.is_sure(("telegram", "ann", 7, "ban"))
    assert not twice.is_sure(("discord", "ann", 8, "ban"))
    assert not twice.is_sure(("discord", "ann", 7, "kick"))
    clock.turn(seconds=59)
    assert twice.is_sure(ANN)
    assert not twice.is_sure(ANN)
    clock.turn(seconds=61)
    assert not twice.is_sure(ANN)
