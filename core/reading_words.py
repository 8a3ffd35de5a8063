"""Whether two readings of one place say something else. Pure.

    before, after --both sure?--> bare: no case, space, punctuation --> other digits | other words | one other letter

A false accusation is worse than words that were not told: whatever a reader of letters confuses (O and 0, l and 1, rn
and m), and whatever may only be cut off or covered (one reading contains the other), is no other word.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

READ, SURE, CERTAIN = 0.90, 0.95, 0.99
"""Scores from which a line counts as read, its digits as right, and each letter as right."""

SIMILAR = 0.7
"""Words that have so much in common may be one word, read twice."""

LEAST_LETTERS = 2
SHARED_DIGITS = 0.5
"""The shorter of two numbers has at least so large a share of the longer one's digits."""

LONGEST = 200
"""Letters that are kept of a line."""

TWO_LETTERS = (("rn", "m"), ("nn", "m"), ("vv", "w"), ("cl", "d"), ("lc", "k"))
LOOK_ALIKES = str.maketrans({**dict.fromkeys("oq", "0"), **dict.fromkeys("il|!j", "1"), "s": "5", "b": "8", "z": "2",
                             "g": "9", "v": "u", "c": "e", "f": "t"})  # fmt: skip
AMONG_DIGITS = re.compile(r"(?<=\d)[oil|](?=\d)|(?<=\d)[oil|]$|^[oil|](?=\d)")
ACCENTS = range(0x300, 0x370)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as it was read, and how sure the reader is, 0..1."""

    text: str
    score: float


def other_words(before: Line, after: Line) -> tuple[str, str] | None:
    """Return what both say where that is something else, as it is shown to people; None where it may be the same."""
    sure = min(before.score, after.score)
    one, two = bare(before.text), bare(after.text)
    if sure < READ or not one or not two or folded(one) == folded(two):
        return None
    differs = (
        (sure >= SURE and _other_digits(one, two))
        or _other_letters(before.text, after.text)
        or (sure >= CERTAIN and _another_letter(one, two))
    )
    return (shown(before.text), shown(after.text)) if differs else None


def shown(text: str) -> str:
    """Return the text on one line, without control characters, at most `LONGEST` letters."""
    kept = "".join(" " if unicodedata.category(one)[0] in "ZC" else one for one in text)
    return " ".join(kept.split())[:LONGEST].rstrip()


def bare(text: str) -> str:
    """Return letters and digits alone: one form of each, in lower case, Latin letters without accents."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = unicodedata.normalize("NFC", "".join(one for one in apart if ord(one) not in ACCENTS))
    return "".join(one for one in plain if unicodedata.category(one)[0] in "LNM")


def folded(plain: str) -> str:
    """Return the same for texts that a reader of letters takes for one another."""
    for two, one in TWO_LETTERS:
        plain = plain.replace(two, one)
    return plain.translate(LOOK_ALIKES)


def _other_digits(one: str, two: str) -> bool:
    """Whether the numbers differ: not only by digits that may be cut off."""
    mine, its = _digits(one), _digits(two)
    if not mine or not its or mine in its or its in mine:
        return False
    return min(len(mine), len(its)) >= SHARED_DIGITS * max(len(mine), len(its))


def _digits(plain: str) -> str:
    """The digits, and among them the letters that look like 0 and 1."""
    mended = AMONG_DIGITS.sub(lambda found: "0" if found[0] == "o" else "1", plain)
    return "".join(one for one in mended if one.isdecimal())


def _other_letters(before: str, after: str) -> bool:
    """Whether the words that only one of them has are other words."""
    mine, its = (Counter(filter(None, map(bare, _words(text)))) for text in (before, after))
    one, two = ("".join((a - b).elements()) for a, b in ((mine, its), (its, mine)))
    return _are_others(one, two) and not _contains(bare(before), bare(after))


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text).split()


def _are_others(one: str, two: str) -> bool:
    one, two = folded(one), folded(two)
    if min(len(one), len(two)) < LEAST_LETTERS or _contains(one, two):
        return False
    return similarity(one, two) < SIMILAR


def _contains(one: str, two: str) -> bool:
    return one in two or two in one


def _another_letter(one: str, two: str) -> bool:
    """Whether exactly what stands between the same beginning and the same end is another letter, or two others."""
    first, second = _between(one, two)
    if not first or len(first) != len(second) or len(first) > LEAST_LETTERS:
        return False
    return all(folded(a) != folded(b) for a, b in zip(first, second, strict=True))


def _between(one: str, two: str) -> tuple[str, str]:
    """Both without the beginning that they share, and without the end that they share then."""
    shorter = min(len(one), len(two))
    start = next((at for at in range(shorter) if one[at] != two[at]), shorter)
    one, two = one[start:], two[start:]
    shorter -= start
    end = next((at for at in range(shorter) if one[-1 - at] != two[-1 - at]), shorter)
    return one[: len(one) - end], two[: len(two) - end]


def similarity(one: str, two: str) -> float:
    """Return the share (0..1) of their letters that both have in the same order, the same whichever comes first."""
    before = [0] * (len(two) + 1)
    for letter in one:
        row = [0]
        for at, other in enumerate(two):
            row.append(before[at] + 1 if letter == other else max(row[at], before[at + 1]))
        before = row
    return 2 * before[-1] / max(len(one) + len(two), 1)
