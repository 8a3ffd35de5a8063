"""The demo's artworks, first room: places. Mountains, a sea, a city, a desert planet, a pond."""

from math import sin

import numpy as np
from PIL import Image, ImageOps

from lab.drawings.kit import LANDSCAPE, SCALE, Sheet, Spot, gradient, leaf, mix, paper, ring, smooth, star, turned


def mountains() -> Image.Image:
    """Six ridges in the morning mist."""
    page = Sheet(gradient(LANDSCAPE, "#5c6ea8", "#c793b4", "#f7b79a", "#fde3b8"), seed=31)
    page.glow(640, 215, 400, "#fff4d6", 0.95)
    page.circle(640, 215, 70, "#fffaf0")
    for step in range(6):
        share = step / 5
        ridge = _ridge(page, 350 + step * 64, 150 - step * 16)
        page.shaded([*ridge, (1000, 750), (0, 750)], mix("#a58fb8", "#12283f", share), mix("#f0c3b5", "#1d4256", share))
        page.glow(page.roll(200, 800), 430 + step * 66, 620, mix("#fff0e0", "#8fa8b8", share), 0.42, 56)
    for _ in range(90):
        x = page.roll(-20, 1020)
        _pine(page, x, 742 + 18 * sin(x / 60), page.roll(70, 190), mix("#0b1c2c", "#173a47", page.roll(0, 1)))
    for step in range(9):
        x, y, size = 250 + step * 27 + page.roll(-9, 9), 150 + abs(step - 4) * 15, page.roll(8, 13)
        page.line(
            smooth([(x - size, y - 5), (x - size / 2, y - 9), (x, y), (x + size / 2, y - 9), (x + size, y - 5)]),
            "#2a3358",
            2,
        )
    return page.finish()


def _ridge(page: Sheet, height: float, rough: float) -> list[Spot]:
    """A mountain line: every gap is halved again and again, its middle moved by ever less."""
    line = np.array([page.roll(-rough, rough) for _ in range(5)])
    for step in range(6):
        middle = (line[:-1] + line[1:]) / 2 + page.dice.uniform(-1, 1, len(line) - 1) * rough / 2 ** (step + 0.6)
        line = np.insert(line, range(1, len(line)), middle)
    return [(1000 * i / (len(line) - 1), height + float(y)) for i, y in enumerate(line)]


def _pine(page: Sheet, x: float, foot: float, tall: float, colour: str) -> None:
    for step in range(5):
        top, half = foot - tall + step * tall * 0.18, tall * (0.07 + step * 0.035)
        page.polygon([(x, top), (x + half, top + tall * 0.27), (x - half, top + tall * 0.27)], colour)


def sea() -> Image.Image:
    """Two boats in the burning path of a low sun."""
    page = Sheet(
        gradient(LANDSCAPE, "#31225e", "#a83266", "#f2663f", "#ffc15e", "#ffc15e", "#ffc15e", "#ffc15e"), seed=32
    )
    page.glow(400, 395, 470, "#fff0a0", 0.9)
    page.circle(400, 385, 112, "#fff6cf")
    for _ in range(70):
        x, y, long = page.roll(-100, 1000), page.roll(30, 330), page.roll(60, 260)
        page.polygon(ring(x, y, long, page.roll(2, 9)), mix("#5c2a6e", "#ff9a5a", y / 330) + "88")
    page.polygon([(0, 410), (1000, 410), (1000, 750), (0, 750)], "#7d2a5c")
    for _ in range(1500):
        depth = page.roll(0, 1) ** 1.5
        y, x = 412 + depth * 340, page.roll(-40, 1040)
        lit = max(0.0, 1 - abs(x - 400) / (90 + depth * 240)) * page.roll(0.5, 1.2)
        tone = mix(mix("#b5456b", "#1d1546", min(1, depth + page.roll(-0.1, 0.3))), "#ffe08a", min(1, lit))
        page.polygon(ring(x, y, 12 + depth * 52, 1 + depth * 4.5), tone)
    _boat(page, 690, 468, 1.0)
    _boat(page, 200, 434, 0.42)
    return page.finish()


def _boat(page: Sheet, x: float, y: float, size: float) -> None:
    shapes = (
        ([(-90, 0), (100, 0), (66, 34), (-66, 34)], "#1a1030"),
        ([(6, -12), (6, -240), (104, -22)], "#ffe7c2"),
        ([(-6, -12), (-6, -210), (-80, -22)], "#f3a56b"),
        ([(6, -190), (27, -190), (58, -124), (6, -124)], "#d1495b"),
    )
    for points, colour in shapes:
        page.polygon([(x + px * size, y + py * size) for px, py in points], colour)
    page.line([(x, y), (x, y - 250 * size)], "#1a1030", 5 * size)
    for step in range(7):
        page.polygon(
            ring(x + 12 * size * sin(step * 2), y + (44 + step * 15) * size, (84 - step * 9) * size, 4 * size),
            "#1a1030aa",
        )


def city() -> Image.Image:
    """A made-up city at night, doubled by the river."""
    page = Sheet(gradient(LANDSCAPE, "#0a1033", "#1b1f5e", "#5b2a86", "#d8487f", "#0a1033", "#0a1033"), seed=33)
    for _ in range(170):
        page.circle(page.roll(0, 1000), page.roll(0, 260), page.roll(0.5, 1.7), "#ffffffcc")
    page.glow(210, 130, 210, "#f7d9ff", 0.6)
    page.circle(210, 130, 54, "#fff3dc")
    for crater in ((196, 116, 12), (226, 146, 9), (216, 108, 6)):
        page.circle(*crater, "#ead9c4")
    for tone, wide, low, high in (("#3b2470", 62, 190, 330), ("#1e1850", 74, 120, 300), ("#0b0d2e", 84, 60, 200)):
        x = -20.0
        while x < 1000:
            width = wide * page.roll(0.6, 1.25)
            _tower(page, x, page.roll(low, high), width, tone)
            x += width + page.roll(0, 6)
    _reflect(page, 540)
    for _ in range(300):
        x, y = page.roll(0, 1000), page.roll(548, 748)
        glint = page.pick(("#0a1033", "#ff8fb322", "#ffd27733"))
        page.line([(x, y), (x + page.roll(10, 70), y)], glint, 2)
    return page.finish()


def _tower(page: Sheet, x: float, tall: float, width: float, tone: str) -> None:
    top = 540 - tall
    page.rect(x, top, width, tall, tone)
    crown = int(page.roll(0, 4))
    if crown == 0:
        page.line([(x + width / 2, top), (x + width / 2, top - 46)], tone, 4)
        page.circle(x + width / 2, top - 46, 3.5, "#ff5d73")
    elif crown == 1:
        page.polygon([(x, top), (x + width / 2, top - 34), (x + width, top)], tone)
    elif crown == 2:
        page.rect(x + width * 0.2, top - 22, width * 0.6, 24, tone)
    light = page.pick(("#ffd277", "#ffe9b0", "#8fe3ff", "#ff9fc0"))
    for column in range(int((width - 8) // 11)):
        for row in range(int((tall - 8) // 15)):
            if page.roll(0, 1) < 0.45:
                page.rect(x + 6 + column * 11, top + 8 + row * 15, 6, 8, mix(light, tone, page.roll(0, 0.6)))


def _reflect(page: Sheet, shore: int) -> None:
    """The upper part turned over below the shore, squeezed, blue and rippled."""
    deep = page.image.height - shore * SCALE
    above = page.image.crop((0, shore * SCALE - deep - 200, page.image.width, shore * SCALE))
    water = np.asarray(ImageOps.flip(above).resize((page.width, deep // SCALE)))
    rows = [np.roll(row, round(7 * sin(i * 0.55) * (0.3 + i / 120)), axis=0) for i, row in enumerate(water)]
    blue = Image.blend(Image.fromarray(np.stack(rows)), Image.new("RGB", (page.width, deep // SCALE), "#14215e"), 0.38)
    page.image.paste(blue.resize((page.image.width, deep)), (0, shore * SCALE))
    page.rect(0, shore - 3, page.width, 5, "#05061c")


def desert() -> Image.Image:
    """Dunes and cacti under a ringed planet."""
    page = Sheet(gradient(LANDSCAPE, "#0d3b4f", "#1f7a7a", "#8fc9a3", "#fbe2a8", "#f6b26b"), seed=34)
    for _ in range(110):
        page.polygon(star(page.roll(0, 1000), page.roll(0, 300), page.roll(2, 6), 1.2, 4), "#fffbe0")
    bands = tuple(enumerate(("#fff0cf", "#f6b26b", "#e8d9a8")))
    for step, colour in bands:
        page.line(
            ring(680, 215, 300 - step * 26, 62 - step * 9, -16, 175, 365), mix(colour, "#1f7a7a", 0.35), 11 - step * 2
        )
    page.shaded(ring(680, 215, 168, 168), "#ffb06b", "#e8694a", "#8e2f4e")
    for step in range(7):
        y = 90 + step * 40
        half = (168**2 - (y - 215) ** 2) ** 0.5 - 3
        page.line(
            smooth([(680 - half, y), (640, y + 12), (720, y - 8), (680 + half, y + 6)]), "#ffd9a066", 5 + step % 3 * 4
        )
    for step, colour in bands:
        page.line(ring(680, 215, 300 - step * 26, 62 - step * 9, -16, 0, 180), colour, 11 - step * 2)
    for step, (light, dark) in enumerate(
        (("#f0a35e", "#d9734a"), ("#e2824c", "#b4533f"), ("#c9603f", "#7d2f3a"), ("#8e3a3c", "#3f1a2e"))
    ):
        crest = [
            (x, 470 + step * 68 + (44 - step * 5) * sin(x / (150 + step * 24) + step * 1.9))
            for x in range(-20, 1041, 20)
        ]
        page.shaded([*crest, (1040, 770), (-20, 770)], light, dark)
        for shift in range(12, 66, 11):
            page.line([(x, y + shift + 4 * sin(x / 21 + shift)) for x, y in crest], "#5c1f2e33", 2)
    for x, y, size in ((120, 640, 1.25), (330, 590, 0.55), (880, 655, 1.0), (570, 560, 0.4)):
        _saguaro(page, x, y, size)
    return page.finish()


def _saguaro(page: Sheet, x: float, y: float, size: float) -> None:
    page.polygon(ring(x + 70 * size, y + 4, 110 * size, 9 * size), "#2a0f2288")
    for tone, shift in (("#0d3b3f", 0.0), ("#2d7d62", -5 * size)):
        wide = (34 if shift == 0 else 18) * size
        page.line([(x + shift, y), (x + shift, y - 220 * size)], tone, wide)
        for side, low, high in ((-1, 90, 170), (1, 120, 205)):
            arm = [
                (x, y - low * size),
                (x + side * 52 * size, y - (low + 8) * size),
                (x + side * 58 * size, y - high * size),
            ]
            page.line([(px + shift, py) for px, py in smooth(arm)], tone, wide * 0.72)
    for step in range(11):
        page.line(
            [(x - 4 * size, y - (12 + step * 19) * size), (x + 5 * size, y - (18 + step * 19) * size)],
            "#d8f0c0",
            2 * size,
        )


def pond() -> Image.Image:
    """Koi between lily pads, from above."""
    page = Sheet(paper(LANDSCAPE, "#0f6672", "#06333f", 35, 3), seed=35)
    for _ in range(60):
        page.line(
            ring(
                page.roll(0, 1000),
                page.roll(0, 750),
                size := page.roll(20, 120),
                size * 0.7,
                0,
                page.roll(0, 180),
                page.roll(200, 300),
            ),
            "#9fe3d833",
            2,
        )
    for _ in range(130):
        page.polygon(
            ring(page.roll(0, 1000), page.roll(0, 750), page.roll(3, 11), page.roll(2, 7), page.roll(0, 180)),
            "#03222b66",
        )
    fish = (
        (360, 250, -28, 1.25, "#ff6b35"),
        (610, 470, 152, 1.4, "#e63946"),
        (250, 560, 65, 0.95, "#ffb703"),
        (800, 190, 118, 1.0, "#2b2d42"),
        (500, 640, 12, 0.8, "#ff6b35"),
    )
    for x, y, turn, size, patch in fish:
        _koi(page, x, y, turn, size, patch)
    for x, y, r, turn in (
        (90, 120, 105, 30),
        (205, 40, 70, 190),
        (910, 620, 125, 250),
        (770, 690, 80, 120),
        (945, 430, 66, 20),
        (60, 690, 84, 300),
        (560, 70, 58, 80),
    ):
        _pad(page, x, y, r, turn)
    _lotus(page, 118, 138, 72, ("#ff8fb3", "#ffd1e0"))
    _lotus(page, 880, 600, 88, ("#f4f0ff", "#ffffff"))
    return page.finish()


def _koi(page: Sheet, x: float, y: float, turn: float, size: float, patch: str) -> None:
    def lay(points: list[Spot], colour: str, dx: float = 0, dy: float = 0) -> None:
        page.polygon(turned(smooth(points, closed=True), x + dx, y + dy, turn, size), colour)

    body: list[Spot] = [
        (112, 0),
        (80, 27),
        (10, 36),
        (-70, 16),
        (-110, 5),
        (-110, -5),
        (-70, -16),
        (10, -36),
        (80, -27),
    ]
    tail: list[Spot] = [(-98, 0), (-150, 44), (-182, 40), (-150, 2), (-176, -44), (-146, -40)]
    lay(body, "#02181f77", 22, 26)
    lay(tail, "#ffe9d8cc")
    for side in (-1, 1):
        lay([(54, side * 26), (20, side * 74), (0, side * 72), (26, side * 28)], "#ffe9d8cc")
    lay(body, "#fff7ee")
    for spot in ((66, -6, 30, 20), (-4, 10, 40, 20), (-66, -2, 26, 11)):
        page.polygon(turned(ring(*spot, 12), x, y, turn, size), patch)
    for step in range(-70, 60, 13):
        for across in range(-18, 19, 12):
            page.line(turned(ring(step, across, 6, 6, 0, 110, 250), x, y, turn, size), "#7a3b2e44", 1.2)
    for side in (-1, 1):
        page.circle(*turned([(92, side * 16)], x, y, turn, size)[0], 4.5 * size, "#10202a")


def _pad(page: Sheet, x: float, y: float, r: float, turn: float) -> None:
    page.polygon([(x + 14, y + 18), *ring(x + 14, y + 18, r, r * 0.92, turn, 14, 346)], "#02181f88")
    page.polygon([(x, y), *ring(x, y, r, r * 0.92, turn, 14, 346)], "#2e8b57")
    page.polygon([(x, y), *ring(x, y, r * 0.93, r * 0.85, turn, 16, 344)], "#57b36a")
    for step in range(20, 345, 25):
        page.line([(x, y), turned([(r * 0.9, 0)], x, y, turn + step)[0]], "#2e8b57", 2.5)


def _lotus(page: Sheet, x: float, y: float, size: float, colours: tuple[str, str]) -> None:
    for layer, share in enumerate((1.0, 0.74, 0.48)):
        for step in range(10):
            turn = step * 36 + layer * 18
            page.polygon(leaf(x, y, size * share + 3, size * 0.36, turn), mix(colours[0], "#7a2d52", 0.35))
            page.shaded(leaf(x, y, size * share, size * 0.32, turn), *colours)
    page.circle(x, y, size * 0.16, "#ffd166")
