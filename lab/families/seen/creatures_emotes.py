"""Emotes of one set.

emotes  a round face  its eyes, its mouth, what it sheds or wears, or all
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sin
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Outline, gradient, leaf, mix, ring, star, turned
from lab.families.kit import Family, Twins
from lab.families.seen.creatures_avatars import draw_mouth
from lab.families.seen.products_pens import HUES, Pens, hsl, vivid
from lab.families.seen.products_symbols import heart

INK = "#3b2412"
RED = "#e23b4e"
MOUTHS = ("smile", "grin", "open", "frown", "flat", "tongue", "kiss", "wavy", "laugh")
EXTRAS = ("none", "blush", "tear", "sweat", "hearts", "halo", "sleep", "horns", "brows")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmoteStyle:
    """How the faces of a set look: `shape` is "circle", "cushion", "cat" or "drop"."""

    shape: str
    skin: str
    has_rim: bool
    is_shaded: bool
    r: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """A mood: how eyes and mouth show it."""

    eyes: str
    mouth: str
    extra: str


def emotes(dice: Random) -> Twins:
    """Two faces of one set of emotes."""
    size = dice.choice(((480, 480), (512, 512), (600, 600), (640, 480), (560, 560)))
    style = EmoteStyle(
        shape=dice.choice(("circle", "circle", "cushion", "cat", "drop")),
        skin=dice.choice(("#ffcc33", "#ffd84d", "#f9b51e", "#ffd84d", "#8fc9f0", "#9ad17b", vivid(dice, 0.6, 0.75))),
        has_rim=dice.random() < 0.5,
        is_shaded=dice.random() < 0.6,
        r=min(size) * dice.uniform(0.31, 0.37),
    )
    mood = Mood(eyes=dice.choice(tuple(EMOTE_EYES)), mouth=dice.choice(MOUTHS), extra=dice.choice(EXTRAS))
    other, says = _other_mood(dice, mood)
    ground = _ground(dice, size)
    bare = Pens(ground, dice.getrandbits(32))
    _bare_face(bare, style)
    pictures = [_felt(bare.again(), style, one) for one in (mood, other)]
    return Twins(reference=pictures[0], query=pictures[1], differs=What.PICTURE, says=says)


def _other_mood(dice: Random, mood: Mood) -> tuple[Mood, str]:
    """Other eyes, another mouth, something else that it wears, or two or three of these."""
    parts = {"eyes": tuple(EMOTE_EYES), "mouth": MOUTHS, "extra": EXTRAS}
    chosen = dice.sample(tuple(parts), dice.choice((1, 1, 2, 3)))
    after = {part: dice.choice([one for one in parts[part] if one != getattr(mood, part)]) for part in chosen}
    says = ", ".join(f"{part}: {getattr(mood, part)} became {after[part]}" for part in chosen)
    return replace(mood, **after), says


def _ground(dice: Random, size: tuple[int, int]) -> Image.Image:
    """White, the dark of a chat, a soft colour, or the chequers of a clear ground."""
    kind = dice.choice(("white", "chat", "soft", "chequers"))
    if kind != "chequers":
        tone = {"white": "#ffffff", "chat": "#313338", "soft": hsl(dice.uniform(0, HUES), 0.45, 0.85)}[kind]
        return gradient(size, tone, mix(tone, "#000000", dice.choice((0, 0.06))))
    pens, step = Pens(Image.new("RGB", size, "#ffffff")), 20
    for y in range(0, size[1], step):
        for x in range(y // step % 2 * step, size[0], 2 * step):
            pens.rect(x, y, step, step, "#d9d9d9")
    return pens.finish(0)


def _outline(style: EmoteStyle, x: float, y: float, r: float) -> Outline:
    if style.shape == "cushion":
        return [(x + r * _blunt(px), y + r * _blunt(py)) for px, py in ring(0, 0, 1, 1)]
    if style.shape == "drop":
        return [(px, py + r * 0.06) for px, py in ring(x, y, r * 1.04, r * 0.94)]
    return ring(x, y, r, r)


def _blunt(share: float) -> float:
    return float(abs(share) ** 0.6) * (1 if share > 0 else -1)


def _bare_face(pens: Pens, style: EmoteStyle) -> None:
    x, y, r = pens.width / 2, pens.height * 0.53, style.r
    dark, light, face = mix(style.skin, "#7a3b00", 0.35), mix(style.skin, "#ffffff", 0.35), _outline(style, x, y, r)
    if style.shape == "cat":
        for side in (-1, 1):
            ear = [(0.3, -0.8), (0.95, -1.2), (0.98, -0.1)]
            pens.polygon(turned([(side * px, py) for px, py in ear], x, y, 0, r), dark)
    if style.shape == "drop":
        pens.polygon([(x - r * 0.5, y - r * 0.7), (x + r * 0.15, y - r * 1.3), (x + r * 0.5, y - r * 0.7)], style.skin)
    pens.shadow(face, r * 0.08, 0.3, 0, r * 0.05)
    pens.polygon(_outline(style, x, y, r * 1.04) if style.has_rim else face, dark)
    if style.is_shaded:
        pens.shaded(face, light, style.skin, mix(style.skin, dark, 0.6))
        pens.polygon(ring(x - r * 0.25, y - r * 0.68, r * 0.42, r * 0.16, -14), "#ffffff55")
    else:
        pens.polygon(face, style.skin)


def _felt(pens: Pens, style: EmoteStyle, mood: Mood) -> Image.Image:
    x, y, r = pens.width / 2, pens.height * 0.53, style.r
    EMOTE_EYES[mood.eyes](pens, x, y - r * 0.2, r)
    _mouth(pens, mood.mouth, x, y + r * 0.38, r * 0.5)
    _extra(pens, mood.extra, x, y, r)
    return pens.finish(0)


def _mouth(pens: Pens, kind: str, x: float, y: float, r: float) -> None:
    if kind == "kiss":
        pens.line(ring(x, y - r * 0.15, r * 0.22, r * 0.17, 0, -90, 100), INK, r * 0.14)
        pens.line(ring(x, y + r * 0.2, r * 0.22, r * 0.17, 0, -100, 90), INK, r * 0.14)
    elif kind == "wavy":
        way = [(x + r * (step / 10 - 1), y + r * 0.14 * sin(step * 0.95)) for step in range(21)]
        pens.line(way, INK, r * 0.15)
    elif kind == "laugh":
        pens.polygon(ring(x, y - r * 0.2, r * 1.05, r * 0.95, 0, 0, 180), INK)
        pens.polygon(ring(x, y + r * 0.5, r * 0.5, r * 0.24), RED)
        pens.rect(x - r * 0.85, y - r * 0.2, r * 1.7, r * 0.2, "#ffffff")
    else:
        draw_mouth(pens, kind, x, y, r, INK)


def _extra(pens: Pens, kind: str, x: float, y: float, r: float) -> None:
    """What the face sheds, wears, or has around it."""
    if kind == "tear":
        pens.polygon(leaf(x - r * 0.42, y - r * 0.05, r * 0.62, r * 0.34, 90), "#57b5f2")
    elif kind == "sweat":
        pens.polygon(leaf(x + r * 0.72, y - r * 0.85, r * 0.5, r * 0.34, 80), "#57b5f2")
    elif kind == "hearts":
        for dx, dy, size in ((0.85, 0.45, 0.26), (-0.9, 0.3, 0.2), (0.75, -0.75, 0.2)):
            heart(pens, x + r * dx, y + r * dy, r * size, RED, "#ffb3bf")
    elif kind == "halo":
        pens.line(ring(x, y - r * 1.12, r * 0.62, r * 0.16), "#6cc7f5", r * 0.1)
    elif kind == "sleep":
        for dx, dy, size in ((0.65, -0.75, 0.28), (0.95, -1.1, 0.38)):
            pens.letters(x + r * dx, y + r * dy, "Z", "bold", r * size, "#4a6fd1")
    else:
        _on_skin(pens, kind, x, y, r)


def _on_skin(pens: Pens, kind: str, x: float, y: float, r: float) -> None:
    for side in (-1, 1):
        if kind == "blush":
            pens.polygon(ring(x + side * r * 0.66, y + r * 0.16, r * 0.2, r * 0.12), "#f2786f")
        elif kind == "horns":
            horn = [(0.35, -0.85), (0.85, -1.3), (0.78, -0.55)]
            pens.polygon(turned([(side * px, py) for px, py in horn], x, y, 0, r), "#a3343c")
        elif kind == "brows":
            way = [(x + side * r * 0.15, y - r * 0.42), (x + side * r * 0.6, y - r * 0.68)]
            pens.line(way, INK, r * 0.09)


def _pair(x: float, r: float) -> tuple[float, float]:
    return x - r * 0.38, x + r * 0.38


def _dots(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.polygon(ring(at, y, r * 0.11, r * 0.17), INK)


def _arcs(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.line(ring(at, y + r * 0.1, r * 0.2, r * 0.22, 0, 190, 350), INK, r * 0.09)


def _shut(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.line(ring(at, y - r * 0.05, r * 0.2, r * 0.16, 0, 10, 170), INK, r * 0.08)


def _wink(pens: Pens, x: float, y: float, r: float) -> None:
    left, right = _pair(x, r)
    pens.polygon(ring(left, y, r * 0.11, r * 0.17), INK)
    pens.line([(right - r * 0.2, y - r * 0.1), (right + r * 0.12, y), (right - r * 0.2, y + r * 0.12)], INK, r * 0.08)


def _in_love(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        heart(pens, at, y, r * 0.27, RED, "#ff8b98")


def _starry(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.polygon(star(at, y, r * 0.3, r * 0.13, 5), "#ff7a1a")


def _crosses(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        for lean in (-0.15, 0.15):
            pens.line([(at - r * 0.15, y - r * lean), (at + r * 0.15, y + r * lean)], INK, r * 0.08)


def _wide(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.circle(at, y, r * 0.25, "#ffffff")
        pens.circle(at, y, r * 0.09, INK)


def _rolled(pens: Pens, x: float, y: float, r: float) -> None:
    for at in _pair(x, r):
        pens.circle(at, y, r * 0.24, "#ffffff")
        pens.circle(at + r * 0.06, y - r * 0.11, r * 0.1, INK)


def _shades(pens: Pens, x: float, y: float, r: float) -> None:
    pens.rect(x - r * 0.85, y - r * 0.2, r * 1.7, r * 0.1, "#1a1a1f")
    for at in _pair(x, r):
        pens.rect(at - r * 0.32, y - r * 0.2, r * 0.64, r * 0.42, "#1a1a1f", r * 0.16)


EMOTE_EYES: Mapping[str, Callable[[Pens, float, float, float], None]] = {
    "dots": _dots,
    "arcs": _arcs,
    "shut": _shut,
    "wink": _wink,
    "hearts": _in_love,
    "stars": _starry,
    "crosses": _crosses,
    "wide": _wide,
    "rolled": _rolled,
    "shades": _shades,
}

FAMILIES: Sequence[Family] = (Family(name="emotes", draw=emotes),)
