"""Carries the committed actions out, each once, and writes down on the case how it went.

    waiting --claim--> order --front--> done | gone | forbidden | unsupported | failed
        ^                        |
        +------- RetryLater -----+     with growing pauses, up to OUTAGE_ATTEMPTS

The actions of one case go in order, those of different cases side by side.
"""

import logging
from datetime import timedelta

from core.cases import ActionRecord, Case
from core.chat import Carried, Order
from core.errors import ResightError, RetryLater
from core.types import Act, ActState
from handlers import evidence
from handlers.bell import Hands, tirelessly
from handlers.services import Services

AT_ONCE = 16
OUTAGE_ATTEMPTS = 40
"""Tries while a platform can't be reached: with their pauses about an hour."""

NOT_AGAIN = Carried(state=ActState.UNSUPPORTED, sentence="no-original")
"""What was called suspected child abuse is posted again by nobody, whatever is decided later."""

SHOWS_A_PICTURE = frozenset({Act.CARD, Act.ANSWER})
log = logging.getLogger(__name__)


async def carry_out_forever(services: Services) -> None:
    """The outbox loop, woken by verdicts and decisions."""
    busy: set[int] = set()

    async def one(action: ActionRecord) -> None:
        try:
            await carry_out(services, action)
        except ResightError as error:  # a full disk: what was done is not written down, and is asked for again
            log.warning("%s", error)
        finally:
            busy.discard(action.id)
            services.outbox_bell.ring()  # the case's next action may go now

    async with Hands(AT_ONCE) as hands:

        async def some() -> int:
            actions = await services.cases.claim_actions(hands.room, busy)
            busy.update(action.id for action in actions)
            for action in actions:
                hands.take(one(action))
            await hands.rest()
            return len(actions)

        await tirelessly(some, services.outbox_bell)


async def carry_out(services: Services, action: ActionRecord) -> Carried | None:
    """Ask the front; a failure is a result that the card shows. None = it will be tried again."""
    try:
        carried = await _ask_front(services, action)
    except RetryLater as error:
        if action.attempts < OUTAGE_ATTEMPTS:
            services.meter.retry("action")
            await services.cases.retry_action(action.id, pause(action.attempts), str(error))
            return None
        carried = Carried(state=ActState.FAILED, sentence=str(error))
    except ResightError as error:
        carried = Carried(state=ActState.FAILED, sentence=str(error))
    except Exception as error:  # a front's bug is this action's failure, and the next action still has its turn
        log.exception("action %d failed", action.id)
        carried = Carried(state=ActState.FAILED, sentence=type(error).__name__)
    await services.cases.finish_action(action.id, carried)
    services.meter.action(action.act, carried.state)
    return carried


async def _ask_front(services: Services, action: ActionRecord) -> Carried:
    case = await services.cases.get(action.case)
    about = next(one for one in case.pictures if one.id == action.case)
    if action.act is Act.RESTORE and case.is_suspected:
        return NOT_AGAIN
    if action.act in (Act.TIMEOUT, Act.RELEASE) and not about.event.author:
        return Carried(state=ActState.UNSUPPORTED, sentence="forgotten")
    front = services.fronts.get(about.event.space.platform)
    if front is None:
        raise RetryLater("not-running")
    return await front.carry_out(await _order(services, action, case, about))


async def _order(services: Services, action: ActionRecord, case: Case, about: Case) -> Order:
    space = about.event.space
    shown_first = action.act in SHOWS_A_PICTURE and not case.receipt(action.act)
    return Order(
        action=action,
        case=case,
        about=about,
        community=await services.communities.get(space.platform, space.community),
        policy=await services.policies.for_space(space),
        picture=await evidence.picture(services, case) if shown_first else None,
    )


def pause(attempts: int) -> timedelta:
    """1 s, doubling to 100 s."""
    return timedelta(seconds=min(100, 2 ** max(0, attempts - 1)))
