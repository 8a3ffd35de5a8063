"""The commands about alerts: who hears of matches in a collection.

add, invite, remove, list   in a community, by its staff
join, remove, list          also in private, by anybody: a code is what allows it
"""

from core.messages import Answer
from handlers import alerts
from handlers.alerts import SubscribeNeeds
from handlers.chat.context import ContextWith
from handlers.chat.errors import known
from handlers.chat.meant import collection_of
from handlers.chat.options import Given
from handlers.needs import HasAlerts


async def add(context: ContextWith[SubscribeNeeds], given: Given) -> Answer:
    collection, to = given.text("collection"), context.address
    async with collection_of(context, collection):
        done = await alerts.subscribe(context.services, context.space, collection, to, context.language, context.by)
    return context.answer(done)


async def remove(context: ContextWith[HasAlerts], given: Given) -> Answer:
    collection, to = given.text("collection"), context.address
    return context.answer(await alerts.unsubscribe(context.services, context.space, collection, to, context.by))


async def listed(context: ContextWith[HasAlerts], _given: Given) -> Answer:
    return context.answer(await alerts.listed(context.services, context.space, context.address))


async def invite(context: ContextWith[SubscribeNeeds], given: Given) -> Answer:
    collection = given.text("collection")
    async with collection_of(context, collection):
        done = await alerts.invite(context.services, context.space, collection, context.by)
    return context.answer(done)


async def join(context: ContextWith[HasAlerts], given: Given) -> Answer:
    """Redeem an invitation for this place, or this person."""
    code, platform, to = given.text("code").strip().upper(), context.space.platform, context.address
    with known("said.no-code"):
        done = await alerts.join(context.services, platform, to, code, context.language, context.by)
    return context.answer(done)
