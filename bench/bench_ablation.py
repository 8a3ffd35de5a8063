"""What each stage of the matching is worth: `python -m bench.bench_ablation [--quick]`.

    references added once, and once without inverted vectors --> the same queries, each stage switched off in turn
        --> recall, the worst edits, false alarms, look-alikes called a match, CPU a query

The queries are those of the real search, without `all_candidates`: a stage that ends a search early counts, too. Words
are read where the extra `ocr` is installed.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path

from bench.matching_pictures import (
    LOOK_ALIKES,
    REFERENCES,
    Draw,
    Pictures,
    Query,
    Size,
    copies,
    is_wrong_for,
    look_alike,
    look_alikes,
    own_pictures,
    scenes,
    strangers,
)
from bench.matching_run import AHEAD, fill
from bot.app import opened
from bot.files import batch
from bot.models import build
from bot.services import Services
from bot.settings import load
from core.cases import Thresholds
from core.looks import Stages
from core.matches import Finding
from core.policy import COPIES
from embed.models.ocr import OcrReader, has_ocr
from embed.runner import Runner
from handlers.search import search
from lab.drawings.demo import jpeg
from lab.families.suite import family_of, twins

EDITS = (
    *("recompress", "grayscale", "invert", "crop_50", "mirror", "rotate_90", "rotate_15", "border"),
    *("caption_above", "meme_text", "paste_50", "paste_30", "collage_4", "chat_light", "story"),
    *("photo_of_screen", "three_any", "augly_like"),
)
FULL = Size(told=6, others=6, chains=2, stranger_edits=1, pairs=14, scenes=40)
QUICK = Size(told=1, others=1, chains=1, stranger_edits=0, pairs=3, scenes=6)
WORST = 3
"""Edits named a row: those that lose most against the whole cascade."""

FAMILIES = (
    *("book_series", "trading_card", "mug_print", "flags", "id_card", "letterhead", "invoice"),
    *("casino_bonus", "chess_board", "meme_cjk", "qr_poster"),
)
"""Of the look-alikes; all but the posters with a code, of which the fit has no family, are among those that it saw."""

CLAIMED, MATCH = 0.5, Thresholds().match
ELSEWHERE = frozenset(("hashes",))
"""Stages for references from lists of hashes, which have no picture to measure with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query with its file, drawn once for all variants."""

    query: Query
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How one variant did: found by edit, alarms by sort of query, CPU milliseconds a query.

    matched   share of the families' look-alikes that are called a match
    """

    name: str
    found: Mapping[str, float]
    alarms: Mapping[str, int]
    matched: float
    cpu_ms: float

    @property
    def recall(self) -> float:
        """Mean over edits."""
        return sum(self.found.values()) / len(self.found)


def questions(known: Pictures, others: Pictures, size: Size) -> tuple[list[Asked], Pictures]:
    """All queries, drawn; and the references of the look-alikes."""
    pairs = dict(look_alikes(known, size.pairs))
    queries = [*copies(known, size, EDITS), *strangers(others, size)]
    queries += [look_alike(key, pair) for key, pair in pairs.items()]
    references: dict[str, Draw] = {key: pair.reference.copy for key, pair in pairs.items()}
    for query, draw in of_families(size.pairs // 2):
        queries.append(query)
        references[query.picture] = draw
    return [Asked(query=one, data=one.draw()) for one in queries], references


def of_families(count: int) -> Iterator[tuple[Query, Draw]]:
    """So many look-alikes of each family, each with its reference."""
    for name in FAMILIES:
        for number in range(count):
            both, key = twins(family_of(name), number), f"{name}-{number}"
            draw = partial(jpeg, both.query, 80)
            yield Query(picture=key, edit=name, draw=draw, like=key, collection=LOOK_ALIKES), both.reference.copy


def variants() -> dict[str, Stages]:
    """The whole cascade, and each stage switched off."""
    whole = Stages()
    names = [one.name for one in fields(Stages) if one.name not in ELSEWHERE]
    return {"all stages": whole} | {f"without `{name}`": replace(whole, **{name: False}) for name in names}


@asynccontextmanager
async def filled(home: Path, stages: Stages, pictures: Mapping[str, Pictures]) -> AsyncIterator[Services]:
    """A catalogue of these collections, added under these stages."""
    settings = load(home=home)
    async with opened(settings, making=True) as services, _runner(stages) as runner:
        adding = replace(services, runner=runner)
        for collection, some in pictures.items():
            await fill(adding, collection, some)
        yield services


def _runner(stages: Stages) -> Runner:
    reader = OcrReader() if has_ocr() else None
    return Runner(build(load()), threads=len(os.sched_getaffinity(0)), stages=stages, reader=reader)


async def measured(size: Size) -> list[Result]:
    """Every variant on the same queries."""
    known, others = own_pictures()
    asked, pairs = questions(known, others, size)
    pictures = {REFERENCES: {**known, **scenes(size.scenes)}, LOOK_ALIKES: pairs}
    results = []
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        plain = Stages(inverted=False)
        async with (
            filled(Path(folder) / "whole", Stages(), pictures) as whole,
            filled(Path(folder) / "plain", plain, pictures) as without,
        ):
            for name, stages in variants().items():
                results.append(await _variant(name, stages, whole if stages.inverted else without, asked))
                print(f"{name}: recall {results[-1].recall:.3f}", file=sys.stderr, flush=True)
    return results


async def _variant(name: str, stages: Stages, services: Services, asked: Sequence[Asked]) -> Result:
    async with _runner(stages) as runner:
        services = replace(services, runner=runner)
        started, found = time.process_time(), []
        async with aclosing(batch.in_order(asked, lambda one: _search(services, one), AHEAD)) as done:
            async for one, finding in done:
                found.append((one.query, finding))
        spent = time.process_time() - started
    return result_of(name, found, 1000 * spent / len(asked))


async def _search(services: Services, asked: Asked) -> Finding:
    return await search(services, asked.data, collections=[asked.query.collection])


def result_of(name: str, found: Sequence[tuple[Query, Finding]], cpu_ms: float) -> Result:
    """What was found and what was wrongly called a copy."""
    by_edit: dict[str, list[bool]] = {}
    alarms = dict.fromkeys(("stranger", "copy", "look-alike"), 0)
    matched = []
    for query, finding in found:
        if query.edit in FAMILIES:
            matched.append(query.like in claimed(query, finding, MATCH))
            continue
        if query.right:
            by_edit.setdefault(query.edit, []).append(query.right in claimed(query, finding))
        alarms[query.role] += is_alarm(query, finding)
    shares = {edit: sum(said) / len(said) for edit, said in by_edit.items()}
    share = sum(matched) / max(len(matched), 1)
    return Result(name=name, found=shares, alarms=alarms, matched=share, cpu_ms=cpu_ms)


def claimed(query: Query, finding: Finding, sure: float = CLAIMED) -> list[str]:
    """The references that are called copies, or for a look-alike what it must not be called."""
    surely = [one for one in finding.candidates if one.confidence >= sure]
    wrong = [one for one in surely if (is_wrong_for(query, one.kind) if query.like else one.kind in COPIES)]
    return [one.reference.key for one in wrong]


def is_alarm(query: Query, finding: Finding) -> bool:
    """Whether something wrong is called a copy."""
    said = claimed(query, finding)
    return query.like in said if query.like else bool(set(said) - {query.right})


def table(results: Sequence[Result]) -> str:
    """One row a variant, the whole cascade first."""
    whole = results[0]
    lines = [
        "| stages | recall, mean over edits | what it loses most, points | memes, apps, scenes called copies "
        "| families called a match | strangers called copies | CPU ms a query |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in results:
        cells = (one.name, f"{one.recall:.3f}", _losses(whole, one), str(one.alarms["look-alike"]))
        shares = (f"{one.matched:.0%}", str(one.alarms["stranger"]), f"{one.cpu_ms:.0f}")
        lines.append(f"| {' | '.join((*cells, *shares))} |")
    return "\n".join(lines)


def _losses(whole: Result, one: Result) -> str:
    lost = {edit: whole.found[edit] - share for edit, share in one.found.items()}
    worst = sorted(lost, key=lambda edit: -lost[edit])[:WORST]
    return ", ".join(f"`{edit}` -{100 * lost[edit]:.0f}" for edit in worst if lost[edit] > 0)


def main(quick: bool = False) -> None:
    """Run it and print."""
    size = QUICK if quick else FULL
    print("\n## What each stage is worth\n", flush=True)
    print(table(asyncio.run(measured(size))))


if __name__ == "__main__":
    main("--quick" in sys.argv)
