"""Coefficients of `core.confidence`: written by `python -m bench.fit`, not by hand.

Fitted to 2934 candidate pairs, 762 of them copies, and to 812 readings of words.
"""

CATALOGUE = 205
"""References of the catalogue that the fit was made with."""

BIAS = -5.435
WEIGHTS = (
    -7.036,
    3.839,
    -0.041,
    11.399,
    8.861,
    1.196,
    -0.097,
    -0.254,
    0.109,
    -5.129,
    -0.264,
)
"""Of `core.confidence.witnesses`."""

WORDS_BIAS = -6.737
WORDS_WEIGHTS = (2.386, 5.363)
"""Of `core.confidence.word_witnesses`."""

STRANGERS = 3000
START, SHARE, SCALE, SHAPE = (-5.4674, 0.0643, 0.8429, 0.0946)
"""The tail of the scores of so many strangers that the fit has not seen (`core.tail.Tail`)."""
