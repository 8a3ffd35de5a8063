"""What belongs to one community is never seen, matched or counted in another, however it is asked."""

import random
from contextlib import suppress

import pytest

from bot.services import Services
from core.cases import Policy
from core.chat import Community
from core.errors import Conflict, NotFound, ResightError
from core.matches import Verdict
from core.types import Collection, Decision, ImageEvent, Mode, Outcome, Platform, Purpose, Space
from handlers import from_post, intake, references, review
from handlers.collections import own_collection, own_name, visible, visible_one
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from handlers.search import search
from tests.small import FakeFront, saved, scribble

COMMUNITIES, EACH, QUERIES = 8, 4, 1000


def space(number: int) -> Space:
    return Space(platform=Platform.DISCORD, community=f"guild-{number}", channel=f"channel-{number}")


@pytest.fixture
async def town(services: Services, front: FakeFront) -> Services:
    """Eight communities, each with pictures of its own, and nothing that is shared."""
    for number in range(COMMUNITIES):
        name = f"own-{number}"
        made = Collection(name=name, owner=space(number).home, purpose=Purpose.BLOCKLIST)
        await services.references.create_collection(made)
        for each in range(EACH):
            key = f"{number}-{each}"
            front.images[key] = saved(scribble(100 * number + each))
            await references.add(services, Entry(key=key, collection=name), front.images[key])
        await services.policies.set(space(number), Policy(mode=Mode.ENFORCE), "ann")
        await services.communities.put(Community(platform=Platform.DISCORD, id=f"guild-{number}", log="l"), "ann")
    return services


async def test_a_thousand_questions_across_communities(town: Services, front: FakeFront) -> None:
    """Random pictures asked for in random communities: only those of its own are ever named."""
    dice, looks = random.Random(6), {}
    for key, data in front.images.items():
        looks[key] = await town.runner.look(data)
    foreign = own = 0
    for _ in range(QUERIES):
        key, asker = dice.choice(list(looks)), dice.randrange(COMMUNITIES)
        names = await visible(town, space(asker).home)
        hits = await town.catalogue.search(looks[key].vectors, names, limit=50, floor=-1.0)
        found = await town.references.get([hit.reference for row in hits for hit in row])
        foreign += sum(reference.collection != f"own-{asker}" for reference in found.values())
        own += key.startswith(f"{asker}-")

    assert foreign == 0
    assert own > QUERIES / COMMUNITIES / 2, "the questions met their own pictures, too"


async def posted(services: Services, number: int, image: str) -> Verdict:
    event = ImageEvent(space=space(number), message=f"{number}-{image}", image=image, author="alice")
    await intake.accept(services, [event])
    (waiting,) = await services.inbox.claim(1, LEASE)
    verdict = await screen(services, waiting)
    assert verdict
    return verdict


async def test_a_post_matches_only_what_its_community_knows(town: Services) -> None:
    """By bytes, by hash and by vector."""
    for image_of in range(3):
        for posted_in in range(3):
            verdict = await posted(town, posted_in, f"{image_of}-0")
            assert verdict.outcome is (Outcome.MATCH if image_of == posted_in else Outcome.CLEAN)


async def test_a_decision_counts_only_where_it_was_made(town: Services, front: FakeFront) -> None:
    """Another community's moderators confirm nothing and allow nothing here."""
    shared = Collection(name="shared", purpose=Purpose.BLOCKLIST)
    await town.references.create_collection(shared)
    front.images["shared"] = saved(scribble(7777))
    await references.add(town, Entry(key="shared", collection="shared"), front.images["shared"])
    await posted(town, 0, "shared")
    (case,) = await town.cases.newest(space(0))
    await review.decide(town, case.id, Decision.ALLOWED, "ann")
    elsewhere = await posted(town, 1, "shared")
    (there,) = await town.cases.newest(space(1))

    assert elsewhere.outcome is Outcome.MATCH
    assert there.decisions == ()


ATTACKS = ("own-1", "guild-1", "guild-1/own-1", "../own-1", "own-1\x00", "OWN-1", "*", "%", "' OR 1=1 --", "", "own-1 ")


async def test_no_name_reaches_another_communitys_collection(town: Services) -> None:
    """Whatever somebody in community 0 calls it."""
    for name in ATTACKS:
        with pytest.raises(NotFound):
            await visible_one(town, space(0), name)
        with suppress(ResightError):
            await from_post.remove_one(town, space(0), "1-0", name)
        assert await town.references.known("own-1", ["1-0"]), name


async def test_questions_name_nothing_foreign(town: Services, front: FakeFront) -> None:
    """A search that names a foreign collection is the operator's alone; a community's goes through what it may see."""
    finding = await search(town, front.images["1-0"], collections=await visible(town, space(0).home))

    assert finding.verdict.outcome is Outcome.CLEAN
    assert {one.reference.collection for one in finding.candidates} <= {"own-0"}


async def test_a_collection_that_was_given_away_is_not_filled(town: Services) -> None:
    """It bears the name of community 0 and belongs to community 1: staff of 0 can't put anything into it."""
    name = own_name(space(0), "lent")
    await town.references.create_collection(Collection(name=name, owner=space(1).home))

    with pytest.raises(Conflict):
        await own_collection(town, space(0), "lent", Purpose.BRAND)
