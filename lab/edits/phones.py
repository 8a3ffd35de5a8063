"""Screenshots of a phone: chat, post, story, photo viewer, settings.

`chat`, `post` and `settings` take a Theme, so that two screens of the same app can be made.
"""

from PIL import Image, ImageEnhance, ImageFilter

from lab.drawings.kit import font
from lab.edits.kit import Canvas, Dice, filled, inside, readable, wrapped
from lab.edits.themes import ACCENTS, PHONE, Theme, app_bar, avatar, icon, status_bar, tab_bar, theme
from lab.edits.words import clock, count, name, paragraph, phrase, sentence


def chat(image: Image.Image | None, dice: Dice, look: Theme) -> Image.Image:
    """A conversation, with the picture in one of its bubbles if there is one."""
    page = Canvas.plain(PHONE, look.ground)
    y, at = 136.0 + dice.uniform(0, 30), dice.randint(0, 3)
    for row in range(14):
        if y < 1170:
            y = _shown(page, image, y, look, dice) if image and row == at else _said(page, y, look, dice)
    _chat_edges(page, look, dice)
    return page.image


def _said(page: Canvas, y: float, look: Theme, dice: Dice) -> float:
    """A bubble with words; gives where the next one starts."""
    size = look.type_size
    lines = wrapped(sentence(dice, 1, 14), size, 430)
    width, height = max(font(size).getlength(line) for line in lines) + 44, len(lines) * size * 1.35 + 46
    mine = dice.random() < 0.5
    x, ground = (PHONE[0] - width - 24, look.accent) if mine else (84, look.card)
    page.box(x, y, width, height, ground, look.radius)
    if not mine:
        avatar(page, 46, y + height - 26, 24, dice)
    for row, line in enumerate(lines):
        page.text(x + 20, y + 26 + row * size * 1.35, line, size, readable(ground))
    page.text(x + width - 14, y + height - 15, clock(dice), 14, readable(ground), "rm")
    return y + height + dice.choice((8, 16, 28))


def _shown(page: Canvas, image: Image.Image, y: float, look: Theme, dice: Dice) -> float:
    """A bubble with the picture, and perhaps a line below it."""
    shown = inside(image, dice.uniform(400, 540), min(640, 1110 - y))
    mine = dice.random() < 0.5
    x = PHONE[0] - shown.width - 36 if mine else 92
    words = wrapped(sentence(dice, 2, 8), 22, max(160, shown.width - 10))[:2] if dice.random() < 0.4 else []
    ground = look.accent if mine else look.card
    page.box(x - 8, y, shown.width + 16, shown.height + 16 + len(words) * 32, ground, look.radius)
    page.place(shown, x, y + 8, look.radius * 0.7)
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
    for at, kind in enumerate(look.icons[:2]):
        icon(page, kind, 672 - at * 64, 84, 16, look.ink)
    page.line([(0, 121), (720, 121)], look.line)
    page.box(0, 1184, 720, 96, look.ground)
    page.box(70, 1200, 560, 56, look.card, 28)
    page.text(98, 1228, "Message", 22, look.faint)
    icon(page, look.icons[2], 38, 1228, 16, look.faint)
    page.circle(674, 1228, 27, look.accent)
    icon(page, "arrow", 676, 1228, 13, readable(look.accent))


def chat_light(image: Image.Image, dice: Dice) -> Image.Image:
    """A phone's screenshot of a chat in a light theme, the picture in a bubble."""
    return chat(image, dice, theme(dice, dark=False))


def chat_dark(image: Image.Image, dice: Dice) -> Image.Image:
    """The same in a dark theme."""
    return chat(image, dice, theme(dice, dark=True))


def social_post(image: Image.Image, dice: Dice) -> Image.Image:
    """A phone's screenshot of a post: avatar, words, the picture, likes, comments."""
    return post(image, dice, theme(dice))


def post(image: Image.Image, dice: Dice, look: Theme) -> Image.Image:
    """A post of this app."""
    page = Canvas.plain(PHONE, look.ground)
    status_bar(page, look, dice)
    app_bar(page, look)
    avatar(page, 74, 172, 34, dice)
    page.text(124, 158, name(dice), 26, look.ink, "lm", 0.5)
    page.text(124, 190, f"@{phrase(dice, 1, 1)}_{phrase(dice, 1, 1)}  {dice.randint(1, 59)} min", 20, look.faint)
    icon(page, "dots", 672, 172, 16, look.faint)
    y = page.block(36, 220, 640, paragraph(dice, dice.randint(0, 2)), look.type_size, look.ink, 4) + 12
    shown = inside(image, 720 - 2 * look.margin, 760)
    page.place(shown, (720 - shown.width) / 2, y, look.radius * 0.7 if look.margin else 0)
    _below(page, y + shown.height, look, dice)
    return page.image


def _below(page: Canvas, y: float, look: Theme, dice: Dice) -> None:
    """Buttons, likes, as many comments as fit, and the bar at the bottom."""
    for at, kind in enumerate(look.icons[4:8]):
        icon(page, kind, 50 + at * 120, y + 38, 14, look.accent if at == 0 else look.faint)
        page.text(74 + at * 120, y + 38, count(dice), 18, look.faint)
    top = y + 100
    while top < 1140:
        avatar(page, 58, top, 22, dice)
        page.text(96, top - 13, name(dice), 20, look.ink, "lm", 0.4)
        page.text(96, top + 14, phrase(dice, 2, 7), 20, look.faint)
        top += 70
    tab_bar(page, look)


def settings(dice: Dice, look: Theme) -> Image.Image:
    """A page of switches and lists, without any picture."""
    page = Canvas.plain(PHONE, look.ground)
    status_bar(page, look, dice)
    app_bar(page, look)
    y = 140
    while y < 1150:
        page.text(36, y + 26, phrase(dice, 1, 2).title(), 20, look.accent, "lm", 0.4)
        rows = dice.randint(2, 4)
        page.box(18, y + 48, 684, rows * 82, look.card, look.radius)
        for row in range(rows):
            _setting(page, y + 89 + row * 82, look, dice)
        y += rows * 82 + 72
    tab_bar(page, look)
    return page.image


def _setting(page: Canvas, y: float, look: Theme, dice: Dice) -> None:
    page.box(36, y - 24, 48, 48, dice.choice(ACCENTS), 12)
    icon(page, dice.choice(look.icons), 60, y, 14, "#ffffff")
    page.text(104, y - 13, phrase(dice, 1, 3).capitalize(), 24, look.ink)
    page.text(104, y + 16, phrase(dice, 2, 5), 17, look.faint)
    if dice.random() < 0.5:
        on = dice.random() < 0.5
        page.box(612, y - 17, 64, 34, look.accent if on else look.faint, 17)
        page.circle(658 if on else 630, y, 13, "#ffffff")
    else:
        page.text(660, y, phrase(dice, 1, 1), 20, look.faint, "rm")
        page.line([(670, y - 8), (678, y), (670, y + 8)], look.faint, 3)


def story(image: Image.Image, dice: Dice) -> Image.Image:
    """Upright and full-screen on a blurred enlargement of itself, with a story's bars and reply field."""
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
    for at, kind in enumerate(look.icons[:5]):
        icon(page, kind, 72 + at * 144, 1222, 18, look.accent if at == 1 else look.faint)
    return page.image
