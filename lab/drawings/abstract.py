"""The demo's artworks, third room: three pictures of nothing in particular."""

from math import cos, hypot, sin

from PIL import Image

from lab.drawings.kit import LANDSCAPE, Grey, Sheet, Spot, clouds, gradient, leaf, paper, ring, smooth, turned

SUNS = ((240.0, 210.0, 1.0), (760.0, 290.0, -1.0), (480.0, 640.0, 1.0))


def tiles() -> Image.Image:
    """Forty-eight tiles of quarter circles, bars and dots."""
    page = Sheet(gradient(LANDSCAPE, "#f3ead8", "#f3ead8"), seed=44)
    inks = ("#e4572e", "#17bebb", "#ffc914", "#2e282a", "#76b041", "#3d5a98", "#f3ead8")
    for row in range(6):
        for column in range(8):
            x, y, back = column * 125.0, row * 125.0, page.pick(inks)
            page.rect(x, y, 125, 125, back)
            ink, third = (page.pick([one for one in inks if one != back]) for _ in range(2))
            _tile(page, x, y, int(page.roll(0, 7)), ink, third)
    page.mottle(44, 30)
    return page.finish(9)


def _tile(page: Sheet, x: float, y: float, kind: int, ink: str, third: str) -> None:
    turn = int(page.roll(0, 4)) * 90
    corner = turned([(-62.5, -62.5)], x + 62.5, y + 62.5, turn)[0]
    middle = (x + 62.5, y + 62.5)
    if kind in (0, 1):
        for r, colour in ((125, ink), (80, third), (38, ink)) if kind else ((125, ink), (62, third)):
            page.polygon([corner, *ring(*corner, r, r, turn, 0, 90)], colour)
    elif kind == 2:
        page.polygon(ring(*middle, 62, 62, turn, 0, 180), ink)
        page.polygon(turned(ring(0, -62, 62, 62, 0, 0, 180), *middle, turn), third)
    elif kind == 3:
        for step in range(4):
            y = -50 + step * 31
            page.polygon(turned([(-62, y), (62, y), (62, y + 14), (-62, y + 14)], *middle, turn), ink)
    elif kind == 4:
        for step in range(9):
            page.circle(x + 22 + step % 3 * 40, y + 22 + step // 3 * 40, 13, third if step == 4 else ink)
    elif kind == 5:
        page.polygon(turned([(-62, -62), (62, 62), (-62, 62)], *middle, turn), ink)
        page.circle(*turned([(-20, 20)], *middle, turn)[0], 20, third)
    else:
        for side in (-1, 1):
            page.polygon(turned(leaf(-62, 62 * side, 175, 70, -45 * side), *middle, turn), ink if side > 0 else third)


def composition() -> Image.Image:
    """Circles, beams and a chessboard in balance."""
    page = Sheet(paper(LANDSCAPE, "#f2e8d5", "#e2d2b0", 45), seed=45)
    page.polygon([(60, 720), (620, 40), (720, 90), (210, 750)], "#d9b44a55")
    page.glow(300, 270, 250, "#7a2048", 0.65)
    for size, ink in ((150, "#1d1a26"), (122, "#7a2048"), (84, "#1d1a26"), (44, "#e4572e")):
        page.circle(300, 270, size, ink)
    for row in range(5):
        for column in range(7):
            spot = turned([(0, 0), (36, 0), (44, 30), (8, 30)], 620 + column * 36 + row * 8, 430 + row * 30, -12)
            page.polygon(spot, ("#1d1a26", "#f6f0e2", "#2a7f9e")[(row + column * 2) % 3])
    for points, colour in (
        ([(520, 140), (930, 90), (700, 330)], "#2a7f9ecc"),
        ([(130, 660), (330, 430), (420, 690)], "#e4572ecc"),
        ([(640, 180), (860, 380), (560, 400)], "#f2b134cc"),
    ):
        page.polygon(points, colour)
    for step in range(9):
        page.line(
            [(40 + step * 16, 60), (560 + step * 34, 700)], ("#1d1a26", "#7a2048")[step % 2], 1.5 + step % 3 * 1.6
        )
    for step in range(7):
        page.line(
            ring(840, 560, 40 + step * 19, 40 + step * 19, -60, 0, 150 + step * 17),
            ("#1d1a26", "#e4572e", "#2a7f9e")[step % 3],
            5,
        )
    for _ in range(34):
        x, y, r = page.roll(30, 970), page.roll(30, 720), page.roll(6, 26)
        page.circle(x, y, r, page.pick(("#e4572e", "#2a7f9e", "#f2b134", "#7a2048", "#5f8a5a")) + "dd")
        page.circle(x, y, r * 0.45, page.pick(("#f6f0e2", "#1d1a26")))
    page.line(smooth([(60, 180), (180, 60), (330, 130), (470, 40), (640, 110), (800, 30), (960, 120)]), "#1d1a26", 7)
    page.mottle(45, 18)
    return page.finish(8)


def currents() -> Image.Image:
    """Thousands of brush strokes that follow an invisible wind around three suns."""
    page = Sheet(gradient(LANDSCAPE, "#0b1d51", "#14406b"), seed=46)
    wind = clouds(LANDSCAPE, 46, 3, 2)
    inks = ("#0f3d73", "#1f6fa8", "#3f9fd0", "#9fdbe8", "#fde74c", "#f9a03f", "#f3722c")
    for _ in range(2600):
        x, y = page.roll(-20, 1020), page.roll(-20, 770)
        near = min(hypot(x - sun[0], y - sun[1]) for sun in SUNS)
        heat = max(0.0, 1 - near / 250) + 0.25 * float(wind[int(y) % 750, int(x) % 1000])
        ink = inks[min(6, max(0, int(heat * 6.4 + page.roll(-0.9, 1.1))))]
        page.line(_stroke(x, y, wind), ink, page.roll(2.5, 6.5))
    for x, y, _ in SUNS:
        page.glow(x, y, 80, "#fff7c2", 1.0)
    return page.finish(5)


def _stroke(x: float, y: float, wind: Grey) -> list[Spot]:
    """Six short steps along the wind; close to a sun the wind turns around it."""
    way = [(x, y)]
    for _ in range(6):
        angle = float(wind[int(y) % 750, int(x) % 1000]) * 5
        dx, dy = cos(angle), sin(angle)
        for sx, sy, spin in SUNS:
            near = hypot(x - sx, y - sy) + 1
            pull = 3 * max(0.0, 1 - near / 270)
            dx, dy = dx - spin * pull * (y - sy) / near, dy + spin * pull * (x - sx) / near
        length = hypot(dx, dy) + 1e-6
        x, y = x + 9 * dx / length, y + 9 * dy / length
        way.append((x, y))
    return way
