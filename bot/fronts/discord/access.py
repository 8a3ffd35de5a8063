"""What every action on Discord needs: the client, the downloads, a way to find again what was posted.

Access   fetch(event) -> bytes, through a fresh link where the old one has expired      channel(...) to act in
Files    bounded downloads from Discord's own hosts, and from nowhere else: no redirects, bytes of any kind
nonce    makes Discord recognise a message that is posted a second time
"""

import asyncio
import contextlib
import io
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Self
from weakref import WeakValueDictionary

import discord
from yarl import URL

from bot.fronts.discord.addresses import HOSTS, PERSON
from bot.fronts.discord.messages import is_expired, other_files_of, pictures_of
from bot.fronts.discord.rights import rights_in
from bot.fronts.discord.wire import asking
from bot.settings import Settings
from core.errors import Refused, Unscannable
from core.messages import PICTURES, VIDEOS, Shown
from core.types import ImageEvent
from handlers.fetch import Limits, SafeFetcher

LOOK_BACK = 50
"""Messages that are looked through for one of ours before it is posted again."""

STATUS = "status"
"""The reason of a refusal that a fresh link may cure."""

KEPT, ALSO = "removed", "also-"
"""How the files are named that a card keeps for an undo, and what marks those of a further post of a burst."""

SPOILER, VEILED, FOUND = "SPOILER_", "-veiled", "-found"
"""How Discord marks a hidden file; how we mark a copy of one (on a card all are hidden), and that of what the case is
about."""

KEPT_NAME = re.compile(rf"(?:{SPOILER})?{KEPT}-(?P<also>{ALSO})?(?:of-(?P<total>\d+)-)?\d+")

LARGEST_FILE, LARGEST_REQUEST, MOST_FILES = 10 << 20, 24 << 20, 9
FILES_AT, PROXY_AT = "https://cdn.discordapp.com/", "https://media.discordapp.net/"
"""Where Discord keeps files, and where it gives smaller ones and stills."""

GONE = "The message is gone."
NO_ACCESS = "The bot may not read the message."


def nonce(key: str) -> str:
    """Stable for what is posted; Discord allows 25 characters."""
    return sha256(key.encode()).hexdigest()[:25]


@dataclass(frozen=True, slots=True)
class Original:
    """A file of a post, or a copy of one; `data` None = gone, too large to be had, or no picture.

    `is_found` says that it is the picture that the case is about.
    """

    name: str
    data: bytes | None = field(repr=False)
    is_found: bool = False


def numbered(pictures: Iterable[Original], name: str, *, hidden: bool = False) -> list[discord.File]:
    """Pictures as files, named by us; only the ending is the author's, and whether the picture was hidden."""
    return [
        discord.File(
            io.BytesIO(one.data or b""),
            f"{name}-{number}{FOUND if one.is_found else ''}{VEILED if is_veiled(one.name) else ''}{_ending(one.name)}",
            spoiler=hidden or is_veiled(one.name),
        )
        for number, one in enumerate(pictures, 1)
    ]


def is_veiled(file_name: str) -> bool:
    """Whether the author hid a picture as a spoiler, by the name of their file or of the copy that a card keeps."""
    stem = PurePosixPath(file_name).stem
    return stem.endswith(VEILED) if KEPT_NAME.match(file_name) else stem.startswith(SPOILER)


def is_found(file_name: str) -> bool:
    """Whether a copy that a card keeps is of the picture that its case is about."""
    return PurePosixPath(file_name).stem.removesuffix(VEILED).endswith(FOUND)


def _ending(file_name: str) -> str:
    ending = PurePosixPath(file_name.lower()).suffix
    return ending if ending in PICTURES | VIDEOS else ".png"


def fitting(pictures: Sequence[Original]) -> Iterator[Original]:
    """As many as Discord takes in one message, beside the evidence picture."""
    room, left = LARGEST_REQUEST, MOST_FILES
    for one in pictures:
        if one.data is not None and left and len(one.data) <= min(LARGEST_FILE, room):
            room, left = room - len(one.data), left - 1
            yield one


def still_of(url: str) -> str:
    """The link to a picture of a video, which Discord makes for those that show it."""
    link = url.replace(FILES_AT, PROXY_AT, 1)
    return f"{link}{'&' if '?' in link else '?'}format=webp"


def anything(_head: bytes) -> bool:
    """Bytes of an unknown type go to the decoder, so that they end as unscannable, with its reason."""
    return True


class Files(AsyncExitStack):
    """An async context manager. `discord_url` of the settings is allowed as it stands: a proxy, or a test's server."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        limits = Limits(bytes=settings.max_image_mb << 20, redirects=0)
        base = URL(settings.discord_url)
        self._base = (base.host, base.port) if settings.discord_url else None
        self._discord = SafeFetcher(anything, limits=limits)
        self._other = SafeFetcher(anything, limits=limits, also_allow=self._is_base)

    async def __aenter__(self) -> Self:
        for fetcher in (self._discord, self._other):
            await self.enter_async_context(fetcher)
        return self

    async def get(self, url: str) -> bytes:
        """The bytes behind a link; raises Refused or RetryLater."""
        try:
            parts = URL(url)
        except ValueError:
            raise Refused("url", "This is not a valid link.") from None
        if parts.host in HOSTS and parts.scheme == "https":
            return await self._discord.fetch(url)
        if (parts.host, parts.port) == self._base:
            return await self._other.fetch(url)
        raise Refused("host", "The file is not kept by Discord.")

    def _is_base(self, _address: str, port: int) -> bool:
        """The name of the settings may lead into the own network."""
        return self._base is not None and port == self._base[1]


@dataclass(frozen=True, slots=True)
class Access:
    """A client that has logged in, the downloads, and who is a member of a server.

    `keeping` are the cards to which pictures are being attached.
    """

    client: discord.Client
    files: Files
    member: Callable[[discord.Guild, int], Awaitable[discord.Member | None]]
    keeping: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary, compare=False)

    @property
    def me(self) -> int:
        assert self.client.user, "access is given once the client has logged in"
        return self.client.user.id

    def channel(self, number: int | str, community: str = "") -> discord.PartialMessageable:
        """A channel or thread to act in, whether or not it was heard of."""
        return self.client.get_partial_messageable(int(number), guild_id=int(community) if community else None)

    def place_of(self, event: ImageEvent) -> discord.PartialMessageable:
        """Where a post is, or was."""
        return self.channel(event.thread or event.space.channel, event.space.community)

    async def earlier(
        self, place: discord.abc.Messageable, is_it: Callable[[discord.Message], bool], **where: Any
    ) -> discord.Message | None:
        """The newest message of ours that `is_it`, of a try whose answer was lost."""
        async for message in place.history(limit=LOOK_BACK, **where):
            if message.author.id == self.me and is_it(message):
                return message
        return None

    async def addressed(self, address: str, community: str = "") -> discord.PartialMessageable | discord.DMChannel:
        """Where cards and alerts for an address go: a channel, or the direct messages of a person."""
        if address.startswith(PERSON):
            return await self.client.create_dm(discord.Object(int(address.removeprefix(PERSON))))
        return self.channel(address, community)

    def rights_at(self, channel: int | str) -> tuple[str, discord.Permissions | None]:
        """The community of a channel and what we may do there, as far as we have heard of it."""
        place = self.client.get_channel(int(channel))
        if not isinstance(place, discord.abc.GuildChannel | discord.Thread) or not place.guild.me:
            return "", None
        return str(place.guild.id), rights_in(place, place.guild.me)

    async def fetch(self, event: ImageEvent) -> bytes:
        """The posted image, by the link that came with it, or else by a fresh one.

        Raises Unscannable or RetryLater. Of an image that came with a command the first link is the only one.
        """
        return await self._got(event, str)

    async def preview(self, event: ImageEvent) -> bytes | None:
        """Discord's own still of a video; None where it gives none."""
        if PurePosixPath(event.file_name.lower()).suffix in PICTURES:
            return None
        with contextlib.suppress(Unscannable):
            return await self._got(event, still_of)
        return None

    async def _got(self, event: ImageEvent, made: Callable[[str], str]) -> bytes:
        """What is behind the link that is `made` of the one to the image."""
        if event.hint and not is_expired(event.hint, datetime.now(UTC)):
            try:
                return await self.files.get(made(event.hint))
            except Refused as error:
                if error.reason != STATUS:
                    raise error.of_image from error
        try:
            with asking():
                message = await self.place_of(event).fetch_message(int(event.message))
        except discord.Forbidden:
            raise Unscannable("no-access", NO_ACCESS) from None
        except discord.NotFound:
            raise Unscannable("gone", GONE) from None
        url = next((picture.hint for picture in pictures_of(message) if picture.image == event.image), "")
        if not url:
            raise Unscannable("gone", GONE)
        try:
            return await self.files.get(made(url))
        except Refused as error:
            raise error.of_image from error

    async def _message(self, event: ImageEvent) -> discord.Message | None:
        """The message as it is now; None if it is gone, or not for us to see. Raises RetryLater."""
        with asking(), contextlib.suppress(discord.NotFound, discord.Forbidden):
            return await self.place_of(event).fetch_message(int(event.message))
        return None

    async def pictures(self, event: ImageEvent) -> list[Original]:
        """All files of a message."""
        message = await self._message(event)
        shown = pictures_of(message) if message else ()
        pictures = list[Original]()
        for picture in shown or (Shown(image=event.image, hint=event.hint, file_name=event.file_name),):
            try:
                data = await self.files.get(picture.hint)
            except Refused:
                data = None
            pictures.append(Original(picture.file_name, data, picture.image == event.image))
        return [*pictures, *(Original(name, None) for name in (other_files_of(message) if message else ()))]
