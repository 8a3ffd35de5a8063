"""What the commands of `bot.cli.app` do; each returns its exit code."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape

from bot.app import opened
from bot.cli import batch
from bot.cli.batch_check import Noted
from bot.cli.output import coloured, err, out, print_json, progress, table
from bot.files.evidence import EvidenceFolder
from bot.files.manifest import AddRow, SearchRow
from bot.settings import Settings, worker_threads
from core.errors import CouldNotLook, DataError
from core.matches import Finding, Match
from core.telling import differing, said
from core.types import Outcome, Purpose
from core.wording import Words
from handlers import evidence, references
from handlers.add_check import reason_of
from handlers.search_json import as_json as finding_json
from handlers.services import Services

DATA_ERROR = DataError.exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How `search` was asked; `evidence` is the folder for evidence pictures, None = none are wanted."""

    collections: Sequence[str] | None
    top: int
    all_candidates: bool
    lines: bool
    evidence: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The finding on one row, with its evidence picture where one is wanted."""

    finding: Finding
    picture: bytes | None = None


async def add(settings: Settings, rows: Sequence[AddRow], as_json: bool, how: batch.How) -> int:
    """Add references; bad rows, and what is worth knowing about the others, are told at the end."""
    async with opened(settings, making=True) as services:
        with progress("Adding", len(rows)) as step:
            report = await batch.add(services, rows, worker_threads(settings) * batch.AHEAD, step, how)
    done = {kind.value: report.done[kind] for kind in references.Added}
    if as_json:
        bad = [{"where": one.where, "key": one.key, "message": one.sentence} for one in report.bad]
        print_json({**done, "bad": bad, "notes": [note for row in report.noted for note in _notes(row)]})
    else:
        out().print(", ".join(f"{count} {word}" for word, count in done.items()) + f", {len(report.bad)} bad")
        told = [(one.where, one.sentence) for one in report.bad]
        told += [(row.where, note["message"]) for row in report.noted for note in _notes(row)]
        for where, sentence in told:
            err().print(f"{escape(where)}: {escape(sentence)}", soft_wrap=True)
    return max((one.code for one in report.bad), default=0)


def _notes(row: Noted) -> list[dict[str, str]]:
    """What is worth knowing about a row: the reason is for programs, the message for people."""
    words = Words.of("en")
    return [
        {
            "where": row.where,
            "key": row.key,
            "reason": reason_of(note),
            "message": " ".join(said(words, note).split("\n")),
        }
        for note in row.notes
    ]


async def remove(settings: Settings, collection: str, keys: Sequence[str], as_json: bool) -> int:
    """Remove references; a key that is not there is told and makes the exit code 3."""
    async with opened(settings) as services:
        removed = await references.remove(services, collection, keys)
    missing = sorted(set(keys) - set(removed))
    if as_json:
        print_json({"removed": removed, "missing": missing})
    else:
        out().print(f"{len(removed)} removed")
        for key in missing:
            err().print(f"There is no '{escape(key)}' in '{escape(collection)}'.", soft_wrap=True)
    return DATA_ERROR if missing else 0


async def search(settings: Settings, rows: Sequence[SearchRow], asked: Asked) -> int:
    """Look images up, in order; those that could not be scanned are told at the end and make the exit code 3 or 5."""
    unscannable: list[str] = []
    codes = {0}
    folder = EvidenceFolder.opened(asked.evidence) if asked.evidence else None
    async with opened(settings) as services:
        for name in asked.collections or ():
            await services.references.collection(name)

        async def one(row: SearchRow) -> Answer:
            return await _looked_up(services, row, asked)

        ahead = worker_threads(settings) * batch.AHEAD
        with progress("Searching", len(rows)) as step:
            async with aclosing(batch.in_order(rows, one, ahead)) as results:
                async for row, answer in results:
                    _tell(row, answer, asked, folder)
                    if answer.finding.verdict.outcome is Outcome.UNSCANNABLE:
                        unscannable.append(f"{row.id}: {answer.finding.sentence}")
                        codes.add(_code(answer.finding))
                    step()
    for sentence in unscannable:
        err().print(escape(sentence), soft_wrap=True)
    return max(codes)


def _code(unscannable: Finding) -> int:
    """The exit code for what could not be scanned: whose fault it is."""
    return CouldNotLook.exit_code if unscannable.verdict.reason == CouldNotLook.reason else DATA_ERROR


async def _looked_up(services: Services, row: SearchRow, asked: Asked) -> Answer:
    finding = await batch.look_up(services, row, asked.collections, asked.all_candidates)
    best = evidence.worth_showing(finding, all_candidates=asked.all_candidates) if asked.evidence else None
    return Answer(finding=finding, picture=await evidence.of_finding(services, finding, best) if best else None)


def _tell(row: SearchRow, answer: Answer, asked: Asked, folder: EvidenceFolder | None) -> None:
    """Print the answer; its picture is written first, in the order of the rows, so that names come out the same."""
    finding, kept = answer.finding, folder.keep(row.id, answer.picture) if folder and answer.picture else ""
    if asked.lines:
        found = finding_json(finding, top=asked.top, all_candidates=asked.all_candidates)
        shown_in = {"evidence": kept} if folder else {}
        print_json({"id": row.id, "path": row.shown, **found, **shown_in})
        return
    console = out()
    console.print(f"{coloured(finding.verdict.outcome.value)}  {escape(row.shown)}  [dim]{finding.verdict.reason}[/]")
    shown = finding.candidates if asked.all_candidates else finding.verdict.matches
    if shown:
        columns = ("", "key", "collection", "kind", "confidence", "cosine", "inliers", "title")
        console.print(table("", columns, [_row(match) for match in shown[: asked.top]]))
        is_sure = finding.verdict.outcome is Outcome.MATCH
        if differs := differing(Words.of("en"), shown[0], is_sure=is_sure):
            console.print(f"  {escape(differs)}", soft_wrap=True)
    if kept and folder:
        console.print(f"  evidence: {escape(str(folder.path / kept))}", soft_wrap=True)


def _row(match: Match) -> Sequence[str]:
    reference = match.reference
    inliers = "" if match.inliers is None else str(match.inliers)
    scores = (f"{match.confidence:.3f}", f"{match.cosine:.3f}", inliers)
    return "  ", escape(reference.key), escape(reference.collection), match.kind.value, *scores, escape(reference.title)


async def list_collections(settings: Settings, as_json: bool) -> int:
    """All collections."""
    async with opened(settings) as services:
        known = await services.references.collections()
    if as_json:
        print_json({"collections": [_collection(one.name, one.purpose, one.owner, one.size) for one in known]})
    else:
        rows = [(escape(one.name), one.purpose.value, str(one.size), escape(one.owner)) for one in known]
        out().print(table("", ("name", "purpose", "references", "owner"), rows))
    return 0


def _collection(name: str, purpose: Purpose, owner: str, size: int) -> dict[str, object]:
    return {"name": name, "purpose": purpose.value, "owner": owner, "size": size}


async def create_collection(settings: Settings, name: str, purpose: Purpose, owner: str, as_json: bool) -> int:
    """Create a collection."""
    async with opened(settings, making=True) as services:
        await references.create_collection(services, name, purpose, owner)
    if as_json:
        print_json(_collection(name, purpose, owner, 0))
    else:
        out().print(f"'{escape(name)}' created ({purpose.value})")
    return 0


async def delete_collection(settings: Settings, name: str, as_json: bool) -> int:
    """Delete a collection with its references."""
    async with opened(settings) as services:
        deleted = await references.delete_collection(services, name)
    if as_json:
        print_json({"name": name, "deleted_references": deleted})
    else:
        out().print(f"'{escape(name)}' deleted with {deleted} references")
    return 0
