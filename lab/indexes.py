"""Which index finds what, how fast and in how much memory: `resight lab indexes` (extra `lab`).

    embeddings [n, dim] --a sample, moved a little as an edit moves them--> queries
    each kind of index: build, ask one query at a time --> recall@1, recall@10, milliseconds, MB, seconds to build

Exact search says what is right. `recall@1`: the reference that was moved is the nearest; `recall@10`: how many of the
exact ten are among the ten. All kinds but our own catalogue are faiss's, on one thread and in this process; ours is
asked over its socket, as every search of Resight is, and its size is that on disk.
"""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import numpy as np

from core.errors import DataError, EnvironmentTrouble
from core.extras import pip_install
from core.ports import Catalogue
from core.types import Point, Vectors

NEIGHBOURS = 10
QUERIES = 200
MOVED = 0.75
"""Cosine of a query and its reference: about that of a screenshot or a caption with SSCD."""

LEAST = 256
"""Embeddings below which an index has nothing to gain; product quantisation learns words of each part."""

PARTS = (128, 64, 32, 16, 8, 4, 2, 1)
"""Parts of product quantisation, 16 words each: 256 words take faiss ten times as long to learn."""

SEED = 7
SPACE = "lab"
BATCH = 1000
"""Points written at once."""

type Ask = Callable[[Vectors], Awaitable[Sequence[int]]]
"""Takes one query [1, dim] and returns the rows of the nearest, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """An index that was built: how to ask it, what it holds in bytes, and how long it took."""

    name: str
    ask: Ask
    bytes: int
    build_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How good one index is."""

    name: str
    recall_1: float
    recall_10: float
    median_ms: float
    megabytes: float
    build_s: float


def queries_of(vectors: Vectors, count: int = QUERIES) -> tuple[Vectors, list[int]]:
    """Return some of the rows, turned away by an angle of cosine `MOVED`, and which rows they are."""
    dice = np.random.default_rng(SEED)
    chosen = sorted(dice.choice(len(vectors), min(count, len(vectors)), replace=False).tolist())
    rows = vectors[chosen]
    aside = dice.normal(size=rows.shape).astype(np.float32)
    aside -= (aside * rows).sum(axis=1, keepdims=True) * rows
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    return (MOVED * rows + np.sqrt(1 - MOVED**2) * aside).astype(np.float32), chosen


def checked(vectors: Vectors) -> Vectors:
    """Return the embeddings, if there are enough; raises DataError where there are too few."""
    if len(vectors) < LEAST:
        raise DataError(
            f"There are {len(vectors)} embeddings, and indexes differ from {LEAST} on: "
            f"add references, or fill up with made ones: --fill {LEAST * 4}."
        )
    return vectors


def filled(vectors: Vectors, total: int, dim: int) -> Vectors:
    """Return the embeddings, completed to `total` by made ones: averages of two real ones and noise."""
    missing = total - len(vectors)
    if missing <= 0:
        return vectors
    dice = np.random.default_rng(SEED)
    made = dice.normal(size=(missing, dim)).astype(np.float32) / np.sqrt(dim)
    if len(vectors):
        made += vectors[dice.integers(len(vectors), size=missing)] / 2 + vectors.mean(axis=0)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return np.concatenate([vectors, made]).astype(np.float32)


def faiss_contenders(vectors: Vectors) -> list[Callable[[], Contender]]:
    """Return builders of every kind of index; raises EnvironmentTrouble where faiss is missing."""
    faiss = _package()
    n, dim = vectors.shape
    lists = max(4, round(float(np.sqrt(n))))
    parts = next(parts for parts in PARTS if dim % (4 * parts) == 0 or parts == 1)
    ip = faiss.METRIC_INNER_PRODUCT
    kinds: list[tuple[str, str, Callable[[Any], None]]] = [
        ("exact", "Flat", lambda _: None),
        ("k-means, IVF", f"IVF{lists},Flat", lambda index: _probe(faiss, index, lists)),
        ("LSH, random hyperplanes", f"LSH{2 * dim}r", lambda _: None),
        ("HNSW", "HNSW32,Flat", lambda _: None),
        ("IVF-PQ", f"IVF{lists},PQ{parts}x4", lambda index: _probe(faiss, index, lists)),
    ]
    return [partial(_built, faiss, name, recipe, tune, vectors, ip) for name, recipe, tune in kinds]


def _probe(faiss: Any, index: Any, lists: int) -> None:
    """Let the index look into an eighth of the cells."""
    faiss.extract_index_ivf(index).nprobe = max(1, lists // 8)


def _built(faiss: Any, name: str, recipe: str, tune: Callable[[Any], None], vectors: Vectors, metric: Any) -> Contender:
    faiss.omp_set_num_threads(1)
    started = time.perf_counter()
    index = faiss.index_factory(vectors.shape[1], recipe, faiss.METRIC_L2 if recipe.startswith("LSH") else metric)
    _quiet(faiss, index)
    index.train(vectors)
    index.add(vectors)
    tune(index)
    took = time.perf_counter() - started

    async def ask(query: Vectors) -> Sequence[int]:
        neighbours: list[int] = index.search(query, NEIGHBOURS)[1][0].tolist()
        return neighbours

    return Contender(name=name, ask=ask, bytes=faiss.serialize_index(index).nbytes, build_s=took)


def _quiet(faiss: Any, index: Any) -> None:
    """Silence the warning about few points a cell: there are no more."""
    cells = getattr(faiss.downcast_index(index), "cp", None)
    if cells is not None:
        cells.min_points_per_centroid = 1
    quantiser = getattr(faiss.downcast_index(index), "pq", None)
    if quantiser is not None:
        quantiser.cp.min_points_per_centroid = 1


async def stored_contender(catalogue: Catalogue, vectors: Vectors, stored_bytes: Callable[[], int]) -> Contender:
    """Return Resight's own vector store, filled with these embeddings; `stored_bytes` tells its size."""
    started = time.perf_counter()
    await catalogue.open_space(SPACE, vectors.shape[1])
    ids = [uuid5(NAMESPACE_OID, f"{SPACE}-{row}") for row in range(len(vectors))]
    for start in range(0, len(vectors), BATCH):
        some = zip(ids[start : start + BATCH], vectors[start : start + BATCH], strict=True)
        await catalogue.upsert(
            [Point(reference=reference, collection=SPACE, part=0, vector=row) for reference, row in some]
        )
    rows = {number: row for row, number in enumerate(ids)}

    async def ask(query: Vectors) -> Sequence[int]:
        (hits,) = await catalogue.search(query, {SPACE}, limit=NEIGHBOURS, floor=-1)
        return [rows[hit.reference] for hit in hits]

    took = time.perf_counter() - started
    return Contender(name="Resight's catalogue", ask=ask, bytes=stored_bytes(), build_s=took)


async def measured(contender: Contender, queries: Vectors, right: Sequence[int], exact: Sequence[Sequence[int]]) -> Row:
    """Ask one index every query, one after the other, and return how good it is."""
    answers, took = [], []
    for query in queries:
        started = time.perf_counter()
        answers.append(await contender.ask(query[None]))
        took.append((time.perf_counter() - started) * 1000)
    firsts = [bool(neighbours) and neighbours[0] == nearest for neighbours, nearest in zip(answers, right, strict=True)]
    shared = [len(set(neighbours) & set(best)) / len(best) for neighbours, best in zip(answers, exact, strict=True)]
    return Row(
        name=contender.name,
        recall_1=statistics.fmean(firsts),
        recall_10=statistics.fmean(shared),
        median_ms=statistics.median(took),
        megabytes=contender.bytes / 1e6,
        build_s=contender.build_s,
    )


def exact_neighbours(vectors: Vectors, queries: Vectors) -> list[list[int]]:
    """Return the ten nearest rows of each query, by every product."""
    neighbours: list[list[int]] = np.argsort(-(queries @ vectors.T), axis=1, kind="stable")[:, :NEIGHBOURS].tolist()
    return neighbours


def _package() -> Any:
    try:
        import faiss
    except ImportError:
        raise EnvironmentTrouble(f"The package faiss is not installed: run `{pip_install('lab', 'faiss')}`.") from None
    return faiss
