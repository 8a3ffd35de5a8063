"""Words: other words on the same picture are told from the same words, and from none."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from embed.pairs.words import Words, compare, lines, strokes
from lab.drawings.kit import font
from tests.small import drawn, photograph

SIZE = (448, 300)


def meme(top: str, bottom: str, key: str = "coffee") -> Image.Image:
    """A photograph with white, black-rimmed words at the top and at the bottom."""
    image = photograph(key).resize(SIZE)
    draw = ImageDraw.Draw(image)
    for words, y in ((top, 12), (bottom, 250)):
        draw.text((224, y), words, "white", font(34), anchor="mt", stroke_width=3, stroke_fill="black")
    return image


def gray(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("L"))


def read(query: Image.Image, reference: Image.Image) -> Words:
    matrix = np.diag([query.width / reference.width, query.height / reference.height, 1.0])
    return compare(gray(query), gray(reference), matrix)


KNOWN = meme("NOBODY ASKED ME", "I SAID IT ANYWAY")


def test_lines_that_nearly_touch_are_two() -> None:
    """Strokes are joined along a line, and never to the line below it, however near it is."""
    mask = np.zeros((60, 220), np.uint8)
    for left in range(10, 210, 5):
        mask[10:24, left : left + 2] = mask[25:39, left : left + 2] = 1

    assert sorted(lines(mask)) == [(10, 10, 207, 24), (10, 25, 207, 39)]


def test_other_words_are_seen() -> None:
    """Most pieces of the reference's text say something else in the same meme with other words."""
    said = read(meme("WHEN THE BUS LEAVES", "AND YOU ARE NOT ON IT"), KNOWN)

    assert said.pieces >= 6
    assert said.changed > said.pieces / 2


@pytest.mark.parametrize(
    "edit",
    [
        lambda image: image,
        lambda image: image.resize((224, 150)),
        lambda image: image.filter(ImageFilter.GaussianBlur(1.2)),
        lambda image: image.filter(ImageFilter.GaussianBlur(2.5)),
        lambda image: image.filter(ImageFilter.GaussianBlur(4)),
        lambda image: image.point([min(255, value + 40) for value in range(256)] * 3),
    ],
)
def test_the_same_words_stay_the_same(edit: object) -> None:
    """Smaller, blurred or brighter, the words are still those of the reference."""
    said = read(edit(KNOWN), KNOWN)  # type: ignore[operator]

    assert said.changed == 0


def test_words_that_are_covered_say_nothing() -> None:
    """A bar over the text is an edit, not other words."""
    covered = KNOWN.copy()
    ImageDraw.Draw(covered).rectangle((0, 0, 448, 60), fill="#2244aa")

    assert read(covered, KNOWN).changed == 0


def test_words_written_on_a_picture_without_words_do_not_count() -> None:
    """Only what the reference says can be said differently."""
    assert read(KNOWN, photograph("coffee").resize(SIZE)).changed <= 1


def test_what_is_too_small_is_not_read() -> None:
    """A reference of 90 px in the query has no letters that could be compared."""
    assert read(KNOWN.resize((90, 60)), KNOWN) == Words()


def test_lines_of_text_are_found() -> None:
    """Two lines of words are found, dark on bright and bright on dark, in two or three pieces."""
    page = Image.new("L", (400, 160), 245)
    draw = ImageDraw.Draw(page)
    draw.text((20, 30), "the first of two lines", 10, font(24))
    draw.text((20, 100), "and here is the second", 10, font(24))
    _, dark = strokes(np.asarray(page), 100)
    bright, _ = strokes(255 - np.asarray(page), 100)

    for found in (lines(dark), lines(bright)):
        assert 2 <= len(found) <= 4
        assert {top < 80 for _, top, _, _ in found} == {True, False}


def test_a_drawing_without_words_has_few_lines() -> None:
    """Waves and windows do not pass for text all over."""
    bright, dark = strokes(gray(drawn("low-sun").resize(SIZE)), 100)

    assert len(lines(bright)) + len(lines(dark)) <= 6
