"""`resight add` and `resight remove`: references in, references out."""

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from bot.cli.base import Encoding, Json, Manifest, Paths, check_one_source, group, run_command
from bot.cli.opening import opened
from bot.cli.output import err, out, print_json, progress
from bot.files import batch
from bot.files.batch_check import Noted
from bot.files.manifest import AddRow, add_rows, read_add
from bot.settings import Settings, load, worker_threads
from core.errors import DataError
from core.telling import said
from core.wording import Words
from handlers import references
from handlers.add_check import reason_of

app = group()


@app.command("add")
def add_images(
    context: typer.Context,
    paths: Paths = None,
    manifest: Manifest = None,
    collection: Annotated[str, typer.Option("--collection", "-c", help="Where to add.")] = "library",
    title: Annotated[str | None, typer.Option(help="What the image shows.")] = None,
    source_url: Annotated[str | None, typer.Option(help="Where it comes from.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who owns it.")] = None,
    rights: Annotated[str | None, typer.Option(help="Under what terms it may be used.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let another picture take the place of the one that has its key.")
    ] = False,
    rekey: Annotated[
        bool, typer.Option("--rekey", help="Give files of folders that older versions added the keys of today.")
    ] = False,
    encoding: Encoding = "",
    unchecked: Annotated[
        bool,
        typer.Option("--no-check", help="Tell of damaged files only, not of copies of known images, screenshots, ..."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Add reference images. The same key with the same bytes changes words only; another picture needs --replace."""
    check_one_source(paths, manifest)
    words = {"title": title, "source_url": source_url, "owner": owner, "rights": rights}
    rows = read_add(manifest, collection, encoding) if manifest else add_rows(paths or [], collection, words)
    how = batch.How(check=not unchecked, replacing=replace, rekey=rekey)
    run_command(add(load(**context.obj), rows, as_json, how))


@app.command("remove")
def remove_references(
    context: typer.Context,
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys of the references to remove.")],
    collection: Annotated[str, typer.Option("--collection", "-c", help="Their collection.")] = "library",
    as_json: Json = False,
) -> None:
    """Remove references from a collection."""
    run_command(remove(load(**context.obj), collection, keys, as_json))


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
    return DataError.exit_code if missing else 0
