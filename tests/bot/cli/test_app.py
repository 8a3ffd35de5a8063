"""The root of the command line: help, completion and version need no command, and a command needs no other."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.app import COMMANDS, Lazy, app, loaded, whole
from bot.version import VERSION
from core.errors import ResightError
from core.root import ROOT
from tests.e2e.command import command, environment, resight

CHECKOUT = Path(__file__).resolve().parents[3]
HEAVY = (
    "numpy",
    "sqlalchemy",
    "pydantic",
    "qdrant_client",
    "pymilvus",
    "onnxruntime",
    "cv2",
    "PIL",
    "aiohttp",
    "httpx",
)
"""What takes its time to import."""

ON_THE_DATABASE = {
    "collections list": ("collections", "list"),
    "collections create": ("collections", "create", "other"),
    "collections owner": ("collections", "owner"),
    "collections owner NAME": ("collections", "owner", "mine", "discord:42"),
    "collections compare": ("collections", "compare", "mine"),
    "inbox list": ("inbox", "list"),
    "inbox retry": ("inbox", "retry", "--all"),
    "tokens create": ("tokens", "create", "name", "--scope", "read"),
    "tokens list": ("tokens", "list"),
    "forget": ("forget", "ann"),
    "backup": ("backup", "all.zip"),
    "export --hashes": ("export", "all.csv", "--hashes"),
}

WATCHED = """
import atexit, resource, runpy, sys

def tell():
    named = [name for name in {heavy} if name in sys.modules]
    mine = sorted(name.removeprefix("bot.cli.") for name in sys.modules if name.startswith("bot.cli."))
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stderr.write(f"{{' '.join(named)}};{{' '.join(mine)}};{{children}}")

atexit.register(tell)
runpy.run_module("bot", run_name="__main__")
"""


def watched(home: Path, *arguments: str) -> tuple[set[str], set[str], bool]:
    """Return the heavy packages and our own files that a command imported, and whether it started a process."""
    line = [sys.executable, "-c", WATCHED.format(heavy=HEAVY), *arguments]
    done = subprocess.run(line, env=environment(home), cwd=home.parent, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    heavy, mine, children = done.stderr.split(";")
    return set(heavy.split()), set(mine.split()), int(children) > 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that a command on the database alone has made."""
    home = tmp_path_factory.mktemp("home") / "data"
    assert resight(home, "collections", "create", "mine").code == 0
    return home


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_says_what_the_command_says(name: str) -> None:
    """Each line of `resight --help` is the first sentence of that command's own help."""
    said = whole().commands[name].get_short_help_str(200)

    assert COMMANDS[name].help == said


@pytest.mark.parametrize("line", [["--help"], ["lab", "--help"]])
def test_help_cuts_no_sentence_off(line: list[str]) -> None:
    """What a command does is told to its end, however narrow the terminal is."""
    told = CliRunner().invoke(app, line, terminal_width=80).output

    assert told.count("\nCommands:\n") == 1
    assert "..." not in told.partition("\nCommands:\n")[2]


def test_help_imports_no_command(tmp_path: Path) -> None:
    """`resight --help` and `--version` load nothing heavy, no other file of the command line, and make nothing."""
    for option in ("--help", "--version"):
        assert watched(tmp_path / "data", option) == (set(), {"app"}, False)
    assert list(tmp_path.iterdir()) == []


def test_a_command_imports_its_own_file_only(home: Path) -> None:
    """`inbox list` knows no other command."""
    _, mine, _ = watched(home, "inbox", "list")

    assert mine == {"app", "base", "inbox", "opening", "output"}


@pytest.mark.parametrize("name", ON_THE_DATABASE)
def test_what_needs_the_database_opens_nothing_else(home: Path, name: str) -> None:
    """No client of a vector store, no model, no picture, no network, no child process."""
    heavy, _, has_children = watched(home, *ON_THE_DATABASE[name])

    assert heavy <= {"numpy", "sqlalchemy", "pydantic"} | ({"PIL"} if name == "export --hashes" else set())
    assert not has_children


def test_a_new_folder_has_the_default_collection(tmp_path: Path) -> None:
    """Also if its first command makes another one, with the database alone."""
    assert resight(tmp_path / "data", "collections", "create", "mine", "--owner", "discord:1").code == 0
    (told,) = resight(tmp_path / "data", "collections", "list", "--json").lines

    assert [(one["name"], one["owner"]) for one in told["collections"]] == [("library", ""), ("mine", "discord:1")]
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "data", *(tmp_path / "data").iterdir())} == {0}


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_told(option: str) -> None:
    """On standard output, as one line."""
    done = CliRunner().invoke(app, [option])

    assert (done.exit_code, done.stdout) == (0, f"resight {VERSION}\n")


def completed(typed: str) -> list[str]:
    """Return what bash offers behind these words; where it offers files, nothing."""
    words = ["resight", *typed.split(" ")]
    asked = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1), "_RESIGHT_COMPLETE": "complete_bash"}
    return CliRunner().invoke(app, [], env=asked, prog_name="resight").stdout.split()


def test_a_shell_completes_commands_and_options() -> None:
    """Commands, those of a group, options and closed choices."""
    assert completed("co") == ["collections"]
    assert completed("collections o") == ["owner"]
    assert completed("search --simil") == ["--similar"]
    assert completed("collections create x --purpose bra") == ["brand"]


@pytest.mark.skipif(not Path("/bin/bash").exists(), reason="needs bash")
@pytest.mark.parametrize("called", ["resight/__main__.py", "-m resight", "-m bot"])
def test_the_script_for_completion_is_printed(called: str, tmp_path: Path) -> None:
    """`--show-completion` below bash prints what bash can read, of `resight` alone, however it was called.

    Nothing is written to the home folder.
    """
    called = called if called.startswith("-m") else str(CHECKOUT / called)
    script = (
        f"{sys.executable} {called} --show-completion > script && . ./script && complete -p resight; complete -p -- -m"
    )
    path = os.pathsep.join((str(ROOT), str(CHECKOUT)))  # the package lies beside the tests, where a wheel is unpacked
    env = environment(tmp_path / "data") | {"HOME": str(tmp_path), "PYTHONPATH": path}
    done = subprocess.run(["/bin/bash", "-c", f"{script}; :"], env=env, cwd=tmp_path, capture_output=True, text=True)

    assert "_resight_completion resight" in done.stdout, done.stderr
    assert "no completion specification" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["script"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
def test_output_that_finds_no_room_is_no_bug_of_ours(tmp_path: Path) -> None:
    """What is printed into a file on a full disk is told as that, with the exit code of a machine's trouble."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command("--version"),
            env=environment(tmp_path),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    assert (done.returncode, done.stderr) == (4, "resight: nothing more can be written: No space left on device.\n")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "utf-8"])
def test_every_name_can_be_printed(encoding: str, tmp_path: Path) -> None:
    """What the locale has no character for is written as JSON does, and JSON stays JSON."""
    said = {"PYTHONIOENCODING": encoding}
    assert resight(tmp_path, "collections", "create", "猫𠮷").code == 0
    words, as_json = (
        subprocess.run(
            command("collections", "list", *options),
            env=environment(tmp_path, said),
            capture_output=True,
            check=True,
        ).stdout.decode(encoding)
        for options in ((), ("--json",))
    )

    assert words.count("\\u") == {"ascii": 3, "latin-1": 3, "gbk": 2, "utf-8": 0}[encoding]
    assert "猫𠮷" in {row["name"] for row in json.loads(as_json)["collections"]}


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """`resight chat | head -1` ends quietly, although many things go on in it at once."""
    chat = f"(echo /help; sleep 1; echo /help) | {shlex.join(command('chat'))} | head -1; exit ${{PIPESTATUS[1]}}"
    done = subprocess.run(["/bin/bash", "-c", chat], env=environment(tmp_path), capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_command_has_its_neighbours_named() -> None:
    """A slip of the finger is told with the right word."""
    done = CliRunner().invoke(app, ["collectoins"])

    assert done.exit_code == 2
    assert "collections" in done.output


def test_commands_are_loaded_by_name() -> None:
    """The table leads to each command or group, and the root itself knows lines only."""
    assert {loaded(name).name for name in COMMANDS} == set(COMMANDS)
    assert all(line.callback is None for line in Lazy().commands.values())


def test_every_exit_code_is_documented() -> None:
    """docs/commands.md and `--help` know the code of each kind of error."""
    page = (CHECKOUT / "docs" / "commands.md").read_text(encoding="utf-8")
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", page, flags=re.MULTILINE)}
    raised = {kind.exit_code for kind in (ResightError, *_below(ResightError)) if hasattr(kind, "exit_code")}
    epilog = str(whole().epilog)

    assert documented == raised | {0, 1, 70, 130}
    assert {int(code) for code in re.findall(r"\b\d+\b", epilog)} == documented - {1, 130}


def _below(kind: type[ResightError]) -> set[type[ResightError]]:
    return {one for child in kind.__subclasses__() for one in (child, *_below(child))}


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
def test_a_question_that_is_not_answered_deletes_nothing(home: Path) -> None:
    """Ctrl-D at "Delete it?" is a no: exit code 2, and the collection is there."""
    ours, theirs = os.openpty()
    line = [sys.executable, "-m", "bot", "collections", "delete", "mine"]
    asked = subprocess.Popen(line, env=environment(home), stdin=theirs, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    os.write(ours, b"\x04")
    _, said = asked.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)

    assert (asked.returncode, b"was not deleted" in said) == (2, True)
