"""What tricksters send on: cards with a code, appeals with an account.

gift_card_code    a photograph of a gift card on a table   one code, or the code and its PIN
donation_appeal   an appeal with a photograph              the account or wallet that money goes to
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from string import ascii_lowercase, ascii_uppercase, digits

from PIL import Image, ImageFilter

from core.types import What
from lab.drawings.kit import mix, paper
from lab.edits.words import name
from lab.families.kit import Family, Twins, photograph
from lab.families.unseen.strokes import HEADS, Board, Tones, coined, on, pair, tones, vivid

TABLES = (
    ("#8a5f3c", "#5d3b22"),
    ("#d8d2c8", "#b7afa2"),
    ("#3a3d42", "#23252a"),
    ("#e9e6df", "#c8c4ba"),
    ("#6f7f6a", "#4c5a48"),
)
CARD_WORDS = (
    ("Gift card", "Redeem code", "Scratch gently to reveal the code.", "Valid 24 months. Not exchangeable for cash."),
    ("Voucher", "Your code", "Enter the code at checkout.", "Keep this card like cash. No refunds."),
    ("Top-up", "Top-up code", "Send the code to nobody.", "Activated at the till. See terms online."),
    ("礼品卡", "兑换码", "轻轻刮开涂层，即可看到兑换码。", "有效期二十四个月，不可兑换现金。"),
    ("ギフトカード", "コード", "銀色の部分を削ってください。", "現金との交換はできません。"),
    ("기프트카드", "코드 번호", "은박을 긁어 번호를 확인하세요.", "현금으로 교환할 수 없습니다."),
)
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SUMS = ("10", "20", "25", "50", "100", "150", "200")
SIGNS = "$€£"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card, what is printed on it, and the table that it lies on."""

    size: tuple[int, int]
    table: tuple[str, str]
    art: Image.Image
    colour: str
    brand: str
    words: Sequence[str]
    amount: str
    face: str
    code_face: str
    angle: float
    share: float
    has_pin: bool
    number: str
    seed: int


def gift_card_code(dice: Random) -> Twins:
    """A photograph of a gift card on a table: the same card and sum, another code, sometimes another PIN."""
    style, shape = _card(dice), dice.choice(((4, 4, 4), (4, 4, 4, 4), (5, 5, 5), (4, 6, 4)))
    letters = dice.choice((CODE_LETTERS, CODE_LETTERS, digits))
    pins = [str(dice.randint(1000, 9999)) for _ in range(2)]
    codes = ["-".join("".join(dice.choices(letters, k=count)) for count in shape) for _ in range(2)]
    pair_of = ((codes[0], pins[0]), (codes[1], pins[dice.choice((0, 1))]))
    return pair(_on_table, style, pair_of, What.WORDS, f"the code: {codes[0]} became {codes[1]}")


def _card(dice: Random) -> Card:
    return Card(
        size=dice.choice(((900, 680), (1000, 760), (800, 800), (680, 860), (960, 640))),
        table=dice.choice(TABLES),
        art=photograph(dice, 760, 480),
        colour=dice.choice((vivid(dice), "#1d1f24", "#f4f2ec", "#ffffff")),
        brand=coined(dice).upper()
        if dice.random() < 0.5
        else f"{coined(dice)} {dice.choice(('Play', 'Market', 'Pay'))}",
        words=dice.choice(CARD_WORDS),
        amount=f"{dice.choice(SIGNS)}{dice.choice(SUMS)}",
        face=dice.choice(HEADS[:4]),
        code_face=dice.choice(("mono", "bold", "sans")),
        angle=dice.uniform(-9, 9),
        share=dice.uniform(0.34, 0.52),
        has_pin=dice.random() < 0.5,
        number="".join(dice.choices(digits, k=12)),
        seed=dice.getrandbits(31),
    )


def _on_table(style: Card, content: tuple[str, str]) -> Image.Image:
    """The card with its shadow, turned a little."""
    wide, high = style.size
    table = Board(paper(style.size, *style.table, style.seed, 9), style.seed)
    _planks(table, style)
    reach = 0.86 * min(wide, high * 1.45)
    card = _card_front(style, content).resize((round(reach), round(reach * 480 / 760)), Image.Resampling.LANCZOS)
    mask = Board(Image.new("RGB", card.size, "#000000"), 0)
    mask.rect(0, 0, *card.size, "#ffffff", card.height * 0.06)
    turned = card.rotate(style.angle, Image.Resampling.BICUBIC, expand=True)
    cover = mask.image.convert("L").reduce(2).rotate(style.angle, Image.Resampling.BICUBIC, expand=True)
    left, top = (wide - turned.width) // 2, (high - turned.height) // 2
    shadow = cover.point(lambda value: value * 0.5).filter(ImageFilter.GaussianBlur(9))
    table.lay(Image.new("RGB", turned.size, "#000000"), left + 7, top + 10, shadow)
    table.lay(turned, left, top, cover)
    table.glow(wide * (style.seed % 7) / 6, 0, wide * 0.7, "#fff6e0", 0.25, high * 0.7)
    return table.finish(6)


def _planks(sheet: Board, style: Card) -> None:
    (wide, high), dice = style.size, Random(style.seed)
    if dice.random() < 0.5:
        for at in range(dice.randint(3, 6)):
            y = at * high / 4 + dice.uniform(-20, 20)
            sheet.line([(0, y), (wide, y + dice.uniform(-30, 30))], mix(style.table[1], "#000000", 0.3), 2.5)


def _card_front(style: Card, content: tuple[str, str]) -> Image.Image:
    """The picture above, the panel with the code below it; at 760 x 480."""
    card, ink = Board(Image.new("RGB", (760, 480), style.colour), style.seed), on(style.colour)
    tall = round(480 * style.share)
    card.lay(style.art.crop((0, 0, 760, tall)), 0, 0)
    card.rect(24, 22, 300, 62, style.colour + "dd", 8)
    card.fit(38, 54, style.brand, 38, ink, style.face, "lm", 270)
    card.rect(590, 22, 146, 70, style.colour + "dd", 8)
    card.fit(663, 58, style.amount, 46, ink, style.face, "mm", 130)
    card.say(30, tall + 34, style.words[0], 26, ink, style.face)
    _code(card, style, content, tall + 62, ink)
    card.fit(30, 428, style.words[2], 18, ink, "sans", "lm", 480)
    card.fit(30, 455, style.words[3], 16, mix(ink, style.colour, 0.3), "sans", "lm", 480)
    _bars(card, style)
    return card.finish(0)


def _code(card: Board, style: Card, content: tuple[str, str], top: float, ink: str) -> None:
    """The field from which the silver has been scratched."""
    (code, pin), wide = content, 520 if style.has_pin else 700
    card.say(30, top + 12, style.words[1], 17, ink, "sans")
    card.rect(30, top + 28, wide, 62, "#b9bcc0", 6)
    card.polygon(
        [(38, top + 34), (wide + 18, top + 31), (wide + 24, top + 84), (60, top + 87), (36, top + 70)], "#f7f6f2"
    )
    card.fit(52, top + 60, code, 36, "#22242a", style.code_face, "lm", wide - 50)
    if style.has_pin:
        card.say(570, top + 12, "PIN", 17, ink, "sans")
        card.rect(570, top + 28, 160, 62, "#f7f6f2", 6)
        card.say(650, top + 60, pin, 34, "#22242a", style.code_face, "mm")


def _bars(card: Board, style: Card) -> None:
    """The bars of the article, the same on every card."""
    dice, at = Random(style.seed + 3), 548.0
    card.rect(536, 408, 200, 58, "#ffffff")
    while at < 722:
        thick = dice.choice((2, 2, 4, 6))
        card.rect(at, 412, thick, 36, "#111111")
        at += thick + dice.choice((2, 4, 5))
    card.say(636, 457, style.number, 13, "#111111", "mono", "mm")


APPEALS = (
    ("Help us rebuild the harbour school", "Donate", "raised of", "Send to", "Every coin goes to the families."),
    ("Emergency: flood in the valley", "Give now", "of our goal", "Wallet", "Please share this appeal."),
    ("Save the old shelter's animals", "Support us", "raised of", "Account", "Food, medicine, a warm place."),
    ("A new roof for the clinic", "Chip in", "collected of", "Pay to", "The rain season begins in May."),
    ("紧急救助：帮帮山区的孩子", "捐款", "已筹", "收款账户", "每一分钱都会用在孩子身上。"),
    ("洪水过后，请伸出援手", "立即捐助", "目标", "钱包地址", "请转发给更多的人。"),
    ("動物たちに温かい家を", "寄付する", "目標額", "送金先", "一人でも多くの方に届けてください。"),
)
STORIES = {
    "E": (
        "Forty families have lost what they had.",
        "The water came in the night, within an hour.",
        "The road to us is closed until autumn.",
    ),
    "A": (
        "We are eight volunteers and a borrowed van.",
        "Blankets, lamps and clean water come first.",
        "All of the receipts are on our page.",
    ),
    "H": (
        "The old roof fell in during the storm.",
        "The children learn in a tent for now.",
        "With your help they move back by winter.",
    ),
    "S": (
        "Sixty animals need food until the spring.",
        "The vet comes twice a week, for free.",
        "What is left over goes to the next shelter.",
    ),
    "紧": ("四十个家庭失去了住房。", "我们先送去毛毯和干净的水。", "所有账目都会公开。"),
    "洪": ("大水在夜里一小时内涌来。", "通往村子的路到秋天才能修好。", "八名志愿者，一辆借来的车。"),
    "動": (
        "六十匹が春まで食べ物を必要としています。",
        "獣医さんが週に二回来てくれます。",
        "領収書はすべて公開します。",
    ),
}
"""By the first letter of the appeal."""

ADDRESSES: Sequence[tuple[str, Callable[[Random], str]]] = (
    ("BTC", lambda dice: "bc1q" + "".join(dice.choices(digits + ascii_lowercase, k=30))),
    ("ETH", lambda dice: "0x" + "".join(dice.choices("0123456789abcdef", k=38))),
    ("USDT", lambda dice: "T" + "".join(dice.choices(digits + ascii_uppercase + ascii_lowercase, k=32))),
    ("IBAN", lambda dice: f"XX{dice.randint(10, 99)} " + " ".join(str(dice.randint(1000, 9999)) for _ in range(5))),
    (
        "Acct",
        lambda dice: (
            f"{dice.randint(10, 99)}-{dice.randint(10, 99)}-{dice.randint(10, 99)} · {dice.randint(10**7, 10**8)}"
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An appeal and its photograph."""

    size: tuple[int, int]
    photo: Image.Image
    tones: Tones
    words: Sequence[str]
    story: Sequence[str]
    site: str
    coin: str
    face: str
    share: float
    done: float
    goal: int
    givers: Sequence[tuple[str, int]]
    is_right: bool
    seed: int


def donation_appeal(dice: Random) -> Twins:
    """An appeal for money with a photograph: word for word the same, and another account to send it to."""
    coin, address = dice.choice(ADDRESSES)
    one, other = address(dice), address(dice)
    return pair(_appeal, _campaign(dice, coin), (one, other), What.WORDS, f"the account: {one} became {other}")


def _campaign(dice: Random, coin: str) -> Appeal:
    size = dice.choice(((560, 900), (640, 920), (720, 720), (1000, 680), (940, 700), (600, 800)))
    share = dice.uniform(0.36, 0.46)
    words = dice.choice(APPEALS)
    is_wide = size[0] > size[1]
    area = (round(size[0] * share), size[1]) if is_wide else (size[0], round(size[1] * share))
    return Appeal(
        size=size,
        photo=photograph(dice, *area),
        tones=tones(dice, 0.3),
        words=words,
        story=STORIES[words[0][0]],
        is_right=dice.random() < 0.4,
        site=f"{coined(dice)} {dice.choice(('Relief', 'Hands', 'Fund', 'Aid'))}",
        coin=coin,
        face=dice.choice(HEADS),
        share=share,
        done=dice.uniform(0.1, 0.95),
        goal=dice.choice((5000, 12000, 20000, 50000, 80000)),
        givers=[(name(dice), dice.choice((5, 10, 20, 50, 100))) for _ in range(3)],
        seed=dice.getrandbits(31),
    )


def _appeal(style: Appeal, address: str) -> Image.Image:
    (wide, high), colours = style.size, style.tones
    is_wide = wide > high
    sheet = Board(Image.new("RGB", style.size, colours.ground), style.seed)
    sheet.lay(style.photo, wide - style.photo.width if style.is_right else 0, 0)
    room = wide - 56 - (style.photo.width if is_wide else 0)
    left = style.photo.width + 28 if is_wide and not style.is_right else 28
    top = 20 if is_wide else style.photo.height + 16
    step = (high - top) / 20
    sheet.say(left, top + step, style.site, step * 0.7, colours.accent, "bold")
    sheet.fit(left, top + step * 2.7, style.words[0], step * 1.25, colours.ink, style.face, "lm", room)
    for at, line in enumerate((*style.story, style.words[4])):
        sheet.fit(left, top + step * (4.4 + at * 1.05), line, step * 0.62, colours.faint, "sans", "lm", room)
    _progress(sheet, style, left, top + step * 9.2, room, step)
    _account(sheet, style, address, (left, top + step * 11.6, room), step)
    for at, (giver, gift) in enumerate(style.givers):
        sheet.say(left, top + step * (16.6 + at), giver, step * 0.56, colours.faint, "sans")
        sheet.say(left + room, top + step * (16.6 + at), f"+ {gift}", step * 0.56, colours.faint, "sans", "rm")
    return sheet.finish(0)


def _progress(sheet: Board, style: Appeal, x: float, y: float, room: float, step: float) -> None:
    sheet.rect(x, y, room, step * 0.4, mix(style.tones.ground, style.tones.ink, 0.15), step * 0.2)
    sheet.rect(x, y, room * style.done, step * 0.4, style.tones.second, step * 0.2)
    text = f"{round(style.goal * style.done):,} {style.words[2]} {style.goal:,}"
    sheet.say(x, y + step * 1.15, text, step * 0.62, style.tones.ink, "bold")


def _account(sheet: Board, style: Appeal, address: str, spot: tuple[float, float, float], step: float) -> None:
    """The box with the account and, below it, the button."""
    (x, y, room), colours = spot, style.tones
    sheet.rect(x, y, room, step * 2.3, colours.panel, step * 0.3)
    sheet.line([(x, y), (x, y + step * 2.3)], colours.accent, 4)
    sheet.say(x + 14, y + step * 0.65, f"{style.words[3]} ({style.coin})", step * 0.55, colours.faint, "sans")
    sheet.fit(x + 14, y + step * 1.6, address, step * 0.8, colours.ink, "mono", "lm", room - 28)
    sheet.rect(x, y + step * 2.7, room, step * 1.5, colours.accent, step * 0.4)
    sheet.say(x + room / 2, y + step * 3.45, style.words[1], step * 0.7, on(colours.accent), "bold", "mm")


FAMILIES: Sequence[Family] = (
    Family(name="gift_card_code", draw=gift_card_code, is_photographic=True),
    Family(name="donation_appeal", draw=donation_appeal, is_photographic=True),
)
