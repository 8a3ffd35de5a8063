"""Plans of buildings.

floor_map_pin   the plan of a floor of a museum, a mall, a fair   the pin is in another room
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Spot, mix, ring, turned
from lab.families.kit import Family, Twins
from lab.families.unseen.strokes import HEADS, Board, Tones, coined, hsl, on, pair, tones

type Box = tuple[float, float, float, float]

SIZES = ((900, 680), (1000, 720), (720, 900), (800, 800), (640, 860), (1000, 640))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """The words of one language: the house, its rooms and signs, and what the pin says."""

    house: Sequence[str]
    level: str
    here: str
    rooms: Sequence[str]
    signs: Sequence[str]
    foot: str


TONGUES = (
    Tongue(
        house=("Museum of Glass", "City Museum", "Gallery of Clocks"),
        level="Level",
        here="You are here",
        rooms=(
            "Maps",
            "Silver",
            "Glass",
            "Clocks",
            "Prints",
            "Stones",
            "Birds",
            "Coins",
            "Ships",
            "Masks",
            "Toys",
            "Looms",
            "Lace",
            "Armour",
            "Salt",
            "Amber",
        ),
        signs=("Exit", "Lift", "WC", "Info"),
        foot="Please do not touch the exhibits. Lockers are free of charge.",
    ),
    Tongue(
        house=("Harbour Mall", "Westgate Arcade", "Park Galleria"),
        level="Floor",
        here="You are here",
        rooms=(
            "Shoes",
            "Books",
            "Toys",
            "Tea",
            "Lamps",
            "Bikes",
            "Phones",
            "Hats",
            "Bakery",
            "Optics",
            "Flowers",
            "Games",
            "Juice",
            "Tiles",
            "Watches",
            "Sofas",
        ),
        signs=("Exit", "Lift", "WC", "Info"),
        foot="Open 10 to 20, Sundays 12 to 18. Parking on levels 4 and 5.",
    ),
    Tongue(
        house=("Trade Fair", "Expo Halls", "Book Fair"),
        level="Hall",
        here="Our stand",
        rooms=("A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3", "D1", "D2", "E1", "E2", "F1", "F2", "F3"),
        signs=("Exit", "Lift", "WC", "Info"),
        foot="Doors open at 9. The badge must be worn at all times.",
    ),
    Tongue(
        house=("市立博物馆", "玻璃艺术馆", "自然历史馆"),
        level="楼层",
        here="您在此处",
        rooms=(
            "地图",
            "银器",
            "玻璃",
            "钟表",
            "版画",
            "矿石",
            "鸟类",
            "钱币",
            "船舶",
            "面具",
            "玩具",
            "织物",
            "琥珀",
            "盔甲",
            "茶具",
            "书画",
        ),
        signs=("出口", "电梯", "洗手间", "咨询"),
        foot="请勿触摸展品。寄存柜免费使用。",
    ),
    Tongue(
        house=("港町モール", "駅前プラザ", "緑の広場"),
        level="フロア",
        here="現在地",
        rooms=(
            "靴",
            "本",
            "玩具",
            "お茶",
            "照明",
            "自転車",
            "電話",
            "帽子",
            "パン",
            "眼鏡",
            "花",
            "遊戯",
            "家具",
            "時計",
            "文具",
            "薬",
        ),
        signs=("出口", "エレベーター", "お手洗い", "案内"),
        foot="営業時間 10時から20時まで。駐車場は四階です。",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A floor, its rooms and how they are drawn."""

    size: tuple[int, int]
    tones: Tones
    tongue: Tongue
    title: str
    face: str
    rooms: Sequence[tuple[Box, str, str]]
    pin: str
    pin_colour: str
    reach: float
    is_numbered: bool
    wall: float
    seed: int


def floor_map_pin(dice: Random) -> Twins:
    """The plan of a floor with a pin: it marks another room, nothing else has changed."""
    plan = _plan(dice)
    one, other = dice.sample([index for index, (box, _, _) in enumerate(plan.rooms) if _is_roomy(box)], 2)
    told = " became ".join(f"{plan.rooms[index][1]} ({index + 1})" for index in (one, other))
    return pair(_draw, plan, (one, other), What.LAYOUT, f"where the pin is: {told}")


def _is_roomy(box: Box) -> bool:
    return box[2] > 60 and box[3] > 60


def _plan(dice: Random) -> Plan:
    size, tongue = dice.choice(SIZES), dice.choice(TONGUES)
    wide, high = size
    boxes = _split(dice, (wide * 0.06, high * 0.2, wide * 0.88, high * 0.62), dice.choice((3, 3, 4)))
    hue = dice.random()
    wings = [hsl(hue + dice.uniform(0, 0.6), dice.uniform(0.1, 0.55), dice.uniform(0.72, 0.92)) for _ in range(4)]
    names = dice.sample(tongue.rooms, len(tongue.rooms))
    place = f"{coined(dice)} {dice.choice(tongue.house)}" if tongue.house[0].isascii() else dice.choice(tongue.house)
    return Plan(
        size=size,
        tones=tones(dice, 0.25),
        tongue=tongue,
        title=f"{place}, {tongue.level} {dice.randint(0, 5)}",
        face=dice.choice(HEADS),
        rooms=[(box, names[at % len(names)], dice.choice(wings)) for at, box in enumerate(boxes)],
        pin=dice.choice(("drop", "drop", "dot", "label", "person")),
        pin_colour=dice.choice(("#d8232a", "#e2445c", "#1a66d6", "#0f8a4a", "#111111")),
        reach=dice.uniform(17, 27),
        is_numbered=dice.random() < 0.5,
        wall=dice.uniform(2, 6),
        seed=dice.getrandbits(31),
    )


def _split(dice: Random, box: Box, depth: int) -> list[Box]:
    """Rooms that fill the box: it is cut in two, and both halves again."""
    x, y, wide, high = box
    if depth == 0 or (depth == 1 and dice.random() < 0.2) or max(wide, high) < 130:
        return [box]
    share = dice.uniform(0.36, 0.64)
    if wide > high * dice.uniform(0.8, 1.3):
        halves = ((x, y, wide * share, high), (x + wide * share, y, wide * (1 - share), high))
    else:
        halves = ((x, y, wide, high * share), (x, y + high * share, wide, high * (1 - share)))
    return [room for half in halves for room in _split(dice, half, depth - 1)]


def _draw(plan: Plan, index: int) -> Image.Image:
    wide, high = plan.size
    sheet = Board(Image.new("RGB", plan.size, plan.tones.ground), plan.seed)
    _head(sheet, plan)
    _rooms(sheet, plan)
    _stairs(sheet, plan)
    (x, y, w, h), _, _ = plan.rooms[index]
    _pin(sheet, plan, x + w / 2, y + h * 0.4)
    sheet.fit(wide * 0.06, high * 0.955, plan.tongue.foot, high * 0.022, plan.tones.faint, "sans", "lm", wide * 0.88)
    return sheet.finish(2)


def _head(sheet: Board, plan: Plan) -> None:
    wide, high = plan.size
    ink = plan.tones.ink
    if plan.seed % 2:
        sheet.rect(0, 0, wide, high * 0.15, plan.tones.accent)
        ink = on(plan.tones.accent)
    sheet.fit(wide * 0.06, high * 0.075, plan.title, high * 0.055, ink, plan.face, "lm", wide * 0.72)
    sheet.polygon(turned([(0, -22), (10, 14), (0, 6), (-10, 14)], wide * 0.92, high * 0.08, plan.seed % 360), ink)
    sheet.say(wide * 0.92, high * 0.125, "N", high * 0.022, ink, "bold", "mm")


def _rooms(sheet: Board, plan: Plan) -> None:
    """Rooms in the colours of their wings, with walls, doors and names."""
    wall = mix(plan.tones.ground, plan.tones.ink, 0.75)
    for (x, y, w, h), _, colour in plan.rooms:
        sheet.rect(x, y, w, h, colour)
    for (x, y, w, h), _, _ in plan.rooms:
        sheet.line([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], wall, plan.wall)
    for at, ((x, y, w, h), name, colour) in enumerate(plan.rooms):
        door = min(w, h) * 0.22
        sheet.rect(x + w * 0.2, y - plan.wall / 2 - 1, door, plan.wall + 2, colour)
        sheet.rect(x - plan.wall / 2 - 1, y + h * 0.6, plan.wall + 2, door, colour)
        text = f"{at + 1} {name}" if plan.is_numbered and len(name) > 2 else name
        sheet.fit(x + w / 2, y + h * 0.78, text, plan.size[1] * 0.026, "#26282e", plan.face, "mm", w * 0.84)
        _cases(sheet, plan, (x, y, w, h), mix(colour, "#55504a", 0.3), at)


def _cases(sheet: Board, plan: Plan, box: Box, colour: str, at: int) -> None:
    """Show-cases or shelves in the corners of a room."""
    (x, y, w, h), dice = box, Random(plan.seed + at)
    for corner in dice.sample(range(4), dice.randint(1, 3)):
        left = x + (w * 0.08 if corner % 2 == 0 else w * 0.92 - w * 0.16)
        top = y + (h * 0.08 if corner < 2 else h * 0.92 - h * 0.07)
        sheet.rect(left, top, w * 0.16, h * 0.07, colour, 2)


def _stairs(sheet: Board, plan: Plan) -> None:
    """Signs of stairs, lift and café in a row below the plan, with the same signs in three rooms."""
    wide, high = plan.size
    dice = Random(plan.seed)
    spots = [(wide * (0.08 + 0.21 * at), high * 0.885) for at in range(4)]
    for (x, y), sign in zip(spots, plan.tongue.signs, strict=True):
        sheet.fit(x + 18, y, sign, high * 0.022, plan.tones.ink, "sans", "lm", wide * 0.16)
    rooms = dice.sample(range(len(plan.rooms)), 3)
    inside = [(plan.rooms[at][0][0] + 20, plan.rooms[at][0][1] + plan.rooms[at][0][3] - 20) for at in rooms]
    for at, (x, y) in enumerate([*spots, *inside]):
        sheet.rect(x - 11, y - 11, 22, 22, plan.tones.second, 4)
        sheet.say(x, y, "ELWi"[at % 4], 15, on(plan.tones.second), "bold", "mm")


def _pin(sheet: Board, plan: Plan, x: float, y: float) -> None:
    reach, colour = plan.reach, plan.pin_colour
    if plan.pin == "label":
        size = reach * 0.75
        half = size * (0.32 if plan.tongue.here.isascii() else 0.55) * len(plan.tongue.here) + 8
        sheet.polygon([(x - 6, y + size * 0.6), (x + 6, y + size * 0.6), (x, y + size * 1.5)], colour)
        sheet.rect(x - half, y - size * 0.8, half * 2, size * 1.6, colour, 5)
        sheet.fit(x, y, plan.tongue.here, size, "#ffffff", "bold", "mm", half * 2 - 10)
    elif plan.pin == "dot":
        sheet.circle(x, y, reach, colour + "44")
        sheet.circle(x, y, reach * 0.55, colour, "#ffffff", 3)
    elif plan.pin == "person":
        sheet.circle(x, y - reach * 0.6, reach * 0.36, colour)
        sheet.polygon(ring(x, y + reach * 0.6, reach * 0.55, reach * 0.8, first=180, last=360), colour)
    else:
        _drop(sheet, x, y, reach, colour)


def _drop(sheet: Board, x: float, y: float, reach: float, colour: str) -> None:
    tip: Spot = (x, y + reach)
    sheet.polygon(ring(x + 2, y + reach, reach * 0.4, reach * 0.14), "#00000055")
    sheet.polygon([*ring(x, y - reach * 0.3, reach * 0.62, reach * 0.62, first=160, last=380), tip], colour)
    sheet.circle(x, y - reach * 0.3, reach * 0.26, "#ffffff")


FAMILIES: Sequence[Family] = (Family(name="floor_map_pin", draw=floor_map_pin),)
