"""The door: an event is committed to the inbox before the platform is told that it was received."""

from collections.abc import Sequence

from core.types import ImageEvent, Mode
from handlers.services import Services


async def accept(services: Services, events: Sequence[ImageEvent]) -> int:
    """Commit the events of watched channels; the number of new ones. Nothing is downloaded here."""
    watched = [event for event in events if await _watched(services, event)]
    new = await services.inbox.accept(watched) if watched else 0
    if new:
        services.inbox_bell.ring()
    return new


async def _watched(services: Services, event: ImageEvent) -> bool:
    return (await services.policies.for_space(event.space)).mode is not Mode.OFF
