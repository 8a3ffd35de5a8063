"""Pens for products, series and creatures: a sheet with any typeface, soft shadows and light, colours, coined names.

    Pens(ground) -> shapes, letters, veils -> again() -> the same sheet for the twin -> finish()

Coordinates are those of the finished picture, as on `lab.drawings.kit.Sheet`, which draws at double size.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import Self

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from lab.drawings.kit import FAST, SCALE, Outline, Sheet, gradient, mix, paper, rgb
from lab.families.kit import TYPEFACES, typeface

FULL = 255
SOUNDS = (
    "bra cor del fen gil har jun kel lom mar nor oda pel quin ros sil tam ul ver wex yor zan bel dra fol gro hel "
    "isk kra lun mo nim or pru rik sto tri vol wil zu"
)
SYLLABLES = tuple(SOUNDS.split())
ENDINGS = ("a", "o", "is", "en", "ix", "el", "or", "um", "ley", "ton", "mere", "wick", "by", "ara", "ino", "ette", "ax")
HUES = 360


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Four colours that go together: a ground, ink that can be read on it, and two that stand out."""

    ground: str
    ink: str
    first: str
    second: str


class Pens(Sheet):
    """A sheet for twins."""

    def __init__(self, ground: Image.Image, seed: int = 0) -> None:
        super().__init__(ground, seed)

    @classmethod
    def clear(cls, width: float, height: float) -> Self:
        """A transparent sheet; what is drawn on it replaces what is there."""
        made = cls(Image.new("RGB", (max(1, round(width)), max(1, round(height)))))
        made.image = Image.new("RGBA", made.image.size)
        made.pen = ImageDraw.Draw(made.image)
        return made

    def again(self) -> Self:
        """The same sheet once more, with the same dice."""
        twin = type(self)(Image.new("RGB", (1, 1)))
        twin.width, twin.height, twin.image = self.width, self.height, self.image.copy()
        twin.pen = ImageDraw.Draw(twin.image, "RGBA" if twin.image.mode == "RGB" else None)
        twin.dice = deepcopy(self.dice)
        return twin

    def letters(
        self, x: float, y: float, text: str, face: str, size: float, fill: str, *, anchor: str = "mm", room: float = 0
    ) -> float:
        """One line of text, made smaller where it is wider than the room; gives the size that it got."""
        fits = fitted(text, face, size, room)
        self.pen.text((x * SCALE, y * SCALE), text, fill, typeface(face, round(fits * SCALE)), anchor=anchor)
        return fits

    def lay(self, image: Image.Image, x: float, y: float, radius: float = 0) -> None:
        """Paste a picture of its finished size, its transparency kept; its corners can be round."""
        big = image.resize((image.width * SCALE, image.height * SCALE), FAST)
        mask = big.getchannel("A") if big.mode == "RGBA" else Image.new("L", big.size, FULL)
        if radius:
            mask = Image.new("L", big.size)
            box = (0, 0, big.width - 1, big.height - 1)
            ImageDraw.Draw(mask).rounded_rectangle(box, radius * SCALE, fill=FULL)
        self.image.paste(big.convert("RGB"), (round(x * SCALE), round(y * SCALE)), mask)

    def put(self, layer: Image.Image, x: float, y: float) -> None:
        """Lay a transparent layer of double size over what is there."""
        self.image.paste(layer.convert("RGB"), (round(x * SCALE), round(y * SCALE)), layer.getchannel("A"))

    def veil(self, points: Outline, *stops: float, across: bool = True) -> None:
        """Shade a shape: -1 is black, 0 leaves it as it is, 1 is white, from left to right or from top to bottom."""
        way = [(x * SCALE, y * SCALE) for x, y in points]
        left, top = (int(min(spot[axis] for spot in way)) for axis in (0, 1))
        wide, high = (int(max(spot[axis] for spot in way)) + 1 - low for axis, low in ((0, left), (1, top)))
        length = wide if across else high
        ramp = np.interp(np.linspace(0, len(stops) - 1, length), np.arange(len(stops)), stops) * FULL
        shape = Image.new("L", (wide, high))
        ImageDraw.Draw(shape).polygon([(x - left, y - top) for x, y in way], fill=FULL)
        for colour, share in (((0, 0, 0), -ramp), ((255, 255, 255), ramp)):
            strip = np.clip(share, 0, FULL).astype(np.uint8)
            light = Image.fromarray(strip[None] if across else strip[:, None]).resize((wide, high))
            self.image.paste(colour, (left, top), Image.composite(light, Image.new("L", light.size), shape))

    def shadow(self, points: Outline, blur: float = 12, strength: float = 0.4, dx: float = 0, dy: float = 8) -> None:
        """The soft shadow that a shape casts, moved by so much."""
        reach = blur * 3
        left, top = (int(min(spot[axis] for spot in points) + way - reach) for axis, way in ((0, dx), (1, dy)))
        wide, high = (int(max(spot[axis] for spot in points) - low + reach) for axis, low in ((0, left), (1, top)))
        mask = Image.new("L", (wide // 4, high // 4))
        spots = [((x + dx - left) / 4, (y + dy - top) / 4) for x, y in points]
        ImageDraw.Draw(mask).polygon(spots, fill=round(FULL * strength))
        soft = mask.filter(ImageFilter.GaussianBlur(blur / 4)).resize((wide * SCALE, high * SCALE), FAST)
        self.image.paste((0, 0, 0), (left * SCALE, top * SCALE), soft)


def fitted(text: str, face: str, size: float, room: float) -> float:
    """The size at which the text is no wider than the room (0 is any room)."""
    wide = typeface(face, round(size * SCALE)).getlength(text) / SCALE
    return size if not room or wide <= room else max(6.0, int(size * room / wide * 4) / 4)


def wrapped(text: str, face: str, size: float, room: float) -> list[str]:
    """Lines no wider than the room, as far as whole words allow."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or typeface(face, round(size)).getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def box(x: float, y: float, wide: float, high: float) -> Outline:
    """Return the corners of a box."""
    return [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)]


def shape_mask(size: tuple[int, int], points: Outline) -> Image.Image:
    """White within the outline, at double size."""
    mask = Image.new("L", (size[0] * SCALE, size[1] * SCALE))
    ImageDraw.Draw(mask).polygon([(x * SCALE, y * SCALE) for x, y in points], fill=FULL)
    return mask


def curled(layer: Image.Image, radius: float, bend: float) -> Image.Image:
    """A flat layer wound around the front of a cylinder, seen from a little above; double size in and out."""
    reach, sag = radius * SCALE, radius * SCALE * bend
    wide, high = round(2 * reach), round(layer.height + sag)
    angle = np.arcsin(np.clip((np.arange(wide) + 0.5) / reach - 1, -1, 1))
    u = np.broadcast_to(layer.width / 2 + angle * reach, (high, wide)).astype(np.float32)
    v = (np.arange(high)[:, None] - sag * np.cos(angle)[None]).astype(np.float32)
    flat = np.asarray(layer.convert("RGBa"))
    wound = cv2.remap(flat, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 0))
    return Image.frombytes("RGBa", (wide, high), wound.tobytes()).convert("RGBA")


def hsl(hue: float, saturation: float, light: float) -> str:
    """A colour from hue (degrees), saturation and lightness (0..1)."""
    reach = saturation * min(light, 1 - light)
    shares = [(n + hue / 30) % 12 for n in (0, 8, 4)]
    bands = [light - reach * max(-1, min(k - 3, 9 - k, 1)) for k in shares]
    return "#" + "".join(f"{round(FULL * band):02x}" for band in bands)


def lightness(colour: str) -> float:
    """Return the lightness (0..1) of a colour."""
    red, green, blue = rgb(colour)
    return (0.3 * red + 0.59 * green + 0.11 * blue) / FULL


def distance(one: str, other: str) -> float:
    """How far apart two colours are, 0 to about 441."""
    return sqrt(sum((a - b) ** 2 for a, b in zip(rgb(one), rgb(other), strict=True)))


def vivid(dice: Random, low: float = 0.35, high: float = 0.65) -> str:
    """Return a random saturated colour with a lightness between `low` and `high`."""
    return hsl(dice.uniform(0, HUES), dice.uniform(0.45, 0.95), dice.uniform(low, high))


def two_colours(dice: Random, low: float = 0.25, high: float = 0.75, apart: float = 130) -> tuple[str, str]:
    """Two colours that nobody takes for one another."""
    one = other = vivid(dice, low, high)
    while distance(one, other) < apart:
        other = vivid(dice, low, high)
    return one, other


def ink_on(colour: str) -> str:
    """Nearly black or nearly white, whichever shows."""
    return "#17181c" if lightness(colour) > 0.52 else "#f8f6f0"


def palette(dice: Random) -> Palette:
    """Light, dark or loud."""
    hue = dice.uniform(0, HUES)
    light = dice.choice((0.95, 0.9, 0.85, 0.1, 0.16, 0.24, 0.4, 0.6))
    strength = dice.uniform(0.3, 0.8) if 0.2 < light < 0.8 else dice.uniform(0.05, 0.5)
    ground = hsl(hue, strength, light)
    bright = 0.62 if light < 0.5 else 0.36
    turn = dice.choice((25, 60, 120, 150, 180, 210))
    first, second = (hsl(hue + turn * times, dice.uniform(0.5, 0.95), bright) for times in (1, 2))
    if distance(first, ground) < 110:
        first = mix(first, ink_on(ground), 0.5)
    return Palette(ground=ground, ink=ink_on(ground), first=first, second=second)


def coined(dice: Random, most: int = 2) -> str:
    """A name that nobody has: Norwick, Zanbelara."""
    return "".join([*dice.sample(SYLLABLES, dice.randint(1, most)), dice.choice(ENDINGS)]).capitalize()


def two_coined(dice: Random, most: int = 2) -> tuple[str, str]:
    """Return two made-up words that begin differently."""
    first = other = coined(dice, most)
    while other[:2] == first[:2]:
        other = coined(dice, most)
    return first, other


def any_face(dice: Random, among: Sequence[str] = TYPEFACES) -> str:
    """Return one of the typefaces at random."""
    return dice.choice(among)


def wood(size: tuple[int, int], light: str, dark: str, seed: int, planks: int = 0) -> Image.Image:
    """Boards with a grain that runs across."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.random((max(4, size[1] // 14), 5), dtype=np.float32)).resize(size, FAST)
    fine = Image.fromarray(rng.random((max(8, size[1] // 2), 9), dtype=np.float32)).resize(size, FAST)
    share = (0.65 * np.asarray(coarse) + 0.35 * np.asarray(fine))[..., None]
    low, high = (np.array(rgb(colour), np.float32) for colour in (light, dark))
    image = Image.fromarray((low + (high - low) * share).astype(np.uint8))
    pen = ImageDraw.Draw(image)
    for step in range(1, planks):
        y = size[1] * step // planks
        pen.line((0, y, size[0], y), fill=mix(dark, "#000000", 0.5), width=3)
    return image


def flat_lay(dice: Random, size: tuple[int, int]) -> Image.Image:
    """A ground seen from above: boards, paper, cloth or a plain colour."""
    kind, hue, seed = dice.choice(("boards", "paper", "plain", "light")), dice.uniform(0, HUES), dice.getrandbits(32)
    light = dice.choice((0.2, 0.45, 0.7, 0.88))
    if kind == "boards":
        tone = hsl(dice.uniform(20, 40), dice.uniform(0.1, 0.5), light)
        return wood(size, mix(tone, "#ffffff", 0.1), mix(tone, "#000000", 0.3), seed, dice.randint(3, 7))
    if kind == "paper":
        tone = hsl(hue, dice.uniform(0.05, 0.4), light)
        return paper(size, tone, mix(tone, "#000000", 0.15), seed, 6)
    if kind == "light":
        return gradient(size, "#ffffff", hsl(hue, 0.08, 0.9))
    tone = hsl(hue, dice.uniform(0.2, 0.7), light)
    return gradient(size, mix(tone, "#ffffff", 0.15), mix(tone, "#000000", 0.1))


def stage(dice: Random, size: tuple[int, int], seed: int) -> Pens:
    """A table before a wall, or the seamless ground of a studio, for things that stand at the lower edge."""
    hue, light = dice.uniform(0, HUES), dice.choice((0.25, 0.5, 0.75, 0.9, 0.95))
    tone = hsl(hue, dice.uniform(0.03, 0.5), light)
    pens = Pens(gradient(size, mix(tone, "#ffffff", 0.2), tone), seed)
    pens.glow(size[0] * dice.uniform(0.2, 0.8), size[1] * 0.35, size[0] * 0.7, "#ffffff", 0.35)
    if dice.random() < 0.6:
        top = round(size[1] * dice.uniform(0.6, 0.74))
        tone = hsl(dice.uniform(15, 45), dice.uniform(0.1, 0.6), dice.uniform(0.2, 0.75))
        board = wood((size[0], size[1] - top), mix(tone, "#ffffff", 0.15), mix(tone, "#000000", 0.25), seed)
        pens.lay(board, 0, top)
        pens.veil(box(0, top, *board.size), -0.25, 0.06, 0.0, across=False)
    return pens
