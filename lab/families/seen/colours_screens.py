"""Screens on which a colour says something: the grid, the words and the numbers stay.

activity_grid   a calendar of small squares             another year, a few weeks, or another scheme of colours
status_lights   a board of services, rooms or machines  one to four lamps
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

import numpy as np
from PIL import Image

from core.types import What
from lab.drawings.kit import gradient, mix, ring
from lab.edits.words import clock, name, phrase
from lab.families.kit import Family, Twins
from lab.families.seen.colours_paint import another, named, painted
from lab.families.seen.products_pens import Pens, coined, hsl, ink_on

FACES = ("plain", "sans", "bold", "mono", "serif", "plain")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The colours and the typeface of an app."""

    ground: str
    card: str
    ink: str
    pale: str
    accent: str
    face: str


def screen_of(dice: Random) -> Screen:
    """A dark or a light app."""
    dark, hue = dice.random() < 0.45, dice.uniform(0, 360)
    ground = hsl(hue, dice.uniform(0.05, 0.3), dice.uniform(0.06, 0.16) if dark else dice.uniform(0.9, 0.97))
    card = mix(ground, "#ffffff", 0.06 if dark else 0.75)
    ink = ink_on(ground)
    accent = hsl(hue + dice.choice((0, 150, 210)), 0.7, 0.6 if dark else 0.4)
    return Screen(ground=ground, card=card, ink=ink, pale=mix(ink, card, 0.45), accent=accent, face=dice.choice(FACES))


def opened(dice: Random, size: tuple[int, int], screen: Screen) -> Pens:
    """A window, a bare page, or a page with a wash of colour."""
    kind = dice.choice(("bare", "wash", "window"))
    ground = Image.new("RGB", size, screen.ground)
    if kind == "wash":
        ground = gradient(size, screen.ground, mix(screen.ground, screen.accent, 0.25))
    pens = Pens(ground, dice.getrandbits(32))
    if kind == "window":
        pens.rect(0, 0, size[0], size[1] * 0.045, mix(screen.ground, screen.ink, 0.14))
        for step, colour in enumerate(("#ec6a5e", "#f4bf4f", "#61c554")):
            pens.circle(size[1] * (0.03 + 0.035 * step), size[1] * 0.0225, size[1] * 0.011, colour)
    return pens


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Squares in weeks (columns) and days (rows), and how they are drawn."""

    left: float
    top: float
    step: float
    rows: int
    columns: int
    radius: float
    gap: float
    empty: str


type Levels = np.ndarray[tuple[int, int], np.dtype[np.int64]]
type Filled = tuple[Levels, Sequence[str]]


def activity_grid(dice: Random) -> Twins:
    """A grid of days, darker where more was done: another year, a few weeks, or another scheme of colours."""
    columns, rows = dice.choice(((53, 7), (40, 7), (26, 7), (18, 7), (31, 12), (24, 7), (12, 10)))
    wide = dice.choice((720, 800, 900, 1000, 1100))
    step = wide * 0.86 / columns
    height = min(1000, max(300, round(step * rows + wide * 0.27)))
    screen = screen_of(dice)
    pens, year = opened(dice, (wide, height), screen), _year(dice, screen, wide, height, rows, columns)
    _around_year(dice, pens, year, screen)
    one = (_levels(dice, rows, columns), _scheme(dice, screen, year.empty))
    other, says = _other_year(dice, one, year.empty)
    pictures = painted(pens, partial(_days, year=year), (one, other), 0)
    return Twins(reference=pictures[0], query=pictures[1], differs=What.COLOUR, says=says)


def _year(dice: Random, screen: Screen, wide: int, height: int, rows: int, columns: int) -> Year:
    step = min(wide * 0.86 / columns, height * 0.62 / rows)
    return Year(
        left=wide * 0.09 + (wide * 0.86 - step * columns) / 2,
        top=height * 0.56 - step * rows / 2,
        step=step,
        rows=rows,
        columns=columns,
        radius=dice.choice((0, 0.2, 0.45)),
        gap=dice.choice((0.1, 0.18, 0.25)),
        empty=mix(screen.card, screen.ink, 0.1),
    )


def _levels(dice: Random, rows: int, columns: int) -> Levels:
    """From 0, nothing, to 4: busy stretches, quiet stretches, and weekends."""
    rng = np.random.default_rng(dice.getrandbits(64))
    mood = np.interp(np.arange(columns), np.linspace(0, columns, 7), rng.uniform(-0.1, 1, 7))
    busy = mood[None] * rng.uniform(0, 1.3, (rows, columns))
    busy[[0, -1]] *= dice.choice((0.3, 0.6, 1))
    return np.clip(busy * 5, 0, 4).astype(np.int64)


def _scheme(dice: Random, screen: Screen, empty: str) -> list[str]:
    """Nothing and four steps of one hue, or of two that meet."""
    hue, turn = dice.uniform(0, 360), dice.choice((0, 0, 50, -60))
    lights = (0.3, 0.4, 0.5, 0.62) if ink_on(screen.card) == "#f8f6f0" else (0.78, 0.62, 0.46, 0.3)
    return [empty, *(hsl(hue + turn * n / 3, 0.65, light) for n, light in enumerate(lights))]


def _other_year(dice: Random, filled: Filled, empty: str) -> tuple[Filled, str]:
    levels, scheme = filled
    change = dice.choice(("year", "weeks", "scheme"))
    if change == "scheme":
        strongest = another(dice, scheme[3])
        shares = (0.35, 0.6, 0.8, 1.0)
        return (
            levels,
            [empty, *(mix(empty, strongest, share) for share in shares)],
        ), "the scheme of colours is another one"
    fresh = _levels(dice, *levels.shape)
    if change == "weeks":
        count = max(2, levels.shape[1] // 6)
        at, kept = dice.randrange(levels.shape[1] - count + 1), levels.copy()
        kept[:, at : at + count] = (levels[:, at : at + count] + dice.choice((2, 3))) % 5
        return (kept, scheme), f"the days of {count} columns are other ones"
    return (fresh, scheme), "the days of the whole grid are other ones"


def _around_year(dice: Random, pens: Pens, year: Year, screen: Screen) -> None:
    wide, high = pens.width, pens.height
    if dice.random() < 0.6:
        pens.rect(wide * 0.02, high * 0.06, wide * 0.96, high * 0.9, screen.card, 14)
    title = dice.choice((f"{name(dice)}'s year", f"{coined(dice)} activity", f"{phrase(dice, 1, 2).title()} streak"))
    size = min(wide * 0.032, high * 0.085)
    pens.letters(wide * 0.05, high * 0.13, title, screen.face, size, screen.ink, anchor="lm")
    first = dice.randrange(12)
    for step in range(year.columns * 12 // 53 + 1 if year.rows == 7 else 0):
        x = year.left + step * year.step * 4.4
        if x < wide * 0.9:
            month = MONTHS[(first + step) % 12]
            pens.letters(x, year.top - size * 0.6, month, screen.face, size * 0.5, screen.pale, anchor="lm")
    for row, day in ((1, "Mon"), (3, "Wed"), (5, "Fri")):
        y = year.top + (row + 0.5) * year.step
        pens.letters(year.left - 6, y, day, screen.face, min(size * 0.5, year.step), screen.pale, anchor="rm")
    pens.letters(wide * 0.05, high * 0.92, phrase(dice, 3, 5), screen.face, size * 0.6, screen.pale, anchor="lm")


def _days(pens: Pens, filled: Filled, year: Year) -> None:
    levels, scheme = filled
    side = year.step * (1 - year.gap)
    for row in range(year.rows):
        for column in range(year.columns):
            x, y = year.left + column * year.step, year.top + row * year.step
            pens.rect(x, y, side, side, scheme[int(levels[row, column])], side * year.radius)


LAMPS = ("#2fa84f", "#e9b51c", "#d8342c", "#9aa0a8")
SAID = ("Running", "Slow", "Down", "Paused")
THINGS = ("Login", "Search", "Payments", "Mail", "Storage", "Gateway", "Reports", "Backups", "Sync", "Maps", "Chat")
ROOMS = ("Room", "Pump", "Line", "Gate", "Printer", "Lift", "Oven", "Dock", "Sensor", "Bay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board of things in columns and rows, each with a lamp; worded says the lamp's meaning beside it."""

    names: Sequence[str]
    columns: int
    lamp: str
    worded: bool
    top: float
    high: float


def status_lights(dice: Random) -> Twins:
    """A board of lamps, of which some have another colour."""
    size = dice.choice(((900, 640), (720, 900), (800, 800), (1000, 620), (560, 840)))
    screen = screen_of(dice)
    pens, board = opened(dice, size, screen), _board(dice, size)
    _header(dice, pens, screen, board)
    lights = [dice.choice((0, 0, 0, 0, 1, 2, 3)) for _ in board.names]
    turned = dice.sample(range(len(lights)), min(len(lights), dice.choice((1, 1, 2, 4))))
    others = [
        dice.choice([n for n in range(4) if n != light]) if at in turned else light for at, light in enumerate(lights)
    ]
    one, two = painted(pens, partial(_lit, board=board, screen=screen), (lights, others), 0)
    return Twins(reference=one, query=two, differs=What.COLOUR, says=_lamps(board, lights, others, turned))


def _lamps(board: Board, lights: Sequence[int], others: Sequence[int], turned: Sequence[int]) -> str:
    told = [f"{board.names[n]}: {named(LAMPS[lights[n]])} became {named(LAMPS[others[n]])}" for n in turned]
    return "the lamp of " + ", of ".join(told)


def _board(dice: Random, size: tuple[int, int]) -> Board:
    columns = dice.choice((1, 1, 2) if size[0] < size[1] else (1, 2, 3, 4))
    rows = dice.randint(4, 8) if columns == 1 else dice.randint(3, 5)
    names = dice.sample(THINGS, len(THINGS)) if columns * rows <= len(THINGS) and dice.random() < 0.6 else []
    kind = dice.choice(ROOMS)
    names = (names or [f"{kind} {n + 1}" for n in range(columns * rows)])[: columns * rows]
    top, lamp = size[1] * 0.2, dice.choice(tuple(LAMP_KINDS))
    worded = dice.random() < 0.4
    return Board(names=names, columns=columns, lamp=lamp, worded=worded, top=top, high=size[1] * 0.72 / rows)


def _header(dice: Random, pens: Pens, screen: Screen, board: Board) -> None:
    wide, high = pens.width, pens.height
    title = f"{coined(dice)} {dice.choice(('status', 'control room', 'system health', 'plant overview'))}"
    pens.letters(wide * 0.05, high * 0.11, title, screen.face, high * 0.042, screen.ink, anchor="lm", room=wide * 0.6)
    when = f"Updated {clock(dice)}"
    pens.letters(wide * 0.95, high * 0.11, when, screen.face, high * 0.022, screen.pale, anchor="rm")
    notes = [phrase(dice, 2, 4) for _ in board.names]
    for at, (x, y, cell) in enumerate(_cells(pens, board)):
        pens.rect(x, y, cell, board.high * 0.88, screen.card, board.high * 0.1)
        mid, size, room = (
            y + board.high * 0.44,
            min(board.high * 0.26, cell * 0.085),
            cell * (0.35 if board.worded else 0.47),
        )
        pens.letters(
            x + cell * 0.05, mid - size * 0.4, board.names[at], screen.face, size, screen.ink, anchor="lm", room=room
        )
        pens.letters(
            x + cell * 0.05,
            mid + size * 0.75,
            notes[at],
            screen.face,
            size * 0.6,
            screen.pale,
            anchor="lm",
            room=room,
        )


def _cells(pens: Pens, board: Board) -> list[tuple[float, float, float]]:
    """Left, top and width of each."""
    wide = pens.width * 0.92 / board.columns
    spots = [divmod(at, board.columns) for at in range(len(board.names))]
    return [(pens.width * 0.04 + column * wide, board.top + row * board.high, wide * 0.96) for row, column in spots]


def _lit(pens: Pens, lights: Sequence[int], board: Board, screen: Screen) -> None:
    for light, (x, y, cell) in zip(lights, _cells(pens, board), strict=True):
        mid, r = y + board.high * 0.44, min(board.high * 0.22, cell * (0.07 if board.worded else 0.09))
        LAMP_KINDS[board.lamp](pens, x + cell * 0.94 - r, mid, r, light)
        if board.worded:
            size = r * 0.75
            room = cell * 0.18
            pens.letters(
                x + cell * 0.9 - r * 3.6, mid, SAID[light], screen.face, size, screen.pale, anchor="rm", room=room
            )


def _dot(pens: Pens, x: float, y: float, r: float, light: int) -> None:
    pens.glow(x, y, r * 2.2, LAMPS[light], 0.5)
    pens.circle(x, y, r * 0.8, LAMPS[light])
    pens.polygon(ring(x - r * 0.2, y - r * 0.3, r * 0.3, r * 0.2), "#ffffff70")


def _pill(pens: Pens, x: float, y: float, r: float, light: int) -> None:
    pens.rect(x - r * 2.4, y - r * 0.7, r * 3.4, r * 1.4, LAMPS[light], r * 0.7)


def _bar(pens: Pens, x: float, y: float, r: float, light: int) -> None:
    pens.rect(x + r * 0.4, y - r * 1.7, r * 0.55, r * 3.4, LAMPS[light], r * 0.2)


def _three(pens: Pens, x: float, y: float, r: float, light: int) -> None:
    """Three lamps in a case, of which one is lit, or none."""
    pens.rect(x - r * 3.1, y - r * 0.85, r * 4.2, r * 1.7, "#24262b", r * 0.5)
    for at in range(3):
        colour = LAMPS[2 - at] if light == 2 - at else mix(LAMPS[2 - at], "#24262b", 0.8)
        pens.circle(x - r * 2.35 + at * r * 1.35, y, r * 0.6, colour)


LAMP_KINDS: Mapping[str, Callable[[Pens, float, float, float, int], None]] = {
    "dot": _dot,
    "pill": _pill,
    "bar": _bar,
    "three": _three,
}


FAMILIES: Sequence[Family] = (
    Family(name="activity_grid", draw=activity_grid),
    Family(name="status_lights", draw=status_lights),
)
