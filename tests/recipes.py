"""Runs the commands of docs/uses as a person would, in a terminal: `python -m tests.recipes` writes their output down.

    ```sh blocks    run by bash in one folder for the whole page, after those of docs/uses/README.md
    ```text blocks  what the block before printed on a terminal of 110 columns; written by this module

tests/e2e/test_uses.py runs them again and compares, with every number masked: they differ a little between machines.
"""

import os
import pty
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.e2e.command import is_warm, warm_one

ROOT = Path(__file__).resolve().parent.parent
USES = ROOT / "docs" / "uses"
START = USES / "README.md"
BLOCK = re.compile(r"```sh\n(.*?)```(?:\n\n?```text\n(.*?)```)?", re.DOTALL)
PORT = "8321"
LIMIT_S = 180
STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
NUMBER = re.compile(r"\b[0-9a-f]{12,}\b|\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Step:
    """A block of commands, and what the page says that they print ("" = nothing is shown)."""

    commands: str
    shown: str


def pages() -> list[Path]:
    """Every recipe; the page that they all begin with is not among them."""
    return [path for path in sorted(USES.glob("*.md")) if path != START]


def steps(page: Path) -> list[Step]:
    """The blocks of a page, in order."""
    return [Step(one[1], one[2] or "") for one in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def prepare(folder: Path) -> None:
    """What docs/uses/README.md does."""
    for step in steps(START):
        run(step.commands, folder)


def run(commands: str, folder: Path) -> str:
    """What the commands print on a terminal; raises AssertionError with all they said if one of them fails."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", commands.replace(PORT, port)],
        cwd=folder, env=_environment(port), stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        os.close(theirs)
        printed = STYLE.sub("", "".join(_read(ours))).replace("\r\n", "\n").replace(port, PORT)
        assert process.stderr is not None
        said = process.stderr.read().decode()
        code = process.wait(LIMIT_S)
    assert code == 0, f"{commands}\nexit code {code}\n{printed}{said}"
    return "\n".join(line.rstrip() for line in printed.strip("\n").splitlines())


def _read(terminal: int) -> Iterator[str]:
    with os.fdopen(terminal, "rb") as file:
        while True:
            try:
                data = file.read1(65536)
            except OSError:  # what a terminal says at its end
                return
            if not data:
                return
            yield data.decode()


def _environment(port: str) -> Mapping[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RESIGHT_")}
    path = os.pathsep.join([*_warm_folder(), str(Path(sys.executable).parent), clean["PATH"]])
    wide = {"COLUMNS": "110", "TERM": "xterm", "RESIGHT_MIN_FREE_MB": "0", "RESIGHT_PORT": port}
    return clean | wide | {"PATH": path, "PYTHONPATH": str(ROOT)}


@cache
def _warm_folder() -> Sequence[str]:
    """The folder of a `resight` that has imported everything, where a test runs."""
    if not is_warm({}):
        return ()
    folder = Path(warm_one().path).parent
    client = [sys.executable, "-SE", str(ROOT / "tests" / "e2e" / "warm_client.py"), warm_one().path]
    (folder / "resight").write_text(f'#!/bin/sh\nexec {shlex.join(client)} "$@"\n', encoding="utf-8")
    (folder / "resight").chmod(0o700)
    return (str(folder),)


def masked(text: str) -> list[str]:
    """The lines, with every number and every digest as #, and columns as one space."""
    return [" ".join(NUMBER.sub("#", line).split()) for line in text.splitlines() if line.strip()]


def write(page: Path, folder: Path) -> None:
    """Run a page and put what its blocks print into it."""
    text = page.read_text(encoding="utf-8")
    for one in reversed([(match, run(match[1], folder)) for match in BLOCK.finditer(text)]):  # places stay true
        match, printed = one
        if match[2]:
            text = text[: match.start(2)] + printed + "\n" + text[match.end(2) :]
    page.write_text(text, encoding="utf-8")


def main() -> None:
    """Write the outputs of all pages, or of those that are named."""
    wanted = [path for path in [START, *pages()] if not sys.argv[1:] or path.stem in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as name:
        first = Path(name) / "first"
        first.mkdir()
        if START in wanted:
            write(START, first)
        else:
            prepare(first)
        for page in wanted:
            if page != START:
                folder = Path(name) / page.stem
                shutil.copytree(first, folder)
                write(page, folder)


if __name__ == "__main__":
    main()
