"""What is remembered of images that were looked at: vectors and a place, for as long as a community wants."""

from dataclasses import replace

import numpy as np
import pytest

from core.chat import Community, Recent
from core.looks import EmbedderSpec
from core.types import Platform, Vectors
from store.sql.communities import SqlCommunities
from store.sql.db import Database
from store.sql.screened import PAGE, SqlScreened
from store.sql.tables.judged import screened as table
from tests.clock import Clock
from tests.small import SPACE, Toy, event

OTHER = replace(Toy.spec, name="other", model_sha256="other")


@pytest.fixture
def screened(db: Database, clock: Clock) -> SqlScreened:
    return SqlScreened(db, clock)


@pytest.fixture
async def communities(db: Database, clock: Clock) -> SqlCommunities:
    """One that remembers for a day, and one that does not."""
    made = SqlCommunities(db, clock)
    await made.put(Community(platform=Platform.DISCORD, id="guild", remember_hours=24), "ann")
    await made.put(Community(platform=Platform.DISCORD, id="next"), "bo")
    return made


def vectors(*rows: int) -> Vectors:
    made: Vectors = np.eye(Toy.spec.dim, dtype=np.float32)[list(rows)]
    return made


async def known(screened: SqlScreened, community: str = SPACE.home, spec: EmbedderSpec = Toy.spec) -> list[Recent]:
    return [one async for page in screened.each(community, spec) for one in page]


async def test_vectors_come_back_as_they_were(screened: SqlScreened) -> None:
    """All frames of an image, to half precision, with the link to where it was posted."""
    noise = np.random.default_rng(1).normal(size=(3, Toy.spec.dim)).astype(np.float32)
    await screened.remember(event("film", link="https://example.org/m"), Toy.spec, noise)
    (found,) = await known(screened)

    assert found.link == "https://example.org/m"
    assert found.vectors.dtype == np.float32
    assert np.allclose(found.vectors, noise, atol=2e-3)


async def test_the_same_image_is_remembered_once(screened: SqlScreened) -> None:
    """A message that was edited, or looked at a second time, has its newest vectors."""
    await screened.remember(event("one"), Toy.spec, vectors(0))
    await screened.remember(event("one", revision=1), Toy.spec, vectors(1, 2))
    (found,) = await known(screened)

    assert np.array_equal(found.vectors, vectors(1, 2))


async def test_communities_and_models_are_told_apart(screened: SqlScreened) -> None:
    """A community sees its own, the operator all, and nobody vectors of another model."""
    await screened.remember(event("one"), Toy.spec, vectors(0))
    await screened.remember(event("two", replace(SPACE, community="next")), Toy.spec, vectors(1))
    await screened.remember(event("old"), OTHER, vectors(2))

    assert len(await known(screened)) == len(await known(screened, "discord:next")) == 1
    assert len(await known(screened, "")) == 2
    assert len(await known(screened, spec=OTHER)) == 1


async def test_many_come_in_batches(screened: SqlScreened, db: Database, clock: Clock) -> None:
    """Memory stays small however much is remembered, and nothing is left out."""
    plain = {"platform": "discord", "community": "guild", "channel": "c", "message": "m", "link": "", "at": clock()}
    halves = vectors(0).astype(np.float16).tobytes()
    rows = [{**plain, "image": str(number), "vectors": halves, "space_id": Toy.spec.space_id} for number in range(750)]
    async with db.write() as connection:
        await connection.execute(table.insert(), rows)

    assert [len(page) async for page in screened.each("discord:guild", Toy.spec)] == [PAGE, 250]


async def test_it_is_forgotten_in_time(screened: SqlScreened, communities: SqlCommunities, clock: Clock) -> None:
    """After the hours that staff chose it is gone, not a moment sooner."""
    assert (await communities.get("discord", "guild")).remember_hours == 24
    await screened.remember(event("one"), Toy.spec, vectors(0))
    clock.turn(hours=23)
    await screened.remember(event("two"), Toy.spec, vectors(1))
    early = await screened.expire()
    clock.turn(hours=1)

    assert (early, await screened.expire(), len(await known(screened))) == (0, 1, 1)


@pytest.mark.parametrize("hours", [0, 6])
async def test_a_shorter_time_counts_for_what_is_there(
    screened: SqlScreened, communities: SqlCommunities, clock: Clock, hours: int
) -> None:
    """Staff who choose less, or nothing, are obeyed at once."""
    await screened.remember(event("one"), Toy.spec, vectors(0))
    clock.turn(hours=12)
    await communities.put(replace(await communities.get("discord", "guild"), remember_hours=hours), "ann")

    assert await screened.expire() == 1


@pytest.mark.parametrize("community", ["next", "never set up"])
async def test_nobody_is_remembered_unasked(screened: SqlScreened, communities: SqlCommunities, community: str) -> None:
    """Whatever is there of a community that does not want it, or is not known any more, goes."""
    assert communities
    await screened.remember(event("one", replace(SPACE, community=community)), Toy.spec, vectors(0))

    assert await screened.expire() == 1
    assert await screened.expire() == 0


async def test_a_community_with_a_new_id_keeps_its_memory(screened: SqlScreened, communities: SqlCommunities) -> None:
    """The time that staff chose and what is remembered go along."""
    await screened.remember(event("one"), Toy.spec, vectors(0))
    await communities.move("discord", "guild", "new")

    assert (await communities.get("discord", "new")).remember_hours == 24
    assert await screened.expire() == 0
    assert len(await known(screened, "discord:new")) == 1


def test_no_picture_is_kept() -> None:
    """The table has room for vectors, a place and a fingerprint of whose it was, and for nothing else."""
    assert set(table.columns.keys()) == {
        *("id", "platform", "community", "channel", "message", "image", "link", "at", "vectors", "space_id", "author")
    }
