"""Instruments that show another value.

dial_face         hands of clocks, needles of gauges, columns of thermometers   small
segment_display   figures on scales, clocks, monitors, price boards, meters     small
"""

from collections.abc import Sequence
from math import cos, pi, sin
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Spot, mix, ring
from lab.families.kit import Family, Twins
from lab.families.seen.papers_kit import Look, Page, Size, any_size, hsl, palette, twins_of
from lab.families.seen.papers_words import listed, maker
from lab.families.seen.pieces_kit import Box, segments, stroke, table

SCALES = (
    *(("km/h", 0, 240, 20), ("mph", 0, 140, 20), ("bar", 0, 10, 1), ("psi", 0, 160, 20), ("rpm x1000", 0, 8, 1)),
    *(("°C", 0, 120, 20), ("V", 0, 24, 4), ("kg", 0, 20, 2), ("% rH", 0, 100, 10), ("hPa", 960, 1060, 10)),
)
ROMAN = listed("XII I II III IV V VI VII VIII IX X XI", " ")
FUELS = ("Super 95", "Super E10", "Diesel", "LPG", "Premium 98", "AdBlue", "HVO 100", "CNG")
STATIONS = ("PETRA", "OILO", "Nordstar", "Fuelwell", "TANKO", "Ruby Gas")
SIGNS = (("HR", "bpm"), ("SpO2", "%"), ("RESP", "/min"), ("TEMP", "°C"))
LAMPS = ("#ff3b28", "#48ff6a", "#ffb020", "#5ad1ff", "#f4f7ff")

type Readings = Sequence[float]
type Dial = tuple[float, float, float]


def dial_face(dice: Random) -> Twins:
    """A clock, a panel of gauges or a thermometer on a wall, at which one or all hands stand elsewhere."""
    draw, count = dice.choice(((_clock, 1), (_clock, 1), (_gauges, 1), (_gauges, 2), (_gauges, 4), (_thermometer, 1)))
    one = [dice.random() for _ in range(count)]
    places = range(count) if dice.random() < 0.25 else (dice.randrange(count),)
    other = [(value + dice.uniform(0.08, 0.92)) % 1 if at in places else value for at, value in enumerate(one)]
    if draw is _thermometer and abs(one[0] - other[0]) < 0.1:
        other = [(one[0] + 0.3) % 1]
    return twins_of(dice, draw, (one, other), f"the readings: {len(places)} of {count}", What.PICTURE)


def _wall(dice: Random) -> Page:
    return table(dice, any_size(dice), 0.45)


def _around(x: float, y: float, r: float, degrees: float) -> Spot:
    """The spot at this distance, 0 degrees above, clockwise."""
    return x + r * sin(degrees * pi / 180), y - r * cos(degrees * pi / 180)


def _plate(page: Page, dice: Random, look: Look, dial: Dial) -> None:
    """The rim and the face of a round instrument."""
    x, y, r = dial
    rim = dice.choice((look.accent, "#c9ccd1", "#22252a", "#b08d4a"))
    page.glow(x + r * 0.05, y + r * 0.12, r * 1.35, r * 1.35, "#000000", 0.9)
    page.shape(ring(x, y, r, r), mix(rim, "#ffffff", 0.35), mix(rim, "#000000", 0.35))
    page.shape(ring(x, y, r * 0.92, r * 0.92), mix(rim, "#000000", 0.4), mix(rim, "#ffffff", 0.3))
    page.shape(ring(x, y, r * 0.89, r * 0.89), look.card, mix(look.card, look.ground, 0.8))


def _clock(dice: Random, readings: Readings) -> Image.Image:
    page, look = _wall(dice), palette(dice, 0.35)
    (width, high), minutes = page.image.size, round(readings[0] * 720)
    r = min(width, high) * dice.uniform(0.22, 0.46)
    x, y = (dice.uniform(r * 1.05, side - r * 1.05) for side in (width, high))
    _plate(page, dice, look, (x, y, r))
    figures, face = dice.choice(("arabic", "roman", "quarters", "none")), dice.choice((look.bold, look.face))
    for at in range(60):
        far = 0.76 if at % 5 == 0 else 0.81
        ends = _around(x, y, r * far, at * 6), _around(x, y, r * 0.85, at * 6)
        stroke(page, ends, look.ink, r * (0.022 if at % 5 == 0 else 0.008))
    for hour in range(0, 12, 3 if figures == "quarters" else 1):
        text = {"roman": ROMAN[hour], "none": ""}.get(figures, str(hour or 12))
        page.write(*_around(x, y, r * 0.63, hour * 30), text, face, round(r * 0.16), look.ink, "mm")
    page.squeezed(x, y + r * 0.32, maker(dice), look.face, max(10, round(r * 0.08)), r * 0.7, look.faint)
    thick, colour = dice.uniform(0.025, 0.05), dice.choice((look.ink, look.ink, look.accent))
    for degrees, far, wide in ((minutes / 2, 0.48, thick * 1.4), (minutes * 6, 0.74, thick)):
        stroke(page, (_around(x, y, -r * 0.1, degrees), _around(x, y, r * far, degrees)), colour, r * wide)
    page.circle(x, y, r * 0.05, look.second)
    return page.image


def _gauges(dice: Random, readings: Readings) -> Image.Image:
    page, look = _wall(dice), palette(dice, 0.5)
    width, high = page.image.size
    columns = {1: 1, 2: 2 if width >= high else 1, 4: 2}[len(readings)]
    wide, tall = width / columns, high / (len(readings) // columns)
    r = min(wide, tall) * dice.uniform(0.34, 0.46)
    if dice.random() < 0.6:
        page.shade(width * 0.02, high * 0.02, width * 0.96, high * 0.96, 26, "#3a3d42", "#1c1e21")
    scales, turn = dice.sample(SCALES, len(readings)), dice.uniform(100, 140)
    for at, (value, scale) in enumerate(zip(readings, scales, strict=True)):
        dial = (wide * (at % columns + 0.5), tall * (at // columns + 0.5), r)
        _gauge(page, Random(dice.getrandbits(30)), look, dial, scale, turn, value)
    return page.image


def _gauge(
    page: Page, dice: Random, look: Look, dial: Dial, scale: tuple[str, int, int, int], turn: float, value: float
) -> None:
    (x, y, r), (unit, low, top, step) = dial, scale
    _plate(page, dice, look, dial)
    count = (top - low) // step
    for at in range(count * 5 + 1):
        degrees, is_long = turn * (2 * at / (count * 5) - 1), at % 5 == 0
        ends = _around(x, y, r * (0.72 if is_long else 0.77), degrees), _around(x, y, r * 0.82, degrees)
        is_hot = at > count * 4
        stroke(page, ends, "#d8281e" if is_hot else look.ink, r * (0.022 if is_long else 0.01))
        if is_long:
            text = str(low + at // 5 * step)
            page.write(*_around(x, y, r * 0.58, degrees), text, look.face, round(r * 0.12), look.ink, "mm")
    page.write(x, y + r * 0.4, unit, look.bold, round(r * 0.13), look.faint, "mm")
    degrees, colour = turn * (2 * value - 1), dice.choice(("#e2231a", look.second, look.ink, "#ff7a1a"))
    left, right = (_around(x, y, r * 0.05, degrees + side) for side in (-90, 90))
    page.shape([left, _around(x, y, r * 0.74, degrees), right, _around(x, y, -r * 0.16, degrees)], colour)
    page.circle(x, y, r * 0.09, mix(look.ink, look.faint, 0.4))


def _thermometer(dice: Random, readings: Readings) -> Image.Image:
    page, look = _wall(dice), palette(dice, 0.3)
    width, high = page.image.size
    tall, wide = high * dice.uniform(0.7, 0.9), min(width * 0.4, high * dice.uniform(0.2, 0.3))
    x, top = dice.uniform(wide * 0.6, width - wide * 0.6), (high - tall) / 2
    page.shadow(x - wide / 2, top, wide, tall, 12, 0.6)
    page.shade(x - wide / 2, top, wide, tall, wide * dice.uniform(0, 0.4), look.card, mix(look.card, look.accent, 0.25))
    bulb, tube, liquid = top + tall * 0.87, wide * 0.045, dice.choice(("#d7261e", "#1f5fd0", "#d7261e", "#111111"))
    room = tall * 0.66
    for at in range(41):
        y, is_long = bulb - tall * 0.07 - room * at / 40, at % 5 == 0
        page.box(x + wide * 0.1, y - 1, wide * (0.13 if is_long else 0.08), 2, look.ink)
        if is_long:
            page.write(x + wide * 0.26, y, str(at * 2 - 30), look.face, round(wide * 0.12), look.ink, "lm")
    page.write(x - wide * 0.25, top + tall * 0.1, "°C", look.bold, round(wide * 0.16), look.accent, "mm")
    page.box(x - tube * 1.6, top + tall * 0.1, tube * 3.2, bulb - top - tall * 0.1, mix(look.faint, "#ffffff", 0.6), 9)
    page.circle(x, bulb, wide * 0.13, mix(look.faint, "#ffffff", 0.6))
    page.circle(x, bulb, wide * 0.1, liquid)
    level = bulb - tall * 0.07 - room * readings[0]
    page.box(x - tube, level, tube * 2, bulb - level, liquid, tube)
    return page.image


def segment_display(dice: Random) -> Twins:
    """A scale, clock, monitor, price board or meter on which one figure, one number or all numbers are others."""
    draw, pattern = dice.choice(KINDS)
    one = [_rolled(dice, text) for text in pattern.split()]
    places = range(len(one)) if dice.random() < 0.25 else (dice.randrange(len(one)),)
    is_one_figure, other = dice.random() < 0.5, list(one)
    for at in places:
        other[at] = _figure_changed(dice, one[at]) if is_one_figure else _rolled(dice, pattern.split()[at])
    if one == other:
        other[places[0]] = _figure_changed(dice, one[places[0]])
    return twins_of(dice, draw, (one, other), f"the display: {' '.join(one)} became {' '.join(other)}")


def _rolled(dice: Random, pattern: str) -> str:
    """The pattern with a figure for every letter: n from 1 to 9, m from 0 to 5, d any, t one or two."""
    ranges = {"n": "123456789", "m": "012345", "d": "0123456789", "t": "12"}
    return "".join(dice.choice(ranges.get(sign, sign)) for sign in pattern)


def _figure_changed(dice: Random, text: str) -> str:
    """Another figure in one place, never in the first."""
    at = dice.choice([place for place, sign in enumerate(text) if sign.isdigit() and place])
    return text[:at] + dice.choice([figure for figure in "012345" if figure != text[at]]) + text[at + 1 :]


def _shown(page: Page, dice: Random, box: Box, text: str) -> None:
    """A window with figures: lamps on black, or black on grey-green as on watches."""
    x, y, w, h = box
    is_lit, lamp = dice.random() < 0.5, dice.choice(LAMPS)
    glass, lit = ("#0b0d0e", lamp) if is_lit else ("#b9c4ae", "#1a1e18")
    page.box(x, y, w, h, mix(glass, "#000000", 0.4), h * 0.1)
    page.box(x + 3, y + 3, w - 6, h - 6, glass, h * 0.09)
    high = h * 0.7
    wide = min(w * 0.9, high * 0.62 * len(text))
    segments(page, (x + (w - wide) / 2, y + h * 0.15, wide, high), text, lit, mix(glass, lit, 0.07))


def _scale(dice: Random, texts: Sequence[str]) -> Image.Image:
    """A glass scale on the floor."""
    size = any_size(dice)
    page, side = table(dice, size, 0.4), min(size) * dice.uniform(0.6, 0.85)
    x, y, body = (size[0] - side) / 2, (size[1] - side) / 2, hsl(dice.random(), 0.15, dice.choice((0.12, 0.5, 0.92)))
    page.shadow(x, y, side, side, 16, 0.6)
    page.shade(x, y, side, side, side * dice.uniform(0.04, 0.2), mix(body, "#ffffff", 0.2), body)
    for left in (0.24, 0.62):
        page.shade(x + side * left, y + side * 0.36, side * 0.14, side * 0.5, side * 0.06, "#d5d8dc", "#8e9297")
    wide = side * dice.uniform(0.28, 0.4)
    _shown(page, dice, (x + (side - wide) / 2, y + side * 0.1, wide, wide * 0.42), texts[0])
    page.squeezed(x + side / 2, y + side * 0.94, maker(dice), "plain", round(side * 0.035), side * 0.5, "#808890")
    return page.image


def _clock_radio(dice: Random, texts: Sequence[str]) -> Image.Image:
    """An alarm clock or a thermostat with keys below its window."""
    size = any_size(dice)
    page, wide = table(dice, size, 0.4), size[0] * dice.uniform(0.5, 0.85)
    high = min(size[1] * 0.8, wide * dice.uniform(0.5, 0.9))
    x, y, body = (size[0] - wide) / 2, (size[1] - high) / 2, hsl(dice.random(), 0.4, dice.uniform(0.1, 0.9))
    radius = high * dice.uniform(0.05, 0.3)
    page.shadow(x + radius * 0.4, y + radius * 0.4, wide - radius * 0.8, high - radius * 0.6, 14, 0.7)
    page.shade(x, y, wide, high, radius, mix(body, "#ffffff", 0.25), mix(body, "#000000", 0.2))
    _shown(page, dice, (x + wide * 0.16, y + high * 0.16, wide * 0.68, high * dice.uniform(0.2, 0.45)), texts[0])
    count = dice.randint(2, 5)
    for at in range(count):
        middle = x + wide * (at + 1) / (count + 1)
        page.circle(middle, y + high * 0.8, high * 0.06, mix(body, "#000000", 0.4))
        page.circle(middle, y + high * 0.792, high * 0.052, mix(body, "#ffffff", 0.4))
    return page.image


def _monitor(dice: Random, texts: Sequence[str]) -> Image.Image:
    """A bedside monitor: a curve and a number for each sign of life."""
    size: Size = (dice.randint(800, 1080), dice.randint(560, 760))
    page, colours = (
        Page(Image.new("RGB", size, "#05070a")),
        dice.sample(("#3dff6e", "#4fd8ff", "#ffe14f", "#ff5a5a", "#f2f2f2"), 5),
    )
    width, high = size
    row = high * 0.88 / len(texts)
    page.box(0, 0, width, high * 0.08, "#1d2733")
    page.write(14, high * 0.04, f"Bed {dice.randint(1, 30)}  ADULT", "sans", round(high * 0.032), "#d5dde6", "lm")
    for at, (text, sign, colour) in enumerate(zip(texts, SIGNS, colours, strict=False)):
        top = high * 0.1 + at * row
        page.curves([_wave(dice, (width * 0.03, top, width * 0.62, row * 0.85))], colour, 1.6)
        page.write(width * 0.69, top + row * 0.2, f"{sign[0]} {sign[1]}", "sans", round(row * 0.13), colour, "lm")
        page.write(width * 0.96, top + row * 0.55, text, "bold", round(row * 0.5), colour, "rm")
        page.box(0, top + row * 0.95, width, 1, "#2a3138")
    return page.image


def _wave(dice: Random, box: Box) -> list[Spot]:
    x, y, w, h = box
    beats, sharp, shift = dice.randint(4, 10), dice.choice((1, 3, 15)), dice.random()
    ways = [(step / 240, (step / 240 * beats + shift) % 1) for step in range(241)]
    return [(x + w * at, y + h * (0.7 - 0.55 * max(0.0, sin(pi * turn)) ** sharp)) for at, turn in ways]


def _price_board(dice: Random, texts: Sequence[str]) -> Image.Image:
    """The pole of a petrol station with its prices, against a sky or a photograph."""
    size = (dice.randint(480, 760), dice.randint(800, 1080))
    page, hue = table(dice, size, 0.6), dice.random()
    (width, high), body = size, hsl(hue, 0.8, dice.uniform(0.2, 0.45))
    left, wide = width * 0.14, width * 0.72
    page.shadow(left, high * 0.05, wide, high * 0.9, 16, 0.6)
    page.shade(left, high * 0.05, wide, high * 0.9, 20, body, mix(body, "#000000", 0.35))
    page.squeezed(width / 2, high * 0.13, dice.choice(STATIONS), "bold", round(high * 0.08), wide * 0.8, "#ffffff")
    lamp, row = dice.choice(LAMPS), high * 0.72 / len(texts)
    for at, (text, fuel) in enumerate(zip(texts, dice.sample(FUELS, len(texts)), strict=True)):
        y = high * 0.21 + at * row
        page.squeezed(left + wide * 0.06, y + row * 0.18, fuel, "bold", round(row * 0.2), wide * 0.8, "#ffffff", "lm")
        page.box(left + wide * 0.06, y + row * 0.34, wide * 0.88, row * 0.54, "#0a0a0a", 6)
        segments(page, (left + wide * 0.25, y + row * 0.4, wide * 0.6, row * 0.42), text, lamp, "#171717")
    return page.image


def _meter(dice: Random, texts: Sequence[str]) -> Image.Image:
    """A water or power meter whose figures stand on drums."""
    size = any_size(dice)
    page, look = table(dice, size, 0.4), palette(dice, 0.2)
    (width, high), side = size, min(size) * 0.82
    x, y, wheel = width / 2, high / 2, side * 0.095
    page.glow(x, y + side * 0.06, side * 0.68, side * 0.68, "#000000", 0.9)
    page.shape(ring(x, y, side / 2, side / 2), "#d3d6da", "#7d8288")
    page.shape(ring(x, y, side * 0.45, side * 0.45), look.card, mix(look.card, look.accent, 0.2))
    page.squeezed(x, y - side * 0.26, maker(dice), look.bold, round(side * 0.05), side * 0.5, look.ink)
    page.write(
        x, y + side * 0.13, dice.choice(("kWh", "km", "GJ", "gal")), look.bold, round(side * 0.06), look.ink, "mm"
    )
    page.write(x, y + side * 0.3, f"No. {dice.randint(10**6, 10**7)}", look.face, round(side * 0.035), look.faint, "mm")
    left, face = x - wheel * len(texts[0]) / 2, dice.choice(("bold", "plain", "mono"))
    page.box(left - 5, y - wheel * 0.8 - 5, wheel * len(texts[0]) + 10, wheel * 1.6 + 10, "#202226", 4)
    for at, figure in enumerate(texts[0]):
        drum = "#b3201a" if at >= len(texts[0]) - 2 else "#1a1a1c"
        page.shade(left + at * wheel + 1, y - wheel * 0.8, wheel - 2, wheel * 1.6, 3, "#000000", drum, drum, "#000000")
        page.write(left + (at + 0.5) * wheel, y, figure, face, round(wheel * 0.95), "#f4f4f0", "mm")
    return page.image


KINDS = (
    *((_scale, "nd.d"), (_scale, "1dd.d"), (_clock_radio, "1t:md"), (_clock_radio, "n:md"), (_clock_radio, "2d.d")),
    *((_monitor, "1nd 9d td 36.d"), (_monitor, "nd 9d 1d"), (_price_board, "1.ndd 1.ndd 1.ndd 0.ndd")),
    *((_price_board, "1nd.n 1nd.n 1nd.n"), (_meter, "0dddddd"), (_meter, "00ddddd"), (_meter, "ndddd")),
)

FAMILIES: Sequence[Family] = (
    Family(name="dial_face", draw=dial_face, is_photographic=True),
    Family(name="segment_display", draw=segment_display, is_photographic=True),
)
