"""Members and places that discord.py does not keep: asked of Discord, and remembered for a moment.

member      who somebody is in a server           complete    a message with its member and its channel
language    what somebody's app is set to: Discord tells it with commands only
"""

import contextlib
from typing import Any

import discord
from cachetools import LRUCache, TTLCache

from bot.fronts.discord.messages import user_of_app
from bot.fronts.discord.rights import right_of, rights_in
from bot.fronts.discord.wire import asking
from core.messages import Right

MOST_PEOPLE = 10_000
MEMBER_S = 60.0


class Members:
    """What is known of people and places, through one client."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._members: TTLCache[tuple[int, int], discord.Member | None] = TTLCache(MOST_PEOPLE, MEMBER_S)
        self._languages: LRUCache[str, str] = LRUCache(MOST_PEOPLE)

    def speaks(self, person: int | str, locale: str = "") -> str:
        """The language of a person's app, "" if unknown; a `locale` is remembered."""
        if locale:
            self._languages[str(person)] = locale
        language: str = self._languages.get(str(person), "")
        return language

    def seen(self, person: discord.abc.User) -> None:
        """Somebody as Discord tells of them with what they use: their roles as they are now."""
        if isinstance(person, discord.Member):
            self._members[person.guild.id, person.id] = person

    async def member(self, guild: discord.Guild, person: int) -> discord.Member | None:
        """The member; None for one who has left. Raises RetryLater."""
        key = (guild.id, person)
        if key not in self._members:
            self._members[key] = guild.get_member(person) or await self._fetched(guild, person)
        return self._members[key]

    async def _fetched(self, guild: discord.Guild, person: int) -> discord.Member | None:
        with asking(), contextlib.suppress(discord.NotFound, discord.Forbidden):
            return await guild.fetch_member(person)
        return None

    async def right(self, guild: discord.Guild, channel: int, person: int) -> Right:
        """What a person may ask the bot for."""
        member = await self.member(guild, person)
        if member is None:
            return Right.EVERYBODY
        return right_of(rights_in(guild.get_channel_or_thread(channel), member))

    async def channel(self, guild: discord.Guild, number: int) -> Any:
        """A channel or thread of the server; None where there is none. Raises RetryLater."""
        with asking(), contextlib.suppress(discord.NotFound, discord.Forbidden, discord.InvalidData):
            return guild.get_channel_or_thread(number) or await guild.fetch_channel(number)
        return None

    async def complete(self, message: discord.Message) -> None:
        """Messages that are read afterwards come without the member, and those of unknown threads without those."""
        if message.guild and isinstance(message.channel, discord.PartialMessageable):
            message.channel = await self.channel(message.guild, message.channel.id) or message.channel
        if message.guild and isinstance(message.author, discord.User) and not message.webhook_id:
            message.author = await self.member(message.guild, message.author.id) or message.author
        if message.guild and (user := user_of_app(message)) and message.interaction_metadata:
            member = await self.member(message.guild, user.id)
            message.interaction_metadata.user = member or user  # type: ignore[assignment]  # a Member acts as its User
