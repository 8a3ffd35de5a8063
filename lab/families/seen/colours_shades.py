"""Make-up and furniture in other shades: the product, the ground and the maker's name stay.

polish_shades        nail polish, lipsticks or tins of paint of one range   one shade, or all of them
armchair_upholstery  a chair or a sofa on white, as a shop shows it         its cover, hardly ever its feet
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Outline, Spot, gradient, mix, ring, smooth, turned
from lab.edits.words import phrase
from lab.families.kit import Family, Twins
from lab.families.seen.colours_paint import another, became, folds, ground_of, mirrored, painted
from lab.families.seen.products_pens import Pens, any_face, box, coined, flat_lay, hsl, ink_on, stage

SIZES = ((800, 800), (720, 900), (900, 680), (600, 800), (1000, 700))
WIDE = ((900, 700), (800, 800), (1000, 750), (760, 640), (640, 800))
STUDIO = ("#ffffff", "#ffffff", "#f7f7f5", "#eef0f2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Products of one range beside each other.

    foot    where they stand, in the picture's height
    wide    how much room each has
    high    of one product
    names   what is on the labels
    """

    kind: str
    spots: Sequence[float]
    foot: float
    wide: float
    high: float
    maker: str
    face: str
    metal: str
    smear: bool
    names: Sequence[str]
    seed: int


def polish_shades(dice: Random) -> Twins:
    """Nail polish, lipsticks or paint of one range, of which one has another shade or all have."""
    width, height = size = dice.choice(SIZES)
    series, pens = _range(dice, width, height), _counter(dice, size)
    shades = _shades(dice, len(series.spots))
    at = dice.randrange(len(shades))
    everything = len(shades) > 1 and dice.random() < 0.25
    others = [another(dice, shade) if everything or at == n else shade for n, shade in enumerate(shades)]
    says = "all shades are other ones" if everything else became(f"shade number {at + 1}", shades[at], others[at])
    one, other = painted(pens, partial(_set_out, series=series), (shades, others), dice.choice((0, 3)))
    return Twins(reference=one, query=other, differs=What.COLOUR, says=says)


def _counter(dice: Random, size: tuple[int, int]) -> Pens:
    kind, seed = dice.choice(("white", "stage", "stage", "pastel")), dice.getrandbits(32)
    if kind == "stage":
        return stage(dice, size, seed)
    tone = "#ffffff" if kind == "white" else hsl(dice.uniform(0, 360), dice.uniform(0.2, 0.7), dice.uniform(0.8, 0.92))
    return Pens(gradient(size, tone, mix(tone, "#000000", 0.05)), seed)


def _range(dice: Random, width: int, height: int) -> Range:
    count = dice.choice((1, 1, 2, 3, 4) if width < height * 1.2 else (1, 2, 3, 4, 5))
    wide = width * 0.86 / count
    return Range(
        kind=dice.choice(tuple(PRODUCTS)),
        spots=[width * 0.07 + wide * (step + 0.5) for step in range(count)],
        foot=height * dice.uniform(0.78, 0.86),
        wide=wide,
        high=min(height * dice.uniform(0.52, 0.62), wide * 2.1),
        maker=coined(dice),
        face=any_face(dice),
        metal=dice.choice(("#1b1b1f", "#d9b26a", "#c9ced4", "#f4f2ee", "#e0a89a")),
        smear=dice.random() < 0.6,
        names=[f"{dice.randint(100, 999)}" if count > 2 else phrase(dice, 1, 2).title() for _ in range(count)],
        seed=dice.getrandbits(32),
    )


def _shades(dice: Random, count: int) -> list[str]:
    """Shades of one hue, or a rainbow."""
    hue, strength = dice.uniform(0, 360), dice.uniform(0.35, 0.85)
    if dice.random() < 0.5:
        return [hsl(hue, strength, 0.25 + 0.5 * (step + 1) / (count + 1)) for step in range(count)]
    return [hsl(hue + 360 * step / count, strength, dice.uniform(0.3, 0.65)) for step in range(count)]


def _set_out(pens: Pens, shades: Sequence[str], series: Range) -> None:
    ink = mix(ink_on(ground_of(pens, 0.09)), ground_of(pens, 0.09), 0.2)
    pens.letters(pens.width / 2, pens.height * 0.09, series.maker, series.face, pens.height * 0.055, ink)
    for x, shade, name in zip(series.spots, shades, series.names, strict=True):
        PRODUCTS[series.kind](pens, x, shade, series)
        if series.smear:
            _smear(pens, x, shade, series)
        size, ink = min(series.wide * 0.16, pens.height * 0.032), ink_on(ground_of(pens, 0.99))
        y = pens.height * (0.975 if series.smear else 0.93)
        pens.letters(x, y, name, series.face, size, ink, room=series.wide * 0.9)


def _smear(pens: Pens, x: float, shade: str, series: Range) -> None:
    """A stroke of it below."""
    reach, y = min(series.wide, series.high) * 0.4, (series.foot + pens.height) / 2 + pens.height * 0.005
    thick = min(pens.height * 0.035, reach * 0.35)
    rough = [(-1.0, -0.4), (-0.6, -1), (0.3, -0.8), (0.95, -1), (1.1, 0.1), (0.8, 0.8), (0, 1), (-0.8, 0.8)]
    stroke = smooth([(x + px * reach, y + py * thick) for px, py in rough], True)
    pens.polygon(stroke, shade)
    folds(pens, stroke, series.seed + 1, 0.35, 4)
    pens.veil(stroke, 0.25, 0, -0.15, across=False)


def _polish(pens: Pens, x: float, shade: str, series: Range) -> None:
    """A bottle of nail polish with a tall cap."""
    high, foot = series.high, series.foot
    r = min(series.wide * 0.36, high * 0.27)
    half: Outline = [(0.4, -0.52), (0.75, -0.49), (1, -0.42), (1, -0.03), (0.88, 0)]
    body = [(x + px * r, foot + py * high) for px, py in mirrored(half)]
    pens.shadow(ring(x, foot, r * 1.1, high * 0.03), high * 0.02, 0.45, 0, 2)
    pens.polygon(body, shade)
    pens.veil(body, -0.35, 0.05, 0.35, 0.05, -0.05, -0.15, -0.4)
    _cap(pens, box(x - r * 0.42, foot - high, r * 0.84, high * 0.5), series.metal)
    pens.letters(x, foot - high * 0.2, series.maker, series.face, r * 0.3, ink_on(shade), room=r * 1.6)


def _lipstick(pens: Pens, x: float, shade: str, series: Range) -> None:
    """A stick with a slanting tip that is turned out of its case."""
    high, foot = series.high, series.foot
    r = min(series.wide * 0.26, high * 0.14)
    stick = [(x - r * 0.72, foot - high * 0.55), (x - r * 0.72, foot - high * 0.82)]
    stick = [
        *stick,
        *smooth([(x - r * 0.4, foot - high * 0.93), (x + r * 0.3, foot - high), (x + r * 0.72, foot - high)]),
    ]
    stick = [*stick, (x + r * 0.72, foot - high * 0.55)]
    pens.shadow(ring(x, foot, r * 1.3, high * 0.025), high * 0.02, 0.45, 0, 2)
    pens.polygon(stick, shade)
    pens.veil(stick, -0.3, 0.1, 0.3, 0, -0.12, -0.35)
    _cap(pens, box(x - r * 0.82, foot - high * 0.6, r * 1.64, high * 0.16), mix(series.metal, "#ffffff", 0.35))
    _cap(pens, box(x - r, foot - high * 0.45, r * 2, high * 0.45), series.metal)
    ink = ink_on(series.metal)
    pens.letters(x, foot - high * 0.2, series.maker, series.face, r * 0.42, ink, room=r * 1.7)


def _tin(pens: Pens, x: float, shade: str, series: Range) -> None:
    """A tin of paint that ran over its rim, with a label in the shade."""
    r = min(series.wide * 0.4, series.high * 0.42)
    foot, high = series.foot, min(series.high, r * 2.1)
    top = foot - high
    wall = [*ring(x, top, r, r * 0.22, 0, 180, 360), *ring(x, foot, r, r * 0.22, 0, 0, 180)]
    pens.shadow(ring(x, foot, r * 1.15, r * 0.25), r * 0.12, 0.45, 0, 3)
    pens.polygon(wall, "#c8ccd1")
    band = [*ring(x, top + high * 0.3, r, r * 0.22, 0, 180, 0), *ring(x, foot - high * 0.12, r, r * 0.22, 0, 0, 180)]
    pens.polygon(band, shade)
    pens.veil(wall, -0.4, 0.1, 0.35, 0.05, -0.1, -0.4)
    pens.polygon(ring(x, top, r, r * 0.22), "#eceff2")
    pens.polygon(ring(x, top, r * 0.88, r * 0.18), shade)
    drip = [
        (-0.6, 0.1),
        (-0.58, 0.45),
        (-0.45, 0.5),
        (-0.4, 0.25),
        (-0.2, 0.24),
        (-0.15, 0.7),
        (0.0, 0.7),
        (0.05, 0.15),
    ]
    pens.polygon(smooth([(x + px * r, top + py * r) for px, py in drip], True), mix(shade, "#ffffff", 0.1))
    ink = ink_on(shade)
    pens.letters(x, top + high * 0.66, series.maker, series.face, r * 0.34, ink, room=r * 1.5)


def _cap(pens: Pens, way: Outline, colour: str) -> None:
    pens.polygon(way, colour)
    pens.veil(way, -0.4, 0.15, 0.4, 0.05, -0.1, -0.35)


PRODUCTS: Mapping[str, Callable[[Pens, float, str, Range], None]] = {"polish": _polish, "lip": _lipstick, "tin": _tin}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A piece of furniture and the page around it; x, y is the middle of its foot.

    half, high   half its width, and how high the back is
    """

    x: float
    y: float
    half: float
    high: float
    cushions: int
    buttons: bool
    feet: str
    wood: str
    arm: float
    weave: float
    round: float
    seed: int


def armchair_upholstery(dice: Random) -> Twins:
    """The same armchair or sofa on a shop's white ground, covered in another colour."""
    width, height = size = dice.choice(WIDE)
    pens, seat = Pens(_studio(dice, size), dice.getrandbits(32)), _seat(dice, width, height)
    cover = hsl(dice.uniform(0, 360), dice.uniform(0.08, 0.6), dice.uniform(0.2, 0.75))
    other = another(dice, cover)
    _page(dice, pens, [cover, other])
    one, two = painted(pens, partial(_covered, seat=seat), (cover, other), dice.choice((0, 2)))
    return Twins(reference=one, query=two, differs=What.COLOUR, says=became("cover", cover, other))


def _studio(dice: Random, size: tuple[int, int]) -> Image.Image:
    if dice.random() < 0.2:
        return flat_lay(dice, size)
    ground = dice.choice(STUDIO)
    return gradient(size, ground, ground, mix(ground, "#000000", dice.choice((0, 0, 0.08))))


def _seat(dice: Random, width: int, height: int) -> Seat:
    cushions = dice.choice((1, 1, 2, 3)) if width >= height else dice.choice((1, 1, 2))
    high = min(height * 0.5, width * dice.uniform(0.4, 0.5)) * (0.8 if cushions > 1 else 1)
    return Seat(
        x=width * 0.5,
        y=height * dice.uniform(0.72, 0.78),
        half=min(high * (0.36 + 0.34 * cushions) * dice.uniform(0.9, 1.1), width * 0.44),
        high=high,
        cushions=cushions,
        buttons=dice.random() < 0.4,
        feet=dice.choice(("slanting", "straight", "block")),
        wood=dice.choice(("#8a5a33", "#3a2618", "#c79a63", "#1d1d20", "#b9bdc3")),
        arm=dice.uniform(0.1, 0.17),
        weave=dice.choice((0.0, 0.12, 0.2)),
        round=dice.uniform(0.1, 0.5),
        seed=dice.getrandbits(32),
    )


def _page(dice: Random, pens: Pens, covers: list[str]) -> None:
    """The name, the price, and the covers there are, which is the same on both pages."""
    face, x, y = any_face(dice), pens.width * 0.05, pens.height * 0.07
    title = f"{coined(dice)} {dice.choice(('armchair', 'seat', 'lounge', 'classic', 'studio'))}"
    ink = "#33343a"
    if dice.random() < 0.75:
        pens.letters(x, y, title, face, pens.height * 0.05, ink, anchor="lm", room=pens.width * 0.6)
        pens.letters(x, y * 1.8, f"EUR {dice.randint(149, 1899)}.00", face, pens.height * 0.032, "#7a7b82", anchor="lm")
    if dice.random() < 0.6:
        dots = [
            *covers,
            *(hsl(dice.uniform(0, 360), 0.35, dice.uniform(0.25, 0.75)) for _ in range(dice.randint(1, 4))),
        ]
        dice.shuffle(dots)
        for step, dot in enumerate(dots):
            spot = (pens.width * (0.07 + 0.055 * step), pens.height * 0.93)
            pens.circle(*spot, pens.width * 0.018, dot, "#ffffff", 2)


def _covered(pens: Pens, cover: str, seat: Seat) -> None:
    ground = ring(seat.x, seat.y + seat.high * 0.02, seat.half * 1.05, seat.high * 0.05)
    pens.shadow(ground, seat.high * 0.04, 0.4, 0, 0)
    _feet(pens, seat)
    _block(pens, cover, seat, (-0.86, -1.0, 0.86, -0.3), seat.round, -0.05)
    if seat.buttons:
        _buttons(pens, cover, seat)
    for step in range(seat.cushions):
        wide = (2 - 4 * seat.arm) / seat.cushions
        left = -1 + 2 * seat.arm + step * wide
        _block(pens, mix(cover, "#ffffff", 0.05), seat, (left, -0.5, left + wide, -0.3), 0.3, 0.1)
    _block(pens, mix(cover, "#000000", 0.08), seat, (-0.95, -0.31, 0.95, -0.12), 0.15, -0.1)
    for left in (-1.0, 1 - 2 * seat.arm):
        _block(pens, cover, seat, (left, -0.66, left + 2 * seat.arm, -0.12), 0.45, 0.03)


def _block(
    pens: Pens, cover: str, seat: Seat, edges: tuple[float, float, float, float], bend: float, lit: float
) -> None:
    """A padded block between edges in parts of the seat's half width and height."""
    left, top, right, low = edges
    x, y = seat.x + left * seat.half, seat.y + top * seat.high
    wide, high = (right - left) * seat.half, (low - top) * seat.high
    r = bend * min(wide, high)
    way: list[Spot] = []
    for cx, cy, first in (
        (x + r, y + r, 180),
        (x + wide - r, y + r, 270),
        (x + wide - r, y + high, 0),
        (x, y + high, 90),
    ):
        way += ring(cx, cy, r, r, 0, first, first + 90) if first >= 180 else [(x + wide if first == 0 else x, cy)]
    pens.shadow(way, seat.high * 0.015, 0.35, 0, seat.high * 0.008)
    pens.polygon(way, cover)
    folds(pens, way, seat.seed + round(left * 100), 0.28, 3)
    if seat.weave:
        folds(pens, way, seat.seed + 7, seat.weave, 90)
    pens.veil(way, 0.14 + lit, 0.02, -0.22, across=False)
    pens.line([*way, way[0]], mix(cover, "#000000", 0.4) + "90", 1.2)


def _buttons(pens: Pens, cover: str, seat: Seat) -> None:
    for row in range(2):
        for column in range(-3 * seat.cushions, 3 * seat.cushions + 1, 2):
            x = seat.x + column / (3 * seat.cushions + 1) * seat.half * 0.78 + row * seat.half * 0.05
            y = seat.y - seat.high * (0.86 - 0.17 * row)
            pens.glow(x, y, seat.high * 0.05, mix(cover, "#000000", 0.55), 0.9)
            pens.circle(x, y, seat.high * 0.011, mix(cover, "#000000", 0.25))


def _feet(pens: Pens, seat: Seat) -> None:
    lean = {"slanting": 0.07, "straight": 0.0, "block": 0.0}[seat.feet]
    wide = 0.09 if seat.feet == "block" else 0.045
    for side in (-1, 1):
        foot: Outline = [(0, -0.16), (wide, -0.16), (wide * 0.8 + lean, 0.03), (wide * 0.2 + lean, 0.03)]
        way = turned([(side * (0.78 + px), py) for px, py in foot], 0, 0, 0)
        leg = [(seat.x + px * seat.half, seat.y + py * seat.high) for px, py in way]
        pens.polygon(leg, seat.wood)
        pens.veil(leg, -0.3, 0.15, -0.3)


FAMILIES: Sequence[Family] = (
    Family(name="polish_shades", draw=polish_shades),
    Family(name="armchair_upholstery", draw=armchair_upholstery),
)
