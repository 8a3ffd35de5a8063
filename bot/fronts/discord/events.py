"""What Discord says, as image events. Pure: nothing is asked, nothing is downloaded.

message --images--> attachments, stickers, pictures of link previews, and the same of what was forwarded
message --events_of--> [ImageEvent]      command option --event_of_option--> ImageEvent

Link previews come later, with a change of the message: its events are made again, and the inbox knows the old ones.
"""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qs, urlsplit

import discord

from core.types import ImageEvent, Intent, Platform, Space

HOSTS = frozenset(
    {"cdn.discordapp.com", "media.discordapp.net", "images-ext-1.discordapp.net", "images-ext-2.discordapp.net"}
)
"""Where Discord keeps files, and copies of pictures from elsewhere."""

COMMON = frozenset({".png", ".apng", ".jpg", ".jpe", ".jpeg", ".jfif", ".gif", ".webp", ".avif"})
PICTURES = COMMON | {".bmp", ".heic", ".heif", ".tif", ".tiff", ".jxl", ".ico", ".svg"}
UNKNOWN = (None, "", "application/octet-stream")

type Part = discord.Message | discord.MessageSnapshot
"""A message, or the message that it forwards."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that a message shows: our name of it within the message, and where its bytes are for now."""

    image: str
    url: str
    file_name: str = ""


def images(message: discord.Message) -> list[Shown]:
    """Every picture that the message shows, once each."""
    found = list(_of(message))
    for snapshot in message.message_snapshots:
        found += [Shown(_forwarded(one.image), one.url, one.file_name) for one in _of(snapshot)]
    return list({one.image: one for one in reversed(found)}.values())[::-1]


def _forwarded(image: str) -> str:
    return f"forward-{image.removeprefix('attachment-')}"


def _of(part: Part) -> Iterator[Shown]:
    files = [one for one in part.attachments if may_be_picture(one.content_type, one.filename)]
    yield from (Shown(f"attachment-{one.id}", one.url, one.filename) for one in files)
    for sticker in part.stickers:
        if sticker.format is not discord.StickerFormatType.lottie:
            yield Shown(f"sticker-{sticker.id}", sticker.url, sticker.name)
    attached = {_lasting(one.url) for one in part.attachments}
    yield from (one for embed in part.embeds for one in _of_embed(embed, attached))


def _of_embed(embed: discord.Embed, attached: set[str]) -> Iterator[Shown]:
    """Pictures of a link preview, by Discord's own copy of them; an attachment shown in an embed is seen already."""
    for media in (embed.image, embed.thumbnail):
        lasting = _lasting(media.url or "")
        if lasting and lasting not in attached:
            name = PurePosixPath(_parts(lasting).path).name
            yield Shown(f"embed-{sha256(lasting.encode()).hexdigest()[:12]}", media.proxy_url or media.url or "", name)


def _lasting(url: str) -> str:
    """What stays of a link: the signature of a link to Discord changes with every look at the message."""
    parts = _parts(url)
    signed = parts.hostname in HOSTS or parse_qs(parts.query).keys() >= {"ex", "is", "hm"}
    return parts._replace(query="", fragment="").geturl() if signed else url


def _parts(url: str) -> SplitResult:
    """Strangers write links that are none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def may_be_picture(content_type: str | None, file_name: str) -> bool:
    """By type, by name, or because nothing says what it is: then the decoder finds out."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind.startswith("image/") or PurePosixPath(file_name.lower()).suffix in PICTURES:
        return True
    return kind in UNKNOWN and mimetypes.guess_type(file_name)[0] in UNKNOWN


def is_expired(url: str, now: datetime) -> bool:
    """Whether a signed link says that its time has passed."""
    expires = parse_qs(_parts(url).query).get("ex", [""])[0]
    try:
        return bool(expires) and int(expires, 16) <= now.timestamp()
    except ValueError:
        return False


def counts(message: discord.Message, me: int, *, include_bots: bool) -> bool:
    """Whether a message is looked at: never our own, and those of other bots and webhooks if the operator says so."""
    if message.author.id == me:
        return False
    return include_bots or not (message.author.bot or message.webhook_id)


def events_of(
    message: discord.Message,
    *,
    intent: Intent = Intent.POSTED,
    revision: int = 0,
    answer_to: str = "",
    language: str = "",
) -> list[ImageEvent]:
    """One event for each picture; `revision` tells two people apart who ask about the same message."""
    shown = images(message)
    space, thread = place_of(message.channel, message.guild)
    roles, by_staff = _standing(message)
    return [
        ImageEvent(
            space=space,
            message=str(message.id),
            image=one.image,
            author=str(message.author.id),
            author_name=message.author.display_name,
            file_name=one.file_name,
            group=str(message.id) if len(shown) > 1 else "",
            link=message.jump_url,
            revision=revision,
            intent=intent,
            thread=thread,
            hint=one.url,
            answer_to=answer_to,
            language=language,
            roles=roles,
            by_staff=by_staff,
        )
        for one in shown
    ]


def event_of_option(
    attachment: discord.Attachment,
    space: Space,
    author: discord.User | discord.Member,
    asked: int,
    *,
    intent: Intent = Intent.QUERY,
    answer_to: str = "",
    language: str = "",
) -> ImageEvent:
    """The event of a picture that came with a command: no message holds it, so its link is the only way to it."""
    return ImageEvent(
        space=space,
        message=str(asked),
        image=f"attachment-{attachment.id}",
        author=str(author.id),
        author_name=author.display_name,
        file_name=attachment.filename,
        intent=intent,
        hint=attachment.url,
        answer_to=answer_to,
        language=language,
    )


def place_of(channel: object, guild: object = None) -> tuple[Space, str]:
    """The channel that a policy is for, and the thread in it; both may be half known."""
    number = getattr(channel, "id", 0)
    community = getattr(guild, "id", None) or getattr(channel, "guild_id", None) or _guild_of(channel) or ""
    if isinstance(channel, discord.Thread):
        return _space(community, channel.parent_id), str(number)
    return _space(community, number), ""


def _guild_of(channel: object) -> int | None:
    return getattr(getattr(channel, "guild", None), "id", None)


def _space(community: int | str, channel: int) -> Space:
    return Space(platform=Platform.DISCORD, community=str(community), channel=str(channel))


def _standing(message: discord.Message) -> tuple[tuple[str, ...], bool]:
    """The author's roles, and whether they are staff here; unknown for a message without its member."""
    author = message.author
    if not isinstance(author, discord.Member):
        return (), False
    return tuple(str(role.id) for role in author.roles), is_staff(rights_in(message.channel, author))


def is_staff(rights: discord.Permissions) -> bool:
    return rights.manage_messages or rights.administrator


def rights_in(channel: object, member: discord.Member) -> discord.Permissions:
    """What a member may do in a channel; in the guild, where the channel is not known well enough."""
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        try:
            return channel.permissions_for(member)
        except discord.ClientException:  # a thread whose channel we have not heard of
            pass
    return member.guild_permissions
