"""Kitchen machines of one product line.

kitchen_line   a page of a shop or a catalogue with one machine   its controls, handle, window, sticker, feet, model
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from lab.drawings.kit import gradient, mix, ring, star
from lab.families.kit import Family, Twins
from lab.families.unseen.parts import NONE, Hand, Kit, Slots, box, twins
from lab.families.unseen.strokes import HEADS, Board, Tones, coined, hsl, on, tones, vivid

SIZES = ((760, 760), (640, 860), (900, 640), (840, 840), (1000, 660), (600, 760))
BODIES: Mapping[str, tuple[float, float]] = {
    "Microwave": (2.6, 1.6),
    "Compact oven": (2.2, 1.9),
    "Built-in oven": (2, 2.1),
    "Dishwasher": (1.8, 2.3),
    "Washer": (1.8, 2.3),
    "Air fryer": (1.6, 2),
}
FINISHES = ("#f4f4f1", "#2a2c30", "#b9bec4", "#8d949c")
MODELS = ("100", "200", "220 S", "300", "340 X", "400", "500 Pro", "550", "700", "Eco 2", "Mini", "Plus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The page and the body that all machines of a line have."""

    size: tuple[int, int]
    tones: Tones
    kind: str
    body: str
    lamp: str
    brand: str
    series: str
    face: str
    points: Sequence[str]
    is_beside: bool
    seed: int

    @property
    def half(self) -> tuple[float, float]:
        """Half of the width and of the height of the body, the longer of them 1."""
        w, h = BODIES[self.kind]
        return w / max(w, h), h / max(w, h)

    @property
    def band(self) -> float:
        """How high the band of controls is that lies above the door."""
        return self.half[1] * 0.42

    @property
    def trim(self) -> str:
        """The colour of the trim, which stands out from the body's."""
        return "#1a1b1e" if on(self.body) != "#ffffff" else "#d3d7db"


type Part = Callable[[Hand, Line], None]


def kitchen_line(dice: Random) -> Twins:
    """A page with one kitchen machine: a machine of the same body has other controls, another handle or window."""
    style = _style(dice)
    small = ("sticker", "handle", "display", "feet", "model")
    return twins(dice, lambda kit: _page(style, kit), SLOTS, small, len(SLOTS), 2)


def _style(dice: Random) -> Line:
    says = (
        "Easy to clean",
        "12 programmes",
        "Quiet",
        "Child lock",
        "Made to last",
        "Saves power",
        "3 years of guarantee",
    )
    tinted = hsl(dice.random(), dice.uniform(0.25, 0.7), dice.uniform(0.3, 0.75))
    return Line(
        size=dice.choice(SIZES),
        tones=tones(dice, 0.25),
        kind=dice.choice(tuple(BODIES)),
        body=dice.choice((*FINISHES, tinted, tinted)),
        lamp=vivid(dice),
        brand=coined(dice),
        series=f"{coined(dice)} series",
        face=dice.choice(HEADS),
        points=dice.sample(says, dice.randint(0, 3)),
        is_beside=dice.random() < 0.5,
        seed=dice.getrandbits(31),
    )


def _page(style: Line, kit: Kit) -> Image.Image:
    """The ground, the machine and its shadow, the words."""
    wide, high = style.size
    colours = style.tones
    board = Board(gradient(style.size, colours.panel, mix(colours.ground, colours.accent, 0.12)), style.seed)
    is_beside = style.is_beside and wide > high
    spot = (wide * 0.36, high * 0.52) if is_beside else (wide / 2, high * 0.44)
    hand = Hand(board=board, x=spot[0], y=spot[1], r=min(wide * (0.32 if is_beside else 0.4), high * 0.32))
    _ground(hand, style)
    _body(hand, style)
    for slot, parts in PARTS.items():
        parts[kit[slot]](hand, style)
    _words(board, style, kit["model"], (wide * 0.7, "lm") if is_beside else (wide / 2, "mm"))
    return board.finish(3)


def _ground(hand: Hand, style: Line) -> None:
    dice, colours = Random(style.seed), style.tones
    if dice.random() < 0.5:
        hand.disc(0, 0, 1.18, mix(colours.ground, colours.accent, 0.3))
    w, h = style.half
    hand.board.glow(hand.x, hand.y + (h + 0.07) * hand.r, hand.r * w * 1.3, "#000000", 0.9, hand.r * 0.17)


def _body(hand: Hand, style: Line) -> None:
    w, h = style.half
    outline = box(-w, -h, 2 * w, 2 * h, 0.08)
    hand.lit(outline, mix(style.body, "#ffffff", 0.3), style.body, mix(style.body, "#000000", 0.18))
    hand.edge(outline, mix(style.body, "#000000", 0.45), 0.012)
    hand.line([(-w, -h + style.band), (w, -h + style.band)], mix(style.body, "#000000", 0.4), 0.014)
    hand.board.say(*hand.way([(0, h * 0.93)])[0], style.brand, hand.r * 0.075, on(style.body), style.face, "mm")


def _words(board: Board, style: Line, model: str, place: tuple[float, str]) -> None:
    (wide, high), ink = style.size, style.tones.ink
    x, anchor = place
    top, room = (high * 0.3, wide * 0.27) if anchor == "lm" else (high * 0.88, wide * 0.9)
    board.fit(wide * 0.05, high * 0.06, style.brand, high * 0.045, style.tones.accent, style.face, "lm", wide * 0.4)
    board.fit(wide * 0.95, high * 0.06, style.series, high * 0.028, style.tones.faint, "sans", "rm", wide * 0.4)
    board.fit(x, top, f"{style.kind} {model}", high * 0.05, ink, style.face, anchor, room)
    if anchor == "mm":
        board.fit(x, high * 0.94, " · ".join(style.points), high * 0.028, style.tones.faint, "sans", anchor, room)
        return
    for at, point in enumerate(style.points):
        board.fit(
            x, top + high * (0.1 + 0.06 * at), f"+ {point}", high * 0.032, style.tones.faint, "sans", anchor, room
        )


def _nothing(_: Hand, __: Line) -> None:
    """The slot is empty, or is written elsewhere."""


def _knob(hand: Hand, style: Line, x: float, r: float) -> None:
    y = -style.half[1] + style.band / 2
    hand.disc(x, y, r * 1.15, mix(style.body, "#000000", 0.3))
    hand.lit(ring(x, y, r, r), "#f5f6f7", "#80868d")
    hand.line([(x, y - r * 0.9), (x, y - r * 0.2)], "#26282c", r * 0.2)


def _knobs(count: int) -> Part:
    def part(hand: Hand, style: Line) -> None:
        w = style.half[0]
        for at in range(count):
            side = -1 if at % 2 else 1
            _knob(hand, style, side * w * (0.82 - 0.25 * (at // 2)), min(0.085, style.band * 0.3))

    return part


def _keys(hand: Hand, style: Line) -> None:
    w, h = style.half
    for side in (-1, 1):
        for at in range(6):
            x, y = side * w * 0.68 + (at % 3 - 1) * 0.13, -h + style.band * (0.32 + 0.36 * (at // 3))
            hand.box(x - 0.045, y - 0.03, 0.09, 0.06, style.trim, 0.02)


def _slider(hand: Hand, style: Line) -> None:
    w, y = style.half[0], -style.half[1] + style.band / 2
    for side, share in ((-1, 0.3), (1, 0.6)):
        hand.line([(side * w * 0.5, y), (side * w * 0.9, y)], style.trim, 0.03)
        hand.disc(side * w * (0.5 + 0.4 * share), y, 0.055, style.lamp)


def _glass(hand: Hand, style: Line) -> None:
    """A strip of black glass with lit signs to touch."""
    w, h = style.half
    hand.lit(box(-w * 0.95, -h + style.band * 0.14, w * 1.9, style.band * 0.72, 0.04), "#2c2f35", "#0d0e11")
    for side in (-1, 1):
        for at in range(4):
            hand.arc(side * w * (0.45 + at * 0.13), -h + style.band / 2, 0.03, 0.03, (0, 360), style.lamp, 0.015)


def _display(kind: str) -> Part:
    def part(hand: Hand, style: Line) -> None:
        y, tall = -style.half[1] + style.band / 2, style.band * 0.27
        if kind == "clock":
            hand.disc(0, y, tall * 1.35, "#f8f6ee")
            hand.line([(0, y - tall), (0, y), (tall * 0.7, y + tall * 0.3)], "#222222", 0.02)
        elif kind == "lamps":
            for at in range(4):
                hand.disc(-0.18 + at * 0.12, y, 0.035, style.lamp if at < 2 else "#6a6a6a")
        else:
            hand.box(-0.25, y - tall, 0.5, tall * 2, "#0c0f12", 0.02)
            hand.board.say(*hand.way([(0, y)])[0], kind, hand.r * tall * 1.3, style.lamp, "mono", "mm")

    return part


def _door(hand: Hand, style: Line, share: float, radius: float) -> None:
    """A pane of dark glass with light across it."""
    w, h = style.half
    wide, tall = w * share, (h - style.band / 2) * share * 0.86
    y = style.band / 2 - h * 0.02
    outline = box(-wide, y - tall, 2 * wide, 2 * tall, radius)
    hand.lit(outline, "#4b5058", "#17181c")
    hand.edge(outline, style.trim, 0.02)
    hand.fill(
        [(-wide * 0.5, y - tall), (-wide * 0.2, y - tall), (-wide * 0.6, y + tall), (-wide * 0.9, y + tall)],
        "#ffffff1c",
    )


def _pane(hand: Hand, style: Line) -> None:
    _door(hand, style, 0.84, 0.05)


def _mesh(hand: Hand, style: Line) -> None:
    _door(hand, style, 0.84, 0.05)
    w, h = style.half
    for row in range(7):
        for column in range(15):
            x, y = (column - 7) * w * 0.1, style.band / 2 - h * 0.02 + (row - 3) * (h - style.band / 2) * 0.19
            hand.disc(x, y, 0.013, "#9aa0a8")


def _racks(hand: Hand, style: Line) -> None:
    _door(hand, style, 0.84, 0.05)
    w = style.half[0]
    for y in (0.0, 0.24, 0.48):
        hand.line([(-w * 0.75, y * style.half[1] + 0.05), (w * 0.75, y * style.half[1] + 0.05)], "#c9ced4", 0.016)
    hand.board.glow(hand.x, hand.y + 0.2 * hand.r, 0.5 * hand.r, "#ffb347", 0.6, 0.3 * hand.r)


def _porthole(hand: Hand, style: Line) -> None:
    r = min(style.half[0] * 0.72, (style.half[1] - style.band / 2) * 0.72)
    y = style.band / 2 - 0.03
    hand.lit(ring(0, y, r, r), "#e6e9ec", "#7d848b")
    hand.lit(ring(0, y, r * 0.78, r * 0.78), "#49515c", "#121418")
    hand.fill(ring(-r * 0.25, y - r * 0.3, r * 0.3, r * 0.16, -35), "#ffffff33")


def _slot(hand: Hand, style: Line) -> None:
    w, h = style.half
    for at in range(5):
        hand.box(-w * 0.6, h * (0.42 + at * 0.07), w * 1.2, 0.03, mix(style.body, "#000000", 0.5), 0.015)


def _bar(hand: Hand, style: Line) -> None:
    w, y = style.half[0], -style.half[1] + style.band * 1.12
    hand.lit(box(-w * 0.75, y, w * 1.5, 0.065, 0.03), "#ffffff", "#8a9098")


def _upright(hand: Hand, style: Line) -> None:
    w, h = style.half
    top = -h + style.band * 1.25
    hand.lit(box(w * 0.86, top, 0.065, h * 0.9 - top, 0.03), "#ffffff", "#8a9098", across=True)


def _grip(hand: Hand, style: Line) -> None:
    y = -style.half[1] + style.band * 1.1
    hand.fill(ring(0, y, 0.24, 0.13, 0, 0, 180), mix(style.body, "#000000", 0.6))


def _energy(hand: Hand, style: Line) -> None:
    w, h = style.half
    hand.box(-w * 0.92, h * 0.4, 0.22, 0.34, "#fbfbf8", 0.01)
    for at, tone in enumerate(("#1f9a4b", "#9cc93a", "#f3d21f", "#ee8b24", "#dc2f2c")):
        hand.box(-w * 0.92 + 0.02, h * 0.4 + 0.03 + at * 0.06, 0.08 + 0.024 * at, 0.045, tone)


def _award(hand: Hand, style: Line) -> None:
    w, h = style.half
    hand.at(w * 0.68, h * 0.62, 0.17).fill(star(0, 0, 1, 0.85, 16), "#d9a92c")
    hand.board.say(*hand.way([(w * 0.68, h * 0.62)])[0], "1st", hand.r * 0.12, "#33240a", "bold", "mm")


def _new(hand: Hand, style: Line) -> None:
    spot = hand.at(-style.half[0] * 0.8, style.half[1] * 0.55, 0.2, -12)
    spot.disc(0, 0, 1, "#d8322f")
    hand.board.say(spot.x, spot.y, "NEW", spot.r * 0.62, "#ffffff", "bold", "mm")


def _feet(kind: str) -> Part:
    def part(hand: Hand, style: Line) -> None:
        w, h = style.half
        for side in (-1, 1):
            if kind == "wheels":
                hand.disc(side * w * 0.75, h + 0.05, 0.07, "#2b2d31")
                hand.disc(side * w * 0.75, h + 0.05, 0.03, "#c3c8ce")
            else:
                hand.box(side * w * 0.78 - 0.09, h - 0.01, 0.18, 0.08, "#2b2d31", 0.02)

    return part


PARTS: Mapping[str, Mapping[str, Part]] = {
    "window": {"pane": _pane, "mesh": _mesh, "racks": _racks, "porthole": _porthole, "slots": _slot},
    "controls": {"2 knobs": _knobs(2), "4 knobs": _knobs(4), "keys": _keys, "sliders": _slider, "touch glass": _glass},
    "display": {NONE: _nothing, "clock": _display("clock"), "lamps": _display("lamps")}
    | {time: _display(time) for time in ("12:00", "180°", "0:45")},
    "handle": {NONE: _nothing, "bar": _bar, "upright bar": _upright, "grip": _grip},
    "sticker": {NONE: _nothing, "energy label": _energy, "award": _award, "new": _new},
    "feet": {NONE: _nothing, "feet": _feet("feet"), "wheels": _feet("wheels")},
    "model": dict.fromkeys(MODELS, _nothing),
}
SLOTS: Slots = {slot: tuple(parts) for slot, parts in PARTS.items()}

FAMILIES: Sequence[Family] = (Family(name="kitchen_line", draw=kitchen_line),)
