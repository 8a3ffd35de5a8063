"""/references rename: another title for known images, of the community's own collections alone.

KEY TITLE, "OLD TITLE" TITLE     the image of that key or title
TITLE, as a reply                what was added from that post; by the answer "Added ..."; the match of that card
"""

from typing import Protocol

from core.messages import Answer, Incoming
from core.types import Reference
from handlers import naming
from handlers.chat import card_adding, data
from handlers.chat.cases import shown_here
from handlers.chat.context import ContextWith
from handlers.chat.errors import Refuse, Unclear
from handlers.chat.meant import reference_of
from handlers.chat.options import Given
from handlers.chat.references import name_of, shown
from handlers.collections import owns
from handlers.needs import HasCases, HasCommunities, HasReferences


class RenameNeeds(HasReferences, HasCases, HasCommunities, Protocol):
    """What finds the image that is meant, and gives it a title."""


async def rename(context: ContextWith[RenameNeeds], given: Given) -> Answer:
    """The title of before is said, too."""
    key, title = given.text("key"), given.text("title")
    target = shown(context.asked)
    if target and (replied := await _of(context, target)):
        return await _renamed(context, replied, f"{key} {title}")
    if not key:
        raise Refuse("said.nothing-added") if target else Refuse("said.which-reference")
    found = await reference_of(context, key, given.text("collection"))
    return found if isinstance(found, Answer) else await _renamed(context, [found], title)


async def _renamed(context: ContextWith[RenameNeeds], references: list[Reference], title: str) -> Answer:
    title = " ".join(title.split())
    if not title:
        raise Unclear
    if wrong := naming.refused(title):
        return context.refusal(wrong)
    return context.answer(await naming.rename(context.services, references, title, context.by))


async def _of(context: ContextWith[RenameNeeds], message: Incoming) -> list[Reference]:
    """The community's own images that a message is about."""
    for pressed in map(data.read, message.buttons):
        match pressed:
            case data.OfAdding(message=added) | data.OfTitle(message=added):
                return await naming.of_message(context.services, context.space, added)
            case data.OfCase(case=number, action="unadd"):
                case, _ = await shown_here(context, number)
                return await naming.of_message(context.services, case.event.space, card_adding.name_of(case.event))
            case data.OfCase(case=number):
                return await _of_case(context, number)
    return await naming.of_message(context.services, context.space, name_of(message))


async def _of_case(context: ContextWith[RenameNeeds], number: int) -> list[Reference]:
    """The best match of the case, as it is called now; refused where it is not the community's own."""
    case, _ = await shown_here(context, number)
    best = case.verdict.best
    found = (await context.services.references.get([best.reference.id])) if best else {}
    own = [one for one in found.values() if await owns(context.services, case.event.space, one.collection)]
    if not own:
        raise Refuse("said.not-own")
    return own
