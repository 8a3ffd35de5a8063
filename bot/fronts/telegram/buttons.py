"""Buttons on Telegram; what they do stands in their data, so they work after a restart.

c:12:v                   a decision on case 12, its undo, its brake, or why   --> handlers.review, cases
r:57:blocklist           take back what was added from message 57  --> handlers.from_post
s:here:dry_run:en        the set-up's choices                      --> setup

Whoever presses must be staff of the chat that it is about, and a case is decided only where its cards go: an altered
app can send any data from any message that has a button.
"""

import html
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from telegram import CallbackQuery, Chat, Message, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.fronts.telegram import cases, setup
from bot.fronts.telegram.cards import pressed as read
from bot.fronts.telegram.events import space_of
from bot.fronts.telegram.talk import Talk, Unclear, language_of
from core.cases import Case
from core.errors import Conflict, ResightError
from core.telling import one_line, said, trouble
from core.types import Decision, Platform
from core.wording import Words
from handlers import braking, from_post, review

MOST_WORDS, NAME = 200, 60
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Press:
    """Who pressed, and the message with the button."""

    query: CallbackQuery
    message: Message
    user: User


@dataclass(frozen=True, slots=True)
class Told:
    """What the person reads: a note that passes, or an alert to be closed."""

    text: str = ""
    is_alert: bool = False


async def pressed(talk: Talk, query: CallbackQuery) -> None:
    """Do what the button says, and tell the person what came of it."""
    press = Press(query, _message_of(query), query.from_user)
    words = Words.of(await talk.language(press.message.chat, press.user))
    try:
        answer = await _answer(talk, press, words)
    except ResightError as error:
        answer = Told(words("said.sorry", why=trouble(words, error)), True)
    except Exception:  # a bug of ours is told as one
        log.exception("button %r failed", query.data)
        answer = Told(words("problem.internal"), True)
    await _tell(query, answer)


def _message_of(query: CallbackQuery) -> Message:
    """Of a message from long ago Telegram tells number and chat only; they are enough."""
    if isinstance(query.message, Message):
        return query.message
    if query.message is None:  # a button in another chat than ours, which we never made
        return Message(0, datetime.now(UTC), Chat(query.from_user.id, ChatType.PRIVATE))
    return Message(query.message.message_id, datetime.now(UTC), query.message.chat)


async def _answer(talk: Talk, press: Press, words: Words) -> Told:
    kind, _, rest = (press.query.data or "").partition(":")
    if (found := read(press.query.data or "")) is not None:
        return await _case(talk, press, *found)
    if kind not in ("r", "s"):
        return Told()
    if not await talk.staff.has(press.message.chat.id, press.user.id):
        return Told(words("said.staff-only"), True)
    return await (_take_back(talk, press, words, rest) if kind == "r" else _choose(talk, press, rest))


async def _choose(talk: Talk, press: Press, rest: str) -> Told:
    try:
        complaint = await setup.chosen(talk, press.message, press.user, rest.split(":"))
    except (Unclear, ValueError):  # not a button of ours
        return Told()
    return Told(complaint, bool(complaint))


async def _take_back(talk: Talk, press: Press, words: Words, rest: str) -> Told:
    """The message of the button says so, too, and has none any more."""
    name, _, collection = rest.partition(":")
    sentence = await from_post.take_back(talk.services, space_of(press.message), name, collection)
    try:
        await talk.bot.edit_message_text(said(words, sentence), press.message.chat.id, press.message.message_id)
    except TelegramError as error:
        log.info("the button was not taken away: %s", error.message)
    return Told(said(words, sentence))


async def _case(talk: Talk, press: Press, number: int, action: str) -> Told:
    known = await cases.found(talk, number)
    words = Words.of((known[1].language if known else "") or language_of(press.user))
    if known is None:
        return Told(words("telegram.no-case"), True)
    case, community = known
    if not await talk.staff.has(int(community.id), press.user.id):
        return Told(words("said.staff-only"), True)
    if not cases.is_log_of(community, press.message.chat.id):
        return Told(words("telegram.elsewhere"), True)
    if action == "why":
        return await _why(talk, press, words, case)
    if action == "release":
        return await _release(talk, press, words, case)
    return await _decide(talk, press, words, case, action)


async def _release(talk: Talk, press: Press, words: Words, case: Case) -> Told:
    try:
        await braking.release(talk.services, case.id, press.user.name)
    except Conflict:
        return Told(words("brake.off"), True)
    return Told(words("brake.released"))


async def _decide(talk: Talk, press: Press, words: Words, case: Case, action: str) -> Told:
    """Of two who press, one is the first; the other is told who. The card follows by itself."""
    by = press.user.name
    if action == Decision.ABUSE and not talk.services.twice.is_sure(
        (Platform.TELEGRAM, str(press.user.id), case.id), talk.services.clock()
    ):
        return Told(words("abuse.again"), True)
    try:
        if action == "undo":
            await review.undo(talk.services, case.id, by)
        else:
            await review.decide(talk.services, case.id, Decision(action), by)
    except Conflict:
        return _second(words, await talk.services.cases.get(case.id), by, action)
    return Told(words(f"decision.{action}"))


def _second(words: Words, case: Case, by: str, action: str) -> Told:
    """Somebody else was faster; or the same person, in a run of ours that was cut off after the decision."""
    if not case.decisions:
        return Told(words("said.other-first"), True)
    last = case.decisions[-1]
    who, key = (last.undone_by, "case.undone") if last.undone_at else (last.by, "card.decided")
    if who == by and action == ("undo" if last.undone_at else last.decision):
        return Told(words(f"decision.{action}"))
    how = words(key, name=one_line(who, NAME), decision=words(f"decision.{last.decision}"))
    return Told(f"{words('said.other-first')} {how}", True)


async def _why(talk: Talk, press: Press, words: Words, case: Case) -> Told:
    """Telegram waits for no long answer, so the button is answered first."""
    await _tell(press.query, Told())
    try:
        await cases.tell(talk, press.message, words, case.event)
    except ResightError as error:
        await talk.write(press.message, html.escape(words("said.sorry", why=trouble(words, error))))
    return Told()


async def _tell(query: CallbackQuery, answer: Told) -> None:
    """A press that is too old, or answered already, needs no answer."""
    try:
        await query.answer(answer.text[:MOST_WORDS] or None, show_alert=answer.is_alert)
    except TelegramError as error:
        log.info("a button was not answered: %s", error.message)
