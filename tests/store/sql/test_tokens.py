"""Tokens of the API: each opens what it was made for, until it is revoked or its time is over."""

from datetime import timedelta

import pytest

from core.access import Scope
from core.errors import Conflict, NotFound
from store.sql.db import Database
from store.sql.tokens import NOTED_EVERY, SqlTokens
from tests.clock import Clock

DAY = timedelta(days=1)


@pytest.fixture
def tokens(db: Database, clock: Clock) -> SqlTokens:
    return SqlTokens(db, clock)


async def names(tokens: SqlTokens) -> list[str]:
    return [one.name for one in await tokens.all()]


async def test_a_token_is_found_by_its_secret_alone(tokens: SqlTokens, clock: Clock) -> None:
    """With the scopes and the community it was made for; other secrets find nothing."""
    secret = await tokens.create("ci", (Scope.SEARCH, Scope.ADD, Scope.SEARCH), DAY, "ann", "discord:guild")
    found = await tokens.find(secret)

    assert found
    assert (found.name, found.scopes, found.community) == ("ci", (Scope.SEARCH, Scope.ADD), "discord:guild")
    assert (found.created_at, found.expires_at) == (clock(), clock() + DAY)
    assert [await tokens.find(other) for other in ("", "ci", secret[:-1], f"{secret}x")] == [None] * 4


async def test_a_revoked_token_opens_nothing(tokens: SqlTokens) -> None:
    """The others stay; one that is not there is told."""
    secrets = [await tokens.create(name, (Scope.SEARCH,), DAY, "ann") for name in ("one", "two")]
    await tokens.revoke("one", "ann")

    assert await tokens.find(secrets[0]) is None
    assert await tokens.find(secrets[1])
    assert await names(tokens) == ["two"]
    with pytest.raises(NotFound, match="no token 'one'"):
        await tokens.revoke("one", "ann")


async def test_a_token_ends(tokens: SqlTokens, clock: Clock) -> None:
    """At the end of its time it opens nothing, and its name is free again."""
    secret = await tokens.create("ci", (Scope.SEARCH,), DAY, "ann")
    with pytest.raises(Conflict, match="'ci' already"):
        await tokens.create("ci", (Scope.SEARCH,), DAY, "ann")
    clock.turn(days=1)

    assert await tokens.find(secret) is None
    assert await tokens.create("ci", (Scope.SEARCH,), DAY, "ann") != secret
    assert await names(tokens) == ["ci"]


async def test_the_last_use_is_noted_now_and_then(tokens: SqlTokens, clock: Clock) -> None:
    """The first one at once, and no other within five minutes."""
    secret, begun = await tokens.create("ci", (Scope.SEARCH,), DAY, "ann"), clock()
    late = NOTED_EVERY + timedelta(seconds=1)
    used = []
    for after in (timedelta(0), NOTED_EVERY, late):
        clock.at = begun + after
        await tokens.find(secret)
        used.append((await tokens.all())[0].used_at)

    assert used == [begun, begun, begun + late]
