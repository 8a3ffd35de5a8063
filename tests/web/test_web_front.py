"""The front of the web channel: what Resight can do where it is the platform itself."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.fronts.web.front import WebFront
from core.cases import ActionRecord, Case, Policy
from core.chat import Alert, Community, Order, Subscription
from core.errors import Unscannable
from core.matches import Verdict
from core.types import Act, ActState, Mode, Outcome, Platform, Reference
from tests.small import event
from tests.web.fakes import Desk, picture
from web.context import CHANNEL

AT = datetime(2026, 5, 1, tzinfo=UTC)


def case_of(message: str, number: int = 1) -> Case:
    posted = event("image", CHANNEL, message=message)
    verdict = Verdict(outcome=Outcome.MATCH)
    return Case(id=number, event=posted, sha256="", verdict=verdict, mode=Mode.FLAG, would_have=(), opened_at=AT)


def order(act: Act, case: Case, about: Case | None = None) -> Order:
    about = about or case
    action = ActionRecord(id=1, case=about.id, act=act, key="key")
    community = Community(platform=Platform.WEB, id="web")
    return Order(action=action, case=case, about=about, community=community, policy=Policy())


async def test_marks_are_put_on_the_post_and_taken_off(front: Desk) -> None:
    """Flag, remove and restore change the post, as often as they are asked."""
    posts = front.services.posts
    post = await posts.add("ann", "a.png", picture(3))
    states = []
    for act in (Act.FLAG, Act.FLAG, Act.REMOVE, Act.RESTORE):
        assert (await WebFront(posts).carry_out(order(act, case_of(post.id)))).state is ActState.DONE
        states.append(((await posts.get(post.id)).flagged, (await posts.get(post.id)).removed))

    assert states == [(True, False), (True, False), (True, True), (False, False)]


async def test_it_is_the_picture_that_is_treated(front: Desk) -> None:
    """Of an album the post of the action's own picture is meant, not that of the first."""
    posts = front.services.posts
    first, second = [await posts.add("ann", "a.png", picture(seed)) for seed in (3, 4)]
    about = case_of(second.id, 2)
    await WebFront(posts).carry_out(order(Act.REMOVE, replace(case_of(first.id), further=(about,)), about))

    assert [(await posts.get(one.id)).removed for one in (first, second)] == [False, True]


@pytest.mark.parametrize("act", [Act.REPLY, Act.TIMEOUT, Act.RELEASE, Act.CARD, Act.ANSWER])
async def test_what_the_channel_has_not_is_unsupported(front: Desk, act: Act) -> None:
    """The page has no replies, time-outs or messages: it says so instead of pretending."""
    post = await front.services.posts.add("ann", "a.png", picture(3))
    carried = await WebFront(front.services.posts).carry_out(order(act, case_of(post.id)))

    assert carried.state is ActState.UNSUPPORTED
    assert carried.sentence.endswith(".")


async def test_a_post_that_is_not_there_is_gone(front: Desk) -> None:
    """Neither its bytes nor a mark on it are possible any more."""
    ours = WebFront(front.services.posts)

    assert (await ours.carry_out(order(Act.FLAG, case_of("none")))).state is ActState.GONE
    with pytest.raises(Unscannable, match="no longer kept"):
        await ours.fetch(case_of("none").event)


async def test_nobody_subscribes_from_the_page(front: Desk) -> None:
    """An alert that is for the web channel is one that can't be told."""
    wanted = Subscription(collection="brands", platform=Platform.WEB, channel="page")
    known = Reference(key="logo", collection="brands")
    alert = Alert(id=1, subscription=wanted, reference=known, case=1, count=1, first_at=AT, last_at=AT)
    carried = await WebFront(front.services.posts).alert(alert, case_of("none"), None)

    assert carried.state is ActState.UNSUPPORTED
