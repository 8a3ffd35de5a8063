"""What the two playground pages show: the references nearest to a picture, by any model under any metric.

    opened(settings) -> Playground     the references with their pictures, read once
    Playground.nearest(pixels, ...)    Found, the closest first; a model is loaded and embeds all when first asked for

For trying out what the tutorials teach. Nothing is verified: a page that must not accuse anybody is `resight run`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from bot.cli import opening
from bot.cli.lab.vectors import models_of
from bot.settings import Settings
from core.errors import DataError
from core.metrics import Metric
from core.model_ports import Embedder
from core.types import Pixels, Reference, Vectors
from embed.pictures import pixels_of
from lab.retrieval import nearest, scores_of

METRICS = tuple(metric.value for metric in Metric)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A reference, its picture, and its score in the units of the metric."""

    reference: Reference
    pixels: Pixels
    score: float

    @property
    def caption(self) -> str:
        return f"{self.reference.title or self.reference.key} · {self.score:.3f}"


class Playground:
    """All references with a picture, ready to be ranked; safe to be asked from several threads."""

    def __init__(self, models: Mapping[str, Embedder], known: Sequence[tuple[Reference, Pixels]]) -> None:
        self._models = models
        self._known = known
        self._vectors: dict[str, Vectors] = {}
        self._lock = Lock()

    @property
    def models(self) -> Sequence[str]:
        return list(self._models)

    def nearest(self, pixels: Pixels, model: str, metric: str, count: int = 12) -> list[Found]:
        """The closest references of an RGB picture [height, width, 3]."""
        vectors, compared_by = self._embedded(model), Metric(metric)
        query = self._models[model].embed([np.ascontiguousarray(pixels)])
        (rows,) = nearest(query, vectors, compared_by, count)
        scores = scores_of(query, vectors, compared_by)[0]
        return [
            Found(reference=self._known[row][0], pixels=self._known[row][1], score=float(scores[row])) for row in rows
        ]

    def _embedded(self, model: str) -> Vectors:
        with self._lock:
            if model not in self._vectors:
                embedder = self._models[model]
                self._vectors[model] = np.concatenate([embedder.embed([pixels]) for _, pixels in self._known])
            return self._vectors[model]


def opened(settings: Settings) -> Playground:
    """The references of the data folder; raises DataError if there are none, or what opening a folder raises."""
    known = asyncio.run(_pictures(settings))
    if not known:
        raise DataError("There are no references with pictures here: add some with `resight add` or `resight import`.")
    return Playground(models_of(settings, ()), known)


async def _pictures(settings: Settings) -> list[tuple[Reference, Pixels]]:
    async with opening.opened(settings) as services:
        listed = [one async for one in services.references.each()]
        media = [(one, await services.references.picture(one.id)) for one in listed]
    return [(one, pixels_of(picture.data)) for one, picture in media if picture is not None]
