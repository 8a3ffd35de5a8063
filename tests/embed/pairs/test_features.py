"""Local features: small when kept, and the same when they come back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DamagedStore
from embed.pairs import features
from embed.pairs.features import Features, detect, pack, unpack
from tests.small import drawn, photograph

MOST = 384


def gray(key: str) -> np.ndarray:
    image = photograph(key) if key in {"astronaut", "coffee", "chelsea"} else drawn(key)
    return np.asarray(image.convert("L"))


@pytest.mark.parametrize("key", ["astronaut", "coffee", "chelsea", "river-city", "zorbacoin"])
def test_what_is_kept_of_a_reference_is_small(key: str) -> None:
    """384 packed features take less than 21 kB, so that with four vectors a reference stays below 24 KiB."""
    found = detect(gray(key), MOST)

    assert len(found) <= MOST
    assert len(pack(found)) < 21_000


@pytest.mark.parametrize("key", ["astronaut", "five-koi"])
def test_features_come_back_but_for_rounding(key: str) -> None:
    """Places to a ten-thousandth, angles to a degree, descriptors so that each is still nearest to itself."""
    found = detect(gray(key), MOST)
    back = unpack(pack(found))

    assert back.points[:, :2] == pytest.approx(found.points[:, :2], abs=1e-4)
    turned = (back.points[:, 3] - found.points[:, 3] + np.pi) % (2 * np.pi) - np.pi
    assert np.abs(turned).max() < np.radians(1)
    assert ((back.descriptors @ found.descriptors.T).argmax(axis=1) == np.arange(len(found))).mean() > 0.99


def test_a_picture_without_corners_has_no_features() -> None:
    """One colour has none, and none can be kept and read."""
    assert len(detect(np.full((200, 300), 90, np.uint8), MOST)) == 0
    assert len(unpack(pack(features.NONE))) == 0


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_other_bytes_are_damaged(data: bytes) -> None:
    """What is not packed features is told to be damaged, whatever it is."""
    with pytest.raises(DamagedStore):
        unpack(data)


def test_a_cut_row_is_damaged() -> None:
    """Nor do half of the bytes pass for fewer features."""
    data = pack(Features(np.full((9, 4), 0.5, np.float32), np.full((9, 128), 128**-0.5, np.float32)))

    with pytest.raises(DamagedStore):
        unpack(data[: len(data) // 2])
