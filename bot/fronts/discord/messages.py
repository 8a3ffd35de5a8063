"""What Discord says, as `Incoming`. Pure: nothing is asked, nothing is downloaded.

message --pictures_of--> attachments, stickers, pictures and videos of link previews and of components, also of what
                         is forwarded
message --incoming_of--> Incoming      option of a command --incoming_of_option--> Incoming

Link previews come later, with a change of the message: its events are made again, and the inbox knows the old ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import SplitResult, parse_qs, urlsplit

import discord
from discord.components import (
    Container,
    FileComponent,
    MediaGalleryComponent,
    SectionComponent,
    ThumbnailComponent,
    UnfurledMediaItem,
)

from bot.fronts.discord.addresses import HOSTS
from bot.fronts.discord.rights import is_staff, rights_in
from core.messages import Incoming, Person, Shown, may_be_picture
from core.types import Platform, Space

PREVIEW = "embed-"
"""How the names of pictures begin that come after the message."""

type Part = discord.Message | discord.MessageSnapshot
"""A message, or the message that it forwards."""


def pictures_of(message: discord.Message) -> tuple[Shown, ...]:
    """Every picture that the message shows, once each."""
    forwarded = (part for snapshot in message.message_snapshots for part in _of(snapshot))
    renamed = (replace(part, image=f"forward-{part.image.removeprefix('attachment-')}") for part in forwarded)
    return tuple({part.image: part for part in reversed([*_of(message), *renamed])}.values())[::-1]


def other_files_of(message: discord.Message) -> tuple[str, ...]:
    """The names of the files of the message that are no pictures."""
    parts: list[Part] = [message, *message.message_snapshots]
    files = [file for part in parts for file in part.attachments]
    return tuple(file.filename for file in files if not may_be_picture(file.content_type, file.filename))


def _of(part: Part) -> Iterator[Shown]:
    files = [file for file in part.attachments if may_be_picture(file.content_type, file.filename)]
    yield from (Shown(image=f"attachment-{file.id}", hint=file.url, file_name=file.filename) for file in files)
    for sticker in part.stickers:
        if sticker.format is not discord.StickerFormatType.lottie:
            yield Shown(image=f"sticker-{sticker.id}", hint=sticker.url, file_name=sticker.name)
    attached = {_lasting(file.url) for file in part.attachments}
    for embed in part.embeds:
        for media in (embed.image, embed.thumbnail):
            yield from _linked(media.url or "", media.proxy_url, attached)
        if embed.video.proxy_url:  # else it is a page that plays one
            yield from _linked(embed.video.url or "", embed.video.proxy_url, attached)
    for item in _media(components_of(part)):
        yield from _of_component(item, attached)


def _linked(url: str, copy: str | None, attached: set[str]) -> Iterator[Shown]:
    """A picture by Discord's own copy of it; an attachment that is shown once more is seen already."""
    lasting = _lasting(url)
    if lasting and lasting not in attached:
        image, name = f"{PREVIEW}{sha256(lasting.encode()).hexdigest()[:12]}", PurePosixPath(_parts(lasting).path).name
        yield Shown(image=image, hint=copy or url, file_name=name)


def _media(components: Iterable[object]) -> Iterator[UnfurledMediaItem]:
    """What components show: galleries, files and thumbnails, also within sections and containers."""
    for part in components:
        match part:
            case MediaGalleryComponent():
                yield from (item.media for item in part.items)
            case ThumbnailComponent() | FileComponent():
                yield part.media
            case SectionComponent():
                yield from _media([*part.children, part.accessory])
            case Container():
                yield from _media(part.children)


def _of_component(item: UnfurledMediaItem, attached: set[str]) -> Iterator[Shown]:
    """An uploaded file has the name of an attachment, so that it is the same picture wherever it is listed."""
    name = PurePosixPath(_parts(item.url).path).name
    if not may_be_picture(item.content_type, name):
        return
    if item.attachment_id is None:
        yield from _linked(item.url, item.proxy_url, attached)
    else:
        yield Shown(image=f"attachment-{item.attachment_id}", hint=item.url, file_name=name)


def _lasting(url: str) -> str:
    """What stays of a link: the signature of a link to Discord changes with every look at the message."""
    parts = _parts(url)
    signed = parts.hostname in HOSTS or parse_qs(parts.query).keys() >= {"ex", "is", "hm"}
    return parts._replace(query="", fragment="").geturl() if signed else url


def _parts(url: str) -> SplitResult:
    """The parts of a link; strangers write links that are none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def is_expired(url: str, now: datetime) -> bool:
    """Whether a signed link says that its time has passed."""
    expires = parse_qs(_parts(url).query).get("ex", [""])[0]
    try:
        return bool(expires) and int(expires, 16) <= now.timestamp()
    except ValueError:
        return False


def is_by_bot(message: discord.Message) -> bool:
    """Whether another bot or a webhook wrote it; with an app that somebody brought along it is that person's post."""
    return bool(message.author.bot or message.webhook_id) and user_of_app(message) is None


def user_of_app(message: discord.Message) -> discord.User | discord.Member | None:
    """Whoever had an app write the message that they installed for themselves; None for any other message."""
    used = message.interaction_metadata
    return used.user if used and used.is_user_integration() and not used.is_guild_integration() else None


def incoming_of(
    message: discord.Message, *, me: int = 0, language: str = "", replied_to: Incoming | None = None
) -> Incoming:
    """The message as data; `me` is the bot, whose mention is no part of the text, `language` that of its author."""
    pictures = pictures_of(message)
    space, thread = place_of(message.channel, message.guild)
    roles, by_staff = _standing(message)
    names_bot, text = _without_mention(message.content, me)
    return Incoming(
        space=space,
        message=str(message.id),
        author=person_of(user_of_app(message) or message.author, language),
        thread=thread,
        text=text,
        pictures=pictures,
        group=str(message.id) if len(pictures) > 1 else "",
        link=message.jump_url,
        roles=roles,
        by_staff=by_staff,
        by_bot=is_by_bot(message),
        names_bot=names_bot,
        buttons=tuple(data_of_buttons(message)),
        replied_to=replied_to,
    )


def _without_mention(content: str, me: int) -> tuple[bool, str]:
    """Whether the bot is named, and the text without that; a mention that comes with a reply is not in the text."""
    text = content.replace(f"<@{me}>", "").replace(f"<@!{me}>", "")
    return text != content, text.strip()


def components_of(part: Part) -> Sequence[object]:
    """Its components; discord.py makes no list of them where Discord sends none."""
    return getattr(part, "components", ())


def data_of_buttons(message: discord.Message) -> Iterator[str]:
    """The data of the buttons of a message."""
    for row in components_of(message):
        for part in getattr(row, "children", ()):
            if isinstance(part, discord.Button) and part.custom_id:
                yield part.custom_id


def incoming_of_option(attachment: discord.Attachment, space: Space, person: Person, number: int) -> Incoming:
    """A picture that came with a command: no message holds it, so its link is the only way to it."""
    shown = Shown(image=f"attachment-{attachment.id}", hint=attachment.url, file_name=attachment.filename)
    return Incoming(space=space, message=str(number), author=person, pictures=(shown,))


def person_of(user: discord.abc.User | discord.Role, language: str = "") -> Person:
    """A person or a role, by the name that people read."""
    name = user.name if isinstance(user, discord.Role) else user.display_name
    return Person(id=str(user.id), name=name, language=language)


def place_of(channel: object, guild: object = None) -> tuple[Space, str]:
    """The channel that a policy is for, and the thread in it; both may be half known."""
    number = getattr(channel, "id", 0)
    guild = guild or getattr(channel, "guild", None)
    community = getattr(guild, "id", None) or getattr(channel, "guild_id", None) or ""
    if isinstance(channel, discord.Thread):
        return space_of(community, channel.parent_id), str(number)
    return space_of(community, number), ""


def space_of(community: int | str, channel: int | str) -> Space:
    """A channel of a server; without a server, of direct messages."""
    return Space(platform=Platform.DISCORD, community=str(community), channel=str(channel))


def _standing(message: discord.Message) -> tuple[tuple[str, ...], bool]:
    """The author's roles, and whether they are staff here; unknown for a message without its member."""
    author = user_of_app(message) or message.author
    if not isinstance(author, discord.Member):
        return (), False
    return tuple(str(role.id) for role in author.roles), is_staff(rights_in(message.channel, author))
