"""What game characters wear below the neck, and what they hold: 0, 0 is the middle of the trunk, 4 units high."""

from collections.abc import Mapping, Sequence

from lab.drawings.kit import Spot, leaf, mix, ring, smooth, star
from lab.families.unseen.heroes_heads import Look, Part, nothing, shape
from lab.families.unseen.parts import NONE, Hand, box, mirrored

ARM: Sequence[Spot] = [(1, -1.75), (1.75, -0.4), (2, 1.1)]
STEEL, WOOD, GOLD = "#aab4bf", "#7a5432", "#e3b43c"


def _arms(hand: Hand, style: Look, sleeve: str, share: float) -> None:
    """Arms whose sleeves end somewhere; 0: no sleeves, 1: to the wrist."""
    for side in (-1, 1):
        way = smooth([(side * x, y) for x, y in ARM])
        hand.line(way, style.skin, 0.62)
        if share:
            hand.line(way[: max(2, round(len(way) * share))], sleeve, 0.78)
        hand.disc(side * 2, 1.15, 0.38, style.skin)


def _trunk(hand: Hand, style: Look, colour: str, hem: float = 1.7, flare: float = 0) -> None:
    half = [(0, -2.1), (0.6, -2.1), (1.35, -1.75), (1.2, 0), (1.15 + flare, hem), (0, hem + flare / 3)]
    shape(hand, style, mirrored(half), colour)


def _tunic(hand: Hand, style: Look) -> None:
    _arms(hand, style, style.cloth[0], 0.5)
    _trunk(hand, style, style.cloth[0], 2.5, 0.4)
    hand.box(-1.25, 0.75, 2.5, 0.42, WOOD)
    hand.box(-0.3, 0.7, 0.6, 0.52, GOLD, 0.1)


def _armour(hand: Hand, style: Look) -> None:
    _arms(hand, style, STEEL, 1)
    _trunk(hand, style, STEEL)
    for y in (-0.4, 0.3, 1):
        hand.arc(0, y - 0.2, 1.1, 0.35, (10, 170), mix(STEEL, "#000000", 0.45), 0.1)
    for side in (-1, 1):
        shape(hand, style, ring(side * 1.4, -1.5, 0.75, 0.6), mix(STEEL, style.cloth[0], 0.3))


def _robe(hand: Hand, style: Look) -> None:
    _arms(hand, style, style.cloth[0], 1)
    _trunk(hand, style, style.cloth[0], 5.2, 0.9)
    hand.box(-0.25, -2, 0.5, 7.3, style.cloth[2])


def _shirt(hand: Hand, style: Look) -> None:
    _arms(hand, style, style.cloth[0], 0.4)
    _trunk(hand, style, style.cloth[0])
    hand.fill(star(0, -0.4, 0.75, 0.32, 5), style.cloth[2])


def _striped(hand: Hand, style: Look) -> None:
    _arms(hand, style, "#f3efe4", 1)
    _trunk(hand, style, "#f3efe4")
    for y in (-1.4, -0.6, 0.2, 1):
        hand.box(-1.2, y, 2.4, 0.36, style.cloth[0])


def _jacket(hand: Hand, style: Look) -> None:
    _arms(hand, style, style.cloth[1], 1)
    _trunk(hand, style, "#efe9dc")
    for side in (-1, 1):
        shape(
            hand,
            style,
            [(side * x, y) for x, y in ((0.45, -2.1), (1.35, -1.75), (1.25, 1.9), (0.5, 1.9))],
            style.cloth[1],
        )
    hand.fill([(-0.15, -1.9), (0.15, -1.9), (0.22, 0.3), (0, 0.7), (-0.22, 0.3)], style.cloth[2])


def _legs(hand: Hand, style: Look, colour: str, knee: float, boot: str, boot_top: float) -> None:
    """Trousers down to somewhere, bare below, then boots."""
    for side in (-1, 1):
        for top, low, tone in ((1.2, 5.3, style.skin), (1.2, knee, colour), (boot_top, 5.5, boot)):
            shape(hand, style, box(side * 0.62 - 0.52, top, 1.04, low - top, 0.2), tone)
        shape(hand, style, ring(side * 0.75, 5.55, 0.78, 0.36), boot)


def _trousers(hand: Hand, style: Look) -> None:
    _legs(hand, style, style.cloth[1], 5.2, WOOD, 4.9)


def _shorts(hand: Hand, style: Look) -> None:
    _legs(hand, style, style.cloth[1], 3, "#e9e5dc", 4.9)


def _boots(hand: Hand, style: Look) -> None:
    _legs(hand, style, mix(style.cloth[1], "#ffffff", 0.45), 5, "#33261f", 3.3)


def _skirt(hand: Hand, style: Look) -> None:
    _legs(hand, style, style.skin, 4, style.cloth[2], 4.3)
    shape(hand, style, mirrored([(0, 1), (1.15, 1), (2.1, 3.5), (0, 3.8)]), style.cloth[1])


def _greaves(hand: Hand, style: Look) -> None:
    _legs(hand, style, STEEL, 5.2, mix(STEEL, "#000000", 0.3), 4.4)
    for side in (-1, 1):
        hand.disc(side * 0.62, 3.2, 0.42, mix(STEEL, style.cloth[0], 0.5))


def _cape(hand: Hand, style: Look) -> None:
    shape(
        hand,
        style,
        smooth(mirrored([(0, -2), (1.4, -1.8), (2.3, 1.5), (2.8, 4.9), (1.2, 4.6), (0, 4.9)])),
        style.cloth[2],
    )


def _wings(hand: Hand, style: Look) -> None:
    for side in (-1, 1):
        for turn, length in ((-62, 4), (-38, 4.4), (-12, 3.8), (12, 2.8)):
            angle = turn if side > 0 else 180 - turn
            shape(hand, style, leaf(side * 0.6, -0.6, length, 1.3, angle), mix("#ffffff", style.cloth[2], 0.25))


def _pack(hand: Hand, style: Look) -> None:
    shape(hand, style, box(-1.9, -2.2, 3.8, 3.9, 0.6), WOOD)
    shape(hand, style, box(-2.2, -2.9, 4.4, 0.9, 0.4), style.cloth[2])


def _sword(hand: Hand, _: Look) -> None:
    hand.lit([(1.8, 0.9), (2.2, 0.9), (2.5, -4.2), (2.3, -4.7), (2.1, -4.2)], "#eef3f8", "#8d99a6", across=True)
    hand.box(1.3, 0.7, 1.4, 0.26, GOLD, 0.1)
    hand.box(1.88, 0.9, 0.24, 1, WOOD)
    hand.disc(2, 2, 0.22, GOLD)


def _staff(hand: Hand, style: Look) -> None:
    hand.line([(2.1, 5.4), (2.1, -3.6)], WOOD, 0.24)
    hand.arc(2.1, -3.9, 0.55, 0.55, (-30, 210), WOOD, 0.2)
    hand.lit(ring(2.1, -3.9, 0.42, 0.42), "#ffffff", style.cloth[2])


def _shield(hand: Hand, style: Look) -> None:
    shape(hand, style, smooth(mirrored([(0, -0.7), (1.25, -0.9), (1.2, 0.9), (0, 2.6)])), style.cloth[2])
    hand.at(0, 0.7).fill(star(0, 0, 0.8, 0.3, 4), GOLD)


def _held_shield(hand: Hand, style: Look) -> None:
    _shield(hand.at(2.1, 0.3), style)


def _axe(hand: Hand, style: Look) -> None:
    hand.line([(2.1, 3.2), (2.1, -3)], WOOD, 0.24)
    shape(hand, style, smooth([(2.1, -2.9), (3.5, -3.3), (3.6, -1), (2.1, -1.6)]), STEEL)


def _lantern(hand: Hand, _: Look) -> None:
    hand.arc(2.1, 1.6, 0.4, 0.5, (180, 360), "#2b2b30", 0.12)
    hand.box(1.5, 1.6, 1.2, 1.6, "#2b2b30", 0.2)
    hand.lit(box(1.68, 1.85, 0.84, 1.1, 0.1), "#fff6bf", "#f0a63a")


BODY: Mapping[str, Mapping[str, Part]] = {
    "on the back": {NONE: nothing, "cape": _cape, "wings": _wings, "pack": _pack},
    "legs": {"trousers": _trousers, "shorts": _shorts, "long boots": _boots, "skirt": _skirt, "greaves": _greaves},
    "top": {
        "tunic": _tunic,
        "armour": _armour,
        "robe": _robe,
        "shirt": _shirt,
        "striped jumper": _striped,
        "jacket": _jacket,
    },
    "in the hand": {
        NONE: nothing,
        "sword": _sword,
        "staff": _staff,
        "shield": _held_shield,
        "axe": _axe,
        "lantern": _lantern,
    },
}
