"""Hats, things round the neck, garments and things in the hand for flat figures with a head of radius 1."""

from collections.abc import Mapping

from lab.drawings.kit import leaf, ring, star
from lab.families.seen.figures_faces import GOLD, RED, SIDES
from lab.families.seen.figures_kit import BARE, DARK, WHITE, Brush, Part, nothing
from lab.families.seen.products_symbols import heart

TOP = -0.78
"""Where a hat sits."""


def _cap(brush: Brush) -> None:
    brush.shape(ring(0, TOP + 0.1, 0.72, 0.62, 0, 180, 360), brush.tones.second)
    brush.box(-0.1, TOP, 1.15, 0.15, brush.tones.third, 0.07)


def _beanie(brush: Brush) -> None:
    brush.oval(0, TOP - 0.62, 0.18, 0.18, WHITE)
    brush.shape(ring(0, TOP + 0.05, 0.74, 0.62, 0, 180, 360), brush.tones.second)
    brush.box(-0.8, TOP - 0.1, 1.6, 0.24, brush.tones.third, 0.1)


def _crown(brush: Brush) -> None:
    spikes = [(-0.6, 0.1), (-0.68, -0.55), (-0.32, -0.2), (0, -0.68), (0.32, -0.2), (0.68, -0.55), (0.6, 0.1)]
    brush.shape([(x, TOP + y) for x, y in spikes], GOLD)
    for x in (-0.3, 0, 0.3):
        brush.dot(x, TOP - 0.06, 0.07, RED)


def _top_hat(brush: Brush) -> None:
    brush.box(-0.5, TOP - 0.85, 1.0, 0.9, DARK, 0.05)
    brush.bar(-0.5, TOP - 0.22, 1.0, 0.16, brush.tones.second)
    brush.box(-0.85, TOP - 0.04, 1.7, 0.14, DARK, 0.06)


def _party_hat(brush: Brush) -> None:
    brush.shape([(-0.45, TOP + 0.1), (0.45, TOP + 0.1), (0, TOP - 0.85)], brush.tones.second)
    for x, y in ((-0.15, -0.1), (0.14, -0.18), (0, -0.45)):
        brush.dot(x, TOP + y, 0.08, brush.tones.third)
    brush.oval(0, TOP - 0.88, 0.14, 0.14, WHITE)


def _bow(brush: Brush) -> None:
    for side in SIDES:
        brush.shape([(0, TOP), (side * 0.48, TOP - 0.28), (side * 0.48, TOP + 0.24)], brush.tones.second)
    brush.oval(0, TOP, 0.13, 0.15, brush.tones.second)


def _flower(brush: Brush) -> None:
    for step in range(6):
        brush.shape(leaf(0.42, TOP, 0.34, 0.24, step * 60), brush.tones.third)
    brush.dot(0.42, TOP, 0.13, GOLD)


def _headphones(brush: Brush) -> None:
    brush.stroke(ring(0, 0, 1.02, 1.04, 0, 190, 350), 0.13)
    for side in SIDES:
        brush.box(side * 1.02 - 0.17, -0.3, 0.34, 0.6, brush.tones.second, 0.13)


def _chef(brush: Brush) -> None:
    for x, y in ((-0.38, -0.42), (0.38, -0.42), (0, -0.56)):
        brush.oval(x, TOP + y, 0.36, 0.32, WHITE)
    brush.box(-0.5, TOP - 0.4, 1.0, 0.5, WHITE, 0.04)


def _halo(brush: Brush) -> None:
    brush.stroke(ring(0, TOP - 0.5, 0.58, 0.16), 0.1, GOLD)


def _headband(brush: Brush) -> None:
    brush.box(-0.86, TOP + 0.14, 1.72, 0.2, brush.tones.third, 0.05)


HATS: Mapping[str, Part] = {
    BARE: nothing,
    "a cap": _cap,
    "a beanie": _beanie,
    "a crown": _crown,
    "a top hat": _top_hat,
    "a party hat": _party_hat,
    "a bow": _bow,
    "a flower": _flower,
    "headphones": _headphones,
    "a cook's hat": _chef,
    "a halo": _halo,
    "a headband": _headband,
}

NECK = 0.98


def _collar(brush: Brush) -> None:
    brush.box(-0.5, NECK - 0.07, 1.0, 0.16, brush.tones.third, 0.07)
    brush.oval(0, NECK + 0.16, 0.14, 0.14, GOLD)


def _bow_tie(brush: Brush) -> None:
    for side in SIDES:
        brush.shape([(0, NECK), (side * 0.42, NECK - 0.2), (side * 0.42, NECK + 0.24)], brush.tones.third)
    brush.oval(0, NECK + 0.02, 0.11, 0.12, brush.tones.third)


def _scarf(brush: Brush) -> None:
    brush.box(0.12, NECK, 0.26, 0.75, brush.tones.third, 0.05)
    brush.box(-0.62, NECK - 0.1, 1.24, 0.28, brush.tones.third, 0.13)


def _chain(brush: Brush) -> None:
    brush.stroke(ring(0, NECK - 0.05, 0.5, 0.5, 0, 10, 170), 0.08, GOLD)
    brush.oval(0, NECK + 0.52, 0.17, 0.17, GOLD)


def _tie(brush: Brush) -> None:
    brush.shape(
        [(-0.1, NECK), (0.1, NECK), (0.18, NECK + 0.68), (0, NECK + 0.86), (-0.18, NECK + 0.68)], brush.tones.third
    )
    brush.box(-0.14, NECK - 0.08, 0.28, 0.18, brush.tones.third, 0.04)


def _kerchief(brush: Brush) -> None:
    brush.shape([(-0.6, NECK - 0.08), (0.6, NECK - 0.08), (0, NECK + 0.5)], RED)
    for x, y in ((-0.25, 0.06), (0.22, 0.05), (0, 0.24)):
        brush.dot(x, NECK + y, 0.055, WHITE)


NECKS: Mapping[str, Part] = {
    BARE: nothing,
    "a collar": _collar,
    "a bow tie": _bow_tie,
    "a scarf": _scarf,
    "a chain": _chain,
    "a tie": _tie,
    "a kerchief": _kerchief,
}

TORSO = ((-0.42, 0.88), (-0.74, 1.3), (-0.86, 2.05), (0.86, 2.05), (0.74, 1.3), (0.42, 0.88))
"""The upper part of a body that sits or stands below the head."""


def _tee(brush: Brush) -> None:
    brush.shape(TORSO, brush.tones.second)


def _jersey(brush: Brush) -> None:
    _tee(brush)
    for y, half in ((1.2, 0.66), (1.5, 0.76), (1.8, 0.81)):
        brush.bar(-half, y, 2 * half, 0.14, WHITE)


def _waistcoat(brush: Brush) -> None:
    for side in SIDES:
        brush.shape(
            [(side * x, y) for x, y in ((0.3, 0.88), (0.74, 1.3), (0.86, 2.05), (0.1, 2.05))], brush.tones.second
        )
    for y in (1.6, 1.85):
        brush.dot(-0.22, y, 0.06, GOLD)


def _suit(brush: Brush) -> None:
    brush.shape(TORSO, DARK)
    brush.bare([(-0.3, 0.88), (0.3, 0.88), (0, 1.6)], WHITE)
    brush.shape([(-0.09, 0.95), (0.09, 0.95), (0.1, 1.4), (0, 1.55), (-0.1, 1.4)], RED)


def _dungarees(brush: Brush) -> None:
    brush.box(-0.45, 1.35, 0.9, 0.7, brush.tones.second, 0.05)
    for side in SIDES:
        brush.stroke([(side * 0.34, 0.95), (side * 0.34, 1.4)], 0.12, brush.tones.second)
        brush.dot(side * 0.34, 1.44, 0.07, GOLD)


def _starred(brush: Brush) -> None:
    _tee(brush)
    brush.bare(star(0, 1.5, 0.36, 0.15, 5), WHITE)


def _hearted(brush: Brush) -> None:
    _tee(brush)
    spot = brush.at(0, 1.48)
    heart(brush.pens, spot.x, spot.y, brush.r * 0.3, RED, "#ff9aa8")


GARMENTS: Mapping[str, Part] = {
    BARE: nothing,
    "a plain shirt": _tee,
    "a striped shirt": _jersey,
    "a waistcoat": _waistcoat,
    "a suit": _suit,
    "dungarees": _dungarees,
    "a shirt with a star": _starred,
    "a shirt with a heart": _hearted,
}

HAND = (1.05, 1.5)


def _balloon(brush: Brush) -> None:
    brush.stroke([HAND, (1.3, 0.2)], 0.04)
    brush.oval(1.3, -0.12, 0.34, 0.42, brush.tones.third)


def _tulip(brush: Brush) -> None:
    brush.stroke([(1.05, 1.75), (1.12, 0.8)], 0.07, "#3d8f45")
    brush.shape([(0.92, 0.55), (1.02, 0.7), (1.12, 0.5), (1.22, 0.7), (1.34, 0.55), (1.3, 0.92), (0.96, 0.92)], RED)


def _cup(brush: Brush) -> None:
    brush.box(0.98, 1.15, 0.4, 0.6, WHITE, 0.06)
    brush.bar(0.98, 1.38, 0.4, 0.16, brush.tones.third)
    brush.stroke([(1.2, 1.15), (1.32, 0.85)], 0.06, RED)


def _lolly(brush: Brush) -> None:
    brush.stroke([(1.08, 1.75), (1.14, 1.0)], 0.06, WHITE)
    brush.oval(1.16, 0.82, 0.28, 0.28, brush.tones.third)
    brush.dot(1.16, 0.82, 0.12, WHITE)


def _flag(brush: Brush) -> None:
    brush.stroke([(1.05, 1.8), (1.05, 0.4)], 0.06)
    brush.shape([(1.05, 0.4), (1.62, 0.58), (1.05, 0.8)], brush.tones.second)


def _wand(brush: Brush) -> None:
    brush.stroke([(1.0, 1.7), (1.28, 1.0)], 0.07)
    brush.shape(star(1.32, 0.88, 0.26, 0.11, 5), GOLD)


HELD: Mapping[str, Part] = {
    BARE: nothing,
    "a balloon": _balloon,
    "a tulip": _tulip,
    "a cup": _cup,
    "a lolly": _lolly,
    "a flag": _flag,
    "a wand": _wand,
}
