"""Speed and memory of the whole product, each beside its yardstick in the same run.

    pairs       pair checks of an image, its CPU          against one embedding of the same run
    add         CPU of `resight add` (1,000 JPEGs of 1 MP)      against decode + embedding alone, same images
    search      POST /api/search against 20,000 references      everything but decode and embedding
    load        32 concurrent requests                          against decode + embedding alone on all cores
    idle        memory of the bot and of `stored`, `resight --help`

Run it on an idle machine: `python -m bench.bench_speed [--quick] [FOLDER]`. The catalogue's vectors are drawn from the
joint covariance, whole and inverted, of really embedded pictures: the photographs of the folder, else mosaics, which
leave a stranger far fewer candidates.
"""

import argparse
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
from PIL import Image

from bench.photos import FAMILIAR, STRANGE, jpeg, mosaics, write
from bench.table import Line, show
from bot.app import opened
from bot.serve import serving
from bot.settings import Settings, load
from core.looks import INVERTED
from core.types import Reference, Vectors
from embed.decode.picture import decode
from embed.models.sscd import SscdEmbedder
from embed.runner import Runner
from handlers import references
from handlers.references import Prepared
from handlers.search import search

CORES = len(os.sched_getaffinity(0))
PARENTS, CHILDREN = 1000, 20
TICK = 0.02
AT_ONCE = 500
STRANGER_COSTS, COPY_COSTS = 12, 10
"""Embeddings that an image may cost at most, all processes together."""


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


async def fill(home: Path, count: int, names: tuple[str, ...] = FAMILIAR, pictures: Sequence[Image.Image] = ()) -> None:
    """A catalogue of these pictures (mosaics if there are none) and of others whose vectors lie as theirs do."""
    async with opened(load(home=home), making=True) as services:
        known = list(pictures)[:count] or list(mosaics(count // CHILDREN, 100, names))
        prepared = [await services.runner.prepare(jpeg(picture)) for picture in known]
        real = np.stack([look.vectors[[0, len(look.vectors) // 2]] for look, _ in prepared])
        rows = np.concatenate([real, drawn_like(real, count - len(real))])
        for start in range(0, count, AT_ONCE):
            batch = [
                Prepared(
                    reference=Reference(
                        key=f"r{number}", collection="library", sha256=f"{number:064x}", added_at=services.clock()
                    ),
                    parts=(0, INVERTED),
                    vectors=rows[number],
                    materials=prepared[number % len(prepared)][1][:1],
                )
                for number in range(start, min(start + AT_ONCE, count))
            ]
            await services.references.put(batch)
        await references.sync(services)


def drawn_like(real: Vectors, count: int) -> Vectors:
    """So many vectors [count, parts, dim] from the joint covariance of the parts of real ones [n, parts, dim].

    A picture and its inverted twin lie near to the same others, and photographs near to one another more often than
    noise: both decide how many candidates a stranger has.
    """
    flat = real.reshape(len(real), -1)
    middle = flat.mean(axis=0)
    dice = np.random.default_rng(1).normal(size=(count, len(real))) / np.sqrt(max(len(real) - 1, 1))
    rows = (middle + dice @ (flat - middle)).reshape(count, *real.shape[1:])
    return np.asarray(rows / np.linalg.norm(rows, axis=2, keepdims=True), np.float32)


def queries(folder: Path, count: int, known: Sequence[Image.Image], strange: Sequence[Image.Image]) -> dict[str, Path]:
    """Folders of JPEGs: strangers, and recompressed copies of references; mosaics where there are no photographs."""
    strangers, copies = folder / "strangers", folder / "copies"
    if not strange:
        write(strangers, count, seed=7, names=STRANGE)
    for kind, pictures, quality in ((strangers, strange, 88), (copies, known or mosaics(count, seed=100), 70)):
        kind.mkdir(exist_ok=True)
        for number, picture in zip(range(count), pictures, strict=False):
            (kind / f"{number:05}.jpg").write_bytes(jpeg(picture, quality))
    return {"stranger": strangers, "copy": copies}


def photographs(folder: Path | None) -> tuple[list[Image.Image], list[Image.Image]]:
    """Every second photograph of a folder, and the others; none where there is no folder."""
    paths = sorted(folder.glob("*.jpg")) if folder else []
    pictures = [Image.open(path).convert("RGB") for path in paths]
    return pictures[::2], pictures[1::2]


async def bench_pairs(home: Path, asked: dict[str, Path]) -> list[Line]:
    """Pairs that are checked for one image, and CPU of all processes in embeddings of the same run."""
    lines = []
    async with opened(load(home=home), making=True) as services:
        for (name, folder), most in zip(asked.items(), (STRANGER_COSTS, COPY_COSTS), strict=True):
            files = [path.read_bytes() for path in sorted(folder.glob("*.jpg"))]
            one = _embedding_s(files[: len(files) // 4])
            started, checked = _cpu_s(), [len((await search(services, data)).candidates) for data in files]
            spent = (_cpu_s() - started) / len(files)
            told = f"{statistics.fmean(checked):.2f}, most {max(checked)}"
            none = 100 * sum(one == 0 for one in checked) / len(checked)
            lines.append(Line(f"pairs checked, {name}: mean", told, f"none for {none:.0f} %", None, None))
            beside = f"one embedding {1000 * one:.1f} ms"
            lines.append(Line(f"{name}: CPU of all processes", f"{1000 * spent:.0f} ms", beside, spent / one, most))
    return lines


def _cpu_s() -> float:
    """Seconds of this process and of its children that are still there."""
    own = psutil.Process()
    times = [one.cpu_times() for one in (own, *own.children(recursive=True))]
    return sum(one.user + one.system for one in times)


def _embedding_s(files: Sequence[bytes]) -> float:
    """CPU seconds of one embedding of a whole picture."""
    embedder = SscdEmbedder()
    frames = [decode(data).frames[0] for data in files]
    embedder.embed(frames[:3])
    started = time.process_time()
    embedder.embed(frames)
    return (time.process_time() - started) / len(frames)


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


def main(quick: bool, folder: Path | None = None, catalogue: int = 0) -> None:
    """Run everything and print the table."""
    add_count, asked = (200, 60) if quick else (1000, 300)
    catalogue = catalogue or (4000 if quick else PARENTS * CHILDREN)
    known, strange = photographs(folder)
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as name:
        work = Path(name)
        asyncio.run(fill(work / "home", catalogue, pictures=known))
        posted = queries(work, asked, known, strange)
        lines = asyncio.run(bench_pairs(work / "home", posted))
        lines += bench_add(work, add_count)
        settings = load(home=work / "home", port=0)
        lines += asyncio.run(bench_search(settings, posted))
        lines += bench_idle(work / "home", catalogue)
    show("Speed and memory", lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Speed and memory of the whole product.")
    parser.add_argument("folder", nargs="?", type=Path, help="photographs instead of mosaics")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--references", type=int, default=0, help="size of the catalogue")
    given = parser.parse_args()
    main(given.quick, given.folder, given.references)
