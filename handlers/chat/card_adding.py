"""The button "Add as reference" on the card of a reported post, and the undo below its answer.

card --add--> from_post.add_message --> "Added ..., title ..." [Undo] --take_back--> from_post.take_back

Nothing is remembered for it: the keys follow from the post, so whoever presses second reads that it was added before.
"""

from core.cases import Case
from core.chat_port import Chat
from core.messages import Answer, Button
from core.policy import COPIES
from core.telling import moment
from core.types import Decision, ImageEvent, Intent, Outcome
from core.wording import Words
from handlers import from_post
from handlers.chat import data
from handlers.chat.references import UNDONE, and_how, nameless
from handlers.from_post import FromPostNeeds
from handlers.references import SyncNeeds


def may_be_added(case: Case) -> bool:
    """Whether its pictures were reported and are not known: not if they may be child abuse, or were called harmless."""
    best, standing = case.verdict.best, case.standing
    is_known = case.verdict.outcome is Outcome.MATCH or (best is not None and best.kind in COPIES)
    is_reported = case.event.intent is Intent.REPORTED or case.reports > 0
    is_open = standing is None or standing.decision is Decision.VIOLATION
    return is_reported and is_open and not is_known and not case.is_suspected


async def add(services: FromPostNeeds, chat: Chat, case: Case, words: Words, by: str) -> Answer:
    """Add the pictures of the post to the community's own collection; its answer says what they are called."""
    otherwise = nameless(chat, words, case.event.space, moment(services.clock()))
    events = [one.event for one in case.pictures]
    done = await from_post.add_message(services, events, name_of(case.event), otherwise=otherwise, by=by)
    undo = Button(label=words("decision.undo"), data=data.of_case(case.id, "unadd"))
    buttons = (undo,) if done.key in UNDONE else ()
    return Answer(said=and_how(chat, done), language=words.language, buttons=buttons)


async def take_back(services: SyncNeeds, case: Case, words: Words) -> Answer:
    """Remove what was added from the post."""
    done = await from_post.take_back(services, case.event.space, name_of(case.event))
    return Answer(said=done, language=words.language)


def name_of(event: ImageEvent) -> str:
    """What names the post of a case in the keys of its pictures."""
    return event.group or event.message
