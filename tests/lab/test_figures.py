"""The figures of a scorecard, against the definitions written out naively and against values worked out by hand."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.figures import (
    Z_95,
    ece,
    recall_at_precision,
    recall_at_rate,
    reliability,
    rule_of_three,
    threshold_at,
    trade_off,
    uap,
    wilson,
)

SCORE = st.one_of(st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]), st.floats(0, 1, allow_subnormal=False))
SCORES = st.lists(SCORE, min_size=1, max_size=40)
PAIRS = st.lists(st.tuples(SCORE, st.booleans()), min_size=1, max_size=40)
BINS = st.integers(1, 12)


def split(pairs: list[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [score for score, _ in pairs], [truth for _, truth in pairs]


def at(pairs: list[tuple[float, bool]], threshold: float, positives: int) -> tuple[float, float]:
    """Precision and recall of all pairs at least as sure as the threshold."""
    kept = [truth for score, truth in pairs if score >= threshold]
    return sum(kept) / len(kept), sum(kept) / positives


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (59, 60, 0.9114, 0.9971), (0, 0, 0, 1)],
)
def test_the_wilson_interval_has_its_known_values(hits: int, total: int, low: float, high: float) -> None:
    """As in the tables: 5 of 10 is 24 % to 76 %, and none of 10 does not rule out 28 %."""
    found = wilson(hits, total)

    assert [found.low, found.high] == pytest.approx([low, high], abs=5e-5)


@given(total=st.integers(1, 5000), data=st.data())
def test_the_wilson_interval_solves_its_equation(total: int, data: st.DataObject) -> None:
    """Both ends are where the share that was seen lies 1.96 standard deviations away, and the share is between them."""
    hits = data.draw(st.integers(0, total))
    found = wilson(hits, total)

    assert 0 <= found.low <= hits / total <= found.high <= 1
    for end in {found.low, found.high} - {0.0, 1.0}:
        assert abs(hits / total - end) == pytest.approx(Z_95 * math.sqrt(end * (1 - end) / total), rel=1e-6)


@pytest.mark.parametrize(("total", "bound"), [(0, 1), (2, 1), (3, 1), (300, 0.01), (3000, 0.001)])
def test_nothing_seen_is_not_zero(total: int, bound: float) -> None:
    """None of N leaves room for 3 / N."""
    assert rule_of_three(total) == bound


def test_average_precision_has_its_known_value() -> None:
    """Right, wrong, right with two to be found: (1/1 + 2/3) / 2."""
    assert uap([0.9, 0.8, 0.7], [True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert uap([0.9, 0.8, 0.7], [True, False, True], positives=4) == pytest.approx((1 + 2 / 3) / 4)
    assert uap([0.5, 0.5], [True, False]) == 0.5
    assert uap([], [], positives=3) == 0
    assert uap([0.3], [False]) == 0


@given(pairs=PAIRS, missed=st.integers(0, 5))
def test_average_precision_is_the_area_of_all_thresholds(pairs: list[tuple[float, bool]], missed: int) -> None:
    """The same as walking down every threshold by hand, whatever the order of the pairs."""
    positives = sum(truth for _, truth in pairs) + missed
    area, before = 0.0, 0.0
    for threshold in sorted({score for score, _ in pairs}, reverse=True):
        if positives:
            precision, recall = at(pairs, threshold, positives)
            area, before = area + precision * (recall - before), recall

    assert uap(*split(pairs), positives=positives) == pytest.approx(area)
    assert uap(*split(pairs[::-1]), positives=positives) == pytest.approx(area)


@given(pairs=PAIRS, precision=st.floats(0.05, 1))
def test_recall_at_a_precision_is_the_best_of_all_thresholds(pairs: list[tuple[float, bool]], precision: float) -> None:
    """No threshold of the right precision finds more, and the one that is named finds that much."""
    positives = sum(truth for _, truth in pairs)
    found = recall_at_precision(*split(pairs), precision)
    every = [at(pairs, score, positives) for score, _ in pairs] if positives else []

    assert found.recall == pytest.approx(max((recall for share, recall in every if share >= precision), default=0))
    if found.threshold is not None:
        assert at(pairs, found.threshold, positives)[0] >= precision


@given(scores=SCORES, rate=st.floats(0.001, 1))
def test_a_measured_threshold_is_the_least_that_keeps_the_rate(scores: list[float], rate: float) -> None:
    """No more strangers than allowed reach it; a little lower, and one too many would."""
    found = threshold_at(scores, rate)
    if found is None or found.extrapolated:
        assert rate * len(scores) < 1
        return
    lower = math.nextafter(found.threshold, -math.inf)

    assert sum(score >= found.threshold for score in scores) <= rate * len(scores) + 1e-6
    if rate < 1:
        assert sum(score >= lower for score in scores) > rate * len(scores) - 1e-6


@given(strangers=SCORES, copies=SCORES)
def test_fewer_false_alarms_never_find_more(strangers: list[float], copies: list[float]) -> None:
    """A lower rate has a higher threshold and a lower recall."""
    rates = (0.5, 0.1, 0.03, 0.01, 1e-3, 1e-4)
    points = trade_off(copies, strangers, rates)

    assert [one.rate for one in points] == [rate for rate in rates if recall_at_rate(copies, strangers, rate)]
    assert [one.threshold for one in points] == sorted(one.threshold for one in points)
    assert [one.recall for one in points] == sorted((one.recall for one in points), reverse=True)


def test_a_rate_below_the_measured_is_said_to_be_extrapolated() -> None:
    """With 1,000 strangers, one in 100 is counted and one in 10,000 is not; with 30 nothing can be said of it."""
    strangers = np.random.default_rng(1).beta(1.5, 8, 1000)
    copies = [0.2, 0.95, 0.9999, 0.99999]
    measured, beyond = (recall_at_rate(copies, strangers, rate) for rate in (0.01, 1e-4))

    assert measured is not None and not measured.extrapolated
    assert beyond is not None and beyond.extrapolated
    assert measured.threshold is not None and beyond.threshold is not None
    assert measured.threshold < float(strangers.max()) < beyond.threshold
    assert recall_at_rate(copies, strangers[:15], 1e-4) is None


@given(pairs=PAIRS, bins=BINS)
def test_calibration_error_in_equal_bins(pairs: list[tuple[float, bool]], bins: int) -> None:
    """The same as sorting the pairs into bins by hand; the last bin holds 1 as well."""
    edges = np.linspace(0, 1, bins + 1)
    boxes: dict[int, list[tuple[float, bool]]] = {}
    for score, truth in pairs:
        number = max((place for place in range(bins) if score >= edges[place]), default=0)
        boxes.setdefault(number, []).append((score, truth))
    gaps = [abs(sum(score - truth for score, truth in box)) for box in boxes.values()]

    assert ece(*split(pairs), bins) == pytest.approx(sum(gaps) / len(pairs))


@given(pairs=PAIRS, bins=BINS, by_count=st.booleans())
def test_every_pair_is_in_one_bin(pairs: list[tuple[float, bool]], bins: int, by_count: bool) -> None:
    """Bins follow each other, hold every pair once and keep pairs of one confidence together."""
    scores, truths = split(pairs)
    found = reliability(scores, truths, bins, by_count=by_count)
    mean = sum(one.weight * one.confidence for one in found) / len(pairs)

    assert len(found) <= bins
    assert sum(one.weight for one in found) == len(pairs)
    assert mean == pytest.approx(sum(scores) / len(pairs), abs=1e-9)
    assert all(one.high <= two.low for one, two in pairwise(found))


@given(pairs=PAIRS, bins=BINS, by_count=st.booleans())
def test_the_weight_of_a_pair_is_its_number(pairs: list[tuple[float, bool]], bins: int, by_count: bool) -> None:
    """A pair of weight 2 counts as the same pair twice; one of weight 0 is not there."""
    scores, truths = split(pairs)
    first = [1.0, *[0.0] * (len(pairs) - 1)]
    once = ece(scores, truths, bins, by_count=by_count, weights=first)

    assert once == pytest.approx(abs(scores[0] - truths[0]))
    assert ece(scores, truths, bins, by_count=by_count, weights=[2.0] * len(pairs)) == pytest.approx(
        ece(scores, truths, bins, by_count=by_count)
    )


def test_bins_of_equal_number_have_equal_number() -> None:
    """A hundred different confidences in five bins: twenty each, however crowded the low end is."""
    scores = np.linspace(0, 1, 100) ** 4
    found = reliability(scores, scores > 0.5, 5, by_count=True)

    assert [one.weight for one in found] == [20] * 5


def test_a_calibrated_matcher_has_no_error() -> None:
    """Nine of ten right at 0.9, one of ten at 0.1: no error. All of them at 1.0 that are wrong: all of it."""
    scores = [0.9] * 10 + [0.1] * 10
    truths = [True] * 9 + [False] * 10 + [True]

    assert ece(scores, truths) == pytest.approx(0)
    assert ece([1.0] * 4, [False] * 4) == 1
    assert ece([], []) == 0
