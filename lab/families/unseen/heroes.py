"""Characters of games.

character_creator   the screen on which a character is made up   one or more of its hair, face, clothes, things
"""

from collections.abc import Mapping, Sequence
from random import Random

from PIL import Image

from lab.drawings.kit import gradient, mix, ring, smooth, star
from lab.families.kit import Family, Twins
from lab.families.unseen.heroes_clothes import BODY
from lab.families.unseen.heroes_heads import HAIR_BEHIND, HEAD, Look, Part, nothing, shape
from lab.families.unseen.parts import Hand, Kit, Slots, mirrored, twins
from lab.families.unseen.strokes import HEADS, Board, coined, hsl, on, tones, vivid

SIZES = ((960, 600), (1040, 640), (860, 640), (1100, 660), (560, 900), (620, 940), (720, 760))
SKINS = ("#f6d3b8", "#e3b08c", "#b97f57", "#8a5a3c", "#5b3a29", "#9bc46a", "#8fb6dc", "#c7a0d8")
HAIRS = ("#2a1c17", "#6b3f22", "#c98f3d", "#f0d58a", "#b3402a", "#e9e4dd", "#3d6fd1", "#d84f9b")
TITLES = ("Create your hero", "New character", "Customise", "Who are you?", "Your look", "Choose an outfit")
SKULL = smooth(mirrored([(0, -1.1), (0.75, -0.85), (1, -0.1), (0.7, 0.75), (0.2, 1.08)]), True)
TABS = ("Hair", "Face", "Top", "Legs", "Gear", "Colour")


def character_creator(dice: Random) -> Twins:
    """The screen on which a game's character is made up: it has another hair, face, garment or thing in the hand."""
    style = _style(dice)
    return twins(dice, lambda kit: _screen(style, kit), SLOTS, ("eyes", "mouth", "mark", "ears", "in the hand"), 6, 2)


def _style(dice: Random) -> Look:
    return Look(
        size=dice.choice(SIZES),
        tones=tones(dice, 0.6),
        face=dice.choice(HEADS),
        title=dice.choice(TITLES),
        game=f"{coined(dice)} {dice.choice(('Saga', 'Online', 'Isle', 'Quest', 'Town', 'II'))}",
        name=coined(dice),
        tab=dice.randrange(len(TABS)),
        head=dice.uniform(0.85, 1.5),
        skin=dice.choice(SKINS),
        hair=dice.choice(HAIRS),
        cloth=(vivid(dice), hsl(dice.random(), dice.uniform(0.1, 0.5), dice.uniform(0.2, 0.45)), vivid(dice)),
        is_lined=dice.random() < 0.5,
        seed=dice.getrandbits(31),
    )


def _screen(style: Look, kit: Kit) -> Image.Image:
    wide, high = style.size
    base = style.tones.ground
    board = Board(gradient(style.size, mix(base, style.tones.second, 0.35), base), style.seed)
    is_tall = high > wide
    middle = wide / 2 if is_tall else wide * 0.64
    stage = Hand(board=board, x=middle, y=high * (0.36 if is_tall else 0.5), r=high * (0.042 if is_tall else 0.064))
    _stage(stage, style)
    _figure(stage, style, kit)
    _panel(board, style, (0, high * 0.7, wide, high * 0.3) if is_tall else (0, 0, wide * 0.36, high))
    board.fit(middle, high * 0.05, style.title, high * 0.045, style.tones.ink, style.face, "mm", wide * 0.55)
    return board.finish(0)


def _stage(hand: Hand, style: Look) -> None:
    """Light from above and a disc to stand on."""
    dice = Random(style.seed)
    glow = mix(style.tones.ground, style.tones.accent, 0.5)
    if dice.random() < 0.6:
        hand.board.glow(hand.x, hand.y - hand.r, 7 * hand.r, glow, 0.9)
    for _ in range(dice.choice((0, 14, 30))):
        spot = (dice.uniform(-6, 6), dice.uniform(-5, 5))
        hand.fill(star(*spot, 0.12, 0.04, 4), mix(glow, "#ffffff", 0.4))
    hand.oval(0, 6.1, 3.9, 0.95, mix(style.tones.ground, "#000000", 0.4))
    hand.lit(ring(0, 5.85, 3.8, 0.9), mix(style.tones.panel, style.tones.accent, 0.4), style.tones.panel)


def _panel(board: Board, style: Look, area: tuple[float, float, float, float]) -> None:
    """Tabs, tiles, swatches and the button: none of them tells what is chosen."""
    x, y, w, h = area
    board.rect(x, y, w, h, style.tones.panel)
    unit = min(w / 22, h / 22) if h > w else min(w / 32, h / 14)
    across = w / unit
    for at, tab in enumerate(TABS):
        is_open = at == style.tab
        left, wide = x + unit + at * (w - 2 * unit) / 6, (w - 2 * unit) / 6
        board.rect(left, y + unit, wide - 4, unit * 1.8, style.tones.accent if is_open else style.tones.ground, 4)
        ink = on(style.tones.accent) if is_open else style.tones.ink
        board.fit(left + wide / 2 - 2, y + 1.9 * unit, tab, unit * 0.85, ink, "sans", "mm", wide * 0.8)
    _tiles(board, style, (x + unit, y + 3.6 * unit, unit), 6 if across > 26 else 4, 2 if across > 26 else 8)
    low = y + h - 3.2 * unit
    board.rect(x + unit, low, w - 2 * unit, 2.2 * unit, style.tones.accent, unit / 2)
    board.fit(
        x + w / 2, low + 1.1 * unit, f"Start as {style.name}", unit, on(style.tones.accent), "bold", "mm", w * 0.8
    )
    if h > w:
        board.fit(x + unit, low - 1.5 * unit, style.game, unit * 1.1, style.tones.faint, style.face, "lm", w * 0.8)


def _tiles(board: Board, style: Look, spot: tuple[float, float, float], columns: int, rows: int) -> None:
    x, y, unit = spot
    dice = Random(style.seed + 1)
    for at in range(columns * rows):
        left, top = x + at % columns * 4.9 * unit, y + at // columns * 3.2 * unit
        board.rect(left, top, 4.5 * unit, 2.8 * unit, style.tones.ground, unit / 3)
        board.circle(left + 2.25 * unit, top + 1.4 * unit, unit * 0.8, vivid(dice) if at else style.tones.faint)


def _figure(hand: Hand, style: Look, kit: Kit) -> None:
    """From back to front: cape and long hair, legs, trunk and arms, head, what is worn on it."""
    head = hand.at(0, -2.2 - style.head, style.head)
    HAIR_BEHIND.get(kit["hair"], nothing)(head, style)
    for slot in ("on the back", "legs"):
        PARTS[slot][kit[slot]](hand, style)
    for slot in ("top", "in the hand"):
        PARTS[slot][kit[slot]](hand, style)
    hand.box(-0.35, -2.6, 0.7, 0.8, mix(style.skin, "#000000", 0.15), 0.2)
    PARTS["ears"][kit["ears"]](head, style)
    shape(
        head, style, smooth(mirrored([(0, -1.1), (0.75, -0.85), (1, -0.1), (0.7, 0.75), (0.2, 1.08)]), True), style.skin
    )
    for slot in ("mark", "eyes", "mouth", "hair", "hat"):
        PARTS[slot][kit[slot]](head, style)


PARTS: Mapping[str, Mapping[str, Part]] = {**BODY, **HEAD}
SLOTS: Slots = {slot: tuple(parts) for slot, parts in PARTS.items()}

FAMILIES: Sequence[Family] = (Family(name="character_creator", draw=character_creator),)
