"""What each small window of an overlay says: the two pictures agree there, or how they differ.

    Overlay --9-px windows, a little play--> likeness, spread of both, distance of colours --> Cells (a map a word)

A cell is a window on a 4-px grid. Its words exclude one another, but for `agrees` and `calm`:

    unlike      both show structure, and it is another one
    removed     the reference shows structure, the query next to none
    added       the query shows structure, the reference next to none
    recoloured  the structure is the same, the colour is not what the query's filter makes of it
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from embed.pairs.colours import gray_of
from embed.pairs.overlay import Overlay

STEP, WINDOW = 4, 9
CROSS = ((0, -1), (0, 1), (-1, 0), (1, 0))
NEAR_SHIFTS = ((0, 0), *CROSS)
FAR_SHIFTS = tuple((2 * down, 2 * across) for down, across in CROSS)
"""Pixels that a window may lie off, down and across: two only where most windows do not agree within one."""

SHARP = 0.88
"""Median likeness of the windows from which the two lie exactly on one another."""

PLAIN = 5.0
"""Deviation of gray values (0..255) below which a window is plain, at full contrast."""

ALIKE, UNLIKE = 0.65, 0.40
"""Correlation of windows that agree, and that do not, where an edit has roughened the picture."""

CLEAR, CLEAREST, SMOOTH = 0.80, 0.97, 0.75
"""Median likeness of the windows from which, and at which, a window is unlike already below `SMOOTH`: in a picture that
agrees nearly everywhere, one changed figure makes windows of .6 out of windows of .97."""

OTHER_COLOUR, VIVID, FEW = 28.0, 40.0, 0.002
HUED, OTHER_HUE, HALF_TURN = 60, 20, 128
"""Difference of the bands (0..255) from which a window has a hue, and how far (of 256 a turn) another hue is off."""

EXPLAINED = 0.7
"""Share of the recoloured windows, as many of which in the whole picture another filter may leave at most."""

NEAR = 5
"""Pixels within which a colour may stem from: compression smears it."""

MOST_DISTINCT = 0.25
type Array = np.ndarray[Any, np.dtype[Any]]
type Map = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Cells:
    """Maps [rows, columns] over the reference's frame.

    known      the query shows it
    own        recoloured, and no other filter over the whole picture explains it
    free       recoloured, and no linear change of colours explains it
    agrees     the same structure in the same colour, or both plain and of one colour
    calm       both are plain
    busy       the reference shows structure
    vivid      the reference's colour is far from gray
    alike      the structures correlate, whatever their colours
    weight     how distinctive each cell of the reference is (more than plain ground or one straight edge); sum 1
    typical    median correlation of the windows in which both show structure
    """

    known: Map
    unlike: Map
    removed: Map
    added: Map
    recoloured: Map
    own: Map
    free: Map
    agrees: Map
    calm: Map
    busy: Map
    plain: Map
    alike: Map
    typical: float
    theirs: Array = field(repr=False)

    @cached_property
    def vivid(self) -> Map:
        """Where the reference's colour is far from gray and the query shows it."""
        soft = _soft(self.theirs)
        return self.known & (_grid(cv2.subtract(_strongest(soft), 255 - _strongest(255 - soft))) > VIVID)

    @cached_property
    def weight(self) -> Array:
        """How distinctive each cell of the reference is; the sum is 1."""
        return _weight(gray_of(self.theirs), self.known)

    @property
    def differs(self) -> Map:
        """The cells that differ in any way."""
        return self.unlike | self.removed | self.added | self.recoloured


def cells(pair: Overlay) -> Cells:
    """Return what each window of the overlay says."""
    windows = _Windows(gray_of(pair.ours), gray_of(pair.relit))
    shown, plain = _grid(pair.inside), PLAIN * pair.contrast
    our_spread, their_spread = windows.mine, windows.its
    likeness, typical = windows.likeness(shown & (our_spread > plain) & (their_spread > 1.5 * plain))
    unlike_below = UNLIKE + (SMOOTH - UNLIKE) * float(np.clip((typical - CLEAR) / (CLEAREST - CLEAR), 0, 1))
    alike_from = max(ALIKE, unlike_below)
    soft_ours, soft_relit = _soft(pair.ours), _soft(pair.relit)
    far = OTHER_COLOUR * max(pair.contrast, 0.5)
    is_far = (_grid(_beyond(soft_ours, soft_relit)) > far) | _other_hue(soft_ours, _soft(pair.theirs), far)
    busy_ours, busy, flat_ours, flat = (
        our_spread > 1.5 * plain,
        their_spread > 1.5 * plain,
        our_spread < plain,
        their_spread < plain,
    )
    apart, calm = shown & (likeness < unlike_below), flat_ours & flat
    unlike = apart & busy_ours & busy
    removed = apart & busy & (flat_ours | (our_spread < 0.35 * their_spread))
    added = apart & busy_ours & (flat | (their_spread < 0.35 * our_spread))
    comparable = shown & ~(unlike | removed | added) & (calm | (likeness > alike_from))
    recoloured = comparable & is_far
    own, free = _unexplained(pair, soft_ours, comparable, recoloured, far)
    return Cells(
        known=shown,
        unlike=unlike & ~(removed | added),
        removed=removed,
        added=added & ~removed,
        recoloured=recoloured,
        own=own,
        free=free,
        agrees=shown & ~is_far & ((busy & (likeness > alike_from)) | calm),
        calm=calm,
        busy=busy,
        plain=flat,
        alike=likeness > alike_from,
        typical=typical,
        theirs=pair.theirs,
    )


def _other_hue(soft_ours: Array, soft_theirs: Array, far: float) -> Map:
    """Return windows that are vivid in both pictures and of another hue: a fitting tint does not make blue green."""
    (hue, vivid), (its_hue, its_vivid) = (_hue(_grid(colours)) for colours in (soft_ours, soft_theirs))
    turned = np.abs((hue - its_hue + HALF_TURN) % (2 * HALF_TURN) - HALF_TURN) > OTHER_HUE
    candidates: Map = turned & vivid & its_vivid
    return candidates & (_grid(_beyond(soft_ours, soft_theirs)) > far) if candidates.any() else candidates


def _hue(colours: Array) -> tuple[Array, Map]:
    """Return the hue of each colour, 0 to 255 for a whole turn, and whether it is vivid."""
    colours = np.ascontiguousarray(colours)
    hue = cv2.cvtColor(colours, cv2.COLOR_RGB2HSV_FULL)[..., 0].astype(np.int16)
    return hue, cv2.subtract(_strongest(colours), 255 - _strongest(255 - colours)) > HUED


def _unexplained(pair: Overlay, soft_ours: Array, comparable: Map, recoloured: Map, far: float) -> tuple[Map, Map]:
    """Return which recoloured windows no other filter, and which no linear change of colours, explains.

    A filter lies over the whole picture: one that explains these windows and not the others is none.
    """
    if recoloured.sum() < FEW * recoloured.size:
        return recoloured, recoloured
    filters = pair.filters
    turned, toned, free = (
        comparable & (_grid(_beyond(soft_ours, _soft(filtered))) > far)
        for filtered in (filters.turned, filters.toned, filters.free)
    )
    best = min(turned, toned, key=lambda left: int(left.sum()))
    is_explained = best.sum() < EXPLAINED * recoloured.sum()
    return recoloured & best if is_explained else recoloured, recoloured & free


def left_by(pair: Overlay, light: Array, recoloured: Map) -> Map:
    """Return which of the recoloured windows have another colour also in this light of the reference."""
    far = OTHER_COLOUR * max(pair.contrast, 0.5)
    left: Map = recoloured & (_grid(_beyond(_soft(pair.ours), _soft(light))) > far)
    return left


def windowed(pixels: Array) -> Array:
    """Return the mean colour of each window [rows, columns, 3]."""
    return _grid(_soft(pixels))


def _soft(pixels: Array) -> Array:
    return cv2.blur(pixels, (2 * STEP + 1,) * 2)


def _grid(values: Array) -> Array:
    return values[STEP // 2 :: STEP, STEP // 2 :: STEP]


def _box(values: Array) -> Array:
    return cv2.boxFilter(values, -1, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT)


class _Windows:
    """Correlations of the windows of two gray pictures; `mine` and `its` are their deviations, on the grid."""

    def __init__(self, ours: Array, theirs: Array) -> None:
        self._one, two = ours.astype(np.float32), theirs.astype(np.float32)
        my_mean, its_mean = _box(self._one), _box(two)
        our_spread, their_spread = (
            np.maximum(_box(gray * gray) - mean**2, 0) for gray, mean in ((self._one, my_mean), (two, its_mean))
        )
        self._far = [
            cv2.copyMakeBorder(values, 2, 2, 2, 2, cv2.BORDER_REPLICATE) for values in (two, its_mean, their_spread)
        ]
        self._mine, self._mean = _grid(our_spread), _grid(my_mean)
        self.mine, self.its = np.sqrt(self._mine), np.sqrt(_grid(their_spread))

    def likeness(self, both: Map) -> tuple[Array, float]:
        """Return the best correlation of each window over small shifts, and its median where both show structure."""
        best = self._best(NEAR_SHIFTS)
        typical = float(np.median(best[both])) if both.any() else 1.0
        if typical >= SHARP:
            return best, typical
        best = np.maximum(best, self._best(FAR_SHIFTS))
        return best, float(np.median(best[both]))

    def _best(self, shifts: Sequence[tuple[int, int]]) -> Array:
        best = np.full(self._mine.shape, -1.0, np.float32)
        high, wide = self._one.shape
        for down, across in shifts:
            cut = np.s_[2 + down : 2 + down + high, 2 + across : 2 + across + wide]
            moved, mean, variance = (values[cut] for values in self._far)
            shared = _grid(_box(self._one * moved)) - self._mean * _grid(mean)
            best = np.maximum(best, shared / np.sqrt(self._mine * _grid(variance) + 30.0))
        return best


def _strongest(pixels: Array) -> Array:
    red, green, blue = cv2.split(pixels)
    return cv2.max(cv2.max(red, green), blue)


def _beyond(ours: Array, theirs: Array) -> Array:
    """Return how far each colour lies outside of what the other picture has within a few pixels, either way."""
    kernel = np.ones((NEAR, NEAR), np.uint8)
    out = [
        cv2.max(cv2.subtract(first, cv2.dilate(second, kernel)), cv2.subtract(cv2.erode(second, kernel), first))
        for first, second in ((ours, theirs), (theirs, ours))
    ]
    return _strongest(cv2.max(*out))


def _weight(theirs: Array, shown: Map) -> Array:
    """Return the smaller eigenvalue of the gradients (Shi and Tomasi, "Good features to track", CVPR 1994), cut off."""
    corners = np.sqrt(np.maximum(_grid(cv2.cornerMinEigenVal(theirs, WINDOW, ksize=3)), 0))
    weight = np.minimum(corners, MOST_DISTINCT) * shown
    normal: Array = weight / max(float(weight.sum()), 1e-6)
    return normal
