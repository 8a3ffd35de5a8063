"""What waits and what was given up, on the command line, beside a bot that may be running."""

from pathlib import Path

import pytest

from core.matches import Verdict
from core.types import Mode, Outcome
from store.sql.cases import SqlCases
from store.sql.db import Database
from store.sql.inbox import SqlInbox
from tests.clock import Clock
from tests.e2e.command import resight
from tests.small import KEEP, event
from tests.store.sql.test_inbox import LEASE


@pytest.fixture
async def home(tmp_path: Path, clock: Clock) -> Path:
    """A data folder with one image that waits and one on which we gave up."""
    async with Database.open(tmp_path / "resight.db") as db:
        inbox, cases = SqlInbox(db, clock), SqlCases(db, clock, KEEP)
        await inbox.accept([event("lost"), event("waits")])
        (lost,) = await inbox.claim(1, LEASE)
        await cases.conclude(lost, "", Verdict(outcome=Outcome.UNSCANNABLE, reason="gave-up"), Mode.DRY_RUN)
    return tmp_path


async def test_a_dead_letter_is_listed_and_retried(home: Path) -> None:
    """Its number and why we gave up; then it waits again, and there is nothing left to retry."""
    (told,) = resight(home, "inbox", "list", "--json").lines
    (dead,), number = told["dead"], str(told["dead"][0]["number"])

    assert (told["depth"], dead["image"], dead["reason"]) == (1, "lost", "gave-up")
    assert "gave up" in resight(home, "inbox", "list").out
    assert resight(home, "inbox", "retry", number, "--json").lines == [{"retried": 1}]
    assert resight(home, "inbox", "list", "--json").lines[0]["depth"] == 2
    assert resight(home, "inbox", "retry", number).code == 3
    assert resight(home, "inbox", "retry", "--all", "--json").lines == [{"retried": 0}]


def test_what_must_be_said(tmp_path: Path) -> None:
    """Which images, and a folder in which there is something."""
    assert resight(tmp_path, "inbox", "retry").code == 2
    told = resight(tmp_path / "nowhere", "inbox", "list")
    assert (told.code, told.sentence.count("\n")) == (4, 0)
    assert not (tmp_path / "nowhere").exists()
