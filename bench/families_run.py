"""Asks every question about look-alikes through the real search, in all the processes that the machine has.

    families --batches--> a process each: a catalogue with a collection a pair --search--> Answer, its peers beside it

A look-alike is searched among its own reference alone: it can't be saved by a surer neighbour. A true copy is searched
among all references of its batch. Only what is said of the own reference counts.
"""

import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import aclosing
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from bench.families_pictures import Question, Size, pairs, questions, reference_of
from bench.matching_peers import Marks, peers, similarities
from bench.matching_run import marked, whole
from bot.app import opened
from bot.files import batch
from bot.services import Services
from bot.settings import load
from core.matches import Finding, Match
from core.policy import COPIES, judge
from core.types import Collection, Content, Kind, Outcome, Quad
from handlers import references
from handlers.references import Entry, Prepared
from handlers.search import search

PAIRS_A_BATCH = 60
AHEAD = 3
"""Pictures in work at once in one process: one is drawn while another is searched."""

EVERY_S, EVERY_LOGGED_S = 5.0, 120.0
"""How often the line that says how far it is gets written: anew on a terminal, below itself in a file."""

BESIDE = frozenset(("pHash <= 4", "PDQ <= 31", "SSCD >= 0.75"))
"""Peers at the thresholds that others use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question met: what its own reference would be called if nothing else were known.

    could_act   the match is sure enough of its content to be acted on without a moderator
    peers       by name, whether that method calls the pair a copy
    """

    question: Question
    called: Outcome
    kind: Kind | None
    confidence: float
    could_act: bool
    quad: Quad | None
    peers: Mapping[str, bool]


_done: "Synchronized[int]"


def _count_into(counter: "Synchronized[int]") -> None:
    global _done
    _done = counter


def answers(size: Size, names: Sequence[str] = ()) -> list[Answer]:
    """Every question's answer; a line on stderr says how far it is."""
    counts = pairs(size, names)
    total = sum(1 for name, count in counts.items() for _ in questions(size, name, count))
    context, cores = multiprocessing.get_context("spawn"), len(os.sched_getaffinity(0))
    counter = context.Value("i", 0)
    with ProcessPoolExecutor(cores, context, _count_into, (counter,)) as pool:
        jobs = [pool.submit(measured, size, some) for some in batches(counts)]
        _watch(jobs, counter, total)
        return [answer for job in jobs for answer in job.result()]


def batches(counts: Mapping[str, int]) -> Iterator[Mapping[str, int]]:
    """Families with together about as many pairs as fit into one catalogue, the large ones first."""
    some: dict[str, int] = {}
    for name, count in sorted(counts.items(), key=lambda one: -one[1]):
        if some and sum(some.values()) + count > PAIRS_A_BATCH:
            yield some
            some = {}
        some[name] = count
    if some:
        yield some


def _watch(jobs: Sequence[Future[list[Answer]]], counter: "Synchronized[int]", total: int) -> None:
    started, open_jobs, is_terminal = time.monotonic(), set(jobs), sys.stderr.isatty()
    while open_jobs:
        _, open_jobs = wait(open_jobs, EVERY_S if is_terminal else EVERY_LOGGED_S)
        spent, done = time.monotonic() - started, counter.value
        left = f", about {spent / done * (total - done) / 60:.0f} min left" if done > total // 50 else ""
        said = f"Look-alikes: {done:,} of {total:,} searches{left}"
        print(said, end="   \r" if is_terminal and open_jobs else "\n", file=sys.stderr, flush=True)


def measured(size: Size, counts: Mapping[str, int]) -> list[Answer]:
    """The answers to all questions about these families, in a catalogue of their own."""
    return asyncio.run(_measured(size, counts))


async def _measured(size: Size, counts: Mapping[str, int]) -> list[Answer]:
    asked = [one for name, count in counts.items() for one in questions(size, name, count)]
    with tempfile.TemporaryDirectory(prefix="resight-bench-") as folder:
        async with opened(load(home=Path(folder), threads=1), making=True) as services:
            marks = await _fill(services, counts)
            found = []
            async with aclosing(batch.in_order(asked, lambda one: _one(services, one, marks), AHEAD)) as done:
                async for _, answer in done:
                    found.append(answer)
                    with _done.get_lock():
                        _done.value += 1
            return found


async def _fill(services: Services, counts: Mapping[str, int]) -> Mapping[str, Marks]:
    """Add the reference of every pair to a collection of its own; what peers keep of each, by key."""
    marks: dict[str, Marks] = {}
    ready: list[Prepared] = []
    wanted = [(name, number) for name, count in counts.items() for number in range(count)]
    async with aclosing(batch.in_order(wanted, lambda one: _prepared(services, *one), AHEAD)) as done:
        async for (name, number), (prepared, mark) in done:
            marks[f"{name}-{number}"] = mark
            ready.append(prepared)
    await references.store(services, ready)
    return marks


async def _prepared(services: Services, name: str, number: int) -> tuple[Prepared, Marks]:
    key = f"{name}-{number}"
    await services.references.create_collection(Collection(name=key))
    data = await asyncio.to_thread(reference_of, name, number)
    prepared = await references.prepare(services, Entry(key=key, collection=key), data)
    return prepared, await asyncio.to_thread(marked, data, prepared.vectors[0])


async def _one(services: Services, question: Question, marks: Mapping[str, Marks]) -> Answer:
    data = await asyncio.to_thread(question.draw)
    finding = await search(services, data, collections=None if question.is_copy else [question.pair])
    match = next((one for one in finding.candidates if one.reference.key == question.pair), None)
    called = judge([match] if match else [], services.thresholds).outcome
    return Answer(
        question=question,
        called=called,
        kind=match.kind if match else None,
        confidence=match.confidence if match else 0.0,
        could_act=called is Outcome.MATCH and match is not None and is_same(match),
        quad=match.quad if match else None,
        peers=await asyncio.to_thread(_peers, data, finding, {question.pair: marks[question.pair]}),
    )


def is_same(match: Match) -> bool:
    """Whether a match says that the content is the same, without which nothing is removed without a moderator."""
    return match.kind in COPIES and match.content is Content.SAME


def _peers(data: bytes, finding: Finding, known: Mapping[str, Marks]) -> Mapping[str, bool]:
    mark = marked(data, whole(finding.look))
    return {
        one.name: bool(similarities(one, mark, known)[0] >= one.found_at) for one in peers()[0] if one.name in BESIDE
    }
