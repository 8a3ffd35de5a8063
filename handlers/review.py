"""A moderator's word on a case, and its undo. Buttons, commands, API and console all end here.

decision       done to the post            remembered for the next image
violation      removed                     the reference is confirmed: `enforce` may remove its copies
allowed        restored                    exactly this image is clean in this community
not_a_match    restored                    this reference is no match of exactly this image
unsure         nothing                     nothing
undo           the step before, reversed   the decision counts no longer
"""

from collections.abc import Sequence

from core.types import Act, Case, Decision
from handlers.services import Services

ACTS: dict[Decision, tuple[Act, ...]] = {
    Decision.VIOLATION: (Act.REMOVE,),
    Decision.ALLOWED: (Act.RESTORE,),
    Decision.NOT_A_MATCH: (Act.RESTORE,),
    Decision.UNSURE: (),
}


async def decide(services: Services, number: int, decision: Decision, by: str) -> Case:
    """Put a decision in force; raises NotFound, or Conflict when another one is in force already."""
    await services.cases.decide(number, decision, by, ACTS[decision])
    services.outbox_bell.ring()
    return await services.cases.get(number)


async def undo(services: Services, number: int, by: str) -> Case:
    """Take the decision in force back and put the post as it was; raises NotFound or Conflict."""
    case = await services.cases.get(number)
    await services.cases.undo(number, by, undoing(case), case.standing.id if case.standing else None)
    services.outbox_bell.ring()
    return await services.cases.get(number)


def undoing(case: Case) -> Sequence[Act]:
    """The acts that put a post back to how the verdict had left it."""
    standing = case.standing
    before = tuple(action.act for action in case.actions if action.decision is None)
    if standing is None or not ACTS[standing.decision]:
        return ()
    return (Act.RESTORE, *before) if standing.decision is Decision.VIOLATION else before
