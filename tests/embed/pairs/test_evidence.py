"""The evidence picture: both pictures recognisable, the outline where the known one lies, and what differs there."""

import io
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import DamagedStore
from core.matches import Difference
from core.types import Box, How, Pixels, Quad, What
from embed.pairs.difference import ACCENT
from embed.pairs.evidence import (
    COMPARED,
    DIMMED,
    EXCHANGED,
    GAP,
    GROUND,
    HIGH,
    LIGHT,
    WIDE,
    WIDEST,
    side_by_side,
    what_differs,
)
from embed.runner import Runner
from tests.small import drawn, saved, scribble

WHOLE: Quad = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
MIDDLE: Quad = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))


def plain(wide: int, high: int, value: int = 200) -> Pixels:
    return np.full((high, wide, 3), value, np.uint8)


def light(picture: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the light line."""
    rows, columns = np.nonzero((np.abs(picture.astype(int) - LIGHT) < 40).all(axis=2))
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def test_two_pictures_stand_side_by_side_equally_high() -> None:
    """Whatever their sizes: posted left, known right, a gap of one neutral colour between them."""
    sheet = side_by_side(plain(256, 192, 50), plain(448, 448, 220), None)

    assert sheet.shape == (HIGH, 427 + GAP + HIGH, 3)
    assert (sheet[:, :427] == 50).all()
    assert (sheet[:, 427 : 427 + GAP] == GROUND).all()
    assert (sheet[:, 427 + GAP :] == 220).all()


def test_small_pictures_stay_small() -> None:
    """Nothing is blown up beyond the higher of the two."""
    assert side_by_side(plain(60, 40), plain(30, 20), None).shape == (40, 60 + GAP + 60, 3)


@pytest.mark.parametrize(
    "posted, known",
    [
        ((1000, 20), (1000, 20)),
        ((20, 1000), (300, 200)),
        ((1000, 20), (20, 1000)),
        ((1, 1), (448, 448)),
        ((1, 9), (9, 1)),
    ],
)
def test_odd_shapes_fit_on_the_sheet(posted: tuple[int, int], known: tuple[int, int]) -> None:
    """A ribbon is made smaller instead of endless, is centred, and keeps its shape; the inputs stay untouched."""
    left, right = plain(*posted, 50), plain(*known, 50)
    sheet = side_by_side(left, right, MIDDLE)

    assert sheet.shape[0] <= HIGH
    assert sheet.shape[1] <= min(2 * WIDE + GAP, WIDEST)
    assert (left == 50).all()
    assert (right == 50).all()


def test_a_ribbon_is_centred() -> None:
    """Above and below a low picture there is ground."""
    sheet = side_by_side(plain(1000, 20, 50), plain(200, 320, 50), None)
    rows = np.flatnonzero((sheet[:, 0] == 50).all(axis=1))

    assert [int(rows.min()), int(rows.max())] == [155, 164]
    assert (sheet[0, : 480 + GAP] == GROUND).all()


def test_the_outline_is_where_the_known_picture_lies() -> None:
    """The light line runs along the matched area and nowhere else, least of all over the known picture."""
    sheet = side_by_side(plain(320, 320), plain(320, 320), MIDDLE)

    assert light(sheet) == pytest.approx((80, 80, 240, 240), abs=2)
    assert (sheet[:, 320 + GAP : 640 + GAP] == 200).all()


@pytest.mark.parametrize("value", [0, 16, 128, 221, 255])
def test_the_outline_stands_out_on_any_picture(value: int) -> None:
    """On black, white and anything between there is a jump of brightness along the line."""
    sheet = side_by_side(plain(320, 320, value), plain(320, 320, value), MIDDLE)
    across = sheet[160, 70:90].mean(axis=1)

    assert across.max() - across.min() > 120


def test_what_did_not_match_is_dimmed() -> None:
    """Outside of a part the picture is darker, inside it is as it was."""
    sheet = side_by_side(plain(320, 320), plain(320, 320), MIDDLE)

    assert (sheet[160, 160] == 200).all()
    assert (sheet[20, 20] == int(200 * (1 - DIMMED))).all()


@pytest.mark.parametrize("quad", [WHOLE, ((-0.4, -0.4), (1.4, -0.3), (1.5, 1.3), (-0.2, 1.2))])
def test_a_whole_match_is_outlined_along_the_edge(quad: Quad) -> None:
    """Where the known picture fills the posted one or reaches beyond it, the line is inside and nothing is dimmed."""
    sheet = side_by_side(plain(320, 320), plain(320, 320), quad)

    assert light(sheet) == pytest.approx((3, 3, 316, 316), abs=2)
    assert (sheet[12:308, 12:308] == 200).all()


def test_a_mirrored_match_is_outlined_too() -> None:
    """The corners of a mirrored picture go round the other way."""
    mirrored: Quad = (MIDDLE[1], MIDDLE[0], MIDDLE[3], MIDDLE[2])

    assert light(side_by_side(plain(320, 320), plain(320, 320), mirrored)) == pytest.approx((80, 80, 240, 240), abs=2)


def test_a_place_outside_draws_nothing() -> None:
    """A quad that misses the picture, or has no area, leaves it as it is."""
    bare = side_by_side(plain(320, 320), plain(320, 320), None)
    for quad in (((2.0, 2.0), (3.0, 2.0), (3.0, 3.0), (2.0, 3.0)), ((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5))):
        assert (side_by_side(plain(320, 320), plain(320, 320), quad) == bare).all()


def test_a_third_panel_shows_what_differs() -> None:
    """Right of the known picture stands the matched part in gray, and orange is only what was put on it."""
    known = np.asarray(drawn("five-koi").resize((400, 300)))
    posted = known.copy()
    posted[100:150, 120:200] = (250, 240, 60)
    sheet = side_by_side(posted, known, WHOLE)
    wide = (sheet.shape[1] - 2 * GAP) // 3
    view = sheet[:, -wide:].astype(int)
    rows, columns = np.nonzero(view[..., 0] - view[..., 2] > 100)

    assert sheet.shape[1] <= WIDEST
    scale = wide / 400
    assert [rows.min(), rows.max()] == pytest.approx([100 * scale, 150 * scale], abs=3)
    assert [columns.min(), columns.max()] == pytest.approx([120 * scale, 200 * scale], abs=3)
    assert np.abs(view[: int(90 * scale), :, 0] - view[: int(90 * scale), :, 2]).max() <= 1


def test_of_a_part_only_the_part_is_compared() -> None:
    """The view of a screenshot is the picture in it, as large as there is room, without what stands around it."""
    page = np.full((320, 320, 3), 255, np.uint8)
    known = np.asarray(scribble(5, 160, 160))
    page[80:240, 80:240] = known
    view = what_differs(page, known, MIDDLE)

    assert view is not None
    assert view.shape[:2] == pytest.approx((160, 160), abs=1)
    assert (view == view[..., :1]).all()
    assert side_by_side(page, known, MIDDLE).shape[1] == 3 * HIGH + 2 * GAP


def test_the_difference_is_as_large_as_it_is_shown() -> None:
    """A large picture is not compared at its full size, because it is shown smaller."""
    view = what_differs(plain(1600, 400), plain(400, 100), WHOLE)

    assert view is not None
    assert view.shape == (COMPARED // 4, COMPARED, 3)


@pytest.mark.parametrize("quad", [None, ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)), ((2.0, 2.0),) * 4])
def test_without_a_place_there_are_two_panels(quad: Quad | None) -> None:
    """Where nobody knows how the known picture lies, no difference is made up."""
    assert side_by_side(plain(100, 100), plain(100, 100), quad).shape[1] == 200 + GAP


def test_the_tint_is_not_the_outline() -> None:
    """Three things, three colours."""
    for one, other in combinations((ACCENT, LIGHT, EXCHANGED), 2):
        assert np.abs(np.subtract(one, other)).sum() > 100


def magenta(picture: Pixels) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the lines around what was exchanged, zeros where there are none."""
    rows, columns = np.nonzero((np.abs(picture.astype(int) - EXCHANGED) < 40).all(axis=2))
    if not len(rows):
        return 0, 0, 0, 0
    return int(columns.min()), int(rows.min()), int(columns.max()), int(rows.max())


def differs(box: Box, how: How = How.EXCHANGED) -> Difference:
    return Difference(what=What.WORDS, how=how, area=0.1, box=box)


def test_what_was_exchanged_is_outlined_where_it_lies() -> None:
    """A region of the known picture is found through the corners, in the posted picture and in the third panel."""
    posted, known = plain(320, 320, 90), plain(160, 160, 90)
    sheet = side_by_side(posted, known, MIDDLE, [differs((0.5, 0.5, 0.8, 0.7))])
    first, third = sheet[:, :320], sheet[:, -320:]

    assert magenta(first) == pytest.approx((80 + 80, 80 + 80, 80 + 128, 80 + 112), abs=5)
    assert magenta(third) == pytest.approx((160, 160, 256, 224), abs=9)
    assert magenta(sheet[:, 320 : 640 + GAP]) == (0, 0, 0, 0)


def test_a_mirrored_picture_is_outlined_where_it_lies() -> None:
    """The corners say how the known picture is turned."""
    mirrored: Quad = (WHOLE[1], WHOLE[0], WHOLE[3], WHOLE[2])
    view = what_differs(plain(200, 100), plain(200, 100), mirrored, [differs((0.0, 0.0, 0.25, 0.5))])

    assert view is not None
    assert magenta(view) == pytest.approx((150, 0, 199, 50), abs=5)


@pytest.mark.parametrize("how", [How.ADDED, How.COVERED, How.REMOVED])
def test_what_was_put_on_it_is_tinted_only(how: How) -> None:
    """The outline is for what was exchanged."""
    plainly = side_by_side(plain(100, 100), plain(100, 100), WHOLE)
    sheet = side_by_side(plain(100, 100), plain(100, 100), WHOLE, [differs((0.2, 0.2, 0.6, 0.6), how)])

    assert (sheet == plainly).all()


corners = st.tuples(*[st.floats(-3, 4) | st.just(float("nan"))] * 2)


@given(st.tuples(corners, corners, corners, corners), st.integers(1, 40), st.integers(1, 40))
def test_no_quad_breaks_it(quad: Quad, wide: int, high: int) -> None:
    """Whatever the pair check found, folded or not, there is a picture, with or without something exchanged in it."""
    found = [differs((0.1, 0.1, 0.9, 0.4))]

    assert side_by_side(plain(wide, high), plain(30, 30), quad).shape[0] == max(high, 30)
    assert side_by_side(plain(wide, high), plain(30, 30), quad, found).shape[0] == max(high, 30)


async def test_the_runner_makes_one_jpeg_of_two(toy_runner: Runner) -> None:
    """From two of our own JPEGs, gray ones too, comes one that shows both in their colours, and what differs."""
    koi, gray = saved(drawn("five-koi").resize((256, 192)), "JPEG"), saved(scribble(3).convert("L"), "JPEG")
    data = await toy_runner.evidence(koi, gray, WHOLE)

    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert image.size[0] == pytest.approx(3 * 256 + 2 * GAP, abs=3)
        assert image.size[1] == 192
        shown = np.asarray(image.convert("RGB")).astype(int)
    known = np.asarray(drawn("five-koi").resize((256, 192))).astype(int)
    assert np.abs(shown[10:180, 10:240] - known[10:180, 10:240]).mean() < 12


async def test_a_damaged_picture_is_told(toy_runner: Runner) -> None:
    """Bytes that are no JPEG are an error of the store, not a crash."""
    for data in (b"", b"no picture"):
        with pytest.raises(DamagedStore, match="damaged"):
            await toy_runner.evidence(data, saved(scribble(1), "JPEG"), None)
