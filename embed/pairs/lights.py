"""In which light the posted picture of an overlay stands, beyond the filter that is fitted to its colours.

    evened  Overlay --a vignette taken away--stronger colours--one tone curve for all bands--> Overlay, to read a pair
    read    Overlay --likewise, a curve a band--> cells --another hue, a duotone, any filter--> cells, for the eye

A light is believed where it clearly brings the two pictures nearer; a filter, where it leaves hardly any other colours:
no filter over the whole makes one flag of another.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from embed.pairs.cells import Map, cells
from embed.pairs.colours import gray_of
from embed.pairs.overlay import Overlay

LEFT = 0.25
"""Share of the windows of another colour that a filter may leave unexplained; an exchange of colours leaves more."""

CLEARLY, RATHER = 0.7, 0.88
"""How far off, as a share, another light leaves the pictures from one another: one of many parameters, one of few."""

VIVID = (1.2, 1.45, 1.75)
"""How much stronger colours may have become; how much weaker, `embed.pairs.colours` fits."""

NEAR = 2.5
"""Levels that the pictures are off on average, up to which they stand in the same light."""

SAMPLES, ROUNDS, NOISE, DIMMEST = 40, 3, 4.0, 0.4
"""A light over the picture: samples a side, rounds of the fit, levels that noise is off, the darkest corner."""

BINS, LEAST_SAMPLES = 16, 6
"""A tone curve of so many levels, each from so many samples at least."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Pictures [height, width, 3], samples [n, 3], and weights."""


def evened(pair: Overlay) -> Overlay:
    """Return the pair without a vignette, stronger colours and a tone curve, where the posted picture has them.

    One curve serves all bands: three of them make the flag of Italy from that of France.
    """
    return _bent(_vivid(_lit(pair, RATHER)), RATHER, bands=1) if _is_off(pair) else pair


def read(pair: Overlay) -> tuple[Overlay, Map, Sequence[Array]]:
    """Return the pair in one light, the windows that differ, and the reference in each light that may be the right one.

    Where a filter explains nearly all other colours, it was laid over the picture, and shapes are compared under it.
    """
    if _is_off(pair):
        pair = _bent(_lit(pair))
    seen = cells(pair)
    if min(seen.own.sum(), seen.free.sum()) >= LEFT * seen.recoloured.sum():
        return pair, seen.differs, (pair.relit,)
    filters = pair.filters
    lights = [pair.relit, *(_as_soft(one, pair) for one in (filters.turned, filters.toned, filters.free))]
    far = [_far(pair, one) for one in lights]
    if min(far) < CLEARLY * far[0]:
        pair = _bent(replace(pair, relit=lights[far.index(min(far))]))
        seen = cells(pair)
    words = seen.unlike | seen.removed | seen.added | (seen.own & seen.free)
    return pair, words, (*lights, pair.relit)


def _is_off(pair: Overlay) -> bool:
    return _far(pair, pair.relit) > NEAR * 3 * float(pair.inside.sum())


def _far(pair: Overlay, light: Array) -> float:
    return float(cv2.norm(light, pair.ours, cv2.NORM_L1, pair.inside.view(np.uint8)))


def _as_soft(pixels: Array, pair: Overlay) -> Array:
    return cv2.GaussianBlur(pixels, (0, 0), pair.blurred) if pair.blurred else pixels


def _step(pair: Overlay) -> int:
    """Every how many pixels there is a sample."""
    return max(1, int(max(pair.inside.shape)) // SAMPLES)


def _trust(off: Array) -> Array:
    """Weights of samples by how far they lie off: what was exchanged must not bend the fit."""
    trust: Array = 1 / (1 + (off / max(NOISE, 1.5 * float(np.median(off)))) ** 2) ** 2
    return trust


def _lit(pair: Overlay, nearer: float = CLEARLY) -> Overlay:
    """The pair without a vignette or a light from one side, where the posted picture has one."""
    step = _step(pair)
    ours, theirs = (gray_of(one[::step, ::step]).astype(np.float32) for one in (pair.ours, pair.relit))
    light = _light(ours, theirs, pair.inside[::step, ::step])
    off = np.abs(ours - theirs).mean(), np.abs(ours / light - theirs).mean()
    if off[1] >= nearer * off[0]:
        return pair
    high, wide = pair.inside.shape
    whole = cv2.resize(light, (wide, high), interpolation=cv2.INTER_LINEAR)
    return replace(pair, ours=(pair.ours / whole[..., None]).clip(0, 255).astype(np.uint8))


def _light(ours: Array, theirs: Array, inside: Map) -> Array:
    """How much brighter each sample stands: a plane and a bowl; samples that fit badly have no say."""
    high, wide = ours.shape
    y, x = np.meshgrid(np.linspace(-1, 1, high), np.linspace(-1, 1, wide), indexing="ij")
    shapes = np.stack([np.ones_like(x), x, y, x * x + y * y], axis=-1)
    given, target, trust = shapes[inside] * theirs[inside][:, None], ours[inside], np.ones(int(inside.sum()))
    weights = np.array([1.0, 0, 0, 0])
    for _ in range(ROUNDS if len(target) >= SAMPLES else 0):
        weighed = given * trust[:, None]
        weights = np.linalg.solve(weighed.T @ given + np.eye(4), weighed.T @ target + [1, 0, 0, 0])
        trust = _trust(np.abs(given @ weights - target))
    light: Array = (shapes @ weights).clip(DIMMEST, 1 / DIMMEST).astype(np.float32)
    return light


def _vivid(pair: Overlay) -> Overlay:
    """The pair with stronger colours in the reference, where that brings the two nearer."""
    light = cv2.cvtColor(gray_of(pair.relit), cv2.COLOR_GRAY2RGB)
    lights = [pair.relit, *(cv2.addWeighted(pair.relit, much, light, 1 - much, 0) for much in VIVID)]
    return _nearest(pair, lights, RATHER)


def _nearest(pair: Overlay, lights: Sequence[Array], nearer: float) -> Overlay:
    """The pair in that of the lights which brings the two nearest, if it is so much nearer than the first."""
    far = [_far(pair, one) for one in lights]
    return replace(pair, relit=lights[far.index(min(far))]) if min(far) < nearer * far[0] else pair


def _bent(pair: Overlay, nearer: float = CLEARLY, bands: int = 3) -> Overlay:
    """The pair with tone curves on the reference, as gamma or clipped highlights make them, where it has some.

    `bands`: 3 = a curve for each band, 1 = one for all.
    """
    step = _step(pair)
    shown = pair.inside[::step, ::step]
    ours = pair.ours[::step, ::step][shown].astype(np.float64)
    if len(ours) < SAMPLES:
        return pair
    lights = [pair.relit]
    for light in (pair.relit, _as_soft(pair.theirs, pair)):
        theirs = light[::step, ::step][shown].astype(np.float64)
        parts = np.arange(3)[:, None] if bands == 3 else np.arange(3)[None]
        curves = [_curve(theirs[:, part].ravel(), ours[:, part].ravel()) for part in parts]
        lights.append(cv2.LUT(light, np.stack(curves, axis=1)[None]))
    return _nearest(pair, lights, nearer)


def _curve(theirs: Array, ours: Array) -> Array:
    """What becomes of each of 256 levels: the median of the samples of that level, never darker than a darker one's."""
    level = (theirs * BINS / 256).astype(int)
    many = np.bincount(level, minlength=BINS)
    held = many >= LEAST_SAMPLES
    middles = np.minimum(np.cumsum(many) - many + many // 2, len(ours) - 1)
    at = np.bincount(level, theirs, BINS)[held] / many[held]
    become = np.maximum.accumulate(ours[np.lexsort((ours, level))][middles[held]])
    curve: Array = np.interp(np.arange(256), at, become).clip(0, 255).astype(np.uint8)
    return curve
