"""Reads the CSV manifests of `add` and `search`, and turns paths on the command line into the same rows.

    add      key,path  and optionally  collection,title,source_url,owner,rights,note,replace
    search   id,path
    import   id,path,label          pictures with labels, as tutorials keep them; also folders of classes

Relative paths are relative to the CSV. A wrong file is DataError at once; a wrong row is a row with a `problem`,
so that the batch goes on and tells about it at its end. How tables are read: `handlers.sheet`, `bot.files.tables`.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.files.tables import read_text
from core.errors import DataError
from core.names import written
from embed.decode.video import is_available
from handlers.references import Entry
from handlers.sheet import Line, sheet_of

WORDS = ("title", "source_url", "owner", "rights", "note")
IMAGE_SUFFIXES = frozenset(
    {
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".mpo",
        ".png",
        ".apng",
        ".gif",
        ".webp",
        ".avif",
        ".bmp",
        ".dib",
        ".tif",
        ".tiff",
    }
)
OTHER_SUFFIXES = frozenset(
    {".heic", ".heif", ".jxl", ".jp2", ".j2k", ".svg", ".ico", ".psd", ".tga", ".dds", ".xcf", ".exr", ".qoi"}
    | {".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".raf", ".rw2", ".ppm", ".pgm", ".pbm"}
)
"""Pictures of kinds that are not looked at: of a folder's, too, that is told, file by file."""

YES, NO = ("yes", "true", "1"), ("", "no", "false", "0")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
SURPLUS = 'it has more cells than there are columns: put straight quotes (") around a text with the separator in it'
NUL = "has a NUL in it, which is no letter: write that cell anew"


VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv"})
"""Taken from folders too where videos are looked at; a video that is named is always tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRow:
    """One image to add; `problem` says why it can't be.

    former    the key that older versions gave the file: with the same bytes it is the same reference
    replacing whether it may take the place of another picture
    """

    where: str
    entry: Entry
    path: Path
    problem: str = ""
    former: str = ""
    replacing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """One image to look up; `shown` is the path as it was given, `problem` says why it can't be."""

    id: str
    path: Path
    shown: str
    problem: str = ""


def read_add(manifest: Path, collection: str, encoding: str = "") -> list[AddRow]:
    """The rows of a manifest for `add`; a second row with a key of its collection gets a problem."""
    return _once_a_key([_add_row(manifest, line, collection) for line in _read(manifest, ("key", "path"), encoding)])


def _add_row(manifest: Path, line: Line, collection: str) -> AddRow:
    cells = _legible(line)
    path, wrong = _file(manifest.parent, cells.get("path", ""))
    said = cells.get("replace", "").lower()
    unclear = "" if said in (*YES, *NO) else f"'replace' must be yes or no, not '{written(said)}'"
    return AddRow(
        where=f"line {line.number}",
        entry=_entry(cells, collection),
        path=path,
        problem=_row_problem(line, ("key", "path")) or wrong or unclear,
        replacing=said in YES,
    )


def read_labelled(manifest: Path, collection: str, encoding: str = "") -> list[AddRow]:
    """The rows of a CSV of labelled pictures: the label becomes the title."""
    rows = []
    for line in _read(manifest, ("id", "path", "label"), encoding):
        cells = _legible(line)
        entry = Entry(key=cells.get("id", ""), collection=collection, title=cells.get("label"))
        path, wrong = _file(manifest.parent, cells.get("path", ""))
        problem = _row_problem(line, ("id", "path")) or wrong
        rows.append(AddRow(where=f"line {line.number}", entry=entry, path=path, problem=problem))
    return _once_a_key(rows)


def class_rows(folder: Path, collection: str) -> list[AddRow]:
    """Rows for a folder whose subfolders are classes: their names become the titles of what is in them."""
    rows = []
    for found in _expanded([folder]):
        label = found.below.split("/")[0] if "/" in found.below else ""
        rows.append(_row_of(found, Entry(key=found.key, collection=collection, title=label)))
    return rows


def _row_of(found: "Found", entry: Entry) -> AddRow:
    former = found.below if found.below != found.key else ""
    return AddRow(where=found.shown, entry=entry, path=found.path, problem=found.problem, former=former)


def _once_a_key(rows: Sequence[AddRow]) -> list[AddRow]:
    """The rows; one with the key and collection of an earlier one gets a problem."""
    first: dict[tuple[str, str], str] = {}
    checked = []
    for row in rows:
        where = first.setdefault((row.entry.collection, row.entry.key), row.where)
        twice = f"the key '{written(row.entry.key)}' is already on {where}"
        checked.append(replace(row, problem=row.problem or ("" if where == row.where else twice)))
    return checked


def read_search(manifest: Path, encoding: str = "") -> list[SearchRow]:
    """The rows of a manifest for `search`."""
    rows = []
    for line in _read(manifest, ("id", "path"), encoding):
        cells = _legible(line)
        said = cells.get("path", "")
        path, wrong = _file(manifest.parent, said)
        problem = _row_problem(line, ("path",)) or wrong
        rows.append(SearchRow(id=cells.get("id", ""), path=path, shown=written(said), problem=problem))
    return rows


def add_rows(paths: Sequence[Path], collection: str, words: Mapping[str, str | None]) -> list[AddRow]:
    """Rows for paths on the command line; folders are walked, and a key is the way from the folder's name on."""
    rows: list[AddRow] = []
    seen: dict[str, str] = {}
    for found in _expanded(paths):
        first = seen.setdefault(found.key, found.shown)
        taken = f"the key '{found.key}' is already taken by {first}; use a manifest to name it"
        row = _row_of(found, Entry(key=found.key, collection=collection, **words))
        rows.append(replace(row, problem=row.problem or ("" if first == found.shown else taken)))
    return rows


def search_rows(paths: Sequence[Path]) -> list[SearchRow]:
    """Rows for paths on the command line."""
    return [
        SearchRow(id=found.below, path=found.path, shown=found.shown, problem=found.problem)
        for found in _expanded(paths)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file: its key, its way below the folder that was given, its path as text, and what is wrong with it."""

    path: Path
    key: str
    below: str
    shown: str
    problem: str = ""


def _expanded(paths: Sequence[Path]) -> Iterator[Found]:
    for path in paths:
        if path.is_dir():
            yield from _walked(path)
        else:
            yield _found(path, path.name, path.name, _address_problem(str(path)))


def _found(path: Path, key: str, below: str, problem: str = "") -> Found:
    return Found(path=path, key=written(key), below=written(below), shown=written(str(path)), problem=problem)


def _walked(folder: Path) -> Iterator[Found]:
    """The pictures below a folder in their order; what can't be looked into is told, and so is a folder without any."""
    name, locked = Path(os.path.abspath(folder)).name, list[OSError]()  # noqa: PTH100  (a link keeps its name)
    inner = (where / file for where, _, files in folder.walk(on_error=locked.append) for file in files)
    suffixes = _suffixes() | OTHER_SUFFIXES
    pictures = sorted(one for one in inner if one.suffix.lower() in suffixes and one.is_file())
    for one in pictures:
        below = one.relative_to(folder).as_posix()
        yield _found(one, f"{name}/{below}" if name else below, below)
    for error in locked:
        path = Path(str(error.filename))
        yield _found(path, str(path), str(path), f"the folder can't be looked into: {error.strerror}")
    if not pictures and not locked:
        yield _found(folder, str(folder), str(folder), "there is no picture in this folder")


def _suffixes() -> frozenset[str]:
    return IMAGE_SUFFIXES | (VIDEO_SUFFIXES if is_available() else frozenset())


def _file(folder: Path, said: str) -> tuple[Path, str]:
    """The file that a cell names, and what is wrong with the name; Windows' backslashes are read as they are meant."""
    path = folder / said
    if "\\" in said and not path.exists():
        path = folder / said.replace("\\", "/")
    return path, _address_problem(said)


def _address_problem(said: str) -> str:
    if not ADDRESS.match(said):
        return ""
    return f"'{written(said)}' is an address, and pictures are read from files: save it, and give the file's path"


def _read(manifest: Path, needed: Sequence[str], encoding: str) -> list[Line]:
    """The rows; raises DataError for a file that is no such table."""
    name = f"manifest '{written(str(manifest))}'"
    sheet = sheet_of(read_text(manifest, "manifest", encoding, of_rows=True), set(needed).issubset, name=name)
    if missing := [one for one in needed if one not in sheet.columns]:
        listed = written(", ".join(sheet.columns)[:200]) or "none"
        raise DataError(f"The {name} lacks the column {' and '.join(missing)}; it has: {listed}.")
    return list(sheet.lines)


def _entry(cells: Mapping[str, str], collection: str) -> Entry:
    """What a row says; of a column that the table or the row lacks nothing is said."""
    said = {name: cells.get(name) for name in WORDS}
    return Entry(key=cells.get("key", ""), collection=cells.get("collection") or collection, **said)


def _legible(line: Line) -> dict[str, str]:
    """The cells of a line as they can be shown: NULs are seen, and a collection with one is none."""
    cells = {name: cell.replace("\0", "\ufffd") for name, cell in line.cells.items()}
    return cells | {name: "" for name in ("collection",) if "\0" in line.cells.get(name, "")}


def _row_problem(line: Line, needed: Sequence[str]) -> str:
    broken = next((f"the {name} {NUL}" for name, cell in line.cells.items() if "\0" in cell), "")
    empty = next((f"the {name} is empty" for name in needed if not line.cells.get(name)), "")
    return broken or empty or (SURPLUS if line.surplus else "")
