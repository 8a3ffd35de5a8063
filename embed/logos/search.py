"""Finds logos inside pictures.

    reference frames --art_of--> bytes --LogoIndex--> one matrix of all templates
    picture --Atlas--> cells at 10 sizes --product with that matrix--> places --agreement--> fewer --fitted, measured-->
        the best of each logo --logistic--> LogoHit

A logo that covers a twentieth of a photograph is nothing to an embedding of the whole, and most logos have too few
corners for local features. But their edges are known exactly, whatever colours they are shown in: so every window of
the picture is compared with every logo by its edges' directions, roughly (`model.py`), and what is best is laid over
the picture exactly (`fit.py`). How often that is right: docs/benchmarks.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import cv2
import numpy as np

from core.calibration_logos import BIAS, CLAIMS, WEIGHTS
from core.errors import DamagedStore
from core.logos import LogoHit
from core.matches import Evidence
from core.types import Pixels
from embed.logos.art import unpack
from embed.logos.field import Atlas
from embed.logos.fit import (
    COARSE,
    FINE,
    NO_PLAY,
    Measures,
    ModelBatch,
    agreement,
    fitted,
    measure,
    projected,
    similarity,
)
from embed.logos.model import CELL, TURNS, Grid, Model, model
from embed.pairs.verify import placed

FINEST = 9.5
"""Side in pixels of the smallest cells: a logo of 65 px."""

LEVELS = tuple(FINEST * 2 ** (step / 4) for step in range(10))
BEYOND = 2
"""Empty cells around the picture: a logo may stand at its very rim."""

FLOOR = 0.03
"""Added to the length of a window's vector, a cell, so that noise in an empty window is no edge."""

ROUGH, ROUGH_A_LOGO = 700, 6
"""Places looked at closer, in all and for each logo."""

CLOSE, CLOSER, MEASURED = 96, 32, 16
"""How many of those are fitted, how many are fitted with all their points, and how many of these are measured."""

TURNED = 0.5
"""By how much a template's score is lowered if the logo would be turned: most stand upright."""

ROUGHLY = 0.1
"""Weight of a place's rough score beside the agreement of its edges."""

RIVAL = 3.0
"""Difference of scores below which logos at one place are told apart by how much they explain."""

SMALLEST_PICTURE = 32
KEPT_MODELS = 2048
"""Models kept ready, about 25 kB each: a change in the catalogue makes only new ones."""

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredLogo:
    """A logo at a place: its number in the index, its corners in pixels [4, 2], and what was measured there."""

    logo: int
    quad: Array
    measures: Measures
    witnesses: tuple[float, ...]

    @property
    def score(self) -> float:
        """Log-odds that the logo is there."""
        return BIAS + sum(weight * value for weight, value in zip(WEIGHTS, self.witnesses, strict=True))

    @property
    def claim(self) -> float:
        """How well the logo explains the place, compared with other logos at the same one: larger is better.

        Logos share parts: the one with the name explains more of what is there than one with the same mark alone.
        """
        values = (*self.witnesses, float(np.log1p(self.measures.length)))
        return sum(weight * value for weight, value in zip(CLAIMS, values, strict=True))


@dataclass(frozen=True, slots=True)
class GridTemplates:
    """The templates of one grid: `templates` [turns * logos, n], and the logo and turn that each row belongs to."""

    grid: Grid
    templates: Array
    offsets: Array
    logos: Array
    turns: Array


@dataclass(frozen=True, slots=True)
class LogoIndex:
    """All logos that are looked for: `keys[i]` (reference, frame) has `models[i]`."""

    keys: tuple[tuple[UUID, int], ...]
    models: tuple[Model, ...]
    grids: tuple[GridTemplates, ...]

    @classmethod
    def of(cls, stored: Sequence[tuple[tuple[UUID, int], bytes]]) -> "LogoIndex":
        """Return the index of what is kept of each logo, without damaged ones and ones too plain to recognise."""
        keyed_models = [(key, made) for key, data in stored if (made := _model(data)) is not None]
        models = tuple(made for _, made in keyed_models)
        grids = sorted({model.grid for model in models})
        return cls(tuple(key for key, _ in keyed_models), models, tuple(_templates_of(grid, models) for grid in grids))

    def __len__(self) -> int:
        return len(self.keys)


@lru_cache(KEPT_MODELS)
def _model(data: bytes) -> Model | None:
    try:
        return model(unpack(data))
    except DamagedStore:  # `resight doctor` tells it; the other logos are still looked for
        return None


def _templates_of(grid: Grid, models: Sequence[Model]) -> GridTemplates:
    rows = np.array([number for number, model in enumerate(models) if model.grid == grid])
    return GridTemplates(
        grid=grid,
        templates=np.concatenate([models[row].templates for row in rows]),
        offsets=np.concatenate([models[row].offsets for row in rows]),
        logos=np.repeat(rows, len(TURNS)),
        turns=np.tile(np.radians(np.array(TURNS)), len(rows)),
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Rough places, one a row: which logo, how good, and x, y, zoom, turn."""

    logos: Array
    scores: Array
    x: Array
    y: Array
    zoom: Array
    turn: Array

    def taken(self, rows: Array) -> "Places":
        """Return the places of these rows."""
        return Places(*(column[rows] for column in (self.logos, self.scores, self.x, self.y, self.zoom, self.turn)))

    @classmethod
    def joined(cls, some: Sequence["Places"]) -> "Places":
        """Return all places of several results as one."""
        names = ("logos", "scores", "x", "y", "zoom", "turn")
        return cls(*(np.concatenate([getattr(places, name) for places in some]) for name in names))


def find(pixels: Pixels, index: LogoIndex, frame: int = 0) -> list[LogoHit]:
    """Return the logos that may be in an RGB picture (at most 640 px long), likeliest first; one for each place.

    `frame` is the number that the hits are to bear.
    """
    chosen = _one_a_place(seen_in(pixels, index))
    hits: dict[UUID, LogoHit] = {}
    for logo, points in chosen:
        hit = _hit(logo, points, index, pixels, frame)
        hits.setdefault(hit.reference, hit)
    return list(hits.values())


def seen_in(pixels: Pixels, index: LogoIndex) -> list[MeasuredLogo]:
    """Return everything that was measured, likeliest first; there may be several at one place."""
    if not len(index) or min(pixels.shape[:2]) < SMALLEST_PICTURE:
        return []
    atlas = Atlas.of(pixels)
    places = _best(rough(atlas, index), ROUGH, ROUGH_A_LOGO)
    if not len(places.logos):
        return []
    places, matrix = _fitted(atlas, index, places)
    return sorted(_measured(atlas, pixels, index, places, matrix), key=lambda measured: -measured.score)


def _one_a_place(seen: Sequence[MeasuredLogo]) -> list[tuple[MeasuredLogo, float]]:
    """Return for each place the logo that explains it best, with the score of the likeliest there."""
    best_of_places: list[tuple[MeasuredLogo, float]] = []
    left = list(seen)
    while left:
        first = left[0]
        here = [logo for logo in left if _is_at(logo.quad, first.quad) or _is_at(first.quad, logo.quad)]
        left = [logo for logo in left if not any(logo is other for other in here)]
        rivals = [logo for logo in here if logo.score > first.score - RIVAL]
        best_of_places.append((max(rivals, key=lambda logo: logo.claim), first.score))
    return best_of_places


def _is_at(first: Array, second: Array) -> bool:
    """Return whether the middle of one quad lies in the other."""
    x, y = (float(value) for value in first.mean(axis=0))
    return cv2.pointPolygonTest(second.astype(np.float32), (x, y), False) >= 0


def _hit(logo: MeasuredLogo, points: float, index: LogoIndex, pixels: Pixels, frame: int) -> LogoHit:
    reference, part = index.keys[logo.logo]
    a, b, c, d = ((float(x), float(y)) for x, y in logo.quad / pixels.shape[1::-1])
    lying = placed(Evidence(), (a, b, c, d))
    return LogoHit(
        reference=reference,
        part=part,
        frame=frame,
        quad=(a, b, c, d),
        edges=logo.measures.edges,
        likeness=logo.measures.likeness,
        area=lying.area,
        overlap=lying.overlap,
        score=points,
    )


def _fitted(atlas: Atlas, index: LogoIndex, places: "Places") -> tuple["Places", Array]:
    """Return the places that are worth measuring, and the matrix of each."""
    pack, matrix = ModelBatch.of([index.models[row] for row in places.logos]), _laid(places)
    chosen = _top(agreement(atlas, pack.thinned(5), matrix) + ROUGHLY * places.scores, CLOSE)
    few = pack.thinned(3)
    matrix = fitted(atlas, few.taken(chosen), matrix[chosen], COARSE)
    good = agreement(atlas, few.taken(chosen), matrix, NO_PLAY) + ROUGHLY / 4 * places.scores[chosen]
    last = _top(good, CLOSER)
    chosen, matrix = chosen[last], matrix[last]
    matrix = fitted(atlas, pack.taken(chosen), matrix, FINE)
    final = _top(agreement(atlas, pack.taken(chosen), matrix, NO_PLAY), MEASURED)
    return places.taken(chosen[final]), matrix[final]


def _top(scores: Array, most: int) -> Array:
    return np.argsort(-scores, kind="stable")[:most]


def rough(atlas: Atlas, index: LogoIndex) -> Places:
    """Return the best place of each template at each size."""
    places = []
    for side in LEVELS:
        cells = np.pad(atlas.cells(side, CELL), ((BEYOND, BEYOND), (BEYOND, BEYOND), (0, 0)))
        places += [
            place
            for grid_templates in index.grids
            if (place := _best_windows(cells, grid_templates, atlas, side)) is not None
        ]
    return Places.joined(places) if places else _nowhere()


def _nowhere() -> Places:
    return Places(np.empty(0, np.intp), *(np.empty(0, np.float32) for _ in range(5)))


def _best_windows(cells: Array, grid_templates: GridTemplates, atlas: Atlas, side: float) -> Places | None:
    columns, rows = grid_templates.grid
    if cells.shape[0] < rows or cells.shape[1] < columns:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(cells, (rows, columns), axis=(0, 1))
    down, across = windows.shape[:2]
    flat = windows.transpose(0, 1, 3, 4, 2).reshape(down * across, -1)
    length = np.sqrt(np.einsum("ij,ij->i", flat, flat)) + FLOOR * math.sqrt(rows * columns)
    likeness = grid_templates.templates @ (flat / length[:, None]).T
    best = likeness.argmax(axis=1)
    scores = likeness[np.arange(len(best)), best] - grid_templates.offsets - TURNED * (grid_templates.turns != 0)
    y, x = np.divmod(best, across)
    wide, high = atlas.size
    whole = cells.shape[1] - 2 * BEYOND, cells.shape[0] - 2 * BEYOND
    place_x, place_y = (x - BEYOND + columns / 2) * wide / whole[0], (y - BEYOND + rows / 2) * high / whole[1]
    return Places(
        grid_templates.logos, scores, place_x, place_y, np.full(len(best), side / CELL), -grid_templates.turns
    )


def _best(places: Places, most: int, each: int) -> Places:
    """Return the best places in all, of one logo no more than `each`."""
    order = np.argsort(-places.scores, kind="stable")
    _, seen = np.unique(places.logos[order], return_inverse=True)
    ranks = np.empty(len(order), np.intp)
    by_logo = np.argsort(seen, kind="stable")
    starts = np.searchsorted(seen[by_logo], np.arange(seen.max(initial=-1) + 1))
    ranks[by_logo] = np.arange(len(order)) - starts[seen[by_logo]]
    return places.taken(order[ranks < each][:most])


def _laid(places: Places) -> Array:
    return similarity(places.x, places.y, places.zoom, places.turn)


def _measured(atlas: Atlas, pixels: Pixels, index: LogoIndex, places: Places, matrix: Array) -> Iterator[MeasuredLogo]:
    models = [index.models[row] for row in places.logos]
    for number, measures in enumerate(measure(atlas, pixels, models, matrix)):
        quad, _ = projected(matrix[number][None], models[number].corners[None])
        numbers_seen = witnesses(measures, float(places.scores[number]), models[number].power)
        yield MeasuredLogo(logo=int(places.logos[number]), quad=quad[0], measures=measures, witnesses=numbers_seen)


def witnesses(seen: Measures, rough_score: float, power: float) -> tuple[float, ...]:
    """Return the numbers that the logistic function weighs."""
    return (
        seen.edges,
        seen.found,
        _odds(seen.found),
        seen.weakest,
        seen.noise,
        seen.even,
        float(np.log1p(seen.contrast)),
        seen.lean,
        float(np.log(max(seen.size, 1.0))),
        rough_score / 10,
        power / 10,
        seen.edges * power / 10,
        seen.likeness,
        _odds(seen.likeness),
        seen.inner,
        _odds(seen.inner),
        seen.poorest,
        seen.explained,
        seen.inner * power / 10,
        seen.found * seen.inner,
    )


def _odds(share: float) -> float:
    """Return the logarithm of the odds of a share: near 1 small differences count."""
    bounded = min(max(share, 0.0), 1.0)
    return float(np.log((bounded + 0.03) / (1.03 - bounded)))
