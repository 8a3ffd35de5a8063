"""`resight export` and `import`: a catalogue as one ZIP file.

    resight.json        format version and embedding identity
    collections.json    whose each collection is, and how its semantic vectors are compared
    references.jsonl    one reference a line: words, hashes, size, purpose of its collection, number of its parts
    pictures/ID-N.jpg   the stored picture of each frame
    features/ID-N.bin   its packed local features
    logos/ID-N.png      what is kept of it if it is a logo
    words/ID-N.json     the words that were read in it
    vectors/ID-N.f16    its embedding, float16, little-endian
    vectors/ID-N-inverted.f16    that of its inverted colours

What is brought in is read by `bot.files.archive`, which believes nothing, and judged by `handlers.imports`: vectors are
used as they are where the model is the same and they are those of the pictures, which are embedded again to know that.
Nothing short of it finds the one vector among thousands that hides a picture; so whoever made the file may say so
(`--trust`), and only a sample, drawn anew each time, is held against its pictures before anything is stored.
"""

import asyncio
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from bot.cli.base import Encoding, Json, Names, group, run_command
from bot.cli.catalogue import hash_exchange
from bot.cli.catalogue.add import add
from bot.cli.opening import opened, opened_database
from bot.cli.output import err, out, print_json, progress
from bot.clock import now
from bot.files.archive import FORMAT, SHELVES, Archive, vector_name
from bot.files.archive import opened as opened_file
from bot.files.batch import How
from bot.files.manifest import class_rows, read_labelled
from bot.services import Services
from bot.settings import Settings, load
from core.errors import DataError, UsageError
from core.looks import INVERTED, PdqHash
from core.types import Reference
from handlers import imports
from handlers.hash_lists import BadRow
from handlers.imports import ImportReport, ImportRow
from handlers.references import Added
from store.sql.references import SqlReferences

MOST_BAD = 1000
SAMPLE = 100
"""References whose vectors are held against their pictures before the others are trusted."""

WORDS = ("key", "collection", "title", "source_url", "owner", "rights", "note", "sha256", "pixel_hash")

app = group()


@app.command("export")
def export_catalogue(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write: a ZIP file, or with --hashes a list.")],
    hashes: Annotated[bool, typer.Option("--hashes", help="Only hashes and words: .csv, .json or .jsonl.")] = False,
    collection: Names = None,
    as_json: Json = False,
) -> None:
    """Write collections with their references, pictures and vectors to a ZIP file, or their PDQ hashes to a list."""
    write = hash_exchange.export if hashes else export
    run_command(write(load(**context.obj), file, collection, as_json))


@app.command("import")
def import_catalogue(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="A ZIP file of `resight export`, a list of PDQ hashes, or a folder of class folders.")
    ],
    collection: Annotated[str | None, typer.Option("--collection", "-c", help="Where a list is to go.")] = None,
    labelled: Annotated[
        bool, typer.Option("--csv", help="The file lists pictures with labels: id,path,label.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="What a ZIP file says goes before what is known under the same key.")
    ] = False,
    trusting: Annotated[
        bool,
        typer.Option(
            "--trust",
            help="Don't embed the pictures of a ZIP file again. Only for files of your own: vectors that are not of "
            "their picture hide it, or take others for it.",
        ),
    ] = False,
    encoding: Encoding = "",
    as_json: Json = False,
) -> None:
    """Add what a ZIP file of `resight export` or a list of hashes holds, or labelled pictures; labels become titles."""
    if labelled or file.is_dir():
        place = collection or "library"
        rows = read_labelled(file, place, encoding) if labelled else class_rows(file, place)
        how = How(check=False)  # pictures of one label may be alike
        run_command(add(load(**context.obj), rows, as_json, how))
    elif form := hash_exchange.form_of(file):
        run_command(hash_exchange.bring_in(load(**context.obj), file, form, collection, as_json))
    elif collection:
        raise UsageError("--collection is for lists of hashes: a ZIP file says itself where everything goes.")
    else:
        run_command(bring_in(load(**context.obj), file, replace=replace, trusting=trusting, as_json=as_json))


async def export(settings: Settings, file: Path, collections: Sequence[str] | None, as_json: bool) -> int:
    """Write the collections (None = all) to a new file."""
    async with opened_database(settings, alone=True) as db:
        known = SqlReferences(db, now)
        for name in collections or ():
            await known.collection(name)
        wanted = set(collections) if collections else None
        total, _ = await known.totals()
        partial = file.with_name(file.name + ".partial")
        try:
            with zipfile.ZipFile(partial, "w") as archive, progress("Exporting", total) as step:
                count = await _write(known, archive, wanted, step)
        except OSError as error:
            raise DataError(f"'{file}' can't be written: {error.strerror}.") from None
        partial.rename(file)
    _tell("exported", count, as_json)
    return 0


async def _write(known: SqlReferences, archive: zipfile.ZipFile, wanted: set[str] | None, step: Any) -> int:
    head = {"format": FORMAT, "space_id": await known.space()}
    archive.writestr("resight.json", json.dumps(head))
    parts: dict[UUID, dict[int, bytes]] = {}
    async for points in known.points():
        for point in points:
            if wanted is None or point.collection in wanted:
                parts.setdefault(point.reference, {})[point.part] = point.vector.astype("<f2").tobytes()
    lines = []
    async for reference in known.each():
        if wanted is not None and reference.collection not in wanted:
            continue
        halves = parts.get(reference.id, {})
        frames = [part for part in halves if part < INVERTED]
        hashes = (await known.hashes([reference.id])).get(reference.id, ())
        lines.append(json.dumps(_line(reference, len(frames), hashes), ensure_ascii=False))
        for part, half in halves.items():
            archive.writestr(vector_name(reference.id, part), half)
        kept = await known.materials([(reference.id, frame) for frame in frames])
        for (_, frame), material in kept.items():
            archive.writestr(f"pictures/{reference.id}-{frame}.jpg", material.picture)
            archive.writestr(f"features/{reference.id}-{frame}.bin", material.features)
            if material.logo:
                archive.writestr(f"logos/{reference.id}-{frame}.png", material.logo)
            if material.words:
                archive.writestr(f"words/{reference.id}-{frame}.json", material.words)
        step()
    archive.writestr(SHELVES, json.dumps(await _shelves(known, wanted), ensure_ascii=False))
    archive.writestr("references.jsonl", "".join(line + "\n" for line in lines))
    return len(lines)


async def _shelves(known: SqlReferences, wanted: set[str] | None) -> list[dict[str, Any]]:
    shelves = [one for one in await known.collections() if wanted is None or one.name in wanted]
    names = ("name", "owner", "metric", "similar_at")
    return [{name: getattr(one, name) for name in names} for one in shelves]


def _line(reference: Reference, parts: int, hashes: Sequence[PdqHash]) -> dict[str, Any]:
    pdq = [{"pdq": one.hex, "quality": one.quality} for one in hashes]
    said = {name: getattr(reference, name) for name in WORDS}
    added = reference.added_at.isoformat() if reference.added_at else ""
    size = {"width": reference.width, "height": reference.height}
    return {**said, **size, "purpose": reference.purpose.value, "added_at": added, "parts": parts, "hashes": pdq}


async def bring_in(settings: Settings, file: Path, *, replace: bool, as_json: bool, trusting: bool = False) -> int:
    """Take over what the file holds; bad rows are told at the end and make the exit code 3.

    With `trusting` its vectors and features are used as they are, if those of a sample are right.
    """
    archive = await asyncio.to_thread(opened_file, file)
    with archive.zip:
        async with opened(settings, making=True) as services:
            spec = services.runner.spec
            is_trusted = trusting and await _is_sound(services, archive)
            with progress("Importing", archive.pictures) as step:
                rows = _counted(archive.rows(spec.space_id, spec.dim), step)
                taken = await imports.take(services, rows, replace=replace, trusting=is_trusted)
    _tell_taken(taken, as_json)
    return max((one.code for one in taken.bad), default=0)


async def _is_sound(services: Services, archive: Archive) -> bool:
    """Whether the vectors of a sample are right; where they are not, it is told that all are made again."""
    spec = services.runner.spec
    drawn = await asyncio.to_thread(archive.sample, spec.space_id, spec.dim, SAMPLE)
    if not await imports.are_sound(services, drawn):
        err().print("Vectors of the file are not those of its pictures: all are made again.", soft_wrap=True)
        return False
    return True


def _counted(rows: Iterable[ImportRow | BadRow], step: Callable[[], None]) -> Iterator[ImportRow | BadRow]:
    """The rows; each moves the bar, and after too many bad ones there are no more."""
    bad = 0
    for row in rows:
        step()
        bad += isinstance(row, BadRow)
        yield row
        if bad >= MOST_BAD:
            yield BadRow(
                where="", key="", sentence=f"The first {MOST_BAD} bad rows are told, and nothing after them read."
            )
            return


def _tell_taken(taken: ImportReport, as_json: bool) -> None:
    counts = {kind.value: taken.done[kind] for kind in Added}
    if as_json:
        bad = [{"where": one.where, "key": one.key, "message": one.sentence} for one in taken.bad]
        print_json({**counts, "collections": [one.name for one in taken.made], "bad": bad})
        return
    out().print(", ".join(f"{count} {word}" for word, count in counts.items()) + f", {len(taken.bad)} bad")
    for made in taken.made:
        whose = f" of {made.owner}" if made.owner else ""
        out().print(f"A new collection{whose}: '{made.name}', for {made.purpose.value}.", markup=False, soft_wrap=True)
    for one in taken.bad:
        named = f" ('{one.key}')" if one.key else ""
        err().print(f"{one.where or 'file'}{named}: {one.sentence}", markup=False, soft_wrap=True)


def _tell(word: str, count: int, as_json: bool) -> None:
    if as_json:
        print_json({word: count})
    else:
        out().print(f"{count} references {word}")
