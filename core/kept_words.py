"""What was read of a reference when it was added: its words and where they stand, so that no search reads them again.

    words of a picture --pack--> bytes, kept with it --unpack--> Word, ... --said_in(box)--> Line | None

None means that only the picture itself can tell: nothing was read there, a word lies half in the box, or a line in it
was found but not read. Bytes that are no words are no error either, because the picture is still there. Pure.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

from core.reading_words import HAN, LONGEST, Line
from core.types import Box

MOST_WORDS = 400
INSIDE, OUTSIDE = 0.7, 0.3
"""Shares of a word's width in the box, from which it belongs to it, and up to which it does not."""

IN_ROWS = 0.5
"""Share of a word's height from which it stands in the rows of the box, or in those of another word."""

OFF_ROW, TALLER = 0.35, 2.0
"""Of the higher one's height: how far the middles of a word and of the box may be apart; and how much higher it is."""

DIGITS = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or one Chinese letter: what it says, how sure the reader is, where it stands in shares of the sides.

    `spaced`: there is a space before it. A score of 0 stands for a line that was found and not read.
    """

    text: str
    score: float
    box: Box
    spaced: bool = True


def words_in(text: str, scores: Sequence[float], middles: Sequence[float], place: Box) -> list[Word]:
    """Return the words of a line; each letter but spaces has a score, and a middle as a share of the width."""
    words, spaced, letters = list[list[tuple[str, int]]](), list[bool](), iter(range(len(scores)))
    is_new, gap = True, True
    for letter in text:
        if letter.isspace():
            is_new, gap = True, True
            continue
        number = next(letters, None)
        if number is None:
            break
        if is_new or ord(letter) >= HAN:
            words.append([])
            spaced.append(gap)
        words[-1].append((letter, number))
        is_new, gap = ord(letter) >= HAN, False
    return [_word(word, scores, middles, place, gap) for word, gap in zip(words, spaced, strict=True)]


def _word(
    letters: Sequence[tuple[str, int]], scores: Sequence[float], middles: Sequence[float], place: Box, spaced: bool
) -> Word:
    first, last, (left, top, right, bottom) = letters[0][1], letters[-1][1], place
    score = sum(scores[number] for _, number in letters) / len(letters)
    start, end = (left + middles[number] * (right - left) for number in (first, last))
    return Word("".join(letter for letter, _ in letters), score, (start, top, end, bottom), spaced)


def pack(words: Sequence[Word]) -> bytes:
    """Return the words as they are kept; never b"", which stands for a picture of which nothing was read."""
    rows = [_row(word) for word in words[:MOST_WORDS]]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def _row(word: Word) -> list[Any]:
    numbers = (round(number, DIGITS) for number in (word.score, *word.box))
    return [word.text[:LONGEST], *numbers, int(word.spaced)]


def unpack(packed: bytes) -> tuple[Word, ...]:
    """Return what was packed; nothing where the bytes are none of ours."""
    try:
        return tuple(_unpacked(*row) for row in json.loads(packed)[:MOST_WORDS]) if packed else ()
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
        return ()


def _unpacked(text: Any, score: Any, left: Any, top: Any, right: Any, bottom: Any, spaced: Any) -> Word:
    numbers = [float(number) for number in (score, left, top, right, bottom)]
    if not all(map(isfinite, numbers)):
        raise ValueError("a word stands nowhere")
    written = str(text)[:LONGEST].encode(errors="replace").decode()  # JSON can spell what no database can hold
    return Word(written, numbers[0], (numbers[1], numbers[2], numbers[3], numbers[4]), bool(spaced))


def said_in(words: Sequence[Word], box: Box) -> Line | None:
    """Return what the words in the box say, from the left; None where only the picture can tell."""
    shares = [(word, _share(word.box, box)) for word in words if _down(word.box, box) >= IN_ROWS]
    inside = sorted((word for word, share in shares if share >= INSIDE), key=lambda word: word.box[0])
    is_cut = any(OUTSIDE < share < INSIDE or (share and not word.score) for word, share in shares)
    if is_cut or not _is_a_line([word.box for word in inside], box):
        return None
    letters = sum(len(word.text) for word in inside)
    text = "".join(" " * word.spaced + word.text for word in inside)
    return Line(text.strip(), sum(word.score * len(word.text) for word in inside) / max(1, letters))


def _is_a_line(places: Sequence[Box], box: Box) -> bool:
    """Return whether words (from the left) form one line that is as high as the box, not two of its rows."""
    apart = all(place[2] <= other[0] and _down(place, other) >= IN_ROWS for place, other in pairwise(places))
    return bool(places) and apart and all(_is_on_row(place, box) for place in places)


def _down(word: Box, box: Box) -> float:
    """Return the share of the word's height that lies in the rows of the box."""
    return max(0.0, min(word[3], box[3]) - max(word[1], box[1])) / max(1e-6, word[3] - word[1])


def _is_on_row(word: Box, box: Box) -> bool:
    high, its = word[3] - word[1], box[3] - box[1]
    apart = abs(word[1] + word[3] - box[1] - box[3]) / 2
    return apart <= OFF_ROW * max(high, its) and max(high, its) <= TALLER * min(high, its)


def _share(word: Box, box: Box) -> float:
    """Return the share of the word's width that lies in the box; of a single letter only the middle is known."""
    if word[2] <= word[0]:
        return float(box[0] <= word[0] <= box[2])
    return max(0.0, min(word[2], box[2]) - max(word[0], box[0])) / (word[2] - word[0])
