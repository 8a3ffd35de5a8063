"""Experience to confidence: the bounds are those of the textbooks, and experience only ever lowers."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cases import Thresholds
from core.matches import Experience, Match
from core.trust import BANDS, LEAST_DECIDED, band_of, beta_cdf, beta_quantile, claimed, posterior, tempered
from core.types import Kind, Reference

MATCH = Match(reference=Reference(key="koi", collection="artworks"), kind=Kind.EDITED, confidence=0.97, cosine=0.8)
LIMITS = Thresholds(match=0.90, review=0.50)
SHARE = st.floats(0.001, 0.999)
COUNT = st.integers(0, 300)
PAST = st.builds(Experience, right=COUNT, wrong=COUNT)


def binomial_tail(x: float, a: int, b: int) -> float:
    """I_x(a, b) for whole numbers: the chance of at least `a` successes in a + b - 1 tries (DLMF 8.17.5)."""
    tries = a + b - 1
    return math.fsum(math.comb(tries, k) * x**k * (1 - x) ** (tries - k) for k in range(a, tries + 1))


@given(SHARE, st.integers(1, 60), st.integers(1, 60))
def test_the_distribution_is_that_of_coin_tosses(x: float, a: int, b: int) -> None:
    """For whole numbers the incomplete beta function is a sum of binomials, which is exact."""
    assert beta_cdf(x, a, b) == pytest.approx(binomial_tail(x, a, b), rel=1e-9, abs=1e-13)


@given(SHARE, st.integers(1, 5000))
def test_quantiles_with_a_closed_form(share: float, n: int) -> None:
    """Beta(1, n) and Beta(n, 1) can be solved by hand."""
    assert beta_quantile(share, 1, n) == pytest.approx(1 - (1 - share) ** (1 / n), rel=1e-9)
    assert beta_quantile(share, n, 1) == pytest.approx(share ** (1 / n), rel=1e-9)


@pytest.mark.parametrize(
    ("share", "a", "b", "quantile"),
    [
        (0.05, 3, 83, 0.00968774443),
        (0.95, 3, 83, 0.07221851172),
        (0.05, 6, 16, 0.13244818559),
        (0.95, 1, 301, 0.00990323570),
        (0.5, 2, 2, 0.5),
        (0.95, 100_001, 900_001, 0.10049471153),
    ],
)
def test_known_quantiles(share: float, a: float, b: float, quantile: float) -> None:
    """The values that SciPy's `beta.ppf` gives, also for a million decisions."""
    assert beta_quantile(share, a, b) == pytest.approx(quantile, rel=1e-8)


def test_the_whole_lies_between_nought_and_one() -> None:
    """Nothing lies below 0 and everything below 1."""
    assert [beta_cdf(x, 2, 3) for x in (-1.0, 0.0, 1.0, 2.0)] == [0, 0, 1, 1]


def test_nothing_overturned_in_three_hundred_is_below_one_per_cent() -> None:
    """The rule of three: none of n says no more than 3 in n."""
    found = posterior(Experience(right=300))

    assert found.upper == pytest.approx(3 / 300, rel=0.02)
    assert found.mean == pytest.approx(1 / 302)


@given(PAST)
def test_the_mean_lies_between_the_bounds(past: Experience) -> None:
    """Whatever was decided."""
    found = posterior(past)

    assert 0 < found.lower < found.mean < found.upper < 1


@given(PAST, st.floats(0, 1), st.floats(0.01, 1))
def test_experience_never_makes_a_match_surer(past: Experience, confidence: float, limit: float) -> None:
    """What is lowered is below the threshold of a match, everything else is left as it was."""
    match, limits = replace(MATCH, confidence=confidence), Thresholds(match=limit, review=min(0.5, limit))
    after = tempered(match, past, limits)

    assert after.confidence <= confidence
    assert after == match or (after.confidence < limit <= confidence and after.claimed == confidence)
    assert tempered(after, past, limits) == after


@pytest.mark.parametrize(
    ("right", "wrong", "confidence"),
    [
        (15, 5, 1 - 6 / 22),  # at least 13 % were wrong, 10 % are promised
        (16, 4, 0.97),  # at least 9.9 %: no contradiction
        (0, LEAST_DECIDED, 1 - 21 / 22),
        (0, LEAST_DECIDED - 1, 0.97),  # too few to say anything
        (82, 2, 0.97),
        (10_000, 0, 0.97),
    ],
)
def test_only_a_contradiction_counts(right: int, wrong: int, confidence: float) -> None:
    """A match is believed until what moderators met can't be what it promises."""
    after = tempered(MATCH, Experience(right=right, wrong=wrong), LIMITS)

    assert after.confidence == pytest.approx(confidence)


def test_nothing_overturned_contradicts_nothing() -> None:
    """However strict the threshold, matches of which none was overturned keep their confidence."""
    sure = replace(MATCH, confidence=1.0)

    assert tempered(sure, Experience(right=25), Thresholds(match=1.0, review=0.5)) == sure


def test_what_needs_a_look_anyway_is_left_alone() -> None:
    """Below the threshold of a match a person decides, and no number gets in the way."""
    unsure = replace(MATCH, confidence=0.8)

    assert tempered(unsure, Experience(wrong=500), LIMITS) == unsure


def test_a_lowered_match_stays_in_the_band_of_its_claim() -> None:
    """Decisions about it go on counting where they came from, so better experience can lift it again."""
    after = tempered(MATCH, Experience(wrong=50), LIMITS)

    assert band_of(claimed(after)) == band_of(MATCH.confidence) != band_of(after.confidence)


def test_bands_begin_where_they_say() -> None:
    """Each band holds its lower end; the last one holds certainty."""
    assert [band_of(low) for low in BANDS] == list(range(len(BANDS)))
    assert band_of(1.0) == len(BANDS) - 1
