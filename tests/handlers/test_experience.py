"""Moderators' decisions make the bot more careful, and only that."""

from dataclasses import replace
from uuid import uuid4

import pytest

from bot.services import Services
from core.cases import Policy
from core.matches import Finding, Verdict
from core.trust import LEAST_DECIDED
from core.types import Collection, Decision, Intent, Mode, Outcome, Purpose
from handlers import intake, references, review
from handlers.experience import with_experience
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from handlers.why import explain
from tests.small import SPACE, FakeFront, event, saved, scribble

COPY = saved(scribble(1).resize((200, 150)), "JPEG", quality=79)


@pytest.fixture
async def watched(services: Services, front: FakeFront) -> Services:
    """A channel that enforces, where a copy of a picture is posted."""
    await services.references.create_collection(Collection(name="library", purpose=Purpose.BRAND))
    await references.add(services, Entry(key="logo"), saved(scribble(1)))
    await services.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")
    front.images = {"copy": COPY}
    return services


async def post(services: Services, image: str, intent: Intent = Intent.POSTED) -> Verdict:
    await intake.accept(services, [event(image, message=uuid4().hex, intent=intent)])
    (waiting,) = await services.inbox.claim(1, LEASE)
    verdict = await screen(services, waiting)
    assert verdict
    return verdict


async def overturn(services: Services, many: int = LEAST_DECIDED) -> None:
    """Moderators say of so many matches like that of the copy that they are none, each in another image.

    Of those images nothing is kept: what was decided about them does not hold for the copy.
    """
    verdict = await post(services, "copy", Intent.QUERY)
    for number in range(many):
        await intake.accept(services, [event(f"other-{number}", message=f"other-{number}")])
        (waiting,) = await services.inbox.claim(1, LEASE)
        case = await services.cases.conclude(waiting, f"sha-{number}", verdict, Mode.ENFORCE)
        assert case
        await review.decide(services, case, Decision.NOT_A_MATCH, "ann")


async def test_matches_that_were_overturned_ask_a_person(watched: Services) -> None:
    """After twenty mistakes the next match of that kind is a review, as sure as experience lets it be."""
    await overturn(watched)
    verdict = await post(watched, "copy")
    (case,) = await watched.cases.newest(limit=1)

    assert (verdict.outcome, verdict.reason) == (Outcome.REVIEW, "unsure")
    assert verdict.best
    assert verdict.best.confidence == pytest.approx(1 / 22)
    assert verdict.best.claimed
    assert verdict.best.claimed > 0.9
    assert (case.actions, case.would_have) == ((), ())


async def test_one_mistake_less_changes_nothing(watched: Services) -> None:
    """Too few decisions say nothing."""
    await overturn(watched, LEAST_DECIDED - 1)

    assert (await post(watched, "copy")).outcome is Outcome.MATCH


async def test_who_asks_hears_what_the_images_say(watched: Services) -> None:
    """A question is answered by the images alone."""
    await overturn(watched)
    verdict = await post(watched, "copy", Intent.QUERY)

    assert verdict.outcome is Outcome.MATCH
    assert verdict.best
    assert verdict.best.claimed is None


async def test_another_community_learns_for_itself(watched: Services) -> None:
    """What moderators say here lowers nothing elsewhere."""
    await overturn(watched)
    there = replace(SPACE, community="next")
    await watched.policies.set(there, Policy(mode=Mode.FLAG), "bo")
    await intake.accept(watched, [event("copy", there)])
    (waiting,) = await watched.inbox.claim(1, LEASE)
    verdict = await screen(watched, waiting)

    assert verdict
    assert verdict.outcome is Outcome.MATCH


async def test_why_tells_of_the_experience(watched: Services) -> None:
    """The gate that the match failed shows the lowered number, and the record stands beside it."""
    await overturn(watched)
    found = await explain(watched, event("copy"))
    nearest = found.nearest[0]
    gates = {gate.name: gate.passed for gate in nearest.gates}

    assert found.finding.verdict.outcome is Outcome.REVIEW
    assert (nearest.experience.right, nearest.experience.wrong) == (0, LEAST_DECIDED)
    assert (gates["closeness"], gates["copy"], gates["match"]) == (True, True, False)


async def test_what_is_no_match_is_left_as_it_is(watched: Services) -> None:
    """A clean image is not judged again."""
    finding = Finding(sha256="", verdict=Verdict(outcome=Outcome.CLEAN, reason="nothing-known"))

    assert await with_experience(watched, SPACE.home, finding, watched.thresholds) is finding
