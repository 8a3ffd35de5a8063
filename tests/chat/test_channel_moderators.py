"""What somebody decides who moderates some channels holds there; what is for the whole community, they can't choose."""

import pytest

from core.types import Platform
from core.wording import Words
from handlers.chat import data
from tests.chat.stage import LOG, TITLE, Stage, known
from tests.chat.test_burst_rights import moderates
from tests.chat.test_bursts import all_stand
from tests.chat.test_presses import a_template

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
