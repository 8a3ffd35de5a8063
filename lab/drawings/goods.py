"""Adverts by made-up brands, second half: lemonade, a bicycle, toy blocks, furniture."""

from math import sin

from PIL import Image

from lab.drawings.kit import LANDSCAPE, Sheet, gradient, leaf, mix, paper, ring, smooth, star, turned


def cans() -> Image.Image:
    """Brinkafizz: three cans of lemonade over a halftone."""
    page = Sheet(gradient(LANDSCAPE, "#ffe14d", "#ffbe2e"), seed=15)
    page.polygon([(0, 430), (1000, 250), (1000, 750), (0, 750)], "#ff5c4d")
    for row in range(26):
        for column in range(34):
            x, y = column * 30 + (row % 2) * 15, row * 30
            edge = 430 - 0.18 * x
            page.circle(x, y, max(0.5, 9 - abs(y - edge) / 28), "#ffffffcc" if y > edge else "#ff8a3dcc")
    for x, y, turn, rind, flesh in (
        (110, 600, 10, "#f5a300", "#ffd75e"),
        (905, 200, 40, "#5aa52f", "#c8ec7b"),
        (930, 640, 75, "#ff7b2e", "#ffb36b"),
    ):
        _slice(page, x, y, turn, rind, flesh)
    for x, base, accent, taste in (
        (285, "#0d5bd7", "#ffe14d", "LEMON"),
        (715, "#0a8f6a", "#c8ec7b", "LIME"),
        (500, "#6a1fb0", "#ff9ad5", "PLUM"),
    ):
        _can(page, x, base, accent, taste)
    page.words(500, 62, "BRINKAFIZZ!", 92, "#d7263d", bold=4, gap=5)
    page.words(500, 714, "bubbles with an opinion", 32, "#fff7d6", bold=0.6, gap=1)
    return page.finish()


def _slice(page: Sheet, x: float, y: float, turn: float, rind: str, flesh: str) -> None:
    page.circle(x + 8, y + 10, 112, "#7a1c1444")
    page.circle(x, y, 112, rind)
    page.circle(x, y, 99, "#fffbe8")
    for step in range(9):
        page.polygon([(x, y), *ring(x, y, 90, 90, turn, step * 40 + 3, step * 40 + 37)], flesh)
        page.line(
            [turned([(24, 0)], x, y, turn + step * 40 + 20)[0], turned([(72, 0)], x, y, turn + step * 40 + 20)[0]],
            "#ffffffaa",
            4,
        )


def _can(page: Sheet, x: float, base: str, accent: str, taste: str) -> None:
    page.glow(x, 662, 130, "#5c0f0a", 0.9, 26)
    page.shaded(
        [(x - 80, 150), (x + 80, 150), (x + 80, 660), (x - 80, 660)],
        "#8d98a5",
        "#ffffff",
        "#a9b3bf",
        "#78838f",
        across=True,
    )
    dark, light = mix(base, "#000000", 0.45), mix(base, "#ffffff", 0.35)
    page.shaded([(x - 95, 195), (x + 95, 195), (x + 95, 620), (x - 95, 620)], dark, light, base, dark, across=True)
    for step in range(5):
        wave = [(x - 95 + i * 19, 480 + step * 30 + 12 * sin(i * 1.1 + step)) for i in range(11)]
        page.line(smooth(wave), accent if step % 2 else "#ffffff", 8 - step)
    for _ in range(38):
        page.circle(x + page.roll(-86, 86), page.roll(215, 470), page.roll(2, 8), None, "#ffffff88", 1.5)
    page.circle(x, 335, 66, accent)
    page.polygon(star(x, 335, 58, 30, 12), "#ffffff")
    page.words(x, 337, "B!", 58, dark, bold=2)
    page.words(x, 438, taste, 34, "#ffffff", bold=1.2, gap=5)
    page.rect(x - 72, 205, 13, 400, "#ffffff44", 6)
    page.polygon(ring(x, 150, 80, 15), "#cfd6de")
    page.polygon(ring(x, 150, 66, 10), "#8d98a5")


def bicycle() -> Image.Image:
    """Pedalune: a touring bicycle before a striped evening sun."""
    page = Sheet(paper(LANDSCAPE, "#f6e7c8", "#ecd5a8", 16), seed=16)
    for step, colour in enumerate(("#1f6f78", "#2f9c95", "#f2b84b", "#ec8a3a", "#d9502f", "#f6e7c8")):
        page.circle(500, 420, 350 - step * 52, colour)
    for step, (colour, high) in enumerate((("#2f7f79", 60), ("#22646a", 34), ("#174a55", 10))):
        hills = [(x, 540 - high - 36 * sin(x / (105 - step * 20) + step * 2)) for x in range(-20, 1041, 20)]
        page.polygon([*hills, (1040, 760), (-20, 760)], colour)
    page.polygon([(0, 615), (1000, 615), (1000, 750), (0, 750)], "#0f343f")
    for x in range(20, 1000, 120):
        page.polygon([(x, 664), (x + 70, 664), (x + 62, 673), (x - 8, 673)], "#f2b84b")
    _bike(page)
    page.words(500, 52, "PEDALUNE", 66, "#0f343f", bold=2.4, gap=22)
    page.words(500, 715, "TOURING CYCLES FOR THE LONG WAY HOME", 24, "#f6e7c8", gap=6)
    page.mottle(16, 22)
    return page.finish()


def _bike(page: Sheet) -> None:
    rear, front, crank, seat, head = (335, 525), (690, 525), (490, 530), (448, 345), (640, 345)
    for x, y in (rear, front):
        page.circle(x, y, 118, None, "#0b222b", 11)
        page.circle(x, y, 106, None, "#f6e7c8", 3)
        for turn in range(0, 180, 15):
            page.line([*turned([(-105, 0), (105, 0)], x, y, turn + 4)], "#f6e7c8bb", 1.3)
        page.circle(x, y, 11, "#0b222b")
    for way in ([rear, crank, head, seat, rear], [crank, seat], [head, front]):
        page.line(way, "#7d1d12", 15)
        page.line(way, "#e5452b", 10)
    page.line([seat, (438, 312)], "#0b222b", 8)
    page.shaded(smooth([(385, 300), (440, 292), (492, 306), (440, 320)], closed=True), "#8a4a24", "#4f2711")
    page.line(smooth([head, (632, 300), (668, 286), (706, 300), (700, 334)]), "#0b222b", 9)
    page.circle(*crank, 34, None, "#f2b84b", 6)
    page.line([(462, 578), (518, 482)], "#0b222b", 8)
    page.rect(440, 574, 44, 10, "#0b222b", 4)
    page.rect(496, 476, 44, 10, "#0b222b", 4)
    page.line([(490, 496), (335, 513)], "#0b222b", 3)
    page.line([(490, 564), (335, 537)], "#0b222b", 3)
    page.rect(250, 388, 120, 60, "#8a4a24", 10)
    page.rect(296, 388, 12, 60, "#f2b84b")


def blocks() -> Image.Image:
    """Blokkaroo: a tower of toy cubes seen from above a corner."""
    page = Sheet(gradient(LANDSCAPE, "#bfe9f5", "#e9f7ee"), seed=17)
    for _ in range(60):
        x, y = page.roll(0, 1000), page.roll(0, 750)
        page.polygon(star(x, y, 9, 4, 4, page.roll(0, 90)), page.pick(("#ffffff", "#9bd8ea", "#ffd9a8")))
    page.glow(590, 640, 430, "#3f8b9c", 0.7, 100)
    palette = ("#ef476f", "#ffd166", "#06d6a0", "#118ab2", "#f78c35", "#8e5bd0")
    for row in range(5):
        for column in range(5):
            for level in range(max(0, 5 - row - column + (row * column) % 3)):
                _cube(
                    page,
                    590 + (column - row) * 66,
                    348 + (column + row) * 38 - level * 76,
                    palette[(row * 2 + column * 3 + level) % 6],
                    (row + level) % 3,
                )
    page.words(45, 90, "BLOKK", 98, "#073b4c", "l", bold=4, gap=3)
    page.words(45, 185, "AROO", 98, "#ef476f", "l", bold=4, gap=3)
    page.words(48, 258, "one more, then bedtime", 23, "#073b4c", "l")
    return page.finish()


def _cube(page: Sheet, x: float, y: float, colour: str, mark: int) -> None:
    page.polygon([(x, y - 38), (x + 66, y), (x, y + 38), (x - 66, y)], mix(colour, "#ffffff", 0.35))
    page.polygon([(x - 66, y), (x, y + 38), (x, y + 114), (x - 66, y + 76)], colour)
    page.polygon([(x + 66, y), (x, y + 38), (x, y + 114), (x + 66, y + 76)], mix(colour, "#000000", 0.3))
    page.polygon(ring(x, y - 3, 30, 16), mix(colour, "#000000", 0.12))
    page.polygon(ring(x, y - 9, 30, 16), mix(colour, "#ffffff", 0.55))
    sign = (star(0, 0, 22, 10, 5), ring(0, 0, 20, 20), star(0, 0, 25, 17.7, 4, -45))[mark]
    page.polygon([(x - 33 + px, y + 57 + py + px * 0.576) for px, py in sign], "#ffffffdd")
    page.polygon([(x + 33 + px, y + 57 + py - px * 0.576) for px, py in sign], "#ffffff88")


def furniture() -> Image.Image:
    """Hearthwyck: a living room in the afternoon."""
    page = Sheet(gradient(LANDSCAPE, "#8fa58c", "#a9bb9f"), seed=18)
    for x in range(0, 1000, 40):
        page.line([(x, 0), (x, 560)], "#86a08422" if x % 80 else "#7b9678", 3)
    page.rect(0, 548, 1000, 14, "#f1ead9")
    page.polygon([(0, 562), (1000, 562), (1000, 750), (0, 750)], "#b98252")
    for step in range(14):
        page.line([(-200 + step * 110, 750), (140 + step * 55, 562)], "#8f5d36", 3)
    _window(page)
    _frames(page)
    for step, colour in enumerate(("#7a2e2e", "#f1e2c4", "#c4552d", "#f1e2c4", "#2f4858")):
        page.polygon(ring(520, 672, 370 - step * 62, 66 - step * 11), colour)
    _armchair(page, 470, 500)
    _lamp(page)
    page.shaded([(142, 560), (258, 560), (236, 690), (164, 690)], "#e8dcc3", "#b59f7a", across=True)
    for turn in range(-165, -10, 17):
        page.shaded(leaf(200, 565, 150 + 40 * sin(turn), 44, turn), "#3f7d57", "#20513a")
    page.words(955, 66, "hearthwyck", 50, "#fff8ea", "r", bold=1.4)
    page.words(953, 106, "STAYS FOR SUPPER", 16, "#fff8ea", "r", gap=4)
    return page.finish()


def _window(page: Sheet) -> None:
    page.polygon([*ring(160, 190, 118, 118, 0, 180, 360), (278, 430), (42, 430)], "#f6efdf")
    page.shaded([*ring(160, 190, 104, 104, 0, 180, 360), (264, 416), (56, 416)], "#7fc4e8", "#fbe3b5", "#ffc98f")
    page.polygon([(56, 360), (110, 300), (170, 350), (214, 310), (264, 352), (264, 416), (56, 416)], "#5b7f8c")
    page.line([(160, 86), (160, 418)], "#f6efdf", 8)
    page.line([(56, 250), (264, 250)], "#f6efdf", 8)
    page.polygon([(264, 250), (264, 416), (640, 560), (560, 560)], "#fff3c733")


def _frames(page: Sheet) -> None:
    for x, y, w, h, tone in (
        (350, 90, 130, 170, "#c4552d"),
        (500, 70, 170, 120, "#2f4858"),
        (500, 212, 80, 90, "#d9a441"),
        (596, 212, 74, 90, "#7a2e2e"),
    ):
        page.rect(x + 5, y + 7, w, h, "#40503f66", 3)
        page.rect(x, y, w, h, "#3a2a1e", 3)
        page.rect(x + 8, y + 8, w - 16, h - 16, "#f6efdf")
        page.circle(x + w / 2, y + h / 2, min(w, h) / 3.4, tone)
        page.polygon(
            [(x + 14, y + h - 14), (x + w * 0.4, y + h * 0.5), (x + w * 0.6, y + h * 0.7), (x + w - 14, y + h - 14)],
            mix(tone, "#000000", 0.35),
        )


def _armchair(page: Sheet, x: float, y: float) -> None:
    page.glow(x + 10, y + 175, 260, "#2a120a", 0.9, 38)
    for side in (-120, 120):
        page.line([(x + side, y + 120), (x + side * 1.15, y + 180)], "#4a2c17", 13)
    page.shaded(
        smooth(
            [
                (x - 125, y + 60),
                (x - 135, y - 120),
                (x - 60, y - 175),
                (x + 60, y - 175),
                (x + 135, y - 120),
                (x + 125, y + 60),
            ]
        ),
        "#e9b13c",
        "#b97a1c",
    )
    for dx in range(-80, 81, 40):
        for dy in range(-130, 0, 38):
            page.circle(x + dx + (dy // 38 % 2) * 14, y + dy, 4.5, "#8f5a10")
    page.rect(x - 125, y + 15, 250, 80, "#f2c35a", 26)
    page.rect(x - 160, y + 72, 320, 62, "#c98a22", 18)
    for side in (-175, 105):
        page.rect(x + side, y - 35, 70, 165, "#dda030", 30)
        page.rect(x + side + 8, y - 28, 54, 34, "#f5cd70", 17)
    page.shaded(turned([(-48, -44), (48, -44), (48, 44), (-48, 44)], x - 30, y - 10, -14), "#2f6f7a", "#1b4550")
    for shift in (-28, 0, 28):
        page.line(turned([(-46, shift), (46, shift)], x - 30, y - 10, -14), "#f1e2c4", 4)


def _lamp(page: Sheet) -> None:
    page.glow(800, 250, 260, "#fff0b8", 0.85)
    page.line(smooth([(845, 640), (850, 400), (838, 240), (800, 190)]), "#2c2420", 8)
    page.polygon(ring(845, 645, 62, 13), "#2c2420")
    page.shaded([(752, 185), (848, 185), (895, 300), (705, 300)], "#fff6d8", "#f4b860", "#d98a3a")
    for step in range(-4, 5):
        page.line([(800 + step * 11, 186), (800 + step * 22, 299)], "#b8702a77", 2)
