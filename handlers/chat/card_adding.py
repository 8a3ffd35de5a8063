"""The button "Add as reference" on the card of a reported post, and the undo below its answer.

card --add--> from_post.add_message --> "Added ..., title ..." [Undo] --take_back--> from_post.take_back

Nothing is remembered for it: the keys follow from the post, so whoever presses second reads that it was added before.
"""

from functools import partial
from typing import Protocol

from core.cases import Case
from core.chat import Said
from core.chat_port import Chat
from core.decided_images import case_of
from core.errors import CouldNotLook
from core.matches import Verdict
from core.messages import Answer, Button
from core.policy import COPIES
from core.telling import moment
from core.types import Act, Decision, ImageEvent, Intent, Outcome, Purpose
from core.wording import Words
from handlers import from_post
from handlers.chat import data
from handlers.chat.references import UNDONE, and_how, nameless
from handlers.needs import HasFronts, HasMedia
from handlers.references import AddNeeds, SyncNeeds
from handlers.search import SearchNeeds
from handlers.sightings import RecallNeeds

MAY_PASS = frozenset({CouldNotLook.reason, "gave-up", "download"})
"""Why a picture could not be looked at that says nothing about the picture: it may work next time."""


class AddingNeeds(AddNeeds, SearchNeeds, RecallNeeds, HasMedia, HasFronts, Protocol):
    """What adds the pictures of a reported post, also after it was removed."""


def may_be_added(case: Case) -> bool:
    """Whether its pictures were reported, or decided about, and are in no collection: not if they may be child abuse,
    or were called harmless."""
    best, standing = case.verdict.best, case.standing
    is_decided = best is not None and case_of(best.reference) is not None
    is_harmless = is_decided and best is not None and best.reference.purpose is Purpose.ALLOWLIST
    is_known = case.verdict.outcome is Outcome.MATCH or (best is not None and best.kind in COPIES)
    is_known = is_known and not is_decided
    is_reported = case.event.intent is Intent.REPORTED or case.reports > 0 or is_decided
    is_open = standing is None or standing.decision is Decision.VIOLATION
    is_wanted = is_reported and is_open and not is_known and not is_harmless and not case.is_suspected
    return is_wanted and any(_may_be_had(one.verdict) for one in case.pictures)


def _may_be_had(verdict: Verdict) -> bool:
    """Whether a picture can be opened: not what is damaged, of no known kind, or encrypted with a key that lacks."""
    return verdict.outcome is not Outcome.UNSCANNABLE or verdict.reason in MAY_PASS


async def add(services: AddingNeeds, chat: Chat, case: Case, words: Words, by: str) -> Answer:
    """Add the pictures of the post to the community's own collection; its answer says what they are called."""
    otherwise = nameless(chat, words, case.event.space, moment(services.clock()))
    events = [one.event for one in case.pictures]
    done = await from_post.add_message(
        services,
        events,
        name_of(case.event),
        otherwise=otherwise,
        by=by,
        kept=partial(_kept, services, case),
    )
    undo = Button(label=words("decision.undo"), data=data.of_case(case.id, "unadd"))
    buttons = (undo,) if done.key in UNDONE else ()
    return Answer(said=and_how(chat, done), language=words.language, buttons=buttons)


async def _kept(services: AddingNeeds, case: Case, event: ImageEvent) -> tuple[bytes, tuple[Said, ...]] | None:
    """The copy that the card keeps of a removed post, or else the small one in the evidence; none after its time."""
    about = next(one for one in case.pictures if one.event == event)
    evidence = await services.media.get(about.thumbnail) if about.thumbnail else None
    if evidence is None:
        return None
    receipt = about.receipt(Act.REMOVE) or case.receipt(Act.CARD)
    is_alone = len(case.pictures) == 1
    copy = await services.fronts[event.space.platform].kept(event, receipt) if receipt and is_alone else None
    return (copy, ()) if copy else (evidence.data, (Said(key="said.added-small"),))


async def take_back(services: SyncNeeds, case: Case, words: Words) -> Answer:
    """Remove what was added from the post."""
    done = await from_post.take_back(services, case.event.space, name_of(case.event))
    return Answer(said=done, language=words.language)


def name_of(event: ImageEvent) -> str:
    """What names the post of a case in the keys of its pictures."""
    return event.group or event.message
