"""Albums: several pictures in one post are one case, one card and one decision."""

from pathlib import Path
from shutil import copy
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from core.types import Act, Decision, Intent, Mode, Platform, Space
from store.sql.db import Database
from tests.clock import Clock
from tests.small import SPACE
from tests.store.sql.court import CLEAN, LOGO, MATCH, OTHER, REVIEW, Court, match_of, numbered

ELSEWHERE = Space(platform=Platform.DISCORD, community="guild", channel="elsewhere")


async def test_further_pictures_join_the_first(court: Court) -> None:
    """An album's case is that of its first picture; the others hang on it with their own verdicts and actions."""
    first = await court.picture("a", Act.CARD, group="g", message="m")
    second = await court.picture("b", Act.CARD, group="g", message="m", verdict=REVIEW, sha256="ee")
    third = await court.picture("c", Act.FLAG, group="g", message="n", verdict=match_of(OTHER))
    case = await court.cases.get(first)

    assert [one.id for one in case.pictures] == [first, second, third]
    assert [one.verdict for one in case.pictures] == [MATCH, REVIEW, match_of(OTHER)]
    assert [one.sha256 for one in case.pictures] == ["ff", "ee", "ff"]
    assert [[one.act for one in picture.actions] for picture in case.pictures] == [[Act.CARD] * 2, [], [Act.FLAG]]
    assert await court.cases.get(second) == await court.cases.get(third) == case


async def test_only_the_album_is_listed(court: Court) -> None:
    """Further pictures are in no list of their own, but any message of the album leads to its case."""
    album = await court.picture("a", group="g", message="m")
    await court.picture("b", group="g", message="n")
    other = await court.picture("c")

    assert [one.id for one in await court.cases.newest()] == [other, album]
    assert [len(one.further) for one in await court.cases.newest()] == [0, 1]
    for message in "mn":
        assert [one.id for one in await court.cases.of_message("discord", "pictures", message)] == [album]


@pytest.mark.parametrize(
    "said",
    [
        {"group": "h"},
        {"group": ""},
        {"group": "g", "space": ELSEWHERE},
        {"group": "g", "space": Space(platform=Platform.TELEGRAM, community="guild", channel="pictures")},
        {"group": "g", "intent": Intent.REPORTED},
    ],
)
async def test_what_is_no_part_of_the_album(court: Court, said: dict[str, object]) -> None:
    """Another group, channel, platform or intent is another case."""
    await court.picture("a", group="g")
    other = await court.picture("b", **said)  # type: ignore[arg-type]

    assert (await court.cases.get(other)).id == other


async def test_pictures_without_a_group_are_no_album(court: Court) -> None:
    """Pictures of their own stay on their own."""
    numbers = [await court.picture(image) for image in "ab"]

    assert [(await court.cases.get(one)).id for one in numbers] == numbers


async def test_questions_about_an_album_are_answered_one_by_one(court: Court) -> None:
    """Each question has its own case and its own answer, and is no part of the moderators' case."""
    posted = await court.picture("a", group="g")
    asked = [await court.picture(image, Act.ANSWER, group="g", intent=Intent.QUERY) for image in "ab"]

    assert [(await court.cases.get(one)).id for one in asked] == asked
    assert (await court.cases.get(posted)).further == ()


async def test_a_clean_picture_does_not_open_the_album(court: Court) -> None:
    """The first picture of the album that has a case is the album's case."""
    assert await court.cases.conclude(await court.waiting("a", group="g"), "ff", CLEAN, Mode.FLAG) is None
    number = await court.picture("b", group="g")

    assert (await court.cases.get(number)).id == number


async def test_a_reported_album_is_one_case(court: Court) -> None:
    """A report of an album shows all of its pictures on one card, whatever was found."""
    first = await court.picture("a", Act.CARD, group="g", intent=Intent.REPORTED, verdict=CLEAN)
    second = await court.picture("b", Act.CARD, group="g", intent=Intent.REPORTED)
    case = await court.cases.get(first)

    assert [one.id for one in case.pictures] == [first, second]
    assert await court.asked() == [(first, Act.CARD)] * 2


async def test_a_message_is_not_treated_twice(court: Court) -> None:
    """What the first picture asked for its message isn't asked again for it, but is for the album's next message."""
    acts = (Act.CARD, Act.FLAG, Act.CARD)
    first = await court.picture("a", *acts, group="g", message="m")
    second = await court.picture("b", *acts, group="g", message="m")
    third = await court.picture("c", *acts, group="g", message="n")
    fourth = await court.picture("d", Act.CARD, Act.REMOVE, Act.CARD, group="g", message="n")

    assert await court.asked() == [
        *numbered([first], acts),
        (first, Act.CARD),
        (first, Act.CARD),
        (third, Act.FLAG),
        (first, Act.CARD),
        (first, Act.CARD),
        (fourth, Act.REMOVE),
        (first, Act.CARD),
    ]
    assert [one.id for one in (await court.cases.get(second)).pictures] == [first, second, third, fourth]


async def test_what_a_moderator_asked_for_does_not_count_as_the_verdicts(court: Court) -> None:
    """An act that a decision asked for is asked again by the verdict on a picture that joins later."""
    first = await court.picture("a", group="g", message="m")
    await court.cases.decide(first, Decision.VIOLATION, "ann", [(first, Act.REMOVE)])
    second = await court.picture("b", Act.REMOVE, group="g", message="m")

    assert await court.asked() == [(first, Act.REMOVE), (second, Act.REMOVE)]


async def test_the_keys_of_an_albums_cards(court: Court) -> None:
    """Each picture's cards have keys of their own, so that none is taken for another's."""
    first = await court.picture("a", Act.CARD, Act.FLAG, Act.CARD, group="g", message="m")
    second = await court.picture("b", Act.CARD, Act.FLAG, Act.CARD, group="g", message="n")
    keys = [one.key for picture in (await court.cases.get(first)).pictures for one in picture.actions]

    assert keys == [
        f"{first}:verdict:card",
        f"{first}:verdict:flag",
        f"{first}:verdict:card-2",
        f"{first}:picture-{second}:card",
        f"{first}:picture-{second}:card-2",
        f"{second}:verdict:flag",
    ]


async def test_a_decision_is_on_the_album(court: Court) -> None:
    """Deciding on a further picture's number decides on the album, once, with acts for each picture."""
    first, second = [await court.picture(image, group="g", message=image) for image in "ab"]
    acts = [(first, Act.REMOVE), (second, Act.REMOVE), (first, Act.CARD)]
    said = await court.cases.decide(second, Decision.VIOLATION, "ann", acts)
    case = await court.cases.get(second)

    assert (said.case, case.standing) == (first, said)
    assert [[one.act for one in picture.actions] for picture in case.pictures] == [[Act.REMOVE, Act.CARD], [Act.REMOVE]]
    with pytest.raises(Conflict, match=f"decided case {first} already"):
        await court.cases.decide(first, Decision.UNSURE, "bo", [])
    assert (await court.cases.undo(second, "bo", [], said.id)).id == said.id


async def test_a_decision_counts_for_every_picture(court: Court) -> None:
    """What is said of an album is said of the bytes and the best reference of each of its pictures."""
    first = await court.picture("a", group="g", sha256="aa", verdict=match_of(LOGO))
    await court.picture("b", group="g", sha256="bb", verdict=match_of(OTHER))
    await court.cases.decide(first, Decision.VIOLATION, "ann", [])
    confirmed = await court.cases.confirmed(SPACE, {LOGO.id, OTHER.id})
    await court.cases.undo(first, "ann", [])
    await court.cases.decide(first, Decision.ALLOWED, "ann", [])
    allowed = [await court.cases.excused(SPACE, sha256) for sha256 in ("aa", "bb", "cc")]
    await court.cases.undo(first, "ann", [])
    await court.cases.decide(first, Decision.NOT_A_MATCH, "ann", [])
    no_match = [(await court.cases.excused(SPACE, sha256))[1] for sha256 in ("aa", "bb")]

    assert confirmed == {LOGO.id, OTHER.id}
    assert [one for one, _ in allowed] == [True, True, False]
    assert no_match == [{LOGO.id}, {OTHER.id}]


async def test_a_decision_says_nothing_of_pictures_that_join_later(court: Court) -> None:
    """A moderator confirms and excuses what was there to be seen, and nothing that is slipped in afterwards."""
    first = await court.picture("a", group="g", sha256="aa", verdict=match_of(LOGO))
    await court.cases.decide(first, Decision.VIOLATION, "ann", [])
    court.clock.turn(seconds=1)
    await court.picture("b", group="g", sha256="bb", verdict=match_of(OTHER))
    assert await court.cases.confirmed(SPACE, {LOGO.id, OTHER.id}) == {LOGO.id}
    await court.cases.undo(first, "ann", [])
    await court.cases.decide(first, Decision.VIOLATION, "ann", [])

    assert await court.cases.confirmed(SPACE, {LOGO.id, OTHER.id}) == {LOGO.id, OTHER.id}


ACTS = st.lists(st.sampled_from([Act.CARD, Act.FLAG, Act.REPLY, Act.REMOVE]), unique=True)
PICTURES = st.lists(st.tuples(st.sampled_from(["g-m", "g-n", "h-m", "h-n"]), ACTS), max_size=6)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PICTURES)
async def test_nothing_is_asked_twice_and_nothing_is_forgotten(
    tmp_path: Path, migrated: Path, pictures: list[tuple[str, list[Act]]]
) -> None:
    """Whatever albums come in whatever order: each act on a message is asked once, and cards are the album's alone."""
    path = Path(copy(migrated, tmp_path / f"{uuid4()}.db"))
    wanted, mains, messages = set[tuple[str, Act]](), dict[str, int](), dict[int, str]()
    async with Database.open(path) as db:
        court = Court(db, Clock())
        for at, (message, acts) in enumerate(pictures):
            number = await court.picture(f"{at}", *acts, group=message[0], message=message)
            mains.setdefault(message[0], number)
            messages[number] = message
            wanted |= {(message, act) for act in acts}
        asked = await court.asked()
    on_posts = [(messages[number], act) for number, act in asked if act is not Act.CARD]
    cards = [number for number, act in asked if act is Act.CARD]

    assert sorted(on_posts) == sorted((message, act) for message, act in wanted if act is not Act.CARD)
    assert cards == [mains[message[0]] for message, acts in pictures if Act.CARD in acts]
