"""What differs is kept with a case; words that were read of a picture as long as that picture, to the last byte."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from core.matches import Difference, Verdict
from core.types import Content, Decision, How, Intent, Kind, Mode, Outcome, What
from store.sql.cases import SqlCases
from store.sql.db import Database
from store.sql.media import SqlMedia
from store.sql.privacy import SqlPrivacy
from store.sql.tables.judged import matches
from tests.clock import Clock
from tests.small import KEEP, SPACE, event
from tests.store.sql.court import FOUND, Court
from tests.store.sql.test_privacy import on_disk

THEIRS = "pay 900 to 4815162342"
WORDS = Difference(
    what=What.WORDS, how=How.EXCHANGED, area=0.1, box=(0.1, 0.2, 0.5, 0.4), before="pay 500", after=THEIRS
)
COLOUR = Difference(what=What.COLOUR, how=How.EXCHANGED, area=0.05, box=(0.6, 0.2, 0.9, 0.4))
OTHER = replace(FOUND, kind=Kind.TEMPLATE, content=Content.OTHER, differs=(WORDS, COLOUR))
WORDLESS = (replace(WORDS, before="", after=""), COLOUR)
VERDICT = Verdict(outcome=Outcome.REVIEW, reason="look-alike", matches=(OTHER, replace(OTHER, differs=())))


async def concluded(
    court: Court, verdict: Verdict = VERDICT, picture: bytes | None = b"a thumbnail", **said: object
) -> int:
    """The number of a case with these matches."""
    waiting = await court.claimed(event("one", SPACE, **said))
    number = await court.cases.conclude(waiting, "ff", verdict, Mode.FLAG, (), thumbnail=picture)
    assert number
    return number


async def test_what_differs_is_kept_with_the_case(court: Court) -> None:
    """As it was read: what, how, where and which words, of each match."""
    first, second = (await court.cases.get(await concluded(court))).verdict.matches

    assert (first.content, first.differs, second.differs) == (Content.OTHER, (WORDS, COLOUR), ())
    assert THEIRS.encode() in on_disk(court.db)


async def test_an_older_case_is_unsettled(court: Court) -> None:
    """Nobody read what differs when it was opened."""
    number = await concluded(court)
    async with court.db.write() as connection:
        await connection.execute(update(matches).values(content="", differs=None, words=None))
    best = (await court.cases.get(number)).verdict.best

    assert best
    assert (best.content, best.differs) == (Content.UNSETTLED, ())


@pytest.mark.parametrize("how", ["expired", "abuse", "forgotten", "an hour before"])
async def test_words_go_with_the_picture(db: Database, clock: Clock, court: Court, how: str) -> None:
    """When its time is over, when it is suspected abuse, when its author is forgotten; what differs stays told."""
    number = await concluded(court, author="4711")
    if how == "abuse":
        await court.cases.decide(number, Decision.ABUSE, "ann", [])
    elif how == "forgotten":
        await SqlPrivacy(db, clock, KEEP).forget("4711", "", "operator")
    else:
        clock.at += KEEP - timedelta(hours=1 if how == "an hour before" else 0)
        await SqlMedia(db, clock).expire()
    best = (await SqlCases(db, clock, KEEP).get(number)).verdict.best
    is_gone = how != "an hour before"

    assert best
    assert best.differs == (WORDLESS if is_gone else (WORDS, COLOUR))
    assert (THEIRS.encode() in on_disk(db), b"pay 500" in on_disk(db)) == (not is_gone, not is_gone)


@pytest.mark.parametrize("picture", [b"a thumbnail", None])
async def test_a_clean_verdict_keeps_no_words(court: Court, picture: bytes | None) -> None:
    """Nor does one without a picture, such as a match of what nobody may keep."""
    verdict = replace(VERDICT, outcome=Outcome.CLEAN if picture else Outcome.MATCH)
    number = await concluded(court, verdict, picture, intent=Intent.REPORTED)
    best = (await court.cases.get(number)).verdict.best

    assert best
    assert best.differs == WORDLESS
    assert THEIRS.encode() not in on_disk(court.db)
