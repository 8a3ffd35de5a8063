"""`resight search --evidence DIR`: one evidence picture a find, as files.

    row's id --safe name--> DIR/<id>.jpg      nothing is written outside of DIR, and nothing there is replaced

A manifest's ids may hold anything: "../x", "a/b", a line end, a thousand letters, or what another row has already.
"""

import unicodedata
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Self

from core.errors import DataError

LONGEST = 120
"""UTF-8 bytes of a name without its ending; file systems allow 255."""

SUFFIX = ".jpg"


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """The folder; `opened` makes it."""

    path: Path

    @classmethod
    def opened(cls, path: Path) -> Self:
        """The folder, made if it is not there; raises DataError if nothing can be written into it."""
        probe = path / ".resight-probe"
        try:
            path.mkdir(parents=True, exist_ok=True)
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise _unwritable(path, error) from None
        return cls(path)

    def keep(self, name: str, picture: bytes) -> str:
        """Write the picture and return its file's name: the safe name, with a number where that one is taken.

        The same picture under its name is left as it is, so that a second run changes nothing. Raises DataError.
        """
        stem = safe_name(name)
        try:
            for number in count(1):
                file = self.path / f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
                if _is_written(file, picture):
                    return file.name
        except OSError as error:
            raise _unwritable(self.path, error) from None
        raise AssertionError("unreachable")


def safe_name(name: str) -> str:
    """A file name without its ending: letters, digits, "-", "_" and ".", at most `LONGEST` bytes, never hidden."""
    known = (one if one.isalnum() or one in "-_." else "-" for one in unicodedata.normalize("NFC", name))
    cut = "".join(known).encode("utf-8", "ignore")[:LONGEST].decode("utf-8", "ignore")
    return cut.strip("-.") or "image"


def _is_written(file: Path, picture: bytes) -> bool:
    """Whether the file holds the picture now; never replaces what is there."""
    try:
        with file.open("xb") as made:
            made.write(picture)
    except FileExistsError:
        return file.is_file() and file.stat().st_size == len(picture) and file.read_bytes() == picture
    return True


def _unwritable(path: Path, error: OSError) -> DataError:
    return DataError(f"Evidence can't be written to '{path}': {error.strerror}.")
