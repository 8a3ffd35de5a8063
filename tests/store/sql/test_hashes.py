"""Hashes of references in SQL, and the index in memory that must never fall behind."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.looks import PdqHash
from core.types import Collection, Purpose, Reference, reference_id
from store.sql.db import Database
from store.sql.references import SqlReferences
from tests.clock import Clock
from tests.small import Entry, entry
from tests.store.sql.test_references import Paused
from tests.store.vectors.test_hash_index import far, flipped, opposite

BITS = far(8)
EVERYWHERE = {"library", "brands"}
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abc"), st.lists(st.integers(0, 7), max_size=3)),
        st.tuples(st.just("remove"), st.sampled_from("abc"), st.just([])),
        st.tuples(st.just("set"), st.sampled_from("abc"), st.lists(st.integers(0, 7), max_size=3)),
        st.tuples(st.just("delete"), st.just(""), st.just([])),
    ),
    max_size=12,
)


def hashed(key: str, *hashes: bytes, collection: str = "library", **said: object) -> Entry:
    """A reference with a picture and these hashes."""
    known = tuple(PdqHash(bits=bits, quality=90) for bits in hashes)
    return replace(entry(key, *range(len(hashes) or 1), collection=collection), hashes=known, **said)  # type: ignore[arg-type]


def hash_only(key: str, *hashes: bytes, collection: str = "library") -> Entry:
    """A reference that is known by nothing else."""
    reference = Reference(key=key, collection=collection, added_at=Clock().at)
    return hashed(key, *hashes, reference=reference, vectors=np.empty((0, 8), np.float32), parts=(), materials=())


async def found(references: SqlReferences, bits: bytes, within: int = 31) -> list[str]:
    return [hit.reference.key for hit in await references.by_hash([bits], EVERYWHERE, within=within)]


@pytest.fixture
async def references(db: Database, clock: Clock) -> SqlReferences:
    made = SqlReferences(db, clock)
    await made.create_collection(Collection(name="library"))
    await made.create_collection(Collection(name="brands", purpose=Purpose.BRAND))
    return made


async def test_the_nearest_comes_first_with_all_that_is_known(references: SqlReferences) -> None:
    """Frame, distance, pose and inversion are told; each reference comes once."""
    await references.put(
        [
            hashed("near", BITS[1], flipped(BITS[0], 1, 2)),
            hashed("negative", opposite(BITS[3]), collection="brands"),
            hashed("stranger", BITS[2]),
        ]
    )
    first, second = await references.by_hash([BITS[7], BITS[3], BITS[0]], EVERYWHERE, within=31)

    assert first.reference == replace(await references.find("brands", "negative"), purpose=Purpose.BRAND)
    assert (first.distance, first.pose, first.inverted, first.part) == (0, 1, True, 0)
    assert second.reference.key == "near"
    assert (second.distance, second.pose, second.inverted, second.part) == (2, 2, False, 1)


async def test_only_the_named_collections_are_looked_in(references: SqlReferences) -> None:
    """A hash of another community is no hit."""
    await references.put([hashed("logo", BITS[0], collection="brands")])

    assert await references.by_hash(BITS, {"library"}, within=31) == []
    assert await references.by_hash(BITS, set(), within=31) == []
    assert len(await references.by_hash(BITS, {"brands"}, within=31)) == 1


async def test_no_more_than_the_limit(references: SqlReferences) -> None:
    """Of many the nearest."""
    await references.put([hashed(f"k{number}", flipped(BITS[0], *range(number))) for number in range(9)])
    hits = await references.by_hash(BITS[:1], EVERYWHERE, within=31, limit=2)

    assert [hit.reference.key for hit in hits] == ["k0", "k1"]


async def test_a_reference_that_is_known_by_its_hash_only(references: SqlReferences) -> None:
    """It has no vector and no picture, waits for nothing, and is listed, found and removed like any other."""
    await references.put([hash_only("listed", BITS[0]), hashed("full", BITS[1])])
    await references.confirm(await references.backlog(10))
    known = await references.find("library", "listed")

    assert known.is_hash_only
    assert not (await references.find("library", "full")).is_hash_only
    assert await references.totals() == (2, 1)
    assert not await references.backlog(10)
    assert await references.picture(known.id) is None
    assert [one.key async for one in references.each()] == ["full", "listed"]
    assert await found(references, BITS[0]) == ["listed"]
    assert await references.remove("library", ["listed"]) == ["listed"]
    assert await found(references, BITS[0]) == []


async def test_hash_only_references_are_put_with_nothing_else_in_the_batch(references: SqlReferences) -> None:
    """A batch without a single vector or picture is fine, and replaced ones forget theirs."""
    await references.put([hashed("a", BITS[0]), hashed("b", BITS[1])])
    await references.put([hash_only("a", BITS[2])])

    assert await references.totals() == (2, 1)
    assert (await found(references, BITS[2]), await found(references, BITS[0])) == (["a"], [])
    assert (await references.backlog(10)).gone == (reference_id("library", "a"),)


async def test_hashes_come_back_as_they_went_in(references: SqlReferences) -> None:
    """Bits and quality of each frame, in order; references without any are left out."""
    await references.put([hashed("a", BITS[1], BITS[0]), hashed("b")])
    ids = [reference_id("library", key) for key in ("a", "b", "nobody")]

    assert await references.hashes(ids) == {
        ids[0]: [PdqHash(bits=BITS[1], quality=90), PdqHash(bits=BITS[0], quality=90)]
    }
    assert await references.hashes([]) == {}


async def test_hashes_are_set_later(references: SqlReferences) -> None:
    """References of before there were hashes are named and get theirs; nothing else about them changes."""
    await references.put([hashed("old"), hashed("new", BITS[1]), hash_only("listed", BITS[2])])
    await references.confirm(await references.backlog(10))
    (old,) = await references.unhashed()
    assert await found(references, BITS[0]) == []
    await references.put_hashes({old: [PdqHash(bits=BITS[0], quality=7)], reference_id("library", "x"): []})

    assert old == reference_id("library", "old")
    assert await references.unhashed() == []
    assert await found(references, BITS[0]) == ["old"]
    assert not await references.backlog(10)


async def test_another_program_start_reads_the_same(db: Database, clock: Clock, references: SqlReferences) -> None:
    """What was put before is found after a restart."""
    await references.put([hashed("a", BITS[0]), hash_only("b", BITS[1], BITS[2], collection="brands")])
    again = SqlReferences(db, clock)
    hits = await again.by_hash([BITS[2], BITS[0]], EVERYWHERE, within=31)

    assert {(hit.reference.key, hit.part, hit.pose) for hit in hits} == {("b", 1, 0), ("a", 0, 1)}


async def test_an_index_that_is_being_read_misses_nothing(db: Database, clock: Clock) -> None:
    """What is put or removed while the index is read for the first time is in it afterwards, or not any more."""
    async with Paused.open(db.path) as slow:
        references = SqlReferences(slow, clock)
        await references.create_collection(Collection(name="library"))
        await references.put([hashed("a", BITS[0]), hashed("b", BITS[1])])
        slow.pause = resume = asyncio.Event()
        asking = [asyncio.create_task(found(references, bits)) for bits in BITS[:3]]
        await asyncio.sleep(0.05)
        await references.put([hashed("c", BITS[2])])
        await references.remove("library", ["a"])
        resume.set()

        assert await asyncio.gather(*asking) == [[], ["b"], ["c"]]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_after_any_changes_the_index_is_what_sql_says(
    db: Database, clock: Clock, references: SqlReferences, steps: list[tuple[str, str, list[int]]]
) -> None:
    """However references come, change and go, the index in memory answers as one that was read just now."""
    await references.remove("library", list("abc"))
    await references.by_hash(BITS, EVERYWHERE, within=0)
    for step, key, numbers in steps:
        bits = [BITS[number] for number in numbers]
        match step:
            case "put":
                await references.put([hash_only(key, *bits)])
            case "remove":
                await references.remove("library", [key])
            case "set":
                hashes = [PdqHash(bits=one, quality=1) for one in bits]
                await references.put_hashes({reference_id("library", key): hashes})
            case "delete":
                await references.delete_collection("library")
                await references.create_collection(Collection(name="library"))

    anew = SqlReferences(db, clock)
    wanted = await anew.by_hash(BITS, EVERYWHERE, within=31, limit=50)
    assert await references.by_hash(BITS, EVERYWHERE, within=31, limit=50) == wanted


async def test_hashes_go_with_their_reference(db: Database, references: SqlReferences) -> None:
    """Nothing of a deleted collection stays."""
    await references.put([hash_only("a", BITS[0]), hashed("b", BITS[1])])
    await references.delete_collection("library")
    async with db.read() as connection:
        left = await connection.scalar(text("SELECT count(*) FROM hashes"))

    assert left == 0
    assert await references.by_hash(BITS, EVERYWHERE, within=31) == []
