"""Adverts by made-up brands, first half: coffee, headphones, tea, pot plants."""

from math import cos, radians, sin

from PIL import Image

from lab.drawings.kit import LANDSCAPE, PORTRAIT, Sheet, gradient, leaf, mix, paper, ring, smooth, star, turned


def coffee() -> Image.Image:
    """Quillbird: a bag of coffee, a steaming cup, scattered beans."""
    page = Sheet(gradient(LANDSCAPE, "#f4c99a", "#e39a67", "#b9573a"), seed=11)
    page.circle(690, 350, 285, "#fbe6c4")
    page.circle(690, 350, 315, None, "#fbe6c466", 4)
    page.polygon([(0, 620), (1000, 590), (1000, 750), (0, 750)], "#5b2a1f")
    page.polygon([(0, 620), (1000, 590), (1000, 602), (0, 632)], "#8a4530")
    _bag(page)
    _cup(page, 425, 600)
    for _ in range(46):
        _bean(page, page.roll(20, 980), page.roll(655, 735), page.roll(13, 19), page.roll(0, 180))
    for row, line in enumerate(("Slow", "mornings,", "bright", "wings.")):
        page.words(60, 105 + row * 82, line, 78, "#4a1f17", "l", bold=1.4)
    page.words(64, 425, "SINGLE VALLEY  /  NO. 27", 19, "#7c3323", "l", gap=2)
    return page.finish()


def _bag(page: Sheet) -> None:
    page.glow(720, 645, 260, "#2b0f0a", 0.8, 60)
    body = [(540, 150), (850, 150), (842, 400), (868, 640), (522, 640), (548, 400)]
    page.shaded(body, "#0d332d", "#2f7a69", "#1d574b", "#0b2b26", across=True)
    page.shaded([(540, 105), (850, 105), (850, 158), (540, 158)], "#123f37", "#3d8c7a", "#103a33", across=True)
    for x in range(552, 850, 14):
        page.line([(x, 108), (x, 155)], "#08231f66", 2)
    page.rect(585, 235, 222, 330, "#f7ead2", 14)
    page.rect(595, 245, 202, 310, "#d9793f", 10)
    page.circle(696, 350, 78, "#f7ead2")
    page.shaded(leaf(640, 395, 140, 62, -42), "#16453c", "#2f7a69")
    page.line([(632, 402), (742, 303)], "#f7ead2", 3)
    page.polygon([(722, 300), (782, 296), (738, 330)], "#4a1f17")
    page.circle(733, 311, 4, "#f7ead2")
    page.words(696, 462, "QUILLBIRD", 29, "#4a1f17", bold=1, gap=2)
    page.words(696, 496, "WHOLE BEAN COFFEE", 14, "#f7ead2", gap=2)
    page.words(696, 530, "340 g", 16, "#4a1f17")


def _cup(page: Sheet, x: float, y: float) -> None:
    page.glow(x, y + 62, 150, "#20090688", 0.9, 34)
    page.circle(x + 84, y - 2, 34, None, "#f7ead2", 13)
    page.shaded(
        [(x - 90, y - 60), (x + 90, y - 60), (x + 58, y + 55), (x - 58, y + 55)], "#fff6e3", "#dcb58c", across=True
    )
    page.polygon(ring(x, y - 60, 90, 21), "#fff9ee")
    page.polygon(ring(x, y - 58, 76, 15), "#5b2a1f")
    page.polygon(ring(x + 12, y - 57, 40, 7), "#a5683f")
    for shift in (-34, 0, 34):
        wave = [(x + shift + 11 * sin(step / 2), y - 85 - step * 12) for step in range(9)]
        page.line(smooth(wave), "#fff6e377", 7)


def _bean(page: Sheet, x: float, y: float, r: float, angle: float) -> None:
    page.polygon(ring(x + 3, y + 4, r, r * 0.66, angle), "#1d080577")
    page.polygon(ring(x, y, r, r * 0.66, angle), page.pick(("#7b3f22", "#93512c", "#6a3320")))
    page.line(turned([(-r, 0), (-r / 3, 3), (r / 3, -3), (r, 0)], x, y, angle), "#34130b", 2.4)


def headphones() -> Image.Image:
    """Orbivane: headphones in orbit among neon rings."""
    page = Sheet(gradient(LANDSCAPE, "#0f0a2a", "#2a1157", "#5b1765"), seed=12)
    for _ in range(240):
        page.circle(
            page.roll(0, 1000), page.roll(0, 750), page.roll(0.6, 2.2), page.pick(("#ffffff", "#ffd6f5", "#9fe8ff"))
        )
    page.glow(640, 360, 420, "#ff4d8d", 0.75)
    for step, colour in enumerate(("#ffb84d", "#ff7a59", "#ff4d8d", "#c04df0", "#6f5bff", "#37c6ff")):
        page.line(ring(640, 360, 190 + step * 43, 90 + step * 30, -18), colour, 5)
        spot = ring(640, 360, 190 + step * 43, 90 + step * 30, -18)[(step * 11 + 5) % 48]
        page.circle(*spot, 8 + step * 2, colour)
        page.circle(spot[0] - 3, spot[1] - 3, 3 + step * 0.6, "#ffffffaa")
    _headset(page)
    page.words(55, 560, "ORBI", 118, "#ffffff", "l", bold=2.5, gap=4)
    page.words(55, 668, "VANE", 118, "#ffb84d", "l", bold=2.5, gap=4)
    page.words(58, 60, "HEAR THE FAR SIDE", 22, "#ffd6f5", "l", gap=6)
    page.words(945, 700, "model O-7  wireless", 20, "#ffd6f5", "r", gap=1)
    for step in range(26):
        tall = 10 + 44 * abs(sin(step * 0.9) * cos(step * 0.31))
        page.rect(58 + step * 11, 128 - tall / 2, 6, tall, "#37c6ff", 3)
    return page.finish()


def _headset(page: Sheet) -> None:
    page.line(ring(640, 350, 178, 190, 0, 180, 360), "#1a1038", 44)
    page.line(ring(640, 350, 178, 190, 0, 180, 360), "#efe9ff", 30)
    page.line(ring(640, 350, 186, 198, 0, 200, 262), "#ffffff", 6)
    for side in (-1, 1):
        x = 640 + side * 178
        page.polygon(ring(x, 420, 62, 98), "#150c2e")
        page.shaded(ring(x, 415, 56, 92), "#fff2fb", "#c9b6ff", "#7b5be0")
        page.polygon(ring(x - side * 34, 415, 30, 84), "#2b1a55")
        page.circle(x + side * 14, 415, 25, "#ffb84d")
        page.circle(x + side * 14, 415, 14, "#5b1765")


def tea() -> Image.Image:
    """Tealorne: a copper tin before a wallpaper of leaves."""
    page = Sheet(paper(PORTRAIT, "#0e3b40", "#072428", 13), seed=13)
    for _ in range(150):
        x, y, turn = page.roll(-30, 780), page.roll(-30, 1030), page.roll(0, 360)
        colour = page.pick(("#14545a", "#1b6a6a", "#0f4a52", "#2c7d70", "#7f9a5a"))
        length = page.roll(50, 105)
        page.polygon(leaf(x, y, length, length * 0.42, turn), colour)
        page.line([(x, y), turned([(length * 0.9, 0)], x, y, turn)[0]], "#06202488", 2)
    for y in (65, 500, 945):
        page.glow(375, y, 480, "#05191c", 1.6 if y != 500 else 0.9, 130 if y != 500 else 480)
    page.circle(375, 320, 190, "#f2cf9a")
    page.circle(352, 310, 165, "#f8e2bd")
    _tin(page)
    page.words(375, 62, "TEALORNE", 58, "#f8e2bd", bold=1, gap=10)
    page.words(375, 930, "steep, wait, breathe", 30, "#f8e2bd", gap=3)
    page.words(375, 970, "MOON-DRIED LEAVES SINCE LAST TUESDAY", 15, "#f2cf9a", gap=3)
    return page.finish()


def _tin(page: Sheet) -> None:
    page.glow(375, 872, 290, "#020c0e", 1, 48)
    page.shaded(
        [(215, 340), (535, 340), (535, 860), (215, 860)],
        "#6e2f1a",
        "#e09a62",
        "#ffd2a0",
        "#b4633a",
        "#55210f",
        across=True,
    )
    page.shaded(
        [(205, 300), (545, 300), (545, 380), (205, 380)],
        "#82391f",
        "#f0b27a",
        "#ffe0b8",
        "#c47346",
        "#652a14",
        across=True,
    )
    page.polygon(ring(375, 300, 170, 26), "#e8a873")
    page.polygon(ring(375, 298, 150, 20), "#c98252")
    page.polygon([(245, 430), (505, 430), (505, 810), (245, 810)], "#0e3b40")
    page.line([(257, 442), (493, 442), (493, 798), (257, 798), (257, 442)], "#f2cf9a", 2)
    for side in (-1, 1):
        for step in range(7):
            y = 690 - step * 32
            page.polygon(
                leaf(375, y, 92 - step * 8, 26, -90 + side * (64 - step * 3)), ("#7f9a5a", "#b9c77a")[step % 2]
            )
    page.line([(375, 715), (375, 470)], "#f8e2bd", 3)
    page.polygon(star(375, 470, 22, 8, 8), "#f8e2bd")
    page.words(375, 745, "NIGHT GREEN", 25, "#f8e2bd", gap=4)
    page.words(375, 777, "loose leaf  80 g", 16, "#f2cf9a", gap=1)


def plants() -> Image.Image:
    """Mossalune: a shelf of pot plants under three arches."""
    page = Sheet(gradient(LANDSCAPE, "#f7c6c0", "#f2aaa6"), seed=14)
    for x, colour in ((185, "#f9ded0"), (500, "#e98f86"), (815, "#fbe9d7")):
        page.polygon([*ring(x, 330, 138, 138, 0, 180, 360), (x + 138, 610), (x - 138, 610)], colour)
    page.rect(0, 610, 1000, 34, "#8c4a3f")
    page.rect(0, 644, 1000, 106, "#c9746a")
    for x in range(-40, 1000, 46):
        page.line([(x, 644), (x + 60, 750)], "#b3625a", 8)
    _snake_plant(page, 185)
    _swiss_leaf(page, 500)
    _cactus(page, 815)
    for x, tall, colours in (
        (185, 130, ("#1f4e79", "#5c93c4")),
        (500, 150, ("#f4f0e6", "#cdbfa8")),
        (815, 115, ("#e0a12e", "#f6cf69")),
    ):
        _pot(page, x, 610, tall, colours)
    page.words(500, 68, "mossalune", 104, "#214d3a", bold=2, gap=1)
    page.words(500, 697, "GREEN FLATMATES, DELIVERED POTTED", 27, "#fff3e6", gap=5, bold=0.5)
    return page.finish()


def _pot(page: Sheet, x: float, floor: float, tall: float, colours: tuple[str, str]) -> None:
    page.glow(x, floor + 2, 130, "#4d1d18", 0.7, 18)
    page.shaded(
        [(x - 82, floor - tall), (x + 82, floor - tall), (x + 60, floor), (x - 60, floor)],
        *colours,
        colours[0],
        across=True,
    )
    page.shaded(
        [
            (x - 92, floor - tall - 14),
            (x + 92, floor - tall - 14),
            (x + 92, floor - tall + 20),
            (x - 92, floor - tall + 20),
        ],
        *colours,
        colours[0],
        across=True,
    )
    for step in range(7):
        page.polygon(star(x - 54 + step * 18, floor - tall / 2 + 10, 9, 4, 4), mix(colours[1], "#ffffff", 0.5))


def _snake_plant(page: Sheet, x: float) -> None:
    for step, turn in enumerate((-128, -52, -115, -65, -98, -82, -105, -90)):
        length = 190 + step * 18
        page.polygon(leaf(x, 500, length, 52, turn), "#c6d36b")
        page.shaded(leaf(x, 502, length - 8, 36, turn), "#2f7a4b", "#1c5637")
        for band in range(3, 9):
            spot = turned(
                [(length * band / 10, -13), (length * (band + 0.3) / 10, 0), (length * band / 10, 13)], x, 500, turn
            )
            page.line(smooth(spot), "#8fbf6d", 3)


def _swiss_leaf(page: Sheet, x: float) -> None:
    for step, (turn, reach) in enumerate(((-150, 150), (-30, 150), (-120, 205), (-60, 210), (-91, 250))):
        tip = turned([(reach, 0)], x, 480, turn)[0]
        page.line(smooth([(x, 500), ((x + tip[0]) / 2 + 8, (480 + tip[1]) / 2 - 18), tip]), "#1c5637", 6)
        shape = [(r * cos(radians(a)), r * sin(radians(a))) for a, r in _lobes(62 + step * 4)]
        page.polygon(turned(shape, tip[0], tip[1], turn), ("#2f8a5a", "#1f6b45", "#3a9c67")[step % 3])
        page.line([tip, turned([(60, 0)], *tip, turn)[0]], "#a9dba0", 3)
        for side in (-1, 1):
            page.line([turned([(8, 0)], *tip, turn)[0], turned([(34, side * 34)], *tip, turn)[0]], "#a9dba0", 2)


def _lobes(size: float) -> list[tuple[float, float]]:
    """A leaf outline in angles and radii, cut in on both sides like a monstera's."""
    return [(a, size * (1.15 - 0.35 * abs(a) / 180) * (0.62 if a % 40 == 20 else 1)) for a in range(-180, 180, 10)]


def _cactus(page: Sheet, x: float) -> None:
    for side, high in ((-1, 345), (1, 315)):
        elbow = [(x, 425), (x + side * 62, 425), (x + side * 84, 400), (x + side * 86, high)]
        for tone, shift, wide in (("#1d6b52", 0, 52), ("#3c9870", -5, 34), ("#58b889", -8, 14)):
            page.line([(px + shift, py) for px, py in smooth(elbow)], tone, wide)
        for step in range(4):
            page.polygon(star(x + side * 86, high + step * 22, 6, 2, 5), "#f7e7b0")
    trunk = [*ring(x, 290, 50, 50, 0, 180, 360), (x + 50, 500), (x - 50, 500)]
    page.shaded(trunk, "#1d6b52", "#58b889", "#1d6b52", across=True)
    for step in range(10):
        for shift in (-26, 0, 26):
            page.polygon(star(x + shift, 275 + step * 21, 6, 2, 5), "#f7e7b0")
    for turn in range(0, 360, 45):
        page.polygon(leaf(x, 240, 34, 18, turn), "#e84a7a")
    page.circle(x, 240, 9, "#ffd45c")
