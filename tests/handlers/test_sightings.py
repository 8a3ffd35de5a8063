"""What is remembered of images, and what a new reference would have met among them."""

from dataclasses import replace

import numpy as np
import pytest

from bot.services import Services
from core.chat import Community
from core.types import Collection, Intent, Outcome, Vectors
from handlers import communities, intake, references
from handlers.communities import LONGEST_MEMORY
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from handlers.sightings import Sightings, recall
from tests.clock import Clock
from tests.small import SPACE, FakeFront, Toy, event, saved, scribble

POSTED = {str(seed): saved(scribble(seed)) for seed in range(1, 5)}


@pytest.fixture
async def watched(services: Services, front: FakeFront) -> Services:
    """A channel that is watched, in a community that remembers for a day."""
    front.images = {**POSTED, "text": b"no picture"}
    here = Community(platform=SPACE.platform, id=SPACE.community, remember_hours=24)
    await services.communities.put(here, "ann")
    return services


async def post(services: Services, *images: str, intent: Intent = Intent.POSTED) -> None:
    await intake.accept(services, [event(one, link=f"https://example.org/{one}", intent=intent) for one in images])
    for waiting in await services.inbox.claim(99, LEASE):
        assert await screen(services, waiting)


async def vectors_of(services: Services, image: str) -> Vectors:
    return (await services.runner.prepare(POSTED[image]))[0].vectors


async def memory_of(services: Services, image: str, community: str = SPACE.home) -> Sightings:
    (memory,) = await recall(services, community, [await vectors_of(services, image)])
    return memory


async def test_nothing_is_remembered_unasked(watched: Services) -> None:
    """A community that chose nothing is not remembered."""
    here = await watched.communities.get(SPACE.platform, SPACE.community)
    await watched.communities.put(replace(here, remember_hours=0), "ann")
    await post(watched, "1")

    assert await memory_of(watched, "1") == Sightings()


async def test_what_was_posted_is_met_again(watched: Services) -> None:
    """A reference would have matched its own copy among the images of late, and only that one."""
    await post(watched, "1", "2", "3", "text")
    memory = await memory_of(watched, "2")

    assert (memory.seen, memory.copies, memory.links) == (3, 1, ("https://example.org/2",))
    assert not memory.is_common
    assert (await memory_of(watched, "4")).copies == 0


async def test_questions_are_not_remembered(watched: Services) -> None:
    """Who asks leaves no trace; a report is looked at like a post."""
    await post(watched, "1", intent=Intent.QUERY)
    asked = await memory_of(watched, "1")
    await post(watched, "2", intent=Intent.REPORTED)

    assert asked == Sightings()
    assert (await memory_of(watched, "2")).copies == 1


async def test_communities_do_not_meet(watched: Services) -> None:
    """What was posted here is nobody else's business; the operator's shared collections are held against all."""
    await post(watched, "1")

    assert await memory_of(watched, "1", "discord:next") == Sightings()
    assert (await memory_of(watched, "1", "")).copies == 1


async def test_only_whole_frames_are_remembered(watched: Services, front: FakeFront) -> None:
    """Neither mirrored views nor parts of a picture: the first four frames of an animation."""
    frames = [scribble(seed) for seed in range(1, 8)]
    front.images["film"] = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    await post(watched, "film")
    (recent,) = [one async for page in watched.screened.each(SPACE.home, Toy.spec) for one in page]

    assert recent.vectors.shape == (4, Toy.spec.dim)


async def test_remembering_changes_no_verdict(watched: Services) -> None:
    """A match is a match, remembered or not."""
    await watched.references.create_collection(Collection(name="library"))
    await references.add(watched, Entry(key="logo"), saved(scribble(1), "BMP"))
    await post(watched, "1")
    (case,) = await watched.cases.newest()

    assert case.verdict.outcome is Outcome.MATCH
    assert (await memory_of(watched, "1")).seen == 1


def leaning(cosine: float, towards: int) -> Vectors:
    """A vector with this cosine to the first axis."""
    row = np.zeros((1, Toy.spec.dim), np.float32)
    row[0, 0], row[0, towards] = cosine, np.sqrt(1 - cosine**2)
    return row


@pytest.mark.parametrize(
    ("near", "far", "is_common"),
    [
        (3, 100, True),
        (2, 0, False),  # too few to say anything
        (3, 400, False),  # less than one in a hundred
        (0, 100, False),
    ],
)
async def test_a_common_screen_is_alike_to_many(services: Services, near: int, far: int, is_common: bool) -> None:
    """A reference that looks like more than one in a hundred images without being their copy is a common screen."""
    for number in range(near + far):
        vector = leaning(0.6 if number < near else 0.1, 1 + number % 60)
        await services.screened.remember(event(str(number)), Toy.spec, vector)
    (memory,) = await recall(services, SPACE.home, [leaning(1.0, 1)])

    assert (memory.seen, memory.copies, memory.alike) == (near + far, 0, near)
    assert memory.is_common is is_common


async def test_a_picture_that_is_posted_often_is_no_common_screen(services: Services) -> None:
    """Copies speak for the reference, not against it; a few of them are named."""
    for number in range(9):
        await services.screened.remember(
            event(str(number), link=f"https://example.org/{number}"), Toy.spec, leaning(0.9, 1 + number)
        )
    (memory,) = await recall(services, SPACE.home, [leaning(1.0, 1)])

    assert (memory.copies, memory.alike, memory.is_common) == (9, 0, False)
    assert memory.links == tuple(f"https://example.org/{number}" for number in range(3))


async def test_many_references_are_held_against_it_at_once(services: Services) -> None:
    """Each has its own answer, animations by the best of their frames."""
    await services.screened.remember(event("film"), Toy.spec, np.vstack([leaning(0.1, 5), leaning(1.0, 1)]))
    await services.screened.remember(event("other"), Toy.spec, leaning(0.0, 7))
    film = np.vstack([leaning(0.0, 9), leaning(1.0, 1)])
    memories = await recall(services, SPACE.home, [leaning(0.0, 7), film, leaning(0.0, 20)])

    assert [(one.seen, one.copies) for one in memories] == [(2, 1), (2, 1), (2, 0)]


async def test_staff_choose_how_long(watched: Services, clock: Clock) -> None:
    """What is kept is said when it is switched on; switching it off deletes what there is."""
    here = await watched.communities.get(SPACE.platform, SPACE.community)
    told = await communities.set_memory(watched, here, LONGEST_MEMORY, "ann")
    wrong = [await communities.set_memory(watched, here, hours, "ann") for hours in (-1, LONGEST_MEMORY + 1)]
    await post(watched, "1")
    clock.turn(minutes=1)
    off = await communities.set_memory(watched, here, 0, "ann")

    assert (told.key, told.values) == ("said.remember", {"hours": LONGEST_MEMORY})
    assert [one.key for one in wrong] == ["said.remember-wrong"] * 2
    assert off.key == "said.remember-off"
    assert await memory_of(watched, "1") == Sightings()
