"""The embedding without a model: 256 bits as a vector."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.looks import Picture
from core.types import Pixels
from embed.models.classic import FLOOR, HashEmbedder
from embed.views.regions import wholes
from lab.edits import suite as edits
from tests.small import drawn, photograph

HASH = HashEmbedder()
PICTURES = ("astronaut", "chelsea", "coffee", "rocket", "motorcycle_left")


def pixels(key: str, edit: str = "") -> Pixels:
    made: Pixels = np.asarray(edits.EDITS[edit](photograph(key)) if edit else photograph(key))
    return made


def test_brightness_and_contrast_change_no_bit() -> None:
    """Half the contrast on a lighter ground is the same hash: the mean is left out and the median scales along."""
    one = pixels("astronaut")
    paler: Pixels = (one // 2 + 60).astype(np.uint8)
    first, second = HASH.embed([one, paler])

    assert float(first @ second) > 0.95


@settings(max_examples=25)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 9))
def test_vectors_have_length_one(wide: int, high: int, seed: int) -> None:
    """Every picture of whatever size has a vector of 256 numbers and length 1."""
    image: Pixels = np.random.default_rng(seed).integers(0, 256, (high, wide, 3), np.uint8)
    vectors = HASH.embed([image])

    assert vectors.shape == (1, HASH.spec.dim)
    assert np.linalg.norm(vectors) == pytest.approx(1, abs=1e-5)


def test_nothing_in_nothing_out() -> None:
    """No image, no vector."""
    assert HASH.embed([]).shape == (0, 256)


@pytest.mark.parametrize("edit", ["recompress", "half_size", "half_recompressed", "grayscale", "brighter", "blur"])
def test_edits_of_the_file_stay_close(edit: str) -> None:
    """A recompressed, resized or recoloured copy is above the floor; strangers are below."""
    originals = HASH.embed([pixels(key) for key in PICTURES])
    cosines = HASH.embed([pixels(key, edit) for key in PICTURES]) @ originals.T

    assert cosines.diagonal().min() >= FLOOR
    assert (cosines - 2 * np.eye(len(PICTURES))).max() < FLOOR


def test_a_mirrored_copy_is_found_through_the_mirrored_view() -> None:
    """The hash does not see through a mirror; the views of the query make up for it."""
    original = np.asarray(drawn("river-city"))
    turned: Pixels = np.ascontiguousarray(original[:, ::-1])
    picture = Picture(sha256="", format="PNG", width=4, height=3, frame_count=1, frames=(turned,))
    mirrored = [view.mirrored for view in wholes(picture, mirrored=not HASH.spec.mirror_invariant)]
    known, straight, back = HASH.embed([original, turned, np.ascontiguousarray(turned[:, ::-1])])

    assert mirrored[:2] == [False, True]
    assert float(known @ straight) < FLOOR
    assert float(known @ back) == pytest.approx(1, abs=1e-5)
