"""Boosted decision trees, as small as they are kept: reading and scoring only. Fitted by `bench.fit_content`.

A tree is a list of nodes, its root first. A node is [feature, threshold, left, right]: numbers up to the threshold go
left; left and right are positions in the list. A leaf is [-1, value, 0, 0].
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

type Node = tuple[int, float, int, int]
type Tree = tuple[Node, ...]
LEAF = -1
FOLDER = Path(__file__).parent


@cache
def trees(name: str) -> tuple[Tree, ...]:
    """Return the trees that `core/{name}.json` holds."""
    kept = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return tuple(tuple((int(f), float(t), int(left), int(right)) for f, t, left, right in tree) for tree in kept)


def score(forest: Sequence[Tree], numbers: Sequence[float]) -> float:
    """Return the log-odds that the trees give to these numbers."""
    return sum(_value(tree, numbers) for tree in forest)


def _value(tree: Tree, numbers: Sequence[float]) -> float:
    feature, limit, left, right = tree[0]
    while feature != LEAF:
        feature, limit, left, right = tree[left if numbers[feature] <= limit else right]
    return limit
