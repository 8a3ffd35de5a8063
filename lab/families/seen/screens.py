"""Screens and posters made from one template.

chat_one_word          one word or name in a message, or the other's name     small
social_post_one_word   one word of the post, or its author                    small
slide                  headline, points and chart of the same template        large
event_poster           the date, the city, or both                            middling
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image

from lab.drawings.kit import mix, ring
from lab.edits.words import APPS, clock, count
from lab.families.kit import Family, Twins
from lab.families.seen.papers_kit import (
    SCREEN_FACES,
    Look,
    Page,
    any_size,
    backdrop,
    emblem,
    fitted,
    landscape,
    length,
    lines_of,
    palette,
    portrait,
    twins_of,
)
from lab.families.seen.papers_words import (
    BULLETS,
    FIRST,
    HEADLINES,
    LAST,
    MAKERS,
    NAMED,
    POSTS,
    SAID,
    SMALL_TALK,
    SWAPS,
)
from lab.families.seen.screens_event import art, event_poster


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One of two words that a text is shown with; both are known, so that the lines break at the same places."""

    shown: str
    both: tuple[str, str]

    def lines(self, text: str, face: str, size: int, width: float) -> tuple[list[str], float]:
        """The text with the word for its {}, in lines, and how wide the widest is with either word."""
        longer = max(self.both, key=lambda word: length(word, face, size))
        lines = lines_of(text.replace("{}", longer), face, size, width)
        widest = max(length(line, face, size) for line in lines)
        return [line.replace(longer, self.shown) for line in lines] if "{}" in text else lines, widest


def _words(one: str, other: str) -> tuple[Word, Word]:
    return Word(shown=one, both=(one, other)), Word(shown=other, both=(one, other))


def chat_one_word(dice: Random) -> Twins:
    """A chat in which one word of one message is another, or the name of the one who writes."""
    kind = dice.choice(("word", "word", "name", "contact"))
    one, other = dice.sample(SWAPS if kind == "word" else FIRST, 2)
    text = dice.choice({"word": SAID, "name": NAMED, "contact": SMALL_TALK}[kind])
    says = f"the {kind}: {one} became {other}"
    return twins_of(dice, partial(_chat, text, kind == "contact"), _words(one, other), says)


def _chat(text: str, is_contact: bool, dice: Random, word: Word) -> Image.Image:
    look, size = palette(dice, 0.5, SCREEN_FACES), dice.choice((portrait, portrait, any_size, landscape))(dice)
    pale = mix(look.ground, look.accent, dice.uniform(0.02, 0.2))
    page, side = backdrop(dice, size, look.ground, pale), round(size[0] * dice.choice((0, 0.28)))
    side = side if size[0] > size[1] else 0
    contact = word.shown if is_contact else dice.choice(FIRST)
    if side:
        _contacts(page, dice, look, side)
    _chat_head(page, dice, look, side, contact)
    _messages(page, dice, look, side, text, word)
    return page.image


def _contacts(page: Page, dice: Random, look: Look, side: int) -> None:
    page.box(0, 0, side, page.image.height, look.card)
    for row, name in enumerate(dice.sample(LAST, 12)):
        _avatar(page, dice, 42, 54 + row * 74, 24, name)
        page.write(78, 42 + row * 74, name, look.bold, 19, look.ink, "lm")
        page.write(78, 66 + row * 74, dice.choice(SMALL_TALK)[:14], look.face, 16, look.faint, "lm")


def _avatar(page: Page, dice: Random, x: float, y: float, r: float, name: str) -> None:
    look = palette(dice, 0.3)
    page.shade(x - r, y - r, 2 * r, 2 * r, r, mix(look.accent, "#ffffff", 0.3), look.accent)
    page.write(x, y, name[0], "bold", round(r), "#ffffff", "mm")


def _chat_head(page: Page, dice: Random, look: Look, side: int, contact: str) -> None:
    (width, high), is_bright = page.image.size, dice.random() < 0.4
    fill, ink = (look.accent, "#ffffff") if is_bright else (look.card, look.ink)
    page.box(side, 0, width - side, 84, fill)
    page.box(side, 84, width - side, 1, mix(look.card, look.faint, 0.4))
    page.shape(
        [(side + 20, 42), (side + 32, 30), (side + 35, 33), (side + 26, 42), (side + 35, 51), (side + 32, 54)], ink
    )
    _avatar(page, dice, side + 76, 42, 26, contact)
    page.write(side + 116, 32, contact, look.bold, 25, ink, "lm")
    page.write(side + 116, 60, dice.choice(("online", "last seen today", "typing...")), look.face, 17, ink, "lm")
    page.box(side, high - 72, width - side, 72, look.card)
    page.box(side + 24, high - 58, width - side - 110, 44, mix(look.card, look.faint, 0.2), 22)
    page.write(side + 46, high - 36, "Message", look.face, 20, look.faint, "lm")
    page.circle(width - 46, high - 36, 22, look.accent)
    page.shape([(width - 54, high - 46), (width - 34, high - 36), (width - 54, high - 26)], "#ffffff")


def _messages(page: Page, dice: Random, look: Look, side: int, text: str, word: Word) -> None:
    (width, high), size, radius = page.image.size, dice.randint(22, 27), dice.choice((6, 14, 22))
    said = dice.sample([each for each in SMALL_TALK if each != text], 14)
    said.insert(dice.randrange(3), text)
    y, gap, minute = 108.0, dice.randint(10, 22), dice.randint(360, 1300)
    mine, ink_of_mine = (
        (look.accent, "#ffffff") if dice.random() < 0.6 else (mix(look.card, look.accent, 0.3), look.ink)
    )
    for each in said:
        is_mine = dice.random() < 0.5
        lines, wide = word.lines(each, look.face, size, (width - side) * 0.66)
        tall = len(lines) * size * 1.35 + 42
        if y + tall > high - 84:
            return
        x = width - wide - 62 if is_mine else side + 22
        page.box(x, y, wide + 40, tall, mine if is_mine else look.card, radius)
        ink = ink_of_mine if is_mine else look.ink
        for row, line in enumerate(lines):
            page.write(x + 18, y + 12 + size * (1 + row * 1.35), line, look.face, size, ink)
        page.write(x + wide + 26, y + tall - 8, f"{minute // 60}:{minute % 60:02d}", look.face, 14, ink, "rs")
        y, minute = y + tall + gap, minute + dice.randint(0, 6)


def social_post_one_word(dice: Random) -> Twins:
    """A post in which one word is another, or who wrote it."""
    kind = dice.choice(("word", "word", "word", "author"))
    one, other = dice.sample(SWAPS if kind == "word" else FIRST, 2)
    text = dice.choice(POSTS)
    text = text if kind == "word" else text.replace("{}", dice.choice(SWAPS))
    says = f"the {kind}: {one} became {other}"
    return twins_of(dice, partial(_post, text, kind == "author"), _words(one, other), says)


def _post(text: str, is_author: bool, dice: Random, word: Word) -> Image.Image:
    look, width, size = palette(dice, 0.5, SCREEN_FACES), dice.randint(600, 980), dice.randint(26, 36)
    margin, has_picture, radius = dice.choice((0, 0, 30, 56)), dice.random() < 0.4, dice.choice((0, 18, 30))
    lines, _ = word.lines(text, look.face, size, width - 2 * margin - 84)
    top, tall = margin + 130, round(len(lines) * size * 1.42)
    shown = round(width * dice.uniform(0.3, 0.5)) if has_picture else 0
    high = top + tall + shown + 150 + margin
    page = backdrop(dice, (width, high), look.ground, mix(look.ground, look.accent, 0.5))
    page.box(margin, margin, width - 2 * margin, high - 2 * margin, look.card, radius if margin else 0)
    _author(page, dice, look, margin, word.shown if is_author else dice.choice(FIRST))
    for row, line in enumerate(lines):
        page.write(margin + 42, top + size * (1 + row * 1.42), line, look.face, size, look.ink)
    if shown:
        page.place(art(dice, (width - 2 * margin - 84, shown)), margin + 42, top + tall + 14, 18)
    _counts(page, dice, look, margin, high - margin - 44)
    return page.image


def _author(page: Page, dice: Random, look: Look, margin: int, name: str) -> None:
    x, y, width, full = margin + 76, margin + 70, page.image.width, f"{name} {dice.choice(LAST)}"
    _avatar(page, dice, x, y, 34, name)
    page.write(x + 50, y - 14, full, look.bold, 26, look.ink, "lm")
    page.write(
        x + 50, y + 17, f"@{full.lower().replace(' ', dice.choice(('', '_', '.')))}", look.face, 20, look.faint, "lm"
    )
    emblem(page, dice, width - margin - 66, y - 10, 19, look.accent, look.second)
    page.write(width - margin - 98, y - 8, dice.choice(APPS), look.face, 18, look.faint, "rm")


def _counts(page: Page, dice: Random, look: Look, margin: int, y: float) -> None:
    width, x = page.image.width, margin + 42.0
    when = (
        f"{clock(dice)}  {dice.randint(1, 28)} {dice.choice(('Jan', 'Apr', 'Jul', 'Oct'))} {dice.randint(2022, 2026)}"
    )
    page.write(x, y - 46, when, look.face, 18, look.faint)
    page.box(x, y - 30, width - 2 * margin - 84, 1, mix(look.card, look.faint, 0.4))
    for kind in range(4):
        r, colour = 9, look.accent if kind == 2 else look.faint
        if kind == 2:
            page.shape(
                [(x, y), (x + r, y + 9), (x + 2 * r, y), (x + 1.5 * r, y - 7), (x + r, y - 3), (x + r / 2, y - 7)],
                colour,
            )
        else:
            page.frame(x, y - 9, 18, 18, colour, 2, (9, 3, 0, 5)[kind])
        page.write(x + 28, y, count(dice), look.face, 19, look.faint, "lm")
        x += (width - 2 * margin - 84) / 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a slide says; the bars are shares of the chart's height."""

    headline: str
    points: tuple[str, ...]
    bars: tuple[float, ...]
    number: int


def slide(dice: Random) -> Twins:
    """Another slide of the same deck: same template, logo and footer, another headline, points and chart."""
    points, bars = dice.randint(3, 4), dice.randint(4, 7)
    headlines, said, numbers = dice.sample(HEADLINES, 2), dice.sample(BULLETS, 2 * points), dice.sample(range(2, 40), 2)
    one, other = (
        Told(
            headline=headlines[at],
            points=tuple(said[at * points : (at + 1) * points]),
            bars=tuple(dice.uniform(0.15, 1) for _ in range(bars)),
            number=numbers[at],
        )
        for at in (0, 1)
    )
    return twins_of(dice, _slide, (one, other), f"the slide: {one.headline} became {other.headline}")


def _slide(dice: Random, told: Told) -> Image.Image:
    look, width = palette(dice, 0.35), dice.randint(900, 1100)
    high = round(width * dice.choice((9 / 16, 9 / 16, 3 / 4)))
    page = backdrop(dice, (width, high), look.card, mix(look.card, look.ground, 0.8))
    left, top, ink = _template(page, dice, look)
    size = fitted(look.bold, dice.randint(42, 56), width * 0.6, *HEADLINES)
    page.write(left, top, told.headline, look.bold, size, ink)
    has_chart = dice.random() < 0.55
    room, y = (width - left) * (0.5 if has_chart else 0.85), high * 0.36
    size = fitted(look.face, dice.randint(26, 34), room - 40, *BULLETS)
    mark, step = dice.randrange(3), high * 0.5 / len(told.points)
    for row, point in enumerate(told.points):
        _bullet(page, (left + 12, y + row * step - size * 0.33), mark, look)
        page.write(left + 40, y + row * step, point, look.face, size, look.ink)
    if has_chart:
        _bars(page, look, told.bars, (left + room + 30, high * 0.3, width - left - room - 90, high * 0.5))
    _slide_foot(page, dice, look, left, told.number)
    return page.image


def _template(page: Page, dice: Random, look: Look) -> tuple[float, float, str]:
    """What every slide of a deck has; gives where the headline begins, and its colour."""
    (width, high), kind = page.image.size, dice.randrange(4)
    other = mix(look.accent, look.second, 0.6)
    if kind == 0:
        page.shade(0, 0, width, high * 0.22, 0, look.accent, other, across=True)
        return width * 0.06, high * 0.145, "#ffffff"
    if kind == 1:
        page.shade(0, 0, width * 0.1, high, 0, look.accent, other)
    elif kind == 2:
        page.shape([(width * 0.74, 0), (width, 0), (width, high * 0.3)], look.accent, other)
        page.shape([(0, high * 0.86), (0, high), (width * 0.4, high)], mix(look.card, look.second, 0.5))
    else:
        page.shape(ring(width, 0, high * 0.32, high * 0.32), mix(look.card, look.accent, 0.5))
        page.box(width * 0.06, high * 0.19, width * 0.16, 5, look.accent)
    return width * (0.14 if kind == 1 else 0.06), high * 0.16, look.ink


def _bullet(page: Page, at: tuple[float, float], mark: int, look: Look) -> None:
    x, y = at
    if mark == 0:
        page.circle(x, y, 8, look.accent)
    elif mark == 1:
        page.box(x - 7, y - 7, 14, 14, look.accent, 2)
    else:
        page.shape([(x - 7, y - 9), (x + 9, y), (x - 7, y + 9)], look.second)


def _bars(page: Page, look: Look, bars: Sequence[float], area: tuple[float, float, float, float]) -> None:
    (x, y, wide, high), step = area, area[2] / len(bars)
    for row in range(5):
        page.box(x, y + high * row / 4, wide, 1, mix(look.card, look.faint, 0.5))
    for at, bar in enumerate(bars):
        tall = high * bar
        colours = (look.accent, mix(look.accent, "#000000", 0.2)) if at % 2 else (look.second, look.second)
        page.shade(x + at * step + step * 0.16, y + high - tall, step * 0.68, tall, 4, *colours)


def _slide_foot(page: Page, dice: Random, look: Look, left: float, number: int) -> None:
    (width, high), firm = page.image.size, dice.choice(MAKERS)
    emblem(page, dice, width - 60, high * 0.1, 24, look.second, mix(look.accent, "#ffffff", 0.7))
    page.write(left, high * 0.95, f"{firm}  |  Quarterly review  |  Confidential", look.face, 17, look.faint)
    page.write(width - 40, high * 0.95, str(number), look.bold, 20, look.faint, "rs")


FAMILIES: Sequence[Family] = (
    Family(name="chat_one_word", draw=chat_one_word),
    Family(name="social_post_one_word", draw=social_post_one_word),
    Family(name="slide", draw=slide),
    Family(name="event_poster", draw=event_poster),
)
