"""A raid on every front: copies of one image are one card, whatever comes between them, and one press is for all."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.cases import Case
from core.types import Decision, Mode, Platform
from core.wording import Words
from handlers import review
from tests.chat.stage import LOG, PATIENCE_S, TITLE, Read, Stage, known
from tests.small import drawn, saved

EN = Words.of("en")


async def watched(stage: Stage, mode: Mode = Mode.FLAG) -> None:
    """Set up, and watched wherever anybody posts."""
    if stage.platform is Platform.MATRIX:
        pytest.skip("a homeserver takes minutes for a raid on a small machine")
    await stage.use("mo", "setup", log=stage.channel(LOG), mode=mode.value, language="en")


async def raid(
    stage: Stage, people: int, channels: int, posts: int, mode: Mode = Mode.FLAG, picture: bytes = b""
) -> list[Any]:
    """So many posts, by so many people in so many channels; the platform's own messages."""
    crowd, services = stage.crowd(people, channels), stage.services
    policy = await services.policies.for_space(stage.space())
    for where in {where for _, where in crowd}:
        await services.policies.set(stage.space(where), replace(policy, mode=mode), "mo")
    whose = [crowd[(number * 7) % len(crowd)] for number in range(posts)]
    return [await stage.post(who, picture or known(), where=where) for who, where in whose]


async def until(is_so: Callable[[], Awaitable[bool]], patience: float = PATIENCE_S) -> None:
    """Wait: neither stores nor platforms ring a bell in a test."""
    async with asyncio.timeout(patience):
        while not await is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def burst_of(stage: Stage, posts: int, patience: float = PATIENCE_S) -> Case:
    """The case of the newest burst, once it has so many posts."""

    async def has_grown() -> bool:
        found = await stage.services.cases.newest()
        return bool(found) and _posts(found[0]) >= posts

    await until(has_grown, patience)
    return (await stage.services.cases.newest())[0]


async def given_back(stage: Stage, posts: int, patience: float = PATIENCE_S) -> None:
    """Wait until so many posts are there again."""

    async def is_back() -> bool:
        return await stage.reposts() >= posts

    await until(is_back, patience)


def _posts(case: Case) -> int:
    return case.burst.posts if case.burst else 1


async def card_saying(stage: Stage, text: str, patience: float = PATIENCE_S) -> Read:
    """The one card, once it says this."""
    async with asyncio.timeout(patience):
        while True:
            (card,) = await stage.cards(1, saying=TITLE)
            if text in card.text or any(text in label for label in card.buttons):
                return card
            await asyncio.sleep(0.1)


async def all_stand(stage: Stage, posts: Sequence[Any], how: str, patience: float = PATIENCE_S) -> None:
    async def all_do() -> bool:
        return {await stage.stands(post) for post in posts} == {how}

    await until(all_do, patience)


def remove_all(count: int) -> str:
    return EN("burst.violation-remove", count=count)


async def test_a_raid_is_one_card_and_one_press(stage: Stage) -> None:
    """20 posts by 4 people in 5 channels: the card counts them, one press removes all, one undo gives all back.

    `python -m bench.bench_raid` has 200 and 2,000 of them in the stores.
    """
    await watched(stage)
    posts = await raid(stage, 4, 5, 20)
    case = await burst_of(stage, 20, patience=300)
    assert case.burst
    card = await card_saying(stage, remove_all(20))
    said = await stage.press("mo", card, remove_all(20))
    await all_stand(stage, posts, "gone", patience=300)
    await card_saying(stage, EN("burst.undo", count=20))

    assert (case.burst.posts, case.burst.people) == (20, 4)
    assert len(await stage.cards(1, saying=TITLE)) == 1
    assert EN("burst.for-all", posts=20) in said
    card = await card_saying(stage, EN("burst.tally", state="", count=20).strip())
    await stage.press("mo", card, EN("burst.undo", count=20))
    await given_back(stage, 20, patience=300)
    assert await stage.reposts() == 20


async def test_the_card_says_who_and_where(stage: Stage) -> None:
    """How many posts, people and channels; the newest post is linked where the platform has links."""
    await watched(stage)
    await raid(stage, 2, 2, 4)
    case = await burst_of(stage, 4)
    assert case.burst
    card = await card_saying(stage, remove_all(4))

    assert EN("burst.posts-many", count=4) in card.text
    assert EN("burst.people-many", count=2) in card.text
    assert EN("burst.label") in card.text


async def test_a_press_on_an_old_card_is_for_all(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pressed when the card showed two and four are there: all go, and the true number is told."""
    await watched(stage)
    posts = await raid(stage, 1, 2, 2)
    await burst_of(stage, 2)
    card = await card_saying(stage, remove_all(2))
    monkeypatch.setattr("store.sql.outbox.PACE", timedelta(hours=1))
    posts += await raid(stage, 1, 2, 2)
    await burst_of(stage, 4)
    said = await stage.press("mo", card, remove_all(2))
    await all_stand(stage, posts, "gone")

    assert EN("burst.for-more", posts=4, seen=2) in said


async def test_what_comes_after_the_decision_is_treated_as_it_says(stage: Stage) -> None:
    """In a dry run, too: the card says so before, counts it, and the one undo is for all."""
    await watched(stage, Mode.DRY_RUN)
    posts = [await stage.post("ann", known())]
    card = (await stage.cards(1, saying=TITLE))[-1]
    await stage.press("mo", card, EN("decision.violation"))
    await card_saying(stage, EN("burst.goes-on", when="").partition(",")[0])
    posts.append(await stage.post("bo", known()))
    await all_stand(stage, posts, "gone")
    card = await card_saying(stage, EN("burst.late-one"))
    await stage.press("mo", card, EN("burst.undo", count=2))
    await given_back(stage, 2)

    assert len(await stage.services.cases.newest()) == 1


async def test_of_two_who_press_one_is_the_first(stage: Stage) -> None:
    """However many posts it is about; each is removed once."""
    await watched(stage)
    await stage.make_staff("bo")
    posts = await raid(stage, 2, 1, 3)
    await burst_of(stage, 3)
    card = await card_saying(stage, remove_all(3))
    said = [await stage.press(who, card, remove_all(3)) for who in ("mo", "bo")]
    await all_stand(stage, posts, "gone")
    (case,) = await stage.services.cases.newest()

    assert EN("said.other-first") in said[1]
    assert len(case.decisions) == 1


async def test_two_references_mixed_are_two_cards(stage: Stage) -> None:
    """One press removes the posts of its card, and no other."""
    await watched(stage)
    stranger = saved(drawn("ringaloo"), "PNG")
    await stage.use("mo", "references add", picture=stranger, title="Another")
    other = saved(drawn("ringaloo").resize((500, 400)), "JPEG", quality=80)
    crowd = [("ann", known()), ("bo", other), ("bo", known()), ("ann", other)]
    posts = [await stage.post(who, picture) for who, picture in crowd]

    async def are_two() -> bool:
        return [_posts(one) for one in await stage.services.cases.newest()] == [2, 2]

    await until(are_two)
    card = await card_saying(stage, remove_all(2))
    await stage.press("mo", card, remove_all(2))
    await all_stand(stage, [posts[0], posts[2]], "gone")

    assert {await stage.stands(post) for post in (posts[1], posts[3])} <= {"there", "marked"}


async def test_an_album_joins_and_comes_back(stage: Stage) -> None:
    """A post of two pictures that both show the reference is one post of the burst, and comes back as one."""
    await watched(stage)
    smaller = saved(drawn("river-city").resize((500, 400)), "JPEG", quality=80)
    posts = [await stage.post("ann", known()), await stage.post("bo", known(), smaller)]
    await burst_of(stage, 2)
    card = await card_saying(stage, remove_all(2))
    await stage.press("mo", card, remove_all(2))
    await all_stand(stage, posts, "gone")
    card = await card_saying(stage, EN("burst.undo", count=2))
    await stage.press("mo", card, EN("burst.undo", count=2))
    await given_back(stage, 2)
    await asyncio.sleep(0.3)

    assert await stage.reposts() == 2


async def test_a_number_of_any_post_shows_the_burst(stage: Stage) -> None:
    """`/case` of a further post shows the one card."""
    await watched(stage)
    await raid(stage, 1, 1, 2)
    case = await burst_of(stage, 2)
    assert case.burst
    read = await stage.use("mo", "case", number=case.burst.newest, where=LOG)

    assert EN("burst.posts-many", count=2) in read.text


async def test_a_report_of_a_joined_post_is_on_the_card(stage: Stage) -> None:
    """It renews the one card, which counts who reported any of the posts."""
    await watched(stage)
    posts = [await stage.post("ann", known()), await stage.post("ann", known())]
    await burst_of(stage, 2)
    await stage.use("bo", "report", about=posts[1])
    await card_saying(stage, EN("card.report-one", count=1))

    assert len(await stage.services.cases.newest()) == 1


async def test_an_old_case_takes_no_further_posts(stage: Stage) -> None:
    """A case of the day before stays as it is: the next copy is a new card."""
    await watched(stage)
    await stage.post("ann", known())
    await stage.cards(1, saying=TITLE)
    clock = stage.services.clock
    stage.services.cases._clock = lambda: clock() + timedelta(hours=2)  # type: ignore[attr-defined]
    await stage.post("bo", known())

    assert len(await stage.cards(2, saying=TITLE)) == 2


@pytest.mark.parametrize("decision", [Decision.ALLOWED, Decision.NOT_A_MATCH, Decision.UNSURE])
async def test_other_decisions_leave_all_posts(stage: Stage, decision: Decision) -> None:
    """Allowed, no match or unsure: nothing is removed, on whichever of the posts."""
    await watched(stage)
    posts = await raid(stage, 1, 1, 2)
    case = await burst_of(stage, 2)
    await review.decide(stage.services, case.id, decision, "mo")

    async def is_done() -> bool:
        return not await stage.services.cases.waiting_actions()

    await until(is_done)

    assert {await stage.stands(post) for post in posts} <= {"there", "marked"}
