"""Fits the tail of strangers' scores (`core.tail`), for rates that too few of them were measured for. Pure.

    tail = fitted(scores)        the highest tenth; None if there is too little of it

A tail is never taken to be lighter than exponential: a bound at which scores end is not believed on the word of a few
hundred strangers. Fitted with probability-weighted moments (Hosking and Wallis, "Parameter and Quantile Estimation for
the Generalized Pareto Distribution", Technometrics 29, 1987): steadier than maximum likelihood on few excesses.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.odds import EDGE
from core.tail import Tail

type Numbers = np.ndarray[tuple[int], np.dtype[np.float64]]

SHARE = 0.10
"""Share of the scores above 0 that counts as the tail."""

LEAST = 20
"""Scores above the start of a tail, at least: fewer tell nothing about it."""

MOST_SHAPE = 0.5
"""Largest shape: beyond it the moments of the fit do not exist."""


def fitted(scores: ArrayLike) -> Tail | None:
    """Return the tail of these scores (0..1, any order); None if fewer than `LEAST` are in it or all are equal."""
    values = np.sort(np.asarray(scores, np.float64).reshape(-1))[::-1]
    positive = int((values > 0).sum())  # a query without any candidate says nothing of the shape
    count = min(max(LEAST, int(SHARE * positive)), positive - 1)
    if count < LEAST:
        return None
    logits = _logits(values[: count + 1])
    excesses = logits[:count] - logits[count]
    if excesses.mean() <= 0:
        return None
    scale, shape = _moments(np.sort(excesses))
    return Tail(start=float(logits[count]), share=count / len(values), scale=scale, shape=shape)


def _moments(excesses: Numbers) -> tuple[float, float]:
    """Return scale and shape of sorted excesses; an exponential tail where the fit is lighter than that."""
    count = len(excesses)
    places = (np.arange(1, count + 1) - 0.35) / count
    mean, second = float(excesses.mean()), float((excesses * (1 - places)).mean())
    shape = 2.0 - mean / max(mean - 2 * second, 1e-12)
    shape = min(max(shape, 0.0), MOST_SHAPE)
    return mean * (1 - shape), shape


def _logits(scores: Any) -> Numbers:
    inside = np.clip(scores, EDGE, 1 - EDGE)
    return np.asarray(np.log(inside) - np.log1p(-inside), np.float64)
