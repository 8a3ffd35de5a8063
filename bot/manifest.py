"""Reads the CSV manifests of `add` and `search`, and turns paths on the command line into the same rows.

    add      key,path  and optionally  collection,title,source_url,owner,rights,note
    search   id,path
    import   id,path,label          pictures with labels, as tutorials keep them; also folders of classes

Relative paths are relative to the CSV. A wrong file is DataError at once; a wrong row is a row with a `problem`,
so that the batch goes on and tells about it at its end.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import DataError
from embed.decode.video import is_available
from handlers.references import Entry

OPTIONAL = ("collection", "title", "source_url", "owner", "rights", "note")
IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".jfif"})


VIDEO_SUFFIXES = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv"})
"""Taken from folders too where videos are looked at; a video that is named is always tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRow:
    """One image to add; `problem` says why it can't be."""

    where: str
    entry: Entry
    path: Path
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """One image to look up; `shown` is the path as it was given."""

    id: str
    path: Path
    shown: str


def read_add(manifest: Path, collection: str) -> list[AddRow]:
    """The rows of a manifest for `add`; a second row with a key of its collection gets a problem."""
    rows = []
    for line, cells in _read(manifest, ("key", "path")):
        path, problem = manifest.parent / cells["path"], _row_problem(cells, ("key", "path"))
        rows.append(AddRow(where=f"line {line}", entry=_entry(cells, collection), path=path, problem=problem))
    return _once_a_key(rows)


def read_labelled(manifest: Path, collection: str) -> list[AddRow]:
    """The rows of a CSV of labelled pictures: the label becomes the title."""
    rows = []
    for line, cells in _read(manifest, ("id", "path", "label")):
        entry = Entry(key=cells["id"], collection=collection, title=cells["label"])
        path, problem = manifest.parent / cells["path"], _row_problem(cells, ("id", "path"))
        rows.append(AddRow(where=f"line {line}", entry=entry, path=path, problem=problem))
    return _once_a_key(rows)


def class_rows(folder: Path, collection: str) -> list[AddRow]:
    """Rows for a folder whose subfolders are classes: their names become the titles of what is in them."""
    rows = []
    for key, path in _expanded([folder]):
        label = key.split("/")[0] if "/" in key else ""
        entry = Entry(key=key, collection=collection, title=label)
        rows.append(AddRow(where=str(path), entry=entry, path=path))
    return rows


def _once_a_key(rows: Sequence[AddRow]) -> list[AddRow]:
    """The rows; one with the key and collection of an earlier one gets a problem."""
    first: dict[tuple[str, str], str] = {}
    checked = []
    for row in rows:
        where = first.setdefault((row.entry.collection, row.entry.key), row.where)
        problem = row.problem or ("" if where == row.where else f"the key '{row.entry.key}' is already on {where}")
        checked.append(replace(row, problem=problem))
    return checked


def read_search(manifest: Path) -> list[SearchRow]:
    """The rows of a manifest for `search`."""
    return [
        SearchRow(id=cells["id"], path=manifest.parent / cells["path"], shown=cells["path"])
        for _, cells in _read(manifest, ("id", "path"))
    ]


def add_rows(paths: Sequence[Path], collection: str, words: Mapping[str, str]) -> list[AddRow]:
    """Rows for paths on the command line; folders are walked, and the key is the path below the folder given."""
    rows: list[AddRow] = []
    seen: dict[str, Path] = {}
    for key, path in _expanded(paths):
        first = seen.setdefault(key, path)
        problem = "" if first == path else f"the key '{key}' is already taken by {first}; use a manifest to name it"
        rows.append(
            AddRow(where=str(path), entry=Entry(key=key, collection=collection, **words), path=path, problem=problem)
        )
    return rows


def search_rows(paths: Sequence[Path]) -> list[SearchRow]:
    """Rows for paths on the command line."""
    return [SearchRow(id=key, path=path, shown=str(path)) for key, path in _expanded(paths)]


def _expanded(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    suffixes = IMAGE_SUFFIXES | (VIDEO_SUFFIXES if is_available() else frozenset())
    for path in paths:
        if not path.is_dir():
            yield path.name, path
            continue
        for inner in sorted(path.rglob("*")):
            if inner.suffix.lower() in suffixes and inner.is_file():
                yield inner.relative_to(path).as_posix(), inner


def read_text(path: Path, name: str) -> str:
    """A file as text; raises DataError, in which `name` says what kind of file it should be."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise DataError(f"There is no {name} '{path}'.") from None
    except UnicodeDecodeError:
        raise DataError(f"The {name} '{path}' is not UTF-8 text.") from None
    except OSError as error:
        raise DataError(f"The {name} '{path}' can't be read: {error.strerror}.") from None


def _read(manifest: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row; raises DataError for a file that is no such CSV."""
    text = read_text(manifest, "manifest")
    reader = csv.DictReader(text.splitlines(keepends=True))
    columns = [name.strip() for name in reader.fieldnames or []]
    if missing := [name for name in needed if name not in columns]:
        listed = ", ".join(columns) or "none"
        raise DataError(f"The manifest '{manifest}' lacks the column {' and '.join(missing)}; it has: {listed}.")
    reader.fieldnames = columns
    try:
        for cells in reader:
            yield reader.line_num, {name: (value or "").strip() for name, value in cells.items() if name}
    except csv.Error as error:
        raise DataError(f"The manifest '{manifest}' is damaged at line {reader.line_num}: {error}.") from None


def _entry(cells: Mapping[str, str], collection: str) -> Entry:
    said = {name: cells.get(name, "") for name in OPTIONAL}
    return Entry(key=cells.get("key", ""), **said | {"collection": said["collection"] or collection})


def _row_problem(cells: Mapping[str, str], needed: Sequence[str]) -> str:
    return next((f"the {name} is empty" for name in needed if not cells.get(name)), "")
