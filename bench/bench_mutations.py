"""Do the tests notice when the code changes? `make mutations`, or `python -m bench.bench_mutations [--seed 1]`.

    sample of 60 places -> the code with one change, in a copy of the tree -> the tests that reach it, until one fails
        -> table: killed (by which test) | survived | timed out -> exit code 1 below 85 % of those that change anything

Which tests reach which function is kept in `.mutations/` (bench/mutation_coverage.py): `--collect FOLDER...` runs tests
and adds what it finds. A test file that has changed since is run first, as a whole. At the end all the tests that
failed are run on the code as it is: a change is not killed by a test that fails anyway. Results are kept beside, so
that `--only` and `--again` run a part and print all.

The operators are those of cosmic-ray, which is no development dependency: one package that it needs has no wheel, and
the lock takes wheels only.
"""

import argparse
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import orjson
import pytest

from bench.mutation_coverage import CACHE, ROOT, TOLD, chosen, stale

try:
    from bench.mutation_sites import Mutation, equivalent, sample
except ModuleNotFoundError:
    print("The mutation run needs cosmic-ray: .venv/bin/pip install 'cosmic-ray>=8.7'", file=sys.stderr)
    sys.exit(4)

LEAST = 0.85
MOST_SECONDS = 90.0
"""CPU time of tests for one change, as it was when they were collected; the nearest come first."""

KEPT = CACHE.parent
PATIENCE_S, PATIENCE = 120.0, 5.0
"""A run that takes this long beside what its tests took, times this much, is timed out."""

FORKS = multiprocessing.get_context("forkserver")
KILLED, SURVIVED, TIMED_OUT, EQUIVALENT, UNSURE = "killed", "survived", "timed out", "equivalent", "failed anyway"
QUIETLY = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # plugins are in memory already
PYTEST = ("-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-x", *QUIETLY)
PRELOAD = "import alembic.command, tests.small, sys; print(*(one for one in sys.modules if one != '__main__'))"
FAILED = "FAILED ", "ERROR "


@dataclass(frozen=True)
class Result:
    """What became of one change; `by` is the first test that failed."""

    mutation: Mutation
    what: str
    tests: int
    seconds: float
    by: str = ""
    why: str = ""


def main() -> None:
    """Print the table; exit code 1 if too little was noticed."""
    asked = _arguments()
    if asked.collect:
        sys.exit(collect(asked.collect))
    if changed := stale():
        collect(changed)
    before, drawn = kept(asked.seed), sample(asked.seed, asked.count)
    now = [one for one in drawn if any(map(one.place.startswith, asked.only))]
    if asked.again:
        now = [one for one in now if one.change not in before or before[one.change].what != KILLED]
    with copied() as tree:
        warm_up(tree)
        for one in now:
            before[one.change] = _told(judged(tree, one))
            keep(asked.seed, {one.change: before[one.change]})
        keep(asked.seed, confirmed(tree, [before[one.change] for one in drawn if one.change in before]))
    before = kept(asked.seed)
    all_of_them = [before[one.change] for one in drawn if one.change in before]
    show(asked.seed, all_of_them)
    sys.exit(share(all_of_them) < LEAST)


def kept(seed: int) -> dict[str, Result]:
    """What became of changes in former runs of this seed."""
    file = KEPT / f"seed-{seed}.json"
    rows = orjson.loads(file.read_bytes()) if file.exists() else []
    results = [Result(**row | {"mutation": Mutation(**row["mutation"])}) for row in rows]
    return {one.mutation.change: one for one in results}


def keep(seed: int, results: Mapping[str, Result]) -> None:
    """Beside what others of the same seed have found meanwhile."""
    found = [*(kept(seed) | dict(results)).values()]
    (KEPT / f"seed-{seed}.json").write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutations ARGS=", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--only", nargs="+", default=[""], metavar="FILE[:LINE]", help="of the sample")
    parser.add_argument("--again", action="store_true", help="only what was not killed in the run before")
    parser.add_argument("--collect", nargs="+", metavar="TESTS", help="run these and keep what they reach")
    return parser.parse_args()


def collect(tests: Sequence[str]) -> int:
    """Run tests in the working tree and keep which functions they reach."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "bench.mutation_coverage", "-p", "no:cacheprovider", *tests]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {TOLD: str(CACHE)}, check=False).returncode


@contextmanager
def copied() -> Iterator[Path]:
    """The tree as it is now, without what git ignores."""
    listed = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    with tempfile.TemporaryDirectory(prefix="resight-mutations-") as folder:
        for name in filter(None, names):
            if (ROOT / name).is_file():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, Path(folder) / name)
        yield Path(folder)


def judged(tree: Path, mutation: Mutation) -> Result:
    """Change the copy, run what reaches the place, and put the copy as it was."""
    if why := equivalent(mutation):
        return Result(mutation, EQUIVALENT, 0, 0.0, why=why)
    tests = chosen(mutation.path, mutation.function, MOST_SECONDS)
    if not tests:
        return Result(mutation, SURVIVED, 0, 0.0)
    begun, limit = time.monotonic(), PATIENCE_S + PATIENCE * sum(one.seconds for one in tests)
    with changed(tree / mutation.path, mutation.code()):
        what, by = _run(tree, [one.test for one in tests], limit)
    return Result(mutation, what, len(tests), time.monotonic() - begun, by)


@contextmanager
def changed(path: Path, code: str) -> Iterator[None]:
    """Compiled code is not kept: it is told from newer by its second and its size alone."""
    before = path.read_bytes()
    try:
        path.write_text(code, "utf-8")
        _forget_compiled(path)
        yield
    finally:
        path.write_bytes(before)
        _forget_compiled(path)


def _forget_compiled(path: Path) -> None:
    for one in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        one.unlink()


def _run(tree: Path, tests: Sequence[str], limit: float) -> tuple[str, str]:
    """How it ended, and the first test that failed."""
    out = tree / ".mutations.txt"
    run = FORKS.Process(target=_tested, args=(tree, [*PYTEST, *tests], out))
    run.start()
    run.join(limit)
    if run.exitcode is None:
        os.killpg(run.pid or 0, signal.SIGKILL)
        return TIMED_OUT, ""
    if run.exitcode == 0:
        return SURVIVED, ""
    said = out.read_text("utf-8", "replace")
    failed = [line.partition(" ")[2].partition(" - ")[0] for line in said.splitlines() if line.startswith(FAILED)]
    if not failed and "conftest" not in said and "INTERNALERROR" not in said:
        raise SystemExit(f"pytest did not run:\n{said[-2000:]}")
    return KILLED, failed[0] if failed else "nothing could be imported"


def _tested(tree: Path, arguments: list[str], out: Path) -> None:
    """A process that has all but our own code in memory already becomes pytest in the copy."""
    os.setpgid(0, 0)
    with out.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path.insert(0, str(tree))
    sys.exit(pytest.main(arguments))


def warm_up(tree: Path) -> None:
    """Have what others wrote imported once: that takes longer than most tests."""
    asked = [sys.executable, "-c", PRELOAD]
    names = subprocess.run(asked, cwd=tree, capture_output=True, check=True, text=True).stdout.split()
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()}
    FORKS.set_forkserver_preload([one for one in names if one.partition(".")[0] not in ours])


def confirmed(tree: Path, results: list[Result]) -> dict[str, Result]:
    """The same by their changes, less what was killed by tests that fail without any change, too."""
    killers = sorted({one.by for one in results if "::" in one.by})
    while killers:
        what, by = _run(tree, killers, PATIENCE_S + 60 * len(killers))
        if what != KILLED:
            break
        results = [replace(one, what=UNSURE) if one.by == by else one for one in results]
        killers.remove(by)
    return {one.mutation.change: one for one in results}


def share(results: Sequence[Result]) -> float:
    """Of the changes that change anything, how many were noticed; running for ever is noticed."""
    count = Counter(one.what for one in results)
    noticed = count[KILLED] + count[TIMED_OUT]
    return noticed / max(1, count.total() - count[EQUIVALENT])


def _told(result: Result) -> Result:
    print(f"{result.mutation.place} {result.what} {result.by or result.why} ({result.seconds:.0f} s)", flush=True)
    return result


def show(seed: int, results: Sequence[Result]) -> None:
    """Print the table and the share."""
    print(f"\n## Mutations, seed {seed}\n")
    print("| place | change | as it is -> as it was made | ended | tests | seconds | by |")
    print("|---|---|---|---|---|---|---|")
    for one in results:
        what = f"`{one.mutation.before}` -> `{one.mutation.after}`".replace("|", "\\|")
        told = (one.mutation.place, one.mutation.operator, what, one.what, one.tests, f"{one.seconds:.0f}")
        print("|", " | ".join(map(str, told)), "|", one.by or one.why, "|")
    count = Counter(one.what for one in results)
    print("\n" + ", ".join(f"{many} {what}" for what, many in sorted(count.items())))
    print(f"noticed: {share(results):.1%} of {count.total() - count[EQUIVALENT]} (at least {LEAST:.0%})")


if __name__ == "__main__":
    main()
