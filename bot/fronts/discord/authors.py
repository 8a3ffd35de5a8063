"""What is done to authors on Discord: time-out, quarantine by a role, kick, ban, and what lifts them.

restrict(...)                  bars an author for a while, or lifts that
take(access, event, measure)   all else; a receipt says that there is something to lift
tell(access, event, message)   a direct message

Nothing but a time-out is done to staff: who was made one after the post is left alone, whoever asks for it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import discord

from bot.fronts.discord.access import Access, nonce
from bot.fronts.discord.render import message_of
from bot.fronts.discord.rights import NEEDS, is_staff, permission_name
from bot.fronts.discord.wire import UNKNOWN_GUILD, answers, forbidden, may_have_worked
from core.chat import DONE, Carried, Said
from core.chat_port import Measure, Outgoing
from core.errors import RetryLater
from core.telling import one_line, said
from core.types import Act, ActState, ImageEvent
from core.wording import Words

REASON = 512
UNKNOWN_ROLE, UNKNOWN_USER, NO_RECIPIENT = 10011, 10013, 50033

LEFT = Carried(state=ActState.UNSUPPORTED, sentence="left")
OF_STAFF = Carried(state=ActState.FORBIDDEN, sentence="is-staff")
NO_ACCOUNT = Carried(state=ActState.UNSUPPORTED, sentence="no-account")
MYSELF = Carried(state=ActState.UNSUPPORTED, sentence="is-me")
NO_ROLE = Carried(state=ActState.UNSUPPORTED, sentence="no-role")
ROLE_GONE = Carried(state=ActState.UNSUPPORTED, sentence="role-gone")
ROLE_ABOVE = Carried(state=ActState.FORBIDDEN, sentence="role-above")
BANNED = "banned"
"""The receipt of a ban."""


@dataclass(frozen=True, slots=True)
class _Author:
    """Somebody in a server, and what is done to them; `member` is None for who has left, or need not be looked at."""

    access: Access
    guild: discord.Guild
    id: int
    measure: Measure
    member: discord.Member | None

    @property
    def why(self) -> str:
        return reason_of(Words.of(self.measure.language), self.measure.reason)


def reason_of(words: Words, why: Said) -> str:
    """For the server's audit log."""
    return one_line(said(words, why), REASON)


async def restrict(access: Access, event: ImageEvent, until: datetime | None, reason: Said, language: str) -> Carried:
    """Bar the author, or lift that; the audit log says why in the community's language."""
    community, author = int(event.space.community), int(event.author)
    if author == access.me:
        return MYSELF
    why, end = reason_of(Words.of(language), reason), until.isoformat() if until else None
    try:
        await access.client.http.edit_member(community, author, reason=why, communication_disabled_until=end)
    except discord.NotFound as error:
        if error.code == UNKNOWN_GUILD:
            raise
        return await _absent(access, author) if until else DONE
    except discord.Forbidden as error:
        return await _protected(access, community, author, "moderate_members", error)
    return DONE


async def take(access: Access, event: ImageEvent, measure: Measure) -> Carried:
    """Do it, or say why not; raises RetryLater while Discord does not tell of the server."""
    community, number = int(event.space.community), int(event.author)
    guild = access.client.get_guild(community)
    if guild is None:
        await access.client.http.get_member(community, number)  # says so, if we are not there any more
        raise RetryLater("unreachable")
    if number == access.me:
        return MYSELF
    member = await _member(guild, number) if measure.act in AGAINST else None
    if member and (member.id == guild.owner_id or is_staff(member.guild_permissions)):
        return OF_STAFF
    author = _Author(access, guild, number, measure, member)
    try:
        return await WAYS[measure.act](author)
    except discord.NotFound as error:
        if error.code == UNKNOWN_USER:
            return NO_ACCOUNT
        raise
    except discord.Forbidden as error:
        return await _protected(access, community, number, NEEDS[measure.act][-1], error)


async def _member(guild: discord.Guild, number: int) -> discord.Member | None:
    try:
        return await guild.fetch_member(number)
    except discord.NotFound as error:
        if error.code == UNKNOWN_GUILD:
            raise
        return None


async def _absent(access: Access, number: int) -> Carried:
    """Why nothing can be done to who is no member: they have left, or are no account at all, as an integration is."""
    try:
        await access.client.http.get_user(number)
    except discord.NotFound:
        return NO_ACCOUNT
    return LEFT


async def _ban(author: _Author) -> Carried:
    """With what they wrote in the last hours. Who left can be banned, too; a ban of somebody else stays theirs."""
    http, measure = author.access.client.http, author.measure
    if measure.tries == 1 and await _is_banned(author):
        return Carried(state=ActState.DONE, sentence="banned-before")
    seconds = int(measure.purge.total_seconds())
    await http.ban(author.id, author.guild.id, seconds, author.why)
    hours = f"purged-hours|{round(seconds / 3600)}" if seconds else ""
    return Carried(state=ActState.DONE, sentence=hours, receipt=BANNED)


async def _is_banned(author: _Author) -> bool:
    try:
        await author.access.client.http.get_ban(author.id, author.guild.id)
    except discord.NotFound as error:
        if error.code == UNKNOWN_GUILD:
            raise
        return False
    return True


async def _unban(author: _Author) -> Carried:
    if not author.measure.before:
        return Carried(state=ActState.DONE, sentence="banned-before")
    try:
        await author.access.client.http.unban(author.id, author.guild.id, reason=author.why)
    except discord.NotFound as error:
        if error.code == UNKNOWN_GUILD:
            raise
    return DONE


async def _kick(author: _Author) -> Carried:
    """Who is gone after a try that may have worked was put out by us."""
    gone = DONE if author.measure.tries > 1 else LEFT
    if author.member is None:
        return gone if gone is DONE else await _absent(author.access, author.id)
    with answers() as met:
        try:
            await author.access.client.http.kick(author.id, author.guild.id, author.why)
        except discord.NotFound as error:
            if error.code == UNKNOWN_GUILD:
                raise
            return DONE if may_have_worked(met) else gone
    return DONE


async def _quarantine(author: _Author) -> Carried:
    """Give the role; who has it already got it from somebody else, who takes it back as well."""
    role = author.measure.role
    if not role:
        return NO_ROLE
    if author.member is None:
        return await _absent(author.access, author.id)
    if author.measure.tries == 1 and author.member.get_role(int(role)):
        return Carried(state=ActState.DONE, sentence="quarantined-before")
    known = author.guild.get_role(int(role))
    if known and author.guild.me and known >= author.guild.me.top_role:
        return ROLE_ABOVE
    try:
        await author.access.client.http.add_role(author.guild.id, author.id, int(role), reason=author.why)
    except discord.NotFound as error:
        if error.code == UNKNOWN_GUILD:
            raise
        return ROLE_GONE if error.code == UNKNOWN_ROLE else LEFT
    return Carried(state=ActState.DONE, receipt=role)


async def _unquarantine(author: _Author) -> Carried:
    """Take the role that was given, whatever role was chosen since; who has left has none."""
    role = author.measure.before
    if not role:
        return Carried(state=ActState.DONE, sentence="quarantined-before")
    try:
        await author.access.client.http.remove_role(author.guild.id, author.id, int(role), reason=author.why)
    except discord.NotFound as error:
        if error.code == UNKNOWN_GUILD:
            raise
    return DONE


async def tell(access: Access, event: ImageEvent, message: Outgoing) -> Carried:
    """A direct message; a second try looks for the first one's, because its answer may have been lost."""
    if int(event.author) == access.me:
        return MYSELF
    try:
        place = await access.client.create_dm(discord.Object(int(event.author)))
    except discord.HTTPException as error:
        if error.code in (UNKNOWN_USER, NO_RECIPIENT):
            return NO_ACCOUNT
        raise
    given = message_of(message.answer)
    if message.tries > 1 and await access.earlier(place, lambda it: it.content == given["content"]):
        return DONE
    await place.send(**given, nonce=nonce(message.key))
    return DONE


async def _protected(access: Access, community: int, author: int, permission: str, error: discord.Forbidden) -> Carried:
    """Why nothing can be done to somebody: we are not there, we may not, nobody may, or our role is too low."""
    guild = access.client.get_guild(community)
    if guild is None:
        raise error
    me = guild.me or await guild.fetch_member(access.me)
    if not (getattr(me.guild_permissions, permission) or me.guild_permissions.administrator):
        return forbidden(error, permission_name(permission))
    member = await guild.fetch_member(author)
    is_admin = member.guild_permissions.administrator or member.id == guild.owner_id
    return Carried(state=ActState.FORBIDDEN, sentence="is-admin" if is_admin else "role-too-low")


WAYS: Mapping[Act, Callable[[_Author], Awaitable[Carried]]] = {
    Act.BAN: _ban,
    Act.UNBAN: _unban,
    Act.KICK: _kick,
    Act.QUARANTINE: _quarantine,
    Act.UNQUARANTINE: _unquarantine,
}
AGAINST = frozenset({Act.BAN, Act.KICK, Act.QUARANTINE})
