"""Reports: a person counts once for a message."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.types import Platform
from store.sql.db import Database
from store.sql.reports import SqlReports
from tests.clock import Clock
from tests.small import SPACE


@pytest.fixture
def reports(db: Database, clock: Clock) -> SqlReports:
    return SqlReports(db, clock)


async def test_each_person_counts_once(reports: SqlReports) -> None:
    """The first report of a person counts, and the number of people is told."""
    said = [await reports.file(SPACE, "m", reporter) for reporter in ("ann", "bo", "ann", "cy")]

    assert said == [(True, 1), (True, 2), (False, 2), (True, 3)]


async def test_messages_are_counted_on_their_own(reports: SqlReports) -> None:
    """A message is that of its channel on its platform."""
    there, elsewhere = replace(SPACE, channel="other"), replace(SPACE, platform=Platform.TELEGRAM)
    said = [await reports.file(space, message, "ann") for space in (SPACE, there, elsewhere) for message in "mn"]

    assert said == [(True, 1)] * 6


async def test_what_a_person_filed_of_late(reports: SqlReports, clock: Clock) -> None:
    """One person's reports on one platform since a moment, oldest first; repeated ones do not count again."""
    start = clock()
    for message in "abca":
        await reports.file(SPACE, message, "ann")
        clock.turn(minutes=10)
    await reports.file(SPACE, "a", "bo")
    at = [start + timedelta(minutes=10 * number) for number in range(3)]

    assert await reports.filed_since(Platform.DISCORD, "ann", start) == at
    assert await reports.filed_since("discord", "ann", at[1]) == at[1:]
    assert await reports.filed_since("telegram", "ann", start) == []
