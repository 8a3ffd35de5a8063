"""`resight search`: looks images up; with `--text` and `--similar` what looks like them, copy or not.

References that have no second vector yet are embedded first, with progress: what is similar is about all of them.
"""

import sys
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from bot.cli.base import Encoding, Json, Manifest, Names, Paths, check_one_source, group, run_command
from bot.cli.catalogue.completing import completed
from bot.cli.opening import opened
from bot.cli.output import coloured, err, out, print_json, progress, table
from bot.files import batch
from bot.files.evidence import EvidenceFolder
from bot.files.manifest import SearchRow, read_search, search_rows
from bot.services import Services
from bot.settings import Settings, load, worker_threads
from core.errors import CouldNotLook, DataError, UsageError
from core.matches import Finding, Match
from core.semantic import Similar
from core.telling import differing
from core.types import Outcome
from core.wording import Words
from handlers import evidence, similar
from handlers.search_json import as_json as finding_json

NOTHING = "Nothing is similar enough."

app = group()


@app.command("search")
def search_images(
    context: typer.Context,
    paths: Paths = None,
    manifest: Manifest = None,
    encoding: Encoding = "",
    collection: Names = None,
    top: Annotated[int, typer.Option(min=1, max=50, help="Most matches an image.")] = 5,
    all_candidates: Annotated[
        bool, typer.Option("--all-candidates", help="Also those below every threshold, with their scores.")
    ] = False,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", metavar="DIR", help="Write a picture of each best match there.")
    ] = None,
    similar: Annotated[
        bool, typer.Option("--similar", help="What looks like it, copy or not (needs RESIGHT_SEMANTIC_MODEL).")
    ] = False,
    text: Annotated[
        str | None, typer.Option("--text", metavar="WORDS", help="References that show what the words say.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Look images up. With --manifest, --json or into a pipe: JSON Lines, one object an image, in input order."""
    lines = as_json or manifest is not None or not sys.stdout.isatty()
    alike = Alike(collections=collection, top=top, lines=lines)
    if text is not None:
        if paths or manifest:
            raise UsageError("Say either --text or which images to look up.")
        run_command(by_words(load(**context.obj), text, alike))
        return
    check_one_source(paths, manifest)
    rows = read_search(manifest, encoding) if manifest else search_rows(paths or [])
    if similar:
        run_command(like(load(**context.obj), rows, alike))
        return
    asked = Asked(collections=collection, top=top, all_candidates=all_candidates, lines=lines, evidence=evidence)
    run_command(search(load(**context.obj), rows, asked))


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
    return CouldNotLook.exit_code if unscannable.verdict.reason == CouldNotLook.reason else DataError.exit_code


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Where to look, how many to tell, and whether as JSON Lines."""

    collections: Sequence[str] | None
    top: int
    lines: bool


async def by_words(settings: Settings, text: str, asked: Alike) -> int:
    """Print the references that show what the words say."""
    async with opened(settings) as services:
        await completed(services)
        found = await similar.by_words(services, text, asked.collections, asked.top)
    _tell_alike({"text": text}, escape(text), found, asked)
    return 0


async def like(settings: Settings, rows: Sequence[SearchRow], asked: Alike) -> int:
    """Print what looks like each image, in order; those that can't be scanned are told, and make the exit code."""
    code = 0
    async with opened(settings) as services:
        await completed(services)
        for row in rows:
            try:
                data = await batch.read(row.path, services.max_image_bytes, row.problem)
                found = await similar.similar(services, data, asked.collections, asked.top)
            except (DataError, CouldNotLook) as error:
                code = max(code, error.exit_code)
                err().print(f"{escape(row.shown)}: {escape(str(error))}", soft_wrap=True)
                continue
            _tell_alike({"id": row.id, "path": row.shown}, escape(row.shown), found, asked)
    return code


def _tell_alike(query: dict[str, str], shown: str, found: Sequence[Similar], asked: Alike) -> None:
    if asked.lines:
        print_json({**query, "similar": [similar.as_json(one) for one in found]})
        return
    console = out()
    console.print(shown)
    if not found:
        console.print(f"  {NOTHING}")
        return
    console.print(table("", ("", "key", "collection", "score", "metric", "title"), [_alike(one) for one in found]))


def _alike(one: Similar) -> Sequence[str]:
    reference = one.reference
    words = (escape(reference.key), escape(reference.collection), f"{one.score:.3f}", one.metric.value)
    return "  ", *words, escape(reference.title)
