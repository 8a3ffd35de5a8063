"""`resight export` and `import`: a catalogue as one ZIP file.

    resight.json        format version and embedding identity
    references.jsonl    one reference a line: words, hashes, size, purpose of its collection, number of its parts
    pictures/ID-N.jpg   the stored picture of each frame
    features/ID-N.bin   its packed local features
    logos/ID-N.png      what is kept of it if it is a logo
    words/ID-N.json     the words that were read in it
    vectors/ID-N.f16    its embedding, float16, little-endian
    vectors/ID-N-inverted.f16    that of its inverted colours

The vectors are used as they are where the model is the same; otherwise the pictures are embedded again. Format 1 had
no PDQ hashes: they are made from the pictures. References that are known by their hash only have no parts.
"""

import asyncio
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np

from bot.app import opened
from bot.console import out, print_json, progress
from bot.settings import Settings
from core.errors import DataError, NotFound
from core.looks import INVERTED, Material, PdqHash
from core.types import Purpose, Reference
from handlers import references
from handlers.references import Entry, Prepared, check
from handlers.services import Services

FORMAT = 2
READABLE = (1, 2)
BATCH = 100
MAX_LINE = 100_000
MAX_PART = 4 << 20
HASHES = ("sha256", "pixel_hash")
WORDS = ("key", "collection", "title", "source_url", "owner", "rights", "note", *HASHES)


async def export(settings: Settings, file: Path, collections: Sequence[str] | None, as_json: bool) -> int:
    """Write the collections (None = all) to a new file."""
    async with opened(settings) as services:
        for name in collections or ():
            await services.references.collection(name)
        wanted = set(collections) if collections else None
        total, _ = await services.references.totals()
        partial = file.with_name(file.name + ".partial")
        try:
            with zipfile.ZipFile(partial, "w") as archive, progress("Exporting", total) as step:
                count = await _write(services, archive, wanted, step)
        except OSError as error:
            raise DataError(f"'{file}' can't be written: {error.strerror}.") from None
        partial.rename(file)
    _tell("exported", count, as_json)
    return 0


async def _write(services: Services, archive: zipfile.ZipFile, wanted: set[str] | None, step: Any) -> int:
    head = {"format": FORMAT, "space_id": services.runner.spec.space_id}
    archive.writestr("resight.json", json.dumps(head))
    parts: dict[UUID, dict[int, bytes]] = {}
    async for points in services.references.points():
        for point in points:
            if wanted is None or point.collection in wanted:
                parts.setdefault(point.reference, {})[point.part] = point.vector.astype("<f2").tobytes()
    lines = []
    async for reference in services.references.each():
        if wanted is not None and reference.collection not in wanted:
            continue
        halves = parts.get(reference.id, {})
        frames = [part for part in halves if part < INVERTED]
        hashes = (await services.references.hashes([reference.id])).get(reference.id, ())
        lines.append(json.dumps(_line(reference, len(frames), hashes), ensure_ascii=False))
        for part, half in halves.items():
            archive.writestr(_vector_name(reference.id, part), half)
        kept = await services.references.materials([(reference.id, frame) for frame in frames])
        for (_, frame), material in kept.items():
            archive.writestr(f"pictures/{reference.id}-{frame}.jpg", material.picture)
            archive.writestr(f"features/{reference.id}-{frame}.bin", material.features)
            if material.logo:
                archive.writestr(f"logos/{reference.id}-{frame}.png", material.logo)
            if material.words:
                archive.writestr(f"words/{reference.id}-{frame}.json", material.words)
        step()
    archive.writestr("references.jsonl", "".join(line + "\n" for line in lines))
    return len(lines)


def _vector_name(reference: UUID, part: int) -> str:
    return f"vectors/{reference}-{part % INVERTED}{'-inverted' if part >= INVERTED else ''}.f16"


def _line(reference: Reference, parts: int, hashes: Sequence[PdqHash]) -> dict[str, Any]:
    pdq = [{"pdq": one.hex, "quality": one.quality} for one in hashes]
    said = {name: getattr(reference, name) for name in WORDS}
    added = reference.added_at.isoformat() if reference.added_at else ""
    size = {"width": reference.width, "height": reference.height}
    return {**said, **size, "purpose": reference.purpose.value, "added_at": added, "parts": parts, "hashes": pdq}


async def bring_in(settings: Settings, file: Path, as_json: bool) -> int:
    """Add everything in the file; what is there already under the same key is replaced."""
    try:
        archive = await asyncio.to_thread(zipfile.ZipFile, file)
    except FileNotFoundError:
        raise DataError(f"There is no file '{file}'.") from None
    except (zipfile.BadZipFile, OSError):
        said = f"'{file}' is no ZIP file that `resight export` wrote, nor a list (.csv, .json, .jsonl, .txt)."
        raise DataError(said) from None
    with archive:
        async with opened(settings, making=True) as services:
            lines = _lines(archive)
            with progress("Importing", len(lines)) as step:
                for start in range(0, len(lines), BATCH):
                    some = [await _one(services, archive, line) for line in lines[start : start + BATCH]]
                    await references.store(services, some)
                    for _ in some:
                        step()
    _tell("imported", len(lines), as_json)
    return 0


def _lines(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    """The reference lines; raises DataError for a file of another kind or version."""
    try:
        head = json.loads(_bytes(archive, "resight.json", MAX_LINE))
        if head["format"] not in READABLE:
            raise DataError(f"The file has format {head['format']}; this Resight reads up to format {FORMAT}.")
        return list(_parsed(archive, head["space_id"]))
    except (KeyError, TypeError, ValueError):
        raise DataError("The ZIP file was not written by `resight export`, or it is damaged.") from None


def _parsed(archive: zipfile.ZipFile, space_id: str) -> Iterator[dict[str, Any]]:
    with archive.open("references.jsonl") as file:
        while line := file.readline(MAX_LINE):
            yield json.loads(line) | {"space_id": space_id}


def _bytes(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """A member's bytes, never more than `limit`: the sizes in a ZIP's directory may lie."""
    with archive.open(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise DataError(f"'{name}' in the ZIP file is too large.")
    return data


async def _one(services: Services, archive: zipfile.ZipFile, line: dict[str, Any]) -> Prepared:
    try:
        reference = _reference(line)
        kept = [_material(archive, reference.id, frame) for frame in range(int(line["parts"]))]
        frames = range(len(kept))
        parts = (*frames, *(INVERTED + frame for frame in frames))
        names = [name for part in parts if (name := _vector_name(reference.id, part)) in archive.NameToInfo]
        halves = [_bytes(archive, name, MAX_PART) for name in names]
        hashes = [PdqHash.of_hex(one["pdq"], int(one["quality"])) for one in line.get("hashes", ())]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"The ZIP file is damaged: {error}.") from None
    await _ensure(services, reference)
    hashes = hashes or [await services.runner.hashed(one.picture) for one in kept]
    if line["space_id"] != services.runner.spec.space_id or len(halves) < len(parts):
        return await references.prepared_again(services, reference, kept, hashes)
    dim = services.runner.spec.dim
    vectors = np.array([np.frombuffer(half, "<f2") for half in halves], np.float32).reshape(-1, dim)
    return Prepared(reference=reference, parts=parts, vectors=vectors, materials=tuple(kept), hashes=tuple(hashes))


def _material(archive: zipfile.ZipFile, reference: UUID, frame: int) -> Material:
    """What is kept of a frame; files of former versions lack features and words, which are found when needed."""
    name = f"{reference}-{frame}"
    picture = _bytes(archive, f"pictures/{name}.jpg", MAX_PART)
    features, logo, words = (
        _bytes(archive, part, MAX_PART) if part in archive.NameToInfo else b""
        for part in (f"features/{name}.bin", f"logos/{name}.png", f"words/{name}.json")
    )
    return Material(picture=picture, features=features, logo=logo, words=words)


def _reference(line: dict[str, Any]) -> Reference:
    said: dict[str, Any] = {name: str(line[name]) for name in WORDS}
    check(Entry(**{name: said[name] for name in WORDS if name not in HASHES}))
    said |= {"width": int(line["width"]), "height": int(line["height"])}
    added = datetime.fromisoformat(line["added_at"])
    return Reference(**said, purpose=Purpose(line["purpose"]), added_at=added)


async def _ensure(services: Services, reference: Reference) -> None:
    try:
        await services.references.collection(reference.collection)
    except NotFound:
        await references.create_collection(services, reference.collection, reference.purpose)


def _tell(word: str, count: int, as_json: bool) -> None:
    if as_json:
        print_json({word: count})
    else:
        out().print(f"{count} references {word}")
