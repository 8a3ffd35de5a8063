"""Alerts: who hears of what, once for a burst, on any platform."""

import asyncio
from dataclasses import replace

import pytest

from bot.services import Services
from core.cases import Policy
from core.chat import Alert, Carried
from core.errors import NotFound, Refused, RetryLater
from core.types import ActState, Collection, Mode, Platform, Purpose, Space
from handlers import alerts, intake, references
from handlers.outbox import OUTAGE_ATTEMPTS
from handlers.references import Entry
from handlers.screen import screen
from handlers.screening import LEASE
from tests.clock import Clock
from tests.small import SPACE, FakeFront, event, saved, scribble

ELSEWHERE = replace(SPACE, community="other guild")
KNOWN = saved(scribble(1))


@pytest.fixture
async def brand(services: Services, front: FakeFront) -> Services:
    """A shared brand collection with one image, and a second platform."""
    made = replace(services, fronts={Platform.DISCORD: front, Platform.TELEGRAM: FakeFront(name="telegram")})
    await made.references.create_collection(Collection(name="brand", purpose=Purpose.BRAND))
    await references.add(made, Entry(key="logo", collection="brand"), KNOWN)
    front.images = {"logo": KNOWN, "strange": saved(scribble(2))}
    return made


async def post(services: Services, message: str, image: str = "logo", space: Space = SPACE) -> None:
    await services.policies.set(space, Policy(mode=Mode.DRY_RUN), "ann")
    await intake.accept(services, [event(image, space=space, message=message)])
    for waiting in await services.inbox.claim(9, LEASE):
        await screen(services, waiting)


async def told(services: Services, platform: Platform = Platform.DISCORD) -> list[tuple[str, int]]:
    """Tell what is due; channel and count of all alerts so far."""
    for alert in await services.alerts.due(9):
        await alerts.tell(services, alert)
    front = services.fronts[platform]
    assert isinstance(front, FakeFront)
    return [(one.subscription.channel, one.count) for one in front.alerts]


async def test_a_burst_is_one_alert_with_a_counter(brand: Services, clock: Clock) -> None:
    """Three posts of one image within the hour are one message whose counter says three; a stranger is none."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    await post(brand, "1")
    first = await told(brand)
    for number in ("2", "3"):
        await post(brand, number)
    await post(brand, "4", "strange")
    clock.turn(seconds=6)
    both = await told(brand)

    assert first == [("alerts", 1)]
    assert both == [("alerts", 1), ("alerts", 3)]


async def test_the_counter_is_not_renewed_at_every_post(brand: Services, clock: Clock) -> None:
    """Within seconds of the last message nothing is sent; a moment later the counter catches up."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    await post(brand, "1")
    await told(brand)
    await post(brand, "2")
    at_once = await told(brand)
    clock.turn(seconds=6)

    assert len(at_once) == 1
    assert len(await told(brand)) == 2


async def test_a_later_burst_is_a_new_alert(brand: Services, clock: Clock) -> None:
    """Two hours after the last post the count starts again."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    await post(brand, "1")
    await told(brand)
    clock.turn(hours=2)
    await post(brand, "2")

    assert await told(brand) == [("alerts", 1), ("alerts", 1)]


async def test_an_invitation_leads_to_another_platform_once(brand: Services) -> None:
    """A chat on Telegram that has the code hears of posts on Discord; the code works once."""
    code = str((await alerts.invite(brand, SPACE, "brand", "ann")).values["code"])
    await alerts.join(brand, Platform.TELEGRAM, "-100", code.lower(), "zh", "bo")
    with pytest.raises(NotFound):
        await alerts.join(brand, Platform.TELEGRAM, "-200", code, "zh", "bo")
    await post(brand, "1")

    assert await told(brand, Platform.TELEGRAM) == [("-100", 1)]


async def test_a_community_hears_of_its_own_posts_only(brand: Services) -> None:
    """Posts elsewhere of the same shared collection are none of its business."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    await post(brand, "1", space=ELSEWHERE)

    assert await told(brand) == []


async def test_nobody_subscribes_to_what_is_not_theirs(brand: Services) -> None:
    """A collection of another community does not exist for these."""
    await brand.references.create_collection(Collection(name="secret", owner=ELSEWHERE.home))
    with pytest.raises(NotFound):
        await alerts.subscribe(brand, SPACE, "secret", "alerts", "en", "ann")
    with pytest.raises(NotFound):
        await alerts.invite(brand, SPACE, "secret", "ann")


async def test_a_subscription_ends_when_it_is_taken_back(brand: Services) -> None:
    """After unsubscribing nothing comes; the list says so."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    listed = await alerts.listed(brand, SPACE, "alerts")
    gone = await alerts.unsubscribe(brand, SPACE, "brand", "alerts", "ann")
    again = await alerts.unsubscribe(brand, SPACE, "brand", "alerts", "ann")
    await post(brand, "1")

    assert listed.values == {"collections": "brand"}
    assert (gone.key, again.key) == ("said.unsubscribed", "said.not-subscribed")
    assert await told(brand) == []


async def test_a_platform_that_is_down_is_asked_again(brand: Services, front: FakeFront, clock: Clock) -> None:
    """The alert waits and is sent once it works; a subscriber that is gone for good is not asked again."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    front.raises = RetryLater("unreachable")
    await post(brand, "1")
    await told(brand)
    front.raises, front.answer = None, Carried(state=ActState.FORBIDDEN, sentence="blocked")
    clock.turn(seconds=5)
    later = await told(brand)
    clock.turn(minutes=5)

    assert len(later) == 2
    assert len(await told(brand)) == 2


@pytest.mark.parametrize("raised", [Refused("no-place", "There is no such place."), KeyError("a column")])
async def test_an_alert_that_can_not_be_sent_is_left(
    brand: Services, front: FakeFront, clock: Clock, raised: Exception
) -> None:
    """A platform that refuses, or a bug of a front, costs this alert alone: it is tried once."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    front.raises = raised
    await post(brand, "1")
    tried = await told(brand)
    clock.turn(days=1)

    assert len(tried) == 1
    assert await told(brand) == tried


async def test_a_platform_that_stays_down_is_given_up(brand: Services, front: FakeFront, clock: Clock) -> None:
    """An alert that nobody will ever read is tried for a day, not for ever."""
    await alerts.subscribe(brand, SPACE, "brand", "alerts", "en", "ann")
    front.raises = RetryLater("unreachable")
    await post(brand, "1")
    for _ in range(OUTAGE_ATTEMPTS + 2):
        clock.turn(days=1)
        for alert in await brand.alerts.due(9):
            await alerts.tell(brand, alert)

    assert await brand.alerts.due(9) == []


async def test_an_alert_that_can_not_be_written_down_stops_no_other(
    brand: Services, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug met after one was sent: the loop goes on, the other is told, and this one comes again later."""
    for channel in ("first", "second"):
        await alerts.subscribe(brand, SPACE, "brand", channel, "en", "ann")
    await post(brand, "1")
    done = brand.alerts.told

    async def failing(alert: Alert, carried: Carried) -> None:
        if alert.subscription.channel == "first":
            raise KeyError("a column")
        await done(alert, carried)

    monkeypatch.setattr(brand.alerts, "told", failing)
    front = brand.fronts[Platform.DISCORD]
    assert isinstance(front, FakeFront)
    loop = asyncio.create_task(alerts.tell_forever(brand))
    async with asyncio.timeout(30):
        while len(front.alerts) < 2 or "could not be written down" not in caplog.text:  # noqa: ASYNC110  no bell rings
            await asyncio.sleep(0.01)
    is_over = loop.done()
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)

    assert not is_over
    assert sorted(one.subscription.channel for one in front.alerts) == ["first", "second"]
