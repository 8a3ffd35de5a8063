"""Boosted decision trees, as small as they are kept: scoring only. Fitted by `bench.fit_content`.

A tree is a tuple of nodes, its root first. A node is (feature, threshold, left, right): numbers up to the threshold go
left; left and right are positions in the tuple. A leaf is (-1, value, 0, 0).
"""

from collections.abc import Sequence

type Node = tuple[int, float, int, int]
type Tree = tuple[Node, ...]
LEAF = -1


def score(trees: Sequence[Tree], numbers: Sequence[float], start: float = 0.0) -> float:
    """Return the log-odds that the trees give to these numbers."""
    return start + sum(_value(tree, numbers) for tree in trees)


def _value(tree: Tree, numbers: Sequence[float]) -> float:
    feature, limit, left, right = tree[0]
    while feature != LEAF:
        feature, limit, left, right = tree[left if numbers[feature] <= limit else right]
    return limit
