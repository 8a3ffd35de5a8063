"""Coefficients of `core.confidence`: written by `python -m bench.fit`, not by hand.

Fitted to 2965 candidate pairs, 765 of them copies, and to 816 readings of words.
"""

CATALOGUE = 205
"""Number of references in the catalogue that the coefficients were fitted with."""

BIAS = -3.818
WEIGHTS = (
    -8.460,
    1.313,
    -0.438,
    7.651,
    4.396,
    1.555,
    0.046,
    0.268,
    -0.041,
    -1.199,
    -0.113,
    2.148,
)
"""Weights of the numbers that `core.confidence.witnesses` returns."""

WORDS_BIAS = -6.706
WORDS_WEIGHTS = (2.224, 5.783)
"""Weights of the numbers that `core.confidence.word_witnesses` returns."""

STRANGERS = 3000
START, SHARE, SCALE, SHAPE = (-5.7839, 0.0647, 1.0608, 0.0)
"""The tail of the scores of so many strangers that the fit has not seen (`core.tail.Tail`)."""
