"""The id_card of `lab.families.seen.papers`: the card of another person, with the person's picture."""

from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image, ImageFilter

from lab.drawings.kit import Sheet, gradient, mix, ring, smooth
from lab.edits.kit import filled
from lab.families.kit import Twins, two_photographs
from lab.families.seen.papers_kit import (
    Look,
    Page,
    backdrop,
    dated,
    day,
    digits,
    emblem,
    fitted,
    guilloche,
    hsl,
    palette,
    scribble,
    twins_of,
)
from lab.families.seen.papers_words import CITIES, FIRST, LAST, MAKERS, street

SKINS = ("#f3d3bd", "#e8b998", "#d69c74", "#b97a52", "#8d5a3a", "#61402b")
HAIRS = ("#1c1512", "#3a2418", "#6b4423", "#a87437", "#d9b36c", "#8a8a8a", "#7a2e16", "#e6e2da")
CARDS = (
    *(("DRIVING LICENCE", "DL", "00.AAA.0000"), ("STAFF CARD", "ID", "A-000000"), ("STUDENT CARD", "No", "0000 0000")),
    *(
        ("RESIDENCE PERMIT", "RP", "AA0000000"),
        ("LIBRARY CARD", "No", "000-000-000"),
        ("IDENTITY CARD", "ID", "A000000"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a card belongs to; `signs` seeds the signature."""

    first: str
    last: str
    born: str
    number: str
    address: str
    photo: Image.Image
    signs: int


def id_card(dice: Random) -> Twins:
    """The card of another person: photo, name, date of birth, number, address, signature."""
    card, form = dice.choice(CARDS), dice.choice(("{d:02d}.{m:02d}.{y}", "{d:02d}/{m:02d}/{y}", "{y}-{m:02d}-{d:02d}"))
    firsts, lasts, photos = dice.sample(FIRST, 2), dice.sample(LAST, 2), _photos(dice)
    one, other = (
        Person(
            first=firsts[at],
            last=lasts[at],
            born=dated(form, day(dice, 1950, 2006)),
            number=digits(dice, card[2]),
            address=f"{street(dice)}, {dice.choice(CITIES)}",
            photo=photos[at],
            signs=dice.getrandbits(30),
        )
        for at in (0, 1)
    )
    says = f"the person: {one.first} {one.last}, {one.number} became {other.first} {other.last}, {other.number}"
    return twins_of(dice, partial(_card, card), (one, other), says)


def _photos(dice: Random) -> tuple[Image.Image, Image.Image]:
    """Two faces, or sometimes two other photographs."""
    if dice.random() < 0.2:
        return two_photographs(dice, 270, 340)
    wall = hsl(dice.random(), 0.15, dice.uniform(0.72, 0.92))
    return face(dice, wall), face(dice, wall)


def _card(card: tuple[str, str, str], dice: Random, person: Person) -> Image.Image:
    look, width = palette(dice, 0.2), dice.randint(900, 1060)
    high = round(width * dice.uniform(0.6, 0.66))
    page = backdrop(dice, (width, high), mix(look.card, look.accent, 0.16), mix(look.card, look.second, 0.28))
    guilloche(page, dice, (0, high * 0.1, width, high), mix(look.card, look.accent, 0.6) + "55", 26)
    band = _band(page, dice, look, card[0])
    tall = high * dice.uniform(0.52, 0.6)
    wide, top = tall * 0.78, band + high * 0.07
    left, is_right = width * 0.05, dice.random() < 0.3
    photo = filled(person.photo, wide, tall)
    page.place(photo, width - left - wide if is_right else left, top, 8)
    _ghost(page, photo, (left if is_right else width - left - wide * 0.4, high * 0.66), wide * 0.38)
    _fields(page, dice, look, person, (left + wide * (0.5 if is_right else 1.12), top, high - 24), card[1])
    pen = Random(person.signs)
    scribble(page, pen, (width - left - wide if is_right else left) + 10, top + tall + high * 0.1, wide * 0.8, look.ink)
    page.grain(dice, dice.uniform(1, 5))
    return page.image


def _band(page: Page, dice: Random, look: Look, title: str) -> float:
    """The head of the card; gives the y below it."""
    width, tall = page.image.width, dice.randint(76, 104)
    if dice.random() < 0.7:
        page.shade(0, 0, width, tall, 0, look.accent, look.second, across=True)
        ink = "#ffffff"
    else:
        ink = look.ink
    emblem(page, dice, 66, tall / 2, tall * 0.34, "#ffffff" if ink == "#ffffff" else look.accent, look.second)
    page.write(120, tall / 2, title, look.bold, 38, ink, "lm")
    issuer = f"{dice.choice(('Republic of', 'City of', 'Institute of'))} {dice.choice(MAKERS)}"
    page.write(width - 30, tall / 2, issuer, look.face, fitted(look.face, 24, width * 0.36, issuer), ink, "rm")
    return tall


def _ghost(page: Page, photo: Image.Image, at: tuple[float, float], wide: float) -> None:
    """The small pale copy of the photo that such cards carry."""
    small = filled(photo.convert("L").convert("RGB"), wide, wide * 1.25)
    mask = Image.new("L", small.size)
    mask.paste(110, (6, 6, mask.width - 6, mask.height - 6))
    page.image.paste(small, (round(at[0]), round(at[1])), mask.filter(ImageFilter.GaussianBlur(4)))


def _fields(page: Page, dice: Random, look: Look, person: Person, at: tuple[float, float, float], number: str) -> None:
    rows = [("1", "Surname", person.last.upper()), ("2", "Given names", person.first), ("3", "Born", person.born)]
    rows += [(number, "", person.number), ("8", "Address", person.address)]
    x, y, bottom = at
    step = min(84.0, (bottom - y) / len(rows))
    has_labels, size = dice.random() < 0.6, dice.randint(25, 30)
    for mark, label, value in rows:
        caption = f"{mark}. {label}" if has_labels and label else f"{mark}."
        page.write(x, y + 16, caption, look.face, 16, look.faint)
        room = page.image.width - x - (200 if label == "Address" else 60)
        page.write(x, y + 20 + size, value, look.bold, fitted(look.bold, size, room, value), look.ink)
        y += step


def face(dice: Random, wall: str) -> Image.Image:
    """A made-up face before a wall, somewhat soft, as booths take it."""
    sheet = Sheet(gradient((270, 340), mix(wall, "#ffffff", 0.25), wall), dice.getrandbits(30))
    skin, hair = dice.choice(SKINS), dice.choice(HAIRS)
    wide, tall, y = dice.uniform(56, 70), dice.uniform(76, 90), dice.uniform(142, 156)
    is_long = dice.random() < 0.45
    if is_long:
        fall = dice.uniform(60, 130)
        sheet.shaded(ring(135, y + fall * 0.3, wide * 1.3, tall * 0.95 + fall * 0.5), hair, mix(hair, "#000000", 0.4))
    _shoulders(sheet, dice, skin, y + tall)
    sheet.shaded(ring(135, y, wide, tall), mix(skin, "#ffffff", 0.12), skin, mix(skin, "#000000", 0.22))
    for side in (-1, 1):
        sheet.polygon(ring(135 + side * wide, y + 6, 9, 18), mix(skin, "#000000", 0.12))
    _features(sheet, dice, skin, hair, (wide, tall, y), not is_long and dice.random() < 0.35)
    _hair(sheet, dice, hair, (wide, tall, y))
    sheet.glow(40, 120, 170, "#ffffff", 0.22)
    sheet.glow(270, 260, 170, "#000000", 0.3)
    return sheet.finish(dice.uniform(2, 6)).filter(ImageFilter.GaussianBlur(dice.uniform(0.4, 1)))


def _shoulders(sheet: Sheet, dice: Random, skin: str, chin: float) -> None:
    cloth, slope = hsl(dice.random(), dice.uniform(0.05, 0.7), dice.uniform(0.12, 0.6)), dice.uniform(96, 128)
    sheet.shaded([(105, chin - 40), (165, chin - 40), (172, 345), (98, 345)], mix(skin, "#000000", 0.3), skin)
    body = [(135 - slope, 345), (135 - slope * 0.9, chin + 50), (95, chin + 20), (135, chin + 46), (175, chin + 20)]
    sheet.shaded(smooth([*body, (135 + slope * 0.9, chin + 50), (135 + slope, 345)]), cloth, mix(cloth, "#000000", 0.4))


def _features(
    sheet: Sheet, dice: Random, skin: str, hair: str, head: tuple[float, float, float], is_bearded: bool
) -> None:
    (wide, tall, y), shade = head, mix(skin, "#3a1208", 0.4)
    apart, open_, iris = wide * dice.uniform(0.38, 0.46), dice.uniform(5, 8), hsl(dice.random(), 0.4, 0.28)
    for side in (-1, 1):
        x = 135 + side * apart
        sheet.polygon(ring(x, y - 6, 13, open_), "#f6f1ea")
        sheet.circle(x, y - 6, open_ * 0.85, iris)
        sheet.circle(x, y - 6, open_ * 0.4, "#101010")
        sheet.line([(x - 15, y - 22), (x, y - 27), (x + 15, y - 22)], mix(hair, "#000000", 0.3), dice.uniform(3, 6))
    sheet.line(smooth([(137, y), (143, y + 24), (132, y + 30)]), shade, 3)
    if is_bearded:
        beard = [*ring(135, y, wide, tall + 3, 0, 20, 160), *ring(135, y + 8, wide * 0.6, tall * 0.78, 0, 160, 20)]
        sheet.polygon(beard, hair)
    smile = dice.uniform(-2, 9)
    lips = mix(skin, "#a02030", dice.uniform(0.4, 0.8))
    sheet.line(smooth([(112, y + tall * 0.56), (135, y + tall * 0.56 + smile), (158, y + tall * 0.56)]), lips, 6)
    if dice.random() < 0.3:
        for side in (-1, 1):
            sheet.circle(135 + side * apart, y - 5, 21, edge="#202020", w=3)
        sheet.line([(126, y - 8), (144, y - 8)], "#202020", 3)


def _hair(sheet: Sheet, dice: Random, hair: str, head: tuple[float, float, float]) -> None:
    wide, tall, y = head
    line, part = dice.uniform(0.42, 0.66), dice.uniform(-0.5, 0.5)
    if dice.random() < 0.12:
        return
    top = ring(135, y - 2, wide * 1.07, tall * dice.uniform(1.06, 1.2), 0, 175, 365)
    fringe = smooth(
        [(135 + wide, y - 4), (135 + wide * (part + 0.4), y - tall * line), (135 + wide * part, y - tall * line * 1.1)]
    )
    sheet.shaded([*top, *fringe, (135 - wide * 0.95, y - tall * 0.35)], mix(hair, "#ffffff", 0.15), hair)
