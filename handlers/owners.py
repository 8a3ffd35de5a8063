"""Whose a collection is, where the operator must say so: a number of former times may be that of two platforms.

nobodys    collections of such a number, and where it is known: no community sees them
give       says whose one is
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Collection, Platform
from handlers.references import owner_of
from handlers.services import Services

UNKNOWN = "unknown:"
"""What migration 0015 put before a number of which it could not tell the platform."""


@dataclass(frozen=True, slots=True)
class Nobodys:
    """A collection that no community sees; `places` are communities of its number, as PLATFORM:ID."""

    collection: Collection
    places: tuple[str, ...]


async def nobodys(services: Services) -> Sequence[Nobodys]:
    """Collections of a number whose platform nobody knows."""
    found = [one for one in await services.references.collections() if one.owner.startswith(UNKNOWN)]
    known = await _known(services) if found else frozenset()
    return [Nobodys(one, tuple(place for place in _places(one) if place in known)) for one in found]


async def give(services: Services, name: str, owner: str, by: str) -> Collection:
    """Say whose it is, "" = everybody's; raises NotFound, or DataError for what is no community."""
    await services.references.set_owner(name, owner_of(owner), by)
    return await services.references.collection(name)


def _places(collection: Collection) -> list[str]:
    number = collection.owner.removeprefix(UNKNOWN)
    return [f"{platform.value}:{number}" for platform in Platform]


async def _known(services: Services) -> frozenset[str]:
    """Communities that were set up, or of which a channel is watched."""
    homes = set[str]()
    for platform in Platform:
        homes |= {f"{platform.value}:{one.id}" for one in await services.communities.all(platform)}
        homes |= {space.home for space in await services.policies.of_platform(platform)}
    return frozenset(homes)
