"""What can't be undone is done at the second press only."""

from datetime import UTC, datetime, timedelta

from handlers.confirmations import MOST, Confirmations

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = ("discord", "ann", 7)


def test_the_second_press_does_it() -> None:
    """Of the same person about the same case within a minute; then it is asked anew."""
    twice = Confirmations()

    assert not twice.is_sure(ANN, NOON)
    assert not twice.is_sure(("discord", "bob", 7), NOON)
    assert not twice.is_sure(("telegram", "ann", 7), NOON)
    assert not twice.is_sure(("discord", "ann", 8), NOON)
    assert twice.is_sure(ANN, NOON + timedelta(seconds=60))
    assert not twice.is_sure(ANN, NOON + timedelta(seconds=61))
    assert not twice.is_sure(ANN, NOON + timedelta(seconds=130))


def test_it_remembers_a_bounded_number() -> None:
    """Of many who press once, the first are asked again."""
    twice = Confirmations()
    for number in range(MOST + 10):
        twice.is_sure(("discord", str(number), 1), NOON)

    assert len(twice.asked) == MOST
