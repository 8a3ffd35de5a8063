"""/setup on Telegram: three choices by buttons one after the other, or all in one line. Nothing is kept in memory.

    s:here --> s:here:dry_run --> s:here:dry_run:en --> handlers.communities.set_up
    /setup here dry_run en

Where cards go: `here`, `private` (to who chose it: "p5001" in the buttons), or `other` (/log, sent in that group).
"""

from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, User
from telegram.constants import ChatType, ParseMode
from telegram.error import TelegramError

from bot.fronts.telegram.doctor import address_of
from bot.fronts.telegram.events import space_of
from bot.fronts.telegram.talk import Ask, Talk, Unclear, by_of, language_of, place_of, plain
from core.chat import Said
from core.types import Mode
from core.wording import LANGUAGES, Words
from handlers.communities import set_up

HERE, PRIVATE, OTHER = "here", "private", "other"
PERSON = "p"
"""In a button: the private chat of the person with this id."""

QUESTIONS = ("setup-log", "setup-mode", "setup-language")


async def setup(talk: Talk, ask: Ask) -> Said | None:
    """All in one line, or the first question."""
    message = ask.message
    if message.chat.type == ChatType.PRIVATE:
        return Said(key="said.not-here")
    words = await talk.words(message)
    if not ask.words:
        await talk.write(message, words("telegram.setup-log"), keys_after(words, ()))
        return None
    choices = [ask.word(0), ask.word(1) or Mode.DRY_RUN, ask.word(2) or words.language]
    if choices[0] == PRIVATE and message.from_user and not message.sender_chat:
        choices = await _in_private(talk, message.from_user, choices)
    if not choices:
        return Said(key="telegram.setup-start", values={"link": address_of(talk.me)})
    await talk.write(message, await finish(talk, message, choices, by_of(message)))
    return None


async def _in_private(talk: Talk, user: User, choices: Sequence[str]) -> list[str]:
    """The choices with the person's own chat for the cards; none if we may not write there."""
    try:
        await talk.bot.send_message(user.id, Words.of(language_of(user))("telegram.setup-cards"))
    except TelegramError:
        return []
    return [f"{PERSON}{user.id}", *choices[1:]]


async def finish(talk: Talk, message: Message, choices: Sequence[str], by: str) -> str:
    """Set the community up as chosen; what to say, as HTML. Cards go to nobody in private who is not staff."""
    where, mode, language = _understood(message, choices)
    if where.isdecimal() and not await talk.staff.has(message.chat.id, int(where)):
        raise Unclear("setup")
    name = message.chat.title or ""
    said = await set_up(talk.services, space_of(message), log=where, mode=mode, language=language, by=by, name=name)
    words = Words.of(language)
    other = "" if where else f"\n{words('telegram.setup-elsewhere', chat=message.chat.id)}"
    return plain(words, said) + other


def _understood(message: Message, choices: Sequence[str]) -> tuple[str, Mode, str]:
    where, mode, language = choices
    if mode not in set(Mode) or language not in LANGUAGES:
        raise Unclear("setup")
    if where in (HERE, OTHER):
        return str(place_of(message)) if where == HERE else "", Mode(mode), language
    if where.startswith(PERSON) and where[1:].isdecimal():
        return where[1:], Mode(mode), language
    raise Unclear("setup")


def keys_after(words: Words, choices: Sequence[str]) -> InlineKeyboardMarkup:
    """The buttons of the next question, one in a row."""
    labels: Sequence[tuple[str, str]] = (
        [(one, words(f"telegram.setup-{one}")) for one in (HERE, PRIVATE, OTHER)],
        [(mode.value, words(f"mode.{mode}")) for mode in Mode if mode is not Mode.OFF],
        [(one, Words.of(one)("language.name")) for one in LANGUAGES],
    )[len(choices)]
    return InlineKeyboardMarkup.from_column(
        [InlineKeyboardButton(label, callback_data=":".join(("s", *choices, one))) for one, label in labels]
    )


async def chosen(talk: Talk, message: Message, user: User, choices: list[str]) -> str:
    """A pressed button: the next question, or the end. What to alert the person of, "" for nothing."""
    words = Words.of(await talk.language(message.chat, user))
    if choices[0] == PRIVATE and not (choices := await _in_private(talk, user, choices)):
        return words("telegram.setup-start", link=address_of(talk.me))
    if len(choices) < len(QUESTIONS):
        await _renew(talk, message, words(f"telegram.{QUESTIONS[len(choices)]}"), keys_after(words, choices))
    else:
        await _renew(talk, message, await finish(talk, message, choices, user.name), None)
    return ""


async def _renew(talk: Talk, message: Message, text: str, keys: InlineKeyboardMarkup | None) -> None:
    where = (message.chat.id, message.message_id)
    await talk.bot.edit_message_text(text, *where, parse_mode=ParseMode.HTML, reply_markup=keys)
