"""Collections of enamel pins.

pin_collection   pins of one maker on a photograph of a ground   one pin, or several, are others or are gone
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageEnhance, ImageFilter

from lab.drawings.kit import Spot, leaf, mix, ring, smooth, star
from lab.families.kit import Family, Twins, photograph
from lab.families.unseen.parts import NONE, Hand, Kit, box, mirrored, twins
from lab.families.unseen.pictograms import PICTOGRAMS
from lab.families.unseen.strokes import HEADS, Board, coined, hsl, on

SIZES = ((720, 720), (840, 840), (640, 860), (900, 640), (960, 720), (600, 800))
GRIDS = ((2, 2), (3, 2), (3, 3), (4, 3), (4, 2), (2, 3), (5, 4))
METALS = (("#fff1bd", "#b98a2b"), ("#f6f7f9", "#7f868f"), ("#4a4a50", "#141417"), ("#f2c3a2", "#9c5a38"))
SHAPES = ("round", "shield", "square", "hexagon", "mixed", "mixed")
SERIES = ("Trail Badges", "Season Two", "Members Only", "Festival Pins", "Scout Set", "Little Things", "Pin Club")

type Motif = Callable[[Hand, tuple[str, str, str]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tray:
    """How the pins of one maker are made and where they lie."""

    ground: Image.Image
    grid: tuple[int, int]
    shapes: Sequence[str]
    metal: tuple[str, str]
    hue: float
    turn: float
    label: str
    face: str
    seed: int


def pin_collection(dice: Random) -> Twins:
    """Enamel pins of one maker on a photograph of a ground: one or more of them are others or are missing."""
    style = _style(dice)
    places = [f"pin {at + 1}" for at in range(style.grid[0] * style.grid[1])]
    names = (*MOTIFS, *MOTIFS, NONE)
    return twins(dice, lambda kit: _tray(style, kit), dict.fromkeys(places, names), places, len(places), 2)


def _style(dice: Random) -> Tray:
    size = dice.choice(SIZES)
    shape = dice.choice(SHAPES)
    grid = dice.choice(GRIDS)
    drawn = [dice.choice(SHAPES[:4]) if shape == "mixed" else shape for _ in range(grid[0] * grid[1])]
    return Tray(
        ground=_ground(dice, size),
        grid=grid,
        shapes=drawn,
        metal=dice.choice(METALS),
        hue=dice.random(),
        turn=dice.choice((0, 6, 18)),
        label=f"{coined(dice)} {dice.choice(SERIES)}" if dice.random() < 0.6 else "",
        face=dice.choice(HEADS),
        seed=dice.getrandbits(31),
    )


def _ground(dice: Random, size: tuple[int, int]) -> Image.Image:
    """A photograph, a little out of focus or darker, as a table under a lens is."""
    photo = photograph(dice, *size).filter(ImageFilter.GaussianBlur(dice.choice((0, 0, 1.5, 3))))
    return ImageEnhance.Brightness(photo).enhance(dice.uniform(0.65, 1.1))


def _tray(style: Tray, kit: Kit) -> Image.Image:
    board = Board(style.ground, style.seed)
    wide, high = style.ground.size
    columns, rows = style.grid
    below = high * 0.14 if style.label else 0
    step = min(wide * 0.94 / columns, (high * 0.94 - below) / rows)
    dice = Random(style.seed)
    for at in range(columns * rows):
        x = wide / 2 + (at % columns - (columns - 1) / 2) * step + dice.uniform(-0.04, 0.04) * step
        y = (high - below) / 2 + (at // columns - (rows - 1) / 2) * step + dice.uniform(-0.04, 0.04) * step
        hand = Hand(board=board, x=x, y=y, r=step * 0.39, turn=dice.uniform(-style.turn, style.turn))
        _pin(hand, style, style.shapes[at], kit[f"pin {at + 1}"])
    _label(board, style)
    return board.finish(4)


def _label(board: Board, style: Tray) -> None:
    """A strip of card that lies below the pins."""
    if not style.label:
        return
    wide, high = style.ground.size
    board.rect(wide * 0.2 + 4, high * 0.87 + 5, wide * 0.6, high * 0.09, "#00000066", 6)
    board.rect(wide * 0.2, high * 0.87, wide * 0.6, high * 0.09, "#f4efe3", 6)
    board.fit(wide / 2, high * 0.915, style.label, high * 0.05, "#2a2522", style.face, "mm", wide * 0.54)


def _outline(shape: str) -> Sequence[Spot]:
    outlines: Mapping[str, Sequence[Spot]] = {
        "round": ring(0, 0, 1, 1),
        "square": box(-0.95, -0.95, 1.9, 1.9, 0.3),
        "hexagon": star(0, 0, 1.1, 0.953, 6),
        "shield": smooth(mirrored([(0, -0.98), (0.9, -0.9), (0.92, 0.1), (0.5, 0.8), (0, 1.1)]), True),
    }
    return outlines[shape]


def _pin(hand: Hand, style: Tray, shape: str, name: str) -> None:
    """The shadow, the rim of metal, the enamel, the motif, the light on it."""
    if name == NONE:
        return
    outline = _outline(shape)
    hand.board.glow(hand.x + 0.08 * hand.r, hand.y + 0.14 * hand.r, hand.r * 1.5, "#000000", 1)
    hand.lit(outline, style.metal[0], style.metal[1], style.metal[0], style.metal[1])
    field, main, other = _enamels(style, name)
    inner = hand.at(0, 0, 0.9)
    inner.fill(outline, field)
    MOTIFS[name](inner.at(0, 0.02, 0.72), (main, other, style.metal[1]))
    inner.line(ring(0, 0, 0.84, 0.84, 0, 205, 255), "#ffffff88", 0.07)


def _enamels(style: Tray, name: str) -> tuple[str, str, str]:
    """The field and two colours of a motif, the same wherever the pin lies."""
    dice = Random(f"{style.seed}/{name}")
    hue = style.hue + dice.choice((0, 0.08, 0.5, 0.58))
    light = dice.choice((0.22, 0.4, 0.78, 0.88))
    field = hsl(hue, dice.uniform(0.3, 0.75), light)
    main = hsl(hue + dice.choice((0.33, 0.5, 0.6)), dice.uniform(0.5, 0.9), 0.8 if light < 0.5 else 0.42)
    return field, main, mix(on(field), main, 0.25)


def _sign(name: str) -> Motif:
    def motif(hand: Hand, colours: tuple[str, str, str]) -> None:
        PICTOGRAMS[name](hand, colours[0], colours[1])

    return motif


def _mountain(hand: Hand, colours: tuple[str, str, str]) -> None:
    hand.fill([(-1.05, 0.7), (-0.3, -0.7), (0.15, 0.1), (0.45, -0.3), (1.05, 0.7)], colours[0])
    hand.fill([(-0.3, -0.7), (-0.06, -0.26), (-0.25, -0.15), (-0.36, -0.3), (-0.55, -0.2)], "#f7f8fa")
    hand.disc(0.5, -0.7, 0.24, "#f5c63c")


def _mushroom(hand: Hand, colours: tuple[str, str, str]) -> None:
    hand.box(-0.26, -0.1, 0.52, 0.95, "#f3e9d6", 0.2)
    hand.fill(ring(0, 0.05, 0.9, 0.85, 0, 180, 360), colours[0])
    for x, y, r in ((-0.45, -0.25, 0.15), (0.1, -0.5, 0.17), (0.5, -0.15, 0.12)):
        hand.disc(x, y, r, "#fbf7ee")


def _cat(hand: Hand, colours: tuple[str, str, str]) -> None:
    for side in (-1, 1):
        hand.fill([(side * 0.15, -0.5), (side * 0.78, -0.95), (side * 0.78, 0)], colours[0])
    hand.oval(0, 0.1, 0.85, 0.75, colours[0])
    for side in (-1, 1):
        hand.disc(side * 0.35, 0, 0.13, colours[1])
        hand.line([(side * 0.3, 0.4), (side * 0.95, 0.3)], colours[1], 0.05)
    hand.fill([(-0.12, 0.25), (0.12, 0.25), (0, 0.4)], colours[1])


def _flower(hand: Hand, colours: tuple[str, str, str]) -> None:
    for at in range(6):
        hand.fill(leaf(0, 0, 0.98, 0.62, at * 60), colours[0])
    hand.disc(0, 0, 0.3, colours[1])


def _rainbow(hand: Hand, _: tuple[str, str, str]) -> None:
    for size, colour in ((1, "#e0483e"), (0.83, "#f0b63a"), (0.66, "#58ac4c"), (0.49, "#3f7fd0")):
        hand.arc(0, 0.45, size - 0.1, size - 0.1, (180, 360), colour, 0.17)
    for side in (-1, 1):
        hand.oval(side * 0.65, 0.5, 0.36, 0.22, "#ffffff")


def _heart(hand: Hand, colours: tuple[str, str, str]) -> None:
    half = [(0, -0.45), (0.4, -0.85), (0.88, -0.6), (0.85, -0.05), (0.4, 0.5), (0, 0.88)]
    hand.fill(smooth(mirrored(half), True), colours[0])
    hand.fill(ring(-0.42, -0.38, 0.2, 0.12, -35), "#ffffffaa")


def _moon(hand: Hand, colours: tuple[str, str, str]) -> None:
    horns = ring(-0.1, 0, 0.9, 0.9, 0, 50, 310)
    hand.fill([*horns, *reversed(ring(0.25, 0, 0.66, 0.72, 0, 75, 285))], colours[0])
    for x, y in ((0.45, -0.35), (0.6, 0.35), (0.15, 0.05)):
        hand.fill(star(x, y, 0.2, 0.08, 5), colours[1])


def _planet(hand: Hand, colours: tuple[str, str, str]) -> None:
    hand.disc(0, 0, 0.6, colours[0])
    hand.at(0, 0, 1, -20).arc(0, 0, 1.05, 0.3, (-20, 200), colours[1], 0.13)


def _anchor(hand: Hand, colours: tuple[str, str, str]) -> None:
    hand.arc(0, -0.72, 0.18, 0.18, (0, 360), colours[0], 0.11)
    hand.line([(0, -0.5), (0, 0.85)], colours[0], 0.18)
    hand.line([(-0.42, -0.3), (0.42, -0.3)], colours[0], 0.15)
    hand.arc(0, 0.1, 0.75, 0.75, (15, 165), colours[0], 0.17)
    for side in (-1, 1):
        hand.fill([(side * 0.95, 0.35), (side * 0.78, 0.0), (side * 0.5, 0.3)], colours[0])


def _bolt(hand: Hand, colours: tuple[str, str, str]) -> None:
    hand.fill([(0.2, -0.98), (-0.6, 0.15), (-0.05, 0.15), (-0.2, 0.98), (0.6, -0.2), (0.05, -0.2)], colours[0])


MOTIFS: Mapping[str, Motif] = {
    "a mountain": _mountain,
    "a mushroom": _mushroom,
    "a cat": _cat,
    "a flower": _flower,
    "a rainbow": _rainbow,
    "a heart": _heart,
    "a moon": _moon,
    "a planet": _planet,
    "an anchor": _anchor,
    "a bolt": _bolt,
    **{name: _sign(name) for name in ("a tent", "a fir", "a fish", "a flame", "a camera", "a bicycle", "a castle")},
    **{name: _sign(name) for name in ("a ship", "a cup", "a dog", "a key")},
}

FAMILIES: Sequence[Family] = (Family(name="pin_collection", draw=pin_collection, is_photographic=True),)
