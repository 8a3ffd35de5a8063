"""Patterns to stitch.

cross_stitch_chart   a leaflet with a chart, its border, its key   another motif within the border
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

from core.types import What
from lab.drawings.kit import Spot, mix, paper, ring, star
from lab.families.kit import Family, Twins
from lab.families.unseen.strokes import HEADS, Board, Tones, coined, hsl, long, on, pair, tones

type Part = tuple[int, Sequence[Spot]]
type Cells = Sequence[Sequence[int]]

SIZES = ((600, 800), (640, 900), (800, 800), (960, 680), (540, 760), (1000, 740))
WAYS = ("cross", "full", "sign", "knit")
SIGNS = "●▲■◆+"
ADVICE = (
    "Find the middle of the cloth and begin there.",
    "One square is one stitch over two threads.",
    "Stitch with two strands, outline with one.",
    "Let all upper legs of the stitches lie one way.",
    "Wash by hand, iron from the back.",
)
FINE = 8
"""How many points of a motif's drawing fall on one stitch."""

MOTIFS: Mapping[str, Sequence[Part]] = {
    "heart": [
        (
            1,
            [
                (0.5, 0.95),
                (0.04, 0.46),
                (0.04, 0.2),
                (0.22, 0.07),
                (0.5, 0.24),
                (0.78, 0.07),
                (0.96, 0.2),
                (0.96, 0.46),
            ],
        ),
        (2, [(0.5, 0.75), (0.25, 0.48), (0.33, 0.3), (0.5, 0.42), (0.67, 0.3), (0.75, 0.48)]),
    ],
    "fir tree": [
        (3, [(0.44, 0.8), (0.56, 0.8), (0.56, 1), (0.44, 1)]),
        (1, [(0.5, 0), (0.78, 0.36), (0.22, 0.36)]),
        (1, [(0.5, 0.2), (0.88, 0.62), (0.12, 0.62)]),
        (1, [(0.5, 0.4), (0.98, 0.86), (0.02, 0.86)]),
        (2, ring(0.4, 0.5, 0.06, 0.06)),
        (2, ring(0.63, 0.72, 0.06, 0.06)),
    ],
    "house": [
        (1, [(0.12, 0.45), (0.88, 0.45), (0.88, 1), (0.12, 1)]),
        (2, [(0.5, 0.05), (1, 0.48), (0, 0.48)]),
        (3, [(0.42, 0.68), (0.6, 0.68), (0.6, 1), (0.42, 1)]),
        (4, [(0.68, 0.6), (0.8, 0.6), (0.8, 0.74), (0.68, 0.74)]),
        (4, [(0.2, 0.6), (0.32, 0.6), (0.32, 0.74), (0.2, 0.74)]),
    ],
    "fish": [
        (1, ring(0.42, 0.5, 0.4, 0.28)),
        (2, [(0.72, 0.5), (1, 0.2), (1, 0.8)]),
        (3, ring(0.22, 0.43, 0.06, 0.06)),
        (2, [(0.4, 0.3), (0.56, 0.08), (0.62, 0.32)]),
        (4, [(0.4, 0.3), (0.46, 0.3), (0.46, 0.7), (0.4, 0.7)]),
    ],
    "mushroom": [
        (4, [(0.38, 0.5), (0.62, 0.5), (0.68, 1), (0.32, 1)]),
        (1, ring(0.5, 0.52, 0.48, 0.46, first=180, last=360)),
        (4, ring(0.3, 0.34, 0.08, 0.08)),
        (4, ring(0.6, 0.24, 0.08, 0.08)),
        (4, ring(0.74, 0.42, 0.07, 0.06)),
    ],
    "flower": [
        (2, [(0.47, 0.5), (0.54, 0.5), (0.54, 1), (0.47, 1)]),
        (2, ring(0.68, 0.84, 0.18, 0.07, -25)),
        *[(1, ring(0.5 + 0.22 * cos(t * pi / 3), 0.34 + 0.22 * sin(t * pi / 3), 0.13, 0.13)) for t in range(6)],
        (3, ring(0.5, 0.34, 0.13, 0.13)),
    ],
    "boat": [
        (3, [(0.03, 0.72), (0.97, 0.72), (0.8, 0.98), (0.2, 0.98)]),
        (4, [(0.46, 0.04), (0.52, 0.04), (0.52, 0.72), (0.46, 0.72)]),
        (1, [(0.56, 0.08), (0.95, 0.64), (0.56, 0.64)]),
        (2, [(0.42, 0.2), (0.42, 0.64), (0.1, 0.64)]),
    ],
    "cat": [
        (1, ring(0.5, 0.72, 0.3, 0.28)),
        (1, ring(0.5, 0.34, 0.26, 0.22)),
        (1, [(0.26, 0.3), (0.26, 0.02), (0.48, 0.2)]),
        (1, [(0.74, 0.3), (0.74, 0.02), (0.52, 0.2)]),
        (3, ring(0.4, 0.32, 0.05, 0.06)),
        (3, ring(0.6, 0.32, 0.05, 0.06)),
        (2, ring(0.5, 0.78, 0.14, 0.18)),
        (1, [(0.74, 0.9), (0.92, 0.5), (1, 0.54), (0.84, 0.98)]),
    ],
    "teapot": [
        (1, ring(0.48, 0.62, 0.3, 0.3)),
        (2, ring(0.48, 0.3, 0.16, 0.08)),
        (3, ring(0.48, 0.2, 0.06, 0.06)),
        (1, [(0.72, 0.62), (0.98, 0.34), (1, 0.44), (0.78, 0.78)]),
        (2, ring(0.16, 0.6, 0.16, 0.2)),
        (0, ring(0.15, 0.6, 0.09, 0.12)),
        (3, [(0.22, 0.6), (0.74, 0.6), (0.74, 0.68), (0.22, 0.68)]),
    ],
    "bird": [
        (1, ring(0.46, 0.52, 0.3, 0.24)),
        (1, ring(0.72, 0.32, 0.16, 0.15)),
        (4, [(0.86, 0.28), (1, 0.34), (0.86, 0.4)]),
        (2, [(0.3, 0.46), (0.62, 0.5), (0.3, 0.72), (0, 0.78)]),
        (3, ring(0.76, 0.3, 0.04, 0.04)),
        (3, [(0.44, 0.74), (0.49, 0.74), (0.49, 1), (0.44, 1)]),
        (3, [(0.56, 0.74), (0.61, 0.74), (0.61, 1), (0.56, 1)]),
    ],
    "star": [(1, star(0.5, 0.53, 0.52, 0.22, 5)), (2, star(0.5, 0.53, 0.28, 0.12, 5))],
    "anchor": [
        (1, [(0.45, 0.15), (0.55, 0.15), (0.55, 0.95), (0.45, 0.95)]),
        (1, ring(0.5, 0.12, 0.12, 0.12)),
        (0, ring(0.5, 0.12, 0.06, 0.06)),
        (2, [(0.25, 0.28), (0.75, 0.28), (0.75, 0.36), (0.25, 0.36)]),
        (
            1,
            [
                *ring(0.5, 0.55, 0.46, 0.44, first=0, last=180),
                *reversed(ring(0.5, 0.55, 0.34, 0.28, first=0, last=180)),
            ],
        ),
    ],
    "snowflake": [],
}
"""Ink and outline of each part, within a square; a snowflake is another one each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """How the leaflets of a maker look."""

    size: tuple[int, int]
    tones: Tones
    threads: Sequence[str]
    brand: str
    face: str
    way: str
    side: int
    rim: Sequence[Sequence[int]]
    is_key_right: bool
    is_named: bool
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Motif:
    """What is stitched."""

    name: str
    cells: Cells


def cross_stitch_chart(dice: Random) -> Twins:
    """A leaflet with a chart for cross-stitch: another motif in the same border, with the same threads."""
    style = _leaflet(dice)
    names = dice.sample(tuple(MOTIFS), 2)
    inner = style.side - 2 * len(style.rim) - 2
    one, other = (Motif(name=name, cells=_cells(dice, name, inner)) for name in names)
    return pair(_chart, style, (one, other), What.PICTURE, f"the motif: {names[0]} became {names[1]}")


def _leaflet(dice: Random) -> Leaflet:
    size, hue = dice.choice(SIZES), dice.random()
    threads = [hsl(hue + step / 4 + dice.uniform(-0.07, 0.07), dice.uniform(0.3, 0.8), dice.uniform(0.25, 0.6))
               for step in range(4)]  # fmt: skip
    side = dice.choice((27, 31, 35, 41, 47))
    rim = [
        [dice.choice((0, 0, 1, 2, 3, 4)) for _ in range(dice.choice((2, 3, 4, 5)))]
        for _ in range(dice.choice((1, 2, 3)))
    ]
    return Leaflet(
        size=size,
        tones=tones(dice, 0.25),
        threads=threads,
        brand=f"{coined(dice)} {dice.choice(('Threads', 'Stitchery', 'Needle Club', 'Handcraft', 'Yarns'))}",
        face=dice.choice(HEADS),
        way=dice.choice(WAYS),
        side=side,
        rim=rim,
        is_key_right=size[0] > size[1],
        is_named=dice.random() < 0.5,
        seed=dice.getrandbits(31),
    )


def _cells(dice: Random, name: str, side: int) -> Cells:
    """The inks of a motif's stitches, 0 where the cloth is bare."""
    if name == "snowflake":
        return _snowflake(dice, side)
    fine = Image.new("L", (side * FINE, side * FINE))
    pen = ImageDraw.Draw(fine)
    for ink, outline in MOTIFS[name]:
        pen.polygon([((0.06 + 0.88 * x) * side * FINE, (0.06 + 0.88 * y) * side * FINE) for x, y in outline], fill=ink)
    return [
        [_ink(fine.getpixel((x * FINE + FINE // 2, y * FINE + FINE // 2))) for x in range(side)] for y in range(side)
    ]


def _ink(value: object) -> int:
    return value if isinstance(value, int) else 0


def _snowflake(dice: Random, side: int) -> Cells:
    """Stitches that mirror each other eightfold."""
    reach = side // 2
    sown = {
        (x, y): dice.choice((0, 0, 1, 1, 2)) for x in range(reach + 1) for y in range(x + 1) if x + y <= reach * 1.3
    }
    return [
        [sown.get((max(abs(x - reach), abs(y - reach)), min(abs(x - reach), abs(y - reach))), 0) for x in range(side)]
        for y in range(side)
    ]


def _chart(style: Leaflet, motif: Motif) -> Image.Image:
    wide, high = style.size
    sheet = Board(
        paper(style.size, style.tones.ground, mix(style.tones.ground, "#8a7a60", 0.1), style.seed), style.seed
    )
    _head(sheet, style, motif.name)
    room = (wide * 0.7, high * 0.8) if style.is_key_right else (wide * 0.88, high * 0.72)
    step = int(min(room) // style.side)
    left = wide * 0.05 if style.is_key_right else (wide - step * style.side) / 2
    _grid(sheet, style, (left, high * 0.15), step, _bordered(style, motif.cells))
    _key(sheet, style, left + step * style.side if style.is_key_right else left, high * 0.15, step * style.side)
    return sheet.finish(3)


def _head(sheet: Board, style: Leaflet, name: str) -> None:
    dice, (wide, high) = Random(style.seed), style.size
    if dice.random() < 0.5:
        sheet.rect(0, 0, wide, high * 0.115, style.tones.accent)
        ink = on(style.tones.accent)
    else:
        ink = style.tones.ink
        sheet.line([(wide * 0.05, high * 0.115), (wide * 0.95, high * 0.115)], style.tones.accent, 2)
    sheet.fit(wide * 0.05, high * 0.05, style.brand, high * 0.045, ink, style.face, "lm", wide * 0.6)
    under = f"Cross-stitch chart · {style.side} x {style.side} stitches · {dice.choice((11, 14, 16, 18))} count"
    sheet.fit(wide * 0.05, high * 0.09, under, high * 0.02, ink, "sans", "lm", wide * 0.6)
    if style.is_named:
        sheet.say(wide * 0.95, high * 0.06, name.capitalize(), high * 0.034, ink, style.face, "rm")


def _bordered(style: Leaflet, cells: Cells) -> Cells:
    """The chart with the border around the motif."""
    side, rows = style.side, len(style.rim)
    inner = rows + 1
    chart = [[0] * side for _ in range(side)]
    for y in range(side):
        for x in range(side):
            edge = min(x, y, side - 1 - x, side - 1 - y)
            if edge < rows:
                row = style.rim[edge]
                chart[y][x] = row[(x + y if edge in (x, side - 1 - x) else x + edge) % len(row)]
            elif inner <= x < side - inner and inner <= y < side - inner:
                chart[y][x] = cells[y - inner][x - inner]
    return chart


def _grid(sheet: Board, style: Leaflet, spot: Spot, step: int, chart: Cells) -> None:
    (left, top), reach = spot, step * style.side
    sheet.rect(left, top, reach, reach, "#fdfbf5")
    for y, row in enumerate(chart):
        for x, ink in enumerate(row):
            if ink:
                _stitch(sheet, style, left + x * step, top + y * step, step, ink)
    for at in range(style.side + 1):
        thick, shade = (1.2, "#55555588") if at % 10 == 0 else (0.6, "#77777755")
        sheet.line([(left + at * step, top), (left + at * step, top + reach)], shade, thick)
        sheet.line([(left, top + at * step), (left + reach, top + at * step)], shade, thick)


def _stitch(sheet: Board, style: Leaflet, x: float, y: float, step: int, ink: int) -> None:
    colour, near, far = style.threads[ink - 1], step * 0.12, step * 0.88
    if style.way == "cross":
        sheet.line([(x + near, y + near), (x + far, y + far)], mix(colour, "#000000", 0.15), step * 0.2)
        sheet.line([(x + far, y + near), (x + near, y + far)], colour, step * 0.2)
    elif style.way == "knit":
        sheet.polygon([(x, y), (x + step / 2, y + step * 0.5), (x + step / 2, y + step), (x, y + step / 2)], colour)
        right = [(x + step, y), (x + step / 2, y + step * 0.5), (x + step / 2, y + step), (x + step, y + step / 2)]
        sheet.polygon(right, mix(colour, "#ffffff", 0.15))
    else:
        sheet.rect(x, y, step, step, colour if style.way == "full" else mix(colour, "#ffffff", 0.6))
        if style.way == "sign":
            sheet.say(x + step / 2, y + step / 2, SIGNS[ink - 1], step * 0.8, "#222222", "sans", "mm")


def _key(sheet: Board, style: Leaflet, x: float, y: float, reach: float) -> None:
    """The threads' colours and numbers, below the chart or at its right."""
    dice, (wide, high) = Random(style.seed + 1), style.size
    gap = wide * 0.04
    for at, thread in enumerate(style.threads):
        left = x + gap if style.is_key_right else x + at * reach / 4
        top = y + at * high * 0.1 if style.is_key_right else y + reach + high * 0.03
        sheet.rect(left, top, high * 0.035, high * 0.035, thread, 3)
        text = f"{dice.randint(101, 3895)}"
        sheet.say(left + high * 0.045, top + high * 0.018, text, high * 0.022, style.tones.ink, "sans", "lm")
    if style.is_key_right:
        for at, line in enumerate(ADVICE):
            sheet.fit(
                x + gap, y + high * (0.46 + 0.045 * at), line, high * 0.02, style.tones.faint, "sans", "lm", wide * 0.24
            )
    foot = f"© {style.brand} · for private use only"
    size = high * 0.018
    sheet.say(wide * 0.95 - min(long(foot, size, "sans"), wide * 0.9), high * 0.965, foot, size, style.tones.faint)


FAMILIES: Sequence[Family] = (Family(name="cross_stitch_chart", draw=cross_stitch_chart),)
