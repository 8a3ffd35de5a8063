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


def test_a_conversation(tmp_path: Path) -> None:
    """What is typed is done, what is wrong is a sentence, and the end of the input is the end."""
    (mosaic,), home, picture = mosaics(1, seed=11), tmp_path / "data", tmp_path / "logo.jpg"
    picture.write_bytes(jpeg(mosaic))
    resight(home, "add", picture, "--title", "The logo of Acme")
    told = subprocess.run(
        command("chat"),
        input=LINES.format(picture=picture),
        env=environment(home),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )

    assert (told.returncode, told.stderr) == (0, "")
    assert "Done. This channel is watched. Mode: Flag." in told.stdout
    assert "The logo of Acme" in told.stdout
    assert "(1) Violation" in told.stdout
    assert "There is no command '/moed': /help lists those that there are." in told.stdout
    assert "There is no button 1 below message 99." in told.stdout
