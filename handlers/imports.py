"""Taking references over from somebody else's catalogue: nothing good is replaced by something worse.

    Brought --known here?--> unchanged | bad: other words or another picture
            --pictures decoded, the rest held against them (Runner.restored)--> Prepared --> stored, a batch at a time

A key that is known here stays as it is unless the caller says `replace`, and even then a picture is never replaced by a
hash alone. A picture takes the place of its own hash. Collections are made once a good reference needs them.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import batched
from uuid import UUID

import numpy as np

from core.errors import CouldNotLook, DataError, NotFound
from core.looks import INVERTED, Material, PdqHash
from core.types import OF_PICTURES, Collection, Reference
from handlers import references
from handlers.hash_lists import BadRow
from handlers.references import Added, Entry, Prepared
from handlers.search_hashes import NEAR_HASH
from handlers.services import Services

AT_ONCE = 16
"""Pictures that are in hand together."""

BATCH = 100
"""References that are stored together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A reference as a file has it; `halves` are its vectors if they are of the present model, else none."""

    where: str
    reference: Reference
    materials: tuple[Material, ...]
    halves: tuple[bytes, ...]
    hashes: tuple[PdqHash, ...]


@dataclass(slots=True)
class Taken:
    """What became of a file's references, and the collections that were made for them."""

    done: Counter[Added] = field(default_factory=Counter)
    bad: list[BadRow] = field(default_factory=list)
    made: list[Collection] = field(default_factory=list)


async def take(services: Services, rows: Iterable[Brought | BadRow], *, replace: bool = False) -> Taken:
    """Take all of these over, as far as they are good; the others are told."""
    taken = Taken()
    for some in batched(rows, BATCH):
        taken.bad += [row for row in some if isinstance(row, BadRow)]
        await _take(services, [row for row in some if isinstance(row, Brought)], taken, replace=replace)
    return taken


async def _take(services: Services, rows: Sequence[Brought], taken: Taken, *, replace: bool) -> None:
    known, seen = await _known(services, rows), set[UUID]()
    wanted: list[tuple[Brought, Added]] = []
    for row in rows:
        try:
            said = await _judged(services, row, known.get(row.reference.id), seen, replace=replace)
        except DataError as error:
            taken.bad.append(_bad(row, error))
            continue
        taken.done[said] += said is Added.UNCHANGED
        wanted += [] if said is Added.UNCHANGED else [(row, said)]
    for some in batched(wanted, AT_ONCE):
        await _store(services, some, taken)


def _bad(row: Brought, error: DataError | CouldNotLook) -> BadRow:
    return BadRow(where=row.where, key=row.reference.key, sentence=str(error), code=error.exit_code)


async def _known(services: Services, rows: Sequence[Brought]) -> Mapping[UUID, Reference]:
    return await services.references.get([row.reference.id for row in rows])


async def _judged(
    services: Services, row: Brought, known: Reference | None, seen: set[UUID], *, replace: bool
) -> Added:
    """What taking it over does; raises DataError where it must not be."""
    new = row.reference
    if new.id in seen:
        raise DataError("It stands in the file twice.")
    seen.add(new.id)
    await _check_collection(services, row)
    if known is None:
        return Added.ADDED
    if await _is_same(services, known, row):
        return Added.UNCHANGED
    if new.is_hash_only and not known.is_hash_only:
        raise DataError("It is known here by its picture, which no hash replaces.")
    if not replace and not (known.is_hash_only and await _is_of(services, known, row.hashes)):
        raise DataError("It is here with other words or another picture: --replace takes those of the file.")
    return Added.REPLACED


async def _check_collection(services: Services, row: Brought) -> None:
    name, purpose = row.reference.collection, row.reference.purpose
    if row.materials and purpose not in OF_PICTURES:
        raise DataError(f"'{name}' is for what nobody may keep, and this has a picture.")
    try:
        here = (await services.references.collection(name)).purpose
    except NotFound:
        return
    if here is not purpose:
        raise DataError(f"'{name}' is for {here.value} here, and in the file for {purpose.value}.")


async def _is_same(services: Services, known: Reference, row: Brought) -> bool:
    """Whether taking it over would change nothing: the same words, and the same bytes or the same hashes."""
    names = ("sha256", "is_hash_only", *(one.name for one in fields(Entry)))
    if any(getattr(known, name) != getattr(row.reference, name) for name in names):
        return False
    here = (await services.references.hashes([known.id])).get(known.id, ()) if known.is_hash_only else ()
    return not known.is_hash_only or tuple(here) == row.hashes


async def _is_of(services: Services, known: Reference, hashes: Sequence[PdqHash]) -> bool:
    """Whether a picture is one of which we know the hash."""
    here = (await services.references.hashes([known.id])).get(known.id, ())
    pairs = [(int.from_bytes(one.bits), int.from_bytes(other.bits)) for one in here for other in hashes]
    return any((one ^ other).bit_count() <= NEAR_HASH for one, other in pairs)


async def _store(services: Services, wanted: Sequence[tuple[Brought, Added]], taken: Taken) -> None:
    ready = await asyncio.gather(*(_prepared(services, row) for row, _ in wanted))
    good: list[Prepared] = []
    for (row, said), one in zip(wanted, ready, strict=True):
        if isinstance(one, (DataError, CouldNotLook)):
            taken.bad.append(_bad(row, one))
        else:
            good.append(one)
            taken.done[said] += 1
    taken.made += [made for one in good if (made := await _ensure(services, one.reference))]
    await references.store(services, good)


async def _prepared(services: Services, row: Brought) -> Prepared | DataError | CouldNotLook:
    """The reference as it is to be stored, or what is wrong with it."""
    if not row.materials:
        nothing = np.empty((0, services.runner.spec.dim), np.float32)
        return Prepared(reference=row.reference, parts=(), vectors=nothing, materials=(), hashes=row.hashes)
    try:
        vectors, materials, hashes = await services.runner.restored(row.materials, row.halves, row.hashes)
    except (DataError, CouldNotLook) as error:
        return error
    frames = range(len(materials))
    parts = (*frames, *(INVERTED + frame for frame in frames))[: len(vectors)]
    return Prepared(reference=row.reference, parts=parts, vectors=vectors, materials=materials, hashes=hashes)


async def _ensure(services: Services, reference: Reference) -> Collection | None:
    """The collection, if it had to be made."""
    try:
        await services.references.collection(reference.collection)
    except NotFound:
        return await references.create_collection(services, reference.collection, reference.purpose)
    return None
