"""What everybody may ask on Telegram: what an image is (`/search`, 搜图, or the image alone in private), which known
images show what words say (`/find`), and `/report`.

    /search with an image, or as a reply to one --> Intent.QUERY --> the inbox; the answer comes from the outbox
    /search alone --> "send it now" --> the person's next image in that chat, within a minute

One person may ask for so many images a minute; whoever asked for more is told once.
"""

import html
import time
from collections.abc import Sequence
from datetime import timedelta

from telegram import Message
from telegram.constants import ChatType, MessageEntityType, ParseMode
from telegram.error import TelegramError

from bot.fronts.telegram.cards import escaped
from bot.fronts.telegram.events import author_of, events_of, pictures, space_of
from bot.fronts.telegram.talk import Ask, Talk, Unclear, language_of, plain, replied
from core.chat import Said
from core.telling import one_line
from core.types import ImageEvent, Intent, Platform, Reference
from handlers import find as finding
from handlers import report as reports
from handlers.chat.cards import title_of
from handlers.intake import accept

IN_CHINESE, IN_ENGLISH = "搜图", "search"
SEND_WITHIN_S = 60.0
OWNER = 60


def is_asked(talk: Talk, message: Message) -> bool:
    """Whether a message asks to look an image up without the command: by a word, by our name, or as promised before."""
    text = (message.text or message.caption or "").strip()
    shown = bool(pictures(message))
    if shown and _is_awaited(talk, message):
        return True
    target = replied(message)
    shown = shown or (target is not None and bool(pictures(target)))
    if _names_us(talk, message):
        return shown or IN_ENGLISH in text.lower() or IN_CHINESE in text
    return text == IN_CHINESE or (IN_CHINESE in text and shown)


def _names_us(talk: Talk, message: Message) -> bool:
    entities = message.parse_entities() if message.text else message.parse_caption_entities() if message.caption else {}
    wanted = f"@{talk.me.username}".lower()
    return any(one.type == MessageEntityType.MENTION and said.lower() == wanted for one, said in entities.items())


def _is_awaited(talk: Talk, message: Message) -> bool:
    """Whether this person asked first and sends the image now; the rest of an album comes with its first."""
    key = (message.chat.id, author_of(message))
    until, album = talk.awaited.get(key, (0.0, ""))
    if time.monotonic() > until:
        return False
    return not album or album == message.media_group_id


async def search(talk: Talk, ask: Ask) -> Said | None:
    """Look up what the message shows, or the one that it answers."""
    message, target = ask.message, replied(ask.message)
    if target is not None and pictures(target) and not pictures(message):
        return await query(talk, message, [target])
    album = message.media_group_id or ""
    talk.awaited.keep((message.chat.id, author_of(message)), (time.monotonic() + SEND_WITHIN_S, album))
    return await query(talk, message, [message]) if pictures(message) else Said(key="telegram.send-it")


async def private(talk: Talk, message: Message) -> Said | None:
    """In private an image needs no command; anything else is answered with what to do."""
    if pictures(message):
        return await query(talk, message, [message])
    if message.edit_date or not (message.text or message.effective_attachment):
        return None
    return Said(key="telegram.help")


async def query(talk: Talk, message: Message, shown: Sequence[Message]) -> Said | None:
    """Accept the images; nothing is said now, because the answer follows."""
    _done_waiting(talk, message)
    language = await _language(talk, message)
    events = [event for one in shown for event in _asked(one, message, language)]
    wait = talk.allowance.take(author_of(message), len(events))
    if wait is not None:
        return _slowed(talk, message, wait)
    await accept(talk.services, events)
    return None


def _slowed(talk: Talk, message: Message, wait: timedelta) -> Said | None:
    """Who asks too much is told once."""
    who = author_of(message)
    if time.monotonic() < talk.slowed.get(who, 0.0):
        return None
    talk.slowed.keep(who, time.monotonic() + wait.total_seconds())
    return Said(key="said.slow-down", values={"seconds": max(1, round(wait.total_seconds()))})


async def find(talk: Talk, ask: Ask) -> Said | None:
    """Known images that show what the words after the command say."""
    message = ask.message
    wait = talk.allowance.take(author_of(message), 1)
    if wait is not None:
        return _slowed(talk, message, wait)
    text = (message.text or message.caption or "").partition(" ")[2]
    heading, found = await finding.find(talk.services, space_of(message).home, text)
    if not found:
        return heading
    await talk.write(message, "\n".join([plain(await talk.words(message), heading), *map(_row, found)]))
    return None


def _row(one: Reference) -> str:
    """A title that leads to its source, if there is one, and its owner."""
    title, owner = escaped(title_of(one)), escaped(one_line(one.owner, OWNER))
    linked = f'<a href="{html.escape(one.source_url)}">{title}</a>' if one.source_url else title
    return f"• {linked} · {owner}" if owner else f"• {linked}"


def _asked(shown: Message, message: Message, language: str) -> list[ImageEvent]:
    asked = message if message is not shown else None
    return events_of(shown, intent=Intent.QUERY, language=language, asked=asked)


async def _language(talk: Talk, message: Message) -> str:
    """In a community that chose one its language is looked up when the answer is written."""
    if message.chat.type == ChatType.PRIVATE or not (await talk.community(message.chat)).language:
        return language_of(message.from_user)
    return ""


def _done_waiting(talk: Talk, message: Message) -> None:
    """One image was promised; the others of its album may still come."""
    key = (message.chat.id, author_of(message))
    if key in talk.awaited and message.media_group_id:
        talk.awaited.keep(key, (talk.awaited[key][0], message.media_group_id))
    else:
        talk.awaited.pop(key, None)


async def report(talk: Talk, ask: Ask) -> Said | None:
    """Show the moderators the post that the message answers; the thanks go to the person alone if they can."""
    if ask.message.chat.type == ChatType.PRIVATE:
        return Said(key="said.not-here")
    target = replied(ask.message)
    if target is None:
        raise Unclear("report")
    album = await _known_first(talk, await talk.album(target))
    events = [event for one in album for event in events_of(one, intent=Intent.REPORTED)]
    thanks = await reports.report(talk.services, events, author_of(ask.message))
    return None if await _told_in_private(talk, ask.message, thanks) else thanks


async def _known_first(talk: Talk, album: Sequence[Message]) -> list[Message]:
    """Reports of an album count for its first message: the one that the moderators have a card of, if there is one."""
    place = (Platform.TELEGRAM, str(album[0].chat.id))
    known = [one for one in album if await talk.services.cases.of_message(*place, str(one.message_id))]
    return [*known[:1], *(one for one in album if one not in known[:1])]


async def _told_in_private(talk: Talk, message: Message, sentence: Said) -> bool:
    """False for who never started a chat with us, and for who writes as a chat."""
    if message.from_user is None or message.sender_chat:
        return False
    try:
        await talk.bot.send_message(message.from_user.id, plain(await talk.words(message), sentence), ParseMode.HTML)
    except TelegramError:
        return False
    return True
