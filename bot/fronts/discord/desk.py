"""What all commands, menus and buttons share: who asks, in which language, and how they are answered.

interaction --Tree: deferred at once--> command --Desk.say--> an answer that only the asker sees
                                           error --apologise--> one sentence, never a dangling "is thinking"

What the staff may do is checked here again, whatever Discord has let through.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands

from bot.fronts.discord.cards import escaped
from bot.fronts.discord.client import Bot
from bot.fronts.discord.events import place_of
from bot.fronts.discord.wire import UNREACHABLE, permission_name
from core.chat import Community, Said
from core.errors import ResightError
from core.telling import said, trouble, units, with_texts
from core.types import Platform, Space
from core.wording import Words, negotiate
from handlers.communities import EVERYWHERE
from handlers.services import Services

type Asked = discord.Interaction[Bot]
type Command = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel

LONGEST = 2000
"""Characters of a message."""

WATCHING = ("view_channel", "read_message_history")
log = logging.getLogger(__name__)


class Declined(app_commands.CheckFailure):
    """Not for this person, or not in this place; `said` says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.said = Said(key=key)


def text(key: str, **names: str) -> app_commands.locale_str:
    """A text of the words that Discord shows to everybody in their language; `names` are a name's translations."""
    return app_commands.locale_str(Words.of("en")(key), key=key, **names)


def staff[T](*rights: str, in_private: bool = False) -> Callable[[T], T]:
    """Only those with one of these permissions; `in_private`: also anybody who writes to the bot alone."""

    def check(interaction: Asked) -> bool:
        if interaction.guild_id is None and not in_private:
            raise Declined("said.not-here")
        if interaction.guild_id is not None and not may(interaction, *rights):
            raise Declined("said.staff-only")
        return True

    return app_commands.check(check)


def may(interaction: Asked, *rights: str) -> bool:
    """Whether the asker has one of these permissions here and now, as Discord says with every interaction."""
    held = interaction.permissions
    return held.administrator or any(getattr(held, right) for right in rights)


@dataclass(frozen=True, slots=True)
class Desk:
    """One who asks, with all that an answer needs."""

    interaction: Asked

    @property
    def bot(self) -> Bot:
        return self.interaction.client

    @property
    def services(self) -> Services:
        return self.bot.services

    @property
    def guild(self) -> discord.Guild:
        if self.interaction.guild is None:
            raise Declined("said.not-here")
        return self.interaction.guild

    @property
    def by(self) -> str:
        """How decisions and changes are signed."""
        return self.interaction.user.display_name

    @property
    def own_language(self) -> str:
        return negotiate(self.interaction.locale.value)

    @property
    def here(self) -> Space:
        """The channel in which it was asked, or that of the thread."""
        if self.interaction.channel is not None:
            return place_of(self.interaction.channel, self.interaction.guild)[0]
        community, channel = self.interaction.guild_id or "", self.interaction.channel_id
        return Space(platform=Platform.DISCORD, community=str(community), channel=str(channel))

    def space(self, channel: Place | None = None, *, everywhere: bool = False) -> Space:
        """The channel that is meant."""
        chosen = EVERYWHERE if everywhere else str(channel.id) if channel else self.here.channel
        return replace(self.here, community=str(self.guild.id), channel=chosen)

    async def community(self) -> Community:
        return await self.services.communities.get(Platform.DISCORD, str(self.guild.id))

    async def words(self) -> Words:
        """The community's language; the asker's own, where there is none yet."""
        if self.interaction.guild_id is None:
            return Words.of(self.own_language)
        community = await self.services.communities.get(Platform.DISCORD, str(self.interaction.guild_id))
        return Words.of(community.language or self.own_language)

    async def say(self, sentence: Said, *more: str, own: bool = False, **extras: Any) -> None:
        """Answer in the community's language, or in the asker's `own`; `more` lines follow."""
        words = Words.of(self.own_language) if own else await self.words()
        await self.show("\n".join([plain(words, sentence), *more]), **extras)

    async def show(self, content: str = "", **extras: Any) -> None:
        """The answer itself; after a deferral the first one takes the place of "is thinking"."""
        response, ephemeral = self.interaction.response, self.interaction.guild_id is not None
        send = self.interaction.followup.send if response.is_done() else response.send_message
        await send(shortened(content), ephemeral=ephemeral, **extras)

    def lacking(self, words: Words, *wanted: tuple[Place, tuple[str, ...]]) -> list[str]:
        """A line for each channel in which we lack a permission, and one if we can't read messages at all."""
        lines = [lacking(words, place, needed) for place, needed in wanted]
        return [line for line in (*lines, "" if self.bot.may_read else words("discord.no-content")) if line]


def shortened(content: str) -> str:
    """As many whole lines as a message holds."""
    lines = content.split("\n")
    while sum(units(line) + 1 for line in lines) > LONGEST:
        lines = [*lines[:-2], "…"]
    return "\n".join(lines)


def plain(words: Words, sentence: Said) -> str:
    """The sentence, with nothing in it that Discord would take for markup."""
    return said(words, with_texts(sentence, lambda _, text: escaped(text)))


def lacking(words: Words, place: Place, needed: tuple[str, ...]) -> str:
    """Which permissions we lack in a channel, "" if none."""
    held = place.permissions_for(place.guild.me)
    names = [permission_name(need) for need in needed if not getattr(held, need)]
    listed = words("card.list").join(names)
    return words("discord.lacking", channel=f"#{place.name}", permissions=listed) if names else ""


class Tree(app_commands.CommandTree[Bot]):
    """Every command is deferred before anything else: Discord waits three seconds and no longer."""

    async def interaction_check(self, interaction: Asked, /) -> bool:
        interaction.client.speaks(interaction.user.id, interaction.locale.value)
        return await defer(interaction, thinking=True)

    async def on_error(self, interaction: Asked, error: app_commands.AppCommandError, /) -> None:
        await apologise(interaction, error)


async def defer(interaction: Asked, *, thinking: bool) -> bool:
    """Tell Discord that an answer follows; False if it is too late even for that."""
    try:
        await interaction.response.defer(ephemeral=interaction.guild_id is not None, thinking=thinking)
    except (*UNREACHABLE, discord.HTTPException) as error:
        log.warning("Discord: a command could not be answered (%s).", error)
        return False
    return True


async def apologise(interaction: Asked, error: Exception) -> None:
    """One sentence for whoever asked; a bug is told in the log."""
    desk = Desk(interaction)
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    try:
        await desk.say(_sorry(Words.of(desk.own_language), cause), own=True)
    except (*UNREACHABLE, discord.HTTPException, ResightError) as worse:
        log.warning("Discord: an answer could not be given (%s).", worse)


def _sorry(words: Words, cause: Exception) -> Said:
    if isinstance(cause, Declined):
        return cause.said
    if isinstance(cause, app_commands.CheckFailure):
        return Said(key="said.staff-only")
    if isinstance(cause, ResightError):
        return Said(key="said.sorry", values={"why": trouble(words, cause)})
    if isinstance(cause, discord.NotFound | discord.Forbidden):
        return Said(key="said.gone")
    if isinstance(cause, (*UNREACHABLE, discord.HTTPException)):
        return Said(key="problem.try-again")
    log.error("a command failed", exc_info=cause)
    return Said(key="problem.internal")
