"""Many images at once: adding and searching whole manifests, in order, without stopping at a bad row.

Work flows through a window of a few images per thread, so memory stays small and all cores stay busy. `add` commits
in batches: after a crash the same command goes on where it stopped, because what is there already is skipped.
"""

import asyncio
import hashlib
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from collections.abc import Collection as Group
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from bot.batch_check import Checks, Noted, Row
from bot.manifest import AddRow, SearchRow
from core.errors import DataError, NotFound, RetryLater, Unscannable
from core.matches import Finding, Verdict
from core.types import Outcome, Reference
from handlers import references
from handlers.references import Added, Prepared
from handlers.search import search
from handlers.services import Services

AHEAD = 4
"""Images in work per thread."""

COMMIT = 100
"""References per transaction."""

PATIENCE = 6


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that could not be done, with one sentence."""

    where: str
    key: str
    sentence: str


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


async def read(path: Path, limit: int) -> bytes:
    """A file's bytes; raises DataError with the reason in words."""
    return await asyncio.to_thread(_read, path, limit)


def _read(path: Path, limit: int) -> bytes:
    try:
        if path.stat().st_size > limit:
            raise Unscannable("too-large", f"The file is larger than {limit >> 20} MB.")
        return path.read_bytes()
    except FileNotFoundError:
        raise Unscannable("missing-file", f"There is no file '{path}'.") from None
    except IsADirectoryError:
        raise Unscannable("unreadable-file", f"'{path}' is a folder.") from None
    except OSError as error:
        raise Unscannable("unreadable-file", f"'{path}' can't be read: {error.strerror}.") from None


async def add(
    services: Services, rows: Sequence[AddRow], ahead: int, progress: Callable[[], None], *, check: bool = True
) -> Report:
    """Add rows in their order; bad ones are in the report, and what is worth knowing about the others if `check`."""
    report, checks = Report(), Checks(services, wanted=check)
    known = await _known(services, rows)
    batch: list[Row] = []

    async def one(row: AddRow) -> Prepared | Added | Bad:
        return await _prepare(services, row, known.get((row.entry.collection, row.entry.key)))

    async with aclosing(in_order(rows, one, ahead)) as results:
        async for row, result in results:
            ready = _tally(report, result, (row.entry.collection, row.entry.key) in known)
            batch += [(row.where, one) for one in ready]
            if len(batch) >= COMMIT:
                await _store(services, checks, batch)
                batch = []
            progress()
    await _store(services, checks, batch)
    report.noted = await checks.finish()
    return report


async def _store(services: Services, checks: Checks, batch: Sequence[Row]) -> None:
    """Commit a batch, then look at what it brought."""
    if batch:
        await references.store(services, [one for _, one in batch])
        await checks.look(batch)


def _tally(report: Report, result: Prepared | Added | Bad, was_known: bool) -> list[Prepared]:
    """Count one result; what is ready to be stored."""
    match result:
        case Bad():
            report.bad.append(result)
        case Added():
            report.done[result] += 1
        case Prepared():
            report.done[Added.REPLACED if was_known else Added.ADDED] += 1
            return [result]
    return []


async def _known(services: Services, rows: Sequence[AddRow]) -> dict[tuple[str, str], Reference]:
    found: dict[tuple[str, str], Reference] = {}
    for name in {row.entry.collection for row in rows}:
        keys = [row.entry.key for row in rows if row.entry.collection == name]
        found |= {(name, key): one for key, one in (await services.references.known(name, keys)).items()}
    return found


async def _prepare(services: Services, row: AddRow, known: Reference | None) -> Prepared | Added | Bad:
    try:
        if row.problem:
            raise DataError(f"{row.problem[0].upper()}{row.problem[1:]}.")
        await services.references.collection(row.entry.collection)
        data = await read(row.path, services.max_image_bytes)
        if known and references.is_same(known, row.entry, await asyncio.to_thread(_sha256, data)):
            return Added.UNCHANGED
        return await references.prepare(services, row.entry, data)
    except DataError as error:
        sentence = f"{error} Create it with `resight collections create {row.entry.collection}`."
        return Bad(row.where, row.entry.key, sentence if isinstance(error, NotFound) else str(error))


async def look_up(
    services: Services, row: SearchRow, collections: Sequence[str] | None, all_candidates: bool
) -> Finding:
    """The finding on one row; a file that can't be read is `unscannable` with its sentence."""
    try:
        data = await read(row.path, services.max_image_bytes)
    except Unscannable as error:
        verdict = Verdict(outcome=Outcome.UNSCANNABLE, reason=error.reason)
        return Finding(sha256="", verdict=verdict, sentence=str(error))
    return await patiently(services, data, collections, all_candidates)


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
            await asyncio.sleep(2**attempt / 4)
    raise AssertionError("unreachable")
