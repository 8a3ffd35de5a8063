"""Which test reaches which function: a plugin for pytest, and what it found.

    pytest -p bench.mutation_coverage ... -> coverage, one context for each test -> CACHE, beside what is there already
    CACHE[test file] -> the hash of its bytes; of each test its CPU seconds and "file::function" of all that it reaches

A function is named, not its lines: lines move with every edit, and functions here are short. What runs while modules
are imported is nobody's; child processes and fixtures of a whole session are not counted.
"""

import ast
import hashlib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import coverage
import orjson
import pytest

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".mutations" / "coverage.json"
SOURCES = ("core", "handlers", "store", "embed")
TOLD = "RESIGHT_MUTATION_COVERAGE"
"""Where the plugin writes; set by the one who starts pytest."""

FEW = 5
CASES = 3
"""Of a test with many parameters so many are run: the others reach the same functions."""


type Kept = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Reach:
    """One test, what it costs and which functions it goes through."""

    test: str
    seconds: float
    functions: frozenset[str]

    @property
    def file(self) -> str:
        return self.test.partition("::")[0]


class Watch:
    """Changes the context of the coverage with every test."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.seconds: dict[str, float] = {}
        self.coverage = coverage.Coverage(
            data_file=None,
            source=[str(ROOT / one) for one in SOURCES],
            config_file=False,
            concurrency=["thread", "greenlet"],
            messages=False,
        )
        self.coverage.start()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        seen = Counter[str]()
        for item in items.copy():
            name = item.nodeid.partition("[")[0]
            seen[name] += 1
            if seen[name] > CASES:
                items.remove(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        begun = time.process_time()  # of the clock a busy machine would give many
        done = yield
        self.seconds[item.nodeid] = time.process_time() - begun
        self.coverage.switch_context("")
        return done

    def pytest_unconfigure(self) -> None:
        self.coverage.stop()
        reached = functions_by_test(self.coverage.get_data())
        kept = read(self.out)
        for file in {one.partition("::")[0] for one in self.seconds}:
            tests = {
                one: {"seconds": round(took, 3), "functions": sorted(reached[one])}
                for one, took in self.seconds.items()
                if one.partition("::")[0] == file
            }
            kept[file] = {"sha": digest(ROOT / file), "tests": tests}
        self.out.parent.mkdir(exist_ok=True)
        self.out.write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2))


def pytest_configure(config: pytest.Config) -> None:
    if out := os.environ.get(TOLD):
        config.pluginmanager.register(Watch(Path(out)))


def functions_by_test(data: coverage.CoverageData) -> dict[str, set[str]]:
    reached: dict[str, set[str]] = defaultdict(set)
    for path in data.measured_files():
        names = names_by_line(Path(path).read_text("utf-8"))
        for line, tests in data.contexts_by_lineno(path).items():
            for test in filter(None, tests):
                if name := names.get(line):
                    reached[test].add(f"{Path(path).relative_to(ROOT)}::{name}")
    return reached


def names_by_line(source: str) -> dict[int, str]:
    """The innermost function of every line inside one; signatures and decorators belong to what is around them."""
    names: dict[int, str] = {}

    def enter(node: ast.AST, around: str) -> None:
        for child in ast.iter_child_nodes(node):
            here = around
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                here = f"{around}.{child.name}" if around else child.name
                if not isinstance(child, ast.ClassDef):
                    names.update(dict.fromkeys(range(child.body[0].lineno, (child.end_lineno or 0) + 1), here))
            enter(child, here)

    enter(ast.parse(source), "")
    return names


def read(cache: Path = CACHE) -> Kept:
    kept: Kept = orjson.loads(cache.read_bytes()) if cache.exists() else {}
    return kept


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stale() -> list[str]:
    """Test files that have changed since they were collected, and new ones in folders of which most were."""
    known = {file: kept for file, kept in read().items() if (ROOT / file).exists()}
    changed = {file for file, kept in known.items() if digest(ROOT / file) != kept["sha"]}
    for folder in {Path(file).parent for file in known}:
        there = {str(one.relative_to(ROOT)) for one in (ROOT / folder).glob("test_*.py")}
        if 2 * len(there & known.keys()) > len(there):
            changed |= there - known.keys()
    return sorted(changed)


@cache
def reaches() -> list[Reach]:
    """All that is known; a test with many parameters is one."""
    found: dict[str, Reach] = {}
    for file, kept in read().items():
        tests: Any = kept["tests"] if (ROOT / file).exists() else {}
        for case, one in tests.items():
            name = case.partition("[")[0]
            before = found.get(name, Reach(name, 0.0, frozenset()))
            found[name] = Reach(name, before.seconds + one["seconds"], before.functions.union(one["functions"]))
    return [*found.values()]


def chosen(path: str, function: str, most_s: float) -> list[Reach]:
    """The tests for a change in this function, the nearest first: those of the file of the same name, those that reach
    it, then those that reach the file.

    A function that few reach may run once for all of them. What stands outside of functions (numbers, tables, shapes)
    is reached by who imports it, and by who reaches a file that does; what runs in a process of its own, by who reaches
    its folder, where that process is started.
    """
    exact = [one for one in reaches() if f"{path}::{function}" in one.functions or _is_namesake(one, path)]
    others = () if len(exact) >= FEW else (path, *(() if function else _importers(path)))
    around = [one for one in _reaching(others) if one not in exact]
    if not exact and not around:
        around = _reaching_folder(str(Path(path).parent))
    ordered = (sorted(tests, key=lambda one: _farness(one, path)) for tests in (exact, around))
    return _within([*chain(*ordered)], most_s)


def _reaching(files: Sequence[str]) -> list[Reach]:
    """Tests in these files, or that go through a function in one."""
    begun = tuple(f"{file}::" for file in files)
    return [one for one in reaches() if any(name.startswith(begun) for name in (one.test, *one.functions))]


def _reaching_folder(folder: str) -> list[Reach]:
    return [one for one in reaches() if any(name.startswith(f"{folder}/") for name in one.functions)]


@cache
def _importers(path: str) -> frozenset[str]:
    """Files of ours that take something from this one."""
    name = path.removesuffix(".py").replace("/", ".")
    files = (file for folder in (*SOURCES, "tests") for file in (ROOT / folder).rglob("*.py"))
    return frozenset(str(one.relative_to(ROOT)) for one in files if f"from {name} import" in one.read_text("utf-8"))


def _farness(reach: Reach, path: str) -> tuple[bool, bool, float, int]:
    """The test file of the same name first, those that import from it, then what is quick, then what does little."""
    return (
        not _is_namesake(reach, path),
        reach.file not in _importers(path),
        round(reach.seconds, 1),
        len(reach.functions),
    )


def _is_namesake(reach: Reach, path: str) -> bool:
    return Path(reach.file).stem == f"test_{Path(path).stem}" and Path(reach.file).parent.name == Path(path).parent.name


def _within(ordered: Sequence[Reach], most_s: float) -> list[Reach]:
    taken: list[Reach] = []
    for one in ordered:
        most_s -= one.seconds
        if taken and most_s < 0:
            break
        taken.append(one)
    return taken
