"""A region that differs: where it is, and what each of the two pictures shows there."""

from dataclasses import asdict
from functools import cache

import numpy as np
import pytest
from PIL import ImageDraw

from core.reading import Reading, Region
from core.types import Quad
from embed.pairs.overlay import overlay
from embed.pairs.regions import read
from tests.small import photograph

WHOLE: Quad = ((0, 0), (1, 0), (1, 1), (0, 1))
PATCH = 200, 120, 330, 230
SIDES = {"ours": "theirs", "theirs": "ours", "added": "removed", "removed": "added", "new": "lost", "lost": "new"}


@cache
def reading(is_patched: bool, is_lying: bool = False) -> Reading:
    """A photograph beside the same with a plain blue patch; `is_patched`: the posted one has it."""
    plain = photograph("coffee")
    patched = plain.copy()
    ImageDraw.Draw(patched).rectangle(PATCH, fill=(30, 60, 200))
    ours, theirs = (patched, plain) if is_patched else (plain, patched)
    pixels = [np.asarray(one) for one in (ours, theirs)]
    if is_lying:
        pixels = [np.ascontiguousarray(one.transpose(1, 0, 2)) for one in pixels]
    return read(overlay(pixels[0], pixels[1], WHOLE))


def region(is_patched: bool, is_lying: bool = False) -> Region:
    (only,) = reading(is_patched, is_lying).regions
    return only


def exchanged(name: str) -> str:
    """What the number is called in the reading of the pair the other way round."""
    return "_".join(SIDES.get(word, word) for word in name.split("_"))


@pytest.mark.parametrize("is_patched", [False, True])
def test_a_patch_is_one_region_in_its_place(is_patched: bool) -> None:
    """With its own share of the picture, about as large as the box around it."""
    found, size = region(is_patched), photograph("coffee").size

    assert found.box == pytest.approx([at / size[number % 2] for number, at in enumerate(PATCH)], abs=0.03)
    assert found.area == pytest.approx(130 * 110 / (size[0] * size[1]), abs=0.02)
    assert found.fill > 0.9


def test_a_plain_patch_is_plain_and_of_its_own_colour() -> None:
    """The picture that has it is flat there, without edges or strokes, in a colour that the other one lacks."""
    found = region(is_patched=True)

    assert found.flat_ours > 0.75 > 0.5 > found.flat_theirs
    assert found.edges_ours < 0.15 < 0.2 < found.edges_theirs
    assert found.strokes_ours < 0.1 < 0.2 < found.strokes_theirs
    assert found.foreign_ours > 0.8
    assert found.foreign_theirs < 0.1


def test_exchanged_pictures_exchange_their_numbers() -> None:
    """What is said of ours is said of theirs where the pair is the other way round, and the rest stays."""
    numbers, others = ({**asdict(region(one)), "box": 0.0} for one in (False, True))
    for name in ("cells", "mass"):
        del numbers[name], others[name]

    assert {exchanged(name): value for name, value in numbers.items()} == pytest.approx(others, abs=0.06)


@pytest.mark.parametrize("is_patched", [False, True])
def test_rows_and_columns_are_treated_alike(is_patched: bool) -> None:
    """Two pictures that are laid on their side differ by the same numbers, and in the same place, laid on its side."""
    upright, lying = region(is_patched), region(is_patched, is_lying=True)
    left, top, right, bottom = lying.box

    assert (top, left, bottom, right) == pytest.approx(upright.box)
    numbers, others = ({**asdict(one), "box": 0.0} for one in (upright, lying))
    assert numbers == pytest.approx(others, abs=0.002)
