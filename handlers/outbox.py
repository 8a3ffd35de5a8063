"""Carries out the committed actions, each once, and stores on the case how it went.

    waiting --claim--> order --front--> done | gone | forbidden | unsupported | failed
        ^                        |
        +------- RetryLater -----+     with growing pauses, up to OUTAGE_ATTEMPTS

The actions of one case are carried out in order, those of different cases side by side. Acts on posts never wait for
messages, of which platforms allow only a few a minute: messages have half of the places, and a community's cards are
sent one after the other (`LANES`), as are words to authors: in a raid those who can't be told alone are told together.
"""

import contextlib
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from core.backoff import QUEUE
from core.cases import NO_BACKGROUND, NO_CARD, ActionRecord, Beside, Case
from core.chat import Carried, Order
from core.errors import ResightError, RetryLater
from core.policy import DRASTIC, MESSAGES, ON_THE_AUTHOR
from core.ports import Front
from core.types import Act, ActState, Intent
from handlers import background, beside, choices, evidence, notices
from handlers.bell import tirelessly
from handlers.evidence import EvidenceNeeds
from handlers.needs import (
    HasCases,
    HasChoices,
    HasCommunities,
    HasFronts,
    HasMeter,
    HasOutboxBell,
    HasParts,
    HasPolicies,
    HasWarnings,
)
from handlers.notices import NoticeNeeds
from handlers.worker_pool import WorkerPool

AT_ONCE = 32
OF_ONE = 12
"""Acts on posts of one community at a time: hundreds of removals in one leave places for the others."""

OUTAGE_ATTEMPTS = 40
"""Tries while a platform does not answer: with their pauses about an hour.

There are none while its front is known to be down (`handlers.parts`).
"""

UNSEEN = Carried(state=ActState.FORBIDDEN, sentence=NO_CARD)
"""Answer to a removal without a moderator where moderators can't be told of it: it is not done."""

AGAIN_WITHIN = timedelta(days=7)
"""Age up to which a refused action is tried again once it may work."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A group of acts that wait for each other only: at most `many` in hand, and at most `each` of one community."""

    acts: frozenset[Act]
    many: int
    each: int | None = None


LANES = (
    Lane(frozenset(Act) - MESSAGES - {Act.TELL}, AT_ONCE, each=OF_ONE),
    Lane(frozenset({Act.TELL}), 6, each=1),
    Lane(frozenset({Act.ANSWER}), 6, each=2),
    Lane(frozenset({Act.CARD}), 10, each=1),
)
"""The messages of all lanes together have half of the places: `WorkerPool.until_half_free` waits for the others."""

log = logging.getLogger(__name__)


class OrderNeeds(EvidenceNeeds, HasCases, HasPolicies, HasCommunities, HasChoices, HasFronts, Protocol):
    """What writes the order of an action."""


class ActionNeeds(EvidenceNeeds, HasCases, HasPolicies, HasCommunities, HasChoices, HasFronts, HasWarnings, Protocol):
    """What gives an order to a front."""


class PlaceNeeds(HasCases, HasCommunities, Protocol):
    """What knows where cards of a case go."""


class CardTriedNeeds(NoticeNeeds, HasOutboxBell, Protocol):
    """What warns moderators who see no card, and shows them later what they missed."""


class CarryOutNeeds(EvidenceNeeds, NoticeNeeds, HasPolicies, HasChoices, HasMeter, HasOutboxBell, Protocol):
    """What carries an action out."""


class AgainNeeds(HasCases, HasOutboxBell, Protocol):
    """What has actions tried again."""


class OutboxNeeds(EvidenceNeeds, NoticeNeeds, HasPolicies, HasChoices, HasMeter, HasParts, HasOutboxBell, Protocol):
    """What carries actions out for ever."""


async def carry_out_forever(services: OutboxNeeds) -> None:
    """Carry out actions, for ever; verdicts and decisions wake the loop."""
    async with WorkerPool(AT_ONCE) as pool:
        await tirelessly(Dispatcher(services, pool).some, services.outbox_bell)


class Dispatcher:
    """Claims actions for a worker pool, lane by lane, and remembers which are in hand."""

    def __init__(self, services: OutboxNeeds, pool: WorkerPool) -> None:
        self._services, self._pool = services, pool
        self._busy: dict[int, Act] = {}

    async def some(self) -> int:
        """Claim as many actions as there is room for and start them; return how many."""
        taken = sum([await self._some_of(lane) for lane in LANES])
        await self._pool.until_half_free()
        return taken

    async def _some_of(self, lane: Lane) -> int:
        room = min(self._pool.room, lane.many - sum(act in lane.acts for act in self._busy.values()))
        away = self._services.parts.unreachable
        actions = await self._services.cases.claim_actions(
            room, self._busy.keys(), acts=lane.acts, each=lane.each, away=away
        )
        for action in actions:
            self._busy[action.id] = action.act
            self._pool.start(self._work_on(action))
        return len(actions)

    async def _work_on(self, action: ActionRecord) -> None:
        try:
            await carry_out(self._services, action)
        except ResightError as error:  # a full disk: what was done is not written down, and is asked for again
            log.warning("%s", error)
        except Exception:  # a bug in what comes after the front; the others go on, and this one comes later again
            log.exception("action %d could not be written down", action.id)
            await self._put_off(action)
        finally:
            del self._busy[action.id]
            self._services.outbox_bell.ring()  # the case's next action may go now

    async def _put_off(self, action: ActionRecord) -> None:
        with contextlib.suppress(Exception):  # else it is asked for again at once: the front does it only once
            await self._services.cases.retry_action(action.id, pause(action.attempts), "internal error")


async def carry_out(services: CarryOutNeeds, action: ActionRecord) -> Carried | None:
    """Have the front carry the action out and return how it went; None = it will be tried again.

    A failure is a result, which the card shows.
    """
    cards_go_to = await _log_of(services, action.case) if action.act is Act.CARD else ""
    try:
        carried = await _ask_front(services, action)
    except RetryLater as error:
        if action.attempts < OUTAGE_ATTEMPTS:
            services.meter.retry("action")
            await services.cases.retry_action(action.id, pause(action.attempts, error), str(error))
            return None
        carried = Carried(state=ActState.FAILED, sentence=str(error))
    except ResightError as error:
        carried = Carried(state=ActState.FAILED, sentence=str(error))
    except Exception as error:  # a front's bug is this action's failure, and the next action still has its turn
        log.exception("action %d failed", action.id)
        carried = Carried(state=ActState.FAILED, sentence=type(error).__name__)
    await services.cases.finish_action(action.id, carried)
    if action.act is Act.CARD:
        await _card_tried(services, action.case, carried, cards_go_to)
    services.meter.action(action.act, carried.state)
    return carried


async def _ask_front(services: ActionNeeds, action: ActionRecord) -> Carried:
    post, case = await _about(services, action)
    about = next(picture for picture in post.pictures if picture.id == action.case)
    if action.act is Act.RESTORE and case.is_suspected:
        return beside.NOT_AGAIN
    if action.act in ON_THE_AUTHOR and not about.event.author:
        return Carried(state=ActState.UNSUPPORTED, sentence="forgotten")
    front = services.fronts.get(about.event.space.platform)
    if front is None:
        raise RetryLater("not-running")
    if front.keeps_posts and action.act is Act.REMOVE and _comes_before_card(post, case):
        raise RetryLater("card-first")
    others, elsewhere = await _others(services, post), await _elsewhere(services, action)
    order = replace(await _order(services, action, case, about), post=post, beside=others, elsewhere=elsewhere)
    if (settled := beside.settled(order)) is not None:
        return settled
    if action.decision is None and action.act in DRASTIC and not await _can_be_told(services, front, order):
        return UNSEEN
    carried = beside.with_receipt(order, await front.carry_out(order))
    if carried.state is ActState.GONE and _shows_growth(action, case):
        card = await _order(services, action, _without_card(case), about)
        carried = await front.carry_out(replace(card, post=post, beside=order.beside, anew=True))
    if action.act is Act.CARD and case.is_suspected:
        await _discard_copies(services, front, case.id)
    if carried.state is ActState.DONE and not post.joined and _is_untold(case, action):
        await services.cases.ask(case.id, f"again-{action.id}", [Act.CARD])
    return carried


async def _about(services: HasCases, action: ActionRecord) -> tuple[Case, Case]:
    """Return the case of the post that an action is about, and the one that people see.

    A card shows all of that, and a word to an author depends on what others of the raid were told.
    """
    post = await services.cases.post(action.case)
    if action.act in (Act.CARD, Act.TELL):
        return post, await services.cases.get(post.id)
    return post, await services.cases.post(post.joined) if post.joined else post


async def _others(services: HasCases, post: Case) -> tuple[Beside, ...]:
    """Return what other cases did to the messages of a post; of a question there is one case."""
    return () if post.event.intent is Intent.QUERY else tuple(await services.cases.beside(post.id))


async def _elsewhere(services: HasCases, action: ActionRecord) -> tuple[Beside, ...]:
    """Return what other cases did to the author, where that decides what is left to do."""
    return tuple(await services.cases.elsewhere(action.case)) if action.act in beside.LASTING else ()


def _comes_before_card(post: Case, case: Case) -> bool:
    """Return whether a post of a burst would be removed before the card stands that keeps a picture of it."""
    waits = any(one.act is Act.CARD and one.state is ActState.WAITING for one in case.actions)
    return post.joined is not None and waits and not case.receipt(Act.CARD)


async def _discard_copies(services: HasCases, front: Front, number: int) -> None:
    """Delete the copies of removed posts that moderators were left with: of suspected child abuse none is kept."""
    for action, receipt in await services.cases.copies(number):
        if (await front.discard(receipt)).state in (ActState.DONE, ActState.GONE):
            await services.cases.copy_is_gone(action)


def _shows_growth(action: ActionRecord, case: Case) -> bool:
    """Return whether a card is renewed because of further posts, which moderators must see: no press asked for it."""
    return action.act is Act.CARD and action.decision is None and case.burst is not None


def _without_card(case: Case) -> Case:
    """Return the case as if no card of it had been sent."""
    actions = tuple(replace(one, receipt="") if one.act is Act.CARD else one for one in case.actions)
    return replace(case, actions=actions)


def _is_untold(case: Case, action: ActionRecord) -> bool:
    """Return whether the card shows an action as refused that was tried again, and no card waits to be renewed."""
    waits = any(one.act is Act.CARD and one.state is ActState.WAITING for one in case.actions)
    return action.act not in MESSAGES and bool(case.receipt(Act.CARD)) and not waits


async def _can_be_told(services: HasWarnings, front: Front, order: Order) -> bool:
    """Return whether moderators have a card of the case, or could be shown one: in a raid cards come later."""
    if order.case.receipt(Act.CARD):
        return True
    if services.warnings.is_blind(order.about.event.space.home):
        return False
    return (await front.can_show(order.community)).state is ActState.DONE


async def _card_tried(services: CardTriedNeeds, number: int, carried: Carried, went_to: str) -> None:
    """Warn the moderators who were shown no card; the first one that they see again brings what they missed.

    If cards go elsewhere than when this one was tried (`went_to`), it is shown there: whoever named the place may have
    asked for refused cards before this one was written down as refused.
    """
    home = (await services.cases.post(number)).event.space.home
    if carried.state is not ActState.DONE:
        is_elsewhere = await _log_of(services, number) != went_to
        await (again(services, home) if is_elsewhere else notices.no_card(services, number, carried))
    elif services.warnings.sees(home):
        await again(services, home)


async def _log_of(services: PlaceNeeds, number: int) -> str:
    """Return where cards of the case's community go, "" for nowhere."""
    space = (await services.cases.post(number)).event.space
    return (await services.communities.get(space.platform, space.community)).log


async def _order(services: OrderNeeds, action: ActionRecord, case: Case, about: Case) -> Order:
    space = about.event.space
    shown_first = action.act in MESSAGES and not case.receipt(action.act)
    in_doubt = shown_first and action.attempts > 1
    return Order(
        action=action,
        case=case,
        about=about,
        community=await services.communities.get(space.platform, space.community),
        policy=await services.policies.for_space(space),
        picture=await evidence.picture(services, case) if shown_first else None,
        newest=await services.cases.newest_receipt(space.home, action.act) if in_doubt else "",
        variants=(await choices.about(services, [case])).get(case.id) if action.act is Act.CARD else None,
        background=await background.of(services, case) if action.act is Act.CARD else NO_BACKGROUND,
    )


async def again(services: AgainNeeds, home: str = "") -> int:
    """Have refused actions and unseen cards tried again, after rights have changed; return how many.

    `home` is the community, as PLATFORM:ID; "" = all.
    """
    count = await services.cases.ask_again(home, AGAIN_WITHIN)
    if count:
        services.outbox_bell.ring()
    return count


def pause(attempts: int, error: Exception | None = None) -> timedelta:
    """Return the pause after so many attempts (`core.backoff.QUEUE`); as long as a platform asked for at least."""
    asked = error.after if isinstance(error, RetryLater) else 0.0
    return timedelta(seconds=QUEUE.after(attempts, asked))
