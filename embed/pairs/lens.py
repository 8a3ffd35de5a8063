"""A picture that a lens bent: bulged or pinched round its middle, as no flat model can be laid.

    features of the query, moved as five lenses would have --> the one by which clearly more agree --> straight Plate

A point at distance r from the middle, in half diagonals, goes to r (1 + k r^2).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from embed.pairs import geometry
from embed.pairs.features import Features
from embed.pairs.geometry import Pose
from embed.pairs.pair_image import PairImage

BENDS: Sequence[float] = (-0.30, -0.18, 0.18, 0.32, 0.50)
BETTER = 1.3
"""How many times the inliers of the flat model a lens must have."""

ROUNDS = 12

type Array = np.ndarray[Any, np.dtype[Any]]


def straightened(query: PairImage, reference: PairImage, pose: Pose, inliers: int) -> PairImage | None:
    """Return the query as it was before a lens bent it; None where no lens explains clearly more than none does."""
    best, bend = BETTER * inliers, 0.0
    for tried in BENDS:
        alignment = geometry.align(_moved(query, tried), reference.features, pose)
        if alignment and alignment.inliers > best:
            best, bend = alignment.inliers, tried
    return PairImage(_bent(query.gray, bend)) if bend else None


def _moved(query: PairImage, bend: float) -> Features:
    """Return the features where they were before; their sizes and angles hardly change."""
    longest = max(query.size)
    middle = np.array(query.size) / longest / 2
    offset = query.features.points[:, :2] - middle
    reach = (offset**2).sum(axis=1, keepdims=True) / (middle**2).sum()
    points = query.features.points.copy()
    points[:, :2] = middle + offset * (1 + bend * reach)
    return replace(query.features, points=points)


def _bent(gray: Array, bend: float) -> Array:
    """Return the picture straightened: each pixel is taken from where the lens had put it."""
    high, wide = gray.shape
    across, down = np.meshgrid(
        np.arange(wide, dtype=np.float32) - wide / 2, np.arange(high, dtype=np.float32) - high / 2
    )
    before = (across**2 + down**2) / ((wide / 2) ** 2 + (high / 2) ** 2)
    after = before
    for _ in range(ROUNDS):  # fixed point of r' = r / (1 + k r'^2)
        after = 0.5 * after + 0.5 * before / (1 + bend * after) ** 2
    scale = (1 / (1 + bend * after)).astype(np.float32)
    return cv2.remap(gray, across * scale + wide / 2, down * scale + high / 2, cv2.INTER_LINEAR)
