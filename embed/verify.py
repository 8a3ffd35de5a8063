"""Pair check: is the reference image really in the query image, and where?

    straight, then mirrored:  same frame? --no--> ORB features + RANSAC homography
        --> lay the reference over the query --> share of textured windows whose pixels agree --> Evidence

A cosine claims every screenshot of a known app and every meme of a known template; pixels that agree window by
window once aligned do not. ORB finds the alignment at a tenth of SIFT's cost (both reach recall .88 at 1 % false
alarms as a first look). Methods: Rublee et al., "ORB", ICCV 2011; MAGSAC++ (Barath et al., CVPR 2020) in OpenCV.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import cv2
import numpy as np

from core.errors import DamagedStore
from core.types import Evidence, Pixels, Quad

cv2.setNumThreads(1)  # the runner has a thread a core

SIDE = 448
LEAST_SIDE = 200
FEATURES = 500
RATIO = 0.80
"""Of 500 features of two unrelated pictures, 8 pass this ratio test by chance; 27 would pass 0.85."""

ALIKE = 0.6
REPROJECTION_PX = 5.0
LEAST_INLIERS = 8
WARP_SIDE = 160
WINDOW = 16
STEP = 8
AGREES = 0.6
TEXTURED = 30.0
LEAST_WINDOWS = 6
SURE_AGREEMENT = 0.85

type Array = np.ndarray[Any, np.dtype[Any]]
"""Array pictures [height, width], homographies [3, 3], corners [4, 2]: OpenCV's own types are no narrower."""


@dataclass(frozen=True, slots=True)
class Features:
    """ORB keypoints [n, 2] in pixels and their descriptors [n, 32]."""

    points: Array
    descriptors: Array


class Plate:
    """One side of a pair: a gray picture; what is derived from it is computed when first asked for."""

    def __init__(self, gray: Array) -> None:
        self.gray = gray

    @classmethod
    def of(cls, pixels: Pixels) -> "Plate":
        """A plate of 200 to 448 px from an RGB picture."""
        return cls(_fitting(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)))

    @classmethod
    def of_jpeg(cls, data: bytes) -> "Plate":
        """A plate from one of our own JPEGs; raises DamagedStore if it is none."""
        gray = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
        if gray is None:
            raise DamagedStore("A stored reference picture is damaged: add that reference again.")
        return cls(_fitting(gray))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.gray.shape[1], self.gray.shape[0]

    @cached_property
    def features(self) -> Features:
        return _features(self.gray)

    @cached_property
    def thumb(self) -> Array:
        """24 x 24 numbers of mean 0 and length 1: a dot product of two is their correlation."""
        small = cv2.resize(_half(self.gray), (24, 24), interpolation=cv2.INTER_AREA).astype(np.float32)
        small -= small.mean()
        return small / max(float(np.linalg.norm(small)), 1e-6)

    @cached_property
    def mirrored(self) -> "Plate":
        return Plate(np.ascontiguousarray(self.gray[:, ::-1]))


@dataclass(frozen=True, slots=True)
class _Alignment:
    """A way to lay the reference over the query (or over its mirror image), and how well the pixels agree with it."""

    matrix: Array
    mirrored: bool
    inliers: int
    agreement: float
    windows: int


def check(query: Plate, reference: Plate) -> Evidence:
    """What the pair shows; `quad`, `area` and `overlap` are relative to the query plate."""
    found: list[_Alignment] = []
    for mirrored in _likelier_first(query, reference):
        ours = query.mirrored if mirrored else query
        found += _same_frame(ours, reference, mirrored)
        if not _is_sure(found):
            found += _by_features(ours, reference, mirrored)
        if _is_sure(found):  # anything less may be a symmetric motif that half agrees with its mirror image
            break
    best = max(found, key=lambda one: (one.agreement * min(one.windows, 30), one.inliers), default=None)
    return _evidence(query, reference, best) if best else Evidence()


def _is_sure(found: list[_Alignment]) -> bool:
    return bool(found) and found[-1].agreement >= SURE_AGREEMENT


def _likelier_first(query: Plate, reference: Plate) -> tuple[bool, bool]:
    """Mirrored or not: the one whose thumbnail is more like the reference's comes first."""
    straight = float((query.thumb * reference.thumb).sum())
    turned = float((query.thumb[:, ::-1] * reference.thumb).sum())
    return (True, False) if turned > straight else (False, True)


def _evidence(query: Plate, reference: Plate, best: _Alignment) -> Evidence:
    found = Evidence(inliers=best.inliers, agreement=best.agreement, windows=best.windows, mirrored=best.mirrored)
    if best.inliers < LEAST_INLIERS and best.agreement < 0.5:
        return found
    matrix = np.array([[-1.0, 0, query.size[0]], [0, 1, 0], [0, 0, 1]]) @ best.matrix if best.mirrored else best.matrix
    first, second, third, fourth = ((float(x), float(y)) for x, y in _corners(matrix, *reference.size) / query.size)
    return placed(found, (first, second, third, fourth))


def placed(evidence: Evidence, quad: Quad) -> Evidence:
    """The evidence with the reference lying at `quad`: share of the query it covers, share of it that is visible."""
    corners = np.array(quad, np.float32)
    frame = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    shared, _ = cv2.intersectConvexConvex(corners, frame)
    whole = abs(cv2.contourArea(corners))
    return replace(evidence, quad=quad, area=min(1.0, shared), overlap=min(1.0, shared / whole) if whole else 0.0)


def _half(gray: Array) -> Array:
    """Half the size: averaging to a whole fraction is much faster than to any other."""
    return cv2.resize(gray, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def _fitting(gray: Array) -> Array:
    """The picture, made smaller or larger where its longer side is not within 200 to 448 px."""
    longest = max(gray.shape)
    if LEAST_SIDE <= longest <= SIDE:
        return gray
    scale = (SIDE if longest > SIDE else LEAST_SIDE) / longest
    size = (max(8, round(gray.shape[1] * scale)), max(8, round(gray.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(gray, size, interpolation=how)


def _features(gray: Array) -> Features:
    orb = cv2.ORB.create(nfeatures=FEATURES, scaleFactor=1.3, nlevels=5, edgeThreshold=15, fastThreshold=15)
    keypoints, descriptors = orb.detectAndCompute(gray, None)
    if not keypoints:
        return Features(np.empty((0, 2), np.float32), np.empty((0, 32), np.uint8))
    return Features(np.array([point.pt for point in keypoints], np.float32), descriptors)


def _same_frame(query: Plate, reference: Plate, mirrored: bool) -> list[_Alignment]:
    """The reference stretched to the query's size, if that fits: most copies keep their frame.

    The alignment is known here, so the inliers are the windows that agree with it: no feature has to be searched for.
    """
    if float((query.thumb * reference.thumb).sum()) < ALIKE:
        return []
    (wide, high), (ref_wide, ref_high) = query.size, reference.size
    matrix = np.diag([wide / ref_wide, high / ref_high, 1.0])
    agreement, windows = _agreement(query, reference, matrix)
    return [_Alignment(matrix, mirrored, round(agreement * windows), agreement, windows)]


def _matched(query: Plate, reference: Plate) -> tuple[Array, Array]:
    """Points of the reference and of the query whose descriptors belong together (Lowe's ratio test)."""
    ours, theirs = query.features, reference.features
    if min(len(ours.points), len(theirs.points)) < LEAST_INLIERS:
        return np.empty((0, 2), np.float32), np.empty((0, 2), np.float32)
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(theirs.descriptors, ours.descriptors, k=2)
    good = [first for first, second in pairs if first.distance < RATIO * second.distance]
    return theirs.points[[one.queryIdx for one in good]], ours.points[[one.trainIdx for one in good]]


def _by_features(query: Plate, reference: Plate, mirrored: bool) -> list[_Alignment]:
    """A homography that at least `LEAST_INLIERS` features agree on."""
    source, target = _matched(query, reference)
    if len(source) < LEAST_INLIERS:
        return []
    matrix, inliers = _homography(source, target)
    if inliers < LEAST_INLIERS or not _sane(matrix, query, reference):
        return []
    agreement, windows = _agreement(query, reference, matrix)
    return [_Alignment(matrix, mirrored, inliers, agreement, windows)]


def _homography(source: Array, target: Array) -> tuple[Array, int]:
    """The perspective that most features agree on, and how many do."""
    found: tuple[Array | None, Array] = cv2.findHomography(
        source, target, cv2.USAC_MAGSAC, REPROJECTION_PX, maxIters=1000
    )
    matrix, mask = found
    if matrix is None:
        return np.eye(3), 0
    inside = mask.ravel().astype(bool)
    return matrix, _spots(source[inside], target[inside])


def _spots(source: Array, target: Array) -> int:
    """Inliers, where several detections on one spot (4 px) count once."""
    return min(len(np.unique(np.round(points / 4), axis=0)) for points in (source, target)) if len(source) else 0


def _sane(matrix: Array, query: Plate, reference: Plate) -> bool:
    """A real picture is neither folded, nor turned inside out, nor shrunk to a dot."""
    wide, high = reference.size
    corners = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]], np.float64) @ matrix.T
    if (corners[:, 2] <= 1e-6).any():
        return False
    quad = (corners[:, :2] / corners[:, 2:]).astype(np.float32)
    size = cv2.contourArea(quad, oriented=True)
    return bool(cv2.isContourConvex(quad)) and 0.01 * wide * high < size * 4 and size > 0.002 * query.gray.size


def _agreement(query: Plate, reference: Plate, matrix: Array) -> tuple[float, int]:
    """Share of textured windows with normalised cross-correlation > 0.6, and how many windows were textured."""
    corners = _corners(matrix, *reference.size)
    left, top = np.maximum(corners.min(axis=0), 0)
    right, bottom = np.minimum(corners.max(axis=0), query.size)
    if min(right - left, bottom - top) < 12:
        return 0.0, 0
    scale = WARP_SIDE / max(right - left, bottom - top)
    size = max(WINDOW, int(scale * (right - left))), max(WINDOW, int(scale * (bottom - top)))
    shift = np.array([[scale, 0, -scale * left], [0, scale, -scale * top], [0, 0, 1.0]])
    ours = _warp(query.gray, shift, size)
    theirs = _warp(reference.gray, shift @ matrix, size)
    inside = cv2.warpPerspective(np.ones_like(reference.gray), shift @ matrix, size, flags=cv2.INTER_NEAREST)
    return _windows_agree(ours, theirs, inside.astype(np.float32))


def _warp(gray: Array, matrix: Array, size: tuple[int, int]) -> Array:
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if scale < 0.7:  # blur before shrinking, or the samples alias
        gray = cv2.GaussianBlur(gray, (0, 0), 0.45 / max(scale, 0.02))
    warped = cv2.warpPerspective(gray, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return cv2.GaussianBlur(warped.astype(np.float32), (0, 0), 1.0)


def _windows_agree(
    ours: Array,
    theirs: Array,
    inside: Array,
) -> tuple[float, int]:
    """Zero-mean normalised cross-correlation in 16-px windows on an 8-px grid."""

    def mean(values: Array) -> Array:
        boxed = cv2.boxFilter(values, -1, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT)
        return boxed[WINDOW // 2 : -WINDOW // 2 + 1 : STEP, WINDOW // 2 : -WINDOW // 2 + 1 : STEP]

    our_mean, their_mean = mean(ours), mean(theirs)
    our_variance = np.maximum(mean(ours * ours) - our_mean * our_mean, 0)
    their_variance = np.maximum(mean(theirs * theirs) - their_mean * their_mean, 0)
    correlation = (mean(ours * theirs) - our_mean * their_mean) / np.sqrt(our_variance * their_variance + 20.0)
    textured = (mean(inside) > 0.95) & (their_variance > TEXTURED)
    windows = int(textured.sum())
    return (float((correlation[textured] > AGREES).mean()), windows) if windows >= 4 else (0.0, windows)


def _corners(matrix: Array, wide: int, high: int) -> Array:
    corners = np.array([[0, 0, 1], [wide, 0, 1], [wide, high, 1], [0, high, 1]], np.float64) @ matrix.T
    return corners[:, :2] / np.where(np.abs(corners[:, 2:]) < 1e-9, 1e-9, corners[:, 2:])
