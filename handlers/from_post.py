"""Reference images taken from a message in chat, all its pictures at once, and taken back the same way.

    message --fetch--> bytes --add_check.add--> "platform-channel-message-1", "-2", ... and what is worth knowing

The keys follow from the message, so adding it twice changes nothing, and an undo button needs no memory. A file that
the collection has from another message already is not added once more.
"""

from collections.abc import Sequence
from typing import Protocol

from core.chat import Said
from core.errors import DataError, Unscannable
from core.types import ADDED_BY, ImageEvent, Purpose, Reference, Space
from core.wording import Words
from handlers.add_check import AddReport, add
from handlers.collections import MAX_SHORT, own_collection, own_name, short_name, visible_one
from handlers.needs import HasFronts, HasReferences
from handlers.references import Added, AddNeeds, Entry, SyncNeeds, remove
from handlers.search import SearchNeeds
from handlers.sightings import RecallNeeds

MOST_PICTURES = 20
MOST_NOTES = 5
SHOWN = 20
BLOCKLIST = "blocklist"


class FromPostNeeds(AddNeeds, SearchNeeds, RecallNeeds, HasFronts, Protocol):
    """What adds the pictures of a message."""


async def add_message(
    services: FromPostNeeds,
    events: Sequence[ImageEvent],
    message: str,
    *,
    collection: str = BLOCKLIST,
    purpose: Purpose = Purpose.BLOCKLIST,
    title: str = "",
    by: str = "",
) -> Said:
    """Add every picture of a message or album and return what to say; raises RetryLater.

    `message` names the message in the keys.
    """
    if not events:
        return Said(key="said.no-image")
    space = events[0].space
    try:
        into = await own_collection(services, space, collection, purpose)
    except DataError:
        return Said(key="said.collection-name", values={"most": MAX_SHORT})
    reports: list[AddReport] = []
    refused: list[DataError] = []
    for number, event in enumerate(events[:MOST_PICTURES], 1):
        entry = Entry(
            key=key_of(space, message, number),
            collection=into.name,
            title=title or event.file_name,
            source_url=event.link if event.link.startswith("http") else "",
            note=f"{ADDED_BY}{by}" if by else "",
        )
        try:
            reports.append(await _add(services, entry, event))
        except DataError as error:
            refused.append(error)
    return _told(collection, reports, refused)


async def _add(services: FromPostNeeds, entry: Entry, event: ImageEvent) -> AddReport:
    data = await services.fronts[event.space.platform].fetch(event)
    return await add(services, entry, data, twins=False)


def _told(collection: str, reports: Sequence[AddReport], refused: Sequence[DataError]) -> Said:
    """Return what was added, why the rest was not, and the notes; the same thing is said once."""
    count, bad = sum(report.result is not Added.UNCHANGED for report in reports), len(refused)
    notes = [*map(_why_not, refused), *(note for report in reports for note in report.notes)]
    more = tuple(note for number, note in enumerate(notes) if note not in notes[:number])[:MOST_NOTES]
    if not reports:
        return Said(key="said.added-none", more=more)
    if not count and not bad:
        return Said(key="said.added-before", values={"collection": collection}, more=more)
    key = "said.added-some" if bad else "said.added"
    return Said(key=key, values={"count": count, "collection": collection} | ({"bad": bad} if bad else {}), more=more)


def _why_not(error: DataError) -> Said:
    key = f"reason.{error.reason}" if isinstance(error, Unscannable) else ""
    return Said(key=key if Words.of("en").has(key) else "reason.other")


async def take_back(services: SyncNeeds, space: Space, message: str, collection: str = BLOCKLIST) -> Said:
    """Remove what `add_message` added; return what to say."""
    keys = [key_of(space, message, number) for number in range(1, MOST_PICTURES + 1)]
    removed = await remove(services, own_name(space, collection), keys)
    return Said(key="said.taken-back" if removed else "said.nothing-there", values={"count": len(removed)})


async def remove_one(services: SyncNeeds, space: Space, key: str, collection: str = BLOCKLIST) -> Said:
    """Remove a reference of the community's own and return what to say; raises NotFound for an unknown collection."""
    removed = await remove(services, own_name(space, collection), [key])
    return Said(key="said.removed" if removed else "said.nothing-there", values={"key": key, "count": len(removed)})


async def listed(services: HasReferences, space: Space, collection: str = BLOCKLIST) -> tuple[Said, list[Reference]]:
    """Return a heading with the number of references, and the newest ones; raises NotFound."""
    visible_collection = await visible_one(services, space, collection)
    newest = await services.references.newest(visible_collection.name, SHOWN)
    values = {"count": visible_collection.size, "collection": short_name(visible_collection.name)}
    return Said(key="said.references", values=values), newest


def key_of(space: Space, message: str, number: int) -> str:
    """Return the key of the reference made from the picture of this number (from 1) of a message."""
    return f"{space.platform}-{space.channel}-{message}-{number}"
