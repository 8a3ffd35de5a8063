"""Thresholds as people say them: how sure a match must be, or how many strangers may be called one. Pure.

    "90", "90 %", "0.9"          --threshold_of-->  0.9
    "1 in 10000", "1:10000"      --threshold_of-->  the confidence that one stranger in 10,000 reaches
    0.9                          --strangers_at-->  about how many strangers it takes until one reaches it

The tail that says so was fitted to strangers which the confidence was not fitted to (`python -m bench.fit`). Confidence
allows for the size of the catalogue, so it holds for large ones, too; docs/benchmarks.md shows how well.
"""

import math

from core.calibration import SCALE, SHAPE, SHARE, START
from core.errors import UsageError
from core.rates import rate_of
from core.tail import Tail

TAIL = Tail(start=START, share=SHARE, scale=SCALE, shape=SHAPE)

LOWEST = 0.5
"""Lowest threshold: below one half nothing is called a match, however few strangers reach it."""

STEP = 1e-4
"""Thresholds for a rate are rounded up to a multiple of this."""


def threshold_of(text: str) -> float:
    """Return the confidence that a match must reach, above 0 and at most 1; raises UsageError with one sentence."""
    written = text.strip()
    try:
        value = float(written.removesuffix("%").removesuffix("％"))
    except ValueError:
        return threshold_for(float(rate_of(written)))
    value = value / 100 if value > 1 or written.endswith(("%", "％")) else value
    if not 0 < value <= 1:
        raise UsageError(f"'{written[:40]}' is no threshold: say it like '90 %', or like '1 in 10000' strangers.")
    return value


def threshold_for(rate: float) -> float:
    """Return the confidence that at most this share of strangers reaches, rounded up."""
    return max(LOWEST, round(math.ceil(TAIL.score(rate) / STEP) * STEP, 4))


def strangers_at(threshold: float) -> int:
    """Return about how many strangers it takes until one reaches this confidence, to two digits."""
    among = 1 / TAIL.rate(min(threshold, 1 - STEP))
    step = math.pow(10, max(0, math.floor(math.log10(among)) - 1))
    return int(among // step * step)
