"""Many images at once: adding and searching whole manifests, in order, without stopping at a bad row.

Work flows through a window of a few images per thread, so memory stays small and all cores stay busy. `add` commits
in batches: after a crash the same command goes on where it stopped, because what is there already is skipped.
"""

import asyncio
import hashlib
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Mapping, Sequence
from collections.abc import Collection as Group
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from uuid import UUID

from bot.files.batch_check import Checks, Noted, Row
from bot.files.manifest import AddRow, SearchRow
from bot.files.reading import bytes_of
from bot.services import Services
from core.backoff import SEARCH
from core.errors import CouldNotLook, DataError, NotFound, RetryLater, Unscannable
from core.matches import Finding, Verdict
from core.types import Outcome, Reference
from handlers import references
from handlers.references import Added, Entry, Prepared
from handlers.search import search

AHEAD = 4
"""Images in work per thread."""

COMMIT = 100
"""References per transaction."""

PATIENCE = 6


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that could not be done, with one sentence, and the exit code that it makes."""

    where: str
    key: str
    sentence: str
    code: int = DataError.exit_code


@dataclass(slots=True)
class Report:
    """What a batch did."""

    done: Counter[Added] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)
    noted: list[Noted] = field(default_factory=list)


async def in_order[Row, Result](
    rows: Iterable[Row], work: Callable[[Row], Coroutine[None, None, Result]], ahead: int
) -> AsyncGenerator[tuple[Row, Result]]:
    """Results in the order of the rows, with `ahead` rows in work at once; close it (`aclosing`) to stop early."""
    window: deque[tuple[Row, asyncio.Task[Result]]] = deque()
    try:
        for row in rows:
            window.append((row, asyncio.create_task(work(row))))
            if len(window) >= ahead:
                first, task = window.popleft()
                yield first, await task
        while window:
            first, task = window.popleft()
            yield first, await task
    finally:
        left = [task for _, task in window]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def read(path: Path, limit: int, problem: str = "") -> bytes:
    """A file's bytes; raises Unscannable with the reason in words, or with the `problem` that its row has anyway."""
    if problem:
        raise Unscannable("missing-file", f"{problem[0].upper()}{problem[1:]}.")
    return await asyncio.to_thread(bytes_of, path, limit)


type Known = Mapping[tuple[str, str], Reference]
"""References by collection and key."""


@dataclass(frozen=True, slots=True)
class Reworded:
    """A reference of which something else is said now; its picture stays."""

    known: Reference
    entry: Entry


@dataclass(frozen=True, slots=True)
class Replaced:
    """A prepared picture that takes the place of another, or of a hash."""

    prepared: Prepared


type Result = Prepared | Replaced | Reworded | Added | Bad


@dataclass(frozen=True, slots=True, kw_only=True)
class How:
    """How to add: tell what is worth knowing, replace other pictures, give the keys of today to what is there."""

    check: bool = True
    replacing: bool = False
    rekey: bool = False


@dataclass(slots=True)
class _Batch:
    """What is ready to be stored."""

    pictures: list[Row] = field(default_factory=list)
    words: list[tuple[Reference, Entry]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.pictures) + len(self.words)


async def add(
    services: Services, rows: Sequence[AddRow], ahead: int, progress: Callable[[], None], how: How = How()
) -> Report:
    """Add rows in their order; bad ones are in the report, and what is worth knowing about the others if `check`."""
    report, checks, batch = Report(), Checks(services, wanted=how.check), _Batch()
    known = await _known(services, rows)
    one = partial(_prepare, services, known if not how.rekey else await _rekeyed(services, rows, known), how)
    async with aclosing(in_order(rows, one, ahead)) as results:
        async for row, result in results:
            _tally(report, batch, row, result)
            if len(batch) >= COMMIT:
                await _store(services, checks, batch)
                batch = _Batch()
            progress()
    await _store(services, checks, batch)
    report.noted = await checks.finish()
    return report


async def _store(services: Services, checks: Checks, batch: _Batch) -> None:
    """Commit a batch, then look at what it brought."""
    await references.describe(services, batch.words)
    if batch.pictures:
        await references.store(services, [one for _, one in batch.pictures])
        await checks.look(batch.pictures)


def _tally(report: Report, batch: _Batch, row: AddRow, result: Result) -> None:
    """Count one result, and put it to what is to be stored."""
    match result:
        case Bad():
            report.bad.append(result)
        case Added():
            report.done[result] += 1
        case Reworded():
            report.done[Added.CHANGED] += 1
            batch.words.append((result.known, result.entry))
        case Replaced():
            report.done[Added.REPLACED] += 1
            batch.pictures.append((row.where, result.prepared))
        case Prepared():
            report.done[Added.ADDED] += 1
            batch.pictures.append((row.where, result))


async def _known(services: Services, rows: Sequence[AddRow]) -> Known:
    """Those of the rows' keys, of now and of former versions, that there are."""
    found: dict[tuple[str, str], Reference] = {}
    for name in {row.entry.collection for row in rows}:
        keys = {key for row in rows if row.entry.collection == name for key in (row.entry.key, row.former) if key}
        found |= {(name, key): one for key, one in (await services.references.known(name, sorted(keys))).items()}
    return found


async def _rekeyed(services: Services, rows: Sequence[AddRow], known: Known) -> Known:
    """The same once files that have their former key got the present one; of several of the same bytes the first."""
    now = dict(known)
    for row in rows:
        place, former = (row.entry.collection, row.entry.key), (row.entry.collection, row.former)
        if row.problem or place in now or former not in now:
            continue
        with suppress(DataError):  # it is told when its turn comes
            data = await read(row.path, services.max_image_bytes)
            if now[former].sha256 == await asyncio.to_thread(_sha256, data):
                now[place] = await references.rename(services, now.pop(former), row.entry.key)
    return now


async def _prepare(services: Services, known: Known, how: How, row: AddRow) -> Result:
    try:
        await services.references.collection(row.entry.collection)
        data = await read(row.path, services.max_image_bytes, row.problem)
        return await _judged(services, known, replace(row, replacing=row.replacing or how.replacing), data)
    except DataError as error:
        sentence = f"{error} Create it with `resight collections create {row.entry.collection}`."
        return Bad(row.where, row.entry.key, sentence if isinstance(error, NotFound) else str(error))
    except CouldNotLook as error:  # a fault of ours with one file keeps no other from being added
        return Bad(row.where, row.entry.key, str(error), error.exit_code)


async def _judged(services: Services, known: Known, row: AddRow, data: bytes) -> Result:
    """What becomes of a row, with what is to be stored."""
    sha256 = await asyncio.to_thread(_sha256, data)
    there = _of_row(known, row, sha256)
    entry = replace(row.entry, key=there.key) if there else row.entry
    result = references.judged(there, entry, sha256, replacing=row.replacing)
    if result is Added.UNCHANGED:
        return result
    if there and result is Added.CHANGED:
        return Reworded(there, references.check(entry))
    prepared = await references.prepare(services, entry, data, there, replacing=row.replacing)
    return Replaced(prepared) if there else prepared


def _of_row(known: Known, row: AddRow, sha256: str) -> Reference | None:
    """The reference that the row is about: of its key, or of the same bytes under its former key."""
    if there := known.get((row.entry.collection, row.entry.key)):
        return there
    former = known.get((row.entry.collection, row.former))
    return former if former and former.sha256 == sha256 else None


async def look_up(
    services: Services, row: SearchRow, collections: Sequence[str] | None, all_candidates: bool
) -> Finding:
    """The finding on one row; one that can't be read, or not be looked at, is `unscannable` with its sentence."""
    try:
        data = await read(row.path, services.max_image_bytes, row.problem)
        return await patiently(services, data, collections, all_candidates)
    except (Unscannable, CouldNotLook) as error:
        verdict = Verdict(outcome=Outcome.UNSCANNABLE, reason=error.reason)
        return Finding(sha256="", verdict=verdict, sentence=str(error))


async def patiently(
    services: Services,
    data: bytes,
    collections: Sequence[str] | None,
    all_candidates: bool,
    ignored: Group[UUID] = frozenset(),
) -> Finding:
    """A store that restarts is waited for: "no answer" must not become an answer."""
    for attempt in range(PATIENCE):
        try:
            return await search(services, data, collections=collections, all_candidates=all_candidates, ignored=ignored)
        except RetryLater:
            if attempt == PATIENCE - 1:
                raise
            await asyncio.sleep(SEARCH.after(attempt + 1))
    raise AssertionError("unreachable")
