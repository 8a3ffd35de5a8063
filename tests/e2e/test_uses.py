"""Every recipe of docs/uses does what it says: its commands run, and print what the page shows."""

import shutil
from pathlib import Path

import pytest

from tests import recipes


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after the commands that every recipe begins with."""
    folder = tmp_path_factory.mktemp("uses") / "start"
    folder.mkdir()
    recipes.prepare(folder)
    return folder


@pytest.mark.parametrize("page", recipes.pages(), ids=lambda page: page.stem)
def test_a_recipe_does_what_it_says(page: Path, start: Path, tmp_path: Path) -> None:
    """Each block exits with 0 and prints what is shown, numbers aside."""
    folder = tmp_path / "here"
    shutil.copytree(start, folder)
    steps = recipes.steps(page)

    assert any(step.shown for step in steps)
    for step in steps:
        printed = recipes.run(step.commands, folder)
        if step.shown:
            assert recipes.masked(printed) == recipes.masked(step.shown), step.commands


def test_every_recipe_is_listed() -> None:
    """The index names every page."""
    index = recipes.START.read_text(encoding="utf-8")

    assert [page.name for page in recipes.pages() if f"]({page.name})" not in index] == []
