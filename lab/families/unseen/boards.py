"""Families of look-alikes on boards and grids, and the page that all families of this folder are drawn on.

menu_board             words     a few prices, a dish or two, or all dishes
sudoku_or_crossword    words     a few digits or letters of a grid, or all of them
go_or_checkers_board   picture   a few stones, or the whole position
"""

from collections.abc import Callable, Sequence
from copy import copy, deepcopy
from math import hypot, pi
from random import Random
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from core.types import What
from lab.drawings.kit import SCALE, Sheet, Spot, clouds, leaf, mix, paper, rgb
from lab.edits.words import WORDS
from lab.families.kit import TYPEFACES, Family, Twins, typeface

type Box = tuple[float, float, float, float]
"""left, top, width, height"""
type Size = tuple[int, int]
type Cell = tuple[int, int]
type Menu = list[tuple[str, str]]

EUROPEAN = TYPEFACES[1:-1]
"""The typefaces that have €, £ and É; the first and the last have not."""


class Ink(NamedTuple):
    """How words are written; `edge` is the colour of an outline."""

    face: str
    size: float
    fill: str
    edge: str = ""


class Page(Sheet):
    """A sheet that writes in any typeface, takes pictures, and is copied where twins part."""

    def twin(self) -> "Page":
        """Return a copy of the page with equal dice, so that both go on alike."""
        other = copy(self)
        other.image, other.dice = self.image.copy(), deepcopy(self.dice)
        other.pen = ImageDraw.Draw(other.image, "RGBA")
        return other

    def write(self, x: float, y: float, text: str, ink: Ink, anchor: str = "mm", most: float = 9999) -> None:
        """One line, smaller where it would be wider than `most`."""
        size = round(ink.size * SCALE)
        while size > 12 and typeface(ink.face, size).getlength(text) > most * SCALE:
            size -= 2
        stroke = max(2, size / 11) if ink.edge else 0
        font, edge = typeface(ink.face, size), ink.edge or ink.fill
        self.pen.text((x * SCALE, y * SCALE), text, ink.fill, font, anchor, stroke_width=stroke, stroke_fill=edge)

    def block(self, box: Box, text: str, ink: Ink, align: str = "m") -> None:
        """Lines of text in the middle of a box, smaller where they would not fit."""
        left, top, width, height = box
        while len(rows := wrapped(text, ink, width)) * ink.size * 1.3 > height and ink.size > 8:
            ink = ink._replace(size=ink.size - 1)
        x, gap = left + {"l": 0.0, "m": 0.5, "r": 1.0}[align] * width, ink.size * 1.3
        for row, line in enumerate(rows):
            self.write(x, top + height / 2 + (row - len(rows) / 2 + 0.5) * gap, line, ink, align + "m", width)

    def frame(self, x: float, y: float, w: float, h: float, fill: str, width: float = 2) -> None:
        """The outline of a box."""
        box = (x * SCALE, y * SCALE, (x + w) * SCALE - 1, (y + h) * SCALE - 1)
        self.pen.rectangle(box, outline=fill, width=round(width * SCALE))

    def place(self, image: Image.Image, x: float, y: float, turn: float = 0, shade: int = 0) -> None:
        """A picture drawn at twice its size, its middle at x, y, turned clockwise, with a shadow of that reach."""
        layer = image.convert("RGBA").rotate(-turn, Image.Resampling.BICUBIC, expand=True)
        left, top = round(x * SCALE - layer.width / 2), round(y * SCALE - layer.height / 2)
        if shade:
            spread = ImageOps.expand(layer.getchannel("A"), shade * 3).filter(ImageFilter.GaussianBlur(shade))
            self.image.paste((8, 8, 16), (left - 2 * shade, top - 2 * shade), spread.point(lambda value: value * 0.55))
        self.image.paste(layer, (left, top), layer)


def wrapped(text: str, ink: Ink, width: float) -> list[str]:
    """Lines no wider than this as far as words allow; Chinese and Japanese break anywhere."""
    font, rows, gap = typeface(ink.face, round(ink.size * SCALE)), [""], "" if ink.face == "cjk" else " "
    for part in text if ink.face == "cjk" else text.split():
        longer = rows[-1] + gap + part if rows[-1] else part
        fits = not rows[-1] or font.getlength(longer) <= width * SCALE or part in "，。！？、"
        rows[-1:] = [longer] if fits else [rows[-1], part]
    return rows


def twins_of[T](
    page: Page, things: Sequence[T], draw: Callable[[Page, T], None], differs: What, says: str, grain: float = 0
) -> Twins:
    """Two pictures from the same page with the same grain, each with one of the two things drawn on it."""
    pages = [page.twin() for _ in things]
    for one, thing in zip(pages, things, strict=True):
        draw(one, thing)
    reference, query = (one.finish(grain) for one in pages)
    return Twins(reference=reference, query=query, differs=differs, says=says)


def pick(dice: Random, table: str, mark: str = ",") -> str:
    """One entry of a table that is written as one string."""
    return dice.choice(table.split(mark))


def outline(points: str, x: float = 0, y: float = 0, wide: float = 1, high: float = 0) -> list[Spot]:
    """Points written as in SVG, "0,0 2,1.5", enlarged and moved to x, y."""
    pairs = (point.split(",") for point in points.split())
    return [(x + float(across) * wide, y + float(down) * (high or wide)) for across, down in pairs]


def cells_of(count: int) -> list[Cell]:
    """Of a square board, row by row."""
    return [(row, column) for row in range(count) for column in range(count)]


def sheet_of(dice: Random, size: Size, light: str, dark: str) -> Page:
    """A page of two colours washed into each other."""
    return Page(paper(size, light, dark, dice.getrandbits(32)), dice.getrandbits(32))


def wood(dice: Random, size: Size, table: str) -> Image.Image:
    """Boards with rings and fine streaks, in two colours from a table."""
    wide, high, seed = size[0] // 2, size[1] // 2, dice.getrandbits(32)
    streaks = np.random.default_rng(seed).random((high, 1), dtype=np.float32)
    rows = np.linspace(0, 5, high, dtype=np.float32)[:, None]
    rings = np.sin((rows + clouds((wide, high), seed, 2, 3) * 2.2) * 2 * pi) * 0.3 + 0.5
    first, last = (np.array(rgb(colour), np.float32) for colour in pick(dice, table).split())
    mixed = first + (last - first) * (rings * 0.7 + streaks * 0.3)[..., None]
    return Image.fromarray(mixed.astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)


MENU_STYLES = (
    "#2c322f #1c211f #f4f0e4 #f2c14e,#f8f0de #efe2c4 #3b2a1d #a8382a,#15151a #202028 #e9dcc0 #c9a24a,"
    "#c9a57a #b98f60 #2b1a10 #5a1f14,#ffffff #f1f6f6 #17383d #0f8a84,#16314f #0f2238 #f5efe0 #ff8a5c,"
    "#7c1f26 #66161d #fdf3df #ffd27a,#e8efe0 #d5e2cb #24401f #b5562b"
)
PLACES = "Copper Ladle,Nook & Thyme,Osteria Belmonta,Pepper Quay,Casa Lumo,Blue Kettle,Fennel Yard,Tin Spoon"
PLACES_CJK = "春山小馆,鼎和面馆,さくら食堂,云上茶餐厅,老巷子烧烤,竹里居酒屋"
DISHES = (
    "Tomato soup,Roast beef,Lemon tart,Grilled trout,Onion pie,Apple crumble,Green salad,Fish and chips,Lamb stew,"
    "Mushroom risotto,Chicken curry,Pear cake,Duck breast,Garlic bread,Beet carpaccio,Baked cod,Spinach lasagne,"
    "Potato gratin,Pumpkin ravioli,Veal schnitzel,Cheese plate,Crab cakes,Bean chili,Rice pudding,Ginger tea,House red"
)
DISHES_CJK = (
    "牛肉面,番茄炒蛋,麻婆豆腐,宫保鸡丁,红烧肉,酸辣汤,蛋炒饭,糖醋里脊,葱油拌面,小笼包,鱼香茄子,水煮鱼,青椒肉丝,"
    "冬瓜汤,凉拌黄瓜,烤羊肉串,桂花糕,酸梅汤,豆浆,春卷,回锅肉,担担面,清蒸鲈鱼,皮蛋粥"
)


def menu_board(dice: Random) -> Twins:
    """A menu of a restaurant: other prices or other dishes."""
    face, columns = "cjk" if dice.random() < 0.25 else dice.choice(EUROPEAN), dice.choice((1, 1, 2))
    size = dice.choice(((640, 900), (720, 960), (800, 800)) if columns == 1 else ((960, 680), (900, 900), (1040, 720)))
    style, rows, leader = pick(dice, MENU_STYLES).split(), dice.randint(5, 8), dice.choice((3, 9, 99))
    wide, step = size[0] / columns, size[1] * 0.70 / rows
    letters = min(30, step * dice.uniform(0.34, 0.44), wide * 0.055)
    menu, other, says = _menus(dice, face, rows * columns)
    page = _menu_page(dice, size, style, face)

    def draw(page: Page, menu: Menu) -> None:
        for at, (dish, price) in enumerate(menu):
            x, y = at % columns * wide + 60, size[1] * 0.22 + (at // columns + 0.5) * step
            page.write(x, y, dish, Ink(face, letters, style[2]), "lm", wide - 230)
            page.write(x + wide - 120, y, price, Ink(face, letters, style[3]), "rm")
            length = typeface(face, round(letters * SCALE)).getlength(dish) / SCALE
            for dot in range(12 + int(min(length, wide - 230)), int(wide - 215), leader):
                page.circle(x + dot, y + letters * 0.3, 1.2, mix(style[0], style[2], 0.6))

    return twins_of(page, (menu, other), draw, What.WORDS, says, dice.choice((0, 3, 6)))


def _menus(dice: Random, face: str, rows: int) -> tuple[Menu, Menu, str]:
    form = "¥{:.0f}" if face == "cjk" else dice.choice(("${:.2f}", "{:.2f} €", "£{:.2f}", "{:.0f}", "{:.1f}"))
    dishes = (DISHES_CJK if face == "cjk" else DISHES).split(",")
    names = dice.sample(dishes, rows + 3)
    steps = range(6, 99) if "0f" in form else [half / 2 for half in range(9, 98)]
    prices = [form.format(price) for price in dice.sample(steps, 2 * rows)]
    menu = list(zip(names[:rows], prices[:rows], strict=True))
    kind, few = dice.choice(("price", "price", "dish", "all")), dice.sample(range(rows), dice.randint(1, 3))
    if kind == "all":
        other = list(zip(dice.sample(dishes, rows), prices[rows:], strict=True))
        return menu, other, "the dishes and their prices are others"
    other = list(menu)
    for at, row in enumerate(few):
        other[row] = (menu[row][0], prices[rows + row]) if kind == "price" else (names[rows + at], menu[row][1])
    return menu, other, f"{kind}: " + ", ".join(f"{' '.join(menu[row])} became {' '.join(other[row])}" for row in few)


def _menu_page(dice: Random, size: Size, style: Sequence[str], face: str) -> Page:
    (light, dark, ink, accent), (wide, high), is_cjk = style, size, face == "cjk"
    page = sheet_of(dice, size, light, dark)
    for inset in dice.choice(((22,), (18, 26), ())):
        page.frame(inset, inset, wide - 2 * inset, high - 2 * inset, accent, dice.choice((1, 2, 3)))
    reach = dice.choice((0, 0, 90, 140))
    for turn in range(0, 91, 15):
        for x, y, first in ((0, 0, 0), (wide, 0, 90), (wide, high, 180), (0, high, 270)):
            page.polygon(leaf(x, y, reach, reach * 0.22, first + turn), mix(light, accent, 0.3 + turn % 2 * 0.3))
    title = pick(dice, PLACES_CJK if is_cjk else PLACES)
    page.write(wide / 2, high * 0.09, title, Ink(face, high * dice.uniform(0.045, 0.07), ink), most=wide * 0.7)
    page.write(wide / 2, high * 0.155, "今日菜单" if is_cjk else pick(dice, "MENU,Today"), Ink(face, 24, accent))
    page.line([(wide * 0.2, high * 0.19), (wide * 0.8, high * 0.19)], accent, dice.choice((1, 2, 4)))
    foot = "谢谢光临" if is_cjk else dice.choice(("Ask us about allergens", "Service not included", "Cash only"))
    page.write(wide / 2, high * 0.95, foot, Ink(face, 18, ink))
    return page


GRID_STYLES = (
    "#ffffff #fbfbf8 #111111 #2c6fbb #e6eef7,#f4ecd9 #eadfc4 #2a2118 #8a2f22 #e0d2b2,"
    "#16202b #101820 #e5ecf2 #ffb454 #22313f,#eef4ea #e1ecda #1f3322 #c2562e #cfe0c6,"
    "#fdeef0 #f8e2e6 #3b1622 #7a3fb0 #f3cfd8,#d9d6cf #cbc7be #20242a #1d5f9e #bdb9ae"
)
TOP = 110
TITLES = {"sudoku": "SUDOKU,Su Doku,Sudoku", "crossword": "Crossword,CROSSWORD", "search": "Word Search,Find the words"}


class Grid(NamedTuple):
    """Where the cells of a puzzle lie, and how they look; `mask` tells which are printed, or white in a crossword."""

    kind: str
    left: float
    cell: int
    cells: int
    mask: dict[Cell, bool]
    style: Sequence[str]
    face: str


def sudoku_or_crossword(dice: Random) -> Twins:
    """A grid of a puzzle page: other digits or other letters in it."""
    kind = dice.choice(("sudoku", "sudoku", "crossword", "search"))
    size = dice.choice(((760, 760), (720, 900), (980, 720), (640, 820)))
    cells = 9 if kind == "sudoku" else dice.randint(8, 12)
    cell = min(size[0] - 80, size[1] - 190) // cells
    left, style = dice.choice((40, (size[0] - cell * cells) // 2)), pick(dice, GRID_STYLES).split()
    mask, face = _mask(dice, kind, cells), dice.choice(TYPEFACES)
    grid = Grid(kind=kind, left=left, cell=cell, cells=cells, mask=mask, style=style, face=face)
    page, (one, other, says) = _grid_page(dice, size, grid), _grids(dice, grid)
    printed, written = Ink(face, cell * 0.56, style[2]), Ink("roman", cell * 0.6, style[3])

    def draw(page: Page, letters: dict[Cell, str]) -> None:
        for (row, column), letter in letters.items():
            ink = printed if mask[row, column] or kind != "sudoku" else written
            page.write(left + (column + 0.5) * cell, TOP + (row + 0.54) * cell, letter, ink)

    return twins_of(page, (one, other), draw, What.WORDS, says, dice.choice((0, 0, 4)))


def _mask(dice: Random, kind: str, cells: int) -> dict[Cell, bool]:
    mask = dict.fromkeys(cells_of(cells), True)
    share = {"sudoku": 0.6, "crossword": 0.17, "search": 0.0}[kind]
    for row, column in list(mask)[: (cells * cells + 1) // 2]:
        if dice.random() < share:
            mask[row, column] = mask[cells - 1 - row, cells - 1 - column] = False
    return mask


def _grid_page(dice: Random, size: Size, grid: Grid) -> Page:
    light, dark, ink, accent, shade = grid.style
    left, top, cell, far = grid.left, TOP, grid.cell, grid.cell * grid.cells
    page = sheet_of(dice, size, light, dark)
    title, shade = pick(dice, TITLES[grid.kind]), dice.choice((shade, light))
    page.write(
        left, 58, f"{title}  No. {dice.randint(12, 980)}", Ink(grid.face, 36, dice.choice((ink, accent))), "lm", far
    )
    rest = dice.choice(("Solution on page 14", "Difficulty: medium", "Solved today? Send it in!", "The Sunday puzzle"))
    page.write(left, top + far + 34, rest, Ink(grid.face, 19, ink), "lm")
    for (row, column), is_white in grid.mask.items():
        is_shaded = (row // 3 + column // 3) % 2 and grid.kind == "sudoku"
        fill = ink if not is_white and grid.kind == "crossword" else shade if is_shaded else light
        page.rect(left + column * cell, top + row * cell, cell, cell, fill)
    for line in range(grid.cells + 1):
        width, at = 4 if line % (3 if grid.kind == "sudoku" else grid.cells) == 0 else 1.2, line * cell
        page.line([(left, top + at), (left + far, top + at)], ink, width)
        page.line([(left + at, top), (left + at, top + far)], ink, width)
    return page


def _grids(dice: Random, grid: Grid) -> tuple[dict[Cell, str], dict[Cell, str], str]:
    """What stands in the cells of both grids, and what differs."""
    is_sudoku = grid.kind == "sudoku"
    filled = [cell for cell in grid.mask if grid.mask[cell] or (is_sudoku and dice.random() < 0.3)]
    full, fresh = _signs(dice, grid), _signs(dice, grid)
    one = {cell: full[cell] for cell in filled}
    if dice.random() < 0.4:
        return one, {cell: fresh[cell] for cell in filled}, f"all signs of the {grid.kind} are others"
    few, signs = dice.sample(filled, dice.randint(2, 5)), "123456789" if is_sudoku else "ABCDEFGHIKLMNOPRSTUVW"
    new = {cell: dice.choice([sign for sign in signs if sign != one[cell]]) for cell in few}
    told = ", ".join(f"{one[cell]} became {new[cell]}" for cell in few)
    return one, {**one, **new}, f"{len(few)} signs of the {grid.kind}: {told}"


def _signs(dice: Random, grid: Grid) -> dict[Cell, str]:
    """A solved sudoku, or words across."""
    if grid.kind != "sudoku":
        words = ["".join(dice.choices(WORDS, k=grid.cells)).upper() for _ in range(grid.cells)]
        return {(row, column): words[row][column] for row, column in grid.mask}
    rows, columns = ([3 * a + b for a in dice.sample(range(3), 3) for b in dice.sample(range(3), 3)] for _ in range(2))
    digits = dice.sample("123456789", 9)
    return {(r, c): digits[(rows[r] * 3 + rows[r] // 3 + columns[c]) % 9] for r, c in grid.mask}


WOODS = "#e3bd7e #c9995a,#d9a866 #b98344,#f0d9a8 #dfbf84,#a8703f #7d4d2a"
TABLES = "#3a2a20 #241812,#d8d4cc #c4bfb5,#25303a #1a222a,#5b6b55 #465541"
SQUARES = "#f0d9b5 #8b5a3c,#eeeed2 #5f7f46,#e9e4dc #7d8796,#f2e3c0 #a33b2e"
MEN = "#23201f #c73a30,#2b3f6b #e8dcc2,#3a1d12 #e0b877,#1b1b1e #f1efe8"


def go_or_checkers_board(dice: Random) -> Twins:
    """A board with stones: another position, most often by a few stones."""
    kind = dice.choice(("go", "go", "checkers", "reversi"))
    cells = dice.choice((9, 13, 19)) if kind == "go" else 8
    size = dice.choice(((760, 760), (820, 900), (960, 780), (700, 860)))
    cell = (min(size) - 120) / cells
    left, top = (size[0] - cell * cells) / 2, (size[1] - cell * cells) / 2
    page, one = _board(dice, kind, size, (left, top, cell, cells)), _position(dice, kind, cells)
    other, says = _moved(dice, kind, cells, one)
    men = pick(dice, MEN).split() if kind == "checkers" else ("#1b1b1e", "#f1efe8")
    sprites = [_stone(round(cell * 0.46), colour) for colour in men]

    def draw(page: Page, stones: dict[Cell, int]) -> None:
        for (row, column), side in sorted(stones.items()):
            x, y = left + (column + 0.5) * cell, top + (row + 0.5) * cell
            page.glow(x + cell * 0.06, y + cell * 0.1, cell * 0.62, "#000000", 0.8)
            page.place(sprites[side], x, y)
            for ring in (0.2, 0.3) if kind == "checkers" else ():
                page.circle(x, y, cell * ring, edge="#00000060", w=2)

    return twins_of(page, (one, other), draw, What.PICTURE, says, dice.choice((2, 4)))


def _board(dice: Random, kind: str, size: Size, grid: tuple[float, float, float, int]) -> Page:
    left, top, cell, cells = grid
    far, first, ink = cell * cells, cell / 2 * (kind == "go"), "#2b1a0e"
    page = sheet_of(dice, size, *pick(dice, TABLES).split())
    boards = wood(dice, (round(far + 56) * SCALE, round(far + 56) * SCALE), WOODS)
    page.place(boards, left + far / 2, top + far / 2, shade=dice.choice((8, 14)))
    light, dark = ("#2f8a57", "#2a7d4e") if kind == "reversi" else pick(dice, SQUARES).split()
    for row, column in cells_of(cells):
        x, y = left + column * cell, top + row * cell
        if kind != "go":
            page.rect(x, y, cell, cell, dark if (row + column) % 2 else light)
        elif cells > 9 and row % 6 == 3 and column % 6 == 3:
            page.circle(x + cell / 2, y + cell / 2, 4, ink)
    for line in range(cells + (kind != "go")):
        at = line * cell + first
        page.line([(left + first, top + at), (left + far - first, top + at)], ink, 1.5)
        page.line([(left + at, top + first), (left + at, top + far - first)], ink, 1.5)
    for at in range(cells if dice.random() < 0.6 else 0):
        page.write(left + (at + 0.5) * cell, top - 13, "ABCDEFGHJKLMNOPQRST"[at], Ink("sans", 13, ink))
        page.write(left - 13, top + (at + 0.5) * cell, str(cells - at), Ink("sans", 13, ink))
    return page


def _position(dice: Random, kind: str, cells: int) -> dict[Cell, int]:
    if kind == "checkers":
        dark = [cell for cell in cells_of(8) if sum(cell) % 2]
        blacks, whites = dice.sample(dark[:18], dice.randint(5, 10)), dice.sample(dark[18:], dice.randint(5, 9))
        return dict.fromkeys(blacks, 0) | dict.fromkeys(whites, 1)
    stones: dict[Cell, int] = {(cells // 2, cells // 2): 0}
    wanted = dice.randint(cells * 2, cells * 4)
    while len(stones) < wanted:
        cell = (dice.randrange(cells), dice.randrange(cells))
        is_near = any(hypot(cell[0] - row, cell[1] - column) < 2 for row, column in stones)
        if cell not in stones and (is_near or (kind == "go" and dice.random() < 0.2)):
            stones[cell] = len(stones) % 2 if kind == "go" else dice.randrange(2)
    return stones


def _moved(dice: Random, kind: str, cells: int, stones: dict[Cell, int]) -> tuple[dict[Cell, int], str]:
    """Another position, and what differs."""
    if dice.random() < 0.25:
        return _position(dice, kind, cells), f"the position on the {kind} board is another one"
    other, few = dict(stones), dice.sample(sorted(stones), dice.randint(1, 4))
    if kind == "reversi":
        return other | {cell: 1 - stones[cell] for cell in few}, f"discs turned on the reversi board: {len(few)}"
    free = [cell for cell in cells_of(cells) if cell not in stones and (sum(cell) % 2 or kind == "go")]
    for old, new in zip(few, dice.sample(free, len(few)), strict=True):
        other[new] = other.pop(old)
    return other, f"stones on the {kind} board that stand elsewhere: {len(few)}"


def _stone(radius: int, colour: str) -> Image.Image:
    """A round stone lit from the upper left, drawn at twice its size."""
    reach = np.linspace(-1, 1, radius * 2 * SCALE)
    light = np.clip(1 - np.hypot(reach[None] + 0.4, reach[:, None] + 0.45) / 1.5, 0, 1)[..., None]
    body = np.array(rgb(colour)) * (0.62 + 0.45 * light) + 110 * light**4
    edge = np.clip((1 - np.hypot(reach[None], reach[:, None])) * radius * SCALE, 0, 1)[..., None] * 255
    return Image.fromarray(np.clip(np.concatenate([body, edge], axis=2), 0, 255).astype(np.uint8))


FAMILIES: Sequence[Family] = (
    Family(name="menu_board", draw=menu_board),
    Family(name="sudoku_or_crossword", draw=sudoku_or_crossword),
    Family(name="go_or_checkers_board", draw=go_or_checkers_board),
)
