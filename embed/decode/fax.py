"""How much of a fax in a TIFF is there: its decoder takes zeros for the end of a page, or for a pause, in silence.

group 3            as many ends of line as rows? each that lacks is a row that lacks
group 4, CCITT RLE a run of zeros that no code holds ends a strip: what is read behind it, with other bytes there?
                   the rows below the first one that changes were never in the file
and the rows that libtiff complains about (complaints.py): a bad code spoils one of group 3, and all below it of
the others, whose rows are told as changes from the row above or stand behind each other without a mark
"""

import re
import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, TiffImagePlugin

from embed.decode.complaints import Complaint, heard

RLE, GROUP_3, GROUP_4 = 2, 3, 4
FAXES = frozenset({RLE, GROUP_3, GROUP_4})
WIDTH, HEIGHT, DEPTH, COMPRESSION, INK, ORDER, STARTS, SAMPLES, ROWS, SIZES = (
    *(256, 257, 258, 259, 262, 266),
    *(273, 277, 278, 279),
)
PAUSE = 11
"""Zeros in a row that only an end of line or of a page has (ITU-T T.4); RLE fills a row's last byte up with others."""

LONG_PAUSE = 24
END_OF_PAGE = "000000000001000000000001"
CLOSING = 8
"""Bytes that the end of a page takes, with what fills them up."""

NO_PAUSE = b"\x15"
"""Too few zeros for a pause, whatever stands before."""

OTHER = bytes((number * 101 + 55) % 251 | 0x11 for number in range(2_048))
"""Bytes that make rows, without a pause in them."""

MOST_STRIPS = 64
"""Strips that are looked at; of further ones that break off nothing counts as there."""

CHUNK = 1 << 16
SPOILT = re.compile(r" at line (\d+) of strip (\d+) ")
MIRROR = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))


@dataclass(frozen=True, slots=True)
class Strip:
    """Rows that are packed together, the most significant bit first."""

    wide: int
    rows: int
    compression: int
    data: bytes


def share_faxed(data: bytes, image: Image.Image, complaints: Sequence[Complaint]) -> float:
    """Return how much (0..1) of the rows of a loaded TIFF page the file holds; 1 for what is no fax, or is tiled."""
    assert isinstance(image, TiffImagePlugin.TiffImageFile)
    tags = image.tag_v2
    if tags.get(COMPRESSION) not in FAXES or STARTS not in tags or SIZES not in tags:
        return 1.0
    lost = _lost_lines if tags[COMPRESSION] == GROUP_3 else _lost_ends
    return max(0.0, 1 - lost(_strips(data, tags), _spoilt(complaints)) / int(tags[HEIGHT]))


def _strips(data: bytes, tags: TiffImagePlugin.ImageFileDirectory_v2) -> Iterator[Strip]:
    """Yield the strips of a page, from top to bottom."""
    height, left = int(tags[HEIGHT]), int(tags[HEIGHT])
    high = min(height, int(tags.get(ROWS, height))) or height
    for start, size in zip(tags[STARTS], tags[SIZES], strict=False):
        packed = data[start : start + size]
        packed = packed.translate(MIRROR) if tags.get(ORDER) == 2 else packed
        yield Strip(int(tags[WIDTH]), min(high, left), int(tags[COMPRESSION]), packed)
        if (left := left - high) <= 0:
            return


def _spoilt(complaints: Sequence[Complaint]) -> dict[int, set[int]]:
    """Return the rows that libtiff complained about, by strip."""
    spoilt = defaultdict[int, set[int]](set)
    for complaint in complaints:
        if match := SPOILT.search(complaint.words):
            spoilt[int(match[2])].add(int(match[1]))
    return spoilt


def _lost_lines(strips: Iterator[Strip], spoilt: dict[int, set[int]]) -> int:
    """Return how many rows of group 3 lack their end or are spoilt; a few programs leave out all the ends."""
    ends = [(strip.rows, sum(len(starts) for starts in _pauses(strip.data.rstrip(b"\0"), PAUSE))) for strip in strips]
    is_marked = any(count for _, count in ends)
    lacking = [_lacking(rows, count) if is_marked else 0 for rows, count in ends]
    return sum(max(count, len(spoilt.get(number, ()))) for number, count in enumerate(lacking))


def _lacking(rows: int, ends: int) -> int:
    """Return how many more rows than ends of line there are; some programs leave out the first or the last."""
    return rows - ends if rows - ends > 1 or not ends else 0


def _lost_ends(strips: Iterator[Strip], spoilt: dict[int, set[int]]) -> int:
    """Return how many rows lie below the first one of each strip that is missing or spoilt."""
    lost, looked = 0, 0
    for number, strip in enumerate(strips):
        there = strip.rows
        if (start := _broken_off(strip)) is not None:
            looked += 1
            there = _rows_before(strip, start) if looked <= MOST_STRIPS else 0
        lost += strip.rows - min(there, *spoilt.get(number, ()), strip.rows)
    return lost


def _broken_off(strip: Strip) -> int | None:
    """Return the first bit of a pause with more data behind it than the end of a page; None without one."""
    pause = PAUSE if strip.compression == GROUP_4 else LONG_PAUSE
    starts = _pauses(strip.data + b"\xff", pause)  # with a one behind it, a pause at the end is one, too
    first = next((int(bits[0]) for bits in starts if bits.size), None)
    return None if first is None or _is_closed(strip, first) else first


def _is_closed(strip: Strip, start: int) -> bool:
    """Return whether this pause is the end of a page of group 4; the last code may end in zeros."""
    rest = strip.data[start // 8 :]
    bits = f"{int.from_bytes(rest[:CLOSING].ljust(CLOSING, b'\0')):0{8 * CLOSING}b}"[start % 8 :]
    is_end = bits.lstrip("0").startswith(END_OF_PAGE.lstrip("0"))
    return strip.compression == GROUP_4 and is_end and len(rest) <= CLOSING


def _pauses(data: bytes, least: int) -> Iterator[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Yield the first bits of all runs of at least so many zeros that a one follows."""
    last = np.array([-1])
    for at in range(0, len(data), CHUNK):
        bits = np.unpackbits(np.frombuffer(data, np.uint8, min(CHUNK, len(data) - at), at))
        ones = np.concatenate([last, np.flatnonzero(bits) + 8 * at])
        yield ones[:-1][np.diff(ones) > least] + 1
        last = ones[-1:]


def _rows_before(strip: Strip, start: int) -> int:
    """Return how many rows stay the same whatever stands behind this bit."""
    before, more = strip.data[: -(-start // 8)], OTHER
    if strip.compression == RLE:  # libtiff gives nothing of a strip that ends too early
        more *= 1 + strip.rows * strip.wide // 8 // len(OTHER)
    with_zeros = _rows(strip, before + bytes(len(more)))
    with heard() as complaints:  # the decoder may stop right there, at a bad code, and then nothing changes
        with_ones = _rows(strip, before + NO_PAUSE + more)
    if with_zeros is None or with_ones is None:
        return 0
    changed = np.flatnonzero((with_zeros != with_ones).any(axis=1))
    return int(min([*changed[:1], *_spoilt(complaints)[0], strip.rows]))


def _rows(strip: Strip, packed: bytes) -> np.ndarray[tuple[int, int], np.dtype[np.bool]] | None:
    """Return the rows that libtiff decodes from a strip with this data, or None if it decodes none."""
    with suppress(OSError), Image.open(BytesIO(_tiff(strip, packed)), formats=["TIFF"]) as image:
        return np.asarray(image, dtype=np.bool).reshape(strip.rows, strip.wide)
    return None


def _tiff(strip: Strip, packed: bytes) -> bytes:
    """Return a TIFF file with this strip alone."""
    tags = {WIDTH: strip.wide, HEIGHT: strip.rows, DEPTH: 1, COMPRESSION: strip.compression, INK: 1}
    tags |= {STARTS: 10 + 12 * 9 + 4, SAMPLES: 1, ROWS: strip.rows, SIZES: len(packed)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + packed
