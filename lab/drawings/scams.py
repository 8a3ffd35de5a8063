"""The demo's blocklist: five posters of frauds that nobody runs, by companies that do not exist."""

from math import sin

from PIL import Image

from lab.drawings.kit import LANDSCAPE, Sheet, gradient, leaf, mix, paper, ring, smooth, star, turned


def shout(page: Sheet, x: float, y: float, text: str, size: int, fill: str, edge: str, width: float = 6) -> None:
    """Words with a thick edge, as posters of this kind have them."""
    page.words(x + 4, y + 6, text, size, edge, bold=width, gap=width)
    page.words(x, y, text, size, edge, bold=width, gap=width)
    page.words(x, y, text, size, fill, bold=width / 4, gap=width)


def free_coins() -> Image.Image:
    """ZorbaCoin: a treasure chest that spits gold."""
    page = Sheet(gradient(LANDSCAPE, "#2b0a5e", "#5f1aa8", "#1a0640"), seed=51)
    for step in range(0, 360, 20):
        page.polygon([(500, 520), *(turned([(1100, 0)], 500, 520, step + side)[0] for side in (-4, 5))], "#ffcf3f33")
    page.glow(500, 480, 420, "#ffe27a", 0.95)
    for _ in range(120):
        angle, far = page.roll(-170, -10), page.roll(90, 560)
        x, y = turned([(far, 0)], 500, 540, angle)[0]
        if y < 265 and abs(x - 500) < 460:
            continue  # the headline stays readable
        _coin(page, x, y, page.roll(12, 34), page.roll(0.35, 1), page.roll(-40, 40))
    _chest(page, 500, 560)
    shout(page, 500, 100, "FREE COINS", 128, "#ffe14d", "#b3122e", 9)
    shout(page, 500, 205, "first 500 wallets only!", 44, "#ffffff", "#2b0a5e", 4)
    page.words(500, 722, "ZORBACOIN  *  double today, regret tomorrow", 22, "#ffe9a8", gap=2)
    for step, digit in enumerate("09:59"):
        page.rect(754 + step * 46, 622, 40, 62, "#0f0326", 8)
        page.words(774 + step * 46, 653, digit, 46, "#ff5d73", bold=1)
    return page.finish()


def _coin(page: Sheet, x: float, y: float, r: float, tilt: float, turn: float) -> None:
    page.polygon(ring(x + 3, y + 4, r, r * tilt, turn), "#6b3a00")
    page.polygon(ring(x, y, r, r * tilt, turn), "#f2a900")
    page.polygon(ring(x - 1, y - 1, r * 0.8, r * 0.8 * tilt, turn), "#ffd84d")
    letter = [(-9, -10), (9, -10), (-3, 7), (9, 7), (9, 11), (-10, 11), (2, -6), (-9, -6)]
    page.polygon(turned([(px, py * tilt) for px, py in letter], x, y, turn, r / 20), "#b36b00")


def _chest(page: Sheet, x: float, y: float) -> None:
    page.glow(x, y + 140, 330, "#0a021c", 1, 46)
    page.shaded(
        smooth([(x - 215, y - 30), (x - 190, y - 150), (x, y - 190), (x + 190, y - 150), (x + 215, y - 30)]),
        "#5a2b12",
        "#9b5426",
    )
    for step in range(34):
        _coin(
            page,
            x - 180 + step % 12 * 33 + page.roll(-8, 8),
            y - 20 - step // 12 * 24 + page.roll(-8, 8),
            26,
            0.6,
            page.roll(-30, 30),
        )
    page.shaded([(x - 220, y), (x + 220, y), (x + 195, y + 140), (x - 195, y + 140)], "#a4602c", "#5a2b12")
    for dy in (38, 76, 110):
        page.line([(x - 212, y + dy), (x + 212, y + dy)], "#3d1a0a", 3)
    for dx in (-190, -80, 80, 190):
        page.polygon(
            [(x + dx - 14, y), (x + dx + 14, y), (x + dx * 0.9 + 14, y + 140), (x + dx * 0.9 - 14, y + 140)], "#e0a12e"
        )
        for dy in (20, 70, 120):
            page.circle(x + dx * (1 - dy / 1400), y + dy, 5, "#7a4a08")
    page.rect(x - 222, y - 12, 444, 26, "#f2c14e", 8)
    page.rect(x - 36, y - 22, 72, 78, "#f2c14e", 12)
    page.circle(x, y + 10, 11, "#3d1a0a")
    page.polygon([(x - 5, y + 12), (x + 5, y + 12), (x + 9, y + 38), (x - 9, y + 38)], "#3d1a0a")


def you_won() -> Image.Image:
    """Grabbo: a parcel, confetti, a button nobody should press."""
    page = Sheet(gradient(LANDSCAPE, "#00c2b8", "#5ee0c4", "#c9f7df"), seed=52)
    for _ in range(330):
        x, y = page.roll(0, 1000), page.roll(0, 650)
        colour = page.pick(("#ff3d7f", "#ffd23f", "#3b5bff", "#ffffff", "#ff8c42"))
        if page.roll(0, 1) < 0.6:
            page.polygon(
                turned([(-9, -4), (9, -4), (9, 4), (-9, 4)], x, y, page.roll(0, 180), page.roll(0.6, 1.5)), colour
            )
        else:
            page.line(smooth([(x, y), (x + 9, y + 9), (x, y + 18), (x + 9, y + 27)]), colour, 4)
    page.glow(290, 480, 330, "#ffffff", 0.8)
    _parcel(page, 290, 470)
    shout(page, 500, 105, "YOU WON!!!", 130, "#ff3d7f", "#ffffff", 10)
    page.rect(548, 215, 400, 250, "#ffffff", 28)
    for row, line in enumerate(("You are visitor", "no. 1,000,000 of", "the Grabbo gift shop.")):
        page.words(748, 262 + row * 45, line, 34, "#17324d")
    page.words(748, 420, "one phone left", 40, "#e0245e", bold=1)
    page.rect(553, 513, 390, 96, "#8a1538", 48)
    page.rect(553, 503, 390, 96, "#ff3d7f", 48)
    page.rect(568, 511, 360, 34, "#ff7aa8", 17)
    page.words(748, 551, "CLAIM MY PRIZE", 38, "#ffffff", bold=1.2)
    page.polygon(turned([(0, 0), (0, 70), (17, 56), (30, 84), (44, 78), (31, 50), (52, 48)], 884, 572, 0), "#17324d")
    page.polygon(turned([(5, 12), (5, 58), (18, 47), (32, 75), (36, 73), (23, 45), (39, 43)], 884, 572, 0), "#ffffff")
    page.words(500, 722, "only a small delivery fee of all your savings applies", 22, "#17324d", gap=1)
    return page.finish()


def _parcel(page: Sheet, x: float, y: float) -> None:
    page.glow(x, y + 190, 270, "#00685f", 1, 40)
    page.shaded([(x - 175, y - 40), (x + 175, y - 40), (x + 165, y + 190), (x - 165, y + 190)], "#5b6cff", "#2c36b8")
    for row in range(5):
        for column in range(8):
            page.polygon(star(x - 140 + column * 40 + row % 2 * 16, y - 8 + row * 42, 11, 5, 5), "#8f9cff")
    page.rect(x - 32, y - 40, 64, 230, "#ffd23f")
    page.shaded([(x - 198, y - 105), (x + 198, y - 105), (x + 198, y - 35), (x - 198, y - 35)], "#7d8bff", "#3f4ee0")
    page.rect(x - 36, y - 105, 72, 70, "#ffe07a")
    for side in (-1, 1):
        loop = [(x, y - 108), (x + side * 60, y - 215), (x + side * 150, y - 205), (x + side * 120, y - 125)]
        page.polygon(smooth(loop, closed=True), "#e0a800")
        page.polygon(
            smooth(
                [
                    (x + side * 28, y - 122),
                    (x + side * 68, y - 186),
                    (x + side * 124, y - 184),
                    (x + side * 100, y - 136),
                ],
                closed=True,
            ),
            "#ffd23f",
        )
    page.circle(x, y - 112, 30, "#ffe07a")


def verify_account() -> Image.Image:
    """Blorpchat Security: a threat in the form of a log-in window."""
    page = Sheet(gradient(LANDSCAPE, "#d9dcec", "#b3b9d6"), seed=53)
    for row in range(8):
        for column in range(11):
            x, y = column * 100 + row % 2 * 50 - 20, row * 98
            page.rect(x, y, 62, 40, ("#c3c9e3", "#a7aed0", "#e8eaf5")[(row + column) % 3], 14)
            page.polygon(
                [(x + 12, y + 36), (x + 30, y + 36), (x + 10, y + 52)],
                ("#c3c9e3", "#a7aed0", "#e8eaf5")[(row + column) % 3],
            )
    page.glow(500, 690, 520, "#2a2f55", 0.9, 70)
    page.rect(150, 62, 700, 630, "#f7f8fd", 22)
    page.rect(150, 62, 700, 74, "#3d46a8", 22)
    page.rect(150, 110, 700, 30, "#3d46a8")
    for step, colour in enumerate(("#ff6058", "#ffbd2e", "#28c941")):
        page.circle(186 + step * 32, 101, 10, colour)
    page.words(500, 101, "blorpchat-security.example", 22, "#ffffff", gap=1)
    _shield(page, 290, 300)
    for row, (line, size, tone) in enumerate(
        (("Your account", 44, "#1c2250"), ("ends TODAY", 58, "#d7263d"), ("unless you confirm it", 25, "#1c2250"))
    ):
        page.words(424, 205 + row * 62, line, size, tone, "l", bold=1.2 if row < 2 else 0)
    for row, (label, dots) in enumerate((("your password", 11), ("your mother's password", 8))):
        page.words(424, 374 + row * 96, label, 17, "#6a7199", "l")
        page.rect(420, 390 + row * 96, 380, 52, "#b9c0e0", 10)
        page.rect(423, 393 + row * 96, 374, 46, "#ffffff", 8)
        for step in range(dots):
            page.circle(446 + step * 23, 416 + row * 96, 6, "#1c2250")
    page.rect(200, 576, 600, 76, "#d7263d", 16)
    page.words(500, 614, "VERIFY NOW", 38, "#ffffff", bold=1.2, gap=5)
    page.words(500, 672, "signed, the Blorpchat department of panic", 16, "#6a7199")
    return page.finish(8)


def _shield(page: Sheet, x: float, y: float) -> None:
    def outline(size: float) -> list[tuple[float, float]]:
        half = [(0, -120), (50, -98), (98, -92), (96, 10), (66, 78), (0, 128)]
        return [(x + px * size, y + py * size) for px, py in [*half, *((-px, py) for px, py in reversed(half))]]

    for size, light, dark in ((1.04, "#8a1020", "#5c0812"), (0.96, "#ffb020", "#e07a10"), (0.8, "#ffd166", "#f7a823")):
        page.shaded(outline(size), light, dark)
    page.polygon([(x - 18, y - 62), (x + 18, y - 62), (x + 9, y + 28), (x - 9, y + 28)], "#5c0812")
    page.circle(x, y + 56, 17, "#5c0812")
    for step in range(5):
        page.line([(x - 82 + step * 6, y + 150 + step * 17), (x + 82 - step * 6, y + 150 + step * 17)], "#c3c9e3", 7)


def get_rich() -> Image.Image:
    """Profitopia: candles that only rise, and a rocket."""
    page = Sheet(gradient(LANDSCAPE, "#041f1a", "#06382c", "#0a5a3f"), seed=54)
    for step in range(0, 1000, 50):
        page.line([(step, 0), (step, 750)], "#1d7a5a55", 1)
        page.line([(0, step), (1000, step)], "#1d7a5a55", 1)
    _candles(page)
    page.line(smooth([(30, 690), (250, 610), (420, 560), (600, 400), (700, 300)]), "#d8ff5e", 7)
    _rocket(page)
    for line, y, size, fill in (("GET RICH", 92, 104, "#d8ff5e"), ("in 7 naps", 190, 74, "#ffffff")):
        page.words(48, y, line, size, fill, "l", bold=3, gap=3)
    page.words(50, 262, "Profitopia  trading signals", 27, "#9be8bf", "l", gap=1)
    page.polygon(star(180, 400, 112, 88, 16), "#ff3d5a")
    page.words(180, 385, "+900%", 56, "#ffffff", bold=2)
    page.words(180, 432, "guaranteed-ish", 21, "#ffffff")
    for step in range(6):
        _note(page, 800 + step * 9, 700 - step * 15)
    return page.finish()


def _candles(page: Sheet) -> None:
    level = 690.0
    for step in range(34):
        rise = page.roll(-12, 26) + step * 0.18
        x, top, tall = 26 + step * 29, level - max(rise, 0), abs(rise) + 26
        colour = "#31e08a" if rise > 0 else "#ff4d5e"
        page.line(
            [(x + 9, top - page.roll(8, 34)), (x + 9, top + tall + page.roll(8, 30))], mix(colour, "#ffffff", 0.3), 2.4
        )
        page.rect(x, top, 18, tall, colour, 3)
        page.rect(x, 750 - (tall + page.roll(0, 30)), 18, 80, mix(colour, "#041f1a", 0.62))
        level -= rise * 1.35


def _rocket(page: Sheet) -> None:
    def lay(points: list[tuple[float, float]], *colours: str) -> None:
        page.shaded(turned(points, 780, 220, 40, 1.25), *colours, across=True)

    for step in range(16):
        far = 150 + step * 22
        page.circle(
            *turned([(page.roll(-26, 26), far)], 780, 220, 40)[0], 48 - step * 2, mix("#fff0b8", "#8a9a92", step / 15)
        )
    lay([(-24, 105), (0, 210), (24, 105)], "#ff5a1f", "#ffe14d", "#ff5a1f")
    for side in (-1, 1):
        lay([(side * 40, 30), (side * 92, 118), (side * 34, 96)], "#c4203a", "#ff5d73")
    lay(
        smooth([(-38, 105), (-52, 10), (-36, -80), (0, -150), (36, -80), (52, 10), (38, 105)]),
        "#b9c9d6",
        "#ffffff",
        "#9fb3c4",
    )
    lay(smooth([(-37, -78), (0, -150), (37, -78)]), "#ff5d73", "#c4203a")
    for r, colour in ((31, "#c4203a"), (24, "#0a5a8c"), (15, "#6fd0ff")):
        page.circle(*turned([(0, -30)], 780, 220, 40, 1.25)[0], r, colour)


def _note(page: Sheet, x: float, y: float) -> None:
    page.polygon([(x - 120, y), (x + 50, y - 46), (x + 150, y), (x - 20, y + 48)], "#0d3f2b")
    page.polygon([(x - 120, y - 9), (x + 50, y - 55), (x + 150, y - 9), (x - 20, y + 39)], "#8ed1a0")
    page.polygon([(x - 96, y - 9), (x + 48, y - 47), (x + 126, y - 9), (x - 18, y + 30)], "#5fae7a")
    page.polygon(ring(x + 15, y - 9, 40, 18, -5), "#c9f0d0")


def laser_cat() -> Image.Image:
    """A meme: a cat with laser eyes asks for keys."""
    page = Sheet(paper(LANDSCAPE, "#ff9d2e", "#ff5f6d", 55), seed=55)
    for step in range(26):
        page.line(
            smooth(
                [
                    (-20, step * 34 - 60),
                    (330, step * 34 - 20 + 30 * sin(step)),
                    (700, step * 34 - 70),
                    (1020, step * 34),
                ]
            ),
            "#ffd45c55",
            9,
        )
    for side in (-1, 1):
        eye, far = (500 + side * 78, 345), (500 + side * 560, 640)
        for width, colour in ((46, "#ff2d55"), (28, "#ff7aa8"), (12, "#ffffff")):
            page.line([eye, far], colour, width)
    _cat(page)
    for side in (-1, 1):
        page.glow(500 + side * 78, 345, 90, "#ffffff", 1)
        page.polygon(star(500 + side * 78, 345, 74, 13, 8), "#fff3f6")
    shout(page, 500, 78, "SEND ME YOUR KEYS", 84, "#ffffff", "#14101c", 7)
    shout(page, 500, 685, "I WILL DOUBLE THEM", 84, "#ffffff", "#14101c", 7)
    return page.finish()


def _cat(page: Sheet) -> None:
    page.shaded(smooth([(270, 760), (300, 560), (400, 500), (600, 500), (700, 560), (730, 760)]), "#6b6f8a", "#3a3d55")
    for side in (-1, 1):
        page.polygon([(500 + side * 205, 330), (500 + side * 190, 148), (500 + side * 70, 225)], "#4a4e68")
        page.polygon([(500 + side * 185, 300), (500 + side * 176, 186), (500 + side * 98, 236)], "#f2a0ac")
    page.shaded(ring(500, 370, 222, 182), "#8d92b0", "#565a78")
    for step, (dx, tall) in enumerate(((-60, 60), (-30, 82), (0, 94), (30, 82), (60, 60))):
        page.polygon(leaf(500 + dx, 192 + abs(step - 2) * 9, tall, 20, 90), "#3a3d55")
    for side in (-1, 1):
        for step in range(3):
            page.polygon(leaf(500 + side * 214, 352 + step * 34, 74, 17, 180 if side > 0 else 0), "#3a3d55")
            page.line(
                smooth(
                    [
                        (500 + side * 62, 436 + step * 13),
                        (500 + side * 170, 424 + step * 26),
                        (500 + side * 290, 410 + step * 44),
                    ]
                ),
                "#ffffff",
                3,
            )
        page.shaded(ring(500 + side * 42, 442, 60, 46), "#f4f0f4", "#cfcbdc")
        page.circle(500 + side * 78, 345, 50, "#14101c")
    page.polygon([(470, 404), (530, 404), (500, 434)], "#f2707f")
    page.line(smooth([(440, 470), (472, 484), (500, 464), (528, 484), (560, 470)]), "#14101c", 5)
    page.line(smooth([(330, 560), (420, 600), (500, 610), (580, 600), (670, 560)]), "#f2c14e", 24)
    for step in range(9):
        page.circle(352 + step * 37, 574 + 34 * sin((step + 0.5) / 9 * 3.14), 15, None, "#b37a10", 5)
