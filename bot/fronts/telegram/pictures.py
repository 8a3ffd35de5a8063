"""The pictures in a message of Telegram, and the hint by which each is fetched. Pure.

    Message --pictures--> [Shown]        hint "photo:FILE" or "spoiler:video:THUMBNAIL:FILE"
    text or caption --links_of--> addresses that end like an image --shown_behind--> hint "link:URL"

photo, live photo, new chat photo     the smallest size with a side of 800 px, else the largest
document                              an image by its type or its name, or of a type that nobody can tell
animation, sticker                    the file; if it moves, its thumbnail, too
video, video note, paid media         the file, and its cover or thumbnail
external reply                        what of all this the quoted message shows

Telegram shows the image of a link below the post and gives bots none of it. Its bytes come from a stranger's server,
which learns the bot's address thereby: so they come through the guarded downloader, and only if the operator says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Literal, get_args

from telegram import (
    Animation,
    Document,
    ExternalReplyInfo,
    Message,
    MessageEntity,
    PaidMediaLivePhoto,
    PaidMediaPhoto,
    PaidMediaVideo,
    PhotoSize,
    Sticker,
    Video,
    VideoNote,
)
from yarl import URL

from core.messages import PICTURES, VIDEOS, Shown, may_be_picture

type Kind = Literal["photo", "document", "animation", "sticker", "video", "video_note"]
type File = PhotoSize | Document | Animation | Sticker | Video | VideoNote

USEFUL_SIDE = 800
LINK = "link:"
VEILED = "spoiler:"
"""How the hint of a file begins that its author hid as a spoiler."""

MOST, LONGEST = 4, 2_000
"""Links of one message that are followed, and the length of each."""

KINDS: frozenset[str] = frozenset(get_args(Kind.__value__))


@dataclass(frozen=True, slots=True)
class Hint:
    """What an event's hint says.

    An undo posts the file again by its kind; `seen` is the file that is looked at first: itself, or a video's still.
    """

    kind: str
    seen: str
    whole: str
    is_veiled: bool = False


def read_hint(hint: str) -> Hint:
    """The parts of a hint; a bare file id is taken for a photo. A link can't be posted again."""
    if hint.startswith(LINK):
        return Hint("link", hint.removeprefix(LINK), "")
    if hint.startswith(VEILED):
        return replace(read_hint(hint.removeprefix(VEILED)), is_veiled=True)
    kind, _, ids = hint.partition(":") if hint.partition(":")[0] in KINDS else ("photo", "", hint)
    seen, _, whole = ids.partition(":")
    return Hint(kind, seen, whole or seen)


def pictures(message: Message) -> list[Shown]:
    """Every file of a message that is an image, or stands for one, each once."""
    shown = [*_shown(message), *_photo(message.new_chat_photo)]
    if message.external_reply:
        shown += _shown(message.external_reply)
    veil = VEILED if message.has_media_spoiler else ""
    return [replace(one, hint=f"{veil}{one.hint}") for one in {picture.image: picture for picture in shown}.values()]


def _found(kind: Kind, seen: File, whole: File) -> Shown:
    """A file, and the picture by which it is seen before it is played."""
    ids = [seen.file_id] if seen is whole else [seen.file_id, whole.file_id]
    name = getattr(whole, "file_name", None) or ""
    return Shown(image=whole.file_unique_id, hint=":".join((kind, *ids)), file_name=name)


def _shown(message: Message | ExternalReplyInfo) -> Iterator[Shown]:
    """Of an animation Telegram says the document, too, for old bots."""
    yield from _photo(message.photo)
    if message.live_photo:
        yield from _photo(message.live_photo.photo)
    if message.animation:
        yield _moving("animation", message.animation, is_picture=message.animation.mime_type == "image/gif")
    elif message.document:
        yield from _document(message.document)
    if message.sticker:
        moves = message.sticker.is_animated or message.sticker.is_video
        yield _moving("sticker", message.sticker, is_picture=not moves)
    if message.video:
        yield _video(message.video)
    if message.video_note:
        yield _moving("video_note", message.video_note)
    yield from _paid(message)


def _paid(message: Message | ExternalReplyInfo) -> Iterator[Shown]:
    for one in message.paid_media.paid_media if message.paid_media else ():
        match one:
            case PaidMediaPhoto(photo=sizes):
                yield from _photo(sizes)
            case PaidMediaLivePhoto(live_photo=live):
                yield from _photo(live.photo)
            case PaidMediaVideo(video=video):
                yield _video(video)


def _photo(sizes: Sequence[PhotoSize] | None) -> Iterator[Shown]:
    if sizes:
        size = useful(sizes)
        yield _found("photo", size, size)


def useful(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """The smallest size that shows enough."""
    ordered = sorted(sizes, key=lambda size: size.width * size.height)
    return next((size for size in ordered if max(size.width, size.height) >= USEFUL_SIDE), ordered[-1])


def _video(video: Video) -> Shown:
    return _found("video", useful(video.cover), video) if video.cover else _moving("video", video)


def _moving(kind: Kind, file: Animation | Sticker | Video | VideoNote, *, is_picture: bool = False) -> Shown:
    """A file with its thumbnail, unless it is a picture, or has none."""
    return _found(kind, file if is_picture else file.thumbnail or file, file)


def _document(document: Document) -> Iterator[Shown]:
    if may_be_picture(document.mime_type, document.file_name or ""):
        is_video = (document.mime_type or "").startswith("video/")
        yield _found("document", (document.thumbnail if is_video else None) or document, document)


def links_of(message: Message) -> list[str]:
    """Addresses in a message's words that end like an image's or a video's, each once."""
    found = (one for one in _addresses(message) if len(one) <= LONGEST and _is_image(one))
    return list(dict.fromkeys(found))[:MOST]


def shown_behind(message: Message) -> list[Shown]:
    """What is behind its links, each told apart by its address."""
    return [
        Shown(image=f"link-{sha256(url.encode()).hexdigest()[:16]}", hint=LINK + url, file_name=URL(url).name[:200])
        for url in links_of(message)
    ]


def _addresses(message: Message) -> Iterator[str]:
    kinds: list[str | None] = [MessageEntity.URL, MessageEntity.TEXT_LINK]
    for entity, text in {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}.items():
        address = entity.url or text
        yield address if "://" in address else f"https://{address}"


def _is_image(address: str) -> bool:
    try:
        url = URL(address)
    except ValueError:
        return False
    return (
        url.scheme in ("http", "https")
        and bool(url.host)
        and PurePosixPath(url.path.lower()).suffix in PICTURES | VIDEOS
    )
