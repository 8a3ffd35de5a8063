"""What the bot says of itself on Telegram: /start, /help, and a greeting where it was added.

The greeting waits a little: whoever sets the bot up at once needs none, and a promotion often follows the invitation.
"""

import asyncio
import contextlib
import html

from telegram import ChatMember, ChatMemberUpdated
from telegram.constants import ChatType, ParseMode
from telegram.error import TelegramError

from bot.fronts.telegram.doctor import link_for
from bot.fronts.telegram.menu import STAFF
from bot.fronts.telegram.setup import setup
from bot.fronts.telegram.talk import Ask, Talk, by_of, language_of, place_of
from core.chat import Said
from core.errors import ResightError
from core.types import Platform
from core.walls import watched
from core.wording import Words
from handlers import alerts

GREET_AFTER_S = 3.0
PRESENT = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER, ChatMember.RESTRICTED)
JOIN, SET_UP = "join_", "setup"
"""Deep links: t.me/<bot>?start=join_CODE, and ?startgroup=setup, which Telegram sends into the new group."""


async def start(talk: Talk, ask: Ask) -> Said | None:
    """Help, or what the deep link says."""
    code = ask.word(0)
    if ask.message.chat.type == ChatType.PRIVATE:
        return await join(talk, ask, code.removeprefix(JOIN)) if code.startswith(JOIN) else await explain(talk, ask)
    is_set_up = (await talk.community(ask.message.chat)).set_up_at is not None
    if code == SET_UP and not is_set_up and await talk.is_staff(ask.message):
        return await setup(talk, Ask(ask.message, SET_UP))
    return await explain(talk, ask)


async def join(talk: Talk, ask: Ask, code: str) -> Said:
    """Redeem an invitation to alerts for this chat."""
    language = await talk.language(ask.message.chat, ask.message.from_user)
    place, by = str(place_of(ask.message)), by_of(ask.message)
    return await alerts.join(talk.services, Platform.TELEGRAM, place, code.upper(), language, by)


async def explain(talk: Talk, ask: Ask) -> Said | None:
    """What this person can do here."""
    words, message = await talk.words(ask.message), ask.message
    if message.chat.type == ChatType.PRIVATE:
        lines = [words("telegram.help"), words("telegram.help-add", link=link_for(talk.me))]
    else:
        lines = [words("telegram.help-group")]
        lines += [words(f"telegram.usage.{name}") for name in STAFF] if await talk.is_staff(message) else []
    await talk.write(message, html.escape("\n".join(lines)))
    return None


async def greet(talk: Talk, change: ChatMemberUpdated) -> None:
    """Say hello where we were added, in a while; in private to who added us to a channel, which is no place for it."""
    was, is_there = (one.status in PRESENT for one in (change.old_chat_member, change.new_chat_member))
    if was != is_there:
        hush(talk, change.chat.id)
    if is_there and not was and change.chat.type != ChatType.PRIVATE:
        name = f"the greeting in chat {change.chat.id}"
        greeting = watched(asyncio.create_task(_greet(talk, change), name=name))
        talk.greetings[change.chat.id] = greeting
        greeting.add_done_callback(lambda done: _over(talk, change.chat.id, done))


def _over(talk: Talk, chat: int, greeting: asyncio.Task[None]) -> None:
    """What was said is not kept."""
    if talk.greetings.get(chat) is greeting:
        del talk.greetings[chat]


def hush(talk: Talk, chat: int) -> None:
    """Nobody there needs a greeting any more."""
    if greeting := talk.greetings.pop(chat, None):
        greeting.cancel()


async def hush_all(talk: Talk) -> None:
    waiting = list(talk.greetings.values())
    for greeting in waiting:
        greeting.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def _greet(talk: Talk, change: ChatMemberUpdated) -> None:
    """A greeting is no answer: if it can't be said, nobody waits for it."""
    await asyncio.sleep(GREET_AFTER_S)
    chat, user = change.chat, change.from_user
    with contextlib.suppress(TelegramError, ResightError):
        if not await _is_known(talk, chat.id):
            words = Words.of(language_of(user))
            text = "\n".join([words("telegram.hello"), *await _lacking(talk, words, chat.id)])
            where = user.id if chat.type == ChatType.CHANNEL else chat.id
            await talk.bot.send_message(where, html.escape(text), ParseMode.HTML)


async def _is_known(talk: Talk, chat: int) -> bool:
    """Set up already, or where the cards of another community go."""
    known = await talk.services.communities.all(Platform.TELEGRAM)
    return any(str(chat) in (one.id, one.log.partition("/")[0]) for one in known)


async def _lacking(talk: Talk, words: Words, chat: int) -> list[str]:
    me = await talk.bot.get_chat_member(chat, talk.me.id)
    if me.status == ChatMember.ADMINISTRATOR:
        return []
    return [words("telegram.hello-admin" if talk.me.can_read_all_group_messages else "telegram.hello-privacy")]
