"""Imports discord.py without the one warning that its import cannot avoid; import this before discord or simcord.

pytest turns warnings into errors while it collects, too, where no mark on a test can help.
"""

import warnings

with warnings.catch_warnings():
    # discord.py imports audioop for voice, which Python 3.12 deprecates; for 3.13 it has another package
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord  # noqa: F401
