"""Words of exchanged regions: read wherever they stand; what lies over words, or is only edited, is no other word."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from core.kept_words import Word, pack, unpack
from core.reading_words import Line
from core.types import Box, How, Pixels, Quad, What
from embed.models.ocr import OcrReader
from embed.pairs.overlay import overlay
from embed.pairs.regions import read
from embed.pairs.spoken import Spoken, words_of, wordy_first
from embed.pictures import jpeg, pixels_of
from lab.families.kit import typeface
from tests.small import photograph

READER = OcrReader()
WHOLE: Quad = ((0, 0), (1, 0), (1, 1), (0, 1))


def card(*words: str, face: str = "sans", size: int = 24, ink: str = "#202028", ground: str = "#f6f4ec") -> Image.Image:
    """Lines of text, one below the other, on plain ground with a few ornaments."""
    image = Image.new("RGB", (448, 320), ground)
    pen, letters = ImageDraw.Draw(image), typeface(face, size)
    for number in range(6):
        pen.ellipse((20 + 70 * number, 15, 45 + 75 * number, 48), (40 * number, 90, 200 - 30 * number))
        pen.rectangle((30 + 66 * number, 270, 60 + 66 * number, 300), (200, 30 * number, 80))
    for number, text in enumerate(words):
        pen.text((224, 160 + 1.6 * size * (number - (len(words) - 1) / 2)), text, ink, letters, "mm")
    return image


def kept(image: Image.Image) -> Pixels:
    return pixels_of(jpeg(np.asarray(image), 448))


def spoken(query: Image.Image, reference: Image.Image, budget_s: float = 5.0) -> Spoken:
    ours, theirs = kept(query), kept(reference)
    pair = overlay(ours, theirs, WHOLE)
    return words_of(READER, ours, theirs, pair, wordy_first(read(pair).regions), budget_s)


def said(found: Spoken) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in found.differs]


@pytest.mark.parametrize(
    ("before", "after", "style"),
    [
        ("Ada Quill", "Bo Lindqvist", {"size": 17}),
        ("27 August 2025", "13 May 2023", {"size": 17, "face": "times"}),
        ("MOM", "DAD", {"size": 90, "face": "bold", "ink": "white", "ground": "#303848"}),
        ("50%", "70%", {"size": 130, "face": "bold"}),
        ("$250", "$750", {"size": 32, "ink": "#a0a0a4", "ground": "#d0d0d4"}),
        ("健身第一天", "说好的早睡早起", {"size": 30, "face": "cjk"}),
        ("K", "B", {"size": 40}),
    ],
)
def test_other_words_are_named(before: str, after: str, style: dict[str, object]) -> None:
    """Small, large, a single letter, Chinese, low contrast, white on dark: both sides are told as they stand there."""
    found = spoken(card(after, **style), card(before, **style))  # type: ignore[arg-type]

    assert said(found) == [(before, after)]
    assert not found.partial
    one = found.differs[0]
    assert (one.what, one.how) == (What.WORDS, How.EXCHANGED)
    left, top, right, bottom = one.box
    assert left < 0.5 < right
    assert top < 0.5 < bottom
    assert one.area == pytest.approx((right - left) * (bottom - top))


def test_words_over_a_photograph_are_named() -> None:
    """White letters with a black rim, as memes have them."""
    made = []
    for text in ("NOBODY ASKED", "EVERYBODY KNEW"):
        image = photograph("coffee").resize((448, 300))
        ImageDraw.Draw(image).text(
            (224, 250), text, "white", typeface("bold", 34), "mm", stroke_width=3, stroke_fill="black"
        )
        made.append(image)

    assert said(spoken(made[1], made[0])) == [("NOBODY ASKED", "EVERYBODY KNEW")]


LAID: dict[str, tuple[Callable[[Image.Image], Image.Image], Quad]] = {
    "mirrored": (ImageOps.mirror, ((1, 0), (0, 0), (0, 1), (1, 1))),
    "turned": (lambda image: image.transpose(Image.Transpose.ROTATE_180), ((1, 1), (0, 1), (0, 0), (1, 0))),
    "inverted": (ImageOps.invert, WHOLE),
    "in a page": (lambda image: ImageOps.expand(image, (96, 80), "#203040"), ((0.15, 0.1667), (0.85, 0.1667),
                                                                             (0.85, 0.8333), (0.15, 0.8333))),
}  # fmt: skip


@pytest.mark.parametrize("how", LAID)
def test_words_are_read_however_the_reference_lies(how: str) -> None:
    """The line is cut out of the posted picture as it would stand in the reference."""
    edit, quad = LAID[how]
    query, known = np.asarray(edit(card("Bo Lindqvist", size=30))), kept(card("Ada Quill", size=30))
    ours = 255 - query if how == "inverted" else query
    pair = overlay(ours, known, quad)
    found = words_of(READER, ours, known, pair, wordy_first(read(pair).regions), 5.0)

    assert said(found) == [("Ada Quill", "Bo Lindqvist")]


def test_only_the_lines_that_differ_are_told() -> None:
    """The lines around a changed one say nothing."""
    found = spoken(card("Pay to", "Ines Ibsen", "today"), card("Pay to", "Kofi Sturm", "today"))

    assert said(found) == [("Kofi Sturm", "Ines Ibsen")]


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "blur": lambda image: image.filter(ImageFilter.GaussianBlur(1.2)),
    "small": lambda image: image.resize((300, 214)),
    "gray": lambda image: image.convert("L").convert("RGB"),
    "bright": lambda image: image.point([min(255, value + 40) for value in range(256)] * 3),
}


@pytest.mark.parametrize("name", EDITS)
def test_copies_say_the_same(name: str) -> None:
    """An edit of the whole picture makes no other words."""
    known = card("Total $1,250.00", "due 27.08.2025", "Ada Quill", face="serif")

    assert said(spoken(EDITS[name](known), known)) == []


@pytest.mark.parametrize("cover", ["caption", "bar", "sticker"])
def test_what_lies_over_words_is_no_other_word(cover: str) -> None:
    """A caption across words, a bar and a sticker over a part of them were added: the words were not exchanged."""
    known = card("Ada Quill", "Account 4471 2208", size=28)
    query = known.copy()
    pen = ImageDraw.Draw(query)
    if cover == "caption":
        pen.text((224, 140), "WHEN IT RAINS", "white", typeface("bold", 40), "mm", stroke_width=3, stroke_fill="black")
    elif cover == "bar":
        pen.rectangle((224, 160, 345, 205), "black")
    else:
        pen.ellipse((230, 110, 300, 180), "#ffd030", "#805010", 4)

    assert said(spoken(query, known)) == []


def test_a_budget_ends_the_reading() -> None:
    """Where no time is left, nothing is read, and that is said; with time for both lines both are told."""
    known, query = card("Kofi Sturm", "Ines Ibsen"), card("Nadia Okoye", "Bruno Ferro")
    nothing = spoken(query, known, budget_s=0.0)

    assert nothing == Spoken(partial=True)
    assert said(spoken(query, known)) == [("Kofi Sturm", "Nadia Okoye"), ("Ines Ibsen", "Bruno Ferro")]


class Deaf:
    """A reader that counts what it is asked, and reads nothing."""

    asked = 0

    def load(self) -> None: ...

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        self.asked += len(lines)
        return [Line("", 0.0)] * len(lines)

    def page(self, picture: Pixels, budget_s: float) -> list[Word]:
        raise AssertionError(f"{picture.shape} was read as a page within {budget_s} s")


@pytest.mark.parametrize(
    "regions", [[], [(0, 0, 0, 0)], [(0.4, 0.4, 0.401, 0.9)], [(-1, 0.9, 2, 3)], [(0, 0, 1, 1)] * 9]
)
def test_odd_regions_are_no_trouble(regions: list[Box]) -> None:
    """Nothing, empty ones and the whole picture: at most three regions are looked at, and nothing is made up."""
    reader, picture = Deaf(), kept(card("Kofi Sturm"))
    found = words_of(reader, picture, picture, overlay(picture, picture, WHOLE), regions)

    assert found == Spoken()
    assert reader.asked <= 9


def test_regions_with_strokes_in_both_come_first() -> None:
    """A large picture that was exchanged is read after the name beside it."""
    known, query = card("Kofi Sturm"), card("Nadia Okoye")
    for image, name in ((known, "chelsea"), (query, "coffee")):
        image.paste(photograph(name).resize((110, 110)), (10, 190))

    assert said(spoken(query, known)) == [("Kofi Sturm", "Nadia Okoye")]


class Counting(OcrReader):
    """The real reader, and how many lines it was asked to read."""

    asked = 0

    def read(self, lines: Sequence[Pixels]) -> list[Line]:
        self.asked += len(lines)
        return super().read(lines)


@pytest.mark.parametrize(
    ("before", "after"),
    [(["Kofi Sturm", "Ines Ibsen"], ["Nadia Okoye", "Bruno Ferro"]), (["Total 250"], ["Total 781"])],
)
def test_what_is_known_of_the_reference_is_not_read_again(before: list[str], after: list[str]) -> None:
    """With the words that are kept only the query is read, and the same is told as without."""
    reader = Counting()
    ours, theirs = kept(card(*after)), kept(card(*before))
    pair = overlay(ours, theirs, WHOLE)
    known = unpack(pack(reader.page(theirs, 5.0)))
    found = []
    for some in ((), known):
        reader.asked = 0
        boxes = wordy_first(read(pair).regions)
        found.append((said(words_of(reader, ours, theirs, pair, boxes, 5.0, some)), reader.asked))

    (live, twice), (again, once) = found
    assert live
    assert again == live
    assert twice == 2 * once
