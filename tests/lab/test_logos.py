"""Drawn logos differ, and lie on a picture where they are said to lie."""

import cv2
import numpy as np
import pytest
from PIL import Image

from lab.drawings.demo import demo_set
from lab.edits.kit import MOST_PIXELS, Company, Dice, Drawn
from lab.logos import AREA_SHARES, STYLES, logo, place

PHOTO = demo_set()[8].draw().resize((480, 360))
LAID = [style for style in STYLES if style != "screen"]


def dice(name: str) -> Dice:
    return Dice(name, Company(Drawn(), PHOTO))


def test_logos_are_repeatable_and_differ() -> None:
    """A seed always gives the same logo, and thirty seeds give thirty."""
    made = {logo(seed).tobytes() for seed in range(30)}

    assert len(made) == 30
    assert logo(7).tobytes() == logo(7).tobytes()


@pytest.mark.parametrize("seed", range(12))
def test_a_logo_is_flat_and_cut_tightly(seed: int) -> None:
    """RGBA without an empty rim, and both ink and ground to see."""
    made = logo(seed)
    alpha = np.asarray(made.getchannel("A"))

    assert made.mode == "RGBA"
    assert made.getbbox() == (0, 0, *made.size)
    assert 0.1 < (alpha > 128).mean() < 0.95


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("share", AREA_SHARES)
def test_a_placed_logo_has_its_share(style: str, share: float) -> None:
    """The corners enclose about the share of the area that was asked for, inside the picture."""
    placed = place(logo(3), PHOTO, share, style, dice(style))
    quad = np.array(placed.quad, np.float32)

    assert placed.image.mode == "RGB"
    assert quad.min() >= 0 and quad.max() <= 1
    assert cv2.contourArea(quad) == pytest.approx(share, rel=0.35)


@pytest.mark.parametrize("style", LAID)
def test_nothing_but_the_logo_changes(style: str) -> None:
    """Away from the logo and its card the photo is as it was, and on it something is to be seen."""
    placed = place(logo(5), PHOTO, 0.1, style, dice(style))
    apart = np.abs(np.asarray(placed.image, np.int16) - np.asarray(PHOTO, np.int16)).max(axis=2) > 24
    mask = np.zeros(apart.shape, np.uint8)
    cv2.fillConvexPoly(mask, (np.array(placed.quad) * (480, 360)).astype(np.int32), (1,))
    near = cv2.dilate(mask, np.ones((121, 121), np.uint8))

    assert apart[mask == 1].mean() > 0.1
    assert not apart[near == 0].any()


@pytest.mark.parametrize("style", STYLES)
def test_placing_is_repeatable(style: str) -> None:
    """The same dice give the same picture, others another one; the photo stays as it was."""
    before = PHOTO.tobytes()
    first, again, other = (place(logo(3), PHOTO, 0.05, style, dice(name)).image for name in ("a", "a", "b"))

    assert first.tobytes() == again.tobytes() != other.tobytes()
    assert PHOTO.tobytes() == before


@pytest.mark.parametrize("size", [(16, 16), (900, 20), (20, 900), (1600, 1200)], ids=str)
@pytest.mark.parametrize("style", STYLES)
def test_odd_photos_survive(style: str, size: tuple[int, int]) -> None:
    """Tiny, very long and large pictures carry a logo, too."""
    placed = place(logo(2), Image.new("RGB", size, "#557799"), 0.25, style, dice("odd"))

    assert placed.image.width * placed.image.height <= MOST_PIXELS * 1.01


def test_an_unknown_style_is_a_key_error() -> None:
    """A misspelt style places nothing."""
    with pytest.raises(KeyError):
        place(logo(1), PHOTO, 0.1, "tattooed", dice("x"))
