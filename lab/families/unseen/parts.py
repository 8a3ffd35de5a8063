"""Things made of parts: a hand that draws in a thing's own measure, and two of a line that differ in some parts.

slots (slot -> names of parts) --dice--> kit (slot -> part), another kit --draw--> Twins
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageChops

from core.types import What
from lab.drawings.kit import Spot, ring, turned
from lab.families.kit import Twins
from lab.families.unseen.strokes import Board

type Slots = Mapping[str, Sequence[str]]
type Kit = Mapping[str, str]

NONE = "none"
ONE_SMALL = 0.36
"""So many pairs differ in one small part and nothing else."""

SHOWS, STRONG, TRIES = 60, 40, 14
"""Pixels at half size that must differ by so many levels: a part behind another one is no other part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Draws on a board around x, y in units of r, all of it turned clockwise."""

    board: Board
    x: float
    y: float
    r: float
    turn: float = 0

    def way(self, points: Iterable[Spot]) -> list[Spot]:
        """Return the points on the board."""
        return turned(points, self.x, self.y, self.turn, self.r)

    def at(self, x: float, y: float, size: float = 1.0, turn: float = 0) -> "Hand":
        """The same hand for a part that lies elsewhere, is smaller, is turned further."""
        ((px, py),) = self.way([(x, y)])
        return replace(self, x=px, y=py, r=self.r * size, turn=self.turn + turn)

    def fill(self, points: Iterable[Spot], colour: str) -> None:
        """Draw a filled shape."""
        self.board.polygon(self.way(points), colour)

    def lit(self, points: Iterable[Spot], *colours: str, across: bool = False) -> None:
        """Draw a shape filled with a gradient."""
        self.board.shaded(self.way(points), *colours, across=across)

    def line(self, points: Iterable[Spot], colour: str, width: float) -> None:
        """Draw a line through these points."""
        self.board.line(self.way(points), colour, width * self.r)

    def edge(self, points: Sequence[Spot], colour: str, width: float) -> None:
        """Draw the outline of a shape."""
        self.line([*points, *points[:2]], colour, width)

    def disc(self, x: float, y: float, r: float, colour: str) -> None:
        """Draw a filled circle."""
        self.fill(ring(x, y, r, r), colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str, turn: float = 0) -> None:
        """Draw a filled ellipse."""
        self.fill(ring(x, y, rx, ry, turn), colour)

    def box(self, x: float, y: float, w: float, h: float, colour: str, radius: float = 0) -> None:
        """Draw a filled box, perhaps with round corners."""
        self.fill(box(x, y, w, h, radius), colour)

    def arc(self, x: float, y: float, rx: float, ry: float, turns: Spot, colour: str, width: float) -> None:
        """A stroke along an ellipse from one angle to the other."""
        self.line(ring(x, y, rx, ry, 0, *turns), colour, width)


def box(x: float, y: float, w: float, h: float, radius: float = 0) -> list[Spot]:
    """The outline of a box; its corners can be round."""
    if not radius:
        return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    right, low = x + w - radius, y + h - radius
    centres = ((right, y + radius, -90), (right, low, 0), (x + radius, low, 90), (x + radius, y + radius, 180))
    return [spot for cx, cy, first in centres for spot in ring(cx, cy, radius, radius, 0, first, first + 90)[::4]]


def mirrored(half: Sequence[Spot]) -> list[Spot]:
    """An outline of which the right half is given, from the top to the foot."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def dealt(dice: Random, slots: Slots) -> Kit:
    """A part for every slot."""
    return {slot: dice.choice(names) for slot, names in slots.items()}


def twins(
    dice: Random, draw: Callable[[Kit], Image.Image], slots: Slots, small: Sequence[str], most: int = 4, least: int = 1
) -> Twins:
    """Two things of one line: one small part is another one, or as many parts as are asked for."""
    first = dealt(dice, slots)
    reference = draw(first)
    for _ in range(TRIES):
        second = _other(dice, slots, first, small, (least, most))
        query = draw(second)
        if _seen(reference, query) >= SHOWS:
            break
    said = (f"{slot}: {first[slot]} became {part}" for slot, part in second.items() if part != first[slot])
    return Twins(reference=reference, query=query, differs=What.PICTURE, says="; ".join(said))


def _other(dice: Random, slots: Slots, kit: Kit, small: Sequence[str], span: tuple[int, int]) -> Kit:
    chosen = [dice.choice(small)] if dice.random() < ONE_SMALL else dice.sample(tuple(slots), dice.randint(*span))
    return {**kit, **{slot: dice.choice([one for one in slots[slot] if one != kit[slot]]) for slot in chosen}}


def _seen(one: Image.Image, other: Image.Image) -> int:
    red, green, blue = ImageChops.difference(one.reduce(2), other.reduce(2)).split()
    return sum(ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()[STRONG + 1 :])
