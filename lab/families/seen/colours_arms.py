"""Coats of arms in other tinctures: the shield, what is on it, the crown and the motto stay.

coat_of_arms   a shield, alone or with a crown and laurels   one tincture, or all of them
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Outline, Spot, gradient, leaf, mix, paper, ring, smooth, star, turned
from lab.edits.words import phrase
from lab.families.kit import Family, Twins
from lab.families.seen.colours_paint import EMBLEMS, became, clipped, folds, mirrored, painted, unlike
from lab.families.seen.products_pens import Pens, any_face, coined, hsl, wood
from lab.families.seen.products_symbols import symbol

SIZES = ((720, 900), (800, 800), (640, 840), (900, 760), (560, 720))
TINCTURES = ("#b8141f", "#1b3f94", "#e9b824", "#0f7a3d", "#f2f1ec", "#1a1a1d", "#6a2a78", "#c46a1d", "#6fb4dc")
CHARGES = (*EMBLEMS, "gem")
GOLD, STEEL = ("#f6dd8a", "#c7962c", "#8a611a"), ("#f4f6f8", "#a7adb5", "#5f6670")

SHIELDS: Mapping[str, Outline] = {
    "heater": smooth(mirrored([(0.0, -1), (0.84, -1), (0.84, -0.2), (0.58, 0.55), (0, 1.05)]), True, 6),
    "straight": mirrored([(0, -1), (0.85, -1), (0.85, 0.1), (0.74, 0.5), (0.45, 0.82), (0, 1.05)]),
    "round foot": [(-0.82, -1), (0.82, -1), *ring(0, 0.15, 0.82, 0.85, 0, 0, 180)],
    "notched": mirrored(
        [(0, -0.94), (0.4, -1), (0.9, -0.8), (0.78, -0.4), (0.86, 0.1), (0.7, 0.6), (0.3, 0.85), (0, 1.05)]
    ),
    "disc": ring(0, 0, 0.98, 0.98),
    "oval": ring(0, 0, 0.8, 1.02),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tinctures:
    """The ground, what divides it, and the charge."""

    field: str
    second: str
    charge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """What both coats of arms share; x, y is the middle of the shield, r half its height."""

    x: float
    y: float
    r: float
    shield: str
    division: str
    charge: str
    spots: Sequence[Spot]
    metal: Sequence[str]
    gloss: bool
    seed: int

    def at(self, points: Outline, size: float = 1) -> list[Spot]:
        """Return the points in the frame of the shield, `size` times as large."""
        return turned(points, self.x, self.y, 0, self.r * size)


def coat_of_arms(dice: Random) -> Twins:
    """One coat of arms, in which one tincture or all are other ones."""
    width, height = size = dice.choice(SIZES)
    pens, arms = _ground(dice, size), _arms(dice, width, height)
    one, other, says = _tinctures(dice)
    _around(dice, pens, arms)
    pictures = painted(pens, partial(_blazoned, arms=arms), (one, other), dice.choice((0, 3, 6)))
    return Twins(reference=pictures[0], query=pictures[1], differs=What.COLOUR, says=says)


def _ground(dice: Random, size: tuple[int, int]) -> Pens:
    kind, seed = dice.choice(("parchment", "white", "dark", "wood", "cloth")), dice.getrandbits(32)
    if kind == "white":
        return Pens(Image.new("RGB", size, "#ffffff"), seed)
    if kind == "parchment":
        return Pens(paper(size, "#f3e6c8", "#d9bf8c", seed, 5), seed)
    if kind == "wood":
        return Pens(wood(size, "#8a5c36", "#4b2f1c", seed, dice.randint(3, 6)), seed)
    tone = hsl(dice.uniform(0, 360), dice.uniform(0.1, 0.6), 0.13 if kind == "dark" else dice.uniform(0.3, 0.75))
    return Pens(gradient(size, mix(tone, "#ffffff", 0.12), mix(tone, "#000000", 0.25)), seed)


def _arms(dice: Random, width: int, height: int) -> Arms:
    return Arms(
        x=width / 2,
        y=height * dice.uniform(0.47, 0.51),
        r=min(width * 0.36, height * dice.uniform(0.25, 0.31)),
        shield=dice.choice(tuple(SHIELDS)),
        division=dice.choice(tuple(DIVISIONS)),
        charge=dice.choice(CHARGES),
        spots=dice.choice(([(0.0, 0.0)], [(-0.38, -0.5), (0.38, -0.5), (0.0, 0.42)], [(0.0, -0.45)], [(0.34, 0.2)])),
        metal=dice.choice((GOLD, STEEL)),
        gloss=dice.random() < 0.6,
        seed=dice.getrandbits(32),
    )


def _tinctures(dice: Random) -> tuple[Tinctures, Tinctures, str]:
    field = dice.choice(TINCTURES)
    second = unlike(dice, TINCTURES, field)
    one = Tinctures(field=field, second=second, charge=unlike(dice, TINCTURES, field, second))
    change = dice.choice(("field", "second", "charge", "all"))
    if change == "all":
        field = unlike(dice, TINCTURES, one.field)
        second = unlike(dice, TINCTURES, field, one.second)
        charge = unlike(dice, TINCTURES, field, second, one.charge)
        return one, Tinctures(field=field, second=second, charge=charge), "the arms have other tinctures"
    colours = {"field": one.field, "second": one.second, "charge": one.charge}
    fresh = unlike(dice, TINCTURES, colours[change], *colours.values())
    thing = {"field": "field", "second": "second tincture", "charge": "charge"}[change]
    return one, replace(one, **{change: fresh}), became(thing, colours[change], fresh)


def _around(dice: Random, pens: Pens, arms: Arms) -> None:
    """What stands around the shield: laurels, a crown, a scroll with the motto."""
    if dice.random() < 0.5:
        _laurels(pens, arms, dice.choice(("#3d6b35", "#a8812f", "#7b8791", "#2f5560")))
    if dice.random() < 0.7:
        _crown(pens, arms, dice.choice(TINCTURES))
    motto = dice.choice((phrase(dice, 2, 4), f"{coined(dice)} {phrase(dice, 1, 2)}", coined(dice)))
    _scroll(pens, arms, motto.upper() if dice.random() < 0.5 else motto.title(), any_face(dice))


def _laurels(pens: Pens, arms: Arms, green: str) -> None:
    for side in (-1, 1):
        stem = smooth(arms.at([(side * 0.2, 1.25), (side * 0.95, 0.85), (side * 1.15, 0), (side * 0.95, -0.75)]))
        pens.line(stem, mix(green, "#000000", 0.4), arms.r * 0.025)
        for step in range(1, len(stem) - 1, 2):
            for turn in (-35, 35):
                up = -100 + side * (40 - step * 3) + turn
                pens.polygon(leaf(*stem[step], arms.r * 0.28, arms.r * 0.11, up), mix(green, "#ffffff", step % 3 * 0.1))


def _crown(pens: Pens, arms: Arms, jewel: str) -> None:
    rim = [(-0.42, -1.12), (-0.55, -1.5), (-0.28, -1.32), (0, -1.62), (0.28, -1.32), (0.55, -1.5), (0.42, -1.12)]
    pens.shaded(arms.at(rim), *arms.metal)
    for x, y in ((-0.55, -1.52), (0, -1.64), (0.55, -1.52)):
        spot = arms.at([(x, y)])[0]
        pens.circle(*spot, arms.r * 0.06, arms.metal[0], arms.metal[2], 1)
    pens.shaded(arms.at([(-0.42, -1.2), (0.42, -1.2), (0.42, -1.06), (-0.42, -1.06)]), *reversed(arms.metal))
    for x in (-0.25, 0, 0.25):
        pens.polygon(star(*arms.at([(x, -1.13)])[0], arms.r * 0.05, arms.r * 0.03, 4), jewel)


def _scroll(pens: Pens, arms: Arms, motto: str, face: str) -> None:
    curl = arms.r * 0.15
    for side in (-1, 1):
        tail = arms.at([(side * 0.85, 1.22), (side * 1.3, 1.2), (side * 1.16, 1.33), (side * 1.3, 1.47)])
        pens.polygon([*tail, *arms.at([(side * 0.85, 1.46)])], "#bfa878")
    band = smooth(arms.at([(-1, 1.2), (0, 1.27), (1, 1.2)]), False, 12)
    under = [(x, y + curl * 1.75) for x, y in reversed(band)]
    pens.shadow([*band, *under], arms.r * 0.03, 0.35, 0, arms.r * 0.03)
    pens.polygon([*band, *under], "#f2e6c6")
    pens.line([*band, *under, band[0]], "#7b6436", 1.5)
    x, y = arms.at([(0, 1.39)])[0]
    pens.letters(x, y, motto, face, arms.r * 0.17, "#3a2c14", room=arms.r * 1.75)


def _blazoned(pens: Pens, tinctures: Tinctures, arms: Arms) -> None:
    shield = arms.at(SHIELDS[arms.shield])
    pens.shadow(shield, arms.r * 0.06, 0.5, 0, arms.r * 0.05)
    pens.shaded(arms.at(SHIELDS[arms.shield], 1.05), *arms.metal)
    clipped(pens, shield, partial(_face, tinctures=tinctures, arms=arms))
    if arms.gloss:
        folds(pens, shield, arms.seed, 0.3, 3)
        pens.veil(shield, 0.22, 0.05, -0.02, -0.28)
    pens.line([*shield, shield[0]], "#1b1712", arms.r * 0.025)


def _face(pens: Pens, tinctures: Tinctures, arms: Arms) -> None:
    pens.polygon(arms.at([(-1.1, -1.1), (1.1, -1.1), (1.1, 1.1), (-1.1, 1.1)]), tinctures.field)
    for points in DIVISIONS[arms.division]():
        pens.polygon(arms.at(points), tinctures.second)
        pens.line(arms.at([*points, points[0]]), "#00000060", 1.5)
    r = arms.r * (0.42 if len(arms.spots) == 1 else 0.24)
    for x, y in arms.spots:
        spot = arms.at([(x, y)])[0]
        symbol(pens, arms.charge, *spot, r, tinctures.charge, mix(tinctures.charge, "#000000", 0.45))


def _block(x: float, y: float, wide: float, high: float) -> Outline:
    return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]


def _bars() -> Sequence[Outline]:
    return [_block(-1.1, y / 10, 2.2, 0.3) for y in (-7, -1, 5)]


def _pallets() -> Sequence[Outline]:
    return [_block(x / 10, -1.1, 0.26, 2.3) for x in (-7, -2, 3)]


def _chequers() -> Sequence[Outline]:
    return [_block(x / 3 - 1, y / 3 - 1, 1 / 3, 1 / 3) for y in range(7) for x in range(6) if (x + y) % 2]


DIVISIONS: Mapping[str, Callable[[], Sequence[Outline]]] = {
    "per pale": lambda: [_block(0, -1.1, 1.1, 2.3)],
    "per fess": lambda: [_block(-1.1, 0, 2.2, 1.2)],
    "quarterly": lambda: [_block(0, -1.1, 1.1, 1.1), _block(-1.1, 0, 1.1, 1.2)],
    "bend": lambda: [[(-1.1, -1.15), (-0.7, -1.15), (1.1, 0.85), (1.1, 1.3)]],
    "chevron": lambda: [[(-1, 0.75), (0, -0.15), (1, 0.75), (1, 1.2), (0, 0.3), (-1, 1.2)]],
    "chief": lambda: [_block(-1.1, -1.1, 2.2, 0.62)],
    "cross": lambda: [_block(-0.17, -1.1, 0.34, 2.3), _block(-1.1, -0.3, 2.2, 0.34)],
    "pile": lambda: [[(-0.8, -1.1), (0.8, -1.1), (0, 0.9)]],
    "per bend": lambda: [[(-1.1, -1.1), (1.1, 1.1), (-1.1, 1.2)]],
    "bars": _bars,
    "pallets": _pallets,
    "chequers": _chequers,
}

FAMILIES: Sequence[Family] = (Family(name="coat_of_arms", draw=coat_of_arms),)
