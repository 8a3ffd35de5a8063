"""The rung of the ladder that needs no model: a perceptual hash of 256 bits, as a vector.

    gray 64 x 64 --> two-dimensional cosine transform --> its 16 x 16 lowest frequencies --> above their median or not

Each bit becomes +1 or -1, so that the cosine of two vectors is 1 - distance / 128 and the same vector store,
search and pair check serve it. It finds recompressed, resized and slightly cropped copies, and mirrored ones
through a mirrored view of the query; it misses most crops and screenshots, and `doctor` says so.
Source: the construction of PDQ (Meta, "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm",
2019), with OpenCV's area resize in place of PDQ's own filter: alike in kind, not equal bit by bit.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from core.looks import EmbedderSpec
from core.types import Pixels, Vectors

SIDE = 64
LOW = 16
BITS = LOW * LOW
FLOOR = 0.60
"""Cosine of 51 differing bits: beyond the usual 31, because every candidate is verified pair by pair."""


class HashEmbedder:
    """`core.model_ports.Embedder` without weights: deterministic, and about a tenth of SSCD's cost."""

    spec = EmbedderSpec(
        name="hash",
        model_sha256="dct-256",
        dim=BITS,
        input_size=SIDE,
        resize="opencv-area-square",
        runtime="opencv",
        precision="bits",
        floor=FLOOR,
        mirror_invariant=False,
    )

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        """Return vectors [n, 256] of +-1/16."""
        vectors = np.empty((len(images), BITS), np.float32)
        for row, image in zip(vectors, images, strict=True):
            gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
            small = cv2.resize(gray, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
            low = cv2.dct(small)[1 : LOW + 1, 1 : LOW + 1].ravel()  # without the mean brightness
            row[:] = np.where(low > np.median(low), 1.0, -1.0) / LOW
        return vectors
