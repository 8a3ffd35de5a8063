"""The models and embeddings that `resight lab` works with: one embedding a reference, of its first frame.

models_of               those that are named, or all that are here
collected               of references
asked_vectors           of pictures that are looked for, by the same model

a model is named        the stored pictures are embedded with it, nothing is kept
a second model is set   its vectors; what has none yet is embedded first
else                    the copy vectors
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from rich.markup import escape

from bot.cli.catalogue.completing import completed
from bot.cli.output import err, progress
from bot.files.batch import read
from bot.files.manifest import AddRow
from bot.models import HANDMADE, has_model, of_setting
from bot.services import Services
from bot.settings import Settings
from core.errors import DataError, EnvironmentTrouble, Unscannable
from core.model_ports import Embedder
from core.types import Reference, Vector, Vectors
from embed.decode.picture import decode
from embed.pictures import pixels_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """Embeddings [n, dim], the reference of each, and the name of the model that made them."""

    model: str
    vectors: Vectors
    references: Sequence[Reference]


async def collected(services: Services, collections: Sequence[str], model: str = "") -> Collected:
    """The embeddings of these collections (none named = all); raises NotFound, or DataError if there are none."""
    for name in collections:
        await services.references.collection(name)
    wanted = {
        one.id: one async for one in services.references.each() if not collections or one.collection in collections
    }
    name, vectors = await (_embedded(services, wanted, model) if model else _stored(services, wanted))
    if not vectors:
        raise DataError("There are no references with pictures here: add some with `resight add`.")
    kept = [one for identity, one in wanted.items() if identity in vectors]
    return Collected(model=name, vectors=np.stack([vectors[one.id] for one in kept]), references=kept)


async def asked_vectors(services: Services, rows: Sequence[AddRow], model: str = "") -> Vectors:
    """The embeddings [n, dim] of files by the same model; raises DataError for one that can't be looked at."""
    look = await _looker(services, model)
    found = []
    with progress("Embedding", len(rows)) as step:
        for row in rows:
            try:
                found.append(await look(await read(row.path, services.max_image_bytes)))
            except Unscannable as error:
                raise DataError(f"'{row.path}' can't be looked for: {error}") from None
            step()
    return np.stack(found)


def models_of(settings: Settings, names: Sequence[str]) -> Mapping[str, Embedder]:
    """The models named, else the hand-made ones that are installed and those that are set."""
    if names:
        return {name: of_setting("--models", name) for name in names}
    set_ones = ["sscd_distilled" if settings.model == "auto" else settings.model] if has_model() else []
    set_ones += [settings.semantic_model] if settings.semantic_model else []
    found = {}
    for name in dict.fromkeys([*set_ones, "classic", *HANDMADE]):
        try:
            found[name] = of_setting("--models", name)
        except EnvironmentTrouble as trouble:
            err().print(f"Left out: {escape(name)}. {escape(str(trouble))}", soft_wrap=True)
    return found


async def _looker(services: Services, model: str) -> Callable[[bytes], Awaitable[Vector]]:
    """What makes the embedding of a file's first frame."""
    if model:
        embedder = await asyncio.to_thread(of_setting, "--model", model)
        return lambda data: asyncio.to_thread(lambda: _first(embedder.embed([decode(data).frames[0]])))
    if services.semantics is not None:
        side = services.semantics.answering()

        async def semantic(data: bytes) -> Vector:
            return _first(await side.model.look(data))

        return semantic

    async def copy(data: bytes) -> Vector:
        return _first((await services.runner.look(data)).vectors)

    return copy


def _first(rows: Vectors) -> Vector:
    if not len(rows):
        raise Unscannable("blank", "The picture has one colour.")
    row: Vector = rows[0]
    return row


async def _stored(services: Services, wanted: dict[UUID, Reference]) -> tuple[str, dict[UUID, Vector]]:
    name, pages = services.runner.spec.name, services.references.points()
    if services.semantics is not None:
        await completed(services)
        side = services.semantics.answering()
        name, pages = side.model.name, services.semantics.vectors.points(side.space)
    found: dict[UUID, Vector] = {}
    async for points in pages:
        found |= {one.reference: one.vector for one in points if one.part == 0 and one.reference in wanted}
    return name, found


async def _embedded(services: Services, wanted: dict[UUID, Reference], model: str) -> tuple[str, dict[UUID, Vector]]:
    embedder = await asyncio.to_thread(of_setting, "--model", model)
    found: dict[UUID, Vector] = {}
    with progress("Embedding", len(wanted)) as step:
        for identity in wanted:
            media = await services.references.picture(identity)
            if media is not None:
                found[identity] = await asyncio.to_thread(_vector, embedder, media.data)
            step()
    return model, found


def _vector(embedder: Embedder, picture: bytes) -> Vector:
    return _first(embedder.embed([pixels_of(picture)]))
