"""Papers of one maker that say something else.

certificate   the name, the date, or both        small
receipt       the last items and the total       middling
letterhead    the letter under the same head     large
invoice       one price, number or account       small
id_card       photo, name, numbers of a person   large
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random

from PIL import Image

from lab.drawings.kit import mix, ring, star
from lab.families.kit import Family, Twins
from lab.families.seen.papers_card import id_card
from lab.families.seen.papers_kit import (
    DATES,
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
    landscape,
    lines_of,
    palette,
    portrait,
    scribble,
    twins_of,
    two,
)
from lab.families.seen.papers_words import (
    CITIES,
    COURSES,
    GROCERIES,
    LETTER,
    MAKERS,
    SERVICES,
    SUBJECTS,
    amount,
    currency,
    full_name,
    maker,
    street,
    written,
)

type Line = tuple[str, float]

THANKS = ("Thank you for shopping with us", "Open daily 7 - 22", "You were served by till 4", "Customer copy")


def certificate(dice: Random) -> Twins:
    """A certificate for another person, of another day, or both."""
    names, days = two(dice, full_name), two(dice, day)
    kind, form = dice.choice(("name", "name", "both", "date")), dice.choice(DATES)
    one = (names[0], dated(form, days[0]))
    other = (names[0] if kind == "date" else names[1], one[1] if kind == "name" else dated(form, days[1]))
    changed = [f"{a} became {b}" for a, b in zip(one, other, strict=True) if a != b]
    return twins_of(dice, _certificate, (one, other), f"on the certificate: {', '.join(changed)}")


def _certificate(dice: Random, shown: tuple[str, str]) -> Image.Image:
    look, size = palette(dice, 0.15), dice.choice((landscape, portrait))(dice)
    page = backdrop(dice, size, look.card, mix(look.card, look.ground, 0.9))
    width, high = size
    _border(page, dice, look)
    face, bold = dice.choice((("times", "times-bold"), ("serif", "serif-bold"), ("roman", "roman"), ("sans", "bold")))
    title = dice.choice(("Certificate", "DIPLOMA", "Certificate of Completion", "AWARD", "Certificate of Merit"))
    x, anchor = dice.choice(((width / 2, "ms"), (width / 2, "ms"), (width * 0.12, "ls")))
    step, y = high * dice.uniform(0.1, 0.125), high * dice.uniform(0.22, 0.27)
    page.write(x, y, title, bold, fitted(bold, dice.randint(46, 72), width * 0.7, title), look.accent, anchor)
    page.write(x, y + step, "This is to certify that", face, 21, look.faint, anchor)
    page.write(x, y + step * 2.1, shown[0], bold, dice.randint(36, 50), look.ink, anchor)
    page.box(width * (0.2 if anchor == "ms" else 0.12), y + step * 2.35, width * 0.6, 2, look.faint)
    page.write(x, y + step * 3.1, "has successfully completed the course", face, 21, look.faint, anchor)
    page.write(x, y + step * 3.8, dice.choice(COURSES), bold, 30, look.ink, anchor)
    _signed(page, dice, look, face, shown[1])
    page.grain(dice, dice.uniform(0, 4))
    return page.image


def _border(page: Page, dice: Random, look: Look) -> None:
    width, high = page.image.size
    kind, gap = dice.randrange(4), dice.randint(18, 34)
    if kind == 0:
        for top in (gap + 30, high - gap - 110):
            guilloche(page, dice, (gap + 24, top, width - gap - 24, top + 80), look.second + "77", 24)
    for inset, thick in ((gap, dice.randint(3, 14)), (gap + 18, 2)):
        page.frame(inset, inset, width - 2 * inset, high - 2 * inset, look.accent, thick, 8 if kind == 2 else 0)
    for x, y in ((gap, gap), (width - gap, gap), (gap, high - gap), (width - gap, high - gap)):
        if kind == 1:
            page.shape(star(x, y, gap * 1.3, gap * 0.6, 8), look.second)
        elif kind == 3:
            page.shape(ring(x, y, gap * 1.2, gap * 1.2), look.accent)
            page.shape(ring(x, y, gap * 0.8, gap * 0.8), look.card)


def _signed(page: Page, dice: Random, look: Look, face: str, when: str) -> None:
    (width, high), is_tall = page.image.size, page.image.height > page.image.width
    line, spots = width * (0.34 if is_tall else 0.26), [0.1, 0.56] if is_tall else [0.15, 0.59]
    dice.shuffle(spots)
    y = high * 0.84
    for label, spot in zip(("Date", "Director"), spots, strict=True):
        page.box(width * spot, y + 8, line, 2, look.ink)
        page.write(width * spot + line / 2, y + 30, label, face, 17, look.faint, "ms")
    size = fitted(face, 26, line, "30 September 2026")
    page.write(width * spots[0] + line / 2, y, when, face, size, look.ink, "ms")
    scribble(page, dice, width * spots[1] + line * 0.1, y - 12, line * 0.75, look.ink if look.is_dark else "#1c2c70")
    gold, r = hsl(dice.uniform(0.02, 0.14), 0.7, 0.5), 32 if is_tall else 40
    page.shape(star(width * 0.5, y, r, r * 0.82, 20), gold, mix(gold, "#000000", 0.4))
    emblem(page, dice, width * 0.5, y, r * 0.45, "#ffffff", mix(gold, "#000000", 0.3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What was bought at a till."""

    lines: tuple[Line, ...]
    sign: str

    @property
    def total(self) -> float:
        """The sum of the prices."""
        return sum(price for _, price in self.lines)


def receipt(dice: Random) -> Twins:
    """A receipt of the same shop: the first items are the same, the last ones and the total are not."""
    first, last = dice.randint(2, 8), dice.randint(1, 4)
    goods = dice.sample(GROCERIES, first + 2 * last)
    lines = tuple((name, amount(dice, 0.8, 24)) for name in goods)
    sign = dice.choice(("", "", "$"))
    one = Basket(lines=lines[: first + last], sign=sign)
    other = Basket(lines=lines[:first] + lines[first + last :], sign=sign)
    says = f"the last {last} of {first + last} items; the total: {written(one.total)} became {written(other.total)}"
    return twins_of(dice, _receipt, (one, other), says)


def _receipt(dice: Random, basket: Basket) -> Image.Image:
    width, high, margin = dice.randint(480, 620), dice.randint(880, 1060), dice.choice((0, 0, 36, 60))
    tint = dice.uniform(0.9, 1)
    paper, ink = hsl(dice.random(), 0.2, tint), hsl(dice.random(), 0.2, dice.uniform(0.08, 0.3))
    table = palette(dice)
    page = backdrop(dice, (width, high), table.ground, mix(table.ground, table.accent, 0.35))
    _slip(page, margin, paper)
    face, bold = dice.choice((("mono", "bold"), ("mono", "mono"), ("plain", "plain"), ("sans", "bold"), ("cjk", "cjk")))
    y = _till(page, dice, face, bold, ink)
    left, right = margin + 30, width - margin - 30
    size, step = dice.randint(19, 23), dice.randint(29, 33)
    for name, price in basket.lines:
        _pair(page, (left, right, y), name, written(price), (face, size, ink))
        y += step
    _sum(page, dice, (left, right, y), basket, (face, bold, ink))
    _foot(page, dice, face, ink, margin)
    page.grain(dice, dice.uniform(1, 5))
    return page.image


def _slip(page: Page, margin: int, paper: str) -> None:
    width, high = page.image.size
    if margin:
        page.shadow(margin, margin, width - 2 * margin, high - 2 * margin, 14, 0.5)
    teeth = [*range(margin, width - margin, 12), width - margin]
    lower = [(x, high - margin + (8 if at % 2 or not margin else 0)) for at, x in enumerate(teeth)]
    page.shape([(width - margin, margin // 2), (margin, margin // 2), (margin, high - margin), *lower], paper)


def _till(page: Page, dice: Random, face: str, bold: str, ink: str) -> float:
    """The head of a receipt; gives the y below it."""
    middle, top = page.image.width / 2, 66 + dice.randint(0, 24)
    shop = f"{dice.choice(MAKERS)} {dice.choice(('Market', 'Foods', 'Grocers', 'Corner Shop'))}".upper()
    page.write(middle, top, shop, bold, fitted(bold, dice.randint(26, 38), page.image.width * 0.68, shop), ink, "ms")
    for row, line in enumerate((street(dice), f"Tel. {digits(dice, '0000 000 000')}", dice.choice(THANKS))):
        page.write(middle, top + 34 + row * 25, line, face, 17, ink, "ms")
    page.write(middle, top + 118, f"Receipt {digits(dice, '000000')}  Till {dice.randint(1, 9)}", face, 17, ink, "ms")
    page.write(middle, top + 142, "-" * 34, face, 17, ink, "ms")
    return top + 178


def _pair(page: Page, at: tuple[float, float, float], name: str, price: str, pen: tuple[str, int, str]) -> None:
    left, right, y = at
    page.write(left, y, name, *pen)
    page.write(right, y, price, *pen, anchor="rs")


def _sum(page: Page, dice: Random, at: tuple[float, float, float], basket: Basket, pen: tuple[str, str, str]) -> None:
    (left, right, y), (face, bold, ink), step, is_boxed = at, pen, dice.randint(29, 34), dice.random() < 0.4
    page.box(left, y - 12, right - left, 2, ink)
    for label, share in (("Subtotal", 1 / 1.08), ("Tax 8 %", 1 - 1 / 1.08)):
        y += step * 0.85
        _pair(page, (left, right, y), label, written(basket.total * share), (face, 19, ink))
    y += step * 1.5
    if is_boxed:
        page.box(left - 8, y - 32, right - left + 16, 44, ink, 4)
    _pair(
        page, (left, right, y), "TOTAL", written(basket.total, basket.sign), (bold, 31, "#ffffff" if is_boxed else ink)
    )


def _foot(page: Page, dice: Random, face: str, ink: str, margin: int) -> None:
    width, high = page.image.size
    x, y = width * 0.2, high - margin - 116
    while x < width * 0.8:
        bar = dice.choice((2, 3, 5))
        page.box(x, y, bar, 60, ink)
        x += bar + dice.choice((2, 3, 6))
    last = dice.choice(("See you soon!", "Goods may be returned within 14 days", "Have a nice day"))
    page.write(width / 2, y + 86, last, face, 16, ink, "ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is written on a letterhead."""

    to: str
    when: str
    subject: str
    body: tuple[str, ...]


def letterhead(dice: Random) -> Twins:
    """Another letter on the paper of the same company."""
    form, sizes = dice.choice(DATES), [dice.randint(2, 4) for _ in range(dice.randint(2, 4))]

    def letter(dice: Random) -> Letter:
        said = iter(dice.sample(LETTER, sum(sizes)))
        body = tuple(" ".join(islice(said, size)) for size in sizes)
        return Letter(to=full_name(dice), when=dated(form, day(dice)), subject=dice.choice(SUBJECTS), body=body)

    one = letter(dice)
    other = replace(letter(dice), subject=dice.choice([each for each in SUBJECTS if each != one.subject]))
    return twins_of(dice, _letter, (one, other), f"the letter: {one.subject} became {other.subject}")


def _letter(dice: Random, letter: Letter) -> Image.Image:
    look, (width, high) = palette(dice, 0.1), portrait(dice)
    look = replace(look, card=mix(look.card, look.accent, dice.choice((0, 0, 0.06, 0.14))))
    page = Page(Image.new("RGB", (width, high), look.card))
    side = dice.choice((0, 0, 0, round(width * 0.16)))
    _watermark(page, dice, look)
    y = _head(page, dice, look, side)
    left, right, size = side + dice.randint(48, 80), width - dice.randint(44, 76), dice.randint(18, 23)
    page.write(left, y + 20, letter.to, look.face, size, look.ink)
    page.write(right, y + 20, letter.when, look.face, size, look.ink, "rs")
    page.write(left, y + 74, letter.subject, look.bold, size + 4, look.ink)
    y = page.flow(left, y + 94, right - left, f"Dear {letter.to.split()[0]},", look.face, size, look.ink) + 8
    for part in letter.body:
        if y + size * 1.36 * len(lines_of(part, look.face, size, right - left)) < high - 216:
            y = page.flow(left, y, right - left, part, look.face, size, look.ink, 1.36) + 12
    _close(page, dice, look, left)
    page.grain(dice, dice.uniform(0, 3))
    return page.image


def _watermark(page: Page, dice: Random, look: Look) -> None:
    if dice.random() < 0.4:
        pale = mix(look.card, look.accent, 0.1)
        emblem(page, dice, page.image.width / 2, page.image.height * 0.55, 170, pale, mix(pale, look.card, 0.4))


def _head(page: Page, dice: Random, look: Look, side: int) -> float:
    """The company's head; gives the y where the letter begins."""
    width, tall, firm = page.image.width, dice.randint(100, 140), maker(dice)
    ink, faint = look.accent, look.faint
    if side:
        page.shade(0, 0, side, page.image.height, 0, look.accent, look.second)
    elif dice.random() < 0.5:
        page.shade(0, 0, width, tall, 0, look.accent, mix(look.accent, look.second, 0.5), across=True)
        ink, faint = "#ffffff", "#ffffffcc"
    else:
        page.box(40, tall, width - 80, dice.randint(2, 5), look.accent)
    emblem(page, dice, side + 84, tall / 2, tall * 0.3, look.second if ink != "#ffffff" else ink, look.accent)
    page.write(side + 140, tall / 2, firm, look.bold, fitted(look.bold, 36, width - side - 190, firm), ink)
    line = f"{street(dice)}, {dice.choice(CITIES)}  |  {digits(dice, '0000 000000')}"
    page.write(side + 140, tall / 2 + 30, line, look.face, fitted(look.face, 17, width - side - 190, line), faint)
    return tall + dice.randint(20, 44)


def _close(page: Page, dice: Random, look: Look, left: float) -> None:
    width, high = page.image.size
    page.write(left, high - 190, "Yours sincerely,", look.face, 18, look.ink)
    scribble(page, dice, left + 6, high - 150, 150, "#20307a" if not look.is_dark else look.ink)
    page.write(left, high - 108, f"{full_name(dice)}, Managing Director", look.face, 18, look.ink)
    page.box(left, high - 66, width - left - 50, 2, look.accent)
    foot = f"Registered in {dice.choice(CITIES)} No. {digits(dice, '0000000')}  VAT {digits(dice, 'AA000000000')}"
    page.write(left, high - 40, foot, look.face, fitted(look.face, 15, width - left - 50, foot), look.faint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is written on an invoice; two bills differ in one thing."""

    number: str
    account: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> str:
        """The sum of the lines, as it is printed."""
        return written(sum(price for _, price in self.lines))


def invoice(dice: Random) -> Twins:
    """An invoice on which one price (and the total), the number, or the account is another one."""
    pattern = dice.choice(("0000-0000", "AA00000", "00/0000"))
    names = dice.sample(SERVICES, dice.randint(2, 6))
    lines = tuple((name, amount(dice, 30, 9000)) for name in names)
    one = Bill(number=digits(dice, pattern), account=digits(dice, "AA00 0000 0000 0000 00"), lines=lines)
    kind, at = dice.choice(("price", "price", "number", "account")), dice.randrange(len(lines))
    if kind == "price":
        changed = (*lines[:at], (names[at], amount(dice, 30, 9000)), *lines[at + 1 :])
        other = replace(one, lines=changed)
        return twins_of(dice, _invoice, (one, other), f"a price; the total: {one.total} became {other.total}")
    value = digits(dice, pattern if kind == "number" else "AA00 0000 0000 0000 00")
    other = replace(one, number=value) if kind == "number" else replace(one, account=value)
    says = f"the {kind}: {getattr(one, kind)} became {getattr(other, kind)}"
    return twins_of(dice, _invoice, (one, other), says)


def _invoice(dice: Random, bill: Bill) -> Image.Image:
    look = palette(dice, 0.12)
    size = (landscape if dice.random() < 0.6 and len(bill.lines) < 4 else portrait)(dice)
    page = Page(Image.new("RGB", size, look.card))
    (width, high), left = size, dice.randint(40, 64)
    firm, sign = maker(dice), currency(dice, look.bold)
    _stripe(page, dice, look)
    emblem(page, dice, width - left - 36, 82, 34, look.accent, look.second)
    title = dice.choice(("INVOICE", "Invoice", "Tax Invoice", "BILL"))
    page.write(left, 96, title, look.bold, dice.randint(36, 54), mix(look.accent, look.ink, 0.4 if look.is_dark else 0))
    page.write(left, 138, f"{firm}, {street(dice)}", look.face, 17, look.faint)
    page.write(left, 176, f"No. {bill.number}", look.bold, 24, look.ink)
    page.write(left, 206, f"Bill to: {full_name(dice)}, {dice.choice(CITIES)}", look.face, 18, look.ink)
    _table(page, dice, look, bill, (left, 236, min(56, (high - 236 - 190) / (len(bill.lines) + 2)), sign))
    page.box(left, high - 116, width - left * 2, 2, look.accent)
    page.write(left, high - 78, f"Account  {bill.account}", look.bold, 22, look.ink)
    page.write(left, high - 46, f"Please pay within {dice.choice((14, 30))} days", look.face, 16, look.faint)
    page.grain(dice, dice.choice((0.0, 0.0, 3.0)))
    return page.image


def _stripe(page: Page, dice: Random, look: Look) -> None:
    kind, width, high = dice.randrange(3), *page.image.size
    if kind == 0:
        page.shade(0, 0, width, 20, 0, look.accent, look.second, across=True)
    elif kind == 1:
        page.shade(0, 0, 18, high, 0, look.accent, look.second)
    else:
        page.shape([(width * 0.6, 0), (width, 0), (width, high * 0.22)], mix(look.card, look.accent, 0.22))


def _table(page: Page, dice: Random, look: Look, bill: Bill, at: tuple[float, float, float, str]) -> None:
    (left, y, step, sign), right = at, page.image.width - at[0]
    page.box(left, y, right - left, step * 0.85, look.accent, dice.choice((0, 8)))
    page.write(left + 14, y + step * 0.43, "Description", look.bold, 19, "#ffffff", "lm")
    page.write(right - 14, y + step * 0.43, "Amount", look.bold, 19, "#ffffff", "rm")
    for row, (name, price) in enumerate(bill.lines, 1):
        if row % 2 == 0:
            page.box(left, y + row * step, right - left, step, mix(look.card, look.accent, 0.1))
        page.write(left + 14, y + (row + 0.5) * step, name, look.face, 20, look.ink, "lm")
        page.write(right - 14, y + (row + 0.5) * step, written(price), look.face, 21, look.ink, "rm")
    y += (len(bill.lines) + 1.6) * step
    page.write(right - 14, y, sign + bill.total, look.bold, 29, mix(look.accent, look.ink, 0.6), "rm")
    page.write(right - 260, y, "Total", look.bold, 24, look.ink, "rm")


FAMILIES: Sequence[Family] = (
    Family(name="certificate", draw=certificate),
    Family(name="receipt", draw=receipt),
    Family(name="letterhead", draw=letterhead),
    Family(name="invoice", draw=invoice),
    Family(name="id_card", draw=id_card, is_photographic=True),
)
