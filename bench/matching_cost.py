"""What a search costs against a full catalogue: CPU of one after the other, and images a second of a whole manifest.

The catalogue is that of `bench_speed.fill` (real vectors, and others that lie as they do) with the copied references
beside them. Copied references, fill and strangers are from different photographs; edits of the copies are spread over
the suite.

Alone: `python -m bench.matching_cost [--quick] [--floor 0.16]`; a lower floor sends more pairs to the pair check.
"""

import argparse
import asyncio
import csv
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import psutil
from PIL import Image

from bench.bench_speed import FLOOR, fill, resight
from bench.matching_run import fill as add
from bench.photos import SIZE, STRANGE, crops, jpeg, tiles
from bench.table import Line, show
from bot.app import opened
from bot.services import Services
from bot.settings import load
from handlers.search import search
from lab import suite
from lab.drawings.demo import demo_set
from lab.edits.suite import SUITE
from lab.hard_pictures import PICTURES, meme

FILLED = ("astronaut.png", "hubble_deep_field.jpg", "ihc.png")
COPIED = ("chelsea.png", "coffee.png", "motorcycle_left.png")
MEMES = 40
COPIES_IN = 10
"""One image in so many of the manifest is a copy, as a lively channel may have it."""


def references() -> dict[str, Image.Image]:
    """Drawings and tiles of photographs, a megapixel each."""
    drawn = {one.key: one.draw() for one in demo_set()}
    return drawn | {name: tile.resize(SIZE) for name, tile in tiles(COPIED)}


def copied(known: dict[str, Image.Image], count: int) -> Iterator[bytes]:
    """References under edits from all over the suite."""
    names = list(SUITE)
    for number, key in zip(range(count), itertools.cycle(known), strict=False):
        yield jpeg(suite.apply(names[number * 11 % len(names)], known[key], key, number))


def strange(count: int) -> Iterator[bytes]:
    """Parts of photographs that no reference is from, a megapixel each."""
    return map(jpeg, crops(count, 7, STRANGE))


def cost_lines(quick: bool) -> list[Line]:
    """Fill a catalogue and measure."""
    filled, asked, listed = (2_000, 20, 60) if quick else (10_000, 84, 400)
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as name:
        home, known = Path(name) / "home", references()
        asyncio.run(fill(home, filled, FILLED))
        lines = asyncio.run(_searched(home, known, asked, filled))
        return [*lines, _sustained(Path(name), home, known, listed)]


async def _searched(home: Path, known: dict[str, Image.Image], count: int, filled: int) -> list[Line]:
    lines = []
    async with opened(load(home=home), making=True) as services:
        await add(services, "copied", {key: image.copy for key, image in known.items()})
        for what, files, target in (("stranger", strange(count), 70), ("copy", copied(known, count), 160)):
            lines += await _one_by_one(services, f"{what}, {filled:,} references", list(files), target)
        lines += [await _stored(services), await _hardest(services, known)]
    return lines


async def _hardest(services: Services, known: dict[str, Image.Image]) -> Line:
    """What the dearest of the hard pictures costs, a meme among them of which forty captions are known."""
    base = next(iter(known.values()))
    await add(services, "memes", {f"meme-{number}": partial(meme, base, number) for number in range(MEMES)})
    hard = {name: draw() for name, draw in PICTURES.items()} | {"meme": meme(base, MEMES)}
    spent = {name: await _cpu_ms(services, jpeg(image)) for name, image in hard.items()}
    name = max(spent, key=lambda one: spent[one])
    beside = f"{name}; median of {len(spent)}: {statistics.median(spent.values()):.0f} ms"
    return Line("hard pictures: CPU of the dearest", f"{spent[name]:.0f} ms", beside, spent[name], 2000)


async def _cpu_ms(services: Services, data: bytes) -> float:
    started = time.process_time()
    await search(services, data)
    return (time.process_time() - started) * 1000


async def _stored(services: Services) -> Line:
    """Kilobytes a reference: two vectors, as it is and inverted, and packed features; the picture is told beside."""
    ids = [one.id async for one in services.references.each("copied")]
    kept = await services.references.materials([(one, 0) for one in ids])
    vectors = 2 * 4 * services.runner.spec.dim
    size = (vectors + statistics.fmean(len(one.features) for one in kept.values())) / 1000
    picture = statistics.fmean(len(one.picture) for one in kept.values()) / 1000
    beside = f"its picture, for pixels and evidence: {picture:.0f} kB"
    return Line("kept of a reference: vectors and descriptors", f"{size:.1f} kB", beside, size, 24)


async def _one_by_one(services: Services, what: str, files: Sequence[bytes], target: float) -> list[Line]:
    """CPU of this process, all threads, each search alone; the vector store's process beside it."""
    store = psutil.Process(os.getpid()).children()[0]
    for data in files[:3]:
        await search(services, data)
    spent, stages, before = [], [], store.cpu_times().user
    for data in files:
        started = time.process_time()
        finding = await search(services, data)
        spent.append((time.process_time() - started) * 1000)
        stages.append(finding.timings_ms)
    median = statistics.median(spent)
    beside = f"vector store {1000 * (store.cpu_times().user - before) / len(files):.0f} ms, mean"
    return [
        Line(f"search, {what}: CPU, median", f"{median:.0f} ms", beside, median, target),
        Line(f"search, {what}: stages, mean", _stages(stages), "", None, None),
    ]


def _stages(timings: Sequence[Mapping[str, float]]) -> str:
    """Mean milliseconds of wall time of each stage; nothing else runs meanwhile."""
    names = [
        name for name in ("decode", "hash", "views", "embed", "search", "verify") if any(name in one for one in timings)
    ]
    return ", ".join(f"{name} {statistics.fmean(one.get(name, 0) for one in timings):.0f} ms" for name in names)


def _sustained(folder: Path, home: Path, known: dict[str, Image.Image], count: int) -> Line:
    """Images a second of `resight search --manifest`, without the time that its start takes."""
    few, many = _manifest(folder / "few", known, COPIES_IN), _manifest(folder / "many", known, count)
    _, start = resight(home, "search", "--manifest", few)
    _, wall = resight(home, "search", "--manifest", many)
    reached = (count - COPIES_IN) / (wall - start)
    return Line(
        f"`resight search --manifest`, {count} images, 1 copy in {COPIES_IN}: images/s",
        f"{reached:.0f}",
        f"wall {wall:.1f} s",
        reached,
        20,
        True,
    )


def _manifest(folder: Path, known: dict[str, Image.Image], count: int) -> Path:
    """So many images and the list of them."""
    folder.mkdir()
    files = [*copied(known, count // COPIES_IN), *strange(count - count // COPIES_IN)]
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as listed:
        rows = csv.writer(listed)
        rows.writerow(("id", "path"))
        for number, data in enumerate(files):
            (folder / f"{number:04}.jpg").write_bytes(data)
        order = sorted(range(count), key=lambda number: (number * 7919) % count)
        rows.writerows((number, f"{number:04}.jpg") for number in order)
    return folder / "manifest.csv"


def main() -> None:
    """Measure the cost alone."""
    parser = argparse.ArgumentParser(description="What a search costs against a full catalogue.")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--floor", type=float, help="cosine from which a pair is checked, instead of the model's own")
    asked = parser.parse_args()
    if asked.floor is not None:
        os.environ[FLOOR] = str(asked.floor)  # for the commands that it starts, too
    show("What a search costs", cost_lines(asked.quick))


if __name__ == "__main__":
    main()
