"""Collections of a number whose platform nobody knows: where that number is known, and how one is given away."""

import pytest

from bot.services import Services
from core.cases import Policy
from core.chat import Community
from core.errors import DataError, NotFound
from core.types import Collection, Mode, Platform, Space
from handlers import owners

WATCHED = Space(platform=Platform.TELEGRAM, community="7", channel="7")


@pytest.fixture
async def lost(services: Services) -> Services:
    """Two collections that nobody sees; the number of one is known on two platforms, by set-up and by a policy."""
    for name, owner in (("seven", "unknown:7"), ("eight", "unknown:8"), ("shared", "")):
        await services.references.create_collection(Collection(name=name, owner=owner))
    await services.communities.put(Community(platform=Platform.DISCORD, id="7"), "ann")
    await services.policies.set(WATCHED, Policy(mode=Mode.DRY_RUN), "ann")
    return services


async def test_they_are_listed_with_where_their_number_is_known(lost: Services) -> None:
    """What is shared, or somebody's, is not among them."""
    found = {one.collection.name: set(one.places) for one in await owners.unowned(lost)}

    assert found == {"seven": {"discord:7", "telegram:7"}, "eight": set()}


async def test_one_is_given_to_a_community_or_to_all(lost: Services) -> None:
    """Afterwards it is nobody's no longer."""
    theirs = await owners.give(lost, "seven", "telegram:7", "ann")
    shared = await owners.give(lost, "eight", "", "ann")

    assert (theirs.owner, shared.owner) == ("telegram:7", "")
    assert await owners.unowned(lost) == []


async def test_what_is_no_community_gets_nothing(lost: Services) -> None:
    """A number without a platform, and a collection that is none, are told."""
    with pytest.raises(DataError):
        await owners.give(lost, "seven", "7", "ann")
    with pytest.raises(NotFound):
        await owners.give(lost, "nine", "telegram:7", "ann")

    assert len(await owners.unowned(lost)) == 2
