"""What the bot stands on fails for a while, while people post: nothing is lost, nothing is called clean, nobody helps.

killed    the vector store's process, again and again       stopped   SIGSTOP: it hangs and answers nobody
slow      it runs a tenth of the time                        locked    another process holds the database
full      the disk has no room left
"""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import aiohttp
import psutil

from tests.e2e.running import Bot
from tests.e2e.world import World
from tests.soak.kills import CALM, Crowd, Tally, prepared, settled

POST_EVERY_S = 0.6
HOLD = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    db.execute("BEGIN IMMEDIATE")
    time.sleep(0.8)
    db.execute("ROLLBACK")
    time.sleep(0.05)
"""

type Trouble = Callable[[World, Bot, float], Awaitable[None]]


@dataclass
class Outage:
    """One kind of trouble, and what came of it; `recovered_s` is from its end to the last verdict."""

    kind: str
    tally: Tally
    recovered_s: float
    said_not_ready: bool


def store_of(bot: Bot) -> psutil.Process | None:
    """The vector store's process, None while there is none."""
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(bot.process.pid).children():
            if "store.vectors.stored" in child.cmdline():
                return child
    return None


def signalled(bot: Bot, number: signal.Signals) -> None:
    child = store_of(bot)
    if child:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child.pid, number)


async def killed(_: World, bot: Bot, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        signalled(bot, signal.SIGKILL)
        await asyncio.sleep(2)


async def stopped(_: World, bot: Bot, seconds: float) -> None:
    """Its successors, too: the bot may start it again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        signalled(bot, signal.SIGSTOP)
        await asyncio.sleep(0.5)
    signalled(bot, signal.SIGCONT)


async def slow(_: World, bot: Bot, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        signalled(bot, signal.SIGSTOP)
        await asyncio.sleep(0.9)
        signalled(bot, signal.SIGCONT)
        await asyncio.sleep(0.1)


async def locked(here: World, _: Bot, seconds: float) -> None:
    """Three processes take turns to hold the write lock."""
    command = (sys.executable, "-c", HOLD, str(here.home / "resight.db"), str(seconds))
    holders = [await asyncio.create_subprocess_exec(*command) for _ in range(3)]
    await asyncio.gather(*(one.wait() for one in holders))


async def full(here: World, _: Bot, seconds: float) -> None:
    """Less than a megabyte is left."""
    filler = here.home / "filler"
    free = os.statvfs(here.home)
    filler.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - 700_000)))
    await asyncio.sleep(seconds)
    filler.unlink()


TROUBLES: dict[str, Trouble] = {"killed": killed, "stopped": stopped, "slow": slow, "locked": locked, "full": full}


async def outage(kind: str, catalogue: Path, folder: Path, seconds: float, platform: str = "discord") -> Outage:
    """People post before, during and after the trouble."""
    extra = CALM | ({"RESIGHT_MIN_FREE_MB": "16"} if kind == "full" else {})
    async with prepared(platform, catalogue, folder) as here:
        crowd = Crowd(here, Random(3))
        async with here.bot(**extra) as bot:
            posting = asyncio.create_task(crowd.go_on(POST_EVERY_S))
            watching = asyncio.create_task(not_ready(bot))
            await asyncio.sleep(3)
            await TROUBLES[kind](here, bot, seconds)
            ended = time.monotonic()
            await asyncio.sleep(3)
            posting.cancel()
            await here.until(lambda: done(here, len(crowd.posts)), 300)
            recovered = time.monotonic() - ended
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching
            was_ready = not watching.done() or watching.cancelled()
        tally = await settled(here, crowd, Tally(), ended)
    return Outage(kind, tally, round(recovered, 1), not was_ready)


def done(here: World, posts: int) -> bool:
    """Whether all of them have their verdict."""
    with closing(sqlite3.connect(here.home / "resight.db", timeout=10)) as db:
        (count,) = db.execute("SELECT count(*) FROM inbox WHERE outcome IS NOT NULL").fetchone()
    return int(count) >= posts + 1


async def not_ready(bot: Bot) -> None:
    """Return once `/readyz` says 503 because of the disk."""
    url = next(word for word in bot.said.split() if word.startswith("http://127.0.0.1")) + "/readyz"
    async with aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(url, timeout=aiohttp.ClientTimeout(total=30)) as answer:
                    if answer.status == 503 and '"disk"' in await answer.text():
                        return
            await asyncio.sleep(0.5)


def small_disk(folder: Path, megabytes: int) -> bool:
    """Mount a small disk there, if this machine lets us."""
    command = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder))
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def unmount(folder: Path) -> None:
    subprocess.run(("umount", str(folder)), check=False)
