"""Edits with company: the picture is one of several. None of the others is ever the picture itself."""

from math import ceil

from PIL import Image, ImageFilter

from lab.edits.kit import Dice, filled, inside, rounded, scaled

GROUNDS = ("#ffffff", "#000000", "#f1f1f1", "#22252b", "#e9d8c4")


def _pasted(image: Image.Image, dice: Dice, share: float) -> Image.Image:
    """On another picture, at this share of its width; whole, wherever there is room."""
    back = inside(dice.others(1)[0], 1000, 800)
    front = inside(image, back.width * share, back.height * 0.9)
    x, y = (round(dice.uniform(0.03, 0.97) * (b - f)) for b, f in zip(back.size, front.size, strict=True))
    radius = dice.choice((0, 0, 0, min(front.size) * 0.06))
    if dice.random() < 0.35:
        rim = max(2, round(back.width * 0.006))
        back.paste(dice.choice(GROUNDS), (x - rim, y - rim, x + front.width + rim, y + front.height + rim))
        radius = 0
    back.paste(front, (x, y), rounded(*front.size, radius) if radius else None)
    return back


def paste_50(image: Image.Image, dice: Dice) -> Image.Image:
    """On another picture, half as wide as that."""
    return _pasted(image, dice, dice.uniform(0.45, 0.55))


def paste_30(image: Image.Image, dice: Dice) -> Image.Image:
    """On another picture, 30 % as wide."""
    return _pasted(image, dice, dice.uniform(0.28, 0.33))


def paste_20(image: Image.Image, dice: Dice) -> Image.Image:
    """On another picture, 20 % as wide."""
    return _pasted(image, dice, dice.uniform(0.18, 0.22))


def paste_cut(image: Image.Image, dice: Dice) -> Image.Image:
    """On another, perhaps blurred picture, its corners rounded off and its edge soft."""
    back = inside(dice.others(1)[0], 900, 700).filter(ImageFilter.GaussianBlur(dice.uniform(0, 4)))
    front = inside(image, back.width * dice.uniform(0.5, 0.75), back.height * 0.85)
    mask = rounded(*front.size, min(front.size) * dice.uniform(0.3, 0.5)).filter(ImageFilter.GaussianBlur(3))
    back.paste(front, tuple(round(dice.random() * (b - f)) for b, f in zip(back.size, front.size, strict=True)), mask)  # type: ignore[arg-type]
    return back


def _grid(image: Image.Image, dice: Dice, columns: int, rows: int) -> Image.Image:
    """A grid of fields filled with pictures; each is cut to its field, as collage makers do."""
    width, gap = dice.choice((900, 960, 1000)), dice.choice((0, 4, 8, 14))
    field_w = (width - gap * (columns + 1)) // columns
    field_h = round(
        field_w * dice.choice((0.75, 1, 1, image.height / image.width if 0.5 < image.height / image.width < 1.6 else 1))
    )
    page = Image.new("RGB", (width, rows * (field_h + gap) + gap), dice.choice(GROUNDS))
    fields = dice.others(columns * rows - 1)
    fields.insert(dice.randrange(columns * rows), image)
    for at, one in enumerate(fields):
        spot = (gap + at % columns * (field_w + gap), gap + at // columns * (field_h + gap))
        page.paste(filled(one, field_w, field_h), spot)
    return page


def collage_2(image: Image.Image, dice: Dice) -> Image.Image:
    """Beside, above or below another picture, both whole or nearly so."""
    pair = [image, dice.others(1)[0]]
    dice.shuffle(pair)
    if dice.random() < 0.3:
        parts = [scaled(one, 700, min(1200, max(60, 700 * one.height / one.width))) for one in pair]
        page = Image.new("RGB", (700, sum(part.height for part in parts)))
        for part, y in zip(parts, (0, parts[0].height), strict=True):
            page.paste(part, (0, y))
        return page
    parts = [scaled(one, min(900, max(60, 500 * one.width / one.height)), 500) for one in pair]
    page = Image.new("RGB", (sum(part.width for part in parts), 500))
    for part, x in zip(parts, (0, parts[0].width), strict=True):
        page.paste(part, (x, 0))
    return page


def collage_4(image: Image.Image, dice: Dice) -> Image.Image:
    """One of four equal fields, cut to its field."""
    return _grid(image, dice, 2, 2)


def collage_9(image: Image.Image, dice: Dice) -> Image.Image:
    """One of nine equal fields, cut to its field."""
    return _grid(image, dice, 3, 3)


def collage_mixed(image: Image.Image, dice: Dice) -> Image.Image:
    """Large, above a strip of three to five small ones."""
    count, large = dice.randint(3, 5), inside(image, 900, 700)
    small_w = ceil(large.width / count)
    small = [filled(one, small_w, max(40, small_w * 0.75)) for one in dice.others(count)]
    page = Image.new("RGB", (large.width, large.height + small[0].height), dice.choice(GROUNDS))
    page.paste(large, (0, 0))
    for at, one in enumerate(small):
        page.paste(one, (at * small_w, large.height))
    return page
