"""Reference images taken from a message in chat, all its pictures at once, and taken back the same way.

    message --fetch--> bytes --references.add--> "platform-channel-message-1", "-2", ...

The keys follow from the message, so adding it twice changes nothing, and an undo button needs no memory.
"""

from collections.abc import Sequence

from core.chat import Said
from core.errors import DataError, Unscannable
from core.types import ImageEvent, Purpose, Reference, Space
from handlers.references import MAX_SHORT, Added, Entry, add, own_collection, own_name, remove, short_name, visible_one
from handlers.services import Services

MOST_PICTURES = 20
SHOWN = 20
BLOCKLIST = "blocklist"


async def add_message(
    services: Services,
    events: Sequence[ImageEvent],
    message: str,
    *,
    collection: str = BLOCKLIST,
    purpose: Purpose = Purpose.BLOCKLIST,
    title: str = "",
    by: str = "",
) -> Said:
    """Add every picture of a message or album; `message` names it in the keys. Raises RetryLater."""
    if not events:
        return Said(key="said.no-image")
    space = events[0].space
    try:
        into = await own_collection(services, space, collection, purpose)
    except DataError:
        return Said(key="said.collection-name", values={"most": MAX_SHORT})
    added, bad = 0, 0
    for number, event in enumerate(events[:MOST_PICTURES], 1):
        entry = Entry(
            key=key_of(space, message, number),
            collection=into.name,
            title=title or event.file_name,
            source_url=event.link if event.link.startswith("http") else "",
            note=f"added by {by}" if by else "",
        )
        try:
            added += await _add(services, entry, event) is not Added.UNCHANGED
        except (Unscannable, DataError):
            bad += 1
    return _told(collection, added, bad, len(events[:MOST_PICTURES]))


async def _add(services: Services, entry: Entry, event: ImageEvent) -> Added:
    data = await services.fronts[event.space.platform].fetch(event)
    return await add(services, entry, data)


def _told(collection: str, added: int, bad: int, asked: int) -> Said:
    if bad == asked:
        return Said(key="said.added-none")
    if not added and not bad:
        return Said(key="said.added-before", values={"collection": collection})
    key = "said.added-some" if bad else "said.added"
    return Said(key=key, values={"count": added, "collection": collection} | ({"bad": bad} if bad else {}))


async def take_back(services: Services, space: Space, message: str, collection: str = BLOCKLIST) -> Said:
    """Remove what `add_message` added."""
    keys = [key_of(space, message, number) for number in range(1, MOST_PICTURES + 1)]
    removed = await remove(services, own_name(space, collection), keys)
    return Said(key="said.taken-back" if removed else "said.nothing-there", values={"count": len(removed)})


async def remove_one(services: Services, space: Space, key: str, collection: str = BLOCKLIST) -> Said:
    """Remove one reference of the community's own; raises NotFound for an unknown collection."""
    removed = await remove(services, own_name(space, collection), [key])
    return Said(key="said.removed" if removed else "said.nothing-there", values={"key": key, "count": len(removed)})


async def listed(services: Services, space: Space, collection: str = BLOCKLIST) -> tuple[Said, list[Reference]]:
    """The newest references of a collection, and a heading with their number; raises NotFound."""
    found = await visible_one(services, space, collection)
    everything = [one async for one in services.references.each(found.name)]
    newest = sorted(everything, key=lambda one: str(one.added_at), reverse=True)[:SHOWN]
    values = {"count": len(everything), "collection": short_name(found.name)}
    return Said(key="said.references", values=values), newest


def key_of(space: Space, message: str, number: int) -> str:
    return f"{space.platform}-{space.channel}-{message}-{number}"
