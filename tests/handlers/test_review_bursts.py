"""A decision on a burst in several channels, and its undo: for all posts, wherever they are by then."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.services import Services
from core.cases import Case, Policy
from core.chat import Carried
from core.errors import Overtaken
from core.types import Act, ActState, Decision, Mode, Space
from handlers import braking, review
from handlers.outbox import carry_out
from handlers.screening import LEASE
from store.sql.db import Database
from store.sql.privacy import SqlPrivacy
from tests.small import KEEP, SAME, SPACE, event

ONE, TWO, THREE = (replace(SPACE, channel=name) for name in ("one", "two", "three"))


async def posted(services: Services, message: str, space: Space, *acts: Act, brake: str = "", **said: str) -> int:
    """The case of a copy, for which its verdict asked for these acts."""
    await services.inbox.accept([event(space=space, message=message, **{"author": message, **said})])
    (waiting,) = await services.inbox.claim(1, LEASE)
    standing = await services.cases.follows(waiting.event, SAME, joins=True)
    late = (await services.policies.for_space(space)).enforce
    decision = standing.id if standing else None
    number = await services.cases.conclude(
        waiting, message, SAME, Mode.ENFORCE, acts, brake=brake, late=late, decision=decision
    )
    assert number
    return number


async def carried_out(services: Services) -> None:
    """Everything that is due."""
    while actions := await services.cases.claim_actions(32):
        await asyncio.gather(*(carry_out(services, action) for action in actions))


async def acts_on(services: Services, *posts: int) -> list[list[Act]]:
    found = [await services.cases.post(number) for number in posts]
    return [[action.act for action in one.actions if action.act is not Act.CARD] for one in found]


def joining(services: Services, monkeypatch: pytest.MonkeyPatch, ask: str, space: Space, brake: str = "") -> list[int]:
    """Have a copy join in a channel while the store is asked for something; its number, once it has."""
    store, numbers = getattr(services.cases, ask), list[int]()

    async def later(*given: object, **said: object) -> object:
        monkeypatch.setattr(services.cases, ask, store)
        numbers.append(await posted(services, "joining", space, brake=brake))
        return await store(*given, **said)

    monkeypatch.setattr(services.cases, ask, later)
    return numbers


async def test_what_joins_during_the_press_is_treated_by_its_own_channel(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a channel that bans nobody, nobody is banned, though the others' channels would."""
    await services.policies.set(ONE, Policy(enforce=(Act.REMOVE, Act.BAN)), "mo")
    await services.policies.set(TWO, Policy(enforce=(Act.REMOVE,)), "mo")
    first = await posted(services, "first", ONE)
    joined = joining(services, monkeypatch, "decide", TWO)
    await review.decide(services, first, Decision.VIOLATION, "mo")

    assert await acts_on(services, first, *joined) == [[Act.REMOVE, Act.BAN], [Act.REMOVE]]


async def test_what_joins_while_the_brake_is_let_go_is_treated_by_its_own_channel(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press removes what was held back there, too."""
    await services.policies.set(TWO, Policy(enforce=(Act.REMOVE, Act.TIMEOUT)), "mo")
    first = await posted(services, "first", ONE)
    await review.decide(services, first, Decision.VIOLATION, "mo")
    held = await posted(services, "held", ONE, brake="flood")
    joined = joining(services, monkeypatch, "catch_up", TWO, brake="flood")
    await braking.release(services, first, "mo")

    assert await acts_on(services, held, *joined) == [[Act.REMOVE], [Act.REMOVE, Act.TIMEOUT]]


@pytest.mark.parametrize("ask", ["decide", "undo"])
async def test_a_decision_stays_within_its_channels(
    services: Services, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    """Who may decide for some channels decides nothing at all once a post in another one has joined."""
    first = await posted(services, "first", ONE)
    second = await posted(services, "second", TWO)
    if ask == "undo":
        await review.decide(services, first, Decision.VIOLATION, "mo")
    before = await services.cases.get(first)
    joined = joining(services, monkeypatch, ask, THREE)
    with pytest.raises(Overtaken):
        if ask == "undo":
            await review.undo(services, first, "mo", {ONE, TWO})
        else:
            await review.decide(services, first, Decision.VIOLATION, "mo", {ONE, TWO})
    after = await services.cases.get(first)

    assert after.standing == before.standing
    assert all(Act.RESTORE not in acts for acts in await acts_on(services, first, second, *joined))


async def undone(services: Services, numbers: Sequence[int], decision: Decision) -> Case:
    await review.decide(services, numbers[0], decision, "mo")
    await carried_out(services)
    return await review.undo(services, numbers[0], "mo")


async def test_an_undo_for_all_gives_back_what_verdicts_had_removed(services: Services) -> None:
    """One post was removed by itself, one flagged, one left: after the press and its undo all three stand, as flagged
    as their verdicts wanted."""
    await services.policies.set(ONE, Policy(enforce=(Act.REMOVE, Act.TIMEOUT)), "mo")
    numbers = [await posted(services, name, ONE, *acts) for name, acts in KINDS.items()]
    await undone(services, numbers, Decision.VIOLATION)
    acts = await acts_on(services, *numbers)

    assert acts[0] == [Act.REMOVE, Act.TIMEOUT, Act.RELEASE, Act.RESTORE]
    assert acts[1] == [Act.FLAG, Act.REMOVE, Act.TIMEOUT, Act.RELEASE, Act.RESTORE, Act.FLAG]
    assert acts[2] == [Act.REMOVE, Act.TIMEOUT, Act.RELEASE, Act.RESTORE]


KINDS: dict[str, tuple[Act, ...]] = {"removed": (Act.REMOVE, Act.TIMEOUT), "flagged": (Act.FLAG,), "left": ()}


@pytest.mark.parametrize("decision", [Decision.ALLOWED, Decision.NOT_A_MATCH])
async def test_the_undo_of_another_decision_removes_again(services: Services, decision: Decision) -> None:
    """What the verdict had removed, and the decision had given back; nothing else."""
    numbers = [await posted(services, name, ONE, *acts) for name, acts in KINDS.items()]
    await undone(services, numbers, decision)
    acts = await acts_on(services, *numbers)

    assert [one.count(Act.REMOVE) for one in acts] == [2, 0, 0]


async def test_one_post_alone_is_left_as_its_verdict_left_it(services: Services) -> None:
    """Its undo is no promise to give back what was removed before anybody decided."""
    number = await posted(services, "removed", ONE, Act.REMOVE)
    await undone(services, [number], Decision.VIOLATION)

    assert await acts_on(services, number) == [[Act.REMOVE]]


async def test_a_raider_who_is_forgotten_is_acted_on_no_more(services: Services, db: Database) -> None:
    """While the card stands: their post goes and comes back like the others, and the others alone are barred."""
    await services.policies.set(ONE, Policy(enforce=(Act.REMOVE, Act.TIMEOUT)), "mo")
    numbers = [await posted(services, name, ONE) for name in ("ann", "bo", "cy")]
    await SqlPrivacy(db, services.clock, KEEP).forget("bo", "discord", "operator")
    await undone(services, numbers, Decision.VIOLATION)
    await carried_out(services)
    acts = await acts_on(services, *numbers)
    told = {one.act: one.detail for one in (await services.cases.post(numbers[1])).actions}

    assert [Act.REMOVE in one and Act.RESTORE in one for one in acts] == [True] * 3
    assert told.get(Act.TIMEOUT, "forgotten") == "forgotten"


async def test_of_two_undos_one_gives_back(services: Services) -> None:
    """Pressed twice, or by two at the same time: each post is given back once."""
    numbers = [await posted(services, name, ONE) for name in ("ann", "bo", "cy")]
    await review.decide(services, numbers[0], Decision.VIOLATION, "mo")
    await carried_out(services)
    both = await asyncio.gather(*(review.undo(services, numbers[0], who) for who in "ab"), return_exceptions=True)

    assert sorted(type(one).__name__ for one in both) == ["Case", "Conflict"]
    assert [one.count(Act.RESTORE) for one in await acts_on(services, *numbers)] == [1, 1, 1]


async def test_a_first_post_that_is_gone_takes_nothing_with_it(services: Services) -> None:
    """Its author deleted it before the press: the others go and come back, and nothing is asked for it."""
    numbers = [await posted(services, name, ONE) for name in ("ann", "bo", "cy")]
    await review.decide(services, numbers[0], Decision.VIOLATION, "mo")
    (first, *others) = await services.cases.claim_actions(9)
    await services.cases.finish_action(first.id, Carried(state=ActState.GONE))
    for action in others:
        await carry_out(services, action)
    case = await review.undo(services, numbers[0], "mo")

    assert [one.count(Act.RESTORE) for one in await acts_on(services, *numbers)] == [0, 1, 1]
    assert case.burst
    assert [(one.act, one.count) for one in case.burst.tallies if one.act is Act.RESTORE] == [(Act.RESTORE, 2)]
