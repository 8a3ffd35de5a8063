"""The moderators' card on every front: who posted what, where, and how the case stands."""

from core.telling import host_of
from core.types import Platform
from core.wording import Words
from tests.chat.stage import LOG, SOURCE, TITLE, Stage, known
from tests.small import drawn, saved

EN, ZH = Words.of("en"), Words.of("zh")


async def watched(stage: Stage, language: str = "en") -> None:
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language=language)


async def test_a_card_says_who_posted_what_and_where(stage: Stage) -> None:
    """Name and number, the words of the post, its place, and a source by its name."""
    await watched(stage)
    await stage.post("ann", known(), text="free coins\nask me")
    (card,) = await stage.cards(1, saying=TITLE)
    (case,) = await stage.services.cases.newest()

    assert "ann" in card.text and case.event.author in card.text
    assert "free coins" in card.text and "ask me" in card.text
    assert EN("card.earlier-none") in card.text
    assert EN(f"card.platform.{stage.platform}") in card.text
    assert host_of(SOURCE) in card.text
    if stage.can.has_channels:
        assert "general" in card.text or f"<#{case.event.space.channel}>" in card.text


async def test_an_account_has_its_age_where_the_platform_tells(stage: Stage) -> None:
    """Of Discord both when it was made and when it joined; of others nothing, and nothing is made up."""
    await watched(stage)
    await stage.post("ann", known())
    (card,) = await stage.cards(1, saying=TITLE)
    told = [key for key in ("card.account", "card.member") if EN(key).partition(" ")[0] in card.text]

    assert told == (["card.account", "card.member"] if stage.platform is Platform.DISCORD else [])


async def test_a_second_case_tells_of_the_first(stage: Stage) -> None:
    """Earlier cases of the author, and violations among them; a report says that it is one."""
    await watched(stage)
    await stage.post("ann", known())
    (card,) = await stage.cards(1, saying=TITLE)
    await stage.press("mo", card, EN("decision.violation"))
    post = await stage.post("ann", saved(drawn("ringaloo")))
    await stage.use("bo", "report", about=post)
    (second,) = await stage.cards(1, saying=EN("card.reported-clean"))

    assert EN("card.earlier-one", count=1) in second.text
    assert EN("card.violations-one", count=1) in second.text


async def test_the_title_follows_the_decision(stage: Stage) -> None:
    """Open, decided by whom, and open again."""
    await watched(stage)
    await stage.post("ann", known())
    (card,) = await stage.cards(1, saying=EN("card.title", number=1, state=EN("card.match")))
    await stage.press("mo", card, EN("decision.allowed"))
    (decided,) = await stage.cards(1, saying=_title(EN("decision.allowed")))
    await stage.press("mo", decided, EN("decision.undo"))
    (again,) = await stage.cards(1, saying=_title(EN("card.match")) + " (")

    assert EN("card.reopened", state="", name="").split("(")[1].split("{")[0].strip(" )") in again.text


def _title(state: str) -> str:
    return EN("card.title", number=1, state=state)


async def test_cards_speak_chinese(stage: Stage) -> None:
    """Who, where and how often, too."""
    await watched(stage, "zh")
    await stage.post("ann", known(), text="免费硬币")
    (card,) = await stage.cards(1, saying=TITLE)

    assert ZH("card.earlier-none") in card.text and "免费硬币" in card.text
    assert ZH("card.author") in card.text and EN("card.author") not in card.text
