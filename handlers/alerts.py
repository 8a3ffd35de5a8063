"""Brand-monitoring alerts: who wants to hear of matches in a collection, and telling them once for a burst.

    subscribe                     a channel of the community itself
    invite -> code -> join        a channel or person anywhere else, also on another platform
    match --store/sql/cases.py--> alert (count + 1) --tell--> message, later its counter
    suspected child abuse --store/sql/cases.py--> what was told of it is taken back

A subscriber hears of posts in the community that subscribed or invited; of posts everywhere only if the operator
said so.
"""

import asyncio
import contextlib
import logging
from datetime import timedelta
from typing import Protocol

from core.chat import Alert, Carried, Said, Subscription
from core.errors import ResightError, RetryLater
from core.types import ActState, Platform, Space
from handlers import evidence
from handlers.bell import tirelessly
from handlers.collections import short_name, visible_one
from handlers.evidence import EvidenceNeeds
from handlers.needs import HasAlerts, HasAlertsBell, HasCases, HasFronts, HasParts, HasReferences
from handlers.outbox import OUTAGE_ATTEMPTS, pause

AT_ONCE = 16
COUNTER_EVERY = timedelta(seconds=5)
"""How often the counter of a burst is updated at most, because platforms limit edits."""
KEEP_INVITE = timedelta(hours=24)
log = logging.getLogger(__name__)


class SubscribeNeeds(HasReferences, HasAlerts, Protocol):
    """What subscribes to a collection."""


class MessageNeeds(EvidenceNeeds, HasCases, HasFronts, Protocol):
    """What shows a burst to a subscriber."""


class TellNeeds(EvidenceNeeds, HasCases, HasAlerts, HasFronts, Protocol):
    """What tells a subscriber, and notes it."""


class TellForeverNeeds(EvidenceNeeds, HasCases, HasAlerts, HasFronts, HasParts, HasAlertsBell, Protocol):
    """What tells subscribers for ever."""


async def subscribe(
    services: SubscribeNeeds, space: Space, collection: str, channel: str, language: str, by: str
) -> Said:
    """Subscribe a channel of the same platform to matches in this community; return what to say. Raises NotFound."""
    visible_collection = await visible_one(services, space, collection)
    wanted = Subscription(
        collection=visible_collection.name,
        platform=space.platform,
        channel=channel,
        community=space.home,
        language=language,
    )
    is_new = await services.alerts.subscribe(wanted, by)
    return Said(key="said.subscribed" if is_new else "said.subscribed-before", values={"collection": collection})


async def unsubscribe(services: HasAlerts, space: Space, collection: str, channel: str, by: str) -> Said:
    """End a channel's subscription, also one made by invitation; return what to say."""
    names = {subscription.collection for subscription in await services.alerts.subscriptions(space.platform, channel)}
    full = next((name for name in names if collection in (name, short_name(name))), "")
    gone = bool(full) and await services.alerts.unsubscribe(full, space.platform, channel, by)
    return Said(key="said.unsubscribed" if gone else "said.not-subscribed", values={"collection": collection})


async def listed(services: HasAlerts, space: Space, channel: str) -> Said:
    """Return the sentence that lists what a channel is subscribed to."""
    names = [
        short_name(subscription.collection)
        for subscription in await services.alerts.subscriptions(space.platform, channel)
    ]
    key = "said.subscriptions" if names else "said.no-subscriptions"
    return Said(key=key, values={"collections": ", ".join(names)} if names else {})


async def invite(services: SubscribeNeeds, space: Space, collection: str, by: str) -> Said:
    """Return a sentence with a code that one chat on any platform may redeem; raises NotFound."""
    visible_collection = await visible_one(services, space, collection)
    code = await services.alerts.invite(visible_collection.name, space.home, by, KEEP_INVITE)
    return Said(key="said.invited", values={"code": code, "hours": int(KEEP_INVITE.total_seconds() // 3600)})


async def join(services: HasAlerts, platform: Platform, channel: str, code: str, language: str, by: str) -> Said:
    """Redeem a code for this channel or person; raises NotFound for one unknown, used or too old."""
    collection, community = await services.alerts.redeem(code)
    wanted = Subscription(
        collection=collection,
        platform=platform,
        channel=channel,
        community=community,
        language=language,
    )
    await services.alerts.subscribe(wanted, by)
    return Said(key="said.subscribed", values={"collection": short_name(collection)})


async def tell_forever(services: TellForeverNeeds) -> None:
    """Tell subscribers of bursts, for ever; verdicts wake the loop."""

    async def some() -> int:
        alerts = await services.alerts.due(AT_ONCE, services.parts.unreachable)
        await asyncio.gather(*(_guarded(services, alert) for alert in alerts))
        return len(alerts)

    await tirelessly(some, services.alerts_bell)


async def _guarded(services: TellNeeds, alert: Alert) -> None:
    """Tell one alert; an error beside the front, such as a full disk, delays this alert alone."""
    try:
        await tell(services, alert)
    except ResightError as error:
        log.warning("%s", error)
    except Exception:  # a bug of ours
        log.exception("alert %d could not be written down", alert.id)
        with contextlib.suppress(Exception):  # else it is told again at once
            await services.alerts.again(alert, pause(alert.attempts))


async def tell(services: TellNeeds, alert: Alert) -> None:
    """Send the message about a burst, later update its counter; an unreachable subscriber stops nobody else."""
    try:
        carried = await _told(services, alert)
    except RetryLater as error:
        if alert.attempts < OUTAGE_ATTEMPTS:
            await services.alerts.again(alert, pause(alert.attempts, error))
            return
        carried = Carried(state=ActState.FAILED, sentence=str(error))
    except ResightError as error:
        carried = Carried(state=ActState.FAILED, sentence=str(error))
    except Exception as error:  # a front's bug costs this alert, and the next one still has its turn
        log.exception("alert %d failed", alert.id)
        carried = Carried(state=ActState.FAILED, sentence=type(error).__name__)
    await services.alerts.told(alert, carried)
    await services.alerts.again(alert, COUNTER_EVERY)


async def _told(services: MessageNeeds, alert: Alert) -> Carried:
    front = services.fronts.get(alert.subscription.platform)
    if front is None:
        raise RetryLater("not-running")
    shown, post = await services.cases.get(alert.case), await services.cases.post(alert.case)
    if alert.withdrawn or shown.is_suspected:
        return await front.withdraw(alert) if alert.receipt else Carried(state=ActState.GONE, sentence="suspected")
    return await front.alert(alert, post, None if alert.receipt else await evidence.picture(services, shown))
