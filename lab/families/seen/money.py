"""Screens and posters about money on which the amount, or who gets it, is another one.

bank_transfer       amount, recipient with account, or both     small
crypto_withdrawal   wallet address, amount, or all that goes    small
casino_bonus        amount and promo code of an offer           large
sale_poster         how many per cent                           large
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from PIL import Image

from lab.drawings.kit import mix, turned
from lab.edits.words import clock
from lab.families.kit import Family, Twins
from lab.families.seen.money_posters import casino_bonus, sale_poster
from lab.families.seen.papers_kit import (
    SCREEN_FACES,
    Look,
    Page,
    button,
    dated,
    day,
    digits,
    emblem,
    fitted,
    landscape,
    palette,
    twins_of,
    two,
)
from lab.families.seen.papers_words import MAKERS, amount, currency, full_name, written

type Row = tuple[str, str]

COINS = ("ZRB", "KLO", "NVX", "ORBT", "TALO", "MNTA")
NETWORKS = (("bc1q", "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 38), ("0x", "0123456789abcdef", 40))
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent to whom; `trace` is the transaction's number."""

    amount: str
    to: str
    account: str
    trace: str
    when: str


def bank_transfer(dice: Random) -> Twins:
    """A bank's confirmation with another amount, another recipient, or both."""
    face = dice.choice(SCREEN_FACES)
    sign, form = currency(dice, face[1]), dice.choice(("{d} {month} {y}", "{y}-{m:02d}-{d:02d}"))

    def sent(dice: Random) -> Sent:
        number, trace = digits(dice, "AA00 0000 0000 0000"), digits(dice, "AA00000000")
        value = written(amount(dice, 40, 90_000), sign)
        return Sent(amount=value, to=full_name(dice), account=number, trace=trace, when=dated(form, day(dice)))

    (one, new), kind = two(dice, sent), dice.choice(("amount", "recipient", "both"))
    other = replace(one, amount=new.amount) if kind != "recipient" else one
    other = replace(other, to=new.to, account=new.account) if kind != "amount" else other

    def draw(dice: Random, shown: Sent) -> Image.Image:
        return _transfer(dice, palette(dice, 0.45, (face,)), shown)

    return twins_of(dice, draw, (one, other), _told(one, other))


def _told(one: Sent, other: Sent) -> str:
    changes = (("amount", one.amount, other.amount), ("recipient", one.to, other.to))
    accounts = (("account", one.account, other.account),)
    return "; ".join(f"the {what}: {a} became {b}" for what, a, b in (*changes, *accounts) if a != b)


def _transfer(dice: Random, look: Look, shown: Sent) -> Image.Image:
    page, area = _app(dice, look, f"{dice.choice(MAKERS)} Bank")
    rows = [("To", shown.to), ("Account", shown.account), ("Date", shown.when), ("Transaction", shown.trace)]
    rows.insert(dice.randrange(4), ("From", f"{dice.choice(('Current', 'Savings', 'Joint'))} account"))
    title = dice.choice(("Transfer sent", "Payment successful", "Transfer complete", "Money on its way"))
    _summary(page, dice, look, area, (title, shown.amount), rows)
    return page.image


def crypto_withdrawal(dice: Random) -> Twins:
    """A wallet's confirmation with another address, another amount, or both."""
    coin, form, tail = dice.choice(COINS), dice.choice((*NETWORKS, ("T", BASE58, 33))), dice.choice((2, 4))

    def sent(dice: Random) -> Sent:
        value = f"{amount(dice, 0.05, 60_000):,.{tail}f} {coin}"
        trace, when = _signs(dice, "0123456789abcdef", 20), f"{dated(_WHEN, day(dice))} {clock(dice)}"
        return Sent(amount=value, to="", account=form[0] + _signs(dice, *form[1:]), trace=trace, when=when)

    (one, new), kind = two(dice, sent), dice.choice(("amount", "address", "address", "all"))
    other = {"amount": replace(one, amount=new.amount), "address": replace(one, account=new.account), "all": new}[kind]
    says = _told(one, other).replace("the account", "the address")
    return twins_of(dice, lambda dice, shown: _withdrawal(dice, coin, shown), (one, other), says)


_WHEN = "{y}-{m:02d}-{d:02d}"


def _signs(dice: Random, alphabet: str, count: int) -> str:
    return "".join(dice.choice(alphabet) for _ in range(count))


def _withdrawal(dice: Random, coin: str, shown: Sent) -> Image.Image:
    look = palette(dice, 0.6, SCREEN_FACES)
    page, area = _app(dice, look, f"{dice.choice(MAKERS)} Wallet")
    address = shown.account if dice.random() < 0.6 else f"{shown.account[:8]}...{shown.account[-6:]}"
    rows = [("Address", address), ("Network", f"{coin} main"), ("Fee", f"{dice.uniform(0.0001, 0.9):.4f} {coin}")]
    rows += [("TxID", f"{shown.trace[:10]}...{shown.trace[-6:]}"), ("Time", shown.when)]
    title = dice.choice(("Withdrawal completed", "Withdrawal sent", "Sent", "Confirm withdrawal"))
    _summary(page, dice, look, area, (title, ("-" if dice.random() < 0.4 else "") + shown.amount), rows)
    return page.image


def _app(dice: Random, look: Look, name: str) -> tuple[Page, tuple[float, float, float, float]]:
    """An app's screen, a telephone's or a wide one, and the box its card lies in: x, y, width, height."""
    if dice.random() < 0.3:
        width, high = landscape(dice)
        page, side = Page(Image.new("RGB", (width, high), look.ground)), dice.randint(180, 240)
        _menu(page, dice, look, side, name)
        wide = min(620, width - side - 60)
        return page, (side + (width - side - wide) / 2, 40, wide, high - 80)
    width, high, tall = dice.randint(520, 640), dice.randint(960, 1080), dice.randint(110, 300)
    page = Page(Image.new("RGB", (width, high), look.ground))
    if dice.random() < 0.6:
        page.shade(0, 0, width, tall, 0, look.accent, mix(look.accent, look.second, 0.5), across=dice.random() < 0.5)
        ink = "#ffffff"
    else:
        ink = look.ink
    _status(page, dice, ink)
    emblem(page, dice, 56, 88, 20, ink, look.second)
    page.write(92, 88, name, look.bold, 27, ink, "lm")
    return page, (26, 136, width - 52, high - 136 - dice.randint(30, 130))


def _menu(page: Page, dice: Random, look: Look, side: int, name: str) -> None:
    page.shade(0, 0, side, page.image.height, 0, look.accent, mix(look.accent, "#000000", 0.5))
    emblem(page, dice, side / 2, 70, 30, "#ffffff", look.second)
    page.write(side / 2, 130, name, look.bold, fitted(look.bold, 24, side - 24, name), "#ffffff", "mm")
    for row, word in enumerate(("Overview", "Accounts", "Payments", "Cards", "Settings")):
        page.circle(32, 206 + row * 48, 8, "#ffffff88")
        page.write(54, 206 + row * 48, word, look.face, 20, "#ffffff", "lm")


def _status(page: Page, dice: Random, ink: str) -> None:
    width = page.image.width
    page.write(30, 28, f"{dice.randint(0, 23)}:{dice.randint(0, 59):02d}", "bold", 21, ink, "lm")
    for bar in range(4):
        page.box(width - 120 + bar * 8, 34 - 4 - bar * 4, 5, 6 + bar * 4, ink)
    page.frame(width - 72, 18, 40, 20, ink, 2, 5)
    page.box(width - 68, 22, dice.randint(10, 32), 12, ink, 2)


def _summary(
    page: Page, dice: Random, look: Look, area: tuple[float, float, float, float], said: Row, rows: Sequence[Row]
) -> None:
    """The card: a tick, a title, the amount, the rows, a button."""
    x, y, wide, high = area
    radius = dice.choice((0, 14, 28))
    if not look.is_dark:
        page.shadow(x, y, wide, high, 14, 0.18)
    page.box(x, y, wide, high, look.card, radius)
    top = y + high * dice.uniform(0.04, 0.07)
    tick, lean = high * 0.05, dice.choice((("ms", x + wide / 2), ("ms", x + wide / 2), ("ls", x + 36)))
    _tick(page, (lean[1] + (tick if lean[0] == "ls" else 0), top + tick), tick, dice.choice((look.accent, "#1fa566")))
    page.write(lean[1], top + high * 0.17, said[0], look.face, 25, look.faint, lean[0])
    size = fitted(look.bold, dice.randint(38, 54), wide - 72, "-00,000.0000 ORBT")
    page.write(lean[1], top + high * 0.17 + size * 1.4, said[1], look.bold, size, look.ink, lean[0])
    _rows(page, dice, look, (x + 36, top + high * 0.32, wide - 72, high * 0.44), rows)
    button(page, x + 36, y + high * 0.86, wide - 72, high * 0.1, dice.choice(("Done", "Share receipt", "OK")), look)


def _tick(page: Page, at: tuple[float, float], r: float, colour: str) -> None:
    x, y = at
    page.circle(x, y, r, colour)
    way = [(-0.5, 0), (-0.15, 0.36), (0.52, -0.36), (0.4, -0.48), (-0.16, 0.12), (-0.4, -0.12)]
    page.shape(turned(way, x, y, 0, r), "#ffffff")


def _rows(page: Page, dice: Random, look: Look, area: tuple[float, float, float, float], rows: Sequence[Row]) -> None:
    (x, y, wide, high), is_wide, has_lines = area, dice.random() < 0.55, dice.random() < 0.5
    step = high / len(rows)
    for label, value in rows:
        if is_wide or step < 56:
            page.write(x, y + step / 2, label, look.face, 20, look.faint, "lm")
            _value(page, look, (x + wide, y + step / 2, wide - 140), value, "rm")
        else:
            page.write(x, y + step * 0.24, label, look.face, 17, look.faint, "lm")
            _value(page, look, (x, y + step * 0.64, wide), value, "lm")
        if has_lines:
            page.box(x, y + step - 2, wide, 1, mix(look.card, look.faint, 0.4))
        y += step


def _value(page: Page, look: Look, at: tuple[float, float, float], value: str, anchor: str) -> None:
    """In one line, or in two where one would be too small to read."""
    (x, y, wide), size = at, fitted(look.bold, 23, at[2], value)
    if size >= 19:
        page.write(x, y, value, look.bold, size, look.ink, anchor)
        return
    half = (len(value) + 1) // 2
    for line, shift in ((value[:half], -11 if anchor == "rm" else -7), (value[half:], 11 if anchor == "rm" else 14)):
        page.write(x, y + shift, line, look.bold, fitted(look.bold, 19, wide, line), look.ink, anchor)


FAMILIES: Sequence[Family] = (
    Family(name="bank_transfer", draw=bank_transfer),
    Family(name="crypto_withdrawal", draw=crypto_withdrawal),
    Family(name="casino_bonus", draw=casino_bonus),
    Family(name="sale_poster", draw=sale_poster),
)
