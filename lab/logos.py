"""Drawn logos, and pictures that carry one.

logo(seed) -> RGBA logo;  place(logo, photo, area_share, style, dice) -> photo with the logo, and where it lies

    STYLES: flat      laid on the photo as it is
            plate     on a card or plate of one colour
            screen    in the interface of a made-up app
            printed   on a thing in the photo: in perspective, shaded, a little worn

A logo is one to three flat shapes in one of six arrangements, with a wordmark or without; in one colour, in two, or
with a gradient. Logos of different seeds differ in shape, colours and name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from core.types import Quad
from lab.drawings.kit import clouds, font, gradient, mix, rgb, ring, smooth, star, turned
from lab.edits.kit import Canvas, Corners, Dice, Spot, corners, inside, jittered, limited, quad_mask, readable, warped
from lab.edits.themes import app_bar, status_bar, theme
from lab.edits.words import paragraph, phrase

SYLLABLES = (
    "ka",
    "lo",
    "ri",
    "no",
    "va",
    "ze",
    "mu",
    "ti",
    "or",
    "pla",
    "fen",
    "qui",
    "bo",
    "sta",
    "dri",
    "lum",
    "ex",
    "yo",
)
MARK = 320
"""Pixels of the square that a logo's mark is drawn on."""
AREA_SHARES = (0.25, 0.10, 0.05, 0.02)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A picture with a logo on it; `quad` are the corners of the logo, as shares of the picture."""

    image: Image.Image
    quad: Quad


@dataclass(frozen=True, slots=True, kw_only=True)
class Inks:
    """Colours of a logo: of the first shape, of the second, and of the words."""

    first: str
    second: str
    words: str


def brand(dice: Random) -> str:
    """A name of two or three syllables."""
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 3)))


def logo(seed: int) -> Image.Image:
    """The logo of this seed: RGBA, tightly cut, 320 pixels high or, with its name below, a little higher."""
    dice = Random(f"logo/{seed}")
    inks, mark = _inks(dice), Image.new("L", (MARK * 2, MARK * 2))
    second = Image.new("L", mark.size)
    dice.choice(MARKS)(ImageDraw.Draw(mark), ImageDraw.Draw(second), dice)
    tile = _painted(mark.reduce(2), second.reduce(2), inks, dice)
    named = _named(tile, brand(dice), inks, dice) if dice.random() < 0.65 else tile
    return named.crop(named.getbbox())


def _inks(dice: Random) -> Inks:
    """One colour, or two that differ in hue and lightness."""
    hue = dice.randrange(360)
    first = _hsl(hue, dice.randint(55, 95), dice.randint(30, 52)) if dice.random() < 0.75 else "#141414"
    other = _hsl(hue + dice.randint(90, 270), dice.randint(60, 95), dice.randint(42, 62))
    second = dice.choice((first, other, mix(first, "#ffffff", 0.45)))
    return Inks(first=first, second=second, words=dice.choice((first, first, "#1a1a1a")))


def _hsl(hue: int, saturation: int, lightness: int) -> str:
    return "#" + "".join(f"{band:02x}" for band in rgb(f"hsl({hue % 360},{saturation}%,{lightness}%)"))


def _painted(mark: Image.Image, second: Image.Image, inks: Inks, dice: Random) -> Image.Image:
    """The shapes in their inks; a fifth of the logos have a gradient."""
    shaded = dice.random() < 0.2
    fill = (
        gradient(mark.size, inks.first, mix(inks.first, inks.second, 0.9))
        if shaded
        else Image.new("RGB", mark.size, inks.first)
    )
    tile = Image.new("RGBA", mark.size)
    tile.paste(fill, (0, 0), mark)
    tile.paste(Image.new("RGB", mark.size, inks.second), (0, 0), second)
    return tile


def _named(tile: Image.Image, name: str, inks: Inks, dice: Random) -> Image.Image:
    """The name beside the mark or below it."""
    text = dice.choice((name.upper(), name.capitalize(), name))
    if dice.random() < 0.5:
        size = 110
        page = Image.new("RGBA", (tile.width + 40 + round(font(size).getlength(text)) + 20, tile.height))
        page.paste(tile, (0, 0))
        at, anchor = (tile.width + 34.0, tile.height / 2), "lm"
    else:
        size = round(min(110.0, 300 * 60 / max(60.0, font(60).getlength(text))))
        page = Image.new("RGBA", (max(tile.width, round(font(size).getlength(text)) + 12), tile.height + size + 20))
        page.paste(tile, ((page.width - tile.width) // 2, 0))
        at, anchor = (page.width / 2, tile.height + 14.0 + size / 2), "mm"
    pen = ImageDraw.Draw(page)
    pen.text(at, text, inks.words, font(size), anchor, stroke_width=dice.choice((0, 2, 4)))
    return page


type Pen = ImageDraw.ImageDraw
FULL, CLEAR, MIDDLE = 255, 0, float(MARK)
"""The marks are drawn at twice their size, so that their middle is at MARK."""


def _outline(dice: Random, reach: float) -> list[Spot]:
    """A shape that logos like: a disc, a polygon, a star, a drop, a soft blot, a shield."""
    kind, turn = dice.randrange(6), dice.choice((0, 15, 30, 45, 90))
    if kind == 0:
        return ring(MIDDLE, MIDDLE, reach, reach)
    if kind == 1:
        sides = dice.randint(3, 8)
        spokes = [radians(360 * step / sides - 90 + turn) for step in range(sides)]
        return [(MIDDLE + reach * cos(t), MIDDLE + reach * sin(t)) for t in spokes]
    if kind == 2:
        return star(MIDDLE, MIDDLE, reach, reach * dice.uniform(0.4, 0.8), dice.randint(4, 12))
    if kind == 3:
        drop = [(0.0, -reach), (reach * 0.7, reach * 0.2), (0.0, reach), (-reach * 0.7, reach * 0.2)]
        return turned(smooth(drop, closed=True), MIDDLE, MIDDLE, turn)
    if kind == 4:
        blot = [
            (reach * dice.uniform(0.6, 1) * cos(t * pi / 3.5), reach * dice.uniform(0.6, 1) * sin(t * pi / 3.5))
            for t in range(7)
        ]
        return turned(smooth(blot, closed=True), MIDDLE, MIDDLE, turn)
    shield = [(-0.8, -0.9), (0.8, -0.9), (0.8, 0.1), (0.0, 1.0), (-0.8, 0.1)]
    return turned(shield, MIDDLE, MIDDLE, 0, reach)


def _emblem(mark: Pen, second: Pen, dice: Random) -> None:
    """A shape with another one cut out of it, and a third inside."""
    mark.polygon(_outline(dice, 300), fill=FULL)
    hole = _outline(dice, dice.uniform(150, 210))
    mark.polygon(hole, fill=CLEAR)
    second.polygon(_outline(dice, dice.uniform(80, 140)), fill=FULL)


def _initial(mark: Pen, second: Pen, dice: Random) -> None:
    """A letter cut out of a shape."""
    mark.polygon(_outline(dice, 300), fill=FULL)
    letter = dice.choice("ABDEFGHKLMNPQRSTVWXYZ&")
    mark.text(
        (MIDDLE, MIDDLE), letter, CLEAR, font(dice.randint(260, 340)), "mm", stroke_width=dice.choice((4, 10, 16))
    )
    if dice.random() < 0.5:
        second.polygon(ring(MIDDLE + 190, MIDDLE + 190, 56, 56), fill=FULL)


def _stripes(mark: Pen, second: Pen, dice: Random) -> None:
    """Bars of growing length, in both inks."""
    count, lean = dice.randint(3, 5), dice.choice((-80, 0, 80))
    pitch = 560 / count
    for step in range(count):
        y, long = 40 + step * pitch, dice.uniform(300, 560)
        x = 40 if dice.random() < 0.7 else 600 - long
        bar = [(x + lean * 0.3, y), (x + long + lean * 0.3, y), (x + long, y + pitch * 0.62), (x, y + pitch * 0.62)]
        (mark if step % 2 == 0 else second).polygon(bar, fill=FULL)


def _petals(mark: Pen, second: Pen, dice: Random) -> None:
    """The same petal around a middle, every second one in the other ink."""
    count, wide, inner = dice.randint(3, 9), dice.uniform(50, 120), dice.uniform(30, 110)
    petal = smooth([(inner, 0), ((inner + 300) / 2, -wide / 2), (300, 0), ((inner + 300) / 2, wide / 2)], closed=True)
    for step in range(count):
        spots = turned(petal, MIDDLE, MIDDLE, 360 * step / count - 90)
        (second if count % 2 == 0 and step % 2 else mark).polygon(spots, fill=FULL)


def _orbit(mark: Pen, second: Pen, dice: Random) -> None:
    """Rings with gaps around a core."""
    for reach in (300, dice.randint(190, 230)):
        start = dice.randrange(360)
        box = (MIDDLE - reach, MIDDLE - reach, MIDDLE + reach, MIDDLE + reach)
        mark.arc(box, start, start + dice.randint(180, 320), FULL, dice.randint(36, 64))
    second.polygon(_outline(dice, dice.uniform(80, 120)), fill=FULL)


def _fold(mark: Pen, second: Pen, dice: Random) -> None:
    """Two faces of a folded band, or of a crystal."""
    left, right, dip = dice.uniform(20, 140), dice.uniform(500, 620), dice.uniform(-120, 160)
    mark.polygon([(left, 60), (MIDDLE, 180 + dip), (MIDDLE, 600), (left, 430)], fill=FULL)
    second.polygon([(right, 60), (MIDDLE, 180 + dip), (MIDDLE, 600), (right, dice.uniform(320, 520))], fill=FULL)
    if dice.random() < 0.4:
        mark.polygon(ring(MIDDLE, 80, 56, 56), fill=FULL)


MARKS: tuple[Callable[[Pen, Pen, Random], None], ...] = (_emblem, _initial, _stripes, _petals, _orbit, _fold)


def _sized(mark: Image.Image, image: Image.Image, share: float) -> Image.Image:
    """The logo so large that its box has this share of the picture's area, if it fits."""
    wanted = sqrt(image.width * image.height * share / (mark.width * mark.height))
    factor = min(wanted, image.width * 0.94 / mark.width, image.height * 0.94 / mark.height)
    size = (max(8, round(mark.width * factor)), max(8, round(mark.height * factor)))
    return mark.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _spot(image: Image.Image, mark: Image.Image, dice: Dice) -> tuple[int, int]:
    x, y = (round(dice.uniform(0.03, 0.97) * (b - f)) for b, f in zip(image.size, mark.size, strict=True))
    return x, y


def _seen(mark: Image.Image, ground: Image.Image, dice: Dice) -> Image.Image:
    """The logo in its colours, or all white or black as brands do on a busy ground."""
    if dice.random() < 0.6:
        return mark
    level = ground.convert("L").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    ink = "#ffffff" if isinstance(level, int | float) and level < 128 else "#101010"
    single = Image.new("RGBA", mark.size, ink)
    single.putalpha(mark.getchannel("A"))
    return single


def flat(mark: Image.Image, photo: Image.Image, share: float, dice: Dice) -> Placed:
    """Laid on the photo as it is, a little transparent now and then."""
    image, small = photo.copy(), _sized(mark, photo, share)
    x, y = _spot(image, small, dice)
    small = _seen(small, image.crop((x, y, x + small.width, y + small.height)), dice)
    density = dice.choice((1, 1, 0.8))
    image.paste(small, (x, y), small.getchannel("A").point([round(at * density) for at in range(256)]))
    return _placed(image, corners(*small.size, x, y))


def plate(mark: Image.Image, photo: Image.Image, share: float, dice: Dice) -> Placed:
    """On a card of one colour, with some room around; the share is that of the logo, not of the card."""
    image, small = photo.copy(), _sized(mark, photo, share)
    room, ground = (
        max(4, round(min(small.size) * dice.uniform(0.12, 0.35))),
        dice.choice(("#ffffff", "#f4efe4", "#111418")),
    )
    card = Canvas.plain((small.width + 2 * room, small.height + 2 * room), ground)
    small = _on(small, ground)
    card.image.paste(small, (room, room), small)
    x, y = _spot(image, card.image, dice)
    canvas = Canvas(image)
    canvas.place(card.image, x, y, dice.choice((0, room * 0.5)))
    return _placed(image, corners(*small.size, x + room, y + room))


def _on(mark: Image.Image, ground: str) -> Image.Image:
    """On a dark card a dark logo is printed in white."""
    if readable(ground) == "#111111":
        return mark
    lifted = ImageChops.screen(mark.convert("RGB"), Image.new("RGB", mark.size, "#707070")).convert("RGBA")
    lifted.putalpha(mark.getchannel("A"))
    return lifted


def screen(mark: Image.Image, photo: Image.Image, share: float, dice: Dice) -> Placed:
    """In an app: a bar, the logo, the photo as somebody's post, text."""
    look = theme(dice)
    page = Canvas.plain((720, 960), look.ground)
    status_bar(page, look, dice)
    app_bar(page, look)
    small = _on(_sized(mark, page.image, share), look.ground)
    x, y = (720 - small.width) * dice.choice((0.05, 0.5, 0.5)), 150.0
    page.image.paste(small, (round(x), round(y)), small)
    below = y + small.height + 24
    below = page.block(36, below, 640, phrase(dice, 2, 4).capitalize(), 34, look.ink, 1) + 10
    shown = inside(photo, 648, max(60.0, 900 - below))
    if below < 840:
        page.place(shown, 36, below, look.radius * 0.5)
        page.block(36, below + shown.height + 20, 640, paragraph(dice, 4), 22, look.faint, 8)
    return _placed(page.image, corners(*small.size, round(x), round(y)))


def printed(mark: Image.Image, photo: Image.Image, share: float, dice: Dice) -> Placed:
    """On a thing in the photo: in perspective, its light and grain those of the photo, its ink a little worn."""
    small = _sized(mark, photo, share)
    x, y = _spot(photo, small, dice)
    to = _within(_tilted(corners(*small.size, x, y), dice), photo)
    ink = warped(_seen(small, photo, dice).convert("RGB"), to, photo)
    alpha = warped(_gray(small), to, Image.new("RGB", photo.size)).convert("L")
    worn = clouds(photo.size, dice.randrange(10**6), 30, 3) * 0.3 + dice.uniform(0.65, 0.8)
    light = np.asarray(photo.convert("L").filter(ImageFilter.GaussianBlur(max(photo.size) / 120)), np.float32) / 255
    shaded = np.asarray(ink, np.float32) * (0.45 + 0.75 * light)[..., None]
    cover = (np.asarray(alpha, np.float32) / 255 * np.clip(worn, 0, 1))[..., None]
    mixed = np.asarray(photo, np.float32) * (1 - cover) + shaded * cover
    soft = Image.fromarray(np.clip(mixed, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    image = Image.composite(soft, photo, quad_mask(to, photo.size))
    return _placed(image, to)


def _gray(mark: Image.Image) -> Image.Image:
    return Image.merge("RGB", [mark.getchannel("A")] * 3)


def _tilted(spots: Corners, dice: Dice) -> list[Spot]:
    """Turned by up to 25 degrees and seen from aside."""
    (left, top), _, (right, bottom), _ = spots
    x, y = (left + right) / 2, (top + bottom) / 2
    moved = jittered([(px - x, py - y) for px, py in spots], dice, (right - left) * 0.12, (bottom - top) * 0.12)
    return turned(moved, x, y, dice.uniform(-25, 25))


def _within(spots: Corners, image: Image.Image) -> list[Spot]:
    """Moved so that no corner is outside."""
    shift = [
        max(0, 2 - min(spot[axis] for spot in spots)) - max(0, max(spot[axis] for spot in spots) - side + 2)
        for axis, side in ((0, image.width), (1, image.height))
    ]
    return [(px + shift[0], py + shift[1]) for px, py in spots]


def _placed(image: Image.Image, spots: Corners) -> Placed:
    a, b, c, d = ((x / image.width, y / image.height) for x, y in spots)
    return Placed(image=image, quad=(a, b, c, d))


type Style = Callable[[Image.Image, Image.Image, float, Dice], Placed]
STYLES: Mapping[str, Style] = {style.__name__: style for style in (flat, plate, screen, printed)}


def place(mark: Image.Image, photo: Image.Image, area_share: float, style: str, dice: Dice) -> Placed:
    """The photo with the logo on it, RGB, at most a megapixel.

    `mark` is RGBA; `area_share` is the share of the picture's area that the logo's box takes (it takes less where it
    would not fit). KeyError: no style has this name.
    """
    return STYLES[style](mark, limited(photo.convert("RGB")), area_share, dice)
