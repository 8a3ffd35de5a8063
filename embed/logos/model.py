"""What a logo looks like to the search: templates of cells for finding it, points for laying it exactly and measuring.

    Art --drawn at 72 px, turned by -16, 0, 16 degrees--> cells --whitened--> templates [3, n], for finding
        --edges--> points with normals; points where nothing happens; points of each ink, for measuring

A template is compared with every place of a picture by one product, so it must answer to what is special in the logo
and not to what every picture has (long level and upright lines): it is whitened with the statistics of pictures, which
makes it the linear discriminant between this logo and everything else. Method: Hariharan, Malik and Ramanan,
"Discriminative decorrelation for clustering and classification", ECCV 2012. Their table of statistics is replaced by a
formula fitted to photographs and screenshots, since it is smooth: `_correlations`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from embed.logos.art import Art
from embed.logos.field import field

CELL = 9.0
"""Side of a cell in pixels of a model."""

GRIDS = ((8, 8), (10, 6), (13, 5), (17, 4), (6, 10))
"""Columns and rows of the templates: about 64 cells, for square logos, wide ones and high ones."""

TURNS = (-16.0, 0.0, 16.0)
RIM = 0.5
"""Cells of ground around the logo in its template."""

AXES, DIAGONAL = 0.74, 0.26
"""How the variance of a cell's vector is shared: level and upright edges, slanting ones."""

MEAN = -0.1
"""Length of the mean template of pictures: a little more upright gradients than level ones."""

RIDGE = 1.0
"""Added to the covariance, in mean variances, for what the formula does not know."""

UNIT = 36.0
"""Pixels of a model to one length of `Model.points`, so that coordinates are about -1..1."""

MOST_POINTS, MOST_QUIET, MOST_INK = 160, 64, 96
EDGE, QUIET = 0.35, 0.12
"""Strength of the field from which a point is an edge, and below which nothing happens."""

LEAST_INK = 0.02
NO_COLOUR, MOST_COLOURS = 255, 12
type Array = np.ndarray[Any, np.dtype[Any]]
type Grid = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Model:
    """A logo, ready to be looked for; coordinates have their origin in its middle, 36 px of the model to one.

    grid       columns and rows of its templates
    templates  [turns, cells * 2], whitened, of variance 1 over pictures; `offsets` [turns] are their means
    power      how much the templates say at best: of a plain disc less than of a crest
    points     [n, 2] on edges, with `normals` [n, 2] of length 1
    length     how long all its edges are together, in pixels of the model
    quiet      [m, 2] where nothing happens
    inks       [k, 2] in flat areas, and of which ink each is: `labels` [k]
    corners    [4, 2] of the logo
    drawing    its field [height, width, 2] in the frame of the model, 0..127, and `colours` [height, width], the number
               of the colour of each pixel (0 = of the ground, `NO_COLOUR` = at an edge)
    """

    grid: Grid
    templates: Array
    offsets: Array
    power: float
    points: Array
    normals: Array
    length: float
    quiet: Array
    inks: Array
    labels: Array
    corners: Array
    drawing: Array
    colours: Array


def model(art: Art) -> Model | None:
    """Return a logo's model; None if it has too little to recognise."""
    grid = _grid(art)
    straight = _drawn(art, grid, 0.0)
    edges = field(straight)
    spots, normals, length = _edges(edges)
    if len(spots) < 12:
        return None
    middle = (np.array(straight.shape[1::-1], np.float32) - 1) / 2
    white = [_whitened(grid, _cells(_drawn(art, grid, turn), grid)) for turn in TURNS]
    half = np.array(art.pixels.shape[1::-1], np.float32) * _zoom(art, grid) / 2
    inks, labels = _inks(straight, edges)
    return Model(
        grid=grid,
        templates=np.stack([template for template, _, _ in white]).astype(np.float32),
        offsets=np.array([offset for _, offset, _ in white], np.float32),
        power=float(white[len(TURNS) // 2][2]),
        points=(spots - middle) / UNIT,
        normals=normals,
        length=length,
        quiet=(_quiet(edges, middle, half) - middle) / UNIT,
        inks=(inks - middle) / UNIT,
        labels=labels,
        drawing=np.round(edges * 127).astype(np.int8),
        colours=_colours(straight, edges),
        corners=np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32) * half / UNIT,
    )


def _grid(art: Art) -> Grid:
    """Return the grid whose inner part has most nearly the shape of the logo."""
    shape = np.log(art.pixels.shape[1] / art.pixels.shape[0])
    return min(GRIDS, key=lambda grid: abs(np.log((grid[0] - 2 * RIM) / (grid[1] - 2 * RIM)) - shape))


def _zoom(art: Art, grid: Grid) -> float:
    """Return how many pixels of the model a pixel of the kept picture takes."""
    high, wide = art.pixels.shape[:2]
    return float(min((grid[0] - 2 * RIM) * CELL / wide, (grid[1] - 2 * RIM) * CELL / high))


def _drawn(art: Art, grid: Grid, turn: float) -> Array:
    """Return the logo in the middle of its template's area, turned by so many degrees."""
    high, wide = art.pixels.shape[:2]
    size = round(grid[0] * CELL), round(grid[1] * CELL)
    zoom = _zoom(art, grid)
    small = art.pixels if zoom > 0.7 else cv2.GaussianBlur(art.pixels, (0, 0), 0.35 / zoom)
    matrix = cv2.getRotationMatrix2D(((wide - 1) / 2, (high - 1) / 2), turn, zoom)
    matrix[:, 2] += (size[0] - wide) / 2, (size[1] - high) / 2
    return cv2.warpAffine(small, matrix, size, flags=cv2.INTER_LINEAR, borderValue=art.ground)


def _cells(drawn: Array, grid: Grid) -> Array:
    flat: Array = cv2.resize(field(drawn), grid, interpolation=cv2.INTER_AREA).ravel()
    return flat / max(float(np.linalg.norm(flat)), 1e-6)


def _whitened(grid: Grid, cells: Array) -> tuple[Array, float, float]:
    """Return the discriminant of variance 1 over pictures, its mean over them, and its value for the logo itself."""
    mean, precision, covariance = _statistics(grid)
    weights = precision @ (cells - mean)
    weights /= max(float(np.sqrt(weights @ covariance @ weights)), 1e-9)
    return weights, float(weights @ mean), float(weights @ (cells - mean))


@cache
def _statistics(grid: Grid) -> tuple[Array, Array, Array]:
    """Return mean, inverse covariance (with a ridge) and covariance of cells [rows, columns, 2] of pictures."""
    columns, rows = grid
    count = columns * rows
    y, x = (axis.ravel().astype(np.float64) for axis in np.meshgrid(range(rows), range(columns), indexing="ij"))
    axes, diagonal = _correlations(np.abs(x[:, None] - x), np.abs(y[:, None] - y))
    covariance = np.zeros((2 * count, 2 * count))
    covariance[::2, ::2], covariance[1::2, 1::2] = AXES * axes / count, DIAGONAL * diagonal / count
    mean = np.zeros(2 * count)
    mean[::2] = MEAN / np.sqrt(count)
    precision = np.linalg.inv(covariance + RIDGE * np.trace(covariance) / (2 * count) * np.eye(2 * count))
    return mean, precision, covariance


def _correlations(across: Array, down: Array) -> tuple[Array, Array]:
    """Return how much two cells, so many columns and rows apart, have in common.

    First for level and upright edges, then for slanting ones. Fitted to 200,000 windows of 400 photographs and
    screenshots; long lines run along rows and columns.
    """
    apart = np.exp(-(across + down) / 1.2)
    level, upright = np.exp(-across / 12 - down / 0.8), np.exp(-down / 12 - across / 0.8)
    return 0.35 * apart + 0.40 * level + 0.25 * upright, np.exp(-np.hypot(across, down))


def _edges(edges: Array) -> tuple[Array, Array, float]:
    """Return points on edges with their normals, and how long the edges are.

    The clearest point of each 3x3 block, at most `MOST_POINTS` of them, evenly taken.
    """
    strength = np.hypot(edges[..., 0], edges[..., 1])
    top = (strength == cv2.dilate(strength, np.ones((3, 3), np.uint8))) & (strength > EDGE)
    y, x = np.nonzero(top)
    blocks = (y // 3) * 10_000 + x // 3
    _, first = np.unique(blocks, return_index=True)
    chosen = first[_spread(len(first), MOST_POINTS)]
    angle = np.arctan2(edges[y[chosen], x[chosen], 1], edges[y[chosen], x[chosen], 0]) / 2
    return (
        np.stack([x[chosen], y[chosen]], 1).astype(np.float32),
        np.stack([np.cos(angle), np.sin(angle)], 1),
        3.0 * len(first),
    )


def _spread(count: int, most: int) -> Array:
    """Return at most so many numbers below `count`, evenly spread."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(np.intp)


def _quiet(edges: Array, middle: Array, half: Array) -> Array:
    """Return points inside the logo, far from its edges."""
    busy = (np.hypot(edges[..., 0], edges[..., 1]) > QUIET).astype(np.uint8)
    far = cv2.distanceTransform(1 - busy, cv2.DIST_L2, 3) >= 3
    y, x = np.nonzero(far)
    inside = (np.abs(x - middle[0]) <= half[0]) & (np.abs(y - middle[1]) <= half[1])
    spots = np.stack([x[inside], y[inside]], 1).astype(np.float32)
    return spots[_spread(len(spots), MOST_QUIET)]


def _inks(drawn: Array, edges: Array) -> tuple[Array, Array]:
    """Return points in flat areas that are not of the ground's colour, and the number of the colour of each."""
    flat = np.hypot(edges[..., 0], edges[..., 1]) < QUIET
    codes = (drawn >> 5).astype(np.int32) @ np.array([64, 8, 1])
    ground = codes[0, 0]
    counts = np.bincount(codes[flat], minlength=512)
    is_ink = counts > LEAST_INK * codes.size
    is_ink[ground] = False
    y, x = np.nonzero(flat & is_ink[codes])
    chosen = _spread(len(y), MOST_INK)
    return np.stack([x[chosen], y[chosen]], 1).astype(np.float32).reshape(-1, 2), codes[y[chosen], x[chosen]]


def _colours(drawn: Array, edges: Array) -> Array:
    """Return the number of the colour of each pixel that lies in a flat area: 0 = that of the ground."""
    codes = (drawn >> 5).astype(np.int32) @ np.array([64, 8, 1])
    flat = np.hypot(edges[..., 0], edges[..., 1]) < QUIET
    common = np.argsort(-np.bincount(codes[flat], minlength=512), kind="stable")[:MOST_COLOURS]
    numbers = np.full(512, NO_COLOUR, np.uint8)
    numbers[common] = np.arange(1, len(common) + 1)
    numbers[codes[0, 0]] = 0
    return np.where(flat, numbers[codes], NO_COLOUR).astype(np.uint8)
