"""What is left where a rung of the ladder is missing: `python -m bench.bench_ladder [--quick]`.

    the queries of the ablation --search--> all there | vector store down | no embedding model
        --> recall, false alarms, how many images wait, and what the bot says

Without OpenCV nothing is looked at: the command ends with a sentence and exit code 4 (tests/e2e/test_bad_input.py).
"""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from bench.bench_ablation import FULL, QUICK, Asked, Result, questions, result_of
from bench.matching_pictures import LOOK_ALIKES, REFERENCES, Size, own_pictures, scenes
from bench.matching_run import AHEAD, fill
from bot.app import opened
from bot.files import batch
from bot.models import stepped_down
from bot.services import Services
from bot.settings import load
from core.errors import StoreDown
from core.matches import Finding, Hit, Verdict
from core.types import Outcome
from core.wording import Words
from handlers.search import search
from store.vectors.exact import ExactCatalogue

WAITS = Finding(sha256="", verdict=Verdict(outcome=Outcome.REVIEW, reason="waits"))
"""In place of a verdict that there is none of before the store is back."""


class Down(ExactCatalogue):
    """A vector store that does not answer."""

    async def search(self, *_: object, **__: object) -> list[list[Hit]]:
        raise StoreDown("The vector store does not answer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """How one rung did, and what is said on it."""

    result: Result
    waiting: float
    says: str


async def measured(size: Size) -> list[Rung]:
    """Every rung on the same queries."""
    asked, pairs = questions(*own_pictures(), size)
    pictures = {REFERENCES: {**own_pictures()[0], **scenes(size.scenes)}, LOOK_ALIKES: pairs}
    words, found = Words.of("en"), list[Rung]()
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        for model, says in (("auto", "-"), ("classic", stepped_down())):
            async with opened(load(home=Path(folder) / model, model=model), making=True) as services:
                for collection, some in pictures.items():
                    await fill(services, collection, some)
                name = "all there" if model == "auto" else "no embedding model"
                found.append(await _rung(name, says, services, asked))
                if model == "auto":
                    down = replace(services, catalogue=Down())
                    found.append(await _rung("vector store down", words("reason.partial-store-down"), down, asked))
    return found


async def _rung(name: str, says: str, services: Services, asked: Sequence[Asked]) -> Rung:
    async with aclosing(batch.in_order(asked, lambda one: _search(services, one), AHEAD)) as done:
        met = [(one.query, finding) async for one, finding in done]
    print(f"{name}: done", file=sys.stderr, flush=True)
    waiting = sum(finding is WAITS for _, finding in met) / len(met)
    return Rung(result=result_of(name, met, 0.0), waiting=waiting, says=says)


async def _search(services: Services, asked: Asked) -> Finding:
    try:
        return await search(services, asked.data, collections=[asked.query.collection])
    except StoreDown:
        return WAITS


def table(rungs: Sequence[Rung]) -> str:
    """One row a rung."""
    lines = [
        "| rung | recall, mean over edits | strangers called copies | look-alikes called copies | waiting | says |",
        "|---|---|---|---|---|---|",
    ]
    for one in rungs:
        alarms = one.result.alarms
        cells = (one.result.name, f"{one.result.recall:.3f}", str(alarms["stranger"]), str(alarms["look-alike"]))
        lines.append(f"| {' | '.join(cells)} | {one.waiting:.0%} | {one.says} |")
    return "\n".join(lines)


def main(quick: bool = False) -> None:
    """Run it and print."""
    print("\n## The ladder\n", flush=True)
    print(table(asyncio.run(measured(QUICK if quick else FULL))))


if __name__ == "__main__":
    main("--quick" in sys.argv)
