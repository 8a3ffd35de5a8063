"""The 16 visual words of the VLAD feature: `python -m bench.fit_vlad` writes embed/models/vlad_words.py.

k-means over the SIFT descriptors of our own drawings and of scikit-image's photographs, always from the same seed.
"""

import base64
import textwrap
from pathlib import Path

import cv2
import numpy as np

from bench.photos import FAMILIAR, tiles
from embed.pairs.features import detect
from lab.drawings.demo import demo_set, strangers

WORDS, SEED, ROUNDS = 16, 7, 60
HEAD = '''"""The visual words of `embed.models.handmade`: 16 SIFT descriptors, written by `bench.fit_vlad`."""

import base64
from functools import cache
from typing import Any

import numpy as np

SCALE = 500
"""A level of a byte: the words are descriptors of length 1, rooted."""

CODED = """
{coded}
"""


@cache
def words() -> np.ndarray[Any, np.dtype[np.float32]]:
    """[16, 128]."""
    flat = np.frombuffer(base64.b64decode(CODED), np.uint8).astype(np.float32)
    return flat.reshape(16, 128) / np.float32(SCALE)
'''


def main() -> None:
    """Fit and write."""
    pictures = [np.asarray(one.draw().convert("RGB")) for one in (*demo_set(), *strangers())]
    pictures += [np.asarray(tile.convert("RGB")) for _, tile in tiles(FAMILIAR)]
    found = np.concatenate([detect(cv2.cvtColor(one, cv2.COLOR_RGB2GRAY), 300).descriptors for one in pictures])
    cv2.setRNGSeed(SEED)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, ROUNDS, 1e-4)
    labels = np.empty((len(found), 1), np.int32)
    _, _, centres = cv2.kmeans(found.astype(np.float32), WORDS, labels, stop, 3, cv2.KMEANS_PP_CENTERS)
    levels = np.round(centres[np.lexsort(centres.T)] * 500).clip(0, 255).astype(np.uint8)
    coded = "\n".join(textwrap.wrap(base64.b64encode(levels.tobytes()).decode(), 116))
    Path("embed/models/vlad_words.py").write_text(HEAD.format(coded=coded), encoding="utf-8")
    print(f"{len(found)} descriptors of {len(pictures)} pictures")


if __name__ == "__main__":
    main()
