"""What differs between two aligned pictures, as regions with what surrounds them and what both show in them.

    both pictures in one frame (overlay.py) --cells.py--> a word a window --joined--> Reading

`core.content` says what the regions mean. Several hundred windows are looked at one by one, so that a share of
the whole never outvotes a changed name.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from core.reading import Reading, Region
from embed.pairs.cells import STEP, Cells, Map, cells
from embed.pairs.colours import gray_of
from embed.pairs.overlay import Overlay
from embed.pairs.words import strokes

MOST_REGIONS = 12
"""The largest ones are told apart: more of them are noise of an edit."""

LEAST_CELLS = 3
HALF = 2
"""Pixels between the samples in which colours are counted: thin strokes are two or three pixels wide."""

RING = 3
"""Cells around a region that tell what it stands on."""

SAME_COLOUR, STRONG_EDGE = 22.0, 60.0
LEVELS, LEAST_SAMPLES = 8, 3
"""Levels a band in which colours are told apart, and samples from which a picture has a colour."""

LOWER, HIGHER = np.maximum(np.arange(LEVELS) - 1, 0), np.minimum(np.arange(LEVELS) + 1, LEVELS - 1)
STROKE_CONTRAST = 45
type Array = np.ndarray[Any, np.dtype[Any]]


def read(pair: Overlay) -> Reading:
    """Return what differs between the two pictures of the overlay."""
    seen = cells(pair)
    shown, count = seen.known, max(int(seen.known.sum()), 1)
    regions = tuple(_regions(pair, seen))
    differing = int(seen.differs.sum())
    return Reading(
        regions=regions,
        differing=differing / count,
        scattered=max(0, differing - sum(region.cells for region in regions)) / count,
        blurred=pair.blurred,
        plain=float((seen.plain & shown).sum() / count),
        known=float(shown.mean()),
        contrast=pair.contrast,
        weight_unlike=float((seen.weight * seen.unlike).sum()),
        weight_agrees=float((seen.weight * (seen.agrees & seen.busy)).sum()),
        weight_alike=float((seen.weight * (seen.alike & seen.busy)).sum()),
        vivid_kept=float((seen.vivid & seen.agrees).sum() / max(int(seen.vivid.sum()), 1)),
        own_colour=float(seen.own.sum() / count),
        free_colour=float(seen.free.sum() / count),
        recoloured=float(seen.recoloured.sum() / count),
        removed=int(seen.removed.sum()),
        added=int(seen.added.sum()),
        typical=seen.typical,
    )


def _regions(pair: Overlay, seen: Cells) -> list[Region]:
    """Return the largest regions; windows that nearly touch are one."""
    joined = cv2.morphologyEx(seen.differs.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    sizes = stats[1:, cv2.CC_STAT_AREA]
    largest = [int(at) + 1 for at in np.argsort(-sizes, kind="stable")[:MOST_REGIONS] if sizes[at] >= LEAST_CELLS]
    if not largest:
        return []
    sight = _Sight(pair, seen)
    return [sight.region(labels == label, stats[label]) for label in largest]


class _Sight:
    """What is computed once for all regions of a pair."""

    def __init__(self, pair: Overlay, seen: Cells) -> None:
        self._seen = seen
        self._near = SAME_COLOUR * max(pair.contrast, 0.5)
        self._ours, self._theirs = (one[::HALF, ::HALF].astype(np.int16) for one in (pair.ours, pair.relit))
        self._colour_ours, self._colour_theirs = (_level(one) for one in (self._ours, self._theirs))
        self._has_ours, self._has_theirs = (_spread(_counts(one) >= LEAST_SAMPLES) for one in
                                            (self._colour_ours, self._colour_theirs))  # fmt: skip
        gray = gray_of(pair.ours), gray_of(pair.relit)
        strong = STRONG_EDGE * pair.contrast
        mine, its = (_edges(one) for one in gray)
        self._edges_ours, self._edges_theirs = mine > strong, its > strong
        reach = np.ones((7, 7), np.uint8)
        self._met_ours, self._met_theirs = (
            one & (cv2.dilate(other, reach) > 0.6 * strong)
            for one, other in ((self._edges_ours, its), (self._edges_theirs, mine))
        )
        self._new, self._lost = (
            _pooled(self._edges_ours & ~self._met_ours),
            _pooled(self._edges_theirs & ~self._met_theirs),
        )
        self._strokes = [_pooled(np.logical_or(*strokes(one, round(STROKE_CONTRAST * pair.contrast)))) for one in gray]

    def region(self, whole: Map, stat: Array) -> Region:
        left, top, wide, high, count = (int(value) for value in stat)
        rows, columns = whole.shape
        cut = np.s_[
            max(0, top - RING) : min(rows, top + high + RING), max(0, left - RING) : min(columns, left + wide + RING)
        ]
        here, seen = whole[cut], self._seen
        ring = (cv2.dilate(here.astype(np.uint8), np.ones((2 * RING + 1,) * 2, np.uint8)) > 0) & ~here & seen.known[cut]
        outline = here & ~(cv2.erode(here.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)
        around, edge = max(int(ring.sum()), 1), max(int(outline.sum()), 1)
        ground = ring & seen.calm[cut] & seen.agrees[cut]

        def share(words: Map) -> float:
            return float((here & words[cut]).sum() / count)

        return Region(
            box=(left / columns, top / rows, (left + wide) / columns, (top + high) / rows),
            area=count / whole.size,
            cells=count,
            mass=float(seen.weight[cut][here].sum()),
            unlike=share(seen.unlike),
            removed=share(seen.removed),
            added=share(seen.added),
            recoloured=share(seen.recoloured),
            own=share(seen.own),
            free=share(seen.free),
            calm=float(ground.sum() / around),
            ring=float((ring & seen.agrees[cut]).sum() / around),
            fill=count / (wide * high),
            outline_new=float((outline & self._new[cut]).sum() / edge),
            outline_lost=float((outline & self._lost[cut]).sum() / edge),
            strokes_ours=share(self._strokes[0]),
            strokes_theirs=share(self._strokes[1]),
            **self._colours(cut, here, ground),
            **self._met(cut, here),
        )

    def _colours(self, cut: tuple[slice, slice], here: Map, ground: Map) -> dict[str, float]:
        """Return shares of the region by colour, counted in samples of `HALF` pixels."""
        block = STEP // HALF
        big = tuple(slice(part.start * block, part.stop * block) for part in cut)
        ours, theirs = self._ours[big], self._theirs[big]
        inside, grounds = (_enlarged(ours_inside, block, ours.shape) for ours_inside in (here, ground))
        ours_inside, theirs_inside = ours[inside], theirs[inside]
        if not len(ours_inside):
            return {}
        flat = [
            float((_distance(each - np.median(each, axis=0)) < self._near).mean())
            for each in (ours_inside, theirs_inside)
        ]
        shares = {"flat_ours": flat[0], "flat_theirs": flat[1], **self._apart(ours, theirs, inside)}
        shares.update(self._palette(big, inside))
        if ground.sum() >= LEAST_CELLS:
            colour = np.median(theirs[grounds], axis=0)
            shares["ground_ours"], shares["ground_theirs"] = (
                float((_distance(each - colour) < self._near).mean()) for each in (ours_inside, theirs_inside)
            )
        return shares

    def _apart(self, ours: Array, theirs: Array, inside: Map) -> dict[str, float]:
        """Return how far the colours are apart in the region and just outside, where a light would still be seen."""
        apart, reach = _distance(ours - theirs), 2 * RING * (STEP // HALF) + 1
        outside = (cv2.dilate(inside.astype(np.uint8), np.ones((reach, reach), np.uint8)) > 0) & ~inside
        spill = float(apart[outside].mean() / max(float(apart[inside].mean()), 1.0)) if outside.any() else 0.0
        return {"same": float((apart[inside] < self._near).mean()), "spill": spill}

    def _palette(self, big: tuple[slice, ...], inside: Map) -> dict[str, float]:
        """Return which colours of the region the other picture has: a sticker brings its own, a figure does not."""
        our_colours, their_colours = self._colour_ours[big][inside], self._colour_theirs[big][inside]
        return {
            "foreign_ours": float((~self._has_theirs[our_colours]).mean()),
            "foreign_theirs": float((~self._has_ours[their_colours]).mean()),
            "palette": float(np.minimum(_blurred(our_colours), _blurred(their_colours)).sum()),
        }

    def _met(self, cut: tuple[slice, slice], here: Map) -> dict[str, float]:
        big = tuple(slice(part.start * STEP, part.stop * STEP) for part in cut)
        inside = _enlarged(here, STEP, self._edges_ours[big].shape)
        pairs = {"ours": (self._met_ours, self._edges_ours), "theirs": (self._met_theirs, self._edges_theirs)}
        shares, pixels = {}, max(int(inside.sum()), 1)
        for name, (met, every) in pairs.items():
            count = int((every[big] & inside).sum())
            shares[f"met_{name}"] = float((met[big] & inside).sum() / max(count, 1))
            shares[f"edges_{name}"] = count / pixels
        return shares


def _level(colours: Array) -> Array:
    """Return the number of each colour, of `LEVELS` a band."""
    step = 256 // LEVELS
    red, green, blue = (colours[..., band] // step for band in range(3))
    level: Array = (red * LEVELS + green) * LEVELS + blue
    return level


def _counts(levels: Array) -> Array:
    return np.bincount(levels.ravel(), minlength=LEVELS**3)


def _spread(has: Map) -> Map:
    """Return the colours and their neighbours: noise takes one for the other."""
    near = has.reshape((LEVELS,) * 3)
    for axis in range(3):
        near = np.logical_or.reduce(_beside(near, axis))
    return near.ravel()


def _blurred(levels: Array) -> Array:
    """Return shares of the colours, each spread over its neighbours; sum 1 for colours that are not at the rim."""
    shares: Array = (_counts(levels) / len(levels)).reshape((LEVELS,) * 3)
    for axis in range(3):
        shares = np.mean(_beside(shares, axis), axis=0)
    return shares


def _beside(cube: Array, axis: int) -> Sequence[Array]:
    """Return the cube, and the cube moved by one either way along the axis; the outermost colours stay."""
    return cube, cube.take(LOWER, axis), cube.take(HIGHER, axis)


def _edges(gray: Array) -> Array:
    return cv2.magnitude(cv2.Sobel(gray, cv2.CV_32F, 1, 0), cv2.Sobel(gray, cv2.CV_32F, 0, 1))


def _pooled(mask: Map) -> Map:
    """Return for each cell whether the mask has a pixel in it."""
    spread = cv2.dilate(mask.astype(np.uint8), np.ones((STEP, STEP), np.uint8))
    pooled: Map = spread[STEP // 2 :: STEP, STEP // 2 :: STEP] > 0
    return pooled


def _enlarged(mask: Map, block: int, shape: tuple[int, ...]) -> Map:
    """Return a mask of cells as one of samples of that shape; at the rim there may be a sample more or less."""
    large = np.repeat(np.repeat(mask, block, axis=0), block, axis=1)
    fitted: Map = np.pad(large, ((0, 2 * block), (0, 2 * block)))[: shape[0], : shape[1]]
    return fitted


def _distance(colours: Array) -> Array:
    """Return the largest difference of the three bands."""
    distance: Array = np.abs(colours).max(axis=-1)
    return distance
