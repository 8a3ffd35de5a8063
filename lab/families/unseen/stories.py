"""Families of look-alikes that say something or tell of somebody.

comic_strip             words     the balloons of all panels, or of one
meme_two_panel          words     the words of one panel; photographic
quote_card              words     another quote and author, or only the author; photographic
wanted_missing_poster   picture   another face and name; photographic
business_card           words     another person, or only another name and address
"""

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageFilter, ImageOps

from core.types import What
from lab.drawings.kit import SCALE, Spot, mix, ring, smooth, star
from lab.families.kit import TYPEFACES, Family, Twins, photograph, two_photographs
from lab.families.unseen.boards import EUROPEAN, Box, Ink, Page, Size, outline, pick, sheet_of, twins_of, wood
from lab.families.unseen.goods import mark

FIRST = "Ada,Bruno,Celia,Darius,Edda,Felix,Greta,Hugo,Ilse,Joana,Kasimir,Lene,Marek,Nadia,Oskar,Petra,Ravi,Selma,Tilda"
LAST = "Quill,Rautio,Haber,Corvo,Lindqvist,Sturm,Arai,Okafor,Bellamy,Varga,Moreno,Pindt,Holm,Sastry,Duval,Kessler"
CJK_LAST, CJK_FIRST = "王李张刘陈林周吴佐田高", "子涵,雨桐,浩然,明轩,思远,美玲,一郎,晓燕,志强,佳怡,文博,健太"
LINES = (
    "Did you feed the cat?|I thought it was Friday.|Nobody told me!|We should turn back.|That is not my umbrella.|"
    "Who ate the last cake?|It worked yesterday.|Five more minutes, please.|Look, a shooting star!|Ask your sister.|"
    "I have a plan. Again.|The map was upside down.|You call this soup?|Let me explain.|Hold my sandwich.|No refunds.|"
    "Is it supposed to smoke?|I only said hello.|Never trust a goose.|My phone has two percent left.|It is a feature."
)
LINES_CJK = (
    "你喂猫了吗？|今天不是星期五吗？|没人告诉我！|我们该回去了。|那不是我的伞。|谁吃了蛋糕？|昨天还能用的。|再睡五分钟。|"
    "快看，流星！|去问你姐姐。|我又有个主意。|地图拿反了。|这也叫汤？|听我解释。|手机没电了。|もう帰ろうよ。|猫はどこ？|知らなかった！"
)


def two_people(dice: Random, face: str) -> list[str]:
    """Two made-up names in Latin or Chinese letters."""
    first, last = (CJK_FIRST.split(","), list(CJK_LAST)) if face == "cjk" else (FIRST.split(","), LAST.split(","))
    pairs = zip(dice.sample(first, 2), dice.sample(last, 2), strict=True)
    return [b + a if face == "cjk" else f"{a} {b}" for a, b in pairs]


COMIC_STYLES = (
    "#ffffff #111111 #ffffff #e9e9e9 #cfcfcf,#fdf6e3 #2a1f1a #ffd166 #8ecae6 #f4978e,"
    "#20242e #0c0e14 #3d5a80 #6d597a #355070,#ffffff #1b1b3a #b8f2e6 #ffa69e #faf3dd,"
    "#f1e4c3 #3a2614 #e0c48f #cfae70 #ead7ac,#111111 #111111 #f25f5c #ffe066 #70c1b3"
)
SKINS = "#ffe0bd,#e0ac69,#8d5524,#c68642,#f1c27d"
CLOTHES = "#d7263d,#1b5fc4,#f2b632,#2e8b57,#7a4fc9,#33363d,#f4f1e8"


def comic_strip(dice: Random) -> Twins:
    """A comic strip: the same drawings with other words in all balloons, or in one."""
    face, style = "cjk" if dice.random() < 0.3 else dice.choice(TYPEFACES), pick(dice, COMIC_STYLES).split()
    boxes, size = _panels(dice)
    page, looks = Page(Image.new("RGB", size, style[0]), dice.getrandbits(32)), [_look(dice), _look(dice)]
    for box in boxes:
        _panel(dice, page, box, style, looks)
    lines = dice.sample((LINES_CJK if face == "cjk" else LINES).split("|"), 2 * len(boxes))
    one, other = lines[: len(boxes)], lines[len(boxes) :]
    if dice.random() < 0.5:
        at = dice.randrange(len(boxes))
        other = [*one[:at], other[at], *one[at + 1 :]]
    ink, is_loud, is_square = Ink(face, dice.randint(26, 36), "#111111"), dice.random() < 0.5, dice.random() < 0.4
    sides = [dice.choice((0.3, 0.7)) for _ in boxes]

    def draw(page: Page, said: Sequence[str]) -> None:
        for box, side, line in zip(boxes, sides, said, strict=True):
            _balloon(page, box, side, line.upper() if is_loud else line, ink, is_square)

    told = "; ".join(f"{a} became {b}" for a, b in zip(one, other, strict=True) if a != b)
    return twins_of(page, (one, other), draw, What.WORDS, f"the balloons: {told}", dice.choice((0, 3)))


def _panels(dice: Random) -> tuple[list[Box], Size]:
    """Where the panels lie, and the size of the strip."""
    columns, rows = dice.choice(((3, 1), (2, 2), (1, 3), (2, 1), (1, 2)))
    wide, high, gap = dice.randint(300, 350), dice.randint(310, 350), dice.choice((10, 18))
    if columns == 1 or rows * columns == 2:
        wide, high = wide + 130, high + 60 * (rows < 3)
    spots = [(column, row) for row in range(rows) for column in range(columns)]
    boxes: list[Box] = [(gap + column * (wide + gap), gap + row * (high + gap), wide, high) for column, row in spots]
    return boxes, (gap + columns * (wide + gap), gap + rows * (high + gap))


def _panel(dice: Random, page: Page, box: Box, style: Sequence[str], looks: Sequence[Sequence[str]]) -> None:
    (left, top, wide, high), ink, (wall, floor, thing) = box, style[1], dice.sample(style[2:], 3)
    ground = top + high * dice.uniform(0.78, 0.86)
    page.rect(left, top, wide, high, wall)
    if dice.random() < 0.5:
        page.circle(left + wide * dice.uniform(0.1, 0.9), top + high * 0.5, 22, mix(thing, "#ffffff", 0.6))
        hills = [(left + wide * n / 4, ground - high * dice.uniform(0.02, 0.25)) for n in range(5)]
        page.polygon([*smooth(hills), (left + wide, ground), (left, ground)], thing)
    else:
        x, y, w, h = left + wide * dice.uniform(0.05, 0.6), top + high * 0.42, wide * 0.15, high * 0.24
        page.rect(x, y, 2 * w, h, mix(thing, "#ffffff", 0.5))
        page.frame(x, y, w, h, ink, 3)
        page.frame(x + w, y, w, h, ink, 3)
    page.rect(left, ground, wide, top + high - ground, floor)
    page.line([(left, ground), (left + wide, ground)], ink, 2.5)
    for share, look in zip((0.27, 0.73), looks, strict=True):
        spot = (left + wide * (share + dice.uniform(-0.05, 0.05)), top + high * 0.95)
        _figure(dice, page, spot, high * 0.5, look, ink)
    page.frame(left, top, wide, high, ink, 3.5)


def _look(dice: Random) -> Sequence[str]:
    """Skin, hair, shirt, trousers, and what is on the head."""
    return pick(dice, SKINS), *dice.sample(CLOTHES.split(","), 3), pick(dice, "hair,hat,ears,bald,spikes")


def _figure(dice: Random, page: Page, spot: Spot, tall: float, look: Sequence[str], ink: str) -> None:
    (x, foot), (skin, hair, shirt, trousers, top) = spot, look
    r, head = tall * 0.21, foot - tall * 0.78
    for side in (-1, 1):
        hand = f"{side * dice.uniform(0.2, 0.32)},{-dice.uniform(0.25, 0.6)}"
        page.line(outline(f"{side * 0.07},-0.3 {side * 0.1},0", x, foot, tall), trousers, tall * 0.09)
        page.line(outline(f"{side * 0.1},-0.5 {hand}", x, foot, tall), skin, tall * 0.06)
        if top == "ears":
            page.polygon(outline(f"{side},-1.4 {side * 0.95},0 {side * 0.2},-0.8", x, head, r), skin)
    if top == "spikes":
        page.polygon(star(x, head - r * 0.1, r * 1.45, r * 0.9, 12), hair)
    body = smooth(outline("-0.09,-0.57 -0.15,-0.24 0.15,-0.24 0.09,-0.57", x, foot, tall))
    page.polygon(body, shirt)
    page.line(body, ink, 2)
    page.circle(x, head, r, skin, ink, 2.5)
    if top in ("hair", "hat"):
        page.polygon(ring(x, head, r * 1.06, r * 1.06, 0, 190, 350), hair)
    if top == "hat":
        page.rect(x - r * 1.5, head - r * 0.45, r * 3, r * 0.28, hair, 4)
    gaze = dice.uniform(-0.12, 0.12) * r
    for side in (-1, 1):
        page.circle(x + side * r * 0.36 + gaze, head - r * 0.05, r * 0.13, ink)
    mood = dice.choice(((10, 170), (30, 150), (190, 350), (0, 360)))
    page.line(ring(x + gaze, head + r * (0.42 if mood[0] < 180 else 0.62), r * 0.35, r * 0.2, 0, *mood), ink, 2.5)


def _balloon(page: Page, box: Box, side: float, line: str, ink: Ink, is_square: bool) -> None:
    left, top, wide, high = box
    x, y, rx, ry = left + wide / 2, top + high * 0.2, wide * 0.46, high * 0.165
    foot = 0.3 + (side - 0.3) * 0.7
    tail = outline(f"{foot},0.28 {side},0.45 {foot + 0.12},0.28", left, top, wide, high)
    for grow, fill in ((2.5, "#111111"), (0, "#ffffff")):
        if is_square:
            page.rect(x - rx - grow, y - ry - grow, 2 * (rx + grow), 2 * (ry + grow), fill, 16)
        else:
            page.polygon(ring(x, y, rx + grow, ry + grow), fill)
        page.line([*tail, tail[0]], fill, 2 * grow + 1)
        page.polygon(tail, fill)
    page.block((x - rx * 0.78, y - ry * 0.86, rx * 1.56, ry * 1.72), line, ink)


def meme_two_panel(dice: Random) -> Twins:
    """A meme of two panels: other words in one of them."""
    kind, (wide, high) = pick(dice, "beside,beside,below,over"), dice.choice(((800, 800), (720, 900), (960, 720)))
    face = "cjk" if dice.random() < 0.35 else pick(dice, "bold,plain,sans,serif-bold,times-bold")
    page, letters = Page(Image.new("RGB", (wide, high), "#ffffff"), dice.getrandbits(32)), dice.randint(36, 50)
    at, ink = [(0, 0), (0, high // 2)], Ink(face, letters, "#111111")
    photo, room = (wide // 2, high // 2), (wide // 2 + 24, 24, wide // 2 - 48, high // 2 - 48)
    if kind == "below":
        photo, room = (wide, high // 2 - 92), (20, high // 2 - 86, wide - 40, 78)
    if kind == "over":
        at, ink = [(0, 0), (wide // 2, 0)], Ink(face, letters, "#ffffff", "#000000")
        photo, room = (wide // 2, high), (18, round(high * 0.7), wide // 2 - 36, round(high * 0.26))
    for picture, (x, y) in zip(two_photographs(dice, photo[0] * SCALE, photo[1] * SCALE), at, strict=True):
        page.place(picture, x + photo[0] / 2, y + photo[1] / 2)
    page.line([(0, high / 2), (wide, high / 2)], "#111111", 3 * (kind != "over"))
    lines, panel = dice.sample((LINES_CJK if face == "cjk" else LINES).split("|"), 3), dice.randrange(2)

    def draw(page: Page, said: Sequence[str]) -> None:
        for (x, y), line in zip(at, said, strict=True):
            page.block((x + room[0], y + room[1], room[2], room[3]), line, ink)

    one, other = lines[:2], [lines[2], lines[1]] if panel == 0 else [lines[0], lines[2]]
    says = f"the words of a panel: {one[panel]} became {lines[2]}"
    return twins_of(page, (one, other), draw, What.WORDS, says, dice.choice((0, 2)))


QUOTES = (
    "The river does not ask the stone for leave.|Begin where the map ends.|Kindness is a door that opens inward.|"
    "What you water will grow, even the weeds.|A slow step is still a step.|Every lamp was once afraid of the dark.|"
    "Do not measure the sky with a spoon.|Courage is quiet most of the time.|Those who listen travel farthest.|"
    "Leave the shore or learn to love it.|Tomorrow is built with today's small bricks.|Even winter keeps a few seeds."
)
QUOTES_CJK = (
    "河流从不向石头请求。|走到地图的尽头，再出发。|善意是一扇向内开的门。|慢一步，也是一步。|不要用勺子丈量天空。|"
    "懂得倾听的人走得最远。|冬天也留着几粒种子。|勇气大多时候是安静的。|每盏灯都曾害怕黑暗。|七転び八起き。"
)


def quote_card(dice: Random) -> Twins:
    """A quote over a photograph: another quote and author, or only another author."""
    face, align = "cjk" if dice.random() < 0.35 else dice.choice(TYPEFACES), pick(dice, "l,m")
    page, ink, accent = _quote_page(dice, align)
    wide, high, letters = page.width, page.height, dice.randint(46, 70)
    quotes, authors = dice.sample((QUOTES_CJK if face == "cjk" else QUOTES).split("|"), 2), two_people(dice, face)
    if dice.random() < 0.35:
        quotes[1] = quotes[0]

    def draw(page: Page, said: tuple[str, str]) -> None:
        page.block((90, high * 0.27, wide - 180, high * 0.4), said[0], Ink(face, letters, ink), align)
        page.write(90 if align == "l" else wide / 2, high * 0.77, said[1], Ink(face, 32, accent), align + "m")

    says = f"the quote: {quotes[0]} ({authors[0]}) became {quotes[1]} ({authors[1]})"
    return twins_of(page, list(zip(quotes, authors, strict=True)), draw, What.WORDS, says, dice.choice((0, 4)))


def _quote_page(dice: Random, align: str) -> tuple[Page, str, str]:
    """The page with its photograph, and the colours of the quote and of the author."""
    (wide, high), is_light = dice.choice(((800, 800), (960, 640), (720, 960))), dice.random() < 0.35
    photo = photograph(dice, wide, high).filter(ImageFilter.GaussianBlur(dice.choice((0, 0, 3, 8))))
    tint = pick(dice, "#f6efe2,#ffffff,#e4eef2" if is_light else "#000000,#14213d,#3a1420,#10302a,#2b1a4a")
    page = Page(Image.blend(photo, Image.new("RGB", (wide, high), tint), dice.uniform(0.5, 0.7)), dice.getrandbits(32))
    ink, accent = ("#1a1a1a", "#7a2f1f") if is_light else ("#ffffff", pick(dice, "#ffd166,#9be7ff,#ffffff"))
    inset, x = dice.choice((0, 26, 40)), 90 if align == "l" else wide / 2
    if inset:
        page.frame(inset, inset, wide - 2 * inset, high - 2 * inset, accent, dice.choice((2, 5)))
    page.write(x, high * 0.2, pick(dice, "“,”"), Ink("serif-bold", 150, accent), align + "m")
    page.rect(x - 30 * (align == "m"), high * 0.71, 60, 4, accent)
    page.write(wide / 2, high - 64, f"@{pick(dice, 'dailyembers,quietlines,plainwisdom')}", Ink("sans", 19, ink))
    return page, ink, accent


POSTERS = (
    "#ead9b0 #cdb27c #3a2413 #6b1f12 #5a4326,#ffffff #f5f5f2 #1a1a1a #c8102e -,#ffe45e #ffd633 #1a1a1a #b00020 -,"
    "#e9eef2 #d5dfe7 #12263a #1d4e89 #222222,#1b1e24 #101216 #f3f3f3 #ff5a3c -,#dff0dc #c8e3c3 #16301a #2f7d32 #222222"
)
HEADS = (
    "WANTED|dead tired or alive|Reward $5000,MISSING|have you seen this person?|Call the police: 0555 0142,"
    "LOOKING FOR|last seen near the old harbour|Any hint helps: 0555 0178"
)
HEAD_CJK = "寻人启事|如有线索请与我们联系|电话 0555 0142"


def wanted_missing_poster(dice: Random) -> Twins:
    """A poster that looks for somebody: another face and another name."""
    (wide, high), style = dice.choice(((640, 900), (720, 960), (800, 800))), pick(dice, POSTERS).split()
    face = "cjk" if dice.random() < 0.2 else dice.choice(EUROPEAN)
    box = (round(wide * dice.uniform(0.5, 0.62)), round(high * 0.44))
    page = _poster(dice, (wide, high), style, face, box)
    names, ages = two_people(dice, face), dice.sample(range(17, 80), 2)
    people = [(_portrait(dice, box, style[4]), name, age) for name, age in zip(names, ages, strict=True)]

    def draw(page: Page, who: tuple[Image.Image, str, int]) -> None:
        page.place(who[0], wide / 2, high * 0.5)
        page.write(wide / 2, high * 0.785, who[1], Ink(face, high * 0.06, style[2]), most=wide * 0.8)
        told = f"{who[2]} 岁" if face == "cjk" else f"aged {who[2]}"
        page.write(wide / 2, high * 0.85, told, Ink(face, 28, style[3]))

    says = f"the face, and the name: {names[0]} became {names[1]}"
    return twins_of(page, people, draw, What.PICTURE, says, dice.choice((2, 6)))


def _poster(dice: Random, size: Size, style: Sequence[str], face: str, box: Size) -> Page:
    (wide, high), (light, dark, ink, accent, _) = size, style
    page, is_bar = sheet_of(dice, size, light, dark), dice.random() < 0.5
    head, below, foot = pick(dice, HEAD_CJK if face == "cjk" else HEADS).split("|")
    page.rect(0, 0, wide * is_bar + 1, high * 0.19, accent if is_bar else light)
    page.write(wide / 2, high * 0.1, head, Ink(face, high * 0.12, light if is_bar else accent), most=wide * 0.84)
    page.write(wide / 2, high * 0.23, below, Ink(face, 26, ink), most=wide * 0.84)
    page.write(wide / 2, high * 0.935, foot, Ink(face, 34, ink), most=wide * 0.84)
    page.line([(wide * 0.1, high * 0.89), (wide * 0.9, high * 0.89)], accent, 3)
    page.rect(wide / 2 - box[0] / 2 - 8, high * 0.5 - box[1] / 2 - 8, box[0] + 16, box[1] + 16, ink)
    return page


def _portrait(dice: Random, size: Size, tone: str) -> Image.Image:
    """A made-up face before a blurred photograph, at twice its size, in colours or in one tone."""
    page = Page(photograph(dice, *size).filter(ImageFilter.GaussianBlur(6)), dice.getrandbits(32))
    x, y, r = (
        size[0] * dice.uniform(0.45, 0.55),
        size[1] * dice.uniform(0.42, 0.48),
        min(size) * dice.uniform(0.23, 0.28),
    )
    skin, hair = pick(dice, SKINS), pick(dice, "#1d1512,#5a3820,#b98a4a,#8c8c8c,#7a2f1a,#e5e0d8")
    coat, deep, narrow = pick(dice, CLOTHES), mix(skin, "#3a1a10", 0.4), dice.uniform(0.76, 0.92)
    if dice.random() < 0.5:
        page.polygon(ring(x, y + r * 0.4, r * 1.2, r * dice.uniform(1.4, 1.8)), hair)
    page.shaded(outline("-2.3,5 -1.7,1.9 -0.4,1.45 0.4,1.45 1.7,1.9 2.3,5", x, y, r), coat, mix(coat, "#000000", 0.7))
    page.shaded(ring(x, y + r, r * 0.42, r * 0.75), deep, skin)
    page.line(outline("-1,0.05 1,0.05", x, y, r * narrow, r), deep, r * 0.34)
    page.shaded(ring(x, y, r * narrow, r * 1.15), deep, skin, mix(skin, "#ffffff", 0.15), skin, deep, across=True)
    if dice.random() < 0.35:
        page.polygon(ring(x, y + r * 0.25, r * narrow * 0.97, r * 0.95, 0, 15, 165), mix(hair, deep, 0.2))
    parting = f"{dice.uniform(-0.4, 0.5)},{-dice.uniform(0.55, 0.8)}"
    fringe = outline(f"-1.08,-0.1 -0.7,-1.2 0.35,-1.35 1.08,-0.1 {parting}", x, y, r * narrow, r)
    page.polygon(smooth(fringe, closed=True), hair)
    _eyes(dice, page, (x, y), r, mix(hair, "#000000", 0.3))
    page.line(outline("0,0 0.1,0.35 -0.08,0.38", x, y, r), mix(skin, deep, 0.8), r * 0.05)
    page.polygon(
        ring(x, y + r * 0.65, r * dice.uniform(0.22, 0.36), r * dice.uniform(0.06, 0.12)), mix("#a8423f", deep, 0.4)
    )
    soft = page.image.filter(ImageFilter.GaussianBlur(1.6))
    return soft if tone == "-" else ImageOps.colorize(soft.convert("L"), tone, "#f8f0dc")


def _eyes(dice: Random, page: Page, middle: Spot, r: float, brow: str) -> None:
    iris, has_glasses = pick(dice, "#3a2414,#3b5f7a,#41612f"), dice.random() < 0.35
    for side in (-1, 1):
        x, y = middle[0] + side * r * 0.37, middle[1] - r * 0.02
        page.polygon(ring(x, y, r * 0.17, r * 0.1), "#f7f3ee")
        page.circle(x, y, r * 0.09, iris)
        page.line(outline("-0.2,-0.22 0.2,-0.24", x, y, r), brow, r * 0.07)
        if has_glasses:
            page.circle(x, y, r * 0.28, edge="#1a1a1a", w=r * 0.05)


CARD_STYLES = (
    "#ffffff #1d2b3a #0f8a84,#15181d #f2efe8 #c9a24a,#f6efe2 #3a2a20 #b5462e,#1f3f5f #ffffff #ff9f5a,"
    "#eef3ee #22402c #6a9a3c,#fafafa #222222 #d6336c,#5a1f33 #fbeee6 #f0b8a0"
)
TABLETOPS = "#8a6a4a #5e432c,#d9c4a4 #bda27c,#4a4038 #332b25,#e6e2da #d2ccc0"
COMPANIES = "Norvane Studio,Halden & Fry,Lumiq Systems,Ostermoor Legal,Petalworks,Kvarn Logistics,Brightmere Dental"
TITLES = "Sales Manager,Architect,Head of Design,Attorney,Photographer,Product Lead,Account Executive,Tax Adviser"
COMPANIES_CJK, TITLES_CJK = "恒远科技,青禾设计,北辰律所,海棠茶业", "销售经理,首席设计师,律师,产品总监,高级顾问,工程师"


def business_card(dice: Random) -> Twins:
    """A business card on a table or as a scan: another person."""
    face, is_scan = "cjk" if dice.random() < 0.25 else dice.choice(TYPEFACES), dice.random() < 0.3
    wide, high = dice.choice(((760, 434), (760, 434), (430, 720)))
    table = dice.choice(((1000, 750), (900, 900))) if wide > high else (720, 960)
    page = Page(wood(dice, (wide, high) if is_scan else table, TABLETOPS), dice.getrandbits(32))
    style, company = pick(dice, CARD_STYLES).split(), pick(dice, COMPANIES_CJK if face == "cjk" else COMPANIES)
    blank, align = _blank_card(dice, (wide, high), style, face, company), pick(dice, "l,m,r")
    names, turn = two_people(dice, face), 0 if is_scan else dice.uniform(-9, 9)
    one, other = ([name, *_contact(dice, name, company)] for name in names)
    if dice.random() < 0.5:
        other[1:3] = one[1:3]

    def draw(page: Page, who: Sequence[str]) -> None:
        card, y = blank.twin(), high * 0.46
        x = {"l": 48, "m": wide / 2, "r": wide - 48}[align]
        for at, (line, letters, gap) in enumerate(zip(who, (40, 24, 22, 22), (46, 42, 30, 0), strict=True)):
            card.write(x, y, line, Ink(face, letters, style[2 if at == 1 else 1]), align + "m", wide - 96)
            y += gap
        page.place(card.image, page.width / 2, page.height / 2, turn, 0 if is_scan else 10)

    says = f"the person: {names[0]} became {names[1]}"
    return twins_of(page, (one, other), draw, What.WORDS, says, dice.choice((1, 4)))


def _contact(dice: Random, name: str, company: str) -> list[str]:
    """A title, a number, and an address."""
    is_cjk, phone = not name.isascii(), f"+{dice.randint(30, 99)} {dice.randint(100, 999)} {dice.randint(10**5, 10**6)}"
    user, host = (pick(dice, FIRST), "mail") if is_cjk else (name.replace(" ", "."), company.split()[0])
    return [pick(dice, TITLES_CJK if is_cjk else TITLES), phone, f"{user}@{host}.example".lower()]


def _blank_card(dice: Random, size: Size, style: Sequence[str], face: str, company: str) -> Page:
    (wide, high), (ground, ink, accent), deco = size, style, pick(dice, "band,corner,frame,dots,none")
    card = sheet_of(dice, size, ground, mix(ground, ink, 0.05))
    if deco == "band":
        card.rect(0, high - 22, wide, 22, accent)
    if deco == "corner":
        card.polygon(outline("1,0 1,0.8 0.72,0", 0, 0, wide, high), mix(ground, accent, 0.5))
        card.polygon(outline("1,0 1,0.5 0.8,0", 0, 0, wide, high), accent)
    if deco == "frame":
        card.frame(14, 14, wide - 28, high - 28, accent, 2)
    for dot in range(60 if deco == "dots" else 0):
        card.circle(wide - 20 - dot % 6 * 18, 20 + dot // 6 * 18, 3, mix(ground, accent, 0.7))
    is_left, name = dice.random() < 0.5, Ink(face, 26, ink)
    mark(card, dice.randrange(5), 84 if is_left else wide / 2, 76, 34, accent)
    if is_left:
        card.write(136, 76, company, name, "lm", wide * 0.5)
    else:
        card.write(wide / 2, 134, company, name)
    foot = "上海市静安区南京西路 88 号" if face == "cjk" else "14 Harbour Lane, Tidewick"
    card.write(wide / 2, high - 44, foot, Ink(face, 18, mix(ground, ink, 0.75)), most=wide - 80)
    return card


FAMILIES: Sequence[Family] = (
    Family(name="comic_strip", draw=comic_strip),
    Family(name="meme_two_panel", draw=meme_two_panel, is_photographic=True),
    Family(name="quote_card", draw=quote_card, is_photographic=True),
    Family(name="wanted_missing_poster", draw=wanted_missing_poster, is_photographic=True),
    Family(name="business_card", draw=business_card),
)
