"""The inbox: received once, claimed by one, and never forgotten."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.event import listen

from core.errors import Busy
from core.matches import Verdict
from core.types import Act, Intent, Mode, Outcome, Platform
from store.sql.cases import SqlCases
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from tests.clock import Clock
from tests.small import KEEP, SPACE, event

LEASE = timedelta(seconds=60)
CLEAN = Verdict(outcome=Outcome.CLEAN)


@pytest.fixture
def inbox(db: Database, clock: Clock) -> SqlInbox:
    return SqlInbox(db, clock)


async def test_an_event_is_received_once(inbox: SqlInbox) -> None:
    """The same image of the same message counts once, within a batch and later; an edited message is new."""
    again = replace(event("a"), author="somebody else")

    assert await inbox.accept([event("a"), event("b"), again]) == 2
    assert await inbox.accept([event("a"), event("c")]) == 1
    assert await inbox.accept([event("a", revision=1)]) == 1
    assert await inbox.accept([]) == 0
    assert await inbox.depth() == 4


async def test_an_event_comes_out_as_it_went_in(inbox: SqlInbox) -> None:
    """No field of an event is lost."""
    full = event(
        "a",
        author_name="Ann",
        file_name="a.png",
        group="g",
        link="https://example.org/a",
        revision=3,
        message="m/1",
        intent=Intent.QUERY,
        thread="t",
        hint="https://cdn.example.org/a?expires=1",
        answer_to="token",
        language="zh",
    )
    await inbox.accept([full])

    assert [one.event for one in await inbox.claim(10, LEASE)] == [full]


async def test_who_the_author_is_to_the_community_is_not_kept(inbox: SqlInbox) -> None:
    """Roles are for the door alone: they are not stored."""
    await inbox.accept([event("a", roles=("staff",), by_staff=True)])
    (waiting,) = await inbox.claim(1, LEASE)

    assert (waiting.event.roles, waiting.event.by_staff) == ((), False)


async def test_a_report_and_a_question_are_events_of_their_own(inbox: SqlInbox) -> None:
    """The same image may be posted, reported and asked about; each of it once."""
    events = [event("a", intent=intent) for intent in Intent]

    assert await inbox.accept(events) == 3
    assert await inbox.accept(events) == 0


async def test_claimed_rows_are_taken(inbox: SqlInbox) -> None:
    """While one worker has a row, no other gets it."""
    await inbox.accept([event(name) for name in "abcde"])
    first, second = await asyncio.gather(inbox.claim(3, LEASE), inbox.claim(3, LEASE))

    assert len({one.id for one in (*first, *second)}) == 5
    assert await inbox.claim(3, LEASE) == []


async def test_a_dead_workers_row_comes_back(inbox: SqlInbox, clock: Clock) -> None:
    """A lease that runs out gives the row to the next, with one attempt more."""
    await inbox.accept([event()])
    (first,) = await inbox.claim(1, LEASE)
    clock.turn(seconds=59)
    assert await inbox.claim(1, LEASE) == []
    clock.turn(seconds=1)
    (second,) = await inbox.claim(1, LEASE)

    assert (first.id, first.attempts, second.id, second.attempts) == (second.id, 1, first.id, 2)


async def test_a_released_row_waits_its_while(inbox: SqlInbox, clock: Clock) -> None:
    """A row that was given back is claimed again after the pause, not before."""
    await inbox.accept([event()])
    (first,) = await inbox.claim(1, LEASE)
    await inbox.release(first, timedelta(seconds=5), "no answer" * 100)
    clock.turn(seconds=4)
    assert await inbox.claim(1, LEASE) == []
    clock.turn(seconds=1)

    assert [one.attempts for one in await inbox.claim(1, LEASE)] == [2]


async def test_a_row_with_a_verdict_never_comes_back(inbox: SqlInbox, db: Database, clock: Clock) -> None:
    """Neither a late release nor an old lease brings back what has its verdict."""
    await inbox.accept([event()])
    (waiting,) = await inbox.claim(1, LEASE)
    await SqlCases(db, clock, KEEP).conclude(waiting, "ff", CLEAN, Mode.FLAG)
    await inbox.release(waiting, timedelta(0), "late")
    clock.turn(hours=1)

    assert await inbox.claim(1, LEASE) == []
    assert await inbox.depth() == 0
    assert await inbox.accept([event()]) == 0


async def test_a_raid_does_not_starve_the_others(inbox: SqlInbox) -> None:
    """Communities take turns, each with its oldest first."""
    quiet = replace(SPACE, community="quiet")
    await inbox.accept([event(f"raid-{number:03}") for number in range(50)])
    await inbox.accept([event("q1", quiet), event("q2", quiet)])
    first = {one.event.image for one in await inbox.claim(4, LEASE)}
    second = {one.event.image for one in await inbox.claim(2, LEASE)}

    assert first == {"raid-000", "raid-001", "q1", "q2"}
    assert second == {"raid-002", "raid-003"}


async def test_platforms_do_not_mix(inbox: SqlInbox) -> None:
    """The same names on two platforms are two images."""
    there = replace(SPACE, platform=Platform.TELEGRAM)

    assert await inbox.accept([event("a"), event("a", there)]) == 2


async def test_a_worker_takes_the_platforms_that_run(inbox: SqlInbox) -> None:
    """Rows of a platform that is switched off wait, and do not use up the others' attempts."""
    there = replace(SPACE, platform=Platform.TELEGRAM)
    await inbox.accept([event("a", there), event("b"), event("c", there)])
    nobody = await inbox.claim(9, LEASE, [])
    here = await inbox.claim(9, LEASE, {Platform.DISCORD: "front"}.keys())
    rest = await inbox.claim(9, LEASE)

    assert nobody == []
    assert [one.event.image for one in here] == ["b"]
    assert [(one.event.image, one.attempts) for one in rest] == [("a", 1), ("c", 1)]


async def test_an_idle_worker_never_writes(inbox: SqlInbox, db: Database) -> None:
    """With nothing due on its platforms a claim does not even ask for the write lock."""
    await inbox.accept([event("a")])
    async with db.write():
        claimed = await asyncio.wait_for(inbox.claim(1, LEASE, [Platform.TELEGRAM]), 5)

    assert claimed == []


async def test_a_full_inbox_says_so(db: Database, clock: Clock) -> None:
    """Beyond its depth the inbox takes nothing, rather than a part, and takes again once there is room."""
    inbox = SqlInbox(db, clock, most=3)
    await inbox.accept([event("a"), event("b")])
    with pytest.raises(Busy, match="no more are taken"):
        await inbox.accept([event("c"), event("d")])

    assert await inbox.depth() == 2
    assert await inbox.accept([event("c")]) == 1


async def test_what_comes_together_is_committed_together(db: Database, clock: Clock) -> None:
    """A raid costs few commits; each caller hears of its own events, and of the room for them, alone."""
    inbox, commits = SqlInbox(db, clock, most=110), list[object]()
    listen(db.engine, "commit", commits.append)
    asked = [inbox.accept([event(str(number // 2))]) for number in range(100)]
    new = await asyncio.gather(
        *asked, inbox.accept([event(f"more {number}") for number in range(20)]), return_exceptions=True
    )

    assert (sum(one for one in new[:100] if isinstance(one, int)), type(new[100])) == (50, Busy)
    assert len(commits) <= 3


async def test_a_caller_who_gives_up_takes_nobody_along(inbox: SqlInbox) -> None:
    """What others brought is committed all the same."""
    first = asyncio.create_task(inbox.accept([event("a")]))
    await asyncio.sleep(0)
    others = [asyncio.create_task(inbox.accept([event(name)])) for name in "bc"]
    await asyncio.sleep(0)
    first.cancel()

    assert await asyncio.gather(*others) == [1, 1]


async def test_dead_letters_may_wait_again(db: Database, clock: Clock) -> None:
    """An image on which we gave up is listed with its reason, and retried once an operator says so."""
    inbox, cases = SqlInbox(db, clock), SqlCases(db, clock, KEEP)
    await inbox.accept([event(name) for name in "abcde"])
    reasons = ("gave-up", "not-an-image", "crash", "could-not-look")
    for waiting, reason in zip(await inbox.claim(4, LEASE), reasons, strict=True):
        verdict = Verdict(outcome=Outcome.UNSCANNABLE, reason=reason)
        await cases.conclude(waiting, "", verdict, Mode.DRY_RUN)
    dead = await inbox.letters(dead=True)

    given_up = [("d", "could-not-look", 1), ("c", "crash", 1), ("a", "gave-up", 1)]
    assert [(one.event.image, one.reason, one.attempts) for one in dead] == given_up
    assert [one.event.image for one in await inbox.letters(dead=False)] == ["e"]
    assert await inbox.retry([dead[0].id, 10_000]) == 1
    assert await inbox.retry() == 2
    assert (await inbox.retry(), await inbox.depth()) == (0, 4)
    assert [one.attempts for one in await inbox.claim(9, LEASE)] == [1, 1, 1, 1]


async def test_who_was_told_is_not_told_otherwise(db: Database, clock: Clock) -> None:
    """A question that was answered, or a report with its card, is no dead letter any more."""
    inbox, cases = SqlInbox(db, clock), SqlCases(db, clock, KEEP)
    await inbox.accept([event("a", intent=Intent.QUERY)])
    (waiting,) = await inbox.claim(1, LEASE)
    verdict = Verdict(outcome=Outcome.UNSCANNABLE, reason="gave-up")
    await cases.conclude(waiting, "", verdict, Mode.DRY_RUN, (Act.ANSWER,))

    assert (await inbox.letters(dead=True), await inbox.retry()) == ([], 0)


async def test_what_a_dead_worker_had_is_due_at_once(db: Database, clock: Clock) -> None:
    """After a crash nobody waits for a lease to run out; what has its verdict stays done."""
    box = SqlInbox(db, clock)
    await box.accept([event("a"), event("b")])
    await box.claim(2, LEASE)
    taken = await box.take_over()

    assert taken == 2
    assert len(await box.claim(2, LEASE)) == 2


async def test_what_could_not_be_read_is_looked_at_again(db: Database, clock: Clock, inbox: SqlInbox) -> None:
    """Once its key has come; what has another verdict is left alone, and what has a case already is told."""
    court = SqlCases(db, clock, KEEP)
    sealed = Verdict(outcome=Outcome.UNSCANNABLE, reason="no-key")
    events = [event("sealed"), event("shown"), event("clean"), event("waits")]
    await inbox.accept(events)
    claimed = {one.event.image: one for one in await inbox.claim(3, LEASE)}
    await court.conclude(claimed["sealed"], "", sealed, Mode.FLAG)
    await court.conclude(claimed["shown"], "", sealed, Mode.FLAG, (Act.CARD,))
    await court.conclude(claimed["clean"], "aa", CLEAN, Mode.FLAG)

    assert await inbox.reopen([*events, event("unheard")]) == [event("shown")]
    assert [one.event.image for one in await inbox.claim(9, LEASE)] == ["sealed", "waits"]
