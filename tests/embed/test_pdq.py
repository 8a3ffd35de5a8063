"""PDQ: the bits and the quality that Meta's reference implementation gives for the same pixels."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.looks import PdqHash
from core.types import Pixels
from embed.pdq import distance, pdq, poses
from lab.edits import suite as edits
from tests.small import photograph, scribble

NEAR = 31
"""Bits; the usual limit of those who exchange PDQ hashes."""

KNOWN = {  # scribble(seed, width, height), as the reference implementation hashes it (package pdqhash 0.2.8)
    (1, 240, 180): ("68cb9f6de45c5d987781a8dd64e25f0b2f17d3b260f2884d34ac27292fd154a2", 100),
    (2, 640, 640): ("6ec157a8583756ee07cd950a9b34961c060f87bf993e80d75de8a24559e2b8f1", 100),
    (3, 500, 333): ("75380b1d773c8a1ddd9c988e5f0ee339fd4761bd6c4784771dc210f82242f2b0", 100),
    (4, 64, 64): ("c8a2f007fc07c803f9e10be3f0027f83f0160fe2f1c709e3fc0278079ff287fe", 100),
    (5, 131, 700): ("16bde95655f4656ab64f94abab81c4ad6a5053b34d5a136e236ae84e17b12615", 100),
    (6, 200, 9): ("df542ea1ffd5aaa5eea5aaad3ea95552c1565552105a555a012ad14e20abba6e", 100),
    (7, 5, 5): ("c1f096a53e0f6b5ac1f094a5c1f06b5a3e1f96a5c1f096a53e0f6b5ac1f094a5", 55),
}
PHOTOGRAPHS = {
    "astronaut": "2d6b1af3a956c529e79ca3d2526fa834d4196c81cedd04de0a26b855fc99b724",
    "coffee": "8c629e779a663698b9a33866c026726c21a679f61eb6e1f8c79ba7e23c8299e0",
    "chelsea": "5feb5321f01da156898e2bf629a5d3438412cdbd23f48942464526315db33ffd",
    "camera": "dc9c9d3b746978f888f40ce6e5c3f70f7266623e8d989cb99f21f2010841e1c7",
    "page": "965b26d62ed3636b192ccdddcc91d88c3925812979849815e37b1cce4732a6fb",
}
FAINT = "db52b49912ad9aa7e7446568dd53af04929b28a4427755bc314cf8f0eef0e313"
TURNS: tuple[Callable[[Pixels], Pixels], ...] = (
    lambda one: one,
    lambda one: np.rot90(one, 1),
    lambda one: np.rot90(one, 2),
    lambda one: np.rot90(one, 3),
    np.flipud,
    np.fliplr,
    lambda one: one.swapaxes(0, 1),
    lambda one: np.rot90(one, 2).swapaxes(0, 1),
)


def pixels(key: str) -> Pixels:
    return np.asarray(photograph(key))


@pytest.mark.parametrize("shape", KNOWN)
def test_drawn_pictures_have_the_hash_that_everybody_gives_them(shape: tuple[int, int, int]) -> None:
    """Every bit and the quality, whatever the size: smaller than 64 px, a strip, larger."""
    hashed = pdq(np.asarray(scribble(*shape)))

    assert (hashed.hex, hashed.quality) == KNOWN[shape]


@pytest.mark.parametrize("key", PHOTOGRAPHS)
def test_photographs_have_the_hash_that_everybody_gives_them(key: str) -> None:
    """Every bit, in colour and in gray."""
    assert pdq(pixels(key)) == PdqHash.of_hex(PHOTOGRAPHS[key], 100)


def test_the_quality_falls_with_the_contrast() -> None:
    """A sixteenth of the contrast is nearly flat; the hash is still given."""
    faint: Pixels = np.asarray(scribble(8)) // 16 + 100

    assert pdq(faint) == PdqHash.of_hex(FAINT, 4)
    assert pdq(np.full((90, 90, 3), 77, np.uint8)).quality == 0


@pytest.mark.parametrize("size", [(4, 200), (200, 4), (1, 1)])
def test_what_is_thinner_than_five_pixels_has_no_hash(size: tuple[int, int]) -> None:
    """All bits are 0, and the quality says that they mean nothing."""
    assert pdq(np.zeros((*size, 3), np.uint8)) == PdqHash(bits=bytes(32), quality=0)
    assert poses(np.zeros((*size, 3), np.uint8)) == ((bytes(32),) * 8, 0)


@settings(max_examples=40)
@given(st.integers(5, 700), st.integers(5, 700), st.integers(0, 99))
def test_half_of_the_bits_are_set(wide: int, high: int, seed: int) -> None:
    """The threshold is the median, so at most 128 of 256 frequencies lie above it, and seldom fewer."""
    hashed = pdq(np.random.default_rng(seed).integers(0, 256, (high, wide, 3), np.uint8))

    assert len(hashed.bits) == 32
    assert distance(hashed.bits, bytes(32)) <= 128
    assert 0 <= hashed.quality <= 100


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_poses_of_a_small_square_are_the_hashes_of_the_turned_square(seed: int) -> None:
    """At 64 x 64 nothing is filtered, so the eight poses are equal to the bit."""
    square = np.asarray(scribble(seed, 64, 64))
    turned = [pdq(np.ascontiguousarray(turn(square))) for turn in TURNS]

    assert poses(square) == (tuple(one.bits for one in turned), turned[0].quality)


@pytest.mark.parametrize("key", ["astronaut", "coffee", "chelsea", "camera"])
def test_the_poses_of_a_photograph_are_near_to_the_hashes_of_the_turned_one(key: str) -> None:
    """The filter leans a pixel to one side, so a few bits differ; another pose is far away."""
    photo = pixels(key)
    bits, _ = poses(photo)
    apart = [[distance(pose, pdq(np.ascontiguousarray(turn(photo))).bits) for turn in TURNS] for pose in bits]

    assert bits[0] == pdq(photo).bits
    assert max(apart[number][number] for number in range(8)) <= 24
    assert min(apart[one][other] for one in range(8) for other in range(8) if one != other) > NEAR


@pytest.mark.parametrize("key", PHOTOGRAPHS)
def test_inverted_colours_make_the_complement(key: str) -> None:
    """The hash of a negative is the complement but for the median itself."""
    photo = pixels(key)

    assert distance(pdq(photo).bits, pdq(255 - photo).bits) >= 255


@pytest.mark.parametrize("edit", ["recompress", "half_size", "half_recompressed", "grayscale", "blur"])
@pytest.mark.parametrize("key", ["astronaut", "coffee", "chelsea"])
def test_edits_of_the_file_stay_near(key: str, edit: str) -> None:
    """Recompressed, smaller, gray or blurred copies are well within the usual limit, strangers are not."""
    made = pdq(np.asarray(edits.EDITS[edit](photograph(key)))).bits
    others = [distance(made, pdq(pixels(other)).bits) for other in PHOTOGRAPHS if other != key]

    assert distance(made, pdq(pixels(key)).bits) <= 20
    assert min(others) > 3 * NEAR


def test_a_smaller_copy_of_a_large_picture_is_near() -> None:
    """What the decoder shrinks to 448 or 640 px hashes nearly as the file does."""
    large: Pixels = cv2.resize(pixels("astronaut"), (1920, 1440), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    for side in (448, 640):
        small: Pixels = cv2.resize(large, (side, side * 3 // 4), interpolation=cv2.INTER_AREA).astype(np.uint8)
        assert distance(pdq(large).bits, pdq(small).bits) <= 16
