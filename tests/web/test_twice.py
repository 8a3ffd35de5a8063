"""A violation that kicks or bans is asked for twice on the page, too: whom it hits and what it deletes comes first."""

from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from core.brakes import Brake
from core.cases import Policy
from core.matches import Match, Verdict
from core.types import Act, Content, Decision, Kind, Mode, Outcome, Space
from core.wording import Words
from handlers import review
from tests.small import SPACE, event
from tests.web.fakes import Desk, found

EN = Words.of("en")
BANS = Policy(enforce=(Act.REMOVE, Act.BAN))
ANN = {"author": "42", "author_name": "ann"}


async def a_case(front: Desk, *spaces: Space, policy: Policy = BANS, since: int = 0, brake: str = "") -> None:
    """Posts of one known image on Discord, the very first by ann and each by somebody else."""
    reference = await front.services.references.find("library", "logo")
    best = Match(reference=reference, kind=Kind.EXACT, confidence=1.0, cosine=1.0, content=Content.SAME)
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(best,))
    for number, space in enumerate(spaces or [SPACE], since):
        await front.services.policies.set(space, policy, "mo")
        who = {"author": str(number), "author_name": f"raider {number}"} if number else ANN
        await front.services.inbox.accept([event(str(number), space, message=str(number), **who)])
        (waiting,) = await front.services.inbox.claim(1, timedelta(minutes=1))
        await front.services.cases.conclude(waiting, "ff", verdict, Mode.FLAG, brake=brake, late=())


async def decided(front: Desk) -> list[Decision]:
    return [one.decision for one in (await front.services.cases.get(1)).decisions]


@pytest.mark.parametrize("is_fragment", [False, True])
async def test_whom_a_violation_bans_is_asked_first(front: Desk, is_fragment: bool) -> None:
    """With scripts and without: the first press names the person and what goes, the second one does it."""
    await a_case(front)
    send = front.fragment if is_fragment else front.submit
    status, asked = await send("/case/1/decision", page="/case/1", decision="violation")
    before = await decided(front)
    sure = found(r'name="sure" value="([^"]+)"', asked)
    await send("/case/1/decision", page="/case/1", decision="violation", sure=sure)

    assert (status, before) == (200, [])
    assert "ann (42)" in asked and EN("act.ban") in asked and EN("twice.purge", hours=24) in asked
    assert await decided(front) == [Decision.VIOLATION]


async def test_of_a_raid_it_says_how_many(front: Desk) -> None:
    """Over all of its channels, each by its own policy."""
    await a_case(front, SPACE, replace(SPACE, channel="two"), replace(SPACE, channel="three"))
    _, asked = await front.submit("/case/1/decision", page="/case/1", decision="violation")

    assert EN("twice.violation-many", people=3, acts=EN("act.ban")) in asked


@pytest.mark.parametrize("posts", [1, 3])
async def test_suspected_abuse_says_how_many_posts_go(front: Desk, posts: int) -> None:
    """Of a burst all are removed, and nothing brings them back."""
    await a_case(front, *([SPACE] * posts))
    _, asked = await front.submit("/case/1/decision", page="/case/1", decision="abuse")
    key = "abuse.ask" if posts == 1 else "abuse.ask-many"

    assert EN(key, posts=posts) in unescape(asked)


async def test_a_brake_that_is_off_has_no_button(front: Desk) -> None:
    """Also where it was let go from another case; that it held something back stays written."""
    await a_case(front, brake="daily")
    brakes, best = front.services.brakes, (await front.services.cases.get(1)).verdict.best
    assert best
    await brakes.trip(SPACE.home, Brake.DAILY, best.reference.id)
    held = await front.page("/case/1")
    await brakes.release(SPACE.home, best.reference.id, "mo")
    free = await front.page("/case/1")

    assert [EN("brake.release") in one for one in (held, free)] == [True, False]
    assert all(EN("brake.daily") in unescape(one) for one in (held, free))


async def test_what_was_agreed_to_is_all_that_is_done(front: Desk) -> None:
    """Where staff made it more between the two presses, it is asked for again."""
    await a_case(front, policy=Policy(enforce=(Act.KICK,)))
    _, asked = await front.submit("/case/1/decision", page="/case/1", decision="violation")
    await front.services.policies.set(SPACE, BANS, "mo")
    sure = found(r'name="sure" value="([^"]+)"', asked)
    _, again = await front.submit("/case/1/decision", page="/case/1", decision="violation", sure=sure)

    assert EN("twice.purge", hours=24) in again
    assert await decided(front) == []


async def test_nothing_is_asked_where_nobody_is_put_out(front: Desk) -> None:
    """A removal can be undone, and other decisions do nothing to anybody."""
    await a_case(front, policy=Policy(enforce=(Act.REMOVE, Act.TIMEOUT)))
    await front.submit("/case/1/decision", page="/case/1", decision="violation")

    assert await decided(front) == [Decision.VIOLATION]


async def test_an_allowed_post_bans_nobody(front: Desk) -> None:
    """Whatever a violation would do, it is not asked about by the other buttons."""
    await a_case(front)
    await front.submit("/case/1/decision", page="/case/1", decision="allowed")

    assert await decided(front) == [Decision.ALLOWED]


async def test_who_comes_late_is_told_so(front: Desk) -> None:
    """What somebody else has decided needs no second question."""
    await a_case(front)
    await review.decide(front.services, 1, Decision.ALLOWED, "bo")
    status, said = await front.submit("/case/1/decision", page="/case/1", decision="violation")

    assert status == 409 and EN("case.conflict") in said


@pytest.mark.parametrize("decision", ["violation", "abuse"])
async def test_a_question_stands_still_while_the_case_grows(front: Desk, decision: str) -> None:
    """The page asks each second for a newer card, which would sweep the question away in a raid."""
    await a_case(front)
    _, asked = await front.fragment("/case/1/decision", page="/case/1", decision=decision)
    seen = found(r'name="seen" value="([^"]+)"', asked)
    await a_case(front, since=1)
    async with front.client.get(f"/case/1?seen={seen}", headers={"HX-Request": "true"}) as answer:
        assert answer.status == 204


async def test_programs_say_it_once(front: Desk) -> None:
    """A call of the API is no slip of the mouse."""
    await a_case(front)
    headers = {"Authorization": "Bearer let-me-in"}

    async with front.client.post("/api/cases/1/decision", json={"decision": "violation"}, headers=headers) as answer:
        assert answer.status == 200
