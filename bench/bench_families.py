"""What look-alikes and true copies of the same drawings are called: `python -m bench.bench_families [FAMILY ...]`.

    families_pictures   pairs of `lab.families`, and the questions made of them
    families_run        a real catalogue, every question through the real search, in all processes
    families_figures    counts, tables, and the figures with their targets
    family_sheets       contact sheets of every family, and of the worst errors of a run

`--all` asks every pair under every edit (three times as long), `--some` a third of them, `--quick` a few. `--report
DIR` also writes the tables and every answer as JSON, from which `python -m bench.family_sheets --errors
DIR/families.json` draws.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from bench.families_figures import figure_table, tables
from bench.families_json import write_answers
from bench.families_pictures import EVERYTHING, FULL, QUICK, SOME, Size
from bench.families_run import Answer, answers
from bench.matching_peers import peers


def told(found: Sequence[Answer]) -> str:
    """All tables of a run as Markdown, the figures first."""
    parts = [figure_table(found), *(f"### {title}\n\n{table}" for title, table in tables(found))]
    return "\n\n".join((*parts, *peers()[1]))


def main(quick: bool = False, size: Size = FULL, names: Sequence[str] = (), folder: Path | None = None) -> None:
    """Ask, print, write."""
    size = QUICK if quick else size
    print("\n## Look-alikes\n", flush=True)
    started = time.monotonic()
    found = answers(size, names)
    print(f"{len(found):,} searches in {(time.monotonic() - started) / 60:.0f} min.\n")
    text = told(found)
    print(text)
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "families.md").write_text(text + "\n", encoding="utf-8")
        write_answers(folder / "families.json", found)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.bench_families", description=__doc__.split("\n")[0])
    parser.add_argument("family", nargs="*", help="only these")
    parser.add_argument("--quick", action="store_true", help="one pair of each family, two edits")
    parser.add_argument("--some", action="store_true", help="a third of the pairs")
    parser.add_argument("--all", action="store_true", help="every pair under every edit")
    parser.add_argument("--report", type=Path, metavar="DIR", help="also write tables and answers there")
    asked = parser.parse_args()
    main(asked.quick, EVERYTHING if asked.all else SOME if asked.some else FULL, asked.family, asked.report)
