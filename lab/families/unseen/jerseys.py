"""Shirts of teams.

jersey_back   a team's shirt from behind   the name, the number, or both
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from core.types import What
from lab.drawings.kit import SCALE, Spot, gradient, mix, paper, ring
from lab.edits.words import NAMES
from lab.families.kit import Family, Twins
from lab.families.unseen.cloth import WEAVING, Piece, weave, whole
from lab.families.unseen.strokes import Board, Tones, coined, hsl, long, on, pair, tones

EASTERN = (
    ("王云帆", "李雨桐", "张子墨", "刘若溪", "陈南星", "杨知远", "赵青禾", "吴北辰", "徐木子"),
    ("高橋", "田中", "佐藤", "山本", "中村", "小林", "藤井", "松田", "石川"),
    ("김하람", "이새벽", "박다온", "최한결", "정마루", "강보람", "윤가람", "임누리"),
)

LATIN_NAMES = sorted({name.split()[-1].upper() for name in NAMES if not name.endswith(".")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A team's shirt and where it hangs."""

    size: tuple[int, int]
    tones: Tones
    colours: tuple[str, str]
    pattern: str
    ground: str
    face: str
    print_on: str
    edge: str
    team: str
    is_long: bool
    seed: int


def jersey_back(dice: Random) -> Twins:
    """A team's shirt from behind: another player's name, another number, or both."""
    kit, numbers = _kit(dice), dice.sample(range(1, 100), 2)
    names = dice.sample(dice.choice(EASTERN) if dice.random() < 0.35 else LATIN_NAMES, 2)
    part = dice.choice(("both", "both", "name", "number"))
    one = (names[0], str(numbers[0]))
    other = (names[part != "number"], str(numbers[part != "name"]))
    return pair(_shirt, kit, (one, other), What.WORDS, f"on the back: {' '.join(one)} became {' '.join(other)}")


def _kit(dice: Random) -> Kit:
    first = hsl(dice.random(), dice.uniform(0.2, 0.95), dice.choice((0.16, 0.3, 0.42, 0.55, 0.93)))
    second = mix(first, on(first), dice.uniform(0.15, 0.32))
    ink = dice.choice((on(first), on(first), "#f2c230" if on(first) == "#ffffff" else "#8a1020"))
    return Kit(
        size=dice.choice(((640, 760), (720, 720), (600, 800), (900, 760), (1000, 800))),
        tones=tones(dice),
        colours=(first, second),
        pattern=dice.choice(("plain", "stripes", "hoops", "sash", "fade", "dots")),
        ground=dice.choice(("wall", "boards", "studio", "pegs")),
        face=dice.choice(("bold", "serif-bold", "mono", "plain", "sans")),
        print_on=ink,
        edge=mix(ink, first, 0.6) if dice.random() < 0.5 else on(ink),
        team=f"{coined(dice)} {dice.choice(('United', 'Rovers', 'Athletic', 'City', 'Wanderers'))}",
        is_long=dice.random() < 0.3,
        seed=dice.getrandbits(31),
    )


def _shirt(kit: Kit, content: tuple[str, str]) -> Image.Image:
    (wide, high), unit = kit.size, min(kit.size) / 100
    x, y = wide / 2, high * 0.5 - 40 * unit
    sheet = Board(paper(kit.size, kit.tones.ground, mix(kit.tones.ground, "#777777", 0.35), kit.seed), kit.seed)
    _behind(sheet, kit)
    sheet.glow(x + 2 * unit, y + 46 * unit, 52 * unit, "#000000", 0.7, 62 * unit)
    sleeve: list[Spot] = [(47, 56), (39, 60)] if kit.is_long else [(45, 30), (35, 35)]
    half = [(9, 0), (25, 4), *sleeve, (29, 25), (29, 55), (30, 83), (0, 85)]
    outline = whole(half, x, y, unit)
    sheet.cloth(outline, _stuff(kit, unit * SCALE))
    sheet.line([*outline, outline[0]], mix(kit.colours[0], "#000000", 0.45), 1.5)
    sheet.line(ring(x, y, 9 * unit, 2.6 * unit, first=0, last=180), kit.print_on, 1.4 * unit)
    _print(sheet, kit, content, (x, y), unit)
    sheet.say(x, y + 76 * unit, kit.team, 3.6 * unit, kit.print_on, "bold", "mm")
    return sheet.finish(5)


def _behind(sheet: Board, kit: Kit) -> None:
    (wide, high), dice = kit.size, Random(kit.seed)
    if kit.ground == "boards":
        for at in range(8):
            sheet.rect(at * wide / 8, 0, wide / 8 - 2, high, mix(kit.tones.ground, "#7a5a38", dice.uniform(0.35, 0.55)))
    elif kit.ground == "pegs":
        sheet.rect(0, high * 0.03, wide, high * 0.05, mix(kit.tones.ground, "#6a4a2c", 0.7))
        for at in range(7):
            sheet.circle((at + 0.5) * wide / 7, high * 0.055, high * 0.012, "#c9c9c9")
    elif kit.ground == "studio":
        sheet.glow(wide / 2, high / 2, wide * 0.7, "#ffffff", 0.5)


def _stuff(kit: Kit, unit: float) -> Image.Image:
    size = (kit.size[0] * SCALE, kit.size[1] * SCALE)
    if kit.pattern == "fade":
        return gradient(size, kit.colours[0], kit.colours[0], kit.colours[1])
    name = kit.pattern if kit.pattern in WEAVING else "plain"
    cloth = weave(Piece(cut="shirt", weave=name, colours=kit.colours), size, unit * 0.8, kit.seed % 997)
    if kit.pattern == "sash":
        x, y = size[0] / 2, size[1] / 2
        way = [
            (x - 40 * unit, y - 50 * unit),
            (x - 22 * unit, y - 50 * unit),
            (x + 40 * unit, y + 50 * unit),
            (x + 22 * unit, y + 50 * unit),
        ]
        ImageDraw.Draw(cloth).polygon(way, kit.colours[1])
    return cloth


def _print(sheet: Board, kit: Kit, content: tuple[str, str], spot: Spot, unit: float) -> None:
    """The name above and the number below it, each with an edge."""
    (name, number), (x, y) = content, spot
    sheet.fit(x, y + 15 * unit, name, 7.5 * unit, kit.print_on, kit.face, "mm", 46 * unit)
    size = min(38.0, 38 * 46 * unit / max(1.0, long(number, 38 * unit, kit.face)))
    for px, py in ((-0.7, 0), (0.7, 0), (0, -0.7), (0, 0.7), (0.5, 0.5), (-0.5, 0.5), (0.5, -0.5), (-0.5, -0.5)):
        sheet.say(x + px * unit, y + (43 + py) * unit, number, size * unit, kit.edge, kit.face, "mm")
    sheet.say(x, y + 43 * unit, number, size * unit, kit.print_on, kit.face, "mm")


FAMILIES: Sequence[Family] = (Family(name="jersey_back", draw=jersey_back),)
