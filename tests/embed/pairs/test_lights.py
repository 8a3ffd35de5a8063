"""One light over a picture is no other colour, another colour is no light, and a region tells whose colours it has."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from core.reading import Reading, Region
from core.types import Quad
from embed.pairs.lights import evened
from embed.pairs.overlay import overlay
from embed.pairs.regions import read
from lab.edits.pixels import vignette
from lab.families.suite import SEEN

WHOLE: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
HARDLY, MUCH = 0.02, 0.2
"""Shares of the frame that are recoloured where a light was laid over it, and where a flag is another one."""


def known() -> Image.Image:
    """A page with colours, dark and light."""
    return SEEN["postage_stamp"].twins(3).reference


def reading_of(query: Image.Image, reference: Image.Image) -> Reading:
    return read(evened(overlay(np.asarray(query), np.asarray(reference), WHOLE)))


def darker_corners(image: Image.Image) -> Image.Image:
    return Image.fromarray((np.asarray(image) * vignette(image.size, 0.6)).astype(np.uint8))


def gamma(image: Image.Image) -> Image.Image:
    return image.point(lambda level: round(255 * (level / 255) ** 1.8))


def vivid(image: Image.Image) -> Image.Image:
    return ImageEnhance.Color(image).enhance(1.7)


def gray(image: Image.Image) -> Image.Image:
    return image.convert("L").convert("RGB")


@pytest.mark.parametrize("light", [darker_corners, gamma, vivid, gray])
def test_one_light_over_the_whole_is_no_other_colour(light: Callable[[Image.Image], Image.Image]) -> None:
    """Dark corners, a tone curve, stronger colours and none at all leave hardly a window recoloured."""
    assert reading_of(light(known()), known()).recoloured < HARDLY


@pytest.mark.parametrize("fill", ["black", "white", (200, 30, 30)])
def test_what_was_exchanged_does_not_bend_the_light(fill: str | tuple[int, int, int]) -> None:
    """Dark corners are taken away, though the middle of the picture shows something else."""
    image = known()
    wide, high = image.size
    ImageDraw.Draw(image).rectangle((0.3 * wide, 0.3 * high, 0.7 * wide, 0.7 * high), fill=fill)
    dark = overlay(np.asarray(darker_corners(image)), np.asarray(known()), WHOLE)
    rows, columns = (slice(int(0.28 * side), int(0.72 * side)) for side in dark.inside.shape)
    around = np.ones(dark.inside.shape, bool)
    around[rows, columns] = False
    before, after = (
        np.abs(one.ours.astype(int) - one.relit.astype(int))[around].mean() for one in (dark, evened(dark))
    )

    assert after < before / 2


def flag(*colours: str) -> Image.Image:
    image = Image.new("RGB", (450, 300))
    for number, colour in enumerate(colours):
        ImageDraw.Draw(image).rectangle((150 * number, 0, 150 * number + 149, 299), fill=colour)
    return image


@pytest.mark.parametrize(
    "other", [("#008c45", "#f4f5f0", "#cd212a"), ("#000000", "#fae042", "#ed2939"), ("#169b62", "#ffffff", "#ff883e")]
)
def test_another_flag_is_no_light(other: tuple[str, str, str]) -> None:
    """Italy's, Belgium's and Ireland's flags are not that of France in another light."""
    assert reading_of(flag(*other), flag("#002395", "#ffffff", "#ed2939")).recoloured > MUCH


def largest(reading: Reading) -> Region:
    return max(reading.regions, key=lambda one: one.cells)


def test_a_sticker_brings_colours_of_its_own() -> None:
    """What covers a page has colours that the page has nowhere; another value in its place has none."""
    covered = known()
    width, height = covered.size
    ImageDraw.Draw(covered).ellipse((width / 3, height / 3, width / 2, height / 3 + width / 6), fill="#ff00e0")
    twins = SEEN["segment_display"].twins(1)

    assert largest(reading_of(covered, known())).foreign_ours > 0.5
    assert largest(reading_of(twins.query, twins.reference)).foreign_ours < 0.05


def test_a_light_fades_and_an_object_ends() -> None:
    """Just outside of a glare the colours are off, too; just outside of a patch they are the same."""
    page = Image.new("RGB", (440, 440), "#404a58")
    for at in range(20, 440, 40):
        ImageDraw.Draw(page).line((0, at, 440, 440 - at), fill="#8090a0", width=3)
    patch, glare = page.copy(), np.asarray(page).astype(np.float32)
    ImageDraw.Draw(patch).rectangle((150, 150, 290, 290), fill="#d0d0c0")
    rows, columns = np.mgrid[:440, :440]
    glare += 130 * np.exp(-((rows - 220) ** 2 + (columns - 220) ** 2) / (2 * 70**2))[..., None]
    lit = Image.fromarray(glare.clip(0, 255).astype(np.uint8))

    assert largest(reading_of(patch, page)).spill < 0.1
    assert largest(reading_of(lit, page)).spill > 0.15
