"""Coefficients of `embed.logos`: written by `python -m bench.fit_logos`, not by hand."""

BIAS = 0.0
WEIGHTS = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
