"""Bursts: posts of one reference within a while are one case, whatever comes between them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from core.bursts import BURST, LONGEST_BURST, PACE, Treated
from core.cases import Case
from core.chat import Carried, Subscription
from core.matches import Verdict
from core.types import (
    Act,
    ActState,
    Collection,
    Content,
    Decision,
    Intent,
    Kind,
    Mode,
    Outcome,
    Platform,
    Purpose,
    Reference,
    Space,
)
from store.sql.privacy import SqlPrivacy
from store.sql.references import SqlReferences
from tests.small import DONE, SPACE
from tests.store.sql.court import FOUND, LOGO, OTHER, REVIEW, Court

HOUR = timedelta(hours=1)


def same(reference: Reference = LOGO, content: Content = Content.SAME, kind: Kind = Kind.EDITED) -> Verdict:
    """A match whose content is settled, unless said otherwise."""
    found = replace(FOUND, reference=reference, content=content, kind=kind)
    return Verdict(outcome=Outcome.MATCH, reason="copy", matches=(found,))


def channel(name: str, community: str = "guild") -> Space:
    return Space(platform=Platform.DISCORD, community=community, channel=name)


async def posted(
    court: Court,
    name: str,
    *acts: Act,
    verdict: Verdict | None = None,
    space: Space | None = None,
    late: Sequence[Act] | None = (Act.REMOVE,),
    brake: str = "",
    **said: object,
) -> int:
    """The number of the case of a post, each a message of its own unless said otherwise."""
    waiting = await court.waiting(name, space or channel("pictures"), **{"message": name, "author": name, **said})
    verdict = verdict or same()
    standing = await court.cases.follows(waiting.event, verdict, joins=late is not None)
    number = await court.cases.conclude(
        waiting,
        f"sha-{name}",
        verdict,
        Mode.FLAG,
        acts,
        thumbnail=b"jpeg",
        brake=brake,
        late=late,
        decision=standing.id if standing else None,
    )
    assert number
    return number


async def cards(court: Court) -> list[int]:
    """The cases for which a card was asked."""
    return [number for number, act in await court.asked() if act is Act.CARD]


async def test_posts_of_one_reference_are_one_case(court: Court) -> None:
    """Whatever the channel and the author; people, places and posts are counted, the newest post is linked."""
    first = await posted(court, "a", author="ann", space=channel("one"))
    for name, author in (("b", "ann"), ("c", "bo")):
        await posted(court, name, author=author, space=channel("two"), link=f"https://example.org/{name}")
    (case,) = await court.cases.newest()
    assert case.burst

    assert (case.id, case.burst.posts, case.burst.people, case.burst.channels) == (first, 3, 2, 2)
    assert [(one.space.channel, one.posts, one.newest.message) for one in case.burst.places] == [
        ("two", 2, "c"),
        ("one", 1, "a"),
    ]
    assert [(await court.cases.get(number)).id for number in (1, 2, 3)] == [first] * 3
    assert [(await court.cases.post(number)).id for number in (1, 2, 3)] == [1, 2, 3]
    assert [(await court.cases.post(number)).shown for number in (1, 2, 3)] == [first] * 3


@pytest.mark.parametrize(
    "said",
    [
        {"verdict": same(OTHER)},
        {"verdict": same(content=Content.UNSETTLED)},
        {"verdict": same(content=Content.OTHER)},
        {"verdict": same(content=Content.SAME, kind=Kind.TEMPLATE)},
        {"verdict": REVIEW},
        {"space": channel("pictures", "elsewhere")},
        {"intent": Intent.REPORTED},
        {"late": None},
    ],
)
async def test_what_joins_no_burst(court: Court, said: dict[str, object]) -> None:
    """Another reference, what may be other content, another community, a report: a case of its own."""
    await posted(court, "a")
    other = await posted(court, "b", **said)  # type: ignore[arg-type]

    assert (await court.cases.get(other)).id == other
    assert len(await court.cases.newest()) == 2


async def test_equal_pixels_need_no_reading(court: Court) -> None:
    """An exact copy shows the same content, whatever was read."""
    exact = same(content=Content.UNSETTLED, kind=Kind.EXACT)
    first, second = [await posted(court, name, verdict=exact) for name in "ab"]

    assert (await court.cases.get(second)).id == first


@pytest.mark.parametrize(
    ("pauses", "cases"), [([BURST] * 3, 1), ([BURST * 1.01], 2), ([BURST * 0.9] * 26, 1), ([BURST * 0.9] * 27, 2)]
)
async def test_how_long_a_burst_lasts(court: Court, pauses: list[timedelta], cases: int) -> None:
    """Until an hour passes without a post, and never longer than a day."""
    assert BURST * 0.9 * 26 < LONGEST_BURST < BURST * 0.9 * 27
    await posted(court, "first")
    for number, pause in enumerate(pauses):
        court.clock.turn(seconds=pause.total_seconds())
        await posted(court, f"{number}")

    assert len(await court.cases.newest()) == cases


async def test_the_card_is_renewed_once_for_all(court: Court) -> None:
    """One card is asked for; while a renewal waits no other one does, and the next comes after a pause."""
    first = await posted(court, "a", Act.CARD)
    for name in "bcd":
        await posted(court, name, Act.CARD)
    assert await cards(court) == [first]
    assert await court.done() == [(first, Act.CARD)]

    await posted(court, "e", Act.CARD)
    await posted(court, "f", Act.CARD)
    assert await cards(court) == [first] * 2
    assert await court.done() == []
    court.clock.turn(seconds=PACE.total_seconds())
    assert await court.done() == [(first, Act.CARD)]


async def test_what_joins_while_the_card_is_renewed_is_not_left_out(court: Court) -> None:
    """A renewal that has begun may show the old numbers, so there is another one after it."""
    first = await posted(court, "a", Act.CARD)
    (begun,) = await court.cases.claim_actions(9)
    await posted(court, "b", Act.CARD)
    await posted(court, "c", Act.CARD)
    await court.cases.finish_action(begun.id, DONE)
    court.clock.turn(seconds=PACE.total_seconds())

    assert await court.done() == [(first, Act.CARD)]


async def test_a_renewal_that_waits_holds_nothing_up(court: Court) -> None:
    """What is asked about the first post goes at once, though its card is to be renewed later."""
    first = await posted(court, "a", Act.CARD)
    await court.done()
    await posted(court, "b", Act.CARD)
    await court.cases.decide(first, Decision.VIOLATION, "ann", [(first, Act.REMOVE)])

    assert await court.done() == [(first, Act.REMOVE)]


async def test_the_card_follows_what_is_done_to_any_post(court: Court) -> None:
    """An action on a further post that has ended asks for a renewal of the card."""
    first, second = [await posted(court, name, Act.CARD) for name in "ab"]
    await court.done()
    await court.cases.ask(second, "test", [Act.REMOVE])
    court.clock.turn(seconds=PACE.total_seconds())
    done = await court.done()

    assert done == [(second, Act.REMOVE), (first, Act.CARD)]


async def test_acts_are_those_of_each_post(court: Court) -> None:
    """Each post keeps its own acts, which go side by side; what ended alike is counted together."""
    await posted(court, "a", Act.FLAG)
    for name in "bc":
        await posted(court, name, Act.FLAG)
    claimed = await court.cases.claim_actions(9)
    for action in claimed[1:]:
        await court.cases.finish_action(action.id, DONE)
    await court.cases.finish_action(claimed[0].id, Carried(state=ActState.FORBIDDEN, sentence="no-permission|x"))
    (case,) = await court.cases.newest()
    assert case.burst

    assert [one.case for one in claimed] == [1, 2, 3]
    assert [(one.act, one.state, one.detail, one.count) for one in case.burst.tallies] == [
        (Act.FLAG, ActState.FORBIDDEN, "no-permission|x", 1),
        (Act.FLAG, ActState.DONE, "", 2),
    ]


def remove_all(pictures: Sequence[Treated]) -> list[tuple[int, Act]]:
    return [(one.id, Act.REMOVE) for one in pictures]


async def test_a_decision_is_about_all_posts(court: Court) -> None:
    """It is made once, on whichever number; the acts are those for the posts that are there in that very moment."""
    first, second, _ = [await posted(court, name) for name in "abc"]
    said = await court.cases.decide(second, Decision.VIOLATION, "ann", [(first, Act.CARD)], remove_all)
    asked = await court.asked()

    assert said.case == first
    assert asked == [*((number, Act.REMOVE) for number in (1, 2, 3)), (first, Act.CARD)]
    assert [one.decision for case in (1, 2, 3) for one in (await court.cases.post(case)).actions][:3] == [said.id] * 3


async def test_a_decision_counts_for_the_bytes_of_all_posts(court: Court) -> None:
    """Allowed or no match: every post's file is excused, and a further copy is a case of its own."""
    first = await posted(court, "a")
    await posted(court, "b")
    await court.cases.decide(first, Decision.ALLOWED, "ann", [])
    third = await posted(court, "c")

    assert [(await court.cases.excused(SPACE, f"sha-{name}"))[0] for name in "abc"] == [True, True, False]
    assert (await court.cases.get(third)).id == third


async def test_a_decision_for_some_channels_holds_in_no_other(court: Court) -> None:
    """Copies there join it; one elsewhere is a case of its own, whose decision does not end the other."""
    here, there, everywhere = channel("one"), channel("two"), {LOGO.id}
    first = await posted(court, "a", space=here)
    said = await court.cases.decide(first, Decision.VIOLATION, "ann", [], channels={"one"})
    beside = await posted(court, "b", space=there)
    joined = await posted(court, "c", space=here)
    follower = await posted(court, "d", space=there)

    assert said.channels == frozenset({"one"})
    assert [(await court.cases.get(number)).id for number in (beside, joined, follower)] == [beside, first, beside]
    assert (await court.cases.get(first)).standing == said
    assert [await court.cases.confirmed(space, everywhere) for space in (here, there)] == [everywhere, set()]


async def test_what_is_allowed_in_some_channels_is_looked_at_in_others(court: Court) -> None:
    """Who moderates a part excuses an image there, and calls a reference no match there."""
    first = await posted(court, "a", space=channel("one"))
    await court.cases.decide(first, Decision.ALLOWED, "ann", [], channels={"one"})
    allowed = [await court.cases.excused(channel(name), "sha-a") for name in ("one", "two")]
    await court.cases.undo(first, "ann", [])
    await court.cases.decide(first, Decision.NOT_A_MATCH, "ann", [], channels={"one"})
    no_match = [await court.cases.excused(channel(name), "sha-a") for name in ("one", "two")]

    assert allowed == [(True, frozenset()), (False, frozenset())]
    assert no_match == [(False, {LOGO.id}), (False, frozenset())]


async def test_one_press_is_one_observation(court: Court) -> None:
    """However many posts there are, the track record counts one decision; the reference is confirmed."""
    for name in "abcd":
        await posted(court, name)
    await court.cases.decide(1, Decision.VIOLATION, "ann", [])
    record = await court.cases.track_record("discord:guild", "brands")

    assert [one.right for one in record.values()] == [1]
    assert await court.cases.confirmed(SPACE, {LOGO.id}) == {LOGO.id}


async def test_a_violation_in_force_holds_for_who_joins_later(court: Court) -> None:
    """The post is treated as the decision says, in its name, and counted as late; a brake prevents it."""
    first = await posted(court, "a", Act.FLAG)
    said = await court.cases.decide(first, Decision.VIOLATION, "ann", [])
    court.clock.turn(seconds=1)
    second = await posted(court, "b", Act.FLAG)
    third = await posted(court, "c", Act.FLAG, brake="flood")
    case = await court.cases.get(third)
    assert case.burst
    acts = {number: [(one.act, one.decision) for one in (await court.cases.post(number)).actions] for number in (2, 3)}

    assert acts == {second: [(Act.REMOVE, said.id)], third: [(Act.FLAG, None)]}
    assert (case.burst.late, case.burst.held, case.brake) == (1, 1, "flood")


async def test_a_violation_in_force_holds_for_the_rest_of_its_own_album(court: Court) -> None:
    """Pictures that are looked at after the press are treated as the decision says; one of something else is not."""
    first = await posted(court, "a", Act.FLAG, Act.CARD, group="album")
    said = await court.cases.decide(first, Decision.VIOLATION, "ann", [])
    second = await posted(court, "b", Act.FLAG, Act.CARD, group="album")
    third = await posted(court, "c", Act.FLAG, Act.CARD, group="album", verdict=same(OTHER))
    case = await court.cases.get(third)
    acts = {
        one.id: [(did.act, did.decision) for did in one.actions if did.act is not Act.CARD] for one in case.pictures
    }

    assert acts == {first: [(Act.FLAG, None)], second: [(Act.REMOVE, said.id)], third: [(Act.FLAG, None)]}
    assert [number for number, act in await court.asked() if act is Act.CARD][:1] == [first]


@pytest.mark.parametrize("bursts", [0, 1])
async def test_what_a_moderator_allowed_is_not_removed_later(court: Court, bursts: int) -> None:
    """No decision asks for the removal of an album's further pictures, whether others joined the album or not."""
    first = await posted(court, "a", group="album")
    for number in range(bursts):
        await posted(court, f"copy-{number}")
    await court.cases.decide(first, Decision.ALLOWED, "ann", [])
    await posted(court, "b", Act.FLAG, group="album")

    assert Act.REMOVE not in [act for _, act in await court.asked()]


async def test_an_author_is_barred_once(court: Court) -> None:
    """Who goes on posting after the decision is timed out with the first post, and every post goes."""
    first = await posted(court, "a", author="ann")
    await court.cases.decide(first, Decision.VIOLATION, "mo", [])
    for name in "bc":
        await posted(court, name, author="bo", late=(Act.REMOVE, Act.TIMEOUT))

    assert await court.asked() == [(2, Act.REMOVE), (2, Act.TIMEOUT), (3, Act.REMOVE)]


async def test_suspected_abuse_that_comes_again_is_kept_by_nobody(court: Court) -> None:
    """What joins goes, and no picture, name or text of it is kept."""
    first = await posted(court, "a")
    await court.cases.decide(first, Decision.ABUSE, "ann", [])
    second = await posted(court, "b", Act.FLAG, text="look", file_name="b.png")
    post = await court.cases.post(second)

    assert [one.act for one in post.actions] == [Act.REMOVE]
    assert (post.thumbnail, post.event.text, post.event.file_name) == ("", "", "")
    assert (await court.rows())[3] == 0


async def test_suspected_abuse_forgets_the_pictures_of_all_posts(court: Court) -> None:
    """The decision on one card leaves no picture of any of its posts."""
    for name in "abc":
        await posted(court, name)
    await court.cases.decide(2, Decision.ABUSE, "ann", [])

    assert (await court.rows())[3] == 0


async def test_an_album_joins_with_its_pictures(court: Court) -> None:
    """An album that holds the reference is one post of the burst; what else it shows has a case of its own."""
    first = await posted(court, "a")
    pictures = [await posted(court, f"b{n}", message="m", group="g", author="bo") for n in range(2)]
    other = await posted(court, "b2", message="m", group="g", author="bo", verdict=same(OTHER))
    more = await posted(court, "b3", message="m", group="g", author="bo", verdict=same(OTHER))
    case = await court.cases.get(pictures[1])
    assert case.burst

    assert (case.id, case.burst.posts, case.burst.people) == (first, 2, 2)
    assert [one.id for one in (await court.cases.post(pictures[0])).pictures] == pictures
    assert [one.id for one in (await court.cases.get(more)).pictures] == [other, more]


async def test_an_album_that_others_join_takes_no_other_content(court: Court) -> None:
    """What comes to it later and shows something else is no part of what one press would remove."""
    first = await posted(court, "a", message="m", group="g")
    await posted(court, "b")
    again = await posted(court, "c", message="m", group="g")
    other = await posted(court, "d", message="m", group="g", verdict=REVIEW)

    assert [(await court.cases.get(number)).id for number in (again, other)] == [first, other]
    assert [one.id for one in (await court.cases.get(first)).pictures] == [first, again]


async def test_nothing_joins_an_album_of_several_things(court: Court) -> None:
    """Its card shows more than the reference: a decision on it is not one on copies of the reference."""
    await posted(court, "a", message="m", group="g")
    await posted(court, "b", message="m", group="g", verdict=same(OTHER))
    third = await posted(court, "c")

    assert (await court.cases.get(third)).id == third


async def test_two_references_mixed_are_two_cases(court: Court) -> None:
    """Each reference has its burst, however they alternate."""
    for number in range(6):
        await posted(court, f"{number}", verdict=same(LOGO if number % 2 else OTHER))
    found = await court.cases.newest()

    assert [one.burst and one.burst.posts for one in found] == [3, 3]


async def test_an_edited_post_is_counted_once(court: Court) -> None:
    """The same message that comes again, edited, is one post, and is not marked twice."""
    await posted(court, "a", Act.FLAG, message="m", author="ann")
    await posted(court, "b", Act.FLAG, message="m", author="ann", revision=2)
    case = await court.cases.get(2)
    assert case.burst

    assert (case.burst.posts, case.burst.people) == (1, 1)
    assert await court.asked() == [(1, Act.FLAG)]


async def test_a_burst_goes_on_after_an_undo(court: Court) -> None:
    """A decision that was taken back says nothing about the next post."""
    first = await posted(court, "a")
    await court.cases.decide(first, Decision.ALLOWED, "ann", [])
    await court.cases.undo(first, "ann", [])

    assert (await court.cases.get(await posted(court, "b"))).id == first


async def test_any_message_of_a_burst_leads_to_its_case(court: Court) -> None:
    """By link or reply: a report of it renews the one card."""
    first = await posted(court, "a", space=channel("one"))
    await posted(court, "b", space=channel("two"))
    found: list[Case] = await court.cases.of_message("discord", "two", "b")

    assert [one.id for one in found] == [first]


async def test_who_is_forgotten_is_not_counted_any_more(court: Court) -> None:
    """The posts stay in the counter; who posted them is neither named nor counted, and the others are."""
    for name, author in (("a", "ann"), ("b", "bo"), ("c", "bo")):
        await posted(court, name, author=author, author_name=f"{author}'s name")
    privacy = SqlPrivacy(court.db, court.clock, HOUR)
    await privacy.forget("bo", "discord", "operator")
    case = await court.cases.get(1)
    assert case.burst

    assert (case.burst.posts, case.burst.people, [one.id for one in case.burst.authors]) == (3, 1, ["ann"])
    assert b"bo's name" not in court.db.path.read_bytes()


async def test_subscribers_hear_of_every_post(court: Court) -> None:
    """Their message counts all posts of a burst; the pictures of one album are one post."""
    await SqlReferences(court.db, court.clock).create_collection(Collection(name="brands", purpose=Purpose.BRAND))
    await court.alerts.subscribe(Subscription(collection="brands", platform=Platform.DISCORD, channel="news"), "ann")
    await posted(court, "a")
    await posted(court, "b", space=channel("two"))
    for name in ("c", "d"):
        await posted(court, name, group="album")

    assert [alert.count for alert in await court.alerts.due(9)] == [3]


async def test_an_album_of_several_messages_counts_once(court: Court) -> None:
    """Each of its messages is removed, on Telegram; the card says of how many posts that is."""
    first = await posted(court, "a")
    for number in range(2):
        await posted(court, f"b{number}", message=f"m{number}", group="g", author="bo")
    await court.cases.decide(first, Decision.VIOLATION, "mo", [], remove_all)
    case = await court.cases.get(first)
    assert case.burst

    assert [(one.act, one.count) for one in case.burst.tallies] == [(Act.REMOVE, 2)]
