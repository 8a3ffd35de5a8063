"""Plans, maps and charts: the same axes, borders and titles, other data.

lineup_football     one player, or the whole team, on the same pitch
bar_chart           one bar, or all of them
pie_or_line_chart   two slices, one line, or all the data
choropleth_map      the colours of a few regions, or of all
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from core.types import What
from lab.drawings.kit import Sheet, Spot, clouds, gradient, mix, rgb, ring, smooth
from lab.edits.kit import readable
from lab.families.kit import Family, Twins
from lab.families.unseen.screens import crest
from lab.families.unseen.tickets import Look, Page, hsv, look_of, person, town, twins

type Rows = list[list[int]]

SHAPES = ((4, 4, 2), (4, 3, 3), (3, 5, 2), (4, 2, 3, 1), (5, 3, 2), (3, 4, 3))


def lineup_football(dice: Random) -> Twins:
    """Another player, or another team, on the same pitch."""
    language, size = dice.choice((0, 0, 2)), dice.choice(((640, 900), (720, 960), (600, 1000), (800, 800), (1000, 640)))
    one, other = _team(dice, language), _team(dice, language)
    at, says = dice.randrange(11), "all players are others"
    if dice.random() < 0.5:
        other = [*one[:at], other[at], *one[at + 1 :]]
        says = f"a player: {one[at]} became {other[at]}"
    return twins(dice, lambda again, team: _pitch(again, size, team), one, other, What.WORDS, says)


def _team(dice: Random, language: int) -> list[str]:
    return [f"{number} {person(dice, language).split()[-1]}" for number in dice.sample(range(1, 40), 11)]


def _pitch(dice: Random, size: tuple[int, int], team: list[str]) -> Image.Image:
    look, (w, h), top, count = look_of(dice, 0.6), size, 110, dice.randint(8, 14)
    lawn, is_flat = hsv(dice.uniform(0.26, 0.4), dice.uniform(0.4, 0.8), dice.uniform(0.3, 0.6)), w > h
    sheet, club, white = Sheet(Image.new("RGB", size, dice.choice((lawn, lawn, "#14161c"))), 0), town(dice), "#ffffffb0"
    (dx, dy), middle = (w / count, 0) if is_flat else (0, h / count), (h + top) / 2
    for at in range(0, count, 2):
        sheet.rect(dx * at, dy * at, dx or w, dy or h, "#ffffff16")
    sheet.line([(30, top + 20), (w - 30, top + 20), (w - 30, h - 20), (30, h - 20), (30, top + 20)], white, 3)
    sheet.circle(w / 2, middle, min(w, h) * 0.12, None, white, 3)
    sheet.line([(w / 2, top + 20), (w / 2, h - 20)] if is_flat else [(30, middle), (w - 30, middle)], white, 3)
    sheet.rect(0, 0, w, top, look.panel)
    crest(sheet, club, 60, top / 2 - 4, 34)
    spots, r = _spots(dice.choice(SHAPES), w, h, top), dice.randint(23, 29)
    for x, y in spots:
        sheet.circle(x, y, r + 2, "#00000040")
        sheet.circle(x, y - 2, r, look.accent, "#ffffff", 2)
    page, pill, face = Page(sheet.finish(0)), dice.choice(("#000000b0", "#00000040")), dice.choice(("bold", look.head))
    page.words(118, 42, f"FC {club}", 40, look.ink, look.head, wide=w - 140)
    page.words(118, 82, dice.choice(("STARTING XI", "LINE-UP", "Team sheet")), 24, look.accent, look.body)
    for (x, y), player in zip(spots, team, strict=True):
        page.words(x, y - 2, player.split()[0], 26, readable(look.accent), "bold", "mm")
        page.box(x - 58, y + r + 4, 116, 28, pill, 6)
        page.words(x, y + r + 17, player.split()[1], 21, "#ffffff", face, "mm", 112)
    return page.image


def _spots(shape: Sequence[int], w: int, h: int, top: int) -> list[Spot]:
    """Where the eleven stand, the goalkeeper first."""
    places: list[Spot] = []
    for at, count in enumerate((1, *shape)):
        depth = (at + 0.5) / (len(shape) + 1)
        for across in ((number + 0.5) / count for number in range(count)):
            flat = (50 + depth * (w - 100), top + 10 + across * (h - top - 60))
            places.append(flat if w > h else (20 + across * (w - 40), h - 50 - depth * (h - top - 60)))
    return places


TITLES = (
    *("Bicycles sold", "Visitors of the museum", "Rainfall in mm", "Members by club", "Energy use in GWh"),
    *("Parcels per day", "How people travel", "Books lent", "各地区销售额", "年度访客人数", "Umsatz nach Region"),
)
NAMES = (
    *("Jan Feb Mar Apr May Jun Jul Aug Sep", "2016 2017 2018 2019 2020 2021 2022 2023 2024"),
    *("North South East West Coast Hills Lakes Isles Plain", "Apples Pears Plums Figs Limes Dates Kiwis Nuts Grapes"),
    *("Rot Blau Weiss Lila Gelb Grau Braun Rosa Beige", "华北 华东 华南 西北 西南 东北 华中 港口 山区"),
)
SIZES = ((900, 600), (960, 540), (800, 800), (720, 900), (1000, 620))


def bar_chart(dice: Random) -> Twins:
    """Other bars over the same axes."""
    one, other, says = _data(dice, dice.choice((1, 1, 2, 3)), dice.randint(4, 9), "bar")
    return twins(dice, _bars, one, other, What.PICTURE, says)


def _data(dice: Random, series: int, count: int, thing: str) -> tuple[Rows, Rows, str]:
    """Two tables of numbers up to 100 that differ in one number or in all."""
    one, other = ([[dice.randint(8, 96) for _ in range(count)] for _ in range(series)] for _ in range(2))
    if dice.random() < 0.6:
        return one, other, f"the {thing}s are all others"
    row, at = dice.randrange(series), dice.randrange(count)
    other = [list(values) for values in one]
    other[row][at] = (one[row][at] + dice.randint(25, 60)) % 90 + 8
    return one, other, f"{thing} {at + 1} of row {row + 1}: {one[row][at]} became {other[row][at]}"


def _framed(dice: Random, look: Look) -> tuple[Sheet, float, float, float, float]:
    """The sheet of a chart and where its data go: left, top, width, height."""
    w, h = dice.choice(SIZES)
    sheet = Sheet(gradient((w, h), look.ground, dice.choice((look.ground, mix(look.ground, look.second, 0.5)))), 0)
    sheet.rect(20, 20, w - 40, h - 40, look.panel, dice.choice((0, 16)))
    return sheet, 110, 130, w - 170, h - 230


def _titled(dice: Random, look: Look, sheet: Sheet) -> Page:
    """The sheet with its title, subtitle and source."""
    page, w, h = Page(sheet.finish(0)), sheet.width, sheet.height
    page.words(44, 58, dice.choice(TITLES), dice.randint(32, 42), look.ink, look.head, wide=w - 90)
    page.words(44, 98, f"{town(dice)}, {dice.randint(2015, 2025)}", 20, look.faint, look.body)
    page.words(44, h - 34, f"Source: Office of Statistics, {town(dice)}", 15, look.faint, look.body)
    return page


def _tones(dice: Random, look: Look) -> list[str]:
    start, step = dice.random(), dice.choice((0.07, 0.21, 0.37))
    return [look.accent, *(hsv(start + at * step, 0.65, 0.55 + at % 3 * 0.17) for at in range(8))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Where the bars of a chart are: they lie where it is flat, else they stand."""

    x: float
    y: float
    w: float
    h: float
    is_flat: bool

    def spot(self, along: float, up: float) -> Spot:
        """Where a share of the axis and of the height is."""
        x, y, w, h = self.x, self.y, self.w, self.h
        return (x + w * up, y + h * along) if self.is_flat else (x + w * along, y + h * (1 - up))


def _bars(dice: Random, rows: Rows) -> Image.Image:
    look, is_stack, is_flat, scale = look_of(dice), dice.random() < 0.3, dice.random() < 0.4, dice.choice((1, 25, 1000))
    sheet, x, y, w, h = _framed(dice, look)
    plot, tones = Plot(x=x, y=y, w=w, h=h, is_flat=is_flat), _tones(dice, look)
    for at in range(6):
        sheet.line([plot.spot(0, at / 5), plot.spot(1, at / 5)], mix(look.panel, look.faint, 0.4), 1)
    gap, count = dice.uniform(0.1, 0.2), len(rows[0])
    wide = (1 - 2 * gap) / count / (1 if is_stack else len(rows))
    ends = _draw_bars(sheet, plot, rows, tones, (gap, wide), is_stack)
    page, names, has_values = _titled(dice, look, sheet), dice.choice(NAMES).split(), dice.random() < 0.5
    _label_axes(page, look, plot, names[:count], 100 * (len(rows) if is_stack else 1) * scale)
    for (left, top), value in ends if has_values and not is_stack and len(rows) < 3 else ():
        left, top = (left + 28, top) if is_flat else (left, top - 12)
        page.words(left, top, str(value * scale), 16, look.ink, look.body, "mm", 50 if is_flat else w * wide)
    return page.image


def _draw_bars(
    sheet: Sheet, plot: Plot, rows: Rows, tones: Sequence[str], width: tuple[float, float], is_stack: bool
) -> list[tuple[Spot, int]]:
    """Draw the bars, whose gap and width are shares of the axis; where each ends, and its value."""
    (gap, wide), count, floor = width, len(rows[0]), [0.0] * len(rows[0])
    most, ends = 100 * (len(rows) if is_stack else 1), list[tuple[Spot, int]]()
    for number, values in enumerate(rows):
        for at, value in enumerate(values):
            left, low = (at + gap) / count + (0 if is_stack else number * wide), floor[at] if is_stack else 0
            right, high = left + wide * 0.97, low + value / most
            corners = ((left, low), (right, low), (right, high), (left, high))
            sheet.polygon([plot.spot(*corner) for corner in corners], tones[number])
            ends.append((plot.spot((left + right) / 2, high), value))
            floor[at] = high
    return ends


def _label_axes(page: Page, look: Look, plot: Plot, names: Sequence[str], most: int) -> None:
    beside, below = (-10, 0, "rm"), (0, 20, "mm")
    for at in range(6):
        (left, top), (dx, dy, anchor) = plot.spot(float(plot.is_flat), at / 5), below if plot.is_flat else beside
        page.words(left + dx, top + dy, f"{most * at // 5}", 16, look.faint, look.body, anchor)
    for at, name in enumerate(names):
        (left, top), (dx, dy, anchor) = plot.spot((at + 0.5) / len(names), 0), beside if plot.is_flat else below
        wide = 92 if plot.is_flat else plot.w / len(names)
        page.words(left + dx, top + dy, name, 18, look.ink, look.body, anchor, wide)


def pie_or_line_chart(dice: Random) -> Twins:
    """Other slices of the same pie, or other lines over the same axes."""
    if dice.random() < 0.5:
        one, other, says = _data(dice, 1, dice.randint(3, 7), "slice")
        return twins(dice, _pie, one, other, What.PICTURE, says)
    rows, count, says = dice.choice((1, 2, 2, 3)), dice.choice((8, 12, 20)), "the lines are all others"
    one, other = (_walks(dice, rows, count) for _ in range(2))
    if len(one) > 1 and dice.random() < 0.6:
        other, says = [*one[:-1], other[-1]], f"line {len(one)} is another one"
    return twins(dice, _lines, one, other, What.PICTURE, says)


def _walks(dice: Random, rows: int, count: int) -> Rows:
    """Lines that wander between 4 and 96."""
    walks = []
    for _ in range(rows):
        walk = [dice.randint(15, 85)]
        while len(walk) < count:
            walk.append(min(96, max(4, walk[-1] + dice.randint(-22, 22))))
        walks.append(walk)
    return walks


def _pie(dice: Random, rows: Rows) -> Image.Image:
    look, values, names = look_of(dice), rows[0], dice.choice(NAMES).split()
    sheet, x, y, w, h = _framed(dice, look)
    tones, is_wide, r = _tones(dice, look), w > h, min(w * 0.33, h * 0.48) if w > h else min(w * 0.42, h * 0.32)
    (cx, cy), start = (x + r, y + h / 2) if is_wide else (x + w / 2 - 25, y + r), dice.randrange(360) * 1.0
    for at, value in enumerate(values):
        turn = 360 * value / sum(values)
        sheet.polygon([(cx, cy), *ring(cx, cy, r, r, 0, start, start + turn)], tones[at])
        sheet.line([(cx, cy), (cx + r * cos(radians(start)), cy + r * sin(radians(start)))], look.panel, 3)
        start += turn
    sheet.circle(cx, cy, r * dice.choice((0.02, 0.5, 0.62)), look.panel)
    left, top, step = (x + 2 * r + 50, y + 10, h / 7) if is_wide else (x, y + 2 * r + 40, (h - 2 * r - 10) / 7)
    for at in range(len(values)):
        sheet.rect(left, top + at * step, 24, min(24, step - 6), tones[at], 5)
    page = _titled(dice, look, sheet)
    for at, value in enumerate(values):
        said = f"{names[at]}   {100 * value / sum(values):.0f} %"
        page.words(left + 38, top + at * step + 12, said, 24, look.ink, look.body, wide=sheet.width - left - 70)
    return page.image


def _lines(dice: Random, rows: Rows) -> Image.Image:
    look, is_soft, has_dots, is_area = look_of(dice, 0.5), dice.random() < 0.4, dice.random() < 0.4, dice.random() < 0.4
    sheet, x, y, w, h = _framed(dice, look)
    tones, scale, width, count = _tones(dice, look), dice.choice((1, 10, 0.5)), dice.uniform(3, 6), len(rows[0])
    for at in range(6):
        sheet.line([(x, y + h * at / 5), (x + w, y + h * at / 5)], mix(look.panel, look.faint, 0.4), 1)
    for number, values in enumerate(rows):
        spots = [(x + w * at / (count - 1), y + h * (1 - value / 100)) for at, value in enumerate(values)]
        way = smooth(spots) if is_soft else spots
        if is_area:
            sheet.polygon([(x, y + h), *way, (x + w, y + h)], f"{tones[number]}50")
        sheet.line(way, tones[number], width)
        for spot in spots if has_dots else ():
            sheet.circle(*spot, width * 1.5, look.panel, tones[number], 3)
        sheet.rect(x + number * 150, y + h + 40, 30, 8, tones[number], 4)
    page, names = _titled(dice, look, sheet), dice.choice(NAMES).split()
    for at in range(6):
        page.words(x - 10, y + h * (1 - at / 5), f"{20 * at * scale:g}", 16, look.faint, look.body, "rm")
    for at in range(7):
        page.words(x + w * at / 6, y + h + 22, names[at], 17, look.ink, look.body, "mm", w / 6)
    for number in range(len(rows)):
        page.words(x + number * 150 + 38, y + h + 44, town(dice), 17, look.ink, look.body, wide=106)
    return page.image


def choropleth_map(dice: Random) -> Twins:
    """The same map in other colours."""
    draw, count = dice.choice((_land, _land, _tiles)), dice.randint(12, 26)
    one = [dice.randrange(5) for _ in range(count)]
    few = dice.sample(range(count), dice.randint(2, 4) if dice.random() < 0.4 else count)
    other = [(value + dice.randint(2, 3)) % 5 if at in few else value for at, value in enumerate(one)]
    return twins(dice, draw, one, other, What.COLOUR, f"the colours of {len(few)} of {count} regions are others")


def _ramp(look: Look) -> list[str]:
    return [mix(mix(look.panel, "#ffffff", 0.5), mix(look.accent, "#000000", 0.25), 0.1 + at * 0.22) for at in range(5)]


def _keyed(page: Page, dice: Random, look: Look) -> Image.Image:
    """The title and the key of a map."""
    w, h, unit = page.image.width, page.image.height, dice.choice((5, 10, 20, 150))
    page.words(30, 44, dice.choice(TITLES), dice.randint(32, 40), look.ink, look.head, wide=w - 60)
    page.words(30, 84, f"{town(dice)} and its districts", 19, look.ink, look.body)
    for at, tone in enumerate(_ramp(look)):
        page.box(30 + at * 88, h - 62, 88, 18, tone)
        page.words(74 + at * 88, h - 28, f"{at * unit}-{(at + 1) * unit}", 15, look.ink, look.body, "mm")
    return page.image


def _land(dice: Random, classes: list[int]) -> Image.Image:
    look, (w, h) = look_of(dice, 0.3), dice.choice(((900, 640), (760, 760), (640, 880)))
    rough = [clouds((w, h), dice.getrandbits(32), 6, 5) * 2 - 1 for _ in range(2)]
    xs = np.arange(w, dtype=np.float32)[None] + rough[0] * 60
    ys = np.arange(h, dtype=np.float32)[:, None] + rough[1] * 60
    seeds = np.array([(dice.uniform(0.12, 0.88) * w, dice.uniform(0.2, 0.8) * h) for _ in classes], np.float32)
    best, owner = np.full((h, w), np.inf, np.float32), np.zeros((h, w), np.int64)
    for at, (x, y) in enumerate(seeds):
        far = (xs - x) ** 2 + (ys - y) ** 2
        owner[far < best] = at
        best = np.minimum(best, far)
    shore = ((xs - w / 2) / (w * 0.45)) ** 2 + ((ys - h * 0.5) / (h * 0.34)) ** 2 > 1
    owner[shore] = len(classes)
    sea = rgb(mix(look.ground, dice.choice(("#8fb8d8", look.ground)), 0.5))
    tones = np.array([*(rgb(_ramp(look)[one]) for one in classes), sea], np.uint8)
    edge = np.zeros((h, w), bool)
    edge[1:] |= owner[1:] != owner[:-1]
    edge[:, 1:] |= owner[:, 1:] != owner[:, :-1]
    borders = Image.fromarray(edge).convert("L").filter(ImageFilter.MaxFilter(3)).filter(ImageFilter.GaussianBlur(0.7))
    page = Page(Image.fromarray(tones[owner]))
    page.image.paste(rgb(dice.choice((look.ink, "#ffffff", look.panel))), (0, 0), borders)
    for x, y in seeds[4:] if dice.random() < 0.6 else ():
        if np.sort(np.abs(seeds - (x, y)).sum(1))[1] > 60:
            page.words(float(x), float(y), town(dice), 15, look.ink, look.body, "mm")
    return _keyed(page, dice, look)


def _tiles(dice: Random, classes: list[int]) -> Image.Image:
    look, (w, h) = look_of(dice), dice.choice(((900, 640), (760, 760), (640, 880)))
    sheet, columns = Sheet(Image.new("RGB", (w, h), look.ground), 0), dice.choice((5, 6))
    cells = sorted(dice.sample([(row, column) for row in range(6) for column in range(columns)], len(classes)))
    r = min((w - 80) / columns / 1.8, (h - 260) / 6 / 1.5)
    spots = [(w / 2 + (c - columns / 2 + row % 2 / 2 + 0.25) * r * 1.76, 120 + r + row * r * 1.52) for row, c in cells]
    for (x, y), one in zip(spots, classes, strict=True):
        corners = [(x + r * cos(radians(angle)), y + r * sin(radians(angle))) for angle in range(30, 390, 60)]
        sheet.polygon(corners, _ramp(look)[one])
    page = Page(sheet.finish(0))
    for x, y in spots:
        page.words(x, y, "".join(dice.sample("ABEGHKLMNRSTUVW", 2)), 20, look.ink, look.body, "mm")
    return _keyed(page, dice, look)


FAMILIES: Sequence[Family] = (
    Family(name="lineup_football", draw=lineup_football),
    Family(name="bar_chart", draw=bar_chart),
    Family(name="pie_or_line_chart", draw=pie_or_line_chart),
    Family(name="choropleth_map", draw=choropleth_map),
)
