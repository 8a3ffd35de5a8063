"""Edits that lay something over the picture: words, stickers, marks, bars. What lies under them is gone."""

from collections.abc import Callable
from math import pi, sin

from PIL import Image, ImageDraw, ImageFilter

from lab.drawings.kit import font, mix, ring, smooth, star
from lab.edits.kit import Canvas, Dice, Spot, readable, scaled, wrapped
from lab.edits.words import APPS, name, phrase, sentence

BARS = ("#ffffff", "#ffffff", "#000000", "#fdf6e3", "#ffe14d", "#1f2937")
BRIGHTS = ("#ff3b30", "#ff9500", "#ffcc00", "#34c759", "#00c7be", "#007aff", "#af52de", "#ff2d55", "#ffffff", "#000000")


def _letters(width: float, share: float) -> int:
    """A type size as a share of the width, never too small to draw."""
    return max(7, round(width * share))


def _bar(width: int, dice: Dice, ground: str) -> Image.Image:
    """A bar with one to three lines of text."""
    size = _letters(width, dice.uniform(0.045, 0.07))
    lines = wrapped(dice.choice((sentence(dice, 5, 14), f"{name(dice)}: {phrase(dice, 3, 8)}")), size, width * 0.92)
    bar = Canvas.plain((width, round(size * (1.35 * len(lines) + 0.9))), ground)
    x, anchor = dice.choice(((width * 0.04, "lm"), (width / 2, "mm")))
    for row, line in enumerate(lines):
        bar.text(x, size * (1.1 + 1.35 * row), line, size, readable(ground), anchor, dice.choice((0, 0.6)))
    return bar.image


def _stacked(parts: list[Image.Image]) -> Image.Image:
    page = Image.new("RGB", (parts[0].width, sum(part.height for part in parts)))
    for at, part in enumerate(parts):
        page.paste(part, (0, sum(above.height for above in parts[:at])))
    return page


def caption_above(image: Image.Image, dice: Dice) -> Image.Image:
    """A bar with a joke above the picture."""
    return _stacked([_bar(image.width, dice, dice.choice(BARS)), image])


def caption_both(image: Image.Image, dice: Dice) -> Image.Image:
    """Bars with words above and below the picture."""
    ground = dice.choice(BARS)
    return _stacked([_bar(image.width, dice, ground), image, _bar(image.width, dice, ground)])


def impact(canvas: Canvas, text: str, size: int, y: float, *, from_below: bool = False) -> None:
    """Capitals in white with a black outline, centred; y is where they start, or end."""
    lines = wrapped(text.upper(), size, canvas.image.width * 0.94)
    for row, line in enumerate(lines):
        at = y - (len(lines) - 1 - row) * size * 1.12 if from_below else y + row * size * 1.12
        canvas.text(canvas.image.width / 2, at, line, size, "#ffffff", "md" if from_below else "ma", outline="#000000")


def meme_text(image: Image.Image, dice: Dice) -> Image.Image:
    """White capitals with a black outline over the top and the bottom."""
    canvas, size = Canvas(image.copy()), _letters(image.width, dice.uniform(0.08, 0.12))
    impact(canvas, phrase(dice, 2, 5), size, image.height * 0.02)
    impact(canvas, phrase(dice, 2, 6), size, image.height * 0.98, from_below=True)
    return canvas.image


def subtitle(image: Image.Image, dice: Dice) -> Image.Image:
    """One or two lines over the bottom, as under a film."""
    canvas, size = Canvas(image.copy()), _letters(image.width, dice.uniform(0.045, 0.06))
    lines, ink = wrapped(sentence(dice, 5, 11), size, image.width * 0.8)[:2], dice.choice(("#ffffff", "#ffe14d"))
    boxed = dice.random() < 0.4
    for row, line in enumerate(lines):
        x, y = image.width / 2, image.height * 0.95 - (len(lines) - 1 - row) * size * 1.3
        if boxed:
            long = font(size).getlength(line)
            canvas.pen.rectangle((x - long / 2 - 6, y - size * 1.1, x + long / 2 + 6, y + size * 0.2), "#000000b0")
        canvas.pen.text(
            (x, y), line, ink, font(size), anchor="md", stroke_width=max(1, size / 16), stroke_fill="#000000"
        )
    return canvas.image


def text_anywhere(image: Image.Image, dice: Dice) -> Image.Image:
    """Two to five scraps of text in any colour, size and place, some tilted."""
    made = image.copy()
    for _ in range(dice.randint(2, 5)):
        size = _letters(image.width, dice.uniform(0.05, 0.12))
        text, ink = phrase(dice, 1, 3), dice.choice(BRIGHTS)
        scrap = Image.new("L", (max(1, round(font(size).getlength(text))) + 8, round(size * 1.4)))
        ImageDraw.Draw(scrap).text(
            (4, size * 0.7), text, 255, font(size), anchor="lm", stroke_width=dice.choice((0, 1))
        )
        scrap = scrap.rotate(dice.choice((0, 0, dice.uniform(-30, 30))), Image.Resampling.BICUBIC, expand=True)
        spot = (round(dice.uniform(-0.1, 0.8) * image.width), round(dice.uniform(0, 0.9) * image.height))
        made.paste(ink, spot, scrap)
    return made


type Pen = Callable[[ImageDraw.ImageDraw, Dice], None]


def _smile(pen: ImageDraw.ImageDraw, dice: Dice) -> None:
    pen.ellipse((6, 6, 250, 250), "#ffcf33", "#e09a00", 5)
    if dice.random() < 0.4:
        pen.rounded_rectangle((38, 84, 218, 132), 20, "#181818")
    else:
        for x in (70, 150):
            pen.ellipse((x, 78, x + 36, 126), "#3d2400")
    pen.pieslice((58, 92, 198, 222), 0, 180, "#7a1f1f")
    if dice.random() < 0.5:
        pen.pieslice((80, 148, 176, 250), 180, 360, "#ff6f7d")
    if dice.random() < 0.4:
        for x in (22, 186):
            pen.ellipse((x, 110, x + 48, 190), "#4fb3ff")


def _heart(pen: ImageDraw.ImageDraw, dice: Dice) -> None:
    ink = dice.choice(("#e0245e", "#ff4d6d", "#8e44ad", "#111111"))
    pen.polygon(
        smooth([(128, 240), (20, 130), (30, 50), (80, 26), (128, 74), (176, 26), (226, 50), (236, 130)], True), ink
    )


def _star(pen: ImageDraw.ImageDraw, dice: Dice) -> None:
    pen.polygon(star(128, 136, 122, dice.uniform(48, 80), dice.randint(5, 9)), dice.choice(BRIGHTS[:8]), "#00000060", 4)


def _flame(pen: ImageDraw.ImageDraw, dice: Dice) -> None:
    lean = dice.uniform(-20, 20)
    pen.polygon(
        smooth([(128 + lean, 6), (180, 90), (226, 150), (190, 240), (70, 240), (34, 160), (84, 110)], True), "#ff5a1f"
    )
    pen.polygon(smooth([(130, 110), (168, 170), (156, 236), (100, 236), (90, 180)], True), "#ffd23f")


def _bubble(pen: ImageDraw.ImageDraw, dice: Dice) -> None:
    pen.polygon([(70, 180), (60, 250), (130, 190)], "#ffffff", "#222222", 4)
    pen.ellipse((6, 20, 250, 210), "#ffffff", "#222222", 5)
    pen.text(
        (128, 116),
        dice.choice(("LOL", "WOW", "NO.", "100", "hm?", "BRO")),
        dice.choice(BRIGHTS[:8]),
        font(88),
        "mm",
        stroke_width=3,
    )


def _badge(pen: ImageDraw.ImageDraw, dice: Dice) -> None:
    ground = dice.choice(BRIGHTS[:8])
    pen.rounded_rectangle((4, 70, 252, 186), 40, ground, "#ffffff", 6)
    pen.text(
        (128, 128),
        dice.choice(("NEW", "-50%", "HOT", "SALE", "#1", "LIVE")),
        readable(ground),
        font(70),
        "mm",
        stroke_width=2,
    )


PENS: tuple[Pen, ...] = (_smile, _smile, _heart, _star, _flame, _bubble, _badge)


def sticker(side: float, dice: Dice) -> Image.Image:
    """An emoji or a badge with alpha, turned a little."""
    tile = Image.new("RGBA", (256, 256))
    dice.choice(PENS)(ImageDraw.Draw(tile, "RGBA"), dice)
    return scaled(tile.rotate(dice.uniform(-25, 25), Image.Resampling.BICUBIC), side, side)


def _stickers(image: Image.Image, dice: Dice, count: int, share: float) -> Image.Image:
    """So many stickers that take about this share of the area together."""
    made, side = image.copy(), (image.width * image.height * share / count / 0.7) ** 0.5
    for _ in range(count):
        one = sticker(side * dice.uniform(0.8, 1.2), dice)
        spot = (round(dice.random() * (image.width - one.width)), round(dice.random() * (image.height - one.height)))
        made.paste(one, spot, one)
    return made


def emoji(image: Image.Image, dice: Dice) -> Image.Image:
    """One to three emoji or badges over 5 to 10 % of the area."""
    return _stickers(image, dice, dice.randint(1, 3), dice.uniform(0.05, 0.1))


def stickers(image: Image.Image, dice: Dice) -> Image.Image:
    """Four to nine of them over 15 to 25 % of the area."""
    return _stickers(image, dice, dice.randint(4, 9), dice.uniform(0.15, 0.25))


def _mark(dice: Dice, size: int) -> Image.Image:
    """The words of a watermark, as a mask."""
    text = dice.choice(
        (f"@{name(dice).split()[0].lower()}", f"{dice.choice(APPS).lower()}.example", "SAMPLE", "PREVIEW")
    )
    mask = Image.new("L", (round(font(size).getlength(text)) + 8, round(size * 1.5)))
    ImageDraw.Draw(mask).text((4, size * 0.75), text, 255, font(size), anchor="lm", stroke_width=dice.choice((0, 1)))
    return mask


def watermark(image: Image.Image, dice: Dice) -> Image.Image:
    """A name across the middle or in a corner, half transparent."""
    mask = _mark(dice, _letters(image.width, dice.uniform(0.06, 0.13)))
    mask = mask.rotate(dice.choice((0, 0, 25, -30)), Image.Resampling.BICUBIC, expand=True)
    x, y = dice.choice(((0.5, 0.5), (0.95, 0.97), (0.05, 0.97), (0.95, 0.03)))
    made, alpha = image.copy(), dice.uniform(0.45, 0.85)
    spot = (round((image.width - mask.width) * x), round((image.height - mask.height) * y))
    made.paste(
        dice.choice(("#ffffff", "#000000", "#d0d0d0")), spot, mask.point([round(at * alpha) for at in range(256)])
    )
    return made


def watermark_tiled(image: Image.Image, dice: Dice) -> Image.Image:
    """The same words slantwise all over, as picture agencies do."""
    mark, longer = _mark(dice, _letters(max(image.size), dice.uniform(0.035, 0.06))), max(image.size)
    tiles, across, down = (
        Image.new("L", (longer * 2, longer * 2)),
        round(mark.width * 1.3),
        mark.height * dice.randint(2, 4),
    )
    for row in range(tiles.height // down + 1):
        for column in range(-1, tiles.width // across + 1):
            tiles.paste(mark, (column * across + row % 2 * across // 2, row * down))
    turned = tiles.rotate(dice.choice((-35, -20, 20, 35)), Image.Resampling.BILINEAR)
    left, top = longer - image.width // 2, longer - image.height // 2
    mask, made = turned.crop((left, top, left + image.width, top + image.height)), image.copy()
    alpha = dice.uniform(0.3, 0.6)
    made.paste(dice.choice(("#ffffff", "#000000")), (0, 0), mask.point([round(at * alpha) for at in range(256)]))
    return made


def overlay(image: Image.Image, dice: Dice) -> Image.Image:
    """Another picture over all of it, 25 to 45 % opaque."""
    other = dice.others(1)[0].resize(image.size, Image.Resampling.BICUBIC)
    return Image.blend(image, other, dice.uniform(0.25, 0.45))


def haze(image: Image.Image, dice: Dice) -> Image.Image:
    """A sheet of one colour over it, 35 to 60 % opaque."""
    sheet = Image.new("RGB", image.size, dice.choice(("#ffffff", "#000000", *BRIGHTS[:7])))
    return Image.blend(image, sheet, dice.uniform(0.35, 0.6))


def scribble(image: Image.Image, dice: Dice) -> Image.Image:
    """Lines drawn by finger, arrows and circles around things."""
    canvas = Canvas(image.copy())
    for _ in range(dice.randint(3, 7)):
        width, ink = max(2, round(max(image.size) * dice.uniform(0.006, 0.016))), dice.choice(BRIGHTS)
        canvas.line(dice.choice((_ring, _wobble, _arrow))(image, dice), ink, width)
    return canvas.image


def _spot(image: Image.Image, dice: Dice) -> Spot:
    return dice.uniform(0.05, 0.95) * image.width, dice.uniform(0.05, 0.95) * image.height


def _ring(image: Image.Image, dice: Dice) -> list[Spot]:
    x, y = _spot(image, dice)
    return ring(
        x, y, image.width * dice.uniform(0.06, 0.2), image.height * dice.uniform(0.06, 0.2), dice.uniform(0, 90), 0, 380
    )


def _wobble(image: Image.Image, dice: Dice) -> list[Spot]:
    (x, y), long, tall = (
        _spot(image, dice),
        image.width * dice.uniform(0.2, 0.5),
        image.height * dice.uniform(0.02, 0.06),
    )
    turns = dice.uniform(2, 6)
    return [(x + long * (step / 40 - 0.5), y + tall * sin(step / 40 * turns * 2 * pi)) for step in range(41)]


def _arrow(image: Image.Image, dice: Dice) -> list[Spot]:
    (x, y), (tip_x, tip_y) = _spot(image, dice), _spot(image, dice)
    dx, dy = (x - tip_x) * 0.25, (y - tip_y) * 0.25
    return [
        (x, y),
        (tip_x, tip_y),
        (tip_x + dx - dy, tip_y + dy + dx),
        (tip_x, tip_y),
        (tip_x + dx + dy, tip_y + dy - dx),
    ]


def redaction(image: Image.Image, dice: Dice) -> Image.Image:
    """Two to five bars or blurred boxes over 10 to 25 % of the area."""
    made, count = image.copy(), dice.randint(2, 5)
    for _ in range(count):
        area = image.width * image.height * dice.uniform(0.1, 0.25) / count
        wide = min(image.width * 0.8, (area * dice.uniform(1, 5)) ** 0.5)
        w, h = max(2, round(wide)), max(2, round(min(area / wide, image.height * 0.8)))
        x, y = round(dice.random() * max(0, image.width - w)), round(dice.random() * max(0, image.height - h))
        box = (x, y, min(x + w, image.width), min(y + h, image.height))
        if dice.random() < 0.6:
            made.paste(dice.choice(("#000000", "#000000", "#ffffff", "#c62828")), box)
        else:
            made.paste(made.crop(box).filter(ImageFilter.BoxBlur(max(w, h) / 6)), box)
    return made


def stripes(image: Image.Image, dice: Dice) -> Image.Image:
    """Stripes of one colour across it, 40 to 70 % opaque."""
    canvas, pitch = Canvas(image.copy()), max(6.0, max(image.size) * dice.uniform(0.04, 0.1))
    ink, lean = (
        mix(dice.choice(BRIGHTS), "#808080", 0.1) + f"{dice.randint(100, 180):02x}",
        dice.uniform(-1, 1) * image.height,
    )
    at = -abs(lean)
    while at < image.width + abs(lean):
        canvas.line([(at, 0), (at + lean, image.height)], ink, max(1, pitch * 0.35))
        at += pitch
    return canvas.image
