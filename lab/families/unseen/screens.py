"""What screens show: shops, videos, weather and scores.

app_store_page    another app (name, icon, screenshots, facts) on the same page of the shop
video_thumbnail   another episode of the channel: number, words, photograph, face
weather_app       the temperature of now; or the whole forecast; or another city
scoreboard        a score; score and clock; or other teams
"""

from collections.abc import Sequence
from random import Random

from PIL import Image

from core.types import What
from lab.drawings.kit import Sheet, gradient, mix, ring, star
from lab.edits import words
from lab.edits.kit import readable
from lab.families.kit import Family, Twins, photograph, typeface
from lab.families.unseen.tickets import HEADS, Fields, Look, Page, art, changed, ground, hsv, look_of, told, town, twins

SHOPS = ("Appharbour", "Kiosk+", "The App Barn", "Softmarkt", "Orchard Store", "App Depot")
KINDS = ("Photo & Video", "Productivity", "Health", "Games", "Travel", "Music", "Finance", "Education")
FACTS = ("RATING", "AGE", "CHART", "SIZE")


def app_store_page(dice: Random) -> Twins:
    """The page of another app in the same shop."""
    one, other = dice.getrandbits(64), dice.getrandbits(64)
    says = f"the app: {town(Random(one))} became {town(Random(other))}, with its icon and screenshots"
    return twins(dice, dice.choice((_phone_shop, _phone_shop, _wide_shop)), one, other, What.PICTURE, says)


def _shot(own: Random, look: Look, width: int, height: int) -> Image.Image:
    """A screenshot as shops show it: a caption over a photograph, or over a list in a box."""
    page, edge = Page(gradient((width, height), look.second, look.accent)), round(width * 0.09)
    inner = (width - 2 * edge, height - round(height * 0.2) - edge)
    if own.random() < 0.55:
        page.place(photograph(own, *inner), edge, height - inner[1] - edge, 12)
    else:
        page.box(edge, height - inner[1] - edge, *inner, look.panel, 12)
        for row in range(height - inner[1], height - edge - 26, 34):
            page.box(edge + 12, row, 22, 22, hsv(own.random(), 0.6, 0.8), 6)
            page.box(edge + 44, row + 5, own.uniform(0.3, 1) * (inner[0] - 62), 11, look.faint, 5)
    ink, caption = readable(look.second), words.phrase(own, 2, 4).capitalize()
    page.words(width / 2, height * 0.1, caption, 24, ink, look.head, "mm", width - 16)
    return page.image


def _heading(page: Page, look: Look, own: Random, name: str, x: int, y: int, side: int, verb: str) -> None:
    """The icon, the name, who made it, and the button."""
    room = page.image.width - x - side - 46 - (230 if page.image.width > 700 else 0)
    icon = Page(art(own, look_of(own), (side, side)) if own.random() < 0.7 else photograph(own, side, side))
    icon.words(side / 2, side / 2, own.choice("ABEGKMNQRSTWZ"), round(side * 0.6), "#ffffff", own.choice(HEADS), "mm")
    page.place(icon.image, x, y, side / 5)
    page.words(x + side + 22, y + 18, name, 38, look.ink, look.head, wide=room)
    maker = f"{own.choice(words.NAMES).split()[0]} {own.choice(('Labs', 'Studio', 'Works'))} · {own.choice(KINDS)}"
    page.words(x + side + 22, y + 54, maker, 18, look.faint, look.body, wide=room)
    page.box(x + side + 22, y + side - 38, 116, 38, look.accent, 19)
    page.words(x + side + 80, y + side - 19, verb, 18, readable(look.accent), "bold", "mm")


def _facts(page: Page, look: Look, own: Random, x: float, y: float, width: float) -> None:
    values = (f"{own.uniform(3.1, 4.9):.1f} ★", f"{own.choice((4, 9, 12, 17))}+", f"No {own.randint(1, 90)}")
    for at, (name, value) in enumerate(zip(FACTS, (*values, f"{own.randint(9, 480)} MB"), strict=True)):
        middle = x + (at + 0.5) * width / 4
        page.words(middle, y, name, 13, look.faint, look.body, "mm")
        page.words(middle, y + 30, value, 24, look.ink, look.head, "mm", width / 4 - 8)


def _phone_shop(dice: Random, app: int) -> Image.Image:
    look, own, (w, h) = look_of(dice), Random(app), dice.choice(((540, 1040), (500, 1000), (600, 1080)))
    page, name, side = Page(Image.new("RGB", (w, h), look.ground)), town(own), dice.randint(100, 140)
    page.words(24, 70, f"< {dice.choice(SHOPS)}", 22, look.accent, look.body)
    _heading(page, look, own, name, 24, 104, side, dice.choice(("GET", "OPEN", "Install", "FREE")))
    y = 104 + side + 40
    _facts(page, look, own, 12, y + 4, w - 24)
    (count, share, tall), theme = dice.choice(((2, 0.43, 390), (3, 0.3, 330), (1, 0.9, 330))), look_of(own)
    for at in range(count):
        page.place(_shot(own, theme, round(w * share), tall), 24 + at * (round(w * share) + 14), y + 64, 16)
    y += tall + 98
    page.words(24, y, "About this app", 24, look.ink, look.head)
    page.block(24, y + 24, w - 48, words.paragraph(own, 14), 17, look.ink, (h - y - 110) // 24)
    page.box(0, h - 66, w, 66, look.panel)
    for at, tab in enumerate(("Today", "Games", "Apps", "Search")):
        page.box((at + 0.5) * w / 4 - 10, h - 54, 20, 20, look.accent if at == 2 else look.faint, 6)
        page.words((at + 0.5) * w / 4, h - 18, tab, 14, look.faint, look.body, "mm")
    return page.image


def _wide_shop(dice: Random, app: int) -> Image.Image:
    look, own, (w, h) = look_of(dice), Random(app), dice.choice(((1080, 720), (1000, 760), (1060, 680)))
    page, name, side, x = Page(Image.new("RGB", (w, h), look.ground)), town(own), dice.randint(110, 150), 170
    page.box(0, 0, w, 58, look.panel)
    page.words(28, 29, dice.choice(SHOPS), 26, look.accent, look.head)
    for at, tab in enumerate(("Home", "Games", "Work", "Children", "Top lists", "My apps")):
        page.words(28, 104 + at * 44, tab, 18, look.ink if at else look.accent, look.body)
    _heading(page, look, own, name, x, 88, side, dice.choice(("Get", "Install", "Download")))
    _facts(page, look, own, x, 88 + side + 34, w - x - 40)
    wide, tall, theme = (w - x - 60) // 3, h - side - 330, look_of(own)
    for at in range(3):
        page.place(_shot(own, theme, wide, tall), x + at * (wide + 14), 88 + side + 96, 12)
    page.block(x, h - 124, w - x - 40, words.paragraph(own, 6), 17, look.ink, 4)
    return page.image


TITLES = ("我们的旅行", "海边的一天", "老街美食", "最后的火车", "山顶的夜", "秘密花园", "便宜又好吃", "城市夜景")


def video_thumbnail(dice: Random) -> Twins:
    """Another episode of the same channel."""
    one = _episode(dice)
    keys = dice.choice(("number", "number words", "number words photo", "words photo", "number photo")).split()
    other = changed(dice, _episode, one, keys)
    differs = What.PICTURE if "photo" in keys else What.WORDS
    return twins(dice, dice.choice((_full, _framed, _presented)), one, other, differs, told(one, other))


def _episode(dice: Random) -> Fields:
    language = dice.choice((0, 0, 0, 2))
    said = dice.choice(TITLES) if language else " ".join(dice.sample([w for w in words.WORDS if len(w) > 3], 2)).upper()
    shown = {"number": str(dice.randint(1, 180)), "words": said, "photo": str(dice.getrandbits(40))}
    return {"language": str(language), **shown}


def _loud(page: Page, look: Look, text: str, box: tuple[float, float, float], fill: str) -> None:
    """One or two lines of large letters with a rim, from the middle of the left edge: x, y, width."""
    (x, y, width), lines, rim = box, text.split(), "#000000" if readable(fill) == "#111111" else "#ffffff"
    face = "cjk" if len(lines) == 1 else look.head.replace("roman", "bold")
    size = round(min(120, *(width * 100 / typeface(face, 100).getlength(line) for line in lines)))
    for at, line in enumerate(lines):
        spot, font = (x, y + (at - (len(lines) - 1) / 2) * size * 1.1), typeface(face, size)
        page.pen.text(spot, line, fill, font, "lm", stroke_width=size // 14, stroke_fill=rim)


def _marks(page: Page, dice: Random, look: Look, one: Fields, x: float, y: float) -> None:
    text = dice.choice(("#{}", "EP {}", "Part {}", "No. {}")).format(one["number"])
    size, h = dice.randint(40, 64), page.image.height
    page.box(x, y, size * 3.4, size * 1.5, look.accent, dice.choice((0, size / 4, size * 0.75)))
    page.words(x + size * 1.7, y + size * 0.75, text, size, readable(look.accent), "bold", "mm", size * 3.1)
    page.circle(48, h - 48, 28, look.second)
    page.words(48, h - 48, dice.choice("ABEGKMNQRSTWZ"), 32, readable(look.second), "serif-bold", "mm")
    page.box(82, h - 68, 210, 40, "#000000a0", 8)
    page.words(92, h - 48, f"{town(dice)} TV", 24, "#ffffff", "bold", wide=190)


def _full(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 1), dice.choice(((960, 540), (854, 480), (720, 720), (540, 900)))
    page, shade = Page(photograph(Random(one["photo"]), w, h)), gradient((w, h), "#000000", "#ffffff", across=w > h)
    page.image.paste(look.ground, (0, 0), shade.convert("L").point(lambda v: 225 - round(v * 0.85)))
    page.pen.rectangle((0, 0, w - 1, h - 1), outline=look.accent, width=dice.choice((0, 10, 18)))
    _loud(page, look, one["words"], (36, h * 0.5, w * dice.uniform(0.55, 0.8)), dice.choice(("#ffffff", look.accent)))
    _marks(page, dice, look, one, 34, 34)
    return page.image


def _framed(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.6), dice.choice(((960, 540), (1000, 562), (854, 480)))
    page, side = Page(art(dice, look, (w, h))), round(h * dice.uniform(0.66, 0.84))
    wide, x, y = round(side * dice.choice((1, 1.2))), w - round(side * 1.2) - 30, (h - side) // 2
    radius = dice.choice((0, 30, side / 2))
    page.box(x - 10, y - 10, wide + 20, side + 20, dice.choice(("#ffffff", look.accent)), radius + 10 if radius else 0)
    page.place(photograph(Random(one["photo"]), wide, side), x, y, radius)
    page.box(0, h * 0.28, x - 34, h * 0.48, mix(look.ground, "#000000", 0.3))
    _loud(page, look, one["words"], (30, h * 0.52, x - 100), dice.choice(("#ffffff", look.accent)))
    _marks(page, dice, look, one, 30, 28)
    return page.image


def _presented(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.7), dice.choice(((960, 540), (854, 480), (640, 640)))
    sheet, r, own = Sheet(art(dice, look, (w, h)), 0), h * 0.27, Random(one["photo"])
    x, y = w - r * 1.3, h * 0.5
    skin, hair = hsv(own.random(), 0.35, 0.95), hsv(own.random(), 0.7, own.uniform(0.3, 0.8))
    sheet.polygon(ring(x, h * 1.06, r * 1.15, r * 0.9), hsv(own.random(), 0.7, 0.8))
    sheet.polygon(ring(x, y - r * 0.14, r * own.uniform(0.86, 1.1), r * 1.06), hair)
    sheet.polygon(ring(x, y, r * 0.8, r), skin)
    sheet.polygon(ring(x, y - r * 0.3, r * 0.86, r * 0.8, 0, 180, 360), hair)
    for side in (-1, 1):
        sheet.circle(x + side * r * 0.33, y - r * 0.05, r * own.uniform(0.12, 0.2), "#ffffff")
        sheet.circle(x + side * r * 0.33 + own.uniform(-5, 5), y - r * 0.05, r * 0.08, "#111111")
    sheet.polygon(ring(x, y + r * 0.45, r * own.uniform(0.15, 0.4), r * own.uniform(0.06, 0.3)), "#7a2434")
    page = Page(sheet.finish(0))
    page.box(0, h * 0.3, x - r * 1.3, h * 0.42, mix(look.ground, "#000000", 0.3))
    _loud(page, look, one["words"], (30, h * 0.51, x - r * 1.3 - 60), dice.choice(("#ffffff", look.accent)))
    _marks(page, dice, look, one, 30, 28)
    return page.image


SKIES = ("sun", "fair", "cloud", "rain", "storm", "snow")
SAID = "Sunny Fair Cloudy Rain Storm Snow,Sonnig Heiter Bewölkt Regen Gewitter Schnee,晴 多云 阴 雨 雷阵雨 雪"
DAYS = "Mon Tue Wed Thu Fri Sat Sun,Mo Di Mi Do Fr Sa So,周一 周二 周三 周四 周五 周六 周日"
BOLT = ((0.1, 0.4), (-0.3, 0.85), (0, 0.85), (-0.15, 1.25), (0.35, 0.7), (0.05, 0.7))
CITIES = ("北山", "青石", "云海", "南林", "白水", "金川", "新平")


def weather_app(dice: Random) -> Twins:
    """The same app with another temperature, another forecast, or another city."""
    one, keys = _weather(dice), dice.choice(((), (), ("temperature", "forecast"), ("city", "temperature", "forecast")))
    other = changed(dice, _weather, one, keys)
    if not keys:
        other["temperature"] = str(int(one["temperature"]) + dice.choice((-9, -6, -4, -2, 3, 5, 8)))
    return twins(dice, dice.choice((_phone_weather, _wide_weather)), one, other, What.WORDS, told(one, other))


def _weather(dice: Random) -> Fields:
    language, forecast = dice.choice((0, 0, 1, 2)), str(dice.getrandbits(20))
    city, warm = dice.choice(CITIES) if language == 2 else town(dice), _hours(forecast)[0][0] + dice.randint(-2, 2)
    return {"language": str(language), "city": city, "temperature": str(warm), "forecast": forecast}


def _hours(forecast: str) -> list[tuple[int, str]]:
    """A temperature and a sky for each of the next hours or days."""
    own = Random(forecast)
    usual = own.randint(-6, 30)
    skies = own.sample(SKIES[:5] if usual > 3 else SKIES[2:], 3)
    return [(usual + own.randint(-4, 4), own.choice(skies)) for _ in range(13)]


def _icon_of(page: Page, kind: str, x: float, y: float, r: float) -> None:
    """The sign of a sky around x, y."""
    left, top = round(x - r * 1.4), round(y - r * 1.4)
    sheet, x, y = Sheet(page.image.crop((left, top, round(x + r * 1.4), round(y + r * 1.4))), 0), r * 1.4, r * 1.4
    if kind in ("sun", "fair"):
        sheet.polygon(star(x, y - r * 0.1, r * 0.95, r * 0.6, 12), "#ffb52e")
        sheet.circle(x, y - r * 0.1, r * 0.55, "#ffd34d")
    tone = {"fair": "#ffffff", "cloud": "#cfd6de"}.get(kind, "#8f9aa8")
    puffs = ((-0.45, 0.15, 0.38), (0.05, -0.08, 0.5), (0.5, 0.15, 0.36), (0.0, 0.3, 0.3))
    for dx, dy, size in puffs if kind != "sun" else ():
        sheet.circle(x + dx * r, y + dy * r, size * r, tone)
    for step in (-0.4, 0.0, 0.4):
        if kind == "rain":
            sheet.line([(x + step * r, y + r * 0.62), (x + (step - 0.15) * r, y + r)], "#4da3ff", r * 0.12)
        elif kind == "snow":
            sheet.circle(x + step * r, y + r * (0.75 + abs(step) / 3), r * 0.11, "#ffffff")
    if kind == "storm":
        sheet.polygon([(x + dx * r, y + dy * r) for dx, dy in BOLT], "#ffd34d")
    page.place(sheet.finish(0), left, top)


def _day(page: Page, look: Look, name: str, hour: tuple[int, str], spot: tuple[float, float], width: float) -> None:
    """One day of the forecast in a row: its name, its sky, the least and the most."""
    x, y = spot
    _icon_of(page, hour[1], x + width * 0.42, y, 19)
    page.words(x, y, name, 22, look.ink, look.body)
    page.words(x + width * 0.7, y, f"{hour[0] - 5}°", 22, look.faint, look.head, "mm")
    page.words(x + width, y, f"{hour[0] + 2}°", 22, look.ink, look.head, "rm")


def _phone_weather(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.65), dice.choice(((540, 1000), (500, 960), (600, 1040)))
    page, hours, language = Page(ground(dice, look, (w, h))), _hours(one["forecast"]), int(one["language"])
    pane, radius, top = look.panel + dice.choice(("", "b0", "80")), dice.choice((6, 18, 26)), dice.randint(340, 370)
    page.box(20, top, w - 40, 150, pane, radius)
    page.box(20, top + 166, w - 40, h - top - 190, pane, radius)
    x, anchor, left, y = dice.choice(((40.0, "lm", w * 0.78, 190.0), (w / 2, "mm", w / 2, top - 50.0)))
    first, said = dice.randrange(24), SAID.split(",")[language].split()[SKIES.index(hours[0][1])]
    _icon_of(page, hours[0][1], left, y, 40)
    page.words(x, 80, one["city"], 40, look.ink, look.head, anchor, w - 80)
    page.words(x, 168, f"{one['temperature']}°", 110, look.ink, look.head, anchor)
    page.words(x, 244, said, 24, look.ink, look.body, anchor)
    for at in range(6):
        x = 20 + (at + 0.5) * (w - 40) / 6
        _icon_of(page, hours[at][1], x, top + 76, 20)
        page.words(x, top + 28, f"{(first + at) % 24}:00", 16, look.faint, look.body, "mm")
        page.words(x, top + 122, f"{hours[at][0]}°", 24, look.ink, look.head, "mm")
    for at in range(7):
        y = top + 172 + (at + 0.5) * (h - top - 200) / 7
        _day(page, look, DAYS.split(",")[language].split()[(first + at) % 7], hours[6 + at], (44, y), w - 96)
    return page.image


def _wide_weather(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.65), dice.choice(((960, 520), (900, 600), (720, 720), (1040, 480)))
    page, hours, language = Page(ground(dice, look, (w, h))), _hours(one["forecast"]), int(one["language"])
    pane, radius, left = look.panel + dice.choice(("", "b0", "80")), dice.choice((0, 16, 28)), round(w * 0.42)
    page.box(22, 22, left - 30, h - 44, pane, radius)
    _icon_of(page, hours[0][1], left - 90, 110, 50)
    page.words(46, 66, one["city"], 34, look.ink, look.head, wide=left - 200)
    page.words(46, h * 0.36, f"{one['temperature']}°C", 104, look.ink, look.head, wide=left - 80)
    page.words(46, h * 0.55, SAID.split(",")[language].split()[SKIES.index(hours[0][1])], 26, look.ink, look.body)
    tall, first = (h - 34) / 5, dice.randrange(7)
    for at in range(5):
        page.box(left + 6, 22 + at * tall, w - left - 28, tall - 10, pane, radius / 2)
        spot = (left + 30, 17 + (at + 0.5) * tall)
        _day(page, look, DAYS.split(",")[language].split()[(first + at) % 7], hours[at], spot, w - left - 90)
    return page.image


LEAGUES = ("Coastal League", "Cup of the Valleys", "Premier Ring", "Northern Cup", "Liga Aurora", "City Games")
CLUBS = ("FC {}", "{} United", "{} Rovers", "SV {}", "{} 04", "Real {}", "{} Wolves", "Athletic {}")


def scoreboard(dice: Random) -> Twins:
    """Another score, or other teams, on the same board."""
    draw, one = dice.choice((_card, _overlay, _lamps)), _match(dice)
    keys = dice.choice(("home score", "away score", "home score,away score,clock", "home,away,home score,away score"))
    other = changed(dice, _match, one, keys.split(","))
    return twins(dice, draw, one, other, What.WORDS, told(one, other))


def _match(dice: Random) -> Fields:
    clubs = {side: dice.choice(CLUBS).format(town(dice)) for side in ("home", "away")}
    scores = {f"{side} score": str(dice.randint(0, 6)) for side in clubs}
    return clubs | scores | {"clock": f"{dice.randint(1, 90):02}:{dice.randint(0, 59):02}"}


def crest(sheet: Sheet, club: str, x: float, y: float, r: float) -> None:
    """The made-up coat of arms of a club: a shield or a roundel in its two colours."""
    own = Random(club)
    first, second = hsv(own.random(), 0.8, 0.75), hsv(own.random(), own.choice((0.0, 0.8)), 0.95)
    shield = [(x - r, y - r), (x + r, y - r), (x + r, y + r * 0.2), (x, y + r * 1.15), (x - r, y + r * 0.2)]
    outline = shield if own.random() < 0.5 else ring(x, y, r, r)
    sheet.polygon(outline, first)
    sheet.polygon([(x + (px - x) * 0.8, y + (py - y) * 0.8) for px, py in outline], second)
    sheet.polygon(star(x, y, r * 0.6, r * own.uniform(0.2, 0.4), own.randint(3, 8)), first)


def _card(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.6), dice.choice(((900, 900), (720, 900), (960, 540), (1000, 600)))
    back, word = art(dice, look, (w, h)), dice.choice(("FULL TIME", "HALF TIME", "RESULT", "FINAL SCORE"))
    sheet, y, r = Sheet(back, 0), h * 0.5, min(w, h) * dice.uniform(0.1, 0.13)
    sheet.rect(24, h * 0.24, w - 48, h * 0.56, look.panel + dice.choice(("", "e8")), dice.choice((0, 24)))
    for at, side in ((0.2, "home"), (0.8, "away")):
        crest(sheet, one[side], w * at, y - r * 0.3, r)
    page = Page(sheet.finish(0))
    page.box(w * 0.25, h * 0.08, w * 0.5, 56, look.accent, 6)
    page.words(w / 2, h * 0.08 + 28, word, 32, readable(look.accent), look.head, "mm")
    page.words(w / 2, h * 0.24 + 32, dice.choice(LEAGUES), 24, look.ink, look.body, "mm")
    page.words(w / 2, y, f"{one['home score']} : {one['away score']}", 120, look.ink, look.head, "mm", w * 0.34)
    for at, side in ((0.2, "home"), (0.8, "away")):
        page.words(w * at, h * 0.5 + r * 1.6, one[side], 28, look.ink, look.body, "mm", w * 0.34)
    return page.image


def _overlay(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 0.7), dice.choice(((960, 540), (1040, 585), (854, 480)))
    turf, top = hsv(dice.choice((0.33, 0.27, 0.08)), 0.6, 0.5), h * 0.3
    sheet = Sheet(Image.new("RGB", (w, h), turf), dice.getrandbits(32))
    for at in range(6):
        ends = (w * (at / 5 - 0.1), w * at / 5, w * (at / 7 + 0.15), w * (at / 7 + 0.08))
        sheet.polygon(zip(ends, (h, h, top, top), strict=True), "#ffffff18")
    sheet.rect(0, 0, w, top, look.ground)
    for _ in range(500):
        sheet.circle(dice.uniform(0, w), dice.uniform(0, h * 0.27), 4, hsv(dice.random(), 0.4, dice.uniform(0.3, 0.8)))
    for at in range(14):
        x, y = dice.uniform(20, w - 20), dice.uniform(h * 0.42, h * 0.95)
        sheet.polygon(ring(x, y + 30, 18, 5), "#00000050")
        sheet.line([(x - 5, y + 30), (x, y + 10), (x + 6, y + 29)], "#222222", 5)
        sheet.rect(x - 7, y - 12, 14, 24, (look.accent, "#f2f2f2")[at % 2], 4)
        sheet.circle(x, y - 19, 7, hsv(0.07, 0.5, dice.uniform(0.3, 0.9)))
    page, x, tall = Page(sheet.finish(4)), 30.0, dice.randint(52, 70)
    score, y = f"{one['home score']} - {one['away score']}", dice.choice((26, h - tall - 26))
    short = [max(one[side].split(), key=len)[:3].upper() for side in ("home", "away")]
    for text, fill in ((short[0], "#14161c"), (score, look.accent), (short[1], "#14161c"), (one["clock"], "#f4f4f4")):
        page.box(x, y, tall * 2.3, tall, fill)
        page.words(x + tall * 1.15, y + tall / 2, text, tall * 2 // 3, readable(fill), look.head, "mm", tall * 2.1)
        x += tall * 2.3
    return page.image


LIT = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
BARS = {"a": (0, 0, 1), "g": (0, 1, 1), "d": (0, 2, 1), "f": (0, 0, 0), "b": (1, 0, 0), "e": (0, 1, 0), "c": (1, 1, 0)}


def _digits(sheet: Sheet, text: str, x: float, y: float, size: float, lit: str) -> None:
    half, thick = size / 2, size * 0.1
    for at, sign in enumerate(text):
        left = x + (at - len(text) / 2) * size * 0.78 + size * 0.14
        for name, (dx, dy, is_flat) in BARS.items():
            x0, y0 = left + dx * half, y + (dy - 1) * half
            end = (x0 + half - thick, y0) if is_flat else (x0, y0 + half - thick)
            start = (x0 + thick, y0) if is_flat else (x0, y0 + thick)
            sheet.line([start, end], lit if name in LIT[int(sign)] else f"{lit}1c", thick)


def _lamps(dice: Random, one: Fields) -> Image.Image:
    look, (w, h) = look_of(dice, 1), dice.choice(((1000, 560), (900, 600), (800, 800)))
    sheet, size = Sheet(gradient((w, h), look.ground, "#0a0a0c"), 0), min(w, h) * 0.26
    lit, other = dice.sample(("#ff3b30", "#ffb000", "#4cff66", "#f4f4f4", "#42c6ff"), 2)
    for at, side in ((0.23, "home"), (0.77, "away")):
        sheet.rect(w * at - w * 0.17, h * 0.3, w * 0.34, h * 0.46, "#050506", 12)
        _digits(sheet, f"{one[side + ' score']:0>2}", w * at, h * 0.53, size, lit)
    sheet.rect(w * 0.31, h * 0.05, w * 0.38, h * 0.16, "#050506", 12)
    _digits(sheet, one["clock"].replace(":", ""), w / 2, h * 0.13, size * 0.36, other)
    page = Page(sheet.finish(0))
    for at, side in ((0.23, "home"), (0.77, "away")):
        page.words(w * at, h * 0.26, one[side].upper(), 30, "#ffffff", look.head, "mm", w * 0.34)
    page.box(0, h * 0.84, w, h * 0.16, look.accent)
    page.words(w / 2, h * 0.13, ":", round(size * 0.36), other, "bold", "mm")
    page.words(w / 2, h * 0.92, dice.choice(LEAGUES), 40, readable(look.accent), look.head, "mm", w - 60)
    return page.image


FAMILIES: Sequence[Family] = (
    Family(name="app_store_page", draw=app_store_page, is_photographic=True),
    Family(name="video_thumbnail", draw=video_thumbnail, is_photographic=True),
    Family(name="weather_app", draw=weather_app),
    Family(name="scoreboard", draw=scoreboard),
)
