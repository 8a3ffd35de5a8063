"""References that are found by a hash: how near they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matches import HashHit
from core.types import Reference
from handlers.search_hashes import HashNeighbour

LOGO = Reference(key="logo", collection="brands")


def near(distance: int) -> HashNeighbour:
    return HashNeighbour(hit=HashHit(reference=LOGO, part=0, distance=distance, pose=0, inverted=False), frame=0)


@pytest.mark.parametrize(("distance", "cosine"), [(0, 1.0), (31, 0.7578125), (64, 0.5), (128, 0.0)])
def test_a_distance_is_told_as_a_cosine(distance: int, cosine: float) -> None:
    """Equal hashes are as near as can be, those of strangers differ in half of their bits."""
    assert near(distance).cosine == cosine


@given(st.integers(0, 256), st.integers(0, 256))
def test_more_bits_are_further_away(one: int, other: int) -> None:
    """Whatever the distance, the cosine is one, and falls."""
    assert -1 <= near(one).cosine <= 1
    assert (near(one).cosine > near(other).cosine) == (one < other)
