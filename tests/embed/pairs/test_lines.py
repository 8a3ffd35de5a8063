"""A line of text is cut out of both pictures with a little around it, whatever the size at which each shows it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.types import Pixels, Quad
from embed.pairs.lines import ENDS, HIGH, MARGIN, Lines, TextLine
from embed.pairs.overlay import overlay

WHOLE: Quad = ((0, 0), (1, 0), (1, 1), (0, 1))
BAR = (100, 150, 300, 180)
"""What stands for the letters: left, top, right, bottom."""


def page(bar: tuple[int, int, int, int] = BAR) -> Image.Image:
    image = Image.new("RGB", (448, 320), "white")
    ImageDraw.Draw(image).rectangle((bar[0], bar[1], bar[2] - 1, bar[3] - 1), fill="black")
    return image


def margins(strip: Pixels) -> tuple[int, int, int, int]:
    """White columns and rows beside the bar: left, top, right, bottom."""
    dark = strip.max(axis=-1) < 128
    columns, rows = np.flatnonzero(dark.any(axis=0)), np.flatnonzero(dark.any(axis=1))
    return columns[0], rows[0], dark.shape[1] - 1 - columns[-1], dark.shape[0] - 1 - rows[-1]


@pytest.mark.parametrize("zoom", [1, 2])
def test_a_line_has_the_same_margins_on_all_sides(zoom: int) -> None:
    """Above as below and left as right, in the posted picture, which may be larger, as in the reference."""
    image = page()
    query = np.asarray(image.resize((image.width * zoom, image.height * zoom)))
    reference = np.asarray(image)
    cut = Lines(query, reference, overlay(query, reference, WHOLE)).cut(TextLine(100, 300, (150, 180), (150, 180), 0.0))
    scale = HIGH / (30 * (1 + 2 * MARGIN))
    wanted = (30 * ENDS * scale, 30 * MARGIN * scale) * 2

    assert cut.box == pytest.approx((100 / 448, 150 / 320, 300 / 448, 180 / 320))
    for strip in (cut.ours, cut.theirs):
        assert strip.shape[0] == HIGH
        assert strip.shape[1] == pytest.approx((200 + 60 * ENDS) * scale, abs=1)
        assert margins(strip) == pytest.approx(wanted, abs=1.5)


def test_each_picture_is_cut_by_its_own_rows() -> None:
    """A line that stands higher in the posted picture is cut there; its place is that of both."""
    moved = (100, 130, 300, 160)
    query, reference = np.asarray(page(moved)), np.asarray(page())
    cut = Lines(query, reference, overlay(query, reference, WHOLE)).cut(TextLine(100, 300, (130, 160), (150, 180), 0.0))

    assert margins(cut.ours) == pytest.approx(margins(cut.theirs), abs=1)
    assert cut.box == pytest.approx((100 / 448, 130 / 320, 300 / 448, 180 / 320))
