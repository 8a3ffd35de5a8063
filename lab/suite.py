"""The edit suite as measurements use it: a choice of names, and one edit carried out.

chosen(["crop_50"])      the names that were asked for, checked
spread(15)               that many names, evenly from all families
apply("crop_50", image, "five-koi")
"""

from collections.abc import Sequence

from PIL import Image

from core.errors import UsageError
from lab.edits import suite as edits
from lab.edits.suite import SUITE

FAMILIES: Sequence[str] = tuple(dict.fromkeys(edit.family for edit in SUITE.values()))


def family_of(name: str) -> str:
    """Return the family of an edit."""
    return SUITE[name].family


def chosen(names: Sequence[str]) -> list[str]:
    """Return these edits in the suite's order, all if none is named; raises UsageError for an unknown one."""
    unknown = [name for name in names if name not in SUITE]
    if unknown:
        raise UsageError(f"There is no edit '{unknown[0]}'; there are: {', '.join(SUITE)}.")
    return [name for name in SUITE if not names or name in names]


def spread(count: int) -> list[str]:
    """Return `count` edits in the suite's order, as many of each family, evenly spaced within it."""
    names: list[str] = []
    for place, family in enumerate(FAMILIES):
        of_family = [name for name in SUITE if family_of(name) == family]
        wanted = min(len(of_family), count // len(FAMILIES) + (place < count % len(FAMILIES)))
        names += [of_family[(2 * turn + 1) * len(of_family) // (2 * wanted)] for turn in range(wanted)]
    return chosen(names)


def apply(name: str, image: Image.Image, key: str, seed: int = 0) -> Image.Image:
    """Return the picture under that edit, with drawn strangers for company, which are no other references."""
    return edits.apply(name, image, key, seed)
