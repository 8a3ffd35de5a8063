"""Products with a print: the same product before the same ground, another print on it.

mug_print      a mug         one word, the slogan, the symbol, or both
tshirt_print   a shirt       one word, the slogan, the symbol, or both
phone_case     a phone case  the photograph on it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image, ImageChops

from core.types import What
from lab.drawings.kit import SCALE, Outline, clouds, mix, ring, turned
from lab.families.kit import Family, Twins, two_photographs
from lab.families.seen.products_pens import (
    Pens,
    box,
    curled,
    distance,
    flat_lay,
    ink_on,
    lightness,
    shape_mask,
    stage,
    two_colours,
    vivid,
)
from lab.families.seen.products_prints import draw_print, print_style, shop_line, two_prints

CLOTH = ("#f7f5f0", "#17181c", "#8a8d93", "#23395d", "#8c1c2c", "#2f5d3a", "#e2c044", "#c9d6df", "#5b3a67", "#e8ddcb")
CERAMIC = ("#fbfaf6", "#fbfaf6", "#f1e9da", "#1d1e22", "#274690", "#b23a48", "#4f7f5a", "#e0b23c", "#7a5c99")
SIZES = ((800, 800), (900, 720), (720, 900), (1000, 750), (640, 640), (750, 1000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mug:
    """A mug that stands at x, y (the middle of its foot).

    r      half its width
    bend   how far it is seen from above
    side   of the handle: -1 is left
    """

    x: float
    y: float
    r: float
    high: float
    bend: float
    side: int
    coat: str
    inner: str

    @property
    def wall(self) -> Outline:
        """Return the outline of the mug's wall."""
        rim = ring(self.x, self.y - self.high, self.r, self.r * self.bend, 0, 180, 360)
        return [*rim, *ring(self.x, self.y, self.r, self.r * self.bend, 0, 0, 180)]


def mug_print(dice: Random) -> Twins:
    """The same mug with another print."""
    width, height = size = dice.choice(SIZES)
    mug, pens = _mug(dice, width, height), stage(dice, size, dice.getrandbits(32))
    _corner_line(dice, pens)
    style = print_style(dice, *_inks(dice, mug.coat))
    prints = two_prints(dice, style.layout)
    pictures = []
    for shown in (prints.first, prints.other):
        sheet, flat = pens.again(), Pens.clear(mug.r * 1.75, mug.high * 0.68)
        draw_print(flat, shown, style)
        _draw_mug(sheet, mug, flat.image)
        pictures.append(sheet.finish(3))
    return Twins(reference=pictures[0], query=pictures[1], differs=prints.differs, says=prints.says)


def _mug(dice: Random, width: int, height: int) -> Mug:
    high = min(height * dice.uniform(0.54, 0.68), width * 0.64)
    side, coat = dice.choice((-1, 1)), dice.choice(CERAMIC)
    return Mug(
        x=width / 2 - side * high * dice.uniform(0.05, 0.2),
        y=height * dice.uniform(0.8, 0.88),
        r=high * dice.uniform(0.38, 0.47),
        high=high,
        bend=dice.uniform(0.1, 0.24),
        side=side,
        coat=coat,
        inner=coat if dice.random() < 0.5 else vivid(dice),
    )


def _draw_mug(pens: Pens, mug: Mug, flat: Image.Image) -> None:
    x, y, r, high = mug.x, mug.y, mug.r, mug.high
    pens.shadow(ring(x + r * 0.2, y + r * 0.05, r * 1.25, r * 0.28), r * 0.14, 0.5, 0, 6)
    _handle(pens, mug)
    pens.polygon(mug.wall, mug.coat)
    wound = curled(flat, r, mug.bend)
    pens.put(wound, x - r, y - high * 0.82)
    pens.veil(mug.wall, -0.42, -0.12, 0.16, 0.1, 0, -0.08, -0.2, -0.5)
    pens.polygon(ring(x, y - high, r, r * mug.bend), mix(mug.coat, "#ffffff", 0.35))
    mouth = ring(x, y - high, r * 0.93, r * mug.bend * 0.88)
    pens.polygon(mouth, mug.inner)
    pens.veil(mouth, -0.55, -0.15, across=False)


def _handle(pens: Pens, mug: Mug) -> None:
    x, y = mug.x + mug.side * mug.r * 0.95, mug.y - mug.high * 0.5
    bow = ring(x, y, mug.r * 0.62, mug.high * 0.3, 0, -90, 90) if mug.side > 0 else None
    way = bow or ring(x, y, mug.r * 0.62, mug.high * 0.3, 0, 90, 270)
    for colour, share, shift in ((mix(mug.coat, "#000000", 0.3), 0.22, 0.0), (mug.coat, 0.15, -0.03)):
        pens.line([(px + mug.r * shift, py + mug.r * shift) for px, py in way], colour, mug.r * share)


def _inks(dice: Random, coat: str) -> tuple[str, str]:
    """Two inks that show on this coat."""
    pairs = [pair for pair in (two_colours(dice, 0.15, 0.8) for _ in range(12)) if _shows(pair, coat)]
    return pairs[0] if pairs and dice.random() < 0.6 else (ink_on(coat), mix(ink_on(coat), vivid(dice), 0.6))


def _shows(pair: Sequence[str], coat: str) -> bool:
    is_legible = min(abs(lightness(ink) - lightness(coat)) for ink in pair) > 0.22
    return is_legible and min(distance(ink, coat) for ink in pair) > 150


def _corner_line(dice: Random, pens: Pens) -> None:
    """What the shop writes above its goods, or nothing."""
    line, face = shop_line(dice), dice.choice(("sans", "serif", "times"))
    x, anchor = dice.choice(((0.5, "mm"), (0.05, "lm"), (0.95, "rm")))
    below = pens.image.convert("RGB").getpixel((pens.image.width // 2, round(pens.height * 0.1)))
    ground = "#{:02x}{:02x}{:02x}".format(*below) if isinstance(below, tuple) else "#ffffff"
    fill = mix(ground, ink_on(ground), 0.65)
    pens.letters(pens.width * x, pens.height * 0.05, line, face, 20, fill, anchor=anchor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shirt:
    """A shirt laid flat with its middle at x, y.

    cut   "tee", "long" (sleeves), "tank" or "hoodie"
    r     half the length, about
    """

    cut: str
    x: float
    y: float
    r: float
    cloth: str
    seed: int

    @property
    def half(self) -> Outline:
        """The right half, from the neck to the hem."""
        if self.cut == "tank":
            strap = [
                (0.28, -0.98),
                (0.45, -0.97),
                (0.44, -0.75),
                (0.46, -0.58),
                (0.52, -0.44),
                (0.6, -0.36),
                (0.69, -0.33),
            ]
            return [*strap, (0.66, 0.1), (0.64, 0.5), (0.67, 1), (0.3, 1.03), (0, 1.04)]
        sleeve = [(1.1, -0.5), (1.24, -0.26), (0.98, -0.1)]
        if self.cut in ("long", "hoodie"):
            sleeve = [(0.98, -0.5), (1.1, 0), (1.2, 0.72), (1.19, 0.76), (0.97, 0.8), (0.95, 0.77), (0.86, 0.15)]
        yoke = [(0.28, -0.98), (0.5, -0.93), (0.74, -0.83), (0.84, -0.74)]
        return [*yoke, *sleeve, (0.73, -0.34), (0.69, -0.1), (0.67, 0.3), (0.7, 0.99), (0.3, 1.03), (0, 1.04)]

    def at(self, points: Outline, side: int = 1) -> Outline:
        """Return the points in the frame of the shirt; side -1 mirrors them."""
        return turned([(px * side, py) for px, py in points], self.x, self.y, 0, self.r)

    @property
    def outline(self) -> Outline:
        """Return the outline of the whole shirt."""
        return [*self.at(self.half), *reversed(self.at(self.half, -1))]


def tshirt_print(dice: Random) -> Twins:
    """The same shirt with another print on its chest."""
    width, height = size = dice.choice(((800, 900), (720, 960), (860, 860), (1000, 860), (600, 720)))
    r, cut = min(width / 2.7, height / 2.5), dice.choice(("tee", "tee", "long", "tank", "hoodie"))
    shirt = Shirt(cut=cut, x=width / 2, y=height * 0.51, r=r, cloth=dice.choice(CLOTH), seed=dice.getrandbits(32))
    pens = Pens(flat_lay(dice, size), shirt.seed)
    _corner_line(dice, pens)
    _cloth(pens, shirt)
    style, high, folds = print_style(dice, *_inks(dice, shirt.cloth)), dice.uniform(0.7, 1.0), _folds(shirt, size)
    prints = two_prints(dice, style.layout)
    pictures = []
    for shown in (prints.first, prints.other):
        sheet, flat = pens.again(), Pens.clear(r * 1.02, r * high)
        draw_print(flat, shown, style)
        sheet.put(flat.image, shirt.x - flat.width / 2, shirt.y - r * 0.62)
        sheet.image.paste((0, 0, 0), (0, 0), folds)
        pictures.append(sheet.finish(3))
    return Twins(reference=pictures[0], query=pictures[1], differs=prints.differs, says=prints.says)


def _cloth(pens: Pens, shirt: Shirt) -> None:
    """The shirt without its folds: shadow, cloth, seams, and what belongs to its cut."""
    dark = mix(shirt.cloth, "#000000", 0.35)
    pens.shadow(shirt.outline, shirt.r * 0.04, 0.5, 4, 8)
    if shirt.cut == "hoodie":
        pens.shaded(shirt.at(ring(0, -0.98, 0.42, 0.3)), shirt.cloth, dark)
    pens.polygon(shirt.outline, shirt.cloth)
    pens.polygon(shirt.at(ring(0, -0.98, 0.28, 0.09)), mix(shirt.cloth, "#000000", 0.55))
    pens.line(shirt.at(ring(0, -0.98, 0.29, 0.17, 0, 0, 180)), dark, shirt.r * 0.035)
    for side in (-1, 1):
        if shirt.cut != "tank":
            pens.line(shirt.at([(0.78, -0.82), (0.72, -0.6), (0.7, -0.4)], side), dark, 1.5)
    pens.line(shirt.at([(-0.68, 0.95), (0, 0.99), (0.68, 0.95)]), dark, 1.5)
    if shirt.cut == "hoodie":
        pens.line(
            shirt.at([(-0.42, 0.9), (-0.42, 0.62), (-0.28, 0.45), (0.28, 0.45), (0.42, 0.62), (0.42, 0.9)]), dark, 2
        )
        for side in (-1, 1):
            pens.line(shirt.at([(0.1, -0.82), (0.13, -0.66)], side), "#efeae0", shirt.r * 0.02)


def _folds(shirt: Shirt, size: tuple[int, int]) -> Image.Image:
    """How dark the folds of the shirt are, at double size."""
    hills = clouds((size[0] // 4, size[1] // 2), shirt.seed, 4, 3)[: size[1] // 6]
    ridges = np.clip(1 - np.abs(hills - 0.5) * 6, 0, 1) ** 2 * 34 + hills * 34
    big = Image.fromarray(ridges.astype(np.uint8)).resize((size[0] * SCALE, size[1] * SCALE), Image.Resampling.BICUBIC)
    return ImageChops.multiply(big, shape_mask(size, shirt.outline))


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """The back of a phone in a case.

    camera   "square", "column", "bar" or "dots"
    turn     degrees that it lies askew
    """

    wide: int
    high: int
    camera: str
    edge: str
    lens: str
    turn: float
    is_glossy: bool


def phone_case(dice: Random) -> Twins:
    """The same phone and case with another photograph on it."""
    width, height = size = dice.choice(((640, 900), (720, 960), (800, 800), (960, 760), (540, 960)))
    high = round(height * dice.uniform(0.76, 0.88))
    phone = Phone(
        wide=round(high * dice.uniform(0.48, 0.53)),
        high=high,
        camera=dice.choice(("square", "column", "bar", "dots")),
        edge=dice.choice(("#15161a", "#f3f3f1", "#c9b8a5", vivid(dice))),
        lens=dice.choice(("#1b1c20", "#2b2d33", "#d9dadd")),
        turn=dice.choice((0, 0, dice.uniform(-24, 24))),
        is_glossy=dice.random() < 0.5,
    )
    pens = Pens(flat_lay(dice, size), dice.getrandbits(32))
    _corner_line(dice, pens)
    x = width * (0.5 if width < 800 else dice.choice((0.35, 0.5, 0.66)))
    photos = two_photographs(dice, phone.wide, phone.high)
    pictures = [_cased(pens.again(), phone, photo, x) for photo in photos]
    says = "the photograph on the case is another one"
    return Twins(reference=pictures[0], query=pictures[1], differs=What.PICTURE, says=says)


def _cased(pens: Pens, phone: Phone, photo: Image.Image, x: float) -> Image.Image:
    layer = _phone(phone, photo).image.rotate(-phone.turn, Image.Resampling.BILINEAR, expand=True)
    y = pens.height * 0.52
    outline = turned(box(-phone.wide / 2, -phone.high / 2, phone.wide, phone.high), x, y, phone.turn)
    pens.shadow(outline, phone.wide * 0.06, 0.55, 6, 12)
    pens.put(layer, x - layer.width / 2 / SCALE, y - layer.height / 2 / SCALE)
    return pens.finish(3)


def _phone(phone: Phone, photo: Image.Image) -> Pens:
    """The case from behind, upright on a clear sheet."""
    wide, high, radius = phone.wide, phone.high, phone.wide * 0.14
    pens, rim = Pens.clear(wide + 12, high + 12), max(3, round(wide * 0.015))
    for y, length in ((0.18, 0.06), (0.27, 0.09)):
        pens.rect(0, high * y, wide / 2, high * length, mix(phone.edge, "#000000", 0.4), 2)
    pens.rect(6, 6, wide, high, phone.edge, radius)
    pens.lay(photo.resize((wide - 2 * rim, high - 2 * rim)), 6 + rim, 6 + rim, radius - rim)
    if phone.is_glossy:
        pens.veil([(wide * 0.2, 40), (wide * 0.6, 40), (wide * 0.3, high - 40), (20, high - 40)], 0.02, 0.22, 0.04)
    _cameras(pens, phone)
    return pens


def _cameras(pens: Pens, phone: Phone) -> None:
    unit, plate = phone.wide * 0.1, mix(phone.lens, "#ffffff", 0.18)
    spots = {
        "square": ((1.5, 1.5), (3.3, 1.5), (1.5, 3.3), (3.3, 3.3)),
        "column": ((1.6, 1.6), (1.6, 3.5), (1.6, 5.4)),
        "bar": ((2.2, 1.9), (4.4, 1.9), (7.6, 1.9)),
        "dots": ((1.8, 1.7), (1.8, 3.9)),
    }[phone.camera]
    plates = {"square": (0.5, 0.5, 3.9, 3.9), "column": (0.6, 0.6, 2.0, 5.9), "bar": (0.9, 0.9, 8.4, 2.0)}
    if phone.camera in plates:
        x, y, wide, high = (unit * part for part in plates[phone.camera])
        pens.rect(x + 6, y + 6, wide, high, plate, unit * 0.9)
    for x, y in spots:
        for share, colour in ((0.78, phone.lens), (0.52, "#08090c"), (0.2, "#33415e")):
            pens.circle(x * unit + 6, y * unit + 6, unit * share, colour)


FAMILIES: Sequence[Family] = (
    Family(name="mug_print", draw=mug_print),
    Family(name="tshirt_print", draw=tshirt_print),
    Family(name="phone_case", draw=phone_case, is_photographic=True),
)
