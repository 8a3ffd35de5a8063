"""`resight chat` as somebody types it: set up, a post, its card, a decision; and it ends with its input."""

import subprocess
from pathlib import Path

from bench.photos import jpeg, mosaics
from tests.e2e.command import LIMIT_S, command, environment, resight

LINES = """\
/setup log=#mod-log flag en
=ann
+{picture} look at this
=you
/settings
/help
not a command
/moed flag
!99 1
"""


def told(home: Path, lines: str) -> str:
    """What is told of these lines, in a conversation of their own."""
    done = subprocess.run(
        command("chat"),
        input=lines,
        env=environment(home),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_conversation(tmp_path: Path) -> None:
    """What is typed is done, what is wrong is a sentence, and the end of the input is the end.

    Said again another day it is done again: a post is never taken for one of former times.
    """
    (mosaic,), home, picture = mosaics(1, seed=11), tmp_path / "data", tmp_path / "logo.jpg"
    picture.write_bytes(jpeg(mosaic))
    resight(home, "add", picture, "--title", "The logo of Acme")
    first, second = (told(home, LINES.format(picture=picture)) for _ in range(2))

    for one in (first, second):
        assert "Done. This channel is watched. Mode: Flag." in one
        assert "The logo of Acme" in one
        assert "(1) Violation" in one
        assert "There is no command '/moed': /help lists those that there are." in one
        assert "There is no button 1 below message 99." in one
    assert "== Case 1: match ==" in first
    assert "== Case 2: match ==" in second
