"""Two readings of one place: what is something else, and what a reader of letters may have mistaken."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reading_words import LONGEST, Line, bare, other_words, shown, similarity

SCORES = st.floats(0, 1)
LINES = st.builds(Line, st.text(max_size=40) | st.text("abcdeilmnorst 0123456789.,$", max_size=30), SCORES)


def both(before: str, after: str, score: float = 1.0) -> tuple[str, str] | None:
    return other_words(Line(before, score), Line(after, score))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(
            ("MOM", "DAD"),
            ("50 %", "70 %"),
            ("$1,250.00", "$8,310.75"),
            ("27.08.2025", "13.05.2023"),
            ("18:30", "21:45"),
        ),
        *(("the shop is closing today", "the shop is opening today"), ("VIP50", "KING17"), ("限时优惠", "新品上市")),
        *(("CODE 10", "CODE 70"), ("$250", "$1,400"), ("Kofi Sturm", "Ines Ibsen"), ("№ 31", "№ 82"), ("Yes", "No")),
    ],
)
def test_other_words_are_told(before: str, after: str) -> None:
    """A changed name, amount, date, code or word is other words, and both are shown as they were read."""
    assert both(before, after) == (before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *(
            ("Hello", "HELLO"),
            ("O0 l1I", "00 1lI"),
            ("modern", "rnodern"),
            ("wow", "vvow"),
            ("100", "l0O"),
            ("SB", "58"),
        ),
        *(("closing today", "closing tod"), ("$50.00", "$50"), ("1,250", "250"), ("FRIDAY 27.02.", "ADAY 27.02.")),
        *(("PZ23 2682 8036 9916", "PZ9916"), ("2e667f49d0 4bb7dc", "2e667f49d 4b7dc"), ("IT WAS", "TT WAS")),
        *(("Größe", "Grosse"), ("ﬁne", "fine"), ("１２", "12"), ("", "DAD"), (" ", "70 %"), ("...", "MOM")),
        *(
            ("隔壁又在装修", "阳stone bus 修"),
            ("今天也要加油", "TOO CLEVER"),
            ("two words", "twowords"),
            ("jackets", "xets"),
            ("O", "0"),
        ),
    ],
)
def test_what_may_be_the_same_is_not_told(before: str, after: str) -> None:
    """Look-alike letters, another case or form, and what may be cut off or covered are no other words."""
    assert both(before, after) is None


@pytest.mark.parametrize(
    ("one", "two", "letters", "of"),
    [
        *(("sale", "sale", 8, 8), ("kitten", "sitting", 8, 13), ("abc", "cab", 4, 6), ("五折", "七折", 2, 4)),
        *(("mom", "", 0, 3), ("mom", "dad", 0, 6), ("", "", 0, 1)),
    ],
)
def test_letters_in_the_same_order_are_counted(one: str, two: str, letters: int, of: int) -> None:
    """Of both together, whichever comes first."""
    assert similarity(one, two) == similarity(two, one) == letters / of


def test_doubtful_readings_say_nothing() -> None:
    """Words are read from .90, digits from .95, and a single letter counts from .99."""
    assert both("MOM", "DAD", 0.91)
    assert both("MOM", "DAD", 0.89) is None
    assert both("50 %", "70 %", 0.94) is None
    assert both("50 %", "70 %", 0.96)
    assert both("Anna Quill", "Anne Quill", 0.98) is None
    assert both("Anna Quill", "Anne Quill", 0.995)
    assert both("五折", "七折", 0.995)
    assert other_words(Line("MOM", 1.0), Line("DAD", 0.5)) is None


@given(LINES, LINES)
def test_it_does_not_matter_which_comes_first(one: Line, other: Line) -> None:
    """The same two readings are other words, or not, whichever is the reference's."""
    there, back = other_words(one, other), other_words(other, one)

    assert (there is None) == (back is None)
    assert there is None or back == there[::-1]


@given(st.text(max_size=60), SCORES, SCORES)
def test_the_same_text_never_differs(text: str, one: float, other: float) -> None:
    """Whatever it is, in whatever case and form."""
    for same in (text, text.upper(), text.casefold(), f" {text}!", unicodedata.normalize("NFKC", text)):
        if bare(same) == bare(text):  # some letters have no upper case of their own
            assert other_words(Line(text, one), Line(same, other)) is None


@given(st.text("abcdeilmnorst0123456789 你我他", max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_what_contains_the_other_never_differs(part: str, before: str, after: str) -> None:
    """A reading that lacks a beginning or an end may only be cut off or covered."""
    assert both(part, f"{before} {part} {after}") is None


@given(st.text("abcdefghk", min_size=6, max_size=20), st.data())
def test_a_letter_in_a_long_word_is_not_enough(word: str, data: st.DataObject) -> None:
    """Unless both are read without doubt."""
    at = data.draw(st.integers(0, len(word) - 1))
    other = word[:at] + data.draw(st.sampled_from("abcdefghk")) + word[at + 1 :]

    assert both(word, other, 0.97) is None


@given(LINES, LINES)
def test_what_is_shown_is_short_and_of_one_line(one: Line, other: Line) -> None:
    """No control characters, no line breaks, at most 200 letters."""
    for text in other_words(one, other) or (shown(one.text * 20),):
        assert len(text) <= LONGEST
        assert not any(unicodedata.category(letter)[0] == "C" for letter in text)
        assert text == " ".join(text.split())
