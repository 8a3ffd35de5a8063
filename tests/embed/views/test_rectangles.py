"""Panes and tilted frames: where a picture may have been pasted."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from embed.views.rectangles import MOST_PANES, MOST_TILTED, Pane, overlap, panes, tilted
from tests.small import photograph

GRASS = ImageOps.fit(photograph("grass"), (400, 300))


def found(image: Image.Image) -> list[Pane]:
    return panes(np.asarray(image))


@pytest.mark.parametrize("size", [(200, 150), (130, 98), (100, 75)])
def test_a_picture_on_a_picture_is_a_pane(size: tuple[int, int]) -> None:
    """Pasted on a busy photograph, at half, a third and a quarter of its width, it is one of the panes."""
    image = GRASS.copy()
    image.paste(photograph("coffee").resize(size), (90, 60))
    truth = (90, 60, 90 + size[0], 60 + size[1])

    assert max(overlap(pane, truth) for pane in found(image)) > 0.85


def test_ripples_do_not_hide_a_small_picture() -> None:
    """Many short edges in every row are no line: the few long ones are, though they are less in all."""
    dice = np.random.default_rng(3)
    water = np.full((300, 400), 120, np.uint8)
    for row in range(0, 300, 8):
        for left in range(dice.integers(0, 30), 400, 90):
            water[row : row + 2, left : left + 60] = 190
    image = Image.fromarray(water).convert("RGB")
    image.paste(photograph("coffee").resize((110, 73)), (220, 139))

    assert max(overlap(pane, (220, 139, 330, 212)) for pane in found(image)) > 0.85


def test_each_picture_of_a_collage_is_a_pane() -> None:
    """Four pictures without a gap between them are found one by one."""
    sheet = Image.new("RGB", (400, 300))
    for number, key in enumerate(("astronaut", "chelsea", "coffee", "rocket")):
        sheet.paste(ImageOps.fit(photograph(key), (200, 150)), (number % 2 * 200, number // 2 * 150))
    truth = [(x, y, x + 200, y + 150) for y in (0, 150) for x in (0, 200)]

    assert all(max(overlap(pane, one) for pane in found(sheet)) > 0.85 for one in truth)


@pytest.mark.parametrize("key", ["chelsea", "astronaut", "grass", "gravel"])
def test_a_plain_photograph_has_few_panes(key: str) -> None:
    """What nobody framed costs few embeddings."""
    assert len(found(ImageOps.fit(photograph(key), (400, 300)))) <= 4


def test_a_tilted_screen_is_a_quadrilateral() -> None:
    """The photo of a screen has its four corners, clockwise from the upper left."""
    screen = ImageOps.expand(photograph("coffee").resize((220, 150)), 6, "white").rotate(9, expand=True)
    image = Image.new("RGB", (400, 300), "#202428")
    image.paste(screen, (80, 60))
    quads = tilted(np.asarray(image))

    assert quads
    first, second, third, fourth = quads[0]
    assert first[0] < second[0]
    assert fourth[0] < third[0]
    assert first[1] < fourth[1]
    assert second[1] < third[1]


@settings(max_examples=60)
@given(st.integers(8, 160), st.integers(8, 160), st.integers(0, 99))
def test_any_picture_has_panes_within_it(wide: int, high: int, seed: int) -> None:
    """Whatever the size and content, panes lie within the picture, and there are not too many."""
    image = np.random.default_rng(seed).integers(0, 256, (high, wide, 3)).astype(np.uint8)
    image[: high // 2, : wide // 2] = 40

    assert len(panes(image)) <= MOST_PANES
    assert len(tilted(image)) <= MOST_TILTED
    for left, top, right, bottom in panes(image):
        assert 0 <= left < right <= wide
        assert 0 <= top < bottom <= high
