"""Untrusted bytes in, small upright RGB pictures out. Pillow only; every other format is refused before it starts.
Videos go to video.py, where that extra is installed.

    read_header (sniff.py) -> open with that one format -> pixels within limits -> draft -> walk the frames
        each frame: shrink to 640 px -> turn as EXIF says -> 8-bit RGB on white (and on dark) -> keep what looks new

`decode` raises Unscannable and nothing else. What it cannot do is stop Pillow in the middle of one frame: the honest
worst case, a 64-megapixel PNG, takes seconds. So files of strangers are decoded by sandbox.py, in a process that can be
killed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from time import monotonic
from types import ModuleType

import numpy as np
from PIL import (  # these plugins are the allow-list; imported here, Image.open never looks for another
    AvifImagePlugin,  # noqa: F401
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,  # noqa: F401
)

from core.errors import Unscannable
from core.looks import Picture
from core.types import Pixels
from embed.decode import video
from embed.decode.sniff import ALLOWED, MAX_FRAMES, VIDEOS, Header, is_cut, kind_of, read_header

MAX_BYTES = 25_000_000
MAX_PIXELS = 64_000_000
MAX_DRAFT_PIXELS = 220_000_000  # phones make 200-megapixel JPEGs; drafted, they cost 57 MB
MAX_RAW_BYTES = 300_000_000
SIDE = 640
DRAFT_SIDE = 480
"""JPEG is scaled by halves while it is decoded, as long as the longer side keeps this many pixels."""

SAME_FRAME = 8  # mean difference of 16x16 thumbs, of 255
DARK = (0x31, 0x33, 0x38)  # a dark chat's background: what is white on transparent shows only there
WHITE = (255, 255, 255)

BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "LA": 2, "PA": 2, "La": 2}
BYTES_PER_PIXEL |= {"RGB": 3, "YCbCr": 3, "LAB": 3, "HSV": 3}  # every other mode counts as 4
DEEP = {"I;16", "I;16L", "I;16B", "I;16N", "I", "F"}
WITH_ALPHA = {"RGBA", "LA", "PA", "RGBa", "La"}
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# People see the part that arrived, so it is looked at; a strict decoder would be evaded by cutting off two bytes.
ImageFile.LOAD_TRUNCATED_IMAGES = True
# Pillow warns above this number and raises above twice of it. Our own limits are checked before anything is loaded;
# this one is for what Pillow allocates on its own, such as the area that a GIF frame clears.
Image.MAX_IMAGE_PIXELS = MAX_DRAFT_PIXELS // 2


def _hush(*modules: ModuleType) -> None:
    """Pillow warns about odd metadata in files it decodes well, and here every such file is expected.

    Silencing is not possible from outside: `catch_warnings` swaps the state of the whole process, so two threads
    spoil it for each other. These modules use `warnings` for `warn` alone, so they get one that says nothing.
    """
    quiet = ModuleType("warnings")
    quiet.__dict__["warn"] = lambda *_, **__: None
    for module in modules:
        vars(module)["warnings"] = quiet


_hush(Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin)


type Decoder = Callable[[bytes, str], Picture]
"""File and its SHA-256 ("" = not known yet) -> picture; raises Unscannable. The product's is `embed.decode.sandbox`."""

type Thumb = np.ndarray[tuple[int, int, int], np.dtype[np.int16]]


@dataclass(slots=True)
class Album:
    """The pictures kept so far. Thumbs tell whether the next one is new; a still picture alone needs none."""

    limit: int
    pictures: list[Pixels] = field(default_factory=list)
    thumbs: list[Thumb] = field(default_factory=list)

    def add(self, picture: Image.Image) -> bool:
        """Keep the picture if it looks new; False if it does and there is no room left."""
        pixels = _pixels(picture)
        if self.pictures and not self._is_new(pixels):
            return True
        if len(self.pictures) >= self.limit:
            return False
        self.pictures.append(pixels)
        return True

    def _is_new(self, pixels: Pixels) -> bool:
        self.thumbs.extend(_thumb(one) for one in self.pictures[len(self.thumbs) :])
        thumb = _thumb(pixels)
        return all(np.abs(thumb - other).mean() >= SAME_FRAME for other in self.thumbs)


@dataclass(frozen=True, slots=True)
class Film:
    """An opened image with its first frame loaded."""

    image: Image.Image
    header: Header
    count: int
    turn: int

    @property
    def is_endless(self) -> bool:
        """More frames than are looked at, or than could be counted: what is found is partial in any case."""
        return self.count > MAX_FRAMES or not self.header.complete


@dataclass(frozen=True, slots=True)
class Budget:
    """Time to look for frames in."""

    began: float
    seconds: float

    @property
    def deadline(self) -> float:
        return self.began + self.seconds

    def deadline_of(self, film: Film) -> float:
        """An endless one gets half: such files come to keep us busy, and a moderator has to look at them anyway."""
        return self.began + self.seconds / (2 if film.is_endless else 1)


def decode(
    data: bytes, *, max_frames: int = 16, budget_s: float = 2.0, max_bytes: int = MAX_BYTES, digest: str = ""
) -> Picture:
    """The picture in these bytes: at most `max_frames` distinct frames, looking for them for `budget_s` seconds.

    `digest` is their SHA-256, for a caller who knows it already.
    """
    budget = Budget(monotonic(), budget_s)
    header = read_header(data, max_bytes)
    try:
        if header.kind in VIDEOS:
            return _filmed(data, header, Album(max_frames), budget.deadline, digest)
        with _opened(data, header) as image:
            return _read(data, header, image, Album(max_frames), budget, digest)
    except Unscannable:
        raise
    except MemoryError:
        raise Unscannable("memory", "This image needs too much memory.") from None
    except Exception as error:  # a broken file makes Pillow raise almost anything
        raise Unscannable("corrupt", f"This {header.kind} file is damaged.") from error


def decode_here(data: bytes, digest: str = "") -> Picture:
    """`Decoder` in this very process: for files of one's own."""
    return decode(data, digest=digest)


def is_decodable(head: bytes) -> bool:
    """For the downloader: is it worth loading the rest? Of a video only where the extra is installed."""
    kind = kind_of(head)
    return kind in ALLOWED or (kind in VIDEOS and video.is_available())


def _filmed(data: bytes, header: Header, album: Album, deadline: float, digest: str) -> Picture:
    """Distinct frames of a video."""
    seen = video.walk(data, header.kind, album.add, longest=SIDE, deadline=deadline)
    return Picture(
        sha256=digest or sha256(data).hexdigest(),
        format=header.kind,
        width=seen.width,
        height=seen.height,
        frame_count=max(seen.count, len(album.pictures)),
        frames=tuple(album.pictures),
        partial=seen.partial,
    )


def _opened(data: bytes, header: Header) -> Image.Image:
    """The image, not loaded yet, within the limits of its header."""
    try:
        image = Image.open(BytesIO(data), formats=[header.kind])
    except Image.DecompressionBombError:
        raise _too_many_pixels(MAX_DRAFT_PIXELS if header.draft else MAX_PIXELS) from None
    _check_pixels(image, header)
    return image


def _check_pixels(image: Image.Image, header: Header) -> None:
    pixels = image.width * image.height
    if pixels < 1:
        raise Unscannable("corrupt", f"This {header.kind} file has no pixels.")
    limit = MAX_DRAFT_PIXELS if header.draft else MAX_PIXELS
    if pixels > limit:
        raise _too_many_pixels(limit)
    if not header.draft and pixels * _bytes_per_pixel(image, header) > MAX_RAW_BYTES:
        raise Unscannable("too-many-pixels", f"This image takes more than {MAX_RAW_BYTES / 1e6:.0f} MB when unpacked.")


def _bytes_per_pixel(image: Image.Image, header: Header) -> int:
    """WebP: its decoder keeps two RGBA canvases, with Pillow's copies 62 megapixels took 1 GB."""
    return 8 if header.kind == "WEBP" else BYTES_PER_PIXEL.get(image.mode, 4) * header.channel_bytes


def _too_many_pixels(limit: int) -> Unscannable:
    return Unscannable("too-many-pixels", f"This image is too large: the limit is {limit // 1_000_000} megapixels.")


def _read(data: bytes, header: Header, image: Image.Image, album: Album, budget: Budget, digest: str) -> Picture:
    size, kind = image.size, image.format or header.kind
    if header.kind == "JPEG":  # scaled while decoding: 12 megapixels for the price of 0.2
        image.draft("RGB", _scaled(size, DRAFT_SIDE))
    image.load()
    film = Film(image, header, _frame_count(image, header), _turn(image))
    partial = _walk(film, album, budget.deadline_of(film))
    if is_cut(data, header.kind) and all(picture.max() == picture.min() for picture in album.pictures):
        raise Unscannable("corrupt", f"This {header.kind} file is cut off before its picture begins.")
    width, height = reversed(size) if film.turn in (5, 6, 7, 8) else size
    return Picture(
        sha256=digest or sha256(data).hexdigest(),
        format="JPEG" if kind == "MPO" else kind,
        width=width,
        height=height,
        frame_count=film.count,
        frames=tuple(album.pictures),
        partial=partial,
    )


def _scaled(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """The size with the longer side at most so long."""
    scale = min(1.0, longest / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _frame_count(image: Image.Image, header: Header) -> int:
    """JPEG (MPO) and TIFF: clients show the first picture only. GIF: Pillow would have to walk it all."""
    if header.kind in ("WEBP", "AVIF", "PNG"):
        declared = max(1, int(getattr(image, "n_frames", 1)))
        return min(declared, header.frames) if header.kind == "PNG" else declared
    return header.frames


def _walk(film: Film, album: Album, deadline: float) -> str:
    """Fill the album; the answer says why it may not hold all there is to see ("" = it does)."""
    for index in range(min(film.count, MAX_FRAMES)):
        if index and monotonic() > deadline:
            return "time"
        try:
            room = _look(film, index, album)
        except EOFError:  # fewer frames than announced: a cut file, viewers stop here too
            return ""
        except Exception:  # a later frame is broken, in whatever way: the verdict carries it as partial
            if not index:
                raise
            return "damaged"
        if not room:
            return "frames"
    return "frames" if film.is_endless else ""


def _look(film: Film, index: int, album: Album) -> bool:
    if index:
        film.image.seek(index)
        _check_pixels(film.image, film.header)  # a GIF frame may make the canvas grow
        film.image.load()
    return all(album.add(picture) for picture in _shown(film.image, film.turn))


def _shown(image: Image.Image, turn: int) -> Iterator[Image.Image]:
    """The frame as people see it: on white and, if it looks different there, on a dark background."""
    small = _eight_bit(_shrunk(_plain(image)))
    small = small.transpose(TURNS[turn]) if turn in TURNS else small
    if small.mode != "RGBA":
        yield small
        return
    on_white, on_dark = _laid_on(small, WHITE), _laid_on(small, DARK)
    yield on_white
    if np.abs(_pixels(on_white).astype(np.int16) - _pixels(on_dark)).mean() > SAME_FRAME:
        yield on_dark


def _plain(image: Image.Image) -> Image.Image:
    """RGB, RGBA or a deep gray mode: what can be resized without harm. Profiles are ignored."""
    if image.mode in DEEP or (image.mode in ("RGB", "RGBA") and "transparency" not in image.info):
        return image
    if image.mode in WITH_ALPHA or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("RGB")


def _shrunk(image: Image.Image) -> Image.Image:
    scale = SIDE / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    if image.mode.startswith("I;16"):  # Pillow reduces no 16-bit image
        return image.resize(size, Image.Resampling.BICUBIC)
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Scale what has more than 8 bits; `convert` would clip it to white."""
    if image.mode not in DEEP:
        return image
    values = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0.0, neginf=0.0)
    top = float(values.max())
    ends = (1.001, 255, 65_535) if image.mode == "F" else (255, 65_535)
    end = next((one for one in ends if top <= one), top)
    gray = (values * (255 / end)).clip(0, 255).astype(np.uint8)
    return Image.fromarray(gray).convert("RGB")


def _laid_on(image: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    flat = Image.new("RGB", image.size, background)
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _turn(image: Image.Image) -> int:
    """EXIF orientation 1..8, as browsers read it: from EXIF alone. Pillow has turned a TIFF by itself already."""
    raw = image.info.get("exif")
    if not raw or image.format == "TIFF":
        return 1
    try:
        exif = Image.Exif()
        exif.load(raw)
        turn = exif.get(0x0112, 1)
    except Exception:  # damaged EXIF must not cost us the picture
        return 1
    return turn if turn in TURNS else 1


def _thumb(pixels: Pixels) -> Thumb:
    return np.asarray(Image.fromarray(pixels).resize((16, 16), Image.Resampling.BOX)).astype(np.int16)


def _pixels(image: Image.Image) -> Pixels:
    return np.asarray(image, dtype=np.uint8).reshape(image.height, image.width, 3)
