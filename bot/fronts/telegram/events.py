"""The images in what Telegram delivers: a message in, events out. Pure.

    Message --pictures--> [Found] --events_of--> [ImageEvent]        hint "photo:FILE" or "video:THUMBNAIL:FILE"

photo, live photo, new chat photo     the smallest size with a side of 800 px, else the largest
document                              an image by its type or its name, or of a type that nobody can tell
animation                             the file if it is a GIF, else its thumbnail
sticker                               the file if it stands still, else its thumbnail
video, video note, paid media         cover or thumbnail
external reply                        what of all this the quoted message shows

Forwards and channel posts are messages like any other; an edited message has the new picture. The Bot API gives no
image of a link's preview: see bot/fronts/telegram/links.py.
"""

import mimetypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from telegram import (
    Animation,
    Document,
    ExternalReplyInfo,
    Message,
    PaidMediaLivePhoto,
    PaidMediaPhoto,
    PaidMediaVideo,
    PhotoSize,
    Sticker,
    Video,
    VideoNote,
)
from telegram.constants import ChatType
from yarl import URL

from core.types import ImageEvent, Intent, Platform, Space

type Kind = Literal["photo", "document", "animation", "sticker", "video", "video_note"]
type File = PhotoSize | Document | Animation | Sticker | Video | VideoNote

USEFUL_SIDE = 800
UNTOLD = ("", "application/octet-stream", "binary/octet-stream")
"""Types that say nothing."""

LINK = "link:"
KINDS: frozenset[str] = frozenset({"photo", "document", "animation", "sticker", "video", "video_note"})


@dataclass(frozen=True, slots=True)
class Found:
    """A file to look at, and the whole that it belongs to, which is what can be posted again."""

    kind: Kind
    seen: File
    whole: File

    @property
    def hint(self) -> str:
        ids = [self.seen.file_id] if self.seen is self.whole else [self.seen.file_id, self.whole.file_id]
        return ":".join((self.kind, *ids))

    @property
    def name(self) -> str:
        return getattr(self.whole, "file_name", None) or ""


@dataclass(frozen=True, slots=True)
class Hint:
    """What an event's hint says: the file to download, and the one to post again, with the way to do so."""

    kind: str
    seen: str
    whole: str


def read_hint(hint: str) -> Hint:
    """The parts of a hint; a bare file id is taken for a photo. A link can't be posted again."""
    if hint.startswith(LINK):
        return Hint("link", hint.removeprefix(LINK), "")
    kind, _, ids = hint.partition(":") if hint.partition(":")[0] in KINDS else ("photo", "", hint)
    seen, _, whole = ids.partition(":")
    return Hint(kind, seen, whole or seen)


def events_of(
    message: Message,
    *,
    intent: Intent = Intent.POSTED,
    by_staff: bool = False,
    language: str = "",
    asked: Message | None = None,
    links: Sequence[str] = (),
) -> list[ImageEvent]:
    """An event for each image, also behind `links`. `asked` is the message to answer, if it is another one.

    Two people may ask about the same post, so a question is told apart by its own message.
    """
    said = asked or message
    shown = {found.seen.file_unique_id: (found.name, found.hint) for found in pictures(message)}
    shown |= {f"link-{sha256(url.encode()).hexdigest()[:16]}": (URL(url).name[:200], LINK + url) for url in links}
    return [
        ImageEvent(
            space=space_of(message),
            message=str(said.message_id),
            image=image,
            author=author_of(said),
            author_name=name_of(said),
            file_name=name,
            group=(message.media_group_id or "") if intent is not Intent.QUERY else "",
            link=link_of(message),
            intent=intent,
            thread=thread_of(said),
            hint=hint,
            language=language,
            by_staff=by_staff,
        )
        for image, (name, hint) in shown.items()
    ]


def pictures(message: Message) -> list[Found]:
    """Every file of a message that is an image, or stands for one."""
    found = list(_shown(message))
    if message.new_chat_photo:
        found += _photo(message.new_chat_photo)
    if message.external_reply:
        found += _shown(message.external_reply)
    return found


def counts(message: Message, me: int, include_bots: bool) -> bool:
    """Whether a post is to be looked at: never our own, those of other bots if the operator wants it."""
    author = message.from_user
    if author is None or message.sender_chat is not None or not author.is_bot:
        return True
    return include_bots and author.id != me


def space_of(message: Message) -> Space:
    chat = message.chat
    community = "" if chat.type == ChatType.PRIVATE else str(chat.id)
    return Space(platform=Platform.TELEGRAM, community=community, channel=str(chat.id))


def author_of(message: Message) -> str:
    """A person, or the chat in whose name they write."""
    who = message.sender_chat or message.from_user
    return str(who.id) if who else ""


def name_of(message: Message) -> str:
    if message.sender_chat:
        return message.author_signature or message.sender_chat.title or ""
    return message.from_user.full_name if message.from_user else ""


def thread_of(message: Message) -> str:
    """The topic of a forum; in other groups the number names a chain of replies, to which nothing can be sent."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


def link_of(message: Message) -> str:
    """Messages of private chats and of basic groups have none."""
    chat = message.chat
    if chat.type not in (ChatType.SUPERGROUP, ChatType.CHANNEL):
        return ""
    return f"https://t.me/{chat.username or f'c/{str(chat.id)[4:]}'}/{message.message_id}"


def _shown(message: Message | ExternalReplyInfo) -> Iterator[Found]:
    """Of an animation Telegram says the document, too, for old bots."""
    yield from _photo(message.photo)
    if message.live_photo:
        yield from _photo(message.live_photo.photo)
    if message.animation:
        yield _still("animation", message.animation, is_picture=message.animation.mime_type == "image/gif")
    elif message.document:
        yield from _document(message.document)
    if message.sticker:
        moves = message.sticker.is_animated or message.sticker.is_video
        yield _still("sticker", message.sticker, is_picture=not moves)
    if message.video:
        yield _video(message.video)
    if message.video_note:
        yield _still("video_note", message.video_note)
    yield from _paid(message)


def _paid(message: Message | ExternalReplyInfo) -> Iterator[Found]:
    for one in message.paid_media.paid_media if message.paid_media else ():
        match one:
            case PaidMediaPhoto(photo=sizes):
                yield from _photo(sizes)
            case PaidMediaLivePhoto(live_photo=live):
                yield from _photo(live.photo)
            case PaidMediaVideo(video=video):
                yield _video(video)


def _photo(sizes: Sequence[PhotoSize] | None) -> Iterator[Found]:
    if sizes:
        size = useful(sizes)
        yield Found("photo", size, size)


def useful(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """The smallest size that shows enough."""
    ordered = sorted(sizes, key=lambda size: size.width * size.height)
    return next((size for size in ordered if max(size.width, size.height) >= USEFUL_SIDE), ordered[-1])


def _video(video: Video) -> Found:
    return Found("video", useful(video.cover), video) if video.cover else _still("video", video)


def _still(kind: Kind, file: Animation | Sticker | Video | VideoNote, *, is_picture: bool = False) -> Found:
    """Without a thumbnail the film itself: it ends as unscannable, not in silence."""
    return Found(kind, file if is_picture else file.thumbnail or file, file)


def _document(document: Document) -> Iterator[Found]:
    if is_image(document.mime_type or "", document.file_name or ""):
        yield Found("document", document, document)
    elif (document.mime_type or "").startswith("video/") and document.thumbnail:
        yield Found("document", document.thumbnail, document)


def is_image(mime: str, name: str) -> bool:
    """By type or by name; what neither of them tells may be one."""
    named = mimetypes.guess_type(name)[0] or ""
    if mime.startswith("image/") or named.startswith("image/"):
        return True
    return mime in UNTOLD and named in UNTOLD
