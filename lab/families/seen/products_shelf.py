"""Goods from a shelf: the same bottle with another label, the same kind of shoe in other colours.

bottle_brand    a bottle, a jar or a can  the name on the label, the sort, or the label
shoe_colourway  a shoe from the side      its colours, or the model as well
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops

from core.types import What
from lab.drawings.kit import Outline, gradient, mix, ring, smooth, turned
from lab.families.kit import Family, Twins
from lab.families.seen.products_pens import (
    HUES,
    Palette,
    Pens,
    any_face,
    coined,
    curled,
    distance,
    hsl,
    ink_on,
    palette,
    shape_mask,
    stage,
    vivid,
)
from lab.families.seen.products_symbols import SYMBOLS, symbol

type Place = Callable[[Outline], Outline]

PROFILES = {
    "wine": ((0.0, 0.34), (0.06, 0.34), (0.065, 0.31), (0.3, 0.32), (0.4, 0.62), (0.46, 0.97), (0.5, 1.0), (1.0, 1.0)),
    "beer": ((0.0, 0.4), (0.05, 0.42), (0.06, 0.36), (0.25, 0.42), (0.4, 0.8), (0.47, 1.0), (1.0, 1.0)),
    "sauce": ((0.0, 0.4), (0.1, 0.45), (0.11, 0.35), (0.2, 0.4), (0.32, 0.95), (0.36, 1.0), (1.0, 1.0)),
    "shampoo": ((0.0, 0.42), (0.16, 0.42), (0.165, 0.7), (0.2, 0.93), (0.26, 1.0), (0.96, 1.0), (1.0, 0.92)),
    "jar": ((0.0, 0.9), (0.16, 0.92), (0.165, 0.85), (0.22, 0.98), (0.26, 1.0), (0.96, 1.0), (1.0, 0.94)),
    "can": ((0.0, 0.84), (0.03, 0.86), (0.08, 1.0), (0.94, 1.0), (1.0, 0.86)),
}
"""How wide the vessel is at which height, from its cap down."""

SLIM = {"wine": 0.15, "beer": 0.16, "sauce": 0.2, "shampoo": 0.24, "jar": 0.36, "can": 0.27}
CAPS = {"wine": 0.16, "beer": 0.05, "sauce": 0.1, "shampoo": 0.16, "jar": 0.16, "can": 0.03}
LABEL = {"wine": (0.54, 0.92), "beer": (0.52, 0.92), "sauce": (0.42, 0.92), "shampoo": (0.32, 0.9)}
SORTS = {
    "wine": "Merlot,Riesling,Pinot Noir,Sauvignon,Malbec,Chardonnay,Syrah",
    "beer": "Pale Ale,Stout,Pilsner,Wheat,Amber,Porter,Red Ale",
    "sauce": "Tomato,Hot Pepper,Mango,Smoked Garlic,Sweet Chilli,Mustard",
    "shampoo": "Lavender,Birch,Citrus,Chamomile,Sea Salt,Rosemary,Oat",
    "jar": "Apricot,Plum,Honey,Raspberry,Pickles,Olives,Quince",
    "can": "Cola,Lemon,Ginger,Cherry,Peach Tea,Orange,Tonic",
}
SMALL_PRINT = {
    "wine": "Estate bottled 75 cl",
    "beer": "Brewed in small batches 33 cl",
    "sauce": "Shake well 250 ml",
    "shampoo": "For everyday hair 300 ml",
    "jar": "Best kept cool 340 g",
    "can": "Serve chilled 330 ml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """A bottle, jar or can whose foot is in the middle at x, y."""

    kind: str
    x: float
    y: float
    high: float
    half: float
    glass: str
    cap: str

    def between(self, first: float, last: float) -> Outline:
        """The outline of the part between two heights (0 is the top)."""
        rows = [first + (last - first) * step / 60 for step in range(61)]
        right = [(self.x + self.half * self._width(row), self.y - self.high * (1 - row)) for row in rows]
        left = [(2 * self.x - px, py) for px, py in reversed(right)]
        foot = ring(self.x, right[-1][1], self.half * self._width(last), self.half * 0.1, 0, 0, 180)
        return [*right, *foot, *left]

    def _width(self, row: float) -> float:
        spots = PROFILES[self.kind]
        for (y, wide), (next_y, next_wide) in pairwise(spots):
            if row <= next_y:
                return wide + (next_wide - wide) * (row - y) / (next_y - y)
        return spots[-1][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a label says, and how it is set: `layout` is "emblem", "band" or "bare"."""

    brand: str
    sort: str
    sign: str
    colours: Palette
    face: str
    layout: str
    small_print: str
    is_upper: bool


def bottle_brand(dice: Random) -> Twins:
    """The same bottle with another label, or another name on it."""
    width, height = size = dice.choice(((560, 840), (640, 960), (720, 900), (800, 800), (520, 1000)))
    vessel, pens = _vessel(dice, width, height), stage(dice, size, dice.getrandbits(32))
    label = _label(dice, vessel.kind)
    other, differs, says = _other_label(dice, label, vessel.kind)
    _bare(pens, vessel)
    pictures = []
    for shown in (label, other):
        sheet = pens.again()
        _stick(sheet, vessel, shown)
        pictures.append(sheet.finish(3))
    return Twins(reference=pictures[0], query=pictures[1], differs=differs, says=says)


def _vessel(dice: Random, width: int, height: int) -> Vessel:
    kind = dice.choice(tuple(PROFILES))
    high = min(height * dice.uniform(0.76, 0.86), width * 0.45 / SLIM[kind])
    glass = dice.choice(("#20402c", "#5a3216", "#1f2226", "#b9cfc4", "#d7dcde", "#7a1f2b", "#e8c46a", vivid(dice)))
    return Vessel(
        kind=kind,
        x=width * dice.uniform(0.4, 0.6),
        y=height * dice.uniform(0.9, 0.94),
        high=high,
        half=high * SLIM[kind],
        glass=glass,
        cap=dice.choice(("#1b1b1d", "#c9a24a", "#b9bcc2", "#8f1d2c", vivid(dice))),
    )


def _label(dice: Random, kind: str) -> Label:
    return Label(
        brand=coined(dice),
        sort=dice.choice(SORTS[kind].split(",")),
        sign=dice.choice(tuple(SYMBOLS)),
        colours=palette(dice),
        face=any_face(dice),
        layout=dice.choice(("emblem", "band", "bare")),
        small_print=SMALL_PRINT[kind],
        is_upper=dice.random() < 0.4,
    )


def _other_label(dice: Random, label: Label, kind: str) -> tuple[Label, What, str]:
    """Another brand on the same label, another sort of the same brand, or another label."""
    change = dice.choice(("brand", "sort", "sort and colours", "label"))
    brand = label.brand
    while brand[:2] == label.brand[:2]:
        brand = coined(dice)
    sort = dice.choice([one for one in SORTS[kind].split(",") if one != label.sort])
    if change == "brand":
        return replace(label, brand=brand), What.WORDS, f"the brand: {label.brand} became {brand}"
    if change == "sort":
        return replace(label, sort=sort), What.WORDS, f"the sort: {label.sort} became {sort}"
    colours = palette(dice)
    while distance(colours.ground, label.colours.ground) < 120:
        colours = palette(dice)
    if change == "sort and colours":
        other = replace(label, sort=sort, colours=colours)
        return other, What.COLOUR, f"the sort: {label.sort} became {sort}, in other colours"
    sign = dice.choice([one for one in SYMBOLS if one != label.sign])
    return replace(label, brand=brand, sign=sign, colours=colours), What.PICTURE, "the label is another one"


def _bare(pens: Pens, vessel: Vessel) -> None:
    """The vessel without its label."""
    x, y, half = vessel.x, vessel.y, vessel.half
    pens.shadow(ring(x + half * 0.35, y, half * 1.35, half * 0.25), half * 0.16, 0.5, 0, 4)
    body = vessel.between(0, 1)
    pens.polygon(body, vessel.glass)
    if vessel.kind not in ("can", "shampoo"):
        pens.veil(vessel.between(CAPS[vessel.kind], 1), 0, 0.12, 0, across=False)
    pens.polygon(vessel.between(0, CAPS[vessel.kind]), vessel.cap)
    if vessel.kind in ("jar", "shampoo", "sauce"):
        for step in range(14):
            at = x + half * (step / 7 - 0.93) * 0.42
            low = y - vessel.high * (1 - CAPS[vessel.kind])
            pens.line([(at, low - vessel.high * 0.05), (at, low - 2)], mix(vessel.cap, "#000000", 0.25), 1)


def _stick(pens: Pens, vessel: Vessel, label: Label) -> None:
    """The label wound around the vessel, and then the light on both."""
    top, low = LABEL.get(vessel.kind, (0.28, 0.9) if vessel.kind == "jar" else (0.09, 0.93))
    flat = Pens.clear(vessel.half * 3.1, vessel.high * (low - top))
    _draw_label(flat, label)
    pens.put(curled(flat.image, vessel.half, 0.08), vessel.x - vessel.half, vessel.y - vessel.high * (1 - top))
    pens.veil(vessel.between(0, 1), -0.55, -0.15, 0.28, 0.08, 0, -0.05, -0.2, 0.06, -0.5)


def _draw_label(pens: Pens, label: Label) -> None:
    wide, high, colours = pens.width, pens.height, label.colours
    x, room = wide / 2, wide * 0.54
    brand = label.brand.upper() if label.is_upper else label.brand
    pens.rect(0, 0, wide, high, colours.ground)
    for y in (0.03, 0.95):
        pens.rect(0, high * y, wide, max(2, high * 0.018), colours.first)
    if label.layout == "band":
        pens.rect(0, high * 0.2, wide, high * 0.3, colours.first)
        pens.letters(x, high * 0.35, brand, label.face, high * 0.22, ink_on(colours.first), room=room)
        symbol(pens, label.sign, x, high * 0.66, min(high, room) * 0.11, colours.ink, colours.second)
    elif label.layout == "emblem":
        symbol(pens, label.sign, x, high * 0.27, min(high, room) * 0.18, colours.first, colours.second)
        pens.letters(x, high * 0.57, brand, label.face, high * 0.18, colours.ink, room=room)
    else:
        pens.letters(x, high * 0.3, brand, label.face, high * 0.25, colours.ink, room=room)
        pens.rect(x - room * 0.3, high * 0.5, room * 0.6, 2, colours.second)
    pens.letters(
        x, high * (0.66 if label.layout == "bare" else 0.79), label.sort, label.face, 30, colours.ink, room=room
    )
    pens.letters(x, high * 0.89, label.small_print, "sans", 13, colours.ink, room=room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The cut of a shoe: how high its collar and its sole are, how blunt its toe, and what is on its side."""

    collar: float
    sole: float
    toe: float
    side: str
    laces: int

    @property
    def upper(self) -> Outline:
        """From the heel over the collar and the tongue to the toe, in units of half its length."""
        top, toe = -self.collar, self.toe
        back = [(-0.9, 0.26), (-0.97, -0.1), (-0.9, top), (-0.7, top - 0.04), (-0.5, top + 0.1)]
        front = [(-0.28, top - 0.08), (-0.16, top), (0.08, -0.3 + top * 0.1), (0.42, -0.14), (0.75, -0.06 - toe)]
        return smooth([*back, *front, (0.98, 0.1 - toe * 0.4), (1.0, 0.26), (0.3, 0.28)], closed=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Colourway:
    """The colours of one variant of a product."""

    upper: str
    patch: str
    mark: str
    sole: str
    lace: str


SIDES = ("cross", "zigzag", "dot", "star", "plain", "wave", "panel")


def shoe_colourway(dice: Random) -> Twins:
    """The same shoe in other colours, or another shoe of the same shop."""
    size = dice.choice(((900, 640), (800, 800), (1000, 700), (720, 560), (1000, 1000)))
    ground = dice.choice(("#ffffff", "#f3f3f1", "#eceff3", "#f6efe6", hsl(dice.uniform(0, HUES), 0.3, 0.85)))
    pens = Pens(gradient(size, ground, mix(ground, "#000000", 0.05)), dice.getrandbits(32))
    _shop(dice, pens)
    model, (colours, others) = _model(dice), _two_colourways(dice)
    is_other_model = dice.random() < 0.3
    shoes = ((model, colours), (_model(dice) if is_other_model else model, others))
    pictures = [_shoe(pens.again(), *shoe) for shoe in shoes]
    says = "the shoe is another model" if is_other_model else "the shoe has other colours"
    differs = What.PICTURE if is_other_model else What.COLOUR
    return Twins(reference=pictures[0], query=pictures[1], differs=differs, says=says)


def _shop(dice: Random, pens: Pens) -> None:
    """The name of the shop and a line of service, as its pictures of goods have them, or nothing."""
    if dice.random() < 0.35:
        return
    face, fill, (x, anchor) = any_face(dice), vivid(dice, 0.15, 0.4), dice.choice(((0.05, "lm"), (0.95, "rm")))
    pens.letters(pens.width * x, pens.height * 0.08, coined(dice), face, pens.height * 0.06, fill, anchor=anchor)
    line = dice.choice(("Free returns for 60 days", "Size guide: fits true", "New season", "Members save more"))
    pens.letters(pens.width / 2, pens.height * 0.94, line, "sans", 20, "#6b6e75")


def _model(dice: Random) -> Model:
    return Model(
        collar=dice.choice((0.42, 0.5, 0.78, 0.95)),
        sole=dice.uniform(0.1, 0.24),
        toe=dice.uniform(0, 0.1),
        side=dice.choice(SIDES),
        laces=dice.randint(3, 6),
    )


def _two_colourways(dice: Random) -> tuple[Colourway, Colourway]:
    """Two sets of colours; the soles are the same ones now and then."""
    first, other = _colourway(dice), _colourway(dice)
    while distance(first.upper, other.upper) < 130:
        other = _colourway(dice)
    return (first, replace(other, sole=first.sole, lace=first.lace)) if dice.random() < 0.4 else (first, other)


def _colourway(dice: Random) -> Colourway:
    neutral = ("#f4f2ec", "#1a1b1f", "#8b8f96", "#3a4252", "#b79f7e", "#5c4636")
    tones = [dice.choice(neutral) if dice.random() < 0.4 else vivid(dice) for _ in range(3)]
    sole = dice.choice(("#f4f2ec", "#f4f2ec", "#1a1b1f", "#c79a62", vivid(dice)))
    lace = dice.choice(("#fbfaf6", "#1a1b1f", tones[2]))
    return Colourway(upper=tones[0], patch=tones[1], mark=tones[2], sole=sole, lace=lace)


def _shoe(pens: Pens, model: Model, colours: Colourway) -> Image.Image:
    """The shoe on its ground: the upper cut out of what is on its side, then sole and laces."""
    r = min(pens.width * 0.4, pens.height * 0.74 / (model.collar + 0.5))
    x, y = pens.width * 0.49, pens.height * 0.54 + r * (model.collar - 0.3) * 0.4

    def at(points: Outline) -> Outline:
        return turned(points, x, y, 0, r)

    pens.shadow(ring(x, y + r * (0.24 + model.sole), r, r * 0.07), r * 0.05, 0.45, 0, 5)
    layer, size = Pens.clear(pens.width, pens.height), (pens.width, pens.height)
    _side(layer, at, r, model, colours)
    layer.image.putalpha(ImageChops.multiply(layer.image.getchannel("A"), shape_mask(size, at(model.upper))))
    pens.put(layer.image, 0, 0)
    pens.veil(at(model.upper), 0.2, 0.04, -0.08, -0.25, across=False)
    _laces(pens, at, r, model, colours)
    _sole(pens, at, r, model, colours)
    return pens.finish(3)


def _side(pens: Pens, at: Place, r: float, model: Model, colours: Colourway) -> None:
    """All that is sewn onto the upper, beyond its edge as well."""
    top = -model.collar
    pens.polygon(at([(-1.1, top - 0.2), (1.1, top - 0.2), (1.1, 0.4), (-1.1, 0.4)]), colours.upper)
    pens.polygon(at(smooth([(-1.2, top), (-0.8, top), (-0.66, -0.1), (-0.55, 0.3), (-1.2, 0.4)], True)), colours.patch)
    pens.polygon(at(ring(1.02, 0.3, 0.5, 0.36 + model.toe)), colours.patch)
    stay = [(-0.3, top), (-0.1, -0.18 + top * 0.2), (0.3, 0.0), (0.5, -0.08), (0.3, -0.3), (-0.1, top - 0.1)]
    pens.polygon(at(stay), mix(colours.upper, colours.patch, 0.6))
    seam = mix(colours.upper, "#000000", 0.3)
    pens.line(at([(-0.3, top), (-0.1, -0.18 + top * 0.2), (0.3, 0.0), (0.5, -0.08)]), seam, 2)
    pens.polygon(
        at([(-0.94, top), (-0.7, top - 0.1), (-0.3, top - 0.12), (-0.42, top + 0.14), (-0.7, top + 0.1)]), seam
    )
    _mark(pens, at, r, model.side, colours.mark)


def _mark(pens: Pens, at: Place, r: float, side: str, mark: str) -> None:
    if side == "cross":
        for lean in (-0.14, 0.14):
            pens.line(at([(-0.3 - lean, -0.18), (-0.3 + lean, 0.14)]), mark, r * 0.07)
    elif side == "zigzag":
        pens.line(at([(-0.6, 0.1), (-0.4, -0.12), (-0.2, 0.14), (0.0, -0.1), (0.2, 0.16)]), mark, r * 0.07)
    elif side == "wave":
        pens.line(at(smooth([(-0.7, -0.1), (-0.4, 0.16), (-0.1, 0.02), (0.2, 0.2), (0.5, 0.08)])), mark, r * 0.08)
    elif side == "panel":
        pens.polygon(at([(-0.62, 0.3), (-0.45, -0.15), (-0.12, -0.12), (0.3, 0.3)]), mark)
    elif side in ("dot", "star"):
        spot = at([(-0.35, 0.02)])[0]
        symbol(pens, "star", *spot, r * 0.16, mark, mark) if side == "star" else pens.circle(*spot, r * 0.12, mark)


def _laces(pens: Pens, at: Place, r: float, model: Model, colours: Colourway) -> None:
    way = smooth([(-0.14, -model.collar + 0.1), (0.08, -0.26 - model.collar * 0.1), (0.36, -0.13)], steps=12)
    for step in range(model.laces):
        x, y = way[round((len(way) - 1) * (step + 0.5) / model.laces)]
        pens.line(at([(x + 0.02, y - 0.02), (x - 0.1, y + 0.1)]), colours.lace, max(5, r * 0.035))


def _sole(pens: Pens, at: Place, r: float, model: Model, colours: Colourway) -> None:
    low = 0.24 + model.sole
    top = [(1.05, 0.1), (0.7, 0.2), (0.2, 0.22), (-0.5, 0.2), (-1.0, 0.14)]
    edge = smooth([*top, (-1.04, low - 0.06), (-0.95, low), (-0.2, low), (0.7, low), (1.02, low - 0.08)], closed=True)
    pens.polygon(at(edge), colours.sole)
    pens.veil(at(edge), 0.15, 0, -0.12, across=False)
    pens.line(at([(-0.95, low - 0.015), (0.86, low - 0.015)]), mix(colours.mark, "#000000", 0.2), r * 0.04)


FAMILIES: Sequence[Family] = (
    Family(name="bottle_brand", draw=bottle_brand),
    Family(name="shoe_colourway", draw=shoe_colourway),
)
