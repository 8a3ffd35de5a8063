"""What numbers say about a matcher: recall, false alarms, calibration. Pure, numpy only.

    wilson, rule_of_three            how sure a share of a few cases is
    uap, recall_at_precision         of all (query, reference, score) pairs, as the ISC challenge scores
    threshold_at, recall_at_rate     how high a threshold must be for so few false alarms, and what it still finds
    trade_off                        recall against false alarms, threshold by threshold
    reliability, ece                 whether a confidence of 0.9 is right nine times in ten

Scores are confidences, 0..1; a copy that was not found at all has the score 0. "Strangers" are queries whose score is
that of their best wrong reference. The fit beyond what was measured is in `lab.tail`.

Sources: Wilson, JASA 22 (1927); Hanley and Lippman-Hand, JAMA 249 (1983) for the rule of three; Douze et al., "The 2021
Image Similarity Dataset and Challenge" (2021) for the micro average precision; Guo et al., "On Calibration of Modern
Neural Networks", ICML 2017 for the calibration error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lab.tail import fitted

type Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]
"""One number for each query, pair or threshold, shape [n]."""

Z_95 = 1.959963984540054
"""Half the width of a 95 % interval of the normal distribution, in standard deviations."""


FURTHEST = 100
"""A fitted tail is believed up to so many times as rare as one of the strangers that were measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From `low` to `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """The share of copies found at a threshold; `threshold` None = none is high enough.

    `extrapolated`: the threshold lies where no stranger was measured, and rests on a fitted tail.
    """

    recall: float
    threshold: float | None
    extrapolated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A threshold, and whether it rests on a fitted tail."""

    threshold: float
    extrapolated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Pairs of like confidence: their mean confidence, the share of them that is right, and their weight."""

    low: float
    high: float
    confidence: float
    right: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """What one threshold gives: the share of strangers that reach it, and the share of copies that do."""

    threshold: float
    rate: float
    recall: float
    extrapolated: bool = False


def wilson(hits: int, total: int, z: float = Z_95) -> Interval:
    """The interval of a share of `hits` in `total`, by default 95 %; of nothing, everything."""
    if total <= 0:
        return Interval(low=0.0, high=1.0)
    share, square = hits / total, z * z / total
    middle = share + square / 2
    half = z * math.sqrt(share * (1 - share) / total + square / (4 * total))
    low, high = (middle - half) / (1 + square), (middle + half) / (1 + square)
    return Interval(low=0.0 if hits <= 0 else max(0.0, low), high=1.0 if hits >= total else min(1.0, high))


def rule_of_three(total: int) -> float:
    """The rate that "none of `total`" rules out with 95 %: about 3 / total, at most 1."""
    return min(1.0, 3 / total) if total > 0 else 1.0


def uap(scores: ArrayLike, truths: ArrayLike, positives: int | None = None) -> float:
    """Return the micro average precision: the area under precision over recall of all pairs of all queries.

    `positives` is the number of pairs that should have been found, those without any score included (default: the true
    ones given). Pairs of equal score count together, so that their order does not matter. 0 without positives.
    """
    curve = _precision_recall(scores, truths, positives)
    if curve is None:
        return 0.0
    precision, recall, _ = curve
    return float((precision * np.diff(recall, prepend=0.0)).sum())


def recall_at_precision(scores: ArrayLike, truths: ArrayLike, precision: float, positives: int | None = None) -> Recall:
    """Return the highest recall at a threshold above which at least the share `precision` of pairs is right."""
    curve = _precision_recall(scores, truths, positives)
    if curve is None or not (curve[0] >= precision).any():
        return Recall(recall=0.0, threshold=None)
    last = int(np.flatnonzero(curve[0] >= precision)[-1])
    return Recall(recall=float(curve[1][last]), threshold=float(curve[2][last]))


def _precision_recall(
    scores: ArrayLike, truths: ArrayLike, positives: int | None
) -> tuple[Numbers, Numbers, Numbers] | None:
    """Return precision, recall and threshold at every distinct score, highest first; None without positives."""
    values, right = _numbers(scores), _numbers(truths)
    wanted = int(right.sum()) if positives is None else positives
    if wanted <= 0 or not len(values):
        return None
    order = np.argsort(-values, kind="stable")
    values, right_so_far = values[order], np.cumsum(right[order])
    ends = np.append(np.flatnonzero(np.diff(values)), len(values) - 1)
    return right_so_far[ends] / (ends + 1), right_so_far[ends] / wanted, values[ends]


def threshold_at(strangers: ArrayLike, rate: float) -> Cut | None:
    """The least threshold that at most the share `rate` of strangers reaches; None if nothing can be said.

    Where `rate` is below one of those measured, it is that of the fitted tail, and never so low that a measured
    stranger reaches it; beyond `FURTHEST` times as rare nothing can be said.
    """
    values = np.sort(_numbers(strangers))[::-1]
    allowed = int(rate * len(values) + 1e-9)
    if allowed >= 1:
        above = values[allowed] if allowed < len(values) else 0.0
        return Cut(threshold=_just_above(float(above)), extrapolated=False)
    tail = fitted(values)
    if tail is None or rate * len(values) * FURTHEST < 1 - 1e-9:
        return None
    return Cut(threshold=max(tail.score(rate), _just_above(float(values[0]))), extrapolated=True)


def recall_at_rate(copies: ArrayLike, strangers: ArrayLike, rate: float) -> Recall | None:
    """The share of copies found at the threshold of `threshold_at`; None if nothing can be said."""
    cut = threshold_at(strangers, rate)
    if cut is None:
        return None
    return Recall(recall=_reach(copies, cut.threshold), threshold=cut.threshold, extrapolated=cut.extrapolated)


def trade_off(copies: ArrayLike, strangers: ArrayLike, rates: Sequence[float]) -> list[Point]:
    """Recall at each of these false-alarm rates, as far as something can be said."""
    recalls = [(rate, recall_at_rate(copies, strangers, rate)) for rate in rates]
    return [
        Point(threshold=at.threshold, rate=rate, recall=at.recall, extrapolated=at.extrapolated)
        for rate, at in recalls
        if at is not None and at.threshold is not None
    ]


def reliability(
    confidences: ArrayLike,
    truths: ArrayLike,
    bins: int = 10,
    *,
    by_count: bool = False,
    weights: ArrayLike | None = None,
) -> list[Bin]:
    """Return pairs in bins of confidence, of equal width or (`by_count`) of about as many pairs each.

    Pairs of one confidence are in one bin. Empty bins are left out. `weights` default to one a pair.
    """
    values, right = _numbers(confidences), _numbers(truths)
    heavy = np.ones_like(values) if weights is None else _numbers(weights)
    edges = np.linspace(0.0, 1.0, bins + 1)
    if by_count and len(values):
        edges = np.unique(np.quantile(values, edges))
        edges = edges if len(edges) > 1 else np.repeat(edges, 2)
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    made = (_bin(edges, number, *(some[places == number] for some in (values, right, heavy))) for number in set(places))
    return sorted((bin_made for bin_made in made if bin_made.weight > 0), key=lambda bin_made: bin_made.low)


def _bin(edges: Numbers, number: int, values: Numbers, right: Numbers, heavy: Numbers) -> Bin:
    weight = float(heavy.sum())
    scale = weight or 1.0
    return Bin(
        low=float(edges[number]),
        high=float(edges[number + 1]),
        confidence=float((values * heavy).sum() / scale),
        right=float((right * heavy).sum() / scale),
        weight=weight,
    )


def ece(
    confidences: ArrayLike,
    truths: ArrayLike,
    bins: int = 10,
    *,
    by_count: bool = False,
    weights: ArrayLike | None = None,
) -> float:
    """Return the expected calibration error: how far confidence and share of right pairs are apart, 0..1, by weight.

    0 without pairs.
    """
    filled = reliability(confidences, truths, bins, by_count=by_count, weights=weights)
    total = sum(bin_filled.weight for bin_filled in filled)
    return (
        sum(bin_filled.weight * abs(bin_filled.confidence - bin_filled.right) for bin_filled in filled) / total
        if total
        else 0.0
    )


def _numbers(values: Any) -> Numbers:
    return np.asarray(values, np.float64).reshape(-1)


def _reach(scores: ArrayLike, threshold: float) -> float:
    values = _numbers(scores)
    return float((values >= threshold).mean()) if len(values) else 0.0


def _just_above(score: float) -> float:
    """The next number: a threshold that `score` itself does not reach."""
    return float(np.nextafter(score, np.inf))
