"""Tables that are printed on packets and stuck on doors.

nutrition_label   a figure of the table, or the size of the portion      small
opening_hours     the hours of one day, a telephone number, or a name    small
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image

from lab.drawings.kit import gradient, mix, paper
from lab.families.kit import Family, Twins
from lab.families.seen.frames_kit import Fact, became, blank, facts, fit, flow, line, lying, view
from lab.families.seen.frames_words import NUTRIENTS_ZH, SHOPS_CJK, WEEKDAYS_CJK
from lab.families.seen.papers_kit import (
    FACES,
    Look,
    Page,
    Size,
    any_size,
    digits,
    emblem,
    landscape,
    palette,
    portrait,
    twins_of,
    two,
)
from lab.families.seen.papers_words import FIRST, MAKERS, listed, street
from lab.families.seen.products_pens import ink_on, wood

NUTRIENTS = listed("Energy,Protein,Fat,of which saturates,Carbohydrate,of which sugars,Fibre,Salt")
RANGES = ((180, 2400), (2, 14), (9, 30), (0.3, 8.9), (31, 56), (3, 30), (0.4, 12), (0.1, 2.9))
"""Grams in a hundred, but for the energy; what is a part of something is never more than that."""

INGREDIENTS = listed(
    "wheat flour,sugar,palm oil,cocoa mass,skimmed milk powder,glucose syrup,oat flakes,rapeseed oil,salt,yeast,"
    "hazelnuts,raisins,whey powder,soya lecithin,vanilla extract,barley malt,potato starch,citric acid,honey,rice flour"
)
FOODS = listed("Oat Biscuits,Crispy Muesli,Dark Chocolate,Rye Crackers,Honey Waffles,Hazelnut Bars,Granola,Rice Cakes")
SHOPS = listed("Bakery,Books,Florist,Barber,Pharmacy,Cycles,Optician,Records,Tea Room,Tailor,Dentist,Hardware")
WEEK = listed("Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table says: a title, rows of words and figures, and lines below; one figure is {}."""

    title: str
    under: str
    heads: tuple[str, str]
    rows: Sequence[tuple[str, str]]
    foot: str
    is_cjk: bool


def nutrition_label(dice: Random) -> Twins:
    """The table of nutrients on a packet with one other figure, or with another size of the portion."""
    is_cjk, at = dice.random() < 0.4, dice.randrange(len(NUTRIENTS) + 1)
    names = NUTRIENTS_ZH if is_cjk else NUTRIENTS
    both = facts(*two(dice, partial(_figure, at, is_cjk)))
    rows = [(name, "{}" if row == at else _figure(row, is_cjk, dice)) for row, name in enumerate(names)]
    portion = "{}" if at == len(names) else f"{dice.randint(20, 250)} g"
    table = Table(
        title="营养成分表" if is_cjk else dice.choice(("Nutrition Facts", "Nutrition information", "Typical values")),
        under=f"每份 {portion}" if is_cjk else f"Serving size {portion}",
        heads=("项目", "每100克") if is_cjk else (f"{dice.randint(2, 12)} servings", "per 100 g"),
        rows=rows,
        foot=CHINESE_FOOT if is_cjk else _ingredients(dice),
        is_cjk=is_cjk,
    )
    what = "serving size" if at == len(names) else NUTRIENTS[at].removeprefix("of which ").lower()
    return twins_of(dice, partial(_packet, table), both, became(what, both))


CHINESE_FOOT = (
    "配料：小麦粉、白砂糖、植物油、可可粉、全脂乳粉、食用盐、膨松剂、食用香精。致敏物质提示：含有小麦、乳制品。"
    "贮存条件：置于阴凉干燥处。保质期：十二个月。生产日期见封口处。"
)


def _figure(row: int, is_cjk: bool, dice: Random) -> str:
    """Energy and sodium in their own units, all else in grams."""
    if row == 0:
        return f"{dice.randint(180, 2400)} {'千焦' if is_cjk else 'kJ'}"
    if row == len(NUTRIENTS):
        return f"{dice.randint(20, 250)} g"
    if is_cjk and row == len(NUTRIENTS) - 1:
        return f"{dice.randint(40, 900)} 毫克"
    return f"{dice.uniform(*RANGES[row]):.1f} {'克' if is_cjk else 'g'}"


def _ingredients(dice: Random) -> str:
    inside = ", ".join(dice.sample(INGREDIENTS, dice.randint(7, 12)))
    return f"Ingredients: {inside}. May contain traces of nuts. Store in a cool, dry place. Best before: see lid."


def _packet(table: Table, dice: Random, fact: Fact) -> Image.Image:
    """The table as a sticker on a packet in colours, with the food beside it or without."""
    size, look = any_size(dice), palette(dice, 0.5, FACES)
    page, has_photo = _wrapper(dice, look, size), dice.random() < 0.4
    photo, is_wide = view(dice), size[0] > size[1]
    wide, high = round(size[0] * (0.56 if is_wide else 0.84)), round(size[1] * (0.88 if is_wide else 0.7))
    x, y = (size[0] * 0.66, size[1] / 2) if is_wide else (size[0] / 2, size[1] * 0.6)
    lying(page, _printed(dice, table, look, (wide, high), fact), x, y, 0, 0.3)
    if has_photo:
        side = (size[0] * 0.28, size[1] * 0.5) if is_wide else (size[0] * 0.36, size[1] * 0.19)
        page.place(fit(photo, *side), size[0] * 0.05, size[1] * 0.04, 18)
    elif is_wide:
        emblem(page, dice, size[0] * 0.19, size[1] * 0.3, size[0] * 0.1, look.second, look.accent)
    share = (0.05, 0.72, 0.3) if is_wide else (0.46, 0.13, 0.48)
    spot, name = (size[0] * share[0], size[1] * share[1]), f"{dice.choice(MAKERS)} {dice.choice(FOODS)}"
    flow(page, spot, size[0] * share[2], name, (look.bold, 32), ink_on(look.accent))
    page.grain(dice, 2)
    return page.image


def _wrapper(dice: Random, look: Look, size: Size) -> Page:
    """Foil or card in the maker's colour."""
    if dice.random() < 0.4:
        return Page(paper(size, look.accent, mix(look.accent, "#000000", 0.15), dice.getrandbits(30), 7))
    page = Page(gradient(size, mix(look.accent, "#ffffff", 0.12), look.accent, across=dice.random() < 0.5))
    page.glow(size[0] * dice.random(), size[1] * 0.2, size[0] * 0.5, size[1] * 0.5, "#ffffff", 0.3)
    return page


def _printed(dice: Random, table: Table, look: Look, size: Size, fact: Fact) -> Image.Image:
    """The table with its lines, dark on light or light on dark."""
    ground, ink = dice.choice(
        (("#ffffff", "#111111"), ("#fbf6e6", "#2b2118"), (look.ground, look.ink), ("#16161a", "#f2f2f2"))
    )
    face, bold = ("cjk", "cjk") if table.is_cjk else (look.face, look.bold)
    (wide, high), edge, page = size, 18, blank(size, ground)
    page.frame(6, 6, wide - 12, high - 12, ink, 2)
    step, font_size = high * 0.6 / (len(table.rows) + 3), min(24, max(14, round(high * 0.036)))
    line(page, (edge, 16 + step * 0.7), wide - 2 * edge, table.title, (bold, round(step * 0.85)), ink, fact, "lm")
    line(page, (edge, 16 + step * 1.6), wide - 2 * edge, table.under, (face, font_size), ink, fact, "lm")
    page.box(edge, 16 + step * 2.1, wide - 2 * edge, 7, ink)
    for at, (name, figure) in enumerate((table.heads, *table.rows)):
        y, inset = 16 + step * (2.7 + at), 20 if name.startswith("of which") else 0
        page.write(edge + inset, y, name, bold if at == 0 or not inset else face, font_size, ink, "lm")
        line(page, (wide - edge, y), wide * 0.4, figure, (face, font_size), ink, fact, "rm")
        page.box(edge, y + step / 2, wide - 2 * edge, 1 + (at == 0), ink)
    top = 16 + step * (3.5 + len(table.rows))
    flow(page, (edge, top), wide - 2 * edge, table.foot, (face, max(12, font_size - 4)), ink, leading=1.3)
    return page.image


def opening_hours(dice: Random) -> Twins:
    """The hours of a shop on its door: another time of one day, another number, or another owner."""
    what = dice.choice(("hours", "hours", "hours", "telephone number", "owner"))
    both = facts(*two(dice, partial(_told, what)))
    table = _hours_cjk(dice, what) if dice.random() < 0.4 else _hours(dice, what)
    return twins_of(dice, partial(_door, table, view(dice)), both, became(what, both))


def _told(what: str, dice: Random) -> str:
    if what == "hours":
        first, last = dice.choice((7, 8, 9, 10, 11)), dice.choice((16, 17, 18, 19, 20, 21))
        return f"{first}:{dice.choice(('00', '30'))} - {last}:{dice.choice(('00', '30'))}"
    return digits(dice, "0000 000 000") if what == "telephone number" else dice.choice(FIRST)


def _week(dice: Random, names: Sequence[str], what: str, closed: str) -> list[tuple[str, str]]:
    """Seven days, some with other hours, the last one or two closed at times."""
    usual, other, at = _told("hours", dice), _told("hours", dice), dice.randrange(6)
    said = [usual] * 5 + [other, closed if dice.random() < 0.6 else other]
    return [(name, "{}" if what == "hours" and row == at else said[row]) for row, name in enumerate(names)]


def _hours(dice: Random, what: str) -> Table:
    owner, phone = ("{}" if what == one else _told(one, dice) for one in ("owner", "telephone number"))
    shop = dice.choice(SHOPS)
    return Table(
        title=dice.choice((f"{owner}'s {shop}", f"{shop} by {owner}", f"{owner} & Daughters")),
        under=dice.choice(("Opening hours", "We are open", "Hours")),
        heads=("", ""),
        rows=_week(dice, WEEK, what, "closed"),
        foot=f"{street(dice)}   |   Tel. {phone}",
        is_cjk=False,
    )


def _hours_cjk(dice: Random, what: str) -> Table:
    owner, phone = ("{}" if what == one else _told(one, dice) for one in ("owner", "telephone number"))
    at = dice.randrange(len(WEEKDAYS_CJK))
    days, hours, closed = WEEKDAYS_CJK[at]
    return Table(
        title=f"{dice.choice(SHOPS_CJK[at])} {owner}",
        under=f"{hours}  Opening hours",
        heads=("", ""),
        rows=_week(dice, days, what, closed),
        foot=f"Tel. {phone}",
        is_cjk=True,
    )


def _door(table: Table, photo: Image.Image, dice: Random, fact: Fact) -> Image.Image:
    """The sign on boards, on a wall, or on glass with the shop behind it."""
    size = (portrait, portrait, landscape, any_size)[dice.randrange(4)](dice)
    page, look = _behind(dice, size, photo), palette(dice, 0.5, FACES)
    outer = (round(size[0] * dice.uniform(0.62, 0.86)), round(size[1] * dice.uniform(0.72, 0.88)))
    sign, turn = _sign(dice, table, look, outer, fact), dice.uniform(-2.5, 2.5) if dice.random() < 0.4 else 0
    lying(page, sign, size[0] / 2, size[1] / 2, turn)
    page.grain(dice, 3)
    return page.image


def _behind(dice: Random, size: Size, photo: Image.Image) -> Page:
    kind, tone, seed = (
        dice.randrange(3),
        dice.choice(("#6b4a30", "#8d9297", "#2f4a3c", "#b7a58c", "#3a3f55")),
        dice.getrandbits(30),
    )
    if kind == 0:
        return Page(wood(size, mix(tone, "#ffffff", 0.1), mix(tone, "#000000", 0.3), seed, dice.randint(3, 7)))
    if kind == 1:
        return Page(paper(size, tone, mix(tone, "#000000", 0.2), seed, 10))
    return Page(Image.blend(fit(photo, *size), Image.new("RGB", size, "#1c2730"), 0.35))


def _sign(dice: Random, table: Table, look: Look, size: Size, fact: Fact) -> Image.Image:
    """Name, hours day by day, and the foot."""
    (wide, high), is_accent = size, dice.random() < 0.35
    ground, ink = (look.accent, ink_on(look.accent)) if is_accent else (look.card, look.ink)
    face, bold = ("cjk", "cjk") if table.is_cjk else (look.face, look.bold)
    page, edge, step = blank(size, ground), wide * 0.09, high / 11
    page.frame(8, 8, wide - 16, high - 16, mix(ground, ink, 0.5), dice.choice((1, 2, 4)), dice.choice((0, 14)))
    large, font_size = round(step * 0.62), min(30, round(step * 0.42), round(wide * 0.052))
    line(page, (wide / 2, step * 1.1), wide - 2 * edge, table.title, (bold, large), ink, fact, "mm")
    line(page, (wide / 2, step * 1.95), wide - 2 * edge, table.under, (face, font_size), ink, fact, "mm")
    page.box(edge, step * 2.4, wide - 2 * edge, 2, mix(ground, ink, 0.6))
    for at, (name, hours) in enumerate(table.rows):
        page.write(edge, step * (3.05 + at), name, face, font_size, ink, "lm")
        line(page, (wide - edge, step * (3.05 + at)), wide * 0.55, hours, (bold, font_size), ink, fact, "rm")
    line(page, (wide / 2, step * 10.2), wide - 2 * edge, table.foot, (face, max(15, font_size - 4)), ink, fact, "mm")
    return page.image


FAMILIES: Sequence[Family] = (
    Family(name="nutrition_label", draw=nutrition_label, is_photographic=True),
    Family(name="opening_hours", draw=opening_hours, is_photographic=True),
)
