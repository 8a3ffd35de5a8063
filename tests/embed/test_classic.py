"""The embedding without a model: PDQ's bits as a vector."""

import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import Picture, Pixels
from embed.classic import FLOOR, PdqEmbedder
from embed.views import views
from lab import edits
from tests.conftest import drawn, photograph

PDQ = PdqEmbedder()
PICTURES = ("astronaut", "chelsea", "coffee", "rocket", "motorcycle_left")


def pixels(key: str, edit: str = "") -> Pixels:
    made: Pixels = np.asarray(edits.EDITS[edit](photograph(key)) if edit else photograph(key))
    return made


def test_the_cosine_is_the_distance_of_the_hashes() -> None:
    """The cosine of two vectors is 1 - distance / 128, PDQ's own distance."""
    one, other = pixels("astronaut"), pixels("astronaut", "crop_75")
    distance = int((pdqhash.compute(one)[0] != pdqhash.compute(other)[0]).sum())
    first, second = PDQ.embed([one, other])

    assert float(first @ second) == pytest.approx(1 - distance / 128, abs=1e-5)
    assert distance > 0


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 9))
def test_vectors_have_length_one(wide: int, high: int, seed: int) -> None:
    """Every picture of whatever size has a vector of 256 numbers and length 1."""
    image: Pixels = np.random.default_rng(seed).integers(0, 256, (high, wide, 3), np.uint8)
    vectors = PDQ.embed([image])

    assert vectors.shape == (1, PDQ.spec.dim)
    assert np.linalg.norm(vectors) == pytest.approx(1, abs=1e-5)


def test_nothing_in_nothing_out() -> None:
    """No image, no vector."""
    assert PDQ.embed([]).shape == (0, 256)


@pytest.mark.parametrize("edit", ["recompress", "half_size", "half_recompressed", "grayscale", "brighter", "blur"])
def test_edits_of_the_file_stay_close(edit: str) -> None:
    """A recompressed, resized or recoloured copy is above the floor; strangers are below."""
    originals = PDQ.embed([pixels(key) for key in PICTURES])
    cosines = PDQ.embed([pixels(key, edit) for key in PICTURES]) @ originals.T

    assert cosines.diagonal().min() >= FLOOR
    assert (cosines - 2 * np.eye(len(PICTURES))).max() < FLOOR


def test_a_mirrored_copy_is_found_through_the_mirrored_view() -> None:
    """PDQ does not see through a mirror; the views of the query make up for it."""
    original = np.asarray(drawn("river-city"))
    turned: Pixels = np.ascontiguousarray(original[:, ::-1])
    picture = Picture(sha256="", format="PNG", width=4, height=3, frame_count=1, frames=(turned,))
    mirrored = [view.mirrored for view in views(picture, mirrored=not PDQ.spec.mirror_invariant)]
    known, straight, back = PDQ.embed([original, turned, np.ascontiguousarray(turned[:, ::-1])])

    assert mirrored[:2] == [False, True]
    assert float(known @ straight) < FLOOR
    assert float(known @ back) == pytest.approx(1, abs=1e-5)
