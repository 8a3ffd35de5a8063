"""Posts that join a burst after its decision: treated as that says, within what brakes and a dry run allow."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.services import Services
from core.brakes import Brake, Caps
from core.cases import Case, Policy, Waiting
from core.chat import Community
from core.types import Act, Collection, Decision, Mode, Purpose
from handlers import braking, intake, references, review
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from tests.small import SPACE, FakeFront, event, saved, scribble

ELSEWHERE = replace(SPACE, channel="elsewhere")


@pytest.fixture
async def raided(services: Services, front: FakeFront) -> Services:
    """One known picture, in a dry run that would remove and flag; the brake lets the posts of two people an hour go."""
    made = replace(services, caps=Caps(people_an_hour=2))
    await made.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="cards"), "mo")
    await made.policies.set(SPACE, Policy(mode=Mode.DRY_RUN), "mo")
    await made.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    front.images["one"] = saved(scribble(0))
    await references.add(made, Entry(key="one", collection="library"), front.images["one"])
    return made


async def received(services: Services, message: str, author: str, **said: object) -> Sequence[Waiting]:
    space = said.pop("space", SPACE)
    images = said.pop("images", ("one",))
    assert isinstance(images, tuple)
    posts = [event(image, space, message=message, author=author, **said) for image in images]  # type: ignore[arg-type]
    await intake.accept(services, posts)
    return await services.inbox.claim(9, LEASE)


async def posted(services: Services, message: str, author: str, **said: object) -> None:
    """Somebody posts the picture, and it gets its verdict."""
    for waiting in await received(services, message, author, **said):
        await screen(services, waiting)


async def decided(services: Services) -> Case:
    """The case of a first post that a moderator called a violation."""
    await posted(services, "first", "ann")
    (case,) = await services.cases.newest()
    return await review.decide(services, case.id, Decision.VIOLATION, "mo")


async def acts_on(services: Services, message: str, space: object = SPACE) -> list[Act]:
    """What was asked about a message, whichever of its pictures."""
    channel = space.channel  # type: ignore[attr-defined]
    (shown,) = await services.cases.of_message(SPACE.platform, channel, message)
    found = [await services.cases.post(one.id) for one in await services.cases.treated(shown.id)]
    posts = {one.id: one for one in found if one.event.message == message and one.event.space.channel == channel}
    asked = [action for post in posts.values() for one in post.pictures for action in one.actions]
    return [action.act for action in asked if action.act is not Act.CARD]


async def test_a_dry_run_flags_nothing_that_a_brake_held_back(raided: Services) -> None:
    """What comes late is removed because a moderator said so; where the brake forbids that, it is left as it is."""
    case = await decided(raided)
    for author in ("bo", "cy", "di"):
        await posted(raided, author, author)
    case = await raided.cases.get(case.id)

    assert [await acts_on(raided, message) for message in ("bo", "cy", "di")] == [[Act.REMOVE], [Act.REMOVE], []]
    assert case.burst
    assert (case.burst.held, case.brake) == (1, Brake.FLOOD)


async def test_what_a_brake_held_back_was_not_treated(raided: Services) -> None:
    """The card counts it as held back, and not among those that were treated as the decision says."""
    case = await decided(raided)
    raided.clock.turn(seconds=1)  # type: ignore[attr-defined]
    for author in ("bo", "cy", "di"):
        await posted(raided, author, author)
    before = (await raided.cases.get(case.id)).burst
    await braking.release(raided, case.id, "mo")
    after = (await raided.cases.get(case.id)).burst

    assert before and after
    assert [(one.late, one.held) for one in (before, after)] == [(2, 1), (3, 0)]


async def test_a_message_of_several_pictures_is_removed_once(raided: Services, front: FakeFront) -> None:
    """However many of them show the known picture; a second removal would be told as "gone"."""
    front.images["again"] = front.images["more"] = front.images["one"]
    await decided(raided)
    await posted(raided, "late", "bo", images=("one", "again", "more"), group="late")

    assert await acts_on(raided, "late") == [Act.REMOVE]


async def test_a_picture_that_is_looked_at_after_the_press_removes_its_message_no_second_time(
    raided: Services, front: FakeFront
) -> None:
    """The press came between two pictures of one message, and has removed it."""
    front.images["again"] = front.images["one"]
    one, again = await received(raided, "first", "ann", images=("one", "again"), group="first")
    await screen(raided, one)
    (case,) = await raided.cases.newest()
    await review.decide(raided, case.id, Decision.VIOLATION, "mo")
    await screen(raided, again)

    assert await acts_on(raided, "first") == [Act.REMOVE]


async def test_a_message_of_several_pictures_is_held_back_once(raided: Services, front: FakeFront) -> None:
    """It waits as one post, and none of it once it was removed."""
    front.images["again"] = front.images["one"]
    case = await decided(raided)
    for author in ("bo", "cy"):
        await posted(raided, author, author)
    await posted(raided, "di", "di", images=("one", "again"), group="di")
    held = (await raided.cases.get(case.id)).burst
    await braking.release(raided, case.id, "mo")
    released = (await raided.cases.get(case.id)).burst

    assert held and released
    assert (held.held, released.held) == (1, 0)
    assert await acts_on(raided, "di") == [Act.REMOVE]


@pytest.mark.parametrize("album", ["", "album"])
async def test_a_decision_of_that_very_moment_passes_no_brake(
    raided: Services, monkeypatch: pytest.MonkeyPatch, album: str
) -> None:
    """Made while a post gets its verdict: the brake is asked about what it wants, too; so for the rest of an album."""
    await posted(raided, "first", "ann", group=album)
    (case,) = await raided.cases.newest()
    await raided.brakes.trip(SPACE.home, Brake.DAILY, case.verdict.matches[0].reference.id)
    conclude = raided.cases.conclude

    async def after_the_press(*given: object, **said: object) -> int | None:
        monkeypatch.setattr(raided.cases, "conclude", conclude)
        await review.decide(raided, case.id, Decision.VIOLATION, "mo")
        return await conclude(*given, **said)  # type: ignore[arg-type]

    monkeypatch.setattr(raided.cases, "conclude", after_the_press)
    await posted(raided, "late", "bo", group=album)
    case = await raided.cases.get(case.id)

    assert await acts_on(raided, "late") == []
    assert case.pictures[-1].brake == Brake.DAILY if album else case.burst and case.burst.held == 1


async def test_the_rest_of_an_album_meets_the_brake(raided: Services, front: FakeFront) -> None:
    """Its further messages that come after the press are held back like those of anybody else."""
    front.images["again"] = front.images["one"]
    await posted(raided, "first", "ann", group="album")
    (case,) = await raided.cases.newest()
    await review.decide(raided, case.id, Decision.VIOLATION, "mo")
    await raided.brakes.trip(SPACE.home, Brake.DAILY, case.verdict.matches[0].reference.id)
    await posted(raided, "second", "ann", group="album", images=("again",))

    assert await acts_on(raided, "second") == []


async def test_suspected_abuse_is_held_back_by_no_brake(raided: Services) -> None:
    """It goes, however much was removed, and no brake is shown."""
    await posted(raided, "first", "ann")
    (case,) = await raided.cases.newest()
    await review.decide(raided, case.id, Decision.ABUSE, "mo")
    await raided.brakes.trip(SPACE.home, Brake.DAILY, case.verdict.matches[0].reference.id)
    await posted(raided, "late", "bo")
    case = await raided.cases.get(case.id)

    assert await acts_on(raided, "late") == [Act.REMOVE]
    assert (case.brake, case.burst and case.burst.held) == ("", 0)
