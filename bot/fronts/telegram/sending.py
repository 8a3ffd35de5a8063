"""Messages of the bot: where they go, how they are sent, found again and renewed.

    Answer --send--> message --> Receipt "chat:message:photo" --renew--> the same message, as it now stands
    Answer --say--> sent by all means; who waits for it reads at least that it is our fault

A place is a chat, or a topic of a forum: "-1001234567890" or "-1001234567890/5".
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.fronts.telegram.api import Bot, is_our_fault, later, says
from bot.fronts.telegram.render import CAPTION, TEXT, html_of, keyboard_of
from core.backoff import ANSWER
from core.messages import Answer
from handlers.chat.errors import OUR_FAULT

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
NO_PICTURE = ("photo", "image_process_failed", "dimensions")
"""What Telegram's words hold when it wants the text only: a bad picture, or a chat without pictures."""

PHOTO, WORDS = "photo", "text"
TRIES = 3
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written."""

    chat: int
    thread: int | None = None

    @classmethod
    def of(cls, address: str) -> "Place":
        chat, _, thread = address.partition("/")
        return cls(int(chat), int(thread) if thread else None)

    def __str__(self) -> str:
        return f"{self.chat}/{self.thread}" if self.thread else str(self.chat)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a message of ours is, and whether it has a picture: then its words are a caption."""

    chat: int
    message: int
    kind: str

    @classmethod
    def of(cls, text: str) -> "Receipt":
        chat, message, kind = text.split(":")
        return cls(int(chat), int(message), kind)

    def __str__(self) -> str:
        return f"{self.chat}:{self.message}:{self.kind}"


async def say(bot: Bot, place: Place, answer: Answer, reply_to: int | None = None) -> None:
    """Send an answer; if Telegram does not answer it is tried again, because silence is the worst answer."""
    try:
        await patiently(bot, place, answer, reply_to)
    except BadRequest as error:
        if is_our_fault(error):
            log.error("an answer in chat %d was wrong: %s", place.chat, error.message)
            await _apologize(bot, place, answer, reply_to)
        else:
            log.warning("an answer in chat %d was refused: %s", place.chat, error.message)
    except TelegramError as error:
        log.warning("an answer in chat %d was not sent: %s", place.chat, error.message)


async def _apologize(bot: Bot, place: Place, answer: Answer, reply_to: int | None) -> bool:
    """Say that it is our fault; whether that arrived."""
    try:
        await patiently(bot, place, Answer(said=OUR_FAULT, language=answer.language), reply_to)
    except TelegramError as error:
        log.warning("nor could that be said in chat %d: %s", place.chat, error.message)
        return False
    return True


async def patiently(
    bot: Bot, place: Place, answer: Answer, reply_to: int | None = None, *, heading: str = ""
) -> Receipt:
    """Send, and try again a few times if Telegram does not answer; raises TelegramError."""
    for failures in range(1, TRIES):
        try:
            return await send(bot, place, answer, reply_to, heading=heading)
        except BadRequest:
            raise
        except NetworkError:
            await asyncio.sleep(ANSWER.after(failures))
    return await send(bot, place, answer, reply_to, heading=heading)


async def write_alone(bot: Bot, person: int, answer: Answer, heading: str = "") -> bool:
    """Write to a person in private; False for who never started a chat with the bot. Raises RetryLater.

    What Telegram refuses for what it is is our fault, and they read that.
    """
    try:
        await patiently(bot, Place(person), answer, heading=heading)
    except Forbidden:
        return False
    except BadRequest as error:
        if not is_our_fault(error):
            return False
        log.error("what %d was to read alone was wrong: %s", person, error.message)
        return await _apologize(bot, Place(person), answer, None)
    except TelegramError as error:
        raise later(error) from None
    return True


async def send(
    bot: Bot,
    place: Place,
    answer: Answer,
    reply_to: int | None = None,
    *,
    is_needed: bool = False,
    heading: str = "",
) -> Receipt:
    """Send a new message; where its picture can't be shown, the words alone. Raises TelegramError.

    An answer is given even if the question is gone by then, unless that one `is_needed`.
    """
    how: dict[str, Any] = {
        "parse_mode": ParseMode.HTML,
        "reply_markup": keyboard_of(answer),
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=not is_needed) if reply_to else None,
        "message_thread_id": place.thread,
    }
    if answer.picture and (sent := await _photo(bot, place, answer, heading, how)):
        return Receipt(sent.chat.id, sent.message_id, PHOTO)
    sent = await bot.send_message(place.chat, html_of(answer, TEXT, heading), link_preview_options=NO_PREVIEW, **how)
    return Receipt(sent.chat.id, sent.message_id, WORDS)


async def _photo(bot: Bot, place: Place, answer: Answer, heading: str, how: dict[str, Any]) -> Message | None:
    """The message with the picture; None where it can't be shown."""
    assert answer.picture
    try:
        return await bot.send_photo(place.chat, answer.picture, html_of(answer, CAPTION, heading), **how)
    except BadRequest as error:
        if not says(error, *NO_PICTURE):
            raise
        return None


async def renew(bot: Bot, receipt: Receipt, answer: Answer) -> Receipt:
    """Bring a message of ours up to date; one that says so already is up to date. Raises TelegramError."""
    try:
        await _edit(bot, receipt, answer)
    except BadRequest as error:
        if says(error, "there is no caption", "there is no text"):  # found again: the picture was not taken, or was
            return await renew(bot, replace(receipt, kind=WORDS if receipt.kind == PHOTO else PHOTO), answer)
        if not says(error, "is not modified"):
            raise
    return receipt


async def _edit(bot: Bot, receipt: Receipt, answer: Answer) -> None:
    chat, message, how, keys = receipt.chat, receipt.message, ParseMode.HTML, keyboard_of(answer)
    if receipt.kind == PHOTO:
        words = html_of(answer, CAPTION)
        await bot.edit_message_caption(chat, message, caption=words, parse_mode=how, reply_markup=keys)
    else:
        words = html_of(answer, TEXT)
        await bot.edit_message_text(
            words, chat, message, parse_mode=how, reply_markup=keys, link_preview_options=NO_PREVIEW
        )
