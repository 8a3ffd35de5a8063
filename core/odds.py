"""Probabilities and their log-odds. Pure."""

import math

EDGE = 1e-9
"""Probabilities are moved this far from 0 and 1, where log-odds are infinite."""


def log_odds(value: float) -> float:
    """Return the logarithm of the odds of a probability (0..1), which is kept `EDGE` away from 0 and 1."""
    inside = min(max(value, EDGE), 1 - EDGE)
    return math.log(inside) - math.log1p(-inside)


def logistic(value: float) -> float:
    """Return the probability (1 / (1 + e^-value)) of these log-odds; safe for any value."""
    return 1.0 / (1.0 + math.exp(-value)) if value > -700 else 0.0
