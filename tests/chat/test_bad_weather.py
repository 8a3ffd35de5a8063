"""An order meets whatever a platform answers, on every front that has one: nothing is lost, nothing is done twice."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.cases import Case, Policy
from core.types import ActState, Mode
from embed.runner import Runner
from handlers import outbox
from store.sql.db import Database
from store.vectors.exact import ExactCatalogue
from tests.chat.answers import ANSWERS, ASKED_S, PASSES
from tests.chat.conftest import FRONTS, working
from tests.chat.stage import LOG, PATIENCE_S, TITLE, Stage, known
from tests.chat.test_bad_platform import WITH_A_PLATFORM, hasty
from tests.clock import Clock
from tests.small import assemble

LATER = timedelta(hours=1)


class Ahead(Clock):
    """The time as it is, and what a test adds."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(params=WITH_A_PLATFORM)
async def stage(
    request: pytest.FixtureRequest,
    db: Database,
    toy_runner: Runner,
    knowing: tuple[Path, ExactCatalogue],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Stage]:
    """A community that flags, where nothing was posted yet."""
    hasty(monkeypatch)
    catalogue = deepcopy(knowing[1])
    services = await assemble(
        db, toy_runner, catalogue=catalogue, clock=Ahead(), fronts={}, default=Policy(mode=Mode.OFF)
    )
    async with FRONTS[request.param](services) as stage, working(services):
        await stage.use("mo", "setup", log=stage.channel(LOG), mode="flag", language="en")
        yield stage


async def the_case(stage: Stage, settled: Callable[[Case], bool]) -> Case:
    """Return the only case once it is `settled`."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            cases = await stage.services.cases.newest()
            if len(cases) == 1 and settled(cases[0]):
                return cases[0]
            await asyncio.sleep(0.02)


def was_tried(case: Case) -> bool:
    """Whether the first of its orders, for which the others wait, was put off with a reason."""
    return any(one.attempts and one.detail for one in case.actions)


def are(*states: ActState) -> Callable[[Case], bool]:
    return lambda case: bool(case.actions) and all(one.state in states for one in case.actions)


def turn_on(stage: Stage) -> None:
    clock = stage.services.clock
    assert isinstance(clock, Ahead)
    clock.ahead += LATER
    stage.services.outbox_bell.ring()


@pytest.mark.parametrize("answer", ["429-later", "503", "closed"])  # one of a kind: all are in test_bad_platform
async def test_an_order_waits_for_better_weather(stage: Stage, answer: str) -> None:
    """As long as the platform asks for at least; then the card is there and the post is marked, once each."""
    stage.answers(answer, posting=True)
    post = await stage.post("ann", known())
    case = await the_case(stage, was_tried)
    waits = {one.act for one in await stage.services.cases.claim_actions(9, ())}
    at_once = [one for one in case.actions if one.state is not ActState.WAITING]
    stage.answers("")
    turn_on(stage)
    await the_case(stage, are(ActState.DONE))
    cards = await stage.cards(1, saying=TITLE)

    assert (waits, at_once) == (set(), [])
    assert [await stage.stands(post), len(cards)] == ["marked", 1]


@pytest.mark.parametrize("answer", [one for one in ANSWERS if one not in PASSES])
async def test_an_order_that_is_refused_ends(stage: Stage, answer: str, caplog: pytest.LogCaptureFixture) -> None:
    """With its reason; the card that nobody saw comes later, once, and what was forbidden is done after all."""
    stage.answers(answer, posting=True)
    await stage.post("ann", known())
    case = await the_case(stage, are(ActState.FORBIDDEN, ActState.GONE, ActState.FAILED, ActState.UNSUPPORTED))
    faults = [one for one in caplog.records if one.levelno >= logging.ERROR]
    stage.answers("")
    stage.forget()
    again = await outbox.again(stage.services)
    wanted = {"403": ActState.FORBIDDEN, "gone": ActState.GONE, "400": ActState.FAILED}[answer]

    assert {one.state for one in case.actions} == {wanted}
    assert not [one for one in faults if one.exc_info]
    assert bool(faults) == (answer == "400")
    assert again
    await the_case(stage, are(ActState.DONE) if answer == "403" else are(ActState.DONE, wanted))
    assert len(await stage.cards(1, saying=TITLE)) == 1


async def test_a_limit_is_kept(stage: Stage) -> None:
    """Nothing is asked of the platform again before its time."""
    stage.answers("429-later", posting=True)
    await stage.post("ann", known())
    await the_case(stage, was_tried)
    stage.services.clock.ahead += timedelta(seconds=ASKED_S - 20)  # type: ignore[attr-defined]
    early = await stage.services.cases.claim_actions(9, ())
    stage.services.clock.ahead += timedelta(seconds=ASKED_S)  # type: ignore[attr-defined]
    due = await stage.services.cases.claim_actions(9, ())

    assert early == []
    assert due, "the first of its orders"
