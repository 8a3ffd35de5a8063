"""What an idle bot costs after a long history: one look at the inbox, and a minute of the whole program.

python -m tests.soak looks --count 1000000     CPU of single questions, in milliseconds
python -m tests.soak idle --count 300000       CPU seconds of an idle bot, against one that has just begun
"""

import asyncio
import shutil
import time
from pathlib import Path

import psutil

from tests.e2e.running import Bot, running
from tests.history import build
from tests.store.sql.test_history import ASKS, alive

TIMES = 20
LOOK_MS, IDLE_TIMES = 2.0, 1.2
SECONDS = 120.0
QUIET_S = 20.0
"""After its start a bot is left alone for a while, before its CPU is read."""


async def looks(path: Path) -> dict[str, float]:
    """Milliseconds of CPU of each question, the mean of some."""
    found = {}
    async with alive(path, counted=False) as life:
        for name, ask in ASKS.items():
            await ask(life)
            before = time.process_time()
            for _ in range(TIMES):
                await ask(life)
            found[name] = round((time.process_time() - before) / TIMES * 1000, 2)
    return found


def spent(bot: Bot) -> float:
    """CPU seconds of the bot and its children."""
    process = psutil.Process(bot.process.pid)
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return sum(one.user + one.system for one in times)


async def idle(home: Path, seconds: float) -> float:
    """CPU seconds that a bot spends while nothing happens."""
    async with running(home) as bot:
        await asyncio.sleep(QUIET_S)
        before = spent(bot)
        await asyncio.sleep(seconds)
        return round(spent(bot) - before, 2)


async def compared(count: int, seconds: float, folder: Path) -> dict[str, float]:
    """An idle bot on an empty database, and on one with a history."""
    found = {}
    for name, rows in (("empty", 0), ("full", count)):
        home = folder / name
        home.mkdir()
        if rows:
            await asyncio.to_thread(build, home / "resight.db", rows, references=False)
        found[name] = await idle(home, seconds)
        shutil.rmtree(home)
    return found | {"times": round(found["full"] / found["empty"], 2)}
