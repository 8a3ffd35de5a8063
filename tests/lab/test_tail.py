"""The tail beyond what was measured: right for distributions whose tail is known, never lighter than exponential."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.odds import logistic
from core.tail import Tail
from lab.tail import LEAST, MOST_SHAPE, fitted

SCORES = st.lists(st.floats(0.01, 0.99), min_size=LEAST + 1, max_size=200)


def tail_of(scores: object) -> Tail:
    tail = fitted(scores)  # type: ignore[arg-type]
    assert tail is not None
    return tail


@pytest.mark.parametrize("seed", range(4))
def test_an_exponential_tail_is_found_again(seed: int) -> None:
    """Logits that fall off exponentially: one in 10,000 lies where it must, from 2,000 strangers."""
    logits = np.random.default_rng(seed).exponential(0.8, 2000) - 6
    truth = logistic(0.8 * math.log(10_000) - 6)
    told = tail_of(1 / (1 + np.exp(-logits))).score(1e-4)

    assert math.log(told / (1 - told)) == pytest.approx(math.log(truth / (1 - truth)), abs=2.0)


@pytest.mark.parametrize("seed", range(4))
def test_a_heavy_tail_is_seen_as_one(seed: int) -> None:
    """Logits of a Pareto tail reach further than an exponential one of the same mean would."""
    dice = np.random.default_rng(seed)
    heavy = (dice.uniform(size=3000) ** -0.3 - 1) / 0.3 - 6

    assert 0.1 < tail_of(1 / (1 + np.exp(-heavy))).shape <= MOST_SHAPE


def test_an_end_is_not_believed() -> None:
    """Scores that stop at 0.6 do not prove that none is higher."""
    capped = 0.6 * np.random.default_rng(3).uniform(size=1000)
    tail = tail_of(capped)

    assert tail.shape == 0
    assert tail.score(1e-4) > 0.6
    assert 0 < tail.rate(0.9) < 0.01


@given(scores=SCORES, rates=st.tuples(st.floats(1e-9, 1), st.floats(1e-9, 1)))
def test_rarer_scores_are_higher(scores: list[float], rates: tuple[float, float]) -> None:
    """Scores grow as the rate falls, rates fall as the score grows, and one undoes the other."""
    tail = fitted(scores)
    if tail is None:
        assert len(set(scores)) <= LEAST + 1
        return
    low, high = sorted(rates)

    assert 0 < tail.score(high) <= tail.score(low) <= 1
    assert tail.rate(0.99) <= tail.rate(0.5) <= tail.share
    if low < tail.share and 1e-6 < tail.score(low) < 1 - 1e-6:
        assert tail.rate(tail.score(low)) == pytest.approx(low, rel=1e-3)


@pytest.mark.parametrize("scores", [[], [0.5] * 500, [0.0] * 500, list(np.linspace(0.1, 0.2, LEAST))])
def test_too_little_tells_nothing(scores: list[float]) -> None:
    """No scores, equal scores, or fewer than a tail needs: no tail, rather than a wrong one."""
    assert fitted(scores) is None


def test_queries_without_candidates_count_but_do_not_shape() -> None:
    """900 strangers that met nothing make every rate ten times smaller, and leave the shape alone."""
    met = np.random.default_rng(5).beta(2, 5, 100)
    alone, among = tail_of(met), tail_of([*met, *[0.0] * 900])

    assert (among.start, among.scale, among.shape) == (alone.start, alone.scale, alone.shape)
    assert among.rate(0.9) == pytest.approx(alone.rate(0.9) / 10)
