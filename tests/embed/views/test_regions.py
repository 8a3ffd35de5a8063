"""Which parts of a picture are looked at on their own."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from core.looks import Picture, View
from core.types import Box, Pixels
from embed.decode.picture import decode
from embed.views.regions import FRAMES_WITH_PARTS, MAX_VIEWS, QUARTERS, boxes, crop, parts, wholes
from lab.edits import first as edits_first
from lab.edits import suite as edits
from tests.small import drawn, photograph, saved

WIDE, HIGH = edits_first.PHONE
FOUR = ("chelsea", "coffee", "astronaut", "rocket")


def of(*frames: Pixels) -> Picture:
    return Picture(sha256="", format="PNG", width=4, height=3, frame_count=len(frames), frames=frames)


def frame(image: Image.Image) -> Pixels:
    return decode(saved(image)).frames[0]


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    wide = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    high = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return wide * high / (sum(areas) - wide * high)


def placed(image: Image.Image) -> Box:
    """Where `lab.edits.first.screenshot` shows a picture."""
    share = min(WIDE * 0.9 / image.width, 800 / image.height)
    wide, high = round(image.width * share), round(image.height * share)
    left = (WIDE - wide) // 2
    return left / WIDE, 300 / HIGH, (left + wide) / WIDE, (300 + high) / HIGH


@pytest.mark.parametrize("edit", ["screenshot", "screenshot_dark"])
@pytest.mark.parametrize("key", ["quillbird", "zorbacoin", "herbarium", "tin-duke", "balance", "astronaut", "rocket"])
def test_the_picture_in_a_screenshot_is_found(key: str, edit: str) -> None:
    """One of the boxes is the picture itself, without the app's text above and below it."""
    image = photograph(key) if key in {"astronaut", "rocket"} else drawn(key)
    found = boxes(frame(edits.EDITS[edit](image)))

    assert max(overlap(box, placed(image)) for box in found) > 0.85
    assert len(found) <= MAX_VIEWS


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#7a1f3d"])
def test_a_plain_border_is_taken_away(colour: str) -> None:
    """The picture within a plain border of any colour is looked at alone."""
    image = photograph("coffee")
    found = boxes(frame(ImageOps.expand(image, 60, fill=colour)))
    wide, high = image.width + 120, image.height + 120
    truth = (60 / wide, 60 / high, 1 - 60 / wide, 1 - 60 / high)

    assert max(overlap(box, truth) for box in found) > 0.95


def test_a_letterbox_is_taken_away() -> None:
    """Bars above and below go, the width stays."""
    bars = Image.new("RGB", (600, 800))
    bars.paste(photograph("coffee"), (0, 200))
    ((left, top, right, bottom), *_) = boxes(frame(bars))

    assert (left, right) == (0, 1)
    assert (top, bottom) == pytest.approx((0.25, 0.75), abs=0.01)


def test_plain_photographs_are_seen_whole() -> None:
    """Pictures that nobody framed have few parts that look like pictures of their own."""
    keys = ("astronaut", "chelsea", "coffee", "rocket", "motorcycle_left", "coins", "grass", "ihc")
    keys_drawn = ("river-city", "balloons", "birches", "ringaloo", "forty-eight", "low-sun", "three-suns")
    pictures = [*(photograph(key) for key in keys), *(drawn(key) for key in keys_drawn)]
    extra = [len(boxes(frame(image))) for image in pictures]

    assert np.median(extra) <= 4


def test_every_frame_is_a_view_and_the_first_have_parts() -> None:
    """Every frame is looked at whole, parts are looked for in the first frames only, and their number is bounded."""
    shot = frame(edits_first.screenshot(photograph("astronaut")))
    album = of(*[shot] * 9)
    found = parts(album)

    assert [(view.frame, view.mirrored) for view in wholes(album, mirrored=True)] == [
        *((number, False) for number in range(9)),
        *((number, True) for number in range(9)),
    ]
    assert 0 < len(found) <= MAX_VIEWS + len(QUARTERS)
    assert not any(view.is_whole for view in found)
    assert {view.frame for view in found} <= set(range(FRAMES_WITH_PARTS))


def test_a_crop_is_the_pixels_of_its_view() -> None:
    """The whole is the whole, a mirrored view is mirrored, a box is cut out."""
    image: Pixels = np.arange(4 * 8 * 3, dtype=np.uint8).reshape(4, 8, 3)

    assert np.array_equal(crop(image, View(frame=0)), image)
    assert np.array_equal(crop(image, View(frame=0, mirrored=True)), image[:, ::-1])
    assert np.array_equal(crop(image, View(frame=0, box=(0.25, 0.5, 0.75, 1.0))), image[2:4, 2:6])


@settings(max_examples=150)
@given(st.integers(1, 600), st.integers(1, 600), st.data())
def test_boxes_are_within_the_picture(wide: int, high: int, data: st.DataObject) -> None:
    """Whatever the size and content, boxes lie within the picture and no crop is empty."""
    dice = np.random.default_rng(data.draw(st.integers(0, 99)))
    image = np.full((high, wide, 3), dice.integers(0, 256, 3), np.uint8)
    for _ in range(data.draw(st.integers(0, 4))):
        left, right = sorted(int(dice.integers(0, wide + 1)) for _ in range(2))
        top, bottom = sorted(int(dice.integers(0, high + 1)) for _ in range(2))
        noise = dice.integers(0, 256, (bottom - top, right - left, 3))
        image[top:bottom, left:right] = noise if dice.random() < 0.7 else dice.integers(0, 256, 3)
    found = (*wholes(of(image)), *parts(of(image)))

    assert found[0] == View(frame=0)
    for view in found:
        left_at, top_at, right_at, bottom_at = view.box
        assert 0 <= left_at < right_at <= 1
        assert 0 <= top_at < bottom_at <= 1
        assert min(crop(image, view).shape) > 0


def test_the_quarters_are_looked_at() -> None:
    """A collage without gutters has no edge that is sure to be found: its panes are looked at all the same."""
    page = Image.new("RGB", (600, 600))
    for number, key in enumerate(FOUR):
        page.paste(photograph(key).resize((300, 300)), (number % 2 * 300, number // 2 * 300))
    seen = [view.box for view in parts(of(frame(page)))]

    for quarter in QUARTERS:
        assert max(overlap(box, quarter) for box in seen) >= 0.8


def tilted(page: Image.Image) -> Image.Image:
    """A page with a white edge on a dark desk, seen from the side."""
    page = ImageOps.expand(page, 3, fill="white")
    corners = np.array([[190, 120], [770, 60], [800, 690], [130, 640]], np.float32)
    sheet = np.array([[0, 0], [page.width, 0], [page.width, page.height], [0, page.height]], np.float32)
    matrix = cv2.getPerspectiveTransform(sheet, corners)
    desk = np.full((760, 900, 3), (40, 36, 33), np.uint8)
    cv2.warpPerspective(np.asarray(page), matrix, (900, 760), dst=desk, borderMode=cv2.BORDER_TRANSPARENT)
    return Image.fromarray(desk)


def alike(one: Pixels, other: Image.Image) -> float:
    """Correlation of two pictures at 32 px."""
    small = [np.asarray(image.convert("L").resize((32, 32)), float) for image in (Image.fromarray(one), other)]
    return float(np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1])


def test_each_quarter_of_a_photographed_screen_is_looked_at() -> None:
    """A collage that was photographed askew is set upright, and its quarters are those of the screen."""
    page, panes = Image.new("RGB", (600, 600)), [photograph(key).resize((300, 300)) for key in FOUR]
    for number, pane in enumerate(panes):
        page.paste(pane, (number % 2 * 300, number // 2 * 300))
    shot = frame(tilted(page))
    seen = [crop(shot, view) for view in parts(of(shot))]

    for pane in panes:
        assert max(alike(part, pane) for part in seen) > 0.75


def test_the_quarters_of_a_tiny_picture_are_not() -> None:
    """Of a few pixels nothing would be left."""
    assert not {view.box for view in parts(of(frame(Image.new("RGB", (60, 200), "red"))))} & set(QUARTERS)
