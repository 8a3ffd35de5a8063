"""What the bot tells of its own accord on Telegram: the moderators' card, an answer, an alert; and how it is renewed.

    Card --send--> message --receipt--> "chat:message:photo" --renew--> the same message, as it now stands

A place is a chat, or a topic of a forum: "-1001234567890" or "-1001234567890/5".
"""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from telegram import InlineKeyboardMarkup, InputMediaPhoto, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated

from bot.fronts.telegram.api import Bot, says
from bot.fronts.telegram.cards import CAPTION, TEXT, html_of, keyboard_of
from core.cases import Case
from core.chat import Alert, Carried, Order
from core.messages import Card
from core.types import Act, ActState
from core.wording import Words
from embed.pictures import jpeg
from handlers.chat.cards import alert_card, answer_card, case_card

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
NO_PICTURE = ("photo", "image_process_failed", "dimensions")
"""What Telegram's words hold when it wants the text only: a bad picture, or a chat without pictures."""

PHOTO, WORDS = "photo", "text"
LOOKS, GAP = 10, 3
"""How far behind the newest card a lost one is looked for, and after how many numbers that nobody has we stop."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written."""

    chat: int
    thread: int | None = None

    @classmethod
    def of(cls, said: str) -> "Place":
        chat, _, thread = said.partition("/")
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
    def of(cls, said: str) -> "Receipt":
        chat, message, kind = said.split(":")
        return cls(int(chat), int(message), kind)

    def __str__(self) -> str:
        return f"{self.chat}:{self.message}:{self.kind}"


@dataclass(frozen=True, slots=True)
class Note:
    """A card with its case's number, for the buttons, and its picture."""

    card: Card
    case: int
    picture: bytes | None = None

    @property
    def keys(self) -> InlineKeyboardMarkup | None:
        """The buttons, None if there are none."""
        keys = keyboard_of(self.card, self.case)
        return keys if keys.inline_keyboard else None


async def tell_moderators(bot: Bot, order: Order, kept_until: datetime | None) -> Carried:
    """Post the card where the moderators read, or renew it."""
    if not order.community.log:
        return Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
    card = case_card(Words.of(order.community.language), order.case, order.community, kept_until)
    note, known = Note(card, order.case.id, order.picture), order.case.receipt(Act.CARD)
    if not known and order.newest:
        known = await _sent_before(bot, Place.of(order.community.log), note, Receipt.of(order.newest))
    if order.case.is_suspected and known.endswith(PHOTO):
        return await _without_picture(bot, Place.of(order.community.log), note, Receipt.of(known))
    return await show(bot, Place.of(order.community.log), note, known)


async def _sent_before(bot: Bot, place: Place, note: Note, last: Receipt) -> str:
    """The receipt of this card, if an earlier try arrived and only its answer was lost; "" if it did not.

    Bots can't read a chat, and Telegram has no idempotency key. But no other message has the buttons of this case: the
    one that they change nothing about is the card. It is looked for behind the newest card that we know of.
    """
    if last.chat != place.chat or not note.keys:
        return ""
    missing = 0
    for number in range(last.message + 1, last.message + 1 + LOOKS):
        try:
            await bot.edit_message_reply_markup(place.chat, number, reply_markup=note.keys)
            await bot.edit_message_reply_markup(place.chat, number)  # another message of ours: it had none
        except BadRequest as error:
            if says(error, "is not modified"):
                return str(Receipt(place.chat, number, PHOTO if note.picture else WORDS))
            missing += says(error, "not found")
        if missing >= GAP:
            break
    return ""


async def _without_picture(bot: Bot, place: Place, note: Note, receipt: Receipt) -> Carried:
    """A picture can't be taken out of a message: the message goes, and a new one tells the words."""
    await _take_away(bot, receipt)
    return _sent(await send(bot, place, note))


async def _take_away(bot: Bot, receipt: Receipt) -> None:
    """After 48 hours a bot can't delete its message, but put a gray picture into the place of the other."""
    with contextlib.suppress(BadRequest, ChatMigrated):
        try:
            await bot.delete_message(receipt.chat, receipt.message)
        except BadRequest as error:
            if receipt.kind != PHOTO or not says(error, "can't be deleted"):
                raise
            await bot.edit_message_media(InputMediaPhoto(gray()), receipt.chat, receipt.message)


async def withdraw(bot: Bot, alert: Alert) -> Carried:
    """Take back what a subscriber was told."""
    await _take_away(bot, Receipt.of(alert.receipt))
    return Carried(state=ActState.DONE)


def gray() -> bytes:
    """A picture of nothing."""
    return jpeg(np.full((64, 64, 3), 128, np.uint8))


async def answer(bot: Bot, order: Order) -> Carried:
    """Tell the one who asked, as a reply to the question."""
    event = order.about.event
    words = Words.of(event.language or order.community.language)
    place = Place(int(event.space.channel), int(event.thread) if event.thread else None)
    note = Note(answer_card(words, order.about), order.case.id, order.picture)
    return _sent(await send(bot, place, note, reply_to=int(event.message)))


async def tell_subscriber(bot: Bot, alert: Alert, case: Case, picture: bytes | None) -> Carried:
    """Tell a subscriber of a burst, or bring its counter up to date."""
    card = alert_card(Words.of(alert.subscription.language), alert, case)
    return await show(bot, Place.of(alert.subscription.channel), Note(card, case.id, picture), alert.receipt)


async def show(bot: Bot, place: Place, note: Note, receipt: str) -> Carried:
    """Renew the message of the receipt; without one, or when its group has moved since then, send a new one."""
    try:
        if receipt:
            return await renew(bot, Receipt.of(receipt), note)
    except ChatMigrated:
        if place.chat == Receipt.of(receipt).chat:
            raise
    return _sent(await send(bot, place, note))


async def send(bot: Bot, place: Place, note: Note, reply_to: int | None = None) -> Receipt:
    """A new message with the card and its buttons; where the picture can't be shown, the words alone."""
    sent = await _photo(bot, place, note, reply_to) if note.picture else None
    kind = PHOTO if sent else WORDS
    sent = sent or await _text(bot, place, note, reply_to)
    return Receipt(sent.chat.id, sent.message_id, kind)


async def _photo(bot: Bot, place: Place, note: Note, reply_to: int | None) -> Message | None:
    assert note.picture
    try:
        return await bot.send_photo(
            place.chat,
            note.picture,
            html_of(note.card, CAPTION),
            parse_mode=ParseMode.HTML,
            reply_markup=note.keys,
            reply_parameters=replying(reply_to),
            message_thread_id=place.thread,
        )
    except BadRequest as error:
        if not says(error, *NO_PICTURE):
            raise
        return None


async def _text(bot: Bot, place: Place, note: Note, reply_to: int | None) -> Message:
    return await bot.send_message(
        place.chat,
        html_of(note.card, TEXT),
        parse_mode=ParseMode.HTML,
        reply_markup=note.keys,
        reply_parameters=replying(reply_to),
        message_thread_id=place.thread,
        link_preview_options=NO_PREVIEW,
    )


async def renew(bot: Bot, receipt: Receipt, note: Note) -> Carried:
    """Bring a message of ours up to date; one that says so already is up to date."""
    try:
        await _edit(bot, receipt, note)
    except BadRequest as error:
        if says(error, "there is no caption", "there is no text"):  # found again: the picture was not taken, or was
            return await renew(bot, replace(receipt, kind=WORDS if receipt.kind == PHOTO else PHOTO), note)
        if not says(error, "is not modified"):
            raise
    return _sent(receipt)


async def _edit(bot: Bot, receipt: Receipt, note: Note) -> None:
    chat, message, how = receipt.chat, receipt.message, ParseMode.HTML
    if receipt.kind == PHOTO:
        words = html_of(note.card, CAPTION)
        await bot.edit_message_caption(chat, message, caption=words, parse_mode=how, reply_markup=note.keys)
    else:
        words = html_of(note.card, TEXT)
        await bot.edit_message_text(
            words, chat, message, parse_mode=how, reply_markup=note.keys, link_preview_options=NO_PREVIEW
        )


def replying(message: int | None) -> ReplyParameters | None:
    """An answer is given even if the question is gone by then."""
    return ReplyParameters(message, allow_sending_without_reply=True) if message else None


def _sent(receipt: Receipt) -> Carried:
    return Carried(state=ActState.DONE, receipt=str(receipt))
