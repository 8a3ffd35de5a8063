"""Too much, and nothing but bad files: the zoo through a whole bot, and a raid of a thousand images in a second."""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.running import Bot
from tests.e2e.stage import DiscordStage
from tests.e2e.world import World, stranger, world
from tests.soak.names import HOSTILE
from tests.zoo import every_animal

AT_ONCE = 4
SAMPLE_S = 0.1
MB = 1_000_000
PATIENCE_S = 900.0


@dataclass
class Memory:
    """What the bot and the processes it started hold (decoders, built-in store), in bytes."""

    before: int = 0
    most: int = 0
    after: int = 0

    @property
    def growth_mb(self) -> float:
        return round((self.after - self.before) / MB, 1)

    @property
    def peak_mb(self) -> float:
        return round((self.most - self.before) / MB, 1)


@asynccontextmanager
async def measured(bot: Bot) -> AsyncIterator[Memory]:
    """Its memory while the block runs."""
    process, memory = psutil.Process(bot.process.pid), Memory()
    memory.before = memory.most = _held(process)

    async def sample() -> None:
        while True:
            memory.most = max(memory.most, _held(process))
            await asyncio.sleep(SAMPLE_S)

    sampling = asyncio.create_task(sample())
    yield memory
    sampling.cancel()
    memory.after = _held(process)


def _held(process: psutil.Process) -> int:
    total = 0
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):  # a decoder that was ended meanwhile
            total += one.memory_info().rss
    return total


def seconds(home: Path, channel: int) -> list[float]:
    """How long each image of a channel waited for its verdict, in the order in which they came."""
    asked = "SELECT received_at, done_at FROM inbox WHERE channel = ? AND outcome IS NOT NULL ORDER BY id"
    with closing(sqlite3.connect(home / "resight.db", timeout=10)) as db:
        rows = db.execute(asked, (str(channel),)).fetchall()
    return [
        (datetime.fromisoformat(done) - datetime.fromisoformat(received)).total_seconds() for received, done in rows
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """Of few values the largest, rather than a guess."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass
class Zoo:
    """What came of the bad files."""

    files: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    without_verdict: int = 0
    tracebacks: int = 0
    p50_s: float = 0.0
    p99_s: float = 0.0
    longest_s: float = 0.0
    memory_mb: float = 0.0
    peak_mb: float = 0.0

    @property
    def is_right(self) -> bool:
        return self.without_verdict == self.tracebacks == 0 and self.p99_s < 2.5 and self.memory_mb < 50


async def zoo(catalogue: Path, folder: Path, rounds: int, every: int = 1) -> Zoo:
    """Post each `every`th animal under a hostile name, `rounds` times, a few at once; some more warm up, unmeasured."""
    animals, names = list(every_animal())[::every], list(HOSTILE)
    async with world("discord", catalogue, folder) as here, here.bot() as bot:
        stage = here.stage
        assert isinstance(stage, DiscordStage)
        await stage.set_up()
        await _post_all(here, animals[: len(animals) // 4], names)
        warm = here.verdicts().total()
        async with measured(bot) as memory:
            for _ in range(rounds):
                await _post_all(here, animals, names)
        found, waited = here.verdicts(), seconds(here.home, stage.channel.id)[warm:]
        made = Zoo(files=len(waited), tracebacks=bot.said.count("Traceback"))
        assert bot.process.returncode is None
    for (_, outcome), count in found.items():
        made.verdicts[outcome] = made.verdicts.get(outcome, 0) + count
    made.without_verdict = found.total() - warm - rounds * len(animals) + made.verdicts.pop("", 0)
    made.p50_s, made.p99_s = round(statistics.median(waited), 3), round(percentile(waited, 0.99), 3)
    made.longest_s, made.memory_mb, made.peak_mb = round(max(waited), 3), memory.growth_mb, memory.peak_mb
    return made


async def _post_all(here: World, animals: Sequence[Any], names: Sequence[str]) -> None:
    stage = here.stage
    assert isinstance(stage, DiscordStage)
    before = _concluded(here)
    for number, animal in enumerate(animals):
        name = names[number % len(names)]
        stage.server.post(stage.channel, stage.people["alice"], "look", files={name: animal.data})
        so_far = before + number + 1
        await here.until(lambda: so_far - _concluded(here) < AT_ONCE, PATIENCE_S)  # noqa: B023  awaited at once
    await here.until(lambda: _concluded(here) >= before + len(animals), PATIENCE_S)


def _concluded(here: World) -> int:
    return sum(count for (_, outcome), count in here.verdicts().items() if outcome)


def _waiting(here: World) -> int:
    return sum(count for (_, outcome), count in here.verdicts().items() if not outcome)


@dataclass
class Raid:
    """What came of a thousand images at once."""

    images: int = 0
    posted_s: float = 0.0
    committed_s: float = 0.0
    lost: int = 0
    done_s: float = 0.0
    peak_mb: float = 0.0
    other_before_p95_s: float = 0.0
    other_during_p95_s: float = 0.0

    @property
    def is_right(self) -> bool:
        slower = self.other_during_p95_s / max(self.other_before_p95_s, 0.001)
        return self.lost == 0 and self.committed_s < 1 + self.posted_s and self.peak_mb < 300 and slower < 2


async def raid(catalogue: Path, folder: Path, images: int, others: int = 40) -> Raid:
    """One community posts so many at once, while another goes on as before."""
    pictures = [stranger(seed) for seed in range(40)]
    async with world("discord", catalogue, folder) as here, here.bot() as bot:
        assert here.discord
        stage, other = here.stage, DiscordStage(here.discord, "en")
        assert isinstance(stage, DiscordStage)
        await stage.set_up()
        await other.set_up()
        calm = await _every(here, other, pictures, others // 2)
        async with measured(bot) as memory:
            began = time.time()
            for number in range(images):
                stage.post(pictures[number % len(pictures)])
                if number % 50 == 0:
                    await asyncio.sleep(0)
            posted = time.time() - began
            during = await _every(here, other, pictures, others)
            await here.until(
                lambda: not _waiting(here) and len(seconds(here.home, stage.channel.id)) >= images, PATIENCE_S
            )
            done = time.time() - began
        return Raid(
            images=images,
            posted_s=round(posted, 2),
            committed_s=round(_last_receipt(here.home, stage.channel.id) - began, 2),
            lost=images - len(seconds(here.home, stage.channel.id)),
            done_s=round(done, 1),
            peak_mb=memory.peak_mb,
            other_before_p95_s=round(percentile(calm, 0.95), 3),
            other_during_p95_s=round(percentile(during, 0.95), 3),
        )


async def _every(
    here: World, stage: DiscordStage, pictures: Sequence[bytes], count: int, pause: float = 0.5
) -> list[float]:
    """Post one after the other; how long each waited for its verdict."""
    before = len(seconds(here.home, stage.channel.id))
    for number in range(count):
        stage.post(pictures[number % len(pictures)])
        await asyncio.sleep(pause)
    await here.until(lambda: len(seconds(here.home, stage.channel.id)) >= before + count, PATIENCE_S)
    return seconds(here.home, stage.channel.id)[before:]


def _last_receipt(home: Path, channel: int) -> float:
    with closing(sqlite3.connect(home / "resight.db", timeout=10)) as db:
        (at,) = db.execute("SELECT max(received_at) FROM inbox WHERE channel = ?", (str(channel),)).fetchone()
    return datetime.fromisoformat(f"{at}+00:00").timestamp()
