"""What a community chose about one reference holds for that community alone, and as long as there is the reference."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from core.errors import NotFound
from core.types import Collection, Platform
from store.sql.backup import copy
from store.sql.choices import SqlChoices
from store.sql.communities import SqlCommunities
from store.sql.db import Database
from store.sql.privacy import SqlPrivacy
from store.sql.references import SqlReferences
from store.sql.tables.house import audit
from tests.clock import Clock
from tests.small import KEEP, SPACE, entry

ELSEWHERE = replace(SPACE, community="another guild")


@pytest.fixture
def choices(db: Database, clock: Clock) -> SqlChoices:
    return SqlChoices(db, clock)


@pytest.fixture
async def page(db: Database, clock: Clock) -> UUID:
    """A reference whose amounts change."""
    references = SqlReferences(db, clock)
    await references.create_collection(Collection(name="library"))
    await references.put([entry("page"), entry("other")])
    return entry("page").reference.id


async def test_a_choice_is_one_community_s(choices: SqlChoices, page: UUID) -> None:
    """In every channel of it, and nowhere else, not even under the same number on another platform."""
    made = await choices.act_on_variants(SPACE, page, True, "ann")

    assert (made.variants, made.by, made.community) == (True, "ann", SPACE.community)
    assert await choices.variants(replace(SPACE, channel="elsewhere")) == {page}
    assert await choices.variants(ELSEWHERE) == frozenset()
    assert await choices.variants(replace(SPACE, platform=Platform.TELEGRAM)) == frozenset()
    assert (await choices.of(SPACE, {page}), await choices.of(ELSEWHERE, {page})) == ({page: made}, {})
    assert await choices.about(page) == [made]


async def test_a_choice_is_taken_back(choices: SqlChoices, page: UUID, clock: Clock, db: Database) -> None:
    """It tells who took it back, and when; asking again changes nothing, and the log tells each change."""
    for on, by in ((True, "ann"), (True, "bob"), (False, "cem"), (False, "dan")):
        await choices.act_on_variants(SPACE, page, on, by)
        clock.turn(minutes=1)
    (choice,) = await choices.about(page)
    async with db.read() as connection:
        asked = select(audit.c.who).where(audit.c.what == "reference.variants").order_by(audit.c.id)
        logged = (await connection.execute(asked)).scalars().all()

    assert (choice.variants, choice.by, choice.at) == (False, "cem", Clock().at.replace(minute=2))
    assert await choices.variants(SPACE) == frozenset()
    assert logged == ["ann", "cem"]


async def test_a_choice_goes_with_its_reference(db: Database, choices: SqlChoices, page: UUID, clock: Clock) -> None:
    """Of a reference that is not there nothing is chosen; one that is put again keeps what was chosen."""
    await choices.act_on_variants(SPACE, page, True, "ann")
    references = SqlReferences(db, clock)
    await references.put([entry("page")])
    assert await choices.variants(SPACE) == {page}
    await references.remove("library", ["page"])

    assert await choices.variants(SPACE) == frozenset()
    with pytest.raises(NotFound):
        await choices.act_on_variants(SPACE, page, True, "ann")


async def test_a_choice_moves_with_its_community(db: Database, choices: SqlChoices, page: UUID, clock: Clock) -> None:
    """A platform that gives the community a new id takes nothing from it."""
    await choices.act_on_variants(SPACE, page, True, "ann")
    await SqlCommunities(db, clock).move(SPACE.platform, SPACE.community, ELSEWHERE.community)

    assert await choices.variants(ELSEWHERE) == {page}
    assert await choices.variants(SPACE) == frozenset()


async def test_who_chose_is_forgotten(db: Database, choices: SqlChoices, page: UUID, clock: Clock) -> None:
    """The choice stays, about nobody; what others chose is left alone."""
    await choices.act_on_variants(SPACE, page, True, "ann")
    await choices.act_on_variants(ELSEWHERE, page, True, "bob")
    found = await SqlPrivacy(db, clock, KEEP).forget("ann", "", "operator")

    assert found.choices == 1
    assert {(one.by, one.variants) for one in await choices.about(page)} == {("", True), ("bob", True)}


async def test_a_backup_holds_it(db: Database, choices: SqlChoices, page: UUID, clock: Clock, tmp_path: Path) -> None:
    """What was chosen is restored with all the rest."""
    await choices.act_on_variants(SPACE, page, True, "ann")
    copy(db.path, tmp_path / "copy.db")

    async with Database.open(tmp_path / "copy.db") as restored:
        assert await SqlChoices(restored, clock).variants(SPACE) == {page}
