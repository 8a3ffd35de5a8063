"""Avatars from one generator.

avatars  a bust on a plain ground, smooth or of pixels  one to four of: eyes, mouth, hat, clothes, skin
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Outline, gradient, mix, ring, star, turned
from lab.families.kit import Family, Twins
from lab.families.seen.products_pens import HUES, Pens, distance, hsl, two_colours, vivid

DARK = "#17181c"
HEADS = ("ape", "cat", "bear", "robot", "person", "alien")
EYES = ("plain", "sleepy", "wide", "shades", "glasses", "visor", "patch", "stars")
MOUTHS = ("smile", "grin", "flat", "tongue", "frown", "open", "pipe")
HATS = ("none", "cap", "beanie", "crown", "top hat", "party hat", "halo", "headphones", "mohawk")
CLOTHES = ("tee", "suit", "stripes", "hood", "necklace")
SKINS = ("#8d5a3b", "#c98f65", "#e9c29b", "#7fae6a", "#8fa7d9", "#b88fd0", "#c9ccd1", "#e3b94f", "#d97b7b", "#5f6f78")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bust:
    """One of a generator's ten thousand: what all share (`head`, `skin`) and what it was dealt."""

    head: str
    skin: str
    eyes: str
    mouth: str
    hat: str
    clothes: str
    hat_colour: str
    cloth: str


def avatars(dice: Random) -> Twins:
    """Two avatars of one generator: the same bust on the same ground, other traits."""
    side, raster = dice.choice((480, 560, 640, 720)), dice.choice((0, 0, 24, 30))
    bust = Bust(
        head=dice.choice(HEADS),
        skin=dice.choice(SKINS),
        eyes=dice.choice(EYES),
        mouth=dice.choice(MOUTHS),
        hat=dice.choice(HATS),
        clothes=dice.choice(CLOTHES),
        hat_colour=vivid(dice),
        cloth=vivid(dice, 0.25, 0.6),
    )
    other, says = _dealt_again(dice, bust)
    ground, seed = _ground(dice, side, bust.skin), dice.getrandbits(32)
    pictures = [_portrait(one, ground, raster, seed) for one in (bust, other)]
    return Twins(reference=pictures[0], query=pictures[1], differs=What.PICTURE, says=says)


def _dealt_again(dice: Random, bust: Bust) -> tuple[Bust, str]:
    """The bust with one to four traits that are others."""
    traits: Mapping[str, Sequence[str]] = {
        "eyes": EYES,
        "mouth": MOUTHS,
        "hat": HATS,
        "clothes": CLOTHES,
        "skin": [one for one in SKINS if distance(one, bust.skin) > 80],
    }
    chosen = dice.sample(tuple(traits), dice.choice((1, 2, 3, 4)))
    if chosen == ["mouth"]:
        chosen = ["hat"]
    before = {trait: str(getattr(bust, trait)) for trait in chosen}
    after = {trait: dice.choice([one for one in traits[trait] if one != before[trait]]) for trait in chosen}
    other = replace(bust, **after, **({"hat_colour": two_colours(dice)[0]} if "hat" in chosen else {}))
    return other, ", ".join(f"{trait}: {before[trait]} became {after[trait]}" for trait in chosen)


def _ground(dice: Random, side: int, skin: str) -> Image.Image:
    first = hsl(dice.uniform(0, HUES), dice.uniform(0.15, 0.7), dice.choice((0.2, 0.55, 0.75, 0.88)))
    while distance(first, skin) < 90:
        first = hsl(dice.uniform(0, HUES), dice.uniform(0.15, 0.7), dice.choice((0.2, 0.55, 0.75, 0.88)))
    if dice.random() < 0.5:
        return Image.new("RGB", (side, side), first)
    return gradient((side, side), mix(first, "#ffffff", 0.25), first)


def _portrait(bust: Bust, ground: Image.Image, raster: int, seed: int) -> Image.Image:
    """Smooth, or drawn on so few pixels that they can be counted."""
    side = ground.width
    if not raster:
        pens = Pens(ground, seed)
        _draw_bust(pens, bust, side / 2, side * 0.5, side * 0.3)
        return pens.finish(2)
    layer = Pens.clear(raster, raster)
    _draw_bust(layer, bust, raster / 2, raster * 0.5, raster * 0.3)
    big = layer.image.resize((side, side), Image.Resampling.NEAREST)
    picture = ground.copy()
    picture.paste(big.convert("RGB"), (0, 0), big.getchannel("A"))
    return picture


def _draw_bust(pens: Pens, bust: Bust, x: float, y: float, r: float) -> None:
    _shoulders(pens, bust, x, y, r)
    _head(pens, bust, x, y, r)
    AVATAR_EYES[bust.eyes](pens, x, y - r * 0.1, r)
    draw_mouth(pens, bust.mouth, x, y + r * 0.5, r * 0.42, mix(bust.skin, "#000000", 0.75))
    _hat(pens, bust, x, y, r)


def _shoulders(pens: Pens, bust: Bust, x: float, y: float, r: float) -> None:
    dark, low = mix(bust.cloth, "#000000", 0.35), pens.height + 2
    if bust.clothes == "hood":
        pens.polygon(ring(x, y + r * 0.2, r * 1.28, r * 1.3), dark)
    pens.rect(x - r * 0.38, y + r * 0.6, r * 0.76, r * 0.8, mix(bust.skin, "#000000", 0.2))
    pens.polygon(
        [*ring(x, y + r * 1.75, r * 1.35, r * 0.7, 0, 180, 360), (x + r * 1.35, low), (x - r * 1.35, low)], bust.cloth
    )
    pens.polygon(ring(x, y + r * 1.08, r * 0.42, r * 0.2), mix(bust.skin, "#000000", 0.2))
    if bust.clothes == "suit":
        pens.polygon([(x - r * 0.42, y + r * 1.1), (x + r * 0.42, y + r * 1.1), (x, low + r * 0.6)], "#f4f2ec")
        pens.polygon(
            [(x, y + r * 1.12), (x + r * 0.14, y + r * 1.5), (x, low + r * 0.3), (x - r * 0.14, y + r * 1.5)], dark
        )
    elif bust.clothes == "stripes":
        for step in (1.32, 1.56):
            pens.rect(x - r * 1.05, y + r * step, r * 2.1, r * 0.12, "#f4f2ec")
    elif bust.clothes == "necklace":
        pens.line(ring(x, y + r * 1.08, r * 0.5, r * 0.4, 0, 0, 180), "#f2c744", r * 0.1)
        pens.circle(x, y + r * 1.5, r * 0.14, "#f2c744")


def _head(pens: Pens, bust: Bust, x: float, y: float, r: float) -> None:
    skin, dark, light = bust.skin, mix(bust.skin, "#000000", 0.25), mix(bust.skin, "#fff1da", 0.5)
    for side in (-1, 1):
        if bust.head == "ape":
            pens.circle(x + side * r * 0.95, y, r * 0.28, dark)
        elif bust.head == "cat":
            ear = [(0.2, -0.7), (0.85, -1.35), (0.92, -0.2)]
            pens.polygon(turned([(side * px, py) for px, py in ear], x, y, 0, r), dark)
        elif bust.head == "bear":
            pens.circle(x + side * r * 0.7, y - r * 0.75, r * 0.34, dark)
        elif bust.head == "person":
            pens.circle(x + side * r * 0.82, y + r * 0.05, r * 0.18, dark)
        elif bust.head == "robot":
            pens.rect(x + side * r * 0.95 - r * 0.12, y - r * 0.25, r * 0.24, r * 0.5, dark, 3)
    if bust.head == "robot":
        pens.rect(x - r * 0.9, y - r * 0.95, r * 1.8, r * 1.95, skin, r * 0.22)
        pens.rect(x - r * 0.75, y + r * 0.3, r * 1.5, r * 0.5, light, r * 0.1)
    elif bust.head == "alien":
        pens.polygon(
            [*ring(x, y - r * 0.2, r, r * 0.95, 0, 180, 360), *ring(x, y - r * 0.2, r, r * 1.35, 0, 0, 180)], skin
        )
    else:
        wide = 0.84 if bust.head == "person" else 0.96
        pens.polygon(ring(x, y, r * wide, r), skin)
    if bust.head in ("ape", "bear", "cat"):
        pens.polygon(ring(x, y + r * 0.42, r * 0.62, r * 0.44), light)
        pens.polygon(ring(x, y + r * 0.2, r * 0.13, r * 0.08), mix(skin, "#000000", 0.75))


def _pair(x: float, r: float) -> tuple[float, float]:
    return x - r * 0.38, x + r * 0.38


def _plain(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.polygon(ring(at, y, r * 0.2, r * 0.22), "#fdfcf6")
        pens.circle(at, y + r * 0.03, r * 0.11, DARK)


def _sleepy(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.polygon(ring(at, y, r * 0.22, r * 0.2, 0, 0, 180), "#fdfcf6")
        pens.rect(at - r * 0.24, y - r * 0.06, r * 0.48, r * 0.1, DARK)
        pens.circle(at, y + r * 0.08, r * 0.07, DARK)


def _wide(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.circle(at, y, r * 0.3, "#fdfcf6")
        pens.circle(at, y, r * 0.1, DARK)


def _shades(pens: Pens, x: float, y: float, r: float) -> None:
    pens.rect(x - r * 0.9, y - r * 0.2, r * 1.8, r * 0.1, DARK)
    for at in _pair(x, r):
        pens.rect(at - r * 0.33, y - r * 0.2, r * 0.66, r * 0.42, DARK, r * 0.12)
        pens.line([(at - r * 0.15, y + r * 0.08), (at + r * 0.02, y - r * 0.1)], "#8fa0b5", r * 0.06)


def _glasses(pens: Pens, x: float, y: float, r: float) -> None:
    _plain(pens, x, y, r)
    for at in _pair(x, r):
        pens.circle(at, y, r * 0.33, edge="#b3322e", w=r * 0.08)
    pens.line([(x - r * 0.06, y), (x + r * 0.06, y)], "#b3322e", r * 0.08)


def _visor(pens: Pens, x: float, y: float, r: float) -> None:
    pens.rect(x - r * 0.85, y - r * 0.24, r * 1.7, r * 0.46, "#2d3a55", r * 0.12)
    pens.rect(x - r * 0.72, y - r * 0.12, r * 1.44, r * 0.2, "#46e3d2", r * 0.06)


def _patch(pens: Pens, x: float, y: float, r: float) -> None:
    _plain(pens, x, y, r)
    pens.line([(x - r * 0.85, y - r * 0.45), (x + r * 0.9, y + r * 0.15)], DARK, r * 0.09)
    pens.circle(x + r * 0.38, y, r * 0.3, DARK)


def _stars(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.polygon(star(at, y, r * 0.34, r * 0.14, 5), "#f5d033")


AVATAR_EYES: Mapping[str, Callable[[Pens, float, float, float], None]] = {
    "plain": _plain,
    "sleepy": _sleepy,
    "wide": _wide,
    "shades": _shades,
    "glasses": _glasses,
    "visor": _visor,
    "patch": _patch,
    "stars": _stars,
}


def draw_mouth(pens: Pens, kind: str, x: float, y: float, r: float, ink: str) -> None:
    """A mouth about r wide to either side."""
    stroke = r * 0.18
    if kind in ("smile", "tongue"):
        if kind == "tongue":
            pens.polygon(ring(x + r * 0.25, y + r * 0.35, r * 0.28, r * 0.36), "#e0566f")
        pens.line(ring(x, y - r * 0.2, r * 0.8, r * 0.55, 0, 15, 165), ink, stroke)
    elif kind == "grin":
        pens.rect(x - r * 0.75, y - r * 0.15, r * 1.5, r * 0.6, ink, r * 0.2)
        pens.rect(x - r * 0.65, y - r * 0.06, r * 1.3, r * 0.4, "#fdfcf6", r * 0.12)
        for step in (-0.3, 0, 0.3):
            pens.line([(x + r * step, y - r * 0.06), (x + r * step, y + r * 0.34)], ink, r * 0.06)
    elif kind == "frown":
        pens.line(ring(x, y + r * 0.55, r * 0.75, r * 0.6, 0, 200, 340), ink, stroke)
    elif kind == "open":
        pens.polygon(ring(x, y + r * 0.1, r * 0.45, r * 0.5), ink)
        pens.polygon(ring(x, y + r * 0.35, r * 0.3, r * 0.22), "#e0566f")
    else:
        pens.line([(x - r * 0.6, y + r * 0.1), (x + r * 0.6, y + r * 0.1)], ink, stroke)
    if kind == "pipe":
        pens.line([(x + r * 0.4, y + r * 0.1), (x + r * 1.4, y + r * 0.5)], "#6b4226", stroke)
        pens.rect(x + r * 1.2, y - r * 0.05, r * 0.55, r * 0.7, "#6b4226", r * 0.1)


def _hat(pens: Pens, bust: Bust, x: float, y: float, r: float) -> None:
    colour, dark = bust.hat_colour, mix(bust.hat_colour, "#000000", 0.35)
    dome: Outline = ring(x, y - r * 0.5, r * 0.92, r * 0.72, 0, 180, 360)
    if bust.hat == "cap":
        pens.polygon(dome, colour)
        pens.rect(x - r * 0.2, y - r * 0.62, r * 1.5, r * 0.18, dark, r * 0.09)
    elif bust.hat == "beanie":
        pens.polygon(dome, colour)
        pens.rect(x - r * 0.98, y - r * 0.72, r * 1.96, r * 0.3, dark, r * 0.12)
        pens.circle(x, y - r * 1.25, r * 0.18, "#f4f2ec")
    elif bust.hat == "crown":
        spikes = [(-0.75, -0.6), (-0.85, -1.35), (-0.4, -0.95), (0, -1.5), (0.4, -0.95), (0.85, -1.35), (0.75, -0.6)]
        pens.polygon(turned(spikes, x, y, 0, r), "#f2c744")
        pens.circle(x, y - r * 0.78, r * 0.1, colour)
    elif bust.hat == "top hat":
        pens.rect(x - r * 0.65, y - r * 1.6, r * 1.3, r, DARK)
        pens.rect(x - r * 0.65, y - r * 0.9, r * 1.3, r * 0.18, colour)
        pens.rect(x - r, y - r * 0.74, r * 2, r * 0.16, DARK, r * 0.06)
    elif bust.hat == "party hat":
        pens.polygon([(x - r * 0.6, y - r * 0.62), (x + r * 0.6, y - r * 0.62), (x, y - r * 1.6)], colour)
        pens.circle(x, y - r * 1.55, r * 0.15, "#f4f2ec")
    elif bust.hat == "halo":
        pens.line(ring(x, y - r * 1.3, r * 0.7, r * 0.18), "#f7df72", r * 0.12)
    elif bust.hat == "headphones":
        pens.line(ring(x, y - r * 0.05, r * 1.02, r * 1.12, 0, 180, 360), DARK, r * 0.14)
        for side in (-1, 1):
            pens.rect(x + side * r * 1.02 - r * 0.17, y - r * 0.3, r * 0.34, r * 0.65, colour, r * 0.12)
    elif bust.hat == "mohawk":
        pens.polygon(ring(x, y - r * 0.95, r * 0.24, r * 0.62), colour)


FAMILIES: Sequence[Family] = (Family(name="avatars", draw=avatars),)
