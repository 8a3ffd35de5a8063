"""What the bot shows of its own accord on Telegram: the moderators' card, an answer, an alert; once each.

    Outgoing --show--> Receipt "chat:message:photo" --show--> the same message, as it now stands --withdraw--> gone

Bots can't read a chat, and Telegram has no idempotency key. But no other message has the buttons of a card: the one
that they change nothing about is the card. It is looked for behind the newest card that is known.
"""

from dataclasses import replace

import numpy as np
from telegram import InputMediaPhoto
from telegram.error import BadRequest, ChatMigrated

from bot.fronts.telegram.api import Bot, is_our_fault, says
from bot.fronts.telegram.render import keyboard_of
from bot.fronts.telegram.sending import PHOTO, WORDS, Place, Receipt, renew, send
from core.chat import Carried
from core.chat_port import Outgoing
from core.messages import Answer
from core.types import ActState
from embed.pictures import jpeg

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


async def withdraw(bot: Bot, receipt: str) -> Carried:
    """Take back what somebody was told."""
    await take_away(bot, Receipt.of(receipt))
    return Carried(state=ActState.DONE)


async def take_away(bot: Bot, receipt: Receipt) -> None:
    """After 48 hours a bot can't delete its message, but put a gray picture into the place of the other."""
    try:
        await _taken_away(bot, receipt)
    except ChatMigrated:  # its old messages can't be reached any more
        return
    except BadRequest as error:
        if is_our_fault(error) and not says(error, "can't be deleted"):
            raise


async def _taken_away(bot: Bot, receipt: Receipt) -> None:
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
