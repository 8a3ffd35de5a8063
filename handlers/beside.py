"""What other cases make of an order: of the same message, which may show several known images, or of its author. Pure.

remove     done already, where another case had it done
restore    changes nothing while another case wants the message removed; the undo of the last one posts it again
           leaves the mark on a message that another case wants marked, too
ban        lifted, as a quarantine is, when no other case wants it any more; a moderator's own press lifts it at once
abuse      a message that another case calls suspected child abuse is never posted again

What was asked first is done first, so both may be asked for in one moment.
"""

from dataclasses import replace

from core.cases import Beside
from core.chat import DONE, Carried, Order
from core.errors import RetryLater
from core.policy import LIFTED
from core.types import Act, ActState
from handlers.post_state import before, beside, held_by, in_force

NOT_AGAIN = Carried(state=ActState.UNSUPPORTED, sentence="no-original")
"""Answer to a restore of what was called suspected child abuse: it is never posted again, whatever is decided later."""

GOING = frozenset({Act.REMOVE, Act.RESTORE})
LASTING = frozenset({Act.BAN, Act.UNBAN, Act.QUARANTINE, Act.UNQUARANTINE})
"""What holds of an author until it is lifted; a time-out ends by itself."""

BY_HAND = ":hand-"
"""In the key of an act that a moderator asked for by name."""


def settled(order: Order) -> Carried | None:
    """Return the answer to an order that other cases leave nothing to do for; None = it is to be carried out.

    Raises RetryLater while what another case asked for before is under way.
    """
    act = order.action.act
    if act in LASTING:
        return _barred(order)
    others = beside(order) if act in GOING else []
    if any(one.is_suspected for one in others) and act is Act.RESTORE:
        return NOT_AGAIN
    if any(_is_under_way(one) for one in others):
        raise RetryLater("beside")
    if act is Act.REMOVE:
        return DONE if others and before(order).removed else None
    held = held_by(order) if others else None
    return Carried(state=ActState.STAYS, sentence=_why(held)) if held else None


def _barred(order: Order) -> Carried | None:
    """Return the answer to what lifts an act on an author that another case asked for, too."""
    act, others = order.action.act, _acts_elsewhere(order)
    if any(one.act in LASTING and one.state is ActState.WAITING for other in others for one in other.actions):
        raise RetryLater("beside")
    if act not in LIFTED or BY_HAND in order.action.key:
        return None
    held = next((one for one in others if _receipt(one, LIFTED[act])), None)
    return Carried(state=ActState.STAYS, sentence=f"stays-barred|{held.case}") if held else None


def with_receipt(order: Order, carried: Carried) -> Carried:
    """Return how an act on an author went: what we did for another case before is no act of somebody else's."""
    act = order.action.act
    if act not in LASTING or act in LIFTED or carried.state is not ActState.DONE or carried.receipt:
        return carried
    others = [(one, receipt) for one in _acts_elsewhere(order) if (receipt := _receipt(one, act))]
    return replace(carried, sentence=f"barred-too|{others[-1][0].case}", receipt=others[-1][1]) if others else carried


def _acts_elsewhere(order: Order) -> list[Beside]:
    """Return what other cases did to the author before this order."""
    number = order.action.id
    return [
        replace(one, actions=tuple(action for action in one.actions if action.id < number)) for one in order.elsewhere
    ]


def _receipt(other: Beside, act: Act) -> str:
    """Return the receipt of an act that holds for another case, "" where it does not, or is somebody else's."""
    done = [one.receipt for one in other.actions if one.act is act and one.state is ActState.DONE]
    return done[-1] if done and act in in_force([other]) else ""


def _is_under_way(other: Beside) -> bool:
    return any(one.act in GOING and one.state is ActState.WAITING for one in other.actions)


def _why(other: Beside) -> str:
    """Return whether a moderator called the other case a violation, or its verdict had the message removed."""
    removals = [one for one in other.actions if one.act is Act.REMOVE]
    is_decided = bool(removals) and removals[-1].decision is not None
    return f"{'stays-violation' if is_decided else 'stays-verdict'}|{other.case}"


def marked_beside(order: Order) -> Carried | None:
    """Return the answer to a restore that leaves the mark, because another case wants it, too; None where none does."""
    wanting = next((one for one in beside(order) if Act.FLAG in in_force([one])), None)
    return Carried(state=ActState.STAYS, sentence=f"stays-mark|{wanting.case}") if wanting else None


def was_removed_beside(order: Order, message: str) -> bool:
    """Return whether another case had a message removed before: its pictures, as far as possible, were kept then."""
    done = (action for other in beside(order, message) for action in other.actions if action.state is ActState.DONE)
    return any(action.act is Act.REMOVE for action in done)


def first_removal(order: Order) -> tuple[str, str] | None:
    """Return the receipts of the removal that deleted the message of an order itself, and of the card that was for it.

    None where nobody has removed it. What comes back later is a message of ours: its pictures were kept before that.
    """
    of_others = [(action, other.card) for other in beside(order) for action in other.actions]
    own = [one for one in order.own.pictures if one.event.message == order.about.event.message]
    of_ours = [(action, order.case.receipt(Act.CARD)) for one in own for action in one.actions]
    removals = [
        (action, card)
        for action, card in (*of_others, *of_ours)
        if action.act is Act.REMOVE and action.state is ActState.DONE and action.id < order.action.id
    ]
    first = min(removals, key=lambda pair: pair[0].id, default=None)
    return (first[0].receipt, first[1]) if first else None
