"""QdrantCatalogue: the vector store on Qdrant's own client; the one implementation for production.

    QdrantCatalogue.over_socket(stored.socket)    the embedded store (see store/vectors/stored)
    QdrantCatalogue.at(url, api_key)              a Qdrant server or cluster

One Qdrant collection a space (`references-SPACE`), one point a vector: id = `Point.id`, vector `copy`, payload
reference, part, collection. Searches are exact scans: a graph search with a filter can lose the copy itself.
Searches of different callers share requests: while one is under way, the next gathers (`RequestBatcher`).
Every exception of httpx and qdrant-client becomes one of ours here; no answer is never an empty answer.
"""

import asyncio
import contextlib
import re
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from collections.abc import Collection as Group
from dataclasses import dataclass
from functools import partial
from itertools import batched
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx
import numpy as np
import orjson
from qdrant_client import AsyncQdrantClient, models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException, UnexpectedResponse

from core.backoff import STORE, Pauses
from core.errors import Conflict, DataError, EnvironmentTrouble, ResightError, StoreDown, WrongSpace
from core.matches import Hit
from core.metrics import Metric
from core.types import Point, Vectors
from core.walls import watched
from store.vectors.exact import WRONG, rows_of, unit_rows

VECTOR = "copy"
DISTANCES = {
    Metric.COSINE: models.Distance.COSINE,
    Metric.DOT: models.Distance.DOT,
    Metric.EUCLIDEAN: models.Distance.EUCLID,
    Metric.MANHATTAN: models.Distance.MANHATTAN,
}
INDEXES = {"collection": True, "reference": False}  # keyword indexes: is it what tenants are told apart by?
DEADLINE = 10.0
RETRY_FOR = 3.0  # a child that is started again is back within a second
UPSERT_CHUNK, DELETE_CHUNK, SCROLL_PAGE, MOST_ROWS = 256, 500, 1000, 64
DECIMALS = 5  # of a vector of length 1: moves a cosine by about 3e-6 and saves 60 % of the bytes
CONNECTIONS = httpx.Limits(max_connections=8, max_keepalive_connections=4)
DOWN = "The vector store did not answer; try again in a moment."
CLOSED = "The vector store is being closed."


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingSearch:
    """The rows of one `search` call that still wait for their answer."""

    requests: Sequence[models.QueryRequest]
    answer: asyncio.Future[list[list[Hit]]]


class RequestBatcher:
    """Sends the searches that wait as one request at a time, in the order they came."""

    def __init__(self, send: Callable[[Sequence[models.QueryRequest]], Awaitable[list[list[Hit]]]]) -> None:
        self._send = send
        self._waiting: deque[PendingSearch] = deque()
        self._sender: asyncio.Task[None] | None = None

    async def answer(self, requests: Sequence[models.QueryRequest]) -> list[list[Hit]]:
        """Return the hits of each request; requests of other callers are sent together with them."""
        ask = PendingSearch(requests=requests, answer=asyncio.get_running_loop().create_future())
        self._waiting.append(ask)
        if self._sender is None or self._sender.done():
            self._sender = watched(asyncio.create_task(self._work(), name="catalogue-searches"))
        return await ask.answer

    async def close(self) -> None:
        """Stop sending; whoever still waits is told StoreDown."""
        if self._sender is not None:
            self._sender.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sender
        for ask in self._waiting:
            settle(ask.answer, StoreDown(CLOSED))

    async def _work(self) -> None:
        while together := self._next():
            try:
                hits = iter(await self._send([request for ask in together for request in ask.requests]))
                for ask in together:
                    settle(ask.answer, [next(hits) for _ in ask.requests])
            except Exception as error:
                for ask in together:
                    settle(ask.answer, error)
            finally:  # cancelled: nobody may wait for ever
                for ask in together:
                    settle(ask.answer, StoreDown(CLOSED))

    def _next(self) -> list[PendingSearch]:
        """Take as many waiting searches as fit into one request; those whose caller gave up are dropped."""
        together: list[PendingSearch] = []
        rows = 0
        while self._waiting and (not together or rows + len(self._waiting[0].requests) <= MOST_ROWS):
            ask = self._waiting.popleft()
            if not ask.answer.done():
                together.append(ask)
                rows += len(ask.requests)
        return together


def settle(answer: asyncio.Future[list[list[Hit]]], outcome: list[list[Hit]] | Exception) -> None:
    """Give the waiting caller its hits or its error, unless it has gone."""
    if answer.done():
        return
    if isinstance(outcome, Exception):
        answer.set_exception(outcome)
    else:
        answer.set_result(outcome)


class QdrantCatalogue:
    """See the module; open it with `async with`, then call `open_space` before anything else."""

    def __init__(self, client: AsyncQdrantClient) -> None:
        self._client = client
        self._batcher = RequestBatcher(self._query)
        self._name, self._dim, self._metric = "", 0, Metric.COSINE

    @classmethod
    def over_socket(cls, path: Path) -> Self:
        """Return the catalogue of the embedded store, behind a Unix socket."""
        transport = httpx.AsyncHTTPTransport(uds=str(path), limits=CONNECTIONS)
        # the version check would open a TCP connection of its own
        return cls(AsyncQdrantClient(url="http://stored", transport=transport, check_compatibility=False, timeout=10))

    @classmethod
    def at(cls, url: str, api_key: str | None = None) -> Self:
        """Return the catalogue of a Qdrant server; raises EnvironmentTrouble for an unusable address."""
        options: dict[str, Any] = {"check_compatibility": False, "timeout": 10, "limits": CONNECTIONS}
        try:
            return cls(AsyncQdrantClient(url=url, api_key=api_key, **options))
        except ValueError as error:
            raise EnvironmentTrouble(f"{url} is not the address of a Qdrant server.") from error

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._batcher.close()
        await self._client.close()

    @property
    def is_up(self) -> bool:
        """See `core.ports.Catalogue.is_up`."""
        return True

    async def open_space(self, space_id: str, dim: int, metric: Metric = Metric.COSINE) -> None:
        """See `core.ports.Catalogue.open_space`."""
        name = "references-" + re.sub(r"[^A-Za-z0-9_-]", "_", space_id)
        if not await insist(partial(self._client.collection_exists, name)):
            await self._create(name, dim, metric)
        info = await insist(partial(self._client.get_collection, name))
        dimension, compared = layout_of(info)
        if (dimension, compared) != (dim, metric):
            raise WrongSpace(WRONG.format(space=space_id, known=dimension, compared=compared, dim=dim, metric=metric))
        await self._index(name, INDEXES.keys() - (info.payload_schema or {}).keys())
        self._name, self._dim, self._metric = name, dim, metric

    async def upsert(self, points: Sequence[Point]) -> None:
        """See `core.ports.Catalogue.upsert`."""
        name = self._open()
        if not points:
            return
        rows = np.round(rows_of(points, self._dim).astype(np.float64), DECIMALS)
        for chunk in batched(zip(points, rows, strict=True), UPSERT_CHUNK):
            structs = [struct(point, row.tolist()) for point, row in chunk]
            await insist(partial(self._client.upsert, name, structs, wait=True))

    async def delete(self, references: Sequence[UUID]) -> None:
        """See `core.ports.Catalogue.delete`."""
        name = self._open()
        for chunk in batched(references, DELETE_CHUNK):
            chosen = models.FilterSelector(filter=any_of("reference", [str(reference) for reference in chunk]))
            await insist(partial(self._client.delete, name, chosen, wait=True))

    async def search(self, vectors: Vectors, collections: Group[str], *, limit: int, floor: float) -> list[list[Hit]]:
        """See `core.ports.Catalogue.search`."""
        self._open()
        if not len(vectors):
            return []
        rows = np.round(unit_rows(vectors, self._dim).astype(np.float64), DECIMALS)
        if not collections or limit < 1:
            return [[] for _ in rows]
        asked = query_requests(rows.tolist(), any_of("collection", sorted(collections)), limit, floor)
        chunks = [self._batcher.answer(chunk) for chunk in batched(asked, MOST_ROWS)]
        with translated():
            async with asyncio.timeout(DEADLINE):
                return [hits for answer in await asyncio.gather(*chunks) for hits in answer]

    async def count(self, collections: Group[str] | None = None) -> int:
        """See `core.ports.Catalogue.count`."""
        name = self._open()
        if collections is not None and not collections:
            return 0
        chosen = None if collections is None else any_of("collection", sorted(collections))
        return (await insist(partial(self._client.count, name, chosen, exact=True))).count

    async def references(self) -> AsyncIterator[UUID]:
        """See `core.ports.Catalogue.references`."""
        name, offset = self._open(), None
        while True:
            page, offset = await insist(
                partial(self._client.scroll, name, limit=SCROLL_PAGE, offset=offset, with_payload=["reference"])
            )
            for record in page:
                yield UUID((record.payload or {})["reference"])
            if offset is None:
                return

    async def clear(self) -> None:
        """See `core.ports.Catalogue.clear`."""
        name = self._open()
        await insist(partial(self._client.delete_collection, name))
        await self._create(name, self._dim, self._metric)
        await self._index(name, INDEXES.keys())

    async def ping(self) -> None:
        """See `core.ports.Catalogue.ping`."""
        await insist(self._client.info, retry_for=0.0)

    def _open(self) -> str:
        if not self._name:
            raise EnvironmentTrouble("No space of the vector store is open yet.")
        return self._name

    async def _create(self, name: str, dim: int, metric: Metric) -> None:
        half = models.VectorParams(size=dim, distance=DISTANCES[metric], datatype=models.Datatype.FLOAT16)
        scan = models.HnswConfigDiff(m=0)
        making = partial(self._client.create_collection, name, vectors_config={VECTOR: half}, hnsw_config=scan)
        with contextlib.suppress(Conflict):  # another process, or our own first try, was faster
            await insist(making)

    async def _index(self, name: str, missing: Group[str]) -> None:
        """Make payload indexes before the first point: a server that adds a graph later must know its tenants."""
        for field in sorted(missing):
            kind = models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=INDEXES[field])
            await insist(partial(self._client.create_payload_index, name, field, kind))

    async def _query(self, requests: Sequence[models.QueryRequest]) -> list[list[Hit]]:
        name = self._open()
        batch = models.QueryRequestBatch(searches=list(requests))
        # the client's own method of that name deep-copies every vector, which costs more than all the rest here
        reply = await insist(partial(self._client.http.search_api.query_batch_points, name, query_request_batch=batch))
        answers = reply.result or []
        if len(answers) != len(requests):
            raise StoreDown(DOWN)
        return [[hit(point, self._metric) for point in answer.points] for answer in answers]


def any_of(field: str, values: Sequence[str]) -> models.Filter:
    """Return a filter for points whose field has one of these values."""
    return models.Filter(must=[models.FieldCondition(key=field, match=models.MatchAny(any=list(values)))])


def query_requests(
    rows: Sequence[list[float]], chosen: models.Filter, limit: int, floor: float
) -> list[models.QueryRequest]:
    """Return one exact search request for each row of vectors."""
    return [
        models.QueryRequest(
            query=row,
            using=VECTOR,
            filter=chosen,
            limit=limit,
            score_threshold=floor,
            with_payload=["reference", "part"],
            params=models.SearchParams(exact=True),
        )
        for row in rows
    ]


def struct(point: Point, row: list[float]) -> models.PointStruct:
    """Return a point as Qdrant's client takes it."""
    payload = {"reference": str(point.reference), "part": point.part, "collection": point.collection}
    return models.PointStruct(id=str(point.id), vector={VECTOR: row}, payload=payload)


def hit(point: models.ScoredPoint, metric: Metric) -> Hit:
    """Return a scored point of Qdrant's as a hit; a cosine is at most 1."""
    payload = point.payload or {}
    # stored with half precision, so the score of the very same vector may be a hair above 1
    score = point.score if metric.is_distance else min(point.score, 1.0)
    return Hit(reference=UUID(payload["reference"]), part=payload["part"], score=score)


def layout_of(info: models.CollectionInfo) -> tuple[int, Metric | None]:
    """Return the vectors' dimension and metric; None for a metric that is not ours."""
    vectors = info.config.params.vectors
    named = vectors.get(VECTOR) if isinstance(vectors, dict) else None
    metrics = {distance: metric for metric, distance in DISTANCES.items()}
    return (named.size, metrics.get(named.distance)) if named else (0, None)


async def insist[T](call: Callable[[], Awaitable[T]], *, retry_for: float | None = None) -> T:
    """Call with a deadline, and again for a while where the connection broke: all our calls may be repeated."""
    with translated():
        async with asyncio.timeout(DEADLINE):
            return await patiently(call, RETRY_FOR if retry_for is None else retry_for)


async def patiently[T](call: Callable[[], Awaitable[T]], retry_for: float) -> T:
    """Call, and call again while the store does not answer, for `retry_for` seconds at most."""
    loop, give_up, pauses = asyncio.get_running_loop(), float("inf"), Pauses(STORE)
    while True:
        try:
            return await call()
        except ResponseHandlingException as error:
            give_up = min(give_up, loop.time() + retry_for)
            if not isinstance(error.source, httpx.NetworkError | httpx.RemoteProtocolError) or loop.time() >= give_up:
                raise
        await asyncio.sleep(pauses.after())


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn errors of httpx, qdrant-client and pydantic into ours."""
    try:
        yield
    except UnexpectedResponse as error:
        raise told_by(error) from error
    except (ApiException, ResourceExhaustedResponse, httpx.HTTPError, OSError, ValueError, AssertionError) as error:
        raise StoreDown(DOWN) from error


def told_by(error: UnexpectedResponse) -> ResightError:
    """Return our error for a status of the store."""
    match error.status_code:
        case 400 | 413 | 422:
            return DataError(f"The vector store refused the request: {sentence_in(error)}")
        case 401 | 403:
            return EnvironmentTrouble("The vector store refused the API key; check the settings.")
        case 404:
            return StoreDown("The vector store has lost this space; if that lasts, run `resight doctor --rebuild`.")
        case 409:
            return Conflict(f"The vector store has it already: {sentence_in(error)}")
        case 501:
            return EnvironmentTrouble(f"This vector store can't do what Resight needs: {sentence_in(error)}")
        case 507:
            return EnvironmentTrouble(f"The disk is nearly full, so nothing was stored: {sentence_in(error)}.")
    return StoreDown(DOWN)


def sentence_in(error: UnexpectedResponse) -> str:
    """Return the store's own sentence about an error, else its status."""
    try:
        return str(orjson.loads(error.content)["status"]["error"])
    except (ValueError, TypeError, KeyError):
        return f"status {error.status_code}"
