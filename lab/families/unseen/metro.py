"""A map of a metro with a notice.

metro_map_notice   the dates, the stretch, or the line that is closed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from PIL import Image

from core.types import What
from lab.drawings.kit import Sheet, Spot
from lab.edits.kit import readable
from lab.families.kit import Family, Twins
from lab.families.unseen.tickets import Fields, Page, changed, day, hsv, look_of, told, town, twins


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a metro: its way and its stations."""

    name: str
    colour: str
    way: list[Spot]
    stops: dict[str, Spot]


HAN = "海山林川青石松云南北东西中新白金水花光平"
NOTES = (
    "Service change/Line {} closed/{} to {}/Please use the replacement buses. Plan 20 minutes more.",
    "Bauarbeiten/Linie {} gesperrt/{} bis {}/Bitte den Ersatzverkehr benutzen und mehr Zeit einplanen.",
    "线路调整通知/{} 号线停运/{} 至 {}/请换乘接驳公交车,不便之处敬请谅解。",
)


def metro_map_notice(dice: Random) -> Twins:
    """The same map and notice about another closure."""
    language, size = dice.choice((0, 0, 1, 2)), dice.choice(((900, 900), (720, 1000), (1040, 720), (640, 960)))
    lines = _network(dice, language, size)
    one = _closure(dice, language, lines)
    keys = dice.choice(("date", "date", "from to", "line from to", "line from to date")).split()
    own = [line for line in lines if "line" in keys or line.name == one["line"]]
    other = changed(dice, lambda again: _closure(again, language, own), one, keys)
    return twins(dice, lambda again, now: _notice(again, lines, size, now), one, other, What.WORDS, told(one, other))


def _closure(dice: Random, language: int, lines: list[Line]) -> Fields:
    line = dice.choice(lines)
    first, last = (list(line.stops)[at] for at in sorted(dice.sample(range(len(line.stops)), 2)))
    return {"language": str(language), "line": line.name, "from": first, "to": last, "date": day(dice, language)}


def _network(dice: Random, language: int, size: tuple[int, int]) -> list[Line]:
    """Lines from edge to edge through two of four hubs, in steps of 45 degrees."""
    w, h, tint, lines = size[0], size[1] * 0.6, dice.random(), []
    hubs = [(w * x + dice.uniform(-40, 40), h * y + dice.uniform(-30, 30)) for x in (0.32, 0.68) for y in (0.35, 0.7)]
    for at in range(dice.randint(4, 6)):
        across = [(40.0, dice.uniform(60, h)), (w - 120.0, dice.uniform(60, h))]
        ends = dice.choice((across, [(dice.uniform(40, w - 120), 40.0), (dice.uniform(40, w - 120), h)]))
        way = ends[:1]
        for x, y in ((x + at * 7 - 17, y + at * 7 - 17) for x, y in (*dice.sample(hubs, 2), ends[1])):
            (left, top), reach = way[-1], min(abs(x - way[-1][0]), abs(y - way[-1][1]))
            way += [(left + reach * (1 if x > left else -1), top + reach * (1 if y > top else -1)), (x, y)]
        name = f"{'MU '[language]}{at + 1}".strip()
        lines.append(Line(name=name, colour=hsv(tint + at / 6, 0.85, 0.75), way=way, stops=_stops(dice, language, way)))
    return lines


def _stops(dice: Random, language: int, way: list[Spot]) -> dict[str, Spot]:
    """Stations every 70 pixels or so."""
    xs, ys = np.array(way).T
    far = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    at = np.linspace(0, far[-1], max(4, int(far[-1] / 70)))
    names = ("".join(dice.choices(HAN, k=2)) + "站" if language == 2 else town(dice) for _ in at)
    spots = zip(*(np.interp(at, far, axis).tolist() for axis in (xs, ys)), strict=True)
    return dict(zip(names, spots, strict=True))


def _notice(dice: Random, lines: list[Line], size: tuple[int, int], one: Fields) -> Image.Image:
    look, (w, h), width = look_of(dice, 0.25), size, dice.uniform(6, 9)
    sheet, y = Sheet(Image.new("RGB", size, look.panel), 0), min(h * 0.68, h - 264)
    for line in lines:
        sheet.line(line.way, line.colour, width)
    for line in lines:
        for spot in line.stops.values():
            sheet.circle(*spot, width * 0.8, "#ffffff", line.colour, 2.5)
    sheet.rect(0, y - 8, w, h, look.ground)
    closed = next(line for line in lines if line.name == one["line"])
    names = list(closed.stops)
    for name in names[names.index(one["from"]) : names.index(one["to"]) + 1] if dice.random() < 0.5 else ():
        x, top = closed.stops[name]
        for lean in (-8, 8):
            sheet.line([(x - 8, top - lean), (x + 8, top + lean)], "#d01818", 4)
    sheet.rect(30, y + 26, 96, 96, closed.colour, dice.choice((10, 48)))
    page, (head, shut, stretch, please) = Page(sheet.finish(0)), NOTES[int(one["language"])].split("/")
    taken: list[Spot] = []
    for name, (x, top) in (stop for line in lines for stop in line.stops.items()):
        if all(abs(x - left) > 90 or abs(top - high) > 20 for left, high in taken):
            page.words(x + 12, top - 12, name, 14, look.ink, look.body)
            taken.append((x, top))
    page.words(78, y + 74, closed.name, 48, readable(closed.colour), "bold", "mm", 84)
    page.words(150, y + 40, head, 24, look.ink, look.body)
    page.words(150, y + 92, shut.format(closed.name), 44, look.ink, look.head, wide=w - 180)
    page.words(32, y + 156, stretch.format(one["from"], one["to"]), 30, look.ink, look.head, wide=w - 64)
    page.words(32, y + 200, one["date"], 30, look.accent, look.head, wide=w - 64)
    page.words(32, h - 28, please, 17, look.ink, look.body, wide=w - 64)
    return page.image


FAMILIES: Sequence[Family] = (Family(name="metro_map_notice", draw=metro_map_notice),)
