"""A moderator's word and its undo: what is done to the post, and what is remembered."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.services import Services
from core.cases import Case, Policy
from core.chat import Carried, Community
from core.errors import Conflict, NotFound
from core.matches import Match, Verdict
from core.types import Act, ActState, Content, Decision, Kind, Mode, Outcome, Reference
from handlers import review
from store.sql.db import Database
from store.sql.tables.house import audit
from tests.small import SPACE, event

LOGO = Reference(key="logo", collection="brands")
FOUND = Match(reference=LOGO, kind=Kind.EDITED, confidence=0.97, cosine=0.8)
LEASE = timedelta(seconds=60)


async def opened(services: Services, *acts: Act) -> int:
    """A case whose verdict asked for these acts."""
    await services.inbox.accept([event()])
    (waiting,) = await services.inbox.claim(1, LEASE)
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(FOUND,))
    number = await services.cases.conclude(waiting, "ff", verdict, Mode.ENFORCE, acts)
    assert number
    return number


def asked(case: Case) -> list[Act]:
    return [action.act for action in case.actions]


@pytest.mark.parametrize(
    ("before", "decision", "done"),
    [
        ((), Decision.VIOLATION, [Act.REMOVE]),
        ((Act.FLAG,), Decision.VIOLATION, [Act.REMOVE]),
        ((Act.REMOVE,), Decision.VIOLATION, []),
        ((), Decision.ALLOWED, []),
        ((Act.FLAG,), Decision.ALLOWED, [Act.RESTORE]),
        ((Act.REMOVE, Act.TIMEOUT), Decision.NOT_A_MATCH, [Act.RELEASE, Act.RESTORE]),
        ((Act.FLAG,), Decision.UNSURE, []),
    ],
)
async def test_what_each_decision_does(
    services: Services, before: tuple[Act, ...], decision: Decision, done: list[Act]
) -> None:
    """A decision stands with its maker's name, and asks for what the verdict has not done, or has done too much."""
    case = await review.decide(services, await opened(services, *before), decision, "ann")

    assert case.standing
    assert (case.standing.decision, case.standing.by) == (decision, "ann")
    assert asked(case) == [*before, *done]


async def test_a_violation_does_what_the_channel_enforces(services: Services) -> None:
    """With deletion and a time-out chosen for enforce, the moderators' word does both, and the card follows."""
    await services.policies.set(SPACE, Policy(enforce=(Act.REMOVE, Act.TIMEOUT)), "ann")
    await services.communities.put(Community(platform=SPACE.platform, id=SPACE.community, log="mod-log"), "ann")
    case = await review.decide(services, await opened(services), Decision.VIOLATION, "ann")
    undone = await review.undo(services, case.id, "bo")

    assert asked(case) == [Act.REMOVE, Act.TIMEOUT, Act.CARD]
    assert asked(undone) == [*asked(case), Act.RELEASE, Act.RESTORE, Act.CARD]


async def test_what_was_taken_back_can_be_done_again(services: Services) -> None:
    """A second decision after an undo bars the author again, and its undo lets them in again."""
    await services.policies.set(SPACE, Policy(enforce=(Act.REMOVE, Act.TIMEOUT)), "ann")
    number = await opened(services)
    for _ in range(2):
        await review.decide(services, number, Decision.VIOLATION, "ann")
        case = await review.undo(services, number, "bo")

    assert asked(case) == [Act.REMOVE, Act.TIMEOUT, Act.RELEASE, Act.RESTORE] * 2


async def test_every_message_of_an_album_is_treated(services: Services) -> None:
    """Each picture of an album of several messages is removed and restored; its author is barred once."""
    await services.policies.set(SPACE, Policy(enforce=(Act.REMOVE, Act.TIMEOUT)), "ann")
    album = [event(image, message=image, group="album") for image in ("one", "two")]
    await services.inbox.accept(album)
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(FOUND,))
    for waiting in await services.inbox.claim(9, LEASE):
        await services.cases.conclude(waiting, "ff", verdict, Mode.DRY_RUN)
    (case,) = await services.cases.newest()
    case = await review.decide(services, case.pictures[1].id, Decision.VIOLATION, "ann")

    assert [asked(one) for one in case.pictures] == [[Act.REMOVE, Act.TIMEOUT], [Act.REMOVE]]
    case = await review.undo(services, case.id, "ann")
    assert [asked(one)[-1] for one in case.pictures] == [Act.RESTORE, Act.RESTORE]


STATES = st.frozensets(st.sampled_from([Act.FLAG, Act.REPLY, Act.REMOVE, Act.TIMEOUT]))


@given(STATES, STATES)
def test_steps_lead_from_any_state_to_any_other(now: frozenset[Act], then: frozenset[Act]) -> None:
    """Carrying the steps out leaves exactly what is wanted, and does nothing that is so already."""
    state = set(now)
    for act in review.steps(now, then):
        match act:
            case Act.RESTORE:
                state -= {Act.FLAG, Act.REPLY, Act.REMOVE}
            case Act.RELEASE:
                state.remove(Act.TIMEOUT)
            case _:
                assert act not in state
                state.add(act)

    assert state == then
    assert now != then or review.steps(now, then) == []


@pytest.mark.parametrize("before", [(), (Act.FLAG,), (Act.REMOVE,)])
@pytest.mark.parametrize("decision", Decision)
async def test_an_undo_puts_the_post_as_the_verdict_left_it(
    services: Services, before: tuple[Act, ...], decision: Decision
) -> None:
    """After an undo the post is as removed and as flagged as before the decision."""
    number = await opened(services, *before)
    state = posted(await services.cases.get(number))
    await review.decide(services, number, decision, "ann")
    case = await review.undo(services, number, "bo")

    assert case.standing is None
    assert case.decisions[0].undone_by == "bo"
    assert posted(case) == state


def posted(case: Case) -> dict[str, bool]:
    """How the acts of a case leave a post, as `bot.fronts.web.front` carries them out."""
    state = {"removed": False, "flagged": False}
    for act in asked(case):
        match act:
            case Act.FLAG:
                state["flagged"] = True
            case Act.REMOVE:
                state["removed"] = True
            case Act.RESTORE:
                state = dict.fromkeys(state, False)
    return state


async def test_the_second_of_two_moderators_is_told(services: Services) -> None:
    """Who comes second changes nothing and reads who was first."""
    number = await opened(services)
    await review.decide(services, number, Decision.VIOLATION, "ann")
    with pytest.raises(Conflict, match="ann has decided"):
        await review.decide(services, number, Decision.ALLOWED, "bo")

    assert asked(await services.cases.get(number)) == [Act.REMOVE]


async def test_there_must_be_something_to_undo(services: Services) -> None:
    """An undo without a decision, or a second one, is a conflict and does nothing."""
    number = await opened(services, Act.FLAG)
    with pytest.raises(Conflict, match="nothing to undo"):
        await review.undo(services, number, "ann")
    await review.decide(services, number, Decision.VIOLATION, "ann")
    await review.undo(services, number, "ann")
    with pytest.raises(Conflict, match="nothing to undo"):
        await review.undo(services, number, "ann")

    assert asked(await services.cases.get(number)) == [Act.FLAG, Act.REMOVE, Act.RESTORE, Act.FLAG]


async def test_an_unknown_case_is_told(services: Services) -> None:
    """A number that is no case is not found."""
    for call in (review.decide(services, 7, Decision.UNSURE, "ann"), review.undo(services, 7, "ann")):
        with pytest.raises(NotFound):
            await call


async def test_a_decision_wakes_the_outbox(services: Services) -> None:
    """Nobody waits for the next poll to see the decision carried out."""
    number = await opened(services)
    services.outbox_bell._rung.clear()
    await review.decide(services, number, Decision.VIOLATION, "ann")

    assert services.outbox_bell._rung.is_set()


async def test_finished_acts_stay_finished(services: Services) -> None:
    """A decision adds its acts to those that are done and does not start these again."""
    number = await opened(services, Act.FLAG)
    (first,) = await services.cases.claim_actions(9)
    await services.cases.finish_action(first.id, Carried(state=ActState.DONE))
    case = await review.decide(services, number, Decision.VIOLATION, "ann")

    assert [(one.act, one.state) for one in case.actions] == [
        (Act.FLAG, ActState.DONE),
        (Act.REMOVE, ActState.WAITING),
    ]


# --- by hand


async def a_violation(services: Services, *enforce: Act, decision: Decision = Decision.VIOLATION) -> int:
    """A case that a moderator has called so, in a community that enforces this."""
    await services.policies.set(SPACE, Policy(enforce=enforce), "ann")
    return (await review.decide(services, await opened(services), decision, "ann")).id


async def test_two_who_ban_at_once_ban_once(services: Services) -> None:
    """Both saw the same card; the second finds it asked for, or asks for the same."""
    number = await a_violation(services)
    seen = await services.cases.get(number)
    assert seen.standing
    await review.by_hand(services, number, Act.BAN, "ann")
    await services.cases.order(number, "bob", f"hand-{seen.standing.id}-0", [(number, Act.BAN)], seen.standing.id)
    with pytest.raises(Conflict):
        await review.by_hand(services, number, Act.BAN, "bob")

    assert asked(await services.cases.get(number)).count(Act.BAN) == 1


async def test_nothing_is_ordered_under_a_decision_that_was_taken_back(services: Services) -> None:
    """Also if it was taken back while the moderator pressed."""
    number = await a_violation(services)
    standing = (await services.cases.get(number)).standing
    assert standing
    await review.undo(services, number, "bob")
    with pytest.raises(Conflict):
        await services.cases.order(number, "ann", "hand", [(number, Act.BAN)], standing.id)
    with pytest.raises(Conflict):
        await review.by_hand(services, number, Act.BAN, "ann")

    assert Act.BAN not in asked(await services.cases.get(number))


async def test_the_author_is_told_once_and_first(services: Services) -> None:
    """Before a ban, because nobody can be told anything after it."""
    number = await a_violation(services, Act.TELL)
    await review.by_hand(services, number, Act.QUARANTINE, "ann")
    case = await review.by_hand(services, number, Act.BAN, "ann")

    assert asked(case) == [Act.TELL, Act.QUARANTINE, Act.BAN]


async def test_of_suspected_abuse_nobody_is_told(services: Services) -> None:
    """It would warn them."""
    number = await a_violation(services, Act.TELL, decision=Decision.ABUSE)
    case = await review.by_hand(services, number, Act.BAN, "ann")

    assert asked(case) == [Act.REMOVE, Act.BAN]


@pytest.mark.parametrize("decision", [Decision.ALLOWED, Decision.NOT_A_MATCH, Decision.UNSURE])
async def test_nothing_is_done_by_hand_to_whom_nobody_accused(services: Services, decision: Decision) -> None:
    """Only after a violation, or suspected child abuse."""
    number = await a_violation(services, decision=decision)

    with pytest.raises(Conflict):
        await review.by_hand(services, number, Act.BAN, "ann")


async def test_what_is_lifted_can_be_done_again(services: Services) -> None:
    """And only what holds can be lifted; the undo lifts what is left."""
    number = await a_violation(services)
    with pytest.raises(Conflict):
        await review.by_hand(services, number, Act.UNBAN, "ann")
    for act in (Act.BAN, Act.UNBAN, Act.BAN, Act.KICK, Act.QUARANTINE):
        await review.by_hand(services, number, act, "ann")
    case = await review.undo(services, number, "ann")

    assert asked(case)[5:] == [Act.UNQUARANTINE, Act.UNBAN]


async def test_a_kick_is_not_done_again_by_another_decision(services: Services) -> None:
    """Nothing takes it back, and nothing repeats it."""
    number = await a_violation(services, Act.REMOVE, Act.TELL, Act.KICK)
    await review.undo(services, number, "ann")
    case = await review.decide(services, number, Decision.VIOLATION, "ann")

    assert asked(case) == [Act.REMOVE, Act.TELL, Act.KICK, Act.RESTORE, Act.REMOVE]


async def test_who_acted_by_hand_is_in_the_audit_log(services: Services, db: Database) -> None:
    """With the case and what was asked for, and nobody else's name."""
    number = await a_violation(services)
    await review.by_hand(services, number, Act.BAN, "mo")
    asked_for = select(audit.c.who, audit.c.details).where(audit.c.what == "case.acted")
    async with db.read() as connection:
        rows = [(row.who, json.loads(row.details)) for row in await connection.execute(asked_for)]

    assert rows == [("mo", {"acts": "ban", "case": number})]


async def test_an_album_tells_its_author_once(services: Services) -> None:
    """On Telegram each picture of an album is a message of its own: removed each, but told, banned and kicked once."""
    album = [event(image, message=image, group="album") for image in ("one", "two")]
    await services.inbox.accept(album)
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(FOUND,))
    numbers = [
        await services.cases.conclude(waiting, "ff", verdict, Mode.ENFORCE, (Act.REMOVE, Act.TELL, Act.BAN))
        for waiting in await services.inbox.claim(2, LEASE)
    ]
    case = await services.cases.get(numbers[0] or 0)

    assert [asked(one) for one in case.pictures] == [[Act.REMOVE, Act.TELL, Act.BAN], [Act.REMOVE]]


async def test_whom_a_violation_puts_out_is_counted_over_all_channels(services: Services) -> None:
    """Each channel has its policy, and a burst may be in several: what is asked for is what the question says."""
    sure = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(replace(FOUND, content=Content.SAME),))
    elsewhere = replace(SPACE, channel="elsewhere")
    await services.policies.set(SPACE, Policy(enforce=(Act.REMOVE,)), "mo")
    await services.policies.set(elsewhere, Policy(enforce=(Act.REMOVE, Act.BAN)), "mo")
    for message, space, author in (("1", SPACE, "ann"), ("2", elsewhere, "bo"), ("3", elsewhere, "cy")):
        await services.inbox.accept([event(space=space, message=message, author=author)])
        (waiting,) = await services.inbox.claim(1, LEASE)
        number = await services.cases.conclude(waiting, "ff", sure, Mode.FLAG, late=())
    case = await services.cases.get(number or 0)
    said = await review.puts_out(services, case)
    await review.decide(services, case.id, Decision.VIOLATION, "mo")
    posts = [await services.cases.post(one) for one in range(case.id, case.id + 3)]

    assert said and (said.acts, said.authors, said.purge) == ((Act.BAN,), ("bo", "cy"), timedelta(hours=24))
    assert [one.event.author for one in posts if Act.BAN in asked(one)] == ["bo", "cy"]


async def test_nobody_is_asked_about_who_was_forgotten(services: Services) -> None:
    """Nothing is done to them, so the question names no one in their place."""
    await services.policies.set(SPACE, Policy(enforce=(Act.REMOVE, Act.BAN)), "mo")
    await services.inbox.accept([event(author="")])
    (waiting,) = await services.inbox.claim(1, LEASE)
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(FOUND,))
    number = await services.cases.conclude(waiting, "ff", verdict, Mode.FLAG)

    assert await review.puts_out(services, await services.cases.get(number or 0)) is None
