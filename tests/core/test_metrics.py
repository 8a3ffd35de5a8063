"""The four metrics: their values, and which direction is closer."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.metrics import Metric

VECTORS = arrays(np.float32, 5, elements=st.floats(-10, 10, width=32))


@pytest.mark.parametrize(
    ("metric", "score"),
    [(Metric.COSINE, 0.6), (Metric.DOT, 3.0), (Metric.EUCLIDEAN, 20**0.5), (Metric.MANHATTAN, 6.0)],
)
def test_known_values(metric: Metric, score: float) -> None:
    """(1, 0) and (3, 4), as one works it out by hand."""
    found = metric.between(np.array([1, 0], np.float32), np.array([3, 4], np.float32))

    assert found == pytest.approx(score)


@pytest.mark.parametrize("metric", Metric)
def test_the_threshold_itself_is_met(metric: Metric) -> None:
    """At the threshold a score meets it, a little further away it does not, and no number never does."""
    further = 0.51 if metric.is_distance else 0.49

    assert metric.meets(0.5, 0.5)
    assert not metric.meets(further, 0.5)
    assert not metric.meets(math.nan, 0.5)


@given(first=VECTORS, second=VECTORS)
@pytest.mark.parametrize("metric", Metric)
def test_nothing_is_closer_than_itself(metric: Metric, first: np.ndarray, second: np.ndarray) -> None:
    """Both orders give one score; of unit vectors none is closer to another than to itself."""
    assert metric.between(first, second) == pytest.approx(metric.between(second, first), abs=1e-4)
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) > 1e-3:
        one, other = first / lengths[0], second / lengths[1]
        own = metric.rank(metric.between(one, one))
        assert own <= metric.rank(metric.between(one, other)) + 1e-5


def test_a_vector_without_a_direction_has_no_cosine() -> None:
    """Zero is like nothing, and that is no error."""
    assert Metric.COSINE.between(np.zeros(4, np.float32), np.ones(4, np.float32)) == 0.0
