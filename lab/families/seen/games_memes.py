"""The memes of `lab.families.seen.games`: one photograph, other words over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from lab.families.kit import Twins, photograph, typeface
from lab.families.seen.papers_kit import Page, any_size, fitted, lines_of, twins_of
from lab.families.seen.papers_words import listed

ABOVE = listed(
    "when the printer works,me explaining my plan,nobody:,my face on monday,when mom says dinner is ready,"
    "that moment after lunch,how I think I look,when the wifi drops,first day at the gym,they said it was easy,"
    "when you open the fridge again,my bank account,the group project,one more episode,when it compiles,"
    "parking in the city,when the meeting ends early,my cat at three,waiting for the weekend,when autumn comes"
)
BELOW = listed(
    "and nobody saw it,absolutely not,I regret nothing,this is fine by me,send help,every single time,"
    "still better than monday,and then it rained,not even mad,best day of my life,I was not ready,trust me,"
    "what could go wrong,only on tuesdays,it was like that before,ask me how I know,please stop,worth it,"
    "and I took that personally,we do not talk about it"
)
UPPER = listed(
    "周一早上的我,每次开会的时候,老板说今天不加班,妈妈喊我吃饭,朋友说马上就到,考试前一天晚上,看到账单的那一刻,"
    "说好的早睡早起,打开冰箱的时候,健身第一天,快递终于到了,别人家的周末,减肥第三天,手机只剩百分之一,"
    "下雨忘记带伞,排队两个小时,早高峰的地铁,假期最后一天,隔壁又在装修,听说要涨工资"
)
LOWER = listed(
    "我什么都不知道,其实心里很慌,先睡一觉再说,假装没有看见,今天也要加油,我真的太难了,快乐就这么简单,"
    "明天一定开始,你说得都对,不要打扰我,钱包已经空了,一切尽在掌握,我选择躺平,再来一碗面,谁也别拦我,"
    "眼泪掉下来,还是回家吧,这就是人生,早就习惯了,笑着活下去"
)
INKS = (*[("#ffffff", "#000000")] * 2, ("#ffe23f", "#a01010"), ("#ff4d6d", "#ffffff"))
WHICH = ("both", "both", "upper", "lower")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How words are written; `squeeze` is how much narrower than its typeface."""

    face: str
    fill: str
    edge: str
    squeeze: float = 1.0


def meme_latin(dice: Random) -> Twins:
    """The same photograph under other words, mostly white capitals with black edges."""
    one, other = _captions(dice, ABOVE, BELOW)
    one, other = ((above.upper(), below.upper()) for above, below in (one, other))
    return twins_of(dice, _latin, (one, other), f"the words: {' / '.join(one)} became {' / '.join(other)}")


def meme_cjk(dice: Random) -> Twins:
    """The same photograph under other Chinese words."""
    one, other = _captions(dice, UPPER, LOWER)
    return twins_of(dice, _cjk, (one, other), f"the words: {' / '.join(one)} became {' / '.join(other)}")


def _captions(dice: Random, above: Sequence[str], below: Sequence[str]) -> tuple[tuple[str, str], tuple[str, str]]:
    (upper, new_upper), (lower, new_lower) = dice.sample(above, 2), dice.sample(below, 2)
    which = dice.choice(WHICH)
    return (upper, lower), (upper if which == "lower" else new_upper, lower if which == "upper" else new_lower)


def _latin(dice: Random, shown: tuple[str, str]) -> Image.Image:
    width, high = any_size(dice)
    if dice.random() < 0.25:
        return _barred(
            dice, (width, high), shown, Pen(face=dice.choice(("plain", "bold", "sans")), fill="#111111", edge="")
        )
    page = Page(photograph(dice, width, high))
    size, fill = round(width * dice.uniform(0.085, 0.12)), dice.choice(("#ffffff", "#ffffff", "#ffffff", "#ffe94a"))
    pen = Pen(face="bold", fill=fill, edge="#000000", squeeze=dice.uniform(0.62, 0.76))
    for text, is_above in zip(shown, (True, False), strict=True):
        lines = lines_of(text, pen.face, size, width * 0.94 / pen.squeeze)
        top = high * 0.03 if is_above else high * 0.97 - len(lines) * size * 1.08
        for row, line in enumerate(lines):
            _line(page, (width / 2, top + (row + 0.5) * size * 1.08), line, size, pen)
    return page.image


def _line(page: Page, at: tuple[float, float], text: str, size: int, pen: Pen) -> None:
    """One line, squeezed to the narrow letters that memes have."""
    face, stroke = typeface(pen.face, size), max(2, size // 13)
    wide, tall = round(face.getlength(text)) + 4 * stroke, round(size * 1.3)
    for width, colour in ((stroke, pen.edge), (0, pen.fill)):
        mask = Image.new("L", (wide, tall))
        ImageDraw.Draw(mask).text((wide / 2, tall / 2), text, 255, face, anchor="mm", stroke_width=width)
        mask = mask.resize((round(wide * pen.squeeze), tall), Image.Resampling.LANCZOS)
        page.image.paste(colour, (round(at[0] - mask.width / 2), round(at[1] - tall / 2)), mask)


def _barred(dice: Random, size: tuple[int, int], shown: tuple[str, str], pen: Pen) -> Image.Image:
    """Words on a plain bar above the photograph."""
    (width, high), is_dark = size, dice.random() < 0.25
    letters = round(width * dice.uniform(0.05, 0.065))
    tall = round(letters * 3.6)
    page = Page(Image.new("RGB", size, "#101014" if is_dark else "#ffffff"))
    page.place(photograph(dice, width, high - tall), 0, tall)
    x, anchor = dice.choice(((width / 2, "mm"), (width * 0.04, "lm")))
    for row, text in enumerate(shown):
        line = fitted(pen.face, letters, width * 0.92, text)
        ink = "#ffffff" if is_dark else pen.fill
        page.write(x, letters * (1.1 + row * 1.4), text, pen.face, line, ink, anchor, 1 if pen.face == "cjk" else 0)
    return page.image


def _cjk(dice: Random, shown: tuple[str, str]) -> Image.Image:
    size, kind = any_size(dice), dice.choice(("edge", "edge", "edge", "bar", "column", "strip"))
    if kind == "bar":
        return _barred(dice, size, shown, Pen(face="cjk", fill="#111111", edge=""))
    page, colours = Page(photograph(dice, *size)), dice.choice(INKS)
    letters = fitted("cjk", round(size[0] * dice.uniform(0.08, 0.13)), size[0] * 0.92, *UPPER)
    if kind == "column":
        _columns(page, shown, min(letters, round(size[1] * 0.84 / 9)), colours)
        return page.image
    for text, y in zip(shown, (size[1] * 0.1, size[1] * 0.9), strict=True):
        if kind == "strip":
            page.box(0, y - letters * 0.75, size[0], letters * 1.5, "#000000a0")
        _bold(page, (size[0] / 2, y), text, letters, colours if kind == "edge" else (colours[0], colours[0]))
    return page.image


def _columns(page: Page, shown: tuple[str, str], letters: int, colours: tuple[str, str]) -> None:
    """From top to bottom along both sides."""
    for text, share in zip(shown, (0.1, 0.9), strict=True):
        for row, sign in enumerate(text):
            spot = (page.image.width * share, page.image.height * 0.1 + row * letters * 1.1)
            _bold(page, spot, sign, letters, colours)


def _bold(page: Page, at: tuple[float, float], text: str, letters: int, colours: tuple[str, str]) -> None:
    fill, edge = colours
    if edge != fill:
        page.write(*at, text, "cjk", letters, edge, "mm", letters / 9)
    page.write(*at, text, "cjk", letters, fill, "mm", letters / 32)
