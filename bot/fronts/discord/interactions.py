"""Commands, menus and buttons of Discord: deferred at once, done by handlers/chat, and answered whatever happens.

    command, menu  --deferred--> handlers.chat.commands.answer --> Answer    in place of "is thinking"
    button         --deferred--> handlers.chat.presses.pressed --> Reaction  a note, a message, the message changed
    an option      ------------> handlers.chat.suggest         --> what may be meant

In a server only those who ask see the answer.
"""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
from discord.app_commands import Choice

from bot.fronts.discord.addresses import EVIDENCE
from bot.fronts.discord.commands import (
    Interaction,
    asked_of,
    being_typed,
    command_of,
    data_of,
    given_of,
    pressed_of,
    target_of_menu,
)
from bot.fronts.discord.forms import open_form, opens_form, sent
from bot.fronts.discord.members import Members
from bot.fronts.discord.messages import incoming_of
from bot.fronts.discord.render import change_of, message_of
from bot.fronts.discord.wire import UNREACHABLE, tell
from core.errors import ResightError
from core.messages import Answer, Incoming, Reaction, Right
from core.wording import negotiate
from handlers.chat import commands, presses, suggest
from handlers.chat.commands import Command
from handlers.chat.context import Connection
from handlers.chat.errors import OUR_FAULT, sentence_of
from handlers.chat.options import Type

RENAME = commands.BY_NAME["references rename"]
log = logging.getLogger(__name__)


class Interactions:
    """What people use, on one connection. `numbers` are those of the commands that Discord knows, by name."""

    def __init__(self, connection: Connection, members: Members) -> None:
        self._connection = connection
        self._members = members
        self.numbers: Mapping[str, str] = {}

    async def take(self, interaction: Interaction) -> None:
        """Answer one use of a command, a menu, a button or an option that is being typed."""
        language = negotiate(interaction.locale.value)
        self._members.speaks(interaction.user.id, language)
        self._members.seen(interaction.user)
        try:
            await self._by_kind(interaction)
        except Exception as error:  # the last wall before discord.py: whoever asked gets a sentence
            sentence = sentence_of(error, language, "an interaction")
            await self._say(interaction, Answer(said=sentence, language=language, refusal=True))

    async def _by_kind(self, interaction: Interaction) -> None:
        match interaction.type:
            case discord.InteractionType.application_command:
                if await _deferred(interaction, thinking=True):
                    await self._command(interaction)
            case discord.InteractionType.component if opens_form(interaction):
                with contextlib.suppress(*UNREACHABLE, discord.HTTPException):
                    await open_form(self._connection, interaction)
            case discord.InteractionType.modal_submit:
                if await _deferred(interaction, thinking=True):
                    asked, given = sent(interaction)
                    await self._say(interaction, await commands.answer(self._connection, asked, RENAME, given))
            case discord.InteractionType.component:
                if await _deferred(interaction, thinking=False):
                    await self._show(interaction, await presses.pressed(self._connection, pressed_of(interaction)))
            case discord.InteractionType.autocomplete:
                await self._suggest(interaction)

    async def _command(self, interaction: Interaction) -> None:
        """Say what the command says; where that is nothing, the answer comes from the outbox."""
        command, options = command_of(interaction)
        if command is None:
            log.error("Discord: the command %r is in no table.", data_of(interaction).get("name"))
            return await self._say(interaction, _fault(interaction))
        asked = asked_of(interaction, await self._about(interaction, command))
        given = given_of(interaction, command, options, asked)
        answer = await commands.answer(self._connection, asked, command, given)
        if not answer.is_empty:
            await self._say(interaction, answer)
        return None

    async def _about(self, interaction: Interaction, command: Command) -> Incoming | None:
        """The message whose menu was opened; the staff are told of its author's standing, too."""
        message = target_of_menu(interaction)
        if message and command.who > Right.EVERYBODY:
            await self._members.complete(message)
        return incoming_of(message) if message else None

    async def _show(self, interaction: Interaction, reaction: Reaction) -> None:
        """What changed first, then what is to be read."""
        if reaction.instead is not None:
            files = interaction.message.attachments if interaction.message else []
            has_picture = any(file.filename == EVIDENCE for file in files)
            change = change_of(reaction.instead, has_picture=has_picture)
            await _guarded(interaction, interaction.edit_original_response, change)
        for answer in (reaction.message, None if reaction.instead else reaction.note):
            if answer is not None and not answer.is_empty:
                await self._say(interaction, answer)

    async def _say(self, interaction: Interaction, answer: Answer) -> None:
        """A message that in a server only those who asked see; the first one takes the place of "is thinking"."""
        message = message_of(answer, self.numbers) | {"ephemeral": interaction.guild_id is not None}
        await _guarded(interaction, interaction.followup.send, message)

    async def _suggest(self, interaction: Interaction) -> None:
        """What may be meant; a failure offers nothing."""
        command, options = command_of(interaction)
        option, typed, values = being_typed(command, options) if command else (None, "", {})
        suggestions: list[suggest.Suggestion] = []
        if command and option:
            try:
                context = await self._connection.context(asked_of(interaction))
                suggestions = await suggest.suggest(context, command, option, typed, values.get("collection", ""))
            except ResightError as error:
                log.warning("Discord: nothing could be suggested (%s).", error)
        is_number = option is not None and option.type is Type.CASE
        choices = [
            Choice(name=meant.label, value=int(meant.value) if is_number else meant.value) for meant in suggestions
        ]
        with contextlib.suppress(*UNREACHABLE, discord.HTTPException):
            await interaction.response.autocomplete(choices)


async def _deferred(interaction: Interaction, *, thinking: bool) -> bool:
    """Tell Discord that an answer follows; False if it is too late even for that."""
    try:
        await interaction.response.defer(ephemeral=interaction.guild_id is not None, thinking=thinking)
    except (*UNREACHABLE, discord.HTTPException) as error:
        tell(error)
        return False
    return True


async def _guarded(interaction: Interaction, send: Callable[..., Awaitable[Any]], message: dict[str, Any]) -> None:
    """What Discord does not take is our fault, and told as one; what does not reach it can't be told."""
    try:
        await send(**message)
    except (*UNREACHABLE, discord.HTTPException) as error:
        if tell(error):
            with contextlib.suppress(*UNREACHABLE, discord.HTTPException):
                sorry = message_of(_fault(interaction))["content"]
                await interaction.followup.send(sorry, ephemeral=interaction.guild_id is not None)


def _fault(interaction: Interaction) -> Answer:
    return Answer(said=OUR_FAULT, language=negotiate(interaction.locale.value), refusal=True)
