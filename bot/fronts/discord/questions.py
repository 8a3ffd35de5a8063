"""Images that somebody shows the bot, to hear what they are.

in_private    every image of a direct message; without one, a word of help
in_public     "搜图" or "search" as a reply to an image or above one, or an image with a mention of the bot
preview       the picture of a link that was sent in private comes with a change of the message

Everybody has an allowance of images a minute; commands and menus draw on the same one.
"""

import contextlib
import math
import re
from collections.abc import Callable
from datetime import timedelta

import discord

from bot.fronts.discord.events import events_of
from bot.fronts.discord.posts import below
from bot.fronts.discord.wire import UNREACHABLE
from bot.settings import Settings
from core.chat import Said
from core.errors import ResightError
from core.telling import said, trouble
from core.types import ImageEvent, Intent
from core.wording import Words
from handlers.brakes import Allowance
from handlers.intake import accept
from handlers.services import Services

ASKING = frozenset({"搜图", "搜圖", "search"})
MENTION = re.compile(r"<@!?\d+>")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MINUTE = timedelta(minutes=1)


def is_question(message: discord.Message, me: int) -> bool:
    """Whether somebody asks in public; a mention counts when it is written, not when it comes from a reply."""
    is_spoken_to = f"<@{me}>" in message.content or f"<@!{me}>" in message.content
    return is_spoken_to or MENTION.sub("", message.content).strip().lower() in ASKING


class Questions:
    """What is asked in messages, and answered below them; `speaks` tells the language of a person, "" if unknown."""

    def __init__(self, services: Services, settings: Settings, speaks: Callable[[int], str]) -> None:
        self._services = services
        self._speaks = speaks
        self._otherwise = settings.language
        self._allowance = Allowance(settings.asks_a_minute, MINUTE, services.clock)

    async def in_private(self, message: discord.Message) -> None:
        events = events_of(message, intent=Intent.QUERY, language=self._language(message))
        if events:
            await self._ask(message, events)
        elif "http" not in message.content:
            await _reply(message, Words.of(self._language(message))("discord.help-private"))

    async def preview(self, message: discord.Message) -> None:
        """Only what is new: the other pictures were asked about when the message came."""
        events = events_of(message, intent=Intent.QUERY, language=self._language(message))
        late = [event for event in events if "embed-" in event.image]
        if late:
            await self._ask(message, late)

    async def in_public(self, message: discord.Message) -> None:
        """About its own images, or else about those of the message that it replies to."""
        language = self._language(message)
        events = events_of(message, intent=Intent.QUERY, revision=message.id, language=language)
        if not events and (about := await _replied_to(message)):
            answer_to = below(message)
            events = events_of(about, intent=Intent.QUERY, revision=message.id, answer_to=answer_to, language=language)
        if events:
            await self._ask(message, events)

    async def _ask(self, message: discord.Message, events: list[ImageEvent]) -> None:
        refused = self.too_many(message.author.id, len(events))
        try:
            if refused:
                await _reply(message, said(Words.of(self._language(message)), refused))
                return
            await accept(self._services, events)
            with contextlib.suppress(*UNREACHABLE, discord.HTTPException):
                await message.channel.typing()
        except ResightError as error:
            words = Words.of(self._language(message))
            await _reply(message, said(words, Said(key="said.sorry", values={"why": trouble(words, error)})))

    def too_many(self, person: int, images: int) -> Said | None:
        """What to say to one who asks faster than allowed."""
        wait = self._allowance.take(str(person), images)
        return Said(key="said.slow-down", values={"seconds": math.ceil(wait.total_seconds())}) if wait else None

    def _language(self, message: discord.Message) -> str:
        """As they write, as they use Discord, as the server speaks ("", where that is not known)."""
        if CHINESE.search(message.content):
            return "zh"
        return self._speaks(message.author.id) or ("" if message.guild else self._otherwise)


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


async def _reply(message: discord.Message, text: str) -> None:
    with contextlib.suppress(*UNREACHABLE, discord.HTTPException):
        await message.reply(text)
