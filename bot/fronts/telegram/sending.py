"""Messages of the bot: where they go, how they are sent, found again and renewed.

    Answer --say--> sent by all means; who waits for it reads at least that it is our fault
    Answer --send--> message --> Receipt "chat:message:photo" --renew--> the same message, as it now stands
    Outgoing --show--> Receipt, once each --show--> renewed --take_away--> gone

A place is a chat, or a topic of a forum: "-1001234567890" or "-1001234567890/5". Bots can't read a chat, and Telegram
has no idempotency key. But no other message has the buttons of a card: the one that they change nothing about is the
card. It is looked for behind the newest card that is known.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from telegram import InputMediaPhoto, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError

from bot.fronts.telegram.api import Bot, is_our_fault, later, says
from bot.fronts.telegram.render import CAPTION, TEXT, html_of, keyboard_of
from core.backoff import ANSWER
from core.chat import Carried
from core.chat_port import Outgoing
from core.messages import Answer
from core.types import ActState, Space
from embed.pictures import jpeg
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

    @classmethod
    def at(cls, space: Space, thread: str) -> "Place":
        return cls(int(space.channel), int(thread) if thread else None)

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
    sent = await bot.send_message(
        place.chat, html_of(answer, TEXT, heading, place.chat), link_preview_options=NO_PREVIEW, **how
    )
    return Receipt(sent.chat.id, sent.message_id, WORDS)


async def _photo(bot: Bot, place: Place, answer: Answer, heading: str, how: dict[str, Any]) -> Message | None:
    """The message with the picture; None where it can't be shown."""
    assert answer.picture
    try:
        return await bot.send_photo(place.chat, answer.picture, html_of(answer, CAPTION, heading, place.chat), **how)
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
        words = html_of(answer, CAPTION, chat=chat)
        await bot.edit_message_caption(chat, message, caption=words, parse_mode=how, reply_markup=keys)
    else:
        words = html_of(answer, TEXT, chat=chat)
        await bot.edit_message_text(
            words, chat, message, parse_mode=how, reply_markup=keys, link_preview_options=NO_PREVIEW
        )


LOOKS, GAP = 10, 3
"""How far behind the newest card a lost one is looked for, and after how many numbers that nobody has we stop."""


async def show(bot: Bot, address: str, message: Outgoing, receipt: str) -> Carried:
    """Renew the message of the receipt; without one, or when its group has moved since then, send a new one."""
    answer = replace(message.answer, picture=None) if message.bare else message.answer
    place = Place.of(address) if address else Place(Receipt.of(receipt).chat)
    if not receipt and message.newest:
        receipt = await _sent_before(bot, place, answer, Receipt.of(message.newest))
    if message.bare and receipt.endswith(PHOTO):  # a picture can't be taken out of a message
        await take_away(bot, Receipt.of(receipt))
        receipt = ""
    try:
        if receipt:
            return _sent(await renew(bot, Receipt.of(receipt), answer))
    except ChatMigrated:
        if place.chat == Receipt.of(receipt).chat:
            raise
    return _sent(await send(bot, place, answer))


async def _sent_before(bot: Bot, place: Place, answer: Answer, newest: Receipt) -> str:
    """The receipt of this card, if an earlier try arrived and only its answer was lost; "" if it did not."""
    keys = keyboard_of(answer)
    if newest.chat != place.chat or keys is None:
        return ""
    missing = 0
    for number in range(newest.message + 1, newest.message + 1 + LOOKS):
        try:
            await bot.edit_message_reply_markup(place.chat, number, reply_markup=keys)
            await bot.edit_message_reply_markup(place.chat, number)  # another message of ours: it had none
        except BadRequest as error:
            if says(error, "is not modified"):
                return str(Receipt(place.chat, number, PHOTO if answer.picture else WORDS))
            missing += says(error, "not found")
        if missing >= GAP:
            break
    return ""


async def take_away(bot: Bot, receipt: Receipt) -> None:
    """Delete a message of ours; what is gone, or of a group that has moved, can't be reached any more."""
    try:
        await _taken_away(bot, receipt)
    except ChatMigrated:
        return
    except BadRequest as error:
        if is_our_fault(error) and not says(error, "can't be deleted"):
            raise


async def _taken_away(bot: Bot, receipt: Receipt) -> None:
    """After 48 hours a bot can't delete its message, but put a gray picture into the place of the other."""
    try:
        await bot.delete_message(receipt.chat, receipt.message)
    except BadRequest as error:
        if receipt.kind != PHOTO or not says(error, "can't be deleted"):
            raise
        await bot.edit_message_media(InputMediaPhoto(gray()), receipt.chat, receipt.message)


def gray() -> bytes:
    """A picture of nothing."""
    return jpeg(np.full((64, 64, 3), 128, np.uint8))


def _sent(receipt: Receipt) -> Carried:
    return Carried(state=ActState.DONE, receipt=str(receipt))
