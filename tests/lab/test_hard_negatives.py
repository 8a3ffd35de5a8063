"""Hard negatives look alike, are no copies, and say what may be said of them."""

from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image

from core.types import Kind
from lab.drawings.demo import demo_set
from lab.drawings.scene_things import KINDS, Thing, drawn
from lab.drawings.scenes import PLACES
from lab.edits.kit import alike
from lab.hard_negatives import HARD_NEGATIVES, LABELS, Pair, make

NUMBER = 4


@cache
def bases() -> tuple[Image.Image, ...]:
    return tuple(one.draw().resize((400, 300)) for one in demo_set()[:3])


@cache
def pairs(kind: str) -> list[Pair]:
    return make(kind, bases(), NUMBER, seed=3)


def grey(image: Image.Image, size: tuple[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.asarray(image.convert("L").resize(size), np.float32)


@pytest.mark.parametrize("kind", HARD_NEGATIVES)
def test_pairs_are_labelled(kind: str) -> None:
    """As many pairs as asked for, RGB, and none is labelled as a copy."""
    made = pairs(kind)

    assert [pair.kind for pair in made] == [kind] * NUMBER
    assert {pair.label for pair in made} == {LABELS[kind]}
    assert LABELS[kind] in (Kind.TEMPLATE, Kind.SIMILAR)
    assert {image.mode for pair in made for image in (pair.reference, pair.query)} == {"RGB"}


@pytest.mark.parametrize("kind", HARD_NEGATIVES)
def test_pairs_are_repeatable(kind: str) -> None:
    """The same arguments give the same pixels; another seed gives others."""
    again, other = make(kind, bases(), 1, seed=3)[0], make(kind, bases(), 1, seed=4)[0]

    assert again.reference.tobytes() == pairs(kind)[0].reference.tobytes()
    assert again.query.tobytes() == pairs(kind)[0].query.tobytes()
    assert other.query.tobytes() != again.query.tobytes()


@pytest.mark.parametrize("kind", HARD_NEGATIVES)
def test_the_two_of_a_pair_differ_where_it_counts(kind: str) -> None:
    """More than what compression does: at the reference's size, a few per cent of the pixels are others."""
    for pair in pairs(kind):
        apart = np.abs(grey(pair.reference, (200, 200)) - grey(pair.query, (200, 200)))

        assert (apart > 48).mean() > 0.01


def test_templates_share_their_picture() -> None:
    """Most of a meme is the same in both, so that it is a template and no mere look-alike."""
    overlay = [pair for pair in make("same_template", bases(), 8, seed=1) if pair.reference.width > 500]
    same = [
        (np.abs(grey(pair.reference, (200, 200)) - grey(pair.query, (200, 200))) < 24).mean()
        for pair in overlay
        if abs(pair.reference.width / pair.reference.height - pair.query.width / pair.query.height) < 0.02
    ]

    assert same and min(same) > 0.5


def test_screens_of_one_app_show_other_pictures() -> None:
    """The same colours around, and never the same picture in both."""
    for pair in pairs("same_ui"):
        ground = [np.median(np.asarray(image.resize((90, 160))), axis=(0, 1)) for image in (pair.reference, pair.query)]

        assert pair.reference.height > pair.reference.width
        assert np.abs(ground[0] - ground[1]).max() < 12


def test_no_homography_takes_one_shot_to_the_other() -> None:
    """Of two shots of a scene, the best homography brings less than half of the matched features into place."""
    orb, matcher = cv2.ORB.create(800), cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
    for pair in pairs("near_scene"):
        (spots, words), (others, foreign) = (
            orb.detectAndCompute(np.asarray(image.convert("L")), np.empty(0, np.uint8))
            for image in (pair.reference, pair.query)
        )
        matches = matcher.match(words, foreign)
        ends = [np.array([s.pt for s in side], np.float32) for side in (spots, others)]
        first, second = ends[0][[m.queryIdx for m in matches]], ends[1][[m.trainIdx for m in matches]]
        _, kept = cv2.findHomography(first, second, cv2.RANSAC, 4.0)

        assert kept is None or kept.mean() < 0.5


def test_without_base_images_the_strangers_are_used() -> None:
    """An empty pool is no error."""
    assert not alike(*(pair.reference for pair in make("same_template", (), 2)))


def test_an_unknown_kind_is_a_key_error() -> None:
    """A misspelt kind makes no pairs."""
    with pytest.raises(KeyError):
        make("same_nothing", bases(), 1)


@pytest.mark.parametrize("kind", KINDS)
def test_things_keep_their_looks_and_change_their_pose(kind: str) -> None:
    """What follows from the seed stays when a thing is turned: the colours do, the pixels don't."""
    first, turned = (drawn(Thing(kind=kind, seed=4, x=0, z=5, tall=1, turn=turn), -1.0) for turn in (-0.6, 0.6))
    colours = [
        np.asarray(image.convert("RGB").resize((1, 1), Image.Resampling.BOX), np.float32) for image in (first, turned)
    ]

    assert first.tobytes() != turned.tobytes()
    assert np.abs(colours[0] - colours[1]).max() < 24


def test_places_hold_only_things_that_can_be_drawn() -> None:
    """Every name in a place is a kind of thing, and every kind stands somewhere."""
    assert {kind for things in PLACES.values() for kind in things} == set(KINDS)
