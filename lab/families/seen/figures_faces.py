"""Eyes, brows and mouths for flat figures, drawn around the middle of a head of radius 1."""

from collections.abc import Iterable, Mapping

from lab.drawings.kit import star
from lab.families.seen.figures_kit import BARE, DARK, WHITE, Brush, Part, nothing
from lab.families.seen.products_symbols import heart

RED = "#e2384d"
GOLD = "#f4c531"
SIDES = (-1, 1)
APART = 0.4


def _dots(brush: Brush) -> None:
    for side in SIDES:
        brush.dot(side * APART, 0, 0.11, brush.tones.ink)


def _round(brush: Brush) -> None:
    for side in SIDES:
        brush.oval(side * APART, 0, 0.23, 0.25, WHITE)
        brush.dot(side * APART + 0.03, 0.03, 0.13, DARK)
        brush.dot(side * APART + 0.07, -0.03, 0.045, WHITE)


def _half(brush: Brush) -> None:
    _round(brush)
    for side in SIDES:
        brush.bar(side * APART - 0.27, -0.29, 0.54, 0.27, brush.tones.shade)
        brush.stroke([(side * APART - 0.27, -0.02), (side * APART + 0.27, -0.02)], 0.06)


def _shut(brush: Brush) -> None:
    for side in SIDES:
        brush.arc(side * APART, -0.05, 0.2, 0.15, (10, 170))


def _glad(brush: Brush) -> None:
    for side in SIDES:
        brush.arc(side * APART, 0.1, 0.2, 0.2, (190, 350))


def _wink(brush: Brush) -> None:
    brush.oval(-APART, 0, 0.22, 0.24, WHITE)
    brush.dot(-APART, 0.02, 0.12, DARK)
    brush.arc(APART, 0.08, 0.2, 0.16, (190, 350))


def _hearts(brush: Brush) -> None:
    for side in SIDES:
        spot = brush.at(side * APART, 0)
        heart(brush.pens, spot.x, spot.y, brush.r * 0.27, RED, "#ff9aa8")


def _stars(brush: Brush) -> None:
    for side in SIDES:
        brush.shape(star(side * APART, 0, 0.3, 0.13, 5), GOLD)


def _crosses(brush: Brush) -> None:
    for side in SIDES:
        for slope in SIDES:
            x = side * APART
            brush.stroke([(x - 0.16, -0.16 * slope), (x + 0.16, 0.16 * slope)], 0.08)


def _shades(brush: Brush) -> None:
    brush.stroke([(-0.85, -0.12), (0.85, -0.12)], 0.08, DARK)
    for side in SIDES:
        brush.box(side * APART - 0.32, -0.2, 0.64, 0.42, DARK, 0.13)
        brush.stroke([(side * APART - 0.16, 0.08), (side * APART, -0.08)], 0.06, "#8fa2ba")


def _glasses(brush: Brush) -> None:
    _dots(brush)
    for side in SIDES:
        brush.arc(side * APART, 0, 0.3, 0.3, (0, 360), 0.08)
    brush.stroke([(-0.1, 0), (0.1, 0)], 0.08)


def _visor(brush: Brush) -> None:
    brush.box(-0.82, -0.22, 1.64, 0.46, brush.tones.third, 0.18)
    brush.stroke([(-0.55, 0.08), (-0.4, -0.1)], 0.07, WHITE)


def _patch(brush: Brush) -> None:
    _dots(brush)
    brush.stroke([(-0.8, -0.42), (0.85, 0.12)], 0.07, DARK)
    brush.dot(APART, 0, 0.26, DARK)


def _tears(brush: Brush) -> None:
    _shut(brush)
    for side in SIDES:
        drop = [(0, -0.2), (0.13, 0.08), (0.07, 0.2), (-0.07, 0.2), (-0.13, 0.08)]
        brush.shape([(side * 0.36 + x, 0.34 + y) for x, y in drop], "#5db8f2")


EYES: Mapping[str, Part] = {
    "dots": _dots,
    "round": _round,
    "half shut": _half,
    "shut": _shut,
    "glad": _glad,
    "a wink": _wink,
    "hearts": _hearts,
    "stars": _stars,
    "crosses": _crosses,
    "dark glasses": _shades,
    "glasses": _glasses,
    "a visor": _visor,
    "a patch": _patch,
    "tears": _tears,
}


def _smile(brush: Brush) -> None:
    brush.arc(0, -0.12, 0.38, 0.3, (20, 160))


def _frown(brush: Brush) -> None:
    brush.arc(0, 0.22, 0.36, 0.3, (205, 335))


def _flat(brush: Brush) -> None:
    brush.stroke([(-0.28, 0.05), (0.28, 0.05)], 0.08)


def _crooked(brush: Brush) -> None:
    brush.stroke([(-0.3, 0.1), (0.05, 0.08), (0.32, -0.08)], 0.08)


def _open(brush: Brush) -> None:
    brush.oval(0, 0.06, 0.2, 0.24, "#5a1420")
    brush.dot(0, 0.17, 0.11, RED)


def _laugh(brush: Brush) -> None:
    brush.shape([(0.42 * x, 0.42 * y - 0.12) for x, y in _lower_half()], "#5a1420")
    brush.bar(-0.34, -0.1, 0.68, 0.1, WHITE)


def _lower_half() -> list[tuple[float, float]]:
    return [
        (1, 0),
        (0.94, 0.35),
        (0.75, 0.66),
        (0.4, 0.92),
        (0, 1),
        (-0.4, 0.92),
        (-0.75, 0.66),
        (-0.94, 0.35),
        (-1, 0),
    ]


def _tongue(brush: Brush) -> None:
    brush.box(0.02, 0.1, 0.24, 0.3, RED, 0.11)
    _smile(brush)


def _teeth(brush: Brush) -> None:
    brush.box(-0.4, -0.12, 0.8, 0.32, WHITE, 0.1)
    for x in (-0.2, 0, 0.2):
        brush.stroke([(x, -0.1), (x, 0.18)], 0.035)
    brush.stroke([(-0.4, 0.04), (0.4, 0.04)], 0.035)


def _buck(brush: Brush) -> None:
    for x in (-0.17, 0.0):
        brush.box(x, 0.02, 0.17, 0.24, WHITE, 0.03)
    brush.stroke([(-0.34, 0.02), (0.34, 0.02)], 0.07)


def _cat(brush: Brush) -> None:
    for side in SIDES:
        brush.arc(side * 0.16, -0.05, 0.16, 0.18, (0, 180))


def _whistle(brush: Brush) -> None:
    brush.oval(0, 0.05, 0.1, 0.11, "#5a1420")


def _fangs(brush: Brush) -> None:
    for side in SIDES:
        brush.shape([(side * 0.3, 0.02), (side * 0.14, 0.02), (side * 0.22, 0.28)], WHITE)
    brush.stroke([(-0.42, 0.02), (0.42, 0.02)], 0.08)


def _zigzag(brush: Brush) -> None:
    brush.stroke([(-0.4 + 0.1 * step, 0.1 if step % 2 else -0.04) for step in range(9)], 0.06)


MOUTHS: Mapping[str, Part] = {
    "a smile": _smile,
    "a frown": _frown,
    "flat": _flat,
    "crooked": _crooked,
    "open": _open,
    "a laugh": _laugh,
    "a tongue": _tongue,
    "teeth": _teeth,
    "two front teeth": _buck,
    "a cat's": _cat,
    "a whistle": _whistle,
    "fangs": _fangs,
    "a zigzag": _zigzag,
}


def _brows(*heights: float) -> Part:
    """Brows from the left one's outer end to its inner end, then the right one's inner and outer end."""

    def draw(brush: Brush) -> None:
        brush.stroke([(-0.56, heights[0]), (-0.2, heights[1])], 0.1)
        brush.stroke([(0.2, heights[2]), (0.56, heights[3])], 0.1)

    return draw


BROWS: Mapping[str, Part] = {
    BARE: nothing,
    "level": _brows(-0.42, -0.42, -0.42, -0.42),
    "cross": _brows(-0.55, -0.36, -0.36, -0.55),
    "worried": _brows(-0.36, -0.55, -0.55, -0.36),
    "one raised": _brows(-0.4, -0.4, -0.58, -0.62),
}


def among(parts: Mapping[str, Part], names: Iterable[str]) -> Mapping[str, Part]:
    """Those of these names."""
    return {name: parts[name] for name in names}


def placed(parts: Mapping[str, Part], x: float, y: float, size: float = 1.0) -> Mapping[str, Part]:
    """The same parts, drawn elsewhere and larger or smaller."""
    return {name: _moved(part, x, y, size) for name, part in parts.items()}


def _moved(part: Part, x: float, y: float, size: float) -> Part:
    return lambda brush: part(brush.at(x, y, size))
