"""Shoes of one maker and hooded garments of one label, drawn flat.

sneaker_models  a shoe from the side  its stripes, collar, sole, lace holes, toe, heel, in the same colours
hoodie_emblems  a garment laid flat   the emblem on its chest; pocket, strings, cuffs
"""

from collections.abc import Mapping, Sequence
from random import Random

from lab.drawings.kit import Outline, ring, star
from lab.families.kit import Family, Twins
from lab.families.seen.colours_paint import mirrored
from lab.families.seen.figures_faces import SIDES
from lab.families.seen.figures_kit import (
    BARE,
    WHITE,
    Brush,
    Part,
    Slots,
    dealt,
    ground,
    nothing,
    outline,
    round_box,
    tones,
    twins,
)
from lab.families.seen.products_pens import Pens
from lab.families.seen.products_symbols import SYMBOLS

WIDE = ((640, 480), (800, 600), (960, 640), (1000, 700), (720, 720), (600, 480))
TALL = ((480, 560), (600, 720), (700, 700), (720, 900), (800, 640))
CLOTHS = ("#2b2f3a", "#e9e6de", "#c23b3b", "#2f5fa8", "#3f7d55", "#e0a63a", "#8a8f98", "#7a4fa0", "#e7a3b5", "#6b4a35")


def sneaker_models(dice: Random) -> Twins:
    """Two models of one shoe in the same colours: other stripes, collar, sole, lace holes, toe or heel."""
    size, colours = dice.choice(WIDE), tones(dice, *CLOTHS)
    pens = Pens(ground(dice, size, colours.main, WHITE), 0)
    r = min(size[0] / 2.4, size[1] / 2.2) * dice.uniform(0.85, 1)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] * 0.54, r=r, tones=colours, edge=outline(dice) / 2)
    slots: Slots = {
        "collar": COLLARS,
        "toe": TOES,
        "heel": HEELS,
        "stripes": STRIPES,
        "lace holes": LACES,
        "sole": SOLES,
    }
    return twins(dice, brush, slots, ("stripes", "stripes", "lace holes", "toe", "heel"), most=3)


FOOT: Outline = [(0.2, -0.18), (0.5, -0.04), (0.8, 0.06), (0.96, 0.2), (1.0, 0.42), (-0.95, 0.42)]
"""The front of the upper, from the throat over the toe to the lower heel."""


def _collar(*back: tuple[float, float]) -> Part:
    """An upper whose rim runs from the heel to the tongue along these spots."""

    def draw(brush: Brush) -> None:
        tongue = back[-1]
        lip = [(tongue[0] - 0.06, tongue[1] + 0.04), (tongue[0] + 0.08, tongue[1] - 0.12), (0.3, -0.12), (0, -0.1)]
        brush.shape(lip, brush.tones.pale)
        brush.shape([*back, *FOOT], brush.tones.main)
        brush.stroke(back[1:], 0.05, brush.tones.second)

    return draw


COLLARS: Mapping[str, Part] = {
    "low": _collar((-0.97, 0), (-0.9, -0.32), (-0.6, -0.24), (-0.35, -0.3), (-0.14, -0.42)),
    "half high": _collar((-0.97, 0), (-0.93, -0.55), (-0.6, -0.5), (-0.35, -0.5), (-0.2, -0.56)),
    "high": _collar((-0.97, 0), (-0.95, -0.86), (-0.65, -0.8), (-0.42, -0.82), (-0.28, -0.86)),
}


def _slanted(*places: float) -> Part:
    """Stripes that lean back, each from the sole to the laces."""

    def draw(brush: Brush) -> None:
        for x in places:
            band = [(x - 0.09, -0.1), (x + 0.02, -0.1), (x + 0.17, 0.4), (x + 0.05, 0.4)]
            brush.bare(band, brush.tones.second)

    return draw


def _sweep(brush: Brush) -> None:
    brush.bare([(-0.75, 0.02), (-0.3, 0.22), (0.45, 0.02), (-0.2, 0.38), (-0.6, 0.34)], brush.tones.second)


def _chevrons(brush: Brush) -> None:
    for x in (-0.5, -0.3, -0.1):
        brush.stroke([(x, -0.06), (x + 0.14, 0.14), (x, 0.34)], 0.07, brush.tones.second)


def _star(brush: Brush) -> None:
    brush.bare(star(-0.3, 0.13, 0.22, 0.09, 5), brush.tones.second)


def _disc(brush: Brush) -> None:
    brush.dot(-0.3, 0.13, 0.19, brush.tones.second)
    brush.dot(-0.3, 0.13, 0.1, brush.tones.main)


def _line(brush: Brush) -> None:
    brush.stroke([(-0.9, 0.2), (-0.2, 0.24), (0.55, 0.14)], 0.06, brush.tones.second)


STRIPES: Mapping[str, Part] = {
    BARE: nothing,
    "one": _slanted(-0.3),
    "two": _slanted(-0.4, -0.18),
    "three": _slanted(-0.5, -0.28, -0.06),
    "four": _slanted(-0.58, -0.4, -0.22, -0.04),
    "a sweep": _sweep,
    "chevrons": _chevrons,
    "a star": _star,
    "a disc": _disc,
    "one along": _line,
}


def _holes(count: int, is_laced: bool) -> Part:
    def draw(brush: Brush) -> None:
        for step in range(count):
            x, y = -0.02 + 0.44 * step / (count - 1), -0.2 + 0.2 * step / (count - 1)
            brush.dot(x, y, 0.032, brush.tones.ink)
            if is_laced:
                brush.stroke([(x, y), (x + 0.09, y - 0.12)], 0.04, WHITE)

    return draw


def _straps(brush: Brush) -> None:
    for x, y in ((-0.02, -0.22), (0.2, -0.1)):
        brush.shape(
            [(x - 0.04, y + 0.2), (x + 0.1, y - 0.14), (x + 0.22, y - 0.1), (x + 0.08, y + 0.24)], brush.tones.third
        )


LACES: Mapping[str, Part] = {
    BARE: nothing,
    "three": _holes(3, is_laced=True),
    "four": _holes(4, is_laced=True),
    "six": _holes(6, is_laced=True),
    "five without a lace": _holes(5, is_laced=False),
    "straps": _straps,
}


def _cap(brush: Brush) -> None:
    brush.shape([(0.68, 0.42), (0.62, 0.2), (0.74, 0.04), (0.96, 0.2), (1.0, 0.42)], WHITE)


def _guard(brush: Brush) -> None:
    brush.bare([(0.4, 0.42), (0.6, 0.28), (0.99, 0.28), (1.0, 0.42)], brush.tones.third)


def _pricked(brush: Brush) -> None:
    for x, y in ((0.58, 0.1), (0.68, 0.14), (0.78, 0.18), (0.6, 0.2), (0.7, 0.24), (0.5, 0.14)):
        brush.dot(x, y, 0.026, brush.tones.ink)


TOES: Mapping[str, Part] = {BARE: nothing, "a cap": _cap, "a guard": _guard, "pricked": _pricked}


def _loop(brush: Brush) -> None:
    brush.stroke(ring(-0.98, -0.1, 0.09, 0.14), 0.05, brush.tones.third)


def _patch(brush: Brush) -> None:
    brush.shape([(-0.97, -0.12), (-0.74, -0.1), (-0.7, 0.42), (-0.95, 0.42)], brush.tones.third)


def _seam(brush: Brush) -> None:
    brush.stroke([(-0.68, -0.2), (-0.62, 0.1), (-0.78, 0.4)], 0.03, brush.tones.second)


HEELS: Mapping[str, Part] = {BARE: nothing, "a loop": _loop, "a patch": _patch, "a seam": _seam}


def _flat(brush: Brush) -> None:
    brush.box(-0.99, 0.38, 2.02, 0.17, WHITE, 0.07)


def _lined(brush: Brush) -> None:
    _flat(brush)
    brush.bar(-0.96, 0.46, 1.96, 0.035, brush.tones.second)


def _thick(brush: Brush) -> None:
    brush.box(-1.02, 0.36, 2.06, 0.3, WHITE, 0.1)
    brush.bar(-0.98, 0.57, 1.98, 0.07, brush.tones.third)


def _wedge(brush: Brush) -> None:
    brush.shape([(-1.04, 0.26), (-0.3, 0.38), (0.6, 0.42), (1.04, 0.36), (0.98, 0.56), (-0.98, 0.64)], WHITE)


def _cleated(brush: Brush) -> None:
    for step in range(9):
        brush.bar(-0.93 + 0.22 * step, 0.5, 0.13, 0.14, brush.tones.ink)
    _flat(brush)


def _bubble(brush: Brush) -> None:
    _thick(brush)
    brush.box(-0.88, 0.43, 0.6, 0.12, brush.tones.third, 0.06)


SOLES: Mapping[str, Part] = {
    "flat": _flat,
    "with a line": _lined,
    "thick": _thick,
    "a wedge": _wedge,
    "cleated": _cleated,
    "with a bubble": _bubble,
}


def hoodie_emblems(dice: Random) -> Twins:
    """A garment with another emblem on its chest or without one; sometimes another pocket, strings or cuffs."""
    size, colours = dice.choice(TALL), tones(dice, *CLOTHS)
    pens = Pens(ground(dice, size, colours.main), 0)
    r = min(size[0] / 2.9, size[1] / 2.9) * dice.uniform(0.88, 1)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] * 0.53, r=r, tones=colours, edge=outline(dice) / 2)
    kind, emblems = dice.choice(tuple(GARMENTS)), _emblems(dice)
    slots: Slots = {
        "garment": {kind: GARMENTS[kind]},
        "pocket": POCKETS,
        "strings": STRINGS if kind == "hoodie" else {BARE: nothing},
        "cuffs": CUFFS,
        "emblem": emblems,
    }
    dress = {**dealt(dice, slots), "emblem": dice.choice(tuple(emblems))}
    return twins(dice, brush, slots, ("emblem",), most=dice.choice((1, 2, 3)), dress=dress)


def _emblems(dice: Random) -> Mapping[str, Part]:
    """All emblems in one place: large in the middle, or small over the heart."""
    x, y, r = dice.choice(((0, -0.25, 0.36), (0, -0.2, 0.27), (0.32, -0.42, 0.14), (0.3, -0.4, 0.18)))
    return {BARE: nothing} | {name: _emblem(name, x, y, r) for name in SYMBOLS}


def _emblem(name: str, x: float, y: float, r: float) -> Part:
    def draw(brush: Brush) -> None:
        at = brush.at(x, y, r)
        SYMBOLS[name](brush.pens, at.x, at.y, at.r, brush.tones.second, brush.tones.third)

    return draw


SLEEVE: Outline = [(0.55, -0.85), (0.85, -0.66), (1.28, 0.7), (1.0, 0.8), (0.68, -0.1)]
SHORT: Outline = [(0.55, -0.85), (0.85, -0.68), (1.2, -0.15), (0.9, 0.06), (0.66, -0.2)]
TRUNK: Outline = mirrored([(0.2, -0.95), (0.6, -0.84), (0.72, -0.4), (0.68, 0.95)])


def _cut(sleeve: Outline) -> Part:
    """Sleeves, then the trunk over them."""

    def draw(brush: Brush) -> None:
        for side in SIDES:
            brush.shape([(side * x, y) for x, y in sleeve], brush.tones.shade)
        brush.shape(TRUNK, brush.tones.main)
        brush.bare(ring(0, -0.95, 0.24, 0.12), brush.tones.shade)

    return draw


def _hoodie(brush: Brush) -> None:
    brush.oval(0, -1.0, 0.44, 0.34, brush.tones.shade)
    _cut(SLEEVE)(brush)
    brush.shape([(-0.4, -1.02), (0.4, -1.02), (0.3, -0.72), (0, -0.58), (-0.3, -0.72)], brush.tones.main)
    brush.bare(ring(0, -0.98, 0.26, 0.17), brush.tones.shade)
    brush.bar(-0.68, 0.84, 1.36, 0.11, brush.tones.shade)


def _polo(brush: Brush) -> None:
    _cut(SHORT)(brush)
    for side in SIDES:
        brush.shape([(0, -0.78), (side * 0.1, -0.98), (side * 0.3, -0.94), (side * 0.22, -0.7)], brush.tones.shade)
    brush.stroke([(0, -0.78), (0, -0.5)], 0.03)


GARMENTS: Mapping[str, Part] = {
    "hoodie": _hoodie,
    "jumper": _cut(SLEEVE),
    "shirt": _cut(SHORT),
    "polo": _polo,
}


def _pouch(brush: Brush) -> None:
    brush.shape([(-0.26, 0.25), (0.26, 0.25), (0.45, 0.75), (-0.45, 0.75)], brush.tones.shade)


def _breast(brush: Brush) -> None:
    brush.shape([(-0.48, -0.5), (-0.18, -0.5), (-0.18, -0.24), (-0.33, -0.16), (-0.48, -0.24)], brush.tones.shade)


def _zip(brush: Brush) -> None:
    brush.shape(round_box(-0.42, 0.4, 0.3, 0.05), brush.tones.second)
    brush.shape(round_box(0.12, 0.4, 0.3, 0.05), brush.tones.second)


POCKETS: Mapping[str, Part] = {BARE: nothing, "a pouch": _pouch, "on the breast": _breast, "two slits": _zip}


def _strings(length: float) -> Part:
    def draw(brush: Brush) -> None:
        for side in SIDES:
            brush.stroke([(side * 0.14, -0.66), (side * 0.16, -0.66 + length)], 0.04, WHITE)
            brush.dot(side * 0.16, -0.66 + length, 0.035, brush.tones.third)

    return draw


STRINGS: Mapping[str, Part] = {BARE: nothing, "short": _strings(0.18), "long": _strings(0.36)}


def _hem(brush: Brush) -> None:
    for y in (0.62, 0.74):
        brush.bar(-0.69, y, 1.38, 0.07, brush.tones.second)


def _yoke(brush: Brush) -> None:
    brush.bare([(-0.62, -0.7), (0.62, -0.7), (0.66, -0.6), (-0.66, -0.6)], brush.tones.third)


CUFFS: Mapping[str, Part] = {BARE: nothing, "two bands": _hem, "a band over the chest": _yoke}

FAMILIES: Sequence[Family] = (
    Family(name="sneaker_models", draw=sneaker_models),
    Family(name="hoodie_emblems", draw=hoodie_emblems),
)
