"""Rows of a ZIP file of `resight export` as somebody would write them who means harm: one a kind.

Row        a line of references.jsonl, and the members that go with it
KINDS      name -> what it does to a good row; a row of any kind must be told, and never be taken over
written    a ZIP file of good rows and bad ones
"""

import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.types import reference_id
from tests.small import saved, scribble

HEX = "0123456789abcdef" * 4


@dataclass
class Row:
    """`members` are named without the id: "pictures/0.jpg"; `raw` goes before the line, `packed` is their packing."""

    line: dict[str, Any]
    members: dict[str, bytes] = field(default_factory=dict)
    raw: bytes = b""
    packed: int = zipfile.ZIP_STORED

    @property
    def id(self) -> str:
        return str(reference_id(str(self.line.get("collection")), str(self.line.get("key"))))


def read(file: Path) -> tuple[dict[str, Any], list[Row]]:
    """The head and the rows of an export."""
    with zipfile.ZipFile(file) as archive:
        rows = [Row(json.loads(line)) for line in archive.read("references.jsonl").splitlines()]
        for row in rows:
            names = [name for name in archive.namelist() if row.id in name]
            row.members = {name.replace(f"{row.id}-", ""): archive.read(name) for name in names}
        return json.loads(archive.read("resight.json")), rows


def written(file: Path, head: Mapping[str, Any], rows: Sequence[Row]) -> Path:
    """The ZIP file of these rows; packed, so that what is unpacked may be large."""
    lines = [row.raw or json.dumps(row.line).encode() for row in rows]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("resight.json", json.dumps(head))
        archive.writestr("references.jsonl", b"".join(line + b"\n" for line in lines))
        for row in rows:
            for name, data in row.members.items():
                folder, _, rest = name.partition("/")
                archive.writestr(f"{folder}/{row.id}-{rest}", data, row.packed)
    return file


type Spoil = Callable[[Row], object]


def _said(**fields: Any) -> Spoil:
    return lambda row: row.line.update(fields)


def _has(name: str, data: bytes) -> Spoil:
    return lambda row: row.members.update({name: data})


def _lacks(name: str) -> Spoil:
    return lambda row: row.line.pop(name, None) or row.members.pop(name, None)


def _raw(data: bytes) -> Spoil:
    return lambda row: setattr(row, "raw", data)


def _in_line(old: str, new: str) -> Spoil:
    """Another way to write the same line, which no `json.dumps` would."""
    return lambda row: setattr(row, "raw", json.dumps(row.line).replace(old, new).encode())


def _packed(how: int) -> Spoil:
    return lambda row: setattr(row, "packed", how)


def _features(count: int, body: bytes) -> bytes:
    return struct.pack("<BH", 1, count) + zlib.compress(body)


def _halves(*values: float) -> bytes:
    return np.resize(np.array(values), 64).astype("<f2").tobytes()


def png_bomb(side: int) -> bytes:
    """A one-bit PNG of that side, made without ever holding its pixels."""
    packer, row = zlib.compressobj(9), bytes((side + 7) // 8 + 1)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b"")))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


PHOTO = saved(scribble(77), "JPEG")
NOISE = np.random.default_rng(7)
UNIT = NOISE.normal(size=64) / 8
KINDS: Mapping[str, Spoil] = {
    # what a line may say
    "no JSON": _raw(b"{"),
    "no object": _raw(b"[1]"),
    "deeply nested": _raw(b"[" * 40_000 + b"]" * 40_000),
    "nested in a field": _raw(b'{"key": ' + b'{"a":' * 15_000 + b"1" + b"}" * 15_000 + b"}"),
    "longer than a line": _raw(b'{"key": "' + b"k" * 5_000_000 + b'"}'),
    "no UTF-8": _raw(b'{"key": "\xff"}'),
    "half a character": _in_line('"title": "', '"title": "\\ud800'),
    "a whole number of 5,000 digits": _in_line('"parts": 1', '"parts": ' + "9" * 5000),
    "not a number": _in_line('"width": ', '"width": NaN, "x": '),
    "infinite": _in_line('"width": ', '"width": 1e999, "x": '),
    "no key": _lacks("key"),
    "a key that is a list": _said(key=["a"]),
    "an empty key": _said(key=" "),
    "a long key": _said(key="k" * 201),
    "NUL in a key": _said(key="a\0b"),
    "an escape in a key": _said(key="\x1b]0;title\x07"),
    "a title of 50,000 characters": _said(title="t" * 50_000),
    "a title that is a number": _said(title=7),
    "NUL in a title": _said(title="a\0b"),
    "an escape in a note": _said(note="\x1b[2J"),
    "an address that is a script": _said(source_url="javascript:alert(1)"),
    "an address without end": _said(source_url="https://example.org/" + "a" * 9000),
    "a collection named by a path": _said(collection="../../etc"),
    "a collection without a name": _said(collection=""),
    "a long name of a collection": _said(collection="c" * 65),
    "a purpose that is none": _said(purpose="anything"),
    "another purpose than here": _said(purpose="allowlist"),
    "a picture of what nobody may keep": _said(collection="secret", purpose="illegal"),
    "a SHA-256 that is none": _said(sha256="x" * 64),
    "a hash of pixels that is none": _said(pixel_hash="0" * 63),
    "no SHA-256": _said(sha256=""),
    "a width below zero": _said(width=-1),
    "a width that is true": _said(width=True),
    "a picture without a size": _said(width=0, height=0),
    "a height beyond all bounds": _said(height=1 << 40),
    "a time without a zone": _said(added_at="2026-05-01T12:00:00"),
    "a time before time": _said(added_at="0001-01-01T00:00:00+14:00"),
    "no time": _said(added_at=""),
    # counts that must agree
    "no parts": _said(parts=0),
    "parts below zero": _said(parts=-5),
    "more parts than pictures": _said(parts=2),
    "a million parts": _said(parts=1_000_000),
    "parts as text": _said(parts="1"),
    "more hashes than pictures": _said(hashes=[{"pdq": HEX, "quality": 100}] * 2),
    "a thousand hashes": _said(hashes=[{"pdq": HEX, "quality": 100}] * 1000),
    "neither a picture nor a hash": _said(parts=0, width=0, height=0, hashes=[]),
    "fewer vectors than pictures": _lacks("vectors/0.f16"),
    # hashes and pictures
    "a hash of another picture": _said(hashes=[{"pdq": HEX, "quality": 100}]),
    "a hash of spaces": _said(hashes=[{"pdq": " " * 64, "quality": 100}]),
    "a quality of 101": _said(hashes=[{"pdq": HEX, "quality": 101}]),
    "no picture": _lacks("pictures/0.jpg"),
    "an empty picture": _has("pictures/0.jpg", b""),
    "HTML as a picture": _has("pictures/0.jpg", b"<html><script>alert(1)</script></html>"),
    "SVG as a picture": _has("pictures/0.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "a one-bit PNG of 30,000 x 30,000": _has("pictures/0.jpg", png_bomb(30_000)),
    "a JPEG of 5,000 x 5,000": _has("pictures/0.jpg", saved(Image.new("L", (5000, 5000)), "JPEG")),
    "a JPEG of garbage": _has("pictures/0.jpg", b"\xff\xd8\xff\xe0" + bytes(2000) + b"\xff\xd9"),
    "a JPEG that is cut": _has("pictures/0.jpg", PHOTO[: len(PHOTO) // 2]),
    "a JPEG of one colour": _has("pictures/0.jpg", saved(Image.new("RGB", (240, 180), "teal"), "JPEG")),
    "another picture": _has("pictures/0.jpg", PHOTO),
    "a picture of 40 MB": _has("pictures/0.jpg", PHOTO + bytes(40 << 20) + b"\xff\xd9"),
    "an animation": _has("pictures/0.jpg", saved(scribble(1), "GIF")),
    # features, logos, words
    "features of 0xff": _has("features/0.bin", b"\xff" * 500),
    "features that unpack to a gigabyte": _has("features/0.bin", _features(1, bytes(50 << 20))),
    "fewer features than announced": _has("features/0.bin", _features(300, bytes(70))),
    "65,535 features": _has("features/0.bin", _features(65_535, bytes(70 * 65_535))),
    "features of noise": _has("features/0.bin", _features(300, NOISE.bytes(300 * 70))),
    "empty features": _has("features/0.bin", b""),
    "a logo that is no picture": _has("logos/0.png", b"\x89PNG\r\n\x1a\n" + b"\xff" * 200),
    "a logo of 20,000 x 20,000": _has("logos/0.png", png_bomb(20_000)),
    "another logo": _has("logos/0.png", saved(scribble(78, 80, 60).convert("RGBA"))),
    "words that are no list": _has("words/0.json", b'{"a": 1}'),
    "words without end": _has("words/0.json", b"[" * 60_000),
    "a word that stands nowhere": _has("words/0.json", b'[["a", 1, NaN, 0, 1, 1, 1]]'),
    "a word at a number of 400 digits": _has("words/0.json", f'[["a", 1, {"9" * 400}, 0, 1, 1, 1]]'.encode()),
    "half a character in a word": _has("words/0.json", b'[["\\ud800", 1, 0, 0, 1, 1, 1]]'),
    "100,000 words": _has("words/0.json", json.dumps([["a", 1, 0, 0, 1, 1, 1]] * 9000).encode()),
    # vectors
    "vectors that are not numbers": _has("vectors/0.f16", _halves(np.nan)),
    "infinite vectors": _has("vectors/0.f16", _halves(np.inf)),
    "vectors of nothing": _has("vectors/0.f16", bytes(128)),
    "vectors of length 100": _has("vectors/0.f16", _halves(12.5)),
    "half a vector": _has("vectors/0.f16", bytes(63)),
    "a vector of 60 MB": _has("vectors/0.f16", bytes(60 << 20)),
    "a vector of another picture": _has("vectors/0.f16", UNIT.astype("<f2").tobytes()),
    "another vector of inverted colours": _has("vectors/0-inverted.f16", UNIT.astype("<f2").tobytes()),
    # packing
    "packed by LZMA": _packed(zipfile.ZIP_LZMA),
    "packed by bzip2": _packed(zipfile.ZIP_BZIP2),
}
