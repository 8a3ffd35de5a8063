"""Alerts: who subscribed, what is a burst, and that nobody is told twice or not at all."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.bursts import BURST
from core.chat import Carried, Subscription
from core.errors import NotFound
from core.types import ActState, Collection, Decision, Intent, Mode, Outcome, Platform, Purpose, Reference, Space
from store.sql.alerts import ALPHABET, SqlAlerts
from store.sql.db import Database
from store.sql.references import SqlReferences
from tests.clock import Clock
from tests.small import DONE, SPACE
from tests.store.sql.court import LOGO, MATCH, OTHER, REVIEW, Court, match_of

HERE = Subscription(
    collection="brands", platform=Platform.DISCORD, channel="news", community="discord:guild", language="zh"
)
THERE = Subscription(collection="brands", platform=Platform.TELEGRAM, channel="42", community="discord:guild")
ANYWHERE = Subscription(collection="brands", platform=Platform.TELEGRAM, channel="43")
ELSEWHERE = Space(platform=Platform.TELEGRAM, community="other", channel="other")
HOUR = timedelta(hours=1)


@pytest.fixture
async def alerts(court: Court) -> SqlAlerts:
    """Two collections that one can subscribe to."""
    references = SqlReferences(court.db, court.clock)
    for name in ("brands", "art"):
        await references.create_collection(Collection(name=name, purpose=Purpose.BRAND))
    return court.alerts


async def counts(alerts: SqlAlerts) -> list[tuple[str, str, int]]:
    """Whom to tell of what, and how often it was seen."""
    return [(one.subscription.channel, one.reference.key, one.count) for one in await alerts.due(99)]


async def test_subscriptions_come_and_go(alerts: SqlAlerts) -> None:
    """A channel subscribes to a collection once, and is found by its platform and name."""
    assert [await alerts.subscribe(one, "ann") for one in (HERE, THERE, HERE)] == [True, True, False]
    known = [replace(one, id=0) for one in await alerts.subscriptions()]

    assert known == [HERE, THERE]
    assert [one.channel for one in await alerts.subscriptions("telegram")] == ["42"]
    assert [one.channel for one in await alerts.subscriptions(Platform.DISCORD, "news")] == ["news"]
    assert await alerts.subscriptions("discord", "42") == []
    assert [await alerts.unsubscribe("brands", "discord", "news", "ann") for _ in range(2)] == [True, False]
    assert [one.channel for one in await alerts.subscriptions()] == ["42"]


async def test_a_collection_that_is_not_there(alerts: SqlAlerts) -> None:
    """Nobody subscribes or invites to what does not exist, and is told so."""
    with pytest.raises(NotFound, match="no collection 'none'"):
        await alerts.subscribe(replace(HERE, collection="none"), "ann")
    with pytest.raises(NotFound, match="no collection 'none'"):
        await alerts.invite("none", "discord:guild", "ann", HOUR)


async def test_a_collection_takes_its_subscriptions_along(alerts: SqlAlerts, court: Court) -> None:
    """With a collection go its subscriptions, alerts and invitations."""
    await alerts.subscribe(HERE, "ann")
    code = await alerts.invite("brands", "discord:guild", "ann", HOUR)
    await court.picture("a")
    await SqlReferences(court.db, court.clock).delete_collection("brands")

    assert await alerts.subscriptions() == []
    assert await alerts.due(9) == []
    with pytest.raises(NotFound):
        await alerts.redeem(code)


async def test_a_posted_match_alerts_its_subscribers(alerts: SqlAlerts, court: Court, clock: Clock) -> None:
    """Whoever subscribed to the best match's collection is told, with the reference as it was and the case."""
    for one in (HERE, THERE, replace(ANYWHERE, collection="art")):
        await alerts.subscribe(one, "ann")
    number = await court.picture("a")
    first, second = await alerts.due(9)

    assert [replace(one.subscription, id=0) for one in (first, second)] == [HERE, THERE]
    assert (first.reference, first.case, first.count, first.told, first.receipt) == (LOGO, number, 1, 0, "")
    assert (first.first_at, first.last_at, first.attempts) == (clock(), clock(), 1)


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("outcome", Outcome)
async def test_only_posted_matches_alert(alerts: SqlAlerts, court: Court, intent: Intent, outcome: Outcome) -> None:
    """Doubts, clean pictures, reports and questions are no news for a brand."""
    await alerts.subscribe(HERE, "ann")
    waiting = await court.waiting("a", intent=intent)
    await court.cases.conclude(waiting, "ff", replace(MATCH, outcome=outcome), Mode.DRY_RUN)

    assert bool(await alerts.due(9)) == (intent is Intent.POSTED and outcome is Outcome.MATCH)


async def test_a_subscriber_hears_of_its_own_community(alerts: SqlAlerts, court: Court) -> None:
    """A subscription is for one community, or for all where the operator said so."""
    for one in (HERE, ANYWHERE):
        await alerts.subscribe(one, "ann")
    await court.picture("a", space=ELSEWHERE)
    assert await counts(alerts) == [("43", "logo", 1)]
    await court.picture("b")

    assert await counts(alerts) == [("43", "logo", 2), ("news", "logo", 1)]


async def test_a_burst_is_one_alert(alerts: SqlAlerts, court: Court, clock: Clock) -> None:
    """The same reference within the hour of the last is counted; after a quiet hour it is news again."""
    await alerts.subscribe(HERE, "ann")
    start = clock()
    numbers = []
    for image in "abc":
        numbers.append(await court.picture(image))
        clock.turn(seconds=BURST.total_seconds())
    (burst,) = await alerts.due(9)
    clock.turn(seconds=1)
    await court.picture("d")

    assert (burst.count, burst.case, burst.first_at, burst.last_at) == (3, numbers[-1], start, start + 2 * BURST)
    assert await counts(alerts) == [("news", "logo", 3), ("news", "logo", 1)]


async def test_each_reference_has_its_own_burst(alerts: SqlAlerts, court: Court) -> None:
    """Two references that are posted in turns are two alerts."""
    await alerts.subscribe(HERE, "ann")
    for at, reference in enumerate([LOGO, OTHER, LOGO]):
        await court.picture(f"{at}", verdict=match_of(reference))

    assert await counts(alerts) == [("news", "logo", 2), ("news", "other", 1)]


async def test_an_album_counts_once_for_a_reference(alerts: SqlAlerts, court: Court) -> None:
    """The same reference in one album is one sighting, another reference another; the next album counts again."""
    await alerts.subscribe(HERE, "ann")
    for image, reference in [("a", LOGO), ("b", LOGO), ("c", OTHER), ("d", OTHER)]:
        await court.picture(image, group="g", verdict=match_of(reference))
    assert await counts(alerts) == [("news", "logo", 1), ("news", "other", 1)]
    await court.picture("e", group="h", verdict=match_of(LOGO))

    assert await counts(alerts) == [("news", "logo", 2), ("news", "other", 1)]


async def test_a_doubt_in_an_album_does_not_hide_the_match(alerts: SqlAlerts, court: Court) -> None:
    """A picture that went to review was not counted, so the match after it is."""
    await alerts.subscribe(HERE, "ann")
    await court.picture("a", group="g", verdict=REVIEW)
    await court.picture("b", group="g")

    assert await counts(alerts) == [("news", "logo", 1)]


async def test_who_knows_the_count_is_not_told_again(alerts: SqlAlerts, court: Court) -> None:
    """After the message the alert rests until the reference is seen again; then its message is brought up to date."""
    await alerts.subscribe(HERE, "ann")
    await court.picture("a")
    (first,) = await alerts.due(9)
    await alerts.told(first, Carried(state=ActState.DONE, receipt="m-1"))
    assert await alerts.due(9) == []
    await court.picture("b")
    (second,) = await alerts.due(9)

    assert (second.id, second.count, second.told, second.receipt, second.attempts) == (first.id, 2, 1, "m-1", 1)
    await alerts.told(second, DONE)
    await court.picture("c")
    assert [one.receipt for one in await alerts.due(9)] == ["m-1"]


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_each_subscriber_is_told_apart(alerts: SqlAlerts, court: Court, which: int) -> None:
    """Whoever was told, or must wait, says nothing of those before and after."""
    for one in (HERE, THERE, ANYWHERE):
        await alerts.subscribe(one, "ann")
    await court.picture("a")
    due = await alerts.due(9)
    await alerts.told(due[which], DONE)
    left = await alerts.due(9)
    await alerts.again(left[0], timedelta(seconds=10))

    assert [one.id for one in left] == [one.id for one in due if one is not due[which]]
    assert [one.id for one in await alerts.due(9)] == [left[1].id]


async def test_what_happens_while_a_subscriber_is_told_is_told_next(alerts: SqlAlerts, court: Court) -> None:
    """A sighting during the telling makes the alert due again."""
    await alerts.subscribe(HERE, "ann")
    await court.picture("a")
    (telling,) = await alerts.due(9)
    await court.picture("b")
    await alerts.told(telling, DONE)

    assert [(one.count, one.told) for one in await alerts.due(9)] == [(2, 1)]


@pytest.mark.parametrize("state", [ActState.FORBIDDEN, ActState.GONE, ActState.UNSUPPORTED, ActState.FAILED])
async def test_who_cannot_be_told_is_not_tried_for_ever(alerts: SqlAlerts, court: Court, state: ActState) -> None:
    """A failure is final for this count; the next sighting is tried anew."""
    await alerts.subscribe(HERE, "ann")
    await court.picture("a")
    (alert,) = await alerts.due(9)
    await alerts.told(alert, Carried(state=state, sentence="No."))
    assert await alerts.due(9) == []
    await court.picture("b")

    assert [(one.count, one.attempts) for one in await alerts.due(9)] == [(2, 1)]


async def test_a_subscriber_is_tried_again_after_a_while(alerts: SqlAlerts, court: Court, clock: Clock) -> None:
    """An alert that could not be told now waits its while, and its tries are counted."""
    await alerts.subscribe(HERE, "ann")
    await court.picture("a")
    (alert,) = await alerts.due(9)
    await alerts.again(alert, timedelta(seconds=10))
    clock.turn(seconds=9)
    assert await alerts.due(9) == []
    clock.turn(seconds=1)

    assert [one.attempts for one in await alerts.due(9)] == [2]


async def test_the_oldest_alerts_come_first(alerts: SqlAlerts, court: Court) -> None:
    """No more than asked, oldest first."""
    await alerts.subscribe(HERE, "ann")
    for key in "abcd":
        await court.picture(key, verdict=match_of(Reference(key=key, collection="brands")))

    assert [one.reference.key for one in await alerts.due(3)] == ["a", "b", "c"]


async def test_idle_alerts_never_write(alerts: SqlAlerts, db: Database) -> None:
    """With nobody to tell the look for alerts does not even ask for the write lock."""
    async with db.write():
        assert await asyncio.wait_for(alerts.due(9), 5) == []


async def test_an_invitation_is_used_once(alerts: SqlAlerts) -> None:
    """A code of two groups of letters opens one subscription, however it is typed, and then no other."""
    code = await alerts.invite("brands", "discord:guild", "ann", HOUR)

    assert [len(part) for part in code.split("-")] == [4, 4]
    assert set(code) <= {*ALPHABET, "-"}
    assert await alerts.redeem(f" {code.lower().replace('-', ' – ')} ") == ("brands", "discord:guild")
    with pytest.raises(NotFound, match="used already"):
        await alerts.redeem(code)


async def test_of_two_who_redeem_at_once_one_succeeds(alerts: SqlAlerts) -> None:
    """A code that is typed in two chats at the same moment works in one of them."""
    code = await alerts.invite("brands", "discord:guild", "ann", HOUR)
    said = await asyncio.gather(*(alerts.redeem(code) for _ in range(4)), return_exceptions=True)

    assert sorted(isinstance(one, NotFound) for one in said) == [False, True, True, True]


@pytest.mark.parametrize("code", ["", "-", "ABCD-EFGH", "' OR 1=1", "🦜"])
async def test_a_wrong_code_opens_nothing(alerts: SqlAlerts, code: str) -> None:
    """What was never given out is not found."""
    await alerts.invite("brands", "discord:guild", "ann", HOUR)
    with pytest.raises(NotFound, match="no such invitation"):
        await alerts.redeem(code)


async def test_an_old_invitation_is_too_old(alerts: SqlAlerts, clock: Clock) -> None:
    """After its time a code is refused with a sentence, and forgotten when the next is made."""
    old, other = [await alerts.invite("brands", "discord:guild", "ann", HOUR) for _ in range(2)]
    clock.turn(hours=1)
    with pytest.raises(NotFound, match="too old"):
        await alerts.redeem(old)
    await alerts.invite("art", "discord:guild", "ann", HOUR)
    with pytest.raises(NotFound, match="no such invitation"):
        await alerts.redeem(other)


async def test_alerts_are_raised_with_the_verdict_or_not_at_all(alerts: SqlAlerts, court: Court) -> None:
    """The second of two workers on one image alerts nobody."""
    await alerts.subscribe(HERE, "ann")
    waiting = await court.waiting("a", SPACE)
    await asyncio.gather(*(court.cases.conclude(waiting, "ff", MATCH, Mode.FLAG) for _ in range(2)))

    assert await counts(alerts) == [("news", "logo", 1)]


async def test_only_the_burst_of_that_time_is_withdrawn(alerts: SqlAlerts, court: Court, clock: Clock) -> None:
    """Other images of the same reference were seen hours before and hours after suspected child abuse."""
    await alerts.subscribe(HERE, "ann")
    numbers = []
    for image in "abc":
        numbers.append(await court.picture(image, sha256=f"sha-{image}"))
        (told,) = await alerts.due(9)
        await alerts.told(told, DONE)
        clock.turn(hours=3)
    await court.cases.decide(numbers[1], Decision.ABUSE, "ann", [])

    assert [(one.case, one.withdrawn) for one in await alerts.due(9)] == [(numbers[1], True)]


async def test_what_is_withdrawn_while_it_is_told_is_taken_back(alerts: SqlAlerts, court: Court) -> None:
    """The message was on its way when a moderator called its post suspected child abuse: it is due once more."""
    await alerts.subscribe(HERE, "ann")
    number = await court.picture("a")
    (telling,) = await alerts.due(9)
    await court.cases.decide(number, Decision.ABUSE, "ann", [])
    await alerts.told(telling, Carried(state=ActState.DONE, receipt="news:1"))
    (again,) = await alerts.due(9)
    await alerts.told(again, DONE)

    assert (again.withdrawn, again.receipt) == (True, "news:1")
    assert await alerts.due(9) == []
