"""Painted things before a photograph: the photograph and the outlines stay.

car_paint     a car from its side          its paint
balloons      balloons or umbrellas        one, some, or all of them
wristbands    bands of an event, laid out  one, or all of them: the ticket of another day
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import cos, sin
from random import Random

from PIL import Image, ImageFilter

from core.types import What
from lab.drawings.kit import Outline, Spot, gradient, mix, ring, smooth, turned
from lab.edits.words import phrase
from lab.families.kit import Family, Twins, photograph
from lab.families.seen.colours_paint import another, became, clipped, folds, mirrored, painted
from lab.families.seen.products_pens import Pens, any_face, box, coined, flat_lay, hsl, ink_on, stage, vivid

SIZES = ((900, 640), (1000, 700), (800, 800), (960, 600), (840, 700))
UPRIGHT = ((700, 900), (800, 800), (640, 860), (900, 720), (1000, 750))
PAINTS = (
    *("#b3151d", "#1d3f8f", "#e7e8ea", "#17181b", "#8f959c", "#2c6b3f", "#e0a11b", "#7fb2d6", "#5a1f2a", "#d9662a"),
    *("#38606b", "#c7b08a"),
)

HATCH: Outline = [
    *((-0.98, 0.2), (-0.97, -0.02), (-0.9, -0.2), (-0.72, -0.3), (-0.56, -0.52), (-0.3, -0.62), (0.1, -0.6)),
    *((0.3, -0.5), (0.5, -0.26), (0.8, -0.2), (0.94, -0.08), (0.98, 0.08), (0.97, 0.2)),
]
SALOON: Outline = [
    *((-0.99, 0.18), (-0.98, -0.1), (-0.85, -0.2), (-0.6, -0.22), (-0.38, -0.48), (-0.1, -0.56), (0.12, -0.52)),
    *((0.36, -0.24), (0.7, -0.18), (0.92, -0.08), (0.99, 0.06), (0.98, 0.2)),
]
VAN: Outline = [
    *((-0.97, 0.2), (-0.97, -0.6), (-0.9, -0.72), (-0.4, -0.74), (0.3, -0.73), (0.46, -0.66), (0.68, -0.3)),
    *((0.9, -0.2), (0.97, -0.02), (0.97, 0.2)),
]
CARS: Mapping[str, tuple[Outline, Sequence[Outline]]] = {
    "hatch": (
        HATCH,
        (
            [(-0.62, -0.29), (-0.5, -0.47), (-0.3, -0.55), (-0.14, -0.56), (-0.14, -0.27)],
            [(-0.1, -0.56), (0.08, -0.54), (0.24, -0.46), (0.39, -0.26), (-0.1, -0.27)],
        ),
    ),
    "saloon": (
        SALOON,
        (
            [(-0.5, -0.22), (-0.34, -0.42), (-0.1, -0.5), (-0.08, -0.22)],
            [(-0.04, -0.5), (0.1, -0.47), (0.28, -0.22), (-0.04, -0.22)],
        ),
    ),
    "van": (
        VAN,
        (
            [(-0.82, -0.58), (-0.42, -0.58), (-0.42, -0.3), (-0.82, -0.3)],
            [(-0.36, -0.58), (0.06, -0.58), (0.06, -0.3), (-0.36, -0.3)],
            [(0.14, -0.58), (0.4, -0.58), (0.57, -0.28), (0.14, -0.28)],
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """A car whose wheels stand at y; half is half its length."""

    x: float
    y: float
    half: float
    shape: str
    side: int
    rims: int
    stripe: str
    plate: str
    word: str
    face: str
    seed: int

    def at(self, points: Outline) -> list[Spot]:
        """Return the points in the frame of the car, mirrored if it drives to the left."""
        return [(self.x + px * self.half * self.side, self.y + (py - 0.36) * self.half) for px, py in points]


def car_paint(dice: Random) -> Twins:
    """The same car on the same street in another paint."""
    width, height = size = dice.choice(SIZES)
    pens, car = _street(dice, size), _car(dice, width, height)
    paint = dice.choice(PAINTS)
    other = another(dice, paint)
    one, two = painted(pens, partial(_parked, car=car), (paint, other), dice.choice((2, 5)))
    return Twins(reference=one, query=two, differs=What.COLOUR, says=became("car", paint, other))


def _street(dice: Random, size: tuple[int, int]) -> Pens:
    """A photograph out of focus with a road before it, or a studio."""
    seed = dice.getrandbits(32)
    if dice.random() < 0.2:
        return stage(dice, size, seed)
    photo = photograph(dice, *size)
    pens = Pens(photo.filter(ImageFilter.GaussianBlur(dice.choice((0, 1, 3)))), seed)
    tone, top = hsl(dice.uniform(0, 360), 0.06, dice.uniform(0.25, 0.6)), round(size[1] * 0.68)
    pens.lay(gradient((size[0], size[1] - top), mix(tone, "#000000", 0.15), mix(tone, "#ffffff", 0.1)), 0, top)
    pens.lay(gradient((size[0], 8), mix(tone, "#ffffff", 0.4), mix(tone, "#000000", 0.3)), 0, top - 8)
    for step in range(5 if dice.random() < 0.5 else 0):
        pens.polygon(
            turned(box(0, 0, size[0] * 0.12, 7), size[0] * (step * 0.24 - 0.05), size[1] * 0.94, 0), "#eeeeeab0"
        )
    return pens


def _car(dice: Random, width: int, height: int) -> Car:
    return Car(
        x=width * dice.uniform(0.46, 0.54),
        y=height * dice.uniform(0.8, 0.88),
        half=width * dice.uniform(0.3, 0.43),
        shape=dice.choice(tuple(CARS)),
        side=dice.choice((-1, 1)),
        rims=dice.choice((5, 6, 8, 10)),
        stripe=dice.choice(("", "", "#f4f4f2", "#15161a")),
        plate=f"{coined(dice)[:2].upper()} {dice.randint(100, 9999)}",
        word=coined(dice) if dice.random() < 0.4 else "",
        face=any_face(dice),
        seed=dice.getrandbits(32),
    )


def _parked(pens: Pens, paint: str, car: Car) -> None:
    outline, windows = CARS[car.shape]
    half = car.half
    pens.shadow(ring(car.x, car.y, half, half * 0.07), half * 0.04, 0.75, 0, half * 0.01)
    body = car.at([*smooth(outline, False, 8), (0.95, 0.26), (-0.95, 0.26)])
    clipped(pens, body, partial(_bodywork, paint=paint, car=car))
    pens.veil(body, 0.28, 0.1, -0.02, 0.06, -0.25, -0.5, across=False)
    for glass in windows:
        pens.shaded(car.at(glass), "#9fb4c4", "#27313b")
        pens.polygon(car.at([glass[0], glass[1], glass[-1]]), "#ffffff30")
        pens.line(car.at([*glass, glass[0]]), "#121418", half * 0.012)
    for wheel in (-0.6, 0.6):
        _wheel(pens, car, wheel)


def _bodywork(pens: Pens, paint: str, car: Car) -> None:
    half, dark = car.half, mix(paint, "#000000", 0.55)
    pens.polygon(car.at([(-1.1, -0.9), (1.1, -0.9), (1.1, 0.4), (-1.1, 0.4)]), paint)
    if car.stripe:
        pens.polygon(car.at([(-1, -0.02), (1, -0.02), (1, 0.04), (-1, 0.04)]), car.stripe)
    pens.polygon(car.at([(-1, 0.17), (1, 0.17), (1, 0.3), (-1, 0.3)]), "#1b1d20")
    for door in (-0.36, 0.1 if car.shape == "van" else -0.11, 0.4):
        pens.line(car.at([(door, -0.5), (door, 0.15)]), dark, half * 0.007)
    for handle in (-0.28, 0.22):
        pens.line(car.at([(handle, -0.15), (handle + 0.09, -0.15)]), dark, half * 0.02)
    pens.line(car.at([(-0.97, -0.09), (0.97, -0.06)]), mix(paint, "#ffffff", 0.35) + "a0", half * 0.01)
    pens.polygon(car.at([(0.86, -0.13), (0.99, -0.1), (0.99, 0.0), (0.88, -0.03)]), "#f6f3dc")
    pens.polygon(car.at([(-1, -0.1), (-0.92, -0.12), (-0.92, 0.03), (-1, 0.03)]), "#a3121a")
    if car.word:
        x, y = car.at([(-0.1, 0.05)])[0]
        pens.letters(x, y, car.word, car.face, half * 0.11, ink_on(paint), room=half * 0.7)
    for wheel in (-0.6, 0.6):
        pens.circle(*car.at([(wheel, 0.18)])[0], half * 0.215, "#0c0d0f")


def _wheel(pens: Pens, car: Car, wheel: float) -> None:
    (x, y), r = car.at([(wheel, 0.18)])[0], car.half * 0.18
    pens.circle(x, y, r, "#17181b")
    pens.circle(x, y, r * 0.66, "#c3c8cf")
    for step in range(car.rims):
        angle = 6.283 * step / car.rims + 0.3
        pens.line([(x, y), (x + cos(angle) * r * 0.62, y + sin(angle) * r * 0.62)], "#5a6068", r * 0.09)
    pens.circle(x, y, r * 0.66, edge="#7d838b", w=r * 0.07)
    pens.circle(x, y, r * 0.14, "#2a2d32")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bunch:
    """What floats, where (x, y, size, tilt), and the knot that the strings run to."""

    kind: str
    spots: Sequence[tuple[float, float, float, float]]
    knot: Spot
    shine: float


def balloons(dice: Random) -> Twins:
    """Balloons or umbrellas before the same photograph, some in other colours."""
    width, height = size = dice.choice(UPRIGHT)
    pens, bunch = Pens(_sky(dice, size), dice.getrandbits(32)), _bunch(dice, width, height)
    colours = [vivid(dice, 0.35, 0.65) for _ in bunch.spots]
    if dice.random() < 0.3:
        colours = [colours[n % 2] for n in range(len(colours))]
    count = dice.choice((1, 1, max(1, len(colours) // 3), len(colours)))
    turns = dice.sample(range(len(colours)), count)
    others = [another(dice, colour) if n in turns else colour for n, colour in enumerate(colours)]
    one, two = painted(pens, partial(_floating, bunch=bunch), (colours, others), dice.choice((0, 4)))
    says = f"{count} of {len(colours)} {bunch.kind} have another colour"
    if count == 1:
        says = became(f"{bunch.kind[:-1]}", colours[turns[0]], others[turns[0]])
    return Twins(reference=one, query=two, differs=What.COLOUR, says=says)


def _sky(dice: Random, size: tuple[int, int]) -> Image.Image:
    if dice.random() < 0.25:
        return gradient(size, *dice.choice((("#6fa8dc", "#e6f1fa"), ("#2b3a67", "#e8a87c"), ("#f7d6e0", "#fdf6ec"))))
    return photograph(dice, *size)


def _bunch(dice: Random, width: int, height: int) -> Bunch:
    kind, count = dice.choice(tuple(FLOATS)), dice.randint(3, 11)
    r = (width * height / count) ** 0.5 * dice.uniform(0.26, 0.36)
    spots: list[tuple[float, float, float, float]] = []
    for _ in range(count):
        tries = [(dice.uniform(r, width - r), dice.uniform(r * 1.1, height * 0.8 - r * 0.3)) for _ in range(12)]
        x, y = max(tries, key=lambda spot: min([1e6, *(abs(spot[0] - a) + abs(spot[1] - b) for a, b, *_ in spots)]))
        spots.append((x, y, r * dice.uniform(0.75, 1.1), dice.uniform(-14, 14)))
    knot = (width * dice.uniform(0.4, 0.6), height * 1.02)
    return Bunch(kind=kind, spots=sorted(spots, key=lambda spot: spot[1]), knot=knot, shine=dice.uniform(0.3, 0.7))


def _floating(pens: Pens, colours: Sequence[str], bunch: Bunch) -> None:
    for (x, y, r, tilt), colour in zip(bunch.spots, colours, strict=True):
        FLOATS[bunch.kind](pens, (x, y), r, tilt, colour, bunch)


def _balloon(pens: Pens, spot: Spot, r: float, tilt: float, colour: str, bunch: Bunch) -> None:
    """A round one on a string."""
    (x, y), dark = spot, mix(colour, "#000000", 0.35)
    low = turned([(0, r * 1.12)], x, y, tilt)[0]
    pens.line(smooth([low, ((low[0] * 2 + bunch.knot[0]) / 3, y + r * 2), bunch.knot]), "#f4f4f2a0", max(1, r * 0.02))
    half: Outline = [(0, -1), (0.52, -0.86), (0.82, -0.4), (0.78, 0.1), (0.42, 0.7), (0.06, 1.02)]
    skin = turned(smooth(mirrored(half), True, 5), x, y, tilt, r)
    pens.polygon(skin, colour)
    pens.polygon(turned([(0, 1), (0.12, 1.14), (-0.12, 1.14)], x, y, tilt, r), dark)
    pens.veil(skin, 0.12, 0.02, -0.08, -0.38)
    pens.veil(skin, 0.1, 0, -0.22, across=False)
    pens.glow(x - r * 0.3, y - r * 0.4, r * 0.32, "#ffffff", bunch.shine, r * 0.42)


def _umbrella(pens: Pens, spot: Spot, r: float, tilt: float, colour: str, bunch: Bunch) -> None:
    """One seen from its side, with ribs and a crook."""
    x, y = spot
    pens.line(turned([(0, -0.9), (0, 0.85)], x, y, tilt, r), "#3a2a1e", r * 0.05)
    pens.line(turned(ring(0.12, 0.85, 0.12, 0.14, 0, 0, 180), x, y, tilt, r), "#3a2a1e", r * 0.06)
    for first, last, share in ((-1, -0.5, 0.18), (-0.5, 0.0, 0.0), (0.0, 0.5, 0.07), (0.5, 1, 0.26)):
        edge = [(first + (last - first) * t / 6, 0.02 - 0.1 * (1 - abs(t - 3) / 3)) for t in range(7)]
        rise = [(first * cos(a), -0.85 * sin(a)) for a in (0.0, 0.35, 0.7, 1.05, 1.35, 1.571)]
        fall = [(last * cos(a), -0.85 * sin(a)) for a in (1.35, 1.05, 0.7, 0.35, 0.0)]
        pens.polygon(turned([*rise, *fall, *reversed(edge)], x, y, tilt, r), mix(colour, "#000000", share))
    pens.glow(x - r * 0.3, y - r * 0.45, r * 0.35, "#ffffff", bunch.shine * 0.6, r * 0.25)


def _lantern(pens: Pens, spot: Spot, r: float, tilt: float, colour: str, bunch: Bunch) -> None:
    """One of paper with ribs, that hangs from a thread."""
    x, y = spot
    pens.line([(x, 0), (x, y)], "#22222290", max(1, r * 0.02))
    skin = ring(x, y, r * 0.85, r * 0.8)
    pens.polygon(skin, colour)
    pens.glow(x, y, r * 0.7, mix(colour, "#ffffff", 0.7), bunch.shine)
    for row in (-0.55, -0.3, -0.05, 0.2, 0.45):
        wide = 0.85 * (1 - (row / 0.8) ** 2) ** 0.5
        pens.line(ring(x, y + row * r, wide * r, r * 0.1, 0, 0, 180), mix(colour, "#000000", 0.35) + "a0", r * 0.02)
    for dy in (-0.84, 0.74):
        pens.rect(x - r * 0.25, y + dy * r, r * 0.5, r * 0.1, "#2b1d16", r * 0.03)
    for dx in (-0.1, 0, 0.1):
        pens.line([(x + dx * r, y + r * 0.84), (x + (dx + tilt / 200) * r, y + r * 1.15)], "#c7962c", r * 0.03)


type Float = Callable[[Pens, Spot, float, float, str, Bunch], None]
FLOATS: Mapping[str, Float] = {"balloons": _balloon, "umbrellas": _umbrella, "lanterns": _lantern}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """Bands across the picture, and what is printed on all of them."""

    ys: Sequence[float]
    thick: float
    tilts: Sequence[float]
    words: Sequence[str]
    face: str
    seed: int


def wristbands(dice: Random) -> Twins:
    """Wristbands of an event on the same table: another colour is another day or another class."""
    size = dice.choice(SIZES)
    pens, bands = _table(dice, size), _bands(dice, size[1])
    colours = [vivid(dice, 0.3, 0.65) for _ in bands.ys]
    at, everything = dice.randrange(len(colours)), len(colours) > 1 and dice.random() < 0.25
    others = [another(dice, colour) if everything or n == at else colour for n, colour in enumerate(colours)]
    says = "all wristbands have another colour" if everything else became("wristband", colours[at], others[at])
    one, two = painted(pens, partial(_laid_out, bands=bands), (colours, others), dice.choice((0, 4)))
    return Twins(reference=one, query=two, differs=What.COLOUR, says=says)


def _table(dice: Random, size: tuple[int, int]) -> Pens:
    """A photograph or a table."""
    return Pens(photograph(dice, *size) if dice.random() < 0.7 else flat_lay(dice, size), dice.getrandbits(32))


def _bands(dice: Random, height: int) -> Bands:
    count, tilt = dice.choice((1, 1, 2, 3, 4)), dice.uniform(-12, 12)
    thick = min(height * dice.uniform(0.09, 0.16), height * 0.62 / count)
    event = f"{coined(dice).upper()} {dice.choice(('FESTIVAL', 'OPEN AIR', 'NIGHTS', 'EXPO', 'ARENA'))}"
    words = [f"{dice.randint(100000, 999999)}", event, dice.choice(("ADMIT ONE", "ENTRY", phrase(dice, 1, 2).upper()))]
    return Bands(
        ys=[height * (0.5 + (step - (count - 1) / 2) * 0.78 / count) for step in range(count)],
        thick=thick,
        tilts=[tilt + dice.uniform(-2, 2) for _ in range(count)],
        words=words,
        face=any_face(dice, ("bold", "plain", "sans", "mono", "serif-bold")),
        seed=dice.getrandbits(32),
    )


def _laid_out(pens: Pens, colours: Sequence[str], bands: Bands) -> None:
    for y, tilt, colour in zip(bands.ys, bands.tilts, colours, strict=True):
        flat = _band(pens.width * 0.86, bands.thick, colour, bands).rotate(-tilt, Image.Resampling.BICUBIC, True)
        edge = turned(
            box(-pens.width * 0.43, -bands.thick / 2, pens.width * 0.86, bands.thick), pens.width / 2, y, tilt
        )
        pens.shadow(edge, bands.thick * 0.08, 0.5, 0, bands.thick * 0.06)
        pens.put(flat, pens.width / 2 - flat.width / 4, y - flat.height / 4)


def _band(wide: float, high: float, colour: str, bands: Bands) -> Image.Image:
    """One of paper: a tab with holes, the event, a number and bars."""
    pens, ink = Pens.clear(wide, high), ink_on(colour)
    whole = [
        (0.0, high * 0.1),
        (high * 0.1, 0.0),
        (wide - high * 0.5, 0.0),
        (wide, high * 0.5),
        (wide - high * 0.5, high),
    ]
    whole = [*whole, (high * 0.1, high), (0.0, high * 0.9)]
    pens.polygon(whole, colour)
    pens.polygon(box(wide * 0.84, high * 0.05, wide * 0.09, high * 0.9), mix(colour, "#ffffff", 0.55))
    for step in range(5):
        pens.circle(wide * (0.03 + 0.022 * step), high / 2, high * 0.07, mix(colour, "#000000", 0.5))
    number, event, kind = bands.words
    pens.letters(wide * 0.55, high * 0.36, event, bands.face, high * 0.42, ink, room=wide * 0.5)
    pens.letters(wide * 0.55, high * 0.76, kind, bands.face, high * 0.2, ink, room=wide * 0.4)
    pens.letters(wide * 0.885, high * 0.5, number, bands.face, high * 0.2, "#222228", room=wide * 0.08)
    dice = Random(bands.seed)
    for step in range(26):
        pens.rect(
            wide * 0.16 + step * wide * 0.0042, high * 0.2, wide * 0.0042 * dice.choice((0.3, 0.7)), high * 0.6, ink
        )
    shape = pens.image.getchannel("A")
    folds(pens, whole, bands.seed, 0.2, 6)
    pens.image.putalpha(shape)
    return pens.image


FAMILIES: Sequence[Family] = (
    Family(name="car_paint", draw=car_paint, is_photographic=True),
    Family(name="balloons", draw=balloons, is_photographic=True),
    Family(name="wristbands", draw=wristbands, is_photographic=True),
)
