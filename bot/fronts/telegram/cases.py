"""/case and /why on Telegram, and the button "why": a case again, or why a post was treated as it was.

A case is shown to those who run the chat where it happened, and where the moderators read; elsewhere there is none.
"""

from dataclasses import replace

from telegram import Message

from bot.fronts.telegram.cards import TEXT, html_of, pressed
from bot.fronts.telegram.events import events_of
from bot.fronts.telegram.notes import Note, send
from bot.fronts.telegram.talk import Ask, Talk, Unclear, place_of, replied
from core.cases import Case
from core.chat import Community, Said
from core.errors import NotFound
from core.types import ImageEvent, Platform
from core.wording import Words
from handlers import evidence
from handlers.chat.cards import case_card, kept_until
from handlers.chat.why_card import why_card
from handlers.why import explain

UNKNOWN = Said(key="telegram.no-case")


async def found(talk: Talk, number: int) -> tuple[Case, Community] | None:
    """A case of this platform, with its community."""
    try:
        case = await talk.services.cases.get(number)
    except NotFound:
        return None
    space = case.event.space
    if space.platform is not Platform.TELEGRAM or not space.community:
        return None
    return case, await talk.community(int(space.community))


def is_log_of(community: Community, chat: int) -> bool:
    """Whether the community's cards go to this chat."""
    return community.log.partition("/")[0] == str(chat)


async def case(talk: Talk, ask: Ask) -> Said | None:
    """Show a case by its number; with buttons where the moderators read."""
    message = ask.message
    if not ask.word(0).isdecimal():
        raise Unclear("case")
    known = await _shown_here(talk, message, ask.word(0))
    if known is None:
        return UNKNOWN
    one, community = known
    words = await _words(talk, message, community)
    card = case_card(words, one, community, kept_until(one, talk.settings.keep_evidence, talk.services.clock()))
    card = card if is_log_of(community, message.chat.id) else replace(card, buttons=())
    note = Note(card, one.id, await evidence.picture(talk.services, one))
    await send(talk.bot, place_of(message), note, message.message_id)
    return None


async def why(talk: Talk, ask: Ask) -> Said | None:
    """Why the post that the message answers, or that a case is about, was treated as it was."""
    message, target = ask.message, replied(ask.message)
    number = ask.word(0) or (_number_on(target) if target else "")
    if number:
        known = await _shown_here(talk, message, number) if number.isdecimal() else None
        if known is None:
            return UNKNOWN
        await tell(talk, message, await _words(talk, message, known[1]), known[0].event)
        return None
    if target is None:
        raise Unclear("why")
    events = events_of(target, by_staff=await talk.excuses(target))
    if not events:
        return Said(key="said.no-image")
    await tell(talk, message, await talk.words(message), events[0])
    return None


async def tell(talk: Talk, message: Message, words: Words, event: ImageEvent) -> None:
    """The nearest known images and what each of them lacked, in reply; raises Unscannable or RetryLater."""
    explanation = await explain(talk.services, event)
    await talk.write(message, html_of(why_card(words, explanation), TEXT))


async def _words(talk: Talk, message: Message, community: Community) -> Words:
    """Where the moderators read, the language is that of the community."""
    return Words.of(community.language) if community.language else await talk.words(message)


async def _shown_here(talk: Talk, message: Message, number: str) -> tuple[Case, Community] | None:
    """A case for the staff of its community; in another chat than that one, only where its cards go."""
    known = await found(talk, int(number[:18]))
    if known is None:
        return None
    community = known[1]
    if community.id == str(message.chat.id):
        return known
    user = message.from_user
    if user is None or message.sender_chat or not is_log_of(community, message.chat.id):
        return None
    return known if await talk.staff.has(int(community.id), user.id) else None


def _number_on(message: Message) -> str:
    """The case's number on one of our cards, "" on anything else."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    found = [pressed(str(key.callback_data)) for row in rows for key in row if key.callback_data]
    return next((str(one[0]) for one in found if one), "")
