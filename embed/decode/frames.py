"""Frames of an opened image, as people see them: small, upright, 8-bit RGB, and each only once.

    walk: frame after frame, as long as there is time -> shown: shrink to 640 px -> turn as EXIF says
          -> on white, and on dark if it looks different there -> Album: kept if it looks new

A frame behind the first one that is broken is looked at as far as it goes, and so are those behind it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from time import monotonic

import numpy as np
from PIL import Image, ImageFile

from core.types import Pixels
from embed.decode.opening import check_pixels, is_ours
from embed.decode.salvage import reach, share_loaded, tolerated
from embed.decode.sniff import MAX_FRAMES, Header

SIDE = 640
SAME_FRAME = 8  # mean difference of 16x16 thumbs, of 255
DARK = (0x31, 0x33, 0x38)  # a dark chat's background: what is white on transparent shows only there
WHITE = (255, 255, 255)

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


DAMAGED = "damaged"
"""Why a picture is partial if a decoder could not read all of it."""


type Thumb = np.ndarray[tuple[int, int, int], np.dtype[np.int16]]


@dataclass(slots=True)
class DistinctFrames:
    """The frames kept so far; thumbnails tell whether the next one is new, which a still picture does not need."""

    limit: int
    pictures: list[Pixels] = field(default_factory=list)
    thumbs: list[Thumb] = field(default_factory=list)

    def add(self, picture: Image.Image) -> bool:
        """Keep the picture if it looks new; return False if it does and there is no room left."""
        pixels = _pixels(picture)
        if self.pictures and not self._is_new(pixels):
            return True
        if len(self.pictures) >= self.limit:
            return False
        self.pictures.append(pixels)
        return True

    def _is_new(self, pixels: Pixels) -> bool:
        self.thumbs.extend(_thumb(picture) for picture in self.pictures[len(self.thumbs) :])
        thumb = _thumb(pixels)
        return all(np.abs(thumb - other).mean() >= SAME_FRAME for other in self.thumbs)


@dataclass(slots=True)
class SpreadFrames(DistinctFrames):
    """Distinct frames of a video, each with the second in which it is shown. It goes on behind the limit.

    Of more than the limit those stay that differ most from one another, so that the one still picture in a film of
    the sea is among them wherever it is; `dropped` says that some did not stay. The first frame always does.
    """

    seconds: list[float] = field(default_factory=list)
    dropped: bool = False

    def see(self, picture: Image.Image, second: float) -> None:
        """Keep the frame if it looks new; if there is no room for it, without the one that brings least."""
        for pixels in map(_pixels, _on_grounds(picture)):
            if self._is_new(pixels):
                self.pictures.append(pixels)
                self.seconds.append(second)
                self.thumbs.append(_thumb(pixels))
            if len(self.pictures) > self.limit:
                self._drop(self._nearest_pair())

    def in_turn(self) -> list[tuple[Pixels, float]]:
        """Return the frames with their seconds, the first one first, then always the one least like those before."""
        first = min(range(len(self.seconds)), key=self.seconds.__getitem__, default=0)
        left, order = set(range(len(self.seconds))) - {first}, [first][: len(self.seconds)]
        while left:
            order.append(max(left, key=lambda number: min(self._distance(number, other) for other in order)))
            left.remove(order[-1])
        return [(self.pictures[number], self.seconds[number]) for number in order]

    def _nearest_pair(self) -> int:
        """Return the later one of the two frames that are most alike."""
        pairs = combinations(range(len(self.thumbs)), 2)
        return min(pairs, key=lambda pair: self._distance(*pair))[1]

    def _drop(self, number: int) -> None:
        del self.pictures[number], self.seconds[number], self.thumbs[number]
        self.dropped = True

    def _distance(self, one: int, other: int) -> float:
        return float(np.abs(self.thumbs[one] - self.thumbs[other]).mean())


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An opened image with its first frame loaded."""

    image: Image.Image
    header: Header
    count: int
    turn: int
    declared: tuple[int, int] = (0, 0)
    data: bytes = b""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as a viewer shows it."""
        wide, high = self.declared
        return (high, wide) if self.turn in (5, 6, 7, 8) else (wide, high)

    @property
    def is_endless(self) -> bool:
        """Whether it has more frames than are looked at or could be counted: then the picture is partial."""
        return self.count > MAX_FRAMES or not self.header.complete


def walk(image_opened: OpenedImage, distinct: DistinctFrames, deadline: float) -> str:
    """Add frames until the deadline; return why there may be more to see ("" = there is not)."""
    why = "frames" if image_opened.is_endless else ""
    for index in range(min(image_opened.count, MAX_FRAMES)):
        if index and monotonic() > deadline:
            return "time"
        try:
            room = _look(image_opened, index, distinct)
        except EOFError:  # fewer frames than announced: a cut file, viewers stop here too
            return DAMAGED
        except Exception as error:  # a broken file makes Pillow raise almost anything
            if not index or is_ours(error):
                raise
            room, why = _look_on(image_opened, index, distinct), DAMAGED
        if not room:
            return "frames"
    return why


def _look_on(image_opened: OpenedImage, index: int, distinct: DistinctFrames) -> bool:
    """Add what can be decoded of a later frame that is broken."""
    try:
        with tolerated():
            return _look(image_opened, index, distinct)
    except MemoryError:
        raise
    except Exception:
        return True


def _look(image_opened: OpenedImage, index: int, distinct: DistinctFrames) -> bool:
    if index:
        image_opened.image.seek(index)
        check_pixels(image_opened.image, image_opened.header)  # a GIF frame may make the canvas grow
        if reach(image_opened.image) < 1 and not ImageFile.LOAD_TRUNCATED_IMAGES:
            raise OSError("Some rows of this page are nowhere in the file.")
        if share_loaded(image_opened.data, image_opened.image) < 1 and not ImageFile.LOAD_TRUNCATED_IMAGES:
            raise OSError("A part of this page is damaged.")
    return all(distinct.add(picture) for picture in _shown(image_opened.image, image_opened.turn))


def _shown(image: Image.Image, turn: int) -> Iterator[Image.Image]:
    """Yield the frame as people see it: small, upright, and on the grounds that chats have."""
    small = _eight_bit(_shrunk(_plain(image)))
    yield from _on_grounds(small.transpose(TURNS[turn]) if turn in TURNS else small)


def _on_grounds(small: Image.Image) -> Iterator[Image.Image]:
    """Yield a picture as it is; one that can be seen through on white and, if it looks different there, on dark."""
    if small.mode != "RGBA":
        yield small
        return
    on_white, on_dark = _laid_on(small, WHITE), _laid_on(small, DARK)
    yield on_white
    if np.abs(_pixels(on_white).astype(np.int16) - _pixels(on_dark)).mean() > SAME_FRAME:
        yield on_dark


def _plain(image: Image.Image) -> Image.Image:
    """Return the image as RGB, RGBA or deep gray, which can be resized without harm; profiles are ignored."""
    if image.mode in DEEP or (image.mode in ("RGB", "RGBA") and "transparency" not in image.info):
        return image
    if image.mode == "La":  # Pillow turns it into LA only
        image = image.convert("LA")
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
    """Scale more than 8 bits down to 8; `convert` would clip them to white."""
    if image.mode not in DEEP:
        return image
    values = np.nan_to_num(np.asarray(image, dtype=np.float64), posinf=0.0, neginf=0.0)
    top = float(values.max())
    ends = (1.001, 255, 65_535) if image.mode == "F" else (255, 65_535)
    end = next((end_of_range for end_of_range in ends if top <= end_of_range), top)
    gray = (values * (255 / end)).clip(0, 255).astype(np.uint8)
    return Image.fromarray(gray).convert("RGB")


def _laid_on(image: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    flat = Image.new("RGB", image.size, background)
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def turn_of(image: Image.Image) -> int:
    """Return the EXIF orientation 1..8, as browsers read it; a TIFF was turned by Pillow already."""
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
