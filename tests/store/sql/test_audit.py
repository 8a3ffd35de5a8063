"""The audit log: whoever touches it leaves a trace."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.cases import Policy
from core.chat import Carried, Community, Subscription
from core.matches import Match, Verdict
from core.types import Act, ActState, Decision, Kind, Mode, Outcome, Platform, Reference
from store.sql.alerts import SqlAlerts
from store.sql.audit import broken_at, cut, note
from store.sql.cases import SqlCases
from store.sql.communities import SqlCommunities
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from store.sql.policies import SqlPolicies
from tests.clock import Clock
from tests.small import KEEP, SPACE, event

ROWS = 6


async def execute(db: Database, statement: str) -> None:
    async with db.write() as connection:
        await connection.execute(text(statement))


@pytest.fixture
async def log(db: Database, clock: Clock) -> Database:
    """A log of six rows."""
    for number in range(ROWS):
        clock.turn(seconds=1)
        async with db.write() as connection:
            await note(connection, clock(), "ann", "case.decided", {"case": number, "说": "违规"})
    return db


async def test_an_empty_log_is_whole(db: Database) -> None:
    """Nothing written, nothing missing."""
    assert await broken_at(db) is None


async def test_an_untouched_log_is_whole(log: Database) -> None:
    """Rows as they were written follow from each other."""
    assert await broken_at(log) is None


@pytest.mark.parametrize("row", range(1, ROWS + 1))
@pytest.mark.parametrize("change", ["who = 'bo'", "what = 'x'", "details = '{}'", "at = '2020-01-01 00:00:00.000000'"])
async def test_a_changed_row_is_found(log: Database, row: int, change: str) -> None:
    """Whichever word of whichever row is changed, that row is named."""
    await execute(log, f"UPDATE audit SET {change} WHERE id = {row}")

    assert await broken_at(log) == row


@pytest.mark.parametrize("row", range(1, ROWS + 1))
async def test_a_removed_row_is_found(log: Database, row: int) -> None:
    """Whichever row is removed, the newest included, the gap is found."""
    await execute(log, f"DELETE FROM audit WHERE id = {row}")

    assert await broken_at(log) == (row + 1 if row < ROWS else row)


async def test_an_emptied_log_is_found(log: Database) -> None:
    """Removing all of it is found too."""
    await execute(log, "DELETE FROM audit")

    assert await broken_at(log) == 1


async def test_what_was_rolled_back_is_not_in_the_log(log: Database, clock: Clock) -> None:
    """A change that failed leaves no row, and the log goes on from where it was."""
    with pytest.raises(ZeroDivisionError):
        async with log.write() as connection:
            await note(connection, clock(), "ann", "case.decided", {})
            raise ZeroDivisionError
    async with log.write() as connection:
        await note(connection, clock(), "ann", "case.undone", {})

    assert await broken_at(log) is None


async def test_whatever_is_done_is_written_down(db: Database, clock: Clock) -> None:
    """Policies, cases, decisions, undos and acts are in the log, also when many write at once."""
    inbox, cases, policies = SqlInbox(db, clock), SqlCases(db, clock, KEEP), SqlPolicies(db, clock, lambda _: Policy())
    found = Match(reference=Reference(key="a", collection="b"), kind=Kind.EXACT, confidence=1, cosine=1)
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(found,))
    await policies.set(SPACE, Policy(mode=Mode.FLAG), "ann")
    await inbox.accept([event("a"), event("b")])
    claimed = await inbox.claim(2, timedelta(seconds=60))
    first, second = await asyncio.gather(
        *(cases.conclude(one, "ff", verdict, Mode.FLAG, [Act.FLAG]) for one in claimed)
    )
    assert first
    assert second
    await asyncio.gather(*(cases.decide(one, Decision.VIOLATION, "ann", []) for one in (first, second)))
    await asyncio.gather(*(cases.undo(one, "bo", []) for one in (first, second)))
    for action in await cases.claim_actions(9):
        await cases.finish_action(action.id, Carried(state=ActState.DONE))
    async with db.read() as connection:
        said = [tuple(row) for row in await connection.execute(text("SELECT who, what FROM audit ORDER BY id"))]

    assert said == [
        ("ann", "policy.set"),
        *[("resight", "case.opened")] * 2,
        *[("ann", "case.decided")] * 2,
        *[("bo", "case.undone")] * 2,
        *[("resight", "action.finished")] * 2,
    ]
    assert await broken_at(db) is None


async def test_what_staff_chooses_is_written_down(db: Database, clock: Clock) -> None:
    """Communities, forgotten policies, subscriptions and invitations are in the log; what changed nothing is not."""
    policies, alerts = SqlPolicies(db, clock, lambda _: Policy()), SqlAlerts(db, clock)
    wanted = Subscription(collection="brands", platform=Platform.DISCORD, channel="news")
    row = "'brands', 'brand', '', '2026-05-01 12:00:00.000000', 'cosine', NULL"
    await execute(db, f"INSERT INTO collections VALUES ({row})")
    await SqlCommunities(db, clock, lambda: None).put(Community(platform=Platform.DISCORD, id="guild"), "ann")
    await policies.set(SPACE, Policy(), "ann")
    for _ in range(2):
        await policies.forget(SPACE, "bo")
    for _ in range(2):
        await alerts.subscribe(wanted, "cy")
    code = await alerts.invite("brands", "discord:guild", "di", timedelta(hours=1))
    for _ in range(2):
        await alerts.unsubscribe("brands", Platform.DISCORD, "news", "ed")
    async with db.read() as connection:
        said = (await connection.execute(text("SELECT who, what, details FROM audit ORDER BY id"))).all()

    assert [(row.who, row.what) for row in said] == [
        ("ann", "community.set"),
        ("ann", "policy.set"),
        ("bo", "policy.forgotten"),
        ("cy", "alert.subscribed"),
        ("di", "alert.invited"),
        ("ed", "alert.unsubscribed"),
    ]
    assert not any(code[:4] in row.details for row in said)
    assert await broken_at(db) is None


@pytest.mark.parametrize("wrong", [timedelta(days=-2000), timedelta(days=2000)])
async def test_a_clock_that_was_wrong_for_a_while_costs_no_row_whose_time_is_not_over(
    log: Database, clock: Clock, wrong: timedelta
) -> None:
    async with log.write() as connection:
        await note(connection, clock() + wrong, "ann", "case.decided", {"case": ROWS})
        await note(connection, clock(), "ann", "case.undone", {"case": ROWS})
        assert await cut(connection, clock() - timedelta(days=180), clock()) == 0
    assert await broken_at(log) is None


async def test_a_clock_that_was_ahead_for_a_while_keeps_no_row_whose_time_is_over(log: Database, clock: Clock) -> None:
    async with log.write() as connection:
        await note(connection, clock() + timedelta(days=2000), "ann", "case.decided", {"case": ROWS})
        await note(connection, clock(), "ann", "case.undone", {"case": ROWS})
        assert await cut(connection, clock() + timedelta(days=180), clock() + timedelta(days=181)) == ROWS + 2
    assert await broken_at(log) is None
