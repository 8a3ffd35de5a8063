"""The staff's commands about people and the community: exemptions, reports, language, where cards go, memory."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from core.chat import Community, Said
from core.messages import Answer
from core.types import Act, Space
from handlers import communities
from handlers.chat.context import STAFF_ONLY, ContextWith, runs
from handlers.chat.errors import Refuse, Unclear
from handlers.chat.options import Given
from handlers.communities import LogNeeds, MemoryNeeds
from handlers.needs import HasCommunities

type Choose = Callable[[HasCommunities, Community, str, str, str], Awaitable[Said]]
"""A choice about a person or a role: their id and name, and who chooses."""


async def _about(context: ContextWith[HasCommunities], given: Given, choose: Choose) -> Answer:
    """The person who is named, or who wrote the message that is replied to."""
    who = given.person() or (context.asked.about.author if context.asked.about else None)
    if who is None:
        raise Refuse("said.who")
    return context.answer(await choose(context.services, context.community, who.id, who.name or who.id, context.by))


exempt = partial(_about, choose=communities.exempt)
admit = partial(_about, choose=communities.admit)
ignore = partial(_about, choose=communities.ignore)


async def brakes(context: ContextWith[HasCommunities], given: Given) -> Answer:
    people, an_hour = given.number("people"), given.number("an_hour")
    if people is None or an_hour is None:
        raise Unclear
    done = await communities.set_brakes(context.services, context.community, people, an_hour, context.by)
    return context.answer(done)


async def remember(context: ContextWith[MemoryNeeds], given: Given) -> Answer:
    """How many hours embeddings of what is looked at are kept."""
    hours = given.number("hours")
    if hours is None:
        raise Unclear
    return context.answer(await communities.set_memory(context.services, context.community, hours, context.by))


async def bots(context: ContextWith[HasCommunities], given: Given) -> Answer:
    """Whether the posts of other bots are looked at, too."""
    include = given.text("which") == "on"
    return context.answer(await communities.set_bots(context.services, context.community, include, context.by))


async def language(context: ContextWith[HasCommunities], given: Given) -> Answer:
    """From the answer on."""
    chosen = given.text("language")
    done = await communities.set_language(context.services, context.community, chosen, context.by)
    return Answer(said=done, language=chosen)


async def roles(context: ContextWith[HasCommunities], given: Given) -> Answer:
    """The role that a quarantine gives, or that new cards call; nobody named: none any more."""
    use, who = communities.Use(given.text("use")), given.person()
    if not context.chat.can.has_roles:
        raise Refuse("said.no-roles")
    act = Act.QUARANTINE if use is communities.Use.QUARANTINE else Act.CARD
    if unfit := await context.chat.unfit(context.space, who.id, act) if who else ():
        raise Refuse(unfit[0].key, **unfit[0].values)
    name, role = (who.name, who.id) if who else ("", "")
    done = await communities.set_role(context.services, context.community, use, role, name, context.by)
    lacking = await context.chat.lacking(context.space, (act,)) if who and act is Act.QUARANTINE else ()
    return context.answer(replace(done, more=(*done.more, *lacking)))


async def log(context: ContextWith[LogNeeds], given: Given) -> Answer:
    """Cards go to the place that is named. Without channels another place is another community: its cards come here."""
    to = given.place("to")
    if to is None:
        raise Unclear
    if not context.chat.can.has_channels and to != context.space:
        return await _of_another(context, to)
    address = context.address if to == context.space else context.chat.address(to)
    done = await communities.set_log(context.services, context.community, address, context.by)
    return context.answer(replace(done, more=(*done.more, *await context.chat.lacking(to, (Act.CARD,)))))


async def _of_another(context: ContextWith[LogNeeds], other: Space) -> Answer:
    """Only for those who run the other community, too."""
    if not await runs(context, other):
        return context.refusal(STAFF_ONLY)
    community = await context.services.communities.get(other.platform, other.community)
    return context.answer(await communities.set_log(context.services, community, context.address, context.by))
