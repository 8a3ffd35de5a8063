"""What is done to the author of a post, on every front: by hand, by itself, taken back, and refused in words."""

import asyncio
from typing import Any

import pytest

from core.types import Act, ActState, Mode
from core.wording import Words
from handlers.chat import data
from tests.chat.stage import LOG, PATIENCE_S, TITLE, Read, Stage, known
from tests.chat.test_presses import a_card, label, offering, presses

EN = Words.of("en")
BY_HAND = ("quarantine", "kick", "ban")
FATES = {"quarantine": "quarantined", "kick": "out", "ban": "banned"}
LIFTS = {"quarantine": "unquarantine", "ban": "unban"}


def needs(stage: Stage, act: str) -> None:
    if Act(act) not in stage.can.does:
        pytest.skip("this platform has no such act")


def row(act: str, state: ActState = ActState.DONE) -> str:
    return f"{EN(f'act.{act}')}: {EN(f'act_state.{state}')}"


def assert_asked(told: str, key: str, **values: object) -> None:
    """A question that names ann, and how to agree to it."""
    before, after = EN(key, who="*", **values).split("*")
    assert told.startswith(before) and "ann" in told.partition(after)[0]
    assert told.endswith(EN("twice.press"))


async def a_violation(stage: Stage, mode: Mode = Mode.FLAG) -> tuple[Read, object]:
    """The card of a post that a moderator, who may ban, called a violation; and the post."""
    card, post = await a_card(stage, mode)
    await stage.empower("mo", may_ban=True)
    if stage.can.has_roles:
        await stage.use("mo", "roles", use="quarantine", who=stage.role())
    await stage.press("mo", card, label("violation"))
    return (await stage.cards(1, saying=row("remove")))[-1], post


async def becomes(stage: Stage, person: str, fate: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await stage.fate(person) != fate:  # noqa: ASYNC110  a platform rings no bell
            await asyncio.sleep(0.05)


async def by_hand(stage: Stage, card: Read, act: str, who: str = "mo") -> str:
    """Press the button, twice where that is asked for."""
    told = await stage.press(who, await offering(stage, card, EN(f"act.{act}")), EN(f"act.{act}"))
    is_asked_again = told and "again" in told
    return await stage.press(who, card, EN(f"act.{act}")) if is_asked_again else told


@presses(*BY_HAND, *LIFTS.values())
@pytest.mark.parametrize("act", BY_HAND)
async def test_a_moderator_acts_on_the_author(stage: Stage, act: str) -> None:
    """The card offers it once the post is a violation, says how it went, and offers the way back where there is one."""
    needs(stage, act)
    card, _ = await a_violation(stage)
    told = await by_hand(stage, card, act)
    await becomes(stage, "ann", FATES[act])
    card = (await stage.cards(1, saying=row(act)))[-1]

    assert told.startswith(EN("said.by-hand", act=EN(f"act.{act}"), who="*").partition("*")[0])
    assert "ann" in told
    assert EN(f"act.{act}") not in card.buttons
    if act in LIFTS:
        await stage.press("mo", await offering(stage, card, EN(f"act.{LIFTS[act]}")), EN(f"act.{LIFTS[act]}"))
        await stage.cards(1, saying=row(LIFTS[act]))
        assert await stage.fate("ann") in ("in", "out")
    else:
        assert EN("card.for-good") in card.text


@pytest.mark.parametrize("act", ["quarantine", "ban"])
async def test_the_undo_of_the_decision_lifts_it(stage: Stage, act: str) -> None:
    """Post and author are as they were."""
    needs(stage, act)
    card, _ = await a_violation(stage)
    await by_hand(stage, card, act)
    card = (await stage.cards(1, saying=row(act)))[-1]
    await stage.press("mo", card, label("undo"))
    await stage.cards(1, saying=row(LIFTS[act]))

    assert await stage.fate("ann") in ("in", "out")
    assert await stage.reposts() == 1


@pytest.mark.parametrize("act", ["kick", "ban"])
async def test_who_is_to_be_put_out_is_named_first(stage: Stage, act: str) -> None:
    """The first press only says whom it hits and what is lost."""
    needs(stage, act)
    card, _ = await a_violation(stage)
    told = await stage.press("mo", await offering(stage, card, EN(f"act.{act}")), EN(f"act.{act}"))

    assert_asked(told, f"twice.{act}")
    assert (EN("twice.purge", hours=24) in told) == (act == "ban")
    assert await stage.fate("ann") == "in"


async def test_a_ban_that_deletes_nothing_is_asked_for_twice_too(stage: Stage) -> None:
    """A lifted ban brings nobody back: they are out until somebody invites them."""
    needs(stage, "ban")
    await stage.use("mo", "actions", mode="enforce", delete=True, hours=0)
    card, _ = await a_violation(stage)
    told = await stage.press("mo", await offering(stage, card, EN("act.ban")), EN("act.ban"))

    assert_asked(told, "twice.ban")
    assert EN("twice.no-purge") in told
    assert await stage.fate("ann") == "in"


async def test_who_may_not_do_it_on_the_platform_may_not_have_it_done(stage: Stage) -> None:
    """A moderator without that right reads which one is missing."""
    acts = [act for act in BY_HAND if Act(act) in stage.can.does]
    card, _ = await a_violation(stage)
    for act in acts:
        await offering(stage, card, EN(f"act.{act}"))
    await stage.empower("mo", may_ban=False)
    told = [await stage.press_data("mo", data.of_case(1, act)) for act in acts]

    assert all(EN("said.your-right", permission="").partition("  ")[0] in one for one in told)
    assert await stage.fate("ann") == "in"


async def test_nothing_is_done_to_the_author_before_a_violation(stage: Stage) -> None:
    """An altered app presses what no card offers yet, or what the platform has not."""
    card, _ = await a_card(stage)
    await stage.empower("mo", may_ban=True)
    for act in BY_HAND:
        assert EN(f"act.{act}") not in card.buttons
        assert EN("said.nothing-more") in await stage.press_data("mo", data.of_case(1, act))

    assert await stage.fate("ann") == "in"


async def test_strangers_do_nothing_to_anybody(stage: Stage) -> None:
    """Whoever is no staff reads one sentence."""
    await a_violation(stage)
    for act in BY_HAND:
        assert EN("said.staff-only") in await stage.press_data("bo", data.of_case(1, act))

    assert await stage.fate("ann") == "in"


async def test_a_ban_takes_along_what_was_written(stage: Stage) -> None:
    """The last hours of the author go, in every channel; nobody else's."""
    needs(stage, "ban")
    await stage.post("ann", text="one")
    other = await stage.post("bo", text="two")
    third = await stage.post("ann", text="three")
    card, _ = await a_violation(stage)
    await by_hand(stage, card, "ban")
    card = (await stage.cards(1, saying=row("ban")))[-1]

    assert await stage.stands(third) == "gone"
    assert await stage.stands(other) == "there"


async def test_authors_are_told_where_staff_chose_so(stage: Stage) -> None:
    """Off by default; then in the community's language, with the case, before anything else is done to them."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="zh")
    before = len(stage.told("ann"))
    await stage.use("mo", "actions", mode="enforce", delete=True, tell=True)
    await stage.post("ann", known())
    card = (await stage.cards(1, saying=TITLE))[-1]
    zh = Words.of("zh")
    await stage.press("mo", card, next(one for one in card.buttons if zh("decision.violation") in one))
    await stage.cards(1, saying=zh("card.for-good"))
    (told,) = stage.told("ann")[before:]

    assert zh("tell.removed", where="*", number=1).partition("*")[0] in told.text
    assert "案例 1" in told.text


async def test_nobody_is_told_by_default(stage: Stage) -> None:
    """A new community tells authors nothing."""
    before = len(stage.told("ann"))
    await a_violation(stage)

    assert len(stage.told("ann")) == before


async def test_acts_that_a_platform_has_not_are_refused(stage: Stage) -> None:
    """In words, when they are chosen."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    told = (await stage.use("mo", "actions", mode="enforce", delete=True, ban=True, hours=48)).text
    policy = await stage.services.policies.for_space(stage.space())

    if Act.BAN in stage.can.does:
        assert policy.enforce == (Act.REMOVE, Act.BAN) and policy.purge.total_seconds() == 48 * 3600
    else:
        assert told == EN("said.acts-not-here", acts=EN("act.ban"))
        assert policy.enforce == (Act.REMOVE,)


async def test_a_quarantine_needs_its_role(stage: Stage) -> None:
    """Where people have roles one is chosen first; elsewhere there is none to choose."""
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
    first = (await stage.use("mo", "actions", mode="enforce", quarantine=True)).text
    chosen = (await stage.use("mo", "roles", use="quarantine", who=stage.role())).text
    second = (await stage.use("mo", "actions", mode="enforce", quarantine=True)).text

    if stage.can.has_roles:
        assert first == EN("said.quarantine-first")
        assert EN("said.quarantine", name="Muted") in chosen
        assert EN("act.quarantine") in second
        assert "Muted" in (await stage.use("mo", "settings")).text
    else:
        assert chosen == EN("said.no-roles")
        assert first == second


async def test_drastic_acts_are_done_by_themselves_only_for_confirmed_references(stage: Stage) -> None:
    """The first post waits for a moderator, the next author is banned."""
    needs(stage, "ban")
    await stage.use("mo", "setup", log=stage.channel(LOG), mode="enforce", language="en")
    await stage.use("mo", "actions", mode="enforce", delete=True, ban=True)
    await stage.post("ann", known())
    card = (await stage.cards(1, saying=TITLE))[-1]
    fate = await stage.fate("ann")
    warned = await stage.press("mo", card, label("violation"))
    still = await stage.fate("ann")
    await stage.press("mo", card, label("violation"))
    await becomes(stage, "ann", "banned")
    await stage.post("bo", known())
    await becomes(stage, "bo", "banned")

    assert fate == still == "in"
    assert_asked(warned, "twice.violation", acts=EN("act.ban"))
    assert await stage.fate("mo") == "in"


async def test_nothing_is_done_to_somebody_who_was_forgotten(stage: Stage) -> None:
    """Nothing is known of them any more, and that is no fault of ours."""
    await a_violation(stage)
    author = (await stage.services.cases.get(1)).event.author
    privacy: Any = stage.services.privacy
    await privacy.forget(author, "", "mo")

    for act in BY_HAND:
        assert EN("said.nothing-more") in await stage.press_data("mo", data.of_case(1, act))
