"""Mean average precision of labelled pictures, as retrieval tutorials print it: `resight lab map`.

    embeddings [n, dim], a label each --every picture asks for the others--> ranked --> AP@k --> mAP@k a label
    queries beside references, labels of both --every query asks for its label-->

AP@k = the mean, over the right ones among the first k, of the precision at their place; divided by how many right ones
k places could hold. A label with a single picture has nobody to find and is left out.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.metrics import Metric
from core.types import Vectors

AT_ONCE = 512

type Scores = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """How well the pictures of a label find each other."""

    label: str
    pictures: int
    map_at_k: float


def average_precision(is_right: Sequence[bool], right_in_all: int, k: int) -> float:
    """Return AP@k of one ranked answer; `right_in_all` is how many there are to find."""
    seen, total = 0, 0.0
    for place, right in enumerate(is_right[:k], 1):
        if right:
            seen += 1
            total += seen / place
    return total / max(1, min(right_in_all, k))


def ranked(vectors: Vectors, metric: Metric, k: int) -> list[list[int]]:
    """Return the k nearest other rows of each row, best first."""
    neighbours: list[list[int]] = []
    for start in range(0, len(vectors), AT_ONCE):
        closeness = _closeness(vectors[start : start + AT_ONCE], vectors, metric)
        rows = np.arange(len(closeness))
        closeness[rows, rows + start] = -np.inf
        neighbours += _best(closeness, k)
    return neighbours


def nearest(queries: Vectors, catalogue: Vectors, metric: Metric, k: int) -> list[list[int]]:
    """Return the k nearest rows of the catalogue for each query, best first."""
    return [
        row
        for start in range(0, len(queries), AT_ONCE)
        for row in _best(_closeness(queries[start : start + AT_ONCE], catalogue, metric), k)
    ]


def _closeness(queries: Vectors, catalogue: Vectors, metric: Metric) -> Scores:
    scores = scores_of(queries, catalogue, metric)
    return -scores if metric.is_distance else scores


def _best(closeness: Scores, k: int) -> list[list[int]]:
    neighbours: list[list[int]] = np.argsort(-closeness, axis=1, kind="stable")[:, :k].tolist()
    return neighbours


def scores_of(queries: Vectors, catalogue: Vectors, metric: Metric) -> Scores:
    """Return the scores [queries, catalogue] in the metric's own units."""
    if metric is Metric.MANHATTAN:
        return np.stack([np.abs(catalogue - query).sum(axis=1, dtype=np.float32) for query in queries])
    if metric is Metric.EUCLIDEAN:
        squared = (queries**2).sum(axis=1)[:, None] + (catalogue**2).sum(axis=1)[None] - 2 * queries @ catalogue.T
        return np.sqrt(np.maximum(squared, 0))
    if metric is Metric.COSINE:
        queries, catalogue = (_unit(rows) for rows in (queries, catalogue))
    return np.asarray(queries @ catalogue.T, np.float32)


def _unit(rows: Vectors) -> Vectors:
    return np.divide(rows, np.maximum(np.linalg.norm(rows, axis=1)[:, None], 1e-12), dtype=np.float32)


def map_by_label(vectors: Vectors, labels: Sequence[str], metric: Metric, k: int) -> list[LabelScore]:
    """Return mAP@k of every label with two pictures or more, each asking for the others; best first."""
    sizes = Counter(labels)
    answers = [
        (label, average_precision([labels[other] == label for other in others], sizes[label] - 1, k))
        for label, others in zip(labels, ranked(vectors, metric, k), strict=True)
        if sizes[label] > 1
    ]
    return _scored(answers)


def map_of_queries(
    queries: Vectors, asked: Sequence[str], catalogue: Vectors, labels: Sequence[str], metric: Metric, k: int
) -> list[LabelScore]:
    """Return mAP@k of queries that are no references, each asking for all references of its label; best first."""
    sizes = Counter(labels)
    answers = [
        (label, average_precision([labels[other] == label for other in others], sizes[label], k))
        for label, others in zip(asked, nearest(queries, catalogue, metric, k), strict=True)
    ]
    return _scored(answers)


def _scored(answers: Sequence[tuple[str, float]]) -> list[LabelScore]:
    each: dict[str, list[float]] = defaultdict(list)
    for label, value in answers:
        each[label].append(value)
    scores = [
        LabelScore(label=label, pictures=len(values), map_at_k=statistics.fmean(values))
        for label, values in each.items()
    ]
    return sorted(scores, key=lambda score: (-score.map_at_k, score.label))


def overall(scores: Sequence[LabelScore]) -> float:
    """Return mAP@k of all pictures together."""
    pictures = sum(score.pictures for score in scores)
    return sum(score.map_at_k * score.pictures for score in scores) / pictures if pictures else 0.0
