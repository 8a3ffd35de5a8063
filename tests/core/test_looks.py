"""Views of a picture, and which vector of a reference belongs to which of them."""

from hypothesis import given
from hypothesis import strategies as st

from core.looks import INVERTED, View

FRAMES = st.integers(0, INVERTED - 1)


@given(FRAMES, st.booleans(), FRAMES, st.booleans())
def test_each_frame_has_a_vector_as_it_is_and_one_inverted(one: int, is_one: bool, other: int, is_other: bool) -> None:
    """No two frames share one, and the frame is read from its number again."""
    first, second = View(frame=one, inverted=is_one), View(frame=other, inverted=is_other)

    assert (first.part == second.part) == ((one, is_one) == (other, is_other))
    assert (first.part % INVERTED, first.part >= INVERTED) == (one, is_one)
