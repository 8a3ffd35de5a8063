"""The edit suite as measurements use it: names, families, a choice of names, and one edit carried out.

chosen(["crop_60"])      the names that were asked for, checked
spread(15)               that many names, taken from all families in turn
apply("crop_60", image, "five-koi")
"""

from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest

from PIL import Image

from core.errors import UsageError
from lab.edits import EDITS

FAMILIES: Mapping[str, Sequence[str]] = {
    "file": ("recompress", "half_size", "half_recompressed"),
    "pixels": ("grayscale", "brighter", "blur"),
    "frame": ("crop_75", "crop_60", "mirror", "rotate_5", "border"),
    "company": ("caption_bar", "screenshot", "screenshot_dark", "story", "paste_half", "collage"),
}


def family_of(name: str) -> str:
    """The family of an edit."""
    return next(family for family, names in FAMILIES.items() if name in names)


def chosen(names: Sequence[str]) -> list[str]:
    """These edits in the suite's order, all of them if none is named; raises UsageError for an unknown one."""
    unknown = [name for name in names if name not in EDITS]
    if unknown:
        raise UsageError(f"There is no edit '{unknown[0]}'; there are: {', '.join(EDITS)}.")
    return [name for name in EDITS if not names or name in names]


def spread(count: int) -> list[str]:
    """`count` edits in the suite's order, the first of every family before the second of any."""
    turns = chain.from_iterable(zip_longest(*FAMILIES.values()))
    taken = [name for name in turns if name is not None][:count]
    return chosen(taken)


def apply(name: str, image: Image.Image, key: str, seed: int = 0) -> Image.Image:
    """The picture under that edit; the same name, key and seed give the same pixels."""
    del key, seed  # today's edits roll no dice
    return EDITS[name](image)
