"""Animals of one series.

cartoon_animals  one animal, seen from the front  its eyes, mouth, brows, garment, hat, collar, what it holds
"""

from collections.abc import Mapping, Sequence
from random import Random

from lab.drawings.kit import Outline, leaf, ring
from lab.families.kit import Family, Twins
from lab.families.seen.figures_faces import BROWS, EYES, MOUTHS, SIDES, placed
from lab.families.seen.figures_kit import WHITE, Brush, Part, Slots, ground, outline, tones, twins
from lab.families.seen.figures_wear import GARMENTS, HATS, HELD, NECKS
from lab.families.seen.products_pens import Pens

FURS = ("#c98a4b", "#8a5a3a", "#e0b27c", "#9aa3ad", "#5d6570", "#efe2cf", "#e58a3c", "#7fb069", "#8fb8de", "#d9a0c0")
WHOLE = ((480, 720), (600, 800), (640, 960), (720, 720), (560, 700))
BUST = ((480, 480), (600, 600), (720, 720), (640, 560), (900, 720))


def cartoon_animals(dice: Random) -> Twins:
    """An animal of one series with other eyes, mouth, garment or hat, or without what it wore."""
    is_whole = dice.random() < 0.55
    size, colours = dice.choice(WHOLE if is_whole else BUST), tones(dice, *FURS)
    pens = Pens(ground(dice, size, colours.main, colours.shade), 0)
    r = min(size[0] / 3.3, size[1] / (5.1 if is_whole else 3.7)) * dice.uniform(0.88, 1)
    high = size[1] * (0.38 if is_whole else 0.56)
    brush = Brush(pens=pens, x=size[0] / 2, y=high, r=r, tones=colours, edge=outline(dice))
    kind = dice.choice(tuple(EARS))
    slots: Slots = {
        "body": {"body": _sitting},
        "garment": GARMENTS,
        "neck": NECKS,
        "head": {kind: _head(kind)},
        "mouth": placed(MOUTHS, 0, 0.55, 0.72),
        "eyes": placed(EYES, 0, -0.12, 0.92),
        "brows": placed(BROWS, 0, -0.1, 0.85),
        "hat": HATS,
        "hand": HELD,
    }
    return twins(dice, brush, slots, ("eyes", "mouth", "mouth", "brows", "neck"))


def _sitting(brush: Brush) -> None:
    """A body with feet, arms and a pale belly."""
    for side in SIDES:
        brush.oval(side * 0.5, 2.62, 0.42, 0.22, brush.tones.shade)
    brush.oval(0, 1.75, 0.88, 0.98, brush.tones.main)
    brush.bare(ring(0, 1.9, 0.55, 0.7), brush.tones.pale)
    for side in SIDES:
        brush.oval(side * 0.85, 1.5, 0.22, 0.5, brush.tones.main, -side * 28)


def _pointed(brush: Brush) -> None:
    for side in SIDES:
        brush.shape([(side * 0.25, -0.8), (side * 0.9, -1.4), (side * 0.95, -0.2)], brush.tones.main)
        brush.bare([(side * 0.45, -0.8), (side * 0.82, -1.15), (side * 0.84, -0.45)], brush.tones.pale)


def _round(brush: Brush) -> None:
    for side in SIDES:
        brush.oval(side * 0.74, -0.76, 0.36, 0.36, brush.tones.main)
        brush.dot(side * 0.74, -0.76, 0.2, brush.tones.pale)


def _long(brush: Brush) -> None:
    for side in SIDES:
        brush.oval(side * 0.48, -1.3, 0.24, 0.66, brush.tones.main, side * 12)
        brush.bare(ring(side * 0.48, -1.28, 0.12, 0.48, side * 12), brush.tones.pale)


def _hanging(brush: Brush) -> None:
    for side in SIDES:
        brush.oval(side * 0.98, -0.02, 0.28, 0.66, brush.tones.shade, -side * 14)


def _bulging(brush: Brush) -> None:
    for side in SIDES:
        brush.oval(side * 0.5, -0.78, 0.34, 0.34, brush.tones.main)
        brush.dot(side * 0.5, -0.84, 0.2, WHITE)


def _mane(brush: Brush) -> None:
    for step in range(14):
        brush.shape(leaf(0, 0, 1.42, 0.6, step * 360 / 14), brush.tones.shade)


def _horned(brush: Brush) -> None:
    for side in SIDES:
        brush.shape(leaf(side * 0.85, -0.35, 0.6, 0.32, -90 + side * 75), brush.tones.shade)
        brush.shape([(side * 0.3, -0.85), (side * 0.62, -1.3), (side * 0.66, -0.65)], WHITE)


def _crested(brush: Brush) -> None:
    for turn in (-120, -90, -60):
        brush.shape(leaf(0, -0.8, 0.5, 0.24, turn), brush.tones.shade)


EARS: Mapping[str, Part] = {
    "cat": _pointed,
    "fox": _pointed,
    "bear": _round,
    "mouse": _round,
    "hare": _long,
    "dog": _hanging,
    "frog": _bulging,
    "lion": _mane,
    "cow": _horned,
    "owl": _crested,
}
SKULLS: Mapping[str, Outline] = {
    "cat": ring(0, 0, 1.06, 0.92),
    "fox": [
        (-0.95, -0.5),
        (-0.5, -0.85),
        (0.5, -0.85),
        (0.95, -0.5),
        (1.1, 0.15),
        (0.4, 0.92),
        (-0.4, 0.92),
        (-1.1, 0.15),
    ],
    "dog": ring(0, 0, 0.92, 0.98),
    "frog": ring(0, 0.06, 1.12, 0.86),
}


def _head(kind: str) -> Part:
    """A head with its ears, its muzzle and its nose; an owl has a beak."""

    def draw(brush: Brush) -> None:
        EARS[kind](brush)
        brush.shape(SKULLS.get(kind, ring(0, 0, 1, 0.95)), brush.tones.main)
        brush.bare(ring(0, 0.5, 0.5, 0.38), brush.tones.pale)
        if kind == "owl":
            brush.shape([(-0.16, 0.16), (0.16, 0.16), (0, 0.4)], "#f0a020")
        elif kind != "frog":
            brush.shape(ring(0, 0.24, 0.15, 0.1), brush.tones.ink)

    return draw


FAMILIES: Sequence[Family] = (Family(name="cartoon_animals", draw=cartoon_animals),)
