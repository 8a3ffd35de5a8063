"""Monsters of one series.

monster_cards  one monster on a plain ground  its horns, how many eyes, its teeth, its arms, its spots
"""

from collections.abc import Mapping, Sequence
from random import Random

from lab.drawings.kit import Outline, ring, smooth
from lab.families.kit import Family, Twins
from lab.families.seen.figures_faces import MOUTHS, RED, SIDES, among, placed
from lab.families.seen.figures_kit import (
    BARE,
    DARK,
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

SIZES = ((480, 640), (600, 840), (700, 980), (640, 640), (560, 760), (960, 720))
GRINS = ("a smile", "a laugh", "a tongue", "teeth", "two front teeth", "fangs", "a zigzag", "flat", "open")
BODIES: Sequence[Outline] = (
    ring(0, 0.1, 1, 1.15),
    round_box(-0.9, -0.95, 1.8, 2.2, 0.4),
    smooth(
        [
            (0, -1.05),
            (0.6, -0.75),
            (0.8, 0),
            (1.1, 0.9),
            (0.7, 1.25),
            (-0.7, 1.25),
            (-1.1, 0.9),
            (-0.8, 0),
            (-0.6, -0.75),
        ],
        True,
    ),
    smooth(
        [
            (0, -1),
            (0.9, -0.8),
            (1.1, -0.1),
            (0.7, 0.9),
            (0.3, 1.25),
            (-0.3, 1.25),
            (-0.7, 0.9),
            (-1.1, -0.1),
            (-0.9, -0.8),
        ],
        True,
    ),
    [*ring(0, -0.1, 0.92, 0.92, 0, 180, 360), *((0.92 - 0.23 * step, 1.3 if step % 2 else 1.08) for step in range(9))],
)


def monster_cards(dice: Random) -> Twins:
    """A monster of one series with other horns, another number of eyes, other teeth, arms or spots."""
    size, colours = dice.choice(SIZES), tones(dice)
    pens = Pens(ground(dice, size, colours.main), 0)
    r = min(size[0] / 3.4, size[1] / 4.0) * dice.uniform(0.85, 1)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] * 0.52, r=r, tones=colours, edge=outline(dice))
    body = dice.choice(BODIES)
    slots: Slots = {
        "feet": {"feet": _feet},
        "arms": ARMS,
        "horns": HORNS,
        "body": {"body": lambda brush: brush.shape(body, brush.tones.main)},
        "spots": SPOTS,
        "teeth": placed(among(MOUTHS, GRINS), 0, 0.48, dice.uniform(0.95, 1.25)),
        "eyes": placed(EYES, 0, -0.3, dice.uniform(0.85, 1.1)),
    }
    return twins(dice, brush, slots, ("teeth", "teeth", "spots", "horns"))


def _feet(brush: Brush) -> None:
    for side in SIDES:
        brush.box(side * 0.45 - 0.2, 1.0, 0.4, 0.5, brush.tones.main, 0.1)
        brush.oval(side * 0.5, 1.48, 0.34, 0.17, brush.tones.shade)


def _eye(brush: Brush, x: float, y: float, r: float) -> None:
    brush.oval(x, y, r, r, WHITE)
    brush.dot(x, y + r * 0.1, r * 0.58, brush.tones.third)
    brush.dot(x, y + r * 0.1, r * 0.32, DARK)
    brush.dot(x + r * 0.15, y - r * 0.1, r * 0.13, WHITE)


def _eyes(*spots: tuple[float, float, float]) -> Part:
    def draw(brush: Brush) -> None:
        for x, y, r in spots:
            _eye(brush, x, y, r)

    return draw


def _stalks(brush: Brush) -> None:
    for x, y in ((-0.55, -0.85), (0, -1.1), (0.55, -0.85)):
        brush.stroke([(x * 0.6, -0.1), (x, y)], 0.12, brush.tones.shade)
        _eye(brush, x, y, 0.24)


EYES: Mapping[str, Part] = {
    "one": _eyes((0, 0, 0.46)),
    "a small one": _eyes((0, 0, 0.26)),
    "two": _eyes((-0.36, 0, 0.27), (0.36, 0, 0.27)),
    "a large one and a small one": _eyes((-0.28, 0, 0.36), (0.42, 0.04, 0.2)),
    "three": _eyes((-0.45, 0.1, 0.22), (0, -0.16, 0.25), (0.45, 0.1, 0.22)),
    "four": _eyes((-0.5, 0, 0.18), (-0.17, -0.18, 0.18), (0.17, 0.1, 0.18), (0.5, -0.06, 0.18)),
    "five": _eyes((-0.55, 0.1, 0.15), (-0.3, -0.16, 0.15), (0, 0.1, 0.17), (0.3, -0.16, 0.15), (0.55, 0.1, 0.15)),
    "three on stalks": _stalks,
}


def _horns(*tips: tuple[float, float, float]) -> Part:
    """Horns from so far left or right to a tip above; the last is half their width."""

    def draw(brush: Brush) -> None:
        for x, lean, half in tips:
            foot = -0.75 + abs(x) * 0.35
            way = [
                (x - half, foot),
                (x - half * 0.5 + lean * 0.4, foot - 0.45),
                (x + lean, foot - 0.85),
                (x + half, foot),
            ]
            brush.shape(way, brush.tones.second)

    return draw


def _feelers(brush: Brush) -> None:
    for side in SIDES:
        brush.stroke([(side * 0.25, -0.8), (side * 0.45, -1.25), (side * 0.62, -1.45)], 0.08, brush.tones.shade)
        brush.oval(side * 0.62, -1.47, 0.15, 0.15, brush.tones.second)


def _ears(brush: Brush) -> None:
    for side in SIDES:
        brush.oval(side * 0.85, -0.85, 0.36, 0.28, brush.tones.main, -side * 40)
        brush.bare(ring(side * 0.86, -0.86, 0.2, 0.14, -side * 40), brush.tones.second)


def _tuft(brush: Brush) -> None:
    for lean in (-0.35, -0.12, 0.12, 0.35):
        brush.stroke([(lean * 0.3, -0.8), (lean, -1.35)], 0.09, brush.tones.second)


HORNS: Mapping[str, Part] = {
    BARE: nothing,
    "one": _horns((0, 0, 0.2)),
    "two": _horns((-0.55, -0.25, 0.2), (0.55, 0.25, 0.2)),
    "two turned in": _horns((-0.6, 0.25, 0.22), (0.6, -0.25, 0.22)),
    "three": _horns((-0.6, -0.15, 0.15), (0, 0, 0.15), (0.6, 0.15, 0.15)),
    "feelers": _feelers,
    "ears": _ears,
    "a tuft": _tuft,
}


def _low(brush: Brush) -> None:
    for side in SIDES:
        brush.stroke([(side * 0.8, 0.25), (side * 1.2, 0.5), (side * 1.2, 0.9)], 0.2, brush.tones.shade)


def _raised(brush: Brush) -> None:
    for side in SIDES:
        brush.stroke([(side * 0.8, 0.25), (side * 1.25, 0.2), (side * 1.35, -0.4)], 0.2, brush.tones.shade)


def _waving(brush: Brush) -> None:
    brush.stroke([(-0.8, 0.25), (-1.2, 0.5), (-1.2, 0.9)], 0.2, brush.tones.shade)
    brush.stroke([(0.8, 0.25), (1.25, 0.2), (1.35, -0.4)], 0.2, brush.tones.shade)


def _wings(brush: Brush) -> None:
    for side in SIDES:
        wing = [(0.7, 0.3), (1.1, -0.5), (1.5, -0.6), (1.4, -0.1), (1.55, 0.2), (1.25, 0.3), (1.25, 0.65), (0.95, 0.5)]
        brush.shape([(side * x, y) for x, y in wing], brush.tones.second)


ARMS: Mapping[str, Part] = {BARE: nothing, "down": _low, "up": _raised, "waving": _waving, "wings": _wings}


def _dots(brush: Brush) -> None:
    for x, y, r in ((-0.6, 0.15, 0.13), (-0.5, 0.8, 0.1), (0.62, 0.2, 0.1), (0.5, 0.9, 0.14), (0, 0.98, 0.1)):
        brush.dot(x, y, r, brush.tones.second)


def _belly(brush: Brush) -> None:
    brush.bare(ring(0, 0.72, 0.55, 0.46), brush.tones.pale)


def _bands(brush: Brush) -> None:
    for y in (0.82, 1.0):
        brush.bar(-0.42, y, 0.84, 0.09, brush.tones.second)


def _cheeks(brush: Brush) -> None:
    for side in SIDES:
        brush.bare(ring(side * 0.6, 0.25, 0.15, 0.1), RED)


SPOTS: Mapping[str, Part] = {
    BARE: nothing,
    "dots": _dots,
    "a pale belly": _belly,
    "bands": _bands,
    "red cheeks": _cheeks,
}

FAMILIES: Sequence[Family] = (Family(name="monster_cards", draw=monster_cards),)
