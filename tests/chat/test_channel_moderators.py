"""What somebody decides who moderates some channels holds there; what is for the whole community, they can't choose."""

import pytest

from core.brakes import Brake
from core.types import Platform
from core.wording import Words
from handlers.chat import data
from tests.chat.stage import LOG, TITLE, Stage, known
from tests.chat.test_burst_rights import moderates
from tests.chat.test_bursts import all_stand
from tests.chat.test_presses import KNOWN_ID, a_template

EN = Words.of("en")


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """A front on which each channel may have moderators of its own."""
    if stage.platform is Platform.TELEGRAM:
        pytest.skip("there each community has one channel")
    return stage


async def test_the_word_of_who_moderates_a_part_holds_there_alone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copies that follow there are removed; one in another channel has a card of its own, and stands until that."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    policy = await stage.services.policies.for_space(stage.space())
    await stage.services.policies.set(stage.space(LOG), policy, "mo")
    first = await stage.post("ann", known(), where="general")
    await stage.cards(1, saying=TITLE)
    await moderates(stage, monkeypatch, "bo", "general")
    await stage.press_data("bo", data.of_case(1, "violation"))
    elsewhere = await stage.post("ann", known(), where=LOG)
    cards = await stage.cards(2, saying=TITLE)
    follower = await stage.post("ann", known(), where="general")
    await all_stand(stage, [first, follower], "gone")
    only = EN("burst.only", channels="|").partition("|")[2]

    assert await stage.stands(elsewhere) != "gone"
    assert [only in (await stage.now(card)).text for card in cards] == [True, False]


async def test_who_moderates_a_part_chooses_no_variants(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are acted on in all channels."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    await a_template(stage)
    await moderates(stage, monkeypatch, "bo", "general")
    told = await stage.press_data("bo", data.of_case(1, "variants"))

    assert EN("said.not-all-channels") in told
    assert not await stage.services.choices.variants(stage.space())


async def test_what_was_decided_for_all_channels_is_not_undone_by_who_moderates_a_part(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The post is in their channel, the word of the other holds in all; their own word they take back."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    await stage.post("ann", known(), where="general")
    await stage.cards(1, saying=TITLE)
    await stage.press_data("mo", data.of_case(1, "violation"))
    await moderates(stage, monkeypatch, "bo", "general")
    told = await stage.press_data("bo", data.of_case(1, "undo"))
    standing = (await stage.services.cases.get(1)).standing
    await stage.press_data("mo", data.of_case(1, "undo"))
    for action in ("allowed", "undo"):
        await stage.press_data("bo", data.of_case(1, action))
    decisions = (await stage.services.cases.get(1)).decisions

    assert EN("said.not-all-channels") in told
    assert standing
    assert [one.undone_at is not None for one in decisions] == [True, True]


async def test_who_moderates_a_part_lets_no_brake_go(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds removals back in all channels."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="enforce", language="en")
    await stage.post("ann", known(), where="general")
    await stage.cards(1, saying=TITLE)
    await stage.press_data("mo", data.of_case(1, "violation"))
    await stage.services.brakes.trip(stage.space().home, Brake.DAILY, KNOWN_ID)
    await stage.post("ann", known(), where="general")
    await stage.cards(1, saying=EN("brake.daily"))
    await moderates(stage, monkeypatch, "bo", "general")
    told = await stage.press_data("bo", data.of_case(1, "release"))

    assert EN("said.not-all-channels") in told
    assert (await stage.services.cases.get(1)).is_braked
