"""CPU of an image in a burst in one room, on Matrix beside Discord in the same run.

    python -m bench.bench_platforms [--rounds 3] [--images 200]

Each front has a bot in a process of its own against its peer over real sockets: Discord, a plain and an encrypted room
on Matrix. The bursts take turns. A figure is all CPU of the bot and its children from the first post until it is at
rest, less what it uses at rest; a ratio compares bursts of one round. Copies of one image are one card that grows.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench.bench_burst import KNOWN, LONGEST_S, LOOK_S, WARM, at_rest, copies, cpu, judged, set_up
from tests.e2e.command import resight
from tests.e2e.matrix import MatrixWorld, matrix_world
from tests.e2e.running import Bot, running
from tests.e2e.stage import DiscordStage
from tests.peers.discord_server import DiscordServer
from tests.small import drawn

AT_ONCE = 4
"""How many people upload at a time on Matrix: a homeserver takes longer for a post than the bot."""


@dataclass
class Front:
    """A bot on one platform; `cost` holds the CPU of one image in ms and `waited` the seconds of a burst, by round."""

    name: str
    home: Path
    process: psutil.Process
    post: Callable[[bytes], Awaitable[object]]
    idle: float = 0.0
    cost: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)

    async def burst(self, pictures: Sequence[bytes]) -> None:
        """Post all, and wait until each has its verdict."""
        wanted, turn = judged(self.home) + len(pictures), asyncio.Semaphore(AT_ONCE)

        async def one(picture: bytes) -> None:
            async with turn:
                await self.post(picture)

        await asyncio.gather(*map(one, pictures))
        async with asyncio.timeout(LONGEST_S):
            while judged(self.home) < wanted:  # noqa: ASYNC110  another process's verdict rings no bell here
                await asyncio.sleep(LOOK_S)

    async def measure(self, pictures: Sequence[bytes]) -> None:
        """Let a burst loose and note what one image cost."""
        await at_rest(self.process)
        before, started = cpu(self.process), time.perf_counter()
        await self.burst(pictures)
        self.waited.append(time.perf_counter() - started)
        await at_rest(self.process)
        spent = cpu(self.process) - before - self.idle * (time.perf_counter() - started)
        self.cost.append(spent / len(pictures) * 1000)
        print(f"{self.name}: {self.cost[-1]:.1f} ms, {self.waited[-1]:.1f} s", file=sys.stderr)


async def warm(front: Front) -> Front:
    """Show it some images, and measure what it uses at rest."""
    await front.burst(copies(WARM, -WARM))
    await at_rest(front.process)
    before = cpu(front.process)
    await asyncio.sleep(3)
    front.idle = (cpu(front.process) - before) / 3
    return front


def process_of(bot: Bot) -> psutil.Process:
    return psutil.Process(bot.process.pid)


@asynccontextmanager
async def on_discord(catalogue: Path) -> AsyncIterator[Front]:
    async with DiscordServer() as server, running(catalogue, discord=server) as bot:
        stage = DiscordStage(server, "en")
        await set_up(stage)

        async def post(picture: bytes) -> object:
            return stage.post(picture)

        yield await warm(Front("Discord", catalogue, process_of(bot), post))


@asynccontextmanager
async def on_matrix(catalogue: Path, folder: Path, *, encrypted: bool) -> AsyncIterator[Front]:
    name = "Matrix, encrypted" if encrypted else "Matrix"
    async with matrix_world(catalogue, folder, encrypted=encrypted) as here, here.bot() as bot:
        await here.set_up()
        yield await warm(Front(name, here.home, process_of(bot), posting(here)))


def posting(here: MatrixWorld) -> Callable[[bytes], Awaitable[object]]:
    return here.post


async def compare(rounds: int, count: int) -> Sequence[Front]:
    """Run all bots, and let each burst loose on one after the other."""
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        drawn(KNOWN).save(home / "known.png")
        catalogues = [home / name for name in ("discord", "plain", "secret")]
        for one in catalogues:
            assert resight(one, "add", home / "known.png").code == 0
        fronts = [await stack.enter_async_context(on_discord(catalogues[0]))]
        for catalogue, encrypted in zip(catalogues[1:], (False, True), strict=True):
            (folder := home / f"on-{catalogue.name}").mkdir()
            fronts.append(await stack.enter_async_context(on_matrix(catalogue, folder, encrypted=encrypted)))
        for number in range(rounds):
            pictures = copies(count, number * count)
            for front in fronts if number % 2 == 0 else fronts[::-1]:
                await front.measure(pictures)
        return fronts


def row(front: Front, beside: Front) -> str:
    """Return the line of a table: CPU of an image, least and median, the ratio of a round, and a burst's seconds."""
    ratios = [one / other for one, other in zip(front.cost, beside.cost, strict=True)]
    ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    cost = f"{min(front.cost):.1f} / {statistics.median(front.cost):.1f} ms"
    return f"| {front.name} | {cost} | {ratio} | {statistics.median(front.waited):.1f} s |"


def main(rounds: int, count: int) -> None:
    """Print the table."""
    fronts = asyncio.run(compare(rounds, count))
    print(f"\n## CPU of an image in a burst in one room ({count} images, {rounds} rounds)\n")
    print("| front | an image, least / median | beside Discord, median of a round | posts and verdicts |")
    print("|---|---|---|---|")
    for front in fronts:
        print(row(front, fronts[0]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=200)
    given = parser.parse_args()
    main(given.rounds, given.images)
