"""Rates as people write them, and back."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import UsageError
from core.rates import LONGEST, SMALLEST, rate_of, told
from core.wording import LANGUAGES, Words

RATES = st.fractions(min_value=Fraction(1, 10**11), max_value=Fraction(999, 1000), max_denominator=10**11)


@pytest.mark.parametrize(
    "text",
    [
        *("1 in 10000", "1 in 10,000", "1 IN 10_000", "1in10000", "2 in 20 000", "1 out of 10000", "3 of 30000"),
        *("1:10000", "1 : 10,000", "1：10000", "1/10000", "0.0001", ".0001", "1e-4", "1E-4", "  0.00010  "),
        *("0.01 %", "0.01%", "0.01％", "10000分之1", "10,000 分之 1"),
    ],
)
def test_all_say_one_in_ten_thousand(text: str) -> None:
    """However it is written, it is the same rate, exactly."""
    assert rate_of(text) == Fraction(1, 10_000)


@pytest.mark.parametrize(
    ("rate", "english", "chinese"),
    [
        (Fraction(1, 10_000), "1 in 10,000", "10,000 分之 1"),
        (Fraction(3, 1000), "3 in 1,000", "1,000 分之 3"),
        (Fraction(2, 4), "1 in 2", "2 分之 1"),
    ],
)
def test_rates_are_told_as_people_say_them(rate: Fraction, english: str, chinese: str) -> None:
    """One in so many, in both languages."""
    assert [told(Words.of(language), rate) for language in LANGUAGES] == [english, chinese]


@given(RATES, st.sampled_from(LANGUAGES))
def test_what_is_told_is_read_again(rate: Fraction, language: str) -> None:
    """Words to rate to words loses nothing, in either language."""
    words = told(Words.of(language), rate)

    assert rate_of(words) == rate
    assert told(Words.of(language), rate_of(words)) == words


@given(RATES)
def test_numbers_come_back(rate: Fraction) -> None:
    """A decimal number is the rate that it says, to the last digit; as a percentage, too."""
    number = float(rate)

    assert float(rate_of(repr(number))) == number
    assert float(rate_of(f"{number * 100!r} %")) == pytest.approx(number)


@pytest.mark.parametrize(
    "text",
    [
        *("", "often", "0", "0.0", "1", "1.5", "100 %", "-0.1", "0 in 5", "1 in 0", "5 in 5", "7:3", "1 in", "in 10"),
        *("nan", "inf", "-inf", "1e-99999999", "1e99999999", "0,0001", "1 in -5", "1:2:3", "%", "1e-13", "1 in 1e4"),
        "9" * 10_000,
        f"1 in {'9' * 10_000}",
    ],
)
def test_what_is_no_rate_is_told(text: str) -> None:
    """Nothing, everything, nonsense and numbers without end are refused at once, in one sentence."""
    with pytest.raises(UsageError, match=r"is no rate: say it like '1 in 10000' or 0\.0001"):
        rate_of(text)


@given(st.text(max_size=2 * LONGEST))
def test_whatever_is_written_is_a_rate_or_refused(text: str) -> None:
    """There is no third way."""
    try:
        rate = rate_of(text)
    except UsageError:
        return
    assert SMALLEST <= rate < 1
