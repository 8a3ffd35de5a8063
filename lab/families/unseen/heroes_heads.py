"""Heads of game characters, drawn around their middle in units of their radius: hair, ears, eyes, mouths, marks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lab.drawings.kit import Spot, leaf, mix, ring, smooth
from lab.families.unseen.parts import NONE, Hand, mirrored
from lab.families.unseen.strokes import Tones


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The screen of one game, and the colours that one character of it is painted in."""

    size: tuple[int, int]
    tones: Tones
    face: str
    title: str
    game: str
    name: str
    tab: int
    head: float
    skin: str
    hair: str
    cloth: tuple[str, str, str]
    is_lined: bool
    seed: int


type Part = Callable[[Hand, Look], None]


def shape(hand: Hand, style: Look, points: Sequence[Spot], colour: str) -> None:
    """Draw a shape with light and shade, and with an outline where the style has one."""
    hand.lit(points, mix(colour, "#ffffff", 0.15), mix(colour, "#000000", 0.12))
    if style.is_lined:
        hand.edge(points, "#1b1618", 0.07)


def nothing(_: Hand, __: Look) -> None:
    """The slot is empty."""


def _hair(*half: Spot) -> Part:
    def part(hand: Hand, style: Look) -> None:
        shape(hand, style, smooth(mirrored(half), True), style.hair)

    return part


def _curls(hand: Hand, style: Look) -> None:
    for x, y in ((-1, -0.3), (-0.9, -0.8), (-0.4, -1.15), (0.2, -1.2), (0.75, -0.95), (1.02, -0.4)):
        hand.disc(x, y, 0.42, style.hair)
        hand.disc(x - 0.08, y - 0.1, 0.16, mix(style.hair, "#ffffff", 0.2))


def _spikes(hand: Hand, style: Look) -> None:
    tips = [(-1.05, 0), (-1.5, -0.7), (-0.9, -0.7), (-1, -1.6), (-0.4, -1.1), (0, -1.9), (0.4, -1.1), (1, -1.6)]
    shape(hand, style, [*tips, (0.9, -0.7), (1.5, -0.7), (1.05, 0), (0.7, -0.5), (0, -0.7), (-0.7, -0.5)], style.hair)


def _crest(hand: Hand, style: Look) -> None:
    shape(hand, style, smooth([(-0.25, -0.7), (-0.45, -1.9), (0, -2.1), (0.45, -1.9), (0.25, -0.7)], True), style.hair)


def _plaits(hand: Hand, style: Look) -> None:
    _CAP(hand, style)
    for side in (-1, 1):
        for knot in range(5):
            hand.disc(side * (1.1 + 0.04 * knot), 0.1 + knot * 0.38, 0.27 - knot * 0.025, style.hair)
        hand.disc(side * 1.3, 1.85, 0.17, style.cloth[2])


def _bun(hand: Hand, style: Look) -> None:
    _CAP(hand, style)
    hand.disc(0, -1.45, 0.5, style.hair)
    hand.arc(0, -1.2, 0.42, 0.12, (0, 180), style.cloth[2], 0.12)


_CAP = _hair((0, -1.25), (0.85, -1), (1.1, -0.2), (1, 0.15), (0.85, -0.35), (0.3, -0.62))
_BOB = _hair((0, -1.3), (0.95, -1), (1.25, 0), (1.2, 0.8), (0.85, 0.75), (0.8, -0.3), (0.2, -0.55))
HAIR_BEHIND: Mapping[str, Part] = {
    "long hair": _hair((0, -1.2), (1.1, -0.7), (1.4, 1), (1.5, 2.5), (0.6, 2.4)),
    "bob": _hair((0, -1.2), (1.1, -0.6), (1.2, 0.8), (0.4, 0.9)),
}


def _eyes(wide: float, tall: float, iris: str) -> Part:
    def part(hand: Hand, _: Look) -> None:
        for side in (-1, 1):
            hand.oval(side * 0.42, 0.02, wide, tall, "#fdfcf8")
            hand.disc(side * 0.42, 0.04, min(wide, tall) * 0.8, iris)
            hand.disc(side * 0.42, 0.04, min(wide, tall) * 0.42, "#121014")
            hand.arc(side * 0.42, 0.02, wide, tall, (190, 350), "#2a1c17", 0.07)

    return part


def _glad(hand: Hand, _: Look) -> None:
    for side in (-1, 1):
        hand.arc(side * 0.42, 0.12, 0.22, 0.2, (190, 350), "#221a1c", 0.1)


def _patch(hand: Hand, style: Look) -> None:
    _eyes(0.2, 0.2, "#4a7a3a")(hand, style)
    hand.line([(-1, -0.45), (0.95, 0.1)], "#1b1618", 0.09)
    hand.oval(-0.42, 0.02, 0.34, 0.3, "#1b1618")


def _goggles(hand: Hand, _: Look) -> None:
    hand.line([(-1, 0), (1, 0)], "#4a3527", 0.16)
    for side in (-1, 1):
        hand.disc(side * 0.42, 0, 0.38, "#c9a24a")
        hand.lit(ring(side * 0.42, 0, 0.28, 0.28), "#bfeaf5", "#3f7f9a")


def _mouth(kind: str) -> Part:
    def part(hand: Hand, style: Look) -> None:
        dark = mix(style.skin, "#3a0d12", 0.75)
        if kind == "grin":
            hand.fill(ring(0, 0.45, 0.34, 0.32, 0, 0, 180), dark)
            hand.fill([(-0.28, 0.46), (0.28, 0.46), (0.24, 0.56), (-0.24, 0.56)], "#ffffff")
        elif kind == "open":
            hand.oval(0, 0.6, 0.15, 0.2, dark)
        else:
            turns = (20.0, 160.0) if kind == "smile" else (200.0, 340.0)
            hand.arc(0, 0.45 if kind == "smile" else 0.75, 0.3, 0.18, turns, dark, 0.09)

    return part


def _beard(hand: Hand, style: Look) -> None:
    half = [(0, 0.35), (0.4, 0.3), (0.95, 0), (0.85, 0.8), (0.3, 1.45)]
    shape(hand, style, smooth(mirrored(half), True), style.hair)


def _freckles(hand: Hand, style: Look) -> None:
    for side in (-1, 1):
        for x, y in ((0.45, 0.36), (0.6, 0.42), (0.72, 0.32), (0.58, 0.27)):
            hand.disc(side * x, y, 0.055, mix(style.skin, "#5a1f10", 0.6))


def _stripes(hand: Hand, style: Look) -> None:
    for side in (-1, 1):
        for at in range(2):
            hand.line([(side * 0.32, 0.33 + at * 0.16), (side * 0.8, 0.28 + at * 0.16)], style.cloth[2], 0.09)


def _ears(length: float, turn: float) -> Part:
    def part(hand: Hand, style: Look) -> None:
        for side in (-1, 1):
            angle = -turn if side > 0 else 180 + turn
            shape(hand, style, leaf(side * 0.8, 0.1, length, 0.55, angle), style.skin)

    return part


def _round_ears(hand: Hand, style: Look) -> None:
    for side in (-1, 1):
        shape(hand, style, ring(side * 1, 0.1, 0.2, 0.3), style.skin)


def _wizard(hand: Hand, style: Look) -> None:
    shape(hand, style, smooth([(-0.85, -0.7), (-0.3, -1.9), (0.5, -2.6), (0.35, -1.8), (0.85, -0.7)]), style.cloth[1])
    shape(hand, style, ring(0, -0.7, 1.5, 0.3), style.cloth[1])
    hand.arc(0, -0.85, 0.83, 0.2, (0, 180), style.cloth[2], 0.17)


def _crown(hand: Hand, style: Look) -> None:
    points = [(-0.75, -0.75), (-0.85, -1.6), (-0.4, -1.2), (0, -1.75), (0.4, -1.2), (0.85, -1.6), (0.75, -0.75)]
    shape(hand, style, points, "#e8b93a")
    for x in (-0.4, 0, 0.4):
        hand.disc(x, -0.95, 0.1, style.cloth[2])


def _helmet(hand: Hand, style: Look) -> None:
    shape(hand, style, ring(0, -0.35, 1.15, 1, 0, 180, 360), "#9aa3ad")
    hand.box(-1.2, -0.48, 2.4, 0.24, "#5d656e", 0.1)
    hand.box(-0.11, -0.4, 0.22, 0.75, "#5d656e", 0.1)
    for side in (-1, 1):
        shape(hand, style, leaf(side * 1, -0.6, 1.1, 0.4, -90 + side * 35), "#efe6cf")


def _band(hand: Hand, style: Look) -> None:
    hand.arc(0, -0.35, 1, 0.28, (180, 360), style.cloth[2], 0.24)
    hand.fill(leaf(0.85, -0.35, 0.9, 0.35, 40), style.cloth[2])
    hand.fill(leaf(0.85, -0.35, 0.8, 0.3, 75), style.cloth[2])


HEAD: Mapping[str, Mapping[str, Part]] = {
    "ears": {"round ears": _round_ears, "pointed ears": _ears(1.1, 25), "drooping ears": _ears(0.9, -35)},
    "mark": {NONE: nothing, "beard": _beard, "freckles": _freckles, "war paint": _stripes},
    "eyes": {
        "round eyes": _eyes(0.22, 0.26, "#3f6fae"),
        "narrow eyes": _eyes(0.27, 0.14, "#7a4a1f"),
        "big eyes": _eyes(0.3, 0.36, "#3f9a5a"),
        "glad eyes": _glad,
        "eye patch": _patch,
        "goggles": _goggles,
    },
    "mouth": {"smile": _mouth("smile"), "frown": _mouth("frown"), "grin": _mouth("grin"), "open mouth": _mouth("open")},
    "hair": {
        "crop": _CAP,
        "bob": _BOB,
        "long hair": _CAP,
        "curls": _curls,
        "spikes": _spikes,
        "crest": _crest,
        "plaits": _plaits,
        "bun": _bun,
    },
    "hat": {NONE: nothing, "pointed hat": _wizard, "crown": _crown, "helmet": _helmet, "band": _band},
}
