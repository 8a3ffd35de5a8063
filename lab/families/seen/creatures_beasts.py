"""Made-up animals for cards and stickers, and the things that heroes of games carry.

beast(dice) -> Beast -> draw_beast(pens, x, y, r, beast)
ITEMS: sword, potion, ... in the manner of `products_symbols.SYMBOLS`
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from lab.drawings.kit import Sheet, leaf, mix, ring, smooth, star, turned
from lab.families.seen.products_pens import HUES, hsl
from lab.families.seen.products_symbols import SYMBOLS, Symbol

KINDS = ("round", "walker", "dragon", "bird", "serpent", "swimmer", "beetle")
CROWNS = ("horns", "ears", "feelers", "spikes", "none")
DARK = "#15161a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beast:
    """An animal: its kind of body, what is on its head, and its colours."""

    kind: str
    crown: str
    eyes: int
    skin: str
    belly: str
    accent: str
    has_spots: bool

    @property
    def shade(self) -> str:
        """The skin's colour in shade."""
        return mix(self.skin, "#000000", 0.35)


def beast(dice: Random, kind: str = "") -> Beast:
    """Return a beast of this kind ("" = any) with colours and features rolled."""
    hue = dice.uniform(0, HUES)
    skin = hsl(hue, dice.uniform(0.35, 0.85), dice.uniform(0.35, 0.65))
    return Beast(
        kind=kind or dice.choice(KINDS),
        crown=dice.choice(CROWNS),
        eyes=dice.choice((1, 2, 2, 2, 3)),
        skin=skin,
        belly=mix(skin, "#fff6dc", 0.65),
        accent=hsl(hue + dice.uniform(90, 270), 0.8, 0.55),
        has_spots=dice.random() < 0.5,
    )


def two_beasts(dice: Random) -> tuple[Beast, Beast]:
    """Two animals of different kinds."""
    first, other = dice.sample(KINDS, 2)
    return beast(dice, first), beast(dice, other)


def draw_beast(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    """The animal around x, y, within r."""
    BODIES[one.kind](pens, x, y, r, one)


def _round(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    for side in (-1, 1):
        pens.polygon(ring(x + side * r * 0.42, y + r * 0.85, r * 0.3, r * 0.15), one.shade)
        pens.polygon(leaf(x + side * r * 0.6, y, r * 0.55, r * 0.3, 90 - side * 60), one.shade)
    _head(pens, x, y + r * 0.1, r * 0.78, one)


def _walker(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    for dx, ink in ((-0.62, one.shade), (0.1, one.shade), (-0.4, one.skin), (0.32, one.skin)):
        pens.rect(x + r * dx, y + r * 0.3, r * 0.2, r * 0.6, ink, r * 0.08)
    pens.line(
        smooth([(x - r * 0.6, y), (x - r * 0.95, y - r * 0.2), (x - r * 0.85, y - r * 0.6)]), one.accent, r * 0.12
    )
    trunk = ring(x - r * 0.1, y + r * 0.15, r * 0.68, r * 0.36)
    pens.shaded(trunk, mix(one.skin, "#ffffff", 0.2), one.skin, one.shade)
    _spots(pens, x - r * 0.2, y + r * 0.1, r * 0.5, one)
    _head(pens, x + r * 0.5, y - r * 0.3, r * 0.4, one)


def _dragon(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    for side in (-1, 1):
        wing = [(0.1, 0.1), (0.95, -0.75), (0.85, -0.1), (0.65, -0.15), (0.6, 0.3), (0.4, 0.15)]
        pens.polygon(turned([(side * px, py) for px, py in wing], x, y, 0, r), one.accent)
    pens.line(smooth([(x, y + r * 0.7), (x + r * 0.6, y + r * 0.85), (x + r * 0.9, y + r * 0.4)]), one.shade, r * 0.16)
    trunk = smooth(turned([(0, -0.4), (0.45, 0.4), (0.3, 0.9), (-0.3, 0.9), (-0.45, 0.4)], x, y, 0, r), closed=True)
    pens.shaded(trunk, one.skin, one.shade)
    pens.polygon(ring(x, y + r * 0.5, r * 0.26, r * 0.36), one.belly)
    for row in range(3):
        pens.line([(x - r * 0.2, y + r * (0.35 + 0.15 * row)), (x + r * 0.2, y + r * (0.35 + 0.15 * row))], one.skin, 2)
    _head(pens, x, y - r * 0.45, r * 0.38, one)


def _bird(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    for dx in (-0.15, 0.1):
        pens.line(
            [(x + r * dx, y + r * 0.5), (x + r * dx, y + r * 0.92), (x + r * (dx + 0.15), y + r * 0.92)],
            one.accent,
            r * 0.06,
        )
    for angle in (160, 175, 190):
        pens.polygon(leaf(x - r * 0.3, y + r * 0.2, r * 0.75, r * 0.22, angle), one.accent)
    pens.shaded(ring(x, y + r * 0.15, r * 0.5, r * 0.45, 20), one.skin, one.shade)
    pens.polygon(leaf(x + r * 0.2, y, r * 0.8, r * 0.42, 150), one.shade)
    _head(pens, x + r * 0.38, y - r * 0.4, r * 0.36, one)
    pens.polygon(turned([(0.66, -0.42), (1, -0.28), (0.64, -0.2)], x, y, 0, r), one.accent)


def _serpent(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    coil = [(-0.9, 0.3), (-0.6, 0.8), (0.1, 0.6), (0.75, 0.75), (0.8, 0.2), (0.1, 0.15), (-0.35, -0.05), (0, -0.4)]
    way = smooth(turned(coil, x, y, 0, r), steps=14)
    for share, ink in ((0.27, one.shade), (0.2, one.skin)):
        pens.line(way, ink, r * share)
    for px, py in way[4:-8:8]:
        pens.circle(px, py, r * 0.06, one.accent if one.has_spots else one.belly)
    _head(pens, x + r * 0.02, y - r * 0.5, r * 0.36, one)


def _swimmer(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    pens.polygon(smooth(turned([(0.4, 0), (1, -0.6), (0.8, 0), (1, 0.6)], x, y, 0, r), closed=True), one.accent)
    for angle in (-100, -75, 100):
        pens.polygon(leaf(x, y, r * 0.85, r * 0.4, angle), one.accent)
    pens.shaded(ring(x - r * 0.15, y, r * 0.75, r * 0.5), mix(one.skin, "#ffffff", 0.2), one.skin, one.shade)
    pens.polygon(ring(x - r * 0.2, y + r * 0.25, r * 0.5, r * 0.2), one.belly)
    _spots(pens, x + r * 0.1, y - r * 0.1, r * 0.4, one)
    _eyes(pens, x - r * 0.5, y - r * 0.1, r * 0.5, one)
    pens.line(ring(x - r * 0.75, y + r * 0.15, r * 0.15, r * 0.12, 0, 0, 120), DARK, r * 0.04)


def _beetle(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    for side in (-1, 1):
        for dy in (-0.1, 0.25, 0.6):
            leg = [(0.3, dy), (0.8, dy - 0.15), (0.98, dy + 0.2)]
            pens.line(turned([(side * px, py) for px, py in leg], x, y, 0, r), one.shade, r * 0.08)
    _head(pens, x, y - r * 0.5, r * 0.34, one)
    shell = ring(x, y + r * 0.3, r * 0.6, r * 0.62)
    pens.shaded(shell, mix(one.skin, "#ffffff", 0.3), one.skin, one.shade)
    pens.line([(x, y - r * 0.3), (x, y + r * 0.9)], one.shade, r * 0.05)
    for side in (-1, 1):
        for dy, size in ((0.05, 0.12), (0.4, 0.15), (0.7, 0.09)):
            pens.circle(x + side * r * 0.3, y + r * dy, r * size, one.accent if one.has_spots else one.belly)


def _spots(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    if one.has_spots:
        for dx, dy, size in ((-0.6, -0.1, 0.16), (-0.1, 0.15, 0.2), (0.35, -0.2, 0.14)):
            pens.circle(x + r * dx, y + r * dy, r * size, one.accent)


def _head(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    """With what it wears behind, its eyes, and a mouth."""
    for side in (-1, 1):
        if one.crown == "horns":
            horn = [(0.3, -0.75), (0.75, -1.4), (0.8, -0.45)]
            pens.polygon(turned([(side * px, py) for px, py in horn], x, y, 0, r), one.belly)
        elif one.crown == "ears":
            pens.polygon(leaf(x + side * r * 0.5, y - r * 0.5, r * 0.95, r * 0.55, -90 + side * 25), one.shade)
        elif one.crown == "feelers":
            pens.line([(x + side * r * 0.3, y - r * 0.6), (x + side * r * 0.65, y - r * 1.3)], one.shade, r * 0.1)
            pens.circle(x + side * r * 0.65, y - r * 1.3, r * 0.16, one.accent)
    if one.crown == "spikes":
        pens.polygon(star(x, y - r * 0.1, r * 1.3, r * 0.85, 14), one.accent)
    pens.shaded(ring(x, y, r, r * 0.92), mix(one.skin, "#ffffff", 0.25), one.skin, one.shade)
    pens.polygon(ring(x, y + r * 0.45, r * 0.5, r * 0.3), one.belly)
    _eyes(pens, x, y - r * 0.15, r, one)
    pens.line(ring(x, y + r * 0.38, r * 0.25, r * 0.18, 0, 10, 170), DARK, max(2, r * 0.07))


def _eyes(pens: Sheet, x: float, y: float, r: float, one: Beast) -> None:
    for step in range(one.eyes):
        at = x + r * 0.72 * (step - (one.eyes - 1) / 2) * (0.8 if one.eyes == 3 else 1)
        size = r * (0.36 if one.eyes == 1 else 0.24)
        pens.circle(at, y, size, "#fdfcf5")
        pens.circle(at + size * 0.15, y + size * 0.1, size * 0.55, DARK)
        pens.circle(at - size * 0.05, y - size * 0.2, size * 0.2, "#ffffff")


BODIES = {
    "round": _round,
    "walker": _walker,
    "dragon": _dragon,
    "bird": _bird,
    "serpent": _serpent,
    "swimmer": _swimmer,
    "beetle": _beetle,
}


def sword(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a sword."""
    blade = [(-0.12, 0.35), (-0.12, -0.75), (0, -1), (0.12, -0.75), (0.12, 0.35)]
    pens.polygon(turned(blade, x, y, 40, r), ink)
    pens.polygon(turned([(-0.45, 0.32), (0.45, 0.32), (0.45, 0.46), (-0.45, 0.46)], x, y, 40, r), second)
    pens.polygon(turned([(-0.09, 0.46), (0.09, 0.46), (0.12, 0.95), (-0.12, 0.95)], x, y, 40, r), second)


def potion(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a bottle of potion."""
    pens.rect(x - r * 0.22, y - r * 0.8, r * 0.44, r * 0.6, second)
    pens.rect(x - r * 0.3, y - r * 0.95, r * 0.6, r * 0.22, mix(second, "#000000", 0.3))
    pens.circle(x, y + r * 0.3, r * 0.65, second)
    pens.polygon(ring(x, y + r * 0.3, r * 0.52, r * 0.52, 0, -20, 200), ink)
    pens.circle(x - r * 0.22, y + r * 0.1, r * 0.12, "#ffffff")


def shield(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a shield."""
    edge = [(0, -0.95), (0.8, -0.7), (0.75, 0.1), (0.4, 0.7), (0, 0.98), (-0.4, 0.7), (-0.75, 0.1), (-0.8, -0.7)]
    pens.polygon(turned(edge, x, y, 0, r), ink)
    pens.polygon(turned(edge, x, y, 0, r * 0.75), second)
    pens.rect(x - r * 0.1, y - r * 0.7, r * 0.2, r * 1.4, ink)
    pens.rect(x - r * 0.55, y - r * 0.3, r * 1.1, r * 0.2, ink)


def axe(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw an axe."""
    pens.line(turned([(0, -0.9), (0, 0.95)], x, y, 25, r), second, r * 0.17)
    blade = [(0.08, -0.75), (0.7, -1), (0.85, -0.45), (0.65, 0.1), (0.08, -0.15)]
    pens.polygon(turned(blade, x, y, 25, r), ink)
    pens.polygon(turned([(-px * 0.55, py) for px, py in blade], x, y, 25, r), ink)


def bow(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a bow with an arrow."""
    pens.line(ring(x - r * 0.3, y, r * 0.85, r * 0.95, 0, -80, 80), ink, r * 0.15)
    pens.line([(x - r * 0.15, y - r * 0.92), (x - r * 0.15, y + r * 0.92)], second, r * 0.06)
    pens.line([(x - r * 0.75, y), (x + r * 0.8, y)], second, r * 0.08)
    pens.polygon(turned([(0.7, -0.18), (1, 0), (0.7, 0.18)], x, y, 0, r), ink)


def staff(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a wizard's staff."""
    pens.line(turned([(0, -0.5), (0, 1)], x, y, 20, r), second, r * 0.15)
    spot = turned([(0, -0.65)], x, y, 20, r)[0]
    pens.polygon(star(*spot, r * 0.48, r * 0.24, 8), ink)
    pens.circle(*spot, r * 0.18, "#ffffff")


def scroll(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a scroll with writing."""
    pens.rect(x - r * 0.6, y - r * 0.75, r * 1.2, r * 1.5, "#f0e2bd")
    for dy in (-0.85, 0.65):
        pens.rect(x - r * 0.8, y + r * dy, r * 1.6, r * 0.25, second, r * 0.1)
    for dy in (-0.4, -0.1, 0.2):
        pens.line([(x - r * 0.4, y + r * dy), (x + r * 0.4, y + r * dy)], ink, r * 0.1)


def bomb(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a bomb with a burning fuse."""
    pens.circle(x - r * 0.1, y + r * 0.25, r * 0.7, ink)
    pens.line(
        smooth([(x + r * 0.3, y - r * 0.3), (x + r * 0.5, y - r * 0.7), (x + r * 0.75, y - r * 0.6)]),
        "#c9b48a",
        r * 0.12,
    )
    pens.polygon(star(x + r * 0.8, y - r * 0.62, r * 0.3, r * 0.12, 6), second)
    pens.circle(x - r * 0.35, y, r * 0.14, mix(ink, "#ffffff", 0.6))


def loop(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a ring with a stone."""
    pens.circle(x, y + r * 0.25, r * 0.65, edge=ink, w=r * 0.2)
    pens.polygon(turned([(-0.35, -0.75), (0.35, -0.75), (0.5, -0.5), (0, -0.15), (-0.5, -0.5)], x, y, 0, r), second)


def coin(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a coin."""
    pens.circle(x, y, r * 0.9, second)
    pens.circle(x, y, r * 0.7, ink)
    pens.rect(x - r * 0.12, y - r * 0.42, r * 0.24, r * 0.84, second)


def spiral(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a spiral on a disc."""
    pens.circle(x, y, r * 0.95, ink)
    way = [(x + r * 0.8 * t / 40 * cos(t * pi / 9), y + r * 0.8 * t / 40 * sin(t * pi / 9)) for t in range(41)]
    pens.line(way, second, r * 0.16)


ITEMS: Mapping[str, Symbol] = {
    "sword": sword,
    "potion": potion,
    "shield": shield,
    "axe": axe,
    "bow": bow,
    "staff": staff,
    "scroll": scroll,
    "bomb": bomb,
    "ring": loop,
    "coin": coin,
    "shell": spiral,
    **{name: SYMBOLS[name] for name in ("key", "gem", "crown", "mushroom", "apple", "heart", "skull", "fish", "flash")},
}
