"""How rare a score is that no measured stranger reached: a generalised Pareto tail on the logits of the scores. Pure.

    tail = Tail.fit(scores)      the highest tenth; None if there is too little of it
    tail.score(1 / 10_000)       the score that one stranger in 10,000 reaches
    tail.rate(0.9)               the share of strangers that reaches 0.9

The logits of a logistic confidence fall off about exponentially; where they fall off more slowly the shape is above 0,
and the tail is that of Pareto. It is never taken to be lighter than exponential: a bound at which scores end is not
believed on the word of a few hundred strangers. Fitted with probability-weighted moments (Hosking and Wallis,
"Parameter and Quantile Estimation for the Generalized Pareto Distribution", Technometrics 29, 1987), which is steadier
than maximum likelihood on few excesses; that the excesses of a high threshold are such a tail is Pickands' theorem
(Annals of Statistics 3, 1975).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

type Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]

SHARE = 0.10
"""Which part of the scores above 0 counts as the tail."""

LEAST = 20
"""Fewer scores above the start of a tail tell nothing about it."""

MOST_SHAPE = 0.5
"""Beyond it the moments of the fit do not exist."""

EDGE = 1e-9
"""Scores are moved this far from 0 and 1, where logits are infinite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """`share` of all scores have a logit above `start`; those are distributed with `scale` and `shape` above it."""

    start: float
    share: float
    scale: float
    shape: float

    @classmethod
    def fit(cls, scores: ArrayLike) -> "Tail | None":
        """The tail of these scores (0..1, any order), or None if fewer than `LEAST` are in it or they are all equal."""
        values = np.sort(np.asarray(scores, np.float64).reshape(-1))[::-1]
        positive = int((values > 0).sum())  # a query without any candidate says nothing of the shape
        count = min(max(LEAST, int(SHARE * positive)), positive - 1)
        if count < LEAST:
            return None
        logits = _logit(values[: count + 1])
        excesses = logits[:count] - logits[count]
        if excesses.mean() <= 0:
            return None
        scale, shape = _moments(np.sort(excesses))
        return cls(start=float(logits[count]), share=count / len(values), scale=scale, shape=shape)

    def score(self, rate: float) -> float:
        """The score that the share `rate` of strangers reaches; at least the start of the tail."""
        ratio = math.log(max(self.share / rate, 1.0))
        above = math.expm1(self.shape * ratio) / self.shape if self.shape > 1e-9 else ratio
        return _logistic(self.start + self.scale * above)

    def rate(self, score: float) -> float:
        """The share of strangers that reaches `score`; `share` for anything below the start of the tail."""
        above = max(0.0, (float(_logit(np.array([score]))[0]) - self.start) / self.scale)
        if self.shape > 1e-9:
            return self.share * math.exp(-math.log1p(self.shape * above) / self.shape)
        return self.share * math.exp(-above)


def _moments(excesses: Numbers) -> tuple[float, float]:
    """Scale and shape of sorted excesses; an exponential tail where the fit is lighter than that."""
    count = len(excesses)
    places = (np.arange(1, count + 1) - 0.35) / count
    mean, second = float(excesses.mean()), float((excesses * (1 - places)).mean())
    shape = 2.0 - mean / max(mean - 2 * second, 1e-12)
    shape = min(max(shape, 0.0), MOST_SHAPE)
    return mean * (1 - shape), shape


def _logit(scores: Any) -> Numbers:
    inside = np.clip(scores, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside) - np.log1p(-inside), np.float64)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value)) if value > -700 else 0.0
