"""Acts on authors in a raid, on every front: each person once, and by the settings of the channel they posted in."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.cases import Policy
from core.types import Act, Mode, Platform
from core.wording import Words
from tests.chat.stage import GENERAL, LOG, TITLE, Stage, known
from tests.chat.test_author_acts import becomes, needs, row
from tests.chat.test_bursts import all_stand, burst_of, card_saying, given_back, remove_all, watched

EN = Words.of("en")
FATES = {Act.TIMEOUT: "quarantined", Act.QUARANTINE: "quarantined", Act.KICK: "out", Act.BAN: "banned"}
LIFTED = {Act.QUARANTINE: Act.UNQUARANTINE, Act.BAN: Act.UNBAN}


async def enforcing(stage: Stage, where: str, *acts: Act) -> None:
    """Have a violation do this in a channel; in a dry run, so that nothing is done before it."""
    await stage.services.policies.set(stage.space(where), Policy(mode=Mode.DRY_RUN, enforce=acts), "mo")


async def ready(stage: Stage) -> None:
    await watched(stage)
    if stage.can.has_roles:
        await stage.use("mo", "roles", use="quarantine", who=stage.role())
    await stage.empower("mo", may_ban=True)


async def raided(stage: Stage, *crowd: tuple[str, str]) -> list[object]:
    posts = [await stage.post(who, known(), where=where) for who, where in crowd]
    await burst_of(stage, len(posts))
    return posts


async def violation(stage: Stage, posts: Sequence[object]) -> str:
    """Press it, a second time where that is asked for; what was said at first."""
    button = remove_all(len(posts))
    card = await card_saying(stage, button)
    told = await stage.press("mo", card, button)
    if "again" in told:
        await stage.press("mo", card, button)
    await all_stand(stage, posts, "gone")
    return told


@pytest.mark.parametrize("act", [Act.QUARANTINE, Act.BAN])
async def test_who_raided_is_acted_on_once_and_free_again_by_one_undo(stage: Stage, act: Act) -> None:
    """Two people, one of them with two posts: one press, and one undo for both."""
    needs(stage, act)
    await ready(stage)
    await enforcing(stage, GENERAL, Act.REMOVE, act)
    posts = await raided(stage, ("ann", GENERAL), ("bo", GENERAL), ("ann", GENERAL))
    told = await violation(stage, posts)
    for person in ("ann", "bo"):
        await becomes(stage, person, FATES[act])
    case = await burst_of(stage, 3)
    assert case.burst
    acted = sum(one.count for one in case.burst.tallies if one.act is act)
    card = await card_saying(stage, EN("burst.undo", count=3))
    await stage.press("mo", card, EN("burst.undo", count=3))
    await given_back(stage, 3)
    lifted = EN("burst.tally-people", state=EN("act_state.done"), count=2)
    await card_saying(stage, EN("card.row", act=EN(f"act.{LIFTED[act]}"), state=lifted))

    assert acted == 2
    assert ("again" in told) == (act is Act.BAN)
    assert {await stage.fate(person) for person in ("ann", "bo")} <= {"in", "out"}


async def test_each_author_is_told_once(stage: Stage) -> None:
    """However many posts of theirs there were."""
    needs(stage, Act.TELL)
    await ready(stage)
    await enforcing(stage, GENERAL, Act.REMOVE, Act.TELL)
    before = {person: len(stage.told(person)) for person in ("ann", "bo")}
    posts = await raided(stage, ("ann", GENERAL), ("bo", GENERAL), ("ann", GENERAL))
    await violation(stage, posts)
    both = EN("burst.tally-people", state=EN("act_state.done"), count=2)
    await card_saying(stage, EN("card.row", act=EN("act.tell"), state=both))

    assert {person: len(stage.told(person)) - before[person] for person in before} == {"ann": 1, "bo": 1}


async def test_each_channel_has_its_own_settings(stage: Stage) -> None:
    """Where nobody is barred, nobody is, though the same press bars who posted it next door."""
    if stage.platform not in (Platform.DISCORD, Platform.TERMINAL):
        pytest.skip("there each community has one channel, or a homeserver takes minutes for a raid")
    act = Act.BAN if Act.BAN in stage.can.does else Act.TIMEOUT
    await ready(stage)
    await enforcing(stage, GENERAL, Act.REMOVE)
    await enforcing(stage, LOG, Act.REMOVE, act)
    posts = await raided(stage, ("ann", GENERAL), ("bo", LOG))
    await violation(stage, posts)
    await becomes(stage, "bo", FATES[act])

    assert await stage.fate("ann") == "in"


async def test_a_channel_that_flags_and_one_that_removes(stage: Stage) -> None:
    """A copy in each: one card says what became of both, and the undo for all gives both back."""
    if stage.platform not in (Platform.DISCORD, Platform.TERMINAL):
        pytest.skip("there each community has one channel, or a homeserver takes minutes for a raid")
    await ready(stage)
    policy = Policy(mode=Mode.FLAG)
    await stage.services.policies.set(stage.space(GENERAL), policy, "mo")
    await stage.services.policies.set(stage.space(LOG), replace(policy, mode=Mode.ENFORCE), "mo")
    posts = await raided(stage, ("ann", GENERAL), ("bo", LOG))
    await violation(stage, posts)
    card = await card_saying(stage, EN("burst.undo", count=2))
    await stage.press("mo", card, EN("burst.undo", count=2))
    await card_saying(stage, row("restore"))
    case = await burst_of(stage, 2)
    assert case.burst

    assert {one.count for one in case.burst.tallies if one.act is Act.RESTORE} == {2}
    assert len(await stage.cards(1, saying=TITLE)) == 1
