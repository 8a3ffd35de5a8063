"""Answers as lines of a terminal."""

from bot.fronts.terminal.shown import lines_of
from core.messages import Answer, Card, Line, Tone


def test_each_sentence_is_a_line() -> None:
    """None of them holds an end of a line, after which nothing would be set in."""
    card = Card(title="A card", tone=Tone.MATCH, lines=(Line(text="one\ntwo"), Line(label="Who", text="ann\nbo")))

    assert lines_of(Answer(cards=(card,))) == ("== A card ==", "one", "two", "Who:", "    ann", "    bo")


def test_no_picture_is_explained_that_is_not_shown() -> None:
    """The legend is for chats that show the evidence picture."""
    card = Card(title="A card", tone=Tone.MATCH, legend="Left: what was posted.", footer="Kept until May.")

    assert lines_of(Answer(cards=(card,), picture=b"x")) == ("== A card ==", "Kept until May.")
