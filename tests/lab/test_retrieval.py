"""mAP@k of labelled pictures: worked examples, and the same ranking whatever way it is computed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.metrics import Metric
from lab.retrieval import average_precision, map_by_label, map_of_queries, overall, ranked, scores_of


def test_average_precision_is_that_of_the_textbook() -> None:
    """Right at places 1 and 3 of 3, of two: (1 + 2/3) / 2; none right is 0; all right is 1."""
    assert average_precision([True, False, True], 2, 3) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision([False, False], 2, 2) == 0
    assert average_precision([True, True], 5, 2) == 1


def test_labels_that_lie_together_score_one() -> None:
    """Two tight groups find themselves; a label of one picture is left out."""
    rows = np.array([[1, 0], [0.99, 0.1], [0, 1], [0.1, 0.99], [-1, 0]], np.float32)
    scores = map_by_label(rows, ["a", "a", "b", "b", "alone"], Metric.COSINE, 1)

    assert [(one.label, one.pictures, one.map_at_k) for one in scores] == [("a", 2, 1.0), ("b", 2, 1.0)]
    assert overall(scores) == 1
    assert overall([]) == 0


@given(st.sampled_from(list(Metric)), st.integers(2, 12), st.integers(0, 99))
def test_all_at_once_is_one_by_one(metric: Metric, count: int, seed: int) -> None:
    """The matrix of scores holds what the metric says of each pair, and nobody is its own neighbour."""
    rows = np.random.default_rng(seed).normal(size=(count, 6)).astype(np.float32)
    scores = scores_of(rows, rows, metric)

    each = [[metric.between(one, other) for other in rows] for one in rows]
    assert scores == pytest.approx(np.array(each), abs=3e-3)
    assert all(number not in found for number, found in enumerate(ranked(rows, metric, count - 1)))


def test_queries_ask_for_all_references_of_their_label() -> None:
    """A query beside two references of its label, one of them behind a stranger: (1 + 2/3) / 2."""
    known = np.array([[1, 0], [0.9, 0.4], [0.8, 0.6]], np.float32)
    scores = map_of_queries(np.array([[1, 0]], np.float32), ["a"], known, ["a", "b", "a"], Metric.EUCLIDEAN, 3)

    assert [(one.label, one.pictures) for one in scores] == [("a", 1)]
    assert scores[0].map_at_k == pytest.approx((1 + 2 / 3) / 2)
