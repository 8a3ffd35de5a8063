"""Permissions on Discord: which each act needs, who is staff, and what the bot lacks in a channel.

NEEDS, WATCHING, NEEDED    act -> permissions; those of watching; all of them, for the invitation
right_of(permissions)      what somebody may ask the bot for
lacking(place, needed)     the names of what the bot may not do there
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

import discord

from core.messages import Right
from core.policy import BY_HAND, LIFTED
from core.types import Act

WATCHING = ("view_channel", "read_message_history")
NEEDS: Mapping[Act, tuple[str, ...]] = {
    Act.FLAG: ("view_channel", "read_message_history", "add_reactions"),
    Act.REPLY: ("view_channel", "read_message_history", "send_messages"),
    Act.REMOVE: ("view_channel", "manage_messages"),
    Act.TIMEOUT: ("moderate_members",),
    Act.RESTORE: ("view_channel", "send_messages", "attach_files"),
    Act.RELEASE: ("moderate_members",),
    Act.TELL: (),
    Act.QUARANTINE: ("manage_roles",),
    Act.UNQUARANTINE: ("manage_roles",),
    Act.KICK: ("kick_members",),
    Act.BAN: ("ban_members",),
    Act.UNBAN: ("ban_members",),
    Act.CARD: ("view_channel", "send_messages", "embed_links", "attach_files"),
    Act.ANSWER: ("view_channel", "read_message_history", "send_messages", "embed_links", "attach_files"),
}
"""The permissions of each act, the special ones last."""

ONLY_IF_CHOSEN = frozenset({*BY_HAND, *LIFTED} - {Act.RELEASE})
"""Acts that no community has from the start: whoever chooses them gives the bot the permissions then."""

_INVITED = (needs for act, needs in NEEDS.items() if act not in ONLY_IF_CHOSEN)
NEEDED = discord.Permissions(**dict.fromkeys(chain(*_INVITED, ("send_messages_in_threads",)), True))
NAMES = {"moderate_members": "Moderate Members (Timeout Members)"}
"""Permissions that Discord's own settings call otherwise than its documents."""


def permission_name(flag: str) -> str:
    """The permission as people read it in Discord."""
    return NAMES.get(flag) or flag.replace("_", " ").title().replace(" In ", " in ")


def first_lacking(held: discord.Permissions | None, needed: Sequence[str]) -> str:
    """The name of the first permission that is missing; of the last one, where none is known to be missing."""
    missing = [flag for flag in needed if held is not None and not getattr(held, flag)]
    return permission_name((missing or [needed[-1]])[0])


def lacking(held: discord.Permissions, needed: Iterable[str]) -> list[str]:
    """The names of all permissions that are missing, each once."""
    return [permission_name(flag) for flag in dict.fromkeys(needed) if not getattr(held, flag)]


def right_of(held: discord.Permissions) -> Right:
    """What somebody with these permissions may ask the bot for."""
    if held.administrator or held.manage_guild:
        return Right.MANAGER
    return Right.MODERATOR if held.manage_messages else Right.EVERYBODY


def is_staff(held: discord.Permissions) -> bool:
    """Whether posts by somebody with these permissions are not looked at."""
    return held.manage_messages or held.administrator


def rights_in(channel: object, member: discord.Member) -> discord.Permissions:
    """The permissions of a member in a channel; in the server, where the channel is not known well enough."""
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        try:
            return channel.permissions_for(member)
        except discord.ClientException:  # a thread whose channel we have not heard of
            pass
    return member.guild_permissions
