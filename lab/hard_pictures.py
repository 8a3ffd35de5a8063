"""Pictures that a matcher may choke on: plain, tiny, long, noisy, full of words or of corners.

    PICTURES   name -> picture of the size asked for; none of them is a copy of anything
    meme       a picture with two captions, always at the same places
    noisy      a picture under noise that is made to move its descriptors

Most have too little to be recognised by, some have so much of it that each pair check costs all that it may.
"""

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from PIL import Image, ImageDraw

from lab.drawings.kit import font
from lab.edits.kit import Canvas, Company, Dice, Drawn, inside
from lab.edits.overlay import impact
from lab.edits.words import phrase, sentence

WIDE, HIGH = 1154, 866
"""A megapixel."""


def _solid(colour: str) -> Image.Image:
    return Image.new("RGB", (WIDE, HIGH), colour)


def _ramp(across: float, down: float, first: str, last: str) -> Image.Image:
    """A colour that turns into another one, along a line."""
    x, y = np.meshgrid(np.linspace(0, 1, WIDE), np.linspace(0, 1, HIGH))
    share = (across * x + down * y)[..., None] / (across + down)
    ends = [np.array(Image.new("RGB", (1, 1), colour))[0, 0].astype(float) for colour in (first, last)]
    return _of(ends[0] * (1 - share) + ends[1] * share)


def _rings() -> Image.Image:
    x, y = np.meshgrid(np.linspace(-1, 1, WIDE), np.linspace(-1, 1, HIGH))
    return _of(np.repeat((255 * np.clip(1 - np.hypot(x, y), 0, 1))[..., None], 3, axis=2))


def _words(size: int) -> Image.Image:
    """A page of nothing but sentences."""
    page, dice = Image.new("RGB", (WIDE, HIGH), "white"), Dice("page", _company())
    draw = ImageDraw.Draw(page)
    for top in range(20, HIGH - size, round(1.5 * size)):
        draw.text((20, top), " ".join(sentence(dice) for _ in range(3)), fill="black", font=font(size))
    return page


def _company() -> Company:
    return Company(Drawn(), Drawn()[0])


def _tiles(side: int) -> Image.Image:
    """A chessboard: nothing but corners, all of them alike."""
    y, x = np.mgrid[:HIGH, :WIDE] // side
    return _of(np.repeat((255.0 * ((x + y) % 2))[..., None], 3, axis=2))


def _noise(grain: int) -> Image.Image:
    """Grains of random colour."""
    small = np.random.default_rng(grain).integers(0, 256, (HIGH // grain, WIDE // grain, 3), np.uint8)
    return Image.fromarray(small).resize((WIDE, HIGH), Image.Resampling.NEAREST)


def _tiny(wide: int, high: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(wide).integers(0, 256, (high, wide, 3), np.uint8))


def _of(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Image.Image:
    return Image.fromarray(values.round().astype(np.uint8))


PICTURES: Mapping[str, Callable[[], Image.Image]] = {
    "one colour": partial(_solid, "#3b7dd8"),
    "black": partial(_solid, "black"),
    "gradient across": partial(_ramp, 1, 0, "#102040", "#f0d090"),
    "gradient down": partial(_ramp, 0, 1, "white", "#c02040"),
    "gradient to the corner": partial(_ramp, 1, 1, "#20c080", "#2020c0"),
    "gradient from the middle": _rings,
    "small words": partial(_words, 16),
    "large words": partial(_words, 48),
    "chessboard": partial(_tiles, 16),
    "noise": partial(_noise, 1),
    "coarse noise": partial(_noise, 6),
    "one pixel": partial(_tiny, 1, 1),
    "3 x 2": partial(_tiny, 3, 2),
    "16 x 16": partial(_tiny, 16, 16),
    "one row": partial(_tiny, 4000, 1),
    "strip across": partial(_tiny, 4000, 12),
    "strip down": partial(_tiny, 12, 4000),
}
"""By name; each is made anew."""


def meme(image: Image.Image, number: int) -> Image.Image:
    """The picture with the captions of this number, above and below, in a meme's white capitals."""
    canvas, dice = Canvas(inside(image, 800, 800)), Dice(f"meme/{number}", _company())
    size = round(canvas.image.width * 0.09)
    impact(canvas, phrase(dice, 2, 3), size, canvas.image.height * 0.03)
    impact(canvas, phrase(dice, 2, 3), size, canvas.image.height * 0.97, from_below=True)
    return canvas.image


def noisy(image: Image.Image, strength: int, seed: int = 0) -> Image.Image:
    """The picture with every value moved by up to `strength`, up or down at random, as an evader might."""
    values = np.asarray(image.convert("RGB"), np.int16)
    signs = np.random.default_rng(seed).choice((-strength, strength), values.shape)
    return Image.fromarray(np.clip(values + signs, 0, 255).astype(np.uint8))
