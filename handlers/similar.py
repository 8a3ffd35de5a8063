"""Similar images and search by words, over the semantic vector of each reference; see `core.semantic`.

similar, by_words     a question's answer: the nearest references of each collection, under its own metric
catch_up              embeds what has no vector yet; safe to repeat, and to be cut off at any point
mend                  fills the shelves again from SQL, where a crash or another metric left them wrong
"""

import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Group
from typing import Any, Protocol
from uuid import UUID

from core.errors import DamagedStore, DataError
from core.matches import Hit
from core.metrics import Metric
from core.semantic import Progress, SemanticVectors, Similar
from core.types import Collection, Point, Vectors
from handlers.bell import tirelessly
from handlers.needs import HasReferences, HasSemantics
from handlers.semantics import IndexedModel, Semantics

BATCH = 32
"""References embedded between two commits, so a crash loses no more."""

ANY = {Metric.MANHATTAN: 1e9, Metric.EUCLIDEAN: 1e9}
"""Floors that every score meets; -1 for the other metrics."""

type Step = Callable[[int], None]


class SimilarNeeds(HasReferences, HasSemantics, Protocol):
    """What finds similar images."""


def as_json(similar_reference: Similar) -> Mapping[str, Any]:
    """Return a similar reference as plain values, in the shape in which command line and API answer."""
    reference = similar_reference.reference
    words = {name: getattr(reference, name) for name in ("key", "collection", "title", "source_url", "owner", "rights")}
    return {**words, "score": round(similar_reference.score, 4), "metric": similar_reference.metric.value}


def enabled(services: HasSemantics) -> Semantics:
    """Return what similar images need; raises DataError, with the way there, where no model is set."""
    if services.semantics is None:
        raise DataError("Similar images need a second model: set RESIGHT_SEMANTIC_MODEL.")
    return services.semantics


def knows_words(services: HasSemantics) -> bool:
    """Return whether images can be searched for by words."""
    serving = services.semantics.serving if services.semantics else None
    return serving is not None and serving.model.knows_words


async def similar(services: SimilarNeeds, data: bytes, collections: Group[str] | None, limit: int) -> list[Similar]:
    """Return references that look like the picture, closest first; raises Unscannable, StoreDown or RetryLater."""
    semantics = enabled(services)
    indexed = semantics.answering()
    vectors = await indexed.model.look(data)
    return await _nearest(services, indexed, vectors, collections, limit, semantics.similar_at)


async def by_words(services: SimilarNeeds, text: str, collections: Group[str] | None, limit: int) -> list[Similar]:
    """Return references that show what the words say, closest first.

    Raises DataError where the model knows no words or there are none.
    """
    semantics = enabled(services)
    indexed, words = semantics.answering(), text.strip()
    if not words:
        raise DataError("Say what to look for, such as: a red sneaker.")
    vectors = await indexed.model.read([words])
    return await _nearest(services, indexed, vectors, collections, limit, semantics.words_at, is_words=True)


async def _nearest(
    services: HasReferences,
    indexed: IndexedModel,
    vectors: Vectors,
    names: Group[str] | None,
    limit: int,
    at: float,
    *,
    is_words: bool = False,
) -> list[Similar]:
    by_name = {collection.name: collection for collection in await services.references.collections()}
    for name in set(names or ()) - by_name.keys():
        await services.references.collection(name)
    nearest: list[Similar] = []
    for metric, some in _by_metric([by_name[name] for name in (by_name if names is None else names)]).items():
        nearest += await _in_index(services, indexed, metric, vectors, some, limit, at, is_words=is_words)
    return sorted(nearest, key=_closeness)[:limit]


def _by_metric(collections: Sequence[Collection]) -> Mapping[Metric, Sequence[Collection]]:
    return {
        metric: same_metric
        for metric in Metric
        if (same_metric := [collection for collection in collections if collection.metric is metric])
    }


async def _in_index(
    services: HasReferences,
    indexed: IndexedModel,
    metric: Metric,
    vectors: Vectors,
    collections: Sequence[Collection],
    limit: int,
    at: float,
    *,
    is_words: bool,
) -> list[Similar]:
    """Return the nearest references of the collections with this metric, each above its collection's threshold."""
    names = [collection.name for collection in collections]
    index = await indexed.index(metric)
    answers = await index.search(vectors, names, limit=2 * limit, floor=ANY.get(metric, -1.0))
    best = _best_a_reference([hit for hits in answers for hit in hits], metric)
    whose = await services.references.get(list(best))
    limits = {collection.name: threshold(collection, at, is_words=is_words) for collection in collections}
    return [
        Similar(reference=whose[reference], score=hit.score, metric=metric, frame=hit.part)
        for reference, hit in best.items()
        if reference in whose and metric.meets(hit.score, limits[whose[reference].collection])
    ]


def _best_a_reference(hits: Sequence[Hit], metric: Metric) -> dict[UUID, Hit]:
    best: dict[UUID, Hit] = {}
    for hit in sorted(hits, key=lambda hit: metric.rank(hit.score)):
        best.setdefault(hit.reference, hit)
    return best


def threshold(collection: Collection, at: float, *, is_words: bool) -> float:
    """Return the score from which a collection's references count as similar, in the units of its metric.

    A collection's own threshold is for pictures; words are further from pictures than pictures are from each other. The
    cosine of the settings is converted to a euclidean distance; for manhattan there is no such rule, so all references
    are shown, nearest first.
    """
    if collection.similar_at is not None and not is_words:
        return collection.similar_at
    if collection.metric is Metric.EUCLIDEAN:
        return math.sqrt(2 - 2 * at)
    return ANY.get(collection.metric, at)


def _closeness(result: Similar) -> tuple[float, str]:
    """Return a sort key over several metrics: as cosines where there is a rule, a manhattan distance as it is."""
    if result.metric is Metric.EUCLIDEAN:
        return result.score**2 / 2, result.reference.key
    return result.score if result.metric.is_distance else 1 - result.score, result.reference.key


async def catch_up(services: SimilarNeeds, step: Step = lambda _: None) -> Progress | None:
    """Embed every reference without a vector of the coming model, else of the serving one; switch to a complete one.

    `step` is told how many were done. None where no model is set.
    """
    semantics = services.semantics
    if semantics is None:
        return None
    async with semantics.working:
        for indexed in reversed(semantics.sides):
            while some := await semantics.vectors.lacking(indexed.space, BATCH):
                await _embed(services, semantics, indexed, some)
                step(len(some))
        await _take_over(semantics)
        indexed = semantics.answering()
        return await semantics.vectors.progress(indexed.space)


async def catch_up_forever(services: SimilarNeeds) -> None:
    """Embed references that were added, and all for a new model, for ever; a store that is down is tried again."""
    semantics = enabled(services)

    async def once() -> int:
        before = await _missing(semantics)
        await catch_up(services)
        return before

    await tirelessly(once, semantics.bell)


async def _missing(semantics: Semantics) -> int:
    states = [await semantics.vectors.progress(indexed.space) for indexed in semantics.sides]
    return sum(progress.total - progress.done for progress in states)


async def _embed(
    services: HasReferences, semantics: Semantics, indexed: IndexedModel, references: Sequence[UUID]
) -> None:
    """Embed the references into SQL, then into the vector stores; the next start repairs a crash in between."""
    vectors = {reference: await _vectors(services, indexed, reference) for reference in references}
    await semantics.vectors.put(indexed.space, vectors)
    for index in indexed.open_indexes:
        await index.delete(references)  # one that was replaced may have had more frames before
    async for points in semantics.vectors.points(indexed.space, references):
        await _put_into_indexes(services, indexed, points)


async def _vectors(services: HasReferences, indexed: IndexedModel, reference: UUID) -> Vectors:
    """Return one row for each stored frame; none for a damaged picture."""
    pictures: list[bytes] = []
    while materials := await services.references.materials([(reference, len(pictures))]):
        pictures.append(materials[reference, len(pictures)].picture)
    try:
        return await indexed.model.embed(pictures)
    except DamagedStore:
        return await indexed.model.embed([])


async def _put_into_indexes(services: HasReferences, indexed: IndexedModel, points: Sequence[Point]) -> None:
    for metric, some in _by_metric(await services.references.collections()).items():
        names = {collection.name for collection in some}
        if own_points := [point for point in points if point.collection in names]:
            await (await indexed.index(metric)).upsert(own_points)


async def _take_over(semantics: Semantics) -> None:
    """Let the coming model serve if it is complete, and delete the vectors of the one before."""
    coming = semantics.coming
    if coming is None or not (await semantics.vectors.progress(coming.space)).is_complete:
        return
    before = semantics.serving
    await semantics.vectors.serve(coming.space, coming.model.name)
    semantics.serving, semantics.coming = coming, None
    if before:
        for index in before.open_indexes:
            await index.clear()


async def forget(services: HasSemantics, references: Sequence[UUID]) -> None:
    """Delete removed references from every vector store."""
    if services.semantics is None:
        return
    for indexed in services.semantics.sides:
        for index in indexed.open_indexes:
            await index.delete(references)


async def mend(services: SimilarNeeds) -> None:
    """Fill each vector store again that differs from SQL: after a crash, or once a collection's metric changed."""
    if services.semantics is None:
        return
    collections = await services.references.collections()
    for indexed in services.semantics.sides:
        for metric in Metric:
            names = [collection.name for collection in collections if collection.metric is metric]
            if names or indexed.is_open(metric):
                await _mend_index(services.semantics.vectors, indexed, metric, names)


async def _mend_index(vectors: SemanticVectors, indexed: IndexedModel, metric: Metric, names: Sequence[str]) -> None:
    index, wanted = await indexed.index(metric), await vectors.count(indexed.space, names)
    if await index.count() == wanted == await index.count(names):
        return
    await index.clear()
    async for points in vectors.points(indexed.space):
        await index.upsert([point for point in points if point.collection in names])


async def compare_by(services: SimilarNeeds, name: str, metric: Metric, similar_at: float | None) -> None:
    """Compare a collection's semantic vectors by another metric; raises NotFound, or DataError for the metric."""
    for indexed in services.semantics.sides if services.semantics else ():
        await indexed.index(metric)  # a store that has no such metric says so before anything is changed
    await services.references.set_comparison(name, metric, similar_at)
    await mend(services)
