"""Takes references over from another catalogue; nothing good is replaced by something worse.

    Brought --known here?--> unchanged | bad: other words or another picture
            --pictures decoded, the rest held against them (Runner.restored)--> Prepared --> stored, a batch at a time

A key that is known here stays as it is unless the caller says `replace`, and even then a picture is never replaced by a
hash alone. A picture takes the place of its own hash. Collections are made once a good reference needs them, for the
community that the file names; whose a collection is that is here already, no file changes, and a row for another
owner's collection is bad.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import batched
from uuid import UUID

import numpy as np

from core.errors import CouldNotLook, DataError, NotFound, NotOfItsPicture
from core.looks import INVERTED, Material, PdqHash
from core.names import is_written
from core.types import OF_PICTURES, Collection, Reference
from handlers import references
from handlers.collections import owner_of
from handlers.hash_lists import BadRow
from handlers.needs import HasReferences, HasRunner
from handlers.references import Added, Entry, Prepared, SyncNeeds
from handlers.search_hashes import NEAR_HASH

AT_ONCE = 16
"""Pictures that are decoded and checked at the same time."""

NOBODY = "unknown"
"""The platform in an owner for whom migration 0015 could not tell it."""

BATCH = 100
"""References that are stored in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """A reference as a file describes it.

    `halves` are its vectors if they come from the present model, else empty. `described` is its collection as the file
    describes it, None where it does not.
    """

    where: str
    reference: Reference
    materials: tuple[Material, ...]
    halves: tuple[bytes, ...]
    hashes: tuple[PdqHash, ...]
    described: Collection | None = None


@dataclass(slots=True)
class ImportReport:
    """What became of a file's references, and which collections were made for them."""

    done: Counter[Added] = field(default_factory=Counter)
    bad: list[BadRow] = field(default_factory=list)
    made: list[Collection] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How rows are taken over: `replace` known references, be `trusting` about the file's vectors and features."""

    replace: bool = False
    trusting: bool = False


def check_owner(owner: str) -> str:
    """Return the owner of a file's collection, also one of unknown platform, whom nobody gets. Raises DataError."""
    platform, _, number = owner.partition(":")
    return owner if platform == NOBODY and number.strip() and is_written(number) else owner_of(owner)


async def are_sound(services: HasRunner, drawn: Iterable[ImportRow]) -> bool:
    """Return whether these have no vectors or features of another picture; other faults are reported later."""
    for row in drawn:
        try:
            await services.runner.restored(row.materials, row.halves, row.hashes)
        except NotOfItsPicture:
            return False
        except (DataError, CouldNotLook):
            continue
    return True


async def take(
    services: SyncNeeds, rows: Iterable[ImportRow | BadRow], *, replace: bool = False, trusting: bool = False
) -> ImportReport:
    """Take over all rows that are good, and report the others."""
    taken, how = ImportReport(), ImportOptions(replace=replace, trusting=trusting)
    for some in batched(rows, BATCH):
        taken.bad += [row for row in some if isinstance(row, BadRow)]
        await _take(services, [row for row in some if isinstance(row, ImportRow)], taken, how)
    return taken


async def _take(services: SyncNeeds, rows: Sequence[ImportRow], taken: ImportReport, how: ImportOptions) -> None:
    known_references, seen = await _known(services, rows), set[UUID]()
    wanted: list[tuple[ImportRow, Added]] = []
    for row in rows:
        try:
            outcome = await _judged(services, row, known_references.get(row.reference.id), seen, replace=how.replace)
        except DataError as error:
            taken.bad.append(_bad(row, error))
            continue
        taken.done[outcome] += outcome is Added.UNCHANGED
        wanted += [] if outcome is Added.UNCHANGED else [(row, outcome)]
    for some in batched(wanted, AT_ONCE):
        await _store(services, some, taken, trusting=how.trusting)


def _bad(row: ImportRow, error: DataError | CouldNotLook) -> BadRow:
    return BadRow(where=row.where, key=row.reference.key, sentence=str(error), code=error.exit_code)


async def _known(services: HasReferences, rows: Sequence[ImportRow]) -> Mapping[UUID, Reference]:
    return await services.references.get([row.reference.id for row in rows])


async def _judged(
    services: HasReferences, row: ImportRow, stored: Reference | None, seen: set[UUID], *, replace: bool
) -> Added:
    """Return what taking the row over would do; raises DataError where it must not be done."""
    new = row.reference
    if new.id in seen:
        raise DataError("It stands in the file twice.")
    seen.add(new.id)
    await _check_collection(services, row)
    if stored is None:
        return Added.ADDED
    if await _is_same(services, stored, row):
        return Added.UNCHANGED
    if new.is_hash_only and not stored.is_hash_only:
        raise DataError("It is known here by its picture, which no hash replaces.")
    if not replace and not (stored.is_hash_only and await _is_of(services, stored, row.hashes)):
        raise DataError("It is here with other words or another picture: --replace takes those of the file.")
    return Added.REPLACED


async def _check_collection(services: HasReferences, row: ImportRow) -> None:
    name, purpose = row.reference.collection, row.reference.purpose
    if row.materials and purpose not in OF_PICTURES:
        raise DataError(f"'{name}' is for what nobody may keep, and this has a picture.")
    try:
        here = await services.references.collection(name)
    except NotFound:
        return
    if here.purpose is not purpose:
        raise DataError(f"'{name}' is for {here.purpose.value} here, and in the file for {purpose.value}.")
    if row.described and row.described.owner != here.owner:
        raise DataError(f"'{name}' belongs to {_whose(here)} here, and in the file to {_whose(row.described)}.")


def _whose(collection: Collection) -> str:
    return collection.owner or "everybody"


async def _is_same(services: HasReferences, stored: Reference, row: ImportRow) -> bool:
    """Return whether taking the row over would change nothing: same words, same bytes or hashes."""
    names = ("sha256", "is_hash_only", *(entry_field.name for entry_field in fields(Entry)))
    if any(getattr(stored, name) != getattr(row.reference, name) for name in names):
        return False
    here = (await services.references.hashes([stored.id])).get(stored.id, ()) if stored.is_hash_only else ()
    return not stored.is_hash_only or tuple(here) == row.hashes


async def _is_of(services: HasReferences, stored: Reference, hashes: Sequence[PdqHash]) -> bool:
    """Return whether a picture has a hash that is known here."""
    here = (await services.references.hashes([stored.id])).get(stored.id, ())
    pairs = [(int.from_bytes(stored_hash.bits), int.from_bytes(other.bits)) for stored_hash in here for other in hashes]
    return any((first ^ other).bit_count() <= NEAR_HASH for first, other in pairs)


async def _store(
    services: SyncNeeds, wanted: Sequence[tuple[ImportRow, Added]], taken: ImportReport, *, trusting: bool
) -> None:
    ready = await asyncio.gather(*(_prepared(services, row, trusting=trusting) for row, _ in wanted))
    described = {row.reference.id: row.described for row, _ in wanted}
    good: list[Prepared] = []
    for (row, outcome), result in zip(wanted, ready, strict=True):
        if isinstance(result, (DataError, CouldNotLook)):
            taken.bad.append(_bad(row, result))
        else:
            good.append(result)
            taken.done[outcome] += 1
    taken.made += [made for prepared in good if (made := await _ensure(services, prepared.reference, described))]
    await references.store(services, good)


async def _prepared(services: HasRunner, row: ImportRow, *, trusting: bool) -> Prepared | DataError | CouldNotLook:
    """Return the reference as it is to be stored, or the error that says what is wrong with it."""
    if not row.materials:
        nothing = np.empty((0, services.runner.spec.dim), np.float32)
        return Prepared(reference=row.reference, parts=(), vectors=nothing, materials=(), hashes=row.hashes)
    try:
        vectors, materials, hashes = await services.runner.restored(
            row.materials, row.halves, row.hashes, trusting=trusting
        )
    except (DataError, CouldNotLook) as error:
        return error
    frames = range(len(materials))
    parts = (*frames, *(INVERTED + frame for frame in frames))[: len(vectors)]
    return Prepared(reference=row.reference, parts=parts, vectors=vectors, materials=materials, hashes=hashes)


async def _ensure(
    services: HasReferences, reference: Reference, described: Mapping[UUID, Collection | None]
) -> Collection | None:
    """Return the collection if it had to be made, as the file describes it; None where it was there."""
    try:
        await services.references.collection(reference.collection)
    except NotFound:
        made = described[reference.id] or Collection(name=reference.collection, purpose=reference.purpose)
        await services.references.create_collection(made)
        return made
    return None
