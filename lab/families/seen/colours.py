"""Kits of a club in other colours: the cut, the pattern and the crest stay.

club_kits   the shirt of a club, alone or with shorts and socks   home and away, one colour, or the trim alone
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random

from core.types import What
from lab.drawings.kit import Outline, gradient, mix, ring, turned
from lab.families.kit import Family, Twins
from lab.families.seen.colours_paint import (
    EMBLEMS,
    another,
    became,
    clipped,
    folds,
    ground_of,
    mirrored,
    painted,
    unlike,
)
from lab.families.seen.products_pens import Pens, any_face, box, coined, flat_lay, hsl, ink_on
from lab.families.seen.products_symbols import symbol

CLOTH = (
    *("#c8102e", "#0b3d91", "#f4c300", "#00843d", "#f4f4f2", "#141416", "#f77f00", "#5bb5e8", "#6b1f4b", "#00a19c"),
    *("#7a1626", "#e85d9e", "#3b2a7a", "#9aa0a8"),
)
SIZES = ((800, 800), (720, 900), (900, 720), (640, 800), (1000, 750), (560, 840))
CLUBS = ("FC", "United", "Rovers", "SV", "Athletic", "Town", "Sport", "04")
CHARGES = (*EMBLEMS, "cup")
SEASONS = tuple(f"{year}/{year - 1999}" for year in range(2012, 2031))

SHIRT: Outline = mirrored(
    [(0, -0.9), (0.2, -1), (0.62, -0.86), (1.1, -0.2), (0.84, -0.02), (0.6, -0.38), (0.56, 0.2), (0.6, 1), (0, 1.03)]
)
SLEEVE: Outline = [(0.57, -0.88), (1.12, -0.2), (0.84, -0.02), (0.6, -0.38)]
SHORTS: Outline = mirrored([(0, 0), (0.5, 0), (0.68, 0.78), (0.1, 0.84), (0, 0.36)])
SOCK: Outline = [(-0.12, 0), (0.12, 0), (0.11, 0.5), (0.3, 0.66), (0.26, 0.76), (-0.1, 0.74)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dye:
    """The colours of a kit."""

    body: str
    second: str
    trim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What both kits share.

    x, y, r   the middle of the shirt and half its height
    full      with shorts and socks
    """

    x: float
    y: float
    r: float
    pattern: str
    collar: str
    word: str
    number: str
    face: str
    crest: str
    full: bool
    seed: int

    def at(self, points: Outline, side: int = 1, y: float = 0, x: float = 0) -> list[tuple[float, float]]:
        """Points of the cut where they are on the picture, turned around for the left side."""
        return turned([((px + x) * side, py + y) for px, py in points], self.x, self.y, 0, self.r)


def club_kits(dice: Random) -> Twins:
    """The home and the away kit of one club, or a kit with another trim."""
    width, height = size = dice.choice(SIZES)
    cut, pens = _cut(dice, width, height), _kit_ground(dice, size)
    one, other, says = _dyes(dice, cut.pattern)
    club, face = f"{coined(dice)} {dice.choice(CLUBS)}", any_face(dice)
    _banner(dice, pens, club, face)
    pictures = painted(pens, partial(_dressed, cut=cut), (one, other), dice.choice((0, 2, 4)))
    return Twins(reference=pictures[0], query=pictures[1], differs=What.COLOUR, says=says)


def _kit_ground(dice: Random, size: tuple[int, int]) -> Pens:
    kind, seed = dice.choice(("flat", "white", "loud")), dice.getrandbits(32)
    if kind == "flat":
        return Pens(flat_lay(dice, size), seed)
    if kind == "white":
        return Pens(gradient(size, "#ffffff", "#eceef1"), seed)
    tone = hsl(dice.uniform(0, 360), dice.uniform(0.2, 0.7), dice.uniform(0.15, 0.4))
    pens = Pens(gradient(size, mix(tone, "#000000", 0.3), tone), seed)
    for step in range(0, size[0] + size[1], dice.choice((40, 70, 110))):
        pens.line([(step, 0), (step - size[1], size[1])], mix(tone, "#ffffff", 0.3) + "50", dice.choice((2, 9)))
    return pens


def _cut(dice: Random, width: int, height: int) -> Cut:
    full = height > width and dice.random() < 0.6
    r = min(width * 0.38, height * (0.24 if full else 0.38))
    return Cut(
        x=width * (0.5 if width < height * 1.2 else dice.choice((0.34, 0.5, 0.64))),
        y=height * (0.32 if full else 0.47),
        r=r,
        pattern=dice.choice(tuple(PATTERNS)),
        collar=dice.choice(("round", "vee")),
        word=coined(dice),
        number=str(dice.randint(1, 30)) if dice.random() < 0.5 else "",
        face=any_face(dice, ("bold", "serif-bold", "plain", "times-bold")),
        crest=dice.choice(CHARGES),
        full=full,
        seed=dice.getrandbits(32),
    )


def _dyes(dice: Random, pattern: str) -> tuple[Dye, Dye, str]:
    body = dice.choice(CLOTH)
    second = unlike(dice, CLOTH, body)
    one = Dye(body=body, second=second, trim=unlike(dice, CLOTH, body))
    change = dice.choice(("all", "body", "trim", *(("body",) if pattern == "plain" else ("second", "swap"))))
    if change == "swap":
        return one, replace(one, body=second, second=body), "the two colours of the kit are exchanged"
    if change == "all":
        body, second = unlike(dice, CLOTH, body, second), unlike(dice, CLOTH, second)
        second = second if second != body else unlike(dice, CLOTH, body, second)
        return one, replace(one, body=body, second=second), "the kit has other colours"
    return one, *_one_dye(dice, one, change)


def _one_dye(dice: Random, dye: Dye, change: str) -> tuple[Dye, str]:
    if change == "body":
        body = another(dice, dye.body, dye.second, dye.trim)
        return replace(dye, body=body), became("shirt", dye.body, body)
    if change == "second":
        second = unlike(dice, CLOTH, dye.second, dye.body)
        return replace(dye, second=second), became("second colour of the kit", dye.second, second)
    trim = unlike(dice, CLOTH, dye.trim, dye.body)
    return replace(dye, trim=trim), became("trim", dye.trim, trim)


def _banner(dice: Random, pens: Pens, club: str, face: str) -> None:
    ink, season = ink_on(ground_of(pens, 0.95)), dice.choice(SEASONS)
    size = pens.height * dice.uniform(0.03, 0.05)
    x, anchor = dice.choice(((pens.width * 0.05, "l"), (pens.width * 0.5, "m"), (pens.width * 0.95, "r")))
    y = pens.height * 0.955
    pens.letters(x, y, f"{club}  |  {season}", face, size, ink, anchor=f"{anchor}m", room=pens.width * 0.85)


def _dressed(pens: Pens, dye: Dye, cut: Cut) -> None:
    if cut.full:
        _below_the_belt(pens, dye, cut)
    shirt = cut.at(SHIRT)
    pens.shadow(shirt, cut.r * 0.05, 0.4, 0, cut.r * 0.03)
    clipped(pens, shirt, partial(_shirt, dye=dye, cut=cut))
    folds(pens, shirt, cut.seed, 0.42)
    pens.veil(shirt, -0.22, 0.02, 0.08, 0.02, -0.24)
    _badges(pens, dye, cut)


def _shirt(pens: Pens, dye: Dye, cut: Cut) -> None:
    x, y, r = cut.x, cut.y, cut.r
    pens.rect(x - 1.3 * r, y - 1.2 * r, 2.6 * r, 2.4 * r, dye.body)
    PATTERNS[cut.pattern](pens, dye, cut)
    for side in (-1, 1):
        if cut.pattern != "sleeves":
            pens.polygon(cut.at(SLEEVE, side), dye.body)
        pens.line(cut.at([(0.57, -0.88), (0.6, -0.38)], side), "#00000040", r * 0.012)
        pens.line(cut.at([(1.12, -0.2), (0.82, 0.0)], side), dye.trim, r * 0.16)
    neck = ring(x, y - r, r * 0.22, r * 0.16) if cut.collar == "round" else cut.at([(-0.22, -1), (0.22, -1), (0, -0.7)])
    pens.polygon(neck, mix(dye.body, "#000000", 0.45))
    pens.line([*neck, neck[0]], dye.trim, r * 0.055)
    pens.line(cut.at([(-0.62, 1), (0, 1.03), (0.62, 1)]), dye.trim, r * 0.06)


def _badges(pens: Pens, dye: Dye, cut: Cut) -> None:
    x, y, r = cut.x, cut.y, cut.r
    ink = ink_on(dye.second if cut.pattern in ("band", "halves", "stripes", "hoops", "checks") else dye.body)
    edge = ink_on(ink)
    pens.polygon(cut.at([(0.2, -0.6), (0.42, -0.6), (0.42, -0.42), (0.31, -0.32), (0.2, -0.42)]), "#f3f1ea")
    symbol(pens, cut.crest, x + r * 0.31, y - r * 0.49, r * 0.08, "#23395d", "#d8a84a")
    pens.line(cut.at([(-0.42, -0.48), (-0.32, -0.56), (-0.22, -0.48)]), ink, r * 0.03)
    below = ink_on(dye.body) if cut.pattern == "band" else ink
    for shift, word, number in ((0.008, edge, ink_on(below)), (0, ink, below)):
        spot = x + shift * r
        pens.letters(spot, y + (shift - 0.1) * r, cut.word, cut.face, r * 0.2, word, room=r * 0.95)
        pens.letters(spot, y + (shift + 0.38) * r, cut.number, cut.face, r * 0.5, number)


def _below_the_belt(pens: Pens, dye: Dye, cut: Cut) -> None:
    for side in (-1, 1):
        sock = cut.at(SOCK, side, 1.72, 0.98)
        pens.shadow(sock, cut.r * 0.04, 0.35, 0, cut.r * 0.02)
        pens.polygon(sock, dye.body)
        pens.polygon(cut.at(box(-0.12, 0.06, 0.24, 0.1), side, 1.72, 0.98), dye.trim)
        pens.veil(sock, -0.2, 0.1, -0.2)
    shorts = cut.at(SHORTS, 1, 1.18)
    pens.shadow(shorts, cut.r * 0.05, 0.4, 0, cut.r * 0.03)
    pens.polygon(shorts, dye.second)
    pens.line(cut.at([(-0.5, 1.21), (0.5, 1.21)]), dye.trim, cut.r * 0.06)
    folds(pens, shorts, cut.seed + 1, 0.4)


def _no_pattern(_pens: Pens, _dye: Dye, _cut: Cut) -> None:
    """One colour alone."""


def _bars(pens: Pens, dye: Dye, cut: Cut, wide: float, step: float, upright: bool) -> None:
    x, y, r = cut.x, cut.y, cut.r
    for at in range(-8, 9):
        place = at * step - wide / 2
        if abs(place) < 1.3 and upright:
            pens.rect(x + place * r, y - 1.1 * r, wide * r, 2.3 * r, dye.second)
        elif abs(place) < 1.3:
            pens.rect(x - 1.3 * r, y + place * r, 2.6 * r, wide * r, dye.second)


def _half(pens: Pens, dye: Dye, cut: Cut) -> None:
    pens.rect(cut.x, cut.y - 1.1 * cut.r, 1.3 * cut.r, 2.3 * cut.r, dye.second)


def _sash(pens: Pens, dye: Dye, cut: Cut) -> None:
    pens.polygon(cut.at([(0.35, -1.1), (0.75, -0.9), (-0.35, 1.1), (-0.8, 0.9)]), dye.second)


def _band(pens: Pens, dye: Dye, cut: Cut) -> None:
    pens.rect(cut.x - cut.r, cut.y - cut.r * 0.28, cut.r * 2, cut.r * 0.38, dye.second)


def _sleeves(pens: Pens, dye: Dye, cut: Cut) -> None:
    for side in (-1, 1):
        pens.polygon(cut.at(SLEEVE, side), dye.second)


def _checks(pens: Pens, dye: Dye, cut: Cut) -> None:
    step = cut.r * 0.25
    for row in range(9):
        for column in range(row % 2, 11, 2):
            pens.rect(cut.x + (column - 5.5) * step, cut.y - 1.1 * cut.r + row * step, step, step, dye.second)


PATTERNS: Mapping[str, Callable[[Pens, Dye, Cut], None]] = {
    "plain": _no_pattern,
    "stripes": partial(_bars, wide=0.16, step=0.32, upright=True),
    "pinstripes": partial(_bars, wide=0.03, step=0.17, upright=True),
    "hoops": partial(_bars, wide=0.2, step=0.4, upright=False),
    "halves": _half,
    "sash": _sash,
    "band": _band,
    "sleeves": _sleeves,
    "checks": _checks,
}

FAMILIES: Sequence[Family] = (Family(name="club_kits", draw=club_kits),)
