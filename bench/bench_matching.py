"""How well copies are recognised, beside other methods: `python -m bench.bench_matching [FOLDER] [--quick]`.

    matching_pictures   references, strangers, look-alikes, and the queries made of them
    matching_run        a real catalogue, every query through the real search
    matching_peers      pHash, PDQ and SSCD of the same queries
    matching_figures    the figures of each method          matching_table   with their targets, as Markdown
    matching_cost       CPU a search, images a second       matching_plots   three drawings

Without FOLDER: the demo's drawings and tiles of scikit-image's photographs. With it: half of its photographs as
references, the other half as strangers. `--report DIR` also writes the tables, the drawings, and every answer as JSON.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.matching_cost import cost_lines
from bench.matching_figures import Method, ours, theirs
from bench.matching_peers import Marks, peers
from bench.matching_pictures import (
    FULL,
    LOOK_ALIKES,
    QUICK,
    REFERENCES,
    Pictures,
    Size,
    copies,
    look_alike,
    look_alikes,
    of_folder,
    own_pictures,
    passing,
    scenes,
    strangers,
)
from bench.matching_plots import write_plots
from bench.matching_report import write_answers
from bench.matching_run import Answer, ask, fill
from bench.matching_table import certainty, edit_table, figure_table, figures
from bench.table import show
from bot.app import opened
from bot.settings import load

type Known = Mapping[str, Mapping[str, Marks]]
"""What peers keep of each reference, by collection and key."""


async def measured(known: Pictures, others: Pictures, size: Size) -> tuple[Known, list[Answer]]:
    """Add the references, ask everything."""
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        async with opened(load(home=Path(folder)), making=True) as services:
            pairs = dict(look_alikes(known, size.pairs))
            kept = {
                REFERENCES: await fill(services, REFERENCES, {**known, **scenes(size.scenes)}),
                LOOK_ALIKES: await fill(
                    services, LOOK_ALIKES, {key: pair.reference.copy for key, pair in pairs.items()}
                ),
            }
            asked = [*copies(known, size), *strangers(others, size), *passing(size.passing)]
            asked += [look_alike(key, pair) for key, pair in pairs.items()]
            return kept, await ask(services, asked)


def report(known: Pictures, others: Pictures, size: Size, folder: Path | None) -> None:
    """Measure, print, write."""
    print(
        f"\n## Matching: {len(known)} references and {size.scenes} drawn scenes, {len(others)} strangers\n", flush=True
    )
    started = time.monotonic()
    kept, answers = asyncio.run(measured(known, others, size))
    print(f"{len(answers):,} searches in {time.monotonic() - started:.0f} s.\n", flush=True)
    available, said = peers()
    mine, beside = ours(answers), [theirs(one, answers, kept) for one in available]
    tables = _tables(answers, mine, beside)
    print("\n\n".join((*tables, *said)))
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "matching.md").write_text("\n\n".join(tables) + "\n", encoding="utf-8")
        write_answers(folder / "matching.json", answers)
        write_plots(folder, answers, mine, beside)


def _tables(answers: Sequence[Answer], mine: Method, beside: Sequence[Method]) -> tuple[str, str, str]:
    surer = [ours(answers, at) for at in (0.9, 0.99)]
    shown = [replace(ours([one.with_all for one in answers]), name="without floor"), *beside]
    rows = list(figures(answers, mine, shown))
    return figure_table(rows, shown), certainty(mine), edit_table([mine, *surer, *beside])


def main(folder: Path | None = None, quick: bool = False, written: Path | None = None) -> None:
    """Run it and print; the costs are only measured without a folder."""
    known, others = of_folder(folder) if folder else own_pictures()
    report(known, others, QUICK if quick else FULL, written)
    if not folder:
        show("Cost of a search", cost_lines(quick))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.bench_matching", description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, help="photographs; half become references")
    parser.add_argument("--quick", action="store_true", help="a tenth of the queries")
    parser.add_argument("--report", type=Path, metavar="DIR", help="also write tables, drawings and answers there")
    asked = parser.parse_args()
    main(asked.folder, asked.quick, asked.report)
