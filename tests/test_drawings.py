"""The demo pictures and the edit suite keep what their names promise; how they look is for eyes to judge."""

from collections import Counter
from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFilter

from lab.drawings.demo import DemoImage, demo_set, jpeg, strangers
from lab.edits.first import PHONE, paste_half
from lab.edits.suite import EDITS

EVERY = {one.key: one for one in (*demo_set(), *strangers())}
LANDSCAPE, PORTRAIT = "river-city", "herbarium"


@cache
def drawn(key: str) -> Image.Image:
    return EVERY[key].draw()


def keypoints(image: Image.Image) -> int:
    """Local features at the size of a pair check; the grain is smoothed away first, since no repost keeps it."""
    small = image.convert("L").filter(ImageFilter.GaussianBlur(1.5))
    small.thumbnail((480, 480))
    return len(cv2.ORB.create(1000).detect(np.asarray(small), None))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures, seen from far away so that grain does not count."""
    far = [
        np.asarray(image.convert("RGB").resize((24, 24), Image.Resampling.BOX), np.float32) for image in (one, other)
    ]
    return float(np.abs(far[0] - far[1]).mean())


def test_the_set_has_three_collections() -> None:
    """Twenty-four reference images: brands, artworks, and a blocklist."""
    assert Counter(one.collection for one in demo_set()) == {"brands": 8, "artworks": 11, "blocklist": 5}


def test_keys_and_titles_are_unique() -> None:
    """No two pictures of the set or of the strangers share a key, a title or an address."""
    everyone = (*demo_set(), *strangers())

    for names in ([one.key for one in everyone], [one.title for one in everyone], [one.source_url for one in everyone]):
        assert len(set(names)) == len(everyone)


def test_strangers_are_in_no_collection() -> None:
    """The six strangers belong to no collection and look like none of the references."""
    assert len(strangers()) == 6
    assert {one.collection for one in strangers()} == {""}
    for stranger in strangers():
        assert min(difference(drawn(stranger.key), drawn(one.key)) for one in demo_set()) > 20


def test_addresses_lead_nowhere() -> None:
    """Every address is of the domain that is reserved for examples, and every record says its rights."""
    assert all(one.source_url.startswith("https://example.org/") and one.rights and one.owner for one in EVERY.values())


@pytest.mark.parametrize("one", EVERY.values(), ids=EVERY)
def test_drawing_is_repeatable(one: DemoImage) -> None:
    """The same picture has the same pixels each time it is drawn."""
    assert one.draw().tobytes() == drawn(one.key).tobytes()


@pytest.mark.parametrize("key", EVERY)
def test_every_picture_has_texture(key: str) -> None:
    """Each picture is RGB, 0.75 megapixels, and has enough for pair verification to hold on to, grain aside."""
    image = drawn(key)

    assert image.mode == "RGB"
    assert sorted(image.size) == [750, 1000]
    assert keypoints(image) >= 150


def test_jpeg_is_a_jpeg() -> None:
    """The helper writes a JPEG file of the same size whose quality can be chosen."""
    image = drawn(LANDSCAPE)

    assert jpeg(image).startswith(b"\xff\xd8")
    assert len(jpeg(image, 40)) < len(jpeg(image))


@pytest.mark.parametrize("name", EDITS)
def test_edits_are_repeatable(name: str) -> None:
    """An edit gives RGB, the same pixels twice, another picture than before, and leaves its input alone."""
    image = drawn(PORTRAIT)
    before = image.tobytes()
    edited = EDITS[name](image)

    assert edited.mode == "RGB"
    assert edited.tobytes() == EDITS[name](image).tobytes() != before
    assert image.tobytes() == before


@pytest.mark.parametrize("key", [LANDSCAPE, PORTRAIT])
@pytest.mark.parametrize(
    "name", ["recompress", "mirror", "grayscale", "brighter", "blur", "rotate_5", "paste_half", "collage"]
)
def test_edits_that_keep_the_size(name: str, key: str) -> None:
    """These edits change what is in the frame, never the frame."""
    assert EDITS[name](drawn(key)).size == drawn(key).size


@pytest.mark.parametrize(
    ("name", "area"),
    [("crop_60", 0.60), ("crop_75", 0.75), ("half_size", 0.25), ("half_recompressed", 0.25), ("caption_bar", 1.2)],
)
@pytest.mark.parametrize("key", [LANDSCAPE, PORTRAIT])
def test_edits_that_change_the_area(name: str, area: float, key: str) -> None:
    """Crops, halves and the caption bar have the share of the area that they promise."""
    before, after = drawn(key), EDITS[name](drawn(key))

    assert after.width * after.height == pytest.approx(before.width * before.height * area, rel=0.01)


def test_border_frames_the_whole_picture() -> None:
    """The border adds 60 pixels on each side and leaves the picture inside untouched."""
    image = drawn(LANDSCAPE)
    framed = EDITS["border"](image)

    assert framed.size == (1120, 870)
    assert framed.crop((60, 60, 1060, 810)).tobytes() == image.tobytes()


@pytest.mark.parametrize(("name", "width"), [("screenshot", 648), ("screenshot_dark", 648), ("story", 662)])
def test_phone_screens_hold_the_whole_picture(name: str, width: int) -> None:
    """A phone screen is upright and shows a landscape picture across nine tenths of its width, whole."""
    image = drawn(LANDSCAPE)
    screen = EDITS[name](image)
    shown = image.resize((width, round(750 * width / 1000)), Image.Resampling.LANCZOS)
    left, top = (720 - width) // 2, 300 if name != "story" else (1280 - shown.height) // 2

    assert screen.size == PHONE
    assert difference(screen.crop((left, top, left + shown.width, top + shown.height)), shown) < 1


def test_dark_screen_is_dark() -> None:
    """The two screenshots differ in their theme, not in the picture."""
    light, dark = (EDITS[name](drawn(LANDSCAPE)).getpixel((10, 700)) for name in ("screenshot", "screenshot_dark"))

    assert light == (255, 255, 255)
    assert isinstance(dark, tuple) and max(dark) < 40


def test_pasted_picture_is_half_as_wide() -> None:
    """The pasted picture lies whole, at half its size, in front of something else."""
    image = drawn(PORTRAIT)
    pasted = paste_half(image)

    assert difference(pasted.crop((225, 340, 600, 840)), image) < 1
    assert difference(pasted, image) > 20
