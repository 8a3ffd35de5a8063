"""The difference view: a filter over all of it is no difference, what was put on it or taken out is."""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from core.types import Pixels, Quad
from embed.pairs.difference import Array, changed, tinted
from embed.pictures import jpeg, pixels_of
from lab.edits import first as edits
from tests.small import drawn, photograph, scribble

WHOLE: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
MIRRORED: Quad = (WHOLE[1], WHOLE[0], WHOLE[3], WHOLE[2])
TURNED: Quad = (WHOLE[3], WHOLE[0], WHOLE[1], WHOLE[2])
PASTED: Quad = ((0.3, 0.34), (0.8, 0.34), (0.8, 0.84), (0.3, 0.84))
SPOT = (0.55, 0.3, 0.8, 0.55)
"""Where the edits below change something, as shares: left, top, right, bottom."""

SIDE = 256
SEES_NO_RED = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
SEES_NO_GREEN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
SEES_NO_BLUE = ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900))
"""How colours look to the colour-blind, in linear RGB (Machado, Oliveira and Fernandes, 2009)."""


@cache
def known(name: str) -> Image.Image:
    image = drawn(name) if name == "five-koi" else photograph(name)
    return ImageOps.contain(image, (448, 448))


def small(image: Image.Image) -> Pixels:
    return np.asarray(ImageOps.contain(image.convert("RGB"), (SIDE, SIDE)))


def found(posted: Image.Image, name: str = "coffee", quad: Quad = WHOLE) -> Array:
    """What the view tints, in the posted picture's thumbnail."""
    mask = changed(small(posted), np.asarray(known(name)), quad)
    assert mask is not None
    return mask


def spot(image: Image.Image) -> tuple[int, int, int, int]:
    left, top, right, bottom = SPOT
    return int(left * image.width), int(top * image.height), int(right * image.width), int(bottom * image.height)


def sticker(image: Image.Image) -> Image.Image:
    image = image.copy()
    ImageDraw.Draw(image).rectangle(spot(image), fill=(255, 210, 40))
    return image


def redacted(image: Image.Image) -> Image.Image:
    image = image.copy()
    ImageDraw.Draw(image).rectangle(spot(image), fill=(0, 0, 0))
    return image


def replaced(image: Image.Image) -> Image.Image:
    image = image.copy()
    left, top, right, bottom = spot(image)
    image.paste(scribble(4).resize((right - left, bottom - top)), (left, top))
    return image


def inverted(image: Image.Image) -> Image.Image:
    return ImageOps.invert(image)


def sepia(image: Image.Image) -> Image.Image:
    return ImageOps.colorize(ImageOps.grayscale(image), (30, 15, 5), (255, 240, 200))


def faded(image: Image.Image) -> Image.Image:
    """Lighter shadows, as gamma makes them."""
    return image.point([round(255 * (value / 255) ** 0.7) for value in range(256)] * 3)


def brighter(image: Image.Image) -> Image.Image:
    """So bright that the light tones are all white."""
    return image.point([min(255, round(1.3 * value)) for value in range(256)] * 3)


def vignette(image: Image.Image) -> Image.Image:
    x, y = np.linspace(-1, 1, image.width), np.linspace(-1, 1, image.height)[:, None]
    dark = 1 - 0.3 * (x * x + y * y)
    return Image.fromarray((np.asarray(image) * dark[..., None]).astype(np.uint8))


def page(paper: tuple[int, int, int]) -> Image.Image:
    """Lines of words and three coloured fields on paper."""
    sheet = Image.new("RGB", (440, 600), paper)
    draw = ImageDraw.Draw(sheet)
    for line in range(20):
        draw.text((30, 30 + 26 * line), f"the quick brown fox {line * 37} jumps over it", fill=(30, 30, 30))
    for top, high, colour in ((40, 120, (200, 120, 90)), (200, 120, (250, 220, 140)), (360, 60, (120, 170, 210))):
        draw.rectangle((280, top, 400, top + high), fill=colour)
    return sheet


def jpeg_of(image: Image.Image) -> Pixels:
    return pixels_of(jpeg(np.asarray(image)))


@pytest.mark.parametrize("place", [(200, 120, 330, 230), (100, 60, 180, 90), (60, 200, 75, 215)])
def test_rows_and_columns_are_treated_alike(place: tuple[int, int, int, int]) -> None:
    """Two pictures that are laid on their side differ in the same pixels, laid on their side."""
    plain = photograph("coffee").resize((400, 300))
    patched = plain.copy()
    ImageDraw.Draw(patched).ellipse(place, fill=(30, 60, 200))
    ours, theirs = np.asarray(patched), np.asarray(plain)
    lying = [np.ascontiguousarray(one.transpose(1, 0, 2)) for one in (ours, theirs)]
    found, other = changed(ours, theirs, WHOLE), changed(lying[0], lying[1], WHOLE)

    assert found is not None
    assert other is not None
    assert found.sum() > 200
    assert np.array_equal(found, other.T)


@pytest.mark.parametrize("name", ["coffee", "chelsea", "five-koi"])
@pytest.mark.parametrize(
    "edit",
    [
        *(edits.recompress, edits.half_recompressed, edits.blur, edits.grayscale),
        *(inverted, sepia, faded, brighter, vignette),
    ],
)
def test_a_filter_over_all_of_it_is_no_difference(name: str, edit: Callable[[Image.Image], Image.Image]) -> None:
    """Quality, light and colours of the whole may change: next to nothing is tinted."""
    assert found(edit(known(name)), name).mean() < 0.025


@pytest.mark.parametrize("strength", [0.2, 0.5, 1.6, 2.4])
@pytest.mark.parametrize("name", ["coffee", "five-koi"])
def test_stronger_or_weaker_colours_are_no_difference(name: str, strength: float) -> None:
    """However strong the colours of the whole have become, next to nothing is tinted."""
    assert found(ImageEnhance.Color(known(name)).enhance(strength), name).mean() < 0.025


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.2, 1.5, 1.9])
@pytest.mark.parametrize("paper", [(255, 250, 240), (238, 242, 250), (250, 250, 250)])
def test_a_page_that_burns_out_is_not_tinted(paper: tuple[int, int, int], gain: float) -> None:
    """A near-white page made darker, or so bright that paper and pale colours are white, is the same page."""
    lit = ImageEnhance.Brightness(page(paper)).enhance(gain)
    mask = changed(jpeg_of(lit), np.asarray(page(paper)), WHOLE)

    assert mask is not None
    assert mask.mean() < 0.03


@pytest.mark.parametrize(
    ("edit", "quad"),
    [
        (edits.mirror, MIRRORED),
        (lambda image: image.transpose(Image.Transpose.ROTATE_270), (WHOLE[1], WHOLE[2], WHOLE[3], WHOLE[0])),
        (lambda image: image.transpose(Image.Transpose.ROTATE_90), TURNED),
        (edits.paste_half, PASTED),
    ],
)
def test_however_it_lies_a_copy_agrees(edit: Callable[[Image.Image], Image.Image], quad: Quad) -> None:
    """Mirrored, turned or as a part: the corners say how the reference lies."""
    assert found(edit(known("coffee")), quad=quad).mean() < 0.005


def test_colours_on_a_gray_reference_are_a_filter_too() -> None:
    """Of a gray reference only the grays are compared: a coloured photograph of it agrees."""
    gray = np.asarray(edits.grayscale(known("coffee")))
    mask = changed(small(known("coffee")), gray, WHOLE)

    assert mask is not None
    assert mask.mean() < 0.005


@pytest.mark.parametrize("light", [lambda image: image, edits.grayscale, inverted, faded])
@pytest.mark.parametrize("edit", [sticker, redacted, replaced])
def test_what_was_put_on_it_is_found(
    edit: Callable[[Image.Image], Image.Image], light: Callable[[Image.Image], Image.Image]
) -> None:
    """A sticker, a black bar or another picture is tinted and the rest is not, also under a filter."""
    mask = found(light(edit(known("coffee"))))
    height, width = mask.shape
    left, top, right, bottom = (round(share * size) for share, size in zip(SPOT, (width, height) * 2, strict=True))
    outside = mask.copy()
    outside[top - 4 : bottom + 5, left - 4 : right + 5] = False

    assert mask[top + 3 : bottom - 3, left + 3 : right - 3].mean() > 0.7
    assert outside.mean() < 0.005


def test_other_words_in_the_same_place_are_found() -> None:
    """Two texts of the same letters and colours share their black and white, but not their shapes."""
    pages = []
    for text in ("ONE DOES NOT SIMPLY", "ME BEFORE MY COFFEE"):
        page = known("coffee").copy()
        ImageDraw.Draw(page).text(
            (224, 10), text, font_size=34, fill="white", stroke_fill="black", stroke_width=3, anchor="mt"
        )
        pages.append(page)
    mask = changed(small(pages[0]), np.asarray(pages[1]), WHOLE)

    assert mask is not None
    assert mask[6:26].mean() > 0.2
    assert mask[40:].mean() < 0.005


def framed(number: str) -> Image.Image:
    """A page with a thin golden frame, a few lines, and a number."""
    page = Image.new("RGB", (448, 320), (250, 248, 240))
    pen = ImageDraw.Draw(page)
    pen.rectangle((12, 12, 435, 307), outline=(214, 150, 20), width=6)
    for row in range(5):
        pen.text((60, 60 + 30 * row), "All that is known of this page", font_size=16, fill=(40, 40, 60))
    pen.text((60, 240), f"Total {number}", font_size=20, fill=(40, 40, 60))
    return page


@pytest.mark.parametrize("edit", [lambda image: image, edits.recompress, edits.blur, edits.grayscale, faded])
def test_a_rare_colour_is_no_difference(edit: Callable[[Image.Image], Image.Image]) -> None:
    """A few saturated pixels that both pictures have in the same place are not tinted."""
    mask = changed(np.asarray(edit(framed("2,577.84"))), np.asarray(framed("2,577.84")), WHOLE)

    assert mask is not None
    assert not mask.any()


def test_one_other_number_is_found() -> None:
    """An amount that became another one is tinted, and nothing else on the page."""
    mask = changed(np.asarray(edits.recompress(framed("2,599.99"))), np.asarray(framed("2,577.84")), WHOLE)

    assert mask is not None
    rows, columns = np.nonzero(mask)
    assert 232 <= rows.min() <= rows.max() <= 268
    assert 115 <= columns.min() <= columns.max() <= 205


@pytest.mark.parametrize("quad", [WHOLE, MIRRORED])
def test_the_edge_of_a_screen_is_no_difference(quad: Quad) -> None:
    """A dark strip along a side is what stands around a photographed picture; one that reaches further is tinted."""
    thin, thick = (small(known("coffee")).copy() for _ in range(2))
    thin[:, :8], thick[:, :48] = 12, 12
    reference = np.asarray(known("coffee") if quad == WHOLE else ImageOps.mirror(known("coffee")))
    masks = [changed(posted, reference, quad) for posted in (thin, thick)]

    assert masks[0] is not None and not masks[0].any()
    assert masks[1] is not None and masks[1][:, :44].mean() > 0.7


@pytest.mark.parametrize(
    "quad",
    [
        ((0.5, 0.5),) * 4,
        ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)),
        ((0.0, 0.0), (float("nan"), 0.0), (1.0, 1.0), (0.0, 1.0)),
        ((0.0, 0.0), (1.0, 0.0), (0.1, 0.1), (0.0, 1.0)),
    ],
)
def test_no_place_gives_no_view(quad: Quad) -> None:
    """Folded, without area or not a number: there is nothing to lay over."""
    assert changed(small(known("coffee")), np.asarray(known("coffee")), quad) is None


corners = st.tuples(*[st.floats(-3, 4) | st.sampled_from([float("nan"), float("inf"), 1e30])] * 2)


@given(st.tuples(corners, corners, corners, corners), st.integers(1, 40), st.integers(1, 40), st.integers(1, 40))
def test_no_quad_breaks_it(quad: Quad, wide: int, high: int, reference: int) -> None:
    """Whatever the pair check found, of whatever size: None, or a mask of the posted picture."""
    mask = changed(np.asarray(scribble(1, wide, high)), np.asarray(scribble(2, reference, 9)), quad)

    assert mask is None or (mask.shape == (high, wide) and mask.dtype == bool)


@pytest.mark.parametrize("eye", [np.eye(3), SEES_NO_RED, SEES_NO_GREEN, SEES_NO_BLUE])
@pytest.mark.parametrize("value", [0, 60, 128, 200, 255])
def test_the_tint_is_seen_by_everybody(eye: object, value: int) -> None:
    """On black, white and what is between, for the colour-blind too (a Lab distance of 2.3 is just seen)."""
    panel = tinted(np.full((9, 18, 3), value, np.uint8), np.repeat([[0, 1]], 9, axis=1).repeat(9, axis=0))
    pair = panel[4:5, [2, 15]].astype(np.float32) / 255
    linear = np.where(pair <= 0.04045, pair / 12.92, ((pair + 0.055) / 1.055) ** 2.4)
    seen = (linear @ np.array(eye, np.float32).T).clip(0, 1).astype(np.float32)
    gray, accent = cv2.cvtColor(seen, cv2.COLOR_LRGB2Lab)[0]

    assert np.linalg.norm(gray - accent) > 30
