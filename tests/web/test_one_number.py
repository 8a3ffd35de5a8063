"""One number on two platforms is two communities: whatever is asked of the API, nothing of the one is the other's."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.access import Scope
from core.brakes import Caps
from core.cases import Case, Policy
from core.matches import Verdict
from core.ports import Front
from core.types import Act, Mode, Outcome, Platform, Space
from handlers import intake
from handlers.screen import screen
from store.sql.tokens import SqlTokens
from tests.small import FakeFront, event
from tests.web.conftest import KNOWN
from tests.web.fakes import Desk, desk, picture

DISCORD, TELEGRAM = (Space(platform=one, community="42", channel="7") for one in (Platform.DISCORD, Platform.TELEGRAM))
PICTURES = {DISCORD: picture(42), TELEGRAM: picture(4242)}
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Twins:
    """A Resight of Discord's community 42 and Telegram's, each with a token of its own at a real socket."""

    front: Desk
    secrets: dict[Space, str]
    posting: FakeFront

    async def ask(self, home: Space, method: str, path: str, **sent: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.secrets[home]}"}
        async with self.front.client.request(method, path, headers=headers, **sent) as answer:
            return answer.status, await answer.json()

    async def posted(self, home: Space, image: bytes, message: str = "9", caps: Caps | None = None) -> Verdict:
        """Somebody posts the image; message, channel and author have the same numbers on both platforms, too."""
        self.posting.images["posted"] = image
        fronts: dict[str, Front] = {one.platform: self.posting for one in (DISCORD, TELEGRAM)}
        services = replace(self.front.services, fronts=fronts, caps=caps or self.front.services.caps)
        assert await intake.accept(services, [event("posted", home, message=message, author="1")]) == 1
        (waiting,) = await services.inbox.claim(1, DAY)
        verdict = await screen(services, waiting)
        assert verdict
        return verdict

    async def case(self, home: Space) -> Case:
        return (await self.front.services.cases.newest(home, limit=1))[0]

    async def decide(self, home: Space, decision: str) -> None:
        number = (await self.case(home)).id
        assert (await self.ask(home, "POST", f"/api/cases/{number}/decision", json={"decision": decision}))[0] == 200


@pytest.fixture
async def twins(tmp_path: Path) -> AsyncIterator[Twins]:
    """Both enforce, and both made a collection of the same short name with a picture under the same key."""
    async with desk(tmp_path, open_pages=False) as front:
        tokens = front.services.tokens
        assert isinstance(tokens, SqlTokens)
        secrets = {
            home: await tokens.create(home.platform, [Scope.ADMIN], DAY, "ann", home.home)
            for home in (DISCORD, TELEGRAM)
        }
        both = Twins(front, secrets, FakeFront())
        await front.know(KNOWN)
        for home, image in PICTURES.items():
            await front.services.policies.set(home, Policy(mode=Mode.ENFORCE), "ann")
            assert (await both.ask(home, "POST", "/api/collections", json={"name": "own"}))[0] == 201
            assert (await both.ask(home, "POST", "/api/collections/own/references?key=one", data=image))[0] == 201
        yield both


HOMES = pytest.mark.parametrize(("home", "other"), [(DISCORD, TELEGRAM), (TELEGRAM, DISCORD)])


@HOMES
async def test_each_sees_its_own_collection(twins: Twins, home: Space, other: Space) -> None:
    """By list, by short name and by search; the other one's is not there under any name."""
    _, listed = await twins.ask(home, "GET", "/api/collections")
    _, mine = await twins.ask(home, "POST", "/api/search", data=PICTURES[home])
    _, theirs = await twins.ask(home, "POST", "/api/search", data=PICTURES[other])
    foreign = f"{other.platform}-42.own"

    assert {(one["name"], one["owner"]) for one in listed["collections"]} == {
        ("library", ""),
        (f"{home.platform}-42.own", f"{home.platform}:42"),
    }
    assert (mine["verdict"], theirs["verdict"]) == ("match", "clean")
    for path in (f"/api/collections/{foreign}/references", f"/api/collections/{foreign}/references/one"):
        assert (await twins.ask(home, "GET", path))[0] == 404


@HOMES
async def test_each_deletes_its_own(twins: Twins, home: Space, other: Space) -> None:
    """A reference and a whole collection go by a name that both have, and the other one's stay."""
    foreign = f"/api/collections/{other.platform}-42.own"
    for path in (f"{foreign}/references/one", foreign):
        assert (await twins.ask(home, "DELETE", path))[0] == 404
    assert (await twins.ask(home, "DELETE", "/api/collections/own/references/one"))[0] == 200
    assert (await twins.ask(home, "DELETE", "/api/collections/own"))[0] == 200

    assert (await twins.ask(other, "GET", "/api/collections/own/references/one"))[0] == 200
    assert (await twins.ask(home, "GET", "/api/collections/own/references"))[0] == 404


@HOMES
async def test_a_post_meets_its_own_pictures_only(twins: Twins, home: Space, other: Space) -> None:
    """The same message of the same channel of the same author, on both platforms: each is looked at for itself."""
    assert (await twins.posted(home, PICTURES[home])).outcome is Outcome.MATCH
    assert (await twins.posted(other, PICTURES[home])).outcome is Outcome.CLEAN


@HOMES
async def test_each_reads_and_decides_its_own_cases(twins: Twins, home: Space, other: Space) -> None:
    """Cases of the other platform are neither listed, read, decided, undone nor released."""
    await twins.posted(home, KNOWN)
    await twins.posted(other, KNOWN)
    ours, theirs = await twins.case(home), await twins.case(other)
    _, listed = await twins.ask(home, "GET", "/api/cases")

    assert [one["id"] for one in listed["cases"]] == [ours.id]
    assert (await twins.ask(home, "GET", f"/api/cases/{theirs.id}"))[0] == 404
    for act, said in (("decision", {"decision": "violation"}), ("undo", {}), ("release", {})):
        assert (await twins.ask(home, "POST", f"/api/cases/{theirs.id}/{act}", json=said))[0] == 404
    assert (await twins.case(other)).decisions == ()


@HOMES
async def test_what_one_allowed_the_other_did_not(twins: Twins, home: Space, other: Space) -> None:
    """An image that Discord's 42 let pass is a match in Telegram's 42, and the other way round."""
    await twins.posted(home, KNOWN)
    await twins.decide(home, "allowed")

    assert (await twins.posted(home, KNOWN, "10")).reason == "allowed-before"
    assert (await twins.posted(other, KNOWN, "10")).outcome is Outcome.MATCH


@HOMES
async def test_what_one_confirmed_the_other_does_not_remove(twins: Twins, home: Space, other: Space) -> None:
    """A violation in the one lets the bot remove by itself there, and there only."""
    await twins.posted(home, KNOWN)
    await twins.decide(home, "violation")
    for space in (home, other):
        await twins.posted(space, KNOWN, "10")
    removed = [any(one.act is Act.REMOVE for one in (await twins.case(space)).actions) for space in (home, other)]

    assert removed == [True, False]


@HOMES
async def test_the_brake_of_one_holds_the_other_not(twins: Twins, home: Space, other: Space) -> None:
    """What was removed on one platform does not count on the other, and who lets go there lets go there only."""
    for space in (home, other):
        await twins.posted(space, KNOWN)
        await twins.decide(space, "violation")
    caps = Caps(posts_a_day=1)
    await twins.posted(home, KNOWN, "10", caps)
    await twins.posted(home, KNOWN, "11", caps)
    await twins.posted(other, KNOWN, "11", caps)
    held, free = await twins.case(home), await twins.case(other)
    released, _ = await twins.ask(other, "POST", f"/api/cases/{free.id}/release", json={})

    assert (held.brake, free.brake) == ("daily", "")
    assert released == 409, "nothing holds it there"
    await twins.posted(home, KNOWN, "12", caps)
    assert (await twins.case(home)).brake == "daily", "and here it still holds"
    assert (await twins.ask(home, "POST", f"/api/cases/{held.id}/release", json={}))[0] == 200


@HOMES
async def test_what_one_chose_the_other_did_not(twins: Twins, home: Space, other: Space) -> None:
    """Variants of a shared reference count where its staff said so; a token can't say so for the other platform."""
    path = "/api/collections/library/references/logo/variants"
    status, choice = await twins.ask(home, "PUT", path, json={})
    foreign, _ = await twins.ask(home, "PUT", f"{path}?community={other.home}", json={})
    chosen = [bool(await twins.front.services.choices.variants(space)) for space in (home, other)]

    assert (status, choice["platform"], choice["community"]) == (200, home.platform, "42")
    assert (foreign, chosen) == (403, [True, False])
