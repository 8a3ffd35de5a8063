"""Words that are kept with a reference: what they say where a pair asks, and when only the picture can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.kept_words import MOST_WORDS, Word, pack, said_in, unpack, words_in
from core.reading_words import Line
from core.types import Box

ROW: Box = (0.1, 0.4, 0.9, 0.5)
LINE = words_in("Total 250 EUR", [1.0] * 8 + [0.9] * 3, [at / 13 for at in (0, 1, 2, 3, 4, 6, 7, 8, 10, 11, 12)], ROW)
SHARES = some.floats(0, 1).map(lambda one: round(one, 4))


def box(left: float, right: float, top: float = 0.39, bottom: float = 0.51) -> Box:
    return left, top, right, bottom


def test_a_line_is_kept_word_by_word() -> None:
    """Each word has its own letters, score and place; of Chinese each letter is one."""
    chinese = words_in("VIP 五折", [1, 1, 1, 0.8, 0.9], [0.1, 0.2, 0.3, 0.6, 0.8], ROW)

    assert [(one.text, one.spaced) for one in LINE] == [("Total", True), ("250", True), ("EUR", True)]
    assert [one.box[0] for one in LINE] == sorted(one.box[0] for one in LINE)
    assert LINE[2].score == pytest.approx(0.9)
    assert [(one.text, one.spaced) for one in chinese] == [("VIP", True), ("五", True), ("折", False)]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (box(0.08, 0.92), "Total 250 EUR"),
        (box(0.44, 0.92), "250 EUR"),
        (box(0.44, 0.64), "250"),
        (box(0.08, 0.25), None),
        (box(0.93, 0.99), None),
        (box(0.08, 0.92, 0.6, 0.7), None),
        (box(0.08, 0.92, 0.3, 0.6), None),
    ],
    ids=["all", "two", "one", "half of a word", "beside", "another row", "two rows"],
)
def test_only_whole_words_answer(asked: Box, told: str | None) -> None:
    """The words in the box; a word that is cut, no word, or a box of more than a line sends to the picture."""
    said = said_in(LINE, asked)

    assert (said.text if said else None) == told


def test_a_line_that_was_not_read_sends_to_the_picture() -> None:
    """Its neighbour alone would be half of what stands there."""
    unread = Word("", 0.0, (0.7, 0.4, 0.9, 0.5))

    assert said_in([*LINE[:2], unread], box(0.08, 0.92)) is None
    assert said_in([*LINE[:2], unread], box(0.08, 0.65)) == Line("Total 250", pytest.approx(1.0))  # type: ignore[arg-type]


def test_words_of_two_rows_are_no_line() -> None:
    """What stands one above the other was never one text."""
    above, below = Word("SEND", 1.0, (0.1, 0.40, 0.5, 0.47)), Word("HELP", 1.0, (0.3, 0.44, 0.8, 0.51))

    assert said_in([above, below], box(0.05, 0.95)) is None


@pytest.mark.parametrize(("top", "bottom"), [(0.49, 0.6), (0.3, 0.41)], ids=["below", "above"])
@pytest.mark.parametrize("right", [0.3, 0.9])
def test_the_next_row_may_reach_into_the_box(top: float, bottom: float, right: float) -> None:
    """A box is drawn a little larger than its line: what lies in it by a fifth belongs to another row."""
    neighbour = Word("HELP", 1.0, (0.1, top, right, bottom))

    assert said_in([neighbour, *LINE], box(0.08, 0.92)) == said_in(LINE, box(0.08, 0.92))


@given(some.lists(some.builds(Word, some.text(max_size=200), SHARES, some.tuples(*[SHARES] * 4), some.booleans())))
def test_words_come_back_as_they_were_packed(words: list[Word]) -> None:
    """Whatever was read; and a picture without words is not one that nobody has read."""
    assert unpack(pack(words)) == tuple(words[:MOST_WORDS])
    assert pack(words)


@given(
    some.binary()
    | some.sampled_from([b"", b"{}", b"[1]", b"[[]]", b'[["a",1,2]]', b"[" * 9000, b'[[1,"x",0,0,0,0,1]]'])
)
def test_other_bytes_hold_no_words(kept: bytes) -> None:
    """A damaged row or a strange file is read in the picture; it stops nothing."""
    assert said_in(unpack(kept), box(0, 1)) is None
