"""Members of a series: the same design with another volume, title or picture in it.

book_series   the cover of a book    the volume, the title, both, or the subject
album_series  the cover of an album  the picture and the title
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageOps

from core.types import What
from lab.drawings.kit import SCALE, gradient, mix, paper, star, turned
from lab.edits.words import WORDS, name
from lab.families.kit import Family, Twins, two_photographs
from lab.families.seen.products_pens import (
    Palette,
    Pens,
    any_face,
    box,
    coined,
    flat_lay,
    ink_on,
    lightness,
    palette,
)
from lab.families.seen.products_symbols import SYMBOLS, symbol

SUBJECTS = ("Mathematics", "Geography", "Chemistry", "History", "Biology", "Physics", "English", "Music", "Economics")
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
SPELT = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
CHINESE = "一二三四五六七八九十"
CHINESE_TITLES = ("银河铁道之夜", "海边的图书馆", "剑与风之歌", "猫的侦探社", "雪国物语", "机械花园", "月光食堂")
VOLUMES: Sequence[Callable[[int], str]] = (
    lambda n: f"Vol. {n}",
    lambda n: f"Volume {n}",
    lambda n: f"Book {SPELT[n - 1]}",
    lambda n: f"Part {ROMAN[n - 1]}",
    lambda n: f"{n}",
    lambda n: f"No. {n}",
)
BLURBS = ("The million-copy series", "A {} mystery", "Illustrated edition", "Collected stories", "The {} saga")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How the books of a series are set: what stands where, in shares of the height."""

    series: str
    author: str
    blurb: str
    face: str
    colours: Palette
    art: str
    ground: str
    volume_size: float
    volume_y: float
    series_y: float
    author_y: float
    sign: str
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """What the cover of one book says."""

    volume: str
    title: str


def book_series(dice: Random) -> Twins:
    """Two volumes of one series of books."""
    width, height = dice.choice(((600, 900), (640, 960), (520, 760), (720, 960), (700, 700)))
    cover = _cover(dice)
    first, other, says = _two_volumes(dice, has_cjk=cover.face == "cjk")
    bare = _bare_cover(cover, width, height)
    covers = [_set_cover(bare.again(), cover, volume).finish(3) for volume in (first, other)]
    if dice.random() < 0.35:
        covers = _on_table(dice, covers)
    return Twins(reference=covers[0], query=covers[1], differs=What.WORDS, says=says)


def _cover(dice: Random) -> Cover:
    series_y = dice.choice((0.14, 0.17, 0.2))
    has_cjk = dice.random() < 0.15
    series = dice.choice(CHINESE_TITLES) if has_cjk else f"The {coined(dice)} {dice.choice(WORDS).capitalize()}"
    return Cover(
        series=series,
        author=name(dice),
        blurb=dice.choice(BLURBS).format(coined(dice)),
        face="cjk" if has_cjk else any_face(dice),
        colours=palette(dice),
        art=dice.choice(("sign", "hills", "rings", "towers", "stars", "band")),
        ground=dice.choice(("plain", "wash", "gradient", "frame")),
        volume_size=dice.choice((30, 36, 48, 80)),
        volume_y=dice.choice((0.76, 0.79, series_y + 0.11)),
        series_y=series_y,
        author_y=0.93,
        sign=dice.choice(tuple(SYMBOLS)),
        seed=dice.getrandbits(32),
    )


def _two_volumes(dice: Random, has_cjk: bool) -> tuple[Volume, Volume, str]:
    """Another number; another number and title; or another title and the same number."""
    one, two = dice.sample(range(1, 11), 2)
    if has_cjk:
        first, other = (Volume(volume=f"第{CHINESE[n - 1]}卷", title="") for n in (one, two))
        return first, other, f"the volume: {first.volume} became {other.volume}"
    said = dice.choice(VOLUMES)
    kind = dice.choice(("volume", "volume", "both", "title", "subject"))
    titles = [f"The {a} {b}".title() for a, b in (dice.sample(WORDS, 2), dice.sample(WORDS, 2))]
    if kind == "subject":
        titles = dice.sample(SUBJECTS, 2)
    elif kind == "volume":
        titles = [dice.choice(("", titles[0]))] * 2
    first = Volume(volume=said(one), title=titles[0])
    other = Volume(volume=said(two if kind in ("volume", "both") else one), title=titles[1])
    before, after = (f"{v.volume} {v.title}".strip() for v in (first, other))
    return first, other, f"the {kind}: {before} became {after}"


def _bare_cover(cover: Cover, width: int, height: int) -> Pens:
    """All that the volumes of the series share."""
    colours, size = cover.colours, (width, height)
    ground = Image.new("RGB", size, colours.ground)
    if cover.ground == "wash":
        ground = paper(size, colours.ground, mix(colours.ground, colours.first, 0.4), cover.seed)
    elif cover.ground == "gradient":
        ground = gradient(size, colours.ground, mix(colours.ground, colours.second, 0.35))
    pens = Pens(ground, cover.seed)
    if cover.ground == "frame":
        pens.polygon(box(width * 0.04, height * 0.03, width * 0.92, height * 0.94), colours.first)
        pens.polygon(box(width * 0.055, height * 0.04, width * 0.89, height * 0.92), colours.ground)
    _art(pens, cover)
    pens.letters(
        width / 2,
        height * cover.series_y,
        cover.series,
        cover.face,
        min(64, height * 0.07),
        colours.ink,
        room=width * 0.82,
    )
    pens.letters(width / 2, height * 0.075, cover.blurb, "sans", 18, colours.ink, room=width * 0.7)
    pens.letters(
        width / 2, height * cover.author_y, cover.author, _plain(cover.face), 34, colours.ink, room=width * 0.7
    )
    return pens


def _plain(face: str) -> str:
    return "sans" if face == "cjk" else face


def _art(pens: Pens, cover: Cover) -> None:
    """The picture that all covers of the series bear."""
    width, height, colours = pens.width, pens.height, cover.colours
    x, y, r = width / 2, height * 0.56, min(width * 0.3, height * 0.16)
    if cover.art == "sign":
        symbol(pens, cover.sign, x, y, r, colours.first, colours.second)
    elif cover.art == "rings":
        for step in range(5, 0, -1):
            pens.circle(x, y, r * step / 5, (colours.first, colours.second)[step % 2])
    elif cover.art == "hills":
        pens.circle(x + r * pens.roll(-0.6, 0.6), y - r * 0.55, r * 0.42, colours.second)
        for row in range(3):
            way = [(width * t / 8, y + r * (0.2 + 0.3 * row + pens.roll(-0.25, 0.2))) for t in range(9)]
            pens.polygon([*way, (width, y + r * 1.15), (0, y + r * 1.15)], mix(colours.first, colours.ink, row * 0.25))
    elif cover.art == "towers":
        for step in range(9):
            high = r * pens.roll(0.5, 1.9)
            shade = mix(colours.first, colours.second, pens.roll(0, 1))
            pens.rect(width * (0.1 + step * 0.09), y + r - high, width * 0.08, high, shade)
    else:
        _scatter(pens, cover, r)


def _scatter(pens: Pens, cover: Cover, r: float) -> None:
    """Stars all over, or a band with signs."""
    width, y, colours = pens.width, pens.height * 0.56, cover.colours
    if cover.art == "band":
        pens.rect(0, y - r * 0.6, width, r * 1.2, colours.first)
        for step in range(5):
            symbol(pens, cover.sign, width * (step + 0.5) / 5, y, r * 0.36, ink_on(colours.first), colours.second)
        return
    for _ in range(40):
        x, dy, size = pens.roll(0.08, 0.92) * width, pens.roll(-1, 1) * r, pens.roll(0.03, 0.16) * r
        pens.polygon(star(x, y + dy, size, size * 0.4, 5), pens.pick((colours.first, colours.second)))


def _set_cover(pens: Pens, cover: Cover, volume: Volume) -> Pens:
    width, height, ink = pens.width, pens.height, cover.colours.ink
    size = cover.volume_size if len(volume.volume) < 4 else min(cover.volume_size, 48)
    pens.letters(width / 2, height * cover.volume_y, volume.volume, cover.face, size, ink)
    if volume.title:
        y = cover.volume_y + 0.065
        pens.letters(width / 2, height * y, volume.title, cover.face, 36, ink, room=width * 0.8)
    return pens


def _on_table(dice: Random, covers: Sequence[Image.Image]) -> list[Image.Image]:
    """The books photographed from above on the same table, at the same angle."""
    wide, high = covers[0].size
    size = (round(wide * 1.25), round(high * 1.12))
    table, turn, seed = flat_lay(dice, size), dice.uniform(-7, 7), dice.getrandbits(32)
    return [_lying(Pens(table, seed), cover, turn) for cover in covers]


def _lying(pens: Pens, cover: Image.Image, turn: float) -> Image.Image:
    book = Pens.clear(cover.width + 10, cover.height + 10)
    book.rect(6, 6, cover.width, cover.height, "#ece6d8")
    book.lay(cover, 0, 0)
    book.veil(box(0, 0, cover.width * 0.06, cover.height), -0.2, 0.25, -0.12, 0)
    layer = book.image.rotate(turn, Image.Resampling.BILINEAR, expand=True)
    x, y = (pens.width - layer.width / SCALE) / 2, (pens.height - layer.height / SCALE) / 2
    edge = box(-cover.width / 2, -cover.height / 2, cover.width, cover.height)
    pens.shadow(turned(edge, pens.width / 2, pens.height / 2, -turn), 16, 0.5, 4, 8)
    pens.put(layer, x, y)
    return pens.finish(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeve:
    """How the albums of an artist look: `tone` is "colour", "duotone", "grey" or "shapes"."""

    artist: str
    label: str
    face: str
    colours: Palette
    frame: str
    tone: str
    is_below: bool
    is_left: bool
    seed: int


def album_series(dice: Random) -> Twins:
    """Two albums of one artist: another picture and another title in one design."""
    side = dice.choice((600, 720, 800, 640))
    sleeve = _sleeve(dice)
    titles = [" ".join(dice.sample(WORDS, dice.randint(1, 3))).title() for _ in range(2)]
    edge = 0 if sleeve.frame in ("none", "strip") else round(side * dice.uniform(0.06, 0.16))
    inner = (side - 2 * edge, side - 2 * edge)
    if sleeve.tone == "shapes":
        pictures = [_shapes(inner, sleeve.colours, dice.getrandbits(32)) for _ in range(2)]
    else:
        pictures = [_toned(photo, sleeve) for photo in two_photographs(dice, *inner)]
    covers = [_set_sleeve(sleeve, side, edge, *one) for one in zip(pictures, titles, strict=True)]
    says = f'the picture is another one, the title "{titles[0]}" became "{titles[1]}"'
    return Twins(reference=covers[0], query=covers[1], differs=What.PICTURE, says=says)


def _sleeve(dice: Random) -> Sleeve:
    return Sleeve(
        artist=dice.choice((f"The {coined(dice)}s", coined(dice, 3), f"{coined(dice)} {coined(dice)}", name(dice))),
        label=f"{coined(dice)} Records",
        face=any_face(dice),
        colours=palette(dice),
        frame=dice.choice(("border", "none", "strip", "round")),
        tone=dice.choice(("colour", "duotone", "grey", "shapes")),
        is_below=dice.random() < 0.5,
        is_left=dice.random() < 0.35,
        seed=dice.getrandbits(32),
    )


def _toned(photo: Image.Image, sleeve: Sleeve) -> Image.Image:
    if sleeve.tone == "colour":
        return photo
    grey = ImageOps.autocontrast(photo.convert("L"), cutoff=1)
    if sleeve.tone == "grey":
        return grey.convert("RGB")
    dark, light = sorted((sleeve.colours.first, sleeve.colours.ground), key=lightness)
    return ImageOps.colorize(grey, mix(dark, "#000000", 0.4), mix(light, "#ffffff", 0.5))


def _shapes(size: tuple[int, int], colours: Palette, seed: int) -> Image.Image:
    """An abstract picture: discs, rings and bars in the colours of the series."""
    pens = Pens(gradient(size, mix(colours.ground, colours.second, 0.3), colours.ground), seed)
    inks, wide = (colours.first, colours.second, colours.ink, mix(colours.first, colours.second, 0.5)), size[0]
    for _ in range(9):
        x, y, r, ink = pens.roll(0, wide), pens.roll(0, wide), wide * pens.roll(0.06, 0.26), pens.pick(inks)
        kind = pens.pick(("disc", "ring", "bar", "star"))
        if kind == "disc":
            pens.circle(x, y, r, ink)
        elif kind == "ring":
            pens.circle(x, y, r, edge=ink, w=r * 0.25)
        elif kind == "bar":
            pens.line([(x - r, y - r * pens.roll(-1, 1)), (x + r, y)], ink, r * 0.4)
        else:
            pens.polygon(star(x, y, r, r * 0.45, 6), ink)
    return pens.finish(4)


def _set_sleeve(sleeve: Sleeve, side: int, edge: int, picture: Image.Image, title: str) -> Image.Image:
    colours = sleeve.colours
    pens = Pens(Image.new("RGB", (side, side), colours.ground), sleeve.seed)
    pens.lay(picture, edge, edge, picture.width / 2 if sleeve.frame == "round" else 0)
    if sleeve.frame == "strip":
        pens.rect(0, side * (0.8 if sleeve.is_below else 0.0), side, side * 0.2, colours.ground)
    strip = 0.87 if sleeve.is_below else 0.07
    if sleeve.frame != "strip":
        pens.rect(side * 0.08, side * (strip - 0.045), side * 0.84, side * 0.15, colours.ground)
    x, anchor = (side * 0.12, "lm") if sleeve.is_left else (side / 2, "mm")
    for y, said, size, ink in ((0, sleeve.artist, 0.075, colours.ink), (0.07, title, 0.045, colours.first)):
        pens.letters(x, side * (strip + y), said, sleeve.face, side * size, ink, anchor=anchor, room=side * 0.76)
    pens.letters(side * 0.97, side * 0.978, sleeve.label, "sans", 13, colours.ink, anchor="rm")
    pens.circle(side * 0.05, side * 0.95, side * 0.022, colours.second)
    return pens.finish(3)


FAMILIES: Sequence[Family] = (
    Family(name="book_series", draw=book_series),
    Family(name="album_series", draw=album_series, is_photographic=True),
)
