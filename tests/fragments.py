"""Pairs of unrelated pictures that share a fragment: a caption strip, a watermark bar, a footer.

    fragment_pair(number) -> reference, query; the same for the same number

The strip is the same in both but for its size and the compression. The pictures are tiles of scikit-image's
photographs and drawn scenes, never the same or two of one photograph.
"""

import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw

from bench.photos import FAMILIAR, STRANGE, tiles
from lab.drawings.kit import font
from lab.edits.words import name, sentence

GROUNDS = ("#ffffff", "#000000", "#fdf6e3", "#1b2a49", "#c8102e")


@cache
def _pictures() -> list[tuple[str, Image.Image]]:
    """Name of the photograph, and a tile."""
    return [(name.rsplit("-", 1)[0], tile) for name, tile in tiles((*FAMILIAR, *STRANGE))]


def _strip(dice: Random) -> Image.Image:
    """A strip of 800 px with one to three lines of words: dark on bright or bright on dark."""
    ground, size = dice.choice(GROUNDS), dice.randint(26, 44)
    lines = [f"{name(dice)}: {sentence(dice, 4, 7)}" for _ in range(dice.randint(1, 3))]
    strip = Image.new("RGB", (800, round(size * (1.4 * len(lines) + 1))), ground)
    pen, ink = ImageDraw.Draw(strip), "#111111" if ground in ("#ffffff", "#fdf6e3") else "#ffffff"
    for row, line in enumerate(lines):
        pen.text((24, size * (0.5 + 1.4 * row)), line, ink, font(size))
    if dice.random() < 0.4:  # a mark beside the words, as agencies have it
        pen.ellipse((730, 10, 780, 60), fill=ink)
        pen.polygon(((740, 50), (755, 18), (770, 50)), fill=ground)
    return strip


def _under(picture: Image.Image, strip: Image.Image, is_above: bool) -> Image.Image:
    strip = strip.resize((picture.width, round(strip.height * picture.width / strip.width)))
    page = Image.new("RGB", (picture.width, picture.height + strip.height))
    page.paste(picture, (0, strip.height if is_above else 0))
    page.paste(strip, (0, 0 if is_above else picture.height))
    return page


def fragment_pair(number: int) -> tuple[Image.Image, Image.Image]:
    """Two unrelated pictures with the same strip."""
    dice = Random(f"fragment/{number}")
    source, first = dice.choice(_pictures())
    second = dice.choice([tile for other, tile in _pictures() if other != source])
    side = dice.randint(420, 900)
    second = second.resize((side, round(side * dice.uniform(0.6, 1.3))))
    strip = _strip(dice)
    reference = _under(first, strip, dice.random() < 0.5)
    query = _under(second, strip, dice.random() < 0.5)
    buffer = io.BytesIO()
    query.save(buffer, "JPEG", quality=dice.randint(60, 90))
    return reference, Image.open(buffer).convert("RGB")
