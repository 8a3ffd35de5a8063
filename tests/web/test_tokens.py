"""Tokens of programs open what their scopes say, until they end or are revoked."""

from datetime import timedelta
from hashlib import sha256

import pytest
from aiohttp import web

from core.access import Scope
from core.errors import Conflict, NotFound
from store.sql.audit import broken_at
from store.sql.db import Database
from store.sql.tokens import SqlTokens
from tests.clock import Clock
from tests.web.conftest import KNOWN
from tests.web.fakes import Desk, picture
from tests.web.test_api import REFERENCES
from web.app import API
from web.scopes import NEEDED
from web.security import OPEN_API

DAY = timedelta(days=1)


@pytest.fixture
def tokens(db: Database, clock: Clock) -> SqlTokens:
    return SqlTokens(db, clock)


def test_every_call_has_its_scope() -> None:
    """A new call of the API without one would need `admin`, and is told here."""
    routes = {(one.method, one.path) for one in API if isinstance(one, web.RouteDef) and one.path not in OPEN_API}

    assert routes == set(NEEDED) - {("GET", "/metrics")}


async def test_a_token_is_kept_as_its_hash(tokens: SqlTokens, db: Database, clock: Clock) -> None:
    """Its secret is nowhere in the database; it is found by it until its time is over."""
    secret = await tokens.create("bot", [Scope.SEARCH, Scope.READ], DAY, "ann")
    found = await tokens.find(secret)

    assert found
    assert found.allows(Scope.SEARCH)
    assert not found.allows(Scope.MODERATE)
    assert all(secret.encode() not in path.read_bytes() for path in db.path.parent.glob("resight.db*"))
    clock.turn(days=1)
    assert await tokens.find(secret) is None
    assert await broken_at(db) is None


async def test_names_are_unique_and_revoked_for_good(tokens: SqlTokens) -> None:
    """A name is taken until its token is revoked; then its secret opens nothing."""
    secret = await tokens.create("bot", [Scope.ADMIN], DAY, "ann")
    with pytest.raises(Conflict):
        await tokens.create("bot", [Scope.READ], DAY, "ann")
    await tokens.revoke("bot", "ann")

    assert await tokens.find(secret) is None
    assert await tokens.all() == []
    with pytest.raises(NotFound):
        await tokens.revoke("bot", "ann")


CALLS = (
    ("GET", "/api/cases", Scope.READ),
    ("HEAD", "/api/cases", Scope.READ),
    ("GET", "/api/collections", Scope.READ),
    ("POST", "/api/search", Scope.SEARCH),
    ("GET", "/api/similar?text=koi", Scope.SEARCH),
    ("POST", "/api/collections", Scope.ADD),
    ("POST", "/api/cases/1/decision", Scope.MODERATE),
    ("POST", "/api/cases/1/undo", Scope.MODERATE),
    ("DELETE", "/api/collections/nothing", Scope.ADMIN),
)


@pytest.mark.parametrize("scope", Scope)
async def test_a_scope_opens_its_calls_alone(front: Desk, scope: Scope) -> None:
    """Every other call is 403 with a sentence; `admin` opens all."""
    made = SqlTokens(front.services.cases._db, front.clock)  # type: ignore[attr-defined]  # the same database
    secret = await made.create(scope, [scope], DAY, "ann")
    for method, path, needed in CALLS:
        async with front.client.request(method, path, headers={"Authorization": f"Bearer {secret}"}) as answer:
            is_open = scope in (needed, Scope.ADMIN)
            assert (answer.status != 403) == is_open, (method, path)
            assert answer.status != 401


@pytest.mark.parametrize("header", ["Bearer resight_wrong", "Bearer ", "Basic eDp5", "resight_x", ""])
async def test_whatever_is_no_token_is_refused(front: Desk, header: str) -> None:
    """With 401, and the way to say it."""
    async with front.client.get("/api/cases", headers={"Authorization": header}) as answer:
        assert answer.status == 401


async def test_adding_destroys_nothing(front: Desk) -> None:
    """A token with the scope `add` adds under new keys, says `replace` as it likes, and takes no picture's place."""
    made = SqlTokens(front.services.cases._db, front.clock)  # type: ignore[attr-defined]  # the same database
    adder, admin = [await made.create(scope, [scope], DAY, "ann") for scope in (Scope.ADD, Scope.ADMIN)]

    async def add(secret: str, query: str, image: bytes) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {secret}"}
        async with front.client.post(f"{REFERENCES}?{query}", data=image, headers=headers) as answer:
            return answer.status, await answer.text()

    assert (await add(adder, "key=new&replace=true", picture(9)))[0] == 201
    assert '"unchanged"' in (await add(adder, "key=new&replace=true", picture(9)))[1]
    assert (await add(adder, "key=new", picture(10)))[0] == 409
    status, said = await add(adder, "key=logo&replace=true", picture(10))
    assert (status, "needs the scope 'admin'" in said) == (403, True)
    assert (await front.services.references.find("library", "logo")).sha256 == sha256(KNOWN).hexdigest()
    assert '"replaced"' in (await add(admin, "key=logo&replace=true", picture(10)))[1]
