"""Where too much is removed without a moderator, the bot holds itself back, says so, and goes on when it is told to."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import Services
from core.brakes import Brake, Caps, Traffic, braked, is_drastic
from core.cases import Case, Policy
from core.chat import Community
from core.errors import Conflict
from core.matches import Match, Verdict
from core.policy import HARMLESS, plan
from core.types import Act, Collection, Decision, Kind, Mode, Outcome, Purpose, Reference
from handlers import braking, intake, references, review
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from store.sql.audit import broken_at
from store.sql.db import Database
from tests.clock import Clock
from tests.small import SPACE, FakeFront, event, saved, scribble

pytestmark = pytest.mark.usefixtures("no_bursts")
SAME = Match(reference=Reference(key="one", collection="library"), kind=Kind.EXACT, confidence=1.0, cosine=1.0)
EXACT = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(SAME,))
ACTS = st.lists(st.sampled_from(list(Act)), max_size=4).map(tuple)


@pytest.fixture
async def strict(services: Services, front: FakeFront) -> Services:
    """A channel that removes copies of two confirmed pictures, of up to 3 people an hour each."""
    made = replace(services, caps=Caps(posts_a_day=50, people_an_hour=3))
    await made.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="cards"), "ann")
    await made.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")
    await made.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    for number, name in enumerate(("one", "two")):
        front.images[name] = saved(scribble(number))
        await references.add(made, Entry(key=name, collection="library"), front.images[name])
        (case,) = await posted(made, name, ["moderator"])
        await review.decide(made, case.id, Decision.VIOLATION, "ann")
    return made


async def posted(services: Services, image: str, authors: Sequence[str]) -> list[Case]:
    """Each of them posts the image; their cases, in order."""
    newest = await services.cases.newest(limit=1)
    for author in authors:
        number = len(await services.cases.newest(limit=500))
        await intake.accept(services, [event(image, message=f"{image}-{number}-{author}", author=author)])
        for waiting in await services.inbox.claim(9, LEASE):
            await screen(services, waiting)
    return [one for one in await services.cases.newest(limit=500) if not newest or one.id > newest[0].id][::-1]


def removed(cases: Sequence[Case]) -> list[bool]:
    return [any(action.act is Act.REMOVE for action in case.actions) for case in cases]


async def test_a_flood_of_one_reference_is_braked(strict: Services, db: Database) -> None:
    """Posts of the fourth person in an hour are only flagged; another reference is removed as before."""
    cases = await posted(strict, "one", ["ann", "bo", "cy", "cy", "di", "ann"])
    (other,) = await posted(strict, "two", ["ed"])

    assert removed(cases) == [True, True, True, True, False, False]
    assert [case.brake for case in cases] == ["", "", "", "", Brake.FLOOD, Brake.FLOOD]
    assert Act.FLAG in [action.act for action in cases[-1].actions]
    assert (removed([other]), other.brake) == ([True], "")
    assert await broken_at(db) is None


async def test_a_day_has_its_cap(strict: Services, clock: Clock) -> None:
    """Whatever the posts show; and the brake holds until somebody lets go, not until the next day."""
    strict = replace(strict, caps=Caps(posts_a_day=5))
    cases = await posted(strict, "one", ["ann"] * 4) + await posted(strict, "two", ["ann"] * 2)
    clock.turn(days=2)
    (later,) = await posted(strict, "one", ["bo"])

    assert removed(cases) == [True] * 5 + [False]
    assert (cases[-1].brake, later.brake) == (Brake.DAILY, Brake.DAILY)


async def test_a_moderator_lets_go(strict: Services, clock: Clock) -> None:
    """What happened before counts no longer, and a second press finds nothing to let go of."""
    held_back = (await posted(strict, "one", ["ann", "bo", "cy", "di"]))[-1]
    await braking.release(strict, held_back.id, "ann")
    clock.turn(seconds=1)
    again = await posted(strict, "one", ["ed", "fay", "gus", "hal"])

    assert [case.brake for case in again] == ["", "", "", Brake.FLOOD]
    await braking.release(strict, held_back.id, "bo")
    with pytest.raises(Conflict):
        await braking.release(strict, held_back.id, "cy")


async def test_what_moderators_do_does_not_count(strict: Services) -> None:
    """The brakes are for what nobody has looked at."""
    await strict.policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    for case in await posted(strict, "one", ["ann", "bo", "cy", "di", "ed", "fay"]):
        await review.decide(strict, case.id, Decision.VIOLATION, "ann")
    await strict.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")

    assert removed(await posted(strict, "one", ["gus"])) == [True]


@given(acts=ACTS, mode=st.sampled_from(Mode))
def test_what_is_held_back_does_nothing_drastic(acts: tuple[Act, ...], mode: Mode) -> None:
    """Whatever a community's flag asks for, only what is harmless is done, in its order; in a dry run nothing."""
    held = plan(EXACT, Policy(mode=mode, flag=acts, enforce=(Act.REMOVE, Act.BAN)), confirmed=False)

    assert not is_drastic(held)
    assert list(held.acts) == [act for act in acts if act in HARMLESS and mode in (Mode.FLAG, Mode.ENFORCE)]


@given(posts=st.integers(0, 300), people=st.integers(0, 300), standing=st.none() | st.sampled_from(list(Brake)))
def test_one_brake_is_enough(posts: int, people: int, standing: Brake | None) -> None:
    """It holds exactly if one stands or a cap is reached."""
    found = braked(Traffic(posts=posts, people=people, standing=standing), Caps())

    assert (found is not None) == (standing is not None or posts >= 100 or people >= 10)
