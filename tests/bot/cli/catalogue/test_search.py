"""What the command line says of one image that was looked up."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.catalogue.search import Answer, Asked, _tell
from bot.files.manifest import SearchRow
from core.matches import Finding
from core.types import Outcome, What
from tests.bot.cases import differs, match, template, verdict

TOLD = Asked(collections=None, top=5, all_candidates=False, lines=False)
ROW = SearchRow(id="1", path=Path("a.png"), shown="a.png")


def told(finding: Finding, asked: Asked, capsys: pytest.CaptureFixture[str]) -> str:
    _tell(ROW, Answer(finding=finding), asked, None)
    return " ".join(capsys.readouterr().out.split())


def test_what_differs_is_told_below_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence for people, whatever the words are; in JSON as a list; of a copy there is none."""
    other = template(differs("[bold]DAD[/]", "MOM"), differs("", "", What.COLOUR))
    review = Finding(sha256="ff", verdict=verdict(other, outcome=Outcome.REVIEW, reason="look-alike"))
    said, lines = told(review, TOLD, capsys), told(review, replace(TOLD, lines=True), capsys)

    assert "The words differ: “[bold]DAD[/]” became “MOM”. The colour is another one." in said
    assert '"content": "other", "differs": [{"what": "words", "how": "exchanged"' in lines
    assert "differ" not in told(Finding(sha256="ff", verdict=verdict(match())), TOLD, capsys)
