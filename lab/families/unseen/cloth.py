"""Cloth with its pattern and with folds, and outlines of garments.

Piece(cut, weave, colours) -> weave(...) -> a picture that Board.cloth cuts a garment out of
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from lab.drawings.kit import Spot, clouds


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One garment: its cut, its weave, its colours."""

    cut: str
    weave: str
    colours: tuple[str, str]


def whole(half: Sequence[Spot], x: float, y: float, unit: float) -> list[Spot]:
    """The right half of an outline with its mirrored left half."""
    right = [(x + px * unit, y + py * unit) for px, py in half]
    return [*right, *((2 * x - px, py) for px, py in reversed(right))]


def weave(piece: Piece, size: tuple[int, int], unit: float, seed: int) -> Image.Image:
    """Cloth with its pattern and with folds."""
    cloth = Image.new("RGB", size, piece.colours[0])
    pen, step = ImageDraw.Draw(cloth, "RGBA"), unit * 9
    if piece.weave in WEAVING:
        WEAVING[piece.weave](pen, size, step, piece.colours[1])
    folds = clouds((size[0] // 8, size[1] // 8), seed, 5, 3)
    shade = Image.fromarray((np.abs(folds - 0.5) * 150).astype(np.uint8)).resize(size)
    cloth.paste((0, 0, 0), (0, 0), shade)
    return cloth


def _stripes(pen: ImageDraw.ImageDraw, size: tuple[int, int], step: float, colour: str) -> None:
    for at in range(round(size[0] / step)):
        pen.rectangle((at * step, 0, at * step + step * 0.4, size[1]), colour)


def _hoops(pen: ImageDraw.ImageDraw, size: tuple[int, int], step: float, colour: str) -> None:
    for at in range(round(size[1] / step)):
        pen.rectangle((0, at * step, size[0], at * step + step * 0.45), colour)


def _checks(pen: ImageDraw.ImageDraw, size: tuple[int, int], step: float, colour: str) -> None:
    _stripes(pen, size, step, colour + "88")
    _hoops(pen, size, step, colour + "88")


def _dots(pen: ImageDraw.ImageDraw, size: tuple[int, int], step: float, colour: str) -> None:
    for row in range(round(size[1] / step)):
        for at in range(round(size[0] / step)):
            pen.circle(((at + row % 2 / 2) * step, row * step), step * 0.22, colour)


def _flowers(pen: ImageDraw.ImageDraw, size: tuple[int, int], step: float, colour: str) -> None:
    for row in range(round(size[1] / step / 1.6)):
        for at in range(round(size[0] / step / 1.6)):
            x, y = (at + row % 2 / 2) * step * 1.6, row * step * 1.6
            for px, py in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                pen.circle((x + px * step * 0.26, y + py * step * 0.26), step * 0.22, colour)
            pen.circle((x, y), step * 0.16, "#f4d35e")


WEAVING: Mapping[str, Callable[[ImageDraw.ImageDraw, tuple[int, int], float, str], None]] = {
    "stripes": _stripes,
    "hoops": _hoops,
    "checks": _checks,
    "dots": _dots,
    "flowers": _flowers,
}
