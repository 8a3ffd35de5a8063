"""References in SQL: the truth, and the protocol that brings the vector store up to it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from core.errors import Conflict, NotFound, Overtaken, WrongSpace
from core.looks import Material
from core.types import Backlog, Collection, Point, Purpose, Vectors, reference_id
from store.sql.db import Database
from store.sql.references import SqlReferences
from store.sql.tables.catalogue import collections
from tests.clock import Clock
from tests.small import Toy, entry

FIXTURES_STAY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
KEYS = st.sampled_from("abc")
STEPS: st.SearchStrategy[tuple[str, str, list[int]]] = st.one_of(
    st.tuples(st.just("put"), KEYS, st.lists(st.integers(0, 7), min_size=1, max_size=3)),
    st.tuples(st.just("remove"), KEYS, st.just([])),
    st.tuples(st.sampled_from(["look", "push"]), st.just(""), st.just([])),
)


class Shelf:
    """A vector store in a dict, driven by backlogs as `handlers.references.sync` does."""

    def __init__(self) -> None:
        self.held: dict[tuple[UUID, int], list[float]] = {}

    def push(self, backlog: Backlog) -> None:
        self.held = {place: row for place, row in self.held.items() if place[0] not in backlog.gone}
        self.held |= placed(backlog.points)


def placed(points: Sequence[Point]) -> dict[tuple[UUID, int], list[float]]:
    return {(point.reference, point.part): point.vector.tolist() for point in points}


async def everything(references: SqlReferences) -> dict[tuple[UUID, int], list[float]]:
    found: dict[tuple[UUID, int], list[float]] = {}
    async for page in references.points():
        assert not found.keys() & placed(page).keys()
        found |= placed(page)
    return found


async def catch_up(references: SqlReferences, shelf: Shelf) -> None:
    while backlog := await references.backlog(100):
        shelf.push(backlog)
        await references.confirm(backlog)


@pytest.fixture
async def references(db: Database, clock: Clock) -> SqlReferences:
    made = SqlReferences(db, clock)
    await made.create_collection(Collection(name="library"))
    await made.create_collection(Collection(name="brands", purpose=Purpose.BRAND, owner="discord:guild"))
    return made


async def test_a_reference_comes_back_as_it_went_in(references: SqlReferences) -> None:
    """Every field, the vectors and the pictures are kept."""
    put = entry(
        "logo", 0, 1, collection="brands", title="Logo", owner="Mira", rights="CC", note="n", source_url="https://x.org"
    )
    first, second = put.materials
    await references.put([replace(put, materials=(replace(first, logo=b"l", words=b"w"), second))])
    back = await references.find("brands", "logo")

    assert back == replace(put.reference, purpose=Purpose.BRAND)
    assert await references.get([back.id, UUID(int=1)]) == {back.id: back}
    assert await references.totals() == (1, 2)
    assert await references.materials([(back.id, 0), (back.id, 1), (back.id, 2)]) == {
        (back.id, 0): Material(picture=b"logo-0", features=b"f", logo=b"l", words=b"w"),
        (back.id, 1): Material(picture=b"logo-1", features=b"f"),
    }


async def test_the_first_frame_is_the_picture(references: SqlReferences) -> None:
    """A page shows the first frame; what does not exist has no picture."""
    await references.put([entry("logo", 3, 4)])
    shown = await references.picture(reference_id("library", "logo"))

    assert shown
    assert (shown.data, shown.mime) == (b"logo-3", "image/jpeg")
    assert await references.picture(UUID(int=1)) is None


async def test_the_same_key_again_replaces(references: SqlReferences) -> None:
    """A key has one reference: words, vectors and pictures are those of the last time."""
    await references.put([entry("logo", 0, 1, 2, title="old")])
    await references.put([entry("logo", 5, title="new")])

    assert (await references.find("library", "logo")).title == "new"
    assert await references.totals() == (1, 1)
    assert list(await everything(references)) == [(reference_id("library", "logo"), 0)]


async def test_of_one_key_twice_in_a_batch_the_later_counts(references: SqlReferences) -> None:
    """A batch with the same key twice is as good as two batches."""
    await references.put([entry("logo", 0, 1, title="old"), entry("other", 2), entry("logo", 5, title="new")])

    assert (await references.find("library", "logo")).title == "new"
    assert await references.totals() == (2, 2)


async def test_logos_are_those_of_brands_in_scope(references: SqlReferences) -> None:
    """Logos are read once for the same collections, and again after a change; only brands have them."""
    for name, purpose in (("ours", Purpose.BRAND), ("other", Purpose.BRAND), ("art", Purpose.LIBRARY)):
        await references.create_collection(Collection(name=name, purpose=purpose))
        made = entry(name, collection=name)
        await references.put([replace(made, materials=(Material(picture=b"p", logo=name.encode()),))])
    await references.put([entry("photo", collection="ours")])
    ours = await references.logos(["ours", "art"])

    assert [data for _, data in ours] == [b"ours"]
    assert await references.logos(["ours", "art"]) is ours
    assert await references.logos(["art"]) == ()
    await references.remove("ours", ["ours"])
    assert await references.logos(["ours"]) == ()


async def test_putting_nothing_is_fine(references: SqlReferences) -> None:
    """An empty batch changes nothing."""
    await references.put([])

    assert await references.totals() == (0, 0)
    assert not await references.backlog(10)


async def test_float16_is_what_everybody_gets(references: SqlReferences) -> None:
    """The vectors kept are the halves of those given, the same in the backlog and in a rebuild."""
    rows: Vectors = np.random.default_rng(1).normal(size=(3, 512)).astype(np.float32)
    await references.put([replace(entry("logo", 0, 1, 2), vectors=rows)])
    backlog = await references.backlog(10)
    wanted = {(reference_id("library", "logo"), n): row.astype(np.float16).tolist() for n, row in enumerate(rows)}

    assert placed(backlog.points) == wanted == await everything(references)
    assert max(abs(point.vector - row).max() for point, row in zip(backlog.points, rows, strict=True)) < 2e-3


async def test_collections_count_their_references(references: SqlReferences) -> None:
    """A collection knows its size, purpose and owner, right after each change."""
    await references.put([entry("a"), entry("b"), entry("c", collection="brands")])
    before = await references.collections()
    await references.remove("library", ["a"])

    assert before == [
        Collection(name="brands", purpose=Purpose.BRAND, owner="discord:guild", size=1),
        Collection(name="library", size=2),
    ]
    assert (await references.collection("library")).size == 1


async def test_a_taken_name_is_a_conflict(references: SqlReferences) -> None:
    """A collection is made once; the second time is told."""
    with pytest.raises(Conflict, match="'library' exists already"):
        await references.create_collection(Collection(name="library"))


async def test_an_unknown_collection_is_told_with_those_there_are(references: SqlReferences) -> None:
    """Whoever mistypes a collection reads the names there are."""
    with pytest.raises(NotFound, match="no collection 'libary'; there are: 'brands', 'library'"):
        await references.find("libary", "logo")
    with pytest.raises(NotFound, match="has no reference 'logo'"):
        await references.find("library", "logo")


async def test_deleting_a_collection_buries_its_references(references: SqlReferences) -> None:
    """With a collection go its references, and the vector store is told to forget them."""
    await references.put([entry("a", 0, 1), entry("b", collection="brands")])
    shelf = Shelf()
    await catch_up(references, shelf)

    assert await references.delete_collection("library") == 1
    assert (await references.backlog(10)).gone == (reference_id("library", "a"),)
    await catch_up(references, shelf)
    assert list(shelf.held) == [(reference_id("brands", "b"), 0)]
    with pytest.raises(NotFound):
        await references.delete_collection("library")


async def test_removing_tells_which_existed(references: SqlReferences) -> None:
    """Only keys that were there are reported, and their pictures are gone with them."""
    await references.put([entry("a"), entry("b")])

    assert await references.remove("library", ["b", "nobody", "a"]) == ["a", "b"]
    assert await references.totals() == (0, 0)
    assert await references.materials([(reference_id("library", "a"), 0)]) == {}


async def test_many_keys_at_once(references: SqlReferences) -> None:
    """More keys than one statement may hold are looked up, and paged through in order, and removed."""
    keys = [f"k{number:05}" for number in range(2100)]
    await references.put([entry(key, number % 8) for number, key in enumerate(reversed(keys))])
    listed = [one.key async for one in references.each()]

    assert listed == keys
    assert len(await references.known("library", [*keys, "nobody"])) == 2100
    assert len(await everything(references)) == 2100
    assert len(await references.remove("library", keys)) == 2100
    assert await references.totals() == (0, 0)


async def test_each_keeps_to_its_collection(references: SqlReferences) -> None:
    """All references come by collection and key; those of one collection alone if asked."""
    await references.put([entry("b"), entry("a"), entry("z", collection="brands")])

    assert [one.key async for one in references.each()] == ["z", "a", "b"]
    assert [one.key async for one in references.each("library")] == ["a", "b"]


async def test_same_bytes_in_the_named_collections_only(references: SqlReferences) -> None:
    """The same bytes are found wherever they are known, within the scope asked for."""
    await references.put(
        [entry("a", sha256="ff"), entry("b", collection="brands", sha256="ff"), entry("c", sha256="0")]
    )
    found = await references.by_content("ff", {"library", "brands"})

    assert {one.key for one in found} == {"a", "b"}
    assert [one.purpose for one in await references.by_content("ff", {"brands"})] == [Purpose.BRAND]
    assert await references.by_content("ff", set()) == []


async def test_the_backlog_is_what_is_not_confirmed(references: SqlReferences) -> None:
    """What was put waits until it is confirmed, and no longer."""
    await references.put([entry("a", 0, 1), entry("b", 2)])
    backlog = await references.backlog(10)
    again = await references.backlog(10)
    await references.confirm(backlog)

    assert len(backlog.points) == 3
    assert again == replace(backlog, points=again.points)
    assert not await references.backlog(10)


async def test_the_backlog_comes_in_portions(references: SqlReferences) -> None:
    """A long backlog is worked off in steps, each reference whole."""
    await references.put([entry(str(number), 0, 1) for number in range(25)])
    shelf, steps = Shelf(), 0
    while backlog := await references.backlog(10):
        shelf.push(backlog)
        await references.confirm(backlog)
        steps += 1

    assert steps == 3
    assert shelf.held == await everything(references)


async def test_a_replaced_reference_with_fewer_frames_is_cleared_first(references: SqlReferences) -> None:
    """Frames that are no more are forgotten by the vector store."""
    shelf = Shelf()
    await references.put([entry("a", 0, 1, 2)])
    await catch_up(references, shelf)
    await references.put([entry("a", 5)])
    backlog = await references.backlog(10)
    await catch_up(references, shelf)

    assert backlog.gone == (reference_id("library", "a"),)
    assert shelf.held == await everything(references)


async def test_a_change_between_backlog_and_confirm_is_not_lost(references: SqlReferences) -> None:
    """Confirming an older state leaves the newer one in the backlog."""
    shelf = Shelf()
    await references.put([entry("a", 0)])
    backlog = await references.backlog(10)
    await references.put([entry("a", 1)])
    shelf.push(backlog)
    await references.confirm(backlog)
    assert await references.backlog(10)
    await catch_up(references, shelf)

    assert shelf.held == await everything(references)


async def test_removed_and_added_again_is_not_taken_for_itself(references: SqlReferences) -> None:
    """Confirming a state of before the removal does not confirm the new reference of that key."""
    shelf = Shelf()
    await references.put([entry("a", 0)])
    backlog = await references.backlog(10)
    await references.remove("library", ["a"])
    await references.put([entry("a", 1)])
    shelf.push(backlog)
    await references.confirm(backlog)
    await catch_up(references, shelf)

    assert shelf.held == await everything(references)


@FIXTURES_STAY
@given(st.lists(STEPS, max_size=14))
async def test_no_order_of_changes_and_syncs_loses_anything(
    references: SqlReferences, steps: list[tuple[str, str, list[int]]]
) -> None:
    """However changes fall between reading and confirming a backlog, the vector store ends up with the truth."""
    shelf = Shelf()
    async for one in references.each():
        await references.remove("library", [one.key])
    await catch_up(references, shelf)
    backlog = Backlog()
    for step, key, rows in steps:
        match step:
            case "put":
                await references.put([entry(key, *rows)])
            case "remove":
                await references.remove("library", [key])
            case "look":
                backlog = await references.backlog(2)
            case "push":
                shelf.push(backlog)
                await references.confirm(backlog)
                backlog = Backlog()
    shelf.push(backlog)
    await references.confirm(backlog)
    await catch_up(references, shelf)

    assert shelf.held == await everything(references)


async def test_the_model_is_remembered(references: SqlReferences) -> None:
    """A catalogue belongs to the model that embedded it; another one is refused until it is re-embedded."""
    other = replace(Toy.spec, model_sha256="other")
    await references.bind_space(Toy.spec)
    await references.bind_space(Toy.spec)
    with pytest.raises(WrongSpace, match=r"doctor --reembed"):
        await references.bind_space(other)

    await references.rebind_space(other)
    await references.bind_space(other)


class Paused(Database):
    """A database whose next reader sleeps once it has its rows."""

    pause: asyncio.Event | None = None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        pause, self.pause = self.pause, None
        async with super().read() as connection:
            yield connection
        if pause:
            await pause.wait()


async def test_a_slow_reader_does_not_bring_old_collections_back(db: Database, clock: Clock) -> None:
    """Collections read before a change are not remembered after it."""
    async with Paused.open(db.path) as slow:
        references = SqlReferences(slow, clock)
        slow.pause = resume = asyncio.Event()
        reading = asyncio.create_task(references.collections())
        await asyncio.sleep(0.05)
        await references.create_collection(Collection(name="late"))
        resume.set()

        assert await reading == []
        assert (await references.collection("late")).name == "late"


async def test_a_reference_of_a_vanished_collection_is_left_out(db: Database, references: SqlReferences) -> None:
    """Whatever the order of deletion, no reference without a collection is handed out."""
    await references.put([entry("a")])
    async with db.write() as connection:
        await connection.execute(delete(collections).where(collections.c.name == "library"))

    assert await references.get([reference_id("library", "a")]) == {}


async def test_damaged_references_are_read_by_index(db: Database) -> None:
    """The health page, which asks at each look, reads only what it counts."""
    asked = "SELECT count(*) FROM reference_images WHERE reference_images.damaged != ''"
    async with db.read() as connection:
        plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")).all()

    assert "ix_damaged" in str(plan)


async def test_what_was_changed_since_it_was_seen_is_not_written_over(references: SqlReferences) -> None:
    with pytest.raises(Overtaken):
        await references.put([entry("logo", 1)], seen=[(entry("other", 1)).reference])
    await references.put([entry("logo", 1)], seen=[])
    seen = await references.find("library", "logo")
    await references.describe({seen.id: {"note": "new"}})
    for stale in ([], [seen]):
        with pytest.raises(Overtaken):
            await references.put([entry("logo", 2)], seen=stale)
    await references.put([entry("logo", 2)], seen=[await references.find("library", "logo")])


async def test_a_reference_whose_collection_was_deleted_meanwhile_is_refused(
    references: SqlReferences,
) -> None:
    with pytest.raises(NotFound, match="deleted"):
        await references.put([entry("logo", 1, collection="gone")], seen=[])
