"""A moderator's word and its undo: what is done to the post, and what is remembered."""

from datetime import timedelta

import pytest

from core.errors import Conflict, NotFound
from core.types import Act, ActState, Case, Decision, Kind, Match, Mode, Outcome, Reference, Verdict
from handlers import review
from handlers.services import Services
from tests.conftest import event

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


@pytest.mark.parametrize("before", [(), (Act.FLAG,), (Act.REMOVE,)])
@pytest.mark.parametrize(
    ("decision", "done"),
    [
        (Decision.VIOLATION, [Act.REMOVE]),
        (Decision.ALLOWED, [Act.RESTORE]),
        (Decision.NOT_A_MATCH, [Act.RESTORE]),
        (Decision.UNSURE, []),
    ],
)
async def test_what_each_decision_does(
    services: Services, before: tuple[Act, ...], decision: Decision, done: list[Act]
) -> None:
    """A decision stands with its maker's name, and asks for its acts after those of the verdict."""
    case = await review.decide(services, await opened(services, *before), decision, "ann")

    assert case.standing
    assert (case.standing.decision, case.standing.by) == (decision, "ann")
    assert asked(case) == [*before, *done]


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
    """How the acts of a case leave a post, as `bot.web_front` carries them out."""
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
    (first,) = await services.cases.waiting_actions(9)
    await services.cases.finish_action(first.id, ActState.DONE)
    case = await review.decide(services, number, Decision.VIOLATION, "ann")

    assert [(one.act, one.state) for one in case.actions] == [
        (Act.FLAG, ActState.DONE),
        (Act.REMOVE, ActState.WAITING),
    ]
