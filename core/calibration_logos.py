"""Coefficients of `embed.logos`: written by `python -m bench.fit_logos`, not by hand."""

BIAS = 0.0
WEIGHTS = (6.0, 2.0, 1.0, -2.0, 1.0, 0.0, -0.5, 0.0, 1.0, 0.0, 0.0, 4.0, 0.0, 1.0, 0.0, 0.0)
