"""Printed sheets on which other small places are marked.

crossed_ticket    crosses or dabs on bingo cards and lottery slips   small to middling
answer_sheet      filled bubbles of a test, ticked boxes of a form   small to middling
marked_calendar   marked days of a month                             small
"""

from calendar import monthrange
from collections.abc import Sequence
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Spot, mix, ring, star
from lab.families.kit import Family, Twins
from lab.families.seen.papers_kit import (
    MONTHS,
    Look,
    Page,
    any_size,
    digits,
    emblem,
    guilloche,
    hsl,
    palette,
    twins_of,
)
from lab.families.seen.papers_words import COURSES, LETTER, listed, maker
from lab.families.seen.pieces_kit import Cell, ground, stroke

LOTTERIES = listed("LUCKY LINE,Golden Six,TOTO 6/49,Clover Draw,MEGA SEVEN,Fortuna,Bonanza Night,KENO XL")
DAYS = listed("Mo Tu We Th Fr Sa Su", " ")
PENS = ("#1b2f8f", "#c4161c", "#111111", "#0f6b3a", "#6a1fa0")
FORMS = ("Registration form", "Health questionnaire", "Feedback form", "Declaration of interests", "Room inspection")
ASKED = listed(
    "I have read the conditions,I agree to be contacted,Vegetarian meals,I need a parking space,Allergies known,"
    "Wheelchair access,First visit,Insured elsewhere,Single room,Smoker,Own equipment,Newsletter by post,Over 65,"
    "Student,Member of the club,Invoice by mail,Airport transfer,Photographs allowed,Swims well,Needs an interpreter"
)

type Marks = frozenset[Cell]
type Mark = tuple[str, str, float]
"""Its kind, its colour, and half its side."""


def changed(dice: Random, marked: Sequence[Cell], free: Sequence[Cell], kinds: Sequence[str]) -> tuple[Marks, str]:
    """The marks with one to three moved, added, removed or turned to the other column, or all elsewhere; says which."""
    kind, count = dice.choice(kinds), min(dice.randint(1, 3), len(marked) - 1, max(1, len(free)))
    if kind == "turned":
        turned = dice.sample(marked, count)
        return frozenset({*marked} - {*turned} | {(1 - column, row) for column, row in turned}), f"{count} turned"
    gone = {"moved": count, "added": 0, "removed": count, "all": min(len(marked), len(free))}[kind]
    come = 0 if kind == "removed" else gone or count
    left = set(dice.sample(marked, len(marked) - gone))
    return frozenset(left | set(dice.sample(free, come))), f"{'' if kind == 'all' else count} {kind}".strip()


def mark(page: Page, dice: Random, at: Spot, how: Mark) -> None:
    """A mark by hand: a cross, a tick, a ring, a dab, a filled box, or a star."""
    (x, y), (kind, colour, r) = at, how
    x, y, turn = x + dice.uniform(-0.12, 0.12) * r, y + dice.uniform(-0.12, 0.12) * r, dice.uniform(-0.2, 0.2)
    if kind in ("cross", "tick"):
        ends = ((-0.8, -0.8, 0.8, 0.8), (-0.8, 0.8, 0.8, -0.8)) if kind == "cross" else TICK
        for a, b, c, d in ends:
            stroke(page, [(x + a * r, y + (b + turn) * r), (x + c * r, y + (d + turn) * r)], colour, max(2.5, r * 0.24))
    elif kind == "ring":
        outer = ring(x, y, r * 1.05, r * 0.92, turn * 90)
        page.shape([*outer, *reversed(ring(x, y, r * 0.88, r * 0.76, turn * 90))], colour)
    elif kind == "star":
        page.shape(star(x, y, r, r * 0.45, 5, -90 + turn * 60), colour)
    elif kind == "box":
        page.box(x - r * 0.75, y - r * 0.75, r * 1.5, r * 1.5, colour, r * 0.2)
    else:
        page.shape(ring(x, y, r, r * 0.94, turn * 90), f"{colour}{'a8' if kind == 'dab' else 'ff'}")


TICK = ((-0.8, 0.0, -0.2, 0.7), (-0.2, 0.7, 0.95, -0.85))


def crossed_ticket(dice: Random) -> Twins:
    """The same bingo card or lottery slip with other numbers crossed."""
    draw, columns, rows = dice.choice(((_bingo, 5, 5), (_bingo, 9, 3), (_slip, 7, 7), (_slip, 10, 5), (_slip, 6, 8)))
    places = [(column, row) for row in range(rows) for column in range(columns)]
    marked = dice.sample(places, dice.randint(4, 7))
    free = [place for place in places if place not in marked]
    other, how = changed(dice, marked, free, ("moved", "moved", "added", "removed", "all"))
    size, says = (columns, rows), f"the crossed numbers: {how}"
    return twins_of(dice, draw, ((size, frozenset(marked)), (size, other)), says, What.PICTURE)


type Sheet = tuple[Cell, Marks]


def _bingo(dice: Random, shown: Sheet) -> Image.Image:
    ((columns, rows), marks), look = shown, palette(dice, 0.25)
    cell, rim = dice.randint(460, 800) // columns, dice.randint(30, 80)
    head = round(cell * dice.uniform(1.1, 1.8)) if rows == columns else round(cell * 1.6)
    page = ground(dice, (columns * cell + 2 * rim, max(rows * cell + 2 * rim + head, 300)), look)
    page.shadow(rim - 12, rim - 12, columns * cell + 24, rows * cell + head + 24, 10, 0.5)
    page.box(rim - 12, rim - 12, columns * cell + 24, rows * cell + head + 24, look.accent, 12)
    name = "BINGO" if columns == 5 and dice.random() < 0.6 else dice.choice(LOTTERIES)
    page.squeezed(rim + columns * cell / 2, rim + head * 0.45, name, look.bold, cell, columns * cell * 0.8, "#ffffff")
    numbers = dice.sample(range(1, 91), columns * rows)
    kind, pen = dice.choice(("cross", "dab", "dab", "ring", "star")), dice.choice(PENS)
    gap, size = dice.choice((2, 4, 8)), round(cell * dice.uniform(0.3, 0.5))
    for at, number in enumerate(numbers):
        column, row = at % columns, at // columns
        x, y = rim + column * cell, rim + head + row * cell
        page.box(x + gap / 2, y + gap / 2, cell - gap, cell - gap, look.card, gap)
        page.write(x + cell / 2, y + cell / 2, str(number), look.bold, size, look.ink, "mm")
        pencil = Random(dice.getrandbits(30))
        if (column, row) in marks:
            mark(page, pencil, (x + cell / 2, y + cell / 2), (kind, pen, cell * 0.37))
    return page.image


def _slip(dice: Random, shown: Sheet) -> Image.Image:
    """One or several panels of small numbers, the first of which is played; the others repeat another choice."""
    ((columns, rows), marks), hue = shown, dice.random()
    panels, cell = dice.choice(((1, 1), (2, 1), (2, 2), (3, 1))), dice.randint(22, 40)
    if columns * panels[0] * cell < 400:
        cell = 460 // (columns * panels[0])
    cell = min(cell, 1080 // (columns * panels[0] + 1), 900 // ((rows + 1) * panels[1] + 2))
    cell = min(cell, 900 // ((rows + 2) * panels[1] + 4))
    panels = (max(panels[0], -(-420 // ((columns + 1) * cell))), panels[1])
    wide, high = (columns + 1) * cell, (rows + 1.2) * cell
    head = round(cell * 3)
    size = round(wide * panels[0] + cell), round(high * panels[1] + head + cell * 1.5)
    page = Page(Image.new("RGB", size, "#ffffff"))
    page.shade(0, 0, *page.image.size, 0, hsl(hue, 0.5, 0.96), hsl(hue, 0.5, dice.uniform(0.8, 0.95)))
    ink, face = hsl(hue, 0.75, dice.uniform(0.3, 0.5)), dice.choice(("plain", "bold", "sans", "mono"))
    _slip_head(page, dice, (ink, face), head)
    kind, pen, filled = dice.choice(("cross", "cross", "box", "dot")), dice.choice(PENS), dice.randrange(5)
    played = dice.randrange(panels[0] * panels[1])
    for panel in range(panels[0] * panels[1]):
        left = cell + (panel % panels[0]) * wide
        top = head + (panel // panels[0]) * high
        hand = Random(dice.getrandbits(30))
        chosen = hand.sample(range(columns * rows), 6) if panel < filled else []
        own = marks if panel == played else {(at % columns, at // columns) for at in chosen}
        _panel(page, hand, (left, top, cell), ((columns, rows), frozenset(own)), (ink, face, kind, pen))
    return page.image


def _slip_head(page: Page, dice: Random, style: tuple[str, str], head: int) -> None:
    (ink, face), width = style, page.image.width
    page.box(0, 0, width, head * 0.78, ink)
    guilloche(page, dice, (0, 0, width, head * 0.78), mix(ink, "#ffffff", 0.25), 9)
    size = round(head * 0.42)
    page.squeezed(head * 0.3, head * 0.4, dice.choice(LOTTERIES), "bold", size, width * 0.52, "#ffffff", "lm")
    page.write(width - 12, head * 0.4, digits(dice, "No. 000 000"), face, round(head * 0.16), "#ffffff", "rm")


def _panel(
    page: Page, dice: Random, at: tuple[float, float, int], sheet: Sheet, style: tuple[str, str, str, str]
) -> None:
    (left, top, cell), ((columns, rows), marks), (ink, face, kind, pen) = at, sheet, style
    for place in range(columns * rows):
        column, row = place % columns, place // columns
        x, y = left + column * cell, top + row * cell
        page.frame(x, y, cell - 3, cell - 3, ink, 1)
        page.write(x + cell / 2 - 1, y + cell / 2 - 1, str(place + 1), face, max(9, round(cell * 0.42)), ink, "mm")
        hand = Random(dice.getrandbits(30))
        if (column, row) in marks:
            mark(page, hand, (x + cell / 2 - 1, y + cell / 2 - 1), (kind, pen, cell * 0.46))


def answer_sheet(dice: Random) -> Twins:
    """The same test or form with one to three other answers, or with all answers of another hand."""
    if dice.random() < 0.4:
        return _ticked(dice)
    count, choices = dice.randint(16, 60), dice.randint(4, 5)
    one = [dice.randrange(choices) for _ in range(count)]
    places = dice.sample(range(count), dice.choice((1, 2, 3, count)))
    other = list(one)
    for at in places:
        other[at] = (one[at] + dice.randint(1, choices - 1)) % choices
    shown = ((choices, one), (choices, other))
    return twins_of(dice, _bubbles, shown, f"{len(places)} of {count} answers", What.PICTURE)


def _ticked(dice: Random) -> Twins:
    lines = dice.randint(8, 16)
    every = [(side, row) for row in range(lines) for side in (0, 1)]
    marked = [(dice.randrange(2), row) for row in range(lines)]
    marked = dice.sample(marked, dice.randint(lines - 3, lines))
    free = [place for place in every if (1 - place[0], place[1]) not in marked and place not in marked]
    kinds = ("added", "removed", "turned", "turned") if free else ("removed", "turned")
    other, how = changed(dice, marked, free, kinds)
    return twins_of(dice, _form, ((lines, frozenset(marked)), (lines, other)), f"the ticks: {how}", What.PICTURE)


def _bubbles(dice: Random, shown: tuple[int, Sequence[int]]) -> Image.Image:
    (choices, answers), look, size = shown, palette(dice, 0.08), any_size(dice)
    page, (width, high), blocks = Page(Image.new("RGB", size, look.card)), size, dice.randint(2, 4)
    ink = dice.choice((look.accent, look.ink, "#c2477f", "#1d7a4a"))
    _test_head(page, dice, look, ink)
    rows = -(-len(answers) // blocks)
    wide, step = width * 0.92 / blocks, high * 0.78 / rows
    r = min(step * 0.4, wide / (choices + 1.6) * 0.42)
    face, pen = dice.choice(("plain", "sans", "bold")), dice.choice(("#222222", "#1b2f8f", "#3b3b3b"))
    is_striped = dice.random() < 0.5
    for at, answer in enumerate(answers):
        x, y = width * 0.04 + at // rows * wide, high * 0.19 + (at % rows + 0.5) * step
        if is_striped and at % 2:
            page.box(x, y - step / 2, wide * 0.94, step, mix(look.card, ink, 0.1))
        page.write(x + wide / (choices + 1.6) * 0.8, y, str(at + 1), face, max(9, round(r * 1.3)), look.ink, "rm")
        for choice in range(choices):
            middle = x + wide / (choices + 1.6) * (choice + 1.45)
            page.circle(middle, y, r, ink)
            page.circle(middle, y, r - 1.5, look.card)
            page.write(middle, y, "ABCDE"[choice], face, max(8, round(r * 1.1)), ink, "mm")
        hand = Random(dice.getrandbits(30))
        mark(page, hand, (x + wide / (choices + 1.6) * (answer + 1.45), y), ("dot", pen, r * 0.95))
    return page.image


def _test_head(page: Page, dice: Random, look: Look, ink: str) -> None:
    width, high = page.image.size
    size = round(high * 0.035)
    page.squeezed(width * 0.05, high * 0.06, dice.choice(COURSES), look.bold, size, width * 0.55, look.ink, "lm")
    page.write(
        width * 0.05, high * 0.11, "Fill one circle per question.", look.face, round(size * 0.6), look.faint, "lm"
    )
    for at in range(8):
        page.frame(width * 0.66 + at * width * 0.035, high * 0.045, width * 0.031, high * 0.04, ink, 1.5)
        text = str(dice.randrange(10))
        page.write(width * (0.6755 + at * 0.035), high * 0.065, text, look.face, round(size * 0.7), look.ink, "mm")
    page.box(width * 0.04, high * 0.15, width * 0.92, 3, ink)
    for x, y in ((0, 0), (width - 22, 0), (0, high - 22), (width - 22, high - 22)):
        page.box(x + 4, y + 4, 14, 14, "#000000")


def _form(dice: Random, shown: tuple[int, Marks]) -> Image.Image:
    (lines, marks), look = shown, palette(dice, 0.12)
    width, high = dice.choice(((620, 860), (760, 760), (900, 640), (700, 1000)))
    page, top = Page(Image.new("RGB", (width, high), look.card)), high * 0.26
    emblem(page, dice, width * 0.1, high * 0.09, high * 0.04, look.accent, look.second)
    page.squeezed(
        width * 0.18, high * 0.075, dice.choice(FORMS), look.bold, round(high * 0.04), width * 0.75, look.ink, "lm"
    )
    page.write(width * 0.18, high * 0.12, maker(dice), look.face, round(high * 0.02), look.faint, "lm")
    page.flow(width * 0.06, high * 0.16, width * 0.88, dice.choice(LETTER), look.face, round(high * 0.02), look.ink)
    step, asked, kind = (high * 0.96 - top) / lines, dice.sample(ASKED, lines), dice.choice(("cross", "tick", "box"))
    side, pen, is_ruled = min(26.0, step * 0.62), dice.choice(PENS), dice.random() < 0.6
    spots = (width * 0.74, width * 0.87)
    for x, word in zip(spots, ("Yes", "No"), strict=True):
        page.write(x, top - 10, word, look.bold, 17, look.ink, "ms")
    for row, question in enumerate(asked):
        y = top + (row + 0.5) * step
        page.write(width * 0.06, y, question, look.face, min(21, round(step * 0.55)), look.ink, "lm")
        if is_ruled:
            page.box(width * 0.06, y + step / 2 - 1, width * 0.88, 1, mix(look.card, look.faint, 0.4))
        for column, x in enumerate(spots):
            page.frame(x - side / 2, y - side / 2, side, side, look.faint, 2)
            hand = Random(dice.getrandbits(30))
            if (column, row) in marks:
                mark(page, hand, (x, y), (kind, pen, side * 0.5))
    return page.image


def marked_calendar(dice: Random) -> Twins:
    """The same month with other days marked: moved, added or taken away."""
    month = dice.randint(2023, 2027), dice.randint(1, 12)
    days = [(day, 0) for day in range(1, monthrange(*month)[1] + 1)]
    marked = dice.sample(days, dice.randint(2, 8))
    free = [day for day in days if day not in marked]
    other, how = changed(dice, marked, free, ("moved", "moved", "added", "removed"))
    shown = (month, frozenset(marked)), (month, other)
    return twins_of(dice, _month, shown, f"the marked days: {how}", What.PICTURE)


def _month(dice: Random, shown: tuple[tuple[int, int], Marks]) -> Image.Image:
    ((year, month), marks), look, size = shown, palette(dice, 0.4), any_size(dice)
    first, last = monthrange(year, month)
    page, (width, high) = ground(dice, size, look), size
    left, top = width * 0.06, high * dice.uniform(0.2, 0.36)
    page.shadow(left - 14, high * 0.05, width - 2 * left + 28, high * 0.91, 14, 0.4)
    page.box(left - 14, high * 0.05, width - 2 * left + 28, high * 0.91, look.card, dice.choice((0, 12, 28)))
    shades = look.accent, mix(look.accent, "#000000", 0.25)
    page.shade(left - 14, high * 0.05, width - 2 * left + 28, top - high * 0.11, 0, *shades)
    name = f"{MONTHS[month - 1]} {year}"
    page.squeezed(width / 2, top * 0.5, name, look.bold, round(top * 0.28), width * 0.8, "#ffffff")
    wide, step = (width - 2 * left) / 7, (high * 0.94 - top) / 6
    for at, word in enumerate(DAYS):
        page.write(left + (at + 0.5) * wide, top - high * 0.03, word, look.bold, round(wide * 0.22), look.faint, "mm")
    kind, r = dice.choice(("ring", "dab", "cross", "star", "dot")), min(wide, step) * 0.38
    has_lines = dice.random() < 0.5
    pen, size_of_day = dice.choice((*PENS[:2], look.second, look.second)), round(min(wide, step) * 0.38)
    small = r * dice.uniform(0.3, 0.5) if kind in ("dot", "star") else r
    for day in range(1, last + 1):
        column, row = (day - 1 + first) % 7, (day - 1 + first) // 7
        x, y = left + (column + 0.5) * wide, top + (row + 0.5) * step
        if has_lines:
            page.frame(x - wide / 2, y - step / 2, wide, step, mix(look.card, look.faint, 0.4), 1)
        page.write(x, y, str(day), look.face, size_of_day, look.second if column == 6 else look.ink, "mm")
        hand = Random(dice.getrandbits(30))
        if (day, 0) in marks:
            spot = (x + wide * 0.34, y - step * 0.3) if small < r else (x, y)
            mark(page, hand, spot, (kind, pen, small))
    return page.image


FAMILIES: Sequence[Family] = (
    Family(name="crossed_ticket", draw=crossed_ticket),
    Family(name="answer_sheet", draw=answer_sheet),
    Family(name="marked_calendar", draw=marked_calendar),
)
