"""The doctor says whether words can be read, and videos looked at."""

import pytest

from bot.cli import doctor
from bot.cli.doctor import videos, words
from core.errors import EnvironmentTrouble
from embed.decode import video


def test_words_can_be_read() -> None:
    """The development environment has the extra."""
    assert words().state == "ok"
    assert "can be read" in words().sentence


def test_without_the_extra_one_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra, so its lack is no warning."""
    monkeypatch.setattr(doctor, "has_ocr", lambda: False)

    assert words().state == "ok"
    assert "`pip install 'rapidocr<4,>=3.10'` adds that" in words().sentence


def test_a_reader_that_does_not_load_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the sentence of what is wrong."""

    class Broken:
        def load(self) -> None:
            raise EnvironmentTrouble("Words can't be read.")

    monkeypatch.setattr(doctor, "OcrReader", Broken)

    assert (words().state, words().sentence) == ("warning", "Words can't be read.")


def test_without_videos_what_strangers_post_goes_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that is a warning, with how to get them."""
    assert (videos().state, videos().sentence) == ("ok", "Videos are looked at.")

    monkeypatch.setattr(video, "find_spec", lambda _: None)

    assert videos().state == "warning"
    assert "`pip install 'av>=15'` adds that" in videos().sentence
