"""Six pictures that a moderator calls a violation, and six by innocent people with the same frame.

Every one of them was removed once: another volume of a series, another person's licence, another trading card, a mug
with another word, another letter on the same paper, a flag with another colour.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.types import What
from core.wording import Words
from lab.edits.suite import apply
from lab.families.suite import SEEN, twins
from tests.e2e.command import resight
from tests.small import saved

SIX: Mapping[str, int] = {
    "book_series": 0,
    "id_card": 0,
    "trading_card": 0,
    "mug_print": 0,
    "letterhead": 1,
    "flags": 6,
}
"""Families that a fit may see, and the number of the twins."""

COLLECTION = "unwanted"


@cache
def known(name: str) -> bytes:
    """The reference's very picture, in another file."""
    return saved(twins(SEEN[name], SIX[name]).reference, "JPEG", quality=90)


@cache
def innocent(name: str, quality: int = 80) -> bytes:
    """The same frame with another thing in it."""
    return saved(twins(SEEN[name], SIX[name]).query, "JPEG", quality=quality)


@cache
def copy(name: str) -> bytes:
    """The reference with a caption above it."""
    reference = twins(SEEN[name], SIX[name]).reference
    return saved(apply("caption_above", reference, f"{name}/copy", 0), "JPEG", quality=80)


def catalogue(folder: Path) -> Path:
    """A data folder that knows the six references."""
    paths = []
    for name, number in SIX.items():
        paths.append(folder / f"{name}.png")
        twins(SEEN[name], number).reference.save(paths[-1])
    resight(folder / "data", "collections", "create", COLLECTION, "--purpose", "blocklist")
    assert resight(folder / "data", "add", *paths, "--collection", COLLECTION).code == 0
    return folder / "data"


def says_what_differs(text: str, words: Words) -> bool:
    """Whether a card has one of the sentences about what was exchanged."""
    return any(words(f"differs.{what}").rstrip(".。") in text for what in What)
