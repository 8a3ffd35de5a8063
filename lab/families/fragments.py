"""Two unrelated pictures with the same strip: what many posts share that is no copy of each other.

caption_strip   a bar with words above or below the picture, as memes have it
watermark_bar   a half transparent bar with an app's name across the picture
footer          the foot of a page or a channel: emblem, address, handles

Half of the pictures are photographs, half are drawings of the demo; the two of a pair may have different heights. In
half of the pairs the strip is at another place: laid over each other by their strips, the pictures hardly overlap.
"""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from random import Random

from PIL import Image, ImageDraw, ImageOps

from core.types import What
from lab.drawings.demo import demo_set, strangers
from lab.drawings.kit import mix
from lab.edits.kit import readable
from lab.edits.words import APPS, name, phrase, sentence
from lab.families.kit import TYPEFACES, Family, Twins, two_photographs, typeface

WIDTHS = (640, 720, 800, 900)
BARS = ("#ffffff", "#ffffff", "#000000", "#14171c", "#fdf6e3", "#ffe14d", "#c8102e", "#1d4e89")
SAYS = "two unrelated pictures share the {}"


def two_pictures(dice: Random, width: int) -> tuple[Image.Image, Image.Image]:
    """Two unrelated pictures of that width, photographs or drawings, of two heights or of one."""
    high = round(width * dice.uniform(0.6, 1.1))
    other = round(width * dice.uniform(0.6, 1.1)) if dice.random() < 0.5 else high
    if dice.random() < 0.5:
        photo, second = two_photographs(dice, width, max(high, other))
        return photo.crop((0, 0, width, high)), second.crop((0, 0, width, other))
    one, two = dice.sample(range(len(demo_set()) + len(strangers())), 2)
    return ImageOps.fit(_drawing(one), (width, high)), ImageOps.fit(_drawing(two), (width, other))


def two_places(dice: Random, places: Sequence[float]) -> Sequence[float]:
    """Where the strip is in both: the same place, or in half of the pairs two."""
    return dice.sample(places, 2) if dice.random() < 0.5 else [dice.choice(places)] * 2


@cache
def _drawing(number: int) -> Image.Image:
    image = [*demo_set(), *strangers()][number].draw()
    image.thumbnail((1000, 1000), Image.Resampling.LANCZOS)
    return image


def caption_strip(dice: Random) -> Twins:
    """The same bar with a joke above or below two unrelated pictures."""
    width = dice.choice(WIDTHS)
    strip, places = _bar(dice, width), two_places(dice, (0.0, 1.0))
    one, other = map(partial(_stacked, strip), two_pictures(dice, width), places)
    return Twins(reference=one, query=other, differs=What.PICTURE, says=SAYS.format("caption"))


def _bar(dice: Random, width: int) -> Image.Image:
    """One to three lines on plain ground."""
    ground, face, size = dice.choice(BARS), dice.choice(TYPEFACES), round(width * dice.uniform(0.05, 0.075))
    said = dice.choice((sentence(dice, 5, 14), f"{name(dice)}: {phrase(dice, 3, 8)}"))
    lines = _lines(said, face, size, width * 0.92)
    strip = Image.new("RGB", (width, round(size * (1.35 * len(lines) + 1))), ground)
    x, anchor = dice.choice(((width * 0.04, "lm"), (width / 2, "mm")))
    for row, line in enumerate(lines):
        _write(strip, (x, size * (1.15 + 1.35 * row)), line, face, size, readable(ground), anchor)
    return strip


def _lines(said: str, face: str, size: int, width: float) -> list[str]:
    lines = [""]
    for word in said.split():
        longer = f"{lines[-1]} {word}".strip()
        fits = not lines[-1] or typeface(face, size).getlength(longer) <= width
        lines[-1:] = [longer] if fits else [lines[-1], word]
    return lines


def _stacked(strip: Image.Image, image: Image.Image, place: float) -> Image.Image:
    """The strip above (0) or below (1) the picture."""
    page = Image.new("RGB", (image.width, image.height + strip.height))
    page.paste(strip, (0, round(image.height * place)))
    page.paste(image, (0, round(strip.height * (1 - place))))
    return page


def watermark_bar(dice: Random) -> Twins:
    """The same half transparent bar with the name of an app across two unrelated pictures."""
    width, app, handle = dice.choice(WIDTHS), dice.choice(APPS), name(dice).split()[0].lower()
    ground, face = dice.choice(BARS), dice.choice(TYPEFACES)
    strip = Image.new("RGB", (width, round(width * dice.uniform(0.07, 0.14))), ground)
    ink, size = readable(ground), round(strip.height * 0.5)
    said = dice.choice((f"Made with {app}", f"@{handle} on {app}", f"{app} PREVIEW", f"{app.lower()}.example/{handle}"))
    _emblem(strip, dice, strip.height / 2, ink)
    _write(strip, (strip.height * 1.1, strip.height / 2), said, face, size, ink, "lm")
    alpha, places = round(255 * dice.uniform(0.6, 0.95)), two_places(dice, (0.0, 0.5, 1.0))
    one, other = map(partial(_barred, strip, alpha), two_pictures(dice, width), places)
    return Twins(reference=one, query=other, differs=What.PICTURE, says=SAYS.format("watermark"))


def _barred(strip: Image.Image, alpha: int, image: Image.Image, place: float) -> Image.Image:
    made = image.copy()
    made.paste(strip, (0, round((image.height - strip.height) * place)), Image.new("L", strip.size, alpha))
    return made


def footer(dice: Random) -> Twins:
    """The same foot with emblem, address and handles below two unrelated pictures, or above one of them."""
    width, ground = dice.choice(WIDTHS), dice.choice(BARS)
    strip = Image.new("RGB", (width, round(width * dice.uniform(0.12, 0.2))), ground)
    ink, face, (app, other_app), high = readable(ground), dice.choice(TYPEFACES), dice.sample(APPS, 2), strip.height
    _emblem(strip, dice, high / 2, dice.choice((ink, "#d8a84a", "#e4572e", "#2a9d8f")))
    _write(strip, (high * 1.1, high * 0.33), f"{app} {phrase(dice, 1, 1).title()}", face, round(high * 0.3), ink, "lm")
    street = f"{dice.randint(2, 180)} {phrase(dice, 1, 2).title()} Street | www.{app.lower()}.example"
    _write(strip, (high * 1.1, high * 0.68), street, face, round(high * 0.17), mix(ink, ground, 0.3), "lm")
    handle = f"@{other_app.lower()}"
    _write(strip, (width - high * 0.2, high * 0.33), handle, face, round(high * 0.18), ink, "rm")
    one, other = map(partial(_stacked, strip), two_pictures(dice, width), two_places(dice, (1.0, 0.0)))
    return Twins(reference=one, query=other, differs=What.PICTURE, says=SAYS.format("footer"))


def _emblem(strip: Image.Image, dice: Random, middle: float, ink: str) -> None:
    """A round sign at the left end of the strip."""
    pen, r = ImageDraw.Draw(strip), middle * 0.66
    pen.ellipse((middle - r, middle - r, middle + r, middle + r), fill=ink)
    spots = [(middle + r * dice.uniform(-0.7, 0.7), middle + r * dice.uniform(-0.7, 0.7)) for _ in range(4)]
    pen.polygon(spots, fill=readable(ink))


def _write(strip: Image.Image, at: tuple[float, float], text: str, face: str, size: int, ink: str, anchor: str) -> None:
    ImageDraw.Draw(strip).text(at, text, ink, typeface(face, max(9, size)), anchor=anchor)


FRAGMENTS: Mapping[str, Family] = {
    draw.__name__: Family(name=draw.__name__, draw=draw) for draw in (caption_strip, watermark_bar, footer)
}
