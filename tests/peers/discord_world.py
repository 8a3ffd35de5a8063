"""The people and places of the Discord peer: what a test lets members do, and what it can see afterwards.

Message  a message as it is just now: content, files, embeds, buttons, reactions
World    guilds, channels and members; posting, editing, deleting; permissions; timeouts, bans and the audit log

Guild, Channel, Role and User are simcord's own: plain data with an `id` and a `name`.
"""

import asyncio
import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from simcord._clock import Clock
from simcord.backend import Backend, models, serializers
from simcord.backend.models import AuditLogEntry, Channel, Guild, MessageSticker, Overwrite, Role, User
from simcord.backend.permissions import flag
from simcord.components import walk_components
from simcord.enums import OverwriteType

from tests.peers.discord_cdn import Cdn, Json, Outgoing, file_name

__all__ = ["Button", "Channel", "File", "Guild", "Message", "Role", "User", "World"]

LOADING = 1 << 7  # "the bot is thinking"
PNG_STICKER = 1
REPLY, FORWARD = 0, 1
BUTTON, TEXT_DISPLAY = 2, 10
COMPONENTS = 1 << 15  # "this message consists of components"
POLL_S = 0.02


class Now(Clock):
    """Real time, which a test can set forward."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.elapsed)


def bits(permissions: Sequence[str]) -> int:
    return sum(flag(name) for name in set(permissions))


class File(NamedTuple):
    name: str
    data: bytes


class Button(NamedTuple):
    label: str
    custom_id: str | None
    url: str | None
    disabled: bool


@dataclass(frozen=True, eq=False)
class Message:
    """A message as it is just now, so it can be asked again after an edit."""

    raw: models.Message = field(repr=False)
    _backend: Backend = field(repr=False)
    _cdn: Cdn = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and other.id == self.id

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        files = [file.name for file in self.attachments]
        return f"<{self.author.name}: {self.text!r} {files} {[button.label for button in self.buttons]}>"

    @property
    def id(self) -> int:
        return self.raw.id

    @property
    def author(self) -> User:
        return self._backend.users[self.raw.author_id]

    @property
    def channel(self) -> Channel:
        return self._backend.channels[self.raw.channel_id]

    @property
    def content(self) -> str:
        return self.raw.content

    @property
    def embeds(self) -> list[Json]:
        return self.raw.embeds

    @property
    def components(self) -> list[Json]:
        return self.raw.components

    @property
    def text(self) -> str:
        """All that can be read: the content, the texts of embeds, the text components."""
        shown = [part["content"] for part in walk_components(self.components) if part["type"] == TEXT_DISPLAY]
        embedded = [line for embed in self.embeds for line in _lines(embed)]
        return "\n".join(filter(None, [self.content, *embedded, *shown]))

    @property
    def attachments(self) -> list[File]:
        return [File(file["filename"], self._cdn.read(file["url"]) or b"") for file in self.raw.attachments]

    @property
    def buttons(self) -> list[Button]:
        parts = [part for part in walk_components(self.components) if part["type"] == BUTTON]
        return [
            Button(part.get("label") or "", part.get("custom_id"), part.get("url"), bool(part.get("disabled")))
            for part in parts
        ]

    @property
    def reactions(self) -> dict[str, list[str]]:
        """The names of those who reacted, by emoji."""
        users = self._backend.users
        return {reaction.emoji: [users[user].name for user in reaction.user_ids] for reaction in self.raw.reactions}

    @property
    def reply_to(self) -> int | None:
        """The id of the message that this one replies to."""
        reference = self.raw.reference
        return int(reference["message_id"]) if reference and reference["type"] == REPLY else None

    @property
    def ephemeral(self) -> bool:
        return self.raw.is_ephemeral

    @property
    def loading(self) -> bool:
        return bool(self.raw.flags & LOADING)

    @property
    def deleted(self) -> bool:
        return self.id not in self._backend.messages.get(self.raw.channel_id, {})


def _lines(embed: Mapping[str, Any]) -> Iterator[str]:
    yield (embed.get("author") or {}).get("name") or ""
    yield embed.get("title") or ""
    yield embed.get("description") or ""
    for part in embed.get("fields") or ():
        yield f"{part['name']}: {part['value']}"
    yield (embed.get("footer") or {}).get("text") or ""


class World:
    """What happens here reaches every connected client as it would on Discord."""

    def __init__(self) -> None:
        self.backend = Backend(clock=Now())
        self.cdn = Cdn(self.backend)
        self.outgoing = Outgoing(self.backend, self.cdn)

    @property
    def bot(self) -> User:
        return self.backend.bot_user

    def advance(self, seconds: float) -> None:
        """Set the clock of Discord forward: interaction tokens, links and timeouts run out."""
        self.backend.advance_clock(seconds)

    def guild(self, name: str) -> Guild:
        """A guild that the bot is in, with a role that may do everything but administrate."""
        return self.backend.create_guild(name)

    def channel(self, guild: Guild, name: str) -> Channel:
        return self.backend.create_channel(guild.id, name)

    def thread(self, parent: Channel, author: User, name: str, message: Message | None = None) -> Channel:
        return self.backend.create_thread(parent.id, name, author.id, message_id=message.id if message else None)

    def direct(self, user: User) -> Channel:
        """The channel of direct messages between a user and the bot."""
        return self.backend.get_dm_channel(user.id)

    def role(self, guild: Guild, name: str, permissions: Sequence[str] = ()) -> Role:
        return self.backend.create_role(guild.id, name, permissions=bits(permissions))

    def allow(self, channel: Channel, user: User, permissions: Sequence[str], *, is_allowed: bool) -> None:
        """Give a member permissions in one channel, or take those away again."""
        allowed = bits(permissions) if is_allowed else 0
        only_here = Overwrite(target_id=user.id, type=OverwriteType.MEMBER, allow=allowed, deny=0)
        self.backend.set_overwrite(channel.id, only_here)

    def member(self, guild: Guild, name: str, *, permissions: Sequence[str] = (), bot: bool = False) -> User:
        """A new member, with a role of its own if it has more permissions than everyone."""
        user = self.backend.make_user(name, bot=bot)
        roles = [self.role(guild, f"{name}'s role", permissions).id] if permissions else []
        self.backend.add_member(guild.id, user.id, roles=roles, announce=True)
        return user

    def owner(self, guild: Guild) -> User:
        return self.backend.users[guild.owner_id]

    def post(
        self,
        channel: Channel,
        author: User,
        text: str = "",
        *,
        files: Mapping[str, bytes] | None = None,
        reply_to: Message | None = None,
        forwarded: Message | None = None,
        embeds: Sequence[Json] = (),
        sticker: bytes | None = None,
        components: Sequence[Json] = (),
    ) -> Message:
        """Write a message as a member, who must be allowed to. Discord cleans the names of the files.

        With components an app writes, whoever uses it: the message consists of them.
        """
        may = "send_messages_in_threads" if channel.is_thread else "send_messages"
        self.backend.require_permissions(channel.guild_id, author.id, channel.id, may)
        uploads = [(file_name(name), data) for name, data in (files or {}).items()]
        made = self.backend.create_message(
            channel.id,
            author.id,
            text,
            attachments=self.backend.store_attachments(channel.id, uploads),
            reference=_reference(reply_to, forwarded),
            embeds=list(embeds),
            stickers=[self._sticker(channel, sticker)] if sticker else [],
            components=list(components) or None,
            flags=COMPONENTS if components else 0,
        )
        return self.view(made)

    def forward(self, channel: Channel, author: User, message: Message) -> Message:
        """Forward a message: its files are only in the snapshot."""
        return self.post(channel, author, forwarded=message)

    def edit(self, message: Message, text: str | None = None, *, embeds: Sequence[Json] | None = None) -> Message:
        """The author changes the text, or Discord adds link previews, which leaves no time of editing."""
        if text is not None:
            self.backend.edit_message(message.channel.id, message.id, {"content": text})
        if embeds is not None:
            message.raw.embeds = list(embeds)
            self.backend.emit("MESSAGE_UPDATE", serializers.message_payload(self.backend, message.raw))
        return message

    def delete(self, message: Message) -> None:
        """The author deletes a message; its files are gone from the CDN."""
        self.backend.delete_message(message.raw.channel_id, message.id)

    def react(self, message: Message, user: User, emoji: str) -> None:
        self.backend.add_reaction(message.channel.id, message.id, emoji, user.id)

    def messages(self, channel: Channel) -> list[Message]:
        """What everyone in a channel can read, oldest first: no ephemeral answers, none still thought about."""
        views = map(self.view, sorted(self.backend.messages[channel.id].values(), key=lambda message: message.id))
        return [view for view in views if not view.ephemeral and not view.loading]

    def is_timed_out(self, guild: Guild, user: User) -> bool:
        until = guild.members[user.id].timed_out_until if user.id in guild.members else None
        return until is not None and datetime.fromisoformat(until) > self.backend.clock.now()

    def is_banned(self, guild: Guild, user: User) -> bool:
        return user.id in guild.bans

    def audit(self, guild: Guild) -> list[AuditLogEntry]:
        """What the bot did, oldest first: action_type, target_id, reason."""
        return list(guild.audit_log_entries)

    def revoke(self, guild: Guild, *permissions: str, channel: Channel | None = None) -> None:
        """Take permissions from the bot, and from nobody else, in a channel or everywhere."""
        role, lost = self._bot_role(guild), bits(permissions)
        if channel is None:
            self.backend.edit_role(guild.id, role.id, {"permissions": role.permissions & ~lost})
        for place in self._places(guild, channel, lost):
            self._overwrite(place, role, deny=_denied(place, role) | lost)

    def grant(self, guild: Guild, *permissions: str, channel: Channel | None = None) -> None:
        """Give back to the bot what `revoke` took, in a channel or everywhere."""
        role, given = self._bot_role(guild), bits(permissions)
        if channel is None:
            self.backend.edit_role(guild.id, role.id, {"permissions": role.permissions | given})
        for place in self._places(guild, channel, given):
            self._overwrite(place, role, deny=_denied(place, role) & ~given)

    def _places(self, guild: Guild, channel: Channel | None, changed: int) -> list[Channel]:
        """Where an overwrite is needed: what everyone may do, a role alone cannot take from the bot."""
        if channel is not None:
            return [channel]
        if not guild.everyone_role.permissions & changed:
            return []
        return [self.backend.channels[number] for number in guild.channel_ids]

    def _overwrite(self, channel: Channel, role: Role, deny: int) -> None:
        self.backend.set_overwrite(channel.id, Overwrite(role.id, OverwriteType.ROLE, deny=deny))

    def _bot_role(self, guild: Guild) -> Role:
        return guild.roles[guild.members[self.bot.id].role_ids[0]]

    def _sticker(self, channel: Channel, data: bytes) -> MessageSticker:
        number = self.backend.snowflake()
        self.cdn.host(f"/stickers/{number}.png", data)
        return MessageSticker(number, "sticker", PNG_STICKER, channel.guild_id or 0)

    def view(self, message: models.Message) -> Message:
        return Message(message, self.backend, self.cdn)

    async def until[T](self, wanted: Callable[[], T | None], timeout: float = 60, what: str = "") -> T:  # noqa: ASYNC109
        """Wait until something is true, or say what happened instead."""
        end = time.monotonic() + timeout
        while not (found := wanted()):
            if time.monotonic() > end:
                raise TimeoutError(f"not within {timeout:g} s: {what or _source(wanted)}\n{self.describe()}")
            await asyncio.sleep(POLL_S)
        return found

    def describe(self) -> str:
        """What a test that waits in vain wants to know."""
        channels = [channel for channel in self.backend.channels.values() if self.backend.messages[channel.id]]
        return "\n".join(f"#{channel.name or 'direct'}: {self.messages(channel)}" for channel in channels)


def _reference(reply_to: Message | None, forwarded: Message | None) -> Json | None:
    target = reply_to or forwarded
    if target is None:
        return None
    kind = REPLY if reply_to is not None else FORWARD
    return {"type": kind, "channel_id": str(target.raw.channel_id), "message_id": str(target.id)}


def _denied(channel: Channel, role: Role) -> int:
    return next((overwrite.deny for overwrite in channel.overwrites if overwrite.target_id == role.id), 0)


def _source(wanted: Callable[[], object]) -> str:
    try:
        return inspect.getsource(wanted).strip()
    except OSError:
        return repr(wanted)
