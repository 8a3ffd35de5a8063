"""What a file is, told from its bytes alone, and what its header promises: everything known before Pillow starts.

    data -> kind_of (magic bytes at offset 0; name and Content-Type are never asked) -> a kind of ALLOWED, or refused
         -> read_header: counts scans, frames, pages and pieces in milliseconds, so that no bomb reaches a decoder

A "piece" is a JPEG segment, a PNG chunk or a GIF sub-block. Pillow walks them one by one in Python, so a file of
millions of empty ones would keep it busy for minutes; a real one has some thousands. An MP4 announces its samples in a
few bytes, and FFmpeg makes a list of them.
"""

import re
from dataclasses import dataclass
from typing import Literal

from core.errors import Unscannable

ALLOWED = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
VIDEOS = ("MP4", "MOV", "WEBM", "MKV")
MAX_SCANS = 200  # a progressive JPEG has about 10, a scan bomb thousands
MAX_FRAMES = 1_000
PALETTE = 3  # the colour type of a PNG whose pixels are numbers of colours
MAX_SEGMENTS = 20_000  # JPEG, before the first scan
MAX_JUNK = 65_536  # JPEG: bytes between segments; Pillow skips them one by one
MAX_CHUNKS = 60_000  # PNG: encoders write 8 kB or more a chunk, an animation two chunks a frame
MAX_BLOCKS = 500_000  # GIF: 255 bytes a block, so 25 MB are 100,000
MAX_BOXES = 100_000  # MP4, on the outermost level: a live recording has two a fragment
MAX_SAMPLES = 4_000_000  # MP4: FFmpeg makes 24 bytes of each, though a file may announce billions in 20 bytes
SIGNATURES = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)  # "BM" alone begins many a text
AVIF_BRANDS = (b"avif", b"avis")
HEIF_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim", b"heis")

UNSUPPORTED = (  # pictures and films that Resight does not look at
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"8BPS", "Photoshop"),
    (b"\x1aE\xdf\xa3", "This kind of Matroska file"),
    (b"\0\0\1\0", "Windows icon"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xffO\xffQ", "JPEG 2000"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
    (b"II+\0", "BigTIFF"),
    (b"MM\0+", "BigTIFF"),
    (b"gimp xcf", "GIMP"),
    (b"qoif", "QOI"),
    (b"DDS ", "DDS"),
    (b"v/1\1", "OpenEXR"),
)
NOT_IMAGES = (
    (b"PK\3\4", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"#!", "a script"),
    (b"ID3", "an MP3 sound"),
    (b"OggS", "an Ogg sound"),
    (b"#EXTM3U", "a playlist"),
    (b"{", "JSON or plain text"),
)
ANY_MAP = re.compile(rb"P[1-7]\s+[\d#W]")
HTML = re.compile(rb"(?i)<!doctype html|<html|<head|<body|<script")
SVG = re.compile(rb"(?i)<svg|<!doctype svg")
SAMPLE_LISTS = re.compile(rb"(?s)(?=(?:(?:stsz|stz2).{8}|trun.{4})(.{4})|(cmov))")  # their counts, also overlapping
FRAMES_OF_JPEG = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # ends a scan: neither a stuffed byte nor a restart


@dataclass(frozen=True, slots=True)
class Header:
    """What was read without decoding. `frames` is counted for GIF, PNG and TIFF, else 1 and the decoder knows better.

    `draft` is true for a JPEG that can be decoded straight to a smaller size with little memory: sequential, one scan.
    `complete` is false where counting was given up. `channel_bytes` is 2 where Pillow makes 8 bits of a 16-bit PNG.
    """

    kind: str
    frames: int = 1
    draft: bool = False
    complete: bool = True
    channel_bytes: int = 1


def kind_of(data: bytes) -> str | None:
    """Return the type by its magic bytes, None if none of ALLOWED or VIDEOS; the first 64 bytes are enough."""
    for magic, kind in SIGNATURES:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in BMP_HEADERS:
        return "BMP"
    return "AVIF" if _is_avif(data) else _video(data)


def _video(data: bytes) -> str | None:
    """Return the type of a video: by the brand of an MP4, or the document type of a Matroska file, such as WebM."""
    if data[4:8] == b"ftyp" and data[8:12] not in HEIF_BRANDS:
        return "MOV" if data[8:12] == b"qt  " else "MP4"
    if not data.startswith(b"\x1aE\xdf\xa3"):
        return None
    head = data[:64]
    return "WEBM" if b"webm" in head else "MKV" if b"matroska" in head else None


def read_header(data: bytes, max_bytes: int) -> Header:
    """Return the header, and refuse everything that can be refused without decoding."""
    if not data:
        raise Unscannable("empty", "This file is empty.")
    if len(data) > max_bytes:
        raise Unscannable("too-large", f"This file is larger than {max_bytes / 1e6:.0f} MB.")
    kind = kind_of(data)
    if kind is None:
        raise refusal(data)
    readers = {"JPEG": _read_jpeg, "PNG": _read_png, "GIF": _read_gif, "TIFF": _read_tiff}
    readers |= {"MP4": _read_mp4, "MOV": _read_mp4}
    return readers[kind](data) if kind in readers else Header(kind)


def refusal(data: bytes) -> Unscannable:
    """Return the error for a file of no allowed type, in words that help the person who sent it."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if named := _first(UNSUPPORTED, data) or _by_content(data, start):
        return Unscannable("type-not-allowed", f"{named} is not supported.")
    what = "HTML" if HTML.search(start) and start.startswith(b"<") else _first(NOT_IMAGES, start)
    return Unscannable("not-an-image", f"This file is {what}, not an image." if what else "This file is not an image.")


def _by_content(data: bytes, start: bytes) -> str:
    if start.startswith(b"<") and SVG.search(start) and not HTML.match(start):
        return "SVG"
    if ANY_MAP.match(data):
        return "PNM"
    if data[4:8] == b"ftyp":
        return "HEIF"
    return "AVI video" if data[:4] == b"RIFF" and data[8:12] == b"AVI " else ""


def _first(table: tuple[tuple[bytes, str], ...], data: bytes) -> str:
    return next((name for magic, name in table if data.startswith(magic)), "")


def _is_avif(data: bytes) -> bool:
    """Return whether the main brand, or a compatible one in the first box, is AVIF's."""
    if data[4:8] != b"ftyp":
        return False
    brands = data[8 : min(int.from_bytes(data[:4], "big"), 64)]
    return any(brands[at : at + 4] in AVIF_BRANDS for at in range(0, len(brands), 4) if at != 4)


def unsupported(what: str) -> Unscannable:
    """Return the error for a sound file of an allowed type that no decoder here reads."""
    return Unscannable("unsupported", f"{what} is not supported.")


def _too_many(what: str) -> Unscannable:
    return Unscannable("corrupt", f"This file has more {what} than a real picture has.")


def _read_jpeg(data: bytes) -> Header:
    """Read a JPEG's header; scans are counted unless one holds all components, behind which the decoder reads none."""
    at, parts, junk = 2, 0, 0
    for marker, start, end in segments_of(data, 2):
        junk, at = junk + start - at, end
        if junk > MAX_JUNK:
            raise _too_many("junk")
        if marker in FRAMES_OF_JPEG and _byte(data, start + 4) not in (8, 0):
            raise unsupported(f"JPEG with {_byte(data, start + 4)} bits a colour")
        if marker in (0xC0, 0xC1):
            parts = _byte(data, start + 9)
        elif marker == 0xDA and 0 < parts == _byte(data, start + 4):
            return Header("JPEG", draft=True)
    if data.count(b"\xff\xda") > MAX_SCANS and _scans(data) > MAX_SCANS:
        raise Unscannable("too-many-scans", f"This JPEG has more than {MAX_SCANS} scans.")
    return Header("JPEG")


def segments_of(data: bytes, at: int) -> list[tuple[int, int, int]]:
    """Return (marker, start, end) of the segments from `at` up to a scan, the end of the picture or of the file."""
    segments: list[tuple[int, int, int]] = []
    while match := NEXT_MARKER.search(data, at):
        marker, start = data[match.end() - 1], match.start()
        at = max(start + 2, start + 2 + int.from_bytes(data[start + 2 : start + 4], "big"))
        segments.append((marker, start, at))
        if marker in (0xD9, 0xDA):
            break
        if len(segments) > MAX_SEGMENTS:
            raise _too_many("segments")
    return segments


def _scans(data: bytes) -> int:
    """Return the number of scans of the picture itself: a second picture behind its end may hold the same two bytes."""
    at, seen = 2, 0
    while seen <= MAX_SCANS:
        segments = segments_of(data, at)
        if not segments or segments[-1][0] != 0xDA:
            break
        at, seen = segments[-1][2], seen + 1
    return seen


def jpeg_end(data: bytes) -> int:
    """Return where the picture's end marker stands, or in a cut file has to: behind its last whole segment."""
    at, last = 2, 0
    for _ in range(MAX_SCANS + 1):
        segments = segments_of(data, at)
        for last, start, at in segments:
            if last == 0xD9 or max(at, start + 4) > len(data):
                return start
        if last != 0xDA or not segments:
            break
    return len(data)


def lacks_scans(data: bytes) -> bool:
    """Return whether a progressive JPEG ends before every coefficient of every colour has all its bits."""
    at, left, is_progressive = 2, set[tuple[int, int]](), False
    for _ in range(MAX_SCANS + 1):
        segments = segments_of(data, at)
        for marker, start, end in segments:
            at = end
            if marker in (0xC2, 0xCA):
                is_progressive = True
                left = {
                    (_byte(data, start + 10 + 3 * part), coefficient)
                    for part in range(_byte(data, start + 9))
                    for coefficient in range(64)
                }
            elif marker == 0xDA:
                left -= _finished(data, start)
        if not segments or segments[-1][0] != 0xDA:
            break
    return is_progressive and bool(left)


def _finished(data: bytes, start: int) -> set[tuple[int, int]]:
    """Return each (colour, coefficient) of which a scan gives the last bit."""
    count = _byte(data, start + 4)
    first, last, bits = (_byte(data, start + 5 + 2 * count + more) for more in range(3))
    if bits & 15:
        return set()
    return {
        (_byte(data, start + 5 + 2 * part), coefficient)
        for part in range(count)
        for coefficient in range(first, min(last, 63) + 1)
    }


def _byte(data: bytes, at: int) -> int:
    return data[at] if at < len(data) else 0


def _read_png(data: bytes) -> Header:
    """Read a PNG's header; frames are its fcTL chunks, and a picture before the animation counts as one more."""
    if data[12:16] == b"CgBI":
        raise unsupported("PNG as iPhone apps hold it (CgBI)")
    at, frames, still, seen, coloured = 8, 0, 0, 0, _byte(data, 25) != PALETTE
    while len(name := data[at + 4 : at + 8]) == 4 and name != b"IEND" and frames <= MAX_FRAMES:
        size = int.from_bytes(data[at : at + 4], "big")
        at += 12 + size
        coloured = coloured or (name == b"PLTE" and 0 < size <= 768 and size % 3 == 0)
        if name == b"IDAT" and not coloured:
            raise Unscannable("corrupt", "This PNG file is damaged: its colours are missing, and no browser shows it.")
        frames, seen = frames + (name == b"fcTL"), seen + 1
        still = still or (name == b"IDAT" and not frames)
        if seen > MAX_CHUNKS:
            raise _too_many("chunks")
    frames = data.count(b"fcTL") if frames > MAX_FRAMES else frames
    deep_colour = _byte(data, 24) == 16 and _byte(data, 25) != 0
    return Header("PNG", frames=max(1, frames + still), channel_bytes=1 + deep_colour)


def _read_gif(data: bytes) -> Header:
    """Read a GIF's header; count pictures until the end, the frame limit or the block limit."""
    at, frames, blocks = 13 + _colours(data, 10), 0, 0
    while at < len(data) and data[at] != 0x3B and blocks <= MAX_BLOCKS:
        if data[at] == 0x2C:
            frames, at = frames + 1, at + 11 + _colours(data, at + 9)
        elif data[at] == 0x21:
            at += 2
        else:  # Pillow and the browsers skip what they don't know
            at, blocks = at + 1, blocks + 1
            continue
        at, blocks = _skip_blocks(data, at, blocks)
    if blocks > MAX_BLOCKS and frames < 2:
        raise _too_many("blocks")
    return Header("GIF", frames=max(1, frames), complete=blocks <= MAX_BLOCKS)


def _colours(data: bytes, at: int) -> int:
    """Return the length of the colour table that the flags at `at` announce."""
    flags = _byte(data, at)
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _skip_blocks(data: bytes, at: int, blocks: int) -> tuple[int, int]:
    """Skip a chain of sub-blocks; return where it ends, and the blocks counted so far."""
    while at < len(data) and blocks <= MAX_BLOCKS:
        size, blocks = data[at], blocks + 1
        at += 1 + size
        if not size:
            break
    return at, blocks


def _read_tiff(data: bytes) -> Header:
    """Read a TIFF's header; count pages, a chain of lists of tags that may be a ring."""
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    at, seen = int.from_bytes(data[4:8], order), set[int]()
    while at and at + 2 <= len(data) and at not in seen and len(seen) <= MAX_FRAMES:
        seen.add(at)
        behind = at + 2 + 12 * int.from_bytes(data[at : at + 2], order)
        at = int.from_bytes(data[behind : behind + 4], order)
    return Header("TIFF", frames=max(1, len(seen)), complete=at in {0, *seen} or len(seen) > MAX_FRAMES)


def _read_mp4(data: bytes) -> Header:
    """Read an MP4's header; count the samples that are announced anywhere but in the media data."""
    samples = 0
    for start, end in _boxes(data):
        for match in SAMPLE_LISTS.finditer(data, start, end):
            if match[2]:
                raise Unscannable("type-not-allowed", "Videos with a compressed header are not supported.")
            samples += int.from_bytes(match[1], "big")
            if samples > MAX_SAMPLES:
                raise _too_many("samples")
    return Header(kind_of(data) or "MP4")


def _boxes(data: bytes) -> list[tuple[int, int]]:
    """Return (start, end) of the outermost boxes but the media data, whose bytes mean nothing."""
    boxes, at = [], 0
    while at + 8 <= len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        size = int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size or len(data) - at
        end = min(len(data), at + size) if size >= 8 else len(data)
        if name != b"mdat":
            boxes.append((at, end))
        if len(boxes) > MAX_BOXES:
            raise _too_many("boxes")
        at = end
    return boxes


def is_cut(data: bytes, kind: str) -> bool:
    """Return whether the last box or segment of a video or an AVIF announces more bytes than the file has."""
    if kind not in ("WEBM", "MKV"):
        return bool(data) and _announced(data) > len(data)
    at = data.find(b"\x18\x53\x80\x67", 0, 4_096) + 4
    width = 9 - _byte(data, at).bit_length()
    size = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
    return at >= 4 and size + 1 < 1 << 7 * width and at + width + size > len(data)


def _announced(data: bytes) -> int:
    """Return where the last of the outermost boxes of an MP4 ends, as its size says."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        size = int.from_bytes(data[at + 8 : at + 16], "big") if size == 1 else size or len(data) - at
        if size < 8 or not data[at + 4 : at + 8].isalnum():  # what was put behind the film
            break
        at += size
    return at
