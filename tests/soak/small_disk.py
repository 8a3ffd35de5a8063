"""A disk of 300 MB, filled through the API with posts of 20 MB: the guard holds, and it goes on when there is room.

python -m tests.soak disk      mounts a small disk of its own, which needs root
"""

import asyncio
import shutil
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.e2e.running import Bot, running
from tests.e2e.world import stranger

DISK_MB, GUARD_MB, POST_MB = 300, 64, 20
AT_ONCE, POSTS = 4, 60
LOOK_S = 0.001


@dataclass
class Filled:
    """`least_mb` is the least room that was ever seen; `after` are answers once there was room again."""

    answers: dict[int, int] = field(default_factory=dict)
    retry_after: list[str] = field(default_factory=list)
    least_mb: float = 1e9
    ready: int = 0
    after: int = 0
    shown: int = 0
    without_row: int = 0
    seconds: float = 0

    @property
    def is_right(self) -> bool:
        refused = self.answers.get(503, 0)
        is_told = self.retry_after == ["30"] and set(self.answers) == {202, 503}
        held = self.least_mb >= GUARD_MB and not self.without_row
        return held and is_told and refused > 0 and self.after == 202 and self.shown == self.answers[202] + 1


async def filled(home: Path) -> Filled:
    """Fill it, make room, and go on."""
    found, began = Filled(), time.monotonic()
    ballast = home.parent / "ballast"
    ballast.write_bytes(bytes(3 * POST_MB << 20))
    async with running(home, RESIGHT_MIN_FREE_MB=str(GUARD_MB)) as bot, aiohttp.ClientSession(_url(bot)) as client:
        ending = threading.Event()
        watching = asyncio.create_task(asyncio.to_thread(_watch, home, found, ending))
        await _fill(client, home, found)
        async with client.get("/readyz") as answer:
            found.ready = answer.status
        ballast.unlink()
        found.after = (await _post(client, home, 10_000))[0]
        found.shown, found.without_row = _counted(home)
        ending.set()
        await watching
    found.seconds = round(time.monotonic() - began, 1)
    return found


def _url(bot: Bot) -> str:
    return next(word for word in bot.said.split() if word.startswith("http://127.0.0.1"))


def _watch(home: Path, found: Filled, ending: threading.Event) -> None:
    """Look at the room again and again, in a thread of its own."""
    while not ending.wait(LOOK_S):
        found.least_mb = min(found.least_mb, round(shutil.disk_usage(home).free / (1 << 20), 1))


async def _fill(client: aiohttp.ClientSession, home: Path, found: Filled) -> None:
    """Some at once, until all were posted."""
    answers = Counter[int]()
    for first in range(0, POSTS, AT_ONCE):
        told = await asyncio.gather(*(_post(client, home, number) for number in range(first, first + AT_ONCE)))
        answers.update(status for status, _ in told)
        found.retry_after = sorted({*found.retry_after, *(later for status, later in told if status != 202)})
    found.answers = dict(answers)


async def _post(client: aiohttp.ClientSession, home: Path, number: int) -> tuple[int, str]:
    """A picture with much behind it; status and Retry-After."""
    data = stranger(number % 7)
    data += number.to_bytes(8) * ((POST_MB << 17) - len(data) // 8)
    headers = {"Authorization": f"Bearer {(home / 'token').read_text().strip()}"}
    async with client.post("/api/posts", data=data, headers=headers) as answer:
        return answer.status, answer.headers.get("Retry-After", "")


def _counted(home: Path) -> tuple[int, int]:
    """How many posts there are, and how many without a row of the inbox."""
    asked = "SELECT count(*), sum(inbox.id IS NULL) FROM posts LEFT JOIN inbox ON inbox.message = posts.id"
    with closing(sqlite3.connect(home / "resight.db")) as db:
        count, lacking = db.execute(asked).fetchone()
    return int(count), int(lacking)
