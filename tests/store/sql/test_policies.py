"""What each channel wants is remembered, and a new one starts as the operator said for its platform."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.cases import Policy, Rule, Thresholds
from core.policy import ON_THE_POST
from core.types import Act, Kind, Mode, Platform, Space
from store.sql.db import Database
from store.sql.policies import SqlPolicies
from tests.clock import Clock
from tests.small import SPACE

DEFAULT = Policy(thresholds=Thresholds(match=0.8, review=0.4))
OFF = replace(DEFAULT, mode=Mode.OFF)
EVERYWHERE = replace(SPACE, channel="*")
RULES = st.builds(
    Rule, mode=st.sampled_from(Mode), collection=st.sampled_from(["", "a"]), kind=st.none() | st.sampled_from(Kind)
)
ACTS = st.lists(st.sampled_from(ON_THE_POST), unique=True).map(tuple)
POLICIES = st.builds(
    Policy,
    mode=st.sampled_from(Mode),
    rules=st.lists(RULES, max_size=3).map(tuple),
    flag=ACTS,
    enforce=ACTS,
    timeout=st.integers(0, 40 * 86400).map(lambda seconds: timedelta(seconds=seconds)),
)


@pytest.fixture
def policies(db: Database, clock: Clock) -> SqlPolicies:
    return SqlPolicies(db, clock, lambda platform: OFF if platform is Platform.TELEGRAM else DEFAULT)


async def test_a_silent_channel_has_the_default(policies: SqlPolicies) -> None:
    """A channel that said nothing yet has the default of its platform."""
    assert await policies.for_space(SPACE) == DEFAULT
    assert await policies.for_space(replace(SPACE, platform=Platform.TELEGRAM)) == OFF


@pytest.mark.parametrize("mode", Mode)
async def test_a_policy_comes_back(policies: SqlPolicies, mode: Mode) -> None:
    """What was set last holds, mode and thresholds."""
    wanted = Policy(mode=mode, thresholds=Thresholds(match=0.7, review=0.3))
    await policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await policies.set(SPACE, wanted, "ann")

    assert await policies.for_space(SPACE) == wanted


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(POLICIES)
async def test_nothing_of_a_policy_is_lost(policies: SqlPolicies, wanted: Policy) -> None:
    """Rules, acts and the time-out's length come back as they were set, in their order."""
    await policies.set(SPACE, wanted, "ann")

    assert await policies.for_space(SPACE) == wanted


async def test_the_channel_then_the_community_then_the_default(policies: SqlPolicies) -> None:
    """A channel's own policy goes before its community's, and that before the default."""
    own, ours = Policy(mode=Mode.FLAG), Policy(mode=Mode.ENFORCE, enforce=(Act.REMOVE, Act.TIMEOUT))
    other = replace(SPACE, channel="other")
    await policies.set(EVERYWHERE, ours, "ann")
    await policies.set(SPACE, own, "ann")

    assert [await policies.for_space(one) for one in (SPACE, other, EVERYWHERE)] == [own, ours, ours]
    assert await policies.for_space(replace(SPACE, community="other")) == DEFAULT
    await policies.forget(SPACE, "ann")
    assert await policies.for_space(SPACE) == ours
    await policies.forget(EVERYWHERE, "ann")
    assert await policies.for_space(SPACE) == DEFAULT


async def test_the_policies_of_a_platform(policies: SqlPolicies) -> None:
    """All that was set on a platform is listed by its place, and nothing of another platform."""
    wanted: dict[Space, Policy] = {SPACE: Policy(mode=Mode.FLAG), EVERYWHERE: Policy(mode=Mode.OFF)}
    for space, policy in wanted.items():
        await policies.set(space, policy, "ann")
    await policies.set(replace(SPACE, platform=Platform.TELEGRAM), Policy(), "ann")

    assert await policies.of_platform(Platform.DISCORD) == wanted
    assert await policies.of_platform("web") == {}


@pytest.mark.parametrize(
    "other",
    [
        replace(SPACE, channel="other"),
        replace(SPACE, community="other"),
        replace(SPACE, platform=Platform.TELEGRAM),
    ],
)
async def test_other_channels_are_left_alone(policies: SqlPolicies, other: Space) -> None:
    """A policy holds in its channel of its community on its platform, and nowhere else."""
    await policies.set(SPACE, Policy(mode=Mode.ENFORCE), "ann")

    assert await policies.for_space(other) in (DEFAULT, OFF)
