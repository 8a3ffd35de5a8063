"""The pens of the demo pictures: a sheet of paper that anti-aliases, and the shapes that recur.

background (gradient | paper) -> Sheet(background, seed) -> shapes, light, words -> finish() -> picture

All coordinates are those of the finished picture. The sheet is twice as large inside, because Pillow's pens
draw hard edges: shrinking it at the end is the anti-aliasing.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import cos, pi, radians, sin

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

type Spot = tuple[float, float]
type Outline = Sequence[Spot]
type Grey = np.ndarray[tuple[int, int], np.dtype[np.float32]]

SCALE = 2
FAST = Image.Resampling.BILINEAR
LANDSCAPE = (1000, 750)
PORTRAIT = (750, 1000)


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    """The one typeface that Pillow itself ships, so that no font file has to be licensed or found."""
    face = ImageFont.load_default(size)
    if not isinstance(face, ImageFont.FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType")
    return face


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0..255) of a colour in Pillow's notation."""
    return ImageColor.getcolor(colour, "RGB")[:3]  # type: ignore[index,return-value]


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from the first to the second."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(rgb(first), rgb(second), strict=True))


def gradient(size: tuple[int, int], *colours: str, across: bool = False) -> Image.Image:
    """Colours flowing into each other from top to bottom, or from left to right."""
    stops = np.array([rgb(colour) for colour in colours], np.float32)
    length = max(2, size[0] if across else size[1])
    at = np.linspace(0, len(stops) - 1, length)
    ramp = np.stack([np.interp(at, np.arange(len(stops)), stops[:, band]) for band in range(3)], axis=1)
    strip = ramp.round().astype(np.uint8)
    return Image.fromarray(strip[None] if across else strip[:, None]).resize(size, Image.Resampling.NEAREST)


def clouds(size: tuple[int, int], seed: int, coarse: int = 4, octaves: int = 4) -> Grey:
    """Soft random hills and valleys, 0..1: grids of noise, each twice as fine and half as strong as the last."""
    rng = np.random.default_rng(seed)
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(octaves):
        cells = coarse * 2**octave
        grid = Image.fromarray(rng.random((cells, cells), dtype=np.float32))
        total += np.asarray(grid.resize(size, Image.Resampling.BICUBIC)) / 2**octave
    low, high = float(total.min()), float(total.max())
    result: Grey = (total - low) / (high - low)
    return result


def paper(size: tuple[int, int], light: str, dark: str, seed: int, coarse: int = 4) -> Image.Image:
    """Two colours washed into each other as on wet paper; computed small, since a wash has no detail."""
    wash = clouds((size[0] // 4, size[1] // 4), seed, coarse)[..., None]
    low, high = (np.array(rgb(colour), np.float32) for colour in (light, dark))
    return Image.fromarray((low + (high - low) * wash).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


def turned(points: Iterable[Spot], x: float, y: float, angle: float, size: float = 1.0) -> list[Spot]:
    """Points drawn around the origin, moved to x, y, turned clockwise and enlarged."""
    c, s = cos(radians(angle)) * size, sin(radians(angle)) * size
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]


def ring(x: float, y: float, rx: float, ry: float, angle: float = 0, first: float = 0, last: float = 360) -> list[Spot]:
    """Points along an ellipse, from one angle to another."""
    steps = [radians(first + (last - first) * step / 48) for step in range(49)]
    return turned([(rx * cos(t), ry * sin(t)) for t in steps], x, y, angle)


def star(x: float, y: float, outer: float, inner: float, points: int, turn: float = -90) -> list[Spot]:
    """Return the corners of a star, its first point in the direction `turn` (degrees)."""
    spokes = [outer if step % 2 == 0 else inner for step in range(points * 2)]
    return turned([(r * cos(pi * i / points), r * sin(pi * i / points)) for i, r in enumerate(spokes)], x, y, turn)


def smooth(points: Outline, closed: bool = False, steps: int = 10) -> list[Spot]:
    """A soft curve through all the points (Catmull-Rom)."""
    way = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    curve: list[Spot] = []
    for a, b, c, d in zip(*(np.array(way[i : len(way) - 3 + i]) for i in range(4)), strict=True):
        leg = b + (c - a) / 2 * t + (a - 2.5 * b + 2 * c - d / 2) * t**2 + (1.5 * b - a / 2 - 1.5 * c + d / 2) * t**3
        curve += [(float(px), float(py)) for px, py in leg]
    return curve if closed else [*curve, points[-1]]


def leaf(x: float, y: float, length: float, width: float, angle: float) -> list[Spot]:
    """A leaf that starts at x, y and points along the angle (0 = right, -90 = up)."""
    half = [(length * t / 12, width * sin(pi * (t / 12) ** 0.8) / 2) for t in range(13)]
    return turned([*half, *((px, -py) for px, py in reversed(half))], x, y, angle)


class Sheet:
    """A sheet of paper with pens, colours with alpha (`#rrggbbaa`), and its own dice."""

    def __init__(self, background: Image.Image, seed: int) -> None:
        self.width, self.height = background.size
        self.image = background.convert("RGB").resize((self.width * SCALE, self.height * SCALE), FAST)
        self.pen = ImageDraw.Draw(self.image, "RGBA")
        self.dice = np.random.default_rng(seed)

    def roll(self, low: float, high: float) -> float:
        """Return a random number between the two."""
        return float(self.dice.uniform(low, high))

    def pick(self, colours: Sequence[str]) -> str:
        """Return one of the colours at random."""
        return colours[int(self.dice.integers(len(colours)))]

    def polygon(self, points: Iterable[Spot], fill: str) -> None:
        """Draw a filled polygon."""
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: Iterable[Spot], fill: str, width: float = 2) -> None:
        """A stroke with round joints; its ends are round when it is thick enough to show."""
        way = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(way, fill=fill, width=max(1, round(width * SCALE)), joint="curve")
        if width >= 5 and len(fill) == 7:
            for x, y in (way[0], way[-1]):
                self.pen.circle((x, y), width * SCALE / 2, fill=fill)

    def circle(
        self, x: float, y: float, r: float, fill: str | None = None, edge: str | None = None, w: float = 2
    ) -> None:
        """Draw a circle, filled, with an edge, or both."""
        at, pen = (x * SCALE, y * SCALE), round(w * SCALE) if edge else 0
        self.pen.circle(at, r * SCALE, fill=fill, outline=edge, width=pen)

    def rect(self, x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> None:
        """Draw a filled box, perhaps with round corners."""
        box = (x * SCALE, y * SCALE, (x + w) * SCALE - 1, (y + h) * SCALE - 1)
        self.pen.rounded_rectangle(box, radius * SCALE, fill=fill)

    def shaded(self, points: Outline, *colours: str, across: bool = False) -> None:
        """A shape filled with a gradient, which is what makes a flat outline look round or lit."""
        way = [(x * SCALE, y * SCALE) for x, y in points]
        left, top = (int(min(spot[axis] for spot in way)) for axis in (0, 1))
        size = tuple(max(1, int(max(spot[axis] for spot in way)) + 1 - low) for axis, low in ((0, left), (1, top)))
        mask = Image.new("L", (size[0], size[1]))
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in way], fill=255)
        self.image.paste(gradient((size[0], size[1]), *colours, across=across), (left, top), mask)

    def glow(self, x: float, y: float, rx: float, colour: str, strength: float = 1.0, ry: float | None = None) -> None:
        """Light (or, in a dark colour, a shadow) that fades out towards the rim of an ellipse."""
        tall = rx if ry is None else ry
        reach = np.linspace(-1, 1, 96) ** 2
        fade = np.clip(1 - np.sqrt(reach[None] + reach[:, None]), 0, 1) ** 1.6 * 255 * strength
        size = (round(2 * rx * SCALE), round(2 * tall * SCALE))
        mask = Image.fromarray(np.clip(fade, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
        self.image.paste(rgb(colour), (round((x - rx) * SCALE), round((y - tall) * SCALE)), mask)

    def words(
        self, x: float, y: float, text: str, size: int, fill: str, align: str = "m", bold: float = 0, gap: float = 0
    ) -> None:
        """One line of text, its capitals centred on y; `align` l, m or r; `gap` spreads the letters."""
        face, tracking = font(size * SCALE), gap * SCALE
        length = sum(face.getlength(letter) + tracking for letter in text) - tracking
        at = x * SCALE - length * {"l": 0.0, "m": 0.5, "r": 1.0}[align]
        for letter in text:
            spot = (at, (y + size * 0.36) * SCALE)
            self.pen.text(spot, letter, fill=fill, font=face, anchor="ls", stroke_width=bold * SCALE)
            at += face.getlength(letter) + tracking

    def mottle(self, seed: int, strength: float = 24, coarse: int = 12) -> None:
        """Uneven ink over all that is drawn so far: the patches of a print or of a wash."""
        wash = clouds((self.width // 2, self.height // 2), seed, coarse, 3)
        mask = Image.fromarray((wash * strength * 2).astype(np.uint8)).resize(self.image.size, FAST)
        self.image.paste((255, 250, 240), (0, 0), mask)

    def finish(self, grain: float = 7) -> Image.Image:
        """Shrunk to its size, with film grain, so that no area is perfectly flat (none for a screenshot)."""
        small = self.image.reduce(SCALE)
        if not grain:
            return small
        noise = self.dice.standard_normal((self.height, self.width, 1), dtype=np.float32) * grain
        return Image.fromarray(np.clip(np.asarray(small, np.float32) + noise, 0, 255).astype(np.uint8))
