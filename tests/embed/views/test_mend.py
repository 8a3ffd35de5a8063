"""Pictures under lines or a copier: what can be taken away is, and other pictures cost nothing."""

import numpy as np
import pytest

from core.looks import Picture, View
from core.types import Pixels
from embed.models.sscd import SscdEmbedder
from embed.views.mend import is_mendable
from embed.views.regions import crop, parts, to_frame
from tests.kinds_of_damage import gridded, photocopied
from tests.small import drawn, photograph

PHOTOGRAPHS = ("coffee", "chelsea", "astronaut", "rocket", "motorcycle_left")


def frames(pixels: Pixels) -> Picture:
    high, wide = pixels.shape[:2]
    return Picture(sha256="", format="PNG", width=wide, height=high, frame_count=1, frames=(pixels,))


@pytest.mark.parametrize("key", PHOTOGRAPHS)
def test_a_grid_of_lines_is_taken_away(key: str, sscd: SscdEmbedder) -> None:
    """Under white lines an embedding finds nothing; without them it is near to the picture."""
    image = photograph(key).resize((480, 320))
    under = np.asarray(gridded(image))
    (view,) = (one for one in parts(frames(under)) if one.mended)
    clean, lined, mended = sscd.embed([np.asarray(image), under, crop(under, view)])

    assert clean @ lined < 0.45
    assert clean @ mended > 0.6


@pytest.mark.parametrize("key", ["coffee", "chelsea", "astronaut", "motorcycle_left"])
def test_a_photocopy_is_mendable(key: str) -> None:
    """Black and white all over has a softened view."""
    assert is_mendable(np.asarray(photocopied(photograph(key).resize((480, 320)))))


@pytest.mark.parametrize("key", [*PHOTOGRAPHS, "grass", "brick"])
def test_a_photograph_needs_no_mending(key: str) -> None:
    """It costs no embedding more."""
    assert not any(one.mended for one in parts(frames(np.asarray(photograph(key).resize((480, 320))))))


@pytest.mark.parametrize("key", ["quillbird", "zorbacoin", "herbarium"])
def test_drawings_raise_nothing(key: str) -> None:
    """Whatever is found in a drawing has a place in it."""
    picture = frames(np.asarray(drawn(key)))

    assert all(crop(picture.frames[0], one).size for one in parts(picture))


def test_a_mended_view_lies_over_all_of_its_frame() -> None:
    """Its corners are the frame's."""
    under = np.asarray(gridded(photograph("coffee").resize((640, 400))))
    view = View(frame=0, mended=True)
    high, wide = crop(under, view).shape[:2]
    matrix = to_frame(view, 640, 400)

    assert matrix is not None
    assert not view.is_whole
    assert tuple(matrix @ (wide, high, 1)) == pytest.approx((640, 400, 1))
