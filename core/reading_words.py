"""Whether two readings of one place say something else. Pure.

    before, after --both sure?--> bare: no case, space, punctuation --> other digits | other words | one other letter

Missing changed words is better than a false accusation. So letters that OCR confuses (O and 0, l and 1, rn and m) count
as equal, and a reading that contains the other counts as the same words, cut off or covered.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

READ, SURE, CERTAIN = 0.90, 0.95, 0.99
"""Scores from which a line counts as read, its digits as right, and each letter as right."""

SIMILAR, SIMILAR_IF_CERTAIN = 0.62, 0.7
"""Words that have so much in common may be one word, read twice."""

LEAST_LETTERS = 2
SHARED_DIGITS = 0.5
"""The shorter of two numbers has at least so large a share of the longer one's digits."""

LONGEST = 200
"""Letters that are kept of a line."""

TWO_LETTERS = (("rn", "m"), ("nn", "m"), ("vv", "w"), ("cl", "d"), ("lc", "k"))
LOOK_ALIKES = str.maketrans({**dict.fromkeys("oq", "0"), **dict.fromkeys("il|!j", "1"), "s": "5", "b": "8", "z": "2",
                             "g": "9", "v": "u", "c": "e", **dict.fromkeys("ft", "1")})  # fmt: skip
AMONG_DIGITS = re.compile(r"(?<=\d)[oil|](?=\d)|(?<=\d)[oil|]$|^[oil|](?=\d)")
ACCENTS = range(0x300, 0x370)
HAN = 0x2E80
"""From here on: Chinese, Japanese and Korean."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as it was read, and how sure the reader is, 0..1."""

    text: str
    score: float


def other_words(before: Line, after: Line) -> tuple[str, str] | None:
    """Return what both say where that is something else, as it is shown to people; None where it may be the same."""
    sure = min(before.score, after.score)
    first, second = bare(before.text), bare(after.text)
    if sure < READ or not first or not second or _may_be_covered(first, second):
        return None
    differs = (
        (sure >= SURE and _other_digits(first, second))
        or _other_letters(before.text, after.text, sure)
        or (sure >= CERTAIN and _other_letter(first, second))
    )
    return (shown(before.text), shown(after.text)) if differs else None


def shown(text: str) -> str:
    """Return the text on one line, without control characters, at most `LONGEST` letters."""
    printable = "".join(" " if unicodedata.category(letter)[0] in "ZC" else letter for letter in text)
    return " ".join(printable.split())[:LONGEST].rstrip()


def bare(text: str) -> str:
    """Return letters and digits alone: one form of each, in lower case, Latin letters without accents."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = unicodedata.normalize("NFC", "".join(letter for letter in apart if ord(letter) not in ACCENTS))
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LNM")


def folded(plain: str) -> str:
    """Return the same for texts that a reader of letters takes for one another."""
    for letters, letter in TWO_LETTERS:
        plain = plain.replace(letters, letter)
    return plain.translate(LOOK_ALIKES)


def _may_be_covered(one: str, two: str) -> bool:
    """Return whether one text is the other without a part that may be covered, or shown by a single letter."""
    first_folded, second_folded = folded(one), folded(two)
    first, second = sorted(_between(first_folded, second_folded), key=len)
    lacks = not first or (len(first) == 1 and len(second) > LEAST_LETTERS)
    return lacks or first_folded in second_folded or second_folded in first_folded


def _other_digits(one: str, two: str) -> bool:
    """Return whether the numbers differ: not only by digits that may be cut off."""
    shorter, longer = sorted(map(_digits, (one, two)), key=len)
    return bool(shorter) and not _is_part(shorter, longer) and len(shorter) >= SHARED_DIGITS * len(longer)


def _digits(plain: str) -> str:
    """Return the digits, and among them the letters that look like 0 and 1."""
    mended = AMONG_DIGITS.sub(lambda match: "0" if match[0] == "o" else "1", plain)
    return "".join(letter for letter in mended if letter.isdecimal())


def _is_part(short: str, long: str) -> bool:
    """Return whether the letters of the one stand in the other, in the same order."""
    left = iter(long)
    return all(letter in left for letter in short)


def _other_letters(before: str, after: str, sure: float) -> bool:
    """Return whether the words that only one of them has are other words of the same script."""
    words_before, words_after = (Counter(filter(None, map(bare, _words(text)))) for text in (before, after))
    own, other = list((words_before - words_after).elements()), list((words_after - words_before).elements())
    own_letters, other_letters = _letters_without(own, other), _letters_without(other, own)
    first, second = folded(own_letters), folded(other_letters)
    is_part = min(map(len, _between(first, second))) < LEAST_LETTERS or first in second or second in first
    limit = SIMILAR_IF_CERTAIN if sure >= CERTAIN else SIMILAR
    return (
        not is_part
        and _scripts(own_letters) == _scripts(other_letters)
        and similarity(own_letters, other_letters) < limit
    )


def _letters_without(words: Iterable[str], others: Sequence[str]) -> str:
    """Return the letters, not the digits, of the words that are near to none of the others."""
    far_words = (word for word in words if not any(_are_near(word, each) for each in others))
    return "".join(letter for word in far_words for letter in word if not letter.isdecimal())


def _scripts(plain: str) -> set[str]:
    """Return those of the letters: whoever writes over Chinese words in English exchanges nothing."""
    return {"han" if ord(letter) >= HAN else "other" for letter in plain}


def _are_near(one: str, two: str) -> bool:
    """Return whether one letter of a word may have been taken for another."""
    return len(one) == len(two) and sum(a != b for a, b in zip(one, two, strict=True)) <= 1


def _words(text: str) -> list[str]:
    return unicodedata.normalize("NFKC", text).split()


def _other_letter(one: str, two: str) -> bool:
    """Return whether both have one beginning and one end, and between them another letter or two."""
    first, second = _between(one, two)
    if not first or len(first) != len(second) or len(first) > LEAST_LETTERS:
        return False
    return all(folded(a) != folded(b) for a, b in zip(first, second, strict=True))


def _between(one: str, two: str) -> tuple[str, str]:
    """Return both texts without the beginning and the end that they share."""
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
