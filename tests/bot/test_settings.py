"""What the operator sets is what new channels start with."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.demo import at_home
from bot.fronts.connectors import connectors
from bot.settings import load
from core.cases import Thresholds
from core.errors import UsageError
from core.thresholds import threshold_for
from core.types import Mode, Platform


@pytest.mark.parametrize("platform", Platform)
@pytest.mark.parametrize("mode", Mode)
def test_nothing_is_watched_in_other_peoples_communities(platform: Platform, mode: Mode) -> None:
    """Every channel starts switched off, on platforms to come, too; the built-in one in the operator's mode."""
    policy = load(mode=mode, match_at=0.8, review_at=0.4).policy_of(platform)
    is_the_operators = platform is Platform.WEB

    assert policy.mode is (mode if is_the_operators else Mode.OFF)
    assert policy.thresholds == Thresholds(match=0.8, review=0.4)


def test_the_demo_goes_to_no_platform(tmp_path: Path) -> None:
    """Somebody with tokens in the environment can try the demo: it meets no real community and no real catalogue."""
    real = load(discord_token=SecretStr("d"), telegram_token=SecretStr("t"), qdrant_url="http://example.org")
    alone = at_home(real, tmp_path)

    assert connectors(real) != []
    assert connectors(alone) == []
    assert alone.qdrant_url == ""


def test_a_threshold_may_be_said_as_a_rate() -> None:
    """How many strangers may be taken for a match is as good as a confidence; nonsense is told with the variable."""
    assert load(match_at="1 in 10000").match_at == threshold_for(1e-4)
    assert load(match_at="0.8").match_at == 0.8
    with pytest.raises(UsageError, match=r"^RESIGHT_MATCH_AT is not usable: 'seldom' is no .*[^.]\.$"):
        load(match_at="seldom")


@pytest.mark.parametrize("token", ["x", "let-me-in", "a" * 40, "abcabcabcabcabcabcabc", "1234567890"])
@pytest.mark.parametrize("where", [{"host": "0.0.0.0"}, {"host": "192.168.0.4"}, {"trusted_proxies": "127.0.0.1"}])
def test_a_weak_token_is_refused_where_others_can_knock(token: str, where: dict[str, str]) -> None:
    """On loopback alone it may be anything."""
    with pytest.raises(UsageError, match="RESIGHT_TOKEN is too weak"):
        load(token=token, **where)
    assert load(token=token)
    assert load(token="", **where)
    assert load(token="r2d2-and-c3po-are-droids", **where)


@pytest.mark.parametrize("said", ["nobody", "10.0.0.1/8", "1.2.3", "127.0.0.1;::1"])
def test_proxies_that_are_no_addresses_are_refused(said: str) -> None:
    """With the variable's name."""
    with pytest.raises(UsageError, match="RESIGHT_TRUSTED_PROXIES"):
        load(trusted_proxies=said)
