"""Screenshots and pages of text are told from drawings and photographs."""

import cv2
import numpy as np
import pytest
from PIL import Image

from core.types import Pixels
from embed.decode.picture import decode
from embed.views.screens import looks_like_screen
from lab.drawings.demo import demo_set, strangers
from lab.edits.suite import EDITS
from tests.small import drawn, photograph, saved

ALL = [one.key for one in (*demo_set(), *strangers())]
SOME = ALL[::6]
PHOTOGRAPHS = ("astronaut", "camera", "chelsea", "coffee", "coins", "hubble_deep_field", "moon", "rocket")


def seen(image: Image.Image, form: str = "PNG", **options: object) -> Pixels:
    """The picture as references are prepared from it."""
    return decode(saved(image, form, **options)).frames[0]


def without_grain(pixels: Pixels) -> Pixels:
    """As flat as a drawing from a vector program."""
    smooth = pixels
    for _ in range(4):
        smooth = np.asarray(cv2.bilateralFilter(smooth, 7, 30, 5), np.uint8)
    return np.asarray(cv2.medianBlur(smooth, 3), np.uint8).reshape(pixels.shape)


@pytest.mark.parametrize("name", ["screenshot", "screenshot_dark"])
@pytest.mark.parametrize("key", SOME)
def test_a_phones_screenshot_is_told(name: str, key: str) -> None:
    """In light and in dark mode, whatever picture is in it, also saved as a JPEG."""
    assert looks_like_screen(seen(EDITS[name](drawn(key)), "JPEG", quality=75))


@pytest.mark.parametrize("dark", [False, True])
def test_a_page_of_text_is_told(dark: bool) -> None:
    """Lines of letters on a sheet of one colour, upright or not."""
    sheet = np.full((600, 800, 3), 20 if dark else 250, np.uint8)
    for line in range(12):
        text = f"{line} lines of a page that says nothing much"
        ink = (230, 230, 230) if dark else (30, 30, 30)
        cv2.putText(sheet, text, (30, 60 + 44 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.8, ink, 2, cv2.LINE_AA)

    assert looks_like_screen(seen(Image.fromarray(sheet)))


@pytest.mark.parametrize("key", ALL)
def test_drawings_are_no_screens(key: str) -> None:
    """Neither as they are nor without their grain, when every colour is flat."""
    pixels = seen(drawn(key), "JPEG", quality=90)

    assert not looks_like_screen(pixels)
    assert not looks_like_screen(without_grain(pixels))


@pytest.mark.parametrize("name", ["border", "caption_bar", "story", "collage"])
@pytest.mark.parametrize("key", SOME)
def test_edited_pictures_are_no_screens(key: str, name: str) -> None:
    """A frame, a caption or company does not make a picture a page."""
    assert not looks_like_screen(seen(EDITS[name](drawn(key)), "JPEG", quality=90))


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_are_no_screens(name: str) -> None:
    """Also those with a plain sky, a black night or a flat background."""
    assert not looks_like_screen(seen(photograph(name)))


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (448, 3), (64, 64)])
def test_tiny_and_plain_pictures_are_no_screens(size: tuple[int, int]) -> None:
    """A picture of one colour has a ground, but no words on it."""
    assert not looks_like_screen(np.full((*size, 3), 200, np.uint8))


def test_logos_are_no_screens() -> None:
    """A few large letters on white are a logo."""
    sheet = np.full((300, 700, 3), 255, np.uint8)
    cv2.putText(sheet, "Quillbird", (60, 190), cv2.FONT_HERSHEY_TRIPLEX, 3.6, (20, 90, 160), 8, cv2.LINE_AA)

    assert not looks_like_screen(seen(Image.fromarray(sheet)))
