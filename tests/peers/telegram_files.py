"""The files of the Telegram peer: what becomes of uploads, their ids, their links.

A photo becomes JPEGs in several sizes, a GIF becomes an MPEG-4 film, documents and stickers keep their bytes; what can
be opened gets a thumbnail. The same bytes sent again keep their `file_unique_id`, like a forward; a `file_id` is new
each time. A link lives for an hour, until `expire`, and anew after the next getFile.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from PIL import Image, ImageOps, ImageSequence

from tests.peers.telegram_text import Json, bad

SIDES = (90, 320, 800, 1280, 2560)
THUMBNAIL_SIDE = 320
DOWNLOAD_LIMIT = 20 << 20
PHOTO_LIMIT = 10 << 20
LINK_LIVES_S = 3600
MOST_PIXELS = 25_000_000  # 5000 x 5000 is the largest square that may be a photo
FOLDERS = {"photo": "photos", "document": "documents", "sticker": "stickers", "animation": "animations"}
FOLDERS |= {"video": "videos", "video_note": "video_notes"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sends it, with the thumbnail and the cover that they chose for it."""

    data: bytes
    name: str = ""
    mime: str = "application/octet-stream"
    thumbnail: bytes = b""
    cover: bytes = b""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file as Telegram keeps it."""

    data: bytes
    unique: str
    path: str


class Files:
    """Everything that was ever sent. `content` is what a message says of a file: {"photo": [...]}, ..."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._files: dict[str, Stored] = {}
        self._contents: dict[str, Json] = {}  # by the file_unique_id, to send a file again by its id
        self._made: dict[tuple[str, ...], Json] = {}
        self._links: dict[str, tuple[Stored, float]] = {}

    def content(self, kind: str, upload: Upload) -> Json:
        """What a message says of a new upload, or of the same one again."""
        front = hashlib.sha256(upload.thumbnail + b"/" + upload.cover).hexdigest()
        key = (kind, hashlib.sha256(upload.data).hexdigest(), upload.name, upload.mime, front)
        if key in self._made:
            return self.renewed(self._made[key])
        content: Json = getattr(self, f"_{kind}")(upload)
        self._made[key] = content
        whole = content[kind]
        for one in whole if isinstance(whole, list) else [whole]:
            self._contents[one["file_unique_id"]] = content
        return content

    def again(self, kind: str, file_id: str) -> Json:
        """What a message says of a file that is sent by its id."""
        stored = self._files.get(file_id)
        content = self._contents.get(stored.unique) if stored else None
        if content is None:
            raise bad("wrong file identifier/HTTP URL specified")
        if kind not in content:
            raise bad(f"can't use file of type {next(iter(content)).title()} as {kind.title()}")
        return self.renewed(content)

    def renewed[Thing](self, thing: Thing) -> Thing:
        """A copy in which every file has a new id, as in a forwarded message."""
        if isinstance(thing, list):
            return [self.renewed(one) for one in thing]  # type: ignore[return-value]  # a list stays a list
        if not isinstance(thing, dict):
            return thing
        copy = {key: self.renewed(value) for key, value in thing.items()}
        if "file_id" in copy:
            copy["file_id"] = self._new_id(self._files[copy["file_id"]])
        return copy  # type: ignore[return-value]  # a dict stays a dict

    def data(self, file_id: str) -> bytes:
        return self._files[file_id].data

    def link(self, file_id: str) -> Json:
        """The answer to getFile."""
        stored = self._files.get(file_id)
        if stored is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(stored.data) > DOWNLOAD_LIMIT:
            raise bad("file is too big")
        self._links[stored.path] = stored, self._now() + LINK_LIVES_S
        return self._said(file_id, stored) | {"file_path": stored.path}

    def behind(self, path: str) -> bytes | None:
        """What a link leads to, while it lives."""
        stored, until = self._links.get(path, (None, 0.0))
        return stored.data if stored and self._now() < until else None

    def expire(self) -> None:
        self._links.clear()

    def _new_id(self, stored: Stored) -> str:
        file_id = f"BQACAgQAAx{len(self._files):06x}{stored.unique}"
        self._files[file_id] = stored
        return file_id

    def _said(self, file_id: str, stored: Stored) -> Json:
        return {"file_id": file_id, "file_unique_id": stored.unique, "file_size": len(stored.data)}

    def _keep(self, kind: str, data: bytes, suffix: str) -> Json:
        unique = "AQAD" + hashlib.sha256(kind.encode() + data).hexdigest()[:12]
        stored = Stored(data, unique, f"{FOLDERS[kind]}/file_{len(self._files)}{suffix}")
        return self._said(self._new_id(stored), stored)

    def _size(self, picture: Image.Image, side: int) -> Json:
        """A PhotoSize."""
        small = picture.copy()
        small.thumbnail((side, side))
        buffer = io.BytesIO()
        small.save(buffer, "JPEG", quality=87)
        return self._keep("photo", buffer.getvalue(), ".jpg") | {"width": small.width, "height": small.height}

    def _photo(self, upload: Upload) -> Json:
        picture = opened(upload.data)
        if len(upload.data) > PHOTO_LIMIT:
            size = len(upload.data)
            raise bad(f"file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes")
        if picture is None:
            raise bad("IMAGE_PROCESS_FAILED")
        if sum(picture.size) > 10_000 or max(picture.size) > 20 * min(picture.size):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        return {"photo": [self._size(picture, side) for side in _sides(max(picture.size))]}

    def _document(self, upload: Upload) -> Json:
        kept = self._keep("document", upload.data, PurePath(upload.name).suffix)
        seen = (
            opened(upload.thumbnail) or opened(upload.data) or (first_frame(upload.data) if is_film(upload) else None)
        )
        return {"document": kept | _named(upload) | self._thumbnail(seen)}

    def _sticker(self, upload: Upload) -> Json:
        picture = opened(upload.data) or (first_frame(upload.data) if upload.data[:4] == b"\x1aE\xdf\xa3" else None)
        wide, high = picture.size if picture else (512, 512)
        said = {"type": "regular", "width": wide, "height": high, "emoji": "🙂", "set_name": "Faces"}
        moves = {"is_animated": upload.data[:2] == b"\x1f\x8b", "is_video": upload.data[:4] == b"\x1aE\xdf\xa3"}
        suffix = ".tgs" if moves["is_animated"] else ".webm" if moves["is_video"] else ".webp"
        return {"sticker": self._keep("sticker", upload.data, suffix) | said | moves | self._thumbnail(picture)}

    def _animation(self, upload: Upload) -> Json:
        film = upload.data if upload.data[4:8] == b"ftyp" else filmed(upload.data)
        still = opened(upload.thumbnail) or needed(first_frame(film))
        kept = self._keep("animation", film, ".mp4") | _named(Upload(film, "animation.gif.mp4", "video/mp4"))
        kept |= self._thumbnail(still)
        shape = {"width": still.width, "height": still.height, "duration": 1}
        return {"animation": kept | shape, "document": kept}  # Telegram says it twice, for old bots

    def _video(self, upload: Upload) -> Json:
        kept = self._keep("video", upload.data, ".mp4") | _named(upload)
        still = opened(upload.thumbnail) or needed(first_frame(upload.data))
        kept |= self._thumbnail(still) | {"width": still.width, "height": still.height, "duration": 1}
        cover = opened(upload.cover)
        return {
            "video": kept | ({"cover": [self._size(cover, side) for side in _sides(max(cover.size))]} if cover else {})
        }

    def _video_note(self, upload: Upload) -> Json:
        still = needed(first_frame(upload.data))
        kept = self._keep("video_note", upload.data, ".mp4") | self._thumbnail(still)
        return {"video_note": kept | {"length": min(still.size), "duration": 1}}

    def _thumbnail(self, picture: Image.Image | None) -> Json:
        return {"thumbnail": self._size(picture, THUMBNAIL_SIDE)} if picture else {}


def _named(upload: Upload) -> Json:
    return {"file_name": upload.name, "mime_type": upload.mime}


def _sides(longest: int) -> Iterator[int]:
    """Every size up to the first that holds the whole picture."""
    for side in SIDES:
        yield side
        if side >= longest:
            return


def opened(data: bytes) -> Image.Image | None:
    """The picture upright, without transparency; None if it is no picture, or a bomb."""
    with suppress(Exception), Image.open(io.BytesIO(data)) as picture:  # Pillow raises all kinds on hostile files
        if picture.width * picture.height > MOST_PIXELS:
            return None
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    return None


def filmed(gif: bytes) -> bytes:
    """A GIF as the MPEG-4 film that Telegram makes of it."""
    with Image.open(io.BytesIO(gif)) as picture, TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        size = (picture.width // 2 * 2, picture.height // 2 * 2)  # a film has even sides
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, size)
        for frame in ImageSequence.Iterator(picture):
            writer.write(cv2.cvtColor(np.asarray(frame.convert("RGB").resize(size)), cv2.COLOR_RGB2BGR))
        writer.release()
        return path.read_bytes()


def is_film(upload: Upload) -> bool:
    return upload.mime.startswith("video/")


def needed(still: Image.Image | None) -> Image.Image:
    """The still of a film; refused where there is none."""
    if still is None:
        raise bad("IMAGE_PROCESS_FAILED")
    return still


def first_frame(film: bytes) -> Image.Image | None:
    """The still that the thumbnail is made of, None for what is no film."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        path.write_bytes(film)
        reader = cv2.VideoCapture(str(path))
        fine, frame = reader.read()
        reader.release()
    if not fine:
        return None
    return Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))
