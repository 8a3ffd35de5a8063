"""Six drawn pictures that are in no catalogue: same hand, other content."""

from math import sin

from PIL import Image

from lab.drawings.kit import LANDSCAPE, Sheet, gradient, leaf, mix, paper, ring, smooth, star, turned


def doughnuts() -> Image.Image:
    """A tray of iced rings by Ringaloo."""
    page = Sheet(gradient(LANDSCAPE, "#6ec6c1", "#4aa9b0"), seed=61)
    for x in range(-750, 1000, 70):
        page.polygon([(x, 0), (x + 35, 0), (x + 785, 750), (x + 750, 750)], "#ffffff22")
    icings = ("#ff8fb3", "#5b2e1e", "#fff1d6", "#b79ced", "#ffcf5c", "#8fdc9a")
    for step in range(8):
        _doughnut(page, 145 + step % 4 * 237, 300 + step // 4 * 250, icings[step * 5 % 6])
    page.rect(150, 40, 700, 112, "#c43d5c", 56)
    page.rect(158, 48, 684, 96, "#fff1d6", 48)
    page.words(500, 96, "Ringaloo Doughnuts", 62, "#c43d5c", bold=2)
    return page.finish()


def _doughnut(page: Sheet, x: float, y: float, icing: str) -> None:
    page.circle(x + 10, y + 16, 108, "#1f5f6688")
    page.circle(x, y, 106, "#d9924a")
    page.circle(x, y, 98, "#e8ad66")
    page.polygon(
        smooth([turned([(88 + 7 * sin(step * 2.3 + x), 0)], x, y, step * 24)[0] for step in range(15)], closed=True),
        icing,
    )
    page.line(ring(x, y, 72, 72, 0, 190, 280), mix(icing, "#ffffff", 0.5), 8)
    for _ in range(42):
        spot = turned([(page.roll(42, 80), 0)], x, y, page.roll(0, 360))[0]
        page.line(
            turned([(-6, 0), (6, 0)], *spot, page.roll(0, 180)),
            page.pick(("#ffffff", "#3b5bff", "#ffd23f", "#e0245e", "#1fa36b")),
            4,
        )
    page.circle(x, y, 36, "#b8742f")
    page.circle(x + 3, y + 5, 30, "#3d929b")


def birches() -> Image.Image:
    """A birch wood in October."""
    page = Sheet(gradient(LANDSCAPE, "#f7e3a1", "#f2b45a", "#c9612d"), seed=62)
    for layer, tone in enumerate(("#f0cf94", "#f7e6c4", "#fffaf0")):
        for _ in range(9 - layer * 2):
            _birch(page, page.roll(0, 1000), 9 + layer * 11, tone)
        for _ in range(420):
            x, y = page.roll(-20, 1020), page.roll(-20, 330 - layer * 60)
            page.polygon(
                leaf(x, y, 15 + layer * 6, 9 + layer * 3, page.roll(0, 360)),
                page.pick(("#d94f2b", "#f0872f", "#f7c23c", "#a8381f")),
            )
    for _ in range(1300):
        y = page.roll(610, 760)
        page.polygon(
            leaf(page.roll(-20, 1020), y, 20, 11, page.roll(0, 360)),
            page.pick(("#8a2f1b", "#c9612d", "#e89a3a", "#5f2417", "#f2c14e")),
        )
    return page.finish()


def _birch(page: Sheet, x: float, wide: float, tone: str) -> None:
    page.shaded(
        [(x - wide, -5), (x + wide, -5), (x + wide * 1.3, 660), (x - wide * 1.3, 660)],
        mix(tone, "#8a7a6a", 0.5),
        tone,
        mix(tone, "#8a7a6a", 0.7),
        across=True,
    )
    for _ in range(int(wide * 1.4)):
        y, side = page.roll(0, 640), 1 if page.roll(0, 1) < 0.5 else -1
        page.polygon(
            [
                (x + side * wide, y),
                (x + side * wide * page.roll(-0.2, 0.6), y + 3),
                (x + side * wide, y + page.roll(6, 12)),
            ],
            "#3b2f2a",
        )


def balloons() -> Image.Image:
    """Hot-air balloons over green hills."""
    page = Sheet(gradient(LANDSCAPE, "#3f9fe0", "#8fd0f5", "#e9f7fb"), seed=63)
    for _ in range(26):
        x, y = page.roll(0, 1000), page.roll(40, 480)
        for step in range(5):
            page.polygon(ring(x + step * 26 - 52, y - (2 - abs(step - 2)) * 9, 30, 17), "#ffffff66")
    for step, tone in enumerate(("#8fc97a", "#5fae63", "#3b8f57", "#23704a")):
        page.polygon(
            [
                *((x, 560 + step * 44 + 26 * sin(x / (90 + step * 22) + step * 2.2)) for x in range(-20, 1041, 20)),
                (1040, 760),
                (-20, 760),
            ],
            tone,
        )
        for _ in range(60):
            page.polygon(
                leaf(page.roll(0, 1000), 640 + step * 36, page.roll(12, 30), 14, -90), mix(tone, "#0b3b2a", 0.4)
            )
    fleet = (
        (250, 260, 1.35, ("#e63946", "#ffd166")),
        (620, 190, 0.95, ("#5b2a86", "#ff9ad5")),
        (820, 400, 1.15, ("#f3722c", "#2ec4b6")),
        (480, 430, 0.6, ("#1d3557", "#f1faee")),
        (75, 480, 0.5, ("#06d6a0", "#ef476f")),
    )
    for x, y, size, colours in fleet:
        _balloon(page, x, y, size, colours)
    return page.finish()


def _balloon(page: Sheet, x: float, y: float, size: float, colours: tuple[str, str]) -> None:
    for step in range(7, 0, -1):
        half = 110 * size * sin(step / 7 * 1.57)
        page.polygon(
            smooth(
                [
                    (x - half * 0.18, y + 128 * size),
                    (x - half, y),
                    (x - half * 0.7, y - 92 * size),
                    (x, y - 122 * size),
                    (x + half * 0.7, y - 92 * size),
                    (x + half, y),
                    (x + half * 0.18, y + 128 * size),
                ]
            ),
            colours[step % 2],
        )
    for side in (-1, 1):
        page.line([(x + side * 18 * size, y + 126 * size), (x + side * 15 * size, y + 168 * size)], "#4a3220", 2)
    page.rect(x - 19 * size, y + 164 * size, 38 * size, 30 * size, "#8a5a2c", 4)
    page.glow(x - 45 * size, y - 45 * size, 70 * size, "#ffffff", 0.5)


def robot_sailor() -> Image.Image:
    """A one-eyed robot at sea."""
    page = Sheet(gradient(LANDSCAPE, "#f2efe4", "#cfe3e2"), seed=64)
    page.circle(800, 170, 86, "#f28482")
    for _ in range(16):
        x, y = page.roll(0, 1000), page.roll(30, 330)
        page.line(smooth([(x - 22, y - 8), (x - 11, y - 13), (x, y), (x + 11, y - 13), (x + 22, y - 8)]), "#16425b", 3)
    _waves(page, 0, 7)
    page.shaded([(300, 300), (700, 300), (650, 700), (350, 700)], "#f4a259", "#d96c2f", "#8a3b16", across=True)
    page.line([(307, 360), (693, 360)], "#6b2a10", 7)
    for step in range(9):
        page.circle(345 + step * 39, 344, 6, "#ffd9a8")
    for r, colour in ((118, "#6b2a10"), (102, "#ffe7c2"), (82, "#12343b"), (54, "#8cb369"), (28, "#0b1d22")):
        page.circle(500, 480, r, colour)
    page.circle(528, 454, 15, "#ffffff")
    page.shaded([(330, 300), (670, 300), (720, 190), (280, 190)], "#ffffff", "#cfd8e0")
    page.rect(322, 262, 356, 52, "#16425b", 10)
    page.line(ring(500, 230, 26, 26), "#c9a227", 8)
    page.line([(500, 190), (500, 270)], "#c9a227", 8)
    for side in (-1, 1):
        page.line(smooth([(500 + side * 180, 420), (500 + side * 290, 380), (500 + side * 310, 250)]), "#8a3b16", 30)
        page.circle(500 + side * 312, 236, 44, None, "#d96c2f", 20)
    _waves(page, 7, 11)
    return page.finish()


def _waves(page: Sheet, first: int, last: int) -> None:
    for row in range(first, last):
        way = [(x, 410 + row * 32 + 13 * sin(x / 38 + row * 1.7)) for x in range(-20, 1041, 10)]
        page.polygon([*way, (1040, 770), (-20, 770)], ("#2f6690", "#3a7ca5", "#16425b", "#81c3d7")[row % 4])


def quilt() -> Image.Image:
    """A patchwork of triangles."""
    page = Sheet(paper(LANDSCAPE, "#f7f1e8", "#e6d8c4", 65), seed=65)
    cloths = ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51", "#f7f1e8", "#8d5a97")
    for row in range(8):
        for column in range(11):
            x, y, turn = column * 94.0 - 20, row * 94.0, (row * 3 + column * 5) % 4 * 90
            first, second = cloths[(row * column + row) % 7], cloths[(row + column * 2 + 3) % 7]
            page.polygon(turned([(-47, -47), (47, -47), (-47, 47)], x + 47, y + 47, turn), first)
            page.polygon(turned([(47, 47), (47, -47), (-47, 47)], x + 47, y + 47, turn), second)
            for step in range(9):
                page.line(
                    turned(
                        [(-44 + step * 10, 42 - step * 10), (-40 + step * 10, 38 - step * 10)], x + 40, y + 40, turn
                    ),
                    "#fffdf5",
                    2,
                )
            page.circle(x + 47, y + 47, 3, "#fffdf5")
    page.mottle(65, 22)
    return page.finish(9)


def lucky_wheel() -> Image.Image:
    """Spinderella: a wheel where every field costs money."""
    page = Sheet(gradient(LANDSCAPE, "#1d3fbb", "#0b1a5e"), seed=66)
    for row in range(10):
        for column in range(14):
            page.polygon(star(column * 80 + row % 2 * 40, row * 82, 12, 5, 5), "#3f63e0")
    page.circle(330, 385, 312, "#f2b705")
    for step in range(12):
        page.polygon(
            [(330, 385), *ring(330, 385, 280, 280, 0, step * 30, step * 30 + 30)],
            ("#e63946", "#ffffff", "#2a9d8f", "#f4a261")[step % 4],
        )
        page.polygon(star(*turned([(195, 0)], 330, 385, step * 30 + 15)[0], 34, 15, 4 + step % 4), "#1d1a4e")
    for step in range(24):
        page.circle(*turned([(296, 0)], 330, 385, step * 15)[0], 9, ("#ffffff", "#ffe98a")[step % 2])
    page.circle(330, 385, 64, "#f2b705")
    page.circle(330, 385, 50, "#1d1a4e")
    page.polygon([(300, 50), (360, 50), (330, 128)], "#ffffff")
    for row, (line, size, fill) in enumerate(
        (("SPIN", 108, "#ffe14d"), ("& WIN", 92, "#ffffff"), ("a toaster", 52, "#7fe0ff"))
    ):
        page.words(820, 220 + row * 110, line, size, fill, bold=size / 36)
    page.rect(690, 540, 260, 84, "#e63946", 42)
    page.words(820, 582, "PAY HERE", 38, "#ffffff", bold=1)
    page.words(820, 680, "Spinderella Ltd.", 24, "#ffffff")
    return page.finish()
