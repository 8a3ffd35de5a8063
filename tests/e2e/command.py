"""Runs the real command line in a process of its own, as a user would.

resight     its outcome
is_warm     whether it may be forked by an interpreter that has imported everything: in tests, not where it is measured
command     the line that starts it cold
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.root import ROOT
from tests.e2e.warm import Warm, warm

LIMIT_S = 120
AUDIOOP = "ignore::DeprecationWarning:discord.player"  # it imports audioop
INTERPRETER = (sys.executable, "-W", "error", "-W", AUDIOOP)


@dataclass(frozen=True)
class Told:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def sentence(self) -> str:
        """All words, with line breaks folded."""
        return " ".join((self.out + " " + self.err).split())


def environment(home: Path, extra: Mapping[str, str] = {}) -> dict[str, str]:  # never written to
    """A user's environment without settings of the machine that runs the tests."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RESIGHT_")}
    return clean | {"RESIGHT_HOME": str(home), "RESIGHT_MIN_FREE_MB": "0", "PYTHONPATH": str(ROOT), **extra}


def command(*arguments: object) -> Sequence[str]:
    """The command line for `resight ARGUMENTS`."""
    return [*INTERPRETER, "-m", "bot", *(str(one) for one in arguments)]


def is_warm(extra: Mapping[str, str]) -> bool:
    """Whether a test runs, and an interpreter reads nothing of what is set while it starts."""
    return "PYTEST_VERSION" in os.environ and all(name.startswith("RESIGHT_") for name in extra)


def warm_one() -> Warm:
    """Return the warm interpreter of these tests."""
    return warm(INTERPRETER, str(ROOT))


def resight(home: Path, *arguments: object, **extra: str) -> Told:
    """Run `resight ARGUMENTS` and wait for its end."""
    if is_warm(extra):
        words = [str(one) for one in arguments]
        told = Told(*warm_one().run(words, environment(home, extra), home.parent, LIMIT_S))
    else:
        told = cold(home, *arguments, **extra)
    assert "Traceback" not in told.err, told.err
    return told


def cold(home: Path, *arguments: object, **extra: str) -> Told:
    """Run `resight ARGUMENTS` in an interpreter that knows nothing yet."""
    done = subprocess.run(
        command(*arguments),
        env=environment(home, extra),
        cwd=home.parent,  # nothing may depend on where it is started
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    return Told(done.returncode, done.stdout, done.stderr)
