"""Icons and stickers of one set.

app_icons           one rounded square        another glyph of the same size and colour
fruit_stickers_set  a tray of nine            one to three of the fruits or cakes are others
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import cos, pi, sin
from random import Random

from lab.drawings.kit import Outline, ring, star
from lab.families.kit import Family, Twins
from lab.families.seen.figures_food import FOODS
from lab.families.seen.figures_kit import (
    WHITE,
    Brush,
    Dress,
    Part,
    Slots,
    Tones,
    apart,
    ground,
    outline,
    round_box,
    tones,
    twins,
)
from lab.families.seen.products_pens import Pens, distance
from lab.families.seen.products_symbols import SYMBOLS

SQUARES = ((480, 480), (512, 512), (600, 600), (720, 720), (640, 480), (800, 600))
TRAYS = ((600, 600), (720, 720), (840, 840), (640, 800), (900, 720), (960, 960))
INKS = (WHITE, WHITE, "#17181c", "#ffe28a")


def app_icons(dice: Random) -> Twins:
    """Two icons of one maker: the same rounded square, another glyph of the same size and colour."""
    size, colours = dice.choice(SQUARES), tones(dice)
    colours = replace(
        colours, second=dice.choice([one for one in INKS if distance(one, colours.main) > 130] or [WHITE])
    )
    pens = Pens(ground(dice, size, colours.main), 0)
    r = min(size) * dice.uniform(0.3, 0.42)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] / 2, r=r, tones=colours, edge=0)
    glyph = dice.choice((0.28, 0.4, 0.55, 0.65))
    slots: Slots = {
        "square": {"square": _square(dice)},
        "glyph": {name: _scaled(draw, glyph) for name, draw in {**_symbols(colours), **GLYPHS}.items()},
    }
    return twins(dice, brush, slots, ("glyph",))


def _square(dice: Random) -> Part:
    """A square with round corners, of one colour or lit from above."""
    shape = round_box(-1, -1, 2, 2, dice.choice((0.15, 0.3, 0.45, 0.6)))
    is_lit, has_rim = dice.random() < 0.5, dice.random() < 0.3

    def draw(brush: Brush) -> None:
        brush.bare(shape, brush.tones.main)
        if is_lit:
            way = [(brush.x + x * brush.r, brush.y + y * brush.r) for x, y in shape]
            brush.pens.shaded(way, brush.tones.main, brush.tones.shade)
        if has_rim:
            rim = [(x * 0.94, y * 0.94) for x, y in shape]
            brush.stroke([*rim, *rim[:2]], 0.03, brush.tones.second)

    return draw


def _scaled(part: Part, size: float) -> Part:
    return lambda brush: part(brush.at(0, 0, size))


def _symbols(colours: Tones) -> Mapping[str, Part]:
    """The symbols in the glyph's colour, their second colour that of the square."""

    def draw(name: str) -> Part:
        return lambda brush: SYMBOLS[name](brush.pens, brush.x, brush.y, brush.r, colours.second, colours.main)

    names = (
        "heart",
        "flash",
        "moon",
        "house",
        "fish",
        "cat",
        "mushroom",
        "crown",
        "skull",
        "ghost",
        "gem",
        "key",
        "star",
    )
    return {name: draw(name) for name in names}


def _speech(brush: Brush) -> None:
    brush.bare(round_box(-1, -0.8, 2, 1.3, 0.35), brush.tones.second)
    brush.bare([(-0.5, 0.4), (0.1, 0.4), (-0.6, 0.95)], brush.tones.second)
    for x in (-0.45, 0, 0.45):
        brush.dot(x, -0.15, 0.14, brush.tones.main)


def _camera(brush: Brush) -> None:
    brush.bare(round_box(-1, -0.5, 2, 1.3, 0.2), brush.tones.second)
    brush.bare([(-0.4, -0.45), (-0.25, -0.8), (0.25, -0.8), (0.4, -0.45)], brush.tones.second)
    brush.dot(0, 0.13, 0.45, brush.tones.main)
    brush.dot(0, 0.13, 0.28, brush.tones.second)


def _play(brush: Brush) -> None:
    brush.bare([(-0.65, -0.9), (0.95, 0), (-0.65, 0.9)], brush.tones.second)


def _letter(brush: Brush) -> None:
    brush.bare(round_box(-1, -0.7, 2, 1.4, 0.15), brush.tones.second)
    brush.stroke([(-0.9, -0.55), (0, 0.15), (0.9, -0.55)], 0.13, brush.tones.main)


def _clock(brush: Brush) -> None:
    brush.dot(0, 0, 0.95, brush.tones.second)
    brush.stroke([(0, -0.6), (0, 0), (0.4, 0.25)], 0.15, brush.tones.main)


def _lock(brush: Brush) -> None:
    brush.stroke([(-0.45, 0), *ring(0, -0.4, 0.45, 0.48, 0, 180, 360), (0.45, 0)], 0.2, brush.tones.second)
    brush.bare(round_box(-0.75, -0.1, 1.5, 1.05, 0.15), brush.tones.second)
    brush.dot(0, 0.4, 0.18, brush.tones.main)


def _bars(brush: Brush) -> None:
    for x, top in ((-0.9, 0.1), (-0.25, -0.4), (0.4, -0.9)):
        brush.bare(round_box(x, top, 0.5, 0.9 - top, 0.1), brush.tones.second)


def _gear(brush: Brush) -> None:
    brush.bare(star(0, 0, 1, 0.72, 8), brush.tones.second)
    brush.dot(0, 0, 0.76, brush.tones.second)
    brush.dot(0, 0, 0.32, brush.tones.main)


def _lens(brush: Brush) -> None:
    brush.stroke([(0.25, 0.25), (0.85, 0.85)], 0.26, brush.tones.second)
    brush.dot(-0.18, -0.18, 0.7, brush.tones.second)
    brush.dot(-0.18, -0.18, 0.45, brush.tones.main)


def _tick(brush: Brush) -> None:
    brush.stroke([(-0.8, 0.05), (-0.25, 0.6), (0.85, -0.6)], 0.3, brush.tones.second)


def _pin(brush: Brush) -> None:
    brush.bare([*ring(0, -0.35, 0.62, 0.62, 0, 160, 380), (0, 0.98)], brush.tones.second)
    brush.dot(0, -0.35, 0.26, brush.tones.main)


def _bell(brush: Brush) -> None:
    rim: Outline = [(0.55, 0.2), (0.85, 0.55), (-0.85, 0.55), (-0.55, 0.2)]
    brush.bare([*ring(0, -0.3, 0.55, 0.6, 0, 180, 360), *rim], brush.tones.second)
    brush.dot(0, 0.72, 0.22, brush.tones.second)


def _wheel(brush: Brush) -> None:
    for step in range(6):
        brush.dot(0.62 * cos(pi * step / 3), 0.62 * sin(pi * step / 3), 0.26, brush.tones.second)


GLYPHS: Mapping[str, Part] = {
    "a speech bubble": _speech,
    "a camera": _camera,
    "a play mark": _play,
    "a letter": _letter,
    "a clock": _clock,
    "a lock": _lock,
    "bars": _bars,
    "a gear": _gear,
    "a lens": _lens,
    "a tick": _tick,
    "a pin": _pin,
    "a bell": _bell,
    "six dots": _wheel,
}


def fruit_stickers_set(dice: Random) -> Twins:
    """A tray of nine fruits or cakes, of which one to three are others."""
    size, colours = dice.choice(TRAYS), tones(dice)
    pens = Pens(ground(dice, size, colours.main), 0)
    brush = Brush(pens=pens, x=size[0] / 2, y=size[1] / 2, r=min(size) / 2, tones=colours, edge=outline(dice) / 3)
    foods = FOODS[dice.choice(tuple(FOODS))]
    spots = [(x, y) for y in (-0.58, 0, 0.58) for x in (-0.58, 0, 0.58)]
    has_rim = dice.random() < 0.6
    places: Slots = {
        f"place {number + 1}": {name: _sticker(part, spot, has_rim=has_rim) for name, part in foods.items()}
        for number, spot in enumerate(spots)
    }
    slots: Slots = {"tray": {"tray": _tray(dice, apart(dice, colours.main))}, **places}
    return twins(dice, brush, slots, tuple(places), most=3, dress=_laid(dice, places, tuple(foods)))


def _laid(dice: Random, places: Slots, foods: Sequence[str]) -> Dress:
    """As many different ones as there are, or three kinds again and again."""
    kinds = dice.sample(foods, dice.choice((3, 5, len(foods))))
    row = (kinds * len(places))[: len(places)]
    return {"tray": "tray", **dict(zip(places, dice.sample(row, len(row)), strict=True))}


def _tray(dice: Random, colour: str) -> Part:
    """A tray with or without its nine cells, or nothing but a sheet."""
    kind, is_lit = dice.choice(("cells", "rounds", "plain", "sheet")), dice.random() < 0.4

    def draw(brush: Brush) -> None:
        if kind == "sheet":
            return
        brush.box(-0.93, -0.93, 1.86, 1.86, colour, 0.1)
        for x in (-0.58, 0, 0.58):
            for y in (-0.58, 0, 0.58):
                if kind == "cells":
                    brush.box(x - 0.27, y - 0.27, 0.54, 0.54, brush.tones.pale, 0.04)
                elif kind == "rounds":
                    brush.oval(x, y, 0.27, 0.27, brush.tones.pale)
        if is_lit:
            brush.bare(round_box(-0.93, 0.89, 1.86, 0.05), brush.tones.shade)

    return draw


def _sticker(part: Part, spot: tuple[float, float], *, has_rim: bool) -> Part:
    def draw(brush: Brush) -> None:
        at = brush.at(*spot, 0.2)
        if has_rim:
            at.bare(ring(0, 0, 1.2, 1.2), WHITE)
        part(at)

    return draw


FAMILIES: Sequence[Family] = (
    Family(name="app_icons", draw=app_icons),
    Family(name="fruit_stickers_set", draw=fruit_stickers_set),
)
