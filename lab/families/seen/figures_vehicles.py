"""Vehicles of one line.

vehicle_line  a car, a van or a lorry from the side  its roof, doors, wheels, spoiler, sign, lights
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from lab.drawings.kit import Outline, star
from lab.families.kit import Family, Twins
from lab.families.seen.figures_faces import GOLD, RED
from lab.families.seen.figures_kit import BARE, DARK, WHITE, Brush, Part, Slots, ground, nothing, outline, tones, twins
from lab.families.seen.products_pens import Pens

SIZES = ((640, 480), (800, 500), (960, 640), (1000, 600), (720, 720), (640, 400))
GLASS = "#bfe0ee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A vehicle that looks to the right, its ground at y = 0.5.

    roof    left end, right end and height of the roof
    panes   the windows
    doors   left and right end of the side in which doors are, and its upper edge
    axles   where its wheels stand
    """

    body: Outline
    roof: tuple[float, float, float]
    panes: Sequence[Outline]
    doors: tuple[float, float, float]
    axles: Sequence[float]


HATCH = Model(
    body=[(-0.95, 0.35), (-0.98, -0.05), (-0.75, -0.45), (0.1, -0.45), (0.5, -0.08), (0.92, 0), (0.98, 0.35)],
    roof=(-0.68, 0.08, -0.45),
    panes=(
        [(-0.68, -0.35), (-0.3, -0.35), (-0.3, -0.08), (-0.8, -0.08)],
        [(-0.24, -0.35), (0.06, -0.35), (0.34, -0.08), (-0.24, -0.08)],
    ),
    doors=(-0.55, 0.36, -0.05),
    axles=(-0.6, 0.62),
)
SALOON = Model(
    body=[(-1, 0.35), (-1, 0), (-0.62, -0.08), (-0.4, -0.38), (0.12, -0.38), (0.45, -0.06), (0.95, 0.02), (1, 0.35)],
    roof=(-0.38, 0.1, -0.38),
    panes=(
        [(-0.36, -0.3), (-0.14, -0.3), (-0.14, -0.08), (-0.5, -0.08)],
        [(-0.08, -0.3), (0.1, -0.3), (0.3, -0.08), (-0.08, -0.08)],
    ),
    doors=(-0.42, 0.32, -0.05),
    axles=(-0.62, 0.64),
)
VAN = Model(
    body=[(-1, 0.35), (-1, -0.6), (0.4, -0.6), (0.72, -0.15), (0.98, -0.05), (1, 0.35)],
    roof=(-0.95, 0.36, -0.6),
    panes=([(0.05, -0.48), (0.36, -0.48), (0.6, -0.14), (0.05, -0.14)],),
    doors=(-0.6, 0.0, -0.45),
    axles=(-0.62, 0.62),
)
BUS = Model(
    body=[(-1.05, 0.35), (-1.05, -0.62), (0.95, -0.62), (1.05, -0.2), (1.05, 0.35)],
    roof=(-1, 0.9, -0.62),
    panes=tuple([(x, -0.5), (x + 0.34, -0.5), (x + 0.34, -0.18), (x, -0.18)] for x in (-0.96, -0.56, -0.16, 0.24)),
    doors=(-0.4, 0.55, -0.12),
    axles=(-0.66, 0.62),
)
LORRY = Model(
    body=[
        (-1.05, 0.35),
        (-1.05, 0.15),
        (0.38, 0.15),
        (0.38, -0.5),
        (0.75, -0.5),
        (0.95, -0.1),
        (1.05, 0),
        (1.05, 0.35),
    ],
    roof=(0.4, 0.74, -0.5),
    panes=([(0.52, -0.4), (0.72, -0.4), (0.85, -0.1), (0.52, -0.1)],),
    doors=(0.44, 0.8, -0.05),
    axles=(-0.75, 0.62),
)
PICK_UP = Model(
    body=[(-1, 0.35), (-1, 0), (-0.25, 0), (-0.22, -0.42), (0.2, -0.42), (0.5, -0.04), (0.96, 0.02), (1, 0.35)],
    roof=(-0.2, 0.18, -0.42),
    panes=([(-0.14, -0.34), (0.16, -0.34), (0.36, -0.05), (-0.14, -0.05)],),
    doors=(-0.18, 0.36, -0.02),
    axles=(-0.62, 0.64),
)
MODELS: Mapping[str, Model] = {
    "hatchback": HATCH,
    "saloon": SALOON,
    "van": VAN,
    "bus": BUS,
    "lorry": LORRY,
    "pick-up": PICK_UP,
}


def vehicle_line(dice: Random) -> Twins:
    """A vehicle of one line with other wheels, doors or lights, with a roof rack, a spoiler or a sign, or without."""
    size, colours = dice.choice(SIZES), tones(dice)
    pens = Pens(ground(dice, size, colours.main, DARK), 0)
    r = min(size[0] / 2.4, size[1] / 1.9) * dice.uniform(0.85, 1)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] * 0.56, r=r, tones=colours, edge=outline(dice) / 2)
    kind = dice.choice(tuple(MODELS))
    model = MODELS[kind]
    slots: Slots = {
        "roof": _roofs(model.roof),
        "spoiler": _spoilers(model.body[1]),
        "vehicle": {kind: lambda brush: _vehicle(brush, model)},
        "load": LOADS if kind == "lorry" else {BARE: nothing},
        "doors": _doors(model.doors),
        "sign": {BARE: nothing} if kind == "lorry" else _signs(model),
        "lights": _lights(model.body[-1][0]),
        "wheels": {name: _on_axles(hub, model.axles) for name, hub in HUBS.items()},
    }
    return twins(dice, brush, slots, ("spoiler", "doors", "lights", "wheels", "roof"))


def _vehicle(brush: Brush, model: Model) -> None:
    brush.shape(model.body, brush.tones.main)
    for pane in model.panes:
        brush.shape(pane, GLASS)
    left, right = model.body[0][0], model.body[-1][0]
    brush.box(left - 0.02, 0.27, right - left + 0.04, 0.09, brush.tones.shade, 0.03)


def _roofs(roof: tuple[float, float, float]) -> Mapping[str, Part]:
    left, right, top = roof
    middle, wide = (left + right) / 2, right - left

    def rack(brush: Brush) -> None:
        for x in (left + wide * 0.15, right - wide * 0.15):
            brush.stroke([(x, top), (x, top - 0.1)], 0.04)
        brush.stroke([(left + wide * 0.05, top - 0.1), (right - wide * 0.05, top - 0.1)], 0.045)

    def case(brush: Brush) -> None:
        brush.box(left + wide * 0.08, top - 0.19, wide * 0.84, 0.15, brush.tones.second, 0.06)
        brush.box(left + wide * 0.2, top - 0.05, wide * 0.6, 0.06, brush.tones.ink)

    def beacon(brush: Brush) -> None:
        brush.box(middle - 0.09, top - 0.1, 0.18, 0.12, "#3b82f0", 0.04)

    def board(brush: Brush) -> None:
        brush.shape(
            [(left - 0.1, top - 0.14), (middle, top - 0.09), (right + 0.1, top - 0.14), (middle, top - 0.2)], GOLD
        )
        for x in (left + wide * 0.25, right - wide * 0.25):
            brush.stroke([(x, top), (x, top - 0.11)], 0.035)

    def sign(brush: Brush) -> None:
        brush.box(middle - 0.15, top - 0.13, 0.3, 0.14, GOLD, 0.03)
        for step in range(3):
            brush.bar(middle - 0.11 + 0.08 * step, top - 0.08, 0.05, 0.05, DARK)

    return {BARE: nothing, "a rack": rack, "a case": case, "a beacon": beacon, "a board": board, "a sign": sign}


def _spoilers(back: tuple[float, float]) -> Mapping[str, Part]:
    x, y = back

    def wing(brush: Brush) -> None:
        brush.stroke([(x + 0.14, y + 0.1), (x + 0.08, y - 0.14)], 0.04)
        brush.box(x - 0.08, y - 0.2, 0.3, 0.07, brush.tones.second, 0.03)

    def lip(brush: Brush) -> None:
        brush.shape([(x - 0.12, y - 0.06), (x + 0.12, y - 0.02), (x + 0.12, y + 0.08)], brush.tones.second)

    def aerial(brush: Brush) -> None:
        brush.stroke([(x + 0.1, y + 0.08), (x - 0.02, y - 0.34)], 0.025)

    return {BARE: nothing, "a wing": wing, "a lip": lip, "an aerial": aerial}


def _doors(side: tuple[float, float, float]) -> Mapping[str, Part]:
    left, right, top = side
    wide = right - left

    def doors(count: int, is_sliding: bool = False) -> Part:
        def draw(brush: Brush) -> None:
            for step in range(count + 1):
                x = left + wide * step / count
                brush.stroke([(x, top), (x, 0.26)], 0.018)
            for step in range(count):
                x = left + wide * (step + 0.12) / count
                brush.bar(x, top + 0.1, min(0.1, wide / count / 3), 0.035, brush.tones.ink)
            if is_sliding:
                brush.stroke([(left - 0.2, top + 0.07), (right, top + 0.07)], 0.03)

        return draw

    return {"one": doors(1), "two": doors(2), "three": doors(3), "one that slides": doors(1, is_sliding=True)}


def _signs(model: Model) -> Mapping[str, Part]:
    left, right, middle = model.body[0][0] + 0.03, model.body[-1][0] - 0.03, (model.doors[0] + model.doors[1]) / 2

    def stripe(brush: Brush) -> None:
        brush.bar(left, 0.16, right - left, 0.07, brush.tones.second)

    def two(brush: Brush) -> None:
        for y in (0.12, 0.2):
            brush.bar(left, y, right - left, 0.035, brush.tones.second)

    def number(brush: Brush) -> None:
        brush.dot(middle, 0.12, 0.13, WHITE)
        brush.bar(middle - 0.02, 0.04, 0.04, 0.16, DARK)

    def sparkle(brush: Brush) -> None:
        brush.bare(star(middle, 0.12, 0.15, 0.06, 5), GOLD)

    def flames(brush: Brush) -> None:
        tongues = [
            (right, 0.08),
            (right - 0.5, 0.06),
            (right - 0.3, 0.12),
            (right - 0.65, 0.16),
            (right - 0.35, 0.2),
            (right, 0.24),
        ]
        brush.bare(tongues, RED)

    return {
        BARE: nothing,
        "a stripe": stripe,
        "two stripes": two,
        "a number": number,
        "a star": sparkle,
        "flames": flames,
    }


def _lights(front: float) -> Mapping[str, Part]:
    def round_one(brush: Brush) -> None:
        brush.oval(front - 0.1, 0.14, 0.07, 0.07, "#fff2b0")

    def long_one(brush: Brush) -> None:
        brush.box(front - 0.26, 0.09, 0.22, 0.07, "#fff2b0", 0.03)

    def two(brush: Brush) -> None:
        for y in (0.09, 0.2):
            brush.oval(front - 0.08, y, 0.045, 0.045, "#fff2b0")

    return {"round": round_one, "long": long_one, "two": two}


def _box_load(brush: Brush) -> None:
    brush.box(-1.03, -0.62, 1.36, 0.76, brush.tones.second, 0.03)


def _ribbed(brush: Brush) -> None:
    _box_load(brush)
    for step in range(1, 8):
        brush.stroke([(-1.03 + 0.17 * step, -0.6), (-1.03 + 0.17 * step, 0.12)], 0.02)


def _tank(brush: Brush) -> None:
    brush.box(-1.03, -0.42, 1.36, 0.54, brush.tones.second, 0.26)
    for x in (-0.7, -0.02):
        brush.stroke([(x, -0.42), (x, 0.12)], 0.03)


def _logs(brush: Brush) -> None:
    for row, count in ((0, 4), (1, 3), (2, 2)):
        for step in range(count):
            x, y = -0.85 + 0.3 * step + 0.15 * row, -0.01 - 0.26 * row
            brush.oval(x, y, 0.14, 0.14, "#a8713f")
            brush.dot(x, y, 0.07, "#d9ab74")


LOADS: Mapping[str, Part] = {BARE: nothing, "a box": _box_load, "a ribbed box": _ribbed, "a tank": _tank, "logs": _logs}


def _disc(brush: Brush) -> None:
    brush.dot(0, 0, 0.62, "#c9ced6")


def _spokes(count: int) -> Part:
    def draw(brush: Brush) -> None:
        brush.dot(0, 0, 0.66, "#5a606a")
        for step in range(count):
            turn = 2 * pi * step / count - pi / 2
            brush.stroke([(0, 0), (0.62 * cos(turn), 0.62 * sin(turn))], 0.14, "#e3e6ea")

    return draw


def _holes(brush: Brush) -> None:
    _disc(brush)
    for step in range(6):
        brush.dot(0.38 * cos(pi * step / 3), 0.38 * sin(pi * step / 3), 0.12, DARK)


def _white(brush: Brush) -> None:
    brush.dot(0, 0, 0.78, WHITE)
    brush.dot(0, 0, 0.58, DARK)
    brush.dot(0, 0, 0.4, "#c9ced6")


def _coloured(brush: Brush) -> None:
    brush.dot(0, 0, 0.62, brush.tones.third)
    brush.dot(0, 0, 0.2, WHITE)


HUBS: Mapping[str, Part] = {
    "plain discs": _disc,
    "three spokes": _spokes(3),
    "five spokes": _spokes(5),
    "eight spokes": _spokes(8),
    "discs with holes": _holes,
    "white rims": _white,
    "coloured discs": _coloured,
}


def _on_axles(hub: Part, axles: Sequence[float]) -> Part:
    def draw(brush: Brush) -> None:
        for x in axles:
            brush.dot(x, 0.34, 0.22, DARK)
            hub(brush.at(x, 0.34, 0.2))

    return draw


FAMILIES: Sequence[Family] = (Family(name="vehicle_line", draw=vehicle_line),)
