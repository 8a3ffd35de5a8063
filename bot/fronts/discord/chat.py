"""What handlers/chat asks of Discord: `core.chat_port.Chat` over a client, with what is known of members."""

import re
from collections.abc import Iterator, Sequence

import discord

from bot.fronts.discord.addresses import PERSON
from bot.fronts.discord.commands import CAN
from bot.fronts.discord.members import Members
from bot.fronts.discord.messages import incoming_of, person_of, place_of, space_of
from bot.fronts.discord.reader import Reader
from bot.fronts.discord.render import message_of
from bot.fronts.discord.rights import NEEDS, WATCHING, lacking, rights_in
from bot.fronts.discord.wire import asking
from core.chat import Said
from core.chat_port import Chat, Linked
from core.messages import Answer, Incoming, Person, Right
from core.types import Act, ImageEvent, Space
from handlers.communities import EVERYWHERE

LINK = re.compile(r"https?://(?:\w+\.)?discord(?:app)?\.com/channels/(\d+)/(\d+)/(\d+)")
NUMBER = re.compile(r"(?:https?://(?:\w+\.)?discord(?:app)?\.com/channels/\d+/|<#)?(\d{1,20})>?")
SOMEBODY = re.compile(r"<@[!&]?(\d{1,20})>|(\d{1,20})")


class DiscordChat(Chat):
    """Discord, connected; `may_read` says whether the bot was granted the message content intent."""

    can = CAN

    def __init__(self, client: discord.Client, members: Members, reader: Reader, *, may_read: bool) -> None:
        self._client, self._members, self._reader, self._may_read = client, members, reader, may_read

    @property
    def own_link(self) -> str:
        """The bot's profile, from which people write to it."""
        return f"https://discord.com/users/{self._client.user.id}" if self._client.user else ""

    async def right_of(self, person: Person, space: Space) -> Right:
        guild = self._guild(space)
        if guild is None or not person.id.isdecimal():
            return Right.EVERYBODY
        return await self._members.right(guild, int(space.channel) if space.channel.isdecimal() else 0, int(person.id))

    def name_of(self, space: Space) -> str:
        guild = self._guild(space)
        place = guild.get_channel_or_thread(int(space.channel)) if guild and space.channel.isdecimal() else None
        return f"#{place.name}" if place else ""

    async def community_name(self, space: Space) -> str:
        guild = self._guild(space)
        return guild.name if guild else ""

    async def language_of(self, space: Space) -> str:
        guild = self._guild(space)
        return guild.preferred_locale.value if guild else ""

    def address(self, space: Space, thread: str = "") -> str:
        return thread or space.channel

    def address_of(self, person: Person) -> str:
        return f"{PERSON}{person.id}"

    async def place(self, space: Space, text: str) -> Space | None:
        guild, number = self._guild(space), NUMBER.fullmatch(text.strip())
        channel = guild.get_channel_or_thread(int(number[1])) if guild and number else None
        return place_of(channel, guild)[0] if channel else None

    async def person(self, space: Space, text: str) -> Person | None:
        guild, mention = self._guild(space), SOMEBODY.fullmatch(text.strip())
        if guild is None or mention is None:
            return None
        number = int(mention[1] or mention[2])
        somebody = guild.get_role(number) or await self._members.member(guild, number)
        return person_of(somebody) if somebody else None

    async def linked(self, person: Person, space: Space, link: str) -> Linked | None:
        guild, numbers = self._guild(space), LINK.search(link)
        if guild is None or numbers is None or int(numbers[1]) != guild.id:
            return None
        channel, number = int(numbers[2]), int(numbers[3])
        place = await self._members.channel(guild, channel)
        if place is not None and not await self._sees(guild, place, person):
            return None
        where = place_of(place, guild)[0] if place else space_of(guild.id, channel)
        return Linked(space=where, message=str(number), shown=await self._shown(guild, channel, number))

    async def _sees(self, guild: discord.Guild, place: object, person: Person) -> bool:
        member = await self._members.member(guild, int(person.id))
        return member is not None and rights_in(place, member).view_channel

    async def _shown(self, guild: discord.Guild, channel: int, number: int) -> Incoming | None:
        """The message as it is now; None if it is gone, or not for us to see."""
        with asking():
            try:
                message = await self._client.get_partial_messageable(channel, guild_id=guild.id).fetch_message(number)
            except (discord.NotFound, discord.Forbidden):
                return None
        await self._members.complete(message)
        return incoming_of(message)

    async def lacking(self, space: Space, acts: Sequence[Act], *, watching: bool = False) -> Sequence[Said]:
        guild = self._guild(space)
        if guild is None or guild.me is None:
            return ()
        needed = [*(WATCHING if watching else ()), *(need for act in acts for need in NEEDS[act])]
        sentences = list(_lacking_in(guild, space, needed))
        return [*sentences, Said(key="discord.no-content")] if watching and not self._may_read else sentences

    async def forbids(self, person: Person, act: Act, event: ImageEvent) -> Said | None:
        """Whoever has the bot do it must be able to do it: by permission, and by a role above the author's."""
        guild = self._guild(event.space)
        asker = await self._members.member(guild, int(person.id)) if guild else None
        if guild is None or asker is None:
            return Said(key="said.staff-only")
        if missing := lacking(asker.guild_permissions, NEEDS[act]):
            return Said(key="said.your-right", values={"permission": missing[0]})
        author = await self._members.member(guild, int(event.author))
        is_above = asker.id == guild.owner_id or author is None or asker.top_role > author.top_role
        return None if is_above else Said(key="said.your-role")

    async def unfit(self, space: Space, role: str, act: Act) -> Sequence[Said]:
        guild = self._guild(space)
        known = guild.get_role(int(role)) if guild and role.isdecimal() else None
        if guild is None or known is None or known.is_default() or known.managed:
            return (Said(key="said.no-such-role"),)
        may_call = known.mentionable or guild.me.guild_permissions.mention_everyone
        if act is Act.CARD:
            return () if may_call else (Said(key="said.role-not-called", values={"name": known.name}),)
        is_below = known < guild.me.top_role
        return () if is_below else (Said(key="said.role-too-high", values={"name": known.name}),)

    async def write_to(self, person: Person, answer: Answer) -> bool:
        with asking():
            try:
                channel = await self._client.create_dm(discord.Object(int(person.id)))
                await channel.send(**message_of(answer))
            except (discord.Forbidden, discord.NotFound):
                return False
        return True

    async def begins(self, space: Space, since: int) -> None:
        await self._reader.begin(space, since)

    async def changed(self, space: Space) -> None:
        guild = self._guild(space)
        if guild is not None and self._may_read:
            await self._reader.look_again(guild)

    def _guild(self, space: Space) -> discord.Guild | None:
        return self._client.get_guild(int(space.community)) if space.community.isdecimal() else None


def _lacking_in(guild: discord.Guild, space: Space, needed: Sequence[str]) -> Iterator[Said]:
    """The rights that the bot lacks in a channel; everywhere, those that the server gives it nowhere."""
    if space.channel == EVERYWHERE:
        held, name = guild.me.guild_permissions, guild.name
    else:
        place = guild.get_channel(int(space.channel)) if space.channel.isdecimal() else None
        if place is None:
            return
        held, name = place.permissions_for(guild.me), f"#{place.name}"
    if missing := lacking(held, needed):
        yield Said(key="discord.lacking", values={"channel": name, "permissions": tuple(missing)})
