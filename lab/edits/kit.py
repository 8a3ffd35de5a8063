"""What the families of edits share: dice with company, sizes, warps, and a canvas with text.

Edit     an edit of the suite with what is known about it
Dice     seeded random numbers, and other pictures that are never the edited one
Canvas   a screen to draw an interface on: rounded boxes, circles, lines of text, pictures
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageOps

from lab.drawings.demo import strangers
from lab.drawings.kit import font

type Colour = tuple[int, int, int]
type Spot = tuple[float, float]
type Corners = Sequence[Spot]
type Floats = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

MOST_PIXELS = 1_000_000
LEAST_SIDE = 8
ALIKE = 6.0
"""Pictures whose 16 x 16 grey thumbnails differ by less on average (of 255) are taken for the same picture."""


class Dice(Random):
    """Seeded dice with a pool of other pictures."""

    def __init__(self, seed: str, company: "Company") -> None:
        super().__init__(seed)
        self.company = company

    def others(self, count: int) -> list[Image.Image]:
        """So many other pictures, RGB; they repeat only when the pool is smaller."""
        return self.company.take(self, count)

    def noise(self) -> np.random.Generator:
        """Dice for whole arrays, seeded by these."""
        return np.random.default_rng(self.getrandbits(64))

    def colour(self, low: int = 0, high: int = 255) -> Colour:
        """Return a random colour with channels between `low` and `high`."""
        return (self.randint(low, high), self.randint(low, high), self.randint(low, high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One thing people do to a picture; `hard` ones are known to defeat hashes or whole-picture embeddings."""

    name: str
    family: str
    function: "Change"
    hard: bool

    @property
    def says(self) -> str:
        """What it does, in one line."""
        return (self.function.__doc__ or "").split("\n")[0]


type Change = Callable[[Image.Image, Dice], Image.Image]


class Drawn(Sequence[Image.Image]):
    """The drawn strangers as a pool; each is drawn when it is first looked at."""

    def __len__(self) -> int:
        return len(strangers())

    def __getitem__(self, at: int) -> Image.Image:  # type: ignore[override]  # nobody slices a pool
        return _stranger(range(len(self))[at])


@lru_cache(maxsize=16)
def _stranger(at: int) -> Image.Image:
    return strangers()[at].draw()


class Company:
    """A pool of other pictures from which the picture itself is left out, whatever size it has there."""

    def __init__(self, pool: Sequence[Image.Image], own: Image.Image) -> None:
        self.pool, self.own = pool, own

    def take(self, dice: Random, count: int) -> list[Image.Image]:
        """So many pictures; the drawn strangers stand in when the pool holds none but the picture itself."""
        found: list[Image.Image] = []
        for pool in (self.pool, Drawn()):
            for one in self._shuffled(pool, dice):
                found.append(one)
                if len(found) == count:
                    return found
            if found:
                break
        return (found * count)[:count]

    def _shuffled(self, pool: Sequence[Image.Image], dice: Random) -> Iterator[Image.Image]:
        for at in dice.sample(range(len(pool)), len(pool)):
            one = pool[at].convert("RGB")
            if not alike(one, self.own):
                yield one


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures are the same but for size and file."""
    return float(np.abs(_grey(one) - _grey(other)).mean()) < ALIKE


def _grey(image: Image.Image) -> Floats:
    small = image.convert("RGB").resize((16, 16), Image.Resampling.BOX, reducing_gap=1.0).convert("L")
    return np.asarray(small, np.float32)


def scaled(image: Image.Image, width: float, height: float) -> Image.Image:
    """At this size, never below LEAST_SIDE."""
    size = (max(LEAST_SIDE, round(width)), max(LEAST_SIDE, round(height)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def inside(image: Image.Image, width: float, height: float) -> Image.Image:
    """As large as fits into the box."""
    share = min(width / image.width, height / image.height)
    return scaled(image, image.width * share, image.height * share)


def limited(image: Image.Image, most: int = MOST_PIXELS) -> Image.Image:
    """Shrunk to so many pixels if it has more."""
    share = sqrt(most / (image.width * image.height))
    return image if share >= 1 else scaled(image, image.width * share, image.height * share)


def filled(image: Image.Image, width: float, height: float) -> Image.Image:
    """The box full of the picture, what sticks out cut off."""
    size = (max(LEAST_SIDE, round(width)), max(LEAST_SIDE, round(height)))
    return ImageOps.fit(image, size, Image.Resampling.BICUBIC)


def floats(image: Image.Image) -> Floats:
    """RGB, shape [height, width, 3], 0..255."""
    return np.asarray(image, np.float32)


def picture(values: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Image.Image:
    """Return values [height, width, 3] as an image, cut off at 0 and 255."""
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


def corners(width: float, height: float, x: float = 0, y: float = 0) -> list[Spot]:
    """Of a box, clockwise from the upper left."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def jittered(spots: Corners, dice: Random, reach_x: float, reach_y: float) -> list[Spot]:
    """Return the corners, each moved at random by at most so much."""
    return [(x + dice.uniform(-reach_x, reach_x), y + dice.uniform(-reach_y, reach_y)) for x, y in spots]


def warped(image: Image.Image, to: Corners, canvas: Image.Image) -> Image.Image:
    """The picture laid onto a canvas so that its corners come to lie on these; smooth edges."""
    matrix = cv2.getPerspectiveTransform(
        np.array(corners(image.width, image.height), np.float32), np.array(to, np.float32)
    )
    layer = cv2.warpPerspective(
        np.asarray(image), matrix, canvas.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return Image.composite(Image.fromarray(layer), canvas, quad_mask(to, canvas.size))


def quad_mask(spots: Corners, size: tuple[int, int]) -> Image.Image:
    """White within the corners, its edge smooth."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    outline = np.round(np.array(spots, np.float64) * 16).astype(np.int32)
    return Image.fromarray(cv2.fillConvexPoly(mask, outline, (255,), cv2.LINE_AA, shift=4))


def wrapped(text: str, size: int, width: float) -> list[str]:
    """Lines no wider than this, as far as whole words allow."""
    face, lines = font(size), [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def readable(ground: str | Colour) -> str:
    """Black or white, whichever shows on this ground."""
    r, g, b = ImageColor.getcolor(ground, "RGB")[:3] if isinstance(ground, str) else ground  # type: ignore[index]
    return "#111111" if 0.3 * r + 0.59 * g + 0.11 * b > 140 else "#ffffff"


class Canvas:
    """An image to draw an interface on, at its final size."""

    def __init__(self, image: Image.Image) -> None:
        self.image = image
        self.pen = ImageDraw.Draw(image, "RGBA")

    @classmethod
    def plain(cls, size: tuple[int, int], colour: str | Colour) -> "Canvas":
        """Return a canvas of one colour."""
        return cls(Image.new("RGB", size, colour))

    def box(self, x: float, y: float, w: float, h: float, fill: str | Colour, radius: float = 0) -> None:
        """A filled box whose round corners are smooth."""
        if radius < 1:
            self.pen.rectangle((x, y, x + w - 1, y + h - 1), fill=fill)
            return
        self.image.paste(
            fill if len(fill) != 9 else fill[:7], (round(x), round(y)), rounded(round(w), round(h), radius, fill)
        )

    def circle(self, x: float, y: float, r: float, fill: str | Colour) -> None:
        """Draw a filled circle."""
        self.box(x - r, y - r, 2 * r, 2 * r, fill, r)

    def line(self, spots: Corners, fill: str | Colour, width: float = 2) -> None:
        """Draw a line through these points."""
        self.pen.line(list(spots), fill=fill, width=max(1, round(width)), joint="curve")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: int,
        fill: str | Colour,
        anchor: str = "lm",
        bold: float = 0,
        outline: str = "",
    ) -> None:
        """One line; the anchor is Pillow's; bold thickens the letters by so many pixels, an outline by a twelfth."""
        stroke = max(1.0, size / 12) if outline else bold
        self.pen.text((x, y), text, fill, font(size), anchor=anchor, stroke_width=stroke, stroke_fill=outline or fill)

    def block(
        self, x: float, y: float, width: float, text: str, size: int, fill: str | Colour, most: int = 99
    ) -> float:
        """Lines of text from y on; gives the y below them."""
        for line in wrapped(text, size, width)[:most]:
            self.text(x, y + size * 0.7, line, size, fill)
            y += size * 1.4
        return y

    def place(self, image: Image.Image, x: float, y: float, radius: float = 0) -> None:
        """Paste an image with its upper left corner at x, y, perhaps with round corners."""
        mask = rounded(image.width, image.height, radius, "#000000") if radius else None
        self.image.paste(image, (round(x), round(y)), mask)


def rounded(width: int, height: int, radius: float, fill: str | Colour = "#000000") -> Image.Image:
    """A mask with round corners, as dense as the alpha of the colour."""
    alpha = int(fill[7:], 16) if isinstance(fill, str) and len(fill) == 9 else 255
    mask = Image.new("L", (max(1, width) * 2, max(1, height) * 2))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius * 2, fill=alpha)
    return mask.reduce(2)
