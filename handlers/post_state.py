"""How a post stands after what was done to it: marked, answered, gone, or posted again by the bot. Pure.

    actions of all its pictures, oldest first --state_of--> PostState

flag, reply, remove   change it
restore               undoes all three; a removed post stands as what was posted in its place
acts on the author    change nothing here
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from core.cases import ActionRecord, Beside, Case
from core.chat import Order
from core.policy import LIFTED, ON_THE_AUTHOR, ON_THE_MESSAGE, ON_THE_POST
from core.types import Act, ActState, ImageEvent

type Acts = frozenset[Act]

OTHERS = "/"
"""In the receipt of a message that was posted again: before each other one of its album that came back with it."""


class WasAsked(Protocol):
    """An action: `core.cases.ActionRecord` or `core.bursts.Asked`."""

    @property
    def id(self) -> int: ...

    @property
    def act(self) -> Act: ...

    @property
    def state(self) -> ActState: ...

    @property
    def decision(self) -> int | None: ...


class PictureActs(Protocol):
    """A picture with what was asked about it: `core.cases.Case`, `core.cases.Beside` or `core.bursts.Treated`."""

    @property
    def actions(self) -> Sequence[WasAsked]: ...


type Post = Sequence[PictureActs]
"""The pictures of one message."""

COUNTS = frozenset({ActState.DONE, ActState.WAITING, ActState.STAYS})
"""How an act stands that holds: what was refused, or found nothing any more, changed nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostState:
    """A post as it stands.

    messages   those that show it: its own, or what was posted in its place
    reply      the receipt of the bot's public reply below it, "" = none; it may stand for a mark
    """

    messages: tuple[str, ...]
    flagged: bool = False
    reply: str = ""
    removed: bool = False

    @property
    def main(self) -> str:
        """The message that stands for the post."""
        return self.messages[0]


def before(order: Order, message: str = "") -> PostState:
    """Return how the post of an order, or another message of its album, stands before that order is carried out,
    whichever case had it done."""
    message = message or order.about.event.message
    own = [one.actions for one in order.own.pictures if one.event.message == message]
    others = [one.actions for one in beside(order, message)]
    past = sorted((one for actions in (*own, *others) for one in actions), key=lambda action: action.id)
    return state_of(message, [one for one in past if one.id < order.action.id and one.state is ActState.DONE])


def replies_over(order: Order) -> list[str]:
    """Return the receipts of the replies to a post that nobody wants any more: its own case's, whose order this is, and
    those of other cases that were taken back."""
    others = [one for one in beside(order) if not in_force([one])]
    taken_back = [state_of(one.message, _done(one.actions)).reply for one in others]
    return [reply for reply in (before(replace(order, beside=())).reply, *taken_back) if reply]


def _done(actions: Iterable[ActionRecord]) -> list[ActionRecord]:
    return [one for one in actions if one.state is ActState.DONE]


def beside(order: Order, message: str = "") -> list[Beside]:
    """Return the other cases of the message of an order, or of another one of its album, with what each did before."""
    message = message or order.about.event.message
    found: dict[int, Beside] = {}
    for one in order.beside:
        if one.message == message:
            known = found.get(one.case)
            past = tuple(action for action in one.actions if action.id < order.action.id)
            found[one.case] = replace(one, actions=(*(known.actions if known else ()), *past))
    return [replace(one, actions=tuple(sorted(one.actions, key=lambda act: act.id))) for one in found.values()]


def held_by(order: Order, message: str = "") -> Beside | None:
    """Return another case that keeps a removed message from being posted again; None where there is none.

    It may show suspected child abuse, which is never posted again, or be removed for that case, too.
    """
    others = beside(order, message)
    is_held = before(order, message).removed
    suspected = [one for one in others if one.is_suspected]
    removing = [one for one in others if is_held and Act.REMOVE in in_force([one])]
    return next(iter([*suspected, *removing]), None)


def album_of(order: Order) -> tuple[ImageEvent, ...]:
    """Return the removed messages of its album that the same decision gives back, oldest first; () for it alone."""
    group, asked = order.about.event.group, order.action
    posts = {
        picture.event.message: picture.event
        for picture in order.own.pictures
        for action in picture.actions
        if group and picture.event.group == group and action.act is asked.act and action.decision == asked.decision
        if action.state is ActState.WAITING and before(order, picture.event.message).removed
        if held_by(order, picture.event.message) is None
    }
    return tuple(sorted(posts.values(), key=lambda post: (len(post.message), post.message))) if len(posts) > 1 else ()


def came_with(order: Order) -> str:
    """Return the message as which a post came back together with another one of its album, "" if it did not."""
    together = [
        part.partition("=")
        for picture in order.own.pictures
        for action in picture.actions
        if action.act is Act.RESTORE and action.decision == order.action.decision
        for part in action.receipt.split(OTHERS)[1:]
    ]
    return next((new for old, _, new in together if old == order.about.event.message), "")


def acts_on_author(case: Case, author: str) -> list[ActionRecord]:
    """Return what was asked to be done to an author about any of their pictures of a case, oldest first."""
    theirs = (action for one in case.pictures if one.event.author == author for action in one.actions)
    return sorted((action for action in theirs if action.act in ON_THE_AUTHOR), key=lambda action: action.id)


def in_force(post: Post, *, by_verdict: bool = False) -> Acts:
    """Return the acts that were done to a post, or wait to be, and were not taken back.

    `by_verdict` counts only those that the verdicts asked for, no moderator's.
    """
    now: set[Act] = set()
    for action in sorted((action for picture in post for action in picture.actions), key=lambda action: action.id):
        if action.state not in COUNTS or (by_verdict and action.decision is not None):
            continue
        if action.act is Act.RESTORE:
            now -= set(ON_THE_MESSAGE)
        elif action.act in LIFTED:
            now.discard(LIFTED[action.act])
        elif action.act in ON_THE_POST:
            now.add(action.act)
    return frozenset(now)


def state_of(message: str, done: Iterable[ActionRecord]) -> PostState:
    """Return how the post of a message stands after these actions, oldest first."""
    state = PostState(messages=(message,))
    for action in done:
        state = _after(state, action)
    return state


def _after(state: PostState, action: ActionRecord) -> PostState:
    match action.act:
        case Act.FLAG:
            return replace(state, flagged=True, reply=action.receipt or state.reply)
        case Act.REPLY:
            return replace(state, reply=action.receipt)
        case Act.REMOVE:
            return replace(state, flagged=False, removed=True)
        case Act.RESTORE:
            own = action.receipt.partition(OTHERS)[0]
            return PostState(messages=tuple(own.split("+")) if own else state.messages)
    return state
