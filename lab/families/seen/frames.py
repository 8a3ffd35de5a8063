"""Pictures in frames, on stamps, and beside their labels.

photo_wall     frames on a wall, instant pictures on a line   one picture or all of them                    large
postage_stamp  stamps of one issue                            the picture, or the value                     large, small
museum_label   a picture with the label beside it             the painter, title, year or number            small
"""

from collections.abc import Sequence
from functools import partial
from random import Random

from PIL import Image, ImageDraw, ImageOps

from core.types import What
from lab.drawings.kit import gradient, mix, paper, ring, smooth
from lab.edits.words import phrase
from lab.families.kit import Family, Twins
from lab.families.seen.frames_kit import Fact, became, blank, facts, fit, flow, line, lying, two_facts, view, views
from lab.families.seen.frames_words import GALLERY_CJK, Gallery
from lab.families.seen.papers_kit import FACES, Page, Size, any_size, hsl, landscape, palette, portrait, twins_of, two
from lab.families.seen.papers_words import CITIES, MAKERS, full_name
from lab.families.seen.products_pens import coined, wood

type Photos = Sequence[Image.Image]

WOODS = ("#2b1d14", "#5a3a22", "#8a5f38", "#c9a673", "#101012", "#f3f1ec", "#b08a3a", "#8c9096")

BESIDE = ((0.5, 0.8), (0.3, 0.47), (0.36, 0.66), (0.79, 0.5))
BELOW = ((0.78, 0.52), (0.5, 0.32), (0.72, 0.32), (0.5, 0.8))
"""Shares of the wall: how large the frame is, where its middle is, and the same of the label."""


def photo_wall(dice: Random) -> Twins:
    """Frames on a wall or instant pictures on a line, with another photograph in one of them or in all."""
    draw, count = dice.choice(
        ((_one_frame, 1), (_one_frame, 1), (_gallery, 4), (_gallery, 6), (_polaroids, 3), (_album, 4))
    )
    one, other = views(dice)
    first, at = [view(dice) for _ in range(count)], dice.randrange(count)
    first[at] = one
    second = [view(dice) for _ in range(count)] if dice.random() < 0.3 else list(first)
    second[at] = other
    is_one = sum(a is not b for a, b in zip(first, second, strict=True)) == 1
    says = "the picture in the frame is another one" if is_one else "all of the pictures are others"
    return twins_of(dice, draw, (first, second), says, What.PICTURE)


def _wall(dice: Random, size: Size) -> Page:
    """Plaster, boards, cork or a plain wall with light from above."""
    tone = hsl(dice.random(), dice.uniform(0.03, 0.45), dice.choice((0.2, 0.4, 0.65, 0.82, 0.9)))
    kind, seed = dice.randrange(4), dice.getrandbits(30)
    if kind == 0:
        return Page(wood(size, mix(tone, "#ffffff", 0.12), mix(tone, "#000000", 0.25), seed, dice.randint(4, 8)))
    if kind == 1:
        return Page(paper(size, tone, mix(tone, "#000000", 0.18), seed, 12))
    page = Page(gradient(size, mix(tone, "#ffffff", 0.2), mix(tone, "#000000", 0.25)))
    page.glow(size[0] * dice.uniform(0.3, 0.7), 0, size[0] * 0.7, size[1] * 0.8, "#fff4dc", 0.5)
    return page


def _framed(photo: Image.Image, size: Size, rim: int, mat: int, colours: tuple[str, str]) -> Image.Image:
    """A photograph in a bevelled frame with a mat around it."""
    wide, high = size
    page = Page(gradient(size, mix(colours[0], "#ffffff", 0.25), mix(colours[0], "#000000", 0.25)))
    page.frame(0, 0, wide, high, mix(colours[0], "#000000", 0.45), 2)
    page.frame(rim * 0.4, rim * 0.4, wide - rim * 0.8, high - rim * 0.8, mix(colours[0], "#ffffff", 0.4), 2)
    page.box(rim, rim, wide - 2 * rim, high - 2 * rim, colours[1])
    inner = rim + mat
    page.place(fit(photo, wide - 2 * inner, high - 2 * inner), inner, inner)
    page.frame(inner - 1, inner - 1, wide - 2 * inner + 2, high - 2 * inner + 2, mix(colours[1], "#000000", 0.3), 1)
    page.shade(rim, rim, wide - 2 * rim, 5, 0, mix(colours[1], "#000000", 0.5), colours[1])
    return page.image


def _frame_colours(dice: Random) -> tuple[str, str]:
    return dice.choice(WOODS), dice.choice(("#f6f3ea", "#e6dfd0", "#1a1a1c", "#ffffff", "#d9d2c3"))


def _one_frame(dice: Random, photos: Photos) -> Image.Image:
    """One large frame in the middle of a wall."""
    size = any_size(dice)
    page, share = _wall(dice, size), dice.uniform(0.62, 0.85)
    outer = (round(size[0] * share), round(size[1] * share))
    rim, mat = round(min(outer) * dice.uniform(0.04, 0.1)), round(min(outer) * dice.uniform(0.0, 0.14))
    lying(page, _framed(photos[0], outer, rim, mat, _frame_colours(dice)), size[0] / 2, size[1] * 0.48)
    page.grain(dice)
    return page.image


def _gallery(dice: Random, photos: Photos) -> Image.Image:
    """Rows of frames of one kind or of several."""
    size = landscape(dice) if len(photos) > 4 else any_size(dice)
    page, columns = _wall(dice, size), 3 if len(photos) > 4 else 2
    wide, high, is_mixed = size[0] / columns, size[1] * columns / len(photos), dice.random() < 0.5
    colours, mat = _frame_colours(dice), dice.randint(0, 26)
    for at, photo in enumerate(photos):
        one, share = (_frame_colours(dice) if is_mixed else colours), dice.uniform(0.68, 0.86)
        outer = (round(wide * share), round(high * share))
        framed = _framed(photo, outer, dice.randint(9, 18), mat, one)
        lying(page, framed, wide * (at % columns + 0.5), high * (at // columns + 0.5))
    page.grain(dice)
    return page.image


def _instant(photo: Image.Image, width: int, said: str, face: str, sheet: str) -> Image.Image:
    """An instant picture with a word on its white foot."""
    page, edge = blank((width, round(width * 1.2)), sheet), round(width * 0.07)
    page.place(fit(photo, width - 2 * edge, width - 2 * edge), edge, edge)
    page.squeezed(width / 2, width * 1.06, said, face, round(width * 0.09), width * 0.8, "#33363f")
    return page.image


def _polaroids(dice: Random, photos: Photos) -> Image.Image:
    """Three instant pictures that hang on a line."""
    size = (dice.randint(900, 1080), dice.randint(480, 660))
    page, width = _wall(dice, size), round(min(size[0] * 0.27, size[1] * 0.6))
    face, sheet = dice.choice(("roman", "times", "plain")), dice.choice(("#fdfcf7", "#f4efe2", "#1b1b1d", "#fafafa"))
    high = size[1] * dice.uniform(0.1, 0.18)
    page.curves([smooth([(0, high * 0.6), (size[0] / 2, high), (size[0], high * 0.5)])], "#3a2f25", 2)
    for at, photo in enumerate(photos):
        x, turn = size[0] * (at + 0.5) / 3, dice.uniform(-7, 7)
        lying(page, _instant(photo, width, phrase(dice, 1, 2), face, sheet), x, high + width * 0.66, turn)
        page.box(x - 6, high - 12, 12, 34, dice.choice(("#c99d62", "#a8432f", "#3f6b8a")), 3)
    return page.image


def _album(dice: Random, photos: Photos) -> Image.Image:
    """The page of an album with four prints and a title."""
    size, look = portrait(dice), palette(dice, 0.5)
    page = Page(paper(size, look.ground, mix(look.ground, "#000000", 0.12), dice.getrandbits(30), 8))
    page.squeezed(size[0] / 2, size[1] * 0.06, phrase(dice, 2, 4).title(), look.bold, 40, size[0] * 0.8, look.ink)
    wide, high, border = round(size[0] * 0.42), round(size[1] * 0.37), dice.randint(0, 14)
    for at, photo in enumerate(photos):
        x, y = size[0] * (0.26 + 0.48 * (at % 2)), size[1] * (0.3 + 0.44 * (at // 2))
        print_ = ImageOps.expand(fit(photo, wide - 2 * border, high - 2 * border), border, "#fbfaf5")
        lying(page, print_, x, y, dice.uniform(-3, 3), 0.35)
        page.write(x, y + high / 2 + 26, phrase(dice, 1, 3), look.face, 17, look.faint, "ms")
    return page.image


def postage_stamp(dice: Random) -> Twins:
    """Stamps of one issue with another picture, or with another value."""
    if dice.random() < 0.6:
        return twins_of(
            dice, partial(_stamps, None), views(dice), "the picture on the stamp is another one", What.PICTURE
        )
    values = two(dice, lambda dice: dice.choice(("5", "10", "15", "25", "40", "55", "60", "75", "80", "95", "1.20")))
    both = facts(*values)
    return twins_of(dice, partial(_valued, view(dice)), both, became("value of the stamp", both))


def _valued(photo: Image.Image, dice: Random, value: Fact) -> Image.Image:
    return _stamps(value, dice, photo)


def _stamps(value: Fact | None, dice: Random, photo: Image.Image) -> Image.Image:
    """One stamp, or two of which only one is another one, with a postmark over them."""
    is_wide = dice.random() < 0.5
    size = landscape(dice) if is_wide else portrait(dice)
    look = palette(dice, 0.5)
    page = Page(paper(size, look.ground, mix(look.ground, look.accent, 0.2), dice.getrandbits(30), 9))
    outer = (round(size[0] * dice.uniform(0.72, 0.85)), round(size[1] * dice.uniform(0.72, 0.85)))
    stamp = _perforated(_stamp(dice, outer, photo, value), dice.choice((16, 20, 26)))
    lying(page, stamp, size[0] / 2, size[1] / 2, dice.uniform(-4, 4) if dice.random() < 0.5 else 0)
    if dice.random() < 0.6:
        _postmark(page, dice, size)
    page.grain(dice)
    return page.image


def _stamp(dice: Random, size: Size, photo: Image.Image, value: Fact | None) -> Image.Image:
    """The print of a stamp: picture, country, value and year."""
    (wide, high), (_, face), tone = size, dice.choice(FACES), hsl(dice.random(), 0.6, dice.uniform(0.2, 0.4))
    page, edge, foot = (
        blank(size, dice.choice(("#fdfcf8", "#f5f0e1"))),
        round(min(size) * 0.07),
        round(high * 0.17),
    )
    shown = fit(photo, wide - 2 * edge, high - 2 * edge - foot)
    engraved = ImageOps.colorize(ImageOps.autocontrast(shown.convert("L")), tone, "#fbf8ee")
    page.place(engraved if dice.random() < 0.4 else shown, edge, edge)
    page.frame(edge, edge, shown.width, shown.height, tone, 2)
    mark, unit = value or facts(str(dice.choice((5, 20, 45, 70))), "")[0], dice.choice(("", " c", " kr", " d"))
    y, size_of = high - edge - foot * 0.42, round(foot * 0.5)
    page.squeezed(edge, y, coined(dice).upper(), face, size_of, wide * 0.5, tone, "lm")
    line(page, (wide - edge, y), wide * 0.3, "{}" + unit, (face, round(foot * 0.62)), tone, mark, "rm")
    small = f"{dice.randint(1931, 2024)}  {dice.choice(('POSTAGE', 'AIR MAIL', 'POSTES', 'CORREO'))}"
    page.write(edge, high - edge * 0.35, small, "sans", max(10, edge // 3), tone, "ls")
    return page.image


def _perforated(stamp: Image.Image, step: int) -> Image.Image:
    """The print with the holes of a perforation bitten out of its edge."""
    mask = Image.new("L", (stamp.width * 2, stamp.height * 2), 255)
    pen, hole = ImageDraw.Draw(mask), step * 0.6
    for way, far in ((0, stamp.width), (1, stamp.height)):
        count = round(far / step)
        for at in range(count + 1):
            for side in (0, (stamp.height, stamp.width)[way] * 2):
                spot = (2 * far * at / count, side)
                pen.circle(spot if way == 0 else spot[::-1], hole, fill=0)
    cut = stamp.convert("RGBA")
    cut.putalpha(mask.reduce(2))
    return cut


def _postmark(page: Page, dice: Random, size: Size) -> None:
    """A round mark with a town and a date, and waves."""
    x, y, r = size[0] * dice.uniform(0.2, 0.4), size[1] * dice.uniform(0.2, 0.4), min(size) * dice.uniform(0.14, 0.2)
    ink = dice.choice(("#1d1d25cc", "#2b2f6bbb", "#6b1f1fbb"))
    waves = [
        [(x + r + step * 7, y - r * 0.5 + row * r * 0.25 + 6 * (-1) ** (step // 3)) for step in range(40)]
        for row in range(5)
    ]
    page.curves([ring(x, y, r, r), ring(x, y, r * 0.7, r * 0.7), *(smooth(wave) for wave in waves)], ink, 2)
    day = f"{dice.randint(1, 28)}.{dice.randint(1, 12)}.{dice.randint(31, 99)}"
    page.write(x, y, day, "bold", round(r * 0.26), ink, "mm")
    page.write(x, y - r * 0.78, dice.choice(CITIES).upper(), "bold", round(r * 0.16), ink, "mm")


def museum_label(dice: Random) -> Twins:
    """A picture in a museum with its label, one entry of which is another one."""
    if dice.random() < 0.35:
        gallery = dice.choice(GALLERY_CJK)
        what = dice.choice(tuple(gallery.among))
        both = two_facts(dice, gallery.among[what])
    else:
        gallery, what = _gallery_words(dice), dice.choice(("painter", "title", "year", "number", "material"))
        both = facts(*two(dice, partial(_entry, what)))
    return twins_of(dice, partial(_labelled, gallery, what, view(dice)), both, became(what, both))


def _entry(what: str, dice: Random) -> str:
    """What stands on a label there."""
    if what == "painter":
        return full_name(dice)
    if what == "year":
        return str(dice.randint(1780, 1990))
    if what == "number":
        return f"{dice.randint(1900, 2020)}.{dice.randint(10, 999)}"
    if what == "title":
        return phrase(dice, 2, 3).capitalize()
    return dice.choice(("Oil on canvas", "Tempera on wood", "Gelatin silver print", "Watercolour", "Woodcut", "Pastel"))


def _gallery_words(dice: Random) -> Gallery:
    rows = {what: _entry(what, dice) for what in ("painter", "title", "year", "material", "number")}
    lent = f"{dice.choice(('Gift of', 'Lent by', 'Bequest of'))} the {dice.choice(MAKERS)} Trust"
    tale = " ".join(phrase(dice, 6, 9).capitalize() + "." for _ in range(3))
    return Gallery(face="", rows=rows, among={}, tale=f"{lent}. {tale}")


def _labelled(gallery: Gallery, what: str, photo: Image.Image, dice: Random, fact: Fact) -> Image.Image:
    """The picture on the wall and the card beside it or below it."""
    is_wide = dice.random() < 0.6
    size, spots = landscape(dice) if is_wide else portrait(dice), BESIDE if is_wide else BELOW
    framed_size, framed_at, card_size, card_at = ((round(size[0] * x), round(size[1] * y)) for x, y in spots)
    page = _wall(dice, size)
    framed = _framed(photo, framed_size, dice.randint(8, 30), dice.randint(0, 34), _frame_colours(dice))
    lying(page, framed, *framed_at)
    lying(page, _label(dice, gallery, what, card_size, fact), *card_at)
    page.grain(dice, 3)
    return page.image


def _label(dice: Random, gallery: Gallery, what: str, size: Size, fact: Fact) -> Image.Image:
    """The card: who, what, when, of what, and a few lines more."""
    look = palette(dice, 0.25)
    face, bold = (gallery.face, gallery.face) if gallery.face else (look.face, look.bold)
    page, edge, y, body = blank(size, look.card), round(size[0] * 0.07), 22.0, dice.randint(18, 24)
    for at, (row, said) in enumerate(gallery.rows.items()):
        own, height = fact if row == what else facts(said, said)[0], body + (9, 5, 0, 0, 0)[at]
        font, ink = (bold if at < 2 else face, height), look.ink if at < 3 else look.faint
        line(page, (edge, y + height), size[0] - 2 * edge, "{}", font, ink, own)
        y += height * 1.5
    flow(page, (edge, y + 8), size[0] - 2 * edge, gallery.tale, (face, body - 3), look.faint)
    return page.image


FAMILIES: Sequence[Family] = (
    Family(name="photo_wall", draw=photo_wall, is_photographic=True),
    Family(name="postage_stamp", draw=postage_stamp, is_photographic=True),
    Family(name="museum_label", draw=museum_label, is_photographic=True),
)
