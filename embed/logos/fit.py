"""Refines rough places of a logo to exact ones and measures what is there; many places at once.

    matrices --edges looked for along the normals, least squares, repeated--> matrices --measure--> Measures

Each point of the model looks a little to both sides of itself for an edge that runs its way; the displacements along
the normals give a small projective motion. A ridge keeps the logo a logo: it moves and turns freely, leans and narrows
with reluctance. Method: Harris and Stennett, "RAPID, a video rate object tracker", BMVC 1990; here for a plane.
Matrices take points of a model (`embed.logos.model`) to pixels of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from embed.logos.field import Atlas, field
from embed.logos.model import MOST_POINTS, MOST_QUIET, NO_COLOUR, UNIT, Model

COARSE = ((0.30, 1, True), (0.22, 1, True), (0.15, 0, True), (0.12, 0, False))
FINE = ((0.09, 0, False), (0.07, 0, False), (0.05, 0, False))
"""For each round: how far a point looks, in lengths of the model (36 px); by how many octaves coarser the picture is
then; and whether the logo only moves, turns and grows.
"""

SIMILAR = np.array(
    [[1, 0, 0, 0, 1, 0, 0, 0], [0, -1, 0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0]],
    np.float32,
).T
"""The motions that only zoom, turn and move, made of the eight of a projective one."""

PLAY = np.array([-0.09, 0, 0.09], np.float32)
"""Offsets at which an edge may be found while the place is rough."""

NO_PLAY = np.array([-0.03, 0, 0.03], np.float32)
"""Offsets once the place is exact: about a pixel."""

STEPS = 9
STIFF = np.array([0.03, 0.03, 0.002, 0.03, 0.03, 0.002, 0.12, 0.12])
STIFF_SIMILAR = np.full(4, 0.004)
"""The ridge for the motion's eight numbers, in shares of the points' weight."""

FOUND = 0.35
"""How clear an edge that runs the right way must be for its point to count as found."""

SECTORS = 8
PARTS, LEAST_EDGES, POOREST = 4, 0.25, 3
"""A logo is cut into so many rows and columns; parts with less than this share of the mean have no edges; of the rest
the three poorest count.
"""

CAMERA = 20.0
"""Variance of colours that is noise."""

BESIDE = 3.0
"""How far from an edge, in pixels of the model, the colours on its two sides are read."""

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What is seen at one place; shares are 0..1, correlations -1..1.

    edges      mean agreement of the edges
    found      share of the model's points that are found
    weakest    the same in the eighth of the logo where fewest are, counted around its middle
    noise      mean strength of edges where the logo has none
    even       how even each ink is, against the contrast at its edges
    contrast   of colours at the edges, in gray values
    lean       how far the logo is from lying flat and undistorted
    size       square root of the area that the logo covers, in pixels of the picture
    likeness   correlation of the fields of logo and picture, all over the logo's area
    inner      the same in its ink and at its rim only: what stands around a logo without a card is not its own
    poorest    the same in the poorest parts that have edges
    length     length of the edges that are found, in pixels of the picture
    explained  share of the variance of the picture's colours there that the areas of the logo explain
    """

    edges: float
    found: float
    weakest: float
    noise: float
    even: float
    contrast: float
    lean: float
    size: float
    likeness: float
    inner: float
    poorest: float
    explained: float
    length: float


@dataclass(frozen=True, slots=True)
class ModelBatch:
    """Points of many models as arrays of one shape; `there` (0 or 1) tells which of them exist."""

    points: Array
    normals: Array
    there: Array

    @classmethod
    def of(cls, models: Sequence[Model]) -> "ModelBatch":
        """Pack the models into arrays [models, points, ...]."""
        points = np.zeros((len(models), MOST_POINTS, 2), np.float32)
        normals, there = np.zeros_like(points), np.zeros((len(models), MOST_POINTS), np.float32)
        for row, model in enumerate(models):
            count = len(model.points)
            points[row, :count], normals[row, :count], there[row, :count] = model.points, model.normals, 1
        return cls(points, normals, there)

    def taken(self, rows: Array) -> "ModelBatch":
        """Return the models of these rows."""
        return ModelBatch(self.points[rows], self.normals[rows], self.there[rows])

    def thinned(self, step: int) -> "ModelBatch":
        """Return every so many-th point: enough to choose among many places."""
        return ModelBatch(self.points[:, ::step], self.normals[:, ::step], self.there[:, ::step])


def similarity(x: Array, y: Array, zoom: Array, turn: Array) -> Array:
    """Return matrices [n, 3, 3] that lay a model's middle at x, y, `zoom` times as large, turned by radians."""
    matrix = np.zeros((len(x), 3, 3), np.float32)
    factor = zoom * UNIT
    matrix[:, 0, 0], matrix[:, 0, 1], matrix[:, 0, 2] = factor * np.cos(turn), -factor * np.sin(turn), x
    matrix[:, 1, 0], matrix[:, 1, 1], matrix[:, 1, 2] = factor * np.sin(turn), factor * np.cos(turn), y
    matrix[:, 2, 2] = 1
    return matrix


def projected(matrix: Array, points: Array) -> tuple[Array, Array]:
    """Return where points [n, m, 2] go, and the depth [n, m] that they are divided by."""
    placed = points @ matrix[:, :2, :2].transpose(0, 2, 1) + matrix[:, None, :2, 2]
    depth = np.maximum(points @ matrix[:, 2, :2, None] + matrix[:, None, 2:, 2], 0.05)
    return placed / depth, depth[..., 0]


def zooms(matrix: Array) -> Array:
    """Return how many pixels of the picture a pixel of the model takes."""
    determinant = np.abs(np.linalg.det(matrix[:, :2, :2]))
    pixels: Array = np.sqrt(determinant) / UNIT
    return pixels


def agreement(atlas: Atlas, pack: ModelBatch, matrix: Array, offsets: Array = PLAY) -> Array:
    """Return how well the edges agree at each place [n]: 1 = every point lies near a clear edge that runs its way."""
    agreeing = np.maximum(_responses(atlas, pack, matrix, offsets).max(axis=2), 0)
    mean: Array = (agreeing * pack.there).sum(axis=1) / np.maximum(pack.there.sum(axis=1), 1)
    return mean


def _responses(atlas: Atlas, pack: ModelBatch, matrix: Array, offsets: Array, coarser: int = 0) -> Array:
    """Return the signed agreement [n, m, k] of each point, moved along its normal by each of the offsets [k]."""
    count, many, _ = pack.points.shape
    moved = pack.points[:, :, None] + pack.normals[:, :, None] * offsets[:, None]
    places, _ = projected(matrix, moved.reshape(count, -1, 2))
    seen = atlas.sampled(places, atlas.octave(zooms(matrix) * 2**coarser)).reshape(count, many, len(offsets), 2)
    wanted = _angles(matrix, pack)
    product: Array = seen[..., 0] * wanted[..., 0][..., None] + seen[..., 1] * wanted[..., 1][..., None]
    return product


def _angles(matrix: Array, pack: ModelBatch) -> Array:
    """Return the doubled angles [n, m, 2] of the normals once they are laid over the picture."""
    places, _ = projected(matrix, pack.points)
    steep = matrix[:, None, :2, :2] - places[..., None] * matrix[:, None, 2:, :2]  # the Jacobian, but for a factor
    across = steep[..., 1, 1] * pack.normals[..., 0] - steep[..., 1, 0] * pack.normals[..., 1]
    down = steep[..., 0, 0] * pack.normals[..., 1] - steep[..., 0, 1] * pack.normals[..., 0]
    square = np.maximum(across**2 + down**2, 1e-12)
    return np.stack([(across**2 - down**2) / square, 2 * across * down / square], axis=-1)


def fitted(atlas: Atlas, pack: ModelBatch, matrix: Array, rounds: Sequence[tuple[float, int, bool]]) -> Array:
    """Return the matrices [n, 3, 3] after these rounds."""
    for reach, coarser, is_similar in rounds:
        matrix = matrix @ _motion(atlas, pack, matrix, reach, coarser, is_similar)
    return matrix


def _motion(atlas: Atlas, pack: ModelBatch, matrix: Array, reach: float, coarser: int, is_similar: bool) -> Array:
    offsets = np.linspace(-reach, reach, STEPS, dtype=np.float32)
    agreeing = np.maximum(_responses(atlas, pack, matrix, offsets, coarser), 0)
    weight = agreeing**2 * np.exp(-((offsets / reach) ** 2))
    total = weight.sum(axis=2)
    shift = (weight * offsets).sum(axis=2) / np.maximum(total, 1e-6)
    trust = np.minimum(agreeing.max(axis=2), 0.8) * pack.there
    rows, stiff = _directions(pack), STIFF
    if is_similar:
        rows, stiff = rows @ SIMILAR, STIFF_SIMILAR
    normal = (rows * trust[..., None]).transpose(0, 2, 1) @ rows
    many = range(len(stiff))
    normal[:, many, many] += stiff * np.maximum(trust.sum(axis=1), 1.0)[:, None]
    answer = np.linalg.solve(normal, ((rows * (trust * shift)[..., None]).sum(axis=1))[..., None])[..., 0]
    return _small(answer @ SIMILAR.T if is_similar else answer)


def _directions(pack: ModelBatch) -> Array:
    """Return how far along its normal each point [n, m] goes with each of the eight numbers of a motion."""
    x, y = pack.points[..., 0], pack.points[..., 1]
    across, down = pack.normals[..., 0], pack.normals[..., 1]
    along = across * x + down * y
    return np.stack([across * x, across * y, across, down * x, down * y, down, along * x, along * y], axis=-1)


def _small(motion: Array) -> Array:
    """Return the matrix [n, 3, 3] of a small projective motion."""
    step = np.zeros((len(motion), 3, 3), np.float32)
    step[:, :2] = motion[:, :6].reshape(-1, 2, 3)
    step[:, 2, :2] = -motion[:, 6:]
    step[:, range(3), range(3)] += 1
    return step


def measure(atlas: Atlas, pixels: Array, models: Sequence[Model], matrix: Array) -> list[Measures]:
    """Return what is seen at each place; `pixels` is the RGB picture of the atlas."""
    pack = ModelBatch.of(models)
    agreements = np.maximum(_responses(atlas, pack, matrix, NO_PLAY).max(axis=2), 0)
    noise = _noise(atlas, models, matrix)
    return [
        _measured(atlas, pixels, model, place, agreeing[: len(model.points)], still)
        for model, place, agreeing, still in zip(models, matrix, agreements, noise, strict=True)
    ]


def _noise(atlas: Atlas, models: Sequence[Model], matrix: Array) -> Array:
    """Return the mean strength of edges where each model has none [n]."""
    quiet = np.zeros((len(models), MOST_QUIET, 2), np.float32)
    there = np.zeros((len(models), MOST_QUIET), np.float32)
    for row, model in enumerate(models):
        quiet[row, : len(model.quiet)], there[row, : len(model.quiet)] = model.quiet, 1
    places, _ = projected(matrix, quiet)
    seen = atlas.sampled(places, atlas.octave(zooms(matrix)))
    strength = np.hypot(seen[..., 0], seen[..., 1]) * there
    noise: Array = strength.sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return noise


def _measured(atlas: Atlas, pixels: Array, model: Model, matrix: Array, agreeing: Array, noise: float) -> Measures:
    around = np.arctan2(model.points[:, 1], model.points[:, 0])
    sector = ((around + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS
    is_found = agreeing > FOUND
    many = np.bincount(sector, minlength=SECTORS)
    shares = np.bincount(sector, is_found, minlength=SECTORS) / np.maximum(many, 1)
    even, contrast = _colours(pixels, model, matrix)
    quad, _ = projected(matrix[None], model.corners[None])
    likeness, inner, poorest, explained = _compared(_straightened(atlas, model, matrix), model)
    return Measures(
        edges=float(agreeing.mean()),
        found=float(is_found.mean()),
        weakest=float(shares[many >= 4].min(initial=1.0)),
        noise=float(noise),
        even=even,
        contrast=contrast,
        lean=_lean(matrix),
        size=float(np.sqrt(abs(cv2.contourArea(quad[0].astype(np.float32))))),
        likeness=likeness,
        inner=inner,
        poorest=poorest,
        explained=explained,
        length=float(agreeing.mean() * model.length * zooms(matrix[None])[0]),
    )


def _colours(pixels: Array, model: Model, matrix: Array) -> tuple[float, float]:
    """Return how even each ink is (1 = of one colour), and the contrast at the edges."""
    step = model.normals * np.float32(BESIDE / UNIT)
    left, right = (_read(pixels, matrix, model.points + side) for side in (step, -step))
    contrast = float(np.median(np.abs(left - right).max(axis=1)))
    if not len(model.inks):
        return 0.5, contrast
    colours = _read(pixels, matrix, model.inks)
    apart = np.empty(len(colours), np.float32)
    for label in np.unique(model.labels):
        of_ink = model.labels == label
        apart[of_ink] = np.abs(colours[of_ink] - np.median(colours[of_ink], axis=0)).max(axis=1)
    return 1 / (1 + float(apart.mean()) / (contrast + 4)), contrast


def _read(pixels: Array, matrix: Array, points: Array) -> Array:
    """Return the colours [n, 3] at points of the model."""
    places, _ = projected(matrix[None], points[None])
    x, y = places[0, :, 0].astype(np.float32), places[0, :, 1].astype(np.float32)
    read = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return read.reshape(-1, 3).astype(np.float32)


def _lean(matrix: Array) -> float:
    """Return how distorted the logo is; 0 if it is only moved, turned and made larger."""
    square = matrix[:2, :2] / matrix[2, 2]
    long, short = np.linalg.svd(square, compute_uv=False)
    bent = float(np.abs(matrix[2, :2] / matrix[2, 2]).sum())
    return float(np.log(long / max(short, 1e-6))) + bent


def _straightened(atlas: Atlas, model: Model, matrix: Array) -> Array:
    """Return the part of the picture where the logo lies, in the frame of the model."""
    high, wide = model.colours.shape
    middle = np.array([[1, 0, -(wide - 1) / 2], [0, 1, -(high - 1) / 2], [0, 0, UNIT]])
    number = int(atlas.octave(zooms(matrix[None]))[0])
    picture = atlas.pictures[number]
    ratio = picture.shape[1] / atlas.size[0], picture.shape[0] / atlas.size[1]
    shrink = np.array([[ratio[0], 0, (ratio[0] - 1) / 2], [0, ratio[1], (ratio[1] - 1) / 2], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(
        picture, shrink @ matrix @ middle, (wide, high), flags=flags, borderMode=cv2.BORDER_REPLICATE
    )


def _compared(seen: Array, model: Model) -> tuple[float, float, float, float]:
    """Return likeness, inner, poorest and explained (see `Measures`) of a straightened part of a picture."""
    box = _box(model)
    ours, theirs = field(seen)[box], model.drawing[box].astype(np.float32) / 127
    products = np.stack([(ours * theirs).sum(axis=2), (ours * ours).sum(axis=2), (theirs * theirs).sum(axis=2)], axis=2)
    near = (model.colours[box] != 0).astype(np.uint8)
    parts = cv2.resize(products * near[..., None], (PARTS, PARTS), interpolation=cv2.INTER_AREA).reshape(-1, 3)
    worth = parts[:, 2] > LEAST_EDGES * parts[:, 2].mean()
    poorest = np.sort(_correlated(parts[worth].T))[:POOREST].mean()
    whole, inner = (_correlated(sums) for sums in (products.sum(axis=(0, 1)), parts.sum(axis=0)))
    return float(whole), float(inner), float(poorest), _explained(seen[box], model.colours[box])


def _box(model: Model) -> tuple[slice, slice]:
    """Return the logo's own area in the frame of the model, and a little more."""
    high, wide = model.colours.shape
    half_wide, half_high = (model.corners[2] * UNIT).round().astype(int) + 3
    rows = slice(max(0, high // 2 - half_high), high // 2 + half_high)
    return rows, slice(max(0, wide // 2 - half_wide), wide // 2 + half_wide)


def _correlated(sums: Array) -> Array:
    """Return the correlation of two fields from the sums [3, ...] of their products: mixed, ours and theirs squared."""
    correlation: Array = sums[0] / np.sqrt(sums[1] * sums[2] + 1e-6)
    return correlation


def _explained(seen: Array, colours: Array) -> float:
    is_coloured = colours != NO_COLOUR
    numbers, values = colours[is_coloured], seen[is_coloured].astype(np.float32)
    if len(values) < 20:
        return 0.5
    many = np.maximum(np.bincount(numbers), 1)
    means = np.stack([np.bincount(numbers, band) / many for band in values.T], axis=1)
    within = ((values - means[numbers]) ** 2).sum()
    total = ((values - values.mean(axis=0)) ** 2).sum() + CAMERA * len(values)
    return float(1 - within / total)
