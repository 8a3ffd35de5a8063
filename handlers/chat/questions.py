"""What everybody may ask: what an image is, which known images show what words say; and reports.

    /search with an image, or about one   --> Intent.QUERY --> the inbox; the answer comes from the outbox
    "搜图", or the bot's name, the same way --> the same
    /search alone --> "send it now"       --> the person's next image in that place, within a minute
    an image in private                   --> the same, without a word

One person may ask for so many images a minute, in whatever way; whoever asks for more is told once.
"""

import re
from collections.abc import Sequence

from core.chat import Said
from core.messages import Answer, Asked, Incoming, Row
from core.telling import one_line
from core.types import Intent, Reference
from core.wording import negotiate
from handlers import find as finding
from handlers import report as reports
from handlers.chat.card_text import title_of
from handlers.chat.context import NOT_HERE, Context, ContextWith
from handlers.chat.errors import Unclear
from handlers.chat.options import Given
from handlers.chat.patience import Patience
from handlers.intake import IntakeNeeds, accept
from handlers.needs import HasCases
from handlers.report import ReportNeeds
from handlers.similar import SimilarNeeds

IN_CHINESE = ("搜图", "搜圖")
ASKING = frozenset({*IN_CHINESE, "search"})
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OWNER = 60
LOOKING = Answer()
"""The outbox answers."""


def is_question(patience: Patience, message: Incoming) -> bool:
    """Whether a message asks to look an image up without the command: by a word, by our name, or as promised before."""
    text, target = message.text.strip(), message.replied_to
    has_pictures, in_chinese = bool(message.pictures), any(one in text for one in IN_CHINESE)
    if has_pictures and patience.is_expected(message):
        return True
    shows = has_pictures or bool(target and target.pictures)
    if message.names_bot:
        return shows or in_chinese or "search" in text.lower()
    return text in IN_CHINESE or (shows and (in_chinese or text.lower() in ASKING))


async def search(context: ContextWith[IntakeNeeds], given: Given) -> Answer:
    """Look up what the command came with, or what the message shows that it is about."""
    sent = given.values.get("image")
    message = sent if isinstance(sent, Incoming) else _with_pictures(context.asked)
    if message is None:
        if context.asked.own is None:
            return context.refusal(Said(key="said.no-image"))
        context.patience.expect(context.asked)
        return context.answer(Said(key="said.send-it"))
    return await look_up(context, [message])


def _with_pictures(asked: Asked) -> Incoming | None:
    return next((one for one in (asked.own, asked.about) if one and one.pictures), None)


async def look_up(context: ContextWith[IntakeNeeds], messages: Sequence[Incoming]) -> Answer:
    """Accept the images; nothing is said now, because the answer follows."""
    context.patience.came(context.asked)
    language = own_language(context)
    events = [event for one in messages for event in context.asked.questions(one, language)]
    refused = _slowed(context, len(events))
    if refused is not None:
        return refused
    await accept(context.services, events)
    return LOOKING


def _slowed(context: Context, images: int) -> Answer | None:
    refused, is_new = context.patience.too_many(context.who.id, images)
    if refused is None:
        return None
    is_told = is_new or context.asked.own is None  # who used a command waits for an answer
    return Answer(said=refused, language=context.language, refusal=True) if is_told else LOOKING


def own_language(context: Context) -> str:
    """As they write, as their app speaks; "" in a place that has a language of its own."""
    own = context.asked.own
    if own and CHINESE.search(own.text):
        return "zh"
    if own and not context.asked.is_private and context.community.language:
        return ""
    return negotiate(context.who.language) if context.who.language else context.language


async def find(context: ContextWith[SimilarNeeds], given: Given) -> Answer:
    """Known images that show what the words say."""
    if (refused := _slowed(context, 1)) is not None:
        return refused
    heading, found = await finding.find(context.services, context.space.home, given.text("words"))
    return context.answer(heading, *map(_row, found))


def _row(one: Reference) -> Row:
    """A title that leads to its source, if there is one, and its owner."""
    return Row(text=title_of(one), url=one.source_url, note=one_line(one.owner, OWNER))


async def report(context: ContextWith[ReportNeeds], _given: Given) -> Answer:
    """Show the moderators the post that the command is about; whoever reports is thanked alone, where that can be."""
    if context.asked.is_private:
        return context.refusal(NOT_HERE)
    target = context.asked.about
    if target is None:
        raise Unclear
    album = await _known_first(context, await context.chat.album(target))
    events = [event for one in album for event in one.events(Intent.REPORTED)]
    return context.answer(await reports.report(context.services, events, context.who.id))


async def _known_first(context: ContextWith[HasCases], album: Sequence[Incoming]) -> list[Incoming]:
    """Reports of an album count for its first message: the one that the moderators have a card of, if there is one."""
    cases, space = context.services.cases, context.space
    known = [one for one in album if await cases.of_message(space.platform, space.channel, one.message)]
    return [*known[:1], *(one for one in album if one not in known[:1])]
