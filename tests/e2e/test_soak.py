"""The soaks of docs/reliability.md in small: the same harness, numbers that a test run has time for."""

from pathlib import Path

import pytest

from tests.e2e.world import make_catalogue
from tests.soak import kills, load, outages


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_catalogue(tmp_path_factory.mktemp("soak"))


async def test_killed_at_random(catalogue: Path, tmp_path: Path) -> None:
    """Whatever a kill cuts short is finished after the restart: right verdicts, right removals, nothing twice."""
    tally = await kills.at_random("telegram", catalogue, tmp_path, kills=2)

    assert tally.is_right, tally
    assert tally.more_cards <= 1


async def test_killed_at_each_point(catalogue: Path, tmp_path: Path) -> None:
    """At nine points of a post's way, from its receipt to the note that it was removed."""
    tally = await kills.at_points("discord", catalogue, tmp_path, times=1)

    assert tally.is_right, tally
    assert tally.more_cards == 0
    assert set(tally.hits) == set(kills.POINTS)
    assert sum(tally.hits.values()) >= len(kills.POINTS) - 1, "one moment may be too short for a busy machine"


async def test_the_zoo_through_a_whole_bot(catalogue: Path, tmp_path: Path) -> None:
    """Bad files under hostile names: each has its verdict, and the bot goes on."""
    found = await load.zoo(catalogue, tmp_path, rounds=1, every=6)

    assert (found.without_verdict, found.tracebacks) == (0, 0)
    assert found.files >= 40


async def test_a_raid_loses_nothing(catalogue: Path, tmp_path: Path) -> None:
    """All that was posted is committed at once and looked at, and another community is not forgotten."""
    found = await load.raid(catalogue, tmp_path, 100, others=8)

    assert found.lost == 0


async def test_what_it_stands_on_fails_for_a_while(catalogue: Path, tmp_path: Path) -> None:
    """Images wait, nothing is called clean that is not, and nobody has to help."""
    found = await outages.outage("killed", catalogue, tmp_path, 5)

    assert found.tally.is_right, found
