"""Wide screenshots: an article in a browser, a desktop with a window, a frame of a video.

Themes, words, names, sizes and places are rolled, so that no two screens are alike.
"""

from PIL import Image

from lab.edits.kit import Canvas, Dice, filled, inside, readable
from lab.edits.themes import ACCENTS, DARKS, Theme, icon, theme
from lab.edits.words import clock, name, paragraph, phrase, sentence


def web_page(image: Image.Image, dice: Dice) -> Image.Image:
    """A browser's screenshot of an article: headline, columns of text, adverts, the picture among them."""
    look = theme(dice, dice.random() < 0.2)
    page = Canvas.plain((1240, 800), look.ground)
    _browser_bar(page, 1240, look, dice)
    page.box(0, 84, 1240, 64, look.accent)
    page.text(
        60,
        116,
        dice.choice(("The Daily Kettle", "Harbour Post", "Nine Hills Weekly", "Lamplight")),
        34,
        "#ffffff",
        "lm",
        1,
    )
    y = page.block(60, 170, 760, sentence(dice, 5, 9), 40, look.ink, 2) + 8
    page.text(60, y + 8, f"By {name(dice)}, {clock(dice)}", 18, look.faint)
    shown = inside(image, dice.uniform(430, 760), dice.uniform(330, 500))
    left = dice.random() < 0.5
    page.place(shown, 60 if left else 820 - shown.width, y + 36)
    page.text(60 if left else 820 - shown.width, y + 52 + shown.height, phrase(dice, 3, 6), 15, look.faint)
    if shown.width < 560:
        page.block(
            60 + shown.width + 24 if left else 60, y + 36, 736 - shown.width, paragraph(dice, 9), 18, look.ink, 20
        )
    for column in range(2):
        page.block(60 + column * 390, y + shown.height + 76, 360, paragraph(dice, 8), 18, look.ink, 16)
    _side_column(page, look, dice)
    return page.image


def _browser_bar(page: Canvas, width: int, look: Theme, dice: Dice) -> None:
    page.box(0, 0, width, 84, look.card)
    page.box(14, 8, 260, 34, look.ground, 10)
    page.text(34, 26, phrase(dice, 2, 3), 16, look.ink)
    for at, kind in enumerate(("arrow", *look.icons[:2])):
        icon(page, kind, 30 + at * 36, 62, 10, look.faint)
    page.box(130, 48, width - 220, 28, look.ground, 14)
    page.text(150, 62, f"{phrase(dice, 1, 1)}.example/{phrase(dice, 1, 1)}/{dice.randint(100, 9999)}", 16, look.faint)


def _side_column(page: Canvas, look: Theme, dice: Dice) -> None:
    """Headlines with small pictures of others, and an advert."""
    y = 180.0
    for other in dice.others(3):
        page.place(filled(other, 110, 80), 870, y)
        page.block(995, y, 200, sentence(dice, 4, 7), 17, look.ink, 3)
        y += 108
    ground = dice.choice(ACCENTS)
    page.box(870, y + 10, 320, 230, ground, 8)
    page.block(895, y + 40, 270, sentence(dice, 4, 7), 36, readable(ground), 4)


def desktop(image: Image.Image, dice: Dice) -> Image.Image:
    """A desktop's screenshot: wallpaper, icons, and a window that shows the picture."""
    look = theme(dice)
    page = Canvas(_wallpaper(dice))
    shown = inside(image, dice.uniform(480, 800), 540)
    w, h = max(shown.width + 2 * dice.choice((0, 24)), 320), shown.height + 100
    x, y = dice.uniform(90, max(91, 1180 - w - 20)), dice.uniform(20, max(21, 690 - h))
    page.box(x + 8, y + 10, w, h, "#00000060", 12)
    page.box(x, y, w, h, look.ground, 10)
    for step, ink in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        page.circle(x + 22 + step * 24, y + 22, 7, ink)
    page.text(x + w / 2, y + 22, f"{phrase(dice, 1, 2).replace(' ', '_')}.jpg", 17, look.ink, "mm")
    for at, kind in enumerate(look.icons[:6]):
        icon(page, kind, x + 28 + at * 46, y + 56, 11, look.faint)
    page.place(shown, x + (w - shown.width) / 2, y + 76)
    _task_bar(page, look, dice)
    return page.image


def _wallpaper(dice: Dice) -> Image.Image:
    if dice.random() < 0.4:
        return filled(dice.others(1)[0], 1180, 740)
    side = [Image.new("RGB", (1, 1), dice.choice(ACCENTS)) for _ in range(2)]
    strip = Image.new("RGB", (2, 2), dice.choice(DARKS))
    for at, one in enumerate(side):
        strip.paste(one, (at, at))
    return strip.resize((1180, 740), Image.Resampling.BICUBIC)


def _task_bar(page: Canvas, look: Theme, dice: Dice) -> None:
    for row in range(dice.randint(2, 6)):
        page.box(24, 24 + row * 96, 48, 48, dice.choice(ACCENTS), 10)
        icon(page, look.icons[row], 48, 48 + row * 96, 14, "#ffffff")
        page.text(48, 84 + row * 96, phrase(dice, 1, 1), 14, "#ffffff", "mm")
    page.box(0, 696, 1180, 44, look.card)
    for step in range(dice.randint(4, 9)):
        page.box(20 + step * 50, 703, 30, 30, dice.choice(ACCENTS), 7)
        icon(page, look.icons[step % 9], 35 + step * 50, 718, 9, "#ffffff")
    page.text(1160, 718, clock(dice), 18, look.ink, "rm")


def video_player(image: Image.Image, dice: Dice) -> Image.Image:
    """A frame of a video: black bars, progress, buttons, sometimes a title and a large play button."""
    width, height = dice.choice(((960, 540), (900, 506), (720, 720)))
    page = Canvas.plain((width, height), "#000000")
    shown = inside(image, width, height) if dice.random() < 0.6 else filled(image, width, height)
    page.place(shown, (width - shown.width) / 2, (height - shown.height) / 2)
    page.pen.rectangle((0, height - 70, width, height), fill="#00000090")
    done = dice.uniform(0.05, 0.9) * (width - 40)
    page.box(20, height - 56, width - 40, 5, "#ffffff60")
    page.box(20, height - 56, done, 5, dice.choice(ACCENTS))
    page.circle(20 + done, height - 54, 9, "#ffffff")
    page.pen.polygon([(24, height - 38), (24, height - 14), (44, height - 26)], fill="#ffffff")
    page.text(64, height - 26, f"{clock(dice)} / {clock(dice)}", 18, "#ffffff")
    page.text(width - 24, height - 26, dice.choice(("HD", "CC  HD", "1x  CC  HD")), 18, "#ffffff", "rm")
    if dice.random() < 0.5:
        page.circle(width / 2, height / 2, 46, "#000000a0")
        page.pen.polygon(
            [(width / 2 - 14, height / 2 - 24), (width / 2 - 14, height / 2 + 24), (width / 2 + 28, height / 2)],
            fill="#ffffff",
        )
    if dice.random() < 0.5:
        page.pen.rectangle((0, 0, width, 52), fill="#00000080")
        page.text(20, 26, sentence(dice, 3, 8), 22, "#ffffff")
    return page.image
