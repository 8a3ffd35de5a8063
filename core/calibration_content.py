"""Limits of `core.content`: written by `python -m bench.fit_content`, not by hand.

Fitted to 3820 readings of look-alikes from 71 families, and to 6743 of true copies.
"""

SAME, OTHER = -3.129, -0.18
"""Log-odds of other content: below the first it is the same, from the second it is another."""

STEEPNESS = 0.1
"""How much of the log-odds below `OTHER` is evidence: 1 would be all."""
