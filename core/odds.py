"""Probabilities and their log-odds. Pure."""

import math

EDGE = 1e-9
"""Probabilities are moved this far from 0 and 1, where log-odds are infinite."""


def log_odds(value: float) -> float:
    """The logarithm of the odds of a probability in 0..1, as far from the ends as `EDGE`."""
    inside = min(max(value, EDGE), 1 - EDGE)
    return math.log(inside) - math.log1p(-inside)


def logistic(value: float) -> float:
    """1 / (1 + e^-value), the probability of these log-odds; safe for any value."""
    return 1.0 / (1.0 + math.exp(-value)) if value > -700 else 0.0
