"""CPU of a text message and of an image in a burst of 300, beside other trees of Resight in the same run.

    python -m bench.bench_burst [--rounds 3] [--images 300] [OTHER_TREE ...] [--kinds text image]

A bot of each tree runs as a process of its own against peers of its own in this process, over real sockets. The
bursts take turns: each round every tree gets the same texts and images, front by front. A figure is all CPU of the bot
and its children from the first post until it is at rest, less what it uses at rest; a ratio compares bursts of a round.
"""

import argparse
import asyncio
import contextlib
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import psutil

from bench.bench_chat import COMMUNITIES
from core.root import ROOT
from tests.e2e.command import resight
from tests.e2e.running import running
from tests.e2e.stage import DiscordStage, Stage, TelegramStage
from tests.peers.discord_server import DiscordServer
from tests.peers.telegram_server import TelegramServer
from tests.small import drawn, saved

TEXTS = 3000
KNOWN = "river-city"
LOOK_S, REST_S, AT_REST = 0.2, 1.0, 0.03
LONGEST_S = 900.0
WARM, TRIES = 6, 5


@dataclass
class Tree:
    """A bot of one tree with its communities; `cost` holds the CPU of one message, by front and kind, in ms."""

    name: str
    home: Path
    process: psutil.Process
    stages: Mapping[str, Sequence[Stage]]
    cost: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    idle: float = 0.0


def cpu(process: psutil.Process) -> float:
    """Return the CPU seconds of a process and all its children so far, also of those that ended."""
    everybody = [process, *process.children(recursive=True)]
    times = [one.cpu_times() for one in everybody]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


async def at_rest(process: psutil.Process) -> None:
    """Wait until the bot has used almost no CPU for a second."""
    looks = [cpu(process)]
    for _ in range(int(LONGEST_S / LOOK_S)):
        await asyncio.sleep(LOOK_S)
        looks.append(cpu(process))
        back = int(REST_S / LOOK_S)
        if len(looks) > back and looks[-1] - looks[-1 - back] < AT_REST:
            return
    raise TimeoutError("the bot does not come to rest")


def copies(count: int, first: int) -> list[bytes]:
    """Return copies of the known image; no two of a run have the same bytes."""
    image = drawn(KNOWN)
    return [saved(image.resize((480, 400)), "JPEG", quality=80, comment=str(first + n).encode()) for n in range(count)]


def write(stage: Stage, text: str) -> None:
    """Have a member write a text."""
    if isinstance(stage, DiscordStage):
        stage.server.post(stage.channel, stage.people["alice"], text)
    elif isinstance(stage, TelegramStage):
        stage.server.post(stage.chat, stage.people["alice"], text=text)


async def texts(stages: Sequence[Stage]) -> None:
    for number, stage in zip(range(TEXTS), cycle(stages), strict=False):
        write(stage, f"what a fine day it is, for the {number}th time")
        if number % 50 == 0:
            await asyncio.sleep(0)
    while any(not _is_delivered(stage) for stage in stages):  # noqa: ASYNC110  a busy machine takes its time
        await asyncio.sleep(LOOK_S)


def _is_delivered(stage: Stage) -> bool:
    """Whether the bot has been sent all that its peer has for it."""
    if isinstance(stage, TelegramStage):
        return not stage.server.pending
    assert isinstance(stage, DiscordStage)
    return all(one._outbox.empty() for one in stage.server._gateway._connections)


def judged(home: Path) -> int:
    """Return how many posts have their verdict."""
    with contextlib.closing(sqlite3.connect(home / "resight.db", timeout=10)) as db:
        return int(db.execute("SELECT count(*) FROM inbox WHERE outcome IS NOT NULL").fetchone()[0])


async def images(home: Path, stages: Sequence[Stage], pictures: Sequence[bytes]) -> None:
    """Post them, and wait until each has its verdict; cards are done when the bot is at rest."""
    before = judged(home)
    for stage, picture in zip(cycle(stages), pictures, strict=False):
        stage.post(picture)
    async with asyncio.timeout(LONGEST_S):
        while judged(home) < before + len(pictures):  # noqa: ASYNC110  another process's verdict rings no bell here
            await asyncio.sleep(LOOK_S)


async def measured(tree: Tree, front: str, kind: str, pictures: Sequence[bytes]) -> None:
    """Let a burst loose and note what one message cost."""
    await at_rest(tree.process)
    before, started = cpu(tree.process), time.perf_counter()
    await (images(tree.home, tree.stages[front], pictures) if pictures else texts(tree.stages[front]))
    await at_rest(tree.process)
    spent = cpu(tree.process) - before - tree.idle * (time.perf_counter() - started)
    each = spent / (len(pictures) or TEXTS) * 1000
    tree.cost.setdefault((front, kind), []).append(each)
    print(f"{tree.name}: {front}, {kind}: {each:.3f} ms", file=sys.stderr)


async def set_up(stage: Stage) -> None:
    """Set a community up; on a busy machine the bot may miss the three seconds that Discord gives it."""
    for _ in range(TRIES):
        with contextlib.suppress(TimeoutError):
            return await stage.set_up()
    raise TimeoutError(f"{stage.name} could not be set up")


@asynccontextmanager
async def bot(tree: Path, folder: Path) -> AsyncIterator[Tree]:
    """A bot of that tree that knows one image, with its communities set up and warm."""
    folder.mkdir()
    drawn(KNOWN).save(folder / "known.png")
    path = str(tree)
    assert resight(folder / "data", "add", folder / "known.png", PYTHONPATH=path).code == 0
    async with (
        DiscordServer() as discord,
        TelegramServer() as telegram,
        running(folder / "data", discord=discord, telegram=telegram, patience_s=LONGEST_S, PYTHONPATH=path) as ran,
    ):
        stages: dict[str, list[Stage]] = {
            "discord": [DiscordStage(discord, "en") for _ in range(COMMUNITIES)],
            "telegram": [TelegramStage(telegram, "en") for _ in range(COMMUNITIES)],
        }
        found = Tree(tree.name, folder / "data", psutil.Process(ran.process.pid), stages)
        for each in stages.values():
            for stage in each:
                await set_up(stage)
            await images(found.home, each, copies(WARM, -WARM))
        await at_rest(found.process)
        before = cpu(found.process)
        await asyncio.sleep(3)
        found.idle = (cpu(found.process) - before) / 3
        yield found


def row(mine: Tree, other: Tree, key: tuple[str, str]) -> str:
    """Return the line of a table: both trees, least and median, and the ratio round by round."""
    ratios = [one / two for one, two in zip(mine.cost[key], other.cost[key], strict=True)]
    cells = [f"{min(tree.cost[key]):.2f} / {statistics.median(tree.cost[key]):.2f} ms" for tree in (mine, other)]
    least = min(mine.cost[key]) / min(other.cost[key])
    spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return f"| {key[0]}: {key[1]} | {other.name} | {cells[0]} | {cells[1]} | {least:.2f} | {spread} |"


async def compare(trees: Sequence[Path], rounds: int, count: int, kinds: Sequence[str]) -> Sequence[Tree]:
    """Run all bots, and let each burst loose on one after the other."""
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bots = [await stack.enter_async_context(bot(tree, home / f"{n}")) for n, tree in enumerate(trees)]
        for number in range(rounds):
            pictures = copies(count, number * count)
            for front in ("discord", "telegram"):
                for kind, what in ((kind, pictures if kind == "image" else []) for kind in kinds):
                    for one in bots if number % 2 == 0 else bots[::-1]:
                        await measured(one, front, kind, what)
        return bots


def main(others: Sequence[Path], rounds: int, count: int, kinds: Sequence[str]) -> None:
    """Print the table."""
    mine, *bots = asyncio.run(compare([ROOT, *others], rounds, count, kinds))
    print(f"\n## CPU of a message in a burst ({TEXTS} texts, {count} images, {rounds} rounds)\n")
    print("| message | against | this tree, least / median | that tree | least / least | ratio of a round, median |")
    print("|---|---|---|---|---|---|")
    for other in bots:
        for key in mine.cost:
            print(row(mine, other, key))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("others", nargs="*", type=Path, metavar="OTHER_TREE")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=300)
    parser.add_argument("--kinds", nargs="+", default=["text", "image"])
    given = parser.parse_args()
    main([one.resolve() for one in given.others], given.rounds, given.images, given.kinds)
