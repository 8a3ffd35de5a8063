"""`resight backup` and `resight restore`: everything that is remembered as one ZIP file; the bot may go on running.

    backup.json     format, time, the database's hash, and its mark (`store.sql.backup`)
    resight.db      the database: references with pictures and vectors, policies, cases, inbox, audit log
    matrix/         the login on Matrix and the keys of its device, if there are any: a new device could read nothing

Restoring writes the vectors again and then compares marks and counts. The API token is not in it: `resight run` makes a
new one. What a community's members posted is not in it either, because it is never stored; thumbnails of matches are.
"""

import asyncio
import hashlib
import json
import os
import time
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.base import Json, group, run_command
from bot.cli.opening import opened
from bot.cli.output import out, print_json
from bot.clock import now
from bot.data_folder import database_of, held
from bot.fronts.matrix.folder import FILE, FOLDER, STORE, folder_of
from bot.settings import Settings, load
from core.errors import DamagedStore, DataError, EnvironmentTrouble, UsageError
from handlers import references
from store.sql.backup import DatabaseSummary, copy, is_readable, summary_of

FORMAT, DATABASE, ABOUT = 1, "resight.db", "backup.json"
LOGIN = (f"{FOLDER}/{FILE}", f"{FOLDER}/{STORE}")
HELD = (DATABASE, f"{DATABASE}-wal", f"{FOLDER}/{STORE}", f"{FOLDER}/{STORE}-journal")
"""What must not be there: a log that is left of another database would be taken for this one's."""

MOST_WORDS = 100_000
BLOCK = 1 << 20
NO_BACKUP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""What `zipfile` raises for files that are damaged, cut off, encrypted or packed in another way."""

app = group()


@app.command("backup")
def write_backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The ZIP file to write.")],
    as_json: Json = False,
) -> None:
    """Write everything that is remembered to a ZIP file; the bot may go on running."""
    run_command(backup(load(**context.obj), file, as_json))


@app.command("restore")
def read_backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A ZIP file of `resight backup`.")],
    as_json: Json = False,
) -> None:
    """Fill an empty data folder from a backup, write the vectors again, and compare."""
    run_command(restore(load(**context.obj), file, as_json))


@dataclass(frozen=True, slots=True)
class Found:
    """What a backup says of itself."""

    sha256: str
    mark: DatabaseSummary


async def backup(settings: Settings, file: Path, as_json: bool) -> int:
    """Write the file; an existing one is replaced once the new one is whole."""
    mark = await asyncio.to_thread(_write, database_of(settings.home), file)
    if as_json:
        print_json({"file": str(file), **asdict(mark)})
    else:
        out().print(f"{mark.references} references, {mark.cases} cases: '{file}'.", markup=False, soft_wrap=True)
    return 0


def _write(database: Path, file: Path) -> DatabaseSummary:
    partial, plain = file.with_name(file.name + ".partial"), file.with_name(file.name + ".partial.db")
    keys = file.with_name(file.name + ".partial.keys")
    try:
        _copy(database, plain)
        mark = summary_of(plain)
        about = {"format": FORMAT, "made_at": now().isoformat(), "sha256": _hash(plain), "mark": asdict(mark)}
        os.close(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(ABOUT, json.dumps(about, indent=1))
            archive.write(plain, DATABASE)
            _write_login(archive, folder_of(database.parent), keys)
        partial.replace(file)
    except OSError as error:
        raise DataError(f"'{file}' can't be written: {error.strerror}.") from None
    finally:
        for one in (plain, partial, keys):
            one.unlink(missing_ok=True)
    return mark


def _copy(database: Path, file: Path) -> None:
    """For its owner only from the first byte on."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    copy(database, file)


def _write_login(archive: zipfile.ZipFile, folder: Path, partial: Path) -> None:
    """The login, and the keys as they are in this moment, though somebody writes to them."""
    if not (folder / FILE).exists() or not (folder / STORE).exists():
        return
    _copy(folder / STORE, partial)
    archive.write(folder / FILE, f"{FOLDER}/{FILE}")
    archive.write(partial, f"{FOLDER}/{STORE}")


async def restore(settings: Settings, file: Path, as_json: bool) -> int:
    """Fill an empty data folder from a backup, write the vectors, and compare."""
    began = time.monotonic()
    with held(settings.home, settings.min_free_mb) as home:
        if left := next((name for name in HELD if (home / name).exists()), ""):
            raise UsageError(
                f"'{home}' holds data already ({left}): move it away first, or choose another folder with --home."
            )
        found = await asyncio.to_thread(_unpack, file, home)
    async with opened(settings, mending=True) as services:
        await services.references.bind_space(services.runner.spec)
        written = await references.rebuild(services)
        stored = await services.catalogue.count()
    seconds = time.monotonic() - began
    if (written, stored) != (found.mark.vectors, found.mark.vectors):
        raise DamagedStore(f"The backup has {found.mark.vectors} vectors, the vector store {stored}.")
    said = {**asdict(found.mark), "seconds": round(seconds, 2)}
    if as_json:
        print_json(said)
    else:
        out().print(
            f"{found.mark.references} references, {stored} vectors and {found.mark.cases} cases, {seconds:.1f} s"
        )
    return 0


def _unpack(file: Path, home: Path) -> Found:
    """Put the database in its place, once its hash, its soundness and its mark are what the backup says."""
    partial = home / f"{DATABASE}.partial"
    try:
        with zipfile.ZipFile(file) as archive:
            with archive.open(ABOUT) as words:
                about = _about(json.loads(words.read(MOST_WORDS)))
            with archive.open(DATABASE) as packed, partial.open("wb") as plain:
                while block := packed.read(BLOCK):
                    plain.write(block)
            login = {name: archive.read(name) for name in LOGIN if name in archive.namelist()}
        _compare(partial, about)
        _put_login(login, home)
        partial.rename(home / DATABASE)
    except (*NO_BACKUP, KeyError, ValueError, TypeError) as error:
        raise DataError(f"'{file}' is no backup of `resight backup`, or it is damaged.") from error
    except OSError as error:
        raise DataError(f"'{file}' can't be restored: {error.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)
    return about


def _put_login(files: Mapping[str, bytes], home: Path) -> None:
    """Put the login back; a backup of a bot without Matrix has none."""
    for name, data in files.items():
        folder_of(home).mkdir(mode=0o700, exist_ok=True)
        handle = os.open(home / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as plain:
            plain.write(data)


def _about(said: Any) -> Found:
    if said["format"] != FORMAT:
        raise DataError("This backup has a newer format: update Resight first.")
    return Found(str(said["sha256"]), DatabaseSummary(**said["mark"]))


def _compare(database: Path, about: Found) -> None:
    if not is_readable(about.mark):
        raise EnvironmentTrouble("This backup was written by a newer Resight: update this one.")
    if _hash(database) != about.sha256 or summary_of(database) != about.mark:
        raise DamagedStore("The backup is damaged: its database is not the one that was written.")


def _hash(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
