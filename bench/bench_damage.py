"""What becomes of damaged files: `python -m bench.bench_damage FOLDER...` over the test images of image libraries.

    every file as it is, then cut, changed in three bytes, or with a hole of zeros
        -> those that a strict Pillow refuses -> partial | unscannable | whole, with the same or with other pixels

Debian's sources hold the images: `apt-get source libjpeg-turbo tiff libwebp giflib pillow`.
"""

import io
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from core.errors import Unscannable
from core.looks import Picture
from embed.decode.picture import decode
from embed.decode.sniff import ALLOWED, kind_of

CUTS = (0.1, 0.3, 0.5, 0.7, 0.9, 0.99)
MOST_BYTES = 60_000
"""Larger files are looked at as they are only."""


def main(folders: list[str]) -> None:
    """Print how many files ended how."""
    found = Counter[tuple[str, str]]()
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        if kind_of((data := path.read_bytes())[:64]) not in ALLOWED:
            continue
        found["as it is", outcome(data, seen(data))] += 1
        if 300 < len(data) < MOST_BYTES and is_sound(data) and (whole := seen(data)):
            found.update((how, outcome(broken, whole)) for how, broken in broken_ones(data, path.name))
    for (how, what), count in sorted(found.items()):
        print(f"{how:10} {what:30} {count}")


def broken_ones(data: bytes, seed: str) -> Iterator[tuple[str, bytes]]:
    chance = random.Random(seed)
    yield from (("cut", data[: int(len(data) * share)]) for share in CUTS)
    for _ in range(3):
        changed = bytearray(data)
        for _ in range(3):
            changed[chance.randrange(12, len(data))] = chance.randrange(256)
        yield "changed", bytes(changed)
    at = chance.randrange(20, len(data))
    yield "hole", data[:at] + bytes(min(200, len(data) - at)) + data[at + 200 :]


def outcome(data: bytes, whole: Picture | None) -> str:
    """How a file ends; `whole` is the picture in it before it was damaged."""
    if is_sound(data):
        return "accepted by a strict decoder"
    if (found := seen(data)) is None:
        return "unscannable"
    if found.partial:
        return "partial"
    return f"whole, {'the same' if whole and is_same(found, whole) else 'other'} pixels"


def is_same(one: Picture, other: Picture) -> bool:
    return one.frames[0].shape == other.frames[0].shape and bool(np.all(one.frames[0] == other.frames[0]))


def is_sound(data: bytes) -> bool:
    """Whether Pillow without truncated loading takes it."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
    except Exception:  # Pillow raises almost anything, and any of these means that it refuses the file
        return False
    return True


def seen(data: bytes) -> Picture | None:
    try:
        return decode(data)
    except Unscannable:
        return None


if __name__ == "__main__":
    main(sys.argv[1:])
