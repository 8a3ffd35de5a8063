"""Moods of one face.

emoji_moods  a round, square or blunt face  its eyes, its mouth, its brows, what it wears or sheds
"""

from collections.abc import Mapping, Sequence
from random import Random

from lab.drawings.kit import ring
from lab.families.kit import Family, Twins
from lab.families.seen.figures_faces import BROWS, EYES, MOUTHS, RED, SIDES, placed
from lab.families.seen.figures_kit import (
    BARE,
    WHITE,
    Brush,
    Part,
    Slots,
    ground,
    nothing,
    outline,
    round_box,
    tones,
    twins,
)
from lab.families.seen.products_pens import Pens

SKINS = ("#ffd23f", "#ffc02e", "#ffe066", "#8ed1f5", "#9fdb84", "#f59ab5", "#c9a2ee", "#f58b4c", "#e8e6df", "#6b7a99")
SIZES = ((480, 480), (512, 512), (640, 640), (720, 720), (800, 600), (600, 800), (960, 640))


def emoji_moods(dice: Random) -> Twins:
    """A face of one set of emoji in another mood: other eyes, mouth or brows, a tear, a blush, a plaster."""
    size, colours = dice.choice(SIZES), tones(dice, *SKINS)
    pens = Pens(ground(dice, size, colours.main), 0)
    r = min(size) * dice.uniform(0.3, 0.4)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] / 2, r=r, tones=colours, edge=outline(dice))
    high, wide = dice.uniform(-0.22, -0.1), dice.uniform(0.85, 1.1)
    slots: Slots = {
        "face": {"face": _face(dice)},
        "cheeks": placed(CHEEKS, 0, 0.1),
        "mouth": placed(MOUTHS, 0, 0.45, wide),
        "eyes": placed(EYES, 0, high, wide),
        "brows": placed(BROWS, 0, high - 0.04, wide),
    }
    return twins(dice, brush, slots, ("eyes", "mouth", "mouth", "brows", "cheeks"), most=3)


def _face(dice: Random) -> Part:
    """A disc, a square, a blunt square, a tall oval or a drop; some are lit from above."""
    shape = dice.choice(
        (
            ring(0, 0, 1, 1),
            ring(0, 0, 1, 1),
            round_box(-0.95, -0.95, 1.9, 1.9, 0.2),
            round_box(-0.98, -0.98, 1.96, 1.96, 0.6),
            ring(0, 0, 0.86, 1.05),
            ring(0, 0.04, 1.1, 0.92),
        )
    )
    is_lit = dice.random() < 0.4

    def draw(brush: Brush) -> None:
        brush.shape(shape, brush.tones.main)
        if is_lit:
            way = [(brush.x + x * brush.r * 0.94, brush.y + y * brush.r * 0.94) for x, y in shape]
            brush.pens.shaded(way, brush.tones.pale, brush.tones.main)

    return draw


def _blush(brush: Brush) -> None:
    for side in SIDES:
        brush.bare(ring(side * 0.66, 0.12, 0.17, 0.11), "#f0667a")


def _tear(brush: Brush) -> None:
    brush.shape([(0.58, -0.1), (0.7, 0.2), (0.64, 0.36), (0.52, 0.36), (0.46, 0.2)], "#4fb2f0")


def _freckles(brush: Brush) -> None:
    for side in SIDES:
        for x, y in ((0.55, 0.08), (0.7, 0.02), (0.68, 0.2)):
            brush.dot(side * x, y, 0.045, brush.tones.ink)


def _plaster(brush: Brush) -> None:
    brush.shape([(0.42, 0.16), (0.74, -0.06), (0.82, 0.08), (0.5, 0.3)], "#e9b98c")
    brush.dot(0.62, 0.12, 0.06, WHITE)


def _sweat(brush: Brush) -> None:
    brush.shape([(-0.78, -0.62), (-0.68, -0.36), (-0.72, -0.26), (-0.84, -0.26), (-0.88, -0.36)], "#4fb2f0")


def _lines(brush: Brush) -> None:
    for side in SIDES:
        for step in range(3):
            x = side * (0.56 + 0.11 * step)
            brush.stroke([(x - 0.03, 0.16), (x + 0.05, 0)], 0.045, RED)


CHEEKS: Mapping[str, Part] = {
    BARE: nothing,
    "a blush": _blush,
    "a tear": _tear,
    "freckles": _freckles,
    "a plaster": _plaster,
    "a drop of sweat": _sweat,
    "red lines": _lines,
}

FAMILIES: Sequence[Family] = (Family(name="emoji_moods", draw=emoji_moods),)
