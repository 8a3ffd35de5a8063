"""A zoo of bad and odd image files, built in memory, each with what a good decoder makes of it.

    every_animal()  ->  Animal(name, data, Wanted)

Classes: good in every format, truncated, wrong type, polyglot, bombs, vector and foreign formats, odd colours,
EXIF turns, odd shapes, corrupt, animations. Nothing is written to disk: some of it would upset a virus scanner.
The bombs are small as files; never open one with an ordinary viewer.
"""

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, __version__

WIDTH, HEIGHT = 384, 256
PNG_START = b"\x89PNG\r\n\x1a\n"
NOISE = random.Random(7)
PILLOW = int(__version__.partition(".")[0])
"""Before 13 it makes room for a whole animated WebP while it opens it; behind the lock there is none."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What decoding must give.

    `reasons`  the refusals that are right; with "" among them decoding it is right too, and alone it is a must
    `shows`    the picture that one of the frames must be: ref, gray, other, white, or "" for any
    `partial`  None = any
    """

    reasons: tuple[str, ...] = ("",)
    shows: str = ""
    tolerance: float = 12.0
    partial: str | None = ""
    size: tuple[int, int] | None = None
    frames: int | None = None


@dataclass(frozen=True, slots=True)
class Animal:
    """One file of the zoo."""

    name: str
    data: bytes
    wanted: Wanted


def shows(picture: str, **more: Any) -> Wanted:
    return Wanted(shows=picture, **more)


def refused(*reasons: str) -> Wanted:
    return Wanted(reasons=reasons)


def either(*reasons: str, **more: Any) -> Wanted:
    """Decoding it is as good as refusing it; all that counts is that nothing else happens."""
    return Wanted(reasons=("", *reasons), **{"partial": None, **more})


# ---- the two pictures and their encodings ---------------------------------------------------------


@cache
def reference() -> Image.Image:
    """Smooth, asymmetric, with shapes: every turn, flip and colour error shows."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    ramp = np.stack([x * 255 / WIDTH, y * 255 / HEIGHT, 255 - (x + y) * 255 / (WIDTH + HEIGHT)], -1)
    picture = Image.fromarray(ramp.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((20, 20, 120, 120), fill=(250, 230, 20))
    draw.rectangle((220, 40, 360, 110), fill=(10, 20, 120))
    draw.polygon([(60, 240), (200, 150), (180, 250)], fill=(200, 10, 40))
    draw.line((0, 0, 384, 60), fill=(255, 255, 255), width=5)
    return picture


@cache
def harmless() -> Image.Image:
    x = np.mgrid[0:HEIGHT, 0:WIDTH][1]
    bands = [np.full((HEIGHT, WIDTH), 60), 140 + (x // 16 % 2 * 40), np.full((HEIGHT, WIDTH), 70)]
    return Image.fromarray(np.stack(bands, -1).astype(np.uint8))


@cache
def pictures() -> dict[str, Image.Image]:
    """The pictures that `Wanted.shows` names."""
    gray = reference().convert("L").convert("RGB")
    return {"ref": reference(), "gray": gray, "other": harmless(), "white": Image.new("RGB", (WIDTH, HEIGHT), "white")}


def encode(picture: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.copy().save(buffer, kind, **options)
    return buffer.getvalue()


@cache
def good_files() -> dict[str, bytes]:
    """The reference picture in every allowed format."""
    ref = reference()
    return {
        "jpg": encode(ref, "JPEG", quality=90),
        "png": encode(ref, "PNG"),
        "gif": encode(ref.quantize(256), "GIF"),
        "webp": encode(ref, "WEBP", quality=90),
        "avif": encode(ref, "AVIF", quality=85),
        "bmp": encode(ref, "BMP"),
        "tif": encode(ref, "TIFF", compression="tiff_lzw"),
    }


# ---- pieces of files ------------------------------------------------------------------------------


def patched(data: bytes, at: int, value: bytes) -> bytes:
    return data[:at] + value + data[at + len(value) :]


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def ihdr(width: int, height: int, depth: int, colour: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def png(width: int, height: int, depth: int, colour: int, idat: bytes, before: bytes = b"") -> bytes:
    return PNG_START + ihdr(width, height, depth, colour) + before + chunk(b"IDAT", idat) + chunk(b"IEND")


def png_with(extra: bytes) -> bytes:
    """The reference PNG with more chunks after its header."""
    data = good_files()["png"]
    return data[:33] + extra + data[33:]


def packed(byte: int, total: int) -> bytes:
    """`total` equal bytes, deflated."""
    packer, block = zlib.compressobj(1), bytes([byte]) * (1 << 20)
    full, rest = divmod(total, len(block))
    return b"".join([*(packer.compress(block) for _ in range(full)), packer.compress(block[:rest]), packer.flush()])


def gif_head(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"


def gif_frame(x: int, y: int, width: int, height: int, dispose: int = 1) -> bytes:
    place = b"\x2c" + struct.pack("<HHHHB", x, y, width, height, 0)
    return b"\x21\xf9\x04" + bytes([dispose << 2]) + b"\1\0\0\0" + place + b"\x02\x02\x44\x01\x00"


def webp_animation(frames: int, width: int, height: int) -> bytes:
    still = encode(Image.new("RGB", (16, 16), (1, 2, 3)), "WEBP", lossless=True)[12:]
    place = bytes(6) + (15).to_bytes(3, "little") * 2 + (1).to_bytes(3, "little") + b"\0"
    frame = b"ANMF" + struct.pack("<I", 16 + len(still)) + place + still
    canvas = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0"
    canvas += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + canvas + b"ANIM" + struct.pack("<I", 6) + bytes(6) + frame * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def apng_control(number: int, size: int) -> bytes:
    return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, size, size, 0, 0, 1, 100, 0, 0))


def apng_many(frames: int, side: int) -> bytes:
    first = PNG_START + ihdr(side, side, 8, 2) + chunk(b"acTL", struct.pack(">II", frames, 0))
    first += apng_control(0, side) + chunk(b"IDAT", packed(0, side * (side * 3 + 1)))
    dot = zlib.compress(b"\0\x80\x80\x80")
    rest = (apng_control(2 * k + 1, 1) + chunk(b"fdAT", struct.pack(">I", 2 * k + 2) + dot) for k in range(frames - 1))
    return first + b"".join(rest) + chunk(b"IEND")


def tiff(width: int, height: int, compression: int, data: bytes) -> bytes:
    tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, compression), (262, 3, 1), (273, 4, 8)]
    tags += [(277, 3, 1), (278, 4, height), (279, 4, len(data))]
    pad = data + b"\0" * (len(data) & 1)
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 8 + len(pad)) + pad + struct.pack("<H", len(tags)) + entries + bytes(4)


def bmp(width: int, height: int, compression: int, data: bytes) -> bytes:
    start = 54 + 1024
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, compression, len(data), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + bytes(1024) + data


def scan_bomb(width: int, height: int, scans: int) -> bytes:
    """A progressive JPEG whose scans all refine nothing: tiny file, minutes of work."""
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    bits, left = "", blocks
    while left >= 16384:  # one end-of-band run covers up to 32,767 blocks
        run = min(left, 32767)
        bits, left = bits + "0" + format(run - 16384, "014b"), left - run
    bits += "1" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\0")
    head = b"\xff\xd8\xff\xdb" + struct.pack(">HB", 67, 0) + b"\1" * 64
    head += b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    head += _huffman(0x00, 0) + _scan(0, 0) + b"\0" * ((blocks + 7) // 8) + _huffman(0x10, 0xE0)
    return head + (_scan(1, 63) + body) * scans + b"\xff\xd9"


def _huffman(where: int, symbol: int) -> bytes:
    return b"\xff\xc4" + struct.pack(">HB", 20, where) + b"\1" + bytes(15) + bytes([symbol])


def _scan(first: int, last: int) -> bytes:
    return b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0" + bytes([first, last, 0])


def jpeg_with(extra: bytes, kind: str = "jpg") -> bytes:
    """The reference JPEG with more segments right after its start."""
    return good_files()[kind][:2] + extra + good_files()[kind][2:]


def jpeg_of_size(width: int, height: int) -> bytes:
    """The reference JPEG whose header lies about its size."""
    data = good_files()["jpg"]
    return patched(data, data.index(b"\xff\xc0") + 5, struct.pack(">HH", height, width))


def exif(orientation: int) -> bytes:
    tags = Image.Exif()
    tags[0x112] = orientation
    return tags.tobytes()


def zip_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x.txt", "hi")
    return buffer.getvalue()


def animation(kind: str, frames: list[Image.Image], **options: Any) -> bytes:
    rest = [frame.copy() for frame in frames[1:]]
    return encode(frames[0], kind, save_all=True, append_images=rest, **{"duration": 100, **options})


def flash(kind: str, position: int, length: int = 40) -> bytes:
    """A harmless animation that shows the reference for one frame."""
    frames = []
    for number in range(length):
        frame = harmless().copy()
        ImageDraw.Draw(frame).rectangle((number * 8, 200, number * 8 + 30, 230), fill=(255, 255, 0))
        frames.append(reference() if number == position else frame)
    return animation(kind, frames)


# ---- the classes ----------------------------------------------------------------------------------


def good() -> Iterator[Animal]:
    for kind, data in good_files().items():
        yield Animal(f"good.{kind}", data, shows("ref", size=(WIDTH, HEIGHT), frames=1))
    big = reference().resize((1920, 1280), Image.Resampling.BICUBIC)
    for kind in ("JPEG", "PNG", "WEBP", "AVIF"):
        yield Animal(f"big.{kind.lower()}", encode(big, kind), shows("ref", size=(1920, 1280), frames=1))


def truncated() -> Iterator[Animal]:
    """Empty and header-only files are refused; a cut picture is decoded as far as it goes, because people see it."""
    files = good_files()
    yield Animal("empty", b"", refused("empty"))
    for kind, length in (("jpg", 3), ("png", 8), ("gif", 6), ("webp", 16), ("avif", 24), ("bmp", 20), ("tif", 4)):
        yield Animal(f"magic-only.{kind}", files[kind][:length], refused("corrupt"))
        yield Animal(f"half.{kind}", files[kind][: len(files[kind]) // 2], either("corrupt"))
        yield Animal(f"header.{kind}", files[kind][:40], either("corrupt"))
    for kind in ("jpg", "png", "gif", "bmp"):
        cut = files[kind][: len(files[kind]) * 99 // 100]
        yield Animal(f"cut-1%.{kind}", cut, shows("ref", partial="damaged"))
    yield Animal("no-eoi.jpg", files["jpg"][:-2], shows("ref"))
    yield Animal("zeros", bytes(65536), refused("not-an-image"))
    yield Animal("text-mode.png", files["png"].replace(b"\r\n", b"\n", 1), refused("not-an-image"))
    yield Animal("cut-film.gif", flash("GIF", 0)[:-2_000], shows("ref", partial="damaged"))


def wrong_type() -> Iterator[Animal]:
    """Magic bytes decide; no other parser is ever tried, no outside program called."""
    html = b"<!DOCTYPE html><html><body><svg></svg>Not found</body></html>"
    yield Animal("html.png", html, refused("not-an-image"))
    yield Animal("error.json.jpg", b'{"error":"expired","code":403}', refused("not-an-image"))
    fill = b"fill 'url(https://127.0.0.1/x.jpg\"|touch \"planted)'\n"
    magick = b"push graphic-context\nviewbox 0 0 640 480\n" + fill + b"pop graphic-context\n"
    yield Animal("imagetragick.jpg", magick, refused("not-an-image"))
    yield Animal("program.gif", b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0", refused("not-an-image"))
    yield Animal("gzipped.png", gzip.compress(good_files()["png"], mtime=0), refused("not-an-image"))
    yield Animal("archive.png", zip_file(), refused("not-an-image"))
    yield Animal("bm-text.bmp", b"BMX is a kind of bicycle, not a picture.", refused("not-an-image"))
    yield Animal("one-byte", b"\xff", refused("not-an-image"))
    yield Animal("playlist.mp4", b"#EXTM3U\n#EXTINF:10.0,\nfile:///etc/hostname\n", refused("not-an-image"))


def polyglot() -> Iterator[Animal]:
    """The picture is decoded, the rest dropped."""
    files = good_files()
    script = chunk(b"tEXt", b"Comment\0<script>alert(document.domain)</script>")
    yield Animal("png+zip", files["png"] + zip_file(), shows("ref"))
    yield Animal("png+png", files["png"] + encode(harmless(), "PNG"), shows("ref", frames=1))
    yield Animal("png+script", png_with(script), shows("ref"))
    yield Animal("gif+script", files["gif"] + b'/*";alert(1)//*/', shows("ref", frames=1))
    film = NOISE.randbytes(20_000) + b"\xff\xda" * 300
    yield Animal("jpg+film", files["jpg"] + film, shows("ref"))
    progressive = encode(reference(), "JPEG", quality=90, progressive=True)
    yield Animal("progressive+film", progressive + film, shows("ref"))


def pixel_bombs() -> Iterator[Animal]:
    """Refused from the header, before anything is inflated."""
    wanted = refused("too-many-pixels")
    at_once = wanted if PILLOW >= 13 else refused("too-many-pixels", "corrupt")
    palette = chunk(b"PLTE", b"\0\0\0\xff\xff\xff")
    yield Animal("30k.png", png(30_000, 30_000, 8, 2, packed(0, 30_000 * 9_001)), wanted)
    yield Animal("50k-1bit.png", png(50_000, 50_000, 1, 3, packed(0, 50_000 * 625), palette), wanted)
    yield Animal("raw-300MB.png", png(7_000, 7_000, 16, 6, packed(0, 7_000 * 5_601)), wanted)
    yield Animal("30k.jpg", jpeg_of_size(30_000, 30_000), wanted)
    yield Animal("65500.jpg", jpeg_of_size(65_500, 65_500), wanted)
    yield Animal("progressive-9k.jpg", scan_bomb(9_000, 9_000, 3), wanted)
    yield Animal("16k.webp", webp_animation(1, 16_383, 16_383), at_once)
    yield Animal("two-canvases.webp", webp_animation(1, 7_000, 7_000), wanted)
    yield Animal("16M.webp", webp_animation(1, 1 << 24, 255), at_once)
    yield Animal("65535.gif", gif_head(65_535, 65_535) + gif_frame(0, 0, 1, 1) + b";", wanted)
    yield Animal("30k.tif", tiff(30_000, 30_000, 8, packed(0, 9_000_000)), wanted)
    yield Animal("4G.tif", tiff(2**32 - 1, 2**32 - 1, 1, bytes(16)), either("too-many-pixels", "corrupt"))
    yield Animal("30k-rle.bmp", bmp(30_000, 30_000, 1, b"\0\1"), wanted)
    phone = encode(Image.new("L", (16_000, 12_500), 9), "JPEG")
    yield Animal("phone-200MP.jpg", phone, Wanted(size=(16_000, 12_500)))
    yield Animal("claims-200MP.jpg", jpeg_of_size(16_000, 12_500), refused("corrupt"))


def work_bombs() -> Iterator[Animal]:
    """Small enough in pixels, but built to waste time or memory."""
    yield Animal("scans.jpg", scan_bomb(4_000, 4_000, 20_000), refused("too-many-scans"))
    yield Animal("segments.jpg", jpeg_with(b"\xff\xfe\0\2" * 500_000), refused("corrupt"))
    data = good_files()["jpg"]
    yield Animal("junk.jpg", data[:20] + bytes(10_000_000) + data[20:], refused("corrupt"))
    yield Animal("chunks.png", png_with(chunk(b"tEXt", b"k\0v") * 200_000), refused("corrupt"))
    yield Animal("some-chunks.png", png_with(chunk(b"tEXt", b"k\0v") * 2_000), shows("ref"))
    text = b"".join(chunk(b"zTXt", b"k%d\0\0" % k + packed(65, 64 << 20)) for k in range(4))
    yield Animal("ztxt.png", png_with(text), either("corrupt", shows="ref"))
    comment = gif_head(10, 10) + b"\x21\xfe" + b"\1A" * 2_000_000
    yield Animal("endless-comment.gif", comment, refused("corrupt"))
    tiny_blocks = gif_head(10, 10) + gif_frame(0, 0, 9, 9)[:-1] + b"\1A" * 2_000_000 + b"\0;"
    yield Animal("tiny-blocks.gif", tiny_blocks, either("corrupt"))
    full = gif_head(1000, 1000) + gif_frame(0, 0, 1, 1) * 10_000 + b";"
    yield Animal("10k-frames.gif", full, either(frames=10_000))
    yield Animal("10k-frames.webp", webp_animation(10_000, 2048, 2048), either(frames=10_000))
    yield Animal("20k-frames.png", apng_many(20_000, 1000), either(frames=20_000))
    yield Animal(
        "1500-frames.gif", flash("GIF", 20, 30)[:-1] + gif_frame(0, 0, 1, 1) * 1_500 + b";", either(shows="ref")
    )
    growing = gif_head(10, 10) + gif_frame(0, 0, 1, 1) + gif_frame(60_000, 60_000, 5, 5) + b";"
    yield Animal("growing.gif", growing, Wanted(partial="damaged"))
    cleared = gif_head(10, 10) + gif_frame(0, 0, 65_000, 65_000, dispose=2) + b";"
    yield Animal("cleared.gif", cleared, refused("too-many-pixels", "corrupt"))


def foreign() -> Iterator[Animal]:
    """Vector graphics, films and pictures that are refused by type: no XML parser exists in the process."""
    head = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    evil = b'<?xml version="1.0"?><!DOCTYPE svg SYSTEM "http://127.0.0.1:9/evil.dtd"><svg/>'
    files = {
        "plain.svg": head + b'<rect width="5" height="5"/></svg>',
        "script.svg": head + b"<script>alert(1)</script></svg>",
        "xxe.svg": evil,
        "named.svg.png": b"\xef\xbb\xbf  <svg/>",
        "pdf.jpg": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj",
        "eps.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "photoshop.png": b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, 100, 100, 8, 3) + bytes(64),
        "map.png": b"P6\n100000 100000\n255\n",
        "film.webm": b"\x1aE\xdf\xa3" + bytes(60),
        "phone.heic": struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + bytes(60),
        "old.jp2": encode(reference(), "JPEG2000"),
        "icon.ico": encode(reference().resize((32, 32)), "ICO"),
    }
    for name, data in files.items():
        yield Animal(name, data, refused("type-not-allowed"))
    start = struct.pack(">I", 24) + b"ftypisom\0\0\0\0isommp42"
    yield Animal("film.mp4", start + bytes(60), refused("video", "corrupt"))


def odd_colours() -> Iterator[Animal]:
    ref, gray = reference(), reference().convert("L")
    deep = np.asarray(gray).astype(np.uint16) * 257
    yield Animal("cmyk.jpg", encode(ref.convert("CMYK"), "JPEG", quality=92), shows("ref", tolerance=30))
    yield Animal("gray.jpg", encode(gray, "JPEG", quality=92), shows("gray"))
    yield Animal("progressive.jpg", encode(ref, "JPEG", quality=92, progressive=True), shows("ref"))
    yield Animal("quality-1.jpg", encode(ref, "JPEG", quality=1), shows("ref", tolerance=40))
    yield Animal("16-bit.png", encode(Image.fromarray(deep), "PNG"), shows("gray"))
    yield Animal("16-bit.tif", encode(Image.fromarray(deep), "TIFF"), shows("gray"))
    large = np.kron(deep, np.ones((4, 4), np.uint16))
    yield Animal("16-bit-large.png", encode(Image.fromarray(large), "PNG"), shows("gray"))
    yield Animal("I.tif", encode(Image.fromarray(deep.astype(np.int32)), "TIFF"), shows("gray"))
    for name, top in (("F", 255.0), ("F-unit", 1.0), ("F-huge", 1e6)):
        real = np.asarray(gray, dtype=np.float32) / 255 * np.float32(top)
        yield Animal(f"{name}.tif", encode(Image.fromarray(real), "TIFF"), shows("gray", tolerance=16))
    wild = np.asarray(gray, dtype=np.float32).copy()
    wild[:8] = np.float32("nan")
    wild[8:16] = np.float32("inf")
    yield Animal("F-nan.tif", encode(Image.fromarray(wild), "TIFF"), Wanted())
    yield Animal("1-bit.png", encode(ref.convert("1"), "PNG"), shows("gray", tolerance=20))
    yield Animal("lab.tif", encode(Image.new("LAB", (64, 64), (128, 20, 20)), "TIFF"), Wanted())
    yield from transparent()
    yield from profiles()


def transparent() -> Iterator[Animal]:
    ref, gray = reference(), reference().convert("L")
    palette = ref.quantize(64)
    yield Animal("palette.png", encode(palette, "PNG"), shows("ref", tolerance=16))
    yield Animal("palette-key.png", encode(palette, "PNG", transparency=0), Wanted())
    yield Animal(
        "palette-alpha.png", encode(palette, "PNG", transparency=bytes([255] * 64)), shows("ref", tolerance=16)
    )
    yield Animal("rgb-key.png", encode(ref, "PNG", transparency=(1, 2, 3)), shows("ref"))
    yield Animal("gray-key.png", encode(gray, "PNG", transparency=1), shows("gray"))
    yield Animal("LA.png", encode(gray.convert("LA"), "PNG"), shows("gray"))
    hidden = ref.copy()
    hidden.putalpha(Image.new("L", ref.size, 0))
    yield Animal("all-transparent.png", encode(hidden, "PNG"), shows("white"))
    on_dark = Image.new("RGB", ref.size, "white")
    on_dark.putalpha(gray)
    for kind in ("PNG", "WEBP"):  # visible on a dark background only
        data = encode(on_dark, kind, **({"lossless": True} if kind == "WEBP" else {}))
        yield Animal(f"white-on-nothing.{kind.lower()}", data, shows("gray", tolerance=45))
    veiled = ref.copy()
    veiled.putalpha(Image.new("L", ref.size, 250))
    yield Animal("almost-opaque.png", encode(veiled, "PNG"), shows("ref"))


def profiles() -> Iterator[Animal]:
    """Colour profiles are ignored, damaged ones too."""
    yield Animal("icc-garbage.jpg", encode(reference(), "JPEG", icc_profile=b"garbage" * 1000), shows("ref"))
    yield Animal("icc-garbage.png", encode(reference(), "PNG", icc_profile=b"garbage" * 1000), shows("ref"))
    parts = (
        b"\xff\xe2" + struct.pack(">H", 26) + b"ICC_PROFILE\0" + bytes([k, 250]) + b"0123456789"
        for k in (1, 5, 5, 0, 255)
    )
    yield Animal("icc-bad-order.jpg", jpeg_with(b"".join(parts)), shows("ref"))


TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def turned(orientation: int) -> Image.Image:
    """The reference as it lies in a file that tells viewers to turn it with this EXIF number."""
    return reference().transpose(TURNED[orientation]) if orientation in TURNED else reference()


def orientations() -> Iterator[Animal]:
    """After the EXIF turn every one of these is the reference again."""
    wanted = shows("ref", size=(WIDTH, HEIGHT))
    for number in range(1, 9):
        for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
            yield Animal(f"turn-{number}.{kind.lower()}", encode(turned(number), kind, exif=exif(number)), wanted)
    for number in (3, 6):
        yield Animal(f"turn-{number}.avif", encode(turned(number), "AVIF", quality=85, exif=exif(number)), wanted)
    large = turned(6).resize((1024, 1536), Image.Resampling.BICUBIC)
    yield Animal("turn-6-large.jpg", encode(large, "JPEG", exif=exif(6)), shows("ref", size=(1536, 1024)))
    for number in (0, 9, 255):
        yield Animal(f"turn-{number}.jpg", encode(reference(), "JPEG", exif=exif(number)), wanted)
    yield from odd_exif()


def odd_exif() -> Iterator[Animal]:
    big = Image.Exif()
    big[0x10E] = "A" * 60_000
    yield Animal("exif-60k.jpg", encode(reference(), "JPEG", exif=big), shows("ref"))
    loop = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8, 8)
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(loop)) + loop
    yield Animal("exif-loop.jpg", jpeg_with(segment), shows("ref"))
    broken = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 900, 0x112, 2, 2**31, 2**31)
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(broken)) + broken
    yield Animal("exif-broken.jpg", jpeg_with(segment), shows("ref"))
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    segment = b"\xff\xe1" + struct.pack(">H", 2 + len(xmp)) + xmp
    yield Animal("xmp-turn.jpg", jpeg_with(segment), shows("ref", size=(WIDTH, HEIGHT)))  # browsers ignore XMP
    bad_index = b"\xff\xe2" + struct.pack(">H", 30) + b"MPF\0" + bytes(24)
    yield Animal("mpo-broken.jpg", jpeg_with(bad_index), shows("ref"))


def odd_shapes() -> Iterator[Animal]:
    pair = encode(reference(), "MPO", save_all=True, append_images=[harmless().copy()])
    yield Animal("pair.mpo", pair, shows("ref", frames=1))
    pages = encode(reference(), "TIFF", save_all=True, append_images=[harmless().copy()])
    yield Animal("pages.tif", pages, shows("other", frames=2))
    for width, height in ((1, 1), (2, 2), (1, 10_000), (10_000, 1), (5_000, 1)):
        tiny = Image.new("RGB", (width, height), (9, 99, 199))
        for kind in ("PNG", "JPEG", "WEBP"):
            data = encode(tiny, kind)
            yield Animal(f"{width}x{height}.{kind.lower()}", data, Wanted(size=(width, height), frames=1))
    yield Animal("black.jpg", encode(Image.new("RGB", (500, 500)), "JPEG"), Wanted())


def corrupt() -> Iterator[Animal]:
    files, broken = good_files(), either("corrupt", "not-an-image", "too-many-pixels", "unsupported")
    jpg, flat = files["jpg"], zlib.compress(b"\0" * 1000)
    frame, scan = jpg.index(b"\xff\xc0"), jpg.index(b"\xff\xda")
    outside = chunk(b"PLTE", b"\1\2\3")
    brand = struct.pack(">I", 24) + b"ftypavif\0\0\0\0avifmif1"
    for name, data in {
        "height-0.jpg": patched(jpg, frame + 5, b"\0\0"),
        "noise.jpg": patched(jpg, scan + 300, NOISE.randbytes(200)),
        "no-parts.jpg": patched(jpg, frame + 9, b"\0"),
        "scan-first.jpg": b"\xff\xd8" + jpg[scan:],
        "bad-sum.png": patched(files["png"], 29, bytes(4)),
        "no-width.png": png(0, 10, 8, 2, flat),
        "depth-3.png": png(10, 10, 3, 0, flat),
        "colours-missing.png": png(10, 10, 8, 3, zlib.compress((b"\0" + b"\xff" * 10) * 10), outside),
        "huge-chunk.png": files["png"][:33] + b"\xff\xff\xff\xffIDAT" + files["png"][41:],
        "two-acTL.png": png_with(chunk(b"acTL", struct.pack(">II", 2, 0)) * 2),
        "zero-acTL.png": png_with(chunk(b"acTL", bytes(8))),
        "many-acTL.png": png_with(chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))),
        "no-area.gif": gif_head(10, 10) + gif_frame(0, 0, 0, 0) * 5 + b";",
        "outside.gif": gif_head(10, 10) + gif_frame(60_000, 60_000, 5, 5) + b";",
        "riff-0.webp": patched(files["webp"], 4, bytes(4)),
        "noise.webp": patched(files["webp"], 60, NOISE.randbytes(30)),
        "huge-box.avif": brand + b"\xff\xff\xff\xffmeta" + bytes(50),
        "noise.avif": patched(files["avif"], len(files["avif"]) // 2, NOISE.randbytes(20)),
        "min-height.bmp": bmp(100, -(2**31), 0, bytes(100)),
    }.items():
        yield Animal(name, data, broken)
    yield from flipped()
    yield from hollow()


def hollow() -> Iterator[Animal]:
    """A sound header, and nothing or next to nothing behind it: nobody could look at these."""
    jpg, lzw = good_files()["jpg"], b"\x2c" + struct.pack("<HHHHB", 0, 0, 10, 10, 0)
    frame, scan = jpg.index(b"\xff\xc0"), jpg.index(b"\xff\xda")
    for name, data in {
        "no-tables.jpg": jpg.replace(b"\xff\xdb", b"\xff\xee"),
        "odd-sampling.jpg": patched(jpg, frame + 11, b"\x44"),
        "early-end.jpg": jpg[: scan + 40] + b"\xff\xd9",
        "garbage.png": png(100, 100, 8, 2, b"\x55" * 500),
        "filter-9.png": png(10, 10, 8, 0, zlib.compress((b"\x09" + b"\7" * 10) * 10)),
        "short.png": png(
            100, 100, 8, 2, zlib.compress(b"".join(b"\0" + bytes(range(200)) + bytes(100) for _ in "123"))
        ),
        "lzw-255.gif": gif_head(10, 10) + lzw + b"\xff\x02\x44\x01\x00;",
        "one-pixel.gif": gif_head(100, 100) + gif_frame(0, 0, 100, 100) + b";",
        "far-strip.tif": tiff(100, 100, 1, b"")[:-30] + b"\xff" * 30,
    }.items():
        yield Animal(name, data, refused("corrupt"))
    yield Animal("12-bit.jpg", patched(jpg, frame + 4, b"\x0c"), refused("unsupported"))
    cgbi = chunk(b"CgBI", b"\x50\0\x20\6")
    yield Animal("cgbi.png", PNG_START + cgbi + good_files()["png"][8:], refused("unsupported"))
    yield Animal("half-float.tif", tiff_of_floats(16), refused("unsupported"))
    yield Animal("webp-inside.tif", tiff(100, 100, 50_001, encode(reference(), "WEBP")), refused("unsupported"))


def tiff_of_floats(bits: int) -> bytes:
    """A sound TIFF of real numbers so wide."""
    data = bytes(100 * 100 * bits // 8)
    tags = [(256, 4, 100), (257, 4, 100), (258, 3, bits), (259, 3, 1), (262, 3, 1), (273, 4, 8)]
    tags += [(277, 3, 1), (278, 4, 100), (279, 4, len(data)), (339, 3, 3)]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + bytes(4)


def flipped() -> Iterator[Animal]:
    for kind, data in good_files().items():
        for seed in range(6):
            chance, bad = random.Random(f"{kind}{seed}"), bytearray(data)
            for _ in range(max(3, len(bad) // 400)):
                bad[chance.randrange(12, len(bad))] = chance.randrange(256)
            reasons = ("corrupt", "not-an-image", "type-not-allowed", "too-many-pixels", "memory", "too-many-scans")
            yield Animal(f"flipped-{seed}.{kind}", bytes(bad), either(*reasons, "unsupported"))


def animations() -> Iterator[Animal]:
    """Every visually different frame is looked at."""
    for kind, positions in {"GIF": (0, 20, 37, 39), "WEBP": (37,), "PNG": (0, 39)}.items():
        for position in positions:
            yield Animal(f"flash-{position}.{kind.lower()}", flash(kind, position), shows("ref", frames=40))
    yield Animal("flash.avif", animation("AVIF", [harmless(), reference(), harmless()]), shows("ref", frames=3))
    hidden = animation("PNG", [harmless(), reference(), reference()], default_image=True)
    yield Animal("behind-the-still.png", hidden, shows("ref"))
    still = animation("PNG", [reference(), harmless(), harmless()], default_image=True)
    yield Animal("still-before-film.png", still, shows("ref"))
    yield Animal(
        "slow.gif", animation("GIF", [reference(), harmless()], duration=[655_350, 10]), shows("ref", frames=2)
    )
    shades = [Image.new("RGB", (64, 64), (k * 12, 255 - k * 12, k * 7)) for k in range(20)]
    yield Animal("20-shades.gif", animation("GIF", shades), Wanted(frames=20, partial="frames"))
    yield Animal("16-shades.gif", animation("GIF", shades[:16] * 2), Wanted(frames=32))
    sticker = reference().copy()
    sticker.putalpha(reference().convert("L").point([0] * 64 + [255] * 192))
    film = animation("WEBP", [sticker, sticker.transpose(Image.Transpose.ROTATE_180)])
    yield Animal("sticker.webp", film, Wanted(frames=2))


CLASSES = (
    good,
    truncated,
    wrong_type,
    polyglot,
    pixel_bombs,
    work_bombs,
    foreign,
    odd_colours,
    orientations,
    odd_shapes,
    corrupt,
    animations,
)


def every_animal() -> Iterator[Animal]:
    for build in CLASSES:
        yield from of_class(build)


@cache
def of_class(build: Callable[[], Iterator[Animal]]) -> tuple[Animal, ...]:
    """Return the animals of a class, which are built once."""
    return tuple(build())
