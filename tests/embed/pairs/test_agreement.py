"""Window by window: what agrees, how much of it there is, and how far it reaches."""

from dataclasses import astuple
from typing import Any

import numpy as np
import pytest

from embed.pairs.agreement import LEAST_WINDOWS, Agreement, compare, share_within
from tests.small import scribble

type Gray = np.ndarray[Any, np.dtype[np.uint8]]
PICTURE = np.asarray(scribble(1, 320, 240).convert("L"))
OTHER = np.asarray(scribble(2, 320, 240).convert("L"))
AS_IT_IS = np.eye(3)
SIZE = (320.0, 240.0)


def test_a_picture_agrees_with_itself_everywhere() -> None:
    """All windows, as strongly as can be, over all of it."""
    found = compare(PICTURE, PICTURE, AS_IT_IS)

    assert (found.share, found.extent) == (1.0, 1.0)
    assert found.correlation == pytest.approx(1.0, abs=0.01)
    assert found.windows > 100


def test_a_negative_agrees_where_it_is_looked_at_as_one() -> None:
    """And disagrees everywhere where it is not."""
    assert compare(255 - PICTURE, PICTURE, AS_IT_IS, inverted=True).share == 1.0
    assert compare(255 - PICTURE, PICTURE, AS_IT_IS).share == 0.0
    assert compare(PICTURE, PICTURE, AS_IT_IS, inverted=True).share == 0.0


def test_where_nothing_agrees_nothing_is_spanned() -> None:
    """An extent is a share in any case."""
    for query in (255 - PICTURE, OTHER):
        found = compare(query, PICTURE, AS_IT_IS)

        assert found.share < 0.2
        assert 0.0 <= found.extent <= 1.0
    assert compare(255 - PICTURE, PICTURE, AS_IT_IS).extent == 1.0


def test_half_a_picture_agrees_by_half() -> None:
    """What agrees spans the left half, where the right one shows something else."""
    query = PICTURE.copy()
    query[:, 160:] = OTHER[:, 160:]
    found = compare(query, PICTURE, AS_IT_IS)

    assert found.share == pytest.approx(0.5, abs=0.15)
    assert found.extent == pytest.approx(0.5, abs=0.15)
    assert share_within(query, PICTURE, AS_IT_IS, False, (0, 0, 160, 240)) > 0.7
    assert share_within(query, PICTURE, AS_IT_IS, False, (160, 0, *SIZE)) < 0.35
    assert compare(query, PICTURE, AS_IT_IS, within=(0, 0, 160, 240)).share > 0.95
    assert compare(query, PICTURE, AS_IT_IS, within=(160, 0, *SIZE)).share < 0.2


@pytest.mark.parametrize("query", [np.full((240, 320), 128, np.uint8), PICTURE[:20, :20]], ids=["plain", "tiny"])
def test_where_there_is_nothing_to_compare_nothing_agrees(query: Gray) -> None:
    """A plain picture lies anywhere; a scrap has too few windows to say anything."""
    found = compare(query, query, AS_IT_IS)

    assert found.windows < LEAST_WINDOWS
    assert astuple(found) == astuple(Agreement(windows=found.windows))


def test_a_place_outside_agrees_with_nothing() -> None:
    """A reference that lies beside the query, or in hardly any of it, is not there."""
    for x in (400.0, 312.0):
        beside = np.array([[1, 0, x], [0, 1, 0], [0, 0, 1.0]])

        assert compare(PICTURE, PICTURE, beside) == Agreement()
        assert share_within(PICTURE, PICTURE, beside, False, (0, 0, *SIZE)) == 0.0
