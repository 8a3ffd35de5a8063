"""Creatures and things in the same frame.

trading_card   a card to collect          the creature or photograph, the name, the figures
sprites        things of a game           the thing in the slot, one slot of many, or the thing on all frames
stickers_pack  a sticker with a cut edge  the drawing on it
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageFilter

from core.types import What
from lab.drawings.kit import SCALE, gradient, mix, paper, smooth, turned
from lab.edits.words import phrase, sentence
from lab.families.kit import Family, Twins, photograph
from lab.families.seen.creatures_beasts import ITEMS, Beast, draw_beast, two_beasts
from lab.families.seen.products_pens import (
    HUES,
    Palette,
    Pens,
    any_face,
    box,
    coined,
    flat_lay,
    hsl,
    ink_on,
    palette,
    two_coined,
    vivid,
)
from lab.families.seen.products_symbols import SYMBOLS, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class CardStyle:
    """How the cards of a game look."""

    game: str
    colours: Palette
    edge: str
    face: str
    sign: str
    number_at: str
    has_photo: bool
    is_full: bool
    is_round: bool
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card says."""

    name: str
    number: int
    life: int
    moves: Sequence[tuple[str, int]]
    tale: str


def trading_card(dice: Random) -> Twins:
    """Two cards of one game and one colour: another creature with another name and other figures."""
    width, height = dice.choice(((600, 840), (640, 900), (700, 980), (540, 756)))
    style = _card_style(dice)
    names = two_coined(dice)
    rim = round(width * 0.035)
    size = (width - 2 * rim, height - 2 * rim) if style.is_full else (round(width * 0.84), round(height * 0.38))
    views = _views(dice, style, size)
    bare, cards = _bare_card(style, width, height), []
    for name, view in zip(names, views, strict=True):
        sheet = bare.again()
        _fill_card(sheet, style, _card(dice, name), view)
        cards.append(sheet.finish(4))
    if dice.random() < 0.3:
        cards = _on_mat(dice, cards)
    says = f"the creature and its figures: {names[0]} became {names[1]}"
    return Twins(reference=cards[0], query=cards[1], differs=What.PICTURE, says=says)


def _card_style(dice: Random) -> CardStyle:
    return CardStyle(
        game=f"{coined(dice)} Legends",
        colours=palette(dice),
        edge=dice.choice(("#16161a", "#f2f0ea", "#d8b13c", "#7d828c", vivid(dice))),
        face=any_face(dice),
        sign=dice.choice(tuple(SYMBOLS)),
        number_at=dice.choice(("foot", "corner")),
        has_photo=dice.random() < 0.3,
        is_full=dice.random() < 0.35,
        is_round=dice.random() < 0.5,
        seed=dice.getrandbits(32),
    )


def _card(dice: Random, name: str) -> Card:
    moves = [(phrase(dice, 2, 2).title(), dice.randint(1, 15) * 10) for _ in range(2)]
    tale = sentence(dice, 6, 9)
    return Card(name=name, number=dice.randint(1, 150), life=dice.randint(4, 30) * 10, moves=moves, tale=tale)


def _views(dice: Random, style: CardStyle, size: tuple[int, int]) -> list[Image.Image]:
    if style.has_photo:
        return [photograph(dice, *size) for _ in range(2)]
    return [_landscape(dice, size, one) for one in two_beasts(dice)]


def _landscape(dice: Random, size: tuple[int, int], one: Beast) -> Image.Image:
    """A creature somewhere: sky, hills, a shadow on the ground."""
    wide, high = size
    sky = hsl(dice.uniform(0, HUES), dice.uniform(0.2, 0.7), dice.uniform(0.25, 0.8))
    pens = Pens(gradient(size, sky, mix(sky, "#fff3d6", 0.6)), dice.getrandbits(32))
    ground = hsl(dice.uniform(20, 200), dice.uniform(0.2, 0.6), dice.uniform(0.25, 0.55))
    pens.circle(
        wide * dice.uniform(0.1, 0.9), high * 0.2, min(high, wide) * dice.uniform(0.06, 0.14), mix(sky, "#fffbe8", 0.8)
    )
    for row in range(3):
        way = [(wide * t / 7, high * (0.42 + 0.16 * row + dice.uniform(-0.1, 0.08))) for t in range(8)]
        pens.polygon([*smooth(way), (wide, high), (0, high)], mix(ground, sky, 0.5 - 0.25 * row))
    is_tall = high > wide
    x, r = wide * dice.uniform(0.42, 0.58), min(high, wide * 0.8) * dice.uniform(0.32, 0.38)
    y = high * (0.36 if is_tall else 0.55)
    pens.glow(x, y + r * 0.95, r * 1.1, "#000000", 0.7, r * 0.2)
    draw_beast(pens, x, y, r, one)
    return pens.finish(0)


def _bare_card(style: CardStyle, width: int, height: int) -> Pens:
    """What all cards of the game share: edge, paper, panels, signs and the maker's line."""
    colours = style.colours
    pens, rim = Pens(Image.new("RGB", (width, height), "#fbfbfa"), style.seed), width * 0.035
    pens.rect(0, 0, width, height, style.edge, width * 0.05)
    sheet = paper((width, height), colours.ground, mix(colours.ground, colours.first, 0.35), style.seed, 6)
    inner = sheet.crop((0, 0, round(width - 2 * rim), round(height - 2 * rim)))
    pens.lay(inner, rim, rim, width * 0.03)
    if not style.is_full:
        pens.rect(width * 0.07, height * 0.12, width * 0.86, height * 0.39, colours.second)
        _panels(pens, style)
    return pens


def _panels(pens: Pens, style: CardStyle) -> None:
    """What the words of a card stand on; a picture that fills the card shows through."""
    width, height, colours, light = pens.width, pens.height, style.colours, mix(style.colours.ground, "#ffffff", 0.75)
    pens.rect(width * 0.06, height * 0.035, width * 0.88, height * 0.075, colours.first, 14 if style.is_round else 3)
    pens.rect(width * 0.06, height * 0.56, width * 0.88, height * 0.36, f"{light}d0" if style.is_full else light, 8)
    if style.is_full:
        pens.rect(width * 0.035, height * 0.522, width * 0.93, height * 0.03, colours.ground)
        pens.rect(width * 0.035, height * 0.93, width * 0.93, height * 0.03, colours.ground)
    pens.letters(width * 0.07, height * 0.537, f"Series two  |  {style.game}", style.face, 17, colours.ink, anchor="lm")
    symbol(pens, style.sign, width * 0.9, height * 0.537, height * 0.016, colours.ink, colours.first)
    pens.letters(width * 0.07, height * 0.945, f"© {style.game} Makers", "sans", 12, colours.ink, anchor="lm")


def _fill_card(pens: Pens, style: CardStyle, card: Card, view: Image.Image) -> None:
    """What is on this card alone."""
    width, height, face, ink = pens.width, pens.height, style.face, ink_on(style.colours.first)
    if style.is_full:
        pens.lay(view, round(width * 0.035), round(width * 0.035), width * 0.03)
        _panels(pens, style)
    else:
        pens.lay(view, width * 0.08, height * 0.125)
    pens.letters(width * 0.09, height * 0.072, card.name, face, 38, ink, anchor="lm", room=width * 0.5)
    pens.letters(width * 0.91, height * 0.072, f"{card.life} LP", face, 30, ink, anchor="rm", room=width * 0.28)
    for row, (move, force) in enumerate(card.moves):
        y = height * (0.615 + 0.09 * row)
        symbol(pens, style.sign, width * 0.12, y, height * 0.022, style.colours.first, style.colours.second)
        pens.letters(width * 0.19, y, move, face, 28, "#1b1b1f", anchor="lm", room=width * 0.5)
        pens.letters(width * 0.9, y, str(force), face, 34, "#1b1b1f", anchor="rm")
        pens.rect(width * 0.09, y + height * 0.045, width * 0.82, 2, "#9a9a9a")
    pens.letters(width / 2, height * 0.82, card.tale, "serif", 20, "#3a3a40", room=width * 0.78)
    said, y = f"{card.number:03d}/150", 0.945 if style.number_at == "foot" else 0.895
    pens.letters(width * 0.91, height * y, said, "sans", 18, _number_ink(style), anchor="rm")


def _number_ink(style: CardStyle) -> str:
    return style.colours.ink if style.number_at == "foot" else "#3a3a40"


def _on_mat(dice: Random, cards: Sequence[Image.Image]) -> list[Image.Image]:
    """The cards photographed at the same spot of a table."""
    wide, high = cards[0].size
    size = (round(wide * 1.2), round(high * 1.12))
    mat, turn, seed, laid = flat_lay(dice, size), dice.uniform(-5, 5), dice.getrandbits(32), []
    for card in cards:
        pens, layer = Pens(mat, seed), Pens.clear(*card.size)
        layer.lay(card, 0, 0, wide * 0.05)
        lying = layer.image.rotate(turn, Image.Resampling.BILINEAR, expand=True)
        x, y = (size[0] - lying.width / SCALE) / 2, (size[1] - lying.height / SCALE) / 2
        pens.shadow(turned(box(-wide / 2, -high / 2, wide, high), size[0] / 2, size[1] / 2, -turn), 14, 0.6, 4, 8)
        pens.put(lying, x, y)
        laid.append(pens.finish(3))
    return laid


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing of a game, drawn on a raster of so many pixels; 0 is smooth."""

    name: str
    ink: str
    second: str
    raster: int

    def picture(self, side: int) -> Image.Image:
        """On a clear ground, with a dark rim."""
        pens = Pens.clear((self.raster or side) / SCALE, (self.raster or side) / SCALE)
        ITEMS[self.name](pens, pens.width / 2, pens.height / 2, pens.width * 0.42, self.ink, self.second)
        drawn = pens.image
        rim = drawn.getchannel("A").filter(ImageFilter.MaxFilter(3 if self.raster else 7))
        under = Image.new("RGBA", drawn.size, "#1a1420")
        under.putalpha(rim)
        under.alpha_composite(drawn)
        return under.resize((side, side), Image.Resampling.NEAREST)


def sprites(dice: Random) -> Twins:
    """The same sheet or bag of a game with another thing in it."""
    draw = dice.choice((_one_slot, _bag, _bag, _frames))
    raster = dice.choice((24, 32, 32, 48, 0))
    name, instead = dice.sample(tuple(ITEMS), 2)
    things = [_thing(dice, one, raster) for one in (name, instead)]
    pictures = draw(dice, things)
    says = f"the thing of the game: {name} became {instead}"
    return Twins(reference=pictures[0], query=pictures[1], differs=What.PICTURE, says=says)


def _thing(dice: Random, name: str, raster: int) -> Thing:
    ink = dice.choice(("#c9d1dc", "#e8c547", "#d9534f", "#6fb3e0", "#7fc97f", vivid(dice, 0.5, 0.7)))
    second = dice.choice(("#8a5a34", "#7d8597", "#a33b3b", "#3f6fb0", "#4b8b4b", "#f0e2bd"))
    return Thing(name=name, ink=ink, second=second, raster=raster)


def _panel(dice: Random) -> tuple[str, str, str]:
    """The ground of a game's window, its slots, and their edge."""
    ground = hsl(dice.uniform(0, HUES), dice.uniform(0.1, 0.5), dice.choice((0.12, 0.2, 0.35, 0.7, 0.85)))
    is_dark = ink_on(ground) == "#f8f6f0"
    slot = mix(ground, "#000000" if is_dark else "#ffffff", 0.4)
    return ground, slot, dice.choice((mix(ground, "#ffffff", 0.35), "#d8a84a", vivid(dice), "#4a4a55"))


def _one_slot(dice: Random, things: Sequence[Thing]) -> list[Image.Image]:
    """One slot with a wide frame and a plate with the name of the thing."""
    side, (ground, slot, edge), face = dice.choice((512, 640, 560)), _panel(dice), dice.choice(("mono", "bold"))
    pens = Pens(gradient((side, side), mix(ground, "#ffffff", 0.1), ground), dice.getrandbits(32))
    pens.rect(side * 0.08, side * 0.06, side * 0.84, side * 0.72, edge, 18)
    pens.rect(side * 0.11, side * 0.09, side * 0.78, side * 0.66, slot, 10)
    pens.glow(side / 2, side * 0.42, side * 0.36, edge, 0.6)
    pens.rect(side * 0.16, side * 0.83, side * 0.68, side * 0.11, edge, 8)
    pictures = []
    for thing in things:
        sheet = pens.again()
        sheet.lay(thing.picture(round(side * 0.56)), side * 0.22, side * 0.14)
        sheet.letters(side / 2, side * 0.885, thing.name.upper(), face, side * 0.055, ink_on(edge))
        pictures.append(sheet.finish(0))
    return pictures


def _bag(dice: Random, things: Sequence[Thing]) -> list[Image.Image]:
    """A bag with many slots; one of them holds something else."""
    columns, rows = dice.choice(((5, 4), (6, 4), (4, 4), (6, 3), (4, 5)))
    step, (ground, slot, edge), top = dice.choice((110, 128)), _panel(dice), 60
    width, height = columns * step + 40, rows * step + 40 + top
    pens = Pens(gradient((width, height), mix(ground, "#ffffff", 0.12), ground), dice.getrandbits(32))
    pens.letters(
        24, top * 0.6, dice.choice(("Inventory", "Backpack", "Chest", "Shop")), "bold", 28, ink_on(ground), anchor="lm"
    )
    pens.letters(width - 24, top * 0.6, f"{dice.randint(100, 9000):,} gold", "mono", 24, ink_on(ground), anchor="rm")
    at, others = dice.randrange(columns * rows), [one for one in ITEMS if one not in {thing.name for thing in things}]
    for place in range(columns * rows):
        x, y = 20 + place % columns * step, 20 + top + place // columns * step
        pens.rect(x + 4, y + 4, step - 8, step - 8, edge, 8)
        pens.rect(x + 8, y + 8, step - 16, step - 16, slot, 6)
        if place != at and dice.random() < 0.75:
            other = _thing(dice, dice.choice(others), things[0].raster)
            pens.lay(other.picture(step - 36), x + 18, y + 18)
    x, y = 38 + at % columns * step, 38 + top + at // columns * step
    return [_with(pens.again(), thing.picture(step - 36), x, y) for thing in things]


def _with(pens: Pens, thing: Image.Image, x: float, y: float) -> Image.Image:
    pens.lay(thing, x, y)
    return pens.finish(0)


def _frames(dice: Random, things: Sequence[Thing]) -> list[Image.Image]:
    """A sheet with the thing turning, one frame beside the other, on chequers."""
    columns, rows, step = dice.choice(((4, 2, 200), (3, 3, 220), (6, 2, 150)))
    light, dark = dice.choice((("#ffffff", "#d5d5d5"), ("#3a3a3a", "#2b2b2b"), ("#ff66ff", "#ff66ff")))
    pens = Pens(Image.new("RGB", (columns * step, rows * step), light))
    for place in range(columns * rows * 25):
        x, y = place % (columns * 5), place // (columns * 5)
        if (x + y) % 2:
            pens.rect(x * step / 5, y * step / 5, step / 5, step / 5, dark)
    turns, side, pictures = [360 * place / (columns * rows) for place in range(columns * rows)], step - 30, []
    for thing in things:
        sheet, one = pens.again(), thing.picture(side)
        for place, turn in enumerate(turns):
            frame = one.rotate(turn, Image.Resampling.NEAREST)
            sheet.lay(frame, place % columns * step + 15, place // columns * step + 15)
        pictures.append(sheet.finish(0))
    return pictures


FAMILIES: Sequence[Family] = (
    Family(name="trading_card", draw=trading_card, is_photographic=True),
    Family(name="sprites", draw=sprites),
)
