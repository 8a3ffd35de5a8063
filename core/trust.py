"""What a community's moderators made of matches like this one, and how sure it may still be called. Pure.

    standing decisions --store/sql/experience.py--> Experience(right, wrong) of one collection, kind and band
    Experience --posterior--> Posterior(mean, lower, upper) of the overturn rate
    Match + Experience --tempered--> the match, perhaps less sure than the pair check alone said; never surer

The overturn rate is the share of decided matches that moderators called no match. With a uniform prior its posterior
after `wrong` overturned and `right` upheld matches is Beta(1 + wrong, 1 + right).

Its quantiles come from the regularised incomplete beta function, by the continued fraction of the NIST Digital Library
of Mathematical Functions, https://dlmf.nist.gov/8.17.E22, evaluated with the modified Lentz algorithm (Thompson and
Barnett, J. Comput. Phys. 64, 1986), and by bisection.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.cases import Thresholds
from core.matches import Experience, Match
from core.types import Kind

BANDS = (0.0, 0.5, 0.9, 0.99)
"""Lower ends of the bands of confidence within which matches are alike enough to learn from each other."""

LEAST_DECIDED = 20
"""Fewer decided matches than this say nothing."""

LEVEL = 0.95
"""Certainty of each one-sided bound."""

TINY, PRECISION, STEPS = 1e-300, 1e-15, 100_000
HALVINGS = 60

type TrackRecord = Mapping[tuple[Kind, int], Experience]
"""What was decided about the matches of one collection, by kind and number of the band."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """An overturn rate (0..1): its mean, and one-sided bounds that hold with `LEVEL` each."""

    mean: float
    lower: float
    upper: float


def band_of(confidence: float) -> int:
    """Return the number of the band in which a confidence (0..1) lies."""
    return max(number for number, low in enumerate(BANDS) if confidence >= low)


def claimed(match: Match) -> float:
    """Return the confidence from the pair check alone, which decides the band."""
    return match.confidence if match.claimed is None else match.claimed


def posterior(past: Experience) -> Posterior:
    """Return what the decisions say about the overturn rate; without decisions every rate is as likely."""
    a, b = 1 + past.wrong, 1 + past.right
    return Posterior(mean=a / (a + b), lower=beta_quantile(1 - LEVEL, a, b), upper=beta_quantile(LEVEL, a, b))


def tempered(match: Match, past: Experience, thresholds: Thresholds) -> Match:
    """Return the match with the confidence that experience leaves it.

    One that is sure promises at most 1 - `thresholds.match` errors. Where that is below the lower bound of what
    moderators met, the confidence is the posterior's, which is less than a match needs. Nothing makes a match surer.
    """
    if match.confidence < thresholds.match or past.decided < LEAST_DECIDED or not past.wrong:
        return match
    rate = posterior(past)
    if rate.lower <= 1 - thresholds.match:
        return match
    return replace(match, confidence=1 - rate.mean, claimed=claimed(match))


def beta_quantile(share: float, a: float, b: float) -> float:
    """Return the x (0..1) below which `share` of Beta(a, b) lies; a and b at least 1."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if beta_cdf(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_cdf(x: float, a: float, b: float) -> float:
    """Return the share of Beta(a, b) below x (0..1): the regularised incomplete beta function I_x(a, b)."""
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # there the fraction converges slowly; I_x(a, b) = 1 - I_{1-x}(b, a)
        return 1 - beta_cdf(1 - x, b, a)
    log_front = a * math.log(x) + b * math.log1p(-x) + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(log_front) / a / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return 1 + d1/(1 + d2/(1 + ...)) of DLMF 8.17.22, by the modified Lentz algorithm."""
    value = top = 1.0
    bottom = 0.0
    for step in range(1, STEPS):
        term = _term(step, x, a, b)
        top = 1 + term / top or TINY
        bottom = 1 / (1 + term * bottom or TINY)
        value *= top * bottom
        if abs(top * bottom - 1) < PRECISION:
            break
    return value


def _term(step: int, x: float, a: float, b: float) -> float:
    """Return the coefficient d of DLMF 8.17.23 and 8.17.24 with that number, from 1 on."""
    m = step // 2
    if step % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
