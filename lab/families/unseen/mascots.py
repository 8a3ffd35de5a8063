"""Mascots of brands.

mascot_holding   a brand's mascot on its ground   the thing in its hand is another one
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Spot, gradient, leaf, mix, ring, smooth, star, turned
from lab.families.kit import Family, Twins
from lab.families.unseen.strokes import HEADS, Board, Tones, coined, hsl, on, pair, tones, vivid

SIZES = ((640, 640), (800, 800), (560, 760), (640, 860), (900, 640), (720, 900))
KINDS = ("bear", "rabbit", "cat", "robot", "blob", "chick", "drop")
GROUNDS = ("rays", "disc", "plain", "stripes", "hills", "confetti")
TRADES = ("Snacks", "Bank", "Wallet", "Broadband", "Pharmacy", "Games", "Market", "Laundry", "Juice", "Parcel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mascot:
    """A mascot, where it stands and what is written there."""

    size: tuple[int, int]
    tones: Tones
    kind: str
    fur: str
    belly: str
    ground: str
    brand: str
    line: str
    face: str
    side: int
    is_outlined: bool
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What the mascot holds."""

    name: str
    colours: tuple[str, str]


type Pen = Callable[[Board, float, float, float, tuple[str, str]], None]


def mascot_holding(dice: Random) -> Twins:
    """A brand's mascot in the same pose on the same ground: it holds another thing."""
    names = dice.sample(tuple(THINGS), 2)
    one, other = (Thing(name=name, colours=(vivid(dice), vivid(dice))) for name in names)
    return pair(_mascot, _style(dice), (one, other), What.PICTURE, f"in its hand: {names[0]} became {names[1]}")


def _style(dice: Random) -> Mascot:
    fur = hsl(dice.random(), dice.uniform(0.2, 0.85), dice.uniform(0.35, 0.75))
    name = coined(dice)
    lines = (
        f"{name} says hello!",
        "More for you, every day",
        "Now in your town",
        "Come in and say hi",
        "Made with care",
    )
    return Mascot(
        size=dice.choice(SIZES),
        tones=tones(dice, 0.3),
        kind=dice.choice(KINDS),
        fur=fur,
        belly=mix(fur, "#fff4e0", dice.uniform(0.5, 0.85)),
        ground=dice.choice(GROUNDS),
        brand=f"{name} {dice.choice(TRADES)}",
        line=dice.choice(lines),
        face=dice.choice(HEADS),
        side=dice.choice((-1, 1)),
        is_outlined=dice.random() < 0.5,
        seed=dice.getrandbits(31),
    )


def _mascot(style: Mascot, thing: Thing) -> Image.Image:
    wide, high = style.size
    base = style.tones.ground
    sheet = Board(gradient(style.size, base, mix(base, style.tones.accent, 0.3)), style.seed)
    _ground(sheet, style)
    unit = min(wide, high * 0.8) / 100
    x, y = wide / 2 - style.side * 6 * unit, high * 0.53
    sheet.glow(x, y + 39 * unit, 34 * unit, "#000000", 0.55, 6 * unit)
    _body(sheet, style, x, y, unit)
    hand = (x + style.side * 36 * unit, y - 6 * unit)
    arm = [(x + style.side * 18 * unit, y + 8 * unit), (x + style.side * 30 * unit, y + 6 * unit), hand]
    sheet.line(arm, style.fur, 8 * unit)
    THINGS[thing.name](sheet, hand[0], hand[1], unit, thing.colours)
    sheet.circle(
        *hand, 5.4 * unit, style.fur, mix(style.fur, "#000000", 0.4) if style.is_outlined else None, 0.8 * unit
    )
    _words(sheet, style)
    return sheet.finish(2)


def _ground(sheet: Board, style: Mascot) -> None:
    (wide, high), dice, colours = style.size, Random(style.seed), style.tones
    tint = mix(colours.ground, colours.second, 0.35)
    if style.ground == "rays":
        for at in range(12):
            spokes = [(0.0, 0.0), (wide + high, -70.0), (wide + high, 70.0)]
            sheet.polygon(turned(spokes, wide / 2, high * 0.5, at * 30), tint)
    elif style.ground == "disc":
        sheet.circle(wide / 2, high * 0.52, min(wide, high) * 0.42, tint)
    elif style.ground == "stripes":
        for at in range(-10, 30, 2):
            sheet.polygon([(at * 50, 0), (at * 50 + 50, 0), (at * 50 + 350, high), (at * 50 + 300, high)], tint)
    elif style.ground == "hills":
        sheet.polygon(ring(wide * 0.2, high, wide * 0.7, high * 0.28), tint)
        sheet.polygon(ring(wide * 0.9, high, wide * 0.6, high * 0.2), mix(tint, colours.accent, 0.3))
    elif style.ground == "confetti":
        for _ in range(70):
            spot = (dice.uniform(0, wide), dice.uniform(0, high))
            sheet.polygon(turned([(-6, -3), (6, -3), (6, 3), (-6, 3)], *spot, dice.uniform(0, 180)), vivid(dice))


def _body(sheet: Board, style: Mascot, x: float, y: float, unit: float) -> None:
    """Legs, trunk, head with ears, face, and the arm that hangs."""
    dark = mix(style.fur, "#000000", 0.18)
    for side in (-1, 1):
        sheet.polygon(ring(x + side * 10 * unit, y + 36 * unit, 9 * unit, 5 * unit), dark)
    away = -style.side
    sheet.line([(x + away * 18 * unit, y + 8 * unit), (x + away * 28 * unit, y + 24 * unit)], dark, 8 * unit)
    _ears(sheet, style, x, y, unit)
    for outline in _trunk(style.kind, x, y, unit):
        sheet.shaded(outline, mix(style.fur, "#ffffff", 0.12), style.fur, dark)
        if style.is_outlined:
            sheet.line([*outline, outline[0]], mix(style.fur, "#000000", 0.5), unit)
    sheet.polygon(ring(x, y + 18 * unit, 13 * unit, 15 * unit), style.belly)
    _face(sheet, style, x, y - 17 * unit, unit)


def _trunk(kind: str, x: float, y: float, unit: float) -> list[list[Spot]]:
    if kind == "robot":
        boxes = ((-22, 0, 22, 36), (-20, -34, 20, -3))
        corners = [((a, b), (c, b), (c, d), (a, d)) for a, b, c, d in boxes]
        return [[(x + px * unit, y + py * unit) for px, py in box] for box in corners]
    if kind in ("blob", "drop"):
        tip = [(0, -46), (8, -36)] if kind == "drop" else [(0, -37), (14, -36)]
        half = [*tip, (22, -20), (27, 4), (26, 26), (16, 36)]
        both = [*half, *((-px, py) for px, py in reversed(half) if px)]
        return [smooth([(x + px * unit, y + py * unit) for px, py in both], closed=True)]
    return [ring(x, y + 16 * unit, 24 * unit, 22 * unit), ring(x, y - 16 * unit, 22 * unit, 19 * unit)]


def _ears(sheet: Board, style: Mascot, x: float, y: float, unit: float) -> None:
    for side in (-1, 1):
        if style.kind == "bear":
            sheet.circle(x + side * 16 * unit, y - 32 * unit, 7 * unit, style.fur)
            sheet.circle(x + side * 16 * unit, y - 32 * unit, 4 * unit, style.belly)
        elif style.kind == "rabbit":
            sheet.polygon(ring(x + side * 9 * unit, y - 42 * unit, 4.5 * unit, 14 * unit, side * 10), style.fur)
            sheet.polygon(ring(x + side * 9 * unit, y - 42 * unit, 2.2 * unit, 10 * unit, side * 10), style.belly)
        elif style.kind == "cat":
            points = ((6, -30), (20, -44), (21, -22))
            sheet.polygon([(x + side * px * unit, y + py * unit) for px, py in points], style.fur)
        elif style.kind == "robot":
            sheet.rect(x - 0.8 * unit, y - 43 * unit, 1.6 * unit, 10 * unit, "#777777")
            sheet.circle(x, y - 44 * unit, 3 * unit, style.tones.accent)
        elif style.kind == "chick":
            sheet.polygon(leaf(x, y - 32 * unit, 11 * unit, 5 * unit, -90 + side * 24), mix(style.fur, "#ff8800", 0.4))


def _face(sheet: Board, style: Mascot, x: float, y: float, unit: float) -> None:
    dice = Random(style.seed + 2)
    size, gap = dice.uniform(2.2, 4), dice.uniform(7, 10)
    for side in (-1, 1):
        sheet.circle(x + side * gap * unit, y, size * 1.35 * unit, "#ffffff")
        sheet.circle(x + side * gap * unit, y, size * unit, "#1a1a20")
        sheet.circle(x + side * gap * unit + unit, y - unit, size * 0.3 * unit, "#ffffff")
        sheet.circle(x + side * (gap + 5) * unit, y + 7 * unit, 2.6 * unit, "#ff7a8a66")
    if style.kind == "chick":
        sheet.polygon([(x - 4 * unit, y + 4 * unit), (x + 4 * unit, y + 4 * unit), (x, y + 10 * unit)], "#f59a23")
    else:
        sheet.polygon(ring(x, y + 4 * unit, 2.2 * unit, 1.5 * unit), "#33242a")
        sheet.line(ring(x, y + 6 * unit, 5 * unit, 4 * unit, first=15, last=165), "#33242a", 0.9 * unit)


def _words(sheet: Board, style: Mascot) -> None:
    wide, high = style.size
    ink = style.tones.ink
    sheet.fit(wide / 2, high * 0.07, style.brand, high * 0.062, ink, style.face, "mm", wide * 0.9)
    size = high * 0.036
    if style.seed % 2:
        sheet.rect(wide * 0.1, high * 0.91, wide * 0.8, high * 0.06, style.tones.accent, high * 0.03)
        ink = on(style.tones.accent)
    sheet.fit(wide / 2, high * 0.94, style.line, size, ink, "sans", "mm", wide * 0.7)


def _balloon(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.line([(x, y), (x + unit, y - 18 * unit)], "#555555", 0.5 * unit)
    sheet.shaded(ring(x + unit, y - 26 * unit, 8.5 * unit, 10 * unit), mix(colours[0], "#ffffff", 0.3), colours[0])
    sheet.polygon(ring(x - 2 * unit, y - 30 * unit, 1.6 * unit, 2.6 * unit, 25), "#ffffffaa")


def _cone(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.polygon([(x, y + 7 * unit), (x - 7 * unit, y - 9 * unit), (x + 7 * unit, y - 9 * unit)], "#d79b53")
    for px, py, colour in ((-4, -12, colours[0]), (4, -12, colours[1]), (0, -18, "#fff3dc")):
        sheet.circle(x + px * unit, y + py * unit, 5.4 * unit, colour)


def _flag(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.line([(x, y + 8 * unit), (x, y - 30 * unit)], "#7a5a3a", 1.3 * unit)
    sheet.rect(x, y - 30 * unit, 18 * unit, 6 * unit, colours[0])
    sheet.rect(x, y - 24 * unit, 18 * unit, 6 * unit, colours[1])


def _cup(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    corners = ((-6, -16), (6, -16), (4.6, 6), (-4.6, 6))
    sheet.polygon([(x + px * unit, y + py * unit) for px, py in corners], "#f7f3ea")
    sheet.rect(x - 5.8 * unit, y - 10 * unit, 11.6 * unit, 6 * unit, colours[0])
    sheet.rect(x - 7 * unit, y - 19 * unit, 14 * unit, 3.4 * unit, colours[1], unit)


def _umbrella(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.line([(x, y + 6 * unit), (x, y - 24 * unit)], "#4a4a4a", unit)
    sheet.polygon(ring(x, y - 18 * unit, 15 * unit, 14 * unit, first=180, last=360), colours[0])
    sheet.polygon(ring(x, y - 18 * unit, 5 * unit, 14 * unit, first=180, last=360), colours[1])


def _gift(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.rect(x - 8 * unit, y - 18 * unit, 16 * unit, 16 * unit, colours[0], unit)
    sheet.rect(x - 1.6 * unit, y - 18 * unit, 3.2 * unit, 16 * unit, colours[1])
    sheet.rect(x - 8 * unit, y - 12 * unit, 16 * unit, 3.2 * unit, colours[1])
    for side in (-1, 1):
        sheet.polygon(ring(x + side * 4 * unit, y - 20 * unit, 4 * unit, 2.2 * unit, side * -20), colours[1])


def _phone(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.rect(x - 6 * unit, y - 20 * unit, 12 * unit, 22 * unit, "#202329", 2 * unit)
    sheet.rect(x - 5 * unit, y - 18 * unit, 10 * unit, 17 * unit, mix(colours[0], "#ffffff", 0.4))
    sheet.rect(x - 4 * unit, y - 15 * unit, 8 * unit, 3 * unit, colours[1], unit)


def _bloom(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.line([(x, y + 8 * unit), (x, y - 18 * unit)], "#3f8f4a", 1.2 * unit)
    sheet.polygon(leaf(x, y - 6 * unit, 9 * unit, 4 * unit, -30), "#4ba557")
    for at in range(7):
        sheet.polygon(leaf(x, y - 20 * unit, 9 * unit, 5 * unit, at * 360 / 7), colours[0])
    sheet.circle(x, y - 20 * unit, 3 * unit, "#f4d35e")


def _trophy(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.circle(x - 7 * unit, y - 15 * unit, 4 * unit, None, "#c9992c", 1.2 * unit)
    sheet.circle(x + 7 * unit, y - 15 * unit, 4 * unit, None, "#c9992c", 1.2 * unit)
    sheet.shaded(ring(x, y - 20 * unit, 8 * unit, 14 * unit, first=0, last=180), "#ffe08a", "#d9a62e")
    sheet.rect(x - 1.5 * unit, y - 7 * unit, 3 * unit, 5 * unit, "#c9992c")
    sheet.rect(x - 6 * unit, y - 3 * unit, 12 * unit, 5 * unit, colours[0])


def _coin(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.shaded(ring(x, y - 11 * unit, 10.5 * unit, 10.5 * unit), "#ffe9a0", "#d8a22a")
    sheet.circle(x, y - 11 * unit, 8 * unit, None, "#a87813", 0.7 * unit)
    sheet.polygon(star(x, y - 11 * unit, 6 * unit, 2.6 * unit, 5), colours[0])


def _wand(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.line([(x - 2 * unit, y + 9 * unit), (x + 3 * unit, y - 16 * unit)], colours[1], 1.8 * unit)
    sheet.polygon(star(x + 4 * unit, y - 21 * unit, 9 * unit, 4 * unit, 5, -80), "#f7d046")


def _slice(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.polygon([(x, y + 4 * unit), (x - 10 * unit, y - 20 * unit), (x + 10 * unit, y - 20 * unit)], "#f5c451")
    sheet.rect(x - 11 * unit, y - 23 * unit, 22 * unit, 4.4 * unit, "#c27a35", 2 * unit)
    for px, py in ((-4, -15), (4, -14), (0, -7)):
        sheet.circle(x + px * unit, y + py * unit, 2.2 * unit, colours[0])


def _book(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.rect(x - 8 * unit, y - 20 * unit, 16 * unit, 22 * unit, colours[0], unit)
    sheet.rect(x - 8 * unit, y - 20 * unit, 3 * unit, 22 * unit, mix(colours[0], "#000000", 0.35))
    sheet.rect(x - 3 * unit, y - 16 * unit, 8 * unit, 5 * unit, colours[1])


def _board(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    sheet.line([(x, y + 10 * unit), (x, y - 10 * unit)], "#8a6a44", 1.6 * unit)
    sheet.rect(x - 11 * unit, y - 26 * unit, 22 * unit, 15 * unit, colours[0], 2 * unit)
    sheet.say(x, y - 18.5 * unit, "50%", 8 * unit, on(colours[0]), "bold", "mm")


def _carrot(sheet: Board, x: float, y: float, unit: float, colours: tuple[str, str]) -> None:
    del colours
    for turn in (-115, -90, -65):
        sheet.polygon(leaf(x, y - 16 * unit, 12 * unit, 4 * unit, turn), "#4ba557")
    sheet.shaded(leaf(x, y - 18 * unit, 30 * unit, 12 * unit, 90), "#f39a3e", "#d96c1c")


THINGS: Mapping[str, Pen] = {
    "a balloon": _balloon,
    "an ice cream": _cone,
    "a flag": _flag,
    "a cup": _cup,
    "an umbrella": _umbrella,
    "a gift": _gift,
    "a phone": _phone,
    "a flower": _bloom,
    "a trophy": _trophy,
    "a coin": _coin,
    "a wand": _wand,
    "a slice of pizza": _slice,
    "a book": _book,
    "a price board": _board,
    "a carrot": _carrot,
}

FAMILIES: Sequence[Family] = (Family(name="mascot_holding", draw=mascot_holding),)
