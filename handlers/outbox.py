"""Carries the committed actions out, each once, and writes down on the case how it went."""

import logging

from core.errors import ResightError
from core.types import ActionRecord, ActState
from handlers.bell import tirelessly
from handlers.services import Services

AT_ONCE = 16
log = logging.getLogger(__name__)


async def carry_out_forever(services: Services) -> None:
    """The outbox loop: in order, woken by verdicts and decisions."""

    async def some() -> int:
        actions = await services.cases.waiting_actions(AT_ONCE)
        for action in actions:
            await carry_out(services, action)
        return len(actions)

    await tirelessly(some, services.outbox_bell)


async def carry_out(services: Services, action: ActionRecord) -> ActState:
    """Ask the front; a failure is a result that the card shows, not an exception that stops the others."""
    case = await services.cases.get(action.case)
    try:
        state, detail = await services.fronts[case.event.space.platform].carry_out(action, case)
    except ResightError as error:
        state, detail = ActState.FAILED, str(error)
    except Exception as error:  # a front's bug is this action's failure, and the next action still has its turn
        log.exception("action %d failed", action.id)
        state, detail = ActState.FAILED, type(error).__name__
    await services.cases.finish_action(action.id, state, detail)
    return state
