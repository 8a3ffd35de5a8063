"""What moderators may add to a violation: the buttons of a card, and what its author is told. Pure.

Case --buttons_for--> [Quarantine] [Kick] [Ban], or what lifts those that are in force
Order --word_to_author--> what became of their post, and why
Order --aloud--> the same where others read it
"""

from collections.abc import Set
from dataclasses import replace

from core.cases import Case
from core.chat import Carried, Community, Order, Said
from core.chat_port import NOT_ALONE, Capabilities
from core.policy import BY_HAND, FOR_GOOD, LIFTS
from core.telling import NAME, one_line
from core.types import GUILTY, Act, ActState
from handlers.post_state import acts_on_author, before
from handlers.review import on_author

TOGETHER = "told-together"
"""How those of a raid were told whom a bot can't write to alone (`failure.told-together`)."""


def ready(can: Capabilities, community: Community) -> frozenset[Act]:
    """The acts on authors that can be done in a community: where a quarantine is a role, one must have been chosen."""
    return can.does - ({Act.QUARANTINE} if can.has_roles and not community.quarantine else set())


def offered(case: Case, does: Set[Act]) -> list[Act]:
    """What a moderator may ask for next about the author: nothing before the post was called a violation."""
    standing, now = case.standing, on_author(case)
    if standing is None or standing.decision not in GUILTY or not case.event.author:
        return []
    lifts = [LIFTS[act] for act in BY_HAND if act in now and act in LIFTS]
    return [*lifts, *(act for act in BY_HAND if act in does and act not in now and Act.BAN not in now)]


def is_for_good(act: Act, state: ActState) -> bool:
    """Whether it was done, and nothing takes it back."""
    return act in FOR_GOOD and state is ActState.DONE


def word_to_author(order: Order) -> Said:
    """What became of their post; what else was decided about them, if it was."""
    case, community = order.case, order.community
    key = "tell.removed" if before(order).removed else "tell.stays"
    where = one_line(community.name, NAME) or Said(key="tell.here")
    measures = [act for act in (Act.TIMEOUT, *BY_HAND) if _follows(order, act)]
    more = (Said(key="tell.also", values={"acts": tuple(measures)}),) if measures else ()
    return Said(key=key, values={"where": where, "number": case.id}, more=more)


def aloud(order: Order) -> Said | None:
    """What is said where others read it, if an author can't be told alone: by name; in a raid once, to all of them."""
    word, burst, event = word_to_author(order), order.case.burst, order.about.event
    if burst is None or burst.people <= 1:
        name = one_line(event.author_name, NAME) or one_line(event.author, NAME)
        return Said(key="tell.named", values={"name": name, "word": word})
    if any(one.act is Act.TELL and one.detail == TOGETHER for one in burst.tallies):
        return None
    return Said(key="tell.together", values={"people": burst.people, "word": word})


def how_told(order: Order, carried: Carried) -> Carried:
    """How an author was told, for the card: of a raid those who can't be told alone were told together."""
    is_raid = order.case.burst is not None and order.case.burst.people > 1
    is_together = carried == NOT_ALONE or (is_raid and carried.receipt)
    return replace(carried, state=ActState.DONE, sentence=TOGETHER) if is_together else carried


def _follows(order: Order, act: Act) -> bool:
    """Whether it waits to be done to the author, for the same reason."""
    asked = acts_on_author(order.own, order.about.event.author)
    same = (one for one in asked if one.act is act and one.decision == order.action.decision)
    return any(one.state is ActState.WAITING for one in same)
