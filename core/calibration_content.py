"""Limits of `core.content`: written by `python -m bench.fit_content`, not by hand.

Fitted to 1568 readings of look-alikes from 31 families, and to 4003 of true copies.
"""

SAME, OTHER = -5.347, -0.829
"""Log-odds of other content: below the first it is the same, from the second it is another."""

STEEPNESS = 0.6
"""How much of those log-odds is evidence: 1 would be all."""
