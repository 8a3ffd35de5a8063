"""python -m bench.bench_catalogue [POINTS]: what a search costs over the socket, beside plain numpy in the same run.

Points are clustered (like pictures of the same things); queries are points with noise. Times depend on the machine,
the ratios much less. Client = this process, server = the embedded store.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import psutil

from core.types import Point, Vectors
from store.vectors.catalogue import QdrantCatalogue
from store.vectors.stored.supervisor import StoreProcess

DIM, CLUSTERS, NAMES = 512, 200, [f"c{number}" for number in range(10)]
LIMIT, FLOOR, ROUNDS = 10, 0.5, 60


@dataclass(frozen=True, slots=True)
class Data:
    vectors: Vectors
    queries: Vectors


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall milliseconds of one call (median), and CPU milliseconds a query in both processes."""

    wall: float
    client: float
    server: float

    def line(self, name: str, numpy_ms: float) -> str:
        total = self.client + self.server
        cells = (self.wall, self.client, self.server, total, total / numpy_ms)
        return f"{name:<44}" + "".join(f"{cell:>10.2f}" for cell in cells)


def clustered(count: int, seed: int = 7) -> Data:
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(CLUSTERS, DIM))
    vectors = centres[rng.integers(0, CLUSTERS, count)] + 0.7 * rng.normal(size=(count, DIM))
    queries = vectors[rng.integers(0, count, 512)] + 0.3 * rng.normal(size=(512, DIM))
    return Data(unit(vectors), unit(queries))


def unit(rows: np.ndarray) -> Vectors:
    scaled: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def points_of(data: Data) -> list[Point]:
    return [
        Point(reference=UUID(int=at), collection=NAMES[at % len(NAMES)], part=0, vector=row)
        for at, row in enumerate(data.vectors)
    ]


def numpy_ms(data: Data, rows: int) -> float:
    """CPU milliseconds a query of the plain matrix product with its top k."""
    started, queries = time.process_time(), data.queries[: 256 // rows * rows]
    for at in range(0, len(queries), rows):
        cosines = queries[at : at + rows] @ data.vectors.T
        np.argpartition(cosines, -LIMIT, axis=1)
    return (time.process_time() - started) * 1000 / len(queries)


def cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


async def measured(pid: int, rounds: int, queries: int, call: Callable[[int], Awaitable[object]]) -> Cost:
    await call(0)
    walls, client, server = [], cpu(os.getpid()), cpu(pid)
    for number in range(rounds):
        started = time.perf_counter()
        await call(number)
        walls.append((time.perf_counter() - started) * 1000)
    each = 1000 / (rounds * queries)
    return Cost(statistics.median(walls), (cpu(os.getpid()) - client) * each, (cpu(pid) - server) * each)


def memory(pid: int) -> str:
    info = psutil.Process(pid).memory_full_info()
    return f"rss {info.rss >> 20} MB, uss {info.uss >> 20} MB"


class Bench:
    def __init__(self, catalogue: QdrantCatalogue, stored: StoreProcess, data: Data) -> None:
        self.catalogue, self.stored, self.data = catalogue, stored, data

    def rows(self, at: int, count: int) -> Vectors:
        start = at * count % (len(self.data.queries) - count + 1)
        return self.data.queries[start : start + count]

    async def search(self, rows: Vectors, names: list[str]) -> None:
        await self.catalogue.search(rows, names, limit=LIMIT, floor=FLOOR)

    async def cost(self, views: int, together: int, names: list[str]) -> Cost:
        async def call(number: int) -> None:
            searches = [self.search(self.rows(number * together + one, views), names) for one in range(together)]
            await asyncio.gather(*searches)

        return await measured(self.stored.pid, ROUNDS, views * together, call)

    async def table(self) -> None:
        plain = {rows: numpy_ms(self.data, rows) for rows in (1, 8, 32)}
        print(f"{'':<44}{'wall ms':>10}{'client':>10}{'server':>10}{'both':>10}{'x numpy':>10}")
        print(f"{'':<44}{'a call':>10}{'CPU ms a query':>30}{'':>10}")
        for names, label in ((NAMES, "all 10 collections"), (NAMES[:9], "9 of 10"), (NAMES[:1], "1 of 10")):
            for views, together in ((1, 1), (8, 1), (1, 32)):
                name = f"{label}, {views} view{'s' * (views > 1)}, {together} at a time"
                print((await self.cost(views, together, names)).line(name, plain[max(views, together)]))
        print(
            "numpy, CPU ms a query, all points: " + ", ".join(f"{ms:.2f} ({rows} rows)" for rows, ms in plain.items())
        )


async def load(catalogue: QdrantCatalogue, data: Data, pid: int) -> None:
    client, server, started = cpu(os.getpid()), cpu(pid), time.perf_counter()
    await catalogue.upsert(points_of(data))
    each = 1000 / len(data.vectors)
    took = (time.perf_counter() - started, (cpu(os.getpid()) - client) * each, (cpu(pid) - server) * each)
    print("load {:.1f} s; CPU ms a point: client {:.2f}, server {:.2f}".format(*took))


async def story(count: int, folder: Path) -> None:
    data = clustered(count)
    async with StoreProcess(folder) as stored, QdrantCatalogue.over_socket(stored.socket) as catalogue:
        await catalogue.open_space("bench", DIM)
        print(f"{count} points of {DIM} numbers; empty: {memory(stored.pid)}")
        await load(catalogue, data, stored.pid)
        await asyncio.sleep(6)
        print(f"loaded, then idle: {memory(stored.pid)}")
        await Bench(catalogue, stored, data).table()
        await asyncio.sleep(6)
        print(f"after the searches: {memory(stored.pid)}")
    async with StoreProcess(folder) as stored, QdrantCatalogue.over_socket(stored.socket) as catalogue:
        await catalogue.open_space("bench", DIM)
        await catalogue.search(data.queries[:8], NAMES, limit=LIMIT, floor=FLOOR)
        print(f"started again, one search: {memory(stored.pid)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("points", type=int, nargs="?", default=20_000)
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        asyncio.run(story(parser.parse_args().points, Path(folder) / "vectors"))


if __name__ == "__main__":
    main()
