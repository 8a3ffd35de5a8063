"""The data of buttons: what was written is read, older buttons are read, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.chat import data
from handlers.chat.data import LETTERS, MOST_BYTES, OfAdding, OfCase, OfSetup

WORDS = st.from_regex(r"[\w -]{1,12}", fullmatch=True)


@given(st.integers(1, 10**15), st.sampled_from(sorted(LETTERS)))
def test_a_case_and_its_action(case: int, action: str) -> None:
    """They fit into a button whatever the number."""
    written = data.of_case(case, action)

    assert data.read(written) == OfCase(case, action)
    assert len(written.encode()) <= MOST_BYTES


@given(WORDS, WORDS)
def test_what_was_added(message: str, collection: str) -> None:
    """It is read as it was written, or it has no button because it is too long."""
    written = data.of_adding(message, collection)

    assert written == "" or data.read(written) == OfAdding(message, collection)
    assert len(written.encode()) <= MOST_BYTES


@given(st.lists(WORDS, min_size=1, max_size=3))
def test_choices_so_far(choices: list[str]) -> None:
    """Up to three of them."""
    written = data.of_setup(*choices)

    assert written == "" or data.read(written) == OfSetup(tuple(choices))


@pytest.mark.parametrize(
    ("old", "meaning"),
    [
        ("case:12:violation", OfCase(12, "violation")),
        ("case:12:not_a_match", OfCase(12, "not_a_match")),
        ("refs:4711:57:blocklist", OfAdding("57", "blocklist")),
        ("c:12:s", OfCase(12, "unsure")),
    ],
)
def test_buttons_of_older_versions_work(old: str, meaning: object) -> None:
    """They stand below cards for as long as nobody deletes those."""
    assert data.read(old) == meaning


@given(st.text(max_size=80))
def test_anything_else_means_nothing_or_something(text: str) -> None:
    """Whatever an altered app sends is no error."""
    data.read(text)


@pytest.mark.parametrize("foreign", ["", "c:12", "c:12:?", "c:x:v", "case:12:explode", "s:", "s:a:b:c:d", "c:٣:v"])
def test_what_is_not_ours_means_nothing(foreign: str) -> None:
    """Nothing happens then."""
    assert data.read(foreign) is None
