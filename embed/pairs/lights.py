"""In which light the posted picture of an overlay stands, beyond the filter that is fitted to its colours.

    evened  Overlay --a vignette taken away--stronger colours--one tone curve for all bands--> Overlay, to read a pair
    read    Overlay --likewise, colours stronger or weaker, a curve a band--> cells
                --brighter or darker, another hue, a duotone, any filter--> cells, for the eye

A light is believed where it clearly brings the two pictures nearer; a filter, where it leaves hardly any other colours:
no filter over the whole makes one flag of another.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from embed.pairs.cells import Map, cells, left_by, windowed
from embed.pairs.colours import gray_of
from embed.pairs.overlay import Overlay, as_soft

LEFT = 0.25
"""Share of the windows of another colour that a filter may leave unexplained; an exchange of colours leaves more."""

CLEARLY, RATHER = 0.7, 0.88
"""How far off, as a share, another light leaves the pictures from one another: one of many parameters, one of few."""

STRONGER = (1.2, 1.45, 1.75)
"""How much stronger colours may have become than a filter makes them; how much weaker, `embed.pairs.colours` fits."""

NEAR = 2.5
"""Levels that the pictures are off on average, up to which they stand in the same light."""

SAMPLES, ROUNDS, NOISE, DIMMEST = 40, 3, 4.0, 0.4
"""A light over the picture: samples a side, rounds of the fit, levels that noise is off, the darkest corner."""

SATURATIONS = (0.25, 0.4, 0.55, 0.7, 0.85, 1.15, 1.3, 1.5, 1.7, 1.9, 2.15, 2.4, 2.7, 3.0)
"""How strong colours may have become, times what they were."""

BURNT, BLACK, NO_FURTHER = 250, 24, 1.3
"""Levels of the query from which, and of the reference up to which, a sample does not tell how bright it has become;
how far off, as a share, a brighter light may leave what is not recoloured: letters burn out unevenly.
"""

BINS, LEAST_SAMPLES = 16, 6
"""A tone curve of so many levels, each from so many samples at least."""

type Array = np.ndarray[Any, np.dtype[Any]]
"""Pictures [height, width, 3], samples [n, 3], and weights."""


def evened(pair: Overlay) -> Overlay:
    """Return the pair without a vignette, stronger colours and a tone curve, where the posted picture has them.

    One curve serves all bands: three of them make the flag of Italy from that of France.
    """
    return _bent(_stronger(_lit(pair, RATHER)), RATHER, bands=1) if _is_off(pair) else pair


def read(pair: Overlay) -> tuple[Overlay, Map, Sequence[Array]]:
    """Return the pair in one light, the windows that differ, and the reference in each light that may be the right one.

    Where a filter explains nearly all other colours, it was laid over the picture, and shapes are compared under it.
    """
    far_off = _far(pair, pair.relit)
    if _is_off(pair):
        pair = _bent(_vivid(_lit(pair)))
    seen = cells(pair)
    bright = _exposed(pair, seen.recoloured, NO_FURTHER * far_off) if seen.recoloured.any() else pair.relit
    burnt = left_by(pair, bright, seen.recoloured)
    if min(seen.own.sum(), seen.free.sum(), burnt.sum()) >= LEFT * seen.recoloured.sum():
        return pair, seen.differs, (pair.relit,)
    filters = pair.filters
    lights = [
        pair.relit,
        *(_as_soft(filtered, pair) for filtered in (filters.turned, filters.toned, filters.free)),
        bright,
    ]
    far = [_far(pair, light) for light in lights]
    if min(far) < CLEARLY * far[0]:
        pair = _bent(replace(pair, relit=lights[far.index(min(far))]))
        seen = cells(pair)
    words = seen.unlike | seen.removed | seen.added | (seen.own & seen.free & burnt)
    return pair, words, (*lights, pair.relit)


def _is_off(pair: Overlay) -> bool:
    return _far(pair, pair.relit) > NEAR * 3 * float(pair.inside.sum())


def _far(pair: Overlay, light: Array) -> float:
    return float(cv2.norm(light, pair.ours, cv2.NORM_L1, pair.inside.view(np.uint8)))


def _as_soft(pixels: Array, pair: Overlay) -> Array:
    return cv2.GaussianBlur(pixels, (0, 0), pair.blurred) if pair.blurred else pixels


def _step(pair: Overlay) -> int:
    """Return every how many pixels there is a sample."""
    return max(1, int(max(pair.inside.shape)) // SAMPLES)


def _trust(off: Array) -> Array:
    """Return weights of samples by how far they lie off, so that exchanged parts do not bend the fit."""
    trust: Array = 1 / (1 + (off / max(NOISE, 1.5 * float(np.median(off)))) ** 2) ** 2
    return trust


def _lit(pair: Overlay, nearer: float = CLEARLY) -> Overlay:
    """Return the pair without a vignette or a light from one side, where the posted picture has one."""
    step = _step(pair)
    ours, theirs = (gray_of(picture[::step, ::step]).astype(np.float32) for picture in (pair.ours, pair.relit))
    light = _light(ours, theirs, pair.inside[::step, ::step])
    off = np.abs(ours - theirs).mean(), np.abs(ours / light - theirs).mean()
    if off[1] >= nearer * off[0]:
        return pair
    high, wide = pair.inside.shape
    whole = cv2.resize(light, (wide, high), interpolation=cv2.INTER_LINEAR)
    return replace(pair, ours=(pair.ours / whole[..., None]).clip(0, 255).astype(np.uint8))


def _light(ours: Array, theirs: Array, inside: Map) -> Array:
    """Return how much brighter each sample stands: a plane and a bowl; samples that fit badly have no say."""
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
    """Return the pair with all colours of the reference stronger or weaker, where that clearly brings it nearer."""
    return _nearer(pair, _saturated(pair.theirs, _nearest(pair, _saturated, SATURATIONS)))


def _exposed(pair: Overlay, recoloured: Map, most: float) -> Array:
    """Return the reference made as bright or dark as its recoloured windows have become, burnt out where white."""
    ours, theirs = (windowed(picture)[recoloured].astype(np.float32) for picture in (pair.ours, pair.theirs))
    is_telling = (ours < BURNT) & (theirs > BLACK)
    gain = float(np.median(ours[is_telling] / theirs[is_telling])) if is_telling.any() else 1.0
    light = _as_soft(cv2.convertScaleAbs(pair.theirs, alpha=gain), pair)
    return light if _far(pair, light) < most else pair.relit


def _nearest(pair: Overlay, light: Callable[[Array, float], Array], strengths: Sequence[float]) -> float:
    """Return the strength of a light in which samples of the reference are nearest to those of the query."""
    step = _step(pair)
    ours, theirs = (np.ascontiguousarray(picture[::step, ::step]) for picture in (pair.ours, pair.theirs))
    shown = np.ascontiguousarray(pair.inside[::step, ::step]).view(np.uint8)
    return min(strengths, key=lambda strength: cv2.norm(light(theirs, strength), ours, cv2.NORM_L1, shown))


def _nearer(pair: Overlay, light: Array) -> Overlay:
    """Return the pair with the reference in this light, where that clearly brings the two nearer."""
    soft, blurred = as_soft(light, pair.ours, pair.inside)  # in the wrong light it seemed sharper or softer than it is
    return replace(pair, relit=soft, blurred=blurred) if _far(pair, soft) < CLEARLY * _far(pair, pair.relit) else pair


def _saturated(pixels: Array, share: float) -> Array:
    """Return the picture with its colours that many times as far from gray."""
    gray: Array = cv2.cvtColor(gray_of(pixels), cv2.COLOR_GRAY2RGB)
    return cv2.addWeighted(pixels, share, gray, 1 - share, 0)


def _stronger(pair: Overlay) -> Overlay:
    """Return the pair with stronger colours in the reference than its filter makes, if that brings the two nearer."""
    return _best_of(pair, [pair.relit, *(_saturated(pair.relit, share) for share in STRONGER)], RATHER)


def _best_of(pair: Overlay, lights: Sequence[Array], nearer: float) -> Overlay:
    """Return the pair in that of the lights which brings the two nearest, if it is so much nearer than the first."""
    far = [_far(pair, light) for light in lights]
    return replace(pair, relit=lights[far.index(min(far))]) if min(far) < nearer * far[0] else pair


def _bent(pair: Overlay, nearer: float = CLEARLY, bands: int = 3) -> Overlay:
    """Return the pair with tone curves on the reference, as gamma or clipped highlights make them, where it has some.

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
    return _best_of(pair, lights, nearer)


def _curve(theirs: Array, ours: Array) -> Array:
    """Return what becomes of each of 256 levels: the median of its samples, never darker than for a darker level."""
    level = (theirs * BINS / 256).astype(int)
    many = np.bincount(level, minlength=BINS)
    held = many >= LEAST_SAMPLES
    middles = np.minimum(np.cumsum(many) - many + many // 2, len(ours) - 1)
    at = np.bincount(level, theirs, BINS)[held] / many[held]
    become = np.maximum.accumulate(ours[np.lexsort((ours, level))][middles[held]])
    curve: Array = np.interp(np.arange(256), at, become).clip(0, 255).astype(np.uint8)
    return curve
