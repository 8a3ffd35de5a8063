"""What shops print on mugs and shirts: slogans, symbols, or both, in one style for both twins.

print_style(dice, ink) -> PrintStyle ; two_prints(dice) -> Prints(first, other) ; draw_print(...)
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from core.types import What
from lab.families.seen.products_pens import Pens, any_face, coined, fitted, wrapped
from lab.families.seen.products_symbols import SYMBOLS, symbol

SLOGANS = (
    *("World's best {}", "Powered by {}", "{} is my superpower", "Keep calm and call a {}", "Team {}"),
    *("Trust me, I am a {}", "I would rather be a {}", "Talk to the {}", "{} since 1984", "Born to be a {}"),
    *("Official {} club", "Not before my {}", "Life is better with a {}", "Save the {}", "My other {} is faster"),
)
PEOPLE = (
    "grandad grandma neighbour baker gardener teacher sister tiger badger nurse sailor plumber dentist drummer "
    "fisher painter captain runner boss coach pirate wizard farmer brother pilot walrus hedgehog cyclist"
)
THINGS = tuple(PEOPLE.split())
LAYOUTS = ("stacked", "symbol above", "ring", "symbol below", "grid", "badge")
CENTRE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """The words of a print with the symbol that goes with them."""

    words: str
    symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """Two prints, what differs between them, and how to say it."""

    first: Print
    other: Print
    differs: What
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintStyle:
    """How a print is set.

    layout   one of LAYOUTS; "grid" is all over, without words
    """

    layout: str
    face: str
    ink: str
    second: str
    is_loud: bool


def print_style(dice: Random, ink: str, second: str) -> PrintStyle:
    """Return a style for a print in these two colours, the rest rolled."""
    layout = dice.choice(LAYOUTS)
    return PrintStyle(layout=layout, face=any_face(dice), ink=ink, second=second, is_loud=dice.random() < 0.5)


def two_prints(dice: Random, layout: str) -> Prints:
    """One word is another one, the slogan is, the symbol is, or both are."""
    slogan, (thing, instead) = dice.choice(SLOGANS), dice.sample(THINGS, 2)
    sign, other_sign = dice.sample(tuple(SYMBOLS), 2)
    first = Print(words=slogan.format(thing), symbol=sign)
    kind = dice.choice(("word", "slogan") if layout == "stacked" else ("word", "symbol", "both"))
    if layout == "grid" or kind == "symbol":
        other = replace(first, symbol=other_sign)
        return Prints(first=first, other=other, differs=What.PICTURE, says=f"the print: {sign} became {other_sign}")
    if kind == "word":
        other = replace(first, words=slogan.format(instead))
        return Prints(first=first, other=other, differs=What.WORDS, says=f"one word: {thing} became {instead}")
    words = dice.choice([one for one in SLOGANS if one != slogan]).format(instead)
    other = Print(words=words, symbol=sign if kind == "slogan" else other_sign)
    says = f'the print: "{first.words}" became "{words}"'
    return Prints(first=first, other=other, differs=What.WORDS if kind == "slogan" else What.PICTURE, says=says)


def draw_print(pens: Pens, shown: Print, style: PrintStyle) -> None:
    """Fill a clear sheet with the print."""
    wide, high = pens.width, pens.height
    least = min(wide, high)
    if style.layout == "grid":
        _grid(pens, shown, style)
    elif style.layout == "stacked":
        _stack(pens, shown.words, style, 0, high)
    elif style.layout in ("ring", "badge"):
        pens.circle(wide / 2, high * 0.36, least * 0.34, edge=style.second, w=least * 0.025)
        if style.layout == "badge":
            pens.circle(wide / 2, high * 0.36, least * 0.3, style.second)
        sign_ink = "#fbfaf4" if style.layout == "badge" else style.ink
        symbol(pens, shown.symbol, wide / 2, high * 0.36, least * 0.2, sign_ink, style.ink)
        _stack(pens, shown.words, style, high * 0.73, high)
    else:
        is_above = style.layout == "symbol above"
        symbol(pens, shown.symbol, wide / 2, high * (0.28 if is_above else 0.7), least * 0.25, style.ink, style.second)
        _stack(pens, shown.words, style, *((high * 0.58, high) if is_above else (0, high * 0.42)))


def _stack(pens: Pens, words: str, style: PrintStyle, top: float, low: float) -> None:
    """Lines of one size that fill the strip; every other one in the second ink where the print is loud."""
    said = words.upper() if style.is_loud else words[0].upper() + words[1:]
    lines, size = _set(said, style.face, pens.width, low - top)
    for row, line in enumerate(lines):
        y = (top + low) / 2 + (row - (len(lines) - 1) / 2) * size * 1.12
        ink = style.second if style.is_loud and row % 2 else style.ink
        pens.letters(pens.width / 2, y, line, style.face, size, ink)


def _set(words: str, face: str, wide: float, high: float) -> tuple[Sequence[str], float]:
    """The lines and the size at which the words fill the room best."""
    best: tuple[Sequence[str], float] = ([words], 6)
    for share in (0.24, 0.34, 0.5, 1.0):
        lines = wrapped(words, face, high * share, wide)
        size = min(high / len(lines) / 1.15, *(fitted(line, face, high * share, wide) for line in lines))
        if size > best[1]:
            best = (lines, size)
    return best


def _grid(pens: Pens, shown: Print, style: PrintStyle) -> None:
    step = min(pens.width, pens.height) / 3.2
    for row in range(int(pens.height / step) + 1):
        for column in range(int(pens.width / step) + 1):
            x, y = (column + CENTRE * (1 + row % 2) - 0.25) * step, (row + CENTRE) * step
            inks = (style.ink, style.second) if (row + column) % 2 else (style.second, style.ink)
            symbol(pens, shown.symbol, x, y, step * 0.3, *inks)


def shop_line(dice: Random) -> str:
    """What a shop writes below a mock-up, or nothing."""
    shop = coined(dice)
    return dice.choice((f"{shop} Prints", f"{shop}.shop", f"{shop} Studio | free returns", "", ""))
