"""What a lens bent is a copy; what was seen from elsewhere is bent by no lens."""

from random import Random

import numpy as np
import pytest
from PIL import Image

from core.confidence import kind_of
from core.policy import COPIES
from embed.pairs.geometry import Pose, align
from embed.pairs.lens import straightened
from embed.pairs.pair_image import REFERENCE_FEATURES, PairImage
from embed.pairs.verify import check
from lab.drawings.scenes import two_shots
from tests.kinds_of_damage import bulged
from tests.small import photograph


def plates(query: Image.Image, reference: Image.Image) -> tuple[PairImage, PairImage]:
    return PairImage.of(np.asarray(query)), PairImage.of(np.asarray(reference), REFERENCE_FEATURES)


@pytest.mark.parametrize("bend", [0.35, 0.5, -0.3])
@pytest.mark.parametrize("key", ["coffee", "astronaut", "motorcycle_left"])
def test_a_bent_picture_is_a_copy(key: str, bend: float) -> None:
    """Bulged or pinched, it is found, and surely."""
    image = photograph(key).resize((600, 400))
    query, reference = plates(bulged(image, bend), image)
    evidence = check(query, query, None, reference)

    assert kind_of(evidence) in COPIES
    assert evidence.inliers >= 80


def test_a_bulge_is_straightened() -> None:
    """Straight, more of it lies where it belongs."""
    image = photograph("coffee").resize((600, 400))
    query, reference = plates(bulged(image, 0.5), image)
    flat = align(query.features, reference.features, Pose())
    assert flat
    straight = straightened(query, reference, Pose(), flat.inliers)
    assert straight
    again = align(straight.features, reference.features, Pose())

    assert again
    assert again.inliers > 1.2 * flat.inliers


@pytest.mark.parametrize("number", range(6))
def test_another_standpoint_is_no_lens(number: int) -> None:
    """Things at different depths move by different ways: no lens explains clearly more of it."""
    first, second = two_shots(Random(f"lens/{number}"))
    query, reference = plates(second, first)
    flat = align(query.features, reference.features, Pose())

    assert flat is None or straightened(query, reference, Pose(), max(flat.inliers, 12)) is None


def test_a_flat_copy_is_left_alone() -> None:
    """A crop is explained without a lens."""
    image = photograph("coffee").resize((600, 400))
    query, reference = plates(image.crop((40, 30, 560, 380)), image)
    flat = align(query.features, reference.features, Pose())

    assert flat
    assert straightened(query, reference, Pose(), flat.inliers) is None
