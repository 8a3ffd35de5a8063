"""Words: the language that a person asked for, and values in their places."""

import pytest

from core.wording import Words, negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB", "en"), ("de, zh;q=0.5", "zh"), ("fr", "en"), ("", "en")],
)
def test_the_browser_says_the_language(header: str, language: str) -> None:
    """The first language of ours in the header is spoken, else English."""
    assert negotiate(header) == language


def test_an_unknown_language_is_english() -> None:
    """Nobody is left without words."""
    assert Words.of("tlh").language == "en"


def test_values_are_filled_in() -> None:
    """A sentence is filled with its values, and one without values is left as it is."""
    words = Words.of("en")

    assert words("channel.picture_by", author="Ann") == "Image posted by Ann"
    assert words.has("verdict.match")
    assert not words.has("verdict.maybe")
