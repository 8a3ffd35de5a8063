"""Lists of PDQ hashes, as they are exchanged where the pictures must not be. Pure: text in, rows out, and back.

    .csv     a header, then a row a hash
    .json    a list of objects or plain hashes, also inside an object ({"data": [...]})
    .jsonl   an object a line
    .txt     a hash a line; then, after commas, perhaps its quality and a key; # begins a comment

A row needs its hash; all else is optional. Field names are ours and those of ThreatExchange (`FIELDS`). What says that
it is of another type than PDQ, or that it was withdrawn, is skipped and counted. Rows of one key are frames of one
reference. A row without a key has its hash for one, so that the same list again changes nothing.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.errors import DataError
from core.looks import PdqHash
from handlers.collections import DEFAULT_COLLECTION
from handlers.references import Entry, check
from handlers.sheet import sheet_of

FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Form(StrEnum):
    """The format of a list; the value is the file's suffix."""

    CSV = ".csv"
    JSON = ".json"
    JSONL = ".jsonl"
    TXT = ".txt"


FIELDS: Mapping[str, tuple[str, ...]] = {
    "hash": ("hash", "pdq", "pdq_hash", "indicator", "raw_indicator", "value"),
    "type": ("type", "signal_type", "hash_type"),
    "quality": ("quality",),
    "key": ("key", "id"),
    "collection": ("collection",),
    "title": ("title",),
    "source_url": ("source_url",),
    "owner": ("owner",),
    "rights": ("rights",),
    "note": ("note", "description"),
    "sha256": ("sha256",),
    "withdrawn": ("should_delete",),
}
"""Our name of each field, and the names by which lists may call it."""

WORDS = ("title", "source_url", "owner", "rights", "note")
COLUMNS = ("key", "collection", "pdq", "quality", "sha256", *WORDS)
"""The columns that are written, in this order."""

PDQ = frozenset({"pdq", "hashpdq", "imagepdq", "pdqhash"})
YES = frozenset({"true", "1", "yes"})
SHA256 = re.compile(r"[0-9a-f]{64}|")
SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class HashRow:
    """One hash of a list with what the list says about it; `where` names its line or entry."""

    where: str
    entry: Entry
    hash: PdqHash
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that can't be used, with one sentence about it and the exit code that it causes."""

    where: str
    key: str
    sentence: str
    code: int = DataError.exit_code


@dataclass(frozen=True, slots=True, kw_only=True)
class HashList:
    """The content of a list; `skipped` rows are withdrawn or of another type."""

    rows: tuple[HashRow, ...]
    bad: tuple[BadRow, ...] = ()
    skipped: int = 0


def read(text: str, form: Form, collection: str | None = None) -> HashList:
    """Return all rows of a list; `collection` overrides what the rows say.

    Raises DataError for a text that is no such list; one bad row does not stop the others.
    """
    rows: list[HashRow] = []
    bad: list[BadRow] = []
    skipped = 0
    for where, record in READERS[form](text):
        values = _said(record)
        if record is not None and _is_none_of_ours(values):
            skipped += 1
            continue
        try:
            rows.append(_listed(where, record, values, collection))
        except DataError as error:
            bad.append(BadRow(where=where, key=values["key"], sentence=str(error)))
    return HashList(rows=tuple(rows), bad=tuple(bad), skipped=skipped)


def write(rows: Iterable[HashRow], form: Form) -> str:
    """Return the list of these rows; raises ValueError for a form in which words would be lost."""
    records = [_record(row) for row in rows]
    match form:
        case Form.CSV:
            file = io.StringIO(newline="")
            writer = csv.DictWriter(file, COLUMNS)  # with \r\n, as RFC 4180 has it: so it quotes either in a word
            writer.writeheader()
            writer.writerows({name: harmless(value) for name, value in record.items()} for record in records)
            return file.getvalue()
        case Form.JSON:
            return "[\n" + ",\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n]\n"
        case Form.JSONL:
            return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        case Form.TXT:
            raise ValueError("a plain text has no room for words")


def harmless(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before it (OWASP, CSV Injection)."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def _as_meant(value: Any) -> Any:
    """Return the cell without the apostrophe that `harmless` added."""
    return value[1:] if isinstance(value, str) and value[:1] == "'" and FORMULA.match(value) else value


type Record = Mapping[str, Any] | None
"""A row's fields as they stand in the list; None = it has none that can be read."""


def _csv(text: str) -> Iterator[tuple[str, Record]]:
    sheet = sheet_of(text, lambda names: bool(set(names) & set(FIELDS["hash"])), name="list")
    if not set(sheet.columns) & set(FIELDS["hash"]):
        listed = ", ".join(sheet.columns)[:SHOWN] or "none"
        pictures = " Lists of pictures (id,path,label) are read with --csv." if "path" in sheet.columns else ""
        raise DataError(f"The list has no column 'hash'; it has: {listed}.{pictures}")
    for line in sheet.lines:
        yield f"line {line.number}", {name: _as_meant(value) for name, value in line.cells.items()}


def _json(text: str) -> Iterator[tuple[str, Record]]:
    for number, entry in enumerate(_entries(_parsed(text)), 1):
        yield f"entry {number}", _fields(entry)


def _jsonl(text: str) -> Iterator[tuple[str, Record]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield f"line {number}", _fields(_parsed(line))
            except DataError:
                yield f"line {number}", None


def _txt(text: str) -> Iterator[tuple[str, Record]]:
    for number, line in enumerate(text.split("\n"), 1):
        if words := line.split("#")[0].strip():
            yield f"line {number}", dict(zip(("hash", "quality", "key"), words.split(",", 2), strict=False))


READERS = {Form.CSV: _csv, Form.JSON: _json, Form.JSONL: _jsonl, Form.TXT: _txt}


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise DataError("The list is not JSON.") from None


def _entries(document: object) -> Sequence[object]:
    """Return the list itself, or the only list inside an object."""
    lists = [document] if isinstance(document, list) else []
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
    if len(lists) != 1:
        raise DataError("The list must be a JSON list, or an object with one list in it.")
    return lists[0]


def _fields(entry: object) -> Record:
    if isinstance(entry, str):
        return {"hash": entry}
    return entry if isinstance(entry, dict) else None


def _said(record: Record) -> dict[str, str]:
    """Return the fields by our names; missing ones are ""."""
    values = {str(name).strip().lower(): _text(value) for name, value in (record or {}).items()}
    return {word: next(filter(None, map(values.get, names)), "") for word, names in FIELDS.items()}


def _text(value: object) -> str:
    """Return a value as text; in ThreatExchange an owner is an object with a name."""
    if isinstance(value, dict):
        value = value.get("name")
    if not isinstance(value, str | int | float):
        return ""
    return str(value).encode(errors="replace").decode().strip()  # JSON can spell what no file can hold


def _is_none_of_ours(values: Mapping[str, str]) -> bool:
    kind = "".join(filter(str.isalnum, values["type"])).lower()
    return kind not in PDQ | {""} or values["withdrawn"].lower() in YES


def _listed(where: str, record: Record, values: Mapping[str, str], collection: str | None) -> HashRow:
    if record is None:
        raise DataError("It is neither an object nor a hash.")
    pdq = _hash(values["hash"], _quality(values["quality"]))
    sha256 = values["sha256"].lower()
    if not SHA256.fullmatch(sha256):
        raise DataError(f"'{sha256[:SHOWN]}' is not a SHA-256 of 64 hexadecimal digits.")
    words = {word: values[word] for word in WORDS}
    place = collection or values["collection"] or DEFAULT_COLLECTION
    entry = check(Entry(key=values["key"] or pdq.hex, collection=place, **words))
    return HashRow(where=where, entry=entry, hash=pdq, sha256=sha256)


def _hash(digits: str, quality: int) -> PdqHash:
    if not digits:
        raise DataError("It has no hash.")
    try:
        return PdqHash.of_hex(digits, quality)
    except ValueError:
        raise DataError(f"'{digits[:SHOWN]}' is not a PDQ hash of 64 hexadecimal digits.") from None


def _quality(text: str) -> int:
    """Return the quality; a missing one counts as the best, because lists hold hashes that are fit for matching."""
    if not text:
        return 100
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 100):
        raise DataError(f"The quality '{text[:SHOWN]}' is not a whole number from 0 to 100.")
    return int(text)


def _record(row: HashRow) -> dict[str, str | int]:
    values = {word: getattr(row.entry, word) for word in ("key", "collection", *WORDS)}
    values |= {"pdq": row.hash.hex, "quality": row.hash.quality, "sha256": row.sha256}
    return {column: values[column] for column in COLUMNS}
