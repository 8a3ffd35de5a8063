"""Speed and memory of the whole product, each beside its yardstick in the same run.

    add         CPU of `resight add` (1,000 JPEGs of 1 MP)      against decode + embedding alone, same images
    search      POST /api/search against 20,000 references      everything but decode and embedding
    load        32 concurrent requests                          against decode + embedding alone on all cores
    idle        memory of the bot and of `stored`, `resight --help`

Run it on an idle machine: `python -m bench.bench_speed [--quick]`.
"""

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from bench.photos import FAMILIAR, STRANGE, jpeg, mosaics, write
from bench.table import Line, show
from bot.app import opened
from bot.serve import serving
from bot.settings import Settings, load
from core.looks import INVERTED
from core.types import Reference
from embed.decode.picture import decode
from embed.models.sscd import SscdEmbedder
from embed.runner import Runner
from handlers import references
from handlers.references import Prepared

CORES = len(os.sched_getaffinity(0))
PARENTS, CHILDREN = 1000, 20
TICK = 0.02


FLOOR = "RESIGHT_FLOOR"


def environment(home: Path) -> dict[str, str]:
    """A clean environment for a `resight` process; of the settings only the floor is kept."""
    clean = {name: value for name, value in os.environ.items() if name == FLOOR or not name.startswith("RESIGHT_")}
    return clean | {"RESIGHT_HOME": str(home), "RESIGHT_PORT": "0"}


def resight(home: Path, *arguments: object) -> tuple[float, float]:
    """Run a command; CPU seconds of it and its children, and wall seconds."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "bot", *map(str, arguments)]
    subprocess.run(command, env=environment(home), check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - started


def alone(paths: Sequence[Path]) -> float:
    """CPU seconds of decode + embedding of these files on all cores, and nothing else."""
    embedder = SscdEmbedder()

    def one(path: Path) -> None:
        embedder.embed([decode(path.read_bytes()).frames[0]])

    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(one, paths[:8]))
        started = time.process_time()
        list(pool.map(one, paths))
        return time.process_time() - started


def bench_add(folder: Path, count: int) -> Iterator[Line]:
    """`resight add`, with the yardstick measured before and after it."""
    paths = write(folder / "add", count)
    before = alone(paths)
    cpu, wall = resight(folder / "add-home", "add", folder / "add")
    yardstick = (before + alone(paths)) / 2
    yield Line(
        f"add {count} JPEGs of 1 MP, CPU", f"{cpu:.1f} s", f"decode + embed {yardstick:.1f} s", cpu / yardstick, 1.3
    )
    yield Line(f"add {count} JPEGs of 1 MP, wall", f"{wall:.1f} s", "", None, None)


async def fill(home: Path, count: int, names: tuple[str, ...] = FAMILIAR) -> None:
    """A catalogue whose vectors lie as real ones do: noisy children of real photographs' embeddings."""
    async with opened(load(home=home)) as services:
        dice = np.random.default_rng(1)
        number = 0
        for picture in mosaics(count // CHILDREN, 100, names):
            look, materials = await services.runner.prepare(jpeg(picture))
            noise = dice.normal(0, 0.055, (CHILDREN, *look.vectors.shape)).astype(np.float32)
            rows = look.vectors + noise
            rows[0] = look.vectors
            rows /= np.linalg.norm(rows, axis=2, keepdims=True)
            prepared = []
            for row in rows:
                reference = Reference(
                    key=f"r{number}", collection="library", sha256=f"{number:064x}", added_at=services.clock()
                )
                prepared.append(Prepared(reference=reference, parts=(0, INVERTED), vectors=row, materials=materials))
                number += 1
            await services.references.put(prepared)
        await references.sync(services)


def queries(folder: Path, count: int) -> dict[str, Path]:
    """Folders of 1-MP JPEGs: strangers, and recompressed copies of references."""
    strangers, copies = folder / "strangers", folder / "copies"
    write(strangers, count, seed=7, names=STRANGE)
    copies.mkdir()
    for number, picture in enumerate(mosaics(count, seed=100)):
        (copies / f"{number:05}.jpg").write_bytes(jpeg(picture, 70))
    return {"stranger": strangers, "copy": copies}


async def client(url: str, token: str, folder: Path, concurrency: int) -> dict[str, Any]:
    """Run the client process and read what it saw."""
    arguments = ("-m", "bench.client", url, token, str(folder), str(concurrency))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    told: dict[str, Any] = json.loads(out)
    return told


@asynccontextmanager
async def ticking() -> AsyncIterator[list[float]]:
    """A 20-ms ticker on this event loop; how late each tick was, in ms."""
    late: list[float] = []

    async def tick() -> None:
        while True:
            due = time.perf_counter() + TICK
            await asyncio.sleep(TICK)
            late.append((time.perf_counter() - due) * 1000)

    task = asyncio.create_task(tick())
    try:
        yield late
    finally:
        task.cancel()


async def raw_throughput(folder: Path) -> float:
    """Images a second that decode + views + embedding reach alone, on all cores."""
    images = [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]
    async with Runner(SscdEmbedder(), threads=CORES) as runner:
        await asyncio.gather(*(runner.look(data) for data in images[:32]))
        started = time.perf_counter()
        await asyncio.gather(*(runner.look(data) for data in images))
        return len(images) / (time.perf_counter() - started)


def rest(answer: dict[str, Any]) -> float:
    """Everything except decode and embedding, as the client saw it."""
    timings = answer["timings_ms"]
    return float(answer["wall_ms"] - timings.get("decode", 0) - timings.get("embed", 0))


async def bench_search(settings: Settings, asked: dict[str, Path]) -> list[Line]:
    """Latency one by one, then 32 at a time, against the same catalogue."""
    lines = []
    async with serving(settings) as address:
        for name, folder in asked.items():
            told = await client(address.url, address.token, folder, 1)
            spent = statistics.median(rest(answer) for answer in told["answers"])
            wall = statistics.median(answer["wall_ms"] for answer in told["answers"])
            lines.append(Line(f"search, {name}: all but decode and embed, median", f"{spent:.1f} ms", "", spent, 15))
            lines.append(Line(f"search, {name}: wall, median", f"{wall:.1f} ms", "", None, None))
        before = await raw_throughput(asked["stranger"])
        async with ticking() as late:
            told = await client(address.url, address.token, asked["stranger"], 32)
        raw = (before + await raw_throughput(asked["stranger"])) / 2
    reached = len(told["answers"]) / told["seconds"]
    lines.append(
        Line(
            "32 at a time, strangers: images/s", f"{reached:.0f}", f"decode + embed {raw:.0f}", reached / raw, 0.9, True
        )
    )
    lateness = float(np.percentile(late, 99))
    lines.append(Line("event loop: 20-ms tick late, 99th percentile", f"{lateness:.1f} ms", "", lateness, 50))
    return lines


@contextmanager
def idle_bot(home: Path) -> Iterator[psutil.Process]:
    """`resight run` in a process of its own, a while after its start."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "run"], env=environment(home), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(8)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def bench_idle(home: Path, count: int) -> Iterator[Line]:
    """Resident memory, and the time until help is there."""
    with idle_bot(home) as bot:
        child = bot.children()[0]
        ours, theirs = bot.memory_info().rss / 1e6, child.memory_info().rss / 1e6
    yield Line("idle bot, resident", f"{ours:.0f} MB", "", ours, 350)
    yield Line(f"idle stored at {count:,} references, resident", f"{theirs:.0f} MB", "", theirs, 150)
    seconds = statistics.median(_timed(lambda: resight(home, "--help")) for _ in range(5))
    yield Line("resight --help, wall, median of 5", f"{seconds:.2f} s", "", seconds, 0.4)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(quick: bool) -> None:
    """Run everything and print the table."""
    add_count, catalogue, asked = (200, 4000, 60) if quick else (1000, PARENTS * CHILDREN, 300)
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as name:
        folder = Path(name)
        lines = list(bench_add(folder, add_count))
        asyncio.run(fill(folder / "home", catalogue))
        settings = load(home=folder / "home", port=0)
        lines += asyncio.run(bench_search(settings, queries(folder, asked)))
        lines += bench_idle(folder / "home", catalogue)
    show("Speed and memory", lines)


if __name__ == "__main__":
    main("--quick" in sys.argv)
