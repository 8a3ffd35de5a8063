"""From a rough place of a logo to its exact one, and what can be measured there; many places at once.

    Guess(model, 3x3 matrix) --edges looked for along the normals, least squares, repeated--> matrices --measure--> Measures

Each point of the model looks a little to both sides of itself for an edge that runs its way; the displacements along
the normals give a small projective motion. A ridge keeps the logo a logo: it moves and turns freely, leans and narrows
with reluctance. Method: Harris and Stennett, "RAPID, a video rate object tracker", BMVC 1990; here for a plane.
Matrices take points of a model (`embed.logo_model`) to pixels of the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from embed.logo_field import Atlas, field
from embed.logo_model import MOST_POINTS, MOST_QUIET, NO_COLOUR, UNIT, Model

COARSE, FINE = (0.14, 0.12, 0.10), (0.09, 0.07, 0.05)
"""How far a point looks in each round, in lengths of the model (36 px)."""

PLAY = np.linspace(-0.1, 0.1, 5, dtype=np.float32)
"""Offsets at which an edge may be found while the place is rough."""

NO_PLAY = np.linspace(-0.03, 0.03, 3, dtype=np.float32)
THIN = 3

STEPS = 9
STIFF = np.array([0.03, 0.03, 0.002, 0.03, 0.03, 0.002, 0.12, 0.12])
"""The ridge: of the motion's eight numbers, in shares of the points' weight."""

FOUND = 0.35
"""How clear an edge that runs the right way must be at a point for the point to count as found."""

SECTORS = 8
BESIDE = 3.0
"""How far from an edge, in pixels of the model, the colours on its two sides are read."""

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What is seen at one place, each 0..1 but for the last three.

    edges      mean agreement of the edges
    found      share of the model's points that are found
    weakest    the same in the eighth of the logo where fewest are, counted around its middle
    noise      mean strength of edges where the logo has none
    even       how even each ink is, against the contrast at its edges
    contrast   of colours at the edges, in gray values
    lean       how far the logo is from lying flat and undistorted
    size       square root of its area, in pixels of the picture
    likeness   correlation of the fields of logo and picture, all over the logo's area
    poorest    the same in the poorest of its parts that have edges
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
    poorest: float
    explained: float


@dataclass(frozen=True, slots=True)
class Pack:
    """Points of many models as arrays of one shape; `there` (0 or 1) tells which of them exist."""

    points: Array
    normals: Array
    there: Array

    @classmethod
    def of(cls, models: Sequence[Model]) -> "Pack":
        points = np.zeros((len(models), MOST_POINTS, 2), np.float32)
        normals, there = np.zeros_like(points), np.zeros((len(models), MOST_POINTS), np.float32)
        for row, one in enumerate(models):
            count = len(one.points)
            points[row, :count], normals[row, :count], there[row, :count] = one.points, one.normals, 1
        return cls(points, normals, there)

    def taken(self, rows: Array) -> "Pack":
        return Pack(self.points[rows], self.normals[rows], self.there[rows])

    def thinned(self) -> "Pack":
        """Every third point: enough to choose among many places."""
        return Pack(self.points[:, ::THIN], self.normals[:, ::THIN], self.there[:, ::THIN])


def similarity(x: Array, y: Array, zoom: Array, turn: Array) -> Array:
    """Matrices [n, 3, 3] that lay a model's middle at x, y, `zoom` times as large, turned by radians."""
    matrix = np.zeros((len(x), 3, 3), np.float32)
    factor = zoom * UNIT
    matrix[:, 0, 0], matrix[:, 0, 1], matrix[:, 0, 2] = factor * np.cos(turn), -factor * np.sin(turn), x
    matrix[:, 1, 0], matrix[:, 1, 1], matrix[:, 1, 2] = factor * np.sin(turn), factor * np.cos(turn), y
    matrix[:, 2, 2] = 1
    return matrix


def projected(matrix: Array, points: Array) -> tuple[Array, Array]:
    """Where points [n, m, 2] go, and the depth [n, m] that they are divided by."""
    placed = points @ matrix[:, :2, :2].transpose(0, 2, 1) + matrix[:, None, :2, 2]
    depth = np.maximum(points @ matrix[:, 2, :2, None] + matrix[:, None, 2:, 2], 0.05)
    return placed / depth, depth[..., 0]


def zooms(matrix: Array) -> Array:
    """How many pixels of the picture a pixel of the model takes."""
    determinant = np.abs(np.linalg.det(matrix[:, :2, :2]))
    return np.sqrt(determinant) / UNIT


def agreement(atlas: Atlas, pack: Pack, matrix: Array, offsets: Array = PLAY) -> Array:
    """How well the edges agree at each place [n]: 1 = every point lies near a clear edge that runs its way."""
    found = np.maximum(_responses(atlas, pack, matrix, offsets).max(axis=2), 0)
    return (found * pack.there).sum(axis=1) / np.maximum(pack.there.sum(axis=1), 1)


def _responses(atlas: Atlas, pack: Pack, matrix: Array, offsets: Array) -> Array:
    """Signed agreement [n, m, k] of each point, moved along its normal by each of the offsets [k]."""
    count, many, _ = pack.points.shape
    moved = pack.points[:, :, None] + pack.normals[:, :, None] * offsets[:, None]
    places, _ = projected(matrix, moved.reshape(count, -1, 2))
    seen = atlas.sampled(places, atlas.octave(zooms(matrix))).reshape(count, many, len(offsets), 2)
    wanted = _angles(matrix, pack)
    return seen[..., 0] * wanted[..., 0][..., None] + seen[..., 1] * wanted[..., 1][..., None]


def _angles(matrix: Array, pack: Pack) -> Array:
    """The doubled angles [n, m, 2] that the normals have once they are laid over the picture."""
    places, _ = projected(matrix, pack.points)
    steep = matrix[:, None, :2, :2] - places[..., None] * matrix[:, None, 2:, :2]  # the Jacobian, but for a factor
    across = steep[..., 1, 1] * pack.normals[..., 0] - steep[..., 1, 0] * pack.normals[..., 1]
    down = steep[..., 0, 0] * pack.normals[..., 1] - steep[..., 0, 1] * pack.normals[..., 0]
    square = np.maximum(across**2 + down**2, 1e-12)
    return np.stack([(across**2 - down**2) / square, 2 * across * down / square], axis=-1)


def fitted(atlas: Atlas, pack: Pack, matrix: Array, reaches: Sequence[float]) -> Array:
    """The matrices [n, 3, 3] after a round for each of `reaches`."""
    for reach in reaches:
        matrix = matrix @ _motion(atlas, pack, matrix, reach)
    return matrix


def _motion(atlas: Atlas, pack: Pack, matrix: Array, reach: float) -> Array:
    offsets = np.linspace(-reach, reach, STEPS, dtype=np.float32)
    found = np.maximum(_responses(atlas, pack, matrix, offsets), 0)
    weight = found**2 * np.exp(-((offsets / reach) ** 2))
    total = weight.sum(axis=2)
    shift = (weight * offsets).sum(axis=2) / np.maximum(total, 1e-6)
    trust = np.minimum(found.max(axis=2), 0.8) * pack.there
    rows = _directions(pack)
    normal = (rows * trust[..., None]).transpose(0, 2, 1) @ rows
    ridge = STIFF * np.maximum(trust.sum(axis=1), 1.0)[:, None]
    normal[:, range(8), range(8)] += ridge
    answer = np.linalg.solve(normal, ((rows * (trust * shift)[..., None]).sum(axis=1))[..., None])[..., 0]
    return _small(answer)


def _directions(pack: Pack) -> Array:
    """How far along its normal each point [n, m] goes with each of the eight numbers of a projective motion."""
    x, y = pack.points[..., 0], pack.points[..., 1]
    across, down = pack.normals[..., 0], pack.normals[..., 1]
    along = across * x + down * y
    return np.stack([across * x, across * y, across, down * x, down * y, down, along * x, along * y], axis=-1)


def _small(motion: Array) -> Array:
    """The matrix [n, 3, 3] of a small projective motion."""
    step = np.zeros((len(motion), 3, 3), np.float32)
    step[:, :2] = motion[:, :6].reshape(-1, 2, 3)
    step[:, 2, :2] = -motion[:, 6:]
    step[:, range(3), range(3)] += 1
    return step


def measure(atlas: Atlas, pixels: Array, models: Sequence[Model], matrix: Array) -> list[Measures]:
    """What is seen at each place; `pixels` is the RGB picture of the atlas."""
    pack = Pack.of(models)
    found = np.maximum(_responses(atlas, pack, matrix, NO_PLAY).max(axis=2), 0)
    noise = _noise(atlas, models, matrix)
    return [
        _measured(atlas, pixels, one, place, agreeing[: len(one.points)], still)
        for one, place, agreeing, still in zip(models, matrix, found, noise, strict=True)
    ]


def _noise(atlas: Atlas, models: Sequence[Model], matrix: Array) -> Array:
    """Mean strength of the edges where each model has none [n]."""
    quiet = np.zeros((len(models), MOST_QUIET, 2), np.float32)
    there = np.zeros((len(models), MOST_QUIET), np.float32)
    for row, one in enumerate(models):
        quiet[row, : len(one.quiet)], there[row, : len(one.quiet)] = one.quiet, 1
    places, _ = projected(matrix, quiet)
    seen = atlas.sampled(places, atlas.octave(zooms(matrix)))
    strength = np.hypot(seen[..., 0], seen[..., 1]) * there
    noise: Array = strength.sum(axis=1) / np.maximum(there.sum(axis=1), 1)
    return noise


def _measured(atlas: Atlas, pixels: Array, one: Model, matrix: Array, agreeing: Array, noise: float) -> Measures:
    around = np.arctan2(one.points[:, 1], one.points[:, 0])
    sector = ((around + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS
    is_found = agreeing > FOUND
    many = np.bincount(sector, minlength=SECTORS)
    shares = np.bincount(sector, is_found, minlength=SECTORS) / np.maximum(many, 1)
    even, contrast = _colours(pixels, one, matrix)
    quad, _ = projected(matrix[None], one.corners[None])
    likeness, poorest, explained = _compared(_straightened(atlas, one, matrix), one)
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
        poorest=poorest,
        explained=explained,
    )


def _colours(pixels: Array, one: Model, matrix: Array) -> tuple[float, float]:
    """How even each ink is (1 = of one colour), and the contrast at the edges."""
    step = one.normals * np.float32(BESIDE / UNIT)
    left, right = (_read(pixels, matrix, one.points + side) for side in (step, -step))
    contrast = float(np.median(np.abs(left - right).max(axis=1)))
    if not len(one.inks):
        return 0.5, contrast
    colours = _read(pixels, matrix, one.inks)
    apart = np.empty(len(colours), np.float32)
    for label in np.unique(one.labels):
        mine = one.labels == label
        apart[mine] = np.abs(colours[mine] - np.median(colours[mine], axis=0)).max(axis=1)
    return 1 / (1 + float(apart.mean()) / (contrast + 4)), contrast


def _read(pixels: Array, matrix: Array, points: Array) -> Array:
    """The colours [n, 3] at points of the model."""
    places, _ = projected(matrix[None], points[None])
    x, y = places[0, :, 0].astype(np.float32), places[0, :, 1].astype(np.float32)
    read = cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return read.reshape(-1, 3).astype(np.float32)


def _lean(matrix: Array) -> float:
    """0 for a logo that is only moved, turned and made larger."""
    square = matrix[:2, :2] / matrix[2, 2]
    long, short = np.linalg.svd(square, compute_uv=False)
    bent = float(np.abs(matrix[2, :2] / matrix[2, 2]).sum())
    return float(np.log(long / max(short, 1e-6))) + bent


def _straightened(atlas: Atlas, one: Model, matrix: Array) -> Array:
    """The part of the picture where the logo lies, in the frame of the model."""
    high, wide = one.colours.shape
    middle = np.array([[1, 0, -(wide - 1) / 2], [0, 1, -(high - 1) / 2], [0, 0, UNIT]])
    number = int(atlas.octave(zooms(matrix[None]))[0])
    picture = atlas.pictures[number]
    ratio = picture.shape[1] / atlas.size[0], picture.shape[0] / atlas.size[1]
    shrink = np.array([[ratio[0], 0, (ratio[0] - 1) / 2], [0, ratio[1], (ratio[1] - 1) / 2], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(picture, shrink @ matrix @ middle, (wide, high), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def _compared(seen: Array, one: Model) -> tuple[float, float, float]:
    half = (one.corners[2] * UNIT).round().astype(int) + 3
    high, wide = one.colours.shape
    box = np.s_[max(0, high // 2 - half[1]) : high // 2 + half[1], max(0, wide // 2 - half[0]) : wide // 2 + half[0]]
    ours, theirs = field(seen)[box], one.drawing[box].astype(np.float32) / 127
    both = (ours * theirs).sum(axis=2)
    sums = [cv2.resize(part, (4, 4), interpolation=cv2.INTER_AREA).ravel() for part in (both, (ours**2).sum(2), (theirs**2).sum(2))]
    likeness = sums[0].sum() / np.sqrt(sums[1].sum() * sums[2].sum() + 1e-6)
    parts = sums[0] / np.sqrt(sums[1] * sums[2] + 1e-6)
    worth = sums[2] > 0.25 * sums[2].mean()
    colours, values = one.colours[box].ravel(), seen[box].reshape(-1, 3).astype(np.float32)
    told = colours != NO_COLOUR
    colours, values = colours[told], values[told]
    if len(values) < 20: return float(likeness), float(np.sort(parts[worth])[:3].mean()), 0.5
    many = np.maximum(np.bincount(colours, minlength=16), 1)
    means = np.stack([np.bincount(colours, values[:, k], minlength=16) / many for k in range(3)], 1)
    within = ((values - means[colours]) ** 2).sum()
    total = ((values - values.mean(axis=0)) ** 2).sum() + 20 * len(values)
    return float(likeness), float(np.sort(parts[worth])[:3].mean()), float(1 - within / total)
