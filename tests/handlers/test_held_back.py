"""Posts of a burst that a brake held back: a press on their card removes them, whoever let the bot go on before."""

import pytest

from bot.services import Services
from core.brakes import Brake
from core.cases import Case, Policy
from core.errors import Conflict
from core.matches import Match, Verdict
from core.types import Act, Content, Decision, Kind, Mode, Outcome, Reference
from handlers import braking, review
from handlers.screening import LEASE
from tests.small import SPACE, event

BRANDS = [Reference(key=key, collection="brands") for key in ("one", "two")]


async def posted(services: Services, reference: Reference, message: str, brake: str = "") -> int:
    """The case of a copy of a reference that joins what it can."""
    found = Match(reference=reference, kind=Kind.EDITED, confidence=0.97, cosine=0.8, content=Content.SAME)
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(found,))
    await services.inbox.accept([event(message=message)])
    (waiting,) = await services.inbox.claim(1, LEASE)
    standing = await services.cases.follows(waiting.event, verdict, joins=True)
    decision = standing.id if standing else None
    number = await services.cases.conclude(
        waiting, message, verdict, Mode.ENFORCE, brake=brake, late=(Act.REMOVE,), decision=decision
    )
    assert number
    return number


@pytest.fixture
async def held(services: Services) -> list[Case]:
    """Two bursts that moderators called violations, each with a copy that one brake of the community held back."""
    await services.policies.set(SPACE, Policy(mode=Mode.ENFORCE), "mo")
    for reference in BRANDS:
        first = await posted(services, reference, f"{reference.key}-1")
        await review.decide(services, first, Decision.VIOLATION, "mo")
        await posted(services, reference, f"{reference.key}-2", Brake.DAILY)
    await services.brakes.trip(SPACE.home, Brake.DAILY, BRANDS[0].id)
    return (await services.cases.newest())[::-1]


async def removals(services: Services, case: Case) -> int:
    assert case.burst
    post = await services.cases.post(case.burst.newest)
    return [action.act for action in post.actions].count(Act.REMOVE)


async def test_each_card_removes_what_it_shows(services: Services, held: list[Case]) -> None:
    """The brake is the whole community's and goes with the first press; the second card's posts go with the second."""
    one, two = held
    await braking.release(services, one.id, "mo")
    after_first = [await removals(services, case) for case in held]
    await braking.release(services, two.id, "mo")
    after_second = [await removals(services, case) for case in held]

    now = [await services.cases.get(case.id) for case in held]

    assert (after_first, after_second) == ([1, 0], [1, 1])
    assert [case.burst and case.burst.held for case in (*held, *now)] == [1, 1, 0, 0]
    for case in held:
        with pytest.raises(Conflict):
            await braking.release(services, case.id, "mo")


async def test_what_was_allowed_meanwhile_stays(services: Services, held: list[Case]) -> None:
    """Only a violation asks for the removal of what was held back."""
    await review.undo(services, held[1].id, "mo")
    await review.decide(services, held[1].id, Decision.ALLOWED, "mo")
    await braking.release(services, held[1].id, "mo")

    assert await removals(services, held[1]) == 0
