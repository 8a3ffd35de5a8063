"""Pictograms of one colour, drawn within a square from -1, -1 to 1, 1."""

from collections.abc import Callable, Mapping

from lab.drawings.kit import leaf, mix, ring, smooth, star
from lab.families.unseen.parts import Hand

type Pictogram = Callable[[Hand, str, str], None]
"""The hand, the ink, and the ground that shows through."""


def _walker(hand: Hand, ink: str, _: str) -> None:
    hand.disc(0.08, -0.78, 0.18, ink)
    hand.line([(0.05, -0.45), (-0.05, 0.1)], ink, 0.32)
    hand.line([(0, 0.1), (0.3, 0.45), (0.38, 0.95)], ink, 0.17)
    hand.line([(-0.05, 0.1), (-0.15, 0.5), (-0.5, 0.9)], ink, 0.17)
    hand.line([(0.05, -0.45), (0.35, -0.1), (0.62, -0.05)], ink, 0.13)
    hand.line([(-0.02, -0.45), (-0.38, -0.25), (-0.42, 0.08)], ink, 0.13)


def _bicycle(hand: Hand, ink: str, _: str) -> None:
    for x in (-0.58, 0.58):
        hand.arc(x, 0.32, 0.38, 0.38, (0, 360), ink, 0.1)
    hand.line([(-0.58, 0.32), (-0.25, -0.3), (0.38, -0.3), (0.58, 0.32)], ink, 0.1)
    hand.line([(-0.25, -0.3), (0, 0.32), (0.38, -0.3), (0.33, -0.55), (0.6, -0.6)], ink, 0.1)
    hand.line([(0, 0.32), (-0.58, 0.32)], ink, 0.1)
    hand.box(-0.45, -0.52, 0.4, 0.13, ink, 0.05)


def _car(hand: Hand, ink: str, ground: str) -> None:
    hand.fill([(-0.55, -0.55), (0.55, -0.55), (0.78, 0), (-0.78, 0)], ink)
    hand.fill([(-0.42, -0.42), (0.42, -0.42), (0.56, -0.04), (-0.56, -0.04)], ground)
    hand.box(-0.9, -0.05, 1.8, 0.6, ink, 0.12)
    for side in (-1, 1):
        hand.box(side * 0.65 - 0.16, 0.4, 0.32, 0.38, ink, 0.06)
        hand.disc(side * 0.6, 0.22, 0.13, ground)


def _bus(hand: Hand, ink: str, ground: str) -> None:
    hand.box(-0.9, -0.6, 1.8, 1.1, ink, 0.14)
    for at in range(4):
        hand.box(-0.8 + at * 0.41, -0.42, 0.34, 0.4, ground, 0.04)
    for x in (-0.5, 0.5):
        hand.disc(x, 0.52, 0.26, ground)
        hand.disc(x, 0.52, 0.2, ink)


def _train(hand: Hand, ink: str, ground: str) -> None:
    hand.box(-0.55, -0.9, 1.1, 1.4, ink, 0.25)
    hand.box(-0.42, -0.6, 0.84, 0.5, ground, 0.08)
    for side in (-1, 1):
        hand.disc(side * 0.3, 0.22, 0.12, ground)
        hand.line([(side * 0.3, 0.5), (side * 0.6, 0.95)], ink, 0.12)
    hand.line([(-0.5, 0.78), (0.5, 0.78)], ink, 0.1)


def _plane(hand: Hand, ink: str, _: str) -> None:
    sky = hand.at(0, 0, 1, 40)
    sky.box(-0.13, -1, 0.26, 1.9, ink, 0.13)
    sky.fill([(-0.1, -0.3), (-0.95, 0.3), (-0.95, 0.5), (0, 0.2), (0.95, 0.5), (0.95, 0.3), (0.1, -0.3)], ink)
    sky.fill([(-0.1, 0.55), (-0.42, 0.85), (-0.42, 0.97), (0.42, 0.97), (0.42, 0.85), (0.1, 0.55)], ink)


def _ship(hand: Hand, ink: str, ground: str) -> None:
    hand.fill([(-0.9, 0.05), (0.9, 0.05), (0.6, 0.55), (-0.6, 0.55)], ink)
    hand.box(-0.5, -0.35, 0.9, 0.36, ink)
    hand.box(-0.1, -0.8, 0.24, 0.5, ink)
    for x in (-0.35, -0.05, 0.25):
        hand.disc(x, -0.15, 0.07, ground)
    hand.line(smooth([(-0.9 + at * 0.3, 0.78 + 0.09 * (-1) ** at) for at in range(7)]), ink, 0.1)


def _cup(hand: Hand, ink: str, _: str) -> None:
    hand.box(-0.65, -0.2, 1, 0.75, ink, 0.2)
    hand.arc(0.4, 0.12, 0.28, 0.24, (-90, 90), ink, 0.13)
    hand.box(-0.8, 0.7, 1.35, 0.13, ink, 0.06)
    for x in (-0.4, -0.1):
        hand.line(smooth([(x, -0.4), (x + 0.1, -0.58), (x, -0.72), (x + 0.1, -0.9)]), ink, 0.09)


def _meal(hand: Hand, ink: str, _: str) -> None:
    hand.box(-0.5, -0.2, 0.17, 1.1, ink, 0.08)
    for x in (-0.68, -0.46, -0.24):
        hand.box(x, -0.9, 0.09, 0.6, ink, 0.04)
    hand.box(-0.68, -0.35, 0.53, 0.18, ink, 0.08)
    hand.box(0.34, -0.1, 0.17, 1, ink, 0.08)
    hand.fill(leaf(0.42, 0.2, 1.1, 0.5, -90), ink)


def _bed(hand: Hand, ink: str, _: str) -> None:
    hand.box(-0.95, -0.45, 0.15, 1.1, ink)
    hand.box(-0.95, 0.15, 1.9, 0.24, ink)
    hand.box(0.8, 0.15, 0.15, 0.5, ink)
    hand.disc(-0.52, -0.1, 0.2, ink)
    hand.box(-0.25, -0.22, 1.15, 0.32, ink, 0.14)


def _tent(hand: Hand, ink: str, ground: str) -> None:
    hand.fill([(0, -0.75), (0.95, 0.7), (-0.95, 0.7)], ink)
    hand.fill([(0, -0.1), (0.35, 0.7), (-0.35, 0.7)], ground)
    hand.line([(-0.15, -0.95), (0.1, -0.6)], ink, 0.09)
    hand.line([(0.15, -0.95), (-0.1, -0.6)], ink, 0.09)


def _fir(hand: Hand, ink: str, _: str) -> None:
    for y, half in ((-0.95, 0.4), (-0.55, 0.58), (-0.1, 0.75)):
        hand.fill([(0, y), (half, y + 0.75), (-half, y + 0.75)], ink)
    hand.box(-0.13, 0.6, 0.26, 0.35, ink)


def _swimmer(hand: Hand, ink: str, _: str) -> None:
    hand.disc(0.5, -0.28, 0.22, ink)
    hand.line([(-0.75, 0.15), (-0.1, -0.42), (0.3, 0.12)], ink, 0.2)
    for y in (0.4, 0.75):
        hand.line(smooth([(-0.9 + at * 0.3, y + 0.09 * (-1) ** at) for at in range(7)]), ink, 0.12)


def _key(hand: Hand, ink: str, _: str) -> None:
    hand.arc(-0.5, 0, 0.32, 0.32, (0, 360), ink, 0.2)
    hand.box(-0.15, -0.1, 1.1, 0.2, ink)
    hand.box(0.5, 0, 0.14, 0.36, ink)
    hand.box(0.78, 0, 0.16, 0.45, ink)


def _letter(text: str) -> Pictogram:
    def part(hand: Hand, ink: str, _: str) -> None:
        hand.board.say(hand.x, hand.y, text, hand.r * 1.9, ink, "bold", "mm")

    return part


def _dog(hand: Hand, ink: str, _: str) -> None:
    body = [
        (-0.75, -0.15),
        (0.3, -0.2),
        (0.42, -0.65),
        (0.6, -0.5),
        (0.95, -0.38),
        (0.9, -0.18),
        (0.6, -0.1),
        (0.5, 0.3),
    ]
    hand.fill([*body, (-0.7, 0.3)], ink)
    for x in (-0.66, -0.42, 0.2, 0.42):
        hand.line([(x, 0.2), (x - 0.04, 0.82)], ink, 0.14)
    hand.line([(-0.7, -0.1), (-0.95, -0.55)], ink, 0.13)


def _fish(hand: Hand, ink: str, ground: str) -> None:
    hand.fill(leaf(0.9, 0, 1.5, 0.85, 180), ink)
    hand.fill([(-0.4, 0), (-0.95, -0.45), (-0.8, 0), (-0.95, 0.45)], ink)
    hand.disc(0.55, -0.06, 0.08, ground)


def _fuel(hand: Hand, ink: str, ground: str) -> None:
    hand.box(-0.65, -0.85, 0.9, 1.6, ink, 0.1)
    hand.box(-0.5, -0.68, 0.6, 0.5, ground, 0.06)
    hand.box(-0.8, 0.72, 1.2, 0.16, ink)
    hand.line([(0.25, 0.1), (0.5, 0.1), (0.5, 0.6), (0.75, 0.6), (0.75, -0.3), (0.48, -0.65)], ink, 0.11)


def _bin(hand: Hand, ink: str, ground: str) -> None:
    hand.fill([(-0.52, -0.4), (0.52, -0.4), (0.42, 0.9), (-0.42, 0.9)], ink)
    hand.box(-0.65, -0.66, 1.3, 0.18, ink, 0.05)
    hand.box(-0.2, -0.82, 0.4, 0.2, ink, 0.05)
    for x in (-0.24, 0, 0.24):
        hand.box(x - 0.045, -0.2, 0.09, 0.9, ground)


def _shower(hand: Hand, ink: str, _: str) -> None:
    hand.line([(-0.7, 0.95), (-0.7, -0.6), (-0.3, -0.85), (0.1, -0.6)], ink, 0.13)
    hand.fill(ring(0.12, -0.25, 0.5, 0.32, 0, 180, 360), ink)
    for x in range(4):
        for y in range(3):
            hand.disc(-0.25 + x * 0.25, 0 + y * 0.32, 0.07, ink)


def _parasol(hand: Hand, ink: str, ground: str) -> None:
    hand.line([(0, -0.8), (0, 0.85)], ink, 0.1)
    hand.fill(ring(0, -0.05, 0.85, 0.75, 0, 180, 360), ink)
    hand.line([(-0.28, -0.08), (-0.12, -0.72)], ground, 0.05)
    hand.line([(0.28, -0.08), (0.12, -0.72)], ground, 0.05)
    hand.fill(ring(0, 0.95, 0.8, 0.22, 0, 180, 360), ink)


def _stairs(hand: Hand, ink: str, _: str) -> None:
    steps = [
        (x, y) for at in range(4) for x, y in ((-0.9 + at * 0.45, 0.6 - at * 0.4), (-0.45 + at * 0.45, 0.6 - at * 0.4))
    ]
    hand.fill([(-0.9, 0.85), *steps, (0.9, 0.85)], ink)


def _flame(hand: Hand, ink: str, ground: str) -> None:
    hand.fill(
        smooth([(0.05, -1), (0.35, -0.35), (0.6, -0.1), (0.55, 0.6), (0, 0.95), (-0.55, 0.6), (-0.5, 0)], True), ink
    )
    hand.fill(smooth([(0, 0.1), (0.25, 0.5), (0, 0.8), (-0.25, 0.5)], True), ground)


def _flake(hand: Hand, ink: str, _: str) -> None:
    for turn in range(0, 360, 60):
        arm = hand.at(0, 0, 1, turn)
        arm.line([(0, 0), (0, -0.95)], ink, 0.11)
        arm.line([(-0.25, -0.85), (0, -0.6), (0.25, -0.85)], ink, 0.1)


def _camera(hand: Hand, ink: str, ground: str) -> None:
    hand.box(-0.9, -0.42, 1.8, 1.1, ink, 0.15)
    hand.box(-0.35, -0.65, 0.7, 0.35, ink, 0.08)
    hand.disc(0, 0.12, 0.38, ground)
    hand.disc(0, 0.12, 0.25, ink)


def _church(hand: Hand, ink: str, ground: str) -> None:
    hand.box(-0.75, -0.05, 1.5, 0.95, ink)
    hand.fill([(-0.35, 0), (0, -0.6), (0.35, 0)], ink)
    hand.box(-0.05, -1, 0.1, 0.5, ink)
    hand.box(-0.18, -0.86, 0.36, 0.1, ink)
    hand.fill([*ring(0, 0.5, 0.17, 0.2, 0, 180, 360), (0.17, 0.9), (-0.17, 0.9)], ground)


def _castle(hand: Hand, ink: str, ground: str) -> None:
    hand.box(-0.8, -0.2, 1.6, 1.05, ink)
    for x in (-0.9, -0.2, 0.5):
        hand.box(x, -0.75, 0.4, 0.7, ink)
        hand.box(x + 0.14, -0.75, 0.12, 0.16, ground)
    hand.fill([*ring(0, 0.45, 0.2, 0.22, 0, 180, 360), (0.2, 0.85), (-0.2, 0.85)], ground)


def _sun(hand: Hand, ink: str, ground: str) -> None:
    hand.fill(star(0, 0, 0.98, 0.6, 12), ink)
    hand.disc(0, 0, 0.52, ground)
    hand.disc(0, 0, 0.42, mix(ink, ground, 0.1))


PICTOGRAMS: Mapping[str, Pictogram] = {
    "a walker": _walker,
    "a bicycle": _bicycle,
    "a car": _car,
    "a bus": _bus,
    "a train": _train,
    "a plane": _plane,
    "a ship": _ship,
    "a cup": _cup,
    "a meal": _meal,
    "a bed": _bed,
    "a tent": _tent,
    "a fir": _fir,
    "a swimmer": _swimmer,
    "a key": _key,
    "a dog": _dog,
    "a fish": _fish,
    "fuel": _fuel,
    "a bin": _bin,
    "a shower": _shower,
    "a parasol": _parasol,
    "stairs": _stairs,
    "a flame": _flame,
    "a snowflake": _flake,
    "a camera": _camera,
    "a church": _church,
    "a castle": _castle,
    "a sun": _sun,
    **{f"the letter {one}": _letter(one) for one in ("P", "i", "H", "?")},
}
