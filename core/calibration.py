"""Coefficients of `core.confidence`: written by `python -m lab.fit`, not by hand."""

CATALOGUE = 200
BIAS = -9.0
WEIGHTS = (6.0, 0.0, 0.9, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
WORDS_BIAS = -5.0
WORDS_WEIGHTS = (2.0, 6.0, 0.0)
