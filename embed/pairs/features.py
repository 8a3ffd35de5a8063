"""Local features: where a picture has corners and blobs, and what each looks like; small enough to be kept.

    gray picture --SIFT--> keypoints + descriptors --square root (RootSIFT)--> Features <--pack / unpack--> bytes

Points are measured in lengths of the picture's longer side, so that features of a 640-px query and of a 448-px
reference go together. A packed point takes 6 bytes, its descriptor 4 bits a number; deflated, about 40 bytes a point.
Methods: Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 2004; Arandjelovic and Zisserman,
"Three things everyone should know to improve object retrieval", CVPR 2012 (RootSIFT).
"""

import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from core.errors import DamagedStore

CONTRAST = 0.03
MOST_LEVELS = 15
LARGEST = 0.5
"""A number of a RootSIFT descriptor is seldom larger; what is, is cut off."""

HEAD = struct.Struct("<BH")
VERSION = 1
POINT = 70
"""Bytes of a point with its descriptor."""

MOST_KEPT = 384
"""Features that are kept of a reference's frame."""

SMALLEST_SIZE = 2.0**-10
"""Size of a keypoint, in lengths of the longer side, below which all count as equal; 16 steps an octave above it."""

type Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Features:
    """Keypoints [n, 4] (x, y, size in lengths of the longer side; angle in radians), descriptors [n, 128]."""

    points: Array
    descriptors: Array

    def __len__(self) -> int:
        return len(self.points)


NONE = Features(np.zeros((0, 4), np.float32), np.zeros((0, 128), np.float32))


def detect(gray: Array, most: int) -> Features:
    """Return the strongest features of a gray picture [height, width], at most so many."""
    keypoints, descriptors = _detector(most).detectAndCompute(gray, None)
    if not keypoints:
        return NONE
    rows = np.array([(*point.pt, point.size, np.radians(point.angle)) for point in keypoints[:most]], np.float32)
    rows[:, :3] /= max(gray.shape)
    return Features(rows, _rooted(descriptors[:most]))


@cache
def _detector(most: int) -> cv2.SIFT:
    return cv2.SIFT.create(nfeatures=most, contrastThreshold=CONTRAST)


def _rooted(descriptors: Array) -> Array:
    """Return the square root of each descriptor as a distribution: the dot product of two is their Hellinger kernel."""
    return np.sqrt(descriptors / np.maximum(descriptors.sum(axis=1, keepdims=True), 1e-6)).astype(np.float32)


def pack(features: Features) -> bytes:
    """Return the features as a few kilobytes; `unpack` gives them back but for rounding."""
    x, y, size, angle = features.points.T.astype(np.float64)
    steps = np.log2(np.maximum(size, SMALLEST_SIZE) / SMALLEST_SIZE) * 16
    levels = np.round(features.descriptors / LARGEST * MOST_LEVELS).clip(0, MOST_LEVELS).astype(np.uint8)
    columns = (
        (np.stack([x, y]) * 65535).round().clip(0, 65535).astype("<u2").tobytes(),
        steps.round().clip(0, 255).astype(np.uint8).tobytes(),
        (np.round(angle / (2 * np.pi) * 256) % 256).astype(np.uint8).tobytes(),
        (levels[:, ::2] << 4 | levels[:, 1::2]).T.tobytes(),  # a number of all points together deflates better
    )
    return HEAD.pack(VERSION, len(features)) + zlib.compress(b"".join(columns), 6)


def _inflated(data: bytes, length: int) -> bytes:
    """Return inflated data, at most a byte beyond `length`: a few kilobytes may stand for gigabytes."""
    return zlib.decompressobj().decompress(data, length + 1)


def unpack(data: bytes) -> Features:
    """Raises DamagedStore if these are not packed features."""
    try:
        version, count = HEAD.unpack_from(data)
        flat = np.frombuffer(_inflated(data[HEAD.size :], count * POINT), np.uint8)
    except (struct.error, zlib.error):
        flat, version, count = np.empty(0, np.uint8), 0, 0
    if version != VERSION or len(flat) != count * POINT:
        raise DamagedStore("The stored features of a reference are damaged: add that reference again.")
    places, rest = flat[: 4 * count].view("<u2").reshape(2, count) / 65535, flat[4 * count :]
    size = SMALLEST_SIZE * 2 ** (rest[:count] / 16)
    angle = rest[count : 2 * count] * (2 * np.pi / 256)
    halves = rest[2 * count :].reshape(64, count).T
    levels = np.stack([halves >> 4, halves & MOST_LEVELS], axis=2).reshape(count, 128).astype(np.float32)
    length = np.linalg.norm(levels, axis=1, keepdims=True)
    return Features(np.stack([*places, size, angle], axis=1).astype(np.float32), levels / np.maximum(length, 1e-6))
