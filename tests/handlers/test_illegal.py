"""What nobody may keep: known by hashes only, and whatever matches it leaves no picture with us."""

from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select

from bot.services import Services
from core.cases import Policy
from core.errors import DataError
from core.types import Act, Collection, Decision, Intent, Mode, Outcome, Purpose, Vectors
from handlers import intake, references, review
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from store.sql.db import Database
from store.sql.tables.judged import media
from tests.small import SPACE, FakeFront, event, saved, scribble

KNOWN = saved(scribble(1))
COPY = saved(scribble(1).resize((200, 150)), "JPEG", quality=70)
ENTRY = Entry(key="one", collection="list")
NO_VECTORS: Vectors = np.empty((0, 64), np.float32)


@pytest.fixture
async def listed(services: Services, front: FakeFront) -> Services:
    """A list that knows one picture by its hash."""
    await services.references.create_collection(Collection(name="elsewhere"))
    await services.references.create_collection(Collection(name="list", purpose=Purpose.ILLEGAL))
    full = await references.prepare(services, replace(ENTRY, collection="elsewhere"), KNOWN)
    by_hash = replace(full.reference, collection="list", width=0, height=0)
    await references.store(services, [replace(full, reference=by_hash, parts=(), vectors=NO_VECTORS, materials=())])
    front.images = {"copy": COPY, "same": KNOWN, "near": saved(scribble(1), "JPEG", quality=95)}
    return services


async def kept(db: Database) -> int:
    async with db.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(media))).scalar_one())


@pytest.mark.parametrize("intent", [Intent.POSTED, Intent.REPORTED])
@pytest.mark.parametrize("image", ["copy", "same"])
async def test_a_match_leaves_no_picture(listed: Services, db: Database, image: str, intent: Intent) -> None:
    """Posted or reported, the same bytes or a copy: there is a case, and nothing to look at."""
    await listed.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await intake.accept(listed, [event(image, intent=intent)])
    (waiting,) = await listed.inbox.claim(1, LEASE)
    verdict = await screen(listed, waiting)

    (case,) = await listed.cases.newest(limit=1)
    assert verdict and verdict.outcome in (Outcome.MATCH, Outcome.REVIEW)
    assert case.thumbnail == ""
    assert await kept(db) == 0


@pytest.mark.parametrize(("image", "acts"), [("near", (Act.FLAG,)), ("same", (Act.REMOVE,))])
async def test_a_hash_alone_removes_nothing(listed: Services, image: str, acts: tuple[Act, ...]) -> None:
    """Without a picture nobody can tell what differs: even a confirmed one is flagged, but for the same bytes."""
    await listed.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")
    for message in ("first", "second"):
        await intake.accept(listed, [event(image, message=message)])
        (waiting,) = await listed.inbox.claim(1, LEASE)
        verdict = await screen(listed, waiting)
        (case,) = await listed.cases.newest(limit=1)
        assert verdict and verdict.outcome is Outcome.MATCH
        if message == "first":
            await review.decide(listed, case.id, Decision.VIOLATION, "ann")

    assert tuple(action.act for action in case.actions) == acts


async def test_pictures_are_refused(listed: Services) -> None:
    """Neither one by one nor in a batch does a picture get into such a collection."""
    with pytest.raises(DataError, match="import a list of hashes"):
        await references.add(listed, ENTRY, KNOWN)
    full = await references.prepare(listed, replace(ENTRY, collection="elsewhere"), KNOWN)
    with pytest.raises(DataError, match="import a list of hashes"):
        await references.store(listed, [replace(full, reference=replace(full.reference, collection="list"))])
