"""What the bot tells of its own accord on Telegram: the moderators' card, an answer, an alert.

Order, Alert --> Answer --sending.send--> receipt --sending.renew--> the same message, as it now stands
"""

import contextlib
from datetime import datetime

import numpy as np
from telegram import InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated

from bot.fronts.telegram.api import Bot, says
from bot.fronts.telegram.render import keyboard_of
from bot.fronts.telegram.sending import PHOTO, WORDS, Place, Receipt, renew, send
from core.cases import Case
from core.chat import Alert, Carried, Order
from core.messages import Answer, Card
from core.types import Act, ActState
from core.wording import Words
from embed.pictures import jpeg
from handlers.chat.cards import alert_card, answer_card, case_card

LOOKS, GAP = 10, 3
"""How far behind the newest card a lost one is looked for, and after how many numbers that nobody has we stop."""


async def tell_moderators(bot: Bot, order: Order, kept_until: datetime | None) -> Carried:
    """Post the card where the moderators read, or renew it."""
    if not order.community.log:
        return Carried(state=ActState.UNSUPPORTED, sentence="not-possible")
    words = Words.of(order.community.language)
    card = case_card(words, order.case, order.community, kept_until, variants=order.variants)
    message, receipt = _message(card, order.picture), order.case.receipt(Act.CARD)
    place = Place.of(order.community.log)
    if not receipt and order.newest:
        receipt = await _sent_before(bot, place, message, Receipt.of(order.newest))
    if order.case.is_suspected and receipt.endswith(PHOTO):
        return await _without_picture(bot, place, message, Receipt.of(receipt))
    return await _show(bot, place, message, receipt)


def _message(card: Card, picture: bytes | None) -> Answer:
    return Answer(cards=(card,), picture=picture)


async def _sent_before(bot: Bot, place: Place, message: Answer, last: Receipt) -> str:
    """The receipt of this card, if an earlier try arrived and only its answer was lost; "" if it did not.

    Bots can't read a chat, and Telegram has no idempotency key. But no other message has the buttons of this case: the
    one that they change nothing about is the card. It is looked for behind the newest card that we know of.
    """
    keys = keyboard_of(message)
    if last.chat != place.chat or keys is None:
        return ""
    missing = 0
    for number in range(last.message + 1, last.message + 1 + LOOKS):
        try:
            await bot.edit_message_reply_markup(place.chat, number, reply_markup=keys)
            await bot.edit_message_reply_markup(place.chat, number)  # another message of ours: it had none
        except BadRequest as error:
            if says(error, "is not modified"):
                return str(Receipt(place.chat, number, PHOTO if message.picture else WORDS))
            missing += says(error, "not found")
        if missing >= GAP:
            break
    return ""


async def _without_picture(bot: Bot, place: Place, message: Answer, receipt: Receipt) -> Carried:
    """A picture can't be taken out of a message: the message goes, and a new one tells the words."""
    await _take_away(bot, receipt)
    return _sent(await send(bot, place, message))


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
    question = event.revision or int(event.message)  # earlier versions kept the question as the message itself
    return _sent(await send(bot, place, _message(answer_card(words, order.about), order.picture), question))


async def tell_subscriber(bot: Bot, alert: Alert, case: Case, picture: bytes | None) -> Carried:
    """Tell a subscriber of a burst, or bring its counter up to date."""
    card = alert_card(Words.of(alert.subscription.language), alert, case)
    return await _show(bot, Place.of(alert.subscription.channel), _message(card, picture), alert.receipt)


async def _show(bot: Bot, place: Place, message: Answer, receipt: str) -> Carried:
    """Renew the message of the receipt; without one, or when its group has moved since then, send a new one."""
    try:
        if receipt:
            return _sent(await renew(bot, Receipt.of(receipt), message))
    except ChatMigrated:
        if place.chat == Receipt.of(receipt).chat:
            raise
    return _sent(await send(bot, place, message))


def _sent(receipt: Receipt) -> Carried:
    return Carried(state=ActState.DONE, receipt=str(receipt))
