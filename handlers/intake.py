"""The door: an event is committed to the inbox before the platform is told that it was received."""

from collections.abc import Sequence

from core.chat import Community
from core.types import ImageEvent, Intent, Mode, Space
from handlers.services import Services


async def accept(services: Services, events: Sequence[ImageEvent]) -> int:
    """Commit the events that are to be looked at; the number of new ones. Nothing is downloaded here.

    Posts count in watched channels only, and not those of exempt people; a query or a report always counts.
    """
    wanted = [event for event in events if event.intent is not Intent.POSTED]
    posted = [event for event in events if event.intent is Intent.POSTED]
    for space in dict.fromkeys(event.space for event in posted):
        wanted += await _watched(services, space, [event for event in posted if event.space == space])
    new = await services.inbox.accept(wanted) if wanted else 0
    if new:
        services.inbox_bell.ring()
    return new


async def _watched(services: Services, space: Space, events: Sequence[ImageEvent]) -> list[ImageEvent]:
    if (await services.policies.for_space(space)).mode is Mode.OFF:
        return []
    community = await services.communities.get(space.platform, space.community)
    return [event for event in events if not is_exempt(community, event)]


def is_exempt(community: Community, event: ImageEvent) -> bool:
    """Staff, and whoever or whatever role the staff exempted."""
    return event.by_staff or not {event.author, *event.roles}.isdisjoint(community.exempt)
