"""The outbox: every action in its turn, tried until it is finished, and never out of order within a case."""

import asyncio
from datetime import timedelta
from pathlib import Path
from shutil import copy
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.chat import Carried
from core.types import Act, ActState
from store.sql.db import Database
from store.sql.tables.judged import actions
from tests.clock import Clock
from tests.small import DONE, SPACE
from tests.store.sql.court import Court

PAUSE = timedelta(seconds=10)


async def test_actions_wait_until_they_are_finished(court: Court) -> None:
    """A finished action is there on the case with its outcome and waits no more."""
    first = await court.case("a", "ff", Act.REMOVE)
    second = await court.case("b", "ff", Act.FLAG)
    one, other = await court.cases.claim_actions(10)
    told = Carried(state=ActState.FORBIDDEN, sentence="No permission.", receipt="m-7")
    await court.cases.finish_action(one.id, told)
    (done,) = (await court.cases.get(first)).actions

    assert (one.case, one.act, one.key, one.attempts) == (first, Act.REMOVE, f"{first}:verdict:remove", 1)
    assert (done.state, done.detail, done.receipt) == (ActState.FORBIDDEN, "No permission.", "m-7")
    assert [(again.id, again.case) for again in await court.cases.claim_actions(10)] == [(other.id, second)]


async def test_one_action_of_a_case_at_a_time(court: Court) -> None:
    """Of each case the oldest action alone is claimed; the next when it is finished."""
    one = await court.case("a", "ff", Act.CARD, Act.FLAG, Act.CARD)
    other = await court.case("b", "ff", Act.CARD)
    claimed = await court.cases.claim_actions(10)

    assert [(action.case, action.act) for action in claimed] == [(one, Act.CARD), (other, Act.CARD)]
    assert await court.done() == [(one, Act.CARD), (other, Act.CARD), (one, Act.FLAG), (one, Act.CARD)]


async def test_an_album_is_one_case(court: Court) -> None:
    """The actions of an album's pictures follow each other."""
    first = await court.picture("a", Act.CARD, Act.FLAG, group="g", message="m")
    second = await court.picture("b", Act.CARD, Act.FLAG, group="g", message="n")

    assert len(await court.cases.claim_actions(10)) == 1
    assert await court.done() == [(first, Act.CARD), (first, Act.FLAG), (first, Act.CARD), (second, Act.FLAG)]


async def test_the_oldest_come_first_and_no_more_than_asked(court: Court) -> None:
    """A claim is limited, and the limit is filled with the oldest."""
    numbers = [await court.case(image, "ff", Act.FLAG) for image in "abcd"]

    assert [one.case for one in await court.cases.claim_actions(3)] == numbers[:3]


async def test_a_retried_action_holds_its_case_back(court: Court, clock: Clock) -> None:
    """While an action waits for its next try those behind it wait too, and other cases do not."""
    number = await court.case("a", "ff", Act.REMOVE, Act.CARD)
    (first,) = await court.cases.claim_actions(10)
    await court.cases.retry_action(first.id, PAUSE, "slow down " * 100)
    other = await court.case("b", "ff", Act.FLAG)
    assert [one.case for one in await court.cases.claim_actions(10)] == [other]
    clock.turn(seconds=9)
    assert [one.case for one in await court.cases.claim_actions(10)] == [other]
    clock.turn(seconds=1)
    again = (await court.cases.claim_actions(10))[0]

    assert (again.id, again.attempts, again.state) == (first.id, 2, ActState.WAITING)
    assert again.detail.startswith("slow down ")
    assert len(again.detail) == 500
    assert (await court.cases.get(number)).actions[0] == again


async def test_a_crash_costs_one_attempt(court: Court) -> None:
    """An action that was claimed and never finished is claimed again at once, with one attempt more."""
    await court.case("a", "ff", Act.FLAG)

    assert [(await court.cases.claim_actions(1))[0].attempts for _ in range(3)] == [1, 2, 3]


async def test_a_finished_action_is_not_put_back(court: Court) -> None:
    """A late retry changes nothing about what is done."""
    number = await court.case("a", "ff", Act.FLAG)
    (action,) = await court.cases.claim_actions(1)
    await court.cases.finish_action(action.id, DONE)
    await court.cases.retry_action(action.id, PAUSE, "late")
    (done,) = (await court.cases.get(number)).actions

    assert (done.state, done.detail) == (ActState.DONE, "")
    assert await court.cases.claim_actions(1) == []


async def test_asking_twice_for_one_cause_is_asking_once(court: Court) -> None:
    """The same cause asks once; another cause asks anew; two of the same act in one list are two."""
    number = await court.case()
    for cause in ("report-2", "report-2", "report-3"):
        await court.cases.ask(number, cause, [Act.CARD, Act.FLAG, Act.CARD])
    keys = [one.key for one in (await court.cases.get(number)).actions]

    assert keys == [
        f"{number}:{cause}:{act}" for cause in ("report-2", "report-3") for act in ("card", "flag", "card-2")
    ]


async def test_no_acts_are_no_write(court: Court) -> None:
    """Nothing asked is nothing stored."""
    number = await court.case()
    await court.cases.ask(number, "report-2", [])

    assert await court.asked() == []


async def test_the_newest_receipt_is_found(court: Court) -> None:
    """What the front needs to find its card again is the last receipt that it gave."""
    number = await court.case("a", "ff", Act.CARD, Act.CARD, Act.CARD)
    for receipt in ("card-1", "card-2", ""):
        (action,) = await court.cases.claim_actions(1)
        await court.cases.finish_action(action.id, Carried(state=ActState.DONE, receipt=receipt))
    case = await court.cases.get(number)
    newest = [await court.cases.newest_receipt(home, Act.CARD) for home in (SPACE.home, "discord:other")]

    assert (case.receipt(Act.CARD), case.receipt(Act.FLAG)) == ("card-2", "")
    assert newest == ["card-2", ""]


async def test_an_idle_outbox_never_writes(court: Court, db: Database) -> None:
    """With nothing due a claim does not even ask for the write lock."""
    await court.case("a", "ff", Act.FLAG)
    await court.done()
    async with db.write():
        claimed = await asyncio.wait_for(court.cases.claim_actions(1), 5)

    assert claimed == []


STEPS = st.lists(st.sampled_from(["post", "album", "decide", "claim", "finish", "retry", "turn"]), max_size=25)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
async def test_no_case_is_ever_out_of_order(tmp_path: Path, migrated: Path, steps: list[str]) -> None:
    """However posts, albums, tries and pauses fall, each case's actions end once and in the order they were asked."""
    async with Database.open(Path(copy(migrated, tmp_path / f"{uuid4()}.db"))) as db:
        court, main = Court(db, Clock()), dict[int, int]()
        finished, claimed = list[tuple[int, int]](), await Court(db, Clock()).cases.claim_actions(1)
        for at, step in enumerate(steps):
            if step in ("post", "album"):
                number = await court.picture(
                    f"{at}", Act.CARD, Act.FLAG, group="g" * (step == "album"), message=f"{at}"
                )
                main[number] = (await court.cases.get(number)).id
            elif step == "decide" and main:
                await court.cases.ask(max(main), f"cause-{at}", [Act.RESTORE, Act.CARD])
            elif step == "claim":
                claimed = await court.cases.claim_actions(3)
                assert len({main[one.case] for one in claimed}) == len(claimed)
            elif step == "finish" and claimed:
                one = claimed.pop()
                await court.cases.finish_action(one.id, DONE)
                finished.append((main[one.case], one.id))
            elif step == "retry" and claimed:
                await court.cases.retry_action(claimed.pop().id, PAUSE, "later")
            else:
                court.clock.turn(seconds=7)
        court.clock.turn(minutes=1)
        while claimed := await court.cases.claim_actions(3):
            for one in claimed:
                await court.cases.finish_action(one.id, DONE)
                finished.append((main[one.case], one.id))
        async with db.read() as connection:
            every = list((await connection.execute(select(actions.c.id).order_by(actions.c.id))).scalars())

    assert sorted(number for _, number in finished) == every
    for case in set(main.values()):
        mine = [number for of, number in finished if of == case]
        assert mine == sorted(mine)
