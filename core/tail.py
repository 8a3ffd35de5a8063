"""How rare a score is that no measured stranger reached: a generalised Pareto tail on the logits of the scores. Pure.

    tail.score(1 / 10_000)       the score that one stranger in 10,000 reaches
    tail.rate(0.9)               the share of strangers that reaches 0.9

The logits of a logistic confidence fall off about exponentially; where they fall off more slowly the shape is above 0,
and the tail is that of Pareto. That the excesses of a high threshold are such a tail is Pickands' theorem (Annals of
Statistics 3, 1975). `lab.tail` fits one.
"""

import math
from dataclasses import dataclass

from core.odds import log_odds, logistic

STRAIGHT = 1e-9
"""Shape below which a tail counts as exponential."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """`share` of all scores have a logit above `start`; those are distributed with `scale` and `shape` above it."""

    start: float
    share: float
    scale: float
    shape: float

    def score(self, rate: float) -> float:
        """Return the score that the share `rate` of strangers reaches; at least the start of the tail."""
        ratio = math.log(max(self.share / rate, 1.0))
        above = math.expm1(self.shape * ratio) / self.shape if self.shape > STRAIGHT else ratio
        return logistic(self.start + self.scale * above)

    def rate(self, score: float) -> float:
        """Return the share of strangers that reaches `score`; `share` for anything below the start of the tail."""
        above = max(0.0, (log_odds(score) - self.start) / self.scale)
        if self.shape > STRAIGHT:
            return self.share * math.exp(-math.log1p(self.shape * above) / self.shape)
        return self.share * math.exp(-above)
