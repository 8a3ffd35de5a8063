"""References from a message in chat: all its pictures at once, for this community alone, and undoable."""

from dataclasses import replace

import pytest
from PIL import Image

from bot.services import Services
from core.chat import Said
from core.errors import NotFound, Unscannable
from core.looks import Look
from core.model_ports import Runner
from core.telling import said
from core.types import ImageEvent, Outcome, Purpose, Space
from core.wording import Words
from handlers import from_post
from handlers.collections import own_collection, own_name, short_name, visible, visible_one
from handlers.search import search
from tests.clock import Clock
from tests.small import SPACE, FakeFront, entry, event, saved, scribble

ELSEWHERE = replace(SPACE, community="other guild")
ONE, TWO = saved(scribble(5)), saved(scribble(6))


@pytest.fixture
def album(front: FakeFront) -> list[ImageEvent]:
    front.images = {"one": ONE, "two": TWO, "text": b"no picture"}
    return [event(image, message="m") for image in ("one", "two")]


async def verdict(services: Services, data: bytes, space: Space = SPACE) -> Outcome:
    found = await search(services, data, collections=await visible(services, space.home))
    return found.verdict.outcome


async def test_all_pictures_are_known_at_once(services: Services, album: list[ImageEvent]) -> None:
    """Both match the next post here, and nobody else's community sees them."""
    told = await from_post.add_message(services, album, "m", by="ann")

    assert told == Said(key="said.added", values={"count": 2, "collection": "blocklist"})
    assert [await verdict(services, data) for data in (ONE, TWO)] == [Outcome.MATCH] * 2
    assert await verdict(services, ONE, ELSEWHERE) is Outcome.CLEAN


async def test_adding_twice_changes_nothing(services: Services, album: list[ImageEvent]) -> None:
    """The second time says that they are known."""
    await from_post.add_message(services, album, "m")
    told = await from_post.add_message(services, album, "m")

    assert told == Said(key="said.added-before", values={"collection": "blocklist"})


async def test_an_undo_takes_all_of_them_back(services: Services, album: list[ImageEvent]) -> None:
    """After the undo neither matches; a second undo finds nothing."""
    await from_post.add_message(services, album, "m")
    told = await from_post.take_back(services, SPACE, "m")
    again = await from_post.take_back(services, SPACE, "m")

    assert told == Said(key="said.taken-back", values={"count": 2})
    assert again.key == "said.nothing-there"
    assert await verdict(services, ONE) is Outcome.CLEAN


async def test_an_unreadable_picture_is_told(services: Services, album: list[ImageEvent]) -> None:
    """The readable ones are added, and the number of the others is said."""
    told = await from_post.add_message(services, [*album, event("text", message="m")], "m")
    none = await from_post.add_message(services, [event("text", message="n")], "n")

    why = (Said(key="reason.not-an-image"),)
    assert told == Said(key="said.added-some", values={"count": 2, "collection": "blocklist", "bad": 1}, more=why)
    assert none == Said(key="said.added-none", more=why)
    assert await from_post.add_message(services, [], "x") == Said(key="said.no-image")


async def test_a_collection_is_known_by_its_short_name_to_its_owners_only(
    services: Services, album: list[ImageEvent]
) -> None:
    """Its community finds it by the short name; another finds it by no name at all."""
    await from_post.add_message(services, album, "m", collection="logos", purpose=Purpose.BRAND)
    found = await visible_one(services, SPACE, "logos")

    assert (found.purpose, found.owner, short_name(found.name)) == (Purpose.BRAND, SPACE.home, "logos")
    for name in ("logos", own_name(SPACE, "logos")):
        with pytest.raises(NotFound):
            await visible_one(services, ELSEWHERE, name)


async def test_an_undo_takes_the_last_of_many_back(services: Services) -> None:
    """As many as a message may have, and none of another message."""
    into = await own_collection(services, SPACE, from_post.BLOCKLIST, Purpose.BLOCKLIST)
    most = range(1, from_post.MOST_PICTURES + 1)
    keys = [from_post.key_of(SPACE, message, number) for message in ("m", "other") for number in most]
    await services.references.put([entry(key, collection=into.name) for key in keys])
    told = await from_post.take_back(services, SPACE, "m")

    assert told.values == {"count": from_post.MOST_PICTURES}
    assert (await visible_one(services, SPACE, from_post.BLOCKLIST)).size == from_post.MOST_PICTURES


async def test_the_newest_references_are_listed(services: Services, clock: Clock) -> None:
    """Of many, the last twenty, newest first; the heading counts them all."""
    into = await own_collection(services, SPACE, from_post.BLOCKLIST, Purpose.BLOCKLIST)
    for number in range(from_post.SHOWN + 3):
        clock.turn(minutes=1)
        one = entry(f"{number:02}", collection=into.name)
        await services.references.put([replace(one, reference=replace(one.reference, added_at=clock()))])
    heading, listed = await from_post.listed(services, SPACE)

    assert heading.values["count"] == from_post.SHOWN + 3
    assert [one.key for one in listed] == [f"{number:02}" for number in range(from_post.SHOWN + 2, 2, -1)]


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


class Picky:
    """A runner that finds every reference too plain."""

    def __init__(self, runner: Runner) -> None:
        self.spec = runner.spec

    async def prepare(self, data: bytes) -> tuple[Look, tuple[bytes, ...]]:  # noqa: ARG002
        raise Unscannable("plain", "There is too little in the picture to recognise it by.")


@pytest.mark.parametrize("reason", ["plain", "blank"])
async def test_why_a_picture_is_no_reference_is_told(
    services: Services, front: FakeFront, toy_runner: Runner, reason: str
) -> None:
    """A plain picture is refused in a sentence of its own, a blank one in its."""
    front.images = {"flat": saved(Image.new("RGB", (90, 90), "teal")) if reason == "blank" else ONE}
    picky = replace(services, runner=Picky(toy_runner)) if reason == "plain" else services  # type: ignore[arg-type]
    told = await from_post.add_message(picky, [event("flat", message="m")], "m")

    assert told == Said(key="said.added-none", more=(Said(key=f"reason.{reason}"),))
    assert said(Words.of("en"), told).count("\n") == 1


async def test_the_same_file_from_another_message_is_not_added_again(
    services: Services, album: list[ImageEvent]
) -> None:
    """Two messages with one file make one reference, and the second hears that it is known."""
    await from_post.add_message(services, album, "m", title="Logo")
    again = await from_post.add_message(services, [event("one", message="n")], "n")

    assert again.key == "said.added-before"
    assert [note.key for note in again.more] == ["added.same-file"]
    assert len((await from_post.listed(services, SPACE))[1]) == 2


async def test_what_is_worth_knowing_follows(services: Services, album: list[ImageEvent], front: FakeFront) -> None:
    """A copy of a known image is added and told; the same note is told once."""
    await from_post.add_message(services, album, "m", title="Logo")
    smaller = [saved(scribble(5).resize((200, 150)), "JPEG", quality=quality) for quality in (60, 80)]
    front.images |= {"a": smaller[0], "b": smaller[1]}
    told = await from_post.add_message(services, [event("a", message="n"), event("b", message="n")], "n")

    assert told.key == "said.added"
    assert {note.key for note in told.more} == {"added.duplicate"}
    assert told.more[0].values["collection"] == "blocklist"
