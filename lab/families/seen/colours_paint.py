"""Paint for the families in which a colour carries the meaning: another colour and its name, cloth, pairs of pictures.

another(dice, colour) -> other -> became("car", colour, other)
painted(pens, paint, (look, other look)) -> two pictures of one frame
"""

from collections.abc import Callable, Sequence
from colorsys import rgb_to_hls
from math import ceil
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from lab.drawings.kit import FAST, SCALE, Outline, clouds, rgb
from lab.families.seen.products_pens import FULL, HUES, Pens, distance, hsl, lightness, shape_mask, vivid

APART = 95
"""So far apart two colours must be, of about 441, to be taken for two."""

EMBLEMS = ("star", "sun", "moon", "mountain", "anchor", "fish", "crown", "bird", "key", "flower", "heart", "pine")
"""Symbols that clubs and shields share."""

NAMED = {
    "black": "#151515",
    "white": "#f6f6f4",
    "grey": "#858589",
    "dark grey": "#48484c",
    "light grey": "#c4c4c8",
    "red": "#d2202c",
    "dark red": "#74141f",
    "pink": "#f08fb2",
    "magenta": "#d42a96",
    "purple": "#7c2fb8",
    "dark purple": "#43186a",
    "lilac": "#b9a0e0",
    "blue": "#2457cc",
    "dark blue": "#16275c",
    "light blue": "#88b9ee",
    "turquoise": "#1fb5b8",
    "dark turquoise": "#0a5152",
    "green": "#2a9d3f",
    "dark green": "#165028",
    "light green": "#96dd8c",
    "olive": "#7d7d22",
    "yellow": "#f0d62a",
    "cream": "#f3e6bd",
    "orange": "#f08020",
    "brown": "#7a4a24",
    "dark brown": "#43281a",
    "beige": "#cdb28c",
    "salmon": "#ec8d78",
}


def another(dice: Random, colour: str, *away: str) -> str:
    """A hue just as light, a lighter or darker shade, or any colour: never one taken for this or for those around."""
    other = colour
    while any(distance(other, one) < APART for one in (colour, *away)):
        other = dice.choice((_other_hue, _other_hue, _other_shade, _any))(dice, colour)
    return other


def _other_hue(dice: Random, colour: str) -> str:
    hue, _, strength = _parts(colour)
    fresh, strong = hue + dice.uniform(60, HUES - 60), max(strength, 0.5)
    shades = [hsl(fresh, strong, step / 40) for step in range(3, 38)]
    return min(shades, key=lambda shade: abs(lightness(shade) - lightness(colour)))


def _other_shade(dice: Random, colour: str) -> str:
    hue, _, strength = _parts(colour)
    return hsl(hue, strength, dice.uniform(0.12, 0.9))


def _any(dice: Random, _: str) -> str:
    return vivid(dice, 0.3, 0.65)


def _parts(colour: str) -> tuple[float, float, float]:
    """Hue in degrees, lightness and saturation."""
    red, green, blue = (level / FULL for level in rgb(colour))
    hue, light, strength = rgb_to_hls(red, green, blue)
    return hue * HUES, light, strength


def unlike(dice: Random, among: Sequence[str], *colours: str) -> str:
    """One of these that nobody takes for any of the colours; another colour where there is none."""
    fits = [one for one in among if all(distance(one, colour) >= APART for colour in colours)]
    return dice.choice(fits) if fits else another(dice, colours[0])


def named(colour: str) -> str:
    """What people call it."""
    return min(NAMED, key=lambda name: distance(NAMED[name], colour))


def became(thing: str, one: str, other: str) -> str:
    """The car: red became dark blue."""
    first, second = named(one), named(other)
    return f"the {thing}: {first} became {second if second != first else f'another {first}'}"


def painted[Look](
    pens: Pens, paint: Callable[[Pens, Look], None], looks: tuple[Look, Look], grain: float = 3
) -> tuple[Image.Image, Image.Image]:
    """Both looks painted on the same sheet, with the same grain."""
    sheets = pens.again(), pens.again()
    for sheet, look in zip(sheets, looks, strict=True):
        paint(sheet, look)
    return sheets[0].finish(grain), sheets[1].finish(grain)


def clipped(pens: Pens, points: Outline, draw: Callable[[Pens], None]) -> None:
    """Draw within an outline alone."""
    over = pens.again()
    draw(over)
    pens.image.paste(over.image, (0, 0), shape_mask((pens.width, pens.height), points))


def folds(pens: Pens, points: Outline, seed: int, strength: float = 0.35, coarse: int = 5) -> None:
    """Soft shadows on cloth or on an uneven surface."""
    left, top = (int(min(spot[axis] for spot in points)) for axis in (0, 1))
    wide, high = (ceil(max(spot[axis] for spot in points)) + 1 - low for axis, low in ((0, left), (1, top)))
    dark = np.clip(clouds((max(8, wide // 2), max(8, high // 2)), seed, coarse, 3) - 0.25, 0, 1)
    shade = Image.fromarray((dark * FULL * strength).astype(np.uint8)).resize((wide * SCALE, high * SCALE), FAST)
    shape = Image.new("L", shade.size)
    ImageDraw.Draw(shape).polygon([((x - left) * SCALE, (y - top) * SCALE) for x, y in points], fill=FULL)
    pens.image.paste((0, 0, 0), (left * SCALE, top * SCALE), ImageChops.multiply(shade, shape))


def mirrored(half: Outline) -> list[tuple[float, float]]:
    """An outline around the upright axis from its right half, from top to bottom."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def ground_of(pens: Pens, down: float) -> str:
    """The colour at the left edge of the picture, so far down as a share of its height."""
    seen = pens.image.getpixel((2, min(pens.image.height - 1, round(pens.image.height * down))))
    return "#{:02x}{:02x}{:02x}".format(*seen) if isinstance(seen, tuple) else "#ffffff"
