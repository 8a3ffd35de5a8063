"""The track record of a collection: what moderators' standing decisions say of matches by kind and confidence."""

from dataclasses import replace

import pytest

from core.matches import Experience
from core.trust import band_of
from core.types import Act, Decision, Intent, Kind, Outcome, Platform, Space
from store.sql.communities import SqlCommunities
from store.sql.db import Database
from tests.clock import Clock
from tests.small import SPACE
from tests.store.sql.court import FOUND, LOGO, MATCH, OTHER, REVIEW, Court

BAND = band_of(FOUND.confidence)


async def record(
    court: Court, community: str = SPACE.home, collection: str = "brands"
) -> dict[object, tuple[int, int]]:
    found = await court.cases.track_record(community, collection)
    return {place: (one.right, one.wrong) for place, one in found.items()}


async def decided(court: Court, image: str, decision: Decision, **said: object) -> int:
    number = await court.picture(image, **said)  # type: ignore[arg-type]
    await court.cases.decide(number, decision, "ann", [])
    return number


@pytest.mark.parametrize(
    ("decision", "counts"),
    [
        (Decision.VIOLATION, (1, 0)),
        (Decision.ALLOWED, (1, 0)),
        (Decision.NOT_A_MATCH, (0, 1)),
        (Decision.UNSURE, None),
    ],
)
async def test_what_each_decision_says_of_the_match(
    court: Court, decision: Decision, counts: tuple[int, int] | None
) -> None:
    """Violation and allowed both say that it is that image; unsure says nothing; an undo takes it back."""
    assert await record(court) == {}
    number = await decided(court, "one", decision)
    after = await record(court)
    await court.cases.undo(number, "ann", [])

    assert after == ({(Kind.CONTAINED, BAND): counts} if counts else {})
    assert await record(court) == {}


async def test_kinds_and_bands_are_told_apart(court: Court) -> None:
    """A review of an edited copy says nothing of a sure contained one."""
    doubt = replace(FOUND, kind=Kind.EDITED, confidence=0.6)
    await decided(court, "sure", Decision.VIOLATION)
    await decided(court, "doubt", Decision.NOT_A_MATCH, verdict=replace(REVIEW, matches=(doubt,)))
    await decided(court, "edge", Decision.VIOLATION, verdict=replace(MATCH, matches=(replace(FOUND, confidence=0.9),)))

    assert await record(court) == {(Kind.CONTAINED, BAND): (2, 0), (Kind.EDITED, band_of(0.6)): (0, 1)}


async def test_a_lowered_match_counts_where_it_came_from(court: Court) -> None:
    """By what the pair check alone said, so that experience can change for the better."""
    lowered = replace(FOUND, confidence=0.3, claimed=FOUND.confidence)
    number = await decided(court, "one", Decision.VIOLATION, verdict=replace(REVIEW, matches=(lowered,)))

    assert await record(court) == {(Kind.CONTAINED, BAND): (1, 0)}
    assert (await court.cases.get(number)).verdict.best == lowered


async def test_other_communities_collections_and_questions_say_nothing(court: Court) -> None:
    """Only this community's own word on this collection counts."""
    there = Space(platform=Platform.DISCORD, community="elsewhere", channel="x")
    other = replace(FOUND, reference=replace(LOGO, collection="artworks"))
    await decided(court, "there", Decision.NOT_A_MATCH, space=there)
    await decided(court, "art", Decision.NOT_A_MATCH, verdict=replace(MATCH, matches=(other, FOUND)))
    asked = await court.picture("asked", Act.ANSWER, intent=Intent.QUERY)
    await court.cases.decide(asked, Decision.NOT_A_MATCH, "ann", [])

    assert await record(court) == {}
    assert await record(court, "discord:elsewhere") == {(Kind.CONTAINED, BAND): (0, 1)}
    assert await record(court, collection="artworks") == {(Kind.CONTAINED, BAND): (0, 1)}


async def test_an_album_is_one_observation(court: Court) -> None:
    """One press of a button is one word, however many pictures were posted together."""
    first = await court.picture("a", group="g")
    await court.picture("b", group="g")
    await court.cases.decide(first, Decision.NOT_A_MATCH, "ann", [])

    assert await record(court) == {(Kind.CONTAINED, BAND): (0, 1)}


async def test_a_case_tells_how_such_matches_were_decided(court: Court) -> None:
    """It says so from the next look on; a match of another kind tells of its own."""
    for number in range(3):
        await decided(court, f"right-{number}", Decision.VIOLATION)
    await decided(court, "wrong", Decision.NOT_A_MATCH)
    like = await court.case("new")
    unlike = await court.picture("odd", verdict=replace(MATCH, matches=(replace(FOUND, kind=Kind.EXACT),)))
    nothing = await court.picture("reported", verdict=replace(MATCH, matches=()), intent=Intent.REPORTED)

    assert (await court.cases.get(like)).experience == Experience(right=3, wrong=1)
    assert (await court.cases.get(unlike)).experience == Experience()
    assert (await court.cases.get(nothing)).experience == Experience()


async def test_only_the_best_match_was_judged(court: Court) -> None:
    """What stood below it on the card was not what the moderator spoke of."""
    below = replace(FOUND, reference=OTHER, kind=Kind.SIMILAR, confidence=0.55)
    await decided(court, "one", Decision.NOT_A_MATCH, verdict=replace(MATCH, matches=(FOUND, below)))

    assert await record(court) == {(Kind.CONTAINED, BAND): (0, 1)}


async def test_a_community_with_a_new_id_keeps_its_experience(court: Court, db: Database, clock: Clock) -> None:
    """The platform's word of the move makes what was remembered of either id stale."""
    group = replace(SPACE, platform=Platform.TELEGRAM, community="-100")
    await decided(court, "one", Decision.VIOLATION, space=group)
    before = await record(court, "telegram:-100"), await record(court, "telegram:-1000")
    await SqlCommunities(db, clock, court.cases.changed).move("telegram", "-100", "-1000")

    assert before == ({(Kind.CONTAINED, BAND): (1, 0)}, {})
    assert (await record(court, "telegram:-100"), await record(court, "telegram:-1000")) == before[::-1]


async def test_a_match_that_nobody_decided_about_has_no_record(court: Court) -> None:
    """Cases that wait for a moderator count for nothing."""
    await court.picture("one", verdict=replace(MATCH, outcome=Outcome.MATCH))

    assert await record(court) == {}
