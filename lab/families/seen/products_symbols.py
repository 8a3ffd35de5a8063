"""Small drawings for prints, labels, flags and stickers: a heart, a cat, a rocket, ...

Every symbol is drawn around x, y within the radius r, in two colours.
"""

from collections.abc import Callable, Mapping
from math import cos, pi, sin

from lab.drawings.kit import Outline, Sheet, Spot, leaf, ring, smooth, star, turned

type Symbol = Callable[[Sheet, float, float, float, str, str], None]


def heart(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a heart."""
    turns = [pi * step / 30 for step in range(60)]
    half = [(sin(t) ** 3, (-13 * cos(t) + 5 * cos(2 * t) + 2 * cos(3 * t) + cos(4 * t)) / 16) for t in turns]
    pens.polygon(turned(half, x, y, 0, r), ink)
    pens.line(ring(x - r * 0.45, y - r * 0.3, r * 0.28, r * 0.28, 0, 180, 260), second, r * 0.09)


def five_point_star(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a star with five points."""
    pens.polygon(star(x, y, r, r * 0.42, 5), ink)
    pens.polygon(star(x, y, r * 0.45, r * 0.19, 5), second)


def sun(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a sun."""
    pens.polygon(star(x, y, r, r * 0.62, 12), ink)
    pens.circle(x, y, r * 0.5, second)


def moon(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a crescent moon."""
    outer = ring(x, y, r, r, 0, 45, 315)
    pens.polygon([*outer, *ring(x + r * 0.5, y, r * 0.728, r * 0.728, 0, 286, 74)], ink)
    pens.polygon(star(x + r * 0.45, y - r * 0.1, r * 0.28, r * 0.1, 4), second)


def mountain(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a mountain."""
    pens.polygon(turned([(-1, 0.7), (-0.35, -0.3), (0.3, 0.7)], x, y, 0, r), second)
    pens.polygon(turned([(-0.55, 0.7), (0.25, -0.8), (1, 0.7)], x, y, 0, r), ink)
    peak = [(0.25, -0.8), (0.5, -0.3), (0.33, -0.42), (0.2, -0.2), (0.1, -0.4), (-0.03, -0.28)]
    pens.polygon(turned(peak, x, y, 0, r), second)


def waves(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw waves."""
    for row in range(4):
        way = [(x + r * (t / 10 - 1), y + r * (0.45 * row - 0.65 + 0.13 * sin(t * pi / 5))) for t in range(21)]
        pens.line(way, second if row % 2 else ink, r * 0.2)


def anchor(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw an anchor."""
    pens.circle(x, y - r * 0.75, r * 0.2, edge=second, w=r * 0.1)
    pens.line([(x, y - r * 0.55), (x, y + r * 0.85)], ink, r * 0.16)
    pens.line([(x - r * 0.4, y - r * 0.3), (x + r * 0.4, y - r * 0.3)], ink, r * 0.15)
    pens.line(ring(x, y + r * 0.15, r * 0.75, r * 0.72, 0, 5, 175), ink, r * 0.16)
    for side in (-1, 1):
        tip = [(0.52 * side, 0.3), (0.8 * side, -0.05), (0.95 * side, 0.38)]
        pens.polygon(turned(tip, x, y, 0, r), ink)


def bolt(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a bolt of lightning."""
    zigzag = [(0.25, -1), (-0.6, 0.15), (-0.05, 0.15), (-0.3, 1), (0.6, -0.3), (0.05, -0.3)]
    pens.polygon(turned(zigzag, x + r * 0.09, y + r * 0.09, 0, r), second)
    pens.polygon(turned(zigzag, x, y, 0, r), ink)


def leaves(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw three leaves."""
    for angle, colour in ((-140, second), (-40, second), (-90, ink)):
        pens.polygon(leaf(x, y + r * 0.5, r * 1.4, r * 0.75, angle), colour)
    pens.line([(x, y + r), (x, y - r * 0.55)], second, r * 0.07)


def pine(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a pine."""
    pens.rect(x - r * 0.12, y + r * 0.5, r * 0.24, r * 0.5, second)
    for top, low, half in ((-1, -0.2, 0.42), (-0.6, 0.3, 0.58), (-0.2, 0.72, 0.75)):
        pens.polygon(turned([(0, top), (half, low), (-half, low)], x, y, 0, r), ink)


def fish(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a fish."""
    pens.polygon(turned([(0.45, 0), (1, -0.5), (0.85, 0), (1, 0.5)], x, y, 0, r), second)
    pens.polygon(ring(x - r * 0.15, y, r * 0.82, r * 0.5), ink)
    for step in range(3):
        pens.line(ring(x + r * (0.25 * step - 0.4), y, r * 0.2, r * 0.3, 0, -60, 60), second, r * 0.06)
    pens.circle(x - r * 0.6, y - r * 0.12, r * 0.1, second)


def cat(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a cat's head."""
    for side in (-1, 1):
        pens.polygon(turned([(0.85 * side, -1), (0.88 * side, 0), (0.15 * side, -0.6)], x, y, 0, r), ink)
    pens.polygon(ring(x, y + r * 0.1, r * 0.95, r * 0.8), ink)
    for side in (-1, 1):
        pens.polygon(ring(x + side * r * 0.38, y, r * 0.14, r * 0.2), second)
        for tilt in (-0.1, 0.1):
            pens.line([(x + side * r * 0.4, y + r * 0.42), (x + side * r, y + r * (0.42 + tilt))], second, r * 0.05)
    pens.polygon(turned([(-0.12, 0.28), (0.12, 0.28), (0, 0.42)], x, y, 0, r), second)


def mushroom(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a mushroom."""
    pens.rect(x - r * 0.3, y - r * 0.1, r * 0.6, r * 1.05, second, r * 0.25)
    pens.polygon(ring(x, y + r * 0.1, r, r * 1.05, 0, 180, 360), ink)
    for dx, dy, size in ((-0.5, -0.3, 0.18), (0.1, -0.6, 0.2), (0.55, -0.2, 0.15)):
        pens.circle(x + r * dx, y + r * dy, r * size, second)


def rocket(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a rocket."""
    for side in (-1, 1):
        pens.polygon(turned([(0.3 * side, 0.1), (0.7 * side, 0.7), (0.25 * side, 0.55)], x, y, 0, r), second)
    pens.polygon(turned([(-0.2, 0.55), (0.2, 0.55), (0, 1)], x, y, 0, r), second)
    hull = smooth([(0, -1), (0.34, -0.45), (0.3, 0.5), (-0.3, 0.5), (-0.34, -0.45)], closed=True)
    pens.polygon(turned(hull, x, y, 0, r), ink)
    pens.circle(x, y - r * 0.25, r * 0.17, second)


def cup(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a cup."""
    pens.circle(x + r * 0.55, y + r * 0.35, r * 0.3, edge=ink, w=r * 0.12)
    pens.rect(x - r * 0.75, y - r * 0.1, r * 1.3, r * 0.95, ink, r * 0.25)
    pens.rect(x - r * 0.95, y + r * 0.85, r * 1.8, r * 0.12, second, r * 0.06)
    for dx in (-0.5, -0.1, 0.3):
        way = [(x + r * (dx + 0.09 * sin(t)), y - r * (0.2 + t / 8)) for t in range(7)]
        pens.line(way, second, r * 0.09)


def cactus(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a cactus."""
    pens.line([(x, y - r * 0.7), (x, y + r * 0.6)], ink, r * 0.4)
    for side, low, top in ((-1, 0.1, -0.35), (1, -0.1, -0.5)):
        arm = [(x, y + r * low), (x + side * r * 0.6, y + r * low), (x + side * r * 0.6, y + r * top)]
        pens.line(arm, ink, r * 0.26)
    pens.polygon(turned([(-0.5, 0.5), (0.5, 0.5), (0.36, 1), (-0.36, 1)], x, y, 0, r), second)


def flower(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a flower."""
    for step in range(7):
        pens.polygon(leaf(x, y, r, r * 0.62, step * 360 / 7 - 90), ink)
    pens.circle(x, y, r * 0.3, second)


def rain(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a cloud with rain."""
    for dx, dy, size in ((-0.5, 0, 0.4), (0, -0.3, 0.5), (0.5, 0, 0.42)):
        pens.circle(x + r * dx, y + r * dy, r * size, ink)
    pens.rect(x - r * 0.6, y - r * 0.05, r * 1.2, r * 0.45, ink)
    for dx in (-0.5, 0, 0.5):
        pens.line([(x + r * dx, y + r * 0.58), (x + r * (dx - 0.15), y + r * 0.95)], second, r * 0.13)


def planet(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a planet with a ring."""
    pens.circle(x, y, r * 0.62, ink)
    pens.line(ring(x, y, r, r * 0.28, -18, -28, 208), second, r * 0.12)
    pens.circle(x - r * 0.2, y - r * 0.25, r * 0.13, second)


def crown(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a crown."""
    edge = [(-0.85, 0.6), (-1, -0.5), (-0.45, 0.05), (0, -0.8), (0.45, 0.05), (1, -0.5), (0.85, 0.6)]
    pens.polygon(turned(edge, x, y, 0, r), ink)
    for dx in (-0.5, 0, 0.5):
        pens.circle(x + r * dx, y + r * 0.36, r * 0.12, second)


def skull(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a skull."""
    pens.circle(x, y - r * 0.2, r * 0.8, ink)
    pens.rect(x - r * 0.45, y + r * 0.2, r * 0.9, r * 0.75, ink, r * 0.15)
    for side in (-1, 1):
        pens.circle(x + side * r * 0.33, y - r * 0.12, r * 0.22, second)
        pens.line([(x + side * r * 0.14, y + r * 0.65), (x + side * r * 0.14, y + r * 0.93)], second, r * 0.07)
    pens.polygon(turned([(0, 0.12), (0.13, 0.38), (-0.13, 0.38)], x, y, 0, r), second)


def umbrella(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw an umbrella."""
    pens.line([(x, y - r * 0.9), (x, y + r * 0.7)], second, r * 0.1)
    pens.line(ring(x + r * 0.18, y + r * 0.7, r * 0.18, r * 0.22, 0, 0, 180), second, r * 0.1)
    pens.polygon(ring(x, y + r * 0.1, r, r * 0.95, 0, 180, 360), ink)
    pens.line(ring(x, y + r * 0.1, r * 0.36, r * 0.95, 0, 180, 360), second, r * 0.05)


def house(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a house."""
    pens.rect(x - r * 0.7, y - r * 0.15, r * 1.4, r * 1.05, ink)
    pens.polygon(turned([(-1, 0), (0, -0.95), (1, 0)], x, y, 0, r), second)
    pens.rect(x - r * 0.45, y + r * 0.3, r * 0.35, r * 0.6, second)
    pens.rect(x + r * 0.1, y + r * 0.2, r * 0.38, r * 0.35, second)


def bird(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a bird."""
    body: Outline = [(-0.7, -0.5), (-0.3, -0.65), (0.1, -0.1), (0.95, 0.3), (0.3, 0.5), (-0.4, 0.4), (-0.75, -0.1)]
    pens.polygon(turned([(-0.7, -0.5), (-1, -0.3), (-0.68, -0.22)], x, y, 0, r), second)
    pens.polygon(turned(smooth(body, closed=True), x, y, 0, r), ink)
    pens.polygon(leaf(x - r * 0.35, y - r * 0.05, r * 0.95, r * 0.5, 15), second)
    pens.circle(x - r * 0.5, y - r * 0.4, r * 0.08, second)
    for dx in (-0.2, 0.05):
        pens.line([(x + r * dx, y + r * 0.4), (x + r * dx, y + r * 0.9)], ink, r * 0.07)


def gem(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a gem."""
    cut = turned([(-0.55, -0.7), (0.55, -0.7), (1, -0.15), (0, 0.95), (-1, -0.15)], x, y, 0, r)
    pens.polygon(cut, ink)
    pens.line([cut[4], cut[2]], second, r * 0.07)
    for inner in (-0.4, 0.4):
        way: list[Spot] = [(x + r * inner * 0.6, y - r * 0.7), (x + r * inner, y - r * 0.15), (x, y + r * 0.95)]
        pens.line(way, second, r * 0.06)


def note(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a musical note."""
    pens.line([(x - r * 0.35, y + r * 0.6), (x - r * 0.35, y - r * 0.6)], ink, r * 0.13)
    pens.line([(x + r * 0.65, y + r * 0.4), (x + r * 0.65, y - r * 0.85)], ink, r * 0.13)
    pens.polygon(turned([(-0.41, -0.75), (0.71, -1), (0.71, -0.65), (-0.41, -0.4)], x, y, 0, r), second)
    pens.polygon(ring(x - r * 0.58, y + r * 0.65, r * 0.32, r * 0.24, -20), ink)
    pens.polygon(ring(x + r * 0.42, y + r * 0.45, r * 0.32, r * 0.24, -20), ink)


def key(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a key."""
    pens.line([(x - r * 0.2, y), (x + r * 0.95, y)], ink, r * 0.17)
    for dx, length in ((0.55, 0.35), (0.85, 0.45)):
        pens.line([(x + r * dx, y), (x + r * dx, y + r * length)], ink, r * 0.15)
    pens.circle(x - r * 0.5, y, r * 0.45, ink)
    pens.circle(x - r * 0.6, y, r * 0.18, second)


def apple(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw an apple."""
    for dx in (-0.28, 0.28):
        pens.polygon(ring(x + r * dx, y + r * 0.2, r * 0.58, r * 0.72), ink)
    pens.line([(x, y - r * 0.4), (x + r * 0.1, y - r * 0.9)], second, r * 0.1)
    pens.polygon(leaf(x + r * 0.08, y - r * 0.6, r * 0.6, r * 0.3, -30), second)


def ghost(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a ghost."""
    hem = [(0.7 - 0.2 * step, 0.9 if step % 2 == 0 else 0.68) for step in range(8)]
    pens.polygon([*ring(x, y - r * 0.2, r * 0.72, r * 0.75, 0, 180, 360), *turned(hem, x, y, 0, r)], ink)
    for side in (-1, 1):
        pens.polygon(ring(x + side * r * 0.27, y - r * 0.2, r * 0.13, r * 0.2), second)


def bicycle(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a bicycle."""
    for dx in (-0.58, 0.58):
        pens.circle(x + r * dx, y + r * 0.3, r * 0.42, edge=ink, w=r * 0.09)
    frame = [(-0.58, 0.3), (-0.2, -0.35), (0.4, -0.35), (0, 0.3), (-0.58, 0.3)]
    pens.line(turned(frame, x, y, 0, r), second, r * 0.09)
    pens.line(turned([(0, 0.3), (-0.26, -0.55), (-0.42, -0.55)], x, y, 0, r), second, r * 0.08)
    pens.line(turned([(0.58, 0.3), (0.36, -0.62), (0.6, -0.7)], x, y, 0, r), second, r * 0.08)


def balloon(pens: Sheet, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw a balloon with a basket."""
    for side in (-1, 1):
        pens.line([(x + side * r * 0.4, y + r * 0.2), (x + side * r * 0.14, y + r * 0.75)], second, r * 0.05)
    pens.polygon(smooth(turned([(0, -1), (0.7, -0.4), (0.2, 0.45), (-0.2, 0.45), (-0.7, -0.4)], x, y, 0, r), True), ink)
    pens.polygon(ring(x, y - r * 0.3, r * 0.22, r * 0.72), second)
    pens.rect(x - r * 0.2, y + r * 0.72, r * 0.4, r * 0.28, ink, r * 0.06)


SYMBOLS: Mapping[str, Symbol] = {
    "heart": heart,
    "star": five_point_star,
    "sun": sun,
    "moon": moon,
    "mountain": mountain,
    "sea": waves,
    "anchor": anchor,
    "flash": bolt,
    "plant": leaves,
    "pine": pine,
    "fish": fish,
    "cat": cat,
    "mushroom": mushroom,
    "rocket": rocket,
    "cup": cup,
    "cactus": cactus,
    "flower": flower,
    "rain cloud": rain,
    "planet": planet,
    "crown": crown,
    "skull": skull,
    "umbrella": umbrella,
    "house": house,
    "bird": bird,
    "gem": gem,
    "note": note,
    "key": key,
    "apple": apple,
    "ghost": ghost,
    "bicycle": bicycle,
    "balloon": balloon,
}


def symbol(pens: Sheet, name: str, x: float, y: float, r: float, ink: str, second: str) -> None:
    """Draw the symbol of that name."""
    SYMBOLS[name](pens, x, y, r, ink, second)
