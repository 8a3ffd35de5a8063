"""Tables as people save them: the dialect of a CSV, found by the columns that it must have, and its rows.

    read      , ; tab or | between cells, Excel's `sep=`, `Key` and `Source URL` for key and source_url
    told      a quote that never ends, a column twice, more cells than columns (`Line.surplus`)
    left out  rows without a word, columns without a name

Only CR and LF end a line: U+2028, U+0085 or a vertical tab belongs to the text that it stands in.
The module csv reads; its Sniffer guesses from the rows, where the header knows.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.errors import DataError

DELIMITERS = (",", ";", "\t", "|")
SEP = re.compile(r'"?sep=([^"\w\r\n])"?[\r\n]+', re.IGNORECASE)
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells by column, and how many cells stand beyond the last column."""

    number: int
    cells: Mapping[str, str]
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the names of its columns, and its rows, which raise DataError where the file is damaged."""

    columns: Sequence[str]
    lines: Iterator[Line]


def sheet_of(text: str, fits: Callable[[Collection[str]], bool], *, name: str = "table") -> Sheet:
    """Return the table in the dialect whose header `fits`; if none does, in the likeliest."""
    separator = SEP.match(text)
    body, first = (text[separator.end() :], 1) if separator else (text, 0)
    delimiters = (separator[1],) if separator else DELIMITERS
    headers = {delimiter: _header(body, delimiter) for delimiter in delimiters}
    chosen = next(
        (delimiter for delimiter in delimiters if fits(headers[delimiter])),
        max(delimiters, key=lambda delimiter: len(headers[delimiter])),
    )
    columns = headers[chosen]
    if twice := next((column for column in columns if column and columns.count(column) > 1), None):
        raise DataError(f"The {name} has the column '{twice}' twice.")
    return Sheet([column for column in columns if column], _lines(_rows(body, chosen, name), columns, first))


def plain(name: str) -> str:
    """Return a column's name as we write it."""
    return "_".join(name.replace("-", " ").replace("_", " ").lower().split())


def _header(text: str, delimiter: str) -> list[str]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [plain(cell) for cell in next((row for row in reader if _has_words(row)), [])]
    except csv.Error:
        return []


def _has_words(row: Sequence[str]) -> bool:
    return any(cell.strip() for cell in row)


def _rows(text: str, delimiter: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of every row that is not empty, the header among them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if _has_words(row):
                yield reader.line_num, row
    except csv.Error as error:
        why = f'{error} (a quote " that nothing closes?)'
        raise DataError(f"The {name} is damaged at line {reader.line_num}: {why}.") from None


def _lines(rows: Iterator[tuple[int, list[str]]], columns: Sequence[str], first: int) -> Iterator[Line]:
    next(rows, None)
    for number, row in rows:
        cells = {column: cell.strip() for column, cell in zip(columns, row, strict=False) if column}
        yield Line(first + number, cells, sum(bool(cell.strip()) for cell in row[len(columns) :]))
