"""Screenshots: the picture inside the interface of a made-up app, a page, a desktop, a story or a player.

Themes, words, names, sizes and places are rolled, so that no two screens are alike.
"""

from dataclasses import dataclass

from PIL import Image, ImageEnhance, ImageFilter

from lab.drawings_kit import font, mix
from lab.edits_kit import Canvas, Dice, filled, inside, readable, wrapped
from lab.edits_words import APPS, clock, count, name, paragraph, phrase, sentence

PHONE = (720, 1280)
ACCENTS = ("#e0245e", "#1d9bf0", "#00a884", "#7c4dff", "#ff7043", "#0a84ff", "#2e7d32", "#c2185b", "#f9a825")
LIGHTS = ("#ffffff", "#f7f7f5", "#eef1f5", "#efe7dd", "#f3eefb")
DARKS = ("#101216", "#000000", "#17212b", "#1e1b24", "#0b141a")


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of a made-up app."""

    ground: str
    card: str
    ink: str
    faint: str
    line: str
    accent: str


def theme(dice: Dice, dark: bool | None = None) -> Theme:
    """A light or a dark theme; which, the dice say unless it is given."""
    night = dice.random() < 0.5 if dark is None else dark
    ground = dice.choice(DARKS if night else LIGHTS)
    ink = "#f2f4f8" if night else "#14171c"
    return Theme(
        ground=ground,
        card=mix(ground, ink, 0.11 if night else 0.07),
        ink=ink,
        faint=mix(ground, ink, 0.5),
        line=mix(ground, ink, 0.14),
        accent=dice.choice(ACCENTS),
    )


def avatar(page: Canvas, x: float, y: float, r: float, dice: Dice) -> None:
    """A round face in two colours, or an initial."""
    back = dice.choice(ACCENTS)
    page.circle(x, y, r, back)
    if dice.random() < 0.5:
        page.text(x, y, name(dice)[0], max(7, round(r)), readable(back), "mm", 0.5)
    else:
        face = dice.choice(("#ffd166", "#fff1d6", "#e8b48c", "#8d5a3c"))
        page.circle(x, y - r * 0.2, r * 0.42, face)
        page.pen.pieslice((x - r * 0.7, y + r * 0.2, x + r * 0.7, y + r * 1.5), 200, 340, fill=face)


def status_bar(page: Canvas, look: Theme, dice: Dice) -> None:
    """The strip above every app: time, signal, battery."""
    page.text(36, 26, clock(dice), 22, look.ink, "lm", 0.4)
    for step in range(dice.randint(2, 4)):
        page.box(574 + step * 9, 33 - step * 4, 6, 4 + step * 4, look.ink)
    page.text(624, 26, dice.choice(("5G", "4G", "LTE", "H+")), 16, look.ink, "lm")
    page.box(656, 16, 42, 20, look.faint, 6)
    page.box(656, 16, dice.randint(8, 42), 20, look.ink, 6)


def chat(image: Image.Image, dice: Dice, dark: bool | None = None) -> Image.Image:
    """A conversation with the picture in one of its bubbles."""
    look = theme(dice, dark)
    page = Canvas.plain(PHONE, look.ground)
    y, at = 136.0 + dice.uniform(0, 30), dice.randint(1, 4)
    for row in range(14):
        if y > 1170:
            break
        y = _shown(page, image, y, look, dice) if row == at else _said(page, y, look, dice)
    _chat_edges(page, look, dice)
    return page.image


def _said(page: Canvas, y: float, look: Theme, dice: Dice) -> float:
    size = 24
    lines = wrapped(sentence(dice, 1, 14), size, 430)
    width, height = max(font(size).getlength(line) for line in lines) + 44, len(lines) * size * 1.35 + 46
    mine = dice.random() < 0.5
    x, ground = (PHONE[0] - width - 24, look.accent) if mine else (84, look.card)
    page.box(x, y, width, height, ground, 22)
    if not mine:
        avatar(page, 46, y + height - 26, 24, dice)
    for row, line in enumerate(lines):
        page.text(x + 20, y + 26 + row * size * 1.35, line, size, readable(ground))
    page.text(x + width - 14, y + height - 15, clock(dice), 14, readable(ground), "rm")
    return y + height + dice.choice((8, 16, 28))


def _shown(page: Canvas, image: Image.Image, y: float, look: Theme, dice: Dice) -> float:
    shown = inside(image, dice.uniform(400, 540), 620)
    mine = dice.random() < 0.5
    x = PHONE[0] - shown.width - 36 if mine else 92
    words = wrapped(sentence(dice, 2, 8), 22, shown.width - 10) if dice.random() < 0.4 else []
    ground = look.accent if mine else look.card
    page.box(x - 8, y, shown.width + 16, shown.height + 16 + len(words) * 32, ground, 20)
    page.place(shown, x, y + 8, 14)
    for row, line in enumerate(words):
        page.text(x + 6, y + shown.height + 26 + row * 30, line, 22, readable(ground))
    return y + shown.height + len(words) * 32 + 36


def _chat_edges(page: Canvas, look: Theme, dice: Dice) -> None:
    """The bar with the name above, and the field to type into below."""
    page.box(0, 0, 720, 122, look.ground)
    status_bar(page, look, dice)
    page.line([(46, 66), (30, 82), (46, 98)], look.ink, 4)
    avatar(page, 98, 84, 28, dice)
    page.text(142, 72, name(dice), 25, look.ink, "lm", 0.5)
    page.text(142, 100, dice.choice(("online", "typing...", f"last seen {clock(dice)}", "3 members")), 18, look.faint)
    page.line([(0, 121), (720, 121)], look.line)
    page.box(0, 1184, 720, 96, look.ground)
    page.box(70, 1200, 560, 56, look.card, 28)
    page.text(98, 1228, dice.choice(("Message", "Type here", "Write a message...")), 22, look.faint)
    page.circle(38, 1228, 18, look.faint)
    page.circle(674, 1228, 26, look.accent)


def chat_light(image: Image.Image, dice: Dice) -> Image.Image:
    """A phone's screenshot of a chat in a light theme, the picture in a bubble."""
    return chat(image, dice, dark=False)


def chat_dark(image: Image.Image, dice: Dice) -> Image.Image:
    """The same in a dark theme."""
    return chat(image, dice, dark=True)


def social_post(image: Image.Image, dice: Dice) -> Image.Image:
    """A phone's screenshot of a post: avatar, words, the picture, likes, comments."""
    return post(image, dice)


def post(image: Image.Image, dice: Dice, dark: bool | None = None) -> Image.Image:
    look = theme(dice, dark)
    page = Canvas.plain(PHONE, look.ground)
    status_bar(page, look, dice)
    page.text(36, 86, dice.choice(APPS), 36, look.accent if dice.random() < 0.3 else look.ink, "lm", 1)
    page.circle(672, 86, 16, look.faint)
    page.line([(0, 122), (720, 122)], look.line)
    avatar(page, 74, 172, 34, dice)
    page.text(124, 158, name(dice), 26, look.ink, "lm", 0.5)
    page.text(124, 190, f"@{phrase(dice, 1, 1)}_{phrase(dice, 1, 1)}  {dice.randint(1, 59)} min", 20, look.faint)
    y = page.block(36, 220, 640, paragraph(dice, dice.randint(0, 2)), 24, look.ink, 4) + 12
    shown = inside(image, 720 - 2 * dice.choice((0, 18, 36)), 760)
    page.place(shown, (720 - shown.width) / 2, y, dice.choice((0, 0, 16)))
    _below(page, y + shown.height, look, dice)
    return page.image


def _below(page: Canvas, y: float, look: Theme, dice: Dice) -> None:
    """Buttons, likes, as many comments as fit, and the bar at the bottom."""
    for step in range(dice.randint(3, 5)):
        x = 36 + step * dice.choice((96, 120))
        page.circle(x + 14, y + 38, 14, look.accent if step == 0 else look.faint)
        page.text(x + 36, y + 38, count(dice), 18, look.faint)
    top = y + 100
    while top < 1140:
        avatar(page, 58, top, 22, dice)
        page.text(96, top - 13, name(dice), 20, look.ink, "lm", 0.4)
        page.text(96, top + 14, phrase(dice, 2, 7), 20, look.faint)
        top += 70
    page.box(0, 1196, 720, 84, look.ground)
    page.line([(0, 1196), (720, 1196)], look.line)
    for step in range(5):
        page.circle(72 + step * 144, 1234, 16, look.accent if step == 2 else look.faint)


def story(image: Image.Image, dice: Dice) -> Image.Image:
    """Upright and full-screen on a blurred enlargement or a gradient, with a story's bars and reply field."""
    back = (
        filled(image, 90, 160)
        .filter(ImageFilter.GaussianBlur(dice.uniform(3, 6)))
        .resize(PHONE, Image.Resampling.BICUBIC)
    )
    page = Canvas(ImageEnhance.Brightness(back).enhance(dice.uniform(0.4, 0.8)))
    bars = dice.randint(1, 6)
    for step in range(bars):
        page.box(24 + step * 672 / bars, 24, 672 / bars - 8, 6, "#ffffff" if step < bars / 2 else "#ffffff66", 3)
    avatar(page, 60, 76, 28, dice)
    page.text(104, 76, f"{name(dice)}  {dice.randint(1, 23)} h", 24, "#ffffff", "lm", 0.4)
    shown = inside(image, 720 * dice.uniform(0.8, 1), 900)
    y = 130 + (1050 - shown.height) * dice.uniform(0.3, 0.7)
    page.place(shown, (720 - shown.width) / 2, y, dice.choice((0, 18)))
    if dice.random() < 0.6:
        _tag(page, y + shown.height * dice.choice((0.12, 0.85, 1.08)), dice)
    page.box(36, 1190, 520, 62, "#ffffff33", 31)
    page.text(66, 1221, "Send a message", 22, "#ffffff")
    return page.image


def _tag(page: Canvas, y: float, dice: Dice) -> None:
    """Words on a slip of colour, as stories have them."""
    ground, text = dice.choice((*ACCENTS, "#ffffff", "#000000")), phrase(dice, 2, 4)
    width = font(40).getlength(text) + 40
    page.box((720 - width) / 2, y - 34, width, 68, ground, 12)
    page.text(360, y, text, 40, readable(ground), "mm", 0.6)


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
    for step in range(3):
        page.circle(30 + step * 34, 62, 9, look.faint)
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
    for step in range(6):
        page.box(x + 14 + step * 44, y + 46, 32, 22, look.card, 5)
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
        page.text(48, 84 + row * 96, phrase(dice, 1, 1), 14, "#ffffff", "mm")
    page.box(0, 696, 1180, 44, look.card)
    for step in range(dice.randint(4, 9)):
        page.box(20 + step * 50, 703, 30, 30, dice.choice(ACCENTS), 7)
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


def gallery(image: Image.Image, dice: Dice) -> Image.Image:
    """A phone's photo viewer: the picture across the screen on black or white, small ones below."""
    look = theme(dice)
    page = Canvas.plain(PHONE, "#000000" if readable(look.ground) == "#ffffff" else "#ffffff")
    status_bar(page, look, dice)
    page.text(360, 80, f"{clock(dice)}, {phrase(dice, 1, 2)}", 24, look.ink, "mm")
    shown = inside(image, 720, 900)
    page.place(shown, (720 - shown.width) / 2, 130 + (930 - shown.height) / 2)
    for at, other in enumerate(dice.others(6)):
        page.place(filled(other, 80, 80), 100 + at * 88, 1080)
    for step in range(5):
        page.circle(72 + step * 144, 1222, 18, look.accent if step == 1 else look.faint)
    return page.image
