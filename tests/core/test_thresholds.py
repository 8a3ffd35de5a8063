"""Thresholds as people say them, and the rates that stand behind them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import Thresholds
from core.errors import UsageError
from core.thresholds import LOWEST, TAIL, strangers_at, threshold_for, threshold_of


@pytest.mark.parametrize("text", ["0.9", "90", "90%", "90 %", " 90 ", "90.0％"])
def test_all_say_ninety_percent(text: str) -> None:
    """However it is written, it is the same confidence."""
    assert threshold_of(text) == 0.9


@pytest.mark.parametrize("text", ["1 in 10000", "1:10,000", "10000 分之 1"])
def test_a_rate_stands_for_a_confidence(text: str) -> None:
    """How many strangers may be taken for a match is turned into the confidence that so few of them reach."""
    assert threshold_of(text) == threshold_for(1e-4)
    assert TAIL.rate(threshold_of(text)) <= 1e-4


@pytest.mark.parametrize("text", ["", "never", "0", "0 %", "-5", "101", "nan", "inf", "1 in 0", "2 in 1"])
def test_what_is_no_threshold_is_told(text: str) -> None:
    """One sentence, ending in a full stop."""
    with pytest.raises(UsageError, match=r"\.$"):
        threshold_of(text)


@given(rates=st.tuples(st.floats(1e-7, 0.5), st.floats(1e-7, 0.5)))
def test_fewer_false_alarms_ask_for_more(rates: tuple[float, float]) -> None:
    """A threshold is a confidence of at least one half, and grows as the rate falls."""
    low, high = sorted(rates)

    assert LOWEST <= threshold_for(high) <= threshold_for(low) <= 1


@given(lower=st.floats(0.01, 1), higher=st.floats(0.01, 1))
def test_a_higher_threshold_is_reached_by_fewer(lower: float, higher: float) -> None:
    """One in so many strangers: a whole number of at least one, with two digits that count."""
    lower, higher = sorted((lower, higher))

    assert 1 <= strangers_at(lower) <= strangers_at(higher)
    assert len(str(strangers_at(higher)).rstrip("0")) <= 2


def test_the_default_keeps_its_promise() -> None:
    """Where nothing is set, at most one stranger in 10,000 gets as far as a match."""
    assert threshold_for(1e-4) <= Thresholds().match
    assert strangers_at(Thresholds().match) >= 10_000
