"""Reference images taken from a message in chat, all its pictures at once, and taken back the same way.

    message --fetch--> bytes --add_check.add--> "platform-channel-message-1", "-2", ... and what is worth knowing

The keys follow from the message, so adding it twice changes nothing, and an undo button needs no memory. A file that
the collection has from another message already is not added once more. A picture without a title is called as the post
says, else as its file (`core.titles`), else as whoever asks says (`otherwise`); one that has a title keeps it.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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


type Kept = Callable[[ImageEvent], Awaitable[tuple[bytes, tuple[Said, ...]] | None]]
"""What gives a kept copy of a picture that is gone, and what is to be said of that copy; None where none is kept."""


async def _nothing_kept(_event: ImageEvent) -> None:
    return None


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
    kept: Kept = _nothing_kept,
) -> Said:
    """Add every picture of a message or album and return what to say; raises RetryLater.

    `message` names the message in the keys; `otherwise` is the title of a picture about which nothing says anything,
    and `kept` gives a copy of one that is gone.
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
    copies = [_nothing_kept if key in known else kept for key in keys]  # a copy would be another picture under its key
    return _told(short_name(into.name), await _all_added(services, entries, events, copies))


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


@dataclass(frozen=True, slots=True)
class _Adding:
    """Reports, why the rest was refused, what those are called that are new, and what is to be said."""

    reports: list[AddReport] = field(default_factory=list)
    refused: list[DataError] = field(default_factory=list)
    called: list[str] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)


async def _all_added(
    services: FromPostNeeds, entries: Sequence[Entry], events: Sequence[ImageEvent], kept: Sequence[Kept]
) -> _Adding:
    """Add them, each from its copy if it is gone, and return how that went."""
    done = _Adding()
    for entry, event, copy in zip(entries, events, kept, strict=False):
        try:
            report, said = await _add(services, entry, event, copy)
        except DataError as error:
            done.refused.append(error)
            continue
        done.reports.append(report)
        done.said.extend([*said, *report.notes])
        done.called.extend([entry.title] if entry.title and report.result is not Added.UNCHANGED else [])
    return done


async def _add(
    services: FromPostNeeds, entry: Entry, event: ImageEvent, kept: Kept
) -> tuple[AddReport, tuple[Said, ...]]:
    """Return how it went, and what is to be said of the picture itself: it may be a copy."""
    said: tuple[Said, ...] = ()
    try:
        data = await services.fronts[event.space.platform].fetch(event)
    except Unscannable as error:
        copy = await kept(event) if error.reason == "gone" else None
        if copy is None:
            raise
        data, said = copy
    return await add(services, entry, data, twins=False), said


def _told(collection: str, done: _Adding) -> Said:
    """Return what was added, how it is called, why the rest was not, and the notes; the same thing is said once."""
    count, bad = sum(report.result is not Added.UNCHANGED for report in done.reports), len(done.refused)
    notes = [*map(_why_not, done.refused), *done.said]
    names = [Said(key="said.titled", values={"title": one}) for one in dict.fromkeys(done.called)][:MOST_TITLES]
    more = (*names, *[note for number, note in enumerate(notes) if note not in notes[:number]][:MOST_NOTES])
    if not done.reports:
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
