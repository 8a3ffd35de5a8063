"""Coefficients of `core.confidence`: written by `python -m bench.fit`, not by hand.

Fitted to 2517 candidate pairs, 749 of them copies, and to 801 readings of words.
"""

CATALOGUE = 205
"""References of the catalogue that the fit was made with."""

BIAS = -7.127
WEIGHTS = (
    -4.153,
    2.356,
    -0.054,
    10.841,
    9.409,
    1.014,
    0.102,
    -0.355,
    -0.505,
    -4.969,
    0.512,
)
"""Of `core.confidence.witnesses`."""

WORDS_BIAS = -6.719
WORDS_WEIGHTS = (2.377, 5.36)
"""Of `core.confidence.word_witnesses`."""

STRANGERS = 4000
START, SHARE, SCALE, SHAPE = (-5.6883, 0.0628, 0.7526, 0.1024)
"""The tail of the scores of so many strangers that the fit has not seen (`core.tail.Tail`)."""
