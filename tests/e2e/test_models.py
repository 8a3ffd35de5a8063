"""`resight models` on the real command line, on a machine without torch."""

import re
from pathlib import Path

import pytest

from tests.e2e.command import resight

CLIP = r"pip install '?ftfy.*'open-clip-torch>=[\d.]+' .*'torch>=[\d.]+'"
"""The packages themselves, with the versions that are asked for."""


def test_models_are_listed(tmp_path: Path) -> None:
    """Every kind with what it is for and whether it is installed; what is set is marked, with its weights."""
    told = resight(tmp_path / "data", "models", "list", "--json", RESIGHT_SEMANTIC_MODEL="clip:ViT-B-32:x.pt")
    rows = {line["name"]: line for line in told.lines}

    assert told.code == 0, told.sentence
    assert rows["auto"]["set_for"] == "copies"
    mine = rows["clip:ViT-B-32:x.pt"]
    assert (mine["words"], mine["installed"], mine["extra"], mine["set_for"]) == (True, False, "clip", "similar")
    assert rows["sscd_distilled"]["installed"]
    assert re.search(CLIP, resight(tmp_path / "data", "models", "list").sentence)


def test_models_are_compared(tmp_path: Path) -> None:
    """A model equals itself and no other: exit code 3 says so."""
    same = resight(tmp_path / "data", "models", "verify", "classic", "classic", "--json")
    other = resight(tmp_path / "data", "models", "verify", "sscd_distilled", "sscd")

    assert (same.code, same.lines[0]["difference"]) == (0, 0.0), same.sentence
    assert (other.code, "The models differ by" in other.sentence) == (3, True)


@pytest.mark.parametrize("name", ["clip:ViT-B-32:x.pt", "resnet50:x.pt", "timm:resnet18:x.pt", "torchscript:x.pt"])
def test_a_missing_extra_is_named(tmp_path: Path, name: str) -> None:
    """Where torch is not installed one sentence says how to install it."""
    told = resight(tmp_path / "data", "models", "export", name, tmp_path / "out")

    assert told.code == 4
    assert told.err.count("\n") == 1
    assert re.search(CLIP, told.err)
