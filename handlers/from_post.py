"""Reference images taken from a message in chat, all its pictures at once, and taken back the same way.

    message --fetch--> bytes --add_check.add--> "platform-channel-message-1", "-2", ... and what is worth knowing

The keys follow from the message, so adding it twice changes nothing, and an undo button needs no memory. A file that
the collection has from another message already is not added once more. A picture without a title is called as the post
says, else as its file (`core.titles`), else as whoever asks says (`otherwise`); one that has a title keeps it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from core import titles
from core.chat import Said
from core.errors import DataError, Unscannable
from core.names import as_word
from core.types import ADDED_BY, ImageEvent, Purpose, Reference, Space
from core.wording import Words
from handlers.add_check import AddReport, add
from handlers.collections import MAX_SHORT, own_collection, own_one, short_name, visible_one
from handlers.needs import HasFronts, HasReferences
from handlers.references import Added, AddNeeds, Entry, SyncNeeds, remove
from handlers.search import SearchNeeds
from handlers.sightings import RecallNeeds

MOST_PICTURES = 20
MOST_NOTES = 5
MOST_TITLES = 3
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
    otherwise: str = "",
    by: str = "",
) -> Said:
    """Add every picture of a message or album and return what to say; raises RetryLater.

    `message` names the message in the keys; `otherwise` is the title of a picture about which nothing says anything.
    """
    if not events:
        return Said(key="said.no-image")
    space = events[0].space
    try:
        into = await own_collection(services, space, collection, purpose)
    except DataError:
        return Said(key="said.collection-name", values={"most": MAX_SHORT})
    keys = [key_of(space, message, number) for number in range(1, len(events[:MOST_PICTURES]) + 1)]
    known = await services.references.known(into.name, keys)
    note = f"{ADDED_BY}{by}" if by else ""
    entries = [
        Entry(key=key, collection=into.name, title=one, source_url=_link(event), note=note)
        for key, event, one in zip(keys, events, _titles(keys, events, known, title, otherwise), strict=False)
    ]
    return _told(short_name(into.name), *await _all_added(services, entries, events))


def _titles(
    keys: Sequence[str], events: Sequence[ImageEvent], known: Mapping[str, Reference], title: str, otherwise: str
) -> Iterator[str | None]:
    """Yield the title of each picture, None where it is to keep the one that it has."""
    written = next(filter(None, (titles.of_text(event.text) for event in events)), "")
    for key, event in zip(keys, events, strict=False):
        has_one = key in known and known[key].title
        yield title or (None if has_one else written or titles.of_file(event.file_name) or otherwise)


def _link(event: ImageEvent) -> str:
    return event.link if event.link.startswith("http") else ""


async def _all_added(
    services: FromPostNeeds, entries: Sequence[Entry], events: Sequence[ImageEvent]
) -> tuple[list[AddReport], list[DataError], list[str]]:
    """Add them and return the reports, why the rest was refused, and what those are called that are new."""
    reports: list[AddReport] = []
    refused: list[DataError] = []
    called: list[str] = []
    for entry, event in zip(entries, events, strict=False):
        try:
            reports.append(await _add(services, entry, event))
        except DataError as error:
            refused.append(error)
            continue
        called += [entry.title] if entry.title and reports[-1].result is not Added.UNCHANGED else []
    return reports, refused, called


async def _add(services: FromPostNeeds, entry: Entry, event: ImageEvent) -> AddReport:
    data = await services.fronts[event.space.platform].fetch(event)
    return await add(services, entry, data, twins=False)


def _told(collection: str, reports: Sequence[AddReport], refused: Sequence[DataError], called: Sequence[str]) -> Said:
    """Return what was added, how it is called, why the rest was not, and the notes; the same thing is said once."""
    count, bad = sum(report.result is not Added.UNCHANGED for report in reports), len(refused)
    notes = [*map(_why_not, refused), *(note for report in reports for note in report.notes)]
    names = [Said(key="said.titled", values={"title": one}) for one in dict.fromkeys(called)][:MOST_TITLES]
    more = (*names, *[note for number, note in enumerate(notes) if note not in notes[:number]][:MOST_NOTES])
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
    """Remove what `add_message` added; return what to say. Raises NotFound for an unknown collection."""
    keys = [key_of(space, message, number) for number in range(1, MOST_PICTURES + 1)]
    removed = await remove(services, (await own_one(services, space, collection)).name, keys)
    return Said(key="said.taken-back" if removed else "said.nothing-there", values={"count": len(removed)})


async def remove_one(services: SyncNeeds, space: Space, key: str, collection: str = BLOCKLIST) -> Said:
    """Remove a reference of the community's own and return what to say; raises NotFound for an unknown collection."""
    removed = await remove(services, (await own_one(services, space, collection)).name, [key])
    return Said(key="said.removed" if removed else "said.nothing-there", values={"key": key, "count": len(removed)})


async def listed(
    services: HasReferences, space: Space, collection: str = BLOCKLIST, called: str = ""
) -> tuple[Said, list[Reference]]:
    """Return a heading with the number of references, and the newest ones (`called` so, if not ""); raises NotFound."""
    visible_collection = await visible_one(services, space, collection)
    newest = await services.references.called(visible_collection.name, called, SHOWN)
    values = {"count": visible_collection.size, "collection": short_name(visible_collection.name)}
    if not called:
        return Said(key="said.references", values=values), newest
    return Said(key="said.references-called", values={**values, "title": called}), newest


def key_of(space: Space, message: str, number: int) -> str:
    """Return the key of the reference made from the picture of this number (from 1) of a message."""
    return f"{space.platform}-{as_word(space.channel)}-{as_word(message)}-{number}"
