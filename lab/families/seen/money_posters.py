"""The casino_bonus and the sale_poster of `lab.families.seen.money`."""

from math import cos, pi, sin
from random import Random

from PIL import Image

from lab.drawings.kit import gradient, leaf, mix, ring, smooth, star, turned
from lab.families.kit import Twins
from lab.families.seen.papers_kit import (
    Look,
    Page,
    any_size,
    backdrop,
    dated,
    day,
    digits,
    fitted,
    hsl,
    palette,
    rays,
    twins_of,
)
from lab.families.seen.papers_words import MAKERS

type Area = tuple[float, float, float, float]

CASINOS = ("LUCKORA", "JACKPEAK", "SPINWELL", "GOLDEN OTTER", "ROYAL FERRET", "NEONDICE", "BETLOOM", "FORTUNA KITE")
OFFERS = ("WELCOME BONUS", "FIRST DEPOSIT BONUS", "WEEKEND BONUS", "VIP REWARD", "DAILY JACKPOT", "MEGA BONUS")
CODES = ("LUCKY", "SPIN", "GOLD", "WIN", "BOOST", "KING", "STAR", "MEGA", "VIP", "PLAY", "NOVA", "ACE")
SALES = ("SALE", "SUMMER SALE", "FINAL SALE", "BIG WEEKEND", "CLEARANCE", "MID-SEASON SALE", "WINTER SALE")
GOODS = ("on all shoes", "on everything", "on furniture", "on selected items", "on coats and jackets", "on all toys")


def casino_bonus(dice: Random) -> Twins:
    """A casino's offer of another amount under another code."""
    sign, plus = dice.choice(("$", "€", "£")), dice.choice((" FREE SPINS", "% MATCH", " FREE BETS"))

    def offer(dice: Random) -> tuple[str, str, str]:
        value = dice.choice((50, 100, 150, 200, 250, 300, 400, 500, 750, 1000, 1500, 2000, 5000))
        code = dice.choice(CODES) + dice.choice((str(value), digits(dice, "00"), dice.choice(CODES)))
        return f"{sign}{value:,}", code, f"+ {dice.choice((20, 50, 75, 100, 150, 200, 300))}{plus}"

    one, other = offer(dice), offer(dice)
    while other[0] == one[0] or other[1] == one[1]:
        other = offer(dice)
    return twins_of(dice, _casino, (one, other), f"the bonus: {' '.join(one)} became {' '.join(other)}")


def _casino(dice: Random, shown: tuple[str, str, str]) -> Image.Image:
    hue, (width, high) = dice.random(), any_size(dice)
    ground, lit = hsl(hue, 0.8, dice.uniform(0.05, 0.2)), hsl(hue + dice.uniform(-0.1, 0.1), 0.8, 0.34)
    page = Page(gradient((width, high), ground, lit, ground))
    rays(page, width / 2, high * 0.4, mix(lit, "#ffffff", 0.2) + "40", dice)
    page.glow(width / 2, high * 0.4, width * 0.6, high * 0.45, dice.choice(("#ffd75e", "#ff6ad5", "#6ad7ff")), 0.5)
    _riches(page, dice)
    gold, face = dice.choice(("#ffd84d", "#fff3c4", "#7dffb0", "#ffffff")), dice.choice(("bold", "serif-bold"))
    area = _room(page, dice, gold)
    _offer(page, dice, area, shown, (face, gold, ground))
    page.squeezed(width / 2, high * 0.08, dice.choice(CASINOS), face, 46, width * 0.7, gold, "mm", 3, ground)
    page.grain(dice, dice.choice((0.0, 3.0)))
    return page.image


def _room(page: Page, dice: Random, gold: str) -> Area:
    """Draw the slot machine beside or above the offer, or none, and give the offer's area."""
    width, high = page.image.size
    has_reels = dice.random() < 0.5
    if has_reels and width > high * 1.3:
        _reels(page, dice, (width * 0.66, high * 0.25, width * 0.3, high * 0.42), gold)
        return width * 0.34, 0, width * 0.62, high
    if has_reels and high > width * 1.3:
        _reels(page, dice, (width * 0.16, high * 0.15, width * 0.68, high * 0.19), gold)
        return width / 2, high * 0.26, width, high * 0.74
    return width / 2, 0, width, high


def _offer(
    page: Page,
    dice: Random,
    area: Area,
    shown: tuple[str, str, str],
    pen: tuple[str, str, str],
) -> None:
    """Title, amount, free spins, code and button; the area is its middle, top, width and height."""
    (x, top, wide, high), (face, gold, ground) = area, pen
    title, rows = dice.choice(OFFERS), dice.choice(((0.2, 0.4, 0.56), (0.56, 0.28, 0.44)))
    size = fitted("bold", 58, wide * 0.86, title)
    page.write(x, top + high * rows[0], title, "bold", min(size, round(high * 0.09)), "#ffffff", "mm", 4, ground)
    size = min(fitted(face, 190, wide * 0.72, "$5,000"), round(high * 0.24))
    page.write(x + 5, top + high * rows[1] + 6, shown[0], face, size, "#000000", "mm", 6)
    page.write(x, top + high * rows[1], shown[0], face, size, gold, "mm", 6, mix(ground, "#000000", 0.4))
    size = min(fitted("bold", 46, wide * 0.7, "+ 300 FREE SPINS"), round(high * 0.07))
    page.write(x, top + high * rows[2], shown[2], "bold", size, "#ffffff", "mm", 3, ground)
    _code(page, dice, area, shown[1], gold)


def _code(page: Page, dice: Random, area: Area, code: str, gold: str) -> None:
    (x, top, room, high), red = area, hsl(dice.random(), 0.85, 0.45)
    wide, tall, at, to = min(440, room * 0.66), high * 0.1, top + high * 0.65, top + high * 0.79
    page.box(x - wide / 2, at, wide, tall, "#000000b0", 12)
    page.frame(x - wide / 2, at, wide, tall, gold, 3, 12)
    size = min(round(tall * 0.5), fitted("bold", 40, wide * 0.6, "BOOST BOOST"))
    page.write(x - wide / 2 + 20, at + tall / 2, "CODE", "sans", round(size * 0.7), "#ffffff", "lm")
    page.write(x + wide / 2 - 20, at + tall / 2, code, "bold", size, gold, "rm")
    page.shade(x - wide / 2, to, wide, tall, tall / 2, mix(red, "#ffffff", 0.3), red)
    claim = dice.choice(("CLAIM NOW", "PLAY NOW", "GET BONUS", "JOIN & SPIN"))
    page.write(x, to + tall / 2, claim, "bold", round(tall * 0.42), "#ffffff", "mm")
    small = "18+ only. New players. Terms and wagering rules apply."
    page.write(x, top + high * 0.95, small, "sans", fitted("sans", 16, room * 0.9, small), "#ffffffaa", "mm")


def _reels(page: Page, dice: Random, area: Area, gold: str) -> None:
    """The window of a slot machine."""
    (x, y, wide, high), step = area, area[2] / 3
    page.shade(x - 16, y - 16, wide + 32, high + 32, 22, gold, mix(gold, "#7a3a00", 0.7))
    for reel in range(3):
        left = x + reel * step
        page.shade(left + 3, y, step - 6, high, 10, "#b8b8c8", "#ffffff", "#ffffff", "#a0a0b4")
        for row in range(max(1, round(high / step))):
            r, middle = step * 0.3, y + (row + 0.5) * high / max(1, round(high / step))
            dice.choice((_seven, _coin, _chip, _card))(page, dice, left + step / 2, middle, r)


def _riches(page: Page, dice: Random) -> None:
    """Coins, chips, and cards along the rims."""
    width, high = page.image.size
    things = dice.sample((_coin, _chip, _card, _seven), dice.randint(2, 3))
    for _ in range(dice.randint(14, 30)):
        angle, share = dice.uniform(0, 2 * pi), dice.uniform(0.46, 0.62)
        x, y = width / 2 + cos(angle) * width * share, high * 0.55 + sin(angle) * high * share
        dice.choice(things)(page, dice, x, y, dice.uniform(0.03, 0.075) * max(width, high))


def _coin(page: Page, dice: Random, x: float, y: float, r: float) -> None:
    tilt, turn = dice.uniform(0.4, 1), dice.uniform(-40, 40)
    page.shape(ring(x + 3, y + 4, r, r * tilt, turn), "#7a4a00")
    page.shape(ring(x, y, r, r * tilt, turn), "#ffe680", "#e09a00")
    page.shape(ring(x, y, r * 0.72, r * 0.72 * tilt, turn), "#f5b921", "#ffe27a")


def _chip(page: Page, dice: Random, x: float, y: float, r: float) -> None:
    colour = hsl(dice.random(), 0.8, 0.4)
    page.shape(ring(x + 2, y + 4, r, r), "#00000088")
    page.shape(ring(x, y, r, r), mix(colour, "#ffffff", 0.15), colour)
    for step in range(6):
        page.shape(
            turned([(r * 0.72, -r * 0.16), (r, -r * 0.2), (r, r * 0.2), (r * 0.72, r * 0.16)], x, y, step * 60),
            "#ffffff",
        )
    page.shape(ring(x, y, r * 0.6, r * 0.6), "#ffffff", "#d8d8e4")
    page.shape(star(x, y, r * 0.4, r * 0.18, 5), colour)


def _card(page: Page, dice: Random, x: float, y: float, r: float) -> None:
    turn, colour = dice.uniform(-30, 30), dice.choice(("#d0202c", "#15151c"))
    page.shape(
        turned([(-r * 0.75, -r), (r * 0.75, -r), (r * 0.75, r), (-r * 0.75, r)], x, y, turn), "#ffffff", "#e6e6ee"
    )
    suit = [(0, -r * 0.5), (r * 0.36, 0), (0, r * 0.5), (-r * 0.36, 0)]
    page.shape(turned(suit, x, y, turn), colour)


def _seven(page: Page, dice: Random, x: float, y: float, r: float) -> None:
    way = [(-0.7, -0.9), (0.75, -0.9), (0.75, -0.5), (0.1, 0.95), (-0.42, 0.95), (0.2, -0.45), (-0.7, -0.45)]
    turn = dice.uniform(-25, 25)
    page.shape(turned(way, x, y, turn, r * 1.14), "#fff0b0")
    page.shape(turned(way, x, y, turn, r), "#ff4a4a", "#a00014")


def sale_poster(dice: Random) -> Twins:
    """A shop's poster with another percentage on it."""
    one, other = (f"{share}%" for share in dice.sample((10, 15, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90), 2))
    return twins_of(dice, _sale, (one, other), f"the rebate: {one} became {other}")


def _sale(dice: Random, shown: str) -> Image.Image:
    look, (width, high) = palette(dice, 0.35), any_size(dice)
    is_loud, other = dice.random() < 0.6, dice.choice((look.second, look.accent, look.card))
    ground = look.accent if is_loud else look.ground
    page = backdrop(dice, (width, high), ground, mix(ground, other, dice.uniform(0.3, 1) if is_loud else 0.3))
    ink = "#ffffff" if is_loud else mix(look.accent, look.ink, 0.5 if look.is_dark else 0)
    _ornaments(page, dice, look)
    size = min(fitted(look.bold, 420, width * dice.uniform(0.55, 0.8), "90%"), round(high * 0.46))
    x, y, anchor = width / 2, high * dice.uniform(0.47, 0.54), "mm"
    if dice.random() < 0.4:
        _plate(page, dice, (x, y), size, mix(ground, "#000000", 0.5))
        ink = "#ffffff"
    elif dice.random() < 0.5:
        x, anchor = width * 0.07, "lm"
    page.write(x + 6, y + 8, shown, look.bold, size, mix(ground, "#000000", 0.6), anchor, 4)
    page.write(x, y, shown, look.bold, size, ink, anchor, 4, ink)
    _around(page, dice, look, (x, y, size), (ink, ground, anchor))
    page.grain(dice, dice.choice((0.0, 4.0)))
    return page.image


def _around(page: Page, dice: Random, look: Look, at: tuple[float, float, float], pen: tuple[str, str, str]) -> None:
    """The words above and below the percentage."""
    (width, high), (x, y, size), (ink, edge, anchor) = page.image.size, at, pen
    title, goods = dice.choice(("UP TO", *SALES)), f"OFF {dice.choice(GOODS)}"
    page.squeezed(x, y - size * 0.72, title, look.bold, 76, width * 0.84, ink, anchor, 3, edge)
    page.squeezed(x, y + size * 0.64, goods, look.bold, 46, width * 0.8, ink, anchor, 2, edge)
    page.squeezed(x, high * 0.06, dice.choice(MAKERS), look.face, 40, width * 0.6, ink, anchor, 2, edge)
    till = f"until {dated('{d} {month}', day(dice))}, while stocks last"
    page.squeezed(x, high * 0.955, till, look.face, 24, width * 0.8, ink, anchor, 2, edge)


def _plate(page: Page, dice: Random, at: tuple[float, float], size: float, colour: str) -> None:
    (x, y), kind = at, dice.randrange(3)
    if kind == 0:
        page.shape(star(x, y, size * 1.15, size * 0.95, dice.randint(16, 30)), colour)
    elif kind == 1:
        page.shape(ring(x, y, size * 1.1, size * 1.1), colour)
    else:
        spots = [(-1.2, -0.95), (1.25, -1.05), (1.15, 0.95), (-1.25, 1.05)]
        page.shape(turned(spots, x, y, dice.uniform(-4, 4), size), colour)


def _ornaments(page: Page, dice: Random, look: Look) -> None:
    """Things strewn over the ground: leaves, balloons, confetti, or ribbons."""
    (width, high), kind = page.image.size, dice.randrange(4)
    for _ in range(dice.randint(14, 44)):
        angle, share, r = dice.uniform(0, 2 * pi), dice.uniform(0.45, 0.7), dice.uniform(10, 44)
        x, y = width / 2 + cos(angle) * width * share, high / 2 + sin(angle) * high * share
        colour = dice.choice((look.second, look.accent, "#ffffff", mix(look.second, "#ffd84d", 0.5)))
        if kind == 0:
            page.shape(leaf(x, y, r * 2, r, dice.uniform(0, 360)), colour)
        elif kind == 1:
            page.shape(ring(x, y, r * 0.85, r), mix(colour, "#ffffff", 0.4), colour)
        elif kind == 2:
            page.shape(
                turned([(-r, -r / 4), (r, -r / 4), (r, r / 4), (-r, r / 4)], x, y, dice.uniform(0, 180), 0.5), colour
            )
        else:
            way = smooth([(x, y), (x + r, y + r), (x, y + 2 * r), (x + r, y + 3 * r)])
            page.shape([*way, *((px + 6, py) for px, py in reversed(way))], colour)
