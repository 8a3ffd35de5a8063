"""Limits of `core.content`: written by `python -m bench.fit_content`, not by hand.

Fitted to 3268 readings of look-alikes from 61 families, and to 6069 of true copies.
"""

SAME, OTHER = -3.196, 0.041
"""Log-odds of other content: below the first it is the same, from the second it is another."""

STEEPNESS = 0.37
"""How much of the log-odds below `OTHER` is evidence: 1 would be all."""
