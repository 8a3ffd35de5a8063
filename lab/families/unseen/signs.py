"""Signs by the road and on the wall.

pictogram_signs   a sign with one to eight pictograms out of doors or on tiles   one of them, several, or the arrow
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from lab.drawings.kit import gradient, mix, ring, star
from lab.families.kit import Family, Twins
from lab.families.unseen.parts import Hand, Kit, twins
from lab.families.unseen.pictograms import PICTOGRAMS
from lab.families.unseen.strokes import Board, coined

SIZES = ((640, 640), (760, 760), (560, 800), (640, 900), (900, 640), (960, 620))
LAYOUTS = ((1, 1), (1, 1), (2, 1), (3, 1), (4, 1), (2, 2), (3, 2), (4, 2), (1, 3))
PLATES = (("#1d5fae", "#ffffff"), ("#7a4a22", "#fff7e6"), ("#23733c", "#ffffff"), ("#f7f7f2", "#17171a"))
MORE = (("#f6c51c", "#17171a"), ("#17171a", "#f5f2e8"), ("#c9252d", "#ffffff"), ("#dfe3e6", "#1c3550"))
SINGLES = ("square", "round", "ring", "triangle", "diamond")
NOTES = ("200 m", "500 m", "1.5 km", "Mon-Fri", "8-18 h", "Zone 2", "arrow left", "arrow right", "arrow up")
WORDS = ("Visitors", "Harbour", "Old Town", "Camping", "Nature Park", "Terminal B", "Level 2", "Lakeside")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """How the sign is made, and where it stands."""

    size: tuple[int, int]
    columns: int
    rows: int
    shape: str
    colours: tuple[str, str]
    place: str
    words: str
    has_words: bool
    has_tiles: bool
    seed: int


def pictogram_signs(dice: Random) -> Twins:
    """A sign before the same scenery: one or more of its pictograms, or the plate below it, say something else."""
    style = _style(dice)
    cells = [f"pictogram {at + 1}" for at in range(style.columns * style.rows)]
    slots = {**{cell: tuple(PICTOGRAMS) for cell in cells}, "the plate below": NOTES}
    small = cells if len(cells) >= 3 else ["the plate below"]
    return twins(dice, lambda kit: _view(style, kit), slots, small, len(cells), min(2, len(cells)))


def _style(dice: Random) -> Sign:
    columns, rows = dice.choice(LAYOUTS)
    is_single = columns * rows == 1
    return Sign(
        size=dice.choice(SIZES),
        columns=columns,
        rows=rows,
        shape=dice.choice(SINGLES) if is_single else "square",
        colours=dice.choice(PLATES + MORE),
        place=dice.choice(("meadow", "sea", "dusk", "tiles", "concrete")),
        words=f"{coined(dice)} {dice.choice(WORDS)}",
        has_words=dice.random() < 0.6 and not (is_single and dice.random() < 0.5),
        has_tiles=not is_single and dice.random() < 0.4,
        seed=dice.getrandbits(31),
    )


def _view(style: Sign, kit: Kit) -> Image.Image:
    """The scenery, the post, the sign, the plate below it."""
    board = _scenery(style)
    wide, high = style.size
    lines = style.rows + (0.5 if style.has_words and style.shape == "square" else 0)
    cell = min(wide * 0.78 / style.columns, high * 0.55 / lines, min(wide, high) * 0.5)
    left, top = wide / 2 - cell * style.columns / 2, high * 0.1
    _post(board, style, top + cell * lines / 2)
    _plate(board, style, (left, top, cell * style.columns, cell * lines))
    if lines > style.rows:
        spot = (wide / 2, top + cell * (style.rows + 0.22))
        board.fit(*spot, style.words, cell * 0.26, _ink(style)[0], "bold", "mm", cell * style.columns * 0.9)
    for at in range(style.columns * style.rows):
        x, y = left + (at % style.columns + 0.5) * cell, top + (at // style.columns + 0.5) * cell
        _pictogram(Hand(board=board, x=x, y=y, r=cell / 2), style, kit[f"pictogram {at + 1}"])
    sticks_out = 0.15 * cell if style.shape in ("diamond", "triangle") else 0
    _note(board, style, kit["the plate below"], top + cell * lines + high * 0.03 + sticks_out)
    return board.finish(5)


def _scenery(style: Sign) -> Board:
    skies = {"meadow": ("#5f9fe0", "#d9ecf7"), "sea": ("#8fb9d9", "#eef3f2"), "dusk": ("#2b2f5a", "#e58f66")}
    walls = {"tiles": ("#d9dcd6", "#c3c8c2"), "concrete": ("#a7a59f", "#85837e")}
    board = Board(gradient(style.size, *{**skies, **walls}[style.place]), style.seed)
    dice = Random(style.seed)
    if style.place == "tiles":
        _tiles(board, dice)
    elif style.place == "concrete":
        board.mottle(style.seed, 30)
    else:
        _land(board, style, dice)
    return board


def _tiles(board: Board, dice: Random) -> None:
    side, tone = dice.randint(46, 90), dice.choice(("#e9ebe4", "#bcd3d2", "#e8d9b9", "#9fb7c9"))
    for y in range(0, board.height, side):
        for x in range(0, board.width, side):
            board.rect(x + 1, y + 1, side - 2, side - 2, mix(tone, "#000000", dice.uniform(0, 0.1)), 3)


def _land(board: Board, style: Sign, dice: Random) -> None:
    wide, high = style.size
    for _ in range(dice.randint(0, 5)):
        board.glow(dice.uniform(0, wide), dice.uniform(0, high * 0.4), wide * 0.2, "#ffffff", 0.8, high * 0.05)
    near = {"meadow": "#5c9440", "sea": "#2f6f92", "dusk": "#232138"}[style.place]
    for step in range(3):
        y, tone = high * (0.62 + step * 0.12), mix(near, "#cfe0e6" if step < 2 else near, 0.4 - step * 0.2)
        if style.place == "sea":
            board.rect(0, y, wide, high, tone)
        else:
            board.polygon(ring(dice.uniform(0, wide), high * 1.05, wide * 1.1, high * 1.05 - y), tone)
    for _ in range(dice.randint(4, 12) if style.place != "sea" else 0):
        x, y, size = dice.uniform(0, wide), high * dice.uniform(0.68, 0.9), high * dice.uniform(0.03, 0.08)
        board.circle(x, y, size, mix(near, "#0d2412", dice.uniform(0.2, 0.5)))
        board.circle(x + size * 0.6, y + size * 0.3, size * 0.8, mix(near, "#0d2412", dice.uniform(0.2, 0.5)))


def _post(board: Board, style: Sign, top: float) -> None:
    wide, high = style.size
    if style.place in ("tiles", "concrete"):
        return
    spots = (0.5,) if style.columns < 3 else (0.3, 0.7)
    for at in spots:
        points = [(wide * at - 8, top), (wide * at + 8, top), (wide * at + 8, high), (wide * at - 8, high)]
        board.shaded(points, "#d5d8db", "#8d9399", "#60666c", across=True)


def _ink(style: Sign) -> tuple[str, str]:
    """The ink of the pictograms and the ground that shows through them."""
    if style.shape in ("ring", "triangle"):
        return "#17171a", "#fbfaf5"
    return style.colours[1], style.colours[0]


def _plate(board: Board, style: Sign, area: tuple[float, float, float, float]) -> None:
    x, y, w, h = area
    plate, ink = style.colours
    if style.shape == "square":
        board.rect(x - 10, y - 6, w + 22, h + 22, "#00000055", 18)
        board.rect(x - 14, y - 14, w + 28, h + 28, plate, 18)
        board.rect(x - 9, y - 9, w + 18, h + 18, ink, 14)
        board.rect(x - 5, y - 5, w + 10, h + 10, plate, 11)
        return
    hand = Hand(board=board, x=x + w / 2, y=y + h / 2, r=w / 2)
    outlines = {"triangle": star(0, 0.25, 1.4, 0.7, 3), "diamond": star(0, 0, 1.3, 0.92, 4)}
    outline = outlines.get(style.shape, ring(0, 0, 1.08, 1.08))
    rim = "#c9252d" if style.shape in ("ring", "triangle") else ink
    for size, colour in ((1.03, plate if style.shape in ("round", "diamond") else "#fbfaf5"), (0.98, rim)):
        hand.at(0, 0, size).fill(outline, colour)
    hand.at(0, 0.06 if style.shape == "triangle" else 0, 0.8 if rim == "#c9252d" else 0.93).fill(
        outline, _ink(style)[1]
    )


def _pictogram(hand: Hand, style: Sign, name: str) -> None:
    ink, ground = _ink(style)
    if style.has_tiles:
        hand.box(-0.88, -0.88, 1.76, 1.76, ink, 0.15)
        ink, ground = ground, ink
    sizes = {"ring": 0.52, "triangle": 0.42, "diamond": 0.6, "round": 0.62}
    part = hand.at(0, 0.22 if style.shape == "triangle" else 0, sizes.get(style.shape, 0.68))
    PICTOGRAMS[name](part, ink, ground)


def _note(board: Board, style: Sign, note: str, y: float) -> None:
    """The plate below the sign: a distance, a time, or an arrow."""
    wide, high = style.size
    w, h = wide * 0.34, min(high * 0.11, wide * 0.12)
    hand = Hand(board=board, x=wide / 2, y=y + h / 2, r=h / 2)
    y_radius = h * 0.12
    board.rect(wide / 2 - w / 2 - 3, y - 3, w + 6, h + 6, "#17171a", y_radius)
    board.rect(wide / 2 - w / 2, y, w, h, "#fbfaf5", y_radius)
    if not note.startswith("arrow"):
        board.say(wide / 2, y + h / 2, note, h * 0.6, "#17171a", "bold", "mm")
        return
    arrow = hand.at(0, 0, 1, {"arrow left": -90, "arrow right": 90}.get(note, 0))
    arrow.fill([(0, -0.75), (0.55, -0.1), (0.2, -0.1), (0.2, 0.7), (-0.2, 0.7), (-0.2, -0.1), (-0.55, -0.1)], "#17171a")


FAMILIES: Sequence[Family] = (Family(name="pictogram_signs", draw=pictogram_signs),)
