"""Families of look-alikes that sell something or are dealt out: listings, advertisements, cards.

property_listing   picture             another photo and price, often another address; photographic
perfume_ad         picture or words    another bottle and word, or only the word; photographic
sneaker_ad         picture or colour   another shoe, or only its colours
playing_cards      picture             one card on the same table, or the whole hand
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from core.types import What
from lab.drawings.kit import SCALE, Spot, gradient, leaf, mix, ring, smooth, star
from lab.edits.kit import readable, rounded
from lab.families.kit import TYPEFACES, Family, Twins, photograph, two_photographs, typeface
from lab.families.unseen.boards import EUROPEAN, Box, Ink, Page, Size, outline, pick, sheet_of, twins_of


def mark(page: Page, kind: int, x: float, y: float, r: float, fill: str) -> None:
    """The logo of a made-up company."""
    if kind == 0:
        page.circle(x, y, r * 0.8, edge=fill, w=r * 0.3)
    elif kind == 1:
        page.polygon(star(x, y, r, r * 0.5, 6), fill)
    elif kind == 2:
        for turn in range(0, 360, 72):
            page.polygon(leaf(x, y, r, r * 0.45, turn - 90), fill)
    elif kind == 3:
        for bar in range(3):
            page.rect(x - r + bar * r * 0.7, y + r * (0.2 - bar * 0.5), r * 0.5, r * (0.6 + bar * 0.5), fill)
    else:
        page.polygon(outline("-1,0.8 0,-0.9 1,0.8", x, y, r), fill)


type House = tuple[Image.Image, list[str]]
"""The photo; the price, the address, and the facts."""

HOUSE_STYLES = (
    "#ffffff #1c2733 #0b6bcb,#14202c #f2f5f8 #f5a524,#f7f3ea #2f2a24 #8c3b2f,#0f3d3a #f4f1e6 #e4c36a,"
    "#f3f5f7 #222831 #d7263d,#e4ecdf #22331f #4f7d3a,#2a2140 #f5f0ff #ff7eb6"
)
HOUSE_SHAPES: Sequence[tuple[Size, Box]] = (
    ((1000, 700), (40, 110, 600, 480)),
    ((720, 960), (0, 90, 720, 560)),
    ((800, 800), (24, 24, 752, 540)),
    ((960, 760), (0, 86, 960, 440)),
)
STREETS = "Harbour Lane,Mill Road,Old Orchard Way,Linden Close,Quarry Hill,Station Street,Foxglove Drive,Canal View"
AGENTS = "Hearth & Gable,Nestmoor Homes,Bluegate Realty,Oakline Estates"


def property_listing(dice: Random) -> Twins:
    """A listing of a house for sale: another photo and another price."""
    size, spot = dice.choice(HOUSE_SHAPES)
    photos = two_photographs(dice, round(spot[2]) * SCALE, round(spot[3]) * SCALE)
    form = dice.choice(("${:,}", "€ {:,}", "£{:,}", "{:,} kr"))
    facts = [[form.format(dice.randrange(95, 1900) * 1000), *_facts(dice)] for _ in photos]
    if dice.random() < 0.3:
        facts[1][1:] = facts[0][1:]
    style, face = pick(dice, HOUSE_STYLES).split(), dice.choice(EUROPEAN)
    page = _listing(dice, size, style, face)
    banner = pick(dice, "FOR SALE,NEW,PRICE DROP,OPEN HOUSE")

    def draw(page: Page, house: House) -> None:
        _show_house(page, house, spot, style, face)
        page.rect(spot[0] + 18, spot[1] + 18, 148, 40, style[2], 6)
        page.write(spot[0] + 92, spot[1] + 38, banner, Ink(face, 20, readable(style[2])), most=130)

    says = f"the photo, and the price: {facts[0][0]} became {facts[1][0]}"
    return twins_of(page, list(zip(photos, facts, strict=True)), draw, What.PICTURE, says)


def _facts(dice: Random) -> list[str]:
    address = f"{dice.randint(2, 98)} {pick(dice, STREETS)}"
    return [address, f"{dice.randint(1, 6)} beds   {dice.randint(1, 4)} baths   {dice.randint(45, 320)} m²"]


def _listing(dice: Random, size: Size, style: Sequence[str], face: str) -> Page:
    (wide, high), (ground, ink, accent) = size, style
    page, bar = Page(Image.new("RGB", size, ground), 0), 84 if wide != high else 2
    top, foot = dice.choice((accent, mix(ground, ink, 0.08))), mix(ground, ink, 0.1)
    page.rect(0, 0, wide, bar, top)
    page.rect(0, high - 54, wide, 54, foot)
    y, over = (bar / 2, top) if bar > 2 else (high - 27, foot)
    mark(page, dice.randrange(5), 50, y, 18, readable(over))
    page.write(84, y, pick(dice, AGENTS), Ink(face, 28, readable(over)), "lm", wide * 0.5)
    phone = f"Call 0{dice.randint(100, 999)} {dice.randint(1000, 9999)}"
    page.write(wide - 30, high - 27, phone, Ink(face, 22, ink), "rm")
    x = 670 if wide == 1000 else wide - 230
    page.rect(x, high - 132, 200, 56, accent, dice.choice((4, 28)))
    button = pick(dice, "Book a viewing,Contact agent,See the plan")
    page.write(x + 100, high - 104, button, Ink(face, 21, readable(accent)))
    return page


def _show_house(page: Page, house: House, spot: Box, style: Sequence[str], face: str) -> None:
    (left, top, wide, high), (ground, ink, _) = spot, style
    page.place(house[0], left + wide / 2, top + high / 2)
    x, y, room = (670, 150, 300) if page.width == 1000 else (left + 30, top + high + 48, page.width - 300)
    for line, letters, fill in zip(house[1], (48, 28, 23), (ink, ink, mix(ground, ink, 0.7)), strict=True):
        page.write(x, y, line, Ink(face, letters, fill), "lm", room)
        y += 54


SCENTS = "AURELLE,Noctua,VESPER 9,Mirabeau,SOLENNE,Oud Kasar,LUNÉA,Brise d'Or,KALLISTE,Fauve,ORPHÉON,Ambre Noir,SAVANE"
LIQUIDS = "#e8a13c,#d9679a,#6fb7c9,#8a5bb0,#9dbb55,#c8553d,#e9d9a8,#2f4f6f,#d9d9de"
TINTS = "#1b1420,#f3e3d8,#0f1e2b,#5a2a3a,#e6edf2,#c9a87c,#24382f,#3b2f6b,#f0c9c9"
TAGLINES = "The new fragrance,Eau de parfum,Dare to be remembered,For the night,Une nuit sans fin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottle:
    """A bottle of scent; its shape is the half widths at its foot, middle and shoulder, soft or with corners."""

    word: str
    widths: tuple[float, float, float]
    liquid: str
    cap: str
    is_soft: bool


def perfume_ad(dice: Random) -> Twins:
    """An advertisement for a perfume: another bottle, or another word on the same one."""
    (wide, high), tint = dice.choice(((720, 960), (640, 900), (1000, 720), (840, 840))), pick(dice, TINTS)
    words, is_word = dice.sample(SCENTS.split(","), 2), dice.random() < 0.35
    one = _bottle(dice, words[0])
    other = replace(one, word=words[1]) if is_word else _bottle(dice, words[1])
    page, face = _perfume_scene(dice, (wide, high), tint), dice.choice(EUROPEAN)
    floor, depth = round(high * 0.82) * SCALE, round(high * 0.18) * SCALE
    place = (wide * dice.choice((0.33, 0.5, 0.67)), floor / SCALE, high * dice.uniform(0.44, 0.56))
    letters, tagline, has_title = Ink(face, high * 0.075, readable(tint)), pick(dice, TAGLINES), dice.random() < 0.6

    def draw(page: Page, bottle: Bottle) -> None:
        _stand_bottle(page, bottle, place, face)
        mirrored = ImageOps.flip(page.image.crop((0, floor - depth, wide * SCALE, floor)))
        page.image.paste(mirrored, (0, floor), gradient(mirrored.size, "#808080", "#101010").convert("L"))
        page.write(wide / 2, high * 0.1, bottle.word if has_title else "Maison Veridor", letters, most=wide * 0.85)
        page.write(wide / 2, high * 0.175, tagline, letters._replace(size=24))

    says = f"the {'word on the bottle' if is_word else 'bottle and its word'}: {words[0]} became {words[1]}"
    return twins_of(page, (one, other), draw, What.WORDS if is_word else What.PICTURE, says, 3)


def _bottle(dice: Random, word: str) -> Bottle:
    widths = (dice.uniform(0.16, 0.4), dice.uniform(0.22, 0.42), dice.uniform(0.12, 0.38))
    cap, is_soft = pick(dice, "#1a1a1c,#d8b45a,#e8e8ea,#5a3a24,#b06a6a"), dice.random() < 0.5
    return Bottle(word=word, widths=widths, liquid=pick(dice, LIQUIDS), cap=cap, is_soft=is_soft)


def _perfume_scene(dice: Random, size: Size, tint: str) -> Page:
    wide, high = size
    photo = photograph(dice, wide, high).filter(ImageFilter.GaussianBlur(dice.uniform(2, 9)))
    page = Page(Image.blend(photo, Image.new("RGB", size, tint), dice.uniform(0.3, 0.6)), dice.getrandbits(32))
    page.glow(wide * dice.uniform(0.2, 0.8), high * 0.4, wide * 0.6, "#fff3dc", 0.5)
    floor, near = mix(tint, "#ffffff", 0.25), mix(tint, "#000000", 0.3)
    page.shaded(outline("0,0.77 1,0.77 1,1 0,1", 0, 0, wide, high), floor, near)
    return page


def _stand_bottle(page: Page, bottle: Bottle, place: tuple[float, float, float], face: str) -> None:
    x, floor, tall = place
    foot, middle, shoulder = bottle.widths
    glass, deep = mix(bottle.liquid, "#ffffff", 0.72), mix(bottle.liquid, "#000000", 0.35)
    hull = [(0.1, -0.72), (shoulder, -0.66), (middle, -0.36), (foot, 0)]
    inner = [(shoulder * 0.86, -0.58), (middle * 0.88, -0.36), (foot * 0.88, -0.03)]
    page.glow(x, floor, tall * max(foot, middle) * 1.5, "#000000", 0.7, tall * 0.07)
    for half, tone, shine in ((hull, glass, "#ffffff"), (inner, bottle.liquid, glass)):
        side = smooth(half) if bottle.is_soft else half
        way = [(across, down) for across, down in side] + [(-across, down) for across, down in reversed(side)]
        page.shaded(
            [(x + across * tall, floor + down * tall) for across, down in way],
            deep,
            tone,
            shine,
            tone,
            deep,
            across=True,
        )
    neck = outline("-0.06,-0.78 0.06,-0.78 0.06,-0.71 -0.06,-0.71", x, floor, tall)
    page.shaded(neck, "#8a7a50", "#f6e9b8", "#8a7a50", across=True)
    square = outline("-0.11,-0.98 0.11,-0.98 0.11,-0.77 -0.11,-0.77", x, floor, tall)
    cap = ring(x, floor - tall * 0.86, tall * 0.14, tall * 0.1) if bottle.is_soft else square
    page.shaded(cap, bottle.cap, mix(bottle.cap, "#ffffff", 0.5), bottle.cap, "#202020", across=True)
    page.rect(x - middle * tall * 0.66, floor - tall * 0.44, middle * tall * 1.32, tall * 0.2, "#fffaf0")
    page.write(x, floor - tall * 0.34, bottle.word, Ink(face, tall * 0.09, "#2a2024"), most=middle * tall * 1.2)


SHOE_COLOURS = "#f4f4f2,#1d1d20,#d7263d,#1b5fc4,#f2b632,#2e8b57,#f08fb0,#7a4fc9,#ff6a1f,#9aa3ad"
SHOE_GROUNDS = (
    "#ffd23f #ff9f1c,#20232a #3a3f4b,#e7ecf1 #b9c6d3,#0e7c7b #17bebb,#f25f5c #a3243b,#cdb4f6 #8f6ed5,#f4ead9 #d9c3a0"
)
MODELS = "Strider 2,Volt Low,Kestrel,Apex Knit,Dune Runner,Halfpipe,Orbit Mid,Tempo X"
SLOGANS = "Built for the long way,Own the street,New season. New stride.,Lighter than air"
UPPERS = (
    "0.6,4.2 0.5,3.0 0.7,1.9 1.1,1.4 1.9,1.7 2.8,2.0 3.6,1.4 4.2,1.2 5.2,2.0 6.6,2.75",
    "0.7,4.2 0.6,2.5 0.7,0.9 1.0,0.2 2.0,0.3 3.2,0.2 3.9,-0.1 4.3,0.9 4.9,2.0 6.3,2.8",
    "0.5,4.2 0.4,3.3 0.6,2.5 1.0,2.2 1.9,2.4 3.0,2.5 3.8,2.1 4.5,1.9 5.6,2.5 6.9,3.0",
)
"""From the heel over the collar to the end of the laces; eleven units make a shoe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shoe:
    """A sports shoe: which upper, how thick a sole, which mark on its side, its colours, and its name."""

    upper: int
    sole: float
    mark: int
    colours: Sequence[str]
    name: str


def sneaker_ad(dice: Random) -> Twins:
    """An advertisement for a sports shoe: another shoe, or the same in other colours."""
    size, is_colour = dice.choice(((1000, 640), (800, 800), (720, 920))), dice.random() < 0.4
    one = _shoe(dice, SHOE_COLOURS)
    other = _shoe(dice, SHOE_COLOURS.replace(one.colours[0], "#6b4a2f"))
    if is_colour:
        other = replace(one, colours=other.colours)
    else:
        other = replace(other, upper=(one.upper + 1) % 3, name=dice.choice((one.name, other.name)))
    page, turn, face = _shoe_page(dice, size), dice.uniform(-24, 8), dice.choice(TYPEFACES)

    def draw(page: Page, shoe: Shoe) -> None:
        _show_shoe(page, shoe, turn)
        page.write(48, size[1] - 64, shoe.name, Ink(face, 44, "#ffffff", "#111111"), "lm", size[0] * 0.5)

    says = "the colours of the shoe are others" if is_colour else "the shoe is another one"
    return twins_of(page, (one, other), draw, What.COLOUR if is_colour else What.PICTURE, says, 2)


def _shoe(dice: Random, colours: str) -> Shoe:
    sole, four, name = dice.uniform(0.5, 1.1), dice.sample(colours.split(","), 4), pick(dice, MODELS)
    return Shoe(upper=dice.randrange(3), sole=sole, mark=dice.randrange(5), colours=four, name=name)


def _shoe_page(dice: Random, size: Size) -> Page:
    (wide, high), kind, colours = size, dice.randrange(4), pick(dice, SHOE_GROUNDS).split()
    page = Page(gradient(size, *colours, across=dice.random() < 0.5), dice.getrandbits(32))
    pale, ink = mix(colours[0], "#ffffff", 0.35), readable(colours[0])
    if kind == 0:
        page.circle(wide / 2, high * 0.5, min(size) * 0.38, pale)
    for stripe in range(5 if kind == 1 else 0):
        page.polygon(outline("0,1 0.09,1 0.42,0 0.33,0", wide * (stripe - 0.5) / 4, 0, wide, high), pale)
    if kind == 2:
        page.write(wide / 2, high * 0.46, pick(dice, "RUN,MOVE,FAST"), Ink("bold", wide * 0.3, pale))
    if kind == 3:
        page.polygon(star(wide / 2, high / 2, min(size) * 0.52, min(size) * 0.3, 18), pale)
    mark(page, dice.randrange(5), 76, 76, 30, ink)
    page.write(124, 76, pick(dice, SLOGANS), Ink(dice.choice(TYPEFACES), 36, ink), "lm", wide - 170)
    page.circle(wide - 100, high - 100, 66, pick(dice, "#e01e37,#111111,#1456d9"))
    page.write(wide - 100, high - 100, pick(dice, "-30%,$89,NEW,€119"), Ink("bold", 32, "#ffffff"))
    return page


def _show_shoe(page: Page, shoe: Shoe, turn: float) -> None:
    unit, (base, panel, sole, lace) = min(page.width / 11.5, page.height / 9), shoe.colours
    left, top, dark = page.width / 2 - unit * 5, page.height * 0.5 - unit * 2.6, mix(base, "#000000", 0.35)

    def at(points: str, steps: int = 1) -> list[Spot]:
        way = outline(points)
        tilted = [(left + x * unit + (y - 3) * turn * 0.3, top + (y + (x - 5) * turn * 0.012) * unit) for x, y in way]
        return smooth(tilted, steps=steps) if steps > 1 else tilted

    upper, toe = UPPERS[shoe.upper], "8.0,3.1 9.1,3.5 9.4,4.2"
    heel, low = " ".join(upper.split()[:3]), 4.2 + shoe.sole / 2
    page.glow(*at("5,5.9")[0], unit * 5.4, "#000000", 0.6, unit * 0.8)
    page.shaded(at(f"{upper} {toe}", 10), mix(base, "#ffffff", 0.25), base, dark)
    page.polygon(at(f"7.2,4.2 7.3,3.5 {toe}", 10), panel)
    page.polygon(at(f"{heel} 1.5,3.0 2.4,4.2", 10), panel)
    page.line(at("2.4,4.1 3.6,2.9 5.4,3.1 7.2,3.6", 10), dark, 2)
    (x, y), (far_x, far_y) = (outline(upper)[spot] for spot in (-3, -1))
    for step in range(5):
        lace_x, lace_y = x + (far_x - x) * step / 4, y + (far_y - y) * step / 4
        page.line(at(f"{lace_x - 0.1},{lace_y - 0.05} {lace_x - 0.75},{lace_y + 0.55}"), lace, unit * 0.16)
    mark(page, shoe.mark, *at("4.4,3.4")[0], unit * 0.55, lace)
    page.line(at(f"0.7,{low + 0.06} 9.2,{low + 0.06}"), mix(sole, "#000000", 0.3), unit * shoe.sole)
    page.line(at(f"0.7,{low} 9.2,{low}"), sole, unit * shoe.sole)
    page.line(at(f"0.7,{low} 9.3,{low}"), panel, unit * 0.1)


type Card = tuple[str, str]

RANKS, SUITS = "A,2,3,4,5,6,7,8,9,10,J,Q,K", "♠♥♦♣"
FELTS = "#1f6b45 #155236,#1d4f7c #143a5d,#7a1f2b #5a1520,#2b2b33 #1d1d24,#5a3f7a #432d5e,#c8a06c #a67c48"


def playing_cards(dice: Random) -> Twins:
    """Cards on a table: another card in the hand, or another hand."""
    size = dice.choice(((900, 640), (800, 800), (1000, 620), (680, 880)))
    spots = _spots(dice, size)
    drawn = dice.sample([(rank, suit) for rank in RANKS.split(",") for suit in SUITS], 2 * len(spots))
    one, other = drawn[: len(spots)], drawn[len(spots) :]
    if dice.random() < 0.6:
        at = dice.randrange(len(spots))
        other = [*one[:at], other[at], *one[at + 1 :]]
    page, face = _table(dice, size), pick(dice, "serif-bold,bold,times-bold")
    tone = pick(dice, "#ffffff,#fbf6e8,#f1f4fa")

    def draw(page: Page, cards: Sequence[Card]) -> None:
        for (x, y, turn, width), card in zip(spots, cards, strict=True):
            page.place(_card(card, round(width), face, tone), x, y, turn, shade=9)

    told = ", ".join(f"{''.join(a)} became {''.join(b)}" for a, b in zip(one, other, strict=True) if a != b)
    return twins_of(page, (one, other), draw, What.PICTURE, f"cards: {told}", dice.choice((2, 5)))


def _spots(dice: Random, size: Size) -> list[tuple[float, float, float, float]]:
    """Where the cards lie: middle, turn, and width."""
    (wide, high), kind, count = size, dice.choice(("fan", "fan", "row", "loose")), dice.randint(2, 5)
    places = [place - count / 2 + 0.5 for place in range(count)]
    if kind == "fan":
        return [(wide / 2 + n * 86, high * 0.48 + n * n * 9, n * 11, 205) for n in places]
    step = (wide - 60) / count
    if kind == "row":
        return [(wide / 2 + n * step, high * 0.5, 0, min(270, step * 0.9)) for n in places]
    width = min(250, step * 0.85)
    return [(wide / 2 + n * step, high * dice.uniform(0.43, 0.57), dice.uniform(-20, 20), width) for n in places]


def _table(dice: Random, size: Size) -> Page:
    (wide, high), (light, dark) = size, pick(dice, FELTS).split()
    page = sheet_of(dice, size, light, dark)
    if dice.random() < 0.5:
        page.line(ring(wide / 2, high / 2, wide * 0.46, high * 0.45), mix(light, "#ffffff", 0.35), 4)
    for _ in range(dice.randint(0, 7)):
        x, y, chip = dice.uniform(30, wide - 30), dice.choice((50, high - 50)), pick(dice, "#d7263d,#1b5fc4,#111111")
        page.glow(x + 5, y + 8, 48, "#000000", 0.7)
        page.circle(x, y, 38, chip, "#f4f4f4", 7)
        page.circle(x, y, 22, mix(chip, "#ffffff", 0.2), "#f4f4f4", 2)
    return page


def _card(card: Card, width: int, face: str, tone: str) -> Image.Image:
    """A playing card at twice its size; its lower half is drawn like the upper one and turned upside down."""
    size = (width * SCALE, round(width * 1.45) * SCALE)
    body = Image.composite(Image.new("RGBA", size, tone), Image.new("RGBA", size), rounded(*size, width * 0.12))
    for is_lower in (True, False):
        half = Image.new("RGBA", size)
        _half(ImageDraw.Draw(half), card, size, face, is_lower)
        body.alpha_composite(half.rotate(180 * is_lower))
    return body


def _half(pen: ImageDraw.ImageDraw, card: Card, size: Size, face: str, is_lower: bool) -> None:
    (rank, suit), (wide, high) = card, size
    ink, sign = "#c81d25" if suit in "♥♦" else "#17171a", typeface("sans", round(wide * (0.5 if rank == "A" else 0.21)))
    pen.text((wide * 0.11, high * 0.075), rank, ink, typeface(face, round(wide * 0.16)), "mm")
    pen.text((wide * 0.11, high * 0.165), suit, ink, typeface("sans", round(wide * 0.14)), "mm")
    if rank in "JQK":
        _court(pen, rank, size, ink)
        pen.text((wide * 0.31, high * 0.2), suit, ink, sign, "mm")
        return
    for x, y in _pips(1 if rank == "A" else int(rank)):
        if y > 0.5 and is_lower:
            pen.text((wide * (1 - x), high * (1 - y)), suit, ink, sign, "mm")
        elif y <= 0.5 and not is_lower:
            pen.text((wide * x, high * y), suit, ink, sign, "mm")


def _pips(count: int) -> list[Spot]:
    rows = 0 if count < 4 else 2 if count < 6 else 3 if count < 9 else 4
    sides = [(x, 0.2 + 0.6 * row / (rows - 1)) for x in (0.31, 0.69) for row in range(rows)]
    middle = {
        0: (),
        1: (0.35 if count == 7 else 0.5,),
        2: (0.2, 0.8) if rows == 0 else (0.35, 0.65),
        3: (0.2, 0.5, 0.8),
    }
    return sides + [(0.5, y) for y in middle[count - len(sides)]]


def _court(pen: ImageDraw.ImageDraw, rank: str, size: Size, ink: str) -> None:
    """The bust of a knave, a queen or a king, down to the middle of the card."""
    (wide, high), gold, cloth = size, "#e8b93c", {"J": "#2f5fa8", "Q": "#b03a56", "K": "#2f7a4f"}[rank]
    pen.rectangle((wide * 0.2, high * 0.1, wide * 0.8, high * 0.5), outline="#3a4a7a", width=round(wide * 0.012))
    pen.polygon(outline("0.22,0.5 0.3,0.39 0.7,0.39 0.78,0.5", 0, 0, wide, high), fill=cloth)
    pen.polygon(outline("0.42,0.39 0.58,0.39 0.54,0.5 0.46,0.5", 0, 0, wide, high), fill=gold)
    if rank == "Q":
        pen.ellipse((wide * 0.34, high * 0.19, wide * 0.66, high * 0.41), fill="#8a5a2a")
    pen.ellipse((wide * 0.39, high * 0.22, wide * 0.61, high * 0.39), fill="#f3d6b8", outline=ink, width=3)
    tips = {"J": "0.4,0.17 0.72,0.2", "Q": "0.42,0.15 0.5,0.13 0.58,0.15", "K": "0.38,0.14 0.44,0.2 0.5,0.13 0.56,0.2"}
    crown = outline(f"0.38,0.25 {tips[rank]} 0.62,0.25", 0, 0, wide, high)
    pen.polygon(crown, fill=gold if rank != "J" else cloth, outline=ink)
    for x in (0.45, 0.55):
        pen.circle((wide * x, high * 0.29), wide * 0.014, fill=ink)
    pen.arc((wide * 0.42, high * 0.3, wide * 0.58, high * 0.37), 50, 130, fill=ink, width=4)


FAMILIES: Sequence[Family] = (
    Family(name="property_listing", draw=property_listing, is_photographic=True),
    Family(name="perfume_ad", draw=perfume_ad, is_photographic=True),
    Family(name="sneaker_ad", draw=sneaker_ad),
    Family(name="playing_cards", draw=playing_cards),
)
