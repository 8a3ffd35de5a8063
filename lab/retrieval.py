"""Mean average precision of labelled pictures, as retrieval tutorials print it: `resight lab map`.

    embeddings [n, dim], a label each --every picture asks for the others--> ranked --> AP@k --> mAP@k a label

AP@k = the mean, over the right ones among the first k, of the precision at their place; divided by how many right ones
k places could hold. A label with a single picture has nobody to find and is left out.
"""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.metrics import Metric
from core.types import Vectors

AT_ONCE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """How well the pictures of a label find each other."""

    label: str
    pictures: int
    map_at_k: float


def average_precision(is_right: Sequence[bool], right_in_all: int, k: int) -> float:
    """AP@k of one ranked answer; `right_in_all` is how many there are to find."""
    seen, total = 0, 0.0
    for place, right in enumerate(is_right[:k], 1):
        if right:
            seen += 1
            total += seen / place
    return total / max(1, min(right_in_all, k))


def ranked(vectors: Vectors, metric: Metric, k: int) -> list[list[int]]:
    """The k nearest other rows of each row, best first."""
    found: list[list[int]] = []
    for start in range(0, len(vectors), AT_ONCE):
        scores = scores_of(vectors[start : start + AT_ONCE], vectors, metric)
        closeness = -scores if metric.is_distance else scores
        rows = np.arange(len(closeness))
        closeness[rows, rows + start] = -np.inf
        found += np.argsort(-closeness, axis=1, kind="stable")[:, :k].tolist()
    return found


def scores_of(queries: Vectors, known: Vectors, metric: Metric) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Scores [queries, known] in the metric's own units."""
    if metric is Metric.MANHATTAN:
        return np.stack([np.abs(known - query).sum(axis=1, dtype=np.float32) for query in queries])
    if metric is Metric.EUCLIDEAN:
        squared = (queries**2).sum(axis=1)[:, None] + (known**2).sum(axis=1)[None] - 2 * queries @ known.T
        return np.sqrt(np.maximum(squared, 0))
    if metric is Metric.COSINE:
        queries, known = (_unit(rows) for rows in (queries, known))
    return np.asarray(queries @ known.T, np.float32)


def _unit(rows: Vectors) -> Vectors:
    return np.divide(rows, np.maximum(np.linalg.norm(rows, axis=1)[:, None], 1e-12), dtype=np.float32)


def map_by_label(vectors: Vectors, labels: Sequence[str], metric: Metric, k: int) -> list[LabelScore]:
    """mAP@k of every label with two pictures or more, best first."""
    sizes: Mapping[str, int] = {label: labels.count(label) for label in set(labels)}
    each: dict[str, list[float]] = defaultdict(list)
    for label, others in zip(labels, ranked(vectors, metric, k), strict=True):
        if sizes[label] > 1:
            right = [labels[other] == label for other in others]
            each[label].append(average_precision(right, sizes[label] - 1, k))
    scores = [
        LabelScore(label=label, pictures=sizes[label], map_at_k=statistics.fmean(values))
        for label, values in each.items()
    ]
    return sorted(scores, key=lambda one: (-one.map_at_k, one.label))


def overall(scores: Sequence[LabelScore]) -> float:
    """mAP@k of all pictures together."""
    pictures = sum(one.pictures for one in scores)
    return sum(one.map_at_k * one.pictures for one in scores) / pictures if pictures else 0.0
