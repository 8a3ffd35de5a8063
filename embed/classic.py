"""The rung of the ladder that needs no model: PDQ, Meta's 256-bit perceptual hash, as a vector.

Each bit becomes +1 or -1, so that the cosine of two vectors is 1 - distance / 128 and the same vector store,
search and pair check serve it. It finds recompressed, resized and slightly cropped copies, and mirrored ones
through a mirrored view of the query; it misses most crops and screenshots, and `doctor` says so.
Source: facebook/ThreatExchange, pdq; the usual threshold there is a distance of 31 (cosine 0.76).
"""

from collections.abc import Sequence

import numpy as np
import pdqhash

from core.types import EmbedderSpec, Pixels, Vectors

BITS = 256
FLOOR = 0.60
"""Cosine of 51 differing bits: beyond PDQ's own 31, because every candidate is verified pair by pair."""


class PdqEmbedder:
    """`core.ports.Embedder` on PDQ: deterministic, no weights."""

    spec = EmbedderSpec(
        name="pdq",
        model_sha256="pdq",
        dim=BITS,
        input_size=64,
        resize="pdq",
        runtime="pdqhash",
        precision="bits",
        floor=FLOOR,
        mirror_invariant=False,
    )

    def embed(self, images: Sequence[Pixels]) -> Vectors:
        """Vectors [n, 256] of +-1/16."""
        vectors = np.empty((len(images), BITS), np.float32)
        for row, image in zip(vectors, images, strict=True):
            row[:] = np.where(pdqhash.compute(image)[0], 1.0, -1.0) / np.sqrt(BITS)
        return vectors
