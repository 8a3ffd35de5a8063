"""Places in the code where one thing can be changed, and a seeded sample of them.

    FOLDERS/**.py --cosmic-ray's operators, and `LeaveOut`--> places --rank by (seed, place)--> a share of each folder
    one place, one of the changes that are possible there -> Mutation

Not changed: annotations, options of `@dataclass` and decorators that only save work, for they are no behaviour; lines
of the log; migrations, which are history; numbers that a fit wrote (`core/calibration*`). `==` is not exchanged for
`is` or back. A place keeps its rank while its line stays as it is, so that an edit elsewhere draws no other sample.
"""

import ast
import hashlib
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Example, Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Name

from bench.mutation_coverage import ROOT, names_by_line

FOLDERS = ("core", "handlers", "store", "embed/pairs")
UNTOUCHED = ("store/sql/migrations/", "core/calibration")
SAVES_WORK = ("cache", "lru_cache", "cached_property", "runtime_checkable", "override", "final", "dataclass")
TWINS = ("Eq_Is", "Is_Eq", "NotEq_IsNot", "IsNot_NotEq")
LOOKS_AT = {"ReplaceBinaryOperator": "operator", "ReplaceComparisonOperator": "comparison", "NumberReplacer": "number"}
"""What kind of node the operators of which there are many look at: asking them of every node takes a minute."""

EQUIVALENT = Path(__file__).with_name("mutations_equivalent.toml")

type Span = tuple[tuple[int, int], tuple[int, int]]


class LeaveOut(Operator):  # type: ignore[misc]  # it has no types
    """A call that is a statement of its own is not made; a line of the log may go."""

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        if node.type == "atom_expr" and node.parent.type == "simple_stmt" and node.children[-1].type == "trailer":
            said = node.get_code().strip()
            if said.endswith(")") and not said.startswith("log."):
                yield node.start_pos, node.end_pos

    def mutate(self, node: Any, index: int) -> Any:  # noqa: ARG002
        return Name("pass", node.start_pos, node.get_first_leaf().prefix)

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return (Example("forget(person)", "pass"),)


@dataclass(frozen=True)
class Mutation:
    """One change: the n-th thing in a file that this operator can change. `function` is "" outside of all."""

    path: str
    line: int
    operator: str
    occurrence: int
    before: str
    after: str = ""
    function: str = ""

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def change(self) -> str:
        """What is changed, wherever its line may be now."""
        return f"{self.path} {self.function} {self.operator}: {self.before} -> {self.after}"

    def code(self) -> str:
        """The whole file with the change in it."""
        source = (ROOT / self.path).read_text("utf-8")
        return mutate_code(source, operators()[self.operator], self.occurrence) or source


@cache
def operators() -> dict[str, Operator]:
    named = [one for one in operator_names() if "Variable" not in one and not one.endswith(TWINS)]
    return {one.partition("/")[2]: get_operator(one)() for one in named} | {"LeaveOut": LeaveOut()}


def sample(seed: int, count: int) -> list[Mutation]:
    """As many of each folder; the same seed gives the same."""
    return [one for folder in FOLDERS for one in _some(folder, seed, count // len(FOLDERS))]


def _some(folder: str, seed: int, count: int) -> list[Mutation]:
    """One change for each of the places that the seed ranks first."""
    paths = sorted(str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*.py"))
    chosen: list[tuple[str, Mutation]] = []
    for path in paths:
        if not path.startswith(UNTOUCHED):
            chosen += [_drawn(place, f"{seed} {path} {name}") for name, place in _places(path).items()]
    return [shown(one) for _, one in sorted(chosen, key=lambda one: one[0])[:count]]


def _drawn(place: list[Mutation], name: str) -> tuple[str, Mutation]:
    rank = hashlib.sha256(name.encode()).hexdigest()
    return rank, place[int(rank, 16) % len(place)]


def _places(path: str) -> dict[str, list[Mutation]]:
    """By line, column, kind and how many such lines came before: all changes that are possible there."""
    source = (ROOT / path).read_text("utf-8")
    lines, functions, spared = source.splitlines(), names_by_line(source), _spared(source)
    nodes = [one for one in ast_nodes(get_ast(source)) if not (one.parent and one.parent.type == "parameters")]
    seen = Counter(lines)
    places: dict[str, list[Mutation]] = defaultdict(list)
    for operator, made in operators().items():
        there = [one for one in nodes if one.type == LOOKS_AT.get(operator.partition("_")[0], one.type)]
        spans = (span for node in there for span in made.mutation_positions(node))
        for occurrence, (start, _) in enumerate(spans):
            if any(first <= start < last for first, last in spared):
                continue
            text = lines[start[0] - 1]
            twin = lines[: start[0]].count(text) if seen[text] > 1 else 1
            name = f"{text.strip()} {twin} {start[1]} {operator.partition('_')[0]}"
            where = functions.get(start[0], "")
            places[name].append(Mutation(path, start[0], operator, occurrence, text.strip(), function=where))
    return places


def _spared(source: str) -> list[Span]:
    """Annotations, type aliases, decorators that change no result."""
    spared: list[object] = []
    for node in ast.walk(ast.parse(source)):
        spared += [getattr(node, name, None) for name in ("annotation", "returns")]
        if isinstance(node, ast.TypeAlias):
            spared.append(node)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            spared += [one for one in node.decorator_list if ast.unparse(one).partition("(")[0] in SAVES_WORK]
    return [_span(one) for one in spared if isinstance(one, ast.AST)]


def _span(node: Any) -> Span:
    """With the sign before a decorator."""
    return (node.lineno, max(0, node.col_offset - 1)), (node.end_lineno, node.end_col_offset)


def shown(mutation: Mutation) -> Mutation:
    """With the line as it becomes."""
    before, after = (ROOT / mutation.path).read_text("utf-8").splitlines(), mutation.code().splitlines()
    changed = [new for old, new in zip(before, after, strict=False) if old != new]
    return replace(mutation, after=changed[0].strip() if changed else "(nothing)")


def equivalent(mutation: Mutation) -> str:
    """Why no test can tell it from the code as it is; "" where one could."""
    for one in tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", []):
        if (one["file"], one["before"], one["after"]) == (mutation.path, mutation.before, mutation.after):
            return str(one["why"])
    return ""
