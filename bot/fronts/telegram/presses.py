"""A pressed button: what it comes to is shown, and the person reads a note that passes, or one to be closed.

    Press --handlers.chat.presses--> Reaction: instead --> the message with the button, note --> the person, message

Telegram waits a few seconds for the note. What takes longer, such as looking at a picture again, is written below.
"""

import asyncio
import logging

from telegram.error import BadRequest, TelegramError

from bot.fronts.telegram.api import Bot
from bot.fronts.telegram.received import Press
from bot.fronts.telegram.render import text_of
from bot.fronts.telegram.sending import WORDS, Place, Receipt, renew, say
from core.messages import Answer, Reaction
from handlers.chat.context import Connection
from handlers.chat.presses import pressed

MOST_UNITS = 200
PATIENCE_S = 5.0
NOTHING = Answer()
log = logging.getLogger(__name__)


async def answer_press(bot: Bot, connection: Connection, press: Press) -> None:
    """Do what the button says, and show what came of it."""
    early = asyncio.create_task(_note_later(bot, press), name="the early note on a press")
    try:
        reaction = await pressed(connection, press.pressed)
    finally:
        is_noted = early.done()
        early.cancel()
    await _show(bot, press, reaction, is_noted=is_noted)


async def _note_later(bot: Bot, press: Press) -> None:
    await asyncio.sleep(PATIENCE_S)
    await _note(bot, press, NOTHING)


async def _show(bot: Bot, press: Press, reaction: Reaction, *, is_noted: bool) -> None:
    """Change the message first: who reads the note then looks at it."""
    message = int(press.pressed.message)
    place = Place(int(press.pressed.space.channel), int(press.pressed.thread) if press.pressed.thread else None)
    if reaction.instead:
        await _renew(bot, Receipt(place.chat, message, WORDS), reaction.instead)
    if not is_noted:
        await _note(bot, press, reaction.note)
    elif not reaction.note.is_empty:
        await say(bot, place, reaction.note, message)
    if reaction.message:
        await say(bot, place, reaction.message, message)


async def _renew(bot: Bot, receipt: Receipt, answer: Answer) -> None:
    try:
        await renew(bot, receipt, answer)
    except BadRequest as error:
        log.error("a message with a button was not renewed: %s", error.message, exc_info=error)
    except TelegramError as error:
        log.warning("a message with a button was not renewed: %s", error.message)


async def _note(bot: Bot, press: Press, note: Answer) -> None:
    """A press that is too old, or noted already, needs no note."""
    text = text_of(note, MOST_UNITS)
    try:
        await bot.answer_callback_query(press.query, text or None, show_alert=note.refusal)
    except TelegramError as error:
        log.info("a press was not noted: %s", error.message)
