"""The soaks of docs/reliability.md in small: the same harness, numbers that a test run has time for."""

from pathlib import Path

import pytest

from tests.e2e.world import make_catalogue
from tests.soak import kills


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_catalogue(tmp_path_factory.mktemp("soak"))


async def test_killed_at_random(catalogue: Path, tmp_path: Path) -> None:
    """Whatever a kill cuts short is finished after the restart: right verdicts, right removals, nothing twice."""
    tally = await kills.at_random("telegram", catalogue, tmp_path, kills=4)

    assert tally.is_right, tally
    assert tally.more_cards <= 1


async def test_killed_at_each_point(catalogue: Path, tmp_path: Path) -> None:
    """At nine points of a post's way, from its receipt to the note that it was removed."""
    tally = await kills.at_points("discord", catalogue, tmp_path, times=1)

    assert tally.is_right, tally
    assert tally.more_cards == 0
    assert set(tally.hits) == set(kills.POINTS)
    assert sum(tally.hits.values()) >= len(kills.POINTS) - 1, "one moment may be too short for a busy machine"
