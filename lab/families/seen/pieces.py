"""Games with small pieces: the same board or table with other discs, flags or pips.

disc_drop    some discs of a hanging board              small to middling
mine_field   flags and opened cells                     small to large
dice_tray    pips, places or colours of dice, dominoes  small to large
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import mix, ring, star
from lab.families.kit import Family, Twins
from lab.families.seen.papers_kit import Look, Page, any_size, hsl, palette, twins_of, two
from lab.families.seen.pieces_kit import Cell, ground, segments, table, tile

DISCS = (
    *(("#d92b2b", "#f4c81f"), ("#e8e4d8", "#22242c"), ("#e2572b", "#2b8fd9"), ("#8d3fd1", "#3fc98a")),
    *(("#c4334f", "#f0ead8"), ("#f2a03d", "#2e4057"), ("#e85d9c", "#5de8d0"), ("#b7410e", "#f7e26b")),
)
DOMINOES = (("#f5efdf", "#1b1b1b"), ("#1d1f24", "#f4f0e6"), ("#7a1f26", "#f6ead0"), ("#2a5a48", "#ffffff"))
GAMES = ("FOUR UP", "Dropline", "Row of Four", "Discfall", "GRAVITY 4", "Vier!", "Stackers")
FIELDS = ("Fieldwork", "SWEEPER", "Boomless", "Mine Garden", "Tread Softly")
NUMBERS = ("#2449d8", "#2b8a3e", "#d6322b", "#1f2a78", "#7c2318", "#1d8a8f", "#222222", "#777777")
STEPS = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0))
PIPS: Sequence[Sequence[Cell]] = (
    *((), ((0, 0),), ((-1, -1), (1, 1)), ((-1, -1), (0, 0), (1, 1)), ((-1, -1), (1, -1), (-1, 1), (1, 1))),
    ((-1, -1), (1, -1), (0, 0), (-1, 1), (1, 1)),
    ((-1, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (1, 1)),
)

type Move = tuple[int, int]
type Game = tuple[Cell, Sequence[Move]]
type Field = Mapping[Cell, str]


def disc_drop(dice: Random) -> Twins:
    """A board of hanging discs in which one to three discs are added, elsewhere or of the other colour."""
    size = dice.choice(((7, 6), (7, 6), (6, 5), (8, 7), (10, 8)))
    moves = _moves(dice, size, dice.randint(7, size[0] * size[1] - 8), ())
    count, kind = dice.randint(1, 3), dice.choice(("added", "elsewhere", "recoloured", "removed"))
    if kind == "recoloured":
        chosen = dice.sample(range(len(moves)), count)
        other = [(column, 1 - side if at in chosen else side) for at, (column, side) in enumerate(moves)]
    elif kind == "elsewhere":
        moves, other = two(dice, lambda roll: _moves(roll, size, count, moves[:-count]))
    else:
        other = _moves(dice, size, count, moves) if kind == "added" else moves[:-count]
    return twins_of(dice, _hanging, ((size, moves), (size, other)), f"the discs: {count} {kind}", What.PICTURE)


def _moves(dice: Random, size: Cell, count: int, first: Sequence[Move]) -> list[Move]:
    """The column and the player of each disc, by turns, after the first ones."""
    moves = list(first)
    for _ in range(count):
        heights = [sum(move[0] == column for move in moves) for column in range(size[0])]
        free = [column for column, high in enumerate(heights) if high < size[1]]
        moves.append((dice.choice(free), len(moves) % 2))
    return moves


def _hanging(dice: Random, game: Game) -> Image.Image:
    ((columns, rows), moves), look, size = game, palette(dice, 0.5), any_size(dice)
    page, (width, high) = ground(dice, size, look), size
    cell = min(width * dice.uniform(0.7, 0.94) / columns, high * 0.76 / rows)
    x, y = (width - cell * columns) / 2, high * 0.92 - cell * rows
    _title(page, dice, look, y)
    rim, board = cell * 0.12, hsl(dice.random(), dice.uniform(0.1, 0.8), dice.uniform(0.2, 0.55))
    page.shadow(x - rim, y - rim, columns * cell + 2 * rim, rows * cell + 2 * rim, 14, 0.5)
    radius = dice.uniform(0, 0.4) * cell
    page.shade(
        x - rim, y - rim, columns * cell + 2 * rim, rows * cell + 2 * rim, radius, board, mix(board, "#000", 0.3)
    )
    colours, style, hole = dice.choice(DISCS), dice.randrange(4), dice.choice(("#e9edf2", "#12151c", look.ground))
    levels = [0] * columns
    spots = {(column, row): hole for column in range(columns) for row in range(rows)}
    for column, side in moves:
        spots[column, rows - 1 - levels[column]] = colours[side]
        levels[column] += 1
    for (column, row), colour in spots.items():
        _disc(page, (x + (column + 0.5) * cell, y + (row + 0.5) * cell, cell * 0.4), colour, style, colour != hole)
    return page.image


def _title(page: Page, dice: Random, look: Look, room: float) -> None:
    """The game's name above the board, on a ribbon."""
    width, size = page.image.width, round(room * 0.38)
    if dice.random() < 0.25:
        return
    page.box(width * 0.08, room * 0.16, width * 0.84, room * 0.56, look.card, dice.choice((0, 10, 24)))
    page.squeezed(width / 2, room * 0.44, dice.choice(GAMES), look.bold, size, width * 0.7, look.ink)


def _disc(page: Page, at: tuple[float, float, float], colour: str, style: int, is_there: bool) -> None:
    x, y, r = at
    page.circle(x, y, r, mix(colour, "#000000", 0.25) if is_there else colour)
    if not is_there:
        return
    page.circle(x, y, r * 0.9, colour)
    if style == 1:
        page.shape(ring(x, y, r * 0.62, r * 0.62), mix(colour, "#000000", 0.18))
    elif style == 2:
        page.shape(star(x, y, r * 0.6, r * 0.27, 5), mix(colour, "#ffffff", 0.4))
    elif style == 3:
        page.glow(x - r * 0.25, y - r * 0.3, r * 0.7, r * 0.6, "#ffffff", 0.8)


def mine_field(dice: Random) -> Twins:
    """A field of mines with one to three flags more or elsewhere, or with more of its cells open."""
    size = dice.choice(((9, 9), (8, 10), (12, 10), (10, 14), (16, 13)))
    mines = _mines(dice, size)
    free = [spot for spot in _every(size) if spot not in mines]
    clicks = dice.sample(free, dice.randint(5, 9))
    kind, count = dice.choice(("flags", "flags", "opened")), dice.randint(1, 3)
    opened = _opened(size, mines, clicks)
    if kind == "opened":
        shut = [spot for spot in free if spot not in opened]
        later = _opened(size, mines, [*clicks, *dice.sample(shut, min(len(shut), count))])
        return _fields(dice, size, opened, later, "the opened cells: some more")
    closed = [spot for spot in _every(size) if spot not in opened]
    flags = dice.sample(sorted(closed), min(len(closed), 4 + 2 * count))
    one, other = flags[:4], dice.choice((flags[: 4 + count], [*flags[count:4], *flags[4 : 4 + count]]))
    shown = ({**opened, **dict.fromkeys(chosen, "F")} for chosen in (one, other))
    return _fields(dice, size, next(shown), next(shown), f"the flags: {count} more or elsewhere")


def _fields(dice: Random, size: Cell, one: Field, other: Field, says: str) -> Twins:
    if one == other:
        other = {**one, next(spot for spot in _every(size) if one.get(spot, "") != "F"): "F"}
    return twins_of(dice, _field, ((size, one), (size, other)), says, What.PICTURE)


def _every(size: Cell) -> Sequence[Cell]:
    return [(column, row) for row in range(size[1]) for column in range(size[0])]


def _mines(dice: Random, size: Cell) -> set[Cell]:
    return set(dice.sample(_every(size), round(size[0] * size[1] * dice.uniform(0.13, 0.2))))


def _opened(size: Cell, mines: set[Cell], clicks: Sequence[Cell]) -> dict[Cell, str]:
    """The cells that are open after these clicks, with the number of mines around each."""
    found, waiting = dict[Cell, str](), list(clicks)
    while waiting:
        x, y = spot = waiting.pop()
        if spot in found or spot in mines or not (0 <= x < size[0] and 0 <= y < size[1]):
            continue
        around = [(x + right, y + down) for right, down in STEPS]
        found[spot] = str(sum(near in mines for near in around))
        waiting += around if found[spot] == "0" else []
    return found


def _field(dice: Random, shown: tuple[Cell, Field]) -> Image.Image:
    ((columns, rows), field), look = shown, palette(dice, 0.4)
    cell, rim, style = dice.randint(600, 900) // max(columns, rows), dice.choice((14, 26, 60)), dice.randrange(3)
    bar = dice.choice((0, 70, 110))
    size = (columns * cell + 2 * rim, rows * cell + 2 * rim + bar)
    page = ground(dice, size, look)
    if bar:
        _counters(page, dice, look, (rim, bar))
    shut, opened = _field_colours(dice, look, style)
    face, hue = dice.choice(("bold", "bold", "plain", "mono")), dice.choice(("#e02b20", "#f08c1a", "#7b2fd0"))
    for column, row in _every((columns, rows)):
        x, y, sign = rim + column * cell, rim + bar + row * cell, field.get((column, row), "")
        parity = 0.0 if style != 1 else 0.07 * ((column + row) % 2)
        _lid(page, (x, y, cell), mix(opened if sign.isdigit() else shut, "#000000", parity), style, sign)
        if sign == "F":
            _flag(page, x + cell * 0.5, y + cell * 0.5, cell, hue)
        elif sign and sign != "0":
            ink = NUMBERS[int(sign) - 1] if not look.is_dark or style == 0 else mix(NUMBERS[int(sign) - 1], "#fff", 0.5)
            page.write(x + cell / 2, y + cell / 2, sign, face, round(cell * 0.6), ink, "mm")
    return page.image


def _field_colours(dice: Random, look: Look, style: int) -> tuple[str, str]:
    """Of closed and of open cells."""
    if style == 0:
        return "#c3c3c3", "#b4b4b4"
    return mix(look.accent, look.card, dice.uniform(0.1, 0.6)), mix(look.card, look.accent, 0.06)


def _counters(page: Page, dice: Random, look: Look, at: tuple[int, int]) -> None:
    """How many mines there are and how long it has taken so far, which tells nothing of the flags."""
    (rim, bar), width = at, page.image.width
    high = bar * 0.5
    for x in (rim, width - rim - high * 1.7):
        page.box(x, rim * 0.5 + bar * 0.25 - high * 0.1, high * 1.7, high * 1.2, "#140404", 4)
        text = f"{dice.randint(10, 420):03d}"
        segments(page, (x + 4, rim * 0.5 + bar * 0.25, high * 1.7 - 8, high), text, "#ff3b28", "#3a0c08")
    name, room = dice.choice(FIELDS), width - 2 * rim - high * 4
    page.squeezed(width / 2, rim * 0.5 + bar * 0.5, name, look.bold, round(high * 0.7), room, look.ink)


def _lid(page: Page, at: tuple[float, float, float], colour: str, style: int, sign: str) -> None:
    """A cell of the field: raised as long as it is closed, or flat with a fine line."""
    x, y, cell = at
    is_open = sign.isdigit()
    page.box(x, y, cell, cell, mix(colour, "#000000", 0.3 if style != 1 else 0))
    if style == 0 and not is_open:
        edge = max(2, cell // 10)
        page.pen.polygon([(x, y), (x + cell - 1, y), (x, y + cell - 1)], fill=mix(colour, "#ffffff", 0.8))
        page.box(x + edge, y + edge, cell - 2 * edge, cell - 2 * edge, colour)
    elif style != 1:
        page.box(x, y, cell - 1, cell - 1, colour, 0 if is_open else cell * 0.16)


def _flag(page: Page, x: float, y: float, cell: float, colour: str) -> None:
    page.box(x - cell * 0.03, y - cell * 0.3, max(2, cell * 0.08), cell * 0.56, "#1c1c1c")
    page.box(x - cell * 0.2, y + cell * 0.22, cell * 0.42, cell * 0.08, "#1c1c1c")
    page.shape([(x, y - cell * 0.34), (x - cell * 0.32, y - cell * 0.16), (x, y + cell * 0.02)], colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Die:
    """A die or half a domino; x and y are shares of the table."""

    x: float
    y: float
    angle: float
    pips: int
    is_second: bool = False


def dice_tray(dice: Random) -> Twins:
    """Dice or dominoes on a table: one to all show other pips, or one has moved, left or changed its colour."""
    draw, thrown = (_dice, _throw(dice)) if dice.random() < 0.6 else (_dominoes, _chain(dice))
    kinds = ("pips", "pips", "moved", "removed", "recoloured") if draw is _dice else ("pips",)
    kind, other = dice.choice(kinds), list(thrown)
    at = dice.randrange(len(thrown))
    if kind == "pips":
        for place in dice.sample(range(len(thrown)), dice.choice((1, 1, 2, len(thrown)))):
            fewest = 0 if draw is _dominoes else 1
            other[place] = replace(thrown[place], pips=_other_pips(dice, thrown[place].pips, fewest))
    elif kind == "moved":
        spare = _throw(dice, len(thrown) + 1)[-1]
        other[at] = replace(thrown[at], x=spare.x, y=spare.y, angle=spare.angle)
        thrown = [one for one in thrown if abs(one.x - spare.x) + abs(one.y - spare.y) > 0.05]
        other = [one for one in other if one in thrown or one.x == spare.x]
    elif kind == "removed":
        del other[at]
    else:
        other[at] = replace(thrown[at], is_second=True)
    return twins_of(dice, draw, (thrown, other), f"the pieces on the table: {kind}", What.PICTURE)


def _other_pips(dice: Random, pips: int, fewest: int) -> int:
    return dice.choice([count for count in range(fewest, 7) if count != pips])


def _throw(dice: Random, count: int = 0) -> list[Die]:
    """Dice on cells of a coarse grid, so that none lies on another."""
    spots = dice.sample(_every((4, 4)), count or dice.randint(3, 8))
    places = [((x + dice.uniform(0.35, 0.65)) / 4, (y + dice.uniform(0.35, 0.65)) / 4) for x, y in spots]
    return [Die(x=x, y=y, angle=dice.uniform(0, 90), pips=dice.randint(1, 6)) for x, y in places]


def _chain(dice: Random) -> list[Die]:
    """Halves of dominoes in two to four columns; each two that follow belong together."""
    columns, rows, angle = dice.randint(2, 4), dice.randint(3, 6), dice.choice((0.0, 0.0, 90.0))
    return [
        Die(x=(column + (0.5 if angle else 0.36 + 0.28 * half)) / columns, y=(row + 0.5) / rows, angle=angle, pips=pips)
        for column in range(columns)
        for row in range(rows)
        for half, pips in enumerate((dice.randint(0, 6), dice.randint(0, 6)))
    ]


def _dice(dice: Random, thrown: Sequence[Die]) -> Image.Image:
    size = any_size(dice)
    page, side = table(dice, size, 0.35), min(size) * dice.uniform(0.07, 0.15)
    hue, light, radius = dice.random(), dice.choice((0.93, 0.93, 0.45, 0.16)), side * dice.uniform(0.1, 0.28)
    bodies = hsl(hue, 0.6, light), hsl(hue + 0.45, 0.7, 0.5)
    pip = "#1a1a1a" if light > 0.8 else "#f6f2e8"
    for die in thrown:
        x, y, body = die.x * size[0], die.y * size[1], bodies[die.is_second]
        page.glow(x + side * 0.12, y + side * 0.2, side * 0.95, side * 0.95, "#000000", 0.9)
        page.shape(tile(x, y, side, side, radius, die.angle), mix(body, "#000000", 0.25))
        page.shape(tile(x, y, side * 0.93, side * 0.93, radius, die.angle), mix(body, "#ffffff", 0.2), body)
        _pips(page, (x, y, side), die, pip)
    return page.image


def _pips(page: Page, at: tuple[float, float, float], die: Die, colour: str) -> None:
    x, y, side = at
    shape = tile(0, 0, side * 0.19, side * 0.19, side * 0.094)
    for across, down in PIPS[die.pips]:
        middle = tile(x, y, side * 0.5 * abs(across) + 1e-9, side * 0.5 * abs(down) + 1e-9, 0, die.angle)
        corner = {(1, 1): 0, (-1, 1): 7, (-1, -1): 14, (1, -1): 21}[across or 1, down or 1]
        page.shape([(middle[corner][0] + right, middle[corner][1] + low) for right, low in shape], colour)


def _dominoes(dice: Random, chain: Sequence[Die]) -> Image.Image:
    size = any_size(dice)
    page, (width, high) = table(dice, size, 0.3), size
    columns, rows = len({die.x for die in chain}), len({die.y for die in chain})
    is_upright = chain[0].angle == 90
    room = (width / columns, high / rows / 2.3) if is_upright else (width / columns * 2 / 2.3, high / rows)
    side = min(*room, min(size) * 0.16) * 0.78
    body, pip = dice.choice(
        (("#f5efdf", "#1b1b1b"), ("#1d1f24", "#f4f0e6"), ("#7a1f26", "#f6ead0"), ("#2a5a48", "#fff"))
    )
    for first, last in zip(chain[::2], chain[1::2], strict=True):
        x, y = (first.x + last.x) / 2 * width, first.y * high
        shift = (0.0, side / 2) if is_upright else (side / 2, 0.0)
        wide, tall = side + 2 * shift[0], side + 2 * shift[1]
        page.shadow(x - wide / 2, y - tall / 2, wide, tall, 8, 0.6)
        page.shape(tile(x, y, wide, tall, side * 0.12), mix(body, "#ffffff", 0.15), body)
        page.shape(tile(x, y, 2 if shift[0] else side * 0.8, side * 0.8 if shift[0] else 2, 0), mix(body, pip, 0.5))
        _pips(page, (x - shift[0], y - shift[1], side), first, pip)
        _pips(page, (x + shift[0], y + shift[1], side), last, pip)
    return page.image


FAMILIES: Sequence[Family] = (
    Family(name="disc_drop", draw=disc_drop),
    Family(name="mine_field", draw=mine_field),
    Family(name="dice_tray", draw=dice_tray, is_photographic=True),
)
