"""The way into the inbox: an event is committed before the platform is told that it was received."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from core.cases import Post
from core.chat import Community
from core.errors import ResightError
from core.types import ImageEvent, Intent, Mode, Space
from handlers.needs import (
    HasBotsChoice,
    HasCommunities,
    HasInbox,
    HasInboxBell,
    HasPolicies,
    HasPosts,
    HasTrials,
)

log = logging.getLogger(__name__)
LINK = "/channel"
"""Path of the built-in channel's posts."""


class WatchedNeeds(HasPolicies, HasCommunities, HasTrials, HasBotsChoice, Protocol):
    """What says which posts are looked at."""


class IntakeNeeds(HasInbox, HasPolicies, HasCommunities, HasInboxBell, HasTrials, HasBotsChoice, Protocol):
    """What commits events of a platform."""


class PutBackNeeds(HasPolicies, HasCommunities, HasPosts, HasTrials, HasBotsChoice, Protocol):
    """What puts posts of the built-in channel into the inbox."""


class PostNeeds(HasPolicies, HasCommunities, HasPosts, HasInboxBell, HasTrials, HasBotsChoice, Protocol):
    """What takes a new post of the built-in channel."""


async def accept(services: IntakeNeeds, events: Sequence[ImageEvent]) -> int:
    """Commit the events that are to be looked at and return the number of new ones; nothing is downloaded here.

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


async def post(services: PostNeeds, space: Space, author: str, file_name: str, data: bytes) -> tuple[Post, bool]:
    """Keep a post of the built-in channel and return it with whether it is watched; a watched one waits at once.

    Raises Busy or DiskFull; nothing of the post is kept then.
    """
    event = _event(space, secrets.token_urlsafe(9), author, file_name)
    is_watched = bool(await _watched(services, space, [event]))
    stored_post = await services.posts.add(author, file_name, data, event=event if is_watched else None)
    if is_watched:
        services.inbox_bell.ring()
    return stored_post, is_watched


async def put_back(services: PutBackNeeds, space: Space) -> int:
    """Put posts of the built-in channel into the inbox that an old crash left without a row; return how many.

    As in `accept` the policy decides: unwatched posts are not looked at, as their page says. Posts that find no room
    are left for the next start.
    """
    put = 0
    try:
        while unseen := await services.posts.unseen():
            for unseen_post in unseen:
                event = _event(space, unseen_post.id, unseen_post.author, unseen_post.file_name)
                watched = await _watched(services, space, [event])
                await services.posts.see_to(unseen_post, event if watched else None)
                put += len(watched)
    except ResightError as error:
        log.warning("Posts that nobody has looked at are left for the next start. %s", error)
    return put


def _event(space: Space, message: str, author: str, file_name: str) -> ImageEvent:
    return ImageEvent(
        space=space,
        message=message,
        image="0",
        author=author,
        author_name=author,
        file_name=file_name,
        link=LINK,
    )


async def _watched(services: WatchedNeeds, space: Space, events: Sequence[ImageEvent]) -> list[ImageEvent]:
    if (await services.policies.for_space(space)).mode is Mode.OFF:
        return []
    community = await services.communities.get(space.platform, space.community)
    counted = [event for event in events if not is_exempt(community, event, include_bots=services.include_bots)]
    tried = [event for event in events if event.by_staff and _is_trial(services, event)]
    return [*counted, *tried, *(replace(event, intent=Intent.QUERY, text="") for event in tried)]


def _is_trial(services: HasTrials, event: ImageEvent) -> bool:
    """Return whether somebody who has just set the community up tries it out: that is looked at, and answered."""
    return services.trials.is_of(event.space.home, event.author, event.message)


def is_exempt(community: Community, event: ImageEvent, *, include_bots: bool = False) -> bool:
    """Return whether the author is staff, exempt as a person or by a role, or a bot that nobody chose to look at."""
    if event.by_bot and not (include_bots if community.include_bots is None else community.include_bots):
        return True
    return event.by_staff or not {event.author, *event.roles}.isdisjoint(community.exempt)
