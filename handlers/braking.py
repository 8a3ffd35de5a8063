"""Holds the bot back where it would act on too much by itself, until a moderator releases it; see `core.brakes`.

plan --held_back--> the plan, or what is harmless of it and the brake      card's button --release--> the brake is off
"""

from collections.abc import Set
from typing import Protocol

from core.brakes import Brake, braked, is_drastic
from core.cases import Case, Policy
from core.errors import Conflict, Overtaken
from core.matches import Verdict
from core.policy import Plan, plan
from core.types import Act, Decision, ImageEvent, Space
from handlers.needs import HasBrakes, HasCaps, HasCases, HasOutboxBell, HasPolicies
from handlers.review import treatment


class BrakeNeeds(HasBrakes, HasCaps, Protocol):
    """What holds the bot back."""


class ReleaseNeeds(HasCases, HasPolicies, HasBrakes, HasOutboxBell, Protocol):
    """What lets it go again, and renews the card."""


async def held_back(
    services: BrakeNeeds, event: ImageEvent, verdict: Verdict, planned: Plan, policy: Policy
) -> tuple[Plan, Brake | None]:
    """Return what may be done about this post now, and the brake that limits it, tripped if its limit is reached.

    While one holds, that is what would be done if nobody had confirmed it.
    """
    if not is_drastic(planned) or verdict.best is None:
        return planned, None
    community, reference = event.space.home, verdict.best.reference.id
    traffic = await services.brakes.traffic(community, reference, event.author)
    brake = braked(traffic, services.caps)
    if brake is None:
        return planned, None
    if brake is not traffic.standing:
        await services.brakes.trip(community, brake, reference)
    return plan(verdict, policy, confirmed=False), brake


def may_release(case: Case) -> bool:
    """Return whether there is something to release: a brake holds, or it kept posts from what a violation asks for."""
    standing, held = case.standing, case.burst.held if case.burst else 0
    waits = bool(held) and standing is not None and standing.decision is Decision.VIOLATION
    return bool(case.brake) and (case.is_braked or waits)


async def release(services: ReleaseNeeds, number: int, by: str, within: Set[Space] | None = None) -> Case:
    """Release the brake on a case, so that the bot acts by itself again, and do what it held back on the case's burst.

    Each burst is treated by its own card, also if the brake, which may be the whole community's, is off already. Raises
    NotFound, or Conflict if no brake holds and nothing was held back. `within` is as in `handlers.review.decide`.
    """
    case = await services.cases.get(number)
    caught_up = await _catch_up(services, case, within)  # first: a crash in between leaves a brake to release
    best = case.verdict.best
    is_off = best is not None and await services.brakes.release(case.event.space.home, best.reference.id, by)
    if not caught_up and not is_off:
        raise Conflict("Nothing holds the bot back here any more.")
    await services.cases.ask(case.id, "released", [Act.CARD])
    services.outbox_bell.ring()
    return case


async def _catch_up(services: ReleaseNeeds, case: Case, within: Set[Space] | None) -> int:
    """Ask for what a violation in force asks of the posts that were held back; return how many acts that are."""
    standing = case.standing
    if case.burst is None or not case.burst.held or standing is None or standing.decision is not Decision.VIOLATION:
        return 0
    spaces = await services.cases.spaces(case.id) if within is None else within
    treat = await treatment(services, spaces, Decision.VIOLATION)
    try:
        return await services.cases.catch_up(case.id, treat, standing.id)
    except Overtaken:
        if within is not None:
            raise
        return await _catch_up(services, case, None)
