"""The demo's artworks, second room: two robots and a botanical plate."""

from math import sin

from PIL import Image

from lab.drawings.kit import (
    LANDSCAPE,
    PORTRAIT,
    Sheet,
    gradient,
    leaf,
    paper,
    ring,
    smooth,
    star,
    turned,
)


def robot_duke() -> Image.Image:
    """A boxy robot nobleman in an oval frame."""
    page = Sheet(gradient(PORTRAIT, "#5a1a2b", "#3a0f1f"), seed=41)
    for row in range(13):
        for column in range(9):
            x, y = column * 94 + (row % 2) * 47, row * 84
            for turn in (-90, -140, -40, 90):
                page.polygon(leaf(x, y, 30, 15, turn), "#7d2b3d")
            page.circle(x, y, 5, "#b5653f")
    for r, colour in ((0, "#3d2410"), (8, "#d9a441"), (22, "#8a5a1c"), (30, "#f3d27a"), (42, "#4a2c10")):
        page.polygon(ring(375, 490, 335 - r, 455 - r), colour)
    page.shaded(ring(375, 490, 286, 406), "#3f6b6b", "#1a3238", "#0e1d24")
    page.glow(375, 400, 300, "#a8d5c2", 0.6, 340)
    _duke_coat(page)
    _duke_head(page)
    for step in range(40):
        page.circle(*ring(375, 490, 309, 429, 0, step * 9, step * 9 + 1)[0], 5, "#fff0b8")
    return page.finish()


def _duke_coat(page: Sheet) -> None:
    page.shaded(
        smooth([(170, 800), (200, 690), (310, 640), (440, 640), (550, 690), (580, 800), (470, 880), (280, 880)]),
        "#a32638",
        "#5a1220",
    )
    page.polygon([(300, 645), (450, 645), (375, 800)], "#f4ecd8")
    for step in range(5):
        y = 660 + step * 34
        page.polygon(
            smooth([(340 + step * 3, y), (375, y + 26), (410 - step * 3, y), (375, y + 8)], closed=True), "#d8c9a6"
        )
    for side in (-1, 1):
        page.line([(375 + side * 80, 648), (375 + side * 16, 850)], "#f3d27a", 8)
        for step in range(6):
            page.line([(375 + side * (150 + step * 9), 700), (375 + side * (156 + step * 10), 745)], "#f3d27a", 5)
        page.circle(375 + side * 172, 698, 24, "#d9a441")
    page.polygon(star(470, 770, 32, 13, 8), "#f3d27a")
    page.circle(470, 770, 11, "#2f7f9c")


def _duke_head(page: Sheet) -> None:
    page.shaded([(335, 590), (415, 590), (425, 660), (325, 660)], "#5a676e", "#c9d6d8", "#5a676e", across=True)
    for y in (604, 622, 640):
        page.line([(328, y), (422, y)], "#37444a", 5)
    page.rect(228, 312, 294, 290, "#3b4a4f", 46)
    page.shaded(
        [(240, 330), (258, 320), (492, 320), (510, 330), (510, 570), (480, 592), (270, 592), (240, 570)],
        "#7f9a9a",
        "#e6f0e6",
        "#aebfb8",
        "#6d8586",
        across=True,
    )
    for side in (-1, 1):
        page.rect(375 + side * 162 - 20, 410, 40, 92, "#b5653f", 12)
        x = 375 + side * 66
        page.circle(x, 425, 56, "#8a5a1c")
        page.circle(x, 425, 47, "#f3d27a")
        page.circle(x, 425, 38, "#12262b")
        page.circle(x, 425, 25, "#3fc1a8")
        page.circle(x + 9, 416, 9, "#ffffff")
        page.line([(x - side * 48, 356), (x + side * 40, 342)], "#37444a", 9)
    page.polygon([(375, 440), (402, 500), (348, 500)], "#b5653f")
    page.line(smooth([(270, 512), (310, 505), (374, 524), (440, 505), (480, 512), (520, 488)]), "#2a1a12", 15)
    page.rect(300, 536, 150, 38, "#12262b", 10)
    for step in range(7):
        page.rect(306 + step * 20.3, 541, 14, 28, "#e6f0e6", 3)
    for x, y in ((262, 342), (488, 342), (262, 570), (488, 570)):
        page.circle(x, y, 7, "#4f5f62")
    _hat(page)


def _hat(page: Sheet) -> None:
    page.polygon(ring(375, 318, 190, 26), "#140f1c")
    page.shaded([(270, 130), (480, 130), (490, 315), (260, 315)], "#1c1728", "#4a3f63", "#1c1728", across=True)
    page.polygon(ring(375, 130, 105, 17), "#5a4d78")
    page.shaded([(262, 260), (488, 260), (490, 312), (260, 312)], "#a32638", "#d94a5c", "#a32638", across=True)
    page.shaded(leaf(470, 300, 190, 54, -64), "#f3d27a", "#3fc1a8")
    page.line([(470, 300), (550, 136)], "#fff0b8", 3)


def robot_gardener() -> Image.Image:
    """A round robot in profile that waters a flower."""
    page = Sheet(paper(LANDSCAPE, "#fdebd3", "#f6cfae", 42), seed=42)
    page.circle(560, 330, 290, "#f58f6c")
    page.circle(560, 330, 245, "#f9b285")
    for _ in range(44):
        x = page.roll(-10, 1010)
        page.shaded(
            leaf(x, 770, page.roll(90, 260), page.roll(30, 60), page.roll(-125, -55)),
            page.pick(("#2a6f5e", "#3f8f6b", "#87b56a")),
            "#17463f",
        )
    page.shaded(smooth([(190, 700), (215, 480), (330, 430), (450, 470), (490, 700)]), "#6fb3c9", "#2f6f8f")
    page.circle(330, 570, 52, "#f4f9f5")
    page.circle(330, 570, 40, "#234a5e")
    page.line(turned([(0, 0), (0, -30)], 330, 570, 40), "#f58f6c", 5)
    for turn in range(0, 360, 30):
        page.line([turned([(32, 0)], 330, 570, turn)[0], turned([(38, 0)], 330, 570, turn)[0]], "#f4f9f5", 2)
    _dome(page)
    _can_and_flower(page)
    return page.finish()


def _dome(page: Sheet) -> None:
    page.rect(280, 392, 116, 50, "#234a5e", 16)
    page.shaded(ring(338, 265, 165, 150), "#f4f9f5", "#bcdce0", "#7fb0bf")
    page.polygon([*ring(338, 265, 165, 150, 0, 28, 152)], "#5a97ab")
    page.circle(420, 250, 66, "#234a5e")
    page.circle(420, 250, 52, "#ffd166")
    page.circle(428, 254, 28, "#1a2c38")
    page.circle(440, 243, 10, "#ffffff")
    page.line(smooth([(395, 345), (430, 362), (468, 342)]), "#234a5e", 7)
    page.glow(372, 335, 40, "#f2684a", 0.7)
    for side in (0, 1):
        page.line(
            smooth([(280 + side * 90, 122 + side * 2), (262 + side * 110, 78), (240 + side * 150, 52)]), "#234a5e", 6
        )
        page.circle(240 + side * 150, 50, 15, ("#f2684a", "#ffd166")[side])
    for step in range(6):
        page.circle(*ring(338, 265, 142, 128, 0, 175 + step * 18, 176)[0], 6, "#5a97ab")
    for step in range(5):
        page.polygon(leaf(222, 170, 54, 28, 150 + step * 72), "#f2684a")
    page.circle(222, 170, 13, "#ffd166")


def _can_and_flower(page: Sheet) -> None:
    page.line(smooth([(430, 520), (520, 560), (610, 480)]), "#234a5e", 34)
    page.line(smooth([(430, 520), (520, 560), (610, 480)]), "#7fb0bf", 22)
    page.circle(660, 430, 62, None, "#c43d2f", 13)
    page.shaded(turned([(-62, -50), (62, -50), (74, 62), (-74, 62)], 672, 452, 22), "#ff7a5c", "#c43d2f")
    page.line([(720, 470), (822, 440)], "#c43d2f", 17)
    page.polygon(turned([(-8, -30), (20, -40), (20, 40), (-8, 30)], 826, 440, -10), "#ff7a5c")
    for _ in range(26):
        x = 848 + page.roll(0, 60)
        page.line([(x, y := 450 + page.roll(0, 150)), (x + 4, y + 16)], "#3a9ec2", 3.4)
    page.line(smooth([(895, 750), (880, 680), (892, 610)]), "#2a6f5e", 9)
    for step in range(12):
        page.polygon(leaf(892, 610, 66, 26, step * 30), ("#e84a7a", "#ff8fb3")[step % 2])
    page.circle(892, 610, 24, "#ffd166")
    page.polygon(leaf(886, 700, 80, 36, -30), "#3f8f6b")


def botanical() -> Image.Image:
    """A plate from an invented herbal: four plants with their names."""
    page = Sheet(paper(PORTRAIT, "#f8f1df", "#ebdcb9", 43), seed=43)
    for inset, width in ((28, 3.0), (38, 1.2)):
        page.line(
            [(inset, inset), (750 - inset, inset), (750 - inset, 1000 - inset), (inset, 1000 - inset), (inset, inset)],
            "#6b5a3a",
            width,
        )
    page.words(375, 82, "HERBARIUM OF NOWHERE", 30, "#4a3d26", gap=6)
    page.words(375, 118, "plate VII", 19, "#7d6a45", gap=2)
    _fern(page, 200, 480)
    _poppy(page, 545, 480)
    _berry(page, 205, 880)
    _thistle(page, 545, 880)
    for x, y, name in (
        (200, 510, "Filix serrula"),
        (545, 510, "Papaver lentum"),
        (205, 918, "Bacca vesper"),
        (545, 918, "Carduus astra"),
    ):
        page.words(x, y, name, 21, "#4a3d26", gap=1)
        page.line([(x - 60, y + 20), (x + 60, y + 20)], "#a8946a", 1.2)
    page.mottle(43, 20)
    return page.finish(8)


def _fern(page: Sheet, x: float, y: float) -> None:
    for lean, tall in ((-0.42, 250), (0.0, 325), (0.42, 255)):
        spine = [(x + lean * tall * (t / 16) ** 1.6, y - tall * t / 16) for t in range(17)]
        page.line(spine, "#36502b", 4)
        for t, (px, py) in enumerate(spine[2:], 2):
            for side in (-1, 1):
                page.polygon(
                    leaf(px, py, (17 - t) * 5 + 6, 13, -90 + lean * 60 + side * 62), ("#4f7a3a", "#6b9a4b")[t % 2]
                )


def _poppy(page: Sheet, x: float, y: float) -> None:
    for dx, top, size in ((-75, 215, 50), (20, 175, 74), (92, 300, 40)):
        tip = (x + dx, top + 30)
        page.line(smooth([(x, y), (x + dx * 0.2, y - 120), tip]), "#5a7a3f", 5)
        for step in range(6):
            page.shaded(leaf(tip[0], tip[1], size, size * 1.1, step * 60 + 15), "#f0583f", "#b3242b")
        for step in range(24):
            page.line([tip, turned([(size * 0.85, 0)], *tip, step * 15)[0]], "#7d121d66", 1.4)
        page.circle(*tip, size * 0.25, "#2a1a2e")
        for step in range(12):
            page.circle(*turned([(size * 0.36, 0)], *tip, step * 30)[0], 2.6, "#2a1a2e")
    for turn, length in ((-150, 120), (-25, 130), (-120, 95), (-60, 90)):
        page.shaded(leaf(x, y - 10, length, 30, turn), "#86a862", "#4b6b3a")


def _berry(page: Sheet, x: float, y: float) -> None:
    for turn, length in ((-116, 245), (-91, 320), (-66, 240)):
        for step in range(3, 11):
            px, py = turned([(length * step / 10, 8 * sin(step))], x, y, turn)[0]
            page.line([(x, y), (px, py)], "#5c3a2a", 2.6)
            page.shaded(leaf(px, py, 46, 24, turn + (70 if step % 2 else -70)), "#7f9f55", "#4a6a34")
            cx, cy = turned([(22, 0)], px, py, turn - (70 if step % 2 else -70))[0]
            page.circle(cx, cy, 13, "#2a2457")
            page.circle(cx - 2, cy - 2, 10, "#4b3f94")
            page.circle(cx - 5, cy - 5, 3.4, "#cfc8ff")


def _thistle(page: Sheet, x: float, y: float) -> None:
    for dx, top in ((-78, 690), (0, 640), (82, 705)):
        page.line(smooth([(x, y), (x + dx * 0.3, y - 90), (x + dx, top)]), "#55704a", 6)
        for step in range(34):
            tip = turned([(page.roll(48, 74), 0)], x + dx, top - 12, -90 + (step - 17) * 4)[0]
            page.line([(x + dx, top - 10), tip], ("#8a3f9c", "#c06bc9", "#6b2d80")[step % 3], 2.6)
        page.shaded(ring(x + dx, top, 32, 34), "#86a27a", "#47613d")
        for row in range(4):
            for column in range(-2, 3):
                page.polygon(star(x + dx + column * 12, top - 18 + row * 13, 6, 2, 3), "#c9d8a8")
    for step in range(7):
        for side in (-1, 1):
            page.polygon(
                leaf(x + side * 3, y - 20 - step * 24, 84 - step * 6, 22, -90 + side * 58),
                ("#5f7f52", "#7b9a66")[step % 2],
            )
