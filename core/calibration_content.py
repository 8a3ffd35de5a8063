"""Trees of `core.content`: written by `python -m bench.fit_content`, not by hand."""

from core.trees import Tree

SAME, OTHER = 0.0, 0.0
REGION_START, PAIR_START = 0.0, 0.0
REGION_TREES: tuple[Tree, ...] = ()
PAIR_TREES: tuple[Tree, ...] = ()
