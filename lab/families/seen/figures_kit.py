"""What flat figures share: a brush in the figure's own measure, its tones, and the dealing of its parts.

    slots (slot -> part -> how it is drawn) --dice--> dress (slot -> part) --brush--> picture

A slot with one part alone is never exchanged: so the body is drawn between what is behind it and what it wears.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageChops, ImageDraw

from core.types import What
from lab.drawings.kit import Outline, Spot, gradient, mix, ring, turned
from lab.families.kit import Twins
from lab.families.seen.products_pens import HUES, Pens, distance, hsl

type Part = Callable[[Brush], None]
type Slots = Mapping[str, Mapping[str, Part]]
type Dress = Mapping[str, str]

WHITE = "#fbfaf5"
DARK = "#17181c"
SMALL = 1 / 3
"""So many pairs have one small part exchanged and nothing else."""

BARE = "none"
EMPTY, TAKEN_OFF = 0.3, 0.3
SHOWS = 60
"""Pixels at half size in which twins must differ strongly: a part under a hat is no other part."""

STRONG = 40
TRIES = 12
APART = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """The colours of one series: the body, two for its parts, a pale one for bellies and panes, and the ink."""

    main: str
    second: str
    third: str
    pale: str
    ink: str

    @property
    def shade(self) -> str:
        """The main colour in shade."""
        return mix(self.main, self.ink, 0.28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brush:
    """Draws around x, y in units of r; `edge` is the width of outlines in units, 0 for none."""

    pens: Pens
    x: float
    y: float
    r: float
    tones: Tones
    edge: float

    def at(self, x: float, y: float, size: float = 1.0) -> "Brush":
        """The same brush for a part that lies elsewhere and is smaller; its outlines stay as wide."""
        spot = (self.x + x * self.r, self.y + y * self.r)
        return replace(self, x=spot[0], y=spot[1], r=self.r * size, edge=self.edge / size)

    def shape(self, points: Iterable[Spot], fill: str) -> None:
        """Draw a filled shape, with an edge where the brush has one."""
        way = turned(points, self.x, self.y, 0, self.r)
        self.pens.polygon(way, fill)
        if self.edge:
            self.pens.line([*way, *way[:2]], self.tones.ink, self.edge * self.r)

    def bare(self, points: Iterable[Spot], fill: str) -> None:
        """A shape without an outline."""
        self.pens.polygon(turned(points, self.x, self.y, 0, self.r), fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str, turn: float = 0) -> None:
        """Draw a filled ellipse."""
        self.shape(ring(x, y, rx, ry, turn), fill)

    def dot(self, x: float, y: float, r: float, fill: str) -> None:
        """A disc without an outline."""
        self.bare(ring(x, y, r, r), fill)

    def box(self, x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> None:
        """Draw a filled box, perhaps with round corners."""
        self.shape(round_box(x, y, w, h, radius), fill)

    def bar(self, x: float, y: float, w: float, h: float, fill: str) -> None:
        """A box without an outline."""
        self.bare(round_box(x, y, w, h), fill)

    def stroke(self, points: Iterable[Spot], width: float, fill: str = "") -> None:
        """Draw a line, in the colour of the ink unless another one is given."""
        self.pens.line(turned(points, self.x, self.y, 0, self.r), fill or self.tones.ink, width * self.r)

    def arc(self, x: float, y: float, rx: float, ry: float, turns: tuple[float, float], width: float = 0.07) -> None:
        """A stroke of ink along an ellipse from one angle to the other."""
        self.stroke(ring(x, y, rx, ry, 0, *turns), width)


def round_box(x: float, y: float, w: float, h: float, radius: float = 0) -> Outline:
    """The outline of a box; its corners can be round."""
    if not radius:
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    centres = ((x + w, y, -1, 1, -90), (x + w, y + h, -1, -1, 0), (x, y + h, 1, -1, 90), (x, y, 1, 1, 180))
    turns = ((cx + sx * radius, cy + sy * radius, first) for cx, cy, sx, sy, first in centres)
    return [spot for cx, cy, first in turns for spot in ring(cx, cy, radius, radius, 0, first, first + 90)[::6]]


def nothing(_: Brush) -> None:
    """The slot is empty."""


def tones(dice: Random, *bodies: str) -> Tones:
    """Colours for a series, its body one of these or any; the parts stand out from the body."""
    main = (
        dice.choice(bodies) if bodies else hsl(dice.uniform(0, HUES), dice.uniform(0.3, 0.85), dice.uniform(0.4, 0.7))
    )
    second = apart(dice, main)
    return Tones(
        main=main,
        second=second,
        third=apart(dice, main, second),
        pale=mix(main, "#fff6e6", dice.uniform(0.55, 0.8)),
        ink=dice.choice((DARK, DARK, "#33221a", "#1d2547", mix(main, "#000000", 0.8))),
    )


def apart(dice: Random, *colours: str) -> str:
    """A colour that nobody takes for any of these."""
    found = colours[0]
    while any(distance(found, one) < APART for one in colours):
        found = hsl(dice.uniform(0, HUES), dice.uniform(0.35, 0.95), dice.uniform(0.3, 0.75))
    return found


def outline(dice: Random) -> float:
    """The width of outlines: none, thin or thick."""
    return dice.choice((0, 0, 0.025, 0.04, 0.06))


def ground(dice: Random, size: tuple[int, int], *away: str) -> Image.Image:
    """A plain ground: one colour, white, black, a gradient, or chequers that stand for transparency."""
    kind = dice.choice(("colour", "colour", "white", "black", "gradient", "chequers"))
    tone = hsl(dice.uniform(0, HUES), dice.uniform(0.1, 0.8), dice.choice((0.2, 0.45, 0.7, 0.85, 0.92)))
    if kind in ("colour", "gradient"):
        tone = tone if all(distance(tone, one) > APART for one in away) else apart(dice, *away)
    if kind == "gradient":
        return gradient(size, mix(tone, "#ffffff", 0.4), tone, across=dice.random() < 0.3)
    if kind == "chequers":
        return _chequers(size, dice.choice((12, 16, 24)), dice.choice((("#ffffff", "#cccccc"), ("#2e2e32", "#3c3c42"))))
    return Image.new("RGB", size, {"white": WHITE, "black": dice.choice(("#000000", "#121216"))}.get(kind, tone))


def _chequers(size: tuple[int, int], step: int, shades: tuple[str, str]) -> Image.Image:
    image = Image.new("RGB", size, shades[0])
    pen = ImageDraw.Draw(image)
    for row in range(size[1] // step + 1):
        for column in range(row % 2, size[0] // step + 1, 2):
            pen.rectangle((column * step, row * step, column * step + step - 1, row * step + step - 1), shades[1])
    return image


def dealt(dice: Random, slots: Slots) -> Dress:
    """A part for every slot; many slots stay empty."""
    return {
        slot: BARE if BARE in parts and dice.random() < EMPTY else dice.choice(tuple(parts))
        for slot, parts in slots.items()
    }


def twins(
    dice: Random, brush: Brush, slots: Slots, small: Sequence[str], *, most: int = 4, dress: Dress | None = None
) -> Twins:
    """Two figures on the brush's sheet that differ in one small part, or in up to so many parts."""
    first = dress or dealt(dice, slots)
    reference = _dressed(brush, slots, first)
    for _ in range(TRIES):
        changed = _changed(dice, slots, first, small, most)
        query = _dressed(brush, slots, {**first, **changed})
        if _seen(reference, query) >= SHOWS:
            break
    says = "; ".join(f"{slot}: {first[slot]} became {part}" for slot, part in changed.items())
    return Twins(reference=reference, query=query, differs=What.PICTURE, says=says)


def _changed(dice: Random, slots: Slots, dress: Dress, small: Sequence[str], most: int) -> Dress:
    """Which slots hold another part, and which."""
    free = [slot for slot, parts in slots.items() if len(parts) > 1]
    chosen = [dice.choice(small)] if dice.random() < SMALL else dice.sample(free, dice.randint(1, min(most, len(free))))
    return {slot: _other(dice, tuple(slots[slot]), dress[slot]) for slot in chosen}


def _other(dice: Random, parts: Sequence[str], worn: str) -> str:
    if BARE in parts and worn != BARE and dice.random() < TAKEN_OFF:
        return BARE
    return dice.choice([one for one in parts if one != worn])


def _dressed(brush: Brush, slots: Slots, dress: Dress) -> Image.Image:
    """The figure on a fresh sheet, without grain."""
    pens = brush.pens.again()
    for slot, parts in slots.items():
        parts[dress[slot]](replace(brush, pens=pens))
    return pens.finish(0)


def _seen(one: Image.Image, other: Image.Image) -> int:
    """In how many pixels two pictures differ strongly at half size."""
    red, green, blue = ImageChops.difference(one.reduce(2), other.reduce(2)).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[STRONG + 1 :])
