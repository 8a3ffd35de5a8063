"""How often something may go wrong, as people say it. Pure.

    "1 in 10000", "1:10000", "1/10000", "0.0001", "1e-4", "0.01 %", "10000 分之 1"  --rate_of-->  Fraction
    Fraction --told--> "1 in 10,000" or "10,000 分之 1"

A rate is a Fraction, so that what was said comes back as it was said; `float(rate)` is for computing.
"""

import re
from fractions import Fraction

from core.errors import UsageError
from core.wording import Words

LONGEST = 40
"""Characters of a rate, at most."""

SMALLEST = 1e-12
"""Smallest rate: nobody could count a smaller one, and exact fractions of far smaller ones would cost memory."""

COUNT = r"(\d[\d,_ ]*)"
PAIR = re.compile(rf"{COUNT}\s*(?:in|out of|of|[:/：])\s*{COUNT}", re.ASCII | re.IGNORECASE)
CHINESE = re.compile(rf"{COUNT}\s*分之\s*{COUNT}", re.ASCII)
PERCENT = re.compile(r"([^%％]+)[%％]")


def rate_of(text: str) -> Fraction:
    """Return the rate that somebody wrote, above 0 and below 1; raises UsageError."""
    written = text.strip()
    try:
        rate = _read(written) if len(written) <= LONGEST else Fraction(0)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not SMALLEST <= rate < 1:
        raise UsageError(f"'{written[:LONGEST]}' is no rate: say it like '1 in 10000' or 0.0001, above 0 and below 1.")
    return rate


def told(words: Words, rate: Fraction) -> str:
    """Return the rate in words, reduced as fractions are: two in four are one in two."""
    return words("rate.in", times=f"{rate.numerator:,}", among=f"{rate.denominator:,}")


def _read(text: str) -> Fraction:
    """Return the number that a text says, whether or not it is a rate; raises ValueError or ZeroDivisionError."""
    if pair := PAIR.fullmatch(text):
        return Fraction(_count(pair[1]), _count(pair[2]))
    if pair := CHINESE.fullmatch(text):
        return Fraction(_count(pair[2]), _count(pair[1]))
    if percent := PERCENT.fullmatch(text):
        return _decimal(percent[1]) / 100
    return _decimal(text)


def _count(digits: str) -> int:
    """Return a whole number, whatever separates its thousands."""
    return int(re.sub(r"[,_ ]", "", digits))


def _decimal(text: str) -> Fraction:
    """Return a decimal number, exactly; raises for one that is far too small or too large."""
    return Fraction(text.strip()) if SMALLEST <= float(text) <= 100 else Fraction(0)
