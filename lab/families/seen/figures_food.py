"""Fruits and cakes for sets of stickers, each within a disc of radius 1."""

from collections.abc import Mapping

from lab.drawings.kit import leaf, ring, smooth
from lab.families.seen.figures_faces import SIDES
from lab.families.seen.figures_kit import WHITE, Brush, Part, round_box

LEAF, STALK = "#4c9a45", "#6b4a2b"
CRUST, CREAM, PINK, COCOA, CHERRY = "#d59a55", "#fbf1dc", "#f3a3bd", "#6a3d28", "#d0283c"


def _apple(colour: str) -> Part:
    def draw(brush: Brush) -> None:
        half = [(0.1, -0.42), (0.5, -0.55), (0.85, -0.15), (0.7, 0.5), (0.3, 0.85)]
        brush.shape(smooth([*half, *((-x, y) for x, y in reversed(half))], closed=True), colour)
        brush.stroke([(0, -0.4), (0.1, -0.8)], 0.09, STALK)
        brush.shape(leaf(0.1, -0.6, 0.5, 0.26, -25), LEAF)

    return draw


def _pear(brush: Brush) -> None:
    half = [(0.18, -0.75), (0.32, -0.3), (0.65, 0.3), (0.5, 0.8), (0.15, 0.92)]
    brush.shape(smooth([*half, *((-x, y) for x, y in reversed(half))], closed=True), "#c3cf4a")
    brush.stroke([(0, -0.7), (0.08, -0.98)], 0.09, STALK)


def _orange(brush: Brush) -> None:
    brush.oval(0, 0.05, 0.82, 0.8, "#f2932c")
    brush.shape(leaf(0, -0.7, 0.5, 0.26, -15), LEAF)
    brush.dot(0, -0.66, 0.08, STALK)


def _cut_orange(brush: Brush) -> None:
    brush.oval(0, 0, 0.85, 0.85, "#f2932c")
    brush.dot(0, 0, 0.7, CREAM)
    for step in range(6):
        brush.bare(leaf(0, 0, 0.66, 0.46, step * 60), "#f7ac4e")


def _lemon(brush: Brush) -> None:
    brush.shape(
        smooth([(-1, 0), (-0.6, -0.45), (0, -0.62), (0.6, -0.45), (1, 0), (0.6, 0.45), (0, 0.62), (-0.6, 0.45)], True),
        "#f5dc3c",
    )
    brush.shape(leaf(0.55, -0.45, 0.5, 0.24, -40), LEAF)


def _banana(brush: Brush) -> None:
    inner, outer = ring(0.1, -0.7, 0.75, 0.95, 0, 20, 150), ring(0.05, -0.6, 1.0, 1.45, 0, 150, 20)
    brush.shape([*inner, *outer], "#f4d33f")


def _cherries(brush: Brush) -> None:
    for x, y in ((-0.42, 0.45), (0.45, 0.5)):
        brush.stroke([(0.1, -0.8), (x, y)], 0.07, LEAF)
        brush.oval(x, y, 0.38, 0.38, CHERRY)
        brush.dot(x - 0.12, y - 0.12, 0.09, PINK)
    brush.shape(leaf(0.1, -0.8, 0.65, 0.3, 15), LEAF)


def _strawberry(brush: Brush) -> None:
    half = [(0.4, -0.5), (0.75, -0.25), (0.5, 0.45), (0.12, 0.92)]
    brush.shape(smooth([*half, *((-x, y) for x, y in reversed(half))], closed=True), "#e0354a")
    for x, y in ((-0.35, -0.1), (0, -0.15), (0.35, -0.1), (-0.18, 0.25), (0.18, 0.25), (0, 0.55)):
        brush.dot(x, y, 0.06, CREAM)
    for turn in (-160, -125, -90, -55, -20):
        brush.shape(leaf(0, -0.42, 0.5, 0.2, turn), LEAF)


def _grapes(brush: Brush) -> None:
    brush.stroke([(0, -0.5), (0.1, -0.95)], 0.09, STALK)
    for row, count in enumerate((4, 3, 2, 1)):
        for step in range(count):
            brush.oval((step - (count - 1) / 2) * 0.44, -0.4 + 0.38 * row, 0.24, 0.24, "#7d4aa3")


def _melon(brush: Brush) -> None:
    brush.shape(ring(0, -0.35, 0.98, 1.1, 0, 0, 180), "#3f8f4a")
    brush.bare(ring(0, -0.35, 0.84, 0.94, 0, 0, 180), CREAM)
    brush.bare(ring(0, -0.35, 0.76, 0.84, 0, 0, 180), "#ec4b58")
    for x, y in ((-0.4, -0.1), (0, -0.1), (0.4, -0.1), (-0.2, 0.2), (0.2, 0.2)):
        brush.bare(ring(x, y, 0.05, 0.08), "#2b2024")


def _kiwi(brush: Brush) -> None:
    brush.oval(0, 0, 0.85, 0.8, "#8a6238")
    brush.dot(0, 0, 0.7, "#9ccb4c")
    brush.dot(0, 0, 0.22, CREAM)
    for x, y in ((0.42, 0), (-0.42, 0), (0.2, 0.36), (-0.2, 0.36), (0.2, -0.36), (-0.2, -0.36)):
        brush.dot(x, y, 0.06, "#26301c")


def _pineapple(brush: Brush) -> None:
    for turn in (-130, -105, -90, -75, -50):
        brush.shape(leaf(0, -0.25, 0.75, 0.2, turn), LEAF)
    brush.oval(0, 0.35, 0.52, 0.62, "#eab23a")
    for x in (-0.2, 0.1):
        brush.stroke([(x - 0.15, 0), (x + 0.25, 0.7)], 0.05, "#b07a20")
        brush.stroke([(x + 0.25, 0), (x - 0.15, 0.7)], 0.05, "#b07a20")


def _bun(top: str, crown: str) -> Part:
    """A small cake in a paper cup: its icing and what is on top."""

    def draw(brush: Brush) -> None:
        brush.shape([(-0.6, 0.1), (0.6, 0.1), (0.42, 0.9), (-0.42, 0.9)], CRUST)
        for x in (-0.25, 0, 0.25):
            brush.stroke([(x * 1.2, 0.15), (x, 0.85)], 0.05, "#a8703a")
        for y, half in ((0.0, 0.7), (-0.3, 0.5), (-0.55, 0.28)):
            brush.oval(0, y, half, 0.24, top)
        brush.oval(0, -0.8, 0.16, 0.16, crown)

    return draw


def _ring_cake(icing: str, has_crumbs: bool) -> Part:
    def draw(brush: Brush) -> None:
        brush.oval(0, 0, 0.9, 0.88, CRUST)
        brush.bare(ring(0, -0.03, 0.8, 0.77), icing)
        if has_crumbs:
            for x, y in ((-0.5, -0.2), (-0.1, -0.55), (0.45, -0.35), (0.55, 0.2), (0.1, 0.55), (-0.4, 0.4)):
                brush.dot(x, y, 0.07, "#5db8f2")
        brush.dot(0, 0, 0.26, CREAM)

    return draw


def _slice(layers: str, icing: str) -> Part:
    def draw(brush: Brush) -> None:
        brush.shape([(-0.9, -0.15), (0.85, -0.15), (0.85, 0.75), (-0.9, 0.75)], layers)
        for y in (0.1, 0.42):
            brush.bare(round_box(-0.88, y, 1.72, 0.1), CREAM)
        brush.shape([(-0.9, -0.15), (0.2, -0.62), (0.85, -0.15)], icing)
        brush.oval(0.2, -0.66, 0.18, 0.18, CHERRY)

    return draw


def _biscuit(brush: Brush) -> None:
    brush.oval(0, 0, 0.85, 0.85, "#d9a864")
    for x, y in ((-0.4, -0.3), (0.2, -0.45), (0.5, 0.1), (0, 0.1), (-0.35, 0.4), (0.25, 0.52)):
        brush.dot(x, y, 0.13, COCOA)


def _roll(brush: Brush) -> None:
    brush.oval(0, 0, 0.85, 0.85, COCOA)
    turns = [(0.1 + 0.011 * step, 20 * step) for step in range(54)]
    brush.stroke([ring(0, 0, r, r, 0, turn, turn)[0] for r, turn in turns], 0.12, CREAM)


def _lolly(brush: Brush) -> None:
    brush.box(-0.1, 0.5, 0.2, 0.5, "#e2c391")
    brush.box(-0.45, -0.95, 0.9, 1.5, PINK, 0.4)
    brush.bare([*ring(0, -0.5, 0.42, 0.42, 0, 180, 360), (0.42, -0.1), (0.1, 0.05), (-0.2, -0.15), (-0.42, 0)], COCOA)


def _cone(brush: Brush) -> None:
    brush.shape([(-0.42, 0), (0.42, 0), (0, 0.98)], CRUST)
    brush.oval(0, -0.3, 0.56, 0.52, "#a9dcc0")
    brush.oval(0, -0.8, 0.14, 0.14, CHERRY)


def _sandwich(brush: Brush) -> None:
    for y, colour in ((0.32, "#b48fd6"), (-0.3, "#b48fd6")):
        brush.box(-0.78, y - 0.28, 1.56, 0.56, colour, 0.26)
    brush.box(-0.72, -0.1, 1.44, 0.22, CREAM, 0.08)


def _flan(brush: Brush) -> None:
    brush.shape([(-0.5, -0.4), (0.5, -0.4), (0.75, 0.6), (-0.75, 0.6)], "#f1cd6a")
    brush.shape([(-0.5, -0.4), (0.5, -0.4), (0.58, -0.05), (0.2, 0.05), (-0.2, -0.05), (-0.58, 0.02)], "#9a5422")
    for side in SIDES:
        brush.bare(ring(side * 0.85, 0.62, 0.12, 0.06), WHITE)


FOODS: Mapping[str, Mapping[str, Part]] = {
    "fruits": {
        "a red apple": _apple("#d93a3e"),
        "a green apple": _apple("#8cc152"),
        "a pear": _pear,
        "an orange": _orange,
        "a cut orange": _cut_orange,
        "a lemon": _lemon,
        "a banana": _banana,
        "cherries": _cherries,
        "a strawberry": _strawberry,
        "grapes": _grapes,
        "a melon": _melon,
        "a kiwi": _kiwi,
        "a pineapple": _pineapple,
    },
    "cakes": {
        "a pink bun": _bun(PINK, CHERRY),
        "a brown bun": _bun(COCOA, CREAM),
        "a ring with pink icing": _ring_cake(PINK, has_crumbs=True),
        "a ring with cocoa": _ring_cake(COCOA, has_crumbs=False),
        "a slice": _slice("#edc878", PINK),
        "a dark slice": _slice(COCOA, CREAM),
        "a biscuit": _biscuit,
        "a roll": _roll,
        "a lolly": _lolly,
        "a cone": _cone,
        "a sandwich": _sandwich,
        "a flan": _flan,
    },
}
