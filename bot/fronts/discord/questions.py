"""Images that somebody shows the bot in a message, to hear what they are; answered below it.

in_private    every image of a direct message; without one, a word of help
in_public     what `handlers.chat.questions` takes for a question
preview       the picture of a link that was sent in private comes with a change of the message
"""

import contextlib
from dataclasses import replace

import discord

from bot.fronts.discord.addresses import below
from bot.fronts.discord.members import Members
from bot.fronts.discord.messages import PREVIEW, incoming_of
from bot.fronts.discord.render import message_of
from bot.fronts.discord.wire import UNREACHABLE, tell
from core.messages import Incoming
from handlers.chat.context import Connection
from handlers.chat.incoming import asked_by, asked_in_words
from handlers.chat.questions import ASKING, CHINESE, is_question


class Questions:
    """What is asked in messages on one connection of the bot, which is `me`."""

    def __init__(self, connection: Connection, members: Members, me: int) -> None:
        self._connection, self._members, self._me = connection, members, me
        self._asking = (*ASKING, f"<@{me}>", f"<@!{me}>")

    async def in_private(self, message: discord.Message) -> None:
        """Answer what is written to the bot alone."""
        language = "zh" if CHINESE.search(message.content) else self._members.speaks(message.author.id)
        await self._answer(message, await self._read(message, language))

    async def preview(self, message: discord.Message) -> None:
        """Only what is new: the other pictures were asked about when the message came."""
        incoming = incoming_of(message, me=self._me, language=self._members.speaks(message.author.id))
        late = tuple(shown for shown in incoming.pictures if PREVIEW in shown.image)
        if late:
            await self._answer(message, replace(incoming, pictures=late))

    async def in_public(self, message: discord.Message) -> None:
        """Most messages ask nothing: they cost a look at their text."""
        if not (self._may_ask(message) or self._connection.patience.expects):
            return
        incoming = await self._read(message, self._members.speaks(message.author.id))
        if is_question(self._connection.patience, incoming):
            await self._answer(message, incoming)

    def _may_ask(self, message: discord.Message) -> bool:
        """Whether a word of a question, or the bot's name, is in a text."""
        text = message.content.lower()
        return any(word in text for word in self._asking)

    async def _read(self, message: discord.Message, language: str) -> Incoming:
        """The message, with the one that it replies to where that matters."""
        about = await _replied_to(message) if message.reference and self._may_ask(message) else None
        replied_to = incoming_of(about) if about else None
        return incoming_of(message, me=self._me, language=language, replied_to=replied_to)

    async def _answer(self, message: discord.Message, incoming: Incoming) -> None:
        """Say what there is to say; an image is looked up meanwhile, and answered by the outbox."""
        asked = replace(asked_by(incoming), answer_to=below(message))
        answer = await asked_in_words(self._connection, asked)
        try:
            await (message.channel.typing() if answer.is_empty else message.reply(**message_of(answer)))
        except (*UNREACHABLE, discord.HTTPException) as error:
            tell(error)


async def _replied_to(message: discord.Message) -> discord.Message | None:
    """The message that this one replies to, as far as it can be read."""
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    with contextlib.suppress(*UNREACHABLE, discord.HTTPException):
        return await message.channel.fetch_message(reference.message_id)
    return None
