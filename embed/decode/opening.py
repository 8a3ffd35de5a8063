"""Pillow, set up to open one known format at a time, within limits that are checked before anything is loaded.

opened    file -> its image, not loaded yet          drafted   a JPEG is scaled while it is decoded
refusal   why it can't be: "not supported" is said of sound files, "damaged" of the others
"""

import logging
import re
from collections.abc import Sequence
from io import BytesIO
from types import ModuleType

from PIL import (  # these plugins are the allow-list; imported here, Image.open never looks for another
    AvifImagePlugin,  # noqa: F401
    BmpImagePlugin,  # noqa: F401
    GifImagePlugin,  # noqa: F401
    Image,
    JpegImagePlugin,
    MpoImagePlugin,  # noqa: F401
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,  # noqa: F401
)

from core.errors import Unscannable
from embed.decode.complaints import Complaint, is_unsupported
from embed.decode.sniff import VIDEOS, Header, is_cut, unsupported

MAX_PIXELS = 64_000_000
MAX_DRAFT_PIXELS = 220_000_000  # phones make 200-megapixel JPEGs; drafted, they cost 57 MB
MAX_RAW_BYTES = 300_000_000
DRAFT_SIDE = 480
"""Pixels that a JPEG's longer side keeps while it is scaled by halves in decoding."""

BYTES_PER_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "LA": 2, "PA": 2, "La": 2}
BYTES_PER_PIXEL |= {"RGB": 3, "YCbCr": 3, "LAB": 3, "HSV": 3}  # every other mode counts as 4

TIFF_COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 32_773, 32_946, 34_925, 50_000})
"""Compressions that Pillow's own libtiff unpacks."""

NOT_READ = re.compile(r"(?i)unsupported|not supported|unknown pixel mode|not available")
"""What Pillow says about sound files of a kind that it does not read."""

# Pillow warns above this number of pixels, and raises an error above twice as many. Our own limits are checked before
# anything is loaded; this one is for what Pillow allocates on its own, such as the area that a GIF frame clears.
Image.MAX_IMAGE_PIXELS = MAX_DRAFT_PIXELS // 2


def _hush(*modules: ModuleType) -> None:
    """Silence the modules that warn: Pillow warns about odd metadata in files it decodes well.

    Silencing is not possible from outside: `catch_warnings` swaps the state of the whole process, so two threads spoil
    it for each other. These modules use `warnings` for `warn` alone, so they get one that says nothing.
    """
    quiet = ModuleType("warnings")
    quiet.__dict__["warn"] = lambda *_, **__: None
    for module in modules:
        vars(module)["warnings"] = quiet


_hush(Image, JpegImagePlugin, PngImagePlugin, TiffImagePlugin)
logging.getLogger(TiffImagePlugin.__name__).disabled = True  # what it logs of a file is in the refusal, too


def opened(data: bytes, header: Header) -> Image.Image:
    """Return the image, not loaded yet, within the limits of its header."""
    try:
        image = Image.open(BytesIO(data), formats=[header.kind])
    except Image.DecompressionBombError:
        raise _too_many_pixels(MAX_DRAFT_PIXELS if header.draft else MAX_PIXELS) from None
    check_pixels(image, header)
    return image


def check_pixels(image: Image.Image, header: Header) -> None:
    """Raise Unscannable for an image without pixels or with too many."""
    pixels = image.width * image.height
    if pixels < 1:
        raise Unscannable("corrupt", f"This {header.kind} file has no pixels.")
    limit = MAX_DRAFT_PIXELS if header.draft else MAX_PIXELS
    if pixels > limit:
        raise _too_many_pixels(limit)
    if not header.draft and pixels * _bytes_per_pixel(image, header) > MAX_RAW_BYTES:
        raise Unscannable("too-many-pixels", f"This image takes more than {MAX_RAW_BYTES / 1e6:.0f} MB when unpacked.")


def _bytes_per_pixel(image: Image.Image, header: Header) -> int:
    """Return how much memory a pixel takes; WebP's decoder keeps two RGBA canvases."""
    return 8 if header.kind == "WEBP" else BYTES_PER_PIXEL.get(image.mode, 4) * header.channel_bytes


def _too_many_pixels(limit: int) -> Unscannable:
    return Unscannable("too-many-pixels", f"This image is too large: the limit is {limit // 1_000_000} megapixels.")


def drafted(image: Image.Image, header: Header) -> Image.Image:
    """Let a JPEG be decoded at a smaller scale; other images are returned as they are."""
    if header.kind == "JPEG":  # scaled while decoding: 12 megapixels for the price of 0.2
        image.draft("RGB", _scaled(image.size, DRAFT_SIDE))
    return image


def _scaled(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """Return the size with the longer side at most so long."""
    scale = min(1.0, longest / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def refusal(data: bytes, kind: str, error: Exception, complaints: Sequence[Complaint] = ()) -> Unscannable:
    """Return the error for a file that was not opened, which tells sound files of another kind from damaged ones."""
    if kind in VIDEOS:
        return Unscannable("corrupt", f"This {kind} file is damaged.")
    if (
        NOT_READ.search(f"{error} {_said_at_opening(data, kind)}")
        or is_unsupported(complaints)
        or _is_packed_oddly(data, kind)
    ):
        return unsupported(f"This kind of {kind} file")
    if kind == "AVIF" and is_cut(data, kind):
        return Unscannable("corrupt", "This AVIF file is cut off: nothing of such a file can be shown.")
    return Unscannable("corrupt", f"This {kind} file is damaged.")


def _said_at_opening(data: bytes, kind: str) -> str:
    """Return why Pillow's reader of that format refuses the file, which `Image.open` does not tell."""
    try:
        Image.OPEN[kind][0](BytesIO(data), "")
    except Exception as error:
        return str(error)
    return ""


def _is_packed_oddly(data: bytes, kind: str) -> bool:
    """Return whether a TIFF is compressed in a way that is not unpacked here."""
    if kind != "TIFF":
        return False
    try:
        with Image.open(BytesIO(data), formats=["TIFF"]) as image:
            assert isinstance(image, TiffImagePlugin.TiffImageFile)
            return image.tag_v2.get(259, 1) not in TIFF_COMPRESSIONS
    except Exception:
        return False


def is_ours(error: Exception) -> bool:
    """Return whether the error is our fault: a missing module, or a file that may not be opened."""
    return isinstance(error, (ImportError, PermissionError)) and not type(error).__module__.startswith("av.")
