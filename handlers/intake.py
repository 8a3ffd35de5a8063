"""The door: an event is committed to the inbox before the platform is told that it was received."""

import secrets
from collections.abc import Sequence

from core.cases import Post
from core.chat import Community
from core.types import ImageEvent, Intent, Mode, Space
from handlers.services import Services

LINK = "/channel"
"""Where posts of the built-in channel are."""


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


async def post(services: Services, space: Space, author: str, file_name: str, data: bytes) -> tuple[Post, bool]:
    """Keep a post of the built-in channel, and whether it is watched: then it waits from the same moment on.

    Raises Busy or DiskFull; nothing of the post is kept then.
    """
    event = ImageEvent(
        space=space,
        message=secrets.token_urlsafe(9),
        image="0",
        author=author,
        author_name=author,
        file_name=file_name,
        link=LINK,
    )
    is_watched = bool(await _watched(services, space, [event]))
    kept = await services.posts.add(author, file_name, data, event=event if is_watched else None)
    if is_watched:
        services.inbox_bell.ring()
    return kept, is_watched


async def _watched(services: Services, space: Space, events: Sequence[ImageEvent]) -> list[ImageEvent]:
    if (await services.policies.for_space(space)).mode is Mode.OFF:
        return []
    community = await services.communities.get(space.platform, space.community)
    return [event for event in events if not is_exempt(community, event)]


def is_exempt(community: Community, event: ImageEvent) -> bool:
    """Staff, and whoever or whatever role the staff exempted."""
    return event.by_staff or not {event.author, *event.roles}.isdisjoint(community.exempt)
