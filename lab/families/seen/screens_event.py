"""The event_poster of `lab.families.seen.screens`, and the drawn pictures of posters and posts."""

from datetime import date
from math import pi, sin
from random import Random

from PIL import Image

from lab.drawings.kit import gradient, mix, ring, smooth, star
from lab.families.kit import Twins
from lab.families.seen.papers_kit import Look, Page, Size, any_size, day, fitted, palette, portrait, twins_of
from lab.families.seen.papers_words import BANDS, CITIES, EVENTS, MAKERS


def event_poster(dice: Random) -> Twins:
    """The poster of an event in another city, on another day, or both."""
    form = dice.choice(("%d %B", "%a %d %b %Y", "%d.%m.%Y", "%B %d, %Y", "%A %d.%m."))
    days = [date(*day(dice)).strftime(form).upper() for _ in range(2)]
    while days[0] == days[1]:
        days[1] = date(*day(dice)).strftime(form).upper()
    cities, kind = dice.sample(CITIES, 2), dice.choice(("date", "city", "both"))
    one = (days[0], cities[0].upper())
    other = (days[0] if kind == "city" else days[1], (cities[0] if kind == "date" else cities[1]).upper())
    changed = [f"{a} became {b}" for a, b in zip(one, other, strict=True) if a != b]
    return twins_of(dice, _event, (one, other), f"of the event: {', '.join(changed)}")


def _event(dice: Random, shown: tuple[str, str]) -> Image.Image:
    size = dice.choice((portrait, portrait, any_size))(dice)
    page, (width, high) = Page(art(dice, size)), size
    face, ink = dice.choice(("bold", "serif-bold", "times-bold", "mono")), dice.choice(("#ffffff", "#fff2b8"))
    x, anchor = dice.choice(((width / 2, "ms"), (width * 0.07, "ls")))
    y = high * dice.choice((0.56, 0.16))
    band, margin = dice.choice(("#00000000", "#00000077", "#101018ff", "#5a0d2bcc")), dice.choice((0, 24))
    page.box(margin, y - high * 0.12, width - 2 * margin, high * 0.43, band, margin / 2)
    when = min(fitted(face, 64, width * 0.8, "WEDNESDAY 30.10."), round(high * 0.08))
    page.write(x, y + high * 0.1, shown[0], face, when, mix(ink, "#ffb020", 0.6), anchor, 2, "#000000")
    where = min(fitted(face, 54, width * 0.6, "AUCKLAND"), round(high * 0.07))
    page.write(x, y + high * 0.19, shown[1], face, where, ink, anchor, 2, "#000000")
    _billed(page, dice, (x, y), (face, ink, anchor))
    page.grain(dice, dice.uniform(0, 6))
    return page.image


def _billed(page: Page, dice: Random, at: tuple[float, float], pen: tuple[str, str, str]) -> None:
    """The event's name, who plays, and where the tickets are."""
    (width, high), (x, y), (face, ink, anchor), edge = page.image.size, at, pen, "#000000"
    room, bands = width * 0.86, "  /  ".join(dice.sample(BANDS, 3))
    page.squeezed(x, y, dice.choice(EVENTS), face, 96, room, ink, anchor, 2, edge)
    page.squeezed(x, y + high * 0.27, bands, "sans", 26, room, ink, anchor, 1, edge)
    foot = f"Doors {dice.randint(16, 21)}:00   Tickets at {dice.choice(MAKERS).lower().replace(' ', '')}.example"
    page.squeezed(x, high * 0.96, foot, "sans", 24, room, ink, anchor, 2, edge)


def art(dice: Random, size: Size) -> Image.Image:
    """A drawn picture: rings, hills under a sun, woods, a skyline, or tiles."""
    look, kind = palette(dice, 0.7), dice.randrange(5)
    page = Page(gradient(size, look.ground, look.accent, look.second))
    if kind == 0:
        _rings(page, dice, look)
    elif kind == 1:
        _skyline(page, dice, look)
    elif kind == 2:
        _tiles(page, dice, look)
    else:
        _hills(page, dice, look, dice.uniform(1, 3) if kind == 3 else dice.uniform(4, 9))
    return page.image


def _rings(page: Page, dice: Random, look: Look) -> None:
    width, high = page.image.size
    x, y, count = dice.uniform(0.2, 0.8) * width, dice.uniform(0.3, 0.7) * high, dice.randint(5, 12)
    for step in range(count, 0, -1):
        r = step * max(width, high) * 0.7 / count
        page.shape(ring(x, y, r, r), mix(look.accent, look.second, step % 3 / 2), mix(look.ground, look.second, 0.5))


def _tiles(page: Page, dice: Random, look: Look) -> None:
    (width, high), step = page.image.size, dice.randint(90, 190)
    colours = (look.accent, look.second, look.card, mix(look.accent, "#ffd84d", 0.6), mix(look.second, "#000000", 0.4))
    for y in range(0, high, step):
        for x in range(0, width, step):
            page.box(x, y, step, step, dice.choice(colours))
            right, down, first = dice.choice(((0, 0, 0), (1, 0, 90), (1, 1, 180), (0, 1, 270)))
            middle = (x + right * step, y + down * step)
            page.shape([middle, *ring(*middle, step, step, 0, first, first + 90)], dice.choice(colours))


def _hills(page: Page, dice: Random, look: Look, rough: float) -> None:
    (width, high), r = page.image.size, dice.uniform(0.1, 0.22)
    sun = ring(width * dice.uniform(0.2, 0.8), high * dice.uniform(0.2, 0.4), high * r, high * r)
    page.shape(sun, "#ffe9a8", look.second)
    for layer in range(5):
        level, swing, phase = high * (0.45 + layer * 0.11), high * dice.uniform(0.02, 0.09), dice.uniform(0, 2 * pi)
        crest = [(x, level + swing * sin(phase + rough * 2 * pi * x / width)) for x in range(0, width + 20, 20)]
        colour = mix(mix(look.accent, look.second, layer / 5), look.ground, layer / 6)
        page.shape([*crest, (width, high), (0, high)], colour, mix(colour, "#000000", 0.3))


def _skyline(page: Page, dice: Random, look: Look) -> None:
    width, high = page.image.size
    for _ in range(60):
        x, y, r = dice.uniform(0, width), dice.uniform(0, high * 0.5), dice.uniform(1, 4)
        page.shape(star(x, y, r * 2, r * 0.6, 4), "#ffffff")
    x = -20.0
    while x < width:
        wide, tall = dice.uniform(40, 110), dice.uniform(0.2, 0.6) * high
        page.shade(x, high - tall, wide, tall, 0, mix(look.ground, "#000000", 0.3), mix(look.ground, "#000000", 0.7))
        for row in range(int(tall // 34)):
            for column in range(int(wide // 22)):
                if dice.random() < 0.4:
                    page.box(x + 6 + column * 22, high - tall + 10 + row * 34, 10, 16, "#ffd978")
        x += wide + dice.uniform(-6, 10)
    page.curves([smooth([(0, high * 0.4), (width * 0.5, high * 0.3), (width, high * 0.45)])], look.second, 4)
