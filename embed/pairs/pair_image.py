"""One side of a pair check: a picture, and what is derived from it when it is first asked for.

Plate --> features | a first look at fewer of them | thumb in eight poses | as a copier would show it | codes
"""

from functools import cached_property
from typing import Any

import cv2
import numpy as np

from core.errors import DamagedStore
from core.kept_words import Word, unpack
from core.types import Pixels
from embed.pairs import features
from embed.pairs.codes import Code, codes
from embed.pairs.features import Features
from embed.pictures import pixels_of
from embed.views.mend import is_ink
from embed.views.screens import looks_like_screen

LONGEST, SHORTEST = 512, 256
"""Features are looked for in a picture of this many pixels on its longer side: the cost grows with the area."""

QUERY_FEATURES, REFERENCE_FEATURES = 800, features.MOST_KEPT
FIRST_LOOK, FIRST_FEATURES, FIRST_INLIERS = 256, 300, 5
"""The first look: pixels of the longer side, features, and how many must agree for a closer one."""

SMALL = 330
"""Longer side in pixels of a picture that a first look does not shrink: it sees all there is, so fewer will do."""

COARSE, LEAST_COARSE = 0.007, 50
"""Size of a feature, in longer sides, that a first look can see; of a reference with fewer of them it sees nothing."""

GRAIN = 1 / 320
"""Spread of the blur that hides the grain of a copy, as a share of the longer side."""

AROUND, DARKER = 1 / 80, 7
"""How far around a copier's threshold looks, as a share of the longer side; how much darker than there is ink."""

LEAST_GROUND = 0.25
"""Share of the commonest tone below which a picture is no screenshot: a look at every fourth pixel spares the rest."""

THUMB = 24
type Array = np.ndarray[Any, np.dtype[Any]]


class PairImage:
    """One side of a pair: a picture in gray, and in colours if it has any; all else is computed when asked for."""

    def __init__(
        self,
        gray: Array,
        most: int = QUERY_FEATURES,
        known: Features | None = None,
        pixels: Pixels | None = None,
        words: tuple[Word, ...] = (),
    ) -> None:
        self.gray = gray
        self._most = most
        self._known = known
        self._pixels = pixels
        self.words = words

    @classmethod
    def of(cls, pixels: Pixels, most: int = QUERY_FEATURES) -> "PairImage":
        """Return the side of an RGB picture."""
        return cls(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), most, pixels=pixels)

    @classmethod
    def of_stored(cls, jpeg: bytes, packed: bytes, words: bytes = b"") -> "PairImage":
        """Return the side of one of our JPEGs, with its packed features (b"" = find them) and the words read in it.

        Raises DamagedStore if it is none; features that can't be read are found anew.
        """
        pixels = pixels_of(jpeg)
        gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        return cls(gray, REFERENCE_FEATURES, _known(packed), pixels, unpack(words))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.gray.shape[1], self.gray.shape[0]

    @property
    def pixels(self) -> Pixels:
        """The picture in RGB."""
        if self._pixels is not None:
            return self._pixels
        gray: Array = cv2.cvtColor(self.gray, cv2.COLOR_GRAY2RGB)
        return gray

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The QR and bar codes that can be read."""
        return codes(self.gray)

    @property
    def is_small(self) -> bool:
        """Whether the picture is so small that fewer inliers are enough."""
        return max(self.size) <= SMALL

    @cached_property
    def is_fine(self) -> bool:
        """Whether nearly all that can be held on to is fine: a skyline of small windows, a page of text."""
        return int((self.features.points[:, 2] >= COARSE).sum()) < LEAST_COARSE

    @cached_property
    def features(self) -> Features:
        """The local features: those that were kept, else detected now."""
        return self._known if self._known is not None else features.detect(_fitting(self.gray), self._most)

    @cached_property
    def first(self) -> Features:
        """Features of a smaller copy: a first look at a quarter of the cost."""
        return features.detect(_fitting(self.gray, FIRST_LOOK), FIRST_FEATURES)

    @cached_property
    def is_ink(self) -> bool:
        """Whether it is ink on paper all over, as from a copier."""
        return is_ink(self.gray)

    @cached_property
    def is_screen(self) -> bool:
        """Whether it looks like a screenshot or a page of text."""
        common = np.bincount((self.gray[::4, ::4] >> 4).ravel()).max() / self.gray[::4, ::4].size
        if common <= LEAST_GROUND:
            return False
        return looks_like_screen(self.pixels)

    @cached_property
    def softened(self) -> "PairImage":
        """The same picture without the grain of a copier."""
        return PairImage(cv2.GaussianBlur(self.gray, (0, 0), GRAIN * max(self.size)), self._most)

    @cached_property
    def etched(self) -> "PairImage":
        """The picture as a copier would print it: black where a pixel is darker than its surroundings."""
        block = 2 * round(AROUND * max(self.size)) + 1
        soft = cv2.GaussianBlur(self.gray, (0, 0), 1.0)
        inked = cv2.adaptiveThreshold(soft, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, max(3, block), DARKER)
        return PairImage(inked, self._most).softened

    @cached_property
    def thumb(self) -> Array:
        """24 x 24 numbers of mean 0 and length 1: a dot product of two is their correlation."""
        small = cv2.resize(self.gray, (THUMB, THUMB), interpolation=cv2.INTER_AREA).astype(np.float32)
        small -= small.mean()
        return small / max(float(np.linalg.norm(small)), 1e-6)

    @cached_property
    def turned_thumbs(self) -> Array:
        """The thumb [8, 576] in the eight ways of `TURNS`, each as the reference would have to look."""
        thumb = self.thumb
        flat = (thumb, thumb[:, ::-1], thumb[::-1], thumb[::-1, ::-1])
        return np.stack([*(each.ravel() for each in flat), *(each.ravel() for each in _transposed(thumb))])


def _known(packed: bytes) -> Features | None:
    """Return the packed features; None where there are none, or none that can be read: the picture has them still."""
    try:
        return features.unpack(packed) if packed else None
    except DamagedStore:
        return None


def _transposed(thumb: Array) -> tuple[Array, Array, Array, Array]:
    """Return what the query shows where the reference's points are taken by the last four of `TURNS`."""
    return thumb.T, thumb[:, ::-1].T, thumb[::-1].T, thumb[::-1, ::-1].T


def _fitting(gray: Array, most: int = LONGEST) -> Array:
    """Return the picture, made smaller or larger where its longer side is not within bounds."""
    longest = max(gray.shape)
    if SHORTEST <= longest <= most:
        return gray
    scale = (most if longest > most else SHORTEST) / longest
    size = (max(8, round(gray.shape[1] * scale)), max(8, round(gray.shape[0] * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(gray, size, interpolation=how)
