"""What is tested of a front is one card for each post; bursts are tested over all fronts (`tests.chat.test_bursts`)."""

import pytest


@pytest.fixture(autouse=True)
def each_on_its_own(no_bursts: None, soon: None) -> None:
    """Each post is a case of its own, and nothing waits for long."""
