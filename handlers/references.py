"""Adds references to the catalogue and removes them: SQL first (the truth), then the vectors, so a crash heals.

    Entry + bytes --prepare (decode, embed, JPEG to keep)--> Prepared --store (SQL) --> sync (vector store)

`sync` pushes whatever SQL holds and the vector store has not confirmed; it runs after each batch and at every start.
"""

import hashlib
from collections.abc import Collection as Group
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import numpy as np

from core.errors import Conflict, CouldNotLook, DamagedStore, DataError, Overtaken, Unscannable
from core.looks import INVERTED, Material, PdqHash
from core.names import is_kept, is_written
from core.types import OF_PICTURES, Damage, Point, Reference, Vectors
from handlers.needs import (
    HasCatalogue,
    HasClock,
    HasImageLimit,
    HasReferences,
    HasRunner,
    HasSemantics,
    HasSyncing,
    PictureNeeds,
)
from handlers.search_hashes import NEAR_HASH
from handlers.similar import forget

SYNC_BATCH = 512
MAX_KEY = 200
LONGEST = {"key": MAX_KEY, "title": 500, "source_url": 2048, "owner": 200, "rights": 1000, "note": 5000}
"""Characters that each word of an entry may have, wherever it comes from."""

WORDS = ("title", "source_url", "owner", "rights", "note")


class PrepareNeeds(HasRunner, HasReferences, HasClock, HasImageLimit, Protocol):
    """What decodes and embeds an image that becomes a reference."""


class SyncNeeds(HasRunner, HasCatalogue, HasReferences, HasSemantics, HasSyncing, Protocol):
    """What brings the vector store up to date."""


class AddNeeds(HasRunner, HasCatalogue, HasReferences, HasClock, HasSemantics, HasImageLimit, HasSyncing, Protocol):
    """What adds an image."""


class Added(StrEnum):
    """What adding one image did; `changed` = the words about it, not the picture."""

    ADDED = "added"
    REPLACED = "replaced"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The words about a reference image; a word that is None is left as it is."""

    key: str
    collection: str = "library"
    title: str | None = None
    source_url: str | None = None
    owner: str | None = None
    rights: str | None = None
    note: str | None = None

    @classmethod
    def of(cls, reference: Reference) -> "Entry":
        """Return an entry with all words of a reference."""
        return cls(
            key=reference.key, collection=reference.collection, **{name: getattr(reference, name) for name in WORDS}
        )

    @property
    def said(self) -> dict[str, str]:
        """The words that are not None."""
        return {name: word for name in WORDS if (word := getattr(self, name)) is not None}

    def words(self, known: Reference | None = None) -> dict[str, Any]:
        """Return the words that hold once this entry was added to a known reference."""
        return {name: getattr(known, name) if known else "" for name in WORDS} | self.said


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A reference with its vectors [parts, dim], what is kept of each frame, and PDQ hashes.

    See `core.ports.NewReference`. `is_screen`, `is_frame`: see `core.looks.Look`; `partial`, `share`: see
    `core.looks.Picture`.
    """

    reference: Reference
    parts: tuple[int, ...]
    vectors: Vectors
    materials: tuple[Material, ...]
    hashes: tuple[PdqHash, ...] = ()
    is_screen: bool = False
    is_frame: bool = False
    partial: str = ""
    share: float = 1.0

    @property
    def straight(self) -> Vectors:
        """The vectors [frames, dim] of the frames as they are, without those in inverted colours."""
        return self.vectors[[part < INVERTED for part in self.parts]]


def check(entry: Entry) -> Entry:
    """Return the entry; raises DataError with one sentence."""
    if not entry.key.strip() or len(entry.key) > MAX_KEY:
        raise DataError(f"A key must have 1 to {MAX_KEY} characters.")
    for name, text in {"key": entry.key, **entry.words()}.items():
        if len(text) > LONGEST[name]:
            raise DataError(f"The {name.replace('_', ' ')} must not have more than {LONGEST[name]} characters.")
    if entry.source_url and not entry.source_url.startswith(("http://", "https://")):
        raise DataError(f"The source URL of '{entry.key}' must start with http:// or https://.")
    if not is_written(entry.key):
        raise DataError("A key can't have line ends, tabs or control characters.")
    if bad := next((name for name, word in entry.words().items() if not is_kept(word)), None):
        raise DataError(f"The {bad} of '{entry.key}' has control characters.")
    return entry


async def prepare(
    services: PrepareNeeds, entry: Entry, data: bytes, known: Reference | None = None, *, replacing: bool = False
) -> Prepared:
    """Decode and embed an image, which changes no store; raises Unscannable or DataError.

    `known` is the reference with this key: words that the entry lacks come from there. Another picture than its own
    needs `replacing`.
    """
    check(entry)
    await _check_keeps_pictures(services, [entry.collection])
    if len(data) > services.max_image_bytes:
        raise Unscannable("too-large", f"The file is larger than {services.max_image_bytes >> 20} MB.")
    look, materials = await services.runner.prepare(data)
    if known and known.is_hash_only and not known.sha256 and not replacing:
        await _check_hash(services, known, [view_hash.upright for view_hash in look.hashes])
    reference = Reference(
        key=entry.key,
        collection=entry.collection,
        **entry.words(known),
        sha256=look.picture.sha256,
        pixel_hash=look.picture.pixel_hash,
        width=look.picture.width,
        height=look.picture.height,
        added_at=services.clock(),
    )
    return Prepared(
        reference=reference,
        parts=tuple(view.part for view in look.views),
        vectors=look.vectors,
        materials=materials,
        hashes=tuple(view_hash.upright for view_hash in look.hashes),
        is_screen=look.is_screen,
        is_frame=look.is_frame,
        partial=look.picture.partial,
        share=look.picture.share,
    )


async def _check_hash(services: HasReferences, reference: Reference, hashes: Sequence[PdqHash]) -> None:
    """Raise Conflict if only a hash is known and the picture does not have it."""
    listed = (await services.references.hashes([reference.id])).get(reference.id, ())
    if listed and all(_bits_apart(stored_hash, other) > NEAR_HASH for stored_hash in listed for other in hashes):
        raise Conflict(_another(reference))


def _bits_apart(first: PdqHash, second: PdqHash) -> int:
    return (int.from_bytes(first.bits) ^ int.from_bytes(second.bits)).bit_count()


def _another(stored: Reference) -> str:
    return (
        f"'{stored.key}' in '{stored.collection}' is another file: give this one a key of its own, or replace "
        "that one on purpose (--replace, or 'replace' with yes in a manifest, or true in the API)."
    )


async def _check_keeps_pictures(services: HasReferences, names: Iterable[str]) -> None:
    """Raise DataError for a collection of what nobody may keep."""
    for name in names:
        if (await services.references.collection(name)).purpose not in OF_PICTURES:
            raise DataError(f"'{name}' is for what nobody may keep: import a list of hashes instead of pictures.")


async def prepared_again(
    services: HasRunner, reference: Reference, kept: Sequence[Material], hashes: Sequence[PdqHash]
) -> Prepared:
    """Return the reference as the present model would add it, from what is kept of its frames."""
    again = [await services.runner.prepare(material.picture) for material in kept]
    looks = [look for look, _ in again]
    straight, inverted = [look.vectors[:1] for look in looks], [look.vectors[1:2] for look in looks]
    frames = range(len(kept))
    return Prepared(
        reference=reference,
        parts=(*frames, *(INVERTED + frame for frame in frames)),
        vectors=np.concatenate([np.empty((0, services.runner.spec.dim), np.float32), *straight, *inverted]),
        materials=tuple(_filled(material, new[0]) for material, (_, new) in zip(kept, again, strict=True)),
        hashes=tuple(hashes),
    )


def _filled(stored: Material, new: Material) -> Material:
    """Return what is kept of a frame, completed by what was not looked for when it was added."""
    return replace(stored, logo=stored.logo or new.logo, words=stored.words or new.words)


async def store(services: SyncNeeds, prepared: Sequence[Prepared], *, seen: Sequence[Reference] | None = None) -> None:
    """Commit a batch and make it searchable; when this returns, the next post can match it.

    Raises Overtaken if what was `seen` under their keys has changed; None = nobody looked.
    """
    await _check_keeps_pictures(services, {item.reference.collection for item in prepared if item.materials})
    await services.references.put(prepared, seen=seen)
    await sync(services)


async def add(services: AddNeeds, entry: Entry, data: bytes, *, replacing: bool = False) -> Added:
    """Add one image; the same key with the same bytes and words does nothing, another picture needs `replacing`."""
    return (await added(services, entry, data, replacing=replacing))[0]


async def added(
    services: AddNeeds, entry: Entry, data: bytes, *, replacing: bool = False
) -> tuple[Added, Prepared | None]:
    """Add one image; return also what was prepared, None where the picture was there.

    Of two people who add under one key at the same moment, the second is judged by what the first one left.
    """
    while True:
        with suppress(Overtaken):
            return await _added_once(services, entry, data, replacing=replacing)


async def _added_once(
    services: AddNeeds, entry: Entry, data: bytes, *, replacing: bool
) -> tuple[Added, Prepared | None]:
    await services.references.collection(entry.collection)
    stored = (await services.references.known(entry.collection, [entry.key])).get(entry.key)
    result = judged(stored, entry, hashlib.sha256(data).hexdigest(), replacing=replacing)
    if stored and result in (Added.CHANGED, Added.UNCHANGED):
        await describe(services, [(stored, entry)])
        await sync(services)  # the last time may have failed half way
        return result, None
    prepared = await prepare(services, entry, data, stored, replacing=replacing)
    await store(services, [prepared], seen=[stored] if stored else [])
    return result, prepared


def judged(stored: Reference | None, entry: Entry, sha256: str, *, replacing: bool) -> Added:
    """Return what adding the entry does; raises Conflict where another picture would be lost.

    The picture of a reference known by its hash replaces nothing.
    """
    if stored is None:
        return Added.ADDED
    if stored.sha256 not in ("", sha256) and not replacing:
        raise Conflict(_another(stored))
    if stored.sha256 != sha256 or stored.is_hash_only:
        return Added.REPLACED
    return Added.UNCHANGED if entry.words(stored) == Entry.of(stored).words() else Added.CHANGED


async def describe(services: HasReferences, changes: Sequence[tuple[Reference, Entry]]) -> None:
    """Change words about references, not their pictures; words that are not given stay. Raises DataError."""
    new: dict[UUID, dict[str, str]] = {}
    for reference, entry in changes:
        if check(entry).words(reference) != Entry.of(reference).words():
            new.setdefault(reference.id, {}).update(entry.said)
    await services.references.describe(new)


async def rename(services: SyncNeeds, reference: Reference, key: str) -> Reference:
    """Give a reference another key; its vectors, its cases and what was chosen about it stay with it.

    Raises DataError for an unusable key and Conflict for a taken one.
    """
    check(Entry(key=key, collection=reference.collection))
    await services.references.rename(reference, key)
    await sync(services)
    return replace(reference, key=key)


async def remove(services: SyncNeeds, collection: str, keys: Sequence[str]) -> list[str]:
    """Remove references and return the keys that existed; raises NotFound for an unknown collection."""
    await services.references.collection(collection)
    removed = await services.references.remove(collection, keys)
    await sync(services)
    return removed


async def delete_collection(services: SyncNeeds, name: str) -> int:
    """Delete a collection with its references and return how many those were."""
    deleted = await services.references.delete_collection(name)
    await sync(services)
    return deleted


async def sync(services: SyncNeeds) -> int:
    """Bring the vector store up to date with SQL and return the number of changes; safe to repeat at any time."""
    async with services.syncing:
        return await _catch_up(services)


async def _catch_up(services: SyncNeeds) -> int:
    changes = 0
    while backlog := await services.references.backlog(SYNC_BATCH):
        if unsound := _unsound(services, backlog.points):
            await _mend(services, unsound)
            continue
        if backlog.gone:
            await services.catalogue.delete(backlog.gone)
            await forget(services, backlog.gone)
        if backlog.points:
            await services.catalogue.upsert(backlog.points)
        await services.references.confirm(backlog)
        changes += len(backlog.points) + len(backlog.gone)
    if changes and services.semantics:
        services.semantics.bell.ring()
    return changes


def _unsound(services: HasRunner, points: Sequence[Point]) -> set[UUID]:
    """Return references with vectors that no store can hold: one such row must not keep others from being stored."""
    return {point.reference for point in points if not _are_sound(services, point.vector[np.newaxis])}


def _are_sound(services: HasRunner, vectors: Vectors) -> bool:
    is_whole = vectors.shape[1] == services.runner.spec.dim and np.isfinite(vectors).all()
    return bool(is_whole and vectors.any(axis=1).all())


async def rebuild(services: SyncNeeds) -> int:
    """Write every vector of SQL into the emptied vector store and return the number of points."""
    async with services.syncing:
        await services.catalogue.clear()
        written = 0
        unsound = set[UUID]()
        async for points in services.references.points():
            unsound |= _unsound(services, points)
            sound = [point for point in points if point.reference not in unsound]
            await services.catalogue.upsert(sound)
            written += len(sound)
        await _mend(services, unsound)
        await _catch_up(services)
    return written


async def _mend(services: PictureNeeds, unsound: Group[UUID]) -> None:
    """Set references with unusable vectors aside, and embed those again whose pictures are there."""
    await services.references.set_aside(unsound, Damage.VECTORS)
    for reference in (await services.references.get(list(unsound))).values():
        # then its hash alone finds it, and the doctor tells it; one that somebody else changed is theirs
        with suppress(DamagedStore, DataError, CouldNotLook):
            materials = await stored_materials(services, reference.id)
            hashes = (await services.references.hashes([reference.id])).get(reference.id, ())
            again = await prepared_again(services, reference, materials, hashes)
            if materials and len(again.vectors) and _are_sound(services, again.vectors):
                await services.references.put([again], seen=[reference])


async def stored_materials(services: HasReferences, reference: UUID) -> tuple[Material, ...]:
    """Return what is kept of each frame; nothing for a reference known by its hash only."""
    parts: list[Material] = []
    while materials := await services.references.materials([(reference, len(parts))]):
        parts.append(materials[reference, len(parts)])
    return tuple(parts)


async def rehash(services: PictureNeeds) -> int:
    """Hash the stored pictures of references that have no hash yet; return how many have one now."""
    waiting = await services.references.unhashed()
    done = 0
    for start in range(0, len(waiting), SYNC_BATCH):
        hashes: dict[UUID, list[PdqHash]] = {}
        for reference in waiting[start : start + SYNC_BATCH]:
            with suppress(DamagedStore):  # one damaged picture must not keep the others from theirs
                materials = await stored_materials(services, reference)
                hashes[reference] = [await services.runner.hashed(material.picture) for material in materials]
        await services.references.put_hashes(hashes)
        done += len(hashes)
    return done
