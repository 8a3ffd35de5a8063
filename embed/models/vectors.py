"""Small arithmetic that every embedder needs."""

import numpy as np

from core.types import Vectors

TINY = 1e-12


def unit(rows: Vectors) -> Vectors:
    """Return the rows [n, dim], each of length 1; a row of zeros stays one."""
    return np.divide(rows, np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), TINY), dtype=np.float32)
