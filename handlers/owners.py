"""Gives collections an owner where only the operator can: old ids without a platform may be those of two.

nobodys    collections of such a number, and where it is known: no community sees them
give       says whose one is
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.types import Collection, Platform
from handlers.collections import owner_of
from handlers.needs import HasCommunities, HasPolicies, HasReferences

UNKNOWN = "unknown:"
"""What migration 0015 put before an id whose platform it could not tell."""


class PlacesNeeds(HasPolicies, HasCommunities, Protocol):
    """What knows the communities."""


class OwnersNeeds(HasReferences, HasPolicies, HasCommunities, Protocol):
    """What finds collections that nobody sees."""


@dataclass(frozen=True, slots=True)
class UnownedCollection:
    """A collection that no community sees; `places` are the communities with its id, as PLATFORM:ID."""

    collection: Collection
    places: tuple[str, ...]


async def unowned(services: OwnersNeeds) -> Sequence[UnownedCollection]:
    """Return the collections that belong to an id of unknown platform."""
    without_platform = [
        collection for collection in await services.references.collections() if collection.owner.startswith(UNKNOWN)
    ]
    known_places = await _known(services) if without_platform else frozenset()
    return [
        UnownedCollection(collection, tuple(place for place in _places(collection) if place in known_places))
        for collection in without_platform
    ]


async def give(services: HasReferences, name: str, owner: str, by: str) -> Collection:
    """Give a collection to a community, "" = to everybody; raises NotFound, or DataError for what is no community."""
    await services.references.set_owner(name, owner_of(owner), by)
    return await services.references.collection(name)


def _places(collection: Collection) -> list[str]:
    number = collection.owner.removeprefix(UNKNOWN)
    return [f"{platform.value}:{number}" for platform in Platform]


async def _known(services: PlacesNeeds) -> frozenset[str]:
    """Return the communities that were set up, or of which a channel is watched."""
    homes = set[str]()
    for platform in Platform:
        homes |= {f"{platform.value}:{community.id}" for community in await services.communities.all(platform)}
        homes |= {space.home for space in await services.policies.of_platform(platform)}
    return frozenset(homes)
