"""Trees come to an answer for any numbers, and a file of them that is damaged says so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import trees
from core.content import PAIR_TREES, REGION_TREES
from core.errors import EnvironmentTrouble
from core.trees import Tree, parsed, score, width

SMALL: Tree = ((1, 0.5, 1, 2), (-1, -2.0, 0, 0), (0, 3.0, 3, 4), (-1, 1.0, 0, 0), (-1, 4.0, 0, 0))
LIMITS = st.floats(-100, 100)


@st.composite
def grown(draw: st.DrawFn) -> Tree:
    """A tree of any shape over five features."""
    nodes: list[list[Any]] = []

    def grow(depth: int) -> int:
        at, is_leaf = len(nodes), depth == 0 or draw(st.booleans())
        nodes.append([-1, draw(LIMITS), 0, 0])
        if not is_leaf:
            nodes[at] = [draw(st.integers(0, 4)), draw(LIMITS), grow(depth - 1), grow(depth - 1)]
        return at

    grow(draw(st.integers(0, 4)))
    return tuple((feature, limit, left, right) for feature, limit, left, right in nodes)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the trees are read from, for this test."""
    monkeypatch.setattr(trees, "FOLDER", tmp_path)
    trees.trees.cache_clear()
    yield tmp_path
    trees.trees.cache_clear()


@pytest.mark.parametrize(("numbers", "value"), [((0, 0.5), -2.0), ((3, 0.6), 1.0), ((3.1, 9), 4.0)])
def test_numbers_up_to_the_threshold_go_left(numbers: tuple[float, float], value: float) -> None:
    """As the fit has it; the values of all trees are added."""
    assert score([SMALL], numbers) == value
    assert score([SMALL, SMALL], numbers) == 2 * value


@given(st.lists(grown(), min_size=1, max_size=4), st.lists(st.floats(), min_size=5, max_size=5))
def test_every_tree_has_an_answer(forest: list[Tree], numbers: list[float]) -> None:
    """Infinite numbers and what is no number among them: the score is the sum of a leaf of each tree."""
    found = score(forest, numbers)

    assert abs(found) <= sum(max(abs(node[1]) for node in tree) for tree in forest) + 1e-9
    assert width(forest) <= 5


@given(st.lists(grown(), min_size=1, max_size=4))
def test_what_was_written_is_read(forest: list[Tree]) -> None:
    """JSON keeps every node."""
    assert parsed(json.dumps(forest)) == tuple(forest)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=30,
)


@given(JUNK.map(json.dumps) | st.text(max_size=40), st.lists(st.floats(), min_size=10, max_size=10))
def test_any_text_is_trees_or_a_fault(text: str, numbers: list[float]) -> None:
    """Whatever stands in the file, its fault is told, or a score comes out: never a loop, never a wrong place."""
    try:
        forest = parsed(text)
    except ValueError:
        return

    assert isinstance(score(forest, numbers), float)


@given(st.data())
def test_a_changed_node_is_a_fault_or_a_tree(data: st.DataObject) -> None:
    """A tree of which one number is another still ends in a leaf, or is refused with a sentence."""
    nodes = [list(node) for node in data.draw(grown())]
    at, place = data.draw(st.integers(0, len(nodes) - 1)), data.draw(st.integers(0, 3))
    nodes[at][place] = data.draw(st.integers(-3, 12) | st.floats())
    try:
        forest = parsed(json.dumps([nodes]))
        found = score(forest, [0.0] * 5)
    except (ValueError, EnvironmentTrouble):
        return

    assert isinstance(found, float)


DAMAGE = {
    "cut off": "[[[0, 0.5, 1, 2], [-1, 1.",
    "empty": "",
    "no trees": "[]",
    "no nodes": "[[]]",
    "a loop": "[[[0, 0.5, 0, 0]]]",
    "nowhere": "[[[0, 0.5, 1, 2], [-1, 1.0, 0, 0]]]",
    "three numbers": "[[[-1, 1.0, 0]]]",
    "not a number": "[[[-1, NaN, 0, 0]]]",
    "words": '[[["a", "b", "c", "d"]]]',
}


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_says_so(folder: Path, text: str) -> None:
    """One sentence names the file and what to do."""
    (folder / "some.json").write_text(text, encoding="utf-8")
    with pytest.raises(
        EnvironmentTrouble, match=r"^The trees in core/some\.json can't be read .*install Resight again"
    ):
        trees.trees("some")


def test_a_missing_file_says_so(folder: Path) -> None:
    """As one that is damaged."""
    assert not list(folder.iterdir())
    with pytest.raises(EnvironmentTrouble, match=r"core/some\.json can't be read"):
        trees.trees("some")


def test_trees_of_another_version_say_so() -> None:
    """They ask for a number that is not there."""
    with pytest.raises(EnvironmentTrouble, match="they ask for 2 numbers, and there are 1"):
        score([SMALL], [0.0])


@pytest.mark.parametrize("name", [REGION_TREES, PAIR_TREES])
def test_the_trees_that_are_shipped_are_sound(name: str) -> None:
    """Every one of them can be read."""
    assert len(trees.trees(name)) >= 10
