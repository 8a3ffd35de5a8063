"""A ZIP file of `resight export`, read as what it is: something that a stranger may have made.

    resight.json, collections.json --> Archive: of which model its vectors are, whose its collections are
    references.jsonl --a line at a time--> Line (pydantic: every field) --its members--> Brought
                                                       | whatever is wrong: BadRow, one sentence

Nothing is unpacked beyond what one of ours may take, the sizes that the file declares are not believed, and packings
that we don't write are refused. Format 1 had no PDQ hashes: they are made from the pictures. Files of before there was
collections.json say nothing of owners. References that are known by their hash only have no parts. What the pictures
and vectors are worth is for `handlers.imports`.
"""

import json
import secrets
import struct
import zipfile
import zlib
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from core.errors import DataError
from core.kept_words import MOST_WORDS
from core.looks import INVERTED, Material, PdqHash
from core.metrics import Metric
from core.reading_words import LONGEST
from core.types import Collection, Purpose, Reference
from handlers.collections import check_name
from handlers.hash_lists import BadRow
from handlers.imports import ImportRow, check_owner
from handlers.references import Entry, check

FORMAT = 2
READABLE = (1, 2)
MAX_LINE, MAX_HEAD = 100_000, 10_000
MOST_FRAMES = 16
MOST_SIDE = 1_000_000
LIMITS = {"pictures": 1 << 20, "features": 64 << 10, "logos": 64 << 10, "words": 256 << 10, "vectors": 64 << 10}
"""Bytes that one of these may take; of ours none takes half as much."""

PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, KeyError, ValueError)
"""What `zipfile` raises for members that are damaged, encrypted, not there, or lie about their place."""

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
SHOWN = 80
MOST_SHELVES, SHELVES, LONGEST_OWNER = 4 << 20, "collections.json", 100

type Hex = Annotated[str, Field(pattern="^([0-9a-f]{64})?$")]


class Hash(BaseModel):
    """A PDQ hash as it is written."""

    model_config = ConfigDict(strict=True, frozen=True)

    pdq: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    quality: Annotated[int, Field(ge=0, le=100)]


class Line(BaseModel):
    """A reference as it is written; what else stands in its line is left unread."""

    model_config = ConfigDict(strict=True, frozen=True)

    key: str
    collection: str
    title: str
    source_url: str
    owner: str
    rights: str
    note: str
    sha256: Hex
    pixel_hash: Hex
    width: Annotated[int, Field(ge=0, le=MOST_SIDE)]
    height: Annotated[int, Field(ge=0, le=MOST_SIDE)]
    purpose: Purpose
    added_at: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
    parts: Annotated[int, Field(ge=0, le=MOST_FRAMES)]
    hashes: Annotated[list[Hash], Field(max_length=MOST_FRAMES)] = []


class Shelf(BaseModel):
    """A collection as it is written."""

    model_config = ConfigDict(strict=True, frozen=True)

    name: str
    owner: Annotated[str, Field(max_length=LONGEST_OWNER)]
    metric: Metric
    similar_at: Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)] | None


class Head(BaseModel):
    """What a file says of itself."""

    model_config = ConfigDict(strict=True, frozen=True)

    format: int
    space_id: str


type Place = Annotated[float, Field(ge=-1, le=2, allow_inf_nan=False)]
type Kept = tuple[
    Annotated[str, Field(max_length=LONGEST)],
    Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)],
    Place,
    Place,
    Place,
    Place,
    Annotated[int, Field(ge=0, le=1)],
]
WORDS = TypeAdapter[list[Kept]](Annotated[list[Kept], Field(strict=True, max_length=MOST_WORDS)])
COLLECTIONS = TypeAdapter[list[Shelf]](list[Shelf])
ENTRY = ("key", "collection", "title", "source_url", "owner", "rights", "note")
PICTURE = ("sha256", "pixel_hash", "width", "height")


@dataclass(frozen=True, slots=True)
class Archive:
    """An opened file; `space` is the model of its vectors, `shelves` what it says of its collections, by name."""

    zip: zipfile.ZipFile
    space: str
    shelves: Mapping[str, Shelf]

    @property
    def pictures(self) -> int:
        """About how many references it has: for a bar only."""
        return sum(name.startswith("pictures/") and name.endswith("-0.jpg") for name in self.zip.NameToInfo)

    def rows(self, space: str, dim: int, only: Container[int] | None = None) -> Iterator[ImportRow | BadRow]:
        """Every reference, one at a time, for a catalogue of that model; raises DataError for a damaged file.

        With `only` none but the lines of these numbers, which begin with 1.
        """
        number = 0
        try:
            with self._member("references.jsonl") as file:
                for number, line in enumerate(_lines(file), 1):
                    if only is None or number in only:
                        yield self._row(f"line {number}", line, 2 * dim if space == self.space else 0)
        except DAMAGE:
            raise DataError(f"The ZIP file is damaged after line {number} of its references.") from None

    def sample(self, space: str, dim: int, size: int) -> list[ImportRow]:
        """So many of its good rows at most, drawn anew each time; none if its vectors are of another model."""
        if space != self.space:
            return []
        with self._member("references.jsonl") as file:
            count = sum(1 for _ in _lines(file))
        drawn = secrets.SystemRandom().sample(range(1, count + 1), min(size, count))
        return [row for row in self.rows(space, dim, only=set(drawn)) if isinstance(row, ImportRow)]

    def _row(self, where: str, line: bytes, half: int) -> ImportRow | BadRow:
        key = ""
        try:
            if len(line) > MAX_LINE:
                raise DataError(f"It is longer than {MAX_LINE} bytes.")
            said = _parsed(line)
            key = printable(said.key)
            return self._brought(where, said, _reference(said), half)
        except DataError as error:
            return BadRow(where=where, key=key, sentence=printable(str(error), 4 * SHOWN))

    def _brought(self, where: str, said: Line, reference: Reference, half: int) -> ImportRow:
        frames = range(said.parts)
        return ImportRow(
            where=where,
            reference=reference,
            materials=tuple(self._material(reference.id, frame) for frame in frames),
            halves=self._halves(reference.id, frames, half) if half else (),
            hashes=tuple(PdqHash.of_hex(one.pdq, one.quality) for one in said.hashes),
            described=self._shelf(reference),
        )

    def _shelf(self, reference: Reference) -> Collection | None:
        """The collection of a reference as the file describes it, if it does; raises DataError for an odd owner."""
        said = self.shelves.get(reference.collection)
        if said is None:
            return None
        owner, purpose = check_owner(said.owner), reference.purpose
        return Collection(name=said.name, purpose=purpose, owner=owner, metric=said.metric, similar_at=said.similar_at)

    def _material(self, reference: UUID, frame: int) -> Material:
        """What is kept of a frame; files of former versions lack features and words, which are found when needed."""
        name = f"{reference}-{frame}"
        return Material(
            picture=self._bytes(f"pictures/{name}.jpg"),
            features=self._bytes(f"features/{name}.bin", optional=True),
            logo=self._bytes(f"logos/{name}.png", optional=True),
            words=_words(self._bytes(f"words/{name}.json", optional=True)),
        )

    def _halves(self, reference: UUID, frames: Sequence[int], half: int) -> tuple[bytes, ...]:
        """One a frame, then of all or none one of its inverted colours."""
        turned = [vector_name(reference, frame + INVERTED) for frame in frames]
        names = [*(vector_name(reference, frame) for frame in frames), *turned]
        found = names if any(name in self.zip.NameToInfo for name in turned) else names[: len(frames)]
        halves = tuple(self._bytes(name) for name in found)
        if any(len(one) != half for one in halves):
            raise DataError("Its vectors have another length than those of its model.")
        return halves

    def _bytes(self, name: str, *, optional: bool = False) -> bytes:
        """A member's bytes; raises DataError where it is missing, damaged, or larger than one of ours."""
        if optional and name not in self.zip.NameToInfo:
            return b""
        limit = LIMITS[name.partition("/")[0]]
        try:
            with self._member(name) as file:
                data: bytes = file.read(limit + 1)
        except DAMAGE:
            raise DataError(f"'{name}' is missing or damaged.") from None
        if not 0 < len(data) <= limit:
            raise DataError(f"'{name}' is empty or too large.")
        return data

    def _member(self, name: str) -> Any:
        return _member(self.zip, name)


def opened(file: Path) -> Archive:
    """The file, with its head read; raises DataError for a file of another kind or version."""
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError:
        raise DataError(f"There is no file '{file}'.") from None
    except DAMAGE:
        said = f"'{file}' is no ZIP file that `resight export` wrote, nor a list (.csv, .json, .jsonl, .txt)."
        raise DataError(said) from None
    try:
        return Archive(archive, _space(archive), _shelves(archive))
    except BaseException:  # also when cancelled: nobody else holds the file yet
        archive.close()
        raise


def vector_name(reference: UUID, part: int) -> str:
    """Where the vector of a part lies."""
    return f"vectors/{reference}-{part % INVERTED}{'-inverted' if part >= INVERTED else ''}.f16"


def printable(text: str, most: int = SHOWN) -> str:
    """A text of the file that no terminal obeys, not longer than that."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text[:most])


def _space(archive: zipfile.ZipFile) -> str:
    try:
        with _member(archive, "resight.json") as file:
            said = json.loads(file.read(MAX_HEAD))
        head = Head.model_validate(said)
        _member(archive, "references.jsonl").close()
    except (*DAMAGE, RecursionError):
        raise DataError("The ZIP file was not written by `resight export`, or it is damaged.") from None
    if head.format not in READABLE:
        raise DataError(f"The file has format {head.format}; this Resight reads up to format {FORMAT}.")
    return head.space_id


def _shelves(archive: zipfile.ZipFile) -> Mapping[str, Shelf]:
    """What the file says of its collections; nothing, where it is of a former version."""
    if SHELVES not in archive.NameToInfo:
        return {}
    try:
        with _member(archive, SHELVES) as file:
            found = COLLECTIONS.validate_json(file.read(MOST_SHELVES))
    except (*DAMAGE, RecursionError):
        raise DataError("What the ZIP file says of its collections is not as `resight export` writes it.") from None
    return {one.name: one for one in found}


def _member(archive: zipfile.ZipFile, name: str) -> Any:
    found = archive.getinfo(name)
    if found.compress_type not in PACKED:
        raise ValueError(name)
    return archive.open(found)


def _lines(file: Any) -> Iterator[bytes]:
    """Its lines; of one that is too long a little more than what is allowed."""
    while line := file.readline(MAX_LINE + 1):
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = file.readline(MAX_LINE)
        yield line


def _parsed(line: bytes) -> Line:
    try:
        return Line.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(one) for one in first["loc"])
        raise DataError(f"It is not as `resight export` writes it: {where or 'the line'}: {first['msg']}.") from None


def _reference(said: Line) -> Reference:
    """The reference of a line whose fields agree with each other; raises DataError."""
    entry = check(Entry(**{name: getattr(said, name) for name in ENTRY}))
    check_name(entry.collection)
    has_picture = bool(said.width and said.height and said.sha256 and said.pixel_hash)
    if said.parts and not has_picture:
        raise DataError("It has pictures, but not their size and hashes.")
    if not said.parts and (said.width or said.height or not said.hashes):
        raise DataError("It has neither a picture nor a hash alone.")
    words = {name: getattr(said, name) for name in (*ENTRY, *PICTURE)}
    return Reference(**words, purpose=said.purpose, added_at=said.added_at)


def _words(kept: bytes) -> bytes:
    """What was read in a frame, as it is kept; raises DataError for anything else."""
    try:
        if kept:
            WORDS.validate_json(kept)
    except ValidationError:
        raise DataError("What was read in its picture is not as `resight export` writes it.") from None
    return kept
