"""The outbox: every committed act is carried out once, and how it went stands on the case."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.fronts.web.front import WebFront
from bot.services import Services
from core.bursts import PACE
from core.chat import GONE, Carried
from core.errors import NotFound, RetryLater
from core.matches import Match, Verdict
from core.types import Act, ActState, Content, Kind, Mode, Outcome, Platform, Reference, Space
from handlers.outbox import AT_ONCE, OUTAGE_ATTEMPTS, carry_out, carry_out_forever
from tests.clock import Clock
from tests.small import LONGEST_PAUSE_S, SPACE, FakeFront, event

FOUND = Match(reference=Reference(key="a", collection="b"), kind=Kind.EDITED, confidence=0.97, cosine=0.8)
SURE = replace(FOUND, content=Content.SAME)
ELSEWHERE = replace(SPACE, community="other", channel="other")
WEB = Space(platform=Platform.WEB, community="web", channel="web")


async def opened(
    services: Services,
    *acts: Act,
    message: str = "m",
    space: Space = SPACE,
    found: Match = FOUND,
    late: Sequence[Act] | None = None,
) -> int:
    """A case with these acts waiting."""
    await services.inbox.accept([event(space=space, message=message)])
    (waiting,) = await services.inbox.claim(1, timedelta(seconds=60))
    verdict = Verdict(outcome=Outcome.MATCH, reason="copy", matches=(found,))
    number = await services.cases.conclude(waiting, "ff", verdict, Mode.ENFORCE, acts, late=late)
    assert number
    return number


async def run_dry(services: Services) -> None:
    """Carry out what is due until nothing is."""
    while actions := await services.cases.claim_actions(AT_ONCE):
        await asyncio.gather(*(carry_out(services, action) for action in actions))


async def states(services: Services, number: int) -> list[tuple[Act, ActState, str]]:
    return [(one.act, one.state, one.detail) for one in (await services.cases.get(number)).actions]


async def test_each_act_is_carried_out_once_and_in_order(services: Services, front: FakeFront) -> None:
    """Acts reach the front once, oldest first, also more than the loop takes at once, and after a restart."""
    numbers = [await opened(services, Act.FLAG, Act.REMOVE, message=str(at)) for at in range(12)]
    await run_dry(services)
    await run_dry(services)

    assert len(front.acts) == 24
    for number in numbers:
        assert [one.act for one in front.acts if one.case == number] == [Act.FLAG, Act.REMOVE]
    assert len({one.key for one in front.acts}) == 24
    assert await states(services, numbers[0]) == [(Act.FLAG, ActState.DONE, ""), (Act.REMOVE, ActState.DONE, "")]


@pytest.mark.parametrize("state", [ActState.GONE, ActState.FORBIDDEN, ActState.UNSUPPORTED, ActState.FAILED])
async def test_a_failure_is_shown(services: Services, front: FakeFront, state: ActState) -> None:
    """What the platform answered stands on the case, with its sentence."""
    front.answer = Carried(state=state, sentence="The bot may not do that.")
    number = await opened(services, Act.REMOVE)
    await run_dry(services)

    assert await states(services, number) == [(Act.REMOVE, state, "The bot may not do that.")]


@pytest.mark.parametrize(
    ("raised", "detail"),
    [(NotFound("The channel is not there."), "The channel is not there."), (KeyError("x"), "KeyError")],
)
async def test_a_front_that_raises_stops_nobody(
    services: Services, front: FakeFront, raised: Exception, detail: str
) -> None:
    """An exception of a front is this act's failure; those of other platforms are carried out."""
    front.raises = raised
    post = await services.posts.add("ann", "a.png", b"bytes")
    whole = replace(services, fronts={**services.fronts, Platform.WEB: WebFront(services.posts)})
    bad = await opened(whole, Act.FLAG)
    good = await opened(whole, Act.REMOVE, message=post.id, space=WEB)
    await run_dry(whole)

    assert await states(whole, bad) == [(Act.FLAG, ActState.FAILED, detail)]
    assert await states(whole, good) == [(Act.REMOVE, ActState.DONE, "")]
    assert (await whole.posts.get(post.id)).removed


async def test_a_platform_that_is_slow_is_asked_again(services: Services, front: FakeFront, clock: Clock) -> None:
    """An act is tried for about an hour, and those behind it wait; once the platform answers, all of them are done."""
    front.raises = RetryLater("unreachable")
    number = await opened(services, Act.FLAG, Act.REMOVE)
    for _ in range(OUTAGE_ATTEMPTS - 1):
        await run_dry(services)
        clock.turn(seconds=LONGEST_PAUSE_S)
    waiting = await states(services, number)
    front.raises = None
    front.answer = Carried(state=ActState.DONE, receipt="r")
    await run_dry(services)

    assert waiting[0] == (Act.FLAG, ActState.WAITING, "unreachable")
    assert await states(services, number) == [(Act.FLAG, ActState.DONE, ""), (Act.REMOVE, ActState.DONE, "")]
    assert (await services.cases.get(number)).receipt(Act.REMOVE) == "r"


async def test_a_second_try_knows_the_newest_card(services: Services, front: FakeFront, clock: Clock) -> None:
    """The first one need not look for a card that arrived unheard of; the newest is the community's own."""
    front.answer = Carried(state=ActState.DONE, receipt="elsewhere")
    await opened(services, Act.CARD, message="elsewhere", space=ELSEWHERE)
    await run_dry(services)
    for number in range(2):
        clock.turn(seconds=1)
        front.answer = Carried(state=ActState.DONE, receipt=f"card-{number}")
        await opened(services, Act.CARD, message=str(number))
        await run_dry(services)
    front.raises = RetryLater("The answer was lost.")
    await opened(services, Act.CARD, message="lost")
    await run_dry(services)
    clock.turn(seconds=5)
    front.raises = None
    await run_dry(services)

    assert [order.newest for order in front.orders] == ["", "", "", "", "card-1"]


async def test_a_card_that_was_deleted_comes_again_when_its_burst_grows(
    services: Services, front: FakeFront, clock: Clock
) -> None:
    """Moderators see what joins: the card is sent once more, as if there had been none."""
    front.answer = Carried(state=ActState.DONE, receipt="first")
    await opened(services, Act.CARD, found=SURE)
    await run_dry(services)
    front.answer = GONE
    await opened(services, Act.CARD, message="2", found=SURE, late=())
    clock.turn(seconds=PACE.total_seconds())
    await run_dry(services)

    assert [(order.anew, order.case.receipt(Act.CARD)) for order in front.orders] == [
        (False, ""),
        (False, "first"),
        (True, ""),
    ]


async def test_one_stuck_case_delays_no_other(services: Services, front: FakeFront) -> None:
    """An act that must wait holds up its own case only."""
    front.raises = RetryLater("unreachable")
    await opened(services, Act.FLAG, message="1")
    await run_dry(services)
    front.raises = None
    other = await opened(services, Act.FLAG, message="2")
    await run_dry(services)

    assert await states(services, other) == [(Act.FLAG, ActState.DONE, "")]


async def test_a_platform_that_is_not_connected(services: Services, clock: Clock) -> None:
    """An act for a platform that is not there any more has failed in the end, and says so."""
    number = await opened(services, Act.FLAG, space=replace(SPACE, platform=Platform.TELEGRAM))
    for _ in range(OUTAGE_ATTEMPTS):
        await run_dry(services)
        clock.turn(seconds=LONGEST_PAUSE_S)

    assert await states(services, number) == [(Act.FLAG, ActState.FAILED, "not-running")]


async def test_doing_it_twice_is_doing_it_once(services: Services) -> None:
    """After a crash between doing and writing down, the web channel's post is as after the first time."""
    post = await services.posts.add("ann", "a.png", b"bytes")
    web = replace(services, fronts={Platform.WEB: WebFront(services.posts)})
    await opened(web, Act.FLAG, message=post.id, space=WEB)
    (action,) = await web.cases.claim_actions(9)

    assert [await carry_out(web, action) for _ in range(2)] == [Carried(state=ActState.DONE)] * 2
    assert (await services.posts.get(post.id)).flagged


async def test_a_post_that_is_gone(services: Services) -> None:
    """An act on a post that no longer exists is told as such."""
    web = replace(services, fronts={Platform.WEB: WebFront(services.posts)})
    number = await opened(web, Act.REMOVE, message="nobody", space=WEB)
    await run_dry(web)

    assert await states(web, number) == [(Act.REMOVE, ActState.GONE, "The post no longer exists.")]


async def test_a_new_act_wakes_the_loop(services: Services, front: FakeFront, monkeypatch: pytest.MonkeyPatch) -> None:
    """An idle outbox hears the bell and does not sleep its pause out."""
    monkeypatch.setattr("handlers.bell.IDLE_SECONDS", 3600)
    loop = asyncio.create_task(carry_out_forever(services))
    await asyncio.sleep(0.05)
    await opened(services, Act.FLAG)
    assert not front.acts
    services.outbox_bell.ring()
    await asyncio.wait_for(front.begun.wait(), 60)
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop

    assert front.acts


async def test_a_slow_act_delays_no_other_case(services: Services, front: FakeFront) -> None:
    """While one act hangs, those of other cases are carried out, each once, and its own case waits for it."""
    stuck = await opened(services, Act.FLAG, Act.REMOVE, message="stuck")
    hanging = front.held[stuck] = asyncio.Event()
    others = [await opened(services, Act.FLAG, Act.REMOVE, message=str(number)) for number in range(30)]
    loop = asyncio.create_task(carry_out_forever(services))
    await until(lambda: len(front.acts) == 2 * len(others))
    waiting = await states(services, stuck)
    hanging.set()
    await until(lambda: len(front.acts) == 2 * len(others) + 2)
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop

    assert [state for _, state, _ in waiting] == [ActState.WAITING] * 2
    assert len({one.key for one in front.acts}) == len(front.acts)
    assert [one.act for one in front.acts if one.case == stuck] == [Act.FLAG, Act.REMOVE]


@pytest.mark.parametrize(
    "space", [SPACE, replace(SPACE, community="other", channel="other")], ids=["here", "elsewhere"]
)
async def test_messages_that_wait_delay_nobody(services: Services, front: FakeFront, space: Space) -> None:
    """A platform lets few cards through in a minute: removals, and another community's card, go meanwhile."""
    hanging = asyncio.Event()
    for number in range(20):
        front.held[await opened(services, Act.CARD, message=f"card-{number}")] = hanging
    act = Act.REMOVE if space is SPACE else Act.CARD
    others = [await opened(services, act, message=f"other-{number}", space=space) for number in range(20)]
    loop = asyncio.create_task(carry_out_forever(services))
    await until(lambda: len(front.acts) == len(others))
    hanging.set()
    await until(lambda: len(front.acts) == 20 + len(others))
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop

    assert {one.case for one in front.acts[:20]} == set(others)


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it takes too long")


async def test_what_is_in_hand_is_finished_when_the_bot_stops(services: Services, front: FakeFront) -> None:
    """An act that is under way when the loop is stopped is done and written down, so the next start won't repeat it."""
    number = await opened(services, Act.FLAG)
    slow = front.held[number] = asyncio.Event()
    loop = asyncio.create_task(carry_out_forever(services))
    await front.begun.wait()
    loop.cancel()
    asyncio.get_running_loop().call_later(0.2, slow.set)
    with suppress(asyncio.CancelledError):
        await loop

    assert await states(services, number) == [(Act.FLAG, ActState.DONE, "")]


async def test_what_can_not_be_written_down_stops_no_other(
    services: Services, front: FakeFront, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug met after the front's answer: the others are carried out, and this act comes again later, not at once."""
    poison = await opened(services, Act.FLAG, message="poison")
    (action,) = await services.cases.claim_actions(9)
    finish = services.cases.finish_action

    async def failing(number: int, carried: Carried) -> None:
        if number == action.id:
            raise KeyError("a column")
        await finish(number, carried)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services.cases, "finish_action", failing)
        others = [await opened(services, Act.FLAG, message=str(number)) for number in range(5)]
        loop = asyncio.create_task(carry_out_forever(services))
        await until(lambda: {one.case for one in front.acts} >= {poison, *others})
        await asyncio.sleep(0.2)
        assert not loop.done()
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop

    assert sum(one.case == poison for one in front.acts) == 1
    assert [(await states(services, one))[0][1] for one in others] == [ActState.DONE] * 5
    assert f"action {action.id} could not be written down" in caplog.text
