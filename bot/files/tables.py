"""Text files as people save them: UTF-8, UTF-16 or UTF-32 by their mark, any other encoding by its name.

Nobody guesses: of nine short lists in old encodings charset-normalizer took three for another one, and what is wrong
then are the names of people and works, in silence. What is no text says how to make it one.
"""

import codecs
import re
from pathlib import Path

from bot.files.reading import read_file
from core.errors import DataError, UsageError
from core.names import written

MARKS = (  # UTF-32's begins like UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""Excel's and LibreOffice's files, new and old."""

MOST_BYTES = 512 << 20
"""A manifest of a million rows has 150 MB."""

WORDS_IN_LINE = re.compile(r"[^\r\n]*[^\0\s][^\r\n]*")
SAVE = "save it as 'CSV UTF-8' in your spreadsheet"


def read_text(path: Path, name: str, encoding: str = "", *, of_rows: bool = False) -> str:
    """A file as text; raises DataError, in which `name` says what kind of file it should be.

    A NUL is no text; `of_rows`: one below the first line spoils its row alone, which the caller tells.
    """
    the_file, data = f"The {name} '{written(str(path))}'", _bytes(path, name)
    if data.startswith(WORKBOOKS):
        raise DataError(f"{the_file} is a workbook under another name: {SAVE}.")
    try:
        text = data.decode(_encoding(data, encoding))
    except UnicodeError as error:
        way_out = "try another --encoding" if encoding else f"{SAVE}, or name its --encoding, such as gb18030 or cp1252"
        where = data[: getattr(error, "start", 0)].count(b"\n") + 1
        raise DataError(f"{the_file} is not {encoding or 'UTF-8'} text (line {where}): {way_out}.") from None
    if "\0" in (_first_line(text) if of_rows else text):
        raise DataError(f"{the_file} is no text, or has an encoding without a mark (such as utf-16-le): {SAVE}.")
    return text


def _first_line(text: str) -> str:
    """The first line with a word in it, all if there is none: of an encoding without a mark it is full of NULs."""
    found = WORDS_IN_LINE.search(text)
    return found[0] if found else text


def _encoding(data: bytes, said: str) -> str:
    try:
        known = codecs.lookup(said).name if said else ""
        " ".encode(known or "utf-8")  # some names are codecs of bytes, such as base64
    except (LookupError, TypeError, ValueError):
        raise UsageError(f"There is no encoding '{written(said)}'; say utf-8, utf-16, gb18030, cp1252 ...") from None
    return next((one for mark, one in MARKS if data.startswith(mark)), known or "utf-8")


def _bytes(path: Path, name: str) -> bytes:
    try:
        data = read_file(path, MOST_BYTES)
    except FileNotFoundError:
        raise DataError(f"There is no {name} '{written(str(path))}'.") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise DataError(f"The {name} '{written(str(path))}' can't be read: {why}.") from None
    if len(data) > MOST_BYTES:
        raise DataError(f"The {name} '{written(str(path))}' is larger than {MOST_BYTES >> 20} MB: cut it in parts.")
    return data
