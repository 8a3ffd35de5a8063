"""Collections of references: who sees which, and by which name.

A community's own collections are named "platform-community.short"; its staff say the short name only. What they say
with spaces has hyphens instead ("my scams" is my-scams), and capital letters are no difference to a name that is there.
"""

from core.access import home_of
from core.errors import DataError, NotFound
from core.names import as_word, is_written
from core.types import Collection, Purpose, Space
from handlers.needs import HasReferences

DEFAULT_COLLECTION = "library"
MAX_SHORT = 24


def check_name(name: str) -> str:
    """Return the name of a collection; raises DataError with one sentence."""
    if not name or len(name) > 64 or not all(letter.isalnum() or letter in "-_." for letter in name):
        raise DataError("A collection's name has 1 to 64 letters, digits, '-', '_' or '.'.")
    return name


async def create_collection(services: HasReferences, name: str, purpose: Purpose, owner: str = "") -> Collection:
    """Make a collection; raises DataError for an unusable name or owner and Conflict for a taken one."""
    made = Collection(name=check_name(name), purpose=purpose, owner=owner_of(owner))
    await services.references.create_collection(made)
    return made


async def create_default(services: HasReferences) -> None:
    """Make the default collection if there is none at all, as in a new data folder."""
    if not await services.references.collections():
        await services.references.create_collection(Collection(name=DEFAULT_COLLECTION))


def owner_of(owner: str) -> str:
    """Return the community as PLATFORM:ID, "" = everybody; raises DataError for an id without its platform."""
    try:
        home = home_of(owner).home if owner else ""
        if not home or is_written(home):
            return home
        raise ValueError(home)
    except ValueError:
        raise DataError("A collection's owner is a community: discord:ID, telegram:ID or web:web.") from None


async def visible(services: HasReferences, community: str) -> list[str]:
    """Return the names of the collections that belong to this community (PLATFORM:ID) or to everybody."""
    return [
        collection.name for collection in await services.references.collections() if collection.owner in ("", community)
    ]


async def visible_one(services: HasReferences, space: Space, name: str) -> Collection:
    """Return a collection by the name that the community's staff use; raises NotFound."""
    seen = {one.name: one for one in await seen_here(services, space)}
    alike = {key.casefold(): one for key, one in seen.items()}
    own = own_name(space, name)
    found = seen.get(own) or seen.get(name) or alike.get(own.casefold()) or alike.get(name.casefold())
    if found is None:
        raise NotFound(f"There is no collection '{name}'.")
    return found


async def own_one(services: HasReferences, space: Space, name: str) -> Collection:
    """Return a collection that this community's staff may change; raises NotFound also for one that they only see."""
    found = await visible_one(services, space, name)
    if not _is_theirs(space, found):
        raise NotFound(f"This community has no collection '{name}' of its own.")
    return found


async def owns(services: HasReferences, space: Space, full: str) -> bool:
    """Return whether this community's staff may change a collection, by its full name."""
    return _is_theirs(space, await services.references.collection(full))


def _is_theirs(space: Space, collection: Collection) -> bool:
    """Return whether it is the community's; one that they made stays theirs if the operator shows it to everybody."""
    return collection.owner == space.home or (not collection.owner and collection.name.startswith(own_name(space, "")))


async def seen_here(services: HasReferences, space: Space) -> list[Collection]:
    """Return the collections that belong to the community or to everybody."""
    return [one for one in await services.references.collections() if one.owner in ("", space.home)]


async def own_collection(services: HasReferences, space: Space, short: str, purpose: Purpose) -> Collection:
    """Return the community's collection of that short name, made if new; raises DataError for an unusable name."""
    name = own_name(space, short)
    theirs = [one for one in await seen_here(services, space) if one.name.casefold() == name.casefold()]
    if theirs:  # a name that is spelt the same comes before one that differs in capital letters
        return max(theirs, key=lambda one: one.name == name)
    if not short or len(short) > MAX_SHORT:
        raise DataError(f"A collection's name has 1 to {MAX_SHORT} letters, digits, '-' or '_'.")
    return await create_collection(services, name, purpose, space.home)


def own_name(space: Space, short: str) -> str:
    """Return the full name of a community's own collection."""
    return f"{space.platform}-{as_word(space.community)}.{'-'.join(short.split())}"


def short_name(full: str) -> str:
    """Return the name that the community's staff use."""
    head, dot, short = full.partition(".")
    return short if dot and "-" in head else full
