"""Alignments: found in any pose, the same each time, and none among strangers."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from shapely import Polygon, box

from embed.pairs.features import Features, detect
from embed.pairs.geometry import POSES, Alignment, Pose, align, area_of, clipped, corners, is_possible
from tests.small import drawn, photograph


def seen(image: Image.Image) -> Features:
    return detect(np.asarray(image.convert("L")), 500)


def best(query: Image.Image, reference: Image.Image) -> Alignment:
    found = [one for pose in POSES if (one := align(seen(query), seen(reference), pose))]
    return max(found, key=lambda one: one.inliers)


@pytest.mark.parametrize(
    ("edit", "pose"),
    [
        (lambda image: image, Pose()),
        (ImageOps.mirror, Pose(mirrored=True)),
        (ImageOps.invert, Pose(inverted=True)),
        (lambda image: ImageOps.invert(ImageOps.mirror(image)), Pose(mirrored=True, inverted=True)),
        (lambda image: image.rotate(77, expand=True), Pose()),
        (lambda image: image.resize((300, 200)), Pose()),
    ],
)
def test_each_pose_is_found(edit: object, pose: Pose) -> None:
    """Mirrored and inverted copies are aligned by the features of the picture as it is, in their own pose."""
    image = photograph("coffee")
    found = best(edit(image), image)  # type: ignore[operator]

    assert found.pose == pose
    assert found.inliers >= 60


def test_a_mirrored_copy_lies_mirrored() -> None:
    """The upper left corner of the reference lies at the upper right of the query."""
    image = photograph("coffee")
    found = best(ImageOps.mirror(image), image)
    quad = corners(found.matrix, 1, image.height / image.width)

    assert quad is not None
    assert quad[0] == pytest.approx([1, 0], abs=0.01)


@pytest.mark.parametrize("count", [4, 5, 8, 30])
@pytest.mark.parametrize("turn", [0.0, 0.3, -1.2])
def test_few_pairs_are_enough_to_lie_in_place(count: int, turn: float) -> None:
    """From four pairs on, a copy that is turned, smaller and moved lies where it lies."""
    dice = np.random.default_rng(count)
    descriptors = np.abs(dice.normal(size=(count, 128))).astype(np.float32)
    descriptors /= np.linalg.norm(descriptors, axis=1, keepdims=True)
    zoom, shift = 0.7, np.array([0.2, 0.1])
    matrix = zoom * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    theirs = np.c_[dice.uniform(0, 1, (count, 2)), np.full(count, 0.02), np.zeros(count)]
    ours = np.c_[theirs[:, :2] @ matrix.T + shift, np.full(count, 0.02 * zoom), np.full(count, turn)]
    found = align(Features(ours, descriptors), Features(theirs, descriptors), Pose())

    assert found is not None
    assert found.pairs == count
    assert found.matrix == pytest.approx(np.vstack([np.c_[matrix, shift], [0, 0, 1]]), abs=1e-5)


@pytest.mark.parametrize("other", ["chelsea", "rocket", "coins"])
def test_strangers_share_no_geometry(other: str) -> None:
    """Between unrelated photographs only a handful of features agree by chance."""
    found = [one.inliers for pose in POSES if (one := align(seen(photograph(other)), seen(photograph("coffee")), pose))]

    assert max(found, default=0) <= 9


def test_it_is_the_same_each_time() -> None:
    """Nothing is sampled at random: the same pictures have the same alignment."""
    image = drawn("tin-duke")
    one, other = best(image.rotate(20), image), best(image.rotate(20), image)

    assert np.array_equal(one.matrix, other.matrix)


@pytest.mark.parametrize(
    ("matrix", "possible"),
    [
        (np.eye(3), True),
        (np.diag([-1.0, 1, 1]), True),
        (np.diag([1e-3, 1e-3, 1]), False),
        (np.diag([50.0, 50, 1]), False),
        (np.array([[1, 0, 0], [0, 1, 0], [-3, 0, 1.0]]), False),
        (np.full((3, 3), np.nan), False),
    ],
)
def test_only_what_a_picture_can_do_is_possible(matrix: np.ndarray, possible: bool) -> None:
    """Dots, giants, folded pictures and nonsense are no alignments."""
    assert is_possible(matrix, (1, 0.75), (1, 0.75)) == possible


NEARLY = st.sampled_from([0.0, 1.0]).flatmap(lambda edge: st.floats(edge - 1e-6, edge + 1e-6))
PLACES = st.one_of(NEARLY, st.floats(-1, 2))


@given(st.tuples(PLACES, PLACES), st.tuples(PLACES, PLACES), st.lists(st.floats(-1e-5, 1e-5), min_size=8, max_size=8))
def test_the_shared_area_is_right_where_edges_nearly_coincide(
    across: tuple[float, float], down: tuple[float, float], trembling: list[float]
) -> None:
    """A crop, a bar or a caption shares edges with the reference but for rounding; shapely is the second opinion."""
    (left, right), (top, bottom) = sorted(across), sorted(down)
    quad = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) + np.array(trembling).reshape(4, 2)
    assume(Polygon(quad).is_valid)

    shared = area_of(clipped(quad, 0, 0, 1, 1))

    assert shared == pytest.approx(Polygon(quad).intersection(box(0, 0, 1, 1)).area, abs=1e-9)
