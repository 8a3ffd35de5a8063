"""Tickets, passes and posters; and the canvas, looks and made-up words that the unseen families share.

concert_ticket     a seat, a name, a date, or all of them; the code follows
boarding_pass      a gate; or seat and name; or the flight and where it goes; the code follows
qr_poster          another QR code on the same poster
"""

from collections.abc import Callable, Iterable, Sequence
from colorsys import hsv_to_rgb
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, radians, sin
from random import Random

import numpy as np
from PIL import Image, ImageOps
from zxingcpp import BarcodeFormat, create_barcode

from core.types import What
from lab.drawings.kit import Sheet, gradient, mix, paper, ring, star
from lab.edits import words
from lab.edits.kit import Canvas, readable
from lab.families.kit import TYPEFACES, Family, Twins, typeface

type Fields = dict[str, str]
type Size = tuple[int, int]
type Draw[T] = Callable[[Random, T], Image.Image]

HEADS = ("bold", "serif-bold", "times-bold", "plain", "sans", "mono", "roman", "serif")
STEMS = (
    "Nor Al Castel Lind Mon Oster Vel Bran Esk Hol Kar Tam Pel Ros Wint Dun Fal Gren Ivel Jor Mar Quel Sel Thorn Ulm"
)
PLACES = STEMS.split()
WAYS = ("sen", "er", "ski", "i", "as", "ova")
ENDS = ("berg", "ham", "mont", "ville", "stad", "ford", "haven", "dale", "wick", "field", "by", "minster", "ora", "ola")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The colours and typefaces of one design."""

    ground: str
    panel: str
    ink: str
    faint: str
    accent: str
    second: str
    head: str
    body: str


class Page(Canvas):
    """A canvas whose words are in any typeface and keep to their width."""

    def words(
        self, x: float, y: float, text: str, size: int, fill: str, face: str, anchor: str = "lm", wide: float = 0
    ) -> None:
        """Write a line of text, in a face that has its letters."""
        if any(ord(letter) > 0x2E80 for letter in text):
            face = "cjk"
        elif "★" in text or (face in ("plain", "roman") and not (text.isascii() and "<" not in text)):
            face = "sans"
        while wide and size > 9 and typeface(face, size).getlength(text) > wide:
            size -= 1
        self.pen.text((x, y), text, fill, typeface(face, size), anchor=anchor)

    def middle(self, image: Image.Image, x: float, y: float, radius: float = 0) -> None:
        """Paste an image with its middle at x, y."""
        self.place(image, x - image.width / 2, y - image.height / 2, radius)

    def field(self, x: float, y: float, one: Fields, key: str, size: int, look: Look, wide: float) -> None:
        """A small label with the value under it."""
        self.words(x, y, label(one, key), max(11, size // 2), look.faint, look.body, wide=wide)
        self.words(x, y + size * 0.95 + 3, one[key], size, look.ink, look.head, wide=wide)


def hsv(hue: float, saturation: float, value: float) -> str:
    """Return the colour of hue, saturation and value (0..1)."""
    return "#" + "".join(f"{round(255 * band):02x}" for band in hsv_to_rgb(hue % 1, saturation, value))


def look_of(dice: Random, dark: float = 0.4) -> Look:
    """A look of any hue; `dark` is how likely its ground is dark."""
    hue, is_dark = dice.random(), dice.random() < dark
    tint, other = dice.uniform(0, 0.22), hue + dice.choice((0.08, 0.33, 0.45, 0.5, 0.6))
    ground = hsv(hue, 0.25 + tint, dice.uniform(0.08, 0.26)) if is_dark else hsv(hue, tint, dice.uniform(0.86, 1))
    panel = mix(ground, "#ffffff", dice.uniform(0.06, 0.14) if is_dark else dice.uniform(0.4, 1))
    ink = "#f4f4f2" if is_dark else hsv(hue, 0.5, dice.uniform(0.06, 0.2))
    accent = hsv(other, dice.uniform(0.55, 0.9), dice.uniform(0.85, 1) if is_dark else dice.uniform(0.45, 0.75))
    second = hsv(hue, dice.uniform(0.4, 0.8), dice.uniform(0.5, 0.9))
    faces = {"head": dice.choice(HEADS), "body": dice.choice(TYPEFACES)}
    return Look(ground=ground, panel=panel, ink=ink, faint=mix(ink, panel, 0.4), accent=accent, second=second, **faces)


def twins[T](dice: Random, draw: Draw[T], one: T, other: T, differs: What, says: str) -> Twins:
    """Both contents drawn with the same dice, hence in the same frame."""
    seed = dice.getrandbits(64)
    return Twins(reference=draw(Random(seed), one), query=draw(Random(seed), other), differs=differs, says=says)


def changed(dice: Random, draw: Callable[[Random], Fields], one: Fields, keys: Iterable[str]) -> Fields:
    """The fields with another value for each of these."""
    while True:
        fresh = draw(dice)
        if all(fresh[key] != one[key] for key in keys) and fresh.get("language") == one.get("language"):
            return one | {key: fresh[key] for key in keys}


def told(one: Fields, other: Fields) -> str:
    """What differs, in one line."""
    changes = {key: f": {one[key]} became {other[key]}" for key in one if one[key] != other[key]}
    changes |= {key: " is another one" for key in ("code", "photo", "forecast") if key in changes}
    return "; ".join(f"the {key}{change}" for key, change in changes.items())


def ground(dice: Random, look: Look, size: Size) -> Image.Image:
    """Something to lie behind it all: flat, flowing, washed, or rays."""
    kind, second, seed = dice.randrange(4), mix(look.ground, look.second, dice.uniform(0.2, 0.6)), dice.getrandbits(32)
    if kind < 2:
        return gradient(size, look.ground, second if kind else look.ground, across=dice.random() < 0.5)
    if kind == 2:
        return paper(size, look.ground, mix(look.ground, look.ink, 0.18), seed, dice.randint(2, 12))
    return art(dice, look, size)


def art(dice: Random, look: Look, size: Size) -> Image.Image:
    """An ornament: rays, rings, stars or hills in the colours of the look."""
    w, h = size
    sheet = Sheet(gradient(size, look.second, mix(look.accent, look.ground, dice.random())), dice.getrandbits(32))
    kind, x, y = dice.randrange(4), w * dice.random(), h * dice.random()
    tones = [f"{look.accent}70", f"{look.ground}80", f"{look.ink}30", f"{look.second}90"]
    for step in range(dice.randint(9, 16)):
        a, tone, far = step * dice.uniform(18, 26), dice.choice(tones), w + h
        if kind == 0:
            tips = [(x + far * cos(radians(a + d)), y + far * sin(radians(a + d))) for d in (0, 9)]
            sheet.polygon([(x, y), *tips], tone)
        elif kind == 1:
            sheet.circle(x, y, 18 + step * dice.uniform(20, 34), None, tone, dice.uniform(3, 12))
        elif kind == 2:
            at = dice.uniform(0, w), dice.uniform(0, h)
            sheet.polygon(star(*at, dice.uniform(10, h / 4), dice.uniform(5, h / 9), dice.randint(4, 9)), tone)
        else:
            sheet.polygon(ring(dice.uniform(0, w), h, dice.uniform(w / 8, w / 2), dice.uniform(h / 6, h)), tone)
    return sheet.finish(0)


def town(dice: Random) -> str:
    """Return a made-up name of a town."""
    return dice.choice(PLACES) + dice.choice(ENDS)


def day(dice: Random, language: int = 0) -> str:
    """A date as English, German or Chinese posters spell it."""
    then = date(2024, 1, 1) + timedelta(days=dice.randrange(1000))
    return then.strftime(("%a %d %b %Y", "%d.%m.%Y")[language]) if language < 2 else f"{then:%Y年%m月%d日}"


def letters(dice: Random, count: int, of: str = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789") -> str:
    """Return so many random letters of this alphabet."""
    return "".join(dice.choice(of) for _ in range(count))


def code(text: str, kind: BarcodeFormat, room: Size, dark: str = "#000000", level: str = "L") -> Image.Image:
    """A code that scans, on white with its quiet zone, as large as fits into the room with whole pixels a module."""
    options = {"ec_level": level} if kind is BarcodeFormat.QRCode else {}
    bits = Image.fromarray(np.asarray(create_barcode(text, kind, **options).to_image(1, add_quiet_zones=False)))
    is_bar = kind is BarcodeFormat.Code128
    module = max(1, min(room[0] // (bits.width + 6), 99 if is_bar else room[1] // (bits.height + 6)))
    size = (bits.width * module, room[1] - 16 if is_bar else bits.height * module)
    grown = ImageOps.colorize(bits.resize(size, Image.Resampling.NEAREST), dark, "#ffffff")
    return ImageOps.expand(grown, (3 * module, 8 if is_bar else 3 * module), "#ffffff")


TABLE = (
    "name NAME NAME 姓名,date DATE DATUM 日期,time TIME ZEIT 时间,block BLOCK BLOCK 区域,row ROW REIHE 排,"
    "seat SEAT SITZ 座,flight FLIGHT FLUG 航班,gate GATE TOR 门,place SEAT SITZ 座,pass BOARDING_PASS BORDKARTE 登机牌"
)
LABELS = {row.split()[0]: [name.replace("_", " ") for name in row.split()[1:]] for row in TABLE.split(",")}
BANDS = "The Paper Herons,Nightbus Choir,Velvet Abacus,Moss & Thunder,Glass Orchard,Tin Lanterns,Kite Parade,Low Comets"
ACTS = BANDS.split(",")
AIRLINES = ("Aurelio Air", "Norrwing", "Pelican Jet", "Blue Ibis", "Cirrane", "Skyloom", "Transvela", "Halcyon Air")
HALLS = ("Harbour Hall", "Arena Quell", "The Old Foundry", "Riverside Dome", "Palais Orvo", "Theatre Nine")


def person(dice: Random, language: int = 0) -> str:
    """A made-up name, Chinese where the language is."""
    if language == 2:
        return dice.choice("陈林黄张李王吴刘蔡杨") + letters(dice, dice.randint(1, 2), "嘉怡伟明佩芳志强晓宇文静")
    return f"{dice.choice(words.NAMES).split()[0]} {dice.choice(PLACES)}{dice.choice(WAYS)}"


def label(one: Fields, key: str) -> str:
    """Return the label of a field in the ticket's language."""
    return LABELS[key][int(one["language"])]


def _grid(page: Page, look: Look, one: Fields, keys: str, box: tuple[float, float, float, float], size: int) -> None:
    """Labelled values in rows of three; the box is x, y, width, and height of a row."""
    x, y, width, tall = box
    for at, key in enumerate(keys.split()):
        page.field(x + at % 3 * width / 3, y + at // 3 * tall, one, key, size, look, width / 3 - 8)


def concert_ticket(dice: Random) -> Twins:
    """A ticket of the same concert for another seat, holder or night."""
    draw = dice.choice((_stub_ticket, _wallet_ticket, _printed_ticket))
    keys = dice.choice(("seat", "name", "date", "row seat", "name block row seat", "name date seat")).split()
    one = details(dice)
    if draw is _stub_ticket and dice.random() < 0.6:
        one["code"] = ""
    other = changed(dice, details, one, [*keys, "code"] if one["code"] else keys)
    return twins(dice, draw, one, other, What.CODE if one["code"] else What.WORDS, told(one, other))


def details(dice: Random) -> Fields:
    """What is printed on tickets and boarding passes, in one language."""
    language = dice.choice((0, 0, 0, 1, 2))
    return {
        "language": str(language),
        "act": dice.choice(ACTS),
        "hall": f"{dice.choice(HALLS)}, {town(dice)}",
        "airline": dice.choice(AIRLINES),
        "name": person(dice, language),
        "date": day(dice, language),
        "time": f"{dice.randint(10, 21)}:{dice.randrange(0, 60, 5):02}",
        "block": dice.choice((letters(dice, 1, "ABCDEFGHK"), str(dice.randint(101, 224)))),
        "row": str(dice.randint(1, 39)),
        "seat": str(dice.randint(1, 68)),
        "flight": f"{letters(dice, 2, 'ABELNQRTVX')} {dice.randint(100, 2999)}",
        "origin": town(dice),
        "destination": town(dice),
        "gate": f"{letters(dice, 1, 'ABCDEF')}{dice.randint(1, 48)}",
        "place": f"{dice.randint(1, 38)}{letters(dice, 1, 'ABCDEF')}",
        "code": letters(dice, 44, "0123456789"),
    }


def _stub_ticket(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice), dice.choice(((1000, 400), (1080, 430), (900, 400)))
    sheet, edge = Sheet(ground(dice, look, (w, h)), 0), round(w * dice.uniform(0.7, 0.76))
    sheet.rect(27, 31, w - 48, h - 48, "#00000048", 16)
    sheet.rect(22, 22, w - 44, h - 44, look.panel, 16)
    for y in range(22, h - 20, 12):
        sheet.circle(edge, y, 15 if y in (22, h - 22) else 2.5, look.ground)
    page, wide = Page(sheet.finish(0)), round(edge * dice.uniform(0.24, 0.4))
    page.place(art(dice, look, (wide, h - 72)), 36, 36, 10)
    x, size = wide + 60, dice.randint(22, 30)
    page.words(x, 66, one["act"], 46, look.accent, look.head, wide=edge - x - 24)
    page.words(x, 108, one["hall"], 20, look.ink, look.body, wide=edge - x - 24)
    _grid(page, look, one, "date time gate block row seat", (x, 150, edge - x, 80), size)
    page.field(x, 316, one, "name", size, look, edge - x - 24)
    x, room = edge + 24, w - edge - 60
    page.words(x, 60, one["act"], 24, look.accent, look.head, wide=room)
    _grid(page, look, one, "block row seat", (x, 100, room, 0), 24)
    page.words(x, 168, one["date"], 18, look.ink, look.body, wide=room)
    box, kind = (room, h - 230), dice.choice((BarcodeFormat.QRCode, BarcodeFormat.Code128))
    mark = code(one["code"][:12], kind, box) if one["code"] else art(dice, look, box)
    page.middle(mark, x + room / 2, 190 + box[1] / 2, 6)
    return page.image


def _wallet_ticket(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.6), dice.choice(((540, 960), (500, 1000), (560, 1000)))
    page, top = Page(ground(dice, look, (w, h))), dice.randint(170, 250)
    page.box(20, 56, w - 40, h - 140, look.panel, 22)
    page.place(art(dice, look, (w - 56, top)), 28, 64, 16)
    page.words(w / 2, top + 92, one["act"], 34, look.accent, look.head, "mm", w - 80)
    page.words(w / 2, top + 128, one["hall"], 18, look.faint, look.body, "mm", w - 80)
    _grid(page, look, one, "date time gate block row seat", (44, top + 164, w - 76, 72), dice.randint(22, 26))
    page.field(44, top + 312, one, "name", 24, look, w - 80)
    room, kind = h - top - 470, dice.choice((BarcodeFormat.QRCode, BarcodeFormat.Aztec))
    page.middle(code(one["code"][:12], kind, (room, room)), w / 2, top + 372 + room / 2, 8)
    return page.image


def _printed_ticket(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0), dice.choice(((720, 1000), (760, 960), (800, 800)))
    page, top = Page(paper((w, h), "#ffffff", mix("#ffffff", look.ground, 0.6), dice.getrandbits(32))), h // 4
    page.place(art(dice, look, (w - 60, top)), 30, 30)
    page.box(30, top - 40, w - 60, 70, mix(look.ink, look.second, 0.3))
    page.words(46, top - 6, one["act"], 40, "#ffffff", look.head, wide=w - 100)
    page.words(32, top + 60, one["hall"], 22, look.ink, look.body, wide=w - 64)
    tall, room = (h - top - 220) // 7, round(w * 0.35)
    for at, key in enumerate(("name", "date", "time", "block", "row", "seat", "gate")):
        y = top + 110 + at * tall
        page.line([(32, y + tall / 2), (w * 0.58, y + tall / 2)], look.faint, 1)
        page.words(32, y, label(one, key), 16, look.faint, look.body)
        page.words(w * 0.2, y, one[key], 26, look.ink, look.head, wide=w * 0.38)
    page.middle(code(one["code"][:12], BarcodeFormat.QRCode, (room, room)), w * 0.78, top + 110 + room / 2)
    page.words(w * 0.78, top + 126 + room, one["code"][:12], 16, look.ink, "mono", "mm")
    page.block(32, h - 84, w - 64, "No refunds and no exchange. Keep this ticket until the end.", 14, look.faint)
    return page.image


def boarding_pass(dice: Random) -> Twins:
    """A boarding pass of the same airline for another gate, traveller or flight."""
    one, draw = details(dice), dice.choice((_paper_pass, _phone_pass))
    keys = dice.choice(("gate", "place code", "name place code", "destination gate", "flight destination gate code"))
    other = changed(dice, details, one, keys.split())
    return twins(dice, draw, one, other, What.WORDS, told(one, other))


def _route(page: Page, look: Look, one: Fields, at: tuple[float, float, float], size: int, ink: str) -> None:
    """Where it goes from and to, short and whole names, with a plane between them: x, y and width."""
    x, y, width = at
    for left, anchor, key in ((x, "lm", "origin"), (x + width, "rm", "destination")):
        page.words(left, y, (one[key][:2] + one[key][-1]).upper(), size, ink, look.head, anchor)
        page.words(left, y + size * 0.8, one[key], max(15, size // 3), ink, look.body, anchor, width / 2 - 8)
    page.line([(x + width * 0.4, y), (x + width * 0.6, y)], ink, 2)
    page.words(x + width / 2, y, "✈", size * 2 // 3, look.accent, "sans", "mm")


def _paper_pass(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.15), dice.choice(((1040, 440), (1000, 420), (960, 430)))
    sheet, edge = Sheet(ground(dice, look, (w, h)), 0), round(w * dice.uniform(0.68, 0.73))
    sheet.rect(25, 28, w - 40, h - 40, "#00000040", 18)
    sheet.rect(20, 20, w - 40, h - 40, look.panel, 18)
    band = dice.choice((look.accent, look.second, look.ink))
    sheet.rect(20, 20, w - 40, 62, band, 18)
    sheet.line([(edge, 22), (edge, h - 22)], look.faint, 2)
    page, on, size, room = Page(sheet.finish(0)), readable(band), dice.randint(26, 32), edge - 70
    page.words(42, 51, one["airline"], 32, on, look.head)
    page.words(edge - 20, 51, label(one, "pass"), 22, on, look.body, "rm")
    page.field(42, 106, one, "name", 24, look, room * 0.45)
    _route(page, look, one, (42 + room * 0.5, 126, room * 0.5), 40, look.ink)
    _grid(page, look, one, "gate time place flight date", (42, 196, room * 0.66, (h - 240) / 2), size)
    page.middle(code(one["code"], BarcodeFormat.Aztec, (h - 210, h - 210)), edge - h / 2 + 90, h / 2 + 80)
    x, rest = edge + 22, w - edge - 64
    page.words(x, 51, label(one, "pass"), 18, on, look.body, wide=rest)
    page.field(x, 106, one, "name", 20, look, rest)
    _route(page, look, one, (x, 174, rest), 30, look.ink)
    _grid(page, look, one, "gate place flight", (x, 230, rest, 60), 22)
    page.middle(code(one["code"][:14], BarcodeFormat.Code128, (rest, h - 320)), x + rest / 2, h / 2 + 130)
    return page.image


def _phone_pass(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.5), dice.choice(((540, 960), (480, 900), (600, 1000)))
    page, on, radius = Page(ground(dice, look, (w, h))), readable(look.second), dice.choice((4, 16, 28))
    page.box(18, 60, w - 36, h - 90, look.panel, radius)
    page.box(18, 60, w - 36, 190, look.second, radius)
    page.words(w / 2, 30, label(one, "pass"), 19, look.ink, look.body, "mm")
    page.words(40, 90, one["airline"], 26, on, look.head)
    page.words(w - 40, 90, one["date"], 18, on, look.body, "rm")
    _route(page, look, one, (40, 160, w - 80), 50, on)
    page.field(40, 280, one, "name", 26, look, w - 80)
    _grid(page, look, one, "gate time place flight", (40, 356, w - 70, 82), dice.randint(26, 34))
    room, kind = h - 580, dice.choice((BarcodeFormat.QRCode, BarcodeFormat.Aztec))
    page.middle(code(one["code"], kind, (room, room)), w / 2, 526 + room / 2, 8)
    return page.image


CALLS = (
    *("FREE WIFI/Point your camera here", "PAY HERE/All cards and apps are welcome", "MENU/See what we cook today"),
    *("SUMMER SALE/Your voucher is behind this code", "扫码支付/请扫描二维码付款", "AUDIO GUIDE/In six languages"),
    *("How did we do?/Tell us in one minute", "Jetzt scannen/Fahrplan, Preise und mehr", "JOIN US!/Places are few"),
)


def qr_poster(dice: Random) -> Twins:
    """The same poster with another QR code, of the same site or another."""
    sites = [town(dice)] * 2 if dice.random() < 0.5 else [town(dice), town(dice)]
    one, other = (f"https://{site}.example/{letters(dice, 20 - len(site))}".lower() for site in sites)
    return twins(dice, _poster, one, other, What.CODE, f"the QR code: {one} became {other}")


def _poster(dice: Random, link: str) -> Image.Image:
    look, (w, h) = look_of(dice), dice.choice(((640, 900), (800, 800), (600, 1000), (1000, 640), (960, 560)))
    page, is_wide = Page(ground(dice, look, (w, h))), w > h
    if dice.random() < 0.6:
        page.place(art(dice, look, (w // 2, h) if is_wide else (w, h // 3)), 0, 0)
    spot = (w * 0.74, h * 0.47) if is_wide else (w / 2, h * 0.64)
    _framed_code(page, dice, look, link, spot, round(min(w, h) * dice.uniform(0.5, 0.72)))
    call, hint = dice.choice(CALLS).split("/")
    size, (middle, top, span) = (
        dice.randint(56, 84),
        (w * 0.26, h * 0.36, w * 0.44) if is_wide else (w / 2, h * 0.14, w - 60),
    )
    page.box(middle - span / 2 - 8, top - size, span + 16, size * 2.3, look.panel, dice.choice((0, 14)))
    page.words(middle, top - size * 0.2, call, size, look.accent, look.head, "mm", span)
    page.words(middle, top + size * 0.8, hint, 26, look.ink, look.body, "mm", span)
    page.box(0, h - 44, w, 44, look.panel)
    page.words(w / 2, h - 22, f"{dice.choice(ACTS)} · {dice.choice(HALLS)}", 18, look.ink, look.body, "mm", w - 40)
    return page.image


def _framed_code(page: Page, dice: Random, look: Look, link: str, at: tuple[float, float], room: int) -> None:
    """The code in a card, some with a badge in the middle."""
    (x, y), rim, has_badge = at, dice.choice((0, 8, 16)), dice.random() < 0.4
    dark = dice.choice(("#000000", "#000000", "#1b1f5a", mix(look.accent, "#000000", 0.75)))
    made = code(link, BarcodeFormat.QRCode, (room, room), dark, "H" if has_badge else "M")
    card, badge = made.width + 2 * rim, made.width * 0.085
    page.box(x - card / 2, y - card / 2, card, card, look.accent, dice.choice((0, 18)))
    page.middle(made, x, y, 8)
    if has_badge:
        page.circle(x, y, badge * 0.82, look.accent)
        page.words(x, y, letters(dice, 1), round(badge), readable(look.accent), "bold", "mm")


FAMILIES: Sequence[Family] = (
    Family(name="concert_ticket", draw=concert_ticket),
    Family(name="boarding_pass", draw=boarding_pass),
    Family(name="qr_poster", draw=qr_poster),
)
