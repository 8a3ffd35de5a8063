"""The features that people made before networks learned them, each as an embedding by its name (extra `lab`).

    pdq      256 bits   Meta's perceptual hash                     phash   64 bits   DCT hash of imagehash
    hog      1,764      histograms of oriented gradients           haar    768       largest wavelet coefficients, signs
    colour   81         mean, spread and skew of colours, in cells shape   14        Hu's moments of grays and of edges
    vlad     2,048      SIFT descriptors against 16 visual words

They are here to be compared (`resight lab features`): next to a learned embedding each finds few edited copies. Bits
become +1 and -1, so that a cosine counts those that agree. Sources: HOG, Dalal and Triggs, CVPR 2005; wavelets, Jacobs,
Finkelstein and Salesin, SIGGRAPH 1995 (what iqdb does); moments of colour, Stricker and Orengo, 1995; Hu, 1962; VLAD,
Jégou et al., CVPR 2010.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from PIL import Image

from core.errors import EnvironmentTrouble
from core.extras import pip_install
from core.looks import EmbedderSpec
from core.types import Pixels, Vectors
from embed.models.vectors import unit
from embed.models.vlad_words import words
from embed.pairs.features import detect
from embed.pdq import pdq

HOG_SIDE, HAAR_SIDE, COLOUR_SIDE, SHAPE_SIDE, VLAD_SIDE = 128, 128, 96, 128, 320
HAAR_LEVELS, HAAR_KEPT = 3, 40
"""128 px in three steps leave 16 x 16 coefficients; of each colour the 40 largest are kept, as in the paper."""

COLOUR_CELLS = 3
VLAD_FEATURES = 300

type Array = np.ndarray[Any, np.dtype[Any]]


def _bits(bits: Array) -> Array:
    """Return bits as +1 and -1."""
    return bits.astype(np.float32).ravel() * 2 - 1


def _pdq(image: Pixels) -> Array:
    return _bits(np.unpackbits(np.frombuffer(pdq(image).bits, np.uint8)))


def _phash(image: Pixels) -> Array:
    return _bits(_package("imagehash").phash(Image.fromarray(image)).hash)


def _gray(image: Pixels, side: int) -> Array:
    """Return the picture in gray, stretched to [side, side]."""
    return cv2.resize(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), (side, side), interpolation=cv2.INTER_AREA)


def _hog(image: Pixels) -> Array:
    gradients: Array = _package("skimage.feature").hog(_gray(image, HOG_SIDE), 9, (16, 16), (2, 2), feature_vector=True)
    return gradients


def _haar(image: Pixels) -> Array:
    """Return the signs of the largest of the 16 x 16 coarsest coefficients, in luminance and two colour differences."""
    small = cv2.resize(image, (HAAR_SIDE, HAAR_SIDE), interpolation=cv2.INTER_AREA)
    planes = np.moveaxis(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb).astype(np.float32), 2, 0)
    return np.concatenate(
        [_largest(_package("pywt").wavedec2(plane, "haar", level=HAAR_LEVELS)[0]) for plane in planes]
    )


def _largest(coefficients: Array) -> Array:
    flat = (coefficients - coefficients.mean()).ravel()
    least = np.sort(np.abs(flat))[-HAAR_KEPT]
    signs: Array = np.where(np.abs(flat) >= least, np.sign(flat), 0)
    return signs


def _colour(image: Pixels) -> Array:
    """Return three moments of three channels in nine cells, about the middle of their range: [81]."""
    small = cv2.resize(image, (COLOUR_SIDE, COLOUR_SIDE), interpolation=cv2.INTER_AREA)
    lab = (cv2.cvtColor(small, cv2.COLOR_RGB2LAB).astype(np.float32) - 128) / 128
    step = COLOUR_SIDE // COLOUR_CELLS
    cells = lab.reshape(COLOUR_CELLS, step, COLOUR_CELLS, step, 3).swapaxes(1, 2).reshape(-1, step * step, 3)
    mean = cells.mean(axis=1)
    rest = cells - mean[:, None]
    return np.stack([mean, rest.std(axis=1), np.cbrt((rest**3).mean(axis=1))]).ravel()


def _shape(image: Pixels) -> Array:
    """Return the logarithms of Hu's seven moments, of the grays and of the edges: [14]."""
    gray = _gray(image, SHAPE_SIDE)
    moments = [cv2.HuMoments(cv2.moments(plane)).ravel() for plane in (gray, cv2.Canny(gray, 80, 160))]
    flat = np.concatenate(moments)
    scaled: Array = -np.sign(flat) * np.log10(np.abs(flat) + 1e-12)
    return scaled


def _vlad(image: Pixels) -> Array:
    """Return the sums of how SIFT descriptors differ from their nearest visual word, signed square root: [2048]."""
    descriptors = detect(_gray_fitting(image), VLAD_FEATURES).descriptors
    book = words()
    sums = np.zeros_like(book)
    if len(descriptors):
        nearest = (descriptors @ book.T - (book**2).sum(axis=1) / 2).argmax(axis=1)
        np.add.at(sums, nearest, descriptors - book[nearest])
    flat = sums.ravel()
    rooted: Array = np.sign(flat) * np.sqrt(np.abs(flat))
    return rooted


def _gray_fitting(image: Pixels) -> Array:
    gray = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    scale = min(1.0, VLAD_SIDE / max(gray.shape))
    return cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else gray


def _package(name: str) -> Any:
    """Return a package of the extra; raises EnvironmentTrouble where it is missing."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        module = name.partition(".")[0]
        raise EnvironmentTrouble(
            f"The package {module} is not installed: run `{pip_install('lab', module)}`."
        ) from None


@dataclass(frozen=True, slots=True)
class Feature:
    """How many numbers it has, how they are made, and the package beside OpenCV that this needs."""

    dim: int
    make: Callable[[Pixels], Array]
    package: str = ""


FEATURES: Mapping[str, Feature] = {
    "pdq": Feature(256, _pdq),
    "phash": Feature(64, _phash, "imagehash"),
    "hog": Feature(1764, _hog, "skimage.feature"),
    "haar": Feature(768, _haar, "pywt"),
    "colour": Feature(81, _colour),
    "shape": Feature(14, _shape),
    "vlad": Feature(2048, _vlad),
}


class HandMade:
    """`core.model_ports.Embedder` for one of `FEATURES`; raises EnvironmentTrouble where its package is missing."""

    def __init__(self, name: str) -> None:
        self._feature = FEATURES[name]
        if self._feature.package:
            _package(self._feature.package)
        self.spec = EmbedderSpec(
            name=name,
            model_sha256=f"{name}-1",
            dim=self._feature.dim,
            input_size=0,
            resize="its own",
            runtime="opencv",
            precision="fp32",
            floor=0.5,
            mirror_invariant=False,
        )

    def embed(self, images: Sequence[Pixels], zooms: Sequence[float] | None = None) -> Vectors:  # noqa: ARG002
        """Return vectors [n, dim] of length 1; a picture without any such feature has a row of zeros."""
        rows = [np.asarray(self._feature.make(image), np.float32) for image in images]
        return unit(np.stack(rows)) if rows else np.empty((0, self._feature.dim), np.float32)
