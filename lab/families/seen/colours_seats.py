"""Maps of seats: the hall, the rows and the legend stay.

seat_map   the seats of a hall, a bus or a plane   a few seats, or most of them, are taken
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from core.types import What
from lab.drawings.kit import mix, ring
from lab.edits.words import clock
from lab.families.kit import Family, Twins
from lab.families.seen.colours_paint import painted
from lab.families.seen.colours_screens import MONTHS, Screen, opened, screen_of
from lab.families.seen.products_pens import Pens, coined, ink_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """Seats in rows with aisles, and the colours of a free seat, a taken one and one's own."""

    rows: int
    aisles: Sequence[int]
    across: int
    left: float
    top: float
    step: float
    bend: float
    colours: Sequence[str]
    labelled: bool
    round: float


def seat_map(dice: Random) -> Twins:
    """The seats of a hall, a bus or a plane, others of which are taken."""
    kind = dice.choice(("hall", "hall", "bus", "plane"))
    size = dice.choice(
        ((900, 800), (1000, 720), (760, 860)) if kind == "hall" else ((520, 900), (600, 960), (480, 840))
    )
    screen = screen_of(dice)
    pens, hall = opened(dice, size, screen), _hall(dice, size, kind, screen)
    _around_hall(dice, pens, hall, screen, kind)
    seats = hall.rows * hall.across
    taken = [int(dice.random() < 0.45) for _ in range(seats)]
    taken[dice.randrange(seats)] = 2
    count = dice.choice((2, 3, 5, seats // 3, seats))
    others = _other_seats(dice, taken, count)
    one, two = painted(pens, partial(_seats, hall=hall, screen=screen), (taken, others), 0)
    apart = sum(a != b for a, b in zip(taken, others, strict=True))
    return Twins(reference=one, query=two, differs=What.COLOUR, says=f"{apart} of {seats} seats have another colour")


def _other_seats(dice: Random, taken: Sequence[int], count: int) -> list[int]:
    """So many seats change hands; where it is all of them, another show is sold."""
    if count == len(taken):
        return [int(dice.random() < 0.5) for _ in taken]
    turned = dice.sample(range(len(taken)), count)
    return [(seat + 1) % 2 if at in turned else seat for at, seat in enumerate(taken)]


def _hall(dice: Random, size: tuple[int, int], kind: str, screen: Screen) -> Hall:
    across = {"hall": dice.randint(12, 20), "bus": 4, "plane": 6}[kind]
    rows = {"hall": dice.randint(7, 12), "bus": dice.randint(9, 12), "plane": dice.randint(11, 16)}[kind]
    aisles = dice.choice(([], [across // 2], [across // 4, across - across // 4])) if kind == "hall" else [across // 2]
    step = min(size[0] * 0.84 / (across + len(aisles)), size[1] * 0.62 / rows)
    free = dice.choice((mix(screen.card, screen.ink, 0.12), "#3fae6a", "#4a8fe0", "#8fd0b0"))
    taken = dice.choice(("#d8453b", mix(screen.card, screen.ink, 0.55), "#7a3fa8", "#e08a2c"))
    return Hall(
        rows=rows,
        aisles=aisles,
        across=across,
        left=size[0] / 2 - step * (across + len(aisles)) / 2,
        top=size[1] * 0.24,
        step=step,
        bend=dice.choice((0.0, 0.4, 0.9)) if kind == "hall" else 0.0,
        colours=(free, taken, screen.accent),
        labelled=kind != "hall" or dice.random() < 0.3,
        round=dice.choice((0.1, 0.25, 0.5)),
    )


def _around_hall(dice: Random, pens: Pens, hall: Hall, screen: Screen, kind: str) -> None:
    wide, high = pens.width, pens.height
    title = (
        f"{coined(dice)} {dice.choice(('Hall', 'Lines', 'Theatre', 'Cinema', 'Air') if kind == 'hall' else ('Lines',))}"
    )
    pens.letters(wide * 0.05, high * 0.075, title, screen.face, high * 0.036, screen.ink, anchor="lm", room=wide * 0.6)
    when = f"{dice.randint(1, 28)} {dice.choice(MONTHS)}, {clock(dice)}"
    pens.letters(wide * 0.95, high * 0.075, when, screen.face, high * 0.022, screen.pale, anchor="rm")
    bulge = ring(wide / 2, high * 0.19, wide * 0.34, high * 0.045, 0, 180, 360)
    pens.polygon(bulge, mix(screen.card, screen.ink, 0.18))
    label = {"hall": "SCREEN", "bus": "DRIVER", "plane": "FRONT"}[kind]
    pens.letters(wide / 2, high * 0.175, label, screen.face, high * 0.018, screen.pale)
    for step, (colour, said) in enumerate(zip(hall.colours, ("free", "taken", "yours"), strict=True)):
        x, y = wide * (0.2 + 0.24 * step), high * 0.945
        pens.rect(x, y - high * 0.012, high * 0.024, high * 0.024, colour, 4)
        pens.letters(x + high * 0.035, y, said, screen.face, high * 0.022, screen.ink, anchor="lm")


def _seats(pens: Pens, taken: Sequence[int], hall: Hall, screen: Screen) -> None:
    side = hall.step * 0.8
    for at, state in enumerate(taken):
        row, column = divmod(at, hall.across)
        x = hall.left + (column + sum(column >= aisle for aisle in hall.aisles)) * hall.step
        y = hall.top + row * hall.step + hall.bend * hall.step * (1 - (2 * column / hall.across - 1) ** 2)
        pens.rect(x, y, side, side, hall.colours[state], side * hall.round)
        pens.rect(
            x + side * 0.12, y + side * 0.8, side * 0.76, side * 0.14, mix(hall.colours[state], "#000000", 0.25), 2
        )
        if hall.labelled:
            said, ink = f"{row + 1}{'ABCDEFGHIJKLMNOPQRSTUVW'[column]}", ink_on(hall.colours[state])
            pens.letters(x + side / 2, y + side * 0.42, said, screen.face, side * 0.34, ink)


FAMILIES: Sequence[Family] = (Family(name="seat_map", draw=seat_map),)
