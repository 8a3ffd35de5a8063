"""The pair check: where the reference lies, and that strangers lie nowhere."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter, ImageOps

from core.confidence import COPY_AGREEMENT, kind_of
from core.looks import View
from core.matches import Evidence
from core.types import Kind, Pixels, Quad
from embed.pairs.pair_image import PairImage
from embed.pairs.verify import check, placed
from embed.views.regions import crop, to_frame
from lab.edits import suite as edits
from lab.families.fragments import FRAGMENTS
from tests.fragments import fragment_pair
from tests.kinds_of_damage import photocopied
from tests.small import drawn, photograph

KEYS = ("river-city", "zorbacoin", "astronaut", "coffee", "motorcycle_left")
STRANGERS = ("birches", "balloons", "ringaloo", "chelsea", "rocket", "coins", "brick", "spinderella")
WHOLE: Quad = ((0, 0), (1, 0), (1, 1), (0, 1))
type Turn = Callable[[Pixels], Pixels]
PHOTOGRAPHS = {"astronaut", "coffee", "motorcycle_left", "chelsea", "rocket", "coins", "brick"}


def picture(key: str) -> Image.Image:
    return photograph(key) if key in PHOTOGRAPHS else drawn(key)


def plate(image: Image.Image) -> PairImage:
    return PairImage.of(np.asarray(image))


def checked(key: str, edit: str) -> Evidence:
    return whole(plate(edits.EDITS[edit](picture(key))), plate(picture(key)))


def whole(query: PairImage, reference: PairImage) -> Evidence:
    """The check of a query that was found as a whole."""
    return check(query, query, None, reference)


def far(evidence: Evidence, truth: Quad) -> float:
    """The largest distance of a corner from where it belongs, as a share of the picture."""
    assert evidence.quad
    return float(np.abs(np.array(evidence.quad) - np.array(truth)).max())


def box(left: float, top: float, right: float, bottom: float) -> Quad:
    return (left, top), (right, top), (right, bottom), (left, bottom)


@pytest.mark.parametrize("key", KEYS)
def test_a_picture_lies_on_itself(key: str) -> None:
    """The same picture agrees everywhere and covers all."""
    evidence = whole(plate(picture(key)), plate(picture(key)))

    assert evidence.agreement > 0.99
    assert far(evidence, WHOLE) < 0.001
    assert (evidence.area, evidence.overlap) == pytest.approx((1, 1), abs=0.001)
    assert not evidence.mirrored


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("edit", ["recompress", "half_recompressed", "grayscale", "brighter", "blur"])
def test_edits_of_the_pixels_keep_their_place(key: str, edit: str) -> None:
    """Whatever is done to the pixels, the picture still covers all of the query."""
    evidence = checked(key, edit)

    assert kind_of(evidence) is Kind.EDITED
    assert far(evidence, WHOLE) < 0.02


@pytest.mark.parametrize("key", ["zorbacoin", "spinderella", "brinkafizz"])
def test_the_words_of_a_trimmed_copy_are_read(key: str) -> None:
    """A turned copy that lost a little of its rim seems to have the same frame; its words are still the same."""
    image = picture(key)
    rim = image.width // 60
    trimmed = image.crop((rim, 0, image.width, image.height - rim)).transpose(Image.Transpose.ROTATE_90)
    evidence = whole(plate(trimmed), plate(image))

    assert evidence.words > 5
    assert evidence.words_changed <= 1
    assert kind_of(evidence) is Kind.EDITED


@pytest.mark.parametrize("key", KEYS)
def test_a_mirrored_picture_is_seen_as_mirrored(key: str) -> None:
    """In a mirrored copy the upper left corner of the reference lies at the upper right."""
    evidence = checked(key, "mirror")

    assert evidence.mirrored
    assert far(evidence, ((1, 0), (0, 0), (0, 1), (1, 1))) < 0.02


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("soft", [0, 20])
def test_an_inverted_picture_is_seen_as_inverted(key: str, soft: int) -> None:
    """A negative lies where the picture lay, with nothing sharp left in it, too."""
    image = picture(key).convert("RGB").filter(ImageFilter.GaussianBlur(soft))
    evidence = whole(plate(ImageOps.invert(image)), plate(image))

    assert evidence.inverted
    assert evidence.agreement > 0.99
    assert kind_of(evidence) is Kind.EDITED
    assert far(evidence, WHOLE) < 0.001


@pytest.mark.parametrize(
    ("turned", "corners"),
    [
        (lambda one: one, (0, 1, 2, 3)),
        (lambda one: one[:, ::-1], (1, 0, 3, 2)),
        (lambda one: one[::-1], (3, 2, 1, 0)),
        (lambda one: one[::-1, ::-1], (2, 3, 0, 1)),
        (lambda one: one.transpose(1, 0, 2), (0, 3, 2, 1)),
        (lambda one: np.rot90(one), (3, 0, 1, 2)),
        (lambda one: np.rot90(one, -1), (1, 2, 3, 0)),
        (lambda one: np.rot90(one, 2).transpose(1, 0, 2), (2, 1, 0, 3)),
    ],
    ids=["as it is", "mirrored", "upside down", "half", "diagonal", "left", "right", "other diagonal"],
)
def test_a_frame_is_known_in_all_eight_positions(turned: Turn, corners: tuple[int, ...]) -> None:
    """With nothing sharp in it, too: no feature has to be found, and each corner lies where it went."""
    image = np.asarray(picture("coffee").convert("RGB").filter(ImageFilter.GaussianBlur(6)))
    query, reference = PairImage.of(np.ascontiguousarray(turned(image))), PairImage.of(image)
    first, second, third, fourth = (WHOLE[at] for at in corners)
    evidence = whole(query, reference)

    assert evidence.agreement > 0.99
    assert far(evidence, (first, second, third, fourth)) < 0.001
    assert evidence.mirrored == (corners in ((1, 0, 3, 2), (3, 2, 1, 0), (0, 3, 2, 1), (2, 1, 0, 3)))
    assert "features" not in vars(query)


def test_a_copy_that_keeps_its_frame_is_not_searched_for_features() -> None:
    """Most copies do, and features are most of what a check costs."""
    one, other = plate(picture("coffee")), plate(edits.EDITS["recompress"](picture("coffee")))

    assert kind_of(whole(other, one)) is Kind.EDITED
    assert not {"features", "first"} & {*vars(one), *vars(other)}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("edit", "share"), [("crop_75", 0.75), ("crop_60", 0.60)])
def test_a_crop_shows_a_part(key: str, edit: str, share: float) -> None:
    """A crop is covered by a reference that reaches beyond it on every side by what was cut."""
    evidence = checked(key, edit)
    size = 1 / share**0.5
    left = -(size - 1) * 0.4
    right = left + size

    assert far(evidence, box(left, left, right, right)) < 0.04
    assert evidence.overlap == pytest.approx(share, abs=0.04)
    assert evidence.area > 0.98


@pytest.mark.parametrize("key", KEYS)
def test_a_turned_picture_is_turned(key: str) -> None:
    """A turn by five degrees is found with the corners where they went."""
    image = picture(key)
    angle, middle = np.deg2rad(5), np.array([image.width, image.height]) / 2
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = (np.array(WHOLE) * 2 - 1) * middle @ turn.T + middle
    first, second, third, fourth = ((float(x), float(y)) for x, y in corners / (middle * 2))
    evidence = checked(key, "rotate_5")

    assert kind_of(evidence) is Kind.EDITED
    assert far(evidence, (first, second, third, fourth)) < 0.04


@pytest.mark.parametrize("key", KEYS)
def test_a_pasted_picture_is_contained(key: str) -> None:
    """Half as wide on another picture, it is found where it was pasted, by the view that shows little else."""
    query = np.asarray(edits.EDITS["paste_half"](picture(key)))
    view = View(frame=0, box=(0.28, 0.32, 0.82, 0.86))
    matrix = to_frame(view, query.shape[1], query.shape[0])
    evidence = check(PairImage.of(query), PairImage.of(crop(query, view)), matrix, plate(picture(key)))

    assert kind_of(evidence) is Kind.CONTAINED
    assert far(evidence, box(0.3, 0.34, 0.8, 0.84)) < 0.03
    assert evidence.area == pytest.approx(0.25, abs=0.03)
    assert evidence.overlap > 0.95


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("key", KEYS)
def test_strangers_are_no_copies(key: str, stranger: str) -> None:
    """Two pictures that have nothing to do with each other are at most similar, either way round."""
    one, other = plate(picture(key)), plate(picture(stranger))

    assert kind_of(whole(one, other)) is Kind.SIMILAR
    assert kind_of(whole(other, one)) is Kind.SIMILAR
    assert whole(one, other).quad is None


def test_a_caption_that_was_found_alone_is_no_copy() -> None:
    """Where the strip of words is all that agrees, it is no part of the reference that was pasted elsewhere."""
    twins = FRAGMENTS["caption_strip"].twins(0)
    query, view = np.asarray(twins.query), View(frame=0, box=(0.0, 0.676, 1.0, 1.0))
    matrix = to_frame(view, twins.query.width, twins.query.height)
    found = check(PairImage.of(query), PairImage.of(crop(query, view)), matrix, plate(twins.reference))

    assert found.agreement < COPY_AGREEMENT


@pytest.mark.parametrize("number", range(12))
def test_a_shared_fragment_is_no_copy(number: int) -> None:
    """Two unrelated pictures with the same caption strip, watermark bar or footer are at most templates."""
    reference, query = fragment_pair(number)

    assert kind_of(whole(plate(query), plate(reference))) in {Kind.SIMILAR, Kind.TEMPLATE}


def test_only_what_the_view_shows_is_compared() -> None:
    """A crop pasted on another photograph agrees: what was cut off would lie over that photograph."""
    image, page = photograph("motorcycle_left").resize((640, 480)), photograph("rocket").resize((640, 480)).copy()
    page.paste(image.crop((0, 0, 640, 300)).resize((400, 188)), (120, 230))
    query = np.asarray(page)
    view = View(frame=0, box=(120 / 640, 230 / 480, 520 / 640, 418 / 480))
    evidence = check(PairImage.of(query), PairImage.of(crop(query, view)), to_frame(view, 640, 480), plate(image))

    assert kind_of(evidence) in {Kind.EDITED, Kind.CONTAINED}
    assert evidence.agreement > 0.9
    assert evidence.overlap == pytest.approx(300 / 480, abs=0.05)


def test_a_frame_that_is_not_sure_has_the_features_that_bear_it_out() -> None:
    """A copy whose frame fits but for a small shift counts its features."""
    image = photograph("motorcycle_left").resize((640, 480))
    moved = image.transform(image.size, Image.Transform.QUAD, (0, 0, 9, 470, 632, 480, 640, 6))

    assert whole(plate(moved), plate(image)).inliers >= 25


def test_a_first_look_spares_strangers_the_closer_one() -> None:
    """Of a stranger only the features of a small copy are computed."""
    query = plate(photograph("chelsea").resize((640, 427)))

    assert whole(query, plate(photograph("brick"))) == Evidence()
    assert "first" in vars(query)
    assert "features" not in vars(query)


@pytest.mark.parametrize("key", ["coffee", "chelsea", "astronaut", "motorcycle_left"])
def test_a_photocopy_is_a_copy(key: str) -> None:
    """Black and white is compared with what a copier makes of the reference; other pictures stay strangers."""
    query = plate(photocopied(photograph(key).resize((480, 320))))

    assert kind_of(whole(query, plate(photograph(key)))) is Kind.EDITED
    assert kind_of(whole(query, plate(photograph("rocket")))) is Kind.SIMILAR


@pytest.mark.parametrize(
    ("quad", "area", "overlap"),
    [
        (WHOLE, 1, 1),
        (box(0, 0, 0.5, 0.5), 0.25, 1),
        (box(-1, 0, 1, 1), 1, 0.5),
        (box(0.5, 0.5, 1.5, 1.5), 0.25, 0.25),
        (box(2, 2, 3, 3), 0, 0),
        (((1, 0), (0, 0), (0, 1), (1, 1)), 1, 1),
        (((0.3, 0.3), (0.3, 0.3), (0.3, 0.3), (0.3, 0.3)), 0, 0),
    ],
)
def test_area_and_overlap(quad: Quad, area: float, overlap: float) -> None:
    """Area is the share of the query that is covered, overlap the share of the reference that is seen."""
    found = placed(Evidence(), quad)

    assert (found.area, found.overlap) == pytest.approx((area, overlap), abs=0.001)


SIZES = st.tuples(st.integers(2, 60), st.integers(2, 60))


@settings(max_examples=80)
@given(SIZES, SIZES, st.integers(0, 9), st.sampled_from(["noise", "blank", "same", "line"]))
def test_small_and_blank_pictures_raise_nothing(
    one: tuple[int, int], other: tuple[int, int], seed: int, content: str
) -> None:
    """Pictures of a few pixels, of one colour or of noise get evidence within its ranges."""
    dice = np.random.default_rng(seed)
    query: Pixels = dice.integers(0, 256, (*one, 3)).astype(np.uint8)
    reference: Pixels = dice.integers(0, 256, (*other, 3)).astype(np.uint8)
    match content:
        case "blank":
            reference[:] = 70
        case "same":
            reference = query
        case "line":
            query[:, 1:] = 0
    evidence = whole(PairImage.of(query), PairImage.of(reference))

    assert 0 <= evidence.agreement <= 1
    assert 0 <= evidence.area <= 1
    assert 0 <= evidence.overlap <= 1
    assert evidence.windows >= 0
    assert content != "blank" or kind_of(evidence) is Kind.SIMILAR


@pytest.mark.parametrize("size", [(2000, 2), (2, 2000), (448, 3), (1, 1)])
def test_slivers_raise_nothing(size: tuple[int, int]) -> None:
    """Nor does a picture that is all length."""
    sliver = plate(drawn("quillbird").resize(size))

    for pair in ((sliver, plate(drawn("quillbird"))), (plate(drawn("quillbird")), sliver), (sliver, sliver)):
        assert 0 <= whole(*pair).agreement <= 1


def test_a_place_without_area_shows_nothing() -> None:
    """A reference that is laid along a line covers no part of the query, and none of it is seen."""
    line: Quad = ((0.1, 0.5), (0.9, 0.5), (0.9, 0.5), (0.1, 0.5))
    found = placed(Evidence(inliers=9, pairs=9, agreement=0.9, windows=9, correlation=0.9), line)

    assert (found.area, found.overlap) == (0.0, 0.0)
