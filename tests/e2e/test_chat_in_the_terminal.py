"""`resight chat` as somebody types it: set up, a post, its card, a decision; and it ends with its input, or Ctrl-C."""

import asyncio
import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest

from bench.photos import jpeg, mosaics
from core.types import ImageEvent, Platform, Space
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from tests.clock import Clock
from tests.e2e.command import LIMIT_S, command, environment, resight

STORY = """\
/setup log=#mod-log flag en
=ann
+"{picture}" look at this
=you
!4 1
/settings
/help
not a command
/moed flag
!99 1
/case 1
"""
AGAIN = """\
=bo
hello
+"{picture}"
"""


def conversation(home: Path, lines: str) -> str:
    """What a chat shows to whom these lines are piped."""
    told = subprocess.run(
        command("chat"),
        input=lines,
        env=environment(home),
        cwd=home.parent,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert (told.returncode, told.stderr) == (0, "")
    return told.stdout


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A known image, in a file with spaces in its name."""
    (mosaic,), picture = mosaics(1, seed=11), tmp_path / "the logo.jpg"
    picture.write_bytes(jpeg(mosaic))
    resight(tmp_path / "data", "add", picture, "--title", "The logo of Acme")
    return picture


def test_a_conversation(tmp_path: Path, picture: Path) -> None:
    """What is typed is done, what is wrong is a sentence, and the end of the input is the end.

    The next chat knows what was set, and looks at what is posted there as at something new.
    """
    told = conversation(tmp_path / "data", STORY.format(picture=picture))

    assert "Done. This channel is watched. Mode: Flag." in told
    assert "The logo of Acme" in told
    assert "(1) Violation" in told
    assert "There is no command '/moed': /help lists those that there are." in told
    assert "There is no button 1 below message 99." in told
    assert "What was done: Flag: done" in told
    assert "[3] deleted" in told, "the press comes after all that follows from the post"

    again = conversation(tmp_path / "data", AGAIN.format(picture=picture))
    assert "== Case 1: Violation" in again, "the copy joins the case, whose card went with the first chat"
    assert "[15] deleted" in again


async def test_what_waits_for_other_platforms_goes_on_waiting(tmp_path: Path, picture: Path) -> None:
    """A chat in the folder of a bot that is stopped takes nothing out of its hands, and does not wait for it."""
    there = Space(platform=Platform.DISCORD, community="1", channel="2")
    async with Database.open(tmp_path / "data" / "resight.db") as db:
        await SqlInbox(db, Clock()).accept([ImageEvent(space=there, message="3", image="4", author="5")])
        await asyncio.to_thread(conversation, tmp_path / "data", STORY.format(picture=picture))
        letters = await SqlInbox(db, Clock()).letters(dead=False)

    assert [(letter.event.space, letter.attempts) for letter in letters] == [(there, 0)]


def test_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    """It waits for no further line; the next one may have the folder."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command("chat"),
        env=environment(tmp_path / "data"),
        cwd=tmp_path,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert running.stdout is not None
    while b"Begin with" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, error = running.communicate(timeout=LIMIT_S)
    os.close(ours)
    os.close(theirs)

    assert (running.returncode, error) == (130, b"")
    assert "in #general: hello" in conversation(tmp_path / "data", "hello\n")
