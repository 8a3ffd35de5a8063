"""What becomes of an update: a post is looked at, a question answered, a pressed button followed.

    Update --Reader--> Received --is_post--> accept: many posts in one go --> handlers.intake
                                --handle---> handlers.chat.incoming, presses; greeting; the communities' move
    Press --handlers.chat.presses--> Reaction: instead --> the message with the button, note --> the person, message

An answer is a reply. What is for the asker alone is written to them in private, with a mark on what they wrote.
Telegram waits a few seconds for the note of a press: what takes longer, such as looking at a picture, is written below.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from dataclasses import replace

from telegram import Update, User
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest, TelegramError

from bot.fronts.telegram.api import Bot
from bot.fronts.telegram.chat import TelegramChat
from bot.fronts.telegram.doctor import link_for
from bot.fronts.telegram.greeting import Greetings
from bot.fronts.telegram.received import Reader, Received
from bot.fronts.telegram.recent import Written
from bot.fronts.telegram.render import text_of
from bot.fronts.telegram.sending import WORDS, Place, Receipt, renew, say
from bot.settings import Settings
from core.chat import Said
from core.messages import Answer, Incoming, Pressed, Reaction
from core.types import ImageEvent, Mode, Platform
from handlers import outbox
from handlers.chat.context import ChatNeeds, Connection
from handlers.chat.incoming import asked_by, asked_in_words, asks, heard
from handlers.chat.patience import Patience
from handlers.chat.presses import pressed
from handlers.intake import accept

MOST_UNITS = 200
"""Of the note that somebody who pressed a button reads."""

PATIENCE_S = 5.0
WROTE_TO_YOU = ReactionEmoji.WRITING_HAND
log = logging.getLogger(__name__)


class Conversation:
    """One bot, which is `me`, among those who write to it and around it."""

    silent = (TelegramError,)

    def __init__(
        self, bot: Bot, services: ChatNeeds, settings: Settings, me: User, written: Written | None = None
    ) -> None:
        self._bot, self._services, self._me = bot, services, me
        self._chat = TelegramChat(bot, me, written)
        patience = Patience(settings.asks_a_minute, services.clock)
        self._connection = Connection(services=services, chat=self._chat, patience=patience, language=settings.language)
        self._reader = Reader(me, follow_links=settings.follow_links)
        self._greetings = Greetings(bot, me, self._connection)

    def understood(self, number: int, raw: bytes) -> Received | None:
        """What the update says; None for one that can't be read: whatever Telegram invents stops nothing after it."""
        try:
            update = Update.de_json(json.loads(raw), None)
        except Exception:  # the library meets what Telegram has invented since: one update is lost, not those after it
            log.exception("update %d can't be read", number)
            return None
        received = self._reader.received(update)
        self._chat.note(received)
        return received

    def is_post(self, received: Received) -> bool:
        """Whether nobody asks us anything with it."""
        message = received.message
        if message is None or message.is_private or received.moved:
            return False
        try:
            return received.is_edited or not asks(self._connection, message, self._me.username or "")
        except Exception:  # `handle` meets it again, and tells
            return False

    async def accept(self, posts: Sequence[Received]) -> None:
        """Have the images of posts looked at; raises RetryLater."""
        events = [event for post in posts if post.message for event in await self._events(post.message)]
        if events:
            await accept(self._services, events)

    async def handle(self, received: Received) -> None:
        """Answer an update; raises RetryLater if it holds a post that can't be accepted now."""
        message = received.message
        if message and not message.is_private:
            await self.accept([received])
            message = await self._with_staff(message)
        try:
            if received.press:
                await answer_press(self._bot, self._connection, received.press, received.query)
            elif received.membership:
                self._greetings.changed(received.membership)
                await self._try_again(str(received.chat))
            elif received.moved:
                old, new = received.moved
                await self._services.communities.move(Platform.TELEGRAM, str(old), str(new))
            elif message:
                await self._answer(message, await self._heard(message, is_edited=received.is_edited))
        except Exception:  # the last wall before the worker: the other updates still have their turn
            log.exception("update %d failed", received.number)

    async def close(self) -> None:
        await self._greetings.close()

    async def _events(self, message: Incoming) -> list[ImageEvent]:
        """Images of a watched chat."""
        if not message.pictures or (await self._services.policies.for_space(message.space)).mode is Mode.OFF:
            return []
        return (await self._chat.by_staff(message)).events()

    async def _with_staff(self, message: Incoming) -> Incoming:
        """The message, and the one that it replies to, with whether they are by staff, where they show something."""
        target = message.replied_to
        if target and target.pictures:
            message = replace(message, replied_to=await self._chat.by_staff(target))
        return await self._chat.by_staff(message) if message.pictures else message

    async def _heard(self, message: Incoming, *, is_edited: bool) -> Answer:
        """The answer; an edit asks nothing, unless it brings another picture in private."""
        if is_edited:
            is_question = message.is_private and message.pictures
            return await asked_in_words(self._connection, asked_by(message)) if is_question else Answer()
        answer = await heard(self._connection, message, self._me.username or "")
        if not answer.refusal:
            self._greetings.hush(int(message.space.channel))
        return self._with_invitation(answer)

    def _with_invitation(self, answer: Answer) -> Answer:
        """The help in private says where the bot is added to a group."""
        if answer.said is None or answer.said.key != "help.private" or not answer.rows:
            return answer
        link = Said(key="telegram.help-add", values={"link": link_for(self._me)})
        return replace(answer, said=replace(answer.said, more=(*answer.said.more, link)))

    async def _answer(self, message: Incoming, answer: Answer) -> None:
        """Nothing, where the outbox answers or nobody is asked."""
        if answer.is_empty or (_is_for_one(message, answer) and await self._written_alone(message, answer)):
            return
        await say(self._bot, Place.at(message.space, message.thread), answer, int(message.message))

    async def _written_alone(self, message: Incoming, answer: Answer) -> bool:
        """Write it to the asker, under the name of the chat that it is about, and mark what they wrote."""
        if not await self._chat.write_to(message.author, answer, heading=self._chat.name_of(message.space)):
            return False
        try:
            await self._bot.set_message_reaction(int(message.space.channel), int(message.message), WROTE_TO_YOU)
        except TelegramError as error:
            log.info("a command was not marked: %s", error.message)
        return True

    async def _try_again(self, chat: str) -> None:
        """The bot's rights there are others now: perhaps what was refused works, or cards can be shown."""
        for one in await self._services.communities.all(Platform.TELEGRAM):
            if chat in (one.id, one.log.partition("/")[0]):
                await outbox.again(self._services, f"{one.platform}:{one.id}")


def _is_for_one(message: Incoming, answer: Answer) -> bool:
    """Whether the asker alone is to read it: buttons are pressed where the others see what came of them."""
    has_buttons = answer.buttons or any(card.buttons for card in answer.cards)
    return answer.alone and not has_buttons and not message.is_private


async def answer_press(bot: Bot, connection: Connection, press: Pressed, query: str) -> None:
    """Do what the button says, and show what came of it."""
    early = asyncio.create_task(_note_later(bot, query), name="the early note on a press")
    try:
        reaction = await pressed(connection, press)
    finally:
        is_noted = early.done()
        early.cancel()
    await _show(bot, press, reaction, query="" if is_noted else query)


async def _note_later(bot: Bot, query: str) -> None:
    await asyncio.sleep(PATIENCE_S)
    await _note(bot, query, Answer())


async def _show(bot: Bot, press: Pressed, reaction: Reaction, *, query: str) -> None:
    """Change the message first: who reads the note then looks at it. A query that is noted already is ""."""
    message, place = int(press.message), Place.at(press.space, press.thread)
    if reaction.instead:
        await _renew(bot, Receipt(place.chat, message, WORDS), reaction.instead)
    if query:
        await _note(bot, query, reaction.note)
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


async def _note(bot: Bot, query: str, note: Answer) -> None:
    """A press that is too old, or noted already, needs no note."""
    text = text_of(note, MOST_UNITS)
    try:
        await bot.answer_callback_query(query, text or None, show_alert=note.refusal)
    except TelegramError as error:
        log.info("a press was not noted: %s", error.message)
