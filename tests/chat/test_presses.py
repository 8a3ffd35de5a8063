"""Every press, on every front: what a button does, who may press it, and what the second of two people reads."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core.brakes import Brake
from core.matches import Verdict
from core.types import Act, Content, Kind, Mode, Outcome, Platform, Reference, reference_id
from core.wording import Words
from handlers import naming
from handlers.chat import data
from tests.bot.cases import match
from tests.chat.stage import KNOWN, LOG, PATIENCE_S, TITLE, Read, Stage, known
from tests.small import drawn, event, saved

EN = Words.of("en")
KNOWN_ID = reference_id("brands", KNOWN)
PRESSED = set[str]()


def presses[Test](*actions: str) -> Callable[[Test], Test]:
    """Which buttons a test presses; test_author_acts.py adds them up."""
    PRESSED.update(actions)
    return lambda test: test


def label(action: str) -> str:
    """How the button of an action is called."""
    keys = {
        "why": "card.why",
        "release": "brake.release",
        "variants": "case.act_on_variants",
        "leave": "case.leave_variants",
        "undo": "decision.undo",
        "abuse": "decision.abuse",
        "add": "card.add",
        "unadd": "decision.undo",
    }
    return EN(keys.get(action, f"decision.{action}"))


async def a_card(stage: Stage, mode: Mode = Mode.DRY_RUN) -> tuple[Read, object]:
    """The card of a post that matches, and the post."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode=mode.value, language="en")
    post = await stage.post("ann", known())
    return (await stage.cards(1, saying=TITLE))[-1], post


async def offering(stage: Stage, card: Read, button: str) -> Read:
    """The card, once it has a button of that name."""
    async with asyncio.timeout(PATIENCE_S):
        while button not in (now := await stage.now(card)).buttons:  # noqa: ASYNC110  a platform rings no bell
            await asyncio.sleep(0.05)
    return now


async def renewed_without(stage: Stage, card: Read, button: str) -> Read:
    """The card, once it has no such button any more."""
    async with asyncio.timeout(PATIENCE_S):
        while button in (now := await stage.now(card)).buttons:  # noqa: ASYNC110  a platform rings no bell
            await asyncio.sleep(0.05)
    return now


async def a_template(stage: Stage) -> Read:
    """The card of a post that has the frame of the known image and shows something else."""
    services = stage.services
    await services.inbox.accept([event("framed", stage.space())])
    (waiting,) = await services.inbox.claim(1, timedelta(minutes=1))
    known_image = await services.references.find("brands", KNOWN)
    shown = replace(match(known_image, Kind.TEMPLATE), content=Content.OTHER)
    verdict = Verdict(outcome=Outcome.REVIEW, reason="look-alike", matches=(shown,))
    await services.cases.conclude(waiting, "aa", verdict, Mode.FLAG, (Act.CARD,), (), None, "")
    services.outbox_bell.ring()
    return (await stage.cards(1, saying=TITLE))[-1]


@presses("violation", "undo")
async def test_a_violation_removes_and_its_undo_restores(stage: Stage) -> None:
    """The post goes, the card says so; the undo posts it again, and the card says that, too."""
    card, post = await a_card(stage, Mode.FLAG)
    await stage.press("mo", card, label("violation"))
    card = (await stage.cards(1, saying=f"{EN('act.remove')}: {EN('act_state.done')}"))[-1]
    gone = await stage.stands(post)
    await stage.press("mo", card, label("undo"))
    await stage.cards(1, saying=f"{EN('act.restore')}: {EN('act_state.done')}")

    assert gone == "gone"
    assert await stage.stands(post) == "gone"
    assert await stage.reposts() == 1


@presses("violation", "undo")
async def test_an_album_comes_back_as_one(stage: Stage) -> None:
    """All its pictures go, and come back together."""
    if stage.platform is Platform.MATRIX:
        pytest.skip("there are no albums here: each picture is a post")
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    smaller = saved(drawn(KNOWN).resize((500, 400)), "JPEG", quality=80)
    post = await stage.post("ann", known(), smaller, text="look")
    card = (await stage.cards(1, saying=EN("card.album")))[-1]
    await stage.press("mo", card, label("violation"))
    card = (await stage.cards(1, saying=f"{EN('act.remove')}: {EN('act_state.done')}"))[-1]
    await stage.press("mo", card, label("undo"))
    await stage.cards(1, saying=f"{EN('act.restore')}: {EN('act_state.done')}")

    assert await stage.stands(post) == "gone"
    assert await stage.reposts() == 1


@presses("allowed", "not_a_match")
@pytest.mark.parametrize("action", ["allowed", "not_a_match"])
async def test_what_is_no_violation_is_left_alone(stage: Stage, action: str) -> None:
    """The mark goes, the post stays."""
    card, post = await a_card(stage, Mode.FLAG)
    await stage.cards(1, saying=EN("act_state.done"))
    await stage.press("mo", card, label(action))
    card = (await stage.cards(1, saying=f"{EN('act.restore')}: {EN('act_state.done')}"))[-1]

    assert await stage.stands(post) == "there"
    assert EN(f"decision.{action}") in card.text
    assert EN("decision.undo") in card.buttons


@presses("allowed", "violation")
async def test_the_second_is_told_who_was_first(stage: Stage) -> None:
    """Of two who press, one is the first."""
    card, _ = await a_card(stage)
    await stage.make_staff("bo")
    await stage.press("mo", card, label("allowed"))
    second = await stage.press("bo", card, label("violation"))

    assert EN("said.other-first") in second
    assert "mo" in second and EN("decision.allowed") in second


@presses("violation", "why", "abuse")
async def test_strangers_decide_nothing(stage: Stage) -> None:
    """Whoever is no staff reads one sentence; the case stays open."""
    card, post = await a_card(stage)
    for action in ("violation", "why", "abuse"):
        assert await stage.press("ann", card, label(action)) == EN("said.staff-only")

    assert await stage.stands(post) == "there"
    assert (await stage.services.cases.newest())[0].standing is None


async def test_one_who_is_no_longer_staff_decides_nothing(stage: Stage) -> None:
    """Whoever stops being staff between the card and the press."""
    card, _ = await a_card(stage)
    await stage.make_staff("bo")
    await stage.make_staff("bo", is_staff=False)

    assert await stage.press("bo", card, label("violation")) == EN("said.staff-only")


@presses("abuse")
async def test_suspected_abuse_is_asked_for_twice(stage: Stage) -> None:
    """The first press only says what the second would do."""
    card, post = await a_card(stage)
    first = await stage.press("mo", card, label("abuse"))
    stands = await stage.stands(post)
    await stage.press("mo", card, label("abuse"))
    card = (await stage.cards(1, saying=f"{EN('act.remove')}: {EN('act_state.done')}"))[-1]

    assert (first, stands) == (EN("abuse.again"), "there")
    assert await stage.stands(post) == "gone"
    assert EN("abuse.routes") in card.text


@presses("why")
async def test_why_is_told(stage: Stage) -> None:
    """With the nearest known image and what it passed."""
    card, _ = await a_card(stage)
    why = await stage.press("mo", card, label("why"))

    assert EN("why.title") in why and TITLE in why


@presses("release")
async def test_a_brake_is_let_go(stage: Stage) -> None:
    """The button appears with the brake, and once it is off there is nothing to let go."""
    card, _ = await a_card(stage, Mode.ENFORCE)
    await stage.press("mo", card, label("violation"))
    await stage.services.brakes.trip(stage.space().home, Brake.DAILY, KNOWN_ID)
    await stage.post("bo", known())
    card = (await stage.cards(1, saying=EN("brake.daily")))[-1]
    first = await stage.press("mo", card, label("release"))
    second = await stage.press_data("mo", data.of_case(1, "release"))
    renewed = await renewed_without(stage, card, label("release"))

    assert EN("brake.daily") in renewed.text
    assert first == EN("brake.released")
    assert second == EN("brake.off")


@presses("variants", "leave")
async def test_variants_of_a_template_can_be_chosen(stage: Stage) -> None:
    """Such cards have the button; the card then offers the way back."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    card = await a_template(stage)
    told = await stage.press("mo", card, label("variants"))
    chosen = await stage.services.choices.variants(stage.space())
    back = await stage.press("mo", await offering(stage, card, label("leave")), label("leave"))

    assert told == EN("said.variants-on") and len(chosen) == 1
    assert back == EN("said.variants-off")
    assert not await stage.services.choices.variants(stage.space())


async def test_two_who_choose_the_same_variants_agree(stage: Stage) -> None:
    """The button means what it says: the second press takes nothing back."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    await stage.make_staff("bo")
    card = await a_template(stage)
    told = [await stage.press_data(who, data.of_case(1, "variants")) for who in ("mo", "bo")]

    assert card.buttons.count(label("variants")) == 1
    assert all(EN("said.variants-on") in one for one in told)
    assert len(await stage.services.choices.variants(stage.space())) == 1


async def test_variants_are_chosen_for_templates_only(stage: Stage) -> None:
    """An altered app presses a button that the card of a plain copy has not."""
    await a_card(stage)
    told = await stage.press_data("mo", data.of_case(1, "variants"))

    assert told == ""
    assert not await stage.services.choices.variants(stage.space())


async def test_there_must_be_a_decision_to_undo(stage: Stage) -> None:
    """Nobody was faster where nobody decided; and who decided is not somebody else."""
    await a_card(stage)
    before = await stage.press_data("mo", data.of_case(1, "undo"))
    await stage.press_data("mo", data.of_case(1, "allowed"))
    after = await stage.press_data("mo", data.of_case(1, "violation"))

    assert EN("case.nothing_to_undo") in before
    assert EN("said.decided") in after
    assert EN("said.other-first") not in before + after


async def test_a_card_that_moved_away_decides_nothing(stage: Stage) -> None:
    """Once cards go elsewhere, the old ones have no say."""
    card, _ = await a_card(stage)
    if not stage.can.has_channels:
        pytest.skip("the moderators' place is another chat here; see the front's own tests")
    await stage.use("mo", "log", to=stage.channel("general"))

    assert await stage.press("mo", card, label("violation")) == EN("said.elsewhere")


async def a_report(stage: Stage, text: str = "Free doughnuts") -> tuple[Read, object]:
    """The card of a reported post that shows nothing known, and the post."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    post = await stage.post("ann", saved(drawn("ringaloo")), text=text)
    await stage.use("bo", "report", about=post)
    return (await stage.cards(1, saying=EN("card.reported-clean")))[-1], post


async def added_from(stage: Stage) -> list[Reference]:
    """What was added from the post of the first case."""
    event = (await stage.services.cases.get(1)).event
    return await naming.of_message(stage.services, event.space, event.group or event.message)


@presses("add")
async def test_a_reported_picture_becomes_a_reference(stage: Stage) -> None:
    """Under a title from the post; the next copy of it makes a card, and pressing once more adds nothing."""
    card, _ = await a_report(stage)
    told = await stage.press("mo", card, label("add"))
    again = await stage.press("mo", card, label("add"))
    await stage.post("bo", saved(drawn("ringaloo")))

    assert EN("said.added", count=1, collection="blocklist") in told
    assert EN("said.titled", title="Free doughnuts") in told
    assert EN("said.added-before", collection="blocklist") in again
    assert await stage.cards(1, saying=EN("found.exact", title="“Free doughnuts”"))


@presses("unadd")
async def test_what_was_added_from_a_report_is_taken_back(stage: Stage) -> None:
    """Also by another moderator, and twice is once."""
    await a_report(stage)
    await stage.make_staff("bo")
    await stage.press_data("mo", data.of_case(1, "add"))
    added = await added_from(stage)
    await stage.press_data("bo", data.of_case(1, "unadd"))
    left = await added_from(stage)
    await stage.press_data("mo", data.of_case(1, "unadd"))

    assert [one.title for one in added] == ["Free doughnuts"]
    assert left == await added_from(stage) == []


async def a_removed_report(stage: Stage) -> Read:
    """The card of a reported post that was removed."""
    card, post = await a_report(stage)
    await stage.press("mo", card, label("violation"))
    removed = (await stage.cards(1, saying=f"{EN('act.remove')}: {EN('act_state.done')}"))[-1]
    assert await stage.stands(post) == "gone"
    return removed


async def test_a_removed_picture_is_added_from_the_kept_copy(stage: Stage) -> None:
    """The file, where the platform or the card keeps it, else the small copy, and then the answer says so."""
    removed = await a_removed_report(stage)
    told = await stage.press("mo", removed, label("add"))
    await stage.post("bo", saved(drawn("ringaloo")))

    assert EN("said.added", count=1, collection="blocklist") in told
    assert (EN("said.added-small") in told) == (stage.platform is Platform.TERMINAL)
    assert await stage.cards(2, saying="Free doughnuts")


async def test_a_removed_picture_that_is_kept_no_longer_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever deleted it: after the time of the evidence nothing is added, and why."""
    removed = await a_removed_report(stage)

    async def expired(_media: object, _key: str) -> None:
        return None

    monkeypatch.setattr(type(stage.services.media), "get", expired)
    told = await stage.press("mo", removed, label("add"))

    is_kept = stage.platform in (Platform.TELEGRAM, Platform.MATRIX)  # their files outlive the message
    assert (EN("said.added", count=1, collection="blocklist") in told) == is_kept
    assert is_kept or (EN("said.added-none") in told and EN("reason.gone") in told)


async def test_only_reports_are_added(stage: Stage) -> None:
    """The card of a known image has no such button, a stranger may not press it, and an altered app gets nowhere."""
    card, _ = await a_card(stage)
    by_data = await stage.press_data("mo", data.of_case(1, "add"))
    report, _ = await a_report(stage)
    stranger = await stage.press("ann", report, label("add"))

    assert label("add") not in card.buttons
    assert by_data == ""
    assert stranger == EN("said.staff-only")


async def test_suspected_abuse_is_never_added(stage: Stage) -> None:
    """Neither by the button, which is gone, nor by an app that still has it."""
    card, _ = await a_report(stage)
    await stage.press("mo", card, label("abuse"))
    await stage.press("mo", card, label("abuse"))
    decided = (await stage.cards(1, saying=EN("abuse.routes")))[-1]

    assert label("add") not in decided.buttons
    assert await stage.press_data("mo", data.of_case(1, "add")) == ""


@presses("unsure")
async def test_unsure_is_a_word_of_older_cards(stage: Stage) -> None:
    """Buttons of before are understood: `unsure`, and data as older versions wrote it."""
    await a_card(stage)

    assert await stage.press_data("mo", "case:1:unsure") == EN("decision.unsure")
    assert await stage.press_data("mo", "c:1:?") == ""
    assert await stage.press_data("mo", "nothing of ours") == ""
