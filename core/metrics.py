"""The four ways to compare two embeddings, and which of two results is the better one. Pure.

    cosine      angle only                -1..1, more is closer
    dot         inner product             more is closer; for vectors of length 1 the same as cosine
    euclidean   L2 distance               0.., less is closer
    manhattan   L1 distance               0.., less is closer

Only this module decides whether a score meets a threshold, so that it is right in both directions.
"""

import math
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # `resight --help` must not wait for numpy
    import numpy as np
    from numpy.typing import NDArray

TINY = 1e-12
"""Length below which a vector has no direction."""


class Metric(StrEnum):
    """How two embeddings are compared."""

    COSINE = "cosine"
    DOT = "dot"
    EUCLIDEAN = "euclidean"
    MANHATTAN = "manhattan"

    @property
    def is_distance(self) -> bool:
        """Whether less is closer."""
        return self in (Metric.EUCLIDEAN, Metric.MANHATTAN)

    def meets(self, score: float, threshold: float) -> bool:
        """Return whether a score is at least as close as the threshold; nan never is."""
        return score <= threshold if self.is_distance else score >= threshold

    def rank(self, score: float) -> float:
        """Return a sort key that puts the closest score first."""
        return score if self.is_distance else -score

    def between(self, first: "NDArray[np.float32]", second: "NDArray[np.float32]") -> float:
        """Return the score of two embeddings [dim]; the cosine with a zero vector is 0."""
        if self is Metric.MANHATTAN:
            return float(abs(first - second).sum())
        if self is Metric.EUCLIDEAN:
            return math.sqrt(float(((first - second) ** 2).sum()))
        product = float((first * second).sum())
        if self is Metric.DOT:
            return product
        lengths = math.sqrt(float((first * first).sum()) * float((second * second).sum()))
        return product / lengths if lengths > TINY else 0.0
