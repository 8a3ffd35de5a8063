"""Holds the bot back where it would act on too much by itself, until a moderator lets go; the rule is in `core.brakes`.

plan --held_back--> the plan, or what is harmless of it and the brake      card's button --release--> the brake is off
"""

from core.brakes import Brake, braked, held, is_drastic
from core.cases import Case, Policy
from core.errors import Conflict
from core.matches import Verdict
from core.policy import Plan
from core.types import Act, ImageEvent
from handlers.services import Services


async def held_back(
    services: Services, event: ImageEvent, verdict: Verdict, planned: Plan, policy: Policy
) -> tuple[Plan, Brake | None]:
    """What may be done about this post now; a brake that trips with it says so on its case."""
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


async def release(services: Services, number: int, by: str) -> Case:
    """Let the bot act by itself again; raises NotFound, or Conflict if nothing holds it back."""
    case = await services.cases.get(number)
    best = case.verdict.best
    if best is None or not await services.brakes.release(case.event.space.home, best.reference.id, by):
        raise Conflict("Nothing holds the bot back here any more.")
    await services.cases.ask(case.id, "released", [Act.CARD])
    services.outbox_bell.ring()
    return case
