"""Robots of one toy maker.

toy_robots  one robot, from the front  its antenna, eyes, mouth, chest panel, arms, legs
"""

from collections.abc import Mapping, Sequence
from random import Random

from lab.drawings.kit import Outline, mix, ring
from lab.families.kit import Family, Twins
from lab.families.seen.figures_faces import EYES as FACE_EYES
from lab.families.seen.figures_faces import GOLD, RED, SIDES, among, placed
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
from lab.families.seen.products_symbols import heart

SIZES = ((480, 720), (600, 900), (720, 960), (640, 640), (560, 760), (840, 840))
METALS = ("#b8c0c8", "#8a97a6", "#d65a45", "#4f8fc9", "#6fb58a", "#e2b33f", "#d8cfc0", "#8c6fb8", "#4a5560", "#e58aa8")
HEADS: Sequence[Outline] = (
    round_box(-0.75, -0.65, 1.5, 1.2, 0.12),
    round_box(-0.9, -0.6, 1.8, 1.15, 0.5),
    ring(0, -0.05, 0.85, 0.68),
    [*ring(0, -0.05, 0.8, 0.7, 0, 180, 360), (0.8, 0.55), (-0.8, 0.55)],
    [(-0.6, -0.65), (0.6, -0.65), (0.85, 0.55), (-0.85, 0.55)],
)
TRUNKS: Sequence[Outline] = (
    round_box(-0.85, 0.72, 1.7, 1.4, 0.1),
    round_box(-0.8, 0.72, 1.6, 1.4, 0.4),
    [(-1, 0.72), (1, 0.72), (0.7, 2.12), (-0.7, 2.12)],
    [(-0.7, 0.72), (0.7, 0.72), (0.95, 2.12), (-0.95, 2.12)],
)


def toy_robots(dice: Random) -> Twins:
    """A robot of one series with another antenna, other eyes, another chest panel, other arms or legs."""
    size, colours = dice.choice(SIZES), tones(dice, *METALS)
    pens = Pens(ground(dice, size, colours.main, colours.shade), 0)
    r = min(size[0] / 3.6, size[1] / 4.9) * dice.uniform(0.88, 1)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] * 0.36, r=r, tones=colours, edge=outline(dice))
    slots: Slots = {
        "legs": LEGS,
        "arms": ARMS,
        "antenna": ANTENNAE,
        "body": {"body": _body(dice.choice(HEADS), dice.choice(TRUNKS))},
        "chest panel": placed(PANELS, 0, 1.4),
        "mouth": placed(GRILLES, 0, 0.33),
        "eyes": placed(EYES, 0, -0.15, 0.85),
    }
    return twins(dice, brush, slots, ("mouth", "mouth", "antenna", "chest panel", "eyes"))


def _body(head: Outline, trunk: Outline) -> Part:
    def draw(brush: Brush) -> None:
        brush.box(-0.25, 0.45, 0.5, 0.4, brush.tones.shade)
        brush.shape(trunk, brush.tones.main)
        brush.shape(head, brush.tones.main)

    return draw


def _rod(brush: Brush) -> None:
    brush.stroke([(0, -0.6), (0, -1.1)], 0.08, brush.tones.shade)
    brush.oval(0, -1.15, 0.14, 0.14, RED)


def _two_rods(brush: Brush) -> None:
    for side in SIDES:
        brush.stroke([(side * 0.35, -0.6), (side * 0.6, -1.1)], 0.07, brush.tones.shade)
        brush.oval(side * 0.6, -1.14, 0.11, 0.11, brush.tones.second)


def _spring(brush: Brush) -> None:
    brush.stroke([(0.14 if step % 2 else -0.14, -0.6 - 0.08 * step) for step in range(7)], 0.06, brush.tones.shade)
    brush.oval(0, -1.18, 0.13, 0.13, brush.tones.third)


def _dish(brush: Brush) -> None:
    brush.stroke([(0.3, -0.6), (0.3, -0.9)], 0.08, brush.tones.shade)
    brush.shape(ring(0.3, -1.0, 0.36, 0.3, -30, 0, 180), brush.tones.second)
    brush.stroke([(0.3, -1.0), (0.48, -1.25)], 0.05)


def _light(brush: Brush) -> None:
    brush.shape([*ring(0, -0.8, 0.22, 0.26, 0, 180, 360), (0.22, -0.6), (-0.22, -0.6)], brush.tones.third)


def _propeller(brush: Brush) -> None:
    brush.stroke([(0, -0.6), (0, -0.95)], 0.08, brush.tones.shade)
    for side in SIDES:
        brush.oval(side * 0.36, -0.98, 0.36, 0.09, brush.tones.second)


ANTENNAE: Mapping[str, Part] = {
    BARE: nothing,
    "a rod": _rod,
    "two rods": _two_rods,
    "a spring": _spring,
    "a dish": _dish,
    "a light": _light,
    "a propeller": _propeller,
}


def _lamps(brush: Brush) -> None:
    for side in SIDES:
        brush.box(side * 0.42 - 0.2, -0.18, 0.4, 0.36, DARK, 0.06)
        brush.bar(side * 0.42 - 0.11, -0.09, 0.22, 0.18, "#6ff0d8")


def _lens(brush: Brush) -> None:
    brush.oval(0, 0, 0.36, 0.36, DARK)
    brush.dot(0, 0, 0.22, RED)
    brush.dot(0.08, -0.08, 0.06, WHITE)


def _slit(brush: Brush) -> None:
    brush.box(-0.68, -0.15, 1.36, 0.3, DARK, 0.1)
    for x in (-0.4, 0.4):
        brush.dot(x, 0, 0.09, RED)


EYES: Mapping[str, Part] = {
    **among(FACE_EYES, ("dots", "round", "half shut", "glad", "hearts", "stars", "crosses", "a visor", "dark glasses")),
    "lamps": _lamps,
    "one lens": _lens,
    "a slit": _slit,
}


def _grille(brush: Brush) -> None:
    brush.box(-0.4, -0.12, 0.8, 0.22, WHITE, 0.04)
    for x in (-0.24, -0.08, 0.08, 0.24):
        brush.stroke([(x, -0.12), (x, 0.1)], 0.04)


def _line(brush: Brush) -> None:
    brush.stroke([(-0.3, 0), (0.3, 0)], 0.08)


def _smile(brush: Brush) -> None:
    brush.arc(0, -0.14, 0.32, 0.2, (15, 165))


def _blocks(brush: Brush) -> None:
    for x in (-0.36, -0.12, 0.12):
        brush.box(x, -0.09, 0.2, 0.16, brush.tones.second)


def _wave(brush: Brush) -> None:
    brush.stroke([(-0.4 + 0.1 * step, (0, -0.1, 0, 0.1)[step % 4]) for step in range(9)], 0.05)


GRILLES: Mapping[str, Part] = {
    BARE: nothing,
    "a grille": _grille,
    "a line": _line,
    "a smile": _smile,
    "blocks": _blocks,
    "a wave": _wave,
}


def _gauge(brush: Brush) -> None:
    brush.oval(0, 0, 0.4, 0.4, WHITE)
    brush.stroke([(0, 0), (0.2, -0.22)], 0.06, RED)
    brush.dot(0, 0, 0.07, DARK)


def _buttons(brush: Brush) -> None:
    for step, colour in enumerate((RED, GOLD, brush.tones.third)):
        brush.oval(-0.4 + 0.4 * step, 0, 0.13, 0.13, colour)


def _heart(brush: Brush) -> None:
    heart(brush.pens, brush.x, brush.y, brush.r * 0.36, RED, "#ff9aa8")


def _screen(brush: Brush) -> None:
    brush.box(-0.5, -0.32, 1.0, 0.64, DARK, 0.06)
    way = [(-0.42, 0), (-0.2, 0), (-0.1, -0.2), (0.05, 0.2), (0.15, 0), (0.42, 0)]
    brush.stroke(way, 0.05, "#6ff0a0")


def _vents(brush: Brush) -> None:
    for y in (-0.28, -0.06, 0.16):
        brush.box(-0.42, y, 0.84, 0.11, brush.tones.shade, 0.05)


def _bolt(brush: Brush) -> None:
    zigzag = [(0.12, -0.45), (-0.28, 0.08), (-0.02, 0.08), (-0.14, 0.45), (0.28, -0.12), (0.02, -0.12)]
    brush.shape(zigzag, GOLD)


def _hatch(brush: Brush) -> None:
    brush.box(-0.42, -0.4, 0.84, 0.8, mix(brush.tones.main, "#ffffff", 0.35), 0.08)
    brush.dot(0.28, 0, 0.07, DARK)


PANELS: Mapping[str, Part] = {
    BARE: nothing,
    "a gauge": _gauge,
    "three buttons": _buttons,
    "a heart": _heart,
    "a screen": _screen,
    "vents": _vents,
    "a flash": _bolt,
    "a hatch": _hatch,
}


def _hanging(brush: Brush) -> None:
    for side in SIDES:
        brush.box(side * 1.14 - 0.16, 0.85, 0.32, 1.0, brush.tones.shade, 0.12)
        brush.oval(side * 1.14, 1.95, 0.2, 0.18, brush.tones.second)


def _raised(brush: Brush) -> None:
    for side in SIDES:
        brush.stroke([(side * 0.8, 1.0), (side * 1.3, 0.95), (side * 1.35, 0.25)], 0.24, brush.tones.shade)
        brush.oval(side * 1.35, 0.18, 0.2, 0.2, brush.tones.second)


def _claws(brush: Brush) -> None:
    for side in SIDES:
        brush.stroke([(side * 0.8, 1.0), (side * 1.25, 1.5)], 0.14, brush.tones.shade)
        brush.stroke(ring(side * 1.34, 1.68, 0.22, 0.22, 90 - side * 40, 40, 320), 0.11, brush.tones.second)


def _hoses(brush: Brush) -> None:
    for side in SIDES:
        for step in range(5):
            brush.oval(side * (0.95 + 0.08 * step), 1.0 + 0.2 * step, 0.17, 0.14, brush.tones.shade)
        brush.box(side * 1.3 - 0.2, 1.92, 0.4, 0.24, brush.tones.second, 0.06)


ARMS: Mapping[str, Part] = {BARE: nothing, "hanging": _hanging, "raised": _raised, "claws": _claws, "hoses": _hoses}


def _boots(brush: Brush) -> None:
    for side in SIDES:
        brush.box(side * 0.42 - 0.16, 2.0, 0.32, 0.65, brush.tones.shade)
        brush.box(side * 0.48 - 0.32, 2.6, 0.64, 0.26, brush.tones.second, 0.1)


def _wheels(brush: Brush) -> None:
    for side in SIDES:
        brush.stroke([(side * 0.4, 2.0), (side * 0.5, 2.5)], 0.14, brush.tones.shade)
        brush.oval(side * 0.5, 2.58, 0.28, 0.28, DARK)
        brush.dot(side * 0.5, 2.58, 0.12, brush.tones.second)


def _track(brush: Brush) -> None:
    brush.box(-0.2, 2.0, 0.4, 0.35, brush.tones.shade)
    brush.box(-0.95, 2.3, 1.9, 0.56, DARK, 0.27)
    for x in (-0.6, 0, 0.6):
        brush.dot(x, 2.58, 0.17, brush.tones.second)


def _ball(brush: Brush) -> None:
    brush.oval(0, 2.4, 0.48, 0.46, brush.tones.second)


LEGS: Mapping[str, Part] = {"boots": _boots, "wheels": _wheels, "a track": _track, "a ball": _ball}

FAMILIES: Sequence[Family] = (Family(name="toy_robots", draw=toy_robots),)
