"""How a post stands after what was done to it: marked, answered, gone, or posted again by the bot. Pure.

    actions of all its pictures, oldest first --state_of--> PostState

flag, reply, remove   change it
restore               undoes all three; a removed post stands as what was posted in its place
acts on the author    change nothing here
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.cases import ActionRecord, Case
from core.chat import Order
from core.policy import ON_THE_AUTHOR
from core.types import Act, ActState, ImageEvent

OTHERS = "/"
"""In the receipt of a message that was posted again: before each other one of its album that came back with it."""


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
    """Return how the post of an order, or another message of its album, stands before that order is carried out."""
    message = message or order.about.event.message
    past = (action for action in actions_on(order.own.pictures, message) if action.id < order.action.id)
    return state_of(message, (action for action in past if action.state is ActState.DONE))


def album_of(order: Order) -> tuple[ImageEvent, ...]:
    """Return the removed messages of its album that the same decision gives back, oldest first; () for it alone."""
    group, asked = order.about.event.group, order.action
    posts = {
        picture.event.message: picture.event
        for picture in order.own.pictures
        for action in picture.actions
        if group and picture.event.group == group and action.act is asked.act and action.decision == asked.decision
        if action.state is ActState.WAITING and before(order, picture.event.message).removed
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


def actions_on(pictures: Sequence[Case], message: str) -> list[ActionRecord]:
    """Return every action on a message, on whichever of its pictures, oldest first."""
    asked = [action for picture in pictures if picture.event.message == message for action in picture.actions]
    return sorted(asked, key=lambda action: action.id)


def acts_on_author(case: Case, author: str) -> list[ActionRecord]:
    """Return what was asked to be done to an author about any of their pictures of a case, oldest first."""
    theirs = (action for one in case.pictures if one.event.author == author for action in one.actions)
    return sorted((action for action in theirs if action.act in ON_THE_AUTHOR), key=lambda action: action.id)


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
