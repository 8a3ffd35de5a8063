"""Holds the bot back where it would act on too much by itself, until a moderator releases it; see `core.brakes`.

plan --held_back--> the plan, or what is harmless of it and the brake      card's button --release--> the brake is off
"""

from typing import Protocol

from core.brakes import Brake, braked, held, is_drastic
from core.cases import Case, Policy
from core.errors import Conflict
from core.matches import Verdict
from core.policy import Plan
from core.types import Act, Decision, ImageEvent
from handlers.needs import HasBrakes, HasCaps, HasCases, HasOutboxBell, HasPolicies
from handlers.review import treatment


class BrakeNeeds(HasBrakes, HasCaps, Protocol):
    """What holds the bot back."""


class ReleaseNeeds(HasCases, HasPolicies, HasBrakes, HasOutboxBell, Protocol):
    """What lets it go again, and renews the card."""


async def held_back(
    services: BrakeNeeds, event: ImageEvent, verdict: Verdict, planned: Plan, policy: Policy
) -> tuple[Plan, Brake | None]:
    """Return what may be done about this post now, and the brake that limits it, tripped if its limit is reached."""
    if not is_drastic(planned) or verdict.best is None:
        return planned, None
    community, reference = event.space.home, verdict.best.reference.id
    traffic = await services.brakes.traffic(community, reference, event.author)
    brake = braked(traffic, services.caps)
    if brake is None:
        return planned, None
    if brake is not traffic.standing:
        await services.brakes.trip(community, brake, reference)
    return held(policy), brake


async def release(services: ReleaseNeeds, number: int, by: str) -> Case:
    """Release the brake on a case, so that the bot acts by itself again, and does what a violation in force on its
    burst asks of the posts that were held back. Raises NotFound, or Conflict if no brake holds.
    """
    case = await services.cases.get(number)
    best = case.verdict.best
    if best is None or not await services.brakes.release(case.event.space.home, best.reference.id, by):
        raise Conflict("Nothing holds the bot back here any more.")
    if case.burst and case.standing and case.standing.decision is Decision.VIOLATION:
        await services.cases.catch_up(case.id, await treatment(services, case, Decision.VIOLATION))
    await services.cases.ask(case.id, "released", [Act.CARD])
    services.outbox_bell.ring()
    return case
