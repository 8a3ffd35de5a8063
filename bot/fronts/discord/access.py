"""What every action on Discord needs: the client, the downloads, a way to find again what was posted.

Access   fetch(event) -> bytes, through a fresh link where the old one has expired      channel(...) to act in
nonce    makes Discord recognise a message that is posted a second time
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import PurePosixPath

import discord

from bot.fronts.discord.addresses import PERSON
from bot.fronts.discord.downloads import STATUS, Files
from bot.fronts.discord.messages import PICTURES, is_expired, other_files_of, pictures_of
from bot.fronts.discord.rights import rights_in
from bot.fronts.discord.wire import UNREACHABLE
from core.errors import Refused, RetryLater, Unscannable
from core.messages import Shown
from core.types import ImageEvent

LOOK_BACK = 50
"""Messages that are looked through for one of ours before it is posted again."""

KEPT = "removed"
"""How the files are named that a card keeps for an undo."""

SPOILER, VEILED = "SPOILER_", "-veiled"
"""How Discord marks a file that is hidden, and how we mark a copy of one: all copies on a card are hidden."""

KEPT_NAME = re.compile(rf"(?:{SPOILER})?{KEPT}-(?:of-(?P<total>\d+)-)?\d+")

LARGEST_FILE, LARGEST_REQUEST, MOST_FILES = 10 << 20, 24 << 20, 9
GONE = "The message is gone, or it can't be read any more."


def nonce(*parts: object) -> str:
    """Stable for what is posted; Discord allows 25 characters."""
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()[:25]


def numbered(pictures: Sequence[tuple[str, bytes]], name: str, *, hidden: bool = False) -> list[discord.File]:
    """Pictures as files, named by us; only the ending is the author's, and whether the picture was hidden."""
    return [
        discord.File(
            io.BytesIO(data),
            f"{name}-{number}{VEILED if is_veiled(file_name) else ''}{_ending(file_name)}",
            spoiler=hidden or is_veiled(file_name),
        )
        for number, (file_name, data) in enumerate(pictures, 1)
    ]


def is_veiled(file_name: str) -> bool:
    """Whether the author hid a picture as a spoiler, by the name of their file or of the copy that a card keeps."""
    stem = PurePosixPath(file_name).stem
    return stem.endswith(VEILED) if KEPT_NAME.match(file_name) else stem.startswith(SPOILER)


def _ending(file_name: str) -> str:
    ending = PurePosixPath(file_name.lower()).suffix
    return ending if ending in PICTURES else ".png"


def fitting(pictures: Sequence[tuple[str, bytes | None]]) -> Iterator[tuple[str, bytes]]:
    """As many as Discord takes in one message, beside the evidence picture."""
    room, left = LARGEST_REQUEST, MOST_FILES
    for name, data in pictures:
        if data is not None and left and len(data) <= min(LARGEST_FILE, room):
            room, left = room - len(data), left - 1
            yield name, data


@dataclass(frozen=True, slots=True)
class Access:
    """A client that has logged in, and the downloads."""

    client: discord.Client
    files: Files

    @property
    def me(self) -> int:
        assert self.client.user, "access is given once the client has logged in"
        return self.client.user.id

    def channel(self, number: int | str, community: str = "") -> discord.PartialMessageable:
        """A channel or thread to act in, whether or not it was heard of."""
        return self.client.get_partial_messageable(int(number), guild_id=int(community) if community else None)

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
        if event.hint and not is_expired(event.hint, datetime.now(UTC)):
            try:
                return await self.files.get(event.hint)
            except Refused as error:
                if error.reason != STATUS:
                    raise _unscannable(error) from error
        return await self._again(event)

    async def _again(self, event: ImageEvent) -> bytes:
        message = await self.message(event)
        shown = pictures_of(message) if message else ()
        url = next((picture.hint for picture in shown if picture.image == event.image), "")
        if not url:
            raise Unscannable("gone", GONE)
        try:
            return await self.files.get(url)
        except Refused as error:
            raise _unscannable(error) from error

    async def message(self, event: ImageEvent) -> discord.Message | None:
        """The message as it is now; None if it is gone, or not for us to see. Raises RetryLater."""
        place = self.channel(event.thread or event.space.channel, event.space.community)
        try:
            return await place.fetch_message(int(event.message))
        except (discord.NotFound, discord.Forbidden):
            return None
        except (*UNREACHABLE, discord.HTTPException) as error:
            raise RetryLater("unreachable") from error

    async def pictures(self, event: ImageEvent) -> list[tuple[str, bytes | None]]:
        """All files of a message, with their names; None for what is gone, too large to be had, or no picture."""
        message = await self.message(event)
        shown = pictures_of(message) if message else ()
        pictures: list[tuple[str, bytes | None]] = []
        for picture in shown or (Shown(image=event.image, hint=event.hint, file_name=event.file_name),):
            try:
                pictures.append((picture.file_name, await self.files.get(picture.hint)))
            except Refused:
                pictures.append((picture.file_name, None))
        return [*pictures, *((name, None) for name in (other_files_of(message) if message else ()))]


def _unscannable(error: Refused) -> Unscannable:
    """What a refused download means for the image."""
    reasons = {"too-large": "too-large", STATUS: "gone"}
    return Unscannable(reasons.get(error.reason, "download"), str(error))
