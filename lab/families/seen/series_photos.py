"""Photographs in the same surroundings.

poster_frame_photo  a frame on a wall      the photograph in it
magazine_cover      an issue of a magazine the photograph, the headlines, and the date
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Sheet, gradient, leaf, mix
from lab.edits.words import WORDS, phrase
from lab.families.kit import TYPEFACES, Family, Twins, two_photographs
from lab.families.seen.products_pens import HUES, Pens, any_face, box, coined, hsl, ink_on, vivid, wood

FRAMES = (("#16161a", 14), ("#f4f2ec", 16), ("#8a5a34", 22), ("#c9a24a", 30), ("#5b3a22", 36), ("#b9bcc2", 9))
YEAR = "January February March April May June July August September October November December"
MONTHS = tuple(YEAR.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """A frame with its picture's place in the finished picture; `mat` is how wide the white around it is."""

    x: int
    y: int
    wide: int
    high: int
    colour: str
    bar: int
    mat: int


def poster_frame_photo(dice: Random) -> Twins:
    """The same frame on the same wall with another photograph in it."""
    width, height = size = dice.choice(((900, 700), (1000, 750), (720, 900), (800, 800), (640, 960)))
    hung, pens = _hung(dice, width, height), _wall(dice, size)
    _furniture(dice, pens, hung)
    glare, pictures = dice.random() < 0.4, []
    for photo in two_photographs(dice, hung.wide, hung.high):
        sheet = pens.again()
        _hang(sheet, hung, photo, glare)
        pictures.append(sheet.finish(4))
    says = "the photograph in the frame is another one"
    return Twins(reference=pictures[0], query=pictures[1], differs=What.PICTURE, says=says)


def _hung(dice: Random, width: int, height: int) -> Hung:
    colour, bar = dice.choice(FRAMES)
    shape = dice.choice((0.7, 0.8, 1.0, 1.3, 1.5))
    high = min(height * dice.uniform(0.44, 0.56), width * 0.66 / shape)
    wide = high * shape
    return Hung(
        x=round((width - wide) * dice.choice((0.35, 0.5, 0.65))),
        y=round(height * dice.uniform(0.13, 0.16)),
        wide=round(wide),
        high=round(high),
        colour=colour,
        bar=bar,
        mat=dice.choice((0, 18, 34)),
    )


def _wall(dice: Random, size: tuple[int, int]) -> Pens:
    """A wall, plain or papered or of bricks, lit from one side."""
    tone = hsl(dice.uniform(0, HUES), dice.uniform(0.03, 0.45), dice.choice((0.2, 0.4, 0.65, 0.82, 0.92)))
    seed, kind = dice.getrandbits(32), dice.choice(("plain", "plain", "stripes", "bricks", "panels"))
    pens = Pens(gradient(size, mix(tone, "#ffffff", 0.12), tone, across=dice.random() < 0.5), seed)
    dark = mix(tone, "#000000", 0.14)
    if kind == "stripes":
        for x in range(0, size[0], 60):
            pens.rect(x, 0, 26, size[1], mix(tone, dark, 0.5))
    elif kind == "panels":
        for x in range(40, size[0], 220):
            pens.line([*box(x, size[1] * 0.06, 180, size[1] * 0.66), (x, size[1] * 0.06)], dark, 4)
    elif kind == "bricks":
        _bricks(pens, tone)
    pens.glow(size[0] * dice.uniform(0.2, 0.8), size[1] * 0.1, size[0] * 0.8, "#fff4dc", dice.uniform(0.2, 0.5))
    return pens


def _bricks(pens: Pens, tone: str) -> None:
    for row in range(pens.height // 28 + 1):
        for column in range(-1, pens.width // 70 + 1):
            x = column * 70 + (row % 2) * 35
            pens.rect(x, row * 28, 67, 25, mix(tone, "#3a1810", pens.roll(0.0, 0.25)), 2)


def _furniture(dice: Random, pens: Pens, hung: Hung) -> None:
    """What stands below the frame: a floor, and a sideboard, a sofa or a plant."""
    width, height, kind = pens.width, pens.height, dice.choice(("sideboard", "sofa", "plant", "floor"))
    floor, top = hsl(dice.uniform(15, 40), 0.35, dice.uniform(0.25, 0.6)), round(height * 0.88)
    pens.lay(wood((width, height - top), mix(floor, "#ffffff", 0.1), floor, dice.getrandbits(32), 3), 0, top)
    pens.rect(0, top - 14, width, 14, "#ece9e2")
    colour = hsl(dice.uniform(0, HUES), dice.uniform(0.1, 0.5), dice.uniform(0.25, 0.6))
    if kind == "sofa":
        _sofa(pens, width / 2, height * 0.95, width * 0.7, height * 0.18, colour)
    elif kind == "sideboard":
        pens.shadow(box(width * 0.15, height * 0.8, width * 0.7, height * 0.14), 14, 0.5)
        pens.rect(width * 0.15, height * 0.78, width * 0.7, height * 0.15, colour, 6)
        for x in (0.32, 0.5, 0.68):
            pens.circle(width * x, height * 0.85, 6, mix(colour, "#ffffff", 0.5))
        _plant(pens, width * 0.76, height * 0.78, height * 0.14, vivid(dice))
    elif kind == "plant":
        _plant(pens, width * (0.12 if hung.x > width * 0.3 else 0.88), height * 0.95, height * 0.4, vivid(dice))


def _sofa(pens: Pens, x: float, y: float, wide: float, high: float, colour: str) -> None:
    pens.shadow(box(x - wide / 2, y - high / 2, wide, high / 2), 16, 0.5)
    pens.rect(x - wide / 2, y - high, wide, high * 0.9, colour, 20)
    for side in (-1, 1):
        pens.rect(
            x + side * wide * 0.23 - wide * 0.22,
            y - high * 0.55,
            wide * 0.44,
            high * 0.35,
            mix(colour, "#ffffff", 0.12),
            12,
        )
        pens.rect(
            x + side * wide * 0.5 - wide * 0.05,
            y - high * 0.7,
            wide * 0.1,
            high * 0.65,
            mix(colour, "#000000", 0.15),
            14,
        )


def _plant(pens: Sheet, x: float, y: float, high: float, pot: str) -> None:
    for step in range(11):
        angle, green = -90 + (step - 5) * 17, mix("#1f4d2b", "#7fb069", pens.roll(0, 1))
        pens.polygon(leaf(x, y - high * 0.3, high * pens.roll(0.5, 0.8), high * 0.13, angle), green)
    pens.shaded(
        [
            (x - high * 0.16, y - high * 0.35),
            (x + high * 0.16, y - high * 0.35),
            (x + high * 0.12, y),
            (x - high * 0.12, y),
        ],
        pot,
        mix(pot, "#000000", 0.3),
        across=True,
    )


def _hang(pens: Pens, hung: Hung, photo: Image.Image, glare: bool) -> None:
    edge = hung.bar + hung.mat
    outer = box(hung.x - edge, hung.y - edge, hung.wide + 2 * edge, hung.high + 2 * edge)
    pens.shadow(outer, 14, 0.5, 6, 12)
    pens.shaded(outer, mix(hung.colour, "#ffffff", 0.18), mix(hung.colour, "#000000", 0.18))
    mat = box(hung.x - hung.mat, hung.y - hung.mat, hung.wide + 2 * hung.mat, hung.high + 2 * hung.mat)
    pens.polygon(mat, "#f8f6f0")
    pens.lay(photo, hung.x, hung.y)
    pens.veil(box(hung.x, hung.y, hung.wide, 10), -0.35, 0, across=False)
    if glare:
        x, y, wide, high = hung.x, hung.y, hung.wide, hung.high
        pens.veil(
            [(x + wide * 0.55, y), (x + wide * 0.85, y), (x + wide * 0.45, y + high), (x + wide * 0.15, y + high)],
            0.02,
            0.2,
            0.02,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Magazine:
    """How the issues of a magazine look: `side` is where the headlines are, "l" or "r"."""

    name: str
    claim: str
    face: str
    head_face: str
    colour: str
    second: str
    side: str
    block: str
    is_upper: bool
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What tells one issue of a series from another."""

    date: str
    number: int
    lead: str
    lines: Sequence[tuple[str, str]]


def magazine_cover(dice: Random) -> Twins:
    """Two issues of one magazine: another photograph, other headlines, another date."""
    width, height = dice.choice(((675, 900), (720, 940), (600, 800), (760, 1000)))
    magazine, issues = _magazine(dice), [_issue(dice), _issue(dice)]
    covers = []
    for issue, photo in zip(issues, two_photographs(dice, width, height), strict=True):
        pens = Pens(photo, magazine.seed)
        _masthead(pens, magazine, issue)
        _headlines(pens, magazine, issue)
        covers.append(pens.finish(3))
    says = f'another photograph, and the headline "{issues[0].lead}" became "{issues[1].lead}"'
    return Twins(reference=covers[0], query=covers[1], differs=What.PICTURE, says=says)


def _magazine(dice: Random) -> Magazine:
    word = dice.choice(WORDS).capitalize()
    return Magazine(
        name=dice.choice((coined(dice), f"{coined(dice, 1)} {word}", f"The {word}")),
        claim=dice.choice(("Travel and taste", "The monthly for makers", "Homes and gardens", "Ideas that last")),
        face=any_face(dice),
        head_face=dice.choice([face for face in TYPEFACES if face != "mono"]),
        colour=dice.choice(("#ffffff", "#ffe14a", "#e4002b", "#111111", vivid(dice))),
        second=dice.choice(("#ffe14a", "#ff5a5f", "#7de2d1", "#ffffff")),
        side=dice.choice(("l", "r")),
        block=dice.choice(("none", "bar", "solid", "border")),
        is_upper=dice.random() < 0.6,
        seed=dice.getrandbits(32),
    )


def _issue(dice: Random) -> Issue:
    lines = [(phrase(dice, 1, 2).title(), phrase(dice, 3, 5)) for _ in range(3)]
    return Issue(
        date=f"{dice.choice(MONTHS)} {dice.randint(2011, 2025)}",
        number=dice.randint(12, 240),
        lead=phrase(dice, 2, 3).title(),
        lines=lines,
    )


def _masthead(pens: Pens, magazine: Magazine, issue: Issue) -> None:
    """The name, its claim and the date; most magazines darken the photograph or put a block behind them."""
    width, high = pens.width, pens.height * 0.17
    if magazine.block in ("bar", "solid"):
        pens.rect(0, 0, width, high, magazine.colour)
    else:
        pens.veil(box(0, 0, width, high * 1.6), -0.6, 0, across=False)
    ink = ink_on(magazine.colour) if magazine.block in ("bar", "solid") else magazine.colour
    ink = "#ffffff" if magazine.block in ("none", "border") and ink == "#111111" else ink
    said = magazine.name.upper() if magazine.is_upper else magazine.name
    pens.letters(width / 2, high * 0.5, said, magazine.face, high * 0.72, ink, room=width * 0.86)
    pens.letters(width * 0.07, high * 0.9, magazine.claim, "sans", 16, ink, anchor="lm")
    date = f"No. {issue.number}  |  {issue.date}"
    pens.letters(width * 0.93, high * 0.9, date, "sans", 16, ink, anchor="rm")


def _headlines(pens: Pens, magazine: Magazine, issue: Issue) -> None:
    """The lead story across the foot, three more at a side, and the code for the till."""
    width, height, face = pens.width, pens.height, magazine.head_face
    pens.veil(box(0, height * 0.6, width, height * 0.4), 0, -0.7, across=False)
    x, anchor = (width * 0.07, "lm") if magazine.side == "l" else (width * 0.93, "rm")
    for step, (head, line) in enumerate(issue.lines):
        y = height * (0.32 + 0.12 * step)
        _scrim(pens, magazine.side, y)
        pens.letters(x, y, head, face, 34, magazine.second, anchor=anchor, room=width * 0.42)
        pens.letters(x, y + 32, line, "sans", 18, "#ffffff", anchor=anchor, room=width * 0.42)
    pens.letters(width * 0.07, height * 0.83, issue.lead, face, 72, "#ffffff", anchor="lm", room=width * 0.86)
    pens.letters(width * 0.07, height * 0.91, f"Only in {magazine.name}", "sans", 20, magazine.second, anchor="lm")
    _till_code(pens, magazine.seed)
    if magazine.block == "border":
        edge = width * 0.022
        for side in (box(0, 0, width, edge), box(0, height - edge, width, edge)):
            pens.polygon(side, magazine.colour)
        for side in (box(0, 0, edge, height), box(width - edge, 0, edge, height)):
            pens.polygon(side, magazine.colour)


def _scrim(pens: Pens, side: str, y: float) -> None:
    """Darken the photograph where a headline comes, so that it can be read."""
    left = 0.0 if side == "l" else pens.width * 0.45
    stops = (-0.6, -0.45, 0) if side == "l" else (0, -0.45, -0.6)
    pens.veil(box(left, y - 28, pens.width * 0.55, 78), *stops)


def _till_code(pens: Pens, seed: int) -> None:
    """The bars and the price, the same on all issues."""
    dice = Random(seed)
    x, y, wide = pens.width * 0.76, pens.height * 0.885, pens.width * 0.18
    pens.rect(x, y, wide, pens.height * 0.08, "#ffffff")
    at = x + 8
    while at < x + wide - 12:
        step = dice.choice((2, 2, 3, 5))
        pens.rect(at, y + 6, step, pens.height * 0.05, "#111111")
        at += step + dice.choice((2, 3, 4))
    pens.letters(x + wide / 2, y + pens.height * 0.069, f"{dice.randint(4, 9)}.90", "sans", 13, "#111111")


FAMILIES: Sequence[Family] = (
    Family(name="poster_frame_photo", draw=poster_frame_photo, is_photographic=True),
    Family(name="magazine_cover", draw=magazine_cover, is_photographic=True),
)
