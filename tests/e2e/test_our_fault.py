"""A fault of ours with one image costs that image alone, and reads neither as its damage nor as a missing catalogue."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.errors import CouldNotLook, DataError, EnvironmentTrouble
from core.root import ROOT
from tests.e2e.command import resight
from tests.small import saved, scribble

FAULTY = """
import sys
if "embed.decode.worker" in sys.orig_argv:
    from embed.decode import picture
    decoded = picture._decoded
    def faulty(job):
        if job.header.kind == "BMP" and len(job.data) > 1_000:
            import late_module
        return decoded(job)
    picture._decoded = faulty
"""
"""What looks for a module behind the lock, for files of one kind."""


@pytest.fixture
def faulty(tmp_path: Path) -> Mapping[str, str]:
    """An environment in which the decoder can't look at BMP files."""
    folder = tmp_path / "faulty"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(FAULTY)
    return {"PYTHONPATH": f"{folder}:{ROOT}"}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.bmp").write_bytes(saved(scribble(1), "BMP"))
    (folder / "b.png").write_bytes(saved(scribble(2)))
    return folder


def test_the_codes_are_told_apart() -> None:
    """Data, machine or catalogue, and a fault with one image have an exit code each."""
    assert (DataError.exit_code, EnvironmentTrouble.exit_code, CouldNotLook.exit_code) == (3, 4, 5)


def test_the_others_are_added_and_found(tmp_path: Path, pictures: Path, faulty: Mapping[str, str]) -> None:
    """`add` and `search` do the rest, and end with 5; once the fault is mended, the same command adds it."""
    home = tmp_path / "data"
    added = resight(home, "add", pictures, "--json", **faulty)
    searched = resight(home, "search", pictures, **faulty)
    again = resight(home, "add", pictures, "--json")

    assert (added.code, searched.code, again.code) == (5, 5, 0)
    assert (added.lines[0]["added"], [one["key"] for one in added.lines[0]["bad"]]) == (1, ["pictures/a.bmp"])
    assert "the fault is ours" in added.lines[0]["bad"][0]["message"]
    assert [(one["verdict"], one["reason"]) for one in searched.lines] == [
        ("unscannable", "could-not-look"),
        ("match", "copy"),
    ]
    assert (again.lines[0]["added"], again.lines[0]["unchanged"]) == (1, 1)


def test_what_is_wrong_and_what_is_our_fault(tmp_path: Path, pictures: Path, faulty: Mapping[str, str]) -> None:
    """Where a file is wrong, too, the fault is what the exit code tells: trying again is worth while."""
    (pictures / "c.png").write_bytes(b"none")
    told = resight(tmp_path / "data", "add", pictures, "--json", **faulty)

    assert (told.code, len(told.lines[0]["bad"]), told.lines[0]["added"]) == (5, 2, 1)
