"""Resight speaks to nobody: no command opens a connection beyond the machine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lab.drawings.demo import demo_set
from tests.e2e.command import environment

LISTENING = """
import json, sys
from pathlib import Path
asked = []
def heard(name, about):
    if name == "socket.getaddrinfo" or (name == "socket.connect" and isinstance(about[1], tuple)):
        asked.append(repr(about[-1] if name == "socket.connect" else about[0]))
sys.addaudithook(heard)
from bot.__main__ import main
try:
    main()
finally:
    Path({file!r}).write_text(json.dumps(asked))
"""


@pytest.fixture
def drawing(tmp_path: Path) -> Path:
    demo_set()[0].draw().save(tmp_path / "drawing.png")
    return tmp_path / "drawing.png"


def test_it_speaks_to_nobody(tmp_path: Path, drawing: Path) -> None:
    """Adding, searching, checking and forgetting ask for no name and connect to no address."""
    home, file = tmp_path / "data", tmp_path / "asked.json"
    for arguments in (("add", str(drawing)), ("search", str(drawing)), ("doctor",), ("forget", "nobody")):
        done = subprocess.run(
            [sys.executable, "-c", LISTENING.format(file=str(file)), *arguments],
            env=environment(home),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads(file.read_text()) == [], arguments
