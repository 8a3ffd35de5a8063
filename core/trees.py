"""Boosted decision trees, as small as they are kept: reading and scoring only. Fitted by `bench.fit_content`.

A tree is a list of nodes, its root first. A node is [feature, threshold, left, right]: numbers up to the threshold go
left; left and right are positions in the list, always further down. A leaf is [-1, value, 0, 0].
"""

import json
from collections.abc import Sequence
from functools import cache
from math import isfinite
from pathlib import Path

from core.errors import EnvironmentTrouble

type Node = tuple[int, float, int, int]
type Tree = tuple[Node, ...]
LEAF = -1
FOLDER = Path(__file__).parent


@cache
def trees(name: str) -> tuple[Tree, ...]:
    """Return the trees that `core/{name}.json` holds; raises EnvironmentTrouble where that is missing or damaged."""
    try:
        return parsed((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EnvironmentTrouble(
            f"The trees in core/{name}.json can't be read ({error}): install Resight again, "
            "or run `python -m bench.fit_content`."
        ) from error


def parsed(text: str) -> tuple[Tree, ...]:
    """Return the trees that this JSON says; raises ValueError with the first fault."""
    trees_read = json.loads(text)
    if not isinstance(trees_read, list) or not trees_read:
        raise ValueError("there is no list of trees")
    return tuple(_tree(number, nodes) for number, nodes in enumerate(trees_read))


def score(forest: Sequence[Tree], numbers: Sequence[float]) -> float:
    """Return the log-odds that the trees give to these numbers; what is no number goes right.

    Raises EnvironmentTrouble where trees of another version ask for more numbers.
    """
    try:
        return sum(_value(tree, numbers) for tree in forest)
    except IndexError:
        raise EnvironmentTrouble(
            f"The trees in core/ are of another version: they ask for {width(forest)} numbers, and there are "
            f"{len(numbers)}. Install Resight again, or run `python -m bench.fit_content`."
        ) from None


def width(forest: Sequence[Tree]) -> int:
    """Return how many numbers the trees ask for at least."""
    return 1 + max(node[0] for tree in forest for node in tree)


def _tree(number: int, nodes: object) -> Tree:
    """Return the nodes, each checked: whoever follows them comes to a leaf."""
    if not isinstance(nodes, list) or not nodes:
        raise ValueError(f"tree {number} has no nodes")
    try:
        tree = tuple((int(feature), float(limit), int(left), int(right)) for feature, limit, left, right in nodes)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"tree {number} has a node that is not four numbers") from None
    for at, (feature, limit, left, right) in enumerate(tree):
        leads_on = at < min(left, right) and max(left, right) < len(tree)
        if not isfinite(limit) or feature < LEAF or not (leads_on or feature == LEAF):
            raise ValueError(f"node {at} of tree {number} leads nowhere")
    return tree


def _value(tree: Tree, numbers: Sequence[float]) -> float:
    feature, limit, left, right = tree[0]
    while feature != LEAF:
        feature, limit, left, right = tree[left if numbers[feature] <= limit else right]
    return limit
