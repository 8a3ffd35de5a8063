"""The pens of papers, money, screens and games: a page with any typeface, looks, grounds, emblems, and twins.

palette(dice) -> Look       backdrop(dice, size, look) -> Page -> boxes, shapes, words -> image
twins_of(dice, draw, (one, other)) draws the same page twice, with the same dice and another content
"""

from collections.abc import Callable, Sequence
from colorsys import hls_to_rgb
from dataclasses import dataclass
from math import cos, hypot, pi, sin
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from core.types import What
from lab.drawings.kit import Outline, clouds, gradient, leaf, mix, paper, rgb, ring, smooth, star, turned
from lab.edits.kit import Canvas, picture
from lab.families.kit import Twins, typeface

type Size = tuple[int, int]

FACES = (
    *(("plain", "plain"), ("sans", "bold"), ("serif", "serif-bold"), ("times", "times-bold"), ("mono", "bold")),
    *(("cjk", "cjk"), ("sans", "serif-bold"), ("plain", "bold"), ("serif", "bold"), ("roman", "roman")),
)
SCREEN_FACES = (("plain", "plain"), ("sans", "bold"), ("cjk", "cjk"), ("plain", "bold"), ("plain", "plain"))
DATES = ("{d} {month} {y}", "{month} {d}, {y}", "{d:02d}/{m:02d}/{y}", "{y}-{m:02d}-{d:02d}", "{d:02d}.{m:02d}.{y}")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours and typefaces of a page.

    card     what lies on the ground
    faint    for words that matter less
    second   another accent
    """

    ground: str
    card: str
    ink: str
    faint: str
    accent: str
    second: str
    is_dark: bool
    face: str
    bold: str


def hsl(hue: float, saturation: float, lightness: float) -> str:
    """The colour as #rrggbb; hue, saturation and lightness as shares."""
    parts = hls_to_rgb(hue % 1, min(1, max(0, lightness)), min(1, max(0, saturation)))
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def palette(dice: Random, darkness: float = 0.4, faces: Sequence[tuple[str, str]] = FACES) -> Look:
    """Colours that go together, dark with this probability, and a pair of typefaces."""
    hue, is_dark, tint = dice.random(), dice.random() < darkness, dice.uniform(0.03, 0.45)
    face, bold = dice.choice(faces)
    ground = dice.uniform(0.06, 0.15) if is_dark else dice.uniform(0.89, 0.97)
    return Look(
        ground=hsl(hue, tint, ground),
        card=hsl(hue, tint * 0.8, ground + 0.06) if is_dark else hsl(hue, tint, 0.985),
        ink=hsl(hue, tint * 0.5, 0.94 if is_dark else 0.11),
        faint=hsl(hue, tint * 0.4, 0.62 if is_dark else 0.42),
        accent=hsl(hue + dice.uniform(-0.12, 0.12), dice.uniform(0.4, 0.82), dice.uniform(0.36, 0.52)),
        second=hsl(hue + dice.uniform(0.3, 0.7), dice.uniform(0.45, 0.9), dice.uniform(0.4, 0.6)),
        is_dark=is_dark,
        face=face,
        bold=bold,
    )


class Page(Canvas):
    """A canvas with any typeface, smooth shapes, light and shadow."""

    def write(
        self,
        x: float,
        y: float,
        text: str,
        face: str,
        size: int,
        fill: str,
        anchor: str = "ls",
        bold: float = 0,
        edge: str = "",
    ) -> None:
        """One line at Pillow's anchor; an edge is the colour of a stroke `bold` pixels wide around the letters."""
        letters, stroke = typeface(face, size), edge or fill
        self.pen.text((x, y), text, fill, letters, anchor=anchor, stroke_width=bold, stroke_fill=stroke)

    def squeezed(
        self,
        x: float,
        y: float,
        text: str,
        face: str,
        size: int,
        room: float,
        fill: str,
        anchor: str = "mm",
        bold: float = 0,
        edge: str = "",
    ) -> None:
        """One line, smaller where it would be wider than the room."""
        self.write(x, y, text, face, fitted(face, size, room, text), fill, anchor, bold, edge)

    def flow(
        self, x: float, y: float, width: float, text: str, face: str, size: int, fill: str, leading: float = 1.45
    ) -> float:
        """Lines of text whose first top is y; gives the y below them."""
        for line in lines_of(text, face, size, width):
            self.write(x, y + size, line, face, size, fill)
            y += size * leading
        return y

    def shape(self, points: Outline, fill: str, *more: str) -> None:
        """A polygon with smooth edges in one colour, or in a gradient from top to bottom."""
        left, top = (int(min(spot[axis] for spot in points)) - 1 for axis in (0, 1))
        wide, high = (int(max(spot[axis] for spot in points)) + 2 - low for axis, low in ((0, left), (1, top)))
        mask = Image.new("L", (wide * 2, high * 2))
        alpha = int(fill[7:], 16) if len(fill) == 9 else 255
        ImageDraw.Draw(mask).polygon([((x - left) * 2, (y - top) * 2) for x, y in points], fill=alpha)
        colours = gradient((wide, high), fill[:7], *more) if more else fill[:7]
        self.image.paste(colours, (left, top, left + wide, top + high), mask.reduce(2))

    def curves(self, ways: Sequence[Outline], fill: str, width: float = 1.0) -> None:
        """Thin smooth lines, all of one colour."""
        mask = Image.new("L", (self.image.width * 2, self.image.height * 2))
        pen = ImageDraw.Draw(mask)
        for way in ways:
            pen.line([(x * 2, y * 2) for x, y in way], fill=255, width=max(1, round(width * 2)), joint="curve")
        alpha = int(fill[7:], 16) / 255 if len(fill) == 9 else 1
        self.image.paste(fill[:7], (0, 0), mask.reduce(2).point(lambda value: value * alpha))

    def shade(self, x: float, y: float, w: float, h: float, radius: float, *colours: str, across: bool = False) -> None:
        """A box with round corners in a gradient."""
        self.place(gradient((round(w), round(h)), *colours, across=across), x, y, radius)

    def frame(self, x: float, y: float, w: float, h: float, fill: str, width: float = 2, radius: float = 0) -> None:
        """The outline of a box."""
        mask = Image.new("L", (round(w) * 2, round(h) * 2))
        box = (0, 0, mask.width - 1, mask.height - 1)
        ImageDraw.Draw(mask).rounded_rectangle(box, radius * 2, outline=255, width=max(1, round(width * 2)))
        self.image.paste(fill, (round(x), round(y)), mask.reduce(2))

    def shadow(self, x: float, y: float, w: float, h: float, blur: float = 12, strength: float = 0.35) -> None:
        """What a box throws onto the ground a little below it."""
        reach = round(blur * 2)
        size = (max(4, round(w + 2 * reach) // 4), max(4, round(h + 2 * reach) // 4))
        mask = Image.new("L", size)
        box = (reach // 4, reach // 4, size[0] - reach // 4, size[1] - reach // 4)
        ImageDraw.Draw(mask).rectangle(box, fill=round(255 * strength))
        soft = mask.filter(ImageFilter.GaussianBlur(blur / 4)).resize((size[0] * 4, size[1] * 4), 3)
        self.image.paste("#000000", (round(x) - reach, round(y + blur * 0.5) - reach), soft)

    def glow(self, x: float, y: float, rx: float, ry: float, colour: str, strength: float = 1.0) -> None:
        """Light, or in a dark colour a shadow, that fades out towards the rim of an ellipse."""
        reach = np.linspace(-1, 1, 96, dtype=np.float32) ** 2
        fade = np.clip(1 - np.sqrt(reach[None] + reach[:, None]), 0, 1) ** 1.6 * 255 * strength
        mask = picture(fade).resize((max(2, round(2 * rx)), max(2, round(2 * ry))), Image.Resampling.BICUBIC)
        self.image.paste(rgb(colour), (round(x - rx), round(y - ry)), mask)

    def grain(self, dice: Random, strength: float = 4) -> None:
        """Noise over everything, as paper and cameras have it."""
        noise = np.random.default_rng(dice.getrandbits(64)).standard_normal(self.image.size[::-1], np.float32)
        self.image.paste(picture(np.asarray(self.image, np.float32) + noise[..., None] * strength))


def lines_of(text: str, face: str, size: int, width: float) -> list[str]:
    """The text in lines no wider than this, as far as whole words allow."""
    letters, lines = typeface(face, size), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if letters.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def length(text: str, face: str, size: int) -> float:
    """How wide the line is, in pixels."""
    return typeface(face, size).getlength(text)


def fitted(face: str, size: int, width: float, *texts: str) -> int:
    """The largest size up to this one at which all of the lines are no wider than that."""
    widest = max(length(text, face, size) for text in texts)
    return size if widest <= width else max(8, int(size * width / widest))


def twins_of[T](
    dice: Random, draw: Callable[[Random, T], Image.Image], shown: tuple[T, T], says: str, differs: What = What.WORDS
) -> Twins:
    """Draw one page twice with the same dice, each time with another content."""
    seed = dice.getrandbits(64)
    one, other = (draw(Random(seed), content) for content in shown)
    return Twins(reference=one, query=other, differs=differs, says=says)


def portrait(dice: Random) -> Size:
    """Return a random upright size in pixels."""
    return dice.randint(560, 780), dice.randint(880, 1080)


def landscape(dice: Random) -> Size:
    """Return a random wide size in pixels."""
    return dice.randint(880, 1100), dice.randint(580, 740)


def any_size(dice: Random) -> Size:
    """Portrait, landscape or square."""
    side = dice.randint(640, 940)
    return dice.choice((portrait(dice), landscape(dice), (side, side)))


def backdrop(dice: Random, size: Size, one: str, other: str) -> Page:
    """A page whose ground goes between two colours: a gradient, a wash, stripes, dots, or rays."""
    kind = dice.randrange(6)
    if kind == 0:
        return Page(paper(size, one, other, dice.getrandbits(30)))
    page = Page(gradient(size, one, mix(one, other, 0.8) if kind == 1 else one, across=dice.random() < 0.3))
    (_plain, _plain, _stripes, _dots, _rays, _cells)[kind](page, dice, mix(one, other, 0.55))
    return page


def _plain(page: Page, dice: Random, colour: str) -> None:
    page.glow(page.image.width * dice.random(), 0, page.image.width * 0.7, page.image.height * 0.7, colour, 0.6)


def _stripes(page: Page, dice: Random, colour: str) -> None:
    width, high, step, slant = *page.image.size, dice.randint(24, 110), dice.uniform(-0.6, 0.6)
    for x in range(-width, width * 2, step):
        page.shape([(x, 0), (x + step / 2, 0), (x + step / 2 + slant * high, high), (x + slant * high, high)], colour)


def _dots(page: Page, dice: Random, colour: str) -> None:
    step = dice.randint(26, 64)
    radius = step * dice.uniform(0.08, 0.3)
    for row, y in enumerate(range(0, page.image.height + step, step)):
        for x in range(-step // 2 * (row % 2), page.image.width + step, step):
            page.circle(x, y, radius, colour)


def _rays(page: Page, dice: Random, colour: str) -> None:
    rays(page, page.image.width * dice.uniform(0.2, 0.8), page.image.height * dice.uniform(0.2, 0.9), colour, dice)


def _cells(page: Page, dice: Random, colour: str) -> None:
    wash = clouds(page.image.size, dice.getrandbits(30), dice.randint(2, 5), 2)
    steps = np.floor(wash * 6) / 6 * 255
    page.image.paste(colour, (0, 0), picture(steps))


def rays(page: Page, x: float, y: float, colour: str, dice: Random) -> None:
    """Beams that go out from a spot."""
    count, far, turn = dice.randint(10, 22), hypot(*page.image.size), dice.uniform(0, pi)
    for ray in range(count):
        first, last = (turn + 2 * pi * (ray + side) / count for side in (0, 0.5))
        ends = [(x + far * cos(angle), y + far * sin(angle)) for angle in (first, last)]
        page.shape([(x, y), *ends], colour)


def guilloche(page: Page, dice: Random, box: tuple[float, float, float, float], colour: str, count: int = 22) -> None:
    """The fine waves that are printed on papers of value; the box is left, top, right, bottom."""
    left, top, right, bottom = box
    high, waves, twist = (bottom - top) / 2, dice.uniform(1.5, 5), dice.uniform(0.5, 3)
    steps = np.linspace(0, 1, 120)
    ways: list[Outline] = []
    for curve in range(count):
        share = curve / count
        swing = np.sin(2 * pi * (waves * steps + share * 0.5)) * np.cos(pi * twist * steps + share * pi)
        level = top + high + high * 0.96 * (swing * (1 - share * 0.5) + (share - 0.5) * 0.3) / 1.2
        ways.append([(float(x), float(y)) for x, y in zip(left + (right - left) * steps, level, strict=True)])
    page.curves(ways, colour)


def emblem(page: Page, dice: Random, x: float, y: float, r: float, one: str, other: str) -> None:
    """A made-up company's sign."""
    kind, turn = dice.randrange(6), dice.uniform(0, 90)
    if kind == 0:
        for step in range(3):
            page.shape(leaf(x, y, r, r * 0.7, turn + step * 120), one if step else other)
    elif kind == 1:
        page.shape(ring(x, y, r, r), one)
        page.shape(ring(x + r * 0.25, y - r * 0.2, r * 0.62, r * 0.62), other)
    elif kind == 2:
        page.shape(turned([(-r, -r), (r * 0.2, -r), (r, r), (-r * 0.2, r)], x, y, 0, 0.85), one)
        page.shape(turned([(-r, r), (-r * 0.3, -r * 0.1), (r * 0.1, r)], x, y, 0, 0.85), other)
    elif kind == 3:
        page.shape(star(x, y, r, r * dice.uniform(0.4, 0.75), dice.randint(5, 9), turn), one)
        page.circle(x, y, r * 0.3, other)
    elif kind == 4:
        page.shape(ring(x, y, r, r, 0, 0, 360)[::8], one)
        page.shape([(x - r * 0.5, y + r * 0.4), (x, y - r * 0.5), (x + r * 0.5, y + r * 0.4)], other)
    else:
        for step in range(4):
            page.box(x - r + step * r * 0.52, y + r - r * (step + 1) * 0.5, r * 0.4, r * (step + 1) * 0.5, one, 3)
        page.circle(x - r * 0.6, y - r * 0.5, r * 0.25, other)


def scribble(page: Page, dice: Random, x: float, y: float, width: float, colour: str) -> None:
    """A signature: loops that lean, and a long last stroke."""
    count, high = dice.randint(8, 14), width * 0.17
    spots: list[tuple[float, float]] = []
    for at in range(count):
        left, up = x + width * 0.75 * at / count, high * dice.uniform(0.3, 1.2 if at else 1.6)
        spots += [(left, y + dice.uniform(-0.1, 0.3) * high), (left + width * dice.uniform(0.03, 0.13), y - up)]
    page.curves([smooth([*spots, (x + width * 0.8, y + high * 0.3), (x + width, y - high * 0.1)])], colour, 1.3)


def button(page: Page, x: float, y: float, w: float, h: float, text: str, look: Look, radius: float = 14) -> None:
    """A button in the accent colour; x and y are its upper left corner."""
    page.shade(x, y, w, h, radius, mix(look.accent, "#ffffff", 0.12), look.accent)
    size = fitted(look.bold, round(h * 0.4), w * 0.9, text)
    page.write(x + w / 2, y + h / 2, text, look.bold, size, "#ffffff", "mm")


def day(dice: Random, first: int = 2023, last: int = 2026) -> tuple[int, int, int]:
    """Year, month, day."""
    return dice.randint(first, last), dice.randint(1, 12), dice.randint(1, 28)


def dated(written: str, when: tuple[int, int, int]) -> str:
    """A date as one of DATES writes it."""
    return written.format(y=when[0], m=when[1], d=when[2], month=MONTHS[when[1] - 1])


def two[T](dice: Random, roll: Callable[[Random], T]) -> tuple[T, T]:
    """Two that are not the same."""
    one = roll(dice)
    while (other := roll(dice)) == one:
        pass
    return one, other


def digits(dice: Random, pattern: str) -> str:
    """The pattern with a digit for every 0 and a capital letter for every A."""
    letters = {"0": "0123456789", "A": "ABCDEFGHKLMNPRSTUVWXYZ"}
    return "".join(dice.choice(letters[sign]) if sign in letters else sign for sign in pattern)
