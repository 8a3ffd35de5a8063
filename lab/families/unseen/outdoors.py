"""What people share after they were out of doors.

route_summary   a walk, run or ride over the sharer's photograph   another way and other figures
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

import numpy as np
from PIL import Image, ImageEnhance

from core.types import What
from lab.drawings.kit import Spot, mix, smooth
from lab.families.kit import Family, Twins, photograph
from lab.families.unseen.strokes import HEADS, Board, coined, pair, vivid

SIZES = ((540, 960), (600, 900), (720, 720), (800, 800), (900, 600), (640, 800))
SPORTS = (
    "Morning run",
    "Evening ride",
    "Lunch walk",
    "Trail run",
    "Sunday ride",
    "Hike with friends",
    "Paddle",
    "Ski tour",
)
LAYOUTS = ("foot", "column", "card", "top", "split")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How an app lays figures over the photograph."""

    photo: Image.Image
    app: str
    sport: str
    face: str
    accent: str
    layout: str
    labels: Sequence[str]
    thick: float
    shade: float
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outing:
    """The way, within a square of 1 x 1, and its figures."""

    way: Sequence[Spot]
    figures: Sequence[str]


def route_summary(dice: Random) -> Twins:
    """A summary that a sports app lays over a photograph: another route with another distance, time and climb."""
    style = _share(dice)
    one, other = _outing(dice), _outing(dice)
    told = (" in ".join(outing.figures[:2]) for outing in (one, other))
    return pair(_summary, style, (one, other), What.PICTURE, f"the route and its figures: {' became '.join(told)}")


def _share(dice: Random) -> Share:
    photo = photograph(dice, *dice.choice(SIZES))
    return Share(
        photo=ImageEnhance.Color(photo).enhance(dice.choice((1.0, 1.0, 0.3, 1.4))),
        app=coined(dice).upper() if dice.random() < 0.5 else coined(dice),
        sport=dice.choice(SPORTS),
        face=dice.choice(HEADS),
        accent=mix(vivid(dice), "#ffffff", dice.uniform(0.1, 0.4)),
        layout=dice.choice(LAYOUTS),
        labels=dice.choice(
            (("Distance", "Time", "Climb"), ("DIST", "TIME", "ELEV"), ("Distance", "Moving time", "Elevation"))
        ),
        thick=dice.uniform(4, 9),
        shade=dice.uniform(0.35, 0.65),
        seed=dice.getrandbits(31),
    )


def _outing(dice: Random) -> Outing:
    far, pace = dice.uniform(3, 62), dice.uniform(2.4, 7.5)
    seconds = round(far * pace * 60)
    time = (
        f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        if seconds >= 3600
        else f"{seconds // 60}:{seconds % 60:02d}"
    )
    return Outing(
        way=_loop(dice) if dice.random() < 0.6 else _there(dice),
        figures=(f"{far:.2f} km", time, f"{dice.randint(8, 1450)} m"),
    )


def _loop(dice: Random) -> list[Spot]:
    """A way that comes back to where it began."""
    count = dice.randint(7, 16)
    stops = [(dice.uniform(0.2, 0.5), 2 * pi * step / count + dice.uniform(-0.15, 0.15)) for step in range(count)]
    return _bent(dice, smooth([(r * cos(t), r * sin(t)) for r, t in stops], closed=True))


def _there(dice: Random) -> list[Spot]:
    """A way from one place to another."""
    stops, heading = [(0.0, 0.0)], dice.uniform(0, 2 * pi)
    for _ in range(dice.randint(8, 18)):
        heading += dice.uniform(-1.0, 1.0)
        stops.append((stops[-1][0] + cos(heading), stops[-1][1] + sin(heading)))
    return _bent(dice, smooth(stops))


def _bent(dice: Random, way: Sequence[Spot]) -> list[Spot]:
    """The way with the little errors of a receiver, scaled into the square."""
    spots = np.array(way)
    spots += np.random.default_rng(dice.getrandbits(64)).normal(0, 0.004, spots.shape) * np.ptp(spots, axis=0).max()
    spots = (spots - spots.min(axis=0)) / np.ptp(spots, axis=0).max()
    spots += (1 - spots.max(axis=0)) / 2
    return [(float(x), float(y)) for x, y in spots]


def _summary(style: Share, outing: Outing) -> Image.Image:
    wide, high = style.photo.size
    sheet = Board(style.photo, style.seed)
    unit = min(wide, high) / 100
    if style.layout == "card":
        _card(sheet, style, outing, unit)
    else:
        _over(sheet, style, outing, unit)
    return sheet.finish(0)


def _over(sheet: Board, style: Share, outing: Outing, unit: float) -> None:
    """Figures and route straight on the photograph, which is darkened for them."""
    wide, high = style.photo.size
    _darken(sheet, style)
    at_top = style.layout == "top"
    sheet.say(6 * unit, high - 6 * unit if at_top else 8 * unit, style.app, 5.5 * unit, style.accent, "bold")
    if style.layout == "column":
        _column(sheet, style, outing, 6 * unit, high * 0.3, unit)
        _draw_way(sheet, style, outing.way, (wide - 54 * unit, high * 0.3, 46 * unit))
    elif style.layout == "split":
        _draw_way(sheet, style, outing.way, (6 * unit, 16 * unit, 42 * unit))
        _column(sheet, style, outing, wide - 44 * unit, high - 52 * unit, unit)
    else:
        top = 12 * unit if at_top else high - 22 * unit
        sheet.say(6 * unit, top - 3 * unit, style.sport, 5 * unit, "#ffffff", style.face)
        _row(sheet, style, outing, (6 * unit, top + 4 * unit, wide - 12 * unit), "#ffffff", unit)
        _draw_way(
            sheet, style, outing.way, (wide / 2 - 26 * unit, top + 22 * unit if at_top else top - 66 * unit, 52 * unit)
        )


def _darken(sheet: Board, style: Share) -> None:
    """A shadow that grows towards the side where the figures are."""
    wide, high = style.photo.size
    ramp = np.linspace(0.15, 1, high if style.layout in ("foot", "top") else wide) * 255 * style.shade
    if style.layout in ("top", "column"):
        ramp = ramp[::-1]
    lines = ramp[:, None] if style.layout in ("foot", "top") else ramp[None]
    mask = Image.fromarray(np.broadcast_to(lines, (high, wide)).astype(np.uint8))
    sheet.lay(Image.new("RGB", (wide, high), "#05070c"), 0, 0, mask)


def _column(sheet: Board, style: Share, outing: Outing, x: float, y: float, unit: float) -> None:
    sheet.fit(x, y - 7 * unit, style.sport, 4.6 * unit, style.accent, style.face, "lm", 38 * unit)
    for at, (label, figure) in enumerate(zip(style.labels, outing.figures, strict=True)):
        sheet.say(x, y + at * 15 * unit, label, 3.4 * unit, "#e4e6ea", "sans")
        sheet.say(x, y + (at * 15 + 5.6) * unit, figure, 7 * unit, "#ffffff", style.face)


def _row(sheet: Board, style: Share, outing: Outing, room: tuple[float, float, float], ink: str, unit: float) -> None:
    x, y, wide = room
    for at, (label, figure) in enumerate(zip(style.labels, outing.figures, strict=True)):
        sheet.say(x + at * wide / 3, y, label, 3.2 * unit, mix(ink, "#888888", 0.3), "sans")
        sheet.fit(x + at * wide / 3, y + 5.4 * unit, figure, 6.2 * unit, ink, style.face, "lm", wide * 0.31)


def _card(sheet: Board, style: Share, outing: Outing, unit: float) -> None:
    """A white card at the foot with the figures, and a small map beside it above."""
    wide, high = style.photo.size
    top = high - 38 * unit
    sheet.rect(4 * unit, top, wide - 8 * unit, 34 * unit, "#fbfbfc", 3 * unit)
    sheet.say(8 * unit, top + 6 * unit, style.sport, 4.8 * unit, "#1b1d22", style.face)
    sheet.say(wide - 8 * unit, top + 6 * unit, style.app, 4 * unit, mix(style.accent, "#000000", 0.35), "bold", "rm")
    _row(sheet, style, outing, (8 * unit, top + 16 * unit, wide - 16 * unit), "#1b1d22", unit)
    sheet.rect(8 * unit, top + 28 * unit, wide - 16 * unit, 0.6 * unit, "#d5d8de")
    sheet.rect(wide - 50 * unit, top - 48 * unit, 44 * unit, 44 * unit, "#eef0e6", 3 * unit)
    dice = Random(style.seed)
    for _ in range(7):
        at = dice.uniform(2, 42) * unit
        sheet.line([(wide - 50 * unit + at, top - 48 * unit), (wide - 50 * unit + at, top - 4 * unit)], "#dcdfd2", 2)
        sheet.line([(wide - 50 * unit, top - 48 * unit + at), (wide - 6 * unit, top - 48 * unit + at)], "#dcdfd2", 2)
    _draw_way(sheet, style, outing.way, (wide - 45 * unit, top - 43 * unit, 34 * unit))


def _draw_way(sheet: Board, style: Share, way: Sequence[Spot], room: tuple[float, float, float]) -> None:
    x, y, side = room
    spots = [(x + px * side, y + py * side) for px, py in way]
    sheet.line(spots, "#101010", style.thick + 3)
    sheet.line(spots, style.accent, style.thick)
    for spot, colour in ((spots[0], "#37c871"), (spots[-1], "#e8483f")):
        sheet.circle(*spot, style.thick * 1.3, colour, "#ffffff", 2)


FAMILIES: Sequence[Family] = (Family(name="route_summary", draw=route_summary, is_photographic=True),)
