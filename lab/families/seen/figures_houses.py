"""Houses of one builder.

house_plans_elevation  a house front in flat colours  one or more of its windows, its door, chimney, balcony, roof light
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from lab.drawings.kit import Outline, mix, ring
from lab.families.kit import Family, Twins
from lab.families.seen.colours_paint import mirrored
from lab.families.seen.figures_faces import SIDES, placed
from lab.families.seen.figures_kit import (
    BARE,
    DARK,
    WHITE,
    Brush,
    Dress,
    Part,
    Slots,
    dealt,
    ground,
    nothing,
    outline,
    tones,
    twins,
)
from lab.families.seen.products_pens import Pens

SIZES = ((640, 640), (800, 600), (600, 800), (960, 720), (720, 720), (1000, 640))
WALLS = ("#f0e4cc", "#e6c8a0", "#d98f6a", "#b8554a", "#a9c3d6", "#c9d7b5", "#e9e9e6", "#f3d37a", "#8fa3a8", "#d8b0bf")
GLASS = ("#bfe0ee", "#35506b", "#f6dc8a")
type Pane = Callable[[Brush, str], None]
FOOT = 1.0
"""The y of the ground; the eaves are above it, x and y run from -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """`half` is half the width, `eaves` the y of the upper edge of the walls, `columns` where windows stand."""

    half: float
    eaves: float
    floors: int
    columns: Sequence[float]
    roof: str
    glass: str

    def storey(self, floor: int) -> float:
        """The y of the middle of a floor's windows; 0 is the ground floor."""
        return FOOT - (floor + 0.55) * (FOOT - self.eaves) / self.floors


def house_plans_elevation(dice: Random) -> Twins:
    """A house front with another window, door, chimney or balcony, or without it."""
    size, colours = dice.choice(SIZES), tones(dice, *WALLS)
    pens = Pens(_site(dice, size, colours.main), 0)
    r = min(size[0] / 2.5, size[1] / 2.7)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] * 0.93 - r, r=r, tones=colours, edge=outline(dice) / 2.5)
    house = _house(dice)
    windows = _windows(house)
    slots: Slots = {
        "chimney": _chimneys(house),
        "house": {"house": _front(house)},
        "roof light": {BARE: nothing} if house.roof == "flat" else _roof_lights(house),
        "door": placed(DOORS, _door_at(house), FOOT, 0.9),
        "canopy": placed(CANOPIES, _door_at(house), FOOT - 0.5, 0.9),
        **windows,
        "balcony": placed(BALCONIES, house.columns[-1], house.storey(1), 0.62),
        "bush": placed(BUSHES, -house.half - 0.04, FOOT, 1),
    }
    small = (*windows, "door", "canopy", "chimney", "roof light" if house.roof != "flat" else "door")
    return twins(dice, brush, slots, small, dress=_alike(dice, slots, windows))


def _alike(dice: Random, slots: Slots, windows: Slots) -> Dress:
    """All windows are of one kind, as houses have them."""
    style = dice.choice([name for name in WINDOWS if name != BARE])
    return {**dealt(dice, slots), **dict.fromkeys(windows, style)}


def _site(dice: Random, size: tuple[int, int], wall: str) -> Image.Image:
    """A plain ground with or without a strip of lawn or street."""
    image = ground(dice, size, wall)
    if dice.random() < 0.6:
        strip = dice.choice(("#7fa95f", "#8c8f94", "#c9b28a", "#4c6b4a"))
        image.paste(strip, (0, round(size[1] * 0.93), size[0], size[1]))
    return image


def _house(dice: Random) -> House:
    half, floors = dice.uniform(0.7, 1.0), dice.choice((2, 2, 3))
    count = dice.choice((3, 3, 4)) if half > 0.8 else 3
    return House(
        half=half,
        eaves=dice.uniform(-0.42, -0.15) - (0.2 if floors == 3 else 0),
        floors=floors,
        columns=[half * (2 * step + 1 - count) / count for step in range(count)],
        roof=dice.choice(tuple(ROOFS)),
        glass=dice.choice(GLASS),
    )


def _door_at(house: House) -> float:
    """The door stands in the middle column, or in the second of four."""
    return house.columns[1]


def _front(house: House) -> Part:
    def draw(brush: Brush) -> None:
        brush.box(-house.half, house.eaves, 2 * house.half, FOOT - house.eaves, brush.tones.main)
        brush.bar(-house.half, FOOT - 0.1, 2 * house.half, 0.1, brush.tones.shade)
        ROOFS[house.roof](brush.at(0, house.eaves), house.half)

    return draw


def _gable(brush: Brush, half: float) -> None:
    brush.shape([(-half - 0.1, 0.02), (0, -0.66), (half + 0.1, 0.02)], brush.tones.second)


def _hip(brush: Brush, half: float) -> None:
    brush.shape(mirrored([(half * 0.55, -0.46), (half + 0.1, 0.02)]), brush.tones.second)


def _flat(brush: Brush, half: float) -> None:
    brush.box(-half - 0.06, -0.1, 2 * half + 0.12, 0.12, brush.tones.second)


def _mansard(brush: Brush, half: float) -> None:
    brush.shape(mirrored([(half * 0.4, -0.52), (half * 0.82, -0.4), (half + 0.06, 0.02)]), brush.tones.second)


ROOFS = {"gable": _gable, "hip": _hip, "flat": _flat, "mansard": _mansard}


def _windows(house: House) -> Slots:
    """One slot for every window."""
    step = min(2 * house.half / len(house.columns), (FOOT - house.eaves) / house.floors)
    spots = [(floor, column) for floor in range(house.floors) for column in range(len(house.columns))]
    free = [(floor, column) for floor, column in spots if floor or house.columns[column] != _door_at(house)]
    return {
        f"window {column + 1} on floor {floor}": {
            name: _window(draw, house.columns[column], house.storey(floor), step, house.glass)
            for name, draw in WINDOWS.items()
        }
        for floor, column in free
    }


def _window(draw: Pane, x: float, y: float, size: float, glass: str) -> Part:
    return lambda brush: draw(brush.at(x, y, size), glass)


def _no_pane(_: Brush, __: str) -> None:
    """A bare wall."""


def _cross(brush: Brush, glass: str) -> None:
    brush.box(-0.24, -0.3, 0.48, 0.6, WHITE)
    for x in (-0.2, 0.02):
        for y in (-0.26, 0.02):
            brush.bar(x, y, 0.18, 0.24, glass)


def _two_panes(brush: Brush, glass: str) -> None:
    brush.box(-0.3, -0.26, 0.6, 0.52, WHITE)
    for x in (-0.26, 0.02):
        brush.bar(x, -0.22, 0.24, 0.44, glass)


def _arched(brush: Brush, glass: str) -> None:
    for size, colour in ((1.0, WHITE), (0.8, glass)):
        half = 0.24 * size
        brush.bare([*ring(0, -0.1, half, half, 0, 180, 360), (half, 0.3 * size), (-half, 0.3 * size)], colour)
    brush.stroke([(0, -0.3), (0, 0.24)], 0.04, WHITE)


def _porthole(brush: Brush, glass: str) -> None:
    brush.oval(0, 0, 0.25, 0.25, WHITE)
    brush.dot(0, 0, 0.19, glass)


def _shutters(brush: Brush, glass: str) -> None:
    for side in SIDES:
        brush.box(side * 0.28 - 0.09, -0.28, 0.18, 0.56, brush.tones.third)
    brush.box(-0.19, -0.28, 0.38, 0.56, WHITE)
    brush.bar(-0.15, -0.24, 0.3, 0.48, glass)


def _narrow(brush: Brush, glass: str) -> None:
    brush.box(-0.12, -0.3, 0.24, 0.6, WHITE)
    brush.bar(-0.08, -0.26, 0.16, 0.52, glass)


def _blind(brush: Brush, glass: str) -> None:
    _two_panes(brush, glass)
    brush.bar(-0.26, -0.22, 0.52, 0.24, brush.tones.third)


def _boxed(brush: Brush, glass: str) -> None:
    _cross(brush, glass)
    brush.box(-0.3, 0.28, 0.6, 0.12, brush.tones.third)


WINDOWS: Mapping[str, Pane] = {
    BARE: _no_pane,
    "a cross": _cross,
    "two panes": _two_panes,
    "an arch": _arched,
    "a porthole": _porthole,
    "shutters": _shutters,
    "narrow": _narrow,
    "a blind": _blind,
    "a flower box": _boxed,
}


def _door(top: Outline, *panes: tuple[float, float, float, float]) -> Part:
    """A door of this outline with panes in it."""

    def draw(brush: Brush) -> None:
        brush.shape(top, brush.tones.third)
        for x, y, w, h in panes:
            brush.bar(x, y, w, h, mix(brush.tones.third, "#ffffff", 0.55))
        brush.dot(0.11, -0.24, 0.022, DARK)

    return draw


PLAIN: Outline = [(-0.16, -0.5), (0.16, -0.5), (0.16, 0), (-0.16, 0)]
ARCH: Outline = [*ring(0, -0.36, 0.16, 0.16, 0, 180, 360), (0.16, 0), (-0.16, 0)]
WIDE: Outline = [(-0.25, -0.5), (0.25, -0.5), (0.25, 0), (-0.25, 0)]
DOORS: Mapping[str, Part] = {
    "plain": _door(PLAIN),
    "with a pane": _door(PLAIN, (-0.09, -0.45, 0.18, 0.16)),
    "with four panels": _door(PLAIN, *((x, y, 0.09, 0.16) for x in (-0.12, 0.03) for y in (-0.44, -0.2))),
    "arched": _door(ARCH),
    "arched with a pane": _door(ARCH, (-0.07, -0.42, 0.14, 0.14)),
    "double": _door(WIDE, (-0.2, -0.45, 0.16, 0.4), (0.04, -0.45, 0.16, 0.4)),
}


def _roofed(brush: Brush) -> None:
    brush.shape([(-0.3, -0.02), (0, -0.18), (0.3, -0.02)], brush.tones.second)


def _slab(brush: Brush) -> None:
    brush.box(-0.3, -0.07, 0.6, 0.06, brush.tones.second)


def _awning(brush: Brush) -> None:
    for step in range(6):
        x = -0.3 + 0.1 * step
        fill = WHITE if step % 2 else brush.tones.second
        brush.bare([(x * 0.8, -0.12), ((x + 0.1) * 0.8, -0.12), (x + 0.1, 0.04), (x, 0.04)], fill)


def _lamp(brush: Brush) -> None:
    brush.box(-0.05, -0.12, 0.1, 0.1, "#f6d768")


CANOPIES: Mapping[str, Part] = {
    BARE: nothing,
    "a small roof": _roofed,
    "a slab": _slab,
    "an awning": _awning,
    "a lamp": _lamp,
}


def _chimneys(house: House) -> Mapping[str, Part]:
    def stack(x: float, wide: float) -> Part:
        def draw(brush: Brush) -> None:
            brush.box(x - wide / 2, house.eaves - 0.62, wide, 0.6, brush.tones.shade)
            brush.box(x - wide / 2 - 0.03, house.eaves - 0.68, wide + 0.06, 0.08, brush.tones.second)

        return draw

    left, right = stack(-house.half * 0.6, 0.16), stack(house.half * 0.6, 0.16)

    def both(brush: Brush) -> None:
        left(brush)
        right(brush)

    return {BARE: nothing, "left": left, "right": right, "two": both, "wide": stack(house.half * 0.6, 0.28)}


def _roof_lights(house: House) -> Mapping[str, Part]:
    def dormer(brush: Brush) -> None:
        at = brush.at(0, house.eaves - 0.16, 0.5)
        at.box(-0.24, -0.22, 0.48, 0.44, brush.tones.main)
        at.bar(-0.15, -0.14, 0.3, 0.28, house.glass)
        at.shape([(-0.34, -0.2), (0, -0.5), (0.34, -0.2)], brush.tones.shade)

    def eye(brush: Brush) -> None:
        _porthole(brush.at(0, house.eaves - 0.2, 0.42), house.glass)

    def panes(brush: Brush) -> None:
        for side in SIDES:
            brush.box(side * 0.2 - 0.08, house.eaves - 0.24, 0.16, 0.16, house.glass)

    return {BARE: nothing, "a dormer": dormer, "a porthole": eye, "two panes": panes}


def _railing(brush: Brush) -> None:
    brush.box(-0.38, 0.42, 0.76, 0.08, brush.tones.shade)
    for step in range(8):
        brush.stroke([(-0.35 + 0.1 * step, 0.1), (-0.35 + 0.1 * step, 0.44)], 0.03)
    brush.stroke([(-0.38, 0.1), (0.38, 0.1)], 0.05)


def _solid(brush: Brush) -> None:
    brush.box(-0.38, 0.1, 0.76, 0.4, brush.tones.second)


def _slats(brush: Brush) -> None:
    for y in (0.12, 0.26, 0.4):
        brush.box(-0.38, y, 0.76, 0.09, brush.tones.third)


BALCONIES: Mapping[str, Part] = {BARE: nothing, "a railing": _railing, "a wall": _solid, "slats": _slats}


def _ball(brush: Brush) -> None:
    brush.oval(0, -0.14, 0.17, 0.15, "#4f8a4a")


def _cone(brush: Brush) -> None:
    brush.shape([(-0.13, 0), (0, -0.56), (0.13, 0)], "#3d7350")


def _hedge(brush: Brush) -> None:
    brush.box(-0.16, -0.16, 0.44, 0.16, "#5c9455", 0.05)


BUSHES: Mapping[str, Part] = {BARE: nothing, "a round bush": _ball, "a cone": _cone, "a hedge": _hedge}

FAMILIES: Sequence[Family] = (Family(name="house_plans_elevation", draw=house_plans_elevation),)
