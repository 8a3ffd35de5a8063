"""Stickers of one pack.

stickers_pack  a sticker, or a sheet of them  the drawing on one sticker
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Outline, mix, ring, smooth, star
from lab.families.kit import Family, Twins
from lab.families.seen.creatures_beasts import Beast, draw_beast, two_beasts
from lab.families.seen.products_pens import Palette, Pens, any_face, coined, flat_lay, palette
from lab.families.seen.products_symbols import SYMBOLS, symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticker:
    """The cut and the colours of a sticker; `motif` is "beast" or "symbol", `word` may be empty."""

    cut: str
    motif: str
    word: str
    face: str
    colours: Palette
    has_rays: bool
    seed: int

    def outline(self, x: float, y: float, r: float) -> Outline:
        """Return the outline of the sticker's cut."""
        if self.cut == "circle":
            return ring(x, y, r, r)
        if self.cut == "burst":
            return star(x, y, r, r * 0.86, 22)
        turns = [2 * pi * step / 120 for step in range(120)]
        if self.cut == "scalloped":
            return [
                (x + r * (0.93 + 0.06 * cos(14 * t)) * cos(t), y + r * (0.93 + 0.06 * cos(14 * t)) * sin(t))
                for t in turns
            ]
        if self.cut == "pillow":
            return [(x + r * _power(cos(t)), y + r * _power(sin(t))) for t in turns]
        dice = Random(self.seed)
        return smooth(
            [(x + r * k * cos(t), y + r * k * sin(t)) for t in turns[::12] for k in (dice.uniform(0.8, 1),)], True
        )


def _power(share: float) -> float:
    return float(abs(share) ** 0.45) * (1 if share > 0 else -1)


def stickers_pack(dice: Random) -> Twins:
    """Two stickers of one pack: the same cut edge and colours, another drawing."""
    sticker = _sticker(dice)
    motifs: tuple[Beast | str, Beast | str] = two_beasts(dice)
    if sticker.motif == "symbol":
        one, other = dice.sample(tuple(SYMBOLS), 2)
        motifs = (one, other)
    draw = dice.choice((_single, _single, _pack))
    pictures = draw(dice, sticker, motifs)
    says = "the drawing on the sticker is another one"
    return Twins(reference=pictures[0], query=pictures[1], differs=What.PICTURE, says=says)


def _sticker(dice: Random) -> Sticker:
    return Sticker(
        cut=dice.choice(("circle", "burst", "scalloped", "pillow", "blob")),
        motif=dice.choice(("beast", "symbol")),
        word=dice.choice(("", "", coined(dice).upper(), "HELLO", "GOOD LUCK", "WELL DONE", "BE KIND")),
        face=any_face(dice),
        colours=palette(dice),
        has_rays=dice.random() < 0.4,
        seed=dice.getrandbits(32),
    )


def _single(dice: Random, sticker: Sticker, motifs: Sequence[Beast | str]) -> list[Image.Image]:
    """One large sticker on a table."""
    size = dice.choice(((640, 640), (720, 720), (800, 640), (640, 800), (512, 512)))
    ground, seed, pictures = flat_lay(dice, size), dice.getrandbits(32), []
    x, y, r = (
        size[0] * dice.uniform(0.46, 0.54),
        size[1] * dice.uniform(0.47, 0.53),
        min(size) * dice.uniform(0.34, 0.42),
    )
    for motif in motifs:
        pens = Pens(ground, seed)
        _stick(pens, sticker, motif, x, y, r)
        pictures.append(pens.finish(3))
    return pictures


def _pack(dice: Random, sticker: Sticker, motifs: Sequence[Beast | str]) -> list[Image.Image]:
    """A sheet of six stickers of which one is another one."""
    columns, rows, step = dice.choice(((3, 2, 260), (2, 3, 260), (2, 2, 320), (3, 3, 220)))
    pens = Pens(flat_lay(dice, (columns * step + 40, rows * step + 90)), dice.getrandbits(32))
    pens.rect(10, 10, pens.width - 20, pens.height - 20, "#fdfdfb", 10)
    pens.letters(pens.width / 2, 46, f"{coined(dice)} sticker pack", sticker.face, 30, "#2b2b30")
    at = dice.randrange(columns * rows)
    spots = [(20 + (n % columns + 0.5) * step, 72 + (n // columns + 0.5) * step) for n in range(columns * rows)]
    for place, (x, y) in enumerate(spots):
        if place != at:
            filler = two_beasts(dice)[0] if sticker.motif == "beast" else dice.choice(tuple(SYMBOLS))
            _stick(pens, sticker, filler, x, y, step * 0.42)
    pictures = []
    for motif in motifs:
        sheet = pens.again()
        _stick(sheet, sticker, motif, *spots[at], step * 0.42)
        pictures.append(sheet.finish(3))
    return pictures


def _stick(pens: Pens, sticker: Sticker, motif: Beast | str, x: float, y: float, r: float) -> None:
    """White edge, ground, drawing, word and gloss."""
    colours, outer, inner = sticker.colours, sticker.outline(x, y, r), sticker.outline(x, y, r * 0.9)
    pens.shadow(outer, r * 0.05, 0.45, 1, r * 0.03)
    pens.polygon(outer, "#ffffff")
    pens.polygon(inner, colours.ground)
    if sticker.has_rays:
        pens.polygon(star(x, y, r * 0.78, r * 0.3, 16), mix(colours.ground, colours.second, 0.35))
    rise, size = (r * 0.12, 0.48) if sticker.word else (0, 0.6)
    if isinstance(motif, Beast):
        draw_beast(pens, x, y - rise, r * size, motif)
    else:
        symbol(pens, motif, x, y - rise, r * size, colours.first, colours.ink)
    if sticker.word:
        pens.letters(x, y + r * 0.58, sticker.word, sticker.face, r * 0.2, colours.ink, room=r * 1.1)
    pens.veil(inner, 0.16, 0, 0, -0.06, across=False)


FAMILIES: Sequence[Family] = (Family(name="stickers_pack", draw=stickers_pack),)
