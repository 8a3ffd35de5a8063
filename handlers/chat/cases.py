"""/case and /why, and the button "why": a case again, or why a post was treated as it was.

A case is shown to the staff of the community where it happened; in another place only where that community's cards go,
to those who are its staff, too. For all others there is no such case.
"""

from collections.abc import Sequence, Set
from dataclasses import replace
from typing import Protocol

from core.cases import Case
from core.chat import Community, Explanation, Judged
from core.errors import Unscannable
from core.matches import Finding
from core.messages import Answer, Card, Incoming, Right
from core.types import Act, ImageEvent, Mode, Space
from core.wording import Words
from handlers import background, choices, evidence
from handlers.chat import data
from handlers.chat.card_acts import ready
from handlers.chat.cards import case_card, kept_until
from handlers.chat.context import ContextWith, is_log
from handlers.chat.errors import Refuse, Unclear, known
from handlers.chat.options import Given
from handlers.chat.references import shown
from handlers.chat.why_card import why_card
from handlers.evidence import EvidenceNeeds
from handlers.experience import experience_of
from handlers.needs import HasCases, HasChoices, HasClock, HasCommunities, HasEvidenceTime, HasFronts, HasPolicies
from handlers.why import WhyNeeds, explain

MOST = 3
"""Pictures of one message that are explained."""


class CardNeeds(HasCases, HasPolicies, HasChoices, HasFronts, HasClock, HasEvidenceTime, Protocol):
    """What makes the card of a case."""


class CaseOfNeeds(HasCases, HasCommunities, Protocol):
    """What finds a case and its community."""


class CaseNeeds(CardNeeds, EvidenceNeeds, HasCommunities, Protocol):
    """What shows a case with its picture."""


class RememberedNeeds(HasCases, HasPolicies, Protocol):
    """What explains a verdict without the picture."""


async def case(context: ContextWith[CaseNeeds], given: Given) -> Answer:
    """The case with its picture; with buttons where the moderators read, or where only the asker reads."""
    number = given.number("number")
    if number is None:
        raise Unclear
    found, community = await shown_here(context, number)
    does, language = ready(context.chat.can, community), community.language or context.language
    shown = await with_picture(context.services, found, community, language, does)
    if context.chat.can.answers_alone or is_log(community, context.space, context.address):
        return shown
    return replace(shown, cards=tuple(replace(card, buttons=()) for card in shown.cards))


async def with_picture(services: CaseNeeds, found: Case, community: Community, language: str, does: Set[Act]) -> Answer:
    """The card of a case with its buttons, and its picture; `does` are the acts on authors that there are."""
    words = Words.of(language)
    card = await card_of(services, words, found, community, does)
    picture = await evidence.picture(services, found)
    return Answer(cards=(card,), picture=picture, language=words.language)


async def card_of(services: CardNeeds, words: Words, found: Case, community: Community, does: Set[Act]) -> Card:
    """The moderators' card of a case as it now stands; `does` are the acts on authors that there are."""
    until = kept_until(found, services.keep_evidence, services.clock())
    chosen = (await choices.about(services, [found])).get(found.id)
    known, policy = await background.of(services, found), await services.policies.for_space(found.event.space)
    return case_card(
        words,
        found,
        community,
        until,
        variants=chosen,
        background=known,
        does=does,
        enforce=policy.enforce,
    )


async def shown_here(context: ContextWith[CaseOfNeeds], number: int) -> tuple[Case, Community]:
    """The case and its community; raises Refuse where there is none for the asker, here."""
    case, community = await case_of(context.services, context.space, number)
    if community.id == context.space.community:
        return case, community
    is_here = is_log(community, context.space, context.address) and not context.who.is_chat
    if not is_here or await context.chat.right_of(context.who, case.event.space) < Right.MODERATOR:
        raise Refuse("said.no-case")
    return case, community


async def case_of(services: CaseOfNeeds, space: Space, number: int) -> tuple[Case, Community]:
    """A case of that platform, with its community; raises Refuse where there is none."""
    with known("said.no-case"):
        found = await services.cases.get(number)
    theirs = found.event.space
    if theirs.platform is not space.platform or not theirs.community:
        raise Refuse("said.no-case")
    return found, await services.communities.get(theirs.platform, theirs.community)


async def why(context: ContextWith[WhyNeeds], given: Given) -> Answer:
    """Of a case by its number, of a message by its link, of the message that is replied to, or of the command's own."""
    said = given.text("link").strip().lstrip("#")
    target = shown(context.asked)
    number = said or (_number_on(target) if target else "")
    if number.isdecimal():
        found, community = await shown_here(context, int(number[:18]))
        return await why_of(context.services, community.language or context.language, found.pictures)
    if await _is_for_others(context):
        raise Refuse("said.why-elsewhere")
    if said:
        return await _linked(context, said)
    if target is None:
        raise Refuse("said.which-post")
    return await _of_message(context, target)


async def _is_for_others(context: ContextWith[HasCommunities]) -> bool:
    """Whether this place shows cards of other communities and is none of them: what is posted here is not theirs."""
    known = [] if context.community.set_up_at else await context.services.communities.all(context.space.platform)
    return any(is_log(one, context.space, context.address) for one in known)


async def _linked(context: ContextWith[WhyNeeds], link: str) -> Answer:
    """Of a message that is gone, what its cases tell."""
    found = await context.chat.linked(context.who, context.space, link)
    if found is None:
        raise Refuse("said.gone") if "/" in link else Unclear
    if found.shown:
        return await _of_message(context, found.shown)
    cases = await context.services.cases.of_message(found.space.platform, found.space.channel, found.message)
    here = [one for one in cases if one.event.space.community == context.space.community]
    if not here:
        raise Refuse("said.gone")
    return await why_of(context.services, context.language, here)


async def _of_message(context: ContextWith[WhyNeeds], message: Incoming) -> Answer:
    events = message.events()
    if not events:
        raise Refuse("said.no-image")
    return await why_of(context.services, context.language, events)


def _number_on(message: Incoming) -> str:
    """The case's number on one of our cards, "" on anything else."""
    found = [data.read(one) for one in message.buttons]
    return next((str(one.case) for one in found if isinstance(one, data.OfCase)), "")


async def why_of(services: WhyNeeds, language: str, about: Sequence[ImageEvent | Case]) -> Answer:
    """A card each; raises Unscannable or RetryLater."""
    words = Words.of(language)
    cards = [why_card(words, await _explained(services, one)) for one in about[:MOST]]
    return Answer(cards=tuple(cards), language=language)


async def _explained(services: WhyNeeds, about: ImageEvent | Case) -> Explanation:
    """By looking again; of a picture that is gone, what its case tells. Raises Unscannable, RetryLater."""
    event = about.event if isinstance(about, Case) else about
    try:
        return await explain(services, event)
    except Unscannable:
        case = about if isinstance(about, Case) else await _known(services, event)
        if case is None:
            raise
        return await _remembered(services, case)


async def _known(services: HasCases, event: ImageEvent) -> Case | None:
    found = await services.cases.of_message(event.space.platform, event.space.channel, event.message)
    return next((case for case in found if case.event.image == event.image), None)


async def _remembered(services: RememberedNeeds, case: Case) -> Explanation:
    """Without the tests that each candidate passed: they can't be made again."""
    policy, community = await services.policies.for_space(case.event.space), case.event.space.home
    nearest = [
        Judged(match=match, gates=(), experience=await experience_of(services, community, match))
        for match in case.verdict.matches
    ]
    return Explanation(
        standing="unwatched" if policy.mode is Mode.OFF else "watched",
        policy=policy,
        finding=Finding(sha256=case.sha256, verdict=case.verdict, candidates=case.verdict.matches),
        nearest=tuple(nearest),
        based_on=case.based_on,
    )
