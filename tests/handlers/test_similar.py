"""Similar images and words: the nearest by the second vector, and what happens while its model is exchanged."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from bot.services import Services
from core.errors import DataError, NotFound, RetryLater, Unscannable
from core.looks import EmbedderSpec
from core.metrics import Metric
from core.ports import Catalogue
from core.types import Collection, Pixels, Point, Vectors, reference_id
from embed.models.semantic import SemanticRunner
from handlers import references, similar
from handlers.references import Entry
from handlers.semantics import IndexedModel, Semantics
from store.sql.db import Database
from store.sql.semantic import SqlSemantic
from store.vectors.exact import ExactCatalogue
from tests.small import saved, scribble

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (40, 40, 220), "orange": (230, 130, 30)}


class ByColour:
    """`core.model_ports.Embedder` and `TextEmbedder`: the mean colour, or that of a colour's name."""

    def __init__(self, version: str = "1") -> None:
        self.spec = EmbedderSpec(
            name="colour",
            model_sha256=version,
            dim=3,
            input_size=8,
            resize="none",
            runtime="numpy",
            precision="fp32",
            floor=0.0,
        )

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        return unit([image.reshape(-1, 3).mean(axis=0) for image in images])

    def embed_text(self, texts: Sequence[str]) -> Vectors:
        return unit([COLOURS[text.split()[-1]] for text in texts])


class Wordless(ByColour):
    """The same without words."""

    embed_text = None  # type: ignore[assignment]


def unit(rows: Sequence[object]) -> Vectors:
    values = np.asarray(rows, np.float32)
    found: Vectors = values / np.linalg.norm(values, axis=1, keepdims=True)
    return found


def painted(name: str, seed: int = 1) -> bytes:
    """A scribble in shades of one colour."""
    gray = np.asarray(scribble(seed).convert("L"), np.float32)[..., None] / 255
    return saved(Image.fromarray((np.array(COLOURS[name]) * (0.5 + 0.5 * gray)).astype(np.uint8)))


@dataclass
class Shelves:
    """Catalogues in memory that outlive the side that opened them, as a vector store does."""

    made: dict[str, ExactCatalogue]

    async def __call__(self, space: str, dim: int, metric: Metric) -> Catalogue:
        index = self.made.setdefault(space, ExactCatalogue())
        await index.open_space(space, dim, metric)
        return index


@dataclass
class Rig:
    """Services with similar images, and what is behind them."""

    services: Services
    shelves: Shelves
    stack: AsyncExitStack
    db: Database

    async def side(self, embedder: ByColour, name: str = "by-colour") -> IndexedModel:
        return IndexedModel(await self.stack.enter_async_context(SemanticRunner(name, embedder)), self.shelves)

    async def add(self, key: str, data: bytes, collection: str = "library") -> None:
        await references.add(self.services, Entry(key=key, collection=collection), data, replacing=True)

    async def found(self, name: str, collections: Sequence[str] | None = None, limit: int = 9) -> list[str]:
        hits = await similar.similar(self.services, painted(name, 7), collections, limit)
        return [one.reference.key for one in hits]

    @property
    def semantics(self) -> Semantics:
        return similar.enabled(self.services)


@pytest.fixture
async def rig(services: Services, db: Database) -> AsyncIterator[Rig]:
    async with AsyncExitStack() as stack:
        semantics = Semantics(vectors=SqlSemantic(db), similar_at=0.9, words_at=0.9)
        made = Rig(replace(services, semantics=semantics), Shelves({}), stack, db)
        semantics.coming = await made.side(ByColour())
        for name in ("library", "other"):
            await services.references.create_collection(Collection(name=name))
        for name in COLOURS:
            await made.add(name, painted(name))
        yield made


@pytest.fixture
async def ready(rig: Rig) -> Rig:
    await similar.catch_up(rig.services)
    return rig


async def test_what_looks_alike_is_found(ready: Rig) -> None:
    """The closest come first, and what is below the threshold is left out."""
    assert await ready.found("red") == ["red", "orange"]
    assert await ready.found("blue") == ["blue"]
    assert await ready.found("red", limit=1) == ["red"]


async def test_words_find_pictures(ready: Rig) -> None:
    """Words lie in the same space as pictures."""
    found = await similar.by_words(ready.services, "  something green ", None, 5)

    assert [one.reference.key for one in found] == ["green"]
    assert found[0].metric is Metric.COSINE
    assert found[0].score > 0.99


async def test_no_words_are_told(ready: Rig) -> None:
    """Nothing said, or a model that knows no words: one sentence with the way out."""
    with pytest.raises(DataError, match="what to look for"):
        await similar.by_words(ready.services, "  ", None, 5)

    ready.semantics.serving = await ready.side(Wordless())
    with pytest.raises(DataError, match="knows no words"):
        await similar.by_words(ready.services, "red", None, 5)


async def test_without_a_model_the_setting_is_named(services: Services) -> None:
    """Nobody is left to guess which setting it takes."""
    with pytest.raises(DataError, match="RESIGHT_SEMANTIC_MODEL"):
        await similar.similar(services, painted("red"), None, 5)

    assert await similar.catch_up(services) is None


async def test_bad_questions_are_told(ready: Rig) -> None:
    """No picture and no such collection are errors, never an empty answer."""
    with pytest.raises(Unscannable):
        await similar.similar(ready.services, b"no picture", None, 5)
    with pytest.raises(NotFound):
        await ready.found("red", ["nowhere"])


async def test_a_blank_picture_is_like_nothing(ready: Rig) -> None:
    """One colour has no vector, so nothing is similar to it."""
    assert await similar.similar(ready.services, saved(Image.new("RGB", (90, 90), "red")), None, 5) == []


async def test_nothing_is_answered_before_all_is_embedded(rig: Rig) -> None:
    """A half-embedded catalogue would leave references out: come again later."""
    with pytest.raises(RetryLater):
        await rig.found("red")


async def test_the_old_model_serves_until_the_new_one_is_complete(ready: Rig) -> None:
    """While another model embeds, answers stay as they were; then it takes over, and the old vectors are gone."""
    old, steps = ready.semantics.serving, list[int]()
    assert old
    coming = ready.semantics.coming = await ready.side(ByColour("2"), "second")
    before = await ready.found("red")
    progress = await similar.catch_up(ready.services, steps.append)

    assert before == await ready.found("red") == ["red", "orange"]
    assert ready.semantics.sides == [coming]
    assert (sum(steps), progress and progress.is_complete) == (4, True)
    assert await ready.semantics.vectors.serving() == (ByColour("2").spec.space_id, "second")
    assert await ready.semantics.vectors.count(old.space, ["library"]) == 0
    assert await (await old.index(Metric.COSINE)).count() == 0


async def test_what_is_added_meanwhile_is_in_both(ready: Rig) -> None:
    """A reference added during the change is found by the old model, and the new one is not complete without it."""
    ready.semantics.coming = await ready.side(ByColour("2"), "second")
    await ready.add("late", painted("blue", 3))
    assert not (await ready.semantics.vectors.progress(ready.semantics.coming.space)).is_complete
    await similar.catch_up(ready.services)

    assert sorted(await ready.found("blue")) == ["blue", "late"]


async def test_removed_references_are_off_the_shelf(ready: Rig) -> None:
    """A removed reference is neither found nor kept."""
    await references.remove(ready.services, "library", ["red"])
    side = ready.semantics.answering()

    assert await ready.found("red") == ["orange"]
    assert await (await side.index(Metric.COSINE)).count() == 3


async def test_a_replaced_picture_is_embedded_again(ready: Rig) -> None:
    """The same key with another picture looks like the new one."""
    await ready.add("red", painted("blue", 4))
    await similar.catch_up(ready.services)

    assert await ready.found("red") == ["orange"]
    assert sorted(await ready.found("blue")) == ["blue", "red"]


async def test_frames_that_a_new_picture_lacks_are_found_no_more(ready: Rig) -> None:
    """An animation is found by each of its frames; the still that takes its place by what it shows itself."""
    frames = [Image.open(BytesIO(painted(name, 4))) for name in ("red", "blue")]
    await ready.add("moving", saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=900))
    await similar.catch_up(ready.services)
    before = sorted(await ready.found("blue"))
    await ready.add("moving", painted("red", 4))
    await similar.catch_up(ready.services)

    assert before == ["blue", "moving"]
    assert await ready.found("blue") == ["blue"]
    assert "moving" in await ready.found("red")


async def test_what_comes_too_late_of_the_former_picture_goes(ready: Rig) -> None:
    """A reference is replaced while its old frames are on their way to the shelf: the new one takes their place."""
    index = await ready.semantics.answering().index(Metric.COSINE)
    await ready.add("red", painted("blue", 4))
    late = Point(
        reference=reference_id("library", "red"), collection="library", part=1, vector=unit([COLOURS["red"]])[0]
    )
    await index.upsert([late])
    await similar.catch_up(ready.services)

    assert await ready.found("red") == ["orange"]


@pytest.mark.parametrize("metric", Metric)
async def test_each_collection_has_its_metric(ready: Rig, metric: Metric) -> None:
    """Scores are in the metric's own units, and collections compared in other ways are not mixed up with it."""
    await ready.add("sky", painted("blue", 3), "other")
    await similar.catch_up(ready.services)
    await similar.compare_by(ready.services, "other", metric, None)
    (first, *_) = await similar.similar(ready.services, painted("blue", 7), ["other"], 5)

    assert (first.reference.key, first.metric) == ("sky", metric)
    assert first.score == pytest.approx(0.0 if metric.is_distance else 1.0, abs=0.05)
    assert await ready.found("green", ["library"]) == ["green"]
    assert sorted(await ready.found("blue"))[:2] == ["blue", "sky"]


@pytest.mark.parametrize(("metric", "strict", "loose"), [(Metric.MANHATTAN, 0.01, 3.0), (Metric.COSINE, 0.9999, 0.1)])
async def test_a_collections_own_threshold_counts(ready: Rig, metric: Metric, strict: float, loose: float) -> None:
    """It is right in both directions: a small distance is strict, a small cosine is not."""
    await similar.compare_by(ready.services, "library", metric, strict)
    few = await ready.found("orange")
    await similar.compare_by(ready.services, "library", metric, loose)

    assert len(few) <= 1
    assert len(await ready.found("orange")) == 4


async def test_a_shelf_that_lost_its_vectors_is_filled_again(ready: Rig) -> None:
    """After a crash between the two stores the shelf is what SQL says."""
    index = await ready.semantics.answering().index(Metric.COSINE)
    await index.clear()
    assert await ready.found("red") == []
    await similar.mend(ready.services)

    assert await ready.found("red") == ["red", "orange"]


async def test_what_can_not_be_embedded_is_tried_once(rig: Rig) -> None:
    """A reference whose picture is damaged keeps nobody from being complete."""
    async with rig.db.write() as connection:
        await connection.exec_driver_sql(
            "UPDATE pictures SET data = x'00' WHERE rowid IN (SELECT min(rowid) FROM pictures)"
        )
    progress = await similar.catch_up(rig.services)

    assert progress
    assert (progress.done, progress.total) == (4, 4)
    assert len(await rig.found("red") + await rig.found("green") + await rig.found("blue")) in (3, 4)


async def test_what_is_added_is_embedded_by_itself(rig: Rig) -> None:
    """The loop embeds what is there, sleeps, and is woken by the next reference; a store that is down ends nothing."""
    loop = asyncio.create_task(similar.catch_up_forever(rig.services))
    try:
        await _embedded(rig, len(COLOURS))
        await rig.add("more red", painted("red", 3))
        await _embedded(rig, len(COLOURS) + 1)
        await _found(rig, {"red", "more red", "orange"})
    finally:
        loop.cancel()
        await asyncio.gather(loop, return_exceptions=True)


async def _found(rig: Rig, names: set[str]) -> None:
    """Wait until "red" finds these: vectors are in SQL a moment before they are in the index."""
    async with asyncio.timeout(20):
        while True:
            if set(await rig.found("red")) == names:
                return
            await asyncio.sleep(0.02)


async def _embedded(rig: Rig, count: int) -> None:
    """Wait until so many references have their vector."""
    async with asyncio.timeout(20):
        while True:
            states = [await rig.semantics.vectors.progress(side.space) for side in rig.semantics.sides]
            if [(one.done, one.total) for one in states] == [(count, count)]:
                return
            await asyncio.sleep(0.02)
