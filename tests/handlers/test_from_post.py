"""References from a message in chat: all its pictures at once, for this community alone, and undoable."""

from dataclasses import replace

import pytest

from core.chat import Said
from core.errors import NotFound
from core.types import ImageEvent, Outcome, Purpose, Space
from handlers import from_post
from handlers.references import own_name, short_name, visible, visible_one
from handlers.search import search
from handlers.services import Services
from tests.conftest import SPACE, FakeFront, event, saved, scribble

ELSEWHERE = replace(SPACE, community="other guild")
ONE, TWO = saved(scribble(5)), saved(scribble(6))


@pytest.fixture
def album(front: FakeFront) -> list[ImageEvent]:
    front.images = {"one": ONE, "two": TWO, "text": b"no picture"}
    return [event(image, message="m") for image in ("one", "two")]


async def verdict(services: Services, data: bytes, space: Space = SPACE) -> Outcome:
    found = await search(services, data, collections=await visible(services, space.community))
    return found.verdict.outcome


async def test_all_pictures_are_known_at_once(services: Services, album: list[ImageEvent]) -> None:
    """Both match the next post here, and nobody else's community sees them."""
    said = await from_post.add_message(services, album, "m", by="ann")

    assert said == Said(key="said.added", values={"count": 2, "collection": "blocklist"})
    assert [await verdict(services, data) for data in (ONE, TWO)] == [Outcome.MATCH] * 2
    assert await verdict(services, ONE, ELSEWHERE) is Outcome.CLEAN


async def test_adding_twice_changes_nothing(services: Services, album: list[ImageEvent]) -> None:
    """The second time says that they are known."""
    await from_post.add_message(services, album, "m")
    said = await from_post.add_message(services, album, "m")

    assert said == Said(key="said.added-before", values={"collection": "blocklist"})


async def test_an_undo_takes_all_of_them_back(services: Services, album: list[ImageEvent]) -> None:
    """After the undo neither matches; a second undo finds nothing."""
    await from_post.add_message(services, album, "m")
    said = await from_post.take_back(services, SPACE, "m")
    again = await from_post.take_back(services, SPACE, "m")

    assert said == Said(key="said.taken-back", values={"count": 2})
    assert again.key == "said.nothing-there"
    assert await verdict(services, ONE) is Outcome.CLEAN


async def test_an_unreadable_picture_is_told(services: Services, album: list[ImageEvent]) -> None:
    """The readable ones are added, and the number of the others is said."""
    said = await from_post.add_message(services, [*album, event("text", message="m")], "m")
    none = await from_post.add_message(services, [event("text", message="n")], "n")

    assert said == Said(key="said.added-some", values={"count": 2, "collection": "blocklist", "bad": 1})
    assert none == Said(key="said.added-none")
    assert await from_post.add_message(services, [], "x") == Said(key="said.no-image")


async def test_a_collection_is_known_by_its_short_name_to_its_owners_only(
    services: Services, album: list[ImageEvent]
) -> None:
    """Its community finds it by the short name; another finds it by no name at all."""
    await from_post.add_message(services, album, "m", collection="logos", purpose=Purpose.BRAND)
    found = await visible_one(services, SPACE, "logos")

    assert (found.purpose, found.owner, short_name(found.name)) == (Purpose.BRAND, SPACE.community, "logos")
    for name in ("logos", own_name(SPACE, "logos")):
        with pytest.raises(NotFound):
            await visible_one(services, ELSEWHERE, name)


async def test_references_are_listed_and_removed_by_key(services: Services, album: list[ImageEvent]) -> None:
    """The list names what is there; what was removed is gone from it."""
    await from_post.add_message(services, album, "m", title="Logo")
    heading, listed = await from_post.listed(services, SPACE)
    gone = await from_post.remove_one(services, SPACE, listed[0].key)
    again = await from_post.remove_one(services, SPACE, listed[0].key)

    assert heading.values == {"count": 2, "collection": "blocklist"}
    assert {one.title for one in listed} == {"Logo"}
    assert (gone.key, again.key) == ("said.removed", "said.nothing-there")
    assert len((await from_post.listed(services, SPACE))[1]) == 1
