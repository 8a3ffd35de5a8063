"""Coefficients of `core.confidence`: written by `python -m bench.fit`, not by hand.

Fitted to 2517 candidate pairs, 749 of them copies, and to 801 readings of words.
"""

CATALOGUE = 205
"""References of the catalogue that the fit was made with."""

BIAS = -7.131
WEIGHTS = (
    -4.151,
    2.358,
    -0.057,
    10.870,
    9.409,
    1.018,
    0.105,
    -0.356,
    -0.511,
    -4.974,
    0.506,
)
"""Of `core.confidence.witnesses`."""

WORDS_BIAS = -7.44
WORDS_WEIGHTS = (2.45, 4.216)
"""Of `core.confidence.word_witnesses`."""
