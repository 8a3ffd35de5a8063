"""`resight export --hashes` and `resight import` of a list: references by their PDQ hashes, without any picture.

    list --handlers.hash_lists--> rows --by key--> references that are known by their hash only --> the catalogue

What is known by its picture is never replaced by a hash alone: such a row is told. The same list again changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.markup import escape

from bot.cli.opening import opened, opened_database
from bot.cli.output import err, out, print_json, progress
from bot.clock import now
from bot.files.tables import read_text
from bot.services import Services
from bot.settings import Settings
from core.errors import DataError, NotFound, UsageError
from core.looks import PdqHash
from core.ports import References
from core.types import Reference, reference_id
from handlers import references
from handlers.hash_lists import BadRow, Form, HashList, HashRow, read, write
from handlers.references import Added, Entry, Prepared
from store.sql.references import SqlReferences

AT_ONCE = 500

type Told = tuple[Counter[Added], list[BadRow]]


def form_of(file: Path) -> Form | None:
    """How a list of that name is written; None = it is none."""
    suffix = file.suffix.lower()
    return Form(suffix) if suffix in set(Form) else None


async def bring_in(settings: Settings, file: Path, form: Form, collection: str | None, as_json: bool) -> int:
    """Add the hashes of a list; bad rows are told at the end and make the exit code 3."""
    found = read(read_text(file, "file"), form, collection)
    async with opened(settings, making=True) as services:
        if collection:
            await services.references.collection(collection)
        done, bad = await add(services, found.rows)
    _tell(done, [*found.bad, *bad], found, as_json)
    return DataError.exit_code if found.bad or bad else 0


def _tell(done: Counter[Added], bad: Sequence[BadRow], found: HashList, as_json: bool) -> None:
    counts = {kind.value: done[kind] for kind in Added}
    if as_json:
        told = [{"where": one.where, "key": one.key, "message": one.sentence} for one in bad]
        print_json({**counts, "skipped": found.skipped, "bad": told})
        return
    out().print(", ".join(f"{count} {word}" for word, count in counts.items()) + f", {len(bad)} bad")
    if found.skipped:
        err().print(f"Skipped, because they are no PDQ hashes or were withdrawn: {found.skipped}.")
    for one in bad:
        err().print(f"{escape(one.where)}: {escape(one.sentence)}", soft_wrap=True)


async def add(services: Services, rows: Sequence[HashRow]) -> Told:
    """Add the references of these rows, a batch at a time; what was done, and which could not be."""
    made = list(_by_reference(rows).values())
    done: Counter[Added] = Counter()
    bad: list[BadRow] = []
    with progress("Importing", len(made)) as step:
        for start in range(0, len(made), AT_ONCE):
            batch = made[start : start + AT_ONCE]
            counted, wrong = await _add_batch(services, batch)
            done += counted
            bad += wrong
            for _ in batch:
                step()
    return done, bad


def _by_reference(rows: Iterable[HashRow]) -> Mapping[tuple[str, str], list[HashRow]]:
    """The rows of each collection and key: frames of one reference. The same hash twice is once."""
    found: dict[tuple[str, str], list[HashRow]] = {}
    for row in rows:
        frames = found.setdefault((row.entry.collection, row.entry.key), [])
        if row.hash.bits not in {one.hash.bits for one in frames}:
            frames.append(row)
    return found


async def _add_batch(services: Services, batch: Sequence[Sequence[HashRow]]) -> Told:
    known = await _known(services, [frames[0].entry for frames in batch])
    hashes = await services.references.hashes([one.id for one in known.values()])
    told: Told = (Counter(), [])
    ready: list[Prepared] = []
    for frames in batch:
        old = known.get(reference_id(frames[0].entry.collection, frames[0].entry.key))
        new = _prepared(services, frames, old)
        try:
            await services.references.collection(new.reference.collection)
            said = _judged(new, old, hashes.get(new.reference.id, ()))
        except DataError as error:
            told[1].append(_bad(frames[0], error))
            continue
        told[0][said] += 1
        ready += [] if said is Added.UNCHANGED else [new]
    await references.store(services, ready)
    return told


def _bad(row: HashRow, error: DataError) -> BadRow:
    create = f" Create it with `resight collections create {row.entry.collection}`."
    return BadRow(
        where=row.where, key=row.entry.key, sentence=f"{error}{create if isinstance(error, NotFound) else ''}"
    )


async def _known(services: Services, entries: Iterable[Entry]) -> dict[object, Reference]:
    keys: dict[str, list[str]] = {}
    for entry in entries:
        keys.setdefault(entry.collection, []).append(entry.key)
    found = [await services.references.known(name, mine) for name, mine in keys.items()]
    return {one.id: one for some in found for one in some.values()}


def _prepared(services: Services, frames: Sequence[HashRow], old: Reference | None) -> Prepared:
    """Return the reference's words as the list has them; a word that the list leaves out keeps its known value."""
    first, entry = frames[0], frames[0].entry
    kept: dict[str, Any] = {name: word or (getattr(old, name) if old else "") for name, word in entry.words().items()}
    sha256 = first.sha256 or (old.sha256 if old else "")
    reference = Reference(key=entry.key, collection=entry.collection, **kept, sha256=sha256, added_at=services.clock())
    nothing = np.empty((0, services.runner.spec.dim), np.float32)
    hashes = tuple(one.hash for one in frames)
    return Prepared(reference=reference, parts=(), vectors=nothing, materials=(), hashes=hashes)


def _judged(new: Prepared, old: Reference | None, hashes: Sequence[PdqHash]) -> Added:
    """What adding it does; raises DataError where a picture or a hash would be lost."""
    if old is None:
        return Added.ADDED
    if not old.is_hash_only:
        if {one.bits for one in new.hashes} <= {one.bits for one in hashes}:
            return Added.UNCHANGED
        raise DataError(
            f"'{old.key}' in '{old.collection}' is known by its picture, with another hash: give the row another key."
        )
    if not {one.bits for one in hashes} <= {one.bits for one in new.hashes}:
        raise DataError(f"'{old.key}' in '{old.collection}' has another hash: give the row another key.")
    same = replace(new.reference, purpose=old.purpose, added_at=old.added_at) == old
    if tuple(hashes) != new.hashes:
        return Added.REPLACED
    return Added.UNCHANGED if same else Added.CHANGED


async def export(settings: Settings, file: Path, collections: Sequence[str] | None, as_json: bool) -> int:
    """Write the hashes of these collections (None = all) to a list."""
    form = form_of(file)
    if form is None or form is Form.TXT:
        raise UsageError("The name of a list of hashes must end with .csv, .json or .jsonl.")
    async with opened_database(settings, alone=True) as db:
        known = SqlReferences(db, now)
        for name in collections or ():
            await known.collection(name)
        rows, lacking = await listed(known, collections)
    _save(file, write(rows, form))
    _tell_exported(len({(row.entry.collection, row.entry.key) for row in rows}), lacking, as_json)
    return 0


async def listed(known: References, collections: Sequence[str] | None) -> tuple[list[HashRow], int]:
    """A row a frame of every reference that has a hash, and how many have none."""
    rows: list[HashRow] = []
    lacking = 0
    everything = [one async for one in known.each()]
    wanted = [one for one in everything if collections is None or one.collection in collections]
    hashes = await known.hashes([one.id for one in wanted])
    for one in wanted:
        entry = Entry(**{field.name: getattr(one, field.name) for field in fields(Entry)})
        mine = hashes.get(one.id, ())
        rows += [HashRow(where="", entry=entry, hash=pdq, sha256=one.sha256) for pdq in mine]
        lacking += not mine
    return rows, lacking


def _save(file: Path, text: str) -> None:
    partial = file.with_name(file.name + ".partial")
    try:
        partial.write_text(text, encoding="utf-8", newline="")
        partial.rename(file)
    except OSError as error:
        raise DataError(f"'{file}' can't be written: {error.strerror}.") from None


def _tell_exported(count: int, lacking: int, as_json: bool) -> None:
    if as_json:
        print_json({"exported": count, "without_hash": lacking})
        return
    out().print(f"{count} references exported")
    if lacking:
        err().print(f"Left out, because they have no hash yet: {lacking}. `resight doctor --rebuild` makes them.")
