"""The promises of the vector store, kept by every implementation of `core.ports.Catalogue`.

exact     numpy in memory, the oracle
stored    the embedded store: real child process, real socket, real engine
guarded   the same behind its circuit breaker, as the bot uses it
server    the Qdrant server that QDRANT_URL names (and QDRANT_API_KEY), if any
milvus    Milvus in small: a real server process, over the network; or the one that MILVUS_URL names (and MILVUS_TOKEN)
"""

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import DataError, EnvironmentTrouble, WrongSpace
from core.matches import Hit
from core.metrics import Metric
from core.ports import Catalogue
from core.types import Point, Vectors
from store.vectors.breaker import CircuitBreaker
from store.vectors.catalogue import QdrantCatalogue
from store.vectors.exact import ExactCatalogue
from store.vectors.milvus import MilvusCatalogue
from store.vectors.stored.supervisor import StoreProcess
from tests.milvus_lite import milvus_lite

pytestmark = pytest.mark.asyncio(loop_scope="module")

DIM, CLOSE = 16, 1e-3
NAMES = ("logos", "art", "memes", "家庭", "a/b", "")
ON_A_SERVER = pytest.mark.skipif("QDRANT_URL" not in os.environ, reason="QDRANT_URL names no Qdrant server")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stored(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[StoreProcess]:
    async with StoreProcess(tmp_path_factory.mktemp("stored") / "vectors", min_free_mb=16) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def milvus(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[MilvusCatalogue]:
    """One client for all: each test opens a space of its own."""
    async with AsyncExitStack() as stack:
        url = os.environ.get("MILVUS_URL", "")
        if not url:
            url = (await stack.enter_async_context(milvus_lite(tmp_path_factory.mktemp("milvus")))).url
        yield await stack.enter_async_context(MilvusCatalogue(url, token=os.environ.get("MILVUS_TOKEN", "")))


@pytest_asyncio.fixture(
    params=["exact", "stored", "guarded", "milvus", pytest.param("server", marks=ON_A_SERVER)], loop_scope="module"
)
async def catalogue(
    request: pytest.FixtureRequest, stored: StoreProcess, milvus: MilvusCatalogue
) -> AsyncIterator[Catalogue]:
    if request.param == "milvus":
        await milvus.open_space(f"test-{uuid4()}", DIM)
        yield milvus
        await milvus.clear()
        return
    if request.param == "exact":
        fresh = ExactCatalogue()
        await fresh.open_space("space", DIM)
        yield fresh
        return
    async with over(request.param, stored.socket) as opened:
        await opened.open_space(f"test-{uuid4()}", DIM)
        yield opened
        await opened.clear()


def over(where: str, socket: Path) -> QdrantCatalogue | CircuitBreaker:
    if where == "stored":
        return QdrantCatalogue.over_socket(socket)
    if where == "guarded":
        return CircuitBreaker(QdrantCatalogue.over_socket(socket))
    return QdrantCatalogue.at(os.environ["QDRANT_URL"], os.environ.get("QDRANT_API_KEY"))


def points(count: int, seed: int = 1, names: Sequence[str] = NAMES) -> list[Point]:
    """The same seed gives the same points, with the same references."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(4, DIM))[rng.integers(0, 4, count)] + 0.6 * rng.normal(size=(count, DIM))
    owners = [UUID(bytes=rng.bytes(16)) for _ in rows]
    return [
        Point(reference=owners[at], collection=names[at % len(names)], part=at % 3, vector=row.astype(np.float32))
        for at, row in enumerate(rows)
    ]


def point(row: Sequence[float] | np.ndarray, collection: str = "logos") -> Point:
    return Point(reference=uuid4(), collection=collection, part=0, vector=np.asarray(row, np.float32))


def queries(count: int, seed: int = 2) -> Vectors:
    rows: Vectors = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    return rows


def axis(number: int) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    row: np.ndarray[tuple[int], np.dtype[np.float32]] = np.zeros(DIM, np.float32)
    row[number] = 1.0
    return row


def unit(row: np.ndarray) -> np.ndarray:
    return np.asarray(row / np.linalg.norm(row), np.float32)


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))


def check(
    hits: Sequence[Hit], query: np.ndarray, held: Sequence[Point], names: Collection[str], limit: int, floor: float
) -> None:
    """The hits are the top `limit` of a plain numpy scan, up to what half precision can tell apart."""
    truth = {(one.reference, one.part): cosine(query, one.vector) for one in held if one.collection in names}
    best = sorted(truth.values(), reverse=True)
    surely, perhaps = (sum(one >= floor + slack for one in best) for slack in (CLOSE, -CLOSE))
    assert min(surely, limit) <= len(hits) <= min(perhaps, limit)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.score for hit in hits] == pytest.approx(best[: len(hits)], abs=CLOSE)
    assert [hit.score for hit in hits] == pytest.approx([truth[hit.reference, hit.part] for hit in hits], abs=CLOSE)
    assert len({(hit.reference, hit.part) for hit in hits}) == len(hits)


async def test_search_is_exact(catalogue: Catalogue) -> None:
    """A search returns the true nearest points with their cosine, closest first, one list a row."""
    held, asked = points(300), queries(40)
    await catalogue.upsert(held)

    answers = await catalogue.search(asked, NAMES, limit=10, floor=-1.0)

    assert len(answers) == 40
    for query, hits in zip(asked, answers, strict=True):
        check(hits, query, held, NAMES, 10, -1.0)


@pytest.mark.parametrize("metric", Metric)
async def test_each_metric_has_its_own_scores(catalogue: Catalogue, metric: Metric) -> None:
    """Scores are those of the metric, the closest first, and the floor is right in both directions."""
    if metric is Metric.MANHATTAN and isinstance(catalogue, MilvusCatalogue):
        with pytest.raises(DataError, match="no manhattan"):
            await catalogue.open_space(f"metric-{uuid4()}", DIM, metric)
        return
    await catalogue.open_space(f"metric-{uuid4()}", DIM, metric)
    held, (query,) = points(60), queries(1)
    await catalogue.upsert(held)
    truth = sorted((metric.between(unit(query), unit(one.vector)) for one in held), key=metric.rank)

    (hits,) = await catalogue.search(query[None], NAMES, limit=20, floor=truth[9])
    await catalogue.clear()
    surely = [score for score in truth if metric.meets(score, truth[9])]

    assert [hit.score for hit in hits] == pytest.approx(truth[: len(hits)], abs=0.02)
    assert abs(len(hits) - len(surely)) <= 1


async def test_length_does_not_matter(catalogue: Catalogue) -> None:
    """Cosine is about direction: a vector a million times as long, or as short, is the same vector."""
    await catalogue.upsert([point(axis(0) * 1e6), point(axis(1) * 1e-6)])

    answers = await catalogue.search(np.stack([axis(0) * 1e-6, axis(1) * 1e6]), ["logos"], limit=1, floor=0.9)

    assert [[round(hit.score, 3) for hit in hits] for hits in answers] == [[1.0], [1.0]]
    assert all(hit.score <= 1.0 for hits in answers for hit in hits)


async def test_never_another_collection(catalogue: Catalogue) -> None:
    """In 1,000 random searches no hit comes from a collection that was not named, also while points are added."""
    held = points(60)
    owner = {one.reference: one.collection for one in held}
    rng = np.random.default_rng(5)
    await catalogue.upsert(held[:30])
    for turn in range(25):
        if turn == 12:
            await catalogue.upsert(held[30:])
        named = [name for name in NAMES if rng.random() < 0.5]
        for hits in await catalogue.search(queries(40, seed=turn), named, limit=60, floor=-1.0):
            assert {owner[hit.reference] for hit in hits} <= set(named)
            expected = [one for one in (held if turn >= 12 else held[:30]) if one.collection in named]
            assert len(hits) == len(expected)


async def test_a_new_collection_stays_private(catalogue: Catalogue) -> None:
    """A search in every known collection does not see points of one that appeared after it."""
    await catalogue.upsert([point(axis(0), "old")])
    assert len((await catalogue.search(axis(0)[None], ["old"], limit=9, floor=0.5))[0]) == 1

    await catalogue.upsert([point(axis(0), "new")])

    assert len((await catalogue.search(axis(0)[None], ["old"], limit=9, floor=0.5))[0]) == 1
    assert len((await catalogue.search(axis(0)[None], ["old", "new"], limit=9, floor=0.5))[0]) == 2


async def test_no_collection_no_hit(catalogue: Catalogue) -> None:
    """Naming no collection finds nothing, and unknown ones neither."""
    await catalogue.upsert(points(10))

    assert await catalogue.search(queries(3), [], limit=5, floor=-1.0) == [[], [], []]
    assert await catalogue.search(queries(3), ["nobody's"], limit=5, floor=-1.0) == [[], [], []]
    assert await catalogue.search(queries(3)[:0], NAMES, limit=5, floor=-1.0) == []


async def test_nothing_stored_nothing_found(catalogue: Catalogue) -> None:
    """An empty space answers, with nothing."""
    assert await catalogue.search(queries(2), NAMES, limit=5, floor=-1.0) == [[], []]
    assert await catalogue.count() == 0
    assert [one async for one in catalogue.references()] == []
    await catalogue.ping()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    named=st.sets(st.sampled_from(NAMES)),
    limit=st.integers(1, 40),
    floor=st.floats(-1.0, 1.0),
    seed=st.integers(0, 1000),
    size=st.integers(1, 5),
)
async def test_any_filter_limit_and_floor(
    catalogue: Catalogue, named: set[str], limit: int, floor: float, seed: int, size: int
) -> None:
    """Whatever the collections, limit and floor: exactly the points that a numpy scan finds."""
    held = points(30, seed=3)
    if not await catalogue.count():
        await catalogue.upsert(held)
    asked = queries(size, seed)

    answers = await catalogue.search(asked, named, limit=limit, floor=floor)

    assert len(answers) == size
    for query, hits in zip(asked, answers, strict=True):
        check(hits, query, held, named, limit, floor)


async def test_many_rows_and_callers(catalogue: Catalogue) -> None:
    """Searches that run at the same time each get their own answer, however they are batched underneath."""
    held = points(100)
    await catalogue.upsert(held)
    asked = [queries(1 + turn * 7 % 90, seed=turn) for turn in range(40)]
    named = [[NAMES[turn % 6], NAMES[turn % 5]] for turn in range(40)]

    together = (
        catalogue.search(rows, names, limit=3 + turn % 4, floor=0.1)
        for turn, (rows, names) in enumerate(zip(asked, named, strict=True))
    )
    answers = await asyncio.gather(*together)

    for turn, answer in enumerate(answers):
        for query, hits in zip(asked[turn], answer, strict=True):
            check(hits, query, held, named[turn], 3 + turn % 4, 0.1)


async def test_a_caller_that_gives_up(catalogue: Catalogue) -> None:
    """A cancelled search takes nothing from the others."""
    await catalogue.upsert(points(50))
    tasks = [asyncio.create_task(catalogue.search(queries(2, n), NAMES, limit=5, floor=-1.0)) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()

    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(answer, list) and len(answer[1]) == 5 for answer in answers[1::2])


async def test_replace(catalogue: Catalogue) -> None:
    """Storing a point again replaces its vector and its collection."""
    first = point(axis(0), "old")
    await catalogue.upsert([first])
    await catalogue.upsert([Point(reference=first.reference, collection="new", part=0, vector=axis(1))])

    assert await catalogue.count() == 1
    assert await catalogue.count(["old"]) == 0
    assert await catalogue.search(axis(0)[None], ["old", "new"], limit=5, floor=0.5) == [[]]
    found = (await catalogue.search(axis(1)[None], ["new"], limit=5, floor=0.5))[0]
    assert [(hit.reference, hit.part) for hit in found] == [(first.reference, 0)]


async def test_delete(catalogue: Catalogue) -> None:
    """Deleting a reference forgets every part of it and nothing else; unknown references are fine."""
    gone, kept = uuid4(), uuid4()
    both = [(gone, 0), (gone, 1), (gone, 7), (kept, 0)]
    await catalogue.upsert([Point(reference=r, collection="art", part=p, vector=axis(p)) for r, p in both])

    await catalogue.delete([gone, uuid4()])
    await catalogue.delete([])

    assert [one async for one in catalogue.references()] == [kept]
    assert await catalogue.search(axis(7)[None], ["art"], limit=5, floor=0.5) == [[]]


async def test_count_and_references(catalogue: Catalogue) -> None:
    """Counts are exact in all or named collections, and `references` names every point once, past one page."""
    held = points(2500)
    await catalogue.upsert(held)

    assert await catalogue.count() == 2500
    assert await catalogue.count([]) == 0
    assert await catalogue.count(["logos", "家庭"]) == sum(one.collection in ("logos", "家庭") for one in held)
    assert sorted([one async for one in catalogue.references()]) == sorted(one.reference for one in held)


async def test_clear(catalogue: Catalogue) -> None:
    """A cleared space is empty and takes points again."""
    await catalogue.upsert(points(30))
    await catalogue.clear()
    assert await catalogue.count() == 0

    await catalogue.upsert(points(7))

    assert await catalogue.count() == 7


BAD = {
    "nan": np.full(DIM, np.nan),
    "one infinite": np.where(np.arange(DIM) == 3, np.inf, 1.0),
    "zero": np.zeros(DIM),
    "short": np.ones(DIM - 1),
    "long": np.ones(DIM + 1),
    "empty": np.ones(0),
    "square": np.ones((DIM, DIM)),
}


@pytest.mark.parametrize("bad", BAD)
async def test_a_bad_vector_stores_nothing(catalogue: Catalogue, bad: str) -> None:
    """One bad vector anywhere in a batch is a DataError, and not one point of the batch is stored."""
    batch = [*points(300), point(BAD[bad]), *points(3)]

    with pytest.raises(DataError):
        await catalogue.upsert(batch)

    assert await catalogue.count() == 0


@pytest.mark.parametrize("bad", ["nan", "one infinite", "zero", "short", "long"])
async def test_a_bad_query_is_refused(catalogue: Catalogue, bad: str) -> None:
    """A bad vector to search for is a DataError, never an empty answer."""
    await catalogue.upsert(points(5))

    with pytest.raises(DataError):
        await catalogue.search(np.stack([BAD[bad]] * 2).astype(np.float32), NAMES, limit=5, floor=-1.0)


async def test_another_dimension_is_refused(catalogue: Catalogue) -> None:
    """The same space with another dimension is WrongSpace, and the open one stays usable."""
    name = f"fixed-{uuid4()}"
    await catalogue.open_space(name, DIM)
    await catalogue.upsert(points(3))

    with pytest.raises(WrongSpace, match=f"{DIM} numbers, not of {DIM + 1}"):
        await catalogue.open_space(name, DIM + 1)

    assert await catalogue.count() == 3


async def test_spaces_are_apart(catalogue: Catalogue) -> None:
    """Another space holds nothing of this one; opening a space again finds what was stored."""
    first, second = f"first-{uuid4()}", f"second.{uuid4()}"
    await catalogue.open_space(first, DIM)
    await catalogue.upsert(points(4))
    await catalogue.open_space(second, 3)
    assert await catalogue.count() == 0

    await catalogue.open_space(first, DIM)

    assert await catalogue.count() == 4


async def test_a_space_must_be_open(stored: StoreProcess) -> None:
    """Without an open space every call says so."""
    async with QdrantCatalogue.over_socket(stored.socket) as unopened:
        for catalogue in (unopened, ExactCatalogue()):
            with pytest.raises(EnvironmentTrouble, match="No space"):
                await catalogue.count()
            with pytest.raises(EnvironmentTrouble, match="No space"):
                await catalogue.search(queries(1), NAMES, limit=1, floor=0.0)


async def test_the_same_answers_as_the_oracle(stored: StoreProcess) -> None:
    """The embedded store and numpy name the same references for the same searches."""
    held, asked, exact = points(400, seed=9), queries(30, seed=9), ExactCatalogue()
    async with QdrantCatalogue.over_socket(stored.socket) as catalogue:
        for one in (exact, catalogue):
            await one.open_space("oracle", DIM)
            await one.upsert(held)
        theirs, ours = [await one.search(asked, NAMES[:3], limit=1, floor=0.2) for one in (exact, catalogue)]

    assert [ids(hits) for hits in theirs] == [ids(hits) for hits in ours]


def ids(hits: Sequence[Hit]) -> list[tuple[UUID, int]]:
    return [(hit.reference, hit.part) for hit in hits]
