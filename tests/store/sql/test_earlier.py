"""What a card tells of before: earlier cases of the same author in the same community, and posts of the same image."""

from datetime import timedelta

import pytest

from core.cases import Earlier
from core.types import Decision, Intent
from store.sql.db import Database
from store.sql.privacy import SqlPrivacy
from tests.clock import Clock
from tests.small import SPACE
from tests.store.sql.court import CLEAN, OTHER, REVIEW, Court, match_of

ELSEWHERE = type(SPACE)(platform=SPACE.platform, community="elsewhere", channel="elsewhere")


@pytest.fixture
def court(db: Database, clock: Clock) -> Court:
    return Court(db, clock)


async def before(court: Court, number: int) -> Earlier:
    return await court.cases.earlier(await court.cases.get(number))


async def test_earlier_cases_of_an_author_are_counted(court: Court) -> None:
    """Whatever was found in them, and how many were called a violation; not later ones, nor those of others."""
    first = await court.picture("one", author="ann", message="1")
    second = await court.picture("two", author="ann", message="2", verdict=REVIEW)
    await court.picture("three", author="bo", message="3")
    third = await court.picture("four", author="ann", message="4")
    for number, said in ((first, Decision.VIOLATION), (second, Decision.ALLOWED), (third, Decision.VIOLATION)):
        await court.cases.decide(number, said, "mo", [])

    assert [(await before(court, one)).cases for one in (first, second, third)] == [0, 1, 2]
    assert (await before(court, third)).violations == 1


async def test_a_violation_that_was_taken_back_is_none(court: Court) -> None:
    """The case stays one, and nobody is accused by it; suspected abuse counts like a violation."""
    first = await court.picture("one", author="ann", message="1")
    second = await court.picture("two", author="ann", message="2")
    third = await court.picture("three", author="ann", message="3")
    await court.cases.decide(first, Decision.VIOLATION, "mo", [])
    await court.cases.undo(first, "mo", [])
    await court.cases.decide(second, Decision.ABUSE, "mo", [])

    assert await before(court, third) == Earlier(cases=2, violations=1, posts=2)


async def test_other_communities_know_nothing(court: Court) -> None:
    """What somebody did elsewhere is nobody's business here, and neither are questions and clean images."""
    await court.picture("one", author="ann", message="1", space=ELSEWHERE)
    await court.picture("two", author="ann", message="2", intent=Intent.QUERY)
    clean = await court.waiting("three", author="ann", message="3")
    await court.cases.conclude(clean, "ff", CLEAN, (await court.cases.get(1)).mode)
    last = await court.picture("four", author="ann", message="4")

    assert await before(court, last) == Earlier()


async def test_an_album_is_one_case_and_one_post(court: Court) -> None:
    """Its further pictures are none of their own, and none before its first."""
    first = await court.picture("one", author="ann", message="1", group="1")
    await court.picture("two", author="ann", message="1", group="1")
    await court.picture("three", author="ann", message="1", group="1")
    last = await court.picture("four", author="ann", message="2")

    assert await before(court, first) == Earlier()
    assert await before(court, last) == Earlier(cases=1, posts=1)


async def test_posts_of_a_reference_are_counted_for_a_week(court: Court, clock: Clock) -> None:
    """By whomever, where it surely was that image; not what moderators called no match, nor another image."""
    await court.picture("old", author="a", message="1")
    clock.at += timedelta(days=8)
    no_match = await court.picture("one", author="b", message="2")
    await court.picture("two", author="c", message="3")
    await court.picture("three", author="d", message="4", verdict=REVIEW)
    await court.picture("four", author="e", message="5", verdict=match_of(OTHER))
    await court.cases.decide(no_match, Decision.NOT_A_MATCH, "mo", [])
    last = await court.picture("five", author="f", message="6")

    assert (await before(court, last)).posts == 1


async def test_nothing_is_counted_about_one_who_was_forgotten(court: Court, db: Database, clock: Clock) -> None:
    """Their cases stay, about nobody: neither they nor others who were forgotten are counted together."""
    for number, author in enumerate(("ann", "bo")):
        await court.picture(f"picture-{number}", author=author, message=f"{number}")
        await SqlPrivacy(db, clock, timedelta(days=180)).forget(author, "", "operator")
    again = await court.picture("again", author="ann", message="5")

    assert (await before(court, 2)).cases == 0
    assert (await before(court, again)).cases == 0
