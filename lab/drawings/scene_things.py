"""Things that stand in a drawn scene: each is drawn from its kind, its seed, its pose and the light.

KINDS: name -> function that draws on a Brush; what follows from the seed stays, what follows from `turn` moves
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

from lab.drawings.kit import font, gradient, mix, ring, smooth, turned
from lab.edits.kit import Spot
from lab.edits.words import phrase

TILE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something `tall` units high that stands at x, z (depth); `turn` is its pose, -1 to 1."""

    kind: str
    seed: int
    x: float
    z: float
    tall: float
    turn: float = 0.0


class Brush:
    """A transparent tile of 256 x 256 units, dice that know the looks, the side (-1 left, 1 right) of the sun."""

    def __init__(self, thing: Thing, side: float) -> None:
        self.image = Image.new("RGBA", (TILE * 2, TILE * 2))
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.looks, self.turn, self.side = Random(thing.seed), thing.turn, side

    def colour(self, dark: bool = False) -> str:
        """Return a random colour, a light or a dark one."""
        low, high = (30, 120) if dark else (70, 235)
        return "#" + "".join(f"{self.looks.randint(low, high):02x}" for _ in range(3))

    def shape(self, spots: list[Spot], fill: str, edge: str | None = None) -> None:
        """Draw a filled polygon, perhaps with an edge."""
        self.pen.polygon([(x * 2, y * 2) for x, y in spots], fill=fill, outline=edge, width=3)

    def solid(self, spots: list[Spot], colour: str) -> None:
        """A shape that is lighter on the side of the sun."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon([(x * 2, y * 2) for x, y in spots], fill=255)
        left, right = mix(colour, "#ffffff", 0.3), mix(colour, "#000000", 0.5)
        box = mask.getbbox() or (0, 0, 1, 1)
        ends = (left, right) if self.side < 0 else (right, left)
        self.image.paste(gradient((box[2] - box[0], box[3] - box[1]), *ends, across=True), box[:2], mask.crop(box))

    def line(self, spots: list[Spot], fill: str, width: float) -> None:
        """Draw a line through these points."""
        self.pen.line([(x * 2, y * 2) for x, y in spots], fill=fill, width=max(1, round(width * 2)), joint="curve")


def _box(x: float, y: float, w: float, h: float) -> list[Spot]:
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def tree(b: Brush) -> None:
    """A trunk and a crown of leaves, which never hang the same way twice."""
    trunk, crown = b.colour(dark=True), mix("#2f7d32", b.colour(), 0.4)
    b.solid([(116, 256), (122, 120), (134, 120), (142, 256)], trunk)
    wind = Random(f"{b.turn}")
    for _ in range(260):
        x, y = b.looks.gauss(128, 42), b.looks.gauss(86, 34)
        lit = mix(crown, "#fff7c0" if (x - 128) * b.side > 0 else "#04130a", b.looks.random() * 0.55)
        b.shape(
            ring(x + wind.uniform(-6, 6) + b.turn * 10, y + wind.uniform(-5, 5), 9, 6, b.looks.uniform(0, 180)), lit
        )


def house(b: Brush) -> None:
    """A front with windows, a door, a roof; from the other side one sees more of its flank."""
    wall, roof, glass = b.colour(), b.colour(dark=True), b.colour(dark=True)
    flank = 26 + 22 * b.turn
    b.solid([(20, 90), (236 - flank, 90), (236 - flank, 256), (20, 256)], wall)
    b.solid([(236 - flank, 90), (236, 104), (236, 250), (236 - flank, 256)], mix(wall, "#000000", 0.4))
    b.shape([(10, 92), (70, 30), (206, 30), (246 - flank, 92)], roof)
    b.shape([(246 - flank, 92), (206, 30), (242, 104)], mix(roof, "#000000", 0.35))
    rows, columns = b.looks.randint(1, 3), b.looks.randint(2, 4)
    step_x, step_y = (200 - flank) / columns, 110 / rows
    for row in range(rows):
        for column in range(columns):
            x, y = 30 + column * step_x, 102 + row * step_y
            b.shape(_box(x, y, step_x * 0.6, step_y * 0.62), mix(glass, "#ffe9a0", 0.6 * b.looks.random()), "#f5f2e8")
            b.line([(x + step_x * 0.3, y), (x + step_x * 0.3, y + step_y * 0.62)], "#f5f2e8", 1.5)
    b.shape(_box(40 + b.looks.random() * 120, 206, 26, 50), b.colour(dark=True), "#201812")


def person(b: Brush) -> None:
    """Somebody who stands or walks; arms and legs move."""
    skin, shirt, legs = mix("#8d5a3c", "#f1c7a5", b.looks.random()), b.colour(), b.colour(dark=True)
    swing = 26 * b.turn
    for way in (-1, 1):
        b.line([(128, 160), (128 + way * (14 + swing), 250)], legs, 17)
        b.line([(128, 84), (128 + way * (34 - swing * 0.7), 150)], mix(shirt, "#000000", 0.25), 12)
    b.solid([(100, 76), (156, 76), (150, 168), (106, 168)], shirt)
    for row in range(b.looks.randint(0, 4)):
        b.line([(103, 92 + row * 18), (153, 92 + row * 18)], mix(shirt, "#ffffff", 0.6), 5)
    b.solid(ring(128 + 5 * b.turn, 48, 21, 26), skin)
    b.shape(ring(128 - 3 * b.turn, 40, 23, 21, 0, 180, 360), b.colour(dark=True))


def car(b: Brush) -> None:
    """A car from its side."""
    paint, glass = b.colour(), "#20303c"
    roof = 8 * b.turn
    b.solid(
        smooth(
            [(8, 226), (12, 186), (60, 176), (96 + roof, 140), (176 + roof, 140), (212, 178), (246, 190), (248, 226)]
        ),
        paint,
    )
    b.shape([(74, 176), (100 + roof, 148), (132 + roof, 148), (132, 176)], glass)
    b.shape([(140, 176), (140 + roof, 148), (172 + roof, 148), (198, 176)], mix(glass, "#9fc3d8", 0.4))
    b.shape(_box(236, 194, 12, 10), "#fff2b0")
    for x in (62, 198):
        b.shape(ring(x, 228, 27, 27), "#131313")
        for spoke in range(5):
            angle = spoke * 2 * pi / 5 + b.turn * 3
            b.line([(x, 228), (x + 17 * cos(angle), 228 + 17 * sin(angle))], "#c9ccd1", 4)


def bottle(b: Brush) -> None:
    """Glass with a label; turned, the label shows another part of itself."""
    glass, label = mix(b.colour(dark=True), "#0d5c3f", 0.5), b.colour()
    b.solid(smooth([(92, 256), (88, 130), (112, 84), (114, 10), (142, 10), (144, 84), (168, 130), (164, 256)]), glass)
    b.solid(_box(89, 146, 78, 76), label)
    text, shift = phrase(b.looks, 1, 2).upper(), -40 * b.turn
    tag = Image.new("RGBA", (156, 150))
    pen = ImageDraw.Draw(tag)
    pen.text((78 + shift, 60), text, "#1a1410", font(34), "mm", stroke_width=1)
    pen.ellipse((60 + shift, 86, 100 + shift, 126), b.colour(dark=True))
    b.image.alpha_composite(tag, (178, 292))
    b.line([(104, 100), (102, 240)] if b.side < 0 else [(154, 100), (156, 240)], "#ffffff90", 5)


def mug(b: Brush) -> None:
    """A mug with rings and dots; the handle goes round as it turns."""
    clay, ink = b.colour(), b.colour(dark=True)
    b.pen.arc((300 + 60 * b.turn, 280, 470 + 30 * b.turn, 450), 0, 360, clay, 26)
    b.solid([(48, 96), (194, 96), (184, 250), (60, 250)], clay)
    b.shape(ring(121, 98, 73, 18), mix(clay, "#000000", 0.55))
    for row in range(2, 5):
        b.line([(56, 90 + row * 32), (186, 90 + row * 32)], mix(ink, clay, 0.3), b.looks.uniform(2, 9))
    for dot in range(8):
        x = 121 + 66 * sin(dot * pi / 8 * 2 + b.turn * 1.4)
        b.shape(ring(x, 138, 6 * abs(cos(dot * pi / 4 + b.turn * 1.4)) + 1, 8), ink)


def books(b: Brush) -> None:
    """A pile of books with titles on their spines."""
    y = 256.0
    for _ in range(b.looks.randint(3, 6)):
        high, wide, slide = b.looks.uniform(22, 40), b.looks.uniform(150, 230), b.looks.uniform(-14, 14) + 14 * b.turn
        colour = b.colour()
        b.solid(_box(128 - wide / 2 + slide, y - high, wide, high), colour)
        b.pen.text(
            ((128 + slide) * 2, (y - high / 2) * 2), phrase(b.looks, 1, 3), mix(colour, "#ffffff", 0.75), font(26), "mm"
        )
        y -= high
        if y < 60:
            break


def plant(b: Brush) -> None:
    """A pot with long leaves."""
    pot, green = b.colour(), mix("#3a8f3f", b.colour(), 0.35)
    for at in range(13):
        angle = -pi * (at + 0.5) / 13 + 0.12 * b.turn
        long = b.looks.uniform(70, 130)
        tip = (128 + long * cos(angle), 170 + long * sin(angle))
        tone = mix(green, "#f2ffd0" if cos(angle) * b.side > 0 else "#04180a", b.looks.uniform(0, 0.5))
        b.shape(smooth([(128, 172), turned([(0, 12)], *tip, at * 27)[0], tip, (128 + 8, 172)], closed=True), tone)
    b.solid([(82, 172), (174, 172), (162, 256), (94, 256)], pot)
    b.line([(86, 190), (170, 190)], mix(pot, "#ffffff", 0.5), 6)


def ball(b: Brush) -> None:
    """A ball that has rolled."""
    one, two = b.colour(), b.colour()
    b.solid(ring(128, 168, 86, 86), one)
    for patch in range(6):
        angle = patch * pi / 3 + b.turn * 2.5
        b.shape(ring(128 + 52 * cos(angle), 168 + 52 * sin(angle), 20, 15, patch * 60 + b.turn * 140), two)
    glint = 100 if b.side < 0 else 160
    b.shape(ring(glint, 130, 18, 12), "#ffffffa0")


def sign(b: Brush) -> None:
    """A board on a post with a word on it."""
    back = b.colour()
    b.line([(128, 80), (128, 256)], "#4a4a4a", 9)
    lean = 10 * b.turn
    b.solid([(40, 30 + lean), (216, 30 - lean), (216, 104 - lean), (40, 104 + lean)], back)
    b.pen.text((256, 134), phrase(b.looks, 1, 1).upper(), mix(back, "#000000", 0.8), font(64), "mm", stroke_width=2)


KINDS: Mapping[str, Callable[[Brush], None]] = {
    draw.__name__: draw for draw in (tree, house, person, car, bottle, mug, books, plant, ball, sign)
}


def drawn(thing: Thing, side: float) -> Image.Image:
    """The thing on a transparent square, its foot at the lower edge."""
    brush = Brush(thing, side)
    KINDS[thing.kind](brush)
    return brush.image
