"""Plans seen from above with other furniture or other seats.

floor_plan   one to three pieces of furniture of a home, or seats of a hall   small
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import clouds, mix, ring, turned
from lab.edits.kit import picture
from lab.families.kit import Family, Twins
from lab.families.seen.papers_kit import Look, Page, Size, any_size, digits, palette, twins_of
from lab.families.seen.papers_words import listed, maker
from lab.families.seen.pieces_kit import Box, Cell, stroke, tile

ROOMS = listed("Living,Kitchen,Bedroom,Bath,Study,Hall,Dining,Guest,Storage,Nursery,Office,Utility,Library,Sun room")
HALLS = {
    "rows": ("Main hall", "Lecture room B", "Studio stage", "Cinema 3", "Chamber music"),
    "coach": ("Seats of coach 12", "Cabin, lower deck", "Bus 7, night line"),
    "tables": ("Wedding dinner", "Gala of the rowing club", "Annual dinner", "Charity auction"),
}

type Part = tuple[float, float, float, float, float, float]
"""Across, down, width, height, radius, and how light it is: 0 the line's colour, 1 the ground's."""

FURNITURE: Mapping[str, Sequence[Part]] = {
    "bed": (
        (0, 0, 1.6, 2, 0.1, 0.6),
        (-0.38, -0.7, 0.6, 0.4, 0.1, 1),
        (0.38, -0.7, 0.6, 0.4, 0.1, 1),
        (0, 0.3, 1.5, 1.2, 0.06, 0.8),
    ),
    "cot": ((0, 0, 0.9, 1.8, 0.1, 0.6), (0, -0.6, 0.7, 0.4, 0.1, 1), (0, 0.3, 0.8, 1.1, 0.06, 0.8)),
    "sofa": ((0, 0, 2, 0.9, 0.2, 0.5), (-0.42, 0.12, 0.8, 0.6, 0.1, 0.85), (0.42, 0.12, 0.8, 0.6, 0.1, 0.85)),
    "armchair": ((0, 0, 1, 1, 0.25, 0.5), (0, 0.12, 0.6, 0.7, 0.15, 0.85)),
    "table": (
        *((x, y, 0.4, 0.34, 0.1, 0.8) for x in (-0.4, 0.4) for y in (-0.62, 0.62)),
        (0, 0, 1.5, 0.9, 0.06, 0.65),
    ),
    "round table": (
        *((x, y, 0.42, 0.42, 0.15, 0.8) for x, y in ((0, -0.7), (0.7, 0), (0, 0.7), (-0.7, 0))),
        (0, 0, 1.1, 1.1, 0.54, 0.65),
    ),
    "bath": ((0, 0, 0.9, 1.8, 0.1, 0.6), (0, 0, 0.66, 1.5, 0.3, 1), (0, -0.55, 0.12, 0.12, 0.05, 0.2)),
    "toilet": ((0, -0.38, 0.7, 0.3, 0.06, 0.6), (0, 0.12, 0.55, 0.75, 0.26, 0.9)),
    "desk": ((0, -0.1, 1.6, 0.7, 0.04, 0.65), (0, 0.45, 0.5, 0.5, 0.2, 0.85), (0, -0.2, 0.5, 0.2, 0.02, 0.1)),
    "plant": ((0, 0, 0.9, 0.9, 0.44, 0.4), (0, 0, 0.5, 0.5, 0.24, 0.75)),
    "stove": (
        (0, 0, 1.1, 0.9, 0.05, 0.8),
        *((x, y, 0.34, 0.34, 0.16, 0.2) for x in (-0.27, 0.27) for y in (-0.2, 0.2)),
    ),
    "wardrobe": ((0, 0, 1.8, 0.7, 0.03, 0.6), (0, 0, 0.05, 0.7, 0.02, 0)),
    "piano": ((0, -0.1, 1.6, 0.8, 0.05, 0.1), (0, 0.2, 1.5, 0.22, 0.02, 1), (0, 0.62, 0.7, 0.34, 0.05, 0.6)),
}

type Slot = tuple[int, int, int]
"""The room, and the column and the row in it."""

type Pieces = Mapping[Slot, tuple[str, int]]
"""What stands in a slot, and its turn in quarters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A home: its rooms as left, top, width, height in pixels, and what stands in them; unit is a metre."""

    size: Size
    rooms: Sequence[Box]
    unit: float
    pieces: Pieces


def floor_plan(dice: Random) -> Twins:
    """A plan of a home with other furniture in one to three places, or of a hall with other seats taken."""
    if dice.random() < 0.35:
        return _seats_taken(dice)
    plan = _furnished(dice)
    kind, count = dice.choice(("moved", "added", "removed", "exchanged", "turned")), dice.randint(1, 3)
    other = replace(plan, pieces=_refurnished(dice, plan, kind, count))
    return twins_of(dice, _home, (plan, other), f"the furniture: {count} {kind}", What.PICTURE)


def _furnished(dice: Random) -> Plan:
    size = any_size(dice)
    width, high = size
    unit = min(size) * dice.uniform(0.045, 0.065)
    outer = (width * 0.06, high * 0.12, width * 0.88, high * 0.8)
    rooms = _split(dice, outer, unit * 4.6)
    slots = _slots(rooms, unit)
    some = dice.sample(slots, max(4, round(len(slots) * dice.uniform(0.3, 0.6))))
    return Plan(size=size, rooms=rooms, unit=unit, pieces={slot: _any_piece(dice) for slot in some})


def _any_piece(dice: Random) -> tuple[str, int]:
    return dice.choice(tuple(FURNITURE)), dice.randrange(4)


def _split(dice: Random, box: Box, least: float) -> list[Box]:
    """The box cut into rooms, none of which is narrower than this."""
    x, y, w, h = box
    if max(w, h) < least * 2 or (max(w, h) < least * 2.8 and dice.random() < 0.4):
        return [box]
    share = dice.uniform(least / max(w, h), 1 - least / max(w, h))
    if w >= h:
        return [
            *_split(dice, (x, y, w * share, h), least),
            *_split(dice, (x + w * share, y, w * (1 - share), h), least),
        ]
    return [*_split(dice, (x, y, w, h * share), least), *_split(dice, (x, y + h * share, w, h * (1 - share)), least)]


def _slots(rooms: Sequence[Box], unit: float) -> list[Slot]:
    """Places for furniture; the first row of a room is left to its name."""
    return [
        (room, column, row)
        for room, (_, _, w, h) in enumerate(rooms)
        for column in range(int(w / unit / 2.2))
        for row in range(int((h - unit) / unit / 2.2))
    ]


def _refurnished(dice: Random, plan: Plan, kind: str, count: int) -> Pieces:
    pieces, slots = dict(plan.pieces), sorted(plan.pieces)
    free = [slot for slot in _slots(plan.rooms, plan.unit) if slot not in pieces]
    for slot, new in zip(dice.sample(slots, count), dice.sample(free, min(len(free), count)), strict=False):
        what, turn = pieces[slot]
        if kind in ("moved", "removed"):
            del pieces[slot]
        if kind in ("moved", "added"):
            pieces[new] = (what, turn) if kind == "moved" else _any_piece(dice)
        if kind == "exchanged":
            pieces[slot] = dice.choice([name for name in FURNITURE if name != what]), turn
        if kind == "turned":
            pieces[slot] = dice.choice(("sofa", "desk", "bed", "bath")) if what in SYMMETRIC else what, turn + 1
    return pieces


SYMMETRIC = ("plant", "round table", "stove", "armchair")


def _home(dice: Random, plan: Plan) -> Image.Image:
    look = palette(dice, 0.3)
    page, (line, floor) = _drawing_paper(dice, plan.size, look)
    names, wall, is_tinted = dice.sample(ROOMS, len(ROOMS)), plan.unit * dice.uniform(0.1, 0.24), dice.random() < 0.5
    for at, (x, y, w, h) in enumerate(plan.rooms):
        tint = mix(floor, dice.choice((look.accent, look.second)), dice.uniform(0.05, 0.25)) if is_tinted else floor
        page.box(x, y, w, h, tint)
        name, size = names[at % len(names)], round(plan.unit * 0.5)
        page.squeezed(
            x + w / 2, y + plan.unit * 0.65, f"{name}  {dice.uniform(4, 32):.1f} sqm", look.face, size, w * 0.62, line
        )
    for x, y, w, h in plan.rooms:
        page.frame(x - wall, y - wall, w + 2 * wall, h + 2 * wall, line, wall * 2)
        _door(page, dice, (x, y, w, h), (plan.unit, wall), (line, floor))
    body = dice.choice((floor, floor, look.second, look.accent))
    for (room, column, row), (what, turn) in plan.pieces.items():
        x, y, w, h = plan.rooms[room]
        columns, rows = int(w / plan.unit / 2.2), int((h - plan.unit) / plan.unit / 2.2)
        middle = x + w * (column + 0.5) / columns, y + plan.unit + (h - plan.unit) * (row + 0.5) / rows
        _piece(page, (*middle, plan.unit), what, turn, (line, mix(floor, body, 0.7)))
    _plan_title(page, dice, look, line)
    return page.image


def _drawing_paper(dice: Random, size: Size, look: Look) -> tuple[Page, tuple[str, str]]:
    """The sheet with the colours of its lines and floors: white, in the look's colours, or a blueprint."""
    kind = dice.choice(("white", "look", "blueprint", "kraft"))
    paper, line, floor = {
        "white": ("#fdfdfb", "#22252a", "#ffffff"),
        "look": (look.ground, look.ink, look.card),
        "blueprint": ("#1d4a8c", "#dfeaff", "#23539a"),
        "kraft": ("#cbb08a", "#3b2a1a", "#dcc6a4"),
    }[kind]
    wash = clouds((size[0] // 4, size[1] // 4), dice.getrandbits(30), 4)
    page = Page(Image.new("RGB", size, paper))
    page.image.paste(mix(paper, line, 0.12), (0, 0), picture(wash * 255).resize(size))
    step = dice.choice((0, 24, 40))
    for at in range(step, max(size), step) if step else ():
        page.box(at, 0, 1, size[1], mix(paper, line, 0.18))
        page.box(0, at, size[0], 1, mix(paper, line, 0.18))
    return page, (line, floor)


def _door(page: Page, dice: Random, room: Box, sizes: tuple[float, float], colours: tuple[str, str]) -> None:
    """A gap in the wall above or left of the room with the quarter circle of its leaf."""
    (x, y, w, h), (unit, wall), (line, floor) = room, sizes, colours
    is_left, share = dice.random() < 0.5, dice.uniform(0.3, 0.9)
    if is_left:
        top = y + (h - unit) * share
        page.box(x - wall - 1, top, 2 * wall + 2, unit, floor)
        page.curves([ring(x, top, unit, unit, 0, 0, 90)], line, 1)
        stroke(page, ((x, top), (x + unit, top)), line, 2)
    else:
        left = x + (w - unit) * (0.04 if share < 0.6 else 0.96)
        page.box(left, y - wall - 1, unit, 2 * wall + 2, floor)
        page.curves([ring(left, y, unit, unit, 0, 0, 90)], line, 1)
        stroke(page, ((left, y), (left, y + unit)), line, 2)


def _piece(page: Page, at: tuple[float, float, float], what: str, turn: int, colours: tuple[str, str]) -> None:
    (x, y, unit), (line, body) = at, colours
    for across, down, w, h, radius, light in FURNITURE[what]:
        ((cx, cy),) = turned([(across * unit, down * unit)], x, y, turn * 90)
        fill, edge = mix(line, body, light), max(1.2, unit * 0.05)
        page.shape(tile(cx, cy, w * unit, h * unit, radius * unit, turn * 90), line)
        inner = tile(
            cx, cy, max(0.5, w * unit - 2 * edge), max(0.5, h * unit - 2 * edge), radius * unit * 0.8, turn * 90
        )
        page.shape(inner, fill)


def _plan_title(page: Page, dice: Random, look: Look, line: str) -> None:
    (width, high), size = page.image.size, round(page.image.height * 0.034)
    page.squeezed(
        width * 0.06, high * 0.05, f"{maker(dice)}, {digits(dice, 'type A0')}", look.bold, size, width * 0.6, line, "lm"
    )
    page.write(width * 0.94, high * 0.05, dice.choice(("1:50", "1:100", "1:75")), look.face, size, line, "rm")


type Hall = tuple[str, Cell, frozenset[Cell]]


def _seats_taken(dice: Random) -> Twins:
    """A hall, a coach or tables with one to four seats more, fewer or elsewhere taken."""
    kind, size = dice.choice(
        (("rows", (14, 10)), ("rows", (20, 12)), ("coach", (4, 16)), ("tables", (8, 9)), ("tables", (8, 6)))
    )
    seats = [(column, row) for column in range(size[0]) for row in range(size[1])]
    taken = dice.sample(seats, round(len(seats) * dice.uniform(0.15, 0.6)))
    free, count = [seat for seat in seats if seat not in taken], dice.randint(1, 4)
    gone, come = dice.choice(((0, count), (count, 0), (count, count)))
    other = frozenset({*taken[gone:], *dice.sample(free, come)})
    shown = (kind, size, frozenset(taken)), (kind, size, other)
    return twins_of(dice, _hall, shown, f"the seats taken: {gone} fewer, {come} more", What.COLOUR)


def _hall(dice: Random, hall: Hall) -> Image.Image:
    (kind, (columns, rows), taken), look = hall, palette(dice, 0.5)
    size = (dice.randint(480, 600), dice.randint(960, 1080)) if kind == "coach" else any_size(dice)
    page, (line, floor) = _drawing_paper(dice, size, look)
    width, high = size
    page.squeezed(width / 2, high * 0.06, dice.choice(HALLS[kind]), look.bold, round(high * 0.04), width * 0.8, line)
    page.shade(width * 0.2, high * 0.1, width * 0.6, high * 0.05, 8, mix(floor, line, 0.35), mix(floor, line, 0.2))
    fills = mix(floor, line, 0.15), dice.choice((look.accent, look.second, "#c8352b"))
    spots, r = _places(kind, (columns, rows), size)
    if kind == "tables":
        for table in range(rows):
            xs, ys = zip(*(spots[column, table] for column in range(columns)), strict=True)
            page.circle(sum(xs) / columns, sum(ys) / columns, r * 2.1, mix(floor, line, 0.3))
            page.write(sum(xs) / columns, sum(ys) / columns, str(table + 1), look.bold, round(r * 1.6), line, "mm")
    for seat, (x, y) in spots.items():
        page.shape(tile(x, y, 2 * r, 2 * r, r * 0.5), line)
        page.shape(tile(x, y, 2 * r - 2.5, 2 * r - 2.5, r * 0.45), fills[seat in taken])
    return page.image


def _places(kind: str, counts: Cell, size: Size) -> tuple[Mapping[Cell, tuple[float, float]], float]:
    """Where every seat is, and half its side."""
    (columns, rows), (width, high) = counts, size
    if kind == "tables":
        across = 3 if rows > 6 else 2
        down = -(-rows // across)
        r = min(width * 0.9 / across, high * 0.78 / down) * 0.085
        return {
            (column, row): turned(
                [(r * 4, 0)],
                width * (0.05 + 0.9 * (row % across + 0.5) / across),
                high * (0.18 + 0.78 * (row // across + 0.5) / down),
                column * 360 / columns,
            )[0]
            for column in range(columns)
            for row in range(rows)
        }, r
    wide, step = width * 0.88 / (columns + 1), high * 0.76 / rows
    return {
        (column, row): (
            width * 0.06 + wide * (column + 0.5 + (column >= columns / 2)),
            high * 0.19 + step * (row + 0.5),
        )
        for column in range(columns)
        for row in range(rows)
    }, min(wide, step) * 0.4


FAMILIES: Sequence[Family] = (Family(name="floor_plan", draw=floor_plan),)
