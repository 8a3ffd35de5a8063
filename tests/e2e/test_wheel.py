"""The wheel: one package for everybody else, and a program that no project in the working directory disturbs.

hatchling --> wheel --> a venv of its own that sees the libraries of this one, beside a project with names of ours
"""

import json
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest

import resight
from bot.version import VERSION
from tests.e2e.command import environment

CHECKOUT = Path(resight.__file__).resolve().parents[1]
HIDDEN = ("bot", "core", "embed", "handlers", "lab", "store", "web")
"""Top-level names that mean our folders inside of the program `resight`, and there only."""

THEIRS = (*HIDDEN, "numpy", "discord", "aiohttp", "fnmatch", "logging", "secrets")
"""A project's own modules: some called as folders of ours, some as libraries that we need, or as Python's own."""

INFO = f"resight-{VERSION}.dist-info"
PATIENCE_S = 180


def run(*command: object, cwd: Path, home: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the installed program as somebody who has no checkout would."""
    known = environment(home, {"PYTHONPATH": "", **extra})
    return subprocess.run(
        [str(one) for one in command],
        cwd=cwd,
        env=known,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def fresh_venv(folder: Path) -> Path:
    """A Python of its own that finds the libraries installed here; return its folder of programs."""
    venv.create(folder, with_pip=True, symlinks=True)
    (packages,) = folder.glob("lib/*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


def install(programs: Path, *what: object) -> None:
    command = (
        programs / "python",
        "-I",
        "-m",
        "pip",
        "install",
        "-q",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
    )
    subprocess.run([*command, *map(str, what)], check=True, capture_output=True, timeout=PATIENCE_S)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, timeout=PATIENCE_S)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a venv in which the wheel is installed."""
    programs = fresh_venv(tmp_path_factory.mktemp("venv"))
    install(programs, wheel)
    return programs


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody else's project: each of its modules ends the program that imports it by mistake."""
    folder = tmp_path_factory.mktemp("project")
    for name in THEIRS:
        (folder / f"{name}.py").write_text(f"raise SystemExit('this is their {name}')\n", encoding="utf-8")
    for name in HIDDEN[:1]:  # a package goes before a module of the same name
        (folder / name).mkdir()
        (folder / f"{name}.py").rename(folder / name / "__init__.py")
    return folder


def test_the_wheel_brings_one_package(wheel: Path) -> None:
    """Who installs Resight gets `resight`, and no `core` or `web` at the top."""
    names = ZipFile(wheel).namelist()

    assert {name.partition("/")[0] for name in names} == {"resight", INFO}
    assert {name.split("/")[1] for name in names if name.startswith("resight/")} == {
        *HIDDEN,
        "__init__.py",
        "__main__.py",
    }


def test_the_wheel_holds_every_file_of_the_folders(wheel: Path) -> None:
    """Templates, words, migrations and figures come along; the playground's scripts, which need more, do not."""
    made = {path for folder in HIDDEN for path in (CHECKOUT / folder).rglob("*") if path.is_file()}
    ours = {f"resight/{path.relative_to(CHECKOUT)}" for path in made if "__pycache__" not in path.parts}
    names = {name for name in ZipFile(wheel).namelist() if name.count("/") > 1 and name.startswith("resight/")}

    assert ours - names == {"resight/lab/playground.py", "resight/lab/playground_streamlit.py"}
    assert names - ours == set()


def test_the_program_does_not_meet_a_project_with_its_names(installed: Path, project: Path, tmp_path: Path) -> None:
    """`python -m resight demo --once` decodes, embeds, stores and answers beside a `core` and a `numpy` of others.

    Not even a PYTHONPATH, which goes before libraries, goes before our folders: neither here nor in child processes.
    """
    for name in HIDDEN:
        (tmp_path / f"{name}.py").symlink_to(project / "core.py")
    asked = (installed / "python", "-m", "resight", "demo", "--once", "--json")
    done = run(*asked, cwd=project, home=tmp_path / "data", PYTHONPATH=str(tmp_path))

    assert done.returncode == 0, done.stderr
    assert [row["as_expected"] for row in json.loads(done.stdout)["rows"]] == [True] * 6


@pytest.mark.parametrize("asked", [("resight",), ("python", "-m", "resight"), ("python", "-P", "-m", "resight")])
def test_there_are_three_ways_to_start_it(
    asked: tuple[str, ...], installed: Path, project: Path, tmp_path: Path
) -> None:
    """A command answers with one sentence and its exit code, whichever way it was called."""
    program, *options = asked
    done = run(installed / program, *options, "tokens", "list", cwd=project, home=tmp_path / "data")

    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr


def test_a_project_keeps_its_own_modules(installed: Path, project: Path, tmp_path: Path) -> None:
    """In a program of somebody else's every name of ours is free."""
    code = (
        "import sys, importlib.util as u\n"
        f"for name in {HIDDEN!r}:\n"
        "    found = u.find_spec(name)\n"
        "    assert found and found.origin.startswith(sys.argv[1]), name\n"
    )
    beside = run(installed / "python", "-c", code, project, cwd=project, home=tmp_path)
    free = [run(installed / "python", "-c", f"import {name}", cwd=tmp_path, home=tmp_path) for name in HIDDEN]

    assert beside.returncode == 0, beside.stderr
    assert all("ModuleNotFoundError" in one.stderr for one in free)


def test_no_library_is_called_as_a_folder_of_ours() -> None:
    """In our own program these seven names are ours: nothing that is installed here needs one for itself."""
    known = packages_distributions()

    assert {name: known[name] for name in HIDDEN if set(known.get(name, ())) - {"resight"}} == {}


def test_an_editable_install_runs_the_checkout(project: Path, tmp_path: Path) -> None:
    """As with `make demo`: what is changed in the checkout is what runs."""
    programs = fresh_venv(tmp_path / "venv")
    install(programs, "-e", CHECKOUT)
    where = "import resight.__main__, sys; print(resight.__main__.__file__)"
    found = run(programs / "python", "-P", "-c", where, cwd=project, home=tmp_path)
    done = run(programs / "resight", "tokens", "list", cwd=project, home=tmp_path / "data")

    assert Path(found.stdout.strip()) == CHECKOUT / "resight" / "__main__.py"
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done.stderr
