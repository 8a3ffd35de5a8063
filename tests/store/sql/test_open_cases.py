"""Open cases: those about which no decision is in force, by page and by what is wanted."""

from dataclasses import replace

import pytest

from core.cases import Sort, Wanted
from core.matches import Verdict
from core.types import Act, Collection, Decision, Intent, Outcome
from store.sql.db import Database
from store.sql.references import SqlReferences
from tests.clock import Clock
from tests.small import SPACE, entry
from tests.store.sql.court import OTHER, REVIEW, Court, match_of
from tests.store.sql.test_bursts import channel, posted, same

HOMES = {SPACE.home}
ANY = Wanted()
ELSEWHERE = replace(SPACE, community="other")


@pytest.fixture
def court(db: Database, clock: Clock) -> Court:
    return Court(db, clock)


async def numbers(court: Court, wanted: Wanted = ANY, **page: int) -> list[int]:
    return [one.id for one in await court.cases.open(HOMES, wanted, **({"limit": 50} | page))]


async def test_a_decision_closes_a_case_and_its_undo_opens_it(court: Court) -> None:
    """Only those are open about which nobody's decision is in force, in this community."""
    one, two = [await court.case(name, sha256=name) for name in ("one", "two")]
    await court.case("three", space=ELSEWHERE)
    await court.cases.decide(one, Decision.ALLOWED, "ann", [])
    decided = await numbers(court)
    await court.cases.undo(one, "ann", [])
    both = await numbers(court)
    await court.cases.decide(one, Decision.UNSURE, "bo", [])

    assert (decided, both) == ([two], [two, one])
    assert await numbers(court) == [two]
    assert await court.cases.count_open(HOMES, ANY, 50) == 1
    assert await court.cases.count_open({SPACE.home, ELSEWHERE.home}, ANY, 50) == 2


async def test_pages_follow_one_another(court: Court) -> None:
    """Older and newer than a case, each page newest first, whatever is decided in between."""
    all_ = [await court.case(f"{number}") for number in range(7)]
    newest = await numbers(court, limit=3)
    await court.cases.decide(newest[-1], Decision.ALLOWED, "ann", [])

    assert newest == all_[:3:-1]
    assert await numbers(court, limit=3, before=newest[-1]) == [all_[3], all_[2], all_[1]]
    assert await numbers(court, limit=3, after=all_[0]) == [all_[3], all_[2], all_[1]]
    assert await numbers(court, limit=3, after=all_[3]) == [all_[6], all_[5]]
    assert await court.cases.count_open(HOMES, ANY, 4) == 4


async def test_questions_and_further_pictures_are_no_cases_of_their_own(court: Court) -> None:
    """An album is one; what somebody asked the bot is none."""
    first = await court.picture("one", group="album", message="1")
    await court.picture("two", group="album", message="2")
    await court.picture("asked", intent=Intent.QUERY)

    assert await numbers(court) == [first]


async def test_what_was_looked_at_in_part_is_asked_for(court: Court) -> None:
    """Most long videos: they would push out what was found. Once there is a card, as of a report, they are as any."""
    quiet = Verdict(outcome=Outcome.REVIEW, reason="partial-frames", partial="frames")
    found = await court.picture("one", verdict=REVIEW)
    films = [await court.picture(f"film {number}", verdict=quiet) for number in range(3)]
    listed, apart = await numbers(court), await numbers(court, Wanted(sort=Sort.PARTIAL))
    await court.cases.ask(films[1], "reported", [Act.CARD])

    assert (listed, apart) == ([found], films[::-1])
    assert await numbers(court, Wanted(sort=Sort.REVIEW)) == await numbers(court) == [films[1], found]
    assert await court.cases.count_open(HOMES, Wanted(sort=Sort.PARTIAL), 50) == 2


async def test_what_is_wanted_is_found(court: Court, db: Database, clock: Clock) -> None:
    """By sort, author, channel, known image and collection, also of a later picture of an album."""
    references = SqlReferences(db, clock)
    await references.create_collection(Collection(name="brands"))
    await references.create_collection(Collection(name="scams"))
    await references.put([entry("logo", collection="brands"), entry("coins", collection="scams")])
    logo, coins = [await references.find(*where) for where in (("brands", "logo"), ("scams", "coins"))]
    match = await court.picture("one", verdict=match_of(logo), author="ann")
    review = await court.picture("two", verdict=replace(REVIEW, matches=match_of(logo).matches), author="bo")
    other = replace(SPACE, channel="news")
    reported = await court.picture("three", verdict=match_of(logo), intent=Intent.REPORTED, space=other)
    album = await court.picture("four", verdict=match_of(logo), group="g", message="8")
    await court.picture("five", verdict=match_of(coins), group="g", message="8")

    assert await numbers(court, Wanted(sort=Sort.MATCH)) == [album, reported, match]
    assert await numbers(court, Wanted(sort=Sort.REVIEW)) == [review]
    assert await numbers(court, Wanted(sort=Sort.REPORTED)) == [reported]
    assert await numbers(court, Wanted(sort=Sort.UNSCANNABLE)) == []
    assert await numbers(court, Wanted(author="bo")) == [review]
    assert await numbers(court, Wanted(channel="news")) == [reported]
    assert await numbers(court, Wanted(channel="news", author="bo")) == []
    assert await numbers(court, Wanted(collection="scams")) == [album]
    assert await numbers(court, Wanted(reference=coins.id)) == [album]
    assert await numbers(court, Wanted(reference=OTHER.id)) == []
    assert await numbers(court, Wanted(collection="brands", sort=Sort.MATCH)) == [album, reported, match]


async def test_a_burst_is_one_open_case(court: Court) -> None:
    """Found by whoever posted any of it, wherever; decided at once."""
    first = await posted(court, "a", author="ann")
    await posted(court, "b", author="bo", space=channel("news"))
    other = await posted(court, "c", author="bo", verdict=same(OTHER))
    those = [await numbers(court, wanted) for wanted in (ANY, Wanted(author="bo"), Wanted(channel="news"))]
    await court.cases.decide(first, Decision.VIOLATION, "mo", [])

    assert those == [[other, first], [other, first], [first]]
    assert await numbers(court) == [other]
