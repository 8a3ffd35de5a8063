"""Pairs that look alike and are no copies of each other: what a match must not be called exact or edited for.

make(kind, base_images, number, seed) -> [Pair(reference, query, label), ...]

    same_template   one meme, other words; the label is `template`, since the picture below is shared
    same_ui         one app, other people, words and pictures; the label is `similar`
    near_scene      one place, photographed again later; the label is `similar`
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from core.types import Kind
from lab.drawings.kit import font
from lab.drawings.scenes import two_shots
from lab.edits.kit import Canvas, Company, Dice, Drawn, filled, inside, limited, readable, scaled, wrapped
from lab.edits.overlay import impact
from lab.edits.phones import chat, post, settings
from lab.edits.pixels import encoded
from lab.edits.themes import theme
from lab.edits.words import name, phrase, sentence

type Both = tuple[Image.Image, Image.Image]
type Maker = Callable[[Image.Image, Dice], Both]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two pictures of the same making; `label` is the most that may be said of them."""

    kind: str
    reference: Image.Image
    query: Image.Image
    label: Kind


def make(kind: str, base_images: Sequence[Image.Image], number: int, seed: int = 0) -> list[Pair]:
    """So many pairs, the same for the same arguments; the base images are used in turn, none twice in one pair.

    The query is a little smaller than the reference or compressed again, as a repost is. Without base images the drawn
    strangers are used. KeyError: no kind has this name.
    """
    maker, pool = HARD_NEGATIVES[kind], base_images if len(base_images) else Drawn()
    return [_pair(kind, maker, pool, pair, seed) for pair in range(number)]


def _pair(kind: str, maker: Maker, pool: Sequence[Image.Image], pair: int, seed: int) -> Pair:
    base = limited(pool[pair % len(pool)].convert("RGB"))
    dice = Dice(f"{seed}/{kind}/{pair}", Company(pool, base))
    reference, query = maker(base, dice)
    return Pair(kind=kind, reference=reference, query=_reposted(query, dice), label=LABELS[kind])


def _reposted(image: Image.Image, dice: Dice) -> Image.Image:
    share = dice.uniform(0.7, 1)
    return encoded(scaled(image, image.width * share, image.height * share), dice.randint(55, 90))


def same_template(base: Image.Image, dice: Dice) -> Both:
    """The same picture under other words, in one of four layouts."""
    layout, style = dice.choice((_top_and_bottom, _bar_above, _labels, _panels)), dice.getrandbits(32)
    return layout(base, dice, Random(style)), layout(base, dice, Random(style))


def _top_and_bottom(base: Image.Image, dice: Dice, style: Random) -> Image.Image:
    """White capitals with a black outline."""
    canvas = Canvas(inside(base, 800, 800))
    size = max(8, round(canvas.image.width * style.uniform(0.08, 0.11)))
    impact(canvas, phrase(dice, 2, 5), size, canvas.image.height * 0.02)
    impact(canvas, phrase(dice, 2, 6), size, canvas.image.height * 0.98, from_below=True)
    return canvas.image


def _bar_above(base: Image.Image, dice: Dice, style: Random) -> Image.Image:
    """A plain bar with a joke above the picture."""
    photo, ground = inside(base, 760, 760), style.choice(("#ffffff", "#000000", "#fdf6e3"))
    size = max(8, round(photo.width * style.uniform(0.05, 0.07)))
    lines = wrapped(f"{name(dice)}: {sentence(dice, 6, 14)}", size, photo.width * 0.92)
    page = Canvas.plain((photo.width, photo.height + round(size * (1.35 * len(lines) + 1))), ground)
    for row, line in enumerate(lines):
        page.text(photo.width * 0.04, size * (1.1 + 1.35 * row), line, size, readable(ground), "lm", 0.6)
    page.place(photo, 0, page.image.height - photo.height)
    return page.image


def _labels(base: Image.Image, dice: Dice, style: Random) -> Image.Image:
    """Words at the things of the picture, in the same places every time."""
    canvas, boxed = Canvas(inside(base, 800, 800)), style.random() < 0.5
    wide, high = canvas.image.size
    size = max(8, round(wide * style.uniform(0.055, 0.085)))
    for at in range(style.randint(3, 4)):
        x, y = wide * style.uniform(0.2, 0.8), high * (0.1 + 0.22 * at + style.uniform(0, 0.1))
        for row, line in enumerate(wrapped(phrase(dice, 1, 4), size, wide * 0.34)):
            place = (x, y + row * size * 1.25)
            if boxed:
                box = canvas.pen.textbbox(place, line, font(size), "mm")
                canvas.pen.rectangle((box[0] - 5, box[1] - 4, box[2] + 5, box[3] + 4), fill="#ffffff")
            canvas.text(*place, line, size, "#111111" if boxed else "#ffffff", "mm", 0.6, "" if boxed else "#000000")
    return canvas.image


def _panels(base: Image.Image, dice: Dice, style: Random) -> Image.Image:
    """Two parts of the picture on the left, words for each on the right."""
    side = style.choice((340, 380, 420))
    page = Canvas.plain((side * 2, side * 2), style.choice(("#ffffff", "#f4f1ea")))
    half = base.width // 2
    parts = (base.crop((0, 0, max(1, half), base.height)), base.crop((half, 0, base.width, base.height)))
    for row, part in enumerate(parts):
        page.place(filled(part, side, side - 4), 0, row * side)
        size = round(side * style.uniform(0.09, 0.12))
        page.block(side + 20, row * side + side * 0.2, side - 40, phrase(dice, 3, 8), size, "#111111", 5)
    return page.image


def same_ui(base: Image.Image, dice: Dice) -> Both:
    """Two screens of one app: chats, posts or settings, in the same colours and with the same icons."""
    look, other = theme(dice), dice.others(1)[0]
    screen = dice.randrange(4)
    if screen == 0:
        return settings(dice, look), settings(dice, look)
    if screen == 1:
        return chat(None, dice, look), chat(None, dice, look)
    show = chat if screen == 2 else post
    return show(base, dice, look), show(other, dice, look)


def near_scene(_: Image.Image, dice: Dice) -> Both:
    """A drawn street, park or table, twice: another standpoint, other light, things moved."""
    return two_shots(dice)


HARD_NEGATIVES: Mapping[str, Maker] = {maker.__name__: maker for maker in (same_template, same_ui, near_scene)}
LABELS: Mapping[str, Kind] = {
    "same_template": Kind.TEMPLATE,
    "same_ui": Kind.SIMILAR,
    "near_scene": Kind.SIMILAR,
}
