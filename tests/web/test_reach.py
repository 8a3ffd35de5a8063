"""A token that is limited to one community reaches what is its own, and nothing of anybody else's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.access import Scope
from core.cases import Policy
from core.types import Collection, Mode, Platform, Space
from handlers import intake
from handlers.screen import screen
from store.sql.tokens import SqlTokens
from tests.small import FakeFront, event
from tests.web.conftest import KNOWN
from tests.web.fakes import Desk, desk, picture
from web.scopes import CHANNELS_OWN, IN_REACH, NEEDED, WHOLE

OURS, THEIRS = (Space(platform=Platform.DISCORD, community=one, channel=f"pictures-{one}") for one in ("1", "2"))
SECRET_PICTURE = picture(4711)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Two:
    """A Resight of two communities, each with a collection and a case of its own, and ours at the API."""

    front: Desk
    secret: str
    our_case: int
    their_case: int

    async def ask(self, method: str, path: str, **sent: Any) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self.secret}"}
        async with self.front.client.request(method, path, headers=headers, **sent) as answer:
            return answer.status, await answer.text()


async def case_in(front: Desk, space: Space) -> int:
    services = replace(front.services, fronts={Platform.DISCORD: FakeFront(images={"known": KNOWN})})
    await services.policies.set(space, Policy(mode=Mode.FLAG), "ann")
    await intake.accept(services, [event("known", space)])
    (waiting,) = await services.inbox.claim(1, DAY)
    await screen(services, waiting)
    return (await services.cases.newest(space, limit=1))[0].id


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with desk(tmp_path, open_pages=False) as front:
        for space in (OURS, THEIRS):
            name = f"discord-{space.community}.secret"
            await front.services.references.create_collection(Collection(name=name, owner=space.home))
        await front.know(KNOWN)
        await front.know(SECRET_PICTURE, "treasure", f"discord-{THEIRS.community}.secret")
        cases = [await case_in(front, space) for space in (OURS, THEIRS)]
        made = front.services.tokens
        assert isinstance(made, SqlTokens)
        secret = await made.create("ours", [Scope.ADMIN], DAY, "ann", "discord:1")
        yield Two(front, secret, *cases)


def foreign(path: str, two: Two) -> str:
    """The path of a call, with what belongs to the other community in it."""
    number = str(two.their_case) if path.startswith("/api/cases") else "unknown"
    return path.replace("{id}", number).replace("{name}", "discord-2.secret").replace("{key}", "treasure")


@pytest.mark.parametrize(("method", "path"), [call for call in NEEDED if "{" in call[1] or call not in IN_REACH])
async def test_what_is_foreign_is_not_there(two: Two, method: str, path: str) -> None:
    """Every call about a thing of the other community is refused, whatever it would do, and does nothing."""
    said = {"json": {"decision": "violation"}} if path.endswith("/decision") else {}
    data = {"data": KNOWN} if path.endswith("/references") and method == "POST" else {}
    status, text = await two.ask(method, foreign(path, two), **said, **data)

    assert status in (403, 404), text
    assert "treasure" not in text
    theirs = await two.front.services.cases.get(two.their_case)
    assert theirs.decisions == ()
    assert [one.key async for one in two.front.services.references.each("discord-2.secret")] == ["treasure"]


async def test_lists_hold_what_is_its_own(two: Two) -> None:
    """Cases of the community; its collections, and those that are shared with all."""
    _, cases = await two.ask("GET", "/api/cases")
    _, collections = await two.ask("GET", "/api/collections")

    assert f'"id":{two.our_case},' in cases
    assert f'"id":{two.their_case},' not in cases
    assert "discord-1.secret" in collections
    assert "library" in collections
    assert "discord-2.secret" not in collections


async def test_a_search_sees_what_the_community_sees(two: Two) -> None:
    """The other community's reference is not found, named or not; a shared one is."""
    assert '"match"' in (await two.ask("POST", "/api/search", data=KNOWN))[1]
    assert '"clean"' in (await two.ask("POST", "/api/search", data=SECRET_PICTURE))[1]
    for path in ("/api/search", "/api/similar"):
        status, text = await two.ask("POST", f"{path}?collection=discord-2.secret", data=SECRET_PICTURE)
        assert status == 404
        assert "treasure" not in text


async def test_it_moderates_and_adds_at_home(two: Two) -> None:
    """Its own case is decided, its own collection is made, filled and emptied by its short name."""
    decided, _ = await two.ask("POST", f"/api/cases/{two.our_case}/decision", json={"decision": "violation"})
    made, text = await two.ask("POST", "/api/collections", json={"name": "new"})
    added, _ = await two.ask("POST", "/api/collections/new/references?key=one", data=picture(3))
    removed, _ = await two.ask("DELETE", "/api/collections/new/references/one")

    assert (decided, made, added, removed) == (200, 201, 201, 200)
    assert '"name":"discord-1.new"' in text
    assert (await two.ask("DELETE", "/api/collections/new"))[0] == 200


async def test_what_is_shared_is_only_looked_at(two: Two) -> None:
    """Neither references nor collections of all are changed, and nothing is made for others."""
    assert (await two.ask("GET", "/api/collections/library/references"))[0] == 200
    assert (await two.ask("POST", "/api/collections/library/references?key=x", data=KNOWN))[0] == 403
    assert (await two.ask("DELETE", "/api/collections/library"))[0] == 403
    assert (await two.ask("POST", "/api/collections", json={"name": "gift", "owner": "2"}))[0] == 403


def test_every_call_is_in_reach_or_about_the_whole() -> None:
    """A new call is open to tokens of one community only if somebody said so."""
    assert set(NEEDED) == IN_REACH | WHOLE | CHANNELS_OWN
    assert len(IN_REACH) == 18, "a new call: say in web/scopes.py whose it is, test it above, and count it here"


@pytest.mark.parametrize(("community", "posts"), [("web:web", 404), ("web:other", 403)])
async def test_the_built_in_channel_is_a_community_too(two: Two, community: str, posts: int) -> None:
    """Its token reaches its posts, and neither what is measured of the whole installation nor anybody's cases."""
    made = two.front.services.tokens
    assert isinstance(made, SqlTokens)
    channel = replace(two, secret=await made.create(community, [Scope.ADMIN], DAY, "ann", community))

    assert (await channel.ask("GET", "/api/posts/unknown"))[0] == posts
    assert (await channel.ask("GET", "/metrics"))[0] == 403
    assert (await channel.ask("GET", "/api/cases"))[0] == 200
    assert (await channel.ask("GET", f"/api/cases/{two.our_case}"))[0] == 404
