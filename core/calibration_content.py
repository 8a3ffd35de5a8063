"""Limits of `core.content`: written by `python -m bench.fit_content`, not by hand.

Fitted to 888 readings of look-alikes from 30 families, and to 4022 of true copies.
"""

SAME, OTHER = -5.447, 0.486
"""Log-odds of other content: below the first it is the same, from the second it is another."""
