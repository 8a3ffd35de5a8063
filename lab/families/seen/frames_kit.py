"""What pages and frames with another picture or another word share.

Fact        one of two things that a text says at its {}, and lines that break at the same places with either
flow        such a text on a page, Latin or Chinese, Japanese, Korean
lying       a picture laid onto a page, turned, with its shadow
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageFilter

from lab.edits.kit import filled
from lab.families.kit import photograph, two_photographs
from lab.families.seen.papers_kit import Page, Size, fitted, length

BROKEN = re.compile(r" ?(?:[^\s⺀-￯]*\{\}[^\s⺀-￯]*|[⺀-￯]|[^\s⺀-￯]+)[，。！？、：」）]?")
"""Pieces between which a line may end: words, and single letters of Chinese, Japanese and Korean."""

LARGE = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What one of the twins says at the {} of a text, with what both of them say."""

    shown: str
    both: tuple[str, str]

    def longer(self, face: str, size: int) -> str:
        """Return the longer one of both words in this face and size, so that both fit."""
        return max(self.both, key=lambda word: length(word, face, size))

    def lines(self, text: str, face: str, size: int, width: float) -> list[str]:
        """The text in lines no wider than this, as far as its pieces allow, with the fact for {}."""
        lines, longer = [""], self.longer(face, size)
        for piece in BROKEN.findall(text):
            if length((lines[-1] + piece).replace("{}", longer), face, size) <= width or not lines[-1]:
                lines[-1] += piece.lstrip() if not lines[-1] else piece
            else:
                lines.append(piece.lstrip())
        return [line.replace("{}", self.shown) for line in lines]

    def fitted(self, text: str, face: str, size: int, width: float) -> int:
        """The size at which the line fits with either fact."""
        return fitted(face, size, width, *(text.replace("{}", one) for one in self.both))


NO_FACT = Fact(shown="", both=("", ""))


def facts(one: str, other: str) -> tuple[Fact, Fact]:
    """Return two facts of a pair, each showing one of the words."""
    return Fact(shown=one, both=(one, other)), Fact(shown=other, both=(one, other))


def two_facts(dice: Random, among: Sequence[str]) -> tuple[Fact, Fact]:
    """Two of these, which are not the same."""
    one, other = dice.sample(tuple(among), 2)
    return facts(one, other)


def became(what: str, both: tuple[Fact, Fact]) -> str:
    """What differs, in one line."""
    return f"the {what}: {both[0].shown} became {both[1].shown}"


def blank(size: Size, colour: str) -> Page:
    """A page of one colour."""
    return Page(Image.new("RGB", size, colour))


def flow(
    page: Page,
    spot: tuple[float, float],
    width: float,
    text: str,
    font: tuple[str, int],
    fill: str,
    fact: Fact = NO_FACT,
    leading: float = 1.45,
) -> float:
    """The text in lines whose first top is at the spot; gives the y below them."""
    (x, y), (face, size) = spot, font
    for line in fact.lines(text, face, size, width):
        page.write(x, y + size, line, face, size, fill)
        y += size * leading
    return y


def line(
    page: Page,
    spot: tuple[float, float],
    width: float,
    text: str,
    font: tuple[str, int],
    fill: str,
    fact: Fact = NO_FACT,
    anchor: str = "ls",
) -> None:
    """One line with the fact in it, as small as it must be to fit with either."""
    size = fact.fitted(text, *font, width)
    page.write(*spot, text.replace("{}", fact.shown), font[0], size, fill, anchor)


def views(dice: Random) -> tuple[Image.Image, Image.Image]:
    """Two photographs, large and square, to be fitted into frames."""
    return two_photographs(dice, LARGE, LARGE)


def view(dice: Random) -> Image.Image:
    """A photograph that both of the twins show."""
    return photograph(dice, LARGE, LARGE)


def fit(photo: Image.Image, width: float, height: float) -> Image.Image:
    """The photograph, cut to a frame."""
    return filled(photo, width, height)


def lying(page: Page, thing: Image.Image, x: float, y: float, turn: float = 0, strength: float = 0.45) -> None:
    """Lay a picture, which may have clear parts, around that middle, turned, with a soft shadow."""
    layer = thing.convert("RGBA").rotate(turn, Image.Resampling.BICUBIC, expand=True)
    left, top, reach = round(x - layer.width / 2), round(y - layer.height / 2), 18
    shadow = Image.new("L", (layer.width + 2 * reach, layer.height + 2 * reach))
    shadow.paste(layer.getchannel("A").point(lambda value: value * strength), (reach, reach))
    page.image.paste("#000000", (left - reach + 3, top - reach + 7), shadow.filter(ImageFilter.GaussianBlur(7)))
    page.image.paste(layer.convert("RGB"), (left, top), layer.getchannel("A"))
