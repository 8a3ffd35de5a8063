"""What the boards, forms and instruments lie on, and the pieces that several of them have.

table(dice, size) -> Page                a ground of wood, cloth, plain colour, or a photograph
tile(x, y, w, h, radius, angle)          the outline of a turned box with round corners
stroke(page, (first, last), colour, w)   a straight line with smooth edges
segments(page, (x, y, w, h), digits)     figures as displays show them
"""

from collections.abc import Sequence
from functools import partial
from math import cos, pi, sin
from random import Random

import numpy as np
from PIL import Image

from lab.drawings.kit import Spot, gradient, mix, rgb, turned
from lab.edits.kit import picture
from lab.families.kit import photograph
from lab.families.seen.papers_kit import Look, Page, Size, backdrop, hsl
from lab.families.seen.papers_words import listed

type Cell = tuple[int, int]
type Box = tuple[float, float, float, float]

LIT = dict(
    zip(
        "0123456789- ErLC",
        listed("abcdef bc abged abgcd fgbc afgcd afgedc abc abcdefg abcdfg g  afged eg fed afed", " "),
        strict=True,
    )
)
"""Which of the seven bars of a figure are lit, from a, the highest, clockwise to f, then g in the middle."""


def wood(dice: Random, size: Size) -> Page:
    """Planks with their grain, light or dark."""
    hue, light, depth = dice.uniform(0.03, 0.11), dice.uniform(0.2, 0.72), dice.uniform(0.06, 0.16)
    low, top = (np.array(rgb(hsl(hue, 0.4, light + shift)), np.float32) for shift in (-depth, depth))
    rng = np.random.default_rng(dice.getrandbits(64))
    streaks = Image.fromarray(rng.random((size[1] // 4, 6), dtype=np.float32)).resize(size, Image.Resampling.BICUBIC)
    page = Page(picture(low + (top - low) * np.asarray(streaks)[..., None]))
    step = size[1] / dice.randint(2, 7)
    for plank in range(1, round(size[1] / step) + 1):
        page.box(0, plank * step, size[0], 2, hsl(hue, 0.4, light * 0.45))
    return page


def cloth(dice: Random, size: Size) -> Page:
    """Woven threads in one colour."""
    colour = np.array(rgb(hsl(dice.random(), dice.uniform(0.2, 0.6), dice.uniform(0.15, 0.75))), np.float32)
    rng, step = np.random.default_rng(dice.getrandbits(64)), dice.uniform(1.2, 2.6)
    across, down = np.sin(np.arange(size[0]) * step), np.sin(np.arange(size[1]) * step)
    weave = (across[None] * down[:, None]) * 9 + rng.standard_normal(size[::-1]) * 5
    page = Page(picture(colour + weave[..., None]))
    page.glow(size[0] * dice.random(), 0, size[0] * 0.9, size[1] * 0.9, "#ffffff", 0.3)
    return page


def plain(dice: Random, size: Size) -> Page:
    """A table top in one colour under a lamp."""
    colour = hsl(dice.random(), dice.uniform(0, 0.5), dice.uniform(0.1, 0.9))
    return Page(gradient(size, mix(colour, "#ffffff", 0.12), mix(colour, "#000000", 0.15), across=dice.random() < 0.5))


def photographed(dice: Random, size: Size) -> Page:
    """A photograph, a little darker or paler than it was."""
    photo = photograph(dice, *size)
    return Page(Image.blend(photo, Image.new("RGB", size, dice.choice(("#000000", "#ffffff"))), dice.uniform(0, 0.45)))


def table(dice: Random, size: Size, photographs: float = 0.0) -> Page:
    """What things lie on; a photograph with this probability."""
    if dice.random() < photographs:
        return photographed(dice, size)
    return dice.choice((wood, wood, cloth, cloth, plain))(dice, size)


def ground(dice: Random, size: Size, look: Look) -> Page:
    """A screen's ground in the colours of the look, or a table."""
    screen = partial(backdrop, one=look.ground, other=mix(look.ground, look.accent, dice.uniform(0.05, 0.5)))
    return screen(dice, size) if dice.random() < 0.6 else table(dice, size)


def tile(x: float, y: float, w: float, h: float, radius: float, angle: float = 0) -> list[Spot]:
    """A box with round corners around its middle, turned clockwise by an angle in degrees."""
    corners = ((w / 2, h / 2), (-w / 2, h / 2), (-w / 2, -h / 2), (w / 2, -h / 2))
    spots: list[Spot] = []
    for quarter, (far, low) in enumerate(corners):
        middle = (far - radius * (1 if far > 0 else -1), low - radius * (1 if low > 0 else -1))
        turns = (pi / 2 * (quarter + step / 6) for step in range(7))
        spots += [(middle[0] + radius * cos(t), middle[1] + radius * sin(t)) for t in turns]
    return turned(spots, x, y, angle)


def stroke(page: Page, ends: Sequence[Spot], colour: str, thick: float) -> None:
    """A straight line with smooth edges."""
    (x, y), (u, v) = ends
    long = max(1e-6, ((u - x) ** 2 + (v - y) ** 2) ** 0.5)
    right, down = (v - y) / long * thick / 2, (x - u) / long * thick / 2
    page.shape([(x + right, y + down), (u + right, v + down), (u - right, v - down), (x - right, y - down)], colour)


def segments(page: Page, box: Box, text: str, lit: str, dim: str = "") -> None:
    """Figures of seven bars, right-aligned in the box; a point or a colon takes a third of a figure's place."""
    x, y, w, h = box
    step = w / max(1.0, sum(_width(sign) for sign in text))
    for sign in text:
        wide = step * _width(sign)
        if sign in ".:":
            for share in (0.3, 0.7) if sign == ":" else (0.94,):
                page.box(x + wide / 2 - h * 0.045, y + h * (share - 0.045), h * 0.09, h * 0.09, lit)
        else:
            _figure(page, (x + wide * 0.11, y, wide * 0.78, h), sign, lit, dim)
        x += wide


def _width(sign: str) -> float:
    return 0.36 if sign in ".:" else 1.0


def _figure(page: Page, box: Box, sign: str, lit: str, dim: str) -> None:
    for bar, outline in zip("abcdefg", _bars(box), strict=True):
        colour = lit if bar in LIT[sign] else dim
        if colour:
            page.shape(outline, colour)


def _bars(box: Box) -> Sequence[Sequence[Spot]]:
    """The seven bars, pointed at both ends."""
    x, y, w, h = box
    t = min(w, h) * 0.1
    low = [_bar((x + t, level), (x + w - t, level), t) for level in (y + t, y + h / 2, y + h - t)]
    (right, left), half = ((x + w - t, x + t)), y + h / 2
    up, down = ((y + t, half), (half, y + h - t))
    tall = [_bar((side, a), (side, b), t) for side, (a, b) in ((right, up), (right, down), (left, down), (left, up))]
    return low[0], tall[0], tall[1], low[2], tall[2], tall[3], low[1]


def _bar(first: Spot, last: Spot, thick: float) -> list[Spot]:
    (x, y), (u, v), t = first, last, thick * 0.85
    if y == v:
        x, u = x + 1, u - 1
        return [(x, y), (x + t, y - t), (u - t, y - t), (u, y), (u - t, y + t), (x + t, y + t)]
    y, v = y + 1, v - 1
    return [(x, y), (x + t, y + t), (x + t, v - t), (x, v), (x - t, v - t), (x - t, y + t)]
