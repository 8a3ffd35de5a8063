"""What `resight scorecard` understands of its options, and how its table looks."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.cli.lab import scorecard as command
from bot.cli.lab.scorecard import QUICK_EDITS, edits_of, language_of
from bot.cli.lab.scorecard_table import show
from core.errors import UsageError
from core.wording import LANGUAGES, Words
from lab import suite
from lab.scorecard import scorecard
from tests.lab.cards import small


def test_edits_are_named_or_spread() -> None:
    """All of them, those named in the suite's order, or a few of every family."""
    families = {suite.family_of(name) for name in edits_of("", False)}

    assert edits_of(" mirror, recompress ", False) == ["recompress", "mirror"]
    assert edits_of("mirror", True) == ["mirror"]
    assert len(edits_of("", True)) == QUICK_EDITS
    assert {suite.family_of(name) for name in edits_of("", True)} == families
    with pytest.raises(UsageError, match="There is no edit 'melt'"):
        edits_of("mirror,melt", False)


def test_only_languages_that_are_spoken() -> None:
    """An unknown language is an error, not English in silence."""
    assert [language_of(name) for name in ("", *LANGUAGES)] == ["", *LANGUAGES]
    with pytest.raises(UsageError, match="There is no language 'tlh'"):
        language_of("tlh")


def test_a_folder_that_cannot_be_made_is_told_at_once(tmp_path: Path) -> None:
    """A file in its place is one sentence, before minutes of measuring."""
    (tmp_path / "report").write_text("mine")
    with pytest.raises(UsageError, match="can't be made"):
        command._make(tmp_path / "report")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_tells_all_of_it(language: str) -> None:
    """Edits, false alarms, references and advice, without a 0 % among the false alarms."""
    file = io.StringIO()
    words = Words.of(language)
    show(scorecard(small()), words, Console(file=file, width=160))
    told = file.getvalue()

    for key in ("recall", "alarms", "threshold", "weakest", "attractors", "twins", "trust"):
        assert words(f"scorecard.{key}") in told
    assert "library/flat" in told
    assert "(< 34" in told
    assert words("scorecard.lack-itself") in told
