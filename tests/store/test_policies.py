"""What each channel wants is remembered, and a new one starts in a dry run."""

from dataclasses import replace

import pytest

from core.types import Mode, Platform, Policy, Thresholds
from store.db import Database
from store.policies import SqlPolicies
from tests.conftest import SPACE, Clock

DEFAULT = Policy(thresholds=Thresholds(match=0.8, review=0.4))


@pytest.fixture
def policies(db: Database, clock: Clock) -> SqlPolicies:
    return SqlPolicies(db, clock, DEFAULT)


async def test_a_silent_channel_has_the_default(policies: SqlPolicies) -> None:
    """A channel that said nothing yet has the operator's default, which is a dry run."""
    assert await policies.for_space(SPACE) == DEFAULT
    assert DEFAULT.mode is Mode.DRY_RUN


@pytest.mark.parametrize("mode", Mode)
async def test_a_policy_comes_back(policies: SqlPolicies, mode: Mode) -> None:
    """What was set last holds, mode and thresholds."""
    wanted = Policy(mode=mode, thresholds=Thresholds(match=0.7, review=0.3))
    await policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await policies.set(SPACE, wanted, "ann")

    assert await policies.for_space(SPACE) == wanted


@pytest.mark.parametrize(
    "other",
    [
        replace(SPACE, channel="other"),
        replace(SPACE, community="other"),
        replace(SPACE, platform=Platform.TELEGRAM),
    ],
)
async def test_other_channels_are_left_alone(policies: SqlPolicies, other: object) -> None:
    """A policy holds in its channel of its community on its platform, and nowhere else."""
    await policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")

    assert await policies.for_space(other) == DEFAULT  # type: ignore[arg-type]
