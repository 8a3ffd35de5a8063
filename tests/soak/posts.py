"""Posts of the built-in channel, killed (-9) between any two statements: none may be there that nobody will look at.

python -m tests.soak.posts FOLDER COUNT      so many kills; prints what came of them as JSON

Each try is a fork that counts the statements of one post and ends itself before or after the next one.
"""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import event

from bot.clock import now
from core.root import ROOT
from core.types import ImageEvent, Platform, Space
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.posts import SqlPosts

WEB = Space(platform=Platform.WEB, community="web", channel="channel")
MOMENTS = ("before_cursor_execute", "after_cursor_execute", "commit")
BYTES = 300_000
ORPHANS = """SELECT count(*) FROM posts LEFT JOIN inbox ON inbox.message = posts.id WHERE inbox.id IS NULL"""
STRAYS = """SELECT count(*) FROM inbox LEFT JOIN posts ON inbox.message = posts.id WHERE posts.id IS NULL"""


@dataclass
class Tally:
    """`orphans` are posts without a row of the inbox, `strays` rows without a post."""

    kills: int = 0
    accepted: int = 0
    there: int = 0
    orphans: int = 0
    strays: int = 0
    integrity: str = ""


def killed(path: Path, count: int) -> Tally:
    """Kill the first post at its first moment, the next at its second, and so on, again and again."""
    tally, at = Tally(), 0
    while tally.kills < count:
        if _fork(lambda moment=at: asyncio.run(_post(path, moment))):  # type: ignore[misc]  # bound by its default
            tally.accepted, at = tally.accepted + 1, 0
        else:
            tally.kills, at = tally.kills + 1, at + 1
    with closing(sqlite3.connect(path)) as db:
        counts = [db.execute(asked).fetchone()[0] for asked in ("SELECT count(*) FROM posts", ORPHANS, STRAYS)]
        tally.there, tally.orphans, tally.strays = counts
        tally.integrity = db.execute("PRAGMA integrity_check").fetchone()[0]
    return tally


def apart(folder: Path, count: int) -> Tally:
    """The same in a process that has no threads, so that it may fork."""
    command = [sys.executable, "-m", "tests.soak.posts", str(folder), str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return Tally(**json.loads(done.stdout))


def _fork(job: Callable[[], None]) -> bool:
    """Whether the job came to its end."""
    child = os.fork()
    if not child:
        try:
            job()
        except BaseException:  # the parent must not go on twice
            os._exit(70)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the post failed by itself"
    return not os.WIFSIGNALED(status)


async def _post(path: Path, moment: int) -> None:
    """One post, until its moment."""
    async with Database.open(path) as db:
        left = moment

        def one_less(*_: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        for name in MOMENTS:
            event.listen(db.engine, name, one_less)
        message = os.urandom(6).hex()
        wanted = ImageEvent(space=WEB, message=message, image="0", author="ann")
        await SqlPosts(db, now, SqlInbox(db, now)).add("ann", "a.png", os.urandom(BYTES), event=wanted)
        for name in MOMENTS:
            event.remove(db.engine, name, one_less)


async def _make(path: Path) -> None:
    async with Database.open(path):
        pass


def main(folder: Path, count: int) -> None:
    """Print the tally as JSON."""
    asyncio.run(_make(folder / "resight.db"))
    print(json.dumps(asdict(killed(folder / "resight.db", count))))  # noqa: T201  its result


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
