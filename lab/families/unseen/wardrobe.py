"""Clothes on the same stand.

dressed_mannequin   a page of a look book   all of the outfit is another one
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import SCALE, Spot, gradient, mix, ring, smooth
from lab.families.kit import Family, Twins
from lab.families.unseen.cloth import Piece, weave, whole
from lab.families.unseen.strokes import HEADS, Board, Tones, coined, hsl, on, pair, tones, vivid

SIZES = ((560, 840), (640, 900), (700, 1000), (800, 800), (600, 750), (900, 680))
WEAVES = ("plain", "plain", "stripes", "hoops", "dots", "checks", "flowers")
SEASONS = ("Spring", "Summer", "Autumn", "Winter")
TOPS: Mapping[str, Sequence[Spot]] = {
    "T-shirt": [(10, 0), (26, 6), (46, 34), (33, 42), (25, 32), (25, 74), (0, 76)],
    "jumper": [(9, -2), (28, 6), (47, 52), (54, 90), (44, 94), (36, 60), (27, 40), (28, 80), (0, 82)],
    "vest": [(9, -1), (16, -1), (18, 16), (24, 26), (24, 72), (0, 74)],
    "coat": [(11, -6), (30, 6), (48, 50), (56, 94), (44, 98), (36, 60), (29, 40), (40, 142), (0, 146)],
    "cropped jacket": [(12, -6), (30, 5), (48, 50), (54, 88), (43, 92), (36, 58), (28, 38), (29, 58), (0, 60)],
    "poncho": [(10, -6), (22, 2), (62, 78), (0, 100)],
}
BOTTOMS: Mapping[str, Sequence[Spot]] = {
    "trousers": [(24, 66), (27, 90), (25, 190), (8, 190), (2, 104), (0, 102)],
    "shorts": [(24, 66), (30, 118), (5, 120), (1, 100), (0, 100)],
    "long skirt": [(23, 66), (32, 100), (48, 186), (0, 190)],
    "short skirt": [(23, 66), (36, 116), (0, 120)],
    "wide trousers": [(24, 66), (30, 90), (40, 188), (10, 190), (2, 104), (0, 102)],
}
BODY = (
    *((5, -12), (6, -2), (24, 5), (27, 12), (40, 52), (45, 92), (39, 94), (33, 56), (23, 30), (18, 56), (25, 84)),
    *((22, 140), (17, 196), (8, 198), (8, 150), (3, 100), (0, 98)),
)
EXTRAS = ("none", "scarf", "hat", "bag", "belt", "beads")
"""Right halves of the outlines: 0, 0 is the pit of the neck, the ground is at 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """How a look book is made."""

    size: tuple[int, int]
    tones: Tones
    brand: str
    season: str
    face: str
    backdrop: str
    skin: str
    x: float
    is_numbered: bool
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """What the mannequin wears."""

    top: Piece
    bottom: Piece
    extra: str
    colour: str
    number: int

    @property
    def says(self) -> str:
        """The outfit in words."""
        return f"{self.top.cut} and {self.bottom.cut}"


def dressed_mannequin(dice: Random) -> Twins:
    """A page of a look book: the same mannequin before the same wall wears another outfit."""
    tops, bottoms = dice.sample(tuple(TOPS), 2), dice.sample(tuple(BOTTOMS), 2)
    numbers = dice.sample(range(1, 49), 2)
    one, other = (
        Outfit(
            top=_piece(dice, top),
            bottom=_piece(dice, bottom),
            extra=dice.choice(EXTRAS),
            colour=vivid(dice),
            number=number,
        )
        for top, bottom, number in zip(tops, bottoms, numbers, strict=True)
    )
    return pair(_look, _book(dice), (one, other), What.PICTURE, f"the outfit: {one.says} became {other.says}")


def _piece(dice: Random, cut: str) -> Piece:
    colour = hsl(dice.random(), dice.uniform(0.05, 0.8), dice.uniform(0.12, 0.85))
    return Piece(cut=cut, weave=dice.choice(WEAVES), colours=(colour, mix(colour, on(colour), dice.uniform(0.3, 0.9))))


def _book(dice: Random) -> Book:
    size = dice.choice(SIZES)
    return Book(
        size=size,
        tones=tones(dice, 0.3),
        brand=coined(dice).upper() if dice.random() < 0.5 else f"{coined(dice)} & {coined(dice)}",
        season=f"{dice.choice(SEASONS)} {dice.choice(('collection', 'look book', 'line', 'edit'))}",
        face=dice.choice(HEADS),
        backdrop=dice.choice(("studio", "curtain", "arch", "boards", "disc")),
        skin=dice.choice(("#e9e4dc", "#f6f4f0", "#2a2a2e", "#c9ab86", "#b9bcc2")),
        x=dice.choice((0.5, 0.5, 0.36, 0.64)) if size[0] > 600 else 0.5,
        is_numbered=dice.random() < 0.5,
        seed=dice.getrandbits(31),
    )


def _look(style: Book, outfit: Outfit) -> Image.Image:
    wide, high = style.size
    sheet = Board(
        gradient(style.size, style.tones.ground, mix(style.tones.ground, style.tones.accent, 0.25)), style.seed
    )
    _backdrop(sheet, style)
    at, unit = style.x * wide, high / 285
    top = high * 0.225
    sheet.glow(at, top + 203 * unit, 60 * unit, "#000000", 0.6, 8 * unit)
    _mannequin(sheet, style, at, top, unit)
    _wear(sheet, outfit.bottom, BOTTOMS[outfit.bottom.cut], (at, top), unit)
    _wear(sheet, outfit.top, TOPS[outfit.top.cut], (at, top), unit)
    _extra(sheet, outfit, at, top, unit)
    _lines(sheet, style, outfit)
    return sheet.finish(4)


def _backdrop(sheet: Board, style: Book) -> None:
    (wide, high), dice, colours = style.size, Random(style.seed), style.tones
    floor = high * 0.88
    if style.backdrop == "curtain":
        folds = dice.randint(14, 30)
        for fold in range(folds):
            shade = mix(colours.ground, colours.second, 0.25 + 0.2 * (fold % 2) + dice.uniform(0, 0.1))
            sheet.rect(fold * wide / folds, 0, wide / folds + 1, high, shade)
    elif style.backdrop == "arch":
        sheet.circle(style.x * wide, high * 0.36, high * 0.28, mix(colours.ground, colours.accent, 0.5))
        sheet.rect(
            style.x * wide - high * 0.28,
            high * 0.36,
            high * 0.56,
            floor - high * 0.36,
            mix(colours.ground, colours.accent, 0.5),
        )
    elif style.backdrop == "boards":
        for board in range(9):
            sheet.rect(0, board * high / 9, wide, high / 9 - 2, mix(colours.ground, "#8a6a44", dice.uniform(0.3, 0.5)))
    elif style.backdrop == "disc":
        sheet.circle(style.x * wide, high * 0.5, high * 0.36, mix(colours.ground, colours.second, 0.6))
    sheet.rect(0, floor, wide, high - floor, mix(colours.ground, "#55504a", 0.3))


def _mannequin(sheet: Board, style: Book, x: float, y: float, unit: float) -> None:
    """An egg for a head, arms and legs, a round foot of metal."""
    skin, dark = style.skin, mix(style.skin, "#000000", 0.25)
    sheet.shaded(ring(x, y + 204 * unit, 34 * unit, 6 * unit), "#8d9096", "#4b4e55")
    sheet.shaded(whole(BODY, x, y, unit), mix(skin, "#ffffff", 0.3), skin, dark, across=True)
    sheet.shaded(ring(x, y - 28 * unit, 13 * unit, 18 * unit), mix(skin, "#ffffff", 0.3), dark, across=True)


def _wear(sheet: Board, piece: Piece, half: Sequence[Spot], spot: Spot, unit: float) -> None:
    outline = whole(half, *spot, unit)
    seed = sum(piece.colours[0].encode())
    sheet.cloth(outline, weave(piece, sheet.image.size, unit * SCALE, seed))
    sheet.line([*outline, outline[0]], mix(piece.colours[0], "#000000", 0.4), 1.2)
    if piece.cut in ("coat", "cropped jacket"):
        x, y = spot
        end = half[-1][1]
        sheet.line([(x, y + 12 * unit), (x, y + end * unit)], mix(piece.colours[0], "#000000", 0.5), 1.5)
        for button in range(22, round(end) - 8, 18):
            sheet.circle(x - 4 * unit, y + button * unit, 1.8 * unit, piece.colours[1])


def _extra(sheet: Board, outfit: Outfit, x: float, y: float, unit: float) -> None:
    colour = outfit.colour
    if outfit.extra == "scarf":
        sheet.shaded(ring(x, y - 2 * unit, 15 * unit, 8 * unit), colour, mix(colour, "#000000", 0.3))
        sheet.shaded(
            [(x + px * unit, y + py * unit) for px, py in ((2, 0), (12, 0), (15, 48), (4, 50))],
            colour,
            mix(colour, "#000000", 0.3),
        )
    elif outfit.extra == "hat":
        sheet.shaded(ring(x, y - 37 * unit, 26 * unit, 6 * unit), colour, mix(colour, "#000000", 0.3))
        sheet.shaded(
            ring(x, y - 38 * unit, 14 * unit, 18 * unit, first=180, last=360), colour, mix(colour, "#000000", 0.2)
        )
    elif outfit.extra == "bag":
        sheet.line(
            [(x + 40 * unit, y + 90 * unit), (x + 46 * unit, y + 72 * unit), (x + 52 * unit, y + 90 * unit)],
            colour,
            2.5,
        )
        sheet.rect(x + 32 * unit, y + 90 * unit, 28 * unit, 24 * unit, colour, 3 * unit)
    elif outfit.extra == "belt":
        sheet.rect(x - 25 * unit, y + 62 * unit, 50 * unit, 5 * unit, colour)
        sheet.rect(x - 4 * unit, y + 61 * unit, 8 * unit, 7 * unit, "#d9b44a", 2)
    elif outfit.extra == "beads":
        for bx, by in smooth([(x - 10 * unit, y), (x, y + 24 * unit), (x + 10 * unit, y)]):
            sheet.circle(bx, by, 1.9 * unit, colour)


def _lines(sheet: Board, style: Book, outfit: Outfit) -> None:
    wide, high = style.size
    beside = wide * (style.x - 0.05) - high * 0.1
    sheet.fit(wide * 0.05, high * 0.06, style.brand, high * 0.045, style.tones.ink, style.face, "lm", beside)
    sheet.fit(
        wide * 0.95,
        high * 0.06,
        style.season,
        high * 0.024,
        style.tones.ink,
        "sans",
        "rm",
        wide * (0.95 - style.x) - high * 0.1,
    )
    text = f"Look {outfit.number:02d}" if style.is_numbered else "Shop the look"
    sheet.say(wide * 0.05, high * 0.94, text, high * 0.03, on(mix(style.tones.ground, "#55504a", 0.3)), style.face)


FAMILIES: Sequence[Family] = (Family(name="dressed_mannequin", draw=dressed_mannequin),)
