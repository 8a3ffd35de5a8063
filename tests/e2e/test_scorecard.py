"""`resight scorecard` from end to end: a real catalogue, the real search, JSON and a page."""

import json
from pathlib import Path

import pytest

from lab.drawings.demo import demo_set, jpeg
from tests.e2e.command import resight

KNOWN = 5


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with five drawings as references."""
    folder = tmp_path_factory.mktemp("drawn")
    for image in demo_set()[:KNOWN]:
        (folder / f"{image.key}.jpg").write_bytes(jpeg(image.draw()))
    home = tmp_path_factory.mktemp("home") / "data"
    assert resight(home, "add", folder).code == 0
    return home


def test_the_scorecard_of_a_small_catalogue(home: Path, tmp_path: Path) -> None:
    """Three of five references under two edits: all found, no stranger matched, a page and the same figures as JSON."""
    folder = tmp_path / "deep" / "report"
    options = ("--references", 3, "--edits", "recompress,crop_50", "--report", folder, "--language", "zh", "--json")
    told = resight(home, "scorecard", *options)
    card = told.lines[0]
    page = (folder / "scorecard.html").read_text(encoding="utf-8")

    assert told.code == 0, told.sentence
    assert "3 references under 2 edits, strangers and look-alikes: 33 searches" in told.err
    assert (card["settings"]["references"], card["settings"]["catalogue"]) == (3, KNOWN)
    assert card["recall"]["overall"]["matched"] == card["recall"]["overall"]["total"] == 6
    assert card["strangers"]["left_out"]["matched"] == card["strangers"]["drawn"]["matched"] == 0
    assert [one["total"] for one in card["look_alikes"].values()] == [3, 3, 3]
    assert card["micro_average_precision"] == 1
    assert json.loads((folder / "scorecard.json").read_text(encoding="utf-8")) == card
    assert page.startswith("<!doctype html>") and "6 张副本中有 6 张判为匹配（100%）" in page


def test_without_references_there_is_nothing_to_measure(tmp_path: Path) -> None:
    """One sentence, and the exit code for data; where there is no catalogue, that of the environment."""
    assert resight(tmp_path / "data", "scorecard").code == 4
    assert resight(tmp_path / "data", "collections", "create", "mine").code == 0
    told = resight(tmp_path / "data", "scorecard")

    assert told.code == 3
    assert told.sentence == "resight: There are no references to measure with: add some with `resight add`."


def test_a_wrong_edit_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    """No data folder is made for a command that can't be carried out."""
    told = resight(tmp_path / "data", "scorecard", "--edits", "mirror,melt")

    assert told.code == 2
    assert "There is no edit 'melt'; there are: " in told.sentence
    assert not (tmp_path / "data").exists()
