"""Notes about a reference that was added: what is worth knowing about it, although it is added in any case.

same-file    the collection has the same file under another key
same-image   another collection that this community sees has the same image
duplicate    it is a copy of another known image that this community sees
matched      so many images of late would have matched it     (where staff chose that they are remembered)
common       it looks like many different images of late: a common screen or template
screen       it is itself a screenshot or a page of text
frame        it is all frame: an empty form, a blank mock-up, a plain code    (not of a brand: there it is a logo)
damaged      only a part of its file could be decoded
partial      not all of its frames or pages were looked at
unchecked    the others could not be looked at just now

add      one image, looked up like any query image
of_file  what is missing of one that was added, compared with nothing
review   many that were stored together, by the vectors that are there anyway: only what is close is looked up
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

import numpy as np

from core.chat import Said
from core.errors import RetryLater
from core.matches import Hit, Match
from core.telling import how_sure, title_of
from core.types import Content, Kind, Purpose, Reference
from handlers.collections import short_name, visible
from handlers.needs import HasReferences
from handlers.references import Added, AddNeeds, Entry, Prepared, added
from handlers.search import SearchNeeds, search
from handlers.sightings import COPY_COSINE, RecallNeeds, Sightings, recall

NEAREST = 4
"""Nearest references asked for per image of a batch; the image itself is one of them."""


class CheckedAddNeeds(AddNeeds, SearchNeeds, RecallNeeds, Protocol):
    """What adds an image and looks it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """The result of adding one image, and what is worth knowing about it.

    `same_file` is a reference in the same collection with the same bytes; `duplicate` is the surest match among known
    images.
    """

    result: Added
    same_file: Reference | None = None
    duplicate: Match | None = None
    memory: Sightings = Sightings()
    is_screen: bool = False
    is_frame: bool = False
    partial: str = ""
    share: float = 1.0
    is_unchecked: bool = False

    @property
    def notes(self) -> tuple[Said, ...]:
        """The notes as sentences (`added.*`)."""
        memory = self.memory
        sentences = (
            _same_file(self.same_file) if self.same_file else None,
            _duplicate(self.duplicate) if self.duplicate else None,
            _matched(memory) if memory.copies else None,
            Said(key="added.common") if memory.is_common else None,
            Said(key="added.screen") if self.is_screen and not memory.is_common else None,
            Said(key="added.frame") if self.is_frame else None,
            _partial(self.partial, self.share) if self.partial else None,
            Said(key="added.unchecked") if self.is_unchecked else None,
        )
        return tuple(sentence for sentence in sentences if sentence)


def of_file(prepared: Prepared) -> tuple[Said, ...]:
    """Return the note about what is missing of the file; it is told even where no other note is wanted."""
    return (_partial(prepared.partial, prepared.share),) if prepared.partial else ()


def reason_of(note: Said) -> str:
    """Return the stable word of a note, for programs."""
    return note.key.partition(".")[2]


def _same_file(reference: Reference) -> Said:
    values = {"collection": short_name(reference.collection), "title": title_of(reference), "key": reference.key}
    return Said(key="added.same-file", values=values)


def _duplicate(match: Match) -> Said:
    values = {"title": title_of(match.reference), "collection": short_name(match.reference.collection)}
    if match.kind is Kind.EXACT:
        return Said(key="added.same-image", values=values)
    return Said(key="added.duplicate", values={**values, "kind": match.kind, "sure": how_sure(match.confidence)})


def _partial(why: str, share: float) -> Said:
    if why == "damaged":
        return Said(key="added.damaged", values={"percent": round(100 * share)})
    return Said(key="added.partial")


def _matched(memory: Sightings) -> Said:
    links = (Said(key="added.such-as", values={"links": memory.links}),) if memory.links else ()
    return Said(key="added.matched", values={"count": memory.copies, "seen": memory.seen}, more=links)


async def add(
    services: CheckedAddNeeds, entry: Entry, data: bytes, *, twins: bool = True, replacing: bool = False
) -> AddReport:
    """Add one image and look it up; raises as `handlers.references.add` does.

    Without `twins` a file that its collection has under another key is not added once more.
    """
    if not twins and (twin := await _twin(services, entry, data)):
        return AddReport(result=Added.UNCHANGED, same_file=twin)
    result, prepared = await added(services, entry, data, replacing=replacing)
    if prepared is None:
        return AddReport(result=result)
    owner = (await services.references.collection(entry.collection)).owner
    report = await _alone(services, result, prepared)
    try:
        names = await visible(services, owner)
        report = await _compared(services, report, prepared.reference, names, data)
    except RetryLater:  # it was added; that there is nothing like it would be a guess
        report = replace(report, is_unchecked=True)
    (memory,) = await recall(services, owner, [prepared.straight])
    return replace(report, memory=memory)


async def _alone(services: HasReferences, result: Added, prepared: Prepared) -> AddReport:
    """Return what the picture tells by itself, without comparing it with any other."""
    purpose = (await services.references.collection(prepared.reference.collection)).purpose
    is_frame = prepared.is_frame and purpose is not Purpose.BRAND
    return AddReport(
        result=result,
        is_screen=prepared.is_screen,
        is_frame=is_frame,
        partial=prepared.partial,
        share=prepared.share,
    )


async def _twin(services: HasReferences, entry: Entry, data: bytes) -> Reference | None:
    same_bytes = await services.references.by_content(hashlib.sha256(data).hexdigest(), {entry.collection})
    return next((reference for reference in same_bytes if reference.key != entry.key), None)


async def review(services: SearchNeeds, batch: Sequence[Prepared], owner: str) -> list[AddReport]:
    """Return the reports on references of one owner that were just stored together.

    Of two alike references of the batch the later one is reported. Recently seen images are not looked up here:
    `recall` answers for any number of references at once.
    """
    names = await visible(services, owner)
    reports = [await _alone(services, Added.ADDED, prepared) for prepared in batch]
    try:
        first = np.stack([prepared.vectors[0] for prepared in batch])
        floor = max(COPY_COSINE, services.runner.spec.floor)
        hits = await services.catalogue.search(first, names, limit=NEAREST, floor=floor)
        return [
            await _reviewed(services, report, batch[number:], near, names)
            for number, (report, near) in enumerate(zip(reports, hits, strict=True))
        ]
    except RetryLater:
        return [replace(report, is_unchecked=True) for report in reports]


async def _reviewed(
    services: SearchNeeds, report: AddReport, rest: Sequence[Prepared], near: Sequence[Hit], names: Sequence[str]
) -> AddReport:
    """Return the report on the first reference of `rest`, compared with what was stored before it."""
    later = frozenset(prepared.reference.id for prepared in rest)
    is_near = any(hit.reference not in later for hit in near)
    data = rest[0].materials[0].picture if is_near else None
    return await _compared(services, report, rest[0].reference, names, data, later)


async def _compared(
    services: SearchNeeds,
    report: AddReport,
    own: Reference,
    names: Sequence[str],
    data: bytes | None,
    later: frozenset[UUID] = frozenset(),
) -> AddReport:
    """Return the report with what comparing shows: the file's hash, and `data` (its bytes or our stored picture)."""
    ignored = later | {own.id}
    same = [
        reference
        for reference in await services.references.by_content(own.sha256, names)
        if reference.id not in ignored
    ]
    if twin := next((reference for reference in same if reference.collection == own.collection), None):
        return replace(report, same_file=twin)
    if same:
        return replace(
            report,
            duplicate=Match(reference=same[0], kind=Kind.EXACT, confidence=1.0, cosine=1.0, content=Content.SAME),
        )
    if data is None:
        return report
    matches = (await search(services, data, collections=names, ignored=ignored)).verdict.matches
    return replace(report, duplicate=next((match for match in matches if match.kind is not Kind.SIMILAR), None))
