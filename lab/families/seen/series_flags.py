"""Flags: the same layout in other colours or with another emblem.

flags  a flag, flat, flying, on a wall or as a badge  all colours, one colour, or the emblem
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import pi
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageChops

from core.types import What
from lab.drawings.kit import FAST, clouds, gradient, ring
from lab.families.kit import Family, Twins
from lab.families.seen.products_pens import FULL, Pens, box, distance, flat_lay, ink_on
from lab.families.seen.products_symbols import SYMBOLS, symbol

CLOTH = ("#c8102e", "#0b3d91", "#f4c300", "#00843d", "#ffffff", "#111111", "#f77f00", "#5bb5e8", "#6b1f4b", "#00a19c")
SIZES = ((900, 600), (1000, 600), (800, 600), (960, 640), (720, 720))
SETTINGS = ("flat", "flying", "wall", "badge")
APART = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A layout, four colours of which it takes as many as it needs, and an emblem or ""."""

    layout: str
    colours: list[str]
    emblem: str


def flags(dice: Random) -> Twins:
    """Two flags of one layout."""
    size, setting, seed = dice.choice(SIZES), dice.choice(SETTINGS), dice.getrandbits(32)
    flag = Flag(
        layout=dice.choice(tuple(LAYOUTS)),
        colours=_colours(dice),
        emblem=dice.choice(("", *dice.sample(tuple(SYMBOLS), 2))),
    )
    other, differs, says = _other(dice, flag)
    ground = flat_lay(dice, size)
    pictures = [_shown(_drawn(one, _room(size, setting)), setting, ground, seed) for one in (flag, other)]
    return Twins(reference=pictures[0], query=pictures[1], differs=differs, says=says)


def _colours(dice: Random) -> list[str]:
    """Four colours; those that meet are never alike."""
    return dice.sample(CLOTH, 4)


def _other(dice: Random, flag: Flag) -> tuple[Flag, What, str]:
    change = dice.choice(("all", "one", *(("emblem", "emblem") if flag.emblem else ("all",))))
    if change == "emblem":
        emblem = dice.choice([one for one in SYMBOLS if one != flag.emblem])
        return replace(flag, emblem=emblem), What.PICTURE, f"the emblem: {flag.emblem} became {emblem}"
    if change == "one":
        at = dice.randrange(LAYOUTS[flag.layout][1])
        rest = [one for one in CLOTH if one not in flag.colours and distance(one, flag.colours[at]) > APART]
        colours = [*flag.colours[:at], dice.choice(rest), *flag.colours[at + 1 :]]
        return replace(flag, colours=colours), What.COLOUR, "one colour of the flag is another one"
    colours = flag.colours[:]
    while any(distance(a, b) < APART for a, b in zip(colours, flag.colours, strict=True)):
        colours = dice.sample(CLOTH, 4)
    return replace(flag, colours=colours), What.COLOUR, "the flag has other colours"


def _room(size: tuple[int, int], setting: str) -> tuple[int, int]:
    """How large the flag itself is in that setting."""
    if setting == "badge":
        side = round(min(size) * 0.78)
        return side, side
    share = {"flat": 1.0, "flying": 0.74, "wall": 0.76}[setting]
    return round(size[0] * share), round(size[1] * share)


def _drawn(flag: Flag, size: tuple[int, int]) -> Pens:
    pens = Pens(Image.new("RGB", size, flag.colours[0]))
    draw, inks, (x, y) = LAYOUTS[flag.layout]
    draw(pens, flag.colours)
    if flag.emblem:
        below = pens.image.getpixel((round(pens.image.width * x), round(pens.image.height * y)))
        under = "#{:02x}{:02x}{:02x}".format(*below) if isinstance(below, tuple) else flag.colours[0]
        ink = flag.colours[inks] if distance(flag.colours[inks], under) > APART else ink_on(under)
        r = min(size) * (0.2 if y == 0.5 else 0.15)
        symbol(pens, flag.emblem, size[0] * x, size[1] * y, r, ink, ink_on(ink))
    return pens


def _upright(pens: Pens, colours: Sequence[str]) -> None:
    for step in range(3):
        pens.rect(pens.width * step / 3, 0, pens.width / 3 + 1, pens.height, colours[step])


def _level(pens: Pens, colours: Sequence[str]) -> None:
    for step in range(3):
        pens.rect(0, pens.height * step / 3, pens.width, pens.height / 3 + 1, colours[step])


def _halves(pens: Pens, colours: Sequence[str]) -> None:
    pens.rect(0, pens.height / 2, pens.width, pens.height / 2, colours[1])


def _cross(pens: Pens, colours: Sequence[str]) -> None:
    for share, colour in ((0.26, colours[1]), (0.13, colours[2])):
        wide = pens.height * share
        pens.rect(pens.width * 0.36 - wide / 2, 0, wide, pens.height, colour)
        pens.rect(0, pens.height / 2 - wide / 2, pens.width, wide, colour)


def _saltire(pens: Pens, colours: Sequence[str]) -> None:
    for share, colour in ((0.22, colours[1]), (0.09, colours[2])):
        for top, low in ((0, pens.height), (pens.height, 0)):
            pens.line([(0, top), (pens.width, low)], colour, pens.height * share)


def _triangle(pens: Pens, colours: Sequence[str]) -> None:
    pens.rect(0, pens.height / 2, pens.width, pens.height / 2, colours[1])
    pens.polygon([(0, 0), (pens.width * 0.45, pens.height / 2), (0, pens.height)], colours[2])


def _canton(pens: Pens, colours: Sequence[str]) -> None:
    for step in range(1, 9, 2):
        pens.rect(0, pens.height * step / 9, pens.width, pens.height / 9, colours[1])
    pens.rect(0, 0, pens.width * 0.44, pens.height * 5 / 9, colours[2])


def _disc(pens: Pens, colours: Sequence[str]) -> None:
    pens.circle(pens.width / 2, pens.height / 2, pens.height * 0.32, colours[1])


def _quarters(pens: Pens, colours: Sequence[str]) -> None:
    pens.rect(pens.width / 2, 0, pens.width / 2, pens.height, colours[1])
    pens.rect(0, pens.height / 2, pens.width / 2, pens.height / 2, colours[1])
    pens.circle(pens.width / 2, pens.height / 2, pens.height * 0.27, colours[2])


def _band(pens: Pens, colours: Sequence[str]) -> None:
    for share, colour in ((0.5, colours[1]), (0.36, colours[2])):
        pens.line([(0, pens.height), (pens.width, 0)], colour, pens.height * share)


def _border(pens: Pens, colours: Sequence[str]) -> None:
    edge = pens.height * 0.14
    pens.rect(edge, edge, pens.width - 2 * edge, pens.height - 2 * edge, colours[1])


type Layout = tuple[Callable[[Pens, Sequence[str]], None], int, tuple[float, float]]

LAYOUTS: Mapping[str, Layout] = {
    "upright": (_upright, 3, (0.5, 0.5)),
    "level": (_level, 3, (0.5, 0.5)),
    "halves": (_halves, 2, (0.5, 0.5)),
    "cross": (_cross, 3, (0.78, 0.24)),
    "saltire": (_saltire, 3, (0.5, 0.5)),
    "triangle": (_triangle, 3, (0.15, 0.5)),
    "canton": (_canton, 3, (0.22, 0.28)),
    "disc": (_disc, 2, (0.5, 0.5)),
    "quarters": (_quarters, 3, (0.5, 0.5)),
    "band": (_band, 3, (0.5, 0.5)),
    "border": (_border, 2, (0.5, 0.5)),
}
"""How a flag is drawn, how many colours it takes, and where its emblem is."""


def _shown(flag: Pens, setting: str, ground: Image.Image, seed: int) -> Image.Image:
    """The flag in its setting."""
    if setting == "flat":
        return Pens(_woven(flag.finish(0), seed), seed).finish(4)
    if setting == "flying":
        return _flying(flag, ground.size, seed)
    pens = Pens(ground, seed)
    x, y = (pens.width - flag.width) / 2, (pens.height - flag.height) / 2
    if setting == "wall":
        pens.shadow(box(x, y, flag.width, flag.height), 12, 0.5, 4, 8)
        pens.lay(_woven(flag.finish(0), seed), x, y)
        return pens.finish(4)
    return _badge(pens, flag)


def _woven(flag: Image.Image, seed: int) -> Image.Image:
    """The soft light and shadow of cloth that hangs."""
    hills = clouds((flag.width // 3, flag.height), seed, 4, 2)[: flag.height // 4]
    light = Image.fromarray((190 + hills * 65).astype(np.uint8)).resize(flag.size, FAST)
    return ImageChops.multiply(flag, light.convert("RGB"))


def _badge(pens: Pens, flag: Pens) -> Image.Image:
    """A round pin with a glossy cover."""
    x, y, r = pens.width / 2, pens.height / 2, flag.width / 2
    pens.shadow(ring(x, y, r, r), 14, 0.55, 4, 10)
    pens.circle(x, y, r + 6, "#c9ccd1")
    pens.lay(flag.finish(0), x - r, y - r, r)
    pens.veil(ring(x, y, r, r), 0.28, 0.05, 0, -0.25, across=False)
    pens.polygon(ring(x, y - r * 0.45, r * 0.7, r * 0.4), "#ffffff38")
    return pens.finish(4)


def _flying(flag: Pens, size: tuple[int, int], seed: int) -> Image.Image:
    """The flag on a pole in the wind."""
    pens = Pens(gradient(size, "#4f86c6", "#cfe3f2"), seed)
    for _ in range(5):
        pens.glow(pens.roll(0, size[0]), pens.roll(0, size[1]), pens.roll(90, 260), "#ffffff", 0.6, pens.roll(30, 70))
    left, top = round(size[0] * 0.14), round(size[1] * 0.1)
    pens.rect(left - 12, top - 20, 12, size[1], "#8d9096")
    pens.circle(left - 6, top - 24, 12, "#d1b25a")
    pens.put(_waving(flag.image, pens.roll(0, 2 * pi), pens.roll(1.1, 1.9)), left, top)
    return pens.finish(4)


def _waving(flag: Image.Image, phase: float, waves: float) -> Image.Image:
    """Waves run through the flag; they grow towards its free end. Double size in and out."""
    wide, high = flag.size
    reach = high * 0.06
    along = np.linspace(0, 1, wide, dtype=np.float32)
    slope = 2 * pi * waves * along + phase
    rise = (np.sin(slope) - np.sin(phase)) * reach * np.sqrt(along) + reach
    x = np.broadcast_to(np.arange(wide, dtype=np.float32), (high + 3 * round(reach), wide))
    y = np.arange(x.shape[0], dtype=np.float32)[:, None] - rise[None].astype(np.float32)
    cloth = cv2.remap(np.asarray(flag.convert("RGBA")), np.ascontiguousarray(x), y, cv2.INTER_LINEAR)
    light = 1 + 0.22 * np.cos(slope + 0.6) * np.sqrt(along)
    cloth[..., :3] = np.clip(cloth[..., :3] * light[None, :, None], 0, FULL)
    return Image.fromarray(cloth)


FAMILIES: Sequence[Family] = (Family(name="flags", draw=flags),)
