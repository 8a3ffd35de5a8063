"""MilvusCatalogue: the vector store on Milvus, a second implementation of the port beside `store.vectors.catalogue`.

    async with MilvusCatalogue(url, token=..., index="FLAT") as catalogue

One Milvus collection a space (`references_SPACE`), a row a vector: id = `Point.id`, reference, part, collection, copy.
The index kind is the operator's: FLAT is exact; the others may lose the copy itself, which `resight doctor` would see.
Kinds that a small Milvus only pretends to have (it takes the name and scans) are refused when the settings are read.
Every exception of pymilvus and grpc becomes one of ours here; no answer is never an empty answer.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from collections.abc import Collection as Group
from contextlib import asynccontextmanager
from functools import partial
from itertools import batched
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from core.backoff import STORE, Pauses
from core.errors import DataError, EnvironmentTrouble, ResightError, StoreDown, UsageError, WrongSpace
from core.extras import pip_install
from core.matches import Hit
from core.metrics import Metric
from core.types import Point, Vectors
from store.vectors.catalogue import DEADLINE, DOWN
from store.vectors.exact import WRONG, rows_of, unit_rows

VECTOR = "copy"
METRICS = {Metric.COSINE: "COSINE", Metric.DOT: "IP", Metric.EUCLIDEAN: "L2"}
INDEXES: Mapping[str, Mapping[str, int]] = {
    "FLAT": {},
    "IVF_FLAT": {"nlist": 128},
    "IVF_SQ8": {"nlist": 128},
    "HNSW": {"M": 16, "efConstruction": 200},
}
"""Index kinds with their parameters; names and defaults as in Milvus' own documentation."""

LOOKED_AT = {"nprobe": 16, "ef": 256}
PRETENDED = ("IVF_PQ", "SCANN", "DISKANN", "BIN_FLAT", "BIN_IVF_FLAT", "GPU_CAGRA", "AUTOINDEX")
UPSERT_CHUNK, DELETE_CHUNK, PAGE, MOST_HITS = 256, 500, 1000, 16_384
LONGEST_NAME = 512
RETRY_FOR = 5.0
RECONNECT = {"grpc.use_local_subchannel_pool": 1, "grpc.max_reconnect_backoff_ms": 1000}
"""How often a lost server is tried: every second; gRPC would wait up to two minutes, for the whole process."""

NO_CONNECTION, NO_COLLECTION, ILLEGAL = 2, 100, (6, 1100, 1101)


def index_kind(name: str) -> str:
    """Return the index kind as Milvus spells it; raises UsageError for one that is not offered."""
    kind = name.strip().upper()
    if kind in INDEXES:
        return kind
    why = "some Milvus servers only pretend to have it" if kind in PRETENDED else "it is none that Resight knows"
    raise UsageError(f"The Milvus index '{name}' is not offered, because {why}: use {', '.join(INDEXES)}.")


class MilvusCatalogue:
    """See the module; open it with `async with`, then call `open_space` before anything else."""

    def __init__(self, url: str, *, token: str = "", index: str = "FLAT") -> None:
        self._url, self._token, self._index = url, token, index_kind(index)
        self._name, self._dim, self._metric = "", 0, Metric.COSINE

    async def __aenter__(self) -> Self:
        try:
            from pymilvus import AsyncMilvusClient
        except ImportError:
            raise EnvironmentTrouble(f"Milvus needs its client: run `{pip_install('milvus')}`.") from None
        with translated():
            self._client = AsyncMilvusClient(self._url, token=self._token, timeout=DEADLINE, grpc_options=RECONNECT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(StoreDown), translated():
            await self._client.close()

    @property
    def is_up(self) -> bool:
        """See `core.ports.Catalogue.is_up`."""
        return True

    async def open_space(self, space_id: str, dim: int, metric: Metric = Metric.COSINE) -> None:
        """See `core.ports.Catalogue.open_space`."""
        if metric not in METRICS:
            raise DataError(f"Milvus has no {metric} distance: use {', '.join(METRICS)}.")
        name = "references_" + re.sub(r"[^A-Za-z0-9_]", "_", space_id)
        if not await self._ask(partial(self._client.has_collection, name)):
            await self._create(name, dim, metric)
        dimension, compared = await self._layout(name)
        if (dimension, compared) != (dim, metric):
            raise WrongSpace(WRONG.format(space=space_id, known=dimension, compared=compared, dim=dim, metric=metric))
        await self._ask(partial(self._client.load_collection, name))
        self._name, self._dim, self._metric = name, dim, metric

    async def upsert(self, points: Sequence[Point]) -> None:
        """See `core.ports.Catalogue.upsert`."""
        name = self._open()
        if not points:
            return
        rows = rows_of(points, self._dim)
        for chunk in batched(zip(points, rows, strict=True), UPSERT_CHUNK):
            await self._ask(partial(self._client.upsert, name, [entity(point, row) for point, row in chunk]))

    async def delete(self, references: Sequence[UUID]) -> None:
        """See `core.ports.Catalogue.delete`."""
        name = self._open()
        for chunk in batched(references, DELETE_CHUNK):
            chosen = any_of("reference", [str(reference) for reference in chunk])
            await self._ask(partial(self._client.delete, name, filter=chosen))

    async def search(self, vectors: Vectors, collections: Group[str], *, limit: int, floor: float) -> list[list[Hit]]:
        """See `core.ports.Catalogue.search`."""
        name = self._open()
        if not len(vectors):
            return []
        rows = unit_rows(vectors, self._dim)
        if not collections or limit < 1:
            return [[] for _ in rows]
        answers = await self._ask(
            partial(
                self._client.search,
                name,
                data=list(rows),
                anns_field=VECTOR,
                limit=min(limit, MOST_HITS),
                filter=any_of("collection", sorted(collections)),
                output_fields=["reference", "part"],
                search_params={"metric_type": METRICS[self._metric], "params": LOOKED_AT},
                consistency_level="Strong",
            )
        )
        if len(answers) != len(rows):
            raise StoreDown(DOWN)
        return [self._hits(answer, floor) for answer in answers]

    async def count(self, collections: Group[str] | None = None) -> int:
        """See `core.ports.Catalogue.count`."""
        name = self._open()
        if collections is not None and not collections:
            return 0
        chosen = "" if collections is None else any_of("collection", sorted(collections))
        counting = partial(
            self._client.query, name, filter=chosen, output_fields=["count(*)"], consistency_level="Strong"
        )
        return int((await self._ask(counting))[0]["count(*)"])

    async def references(self) -> AsyncIterator[UUID]:
        """Yield the reference of each point, page by page; only Milvus' synchronous client can continue a page."""
        name = self._open()
        async with self._plain() as plain:
            pages = await self._in_thread(plain.query_iterator, name, batch_size=PAGE, output_fields=["reference"])
            while page := await self._in_thread(pages.next):
                for row in page:
                    yield UUID(row["reference"])

    async def clear(self) -> None:
        """See `core.ports.Catalogue.clear`."""
        name = self._open()
        await self._ask(partial(self._client.drop_collection, name))
        await self._create(name, self._dim, self._metric)
        await self._ask(partial(self._client.load_collection, name))

    async def ping(self) -> None:
        """See `core.ports.Catalogue.ping`."""
        with translated():
            async with asyncio.timeout(DEADLINE):
                await self._client.get_server_version()

    def _open(self) -> str:
        if not self._name:
            raise EnvironmentTrouble("No space of the vector store is open yet.")
        return self._name

    async def _create(self, name: str, dim: int, metric: Metric) -> None:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=36)
        schema.add_field("reference", DataType.VARCHAR, max_length=36)
        schema.add_field("part", DataType.INT64)
        schema.add_field("collection", DataType.VARCHAR, max_length=LONGEST_NAME)
        schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dim)
        index = self._client.prepare_index_params()
        built = dict(INDEXES[self._index])
        index.add_index(VECTOR, index_type=self._index, metric_type=METRICS[metric], params=built)
        options = {"schema": schema, "index_params": index, "consistency_level": "Strong"}
        async with self._plain() as plain:  # the async client waits for the index by a call that small servers lack
            await self._in_thread(plain.create_collection, name, **options)

    async def _layout(self, name: str) -> tuple[int, Metric | None]:
        """Return the vectors' dimension and metric; None for a metric that is not ours."""
        description = await self._ask(partial(self._client.describe_collection, name))
        index = await self._ask(partial(self._client.describe_index, name, VECTOR))
        sizes = [field["params"]["dim"] for field in description["fields"] if field["name"] == VECTOR]
        metrics = {milvus: metric for metric, milvus in METRICS.items()}
        return int(sizes[0]) if sizes else 0, metrics.get((index or {}).get("metric_type", ""))

    def _hits(self, answer: Sequence[Mapping[str, Any]], floor: float) -> list[Hit]:
        hits = [hit(answered, self._metric) for answered in answer]
        return [one for one in hits if self._metric.meets(one.score, floor)]

    @asynccontextmanager
    async def _plain(self) -> AsyncIterator[Any]:
        """Open the synchronous client, for what the other one can't do."""
        from pymilvus import MilvusClient

        plain = await self._in_thread(MilvusClient, self._url, token=self._token, timeout=DEADLINE)
        try:
            yield plain
        finally:
            await asyncio.to_thread(plain.close)

    async def _in_thread(self, call: Callable[..., Any], *given: Any, **options: Any) -> Any:
        return await self._ask(partial(asyncio.to_thread, call, *given, **options))

    async def _ask[T](self, call: Callable[[], Awaitable[T]]) -> T:
        with translated():
            async with asyncio.timeout(DEADLINE):
                return await patiently(call, RETRY_FOR)


async def patiently[T](call: Callable[[], Awaitable[T]], retry_for: float) -> T:
    """Call, and again for a while where there is no connection: a restarted server is soon back."""
    from pymilvus.exceptions import MilvusException

    loop = asyncio.get_running_loop()
    give_up, pauses = loop.time() + retry_for, Pauses(STORE)
    while True:
        try:
            return await call()
        except MilvusException as error:
            if error.code != NO_CONNECTION or loop.time() >= give_up:
                raise
        await asyncio.sleep(pauses.after())


def any_of(field: str, values: Sequence[str]) -> str:
    """Return a filter in Milvus' language, whose strings are those of JSON."""
    return f"{field} in {json.dumps(list(values), ensure_ascii=False)}"


def entity(point: Point, row: Any) -> dict[str, Any]:
    """Return a point as Milvus' client takes it."""
    values = {"id": str(point.id), "reference": str(point.reference), "part": point.part}
    return {**values, "collection": point.collection, VECTOR: row}


def hit(answer: Mapping[str, Any], metric: Metric) -> Hit:
    """Return a hit; Milvus answers squared distances, and cosines that may be a hair above 1."""
    entity, value = answer["entity"], float(answer["distance"])
    score = max(value, 0.0) ** 0.5 if metric is Metric.EUCLIDEAN else min(value, 1.0)
    return Hit(reference=UUID(entity["reference"]), part=int(entity["part"]), score=float(score))


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Turn errors of pymilvus and grpc into ours."""
    from grpc import RpcError
    from pymilvus.exceptions import MilvusException

    try:
        yield
    except MilvusException as error:
        raise told_by(error) from error
    except (RpcError, OSError, ValueError, KeyError, IndexError) as error:
        raise StoreDown(DOWN) from error


def told_by(error: Any) -> ResightError:
    """Return our error for an error of Milvus'."""
    message = str(error.message).strip()
    if "auth" in message.lower() or "permission" in message.lower():
        return EnvironmentTrouble("Milvus refused the token; check RESIGHT_MILVUS_TOKEN.")
    if error.code in ILLEGAL:
        return DataError(f"Milvus refused the request: {message}.")
    if error.code == NO_COLLECTION:
        return StoreDown("Milvus has lost this space; if that lasts, run `resight doctor --rebuild`.")
    return StoreDown(DOWN)
